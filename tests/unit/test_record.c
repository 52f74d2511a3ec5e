/* What a ticket carries as bytes, said again and updated: runtime/record.c (desk.md 2.1, 4.4, 6.1 update). */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../runtime/record.h"
#include "compiled.h"
#include "failing.h"
#include "run_suite.h"

static struct compiled c;
static struct shunt_ticket *said, *again;

static void setup(void)
{
    compiled_open(&c, "p.shunt",
                  "policy p version 1\nlabels a, b\nfield plan is one of free, pro\nfield sum is number\n"
                  "field vip is bool\nfield tags is set\nagent x\nteam t { agents x }\n"
                  "rule r {\n when subject contains \"hi\" and tags has z\n to t\n}\notherwise to t\n",
                  false);
    ck_assert_int_eq(shunt_ticket_new(c.table, NULL, &said), SHUNT_OK);
    ck_assert_int_eq(shunt_ticket_new(c.table, NULL, &again), SHUNT_OK);
    shunt_ticket_record(said, true);
    shunt_ticket_reset(said);
}

static void teardown(void)
{
    shunt_ticket_free(said);
    shunt_ticket_free(again);
    compiled_close(&c);
}

static uint32_t attr(const char *name)
{
    return shunt_attr_find(c.table, name, strlen(name));
}

static void name(const char *attribute, const char *value)
{
    uint32_t a = attr(attribute);
    bool set = shunt_attr_type(c.table, a) == SHUNT_TYPE_SET;
    enum shunt_status s =
        (set ? shunt_ticket_add_name : shunt_ticket_set_name)(said, a, value, strlen(value));
    ck_assert(s == SHUNT_OK || s == SHUNT_UNKNOWN);
}

/* The record as text: "channel=email labels=a !priority sum=4 ". */
static const char *text_of(const uint8_t *record, size_t len)
{
    static char text[400];
    const uint8_t *at = record;
    struct sh_entry e;
    size_t n = 0;
    while (sh_record_next(c.table, &at, record + len, &e)) {
        struct shunt_string s = shunt_attr_name(c.table, e.attr);
        enum shunt_type type = shunt_attr_type(c.table, e.attr);
        n += (size_t)snprintf(text + n, sizeof text - n, "%s%.*s", e.cleared ? "!" : "", (int)s.len, s.bytes);
        if (e.cleared)
            ;
        else if (type == SHUNT_TYPE_NUMBER)
            n += (size_t)snprintf(text + n, sizeof text - n, "=%g", e.number);
        else if (type == SHUNT_TYPE_BOOL)
            n += (size_t)snprintf(text + n, sizeof text - n, "=%d", e.flag);
        else
            n += (size_t)snprintf(text + n, sizeof text - n, "=%.*s", (int)e.len, e.bytes);
        n += (size_t)snprintf(text + n, sizeof text - n, " ");
    }
    ck_assert_ptr_eq(at, record + len);
    text[n] = '\0';
    return text;
}

static const char *said_text(void)
{
    return text_of(said->record, said->record_len);
}

START_TEST(every_type_is_kept)
{
    name("channel", "email");
    name("labels", "a");
    name("labels", "unnamed");
    name("priority", "high");
    name("plan", "pro");
    ck_assert_int_eq(shunt_ticket_set_text(said, SHUNT_ATTR_SUBJECT, "Hi!", 3), SHUNT_OK);
    ck_assert_int_eq(shunt_ticket_set_number(said, attr("sum"), 4.5), SHUNT_OK);
    ck_assert_int_eq(shunt_ticket_set_bool(said, attr("vip"), true), SHUNT_OK);
    ck_assert_str_eq(
        said_text(),
        "channel=email labels=a labels=unnamed priority=high plan=pro subject=Hi! sum=4.5 vip=1 ");
}
END_TEST

START_TEST(desk_2_1_what_the_policy_does_not_know_is_not_carried)
{
    name("channel", "pigeon");
    name("priority", "soon");
    name("plan", "gold");
    ck_assert_str_eq(said_text(), "!channel !priority !plan ");
}
END_TEST

START_TEST(names_are_kept_in_nfc_and_texts_as_they_came)
{
    name("tags", "e\xCC\x81");
    ck_assert_int_eq(shunt_ticket_set_text(said, SHUNT_ATTR_CUSTOMER, "e\xCC\x81", 3), SHUNT_OK);
    ck_assert_str_eq(said_text(), "tags=\xC3\xA9 customer=e\xCC\x81 ");
}
END_TEST

