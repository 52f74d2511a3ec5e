/* Hours declarations to the model (language.md 6): dates, weeks, `like` and `outside`, zones, what is
 * refused. */
#include "../../compiler/resolve_hours.h"
#include "../../compiler/view_hours.h"
#include "run_suite.h"
#include "with_hours.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

static struct arena *a;
static void setup(void)
{
    a = arena_new();
}
static void teardown(void)
{
    arena_free(a);
}

#define IN_ARENA(body) ck_assert(arena_try(a, body, NULL))

/* ---- as text ---- */

static const char *ranges_text(const m_ranges *r)
{
    struct buf b;
    buf_init(&b, a);
    for (uint32_t i = 0; i < r->count; i++)
        buf_printf(&b, "%s%s%d..%d", i ? " " : "", r->at[i].yearly ? "y" : "", r->at[i].from, r->at[i].to);
    return buf_done(&b).p;
}

/* The hours `h` of the policy, which has no errors. */
static const struct m_hours *hours_of(const char *text, struct compilation **c)
{
    *c = compile_with(a, text);
    for (uint32_t i = 0; i < (*c)->diags.list.count; i++)
        ck_assert_msg(!diag_is_error((*c)->diags.list.at[i]->id), "%s", (*c)->diags.list.at[i]->message.p);
    return &(*c)->model.hours.at[strmap_get(&(*c)->model.hours_ids, S("h"), NONE)];
}

/* ---- dates ---- */

static const struct {
    const char *closed, *ranges;
} dates_rows[] = {
    {"[1970-01-05, 1970-01-03]", "2..2 4..4"},
    {"[1970-01-03, 1970-01-04]", "2..3"}, /* those that touch are joined */
    {"[1970-01-03..1970-01-10, 1970-01-05]", "2..9"},
    {"[1970-01-03..1970-01-10, 1970-01-08..1970-01-20]", "2..19"},
    {"[1969-12-31..1970-01-01]", "-1..0"},
    {"[01-01, 12-31]", "y365..0"}, /* round the year's end */
    {"[12-31..01-01, 01-02]", "y365..1"},
    {"[12-24..01-06, 01-07..01-10, 12-20..12-23]", "y354..9"},
    {"[01-01..12-31]", "y0..365"},
    {"[07-01..06-30]", "y0..365"},
    {"[02-28, 03-01]", "y58..58 y60..60"}, /* 02-29 is between them */
    {"[02-29]", "y59..59"},
    {"[02-28..02-29, 03-01]", "y58..60"},
    {"[12-01..12-31]", "y335..365"},
    {"[06-01, 1970-01-03]", "2..2 y152..152"}, /* dated ones first */
    {"[]", ""},
};

static int row;
static void check_dates(void *ctx)
{
    (void)ctx;
    struct compilation *c;
    struct str text =
        arena_printf(a, "hours: {h: {weekly: {mon: 09:00-10:00}, closed: %s}}", dates_rows[row].closed);
    ck_assert_str_eq(ranges_text(&hours_of(text.p, &c)->closed), dates_rows[row].ranges);
}

START_TEST(language_6_6_ranges_are_sorted_and_joined)
{
    row = _i;
    IN_ARENA(check_dates);
}
END_TEST

/* ---- weeks ---- */

static const struct {
    const char *keys;
    int day; /* 0 Monday */
    const char *intervals;
} week_rows[] = {
    {"weekly: {mon: [13:00-17:00, 09:00-12:00]}", 0, "09:00-12:00 13:00-17:00"},
    {"weekly: {mon: [12:00-17:00, 09:00-12:00]}", 0, "09:00-17:00"}, /* those that touch are joined */
    {"weekly: {mon: 22:00-06:00}", 0, "22:00-24:00"},
    {"weekly: {mon: 22:00-06:00}", 1, "00:00-06:00"},
    {"weekly: {sun: 22:00-06:00}", 0, "00:00-06:00"},
    {"weekly: {mon: 22:00-00:00}", 1, ""},
    {"weekly: {mon: 22:00-00:00}", 0, "22:00-24:00"},
    {"weekly: {mon-sun: 12:00-11:00}", 3, "00:00-11:00 12:00-24:00"},
    {"weekly: {sat-mon: 10:00-11:00}", 0, "10:00-11:00"},
    {"weekly: {mon: 09:00-17:00}, breaks: {mon: 12:00-13:00}", 0, "09:00-12:00 13:00-17:00"},
    {"weekly: {mon: 09:00-17:00}, breaks: {mon: [08:00-08:30, 12:00-13:00]}", 0, "09:00-12:00 13:00-17:00"},
    {"weekly: {mon: 09:00-17:00}, breaks: {mon: [08:00-09:30, 16:30-18:00]}", 0, "09:30-16:30"},
    {"weekly: {mon: [09:00-10:00, 11:00-12:00, 13:00-14:00]}, breaks: {mon: 09:30-13:30}", 0,
     "09:00-09:30 13:30-14:00"},
    {"weekly: {mon: 09:00-17:00}, breaks: {mon: 09:00-17:00}", 0, ""},
    {"weekly: {mon: 09:00-17:00}, breaks: {sun: 23:00-10:00}", 0, "10:00-17:00"},
    {"weekly: {mon: [09:00-12:00, 13:00-17:00]}, breaks: {mon: [10:00-10:15, 12:00-13:00, 14:00-14:15]}", 0,
     "09:00-10:00 10:15-12:00 13:00-14:00 14:15-17:00"},
};

