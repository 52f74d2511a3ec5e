/*
 * Ranges of dates, zones and hours (docs/TABLE-FORMAT.md 4.6 to 4.8) with one defect each: where the verifier
 * finds it and what it says; and beside them what stands at the edge of what may be, which must open.
 */
#include "run_suite.h"
#include "table_rows.h"

#include <check.h>
#include <string.h>

static const char no_string[] = "no such string", no_days[] = "no such days",
                  reserved[] = "reserved bytes are not zero";

START_TEST(table_format_4_6_ranges_of_dates)
{
    static const char there[] = "its dates are not there", wrong[] = "its dates are wrong or out of order";
    static const struct table_row rows[] = {
        {{E(WINDOW, 0, tf_range, from, -3652500)}, OPENS},
        {{E(WINDOW, 0, tf_range, from, -3652501)}, IS(WINDOW_SET, 0, wrong)},
        {{E(WINDOW, 0, tf_range, to, 3652500)}, OPENS},
        {{E(WINDOW, 0, tf_range, to, 3652501)}, IS(WINDOW_SET, 0, wrong)},
        {{E(WINDOW, 0, tf_range, to, 3)}, IS(WINDOW_SET, 0, wrong)},
        {{E(WINDOW, 3, tf_range, to, 10)}, OPENS},
        {{E(WINDOW, 3, tf_range, to, 21)}, IS(WINDOW_SET, 3, wrong)}, /* one range, not two */
        {{E(WINDOW, 4, tf_range, from, 21)}, IS(WINDOW_SET, 3, wrong)},
        {{E(WINDOW, 4, tf_range, from, 366), E(WINDOW, 4, tf_range, to, 366)}, OPENS},
        {{E(WINDOW, 5, tf_range, from, 365), E(WINDOW, 5, tf_range, to, 365),
          E(WINDOW_SET, 4, tf_window_set, yearly_count, 1)},
         OPENS},
        {{E(WINDOW, 5, tf_range, to, 366), E(WINDOW_SET, 4, tf_window_set, yearly_count, 1)},
         IS(WINDOW_SET, 4, wrong)},
        {{E(WINDOW, 5, tf_range, from, 366), E(WINDOW_SET, 4, tf_window_set, yearly_count, 1)},
         IS(WINDOW_SET, 4, wrong)},
        {{E(WINDOW, 6, tf_range, to, 100)},
         IS(WINDOW_SET, 4, wrong)},                 /* round the year's end into the first */
        {{E(WINDOW, 6, tf_range, to, 350)}, OPENS}, /* one day: it does not wrap */
        {{E(WINDOW, 5, tf_range, to, 90)}, IS(WINDOW_SET, 4, wrong)}, /* only the last may wrap */
        {{E(WINDOW_SET, 4, tf_window_set, yearly_count, 3)}, IS(WINDOW_SET, 4, there)},
        {{E(WINDOW_SET, 4, tf_window_set, dated_count, 1)}, IS(WINDOW_SET, 4, there)},
        {{E(WINDOW_SET, 4, tf_window_set, yearly_count, 0)}, IS(WINDOW_SET, 4, there)},
    };
    CHECK_ROWS(rows);
}
END_TEST

