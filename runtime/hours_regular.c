/*
 * From when on hours repeat, until when, and after how long.
 *
 * What has a date of its own (closed and special days, seasons, days away, a zone's changes before its rule
 * begins) comes once. All else comes again: the calendar after 400 years, which are 20,871 weeks; and where
 * nothing hangs on the day of the year but a zone that changes on weekdays ("the last Sunday of March"),
 * every kind of week there is comes within a year. Exceptions that are still to come are kept away from: what
 * is told of hours looks 800 days ahead (language.md 6.4).
 */
#include "hours.h"

enum { CALENDAR_WEEKS = 20871, YEARS_WEEKS = 106, WEEKS_MAX = 1 << 20, MARGIN_DAYS = 2, AHEAD_DAYS = 1610 };

static void never(struct sh_regular *r)
{
    r->until_sec = INT64_MIN;
}

static void until_day(struct sh_regular *r, int64_t day)
{
    int64_t until = (day - AHEAD_DAYS) * CAL_DAY_SEC;
    if (until < r->until_sec) r->until_sec = until;
}

/* ---- dates ---- */

/* Dated records of a list are over by a day, or still to come; yearly ones make it hang on the calendar.
 * last: of a record that begins with a day, where its last day stands, in bytes. */
static void see_list(struct sh_regular *r, const void *records, size_t len, size_t last, uint32_t dated,
                     uint32_t yearly, int64_t day)
{
    uint32_t lo = 0, hi = dated;
    r->by_calendar |= yearly > 0;
    while (lo < hi) { /* the first that begins later */
        uint32_t mid = lo + (hi - lo) / 2;
        if (sh_int32(*(const le32_t *)(const void *)((const char *)records + mid * len)) <= day)
            lo = mid + 1;
        else
            hi = mid;
    }
    const char *before = lo ? (const char *)records + (lo - 1) * len : NULL;
    if (before && sh_int32(*(const le32_t *)(const void *)(before + last)) >= day - MARGIN_DAYS) never(r);
    if (lo < dated) until_day(r, sh_int32(*(const le32_t *)(const void *)((const char *)records + lo * len)));
}

static void see_windows(const struct shunt_table *t, struct sh_regular *r, uint32_t set, int64_t day)
{
    if (set == TF_NONE) return;
    const struct tf_window_set *s = &t->WINDOW_SET[set];
    see_list(r, t->WINDOW + le32(s->first), sizeof *t->WINDOW, offsetof(struct tf_range, to),
             le32(s->dated_count), le32(s->yearly_count), day);
}

/* ---- zones ---- */

/* Both changes are on weekdays, and never within four weeks of each other. */
static bool by_weekday(const struct tf_zone *z)
{
    unsigned apart = (z->to_dst.month + 12u - z->to_std.month) % 12;
    return z->to_dst.kind == 0 && z->to_std.kind == 0 && apart >= 2 && apart <= 10;
}

static void see_zone(const struct shunt_table *t, struct sh_regular *r, uint32_t zone, int64_t at_sec)
{
    if (zone == TF_NONE) return;
    const struct tf_zone *z = &t->ZONE[zone];
    uint32_t count = le32(z->change_count);
    if (count && (int64_t)le64(t->ZONE_CHANGE[le32(z->change_first) + count - 1].at) > at_sec) never(r);
    if (z->has_rule != 1) return;
    r->by_calendar |= !by_weekday(z) || (r->zone != TF_NONE && r->zone != zone);
    r->zone = zone;
}

/* ---- hours ---- */

static uint64_t common(uint64_t a, uint64_t b)
{
    while (b) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static void see_every(struct sh_regular *r, uint32_t weeks)
{
    if (weeks > 1 && r->weeks <= WEEKS_MAX) r->weeks = r->weeks / common(r->weeks, weeks) * weeks;
}

struct sh_regular sh_regular_begin(void)
{
    return (struct sh_regular){.until_sec = INT64_MAX, .zone = TF_NONE, .weeks = 1};
}

void sh_regular_hours(const struct shunt_table *t, struct sh_regular *r, uint32_t hours, int64_t at_sec)
{
    int64_t day = cal_floor_div(at_sec, CAL_DAY_SEC);
    for (uint32_t i = hours; i != TF_NONE; i = le32(t->HOURS[i].outside)) {
        const struct tf_hours *h = &t->HOURS[i];
        see_zone(t, r, le32(h->zone), at_sec);
        see_every(r, le32(h->every_weeks));
        see_list(r, t->SEASON + le32(h->season_first), sizeof *t->SEASON, offsetof(struct tf_season, to),
                 le32(h->season_dated_count), le32(h->season_yearly_count), day);
        see_list(r, t->SPECIAL + le32(h->special_first), sizeof *t->SPECIAL, offsetof(struct tf_special, day),
                 le32(h->special_dated_count), le32(h->special_yearly_count), day);
        see_windows(t, r, le32(h->closed), day);
        for (uint32_t k = 0; k < le32(h->holidays_count); k++)
            see_windows(t, r, le32(t->LIST[le32(h->holidays_first) + k]), day);
    }
}

void sh_regular_away(const struct shunt_table *t, struct sh_regular *r, uint32_t away, uint32_t zone,
                     int64_t at_sec)
{
    see_zone(t, r, zone, at_sec);
    see_windows(t, r, away, cal_floor_div(at_sec, CAL_DAY_SEC));
}

/* calendar: whatever hangs on a date is to come at the same distance again. */
static int64_t period(uint64_t weeks, bool calendar)
{
    if (weeks > WEEKS_MAX) return 0;
    if (calendar) weeks = weeks / common(weeks, CALENDAR_WEEKS) * CALENDAR_WEEKS;
    return weeks > WEEKS_MAX ? 0 : (int64_t)weeks * 7 * CAL_DAY_SEC;
}

int64_t sh_regular_calendar(const struct sh_regular *r)
{
    return period(r->weeks, r->by_calendar || r->zone != TF_NONE);
}

int64_t sh_regular_period(const struct sh_regular *r)
{
    bool by_year = r->zone != TF_NONE && r->weeks == 1;
    if (by_year && !r->by_calendar) return period(YEARS_WEEKS, false);
    return sh_regular_calendar(r);
}

/* ---- seconds ---- */

/* Walked through where nothing can be skipped: so far that a look at what is regular costs little beside it.
 */
#define STRETCH_SEC (INT64_C(3650) * CAL_DAY_SEC)

int64_t sh_open_seconds(const struct sh_open_seconds *of, int64_t from_sec, int64_t to_sec)
{
    int64_t sum = 0;
    while (to_sec - from_sec > STRETCH_SEC) {
        struct sh_regular r = of->regular(of->ctx, from_sec);
        int64_t end = r.until_sec < to_sec ? r.until_sec : to_sec, whole = sh_regular_calendar(&r);
        int64_t times = whole && end > from_sec ? (end - from_sec) / whole : 0;
        int64_t step = times ? whole : STRETCH_SEC;
        sum += of->plain(of->ctx, from_sec, from_sec + step) * (times ? times : 1);
        from_sec += step * (times ? times : 1);
    }
    return sum + of->plain(of->ctx, from_sec, to_sec);
}
