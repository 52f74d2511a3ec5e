/*
 * A policy at random, valid by construction: what the contract calls an error is not drawn.
 */
#include "gen.h"

#include <string.h>

const char *const gen_priorities[4] = {"low", "normal", "high", "urgent"};
const char *const gen_roles[5] = {"owner", "admin", "manager", "agent", "viewer"};
const char *const gen_strategies[10] = {"round-robin",    "weighted",     "least-busy", "most-busy",
                                        "spare-capacity", "longest-idle", "random",     "ring-all",
                                        "pull",           "manual"};
const char *const gen_rotations[3] = {"team", "channel", "global"};
const char *const gen_days[7] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
enum { AGENT = 3, VIEWER = 4 };

static struct g_attr *add_attr(struct gen *g, struct g_policy *p, const char *name, enum g_type type)
{
    struct g_attr *a = list_push(g, &p->attrs);
    *a = (struct g_attr){.name = name, .type = type};
    return a;
}

static void draw_members(struct gen *g, struct g_attr *a, enum g_kind kind, int least, int most)
{
    for (int i = rng_between(g, least, most); i > 0; i--) draw_name(g, &a->values, kind);
}

static void draw_channels(struct gen *g, struct g_policy *p)
{
    static const char *const usual[] = {"webchat", "email", "sms", "social", "phone"};
    struct g_attr *a = add_attr(g, p, "channel", T_CHANNEL);
    p->channels_said = rng_chance(g, 40);
    if (p->channels_said && rng_chance(g, 70)) {
        draw_members(g, a, K_CHANNEL, 1, 6);
        return;
    }
    for (int i = 0; i < 5; i++) *list_push(g, &a->values) = usual[i];
}

static void draw_builtin(struct gen *g, struct g_policy *p)
{
    draw_channels(g, p);
    struct g_attr *labels = add_attr(g, p, "labels", T_SET);
    labels->closed = rng_chance(g, 50);
    draw_members(g, labels, K_PLAIN, labels->closed && rng_chance(g, 4) ? 0 : 1, 8);
    struct g_attr *segments = add_attr(g, p, "segments", T_SET);
    segments->closed = rng_chance(g, 50);
    draw_members(g, segments, K_PLAIN, segments->closed && rng_chance(g, 4) ? 0 : 1, 6);
    for (int i = 0; i < segments->values.count; i++)
        *list_push(g, &segments->descriptions) = rng_chance(g, 30) ? draw_text(g) : "";
    struct g_attr *priority = add_attr(g, p, "priority", T_PRIORITY);
    for (int i = 0; i < 4; i++) *list_push(g, &priority->values) = gen_priorities[i];
    add_attr(g, p, "subject", T_TEXT);
    add_attr(g, p, "body", T_TEXT);
    add_attr(g, p, "customer", T_TEXT);
}

static void draw_fields(struct gen *g, struct g_policy *p)
{
    static const enum g_type types[] = {T_LISTED, T_LISTED, T_NUMBER, T_TEXT, T_BOOL, T_SET};
    strings names = {0};
    for (int i = rng_below(g, 7); i > 0; i--) {
        const char *name = draw_name(g, &names, K_FIELD);
        struct g_attr *a = add_attr(g, p, name, rng_pick(g, types));
        if (a->type == T_LISTED || a->type == T_SET) draw_members(g, a, K_PLAIN, 1, 5);
    }
}

/* A value for each of some channels, each once; and for the rest. */
static void draw_by_channel(struct gen *g, const struct g_policy *p, struct g_map *m, bool other)
{
    const strings *channels = &p->attrs.at[A_CHANNEL].values;
    for (int i = 0; i < channels->count; i++)
        if (rng_chance(g, 40)) *list_push(g, &m->entries) = (struct g_by_channel){.channel = i};
    if (other || rng_chance(g, 50) || m->entries.count == 0)
        *list_push(g, &m->entries) = (struct g_by_channel){.channel = OTHER};
    m->said = true;
}

