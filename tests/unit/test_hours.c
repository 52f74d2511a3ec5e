/* Schedules at an instant, their next opening and closing, and the seconds inside them (language.md 6). */
#include "../../compiler/resolve_hours.h"
#include "../../runtime/hours.h"
#include "run_suite.h"
#include "with_hours.h"

#include <check.h>
#include <stdio.h>

static struct arena *a;
static const struct shunt_table *t;
static struct compilation *c;
static const char *policy;

static void setup(void)
{
    a = arena_new();
}
static void teardown(void)
{
    shunt_table_close(t);
    t = NULL;
    arena_free(a);
}

static void open_policy(void *ctx)
{
    (void)ctx;
    t = table_with(a, policy);
    c = compile_with(a, policy);
}

static void given(const char *text)
{
    policy = text;
    shunt_table_close(t);
    t = NULL;
    ck_assert(arena_try(a, open_policy, NULL));
}

static uint32_t hours(const char *name)
{
    uint32_t h = shunt_hours_find(t, name, strlen(name));
    ck_assert_msg(h != SHUNT_NONE, "%s", name);
    return h;
}

static bool open_at(const char *name, const char *at)
{
    return shunt_hours_open(t, hours(name), instant(at));
}

#define OPEN(name, at) ck_assert_msg(open_at(name, at), "%s is not open at %s", name, at)
#define SHUT(name, at) ck_assert_msg(!open_at(name, at), "%s is open at %s", name, at)

/* ---- what is open ---- */

START_TEST(language_6_1_special_before_closed_before_season_before_weekly)
{
    given("hours:\n"
          "  h:\n"
          "    weekly: {mon-fri: 09:00-17:00}\n"
          "    seasons: {07-01..07-31: {mon-fri: 10:00-15:00}}\n"
          "    closed: [07-06, 2026-12-27]\n"
          "    special: {2026-07-06: 12:00-13:00, 12-24: 09:00-12:00, 2026-12-24: []}\n"
          "    breaks: {mon-sun: 11:00-11:30}\n");
    OPEN("h", "2026-06-30T09:30:00+02:00"); /* weekly */
    SHUT("h", "2026-07-01T09:30:00+02:00"); /* season, both its days included */
    OPEN("h", "2026-07-31T14:59:59+02:00");
    SHUT("h", "2026-07-31T15:00:00+02:00");
    OPEN("h", "2026-08-03T09:30:00+02:00");
    SHUT("h", "2027-07-06T12:30:00+02:00"); /* closed in every year */
    OPEN("h", "2026-07-06T12:30:00+02:00"); /* but for the year with special hours */
    SHUT("h", "2026-07-06T14:00:00+02:00");
    OPEN("h", "2025-12-24T10:00:00+01:00"); /* yearly special hours, on a Wednesday … */
    OPEN("h", "2028-12-24T10:00:00+01:00"); /* … and on a Sunday */
    SHUT("h", "2026-12-24T10:00:00+01:00"); /* a dated one wins */
    SHUT("h", "2026-07-02T11:15:00+02:00"); /* breaks in the season */
    OPEN("h", "2025-12-24T11:15:00+01:00"); /* and not in special hours */
}
END_TEST

START_TEST(language_6_2_an_interval_has_its_beginning_and_not_its_end)
{
    given("hours: {h: {weekly: {mon: 09:00-17:00, tue: 00:00-24:00}}}");
    SHUT("h", "2026-03-02T08:59:59+01:00");
    OPEN("h", "2026-03-02T09:00:00+01:00");
    OPEN("h", "2026-03-02T16:59:59+01:00");
    SHUT("h", "2026-03-02T17:00:00+01:00");
    OPEN("h", "2026-03-03T00:00:00+01:00");
    OPEN("h", "2026-03-03T23:59:59+01:00");
    SHUT("h", "2026-03-04T00:00:00+01:00");
}
END_TEST

START_TEST(language_6_2_night_belongs_to_next_weekday)
{
    given("hours:\n"
          "  h: {weekly: {mon: 22:00-06:00, sun: 23:00-02:00}, closed: [2026-03-09, 2026-03-17]}\n"
          "  to-midnight: {weekly: {mon: 22:00-00:00}}\n");
    OPEN("h", "2026-03-03T05:59:59+01:00"); /* Tuesday's early hours */
    SHUT("h", "2026-03-03T06:00:00+01:00");
    SHUT("h", "2026-03-09T23:00:00+01:00"); /* Monday is closed … */
    OPEN("h", "2026-03-10T01:00:00+01:00"); /* … which does not take away Tuesday's early hours */
    OPEN("h", "2026-03-16T23:00:00+01:00");
    SHUT("h", "2026-03-17T01:00:00+01:00"); /* a closed Tuesday does */
    OPEN("h", "2026-03-16T01:59:59+01:00"); /* Sunday's tail, round the week's end */
    SHUT("h", "2026-03-09T01:00:00+01:00");
    OPEN("to-midnight", "2026-03-02T23:59:59+01:00");
    SHUT("to-midnight", "2026-03-03T00:00:00+01:00");
}
END_TEST

