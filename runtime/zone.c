/*
 * A zone of the table and an instant to the offset in force: the zone's changes by binary search, after the
 * last of them its rule. Assumes a verified table; asks neither the C library nor the machine's zone data.
 */
#include "hours.h"

static struct zone_span of_type(const struct shunt_table *t, const struct tf_zone *z, uint32_t type,
                                int64_t from, int64_t until)
{
    const struct tf_zone_type *y = &t->ZONE_TYPE[le32(z->type_first) + type];
    return (struct zone_span){from, until, sh_int32(y->offset_sec), y->isdst != 0};
}

static int64_t change_at(const struct tf_zone_change *c)
{
    return (int64_t)le64(c->at);
}

/* How many of the zone's changes have happened at an instant. */
static uint32_t changes_past(const struct tf_zone_change *changes, uint32_t count, int64_t at)
{
    uint32_t lo = 0, hi = count;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (change_at(&changes[mid]) <= at)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

struct zone_span sh_zone_span(const struct shunt_table *t, uint32_t zone, int64_t at_sec)
{
    if (zone == TF_NONE) return (struct zone_span){INT64_MIN, INT64_MAX, 0, false};
    const struct tf_zone *z = &t->ZONE[zone];
    const struct tf_zone_change *changes = t->ZONE_CHANGE + le32(z->change_first);
    uint32_t count = le32(z->change_count), past = changes_past(changes, count, at_sec);
    int64_t from = past ? change_at(&changes[past - 1]) : INT64_MIN;
    if (past == count && z->has_rule) {
        struct zone_span s = zone_rule_span(z, at_sec);
        if (s.from < from) s.from = from;
        return s;
    }
    uint32_t type = past ? le32(changes[past - 1].type) : 0;
    return of_type(t, z, type, from, past < count ? change_at(&changes[past]) : INT64_MAX);
}

int32_t sh_zone_local(const struct shunt_table *t, uint32_t zone, int64_t at_sec, bool *isdst)
{
    struct zone_span s = sh_zone_span(t, zone, at_sec);
    if (isdst) *isdst = s.isdst;
    return s.offset_sec;
}

int32_t sh_zone_day(const struct shunt_table *t, uint32_t zone, int64_t at_sec)
{
    return (int32_t)cal_floor_div(at_sec + sh_zone_local(t, zone, at_sec, NULL), CAL_DAY_SEC);
}
