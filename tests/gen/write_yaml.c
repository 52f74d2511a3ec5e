/*
 * A policy as YAML (language.md 2): the tree. One value or a list, a list or a map, a default said or not, a
 * match as a condition: wherever the contract gives two ways to say the same, one is drawn.
 */
#include "yaml_tree.h"

#include <stdio.h>
#include <string.h>

struct yaml {
    struct gen *g;
    const struct g_policy *p;
    const struct g_part *part;
};

static struct y_node *name(struct yaml *w, const char *s)
{
    return y_scalar(w->g, S_NAME, vary_form(w->g, s));
}

/* Alone where it may be, else (or at times) a list of one. */
static struct y_node *one_or_list(struct yaml *w, struct y_node *seq)
{
    return seq->kids.count == 1 && rng_chance(w->g, 60) ? seq->kids.at[0] : seq;
}

static struct y_node *name_list(struct yaml *w, const strings *names)
{
    struct y_node *seq = y_seq(w->g);
    for (int i = 0; i < names->count; i++) y_add(w->g, seq, name(w, names->at[i]));
    return seq;
}

static struct y_node *number(struct yaml *w, int n)
{
    return y_scalar(w->g, S_LITERAL, gen_format(w->g, "%d", n));
}

static struct y_node *flag(struct yaml *w, bool on)
{
    return y_scalar(w->g, S_LITERAL, on ? "true" : "false");
}

static const char *channel_name(const struct g_policy *p, int channel)
{
    return channel == OTHER   ? "other"
           : channel == TOTAL ? "total"
                              : p->attrs.at[A_CHANNEL].values.at[channel];
}

/* ---- dates and hours ---- */

static struct y_node *ranges(struct yaml *w, const g_ranges *list)
{
    struct y_node *seq = y_seq(w->g);
    for (int i = 0; i < list->count; i++) {
        struct out o = {.g = w->g};
        write_range(&o, w->g, list->at[i]);
        y_add(w->g, seq, y_scalar(w->g, S_NAME, sb_text(&o)));
    }
    return one_or_list(w, seq);
}

static struct y_node *intervals(struct yaml *w, const g_intervals *list)
{
    struct y_node *seq = y_seq(w->g);
    for (int i = 0; i < list->count; i++) {
        struct out o = {.g = w->g};
        write_interval(&o, list->at[i]);
        y_add(w->g, seq, y_scalar(w->g, S_NAME, sb_text(&o)));
    }
    return one_or_list(w, seq);
}

static struct y_node *week(struct yaml *w, const g_week *days)
{
    struct y_node *map = y_map(w->g);
    for (int i = 0; i < days->count; i++) {
        struct out o = {.g = w->g};
        write_day_range(&o, days->at[i]);
        y_put(w->g, map, y_scalar(w->g, S_NAME, sb_text(&o)), intervals(w, &days->at[i].intervals));
    }
    return map;
}

static struct y_node *seasons(struct yaml *w, const struct g_hours *h)
{
    struct y_node *map = y_map(w->g);
    for (int i = 0; i < h->seasons.count; i++) {
        struct out o = {.g = w->g};
        write_range(&o, w->g, h->seasons.at[i].in);
        y_put(w->g, map, y_scalar(w->g, S_NAME, sb_text(&o)), week(w, &h->seasons.at[i].week));
    }
    return map;
}

static struct y_node *special(struct yaml *w, const struct g_hours *h)
{
    struct y_node *map = y_map(w->g);
    for (int i = 0; i < h->special.count; i++) {
        struct out o = {.g = w->g};
        write_date(&o, h->special.at[i].date);
        y_put(w->g, map, y_scalar(w->g, S_NAME, sb_text(&o)), intervals(w, &h->special.at[i].intervals));
    }
    return map;
}

static struct y_node *holidays(struct yaml *w, const struct g_hours *h)
{
    struct y_node *seq = y_seq(w->g);
    y_add(w->g, seq, y_scalar(w->g, S_NAME, h->holidays.file));
    return one_or_list(w, seq);
}

