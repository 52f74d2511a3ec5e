/*
 * What random logs come to seldom or never: each a small story under a policy of its own, with what it must
 * say worked out by hand from desk.md.
 */
#include "../../runtime/desk_state.h"
#include "../unit/desk_story.h"
#include "run_suite.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct story s;

/* 5.1, 5.2: T0, whom the hours' opening gives bo, leaves him full; T1 is older and was passed over by then,
 * so it is told with the next event; T2 comes after T0 in the same drain. */
START_TEST(desk_5_2_what_becomes_stale_behind_the_drain_is_drained_with_it)
{
    story_open(&s, "version 1\ntimezone UTC\nhours day { mon-sun 08:00-18:00 }\n"
                   "agent bo { limit total 1 }\nagent cy\nteam ring { agents bo, cy\n assign ring-all }\n"
                   "team held { agents bo\n hours day\n after hours hold }\n"
                   "rule held { when labels has held\n to held }\notherwise to ring\n");
    story_run(&s, "06:00 online bo\n06:00 online cy\n06:01 ticket T1 email\n06:02 ticket T0 labels=held\n"
                  "06:03 ticket T2 webchat\n06:04 ticket T3 phone\n");
    story_says(&s, "08:00 tick\n",
               "T0 assigned team=held agent=bo rule=held round-robin\n"
               "T2 offered team=ring agents=cy ring-all\nT3 offered team=ring agents=cy ring-all\n");
    story_says(&s, "08:01 auto on team=held\n", "T1 offered team=ring agents=cy ring-all\n");
    story_close(&s);
}
END_TEST

/* 3.4: among those who never had one the members' order decides, not whose turn it would be. */
START_TEST(desk_3_4_longest_idle_ties_go_by_the_members_order)
{
    story_open(&s, "version 1\nagent anna\nagent bo\nagent cy\n"
                   "team t { agents anna, bo, cy\n assign longest-idle }\notherwise to t\n");
    story_says(&s,
               "09:00 online bo\n09:01 ticket T1\n09:02 online anna\n09:02 online cy\n09:03 ticket T2\n"
               "09:04 ticket T3\n09:05 ticket T4\n",
               "T1 assigned team=t agent=bo longest-idle\nT2 assigned team=t agent=anna longest-idle\n"
               "T3 assigned team=t agent=cy longest-idle\nT4 assigned team=t agent=bo longest-idle\n");
    story_close(&s);
}
END_TEST

/* 2.4: an opening is told once it is less than 800 days ahead, though nothing opens or closes that day. */
START_TEST(desk_2_4_an_opening_comes_into_sight)
{
    story_open(&s,
               "version 1\ntimezone UTC\nhours rare { mon-sun closed\n special 2029-01-01 09:00-10:00 }\n"
               "agent bo\nteam t { agents bo\n hours rare\n after hours hold }\nteam other { agents bo }\n"
               "otherwise to t\n");
    story_says(&s, "09:00 ticket T1\n", "T1 held team=t closed\n");
    story_says(&s, "200/09:00 auto on team=other\n", "");
    story_says(&s, "300/09:00 auto on team=other\n", "T1 held team=t closed until=1036/09:00\n");
    story_close(&s);
}
END_TEST

/* 6.4: closing touches a ticket, so that a reopened one whose agent goes does not take up its steps. */
START_TEST(desk_6_4_a_reopened_ticket_has_no_steps_left)
{
    const char *next = "version 1\nagent bo\nteam t { agents bo }\nteam u { agents bo }\n"
                       "otherwise to t, then u after 8h\n";
    for (int closed = 0; closed < 2; closed++) {
        story_open(&s, "version 1\nagent anna\nagent bo\nteam t { agents anna, bo }\nteam u { agents bo }\n"
                       "otherwise to t, then u after 8h\n");
        story_says(&s, "09:00 online anna\n09:01 ticket T1\n", "T1 assigned team=t agent=anna round-robin\n");
        if (closed) story_run(&s, "09:02 close T1\n09:03 reopen T1\n");
        story_replace(&s, next);
        story_says(&s, "17:01 tick\n", closed ? "" : "T1 queued team=u nobody-online step=2\n");
        story_close(&s);
    }
}
END_TEST

