/* When hours and active days change, from a calendar: against the library's answers, one change after the
 * other. */
#include "../../compiler/proof/changes.h"
#include "../../runtime/calendar.h"
#include "../unit/random_run.h"
#include "../unit/with_hours.h"
#include "run_suite.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

/* As ck_assert_msg(), for what is asked millions of times: that writes a file each time. */
#define EXPECT(truth, ...) ((truth) ? (void)0 : ck_abort_msg(__VA_ARGS__))

static struct arena *a;
static const struct shunt_table *table;
static struct table_view v;
static struct change_finder finder;
static struct changes found;

static void setup(void)
{
    a = arena_new();
    table = NULL;
    found = (struct changes){0};
}

static void teardown(void)
{
    shunt_table_close(table);
    arena_free(a);
}

static void open_table(const struct shunt_table *opened)
{
    table = opened;
    table_view(&v, table);
    changes_init(&finder, a, UINT32_MAX);
}

static const struct changes *find(enum time_kind kind, uint32_t index)
{
    struct time_source s = {table, &v, kind, index};
    changes_find(&finder, &s, &found);
    return &found;
}

/* `c` is just when the library says that the hours change. */
static void expect_hours(const struct changes *c, uint32_t hours)
{
    struct shunt_string name = shunt_hours_name(table, hours);
    bool open = shunt_hours_open(table, hours, TIMES_FROM);
    uint32_t n = 0;
    ck_assert_int_eq(c->begins, open);
    for (int64_t at = TIMES_FROM, next; at < TIMES_TO;) {
        bool any = open ? shunt_hours_next_closing(table, hours, at, &next)
                        : shunt_hours_next_opening(table, hours, at, &next);
        if (any && next >= TIMES_TO) break;
        at = any ? next : at + 800 * CAL_DAY_SEC;
        if (!any) continue;
        EXPECT(n < c->at.count && TIMES_FROM + c->at.at[n] == at,
               "%s: change %u of %u is at %lld, not at %lld", name.bytes, n, c->at.count, (long long)at,
               n < c->at.count ? (long long)(TIMES_FROM + c->at.at[n]) : -1LL);
        open = !open;
        n++;
    }
    ck_assert_uint_eq(n, c->at.count);
}

static void expect_all_hours(void)
{
    for (uint32_t i = 0; i < v.HOURS.count; i++) expect_hours(find(TIME_HOURS, i), i);
}

/* ---- hours ---- */

static const char *zone;

static void of_every_kind(void *ctx)
{
    (void)ctx;
    open_table(table_in(
        a, zone,
        "hours:\n"
        "  day: {weekly: {mon-fri: 09:00-17:30}, breaks: {mon: 12:00-13:00}, closed: [12-24..01-06, 02-29]}\n"
        "  night: {weekly: {mon-sun: 22:00-06:00}, special: {02-29: 10:00-11:00, 2012-02-29: []}}\n"
        "  whole: {weekly: {mon-sat: 00:00-24:00}, closed: [2011-12-29, 2011-12-31]}\n"
        "  seasons:\n"
        "    weekly: {mon-sun: [00:00-00:01, 23:59-24:00]}\n"
        "    seasons: {02-29..03-02: {mon-sun: 00:00-24:00}, 12-20..01-06: {mon: 23:30-00:30},\n"
        "      2026-03-24..2026-04-09: {sat-sun: 01:00-03:00}}\n"
        "  pause: {like: seasons, breaks: {mon-sun: [00:00-00:30, 02:00-02:30]}, special: {2026-03-29: "
        "01:00-04:00}}\n"
        "  shift: {weekly: {mon-sun: 00:30-02:30}, every: 5 weeks from 2026-03-04}\n"
        "  out: {outside: whole}\n"
        "  back: {outside: out}\n"
        "  duty: {outside: day, every: 3 weeks from 2011-12-30}\n"
        "  far: {timezone: America/New_York, outside: duty, every: 2 weeks from 2000-01-01}\n"
        "  nearly: {outside: far}\n"
        "  never: {weekly: {}}\n"
        "  past: {weekly: {mon-sun: 00:00-24:00}, closed: [1990-01-01, 1995-05-05..1996-01-01,\n"
        "    1999-12-30..2000-01-03, 2050-01-01, 2099-12-31..2100-01-02, 2101-01-01]}\n"
        "  late: {weekly: {}, special: {2099-12-31: 10:00-24:00, 2100-01-01: 00:00-24:00}}\n"
        "  early: {weekly: {}, special: {1999-12-31: 10:00-24:00, 2000-01-01: 00:00-00:01}}\n"));
    expect_all_hours();
}

