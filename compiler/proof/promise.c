/*
 * Promises (language.md 8.1): each holds for every ticket, or a ticket breaks it. See proof.h.
 *
 * The rules that decide are gone through in order: may this one decide a ticket otherwise than promised? What
 * the rules that continue do to the priority before it is kept as gates, and enters a solver only with a
 * promise that speaks of the priority.
 */
#include "proof.h"
#include "subject.h"

enum { LEVELS = 4, ALL_LEVELS = (1 << LEVELS) - 1 };
/* Rules that are asked for a smaller ticket than the one that was found first: 0.2 s. */
enum { LATER_MAX = 256 };

/* Whether the priority is a level or higher: level 0 is always so. */
struct levels {
    lit from[LEVELS];
};

/* The rules that decide otherwise than the outcomes of a promise which leaves the priority open. Kept for the
 * next promise, which mostly says the same: so promises of one kind cost the rules once, and not each. */
struct breakers {
    const struct tf_promise *of; /* NULL: of none yet */
    uint32_t *rules, count;
};

struct promise {
    struct space *s;
    const struct table_view *v;    /* the policy */
    const struct table_view *said; /* the table that holds the promise */
    const struct tf_promise *record;
    struct proof_budget *budget;
    struct breakers *breakers;
    struct contest contest;      /* of the rule that is looked at */
    lits kept_out;               /* negated conditions of rules before it */
    const struct witness *best;  /* breaks it, the smallest so far; NULL: none yet */
    const struct witness *least; /* the smallest that meets its condition, once one breaks it */
    unsigned priorities;         /* as promised: bits */
    struct levels set, raised;   /* before the rule that is looked at */
};

/* ---- outcomes ---- */

static const struct tf_promise_outcome *outcome(const struct promise *p, uint32_t i)
{
    return &p->said->PROMISE_OUTCOME.at[le32(p->record->outcome_first) + i];
}

/* Promises beside a policy name things of a table of their own. */
static bool named_so(const struct promise *p, uint8_t kind, uint32_t said, uint32_t index)
{
    const struct table_view *v = p->v, *w = p->said;
    if (v == w || index == SHUNT_NONE) return said == index;
    struct arena *a = p->s->a;
    if (kind == TF_P_RULE) return str_eq(rule_name(a, w, said), rule_name(a, v, index));
    le32_t own = kind == TF_P_AGENT ? v->AGENT.at[index].name : v->TEAM.at[index].name;
    le32_t theirs = kind == TF_P_AGENT ? w->AGENT.at[said].name : w->TEAM.at[said].name;
    return str_eq(view_string(v, own), view_string(w, theirs));
}

static bool in_list(const struct promise *p, const struct tf_promise_outcome *o, uint32_t index)
{
    for (uint32_t i = 0; i < le32(o->count); i++)
        if (named_so(p, o->kind, le32(p->said->LIST.at[le32(o->first) + i]), index)) return true;
    return false;
}

/* Whether what the rule decides is as the outcome says; of a priority that is not known yet. */
static bool outcome_holds(const struct promise *p, const struct tf_promise_outcome *o, uint32_t rule)
{
    const struct tf_step *step = rule_target(p->v, rule);
    uint32_t team = step->kind == TF_TO_TEAM ? le32(step->target) : SHUNT_NONE;
    switch ((enum tf_outcome_kind)o->kind) {
    case TF_P_TEAM_IN: return team != SHUNT_NONE && in_list(p, o, team);
    case TF_P_NOT_TEAM: return team == SHUNT_NONE || !in_list(p, o, team);
    case TF_P_AGENT: return step->kind == TF_TO_AGENT && in_list(p, o, le32(step->target));
    case TF_P_UNASSIGNED: return step->kind == TF_TO_NOBODY;
    case TF_P_RULE: return in_list(p, o, rule);
    case TF_P_PRIORITY: return true;
    }
    return true;
}

