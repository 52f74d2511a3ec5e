/*
 * Desks to bytes and back (docs/DESK-FORMAT.md): the same desk comes back, whatever happened before; and
 * bytes that are cut off or changed are refused or are a desk that behaves.
 */
#include "desk_story.h"
#include "failing.h"
#include "run_suite.h"

#include "../../runtime/desk_format.h"
#include "../../runtime/format.h"
#include "../../runtime/table.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const char *const policy =
    "version 1\n"
    "timezone Europe/Stockholm\n"
    "channels email, phone\n"
    "field plan is one of free, pro\nfield total is number\nfield paid is bool\nfield tags is set\n"
    "hours office { mon-fri 09:00-17:00 }\n"
    "agent anna { role manager\n skills swedish\n limit email 2, total 3\n hours office }\n"
    "agent bo { weight 2\n device phone \"12\" }\nagent cy\n"
    "team first { agents anna, bo\n assign weighted\n sticky\n hours office\n after hours hold }\n"
    "team second { agents bo, cy\n rotation channel }\n"
    "team third { agents cy, anna\n rotation global\n assign longest-idle }\n"
    "team ring { agents anna, bo, cy\n assign ring-all }\n"
    "team pool { agents bo\n assign pull }\n"
    "rule r1 { when labels has ring\n to ring }\n"
    "rule r2 { when labels has pool\n set priority high\n to pool }\n"
    "rule r3 { when labels has anna\n to agent anna, then second after 1h }\n"
    "rule r4 { when labels has swedish\n require skills swedish\n add labels extra\n"
    "          to first, then second after 2h of office, then third after 1d }\n"
    "rule r5 { when labels has third\n to third }\n"
    "rule r6 { when labels has second\n to second }\n"
    "rule r7 { when labels has nobody\n to unassigned }\n"
    "otherwise to first\n";

/* Every status, presence of every kind, switches, rotations, customers, steps, times to come. */
static const char *const events =
    "08:30 online bo channels=phone,email devices=phone:34\n"
    "08:31 ticket T1 email customer=Åsa labels=x,y plan=pro total=2.5 paid=t tags=a,b\n"
    "08:32 ticket T2 phone labels=ring subject=Hello\n"
    "08:33 ticket T3 email labels=pool priority=low\n"
    "08:34 ticket T4 email labels=anna\n"
    "08:35 ticket T5 email labels=swedish\n"
    "08:36 ticket T6 phone labels=second\n"
    "08:37 ticket T7 email labels=third\n"
    "08:38 ticket T8 email labels=nobody\n"
    "08:39 online cy\n"
    "08:40 ticket T9 email labels=second\n"
    "08:41 pending T9\n"
    "08:42 reply T6 bo\n"
    "08:43 ticket T10 email labels=second\n"
    "08:44 close T10\n"
    "08:45 close T6\n"
    "08:46 ticket T11 email customer=c2\n"
    "08:47 auto off team=second\n"
    "08:48 ticket T12 email labels=second\n"
    "09:01 online anna\n"
    "09:02 claim T11 anna\n"
    "09:03 update T1 priority=high labels=\n"
    "09:04 offline cy\n"
    "09:05 ticket T13 email customer=Åsa\n";

static const char *const more = "09:06 auto on team=second\n"
                                "09:07 close T13\n"
                                "09:08 ticket T14 email customer=Åsa\n"
                                "09:09 online cy channels=phone\n"
                                "09:40 ticket T15 phone labels=third\n"
                                "10:00 next bo\n"
                                "11:30 reopen T10\n"
                                "16:00 assign T8,T12 team=first\n"
                                "17:30 resume T9\n"
                                "18:00 ticket T16 email labels=swedish\n"
                                "1/12:00 tick\n"
                                "40/00:00 tick\n";

/* ---- helpers ---- */

struct saved {
    uint8_t *bytes;
    size_t len;
};

static struct saved save(const struct shunt_desk *d)
{
    void *bytes;
    struct saved s;
    ck_assert_int_eq(shunt_desk_save(d, NULL, &bytes, &s.len), SHUNT_OK);
    s.bytes = bytes;
    return s;
}

static void mend(struct saved *s)
{
    memset(s->bytes + 12, 0, 4);
    uint32_t sum = sh_crc32c(0, s->bytes, s->len);
    for (int i = 0; i < 4; i++) s->bytes[12 + i] = (uint8_t)(sum >> 8 * i);
}

static enum shunt_status load(const struct story *s, const struct saved *b, struct shunt_desk **d,
                              const char **reason)
{
    return shunt_desk_load(s->policy.table, b->bytes, b->len, NULL, d, reason);
}

