/*
 * shunt route: the desk. Events in, decisions out, line by line (commands.md 5).
 *
 * The answers of a batch of lines are gathered in memory, made safe where there is a state file, and written
 * before more input is waited for. Where the time is the real one, waiting ends at the desk's next due time,
 * and a tick is given to it then (desk.md 1.5); a line that is there is never kept waiting.
 */
#include "cli.h"
#include "fd.h"
#include "desk_run.h"
#include "small_blocks.h"
#include "state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    ANSWERS_LEN_MAX = 1 << 20, /* past it answers go out within a batch: what they take is bounded */
    WAIT_MS_MAX = 60000        /* waits are measured by another clock than due times: the real one may be set,
                                  or the machine sleep, and a due time is then a minute late at the most */
};

struct route {
    struct cli *cli;
    const char *seed_said, *keep_said, *state_file, *figures_file;
    bool virtual_time;
    uint64_t seed;
    uint32_t keep_days;

    struct desk_run *run;    /* the state's, where there is one */
    struct state *state;     /* NULL: no --state */
    struct journal *journal; /* of a run without state */
    struct small_blocks blocks; /* of its desk */
    struct out answers;      /* not written yet */
};

/* ---- options ---- */

/* A whole number without a sign, from 0 to max. */
static bool number_of(const char *text, uint64_t max, uint64_t *n)
{
    char *end;
    if (text[0] < '0' || text[0] > '9') return false;
    errno = 0;
    unsigned long long read = strtoull(text, &end, 10);
    if (*end || errno || read > max) return false;
    *n = read;
    return true;
}

/* A desk is kept in a file: there is none without a name, nor can it go to standard output. */
static bool files_right(struct route *r)
{
    const char *state = r->state_file, *figures = r->figures_file;
    if (state && (!*state || strcmp(state, "-") == 0)) {
        cli_usage_error(r->cli, "--state: name the file that the desk is kept in (./- if it is called -)");
        return false;
    }
    if (state && figures && state_has_beside(state, figures)) {
        cli_usage_error(r->cli, "--figures %s: a file of that name goes with --state %s: name another file",
                        figures, state);
        return false;
    }
    return true;
}

static bool settle(struct route *r)
{
    uint64_t keep_days = SHUNT_KEEP_DAYS_DEFAULT;
    if (!files_right(r)) return false;
    if (r->seed_said && !number_of(r->seed_said, UINT64_MAX, &r->seed)) {
        cli_usage_error(r->cli, "--seed %s: a whole number from 0 to 18446744073709551615", r->seed_said);
        return false;
    }
    if (r->keep_said && !number_of(r->keep_said, SHUNT_KEEP_DAYS_MAX, &keep_days)) {
        cli_usage_error(r->cli, "--keep %s: a number of days from 0 to %d", r->keep_said,
                        SHUNT_KEEP_DAYS_MAX);
        return false;
    }
    r->keep_days = (uint32_t)keep_days;
    return true;
}

/* ---- time ---- */

static int64_t real_time(void *ctx)
{
    (void)ctx;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec;
}

/* How long to wait for input: to the next due time; -1: for ever. */
static int wait_ms(const struct route *r)
{
    int64_t due_sec;
    struct timespec now;
    if (r->virtual_time || !shunt_desk_due(desk_run_desk(r->run), &due_sec)) return -1;
    clock_gettime(CLOCK_REALTIME, &now);
    if (due_sec <= now.tv_sec) return 0;
    if (due_sec - now.tv_sec > WAIT_MS_MAX / 1000) return WAIT_MS_MAX;
    return (int)(due_sec - now.tv_sec) * 1000 - (int)(now.tv_nsec / 1000000);
}

static int tick_if_due(struct route *r)
{
    int64_t due_sec, now_sec = real_time(NULL);
    if (r->virtual_time || !shunt_desk_due(desk_run_desk(r->run), &due_sec) || due_sec > now_sec) return 0;
    return desk_run_tick(r->run, now_sec, &r->answers);
}

/* ---- answers ---- */

static int broken(struct route *r, int error)
{
    if (r->state && *state_why(r->state))
        return cli_broken(r->cli, "%s: %s", r->state_file, state_why(r->state));
    return cli_broken(r->cli, error == ENOMEM ? "out of memory" : "cannot go on: %s", strerror(error));
}

/* Everything answered so far: into the state file, then out. */
static int write_answers(struct route *r)
{
    char why[STATE_WHY_LEN];
    if (r->answers.error) return broken(r, r->answers.error);
    if (r->state && !state_commit(r->state, why)) return cli_broken(r->cli, "%s: %s", r->state_file, why);
    out_bytes(r->cli->out, r->answers.p, r->answers.len);
    r->answers.len = 0;
    return out_flush(r->cli->out) ? EXIT_FINE : EXIT_BROKEN;
}

static int answer_lines(struct route *r, const struct lines *lines)
{
    int status = EXIT_FINE;
    for (size_t i = 0; i < lines->count && status == EXIT_FINE; i++) {
        int error = desk_run_line(r->run, &lines->at[i], &r->answers);
        if (error) return broken(r, error);
        if (r->answers.len > ANSWERS_LEN_MAX) status = write_answers(r);
    }
    return status;
}

static int answer_all(struct route *r, struct lines *lines, const char *name)
{
    int status = write_answers(r), error = 0;
    while (status == EXIT_FINE && !error) {
        int read_error = lines_next_within(lines, wait_ms(r));
        if (read_error) return cli_broken(r->cli, "cannot read %s: %s", name, strerror(read_error));
        if (lines->count == 0 && lines_at_end(lines)) break;
        status = answer_lines(r, lines);
        if (status == EXIT_FINE && lines->count == 0) error = tick_if_due(r);
        if (status == EXIT_FINE && !error) status = write_answers(r);
    }
    return error ? broken(r, error) : status;
}