START_TEST(language_6_2_a_tail_is_looked_up_in_the_table_of_its_own_date)
{
    given("hours:\n"
          "  h:\n"
          "    weekly: {sun: 22:00-04:00}\n"
          "    seasons: {2026-06-01..2026-08-30: {tue: 20:00-02:00}}\n");
    OPEN("h", "2026-05-31T23:00:00+02:00"); /* the last Sunday before the season */
    SHUT("h", "2026-06-01T01:00:00+02:00"); /* its tail lies in the season, whose table has none */
    SHUT("h", "2026-08-30T23:00:00+02:00"); /* the last Sunday of the season */
    OPEN("h", "2026-08-31T01:00:00+02:00"); /* Monday after it: the weekly table's tail */
}
END_TEST

START_TEST(language_6_2_ranges_of_days_wrap)
{
    given("hours: {h: {weekly: {fri-mon: 10:00-11:00}}}");
    SHUT("h", "2026-03-05T10:30:00+01:00");
    for (int day = 6; day <= 9; day++) {
        char at[40];
        snprintf(at, sizeof at, "2026-03-%02dT10:30:00+01:00", day);
        OPEN("h", at);
    }
    SHUT("h", "2026-03-10T10:30:00+01:00");
}
END_TEST

START_TEST(language_6_1_breaks_are_taken_out)
{
    given("hours:\n"
          "  h:\n"
          "    weekly: {mon: [08:00-12:00, 13:00-17:00], tue: 22:00-06:00}\n"
          "    breaks: {mon: [07:00-08:30, 10:00-10:15, 11:30-13:30, 16:00-20:00], tue: 23:30-00:30}\n");
    SHUT("h", "2026-03-02T08:15:00+01:00");
    OPEN("h", "2026-03-02T08:30:00+01:00");
    SHUT("h", "2026-03-02T10:14:59+01:00");
    OPEN("h", "2026-03-02T10:15:00+01:00");
    SHUT("h", "2026-03-02T11:30:00+01:00");
    SHUT("h", "2026-03-02T13:29:59+01:00");
    OPEN("h", "2026-03-02T15:59:59+01:00");
    SHUT("h", "2026-03-02T16:00:00+01:00");
    SHUT("h", "2026-03-04T00:15:00+01:00"); /* over midnight, like the hours */
    OPEN("h", "2026-03-04T00:30:00+01:00");
}
END_TEST

START_TEST(language_6_1_every_n_weeks_before_the_date_too)
{
    given("hours:\n"
          "  h: {weekly: {mon-sun: 00:00-24:00}, special: {2026-03-11: 10:00-11:00}, every: 3 weeks from "
          "2026-03-04}\n");
    SHUT("h", "2026-03-03T23:59:59+01:00");
    OPEN("h", "2026-03-04T00:00:00+01:00"); /* a Wednesday: seven days from then on */
    OPEN("h", "2026-03-10T23:59:59+01:00");
    SHUT("h", "2026-03-11T10:30:00+01:00"); /* it holds for special hours too */
    OPEN("h", "2026-03-25T12:00:00+01:00");
    OPEN("h", "2026-02-11T00:00:00+01:00");
    OPEN("h", "2026-02-17T23:59:59+01:00");
    SHUT("h", "2026-02-18T00:00:00+01:00");
}
END_TEST

