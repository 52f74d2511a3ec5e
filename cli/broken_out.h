/* A promise that does not hold, in words: the ticket that breaks it, and what is decided for it. */
#ifndef SHUNT_CLI_BROKEN_OUT_H
#define SHUNT_CLI_BROKEN_OUT_H

#include "out.h"
#include "proof/space.h"

/* `an email ticket with label "refund" goes to team "general" by rule "rest" with priority normal`. a: to
 * work in. */
void out_broken(struct out *o, struct arena *a, const struct space *s, const struct witness *w,
                const struct shunt_decision *decision);

#endif
