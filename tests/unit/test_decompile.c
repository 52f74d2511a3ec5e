/*
 * Conditions out of a table as text (compile.h, print_code): the canonical spelling, which parses back to the
 * same code.
 */
#include "compiled.h"
#include "run_suite.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

static const char declarations[] = "labels billing, \"needs reply\", \"not\", x-ray, é\n"
                                   "segments vip\n"
                                   "field plan is one of free, pro\n"
                                   "field total is number\n"
                                   "field eu is bool\n"
                                   "field \"order no\" is text\n"
                                   "hours \"late shift\" { mon-fri 20:00-23:00 }\n"
                                   "timezone UTC";

struct printing {
    struct compiled *x;
    struct str text;
};

static void print_first(void *ctx)
{
    struct printing *p = ctx;
    struct buf b;
    buf_init(&b, p->x->a);
    print_code(&b, p->x->table, le32(p->x->v.RULE.at[0].code));
    p->text = buf_done(&b);
}

/* The condition printed, which then must print as itself and give the same CODE. */
static void check_printed(const char *condition, const char *expected)
{
    struct compiled x, again;
    compiled_condition(&x, declarations, condition);
    struct printing first = {&x, {NULL, 0}}, second = {&again, {NULL, 0}};
    ck_assert(arena_try(x.a, print_first, &first));
    if (expected) ck_assert_str_eq(first.text.p, expected);

    compiled_condition(&again, declarations, first.text.p);
    ck_assert(arena_try(again.a, print_first, &second));
    ck_assert_str_eq(second.text.p, first.text.p);
    ck_assert_msg(x.v.CODE.count == again.v.CODE.count &&
                      memcmp(x.v.CODE.at, again.v.CODE.at, x.v.CODE.count * sizeof *x.v.CODE.at) == 0,
                  "%s became %s, which is something else", condition, first.text.p);
    compiled_close(&x);
    compiled_close(&again);
}

static const struct {
    const char *condition, *printed; /* NULL: the same */
} rows[] = {
    {"true", NULL},
    {"false", NULL},
    {"not true", NULL},
    {"labels has billing", NULL},
    {"labels has \"billing\"", "labels has billing"},
    {"labels has \"needs reply\"", NULL},
    {"labels has \"not\"", NULL},
    {"labels has any (x-ray, é)", NULL},
    {"labels has any (billing)", "labels has billing"},
    {"labels has all (\"needs reply\", billing)", "labels has all (billing, \"needs reply\")"},
    {"labels has none (billing, é)", NULL},
    {"labels has none (billing)", "not labels has billing"},
    {"not labels has all (billing, é)", NULL},
    {"channel == email", NULL},
    {"channel != email", NULL},
    {"not channel == email", "channel != email"},
    {"not channel != email", NULL},
    {"channel in (phone, email)", "channel in (email, phone)"},
    {"channel not in (email, phone)", NULL},
    {"channel exists", NULL},
    {"not channel exists", NULL},
    {"priority == high", NULL},
    {"priority != high", NULL},
    {"priority in (low, urgent)", NULL},
    {"priority not in (low, urgent)", NULL},
    {"priority >= high", NULL},
    {"not priority < high", NULL},
    {"plan <= pro", NULL},
    {"plan == pro", NULL},
    {"total == 5", NULL},
    {"total != 5", NULL},
    {"total in (1, 2.5, 1e+300)", NULL},
    {"total not in (1, 2)", NULL},
    {"total > 0.1", NULL},
    {"total > 0.30000000000000004", NULL},
    {"total < -1E3", "total < -1000"},
    {"eu", NULL},
    {"not eu", NULL},
    {"eu exists", NULL},
    {"during always", NULL},
    {"during \"late shift\"", NULL},
    {"outside \"late shift\"", NULL},
    {"not outside \"late shift\"", NULL},
    {"subject contains \"a \\\"b\\\" \\\\\"", NULL},
    {"subject contains \"A\\tB\\n\"", "subject contains \"a\\tb\\n\""},
    {"subject contains any (\"x\", \"y\")", NULL},
    {"subject not contains any (\"x\", \"y\")", NULL},
    {"subject not contains \"x\"", NULL},
    {"subject starts with \"re:\"", NULL},
    {"subject not starts with \"re:\"", NULL},
    {"subject ends with any (\"?\", \"!\")", "subject ends with any (\"!\", \"?\")"},
    {"\"order no\" == \"A1\"", "\"order no\" == \"a1\""},
    {"\"order no\" not in (\"a1\", \"b2\")", NULL},
    {"eu and labels has billing", NULL},
    {"eu and (labels has billing and plan == pro)", NULL},
    {"(eu and labels has billing) and plan == pro", NULL},
    {"eu or labels has billing and plan == pro", NULL},
    {"(eu or labels has billing) and plan == pro", NULL},
    {"eu or (labels has billing or plan == pro)", NULL},
    {"not (eu and labels has billing)", NULL},
    {"not (eu or labels has billing) and eu", NULL},
    {"not (not eu)", NULL},
    {"not (not (not eu))", NULL},
    {"not (labels has billing)", "not labels has billing"},
    {"(((eu)))", "eu"},
};

