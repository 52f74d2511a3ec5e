/*
 * Gates, and questions to the solver, one behaviour each: what the smallest ticket that meets a condition is, or that there
 * is none. The random tests of the proof (test_random_proof.c) stand on this.
 */
#include "../../compiler/proof/ask.h"
#include "../unit/compiled.h"
#include "run_suite.h"

#include <check.h>
#include <float.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- a ticket as text ---- */

static char shown[1000];
static size_t shown_len;

static void show(const char *format, size_t len, const char *text)
{
    shown_len += (size_t)snprintf(shown + shown_len, sizeof shown - shown_len, format, (int)len, text);
}

static void show_attr(const struct space *s, const struct witness_attr *w)
{
    const struct dim *d = &s->dims.at[w->dim];
    char number[32];
    show(shown_len ? " %.*s=" : "%.*s=", d->name.len, d->name.p);
    snprintf(number, sizeof number, "%.17g", w->number);
    switch (d->kind) {
    case DIM_ONE_OF: show("%.*s", d->values.at[w->value].len, d->values.at[w->value].p); break;
    case DIM_TEXT: show("\"%.*s\"", w->text.len, w->text.p); break;
    case DIM_NUMBER: show("%.*s", strlen(number), number); break;
    case DIM_BOOL: show("%.*s", 1, w->yes ? "+" : "-"); break;
    case DIM_SET:
        for (uint32_t i = 0; i < w->names.count; i++)
            show(i ? ",%.*s" : "%.*s", w->names.at[i].len, w->names.at[i].p);
    }
}

static void show_ticket(const struct space *s, const struct witness *w)
{
    shown_len = 0;
    shown[0] = 0;
    for (uint32_t i = 0; i < w->attrs.count; i++) show_attr(s, &w->attrs.at[i]);
}

/* ---- asking ---- */

struct question {
    const struct shunt_table *tables[2];
    uint32_t count, rules[2];
    uint64_t budget;
    struct arena *a;
};

static void put_question(void *ctx)
{
    struct question *x = ctx;
    struct space *s = space_new(x->a, x->tables, x->count, false);
    struct proof_budget budget = {.given = x->budget, .left = x->budget};
    struct ask *q = ask_new(s, &budget);
    struct contest contests[2] = {0}, *all[2] = {&contests[0], &contests[1]};
    for (uint32_t i = 0; i < x->count; i++) {
        ask_require(q, space_rule(s, i, x->rules[i]));
        contest_begin(&contests[i], i, x->rules[i]);
    }
    enum answer answer = ask_contest(q, all, x->count, NULL, 0);
    if (answer == ASK_YES) answer = ask_smallest(q, all, x->count, NULL, 0);
    if (answer == ASK_YES) show_ticket(s, ask_witness(q));
    if (answer != ASK_YES) snprintf(shown, sizeof shown, answer == ASK_NO ? "none" : "open");
    ask_free(q);
}

static const char *asked(struct question x)
{
    x.a = arena_new();
    ck_assert(arena_try(x.a, put_question, &x));
    arena_free(x.a);
    return shown;
}

enum { PLENTY = 1000000 };

/* The smallest ticket that meets the condition. */
static const char *ticket_of(const char *declarations, const char *condition)
{
    struct compiled x;
    compiled_condition(&x, declarations, condition);
    asked((struct question){{x.table}, 1, {0}, PLENTY, NULL});
    compiled_close(&x);
    return shown;
}

/* The smallest ticket that two policies of one rule each both decide by it. */
static const char *ticket_of_both(const char *declarations, const char *condition, const char *declarations2,
                                  const char *condition2)
{
    struct compiled x, y;
    compiled_condition(&x, declarations, condition);
    compiled_condition(&y, declarations2, condition2);
    asked((struct question){{x.table, y.table}, 2, {0, 0}, PLENTY, NULL});
    compiled_close(&x);
    compiled_close(&y);
    return shown;
}

#define MEETS(declarations, condition, ticket) ck_assert_str_eq(ticket_of(declarations, condition), ticket)

/* ---- attributes ---- */

START_TEST(c4_1_what_is_not_asked_for_is_not_carried)
{
    MEETS("", "not labels has refund and channel != email and not subject contains \"x\"", "");
}
END_TEST

