/*
 * What `shunt dump` says of hours, zones and places (docs/dump.md), which the golden cases leave out: their
 * tables differ from one release of the zones' data to the next.
 */
#include "dump.h"
#include "run_suite.h"

#include <check.h>
#include <string.h>

static const char policy[] =
    "shunt: 1\n"
    "timezone: Europe/Stockholm\n"
    "hours:\n"
    "  office:\n"
    "    weekly: {mon-thu: 09:00-17:30, fri: [09:00-12:00, 13:00-16:00], sat: 22:00-02:00}\n"
    "    seasons: {06-29..08-07: {mon-fri: 10:00-15:00}}\n"
    "    closed: [12-24..12-26, 2027-01-01]\n"
    "    special: {2026-12-27: 10:00-14:00, 12-31: []}\n"
    "  duty: {outside: office, every: 6 weeks from 2026-03-02}\n"
    "agents: {bo: {hours: office, away: [2026-12-20..2027-01-06, 2026-05-01]}}\n"
    "teams: {t: {agents: bo}}\n"
    "rules:\n"
    "  - {rule: r, when: labels has å and during duty, active: 12-20..01-06, to: t}\n"
    "otherwise: t\n";

static struct arena *a;
static struct compilation *c;
static const struct shunt_table *table;
static struct table_view v;
static struct out out;
static struct dump d;

static void compile(void *options)
{
    c = compile_text(a, "p.yaml", str_from(policy), options);
}

static void setup(void)
{
    struct compile_options options = {0};
    a = arena_new();
    ck_assert(arena_try(a, compile, &options));
    ck_assert_int_eq(shunt_table_open(c->table.p, c->table.len, NULL, &table, NULL), SHUNT_OK);
    table_view(&v, table);
    out_init(&out, -1);
    d = (struct dump){.o = &out, .v = &v, .first = true};
    buf_init(&d.words, a);
}

static void teardown(void)
{
    out_free(&out);
    shunt_table_close(table);
    arena_free(a);
}

static void write_text(void *ctx)
{
    (void)ctx;
    dump_text(&d);
    out_putc(&out, 0);
}

static void write_json(void *ctx)
{
    (void)ctx;
    dump_json(&d);
    out_putc(&out, 0);
}

/* Whether what was written has this in it, as one piece. */
static void check_has(const char *piece)
{
    ck_assert_msg(strstr(out.p, piece) != NULL, "%s\nis not in\n%s", piece, out.p);
}

START_TEST(dump_shows_hours_as_weeks_with_their_places)
{
    ck_assert(arena_try(a, write_text, NULL));
    check_has("\nhours\n"
              "  always\n"
              "    open at all times\n"
              "  office  # p.yaml:4\n"
              "    in Europe/Stockholm\n"
              "    mon-thu 09:00-17:30\n"
              "    fri 09:00-12:00, 13:00-16:00\n"
              "    sat 22:00-24:00\n"
              "    sun 00:00-02:00\n"
              "    season 06-29..08-07\n"
              "      mon-fri 10:00-15:00\n"
              "      sat-sun closed\n"
              "    special 2026-12-27 10:00-14:00\n"
              "    special 12-31 closed\n"
              "    closed 2027-01-01, 12-24..12-26\n"
              "  duty  # p.yaml:9\n"
              "    in Europe/Stockholm\n"
              "    outside office\n"
              "    every 6 weeks from 2026-03-02\n");
}
END_TEST

START_TEST(dump_shows_zones_with_what_holds_for_ever_after)
{
    ck_assert(arena_try(a, write_text, NULL));
    check_has(" changes, then +01:00 and +02:00 from M3.5.0/02:00 to M10.5.0/03:00\n");
    check_has("\n  time-zone data  20");
}
END_TEST

START_TEST(dump_shows_days_and_where_a_rule_stands)
{
    ck_assert(arena_try(a, write_text, NULL));
    check_has("    away 2026-05-01, 2026-12-20..2027-01-06\n");
    check_has(
        "  1 r  # p.yaml:13\n    when active (12-20..01-06) and (labels has å and during duty)\n    to t\n");
}
END_TEST

START_TEST(dump_json_has_hours_by_weekday)
{
    ck_assert(arena_try(a, write_json, NULL));
    check_has("\"weekly\":{\"mon\":[\"09:00-17:30\"],\"tue\":[\"09:00-17:30\"],\"wed\":[\"09:00-17:30\"],"
              "\"thu\":[\"09:00-17:30\"],\"fri\":[\"09:00-12:00\",\"13:00-16:00\"],\"sat\":[\"22:00-24:00\"],"
              "\"sun\":[\"00:00-02:00\"]},\"seasons\":[{\"in\":\"06-29..08-07\"");
    check_has("\"special\":[{\"date\":\"2026-12-27\",\"hours\":[\"10:00-14:00\"]},{\"date\":\"12-31\","
              "\"hours\":[]}],"
              "\"closed\":[\"2027-01-01\",\"12-24..12-26\"],\"at\":{\"file\":\"p.yaml\",\"line\":4,"
              "\"column\":3,\"length\":6}}");
    check_has("\"outside\":\"office\",\"every_weeks\":6,\"every_from\":\"2026-03-02\"");
    check_has("\"then_offset\":3600,\"daylight_offset\":7200,\"daylight_from\":\"M3.5.0/"
              "02:00\",\"daylight_to\":\"M10.5.0/03:00\"");
}
END_TEST

START_TEST(dump_json_has_the_place_of_each_test)
{
    ck_assert(arena_try(a, write_json, NULL));
    check_has("\"test\":\"labels has å\",\"file\":\"p.yaml\",\"line\":13,\"column\":21,\"length\":12}");
    check_has("\"test\":\"during duty\",\"file\":\"p.yaml\",\"line\":13,\"column\":38,\"length\":11}");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("dump");
    TCase *t = tcase_create("dump");
    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, dump_shows_hours_as_weeks_with_their_places);
    tcase_add_test(t, dump_shows_zones_with_what_holds_for_ever_after);
    tcase_add_test(t, dump_shows_days_and_where_a_rule_stands);
    tcase_add_test(t, dump_json_has_hours_by_weekday);
    tcase_add_test(t, dump_json_has_the_place_of_each_test);
    suite_add_tcase(s, t);
    return run_suite(s);
}
