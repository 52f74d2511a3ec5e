/*
 * Tickets to decisions: runtime/match.c and eval.c against language.md 4 and 5, on the sample written by hand
 * and on compiled policies. The index against the plain scan: test_match_index.c.
 */
#include <check.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image.h"
#include "matched.h"
#include "run_suite.h"

struct example {
    const char *ticket, *want;
};
/* Closes the desk. */
static void expect_all(struct matched d, const struct example *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) matched_expect(&d, rows[i].ticket, rows[i].want);
    matched_close(&d);
}
#define EXPECT(desk, rows) expect_all(desk, rows, sizeof rows / sizeof *rows)

/* ---- the sample ---- */

START_TEST(language_5_the_sample_decides)
{
    /* 1970-01-01T09:00Z is 10:00 in the office */
    static const struct example rows[] = {
        {"", "otherwise normal nobody"},
        {"labels=refund", "first urgent one,bo@60office"},
        {"labels=refund labels=billing", "otherwise normal nobody"},
        {"labels=other", "otherwise normal nobody"},
        {"subject=xab", "otherwise high nobody +billing !swedish"},
        {"subject=XAB", "otherwise high nobody +billing !swedish"},
        {"subject=xab labels=refund", "first urgent one,bo@60office"}, /* what comes later adds nothing */
        {"priority=urgent", "otherwise urgent nobody +billing !swedish"},
        {"total=10 gold=true plan=pro", "numbers normal anna"},
        {"total=9.99 gold=true plan=pro", "otherwise normal nobody"},
        {"total=11 gold=false plan=pro", "otherwise normal nobody"},
        {"total=11 gold=true plan=free", "otherwise normal nobody"},
        {"total=11 plan=pro", "otherwise normal nobody"},
        {"channel=email at=32400", "team two normal two"},
        {"channel=webchat at=32400", "team two normal two"},
        {"channel=fax at=32400", "otherwise normal nobody"},
        {"channel=email at=28799", "otherwise normal nobody"},  /* 08:59:59 */
        {"channel=email at=28800", "team two normal two"},      /* 09:00 */
        {"channel=email at=39600", "otherwise normal nobody"},  /* 12:00: a break */
        {"channel=email at=896400", "otherwise normal nobody"}, /* 01-11: past the window */
        {"channel=email at=374400", "otherwise normal nobody"}, /* a Monday; 01-05 */
        {"channel=email labels=refund at=32400", "first urgent one,bo@60office"},
    };
    EXPECT(matched_sample(), rows);
}
END_TEST

/* ---- compiled policies ---- */

START_TEST(language_5_3_effects_add_up_in_order)
{
    static const char policy[] =
        "shunt: 1\n"
        "fields: {n: number}\n"
        "agents: {anna: {skills: [s1, s2, s3]}}\n"
        "teams: {t: {agents: [anna]}, u: {takes: {labels: [to-u]}}}\n"
        "rules:\n"
        "  - {rule: a, when: labels has x, set: {priority: low}, add: {labels: [l1, l2]}, require: {skills: "
        "[s2]}, continue: true}\n"
        "  - {rule: b, when: n >= 1, set: {priority: high}, add: {labels: [l2, l3]}, require: {skills: [s1, "
        "s2]}, continue: true}\n"
        "  - {rule: c, when: n >= 2, raise: {priority: urgent}, continue: true}\n"
        "  - {rule: d, when: n >= 3, raise: {priority: normal}, continue: true}\n"
        "  - {rule: e, when: labels has stop, set: {priority: low}, raise: {priority: normal}, add: {labels: "
        "[l4, l1]}, require: {skills: [s3]}, to: t}\n"
        "  - {rule: f, when: n >= 0, set: {priority: urgent}, continue: true}\n"
        "otherwise: t\n";
    static const struct example rows[] = {
        {"", "otherwise normal t"},
        {"labels=x", "otherwise low t +l1 +l2 !s2"},
        {"n=1", "otherwise urgent t +l2 +l3 !s1 !s2"},
        {"labels=x n=1", "otherwise urgent t +l1 +l2 +l3 !s2 !s1"},
        {"labels=stop", "e normal t +l4 +l1 !s3"},
        {"labels=stop n=1",
         "e normal t +l2 +l3 +l4 +l1 !s1 !s2 !s3"}, /* the deciding rule's set comes last */
        {"labels=stop n=2", "e urgent t +l2 +l3 +l4 +l1 !s1 !s2 !s3"},
        {"labels=stop n=3 labels=x", "e urgent t +l1 +l2 +l3 +l4 !s2 !s1 !s3"},
        {"labels=to-u n=0", "team u urgent u"}, /* 5.4: effects stand */
        {"labels=to-u labels=stop", "e normal t +l4 +l1 !s3"},
        {"labels=l1", "otherwise normal t"}, /* 5.2: what a rule adds is not seen, nor confused */
    };
    EXPECT(matched_policy(policy), rows);
}
END_TEST

