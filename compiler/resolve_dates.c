/*
 * Dates as they were written to days: ranges merged and sorted, seasons, special hours
 * (language.md 6.1, 6.6).
 *
 * A yearly date is its place in a leap year, which gives 02-29 its meaning: it is there in leap years alone,
 * and a range that begins (or ends) with it has the days next to it in others.
 */
#include "resolve_hours.h"
#include "../runtime/calendar.h"

#include <stdlib.h>

static int32_t day_number(struct date d)
{
    return d.year ? (int32_t)cal_days(d.year, d.month, d.day) : cal_place_of(d.month, d.day);
}

struct m_range range_of_dates(const struct date_range *r)
{
    return (struct m_range){r->from.year == 0, day_number(r->from), day_number(r->to), r->at};
}

/* ---- ranges ---- */

static int by_range(const void *a, const void *b)
{
    const struct m_range *x = a, *y = b;
    if (x->yearly != y->yearly) return x->yearly ? 1 : -1;
    if (x->from != y->from) return x->from < y->from ? -1 : 1;
    if (x->to != y->to) return x->to < y->to ? -1 : 1;
    return (x->at.off > y->at.off) - (x->at.off < y->at.off);
}

/* A yearly range over the year's end becomes two. */
static void split_wraps(struct arena *a, m_ranges *r)
{
    for (uint32_t i = 0, count = r->count; i < count; i++) {
        struct m_range tail = r->at[i];
        if (tail.from <= tail.to) continue;
        r->at[i].to = CAL_PLACE_COUNT - 1;
        tail.from = 0;
        *vec_push(a, r) = tail;
    }
}

/* The last yearly range and the first, where they meet at the year's end, become one again. */
static void join_year_end(m_ranges *r)
{
    uint32_t first = 0;
    while (first < r->count && !r->at[first].yearly) first++;
    if (r->count - first < 2) return;
    struct m_range *last = &r->at[r->count - 1];
    if (r->at[first].from != 0 || last->to != CAL_PLACE_COUNT - 1) return;
    last->to = r->at[first].to;
    for (uint32_t i = first; i + 1 < r->count; i++) r->at[i] = r->at[i + 1];
    r->count--;
}

void merge_ranges(struct arena *a, m_ranges *r)
{
    uint32_t kept = 0;
    split_wraps(a, r);
    if (r->count) qsort(r->at, r->count, sizeof *r->at, by_range);
    for (uint32_t i = 0; i < r->count; i++) {
        struct m_range *last = kept ? &r->at[kept - 1] : NULL;
        if (!last || last->yearly != r->at[i].yearly || last->to + 1 < r->at[i].from)
            r->at[kept++] = r->at[i];
        else if (r->at[i].to > last->to)
            last->to = r->at[i].to;
    }
    r->count = kept;
    join_year_end(r);
}

void resolve_dates(struct compilation *c, const dates *in, m_ranges *out)
{
    *out = (m_ranges){0};
    for (uint32_t i = 0; i < in->count; i++) *vec_push(c->a, out) = range_of_dates(&in->at[i]);
    merge_ranges(c->a, out);
}

/* ---- seasons ---- */

static void report_seasons(struct compilation *c, const struct season_entry *a, const struct season_entry *b)
{
    if (a->at.file == b->at.file && a->at.off > b->at.off) {
        const struct season_entry *t = a;
        a = b, b = t;
    }
    diag_related(diag0(&c->diags, E0422, b->at), a->at, S("it overlaps this season"));
}

typedef VEC(const struct season_entry *) season_list;

/* Which yearly season has each place of the year. */
struct year_seasons {
    const struct season_entry *of[CAL_PLACE_COUNT];
    int32_t until[CAL_PLACE_COUNT]; /* places from here to the next that has one: count_free() */
};

static void add_yearly(struct compilation *c, const struct season_entry *s, struct year_seasons *year)
{
    struct m_range r = range_of_dates(&s->in);
    int32_t count = (r.to - r.from + CAL_PLACE_COUNT) % CAL_PLACE_COUNT + 1;
    for (int32_t i = 0; i < count; i++) {
        const struct season_entry *other = year->of[(r.from + i) % CAL_PLACE_COUNT];
        if (!other) continue;
        report_seasons(c, other, s);
        return;
    }
    for (int32_t i = 0; i < count; i++) year->of[(r.from + i) % CAL_PLACE_COUNT] = s;
}

/* false: no place has one. */
static bool count_free(struct year_seasons *year)
{
    int32_t next = -1;
    for (int32_t i = 2 * CAL_PLACE_COUNT - 1; i >= 0;
         i--) { /* twice: the year's end goes on in its beginning */
        if (year->of[i % CAL_PLACE_COUNT]) next = i;
        year->until[i % CAL_PLACE_COUNT] = next - i;
    }
    return next >= 0;
}

/* In nine years every date comes, 02-29 too, so no longer season needs to be looked at further. From one date
 * to the next that is taken it is a day less where 02-29 does not come (100,000 seasons: 40 ms; day by
 * day 3.5 s). */
