/*
 * The plain ways to a decision, as the oracle of tests and the measure of benchmarks. Internal: not exported.
 */
#ifndef SHUNT_RUNTIME_SCAN_H
#define SHUNT_RUNTIME_SCAN_H

#include "ticket.h"

/* As shunt_match(), but rule after rule: no index. */
void sh_match_scan(struct shunt_ticket *ticket, struct shunt_decision *decision);

/* As shunt_match(), but with nothing that only some processors have (match.c). */
void sh_match_plain(struct shunt_ticket *ticket, struct shunt_decision *decision);

/* Whether a text pattern holds for a folded text, by looking for this one alone: no automaton. */
bool sh_pattern_holds(const struct shunt_table *t, uint32_t atom, const char *folded, size_t len);

#endif
