/*
 * Inside an ask: what ask.c (the solver and its clauses), ask_axioms.c (which variables go together), ask_ticket.c (a
 * model as a ticket) and ask_contest.c (who decides, the smallest) share. Nobody else includes it.
 *
 * A number of the solver's (`int`) is a literal there: negative is its negation.
 */
#ifndef SHUNT_PROOF_ASK_INSIDE_H
#define SHUNT_PROOF_ASK_INSIDE_H

#include "ask.h"

#include <ccadical.h>

typedef VEC(int) ints;

/* A variable of a dimension that this ask has met, and the solver's literal for it. */
struct met {
    uint32_t var;
    int is;
};

/* A dimension of which this ask has met a variable. */
struct ask_dim {
    uint32_t dim;
    VEC(struct met) met; /* ONE_OF: by index, NUMBER: by number, "below" first; else as they were met */
    int carried;         /* 0: it does not matter to this ask (labels and segments only) */
    int rest;            /* SET: a member has to be there that is none of those met; 0: where `carried` is */
    int costs;           /* the attribute is one that a smallest ticket counts; 0: its members count, or its twin */
};

/* Cells of times.h that agree on the time atoms met so far, or did until a later one split them into two further classes: a tree,
 * whose leaves agree on all of them. A class has its number after that of the one it came from. */
struct time_class {
    int is;            /* holds where the arrival is in one of its cells; 0: all cells are */
    uint32_t from, to; /* its cells: places in ask.order; rising cells in a leaf */
    uint32_t halves;   /* the first of the two it was split into: those where the atom does not hold; 0: a leaf */
};

/* An ask that would say more than so many clauses about times is OPEN: some 50 bytes each. Two hundred shifts in a dozen zones, all
 * in one condition, say 1.5 million. */
enum { ASK_TIME_CLAUSES_MAX = 4 << 20 };

struct ask {
    struct space *s;
    struct arena *a;
    CCaDiCaL *solver;
    struct proof_budget *budget;
    int var_count;      /* the solver's */
    uint64_t size;      /* of what it holds: variables, and literals of clauses */
    uint64_t learned;
    uint32_t *node_keys; /* open addressing: node + 1 */
    int *node_lits;
    uint32_t node_cap, node_count;
    lits stack;
    VEC(struct ask_dim) dims;
    VEC(struct time_class) classes;
    VEC(struct met) times;
    uint32_t *order;     /* the cells, class by class */
    uint32_t time_clauses;
    lits required;       /* what the ticket must show to have; with the assumed */
    struct witness *witness;
    bool limited;        /* a limit was met: every answer but NO is OPEN */
    ints room;
};

/* ---- ask.c ---- */

/* The solver's literal of a gate, which with all it is made of is in the solver afterwards. */
int ask_lit(struct ask *q, lit l);
int ask_new_var(struct ask *q);
void ask_clause(struct ask *q, const int *of, uint32_t count);
void ask_clause2(struct ask *q, int a, int b);
/* As ask(), with the solver's own literals assumed, too. The ticket is not made. */
enum answer ask_solver(struct ask *q, const lit *assumed, uint32_t count, const int *more, uint32_t more_count);
/* What the solver's last model says. */
bool ask_model(struct ask *q, int is);

/* ---- ask_axioms.c ---- */

/* A variable has come into the solver: says what it has to do with those that are there. */
void ask_met(struct ask *q, uint32_t var, int is);

/* ---- ask_ticket.c ---- */

/* The model as a ticket, for which the required and the assumed hold; NULL where none could be made, which would be a limit of
 * texts.h or a fault. */
struct witness *ask_make_ticket(struct ask *q, const lit *assumed, uint32_t count);

#endif