static void check_week_row(void *ctx)
{
    (void)ctx;
    const struct shunt_table *t = table_with(a, arena_printf(a, "hours: {h: {%s}}", week_rows[row].keys).p);
    struct table_view v;
    struct view_day day;
    table_view(&v, t);
    const struct tf_hours *h = &v.HOURS.at[1];
    view_weekday(&v, le32(h->week), le32(h->breaks), (uint32_t)week_rows[row].day, &day);
    ck_assert_str_eq(day_text(a, &day), week_rows[row].intervals);
    shunt_table_close(t);
}

START_TEST(language_6_2_a_week_is_split_at_midnight_less_its_breaks)
{
    row = _i;
    IN_ARENA(check_week_row);
}
END_TEST

/* ---- what is refused, and what next to it is not ---- */

static const struct {
    const char *hours, *error; /* "": none */
} error_rows[] = {
    {"h: {weekly: {mon: [09:00-12:00, 12:00-13:00]}}", ""},
    {"h: {weekly: {mon: [09:00-12:01, 12:00-13:00]}}", "12:00-13:00 overlaps 09:00-12:01"},
    {"h: {weekly: {mon: [09:00-12:00, 09:00-12:00]}}", "09:00-12:00 overlaps 09:00-12:00"},
    {"h: {weekly: {mon: 22:00-06:00, tue: 06:00-07:00}}", ""},
    {"h: {weekly: {mon: 22:00-06:01, tue: 06:00-07:00}}", "06:00-07:00 overlaps 22:00-06:01"},
    {"h: {weekly: {sun: 22:00-06:01, mon: 06:00-07:00}}", "06:00-07:00 overlaps 22:00-06:01"},
    {"h: {weekly: {mon: [22:00-06:00, 23:00-23:30]}}", "23:00-23:30 overlaps 22:00-06:00"},
    {"h: {weekly: {mon-sun: 12:00-12:01}, breaks: {mon: 22:00-06:00, tue: 05:00-05:30}}",
     "05:00-05:30 overlaps 22:00-06:00"},
    {"h: {weekly: {mon-tue: 09:00-10:00, tue-wed: 11:00-12:00}}", "Tuesday is named twice"},
    {"h: {weekly: {mon-fri: 09:00-10:00, wed-sun: 09:00-10:00}}", "Wednesday is named twice"},
    {"h: {weekly: {sat-mon: 09:00-10:00, mon: []}}", "Monday is named twice"},
    {"h: {special: {12-24: 22:00-24:00, 12-25: 00:00-02:00}}", ""},
    {"h: {special: {12-24: 22:00-00:00}}",
     "special hours stay within their day, and 22:00-00:00 runs over midnight"},
    {"h: {special: {2026-12-24: [09:00-10:00, 09:30-11:00]}}", "09:30-11:00 overlaps 09:00-10:00"},
    {"h: {seasons: {06-01..06-30: {}, 07-01..07-31: {}}}", ""},
    {"h: {seasons: {06-01..07-01: {}, 07-01..07-31: {}}}", "this season overlaps another"},
    {"h: {seasons: {12-01..01-31: {}, 02-01..11-30: {}}}", ""},
    {"h: {seasons: {12-01..01-31: {}, 11-30..12-01: {}}}", "this season overlaps another"},
    {"h: {seasons: {12-01..02-01: {}, 11-01..01-01: {}}}", "this season overlaps another"},
    {"h: {seasons: {02-01..02-28: {}, 03-01..03-31: {}, 02-29: {}}}", ""},
    {"h: {seasons: {02-01..02-29: {}, 02-29..03-31: {}}}", "this season overlaps another"},
    {"h: {seasons: {2027-02-01..2027-03-31: {}, 02-29: {}}}", ""}, /* 2027 has no such day */
    {"h: {seasons: {2028-02-01..2028-03-31: {}, 02-29: {}}}", "this season overlaps another"},
    {"h: {seasons: {1897-01-01..1903-12-31: {}, 02-29: {}}}", ""}, /* nor have these seven years */
    {"h: {seasons: {1897-01-01..1904-12-31: {}, 02-29: {}}}", "this season overlaps another"},
    {"h: {seasons: {2026-06-30: {}, 07-01..07-31: {}}}", ""},
    {"h: {seasons: {2026-07-31..2026-08-31: {}, 07-01..07-31: {}}}", "this season overlaps another"},
    {"h: {seasons: {2026-06-01..2026-06-30: {}, 2026-07-01: {}}}", ""},
    {"h: {seasons: {2026-07-01: {}, 2026-06-01..2026-07-01: {}}}", "this season overlaps another"},
    {"h: {like: g}", "no hours \"g\" are declared"},
    {"h: {outside: g}", "no hours \"g\" are declared"},
    {"h: {like: h}", "hours \"h\" come back to themselves: h -> h"},
    {"h: {outside: h}", "hours \"h\" come back to themselves: h -> h"},
    {"h: {like: g}, g: {outside: h}", "hours \"g\" come back to themselves: g -> h -> g"},
    {"h: {like: g}, g: {outside: always}", ""},
    {"always: {weekly: {mon: 09:00-10:00}}",
     "hours cannot be named \"always\": those are the hours without end"},
    {"h: {outside: always, every: 2 weeks from 2026-03-02, timezone: Etc/UTC}", ""},
    {"h: {outside: always, weekly: {}}", "hours \"h\" are outside of \"always\", and say `weekly` too"},
    {"g: {closed: []}, h: {like: g, outside: always}",
     "hours \"h\" are outside of \"always\", and say `closed` too"},
    {"g: {outside: always}, h: {like: g, breaks: {}}",
     "hours \"h\" are outside of \"always\", and say `breaks` too"},
    {"g: {outside: always}, h: {like: g, outside: always}", ""},
    {"h: {timezone: Europe/Paris}",
     "there is no time zone \"Europe/Paris\""}, /* not in tests/data/zoneinfo */
};

