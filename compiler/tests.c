/*
 * The table of tests, made of tests.def and nothing else.
 */
#include "tests.h"
#include "model.h"

/* `true` is no test: so its op stands for "nothing". */
enum { COND_NO = COND_TRUE };
_Static_assert((int)COND_NO == TEST_MEANS_NOTHING, "what a row says NO to means nothing");
_Static_assert((int)COND_TEXT < MEANS_INSTEAD, "an op fits beside the mark");
_Static_assert((int)TEST_COUNT <= MEANS_INSTEAD, "a test fits beside the mark");

#define COND_TRY(test) (MEANS_INSTEAD | TEST_##test)

const struct test_row test_rows[TEST_COUNT] = {
#define TEST(id, spelling, values, channel, set, priority, text, listed, number, boolean, negated, param)    \
    [TEST_##id] = {spelling,                                                                                 \
                   VALUES_##values,                                                                          \
                   {COND_##channel, COND_##set, COND_##priority, COND_##text, COND_##listed, COND_##number,  \
                    COND_##boolean},                                                                         \
                   negated,                                                                                  \
                   param},
#include "tests.def"
#undef TEST
};
