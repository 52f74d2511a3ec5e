/*
 * Who decides, who stands in the way, and the smallest ticket: see ask.h.
 *
 * A contest is settled by the matcher: a ticket that meets a rule's condition is matched; where an earlier rule takes it, that
 * rule's condition is assumed not to hold, and the solver asked again. It ends, for each turn keeps out one rule more. Most
 * rules decide the first ticket that meets them, so a question touches a handful of rules and not the whole policy. The
 * refinement is that of Clarke et al., "Counterexample-guided abstraction refinement", 2000.
 */
#include "ask_inside.h"

/* ---- contests ---- */

void contest_begin(struct contest *c, uint32_t which, uint32_t rule)
{
    c->which = which;
    c->rule = rule;
    c->out.count = 0;
    c->out_lits.count = 0;
}

/* What is assumed: by the caller, and that none of those kept out is met. */
static void gather(struct ask *q, struct contest *const *contests, uint32_t contest_count, const lit *assumed,
                   uint32_t count, lits *all)
{
    all->count = 0;
    for (uint32_t i = 0; i < count; i++) *vec_push(q->a, all) = assumed[i];
    for (uint32_t k = 0; k < contest_count; k++)
        for (uint32_t i = 0; i < contests[k]->out_lits.count; i++)
            *vec_push(q->a, all) = contests[k]->out_lits.at[i];
}

enum stand { STAND_FREE, STAND_TAKEN, STAND_FAULT };

/* Whether an earlier rule takes the ticket. The matcher and the graph must be of one mind: of a ticket that comes as far as a
 * rule with a target and meets it, that rule is the one that decides. */
static enum stand look_at(struct ask *q, struct contest *c)
{
    struct shunt_decision decision;
    struct space *s = q->s;
    if (!witness_match(s, c->which, q->witness, &decision)) return STAND_FAULT;
    lit taker = space_rule(s, c->which, decision.rule);
    if (!witness_holds(s, q->witness, taker)) return STAND_FAULT;
    if (decision.rule < c->rule) {
        *vec_push(s->a, &c->out) = decision.rule;
        *vec_push(s->a, &c->out_lits) = lit_not(taker);
        return STAND_TAKEN;
    }
    const struct table_view *v = &s->of[c->which].view;
    bool has_target = le16(v->OUTCOME.at[le32(v->RULE.at[c->rule].outcome)].step_count) > 0;
    bool passed_by = has_target && decision.rule > c->rule;
    return passed_by && witness_holds(s, q->witness, space_rule(s, c->which, c->rule)) ? STAND_FAULT : STAND_FREE;
}

static enum stand look_at_all(struct ask *q, struct contest *const *contests, uint32_t count)
{
    enum stand all = STAND_FREE;
    for (uint32_t i = 0; i < count && all != STAND_FAULT; i++) {
        enum stand one = look_at(q, contests[i]);
        if (one != STAND_FREE) all = one;
    }
    return all;
}

/* ask_contest() with literals of the solver's own assumed, too. */
static enum answer contest_with(struct ask *q, struct contest *const *contests, uint32_t contest_count,
                                const lit *assumed, uint32_t count, const int *more, uint32_t more_count)
{
    lits all = {0};
    while (q->budget->left > 0) { /* else no question is put together for nothing */
        gather(q, contests, contest_count, assumed, count, &all);
        enum answer answer = ask_solver(q, all.at, all.count, more, more_count);
        if (answer != ASK_YES) return answer;
        q->witness = ask_make_ticket(q, all.at, all.count);
        if (!q->witness) return ASK_OPEN;
        enum stand stand = look_at_all(q, contests, contest_count);
        if (stand != STAND_TAKEN) return stand == STAND_FREE ? ASK_YES : ASK_OPEN;
    }
    return ASK_OPEN;
}

enum answer ask_contest(struct ask *q, struct contest *const *contests, uint32_t contest_count, const lit *assumed,
                        uint32_t count)
{
    return contest_with(q, contests, contest_count, assumed, count, NULL, 0);
}

/* ---- a minimal set of those who take everything ---- */

/* Of the places in `out` those that the last NO needed. */
static void keep_needed(struct ask *q, const struct contest *c, proof_ids *places)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < places->count; i++)
        if (ask_needed(q, c->out_lits.at[places->at[i]])) places->at[kept++] = places->at[i];
    places->count = kept;
}

/* Whether the answer is NO without the one at `skip`, too. */
static enum answer ask_without(struct ask *q, const struct contest *c, const lit *assumed, uint32_t count,
                               const proof_ids *places, uint32_t skip)
{
    lits all = {0};
    for (uint32_t i = 0; i < count; i++) *vec_push(q->a, &all) = assumed[i];
    for (uint32_t i = 0; i < places->count; i++)
        if (i != skip) *vec_push(q->a, &all) = c->out_lits.at[places->at[i]];
    return ask_solver(q, all.at, all.count, NULL, 0);
}

static void take_out(proof_ids *places, uint32_t at)
{
    for (uint32_t i = at + 1; i < places->count; i++) places->at[i - 1] = places->at[i];
    places->count--;
}

/* The places in `out`, by rule. */
static void places_by_rule(struct ask *q, const struct contest *c, proof_ids *places)
{
    for (uint32_t i = 0; i < c->out.count; i++) {
        uint32_t at = places->count;
        (void)vec_push(q->a, places);
        for (; at > 0 && c->out.at[places->at[at - 1]] > c->out.at[i]; at--) places->at[at] = places->at[at - 1];
        places->at[at] = i;
    }
}

