/*
 * shunt prove: what holds for every possible ticket (docs/proving.md). The proofs are compiler/proof's; here
 * they are asked for, counted, and handed to the writers: see prove.h.
 */
#include "prove.h"
#include "proof/subject.h"
#include "proof_memory.h"
#include "render.h"

#include <stdlib.h>
#include <unistd.h>

/* ---- findings ---- */

static void count_finding(struct proving *p, const struct finding *f)
{
    struct prove_counts *n = &p->counts;
    switch (f->kind) {
    case FINDING_DEAD: n->dead += !rule_is_otherwise(p->v, f->rule); break;
    case FINDING_CONSTANT: n->constant++; break;
    case FINDING_GAP: n->gaps++; break;
    case FINDING_OVERLAP: n->overlaps++; break;
    case FINDING_PROMISE:
        n->promises++;
        n->broken += !f->value;
        break;
    case FINDING_UNDECIDED: n->undecided++; break;
    }
}

/* What no ticket meets in a rule that never decides is no further news to a person. */
static bool is_news(const struct proving *p, const struct finding *f)
{
    return p->json || f->kind != FINDING_CONSTANT || f->value || f->rule != p->dead;
}

static void tell(void *ctx, const struct finding *f)
{
    struct proving *p = ctx;
    if (!is_news(p, f)) return;
    if (f->kind == FINDING_DEAD) p->dead = f->rule;
    count_finding(p, f);
    if (p->json)
        prove_json(p, f);
    else
        prove_text(p, f);
}

static void tell_gap(void *ctx, const struct finding *f)
{
    struct proving *p = ctx;
    uint32_t channels = le32(p->v->ATTR.at[TF_CHANNEL].atom_count);
    p->counts.gap_undecided += f->kind == FINDING_UNDECIDED;
    if (f->kind == FINDING_GAP) p->gap[f->channel == SHUNT_NONE ? channels : f->channel] = true;
    tell(ctx, f);
}

static void tell_promise(void *ctx, const struct finding *f)
{
    struct proving *p = ctx;
    bool open = f->kind == FINDING_UNDECIDED;
    p->counts.promises += open;
    p->counts.promise_undecided += open;
    tell(ctx, f);
}

/* ---- the rule of --overlaps ---- */

static uint32_t rule_named(const struct proving *p, struct str name)
{
    for (uint32_t i = 0; i < p->v->RULE.count; i++)
        if (str_eq(rule_name(p->a, p->v, i), name)) return i;
    return SHUNT_NONE;
}

static void free_text(void *text)
{
    free(text);
}

/* Names are compared after NFC. */
static struct str nfc_of(struct arena *a, struct str text)
{
    char *nfc;
    size_t len;
    enum shunt_status status = shunt_text_nfc(text.p, text.len, NULL, &nfc, &len);
    if (status == SHUNT_NO_MEMORY) arena_fail(a);
    if (status != SHUNT_OK) return text;
    arena_defer(a, free_text, nfc);
    return (struct str){nfc, len};
}

static void no_such_rule(struct proving *p, struct str name)
{
    struct str *known = arena_array(p->a, struct str, p->v->RULE.count);
    for (uint32_t i = 0; i < p->v->RULE.count; i++) known[i] = rule_name(p->a, p->v, i);
    struct str near = nearest(name, known, p->v->RULE.count);
    if (near.p)
        cli_broken(p->cli, "--overlaps: there is no rule \"%.*s\"; did you mean \"%.*s\"?", (int)name.len,
                   name.p, (int)near.len, near.p);
    else
        cli_broken(p->cli, "--overlaps: there is no rule \"%.*s\" (the takes of a team are \"team NAME\")",
                   (int)name.len, name.p);
}

static bool find_overlaps(struct proving *p)
{
    p->overlaps = SHUNT_NONE;
    if (!p->overlaps_said) return true;
    struct str name = nfc_of(p->a, str_from(p->overlaps_said));
    uint32_t rule = rule_named(p, name);
    if (rule == SHUNT_NONE) {
        no_such_rule(p, name);
    } else if (!rule_decides(p->v, rule)) {
        cli_broken(p->cli, "--overlaps: rule \"%.*s\" continues: it decides nothing that another could",
                   (int)name.len, name.p);
    } else {
        p->overlaps = rule;
        return true;
    }
    return false;
}

/* ---- the promises of --assert ---- */

