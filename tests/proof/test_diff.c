/*
 * What diff is made of, one behaviour each: which rules stand beside each other, which pairs are asked for,
 * and in which order they are told. What is found of random policies is held against brute force in
 * test_random_proof.c.
 */
#include "../../compiler/proof/diff.h"
#include "../unit/compiled.h"
#include "run_suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char shown[4000];
static size_t shown_len;

static void show(const char *format, struct str text)
{
    shown_len += (size_t)snprintf(shown + shown_len, sizeof shown - shown_len, format, (int)text.len, text.p);
}

/* ---- two policies of the DSL: rules between what all of them declare ---- */

static struct arena *a;
static struct compiled old_one, new_one;
static struct space *s;

static void open_rules(struct compiled *x, const char *rules)
{
    char text[4000];
    snprintf(text, sizeof text,
             "version 1\nagent anna { skills one, two }\nteam a { agents all }\nteam b { agents all }\n"
             "team c { agents all }\n%s\notherwise to c\n",
             rules);
    compiled_open(x, "p.shunt", text, true);
}

static void setup(void)
{
    a = arena_new();
    old_one = new_one = (struct compiled){0};
    shown_len = 0;
    shown[0] = 0;
}

static void teardown(void)
{
    arena_free(a);
    if (old_one.a) compiled_close(&old_one);
    if (new_one.a) compiled_close(&new_one);
}

static void open_both(const char *before, const char *after)
{
    open_rules(&old_one, before);
    open_rules(&new_one, after);
}

/* "a>b" for each pair, "a>b?" for one that is not decided, "a>?" for what is left from there on; in the order
 * in which they are told. */
static void tell(void *ctx, const struct difference *d)
{
    (void)ctx;
    struct shunt_string before = shunt_rule_name(old_one.table, d->old_rule, NULL);
    struct shunt_string after = {"", 0};
    if (d->new_rule != SHUNT_NONE) after = shunt_rule_name(new_one.table, d->new_rule, NULL);
    show(shown_len ? " %.*s" : "%.*s", (struct str){before.bytes, before.len});
    show(d->ticket ? ">%.*s" : ">%.*s?", (struct str){after.bytes, after.len});
}

struct asking {
    bool rules;
    uint64_t budget;
    uint64_t work; /* 0: the usual */
};

static void diff_thunk(void *ctx)
{
    const struct asking *q = ctx;
    struct proof_budget budget = {
        .given = q->budget, .left = q->budget, .work = q->work, .work_set = q->work > 0};
    const struct shunt_table *tables[] = {old_one.table, new_one.table};
    diff_decisions(space_new(a, tables, 2, false), q->rules, &budget, tell, NULL);
}

static const char *differences(const char *before, const char *after, struct asking q)
{
    open_both(before, after);
    ck_assert(arena_try(a, diff_thunk, &q));
    return shown;
}

#define DIFFER(before, after, pairs)                                                                         \
    ck_assert_str_eq(differences(before, after, (struct asking){false, 1000000, 0}), pairs)
#define DIFFER_WITHIN(how_much, before, after, pairs)                                                        \
    ck_assert_str_eq(differences(before, after, (struct asking){false, 1000000, how_much}), pairs)
#define NO_QUESTION(before, after, pairs)                                                                    \
    ck_assert_str_eq(differences(before, after, (struct asking){false, 0, 0}), pairs)

/* ---- pairs ---- */

#define X "rule x {\n when labels has x\n to a\n}\n"
#define Y "rule y {\n when labels has y\n to b\n}\n"
#define Z "rule z {\n when labels has z\n to c\n}\n"

START_TEST(c10_equal_policies_ask_nothing)
{
    NO_QUESTION(X Y Z, X Y Z, "");
}
END_TEST

START_TEST(c10_a_condition_that_is_spelled_otherwise_asks_nothing)
{
    NO_QUESTION("rule x {\n when labels has x and not (segments has y or priority == high)\n to a\n}\n" Y,
                "rule x {\n when segments has none (y) and priority != high and labels has x\n to a\n}\n" Y,
                "");
}
END_TEST

START_TEST(c10_a_condition_that_means_the_same_differs_nowhere)
{
    DIFFER("rule x {\n when labels has x and (labels has p or labels has q)\n to a\n}\n" Y Z,
           "rule x {\n when labels has x and labels has p or labels has q and labels has x\n to a\n}\n" Y Z,
           "");
}
END_TEST

START_TEST(c10_pairs_are_told_by_the_old_rule_and_then_the_new)
{
    DIFFER(X Y Z, Z Y X, "x>z x>y y>z");
}
END_TEST

/* Where the work ends no pair is made any more: what is left is told once. */
START_TEST(c10_what_is_left_where_the_work_ends_is_told_once)
{
    DIFFER_WITHIN(1, X Y Z, Z Y X, "x>?");
    teardown(), setup();
    DIFFER_WITHIN(100000, X Y Z, Z Y X, "x>z x>y y>z");
}
END_TEST