static void draw_limits(struct gen *g, const struct g_policy *p, struct g_map *m)
{
    const strings *channels = &p->attrs.at[A_CHANNEL].values;
    for (int i = 0; i < channels->count; i++)
        if (rng_chance(g, 40)) *list_push(g, &m->entries) = (struct g_by_channel){i, rng_below(g, 20)};
    if (rng_chance(g, 40) || m->entries.count == 0)
        *list_push(g, &m->entries) = (struct g_by_channel){TOTAL, rng_below(g, 30)};
    m->said = true;
}

static void draw_rank(struct gen *g, const struct g_policy *p, struct g_map *m)
{
    m->said = m->plain = true;
    m->value = rng_between(g, 1, 100);
    if (rng_chance(g, 60)) return;
    m->plain = false;
    draw_by_channel(g, p, m, false);
    for (int i = 0; i < m->entries.count; i++) m->entries.at[i].value = rng_between(g, 1, 100);
}

static void draw_agent_channels(struct gen *g, const struct g_policy *p, struct g_agent *a)
{
    int count = p->attrs.at[A_CHANNEL].values.count;
    for (int i = 0; i < count; i++)
        if (rng_chance(g, 50)) *list_push(g, &a->channels) = i;
    for (int i = 0; i < count; i++) {
        if (!rng_chance(g, 30)) continue;
        struct g_device *d = list_push(g, &a->devices);
        d->channel = i;
        d->text = draw_text(g);
    }
}

static void draw_agent(struct gen *g, const struct g_policy *p, struct g_agent *a)
{
    a->role = rng_chance(g, 30) ? rng_below(g, 5) : NOT_SAID;
    a->weight = rng_chance(g, 20) ? rng_between(g, 1, 100) : NOT_SAID;
    a->hours = p->hours.count && rng_chance(g, 30) ? rng_below(g, p->hours.count) : NOT_SAID;
    if (rng_chance(g, 50)) return;
    if (rng_chance(g, 50)) a->name = draw_text(g);
    if (rng_chance(g, 50)) draw_rank(g, p, &a->rank);
    if (rng_chance(g, 40)) draw_limits(g, p, &a->limits);
    if (rng_chance(g, 40)) draw_agent_channels(g, p, a);
    if (p->zone && rng_chance(g, 30)) draw_ranges(g, &a->away, 3);
    for (int i = 0; i < p->skills.count; i++)
        if (rng_chance(g, 40)) *list_push(g, &a->skills) = p->skills.at[i];
}

static void draw_agents(struct gen *g, struct g_policy *p)
{
    strings names = {0};
    for (int i = rng_below(g, 4); i > 0; i--) draw_name(g, &p->skills, K_PLAIN);
    for (int i = rng_below(g, 8); i > 0; i--) {
        struct g_agent a = {.id = draw_name(g, &names, K_PLAIN)};
        draw_agent(g, p, &a);
        *list_push(g, &p->agents) = a;
    }
}

static void draw_assign(struct gen *g, const struct g_policy *p, struct g_map *m)
{
    if (rng_chance(g, 40)) return;
    m->said = m->plain = true;
    m->value = rng_below(g, 10);
    if (rng_chance(g, 60)) return;
    m->plain = false;
    draw_by_channel(g, p, m, true);
    for (int i = 0; i < m->entries.count; i++) m->entries.at[i].value = rng_below(g, 10);
}

static int any_hours(struct gen *g, const struct g_policy *p)
{
    return p->hours.count && rng_chance(g, 85) ? rng_below(g, p->hours.count) : ALWAYS;
}

static void draw_team_hours(struct gen *g, const struct g_policy *p, struct g_map *m)
{
    if (rng_chance(g, 50)) return;
    m->said = m->plain = true;
    m->value = any_hours(g, p);
    if (rng_chance(g, 60)) return;
    m->plain = false;
    draw_by_channel(g, p, m, false);
    for (int i = 0; i < m->entries.count; i++) m->entries.at[i].value = any_hours(g, p);
}