static bool open_asserts(struct proving *p)
{
    if (!p->asserts.count) return true;
    struct promise_text *texts = arena_array(p->a, struct promise_text, p->asserts.count);
    for (size_t i = 0; i < p->asserts.count; i++)
        texts[i] = (struct promise_text){S("--assert"), str_from(p->asserts.at[i])};
    p->texts = texts;
    p->asserted = assert_open(p->a, p->policy.table, texts, (uint32_t)p->asserts.count);
    if (p->asserted.table) return true;
    const struct report report = {.errors_only = true, .colour = p->cli->colour, .quiet = true};
    render_human(p->cli->err, &report, p->asserted.compiled, "--assert");
    return false;
}

/* ---- the command ---- */

static void prove_all(struct proving *p)
{
    prove_reach(p->space, &p->budget, REACH_RULES | REACH_PARTS, tell, p);
    prove_gaps(p->space, &p->budget, tell_gap, p);
    prove_promises(p->space, 0, &p->budget, tell_promise, p);
}

static void prove_asserts(struct proving *p)
{
    p->said = &p->space->of[1].view;
    prove_promises(p->space, 1, &p->budget, tell_promise, p);
    p->said = p->v;
}

/* Within arena_try(). */
static void prove_policy(void *ctx)
{
    struct proving *p = ctx;
    struct table_view view;
    p->v = p->said = &view;
    table_view(&view, p->policy.table);
    p->status = EXIT_BROKEN;
    if (!find_overlaps(p) || !open_asserts(p)) return;
    const struct shunt_table *tables[] = {p->policy.table, p->asserted.table};
    p->space = space_new(p->a, tables, p->asserted.table ? 2 : 1, true);
    p->v = p->said = &p->space->of[0].view;
    p->gap = arena_array(p->a, bool, le32(p->v->ATTR.at[TF_CHANNEL].atom_count) + 1);
    p->dead = SHUNT_NONE;
    prove_places(p);
    if (p->overlaps == SHUNT_NONE)
        prove_all(p);
    else
        prove_overlaps(p->space, p->overlaps, &p->budget, tell, p);
    if (p->asserted.table) prove_asserts(p);
    p->status = p->counts.broken ? EXIT_NO : EXIT_FINE;
    if (p->json || p->cli->quiet) return;
    if (p->overlaps != SHUNT_NONE) prove_overlap_summary(p);
    if (p->overlaps == SHUNT_NONE) prove_summary(p);
}

static int prove(struct proving *p)
{
    int status;
    if (!policy_open(p->cli, &p->policy, p->path, &status)) return status;
    p->a = arena_new();
    bool done = p->a && proof_try(p->a, prove_policy, p);
    arena_free(p->a);
    return done ? p->status : cli_broken(p->cli, "out of memory");
}

int cmd_prove(struct cli *cli)
{
    struct proving p = {.cli = cli, .o = cli->out};
    const struct option options[] = {
        {"json", 0, OPTION_SWITCH, &p.json, NULL, "one JSON object a line for each finding"},
        {"assert", 0, OPTION_LIST, &p.asserts, "PROMISE",
         "prove this, too: \"CONDITION => OUTCOME\" (may be repeated)"},
        {"overlaps", 0, OPTION_TEXT, &p.overlaps_said, "RULE",
         "instead: which rules with another target share tickets with RULE"},
        {"proof-budget", 0, OPTION_TEXT, &p.budget_said, "N", "conflicts that the solver may have (2000000)"},
    };
    const struct usage usage = {
        "shunt prove POLICY",
        "Says what holds for every possible ticket that arrives from 2000 to 2099: rules that can never\n"
        "decide, and which others take everything from them; parts of conditions that make no\n"
        "difference; for each channel, whether a ticket falls to otherwise; and whether each promise\n"
        "holds. What it says can happen, it shows by a ticket. POLICY is a source or a compiled table.\n"
        "The answer is no (status 1) where a promise does not hold.",
        options,
        sizeof options / sizeof *options,
        1,
        1};
    int status;
    if (cli_options(cli, &usage, &status)) {
        p.path = cli->operands[0];
        p.colour = cli->colour && isatty(STDOUT_FILENO);
        status = EXIT_BROKEN;
        if (cli_proof_budget(cli, p.budget_said, PROOF_BUDGET_DEFAULT, &p.budget.given)) {
            p.budget.left = p.budget.given;
            status = prove(&p);
        }
        policy_close(&p.policy);
    }
    free(p.asserts.at);
    return status;
}
