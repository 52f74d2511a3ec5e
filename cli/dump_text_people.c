/* A table for people: hours, zones, agents, teams. */
#include "dump.h"

static void line_text(struct dump *d, const char *word, struct str s)
{
    out_printf(d->o, "    %s", word);
    out_str(d->o, s);
    out_putc(d->o, '\n');
}

/* The first line of a thing: its name, a text for people, and where it stands. */
static void put_title(struct dump *d, struct str name, struct str text, enum tf_span_kind kind,
                      uint32_t index)
{
    out_puts(d->o, "  ");
    out_str(d->o, name);
    if (text.p) {
        out_putc(d->o, ' ');
        out_json(d->o, text);
    }
    struct str place = words_place(d, kind, index);
    if (place.len) out_printf(d->o, "  # %s", place.p);
    out_putc(d->o, '\n');
}

/* ---- hours ---- */

/* Days that are alike in a row are one line: "mon-thu 09:00-17:30". */
static void put_week(struct dump *d, uint32_t index, uint32_t breaks, const char *indent)
{
    for (uint32_t from = 0, to; from < 7; from = to + 1) {
        struct view_day day;
        view_weekday(d->v, index, breaks, from, &day);
        to = view_alike(d->v, index, breaks, from);
        out_printf(d->o, "%s%s", indent, word_weekday(from));
        if (to > from) out_printf(d->o, "-%s", word_weekday(to));
        out_putc(d->o, ' ');
        out_str(d->o, words_intervals(d, &day));
        out_putc(d->o, '\n');
    }
}

static void put_seasons(struct dump *d, const struct tf_hours *h)
{
    uint32_t dated = le32(h->season_dated_count), count = dated + le32(h->season_yearly_count);
    for (uint32_t i = 0; i < count; i++) {
        const struct tf_season *season = &d->v->SEASON.at[le32(h->season_first) + i];
        line_text(d, "season ", words_range(d, i >= dated, season->from, season->to));
        put_week(d, le32(season->week), le32(h->breaks), "      ");
    }
}

static void put_special(struct dump *d, const struct tf_hours *h)
{
    uint32_t dated = le32(h->special_dated_count), count = dated + le32(h->special_yearly_count);
    for (uint32_t i = 0; i < count; i++) {
        const struct tf_special *special = &d->v->SPECIAL.at[le32(h->special_first) + i];
        struct view_day day;
        view_day(d->v, le32(special->hours), TF_NONE, &day);
        out_puts(d->o, "    special ");
        out_str(d->o, words_day(d, i >= dated, special->day));
        out_putc(d->o, ' ');
        out_str(d->o, words_intervals(d, &day));
        out_putc(d->o, '\n');
    }
}

static void put_hours(struct dump *d, uint32_t index)
{
    const struct tf_hours *h = &d->v->HOURS.at[index];
    put_title(d, view_string(d->v, h->name), (struct str){NULL, 0}, TF_S_HOURS, index);
    if (le32(h->zone) != TF_NONE) line_text(d, "in ", view_string(d->v, d->v->ZONE.at[le32(h->zone)].name));
    if (h->always) text_line(d, "    open at all times");
    if (le32(h->outside) != TF_NONE)
        line_text(d, "outside ", view_string(d->v, d->v->HOURS.at[le32(h->outside)].name));
    if (le32(h->week) != TF_NONE) put_week(d, le32(h->week), le32(h->breaks), "    ");
    put_seasons(d, h);
    put_special(d, h);
    if (view_has_closed(h)) line_text(d, "closed ", words_closed(d, h));
    if (le32(h->every_weeks)) {
        out_printf(d->o, "    every %u weeks from ", le32(h->every_weeks));
        out_str(d->o, words_day(d, false, h->every_from));
        out_putc(d->o, '\n');
    }
}

static void put_zone(struct dump *d, const struct tf_zone *zone)
{
    out_puts(d->o, "  ");
    out_str(d->o, view_string(d->v, zone->name));
    out_printf(d->o, ": %u changes", le32(zone->change_count));
    if (zone->has_rule) {
        out_puts(d->o, ", then ");
        out_str(d->o, words_offset(d, (int32_t)le32(zone->std_offset_sec)));
    }
    if (zone->has_rule == 1) {
        out_puts(d->o, " and ");
        out_str(d->o, words_offset(d, (int32_t)le32(zone->dst_offset_sec)));
        out_puts(d->o, " from ");
        out_str(d->o, words_change(d, &zone->to_dst));
        out_puts(d->o, " to ");
        out_str(d->o, words_change(d, &zone->to_std));
    }
    out_putc(d->o, '\n');
}

void dump_text_hours(struct dump *d)
{
    out_puts(d->o, "\nhours\n");
    for (uint32_t i = 0; i < d->v->HOURS.count; i++) put_hours(d, i);
    if (d->v->ZONE.count) out_puts(d->o, "\nzones\n");
    for (uint32_t i = 0; i < d->v->ZONE.count; i++) put_zone(d, &d->v->ZONE.at[i]);
}

/* ---- maps by channel ---- */

enum map_of { OF_STRATEGY, OF_HOURS, OF_AFTER_HOURS, OF_NUMBER, OF_STRING };

