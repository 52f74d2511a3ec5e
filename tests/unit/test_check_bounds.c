/*
 * Where checks of many things end (language.md 7.2): a warning less, never a false one, and no more work.
 * Each policy is made twice, of a few and of many: what the few say, and what the many do not.
 */
#include "resolved.h"
#include "run_suite.h"

#include "../ops/slow.h"

#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- policies of many ---- */

struct policy {
    char *p;
    size_t len, cap;
};

__attribute__((format(printf, 2, 3))) static void add(struct policy *t, const char *format, ...)
{
    va_list args;
    if (t->cap - t->len < 1000) {
        t->cap = 2 * t->cap + 4000;
        t->p = realloc(t->p, t->cap);
        ck_assert_ptr_nonnull(t->p);
    }
    va_start(args, format);
    t->len += (size_t)vsnprintf(t->p + t->len, t->cap - t->len, format, args);
    va_end(args);
}

/* For each number below count. */
#define ADD_EACH(t, count, ...)                                                                              \
    for (uint32_t i = 0; i < (count); i++) add(t, __VA_ARGS__)

struct found {
    const char *code;
    uint32_t count;
    char *first, *last; /* their messages */
};

static void look(struct compilation *c, void *ctx)
{
    struct found *found = ctx;
    for (uint32_t i = 0; i < c->diags.list.count; i++) {
        const struct diag *d = c->diags.list.at[i];
        if (strcmp(diag_rows[d->id].code, found->code) != 0) continue;
        char *message = strndup(d->message.p, d->message.len);
        if (found->count++)
            free(found->last);
        else
            found->first = strdup(message);
        found->last = message;
    }
}

static struct found find(struct policy *t, const char *code)
{
    struct found found = {.code = code};
    with_policy(t->p, NULL, NULL, look, &found);
    free(t->p);
    *t = (struct policy){0};
    return found;
}

static void found_free(struct found *found)
{
    free(found->first);
    free(found->last);
}

/* How many warnings of the code there are. */
static uint32_t count_said(struct policy *t, const char *code)
{
    struct found found = find(t, code);
    found_free(&found);
    return found.count;
}

/* ---- pairs of rules ---- */

/* So many rules that require what somebody has, and so many that may decide about their tickets; and one that
 * requires what nobody has. */
static struct policy rules_that_require(uint32_t count, const char *more)
{
    struct policy t = {0};
    add(&t, "shunt: 1\nagents: {a: {skills: [s]}}\nteams:\n  t: {agents: [a]%s}\nrules:\n", more);
    ADD_EACH(&t, count, "- {rule: c%u, when: labels has c%u, continue: true, require: {skills: [s]}}\n", i,
             i);
    add(&t, "- {rule: late, when: labels has c, continue: true, require: {skills: [t]}}\n");
    ADD_EACH(&t, count, "- {rule: d%u, when: labels has d%u, to: t}\n", i, i);
    add(&t, "otherwise: t\n");
    return t;
}

START_TEST(language_7_2_skills_of_so_many_pairs_of_rules)
{
    struct policy few = rules_that_require(10, ""), many = rules_that_require(230, "");
    ck_assert_uint_eq(count_said(&few, "W1009"), 1);
    ck_assert_uint_eq(count_said(&many, "W1009"), 0);
    few = rules_that_require(10, ", takes: {labels: x}");
    many = rules_that_require(230, ", takes: {labels: x}");
    ck_assert_uint_eq(count_said(&few, "W1009"), 1);
    ck_assert_uint_eq(count_said(&many, "W1009"), 0);
}
END_TEST

/* Rules that set a priority on one channel; and one for another channel, that sets it lower. */
static struct policy rules_that_set(uint32_t count)
{
    struct policy t = {0};
    add(&t, "shunt: 1\nrules:\n");
    add(&t, "- {rule: first, when: labels has l, continue: true, set: {priority: urgent}}\n");
    ADD_EACH(&t, count,
             "- {rule: c%u, when: channel == email and labels has c%u, continue: true, "
             "set: {priority: urgent}}\n",
             i, i);
    ADD_EACH(&t, count,
             "- {rule: d%u, when: channel == sms and priority == low and labels has d%u and labels "
             "has none (l), to: unassigned, set: {priority: low}}\n",
             i, i);
    add(&t, "- {rule: late, when: priority == low and labels has l, to: unassigned, set: {priority: low}}\n"
            "otherwise: unassigned\n");
    return t;
}

START_TEST(language_7_2_priorities_of_so_many_pairs_of_rules)
{
    struct policy few = rules_that_set(10), many = rules_that_set(300);
    ck_assert_uint_eq(count_said(&few, "W1017"), 1);
    ck_assert_uint_eq(count_said(&many, "W1017"), 0);
}
END_TEST

/* ---- what tickets come to ---- */

/* Teams that hand on to the next after hours, by channel where `by` says so, and rules that require what all
 * of them have; `late` is what none has. */
