/*
 * When hours and shifts change, without the runtime's calendar: a schedule is a function of local date and
 * minute (language.md 6.1), so that it can change only where a local minute that it names comes, at a local
 * midnight, or where the clock changes. At each such instant oracle_open() is asked.
 */
#include "desk_state.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { DAY = 86400, MOST_INSTANTS = 4000 };

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static void use_zone(const char *zone)
{
    const char *now = getenv("TZ");
    if (now && !strcmp(now, zone)) return;
    setenv("TZ", zone, 1);
    tzset();
}

/* The local date, in days since 1970-01-01, and the seconds that the zone is ahead of UTC. */
static int64_t local_date(const char *zone, int64_t at, int64_t *offset)
{
    time_t t = at;
    struct tm tm;
    use_zone(zone);
    localtime_r(&t, &tm);
    int64_t days = civil_days(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
    if (offset) *offset = days * DAY + tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec - at;
    return days;
}

static int64_t offset_at(const char *zone, int64_t at)
{
    int64_t offset;
    local_date(zone, at, &offset);
    return offset;
}

/* A date's first instant: one that no second of the two days before it belongs to (reading 11: a date that
 * begins twice begins at the first). */
int64_t od_next_midnight(const char *zone, int64_t at)
{
    int64_t seen = 0, minute = floor_div(at - 2 * DAY, 60) * 60;
    for (int64_t t = minute;; t += 60) {
        int64_t date = local_date(zone, t, NULL);
        if (t > at && date > seen) return t;
        if (date > seen || t == minute) seen = date;
    }
}

/* ---- schedules ---- */

static void add_minute(struct gen *g, struct schedule *s, int minute)
{
    for (int i = 0; i < s->minutes.count; i++)
        if (s->minutes.at[i] == minute) return;
    *list_push(g, &s->minutes) = minute;
}

static void add_intervals(struct gen *g, struct schedule *s, const g_intervals *list)
{
    for (int i = 0; i < list->count; i++) {
        add_minute(g, s, list->at[i].from % 1440);
        add_minute(g, s, list->at[i].to % 1440);
    }
}

static void add_week(struct gen *g, struct schedule *s, const g_week *w)
{
    for (int i = 0; i < w->count; i++) add_intervals(g, s, &w->at[i].intervals);
}

static void add_zone(struct gen *g, struct schedule *s, const char *zone)
{
    for (int i = 0; i < s->zones.count; i++)
        if (!strcmp(s->zones.at[i], zone)) return;
    *list_push(g, &s->zones) = zone;
}

/* All that hours and those they look back to name. */
static void add_hours(struct gen *g, struct schedule *s, int hours)
{
    const struct g_hours *h = &s->p->hours.at[hours];
    add_zone(g, s, oracle_zone(s->p, hours));
    add_week(g, s, &h->weekly);
    add_week(g, s, &h->breaks);
    for (int i = 0; i < h->seasons.count; i++) add_week(g, s, &h->seasons.at[i].week);
    for (int i = 0; i < h->special.count; i++) add_intervals(g, s, &h->special.at[i].intervals);
    if (h->like != NOT_SAID) add_hours(g, s, h->like);
    if (h->outside != NOT_SAID) add_hours(g, s, h->outside);
}

struct schedule *od_schedule_new(struct gen *g, const struct g_policy *p, int hours,
                                 const struct g_agent *away)
{
    struct schedule *s = gen_alloc(g, sizeof *s);
    s->p = p;
    s->hours = hours;
    s->away = away && away->away.count ? away : NULL;
    add_minute(g, s, 0);
    if (hours >= 0) add_hours(g, s, hours);
    if (s->away) add_zone(g, s, oracle_zone(p, hours));
    return s;
}

bool od_schedule_on(struct schedule *s, int64_t at)
{
    if (!s->asked || s->asked_at != at)
        s->answer =
            (s->hours < 0 || oracle_open(s->p, s->hours, at)) && !(s->away && oracle_away(s->p, s->away, at));
    s->asked = true;
    s->asked_at = at;
    return s->answer;
}

struct instants {
    int64_t at[MOST_INSTANTS];
    int count;
};

static void add_instant(struct instants *list, int64_t day, int64_t at)
{
    if (at < day || at >= day + DAY) return;
    if (list->count == MOST_INSTANTS) abort();
    list->at[list->count++] = at;
}

/* Where the clock changes within the day, by halving. */
static void add_clock_change(struct instants *list, const char *zone, int64_t day)
{
    int64_t lo = day, hi = day + DAY, before = offset_at(zone, lo);
    if (offset_at(zone, hi) == before) return;
    while (hi - lo > 1) {
        int64_t mid = lo + (hi - lo) / 2;
        *(offset_at(zone, mid) == before ? &lo : &hi) = mid;
    }
    add_instant(list, day, hi);
}

static void add_local_minutes(struct instants *list, const struct schedule *s, int64_t day, int64_t offset)
{
    for (int64_t date = floor_div(day + offset, DAY); date * DAY < day + DAY + offset; date++)
        for (int i = 0; i < s->minutes.count; i++)
            add_instant(list, day, date * DAY + s->minutes.at[i] * 60 - offset);
}

static int by_time(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* One more day (of UTC). */
static void extend(struct gen *g, struct schedule *s)
{
    struct instants list = {.count = 0};
    bool on = s->changes.count ? s->changes.at[s->changes.count - 1].on : s->first;
    for (int i = 0; i < s->zones.count; i++) {
        int64_t a = offset_at(s->zones.at[i], s->to), b = offset_at(s->zones.at[i], s->to + DAY);
        add_local_minutes(&list, s, s->to, a);
        if (a != b) add_local_minutes(&list, s, s->to, b);
        if (a != b) add_clock_change(&list, s->zones.at[i], s->to);
    }
    qsort(list.at, (size_t)list.count, sizeof *list.at, by_time);
    for (int i = 0; i < list.count; i++) {
        if (od_schedule_on(s, list.at[i]) == on) continue;
        on = !on;
        *list_push(g, &s->changes) = (struct change){list.at[i], on};
    }
    s->to += DAY;
}

static void begin(struct schedule *s, int64_t at)
{
    if (s->begun && at >= s->from) return;
    s->begun = true; /* or again, from an earlier arrival (desk.md 4.4) */
    s->changes.count = 0;
    s->from = s->to = floor_div(at, DAY) * DAY;
    s->first = od_schedule_on(s, s->from);
}

int64_t od_schedule_turns(struct gen *g, struct schedule *s, int64_t at, int64_t last, bool on)
{
    begin(s, at);
    for (int i = 0;; i++) {
        while (i == s->changes.count && s->to <= last) extend(g, s);
        if (i == s->changes.count || s->changes.at[i].at > last) return NEVER;
        if (s->changes.at[i].at > at && s->changes.at[i].on == on) return s->changes.at[i].at;
    }
}

int64_t od_schedule_next(struct gen *g, struct schedule *s, int64_t at, bool on)
{
    if (od_schedule_on(s, at + 1) == on) return at + 1;
    return od_schedule_turns(g, s, at + 1, at + INT64_C(800) * DAY, on);
}

/* desk.md 2.3: at a closing, not the opening after; `0` at once; never where they do not open again. */
int64_t od_schedule_after(struct gen *g, struct schedule *s, int64_t at, int64_t seconds)
{
    while (seconds > 0) {
        if (!od_schedule_on(s, at)) at = od_schedule_next(g, s, at, true);
        if (at == NEVER) return NEVER;
        int64_t closing = od_schedule_next(g, s, at, false);
        if (closing == NEVER || closing - at >= seconds) return at + seconds;
        seconds -= closing - at;
        at = closing;
    }
    return at;
}
