/*
 * Agents and teams in the DSL.
 */
#include "dsl_lines.h"

static void maps(struct dsl *w, const char *words, const struct g_map *m,
                 void (*value)(struct dsl *w, int value))
{
    for (int i = 0; m->said && i < (m->plain ? 1 : m->entries.count); i++) {
        dsl_begin(w);
        dsl_word(w, words);
        sb_putc(w->o, ' ');
        value(w, m->plain ? m->value : m->entries.at[i].value);
        if (!m->plain) {
            dsl_word(w, " for ");
            dsl_channel(w, m->entries.at[i].channel);
            while (i + 1 < m->entries.count && m->entries.at[i + 1].value == m->entries.at[i].value &&
                   rng_chance(w->g, 80)) {
                dsl_word(w, ", ");
                dsl_channel(w, m->entries.at[++i].channel);
            }
        }
        dsl_end(w);
    }
}

static void number_value(struct dsl *w, int value)
{
    sb_printf(w->o, "%d", value);
}

static void strategy_value(struct dsl *w, int value)
{
    dsl_word(w, gen_strategies[value]);
}

static void hours_value(struct dsl *w, int value)
{
    dsl_name(w, value == ALWAYS ? "always" : w->p->hours.at[value].name);
}

static void after_value(struct dsl *w, int value)
{
    if (value == HOLD || value == LEAVE) {
        dsl_word(w, value == HOLD ? "hold" : "leave");
        return;
    }
    dsl_word(w, "to ");
    dsl_name(w, w->p->teams.at[value].id);
}

static void limits(struct dsl *w, const struct g_agent *a)
{
    if (!a->limits.said) return;
    dsl_begin(w);
    dsl_word(w, "limit");
    for (int i = 0; i < a->limits.entries.count; i++) {
        dsl_comma(w, i);
        dsl_channel(w, a->limits.entries.at[i].channel);
        sb_printf(w->o, " %d", a->limits.entries.at[i].value);
    }
    dsl_end(w);
}

static void devices(struct dsl *w, const struct g_agent *a)
{
    if (a->devices.count == 0) return;
    dsl_begin(w);
    dsl_word(w, "device");
    for (int i = 0; i < a->devices.count; i++) {
        dsl_comma(w, i);
        dsl_channel(w, a->devices.at[i].channel);
        sb_putc(w->o, ' ');
        dsl_text(w, a->devices.at[i].text);
    }
    dsl_end(w);
}

static void agent_channels(struct dsl *w, const struct g_agent *a)
{
    if (a->channels.count == 0) return;
    dsl_begin(w);
    dsl_word(w, "channels");
    for (int i = 0; i < a->channels.count; i++) {
        dsl_comma(w, i);
        dsl_channel(w, a->channels.at[i]);
    }
    dsl_end(w);
}

static bool has_body(const struct g_agent *a)
{
    return a->role != NOT_SAID || a->rank.said || a->weight != NOT_SAID || a->skills.count ||
           a->channels.count || a->limits.said || a->devices.count || a->hours != NOT_SAID || a->away.count;
}

void dsl_agent(struct dsl *w, const struct g_agent *a)
{
    dsl_begin(w);
    dsl_word(w, "agent ");
    dsl_name(w, a->id);
    if (a->name) {
        sb_putc(w->o, ' ');
        dsl_text(w, a->name);
    }
    if (!has_body(a)) {
        dsl_end(w);
        return;
    }
    dsl_open(w);
    if (a->role != NOT_SAID) dsl_said(w, "role", gen_roles[a->role]);
    maps(w, "rank", &a->rank, number_value);
    if (a->weight != NOT_SAID) {
        dsl_begin(w);
        sb_printf(w->o, "weight %d", a->weight);
        dsl_end(w);
    }
    if (a->skills.count) dsl_statement(w, "skills", &a->skills);
    agent_channels(w, a);
    limits(w, a);
    devices(w, a);
    if (a->hours != NOT_SAID) dsl_named(w, "hours", w->p->hours.at[a->hours].name);
    if (a->away.count) dsl_ranges(w, "away", &a->away);
    dsl_close(w);
}

static void members(struct dsl *w, const struct g_team *t)
{
    dsl_begin(w);
    dsl_word(w, "agents");
    for (int i = 0; i < t->agents.count; i++) {
        dsl_comma(w, i);
        dsl_name(w, w->p->agents.at[t->agents.at[i]].id);
    }
    if (t->agents_all || t->agents.count == 0) dsl_word(w, t->agents_all ? " all" : " none");
    dsl_end(w);
}

static void team_rest(struct dsl *w, const struct g_team *t)
{
    if (t->rotation || rng_chance(w->g, 10)) dsl_said(w, "rotation", gen_rotations[t->rotation]);
    maps(w, "hours", &t->hours, hours_value);
    maps(w, "after hours", &t->after_hours, after_value);
    if (t->backlog_leave || rng_chance(w->g, 10))
        dsl_said(w, "backlog", t->backlog_leave ? "leave" : "drain");
    if (t->sticky || rng_chance(w->g, 10))
        dsl_said(w, "sticky", !t->sticky ? "false" : rng_chance(w->g, 50) ? "true" : "");
    if (t->members_only || rng_chance(w->g, 10))
        dsl_said(w, "members only", !t->members_only ? "false" : rng_chance(w->g, 50) ? "true" : "");
    if (t->on_shift || rng_chance(w->g, 10)) dsl_said(w, "present", t->on_shift ? "on-shift" : "online");
}

void dsl_team(struct dsl *w, const struct g_team *t)
{
    dsl_begin(w);
    dsl_word(w, "team ");
    dsl_name(w, t->id);
    if (t->description) {
        sb_putc(w->o, ' ');
        dsl_text(w, t->description);
    }
    dsl_open(w);
    members(w, t);
    for (int i = 0; i < t->takes.count; i++) dsl_match_tests(w, "takes", &t->takes.at[i]);
    maps(w, "assign", &t->assign, strategy_value);
    team_rest(w, t);
    dsl_close(w);
}
