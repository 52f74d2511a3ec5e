/* What the targets of both front ends do: compile the bytes as a policy; a table that comes of it must open.
 */
#ifndef SHUNT_TESTS_FUZZ_POLICY_H
#define SHUNT_TESTS_FUZZ_POLICY_H

#include "compile.h"
#include "fuzz.h"
#include "shunt.h"

#include <stdlib.h>
#include <string.h>

struct fuzz_policy {
    struct arena *a;
    const char *name;
    struct str text;
    struct str table;
};

static void fuzz_compile(void *ctx)
{
    struct fuzz_policy *f = ctx;
    struct compile_options options = {.strip = true, .pedantic = true};
    f->table = compile_text(f->a, f->name, f->text, &options)->table;
}

/* The compiler's own table is refused by the verifier: a fault of one of the two. */
static void fuzz_open(struct str table)
{
    const struct shunt_table *open;
    struct shunt_table_error error;
    void *bytes = malloc(table.len);
    if (!bytes) return;
    memcpy(bytes, table.p, table.len);
    if (shunt_table_open(bytes, table.len, NULL, &open, &error) != SHUNT_OK) abort();
    shunt_table_close(open);
    free(bytes);
}

static int fuzz_policy(const char *name, const uint8_t *bytes, size_t len)
{
    struct fuzz_policy f = {.a = arena_new(), .name = name, .text = {(const char *)bytes, len}};
    if (f.a && arena_try(f.a, fuzz_compile, &f) && f.table.p) fuzz_open(f.table);
    arena_free(f.a);
    return 0;
}

#endif