/* The priorities that all of its outcomes allow. */
static unsigned promised_priorities(const struct promise *p)
{
    unsigned priorities = ALL_LEVELS;
    for (uint32_t i = 0; i < le32(p->record->outcome_count); i++)
        if (outcome(p, i)->kind == TF_P_PRIORITY) priorities &= outcome(p, i)->priorities;
    return priorities;
}

/* ---- the priority after effects (language.md 5.3) ---- */

/* What a rule that continues does where it is met. Its effects count from 1, for there may be none. */
static void add_effects(struct promise *p, uint32_t rule)
{
    const struct tf_outcome *does = rule_outcome(p->v, rule);
    struct gates *g = &p->s->gates;
    if (!does->set_priority && !does->raise_priority) return;
    lit met = space_rule(p->s, 0, rule);
    for (unsigned level = 1; level < LEVELS; level++) {
        lit set = level < does->set_priority ? LIT_TRUE : LIT_FALSE;
        if (does->set_priority) p->set.from[level] = gate_choose(g, met, set, p->set.from[level]);
        if (level < does->raise_priority) p->raised.from[level] = gate_or2(g, p->raised.from[level], met);
    }
}

/* That the priority is none of the promised where the rule decides. */
static lit wrong_priority(const struct promise *p, uint32_t rule)
{
    const struct tf_outcome *does = rule_outcome(p->v, rule);
    struct gates *g = &p->s->gates;
    lit from[LEVELS + 1] = {LIT_TRUE}, wrong = LIT_FALSE;
    for (unsigned level = 1; level < LEVELS; level++) {
        lit set = does->set_priority ? level < does->set_priority : p->set.from[level];
        from[level] = level < does->raise_priority ? LIT_TRUE : gate_or2(g, set, p->raised.from[level]);
    }
    from[LEVELS] = LIT_FALSE;
    for (unsigned level = 0; level < LEVELS; level++)
        if (!(p->priorities >> level & 1))
            wrong = gate_or2(g, wrong, gate_and2(g, from[level], lit_not(from[level + 1])));
    return wrong;
}

/* Whether what the rule decides is none of the outcomes, whatever the priority. */
static bool is_otherwise(const struct promise *p, uint32_t rule)
{
    for (uint32_t i = 0; i < le32(p->record->outcome_count); i++)
        if (!outcome_holds(p, outcome(p, i), rule)) return true;
    return false;
}

/* ---- the rules to be asked ---- */

static bool same_outcomes(const struct table_view *said, const struct tf_promise *a,
                          const struct tf_promise *b)
{
    if (le32(a->outcome_count) != le32(b->outcome_count)) return false;
    for (uint32_t i = 0; i < le32(a->outcome_count); i++) {
        const struct tf_promise_outcome *x = &said->PROMISE_OUTCOME.at[le32(a->outcome_first) + i],
                                        *y = &said->PROMISE_OUTCOME.at[le32(b->outcome_first) + i];
        uint32_t count = le32(x->count);
        if (x->kind != y->kind || count != le32(y->count)) return false;
        if (count && memcmp(&said->LIST.at[le32(x->first)], &said->LIST.at[le32(y->first)],
                            count * sizeof *said->LIST.at))
            return false;
    }
    return true;
}

/* Makes p->breakers those of this promise; some of them where the budget ends. */
static void find_breakers(struct promise *p)
{
    struct breakers *b = p->breakers;
    p->s->work += 1;
    if (b->of && same_outcomes(p->said, b->of, p->record)) return;
    b->of = NULL;
    b->count = 0;
    for (uint32_t rule = 0; rule < p->v->RULE.count; rule++) {
        p->s->work += 1 + le32(p->record->outcome_count);
        if (!proof_work(p->budget, p->s)) return;
        if (rule_decides(p->v, rule) && is_otherwise(p, rule)) b->rules[b->count++] = rule;
    }
    b->of = p->record;
}