static struct y_node *one_hours(struct yaml *w, const struct g_hours *h)
{
    struct y_node *map = y_map(w->g);
    struct gen *g = w->g;
    map->mergeable = true;
    if (h->zone) y_put_key(g, map, "timezone", y_scalar(g, S_NAME, h->zone));
    if (h->like != NOT_SAID) y_put_key(g, map, "like", name(w, w->p->hours.at[h->like].name));
    if (h->outside != NOT_SAID)
        y_put_key(g, map, "outside",
                  name(w, h->outside == ALWAYS ? "always" : w->p->hours.at[h->outside].name));
    if (h->has_weekly) y_put_key(g, map, "weekly", week(w, &h->weekly));
    if (h->has_seasons) y_put_key(g, map, "seasons", seasons(w, h));
    if (h->has_closed) y_put_key(g, map, "closed", ranges(w, &h->closed));
    if (h->has_special) y_put_key(g, map, "special", special(w, h));
    if (h->has_breaks) y_put_key(g, map, "breaks", week(w, &h->breaks));
    if (h->has_holidays) y_put_key(g, map, "holidays", holidays(w, h));
    if (h->every_weeks) {
        struct out o = {.g = g};
        sb_printf(&o, "%d weeks from ", h->every_weeks);
        write_date(&o, h->every_from);
        y_put_key(g, map, "every", y_scalar(g, S_NAME, sb_text(&o)));
    }
    return map;
}

static struct y_node *all_hours(struct yaml *w)
{
    struct y_node *map = y_map(w->g);
    for (int i = w->part->from[G_HOURS]; i < w->part->to[G_HOURS]; i++)
        y_put(w->g, map, name(w, w->p->hours.at[i].name), one_hours(w, &w->p->hours.at[i]));
    return map;
}

/* ---- conditions and matches ---- */

static struct y_node *match_value(struct yaml *w, const struct g_value *v)
{
    struct out o = {.g = w->g};
    switch (v->kind) {
    case V_BOOL: return flag(w, v->flag);
    case V_NUMBER: write_number(&o, w->g, v->number); return y_scalar(w->g, S_LITERAL, sb_text(&o));
    case V_TEXT: return y_scalar(w->g, S_TEXT, v->s);
    default: return name(w, v->s);
    }
}

static struct y_node *match(struct yaml *w, const g_match *m)
{
    struct y_node *map = y_map(w->g);
    for (int i = 0; i < m->count; i++) {
        struct y_node *seq = y_seq(w->g);
        for (int k = 0; k < m->at[i].values.count; k++)
            y_add(w->g, seq, match_value(w, &m->at[i].values.at[k]));
        y_put(w->g, map, y_scalar(w->g, S_NAME, w->p->attrs.at[m->at[i].attr].name), one_or_list(w, seq));
    }
    return map;
}

static struct y_node *cond(struct yaml *w, const struct g_cond *c)
{
    struct out o = {.g = w->g};
    write_cond(&o, w->g, w->p, c, 0);
    return y_scalar(w->g, S_COND, sb_text(&o));
}

/* ---- agents and teams ---- */

static struct y_node *limits(struct yaml *w, const struct g_map *m)
{
    struct y_node *map = y_map(w->g);
    for (int i = 0; i < m->entries.count; i++)
        y_put(w->g, map, name(w, channel_name(w->p, m->entries.at[i].channel)),
              number(w, m->entries.at[i].value));
    return map;
}

static struct y_node *devices(struct yaml *w, const struct g_agent *a)
{
    struct y_node *map = y_map(w->g);
    for (int i = 0; i < a->devices.count; i++)
        y_put(w->g, map, name(w, channel_name(w->p, a->devices.at[i].channel)),
              y_scalar(w->g, S_TEXT, a->devices.at[i].text));
    return map;
}

enum map_of { OF_RANKS, OF_STRATEGIES, OF_HOURS, OF_AFTER };

static struct y_node *map_value(struct yaml *w, enum map_of of, int value)
{
    switch (of) {
    case OF_RANKS: return number(w, value);
    case OF_STRATEGIES: return y_scalar(w->g, S_NAME, gen_strategies[value]);
    case OF_HOURS: return name(w, value == ALWAYS ? "always" : w->p->hours.at[value].name);
    case OF_AFTER: break;
    }
    if (value == HOLD || value == LEAVE) return y_scalar(w->g, S_NAME, value == HOLD ? "hold" : "leave");
    struct y_node *map = y_map(w->g);
    y_put_key(w->g, map, "to", name(w, w->p->teams.at[value].id));
    return map;
}

static void put_map(struct yaml *w, struct y_node *owner, const char *key, const struct g_map *m,
                    enum map_of of)
{
    if (!m->said) return;
    if (m->plain) {
        y_put_key(w->g, owner, key, map_value(w, of, m->value));
        return;
    }
    struct y_node *map = y_map(w->g);
    for (int i = 0; i < m->entries.count; i++)
        y_put(w->g, map, name(w, channel_name(w->p, m->entries.at[i].channel)),
              map_value(w, of, m->entries.at[i].value));
    y_put_key(w->g, owner, key, map);
}

