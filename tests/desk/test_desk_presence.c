/* Who is online for what (desk.md 6.1): a second `online` replaces the first, devices stand until offline. */
#include "../unit/desk_story.h"
#include "run_suite.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

static const char *const policy = "version 1\nchannels email, phone, sms\nagent anna\nagent bo\n"
                                  "team t { agents anna, bo }\notherwise to t\n";

static struct story s;

static void set_up(void)
{
    story_open(&s, policy);
}

static void tear_down(void)
{
    story_close(&s);
}

START_TEST(desk_6_1_a_second_online_replaces_the_first)
{
    story_says(&s,
               "09:00 online anna channels=email devices=email:x,phone:34\n09:01 ticket T1 email\n"
               "09:02 online anna channels=phone,sms devices=phone:35,sms:77\n"
               "09:03 ticket T2 email\n09:04 ticket T3 phone\n09:05 ticket T4 sms\n"
               "09:06 online anna\n09:07 ticket T5 email\n",
               "T1 assigned team=t agent=anna device=x round-robin\n"
               "T2 queued team=t nobody-online\n"
               "T3 assigned team=t agent=anna device=35 round-robin\n"
               "T4 assigned team=t agent=anna device=77 round-robin\n"
               "T2 assigned team=t agent=anna round-robin\n"
               "T5 assigned team=t agent=anna round-robin\n");
}
END_TEST

START_TEST(desk_6_1_devices_stand_until_offline)
{
    story_says(
        &s,
        "09:00 online anna channels=phone devices=phone:34\n09:01 ticket T1 phone\n09:02 offline anna\n"
        "09:03 ticket T2 phone\n09:04 online anna\n09:05 ticket T3 phone\n09:06 offline anna\n09:07 ticket "
        "T4 phone\n"
        "09:08 online bo devices=phone:99\n",
        "T1 assigned team=t agent=anna device=34 round-robin\n"
        "T2 queued team=t nobody-online\n"
        "T2 assigned team=t agent=anna round-robin\n"
        "T3 assigned team=t agent=anna round-robin\n"
        "T4 queued team=t nobody-online\n"
        "T4 assigned team=t agent=bo device=99 round-robin\n");
}
END_TEST

/* What is refused leaves everything as it was. */
START_TEST(desk_6_1_a_refused_online_changes_nothing)
{
    story_says(&s,
               "09:00 online anna channels=phone devices=phone:34\n09:01 online anna channels=phone,fax\n"
               "09:02 online anna channels=email devices=fax:1\n09:03 online anna devices=sms:1,sms:2\n"
               "09:04 ticket T1 phone\n09:05 ticket T2 email\n",
               "unknown-channel\nunknown-channel\nchannel-twice\n"
               "T1 assigned team=t agent=anna device=34 round-robin\nT2 queued team=t nobody-online\n");
}
END_TEST

START_TEST(desk_6_1_a_viewer_only_looks)
{
    story_close(&s);
    story_open(&s,
               "version 1\nagent anna\nagent vi { role viewer }\nteam t { agents anna }\notherwise to t\n");
    story_says(&s,
               "09:00 ticket T1\n09:01 online vi\n09:01 reply T1 vi\n09:02 claim T1 vi\n09:03 next vi\n09:04 "
               "offline vi\n",
               "T1 queued team=t nobody-online\nviewer\nviewer\nviewer\nviewer\n");
}
END_TEST

/* Two queues wait for two openings: when the first comes, the other is still to come. */
START_TEST(desk_2_4_each_opening_comes)
{
    story_close(&s);
    story_open(
        &s, "version 1\ntimezone UTC\nhours a { mon-fri 10:00-11:00 }\nhours b { mon-fri 12:00-13:00 }\n"
            "hours c { mon-fri 14:00-15:00 }\nagent anna\n"
            "team ta { agents anna\n hours a }\nteam tb { agents anna\n hours b }\nteam tc { agents anna\n "
            "hours c }\n"
            "rule a { when labels has a\n to ta }\nrule b { when labels has b\n to tb }\notherwise to tc\n");
    story_says(
        &s,
        "09:00 online anna\n09:00 ticket T1 labels=a\n09:00 ticket T2 labels=b\n09:00 ticket T3\n09:00 "
        "ticket T4 labels=a\n"
        "10:00 tick\n11:30 ticket T5 labels=a\n12:00 tick\n14:00 tick\n1/10:00 tick\n",
        "T1 held team=ta rule=a closed until=0/10:00\nT2 held team=tb rule=b closed until=0/12:00\n"
        "T3 held team=tc closed until=0/14:00\nT4 held team=ta rule=a closed until=0/10:00\n"
        "T1 assigned team=ta agent=anna rule=a round-robin\nT4 assigned team=ta agent=anna rule=a "
        "round-robin\n"
        "T5 held team=ta rule=a closed until=1/10:00\n"
        "T2 assigned team=tb agent=anna rule=b round-robin\nT3 assigned team=tc agent=anna round-robin\n"
        "T5 assigned team=ta agent=anna rule=a round-robin\n");
}
END_TEST

/* A ticket that waits for its customer is its agent's and counts for no limit, until it is taken up again. */
START_TEST(desk_6_1_pending_makes_room)
{
    struct story own;
    story_open(
        &own,
        "version 1\nchannels email\nagent anna { limit total 1 }\nteam t { agents anna }\notherwise to t\n");
    story_says(&own,
               "09:00 online anna\n09:01 ticket T1\n09:02 ticket T2\n09:03 pending T1\n09:04 ticket T3\n"
               "09:05 resume T1\n09:06 close T2\n09:07 pending T1\n",
               "T1 assigned team=t agent=anna round-robin\nT2 queued team=t at-capacity\n"
               "T1 pending team=t agent=anna\nT2 assigned team=t agent=anna round-robin\n"
               "T3 queued team=t at-capacity\nT1 assigned team=t agent=anna round-robin\n"
               "T2 closed team=t agent=anna\nT1 pending team=t agent=anna\n"
               "T3 assigned team=t agent=anna round-robin\n");
    story_close(&own);
}
END_TEST

