/*
 * Random edits of a policy: what somebody changes between two versions of it.
 */
#include "small.h"

static struct g_rule *some_rule(struct gen *g, struct g_policy *p)
{
    return p->rules.count ? &p->rules.at[rng_below(g, p->rules.count)] : NULL;
}

/* A place in a condition at random: what stands there can be replaced. */
static struct g_cond **some_place(struct gen *g, struct g_cond **at)
{
    while ((*at)->kids.count && rng_chance(g, 70)) at = &(*at)->kids.at[rng_below(g, (*at)->kids.count)];
    return at;
}

/* The condition, copied, so that other rules that share parts of it stay as they are. */
static struct g_cond *copy(struct gen *g, const struct g_cond *c)
{
    struct g_cond *to = gen_alloc(g, sizeof *to);
    *to = *c;
    to->kids.at = NULL;
    to->kids.count = to->kids.cap = 0;
    for (int i = 0; i < c->kids.count; i++) *list_push(g, &to->kids) = copy(g, c->kids.at[i]);
    return to;
}

static const char *edit_condition(struct gen *g, struct g_policy *p, const struct small_scope *s)
{
    struct g_rule *r = some_rule(g, p);
    if (!r || !r->when) return NULL;
    r->when = copy(g, r->when);
    struct g_cond **at = some_place(g, &r->when), *c = *at;
    switch (rng_below(g, 5)) {
    case 0: *at = small_not(g, c); return "a part negated";
    case 1: *at = small_test(g, p, s); return "a part is another test";
    case 2:
        if (!c->kids.count) return NULL;
        *at = c->kids.at[rng_below(g, c->kids.count)];
        return "a part left alone";
    case 3:
        *at = small_join(g, rng_chance(g, 50) ? C_AND : C_OR, c, small_test(g, p, s));
        return "a test more";
    default:
        if (c->kind != C_AND && c->kind != C_OR) return NULL;
        c->kind = c->kind == C_AND ? C_OR : C_AND;
        return "and for or";
    }
}

/* The same, said otherwise. */
static const char *edit_spelling(struct gen *g, struct g_policy *p, const struct small_scope *s)
{
    struct g_rule *r = some_rule(g, p);
    if (!r || !r->when) return NULL;
    r->when = copy(g, r->when);
    struct g_cond **at = some_place(g, &r->when), *c = *at, *t = small_test(g, p, s);
    switch (rng_below(g, 4)) {
    case 0: *at = small_not(g, small_not(g, c)); return "not not";
    case 1:
        *at = small_join(g, C_OR, small_join(g, C_AND, c, t), small_join(g, C_AND, small_not(g, t), c));
        return "two cases for one";
    case 2: *at = small_join(g, C_AND, small_join(g, C_OR, t, c), c); return "a part more, for nothing";
    default:
        if (c->kind != C_AND && c->kind != C_OR) return NULL;
        for (int i = 0; i < c->kids.count; i++) c->kids.at[i] = small_not(g, c->kids.at[i]);
        c->kind = c->kind == C_AND ? C_OR : C_AND;
        *at = small_not(g, c);
        return "De Morgan's other form";
    }
}

static void insert_rule(struct gen *g, struct g_policy *p, int at, struct g_rule r)
{
    (void)list_push(g, &p->rules);
    for (int k = p->rules.count - 1; k > at; k--) p->rules.at[k] = p->rules.at[k - 1];
    p->rules.at[at] = r;
    p->promises.count = 0; /* they name rules by number */
}

static struct g_rule take_rule(struct g_policy *p, int at)
{
    struct g_rule r = p->rules.at[at];
    for (int k = at; k + 1 < p->rules.count; k++) p->rules.at[k] = p->rules.at[k + 1];
    p->rules.count--;
    p->promises.count = 0;
    return r;
}

/* One rule as two, of which the first takes some of its tickets; or twice, or at another place. */
static const char *edit_rules(struct gen *g, struct g_policy *p, const struct small_scope *s)
{
    if (p->rules.count < 2 || p->rules.count > 40) return NULL;
    int at = rng_below(g, p->rules.count), to = rng_below(g, p->rules.count);
    struct g_rule r = p->rules.at[at];
    if (rng_chance(g, 40)) {
        insert_rule(g, p, to, take_rule(p, at));
        return "a rule elsewhere";
    }
    r.name = gen_format(g, "more%d", p->rules.count);
    if (rng_chance(g, 50) && r.when) {
        r.when = small_join(g, C_AND, small_test(g, p, s), r.when);
        insert_rule(g, p, at, r);
        return "a rule in two";
    }
    insert_rule(g, p, to, r);
    return "a rule twice";
}

