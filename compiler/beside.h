/*
 * Work that a second thread does while the first goes on: with an arena of its own, so that the two share
 * nothing but what both only read. docs/decisions/0021-checks-beside-lowering.md.
 */
#ifndef SHUNT_COMPILER_BESIDE_H
#define SHUNT_COMPILER_BESIDE_H

#include "base.h"

#include <pthread.h>

/* Whether there is a processor for a second thread, and addresses. */
bool thread_pays(void);
/* Starts a thread that takes no signals: those are for whoever waits for them. False: there is none to be
 * had. */
bool thread_start(pthread_t *thread, void *run(void *ctx), void *ctx);

struct beside;
/* Calls body(own, ctx) in a second thread; what it makes in `own` lives as long as `a`. NULL: there is no
 * thread to be had, and nothing was called. */
struct beside *beside_start(struct arena *a, void (*body)(struct arena *own, void *ctx), void *ctx);
/* Waits for its end. As if memory had run out in `a` where it did there. */
void beside_end(struct beside *b);

#endif
