/* What the passing of time changes: runtime/desk_time.c against desk.md 1.3 and 2.3, with the zones of
 * tests/data. */
#include <check.h>
#include <stdio.h>

#include "../../runtime/desk_state.h"
#include "run_suite.h"
#include "with_hours.h"

static struct arena *a;

static void setup(void)
{
    a = arena_new();
}

static void teardown(void)
{
    arena_free(a);
}

/* ---- midnights: the first instant of a date ---- */

static const struct {
    const char *zone, *at, *midnight;
} midnights[] = {
    {"Europe/Stockholm", "2026-03-02T10:00:00Z", "2026-03-02T23:00:00Z"},
    {"Europe/Stockholm", "2026-03-02T22:59:59Z", "2026-03-02T23:00:00Z"},
    {"Europe/Stockholm", "2026-03-02T23:00:00Z", "2026-03-03T23:00:00Z"}, /* not the one that is now */
    {"Europe/Stockholm", "2026-03-29T10:00:00Z", "2026-03-29T22:00:00Z"}, /* a day of 23 hours */
    {"Europe/Stockholm", "2026-10-25T10:00:00Z", "2026-10-25T23:00:00Z"}, /* and of 25 */
    /* 2018-11-04 began at 01:00 in Brazil: clocks went from midnight to one. */
    {"America/Sao_Paulo", "2018-11-03T12:00:00Z", "2018-11-04T03:00:00Z"},
    {"America/Sao_Paulo", "2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z"},
    /* 2018-02-18: at midnight clocks went back to 23:00 of the 17th; the date had not begun. */
    {"America/Sao_Paulo", "2018-02-17T12:00:00Z", "2018-02-18T03:00:00Z"},
    /* Samoa had no 2011-12-30. */
    {"Pacific/Apia", "2011-12-29T20:00:00Z", "2011-12-30T10:00:00Z"},
    {"Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-31T10:00:00Z"},
    {"Australia/Lord_Howe", "2026-04-04T10:00:00Z", "2026-04-04T13:00:00Z"},
};

START_TEST(desk_1_3_a_midnight_is_a_dates_first_instant)
{
    const struct shunt_table *t = table_in(
        a, midnights[_i].zone, "presence: day\nagents: {bo: {}}\nteams: {t: {agents: [bo]}}\notherwise: t\n");
    ck_assert_int_eq(sh_desk_next_midnight(t, instant(midnights[_i].at)), instant(midnights[_i].midnight));
    shunt_table_close(t);
}
END_TEST

/* The policy's zone is not the only one, wherever among them it stands. */
START_TEST(desk_1_3_midnights_are_the_policys)
{
    static const char *const zones[] = {"Africa/Casablanca", "Europe/Stockholm", "Pacific/Apia"};
    static const char *const midnights_of[] = {"2026-03-02T00:00:00Z", "2026-03-01T23:00:00Z",
                                               "2026-03-01T11:00:00Z"};
    char text[400];
    for (int i = 0; i < 3; i++) {
        snprintf(
            text, sizeof text,
            "hours: {a: {timezone: %s, weekly: {mon: 08:00-09:00}}, b: {timezone: %s, weekly: {mon: "
            "08:00-09:00}}}\nagents: {bo: {hours: a}}\nteams: {t: {agents: [bo], hours: b}}\notherwise: t\n",
            zones[(i + 1) % 3], zones[(i + 2) % 3]);
        const struct shunt_table *t = table_in(a, zones[i], text);
        ck_assert_uint_eq(t->ZONE_count, 3);
        ck_assert_int_eq(sh_desk_next_midnight(t, instant("2026-03-01T10:59:59Z")), instant(midnights_of[i]));
        shunt_table_close(t);
    }
}
END_TEST

/* ---- steps of hours ---- */

static const char office[] = "hours: {office: {weekly: {mon-fri: [09:00-12:00, 13:00-17:00]}},\n"
                             "  night: {weekly: {sat: 22:00-06:00}}, never: {weekly: {}}}\n"
                             "agents: {bo: {}}\nteams: {t: {agents: [bo]}}\notherwise: t\n";