/* The story's desk is the one that its bytes are; which are the same again. */
static void through_bytes(struct story *s)
{
    const char *reason = NULL;
    struct shunt_desk *loaded;
    struct saved one = save(s->desk);
    enum shunt_status status = load(s, &one, &loaded, &reason);
    ck_assert_msg(status == SHUNT_OK, "%s", reason);
    struct saved two = save(loaded);
    ck_assert_uint_eq(one.len, two.len);
    ck_assert_mem_eq(one.bytes, two.bytes, one.len);
    free(one.bytes);
    free(two.bytes);
    shunt_desk_free(s->desk);
    s->desk = loaded;
}

static void begin(struct story *s)
{
    story_open(s, policy);
    story_run(s, events);
}

/* ---- the same desk ---- */

START_TEST(commands_12_a_loaded_desk_goes_on_as_the_saved_one)
{
    struct story kept, loaded;
    story_open(&kept, policy);
    story_open(&loaded, policy);
    const char *parts[] = {events, more};
    for (int p = 0; p < 2; p++) {
        for (const char *line = parts[p]; *line; line += strcspn(line, "\n") + 1) {
            char one[256] = "";
            memcpy(one, line, strcspn(line, "\n") + 1);
            through_bytes(&loaded);
            story_run(&kept, one);
            story_says(&loaded, one, kept.said);
        }
    }
    struct saved a = save(kept.desk), b = save(loaded.desk);
    ck_assert_uint_eq(a.len, b.len);
    ck_assert_mem_eq(a.bytes, b.bytes, a.len);
    free(a.bytes);
    free(b.bytes);
    story_close(&kept);
    story_close(&loaded);
}
END_TEST

START_TEST(desk_format_an_empty_desk_by_hand)
{
    struct story s;
    story_open(&s, "version 1\nagent bo\nteam t { agents bo }\notherwise to t\n");
    struct saved b = save(s.desk);
    static const uint8_t body[] = {
        1, 0, 0, 0,       /* no names of earlier versions */
        2, 0,             /* no team switched off */
        3, 0, 0, 0,       /* no automatic assignments; bo is offline, and never had one */
        4, 0, 5, 0, 6, 0, /* no rotations, customers, tickets */
        7, 0, 0, 0, 0, 0, /* figures: since never, no tickets, assignments, automatic ones, nobody gone */
        0, 0, 0, 0, 0,    /* bo */
        0, 0, 0,          /* t */
    };
    ck_assert_mem_eq(b.bytes, "\x89SDESK\r\n\1\0\1\0", 12);
    ck_assert_uint_eq(b.bytes[36], 4);                           /* figures are kept */
    ck_assert_mem_eq(b.bytes + 56, "\x1e\0\0\0\0\x09\x3d\0", 8); /* 30 days, 4,000,000 customers */
    ck_assert_mem_eq(b.bytes + 64, body, sizeof body);
    /* five channels and none, one rule, two weeks of hours, three lists: nothing in any */
    ck_assert_uint_eq(b.len, 64 + sizeof body + 6 + 1 + 2 * 168 + 3);
    for (size_t i = 64 + sizeof body; i < b.len; i++) ck_assert_uint_eq(b.bytes[i], 0);
    free(b.bytes);
    story_close(&s);
}
END_TEST

START_TEST(desk_format_a_ticket_by_hand)
{
    struct story s;
    struct shunt_desk_options options = {.keep_days = 1};
    story_open(&s, "version 1\nagent bo\nteam t { agents bo }\nrule r { when channel == sms\n to t }\n"
                   "otherwise to t, then unassigned after 300s\n");
    shunt_desk_free(s.desk);
    ck_assert_int_eq(shunt_desk_new(s.policy.table, &options, NULL, &s.desk), SHUNT_OK);
    story_run(&s, "00:00 ticket T1 email labels=a\n");
    struct saved b = save(s.desk);
    /* 2026-03-02T00:00:00Z is so many seconds after the year 0 began; a time is that, and 1: 63,939,628,801
     */
    ck_assert_int_eq(STORY_DAY - SHUNT_TIME_MIN, INT64_C(63939628800));
    static const uint8_t ticket[] = {
        6,    1,    2,    'T',  '1',  10,   0, 5,
        'e',  'm',  'a',  'i',  'l',  2,    1, 'a', /* id; channel email, a member of labels */
        2,    19,   2,    1,                        /* queued, nobody-online, steps to come, normal */
        0x81, 0x9E, 0xE5, 0x98, 0xEE, 0x01,         /* arrival */
        0x81, 0x9E, 0xE5, 0x98, 0xEE, 0x01,         /* first arrival */
        0,    0,                                    /* never assigned, no response */
        1,    0,    0,                              /* in t; no agent; waits for no agent */
        1,    0,    2,                              /* otherwise; first step of two: */
        0,    1,    0,    0,                        /* t, at once */
        2,    0,    0xAC, 0x02, 0,                  /* nobody, after 300 s */
        0,    0,                                    /* nothing required, nothing added */
        0xAD, 0xA0, 0xE5, 0x98, 0xEE, 0x01,         /* due 300 s later */
    };
    uint64_t at = 0;
    for (int i = 5; i >= 0; i--) at = at << 7 | (ticket[20 + i] & 0x7f);
    ck_assert_uint_eq(at, UINT64_C(63939628801));
    ck_assert_uint_gt(b.len, sizeof ticket);
    ck_assert_mem_eq(b.bytes + b.len - sizeof ticket, ticket, sizeof ticket);
    ck_assert_uint_eq(b.bytes[36], 1); /* there was an event */
    free(b.bytes);
    story_close(&s);
}
END_TEST