START_TEST(language_6_1_outside_is_open_exactly_where_the_other_is_not)
{
    given("hours:\n"
          "  office: {weekly: {mon-fri: 09:00-17:00}, closed: [2026-05-01]}\n"
          "  duty: {outside: office}\n"
          "  inside: {outside: duty}\n"
          "  week: {like: duty, every: 2 weeks from 2026-03-02, timezone: America/New_York}\n"
          "  never: {outside: always}\n");
    SHUT("duty", "2026-03-02T09:00:00+01:00");
    OPEN("duty", "2026-03-02T17:00:00+01:00");
    OPEN("duty", "2026-05-01T12:00:00+02:00");
    OPEN("inside", "2026-03-02T09:00:00+01:00");
    SHUT("inside", "2026-03-02T17:00:00+01:00");
    SHUT("week", "2026-03-02T02:00:00+01:00"); /* in New York it is Sunday still, of the other week */
    OPEN("week", "2026-03-02T06:00:00+01:00");
    SHUT("week", "2026-03-02T12:00:00+01:00");
    SHUT("week", "2026-03-09T06:00:00+01:00"); /* midnight there was half an hour ago … */
    OPEN("week", "2026-03-09T04:59:59+01:00"); /* … by summer time, which began that day */
    SHUT("never", "2026-03-02T12:00:00+01:00");
    OPEN("always", "2026-03-02T12:00:00+01:00");
}
END_TEST

START_TEST(language_6_6_like_takes_what_is_not_said)
{
    given("hours:\n"
          "  late: {like: early, timezone: America/New_York, closed: []}\n"
          "  early: {like: office, breaks: {mon-fri: 11:00-12:00}}\n"
          "  office: {weekly: {mon-fri: 09:00-17:00}, closed: [2026-03-03], breaks: {mon: 15:00-16:00}}\n"
          "  open: {like: always, closed: [2026-03-03]}\n");
    SHUT("office", "2026-03-02T15:30:00+01:00");
    OPEN("early", "2026-03-02T15:30:00+01:00"); /* its own breaks replace those */
    SHUT("early", "2026-03-02T11:30:00+01:00");
    SHUT("early", "2026-03-03T10:00:00+01:00"); /* closed through office */
    OPEN("late", "2026-03-03T10:00:00-05:00");  /* an empty list said here replaces too */
    SHUT("late", "2026-03-03T10:00:00+01:00");
    OPEN("open", "2026-03-08T03:00:00+01:00");
    SHUT("open", "2026-03-03T12:00:00+01:00");
}
END_TEST

START_TEST(language_6_6_dates_of_every_year_and_the_29th_of_february)
{
    given("hours:\n"
          "  h: {weekly: {mon-sun: 00:00-24:00}, closed: [12-24..01-06]}\n"
          "  leap: {weekly: {mon-sun: 00:00-24:00}, closed: [02-29]}\n"
          "  from: {weekly: {mon-sun: 00:00-24:00}, closed: [02-29..03-02]}\n"
          "  to: {weekly: {mon-sun: 00:00-24:00}, closed: [02-27..02-29]}\n");
    OPEN("h", "2026-12-23T12:00:00+01:00");
    SHUT("h", "2026-12-24T00:00:00+01:00");
    SHUT("h", "2027-01-06T23:59:59+01:00");
    OPEN("h", "2027-01-07T00:00:00+01:00");
    SHUT("leap", "2028-02-29T12:00:00+01:00");
    OPEN("leap", "2027-02-28T12:00:00+01:00");
    OPEN("leap", "2027-03-01T12:00:00+01:00");
    OPEN("from", "2027-02-28T12:00:00+01:00");
    SHUT("from", "2027-03-01T12:00:00+01:00");
    SHUT("from", "2028-02-29T12:00:00+01:00");
    SHUT("to", "2027-02-28T12:00:00+01:00");
    OPEN("to", "2027-03-01T12:00:00+01:00");
    SHUT("to", "2028-02-29T12:00:00+01:00");
    OPEN("to", "2100-03-01T12:00:00+01:00"); /* 2100 is no leap year */
    OPEN("leap", "2100-03-01T12:00:00+01:00");
}
END_TEST

START_TEST(language_6_3_local_time_is_what_the_clocks_show)
{
    given("hours: {h: {weekly: {sun: 02:30-03:15}}, early: {weekly: {sun: 02:00-03:00}}}");
    /* 2026-03-29: the clocks go from 2:00 to 3:00 */
    SHUT("h", "2026-03-29T01:59:59+01:00");
    OPEN("h", "2026-03-29T03:00:00+02:00");
    SHUT("h", "2026-03-29T03:15:00+02:00");
    SHUT("early", "2026-03-29T03:00:00+02:00");
    /* 2026-10-25: they go from 3:00 back to 2:00, and both hours are inside */
    OPEN("early", "2026-10-25T02:30:00+02:00");
    OPEN("early", "2026-10-25T02:30:00+01:00");
    SHUT("early", "2026-10-25T03:00:00+01:00");
    /* Samoa had no 30th of December 2011 */
    given("hours: {h: {timezone: Pacific/Apia, weekly: {fri: 00:00-24:00}}}");
    SHUT("h", "2011-12-30T09:59:59Z");
    SHUT("h", "2011-12-30T10:00:00Z"); /* it is Saturday there */
    OPEN("h", "2012-01-06T00:00:00+14:00");
}
END_TEST

