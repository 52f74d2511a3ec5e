/*
 * What holds for every possible ticket (compiler/proof), as diagnostics of a policy: rules and takes that
 * nothing reaches, conditions and parts of them that are always the same, promises that do not hold, and what
 * the budget left open.
 */
#ifndef SHUNT_CLI_CHECK_PROOF_H
#define SHUNT_CLI_CHECK_PROOF_H

#include "compile.h"
#include "out.h"
#include "proof/proof.h"

/* Adds them to the compilation's diagnostics, in order. What the compiler's cheap tests found of the same
 * kind gives way, but where the proof was left open. The table is the compilation's; promises_only: it is
 * nobody's (compiled earlier), and only its promises are asked for. false: memory ran out. */
bool check_proof(struct compilation *c, const struct shunt_table *table, uint64_t budget, bool promises_only);

/* ---- inside: check_proof.c, check_parts.c ---- */

struct proofs {
    struct compilation *c;
    const struct shunt_table *table;
    bool promises_only;
    struct arena *a; /* what is gone afterwards: the space, the questions */
    struct space *s;
    const struct table_view *v;
    struct proof_budget budget;
    struct strmap open;         /* places of which the cheap findings stay */
    uint32_t dead;              /* the rule last found dead; SHUNT_NONE */
    struct out text;            /* room for a ticket */
    uint32_t left_open;         /* how many questions */
    struct str left_what;       /* the first of them */
    struct span left_at;
};

/* The team whose takes a RULE is; NULL: it is a rule or otherwise. */
const struct m_team *proofs_team(const struct proofs *p, uint32_t rule);
/* Where it stands: its name, the team's first takes, otherwise. */
struct span proofs_place(const struct proofs *p, uint32_t rule);
/* `rule "a" takes`, `rule "a" and team "b" together take`. In the diagnostics' arena. */
struct str proofs_takers(const struct proofs *p, const proof_ids *by);
/* The first of them as the second place. */
void proofs_first_taker(const struct proofs *p, struct diag *g, const proof_ids *by);

/* check_parts.c: the second place of a W1004: where the condition contradicts itself. */
void proofs_contradiction(struct proofs *p, const struct finding *f, struct diag *g);
/* check_parts.c: what FINDING_CONSTANT is about. */
void proofs_constant(struct proofs *p, const struct finding *f);
/* A team that never takes a ticket, by any of its several takes: each of them is told. */
void proofs_dead_takes(struct proofs *p, const struct finding *f);

#endif
