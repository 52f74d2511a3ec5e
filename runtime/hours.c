/*
 * Hours of the table and an instant to open or closed (language.md 6).
 *
 * All is built on one question: the state at an instant and how long it holds at least (a segment). Hours
 * with a week answer it from the local date's intervals; `outside` turns the answer of the hours below it
 * round; `every` closes whole local days. The next opening and closing and the seconds between two instants
 * walk segments, so they are exact through every change of the zone. Assumes a verified table.
 */
#include "hours.h"

/* ---- records sorted by a day ---- */

/* Of records that begin with a day (tf_range, tf_season, tf_special), sorted by it: the place of the last one
 * at or before `day`, or TF_NONE. */
static uint32_t last_from(const void *records, size_t record_len, uint32_t count, int32_t day)
{
    uint32_t lo = 0, hi = count;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        const struct tf_range *r = (const void *)((const char *)records + mid * record_len);
        if (sh_int32(r->from) <= day)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo ? lo - 1 : TF_NONE;
}

/* The place of the record that begins with a range (tf_range, tf_season) and has `day` in it, or TF_NONE.
 * Among yearly ones the last alone can run over the year's end. */
static uint32_t range_of(const void *records, size_t record_len, uint32_t count, int32_t day)
{
    if (!count) return TF_NONE;
    uint32_t i = last_from(records, record_len, count, day);
    uint32_t at = i == TF_NONE ? count - 1 : i;
    const struct tf_range *r = (const void *)((const char *)records + at * record_len);
    bool wraps = sh_int32(r->from) > sh_int32(r->to);
    if (i == TF_NONE) return wraps && day <= sh_int32(r->to) ? at : TF_NONE;
    if (wraps || day <= sh_int32(r->to)) return at;
    return TF_NONE;
}

bool sh_window_has(const struct shunt_table *t, uint32_t window_set, int32_t day)
{
    if (window_set == TF_NONE) return false;
    const struct tf_window_set *s = &t->WINDOW_SET[window_set];
    const struct tf_range *r = t->WINDOW + le32(s->first);
    uint32_t dated = le32(s->dated_count), yearly = le32(s->yearly_count);
    if (range_of(r, sizeof *r, dated, day) != TF_NONE) return true;
    return yearly && range_of(r + dated, sizeof *r, yearly, cal_place(day)) != TF_NONE;
}

/* ---- the hours of a date ---- */

/* The special hours whose day is `day`, or TF_NONE. */
static uint32_t special_of(const struct tf_special *s, uint32_t count, int32_t day)
{
    uint32_t i = last_from(s, sizeof *s, count, day);
    return i != TF_NONE && sh_int32(s[i].day) == day ? le32(s[i].hours) : TF_NONE;
}

static uint32_t special_day(const struct shunt_table *t, const struct tf_hours *h, int32_t day)
{
    const struct tf_special *s = t->SPECIAL + le32(h->special_first);
    uint32_t dated = le32(h->special_dated_count), yearly = le32(h->special_yearly_count);
    uint32_t hours = special_of(s, dated, day);
    return hours != TF_NONE || !yearly ? hours : special_of(s + dated, yearly, cal_place(day));
}

/* The week that counts on a date: its season's, or the weekly one. */
static uint32_t week_of(const struct shunt_table *t, const struct tf_hours *h, int32_t day)
{
    const struct tf_season *s = t->SEASON + le32(h->season_first);
    uint32_t dated = le32(h->season_dated_count), yearly = le32(h->season_yearly_count);
    uint32_t i = range_of(s, sizeof *s, dated, day);
    if (i != TF_NONE) return le32(s[i].week);
    if (yearly) i = range_of(s + dated, sizeof *s, yearly, cal_place(day));
    return i != TF_NONE ? le32(s[dated + i].week) : le32(h->week);
}

