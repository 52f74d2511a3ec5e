/* The passes, in order: see compile.h. */
#include "compile.h"
#include "beside.h"
#include "numbering.h"

static struct compilation *begin(struct arena *a, const struct compile_options *options)
{
    struct compilation *c = arena_new_of(a, struct compilation);
    c->a = a;
    if (options) c->options = *options;
    if (!c->options.zoneinfo_dir.p) c->options.zoneinfo_dir = S("/usr/share/zoneinfo");
    c->diags.a = a;
    return c;
}

enum {
    RULES_BESIDE_MIN = 30000 /* as long a file is read ahead: docs/decisions/0020 */
};

static void end_tree(struct compilation *c)
{
    arena_give_back(c->a, c->ast.items.at, c->ast.items.cap * sizeof *c->ast.items.at);
    c->ast.items.at = NULL;
    c->ast.items.count = c->ast.items.cap = c->ast.files.count = 0;
    if (c->tree) arena_end(c->tree);
}

/* Once names are resolved, of all declarations that are rules nothing is asked for any more: of 100,000 rules
 * 7 MB, which checks and lowering are made in. The others move together. */
static void end_rules(struct compilation *c)
{
    uint32_t count = 0, all = c->ast.items.count;
    const struct item **items = c->ast.items.at;
    if (!c->tree) return; /* nothing could be read */
    for (uint32_t i = 0; i < all; i++)
        if (items[i]->kind != ITEM_RULE && items[i]->kind != ITEM_RULE_BRIEF) items[count++] = items[i];
    struct item *kept = arena_array(c->tree, struct item, count);
    for (uint32_t i = 0; i < count; i++) kept[i] = *items[i], items[i] = &kept[i];
    c->ast.items.count = count;
    for (uint32_t i = 0; i < c->ast.files.count; i++) {
        struct file_ast *f = c->ast.files.at[i];
        if (!f) continue;
        arena_give_back(c->tree, f->items.at, f->items.cap * sizeof *f->items.at);
        f->items.at = NULL;
        f->items.count = f->items.cap = 0;
    }
    numbering_close(c->sources.numbering);
}

/* The tree ends before the table is begun: it would be the largest thing beside it. Its memory is what the
 * table is made in. */
static void make_table(struct compilation *c)
{
    end_tree(c);
    c->table = lower_end(lower_begin(c));
}

/* ---- checks beside lowering ---- */

static void check_copy(struct arena *own, void *ctx)
{
    struct compilation *copy = ctx;
    copy->a = copy->diags.a = own;
    check(copy);
    if (!copy->options.strip) arena_trim(own); /* as lower_end() does */
}

/* Lowering needs to know that there is no error, of which checks report none; nothing that reading and
 * resolving said is missing, which checks would have to know. */
static bool may_go_beside(const struct compilation *c)
{
    bool large = c->model.rules.count >= RULES_BESIDE_MIN && c->options.ahead == AHEAD_WHERE_LARGE;
    return (large || c->options.ahead == AHEAD_ALWAYS) && !c->options.check_only && !c->diags.error_count &&
           c->diags.list.count == c->diags.warning_count && thread_pays();
}

/* Warnings of a second thread, which reads the model and the tree, while this one reads the model to make the
 * table; each has its arena and its diagnostics, and those come in the order of the passes. False: no thread.
 */
static bool check_beside_lowering(struct compilation *c)
{
    if (!may_go_beside(c)) return false;
    struct compilation *copy = arena_new_of(c->a, struct compilation);
    *copy = *c;
    copy->diags = (struct diags){0};
    struct beside *checks = beside_start(c->a, check_copy, copy);
    if (!checks) return false;
    struct diags before = c->diags;
    c->diags = (struct diags){.a = c->a};
    struct lowering *l = lower_begin(c);
    beside_end(checks);
    end_tree(c);
    c->table = lower_end(l);
    struct diags late = c->diags;
    c->diags = before;
    diags_move(&c->diags, &copy->diags);
    diags_move(&c->diags, &late);
    return true;
}

/* One run reports all: names are resolved even after a syntax error or without a file that could not be read,
 * and warnings are given beside errors. The table needs a policy without errors. */
static struct compilation *run(struct compilation *c)
{
    if (!c->diags.fatal && !c->options.one_file) {
        read_promises(c);
        resolve(c);
        end_rules(c);
        if (!check_beside_lowering(c)) {
            check(c);
            if (!c->diags.error_count && !c->options.check_only) make_table(c);
        }
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
