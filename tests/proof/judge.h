/*
 * What compiler/proof says of small policies, against brute force over all their tickets: both ways.
 */
#ifndef SHUNT_TESTS_JUDGE_H
#define SHUNT_TESTS_JUDGE_H

#include "brute.h"
#include "small.h"
#include "../../compiler/compile.h"
#include "../../compiler/proof/proof.h"

/* One policy, or two. */
struct trial {
    struct gen_pool pool;
    struct gen g;
    uint64_t seed;
    struct arena *a;
    const char *texts[2];
    const char *edit; /* what was done between them; NULL: nothing was */
    const struct shunt_table *tables[2];
    uint32_t count;
    struct brute b;
    struct space *s;
    struct proof_budget budget;
    bool too_large; /* for brute force: nothing was compared */
    bool limited;   /* the budget ends: what is told is so, but not all is told */
    int complaints;
    struct out said; /* all that was told, as text: the same every run */
    /* how much there was to compare */
    uint32_t tickets, findings, undecided;
};

/* Says, once, what it takes to see it again, then what is wrong. */
void object(struct trial *t, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* judge.c: dead rules, constant parts, gaps, promises, overlaps of one policy. Called within arena_try(), as
 * all of these; `said` is told once more, and must be the same. */
void judge_prove(struct trial *t);
/* Promises in a table beside the policy: table 1's. */
void judge_beside(struct trial *t);
/* judge_diff.c: all pairs of deciding rules whose decision differs, with and without names of rules. */
void judge_diff(struct trial *t);
/* Judges in a space of its own, twice. */
void judge_twice(struct trial *t, bool by_name, void (*all)(struct trial *t));

void judge_budget(struct trial *t);

/* judge_witness.c: the number of the ticket among all; SHUNT_NONE: it is none of them, which was objected to.
 * It was run through both matchers. what: for the objection. */
uint32_t judge_witness(struct trial *t, const struct witness *w, const char *what);
/* As text, into `said`. */
void note_witness(struct trial *t, const struct witness *w);
/* Fewest labels and segments, then fewest other attributes: comparable. */
uint32_t witness_cost(const struct trial *t, const struct witness *w);
uint32_t ticket_cost(const struct trial *t, uint32_t ticket);

#endif
