/*
 * Inside diff: two tables' decisions by name, their deciding rules side by side, and what rules that continue
 * have done by then, as literals. diff_decisions() (proof.h) is put together of these; `shunt diff --tickets`
 * compares by the first.
 *
 * Everything lives in the arena of the space.
 */
#ifndef SHUNT_PROOF_DIFF_H
#define SHUNT_PROOF_DIFF_H

#include "proof.h"

/* ---- decisions by name: diff_names.c ---- */

/* Equal numbers are equal names, over both tables. */
struct diff_names {
    const struct space *s;
    uint32_t *rule[2];  /* of each RULE */
    uint32_t *steps[2]; /* of each OUTCOME: its steps, each with target, delay and hours */
    uint32_t *label[2]; /* of each label, from 0; skills go on with the numbers: what a decision adds */
    uint32_t *skill[2];
    uint32_t added_count;
    uint32_t *marks; /* to work in, by label and skill */
    uint32_t mark;
};
struct diff_names *diff_names_new(const struct space *s);
/* Whether the old and the new decision are one (commands.md 10). `rules`: by a rule of the same name, too. */
bool diff_same(struct diff_names *names, const struct shunt_decision *before,
               const struct shunt_decision *after, bool rules);

/* ---- deciding rules side by side: diff_align.c ---- */

struct decider {
    uint32_t rule, outcome;
    lit cond;
    uint32_t continued; /* rules that continue before it; what they have done: diff_effects.c */
    uint32_t prio_at, added_at;
    bool live; /* no earlier one takes all that meets its condition, as far as one sees by looking */
    bool anchored;
    uint32_t bound; /* the first in the other table that every ticket of its own is known to meet */
};
struct deciders {
    struct decider *at;
    uint32_t count;
};
/* Finds live, anchored and bound for both. */
void diff_align(struct space *s, struct deciders sides[2]);
/* Of items with a partner's place each (SHUNT_NONE: without), no two with the same: which are in a longest
 * sequence whose partners ascend, too. */
bool *diff_ascending(struct arena *a, const uint32_t *partner, uint32_t count);

/* Work (struct proof_budget) of a literal that a pair's gate is made of: it stays in the space for good. */
enum { DIFF_WORK_LITERAL = 64 };

/* ---- effects: diff_effects.c ---- */

struct diff_effects;
/* With the deciders of both tables. */
struct diff_effects *diff_effects_new(struct space *s, struct diff_names *names, struct deciders sides[2]);
/* Holds where a ticket that the old one decides before and the new one after is decided otherwise by effects:
 * priority, labels, skills. LIT_FALSE: never. Time: the continuing rules' effects between these two and the
 * last two. */
lit diff_effects_gate(struct diff_effects *e, const struct decider *before, const struct decider *after);
/* Holds wherever that does, and asks for less: what the rules that continue have in common on both sides has
 * no part in it. diff_changes.c */
struct diff_changes;
struct diff_changes *diff_changes_new(struct space *s, struct diff_names *names);
lit diff_changes_gate(struct diff_changes *c, const struct decider *before, const struct decider *after);

#endif
