/*
 * Parts of conditions that are the same for every ticket that comes as far, and single takes of a team that
 * never take a ticket, to diagnostics, with the reason: the part itself, what stands before it, or the rules
 * that take all others.
 *
 * The model's condition has the shape of the table's code, for lowering keeps it: so a part is found in the
 * one by its way in the other, and stands exactly where it was written, be the code another rule's, too.
 */
#include "check_proof.h"
#include "../runtime/ops.h"
#include "proof/subject.h"

/* ---- a part, and what holds where a ticket comes as far ---- */

struct part {
    const struct cond *cond;
    lit literal;
    lits before;               /* the parts before it, true of an `and`, false of an `or` */
    const struct cond *parent; /* NULL: it is the whole */
    uint32_t place;            /* which of its parent's kids */
    bool found;
};

struct way {
    struct proofs *p;
    const struct tf_unit *wanted, *at;
    struct part part;
};

static void walk(struct way *w, const struct cond *c);

static void walk_kids(struct way *w, const struct cond *c, bool is_or)
{
    struct part *part = &w->part;
    uint32_t before = part->before.count;
    for (uint32_t i = 0; i < c->count; i++) {
        const struct cond *kid = &c->kids[i];
        lit l = space_cond(w->p->s, 0, (uint32_t)(w->at - w->p->v->CODE.at));
        part->parent = c;
        part->place = i;
        walk(w, kid);
        if (part->found) return;
        *vec_push(w->p->a, &part->before) = is_or ? lit_not(l) : l;
    }
    part->before.count = before;
}

static void walk(struct way *w, const struct cond *c)
{
    w->p->s->work++;
    if (w->at == w->wanted) {
        w->part.cond = c;
        w->part.literal = space_cond(w->p->s, 0, (uint32_t)(w->at - w->p->v->CODE.at));
        w->part.found = true;
        return;
    }
    unsigned op = w->at->tag;
    if (op == TF_OP_AND || op == TF_OP_OR) {
        (void)unit_children(&w->at);
        walk_kids(w, c, op == TF_OP_OR);
    } else if (op == TF_OP_NOT) {
        w->at++;
        walk_kids(w, c, false);
    } else {
        w->at = unit_behind(w->at);
    }
}

/* The condition of a rule as it was written: without its active days. */
static const struct cond *whole_of(const struct proofs *p, uint32_t rule)
{
    const struct m_team *team = proofs_team(p, rule);
    if (team) return team->takes;
    const struct m_rule *r = &p->c->model.rules.at[rule];
    return r->active != NONE ? &r->cond->kids[1] : r->cond;
}

static struct part part_at(struct proofs *p, uint32_t rule, uint32_t code_off)
{
    const struct m_team *team = proofs_team(p, rule);
    struct way w = {.p = p, .wanted = p->v->CODE.at + code_off};
    w.at = p->v->CODE.at + le32(p->v->RULE.at[rule].code);
    walk(&w, team ? team->takes : p->c->model.rules.at[rule].cond);
    if (w.part.cond == whole_of(p, rule)) w.part.parent = NULL;
    return w.part;
}

/* ---- why ---- */

enum cause { CAUSE_ITSELF, CAUSE_BESIDE, CAUSE_RULES, CAUSE_UNKNOWN };

struct why {
    struct proofs *p;
    uint32_t rule;
    struct ask *ask;
    lits assumed; /* the last is what no ticket shows */
    proof_ids by; /* CAUSE_RULES */
};

/* Whether the rules before leave no ticket for which what is assumed from `first` on holds. */
static bool rules_leave_none(struct why *w, uint32_t first)
{
    struct contest contest = {0}, *contests[] = {&contest};
    const lit *assumed = w->assumed.at + first;
    uint32_t count = w->assumed.count - first;
    contest_begin(&contest, 0, w->rule);
    if (ask_contest(w->ask, contests, 1, assumed, count) != ASK_NO) return false;
    ask_core(w->ask, &contest, assumed, count, &w->by);
    return w->by.count > 0;
}

/* rules_first: of takes, which say nothing of each other where the rules before leave nothing. */
static enum cause cause_of(struct why *w, bool rules_first)
{
    uint32_t last = w->assumed.count - 1;
    if (ask(w->ask, &w->assumed.at[last], 1) == ASK_NO) return CAUSE_ITSELF;
    if (rules_first && rules_leave_none(w, last)) return CAUSE_RULES;
    if (last > 0 && ask(w->ask, w->assumed.at, w->assumed.count) == ASK_NO) return CAUSE_BESIDE;
    return rules_leave_none(w, 0) ? CAUSE_RULES : CAUSE_UNKNOWN;
}

/* Why no ticket that comes as far gives the part the other value. */
static enum cause why_constant(struct proofs *p, uint32_t rule, const struct part *part, bool value,
                               bool rules_first, proof_ids *by)
{
    struct why w = {.p = p, .rule = rule};
    for (uint32_t i = 0; i < part->before.count; i++) *vec_push(p->a, &w.assumed) = part->before.at[i];
    *vec_push(p->a, &w.assumed) = value ? lit_not(part->literal) : part->literal;
    w.ask = ask_new(p->s, &p->budget);
    enum cause cause = cause_of(&w, rules_first);
    ask_free(w.ask);
    *by = w.by;
    return cause;
}

/* ---- a single takes ---- */

