/*
 * What `shunt diff` says of hours that two releases of the time zones' data tell otherwise, and of long lists
 * (commands.md 10). The releases: tests/data/zoneinfo, and a copy in which one change comes an hour later.
 */
#define _GNU_SOURCE /* memmem() */
#include "../../cli/diff_changed.h"
#include "../../compiler/compile.h"
#include "../unit/folder.h"
#include "run_suite.h"

#include <check.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { TIMEZONE, CHANGES }; /* of hours_properties[] */

static struct arena *a;
static struct table_view views[2];
static const struct shunt_table *tables[2];
static struct dump dumps[2];
static struct out out;

/* Stockholm's, with a change of 1980, 338950800, moved by an hour: eight bytes, the highest first. */
static void put_moved_zone(void)
{
    static const char was[] = "\0\0\0\0\x14\x33\xFA\x90", is[] = "\0\0\0\0\x14\x34\x08\xA0";
    char bytes[8192];
    FILE *f = fopen("tests/data/zoneinfo/Europe/Stockholm", "rb");
    ck_assert_ptr_nonnull(f);
    size_t len = fread(bytes, 1, sizeof bytes, f);
    fclose(f);
    char *at = memmem(bytes, len, was, 8);
    ck_assert_ptr_nonnull(at);
    memcpy(at, is, 8);
    put_file("tzdata.zi", "# version 2099z\nZ Europe/Stockholm 1 - CET\n");
    ck_assert_int_eq(mkdir(in_dir("Europe"), 0777), 0);
    f = fopen(in_dir("Europe/Stockholm"), "wb");
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fwrite(bytes, 1, len, f), len);
    fclose(f);
}

static void compile(void *ctx)
{
    const char *zone = ctx;
    for (int w = 0; w < 2; w++) {
        struct compile_options options = {.zoneinfo_dir =
                                              w ? str_from(in_dir("")) : S("tests/data/zoneinfo")};
        struct str text = arena_printf(a,
                                       "shunt: 1\ntimezone: %s\nhours: {o: {weekly: {mon: 09:00-17:00}}}\n"
                                       "teams: {t: {}}\notherwise: t\n",
                                       w ? "Europe/Stockholm" : zone);
        struct compilation *c = compile_text(a, "p.yaml", text, &options);
        ck_assert_int_eq(shunt_table_open(c->table.p, c->table.len, NULL, &tables[w], NULL), SHUNT_OK);
        table_view(&views[w], tables[w]);
        dumps[w] = (struct dump){.o = &out, .v = &views[w]};
        buf_init(&dumps[w].words, a);
    }
}

static void setup(void)
{
    folder_begin();
    put_moved_zone();
    a = arena_new();
    out_init(&out, -1);
    memset(tables, 0, sizeof tables);
}

static void teardown(void)
{
    out_free(&out);
    for (int w = 0; w < 2; w++) shunt_table_close(tables[w]);
    arena_free(a);
    folder_end();
}

/* Of hours `o`, HOURS[1]. */
static struct str said(int which, int property)
{
    return diff_say(hours_properties[property].say, &dumps[which], 1, &out);
}

static const char *told(bool ordered, struct str before, struct str after)
{
    out.len = 0;
    if (!diff_tell_items(a, &out, ordered, before, after)) return NULL;
    out_putc(&out, 0);
    return out.p;
}

static void check_moved(void *ctx)
{
    (void)ctx;
    compile("Europe/Stockholm");
    struct str before = said(0, CHANGES), after = said(1, CHANGES);
    ck_assert_ptr_nonnull(strstr(before.p, "\x1f"
                                           "1980-09-28T01:00:00Z: UTC+01:00\x1f"));
    ck_assert_ptr_nonnull(strstr(before.p, "\x1f"
                                           "each year, M3.5.0/02:00: UTC+02:00 (daylight saving)\x1f"
                                           "each year, M10.5.0/03:00: UTC+01:00"));
    ck_assert_int_eq(strncmp(before.p, "at first: UTC+01:", 17), 0);
    const char *words = told(false, before, after);
    ck_assert_ptr_nonnull(words);
    ck_assert_ptr_nonnull(strstr(words, "no longer 1980-09-28T01:00:00Z: UTC+01:00; "
                                        "now also 1980-09-28T02:00:00Z: UTC+01:00; "));
}

START_TEST(c10_zones_of_another_release_are_told_by_the_changes_that_differ)
{
    ck_assert(arena_try(a, check_moved, NULL));
    ck_assert(diff_part_of(hours_properties[CHANGES].say) == hours_properties[TIMEZONE].say);
    ck_assert(diff_part_of(hours_properties[TIMEZONE].say) == NULL);
}
END_TEST

