/*
 * Promises: names and priorities of their outcomes (language.md 8.1). Whether they hold is not asked here.
 * Assumes everything else resolved. Rules are numbered as in the table: rules, then each team's takes, then
 * otherwise.
 */
#include "resolve.h"

/* The number of the rule that a team's takes makes, NONE where the team takes nothing. */
static uint32_t takes_rule(const struct model *m, uint32_t team)
{
    uint32_t rule = m->rules.count;
    for (uint32_t i = 0; i < team; i++) rule += m->teams.at[i].takes != NULL;
    return m->teams.at[team].takes ? rule : NONE;
}

static uint32_t otherwise_rule(const struct model *m)
{
    uint32_t rule = m->rules.count;
    for (uint32_t i = 0; i < m->teams.count; i++) rule += m->teams.at[i].takes != NULL;
    return rule;
}

static uint32_t find_rule(struct resolver *r, struct name n)
{
    struct str team_word = S("team ");
    if (!n.s.p) return NONE;
    if (str_eq(n.s, S("otherwise"))) return otherwise_rule(r->m);
    uint32_t id = rule_named(r, n.s);
    if (id == NONE && str_starts(n.s, team_word)) {
        struct name name = {{n.s.p + team_word.len, n.s.len - team_word.len}, n.at};
        uint32_t team = find_team(r, name);
        if (team == NONE) return NONE;
        id = takes_rule(r->m, team);
        if (id == NONE) diag(r->d, E0621, n.at, shown(r, name.s));
        return id;
    }
    if (id != NONE || r->over[LIMIT_RULES]) return id;
    hint_begin(r);
    for (uint32_t i = 0; hints_left(r) && i < r->m->rules.count; i++) hint_add(r, r->m->rules.at[i].name.s);
    hint_add(r, S("otherwise"));
    name_unknown(r, NAME_RULE, n);
    return NONE;
}

/* The priorities for which "priority CMP names" holds, as bits. */
static uint8_t priorities(struct resolver *r, const struct outcome *o)
{
    uint8_t bits = 0;
    for (uint32_t i = 0; i < o->names.count; i++) {
        uint32_t wanted = find_priority(r, o->names.at[i]);
        for (uint32_t p = 0; wanted != NONE && p < PRIORITY_COUNT; p++) {
            bool holds = o->cmp == TEST_LT   ? p < wanted
                         : o->cmp == TEST_LE ? p <= wanted
                         : o->cmp == TEST_GT ? p > wanted
                         : o->cmp == TEST_GE ? p >= wanted
                                             : p == wanted;
            if (holds) bits = (uint8_t)(bits | 1u << p);
        }
    }
    bool negated = o->cmp == TEST_NE || o->cmp == TEST_NOT_IN;
    return negated ? (uint8_t)(bits ^ 15u) : bits;
}

static void resolve_outcome(struct resolver *r, const struct outcome *o, struct m_outcome *out)
{
    static const enum tf_outcome_kind kinds[] = {
        [OUTCOME_TEAM_IN] = TF_P_TEAM_IN, [OUTCOME_NOT_TEAM] = TF_P_NOT_TEAM,
        [OUTCOME_AGENT] = TF_P_AGENT,     [OUTCOME_UNASSIGNED] = TF_P_UNASSIGNED,
        [OUTCOME_RULE] = TF_P_RULE,       [OUTCOME_PRIORITY] = TF_P_PRIORITY};
    out->kind = kinds[o->kind];
    out->at = o->at;
    if (o->kind == OUTCOME_PRIORITY) {
        out->priorities = priorities(r, o);
        return;
    }
    for (uint32_t i = 0; i < o->names.count; i++) {
        uint32_t id = o->kind == OUTCOME_RULE    ? find_rule(r, o->names.at[i])
                      : o->kind == OUTCOME_AGENT ? find_agent(r, o->names.at[i])
                                                 : find_team(r, o->names.at[i]);
        if (id != NONE) *vec_push(r->a, &out->ids) = id;
    }
    ids_sort(&out->ids);
}

void resolve_promises(struct resolver *r)
{
    for (uint32_t i = 0; i < r->c->ast.items.count; i++) {
        const struct item *item = r->c->ast.items.at[i];
        if (item->kind != ITEM_PROMISE || !item->u.promise || !item->u.promise->when) continue;
        const struct promise_decl *decl = item->u.promise;
        struct m_promise *p = vec_push(r->a, &r->m->promises);
        p->text = decl->text;
        p->at = decl->at;
        p->when = cond_keep(r, resolve_expr(r, decl->when));
        for (uint32_t k = 0; k < decl->outcomes.count; k++)
            resolve_outcome(r, &decl->outcomes.at[k], vec_push(r->a, &p->outcomes));
    }
}
