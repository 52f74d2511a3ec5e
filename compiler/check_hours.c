/*
 * Hours of the model and an instant to open or closed: what check needs to know before there is a table; and
 * its warning of hours that are never open.
 *
 * A second reading of language.md 6.1, from the model, with nothing of the runtime's code: the tests hold the
 * two against each other.
 */
#include "resolve_hours.h"
#include "zone.h"
#include "../runtime/zone_rule.h"

#include <stddef.h>
#include <string.h>

static bool within(bool yearly, int32_t from, int32_t to, int32_t day)
{
    int32_t d = yearly ? cal_place(day) : day;
    return from <= to ? from <= d && d <= to : d >= from || d <= to;
}

/* What each item of such a list begins with. They are sorted by it. */
struct begin {
    bool yearly;
    int32_t from;
};
_Static_assert(offsetof(struct m_special, day) == offsetof(struct begin, from), "as struct begin");
_Static_assert(offsetof(struct m_range, from) == offsetof(struct begin, from), "as struct begin");
_Static_assert(offsetof(struct m_season, from) == offsetof(struct begin, from), "as struct begin");

/* The last item of a kind that begins on the date or before; NONE. Hours may have thousands of days, each
 * hours those of others, and every date is asked for: hence no plain search. */
static uint32_t last_from(const void *items, uint32_t count, size_t len, bool yearly, int32_t day)
{
    uint32_t lo = 0, hi = count;
    int32_t d = yearly ? cal_place(day) : day;
    struct begin b = {false, 0};
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        memcpy(&b, (const char *)items + mid * len, sizeof b);
        if (b.yearly != yearly ? b.yearly < yearly : b.from <= d)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (lo) memcpy(&b, (const char *)items + (lo - 1) * len, sizeof b);
    return lo && b.yearly == yearly ? lo - 1 : NONE;
}

/* The special hours of a date, a dated one before a yearly one. */
static const m_day *special_on(const struct m_hours *h, int32_t day)
{
    for (int yearly = 0; yearly < 2; yearly++) {
        uint32_t i = last_from(h->special.at, h->special.count, sizeof *h->special.at, yearly, day);
        const struct m_special *s = i == NONE ? NULL : &h->special.at[i];
        if (s && within(s->yearly, s->day, s->day, day)) return &s->hours;
    }
    return NULL;
}

/* Of ranges that are apart: the one with the date, which is the last to begin; or goes on from the year
 * before. */
static bool in_ranges(const m_ranges *ranges, int32_t day)
{
    const struct m_range *r = ranges->at;
    uint32_t count = ranges->count;
    for (int yearly = 0; yearly < 2; yearly++) {
        uint32_t i = last_from(r, count, sizeof *r, yearly, day);
        if (i != NONE && within(r[i].yearly, r[i].from, r[i].to, day)) return true;
    }
    return count && within(r[count - 1].yearly, r[count - 1].from, r[count - 1].to, day);
}

static bool closed_on(const struct model *m, const struct m_hours *h, int32_t day)
{
    bool closed = in_ranges(&h->closed, day);
    for (uint32_t i = 0; i < h->holidays.count && !closed; i++)
        closed = in_ranges(&m->holidays.at[h->holidays.at[i]], day);
    return closed;
}

static bool in_season(const struct m_season *s, int32_t day)
{
    return within(s->yearly, s->from, s->to, day);
}

/* The same of seasons. */
static const struct m_week *week_on(const struct m_hours *h, int32_t day)
{
    const struct m_season *s = h->seasons.at;
    uint32_t count = h->seasons.count;
    for (int yearly = 0; yearly < 2; yearly++) {
        uint32_t i = last_from(s, count, sizeof *s, yearly, day);
        if (i != NONE && in_season(&s[i], day)) return &s[i].week;
    }
    return count && in_season(&s[count - 1], day) ? &s[count - 1].week : &h->weekly;
}

static bool every_on(const struct m_hours *h, int32_t day)
{
    return !h->every_weeks || cal_floor_div((int64_t)day - h->every_from, 7) % h->every_weeks == 0;
}

/* The intervals of a local date and its breaks; NULL: none. */
struct day_on {
    const m_day *open, *breaks;
};