static void put_value(struct dump *d, enum map_of of, uint32_t value)
{
    switch (of) {
    case OF_STRATEGY: out_puts(d->o, word_strategy(value)); break;
    case OF_HOURS: out_str(d->o, view_string(d->v, d->v->HOURS.at[value].name)); break;
    case OF_AFTER_HOURS: out_str(d->o, words_after_hours(d, value)); break;
    case OF_NUMBER: out_u64(d->o, value); break;
    case OF_STRING: out_json(d->o, view_string(d->v, to_le32(value))); break;
    }
}

/* "assign most-busy for webchat, pull for other": nothing where no channel says anything. */
static void put_map(struct dump *d, const char *word, const struct tf_channel_map *map, enum map_of of)
{
    uint32_t count = le32(map->count), other = le32(map->other);
    if (!count && other == TF_NONE) return;
    out_printf(d->o, "    %s ", word);
    for (uint32_t i = 0; i < count; i++) {
        const struct tf_by_channel *at = &d->v->BY_CHANNEL.at[le32(map->first) + i];
        if (i) out_puts(d->o, ", ");
        put_value(d, of, le32(at->value));
        out_puts(d->o, " for ");
        out_str(d->o, name_of_channel(d->v, le32(at->channel)));
    }
    if (count && other != TF_NONE) out_puts(d->o, ", ");
    if (other != TF_NONE) put_value(d, of, other);
    out_puts(d->o, count && other != TF_NONE ? " for other\n" : "\n");
}

/* ---- agents and teams ---- */

/* "skills swedish, refunds" from a LIST; nothing where it is empty. */
static void put_list(struct dump *d, const char *word, le32_t first, le32_t count,
                     struct str (*name)(const struct table_view *v, uint32_t index))
{
    for (uint32_t i = 0; i < le32(count); i++) {
        if (i)
            out_puts(d->o, ", ");
        else
            out_printf(d->o, "    %s ", word);
        out_str(d->o, name(d->v, le32(d->v->LIST.at[le32(first) + i])));
    }
    if (le32(count)) out_putc(d->o, '\n');
}

static void put_agent(struct dump *d, uint32_t index)
{
    const struct tf_agent *a = &d->v->AGENT.at[index];
    put_title(d, view_string(d->v, a->name), view_string(d->v, a->display_name), TF_S_AGENT, index);
    text_line(d, "    role %s, weight %u", word_role(a->role), a->weight);
    put_map(d, "rank", &a->rank, OF_NUMBER);
    put_map(d, "limit", &a->limit, OF_NUMBER);
    if (le32(a->limit_total) != TF_NONE) text_line(d, "    limit %u in all", le32(a->limit_total));
    put_map(d, "device", &a->device, OF_STRING);
    put_list(d, "skills", a->skill_first, a->skill_count, name_of_skill);
    if (le32(a->channel_first) != TF_NONE) {
        if (le32(a->channel_count))
            put_list(d, "channels", a->channel_first, a->channel_count, name_of_channel);
        else
            text_line(d, "    channels none");
    }
    if (le32(a->hours) != TF_NONE)
        line_text(d, "hours ", view_string(d->v, d->v->HOURS.at[le32(a->hours)].name));
    if (le32(a->away) != TF_NONE) line_text(d, "away ", words_windows(d, le32(a->away)));
}

static struct str name_of_agent(const struct table_view *v, uint32_t agent)
{
    return view_string(v, v->AGENT.at[agent].name);
}

static void put_team(struct dump *d, uint32_t index)
{
    const struct tf_team *t = &d->v->TEAM.at[index];
    put_title(d, view_string(d->v, t->name), view_string(d->v, t->description), TF_S_TEAM, index);
    if (!le32(t->member_count) && !t->agents_all) text_line(d, "    agents none");
    if (t->agents_all)
        text_line(d, "    agents all (%u)", le32(t->member_count));
    else
        put_list(d, "agents", t->member_first, t->member_count, name_of_agent);
    put_map(d, "assign", &t->assign, OF_STRATEGY);
    put_map(d, "hours", &t->hours, OF_HOURS);
    put_map(d, "after hours", &t->after_hours, OF_AFTER_HOURS);
    text_line(d, "    rotation %s, backlog %s, present %s%s%s", word_rotation(t->rotation),
              t->backlog_leave ? "leave" : "drain", t->on_shift ? "on-shift" : "online",
              t->sticky ? ", sticky" : "", t->members_only ? ", members only" : "");
}

void dump_text_people(struct dump *d)
{
    if (d->v->SKILL.count) out_puts(d->o, "\nskills\n");
    for (uint32_t i = 0; i < d->v->SKILL.count; i++) {
        out_puts(d->o, "  ");
        out_str(d->o, name_of_skill(d->v, i));
        out_putc(d->o, '\n');
    }
    if (d->v->AGENT.count) out_puts(d->o, "\nagents\n");
    for (uint32_t i = 0; i < d->v->AGENT.count; i++) put_agent(d, i);
    if (d->v->TEAM.count) out_puts(d->o, "\nteams\n");
    for (uint32_t i = 0; i < d->v->TEAM.count; i++) put_team(d, i);
}
