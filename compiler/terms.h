/* Inside terms.c, which puts terms together, and terms_leaf.c, which makes them. Nobody else includes it. */
#ifndef SHUNT_COMPILER_TERMS_H
#define SHUNT_COMPILER_TERMS_H

#include "../runtime/ops.h"
#include "lower.h"

static const struct term universal = {TERM_CHANNELS_ALL, TERM_PRIORITIES_ALL, true, TF_NONE, TF_NONE, 0, 0};

static inline void push(struct terms *t, struct term term)
{
    if (term.channels && term.priorities) *vec_push(t->a, &t->list) = term;
}

/* Pushes the terms of the test at `p`; behind it. */
const struct tf_unit *terms_of_test(struct terms *t, const struct tf_unit *p, bool negated);
/* The priorities of a comparison, as a term has them. */
uint8_t terms_priorities(enum tf_cmp cmp, uint32_t value, bool negated);

#endif
