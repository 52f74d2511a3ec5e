/*
 * Findings about one table, and their limits: many rules, many parts, a budget that ends. What findings mean
 * is shown in tests/golden/prove, that none is missed or invented by test_random_proof.c.
 */
#include "../../compiler/proof/asserted.h"
#include "../../compiler/proof/proof.h"
#include "../../compiler/proof/subject.h"
#include "../unit/compiled.h"
#include "run_suite.h"

#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- a policy, put together ---- */

static char *policy;
static size_t policy_len;

static void line(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    policy_len += (size_t)vsnprintf(policy + policy_len, (4 << 20) - policy_len, format, args);
    va_end(args);
    policy[policy_len++] = '\n';
    policy[policy_len] = 0;
}

static void setup(void)
{
    policy = malloc(4 << 20);
    policy_len = 0;
    line("version 1\nagent anna\nteam t { agents all }\nteam u { agents all }");
}

static void teardown(void)
{
    free(policy);
}

/* ---- findings, a line each ---- */

struct proofs {
    struct compiled x;
    struct space *s;
    struct buf told;
    uint32_t count, tickets;
    uint64_t budget;
    const char *overlaps; /* a rule: prove_overlaps(); NULL: the rest */
    const char *assert;   /* a promise beside the policy; NULL: none */
    bool strip;
    unsigned parts;
};

static void tell_rules(struct proofs *p, const struct finding *f)
{
    for (uint32_t i = 0; i < f->by.count && i < 4; i++) {
        struct str name = rule_name(p->x.a, &p->s->of[0].view, f->by.at[i]);
        buf_printf(&p->told, " %.*s", (int)name.len, name.p);
    }
    if (f->by.count > 4) buf_printf(&p->told, " and %u more", f->by.count - 4);
}

static void tell(void *ctx, const struct finding *f)
{
    static const char *const kinds[] = {"dead", "constant", "gap", "promise", "overlap", "open"};
    struct proofs *p = ctx;
    const struct table_view *v = &p->s->of[0].view;
    struct str name = f->rule == SHUNT_NONE ? S("") : rule_name(p->x.a, v, f->rule);
    p->count++;
    p->tickets += f->ticket != NULL;
    buf_printf(&p->told, "%s%s%.*s", kinds[f->kind], name.len ? " " : "", (int)name.len, name.p);
    if (f->kind == FINDING_DEAD) tell_rules(p, f);
    if (f->kind == FINDING_CONSTANT || f->kind == FINDING_PROMISE)
        buf_puts(&p->told, f->value ? " yes" : " no");
    if (f->kind == FINDING_CONSTANT) {
        buf_puts(&p->told, ": ");
        print_view_code(&p->told, v, f->code_off);
    }
    buf_putc(&p->told, '\n');
}

static void nothing(void *ctx, const struct finding *f)
{
    (void)ctx;
    (void)f;
}

static void prove(void *ctx)
{
    struct proofs *p = ctx;
    struct proof_budget budget = {.given = p->budget, .left = p->budget};
    const struct shunt_table *tables[2] = {p->x.table, NULL};
    buf_init(&p->told, p->x.a);
    if (p->assert) {
        struct promise_text text = {S("--assert"), str_from(p->assert)};
        tables[1] = assert_open(p->x.a, p->x.table, &text, 1).table;
        ck_assert_ptr_nonnull(tables[1]);
    }
    p->s = space_new(p->x.a, tables, p->assert ? 2 : 1, true);
    if (p->overlaps) {
        prove_overlaps(p->s, compiled_rule(&p->x, p->overlaps), &budget, tell, p);
    } else if (p->assert) {
        prove_promises(p->s, 1, &budget, tell, p);
    } else {
        prove_reach(p->s, &budget, p->parts, tell, p);
        prove_gaps(p->s, &budget, p->parts == REACH_RULES ? nothing : tell, p);
        prove_promises(p->s, 0, &budget, tell, p);
    }
    buf_done(&p->told);
}

/* What is found about the policy, as it was put together. In its arena. */
static const char *found(struct proofs *p)
{
    compiled_open(&p->x, "p.shunt", policy, p->strip);
    if (!p->budget) p->budget = PROOF_BUDGET_DEFAULT;
    if (!p->parts) p->parts = REACH_RULES | REACH_PARTS;
    ck_assert(arena_try(p->x.a, prove, p));
    return p->told.p;
}

#define FINDS(want, ...)                                                                                     \
    do {                                                                                                     \
        struct proofs p = {__VA_ARGS__};                                                                     \
        ck_assert_str_eq(found(&p), want);                                                                   \
        compiled_close(&p.x);                                                                                \
    } while (0)

/* ---- parts ---- */