START_TEST(c10_a_rule_that_moved_back_leaves_its_tickets_to_those_it_passed)
{
    DIFFER(X Y Z, Y Z X, "x>y x>z");
}
END_TEST

START_TEST(c10_a_rule_that_is_gone_leaves_its_tickets_to_those_behind_it)
{
    DIFFER(X Y Z, Y Z, "x>y x>z x>otherwise");
    teardown();
    setup();
    DIFFER(X Y Z, X Y, ""); /* z went where otherwise goes */
}
END_TEST

START_TEST(c10_a_rule_that_nothing_comes_to_differs_nowhere)
{
    const char *dead = "rule d {\n when labels has x and labels has y\n to c\n}\n";
    char with[1000];
    snprintf(with, sizeof with, X "%s" Y, dead);
    DIFFER(with, X Y, "");
}
END_TEST

START_TEST(c10_two_rules_that_together_take_all_of_one_behind_them)
{
    const char *both = "rule p {\n when labels has x and channel exists\n to a\n}\n"
                       "rule q {\n when labels has x and not channel exists\n to a\n}\n";
    char with[1000];
    snprintf(with, sizeof with, "%s" X Y, both);
    DIFFER(with, X Y, "");
}
END_TEST

START_TEST(c10_rules_of_one_condition_the_first_counts)
{
    DIFFER(X "rule w {\n when labels has x\n to b\n}\n", "rule w {\n when labels has x\n to b\n}\n" X, "x>w");
}
END_TEST

START_TEST(c10_names_of_rules_count_where_asked_for)
{
    const char *named = "rule w {\n when labels has x\n to a\n}\n";
    char with[1000];
    snprintf(with, sizeof with, "%s" Y, named);
    ck_assert_str_eq(differences(X Y, with, (struct asking){true, 1000000, 0}), "x>w");
    teardown();
    setup();
    DIFFER(X Y, with, "");
}
END_TEST

START_TEST(c8_without_a_budget_a_pair_is_open_and_not_guessed)
{
    NO_QUESTION(X Y, "rule x {\n when labels has x\n to b\n}\n" Y, "x>x?");
}
END_TEST

/* ---- effects ---- */

#define WHEN_M(effect) "rule m {\n when labels has m\n " effect "\n continue\n}\n"

START_TEST(c5_3_a_set_that_a_later_one_overrides_is_none)
{
    const char *later = "rule n {\n when labels has m or labels has n\n set priority high\n continue\n}\n";
    char before[1000], after[1000];
    snprintf(before, sizeof before, WHEN_M("set priority low") "%s" X, later);
    snprintf(after, sizeof after, WHEN_M("set priority urgent") "%s" X, later);
    DIFFER(before, after, "");
}
END_TEST

START_TEST(c5_3_a_raise_below_what_the_rule_sets_is_none)
{
    const char *rule = "rule x {\n when labels has x\n set priority urgent\n to a\n}\n";
    char before[1000], after[1000];
    snprintf(before, sizeof before, WHEN_M("raise priority high") "%s", rule);
    snprintf(after, sizeof after, WHEN_M("raise priority normal") "%s", rule);
    DIFFER(before, after, "otherwise>otherwise");
}
END_TEST

START_TEST(c5_3_a_label_that_both_add_is_added)
{
    DIFFER(WHEN_M("add labels p, q") X,
           WHEN_M("add labels p") "rule k {\n when labels has m\n add labels q\n continue\n}\n" X, "");
}
END_TEST

START_TEST(c5_3_what_continues_behind_the_rule_does_nothing_to_it)
{
    DIFFER(WHEN_M("require skills one") X Y, X WHEN_M("require skills one") Y, "x>x");
}
END_TEST

START_TEST(c5_3_rules_that_continue_change_places)
{
    const char *low = "rule l {\n when labels has l\n set priority low\n continue\n}\n";
    const char *high = "rule h {\n when labels has h\n set priority high\n continue\n}\n";
    char before[1000], after[1000];
    snprintf(before, sizeof before, "%s%s" X, low, high);
    snprintf(after, sizeof after, "%s%s" X, high, low);
    DIFFER(before, after, "x>x otherwise>otherwise");
}
END_TEST

/* ---- what the parts promise ---- */

static void build_thunk(void *ctx)
{
    const struct shunt_table *tables[] = {old_one.table, new_one.table};
    struct deciders *sides = ctx;
    s = space_new(a, tables, 2, false);
    (void)diff_effects_new(s, diff_names_new(s), sides);
    diff_align(s, sides);
}

