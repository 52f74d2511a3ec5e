/* Hooks that count what they gave and refuse after so many calls: memory running out at every place in turn.
 */
#ifndef SHUNT_TESTS_FAILING_H
#define SHUNT_TESTS_FAILING_H

#include "../../runtime/shunt.h"

struct failing {
    uint64_t left;  /* how many more allocations succeed */
    uint64_t bytes; /* given and not freed, by the lengths that callers say */
};
struct shunt_hooks failing_hooks(struct failing *f);

#endif
