/*
 * The program: finds the command in commands.def and runs it, then settles the exit status.
 *
 * Nothing else writes to the standard streams than through the two buffers made here, and nothing else exits.
 * A pipe whose reader went away, or a full disk, is an ordinary write error: their signals are ignored.
 */
#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

const struct command commands[] = {
#define COMMAND(name, summary) {#name, cmd_##name, summary},
#include "commands.def"
#undef COMMAND
};
const size_t command_count = sizeof commands / sizeof *commands;

static int help(struct out *o)
{
    out_puts(o,
             "Usage: shunt COMMAND …\n\n"
             "Routes helpdesk tickets by a policy, written in YAML or in its own language.\n\nCommands:\n");
    for (size_t i = 0; i < command_count; i++)
        out_printf(o, "  %-10s %s\n", commands[i].name, commands[i].summary);
    out_puts(o, "\nshunt COMMAND --help says more of each; shunt --version tells the version.\n"
                "Exit status: 0 fine; 1 the answer is no; 2 the work could not be done.\n");
    return EXIT_FINE;
}

static int unknown_command(struct cli *cli, const char *name)
{
    struct str known[sizeof commands / sizeof *commands];
    for (size_t i = 0; i < command_count; i++) known[i] = str_from(commands[i].name);
    struct str near = nearest(str_from(name), known, command_count);
    if (near.p) return cli_usage_error(cli, "there is no command \"%s\"; did you mean %s?", name, near.p);
    return cli_usage_error(cli, "there is no command \"%s\"", name);
}

static int run(struct cli *cli, char **argv)
{
    if (argv[0] == NULL) {
        help(cli->err);
        return EXIT_BROKEN;
    }
    if (strcmp(argv[0], "--help") == 0 || strcmp(argv[0], "-h") == 0 || strcmp(argv[0], "help") == 0)
        return help(cli->out);
    if (strcmp(argv[0], "--version") == 0) {
        out_printf(cli->out, "shunt %s\n", shunt_version());
        return EXIT_FINE;
    }
    for (size_t i = 0; i < command_count; i++) {
        if (strcmp(commands[i].name, argv[0]) != 0) continue;
        cli->command = commands[i].name;
        cli->args = argv + 1;
        return commands[i].run(cli);
    }
    return unknown_command(cli, argv[0]);
}

/* commands.md 2: a terminal, and NO_COLOR not set to anything (no-color.org: an empty value does not count).
 */
static bool wants_colour(void)
{
    const char *no = getenv("NO_COLOR");
    return isatty(STDERR_FILENO) && !(no && *no);
}

static bool forget(const char *setting)
{
    char name[128];
    size_t len = strcspn(setting, "=");
    if (len >= sizeof name) return false;
    memcpy(name, setting, len);
    name[len] = 0;
    return unsetenv(name) == 0;
}

/* The solver of proofs takes settings from the environment, CADICAL_SEED and the like: but the same input is
 * to get the same answer anywhere (commands.md 8). */
static void forget_solver_settings(void)
{
    static const char prefix[] = "CADICAL_";
    for (char **at = environ; *at;) /* where one is forgotten, the next one stands then */
        if (strncmp(*at, prefix, sizeof prefix - 1) != 0 || !forget(*at)) at++;
}

/* A standard stream that came closed is opened on what can be neither read nor written: else the next file
 * opened, the state perhaps, would stand in its place and be written over by the answers. */
static bool hold_streams(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
            return false;
    return true;
}

/* Both buffers, written. What is still to be said where not even a buffer for it could be had needs none. */
static int write_out(struct out *out, struct out *err, int status)
{
    static const char no_memory[] = "shunt: out of memory\n";
    if (status == EXIT_BROKEN) out_drop_half(out);
    if (!out_flush(out)) {
        status = EXIT_BROKEN;
        if (out->error == ENOMEM)
            out_puts(err, no_memory);
        else if (out->error != EPIPE)
            out_printf(err, "shunt: cannot write: %s\n", strerror(out->error));
    }
    if (out_flush(err)) return status;
    if (err->error == ENOMEM) (void)!write(STDERR_FILENO, no_memory, sizeof no_memory - 1);
    return EXIT_BROKEN;
}

/* Not by return, and not by exit(): there is nothing left for libraries to do, and for them to see that takes
 * five page faults, 45 us of 1,370 (docs/performance.md, "Starting"). What looks into a program when it ends
 * (SHUNT_NO_SANDBOX) does so at exit(), while cli.kept is still in reach. */
static _Noreturn void end(int status)
{
#ifdef SHUNT_NO_SANDBOX
    exit(status);
#else
    quick_exit(status);
#endif
}

int main(int argc, char **argv)
{
    struct out out, err;
    if (!hold_streams()) return EXIT_BROKEN;
    forget_solver_settings();
    out_init(&out, STDOUT_FILENO);
    out_init(&err, STDERR_FILENO);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file too large for a limit: EFBIG, so that its beginnings are removed */
    struct cli cli = {.out = &out, .err = &err, .colour = wants_colour()};
    int status = run(&cli, argc > 0 ? argv + 1 : argv);
    status = write_out(&out, &err, status);
    free(cli.operands);
    out_free(&out);
    out_free(&err);
    end(status);
}
