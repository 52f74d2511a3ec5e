/*
 * Rules and takes that can never decide, and conditions that no ticket or every ticket meets.
 *
 * Only what is cheap and certain: a condition that folds to a constant; one that an earlier deciding rule has
 * word for word, as one of its parts, or as an alternative. Linear in the rules, by a table of the conditions
 * that decide.
 */
#include "checker.h"

/* A condition that decides, and whose it is. Most of what is asked for is not there, and its hash alone says so:
 * 100,000 rules, a tenth of compiling before. */
struct taker {
    const struct canon *cond; /* NULL: an empty place */
    uint32_t hash;            /* of cond, the upper half */
    uint32_t who;             /* the rule, or TAKES and the team whose takes it is */
};
#define TAKES (UINT32_C(1) << 31)

struct takers {
    struct taker *at; /* open addressing by the condition's hash */
    uint32_t count, cap;
    struct taker all; /* the first that takes every ticket; .cond NULL: none */
};

static struct taker *taker_place(const struct takers *t, const struct canon *c)
{
    for (uint64_t i = c->hash + c->negated;; i++) {
        struct taker *p = &t->at[i & (t->cap - 1)];
        if (!p->cond || (p->hash == (uint32_t)(c->hash >> 32) && canon_equal(p->cond, c))) return p;
    }
}

static void takers_grow(struct checker *k, struct takers *t)
{
    struct takers bigger = {.count = t->count, .cap = t->cap ? 2 * t->cap : 64, .all = t->all};
    bigger.at = arena_array(k->a, struct taker, bigger.cap);
    for (uint32_t i = 0; i < t->cap; i++)
        if (t->at[i].cond) *taker_place(&bigger, t->at[i].cond) = t->at[i];
    arena_give_back(k->a, t->at, t->cap * sizeof *t->at);
    *t = bigger;
}

static void taker_add(struct checker *k, struct takers *t, const struct canon *cond, uint32_t who)
{
    struct taker new = {cond, (uint32_t)(cond->hash >> 32), who};
    if (new.cond->kind == CANON_TRUE && !t->all.cond) t->all = new;
    if (3 * (uint64_t)t->count + 3 > 2 * (uint64_t)t->cap) takers_grow(k, t);
    struct taker *p = taker_place(t, new.cond);
    if (p->cond) return;
    *p = new;
    t->count++;
}

static const struct taker *taker_of(const struct takers *t, const struct canon *c)
{
    const struct taker *p = t->cap ? taker_place(t, c) : NULL;
    return p && p->cond ? p : NULL;
}

/* Of a conjunction: one that some of its tests alone are the whole condition of. All choices are tried of up
 * to CHOICES_MAX tests (30 look-ups), each test alone of more. */
static const struct taker *taker_of_some(const struct takers *t, const struct canon *c)
{
    enum { CHOICES_MAX = 5 };
    const struct canon *kids[CHOICES_MAX];
    const struct taker *by = NULL;
    for (uint32_t i = 0; !by && i < c->count; i++) by = taker_of(t, c->u.kids[i]);
    if (by || c->count > CHOICES_MAX) return by;
    for (uint32_t choice = 1; !by && choice + 1 < 1u << c->count; choice++) {
        uint32_t count = 0;
        for (uint32_t i = 0; i < c->count; i++)
            if (choice >> i & 1) kids[count++] = c->u.kids[i];
        struct canon some = canon_some(kids, count);
        if (count > 1) by = taker_of(t, &some);
    }
    return by;
}

static const struct taker *taker_of_all(const struct takers *t, const struct canon *c)
{
    const struct taker *by = taker_of(t, c);
    return by || c->kind != CANON_AND ? by : taker_of_some(t, c);
}

/* An earlier one that takes every ticket of c; where several do together, the one for c's first alternative,
 * and *several is set. */