static void check_for_ever(void *ctx)
{
    compile(ctx);
    struct str words = said(0, CHANGES);
    ck_assert_msg(strstr(words.p, "for ever after: UTC+05:45") != NULL, "%s", words.p);
}

START_TEST(c10_a_zone_without_daylight_saving_is_told_for_ever)
{
    ck_assert(arena_try(a, check_for_ever, "Asia/Kathmandu"));
}
END_TEST

/* A table may say a change that no time of a ticket comes near, and no date of four digits names. */
static void check_long_ago(void *ctx)
{
    compile(ctx);
    uint32_t count = views[0].ZONE_CHANGE.count;
    struct tf_zone_change *changes = arena_array(a, struct tf_zone_change, count);
    memcpy(changes, views[0].ZONE_CHANGE.at, count * sizeof *changes);
    changes[0].at = to_le64((uint64_t)(SHUNT_TIME_MIN - 1));
    changes[1].at = to_le64((uint64_t)SHUNT_TIME_MIN);
    changes[count - 2].at = to_le64((uint64_t)SHUNT_TIME_MAX);
    changes[count - 1].at = to_le64((uint64_t)(SHUNT_TIME_MAX + 1));
    views[0].ZONE_CHANGE.at = changes;
    struct str words = said(0, CHANGES);
    ck_assert_ptr_nonnull(strstr(words.p, "\x1f-62167219201 s: UTC+"));
    ck_assert_ptr_nonnull(strstr(words.p, "\x1f"
                                          "0000-01-01T00:00:00Z: UTC+"));
    ck_assert_ptr_nonnull(strstr(words.p, "\x1f"
                                          "9999-12-31T23:59:59Z: UTC+"));
    ck_assert_ptr_nonnull(strstr(words.p, "\x1f"
                                          "253402300800 s: UTC+"));
}

START_TEST(c10_changes_outside_all_dates_are_told_in_seconds)
{
    ck_assert(arena_try(a, check_long_ago, "Europe/Stockholm"));
}
END_TEST

/* Words with bars between items. */
static struct str items(const char *with_bars)
{
    struct str s = arena_str(a, str_from(with_bars));
    char *p = (char *)s.p;
    for (size_t i = 0; i < s.len; i++)
        if (p[i] == '|') p[i] = BETWEEN;
    return s;
}

static void check_lists(void *ctx)
{
    static const char seven[] = "a|b|c|d|e|f|g";
    static const struct {
        const char *before, *after, *told;
        bool ordered;
    } rows[] = {
        {seven, "a|b|c|d|e|f|h", "no longer g; now also h; 6 as before", false},
        {seven, "x|a|b|c|d|e|f|y|g", "now also x, y; 7 as before", false},
        {seven, "a|b|c|e|f|g|y|z", "no longer d; now also y, z; 6 as before", true},
        {seven, "x|a|b|c|d|e|f|g", NULL, true}, /* not at the end */
        {seven, "a|b|c|d|e|f|x|g", NULL, true}, /* the same */
        {"a|b|c|d|e|f|g|h", "b|c|d|e|f|g|h", "no longer a; 7 as before", false},
        {"a|\x1b|c|d|e|f|g", "a|c|d|e|f|g|h", "no longer \\u{1b}; now also h; 6 as before", false},
        {seven, "a|b|c|d|e|f", NULL, false},   /* short enough */
        {"a|b|c|d|e|f", seven, NULL, false},   /* the same */
        {seven, "b|a|c|d|e|f|g", NULL, false}, /* another order */
        {seven, "a|b|c|d|e|f|f", NULL, false}, /* an item twice */
        {"a|b|c|d|e|f|f", seven, NULL, false}, /* the same, before */
        {seven, "1|2|3|4|5|6|7", NULL, false}, /* nothing in common */
        {seven, "", NULL, false},              /* nothing at all */
    };
    (void)ctx;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *words = told(rows[i].ordered, items(rows[i].before), items(rows[i].after));
        if (!rows[i].told)
            ck_assert_msg(!words, "row %zu: %s", i, words);
        else
            ck_assert_str_eq(words, rows[i].told);
    }
}

START_TEST(c10_of_long_lists_what_differs_is_told)
{
    ck_assert(arena_try(a, check_lists, NULL));
}
END_TEST

int main(void)
{
    TCase *tc = tcase_create("hours");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, c10_zones_of_another_release_are_told_by_the_changes_that_differ);
    tcase_add_test(tc, c10_a_zone_without_daylight_saving_is_told_for_ever);
    tcase_add_test(tc, c10_changes_outside_all_dates_are_told_in_seconds);
    tcase_add_test(tc, c10_of_long_lists_what_differs_is_told);
    Suite *s = suite_create("diff_hours");
    suite_add_tcase(s, tc);
    return run_suite(s);
}
