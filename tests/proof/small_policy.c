/*
 * A small policy at random, valid by construction, with rules that other rules were made to take all from.
 */
#include "small.h"

#include <string.h>

static struct g_attr *add_attr(struct gen *g, struct g_policy *p, const char *name, enum g_type type)
{
    struct g_attr *a = list_push(g, &p->attrs);
    *a = (struct g_attr){.name = name, .type = type};
    return a;
}

/* Some of them, in order but now and then. */
static void some(struct gen *g, strings *out, const char *const *names, int least, int most)
{
    int count = rng_between(g, least, most), order[8];
    for (int i = 0; i < most; i++) order[i] = i;
    if (rng_chance(g, 15)) rng_shuffle(g, order, most, sizeof *order);
    for (int i = 0; i < count; i++) *list_push(g, out) = names[order[i]];
}

static void add_builtin(struct gen *g, struct g_policy *p)
{
    static const char *const channels[] = {"email", "phone", "chat"};
    static const char *const labels[] = {"refund", "bug", "spam"}, *const segments[] = {"vip", "old"};
    p->channels_said = true;
    some(g, &add_attr(g, p, "channel", T_CHANNEL)->values, channels, 1, 3);
    struct g_attr *a = add_attr(g, p, "labels", T_SET);
    some(g, &a->values, labels, 2, 3);
    a->closed = rng_chance(g, 50);
    a = add_attr(g, p, "segments", T_SET);
    some(g, &a->values, segments, 0, 2);
    a->closed = rng_chance(g, 50);
    for (int i = 0; i < a->values.count; i++) *list_push(g, &a->descriptions) = "";
    a = add_attr(g, p, "priority", T_PRIORITY);
    for (int i = 0; i < 4; i++) *list_push(g, &a->values) = gen_priorities[i];
    add_attr(g, p, "subject", T_TEXT);
    add_attr(g, p, "body", T_TEXT);
    add_attr(g, p, "customer", T_TEXT);
}

static void add_fields(struct gen *g, struct g_policy *p)
{
    static const char *const names[] = {"plan", "total", "tongue", "staff", "likes"};
    static const enum g_type types[] = {T_LISTED, T_NUMBER, T_TEXT, T_BOOL, T_SET};
    static const char *const plans[] = {"free", "pro", "gold"}, *const likes[] = {"tea", "milk"};
    for (int i = 0; i < 5; i++) {
        if (rng_chance(g, 30)) continue;
        enum g_type type = rng_chance(g, 97) ? types[i] : rng_pick(g, types);
        bool is_string = type == T_LISTED || type == T_TEXT;
        if (is_string && rng_chance(g, 15)) type = type == T_TEXT ? T_LISTED : T_TEXT;
        struct g_attr *a = add_attr(g, p, names[i], type);
        if (type == T_LISTED) some(g, &a->values, plans, 1, 3);
        if (type == T_SET) some(g, &a->values, likes, 1, 2);
    }
}

static void add_people(struct gen *g, struct g_policy *p)
{
    static const char *const agents[] = {"anna", "bo"}, *const teams[] = {"money", "help", "tech"};
    *list_push(g, &p->skills) = "swedish";
    *list_push(g, &p->skills) = "refunds";
    for (int i = 0; i < 2; i++) {
        struct g_agent a = {.id = agents[i], .role = NOT_SAID, .weight = NOT_SAID, .hours = NOT_SAID};
        a.skills = p->skills;
        *list_push(g, &p->agents) = a;
    }
    for (int i = 0, count = rng_between(g, 2, 3); i < count; i++)
        *list_push(g, &p->teams) = (struct g_team){.id = teams[i], .agents_all = true};
    if (rng_chance(g, 20)) rng_shuffle(g, p->teams.at, p->teams.count, sizeof *p->teams.at);
}

/* ---- rules ---- */

