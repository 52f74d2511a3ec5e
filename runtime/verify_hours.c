/*
 * Ranges of dates, zones and hours (docs/TABLE-FORMAT.md 4.6 to 4.8): that time can be told by them, by
 * binary search and without overflow.
 */
#include "verify.h"

#include "hours.h"

/* Dates within ten thousand years of 1970: sums of a few of them stay far from the ends of an int32. */
static bool is_day(le32_t v)
{
    enum { FAR = 3652500 };
    return sh_int32(v) >= -FAR && sh_int32(v) <= FAR;
}

static bool is_place(le32_t v)
{
    return le32(v) < CAL_PLACE_COUNT;
}

/* ---- lists of dates: dated ones, then yearly ones ---- */

/* A list of such records: one of tf_range, tf_season, tf_special. They are counted twice, as dated and as
 * yearly, and the list's two parts are held against the count that fits them. */
struct dates {
    uint32_t section, record_len;
    const void *records;
    uint32_t count;
    bool may_touch; /* seasons may follow each other, merged ranges do not */
    bool single;    /* a record is one day: tf_special */
};

static const struct tf_range *range_at(const struct dates *d, uint32_t i)
{
    return (const void *)((const char *)d->records + (size_t)i * d->record_len);
}

static le32_t to_of(const struct dates *d, const struct tf_range *r)
{
    return d->single ? r->from : r->to;
}

/* One record, looked at as dated or yearly. A yearly range may wrap round the year's end: where it is the
 * last. */
static bool is_date(const struct dates *d, uint32_t i, bool yearly)
{
    const struct tf_range *r = range_at(d, i);
    if (yearly) return is_place(r->from) && is_place(to_of(d, r));
    return is_day(r->from) && is_day(to_of(d, r)) && sh_int32(r->from) <= sh_int32(to_of(d, r));
}

/* The record behind it begins later than it ends, and it does not wrap. */
static bool is_before_next(const struct dates *d, uint32_t i)
{
    const struct tf_range *r = range_at(d, i), *next = range_at(d, i + 1);
    int64_t to = sh_int32(to_of(d, r)), gap = d->may_touch ? 1 : 2;
    return to >= sh_int32(r->from) && sh_int32(next->from) >= to + gap;
}

/* Fills v->wrong (as dated or yearly ones) and v->unordered. */
static void count_dates(struct verify *v, const struct dates *d, bool yearly)
{
    for (uint32_t i = 0; i < d->count; i++) v->wrong[i + 1] = v->wrong[i] + !is_date(d, i, yearly);
    for (uint32_t i = 0; i + 1 < d->count; i++) v->unordered[i + 1] = v->unordered[i] + !is_before_next(d, i);
}

/* A wrapping last range ends before the first one begins. */
static bool wraps_clear(const struct dates *d, uint32_t first, uint32_t count)
{
    if (count < 2) return true;
    const struct tf_range *begin = range_at(d, first), *last = range_at(d, first + count - 1);
    bool wraps = sh_int32(to_of(d, last)) < sh_int32(last->from);
    return !wraps || sh_int32(to_of(d, last)) < sh_int32(begin->from);
}

/* One part of a list, after count_dates() for its kind. */
static bool dates_right(const struct verify *v, const struct dates *d, uint32_t first, uint32_t count)
{
    return sh_list_right(v, first, count) && sh_list_ordered(v, first, count) && wraps_clear(d, first, count);
}

/* Says of each owner where its list is. */
struct part {
    uint32_t first, dated, yearly;
};
typedef struct part part_of(const struct shunt_table *t, uint32_t owner);

/* The lists of `owners` records of the section `owner_section`. */
static bool verify_dates(struct verify *v, const struct dates *d, uint32_t owners, uint32_t owner_section,
                         part_of *part)
{
    for (int yearly = 0; yearly <= 1; yearly++) {
        count_dates(v, d, yearly);
        for (uint32_t i = 0; i < owners; i++) {
            struct part p = part(v->t, i);
            if (!sh_list_fits(p.first, (uint64_t)p.dated + p.yearly, d->count)) {
                return sh_bad(v, owner_section, i, "its dates are not there");
            }
            uint32_t first = yearly ? p.first + p.dated : p.first;
            if (!dates_right(v, d, first, yearly ? p.yearly : p.dated)) {
                return sh_bad(v, owner_section, i, "its dates are wrong or out of order");
            }
        }
    }
    return true;
}

static struct part part_of_window_set(const struct shunt_table *t, uint32_t i)
{
    const struct tf_window_set *s = &t->WINDOW_SET[i];
    return (struct part){le32(s->first), le32(s->dated_count), le32(s->yearly_count)};
}

