/*
 * Conditions, matches, steps and rules at random: every test for every type that it is for, and any nesting.
 */
#include "gen.h"

double draw_number(struct gen *g)
{
    static const double odd[] = {0,
                                 -0.0,
                                 1,
                                 100,
                                 99.99,
                                 -1,
                                 0.1,
                                 1e21,
                                 4294967296.0,
                                 9007199254740993.0,
                                 1e-7,
                                 1e300,
                                 250,
                                 0.30000000000000004,
                                 1.7976931348623157e308,
                                 5e-324,
                                 18446744073709551615.0};
    return rng_chance(g, 60) ? rng_pick(g, odd) : (double)rng_between(g, -5, 200);
}

static bool said_already(const g_values *values, const struct g_value *v)
{
    for (int i = 0; i < values->count; i++) {
        const struct g_value *w = &values->at[i];
        if (v->kind == V_NUMBER ? v->number == w->number
            : v->kind == V_BOOL ? v->flag == w->flag
                                : v->s == w->s)
            return true;
    }
    return false;
}

static struct g_value draw_value(struct gen *g, const struct g_attr *a)
{
    switch (a->type) {
    case T_NUMBER: return (struct g_value){.kind = V_NUMBER, .number = draw_number(g)};
    case T_TEXT: return (struct g_value){.kind = V_TEXT, .s = draw_pattern(g)};
    case T_BOOL: return (struct g_value){.kind = V_BOOL, .flag = rng_chance(g, 50)};
    default: return (struct g_value){.kind = V_NAME, .s = a->values.at[rng_below(g, a->values.count)]};
    }
}

static void draw_values(struct gen *g, const struct g_attr *a, int most, g_values *out)
{
    for (int i = rng_between(g, 1, most); i > 0; i--) {
        struct g_value v = draw_value(g, a);
        if (!said_already(out, &v)) *list_push(g, out) = v;
    }
}

static enum g_op draw_op(struct gen *g, enum g_type type)
{
    static const enum g_op set[] = {OP_HAS, OP_HAS, OP_HAS_ANY, OP_HAS_ALL, OP_HAS_NONE, OP_EXISTS};
    static const enum g_op name[] = {OP_EQ, OP_EQ, OP_NE, OP_IN, OP_NOT_IN, OP_EXISTS};
    static const enum g_op ordered[] = {OP_EQ, OP_NE, OP_LT,     OP_LE,    OP_GT,
                                        OP_GE, OP_IN, OP_NOT_IN, OP_EXISTS};
    static const enum g_op text[] = {OP_EQ,       OP_NE,       OP_IN,           OP_NOT_IN, OP_CONTAINS,
                                     OP_CONTAINS, OP_CONTAINS, OP_NOT_CONTAINS, OP_STARTS, OP_NOT_STARTS,
                                     OP_ENDS,     OP_NOT_ENDS, OP_EXISTS};
    static const enum g_op flag[] = {OP_BOOL, OP_BOOL, OP_EXISTS};
    switch (type) {
    case T_SET: return rng_pick(g, set);
    case T_CHANNEL: return rng_pick(g, name);
    case T_TEXT: return rng_pick(g, text);
    case T_BOOL: return rng_pick(g, flag);
    default: return rng_pick(g, ordered);
    }
}

/* How many values an operator takes at the most; 0: none. */
static int values_of(enum g_op op)
{
    switch (op) {
    case OP_EXISTS:
    case OP_BOOL:
    case OP_DURING:
    case OP_OUTSIDE: return 0;
    case OP_HAS_ANY:
    case OP_HAS_ALL:
    case OP_HAS_NONE:
    case OP_IN:
    case OP_NOT_IN: return 4;
    case OP_CONTAINS:
    case OP_NOT_CONTAINS:
    case OP_STARTS:
    case OP_NOT_STARTS:
    case OP_ENDS:
    case OP_NOT_ENDS: return 3;
    default: return 1;
    }
}

