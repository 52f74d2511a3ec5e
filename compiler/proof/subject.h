/* What the proofs of one table ask its RULE records, and how a sentence names one. */
#ifndef SHUNT_PROOF_SUBJECT_H
#define SHUNT_PROOF_SUBJECT_H

#include "space.h"

static inline const struct tf_outcome *rule_outcome(const struct table_view *v, uint32_t rule)
{
    return &v->OUTCOME.at[le32(v->RULE.at[rule].outcome)];
}
/* Whether it decides: it does not continue. */
static inline bool rule_decides(const struct table_view *v, uint32_t rule)
{
    return le16(rule_outcome(v, rule)->step_count) > 0;
}
/* The first step of a rule that decides. */
static inline const struct tf_step *rule_target(const struct table_view *v, uint32_t rule)
{
    return &v->STEP.at[le32(rule_outcome(v, rule)->step_first)];
}
static inline bool rule_is_otherwise(const struct table_view *v, uint32_t rule)
{
    return rule + 1 == v->RULE.count;
}
/* Where the condition as written begins in CODE: behind the active days that stand before it
 * (resolve_tests()). */
uint32_t written_code(const struct table_view *v, uint32_t rule);
/* As a decision names it: "vip-refund", "team billing", "otherwise". */
struct str rule_name(struct arena *a, const struct table_view *v, uint32_t rule);
/* In a sentence: `rule "vip-refund"`, `team "billing"`, `otherwise`. */
struct str rule_words(struct arena *a, const struct table_view *v, uint32_t rule);

#endif