/* ---- many: what is looked for otherwise than among few ---- */

enum { MANY = 150 };

/* A field of MANY values, and MANY fields of which each asks for itself. */
static void write_many(char *text, size_t cap)
{
    size_t len = (size_t)snprintf(text, cap, "shunt: 1\nfields:\n  grade: [v0");
    for (int i = 1; i < MANY; i++) len += (size_t)snprintf(text + len, cap - len, ", v%d", i);
    len += (size_t)snprintf(text + len, cap - len, "]\n");
    for (int i = 0; i < MANY; i++)
        len += (size_t)snprintf(text + len, cap - len, "  field%d: bool\n", i * 7 % MANY);
    len += (size_t)snprintf(text + len, cap - len,
                            "rules:\n"
                            "  - {rule: few, when: grade >= v140, to: unassigned}\n"
                            "  - {rule: low, when: grade < v9, to: unassigned}\n"
                            "  - {rule: and, when: grade > v70 and labels has x, to: unassigned}\n"
                            "  - {rule: or, when: grade <= v100 or labels has x, to: unassigned}\n"
                            "  - {rule: any, when: grade >= v0, to: unassigned}\n");
    for (int i = 0; i < MANY; i++)
        len += (size_t)snprintf(text + len, cap - len, "  - {rule: r%d, when: field%d, to: unassigned}\n", i, i);
}

START_TEST(hardening_4_comparisons_of_many_values)
{
    char text[20000], ticket[64], want[64];
    write_many(text, sizeof text);
    struct matched d = matched_policy(text);
    for (int v = 0; v < MANY; v++) {
        const char *rule = v >= 140 ? "few" : v < 9 ? "low" : v <= 100 ? "or" : "any";
        snprintf(ticket, sizeof ticket, "grade=v%d", v);
        snprintf(want, sizeof want, "%s normal nobody", rule);
        matched_expect(&d, ticket, want);
        snprintf(ticket, sizeof ticket, "grade=v%d labels=x", v);
        snprintf(want, sizeof want, "%s normal nobody", v >= 140 || v < 9 ? rule : v > 70 ? "and" : "or");
        matched_expect(&d, ticket, want);
    }
    matched_expect(&d, "grade=other", "otherwise normal nobody");
    matched_expect(&d, "labels=x", "or normal nobody");
    matched_close(&d);
}
END_TEST

START_TEST(hardening_4_each_of_many_attributes_is_found)
{
    char text[20000], name[24], ticket[32], want[32];
    write_many(text, sizeof text);
    struct matched d = matched_policy(text);
    for (int i = 0; i < MANY; i++) {
        snprintf(ticket, sizeof ticket, "field%d=true", i);
        snprintf(want, sizeof want, "r%d normal nobody", i);
        matched_expect(&d, ticket, want);
        snprintf(name, sizeof name, "field%d", i + MANY);
        ck_assert_uint_eq(shunt_attr_find(d.t, name, strlen(name)), SHUNT_NONE);
    }
    for (uint32_t i = 0; i < shunt_attr_count(d.t); i++) {
        struct shunt_string s = shunt_attr_name(d.t, i);
        ck_assert_uint_eq(shunt_attr_find(d.t, s.bytes, s.len), i);
        ck_assert_uint_eq(shunt_attr_find(d.t, s.bytes, s.len - 1) == i, 0);
    }
    ck_assert_uint_eq(shunt_attr_find(d.t, "", 0), SHUNT_NONE);
    ck_assert_uint_eq(shunt_attr_find(d.t, "\xff", 1), SHUNT_NONE);
    matched_close(&d);
}
END_TEST