START_TEST(c4_1_the_priority_is_normal_where_nothing_else_is_said)
{
    MEETS("", "priority >= normal", "");
    MEETS("", "priority != normal and priority > low", "priority=high");
    MEETS("", "priority < normal", "priority=low");
    MEETS("", "priority < normal and priority exists and priority in (high, urgent)", "none");
}
END_TEST

START_TEST(c4_2_listed_values_have_an_order)
{
    const char *plan = "field plan is one of free, pro, enterprise";
    MEETS(plan, "plan > free and plan != pro", "plan=enterprise");
    MEETS(plan, "plan exists and not plan in (free, pro, enterprise)", "none");
    MEETS(plan, "not plan <= pro and not plan > pro", "");
    MEETS(plan, "plan > enterprise", "none");
}
END_TEST

START_TEST(c4_1_a_channel_is_one)
{
    MEETS("", "channel == email and channel != email", "none");
    MEETS("", "channel exists and not channel in (webchat, email, sms, social)", "channel=phone");
}
END_TEST

START_TEST(c4_3_a_set_may_have_members_that_nobody_named)
{
    MEETS("", "labels exists and labels has none (a, b)", "labels=other");
    MEETS("", "not labels exists and labels has a", "none");
    MEETS("", "segments exists and labels has all (b, a) and not segments has other", "labels=a,b segments=other-2");
}
END_TEST

START_TEST(c4_1_a_bool_is_true_or_false_or_not_carried)
{
    const char *eu = "field eu is bool";
    MEETS(eu, "eu", "eu=+");
    MEETS(eu, "eu exists and not eu", "eu=-");
    MEETS(eu, "not eu exists and eu", "none");
}
END_TEST

/* ---- numbers ---- */

START_TEST(c4_4_between_two_doubles_side_by_side_there_is_none)
{
    const char *n = "field n is number";
    MEETS(n, "n > 1 and n < 1.0000000000000002", "none");
    MEETS(n, "n > 1 and n < 1.0000000000000004", "n=1.0000000000000002");
    MEETS(n, "n >= 1 and n < 1.0000000000000002", "n=1");
    MEETS(n, "n > 0 and n < 5e-324", "none");
    MEETS(n, "n > -5e-324 and n < 0", "none");
}
END_TEST

START_TEST(c4_4_numbers_end_at_the_largest_double)
{
    const char *n = "field n is number";
    MEETS(n, "n > 1.7976931348623157e308", "none");
    MEETS(n, "n < -1.7976931348623157e308", "none");
    MEETS(n, "n >= 1.7976931348623157e308", "n=1.7976931348623157e+308");
    MEETS(n, "n <= 1.7976931348623157e308", "n=0");
}
END_TEST

START_TEST(c4_4_minus_zero_is_zero)
{
    MEETS("field n is number", "n >= 0 and n <= -0 and n in (0, 1)", "n=0");
    MEETS("field n is number", "n > -0 and n <= 0", "none");
}
END_TEST

START_TEST(c4_3_a_number_that_is_not_carried_meets_no_comparison)
{
    MEETS("field n is number", "not n < 5 and not n >= 5", "");
    MEETS("field n is number", "not n < 5 and not n >= 5 and n exists", "none");
}
END_TEST

/* ---- texts ---- */

START_TEST(c4_4_texts_imply_each_other)
{
    MEETS("", "subject contains \"refund\" and not subject contains \"fun\"", "none");
    MEETS("", "subject starts with \"re\" and not subject starts with \"r\"", "none");
    MEETS("", "subject starts with \"ab\" and subject starts with \"b\"", "none");
    MEETS("", "subject == \"Straße\" and not subject contains \"SS\"", "none");
    MEETS("", "subject starts with \"ab\" and subject ends with \"ba\" and not subject contains \"bb\"",
          "subject=\"ab ba\"");
}
END_TEST

START_TEST(c4_4_an_empty_text_is_carried)
{
    MEETS("", "subject exists", "subject=\"\"");
    MEETS("", "subject exists and subject != \"\" and not subject contains \" \"", "subject=\"-\"");
}
END_TEST

/* ---- times ---- */

