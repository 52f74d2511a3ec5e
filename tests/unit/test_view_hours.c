/*
 * Lists of days from the policy to the table and back (docs/TABLE-FORMAT.md 4.8): what hours share stands in
 * the table once, however they differ otherwise; and whoever shows hours sees one list of days, less the
 * breaks.
 */
#include "../../compiler/view_hours.h"
#include "../../runtime/shunt.h"
#include "folder.h"
#include "page_decoder.h"
#include "run_suite.h"
#include "with_hours.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

static struct arena *a;
static const struct shunt_table *table;
static struct table_view v;
#define DAY(uid, date)                                                                                       \
    "BEGIN:VEVENT\r\nUID:" uid "\r\nDTSTART;VALUE=DATE:" date "\r\nEND:VEVENT\r\n"
#define CALENDAR(days) "BEGIN:VCALENDAR\r\n" days "END:VCALENDAR\r\n"

static void setup(void)
{
    a = arena_new();
    table = NULL;
    folder_begin();
    put_file("one.ics", CALENDAR(DAY("1", "20270106") DAY("2", "20271224") DAY("3", "20271225")));
    put_file("two.ics", CALENDAR(DAY("1", "20270107") DAY("2", "20270501")));
}

static void teardown(void)
{
    folder_end();
    shunt_table_close(table);
    arena_free(a);
}

/* The policy of these hours, open. */
static void open_hours(const char *hours)
{
    struct compile_options options = {.zoneinfo_dir = S("tests/data/zoneinfo")};
    put_file("p.yaml", arena_printf(a, "shunt: 1\ntimezone: Europe/Stockholm\nhours:\n%s", hours).p);
    struct compilation *c = compile_policy(a, in_dir("p.yaml"), &options);
    for (uint32_t i = 0; i < c->diags.list.count; i++)
        ck_assert_msg(!diag_is_error(c->diags.list.at[i]->id), "%s", c->diags.list.at[i]->message.p);
    ck_assert_ptr_nonnull(c->table.p);
    ck_assert_int_eq(shunt_table_open(c->table.p, c->table.len, NULL, &table, NULL), SHUNT_OK);
    table_view(&v, table);
    page_open((const unsigned char *)c->table.p, c->table.len);
}

static const char *closed(uint32_t hours)
{
    struct buf b;
    buf_init(&b, a);
    print_closed(&b, &v, &v.HOURS.at[hours]);
    return buf_done(&b).p;
}

static bool open_at(uint32_t hours, const char *at)
{
    return shunt_hours_open(table, hours, instant(at));
}

#define IN_ARENA(body) ck_assert(arena_try(a, body, NULL))

/* ---- closed days and holidays ---- */

static void calendars(void *ctx)
{
    (void)ctx;
    open_hours("  a: {weekly: {mon-sun: 09:00-17:00}, holidays: [one.ics, two.ics]}\n"
               "  b: {like: a, closed: [2027-12-26, 01-06]}\n"
               "  c: {weekly: {mon-sun: 09:00-17:00}, closed: 2027-03-03, holidays: [two.ics, x/../two.ics]}\n"
               "  d: {like: b, holidays: []}\n"
               "  e: {like: b, closed: []}\n");
    ck_assert_uint_eq(v.WINDOW.count, 2 + 2 + 2 + 1); /* not one of them twice */
    ck_assert_uint_eq(le32(v.HOURS.at[1].holidays_first), le32(v.HOURS.at[2].holidays_first));
    ck_assert_str_eq(closed(1), "2027-01-06..2027-01-07, 2027-05-01, 2027-12-24..2027-12-25");
    ck_assert_str_eq(closed(2), "2027-01-06..2027-01-07, 2027-05-01, 2027-12-24..2027-12-26, 01-06");
    ck_assert_str_eq(closed(3), "2027-01-07, 2027-03-03, 2027-05-01");
    ck_assert_str_eq(closed(4), "2027-12-26, 01-06");
    ck_assert_str_eq(closed(5), closed(1));
    ck_assert(!view_has_closed(&v.HOURS.at[0]) && view_has_closed(&v.HOURS.at[1]));
    ck_assert_ptr_nonnull(strstr(page_words(), "; holidays 2027-01-07..2027-01-07 2027-05-01..2027-05-01"));
}

START_TEST(format_4_8_hours_that_add_a_day_share_the_days_of_calendars)
{
    IN_ARENA(calendars);
}
END_TEST

