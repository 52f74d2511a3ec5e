/* shunt check: every error and warning of one policy or several, in one of four forms. */
#include "check_proof.h"
#include "cli.h"
#include "render.h"
#include "rfc3339.h"

#include <stdlib.h>
#include <string.h>

static const char *const format_words[REPORT_FORMAT_COUNT] = {"human", "json", "sarif", "github"};

struct check {
    const char *format, *deny, *at, *output, *budget;
    uint64_t proof_budget;
    bool no_memory; /* the report is not whole */
    struct option_list allow;
    struct report report;
    struct compile_options options;
};

/* --allow CODE: a warning's, by its code or its name. */
static bool allow_code(struct cli *cli, struct report *r, const char *code)
{
    struct str known[DIAG_COUNT];
    for (int id = 0; id < DIAG_COUNT; id++) {
        known[id] = str_from(diag_rows[id].code);
        if (strcmp(code, diag_rows[id].code) != 0 && strcmp(code, diag_rows[id].id) != 0) continue;
        if (!diag_is_error((enum diag_id)id)) return r->allow[id] = true;
        cli_usage_error(cli, "--allow %s: %s is an error; only warnings can be allowed", code,
                        diag_rows[id].code);
        return false;
    }
    struct str near = nearest(str_from(code), known, DIAG_COUNT);
    if (near.p)
        cli_usage_error(cli, "--allow %s: there is no such code; did you mean %s?", code, near.p);
    else
        cli_usage_error(cli, "--allow %s: there is no such code", code);
    return false;
}

bool report_options(struct cli *cli, struct report *r, const char *deny, const struct option_list *allow)
{
    static const char *const denied[] = {"warnings"};
    if (deny && cli_word(cli, "--deny", deny, denied, 1) == 1) return false;
    r->deny_warnings = deny != NULL;
    r->colour = cli->colour;
    r->quiet = cli->quiet;
    for (size_t i = 0; allow && i < allow->count; i++)
        if (!allow_code(cli, r, allow->at[i])) return false;
    return true;
}

static bool settle(struct cli *cli, struct check *c)
{
    if (c->format) {
        size_t k = cli_word(cli, "--format", c->format, format_words, REPORT_FORMAT_COUNT);
        if (k == REPORT_FORMAT_COUNT) return false;
        c->report.format = (enum report_format)k;
    }
    if (c->at && !parse_date(c->at, &c->options.today)) {
        cli_usage_error(cli, "--at %s: a date is written 2026-11-20", c->at);
        return false;
    }
    if (!cli_proof_budget(cli, c->budget, PROOF_BUDGET_CHECK, &c->proof_budget)) return false;
    c->options.have_today = c->at != NULL;
    return report_options(cli, &c->report, c->deny, &c->allow);
}

struct stand_in {
    struct policy *p;
    const char *path;
};

/* A compilation of one empty source, the table's file: for what is said of a table, which stands nowhere
 * else. */
static void stand_in(void *ctx)
{
    struct stand_in *in = ctx;
    struct compilation *c = arena_new_of(in->p->a, struct compilation);
    struct str path = str_from(in->path);
    c->a = c->diags.a = in->p->a;
    *vec_push(c->a, &c->sources.list) = (struct source){.path = path, .name = path, .text = S("")};
    source_line(c->a, &c->sources.list.at[0], 1);
    in->p->compiled = c;
}

/* What holds for every ticket, into the policy's diagnostics. A table has been checked by its compiler; here
 * it is verified, and its promises are proved. false: memory ran out. */
static bool prove(const struct check *c, struct policy *p, const char *path)
{
    bool is_table = !p->compiled;
    if (!p->table) return true;
    if (is_table) {
        struct stand_in in = {p, path};
        p->a = arena_new();
        if (!p->a || !arena_try(p->a, stand_in, &in)) return false;
    }
    return check_proof(p->compiled, p->table, c->proof_budget, is_table);
}

static void render(struct check *c, struct policy *p, const char *path, bool is_table, struct out *to)
{
    if (is_table && c->report.format == REPORT_HUMAN && p->compiled->diags.list.count == 0) {
        if (!c->report.quiet) out_printf(to, "%s: a sound table\n", path);
    } else if (c->report.format == REPORT_HUMAN) {
        render_human(to, &c->report, p->compiled, path);
    } else if (c->report.format == REPORT_JSON) {
        render_json(to, &c->report, p->compiled);
    } else if (c->report.format == REPORT_GITHUB) {
        render_github(to, &c->report, p->compiled);
    }
}