static struct part part_of_seasons(const struct shunt_table *t, uint32_t i)
{
    const struct tf_hours *h = &t->HOURS[i];
    return (struct part){le32(h->season_first), le32(h->season_dated_count), le32(h->season_yearly_count)};
}

static struct part part_of_specials(const struct shunt_table *t, uint32_t i)
{
    const struct tf_hours *h = &t->HOURS[i];
    return (struct part){le32(h->special_first), le32(h->special_dated_count), le32(h->special_yearly_count)};
}

bool sh_verify_windows(struct verify *v)
{
    const struct shunt_table *t = v->t;
    struct dates d = {TF_WINDOW, sizeof(struct tf_range), t->WINDOW, t->WINDOW_count, false, false};
    return verify_dates(v, &d, t->WINDOW_SET_count, TF_WINDOW_SET, part_of_window_set);
}

/* ---- zones ---- */

static bool verify_changes(struct verify *v, const struct tf_zone *z)
{
    const struct shunt_table *t = v->t;
    uint32_t first = le32(z->change_first), end = first + le32(z->change_count);
    for (uint32_t i = first; i < end; i++) {
        const struct tf_zone_change *c = &t->ZONE_CHANGE[i];
        REQUIRE(le32(c->type) < le32(z->type_count), ZONE_CHANGE, i, "no such type in its zone");
        REQUIRE(i == first || (int64_t)le64(c->at) > (int64_t)le64(c[-1].at), ZONE_CHANGE, i,
                "changes do not rise");
        REQUIRE(le32(c->reserved) == 0, ZONE_CHANGE, i, "reserved bytes are not zero");
    }
    return true;
}

/* A zone's lists follow those of the zone before it: the next ones begin at *at. */
static bool takes_next(uint32_t first, uint32_t count, uint32_t total, uint32_t *at)
{
    if (!sh_list_fits(first, count, total) || (count > 0 && first != *at)) return false;
    *at += count;
    return true;
}

bool sh_verify_zones(struct verify *v)
{
    const struct shunt_table *t = v->t;
    uint32_t type_at = 0, change_at = 0;
    for (uint32_t i = 0; i < t->ZONE_count; i++) {
        const struct tf_zone *z = &t->ZONE[i];
        REQUIRE(sh_is_string(t, z->name), ZONE, i, "no such string");
        REQUIRE(IS_ZERO(z->reserved), ZONE, i, "reserved bytes are not zero");
        REQUIRE(le32(z->type_count) > 0 &&
                    takes_next(le32(z->type_first), le32(z->type_count), t->ZONE_TYPE_count, &type_at),
                ZONE, i, "its types do not follow those before");
        REQUIRE(takes_next(le32(z->change_first), le32(z->change_count), t->ZONE_CHANGE_count, &change_at),
                ZONE, i, "its changes do not follow those before");
        REQUIRE(zone_rule_ok(z), ZONE, i, "a rule for ever after that cannot be");
        if (!verify_changes(v, z)) return false;
    }
    for (uint32_t i = 0; i < t->ZONE_TYPE_count; i++) {
        const struct tf_zone_type *y = &t->ZONE_TYPE[i];
        REQUIRE(zone_offset_ok(sh_int32(y->offset_sec)) && y->isdst <= 1, ZONE_TYPE, i,
                "an offset that cannot be");
        REQUIRE(IS_ZERO(y->reserved), ZONE_TYPE, i, "reserved bytes are not zero");
    }
    return true;
}

/* ---- days, weeks, seasons, special days ---- */

static bool is_no_interval(const struct verify *v, uint32_t i, uint32_t limit)
{
    const struct tf_interval *x = &v->t->INTERVAL[i];
    return le16(x->from_min) >= le16(x->to_min) || le16(x->to_min) > limit;
}

static bool meets_next(const struct verify *v, uint32_t i, uint32_t limit)
{
    (void)limit;
    return le16(v->t->INTERVAL[i].to_min) >= le16(v->t->INTERVAL[i + 1].from_min);
}

static bool verify_weeks(struct verify *v)
{
    const struct shunt_table *t = v->t;
    for (uint32_t i = 0; i < t->WEEK_count; i++) {
        for (int day = 0; day < 7; day++) {
            REQUIRE(le32(t->WEEK[i].day[day]) < t->DAY_count, WEEK, i, "no such day");
        }
    }
    for (uint32_t i = 0; i < t->SEASON_count; i++) {
        REQUIRE(le32(t->SEASON[i].week) < t->WEEK_count, SEASON, i, "no such week");
    }
    for (uint32_t i = 0; i < t->SPECIAL_count; i++) {
        REQUIRE(le32(t->SPECIAL[i].hours) < t->DAY_count, SPECIAL, i, "no such day");
    }
    return true;
}