/* By leaving out each in turn, the last rule first, so that of two that do the same the earlier stays. */
enum answer ask_core(struct ask *q, struct contest *c, const lit *assumed, uint32_t count, proof_ids *rules)
{
    proof_ids places = {0};
    bool open = false;
    q->s->work += (uint64_t)c->out.count * c->out.count / 4;
    places_by_rule(q, c, &places);
    keep_needed(q, c, &places);
    for (uint32_t i = places.count; i-- > 0;) {
        if (i >= places.count) continue;
        enum answer without = ask_without(q, c, assumed, count, &places, i);
        open |= without == ASK_OPEN;
        if (without != ASK_NO) continue;
        take_out(&places, i);
        keep_needed(q, c, &places);
    }
    rules->count = 0;
    for (uint32_t i = 0; i < places.count; i++) *vec_push(q->s->a, rules) = c->out.at[places.at[i]];
    sort_numbers(rules->at, rules->count);
    return open ? ASK_OPEN : ASK_YES;
}

/* ---- the smallest ticket ---- */

enum cost { COST_MEMBERS, COST_ATTRS };

/* What a ticket costs, first labels and segments, then other attributes. */
static uint32_t cost_of(const struct space *s, const struct witness *w, enum cost cost)
{
    return cost == COST_MEMBERS ? w->member_count : witness_attr_count(s, w);
}

/* The solver's literals that cost. */
static void cost_lits(struct ask *q, enum cost cost, ints *of)
{
    of->count = 0;
    for (uint32_t i = 0; i < q->dims.count; i++) {
        const struct ask_dim *d = &q->dims.at[i];
        bool members = space_is_members(q->s, d->dim);
        if (cost == COST_ATTRS && d->costs) *vec_push(q->a, of) = d->costs;
        if (cost == COST_ATTRS || !members) continue;
        for (uint32_t k = 0; k < d->met.count; k++) *vec_push(q->a, of) = d->met.at[k].is;
        if (d->rest) *vec_push(q->a, of) = d->rest;
    }
}

/* A literal under which at most `most` of the others hold. Source: Sinz, "Towards an Optimal CNF Encoding of Boolean
 * Cardinality Constraints", 2005: sums[j] says that more than j of those so far hold. */
static int at_most(struct ask *q, const ints *of, uint32_t most)
{
    int on = ask_new_var(q), *sums = arena_array(q->a, int, most + 1);
    for (uint32_t i = 0; i < of->count; i++) {
        if (most == 0 || sums[most - 1])
            ask_clause(q, (const int[]){-on, -of->at[i], most ? -sums[most - 1] : -of->at[i]}, 3);
        for (uint32_t j = most; j-- > 0;) {
            int before = sums[j], sum = j > i ? 0 : ask_new_var(q);
            if (!sum) continue;
            if (before) ask_clause2(q, -before, sum);
            if (j == 0)
                ask_clause2(q, -of->at[i], sum);
            else if (sums[j - 1])
                ask_clause(q, (const int[]){-of->at[i], -sums[j - 1], sum}, 3);
            sums[j] = sum;
        }
    }
    return on;
}

struct smallest {
    struct contest *const *contests;
    uint32_t contest_count;
    const lit *assumed;
    uint32_t count;
    struct witness *best;
    uint32_t members; /* no more of them; only once `members_known` */
    bool members_known;
};

/* One ticket that costs less; NO: there is none. Variables that come in on the way are not counted by the bound: then the ticket
 * may cost as much again, and is asked for once more. */
static enum answer ask_smaller(struct ask *q, struct smallest *m, enum cost cost)
{
    uint32_t now = cost_of(q->s, m->best, cost);
    ints of = {0}, more = {0};
    for (;;) {
        more.count = 0;
        cost_lits(q, cost, &of);
        *vec_push(q->a, &more) = at_most(q, &of, now - 1);
        cost_lits(q, COST_MEMBERS, &of);
        if (m->members_known) *vec_push(q->a, &more) = at_most(q, &of, m->members);
        enum answer answer =
            contest_with(q, m->contests, m->contest_count, m->assumed, m->count, more.at, more.count);
        if (answer != ASK_YES) return answer;
        bool fewer = cost_of(q->s, q->witness, cost) < now;
        if (fewer && (!m->members_known || q->witness->member_count <= m->members)) return ASK_YES;
    }
}

static enum answer shrink(struct ask *q, struct smallest *m, enum cost cost)
{
    while (cost_of(q->s, m->best, cost) > 0) {
        enum answer answer = ask_smaller(q, m, cost);
        if (answer == ASK_NO) break;
        if (answer == ASK_OPEN) return ASK_OPEN;
        m->best = q->witness;
    }
    return ASK_YES;
}

enum answer ask_smallest(struct ask *q, struct contest *const *contests, uint32_t contest_count, const lit *assumed,
                         uint32_t count)
{
    struct smallest m = {contests, contest_count, assumed, count, q->witness, 0, false};
    enum answer answer = shrink(q, &m, COST_MEMBERS);
    m.members = m.best->member_count;
    m.members_known = true;
    if (answer == ASK_YES) answer = shrink(q, &m, COST_ATTRS);
    q->witness = m.best;
    return answer;
}
