/*
 * Which tickets two policies decide otherwise: see proof.h.
 *
 * Asked for are pairs of deciding rules, an old and a new one, that diff_align.c leaves over and whose
 * decisions can differ (diff_effects.c). What is told was seen: both tables match the ticket before.
 *
 * Rules that changed their condition are most of the work: what such a rule decided may be decided now by any
 * rule behind it. So two things are asked of it first. Whether it decides anything at all. And how it goes
 * with the rule of its name in the other table, if that has changed, too: where its condition implies that
 * one's, its tickets go no further (`bound` in diff.h); where both imply each other, the condition was only
 * written otherwise, and no other pair is left.
 *
 * Policies that differ in every rule have n² pairs, so that they are looked at is work of the budget, too
 * (struct proof_budget), asked for while they are made: what is left where it ends is told at once.
 */
#include "diff.h"

struct diff {
    struct space *s;
    struct diff_names *names;
    struct diff_effects *effects;
    struct diff_changes *changes;
    struct deciders sides[2];
    struct proof_budget *budget;
    bool rules;
    difference_sink *sink;
    void *ctx;
};

/* ---- one rule that changed ---- */

/* Whether any ticket is decided by it. */
static enum answer decides(struct diff *d, uint32_t which, const struct decider *of)
{
    struct contest contest = {0}, *contests[] = {&contest};
    struct ask *q = ask_new(d->s, d->budget);
    contest_begin(&contest, which, of->rule);
    ask_require(q, of->cond);
    enum answer answer = ask_contest(q, contests, 1, NULL, 0);
    ask_free(q);
    return answer;
}

static enum answer implies(struct diff *d, lit a, lit b)
{
    lit both = gate_and2(&d->s->gates, a, lit_not(b));
    if (both == LIT_FALSE) return ASK_NO;
    struct ask *q = ask_new(d->s, d->budget);
    ask_require(q, both);
    enum answer answer = ask(q, NULL, 0);
    ask_free(q);
    return answer;
}

static void bound_at(struct decider *of, uint32_t place)
{
    if (place < of->bound) of->bound = place;
}

/* The new table's changed rules by their names' numbers. */
static uint32_t *changed_by_name(struct diff *d)
{
    uint32_t most = d->s->of[0].view.RULE.count + d->s->of[1].view.RULE.count;
    uint32_t *place = arena_array(d->s->a, uint32_t, most); /* and 1 */
    for (uint32_t i = 0; i < d->sides[1].count; i++) {
        const struct decider *n = &d->sides[1].at[i];
        if (n->live && !n->anchored) place[d->names->rule[1][n->rule]] = i + 1;
    }
    return place;
}

static void look_at_changed(struct diff *d)
{
    for (uint32_t w = 0; w < 2; w++)
        for (uint32_t i = 0; i < d->sides[w].count; i++) {
            struct decider *of = &d->sides[w].at[i];
            if (of->live && !of->anchored) of->live = decides(d, w, of) != ASK_NO;
        }
    const uint32_t *by_name = changed_by_name(d);
    for (uint32_t i = 0; i < d->sides[0].count; i++) {
        struct decider *o = &d->sides[0].at[i];
        uint32_t place = by_name[d->names->rule[0][o->rule]];
        if (!o->live || o->anchored || !place) continue;
        struct decider *n = &d->sides[1].at[place - 1];
        if (implies(d, o->cond, n->cond) == ASK_NO) bound_at(o, place - 1);
        if (implies(d, n->cond, o->cond) == ASK_NO) bound_at(n, i);
    }
}

/* ---- one pair ---- */

/* Holds where the two decide otherwise. */
static lit differ_gate(struct diff *d, const struct decider *o, const struct decider *n)
{
    if (d->names->steps[0][o->outcome] != d->names->steps[1][n->outcome]) return LIT_TRUE;
    if (d->rules && d->names->rule[0][o->rule] != d->names->rule[1][n->rule]) return LIT_TRUE;
    return diff_effects_gate(d->effects, o, n);
}

/* The proof of the ticket: what both tables make of it. */
static bool shows(struct diff *d, const struct witness *w, const struct decider *o, const struct decider *n)
{
    struct shunt_decision before, after;
    if (!w || !witness_match(d->s, 0, w, &before) || !witness_match(d->s, 1, w, &after)) return false;
    return before.rule == o->rule && after.rule == n->rule && !diff_same(d->names, &before, &after, d->rules);
}