static const struct {
    const char *hours, *from;
    uint32_t after_sec;
    const char *due; /* NULL: never */
} dues[] = {
    {"office", "2026-03-02T09:00:00+01:00", 3600, "2026-03-02T10:00:00+01:00"},
    {"office", "2026-03-02T09:00:00+01:00", 3 * 3600,
     "2026-03-02T12:00:00+01:00"}, /* at a closing, not at 13:00 */
    {"office", "2026-03-02T09:00:00+01:00", 3 * 3600 + 1, "2026-03-02T13:00:01+01:00"},
    {"office", "2026-03-06T16:00:00+01:00", 2 * 3600, "2026-03-09T10:00:00+01:00"}, /* over a weekend */
    {"office", "2026-03-07T10:00:00+01:00", 1, "2026-03-09T09:00:01+01:00"},
    {"office", "2026-03-07T10:00:00+01:00", 0, "2026-03-07T10:00:00+01:00"}, /* 0 at once, closed or not */
    {"night", "2026-03-28T22:00:00+01:00", 7 * 3600,
     "2026-03-29T06:00:00+02:00"}, /* seven hours, not eight */
    {"never", "2026-03-02T09:00:00+01:00", 1, NULL},
    {"always", "1969-06-02T09:00:00Z", 3600, "1969-06-02T10:00:00Z"},
    {"never", "2026-03-02T09:00:00+01:00", 0, "2026-03-02T09:00:00+01:00"},
};

START_TEST(desk_2_3_a_step_of_hours_falls_due)
{
    const struct shunt_table *t = table_with(a, office);
    struct shunt_desk *d;
    ck_assert_int_eq(shunt_desk_new(t, NULL, NULL, &d), SHUNT_OK);
    uint32_t hours = shunt_hours_find(t, dues[_i].hours, strlen(dues[_i].hours));
    int64_t due = sh_desk_step_due(d, instant(dues[_i].from), dues[_i].after_sec, hours);
    ck_assert_int_eq(due, dues[_i].due ? instant(dues[_i].due) : DESK_NEVER);
    shunt_desk_free(d);
    shunt_table_close(t);
}
END_TEST

/* Steps of centuries, and of hours that are hardly ever open: due where so many seconds have been open. */
static const char *const far_hours[] = {
    "{weekly: {mon: 09:00-09:01}}",
    "{weekly: {mon: 09:00-09:01}, timezone: Asia/Kathmandu}",
    "{weekly: {mon: 09:00-09:01}, timezone: Asia/Kathmandu, every: 3 weeks from 2026-03-02}",
    "{weekly: {mon: 09:00-09:01}, every: 2 weeks from 2026-03-02}",
    "{weekly: {mon: 09:00-09:30}, closed: [12-24..12-26], special: {2900-03-03: 00:00-24:00}}",
    "{weekly: {mon: 09:00-09:30}, seasons: {2300-01-01..2400-12-31: {tue: 09:00-10:00}}}",
    "{weekly: {mon-fri: 09:00-17:00}, special: {02-29: 00:00-24:00}}",
    "{weekly: {mon: 09:00-09:01}, holidays: [tests/data/holidays/se.ics]}",
    "{weekly: {mon: 09:00-09:30}, every: 53 weeks from 2026-03-02}", /* do not repeat before the year 20000 */
    /* change on dates, and so often that weeks of both kinds are not within a year */
    "{weekly: {sun: 00:00-24:00}, timezone: Test/Julian}",
    "{weekly: {sun: 00:00-24:00}, timezone: Test/Mixed}",
    "{weekly: {sun: 00:00-24:00}, timezone: Test/Month}",
    "{weekly: {sun: 00:00-24:00}, timezone: Test/Yearend}",
};
static const uint32_t far_steps[] = {60, 52 * 60 * 25, 365 * 86400, UINT32_MAX - 2};

/* In pieces that nothing is skipped of. */
static int64_t open_seconds(const struct shunt_table *t, uint32_t hours, int64_t from, int64_t to)
{
    int64_t sum = 0, piece = INT64_C(3000) * 86400;
    for (; from < to; from += piece)
        sum += shunt_hours_seconds(t, hours, from, from + piece < to ? from + piece : to);
    return sum;
}