bool sh_verify_days(struct verify *v)
{
    const struct shunt_table *t = v->t;
    sh_count_wrong(v, t->INTERVAL_count, is_no_interval, 24 * 60);
    sh_count_unordered(v, t->INTERVAL_count, meets_next);
    for (uint32_t i = 0; i < t->DAY_count; i++) {
        uint32_t first = le32(t->DAY[i].interval_first), count = le32(t->DAY[i].interval_count);
        REQUIRE(sh_list_fits(first, count, t->INTERVAL_count), DAY, i, "its intervals are not there");
        REQUIRE(sh_list_right(v, first, count) && sh_list_ordered(v, first, count), DAY, i,
                "its intervals are wrong or out of order");
    }
    return verify_weeks(v);
}

/* ---- hours ---- */

/* `outside` leads to hours before these, and is all that they say but for zone and `every`. */
static bool verify_outside(struct verify *v, uint32_t i)
{
    const struct shunt_table *t = v->t;
    const struct tf_hours *h = &t->HOURS[i];
    uint32_t outside = le32(h->outside);
    if (outside == TF_NONE) {
        REQUIRE(h->chain == 0, HOURS, i, "a chain that is not there");
        REQUIRE(h->always ? le32(h->week) == TF_NONE : le32(h->week) < t->WEEK_count, HOURS, i,
                "no such week");
        return true;
    }
    REQUIRE(outside < i, HOURS, i, "outside of hours that are not before these");
    REQUIRE(h->chain == t->HOURS[outside].chain + 1 && h->chain <= TF_OUTSIDE_MAX, HOURS, i,
            "a chain too long");
    struct part season = part_of_seasons(t, i), special = part_of_specials(t, i);
    REQUIRE(le32(h->week) == TF_NONE && le32(h->breaks) == TF_NONE && le32(h->closed) == TF_NONE &&
                le32(h->holidays_count) == 0 &&
                season.dated + season.yearly + special.dated + special.yearly == 0,
            HOURS, i, "outside of hours, and hours of its own");
    return true;
}

/* After sh_count_list() for sets of dates. */
static bool days_right(const struct verify *v, const struct tf_hours *h)
{
    uint32_t first = le32(h->holidays_first), count = le32(h->holidays_count);
    return sh_is_index_or_none(h->closed, v->t->WINDOW_SET_count) &&
           sh_list_fits(first, count, v->t->LIST_count) && sh_list_right(v, first, count);
}

static bool verify_one_hours(struct verify *v, uint32_t i)
{
    const struct shunt_table *t = v->t;
    const struct tf_hours *h = &t->HOURS[i];
    REQUIRE(sh_is_string(t, h->name), HOURS, i, "no such string");
    REQUIRE(h->always == (i == 0), HOURS, i, "only the first is always open");
    REQUIRE(i == 0 ? le32(h->zone) == TF_NONE && le32(h->outside) == TF_NONE : le32(h->zone) < t->ZONE_count,
            HOURS, i, "no such zone");
    REQUIRE(days_right(v, h), HOURS, i, "no such days");
    REQUIRE(sh_is_index_or_none(h->breaks, t->WEEK_count), HOURS, i, "no such breaks");
    REQUIRE(is_day(h->every_from) && IS_ZERO(h->reserved), HOURS, i, "reserved bytes are not zero");
    return verify_outside(v, i);
}

bool sh_verify_hours(struct verify *v)
{
    const struct shunt_table *t = v->t;
    REQUIRE(t->HOURS_count > 0, HOURS, 0, "`always` is missing");
    struct dates seasons = {TF_SEASON, sizeof(struct tf_season), t->SEASON, t->SEASON_count, true, false};
    struct dates specials = {TF_SPECIAL, sizeof(struct tf_special), t->SPECIAL, t->SPECIAL_count, true, true};
    if (!verify_dates(v, &seasons, t->HOURS_count, TF_HOURS, part_of_seasons)) return false;
    if (!verify_dates(v, &specials, t->HOURS_count, TF_HOURS, part_of_specials)) return false;
    sh_count_list(v, t->WINDOW_SET_count);
    for (uint32_t i = 0; i < t->HOURS_count; i++) {
        if (!verify_one_hours(v, i)) return false;
    }
    return true;
}