static const struct taker *taken(const struct takers *t, const struct canon *c, bool *several)
{
    *several = false;
    if (t->all.cond) return &t->all;
    const struct taker *by = taker_of_all(t, c);
    if (by || c->kind != CANON_OR) return by;
    for (uint32_t i = 0; i < c->count; i++) {
        const struct taker *one = taker_of_all(t, c->u.kids[i]);
        if (!one) return NULL;
        if (!by) by = one;
        *several |= one != by;
    }
    return by;
}

static void say_taken(struct checker *k, enum diag_id id, struct span at, struct str name,
                      const struct taker *by, bool several)
{
    bool rule = !(by->who & TAKES);
    const struct name *who = rule ? &k->m->rules.at[by->who].name : &k->m->teams.at[by->who & ~TAKES].id;
    struct str takes = arena_printf(k->a, "%s \"%.*s\" %s", rule ? "rule" : "team", (int)who->s.len, who->s.p,
                                    several ? "and others take" : "takes");
    struct diag *g = diag(k->d, id, at, name, takes);
    diag_related(g, who->at, rule ? S("the rule that takes them") : S("the team that takes them"));
}

/* ---- rules ---- */

/* The condition that the rule's author wrote, without its active days. */
static const struct cond *written(const struct m_rule *rule)
{
    return rule->active != NONE ? rule->cond->kids.at[1] : rule->cond;
}

static bool says_true(const struct m_rule *rule)
{
    return rule->decl->when && rule->decl->when->kind == EXPR_TRUE && rule->decl->match.count == 0;
}

static void check_rule(struct checker *k, uint32_t i, struct takers *takers)
{
    const struct m_rule *rule = &k->m->rules.at[i];
    const struct canon *c = k->rules[i] = fold(&k->folder, rule->cond);
    const struct canon *own = rule->active != NONE ? fold(&k->folder, written(rule)) : c;
    bool several;
    k->dead[i] = rule->wrong;
    if (rule->wrong) return;
    const struct taker *by = taken(takers, c, &several);
    k->dead[i] = c->kind == CANON_FALSE || by;
    if (c->kind == CANON_FALSE)
        diag(k->d, W1004, rule->when_at, S("rule"), rule->name.s);
    else if (by)
        say_taken(k, W1001, rule->name.at, rule->name.s, by, several);
    else if (own->kind == CANON_TRUE && !says_true(rule))
        diag(k->d, W1005, rule->when_at, S("rule"), rule->name.s);
    if (!rule->cont && !k->dead[i]) taker_add(k, takers, c, i);
}

/* ---- takes ---- */

static void check_take(struct checker *k, uint32_t team_id, const struct cond *cond, struct span at,
                       struct takers *takers)
{
    const struct m_team *team = &k->m->teams.at[team_id];
    const struct canon *c = fold(&k->folder, cond);
    if (c->kind == CANON_FALSE) {
        diag(k->d, W1004, at, S("takes of team"), team->id.s);
        return;
    }
    bool several;
    const struct taker *by = taken(takers, c, &several);
    if (by)
        say_taken(k, W1002, at, team->id.s, by, several);
    else if (c->kind == CANON_TRUE)
        diag(k->d, W1005, at, S("takes of team"), team->id.s);
    if (!by) taker_add(k, takers, c, TAKES | team_id);
}

static void check_takes(struct checker *k, uint32_t team_id, struct takers *takers)
{
    const struct m_team *team = &k->m->teams.at[team_id];
    if (!team->takes || team->wrong) return;
    bool several = team->take_at.count > 1;
    for (uint32_t i = 0; i < team->take_at.count; i++)
        check_take(k, team_id, several ? team->takes->kids.at[i] : team->takes, team->take_at.at[i], takers);
}

void check_reach(struct checker *k)
{
    struct takers takers = {0};
    for (uint32_t i = 0; i < k->m->rules.count; i++) check_rule(k, i, &takers);
    for (uint32_t i = 0; i < k->m->teams.count; i++) check_takes(k, i, &takers);
}
