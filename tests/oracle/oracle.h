/*
 * The slow, literal evaluator of the policy language: what a ticket's answer must be, clause by clause from
 * the contract, on the generator's own picture of a policy. Shares no code with compiler/ or runtime/: zones
 * come from the C library, case folding from utf8proc in three whole passes.
 *
 * Sets the process's TZ; one thread.
 */
#ifndef SHUNT_TESTS_ORACLE_H
#define SHUNT_TESTS_ORACLE_H

#include "../gen/gen.h"

/* language.md 5: what the policy decides about a ticket. */
struct oracle_outcome {
    const char *rule, *team; /* team: a decision by its takes */
    const g_steps *steps;
    int priority, raise; /* after effects; raise: the highest, -1: none */
    strings add, require;
};
void oracle_decide(struct gen *g, const struct g_policy *p, const struct g_ticket *t,
                   struct oracle_outcome *o);
/* The line that `shunt match` must answer, without its end. */
char *oracle_answer(struct gen *g, const struct g_policy *p, const struct g_ticket *t);

/* language.md 6: whether hours (or ALWAYS) are open at an instant. */
bool oracle_open(const struct g_policy *p, int hours, int64_t at);
/* Whether one of the ranges holds the local date of the instant. */
bool oracle_active(const struct g_policy *p, const g_ranges *ranges, int64_t at);
/* The zone of hours; where they say none, or there are none, the policy's (NULL: none). */
const char *oracle_zone(const struct g_policy *p, int hours);
/* language.md 2: whole local days in the zone of the agent's hours, or the policy's. */
bool oracle_away(const struct g_policy *p, const struct g_agent *a, int64_t at);
/* language.md 4. */
bool oracle_cond(struct gen *g, const struct g_policy *p, const struct g_cond *c, const struct g_ticket *t);
bool oracle_match(struct gen *g, const struct g_policy *p, const g_match *m, const struct g_ticket *t);
/* The place of a ticket's priority: normal where it says nothing, or nothing known. */
int oracle_priority(const struct g_policy *p, const struct g_ticket *t);
/* Whether a ticket carries an attribute, and for one of names, with a value that the policy knows. */
bool oracle_carries(const struct g_policy *p, const struct g_ticket *t, int attr);

#endif