static int any_after_hours(struct gen *g, const struct g_policy *p, int self)
{
    int to = rng_below(g, p->teams.count);
    return rng_chance(g, 50) || to == self ? (rng_chance(g, 50) ? HOLD : LEAVE) : to;
}

static void draw_after_hours(struct gen *g, const struct g_policy *p, struct g_map *m, int self)
{
    if (rng_chance(g, 60)) return;
    m->said = m->plain = true;
    m->value = any_after_hours(g, p, self);
    if (rng_chance(g, 60)) return;
    m->plain = false;
    draw_by_channel(g, p, m, false);
    for (int i = 0; i < m->entries.count; i++) m->entries.at[i].value = any_after_hours(g, p, self);
}

static void draw_team(struct gen *g, const struct g_policy *p, struct g_team *t, int self)
{
    if (rng_chance(g, 40)) t->description = draw_text(g);
    t->agents_all = rng_chance(g, 20);
    for (int i = 0; i < p->agents.count && !t->agents_all; i++)
        if (p->agents.at[i].role != VIEWER && rng_chance(g, 50)) *list_push(g, &t->agents) = i;
    rng_shuffle(g, t->agents.at, t->agents.count, sizeof *t->agents.at);
    for (int i = rng_chance(g, 30) ? rng_between(g, 1, 3) : 0; i > 0; i--) {
        g_match m = {0};
        draw_match(g, p, &m);
        *list_push(g, &t->takes) = m;
    }
    draw_assign(g, p, &t->assign);
    draw_team_hours(g, p, &t->hours);
    draw_after_hours(g, p, &t->after_hours, self);
    t->rotation = rng_chance(g, 30) ? rng_below(g, 3) : 0;
    t->backlog_leave = rng_chance(g, 15);
    t->sticky = rng_chance(g, 15);
    t->members_only = rng_chance(g, 15);
    t->on_shift = rng_chance(g, 15);
}

static void draw_teams(struct gen *g, struct g_policy *p)
{
    strings names = {0};
    for (int i = rng_chance(g, 95) ? rng_between(g, 1, 6) : 0; i > 0; i--)
        *list_push(g, &p->teams) = (struct g_team){.id = draw_name(g, &names, K_TEAM)};
    for (int i = 0; i < p->teams.count; i++) draw_team(g, p, &p->teams.at[i], i);
}

static void draw_outcome(struct gen *g, const struct g_policy *p, struct g_outcome *o)
{
    static const enum g_op cmps[] = {OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE, OP_IN, OP_NOT_IN};
    int count[] = {p->teams.count, p->teams.count, p->teams.count, p->agents.count, 1, p->rules.count, 4};
    do o->kind = (unsigned)rng_below(g, 7);
    while (count[o->kind] == 0);
    if (o->kind == O_NOBODY) return;
    o->cmp = rng_pick(g, cmps);
    bool many = o->kind == O_TEAM_IN || (o->kind == O_PRIORITY && o->cmp >= OP_IN);
    int first = rng_below(g, count[o->kind]);
    for (int i = 0; i < (many ? rng_between(g, 1, count[o->kind]) : 1); i++)
        *list_push(g, &o->ids) = (first + i) % count[o->kind];
}

/* Promises that hold because no ticket meets their condition: what they say is read and kept all the same. */
static void draw_promises(struct gen *g, struct g_policy *p)
{
    for (int i = rng_chance(g, 25) ? rng_between(g, 1, 3) : 0; i > 0; i--) {
        struct g_promise *q = list_push(g, &p->promises);
        struct g_cond *never = gen_alloc(g, sizeof *never), *both = gen_alloc(g, sizeof *both);
        never->kind = C_FALSE;
        both->kind = C_AND;
        *list_push(g, &both->kids) = draw_cond(g, p, 2);
        *list_push(g, &both->kids) = never;
        q->when = both;
        for (int k = rng_between(g, 1, 3); k > 0; k--) draw_outcome(g, p, list_push(g, &q->outcomes));
    }
}

