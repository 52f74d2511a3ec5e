/* shunt fmt: policies in the one canonical layout, in place. */
#include "respell.h"
#include "sandbox.h"
#include "textdiff.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct fmt {
    bool check, diff, to_stdout;
};

static int write_back(struct cli *cli, const char *path, struct str text)
{
    struct stat st;
    int error = stat(path, &st) ? errno : file_replace(path, text.p, text.len, (unsigned)st.st_mode & 07777);
    return error ? cli_broken(cli, "cannot write %s: %s", path, strerror(error)) : EXIT_FINE;
}

static int fmt_text(struct cli *cli, const struct fmt *f, const char *path, const struct respelled *r)
{
    struct str original = {r->original, r->original_len};
    bool same = str_eq(original, r->text), is_stdin = strcmp(path, "-") == 0;
    int status = f->check && !same ? EXIT_NO : EXIT_FINE;
    if (f->diff && !out_diff(cli->out, path, original, r->text)) return cli_broken(cli, "out of memory");
    if (f->check && !same && !cli->quiet) out_printf(cli->err, "%s: not in the canonical layout\n", path);
    if (f->check || f->diff) return status;
    if (f->to_stdout || is_stdin)
        out_str(cli->out, r->text);
    else if (!same)
        status = write_back(cli, path, r->text);
    return status;
}

static int fmt_file(struct cli *cli, const struct fmt *f, const char *path)
{
    struct respelled r;
    int status;
    if (respell(cli, path, RESPELL_SAME, &r, &status)) status = fmt_text(cli, f, path, &r);
    free(r.original);
    arena_free(r.a);
    return status;
}

int cmd_fmt(struct cli *cli)
{
    struct fmt f = {0};
    const struct option options[] = {
        {"check", 0, OPTION_SWITCH, &f.check, NULL,
         "change nothing; status 1 where a file is not in the layout"},
        {"diff", 0, OPTION_SWITCH, &f.diff, NULL, "change nothing; show what would change"},
        {"stdout", 0, OPTION_SWITCH, &f.to_stdout, NULL, "write to standard output instead"},
    };
    const struct usage usage = {
        "shunt fmt FILE...",
        "Rewrites each policy in the canonical layout, every comment kept. A file that is laid out\n"
        "already, or has a syntax error, is left alone. FILE - is standard input to standard output.",
        options,
        sizeof options / sizeof *options,
        1,
        SIZE_MAX};
    int status;
    if (!cli_options_alone(cli, &usage, &status)) return status;
    bool rewrites = !f.check && !f.diff && !f.to_stdout;
    sandbox_enter(cli->operands, rewrites ? cli->operand_count : 0);
    status = EXIT_FINE;
    for (size_t i = 0; i < cli->operand_count; i++) {
        int one = fmt_file(cli, &f, cli->operands[i]);
        if (one > status) status = one;
    }
    return status;
}