/* ---- promises ---- */

/* For a ticket that meets the condition, and none of the rules that are kept out for good. A solver for each
 * question: its answers are values for all that it has met, and with 10,000 rules in one that is minutes. */
static struct ask *ask_anew(struct promise *p)
{
    uint32_t which = p->said == p->v ? 0 : 1;
    struct ask *q = ask_new(p->s, p->budget);
    ask_require(q, space_cond(p->s, which, le32(p->record->code)));
    for (uint32_t i = 0; i < p->kept_out.count; i++) ask_require(q, p->kept_out.at[i]);
    return q;
}

/*
 * No ticket that meets the rule is the next rule's to decide: it is decided here, or was before. So all rules
 * that are done with could be kept out for good. Those are that stood in somebody's way; where they leave
 * nothing of the condition, no rule behind can break the promise.
 */
static bool keep_out(struct promise *p, struct ask *q)
{
    const struct contest *c = &p->contest;
    for (uint32_t i = 0; i < c->out_lits.count; i++) {
        *vec_push(p->s->a, &p->kept_out) = c->out_lits.at[i];
        ask_require(q, c->out_lits.at[i]);
    }
    return c->out_lits.count == 0 || ask(q, NULL, 0) != ASK_NO;
}

/* Whether the rule can decide a ticket otherwise than promised; YES: *ticket. *last: no rule behind it can.
 */
static enum answer breaks(struct promise *p, uint32_t rule, lit wrong, const struct witness **ticket,
                          bool *last)
{
    struct contest *contests[] = {&p->contest};
    lit assumed[] = {space_rule(p->s, 0, rule), wrong};
    uint32_t count = wrong == LIT_TRUE ? 1 : 2;
    struct ask *q = ask_anew(p);
    p->contest = (struct contest){0};
    contest_begin(&p->contest, 0, rule);
    enum answer answer = ask_contest(q, contests, 1, assumed, count);
    if (answer == ASK_YES) {
        ask_smallest(q, contests, 1, assumed, count);
        *ticket = ask_witness(q);
    }
    *last = answer != ASK_OPEN && !keep_out(p, q);
    ask_free(q);
    return answer;
}

/* Fewer labels and segments, then fewer other attributes. */
static bool smaller(const struct space *s, const struct witness *a, const struct witness *b)
{
    if (a->member_count != b->member_count) return a->member_count < b->member_count;
    return witness_attr_count(s, a) < witness_attr_count(s, b);
}

/* The smallest ticket that meets the promise's condition, whoever decides it: none that breaks it is smaller.
 * NULL: the budget ended. */
static const struct witness *smallest_at_all(struct promise *p)
{
    const struct witness *w = NULL;
    struct ask *q = ask_new(p->s, p->budget);
    ask_require(q, space_cond(p->s, p->said == p->v ? 0 : 1, le32(p->record->code)));
    if (ask(q, NULL, 0) == ASK_YES && ask_smallest(q, NULL, 0, NULL, 0) == ASK_YES) w = ask_witness(q);
    ask_free(q);
    return w;
}

/* Whether the policy decides it otherwise than promised. */
static bool is_broken_by(const struct promise *p, const struct witness *w)
{
    struct shunt_decision decision;
    if (!witness_match(p->s, 0, w, &decision)) return false;
    return is_otherwise(p, decision.rule) || !(p->priorities >> decision.priority & 1);
}

/* A ticket of the rule's breaks it: whether a smaller one may be found elsewhere. The first time, the
 * smallest that meets the condition at all is looked at, which often is the answer. */
static bool may_be_smaller(struct promise *p, const struct witness *ticket)
{
    bool first = !p->best;
    if (first) p->least = smallest_at_all(p);
    if (first || smaller(p->s, ticket, p->best)) p->best = ticket;
    if (first && p->least && is_broken_by(p, p->least)) p->best = p->least;
    return !p->least || smaller(p->s, p->least, p->best);
}