static void open_or_not(void *ctx)
{
    calendars(ctx);
    ck_assert(!open_at(2, "2027-12-24T10:00:00+01:00")); /* the first calendar */
    ck_assert(!open_at(2, "2027-05-01T10:00:00+02:00")); /* the second */
    ck_assert(!open_at(2, "2027-12-26T10:00:00+01:00")); /* a day of its own */
    ck_assert(!open_at(2, "2031-01-06T10:00:00+01:00"));
    ck_assert(open_at(2, "2027-12-27T10:00:00+01:00"));
    ck_assert(open_at(1, "2027-12-26T10:00:00+01:00"));
    ck_assert(open_at(4, "2027-12-24T10:00:00+01:00"));
}

START_TEST(language_6_1_a_date_that_any_of_the_lists_has_is_closed)
{
    IN_ARENA(open_or_not);
}
END_TEST

/* ---- breaks ---- */

static const char *weekly(uint32_t hours, uint32_t weekday)
{
    const struct tf_hours *h = &v.HOURS.at[hours];
    struct view_day d;
    view_weekday(&v, le32(h->week), le32(h->breaks), weekday, &d);
    return day_text(a, &d);
}

static void breaks(void *ctx)
{
    (void)ctx;
    open_hours("  a:\n"
               "    weekly: {mon-fri: 09:00-17:00}\n"
               "    seasons: {06-29..08-07: {mon-sun: 10:00-15:00}}\n"
               "    special: {2027-07-07: 08:00-18:00}\n"
               "  b: {like: a, breaks: {mon: 12:00-13:00, tue: [12:00-12:30, 14:30-16:00]}}\n"
               "  c: {like: b, weekly: {mon-tue: 12:15-17:00}}\n"
               "  d: {like: b, breaks: {}}\n");
    ck_assert_uint_eq(v.SEASON.count, 1);
    ck_assert_uint_eq(v.WEEK.count, 4); /* two weeks, a season's, the breaks */
    ck_assert_str_eq(weekly(1, 0), "09:00-17:00");
    ck_assert_str_eq(weekly(2, 0), "09:00-12:00 13:00-17:00");
    ck_assert_str_eq(weekly(2, 1), "09:00-12:00 12:30-14:30 16:00-17:00");
    ck_assert_str_eq(weekly(3, 0), "13:00-17:00");
    ck_assert_str_eq(weekly(3, 1), "12:30-14:30 16:00-17:00");
    ck_assert_str_eq(weekly(3, 2), "");
    ck_assert_uint_eq(le32(v.HOURS.at[4].breaks), TF_NONE);
    const struct tf_hours *h = &v.HOURS.at[2];
    ck_assert_uint_eq(view_alike(&v, le32(h->week), le32(h->breaks), 0), 0);
    ck_assert_uint_eq(view_alike(&v, le32(h->week), le32(h->breaks), 2), 4);
    ck_assert_uint_eq(view_alike(&v, le32(h->week), le32(h->breaks), 5), 6);
    ck_assert_ptr_nonnull(strstr(page_words(), "; breaks sunday closed"));
}

START_TEST(format_4_8_hours_with_breaks_share_the_weeks_of_seasons)
{
    IN_ARENA(breaks);
}
END_TEST

static void paused_or_not(void *ctx)
{
    int64_t next;
    breaks(ctx);
    ck_assert(!open_at(2, "2027-07-05T12:30:00+02:00")); /* a Monday of the season */
    ck_assert(open_at(2, "2027-07-05T13:00:00+02:00"));
    ck_assert(open_at(2, "2027-07-07T12:30:00+02:00")); /* special hours have no breaks */
    ck_assert(open_at(1, "2027-07-05T12:30:00+02:00"));
    ck_assert(open_at(4, "2027-07-05T12:30:00+02:00"));
    ck_assert(shunt_hours_next_closing(table, 2, instant("2027-07-05T10:30:00+02:00"), &next));
    ck_assert_int_eq(next, instant("2027-07-05T12:00:00+02:00"));
    ck_assert(shunt_hours_next_opening(table, 3, instant("2027-03-01T12:00:00+01:00"), &next));
    ck_assert_int_eq(next, instant("2027-03-01T13:00:00+01:00"));
    ck_assert_int_eq(shunt_hours_seconds(table, 2, instant("2027-07-06T00:00:00+02:00"),
                                         instant("2027-07-07T00:00:00+02:00")),
                     4 * 3600);
}

START_TEST(language_6_1_breaks_are_taken_out_of_seasons_too_and_not_of_special_hours)
{
    IN_ARENA(paused_or_not);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("view_hours");
    TCase *c = tcase_create("view_hours");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, format_4_8_hours_that_add_a_day_share_the_days_of_calendars);
    tcase_add_test(c, language_6_1_a_date_that_any_of_the_lists_has_is_closed);
    tcase_add_test(c, format_4_8_hours_with_breaks_share_the_weeks_of_seasons);
    tcase_add_test(c, language_6_1_breaks_are_taken_out_of_seasons_too_and_not_of_special_hours);
    suite_add_tcase(s, c);
    return run_suite(s);
}
