/* The end of a test program's main(). */
#ifndef SHUNT_TESTS_RUN_SUITE_H
#define SHUNT_TESTS_RUN_SUITE_H

#include <check.h>

/* Runs the suite, which ends with it: main()'s answer. CK_VERBOSITY and the like count. */
static inline int run_suite(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}

#endif
