/*
 * A zone's rule for ever after (TABLE-FORMAT 4.7), by rules that no zone has and the format allows: changes
 * that swap places at the turn of the year, fall on one instant, or are named by days of the year. Each
 * instant is asked of the plain way and of the faster one.
 */
#include <check.h>

#include "../../runtime/zone_rule.h"
#include "run_suite.h"

static int64_t utc(int64_t year, unsigned month, unsigned day, int hour)
{
    return cal_days(year, month, day) * CAL_DAY_SEC + hour * 3600;
}

/* Days of the year from 0 on (kind 2), or from 1 on without February 29th (kind 1). */
static struct tf_zone_rule on_day(unsigned kind, uint32_t yday, int hours)
{
    return (struct tf_zone_rule){
        .kind = (uint8_t)kind, .yday = to_le32(yday), .time_sec = to_le32((uint32_t)(hours * 3600))};
}

static struct tf_zone zone(struct tf_zone_rule to_dst, struct tf_zone_rule to_std)
{
    struct tf_zone z = {.has_rule = 1, .std_offset_sec = to_le32(0), .dst_offset_sec = to_le32(3600)};
    z.dst_isdst = to_le32(1);
    z.to_dst = to_dst, z.to_std = to_std;
    ck_assert(zone_rule_ok(&z));
    return z;
}

static void expect(const struct tf_zone *z, int64_t at, bool dst, int64_t from, int64_t until)
{
    struct zone_span ways[] = {zone_rule_span_plain(z, at), zone_rule_span(z, at)};
    for (int i = 0; i < 2; i++) {
        ck_assert_msg(ways[i].isdst == dst && ways[i].offset_sec == (dst ? 3600 : 0), "%d: dst %d", i,
                      ways[i].isdst);
        ck_assert_msg(ways[i].from == from, "%d: from %ld, not %ld", i, (long)ways[i].from, (long)from);
        ck_assert_msg(ways[i].until == until, "%d: until %ld, not %ld", i, (long)ways[i].until, (long)until);
    }
}

/* Its first and last second, and those beside it. */
static void expect_span(const struct tf_zone *z, bool dst, int64_t from, int64_t until)
{
    expect(z, from, dst, from, until);
    expect(z, until - 1, dst, from, until);
    expect(z, from + (until - from) / 2, dst, from, until);
}

START_TEST(table_format_4_7_north_and_south)
{
    struct tf_zone_rule march = {.month = 3, .week = 5, .time_sec = to_le32(7200)},
                        october = {.month = 10, .week = 1, .wday = 3, .time_sec = to_le32(10800)};
    struct tf_zone north = zone(march, october), south = zone(october, march);
    expect_span(&north, true, utc(2026, 3, 29, 2), utc(2026, 10, 7, 2));
    expect_span(&north, false, utc(2025, 10, 1, 2), utc(2026, 3, 29, 2));
    expect_span(&south, true, utc(2026, 10, 7, 3), utc(2027, 3, 28, 1));
    expect_span(&south, false, utc(2026, 3, 29, 1), utc(2026, 10, 7, 3));
    expect_span(&north, true, utc(1850, 3, 31, 2), utc(1850, 10, 2, 2)); /* before times are positive */
    expect_span(&south, false, utc(1850, 3, 31, 1), utc(1850, 10, 2, 3));
}
END_TEST

/* J60 is March 1st in every year, 59 from 0 on is February 29th where there is one. */
START_TEST(table_format_4_7_days_of_the_year)
{
    struct tf_zone julian = zone(on_day(1, 60, 0), on_day(1, 365, 0)),
                   plain = zone(on_day(2, 59, 0), on_day(2, 364, 0)),
                   before = zone(on_day(1, 59, 0), on_day(1, 365, 0));
    expect_span(&julian, true, utc(2027, 3, 1, 0), utc(2027, 12, 30, 23));
    expect_span(&julian, true, utc(2028, 3, 1, 0), utc(2028, 12, 30, 23));
    expect_span(&plain, true, utc(2027, 3, 1, 0), utc(2027, 12, 30, 23));
    expect_span(&plain, true, utc(2028, 2, 29, 0), utc(2028, 12, 29, 23));
    expect_span(&before, true, utc(2028, 2, 28, 0), utc(2028, 12, 30, 23));
}
END_TEST

/* The year's end comes a week late, when the next year's summer has begun already. */
START_TEST(table_format_4_7_changes_that_swap_places)
{
    struct tf_zone z = zone(on_day(2, 0, 0), on_day(2, 364, 167));
    expect_span(&z, true, utc(2027, 1, 1, 0), utc(2027, 1, 6, 22));
    expect_span(&z, false, utc(2027, 1, 6, 22), utc(2028, 1, 1, 0));
    struct tf_zone other = zone(on_day(2, 364, 167), on_day(2, 0, 0));
    expect_span(&other, false, utc(2026, 12, 31, 23), utc(2027, 1, 6, 23));
    expect_span(&other, true, utc(2027, 1, 6, 23), utc(2027, 12, 31, 23));
}
END_TEST

/* The year ends as the next one begins: that of the later year counts, and winter never comes. */
START_TEST(table_format_4_7_changes_at_one_instant)
{
    struct tf_zone z = zone(on_day(2, 0, 0), on_day(1, 365, 25));
    for (int month = 1; month <= 12; month++) {
        ck_assert(zone_rule_span_plain(&z, utc(2027, (unsigned)month, 1, 0)).isdst);
        ck_assert(zone_rule_span(&z, utc(2027, (unsigned)month, 1, 0)).isdst);
    }
    expect_span(&z, true, utc(2027, 1, 1, 0), utc(2028, 1, 1, 0));
}
END_TEST

START_TEST(table_format_4_7_no_rule)
{
    struct tf_zone z = {.has_rule = 2, .std_offset_sec = to_le32(0), .dst_offset_sec = to_le32(3600)};
    expect(&z, utc(2027, 1, 1, 0), false, INT64_MIN, INT64_MAX);
    struct tf_zone dated = zone(on_day(1, 60, 0), on_day(1, 300, 0));
    dated.has_rule = 2; /* its dates are not looked at, whatever they are */
    expect(&dated, utc(2027, 7, 1, 0), false, INT64_MIN, INT64_MAX);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("zone_rule");
    tcase_add_test(t, table_format_4_7_north_and_south);
    tcase_add_test(t, table_format_4_7_days_of_the_year);
    tcase_add_test(t, table_format_4_7_changes_that_swap_places);
    tcase_add_test(t, table_format_4_7_changes_at_one_instant);
    tcase_add_test(t, table_format_4_7_no_rule);
    Suite *suite = suite_create("zone_rule");
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
