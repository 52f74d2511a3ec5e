/*
 * What two policies say otherwise of hours (diff_changed.c tells of it): each property in words, and which of
 * them need not be put in words to be compared.
 */
#include "diff_changed.h"
#include "rfc3339.h"

#include <string.h>

/* ---- in words ---- */

#define HOURS_SAY(name) static void name(struct dump *d, uint32_t i, struct out *o)
static const struct tf_hours *hours(const struct dump *d, uint32_t i)
{
    return &d->v->HOURS.at[i];
}

/* "mon-thu 09:00-17:30", a line for days that are alike. */
static void say_week(struct dump *d, struct out *o, uint32_t index, uint32_t breaks)
{
    for (uint32_t from = 0, to; from < 7; from = to + 1) {
        struct view_day day;
        view_weekday(d->v, index, breaks, from, &day);
        to = view_alike(d->v, index, breaks, from);
        out_printf(o, "%s%s", from ? "; " : "", word_weekday(from));
        if (to > from) out_printf(o, "-%s", word_weekday(to));
        out_putc(o, ' ');
        out_str(o, words_intervals(d, &day));
    }
}

HOURS_SAY(hours_zone)
{
    uint32_t zone = le32(hours(d, i)->zone);
    if (zone != TF_NONE) out_str(o, view_string(d->v, d->v->ZONE.at[zone].name));
}

static void say_local(struct dump *d, struct out *o, le32_t offset_sec, bool isdst)
{
    out_puts(o, ": UTC");
    out_str(o, words_offset(d, (int32_t)le32(offset_sec)));
    if (isdst) out_puts(o, " (daylight saving)");
}

static void say_each_year(struct dump *d, struct out *o, const struct tf_zone_rule *rule, le32_t offset_sec,
                          le32_t isdst)
{
    out_printf(o, "%ceach year, ", BETWEEN);
    out_str(o, words_change(d, rule));
    say_local(d, o, offset_sec, le32(isdst));
}

/* A data file may begin with the world, or say a change that is far from any ticket's time. */
static void say_instant(struct out *o, int64_t at_sec)
{
    char at[RFC3339_LEN + 1];
    if (at_sec < SHUNT_TIME_MIN || at_sec > SHUNT_TIME_MAX) {
        out_printf(o, "%lld s", (long long)at_sec);
        return;
    }
    write_rfc3339(at_sec, at);
    out_puts(o, at);
}

/* "2026-03-29T01:00:00Z: UTC+02:00 (daylight saving)", for each change: a policy deployed may have been made
 * with another release of the time zones. */
HOURS_SAY(hours_zone_data)
{
    if (le32(hours(d, i)->zone) == TF_NONE) return;
    const struct tf_zone *z = &d->v->ZONE.at[le32(hours(d, i)->zone)];
    const struct tf_zone_type *types = &d->v->ZONE_TYPE.at[le32(z->type_first)];
    out_puts(o, "at first");
    say_local(d, o, types[0].offset_sec, types[0].isdst);
    for (uint32_t k = 0; k < le32(z->change_count); k++) {
        const struct tf_zone_change *change = &d->v->ZONE_CHANGE.at[le32(z->change_first) + k];
        const struct tf_zone_type *type = &types[le32(change->type)];
        out_putc(o, BETWEEN);
        say_instant(o, (int64_t)le64(change->at));
        say_local(d, o, type->offset_sec, type->isdst);
    }
    if (z->has_rule == 1) {
        say_each_year(d, o, &z->to_dst, z->dst_offset_sec, z->dst_isdst);
        say_each_year(d, o, &z->to_std, z->std_offset_sec, z->std_isdst);
    } else if (z->has_rule) {
        out_printf(o, "%cfor ever after", BETWEEN);
        say_local(d, o, z->std_offset_sec, le32(z->std_isdst));
    }
}

HOURS_SAY(hours_outside)
{
    if (le32(hours(d, i)->outside) != TF_NONE)
        out_str(o, view_string(d->v, hours(d, le32(hours(d, i)->outside))->name));
}

HOURS_SAY(hours_weekly)
{
    if (le32(hours(d, i)->week) != TF_NONE)
        say_week(d, o, le32(hours(d, i)->week), le32(hours(d, i)->breaks));
}

