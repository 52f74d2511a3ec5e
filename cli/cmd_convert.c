/* shunt convert: a policy in the other spelling. One file: what it includes stays as it is and is named as
 * before. */
#include "respell.h"

#include <stdlib.h>
#include <string.h>

static const char *const words[] = {"yaml", "dsl"};

static int convert_file(struct cli *cli, const char *path, enum respell_to to, const char *output)
{
    struct respelled r;
    int status, error = 0;
    if (respell(cli, path, to, &r, &status)) {
        status = EXIT_FINE;
        if (!output || strcmp(output, "-") == 0)
            out_str(cli->out, r.text);
        else
            error = file_replace(output, r.text.p, r.text.len, 0);
        if (error) status = cli_broken(cli, "cannot write %s: %s", output, strerror(error));
    }
    free(r.original);
    arena_free(r.a);
    return status;
}

int cmd_convert(struct cli *cli)
{
    const char *to = NULL, *output = NULL;
    const struct option options[] = {
        {"to", 0, OPTION_TEXT, &to, "SPELLING", "yaml or dsl"},
        {"output", 'o', OPTION_TARGET, &output, "FILE", "the file to write; default: standard output"},
    };
    const struct usage usage = {
        "shunt convert FILE --to yaml|dsl",
        "Prints a policy in the other spelling; it compiles to the same table. Comments on lines of\n"
        "their own are kept. A file with a syntax error is refused.",
        options,
        sizeof options / sizeof *options,
        1,
        1};
    int status;
    if (!cli_options(cli, &usage, &status)) return status;
    if (!to) return cli_usage_error(cli, "to what? Say --to yaml or --to dsl");
    size_t k = cli_word(cli, "--to", to, words, 2);
    if (k == 2) return EXIT_BROKEN;
    return convert_file(cli, cli->operands[0], k == 0 ? RESPELL_YAML : RESPELL_DSL, output);
}