static struct day_on day_on(const struct model *m, const struct m_hours *h, int32_t day)
{
    const m_day *special = special_on(h, day);
    unsigned weekday = cal_weekday(day);
    if (!every_on(h, day) || (!special && closed_on(m, h, day))) return (struct day_on){NULL, NULL};
    if (special) return (struct day_on){special, NULL};
    return (struct day_on){&week_on(h, day)->days[weekday], &h->breaks.days[weekday]};
}

/* ---- segments ---- */

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* The local date at an instant; *sec of the day, and the instant at which the zone's offset changes. */
static int32_t local_day(const struct model *m, uint32_t zone, int64_t at, int32_t *sec, int64_t *until)
{
    struct zone_span z = {INT64_MIN, INT64_MAX, 0, false};
    if (zone != NONE) z = zone_span_at(&m->zones.at[zone], at);
    int64_t day = cal_floor_div(at + z.offset_sec, CAL_DAY_SEC);
    *sec = (int32_t)(at + z.offset_sec - day * CAL_DAY_SEC);
    *until = z.until;
    return (int32_t)day;
}

/* Whether a second of the day is in one of its intervals, and *end: where one begins or ends after it, unless
 * something ends before. */
static bool in_day(const m_day *d, int32_t sec, int32_t *end)
{
    bool in = false;
    int32_t next = *end;
    for (uint32_t i = d ? d->count : 0; i-- > 0;) {
        int32_t from = d->at[i].from_min * 60, to = d->at[i].to_min * 60;
        if (sec < to) in = sec >= from, next = in ? to : from;
    }
    if (next < *end) *end = next;
    return in;
}

static bool week_at(const struct model *m, const struct m_hours *h, int64_t at, int64_t *until)
{
    int32_t sec, end = CAL_DAY_SEC;
    int64_t change;
    struct day_on d = day_on(m, h, local_day(m, h->zone, at, &sec, &change));
    bool open = in_day(d.open, sec, &end), paused = in_day(d.breaks, sec, &end);
    *until = least(at + end - sec, change);
    return open && !paused;
}

bool hours_at(const struct model *m, uint32_t hours, int64_t at_sec, int64_t *until)
{
    uint32_t above[TF_OUTSIDE_MAX], depth = 0;
    for (; m->hours.at[hours].outside != NONE && depth < TF_OUTSIDE_MAX; hours = m->hours.at[hours].outside)
        above[depth++] = hours;
    bool open = true;
    *until = INT64_MAX;
    if (hours) open = week_at(m, &m->hours.at[hours], at_sec, until);
    while (depth--) {
        const struct m_hours *h = &m->hours.at[above[depth]];
        int32_t sec;
        int64_t change;
        open = !open;
        if (!h->every_weeks) continue;
        open = every_on(h, local_day(m, h->zone, at_sec, &sec, &change)) && open;
        *until = least(*until, least(at_sec + CAL_DAY_SEC - sec, change));
    }
    return open;
}

bool day_is_open(const m_day *day)
{
    return day->count == 1 && day->at[0].from_min == 0 && day->at[0].to_min == 1440;
}

bool week_is_open(const struct m_week *w)
{
    for (int i = 0; i < 7; i++)
        if (!day_is_open(&w->days[i])) return false;
    return true;
}

bool hours_always_open(const struct m_hours *h)
{
    return !h->closed.count && !h->holidays.count && !h->has_breaks && week_is_open(&h->weekly) &&
           h->seasons_open && h->special_open;
}

bool hours_never_open(const struct model *m, uint32_t hours, uint32_t *work)
{
    int64_t at = cal_days(2000, 1, 1) * CAL_DAY_SEC, end = cal_days(2100, 1, 1) * CAL_DAY_SEC, until;
    uint32_t each = 1 + m->hours.at[hours].holidays.count; /* lists that are looked into */
    for (; at < end; at = until) {
        if (*work < each || hours_at(m, hours, at, &until)) return false;
        *work -= each;
    }
    return true;
}

void check_hours(struct compilation *c)
{
    for (uint32_t i = 1; i < c->model.hours.count; i++) {
        const struct m_hours *h = &c->model.hours.at[i];
        if (h->never_open && !h->wrong) diag(&c->diags, W1401, h->at, h->name.s);
    }
}