/* ---- facts that the test suites of other programs state ---- */

static const struct {
    const char *zone, *weekly, *at;
    bool open;
    const char *from;
} stated[] = {
    {"Etc/UTC", "{mon-fri: 09:00-17:00}", "2020-05-04T15:04:00Z", true,
     "prometheus/alertmanager timeIntervalTestCases[1]"},
    {"Etc/UTC", "{mon-fri: 09:00-17:00}", "2020-05-04T08:59:00Z", false, "the same"},
    {"America/New_York", "{mon-fri: 09:00-18:00}", "2007-01-01T22:00:00Z", true,
     "bestpractical/rt t/sla/timezone.t"},
    {"America/New_York", "{mon-fri: 09:00-18:00}", "2007-01-02T14:00:00Z", true, "the same"},
    {"America/New_York", "{mon-fri: 09:00-18:00}", "2007-01-01T23:00:00Z", false, "the same"},
};

START_TEST(language_6_3_as_others_say)
{
    char text[300];
    snprintf(text, sizeof text, "hours: {h: {timezone: %s, weekly: %s}}", stated[_i].zone, stated[_i].weekly);
    given(text);
    ck_assert_msg(open_at("h", stated[_i].at) == stated[_i].open, "%s", stated[_i].from);
}
END_TEST

/* ---- openings, closings, sums ---- */

static void expect_next(const char *name, bool open, const char *at, const char *want)
{
    int64_t when = -1;
    bool found = open ? shunt_hours_next_opening(t, hours(name), instant(at), &when)
                      : shunt_hours_next_closing(t, hours(name), instant(at), &when);
    ck_assert_msg(found == (want != NULL), "%s from %s", name, at);
    if (want)
        ck_assert_msg(when == instant(want), "%s from %s: %lld", name, at, (long long)when);
    else
        ck_assert_int_eq(when, -1);
}

START_TEST(language_6_4_next_opening_and_closing)
{
    given("hours:\n"
          "  h: {weekly: {mon-fri: 09:00-17:00}, closed: [2026-05-01]}\n"
          "  nights: {weekly: {mon: 22:00-24:00, tue: 00:00-06:00}}\n"
          "  gap: {weekly: {sun: 02:30-03:15}}\n");
    expect_next("h", true, "2026-04-30T16:59:59+02:00", "2026-05-04T09:00:00+02:00");
    expect_next("h", true, "2026-03-02T09:00:00+01:00",
                "2026-03-02T09:00:01+01:00"); /* open: the next second */
    expect_next("h", true, "2026-03-02T08:59:59+01:00", "2026-03-02T09:00:00+01:00");
    expect_next("h", false, "2026-03-02T09:00:00+01:00", "2026-03-02T17:00:00+01:00");
    expect_next("h", false, "2026-03-02T16:59:59+01:00", "2026-03-02T17:00:00+01:00");
    expect_next("h", false, "2026-03-02T17:00:00+01:00", "2026-03-02T17:00:01+01:00");
    expect_next("nights", false, "2026-03-02T23:00:00+01:00",
                "2026-03-03T06:00:00+01:00"); /* through midnight */
    expect_next("gap", true, "2026-03-29T00:00:00+01:00",
                "2026-03-29T03:00:00+02:00"); /* when the clocks jump into it */
    expect_next("always", false, "2026-03-02T17:00:00+01:00", NULL);
    expect_next("always", true, "2026-03-02T17:00:00+01:00", "2026-03-02T17:00:01+01:00");
}
END_TEST

START_TEST(language_6_4_looks_800_days_ahead_and_no_further)
{
    given("hours: {h: {special: {2028-05-10: 10:00-11:00}}}");
    /* 800 days before 2028-05-10T08:00:00Z */
    expect_next("h", true, "2026-03-02T08:00:00Z", "2028-05-10T08:00:00Z");
    expect_next("h", true, "2026-03-02T07:59:59Z", NULL);
}
END_TEST

