/*
 * Hours and window sets of an open table to the seconds at which they change: see changes.h.
 *
 * What counts on a local date is painted on a calendar of all of them, what is weaker first: the week,
 * seasons, closed days, special hours, weeks of a rota. Then the stretches of time in which the zone has one
 * offset are walked, each by itself: where the clocks jump, a date may be left out, or begin twice. The
 * library answers the same questions one instant at a time (shunt_hours_open()), and finds the offset anew
 * each time: asking it for a hundred years takes 20 ms for each of the hours, this takes 1. That both agree
 * is tested at every change.
 *
 * Assumes verified tables. Promises that nothing is left out: the truth changes at the seconds listed,
 * nowhere else.
 */
#include "changes.h"
#include "../../runtime/shunt.h"
#include "../../runtime/zone_rule.h"

#include <stdlib.h>

/* Local dates between TIMES_FROM and TIMES_TO: offsets are of less than 26 hours. */
enum {
    DAYS_FROM = (int)(TIMES_FROM / CAL_DAY_SEC) - 2,
    DAYS_TO = (int)(TIMES_TO / CAL_DAY_SEC) + 3,
    DAY_COUNT = DAYS_TO - DAYS_FROM,
    FIRST_YEAR = 1998, /* so that one that runs over the year's end is there at the beginning */
    LAST_YEAR = 2100
};

void changes_init(struct change_finder *f, struct arena *a, uint32_t most)
{
    *f = (struct change_finder){.a = a, .most = most};
    f->day_of = arena_array(a, uint32_t, DAY_COUNT);
}

/* ---- lists of changes ---- */

static void begin(struct changes *c, bool truth)
{
    c->at.count = 0;
    c->begins = truth;
}

/* From now on it is `truth`; not before what was said last. */
static void turn(struct change_finder *f, struct changes *c, int64_t now, bool truth)
{
    uint32_t at = (uint32_t)(now - TIMES_FROM), count = c->at.count;
    if (truth == (c->begins ^ (count & 1))) return;
    if (count && c->at.at[count - 1] == at) {
        c->at.count--;
        return;
    }
    *vec_push(f->a, &c->at) = at;
    if (count > f->most) f->too_many = true; /* one more may be taken back */
}

/* Both hold: into f->both, and from there to c. */
static void both(struct change_finder *f, struct changes *c, const struct changes *with)
{
    uint32_t i = 0, k = 0;
    begin(&f->both, c->begins && with->begins);
    while (i < c->at.count || k < with->at.count) {
        uint32_t x = i < c->at.count ? c->at.at[i] : UINT32_MAX,
                 y = k < with->at.count ? with->at.at[k] : UINT32_MAX;
        i += x <= y;
        k += y <= x;
        turn(f, &f->both, TIMES_FROM + (x < y ? x : y), (c->begins ^ (i & 1)) && (with->begins ^ (k & 1)));
    }
    struct changes old = *c;
    *c = f->both;
    f->both = old;
}

/* ---- zones ---- */

static int64_t change_at(const struct tf_zone_change *c)
{
    return (int64_t)le64(c->at);
}

/* What holds at an instant, `past` of the zone's changes having happened, and until when. */
static struct zone_span span_after(const struct table_view *v, const struct tf_zone *z, uint32_t past,
                                   int64_t at)
{
    const struct tf_zone_change *changes = v->ZONE_CHANGE.at + le32(z->change_first);
    uint32_t count = le32(z->change_count);
    if (past == count && z->has_rule) return zone_rule_span(z, at);
    uint32_t type = le32(z->type_first) + (past ? le32(changes[past - 1].type) : 0);
    int64_t until = past < count ? change_at(&changes[past]) : INT64_MAX;
    return (struct zone_span){at, until, (int32_t)le32(v->ZONE_TYPE.at[type].offset_sec), false};
}

static void add_run(struct change_finder *f, int64_t from, int64_t until, int32_t offset_sec)
{
    *vec_push(f->a, &f->runs) = (struct zone_run){from, until < TIMES_TO ? until : TIMES_TO, offset_sec};
}