/* 1.2: an id may be of one byte, and a desk with such a ticket comes back from its saved bytes. */
START_TEST(desk_1_2_an_id_of_one_byte)
{
    story_open(&s, "version 1\nagent bo\nteam t { agents bo }\notherwise to t\n");
    story_says(&s, "09:00 online bo\n09:01 ticket 1\n", "1 assigned team=t agent=bo round-robin\n");
    story_close(&s);
}
END_TEST

/* A desk that is told no key for its maps has one, another than the next desk's, and keeps it under the next
 * policy. */
START_TEST(a_desk_has_a_key_of_its_own)
{
    const char *policy = "version 1\nagent bo\nteam t { agents bo }\notherwise to t\n";
    struct story one, two;
    story_open(&one, policy);
    story_open(&two, policy);
    struct sip_key key = one.desk->sip_key, none = {{0, 0}};
    ck_assert(memcmp(&key, &none, sizeof key) != 0);
    ck_assert(memcmp(&key, &two.desk->sip_key, sizeof key) != 0);
    story_replace(&one, policy);
    ck_assert(memcmp(&key, &one.desk->sip_key, sizeof key) == 0);
    story_close(&one);
    story_close(&two);
}
END_TEST

/* Names in events are those of the policy in any normal form (language.md 1.3). */
START_TEST(desk_6_names_of_events_in_any_normal_form)
{
    story_open(&s, "version 1\nagent \"\xc3\x85sa\"\nagent bo\nteam \"\xe1\xbb\x87\" { agents "
                   "\"\xc3\x85sa\", bo }\notherwise to \"\xe1\xbb\x87\"\n");
    story_says(&s,
               "09:00 online A\xcc\x8asa\n09:01 ticket T1\n09:02 assign T1 team=e\xcc\xa3\xcc\x82\n09:02 "
               "online asa\n",
               "T1 assigned team=\xe1\xbb\x87 agent=\xc3\x85sa round-robin\nT1 assigned team=\xe1\xbb\x87 "
               "agent=\xc3\x85sa bulk\nunknown-agent\n");
    story_close(&s);
}
END_TEST

/* T2 is reopened out of the middle of those that are closed; the others are forgotten in their turn. */
START_TEST(desk_6_4_closed_tickets_are_forgotten_in_their_order)
{
    const char *policy = "version 1\nagent bo\nteam t { agents bo }\notherwise to t\n";
    story_open(&s, policy);
    story_run(&s, "09:00 ticket T1\n09:01 ticket T2\n09:02 ticket T3\n09:03 close T1\n09:04 close T2\n09:05 "
                  "close T3\n");
    story_replace(&s, policy);
    ck_assert_str_eq(s.said, "");
    story_says(
        &s, "09:06 reopen T2\n09:07 close T2\n30/09:03 tick\n30/09:03:01 reopen T1\n30/09:04 reopen T3\n",
        "T2 queued team=t nobody-online\nT2 closed team=t\nunknown-ticket\nT3 queued team=t nobody-online\n");
    story_says(&s, "30/09:07:01 reopen T2\n", "unknown-ticket\n");
    story_close(&s);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("desk seldom");
    TCase *t = tcase_create("desk seldom");
    tcase_add_test(t, desk_5_2_what_becomes_stale_behind_the_drain_is_drained_with_it);
    tcase_add_test(t, desk_3_4_longest_idle_ties_go_by_the_members_order);
    tcase_add_test(t, desk_2_4_an_opening_comes_into_sight);
    tcase_add_test(t, desk_6_4_a_reopened_ticket_has_no_steps_left);
    tcase_add_test(t, desk_1_2_an_id_of_one_byte);
    tcase_add_test(t, a_desk_has_a_key_of_its_own);
    tcase_add_test(t, desk_6_names_of_events_in_any_normal_form);
    tcase_add_test(t, desk_6_4_closed_tickets_are_forgotten_in_their_order);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