static struct y_node *agent(struct yaml *w, const struct g_agent *a)
{
    struct y_node *map = y_map(w->g);
    struct gen *g = w->g;
    map->mergeable = true;
    if (a->name) y_put_key(g, map, "name", y_scalar(g, S_TEXT, a->name));
    if (a->role != NOT_SAID) y_put_key(g, map, "role", y_scalar(g, S_NAME, gen_roles[a->role]));
    put_map(w, map, "rank", &a->rank, OF_RANKS);
    if (a->weight != NOT_SAID) y_put_key(g, map, "weight", number(w, a->weight));
    if (a->skills.count) y_put_key(g, map, "skills", one_or_list(w, name_list(w, &a->skills)));
    if (a->channels.count) {
        struct y_node *seq = y_seq(g);
        for (int i = 0; i < a->channels.count; i++)
            y_add(g, seq, name(w, channel_name(w->p, a->channels.at[i])));
        y_put_key(g, map, "channels", one_or_list(w, seq));
    }
    if (a->limits.said) y_put_key(g, map, "limits", limits(w, &a->limits));
    if (a->devices.count) y_put_key(g, map, "devices", devices(w, a));
    if (a->hours != NOT_SAID) y_put_key(g, map, "hours", name(w, w->p->hours.at[a->hours].name));
    if (a->away.count) y_put_key(g, map, "away", ranges(w, &a->away));
    return map;
}

static struct y_node *agents(struct yaml *w)
{
    struct y_node *map = y_map(w->g), *seq = y_seq(w->g);
    bool bare = true;
    for (int i = w->part->from[G_AGENTS]; i < w->part->to[G_AGENTS]; i++) {
        const struct g_agent *a = &w->p->agents.at[i];
        struct y_node *body = agent(w, a);
        if (body->kids.count) bare = false;
        y_put(w->g, map, name(w, a->id), body);
        y_add(w->g, seq, name(w, a->id));
    }
    return bare && rng_chance(w->g, 70) ? seq : map;
}

static struct y_node *members(struct yaml *w, const struct g_team *t)
{
    if (t->agents_all) return y_scalar(w->g, S_NAME, "all");
    struct y_node *seq = y_seq(w->g);
    bool one_is_all = false;
    for (int i = 0; i < t->agents.count; i++) {
        const char *id = w->p->agents.at[t->agents.at[i]].id;
        one_is_all |= !strcmp(id, "all");
        y_add(w->g, seq, name(w, id));
    }
    return one_is_all ? seq : one_or_list(w, seq);
}

static struct y_node *takes(struct yaml *w, const struct g_team *t)
{
    struct y_node *seq = y_seq(w->g);
    for (int i = 0; i < t->takes.count; i++) y_add(w->g, seq, match(w, &t->takes.at[i]));
    return one_or_list(w, seq);
}

/* A flag that is not the default is said; the default only at times. */
static void put_flag(struct yaml *w, struct y_node *map, const char *key, bool on)
{
    if (on || rng_chance(w->g, 10)) y_put_key(w->g, map, key, flag(w, on));
}

static void put_word(struct yaml *w, struct y_node *map, const char *key, bool other, const char *usual,
                     const char *otherwise)
{
    if (other || rng_chance(w->g, 10))
        y_put_key(w->g, map, key, y_scalar(w->g, S_NAME, other ? otherwise : usual));
}

static struct y_node *team(struct yaml *w, const struct g_team *t)
{
    struct y_node *map = y_map(w->g);
    struct gen *g = w->g;
    map->mergeable = true;
    if (t->description) y_put_key(g, map, "description", y_scalar(g, S_TEXT, t->description));
    if (t->agents_all || t->agents.count || rng_chance(g, 50)) y_put_key(g, map, "agents", members(w, t));
    if (t->takes.count) y_put_key(g, map, "takes", takes(w, t));
    put_map(w, map, "assign", &t->assign, OF_STRATEGIES);
    put_map(w, map, "hours", &t->hours, OF_HOURS);
    put_map(w, map, "after_hours", &t->after_hours, OF_AFTER);
    put_word(w, map, "rotation", t->rotation != 0, "team", gen_rotations[t->rotation]);
    put_word(w, map, "backlog", t->backlog_leave, "drain", "leave");
    put_flag(w, map, "sticky", t->sticky);
    put_flag(w, map, "members_only", t->members_only);
    put_word(w, map, "present", t->on_shift, "online", "on-shift");
    return map;
}

