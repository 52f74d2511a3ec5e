/*
 * Rules and takes that can never decide, and conditions that no ticket or every ticket meets.
 *
 * Only what is cheap and certain: a condition that folds to a constant; one that an earlier deciding rule has
 * word for word, as one of its parts, or as an alternative. Linear in the rules, by a table of the conditions
 * that decide.
 */
#include "checker.h"

/* A condition that decides, and whose it is. */
struct taker {
    const struct canon *cond; /* NULL: an empty place */
    uint32_t key;             /* the condition's, its upper half */
    uint32_t who;             /* the rule, or TAKES and the team whose takes it is */
};
#define TAKES (UINT32_C(1) << 31)

/* Most of what is asked for is not there. Bits by key say so for nine in ten without a look at the table,
 * which is too large for the cache: 100,000 rules, 50 ms before, 20 after. */
struct takers {
    struct taker *at; /* open addressing by the condition's key */
    uint64_t *maybe;  /* BITS_EACH for each place: whether any condition has such a key */
    uint32_t count, cap;
    struct taker all; /* the first that takes every ticket; .cond NULL: none */
};
enum { BITS_EACH = 4 };

/* A conjunction of tests, or one condition. */
struct wanted {
    const struct canon *const *kids;
    uint32_t count;
    uint64_t key;
};

static uint64_t mix(uint64_t h)
{
    h = (h ^ h >> 32) * UINT64_C(0x9e3779b97f4a7c15);
    return h ^ h >> 29;
}

static uint64_t kid_key(const struct canon *c)
{
    return mix(c->hash + c->negated);
}

/* A conjunction's key is made of the sum of its kids': so that of any choice of them is had by adding. */
static uint64_t sum_key(uint64_t sum, uint32_t count)
{
    return count == 1 ? sum : mix(sum + count);
}

static struct wanted wanted(const struct canon *const *c)
{
    struct wanted w = {c, 1, 0};
    uint64_t sum = 0;
    if ((*c)->kind == CANON_AND) w.kids = (*c)->u.kids, w.count = (*c)->count;
    for (uint32_t i = 0; i < w.count; i++) sum += kid_key(w.kids[i]);
    w.key = sum_key(sum, w.count);
    return w;
}

static bool is_wanted(const struct canon *cond, const struct wanted *w)
{
    if (w->count == 1) return canon_equal(cond, w->kids[0]);
    if (cond->kind != CANON_AND || cond->count != w->count) return false;
    uint32_t i = 0;
    while (i < w->count && canon_equal(cond->u.kids[i], w->kids[i])) i++;
    return i == w->count;
}

static struct taker *taker_place(const struct takers *t, const struct wanted *w)
{
    for (uint64_t i = w->key >> 32;; i++) {
        struct taker *p = &t->at[i & (t->cap - 1)];
        if (!p->cond || (p->key == (uint32_t)(w->key >> 32) && is_wanted(p->cond, w))) return p;
    }
}

static uint64_t *maybe_word(const struct takers *t, uint64_t key)
{
    return &t->maybe[(key & (BITS_EACH * (uint64_t)t->cap - 1)) >> 6];
}

static void taker_put(struct takers *t, const struct wanted *w, struct taker new)
{
    struct taker *p = taker_place(t, w);
    if (p->cond) return;
    *p = new;
    *maybe_word(t, w->key) |= UINT64_C(1) << (w->key & 63);
    t->count++;
}

static void takers_grow(struct checker *k, struct takers *t)
{
    struct takers bigger = {.cap = t->cap ? 2 * t->cap : 64, .all = t->all};
    bigger.at = arena_array(k->a, struct taker, bigger.cap);
    bigger.maybe = arena_array(k->a, uint64_t, bigger.cap * BITS_EACH / 64);
    for (uint32_t i = 0; i < t->cap; i++) {
        if (!t->at[i].cond) continue;
        struct wanted w = wanted(&t->at[i].cond);
        taker_put(&bigger, &w, t->at[i]);
    }
    arena_give_back(k->a, t->at, t->cap * sizeof *t->at);
    arena_give_back(k->a, t->maybe, t->cap * BITS_EACH / 64 * sizeof *t->maybe);
    *t = bigger;
}

static void taker_add(struct checker *k, struct takers *t, const struct canon *cond, uint32_t who)
{
    struct wanted w = wanted(&cond);
    struct taker new = {cond, (uint32_t)(w.key >> 32), who};
    if (cond->kind == CANON_TRUE && !t->all.cond) t->all = new;
    if (3 * (uint64_t)t->count + 3 > 2 * (uint64_t)t->cap) takers_grow(k, t);
    taker_put(t, &w, new);
}

static const struct taker *taker_of(const struct takers *t, const struct wanted *w)
{
    if (!t->cap || !(*maybe_word(t, w->key) >> (w->key & 63) & 1)) return NULL;
    const struct taker *p = taker_place(t, w);
    return p->cond ? p : NULL;
}

enum { CHOICES_MAX = 5 };

/* One that some of the tests alone are the whole condition of, in the order of the choices: bits. */
static const struct taker *taker_of_choice(const struct takers *t, const struct canon *const *kids,
                                           uint32_t count)
{
    const struct canon *chosen[CHOICES_MAX];
    uint64_t sums[1 << CHOICES_MAX] = {0};
    const struct taker *by = NULL;
    for (uint32_t i = 0; i < count; i++) sums[1u << i] = kid_key(kids[i]);
    for (uint32_t choice = 1; !by && choice + 1 < 1u << count; choice++) {
        struct wanted w = {chosen, 0, 0};
        sums[choice] = sums[choice & (choice - 1)] + sums[choice & -choice];
        if (!(choice & (choice - 1))) continue; /* one alone was asked for */
        for (uint32_t i = 0; i < count; i++)
            if (choice >> i & 1) chosen[w.count++] = kids[i];
        w.key = sum_key(sums[choice], w.count);
        by = taker_of(t, &w);
    }
    return by;
}

/* Of a conjunction: one that some of its tests alone are the whole condition of. All choices are tried of up
 * to CHOICES_MAX tests (30 look-ups), each test alone of more. */
static const struct taker *taker_of_some(const struct takers *t, const struct canon *c)
{
    const struct taker *by = NULL;
    for (uint32_t i = 0; !by && i < c->count; i++) {
        struct wanted w = wanted((const struct canon *const *)&c->u.kids[i]);
        by = taker_of(t, &w);
    }
    return by || c->count > CHOICES_MAX ? by : taker_of_choice(t, c->u.kids, c->count);
}

static const struct taker *taker_of_all(const struct takers *t, const struct canon *c)
{
    struct wanted w = wanted(&c);
    const struct taker *by = taker_of(t, &w);
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

static void check_rule(struct checker *k, uint32_t i, struct takers *takers)
{
    const struct m_rule *rule = &k->m->rules.at[i];
    struct folder brief = k->folder;
    brief.a = k->brief;
    arena_clear(k->brief);
    const struct canon *c = k->rules[i] = canon_keep(&brief, fold(&brief, rule->cond));
    const struct canon *own = rule->active != NONE ? fold(&brief, written(rule)) : c;
    bool several;
    k->dead[i] = rule->wrong;
    if (rule->wrong) return;
    const struct taker *by = taken(takers, c, &several);
    k->dead[i] = c->kind == CANON_FALSE || by;
    if (c->kind == CANON_FALSE)
        diag(k->d, W1004, rule->when_at, S("rule"), rule->name.s);
    else if (by)
        say_taken(k, W1001, rule->name.at, rule->name.s, by, several);
    else if (own->kind == CANON_TRUE && !rule->says_true)
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
