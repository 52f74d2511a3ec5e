/*
 * Asking a desk how a waiting ticket stands (shunt_desk_ask): what an attempt would come to, with every
 * member, and nothing moved by it.
 */
#include "../../runtime/shunt.h"
#include "../unit/compiled.h"
#include "run_suite.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct compiled policy;
static struct shunt_desk *desk;

static const char policy_yaml[] = "shunt: 1\n"
                                  "timezone: UTC\n"
                                  "hours: {day: {weekly: {mon-sun: 08:00-20:00}}}\n"
                                  "agents: {anna: {limits: {total: 1}}, bo: {}}\n"
                                  "teams:\n"
                                  "  chat: {agents: [anna, bo]}\n"
                                  "  phone: {agents: [bo], hours: day}\n"
                                  "rules:\n"
                                  "  - {rule: calls, when: channel == phone, to: phone}\n"
                                  "otherwise: chat\n";

/* Thu 2026-11-26T06:00:00Z */
enum { AT_SEC = 1795672800 };

static struct shunt_string string(const char *s)
{
    return (struct shunt_string){s, s ? strlen(s) : 0};
}

static void send(enum shunt_event_kind kind, const char *agent, const char *ticket, const char *channel)
{
    struct shunt_string id = string(ticket);
    struct shunt_ticket *carried;
    ck_assert_int_eq(shunt_ticket_new(policy.table, NULL, &carried), SHUNT_OK);
    shunt_ticket_record(carried, true);
    shunt_ticket_reset(carried);
    if (channel) shunt_ticket_set_name(carried, SHUNT_ATTR_CHANNEL, channel, strlen(channel));
    struct shunt_event e = {.kind = kind,
                            .has_at = true,
                            .at_sec = AT_SEC,
                            .agent = string(agent),
                            .tickets = &id,
                            .ticket_count = ticket != NULL,
                            .carried = carried};
    ck_assert_int_eq(shunt_desk_event(desk, &e, NULL, NULL), SHUNT_OK);
    shunt_ticket_free(carried);
}

static void set_up(void)
{
    compiled_open(&policy, "p.yaml", policy_yaml, true);
    ck_assert_int_eq(shunt_desk_new(policy.table, NULL, NULL, &desk), SHUNT_OK);
    send(SHUNT_EVENT_ONLINE, "anna", NULL, NULL);
    send(SHUNT_EVENT_TICKET, NULL, "T1", "email"); /* anna's, who is full then */
    send(SHUNT_EVENT_TICKET, NULL, "T2", "email"); /* waits */
}

static void tear_down(void)
{
    shunt_desk_free(desk);
    compiled_close(&policy);
}

static void keep(void *ctx, const struct shunt_attempt *attempt)
{
    static struct shunt_member members[8];
    struct shunt_attempt *kept = ctx;
    ck_assert_ptr_null(kept->members); /* told once */
    *kept = *attempt;
    memcpy(members, attempt->members, attempt->member_count * sizeof *members);
    kept->members = members;
}

START_TEST(desk_3_1_a_waiting_ticket_is_told_of_as_an_attempt)
{
    struct shunt_attempt a = {.members = NULL};
    ck_assert_int_eq(shunt_desk_ask(desk, string("T2"), keep, &a), SHUNT_OK);
    ck_assert_int_eq(a.status, SHUNT_QUEUED);
    ck_assert_int_eq(a.why, SHUNT_WHY_AT_CAPACITY);
    ck_assert_uint_eq(a.member_count, 2);
    ck_assert_int_eq(a.members[0].stage, SHUNT_STAGE_CAPACITY);
    ck_assert_uint_eq(a.members[0].open_total, 1);
    ck_assert_int_eq(a.members[1].stage, SHUNT_STAGE_ONLINE);
}
END_TEST

START_TEST(desk_2_4_a_held_ticket_is_told_its_opening)
{
    struct shunt_attempt a = {.members = NULL};
    send(SHUNT_EVENT_TICKET, NULL, "T3", "phone");
    ck_assert_int_eq(shunt_desk_ask(desk, string("T3"), keep, &a), SHUNT_OK);
    ck_assert_int_eq(a.status, SHUNT_HELD);
    ck_assert(a.has_until);
    ck_assert_int_eq(a.until_sec, AT_SEC + 2 * 3600); /* 08:00 */
    ck_assert_uint_eq(a.member_count, 0);
}
END_TEST

START_TEST(desk_6_1_a_ticket_that_does_not_wait_is_not_asked_about)
{
    struct shunt_attempt a = {.members = NULL};
    ck_assert_int_eq(shunt_desk_ask(desk, string("T1"), keep, &a), SHUNT_UNKNOWN); /* assigned */
    ck_assert_int_eq(shunt_desk_ask(desk, string("T9"), keep, &a), SHUNT_UNKNOWN); /* none such */
    ck_assert_ptr_null(a.members);
}
END_TEST

START_TEST(desk_5_1_asking_moves_nothing)
{
    struct shunt_attempt a = {.members = NULL};
    void *before, *after;
    size_t before_len, after_len;
    ck_assert_int_eq(shunt_desk_save(desk, NULL, &before, &before_len), SHUNT_OK);
    ck_assert_int_eq(shunt_desk_ask(desk, string("T2"), keep, &a), SHUNT_OK);
    ck_assert_int_eq(shunt_desk_save(desk, NULL, &after, &after_len), SHUNT_OK);
    ck_assert_uint_eq(before_len, after_len);
    ck_assert_mem_eq(before, after, before_len);
    free(before);
    free(after);
}
END_TEST

static void count(void *ctx, const struct shunt_attempt *attempt)
{
    (void)attempt;
    ++*(int *)ctx;
}

START_TEST(commands_12_whoever_watches_goes_on_watching)
{
    struct shunt_attempt a = {.members = NULL};
    int watched = 0;
    shunt_desk_watch(desk, count, &watched);
    ck_assert_int_eq(shunt_desk_ask(desk, string("T2"), keep, &a), SHUNT_OK);
    ck_assert_int_eq(watched, 0);
    send(SHUNT_EVENT_TICKET, NULL, "T4", "email");
    ck_assert_int_eq(watched, 1);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("desk_ask");
    TCase *t = tcase_create("desk_ask");
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, desk_3_1_a_waiting_ticket_is_told_of_as_an_attempt);
    tcase_add_test(t, desk_2_4_a_held_ticket_is_told_its_opening);
    tcase_add_test(t, desk_6_1_a_ticket_that_does_not_wait_is_not_asked_about);
    tcase_add_test(t, desk_5_1_asking_moves_nothing);
    tcase_add_test(t, commands_12_whoever_watches_goes_on_watching);
    suite_add_tcase(s, t);
    return run_suite(s);
}
