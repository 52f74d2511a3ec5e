/*
 * shunt test: the policy's own tests, on virtual time (commands.md 11).
 *
 * Each test file is read, its policy opened (once for all files that test it), what only the policy can tell
 * checked, and its tests run, each on a desk of its own. A test file or policy with errors is a no; one that
 * cannot be read is work that could not be done.
 */
#include "cli.h"
#include "render.h"
#include "test_promises.h"
#include "test_report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A policy under test. */
struct tested {
    char *real; /* its real path: two files may name it otherwise */
    char *path; /* as the first of them did */
    struct policy policy;
    int status; /* where it has no table */
    struct coverage *coverage;
};

struct testing {
    struct cli *cli;
    const char *format_said, *filter;
    bool with_coverage;
    enum test_format format;
    struct tested *policies;
    size_t policy_count;
    struct test_report report;
    uint32_t skipped; /* by --filter */
};

/* One file under way. */
struct one {
    struct testing *t;
    const char *path;
    struct arena *a;
    struct test_file *file;
    const struct shunt_table *table;
    struct out shown; /* what is wrong with it */
};

/* ---- diagnostics ---- */

/* For people at once, and in order with what the tests before have to say; kept for machines. */
static void show_diags(struct one *f)
{
    struct cli *cli = f->t->cli;
    struct compilation *c = f->file->c;
    struct report report = {.colour = cli->colour, .quiet = cli->quiet};
    if (!c->diags.list.count) return;
    out_flush(cli->out);
    render_human(cli->err, &report, c, f->path);
    out_flush(cli->err);
    report.colour = false;
    report.quiet = true;
    render_human(&f->shown, &report, c, f->path);
}

static void read_thunk(void *ctx)
{
    struct one *f = ctx;
    f->file = test_read(f->a, f->path);
    source_line(f->a, &f->file->c->sources.list.at[0], 1); /* its lines, where memory may run out */
}

static void check_thunk(void *ctx)
{
    struct one *f = ctx;
    test_check(f->file, f->table);
    test_promises_check(f->file, f->table);
}

/* ---- policies ---- */

/* The path from here: the test file's folder and what the file says. NULL: no memory. */
static char *policy_path(const struct one *f)
{
    struct str named = f->file->policy.s;
    const char *slash = strrchr(f->path, '/');
    size_t folder = slash && named.p[0] != '/' ? (size_t)(slash - f->path) + 1 : 0;
    char *path = malloc(folder + named.len + 1);
    if (!path) return NULL;
    memcpy(path, f->path, folder);
    memcpy(path + folder, named.p, named.len);
    path[folder + named.len] = 0;
    return path;
}

static void missing_thunk(void *ctx)
{
    struct one *f = ctx;
    struct diags *d = &f->file->c->diags;
    diag(d, E0001, f->file->policy.at, f->file->policy.s, str_from(strerror(errno)));
    diags_sort(d);
}

/* Takes over both paths. NULL: no memory. */
static struct tested *add_policy(struct testing *t, char *real, char *path)
{
    struct tested *grown = realloc(t->policies, (t->policy_count + 1) * sizeof *grown);
    if (!grown) return NULL;
    t->policies = grown;
    struct tested *p = &t->policies[t->policy_count++];
    *p = (struct tested){.real = real, .path = path};
    if (!policy_open(t->cli, &p->policy, path, &p->status)) return p;
    if (t->with_coverage && !(p->coverage = coverage_new(p->policy.table))) {
        policy_close(&p->policy);
        p->status = cli_broken(t->cli, "out of memory");
    }
    return p;
}

static struct tested *find_policy(struct testing *t, const char *real)
{
    for (size_t i = 0; i < t->policy_count; i++)
        if (strcmp(t->policies[i].real, real) == 0) return &t->policies[i];
    return NULL;
}

/* People have read them when the policy was opened. */
static void keep_policy_errors(struct one *f, const struct tested *p)
{
    const struct report report = {.errors_only = true, .quiet = true};
    out_flush(f->t->cli->err);
    out_printf(&f->shown, "the policy %s cannot be used\n", p->path);
    if (p->policy.compiled) render_human(&f->shown, &report, p->policy.compiled, p->path);
}

