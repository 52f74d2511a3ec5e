/* Spellings of days, times, dates, durations and numbers (language.md 2, 6) against their values and their
 * errors. */
#include "ast.h"
#include "run_suite.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>

static struct arena *a;
static struct diags d;

static void setup(void)
{
    a = arena_new();
    d = (struct diags){.a = a};
}
static void teardown(void)
{
    arena_free(a);
}

/* Every spelling is read as if it stood at byte 100 of file 0. */
static struct span place_of(struct str s)
{
    return (struct span){0, 100, (uint32_t)s.len};
}

/* The last diagnostic is `code` at [off, off + len), and it is the only one; forgotten afterwards. */
static void expect_error(const char *spelled, const char *code, uint32_t off, uint32_t len)
{
    ck_assert_msg(d.list.count == 1, "%s: %u diagnostics", spelled, d.list.count);
    const struct diag *g = d.list.at[0];
    ck_assert_msg(str_eq(str_from(diag_rows[g->id].code), str_from(code)), "%s: %s", spelled,
                  diag_rows[g->id].code);
    ck_assert_msg(g->at.off == 100 + off && g->at.len == len, "%s: at %u+%u", spelled, g->at.off - 100,
                  g->at.len);
    d = (struct diags){.a = a};
}

START_TEST(language_6_2_days_and_ranges_of_days)
{
    static const struct {
        const char *s;
        int from, to;
    } right[] = {
        {"mon", 0, 0}, {"sun", 6, 6}, {"mon-thu", 0, 3}, {"fri-mon", 4, 0}, {"wed-wed", 2, 2},
    };
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        struct str s = str_from(right[i].s);
        uint8_t from, to;
        ck_assert(read_day_range(&d, s, place_of(s), &from, &to));
        ck_assert_int_eq(from, right[i].from);
        ck_assert_int_eq(to, right[i].to);
    }
}
END_TEST

START_TEST(language_6_2_no_other_words_are_days)
{
    static const struct {
        const char *s;
        uint32_t off, len;
    } wrong[] = {
        {"monday", 0, 6}, {"Mon", 0, 3},  {"mon-", 0, 4},         {"mon-friday", 0, 10}, {"mon-xyz", 4, 3},
        {"", 0, 0},       {"-mon", 0, 0}, {"mon-tue-wed", 0, 11}, {"xyz-mon", 0, 3},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct str s = str_from(wrong[i].s);
        uint8_t from, to;
        ck_assert(!read_day_range(&d, s, place_of(s), &from, &to));
        expect_error(wrong[i].s, "E0150", wrong[i].off, wrong[i].len);
    }
}
END_TEST

START_TEST(language_6_2_the_days_that_were_meant)
{
    static const struct {
        const char *s, *hint;
    } cases[] = {
        {"Monday", "write mon"},
        {"mon..fri", "write mon-fri"},
        {"mon - fri", "write mon-fri"},
        {"Mon-Thursday", "write mon-thu"},
        {"mon to fri", "write mon-fri"},
        {"mon\u2013fri", "write mon-fri"},
        {"tue, wed", "each day is said for itself: tue, then wed"},
        {"sat and sun", "each day is said for itself: sat, then sun"},
        {"mon, tue, wed", "write each day for itself, or a range such as mon-fri"},
        {"weekdays", "write mon, tue, wed, thu, fri, sat or sun, or a range such as mon-fri"},
        {"mon-xyz", "write mon, tue, wed, thu, fri, sat or sun, or a range such as mon-fri"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str s = str_from(cases[i].s);
        uint8_t from, to;
        d = (struct diags){.a = a};
        ck_assert(!read_day_range(&d, s, place_of(s), &from, &to));
        ck_assert(str_eq(d.list.at[0]->hint, str_from(cases[i].hint)));
    }
}
END_TEST

START_TEST(language_6_2_intervals)
{
    static const struct {
        const char *s;
        int from, to;
    } right[] = {
        {"09:00-17:30", 540, 1050}, {"00:00-24:00", 0, 1440}, {"22:00-06:00", 1320, 360},
        {"00:00-00:01", 0, 1},      {"22:00-00:00", 1320, 0}, {"23:59-24:00", 1439, 1440},
    };
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        struct str s = str_from(right[i].s);
        struct interval in;
        ck_assert_msg(read_interval(&d, s, place_of(s), &in), "%s", right[i].s);
        ck_assert_int_eq(in.from_min, right[i].from);
        ck_assert_int_eq(in.to_min, right[i].to);
        ck_assert_uint_eq(in.at.off, 100);
    }
}
END_TEST