static void tell_take(struct proofs *p, uint32_t rule, const struct part *part, struct span at,
                      const proof_ids *known)
{
    struct diags *d = &p->c->diags;
    struct str team = proofs_team(p, rule)->id.s;
    proof_ids by;
    enum cause cause = why_constant(p, rule, part, false, true, &by);
    if (cause == CAUSE_ITSELF) {
        diag(d, W1004, at, S("takes of team"), team);
        return;
    }
    if (cause == CAUSE_UNKNOWN && known) by = *known, cause = CAUSE_RULES;
    struct str takers = cause == CAUSE_RULES    ? proofs_takers(p, &by)
                        : cause == CAUSE_BESIDE ? S("the team's takes before it take")
                                                : S("rules and takes before it take");
    struct diag *g = diag(d, W1002, at, team, takers);
    if (cause == CAUSE_RULES) proofs_first_taker(p, g, &by);
}

void proofs_dead_takes(struct proofs *p, const struct finding *f)
{
    const struct m_team *team = proofs_team(p, f->rule);
    const struct tf_unit *at = p->v->CODE.at + le32(p->v->RULE.at[f->rule].code);
    (void)unit_children(&at);
    for (uint32_t i = 0; i < team->take_at.count; i++) {
        struct way to = {.p = p, .at = at, .wanted = NULL};
        struct part part = {.cond = &team->takes->kids[i], .parent = team->takes, .place = i};
        part.literal = space_cond(p->s, 0, (uint32_t)(at - p->v->CODE.at));
        tell_take(p, f->rule, &part, team->take_at.at[i], &f->by);
        walk(&to, part.cond); /* to the next */
        at = to.at;
    }
}

/* ---- parts ---- */

/* What settles a part besides itself: `match` beside a `when` is asked after it, wherever it stands. */
static const char *beside(const struct proofs *p, uint32_t rule, const struct part *part)
{
    bool active = !proofs_team(p, rule) && p->c->model.rules.at[rule].active != NONE;
    if (!part->parent) return "its active days leave";
    return active ? "the rule's active days and the tests beside it leave" : "the tests beside it leave";
}

static struct str reason(struct proofs *p, uint32_t rule, const struct part *part, enum cause cause, bool value,
                         const proof_ids *by)
{
    const char *not = value ? "does not meet" : "meets";
    switch (cause) {
    case CAUSE_ITSELF: return value ? S("every ticket meets it") : S("no ticket can meet it");
    case CAUSE_BESIDE:
        return arena_printf(p->c->a, "%s no ticket that %s it", beside(p, rule, part), not );
    case CAUSE_RULES: break;
    case CAUSE_UNKNOWN: return arena_printf(p->c->a, "no ticket comes as far that %s it", not );
    }
    struct str takers = proofs_takers(p, by);
    return arena_printf(p->c->a, "%.*s every ticket that %s it", (int)takers.len, takers.p, not );
}

static struct str subject(struct proofs *p, uint32_t rule, const struct part *part)
{
    const struct m_team *team = proofs_team(p, rule);
    const char *what = part->parent ? "this part of the" : "the";
    struct str name = team ? team->id.s : p->c->model.rules.at[rule].name.s;
    return arena_printf(p->c->a, "%s %s \"%.*s\"", what, team ? "takes of team" : "condition of rule",
                        (int)name.len, name.p);
}

/* Of hours that never open that is told, once. */
static bool is_known_shut(const struct proofs *p, const struct cond *c)
{
    if (c->op == COND_NOT) c = c->kids;
    return c->op == COND_DURING && p->c->model.hours.at[c->one].never_open;
}

static void tell_part(struct proofs *p, const struct finding *f, const struct part *part, struct span at)
{
    struct diags *d = &p->c->diags;
    const struct m_team *team = proofs_team(p, f->rule);
    proof_ids by;
    enum cause cause = why_constant(p, f->rule, part, f->value, false, &by);
    if (!part->parent && f->value && cause == CAUSE_ITSELF) {
        struct str name = team ? team->id.s : p->c->model.rules.at[f->rule].name.s;
        diag(d, W1005, at, team ? S("takes of team") : S("rule"), name);
        return;
    }
    if (cause == CAUSE_ITSELF && is_known_shut(p, part->cond)) return;
    struct diag *g = diag(d, cause == CAUSE_RULES ? W1022 : W1021, at, subject(p, f->rule, part),
                          f->value ? S("true") : S("false"), reason(p, f->rule, part, cause, f->value, &by));
    const char *does = f->value ? "it rules nothing out" : "it adds nothing";
    const char * or = cause != CAUSE_RULES ? "mend what was meant"
                      : f->value           ? "keep it for the reader with --allow part-settled"
                                           : "move it before what takes them";
    if (part->parent)
        diag_hint(d, g, "%s: remove it, or %s", does, or);
    else if (!team)
        diag_hint(d, g, "`true` would say the same here");
    if (cause == CAUSE_RULES) proofs_first_taker(p, g, &by);
}

void proofs_contradiction(struct proofs *p, const struct finding *f, struct diag *g)
{
    const struct model *m = &p->c->model;
    if (f->by_active) {
        const struct cond *both = m->rules.at[f->rule].cond;
        diag_related(g, both->kids[0].at, S("no ticket from 2000 to 2099 meets it in these days"));
        return;
    }
    if (f->code_off == SHUNT_NONE) return;
    struct part part = part_at(p, f->rule, f->code_off);
    diag_related(g, part.cond->at, S("the tests beside this leave no ticket that meets it"));
}

void proofs_constant(struct proofs *p, const struct finding *f)
{
    const struct m_team *team = proofs_team(p, f->rule);
    struct part part = part_at(p, f->rule, f->code_off);
    bool take = team && team->take_at.count > 1 && part.parent == team->takes;
    struct span at = take          ? team->take_at.at[part.place]
                     : part.parent ? part.cond->at
                     : team        ? team->take_at.at[0]
                                   : p->c->model.rules.at[f->rule].when_at;
    if (f->rule == p->dead) return; /* all of it is said */
    if (take && !f->value)
        tell_take(p, f->rule, &part, at, NULL);
    else
        tell_part(p, f, &part, at);
}