static bool is_closed(const struct shunt_table *t, const struct tf_hours *h, int32_t day)
{
    uint32_t first = le32(h->holidays_first), count = le32(h->holidays_count);
    if (sh_window_has(t, le32(h->closed), day)) return true;
    for (uint32_t i = 0; i < count; i++) {
        if (sh_window_has(t, le32(t->LIST[first + i]), day)) return true;
    }
    return false;
}

static const struct tf_day *weekday(const struct shunt_table *t, uint32_t week, int32_t day)
{
    return week == TF_NONE ? NULL : &t->DAY[le32(t->WEEK[week].day[cal_weekday(day)])];
}

/* A local date: what is open, but for the breaks. NULL: nothing. */
struct date_hours {
    const struct tf_day *open, *breaks;
};

/* In the order of language.md 6.1. */
static struct date_hours day_of(const struct shunt_table *t, const struct tf_hours *h, int32_t day)
{
    uint32_t special = special_day(t, h, day);
    if (special != TF_NONE) return (struct date_hours){&t->DAY[special], NULL};
    if (is_closed(t, h, day)) return (struct date_hours){NULL, NULL};
    return (struct date_hours){weekday(t, week_of(t, h, day), day), weekday(t, le32(h->breaks), day)};
}

/* Whether `every: N weeks from D` lets hours be open on a date. */
static bool every_has(const struct tf_hours *h, int32_t day)
{
    uint32_t weeks = le32(h->every_weeks);
    if (weeks <= 1) return true;
    return cal_floor_div((int64_t)day - sh_int32(h->every_from), 7) % weeks == 0;
}

/* ---- segments ---- */

/* An instant as a zone's clocks show it. */
struct local {
    int32_t day;
    int32_t sec;        /* of the day, by the offset in force */
    int64_t zone_until; /* when the offset changes */
};

static struct local local_of(const struct shunt_table *t, uint32_t zone, int64_t at)
{
    struct zone_span z = sh_zone_span(t, zone, at);
    int64_t local = at + z.offset_sec, day = cal_floor_div(local, CAL_DAY_SEC);
    return (struct local){(int32_t)day, (int32_t)(local - day * CAL_DAY_SEC), z.until};
}

/* The segment that lasts until the local clock shows end_sec of the day, or the offset changes before. */
static struct sh_segment until_sec(const struct local *l, int64_t at, int32_t end_sec, bool open)
{
    int64_t until = at + (end_sec - l->sec);
    return (struct sh_segment){until < l->zone_until ? until : l->zone_until, open};
}

static struct sh_segment day_segment(const struct shunt_table *t, const struct tf_day *d,
                                     const struct local *l, int64_t at)
{
    const struct tf_interval *v = t->INTERVAL + (d ? le32(d->interval_first) : 0);
    uint32_t count = d ? le32(d->interval_count) : 0;
    for (uint32_t i = 0; i < count; i++) {
        int32_t from = le16(v[i].from_min) * 60, to = le16(v[i].to_min) * 60;
        if (l->sec < from) return until_sec(l, at, from, false);
        if (l->sec < to) return until_sec(l, at, to, true);
    }
    return until_sec(l, at, CAL_DAY_SEC, false);
}

/* Of hours that are not outside of others. */
static struct sh_segment week_segment(const struct shunt_table *t, const struct tf_hours *h, int64_t at)
{
    if (h->always) return (struct sh_segment){INT64_MAX, true};
    struct local l = local_of(t, le32(h->zone), at);
    struct date_hours date = {NULL, NULL};
    if (every_has(h, l.day)) date = day_of(t, h, l.day);
    struct sh_segment s = day_segment(t, date.open, &l, at);
    if (!date.breaks) return s;
    struct sh_segment pause = day_segment(t, date.breaks, &l, at);
    return (struct sh_segment){s.until < pause.until ? s.until : pause.until, s.open && !pause.open};
}

static struct sh_segment outside_segment(const struct shunt_table *t, const struct tf_hours *h,
                                         struct sh_segment below, int64_t at)
{
    below.open = !below.open;
    if (le32(h->every_weeks) <= 1) return below;
    struct local l = local_of(t, le32(h->zone), at);
    bool allowed = every_has(h, l.day);
    struct sh_segment day = until_sec(&l, at, CAL_DAY_SEC, allowed && below.open);
    if (allowed && below.until < day.until) day.until = below.until;
    return day;
}

