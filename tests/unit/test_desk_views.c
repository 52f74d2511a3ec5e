/* Who sees which tickets, in which order (desk.md 9). */
#include "desk_story.h"
#include "run_suite.h"

#include <check.h>
#include <string.h>

static const char *const policy =
    "version 1\n"
    "agent anna { role manager }\nagent bo\nagent cy\nagent di { role viewer }\n"
    "team sales { agents anna, bo }\n"
    "team pool { agents bo, cy\n assign pull }\n"
    "team secret { agents cy\n assign pull\n members only }\n"
    "rule to-pool { when labels has pool\n to pool }\n"
    "rule urgent { when labels has hurry\n set priority urgent\n to pool }\n"
    "rule to-secret { when labels has secret\n to secret }\n"
    "otherwise to sales\n";

static const char *const events = "09:00 online bo\n"
                                  "09:01 ticket T1 email\n"
                                  "09:02 ticket T2 email labels=pool\n"
                                  "09:03 ticket T3 email labels=hurry\n"
                                  "09:04 ticket T4 email labels=secret\n"
                                  "09:05 ticket T5 email\n"
                                  "09:06 pending T5\n"
                                  "09:07 ticket T6 email\n"
                                  "09:08 close T6\n"
                                  "09:09 ticket T7 email labels=pool\n"
                                  "09:10 unassign T7\n";

/* The ids in a view, in order. */
static void shows(struct story *s, enum shunt_view view, const char *by, bool with_closed, const char *wanted)
{
    char shown[256] = "";
    struct shunt_sink sink = story_sink(s);
    struct shunt_string name = {by, by ? strlen(by) : 0};
    s->said_len = 0;
    s->said[0] = 0;
    ck_assert_int_eq(shunt_desk_view(s->desk, view, name, with_closed, &sink), SHUNT_OK);
    for (char *line = strtok(s->said, "\n"); line; line = strtok(NULL, "\n")) {
        size_t len = strlen(shown);
        memcpy(shown + len, line, strcspn(line, " "));
        shown[len + strcspn(line, " ")] = ' ';
        shown[len + strcspn(line, " ") + 1] = 0;
    }
    ck_assert_str_eq(shown, wanted);
}

static void begin(struct story *s)
{
    story_open(s, policy);
    story_run(s, events);
}

START_TEST(desk_9_mine_is_open_and_mine)
{
    struct story s;
    begin(&s);
    shows(&s, SHUNT_VIEW_MINE, "bo", false, "T1 T5 ");
    shows(&s, SHUNT_VIEW_MINE, "bo", true, "T1 T5 T6 ");
    shows(&s, SHUNT_VIEW_MINE, "anna", false, "");
    shows(&s, SHUNT_VIEW_MINE, NULL, true, "");
    story_close(&s);
}
END_TEST

START_TEST(desk_9_unassigned_whatever_the_status)
{
    struct story s;
    begin(&s);
    shows(&s, SHUNT_VIEW_UNASSIGNED, "bo", false, "T2 T3 T7 ");
    shows(&s, SHUNT_VIEW_UNASSIGNED, NULL, false, "T2 T3 T4 T7 ");
    story_run(&s, "09:11 close T7\n");
    shows(&s, SHUNT_VIEW_UNASSIGNED, "bo", false, "T2 T3 ");
    shows(&s, SHUNT_VIEW_UNASSIGNED, "bo", true, "T2 T3 T7 ");
    story_close(&s);
}
END_TEST

START_TEST(desk_9_to_solve_is_what_next_takes)
{
    struct story s;
    begin(&s);
    shows(&s, SHUNT_VIEW_TO_SOLVE, "bo", false, "T3 T2 ");
    shows(&s, SHUNT_VIEW_TO_SOLVE, "cy", true, "T3 T2 T4 ");
    shows(&s, SHUNT_VIEW_TO_SOLVE, "anna", false, "");
    story_says(&s, "09:12 next bo\n", "T3 assigned team=pool agent=bo rule=urgent claimed urgent\n");
    shows(&s, SHUNT_VIEW_TO_SOLVE, "bo", false, "T2 ");
    story_close(&s);
}
END_TEST

START_TEST(desk_9_all_is_every_ticket_not_forgotten)
{
    struct story s;
    begin(&s);
    shows(&s, SHUNT_VIEW_ALL, NULL, false, "T1 T2 T3 T4 T5 T6 T7 ");
    story_run(&s, "31/09:08 tick\n");
    shows(&s, SHUNT_VIEW_ALL, NULL, false, "T1 T2 T3 T4 T5 T7 ");
    story_close(&s);
}
END_TEST

