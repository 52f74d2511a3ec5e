/*
 * Mistaken and hostile calls to a desk: each is answered as shunt.h says, and moves nothing.
 */
#include "../../runtime/shunt.h"
#include "../unit/compiled.h"
#include "run_suite.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct compiled policy;
static struct shunt_desk *desk;
static void *before;
static size_t before_len;

static const char policy_yaml[] = "shunt: 1\n"
                                  "agents: {anna: {}, bo: {}}\n"
                                  "teams: {chat: {agents: [anna, bo], sticky: true}}\n"
                                  "otherwise: chat\n";

/* Thu 2026-11-26T06:00:00Z */
enum { AT_SEC = 1795672800 };

#define NAME(s)                                                                                              \
    {                                                                                                        \
        s, sizeof s - 1                                                                                      \
    }
static const struct shunt_string anna = NAME("anna"), bo = NAME("bo"), chat = NAME("chat"), t1 = NAME("T1"),
                                 not_utf8 = NAME("\xff"), with_nul = NAME("a\0b");

static enum shunt_status send(struct shunt_event e, struct shunt_refusal *refusal)
{
    return shunt_desk_event(desk, &e, NULL, refusal);
}

static void set_up(void)
{
    compiled_open(&policy, "p.yaml", policy_yaml, true);
    ck_assert_int_eq(shunt_desk_new(policy.table, NULL, NULL, &desk), SHUNT_OK);
    struct shunt_event online = {.kind = SHUNT_EVENT_ONLINE, .has_at = true, .at_sec = AT_SEC, .agent = anna};
    ck_assert_int_eq(send(online, NULL), SHUNT_OK);
    struct shunt_event ticket = {.kind = SHUNT_EVENT_TICKET, .tickets = &t1, .ticket_count = 1};
    ck_assert_int_eq(send(ticket, NULL), SHUNT_OK);
    ck_assert_int_eq(shunt_desk_save(desk, NULL, &before, &before_len), SHUNT_OK);
}

static void tear_down(void)
{
    free(before);
    shunt_desk_free(desk);
    compiled_close(&policy);
}

static void assert_unmoved(void)
{
    void *after;
    size_t after_len;
    ck_assert_int_eq(shunt_desk_save(desk, NULL, &after, &after_len), SHUNT_OK);
    ck_assert_uint_eq(before_len, after_len);
    ck_assert_mem_eq(before, after, before_len);
    free(after);
}

START_TEST(commands_12_a_list_that_is_counted_is_there)
{
    const struct shunt_event events[] = {
        {.kind = SHUNT_EVENT_ASSIGN, .team = chat, .ticket_count = 2},
        {.kind = SHUNT_EVENT_TICKET, .ticket_count = 1},
        {.kind = SHUNT_EVENT_ONLINE, .agent = bo, .has_channels = true, .channel_count = 1},
        {.kind = SHUNT_EVENT_ONLINE, .agent = bo, .has_devices = true, .device_count = 1},
    };
    for (size_t i = 0; i < sizeof events / sizeof *events; i++)
        ck_assert_int_eq(send(events[i], NULL), SHUNT_BAD_VALUE);
    assert_unmoved();
}
END_TEST

START_TEST(commands_12_no_such_kind_and_no_such_time)
{
    const struct shunt_event events[] = {
        {.kind = (enum shunt_event_kind)(SHUNT_EVENT_TICK + 1)},
        {.kind = SHUNT_EVENT_TICK, .has_at = true, .at_sec = SHUNT_TIME_MIN - 1},
        {.kind = SHUNT_EVENT_TICK, .has_at = true, .at_sec = SHUNT_TIME_MAX + 1},
    };
    for (size_t i = 0; i < sizeof events / sizeof *events; i++)
        ck_assert_int_eq(send(events[i], NULL), SHUNT_BAD_VALUE);
    assert_unmoved();
}
END_TEST

START_TEST(commands_12_every_string_is_text)
{
    const struct shunt_string bad[] = {not_utf8, with_nul};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const struct shunt_device device = {bad[i], chat}, text = {chat, bad[i]};
        const struct shunt_string named[] = {t1, bad[i]};
        const struct shunt_event events[] = {
            {.kind = SHUNT_EVENT_TICK, .by = bad[i]},
            {.kind = SHUNT_EVENT_OFFLINE, .agent = bad[i]},
            {.kind = SHUNT_EVENT_AUTO, .team = bad[i]},
            {.kind = SHUNT_EVENT_ASSIGN, .agent = bo, .tickets = named, .ticket_count = 2},
            {.kind = SHUNT_EVENT_ONLINE,
             .agent = bo,
             .has_channels = true,
             .channels = &bad[i],
             .channel_count = 1},
            {.kind = SHUNT_EVENT_ONLINE,
             .agent = bo,
             .has_devices = true,
             .devices = &device,
             .device_count = 1},
            {.kind = SHUNT_EVENT_ONLINE,
             .agent = bo,
             .has_devices = true,
             .devices = &text,
             .device_count = 1},
        };
        for (size_t n = 0; n < sizeof events / sizeof *events; n++)
            ck_assert_int_eq(send(events[n], NULL), SHUNT_BAD_TEXT);
    }
    assert_unmoved();
}
END_TEST

