/* A table as JSON: hours, zones, skills, agents, teams. */
#include "dump.h"

/* ---- hours ---- */

static void put_day(struct dump *d, const char *key, const struct view_day *day)
{
    json_open(d, key, '[');
    for (uint32_t i = 0; i < day->count; i++) {
        unsigned from = day->at[i].from_min, to = day->at[i].to_min;
        d->words.len = 0;
        buf_printf(&d->words, "%02u:%02u-%02u:%02u", from / 60, from % 60, to / 60, to % 60);
        json_text(d, NULL, buf_done(&d->words));
    }
    json_close(d, ']');
}

static void put_week(struct dump *d, uint32_t index, uint32_t breaks)
{
    struct view_day day;
    json_open(d, "weekly", '{');
    for (uint32_t i = 0; i < 7; i++) {
        view_weekday(d->v, index, breaks, i, &day);
        put_day(d, word_weekday(i), &day);
    }
    json_close(d, '}');
}

static void put_seasons(struct dump *d, const struct tf_hours *h)
{
    uint32_t dated = le32(h->season_dated_count), count = dated + le32(h->season_yearly_count);
    if (!count) return;
    json_open(d, "seasons", '[');
    for (uint32_t i = 0; i < count; i++) {
        const struct tf_season *season = &d->v->SEASON.at[le32(h->season_first) + i];
        json_open(d, NULL, '{');
        json_text(d, "in", words_range(d, i >= dated, season->from, season->to));
        put_week(d, le32(season->week), le32(h->breaks));
        json_close(d, '}');
    }
    json_close(d, ']');
}

static void put_special(struct dump *d, const struct tf_hours *h)
{
    uint32_t dated = le32(h->special_dated_count), count = dated + le32(h->special_yearly_count);
    struct view_day day;
    if (!count) return;
    json_open(d, "special", '[');
    for (uint32_t i = 0; i < count; i++) {
        const struct tf_special *special = &d->v->SPECIAL.at[le32(h->special_first) + i];
        json_open(d, NULL, '{');
        json_text(d, "date", words_day(d, i >= dated, special->day));
        view_day(d->v, le32(special->hours), TF_NONE, &day);
        put_day(d, "hours", &day);
        json_close(d, '}');
    }
    json_close(d, ']');
}

static void put_closed(struct dump *d, const struct tf_hours *h)
{
    struct arena *a = arena_part(d->words.a);
    m_ranges days;
    view_closed(a, d->v, h, &days);
    json_open(d, "closed", '[');
    for (uint32_t i = 0; i < days.count; i++) {
        d->words.len = 0;
        print_range(&d->words, days.at[i].yearly, days.at[i].from, days.at[i].to);
        json_text(d, NULL, buf_done(&d->words));
    }
    json_close(d, ']');
    arena_end(a);
}

static void put_windows(struct dump *d, const char *key, uint32_t window_set)
{
    const struct tf_window_set *set = &d->v->WINDOW_SET.at[window_set];
    uint32_t dated = le32(set->dated_count), count = dated + le32(set->yearly_count);
    json_open(d, key, '[');
    for (uint32_t i = 0; i < count; i++) {
        const struct tf_range *range = &d->v->WINDOW.at[le32(set->first) + i];
        json_text(d, NULL, words_range(d, i >= dated, range->from, range->to));
    }
    json_close(d, ']');
}

