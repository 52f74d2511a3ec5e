/*
 * The arithmetic of a zone's rule for ever after: from struct tf_zone's to_dst and to_std to the offset at an
 * instant and how long it lasts.
 *
 * Shared by compiler/, which leaves out of a table the changes that the rule gives again, and runtime/.
 * Assumes a zone for which zone_rule_ok() holds and instants of years -1 to 10,001; promises no overflow
 * then.
 */
#ifndef SHUNT_RUNTIME_ZONE_RULE_H
#define SHUNT_RUNTIME_ZONE_RULE_H

#include "calendar.h"
#include "format.h"

#include <stddef.h>

enum {
    ZONE_RULE_TIME_MAX = 167 * 3600, /* RFC 9636, 3.3.1: -167 to 167 hours */
    ZONE_OFFSET_MAX = 26 * 3600      /* RFC 9636, 3.2: strictly less */
};

/* From when until when an offset holds: [from, until). INT64_MIN, INT64_MAX: without end. */
struct zone_span {
    int64_t from, until;
    int32_t offset_sec;
    bool isdst;
};

/* Whether the fields of one of a rule's two dates are in range. */
static inline bool zone_date_ok(const struct tf_zone_rule *r)
{
    int32_t time = (int32_t)le32(r->time_sec);
    uint32_t yday = le32(r->yday);
    if (time < -ZONE_RULE_TIME_MAX - 3599 || time > ZONE_RULE_TIME_MAX + 3599) return false;
    if (r->kind == 0) return r->month >= 1 && r->month <= 12 && r->week >= 1 && r->week <= 5 && r->wday <= 6;
    return (r->kind == 1 && yday >= 1 && yday <= 365) || (r->kind == 2 && yday <= 365);
}

static inline bool zone_offset_ok(int32_t offset_sec)
{
    return offset_sec > -ZONE_OFFSET_MAX && offset_sec < ZONE_OFFSET_MAX;
}

/* Whether a zone's rule may be asked: what a verifier has to see to. */
static inline bool zone_rule_ok(const struct tf_zone *z)
{
    if (z->has_rule > 2) return false;
    if (!zone_offset_ok((int32_t)le32(z->std_offset_sec)) || le32(z->std_isdst) > 1) return false;
    if (!zone_offset_ok((int32_t)le32(z->dst_offset_sec)) || le32(z->dst_isdst) > 1) return false;
    return z->has_rule != 1 || (zone_date_ok(&z->to_dst) && zone_date_ok(&z->to_std));
}

/* The instant at which a change of this kind happens in a year; before_sec: the offset in force until then.
 */
static inline int64_t zone_rule_instant(const struct tf_zone_rule *r, int64_t year, int32_t before_sec)
{
    int64_t day;
    if (r->kind == 0) {
        int64_t first = cal_days(year, r->month, 1);
        unsigned sunday_first = (cal_weekday(first) + 1) % 7;
        unsigned ahead = (r->wday + 7u - sunday_first) % 7 + (r->week - 1u) * 7;
        if (ahead >= cal_month_len(year, r->month)) ahead -= 7; /* week 5: the last there is */
        day = first + ahead;
    } else {
        int64_t yday = le32(r->yday);
        if (r->kind == 1) yday -= yday < 60 || !cal_leap(year); /* J60 is March 1st in every year */
        day = cal_days(year, 1, 1) + yday;
    }
    return day * CAL_DAY_SEC + (int32_t)le32(r->time_sec) - before_sec;
}

/* The two changes of a year, and the offsets they bring. */
struct zone_year {
    int64_t on, off;
};

static inline struct zone_year zone_rule_year(const struct tf_zone *z, int64_t year)
{
    return (struct zone_year){zone_rule_instant(&z->to_dst, year, (int32_t)le32(z->std_offset_sec)),
                              zone_rule_instant(&z->to_std, year, (int32_t)le32(z->dst_offset_sec))};
}

static inline int64_t zone_earlier(struct zone_year y)
{
    return y.on < y.off ? y.on : y.off;
}
static inline int64_t zone_later(struct zone_year y)
{
    return y.on < y.off ? y.off : y.on;
}

static inline struct zone_span zone_state(const struct tf_zone *z, bool dst, int64_t from, int64_t until)
{
    if (dst)
        return (struct zone_span){from, until, (int32_t)le32(z->dst_offset_sec), le32(z->dst_isdst) != 0};
    return (struct zone_span){from, until, (int32_t)le32(z->std_offset_sec), le32(z->std_isdst) != 0};
}

/* The span by looking at five years: a change's time may lie up to a week outside its day, and so outside its
 * year. Of changes at one instant that of the later year counts. Also the faster way's oracle. */
static inline struct zone_span zone_rule_span_plain(const struct tf_zone *z, int64_t at)
{
    int64_t year = cal_civil(cal_floor_div(at, CAL_DAY_SEC)).year, from = INT64_MIN, until = INT64_MAX;
    bool dst = false;
    if (z->has_rule != 1) return zone_state(z, dst, from, until);
    for (int64_t y = year - 2; y <= year + 2; y++) {
        struct zone_year c = zone_rule_year(z, y);
        if (c.on <= at && c.on >= from) from = c.on, dst = true;
        if (c.off <= at && c.off >= from) from = c.off, dst = false;
        if (c.on > at && c.on < until) until = c.on;
        if (c.off > at && c.off < until) until = c.off;
    }
    return zone_state(z, dst, from, until);
}

/* The span in force at an instant. Where both changes of the year lie well inside it, as those of all zones
 * today do, one or two years suffice: 60 ns against 136. */
static inline struct zone_span zone_rule_span(const struct tf_zone *z, int64_t at)
{
    enum { MARGIN_SEC = 10 * CAL_DAY_SEC };
    if (z->has_rule != 1) return zone_state(z, false, INT64_MIN, INT64_MAX);
    int64_t year = cal_civil(cal_floor_div(at, CAL_DAY_SEC)).year,
            new_year = cal_days(year, 1, 1) * CAL_DAY_SEC;
    struct zone_year c = zone_rule_year(z, year);
    int64_t first = zone_earlier(c), last = zone_later(c);
    if (first == last || first < new_year + MARGIN_SEC || last > new_year + 365 * CAL_DAY_SEC - MARGIN_SEC)
        return zone_rule_span_plain(z, at);
    if (at < first) return zone_state(z, c.on == last, zone_later(zone_rule_year(z, year - 1)), first);
    if (at < last) return zone_state(z, c.on == first, first, last);
    return zone_state(z, c.on == last, last, zone_earlier(zone_rule_year(z, year + 1)));
}

#endif
