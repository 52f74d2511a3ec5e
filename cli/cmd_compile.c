/* shunt compile: a policy's table, written whole or not at all. */
#include "cli.h"
#include "render.h"

#include <stdlib.h>
#include <string.h>

struct compile {
    const char *output, *deny;
    struct option_list allow;
    struct report report;
    struct compile_options options;
};

static int write_table(struct cli *cli, const struct compile *c, const struct policy *p)
{
    if (strcmp(c->output, "-") == 0) {
        out_bytes(cli->out, p->bytes, p->len);
        return EXIT_FINE;
    }
    int error = file_replace(c->output, p->bytes, p->len, 0);
    return error ? cli_broken(cli, "cannot write %s: %s", c->output, strerror(error)) : EXIT_FINE;
}

/* A table that its own verifier refuses is a fault of the compiler's, said as such and never written. */
static int compile_one(struct cli *cli, struct compile *c, struct policy *p, const char *path)
{
    if (!policy_read(p, path, &c->options)) return cli_broken(cli, "out of memory");
    if (!p->compiled) return cli_usage_error(cli, "%s is a compiled table already", path);
    struct report_counts counts = report_count(&c->report, &p->compiled->diags);
    c->report.quiet |= counts.errors + counts.warnings == 0;
    render_human(cli->err, &c->report, p->compiled, path);
    if (p->unreadable) return EXIT_BROKEN;
    int status = report_status(&c->report, counts);
    if (status != EXIT_FINE) return status;
    if (!p->table)
        return cli_broken(cli, "%s: the table made of it does not verify (%s); please report this", path,
                          *p->error.reason ? p->error.reason : shunt_status_text(p->status));
    if (!policy_stays(cli, p, c->output)) return EXIT_BROKEN;
    return write_table(cli, c, p);
}

int cmd_compile(struct cli *cli)
{
    struct compile c = {0};
    const struct option options[] = {
        {"output", 'o', OPTION_TARGET, &c.output, "TABLE", "the file to write, or - for standard output"},
        {"strip", 0, OPTION_SWITCH, &c.options.strip, NULL,
         "leave out source positions, file names and digest"},
        {"deny", 0, OPTION_TEXT, &c.deny, "warnings", "write nothing where there are warnings"},
        {"allow", 0, OPTION_LIST, &c.allow, "CODE", "leave a warning out (may be repeated)"},
    };
    const struct usage usage = {
        "shunt compile POLICY -o TABLE",
        "Compiles a policy to its binary table. The table is written whole or not at all: beside\n"
        "its place first, then renamed, so that whoever reads it sees the old one or the new.",
        options,
        sizeof options / sizeof *options,
        1,
        1};
    int status;
    if (cli_options(cli, &usage, &status)) {
        struct policy p = {0};
        if (!c.output)
            status = cli_usage_error(cli, "where to? Say -o TABLE");
        else if (!report_options(cli, &c.report, c.deny, &c.allow))
            status = EXIT_BROKEN;
        else
            status = compile_one(cli, &c, &p, cli->operands[0]);
        policy_close(&p);
    }
    free(c.allow.at);
    return status;
}
