/*
 * A policy in which a desk has something to do: a drawn one, with people who have little room, hours that end
 * while the log runs, steps that fall due, and every way to share work.
 */
#include "log.h"

#include <time.h>

enum { VIEWER = 4 };

/* A date some days from the log's start. */
static struct g_date date_beside(int64_t start, int days)
{
    time_t t = start + (int64_t)days * 86400;
    struct tm tm;
    gmtime_r(&t, &tm);
    return (struct g_date){tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday};
}

static struct g_range range_beside(struct gen *g, int64_t start)
{
    int from = rng_between(g, -3, 15);
    return (struct g_range){date_beside(start, from), date_beside(start, from + rng_below(g, 6))};
}

static void some_channels(struct gen *g, const struct g_policy *p, struct g_map *m, int percent)
{
    m->entries.count = 0;
    m->said = true;
    m->plain = false;
    for (int i = 0; i < p->attrs.at[A_CHANNEL].values.count; i++)
        if (rng_chance(g, percent)) *list_push(g, &m->entries) = (struct g_by_channel){.channel = i};
}

static void draw_room(struct gen *g, const struct g_policy *p, struct g_agent *a)
{
    a->limits = (struct g_map){0};
    if (!rng_chance(g, 65)) return;
    some_channels(g, p, &a->limits, 40);
    for (int i = 0; i < a->limits.entries.count; i++) a->limits.entries.at[i].value = rng_below(g, 4);
    if (rng_chance(g, 50) || a->limits.entries.count == 0)
        *list_push(g, &a->limits.entries) = (struct g_by_channel){TOTAL, rng_below(g, 6)};
}

static void draw_desk_rank(struct gen *g, const struct g_policy *p, struct g_agent *a)
{
    a->rank = (struct g_map){0};
    if (!rng_chance(g, 35)) return;
    a->rank = (struct g_map){.said = true, .plain = true, .value = rng_between(g, 1, 3)};
    if (rng_chance(g, 60)) return;
    some_channels(g, p, &a->rank, 50);
    if (rng_chance(g, 50) || a->rank.entries.count == 0)
        *list_push(g, &a->rank.entries) = (struct g_by_channel){.channel = OTHER};
    for (int i = 0; i < a->rank.entries.count; i++) a->rank.entries.at[i].value = rng_between(g, 1, 3);
}

/* lively: with people and hours that let most tickets find somebody. */
static void draw_desk_agent(struct gen *g, const struct g_policy *p, struct g_agent *a, int64_t start,
                            bool lively)
{
    draw_room(g, p, a);
    if (lively) {
        if (rng_chance(g, 70)) a->hours = NOT_SAID;
        for (int i = 0; i < a->limits.entries.count; i++) a->limits.entries.at[i].value *= 4;
    }
    draw_desk_rank(g, p, a);
    if (rng_chance(g, 50)) a->weight = rng_between(g, 1, 4);
    a->channels.count = 0;
    for (int i = 0; rng_chance(g, 25) && i < p->attrs.at[A_CHANNEL].values.count; i++)
        *list_push(g, &a->channels) = i;
    a->skills.count = 0;
    for (int i = 0; i < p->skills.count; i++)
        if (rng_chance(g, lively ? 85 : 60)) *list_push(g, &a->skills) = p->skills.at[i];
    if (p->zone && rng_chance(g, 25)) *list_push(g, &a->away) = range_beside(g, start);
}

static void draw_desk_assign(struct gen *g, const struct g_policy *p, struct g_map *m)
{
    *m = (struct g_map){.said = true, .plain = true, .value = rng_below(g, rng_chance(g, 70) ? 7 : 10)};
    if (rng_chance(g, 70)) return;
    some_channels(g, p, m, 50);
    *list_push(g, &m->entries) = (struct g_by_channel){.channel = OTHER};
    for (int i = 0; i < m->entries.count; i++) m->entries.at[i].value = rng_below(g, 10);
}

static int desk_after_hours(struct gen *g, const struct g_policy *p, int self)
{
    int to = rng_below(g, p->teams.count);
    return rng_chance(g, 30) || to == self ? (rng_chance(g, 60) ? HOLD : LEAVE) : to;
}