static struct policy teams_in_a_row(uint32_t count, const char *by, const char *to, bool takes)
{
    struct policy t = {0};
    add(&t, "shunt: 1\ntimezone: UTC\nhours: {o: {weekly: {mon: 09:00-10:00}}}\nagents: {a: {skills: [s]}}\n"
            "teams:\n");
    for (uint32_t i = 0; i < count; i++) {
        add(&t, "  t%u: {agents: [a], hours: o, after_hours: {%s: {to: t%u}}", i, by, i + 1);
        add(&t, "%s}\n", takes && i < 2 ? i ? ", takes: {labels: y}" : ", takes: {labels: x}" : "");
    }
    add(&t, "  t%u: {agents: [a]}\nrules:\n", count);
    ADD_EACH(&t, count, "- {rule: r%u, when: labels has r%u, require: {skills: [s]}, %s}\n", i, i, to);
    add(&t, "- {rule: late, when: labels has l, require: {skills: [t]}, to: t0}\notherwise: t0\n");
    return t;
}

/* Each policy, of so many that its work ends at the one place or the other. */
static void expect_row_ends(const char *by, const char *to, bool takes)
{
    struct policy few = teams_in_a_row(10, by, to, takes);
    ck_assert_uint_eq(count_said(&few, "W1009"), 1);
    for (uint32_t count = 360; count < 364; count++) {
        struct policy many = teams_in_a_row(count, by, to, takes);
        ck_assert_uint_eq(count_said(&many, "W1009"), 0);
    }
}

START_TEST(language_7_2_skills_of_so_many_teams_in_a_row)
{
    expect_row_ends("other", "to: t0", false);
    expect_row_ends("email", "to: [t0, {team: t1, after: 1h}]", false);
    expect_row_ends("other", "continue: true", true);
}
END_TEST

/* ---- members ---- */

/* Teams, each with channels of its own that it fills, or does not; and members with limits for others. */
static struct policy teams_and_members(uint32_t count, bool all_but)
{
    struct policy t = {0};
    add(&t, "shunt: 1\nchannels: [x, y, z");
    ADD_EACH(&t, count, ", c%u", i);
    add(&t, "]\nagents:\n");
    ADD_EACH(&t, count, "  a%u: {limits: {x: 3, c%u: 3}}\n", i, i);
    add(&t, "teams:\n");
    const char *own = all_but ? "pull" : "most-busy", *rest = all_but ? "most-busy" : "pull";
    ADD_EACH(&t, count, "  t%u: {agents: all, assign: {x: %s, c%u: %s, other: %s}}\n", i, own, i, own, rest);
    add(&t, "rules:\n");
    ADD_EACH(&t, count, "- {rule: r%u, when: labels has l%u, to: t%u}\n", i, i, i);
    add(&t, "otherwise: unassigned\n");
    return t;
}

START_TEST(language_7_2_members_without_limits_of_so_many_teams)
{
    struct policy few = teams_and_members(10, false), many = teams_and_members(360, false);
    struct found found = find(&few, "W1015");
    ck_assert_uint_eq(found.count, 10);
    ck_assert_ptr_nonnull(strstr(found.last, "\"a0\" and 8 more have"));
    found_free(&found);
    found = find(&many, "W1015");
    ck_assert_uint_lt(found.count, 360);
    ck_assert_ptr_nonnull(strstr(found.first, "\"a1\" and 358 more have"));
    ck_assert_ptr_nonnull(strstr(found.last, "\"a0\" and at least "));
    found_free(&found);
}
END_TEST

/* That two sets of channels which each leave out few have one in common costs nothing; the list of members
 * does. */
START_TEST(language_7_2_members_without_limits_of_so_many_teams_that_leave_out_channels)
{
    struct policy few = teams_and_members(10, true), many = teams_and_members(360, true);
    struct found found = find(&few, "W1015");
    ck_assert_uint_eq(found.count, 10);
    ck_assert_ptr_nonnull(strstr(found.last, "\"a0\" and 9 more have"));
    found_free(&found);
    found = find(&many, "W1015");
    ck_assert_uint_lt(found.count, 360);
    ck_assert_ptr_nonnull(strstr(found.first, "\"a0\" and 359 more have"));
    ck_assert_ptr_nonnull(strstr(found.last, "\"a0\" and at least "));
    found_free(&found);
}
END_TEST

/* ---- steps ---- */

/* One team with the first hours behind the other's with the second: so many teams before. */
static struct policy long_list(uint32_t count)
{
    struct policy t = {0};
    add(&t, "shunt: 1\ntimezone: UTC\nhours:\n");
    ADD_EACH(&t, count, "  h%u: {weekly: {mon: 09:00-10:%02u}}\n", i, i);
    add(&t, "  duty: {outside: h%u}\nagents: [a]\nteams:\n  last: {agents: [a], hours: duty}\n", count - 1);
    ADD_EACH(&t, count, "  t%u: {agents: [a], hours: h%u}\n", i, i);
    add(&t, "otherwise: [t0");
    for (uint32_t i = 1; i < count; i++) add(&t, ", {team: t%u, after: %uh}", i, i);
    add(&t, ", {team: last, after: %uh}, {team: t0, after: %uh}]\n", count, count + 1);
    return t;
}