START_TEST(said_again_it_matches_alike)
{
    struct shunt_decision d;
    ck_assert_int_eq(shunt_ticket_set_text(said, SHUNT_ATTR_SUBJECT, "oh HI", 5), SHUNT_OK);
    name("tags", "z");
    ck_assert_int_eq(sh_record_say(said->record, said->record_len, again), SHUNT_OK);
    shunt_match(again, &d);
    ck_assert_uint_eq(d.rule, compiled_rule(&c, "r"));
    ck_assert_int_eq(sh_record_say(NULL, 0, again), SHUNT_OK); /* and nothing of it is left */
    shunt_match(again, &d);
    ck_assert_uint_ne(d.rule, compiled_rule(&c, "r"));
}
END_TEST

START_TEST(a_reset_begins_anew_and_a_clear_is_kept)
{
    name("channel", "email");
    shunt_ticket_reset(said);
    ck_assert_int_eq(shunt_ticket_clear(said, attr("labels")), SHUNT_OK);
    ck_assert_int_eq(shunt_ticket_clear(said, 1000), SHUNT_BAD_VALUE);
    ck_assert_str_eq(said_text(), "!labels ");
}
END_TEST

START_TEST(desk_6_1_update_replaces_what_it_names)
{
    uint8_t old[200], merged[400];
    uint64_t named[1] = {0};
    name("channel", "email");
    name("labels", "a");
    name("labels", "b");
    name("plan", "pro");
    size_t old_len = said->record_len;
    memcpy(old, said->record, old_len);
    shunt_ticket_reset(said);
    name("labels", "c");
    ck_assert_int_eq(shunt_ticket_clear(said, attr("plan")), SHUNT_OK);
    size_t len = sh_record_update(c.table, old, old_len, said->record, said->record_len,
                                  named, merged);
    ck_assert_uint_le(len, old_len + said->record_len);
    ck_assert_str_eq(text_of(merged, len), "channel=email labels=c ");
}
END_TEST

START_TEST(bytes_that_are_no_record_end_it)
{
    static const uint8_t wrong[][4] = {{0x7f, 0, 0, 0}, {0x00, 0x05, 'a', 'b'}, {0x80, 0x80, 0x80, 0x80}};
    struct sh_entry e;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const uint8_t *at = wrong[i];
        ck_assert(!sh_record_next(c.table, &at, wrong[i] + 4, &e));
        ck_assert(at <= wrong[i] + 4);
    }
}
END_TEST

/* Entries that stand at the very end, and are a byte short of it. */
START_TEST(an_entry_ends_where_the_bytes_do)
{
    struct sh_entry e;
    uint8_t head = (uint8_t)(2 * attr("sum")), flag = (uint8_t)(2 * attr("vip"));
    const uint8_t number[] = {head, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f}, yes[] = {flag, 7}, text[] = {0, 1, 'a'};
    const struct {
        const uint8_t *bytes;
        size_t len;
    } entries[] = {{number, sizeof number}, {yes, sizeof yes}, {text, sizeof text}};
    for (size_t i = 0; i < 3; i++) {
        for (size_t len = 0; len <= entries[i].len; len++) {
            const uint8_t *at = entries[i].bytes;
            bool whole = sh_record_next(c.table, &at, entries[i].bytes + len, &e);
            ck_assert_msg(whole == (len == entries[i].len), "entry %d, %d bytes", (int)i, (int)len);
            if (whole) ck_assert_ptr_eq(at, entries[i].bytes + len);
        }
        ck_assert_ptr_eq(e.from, entries[i].bytes);
        ck_assert_ptr_eq(e.to, entries[i].bytes + entries[i].len);
        if (i == 0) ck_assert_double_eq(e.number, 1);
        if (i == 1) ck_assert(e.flag);
    }
    /* the last attribute there is, and one behind it */
    uint8_t last = (uint8_t)(2 * (shunt_attr_count(c.table) - 1) + 1), behind = (uint8_t)(last + 1);
    const uint8_t *at = &last;
    ck_assert(sh_record_next(c.table, &at, &last + 1, &e) && e.cleared);
    at = &behind;
    ck_assert(!sh_record_next(c.table, &at, &behind + 1, &e));
}
END_TEST

/* A number of nine bytes is read, a longer one is none. */
START_TEST(numbers_of_a_record_have_63_bits)
{
    const uint8_t nine[] = {0, 0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0, 'x'};
    const uint8_t ten[] = {0, 0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0, 'x'};
    struct sh_entry e;
    const uint8_t *at = nine;
    ck_assert(sh_record_next(c.table, &at, nine + sizeof nine, &e));
    ck_assert_uint_eq(e.len, 1);
    at = ten;
    ck_assert(!sh_record_next(c.table, &at, ten + sizeof ten, &e));
}
END_TEST