static struct g_cond *draw_test(struct gen *g, const struct g_policy *p)
{
    struct g_cond *c = gen_alloc(g, sizeof *c);
    c->kind = C_TEST;
    if (rng_chance(g, p->hours.count ? 12 : 1)) {
        c->op = rng_chance(g, 60) ? OP_DURING : OP_OUTSIDE;
        c->hours = p->hours.count && rng_chance(g, 95) ? rng_below(g, p->hours.count) : ALWAYS;
        return c;
    }
    do c->attr = rng_chance(g, 40) ? rng_between(g, A_CHANNEL, A_SEGMENTS) : rng_below(g, p->attrs.count);
    while (p->attrs.at[c->attr].type == T_SET && p->attrs.at[c->attr].values.count == 0);
    const struct g_attr *a = &p->attrs.at[c->attr];
    c->op = draw_op(g, a->type);
    if (values_of(c->op)) draw_values(g, a, values_of(c->op), &c->values);
    return c;
}

struct g_cond *draw_cond(struct gen *g, const struct g_policy *p, int depth)
{
    int x = rng_below(g, 100);
    if (depth == 0 || x < 45) return rng_chance(g, 97) ? draw_test(g, p) : draw_cond(g, p, 1);
    struct g_cond *c = gen_alloc(g, sizeof *c);
    c->kind = x < 47 ? (rng_chance(g, 50) ? C_TRUE : C_FALSE) : x < 57 ? C_NOT : x < 83 ? C_AND : C_OR;
    int kids = c->kind == C_NOT ? 1 : c->kind == C_AND || c->kind == C_OR ? rng_between(g, 2, 4) : 0;
    for (int i = 0; i < kids; i++) *list_push(g, &c->kids) = draw_cond(g, p, depth - 1);
    return c;
}

void draw_match(struct gen *g, const struct g_policy *p, g_match *out)
{
    bool used[64] = {0};
    for (int i = rng_between(g, 1, 3); i > 0; i--) {
        int attr = rng_chance(g, 60) ? rng_between(g, A_CHANNEL, A_SEGMENTS) : rng_below(g, p->attrs.count);
        const struct g_attr *a = &p->attrs.at[attr];
        if (used[attr] || (a->type == T_SET && a->values.count == 0)) continue;
        used[attr] = true;
        struct g_match_test *t = list_push(g, out);
        t->attr = attr;
        draw_values(g, a, 3, &t->values);
    }
    if (out->count == 0) {
        struct g_match_test *t = list_push(g, out);
        t->attr = A_CHANNEL;
        draw_values(g, &p->attrs.at[A_CHANNEL], 3, &t->values);
    }
}

static struct g_cond *match_test_as_cond(struct gen *g, const struct g_attr *a, const struct g_match_test *t)
{
    static const enum g_op ops[] = {
        [T_SET] = OP_HAS_ANY, [T_BOOL] = OP_BOOL, [T_CHANNEL] = OP_IN, [T_PRIORITY] = OP_IN,
        [T_TEXT] = OP_IN,     [T_LISTED] = OP_IN, [T_NUMBER] = OP_IN};
    struct g_cond *c = gen_alloc(g, sizeof *c), *not = gen_alloc(g, sizeof *not );
    c->kind = C_TEST;
    c->attr = t->attr;
    c->op = ops[a->type];
    if (a->type != T_BOOL) c->values = t->values;
    if (a->type != T_BOOL || t->values.at[0].flag) return c;
    not ->kind = C_NOT;
    *list_push(g, &not ->kids) = c;
    return not ;
}

struct g_cond *match_as_cond(struct gen *g, const struct g_policy *p, const g_match *m)
{
    struct g_cond *all = gen_alloc(g, sizeof *all);
    all->kind = C_AND;
    for (int i = 0; i < m->count; i++) {
        const struct g_attr *a = &p->attrs.at[m->at[i].attr];
        if (a->type == T_BOOL && m->at[i].values.count > 1) return NULL;
        *list_push(g, &all->kids) = match_test_as_cond(g, a, &m->at[i]);
    }
    return m->count == 0 ? NULL : m->count == 1 ? all->kids.at[0] : all;
}

static struct g_step draw_target(struct gen *g, const struct g_policy *p)
{
    struct g_step s = {.kind = TO_NOBODY, .of_hours = NOT_SAID};
    if (p->teams.count && rng_chance(g, 85)) {
        s.kind = TO_TEAM;
        s.target = rng_below(g, p->teams.count);
    } else if (p->agents.count && rng_chance(g, 70)) {
        s.kind = TO_AGENT;
        s.target = rng_below(g, p->agents.count);
        if (p->agents.at[s.target].role == 4) s.kind = TO_NOBODY; /* a viewer cannot be given a ticket */
    }
    return s;
}