START_TEST(table_format_4_7_zones)
{
    static const char types[] = "its types do not follow those before",
                      changes[] = "its changes do not follow those before",
                      rule[] = "a rule for ever after that cannot be", offset[] = "an offset that cannot be";
    static const struct table_row rows[] = {
        {{E(ZONE, 1, tf_zone, name, LAST_STRING)}, OPENS},
        {{E(ZONE, 1, tf_zone, name, NO_STRING)}, IS(ZONE, 1, no_string)},
        {{E(ZONE, 1, tf_zone, reserved, UINT64_C(1) << 16)}, IS(ZONE, 1, reserved)},
        {{E(ZONE, 1, tf_zone, type_first, 0)}, IS(ZONE, 1, types)},
        {{E(ZONE, 1, tf_zone, type_first, 2), E(ZONE, 1, tf_zone, type_count, 1)}, IS(ZONE, 1, types)},
        {{E(ZONE, 1, tf_zone, type_count, 3)}, IS(ZONE, 1, types)},
        {{E(ZONE, 1, tf_zone, type_first, 0), E(ZONE, 1, tf_zone, type_count, 0)}, IS(ZONE, 1, types)},
        {{E(ZONE, 1, tf_zone, change_first, 0)}, IS(ZONE, 1, changes)},
        {{E(ZONE, 1, tf_zone, change_count, 3)}, IS(ZONE, 1, changes)},
        {{E(ZONE, 1, tf_zone, change_first, 0), E(ZONE, 1, tf_zone, change_count, 0)}, OPENS},
        {{E(ZONE_CHANGE, 1, tf_zone_change, type, 2)}, IS(ZONE_CHANGE, 1, "no such type in its zone")},
        {{E(ZONE_CHANGE, 2, tf_zone_change, at, 100)}, IS(ZONE_CHANGE, 2, "changes do not rise")},
        {{E(ZONE_CHANGE, 1, tf_zone_change, at, UINT64_MAX - 1000)}, OPENS}, /* before 1970 */
        {{E(ZONE_CHANGE, 2, tf_zone_change, reserved, 1)}, IS(ZONE_CHANGE, 2, reserved)},
        {{E(ZONE_TYPE, 2, tf_zone_type, offset_sec, 93599)}, OPENS},
        {{E(ZONE_TYPE, 2, tf_zone_type, offset_sec, 93600)}, IS(ZONE_TYPE, 2, offset)},
        {{E(ZONE_TYPE, 2, tf_zone_type, offset_sec, -93599)}, OPENS},
        {{E(ZONE_TYPE, 2, tf_zone_type, offset_sec, -93600)}, IS(ZONE_TYPE, 2, offset)},
        {{E(ZONE_TYPE, 2, tf_zone_type, isdst, 2)}, IS(ZONE_TYPE, 2, offset)},
        {{E(ZONE_TYPE, 2, tf_zone_type, reserved, UINT64_C(1) << 16)}, IS(ZONE_TYPE, 2, reserved)},
        {{E(ZONE, 1, tf_zone, has_rule, 3)}, IS(ZONE, 1, rule)},
        {{E(ZONE, 1, tf_zone, has_rule, 2), E(ZONE, 1, tf_zone, to_dst.month, 13)}, OPENS}, /* not read */
        {{E(ZONE, 1, tf_zone, std_offset_sec, 93599)}, OPENS},
        {{E(ZONE, 1, tf_zone, std_offset_sec, 93600)}, IS(ZONE, 1, rule)},
        {{E(ZONE, 1, tf_zone, dst_offset_sec, -93600)}, IS(ZONE, 1, rule)},
        {{E(ZONE, 1, tf_zone, std_isdst, 1)}, OPENS},
        {{E(ZONE, 1, tf_zone, std_isdst, 2)}, IS(ZONE, 1, rule)},
        {{E(ZONE, 1, tf_zone, dst_isdst, 2)}, IS(ZONE, 1, rule)},
        {{E(ZONE, 1, tf_zone, to_dst.month, 0)}, IS(ZONE, 1, rule)},
        {{E(ZONE, 1, tf_zone, to_dst.month, 1)}, OPENS},
        {{E(ZONE, 1, tf_zone, to_std.month, 12)}, OPENS},
        {{E(ZONE, 1, tf_zone, to_std.month, 13)}, IS(ZONE, 1, rule)},
        {{E(ZONE, 1, tf_zone, to_std.week, 0)}, IS(ZONE, 1, rule)},
        {{E(ZONE, 1, tf_zone, to_std.week, 1)}, OPENS},
        {{E(ZONE, 1, tf_zone, to_std.week, 6)}, IS(ZONE, 1, rule)},
        {{E(ZONE, 1, tf_zone, to_dst.wday, 6)}, OPENS},
        {{E(ZONE, 1, tf_zone, to_dst.wday, 7)}, IS(ZONE, 1, rule)},
        {{E(ZONE, 1, tf_zone, to_dst.time_sec, 604799)}, OPENS},
        {{E(ZONE, 1, tf_zone, to_dst.time_sec, 604800)}, IS(ZONE, 1, rule)},
        {{E(ZONE, 1, tf_zone, to_dst.time_sec, -604799)}, OPENS},
        {{E(ZONE, 1, tf_zone, to_dst.time_sec, -604800)}, IS(ZONE, 1, rule)},
        {{E(ZONE, 1, tf_zone, to_dst.kind, 1)}, IS(ZONE, 1, rule)},
        {{E(ZONE, 1, tf_zone, to_dst.kind, 1), E(ZONE, 1, tf_zone, to_dst.yday, 1)}, OPENS},
        {{E(ZONE, 1, tf_zone, to_dst.kind, 1), E(ZONE, 1, tf_zone, to_dst.yday, 365)}, OPENS},
        {{E(ZONE, 1, tf_zone, to_dst.kind, 1), E(ZONE, 1, tf_zone, to_dst.yday, 366)}, IS(ZONE, 1, rule)},
        {{E(ZONE, 1, tf_zone, to_dst.kind, 2)}, OPENS},
        {{E(ZONE, 1, tf_zone, to_dst.kind, 2), E(ZONE, 1, tf_zone, to_dst.yday, 365)}, OPENS},
        {{E(ZONE, 1, tf_zone, to_dst.kind, 2), E(ZONE, 1, tf_zone, to_dst.yday, 366)}, IS(ZONE, 1, rule)},
        {{E(ZONE, 1, tf_zone, to_dst.kind, 3)}, IS(ZONE, 1, rule)},
    };
    CHECK_ROWS(rows);
}
END_TEST

