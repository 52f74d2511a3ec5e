/* Zones: TZif files, rules for ever after, names (language.md 6.3). The database is tests/data/zoneinfo. */
#include "../../compiler/zone.h"
#include "../../runtime/zone_rule.h"
#include "folder.h"
#include "run_suite.h"
#include "with_hours.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
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

/* A test whose body runs where the arena may be used. */
#define IN_ARENA(body) ck_assert(arena_try(a, body, NULL))

static struct zone_db db;

static struct m_zone zone(const char *name)
{
    struct m_zone z;
    struct str why;
    zone_db_open(a, S("tests/data/zoneinfo"), &db);
    ck_assert_msg(zone_read(a, &db, str_from(name), &z, &why), "%s", name);
    return z;
}

static int32_t offset(const struct m_zone *z, const char *at)
{
    return zone_span_at(z, instant(at)).offset_sec;
}

/* ---- offsets ---- */

static void every_row(void *ctx)
{
    (void)ctx;
    char name[64], at[32], before[64] = "";
    int want, isdst, rows = 0;
    struct m_zone z = {0};
    FILE *f = fopen("tests/data/offsets.tsv", "r");
    ck_assert_ptr_nonnull(f);
    while (fscanf(f, "%63s %31s %d %d", name, at, &want, &isdst) == 4) {
        if (strcmp(name, before)) z = zone(strcpy(before, name));
        struct zone_span s = zone_span_at(&z, instant(at));
        ck_assert_msg(s.offset_sec == want && s.isdst == isdst, "%s %s: %d %d", name, at, s.offset_sec,
                      s.isdst);
        ck_assert_msg(s.from <= instant(at) && instant(at) < s.until, "%s %s", name, at);
        rows++;
    }
    fclose(f);
    ck_assert_int_eq(rows, 397);
}

START_TEST(language_6_3_offsets_are_those_of_the_database)
{
    IN_ARENA(every_row);
}
END_TEST

static void far_future(void *ctx)
{
    (void)ctx;
    struct m_zone stockholm = zone("Europe/Stockholm"), dublin = zone("Europe/Dublin");
    ck_assert_int_eq(offset(&stockholm, "9999-07-01T00:00:00Z"), 7200);
    ck_assert_int_eq(offset(&stockholm, "9999-12-31T23:59:59Z"), 3600);
    /* negative daylight saving: winter is the one that is saved in */
    ck_assert_int_eq(offset(&dublin, "9999-01-15T00:00:00Z"), 0);
    ck_assert(zone_span_at(&dublin, instant("9999-01-15T00:00:00Z")).isdst);
    ck_assert(!zone_span_at(&dublin, instant("9999-07-15T00:00:00Z")).isdst);
}

START_TEST(language_6_3_changes_go_on_to_year_9999)
{
    IN_ARENA(far_future);
}
END_TEST

static void first_type(void *ctx)
{
    (void)ctx;
    struct m_zone z = zone("Europe/Stockholm");
    ck_assert_int_eq(offset(&z, "0001-01-01T00:00:00Z"), 4332); /* local mean time: 1:12:12 */
}

START_TEST(language_6_3_before_the_first_change_the_first_type_holds)
{
    IN_ARENA(first_type);
}
END_TEST

/* ---- rules for ever after ---- */