START_TEST(a_rule_s_bound_is_the_first_that_it_implies)
{
    struct deciders sides[2];
    open_both("rule p {\n when labels has x and labels has y\n to a\n}\n" Z,
              "rule q {\n when labels has w or labels has z\n to a\n}\n" Y X);
    ck_assert(arena_try(a, build_thunk, sides));
    ck_assert_uint_eq(sides[0].at[0].bound, 1); /* y */
    ck_assert_uint_eq(sides[0].at[1].bound, 0); /* q */
    ck_assert_uint_eq(sides[0].at[2].bound, 3); /* otherwise */
    ck_assert(!sides[0].at[0].anchored && sides[0].at[2].anchored && sides[1].at[3].anchored);
}
END_TEST

START_TEST(a_rule_behind_one_that_it_implies_is_not_live)
{
    struct deciders sides[2];
    open_both("rule t {\n when true\n to a\n}\n" X,
              X "rule p {\n when labels has x and labels has y\n to a\n}\n");
    ck_assert(arena_try(a, build_thunk, sides));
    ck_assert(sides[0].at[0].live && !sides[0].at[1].live && !sides[0].at[2].live);
    ck_assert(sides[1].at[0].live && !sides[1].at[1].live && sides[1].at[2].live);
}
END_TEST

enum { ITEMS = 40 };
struct sequence {
    uint32_t partner[ITEMS], count;
    bool *in;
};

static void ascending_thunk(void *ctx)
{
    struct sequence *q = ctx;
    q->in = diff_ascending(a, q->partner, q->count);
}

/* The plain way: the longest that ends at each item. */
static uint32_t longest(const struct sequence *q)
{
    uint32_t len[ITEMS], most = 0;
    for (uint32_t i = 0; i < q->count; i++) {
        len[i] = q->partner[i] != SHUNT_NONE;
        for (uint32_t k = 0; k < i && len[i]; k++)
            if (len[k] && q->partner[k] < q->partner[i] && len[k] >= len[i]) len[i] = len[k] + 1;
        if (len[i] > most) most = len[i];
    }
    return most;
}

START_TEST(a_longest_ascending_sequence)
{
    srand((unsigned)_i + 1);
    struct sequence q = {.count = (uint32_t)_i % ITEMS};
    for (uint32_t i = 0; i < q.count; i++) q.partner[i] = i;
    for (uint32_t i = 0; i < q.count; i++) {
        uint32_t k = (uint32_t)rand() % q.count, kept = q.partner[i];
        q.partner[i] = q.partner[k];
        q.partner[k] = kept;
    }
    for (uint32_t i = 0; i < q.count; i += 5) q.partner[i] = SHUNT_NONE;
    ck_assert(arena_try(a, ascending_thunk, &q));
    uint32_t count = 0, last = 0;
    for (uint32_t i = 0; i < q.count; i++) {
        if (!q.in[i]) continue;
        ck_assert(q.partner[i] != SHUNT_NONE && (count == 0 || q.partner[i] > last));
        last = q.partner[i];
        count++;
    }
    ck_assert_uint_eq(count, longest(&q));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("diff");
    TCase *diff = tcase_create("diff");
    tcase_add_checked_fixture(diff, setup, teardown);
    tcase_add_test(diff, c10_equal_policies_ask_nothing);
    tcase_add_test(diff, c10_a_condition_that_is_spelled_otherwise_asks_nothing);
    tcase_add_test(diff, c10_a_condition_that_means_the_same_differs_nowhere);
    tcase_add_test(diff, c10_pairs_are_told_by_the_old_rule_and_then_the_new);
    tcase_add_test(diff, c10_what_is_left_where_the_work_ends_is_told_once);
    tcase_add_test(diff, c10_a_rule_that_moved_back_leaves_its_tickets_to_those_it_passed);
    tcase_add_test(diff, c10_a_rule_that_is_gone_leaves_its_tickets_to_those_behind_it);
    tcase_add_test(diff, c10_a_rule_that_nothing_comes_to_differs_nowhere);
    tcase_add_test(diff, c10_two_rules_that_together_take_all_of_one_behind_them);
    tcase_add_test(diff, c10_rules_of_one_condition_the_first_counts);
    tcase_add_test(diff, c10_names_of_rules_count_where_asked_for);
    tcase_add_test(diff, c8_without_a_budget_a_pair_is_open_and_not_guessed);
    tcase_add_test(diff, c5_3_a_set_that_a_later_one_overrides_is_none);
    tcase_add_test(diff, c5_3_a_raise_below_what_the_rule_sets_is_none);
    tcase_add_test(diff, c5_3_a_label_that_both_add_is_added);
    tcase_add_test(diff, c5_3_what_continues_behind_the_rule_does_nothing_to_it);
    tcase_add_test(diff, c5_3_rules_that_continue_change_places);
    tcase_add_test(diff, a_rule_s_bound_is_the_first_that_it_implies);
    tcase_add_test(diff, a_rule_behind_one_that_it_implies_is_not_live);
    tcase_add_loop_test(diff, a_longest_ascending_sequence, 0, 120);
    suite_add_tcase(suite, diff);
    return run_suite(suite);
}