/* What has_channels and has_devices leave out is not looked at. */
START_TEST(commands_12_a_list_that_is_not_said_may_be_anything)
{
    const struct shunt_device device = {not_utf8, with_nul};
    const struct shunt_event events[] = {
        {.kind = SHUNT_EVENT_TICK, .channel_count = 1, .device_count = 1},
        {.kind = SHUNT_EVENT_TICK, .channels = &not_utf8, .channel_count = 1},
        {.kind = SHUNT_EVENT_TICK, .devices = &device, .device_count = 1},
        {.kind = SHUNT_EVENT_TICK, .has_channels = true, .has_devices = true},
        {.kind = SHUNT_EVENT_TICK, .has_at = true, .at_sec = SHUNT_TIME_MIN},
        {.kind = SHUNT_EVENT_TICK, .has_at = true, .at_sec = SHUNT_TIME_MAX},
    };
    for (size_t i = 0; i < sizeof events / sizeof *events; i++)
        ck_assert_int_eq(send(events[i], NULL), SHUNT_OK);
}
END_TEST

START_TEST(commands_12_in_lists_every_string_has_bytes)
{
    const struct shunt_string nothing = {NULL, 0};
    const struct shunt_device devices[] = {{nothing, chat}, {chat, nothing}};
    for (size_t i = 0; i < 2; i++) {
        struct shunt_event e = {.kind = SHUNT_EVENT_ONLINE, .agent = bo, .has_devices = true};
        e.devices = &devices[i], e.device_count = 1;
        ck_assert_int_eq(send(e, NULL), SHUNT_BAD_TEXT);
    }
    struct shunt_event e = {.kind = SHUNT_EVENT_ONLINE, .agent = bo, .has_channels = true};
    e.channels = &nothing, e.channel_count = 1;
    ck_assert_int_eq(send(e, NULL), SHUNT_BAD_TEXT);
    assert_unmoved();
}
END_TEST

/* A refusal says why, and which word. */
START_TEST(shunt_h_what_is_refused_and_why)
{
    const struct shunt_string zoe = NAME("zoe"), fax = NAME("fax"), t9 = NAME("T9"), email = NAME("email");
    const struct shunt_device twice[] = {{email, email}, {email, fax}}, unknown = {fax, email};
    const struct {
        struct shunt_event event;
        enum shunt_refusal_reason reason;
        struct shunt_string name;
    } cases[] = {
        {{.kind = SHUNT_EVENT_TICK, .by = zoe}, SHUNT_REFUSED_UNKNOWN_AGENT, zoe},
        {{.kind = SHUNT_EVENT_ONLINE, .agent = zoe}, SHUNT_REFUSED_UNKNOWN_AGENT, zoe},
        {{.kind = SHUNT_EVENT_ONLINE}, SHUNT_REFUSED_NO_AGENT, {NULL, 0}},
        {{.kind = SHUNT_EVENT_NEXT}, SHUNT_REFUSED_NO_AGENT, {NULL, 0}},
        {{.kind = SHUNT_EVENT_CLAIM, .tickets = &t1, .ticket_count = 1}, SHUNT_REFUSED_NO_AGENT, {NULL, 0}},
        {{.kind = SHUNT_EVENT_ONLINE,
          .agent = bo,
          .has_channels = true,
          .channels = &fax,
          .channel_count = 1},
         SHUNT_REFUSED_UNKNOWN_CHANNEL,
         fax},
        {{.kind = SHUNT_EVENT_ONLINE, .agent = bo, .has_channels = true},
         SHUNT_REFUSED_NO_CHANNEL,
         {NULL, 0}},
        {{.kind = SHUNT_EVENT_ONLINE,
          .agent = bo,
          .has_devices = true,
          .devices = &unknown,
          .device_count = 1},
         SHUNT_REFUSED_UNKNOWN_CHANNEL,
         fax},
        {{.kind = SHUNT_EVENT_ONLINE, .agent = bo, .has_devices = true, .devices = twice, .device_count = 2},
         SHUNT_REFUSED_CHANNEL_TWICE,
         email},
        {{.kind = SHUNT_EVENT_CLOSE}, SHUNT_REFUSED_NO_TICKET, {NULL, 0}},
        {{.kind = SHUNT_EVENT_CLOSE, .tickets = &t9, .ticket_count = 1}, SHUNT_REFUSED_UNKNOWN_TICKET, t9},
        {{.kind = SHUNT_EVENT_ASSIGN, .tickets = &t1, .ticket_count = 1, .team = zoe},
         SHUNT_REFUSED_UNKNOWN_TEAM,
         zoe},
        {{.kind = SHUNT_EVENT_AUTO, .team = zoe}, SHUNT_REFUSED_UNKNOWN_TEAM, zoe},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct shunt_refusal no;
        ck_assert_int_eq(send(cases[i].event, &no), SHUNT_REFUSED);
        ck_assert_msg(no.reason == cases[i].reason, "%d: %s", (int)i, shunt_refusal_code(no.reason));
        ck_assert_msg(no.about.len == cases[i].name.len, "%d", (int)i);
        if (no.about.len) ck_assert_mem_eq(no.about.bytes, cases[i].name.bytes, no.about.len);
    }
    assert_unmoved();
}
END_TEST