static const struct {
    const char *text, *at;
    int offset, isdst;
} rule_rows[] = {
    {"CET-1CEST,M3.5.0,M10.5.0/3", "2050-03-27T00:59:59Z", 3600, 0},
    {"CET-1CEST,M3.5.0,M10.5.0/3", "2050-03-27T01:00:00Z", 7200, 1},
    {"CET-1CEST,M3.5.0,M10.5.0/3", "2050-10-30T00:59:59Z", 7200, 1},
    {"CET-1CEST,M3.5.0,M10.5.0/3", "2050-10-30T01:00:00Z", 3600, 0},
    /* south of the equator it runs over the new year */
    {"AEST-10AEDT,M10.1.0,M4.1.0/3", "2050-01-01T00:00:00Z", 39600, 1},
    {"AEST-10AEDT,M10.1.0,M4.1.0/3", "2050-07-01T00:00:00Z", 36000, 0},
    /* times beyond a day: 50 hours after the fourth Thursday begins is Saturday, 2:00 */
    {"EET-2EEST,M3.4.4/50,M10.4.4/50", "2090-03-24T23:59:59Z", 7200, 0},
    {"EET-2EEST,M3.4.4/50,M10.4.4/50", "2090-03-25T00:00:00Z", 10800, 1},
    /* negative times: an hour before Sunday begins */
    {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2050-03-27T00:59:59Z", -7200, 0},
    {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2050-03-27T01:00:00Z", -3600, 1},
    /* negative daylight saving */
    {"IST-1GMT0,M10.5.0,M3.5.0/1", "2050-07-01T00:00:00Z", 3600, 0},
    {"IST-1GMT0,M10.5.0,M3.5.0/1", "2050-01-01T00:00:00Z", 0, 1},
    /* daylight saving all year, as RFC 9636 spells it */
    {"EST5EDT,0/0,J365/25", "2050-01-01T04:59:59Z", -14400, 1},
    {"EST5EDT,0/0,J365/25", "2050-01-01T05:00:00Z", -14400, 1},
    {"EST5EDT,0/0,J365/25", "2051-12-31T23:59:59Z", -14400, 1},
    /* Julian days: J60 is March 1st in every year, 59 is it in leap years alone */
    {"AAA0BBB,J60/0,J300/0", "2048-02-29T23:59:59Z", 0, 0},
    {"AAA0BBB,J60/0,J300/0", "2048-03-01T00:00:00Z", 3600, 1},
    {"AAA0BBB,59/0,J300/0", "2048-02-29T00:00:00Z", 3600, 1},
    {"AAA0BBB,59/0,J300/0", "2047-02-28T23:59:59Z", 0, 0},
    {"AAA0BBB,59/0,J300/0", "2047-03-01T00:00:00Z", 3600, 1},
    {"<+0330>-3:30", "2050-07-01T00:00:00Z", 12600, 0},
    {"<-0025>0:25:21", "2050-07-01T00:00:00Z", -1521, 0},
};

START_TEST(language_6_3_a_rule_gives_the_offset_for_ever)
{
    struct tf_zone z;
    const char *text = rule_rows[_i].text;
    ck_assert_msg(posix_tz_parse(str_from(text), &z), "%s", text);
    struct zone_span s = zone_rule_span(&z, instant(rule_rows[_i].at));
    ck_assert_msg(s.offset_sec == rule_rows[_i].offset && s.isdst == rule_rows[_i].isdst, "%s at %s: %d %d",
                  text, rule_rows[_i].at, s.offset_sec, s.isdst);
}
END_TEST

START_TEST(language_6_3_the_fast_way_answers_as_the_plain_one)
{
    static const char *const texts[] = {
        "CET-1CEST,M3.5.0,M10.5.0/3", "AEST-10AEDT,M10.1.0,M4.1.0/3", "EET-2EEST,M3.4.4/50,M10.4.4/50",
        "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "IST-1GMT0,M10.5.0,M3.5.0/1",
        /* changes near, at and over the year's end */
        "AAA0BBB,J10/0,J355/0", "AAA0BBB,J1/-167,J365/167", "AAA0BBB,M1.1.0/-167,M12.5.6/167",
        "AAA24BBB-24,J9/0,J358/0", "AAA0BBB,J365/167,J180/0", "AAA0BBB,M6.1.0,M6.1.0/3"};
    uint64_t x = 1;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct tf_zone z;
        ck_assert_msg(posix_tz_parse(str_from(texts[i]), &z), "%s", texts[i]);
        for (int k = 0; k < 3000; k++) {
            x = x * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            int64_t at = instant("1999-12-01T00:00:00Z") + (int64_t)(x >> 20) % (12 * 366 * INT64_C(86400));
            struct zone_span s = zone_rule_span(&z, at), p = zone_rule_span_plain(&z, at);
            ck_assert_msg(s.offset_sec == p.offset_sec && s.isdst == p.isdst && s.from == p.from &&
                              s.until == p.until,
                          "%s at %lld", texts[i], (long long)at);
            ck_assert(s.from <= at && at < s.until);
        }
    }
}
END_TEST

START_TEST(language_6_3_a_rule_that_cannot_be_is_refused)
{
    static const char *const wrong[] = {"",
                                        "CET",
                                        "CE-1",
                                        "CET-1CEST",
                                        "CET-1CEST,M3.5.0",
                                        "CET-1CEST,M13.5.0,M10.5.0",
                                        "CET-1CEST,M3.6.0,M10.5.0",
                                        "CET-1CEST,M3.5.7,M10.5.0",
                                        "CET-1CEST,M3.0.0,M10.5.0",
                                        "CET-1CEST,M3.5.0,M10.5.0/168",
                                        "CET-25",
                                        "CET-1:60",
                                        "CET-1:",
                                        "<CET-1",
                                        "CET-1CEST,M3.5.0,M10.5.0/3x",
                                        "CET-1CEST,J0,J300",
                                        "CET-1CEST,J366,J300",
                                        "CET-1CEST,366,1",
                                        "CET-99999999999CEST,M3.5.0,M10.5.0"};
    struct tf_zone z;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        ck_assert_msg(!posix_tz_parse(str_from(wrong[i]), &z), "%s", wrong[i]);
}
END_TEST

/* ---- files ---- */

struct change {
    const char *at;
    uint8_t type;
};

static void put32(struct buf *b, uint32_t n)
{
    for (int i = 3; i >= 0; i--) buf_putc(b, (char)(n >> i * 8));
}

static void put64(struct buf *b, int64_t n)
{
    put32(b, (uint32_t)((uint64_t)n >> 32));
    put32(b, (uint32_t)n);
}

static void put_header(struct buf *b, uint32_t times, uint32_t types, uint32_t leaps)
{
    buf_puts(b, "TZif2");
    for (int i = 0; i < 15; i++) buf_putc(b, 0);
    uint32_t counts[] = {0, 0, leaps, times, types, 4};
    for (int i = 0; i < 6; i++) put32(b, counts[i]);
}

/* A TZif file of the types CET (0) and CEST (1) and those changes. */
static struct str tzif(const struct change *changes, uint32_t count, const char *footer)
{
    struct buf b;
    buf_init(&b, a);
    put_header(&b, 0, 1, 0);
    for (int i = 0; i < 10; i++) buf_putc(&b, 0);
    put_header(&b, count, 2, 0);
    for (uint32_t i = 0; i < count; i++) put64(&b, instant(changes[i].at));
    for (uint32_t i = 0; i < count; i++) buf_putc(&b, (char)changes[i].type);
    put32(&b, 3600), buf_putc(&b, 0), buf_putc(&b, 0);
    put32(&b, 7200), buf_putc(&b, 1), buf_putc(&b, 0);
    buf_add(&b, "CET", 4);
    buf_printf(&b, "\n%s\n", footer);
    return buf_done(&b);
}

static struct m_zone parsed(const struct change *changes, uint32_t count, const char *footer)
{
    struct m_zone z = {0};
    const char *why = NULL;
    ck_assert_msg(tzif_parse(a, tzif(changes, count, footer), &z, &why), "%s", why);
    return z;
}

static const char cet[] = "CET-1CEST,M3.5.0,M10.5.0/3";

static void same_however_written(void *ctx)
{
    (void)ctx;
    static const struct change generous[] = {{"2000-01-01T00:00:00Z", 0}, /* changes nothing */
                                             {"2020-03-29T01:00:00Z", 1},
                                             {"2020-10-25T01:00:00Z", 0},
                                             {"2021-03-28T01:00:00Z", 1},
                                             {"2021-10-31T01:00:00Z", 0}};
    struct m_zone lean = parsed(generous + 1, 1, cet), more = parsed(generous, 5, cet);
    ck_assert_uint_eq(lean.changes.count, 1);
    ck_assert_uint_eq(more.changes.count, 1);
    ck_assert_int_eq(more.changes.at[0].at, lean.changes.at[0].at);
    ck_assert_uint_eq(more.types.count, lean.types.count);
    ck_assert_int_eq(offset(&more, "2019-07-01T00:00:00Z"), 3600); /* the rule does not count before */
    ck_assert_int_eq(offset(&more, "2021-07-01T00:00:00Z"), 7200);
}

START_TEST(language_6_3_the_same_history_gives_the_same_zone)
{
    IN_ARENA(same_however_written);
}
END_TEST

static void rule_begins_late(void *ctx)
{
    (void)ctx;
    /* No summer time in 2020, though the rule would have one: the idle change of December says from when it
     * counts. */
    static const struct change idle[] = {
        {"2019-03-31T01:00:00Z", 1}, {"2019-10-27T01:00:00Z", 0}, {"2020-12-01T00:00:00Z", 0}};
    static const struct change listed[] = {
        {"2019-03-31T01:00:00Z", 1}, {"2019-10-27T01:00:00Z", 0}, {"2021-03-28T01:00:00Z", 1}};
    struct m_zone x = parsed(idle, 3, cet), y = parsed(listed, 3, cet);
    ck_assert_int_eq(offset(&x, "2020-07-01T00:00:00Z"), 3600);
    ck_assert_int_eq(offset(&x, "2021-07-01T00:00:00Z"), 7200);
    ck_assert_uint_eq(x.changes.count, 3);
    ck_assert_uint_eq(y.changes.count, 3);
    ck_assert_int_eq(x.changes.at[2].at, y.changes.at[2].at);
}

START_TEST(language_6_3_the_rule_counts_from_the_last_change_on)
{
    IN_ARENA(rule_begins_late);
}
END_TEST

static void no_rule(void *ctx)
{
    (void)ctx;
    static const struct change changes[] = {{"2020-03-29T01:00:00Z", 1}};
    struct m_zone stays = parsed(changes, 1, ""), never = parsed(changes, 0, cet);
    ck_assert_int_eq(offset(&stays, "2500-01-01T00:00:00Z"), 7200);
    ck_assert_int_eq(offset(&never, "1900-07-01T00:00:00Z"),
                     7200); /* no changes: the rule alone, for all time */
}

START_TEST(language_6_3_without_a_rule_the_last_change_stays)
{
    IN_ARENA(no_rule);
}
END_TEST

static void damage(void *ctx)
{
    (void)ctx;
    static const struct change changes[] = {{"2020-03-29T01:00:00Z", 1}, {"2020-10-25T01:00:00Z", 0}};
    struct str whole = tzif(changes, 2, cet);
    const char *why;
    struct m_zone z;
    for (size_t len = 0; len < whole.len; len++) {
        char *cut = malloc(len ? len : 1); /* so that a sanitizer sees a byte read past it */
        memcpy(cut, whole.p, len);
        memset(&z, 0, sizeof z);
        ck_assert(!tzif_parse(a, (struct str){cut, len}, &z, &why));
        free(cut);
    }
    unsigned read = 0;
    for (size_t bit = 0; bit < whole.len * 8; bit++) {
        char *bytes = malloc(whole.len);
        memcpy(bytes, whole.p, whole.len);
        bytes[bit / 8] ^= (char)(1 << bit % 8);
        memset(&z, 0, sizeof z);
        if (tzif_parse(a, (struct str){bytes, whole.len}, &z, &why)) {
            read++;
            zone_span_at(&z, instant("2020-07-01T00:00:00Z"));
            zone_span_at(&z, instant("9999-07-01T00:00:00Z"));
        }
        free(bytes);
    }
    ck_assert_uint_gt(read, 0);
}

START_TEST(language_6_3_a_damaged_file_is_refused_and_never_read_past)
{
    IN_ARENA(damage);
}
END_TEST

static void leaps_and_version_1(void *ctx)
{
    (void)ctx;
    struct str s = tzif(NULL, 0, cet);
    const char *why = NULL;
    struct m_zone z = {0};
    char *bytes = (char *)s.p;
    bytes[4] = 0;
    ck_assert(!tzif_parse(a, s, &z, &why));
    ck_assert_str_eq(why, "it is a TZif file of version 1, without a rule for the years to come");
}

START_TEST(language_6_3_a_file_without_a_footer_is_refused)
{
    IN_ARENA(leaps_and_version_1);
}
END_TEST

/* ---- names ---- */

static void names_known(void *ctx)
{
    (void)ctx;
    static const struct {
        const char *zone, *guess; /* guess: NULL: it is known */
    } rows[] = {
        {"Europe/Stockholm", NULL},
        {"Test/Link", NULL},
        {"Factory", ""},
        {"../offsets.tsv", ""},
        {"Test/Unnamed", ""},
        {"europe/stockholm", "Europe/Stockholm"},
        {"EUROPE/DUBLIN", "Europe/Dublin"},
        {"new york", "America/New_York"},
        {"right/Europe/Dublin", "Europe/Dublin"},
        {"posix/Asia/Gaza", "Asia/Gaza"},
        {"/Asia/Gaza", "Asia/Gaza"},
        {"Europe/Stokholm", "Europe/Stockholm"},
        {"Amerika/Nuuk", "America/Nuuk"},
        {"CET", ""},
        {"", ""},
        {"Etc/UTC/", "Etc/UTC"},
        {"tzdata.zi", ""},
        {"Test/Twice", ""}, /* a line that names no zone */
    };
    zone_db_open(a, S("tests/data/zoneinfo"), &db);
    ck_assert_str_eq(arena_str(a, db.release).p, "2025b");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str name = str_from(rows[i].zone);
        bool known = zone_known(a, &db, name); /* the first is looked for, then all are listed */
        ck_assert_msg(known == !rows[i].guess, "%s", rows[i].zone);
        struct str guess = known ? (struct str){"", 0} : zone_guess(a, &db, name);
        struct zone_db fresh;
        zone_db_open(a, S("tests/data/zoneinfo"), &fresh);
        ck_assert_int_eq(zone_known(a, &fresh, name), known);
        if (!known)
            ck_assert_msg(str_eq(guess, str_from(rows[i].guess)), "%s: %.*s", rows[i].zone, (int)guess.len,
                          guess.p);
    }
}

