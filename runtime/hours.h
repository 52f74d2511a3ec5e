/*
 * Hours and zones of an open table: offset and local date at an instant, whether hours are open, and when
 * that may next change.
 *
 * Everything here works on a verified table, allocates nothing, and runs without recursion: a chain of
 * `outside` is at most TF_OUTSIDE_MAX long. Instants are seconds since 1970 UTC within SHUNT_TIME_MIN - 1 day
 * to SHUNT_TIME_MAX + 801 days. Indexes must exist; a zone may be TF_NONE, which is UTC.
 */
#ifndef SHUNT_RUNTIME_HOURS_H
#define SHUNT_RUNTIME_HOURS_H

#include "table.h"
#include "zone_rule.h"

/* The offset in force at an instant, and from when until when. */
struct zone_span sh_zone_span(const struct shunt_table *t, uint32_t zone, int64_t at_sec);
/* Seconds east of UTC. isdst may be NULL. */
int32_t sh_zone_local(const struct shunt_table *t, uint32_t zone, int64_t at_sec, bool *isdst);
/* The local date, as days since 1970-01-01. */
int32_t sh_zone_day(const struct shunt_table *t, uint32_t zone, int64_t at_sec);

/* Whether a local date is in a WINDOW_SET; TF_NONE: in none. Cost: the logarithm of its ranges. */
bool sh_window_has(const struct shunt_table *t, uint32_t window_set, int32_t day);

/* Whether hours are open at an instant, and the first later instant at which that may change (INT64_MAX:
 * never). It need not change then: a segment ends at the end of an interval, at a local midnight and where
 * the zone's offset changes. */
struct sh_segment {
    int64_t until;
    bool open;
};
struct sh_segment sh_hours_segment(const struct shunt_table *t, uint32_t hours, int64_t at_sec);
bool sh_hours_open(const struct shunt_table *t, uint32_t hours, int64_t at_sec);
/* The first instant from at + 1 to at + SH_AHEAD_SEC that is open (or closed); false: none (language.md 6.4).
 */
bool sh_hours_next(const struct shunt_table *t, uint32_t hours, int64_t at_sec, bool open, int64_t *when);

#define SH_AHEAD_SEC (INT64_C(800) * CAL_DAY_SEC)

/* ---- hours_regular.c: what repeats ---- */

/* Of hours and days away, seen one after the other at one instant: whatever they bring from then until
 * until_sec (not later than that: nothing is regular now), they bring in any stretch of a period there. */
struct sh_regular {
    int64_t until_sec;
    bool by_calendar; /* it hangs on the day of the year */
    uint32_t zone;    /* that saves daylight; TF_NONE: none */
    uint64_t weeks;   /* of `every`: their common multiple */
};
struct sh_regular sh_regular_begin(void);
void sh_regular_hours(const struct shunt_table *t, struct sh_regular *r, uint32_t hours, int64_t at_sec);
void sh_regular_away(const struct shunt_table *t, struct sh_regular *r, uint32_t away, uint32_t zone,
                     int64_t at_sec);
int64_t sh_regular_period(const struct sh_regular *r); /* 0: more than there is time */

/* After so long every instant is as it was. That of sh_regular_period() may be shorter: it has whatever
 * comes, somewhere. */
int64_t sh_regular_calendar(const struct sh_regular *r);

/* The open seconds of [from_sec, to_sec), which `plain` walks through: whole periods of the calendar by one
 * of them. */
struct sh_open_seconds {
    int64_t (*plain)(const void *ctx, int64_t from_sec, int64_t to_sec);
    struct sh_regular (*regular)(const void *ctx, int64_t at_sec);
    const void *ctx;
};
int64_t sh_open_seconds(const struct sh_open_seconds *of, int64_t from_sec, int64_t to_sec);

#endif