START_TEST(nothing_is_said_of_the_second_for_it_is_only_asked_after_the_first)
{
    line("field n is number\nchannels c");
    line("rule r { when n < 5 and (n < 5 or channel == c); to t }");
    line("rule rest { when true; to u }\notherwise to u");
    FINDS("constant r yes: n < 5 or channel == c\ndead otherwise rest\n", .budget = 0);
}
END_TEST

START_TEST(a_part_is_found_at_the_deepest_nesting)
{
    char deep[400] = "labels has a";
    for (int i = 0; i < 28; i++) {
        char more[400];
        snprintf(more, sizeof more, i % 2 ? "labels has b%d or (%s)" : "labels has b%d and (%s)", i, deep);
        memcpy(deep, more, sizeof deep);
        if (strlen(deep) > 340) break;
    }
    line("rule r { when channel == email and not labels has a and (%s); to t }", deep);
    line("rule rest { when true; to u }\notherwise to u");
    FINDS("constant r no: labels has b0 and labels has a\ndead otherwise rest\n", .budget = 0);
}
END_TEST

START_TEST(a_thousand_parts_of_which_one_adds_nothing)
{
    policy_len += (size_t)sprintf(policy + policy_len, "rule r { when ");
    for (int i = 0; i < 1000; i++)
        policy_len += (size_t)sprintf(policy + policy_len, "(labels has a%d and segments has s) or ",
                                      i == 999 ? 500 : i);
    line("labels has z; to t }");
    line("rule rest { when true; to u }\notherwise to u");
    FINDS("constant r no: labels has a500 and segments has s\ndead otherwise rest\n", .budget = 0);
}
END_TEST

START_TEST(a_test_of_all_priorities_is_told_with_and_without_its_place)
{
    line("rule r { when priority in (low, normal, high, urgent) and labels has a; to t }");
    line("rule rest { when true; to u }\notherwise to u");
    FINDS("constant r yes: true\ndead otherwise rest\n", .budget = 0);
    FINDS("constant r yes: true\ndead otherwise rest\n", .strip = true);
}
END_TEST

START_TEST(active_days_are_a_part_of_their_own)
{
    policy_len = 0;
    line("version 1\ntimezone UTC\nagent anna\nteam t { agents all }\nteam u { agents all }");
    line("rule always { when labels has a; active 01-01..12-31; to t }");
    line("rule dead { when labels has a; active 01-01..01-31; to t }");
    line("rule rest { when true; active 01-01..12-31; to u }\notherwise to u");
    FINDS("constant always yes: active (01-01..12-31)\ndead dead always\nconstant rest yes: active "
          "(01-01..12-31)\n"
          "dead otherwise rest\n",
          .budget = 0);
}
END_TEST

START_TEST(a_rule_that_continues_has_parts_too)
{
    line("rule a { when labels has a; to t }");
    line("rule c { when not labels has a and labels has b; raise priority high; continue }");
    line("rule never { when labels has a and labels has c; raise priority high; continue }");
    line("rule rest { when true; to u }\notherwise to u");
    FINDS("constant c yes: not labels has a\ndead never a\nconstant never no: labels has a\ndead otherwise "
          "rest\n",
          .budget = 0);
}
END_TEST

START_TEST(rules_alone_can_be_asked_for)
{
    line("rule a { when labels has a; to t }");
    line("rule b { when labels has a and labels has b; to t }");
    line("rule rest { when true; to u }\notherwise to u");
    FINDS("dead b a\ndead otherwise rest\n", .parts = REACH_RULES);
}
END_TEST

/* ---- many ---- */

START_TEST(three_hundred_rules_take_everything_together)
{
    for (int i = 0; i < 299; i++) {
        if (i % 2) line("rule more%d { when labels has a%d and labels has x; to u }", i, i);
        line("rule r%d { when labels has a%d; to t }", i, i);
    }
    policy_len += (size_t)sprintf(policy + policy_len, "rule last { when labels has any (");
    for (int i = 0; i < 299; i++)
        policy_len += (size_t)sprintf(policy + policy_len, "%sa%d", i ? ", " : "", i);
    line("); to u }\notherwise to u");
    FINDS("dead last r0 r1 r2 r3 and 295 more\n", .parts = REACH_RULES);
}
END_TEST

START_TEST(the_first_twenty_overlaps_have_tickets)
{
    line("rule r { when labels has a; to t }");
    for (int i = 0; i < 21; i++) line("rule o%d { when labels has b%d; to u }", i, i);
    line("otherwise to u");
    struct proofs p = {.overlaps = "r"};
    found(&p);
    ck_assert_uint_eq(p.count, 21);
    ck_assert_uint_eq(p.tickets, 20);
    compiled_close(&p.x);
}
END_TEST

START_TEST(a_promise_of_the_priority_behind_two_thousand_that_continue)
{
    for (int i = 0; i < 2000; i++)
        line("rule c%d { when labels has a%d; %s priority %s; continue }", i, i, i % 2 ? "set" : "raise",
             i == 1001 ? "low" : "high");
    line("rule r { when labels has x; to t }\notherwise to u");
    line("promise labels has a1000 => priority >= high");
    line("promise labels has a1001 and not labels has a2 => priority >= high");
    line("promise labels has a1001 and labels has a1003 => priority >= high");
    FINDS("promise yes\npromise no\npromise yes\n", .parts = REACH_RULES);
}
END_TEST