/* ---- other bytes ---- */

/* Whatever can be asked of a desk. */
static void ask_all(struct shunt_desk *d, struct shunt_ticket *carried)
{
    static const char *const lines[] = {"09:06 ticket X1 email labels=swedish",
                                        "09:07 online cy",
                                        "09:07 auto on",
                                        "09:08 next bo",
                                        "09:09 assign T1,T5 team=second",
                                        "09:10 reroute T2",
                                        "18:00 tick",
                                        "09:11 close T1",
                                        "09:12 reopen T10",
                                        "1/09:00 ticket T10 email labels=ring"};
    const struct shunt_figures *figures;
    struct shunt_string system = {NULL, 0};
    int64_t due;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct story_line l;
        story_line(&l, shunt_desk_table(d), carried, lines[i], strlen(lines[i]));
        enum shunt_status status = shunt_desk_event(d, &l.event, NULL, NULL);
        ck_assert(status == SHUNT_OK || status == SHUNT_REFUSED);
    }
    if (shunt_desk_figures(d, &figures) == SHUNT_OK) shunt_figures_free(figures);
    ck_assert_int_eq(shunt_desk_view(d, SHUNT_VIEW_ALL, system, true, NULL), SHUNT_OK);
    shunt_desk_due(d, &due);
}

/* A desk that changed bytes made behaves, and what it saves can be loaded. */
static void behaves(const struct story *s, struct shunt_desk *d, struct shunt_ticket *carried)
{
    const char *reason = "";
    for (int i = 0; i < 2; i++) {
        struct saved b = save(d);
        shunt_desk_free(d);
        enum shunt_status status = load(s, &b, &d, &reason);
        ck_assert_msg(status == SHUNT_OK, "%d: %s", i, reason);
        free(b.bytes);
        if (i == 0) ask_all(d, carried);
    }
    shunt_desk_free(d);
}

START_TEST(commands_12_a_desk_cut_off_anywhere_is_refused)
{
    struct story s;
    begin(&s);
    struct saved whole = save(s.desk);
    for (size_t len = 0; len < whole.len; len++) {
        const char *reason = NULL;
        struct shunt_desk *d = NULL;
        struct saved part = {malloc(len ? len : 1), len}; /* none behind it: a byte too far is seen by ASan */
        memcpy(part.bytes, whole.bytes, len);
        ck_assert_int_eq(load(&s, &part, &d, &reason), len ? SHUNT_DESK_DAMAGED : SHUNT_NOT_A_DESK);
        if (len >= 64) {
            for (int i = 0; i < 8; i++) part.bytes[16 + i] = (uint8_t)((uint64_t)len >> 8 * i);
            mend(&part);
            ck_assert_int_eq(load(&s, &part, &d, &reason), SHUNT_DESK_DAMAGED);
            ck_assert_str_eq(reason, "it is cut off");
        }
        free(part.bytes);
    }
    free(whole.bytes);
    story_close(&s);
}
END_TEST

START_TEST(commands_12_a_desk_with_any_bit_flipped_is_refused_or_behaves)
{
    struct story s;
    struct shunt_ticket *carried;
    begin(&s);
    struct saved b = save(s.desk);
    uint32_t loaded = 0, refused = 0;
    ck_assert_int_eq(shunt_ticket_new(s.policy.table, NULL, &carried), SHUNT_OK);
    for (size_t bit = 0; bit < b.len * 8; bit++) {
        const char *reason = NULL;
        struct shunt_desk *d = NULL;
        b.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        if (bit / 8 < 12 || bit / 8 >= 16) {
            ck_assert_int_ne(load(&s, &b, &d, &reason), SHUNT_OK); /* the checksum */
            mend(&b);
        }
        if (load(&s, &b, &d, &reason) == SHUNT_OK) {
            behaves(&s, d, carried);
            loaded++;
        } else {
            refused++;
        }
        b.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        mend(&b);
    }
    ck_assert_uint_gt(loaded, 100); /* seconds, counts, letters */
    ck_assert_uint_gt(refused, 1000);
    free(b.bytes);
    shunt_ticket_free(carried);
    story_close(&s);
}
END_TEST