static struct g_step draw_target(struct gen *g, const struct g_policy *p)
{
    struct g_step s = {.kind = rng_chance(g, 85)   ? TO_TEAM
                               : rng_chance(g, 60) ? TO_AGENT
                                                   : TO_NOBODY,
                       .of_hours = NOT_SAID};
    if (s.kind != TO_NOBODY) s.target = rng_below(g, s.kind == TO_TEAM ? p->teams.count : p->agents.count);
    return s;
}

static void small_steps(struct gen *g, const struct g_policy *p, g_steps *out)
{
    static const int seconds[] = {0, 900, 3600, 7200};
    *list_push(g, out) = draw_target(g, p);
    if (!rng_chance(g, 15)) return;
    struct g_step s = draw_target(g, p);
    s.after_sec = rng_pick(g, seconds);
    if (p->hours.count && rng_chance(g, 50))
        s.of_hours = rng_chance(g, 80) ? rng_below(g, p->hours.count) : ALWAYS;
    *list_push(g, out) = s;
}

static void draw_effects(struct gen *g, const struct g_policy *p, struct g_rule *r, int often)
{
    r->set = rng_chance(g, often) ? rng_below(g, 4) : NOT_SAID;
    r->raise = rng_chance(g, often) ? rng_below(g, 4) : NOT_SAID;
    if (rng_chance(g, often)) some(g, &r->add, p->attrs.at[A_LABELS].values.at, 1, 2);
    if (rng_chance(g, often)) some(g, &r->require, p->skills.at, 1, 2);
}

static struct g_cond *earlier(struct gen *g, const struct g_policy *p)
{
    for (int tries = 0; tries < 5; tries++) {
        struct g_cond *c = p->rules.count ? p->rules.at[rng_below(g, p->rules.count)].when : NULL;
        if (c) return c;
    }
    return NULL;
}

/* A condition that earlier rules may have taken all from: what is in one of them, or in the union of two;
 * what is left where two of them have halved the tickets. */
static struct g_cond *planted(struct gen *g, const struct g_policy *p, const struct small_scope *s)
{
    struct g_cond *a = earlier(g, p), *b = earlier(g, p), *c = small_test(g, p, s);
    if (!a || !b) return c;
    switch (rng_below(g, 5)) {
    case 0: return small_join(g, C_AND, a, c);
    case 1: return small_join(g, C_OR, a, b);
    case 2: return small_join(g, C_AND, c, small_join(g, C_OR, a, b));
    case 3: return small_not(g, a);
    default: return small_join(g, C_AND, small_not(g, a), c);
    }
}

static struct g_cond *draw_when(struct gen *g, const struct g_policy *p, const struct small_scope *s)
{
    struct g_cond *c = gen_alloc(g, sizeof *c);
    c->kind = C_TRUE;
    int x = rng_below(g, 100);
    return x < 3    ? c
           : x < 28 ? planted(g, p, s)
                    : small_cond(g, p, s, rng_chance(g, 4) ? 4 : rng_below(g, 3));
}

static void draw_rule(struct gen *g, struct g_policy *p, const struct small_scope *s)
{
    struct g_rule r = {.name = gen_format(g, "r%d", p->rules.count), .set = NOT_SAID, .raise = NOT_SAID};
    int kind = rng_below(g, 100);
    if (kind < 85) r.when = draw_when(g, p, s);
    if (kind >= 75) small_match(g, p, s, &r.match);
    if (p->zone && rng_chance(g, 12)) small_active(g, &r.active);
    r.cont = rng_chance(g, 22);
    draw_effects(g, p, &r, r.cont ? 50 : 12);
    if (!r.cont) small_steps(g, p, &r.to);
    *list_push(g, &p->rules) = r;
}

static void draw_takes(struct gen *g, struct g_policy *p, const struct small_scope *s)
{
    for (int i = 0; i < p->teams.count; i++) {
        for (int k = rng_chance(g, 25) ? rng_between(g, 1, 2) : 0; k > 0; k--) {
            g_match m = {0};
            small_match(g, p, s, &m);
            *list_push(g, &p->teams.at[i].takes) = m;
        }
    }
}

/* ---- promises ---- */