START_TEST(language_4_a_condition_is_printed_as_it_would_be_written_and_parses_back)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check_printed(rows[i].condition, rows[i].printed ? rows[i].printed : rows[i].condition);
}
END_TEST

START_TEST(language_5_6_active_days_are_printed_as_dates)
{
    struct compiled x;
    compiled_open(
        &x, "p.shunt",
        "version 1\ntimezone UTC\nagent bo\nteam t { agents bo }\n"
        "rule r { when labels has a or labels has b\n active 12-24..12-26, 2026-11-20..2026-12-01, 02-29\n"
        " to t }\notherwise to t\n",
        false);
    struct printing p = {&x, {NULL, 0}};
    ck_assert(arena_try(x.a, print_first, &p));
    ck_assert_str_eq(
        p.text.p, "active (2026-11-20..2026-12-01, 02-29, 12-24..12-26) and (labels has a or labels has b)");
    compiled_close(&x);
}
END_TEST

struct day_row {
    int32_t day;
    const char *text;
};

static struct arena *a;
static void check_day(void *ctx)
{
    const struct day_row *row = ctx;
    struct buf b;
    buf_init(&b, a);
    print_day(&b, row->day);
    ck_assert_str_eq(buf_done(&b).p, row->text);
}

START_TEST(language_6_6_days_print_as_they_are_written)
{
    struct day_row days[] = {{0, "1970-01-01"},     {-1, "1969-12-31"},    {11016, "2000-02-29"},
                             {47540, "2100-02-28"}, {47541, "2100-03-01"}, {20513, "2026-03-01"}};
    a = arena_new();
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) ck_assert(arena_try(a, check_day, &days[i]));
    arena_free(a);
}
END_TEST

/* ---- random ---- */

static uint32_t random_below(uint32_t n)
{
    static uint64_t state = 3; /* SplitMix64 */
    uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (uint32_t)((z ^ z >> 31) % n);
}

static void random_condition(char *out, int depth)
{
    uint32_t kind = random_below(depth ? 5 : 2);
    if (kind < 2) {
        strcat(out, rows[3 + random_below(50)].condition);
        return;
    }
    strcat(out, kind == 2 ? "not (" : "(");
    for (uint32_t i = 0, n = kind == 2 ? 1 : 2 + random_below(3); i < n; i++) {
        if (i) strcat(out, kind == 3 ? " and " : " or ");
        random_condition(out, depth - 1);
    }
    strcat(out, ")");
}

START_TEST(language_4_random_conditions_parse_back_to_the_same_code)
{
    for (int i = 0; i < 150; i++) {
        char condition[16000] = "";
        random_condition(condition, 4);
        check_printed(condition, NULL);
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("decompile");
    TCase *t = tcase_create("decompile");
    tcase_set_timeout(t, 120);
    tcase_add_test(t, language_4_a_condition_is_printed_as_it_would_be_written_and_parses_back);
    tcase_add_test(t, language_5_6_active_days_are_printed_as_dates);
    tcase_add_test(t, language_6_6_days_print_as_they_are_written);
    tcase_add_test(t, language_4_random_conditions_parse_back_to_the_same_code);
    suite_add_tcase(s, t);
    return run_suite(s);
}
