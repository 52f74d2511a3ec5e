/*
 * Rules and takes that can never decide, and conditions that no ticket or every ticket meets.
 *
 * Only what is cheap and certain: a condition that folds to a constant; one that an earlier deciding rule has
 * word for word, as one of its parts, or as an alternative. Linear in the rules, by a table of the conditions
 * that decide.
 */
#include "checker.h"

#include <string.h>

/* Whose a condition is that decides: found by the condition's key. The condition itself is folded anew where
 * a key is met: that is seldom, and those of 100,000 rules would be 30 MB. */
struct taker {
    uint32_t key; /* the upper half */
    uint32_t who; /* 0: an empty place; 1 + the rule, or TAKES and which of the takes */
};
#define TAKES (UINT32_C(1) << 31)

/* A takes that decides. */
struct deciding_take {
    const struct canon *cond;
    uint32_t team;
};

/* Most of what is asked for is not there. Bits by key say so for all but one in twenty without a look at the
 * table, which is too large for the cache: 100,000 rules, 50 ms before, 20 after. */
struct takers {
    struct checker *k;
    struct taker *at; /* open addressing by the condition's key; made for all that may come */
    uint64_t *maybe;  /* BITS_EACH for each place: two for each key that is there, in one word */
    uint32_t cap;
    const struct taker *all; /* the first that takes every ticket; NULL: none */
    VEC(struct deciding_take) takes;
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

static const struct canon *condition_of(const struct takers *t, const struct taker *p)
{
    uint32_t which = (p->who & ~TAKES) - 1;
    return p->who & TAKES ? t->takes.at[which].cond : check_folded(t->k, which);
}

static uint64_t *maybe_word(const struct takers *t, uint64_t key)
{
    return &t->maybe[key >> 12 & (BITS_EACH * (uint64_t)t->cap / 64 - 1)];
}

static uint64_t maybe_bits(uint64_t key)
{
    return UINT64_C(1) << (key & 63) | UINT64_C(1) << (key >> 6 & 63);
}

static bool maybe(const struct takers *t, uint64_t key)
{
    return !(maybe_bits(key) & ~*maybe_word(t, key));
}

/* Room for every rule and takes, at most four fifths full. */
static void takers_init(struct checker *k, struct takers *t)
{
    uint64_t count = k->m->rules.count, cap = 64;
    for (uint32_t i = 0; i < k->m->teams.count; i++) count += k->m->teams.at[i].take_at.count;
    while (4 * cap < 5 * count) cap *= 2;
    *t = (struct takers){.k = k, .cap = (uint32_t)cap};
    t->at = arena_array(k->a, struct taker, cap);
    t->maybe = arena_array(k->a, uint64_t, cap * BITS_EACH / 64);
}

/* Conditions can be made to have one key: the hash has none of its own, so that findings are the same in each
 * run. So no more places than these are looked at: 600 in a row are what a million conditions come to that
 * nobody made for it, and what is not found here the proof finds. */
enum { RUN_MAX = 2048, SAME_KEY_MAX = 16 };

/* NULL: there are too many. */
static const struct taker *taker_put(struct takers *t, uint64_t key, uint32_t who)
{
    uint64_t begin = key >> 32, i = begin, same = 0;
    struct taker *p;
    for (; (p = &t->at[i & (t->cap - 1)])->who; i++) {
        same += p->key == (uint32_t)begin;
        if (i - begin == RUN_MAX || same == SAME_KEY_MAX) return NULL;
    }
    *p = (struct taker){(uint32_t)begin, who};
    *maybe_word(t, key) |= maybe_bits(key);
    return p;
}

/* cond: one that taken() has not found. */
static void taker_add(struct takers *t, const struct canon *cond, uint32_t who)
{
    const struct taker *p = taker_put(t, wanted(&cond).key, who);
    if (cond->kind == CANON_TRUE) t->all = p;
}

/* Whether any condition with the key decides, as far as is looked. */
static bool is_taken(const struct takers *t, uint64_t key)
{
    uint64_t begin = key >> 32;
    if (!maybe(t, key)) return false;
    for (uint64_t i = begin; i - begin <= RUN_MAX; i++) {
        const struct taker *p = &t->at[i & (t->cap - 1)];
        if (!p->who) return false;
        if (p->key == (uint32_t)begin) return true;
    }
    return false;
}

static const struct taker *taker_of(const struct takers *t, const struct wanted *w)
{
    if (!maybe(t, w->key)) return NULL;
    uint64_t begin = w->key >> 32;
    for (uint64_t i = begin, same = 0; i - begin <= RUN_MAX && same < SAME_KEY_MAX; i++) {
        const struct taker *p = &t->at[i & (t->cap - 1)];
        if (!p->who) return NULL;
        if (p->key != (uint32_t)begin) continue;
        if (is_wanted(condition_of(t, p), w)) return p;
        same++;
    }
    return NULL;
}

enum { CHOICES_MAX = 5 };

/* By the choice, as bits. */
static const uint8_t sizes[1 << CHOICES_MAX] = {0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,
                                                1, 2, 2, 3, 2, 3, 3, 4, 2, 3, 3, 4, 3, 4, 4, 5};

/* One that some of the tests alone are the whole condition of, in the order of the choices: bits. */
static const struct taker *taker_of_choice(const struct takers *t, const struct canon *const *kids,
                                           uint32_t count)
{
    uint64_t sums[1 << CHOICES_MAX];
    sums[0] = 0;
    for (uint32_t i = 0; i < count; i++) sums[1u << i] = kid_key(kids[i]);
    for (uint32_t choice = 3; choice + 1 < 1u << count; choice++) {
        if (sizes[choice] == 1) continue; /* one alone was asked for */
        sums[choice] = sums[choice & (choice - 1)] + sums[choice & -choice];
        uint64_t key = sum_key(sums[choice], sizes[choice]);
        if (!maybe(t, key)) continue;
        const struct canon *chosen[CHOICES_MAX];
        struct wanted w = {chosen, 0, key};
        for (uint32_t i = 0; i < count; i++)
            if (choice >> i & 1) chosen[w.count++] = kids[i];
        const struct taker *by = taker_of(t, &w);
        if (by) return by;
    }
    return NULL;
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
    __builtin_prefetch(&t->at[w.key >> 32 & (t->cap - 1)], 1); /* where taker_add() will put it */
    const struct taker *by = taker_of(t, &w);
    return by || c->kind != CANON_AND ? by : taker_of_some(t, c);
}

/* An earlier one that takes every ticket of c; where several do together, the one for c's first alternative,
 * and *several is set. */
static const struct taker *taken(const struct takers *t, const struct canon *c, bool *several)
{
    *several = false;
    if (t->all) return t->all;
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

static void say_taken(const struct takers *t, enum diag_id id, struct span at, struct str name,
                      const struct taker *by, bool several)
{
    struct checker *k = t->k;
    bool rule = !(by->who & TAKES);
    uint32_t which = (by->who & ~TAKES) - 1;
    const struct name *who = rule ? &k->m->rules.at[which].name : &k->m->teams.at[t->takes.at[which].team].id;
    struct str takes = arena_printf(k->a, "%s \"%.*s\" %s", rule ? "rule" : "team", (int)who->s.len, who->s.p,
                                    several ? "and others take" : "takes");
    struct diag *g = diag(k->d, id, at, name, takes);
    diag_related(g, who->at, rule ? S("the rule that takes them") : S("the team that takes them"));
}

/* ---- rules ---- */

/* The condition that the rule's author wrote, without its active days. */
static const struct cond *written(const struct m_rule *rule)
{
    return rule->active != NONE ? &rule->cond->kids[1] : rule->cond;
}

/* Whether other checks ask for its condition, which is worth keeping then. */
static bool is_asked_for(const struct m_rule *rule)
{
    return rule->set_priority || (rule->cont && rule->more->require.count);
}

/* Of most rules there is nothing to say, and the tests alone tell: no choice of them has a key that is there.
 * Past the conjunction, its order and its simplifying. */
static bool is_plainly_new(const struct folder *f, const struct m_rule *rule, uint32_t who, struct takers *t)
{
    const struct canon *tests[CHOICES_MAX];
    uint64_t sums[1 << CHOICES_MAX], all = 0;
    if (t->all || is_asked_for(rule)) return false;
    uint32_t count = fold_tests_of(f, rule->cond, tests, CHOICES_MAX);
    for (uint32_t i = 0; i < count; i++) all += sums[1u << i] = kid_key(tests[i]);
    uint64_t key = sum_key(all, count);
    __builtin_prefetch(&t->at[key >> 32 & (t->cap - 1)], 1);
    sums[0] = 0;
    for (uint32_t choice = 1; choice < 1u << count; choice++) {
        sums[choice] = sums[choice & (choice - 1)] + sums[choice & -choice];
        if (is_taken(t, sum_key(sums[choice], sizes[choice]))) return false;
    }
    if (count && !rule->cont) taker_put(t, key, who);
    return count > 0;
}

static void check_rule(struct checker *k, uint32_t i, struct takers *takers)
{
    const struct m_rule *rule = &k->m->rules.at[i];
    struct folder brief = k->folder;
    k->dead[i] = rule->wrong;
    if (rule->wrong) return;
    brief.a = k->brief;
    arena_clear(k->brief);
    if (is_plainly_new(&brief, rule, i + 1, takers)) return;
    const struct canon *c = fold(&brief, rule->cond);
    const struct canon *own = rule->active != NONE ? fold(&brief, written(rule)) : c;
    bool several;
    if (is_asked_for(rule)) k->rules[i] = canon_keep(&brief, c);
    const struct taker *by = taken(takers, c, &several);
    k->dead[i] = c->kind == CANON_FALSE || by;
    if (c->kind == CANON_FALSE)
        diag(k->d, W1004, rule->when_at, S("rule"), rule->name.s);
    else if (by)
        say_taken(takers, W1001, rule->name.at, rule->name.s, by, several);
    else if (own->kind == CANON_TRUE && !rule->says_true)
        diag(k->d, W1005, rule->when_at, S("rule"), rule->name.s);
    if (!rule->cont && !k->dead[i]) taker_add(takers, c, i + 1);
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
        say_taken(takers, W1002, at, team->id.s, by, several);
    else if (c->kind == CANON_TRUE)
        diag(k->d, W1005, at, S("takes of team"), team->id.s);
    if (by) return;
    *vec_push(k->a, &takers->takes) = (struct deciding_take){c, team_id};
    taker_add(takers, c, TAKES | takers->takes.count);
}

static void check_takes(struct checker *k, uint32_t team_id, struct takers *takers)
{
    const struct m_team *team = &k->m->teams.at[team_id];
    if (!team->takes || team->wrong) return;
    bool several = team->take_at.count > 1;
    for (uint32_t i = 0; i < team->take_at.count; i++)
        check_take(k, team_id, several ? &team->takes->kids[i] : team->takes, team->take_at.at[i], takers);
}

/* Of fewer the tests are in the cache. */
enum { RULES_AHEAD_MIN = 4000 };

void check_reach(struct checker *k)
{
    struct takers takers;
    bool ahead = k->m->rules.count >= RULES_AHEAD_MIN;
    takers_init(k, &takers);
    for (uint32_t i = 0; i < k->m->rules.count; i++) {
        if (ahead && i + 1 < k->m->rules.count) fold_ahead(&k->folder, k->m->rules.at[i + 1].cond);
        check_rule(k, i, &takers);
    }
    for (uint32_t i = 0; i < k->m->teams.count; i++) check_takes(k, i, &takers);
}