START_TEST(language_2_2_seconds_inside_hours)
{
    given(
        "hours: {h: {weekly: {mon-fri: 09:00-17:00}}, day: {weekly: {sun: 00:00-24:00}}, off: {outside: h}}");
    uint32_t h = hours("h"), day = hours("day"), off = hours("off");
    ck_assert_int_eq(
        shunt_hours_seconds(t, h, instant("2026-03-02T00:00:00Z"), instant("2026-03-09T00:00:00Z")),
        5 * 8 * 3600);
    ck_assert_int_eq(
        shunt_hours_seconds(t, h, instant("2026-03-02T16:59:58+01:00"), instant("2026-03-03T09:00:01+01:00")),
        3);
    ck_assert_int_eq(
        shunt_hours_seconds(t, h, instant("2026-03-09T00:00:00Z"), instant("2026-03-02T00:00:00Z")), 0);
    /* a day of 23 hours and one of 25 */
    ck_assert_int_eq(
        shunt_hours_seconds(t, day, instant("2026-03-28T12:00:00Z"), instant("2026-03-30T12:00:00Z")),
        23 * 3600);
    ck_assert_int_eq(
        shunt_hours_seconds(t, day, instant("2026-10-24T12:00:00Z"), instant("2026-10-26T12:00:00Z")),
        25 * 3600);
    ck_assert_int_eq(
        shunt_hours_seconds(t, off, instant("2026-03-02T00:00:00Z"), instant("2026-03-09T00:00:00Z")),
        (7 * 24 - 40) * 3600);
    ck_assert_int_eq(
        shunt_hours_seconds(t, 0, instant("2026-03-02T00:00:00Z"), instant("2026-03-02T00:00:09Z")), 9);
    /* as RotherOSS/otobo DeltaWorkingTime.t states it: 15h via Calendar 9 */
    given("hours: {h: {weekly: {mon-fri: [08:00-13:00, 14:00-18:00]}, closed: [01-01, 05-01, 12-24..12-26, "
          "12-31]}}");
    ck_assert_int_eq(
        shunt_hours_seconds(t, hours("h"), instant("2015-03-27T11:00:00Z"), instant("2015-03-31T07:00:00Z")),
        54000);
}
END_TEST

START_TEST(shunt_h_any_instant_may_be_asked)
{
    given("hours: {h: {weekly: {mon-fri: 09:00-17:00}}}");
    static const int64_t far[] = {INT64_MIN, SHUNT_TIME_MIN, 0, SHUNT_TIME_MAX, INT64_MAX};
    for (int i = 0; i < 5; i++) {
        int64_t when = 7;
        bool there = far[i] < SHUNT_TIME_MAX; /* the next is of the year 10000, and no instant */
        shunt_hours_open(t, 1, far[i]);
        ck_assert(shunt_hours_next_opening(t, 1, far[i], &when) == there);
        ck_assert(shunt_hours_next_closing(t, 1, far[i], &when) == there);
        ck_assert(there || when == 7);
        ck_assert_int_eq(shunt_hours_seconds(t, 1, far[i], far[i]), 0);
    }
    ck_assert(!open_at("h", "9999-12-31T23:59:59Z")); /* 00:59:59 on a Saturday */
    ck_assert(open_at("h", "9999-12-31T09:00:00Z"));
    int64_t last;
    ck_assert(shunt_hours_next_closing(t, 1, instant("9999-12-31T09:00:00Z"), &last));
    ck_assert_int_eq(last, instant("9999-12-31T16:00:00Z"));
}
END_TEST

/* ---- the runtime against the model's own slow reading ---- */

static const char *const schedules[] = {
    "{weekly: {mon-fri: 09:00-17:00}, closed: [12-24..01-06, 2026-05-01], breaks: {mon-sun: 11:00-12:00}}",
    "{weekly: {mon-sun: 22:00-06:00}, seasons: {06-15..08-15: {mon-fri: 10:00-15:00}, "
    "2026-02-01..2026-02-28: {}}}",
    "{timezone: America/New_York, weekly: {fri-mon: [00:00-04:00, 20:00-24:00]}, special: {02-29: "
    "01:00-02:00, 2026-03-08: 00:00-24:00}}",
    "{timezone: Asia/Gaza, weekly: {mon-sun: [00:30-02:30]}, every: 5 weeks from 2024-02-29}",
    "{outside: h0, every: 2 weeks from 2026-01-03, timezone: Pacific/Apia}",
    "{outside: h4}",
    "{timezone: Australia/Lord_Howe, weekly: {sat-sun: 01:45-02:15, wed: 00:00-24:00}}",
    "{outside: h6, every: 7 weeks from 2030-12-31, timezone: America/Nuuk}",
    "{like: h3, timezone: Europe/Dublin, special: {12-31: 23:00-24:00}}",
};