START_TEST(a_promise_that_the_first_of_many_rules_keeps)
{
    line("rule vip { when segments has vip; to t }");
    for (int i = 0; i < 3000; i++) line("rule r%d { when labels has a%d; to u }", i, i);
    line("otherwise to u\npromise segments has vip => team t\npromise not segments has vip => not team t");
    FINDS("promise yes\npromise yes\n", .parts = REACH_RULES);
}
END_TEST

/* What is known of the rules is kept from one promise to the next, where they promise the same. */
START_TEST(promises_that_begin_as_the_one_before)
{
    line("rule r { when labels has a; to t }\nrule s { when labels has b; to t }");
    line("rule c { when labels has c; to agent anna }\notherwise to u");
    line("promise labels has a => team t\npromise labels has a => team t and rule r");
    line("promise labels has b => team t and rule s\npromise labels has b => team t");
    line("promise labels has b => not team t\npromise labels has b => not team u");
    line("promise labels has b => unassigned\npromise labels has a => unassigned");
    line("promise labels has c => agent anna\npromise not labels has c => team in (t, u)");
    FINDS("promise yes\npromise yes\npromise no\npromise yes\npromise no\npromise yes\n"
          "promise no\npromise no\npromise no\npromise yes\n",
          .parts = REACH_RULES);
}
END_TEST

/* ---- promises beside a policy ---- */

START_TEST(a_promise_beside_means_the_policys_own_things)
{
    line("agent bo\nteam v { agents all; takes labels z }");
    line("rule r { when labels has a; to agent bo }\notherwise to u");
    FINDS("promise yes\n", .assert = "labels has a => agent bo and rule r");
    FINDS("promise yes\n", .assert = "labels has z and not labels has a => rule \"team v\" and team v");
    FINDS("promise no\n", .assert = "labels has z => rule \"team v\"");
    FINDS("promise yes\n", .assert = "not labels exists => rule otherwise and not team t", .strip = true);
}
END_TEST

/* ---- the budget ---- */

/* Six pigeons and five holes: each rule takes a way in which that goes wrong, and something always does. To
 * say so is hard (Haken 1985), and needs every rule. */
static void pigeons(void)
{
    enum { HOLES = 5 };
    for (int i = 0; i <= HOLES; i++)
        line("rule p%d { when labels has none (l%d0, l%d1, l%d2, l%d3, l%d4); to t }", i, i, i, i, i, i);
    for (int hole = 0; hole < HOLES; hole++)
        for (int i = 0; i <= HOLES; i++)
            for (int j = 0; j < i; j++)
                line("rule h%d%d%d { when labels has all (l%d%d, l%d%d); to t }", hole, i, j, i, hole, j,
                     hole);
    line("rule last { when subject exists; to u }\notherwise to u");
}

START_TEST(c8_a_budget_that_ends_leaves_open_and_never_guesses)
{
    pigeons();
    FINDS("open last\nopen otherwise\n", .budget = 3, .parts = REACH_RULES);
}
END_TEST

START_TEST(all_of_eighty_one_rules_are_needed)
{
    pigeons();
    FINDS("dead last p0 p1 p2 p3 and 77 more\ndead otherwise p0 p1 p2 p3 and 77 more\n",
          .parts = REACH_RULES);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("findings");
    TCase *tc = tcase_create("findings");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, nothing_is_said_of_the_second_for_it_is_only_asked_after_the_first);
    tcase_add_test(tc, a_part_is_found_at_the_deepest_nesting);
    tcase_add_test(tc, a_thousand_parts_of_which_one_adds_nothing);
    tcase_add_test(tc, a_test_of_all_priorities_is_told_with_and_without_its_place);
    tcase_add_test(tc, active_days_are_a_part_of_their_own);
    tcase_add_test(tc, a_rule_that_continues_has_parts_too);
    tcase_add_test(tc, rules_alone_can_be_asked_for);
    tcase_add_test(tc, three_hundred_rules_take_everything_together);
    tcase_add_test(tc, the_first_twenty_overlaps_have_tickets);
    tcase_add_test(tc, a_promise_of_the_priority_behind_two_thousand_that_continue);
    tcase_add_test(tc, a_promise_that_the_first_of_many_rules_keeps);
    tcase_add_test(tc, promises_that_begin_as_the_one_before);
    tcase_add_test(tc, a_promise_beside_means_the_policys_own_things);
    tcase_add_test(tc, c8_a_budget_that_ends_leaves_open_and_never_guesses);
    tcase_add_test(tc, all_of_eighty_one_rules_are_needed);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
