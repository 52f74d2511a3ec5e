/*
 * What rules do besides deciding, and the decision that comes of it (language.md 5.3).
 */
#ifndef SHUNT_RUNTIME_EFFECTS_H
#define SHUNT_RUNTIME_EFFECTS_H

#include "ticket.h"

/* What rules add up to, while they are taken in order (language.md 5.3). */
struct sh_effects {
    uint32_t set, raise; /* 0 none, else 1 low .. 4 urgent */
    uint32_t add_count, require_count;
};
void sh_apply(struct shunt_ticket *k, struct sh_effects *effects, uint32_t rule);
/* The decision that they and the deciding rule make; the deciding rule's own effects last. */
void sh_decide(struct shunt_ticket *k, uint32_t guard, struct sh_effects *effects, uint32_t rule,
               struct shunt_decision *decision);

/* The same where the rules that continue and match have still to be found. */
void sh_finish_effects(struct shunt_ticket *k, uint32_t guard, uint32_t rule,
                       struct shunt_decision *decision);

static inline bool sh_has_effects(const struct tf_outcome *o)
{
    return o->set_priority | o->raise_priority | le16(o->add_count) | le16(o->require_count);
}

/* The decision of a rule, apart from effects. Field by field: put together elsewhere and copied, its bytes
 * are written four at a time and read sixteen, which waits. */
static inline void sh_plain_decision(const struct shunt_ticket *k, uint32_t guard, const struct tf_outcome *o,
                                     uint32_t rule, struct shunt_decision *decision)
{
    decision->rule = rule;
    decision->step_count = le16(o->step_count);
    decision->priority = sh_priority(guard);
    decision->add = k->add;
    decision->add_count = 0;
    decision->require = k->require;
    decision->require_count = 0;
}

#endif
