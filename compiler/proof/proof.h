/*
 * What holds for every possible ticket: findings about one table, differences between two.
 *
 * Each function asks its questions in a fixed order and tells what it finds as it goes. A finding that claims a ticket
 * brings it: it was run through the matcher first. Where the budget or a limit ends a question, that is a finding too
 * (FINDING_UNDECIDED). Called within arena_try(). Nothing here prints.
 */
#ifndef SHUNT_PROOF_PROOF_H
#define SHUNT_PROOF_PROOF_H

#include "ask.h"

enum finding_kind {
    FINDING_DEAD,      /* rule (takes, otherwise) can never decide; one that continues: never applies */
    FINDING_CONSTANT,  /* a part of a condition is the same for every ticket that comes as far */
    FINDING_GAP,       /* a ticket falls to otherwise */
    FINDING_PROMISE,
    FINDING_OVERLAP,
    FINDING_UNDECIDED
};

struct finding {
    enum finding_kind kind;
    uint32_t rule;         /* DEAD, CONSTANT, OVERLAP, and UNDECIDED where it is about one: index of RULE; else SHUNT_NONE */
    proof_ids by;          /* DEAD: RULE indexes, ascending, minimal: take all that meets its condition; none: nothing can meet it */
    bool by_minimal;       /* false: the budget ended before `by` was minimal */
    bool impossible;       /* DEAD: no ticket at all meets its condition (by is then empty) */
    bool by_active;        /* DEAD and impossible: tickets meet the condition, but none in the rule's active days */
    uint32_t code_off;     /* CONSTANT: the part's first unit in CODE. DEAD and impossible (with REACH_PARTS): of its condition the
                              part that no ticket meets which meets what stands before it; SHUNT_NONE: the whole of it */
    bool value;            /* CONSTANT: what it always is. PROMISE: it holds */
    uint32_t channel;      /* GAP: the channel's value; SHUNT_NONE: without one */
    uint32_t promise;      /* PROMISE: its number */
    uint32_t other;        /* OVERLAP: the other rule */
    const struct witness *ticket; /* GAP, OVERLAP (of the first ones), PROMISE that fails; else NULL */
    struct str what;       /* UNDECIDED: a sentence's subject, as "whether rule \"x\" can decide" */
};
typedef void finding_sink(void *ctx, const struct finding *f);

/* ---- one table: reach.c, overlap.c, promise.c; `s` is its space (a second table, if any, holds promises) ---- */

enum reach_parts { REACH_RULES = 1, REACH_PARTS = 2 };
/* Every rule, takes and otherwise, in order: DEAD; with REACH_PARTS the outermost constant parts of conditions, in order, after
 * the rule's own finding. A whole condition `true` or `false`, in so many letters, is not told. A rule's active days are a
 * part of their own, and no part of the condition that is its whole. */
void prove_reach(struct space *s, struct proof_budget *budget, unsigned parts, finding_sink *sink, void *ctx);
/* GAP for each channel, in order, and last without one; the smallest ticket. Nothing for a channel that has no gap. */
void prove_gaps(struct space *s, struct proof_budget *budget, finding_sink *sink, void *ctx);
/* PROMISE for each record of PROMISE in table `which` of the space (0: the policy's own; 1: those put beside it, whose teams,
 * agents and rules are those of that name in the first), with the smallest counterexample; where more than 256 rules break it,
 * one that may not be smallest. */
void prove_promises(struct space *s, uint32_t which, struct proof_budget *budget, finding_sink *sink, void *ctx);
/* OVERLAP for each rule or takes with another first target (not those that continue, not otherwise) of which a ticket meets
 * both conditions; the first 20 with the smallest ticket. rule: an index of RULE with a target. */
void prove_overlaps(struct space *s, uint32_t rule, struct proof_budget *budget, finding_sink *sink, void *ctx);

/* ---- two tables: diff.c; table 0 is the old one, 1 the new ---- */

struct difference {
    uint32_t old_rule, new_rule;  /* deciding, indexes of RULE; new_rule SHUNT_NONE: the budget's work ended, and
                                   * what is left of this old rule and of those behind it is undecided */
    const struct witness *ticket; /* NULL: undecided */
    bool smallest;                /* false: the budget ended before it was */
};
typedef void difference_sink(void *ctx, const struct difference *d);
/* Every pair of deciding rules of which some ticket is decided otherwise: another first target or step (names, after, of: hours
 * by name), priority, labels added, skills required (as sets); with `rules` another rule's name is a difference, too. In order of
 * the old rule, then the new. */
void diff_decisions(struct space *s, bool rules, struct proof_budget *budget, difference_sink *sink, void *ctx);

#endif