static void against_model(void *ctx)
{
    (void)ctx;
    struct buf b;
    uint64_t x = 1;
    uint32_t opened = 0;
    buf_init(&b, a);
    buf_puts(&b, "hours:\n");
    for (size_t i = 0; i < sizeof schedules / sizeof *schedules; i++)
        buf_printf(&b, "  h%d: %s\n", (int)i, schedules[i]);
    policy = buf_done(&b).p;
    open_policy(NULL);
    for (int i = 0; i < 20000; i++) {
        x = x * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        int64_t at = instant("1990-01-01T00:00:00Z") + (int64_t)((x >> 33) % (UINT64_C(120) * 366 * 86400)),
                until;
        uint32_t h = (uint32_t)(x >> 20) % c->model.hours.count;
        bool open = hours_at(&c->model, h, at, &until);
        struct sh_segment s = sh_hours_segment(t, h, at);
        ck_assert_msg(s.open == open && s.until > at, "%s at %lld", c->model.hours.at[h].name.s.p,
                      (long long)at);
        /* a segment that is longer than the other's is so because nothing changes there */
        ck_assert(s.until == until ||
                  hours_at(&c->model, h, (s.until < until ? s.until : until) - 1, &until) == open);
        opened += open;
    }
    ck_assert_uint_gt(opened, 3000);
    ck_assert_uint_lt(opened, 17000);
}

START_TEST(shunt_h_the_offset_of_the_hours_zone)
{
    given("hours: {h: {weekly: {mon: 09:00-17:00}}, k: {timezone: Asia/Kathmandu, weekly: {mon: "
          "09:00-17:00}}}\n");
    bool isdst = false;
    ck_assert_int_eq(shunt_hours_offset(t, hours("h"), instant("2026-07-01T12:00:00Z"), &isdst), 7200);
    ck_assert(isdst);
    ck_assert_int_eq(shunt_hours_offset(t, hours("h"), instant("2026-01-01T12:00:00Z"), &isdst), 3600);
    ck_assert(!isdst);
    ck_assert_int_eq(shunt_hours_offset(t, hours("h"), instant("2026-07-01T12:00:00Z"), NULL), 7200);
    ck_assert_int_eq(shunt_hours_offset(t, hours("k"), instant("2026-07-01T12:00:00Z"), &isdst), 20700);
    ck_assert_int_eq(shunt_hours_offset(t, 0, instant("2026-07-01T12:00:00Z"), &isdst), 0); /* always */
    ck_assert(!isdst);
}
END_TEST

START_TEST(language_6_the_runtime_and_the_model_agree)
{
    ck_assert(arena_try(a, against_model, NULL));
}
END_TEST

int main(void)
{
    Suite *s = suite_create("hours");
    TCase *k = tcase_create("hours");
    tcase_add_checked_fixture(k, setup, teardown);
    tcase_add_test(k, language_6_1_special_before_closed_before_season_before_weekly);
    tcase_add_test(k, language_6_2_an_interval_has_its_beginning_and_not_its_end);
    tcase_add_test(k, language_6_2_night_belongs_to_next_weekday);
    tcase_add_test(k, language_6_2_a_tail_is_looked_up_in_the_table_of_its_own_date);
    tcase_add_test(k, language_6_2_ranges_of_days_wrap);
    tcase_add_test(k, language_6_1_breaks_are_taken_out);
    tcase_add_test(k, language_6_1_every_n_weeks_before_the_date_too);
    tcase_add_test(k, language_6_1_outside_is_open_exactly_where_the_other_is_not);
    tcase_add_test(k, language_6_6_like_takes_what_is_not_said);
    tcase_add_test(k, language_6_6_dates_of_every_year_and_the_29th_of_february);
    tcase_add_test(k, language_6_3_local_time_is_what_the_clocks_show);
    tcase_add_loop_test(k, language_6_3_as_others_say, 0, sizeof stated / sizeof *stated);
    tcase_add_test(k, language_6_4_next_opening_and_closing);
    tcase_add_test(k, language_6_4_looks_800_days_ahead_and_no_further);
    tcase_add_test(k, language_2_2_seconds_inside_hours);
    tcase_add_test(k, shunt_h_any_instant_may_be_asked);
    tcase_add_test(k, shunt_h_the_offset_of_the_hours_zone);
    tcase_add_test(k, language_6_the_runtime_and_the_model_agree);
    suite_add_tcase(s, k);
    return run_suite(s);
}