START_TEST(table_format_4_8_hours)
{
    static const char wrong[] = "its dates are wrong or out of order",
                      intervals[] = "its intervals are wrong or out of order",
                      own[] = "outside of hours, and hours of its own";
    static const struct table_row rows[] = {
        {{E(INTERVAL, 1, tf_interval, to_min, 1440)}, OPENS},
        {{E(INTERVAL, 1, tf_interval, to_min, 1441)}, IS(DAY, 0, intervals)},
        {{E(INTERVAL, 0, tf_interval, from_min, 720)}, IS(DAY, 0, intervals)},
        {{E(INTERVAL, 0, tf_interval, from_min, 719)}, OPENS},
        {{E(INTERVAL, 0, tf_interval, to_min, 729)}, OPENS},
        {{E(INTERVAL, 0, tf_interval, to_min, 730)}, IS(DAY, 0, intervals)},
        {{E(DAY, 0, tf_day, interval_count, 3)}, IS(DAY, 0, "its intervals are not there")},
        {{E(DAY, 1, tf_day, interval_first, 1)}, IS(DAY, 1, "its intervals are not there")},
        {{E(DAY, 1, tf_day, interval_first, 1), E(DAY, 1, tf_day, interval_count, 1)}, OPENS},
        {{E4(WEEK, 0, 0, 1)}, OPENS},
        {{E4(WEEK, 0, 0, 2)}, IS(WEEK, 0, "no such day")},
        {{E4(WEEK, 0, 24, 1)}, OPENS},
        {{E4(WEEK, 0, 24, 2)}, IS(WEEK, 0, "no such day")},
        {{E(SEASON, 1, tf_season, week, 1)}, IS(SEASON, 1, "no such week")},
        {{E(SPECIAL, 2, tf_special, hours, 2)}, IS(SPECIAL, 2, "no such day")},
        {{E(HOURS, 1, tf_hours, name, LAST_STRING)}, OPENS},
        {{E(HOURS, 1, tf_hours, name, NO_STRING)}, IS(HOURS, 1, no_string)},
        {{E(HOURS, 1, tf_hours, zone, 1)}, OPENS},
        {{E(HOURS, 1, tf_hours, zone, 2)}, IS(HOURS, 1, "no such zone")},
        {{E(HOURS, 0, tf_hours, zone, 0)}, IS(HOURS, 0, "no such zone")},
        {{E(HOURS, 0, tf_hours, outside, 0)}, IS(HOURS, 0, "no such zone")},
        {{E(HOURS, 1, tf_hours, closed, 4)}, OPENS},
        {{E(HOURS, 1, tf_hours, closed, 5)}, IS(HOURS, 1, no_days)},
        {{E(HOURS, 1, tf_hours, holidays_count, 0)}, OPENS},
        {{E(HOURS, 1, tf_hours, holidays_first, 1), E(HOURS, 1, tf_hours, holidays_count, 0)},
         IS(HOURS, 1, no_days)}, /* an empty list begins at 0 */
        {{E(HOURS, 1, tf_hours, holidays_first, 11), E(HOURS, 1, tf_hours, holidays_count, 1)},
         IS(HOURS, 1, no_days)}, /* LIST 11 is 5, of five sets */
        {{E(HOURS, 1, tf_hours, holidays_first, 10), E(HOURS, 1, tf_hours, holidays_count, 1)}, OPENS},
        {{E(HOURS, 1, tf_hours, holidays_first, 11), E(HOURS, 1, tf_hours, holidays_count, 2)},
         IS(HOURS, 1, no_days)}, /* it is not there */
        {{E(HOURS, 1, tf_hours, breaks, 0)}, OPENS},
        {{E(HOURS, 1, tf_hours, breaks, 1)}, IS(HOURS, 1, "no such breaks")},
        {{E(HOURS, 2, tf_hours, every_from, 3652500)}, OPENS},
        {{E(HOURS, 2, tf_hours, every_from, 3652501)}, IS(HOURS, 2, reserved)},
        {{E(HOURS, 2, tf_hours, every_from, -3652501)}, IS(HOURS, 2, reserved)},
        {{E(HOURS, 2, tf_hours, every_weeks, 0)}, OPENS},
        {{E(HOURS, 1, tf_hours, week, 1)}, IS(HOURS, 1, "no such week")},
        {{E(HOURS, 0, tf_hours, week, 0)}, IS(HOURS, 0, "no such week")},
        {{E(HOURS, 1, tf_hours, chain, 1)}, IS(HOURS, 1, "a chain that is not there")},
        {{E(HOURS, 2, tf_hours, chain, 2)}, IS(HOURS, 2, "a chain too long")},
        {{E(HOURS, 2, tf_hours, outside, 0)}, OPENS},
        {{E(HOURS, 2, tf_hours, outside, 2)}, IS(HOURS, 2, "outside of hours that are not before these")},
        {{E(HOURS, 2, tf_hours, week, 0)}, IS(HOURS, 2, own)},
        {{E(HOURS, 2, tf_hours, closed, 0)}, IS(HOURS, 2, own)},
        {{E(HOURS, 2, tf_hours, holidays_count, 1)}, IS(HOURS, 2, own)},
        {{E(HOURS, 2, tf_hours, breaks, 0)}, IS(HOURS, 2, own)},
        {{E(HOURS, 2, tf_hours, season_dated_count, 1)}, IS(HOURS, 2, own)},
        {{E(HOURS, 2, tf_hours, season_yearly_count, 1), E(HOURS, 2, tf_hours, season_first, 1)},
         IS(HOURS, 2, own)},
        {{E(HOURS, 2, tf_hours, special_dated_count, 1)}, IS(HOURS, 2, own)},
        {{E(HOURS, 2, tf_hours, special_yearly_count, 1), E(HOURS, 2, tf_hours, special_first, 1)},
         IS(HOURS, 2, own)},
        {{E(HOURS, 1, tf_hours, always, 1)}, IS(HOURS, 1, "only the first is always open")},
        {{E(HOURS, 0, tf_hours, always, 2)}, IS(HOURS, 0, "only the first is always open")},
        /* seasons may follow each other at once, in both parts of their list */
        {{E(SEASON, 1, tf_season, from, 121), E(SEASON, 1, tf_season, to, 130),
          E(HOURS, 1, tf_hours, season_dated_count, 2), E(HOURS, 1, tf_hours, season_yearly_count, 0)},
         OPENS},
        {{E(SEASON, 1, tf_season, from, 120), E(SEASON, 1, tf_season, to, 130),
          E(HOURS, 1, tf_hours, season_dated_count, 2), E(HOURS, 1, tf_hours, season_yearly_count, 0)},
         IS(HOURS, 1, wrong)},
        {{E(SPECIAL, 2, tf_special, day, 200)}, IS(HOURS, 1, wrong)},
        {{E(SPECIAL, 2, tf_special, day, 365)}, OPENS},
        {{E(SPECIAL, 2, tf_special, day, 366)}, IS(HOURS, 1, wrong)},
        {{E(SPECIAL, 0, tf_special, day, 100000)}, OPENS},
    };
    CHECK_ROWS(rows);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("corrupt_hours");
    tcase_set_timeout(t, 0);
    tcase_add_test(t, table_format_4_6_ranges_of_dates);
    tcase_add_test(t, table_format_4_7_zones);
    tcase_add_test(t, table_format_4_8_hours);
    Suite *suite = suite_create("corrupt_hours");
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
