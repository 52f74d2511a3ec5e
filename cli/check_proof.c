/*
 * Findings about every possible ticket to diagnostics: see check_proof.h.
 *
 * Requires a compilation without errors and its table. Rules are told by their places in the model, of which
 * the table's RULE records are in the same order: rules, teams with takes, otherwise. Promises are proved
 * first: where the budget is short, an error is worth more than a warning.
 */
#include "check_proof.h"
#include "broken_out.h"
#include "proof/subject.h"
#include "proof_memory.h"
#include "witness_out.h"

#include <string.h>

enum { TAKERS_NAMED_MAX = 8 };

/* ---- rules: where they stand, what they are called ---- */

const struct m_team *proofs_team(const struct proofs *p, uint32_t rule)
{
    bool is_rule = rule < p->c->model.rules.count;
    if (is_rule || rule_is_otherwise(p->v, rule)) return NULL;
    return &p->c->model.teams.at[le32(rule_target(p->v, rule)->target)];
}

struct span proofs_place(const struct proofs *p, uint32_t rule)
{
    const struct model *m = &p->c->model;
    const struct m_team *team = proofs_team(p, rule);
    if (team) return team->take_at.at[0];
    return rule < m->rules.count ? m->rules.at[rule].name.at : m->otherwise_at;
}

/* `rules "a" and "b"`: those of `by` in [from, to), all rules or all teams. */
static void name_all(const struct proofs *p, struct buf *b, const proof_ids *by, uint32_t from, uint32_t to)
{
    bool team = proofs_team(p, by->at[from]) != NULL;
    buf_puts(b, team ? "team" : "rule");
    if (to - from > 1) buf_putc(b, 's');
    for (uint32_t i = from; i < to; i++) {
        const struct m_team *t = proofs_team(p, by->at[i]);
        struct str name = t ? t->id.s : p->c->model.rules.at[by->at[i]].name.s;
        buf_puts(b, i == from ? " " : i + 1 < to || to < by->count ? ", " : " and ");
        buf_printf(b, "\"%.*s\"", (int)name.len, name.p);
    }
}

struct str proofs_takers(const struct proofs *p, const proof_ids *by)
{
    struct buf b;
    uint32_t rules = 0, named = by->count <= TAKERS_NAMED_MAX ? by->count : TAKERS_NAMED_MAX - 1;
    buf_init(&b, p->c->a);
    while (rules < named && !proofs_team(p, by->at[rules])) rules++;
    if (rules) name_all(p, &b, by, 0, rules);
    if (rules && rules < named) buf_puts(&b, named < by->count ? ", " : " and ");
    if (rules < named) name_all(p, &b, by, rules, named);
    if (named < by->count) buf_printf(&b, " and %u others", by->count - named);
    buf_puts(&b, by->count > 1 ? " together take" : " takes");
    return buf_done(&b);
}

void proofs_first_taker(const struct proofs *p, struct diag *g, const proof_ids *by)
{
    if (by->count == 0) return;
    const struct m_team *team = proofs_team(p, by->at[0]);
    struct span at = team ? team->id.at : proofs_place(p, by->at[0]);
    const char *one = by->count > 1 ? "the first of those that take them"
                      : team        ? "the team that takes them"
                                    : "the rule that takes them";
    diag_related(g, at, str_from(one));
}

/* ---- rules and takes that nothing reaches ---- */

static void tell_dead_rule(struct proofs *p, const struct finding *f)
{
    struct diags *d = &p->c->diags;
    const struct m_rule *rule = &p->c->model.rules.at[f->rule];
    if (f->impossible) {
        proofs_contradiction(p, f, diag(d, W1004, rule->when_at, S("rule"), rule->name.s));
        return;
    }
    struct diag *g = diag(d, W1001, rule->name.at, rule->name.s, proofs_takers(p, &f->by));
    if (!f->by_minimal)
        diag_hint(d, g, "perhaps not all of them are needed for it: the proof budget ended");
    else if (f->by.count > 1)
        diag_hint(d, g, "move it before one of them, or remove it");
    else
        g->hint =
            arena_printf(d->a, "move it before %s, or remove it", rule_words(p->a, p->v, f->by.at[0]).p);
    proofs_first_taker(p, g, &f->by);
}

static void tell_dead_takes(struct proofs *p, const struct finding *f, const struct m_team *team)
{
    struct diags *d = &p->c->diags;
    if (team->take_at.count > 1) {
        proofs_dead_takes(p, f);
    } else if (f->impossible) {
        proofs_contradiction(p, f, diag(d, W1004, team->take_at.at[0], S("takes of team"), team->id.s));
    } else {
        struct diag *g = diag(d, W1002, team->take_at.at[0], team->id.s, proofs_takers(p, &f->by));
        proofs_first_taker(p, g, &f->by);
    }
}

/* Of `otherwise` it is no fault: it is required, be anything left for it or not. */
static void tell_dead(struct proofs *p, const struct finding *f)
{
    const struct m_team *team = proofs_team(p, f->rule);
    p->dead = f->rule;
    if (team)
        tell_dead_takes(p, f, team);
    else if (!rule_is_otherwise(p->v, f->rule))
        tell_dead_rule(p, f);
}

/* ---- promises ---- */

static struct str broken_words(struct proofs *p, const struct witness *w,
                               const struct shunt_decision *decision)
{
    p->text.len = 0;
    out_broken(&p->text, p->a, p->s, w, decision);
    if (p->text.error) arena_fail(p->c->a);
    return arena_str(p->c->a, (struct str){p->text.p, p->text.len});
}