START_TEST(c6_1_hours_that_never_meet)
{
    const char *hours = "timezone Europe/Stockholm\n"
                        "hours day { mon-fri 09:00-17:00 }\nhours night outside day\nhours early { mon-fri 07:00-09:00 }";
    MEETS(hours, "during day and during night", "none");
    MEETS(hours, "during day and during early", "none");
    MEETS(hours, "outside day and outside night", "none");
    MEETS(hours, "during night and during early", "");
}
END_TEST

/* ---- two versions ---- */

START_TEST(c10_channels_of_either_version)
{
    ck_assert_str_eq(ticket_of_both("channels email, fax", "channel exists", "channels post, email", "channel != email"),
                     "channel=fax");
    ck_assert_str_eq(ticket_of_both("channels email", "channel exists", "channels post", "channel exists"), "none");
}
END_TEST

START_TEST(c10_a_list_in_another_order)
{
    ck_assert_str_eq(ticket_of_both("field p is one of a, b, c", "p < b", "field p is one of c, b, a", "p > b"), "p=a");
    ck_assert_str_eq(ticket_of_both("field p is one of a, b, c", "p < c", "field p is one of c, b, a", "p < b"), "none");
}
END_TEST

START_TEST(c10_a_list_that_became_a_text)
{
    const char *list = "field p is one of Free, pro", *text = "field p is text";
    ck_assert_str_eq(ticket_of_both(list, "p == Free", text, "p contains \"re\""), "p=\"Free\"");
    ck_assert_str_eq(ticket_of_both(list, "p == pro", text, "p contains \"re\""), "none");
    ck_assert_str_eq(ticket_of_both(list, "p exists", text, "not p exists"), "none");
    ck_assert_str_eq(ticket_of_both(list, "not p exists", text, "p contains \"pro\""), "p=\"pro-\"");
    ck_assert_str_eq(ticket_of_both(list, "not p exists", text, "p == \"free\""), "p=\"free\"");
    ck_assert_str_eq(ticket_of_both(list, "not p exists", text, "p == \"pro\""), "p=\"Pro\"");
}
END_TEST

START_TEST(c10_a_field_of_two_types_is_carried_by_no_ticket_of_both)
{
    ck_assert_str_eq(ticket_of_both("field p is number", "p exists", "field p is bool", "p exists"), "none");
    ck_assert_str_eq(ticket_of_both("field p is number", "p > 3", "field p is bool", "not p"), "none");
    ck_assert_str_eq(ticket_of_both("field p is number", "not p > 3", "field p is bool", "not p"), "");
}
END_TEST

/* ---- who decides ---- */

static const char *decided_by(const char *text, const char *rule, uint64_t budget)
{
    struct compiled x;
    compiled_open(&x, "p.shunt", text, false);
    asked((struct question){{x.table}, 1, {compiled_rule(&x, rule)}, budget, NULL});
    compiled_close(&x);
    return shown;
}

START_TEST(c5_1_an_earlier_rule_stands_in_the_way)
{
    const char *text = "policy p version 1\nteam t\n"
                       "rule a { when labels has x; to t }\nrule b { when not segments has y; to t }\n"
                       "rule c { when labels has x or segments has z; to t }\n"
                       "rule d { when labels has x and segments has y; to t }\notherwise to t\n";
    ck_assert_str_eq(decided_by(text, "c", PLENTY), "segments=y,z");
    ck_assert_str_eq(decided_by(text, "d", PLENTY), "none");
}
END_TEST

START_TEST(c8_without_a_budget_nothing_is_decided)
{
    ck_assert_str_eq(decided_by("policy p version 1\nteam t\nrule a { when true; to t }\notherwise to t\n", "a", 0),
                     "open");
}
END_TEST

/* ---- gates ---- */

static struct arena *a;
static struct gates g;

static void gates_setup(void)
{
    a = arena_new();
}

static void gates_teardown(void)
{
    arena_free(a);
}