struct sh_segment sh_hours_segment(const struct shunt_table *t, uint32_t hours, int64_t at_sec)
{
    uint32_t above[TF_OUTSIDE_MAX], count = 0, h = hours;
    while (le32(t->HOURS[h].outside) != TF_NONE && count < TF_OUTSIDE_MAX) {
        above[count++] = h;
        h = le32(t->HOURS[h].outside);
    }
    struct sh_segment s = week_segment(t, &t->HOURS[h], at_sec);
    while (count--) s = outside_segment(t, &t->HOURS[above[count]], s, at_sec);
    return s;
}

bool sh_hours_open(const struct shunt_table *t, uint32_t hours, int64_t at_sec)
{
    return sh_hours_segment(t, hours, at_sec).open;
}

bool sh_hours_next(const struct shunt_table *t, uint32_t hours, int64_t at_sec, bool open, int64_t *when)
{
    for (int64_t at = at_sec + 1; at <= at_sec + SH_AHEAD_SEC;) {
        struct sh_segment s = sh_hours_segment(t, hours, at);
        if (s.open == open) {
            *when = at;
            return true;
        }
        at = s.until;
    }
    return false;
}

/* ---- shunt.h ---- */

/* Callers may pass any number; past the ends of time the ends count. */
static int64_t in_time(int64_t at)
{
    return at < SHUNT_TIME_MIN ? SHUNT_TIME_MIN : at > SHUNT_TIME_MAX ? SHUNT_TIME_MAX : at;
}

bool shunt_hours_open(const struct shunt_table *table, uint32_t hours, int64_t at_sec)
{
    return sh_hours_open(table, hours, in_time(at_sec));
}

/* What would come in the year 10000 is no instant. */
static bool next_in_time(const struct shunt_table *table, uint32_t hours, int64_t at_sec, bool open,
                         int64_t *when)
{
    int64_t next;
    if (!sh_hours_next(table, hours, in_time(at_sec), open, &next) || next > SHUNT_TIME_MAX) return false;
    *when = next;
    return true;
}

bool shunt_hours_next_opening(const struct shunt_table *table, uint32_t hours, int64_t at_sec,
                              int64_t *opening)
{
    return next_in_time(table, hours, at_sec, true, opening);
}

bool shunt_hours_next_closing(const struct shunt_table *table, uint32_t hours, int64_t at_sec,
                              int64_t *closing)
{
    return next_in_time(table, hours, at_sec, false, closing);
}

struct of_table {
    const struct shunt_table *t;
    uint32_t hours;
};

static int64_t walk_seconds(const void *ctx, int64_t at, int64_t end)
{
    const struct of_table *of = ctx;
    int64_t sum = 0;
    while (at < end) {
        struct sh_segment s = sh_hours_segment(of->t, of->hours, at);
        int64_t until = s.until < end ? s.until : end;
        if (s.open) sum += until - at;
        at = until;
    }
    return sum;
}

static struct sh_regular regular_at(const void *ctx, int64_t at_sec)
{
    const struct of_table *of = ctx;
    struct sh_regular r = sh_regular_begin();
    sh_regular_hours(of->t, &r, of->hours, at_sec);
    return r;
}

int64_t shunt_hours_seconds(const struct shunt_table *table, uint32_t hours, int64_t from_sec, int64_t to_sec)
{
    const struct of_table of = {table, hours};
    const struct sh_open_seconds seconds = {walk_seconds, regular_at, &of};
    return sh_open_seconds(&seconds, in_time(from_sec), in_time(to_sec));
}

int32_t shunt_hours_offset(const struct shunt_table *table, uint32_t hours, int64_t at_sec, bool *isdst)
{
    return sh_zone_local(table, le32(table->HOURS[hours].zone), in_time(at_sec), isdst);
}
