/* shunt match: for each ticket, the rule that decides it and where it goes. Pure: no state, no clock. */
#include "cli.h"
#include "fd.h"
#include "match_run.h"
#include "rfc3339.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct match {
    const char *at, *jobs;
    struct match_clock clock;
    unsigned job_count;
};

static bool settle(struct cli *cli, struct match *m)
{
    m->job_count = 1;
    if (m->jobs) {
        char *end;
        unsigned long n = strtoul(m->jobs, &end, 10);
        if (*end || m->jobs[0] < '0' || m->jobs[0] > '9' || n < 1 || n > MATCH_JOBS_MAX) {
            cli_usage_error(cli, "--jobs %s: a number from 1 to %d", m->jobs, MATCH_JOBS_MAX);
            return false;
        }
        m->job_count = (unsigned)n;
    }
    if (m->at)
        m->clock.known = parse_rfc3339(m->at, strlen(m->at), &m->clock.at_sec) &&
                         m->clock.at_sec >= SHUNT_TIME_MIN && m->clock.at_sec <= SHUNT_TIME_MAX;
    if (!m->at || m->clock.known) return true;
    cli_usage_error(cli, "--at %s: a time is written 2026-11-20T09:15:00+01:00", m->at);
    return false;
}

static int match_fd(struct cli *cli, const struct match *m, const struct shunt_table *table, int fd,
                    const char *name)
{
    struct match_run *run = NULL;
    int error = match_run_new(table, m->job_count, m->clock, &run);
    if (error) return cli_broken(cli, "cannot begin: %s", strerror(error));
    int status = EXIT_FINE;
    error = match_run_all(run, fd, cli->out);
    if (match_run_broken(run))
        status = cli_broken(cli, "out of memory");
    else if (cli->out->error)
        status = EXIT_BROKEN; /* main() says it */
    else if (error)
        status = cli_broken(cli, "cannot read %s: %s", name, strerror(error));
    else if (match_run_bad_count(run))
        status = EXIT_NO;
    cli->kept = run; /* to give it back block by block takes 9 us of an empty run */
    return status;
}

static int match_file(struct cli *cli, const struct match *m, const char *policy, const char *file)
{
    struct policy p;
    int status;
    if (policy_open(cli, &p, policy, &status)) {
        bool is_stdin = !file || strcmp(file, "-") == 0;
        int fd = is_stdin ? STDIN_FILENO : fd_open(file, O_RDONLY);
        const char *name = is_stdin ? "standard input" : file;
        status = fd < 0 ? cli_broken(cli, "cannot read %s: %s", name, strerror(errno))
                        : match_fd(cli, m, p.table, fd, name);
        if (fd > STDIN_FILENO) close(fd);
    }
    policy_close(&p);
    return status;
}

int cmd_match(struct cli *cli)
{
    struct match m = {0};
    const struct option options[] = {
        {"at", 0, OPTION_TEXT, &m.at, "TIME",
         "when a ticket came that says no `at`, before any has said one"},
        {"jobs", 'j', OPTION_TEXT, &m.jobs, "N", "so many threads; the answers stay in order"},
    };
    const struct usage usage = {
        "shunt match POLICY [FILE]",
        "Reads tickets, one JSON object a line, from FILE or standard input, and answers each with\n"
        "the rule that decides it, the team or agent it goes to, and its priority. A bad line is\n"
        "answered by an error line. POLICY is a source or a compiled table.",
        options,
        sizeof options / sizeof *options,
        1,
        2};
    int status;
    if (!cli_options_lines(cli, &usage, 1, &status)) return status;
    if (!settle(cli, &m)) return EXIT_BROKEN;
    return match_file(cli, &m, cli->operands[0], cli->operands[1]);
}
