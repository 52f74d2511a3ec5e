/*
 * Bytes that a small policy is drawn from (tests/proof), and an edit of it: what prove and diff say equals
 * brute force over all tickets. What differs is complained of, and that ends the program.
 */
#include "../proof/judge.h"
#include "fuzz.h"

#include <stdlib.h>

enum { TICKETS_MAX = 500 }; /* more are for test_random_proof */

static bool compile(struct trial *t, const struct g_policy *p)
{
    static const struct compile_options options = {.strip = true};
    t->texts[t->count] = small_text(&t->g, p);
    struct compilation *c = compile_text(t->a, "p.shunt", str_from(t->texts[t->count]), &options);
    if (!c->table.p || shunt_table_open(c->table.p, c->table.len, NULL, &t->tables[t->count], NULL)) {
        object(t, "no table");
        return false;
    }
    t->count++;
    return true;
}

static void judge(void *ctx)
{
    struct trial *t = ctx;
    struct g_policy *p = small_policy(&t->g, t->seed);
    bool edited = rng_chance(&t->g, 50);
    if (!compile(t, p)) return;
    if (edited) t->edit = small_edit(&t->g, p);
    if (edited && !compile(t, p)) return;
    t->pool.tape = NULL; /* judges draw the same twice */
    (edited ? judge_diff : judge_prove)(t);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct tape tape = {bytes, len, 0};
    struct trial t = {.seed = len, .a = arena_new(), .b = {.tickets_max = TICKETS_MAX}};
    t.pool.tape = &tape;
    t.g = (struct gen){&t.pool, len};
    if (!t.a || !arena_try(t.a, judge, &t) || t.complaints) abort();
    if (t.b.g) brute_free(&t.b);
    for (uint32_t i = 0; i < t.count; i++) shunt_table_close(t.tables[i]);
    arena_free(t.a);
    gen_free(&t.pool);
    return 0;
}
