/* Promises given as text beside a table: --assert, and the promises of test files. */
#ifndef SHUNT_PROOF_ASSERTED_H
#define SHUNT_PROOF_ASSERTED_H

#include "../compile.h"

struct asserted {
    struct compilation *compiled;    /* source 0 is nobody's; then each text, under its name */
    const struct shunt_table *table; /* closed with the arena; NULL: a text is wrong, as compiled's diagnostics say */
};
/* Compiles the promises against the names of a table, to be the second table of a space with by_name, which
 * prove_promises(…, 1, …) then proves. Within arena_try(). */
struct asserted assert_open(struct arena *a, const struct shunt_table *beside, const struct promise_text *texts,
                            uint32_t count);

#endif
