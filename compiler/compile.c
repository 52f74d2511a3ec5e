/* The passes, in order: see compile.h. */
#include "compile.h"

static struct compilation *begin(struct arena *a, const struct compile_options *options)
{
    struct compilation *c = arena_new_of(a, struct compilation);
    c->a = a;
    if (options) c->options = *options;
    if (!c->options.zoneinfo_dir.p) c->options.zoneinfo_dir = S("/usr/share/zoneinfo");
    c->diags.a = a;
    return c;
}

enum { SPARE_WHILE_LOWERING = 32 };

/* The tree ends before the table is begun: it would be the largest thing beside it. Its blocks are what the table is
 * made in; what is left of them makes room for the file's bytes. */
static void make_table(struct compilation *c)
{
    arena_keep_spare(c->a, SPARE_WHILE_LOWERING);
    arena_give_back(c->a, c->ast.items.at, c->ast.items.cap * sizeof *c->ast.items.at);
    c->ast.items.at = NULL;
    c->ast.items.count = c->ast.items.cap = c->ast.files.count = 0;
    if (c->tree) arena_end(c->tree);
    c->table = lower(c);
}

/* One run reports all: names are resolved even after a syntax error or without a file that could not be read,
 * and warnings are given beside errors. The table needs a policy without errors. */
static struct compilation *run(struct compilation *c)
{
    if (!c->diags.fatal && !c->options.one_file) {
        read_promises(c);
        resolve(c);
        check(c);
        if (!c->diags.error_count && !c->options.check_only) make_table(c);
    }
    if (c->diags.error_count) c->table = (struct str){NULL, 0};
    diags_sort(&c->diags);
    return c;
}

struct compilation *compile_policy(struct arena *a, const char *path, const struct compile_options *options)
{
    struct compilation *c = begin(a, options);
    read_policy(c, path);
    return run(c);
}

struct compilation *compile_text(struct arena *a, const char *name, struct str text,
                                 const struct compile_options *options)
{
    struct compilation *c = begin(a, options);
    read_policy_text(c, name, text);
    return run(c);
}