/* What reads most entries, beside what reads any. */
START_TEST(a_short_entry_is_read_as_any)
{
    enum { LEN = 300 };
    uint8_t bytes[LEN];
    uint32_t shorts = 0, random = 1;
    for (int round = 0; round < 20000; round++) {
        size_t len = (size_t)(round % 5 == 0 ? LEN : round % 7);
        for (size_t i = 0; i < len; i++) {
            random = random * 1664525 + 1013904223;
            bytes[i] = (uint8_t)(random >> 24 & (random >> 16 & 1 ? 0xff : 0x1f));
        }
        if (len == LEN) bytes[0] = (uint8_t)(round / 5 % 40), bytes[1] = (uint8_t)(round / 200);
        struct sh_entry e, any;
        const uint8_t *at = bytes, *any_at = bytes;
        if (!sh_record_next_short(c.table, &at, bytes + len, &e)) {
            ck_assert_ptr_eq(at, bytes);
            continue;
        }
        shorts++;
        ck_assert(sh_record_next_of_any(c.table, &any_at, bytes + len, &any));
        ck_assert(at == any_at && e.from == any.from && e.to == any.to && e.attr == any.attr);
        ck_assert(e.bytes == any.bytes && e.len == any.len && !e.cleared && !any.cleared);
    }
    ck_assert_uint_gt(shorts, 900);
}
END_TEST

static size_t label_len(int i)
{
    return (size_t)(i % 50 == 3 ? 4 * i : 1 + i / 10);
}

/* Each of many entries, and one longer than the room: everything stays, whatever fails. */
START_TEST(without_memory_the_record_is_what_it_was)
{
    struct failing f = {.left = UINT64_MAX};
    struct shunt_hooks hooks = failing_hooks(&f);
    struct shunt_ticket *k;
    char text[3000];
    memset(text, 'x', sizeof text);
    ck_assert_int_eq(shunt_ticket_new(c.table, &hooks, &k), SHUNT_OK);
    shunt_ticket_record(k, true);
    shunt_ticket_reset(k);
    int refused = 0;
    for (int i = 0; i < 600; i++) {
        size_t len = k->record_len;
        enum shunt_status s = SHUNT_NO_MEMORY;
        for (f.left = 0; s == SHUNT_NO_MEMORY; f.left++) {
            uint64_t left = f.left;
            switch (i % 5) {
            case 0: s = shunt_ticket_set_number(k, attr("sum"), i); break;
            case 1: s = shunt_ticket_set_bool(k, attr("vip"), true); break;
            case 2: s = shunt_ticket_clear(k, attr("plan")); break;
            case 3: s = shunt_ticket_add_name(k, attr("labels"), text, label_len(i)); break;
            default: s = shunt_ticket_add_name(k, attr("tags"), "z", 1); break;
            }
            if (s != SHUNT_NO_MEMORY) break;
            refused++;
            ck_assert_uint_eq(k->record_len, len);
            f.left = left;
        }
        ck_assert_msg(s == SHUNT_OK, "entry %d: %s", i, shunt_status_text(s));
        ck_assert_uint_gt(k->record_len, len);
    }
    ck_assert_int_gt(refused, 3);
    /* and all of it can be read again */
    struct sh_entry e;
    int count = 0;
    for (const uint8_t *at = k->record; sh_record_next(c.table, &at, k->record + k->record_len, &e);) {
        static const char *const wanted[] = {"sum", "vip", "plan", "labels", "tags"};
        ck_assert_uint_eq(e.attr, attr(wanted[count % 5]));
        ck_assert(e.cleared == (count % 5 == 2));
        if (count % 5 == 0) ck_assert_double_eq(e.number, count);
        if (count % 5 == 3) ck_assert_uint_eq(e.len, label_len(count));
        count++;
    }
    ck_assert_int_eq(count, 600);
    shunt_ticket_free(k);
    ck_assert_uint_eq(f.bytes, 0);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("record");
    TCase *t = tcase_create("record");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, every_type_is_kept);
    tcase_add_test(t, desk_2_1_what_the_policy_does_not_know_is_not_carried);
    tcase_add_test(t, names_are_kept_in_nfc_and_texts_as_they_came);
    tcase_add_test(t, said_again_it_matches_alike);
    tcase_add_test(t, a_reset_begins_anew_and_a_clear_is_kept);
    tcase_add_test(t, desk_6_1_update_replaces_what_it_names);
    tcase_add_test(t, bytes_that_are_no_record_end_it);
    tcase_add_test(t, an_entry_ends_where_the_bytes_do);
    tcase_add_test(t, numbers_of_a_record_have_63_bits);
    tcase_add_test(t, a_short_entry_is_read_as_any);
    tcase_add_test(t, without_memory_the_record_is_what_it_was);
    suite_add_tcase(s, t);
    return run_suite(s);
}