START_TEST(language_4_3_what_is_not_carried_is_false)
{
    static const char policy[] =
        "shunt: 1\n"
        "channels: [email, sms]\n"
        "fields: {n: number, plan: [free, pro], t: text, b: bool, s: set}\n"
        "teams: {t1: {}, t2: {}, t3: {}, t4: {}, t5: {}, t6: {}, t7: {}, t8: {}, rest: {}}\n"
        "rules:\n"
        "  - {rule: not-number, when: 'segments has r1 and n != 5', to: t1}\n"
        "  - {rule: not-listed, when: 'segments has r2 and plan not in (pro)', to: t2}\n"
        "  - {rule: not-text, when: 'segments has r3 and t not contains \"x\"', to: t3}\n"
        "  - {rule: not-channel, when: 'segments has r4 and channel != email', to: t4}\n"
        "  - {rule: less, when: 'segments has r5 and n < 5', to: t5}\n"
        "  - {rule: none, when: 'segments has r6 and labels has none (l1, l2)', to: t6}\n"
        "  - {rule: exists, when: 'segments has r7 and labels exists', to: t7}\n"
        "  - {rule: text-exists, when: 'segments has r8 and t exists and not b', to: t8}\n"
        "  - {rule: in, when: 'segments has r9 and n in (1, 2.5, -3)', to: t1}\n"
        "  - {rule: all, when: 'segments has r10 and labels has all (l1, l2)', to: t1}\n"
        "  - {rule: empty, when: 'segments has r11 and t == \"\"', to: t1}\n"
        "  - {rule: anything, when: 'segments has r12 and t contains \"\" and t ends with \"\"', to: t1}\n"
        "otherwise: rest\n";
    static const struct example rows[] = {
        {"segments=r12", "otherwise normal rest"},
        {"segments=r12 t=", "anything normal t1"},
        {"segments=r12 t=x", "anything normal t1"},
        {"segments=r1", "not-number normal t1"},
        {"segments=r1 n=5", "otherwise normal rest"},
        {"segments=r2", "not-listed normal t2"},
        {"segments=r2 plan=pro", "otherwise normal rest"},
        {"segments=r2 plan=free", "not-listed normal t2"},
        {"segments=r3", "not-text normal t3"},
        {"segments=r3 t=aXb", "otherwise normal rest"},
        {"segments=r4", "not-channel normal t4"},
        {"segments=r4 channel=email", "otherwise normal rest"},
        {"segments=r4 channel=fax", "not-channel normal t4"},
        {"segments=r5", "otherwise normal rest"},
        {"segments=r5 n=4", "less normal t5"},
        {"segments=r6", "none normal t6"},
        {"segments=r6 labels=l2", "otherwise normal rest"},
        {"segments=r7", "otherwise normal rest"},
        {"segments=r7 labels=unheard", "exists normal t7"},
        {"segments=r8", "otherwise normal rest"},
        {"segments=r8 t=", "text-exists normal t8"},
        {"segments=r8 t= b=true", "otherwise normal rest"},
        {"segments=r9 n=2.5", "in normal t1"},
        {"segments=r9 n=-3", "in normal t1"},
        {"segments=r9 n=3", "otherwise normal rest"},
        {"segments=r10 labels=l1", "otherwise normal rest"},
        {"segments=r10 labels=l2 labels=l1", "all normal t1"},
        {"segments=r11", "otherwise normal rest"},
        {"segments=r11 t=", "empty normal t1"},
        {"segments=r11 t=x", "otherwise normal rest"},
    };
    EXPECT(matched_policy(policy), rows);
}
END_TEST

/* ---- memory ---- */

struct counter {
    int calls;
};

static void *counting_resize(void *ctx, void *block, size_t old_len, size_t new_len)
{
    (void)old_len;
    ((struct counter *)ctx)->calls++;
    if (new_len > 0) return realloc(block, new_len);
    free(block);
    return NULL;
}

START_TEST(commands_12_matching_allocates_nothing)
{
    struct matched d = matched_sample();
    shunt_ticket_free(d.k);
    struct counter counter = {0};
    struct shunt_hooks hooks = {counting_resize, &counter};
    ck_assert_int_eq(shunt_ticket_new(d.t, &hooks, &d.k), SHUNT_OK);
    ck_assert_int_eq(counter.calls, 1);
    struct shunt_decision x;
    for (int i = 0; i < 10; i++) {
        matched_say(&d, "labels=refund subject=zab channel=email priority=high total=10 at=32400");
        shunt_match(d.k, &x);
    }
    ck_assert_int_eq(counter.calls, 1);
    matched_close(&d);
}
END_TEST

/* A ticket may be matched again, changed and matched again. */
START_TEST(commands_12_a_ticket_can_go_on)
{
    struct matched d = matched_sample();
    struct shunt_decision x, y;
    matched_say(&d, "priority=urgent");
    shunt_match(d.k, &x);
    shunt_match(d.k, &y);
    ck_assert_uint_eq(x.rule, y.rule);
    ck_assert_uint_eq(y.add_count, 1);
    ck_assert_uint_eq(y.require_count, 1);
    shunt_ticket_set_name(d.k, SHUNT_ATTR_CHANNEL, "email", 5);
    shunt_ticket_set_at(d.k, 32400);
    shunt_match(d.k, &x);
    ck_assert_uint_eq(x.rule, SAMPLE_TWO);
    shunt_ticket_set_at(d.k, 0); /* hours were remembered for another time */
    shunt_match(d.k, &x);
    ck_assert_uint_eq(x.rule, SAMPLE_OTHERWISE);
    matched_close(&d);
}
END_TEST