static const char *edit_order(struct gen *g, struct g_policy *p)
{
    if (p->rules.count < 2) return NULL;
    int i = rng_below(g, p->rules.count - 1);
    struct g_rule r = p->rules.at[i];
    if (rng_chance(g, 60)) {
        p->rules.at[i] = p->rules.at[i + 1];
        p->rules.at[i + 1] = r;
        return "two rules swapped";
    }
    take_rule(p, i);
    return "a rule left out";
}

static const char *edit_rule(struct gen *g, struct g_policy *p, const struct small_scope *s)
{
    struct g_rule *r = some_rule(g, p);
    if (!r) return NULL;
    switch (rng_below(g, 8)) {
    case 0:
        if (r->cont) return NULL;
        r->to.at[0] =
            (struct g_step){.kind = TO_TEAM, .target = rng_below(g, p->teams.count), .of_hours = NOT_SAID};
        return "another target";
    case 1: r->set = rng_chance(g, 50) ? NOT_SAID : rng_below(g, 4); return "another set";
    case 2: r->raise = rng_chance(g, 50) ? NOT_SAID : rng_below(g, 4); return "another raise";
    case 3: r->add.count = 0; return "no labels added";
    case 4:
        if (!r->add.count) *list_push(g, &r->add) = p->attrs.at[A_LABELS].values.at[0];
        return "a label added";
    case 5:
        if (p->zone) r->active.count = 0, small_active(g, &r->active);
        return "other days";
    case 6: r->name = gen_format(g, "renamed%d", rng_below(g, 100)); return "another name";
    default:
        if (!r->when) return NULL;
        r->match.count = 0;
        if (rng_chance(g, 50)) small_match(g, p, s, &r->match);
        return "another match";
    }
}

static const char *edit_rest(struct gen *g, struct g_policy *p, const struct small_scope *s)
{
    struct g_team *t = &p->teams.at[rng_below(g, p->teams.count)];
    switch (rng_below(g, 5)) {
    case 0:
        p->otherwise.at[0] = (struct g_step){.kind = TO_NOBODY, .of_hours = NOT_SAID};
        return "otherwise nobody";
    case 1:
        if (t->takes.count) {
            t->takes.count--;
        } else {
            g_match m = {0};
            small_match(g, p, s, &m);
            *list_push(g, &t->takes) = m;
        }
        return "other takes";
    case 2:
        rng_shuffle(g, p->teams.at, p->teams.count, sizeof *p->teams.at);
        return "teams in another order"; /* targets are numbers: they change, too */
    case 3:
        for (int i = 0; i < p->hours.count; i++) {
            struct g_hours *h = &p->hours.at[i];
            if (!h->weekly.count || !h->weekly.at[0].intervals.count) continue;
            struct g_interval *v = &h->weekly.at[0].intervals.at[0];
            if (v->to > v->from + 60) v->to -= 30;
            return "earlier closing";
        }
        return NULL;
    default:
        for (int i = A_FIELD0; i < p->attrs.count; i++) {
            struct g_attr *a = &p->attrs.at[i];
            if (a->type != T_LISTED || a->values.count < 2) continue;
            const char *v = a->values.at[0];
            a->values.at[0] = a->values.at[1];
            a->values.at[1] = v;
            return "values in another order";
        }
        return NULL;
    }
}

const char *small_edit(struct gen *g, struct g_policy *p)
{
    struct small_scope s;
    small_scope(g, p, &s);
    s.times &= rng_chance(g, 50);
    for (;;) {
        int x = rng_below(g, 100);
        const char *what = x < 35   ? edit_condition(g, p, &s)
                           : x < 45 ? edit_spelling(g, p, &s)
                           : x < 55 ? edit_order(g, p)
                           : x < 65 ? edit_rules(g, p, &s)
                           : x < 85 ? edit_rule(g, p, &s)
                                    : edit_rest(g, p, &s);
        if (what) return what;
    }
}