void dump_json_one_hours(struct dump *d, uint32_t index)
{
    const struct tf_hours *h = &d->v->HOURS.at[index];
    json_open(d, NULL, '{');
    json_text(d, "name", view_string(d->v, h->name));
    if (h->always) json_bool(d, "always", true);
    if (le32(h->zone) != TF_NONE)
        json_text(d, "timezone", view_string(d->v, d->v->ZONE.at[le32(h->zone)].name));
    if (le32(h->outside) != TF_NONE)
        json_text(d, "outside", view_string(d->v, d->v->HOURS.at[le32(h->outside)].name));
    if (le32(h->week) != TF_NONE) put_week(d, le32(h->week), le32(h->breaks));
    put_seasons(d, h);
    put_special(d, h);
    if (view_has_closed(h)) put_closed(d, h);
    if (le32(h->every_weeks)) {
        json_number(d, "every_weeks", le32(h->every_weeks));
        json_text(d, "every_from", words_day(d, false, h->every_from));
    }
    json_place(d, TF_S_HOURS, index);
    json_close(d, '}');
}

/* ---- zones ---- */

/* Each change as [seconds since 1970, seconds east of UTC from then on, daylight saving 0 or 1]. */
static void put_changes(struct dump *d, const struct tf_zone *zone)
{
    json_open(d, "changes", '[');
    for (uint32_t i = 0; i < le32(zone->change_count); i++) {
        const struct tf_zone_change *change = &d->v->ZONE_CHANGE.at[le32(zone->change_first) + i];
        const struct tf_zone_type *type = &d->v->ZONE_TYPE.at[le32(zone->type_first) + le32(change->type)];
        json_open(d, NULL, '[');
        json_number(d, NULL, (int64_t)le64(change->at));
        json_number(d, NULL, (int32_t)le32(type->offset_sec));
        json_number(d, NULL, type->isdst);
        json_close(d, ']');
    }
    json_close(d, ']');
}

static void put_zone(struct dump *d, const struct tf_zone *zone)
{
    json_open(d, NULL, '{');
    json_text(d, "name", view_string(d->v, zone->name));
    json_number(d, "first_offset", (int32_t)le32(d->v->ZONE_TYPE.at[le32(zone->type_first)].offset_sec));
    put_changes(d, zone);
    if (zone->has_rule) json_number(d, "then_offset", (int32_t)le32(zone->std_offset_sec));
    if (zone->has_rule == 1) {
        json_number(d, "daylight_offset", (int32_t)le32(zone->dst_offset_sec));
        json_text(d, "daylight_from", words_change(d, &zone->to_dst));
        json_text(d, "daylight_to", words_change(d, &zone->to_std));
    }
    json_close(d, '}');
}

void dump_json_hours(struct dump *d)
{
    json_open(d, "hours", '[');
    for (uint32_t i = 0; i < d->v->HOURS.count; i++) dump_json_one_hours(d, i);
    json_close(d, ']');
    json_open(d, "zones", '[');
    for (uint32_t i = 0; i < d->v->ZONE.count; i++) put_zone(d, &d->v->ZONE.at[i]);
    json_close(d, ']');
}

/* ---- maps by channel ---- */

enum map_of { OF_STRATEGY, OF_HOURS, OF_AFTER_HOURS, OF_NUMBER, OF_STRING };

static void put_value(struct dump *d, const char *key, enum map_of of, uint32_t value)
{
    switch (of) {
    case OF_STRATEGY: json_text(d, key, str_from(word_strategy(value))); break;
    case OF_HOURS: json_text(d, key, view_string(d->v, d->v->HOURS.at[value].name)); break;
    case OF_AFTER_HOURS: json_text(d, key, words_after_hours(d, value)); break;
    case OF_NUMBER: json_number(d, key, value); break;
    case OF_STRING: json_text(d, key, view_string(d->v, to_le32(value))); break;
    }
}

/* {"by_channel":[{"channel":…,"value":…}],"other":…}: channels may have any name, keys must not. */
static void put_map(struct dump *d, const char *key, const struct tf_channel_map *map, enum map_of of)
{
    uint32_t count = le32(map->count), other = le32(map->other);
    if (!count && other == TF_NONE) return;
    json_open(d, key, '{');
    if (count) json_open(d, "by_channel", '[');
    for (uint32_t i = 0; i < count; i++) {
        const struct tf_by_channel *at = &d->v->BY_CHANNEL.at[le32(map->first) + i];
        json_open(d, NULL, '{');
        json_text(d, "channel", name_of_channel(d->v, le32(at->channel)));
        put_value(d, "value", of, le32(at->value));
        json_close(d, '}');
    }
    if (count) json_close(d, ']');
    if (other != TF_NONE) put_value(d, "other", of, other);
    json_close(d, '}');
}