START_TEST(language_7_2_teams_compared_of_sixteen_hours)
{
    /* each step but the last, which comes behind two teams of which one is always open */
    struct policy t = long_list(16);
    ck_assert_uint_eq(count_said(&t, "W1016"), 16);
    /* it is not seen any more that they are, and nothing is said that may be wrong */
    t = long_list(17);
    ck_assert_uint_eq(count_said(&t, "W1016"), 16);
}
END_TEST

/* One team that names channels, others behind it that are closed with it, one that is open but for the last
 * channel; and a step behind them, which comes early for that channel. */
static struct policy steps_by_channel(uint32_t channels, uint32_t count)
{
    struct policy t = {0};
    add(&t, "shunt: 1\ntimezone: UTC\nhours: {o: {weekly: {mon: 09:00-10:00}}}\nagents: [a]\nchannels: [c0");
    for (uint32_t i = 1; i < channels; i++) add(&t, ", c%u", i);
    add(&t, "]\nteams:\n  first: {agents: [a], hours: {");
    ADD_EACH(&t, channels, "c%u: o, ", i);
    add(&t,
        "other: always}}\n  next: {agents: [a], hours: o}\n"
        "  open: {agents: [a], hours: {c%u: o, other: always}}\notherwise: [first",
        channels - 1);
    for (uint32_t i = 1; i < count; i++) add(&t, ", {team: next, after: %uh}", i);
    add(&t, ", {team: open, after: %uh}, {team: next, after: %uh}]\n", count, count + 1);
    return t;
}

/* The same, where each step names all of the channels. */
static struct policy steps_that_name(uint32_t channels, uint32_t count)
{
    struct policy t = {0};
    add(&t, "shunt: 1\ntimezone: UTC\nhours: {o: {weekly: {mon: 09:00-10:00}}}\nagents: [a]\nchannels: [c0");
    for (uint32_t i = 1; i < channels; i++) add(&t, ", c%u", i);
    add(&t, "]\nteams:\n  open: {agents: [a], hours: {");
    ADD_EACH(&t, channels, "c%u: always, ", i);
    add(&t, "other: always}}\n  last: {agents: [a]}\notherwise: [open");
    for (uint32_t i = 1; i < count; i++) add(&t, ", {team: open, after: %uh}", i);
    add(&t, "]\n");
    return t;
}

START_TEST(language_7_2_steps_of_so_many_channels)
{
    struct policy few = steps_by_channel(10, 60), many = steps_by_channel(1000, 60);
    ck_assert_uint_eq(count_said(&few, "W1016"), 61);
    ck_assert_uint_eq(count_said(&many, "W1016"), 60);
    many = steps_that_name(1000, 60);
    ck_assert_uint_eq(count_said(&many, "W1016"), 0);
}
END_TEST

/* ---- conditions of one key ---- */

/* Rules whose conditions are made to have one key, and then the rule of the place once more. */
static struct policy rules_of_one_key(uint32_t count, uint32_t place)
{
    struct policy t = {0};
    const char *base = getenv("TMPDIR");
    char path[4096], line[256];
    ck_assert_int_lt(snprintf(path, sizeof path, "%s/rules-XXXXXX", base ? base : "/tmp"), (int)sizeof path);
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    add(&t, "shunt: 1\nfields: {f: number}\nrules:\n");
    slow_colliding_conditions(path, count);
    FILE *f = fdopen(fd, "r");
    for (uint32_t i = 0; i < 3 * count && fgets(line, sizeof line, f); i++) add(&t, "%s", line);
    rewind(f);
    for (uint32_t i = 0; i < 3 * place + 3 && fgets(line, sizeof line, f); i++)
        if (i > 3 * place) add(&t, "%s%s", i == 3 * place + 1 ? "- rule: again\n" : "", line);
    fclose(f);
    unlink(path);
    add(&t, "otherwise: unassigned\n");
    return t;
}

START_TEST(language_7_2_conditions_of_one_key)
{
    struct policy t = rules_of_one_key(20, 15);
    ck_assert_uint_eq(count_said(&t, "W1001"), 1);
    t = rules_of_one_key(20, 16); /* the proof finds it */
    ck_assert_uint_eq(count_said(&t, "W1001"), 0);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("check_bounds");
    TCase *t = tcase_create("bounds");
    tcase_add_test(t, language_7_2_skills_of_so_many_pairs_of_rules);
    tcase_add_test(t, language_7_2_priorities_of_so_many_pairs_of_rules);
    tcase_add_test(t, language_7_2_skills_of_so_many_teams_in_a_row);
    tcase_add_test(t, language_7_2_members_without_limits_of_so_many_teams);
    tcase_add_test(t, language_7_2_members_without_limits_of_so_many_teams_that_leave_out_channels);
    tcase_add_test(t, language_7_2_teams_compared_of_sixteen_hours);
    tcase_add_test(t, language_7_2_steps_of_so_many_channels);
    tcase_add_test(t, language_7_2_conditions_of_one_key);
    suite_add_tcase(s, t);
    return run_suite(s);
}