/* A ticket goes back to who had it, member or not; but who is no member is not on duty for the team. */
START_TEST(desk_6_1_reopened_goes_back_to_who_is_there)
{
    struct story own;
    story_open(&own, "version 1\ntimezone UTC\nhours h { mon-fri 09:00-17:00 }\nagent anna { hours h "
                     "}\nagent cy { hours h }\n"
                     "team t { agents anna\n present on-shift }\nteam u { agents cy }\notherwise to t\n");
    story_says(&own,
               "09:00 ticket T1\n09:01 close T1\n09:02 reopen T1\n09:03 assign T1 agent=cy\n09:04 close "
               "T1\n09:05 reopen T1\n"
               "09:06 online cy\n09:07 assign T1 agent=cy\n09:08 close T1\n09:09 reopen T1\n",
               "T1 assigned team=t agent=anna round-robin\nT1 closed team=t agent=anna\n"
               "T1 assigned team=t agent=anna reopened\nT1 assigned team=t agent=cy manual\n"
               "T1 closed team=t agent=cy\nT1 assigned team=t agent=anna round-robin\n"
               "T1 assigned team=t agent=cy manual\nT1 closed team=t agent=cy\n"
               "T1 assigned team=t agent=cy reopened\n");
    story_close(&own);
}
END_TEST

static void note_time(void *ctx, const struct shunt_desk_decision *d)
{
    bool *back = ctx;
    back[d->part == SHUNT_PART_DUE] |= d->time_went_back;
}

/* The event's own answers say so, what was due before it does not. */
START_TEST(desk_1_1_time_that_goes_back_is_told)
{
    const struct shunt_string id = {"T1", 2}, other = {"T2", 2};
    bool back[2] = {false, false};
    struct shunt_sink sink = {note_time, back};
    struct shunt_event e = {
        .kind = SHUNT_EVENT_TICKET, .tickets = &id, .ticket_count = 1, .has_at = true, .at_sec = STORY_DAY};
    ck_assert_int_eq(shunt_desk_event(s.desk, &e, &sink, NULL), SHUNT_OK);
    ck_assert(!back[0] && !back[1]);
    e.tickets = &other, e.at_sec--;
    ck_assert_int_eq(shunt_desk_event(s.desk, &e, &sink, NULL), SHUNT_OK);
    ck_assert(back[0] && !back[1]);
}
END_TEST

/* Who has room, for what, and who has least to do, in a policy of so many channels more: 60 is the most for
 * which the desk has an array of loads for each agent (desk_open.c). */
static const int more_channels[] = {0, 60, 61, 100};

START_TEST(desk_3_and_6_1_hold_for_any_number_of_channels)
{
    char text[2048] = "version 1\nchannels email, phone, sms", *at = text + strlen(text);
    for (int i = 0; i < more_channels[_i]; i++) at += sprintf(at, ", c%d", i);
    sprintf(at,
            "\nagent anna { limit total 3, phone 1; rank 51 for phone }\nagent bo { channels phone, sms }\n"
            "team t { agents anna, bo; assign least-busy }\notherwise to t\n");
    story_close(&s);
    story_open(&s, text);
    story_says(
        &s,
        "09:00 online anna channels=sms,email,sms,phone devices=sms:7,email:a,phone:34\n09:00 online bo\n"
        "09:01 ticket T1 phone\n09:02 ticket T2 email\n09:03 offline bo\n09:04 ticket T3 phone\n"
        "09:05 ticket T4 phone\n09:06 ticket T5\n09:07 ticket T6 sms\n09:08 close T3 by=anna\n"
        "09:09 pending T2 by=anna\n09:10 online bo channels=sms\n09:11 close T5 by=anna\n"
        "09:12 ticket T7 sms\n09:13 ticket T8 sms\n",
        "T1 assigned team=t agent=bo least-busy\n"
        "T2 assigned team=t agent=anna device=a least-busy\n"
        "T3 assigned team=t agent=anna device=34 least-busy\n"
        "T4 queued team=t at-capacity\n"
        "T5 assigned team=t agent=anna least-busy\n"
        "T6 queued team=t at-capacity\n"
        "T3 closed team=t agent=anna\n"
        "T4 assigned team=t agent=anna device=34 least-busy\n"
        "T2 pending team=t agent=anna\n"
        "T6 assigned team=t agent=anna device=7 least-busy\n"
        "T5 closed team=t agent=anna\n"
        "T7 assigned team=t agent=bo least-busy\n"
        "T8 assigned team=t agent=anna device=7 least-busy\n");
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("presence");
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, desk_6_1_a_second_online_replaces_the_first);
    tcase_add_test(t, desk_6_1_devices_stand_until_offline);
    tcase_add_test(t, desk_6_1_a_refused_online_changes_nothing);
    tcase_add_test(t, desk_6_1_a_viewer_only_looks);
    tcase_add_test(t, desk_2_4_each_opening_comes);
    tcase_add_test(t, desk_6_1_pending_makes_room);
    tcase_add_test(t, desk_6_1_reopened_goes_back_to_who_is_there);
    tcase_add_test(t, desk_1_1_time_that_goes_back_is_told);
    tcase_add_loop_test(t, desk_3_and_6_1_hold_for_any_number_of_channels, 0, 4);
    Suite *suite = suite_create("desk_presence");
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
