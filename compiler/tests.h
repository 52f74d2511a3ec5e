/*
 * The rows of tests.def, as a table: how each test of a condition is spelled, and what it means for which
 * type.
 */
#ifndef SHUNT_COMPILER_TESTS_H
#define SHUNT_COMPILER_TESTS_H

#include "ast.h"
#include "../runtime/format.h"

enum { TYPE_COUNT = TF_BOOL_T + 1 };

enum test_values { VALUES_NONE, VALUES_ONE, VALUES_LIST, VALUES_EITHER };

/* In `means`: nothing, for that type; the rest is the enum test_op to write instead. */
enum { MEANS_INSTEAD = 128 };

struct test_row {
    const char *spelling;
    uint8_t values;            /* enum test_values */
    uint8_t means[TYPE_COUNT]; /* enum cond_op, MEANS_INSTEAD | enum test_op, or TEST_MEANS_NOTHING */
    bool negated;
    uint8_t param; /* enum tf_cmp or enum tf_atom_kind */
};
enum { TEST_MEANS_NOTHING = 0 };

extern const struct test_row test_rows[TEST_COUNT];

static inline bool test_has_meaning(enum test_op op, unsigned type)
{
    uint8_t means = test_rows[op].means[type];
    return means != TEST_MEANS_NOTHING && !(means & MEANS_INSTEAD);
}

#endif