static const char *const test_zones[] = {"Pacific/Apia",        "Africa/Casablanca", "America/Sao_Paulo",
                                         "Australia/Lord_Howe", "America/Nuuk",      "Asia/Gaza",
                                         "Asia/Kathmandu",      "Europe/Dublin",     "Etc/UTC"};

START_TEST(proof_changes_of_hours_are_the_librarys)
{
    zone = test_zones[_i];
    ck_assert(arena_try(a, of_every_kind, NULL));
}
END_TEST

static void random_policy(void *ctx)
{
    const struct shunt_table *opened;
    struct str bytes = run_compile(ctx, "policy.yaml");
    if (!bytes.p) return;
    ck_assert_int_eq(shunt_table_open(bytes.p, bytes.len, NULL, &opened, NULL), SHUNT_OK);
    open_table(opened);
    expect_all_hours();
}

START_TEST(proof_changes_of_random_hours_are_the_librarys)
{
    struct run r;
    run_open(&r, 6000 + (uint64_t)_i);
    ck_assert(arena_try(a, random_policy, &r));
    ck_assert_int_eq(r.complaints, 0);
    run_close(&r);
}
END_TEST

/* ---- days ---- */

/* Where midnight is left out, comes twice, or a date does: days are as hours that are open on them from 00:00
 * to 24:00. */
static const char *const odd_zones[] = {
    "Pacific/Apia",     "Africa/Casablanca", "America/Sao_Paulo", "Australia/Lord_Howe", "America/St_Johns",
    "America/Havana",   "Asia/Kathmandu",    "America/Nuuk",      "Asia/Gaza",           "Africa/Monrovia",
    "Europe/Stockholm", "Antarctica/Troll",  "Pacific/Chatham",   "Europe/Dublin",       "Etc/UTC"};

/* A policy in the machine's own zones. */
static void open_text(struct str text)
{
    const struct shunt_table *opened;
    struct compile_options options = {0};
    struct compilation *c = compile_text(a, "test.yaml", text, &options);
    for (uint32_t i = 0; i < c->diags.list.count; i++)
        ck_assert_msg(!diag_is_error(c->diags.list.at[i]->id), "%s", c->diags.list.at[i]->message.p);
    ck_assert_int_eq(shunt_table_open(c->table.p, c->table.len, NULL, &opened, NULL), SHUNT_OK);
    open_table(opened);
}

static void random_date(struct gen *g, char *s, size_t len, bool yearly)
{
    int month = rng_between(g, 1, 12), day = rng_between(g, 1, month == 2 ? 28 : 30);
    if (yearly && rng_chance(g, 10)) month = 2, day = 29;
    if (yearly)
        snprintf(s, len, "%02d-%02d", month, day);
    else
        snprintf(s, len, "%04d-%02d-%02d", rng_between(g, 1999, 2101), month, day);
}

/* Each another: equal sets of days are one in the table. */
static void random_range(struct gen *g, int i, char *from, char *to, size_t len)
{
    bool yearly = i % 2;
    random_date(g, from, len, yearly);
    random_date(g, to, len, yearly);
    if (i % 4 == 3) snprintf(from, len, i == 3 ? "02-29" : "07-%02d", i);
    if (i % 4 == 3 || (!yearly && strcmp(from, to) > 0)) snprintf(to, len, "%s", from);
    if (i % 4 == 1 && !strcmp(from, to)) snprintf(to, len, "12-30");
}

