/*
 * Rules, teams' takes, otherwise and promises to the table, in this order; outcomes, steps and lists once
 * each. Assumes atoms, hours, agents and teams are in the table, and that resolve kept a rule's lists within
 * their limit.
 */
#include "lower.h"

#include <assert.h>

/* ---- outcomes ---- */

static uint32_t add_steps(struct lowering *l, const m_steps *of)
{
    struct tf_step few[8], *records = of->count <= 8 ? few : arena_array(l->a, struct tf_step, of->count);
    for (uint32_t i = 0; i < of->count; i++) {
        const struct m_step *step = &of->at[i];
        records[i] = (struct tf_step){
            .target = to_le32(step->kind == TF_TO_NOBODY ? TF_NONE : step->target),
            .of_hours = to_le32(step->of_hours),
            .after_sec = to_le32(step->after_sec),
            .kind = (uint8_t)step->kind,
        };
    }
    return lower_run(l, &l->steps, &l->parts.STEP, sizeof *records, records, of->count);
}

/* Counts of a rule's lists have 16 bits; resolve refuses longer ones. */
static le16_t list_count(uint32_t count)
{
    assert(count <= UINT16_MAX);
    return to_le16((uint16_t)count);
}

static uint32_t add_outcome(struct lowering *l, const struct m_rule *rule)
{
    struct tf_outcome record = {
        .step_first = to_le32(add_steps(l, &rule->steps)),
        .add_first = to_le32(lower_list(l, &rule->more->add, le32(l->parts.ATTR.at[TF_LABELS].atom_first))),
        .require_first = to_le32(lower_list(l, &rule->more->require, 0)),
        .step_count = list_count(rule->steps.count),
        .add_count = list_count(rule->more->add.count),
        .require_count = list_count(rule->more->require.count),
        .set_priority = rule->set_priority,
        .raise_priority = rule->raise_priority,
    };
    return lower_run(l, &l->outcomes, &l->parts.OUTCOME, sizeof record, &record, 1);
}

static bool only_leads_to_team(const struct m_rule *rule)
{
    const struct m_step *step = rule->steps.at;
    return rule->steps.count == 1 && step->kind == TF_TO_TEAM && !step->after_sec && step->of_hours == NONE &&
           !rule->more->add.count && !rule->more->require.count && !rule->set_priority &&
           !rule->raise_priority;
}

/* What most rules do: looked up by its team, not by its bytes. */
static uint32_t outcome_of(struct lowering *l, const struct m_rule *rule)
{
    if (!only_leads_to_team(rule)) return add_outcome(l, rule);
    if (!l->to_team) l->to_team = arena_array(l->a, uint32_t, l->m->teams.count);
    uint32_t *known = &l->to_team[rule->steps.at->target];
    if (!*known) *known = add_outcome(l, rule) + 1;
    return *known - 1;
}

/* ---- rules ---- */

static void push_rule(struct lowering *l, uint32_t code, const struct m_rule *what)
{
    *vec_push(l->a, &l->parts.RULE) = (struct tf_rule){to_le32(code), to_le32(outcome_of(l, what))};
}

/* Rules [from, from + count) of the model. */
static void add_some_rules(struct lowering *l, uint32_t from, uint32_t count)
{
    struct str texts[LOWER_TOGETHER];
    const struct cond *conds[LOWER_TOGETHER];
    uint32_t strings[LOWER_TOGETHER], codes[LOWER_TOGETHER];
    const struct m_rule *rules = l->m->rules.at + from;
    if (count == 0) return; /* never; without optimization the compiler would warn of `texts` */
    for (uint32_t i = 0; i < count; i++) texts[i] = rules[i].name.s, conds[i] = rules[i].cond;
    for (uint32_t i = from + count; i < from + 2 * count && i < l->m->rules.count; i++)
        __builtin_prefetch(l->m->rules.at[i].name.s.p);
    lower_strings(l, texts, count, strings);
    lower_codes(l, conds, count, codes);
    for (uint32_t i = 0; i < count; i++) {
        push_rule(l, codes[i], &rules[i]);
        *vec_push(l->a, &l->parts.RULE_NAME) = to_le32(strings[i]);
        lower_span(l, TF_S_RULE, from + i, rules[i].at);
        lower_span(l, TF_S_RULE_WHEN, from + i, rules[i].when_at);
    }
}