/* ---- agents and teams ---- */

static struct str name_of_agent(const struct table_view *v, uint32_t agent)
{
    return view_string(v, v->AGENT.at[agent].name);
}

static void put_list(struct dump *d, const char *key, le32_t first, le32_t count,
                     struct str (*name)(const struct table_view *v, uint32_t index))
{
    json_open(d, key, '[');
    for (uint32_t i = 0; i < le32(count); i++)
        json_text(d, NULL, name(d->v, le32(d->v->LIST.at[le32(first) + i])));
    json_close(d, ']');
}

void dump_json_agent(struct dump *d, uint32_t index)
{
    const struct tf_agent *a = &d->v->AGENT.at[index];
    json_open(d, NULL, '{');
    json_text(d, "agent", view_string(d->v, a->name));
    json_text(d, "name", view_string(d->v, a->display_name));
    json_text(d, "role", str_from(word_role(a->role)));
    json_number(d, "weight", a->weight);
    put_map(d, "rank", &a->rank, OF_NUMBER);
    put_map(d, "limits", &a->limit, OF_NUMBER);
    if (le32(a->limit_total) != TF_NONE) json_number(d, "limit_total", le32(a->limit_total));
    put_map(d, "devices", &a->device, OF_STRING);
    put_list(d, "skills", a->skill_first, a->skill_count, name_of_skill);
    if (le32(a->channel_first) != TF_NONE)
        put_list(d, "channels", a->channel_first, a->channel_count, name_of_channel);
    if (le32(a->hours) != TF_NONE)
        json_text(d, "hours", view_string(d->v, d->v->HOURS.at[le32(a->hours)].name));
    if (le32(a->away) != TF_NONE) put_windows(d, "away", le32(a->away));
    json_place(d, TF_S_AGENT, index);
    json_close(d, '}');
}

void dump_json_team(struct dump *d, uint32_t index)
{
    const struct tf_team *t = &d->v->TEAM.at[index];
    json_open(d, NULL, '{');
    json_text(d, "team", view_string(d->v, t->name));
    json_text(d, "description", view_string(d->v, t->description));
    json_bool(d, "all", t->agents_all);
    if (!t->agents_all) put_list(d, "agents", t->member_first, t->member_count, name_of_agent);
    put_map(d, "assign", &t->assign, OF_STRATEGY);
    put_map(d, "hours", &t->hours, OF_HOURS);
    put_map(d, "after_hours", &t->after_hours, OF_AFTER_HOURS);
    json_text(d, "rotation", str_from(word_rotation(t->rotation)));
    json_text(d, "backlog", str_from(t->backlog_leave ? "leave" : "drain"));
    json_text(d, "present", str_from(t->on_shift ? "on-shift" : "online"));
    json_bool(d, "sticky", t->sticky);
    json_bool(d, "members_only", t->members_only);
    json_place(d, TF_S_TEAM, index);
    json_close(d, '}');
}

void dump_json_people(struct dump *d)
{
    json_open(d, "skills", '[');
    for (uint32_t i = 0; i < d->v->SKILL.count; i++) json_text(d, NULL, name_of_skill(d->v, i));
    json_close(d, ']');
    json_open(d, "agents", '[');
    for (uint32_t i = 0; i < d->v->AGENT.count; i++) dump_json_agent(d, i);
    json_close(d, ']');
    json_open(d, "teams", '[');
    for (uint32_t i = 0; i < d->v->TEAM.count; i++) dump_json_team(d, i);
    json_close(d, ']');
}