/* The runs of a zone (TF_NONE: UTC), kept until another is asked for. */
static void find_runs(struct change_finder *f, const struct time_source *s, uint32_t zone)
{
    const struct table_view *v = s->view;
    if (f->runs.count && f->table == s->table && f->zone == zone) return;
    f->table = s->table;
    f->zone = zone;
    f->runs.count = 0;
    if (zone == TF_NONE) {
        add_run(f, TIMES_FROM, TIMES_TO, 0);
        return;
    }
    const struct tf_zone *z = &v->ZONE.at[zone];
    const struct tf_zone_change *changes = v->ZONE_CHANGE.at + le32(z->change_first);
    uint32_t past = 0;
    for (int64_t at = TIMES_FROM; at < TIMES_TO;) {
        while (past < le32(z->change_count) && change_at(&changes[past]) <= at) past++;
        struct zone_span span = span_after(v, z, past, at);
        add_run(f, at, span.until, span.offset_sec);
        at = span.until;
    }
}

static int64_t first_day(const struct zone_run *r)
{
    return cal_floor_div(r->from + r->offset_sec, CAL_DAY_SEC);
}

/* ---- ranges of dates ---- */

/* The first day of the year at a yearly place or after it: of 02-29 (59) that is 03-01 where there is none.
 */
static int64_t day_at_place(int64_t year, int32_t place)
{
    return cal_days(year, 1, 1) + place - (place >= 60 && !cal_leap(year));
}

/* To f->ranges a range of dates, in each year where it is yearly; none where it is 02-29 alone in a year
 * without one. */
static void add_range(struct change_finder *f, le32_t first, le32_t last, bool yearly)
{
    int32_t from = (int32_t)le32(first), to = (int32_t)le32(last);
    if (!yearly) *vec_push(f->a, &f->ranges) = (struct days){from, (int64_t)to + 1};
    for (int64_t year = FIRST_YEAR; yearly && year <= LAST_YEAR; year++) {
        struct days d = {day_at_place(year, from), day_at_place(year + (from > to), to + 1)};
        if (d.from < d.until) *vec_push(f->a, &f->ranges) = d;
    }
}

