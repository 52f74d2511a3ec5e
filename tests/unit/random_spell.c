/*
 * A random policy in both spellings: what must come to the same bytes.
 */
#include "random_run.h"

#include <string.h>

static bool same(struct str a, struct str b)
{
    return a.p && b.p && a.len == b.len && memcmp(a.p, b.p, a.len) == 0;
}

void run_expect_same(struct run *r, struct str table, const char *name)
{
    struct str got = run_compile(r, name);
    if (table.p && got.p && !same(table, got))
        complain(r, "policy.yaml and %s compile to different bytes (%zu and %zu)", name, table.len, got.len);
}

void run_convert(struct run *r, struct str table)
{
    if (run_print(r, "policy.yaml", "there.shunt")) {
        check_notes(r, "policy.yaml", "there.shunt", false);
        run_expect_same(r, table, "there.shunt");
        if (run_print(r, "there.shunt", "back.yaml")) run_expect_same(r, table, "back.yaml");
    }
    if (run_print(r, "policy.shunt", "there.yaml")) {
        check_notes(r, "policy.shunt", "there.yaml", false);
        run_expect_same(r, table, "there.yaml");
        if (run_print(r, "there.yaml", "back.shunt")) run_expect_same(r, table, "back.shunt");
    }
}

void run_layout(struct run *r, struct str table, const char *name, const char *once, const char *twice)
{
    if (!run_print(r, name, once)) return;
    check_notes(r, name, once, true);
    run_expect_same(r, table, once);
    if (!run_print(r, once, twice)) return;
    compare_texts(r, "fmt of what fmt has printed", run_read(r, once), run_read(r, twice));
}

void run_everything(struct run *r, int tickets)
{
    struct str table = run_compile(r, "policy.yaml");
    run_expect_same(r, table, "policy.shunt");
    run_convert(r, table);
    run_layout(r, table, "policy.yaml", "once.yaml", "twice.yaml");
    run_layout(r, table, "policy.shunt", "once.shunt", "twice.shunt");
    if (table.p) run_tickets(r, table, tickets);
}
