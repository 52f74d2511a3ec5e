/* Conditions: what each test means for each type (language.md 4), and that what means the same is the same.
 */
#include "resolved.h"
#include "run_suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char fields[] =
    "fields: {plan: [free, pro, enterprise], total: number, language: text, interests: set, "
    "trial: bool}\n"
    "timezone: Europe/Stockholm\n"
    "hours: {office: {weekly: {mon-fri: 09:00-17:00}}}\n";

struct wanted {
    const char *cond;
    const char *text;
};

static void look_cond(struct compilation *c, void *ctx)
{
    const struct wanted *wanted = ctx;
    for (uint32_t i = 0; i < c->diags.list.count; i++)
        ck_assert_msg(!diag_is_error(c->diags.list.at[i]->id), "%s: %s", wanted->text,
                      c->diags.list.at[i]->message.p);
    struct buf b;
    buf_init(&b, c->a);
    print_cond(&b, &c->model, c->model.rules.at[0].cond);
    ck_assert_msg(strcmp(buf_done(&b).p, wanted->cond) == 0, "%s\n     is %s\nwanted %s", wanted->text, b.p,
                  wanted->cond);
}

/* More than one line of rule: its keys after the name. */
static void expect_rule(const char *keys, const char *cond)
{
    char text[4096];
    snprintf(text, sizeof text, "shunt: 1\n%srules:\n  - rule: r\n    %s\n    to: unassigned\n", fields,
             keys);
    with_policy(text, NULL, NULL, look_cond, &(struct wanted){cond, keys});
}

static void expect_when(const char *when, const char *cond)
{
    char keys[1024];
    snprintf(keys, sizeof keys, "when: '%s'", when);
    expect_rule(keys, cond);
}

START_TEST(language_4_sets)
{
    expect_when("labels has refund", "labels any [refund]");
    expect_when("labels has any (refund)", "labels any [refund]");
    expect_when("labels has any (refund, bug, refund)", "labels any [bug, refund]");
    expect_when("labels has all (refund)", "labels any [refund]");
    expect_when("labels has all (refund, bug)", "labels all [bug, refund]");
    expect_when("labels has none (refund, bug)", "NOT(labels any [bug, refund])");
    expect_when("interests has golf", "interests any [golf]");
    expect_when("segments exists", "segments exists");
}
END_TEST

START_TEST(language_4_scalars)
{
    expect_when("channel == email", "channel any [email]");
    expect_when("channel in (email)", "channel any [email]");
    expect_when("channel in (phone, email)", "channel any [email, phone]");
    expect_when("channel != email", "NOT(channel any [email])");
    expect_when("channel not in (phone, email)", "NOT(channel any [email, phone])");
    expect_when("plan == pro", "plan any [pro]");
    expect_when("plan >= pro", "plan >= pro");
    expect_when("priority == high", "priority any [high]");
    expect_when("priority < high", "priority < high");
    expect_when("trial", "trial");
    expect_when("not trial", "NOT(trial)");
    expect_when("trial exists", "trial exists");
}
END_TEST

START_TEST(language_4_numbers)
{
    expect_when("total == 5", "total in 5");
    expect_when("total in (5, -0, 2.5, 5.0)", "total in 0, 2.5, 5");
    expect_when("total != 5", "NOT(total in 5)");
    expect_when("total <= 1e3", "total <= 1000");
    expect_when("total > -0", "total > 0");
}
END_TEST

START_TEST(language_4_texts)
{
    expect_when("language == sv", "language is \"sv\"");
    expect_when("subject in (\"a\", \"b\")", "subject is \"a\", \"b\"");
    expect_when("subject contains \"x\"", "subject contains \"x\"");
    expect_when("subject not contains any (\"x\", \"y\")", "NOT(subject contains \"x\", \"y\")");
    expect_when("subject starts with \"Re:\"", "subject starts \"re:\"");
    expect_when("body not ends with \"!\"", "NOT(body ends \"!\")");
}
END_TEST

START_TEST(language_4_empty_text_is_in_every_text)
{
    expect_when("subject contains \"\"", "subject exists");
    expect_when("subject not starts with any (\"a\", \"\")", "NOT(subject exists)");
    expect_when("subject == \"\"", "subject is \"\"");
}
END_TEST

START_TEST(language_4_5_hours)
{
    expect_when("during office", "during office");
    expect_when("outside office", "NOT(during office)");
    expect_when("during always", "during always");
}
END_TEST

START_TEST(language_4_structure_stays)
{
    expect_when("labels has a and labels has b and labels has c",
                "AND(labels any [a], labels any [b], labels any [c])");
    expect_when("labels has a and (labels has b or not (trial and true))",
                "AND(labels any [a], OR(labels any [b], NOT(AND(trial, TRUE))))");
}
END_TEST

START_TEST(language_2_5_match_is_a_condition)
{
    expect_rule("match: {labels: [b, a], segments: v}", "AND(labels any [a, b], segments any [v])");
    expect_rule("when: labels has any (b, a) and segments has v", "AND(labels any [a, b], segments any [v])");
    expect_rule("match: {channel: [phone, email]}", "channel any [email, phone]");
    expect_rule("match: {trial: true}", "trial");
    expect_rule("match: {trial: false}", "NOT(trial)");
    expect_rule("match: {trial: [true, false]}", "TRUE");
    expect_rule("match: {total: [5, 7]}", "total in 5, 7");
    expect_rule("match: {priority: [urgent, low]}", "priority any [low, urgent]");
    expect_rule("match: {language: [sv, 'no', no]}", "language is \"sv\", \"no\"");
    expect_rule("match: {labels: [5, true, 1_000]}", "labels any [1_000, 5, true]");
}
END_TEST

