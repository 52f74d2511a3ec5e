/* Dates by arithmetic (runtime/calendar.h), each day of the years that a table can name, beside counting. */
#include <check.h>

#include "../../runtime/calendar.h"
#include "run_suite.h"

static const unsigned lens[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

static bool leaps(int64_t year)
{
    return year % 400 == 0 || (year % 4 == 0 && year % 100 != 0);
}

START_TEST(every_day_from_the_year_minus_one_on)
{
    int64_t day = cal_days(-1, 1, 1);
    unsigned weekday = cal_weekday(day);
    for (int64_t year = -1; year <= 10001; year++) {
        ck_assert(cal_leap(year) == leaps(year));
        for (unsigned month = 1; month <= 12; month++) {
            unsigned len = lens[month - 1] + (month == 2 && leaps(year));
            ck_assert_uint_eq(cal_month_len(year, month), len);
            for (unsigned d = 1; d <= len; d++, day++, weekday = (weekday + 1) % 7) {
                struct cal_date date = cal_civil(day);
                if (cal_days(year, month, d) != day || cal_weekday(day) != weekday || date.year != year ||
                    date.month != month || date.day != d)
                    ck_abort_msg("%d-%u-%u", (int)year, month, d);
            }
        }
    }
}
END_TEST

START_TEST(the_day_1970_01_01_is_0_and_a_thursday)
{
    ck_assert_int_eq(cal_days(1970, 1, 1), 0);
    ck_assert_uint_eq(cal_weekday(0), 3);
    ck_assert_int_eq(cal_days(2026, 11, 22), 20779);
    ck_assert_uint_eq(cal_weekday(20779), 6);
    ck_assert_int_eq(cal_floor_div(-1, 7), -1);
    ck_assert_int_eq(cal_floor_div(-7, 7), -1);
    ck_assert_int_eq(cal_floor_div(-8, 7), -2);
    ck_assert_int_eq(cal_floor_div(7, 7), 1);
}
END_TEST

/* A day keeps its place in every year, and February 29th has one of its own. */
START_TEST(places_in_a_leap_year)
{
    for (int64_t year = 2023; year <= 2024; year++) {
        int32_t place = 0;
        for (unsigned month = 1; month <= 12; month++) {
            for (unsigned d = 1; d <= lens[month - 1] + (month == 2); d++, place++) {
                ck_assert_int_eq(cal_place_of(month, d), place);
                if (month == 2 && d == 29 && !leaps(year)) continue;
                ck_assert_int_eq(cal_place(cal_days(year, month, d)), place);
            }
        }
        ck_assert_int_eq(place, CAL_PLACE_COUNT);
    }
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("calendar");
    tcase_set_timeout(t, 0);
    tcase_add_test(t, every_day_from_the_year_minus_one_on);
    tcase_add_test(t, the_day_1970_01_01_is_0_and_a_thursday);
    tcase_add_test(t, places_in_a_leap_year);
    Suite *suite = suite_create("calendar");
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