static void add_rules(struct lowering *l)
{
    uint32_t count = l->m->rules.count;
    vec_reserve(l->a, &l->parts.RULE, count + 1);
    vec_reserve(l->a, &l->parts.RULE_NAME, count);
    for (uint32_t i = 0; i < count; i += LOWER_TOGETHER)
        add_some_rules(l, i, count - i < LOWER_TOGETHER ? count - i : LOWER_TOGETHER);
}

static void add_takes(struct lowering *l)
{
    struct m_rule_more nothing_more = {.add = {0}};
    for (uint32_t i = 0; i < l->m->teams.count; i++) {
        const struct m_team *team = &l->m->teams.at[i];
        if (!team->takes) continue;
        struct m_step step = {.kind = TF_TO_TEAM, .target = i, .of_hours = NONE};
        struct m_rule what = {.at = team->at, .steps = {&step, 1, 1}, .more = &nothing_more};
        for (uint32_t k = 0; k < team->take_at.count; k++)
            lower_span(l, TF_S_TAKES, l->parts.RULE.count, team->take_at.at[k]);
        push_rule(l, lower_code(l, team->takes), &what);
    }
}

static void add_otherwise(struct lowering *l)
{
    struct m_rule_more nothing_more = {.add = {0}};
    struct m_step nobody = {.kind = TF_TO_NOBODY, .target = NONE, .of_hours = NONE};
    struct m_rule what = {.at = l->m->otherwise_at, .steps = {&nobody, 1, 1}, .more = &nothing_more};
    if (l->m->has_otherwise && l->m->otherwise.count) what.steps = l->m->otherwise;
    lower_span(l, TF_S_OTHERWISE, l->parts.RULE.count, l->m->otherwise_at);
    push_rule(l, lower_code(l, NULL), &what);
}

/* ---- promises ---- */

static void add_promise(struct lowering *l, uint32_t index)
{
    const struct m_promise *promise = &l->m->promises.at[index];
    struct tf_promise record = {
        .text = to_le32(lower_string(l, promise->text)),
        .code = to_le32(lower_code(l, promise->when)),
        .outcome_first = to_le32(promise->outcomes.count ? l->parts.PROMISE_OUTCOME.count : 0),
        .outcome_count = to_le32(promise->outcomes.count),
    };
    *vec_push(l->a, &l->parts.PROMISE) = record;
    for (uint32_t i = 0; i < promise->outcomes.count; i++) {
        const struct m_outcome *outcome = &promise->outcomes.at[i];
        *vec_push(l->a, &l->parts.PROMISE_OUTCOME) = (struct tf_promise_outcome){
            .first = to_le32(lower_list(l, &outcome->ids, 0)),
            .count = to_le32(outcome->ids.count),
            .kind = (uint8_t)outcome->kind,
            .priorities = outcome->priorities,
        };
    }
    lower_span(l, TF_S_PROMISE, index, promise->at);
}

/* ---- descriptions ---- */

static void add_description(struct lowering *l, enum tf_described kind, uint32_t index, struct str text)
{
    if (!text.p) return;
    *vec_push(l->a, &l->parts.DESCRIPTION) = (struct tf_description){
        .kind = to_le32(kind), .index = to_le32(index), .string = to_le32(lower_string(l, text))};
}

static void add_descriptions(struct lowering *l)
{
    const struct m_attr *segments = &l->m->attrs.at[TF_SEGMENTS];
    uint32_t first = le32(l->parts.ATTR.at[TF_SEGMENTS].atom_first);
    for (uint32_t i = 0; i < l->m->rules.count; i++)
        add_description(l, TF_D_RULE, i, l->m->rules.at[i].more->description);
    for (uint32_t i = 0; i < segments->values.count; i++)
        add_description(l, TF_D_ATOM, first + i, segments->values.at[i].description);
}

void lower_rules(struct lowering *l)
{
    add_rules(l);
    add_takes(l);
    add_otherwise(l);
    for (uint32_t i = 0; i < l->m->promises.count; i++) add_promise(l, i);
    add_descriptions(l);
}