/* The file's policy; NULL: *status says what it comes to, and it is said. */
static struct tested *policy_of(struct one *f, int *status)
{
    struct tested *p = NULL;
    char *path = policy_path(f), *real = path ? realpath(path, NULL) : NULL;
    *status = EXIT_BROKEN;
    if (path && !real && errno != ENOMEM) {
        if (arena_try(f->a, missing_thunk, f)) show_diags(f);
        free(path);
        return NULL;
    }
    if (real) p = find_policy(f->t, real);
    if (real && !p && (p = add_policy(f->t, real, path))) real = path = NULL;
    free(real);
    free(path);
    if (!p) {
        cli_broken(f->t->cli, "out of memory");
    } else if (!p->policy.table) {
        keep_policy_errors(f, p);
        *status = p->status;
        p = NULL;
    }
    return p;
}

/* ---- tests ---- */

static bool is_wanted(const struct testing *t, const struct test_case *test)
{
    if (!t->filter) return true;
    size_t len = strlen(t->filter);
    for (size_t i = 0; i + len <= test->name.s.len; i++)
        if (memcmp(test->name.s.p + i, t->filter, len) == 0) return true;
    return false;
}

static void promise_outcome(const struct test_promise *promise, const struct promise_result *result,
                            struct test_outcome *o)
{
    o->test = &promise->as_test;
    verdict_init(&o->verdict);
    out_init(&o->notes, -1);
    o->verdict.place = promise->as_test.place;
    o->verdict.good = result->holds;
    out_str(&o->verdict.message, result->message);
    out_str(&o->verdict.detail, result->detail);
}

/* The promises that are wanted, behind the tests. 0, or an errno. */
static int run_promises(struct one *f, struct test_outcome *outcomes, size_t *count)
{
    uint32_t all = f->file->promises.count;
    struct promise_result *results = calloc(all + 1, sizeof *results);
    bool done = results && test_promises_prove(f->file, f->table, results);
    for (uint32_t i = 0; i < all && done; i++) {
        const struct test_promise *promise = &f->file->promises.at[i];
        bool wanted = is_wanted(f->t, &promise->as_test);
        f->t->skipped += !wanted;
        if (wanted) promise_outcome(promise, &results[i], &outcomes[(*count)++]);
    }
    for (size_t i = 0; i < *count; i++)
        done &= !outcomes[i].verdict.message.error && !outcomes[i].verdict.detail.error;
    free(results);
    return done ? 0 : ENOMEM;
}

static int run_tests(struct one *f, struct coverage *coverage)
{
    size_t count = 0, all = f->file->tests.count;
    int error = 0, status = EXIT_FINE;
    struct test_outcome *outcomes = calloc(all + f->file->promises.count + 1, sizeof *outcomes);
    if (!outcomes) return cli_broken(f->t->cli, "out of memory");
    for (size_t i = 0; i < all && !error; i++) {
        const struct test_case *test = &f->file->tests.at[i];
        bool wanted = is_wanted(f->t, test);
        f->t->skipped += !wanted;
        if (wanted) error = test_run(f->table, f->file, test, coverage, &outcomes[count]);
        count += wanted && !error;
    }
    if (!error) error = run_promises(f, outcomes, &count);
    for (size_t i = 0; i < count; i++)
        if (!outcomes[i].verdict.good) status = EXIT_NO;
    if (error)
        status = cli_broken(f->t->cli, "%s: %s", f->path, strerror(error));
    else if (count || !f->t->filter)
        test_report_file(&f->t->report, f->path, outcomes, count);
    for (size_t i = 0; i < count; i++) test_outcome_release(&outcomes[i]);
    free(outcomes);
    return status;
}

/* Of a file that was read: its policy, then its tests. */
static int test_with_policy(struct one *f)
{
    int status;
    struct tested *p = policy_of(f, &status);
    if (!p) return status;
    f->table = p->policy.table;
    if (!arena_try(f->a, check_thunk, f)) return cli_broken(f->t->cli, "out of memory");
    show_diags(f);
    return f->file->c->diags.error_count ? EXIT_NO : run_tests(f, p->coverage);
}