START_TEST(desk_9_members_only_are_seen_by_members_and_managers)
{
    struct story s;
    begin(&s);
    shows(&s, SHUNT_VIEW_ALL, "bo", false, "T1 T2 T3 T5 T6 T7 ");
    shows(&s, SHUNT_VIEW_ALL, "cy", false, "T1 T2 T3 T4 T5 T6 T7 ");
    shows(&s, SHUNT_VIEW_ALL, "anna", false, "T1 T2 T3 T4 T5 T6 T7 ");
    shows(&s, SHUNT_VIEW_ALL, "di", false, "T1 T2 T3 T5 T6 T7 ");
    story_close(&s);
}
END_TEST

START_TEST(desk_9_a_view_shows_tickets_as_decisions_do)
{
    struct story s;
    begin(&s);
    struct shunt_sink sink = story_sink(&s);
    s.said_len = 0;
    ck_assert_int_eq(shunt_desk_view(s.desk, SHUNT_VIEW_MINE, (struct shunt_string){"bo", 2}, true, &sink),
                     SHUNT_OK);
    ck_assert_str_eq(s.said, "T1 assigned team=sales agent=bo round-robin\n"
                             "T5 pending team=sales agent=bo\n"
                             "T6 closed team=sales agent=bo\n");
    story_close(&s);
}
END_TEST

START_TEST(shunt_h_what_a_view_refuses)
{
    struct story s;
    begin(&s);
    struct shunt_string none = {NULL, 0}, nobody = {"no", 2}, bad = {"\xff", 1};
    struct shunt_sink sink = story_sink(&s);
    s.said_len = 0;
    ck_assert_int_eq(shunt_desk_view(s.desk, SHUNT_VIEW_ALL, nobody, false, &sink), SHUNT_UNKNOWN);
    ck_assert_int_eq(shunt_desk_view(s.desk, SHUNT_VIEW_ALL, bad, false, &sink), SHUNT_BAD_TEXT);
    ck_assert_int_eq(shunt_desk_view(s.desk, (enum shunt_view)(SHUNT_VIEW_ALL + 1), none, false, &sink),
                     SHUNT_BAD_VALUE);
    ck_assert_uint_eq(s.said_len, 0);
    story_close(&s);
}
END_TEST

/* The Nth allocation fails, for every N: nothing is told and nothing kept. */
START_TEST(commands_12_a_view_without_memory)
{
    struct story s;
    begin(&s);
    struct shunt_string by = {"b\xcc\x8a", 3}, none = {NULL, 0};
    struct shunt_sink sink = story_sink(&s);
    enum shunt_status status = SHUNT_NO_MEMORY;
    uint64_t held = s.memory->bytes, n = 0;
    s.said_len = 0;
    for (; status == SHUNT_NO_MEMORY; n++) {
        s.memory->left = n;
        status = shunt_desk_view(s.desk, SHUNT_VIEW_ALL, none, true, &sink);
        if (status == SHUNT_NO_MEMORY) ck_assert_uint_eq(s.said_len, 0);
    }
    ck_assert_int_eq(status, SHUNT_OK);
    ck_assert_uint_gt(s.said_len, 0);
    ck_assert_uint_gt(n, 1);
    ck_assert_uint_ge(s.memory->bytes, held);
    for (status = SHUNT_NO_MEMORY, n = 0; status == SHUNT_NO_MEMORY; n++) {
        s.memory->left = n;
        status =
            shunt_desk_view(s.desk, SHUNT_VIEW_MINE, by, false, NULL); /* a name to be brought into NFC */
    }
    ck_assert_int_eq(status, SHUNT_UNKNOWN);
    s.memory->left = UINT64_MAX;
    story_close(&s);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("views");
    tcase_add_test(t, desk_9_mine_is_open_and_mine);
    tcase_add_test(t, desk_9_unassigned_whatever_the_status);
    tcase_add_test(t, desk_9_to_solve_is_what_next_takes);
    tcase_add_test(t, desk_9_all_is_every_ticket_not_forgotten);
    tcase_add_test(t, desk_9_members_only_are_seen_by_members_and_managers);
    tcase_add_test(t, desk_9_a_view_shows_tickets_as_decisions_do);
    tcase_add_test(t, shunt_h_what_a_view_refuses);
    tcase_add_test(t, commands_12_a_view_without_memory);
    Suite *suite = suite_create("desk_views");
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
