/* Any bytes as a condition, and as a promise: what parses is printed, and what is printed parses and prints
 * the same. */
#include "compile.h"
#include "fuzz.h"

#include <stdlib.h>

struct fuzz_condition {
    struct arena *a;
    struct str text;
};

struct reading {
    struct arena *a;
    struct diags d;
    struct sources sources;
};

/* What the text means, printed; .p NULL: it is refused. */
typedef struct str read_and_print(struct reading *r, struct str text);

static struct cond_text source_of(struct reading *r, struct str text)
{
    struct source *s = vec_push(r->a, &r->sources.list);
    *s = (struct source){.path = S("fuzz.shunt"), .name = S("fuzz.shunt"), .text = text, .kind = SOURCE_DSL};
    return (struct cond_text){.file = r->sources.list.count - 1, .text = text};
}

static struct str condition(struct reading *r, struct str text)
{
    struct buf b;
    struct cond_text c = source_of(r, text);
    const struct expr *e = parse_condition(r->a, &r->d, &c);
    if (!e || r->d.error_count) return (struct str){0};
    buf_init(&b, r->a);
    print_expr(&b, e);
    return buf_done(&b);
}

static struct str promise(struct reading *r, struct str text)
{
    struct buf b;
    struct cond_text c = source_of(r, text);
    const struct promise_decl *p = parse_promise(r->a, &r->d, &c);
    if (!p || r->d.error_count) return (struct str){0};
    buf_init(&b, r->a);
    print_promise(&b, p);
    return buf_done(&b);
}

static void try_text(struct fuzz_condition *f, read_and_print *read)
{
    struct reading r = {.a = f->a, .d = {.a = f->a}};
    struct str once = read(&r, arena_str(f->a, f->text));
    if (once.p && !str_eq(once, read(&r, once))) abort();
}

static void try_both(void *ctx)
{
    struct fuzz_condition *f = ctx;
    if (utf8_bad(f->text) != f->text.len) return; /* sources.c sees to that */
    try_text(f, condition);
    try_text(f, promise);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct fuzz_condition f = {arena_new(), {(const char *)bytes, len}};
    if (f.a) arena_try(f.a, try_both, &f);
    arena_free(f.a);
    return 0;
}
