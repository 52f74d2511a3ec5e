/* Instants and dates as desk.md 1.1 has them. */
#include "rfc3339.h"
#include "run_suite.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *text;
    int64_t at_sec;
} good[] = {
    {"1970-01-01T00:00:00Z", 0},
    {"1970-01-01t00:00:00z", 0},
    {"1970-01-01T01:00:00+01:00", 0},
    {"1969-12-31T18:30:00-05:30", 0},
    {"1970-01-01T00:00:00-00:00", 0},
    {"1970-01-01T00:00:00.999999999999999999999Z", 0},
    {"1969-12-31T23:59:59.9Z", -1},
    {"2000-02-29T12:00:00Z", 951825600},
    {"2026-03-02T09:15:00Z", 1772442900},
    {"2038-01-19T03:14:08Z", 2147483648},
    {"0000-01-01T00:00:00Z", INT64_C(-62167219200)},
    {"9999-12-31T23:59:59Z", INT64_C(253402300799)},
    {"2026-03-02T23:59:59+23:59", INT64_C(1772409659)},
};

static const char *const bad[] = {
    "",
    "2026-03-02",
    "2026-03-02T09:15:00",
    "2026-03-02 09:15:00Z",
    "2026-03-02T09:15Z",
    "2026-03-02T09:15:60Z",
    "2026-03-02T24:00:00Z",
    "2026-03-02T09:60:00Z",
    "2026-02-29T09:15:00Z",
    "1900-02-29T09:15:00Z",
    "2026-13-02T09:15:00Z",
    "2026-00-02T09:15:00Z",
    "2026-04-31T09:15:00Z",
    "2026-04-00T09:15:00Z",
    "2026-03-02T09:15:00.Z",
    "2026-03-02T09:15:00,5Z",
    "2026-03-02T09:15:00+0100",
    "2026-03-02T09:15:00+01",
    "2026-03-02T09:15:00+24:00",
    "2026-03-02T09:15:00+01:60",
    "2026-03-02T09:15:00ZZ",
    " 2026-03-02T09:15:00Z",
    "2026-03-02T09:15:00Z ",
    "+026-03-02T09:15:00Z",
    "2026-3-02T09:15:00Z0",
    "2026-03-02T09:15:0 Z",
    "2026/03/02T09:15:00Z",
    "2026-03-02T09.15.00Z",
    "2026-03-02T09:15:00+01-00",
};

START_TEST(desk_1_1_times_are_rfc_3339)
{
    int64_t at_sec = 7;
    ck_assert_msg(parse_rfc3339(good[_i].text, strlen(good[_i].text), &at_sec), "%s", good[_i].text);
    ck_assert_int_eq(at_sec, good[_i].at_sec);
}
END_TEST

START_TEST(desk_1_1_other_forms_are_errors)
{
    int64_t at_sec = 7;
    ck_assert_msg(!parse_rfc3339(bad[_i], strlen(bad[_i]), &at_sec), "%s", bad[_i]);
    ck_assert_int_eq(at_sec, 7);
}
END_TEST

/* Written, an instant reads as itself: the last and first second of every day of 10,000 years. */
START_TEST(desk_7_1_an_instant_written_reads_as_itself)
{
    char text[RFC3339_LEN + 1], last[RFC3339_LEN + 1] = "";
    int64_t back;
    for (int64_t day = INT64_C(-62167219200) / 86400; day <= INT64_C(253402300799) / 86400; day++)
        for (int64_t at = day * 86400; at < (day + 1) * 86400; at += 86399) {
            write_rfc3339(at, text);
            if (!parse_rfc3339(text, RFC3339_LEN, &back) || back != at) ck_abort_msg("%s", text);
            if (strcmp(last, text) >= 0) ck_abort_msg("%s after %s", text, last);
            memcpy(last, text, sizeof last);
        }
    write_rfc3339(1772442900, text);
    ck_assert_str_eq(text, "2026-03-02T09:15:00Z");
}
END_TEST

/* Every day of 800 years follows the one before it by 86,400 seconds. */
START_TEST(days_follow_each_other)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int32_t expected = 0, day;
    char text[32];
    for (int year = 1970; year < 2770; year++)
        for (int month = 1; month <= 12; month++) {
            bool leap = month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            for (int d = 1; d <= lengths[month - 1] + leap; d++) {
                snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, d);
                ck_assert_msg(parse_date(text, &day), "%s", text);
                ck_assert_int_eq(day, expected++);
            }
        }
}
END_TEST

START_TEST(a_date_is_ten_characters)
{
    int32_t day;
    ck_assert(!parse_date("2026-11-2", &day));
    ck_assert(!parse_date("2026-11-20T", &day));
    ck_assert(!parse_date("2026-11-31", &day));
}
END_TEST

int main(void)
{
    Suite *s = suite_create("rfc3339");
    TCase *t = tcase_create("rfc3339");
    tcase_add_loop_test(t, desk_1_1_times_are_rfc_3339, 0, sizeof good / sizeof *good);
    tcase_add_loop_test(t, desk_1_1_other_forms_are_errors, 0, sizeof bad / sizeof *bad);
    tcase_add_test(t, desk_7_1_an_instant_written_reads_as_itself);
    tcase_add_test(t, days_follow_each_other);
    tcase_add_test(t, a_date_is_ten_characters);
    suite_add_tcase(s, t);
    return run_suite(s);
}
