/*
 * The solver is C++, and memory that it wants and does not get would end the program by a signal, for nothing
 * between it and main() knows of exceptions. Within proof_try() it ends as main() would end it: it says so,
 * with status 2. What was not written by then is not written.
 */
#ifndef SHUNT_CLI_PROOF_MEMORY_H
#define SHUNT_CLI_PROOF_MEMORY_H

#ifdef __cplusplus
extern "C" {
#endif
void proof_memory_begin(void);
void proof_memory_end(void);
#ifdef __cplusplus
}
#else

#include "base.h"

/* As arena_try(), for a body that proves something. */
static inline bool proof_try(struct arena *a, void (*body)(void *ctx), void *ctx)
{
    proof_memory_begin();
    bool done = arena_try(a, body, ctx);
    proof_memory_end();
    return done;
}

#endif
#endif