/* What is known of a promise while rules are asked. */
struct asked {
    uint32_t later; /* rules, since the first ticket that breaks it */
    bool open, last;
};

static bool has_work(struct promise *p, struct asked *x)
{
    bool left = proof_work(p->budget, p->s);
    x->open |= !left;
    return left;
}

/* Whether no other rule needs to be asked. */
static bool ask_rule(struct promise *p, uint32_t rule, lit wrong, struct asked *x)
{
    const struct witness *ticket;
    if (wrong == LIT_FALSE || space_rule(p->s, 0, rule) == LIT_FALSE) return false;
    x->later += p->best != NULL;
    enum answer answer = breaks(p, rule, wrong, &ticket, &x->last);
    x->open |= answer == ASK_OPEN;
    return (answer == ASK_YES && !may_be_smaller(p, ticket)) || x->last || x->later >= LATER_MAX;
}

/* Of the priority a promise may be broken by any rule that decides, and those that continue count. */
static void ask_all_rules(struct promise *p, struct asked *x)
{
    for (uint32_t rule = 0; rule < p->v->RULE.count; rule++) {
        if (!rule_decides(p->v, rule)) {
            add_effects(p, rule);
            continue;
        }
        lit wrong = is_otherwise(p, rule) ? LIT_TRUE : wrong_priority(p, rule);
        p->s->work += 1 + le32(p->record->outcome_count);
        if (!has_work(p, x) || ask_rule(p, rule, wrong, x)) break;
    }
}

static void ask_breakers(struct promise *p, struct asked *x)
{
    find_breakers(p);
    for (uint32_t i = 0; has_work(p, x) && i < p->breakers->count; i++) {
        p->s->work += 1;
        if (ask_rule(p, p->breakers->rules[i], LIT_TRUE, x)) break;
    }
}

/* Any rule may decide a ticket otherwise than promised, and the smallest is shown: so once one is found, the
 * rules behind are asked for a smaller one, LATER_MAX at the most. NO: it holds. */
static enum answer broken(struct promise *p)
{
    struct asked x = {0};
    if (p->priorities == ALL_LEVELS)
        ask_breakers(p, &x);
    else
        ask_all_rules(p, &x);
    return p->best ? ASK_YES : x.open ? ASK_OPEN : ASK_NO;
}

static void prove_one(struct promise *p, uint32_t number, struct finding *f)
{
    struct str text = view_string(p->said, p->record->text);
    p->priorities = promised_priorities(p);
    for (unsigned level = 0; level < LEVELS; level++) {
        p->set.from[level] = p->priorities == ALL_LEVELS ? LIT_TRUE : space_priority_from(p->s, level);
        p->raised.from[level] = LIT_FALSE;
    }
    enum answer answer = broken(p);
    f->ticket = p->best;
    f->kind = answer == ASK_OPEN ? FINDING_UNDECIDED : FINDING_PROMISE;
    f->promise = number;
    f->value = answer == ASK_NO;
    if (answer == ASK_OPEN)
        f->what = arena_printf(p->s->a, "whether the promise holds: %.*s", (int)text.len, text.p);
}

void prove_promises(struct space *s, uint32_t which, struct proof_budget *budget, finding_sink *sink,
                    void *ctx)
{
    const struct table_view *said = &s->of[which].view, *v = &s->of[0].view;
    struct breakers breakers = {.rules = arena_array(s->a, uint32_t, v->RULE.count)};
    for (uint32_t i = 0; i < said->PROMISE.count; i++) {
        struct promise p = {.s = s,
                            .v = v,
                            .said = said,
                            .record = &said->PROMISE.at[i],
                            .budget = budget,
                            .breakers = &breakers};
        struct finding f = {.rule = SHUNT_NONE};
        prove_one(&p, i, &f);
        sink(ctx, &f);
    }
}