START_TEST(desk_2_3_a_step_of_centuries_falls_due)
{
    struct buf b;
    buf_init(&b, a);
    buf_printf(&b, "hours: {o: %s}\nagents: {bo: {}}\nteams: {t: {agents: [bo]}}\notherwise: t\n",
               far_hours[_i / 4]);
    const struct shunt_table *t = table_with(a, buf_done(&b).p);
    struct shunt_desk *d;
    uint32_t hours = shunt_hours_find(t, "o", 1), after_sec = far_steps[_i % 4];
    int64_t from = instant("2026-03-02T09:00:30+01:00");
    ck_assert_int_eq(shunt_desk_new(t, NULL, NULL, &d), SHUNT_OK);
    int64_t due = sh_desk_step_due(d, from, after_sec, hours);
    if (due == DESK_NEVER || due > SHUNT_TIME_MAX) {
        ck_assert_int_lt(open_seconds(t, hours, from, SHUNT_TIME_MAX), after_sec);
    } else {
        ck_assert_int_eq(open_seconds(t, hours, from, due), after_sec);
        ck_assert(sh_hours_open(t, hours, due - 1));
    }
    shunt_desk_free(d);
    shunt_table_close(t);
}
END_TEST

/* The same hours: what is skipped, and what is gone through. */
START_TEST(shunt_h_seconds_of_centuries)
{
    struct buf b;
    buf_init(&b, a);
    buf_printf(&b, "hours: {o: %s}\n", far_hours[_i]);
    const struct shunt_table *t = table_with(a, buf_done(&b).p);
    uint32_t hours = shunt_hours_find(t, "o", 1);
    int64_t from = instant("2026-03-02T09:00:30+01:00"), to = instant("2902-04-07T10:00:00+02:00");
    ck_assert_int_eq(shunt_hours_seconds(t, hours, from, to), open_seconds(t, hours, from, to));
    shunt_table_close(t);
}
END_TEST

START_TEST(desk_2_3_plain_time_and_hours_that_are_gone)
{
    const struct shunt_table *t = table_with(a, office);
    struct shunt_desk *d;
    ck_assert_int_eq(shunt_desk_new(t, NULL, NULL, &d), SHUNT_OK);
    ck_assert_int_eq(sh_desk_step_due(d, 1000, 60, TF_NONE), 1060);
    ck_assert_int_eq(sh_desk_step_due(d, 1000, 60, STEP_HOURS_GONE), DESK_NEVER);
    shunt_desk_free(d);
    shunt_table_close(t);
}
END_TEST

/* ---- the 800 days of language.md 6.4 ---- */

/* Open on one day, far away: at first there is no next opening; 800 days before it there is. */
START_TEST(language_6_4_a_far_opening_comes_into_sight)
{
    const struct shunt_table *t =
        table_with(a, "hours: {fair: {weekly: {}, special: {2030-06-01: 10:00-12:00}}}\nagents: {bo: {}}\n"
                      "teams: {t: {agents: [bo], hours: fair}}\notherwise: t\n");
    int64_t opening = instant("2030-06-01T10:00:00+02:00"), sight = opening - SH_AHEAD_SEC, due;
    struct shunt_desk *d;
    struct shunt_string id = {"T", 1};
    struct shunt_event arrives = {.kind = SHUNT_EVENT_TICKET,
                                  .has_at = true,
                                  .tickets = &id,
                                  .ticket_count = 1,
                                  .at_sec = sight - 5000};
    struct shunt_event tick = {.kind = SHUNT_EVENT_TICK, .has_at = true, .at_sec = sight - 1};
    ck_assert_int_eq(shunt_desk_new(t, NULL, NULL, &d), SHUNT_OK);
    ck_assert_int_eq(shunt_desk_event(d, &arrives, NULL, NULL), SHUNT_OK);
    ck_assert(!shunt_desk_due(d, &due));
    ck_assert_int_eq(shunt_desk_event(d, &tick, NULL, NULL), SHUNT_OK);
    ck_assert_int_eq(sh_desk_hours_opening(d, 1), DESK_NEVER);
    tick.at_sec = sight;
    ck_assert_int_eq(shunt_desk_event(d, &tick, NULL, NULL), SHUNT_OK);
    ck_assert_int_eq(sh_desk_hours_opening(d, 1), opening);
    shunt_desk_free(d);
    shunt_table_close(t);
}
END_TEST