/* The figures so far, whole or not at all. */
static int write_figures(struct route *r)
{
    struct out figures;
    out_init(&figures, -1);
    out_figures(&figures, desk_run_desk(r->run));
    int error = figures.error;
    if (!error) error = file_replace(r->figures_file, figures.p, figures.len, 0);
    out_free(&figures);
    return error ? cli_broken(r->cli, "cannot write %s: %s", r->figures_file, strerror(error)) : EXIT_FINE;
}

/* ---- a desk ---- */

static int begin_in_file(struct route *r, const struct shunt_table *table)
{
    char why[STATE_WHY_LEN];
    const struct state_options options = {.path = r->state_file,
                                          .table = table,
                                          .has_seed = r->seed_said != NULL,
                                          .has_keep = r->keep_said != NULL,
                                          .seed = r->seed,
                                          .keep_days = r->keep_days,
                                          .clock = r->virtual_time ? NULL : real_time};
    if (!state_open(&options, &r->answers, &r->state, why))
        return cli_broken(r->cli, "%s: %s", r->state_file, why);
    r->run = state_run(r->state);
    return EXIT_FINE;
}

static int begin_in_memory(struct route *r, const struct shunt_table *table)
{
    struct shunt_desk_options options = desk_run_desk_options(r->seed, r->keep_days);
    options.figures = r->figures_file != NULL;
    const struct shunt_hooks hooks = small_blocks_hooks(&r->blocks);
    struct shunt_desk *desk;
    r->journal = memory_journal_new(r->keep_days);
    if (!r->journal || shunt_desk_new(table, &options, SMALL_BLOCKS ? &hooks : NULL, &desk) != SHUNT_OK)
        return broken(r, ENOMEM);
    const struct desk_run_options how = {
        .keep_days = r->keep_days, .clock = r->virtual_time ? NULL : real_time, .journal = *r->journal};
    int error = desk_run_new(desk, &how, &r->run);
    return error ? broken(r, error) : EXIT_FINE;
}

/* How it ended, the desk's state file included: that it cannot have its snapshot is said, and no more. A desk
 * in memory is left to the end of the process: freed ticket by ticket it took an eighth of the time of
 * 100,000. */
static int end(struct route *r, int status)
{
    char why[STATE_WHY_LEN];
    uint64_t bad_count = r->run ? desk_run_bad_count(r->run) : 0;
    if (r->state) {
        bad_count = state_bad_count(r->state);
        if (!state_close(r->state, status == EXIT_FINE, why))
            status = cli_broken(r->cli, "%s: %s", r->state_file, why);
    } else {
        r->cli->kept = r->run;
    }
    memory_journal_free(r->journal);
    out_free(&r->answers);
    return status == EXIT_FINE && bad_count ? EXIT_NO : status;
}

static int route_lines(struct route *r, const struct shunt_table *table, int fd, const char *name)
{
    struct lines lines;
    int error = lines_init(&lines, fd);
    int status = error ? cli_broken(r->cli, "cannot begin: %s", strerror(error)) : EXIT_FINE;
    out_init(&r->answers, -1);
    if (status == EXIT_FINE) status = r->state_file ? begin_in_file(r, table) : begin_in_memory(r, table);
    if (status == EXIT_FINE) status = answer_all(r, &lines, name);
    if (status == EXIT_FINE && r->figures_file) status = write_figures(r);
    lines_release(&lines);
    return end(r, status);
}

static int route_file(struct route *r, const char *policy, const char *file)
{
    struct policy p;
    int status;
    bool is_open = policy_open(r->cli, &p, policy, &status);
    if (is_open && !policy_stays(r->cli, &p, r->figures_file)) {
        status = EXIT_BROKEN;
    } else if (is_open) {
        bool is_stdin = !file || strcmp(file, "-") == 0;
        int fd = is_stdin ? STDIN_FILENO : fd_open(file, O_RDONLY);
        const char *name = is_stdin ? "standard input" : file;
        status = fd < 0 ? cli_broken(r->cli, "cannot read %s: %s", name, strerror(errno))
                        : route_lines(r, p.table, fd, name);
        if (fd > STDIN_FILENO) close(fd);
    }
    policy_close(&p);
    return status;
}

int cmd_route(struct cli *cli)
{
    struct route r = {.cli = cli};
    const struct option options[] = {
        {"virtual-time", 0, OPTION_SWITCH, &r.virtual_time, NULL,
         "time is only what events say; else one without `at` happens now"},
        {"seed", 0, OPTION_TEXT, &r.seed_said, "N", "what `assign: random` begins with; default 0"},
        {"keep", 0, OPTION_TEXT, &r.keep_said, "DAYS",
         "how long closed tickets and answers are remembered; default 30"},
        {"state", 0, OPTION_TARGET, &r.state_file, "FILE", "carry on where the desk in this file stopped"},
        {"figures", 0, OPTION_TARGET, &r.figures_file, "FILE", "at the end, write the figures there, as JSON"},
    };
    const struct usage usage = {
        "shunt route POLICY [FILE]",
        "The desk: reads events, one JSON object a line, from FILE or standard input, and answers\n"
        "with what becomes of the tickets: who gets them, or where they wait and why. A bad line is\n"
        "answered by an error line. POLICY is a source or a compiled table.",
        options,
        sizeof options / sizeof *options,
        1,
        2};
    int status;
    if (!cli_options_lines(cli, &usage, 1, &status)) return status;
    if (!settle(&r)) return EXIT_BROKEN;
    return route_file(&r, cli->operands[0], cli->operands[1]);
}
