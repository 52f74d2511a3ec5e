/*
 * Conditions as a graph of gates: AND of literals, and negation, over variables. Equal gates are one gate
 * (structural hashing), so conditions spelled alike in two policies are the same literal.
 *
 * A literal is a node and its sign: 2 * node + 1 is its negation. Node 0 is the constant, so 0 is false and 1
 * true. Everything lives in one arena; nothing is ever taken out.
 * Source of the form: Kuehlmann et al., "Robust Boolean Reasoning for Equivalence Checking and Functional
 * Property Verification", 2002.
 */
#ifndef SHUNT_PROOF_GATES_H
#define SHUNT_PROOF_GATES_H

#include "../base.h"

typedef uint32_t lit;
enum { LIT_FALSE = 0, LIT_TRUE = 1 };
#define LIT_NONE UINT32_MAX

static inline lit lit_not(lit l) { return l ^ 1; }
static inline uint32_t lit_node(lit l) { return l >> 1; }
static inline bool lit_negative(lit l) { return l & 1; }
static inline lit lit_of(uint32_t node, bool negative) { return node << 1 | negative; }
typedef VEC(lit) lits;
/* Ascending: literals, or any other numbers. */
void sort_numbers(uint32_t *at, uint32_t count);

enum gate_kind { GATE_CONSTANT, GATE_VAR, GATE_AND };
struct gate {
    uint32_t kind;       /* enum gate_kind */
    uint32_t kid_first;  /* AND: into kids. VAR: what it is a variable of (space.h) */
    uint32_t kid_count;  /* AND: two or more */
};

struct gates {
    struct arena *a;
    VEC(struct gate) nodes; /* what a gate is made of has a smaller number */
    lits kids;              /* of each AND ascending, each once, no two opposite */
    lits room;              /* to work in */
    uint32_t *slots;        /* open addressing over AND gates: node + 1 */
    uint32_t slot_count;
};

void gates_init(struct gates *g, struct arena *a);
/* A new variable, which stands for `what`. */
lit gate_var(struct gates *g, uint32_t what);
/* All of them hold (of none: true); any of them holds (of none: false). The literals are copied. */
lit gate_and(struct gates *g, const lit *of, uint32_t count);
lit gate_or(struct gates *g, const lit *of, uint32_t count);
lit gate_and2(struct gates *g, lit a, lit b);
lit gate_or2(struct gates *g, lit a, lit b);
/* `then` where c holds, else `other`. */
lit gate_choose(struct gates *g, lit c, lit then, lit other);
/* a and b differ. */
lit gate_differ(struct gates *g, lit a, lit b);

#endif