static void make_gates(void *ctx)
{
    (void)ctx;
    gates_init(&g, a);
    lit x = gate_var(&g, 0), y = gate_var(&g, 1), z = gate_var(&g, 2);
    lit xyz = gate_and(&g, (const lit[]){z, x, y}, 3);
    ck_assert_uint_eq(gate_and2(&g, gate_and2(&g, x, y), z), xyz);
    ck_assert_uint_eq(gate_and(&g, (const lit[]){x, y, x, LIT_TRUE, z}, 5), xyz);
    ck_assert_uint_eq(gate_and2(&g, xyz, lit_not(y)), LIT_FALSE);
    ck_assert_uint_eq(gate_and(&g, NULL, 0), LIT_TRUE);
    ck_assert_uint_eq(gate_or(&g, NULL, 0), LIT_FALSE);
    ck_assert_uint_eq(gate_or2(&g, x, lit_not(x)), LIT_TRUE);
    ck_assert_uint_eq(gate_choose(&g, x, y, y), y);
    ck_assert_uint_eq(gate_choose(&g, LIT_TRUE, y, z), y);
    ck_assert_uint_eq(gate_differ(&g, x, x), LIT_FALSE);
    ck_assert_uint_eq(gate_differ(&g, x, LIT_TRUE), lit_not(x));
    ck_assert_uint_eq(gate_differ(&g, x, y), gate_differ(&g, x, y));
}

START_TEST(equal_gates_are_one)
{
    ck_assert(arena_try(a, make_gates, NULL));
}
END_TEST

static void make_many_gates(void *ctx)
{
    (void)ctx;
    gates_init(&g, a);
    enum { MANY = 5000 };
    lits vars = {0}, ands = {0};
    for (uint32_t i = 0; i < MANY; i++) *vec_push(a, &vars) = gate_var(&g, i);
    for (uint32_t i = 1; i < MANY; i++) *vec_push(a, &ands) = gate_and2(&g, vars.at[i - 1], lit_not(vars.at[i]));
    uint32_t nodes = g.nodes.count;
    for (uint32_t i = 1; i < MANY; i++)
        ck_assert_uint_eq(gate_and2(&g, lit_not(vars.at[i]), vars.at[i - 1]), ands.at[i - 1]);
    ck_assert_uint_eq(g.nodes.count, nodes);
    lit all = gate_or(&g, ands.at, ands.count);
    ck_assert_uint_eq(gate_or(&g, ands.at, ands.count), all);
}

START_TEST(equal_gates_are_one_among_many)
{
    ck_assert(arena_try(a, make_many_gates, NULL));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("ask");
    TCase *asking = tcase_create("asking"), *gates = tcase_create("gates");
    tcase_add_test(asking, c4_1_what_is_not_asked_for_is_not_carried);
    tcase_add_test(asking, c4_1_the_priority_is_normal_where_nothing_else_is_said);
    tcase_add_test(asking, c4_2_listed_values_have_an_order);
    tcase_add_test(asking, c4_1_a_channel_is_one);
    tcase_add_test(asking, c4_3_a_set_may_have_members_that_nobody_named);
    tcase_add_test(asking, c4_1_a_bool_is_true_or_false_or_not_carried);
    tcase_add_test(asking, c4_4_between_two_doubles_side_by_side_there_is_none);
    tcase_add_test(asking, c4_4_numbers_end_at_the_largest_double);
    tcase_add_test(asking, c4_4_minus_zero_is_zero);
    tcase_add_test(asking, c4_3_a_number_that_is_not_carried_meets_no_comparison);
    tcase_add_test(asking, c4_4_texts_imply_each_other);
    tcase_add_test(asking, c4_4_an_empty_text_is_carried);
    tcase_add_test(asking, c6_1_hours_that_never_meet);
    tcase_add_test(asking, c10_channels_of_either_version);
    tcase_add_test(asking, c10_a_list_in_another_order);
    tcase_add_test(asking, c10_a_list_that_became_a_text);
    tcase_add_test(asking, c10_a_field_of_two_types_is_carried_by_no_ticket_of_both);
    tcase_add_test(asking, c5_1_an_earlier_rule_stands_in_the_way);
    tcase_add_test(asking, c8_without_a_budget_nothing_is_decided);
    tcase_add_checked_fixture(gates, gates_setup, gates_teardown);
    tcase_add_test(gates, equal_gates_are_one);
    tcase_add_test(gates, equal_gates_are_one_among_many);
    suite_add_tcase(suite, asking);
    suite_add_tcase(suite, gates);
    return run_suite(suite);
}