START_TEST(language_2_3_when_and_match)
{
    expect_rule("when: labels has a or trial\n    match: {channel: email, plan: pro}",
                "AND(OR(labels any [a], trial), channel any [email], plan any [pro])");
}
END_TEST

START_TEST(language_5_6_active_days_stand_round_it)
{
    expect_rule("when: labels has a and trial\n    active: 12-24..12-26",
                "AND(active 0, AND(labels any [a], trial))");
}
END_TEST

START_TEST(language_1_3_names_are_nfc)
{
    expect_when("labels has any (\"cafe\u0301\", \"caf\u00e9\")", "labels any [caf\u00e9]");
}
END_TEST

/* ---- wrong tests: what each says, one for each kind of mistake ---- */

static void expect_wrong(const char *when, const char *message)
{
    char text[4096];
    snprintf(text, sizeof text,
             "shunt: 1\nlabels: [refund, bug]\n%srules:\n  - rule: r\n    when: '%s'\n    to: unassigned\n",
             fields, when);
    expect_message(text, message);
}

START_TEST(language_4_6_sets_are_no_scalars)
{
    expect_wrong("labels == refund",
                 "`==` does not apply to labels, which is a set of names | write `labels has refund`");
    expect_wrong("labels != refund",
                 "`!=` does not apply to labels, which is a set of names | write `labels has none (refund)`");
    expect_wrong(
        "labels in (refund, bug)",
        "`in` does not apply to labels, which is a set of names | write `labels has any (refund, bug)`");
    expect_wrong("labels < refund",
                 "`<` does not apply to labels, which is a set of names | write `labels has refund`");
}
END_TEST

START_TEST(language_4_6_scalars_are_no_sets)
{
    expect_wrong("plan has pro",
                 "`has` does not apply to plan, which is one of a list | write `plan == pro`");
    expect_wrong(
        "plan has none (pro, free)",
        "`has none` does not apply to plan, which is one of a list | write `plan not in (pro, free)`");
    expect_wrong("channel < email", "`<` does not apply to channel, which is one of the channels, without an "
                                    "order | write `channel == email`");
    expect_wrong("subject has refund",
                 "`has` does not apply to subject, which is a text | write `subject contains \"refund\"`");
    expect_wrong(
        "subject has any (a, b)",
        "`has any` does not apply to subject, which is a text | write `subject contains any (\"a\", \"b\")`");
    expect_wrong("total contains \"5\"",
                 "`contains` does not apply to total, which is a number | write `total == 5`");
    expect_wrong("total contains \"five\"", "`contains` does not apply to total, which is a number");
    expect_wrong("trial == \"false\"",
                 "`==` does not apply to trial, which is true or false | write `not trial`");
    expect_wrong("trial != \"false\"",
                 "`!=` does not apply to trial, which is true or false | write `trial`");
}
END_TEST

START_TEST(language_4_6_values_of_the_wrong_kind)
{
    expect_wrong("total == many", "total is a number, and \"many\" is not one");
    expect_wrong("total < \"5\"", "total is a number, and \"5\" is not one | write it without quotes: 5");
    expect_wrong("plan == 5", "plan is compared with names, and 5 is a number");
    expect_wrong("interests has 5", "interests is compared with names, and 5 is a number | write \"5\"");
    expect_wrong("plan == prp", "plan has no value \"prp\" | did you mean \"pro\"?");
    expect_wrong("plan == gold", "plan has no value \"gold\" | it is one of free, pro, enterprise");
    expect_wrong("labels has refnd", "no label \"refnd\" is declared | did you mean \"refund\"?");
    expect_wrong("plan",
                 "plan alone is no condition: it is one of a list | write `plan exists` or `plan == \u2026`");
    expect_wrong("refund", "there is no attribute \"refund\" | write `labels has refund`");
    expect_wrong("office", "there is no attribute \"office\" | write `during office`");
    expect_wrong("during ofice", "no hours \"ofice\" are declared | did you mean \"office\"?");
}
END_TEST

/* Each mistake is told, in one run, and once. */
START_TEST(language_7_1_all_of_them_at_once)
{
    expect_said("shunt: 1\n"
                "labels: [refund]\n"
                "rules:\n"
                "  - rule: r\n"
                "    when: labels has refnd and plan == pro or not (channel < email and labels has bg)\n"
                "    to: unassigned\n",
                "E0203 5:22, E0207 5:32, E0301 5:52, E0203 5:83");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("resolve_cond");
    TCase *t = tcase_create("conditions");
    tcase_add_test(t, language_4_sets);
    tcase_add_test(t, language_4_scalars);
    tcase_add_test(t, language_4_numbers);
    tcase_add_test(t, language_4_texts);
    tcase_add_test(t, language_4_empty_text_is_in_every_text);
    tcase_add_test(t, language_4_5_hours);
    tcase_add_test(t, language_4_structure_stays);
    tcase_add_test(t, language_2_5_match_is_a_condition);
    tcase_add_test(t, language_2_3_when_and_match);
    tcase_add_test(t, language_5_6_active_days_stand_round_it);
    tcase_add_test(t, language_1_3_names_are_nfc);
    tcase_add_test(t, language_4_6_sets_are_no_scalars);
    tcase_add_test(t, language_4_6_scalars_are_no_sets);
    tcase_add_test(t, language_4_6_values_of_the_wrong_kind);
    tcase_add_test(t, language_7_1_all_of_them_at_once);
    suite_add_tcase(s, t);
    return run_suite(s);
}
