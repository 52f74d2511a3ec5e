/* Any bytes as a condition: what parses is printed, and what is printed parses and prints the same. */
#include "compile.h"
#include "fuzz.h"

#include <stdlib.h>

struct fuzz_condition {
    struct arena *a;
    struct str text;
};

static struct expr *parse(struct arena *a, struct diags *d, struct sources *sources, struct str text)
{
    struct source *s = vec_push(a, &sources->list);
    *s = (struct source){.path = S("fuzz.shunt"), .name = S("fuzz.shunt"), .text = text, .kind = SOURCE_DSL};
    struct cond_text c = {.file = sources->list.count - 1, .text = text};
    return parse_condition(a, d, &c);
}

static struct str printed(struct arena *a, const struct expr *e)
{
    struct buf b;
    buf_init(&b, a);
    print_expr(&b, e);
    return buf_done(&b);
}

static void try_condition(void *ctx)
{
    struct fuzz_condition *f = ctx;
    struct diags d = {.a = f->a};
    struct sources sources = {0};
    if (utf8_bad(f->text) != f->text.len) return; /* sources.c sees to that */
    struct expr *e = parse(f->a, &d, &sources, arena_str(f->a, f->text));
    if (!e || d.error_count) return;
    struct str once = printed(f->a, e);
    struct expr *again = parse(f->a, &d, &sources, once);
    if (!again || d.error_count || !str_eq(once, printed(f->a, again))) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct fuzz_condition f = {arena_new(), {(const char *)bytes, len}};
    if (f.a) arena_try(f.a, try_condition, &f);
    arena_free(f.a);
    return 0;
}