static void check_error_row(void *ctx)
{
    (void)ctx;
    struct str text = arena_printf(a, "hours: {%s}", error_rows[row].hours);
    ck_assert_str_eq(first_error(a, text.p), error_rows[row].error);
}

START_TEST(language_6_2_6_6_what_is_wrong_and_what_is_just_right)
{
    row = _i;
    IN_ARENA(check_error_row);
}
END_TEST

/* ---- order, chains, zones ---- */

static void check_order(void *ctx)
{
    (void)ctx;
    struct compilation *c;
    hours_of("hours:\n"
             "  h: {outside: e}\n"
             "  b: {like: c}\n"
             "  c: {weekly: {mon: 09:00-10:00}}\n"
             "  d: {weekly: {mon: 09:00-10:00}}\n"
             "  e: {like: d}\n",
             &c);
    struct buf b;
    buf_init(&b, a);
    for (uint32_t i = 0; i < c->model.hours.count; i++) {
        struct str name = c->model.hours.at[i].name.s;
        buf_printf(&b, "%.*s ", (int)name.len, name.p);
        if (c->model.hours.at[i].outside != NONE) ck_assert_uint_lt(c->model.hours.at[i].outside, i);
    }
    ck_assert_str_eq(buf_done(&b).p, "always d e h c b ");
}

START_TEST(model_hours_come_after_those_they_are_like_or_outside_of)
{
    IN_ARENA(check_order);
}
END_TEST

static const char *chain(const char *key, uint32_t count)
{
    struct buf b;
    buf_init(&b, a);
    buf_puts(&b, "hours:\n");
    for (uint32_t i = count; i > 0; i--) buf_printf(&b, "  h%u: {%s: h%u}\n", i, key, i - 1);
    buf_puts(&b, "  h0: {weekly: {mon: 09:00-10:00}}\n");
    return buf_done(&b).p;
}