START_TEST(desk_7_1_no_until_past_the_year_9999)
{
    const struct shunt_table *t = table_in(a, "Etc/UTC",
                                           "hours: {h: {weekly: {sun: 22:00-23:00}}}\nagents: {bo: {}}\n"
                                           "teams: {t: {agents: [bo], hours: h}}\notherwise: t\n");
    struct shunt_desk *d;
    struct shunt_event tick = {.kind = SHUNT_EVENT_TICK, .has_at = true, .at_sec = SHUNT_TIME_MAX};
    ck_assert_int_eq(shunt_desk_new(t, NULL, NULL, &d), SHUNT_OK);
    ck_assert_int_eq(shunt_desk_event(d, &tick, NULL, NULL), SHUNT_OK);
    ck_assert_int_eq(sh_desk_hours_opening(d, 1), DESK_NEVER);
    shunt_desk_free(d);
    shunt_table_close(t);
}
END_TEST

/* A desk's first event may be before 1970. */
START_TEST(desk_1_1_hours_before_1970)
{
    const struct shunt_table *t = table_in(a, "Etc/UTC",
                                           "hours: {h: {weekly: {mon-sun: 08:00-18:00}}}\nagents: {bo: {}}\n"
                                           "teams: {t: {agents: [bo], hours: h}}\notherwise: t\n");
    for (int hour = 6; hour < 12; hour += 3) {
        struct shunt_desk *d;
        struct shunt_event tick = {
            .kind = SHUNT_EVENT_TICK, .has_at = true, .at_sec = hour * 3600 - 10 * CAL_DAY_SEC};
        ck_assert_int_eq(shunt_desk_new(t, NULL, NULL, &d), SHUNT_OK);
        ck_assert_int_eq(shunt_desk_event(d, &tick, NULL, NULL), SHUNT_OK);
        ck_assert(sh_desk_hours_open(d, 1) == (hour == 9));
        shunt_desk_free(d);
    }
    shunt_table_close(t);
}
END_TEST

/* 2.4: where nothing opens any more, and 800 days on is no time, there is nothing to look at again. */
START_TEST(desk_2_4_nothing_comes_at_the_end_of_time)
{
    const struct shunt_table *t =
        table_in(a, "Etc/UTC",
                 "hours: {fair: {weekly: {}, special: {2030-06-01: 10:00-12:00}}}\nagents: {bo: {}}\n"
                 "teams: {t: {agents: [bo], hours: fair}}\notherwise: t\n");
    struct shunt_desk *d;
    struct shunt_event tick = {.kind = SHUNT_EVENT_TICK, .has_at = true, .at_sec = SHUNT_TIME_MAX - 1};
    ck_assert_int_eq(shunt_desk_new(t, NULL, NULL, &d), SHUNT_OK);
    for (; tick.at_sec <= SHUNT_TIME_MAX; tick.at_sec++) {
        ck_assert_int_eq(shunt_desk_event(d, &tick, NULL, NULL), SHUNT_OK);
        ck_assert_int_eq(sh_desk_watches_next(d), DESK_NEVER);
    }
    shunt_desk_free(d);
    shunt_table_close(t);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("desk time");
    TCase *t = tcase_create("desk time");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, desk_1_3_midnights_are_the_policys);
    tcase_add_loop_test(t, desk_1_3_a_midnight_is_a_dates_first_instant, 0,
                        sizeof midnights / sizeof *midnights);
    tcase_add_loop_test(t, desk_2_3_a_step_of_hours_falls_due, 0, sizeof dues / sizeof *dues);
    tcase_add_loop_test(t, desk_2_3_a_step_of_centuries_falls_due, 0,
                        sizeof far_hours / sizeof *far_hours * 4);
    tcase_add_loop_test(t, shunt_h_seconds_of_centuries, 0, sizeof far_hours / sizeof *far_hours);
    tcase_add_test(t, desk_2_3_plain_time_and_hours_that_are_gone);
    tcase_add_test(t, language_6_4_a_far_opening_comes_into_sight);
    tcase_add_test(t, desk_7_1_no_until_past_the_year_9999);
    tcase_add_test(t, desk_1_1_hours_before_1970);
    tcase_add_test(t, desk_2_4_nothing_comes_at_the_end_of_time);
    suite_add_tcase(s, t);
    return run_suite(s);
}