static int out_of_memory(struct cli *cli, struct check *c, const char *path)
{
    c->no_memory = true;
    return cli_broken(cli, "%s: out of memory", path);
}

/* One policy, read already; SARIF is written once for all of them. */
static int check_one(struct cli *cli, struct check *c, struct policy *p, const char *path, struct out *to)
{
    bool is_table = !p->compiled;
    if (is_table && !p->table) {
        cli_broken(cli, "%s: %s%s%s", path, shunt_status_text(p->status), *p->error.reason ? ": " : "",
                   p->error.reason);
        return EXIT_NO;
    }
    if (!prove(c, p, path)) return out_of_memory(cli, c, path);
    render(c, p, path, is_table, to);
    int status = report_status(&c->report, report_count(&c->report, &p->compiled->diags));
    return p->unreadable ? EXIT_BROKEN : status;
}

static int check_all(struct cli *cli, struct check *c, struct policy *policies, struct out *to)
{
    int status = EXIT_FINE;
    struct compilation **all = calloc(cli->operand_count, sizeof *all);
    if (!all) return out_of_memory(cli, c, cli->operands[0]);
    for (size_t i = 0; i < cli->operand_count; i++) {
        if (!policy_read(&policies[i], cli->operands[i], &c->options)) {
            free(all);
            return out_of_memory(cli, c, cli->operands[i]);
        }
        int one = check_one(cli, c, &policies[i], cli->operands[i], to);
        if (one > status) status = one;
        all[i] = policies[i].compiled;
    }
    if (c->report.format == REPORT_SARIF) render_sarif(to, &c->report, all, cli->operand_count);
    free(all);
    return status;
}

/* The report goes to standard error (commands.md 1), or to a file; "-" is standard output. */
static int check_to(struct cli *cli, struct check *c, struct policy *policies)
{
    if (!c->output) return check_all(cli, c, policies, cli->err);
    c->report.colour = false;
    if (strcmp(c->output, "-") == 0) return check_all(cli, c, policies, cli->out);
    struct out memory;
    out_init(&memory, -1);
    int status = check_all(cli, c, policies, &memory);
    int error = memory.error;
    bool stays = true;
    for (size_t i = 0; i < cli->operand_count && stays; i++) stays = policy_stays(cli, &policies[i], c->output);
    if (!error && !c->no_memory && stays) error = file_replace(c->output, memory.p, memory.len, 0);
    out_free(&memory);
    if (error) return cli_broken(cli, "cannot write %s: %s", c->output, strerror(error));
    return stays ? status : EXIT_BROKEN;
}

int cmd_check(struct cli *cli)
{
    struct check c = {0};
    const struct option options[] = {
        {"format", 0, OPTION_TEXT, &c.format, "FORMAT", "human (default), json, sarif or github"},
        {"output", 'o', OPTION_TARGET, &c.output, "FILE",
         "where the report goes: a file, or - for standard output"},
        {"deny", 0, OPTION_TEXT, &c.deny, "warnings", "a warning fails the check too"},
        {"allow", 0, OPTION_LIST, &c.allow, "CODE", "leave a warning out (may be repeated)"},
        {"proof-budget", 0, OPTION_TEXT, &c.budget, "N",
         "how far to prove, in solver conflicts (default 20000)"},
        {"at", 0, OPTION_TEXT, &c.at, "DATE", "warn of active windows that ended before this date"},
        {"pedantic", 0, OPTION_SWITCH, &c.options.pedantic, NULL, "warn of unused labels and segments too"},
    };
    const struct usage usage = {
        "shunt check POLICY...",
        "Reads each policy and says every error and warning, in the order of their places.\n"
        "What it says of rules that are never reached, of conditions and of promises holds for every "
        "possible\n"
        "ticket; where the proof stopped at its budget, that is said.\n"
        "A POLICY is a source (.yaml, .yml, .shunt) or a compiled table, which is verified, and its "
        "promises\n"
        "proved.\n"
        "The report goes to standard error unless --output says otherwise.",
        options,
        sizeof options / sizeof *options,
        1,
        SIZE_MAX};
    int status;
    if (cli_options(cli, &usage, &status)) {
        status = EXIT_BROKEN;
        struct policy *policies = calloc(cli->operand_count, sizeof *policies);
        if (!policies)
            status = cli_broken(cli, "out of memory");
        else if (settle(cli, &c))
            status = check_to(cli, &c, policies);
        for (size_t i = 0; policies && i < cli->operand_count; i++) policy_close(&policies[i]);
        free(policies);
    }
    free(c.allow.at);
    return status;
}