static void check_outside_depth(void *ctx)
{
    (void)ctx;
    ck_assert_str_eq(first_error(a, chain("outside", TF_OUTSIDE_MAX)), "");
    ck_assert_str_eq(first_error(a, chain("outside", TF_OUTSIDE_MAX + 1)),
                     "hours \"h65\" are outside of hours that are outside of others, more than 64 deep");
}

START_TEST(limit_64_outside_follow_each_other_and_not_65)
{
    IN_ARENA(check_outside_depth);
}
END_TEST

static void check_long_like(void *ctx)
{
    (void)ctx;
    ck_assert_str_eq(first_error(a, chain("like", 20000)), "");
}

START_TEST(language_6_6_like_may_go_on_as_long_as_it_likes)
{
    IN_ARENA(check_long_like);
}
END_TEST

static void check_zones(void *ctx)
{
    (void)ctx;
    struct compilation *c;
    const struct m_hours *h = hours_of("hours:\n"
                                       "  a: {timezone: Pacific/Apia}\n"
                                       "  h: {like: a, weekly: {mon: 09:00-10:00}}\n"
                                       "  b: {timezone: Etc/UTC}\n"
                                       "  c: {timezone: Europe/Stockholm}\n",
                                       &c);
    ck_assert_uint_eq(c->model.zones.count, 3); /* each once, the policy's first, the others by name */
    ck_assert_str_eq(c->model.zones.at[0].name.p, "Europe/Stockholm");
    ck_assert_str_eq(c->model.zones.at[1].name.p, "Etc/UTC");
    ck_assert_str_eq(c->model.zones.at[2].name.p, "Pacific/Apia");
    ck_assert_uint_eq(h->zone, 2);
    ck_assert_uint_eq(c->model.zone, 0);
    ck_assert(str_eq(c->model.zone_release, S("2025b")));
}

START_TEST(language_6_6_like_takes_the_timezone_too)
{
    IN_ARENA(check_zones);
}
END_TEST

/* ---- never open ---- */

static const struct {
    const char *hours;
    bool never;
} never_rows[] = {
    {"h: {}", true},
    {"h: {weekly: {mon: 09:00-10:00}, closed: [01-01..12-31]}", true},
    {"h: {weekly: {mon: 09:00-10:00}, closed: [03-01..02-28]}",
     false}, /* but for 02-29, where it is a Monday */
    {"h: {weekly: {}, special: {02-29: 09:00-10:00}}", false},
    {"h: {special: {1999-12-30: 09:00-10:00}}", true}, /* too long ago */
    {"h: {special: {2099-12-31: 09:00-10:00}}", false},
    {"h: {special: {2026-03-29: 02:00-03:00}}", true}, /* an hour that the clocks leave out */
    {"h: {special: {2026-03-29: 02:00-03:01}}", false},
    {"h: {outside: always}", true},
    {"h: {outside: g}, g: {weekly: {mon-sun: 00:00-24:00}, timezone: America/New_York}", true},
    {"h: {outside: g}, g: {weekly: {mon-sun: 00:00-24:00}, closed: [2050-01-01]}", false},
    {"h: {outside: g, every: 2 weeks from 2026-01-05}, g: {weekly: {mon-sun: 00:00-24:00}, every: 2 weeks "
     "from 2026-01-05}",
     true},
    {"h: {outside: g, every: 2 weeks from 2026-01-05}, g: {weekly: {mon-sun: 00:00-24:00}, every: 2 weeks "
     "from 2026-01-12}",
     false},
    {"h: {weekly: {mon: 09:00-17:00}, breaks: {mon: 09:00-17:00}}", true},
    {"h: {weekly: {mon: 09:00-17:00}, breaks: {mon: [09:00-12:00, 12:01-17:00]}}", false},
    /* of a country; of every day there is */
    {"h: {weekly: {mon: 09:00-10:00}, holidays: [tests/data/holidays/se.ics]}", false},
    {"h: {weekly: {mon: 09:00-10:00}, holidays: [tests/data/holidays/century.ics]}", true},
    {"h: {weekly: {mon: 09:00-10:00}, holidays: [tests/data/holidays/se.ics, "
     "tests/data/holidays/century.ics]}",
     true},
    {"h: {weekly: {mon: 09:00-10:00}, holidays: [tests/data/holidays/century.ics, "
     "tests/data/holidays/se.ics]}",
     true},
    {"h: {weekly: {mon: 09:00-10:00}, holidays: [tests/data/holidays/century.ics], special: {2026-03-02: "
     "09:00-10:00}}",
     false},
};

