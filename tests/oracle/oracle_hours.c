/*
 * language.md 6, one clause after the other: a schedule is a function of local date and local time of day.
 */
#include "oracle.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

struct local {
    int year, month, day, minute, weekday; /* 0 Monday */
    int64_t days;
};

static struct local local_time(const char *zone, int64_t at)
{
    time_t t = at;
    struct tm tm;
    const char *now = getenv("TZ");
    if (!now || strcmp(now, zone) != 0) {
        setenv("TZ", zone, 1);
        tzset();
    }
    localtime_r(&t, &tm);
    return (struct local){tm.tm_year + 1900,    tm.tm_mon + 1,
                          tm.tm_mday,           tm.tm_hour * 60 + tm.tm_min,
                          (tm.tm_wday + 6) % 7, civil_days(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday)};
}

/* 6.6: a date without a year is every year's; 02-29 only in leap years; a range that begins with it begins
 * 03-01 in others. Comparing month and day does all of it. */
static bool in_range(struct g_range r, struct local d)
{
    int from = r.from.month * 100 + r.from.day, to = r.to.month * 100 + r.to.day, day = d.month * 100 + d.day;
    if (r.from.year == 0) return from <= to ? from <= day && day <= to : day >= from || day <= to;
    return civil_days(r.from.year, r.from.month, r.from.day) <= d.days &&
           d.days <= civil_days(r.to.year, r.to.month, r.to.day);
}

static bool in_ranges(const g_ranges *list, struct local d)
{
    for (int i = 0; i < list->count; i++)
        if (in_range(list->at[i], d)) return true;
    return false;
}

static bool entry_has(const struct g_days *e, int weekday)
{
    return e->from <= e->to ? e->from <= weekday && weekday <= e->to : weekday >= e->from || weekday <= e->to;
}

/* 6.2: [a, b); with b not after a it runs on into the next weekday's early hours. */
static bool in_week(const g_week *w, int weekday, int minute)
{
    for (int i = 0; i < w->count; i++) {
        const struct g_days *e = &w->at[i];
        for (int k = 0; k < e->intervals.count; k++) {
            struct g_interval x = e->intervals.at[k];
            bool night = x.to <= x.from;
            if (entry_has(e, weekday) && minute >= x.from && (night || minute < x.to)) return true;
            if (night && entry_has(e, (weekday + 6) % 7) && minute < x.to) return true;
        }
    }
    return false;
}

/* ---- 6.6: `like` takes every key that is not said here ---- */

typedef bool says(const struct g_hours *h);

static bool says_zone(const struct g_hours *h)
{
    return h->zone != NULL;
}
static bool says_outside(const struct g_hours *h)
{
    return h->outside != NOT_SAID;
}
static bool says_every(const struct g_hours *h)
{
    return h->every_weeks != 0;
}
static bool says_weekly(const struct g_hours *h)
{
    return h->has_weekly;
}
static bool says_seasons(const struct g_hours *h)
{
    return h->has_seasons;
}
static bool says_closed(const struct g_hours *h)
{
    return h->has_closed;
}
static bool says_special(const struct g_hours *h)
{
    return h->has_special;
}
static bool says_holidays(const struct g_hours *h)
{
    return h->has_holidays;
}
static bool says_breaks(const struct g_hours *h)
{
    return h->has_breaks;
}

/* The nearest of the hours and those they are like that says the key; NULL: none does. */
static const struct g_hours *who(const struct g_policy *p, int hours, says *key)
{
    for (; hours != NOT_SAID; hours = p->hours.at[hours].like)
        if (key(&p->hours.at[hours])) return &p->hours.at[hours];
    return NULL;
}

static bool in_intervals(const g_intervals *list, int minute)
{
    for (int i = 0; i < list->count; i++)
        if (list->at[i].from <= minute && minute < list->at[i].to) return true;
    return false;
}

/* The special hours of the date, a dated one before a yearly one; NULL: none. */
static const g_intervals *special_of(const struct g_hours *h, struct local d)
{
    const g_intervals *yearly = NULL;
    for (int i = 0; h && i < h->special.count; i++) {
        struct g_date s = h->special.at[i].date;
        if (s.month != d.month || s.day != d.day) continue;
        if (s.year == d.year) return &h->special.at[i].intervals;
        if (s.year == 0) yearly = &h->special.at[i].intervals;
    }
    return yearly;
}

static bool is_holiday(const struct g_hours *h, struct local d)
{
    for (int i = 0; h && i < h->holidays.dates.count; i++) {
        struct g_date first = h->holidays.dates.at[i].date;
        int64_t from = civil_days(first.year, first.month, first.day);
        if (from <= d.days && d.days < from + h->holidays.dates.at[i].days) return true;
    }
    return false;
}

static const g_week *table_of(const struct g_policy *p, int hours, struct local d)
{
    const struct g_hours *seasons = who(p, hours, says_seasons), *weekly = who(p, hours, says_weekly);
    for (int i = 0; seasons && i < seasons->seasons.count; i++)
        if (in_range(seasons->seasons.at[i].in, d)) return &seasons->seasons.at[i].week;
    return weekly ? &weekly->weekly : NULL;
}

/* 6.1 without `every` and `outside`. */
static bool open_by_date(const struct g_policy *p, int hours, struct local d)
{
    const g_intervals *special = special_of(who(p, hours, says_special), d);
    if (special) return in_intervals(special, d.minute);
    const struct g_hours *closed = who(p, hours, says_closed), *breaks = who(p, hours, says_breaks);
    if (closed && in_ranges(&closed->closed, d)) return false;
    if (is_holiday(who(p, hours, says_holidays), d)) return false;
    const g_week *table = table_of(p, hours, d);
    if (!table || !in_week(table, d.weekday, d.minute)) return false;
    return !breaks || !in_week(&breaks->breaks, d.weekday, d.minute);
}

bool oracle_open(const struct g_policy *p, int hours, int64_t at)
{
    if (hours == ALWAYS) return true;
    const struct g_hours *zone = who(p, hours, says_zone), *outside = who(p, hours, says_outside),
                         *every = who(p, hours, says_every);
    struct local d = local_time(zone ? zone->zone : p->zone, at);
    if (every) {
        int64_t n =
            d.days - civil_days(every->every_from.year, every->every_from.month, every->every_from.day);
        int64_t weeks = n >= 0 ? n / 7 : -((-n + 6) / 7); /* rounded down */
        if (weeks % every->every_weeks != 0) return false;
    }
    return outside ? !oracle_open(p, outside->outside, at) : open_by_date(p, hours, d);
}

bool oracle_active(const struct g_policy *p, const g_ranges *ranges, int64_t at)
{
    return in_ranges(ranges, local_time(p->zone, at));
}

const char *oracle_zone(const struct g_policy *p, int hours)
{
    const struct g_hours *zone = hours == NOT_SAID || hours == ALWAYS ? NULL : who(p, hours, says_zone);
    return zone ? zone->zone : p->zone;
}

bool oracle_away(const struct g_policy *p, const struct g_agent *a, int64_t at)
{
    return a->away.count && in_ranges(&a->away, local_time(oracle_zone(p, a->hours), at));
}
