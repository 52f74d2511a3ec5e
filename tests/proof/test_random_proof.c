/*
 * Small random policies: what prove and diff say of them equals brute force over all their tickets.
 *
 *     test_random_proof [COUNT [FIRST]]
 *
 * COUNT seeds from FIRST (1) on, of each kind, until SHUNT_RANDOM_BAD (10) differ. CK_RUN_CASE=prove, beside,
 * budget, edit or other runs one kind alone. What differs is printed with its seed and policies.
 */
#include "judge.h"
#include "run_suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
#ifdef __SANITIZE_ADDRESS__
    SEEDS = 15
#else
    SEEDS = 40
#endif
};
static uint64_t seed_count = SEEDS, first_seed = 1;

/* ---- a trial ---- */

typedef void judging(struct trial *t);

struct job {
    struct trial *t;
    judging *judge;
};

static void compile(struct trial *t, uint32_t i, const struct g_policy *p)
{
    static const struct compile_options options = {.strip = true};
    struct shunt_table_error error;
    t->texts[i] = small_text(&t->g, p);
    struct compilation *c = compile_text(t->a, "p.shunt", str_from(t->texts[i]), &options);
    for (uint32_t k = 0; k < c->diags.list.count; k++) {
        const struct diag *d = c->diags.list.at[k];
        if (diag_is_error(d->id))
            object(t, "no policy: %s: %.*s", diag_rows[d->id].code, (int)d->message.len, d->message.p);
    }
    if (!c->table.p || t->complaints) return;
    if (shunt_table_open(c->table.p, c->table.len, NULL, &t->tables[i], &error))
        object(t, "no table: %s", error.reason);
    t->count = i + 1;
}

static struct g_policy *policy_of(struct trial *t, uint64_t seed)
{
    struct gen g = {&t->pool, seed * 16};
    rng_next(&g);
    return small_policy(&g, seed);
}

static void try_one(struct trial *t)
{
    compile(t, 0, policy_of(t, t->seed));
    if (!t->complaints) judge_prove(t);
}

/* Open at other times. */
static void change_hours(struct g_policy *p)
{
    for (int i = 0; i < p->hours.count; i++) {
        struct g_hours *h = &p->hours.at[i];
        if (h->weekly.count == 1 && h->weekly.at[0].intervals.count == 1)
            h->weekly.at[0].intervals.at[0] = (struct g_interval){60, 61};
    }
}

/* The same policy's promises, beside it without them. There rules say nothing, hours are names alone, and
 * teams may stand in another order. */
static void try_beside(struct trial *t)
{
    struct g_policy *p = policy_of(t, t->seed), *bare = policy_of(t, t->seed);
    bare->promises.count = 0;
    compile(t, 0, bare);
    change_hours(p);
    compile(t, 1, p);
    if (!t->complaints) judge_beside(t);
}

static void try_edit(struct trial *t)
{
    struct g_policy *p = policy_of(t, t->seed);
    compile(t, 0, p);
    struct gen g = {&t->pool, t->seed * 16 + 1};
    p = policy_of(t, t->seed);
    t->edit = small_edit(&g, p);
    while (rng_chance(&g, 25)) t->edit = gen_format(&g, "%s, %s", t->edit, small_edit(&g, p));
    compile(t, 1, p);
    if (!t->complaints) judge_diff(t);
}

static void try_other(struct trial *t)
{
    compile(t, 0, policy_of(t, 2 * t->seed + 1000000));
    compile(t, 1, policy_of(t, 2 * t->seed + 1000001));
    if (!t->complaints) judge_diff(t);
}

/* The budget ends somewhere. */
static void try_limited(struct trial *t)
{
    t->limited = true;
    (t->seed % 2 ? try_one : try_other)(t);
}

static void body(void *ctx)
{
    struct job *j = ctx;
    j->judge(j->t);
}

/* ---- many ---- */

struct sums {
    uint64_t seeds, too_large, bad, tickets, findings, undecided, alike;
};

static void run(judging *judge, uint64_t seed, struct sums *sums)
{
    struct trial t = {.seed = seed, .a = arena_new()};
    struct job j = {&t, judge};
    t.g = (struct gen){&t.pool, seed};
    if (!t.a || !arena_try(t.a, body, &j)) object(&t, "no memory");
    sums->seeds++;
    sums->too_large += t.too_large;
    sums->bad += t.complaints > 0;
    sums->tickets += t.tickets;
    sums->findings += t.findings;
    sums->undecided += t.undecided;
    sums->alike += !t.too_large && t.findings == 0;
    if (t.b.g) brute_free(&t.b);
    for (int i = 0; i < 2; i++)
        if (t.tables[i]) shunt_table_close(t.tables[i]);
    arena_free(t.a);
    gen_free(&t.pool);
}

static void for_seeds(judging *judge, const char *kind)
{
    const char *s = getenv("SHUNT_RANDOM_BAD");
    uint64_t most = s && *s ? strtoull(s, NULL, 10) : 10;
    struct sums sums = {0};
    for (uint64_t seed = first_seed; seed < first_seed + seed_count && sums.bad < most; seed++)
        run(judge, seed, &sums);
    printf("%s: %llu seeds, %llu of them too large; %llu tickets; %llu findings, %llu undecided, none of "
           "%llu; %llu differ\n",
           kind, (unsigned long long)sums.seeds, (unsigned long long)sums.too_large,
           (unsigned long long)sums.tickets, (unsigned long long)sums.findings,
           (unsigned long long)sums.undecided, (unsigned long long)sums.alike, (unsigned long long)sums.bad);
    fflush(stdout);
    ck_assert_msg(sums.bad == 0, "%d seeds differ", (int)sums.bad);
    ck_assert_msg(sums.too_large * 3 < sums.seeds, "most are too large for brute force");
}

START_TEST(commands_9_what_prove_finds_equals_brute_force)
{
    for_seeds(try_one, "prove");
}
END_TEST

START_TEST(language_8_promises_beside_a_policy_equal_brute_force)
{
    for_seeds(try_beside, "beside");
}
END_TEST

START_TEST(commands_8_with_any_budget_what_is_told_is_so_and_the_rest_is_said_to_be_open)
{
    for_seeds(try_limited, "budget");
}
END_TEST

START_TEST(commands_10_an_edit_is_found_by_diff_or_harmless)
{
    for_seeds(try_edit, "edit");
}
END_TEST

START_TEST(commands_10_the_difference_of_any_two_policies_equals_brute_force)
{
    for_seeds(try_other, "other");
}
END_TEST

static void add(Suite *s, const char *name, const TTest *test)
{
    TCase *t = tcase_create(name);
    tcase_set_timeout(t, 0);
    tcase_add_test(t, test);
    suite_add_tcase(s, t);
}

int main(int argc, char **argv)
{
    if (argc > 1) seed_count = strtoull(argv[1], NULL, 10);
    if (argc > 2) first_seed = strtoull(argv[2], NULL, 10);
    Suite *s = suite_create("random_proof");
    add(s, "prove", commands_9_what_prove_finds_equals_brute_force);
    add(s, "beside", language_8_promises_beside_a_policy_equal_brute_force);
    add(s, "budget", commands_8_with_any_budget_what_is_told_is_so_and_the_rest_is_said_to_be_open);
    add(s, "edit", commands_10_an_edit_is_found_by_diff_or_harmless);
    add(s, "other", commands_10_the_difference_of_any_two_policies_equals_brute_force);
    return run_suite(s);
}