/* What a ticket carried is gone with the next one, in whichever words its bits stand: those of an attribute
 * stand behind the labels', two after two, and may be of two words. */
START_TEST(commands_12_a_reset_ticket_carries_nothing_of_the_last)
{
    char text[4000];
    for (int labels = 90; labels < 130; labels++) {
        size_t len = (size_t)snprintf(text, sizeof text, "shunt: 1\nfields: {total: number}\nlabels: [l");
        for (int i = 0; i < labels; i++) len += (size_t)snprintf(text + len, sizeof text - len, ", l%d", i);
        snprintf(text + len, sizeof text - len,
                 "]\nrules:\n  - {rule: r, when: total exists, to: unassigned}\notherwise: unassigned\n");
        struct matched d = matched_policy(text);
        matched_expect(&d, "total=1", "r normal nobody");
        matched_expect(&d, "", "otherwise normal nobody");
        matched_close(&d);
    }
}
END_TEST

/* ---- texts ---- */

/* A state with so many edges, beside one of the root's with none: each byte that has an edge, and all that
 * have none. */
START_TEST(language_4_4_states_of_any_width)
{
    static const char bytes[] = "0123456789abcdefghijklmnopqrstuvwxyz-_.,;:!@#$%&*()+/?<>[]{}|~^";
    static const size_t widths[] = {1, 2, 15, 16, 17, 31, 32, 33, 48, 49, sizeof bytes - 1};
    size_t width = widths[_i], len = 0, cap = 100 * sizeof bytes;
    char *policy = malloc(cap), ticket[32], want[32];
    len += (size_t)snprintf(policy, cap, "shunt: 1\nteams: {t: {}}\nrules:\n");
    for (size_t i = 0; i < width; i++)
        len += (size_t)snprintf(policy + len, cap - len,
                                "  - {rule: r%zu, when: 'subject contains \"x%c\"', to: t}\n", i, bytes[i]);
    snprintf(policy + len, cap - len, "otherwise: unassigned\n");
    struct matched d = matched_policy(policy);
    free(policy);
    for (size_t i = 0; i < sizeof bytes - 1; i++) {
        snprintf(ticket, sizeof ticket, "subject=wx%c", bytes[i]);
        snprintf(want, sizeof want, i < width ? "r%zu normal t" : "otherwise normal nobody", i);
        matched_expect(&d, ticket, want);
        snprintf(ticket, sizeof ticket, "subject=%c'", bytes[i]);
        matched_expect(&d, ticket, "otherwise normal nobody");
    }
    matched_close(&d);
}
END_TEST

/* ---- threads ---- */

struct worker {
    const struct shunt_table *t;
    uint32_t decided[3]; /* how often each of the tickets below went as it should */
};

static void *work(void *ctx)
{
    static const char *const wanted[] = {"first", "otherwise", "two"};
    static const char *const tickets[] = {"labels=refund", "subject=xaby", "channel=email at=32400"};
    struct worker *w = ctx;
    struct matched d = {.t = w->t};
    if (shunt_ticket_new(w->t, NULL, &d.k) != SHUNT_OK) return NULL;
    for (int i = 0; i < 3000; i++) {
        struct shunt_decision x;
        matched_say(&d, tickets[i % 3]);
        shunt_match(d.k, &x);
        w->decided[i % 3] += strcmp(shunt_rule_name(w->t, x.rule, NULL).bytes, wanted[i % 3]) == 0;
    }
    shunt_ticket_free(d.k);
    return NULL;
}

START_TEST(commands_12_many_threads_on_one_table)
{
    enum { THREADS = 4 };
    struct matched d = matched_sample();
    struct worker workers[THREADS] = {{NULL, {0}}};
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        workers[i].t = d.t;
        ck_assert_int_eq(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        for (int j = 0; j < 3; j++) ck_assert_uint_eq(workers[i].decided[j], 1000);
    }
    matched_close(&d);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("match");
    TCase *t = tcase_create("match");
    tcase_set_timeout(t, 30);
    tcase_add_test(t, language_5_the_sample_decides);
    tcase_add_test(t, language_5_3_effects_add_up_in_order);
    tcase_add_test(t, language_4_3_what_is_not_carried_is_false);
    tcase_add_test(t, hardening_4_comparisons_of_many_values);
    tcase_add_test(t, hardening_4_each_of_many_attributes_is_found);
    tcase_add_test(t, commands_12_matching_allocates_nothing);
    tcase_add_test(t, commands_12_a_ticket_can_go_on);
    tcase_add_test(t, commands_12_a_reset_ticket_carries_nothing_of_the_last);
    tcase_add_loop_test(t, language_4_4_states_of_any_width, 0, 11);
    tcase_add_test(t, commands_12_many_threads_on_one_table);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
