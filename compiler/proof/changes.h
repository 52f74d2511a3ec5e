/*
 * Hours and active days as functions of time: the seconds at which they turn true or false, from 2000 to
 * 2100.
 */
#ifndef SHUNT_PROOF_CHANGES_H
#define SHUNT_PROOF_CHANGES_H

#include "times.h"

/* True or false at TIMES_FROM, and the other at each of the seconds since then, ascending. */
struct changes {
    VEC(uint32_t) at;
    bool begins;
};

/* A stretch of time in which a zone has one offset. */
struct zone_run {
    int64_t from, until;
    int32_t offset_sec;
};

struct days {
    int64_t from, until; /* since 1970; without the last */
};

/* What one source after the other is looked at with; all of it lives in the arena. */
struct change_finder {
    struct arena *a;
    uint32_t most; /* so many changes of one source at most */
    bool too_many; /* it has more */
    const struct shunt_table *table;
    uint32_t zone; /* of the table: whose runs these are */
    VEC(struct zone_run) runs;
    struct days_list {
        struct days *at;
        uint32_t count, cap;
    } ranges;                  /* as VEC(struct days): those that are looked at */
    uint32_t *day_of;          /* of each local date from DAYS_FROM on: DAY, or NONE */
    struct changes mask, both; /* room to work in */
};

void changes_init(struct change_finder *f, struct arena *a, uint32_t most);
/* Into `out`, whose memory is used again. Time: the days, and the changes. */
void changes_find(struct change_finder *f, const struct time_source *s, struct changes *out);

#endif