static void releases(void *ctx)
{
    static const struct {
        const char *text, *release; /* NULL: none */
    } rows[] = {
        {"# version 2025b\n", "2025b"},
        {"# version 2025b", "2025b"},
        {"Z Etc/UTC 0 - UTC\n# version 2025c\n# version 2026a\n", "2025c"},
        {"# version 32-bytes-are-a-release-123456789\n", "32-bytes-are-a-release-123456789"},
        {"# version 33-bytes-are-no-release-123456789\n", NULL},
        {"# version \xff\n# version 2025d\n", "2025d"},
        {"#version 2025b\n", NULL},
        {"", NULL},
    };
    (void)ctx;
    folder_begin();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        put_file("tzdata.zi", rows[i].text);
        zone_db_open(a, str_from(in_dir("")), &db);
        ck_assert_int_eq(db.release.p != NULL, rows[i].release != NULL);
        if (rows[i].release) ck_assert_msg(str_eq(db.release, str_from(rows[i].release)), "row %zu", i);
    }
    folder_end();
}

START_TEST(language_6_3_the_release_is_named_by_the_database)
{
    IN_ARENA(releases);
}
END_TEST

START_TEST(language_6_3_names_are_those_of_the_database_and_case_counts)
{
    IN_ARENA(names_known);
}
END_TEST

