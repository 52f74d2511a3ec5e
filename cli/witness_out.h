/* A witness (compiler/proof/space.h) as the ticket that `match` reads, and in words. */
#ifndef SHUNT_CLI_WITNESS_OUT_H
#define SHUNT_CLI_WITNESS_OUT_H

#include "out.h"
#include "proof/space.h"

/* {"id":"T1","at":"…","channel":…}: a JSON object without a line's end; keys in the order of the policy's attributes. */
void out_witness(struct out *o, const struct space *s, const struct witness *w);
/* For people: `a webchat ticket with label "refund", segment "vip" and priority high, that arrives
 * 2026-01-05T08:00:00Z`. The arrival is said only where `times` is true (the policy reads it). */
void out_witness_words(struct out *o, const struct space *s, const struct witness *w, bool times);

#endif
