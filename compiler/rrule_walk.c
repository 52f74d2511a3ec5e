/*
 * A recurrence rule and its first date to all its dates, period by period.
 *
 * Of a period (a day, week, month or year) each day is asked whether it meets every part of the rule;
 * BYSETPOS then picks among those that do. Where the RFC lets a part expand (BYMONTHDAY in a year) or limit
 * (BYMONTH in a month), asking each day comes to the same.
 */
#include "rrule.h"
#include "../runtime/calendar.h"

/* What can be asked of a day. */
struct day {
    int32_t day;
    struct cal_date date;
    unsigned weekday;
    int32_t in_month, month_len, in_year, year_len; /* from 1 */
};

static struct day day_of(int32_t n)
{
    struct day d = {.day = n, .date = cal_civil(n), .weekday = cal_weekday(n)};
    d.in_month = (int32_t)d.date.day;
    d.month_len = (int32_t)cal_month_len(d.date.year, d.date.month);
    d.in_year = n - (int32_t)cal_days(d.date.year, 1, 1) + 1;
    d.year_len = cal_leap(d.date.year) ? 366 : 365;
    return d;
}

/* Whether the set has the n-th of len (both from 1), counted from the front or the back. */
static bool has(const struct rrule_places *p, int32_t n, int32_t len)
{
    int32_t back = len - n + 1;
    return (p->front[n / 64] >> n % 64 & 1) || (p->back[back / 64] >> back % 64 & 1);
}

/* Week 1 is the first with four days or more in its year: RFC 5545, BYWEEKNO. */
static bool week_has(const struct rrule *r, const struct day *d)
{
    int32_t first = d->day - (int32_t)((d->weekday + 7 - r->week_start) % 7);
    int64_t year = cal_civil(first + 3).year;
    int64_t week = (first + 3 - cal_days(year, 1, 1)) / 7 + 1;
    int64_t last = cal_days(year, 12, 28); /* always in the last week */
    int64_t last_first = last - (cal_weekday(last) + 7 - r->week_start) % 7;
    return has(&r->weeks, (int32_t)week, (int32_t)((last_first + 3 - cal_days(year, 1, 1)) / 7 + 1));
}

/* 2MO: the second Monday of the month, or of the year where a yearly rule names no months. */
static bool nth_has(const struct rrule *r, const struct day *d)
{
    bool yearly = r->freq == RRULE_YEARLY && !r->months;
    int32_t n = yearly ? d->in_year : d->in_month, len = yearly ? d->year_len : d->month_len;
    int32_t nth = (n - 1) / 7 + 1;
    return has(&r->nth[d->weekday], nth, nth + (len - n) / 7);
}

static bool meets(const struct rrule *r, int32_t n)
{
    struct day d = day_of(n);
    if (r->months && !(r->months >> d.date.month & 1)) return false;
    if (r->month_days.said && !has(&r->month_days, d.in_month, d.month_len)) return false;
    if (r->year_days.said && !has(&r->year_days, d.in_year, d.year_len)) return false;
    if (r->weeks.said && !week_has(r, &d)) return false;
    if (!r->weekdays && !r->nth_said) return true;
    return (r->weekdays >> d.weekday & 1) || (r->nth_said && nth_has(r, &d));
}

/* ---- periods ---- */

/* The first day of period number n, n 0 being the one with the event's own date. */
static int64_t period_day(const struct rrule_walk *w, int64_t n)
{
    int64_t by = n * w->rule.interval;
    struct cal_date s = cal_civil(w->start);
    switch (w->rule.freq) {
    case RRULE_DAILY: return w->start + by;
    case RRULE_WEEKLY: return w->start - (cal_weekday(w->start) + 7 - w->rule.week_start) % 7 + by * 7;
    case RRULE_MONTHLY: by += s.year * 12 + s.month - 1; return cal_days(by / 12, (unsigned)(by % 12) + 1, 1);
    case RRULE_YEARLY: break;
    }
    return cal_days(s.year + by, 1, 1);
}

static int64_t period_end(const struct rrule_walk *w, int64_t first)
{
    struct cal_date d = cal_civil(first);
    switch (w->rule.freq) {
    case RRULE_DAILY: return first;
    case RRULE_WEEKLY: return first + 6;
    case RRULE_MONTHLY: return first + cal_month_len(d.year, d.month) - 1;
    case RRULE_YEARLY: break;
    }
    return cal_days(d.year, 12, 31);
}

/* A month that the rule leaves out is skipped as a whole: yearly rules would look at twelve times the days.
 */
static int64_t skip_month(const struct rrule *r, int64_t day)
{
    struct cal_date d = cal_civil(day);
    if (!r->months || r->months >> d.month & 1) return day;
    return day + cal_month_len(d.year, d.month) - d.day + 1;
}

static void keep_positions(struct rrule_walk *w)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < w->day_count; i++) {
        if (has(&w->rule.positions, (int32_t)i + 1, (int32_t)w->day_count)) w->days[kept++] = w->days[i];
    }
    w->day_count = kept;
}

/* The dates of the next period; false where it begins after the end. */
static bool next_period(struct rrule_walk *w)
{
    int64_t first = period_day(w, w->period++);
    if (first > w->end) return false;
    int64_t last = period_end(w, first);
    w->day_count = w->day_next = 0;
    w->asked++;
    for (int64_t d = first; (d = skip_month(&w->rule, d)) <= last; d++) {
        w->asked++;
        if (meets(&w->rule, (int32_t)d)) w->days[w->day_count++] = (int32_t)d;
    }
    if (w->rule.positions.said) keep_positions(w);
    return true;
}

/* What the rule does not say is as the event's own date has it. */
static void fill_in(struct rrule *r, int32_t start)
{
    struct cal_date d = cal_civil(start);
    struct rrule_places day_of_month = {.front = {UINT64_C(1) << d.day}, .said = true};
    bool days = r->weekdays || r->nth_said, dates = r->month_days.said || r->year_days.said;
    if (days || dates || r->freq == RRULE_DAILY) return;
    if (r->freq == RRULE_WEEKLY || r->weeks.said) {
        r->weekdays = (uint8_t)(1u << cal_weekday(start));
        return;
    }
    r->month_days = day_of_month;
    if (r->freq == RRULE_YEARLY && !r->months) r->months = (uint16_t)(1u << d.month);
}

void rrule_begin(struct rrule_walk *w, const struct rrule *rule, int32_t start, int32_t end)
{
    *w = (struct rrule_walk){.rule = *rule, .start = start, .end = rule->until < end ? rule->until : end};
    fill_in(&w->rule, start);
}

bool rrule_next(struct rrule_walk *w, uint64_t asked_max, int32_t *day)
{
    if (w->rule.count && w->given == w->rule.count) return false;
    if (w->given++ == 0) { /* the event's own date is the first, whether it meets the rule or not */
        *day = w->start;
        return true;
    }
    for (;;) {
        while (w->day_next < w->day_count) {
            *day = w->days[w->day_next++];
            if (*day > w->end) return false;
            if (*day > w->start) return true;
        }
        if (w->asked > asked_max || !next_period(w)) return false;
    }
}
