/*
 * Parse, print, and parse what was printed: see respell.h.
 *
 * The last step costs as much as the first; it is there because fmt writes over the only copy of somebody's
 * policy: a text that would not be read back is never written.
 */
#include "respell.h"
#include "render.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct job {
    struct arena *a;
    const char *path, *name; /* name: of the text, NULL where path is read by the compiler itself */
    struct str text;
    enum respell_to to;
    struct compilation *c;
    struct str out; /* .p NULL: it was refused, and c says why */
    bool reads_back;
};

/* Standard input has no name that tells its spelling: a YAML policy has a line that begins with `shunt:`. */
static const char *guess_name(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((i == 0 || text.p[i - 1] == '\n') &&
            str_starts((struct str){text.p + i, text.len - i}, S("shunt:")))
            return "-.yaml";
    return "-.shunt";
}

static void print(struct job *j)
{
    struct compilation *c = j->c;
    bool is_yaml = c->sources.list.at[0].kind == SOURCE_YAML;
    enum respell_to to = j->to == RESPELL_SAME ? (is_yaml ? RESPELL_YAML : RESPELL_DSL) : j->to;
    const struct file_ast *file = c->ast.files.at[0];
    struct str out = {NULL, 0};
    bool done = true;
    if (to == RESPELL_DSL)
        out = print_dsl(j->a, file);
    else if (is_yaml)
        done = fmt_yaml(j->a, &c->diags, &c->sources, 0, &out);
    else
        done = print_yaml(j->a, &c->diags, file, &out);
    diags_sort(&c->diags);
    if (!done || c->diags.error_count) return;
    const struct compile_options options = {.one_file = true};
    j->reads_back =
        compile_text(j->a, to == RESPELL_YAML ? "-.yaml" : "-.shunt", out, &options)->diags.error_count == 0;
    j->out = out;
}

static void read_in(struct job *j, const struct compile_options *options)
{
    j->c = j->name ? compile_text(j->a, j->name, j->text, options) : compile_policy(j->a, j->path, options);
}

/* What does not read back is most likely wrong as it stands: a first step with an `after` can be written in
 * YAML, and in the DSL not at all. Then that is what is said. */
static void check_whole(struct job *j)
{
    const struct compile_options options = {.check_only = true};
    read_in(j, &options);
}

static void run(void *ctx)
{
    struct job *j = ctx;
    const struct compile_options options = {.one_file = true, .keep_comments = true};
    read_in(j, &options);
    if (!j->c->diags.error_count && !j->c->diags.fatal && j->c->ast.files.count) print(j);
    if (j->out.p && !j->reads_back) check_whole(j);
    for (uint32_t i = 0; i < j->c->sources.list.count; i++) source_line(j->a, &j->c->sources.list.at[i], 1);
}

static bool refuse(struct cli *cli, const struct job *j, int *status)
{
    const struct report report = {.errors_only = true, .colour = cli->colour, .quiet = cli->quiet};
    if (j->c->diags.error_count) {
        render_human(cli->err, &report, j->c, j->path);
        *status = j->c->unreadable ? EXIT_BROKEN : EXIT_NO;
    } else {
        *status =
            cli_broken(cli, "%s: what would be written does not read back; please report this", j->path);
    }
    return false;
}

bool respell(struct cli *cli, const char *path, enum respell_to to, struct respelled *out, int *status)
{
    bool is_stdin = strcmp(path, "-") == 0;
    *out = (struct respelled){0};
    *status = EXIT_BROKEN;
    int error = file_read(is_stdin ? "/dev/stdin" : path, SOURCE_LEN_MAX, &out->original, &out->original_len);
    if (!error && is_stdin && out->original_len > SOURCE_LEN_MAX) error = EFBIG;
    if (error) {
        cli_broken(cli, "cannot read %s: %s", is_stdin ? "standard input" : path, strerror(error));
        return false;
    }
    struct job j = {.path = path, .to = to, .text = {out->original, out->original_len}};
    if (is_stdin) j.name = guess_name(j.text);
    j.a = out->a = arena_new();
    if (!j.a || !arena_try(j.a, run, &j)) {
        cli_broken(cli, "out of memory");
        return false;
    }
    out->text = j.out;
    return (j.out.p && j.reads_back) || refuse(cli, &j, status);
}