START_TEST(shunt_h_who_is_online)
{
    ck_assert(shunt_desk_is_online(desk, 0) && !shunt_desk_is_online(desk, 1));
    struct shunt_event e = {.kind = SHUNT_EVENT_OFFLINE, .agent = anna};
    ck_assert_int_eq(send(e, NULL), SHUNT_OK);
    ck_assert(!shunt_desk_is_online(desk, 0));
}
END_TEST

START_TEST(commands_12_an_id_without_bytes_names_no_ticket)
{
    const struct shunt_string named[] = {t1, {NULL, 5}};
    struct shunt_refusal no;
    struct shunt_event e = {.kind = SHUNT_EVENT_ASSIGN, .agent = bo, .tickets = named, .ticket_count = 2};
    ck_assert_int_eq(send(e, &no), SHUNT_REFUSED);
    ck_assert_int_eq(no.reason, SHUNT_REFUSED_UNKNOWN_TICKET);
    e.tickets = &named[1], e.ticket_count = 1;
    ck_assert_int_eq(send(e, &no), SHUNT_REFUSED);
    ck_assert_int_eq(no.reason, SHUNT_REFUSED_NO_TICKET);
    assert_unmoved();
}
END_TEST

START_TEST(commands_12_what_a_ticket_carries_is_recorded_and_of_the_same_table)
{
    const struct shunt_string t2 = NAME("T2");
    struct compiled other;
    struct shunt_ticket *silent, *foreign;
    compiled_open(&other, "p.yaml", policy_yaml, true);
    ck_assert_int_eq(shunt_ticket_new(policy.table, NULL, &silent), SHUNT_OK);
    ck_assert_int_eq(shunt_ticket_new(other.table, NULL, &foreign), SHUNT_OK);
    shunt_ticket_record(foreign, true);
    struct shunt_event e = {.kind = SHUNT_EVENT_TICKET, .tickets = &t2, .ticket_count = 1, .carried = silent};
    ck_assert_int_eq(send(e, NULL), SHUNT_BAD_VALUE);
    e.carried = foreign;
    ck_assert_int_eq(send(e, NULL), SHUNT_BAD_VALUE);
    assert_unmoved();
    shunt_ticket_record(silent, true);
    shunt_ticket_reset(silent);
    e.carried = silent;
    ck_assert_int_eq(send(e, NULL), SHUNT_OK);
    shunt_ticket_free(silent);
    shunt_ticket_free(foreign);
    compiled_close(&other);
}
END_TEST

START_TEST(desk_1_1_a_first_event_says_its_time)
{
    struct shunt_desk *fresh;
    struct shunt_refusal no;
    struct shunt_event e = {.kind = SHUNT_EVENT_TICK};
    int64_t at_sec;
    ck_assert_int_eq(shunt_desk_new(policy.table, NULL, NULL, &fresh), SHUNT_OK);
    ck_assert_int_eq(shunt_desk_event(fresh, &e, NULL, &no), SHUNT_REFUSED);
    ck_assert_int_eq(no.reason, SHUNT_REFUSED_NO_TIME);
    ck_assert(!shunt_desk_time(fresh, &at_sec));
    shunt_desk_free(fresh);
}
END_TEST

START_TEST(desk_6_4_as_many_days_as_can_be_kept_and_one_more)
{
    struct shunt_desk_options options = {.keep_days = SHUNT_KEEP_DAYS_MAX};
    struct shunt_desk *fresh;
    ck_assert_int_eq(shunt_desk_new(policy.table, &options, NULL, &fresh), SHUNT_OK);
    shunt_desk_free(fresh);
    options.keep_days++;
    ck_assert_int_eq(shunt_desk_new(policy.table, &options, NULL, &fresh), SHUNT_BAD_VALUE);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("desk_calls");
    TCase *t = tcase_create("desk_calls");
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, commands_12_a_list_that_is_counted_is_there);
    tcase_add_test(t, commands_12_no_such_kind_and_no_such_time);
    tcase_add_test(t, commands_12_every_string_is_text);
    tcase_add_test(t, commands_12_a_list_that_is_not_said_may_be_anything);
    tcase_add_test(t, commands_12_in_lists_every_string_has_bytes);
    tcase_add_test(t, shunt_h_what_is_refused_and_why);
    tcase_add_test(t, shunt_h_who_is_online);
    tcase_add_test(t, commands_12_an_id_without_bytes_names_no_ticket);
    tcase_add_test(t, commands_12_what_a_ticket_carries_is_recorded_and_of_the_same_table);
    tcase_add_test(t, desk_1_1_a_first_event_says_its_time);
    tcase_add_test(t, desk_6_4_as_many_days_as_can_be_kept_and_one_more);
    suite_add_tcase(s, t);
    return run_suite(s);
}