START_TEST(shunt_h_what_is_no_desk_of_this_table)
{
    struct story s, other;
    const char *reason = NULL;
    struct shunt_desk *d = NULL;
    begin(&s);
    story_open(&other, "version 1\nagent bo\nteam t { agents bo }\notherwise to t\n");
    struct saved b = save(s.desk);
    ck_assert_int_eq(load(&other, &b, &d, &reason), SHUNT_OTHER_TABLE);
    ck_assert_str_eq(reason, "");
    b.bytes[offsetof(struct df_header, table_len)]++; /* with the right checksum of it */
    mend(&b);
    ck_assert_int_eq(load(&s, &b, &d, &reason), SHUNT_OTHER_TABLE);
    b.bytes[10] = 2;
    ck_assert_int_eq(load(&s, &b, &d, &reason), SHUNT_TABLE_VERSION);
    b.bytes[1] = 'X';
    ck_assert_int_eq(load(&s, &b, &d, &reason), SHUNT_NOT_A_DESK);
    free(b.bytes);
    story_close(&other);
    story_close(&s);
}
END_TEST

/* ---- no memory ---- */

START_TEST(commands_12_saving_without_memory)
{
    struct story s;
    begin(&s);
    struct failing f = {0};
    struct shunt_hooks hooks = failing_hooks(&f);
    void *bytes = NULL;
    size_t len = 0;
    enum shunt_status status = SHUNT_NO_MEMORY;
    for (uint64_t n = 0; status == SHUNT_NO_MEMORY; n++) {
        f.left = n;
        status = shunt_desk_save(s.desk, &hooks, &bytes, &len);
        ck_assert_uint_eq(f.bytes, status == SHUNT_OK ? len : 0);
    }
    ck_assert_int_eq(status, SHUNT_OK);
    hooks.resize(hooks.ctx, bytes, len, 0);
    ck_assert_uint_eq(f.bytes, 0);
    story_close(&s);
}
END_TEST

START_TEST(commands_12_loading_without_memory)
{
    struct story s;
    begin(&s);
    struct saved b = save(s.desk);
    struct failing f = {0};
    struct shunt_hooks hooks = failing_hooks(&f);
    struct shunt_desk *d = NULL;
    const char *reason;
    enum shunt_status status = SHUNT_NO_MEMORY;
    uint64_t n = 0;
    for (; status == SHUNT_NO_MEMORY; n++) {
        f.left = n;
        status = shunt_desk_load(s.policy.table, b.bytes, b.len, &hooks, &d, &reason);
        if (status == SHUNT_NO_MEMORY) ck_assert_uint_eq(f.bytes, 0);
    }
    ck_assert_int_eq(status, SHUNT_OK);
    ck_assert_uint_gt(n, 50);
    shunt_desk_free(d);
    ck_assert_uint_eq(f.bytes, 0);
    free(b.bytes);
    story_close(&s);
}
END_TEST

/* One allocation alone fails, and there is memory again after it. */
static void *fail_once(void *ctx, void *block, size_t old_len, size_t new_len)
{
    uint64_t *left = ctx;
    (void)old_len;
    if (new_len == 0) {
        free(block);
        return NULL;
    }
    return (*left)-- == 0 ? NULL : realloc(block, new_len);
}

START_TEST(commands_12_loading_where_one_allocation_fails)
{
    struct story s;
    begin(&s);
    struct saved b = save(s.desk);
    uint64_t left, n = 0;
    struct shunt_hooks hooks = {fail_once, &left};
    struct shunt_desk *d = NULL;
    const char *reason;
    enum shunt_status status = SHUNT_NO_MEMORY;
    for (; status == SHUNT_NO_MEMORY; n++) {
        left = n;
        status = shunt_desk_load(s.policy.table, b.bytes, b.len, &hooks, &d, &reason);
    }
    ck_assert_int_eq(status, SHUNT_OK);
    ck_assert_uint_gt(n, 50);
    shunt_desk_free(d);
    free(b.bytes);
    story_close(&s);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("save");
    tcase_set_timeout(t, 0);
    tcase_add_test(t, commands_12_a_loaded_desk_goes_on_as_the_saved_one);
    tcase_add_test(t, desk_format_an_empty_desk_by_hand);
    tcase_add_test(t, desk_format_a_ticket_by_hand);
    tcase_add_test(t, commands_12_a_desk_cut_off_anywhere_is_refused);
    tcase_add_test(t, commands_12_a_desk_with_any_bit_flipped_is_refused_or_behaves);
    tcase_add_test(t, shunt_h_what_is_no_desk_of_this_table);
    tcase_add_test(t, commands_12_saving_without_memory);
    tcase_add_test(t, commands_12_loading_without_memory);
    tcase_add_test(t, commands_12_loading_where_one_allocation_fails);
    Suite *suite = suite_create("desk_save");
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