struct g_policy *gen_policy(struct gen *g, uint64_t seed)
{
    strings names = {0};
    struct g_policy *p = gen_alloc(g, sizeof *p);
    p->seed = seed;
    if (rng_chance(g, 60)) p->name = draw_name(g, &names, K_PLAIN);
    if (rng_chance(g, 85)) p->zone = gen_zones[rng_below(g, gen_zone_count)];
    draw_builtin(g, p);
    draw_fields(g, p);
    draw_hours(g, p);
    draw_agents(g, p);
    draw_teams(g, p);
    draw_rules(g, p);
    p->has_otherwise = p->teams.count || rng_chance(g, 50);
    if (p->has_otherwise) draw_steps(g, p, &p->otherwise);
    p->presence = rng_chance(g, 30) ? (p->zone ? rng_below(g, 2) : 0) : NOT_SAID;
    p->auto_assign = rng_chance(g, 30) ? rng_below(g, 2) : NOT_SAID;
    p->assign_on_reply = rng_chance(g, 30) ? rng_below(g, 2) : NOT_SAID;
    draw_promises(g, p);
    return p;
}

struct g_part whole_part(const struct g_policy *p)
{
    return (struct g_part){.root = true,
                           .from = {[G_FIELDS] = A_FIELD0},
                           .to = {p->attrs.count, p->hours.count, p->agents.count, p->teams.count,
                                  p->rules.count, p->promises.count}};
}

void split_parts(struct gen *g, const struct g_policy *p, const char *name, struct g_part *root,
                 struct g_part *included)
{
    *root = *included = whole_part(p);
    included->root = false;
    root->include = name;
    for (int i = 0; i < G_KINDS; i++)
        root->from[i] = included->to[i] = rng_between(g, root->from[i], root->to[i]);
}

/* As another editor saves it: with a byte order mark, with lines that end in CR LF. */
static char *saved_otherwise(struct gen *g, char *text, bool mark, bool crlf)
{
    struct out o = {.g = g};
    if (mark) sb_puts(&o, "\xEF\xBB\xBF");
    for (const char *s = text; *s; s++) {
        if (*s == '\n' && crlf) sb_putc(&o, '\r');
        sb_putc(&o, *s);
    }
    return sb_text(&o);
}

/* Streams of their own, so that a change in one writer does not change what is drawn elsewhere. */
void draw_init(struct draw *d, struct gen_pool *pool, uint64_t seed)
{
    struct gen drawing = {pool, seed * 8};
    rng_next(&drawing);
    draw_init_with(d, pool, seed, gen_policy(&drawing, seed));
}

void draw_init_with(struct draw *d, struct gen_pool *pool, uint64_t seed, struct g_policy *p)
{
    struct gen yaml = {pool, seed * 8 + 1}, dsl = {pool, seed * 8 + 2};
    d->policy = p;
    struct g_part whole = whole_part(d->policy);
    d->yaml = write_yaml(&yaml, d->policy, &whole, seed % 10 == 0);
    d->dsl = write_dsl(&dsl, d->policy, &whole, seed % 10 == 0);
    d->yaml = saved_otherwise(&yaml, d->yaml, seed % 29 == 0, seed % 23 == 0);
    d->dsl = saved_otherwise(&dsl, d->dsl, seed % 31 == 0, seed % 19 == 0);
    d->tickets = (struct gen){pool, seed * 8 + 3};
    d->spelling = (struct gen){pool, seed * 8 + 4};
    d->before = NULL;
}

const struct g_ticket *draw_ticket(struct draw *d, int n)
{
    return d->before = gen_ticket(&d->tickets, d->policy, d->before, n);
}
