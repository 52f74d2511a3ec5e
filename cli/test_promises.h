/*
 * The promises of a test file: each is proved for every possible ticket, beside the policy under test, and is
 * a test named by its text.
 */
#ifndef SHUNT_CLI_TEST_PROMISES_H
#define SHUNT_CLI_TEST_PROMISES_H

#include "test_file.h"

/* Reads them against the policy's names: what is wrong with one is said where it stands in the file. Within
 * arena_try(). */
void test_promises_check(struct test_file *file, const struct shunt_table *table);

struct promise_result {
    bool holds;
    struct str message, detail; /* where it does not: a line, lines */
};
/* results[i] of promises.at[i]. false: memory ran out. */
bool test_promises_prove(struct test_file *file, const struct shunt_table *table,
                         struct promise_result *results);

#endif