static struct span promise_place(const struct proofs *p, uint32_t promise)
{
    return p->promises_only ? (struct span){0} : p->c->model.promises.at[promise].at;
}

/* The hint is the ticket alone, so that it can be given to `match` as it is. */
static void tell_promise(struct proofs *p, const struct finding *f)
{
    struct shunt_decision decision;
    if (f->value) return;
    if (!witness_match(p->s, 0, f->ticket, &decision)) arena_fail(p->c->a);
    struct str text = view_string(p->v, p->v->PROMISE.at[f->promise].text);
    struct diag *g = diag(&p->c->diags, E0623, promise_place(p, f->promise), arena_str(p->c->a, text),
                          broken_words(p, f->ticket, &decision));
    p->text.len = 0;
    out_witness(&p->text, p->s, f->ticket);
    if (p->text.error) arena_fail(p->c->a);
    g->hint = arena_str(p->c->a, (struct str){p->text.p, p->text.len});
    if (p->promises_only) /* no source line is shown, and no hint beside it */
        diag_related(g, g->at, arena_printf(p->c->a, "this ticket breaks it: %s", g->hint.p));
    else if (!rule_is_otherwise(p->v, decision.rule) || p->c->model.has_otherwise)
        diag_related(g, proofs_place(p, decision.rule), S("what decides this ticket"));
}

/* ---- what was left open ---- */

static void stays_open(struct proofs *p, struct span at)
{
    struct str key = {(const char *)&at, sizeof at};
    strmap_put(p->a, &p->open, arena_str(p->a, key), 1);
}

static void leave_open(struct proofs *p, const struct finding *f)
{
    bool of_rule = f->rule != SHUNT_NONE;
    if (p->left_open++ == 0) {
        p->left_what = arena_str(p->c->a, f->what);
        p->left_at = of_rule ? proofs_place(p, f->rule) : promise_place(p, f->promise);
    }
    if (!of_rule || f->rule == p->dead) return; /* dead: its condition's parts alone are open */
    const struct m_team *team = proofs_team(p, f->rule);
    stays_open(p, proofs_place(p, f->rule));
    if (f->rule < p->c->model.rules.count) stays_open(p, p->c->model.rules.at[f->rule].when_at);
    for (uint32_t i = 0; team && i < team->take_at.count; i++) stays_open(p, team->take_at.at[i]);
}

/* One warning for all of it: where a budget ends, most of what comes after is open. */
static void tell_open(struct proofs *p)
{
    struct diags *d = &p->c->diags;
    struct str more = S("");
    if (p->left_open == 0) return;
    if (p->left_open > 1)
        more = arena_printf(p->c->a, ", and %u more such question%s", p->left_open - 1,
                            p->left_open > 2 ? "s" : "");
    bool budget = !p->s->too_many_times || p->budget.left < p->budget.given / 10;
    struct diag *g = diag(d, W1023, p->left_at, p->left_what, more,
                          budget ? S("the proof budget ended") : S("its times were too many to tell apart"));
    uint64_t more_of_it = p->budget.given < PROOF_BUDGET_CHECK ? PROOF_BUDGET_CHECK : 10 * p->budget.given;
    if (budget)
        diag_hint(d, g, "--proof-budget %llu goes further; `shunt prove` names each question that it leaves open",
                  (unsigned long long)more_of_it);
}

/* ---- the whole ---- */

static bool is_cheap(enum diag_id id)
{
    return id == W1001 || id == W1002 || id == W1004 || id == W1005;
}

/* What the compiler's cheap tests said of reachability: all of it is found again, and more, where nothing is
 * open. */
static void drop_cheap(struct proofs *p, uint32_t count)
{
    struct diags *d = &p->c->diags;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < d->list.count; i++) {
        struct diag *g = d->list.at[i];
        struct str place = {(const char *)&g->at, sizeof g->at};
        bool drop = i < count && is_cheap(g->id) && !strmap_get(&p->open, place, 0);
        if (drop)
            d->warning_count--;
        else
            d->list.at[kept++] = g;
    }
    d->list.count = kept;
}

static void take(void *ctx, const struct finding *f)
{
    struct proofs *p = ctx;
    if (f->kind == FINDING_DEAD)
        tell_dead(p, f);
    else if (f->kind == FINDING_CONSTANT)
        proofs_constant(p, f);
    else if (f->kind == FINDING_PROMISE)
        tell_promise(p, f);
    else
        leave_open(p, f);
}

static void prove(void *ctx)
{
    struct proofs *p = ctx;
    struct diags *d = &p->c->diags;
    uint32_t cheap = d->list.count;
    p->a = arena_part(p->c->a);
    p->s = space_new(p->a, &p->table, 1, false);
    p->v = &p->s->of[0].view;
    prove_promises(p->s, 0, &p->budget, take, p);
    if (!p->promises_only) {
        prove_reach(p->s, &p->budget, REACH_RULES | REACH_PARTS, take, p);
        drop_cheap(p, cheap);
    }
    tell_open(p);
    diags_sort(d);
    for (uint32_t i = 0; d->list.count && i < p->c->sources.list.count; i++)
        source_line(p->c->a, &p->c->sources.list.at[i],
                    1); /* where memory may run out, not when it is shown */
    arena_end(p->a);
}

bool check_proof(struct compilation *c, const struct shunt_table *table, uint64_t budget, bool promises_only)
{
    struct proofs p = {.c = c, .table = table, .promises_only = promises_only, .dead = SHUNT_NONE};
    p.budget = (struct proof_budget){.given = budget, .left = budget};
    out_init(&p.text, -1);
    bool done = proof_try(c->a, prove, &p);
    out_free(&p.text);
    return done;
}
