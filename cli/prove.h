/*
 * Inside `shunt prove`: what is proved about, and where a finding stands. Nobody else includes it.
 *
 * The proofs (compiler/proof/proof.h) tell findings one by one; each is written at once, for people
 * (prove_text.c) or as a JSON line (prove_json.c). All of it lives in one arena.
 */
#ifndef SHUNT_CLI_PROVE_H
#define SHUNT_CLI_PROVE_H

#include "cli.h"
#include "proof/asserted.h"
#include "proof/proof.h"

/* What the summary says. */
struct prove_counts {
    uint32_t dead, constant, undecided, overlaps; /* dead: but for otherwise */
    uint32_t promises, broken, promise_undecided;
    uint32_t gaps, gap_undecided; /* of channels, and of tickets without one */
};

struct proving {
    struct cli *cli;
    struct out *o;
    struct arena *a;
    struct policy policy;
    const char *path; /* as the user named the policy */
    bool json, colour;

    struct option_list asserts;
    const char *overlaps_said, *budget_said;
    uint32_t overlaps; /* a RULE; SHUNT_NONE: not asked for */

    struct proof_budget budget;
    struct asserted asserted;
    const struct promise_text *texts; /* of --assert */
    struct space *space;
    const struct table_view *v;    /* the policy's table */
    const struct table_view *said; /* the table of the promises that are told */
    bool *first;    /* of each RULE: no earlier one has its code: the places in it are its own */
    bool *gap;      /* of each channel, and last of none: a ticket of it can fall to otherwise */
    uint32_t dead;  /* the RULE that was last found dead; SHUNT_NONE: none */
    struct prove_counts counts;
    int status;
};

/* ---- prove_places.c ---- */

struct prove_place {
    bool known;
    struct str file; /* as shown */
    struct place at;
    struct source *source; /* NULL: it is not at hand */
};
void prove_places(struct proving *p); /* to be called first */
struct prove_place place_of_rule(const struct proving *p, uint32_t rule);
struct prove_place place_of_promise(const struct proving *p, uint32_t promise);
/* Where a part of a rule's condition stands; where that is not known, the rule. */
struct prove_place place_of_part(const struct proving *p, uint32_t rule, uint32_t code_off);
struct prove_place place_of(const struct proving *p, const struct finding *f);
/* The part as the source has it; else in the canonical spelling. */
struct str text_of_part(const struct proving *p, uint32_t rule, uint32_t code_off);
/* As it was written, where that is at hand. */
struct str text_of_promise(const struct proving *p, uint32_t promise);
struct str name_of_channel_value(const struct proving *p, uint32_t channel);

/* ---- the writers ---- */

void prove_json(struct proving *p, const struct finding *f);
void prove_text(struct proving *p, const struct finding *f);
void prove_summary(struct proving *p);
void prove_overlap_summary(struct proving *p);

#endif
