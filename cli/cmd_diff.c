/*
 * shunt diff: which tickets a new policy treats otherwise than the old one. A proof, not a sample:
 * compiler/proof/diff.c.
 */
#include "diff_out.h"
#include "proof_memory.h"
#include "rfc3339.h"

#include <string.h>

struct diffing {
    struct diff_run run;
    bool exit_code;
    const char *budget, *at;
};

static bool settle(struct cli *cli, struct diffing *c)
{
    struct diff_run *r = &c->run;
    if (!cli_proof_budget(cli, c->budget, PROOF_BUDGET_DEFAULT, &r->budget.given)) return false;
    r->budget.left = r->budget.given;
    if (!c->at) return true;
    r->clock.known = parse_rfc3339(c->at, strlen(c->at), &r->clock.at_sec) &&
                     r->clock.at_sec >= SHUNT_TIME_MIN && r->clock.at_sec <= SHUNT_TIME_MAX;
    if (r->clock.known && r->tickets) return true;
    if (r->clock.known)
        cli_usage_error(cli, "--at is for the tickets of --tickets FILE");
    else
        cli_usage_error(cli, "--at %s: a time is written 2026-11-20T09:15:00+01:00", c->at);
    return false;
}

static bool open_both(struct cli *cli, struct diff_run *r, int *status)
{
    for (int w = 0; w < 2; w++)
        if (!policy_open(cli, &r->of[w], cli->operands[w], status)) return false;
    return true;
}

static void free_match(void *run)
{
    match_run_free(run);
}

static void begin(struct diff_run *r)
{
    const struct shunt_table *tables[] = {r->of[0].table, r->of[1].table};
    r->s = space_new(r->a, tables, 2, false);
    r->names = diff_names_new(r->s);
    for (int w = 0; w < 2; w++) {
        r->views[w] = r->s->of[w].view;
        r->views[w].SPAN.count = 0;
        r->dump[w] = (struct dump){.o = r->cli->out, .v = &r->views[w]};
        buf_init(&r->dump[w].words, r->a);
        r->pairs_of[w] = arena_array(r->a, uint64_t, r->views[w].RULE.count);
        if (match_run_new(tables[w], 1, r->clock, &r->match[w]) != 0) arena_fail(r->a);
        arena_defer(r->a, free_match, r->match[w]);
    }
}

static void diff_thunk(void *ctx)
{
    struct diff_run *r = ctx;
    begin(r);
    diff_tell_pairs(r);
    diff_tell_changed(r);
    r->status = r->tickets ? diff_tell_tickets(r) : EXIT_FINE;
}

static int diff(struct cli *cli, struct diffing *c)
{
    struct diff_run *r = &c->run;
    int status;
    if (!open_both(cli, r, &status)) return status;
    out_init(&r->text, -1);
    out_init(&r->line, -1);
    r->a = arena_new();
    if (!r->a || !proof_try(r->a, diff_thunk, r)) r->status = cli_broken(cli, "out of memory");
    arena_free(r->a);
    out_free(&r->text);
    out_free(&r->line);
    bool differ = r->pair_count || r->undecided_count || r->changed_count;
    return r->status == EXIT_FINE && differ && c->exit_code ? EXIT_NO : r->status;
}

int cmd_diff(struct cli *cli)
{
    struct diffing c = {.run.cli = cli};
    const struct option options[] = {
        {"json", 0, OPTION_SWITCH, &c.run.json, NULL, "one JSON object a line"},
        {"rules", 0, OPTION_SWITCH, &c.run.rules, NULL,
         "a ticket that a rule of another name decides differs too"},
        {"tickets", 0, OPTION_LINES, &c.run.tickets, "FILE",
         "how many of these tickets move, and which; - is standard input"},
        {"at", 0, OPTION_TEXT, &c.at, "TIME", "when a ticket of FILE came that says no `at`, before any has"},
        {"exit-code", 0, OPTION_SWITCH, &c.exit_code, NULL,
         "status 1 where anything differs, or was not decided"},
        {"proof-budget", 0, OPTION_TEXT, &c.budget, "N", "so many of the solver's conflicts at the most"},
    };
    const struct usage usage = {
        "shunt diff OLD NEW",
        "Says which tickets the policy NEW treats otherwise than OLD: for each pair of rules that\n"
        "decide, before and after, the smallest ticket for which target, steps, priority, labels\n"
        "or required skills differ. It holds for all possible tickets, from 2000 to 2099. Then\n"
        "teams, agents and hours that changed. OLD and NEW are sources or compiled tables.",
        options,
        sizeof options / sizeof *options,
        2,
        2};
    int status;
    if (!cli_options(cli, &usage, &status)) return status;
    status = settle(cli, &c) ? diff(cli, &c) : EXIT_BROKEN;
    for (int w = 0; w < 2; w++) policy_close(&c.run.of[w]);
    return status;
}
