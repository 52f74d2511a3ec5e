/* Everything that a desk does, on whatever table was opened: for tests of hostile tables. */
#ifndef SHUNT_TESTS_ASK_DESK_H
#define SHUNT_TESTS_ASK_DESK_H

#include "../../runtime/shunt.h"

/* A draw below a bound, from the caller's stream. */
typedef uint32_t ask_draw(uint64_t *r, uint32_t below);
/* Says something of what the table knows to a ticket that was reset. */
typedef void ask_carry(const struct shunt_table *t, struct shunt_ticket *k, uint64_t *r);

/* Drives a desk of the table through a random day, saves it, loads it, and goes on under the same table as
 * the next version. What it must not do is read where it may not, loop or crash; what it must answer is not
 * looked at, but that every index in a decision is one of the table's. A sum of what it read. */
uint32_t ask_desk(const struct shunt_table *t, ask_draw *draw, ask_carry *carry, uint64_t *r);

#endif
