/*
 * What a step expects against what its events were answered: one verdict, in words for an admin.
 */
#ifndef SHUNT_CLI_TEST_COMPARE_H
#define SHUNT_CLI_TEST_COMPARE_H

#include "test_answers.h"
#include "test_file.h"

struct verdict {
    bool good;
    struct place place; /* what is not met */
    struct out message; /* one line */
    struct out detail;  /* lines: what was expected, what came */
    struct out room;    /* scratch; its error, as those of the others, says that the verdict is none */
    struct out ticket;  /* the ticket it is about; empty: none */
    uint32_t event;     /* the event that decided it last, or the step's last; from 0 */
};
void verdict_init(struct verdict *v);
void verdict_release(struct verdict *v);

/* Compares a step with its answers, which are those from `first` on; those before are of earlier steps. */
void test_compare(struct verdict *v, const struct test_step *s, const struct answers *all, size_t first);

#endif
