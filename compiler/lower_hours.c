/*
 * Zones, sets of dates and hours to the table. Days, weeks, seasons and sets of dates that are equal are kept
 * once. Assumes the model's order: an `outside` names smaller hours, ranges are merged and sorted, dated
 * before yearly.
 */
#include "lower.h"

/* ---- zones ---- */

static void add_zone(struct lowering *l, const struct m_zone *zone)
{
    struct tf_zone record = zone->rule;
    record.name = to_le32(lower_string(l, zone->name));
    record.type_first = to_le32(zone->types.count ? l->parts.ZONE_TYPE.count : 0);
    record.type_count = to_le32(zone->types.count);
    record.change_first = to_le32(zone->changes.count ? l->parts.ZONE_CHANGE.count : 0);
    record.change_count = to_le32(zone->changes.count);
    *vec_push(l->a, &l->parts.ZONE) = record;
    for (uint32_t i = 0; i < zone->types.count; i++) *vec_push(l->a, &l->parts.ZONE_TYPE) = zone->types.at[i];
    for (uint32_t i = 0; i < zone->changes.count; i++) {
        const struct m_zone_change *change = &zone->changes.at[i];
        *vec_push(l->a, &l->parts.ZONE_CHANGE) =
            (struct tf_zone_change){.at = to_le64((uint64_t)change->at), .type = to_le32(change->type)};
    }
}

void lower_zones(struct lowering *l)
{
    for (uint32_t i = 0; i < l->m->zones.count; i++) add_zone(l, &l->m->zones.at[i]);
}

/* ---- sets of dates ---- */

static uint32_t add_window_set(struct lowering *l, const m_ranges *ranges)
{
    uint32_t dated = 0;
    struct tf_range *windows = arena_array(l->a, struct tf_range, ranges->count);
    for (uint32_t i = 0; i < ranges->count; i++) {
        dated += !ranges->at[i].yearly;
        windows[i].from = to_le32((uint32_t)ranges->at[i].from);
        windows[i].to = to_le32((uint32_t)ranges->at[i].to);
    }
    uint32_t first = lower_run(l, &l->windows, &l->parts.WINDOW, sizeof *windows, windows, ranges->count);
    struct tf_window_set set = {to_le32(first), to_le32(dated), to_le32(ranges->count - dated)};
    return lower_run(l, &l->window_sets, &l->parts.WINDOW_SET, sizeof set, &set, 1);
}

static void add_date_sets(struct lowering *l)
{
    l->date_sets = arena_array(l->a, uint32_t, l->m->date_sets.count);
    for (uint32_t i = 0; i < l->m->date_sets.count; i++)
        l->date_sets[i] = add_window_set(l, &l->m->date_sets.at[i].ranges);
    l->holiday_sets = arena_array(l->a, uint32_t, l->m->holidays.count);
    for (uint32_t i = 0; i < l->m->holidays.count; i++)
        l->holiday_sets[i] = add_window_set(l, &l->m->holidays.at[i]);
}

/* ---- days and weeks ---- */

static uint32_t add_day(struct lowering *l, const m_day *day)
{
    struct tf_interval *items = arena_array(l->a, struct tf_interval, day->count);
    for (uint32_t i = 0; i < day->count; i++) {
        items[i].from_min = to_le16(day->at[i].from_min);
        items[i].to_min = to_le16(day->at[i].to_min);
    }
    uint32_t first = lower_run(l, &l->intervals, &l->parts.INTERVAL, sizeof *items, items, day->count);
    struct tf_day record = {to_le32(first), to_le32(day->count)};
    return lower_run(l, &l->days, &l->parts.DAY, sizeof record, &record, 1);
}

static uint32_t add_week(struct lowering *l, const struct m_week *of)
{
    struct tf_week record;
    for (int i = 0; i < 7; i++) record.day[i] = to_le32(add_day(l, &of->days[i]));
    return lower_run(l, &l->weeks, &l->parts.WEEK, sizeof record, &record, 1);
}

/* ---- hours ---- */

/* Each of these: where the list was made for hours before these, as it stands there. */

