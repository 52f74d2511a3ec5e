/*
 * A question to the solver: is there a ticket for which this holds?
 *
 * An ask holds the part of a space that its question mentions, and CaDiCaL. What is required stays; what is assumed
 * holds for the next question alone. YES comes with a ticket, which was checked against the graph; NO with those of the
 * assumptions that rule it out. OPEN: the budget ended, or a limit of docs/proof.md was met; never a guess.
 *
 *     struct ask *q = ask_new(space, &budget);
 *     ask_require(q, space_rule(space, 0, rule));
 *     if (ask(q, assumed, count) == ASK_YES) … ask_witness(q) …
 *     ask_free(q);
 *
 * The same questions in the same order get the same answers, on any machine.
 */
#ifndef SHUNT_PROOF_ASK_H
#define SHUNT_PROOF_ASK_H

#include "space.h"

typedef VEC(uint32_t) proof_ids;

enum answer { ASK_NO, ASK_YES, ASK_OPEN };

/* Conflicts that all questions of a run may have, together. One question has at most a tenth of what is given
 * at the start (at least 100), so that a hard one leaves something to those after it.
 *
 * Questions without conflicts cost, too: what they mention, and what the matcher looks at for their tickets.
 * That is their work, in steps of some nanoseconds: so much of it for each conflict given, and so much for
 * each rule and unit of conditions, in all. So a run ends in time linear in its policy, whatever that asks;
 * nothing is left then. */
struct proof_budget {
    uint64_t given, left;
    uint64_t work; /* left; set by the first ask */
    bool work_set;
};
/* Takes what was done off the budget; false: it ended. */
bool proof_work(struct proof_budget *b, struct space *s);
enum { PROOF_BUDGET_CHECK = 20000, PROOF_BUDGET_DEFAULT = 2000000 };

struct ask;
struct ask *ask_new(struct space *s, struct proof_budget *budget);
void ask_free(struct ask *q); /* what it holds of the solver; the arena would, too, at its end */

/* From now on. */
void ask_require(struct ask *q, lit l);

enum answer ask(struct ask *q, const lit *assumed, uint32_t count);
/* After YES: the ticket. In the space's arena. */
const struct witness *ask_witness(struct ask *q);
/* After NO: whether this assumption of the last question was needed to say so (perhaps not: see ask_core()). */
bool ask_needed(struct ask *q, lit assumed);

/* ---- questions about who decides ---- */

/* A ticket that a table's rule `rule` decides: one that meets its condition and that no earlier rule with a target
 * meets. The earlier ones that stand in the way come into the question only when a ticket meets them: most never do. */
struct contest {
    uint32_t which, rule;
    /* Earlier deciding rules that were met and are now kept out, in the order in which they were met; each can decide. */
    VEC(uint32_t) out;
    lits out_lits; /* their conditions, negated: what is assumed */
};
void contest_begin(struct contest *c, uint32_t which, uint32_t rule);
/* As ask(), for a ticket that each of the contests' rules (one for each table at most; or none) decides; a rule that
 * continues: that comes as far as the rule, and meets it. The caller requires or assumes the rules' own conditions.
 * After NO the contests' `out` tell who stood in the way. */
enum answer ask_contest(struct ask *q, struct contest *const *contests, uint32_t contest_count, const lit *assumed,
                        uint32_t count);
/* After ask_contest() answered NO with one contest: a minimal set of its `out` that still answers NO with the same
 * assumptions, ascending, in rules; OPEN where the budget ended before it was minimal (and then it still suffices). */
enum answer ask_core(struct ask *q, struct contest *c, const lit *assumed, uint32_t count, proof_ids *rules);
/* After ask_contest() answered YES: the smallest such ticket: fewest labels and segments, then fewest other
 * attributes. YES; OPEN: the budget ended, and ask_witness() is one that may not be smallest. */
enum answer ask_smallest(struct ask *q, struct contest *const *contests, uint32_t contest_count, const lit *assumed,
                         uint32_t count);

#endif