static void draw_outcome(struct gen *g, const struct g_policy *p, struct g_outcome *o)
{
    static const enum g_op cmps[] = {OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE, OP_IN, OP_NOT_IN};
    int count[] = {p->teams.count, p->teams.count, p->teams.count, p->agents.count, 1, p->rules.count, 4};
    do o->kind = (unsigned)rng_below(g, 7);
    while (count[o->kind] == 0);
    o->cmp = rng_pick(g, cmps);
    if (o->kind == O_NOBODY) return;
    bool many = o->kind == O_TEAM_IN || (o->kind == O_PRIORITY && o->cmp >= OP_IN);
    int first = rng_below(g, count[o->kind]), ids = many ? rng_between(g, 1, count[o->kind]) : 1;
    for (int i = 0; i < ids; i++) *list_push(g, &o->ids) = (first + i) % count[o->kind];
}

/* What a rule makes of the priority. */
static bool as_a_rule_does(struct gen *g, const struct g_policy *p, struct g_promise *q)
{
    if (!p->rules.count) return false;
    const struct g_rule *r = &p->rules.at[rng_below(g, p->rules.count)];
    int level = r->raise != NOT_SAID ? r->raise : r->set;
    if (!r->when || level == NOT_SAID) return false;
    q->when = r->when;
    struct g_outcome *o = list_push(g, &q->outcomes);
    *o = (struct g_outcome){.kind = O_PRIORITY, .cmp = r->raise != NOT_SAID ? OP_GE : OP_EQ};
    *list_push(g, &o->ids) = level;
    return true;
}

/* What a rule says of itself: mostly it holds, but where earlier rules take something. */
static bool as_a_rule_says(struct gen *g, const struct g_policy *p, struct g_promise *q)
{
    if (!p->rules.count) return false;
    const struct g_rule *r = &p->rules.at[rng_below(g, p->rules.count)];
    if (!r->when || r->cont || r->to.at[0].kind != TO_TEAM) return false;
    q->when = r->when;
    struct g_outcome *o = list_push(g, &q->outcomes);
    o->kind = O_TEAM;
    *list_push(g, &o->ids) = r->to.at[0].target;
    return true;
}

static void draw_promises(struct gen *g, struct g_policy *p, const struct small_scope *s)
{
    for (int i = rng_chance(g, 60) ? rng_between(g, 1, 3) : 0; i > 0; i--) {
        struct g_promise *q = list_push(g, &p->promises);
        if (rng_chance(g, 40) && as_a_rule_says(g, p, q)) continue;
        if (rng_chance(g, 40) && as_a_rule_does(g, p, q)) continue;
        q->when = rng_chance(g, 70) ? small_cond(g, p, s, 1) : planted(g, p, s);
        for (int k = rng_between(g, 1, 2); k > 0; k--) draw_outcome(g, p, list_push(g, &q->outcomes));
    }
}

struct g_policy *small_policy(struct gen *g, uint64_t seed)
{
    struct g_policy *p = gen_alloc(g, sizeof *p);
    struct small_scope s;
    p->seed = seed;
    if (rng_chance(g, 35)) p->zone = rng_chance(g, 80) ? "Europe/Stockholm" : "America/St_Johns";
    add_builtin(g, p);
    add_fields(g, p);
    if (p->zone && rng_chance(g, 85)) small_hours(g, p);
    add_people(g, p);
    small_scope(g, p, &s);
    for (int i = rng_chance(g, 3) ? rng_between(g, 22, 30) : rng_between(g, 1, rng_chance(g, 12) ? 16 : 8);
         i > 0; i--)
        draw_rule(g, p, &s);
    draw_takes(g, p, &s);
    p->has_otherwise = true;
    small_steps(g, p, &p->otherwise);
    p->presence = p->auto_assign = p->assign_on_reply = NOT_SAID;
    draw_promises(g, p, &s);
    return p;
}

const char *small_text(struct gen *g, const struct g_policy *p)
{
    struct gen own = {g->pool, p->seed};
    struct g_part whole = whole_part(p);
    return write_dsl(&own, p, &whole, true);
}