static void set_seasons(struct lowering *l, struct tf_hours *record, const struct m_hours *hours,
                        uint32_t index)
{
    uint32_t dated = 0, count = hours->seasons.count;
    if (hours->seasons_of != index) {
        const struct tf_hours *of = &l->parts.HOURS.at[hours->seasons_of];
        record->season_first = of->season_first;
        record->season_dated_count = of->season_dated_count;
        record->season_yearly_count = of->season_yearly_count;
        return;
    }
    struct tf_season *seasons = arena_array(l->a, struct tf_season, count);
    for (uint32_t i = 0; i < count; i++) {
        const struct m_season *season = &hours->seasons.at[i];
        dated += !season->yearly;
        seasons[i].from = to_le32((uint32_t)season->from);
        seasons[i].to = to_le32((uint32_t)season->to);
        seasons[i].week = to_le32(add_week(l, &season->week));
    }
    record->season_first =
        to_le32(lower_run(l, &l->seasons, &l->parts.SEASON, sizeof *seasons, seasons, count));
    record->season_dated_count = to_le32(dated);
    record->season_yearly_count = to_le32(count - dated);
}

static void set_special(struct lowering *l, struct tf_hours *record, const struct m_hours *hours,
                        uint32_t index)
{
    uint32_t dated = 0, count = hours->special.count;
    if (hours->special_of != index) {
        const struct tf_hours *of = &l->parts.HOURS.at[hours->special_of];
        record->special_first = of->special_first;
        record->special_dated_count = of->special_dated_count;
        record->special_yearly_count = of->special_yearly_count;
        return;
    }
    struct tf_special *days = arena_array(l->a, struct tf_special, count);
    for (uint32_t i = 0; i < count; i++) {
        const struct m_special *special = &hours->special.at[i];
        dated += !special->yearly;
        days[i].day = to_le32((uint32_t)special->day);
        days[i].hours = to_le32(add_day(l, &special->hours));
    }
    record->special_first = to_le32(lower_run(l, &l->specials, &l->parts.SPECIAL, sizeof *days, days, count));
    record->special_dated_count = to_le32(dated);
    record->special_yearly_count = to_le32(count - dated);
}

static void set_closed(struct lowering *l, struct tf_hours *record, const struct m_hours *hours,
                       uint32_t index)
{
    if (hours->closed_of != index)
        record->closed = l->parts.HOURS.at[hours->closed_of].closed;
    else if (hours->closed.count)
        record->closed = to_le32(add_window_set(l, &hours->closed));
}

static void set_holidays(struct lowering *l, struct tf_hours *record, const struct m_hours *hours,
                         uint32_t index)
{
    if (hours->holidays_of != index) {
        record->holidays_first = l->parts.HOURS.at[hours->holidays_of].holidays_first;
        record->holidays_count = l->parts.HOURS.at[hours->holidays_of].holidays_count;
        return;
    }
    ids sets = {0};
    for (uint32_t i = 0; i < hours->holidays.count; i++)
        *vec_push(l->a, &sets) = l->holiday_sets[hours->holidays.at[i]];
    record->holidays_first = to_le32(lower_list(l, &sets, 0));
    record->holidays_count = to_le32(sets.count);
}

static void set_weeks(struct lowering *l, struct tf_hours *record, const struct m_hours *hours,
                      uint32_t index)
{
    if (hours->weekly_of != index)
        record->week = l->parts.HOURS.at[hours->weekly_of].week;
    else
        record->week = to_le32(add_week(l, &hours->weekly));
    if (hours->breaks_of != index)
        record->breaks = l->parts.HOURS.at[hours->breaks_of].breaks;
    else if (hours->has_breaks)
        record->breaks = to_le32(add_week(l, &hours->breaks));
}

static void add_hours(struct lowering *l, uint32_t index)
{
    const struct m_hours *hours = &l->m->hours.at[index];
    struct tf_hours record = {
        .name = to_le32(lower_string(l, hours->name.s)),
        .zone = to_le32(index == 0 ? TF_NONE : hours->zone),
        .outside = to_le32(hours->outside),
        .week = to_le32(TF_NONE),
        .closed = to_le32(TF_NONE),
        .breaks = to_le32(TF_NONE),
        .every_weeks = to_le32(hours->every_weeks),
        .every_from = to_le32(hours->every_weeks ? (uint32_t)hours->every_from : 0),
        .chain = (uint8_t)hours->chain,
        .always = index == 0,
    };
    if (index != 0 && hours->outside == NONE) {
        set_weeks(l, &record, hours, index);
        set_seasons(l, &record, hours, index);
        set_special(l, &record, hours, index);
        set_closed(l, &record, hours, index);
        set_holidays(l, &record, hours, index);
    }
    *vec_push(l->a, &l->parts.HOURS) = record;
    lower_span(l, TF_S_HOURS, index, hours->at);
}

void lower_hours(struct lowering *l)
{
    add_date_sets(l);
    for (uint32_t i = 0; i < l->m->hours.count; i++) add_hours(l, i);
}
