/*
 * One test on a desk of its own, from its first step to its last or to the first that fails: on virtual time,
 * by the very path of `shunt route` (desk_run.h).
 */
#ifndef SHUNT_CLI_TEST_RUN_H
#define SHUNT_CLI_TEST_RUN_H

#include "test_compare.h"
#include "test_cover.h"

struct test_outcome {
    const struct test_case *test;
    struct verdict verdict;
    struct out notes; /* lines: events that were refused where nothing was expected of them */
};

/* coverage: may be NULL. 0, or an errno: then nothing is to be released. */
int test_run(const struct shunt_table *table, const struct test_file *file, const struct test_case *test,
             struct coverage *coverage, struct test_outcome *outcome);
void test_outcome_release(struct test_outcome *outcome);

#endif