HOURS_SAY(hours_seasons)
{
    const struct tf_hours *h = hours(d, i);
    uint32_t dated = le32(h->season_dated_count), count = dated + le32(h->season_yearly_count);
    for (uint32_t k = 0; k < count; k++) {
        const struct tf_season *season = &d->v->SEASON.at[le32(h->season_first) + k];
        if (k) out_putc(o, BETWEEN);
        out_str(o, words_range(d, k >= dated, season->from, season->to));
        out_puts(o, " ");
        say_week(d, o, le32(season->week), le32(h->breaks));
    }
}

HOURS_SAY(hours_special)
{
    const struct tf_hours *h = hours(d, i);
    uint32_t dated = le32(h->special_dated_count), count = dated + le32(h->special_yearly_count);
    for (uint32_t k = 0; k < count; k++) {
        const struct tf_special *special = &d->v->SPECIAL.at[le32(h->special_first) + k];
        struct view_day day;
        if (k) out_putc(o, BETWEEN);
        out_str(o, words_day(d, k >= dated, special->day));
        out_putc(o, ' ');
        view_day(d->v, le32(special->hours), TF_NONE, &day);
        out_str(o, words_intervals(d, &day));
    }
}

HOURS_SAY(hours_closed)
{
    if (view_has_closed(hours(d, i))) diff_say_days(o, words_closed(d, hours(d, i)));
}

HOURS_SAY(hours_every)
{
    const struct tf_hours *h = hours(d, i);
    if (!le32(h->every_weeks)) return;
    out_printf(o, "%u weeks from ", le32(h->every_weeks));
    out_str(o, words_day(d, false, h->every_from));
}

const struct property hours_properties[HOURS_PROPERTIES] = {
    {"timezone", hours_zone},   {"changes of the zone", hours_zone_data},
    {"outside", hours_outside}, {"weekly", hours_weekly},
    {"seasons", hours_seasons}, {"special", hours_special},
    {"closed", hours_closed},   {"every", hours_every},
};

say_property *diff_part_of(say_property *say)
{
    return say == hours_zone_data ? hours_zone : NULL;
}

/* ---- lists that are shared ---- */

/* Many hours may have a list of many days: where the lists of both were found to say the same once they are
 * not gone through again. */

HOURS_SAY(own_closed)
{
    if (le32(hours(d, i)->closed) != TF_NONE) out_str(o, words_windows(d, le32(hours(d, i)->closed)));
}

HOURS_SAY(holidays)
{
    struct tf_hours h = *hours(d, i);
    h.closed = to_le32(TF_NONE);
    out_str(o, words_closed(d, &h));
}

/* What two lists are known by. */
struct list_pair {
    say_property *say;
    uint32_t of[2][4];
};

/* Which list of its table it is that is said, and all that it is said by. */
static void find_list(say_property *say, const struct tf_hours *h, uint32_t of[4])
{
    if (say == hours_seasons) {
        of[0] = le32(h->season_first), of[1] = le32(h->season_dated_count);
        of[2] = le32(h->season_yearly_count), of[3] = le32(h->breaks);
    } else if (say == hours_special) {
        of[0] = le32(h->special_first), of[1] = le32(h->special_dated_count);
        of[2] = le32(h->special_yearly_count);
    } else if (say == own_closed) {
        of[0] = le32(h->closed);
    } else if (say == hours_zone_data) {
        of[0] = le32(h->zone);
    } else {
        of[0] = le32(h->holidays_first), of[1] = le32(h->holidays_count);
    }
}

static bool list_alike(struct diff_run *r, say_property *say, const uint32_t index[2])
{
    struct list_pair pair;
    struct str key = {(const char *)&pair, sizeof pair};
    memset(&pair, 0, sizeof pair);
    pair.say = say;
    for (int w = 0; w < 2; w++) find_list(say, hours(&r->dump[w], index[w]), pair.of[w]);
    if (strmap_get(&r->alike, key, 0)) return true;
    struct str before = diff_say(say, &r->dump[0], index[0], &r->text);
    bool alike = str_eq(before, diff_say(say, &r->dump[1], index[1], &r->text));
    if (alike) strmap_put(r->a, &r->alike, arena_str(r->a, key), 1);
    return alike;
}

bool diff_lists_alike(struct diff_run *r, say_property *say, const uint32_t index[2])
{
    if (say == hours_closed) return list_alike(r, own_closed, index) && list_alike(r, holidays, index);
    return (say == hours_seasons || say == hours_special || say == hours_zone_data) &&
           list_alike(r, say, index);
}