START_TEST(language_6_2_wrong_intervals)
{
    static const struct {
        const char *s, *code;
        uint32_t off, len;
    } wrong[] = {
        {"9:00-17:00", "E0151", 0, 10},  {"09:00", "E0151", 0, 5},         {"09:00-", "E0151", 0, 6},
        {"0900-1700", "E0151", 0, 9},    {"09:00-17:0x", "E0151", 0, 11},  {"09:00--17:00", "E0151", 0, 12},
        {"24:00-06:00", "E0152", 0, 5},  {"09:00-24:01", "E0152", 6, 5},   {"09:60-10:00", "E0152", 0, 5},
        {"25:00-26:00", "E0152", 0, 5},  {"08:00-09:99", "E0152", 6, 5},   {"09:00-09:00", "E0153", 0, 11},
        {"00:00-00:00", "E0153", 0, 11}, {" 09:00-10:00", "E0151", 0, 12}, {"", "E0151", 0, 0},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct str s = str_from(wrong[i].s);
        struct interval in;
        ck_assert_msg(!read_interval(&d, s, place_of(s), &in), "%s", wrong[i].s);
        expect_error(wrong[i].s, wrong[i].code, wrong[i].off, wrong[i].len);
    }
}
END_TEST

START_TEST(intervals_meant_are_hinted_at)
{
    static const struct {
        const char *s, *hint;
    } meant[] = {
        {"9:00-17:30", "write 09:00-17:30"},
        {"9-17", "write 09:00-17:00"},
        {"09.30-17.00", "write 09:30-17:00"},
        {"soon", "write it as HH:MM-HH:MM, for example 09:00-17:30"},
    };
    for (size_t i = 0; i < sizeof meant / sizeof *meant; i++) {
        struct str s = str_from(meant[i].s);
        struct interval in;
        ck_assert(!read_interval(&d, s, place_of(s), &in));
        ck_assert_str_eq(d.list.at[i]->hint.p, meant[i].hint);
    }
}
END_TEST

START_TEST(language_6_6_dates_with_and_without_year)
{
    static const struct {
        const char *s;
        int year, month, day;
    } right[] = {
        {"2026-12-24", 2026, 12, 24}, {"12-24", 0, 12, 24},        {"02-29", 0, 2, 29},
        {"2024-02-29", 2024, 2, 29},  {"2000-02-29", 2000, 2, 29}, {"0001-01-01", 1, 1, 1},
        {"9999-12-31", 9999, 12, 31},
    };
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        struct str s = str_from(right[i].s);
        struct date day;
        ck_assert_msg(read_date(&d, s, place_of(s), &day), "%s", right[i].s);
        ck_assert_int_eq(day.year, right[i].year);
        ck_assert_int_eq(day.month, right[i].month);
        ck_assert_int_eq(day.day, right[i].day);
    }
}
END_TEST