static void check_never(void *ctx)
{
    (void)ctx;
    struct compilation *c;
    struct str text = arena_printf(a, "hours: {%s}", never_rows[row].hours);
    ck_assert_msg(hours_of(text.p, &c)->never_open == never_rows[row].never, "%s", never_rows[row].hours);
}

START_TEST(language_7_2_hours_never_open)
{
    row = _i;
    IN_ARENA(check_never);
}
END_TEST

/* ---- always open ---- */

#define WEEK "weekly: {mon-sun: 00:00-24:00}"
static const struct {
    const char *hours;
    bool always;
} always_rows[] = {
    {"h: {" WEEK "}", true},
    {"h: {weekly: {mon-sat: 00:00-24:00, sun: 00:00-23:59}}", false},
    {"h: {" WEEK ", closed: []}", true},
    {"h: {" WEEK ", closed: [2026-03-02]}", false},
    {"h: {" WEEK ", holidays: []}", true},
    {"h: {" WEEK ", holidays: [tests/data/holidays/se.ics]}", false},
    {"h: {" WEEK ", breaks: {mon: []}}", true},
    {"h: {" WEEK ", breaks: {mon: 12:00-13:00}}", false},
    {"h: {" WEEK ", special: {12-24: 00:00-24:00}}", true},
    {"h: {" WEEK ", special: {12-24: 00:00-23:59}}", false},
    {"h: {" WEEK ", seasons: {12-24: {mon-sun: 00:00-24:00}}}", true},
    {"h: {" WEEK ", seasons: {12-24: {mon-sat: 00:00-24:00}}}", false},
    /* what `like` brings, and what stands in its place */
    {"h: {like: g}, g: {" WEEK "}", true},
    {"h: {like: g}, g: {" WEEK ", breaks: {mon: 12:00-13:00}}", false},
    {"h: {like: g, breaks: {}}, g: {" WEEK ", breaks: {mon: 12:00-13:00}}", true},
    {"h: {like: g}, g: {" WEEK ", holidays: [tests/data/holidays/se.ics]}", false},
    {"h: {like: g, holidays: []}, g: {" WEEK ", holidays: [tests/data/holidays/se.ics]}", true},
    {"h: {like: g}, g: {" WEEK ", closed: [2026-03-02]}", false},
    {"h: {like: g}, g: {" WEEK ", special: {12-24: []}}", false},
    {"h: {like: g, special: {}}, g: {" WEEK ", special: {12-24: []}}", true},
    {"h: {like: g}, g: {" WEEK ", seasons: {12-24: {}}}", false},
    {"h: {like: g, seasons: {}}, g: {" WEEK ", seasons: {12-24: {}}}", true},
};
#undef WEEK

static void check_always(void *ctx)
{
    (void)ctx;
    struct compilation *c;
    struct str text = arena_printf(a, "hours: {%s}", always_rows[row].hours);
    ck_assert_msg(hours_of(text.p, &c)->always_open == always_rows[row].always, "%s", always_rows[row].hours);
}

START_TEST(language_7_2_conditions_of_hours_always_open)
{
    row = _i;
    IN_ARENA(check_always);
}
END_TEST

#define COUNT(rows) (int)(sizeof rows / sizeof *rows)

int main(void)
{
    Suite *s = suite_create("resolve_hours");
    TCase *c = tcase_create("resolve_hours");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_loop_test(c, language_6_6_ranges_are_sorted_and_joined, 0, COUNT(dates_rows));
    tcase_add_loop_test(c, language_6_2_a_week_is_split_at_midnight_less_its_breaks, 0, COUNT(week_rows));
    tcase_add_loop_test(c, language_6_2_6_6_what_is_wrong_and_what_is_just_right, 0, COUNT(error_rows));
    tcase_add_test(c, model_hours_come_after_those_they_are_like_or_outside_of);
    tcase_add_test(c, limit_64_outside_follow_each_other_and_not_65);
    tcase_add_test(c, language_6_6_like_may_go_on_as_long_as_it_likes);
    tcase_add_test(c, language_6_6_like_takes_the_timezone_too);
    tcase_add_loop_test(c, language_7_2_hours_never_open, 0, COUNT(never_rows));
    tcase_add_loop_test(c, language_7_2_conditions_of_hours_always_open, 0, COUNT(always_rows));
    suite_add_tcase(s, c);
    return run_suite(s);
}