static struct y_node *teams(struct yaml *w)
{
    struct y_node *map = y_map(w->g);
    for (int i = w->part->from[G_TEAMS]; i < w->part->to[G_TEAMS]; i++)
        y_put(w->g, map, name(w, w->p->teams.at[i].id), team(w, &w->p->teams.at[i]));
    return map;
}

/* ---- rules ---- */

static struct y_node *step(struct yaml *w, const struct g_step *s, bool first)
{
    struct gen *g = w->g;
    const char *target = s->kind == TO_TEAM    ? w->p->teams.at[s->target].id
                         : s->kind == TO_AGENT ? w->p->agents.at[s->target].id
                                               : "";
    if (first && s->kind == TO_NOBODY) return y_scalar(g, S_NAME, "unassigned");
    if (first && s->kind == TO_TEAM && rng_chance(g, 75)) return name(w, target);
    struct y_node *map = y_map(g);
    if (s->kind == TO_NOBODY)
        y_put_key(g, map, "unassigned", flag(w, true));
    else
        y_put_key(g, map, s->kind == TO_TEAM ? "team" : "agent", name(w, target));
    if (first) return map;
    struct out o = {.g = g};
    write_duration(&o, g, s->after_sec);
    if (s->of_hours == NOT_SAID) {
        y_put_key(g, map, "after", y_scalar(g, S_NAME, sb_text(&o)));
        return map;
    }
    sb_puts(&o, " of ");
    write_name(&o, g, s->of_hours == ALWAYS ? "always" : w->p->hours.at[s->of_hours].name);
    y_put_key(g, map, "after", y_scalar(g, S_COND, sb_text(&o)));
    return map;
}

static struct y_node *steps(struct yaml *w, const g_steps *list)
{
    struct y_node *seq = y_seq(w->g);
    for (int i = 0; i < list->count; i++) y_add(w->g, seq, step(w, &list->at[i], i == 0));
    return one_or_list(w, seq);
}

static struct y_node *wrapped(struct yaml *w, const char *key, struct y_node *value)
{
    struct y_node *map = y_map(w->g);
    y_put_key(w->g, map, key, value);
    return map;
}

static struct y_node *rule(struct yaml *w, const struct g_rule *r)
{
    struct y_node *map = y_map(w->g);
    struct gen *g = w->g;
    y_put_key(g, map, "rule", name(w, r->name));
    map->mergeable = true;
    if (r->description) y_put_key(g, map, "description", y_scalar(g, S_TEXT, r->description));
    struct g_cond *said = r->when ? r->when : rng_chance(g, 20) ? match_as_cond(g, w->p, &r->match) : NULL;
    if (said) y_put_key(g, map, "when", cond(w, said));
    if (r->match.count && (r->when || !said)) y_put_key(g, map, "match", match(w, &r->match));
    if (r->active.count) y_put_key(g, map, "active", ranges(w, &r->active));
    if (r->require.count)
        y_put_key(g, map, "require", wrapped(w, "skills", one_or_list(w, name_list(w, &r->require))));
    if (r->set != NOT_SAID) y_put_key(g, map, "set", wrapped(w, "priority", name(w, gen_priorities[r->set])));
    if (r->raise != NOT_SAID)
        y_put_key(g, map, "raise", wrapped(w, "priority", name(w, gen_priorities[r->raise])));
    if (r->add.count) y_put_key(g, map, "add", wrapped(w, "labels", one_or_list(w, name_list(w, &r->add))));
    if (r->cont)
        y_put_key(g, map, "continue", flag(w, true));
    else
        y_put_key(g, map, "to", steps(w, &r->to));
    return map;
}

static struct y_node *rules(struct yaml *w)
{
    struct y_node *seq = y_seq(w->g);
    for (int i = w->part->from[G_RULES]; i < w->part->to[G_RULES]; i++)
        y_add(w->g, seq, rule(w, &w->p->rules.at[i]));
    return seq;
}

/* ---- the whole ---- */

static struct y_node *segments(struct yaml *w, const struct g_attr *a)
{
    bool described = false;
    for (int i = 0; i < a->descriptions.count; i++) described |= *a->descriptions.at[i] != 0;
    if (!described && rng_chance(w->g, 70)) return name_list(w, &a->values);
    struct y_node *map = y_map(w->g);
    for (int i = 0; i < a->values.count; i++)
        y_put(w->g, map, name(w, a->values.at[i]), y_scalar(w->g, S_TEXT, a->descriptions.at[i]));
    return map;
}