START_TEST(language_6_6_wrong_dates)
{
    static const struct {
        const char *s, *code;
    } wrong[] = {
        {"2026-13-01", "E0155"}, {"2026-02-29", "E0155"}, {"1900-02-29", "E0155"}, {"04-31", "E0155"},
        {"00-10", "E0155"},      {"01-00", "E0155"},      {"0000-01-01", "E0155"}, {"26-12-24", "E0154"},
        {"2026-1-1", "E0154"},   {"1-1", "E0154"},        {"24.12.", "E0154"},     {"2026/12/24", "E0154"},
        {"", "E0154"},           {"-2026-1-1", "E0154"},  {"202a-01-01", "E0154"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct str s = str_from(wrong[i].s);
        struct date day;
        ck_assert_msg(!read_date(&d, s, place_of(s), &day), "%s", wrong[i].s);
        expect_error(wrong[i].s, wrong[i].code, 0, (uint32_t)s.len);
    }
}
END_TEST

START_TEST(language_6_6_ranges_of_dates)
{
    struct date_range r;
    struct str one = S("12-24"), round = S("12-20..01-06"), dated = S("2026-12-20..2027-01-06");
    ck_assert(read_date_range(&d, one, place_of(one), &r));
    ck_assert_int_eq(r.to.day, 24);
    ck_assert(read_date_range(&d, round, place_of(round), &r));
    ck_assert(r.from.month == 12 && r.to.month == 1);
    ck_assert(read_date_range(&d, dated, place_of(dated), &r));
    ck_assert(r.from.year == 2026 && r.to.year == 2027);
    static const struct {
        const char *s, *code;
        uint32_t off, len;
    } wrong[] = {
        {"2026-12-20..01-06", "E0156", 0, 17},
        {"12-20..2027-01-06", "E0156", 0, 17},
        {"2027-01-06..2026-12-20", "E0157", 0, 22},
        {"12-24..12-32", "E0155", 7, 5},
        {"12-32..12-24", "E0155", 0, 5},
        {"12-24..", "E0154", 7, 0},
        {"12-24...12-25", "E0154", 7, 6},
        {"12-24-12-26", "E0154", 0, 11},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct str s = str_from(wrong[i].s);
        ck_assert_msg(!read_date_range(&d, s, place_of(s), &r), "%s", wrong[i].s);
        expect_error(wrong[i].s, wrong[i].code, wrong[i].off, wrong[i].len);
    }
}
END_TEST

START_TEST(places_within_a_text_spelled_otherwise_are_the_whole_of_it)
{
    struct str s = S("12-24..12-32");
    struct date_range r;
    ck_assert(!read_date_range(&d, s, (struct span){0, 100, 17}, &r)); /* '12-24..12\x2d32' in YAML */
    expect_error("escaped", "E0155", 0, 17);
}
END_TEST

START_TEST(language_2_2_durations)
{
    static const struct {
        const char *s;
        uint64_t sec;
    } right[] = {
        {"90s", 90},
        {"15m", 900},
        {"2h", 7200},
        {"1d", 86400},
        {"1h30m", 5400},
        {"1d2h3m4s", 93784},
        {"0", 0},
        {"0s", 0},
        {"1d1s", 86401},
        {"4294967295s", 4294967295u},
        {"49710d", 4294944000u},
        {"05m", 300},
    };
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        struct str s = str_from(right[i].s);
        struct duration out;
        ck_assert_msg(read_duration(&d, s, place_of(s), &out), "%s", right[i].s);
        ck_assert_uint_eq(out.sec, right[i].sec);
    }
}
END_TEST

