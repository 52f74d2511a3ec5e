/*
 * Hooks that count what they gave and refuse after so many calls: memory running out at every place in turn.
 * A length that is not the block's fails the test. New bytes are no zeros, a block that grows moves, and
 * what is given back is overwritten.
 */
#ifndef SHUNT_TESTS_FAILING_H
#define SHUNT_TESTS_FAILING_H

#include "../../runtime/shunt.h"

struct failing {
    uint64_t left;  /* how many more allocations succeed */
    uint64_t bytes; /* given and not freed */
};
struct shunt_hooks failing_hooks(struct failing *f);

#endif
