/*
 * A TZif file's footer to a zone's rule for ever after: "CET-1CEST,M3.5.0,M10.5.0/3".
 *
 * POSIX's TZ strings with the extensions of RFC 9636, 3.3.1: times of -167 to 167 hours. Offsets east of UTC
 * come out positive. Daylight saving all year round becomes one offset without a rule.
 */
#include "zone.h"
#include "../runtime/zone_rule.h"

struct reader {
    const char *p, *end;
};

static bool take(struct reader *r, char c)
{
    if (r->p == r->end || *r->p != c) return false;
    r->p++;
    return true;
}

static bool number(struct reader *r, int32_t most, int32_t *out)
{
    int32_t n = 0;
    const char *start = r->p;
    while (r->p < r->end && *r->p >= '0' && *r->p <= '9' && r->p - start < 4) n = n * 10 + (*r->p++ - '0');
    *out = n;
    return r->p > start && n <= most;
}

/* An abbreviation: three or more letters, or anything of the sort between angle brackets. It is not kept. */
static bool abbreviation(struct reader *r)
{
    bool quoted = take(r, '<');
    const char *start = r->p;
    for (; r->p < r->end; r->p++) {
        char c = *r->p, lower = (char)(c | 0x20);
        bool letter = lower >= 'a' && lower <= 'z';
        bool more = quoted && ((c >= '0' && c <= '9') || c == '+' || c == '-');
        if (!letter && !more) break;
    }
    return r->p - start >= 3 && (!quoted || take(r, '>'));
}

/* [+-]hh[:mm[:ss]] */
static bool clock_time(struct reader *r, int32_t hours_most, int32_t *sec)
{
    int32_t h, m = 0, s = 0;
    bool minus = take(r, '-');
    if (!minus) take(r, '+');
    if (!number(r, hours_most, &h)) return false;
    if (take(r, ':') && !number(r, 59, &m)) return false;
    if (r->p[-1] != ':' && take(r, ':') && !number(r, 59, &s)) return false;
    *sec = (h * 60 + m) * 60 + s;
    if (minus) *sec = -*sec;
    return true;
}

static bool month_week_day(struct reader *r, struct tf_zone_rule *out)
{
    int32_t m, w, d;
    if (!number(r, 12, &m) || !take(r, '.') || !number(r, 5, &w) || !take(r, '.') || !number(r, 6, &d))
        return false;
    out->month = (uint8_t)m, out->week = (uint8_t)w, out->wday = (uint8_t)d;
    return true;
}

/* ,date[/time] */
static bool change_date(struct reader *r, struct tf_zone_rule *out)
{
    int32_t yday = 0, time = 2 * 3600;
    *out = (struct tf_zone_rule){0};
    if (!take(r, ',')) return false;
    if (take(r, 'M')) {
        if (!month_week_day(r, out)) return false;
    } else {
        out->kind = take(r, 'J') ? 1 : 2;
        if (!number(r, 365, &yday)) return false;
    }
    if (take(r, '/') && !clock_time(r, 167, &time)) return false;
    out->yday = to_le32((uint32_t)yday);
    out->time_sec = to_le32((uint32_t)time);
    return zone_date_ok(out);
}

/* Whether daylight saving ends no sooner than it begins again, in every year of the calendar's cycle. */
static bool never_ends(const struct tf_zone *z)
{
    int32_t std = (int32_t)le32(z->std_offset_sec), dst = (int32_t)le32(z->dst_offset_sec);
    for (int64_t y = 2000; y < 2400; y++) {
        if (zone_rule_instant(&z->to_std, y, dst) < zone_rule_instant(&z->to_dst, y + 1, std)) return false;
    }
    return true;
}

bool posix_tz_parse(struct str text, struct tf_zone *out)
{
    struct reader r = {text.p, text.p + text.len};
    int32_t std, dst;
    *out = (struct tf_zone){.has_rule = 2};
    if (!abbreviation(&r) || !clock_time(&r, 24, &std)) return false;
    out->std_offset_sec = out->dst_offset_sec = to_le32((uint32_t)-std);
    if (r.p == r.end) return zone_rule_ok(out);
    if (!abbreviation(&r)) return false;
    dst = std - 3600;
    if (r.p < r.end && *r.p != ',' && !clock_time(&r, 24, &dst)) return false;
    if (!change_date(&r, &out->to_dst) || !change_date(&r, &out->to_std) || r.p != r.end) return false;
    out->has_rule = 1;
    out->dst_offset_sec = to_le32((uint32_t)-dst);
    out->dst_isdst = to_le32(1);
    if (!zone_rule_ok(out)) return false;
    if (never_ends(out))
        *out = (struct tf_zone){.has_rule = 2,
                                .std_offset_sec = out->dst_offset_sec,
                                .dst_offset_sec = out->dst_offset_sec,
                                .std_isdst = to_le32(1)};
    return true;
}