static void check_against_yearly(struct compilation *c, const struct season_entry *s,
                                 const struct year_seasons *year)
{
    struct m_range r = range_of_dates(&s->in);
    for (int32_t day = r.from; day <= r.to && day < r.from + 9 * 366;) {
        int32_t place = cal_place(day);
        if (year->of[place]) {
            report_seasons(c, year->of[place], s);
            return;
        }
        day += year->until[place] > 1 ? year->until[place] - 1 : 1;
    }
}

static int by_first_day(const void *a, const void *b)
{
    const struct season_entry *x = *(const struct season_entry *const *)a,
                              *y = *(const struct season_entry *const *)b;
    int32_t i = day_number(x->in.from), k = day_number(y->in.from);
    if (i != k) return i < k ? -1 : 1;
    return (x->at.off > y->at.off) - (x->at.off < y->at.off);
}

static void check_dated(struct compilation *c, season_list *dated)
{
    const struct season_entry *longest = NULL;
    if (dated->count) qsort(dated->at, dated->count, sizeof *dated->at, by_first_day);
    for (uint32_t i = 0; i < dated->count; i++) {
        const struct season_entry *s = dated->at[i];
        if (longest && day_number(s->in.from) <= day_number(longest->in.to)) report_seasons(c, longest, s);
        if (!longest || day_number(s->in.to) > day_number(longest->in.to)) longest = s;
    }
}

void check_seasons(struct compilation *c, const struct hours_decl *d)
{
    struct year_seasons year = {0};
    season_list dated = {0};
    for (uint32_t i = 0; i < d->seasons.count; i++) {
        const struct season_entry *s = &d->seasons.at[i];
        check_week(c, &s->week);
        if (s->in.from.year)
            *vec_push(c->a, &dated) = s;
        else
            add_yearly(c, s, &year);
    }
    bool some = count_free(&year);
    for (uint32_t i = 0; some && i < dated.count; i++) check_against_yearly(c, dated.at[i], &year);
    check_dated(c, &dated);
}

static int by_season(const void *a, const void *b)
{
    const struct m_season *x = a, *y = b;
    if (x->yearly != y->yearly) return x->yearly ? 1 : -1;
    return (x->from > y->from) - (x->from < y->from);
}

void make_seasons(struct arena *a, const struct hours_decl *d, struct m_hours *out)
{
    out->seasons_open = true;
    for (uint32_t i = 0; i < d->seasons.count; i++) {
        const struct season_entry *s = &d->seasons.at[i];
        struct m_range r = range_of_dates(&s->in);
        struct m_season *m = vec_push(a, &out->seasons);
        *m = (struct m_season){.yearly = r.yearly, .from = r.from, .to = r.to};
        make_week(a, &s->week, &m->week);
        out->seasons_open &= week_is_open(&m->week);
    }
    if (out->seasons.count) qsort(out->seasons.at, out->seasons.count, sizeof *out->seasons.at, by_season);
}

/* ---- special hours ---- */

static int by_special(const void *a, const void *b)
{
    const struct m_special *x = a, *y = b;
    if (x->yearly != y->yearly) return x->yearly ? 1 : -1;
    return (x->day > y->day) - (x->day < y->day);
}

static int by_date(const void *a, const void *b)
{
    const struct special_entry *x = *(const struct special_entry *const *)a,
                               *y = *(const struct special_entry *const *)b;
    if (!x->date.year != !y->date.year) return x->date.year ? -1 : 1;
    int32_t i = day_number(x->date), k = day_number(y->date);
    if (i != k) return i < k ? -1 : 1;
    return (x->at.off > y->at.off) - (x->at.off < y->at.off);
}

void check_special(struct compilation *c, const struct hours_decl *d)
{
    uint32_t count = d->special.count;
    const struct special_entry **sorted = arena_array(c->a, const struct special_entry *, count);
    for (uint32_t i = 0; i < count; i++) {
        sorted[i] = &d->special.at[i];
        check_day(c, &sorted[i]->hours);
    }
    if (count) qsort(sorted, count, sizeof *sorted, by_date);
    for (uint32_t i = 1; i < count; i++) {
        struct date x = sorted[i - 1]->date, y = sorted[i]->date;
        if (!x.year != !y.year || day_number(x) != day_number(y)) continue;
        diag_related(diag0(&c->diags, E0423, sorted[i]->at), sorted[i - 1]->at, S("first said here"));
    }
}

void make_special(struct arena *a, const struct hours_decl *d, struct m_hours *out)
{
    out->special_open = true;
    for (uint32_t i = 0; i < d->special.count; i++) {
        const struct special_entry *s = &d->special.at[i];
        struct m_special *m = vec_push(a, &out->special);
        *m = (struct m_special){.yearly = s->date.year == 0, .day = day_number(s->date)};
        make_day(a, &s->hours, &m->hours);
        out->special_open &= day_is_open(&m->hours);
    }
    if (out->special.count) qsort(out->special.at, out->special.count, sizeof *out->special.at, by_special);
}