void draw_steps(struct gen *g, const struct g_policy *p, g_steps *out)
{
    int count = rng_chance(g, 70) ? 1 : rng_between(g, 2, 4), sec = 0;
    for (int i = 0; i < count; i++) {
        struct g_step s = draw_target(g, p);
        if (i > 0) {
            if (p->hours.count && rng_chance(g, 40))
                s.of_hours = rng_chance(g, 92) ? rng_below(g, p->hours.count) : ALWAYS;
            int more = rng_chance(g, 15)   ? 0
                       : rng_chance(g, 50) ? 900 * rng_between(g, 1, 40)
                                           : rng_below(g, 200000);
            s.after_sec = s.of_hours == NOT_SAID ? (sec += more) : more;
        }
        *list_push(g, out) = s;
    }
}

static void draw_some(struct gen *g, const strings *from, int most, strings *out)
{
    for (int i = from->count ? rng_between(g, 1, most) : 0; i > 0; i--) {
        const char *s = from->at[rng_below(g, from->count)];
        bool there = false;
        for (int k = 0; k < out->count; k++) there |= out->at[k] == s;
        if (!there) *list_push(g, out) = s;
    }
}

static void draw_rule(struct gen *g, const struct g_policy *p, struct g_rule *r)
{
    int kind = rng_below(g, 100);
    if (kind < 70) r->when = draw_cond(g, p, rng_between(g, 0, rng_chance(g, 5) ? 6 : 3));
    if (kind >= 60) draw_match(g, p, &r->match);
    if (rng_chance(g, 30)) r->description = draw_text(g);
    if (p->zone && rng_chance(g, 15)) draw_ranges(g, &r->active, 3);
    r->set = rng_chance(g, 20) ? rng_below(g, 4) : NOT_SAID;
    r->raise = rng_chance(g, 20) ? rng_below(g, 4) : NOT_SAID;
    if (rng_chance(g, 25)) draw_some(g, &p->attrs.at[A_LABELS].values, 3, &r->add);
    if (rng_chance(g, 20)) draw_some(g, &p->skills, 2, &r->require);
    r->cont = rng_chance(g, 30);
    if (!r->cont) draw_steps(g, p, &r->to);
}

/* Every rule goes on and leaves a label of its own: what each condition says of each ticket shows. */
static void make_probe(struct gen *g, struct g_policy *p, struct g_rule *r)
{
    r->cont = true;
    r->to.count = 0;
    r->add.count = 0;
    *list_push(g, &r->add) = draw_name(g, &p->attrs.at[A_LABELS].values, K_PLAIN);
}

/* A last rule that asks for so many things that entries stand in buckets (TABLE-FORMAT 8), however small the
 * rest. */
static void draw_wide(struct gen *g, struct g_policy *p, strings *names)
{
    struct g_cond *c = gen_alloc(g, sizeof *c);
    struct g_rule r = {.name = draw_name(g, names, K_RULE), .when = c, .set = NOT_SAID, .raise = NOT_SAID};
    *c = (struct g_cond){.kind = C_TEST, .attr = A_SUBJECT, .op = OP_CONTAINS};
    for (int i = 0; i < 33; i++)
        *list_push(g, &c->values) = (struct g_value){.kind = V_TEXT, .s = gen_format(g, "wide %d.", i)};
    draw_steps(g, p, &r.to);
    *list_push(g, &p->rules) = r;
}

void draw_rules(struct gen *g, struct g_policy *p)
{
    strings names = {0};
    bool probes = rng_chance(g, 30);
    for (int i = rng_chance(g, 10) ? rng_between(g, 20, 80) : rng_below(g, 12); i > 0; i--) {
        struct g_rule r = {.name = draw_name(g, &names, K_RULE)};
        draw_rule(g, p, &r);
        if (probes) make_probe(g, p, &r);
        *list_push(g, &p->rules) = r;
    }
    if (rng_chance(g, 40)) draw_wide(g, p, &names);
}
