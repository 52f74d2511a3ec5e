/*
 * Several threads that begin at the same moment and do the same work, each with its number.
 *
 * Check's assertions belong to the thread that runs the test: a member counts what is wrong, and the test
 * asserts that it is nothing.
 */
#ifndef SHUNT_TESTS_CREW_H
#define SHUNT_TESTS_CREW_H

#include "../../runtime/shunt.h"

#include <stdbool.h>

enum { CREW_MAX = 16 };

/* Runs work(ctx, 0), work(ctx, 1), … work(ctx, count - 1), each in a thread of its own, and waits for all of
 * them. What they answer is added up: how often something was wrong. */
unsigned crew_run(unsigned count, unsigned (*work)(void *ctx, unsigned number), void *ctx);

/* A policy compiled into memory of malloc()'s, as a file would be read; the test fails where it has errors.
 */
void *crew_compile(const char *yaml, size_t *len);
/* "RULE priority TARGET [+LABEL…] [!SKILL…]" for a ticket written as in ../unit/matched.h. */
void crew_answer(const struct shunt_table *table, struct shunt_ticket *ticket, const char *words, char *out,
                 size_t len);
/* The next of a row of numbers that begins with *state: the same on every machine. */
uint32_t crew_draw(uint64_t *state);

#endif