static void draw_closing(struct gen *g, const struct g_policy *p, struct g_team *t, int self)
{
    t->hours = (struct g_map){.said = true, .plain = true, .value = rng_below(g, p->hours.count)};
    if (rng_chance(g, 30)) {
        some_channels(g, p, &t->hours, 60);
        if (t->hours.entries.count == 0) *list_push(g, &t->hours.entries) = (struct g_by_channel){OTHER, 0};
        for (int i = 0; i < t->hours.entries.count; i++)
            t->hours.entries.at[i].value = rng_chance(g, 85) ? rng_below(g, p->hours.count) : ALWAYS;
    }
    t->after_hours = (struct g_map){.said = true, .plain = true, .value = desk_after_hours(g, p, self)};
    if (rng_chance(g, 75)) return;
    some_channels(g, p, &t->after_hours, 60);
    if (rng_chance(g, 50) || t->after_hours.entries.count == 0)
        *list_push(g, &t->after_hours.entries) = (struct g_by_channel){.channel = OTHER};
    for (int i = 0; i < t->after_hours.entries.count; i++)
        t->after_hours.entries.at[i].value = desk_after_hours(g, p, self);
}

static void draw_desk_team(struct gen *g, const struct g_policy *p, struct g_team *t, int self, bool lively)
{
    if (lively && t->agents.count < 3) t->agents_all = true, t->agents.count = 0;
    draw_desk_assign(g, p, &t->assign);
    if (p->hours.count && rng_chance(g, lively ? 25 : 70)) draw_closing(g, p, t, self);
    t->rotation = rng_below(g, 3);
    t->backlog_leave = rng_chance(g, 25);
    t->sticky = rng_chance(g, 35);
    t->members_only = rng_chance(g, 20);
    t->on_shift = rng_chance(g, 25);
}

/* Closed days that the log will see. */
static void close_days(struct gen *g, struct g_policy *p, int64_t start)
{
    for (int i = 0; i < p->hours.count; i++)
        if (p->hours.at[i].has_closed && rng_chance(g, 50))
            *list_push(g, &p->hours.at[i].closed) = range_beside(g, start);
}

/* As long as a whole interval of its hours, so that it falls due at a closing. */
static void whole_interval(struct gen *g, const struct g_policy *p, struct g_step *s)
{
    if (s->of_hours < 0 || p->hours.at[s->of_hours].weekly.count == 0 || !rng_chance(g, 40)) return;
    const g_week *w = &p->hours.at[s->of_hours].weekly;
    const g_intervals *list = &w->at[rng_below(g, w->count)].intervals;
    for (int i = 0; i < list->count; i++)
        if (list->at[i].to > list->at[i].from) s->after_sec = 60 * (list->at[i].to - list->at[i].from);
}

static void draw_desk_steps(struct gen *g, struct g_policy *p)
{
    for (int i = 0; i < p->rules.count; i++)
        if (!p->rules.at[i].cont && p->rules.at[i].to.count == 1 && rng_chance(g, 40)) {
            p->rules.at[i].to.count = 0;
            draw_steps(g, p, &p->rules.at[i].to);
        }
    for (int tries = 0; tries < 4 && p->otherwise.count == 1 && rng_chance(g, 70); tries++) {
        p->otherwise.count = 0;
        draw_steps(g, p, &p->otherwise);
    }
    for (int i = 1; i < p->otherwise.count; i++) whole_interval(g, p, &p->otherwise.at[i]);
}

/* More channels than the desk keeps an array of loads for, or nearly so many. */
static void add_channels(struct gen *g, struct g_policy *p)
{
    strings *channels = &p->attrs.at[A_CHANNEL].values;
    for (int count = rng_between(g, 60, 68); channels->count < count;) draw_name(g, channels, K_CHANNEL);
    p->channels_said = true;
}

struct g_policy *draw_desk_policy(struct gen *g, uint64_t seed, int64_t start, const char *zone)
{
    struct g_policy *p;
    bool lively = rng_chance(g, 60);
    do p = gen_policy(g, seed);
    while (p->teams.count == 0 || p->agents.count < (lively ? 4 : 2));
    if (p->zone && zone) p->zone = zone;
    if (rng_chance(g, 20)) add_channels(g, p);
    for (int i = 0; i < p->agents.count; i++) draw_desk_agent(g, p, &p->agents.at[i], start, lively);
    for (int i = 0; i < p->teams.count; i++) draw_desk_team(g, p, &p->teams.at[i], i, lively);
    close_days(g, p, start);
    draw_desk_steps(g, p);
    p->presence = p->zone && rng_chance(g, lively ? 15 : 40) ? 1 : rng_chance(g, 50) ? 0 : NOT_SAID;
    p->auto_assign = rng_chance(g, lively ? 3 : 12) ? 1 : rng_chance(g, 30) ? 0 : NOT_SAID;
    p->assign_on_reply = rng_chance(g, 50) ? 1 : rng_chance(g, 30) ? 0 : NOT_SAID;
    return p;
}
