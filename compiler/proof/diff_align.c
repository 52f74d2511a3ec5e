/*
 * Two tables' deciding rules side by side: see diff.h.
 *
 * What a condition implies is seen by looking: itself, the parts of an AND, an OR that it is a part of, and
 * TRUE. A ticket that a rule decides meets all of that, so the other table decides it at the first rule that
 * is so implied, or before: that is the rule's `bound`. Hence for a ticket decided by `o` in the old table
 * and by `n` in the new one
 *
 *     n <= bound(o) and o <= bound(n)                                                              (1)
 *
 * Anchored rules are a longest common subsequence of both tables' conditions. Of two anchored rules only
 * partners meet (1): bound(o) is at most o's partner, so n stands at or before it, and o at or before n's
 * partner; as partners are in one order, both are equalities. So every pair of rules that may decide one
 * ticket is a pair of partners, or has a rule that is not anchored: where little was changed, few. Where
 * conditions are equal all over, every rule is anchored.
 */
#include "diff.h"

/* Of each literal: the first rule of a table that it implies, as far as one sees; and the first with that
 * condition. */
struct firsts {
    uint32_t *implied, *equal;
    uint32_t always; /* the first rule for every ticket */
};

static void first_of(uint32_t *of, lit l, uint32_t place)
{
    if (of[l] > place) of[l] = place;
}

static const struct gate *and_gate(const struct gates *g, lit l)
{
    const struct gate *gate = &g->nodes.at[lit_node(l)];
    return gate->kind == GATE_AND ? gate : NULL;
}

static struct firsts find_firsts(struct space *s, const struct deciders *side)
{
    const struct gates *g = &s->gates;
    uint32_t lit_count = 2 * g->nodes.count;
    struct firsts f = {arena_array(s->a, uint32_t, lit_count), arena_array(s->a, uint32_t, lit_count),
                       SHUNT_NONE};
    for (uint32_t i = 0; i < lit_count; i++) f.implied[i] = f.equal[i] = SHUNT_NONE;
    for (uint32_t i = 0; i < side->count; i++) {
        lit cond = side->at[i].cond;
        const struct gate *gate =
            lit_negative(cond) ? and_gate(g, cond) : NULL; /* an OR: of the kids' negations */
        first_of(f.equal, cond, i);
        first_of(f.implied, cond, i);
        for (uint32_t k = 0; gate && k < gate->kid_count; k++)
            first_of(f.implied, lit_not(g->kids.at[gate->kid_first + k]), i);
    }
    f.always = f.implied[LIT_TRUE];
    return f;
}

/* The first rule that the condition implies. */
static uint32_t implied(const struct gates *g, const struct firsts *f, lit cond)
{
    const struct gate *gate = lit_negative(cond) ? NULL : and_gate(g, cond);
    uint32_t first = f->implied[cond] < f->always ? f->implied[cond] : f->always;
    for (uint32_t k = 0; gate && k < gate->kid_count; k++) {
        uint32_t of_part = f->implied[g->kids.at[gate->kid_first + k]];
        if (of_part < first) first = of_part;
    }
    return first;
}

/* ---- a longest common subsequence ---- */

/* Fredman, "On computing the length of longest increasing subsequences", 1975. n log n. */
struct piles {
    const uint32_t *partner;
    uint32_t *top;    /* of each length: the item whose partner ends such a sequence earliest */
    uint32_t *before; /* of each item: the one ahead of it in its sequence */
    uint32_t count;
};

static void put_on_pile(struct piles *p, uint32_t item)
{
    uint32_t lo = 0, hi = p->count;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (p->partner[p->top[mid]] < p->partner[item])
            lo = mid + 1;
        else
            hi = mid;
    }
    p->before[item] = lo ? p->top[lo - 1] : SHUNT_NONE;
    p->top[lo] = item;
    if (lo == p->count) p->count++;
}

bool *diff_ascending(struct arena *a, const uint32_t *partner, uint32_t count)
{
    bool *in = arena_array(a, bool, count);
    struct piles p = {partner, arena_array(a, uint32_t, count), arena_array(a, uint32_t, count), 0};
    for (uint32_t i = 0; i < count; i++)
        if (partner[i] != SHUNT_NONE) put_on_pile(&p, i);
    for (uint32_t i = p.count ? p.top[p.count - 1] : SHUNT_NONE; i != SHUNT_NONE; i = p.before[i])
        in[i] = true;
    return in;
}

/* Each condition stands once among the live ones of a table, so a common subsequence is an ascending one
 * among the partners' places. */
static void anchor(struct space *s, struct deciders sides[2], const struct firsts *new_firsts)
{
    uint32_t count = sides[0].count, *partner = arena_array(s->a, uint32_t, count);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t equal = new_firsts->equal[sides[0].at[i].cond];
        bool both_live = sides[0].at[i].live && equal != SHUNT_NONE && sides[1].at[equal].live;
        partner[i] = both_live ? equal : SHUNT_NONE;
    }
    const bool *in = diff_ascending(s->a, partner, count);
    for (uint32_t i = 0; i < count; i++)
        if (in[i]) sides[0].at[i].anchored = sides[1].at[partner[i]].anchored = true;
}

void diff_align(struct space *s, struct deciders sides[2])
{
    struct firsts firsts[2] = {find_firsts(s, &sides[0]), find_firsts(s, &sides[1])};
    for (uint32_t w = 0; w < 2; w++)
        for (uint32_t i = 0; i < sides[w].count; i++) {
            struct decider *d = &sides[w].at[i];
            d->live = d->cond != LIT_FALSE && implied(&s->gates, &firsts[w], d->cond) == i;
            d->bound = implied(&s->gates, &firsts[!w], d->cond);
        }
    anchor(s, sides, &firsts[1]);
}