/* A solver for each question: four thousand pairs take 0.3 s so, and 6.3 s where 32 after one another share
 * one, which then has to search what they left. */
static enum answer ask_pair(struct diff *d, const struct decider *o, const struct decider *n, lit differ,
                            struct difference *found)
{
    struct contest before = {0}, after = {0}, *contests[] = {&before, &after};
    struct ask *q = ask_new(d->s, d->budget);
    contest_begin(&before, 0, o->rule);
    contest_begin(&after, 1, n->rule);
    ask_require(q, o->cond);
    ask_require(q, n->cond);
    ask_require(q, differ);
    enum answer answer = ask_contest(q, contests, 2, NULL, 0);
    if (answer == ASK_YES) {
        found->smallest = ask_smallest(q, contests, 2, NULL, 0) == ASK_YES;
        found->ticket = shows(d, ask_witness(q), o, n) ? ask_witness(q) : NULL;
    }
    ask_free(q);
    return answer;
}

enum { WORK_PAIR = 20 };

static void look_at_pair(struct diff *d, const struct decider *o, const struct decider *n)
{
    struct difference found = {.old_rule = o->rule, .new_rule = n->rule};
    d->s->work += WORK_PAIR;
    lit differ = differ_gate(d, o, n);
    if (differ == LIT_FALSE) return;
    if (differ != LIT_TRUE) {
        lit changed = diff_changes_gate(d->changes, o, n);
        if (changed == LIT_FALSE || ask_pair(d, o, n, changed, &found) == ASK_NO) return;
    }
    if (!found.ticket && ask_pair(d, o, n, differ, &found) == ASK_NO) return;
    d->sink(d->ctx, &found);
}

/* ---- all pairs ---- */

/* The old rule and the new one at a place, if they may share a ticket. false: the budget ended. */
static bool look_at(struct diff *d, uint32_t old_place, uint32_t new_place)
{
    const struct decider *o = &d->sides[0].at[old_place], *n = &d->sides[1].at[new_place];
    d->s->work++;
    if (!n->live || new_place > o->bound || old_place > n->bound) return true;
    if (!proof_work(d->budget, d->s)) return false;
    look_at_pair(d, o, n);
    return true;
}

/* Of an anchored rule: new rules that are not, and its partner, which stands at its bound or behind it. */
static bool look_at_old(struct diff *d, uint32_t old_place, const uint32_t *changed, uint32_t changed_count)
{
    const struct decider *o = &d->sides[0].at[old_place];
    const struct deciders *all = &d->sides[1];
    bool fine = true;
    if (!o->anchored) {
        for (uint32_t i = 0; i < all->count && i <= o->bound && fine; i++) fine = look_at(d, old_place, i);
    } else {
        for (uint32_t i = 0; i < changed_count && changed[i] <= o->bound && fine; i++)
            fine = look_at(d, old_place, changed[i]);
        const struct decider *partner = o->bound < all->count ? &all->at[o->bound] : NULL;
        if (fine && partner && partner->anchored) fine = look_at(d, old_place, o->bound);
    }
    return fine && proof_work(d->budget, d->s);
}

static void look_at_all(struct diff *d, const uint32_t *changed, uint32_t changed_count)
{
    for (uint32_t i = 0; i < d->sides[0].count; i++) {
        const struct decider *o = &d->sides[0].at[i];
        if (!o->live || look_at_old(d, i, changed, changed_count)) continue;
        d->sink(d->ctx, &(struct difference){.old_rule = o->rule, .new_rule = SHUNT_NONE});
        return;
    }
}

void diff_decisions(struct space *s, bool rules, struct proof_budget *budget, difference_sink *sink,
                    void *ctx)
{
    struct diff d = {.s = s, .rules = rules, .budget = budget, .sink = sink, .ctx = ctx};
    VEC(uint32_t) changed = {0};
    d.names = diff_names_new(s);
    d.effects = diff_effects_new(s, d.names, d.sides);
    d.changes = diff_changes_new(s, d.names);
    diff_align(s, d.sides);
    look_at_changed(&d);
    for (uint32_t i = 0; i < d.sides[1].count; i++)
        if (d.sides[1].at[i].live && !d.sides[1].at[i].anchored) *vec_push(s->a, &changed) = i;
    look_at_all(&d, changed.at, changed.count);
}