START_TEST(language_2_2_wrong_durations)
{
    static const struct {
        const char *s, *code;
    } wrong[] = {
        {"90", "E0158"},
        {"", "E0158"},
        {"h", "E0158"},
        {"1h1h", "E0158"},
        {"30m1h", "E0158"},
        {"1 h", "E0158"},
        {"-1h", "E0158"},
        {"1.5h", "E0158"},
        {"2hours", "E0158"},
        {"1w", "E0158"},
        {"00", "E0158"},
        {"1h30", "E0158"},
        {"4294967296s", "E0159"},
        {"49711d", "E0159"},
        {"49710d6h28m16s", "E0159"},
        {"99999999999999999999d", "E0159"},
        {"999999999d", "E0159"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct str s = str_from(wrong[i].s);
        struct duration out;
        ck_assert_msg(!read_duration(&d, s, place_of(s), &out), "%s", wrong[i].s);
        expect_error(wrong[i].s, wrong[i].code, 0, (uint32_t)s.len);
    }
}
END_TEST

START_TEST(language_6_1_every_n_weeks_from)
{
    struct str s = S("6 weeks from 2026-03-02");
    uint32_t weeks;
    struct date from;
    ck_assert(read_every(&d, s, place_of(s), &weeks, &from));
    ck_assert_uint_eq(weeks, 6);
    ck_assert(from.year == 2026 && from.month == 3 && from.day == 2);
    static const struct {
        const char *s, *code;
        uint32_t off, len;
    } wrong[] = {
        {"6 weeks", "E0160", 0, 7},
        {"6 months from 2026-03-02", "E0160", 0, 24},
        {"0 weeks from 2026-03-02", "E0161", 0, 1},
        {"six weeks from 2026-03-02", "E0161", 0, 3},
        {"5201 weeks from 2026-03-02", "E0161", 0, 4},
        {"6 weeks from 03-02", "E0162", 13, 5},
        {"6 weeks from 2026-03-32", "E0155", 13, 10},
        {"6 weeks from 2026-03-02 on", "E0160", 0, 26},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        s = str_from(wrong[i].s);
        ck_assert_msg(!read_every(&d, s, place_of(s), &weeks, &from), "%s", wrong[i].s);
        expect_error(wrong[i].s, wrong[i].code, wrong[i].off, wrong[i].len);
    }
    s = S("5200 weeks from 2026-03-02");
    ck_assert(read_every(&d, s, place_of(s), &weeks, &from));
}
END_TEST

START_TEST(language_4_2_numbers_as_in_json)
{
    static const char *const right[] = {"0",   "-0",   "5",       "-5",  "1.5",
                                        "1e3", "1E+3", "1.25e-2", "0.5", "1e-400"};
    static const char *const wrong[] = {"",   "-",   "+5",   "05",    "1.",     ".5",
                                        "1e", "1e+", "0x10", "1_000", "NaN",    "Infinity",
                                        "1 ", " 1",  "1,5",  "1e400", "-1e999", "5x"};
    double number;
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        ck_assert_msg(read_number(str_from(right[i]), &number), "%s", right[i]);
        ck_assert(number == strtod(right[i], NULL));
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        ck_assert_msg(!read_number(str_from(wrong[i]), &number), "%s", wrong[i]);
    ck_assert(read_number(S("-0"), &number) && signbit(number));
}
END_TEST

START_TEST(a_number_ends_where_its_text_does)
{
    double number;
    ck_assert(read_number((struct str){"123456", 3}, &number));
    ck_assert(number == 123);
}
END_TEST

START_TEST(whole_numbers_fit_in_64_bits)
{
    int64_t n;
    ck_assert(read_integer(S("9223372036854775807"), &n) && n == INT64_MAX);
    ck_assert(read_integer(S("-9223372036854775808"), &n) && n == INT64_MIN);
    ck_assert(read_integer(S("0"), &n) && n == 0);
    ck_assert(read_integer(S("-17"), &n) && n == -17);
    static const char *const wrong[] = {"9223372036854775808",
                                        "-9223372036854775809",
                                        "",
                                        "-",
                                        "1.0",
                                        "1e2",
                                        "01",
                                        "+1",
                                        "99999999999999999999999",
                                        "1_0"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        ck_assert_msg(!read_integer(str_from(wrong[i]), &n), "%s", wrong[i]);
}
END_TEST

START_TEST(days_are_counted_from_1970)
{
    static const struct {
        struct date day;
        int32_t days;
    } right[] = {
        {{1970, 1, 1}, 0},       {{1969, 12, 31}, -1}, {{2000, 2, 29}, 11016},    {{2000, 3, 1}, 11017},
        {{2026, 11, 21}, 20778}, {{1, 1, 1}, -719162}, {{9999, 12, 31}, 2932896},
    };
    for (size_t i = 0; i < sizeof right / sizeof *right; i++)
        ck_assert_int_eq(date_days(right[i].day), right[i].days);
}
END_TEST

START_TEST(language_1_3_names_are_nfc)
{
    struct span at = {0, 1, 2};
    struct name n = ast_name(a, S("e\u0301"), at);
    ck_assert(str_eq(n.s, S("\u00e9")));
    ck_assert(n.at.off == 1 && n.at.len == 2);
    struct str plain = S("refund");
    ck_assert(ast_name(a, plain, at).s.p == plain.p); /* not copied */
}
END_TEST

int main(void)
{
    Suite *s = suite_create("units");
    TCase *t = tcase_create("units");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, language_6_2_days_and_ranges_of_days);
    tcase_add_test(t, language_6_2_no_other_words_are_days);
    tcase_add_test(t, language_6_2_the_days_that_were_meant);
    tcase_add_test(t, language_6_2_intervals);
    tcase_add_test(t, language_6_2_wrong_intervals);
    tcase_add_test(t, intervals_meant_are_hinted_at);
    tcase_add_test(t, language_6_6_dates_with_and_without_year);
    tcase_add_test(t, language_6_6_wrong_dates);
    tcase_add_test(t, language_6_6_ranges_of_dates);
    tcase_add_test(t, places_within_a_text_spelled_otherwise_are_the_whole_of_it);
    tcase_add_test(t, language_2_2_durations);
    tcase_add_test(t, language_2_2_wrong_durations);
    tcase_add_test(t, language_6_1_every_n_weeks_from);
    tcase_add_test(t, language_4_2_numbers_as_in_json);
    tcase_add_test(t, a_number_ends_where_its_text_does);
    tcase_add_test(t, whole_numbers_fit_in_64_bits);
    tcase_add_test(t, days_are_counted_from_1970);
    tcase_add_test(t, language_1_3_names_are_nfc);
    suite_add_tcase(s, t);
    return run_suite(s);
}