static void days_as_hours(void *ctx)
{
    enum { EACH = 12 };
    struct gen g = {NULL, 77 + (uint64_t) * (int *)ctx};
    struct buf hours, rules;
    buf_init(&hours, a);
    buf_init(&rules, a);
    for (int i = 0; i < EACH; i++) {
        char from[20], to[20];
        random_range(&g, i, from, to, sizeof from);
        buf_printf(&hours, "  h%d: {weekly: {}, seasons: {%s..%s: {mon-sun: 00:00-24:00}}}\n", i, from, to);
        buf_printf(&rules, "  - {rule: r%d, when: true, active: %s..%s, to: unassigned}\n", i, from, to);
    }
    open_text(arena_printf(a, "shunt: 1\ntimezone: %s\nhours:\n%s\nrules:\n%s", odd_zones[*(int *)ctx],
                           buf_done(&hours).p, buf_done(&rules).p));
    ck_assert_uint_eq(v.WINDOW_SET.count, EACH);
    for (uint32_t i = 0; i < EACH; i++) expect_hours(find(TIME_WINDOWS, i), i + 1);
    expect_all_hours();
}

START_TEST(proof_changes_of_days_are_those_of_hours)
{
    ck_assert(arena_try(a, days_as_hours, &_i));
}
END_TEST

static void expect_at(uint32_t n, const char *at)
{
    ck_assert_uint_lt(n, found.at.count);
    ck_assert_int_eq(TIMES_FROM + found.at.at[n], instant(at));
}

/* At a minute past midnight the clocks went back to the day before. */
static void a_date_twice(void *ctx)
{
    (void)ctx;
    open_text(S("shunt: 1\ntimezone: America/St_Johns\n"
                "rules: [{rule: r, when: true, active: 2006-10-29, to: unassigned}]\n"));
    find(TIME_WINDOWS, 0);
    ck_assert(!found.begins);
    ck_assert_uint_eq(found.at.count, 4);
    expect_at(0, "2006-10-29T02:30:00Z");
    expect_at(1, "2006-10-29T02:31:00Z");
    expect_at(2, "2006-10-29T03:30:00Z");
    expect_at(3, "2006-10-30T03:30:00Z");
}

START_TEST(proof_changes_where_a_date_begins_twice)
{
    ck_assert(arena_try(a, a_date_twice, NULL));
}
END_TEST

/* ---- the limit ---- */

static void most(void *ctx)
{
    (void)ctx;
    /* Each midnight of the week is an end and a beginning, which is no change. */
    open_table(table_in(
        a, "Etc/UTC",
        "hours: {h: {weekly: {mon-fri: 00:00-24:00}}, o: {outside: h}, p: {weekly: {mon: 09:00-10:00}}}"));
    uint32_t count = find(TIME_HOURS, 1)->at.count;
    ck_assert_uint_eq(count, 5218 + 5217); /* the last week, from 2099-12-28 on, has no end */
    for (uint32_t hours = 1; hours <= 2; hours++) {
        changes_init(&finder, a, count);
        ck_assert_uint_eq(find(TIME_HOURS, hours)->at.count, count);
        ck_assert(!finder.too_many);
        changes_init(&finder, a, count - 1);
        find(TIME_HOURS, hours);
        ck_assert(finder.too_many);
        changes_init(&finder, a, 2 * 5218 - 1);
        ck_assert(find(TIME_HOURS, 3) && finder.too_many);
        find(TIME_HOURS, 0); /* the next is asked about anew */
        ck_assert(!finder.too_many);
    }
}

START_TEST(proof_changes_limit_is_met_and_not_passed)
{
    ck_assert(arena_try(a, most, NULL));
}
END_TEST

int main(void)
{
    Suite *s = suite_create("changes");
    TCase *k = tcase_create("changes");
    tcase_add_checked_fixture(k, setup, teardown);
    tcase_add_loop_test(k, proof_changes_of_hours_are_the_librarys, 0,
                        sizeof test_zones / sizeof *test_zones);
    tcase_add_loop_test(k, proof_changes_of_random_hours_are_the_librarys, 0, 40);
    tcase_add_loop_test(k, proof_changes_of_days_are_those_of_hours, 0, sizeof odd_zones / sizeof *odd_zones);
    tcase_add_test(k, proof_changes_where_a_date_begins_twice);
    tcase_add_test(k, proof_changes_limit_is_met_and_not_passed);
    suite_add_tcase(s, k);
    return run_suite(s);
}