static void E0402_unreadable(void *ctx)
{
    (void)ctx;
    ck_assert_str_eq(first_error(a, "hours: {h: {timezone: Test/Damaged}}"),
                     "the time zone \"Test/Damaged\" cannot be used: it is not a TZif file");
    ck_assert_str_eq(first_error(a, "hours: {h: {timezone: Test/Missing}}"),
                     "the time zone \"Test/Missing\" cannot be used: its file is not there");
}

START_TEST(E0402_a_zone_whose_file_is_wrong)
{
    IN_ARENA(E0402_unreadable);
}
END_TEST

static void E0403_no_database(void *ctx)
{
    (void)ctx;
    struct compile_options options = {.zoneinfo_dir = S("tests/data/holidays")};
    struct compilation *c = compile_text(a, "p.yaml", S("shunt: 1\ntimezone: Europe/Stockholm\n"), &options);
    ck_assert_uint_eq(c->diags.error_count, 1);
    ck_assert_int_eq(c->diags.list.at[0]->id, E0403);
    ck_assert_str_eq(c->diags.list.at[0]->message.p, "the time-zone database is not in tests/data/holidays");
}

START_TEST(E0403_a_machine_without_a_database)
{
    IN_ARENA(E0403_no_database);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("zone");
    TCase *c = tcase_create("zone");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, language_6_3_offsets_are_those_of_the_database);
    tcase_add_test(c, language_6_3_changes_go_on_to_year_9999);
    tcase_add_test(c, language_6_3_before_the_first_change_the_first_type_holds);
    tcase_add_loop_test(c, language_6_3_a_rule_gives_the_offset_for_ever, 0,
                        sizeof rule_rows / sizeof *rule_rows);
    tcase_add_test(c, language_6_3_the_fast_way_answers_as_the_plain_one);
    tcase_add_test(c, language_6_3_a_rule_that_cannot_be_is_refused);
    tcase_add_test(c, language_6_3_the_same_history_gives_the_same_zone);
    tcase_add_test(c, language_6_3_the_rule_counts_from_the_last_change_on);
    tcase_add_test(c, language_6_3_without_a_rule_the_last_change_stays);
    tcase_add_test(c, language_6_3_a_damaged_file_is_refused_and_never_read_past);
    tcase_add_test(c, language_6_3_a_file_without_a_footer_is_refused);
    tcase_add_test(c, language_6_3_names_are_those_of_the_database_and_case_counts);
    tcase_add_test(c, language_6_3_the_release_is_named_by_the_database);
    tcase_add_test(c, E0402_a_zone_whose_file_is_wrong);
    tcase_add_test(c, E0403_a_machine_without_a_database);
    suite_add_tcase(s, c);
    return run_suite(s);
}
