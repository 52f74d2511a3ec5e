/*
 * Random policies, each in both spellings, and random tickets, against the slow oracle of tests/oracle.
 *
 * SHUNT_RANDOM_SEEDS seeds (where it is not set 300, of convert 2,000 but under sanitizers) from SHUNT_RANDOM_FIRST (1) on, until SHUNT_RANDOM_BAD
 * (10) of them differ; 50 tickets each. Where SHUNT names the program, it is asked too. What differs is
 * printed with the seed, and its files are kept.
 */
#include "random_run.h"
#include "run_suite.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static uint64_t number(const char *name, uint64_t otherwise)
{
    const char *s = getenv(name);
    return s && *s ? strtoull(s, NULL, 10) : otherwise;
}

/* What is done with each seed; one test for each, so that one report says what broke. */
typedef void proof(struct run *r, struct str table);

static void prove_spellings(struct run *r, struct str table)
{
    run_expect_same(r, table, "policy.shunt");
}

/* The first declarations of each kind in a file of their own, in either spelling, named by a root in either.
 */
static void prove_include(struct run *r, struct str table)
{
    struct gen g = {&r->pool, r->seed * 8 + 5};
    for (int i = 0; i < 4; i++) {
        struct g_part root, part;
        const char *root_name = i & 1 ? "root.shunt" : "root.yaml",
                   *part_name = i & 2 ? "part.shunt" : "part.yaml";
        split_parts(&g, r->d.policy, part_name, &root, &part);
        const char *text = (i & 1 ? write_dsl : write_yaml)(&g, r->d.policy, &root, false);
        run_write(r, root_name, text, strlen(text));
        text = (i & 2 ? write_dsl : write_yaml)(&g, r->d.policy, &part, false);
        run_write(r, part_name, text, strlen(text));
        run_expect_same(r, table, root_name);
    }
}

static void prove_convert(struct run *r, struct str table)
{
    run_convert(r, table);
}

static void prove_fmt(struct run *r, struct str table)
{
    run_layout(r, table, "policy.yaml", "once.yaml", "twice.yaml");
    run_layout(r, table, "policy.shunt", "once.shunt", "twice.shunt");
}

static int flat_count, bucket_count; /* of the policies matched: by what they were indexed */

static void prove_match(struct run *r, struct str table)
{
    if (!table.p) return;
    run_tickets(r, table, 50);
    flat_count += r->flat;
    bucket_count += !r->flat;
}

static void prove_hours(struct run *r, struct str table)
{
    if (table.p) run_hours(r, table, 30);
}

enum {
    SEEDS = 300,
#ifdef __SANITIZE_ADDRESS__
    CONVERT_SEEDS = 300
#else
    CONVERT_SEEDS = 2000
#endif
};

static void for_seeds(proof *p, uint64_t seeds)
{
    uint64_t first = number("SHUNT_RANDOM_FIRST", 1), count = number("SHUNT_RANDOM_SEEDS", seeds),
             most = number("SHUNT_RANDOM_BAD", 10);
    uint64_t bad = 0;
    for (uint64_t seed = first; seed < first + count && bad < most; seed++) {
        struct run r;
        run_open(&r, seed);
        p(&r, run_compile(&r, "policy.yaml"));
        bad += r.complaints > 0;
        run_close(&r);
    }
    ck_assert_msg(bad == 0, "%d seeds differ", (int)bad);
}

START_TEST(language_1_1_either_spelling_gives_the_same_bytes)
{
    for_seeds(prove_spellings, SEEDS);
}
END_TEST

START_TEST(language_1_2_a_policy_in_two_files_gives_the_same_bytes)
{
    for_seeds(prove_include, SEEDS);
}
END_TEST

START_TEST(language_3_2_convert_there_and_back_gives_the_same_bytes)
{
    for_seeds(prove_convert, CONVERT_SEEDS);
}
END_TEST

START_TEST(language_3_2_fmt_changes_nothing_that_compiles_and_is_done_at_once)
{
    for_seeds(prove_fmt, SEEDS);
}
END_TEST

START_TEST(language_4_5_6_index_and_scan_answer_as_the_oracle)
{
    for_seeds(prove_match, SEEDS);
    int most = flat_count > bucket_count ? flat_count : bucket_count;
    ck_assert_msg(most < 20 || flat_count + bucket_count - most >= most / 8,
                  "%d policies by one bucket, %d by several: too few of one kind", flat_count, bucket_count);
}
END_TEST

START_TEST(language_6_hours_are_open_as_the_oracle_says)
{
    for_seeds(prove_hours, SEEDS);
}
END_TEST

/* CK_RUN_CASE=match runs one of them alone. */
static void add(Suite *s, const char *name, const TTest *test)
{
    TCase *t = tcase_create(name);
    tcase_set_timeout(t, 0);
    tcase_add_test(t, test);
    suite_add_tcase(s, t);
}

int main(void)
{
    Suite *s = suite_create("random");
    add(s, "spellings", language_1_1_either_spelling_gives_the_same_bytes);
    add(s, "include", language_1_2_a_policy_in_two_files_gives_the_same_bytes);
    add(s, "convert", language_3_2_convert_there_and_back_gives_the_same_bytes);
    add(s, "fmt", language_3_2_fmt_changes_nothing_that_compiles_and_is_done_at_once);
    add(s, "match", language_4_5_6_index_and_scan_answer_as_the_oracle);
    add(s, "hours", language_6_hours_are_open_as_the_oracle_says);
    return run_suite(s);
}