/* The first of dated ranges that ends on the day or later. */
static uint32_t first_until(const struct tf_range *r, uint32_t count, int32_t day)
{
    uint32_t lo = 0, hi = count;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if ((int32_t)le32(r[mid].to) < day)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

/* Of dated ones those that touch the local dates there are: a set may have millions, and be asked for by
 * thousands of hours. */
static void find_ranges(struct change_finder *f, const struct table_view *v, uint32_t set)
{
    const struct tf_window_set *s = &v->WINDOW_SET.at[set];
    uint32_t dated = le32(s->dated_count), count = dated + le32(s->yearly_count);
    const struct tf_range *r = v->WINDOW.at + le32(s->first);
    f->ranges.count = 0;
    for (uint32_t i = first_until(r, dated, DAYS_FROM); i < dated && (int32_t)le32(r[i].from) < DAYS_TO; i++)
        add_range(f, r[i].from, r[i].to, false);
    for (uint32_t i = dated; i < count; i++) add_range(f, r[i].from, r[i].to, true);
}

/* ---- days that are true as a whole ---- */

static int by_from(const void *a, const void *b)
{
    const struct days *x = a, *y = b;
    return (x->from > y->from) - (x->from < y->from);
}

/* Ascending, neither overlapping nor touching. */
static void join_ranges(struct days_list *ranges)
{
    uint32_t count = 0;
    if (ranges->count) qsort(ranges->at, ranges->count, sizeof *ranges->at, by_from);
    for (uint32_t i = 0; i < ranges->count; i++) {
        struct days d = ranges->at[i], *last = count ? &ranges->at[count - 1] : NULL;
        if (!last || d.from > last->until)
            ranges->at[count++] = d;
        else if (d.until > last->until)
            last->until = d.until;
    }
    ranges->count = count;
}

/* Of the days of joined ranges on which one begins or ends in turn: how many are not after a day. */
static uint32_t bounds_past(const struct days_list *ranges, int64_t day)
{
    uint32_t lo = 0, hi = ranges->count;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (ranges->at[mid].from <= day)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo && day < ranges->at[lo - 1].until ? 2 * lo - 1 : 2 * lo;
}

static int64_t bound(const struct days_list *ranges, uint32_t i)
{
    return i % 2 ? ranges->at[i / 2].until : ranges->at[i / 2].from;
}

/* Within a run local dates follow each other; at its beginning the clocks may show any. */
static void walk_ranges(struct change_finder *f, struct changes *out)
{
    struct days_list *ranges = &f->ranges;
    join_ranges(ranges);
    for (uint32_t i = 0; i < f->runs.count && !f->too_many; i++) {
        const struct zone_run *r = &f->runs.at[i];
        uint32_t past = bounds_past(ranges, first_day(r));
        if (i == 0) begin(out, past % 2);
        turn(f, out, r->from, past % 2);
        for (; past < 2 * ranges->count; past++) {
            int64_t at = bound(ranges, past) * CAL_DAY_SEC - r->offset_sec;
            if (at >= r->until) break;
            turn(f, out, at, past % 2 == 0);
        }
    }
}

/* The days that `every: N weeks from D` leaves open. */
static void walk_every(struct change_finder *f, const struct tf_hours *h, struct changes *out)
{
    int64_t weeks = le32(h->every_weeks), from = (int32_t)le32(h->every_from);
    int64_t before = cal_floor_div(DAYS_FROM - from, 7 * weeks);
    f->ranges.count = 0;
    for (int64_t day = from + before * 7 * weeks; day < DAYS_TO; day += 7 * weeks)
        *vec_push(f->a, &f->ranges) = (struct days){day, day + 7};
    walk_ranges(f, out);
}

/* ---- the calendar of hours ---- */

static struct days within(struct days d)
{
    return (struct days){d.from > DAYS_FROM ? d.from : DAYS_FROM, d.until < DAYS_TO ? d.until : DAYS_TO};
}

/* On these days the week counts (TF_NONE: nothing is open). */
static void paint_week(struct change_finder *f, const struct table_view *v, struct days d, uint32_t week)
{
    for (int64_t day = within(d).from; day < within(d).until; day++)
        f->day_of[day - DAYS_FROM] = week == TF_NONE ? TF_NONE : le32(v->WEEK.at[week].day[cal_weekday(day)]);
}

static void paint_day(struct change_finder *f, struct days d, uint32_t hours)
{
    for (int64_t day = within(d).from; day < within(d).until; day++) f->day_of[day - DAYS_FROM] = hours;
}

/* Yearly ones first: a dated one wins. */
static void paint_seasons(struct change_finder *f, const struct table_view *v, const struct tf_hours *h)
{
    uint32_t dated = le32(h->season_dated_count), count = dated + le32(h->season_yearly_count);
    for (uint32_t i = count; i-- > 0;) {
        const struct tf_season *s = &v->SEASON.at[le32(h->season_first) + i];
        f->ranges.count = 0;
        add_range(f, s->from, s->to, i >= dated);
        for (uint32_t k = 0; k < f->ranges.count; k++) paint_week(f, v, f->ranges.at[k], le32(s->week));
    }
}

static void paint_specials(struct change_finder *f, const struct table_view *v, const struct tf_hours *h)
{
    uint32_t dated = le32(h->special_dated_count), count = dated + le32(h->special_yearly_count);
    for (uint32_t i = count; i-- > 0;) {
        const struct tf_special *s = &v->SPECIAL.at[le32(h->special_first) + i];
        f->ranges.count = 0;
        add_range(f, s->day, s->day, i >= dated);
        for (uint32_t k = 0; k < f->ranges.count; k++) paint_day(f, f->ranges.at[k], le32(s->hours));
    }
}

static void paint_closed(struct change_finder *f, const struct table_view *v, uint32_t set)
{
    find_ranges(f, v, set);
    for (uint32_t i = 0; i < f->ranges.count; i++) paint_day(f, f->ranges.at[i], TF_NONE);
}

static void paint_every(struct change_finder *f, const struct tf_hours *h)
{
    int64_t weeks = le32(h->every_weeks), from = (int32_t)le32(h->every_from);
    for (int64_t day = DAYS_FROM; weeks > 1 && day < DAYS_TO; day++)
        if (cal_floor_div(day - from, 7) % weeks != 0) f->day_of[day - DAYS_FROM] = TF_NONE;
}

/* The DAY of each local date: what language.md 6.1 names first is painted last. */
static void paint(struct change_finder *f, const struct table_view *v, const struct tf_hours *h)
{
    paint_week(f, v, (struct days){DAYS_FROM, DAYS_TO}, le32(h->week));
    paint_seasons(f, v, h);
    if (le32(h->closed) != TF_NONE) paint_closed(f, v, le32(h->closed));
    for (uint32_t i = 0; i < le32(h->holidays_count); i++)
        paint_closed(f, v, le32(v->LIST.at[le32(h->holidays_first) + i]));
    paint_specials(f, v, h);
    paint_every(f, h);
}

/* The same of the breaks: special hours have none, and where nothing is open none matters. */
static void paint_breaks(struct change_finder *f, const struct table_view *v, const struct tf_hours *h)
{
    uint32_t count = le32(h->special_dated_count) + le32(h->special_yearly_count);
    paint_week(f, v, (struct days){DAYS_FROM, DAYS_TO}, le32(h->breaks));
    for (uint32_t i = 0; i < count; i++) {
        le32_t day = v->SPECIAL.at[le32(h->special_first) + i].day;
        f->ranges.count = 0;
        add_range(f, day, day, i >= le32(h->special_dated_count));
        for (uint32_t k = 0; k < f->ranges.count; k++) paint_day(f, f->ranges.at[k], TF_NONE);
    }
}

/* ---- hours ---- */

struct intervals {
    const struct tf_interval *at;
    uint32_t count;
};

static struct intervals intervals_of(const struct change_finder *f, const struct table_view *v, int64_t day)
{
    uint32_t record = f->day_of[day - DAYS_FROM];
    if (record == TF_NONE) return (struct intervals){NULL, 0};
    const struct tf_day *d = &v->DAY.at[record];
    return (struct intervals){v->INTERVAL.at + le32(d->interval_first), le32(d->interval_count)};
}

static bool open_at(struct intervals x, int64_t sec)
{
    for (uint32_t i = 0; i < x.count; i++)
        if (le16(x.at[i].from_min) * 60 <= sec && sec < le16(x.at[i].to_min) * 60) return true;
    return false;
}

static void walk_run(struct change_finder *f, const struct table_view *v, const struct zone_run *r,
                     struct changes *out)
{
    int64_t day = first_day(r), midnight = day * CAL_DAY_SEC - r->offset_sec;
    bool open = open_at(intervals_of(f, v, day), r->from - midnight);
    if (r->from == TIMES_FROM) begin(out, open);
    turn(f, out, r->from, open);
    for (; midnight < r->until && !f->too_many; day++, midnight += CAL_DAY_SEC) {
        struct intervals x = intervals_of(f, v, day);
        for (uint32_t i = 0; i < x.count; i++) {
            int64_t from = midnight + le16(x.at[i].from_min) * 60, to = midnight + le16(x.at[i].to_min) * 60;
            if (from > r->from && from < r->until) turn(f, out, from, true);
            if (to > r->from && to < r->until) turn(f, out, to, false);
        }
    }
}

static void walk_runs(struct change_finder *f, const struct table_view *v, struct changes *out)
{
    for (uint32_t i = 0; i < f->runs.count && !f->too_many; i++) walk_run(f, v, &f->runs.at[i], out);
}

/* Of hours that are not outside of others. */
static void walk_week(struct change_finder *f, const struct time_source *s, const struct tf_hours *h,
                      struct changes *out)
{
    if (h->always) {
        begin(out, true);
        return;
    }
    find_runs(f, s, le32(h->zone));
    paint(f, s->view, h);
    walk_runs(f, s->view, out);
    if (le32(h->breaks) == TF_NONE || f->too_many) return;
    paint_breaks(f, s->view, h);
    walk_runs(f, s->view, &f->mask);
    f->mask.begins = !f->mask.begins;
    both(f, out, &f->mask);
}

static void hours_changes(struct change_finder *f, const struct time_source *s, struct changes *out)
{
    const struct tf_hours *all = s->view->HOURS.at, *above[TF_OUTSIDE_MAX];
    uint32_t count = 0, h = s->index;
    for (; le32(all[h].outside) != TF_NONE && count < TF_OUTSIDE_MAX; h = le32(all[h].outside))
        above[count++] = &all[h];
    walk_week(f, s, &all[h], out);
    while (count-- > 0 && !f->too_many) {
        out->begins = !out->begins;
        if (le32(above[count]->every_weeks) <= 1) continue;
        find_runs(f, s, le32(above[count]->zone));
        walk_every(f, above[count], &f->mask);
        both(f, out, &f->mask);
    }
}

void changes_find(struct change_finder *f, const struct time_source *s, struct changes *out)
{
    f->too_many = false;
    if (s->kind == TIME_HOURS) {
        hours_changes(f, s, out);
    } else {
        find_ranges(f, s->view, s->index);
        find_runs(f, s, le32(s->view->POLICY.at[0].zone));
        walk_ranges(f, out);
    }
    if (out->at.count > f->most) f->too_many = true;
}