static int test_one(struct one *f)
{
    f->a = arena_new();
    if (!f->a || !arena_try(f->a, read_thunk, f)) return cli_broken(f->t->cli, "out of memory");
    const struct diags *d = &f->file->c->diags;
    if (!d->error_count) return test_with_policy(f);
    show_diags(f);
    return d->fatal ? EXIT_BROKEN : EXIT_NO;
}

/* ---- coverage ---- */

struct covering {
    struct arena *a;
    const struct tested *p;
    struct out text;
};

static void cover_thunk(void *ctx)
{
    struct covering *c = ctx;
    cover_report(c->a, c->p->coverage, str_from(c->p->path), &c->text);
}

static int report_one(struct testing *t, const struct tested *p)
{
    struct covering c = {arena_new(), p, {0}};
    int status = EXIT_FINE;
    out_init(&c.text, -1);
    if (!c.a || !arena_try(c.a, cover_thunk, &c) || c.text.error)
        status = cli_broken(t->cli, "out of memory");
    else
        test_report_coverage(&t->report, (struct str){c.text.p, c.text.len});
    out_free(&c.text);
    arena_free(c.a);
    return status;
}

static int report_coverage(struct testing *t)
{
    int status = EXIT_FINE;
    for (size_t i = 0; i < t->policy_count && status == EXIT_FINE; i++)
        if (t->policies[i].coverage) status = report_one(t, &t->policies[i]);
    return status;
}

/* ---- the command ---- */

static int test_all(struct testing *t)
{
    struct cli *cli = t->cli;
    int status = EXIT_FINE;
    test_report_begin(&t->report, t->format, cli->quiet, cli->out);
    for (size_t i = 0; i < cli->operand_count; i++) {
        struct one f = {.t = t, .path = cli->operands[i]};
        uint32_t reported = t->report.passed + t->report.failed;
        out_init(&f.shown, -1);
        int one = test_one(&f);
        bool ran = t->report.passed + t->report.failed > reported || one == EXIT_FINE;
        if (!ran)
            test_report_broken(&t->report, f.path, (struct str){f.shown.p ? f.shown.p : "", f.shown.len});
        if (one > status) status = one;
        if (f.shown.error && !cli->out->error) cli->out->error = f.shown.error;
        out_free(&f.shown);
        arena_free(f.a);
    }
    int covered = report_coverage(t);
    if (covered > status) status = covered;
    const struct test_report *r = &t->report;
    bool none = t->filter && t->skipped && !(r->passed + r->failed + r->broken);
    test_report_end(&t->report);
    if (none) return cli_broken(cli, "--filter %s: no test has it in its name", t->filter);
    return status;
}

static void release(struct testing *t)
{
    for (size_t i = 0; i < t->policy_count; i++) {
        coverage_free(t->policies[i].coverage);
        policy_close(&t->policies[i].policy);
        free(t->policies[i].real);
        free(t->policies[i].path);
    }
    free(t->policies);
}

int cmd_test(struct cli *cli)
{
    static const char *const formats[TEST_FORMAT_COUNT] = {"human", "tap", "junit"};
    struct testing t = {.cli = cli};
    const struct option options[] = {
        {"coverage", 0, OPTION_SWITCH, &t.with_coverage, NULL,
         "say which rules, steps, takes, teams and tests in conditions no test exercises"},
        {"filter", 0, OPTION_TEXT, &t.filter, "TEXT", "only the tests whose names hold TEXT"},
        {"format", 0, OPTION_TEXT, &t.format_said, "FORMAT", "human (default), tap or junit"},
    };
    const struct usage usage = {
        "shunt test FILE...",
        "Runs the tests of each test file (shunt-test: 1) against the policy that it names, each on\n"
        "a desk of its own and on virtual time: the same answer on any day. What is expected and did\n"
        "not come is shown with what came and why. Its promises are proved for every possible ticket, or\n"
        "a ticket is shown that breaks one.",
        options,
        sizeof options / sizeof *options,
        1,
        SIZE_MAX};
    int status;
    if (!cli_options(cli, &usage, &status)) return status;
    if (t.format_said) {
        size_t k = cli_word(cli, "--format", t.format_said, formats, TEST_FORMAT_COUNT);
        if (k == TEST_FORMAT_COUNT) return EXIT_BROKEN;
        t.format = (enum test_format)k;
    }
    status = test_all(&t);
    release(&t);
    return status;
}