static struct y_node *fields(struct yaml *w)
{
    static const char *const types[] = {
        [T_TEXT] = "text", [T_NUMBER] = "number", [T_BOOL] = "bool", [T_SET] = "set"};
    struct y_node *map = y_map(w->g);
    for (int i = w->part->from[G_FIELDS]; i < w->part->to[G_FIELDS]; i++) {
        const struct g_attr *a = &w->p->attrs.at[i];
        y_put(w->g, map, name(w, a->name),
              a->type == T_LISTED ? name_list(w, &a->values) : y_scalar(w->g, S_NAME, types[a->type]));
    }
    return map;
}

static struct y_node *promises(struct yaml *w)
{
    struct y_node *seq = y_seq(w->g);
    for (int i = w->part->from[G_PROMISES]; i < w->part->to[G_PROMISES]; i++) {
        struct out o = {.g = w->g};
        write_promise(&o, w->g, w->p, i);
        y_add(w->g, seq, y_scalar(w->g, S_COND, sb_text(&o)));
    }
    return seq;
}

static void put_once(struct yaml *w, struct y_node *root)
{
    const struct g_policy *p = w->p;
    struct gen *g = w->g;
    if (p->name) y_put_key(g, root, "name", name(w, p->name));
    if (p->zone) y_put_key(g, root, "timezone", y_scalar(g, S_NAME, p->zone));
    if (p->channels_said) y_put_key(g, root, "channels", name_list(w, &p->attrs.at[A_CHANNEL].values));
    if (p->attrs.at[A_LABELS].closed)
        y_put_key(g, root, "labels", name_list(w, &p->attrs.at[A_LABELS].values));
    if (p->attrs.at[A_SEGMENTS].closed) y_put_key(g, root, "segments", segments(w, &p->attrs.at[A_SEGMENTS]));
    if (p->has_otherwise) y_put_key(g, root, "otherwise", steps(w, &p->otherwise));
    if (p->presence != NOT_SAID)
        y_put_key(g, root, "presence", y_scalar(g, S_NAME, p->presence ? "day" : "signout"));
    if (p->auto_assign != NOT_SAID)
        y_put_key(g, root, "auto_assign", y_scalar(g, S_LITERAL, p->auto_assign ? "off" : "on"));
    if (p->assign_on_reply != NOT_SAID)
        y_put_key(g, root, "assign_on_reply", y_scalar(g, S_LITERAL, p->assign_on_reply ? "on" : "off"));
}

static struct y_node *whole(struct yaml *w)
{
    static struct y_node *(*const sections[])(struct yaml * w) = {fields, all_hours, agents,
                                                                  teams,  rules,     promises};
    static const char *const keys[] = {"fields", "hours", "agents", "teams", "rules", "promises"};
    struct y_node *root = y_map(w->g);
    y_put_key(w->g, root, "shunt", number(w, 1));
    if (w->part->include) y_put_key(w->g, root, "include", y_scalar(w->g, S_NAME, w->part->include));
    if (w->part->root) put_once(w, root);
    for (int i = 0; i < G_KINDS; i++)
        if (w->part->from[i] < w->part->to[i]) y_put_key(w->g, root, keys[i], sections[i](w));
    return root;
}

/* Keys whose order says nothing, in another order. */
static void mix_keys(struct gen *g, struct y_node *n, int from)
{
    for (int i = n->keys.count - 1; i > from; i--) {
        int j = from + rng_below(g, i + 1 - from);
        struct y_node *key = n->keys.at[i], *kid = n->kids.at[i];
        n->keys.at[i] = n->keys.at[j], n->kids.at[i] = n->kids.at[j];
        n->keys.at[j] = key, n->kids.at[j] = kid;
    }
}

static void mix_all(struct gen *g, struct y_node *n)
{
    if (n->mergeable && rng_chance(g, 30)) mix_keys(g, n, 0);
    for (int i = 0; i < n->kids.count; i++) mix_all(g, n->kids.at[i]);
}

char *write_yaml(struct gen *g, const struct g_policy *p, const struct g_part *part, bool plain)
{
    struct yaml w = {g, p, part};
    struct out o = {.g = g};
    struct y_node *root = whole(&w);
    if (!plain) {
        if (!part->include && rng_chance(g, 30)) mix_keys(g, root, rng_chance(g, 50));
        mix_all(g, root);
        if (rng_chance(g, 30)) y_share(g, root);
    }
    y_print(&o, g, root, plain);
    return sb_text(&o);
}
