/*
 * A saved desk as bytes: the twin of docs/DESK-FORMAT.md, which is the authority; and what the files that
 * read one (desk_load*.c) share.
 *
 * Reading: every function takes from the bytes what it says, and answers false where that is not there or
 * cannot be; the first reason stays. Nothing is read past the end, and no room is made that the bytes did not
 * pay for.
 */
#ifndef SHUNT_RUNTIME_DESK_FORMAT_H
#define SHUNT_RUNTIME_DESK_FORMAT_H

#include "desk_state.h"

#define DF_MAGIC "\x89SDESK\r\n"
enum { DF_VERSION = 1, DF_LAST_COMPATIBLE = 1 };
enum { DF_HAS_TIME = 1, DF_OFF = 2, DF_FIGURES = 4 };

struct df_header {
    uint8_t magic[8];
    le16_t version, last_compatible;
    le32_t checksum;
    le64_t file_len, table_len;
    le32_t table_checksum, flags;
    le64_t now, random;
    le32_t keep_days, customers_max;
}; /* 64 bytes */

enum df_section {
    DF_NAMES = 1,
    DF_TEAMS,
    DF_AGENTS,
    DF_ROTATIONS,
    DF_CUSTOMERS,
    DF_TICKETS,
    DF_FIGURES_KEPT
};
enum { DF_ONLINE = 1, DF_SOME_CHANNELS = 2, DF_DEVICES = 4 };
enum { DF_TOUCHED = 1, DF_STEPS_LEFT = 2 };
enum { DF_HOURS_NONE, DF_HOURS_GONE, DF_HOURS_FIRST };
#define DF_SUM_MAX (INT64_C(1) << 53)

/* All tickets in the order of arrival; into: room for tickets.count. desk_save.c */
void sh_desk_sort_tickets(const struct shunt_desk *d, const struct desk_ticket **into);

/* ---- reading ---- */

struct desk_in {
    const uint8_t *at, *end;
    struct shunt_desk *d;
    const char *reason;
    uint32_t
        *seen; /* stamps of numbers seen in a list: room for the most of agents, labels, skills, channels */
    uint32_t stamp;
    uint32_t *numbers; /* a list being read; numbers_cap */
    size_t numbers_cap;
};

/* false; the reason, where there is none yet. */
bool sh_desk_bad(struct desk_in *in, const char *reason);
#define DESK_REQUIRE(in, condition, reason)                                                                  \
    do {                                                                                                     \
        if (!(condition)) return sh_desk_bad((in), (reason));                                                \
    } while (0)

bool sh_desk_in_number(struct desk_in *in, uint64_t *v);
bool sh_desk_in_signed(struct desk_in *in, int64_t *v);
bool sh_desk_in_byte(struct desk_in *in, uint8_t *v, uint8_t most);
/* A number below `limit`. */
bool sh_desk_in_below(struct desk_in *in, uint64_t limit, uint32_t *v);
/* TF_NONE, or below `limit`. */
bool sh_desk_in_index(struct desk_in *in, uint32_t limit, uint32_t *v);
/* none: what stands for none. */
bool sh_desk_in_time(struct desk_in *in, int64_t none, int64_t *v);
/* No earlier than `from`, no later than now; not none. */
bool sh_desk_in_past(struct desk_in *in, int64_t from, int64_t *v);
bool sh_desk_in_text(struct desk_in *in, struct shunt_string *s);
/* How many items follow, each of at least item_len bytes. */
bool sh_desk_in_count(struct desk_in *in, size_t item_len, uint32_t *count);
/* A list of numbers below limit, none twice, into in->numbers. */
bool sh_desk_in_distinct(struct desk_in *in, uint32_t limit, uint32_t *count);

/* ---- the sections ---- */

bool sh_desk_load_tickets(struct desk_in *in); /* desk_load_tickets.c */
bool sh_desk_load_figures(struct desk_in *in); /* desk_load_figures.c */

/* What was loaded so far stands: what is put aside stays little. */
static inline void desk_load_stands(struct shunt_desk *d)
{
    sh_txn_commit(&d->txn);
    sh_txn_begin(&d->txn);
}

#endif
