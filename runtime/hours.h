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

#endif
