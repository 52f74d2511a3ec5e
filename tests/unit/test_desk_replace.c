/* The next version of a policy: what carries over by name, and what is done at once (desk.md 4.4). */
#include "../../runtime/desk_state.h"
#include "desk_story.h"
#include "failing.h"
#include "run_suite.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

/* A story under one policy, then under the next: what the change itself says. */
static void replaced(struct story *s, const char *before, const char *events, const char *after,
                     const char *wanted)
{
    story_open(s, before);
    story_run(s, events);
    story_replace(s, after);
    ck_assert_msg(strcmp(s->said, wanted) == 0, "said:\n%swanted:\n%s", s->said, wanted);
}

/* ---- presence ---- */

START_TEST(desk_4_4_presence_and_devices_carry_over_by_name)
{
    struct story s;
    replaced(&s,
             "version 1\nchannels email, fax, phone\nagent anna\nagent bo\nteam t { agents anna, bo "
             "}\notherwise to t\n",
             "09:00 online bo channels=fax,phone devices=phone:17,fax:18\n",
             "version 1\nchannels phone, email\nagent bo\nagent anna\nteam t { agents anna, bo }\notherwise "
             "to t\n",
             "");
    story_says(&s, "09:01 ticket T1 phone\n09:02 ticket T2 email\n09:03 ticket T3\n",
               "T1 assigned team=t agent=bo device=17 round-robin\n"
               "T2 queued team=t nobody-online\n"
               "T3 assigned team=t agent=bo round-robin\n");
    story_close(&s);
}
END_TEST

START_TEST(desk_4_4_an_agent_who_is_now_a_viewer_is_as_one_gone)
{
    struct story s;
    replaced(&s, "version 1\nagent anna\nagent bo\nteam t { agents anna, bo }\notherwise to t\n",
             "09:00 online anna\n09:01 ticket T1\n09:02 ticket T2\n09:03 unassign T2\n",
             "version 1\nagent anna { role viewer }\nagent bo\nteam t { agents bo }\notherwise to t\n",
             "T1 unassigned team=t agent-gone\n");
    story_says(&s, "09:04 claim T1 anna\n", "viewer\n");
    story_close(&s);
}
END_TEST

START_TEST(desk_6_3_switches_carry_over)
{
    struct story s;
    replaced(&s,
             "version 1\nagent bo\nteam t { agents bo }\nteam u { agents bo }\nrule r { when labels has u\n "
             "to u }\n"
             "otherwise to t\n",
             "09:00 online bo\n09:00 auto off team=u\n",
             "version 1\nagent bo\nteam u { agents bo }\nteam t { agents bo }\nrule r { when labels has u\n "
             "to u }\n"
             "otherwise to t\n",
             "");
    story_says(&s,
               "09:01 ticket T1 labels=u\n09:01 ticket T2\n09:02 auto on team=u\n09:03 ticket T3 labels=u\n",
               "T1 unassigned team=u rule=r auto-off\nT2 assigned team=t agent=bo round-robin\n"
               "T3 assigned team=u agent=bo rule=r round-robin\n");
    story_close(&s);
}
END_TEST

/* ---- tickets whose agent or team is gone ---- */

START_TEST(desk_4_4_in_order_of_arrival_then_the_backlog)
{
    struct story s;
    /* anna and the team u are gone; cy is a member of v now. T4 keeps its agent, and has no team */
    replaced(
        &s,
        "version 1\nagent anna\nagent bo\nagent cy\n"
        "team t { agents anna }\nteam u { agents bo }\nteam v { agents bo }\n"
        "rule to-u { when labels has u\n add labels extra\n to u }\nrule to-v { when labels has v\n to v }\n"
        "otherwise to t\n",
        "09:00 online anna\n09:00 online cy\n"
        "09:01 ticket T1\n"
        "09:02 ticket T2 labels=u\n"
        "09:03 ticket T3 labels=u\n09:03 reply T3 cy\n"
        "09:04 ticket T4 labels=u\n09:04 assign T4 agent=bo\n"
        "09:05 ticket T5 labels=v\n"
        "09:06 ticket T6\n09:06 pending T6\n"
        "09:07 ticket T7\n09:07 close T7\n",
        "version 1\nagent bo\nagent cy\nteam v { agents cy }\nteam t { agents bo }\n"
        "rule to-v { when labels has v\n to v }\notherwise to t\n",
        "T1 unassigned team=t agent-gone\n"
        "T2 queued team=t nobody-online\n"
        "T3 unassigned rule=to-u team-gone add=extra\n"
        "T6 unassigned team=t agent-gone\n"
        "T5 assigned team=v agent=cy rule=to-v round-robin\n");
    story_says(&s, "09:10 pending T4\n09:11 reopen T7\n09:12 online bo\n",
               "T4 pending agent=bo rule=to-u add=extra\n"
               "T7 queued team=t nobody-online\n"
               "T2 assigned team=t agent=bo round-robin\nT7 assigned team=t agent=bo round-robin\n");
    story_close(&s);
}
END_TEST

START_TEST(desk_4_4_decided_anew_as_it_arrived)
{
    struct story s;
    /* T1 arrived before the office closed; the new version decides it by that time, and by its old attributes
     */
    replaced(&s,
             "version 1\ntimezone UTC\nfield plan is one of free, pro\nhours office { mon-fri 09:00-17:00 "
             "}\nagent bo\n"
             "team old { agents bo }\nteam t { agents bo }\notherwise to old\n",
             "16:00 ticket T1 plan=pro\n18:00 ticket T2 plan=pro\n18:30 ticket T3 plan=free\n19:00 tick\n",
             "version 1\ntimezone UTC\nfield plan is one of pro, gold\nhours office { mon-fri 09:00-17:00 "
             "}\nagent bo\n"
             "team t { agents bo }\nteam day { agents bo }\n"
             "rule day { when plan == pro and during office\n to day, then unassigned after 2h }\n"
             "rule free { when plan exists and not plan == pro\n to day }\notherwise to t\n",
             "T1 unassigned rule=day no-team step=2\n"
             "T2 queued team=t nobody-online\n"
             "T3 queued team=t nobody-online\n");
    story_close(&s);
}
END_TEST

START_TEST(desk_4_4_the_agent_it_waits_for_is_gone)
{
    struct story s;
    replaced(
        &s,
        "version 1\nagent anna\nagent bo\nteam t { agents bo }\n"
        "rule r { when labels has a\n to agent anna }\notherwise to t\n",
        "09:00 ticket T1 labels=a\n09:01 ticket T2 labels=a\n09:01 reply T2 bo\n09:02 ticket T3 labels=a\n"
        "09:03 unassign T3\n",
        "version 1\nagent bo\nteam t { agents bo }\notherwise to t\n",
        "T1 queued team=t nobody-online\n"
        "T2 unassigned rule=r team-gone\n");
    story_close(&s);
}
END_TEST

START_TEST(desk_4_4_offered_to_those_who_are_left)
{
    struct story s;
    const char *before =
        "version 1\nagent anna\nagent bo\nagent cy\nteam t { agents anna, bo, cy\n assign ring-all }\n"
        "otherwise to t\n";
    const char *after =
        "version 1\nagent cy\nagent bo\nteam t { agents bo, cy\n assign ring-all }\notherwise to t\n";
    const char *events = "09:00 online anna\n09:00 online bo\n09:01 ticket T1\n";
    replaced(&s, before, events, after, "T1 offered team=t agents=bo ring-all\n");
    story_close(&s);
    /* where auto-assignment is off, no drain comes to it, and nothing is reported */
    replaced(&s, before, "09:00 online anna\n09:00 online bo\n09:01 ticket T1\n09:02 auto off\n", after, "");
    story_says(&s, "09:03 online cy\n09:04 auto on\n", "T1 offered team=t agents=bo,cy ring-all\n");
    story_close(&s);
    /* two in one queue: each leaves it, and one who takes the first leaves the second where it waits */
    replaced(&s, before,
             "09:00 online anna\n09:00 online bo\n09:01 ticket T1\n09:01 ticket T2\n09:02 auto off\n", after,
             "");
    ck_assert_uint_eq(s.desk->queues.count, 1);
    ck_assert_uint_eq(s.desk->lists.count, 2); /* the way of both, and [bo] */
    story_says(&s, "09:03 claim T1 bo\n09:04 online cy\n09:05 auto on\n",
               "T1 assigned team=t agent=bo claimed\nT2 offered team=t agents=bo,cy ring-all\n");
    story_close(&s);
}
END_TEST

/* Three of each, so that the room for four is given back in part. */
START_TEST(desk_4_4_names_that_are_gone_stay_with_their_tickets)
{
    struct story s;
    replaced(&s,
             "version 1\nlabels a, b, c, x, y, z\nagent bo { skills r, s, t }\nteam t { agents bo }\n"
             "rule a { when labels has a\n require skills r\n add labels x\n to t }\n"
             "rule b { when labels has b\n require skills s\n add labels y\n to t }\n"
             "rule c { when labels has c\n require skills t\n add labels z\n to t }\notherwise to t\n",
             "09:00 ticket T1 labels=a\n09:01 ticket T2 labels=b\n09:02 ticket T3 labels=c\n",
             "version 1\nagent bo\nteam t { agents bo }\notherwise to t\n", "");
    story_says(&s, "09:03 online bo\n09:04 close T1\n", "T1 closed team=t rule=a add=x\n");
    story_close(&s);
}
END_TEST

/* Seconds of who is gone stay counted, however often the policy changes after. */
START_TEST(desk_8_hours_of_who_is_gone_stay)
{
    struct story s;
    const struct shunt_figures *f, *after;
    const char *with = "version 1\nagent anna\nagent bo\nteam t { agents anna, bo }\notherwise to t\n";
    const char *without = "version 1\nagent bo\nteam t { agents bo }\notherwise to t\n";
    story_open(&s, with);
    story_run(&s, "09:00 online anna\n09:00 online bo\n10:00 offline anna\n10:00 offline bo\n");
    story_replace(&s, without);
    ck_assert_int_eq(shunt_desk_figures(s.desk, &f), SHUNT_OK);
    story_replace(&s, without);
    ck_assert_int_eq(shunt_desk_figures(s.desk, &after), SHUNT_OK);
    ck_assert_uint_eq(f->all.online_sec, 2 * 3600);
    ck_assert_uint_eq(after->all.online_sec, 2 * 3600);
    shunt_figures_free(f);
    shunt_figures_free(after);
    story_close(&s);
}
END_TEST

START_TEST(desk_4_4_held_until_the_new_opening)
{
    struct story s;
    replaced(
        &s,
        "version 1\ntimezone UTC\nhours h { mon-fri 09:00-17:00 }\nagent bo\nteam t { agents bo\n hours h }\n"
        "otherwise to t\n",
        "08:00 ticket T1\n",
        "version 1\ntimezone UTC\nhours h { mon-fri 10:00-17:00 }\nagent bo\nteam t { agents bo\n hours h }\n"
        "otherwise to t\n",
        "T1 held team=t closed until=0/10:00\n");
    story_close(&s);
}
END_TEST

/* ---- steps ---- */

START_TEST(desk_4_4_a_later_step_that_is_gone_is_skipped)
{
    struct story s;
    replaced(
        &s,
        "version 1\nagent bo\nagent cy\nteam a { agents bo }\nteam b { agents bo }\nteam c { agents cy }\n"
        "otherwise to a, then b after 1h, then c after 2h\n",
        "09:00 online cy\n09:00 ticket T1\n",
        "version 1\nagent bo\nagent cy\nteam a { agents bo }\nteam c { agents cy }\n"
        "otherwise to a\n",
        "");
    story_says(&s, "10:30 tick\n", "");
    story_says(&s, "11:00 tick\n", "T1 assigned team=c agent=cy round-robin step=3\n");
    story_close(&s);
}
END_TEST

START_TEST(desk_4_4_a_step_already_due_is_entered)
{
    struct story s;
    /* By the old version's hours the second step is due at 12:00 on Tuesday, by the new one's since 11:00 on
     * Monday. T2 loses its agent, and its step is long due. */
    replaced(
        &s,
        "version 1\ntimezone UTC\nhours h { tue 10:00-17:00 }\nagent anna\nagent bo\nteam a { agents anna }\n"
        "team b { agents bo }\nrule r { when labels has h\n to a, then b after 2h of h }\n"
        "otherwise to a, then b after 1h\n",
        "09:00 online anna channels=sms\n09:00 ticket T1 email labels=h\n09:03 ticket T3 email labels=h\n"
        "09:05 ticket T2 sms\n15:00 tick\n",
        "version 1\ntimezone UTC\nhours h { mon-fri 09:00-17:00 }\nagent bo\nteam a { agents bo\n assign "
        "pull }\n"
        "team b { agents bo\n assign pull }\nrule r { when labels has h\n to a, then b after 2h of h }\n"
        "otherwise to a, then b after 1h\n",
        "T2 unassigned team=a agent-gone\n"
        "T1 queued team=b rule=r pull step=2\n"
        "T3 queued team=b rule=r pull step=2\n"
        "T2 queued team=b pull step=2\n");
    story_close(&s);
}
END_TEST

START_TEST(desk_4_4_a_step_whose_hours_are_gone_never_falls_due)
{
    struct story s;
    replaced(
        &s,
        "version 1\ntimezone UTC\nhours h { mon-fri 09:00-17:00 }\nagent bo\nteam a { agents bo }\nteam b { "
        "agents bo }\n"
        "otherwise to a, then b after 2h of h\n",
        "09:00 ticket T1\n",
        "version 1\nagent bo\nteam a { agents bo }\nteam b { agents bo }\notherwise to a, then b after 2h\n",
        "");
    story_says(&s, "9/00:00 tick\n", "");
    story_says(&s, "9/00:01 online bo\n", "T1 assigned team=a agent=bo round-robin\n");
    story_close(&s);
}
END_TEST

/* ---- attributes ---- */

START_TEST(desk_4_4_attributes_go_by_name_and_type)
{
    struct story s;
    /* after the change, a reroute asks the new version what T1 carries: `size` is a text now, the channel and
     * `plan`'s value are gone, `paid`, the labels and `total` stand */
    const char *after =
        "version 1\nchannels phone\nfield size is text\nfield total is number\nfield paid is bool\n"
        "field plan is one of gold\nagent bo\nteam t { agents bo }\n"
        "rule wrong { when channel exists or size exists or plan exists\n to unassigned }\n"
        "rule right { when total == 2.5 and paid and labels has x and labels has y and customer == \"C\"\n"
        "             to t }\notherwise to unassigned\n";
    replaced(&s,
             "version 1\nchannels email, phone\nfield plan is one of free, pro\nfield paid is bool\n"
             "field size is number\nfield total is number\nagent bo\nteam t { agents bo }\notherwise to t\n",
             "09:00 ticket T1 email plan=pro paid=t size=7 total=2.5 labels=x,y customer=C\n", after, "");
    story_says(&s, "09:01 reroute T1\n", "T1 queued team=t rule=right nobody-online\n");
    story_close(&s);
}
END_TEST

START_TEST(desk_7_1_rules_and_labels_of_earlier_versions_keep_their_names)
{
    struct story s;
    const char *with = "version 1\nlabels l, one, two\nagent bo\nteam t { agents bo\n takes labels l }\n"
                       "rule r { when channel == sms\n add labels one, two\n to t }\notherwise to t\n";
    const char *without = "version 1\nlabels two\nagent bo\nteam t { agents bo }\notherwise to t\n";
    replaced(&s, with, "09:00 ticket T1 sms\n09:01 ticket T2 labels=l\n", without, "");
    story_says(&s, "09:02 claim T1 bo\n09:02 claim T2 bo\n",
               "T1 assigned team=t agent=bo rule=r claimed add=one,two\n"
               "T2 assigned team=t agent=bo rule=team t claimed\n");
    story_replace(&s, without);
    story_says(&s, "09:03 unassign T1\n", "T1 unassigned team=t rule=r manual add=one,two\n");
    story_replace(&s, with); /* they are back */
    story_says(&s, "09:04 claim T1 bo\n09:05 unassign T2\n",
               "T1 assigned team=t agent=bo rule=r claimed add=one,two\n"
               "T2 unassigned team=t rule=team.t manual\n");
    story_close(&s);
}
END_TEST

START_TEST(desk_4_4_a_skill_that_is_gone_nobody_has)
{
    struct story s;
    replaced(&s,
             "version 1\nagent bo { skills x, y }\nteam t { agents bo }\n"
             "rule r { when channel == sms\n require skills x\n to t }\notherwise to t\n",
             "09:00 ticket T1 sms\n",
             "version 1\nagent bo { skills y }\nteam t { agents bo }\nrule r { when channel == sms\n require "
             "skills y\n to t }\n"
             "otherwise to t\n",
             "");
    story_says(&s, "09:01 online bo\n09:02 ticket T2 sms\n",
               "T2 assigned team=t agent=bo rule=r round-robin\n");
    story_says(&s, "09:03 reroute T1\n", "T1 assigned team=t agent=bo rule=r round-robin\n");
    story_close(&s);
}
END_TEST

/* ---- rotations ---- */

#define FIVE(members, more)                                                                                  \
    "version 1\nagent a\nagent b\nagent c\nagent d\nagent e\nteam t { agents " members "\n" more             \
    " }\notherwise to t\n"
#define ALL_ONLINE "09:00 online a\n09:00 online b\n09:00 online c\n09:00 online d\n09:00 online e\n"
#define THREE_TICKETS "10:01 ticket N1\n10:02 ticket N2\n10:03 ticket N3\n"

/* Who gets three tickets under the next version. */
static void rotates(const char *before, const char *events, const char *after, const char *wanted)
{
    struct story s;
    char got[64] = "";
    story_open(&s, before);
    story_run(&s, events);
    story_replace(&s, after);
    story_run(&s, THREE_TICKETS);
    for (const char *at = s.said; (at = strstr(at, "agent=")); at++) strncat(got, at + 6, 1);
    ck_assert_str_eq(got, wanted);
    story_close(&s);
}

START_TEST(desk_4_4_rotations_go_on_by_name)
{
    const char *two = ALL_ONLINE "09:01 ticket T1\n09:02 ticket T2\n"; /* a, b */
    rotates(FIVE("a, b, c, d", ""), two, FIVE("a, b, c, d", ""), "cda");
    rotates(FIVE("a, b, c, d", ""), two, FIVE("d, b, a, e, c", ""), "aec"); /* after b in the new order */
    rotates(FIVE("a, b, c, d", ""), two, FIVE("a, c, d", ""), "cda");       /* b left: c was next */
    rotates(FIVE("a, b, c, d", ""), two, FIVE("d, c, a", ""), "cad"); /* c was next; then the new order */
    rotates(FIVE("a, b, c, d", ""), two, FIVE("a, e", ""), "aea");    /* after b, c and d: a */
    const char *three = ALL_ONLINE "09:01 ticket T1\n09:02 ticket T2\n09:03 ticket T3\n";
    rotates(FIVE("a, b, c, d", ""), three, FIVE("a, b, d", ""), "dab"); /* c left: d was next */
    rotates(FIVE("a, b, c, d", ""), three, FIVE("b, e", ""), "beb");    /* after c, d and a: b */
    rotates(FIVE("a, b, c, d", ""), two, FIVE("c, e", "rotation channel"),
            "cec"); /* another rotation: from the start */
}
END_TEST

START_TEST(desk_4_4_a_rotation_whose_last_agent_left_twice)
{
    struct story s;
    story_open(&s, FIVE("a, b, c, d", ""));
    story_run(&s, ALL_ONLINE "09:01 ticket T1\n09:02 ticket T2\n");
    story_replace(&s, FIVE("a, c, d", "")); /* c is next */
    story_replace(&s, FIVE("a, d", ""));    /* and now d */
    story_says(&s, "10:00 ticket T3\n", "T3 assigned team=t agent=d round-robin\n");
    story_close(&s);
}
END_TEST

START_TEST(desk_4_4_weighted_sums_go_by_name)
{
    /* Weights are 1. After a was picked the sums are a -2, b 1, c 1. Under the next version, with c first:
     * c 2, b 2, a -1: c by the order; c 0, b 3, a 0: b; c 1, b 1, a 1: c */
    rotates(FIVE("a, b, c", "assign weighted"), ALL_ONLINE "09:01 ticket T1\n",
            FIVE("c, b, a", "assign weighted"), "cbc");
    /* b left, d came: a -2, c 1, d 0. a -1, c 2, d 1: c; a 0, c 0, d 2: d; a 1, c 1, d 0: a */
    rotates(FIVE("a, b, c", "assign weighted"), ALL_ONLINE "09:01 ticket T1\n",
            FIVE("a, c, d", "assign weighted"), "cda");
}
END_TEST

START_TEST(desk_4_4_global_and_channel_rotations)
{
    const char *two = ALL_ONLINE "09:01 ticket T1\n09:02 ticket T2\n";
    /* global goes by the order of the policy's agents: a, b, then c */
    rotates(FIVE("a, b, c, d", "rotation global"), two, FIVE("d, a, c", "rotation global"), "cda");
    /* without a channel is one more channel */
    rotates(FIVE("a, b, c", "rotation channel"), two, FIVE("a, b, c", "rotation channel"), "cab");
}
END_TEST

START_TEST(desk_4_4_longest_idle_and_customers_go_by_name)
{
    struct story s;
    rotates(FIVE("a, b, c", "assign longest-idle"),
            ALL_ONLINE "09:01 ticket T1\n09:02 ticket T2\n09:03 ticket T3\n",
            FIVE("c, b, e", "assign longest-idle"), "ebc");
    replaced(&s, FIVE("a, b, c", "sticky"),
             ALL_ONLINE "09:01 ticket T1 customer=X\n09:01 ticket T2 customer=Y\n", FIVE("c, b, d", "sticky"),
             "");
    story_says(&s, "10:00 ticket T3 customer=Y\n10:01 ticket T4 customer=X\n",
               "T3 assigned team=t agent=b sticky\nT4 assigned team=t agent=d round-robin\n");
    story_close(&s);
}
END_TEST

/* ---- nothing else ---- */

static const char *const whole =
    "version 1\ntimezone UTC\nchannels email, phone\nhours h { mon-fri 09:00-17:00 }\n"
    "agent a { skills x\n hours h }\nagent b { limit email 1 }\nagent c\n"
    "team one { agents a, b\n assign weighted\n sticky }\nteam two { agents b, c\n hours h\n rotation "
    "channel }\n"
    "team ring { agents a, c\n assign ring-all }\n"
    "rule r1 { when labels has x\n require skills x\n add labels y\n to one, then two after 3h of h }\n"
    "rule r2 { when labels has ring\n to ring }\nrule r3 { when labels has two\n to two }\n"
    "rule r4 { when labels has c\n to agent c, then one after 1d }\notherwise to one\n";
static const char *const whole_events =
    "08:00 online b devices=phone:1\n08:00 online c channels=email\n08:01 ticket T1 email customer=K\n"
    "08:02 ticket T2 email labels=x\n08:03 ticket T3 phone labels=ring\n08:04 ticket T4 phone labels=two\n"
    "08:05 ticket T5 phone labels=c\n08:06 ticket T6 email\n08:07 close T1\n08:08 pending T6\n08:09 ticket "
    "T7 email\n"
    "08:10 auto off team=one\n09:30 ticket T8 email labels=two\n09:31 close T8\n09:32 reply T4 b\n";

/* Saved bytes, of a desk without figures. */
static void *saved(const struct shunt_desk *d, size_t *len)
{
    void *bytes;
    ck_assert_int_eq(shunt_desk_save(d, NULL, &bytes, len), SHUNT_OK);
    return bytes;
}

static void open_without_figures(struct story *s)
{
    story_open(s, whole);
    shunt_desk_free(s->desk);
    ck_assert_int_eq(shunt_desk_new(s->policy.table, NULL, NULL, &s->desk), SHUNT_OK);
    story_run(s, whole_events);
}

START_TEST(desk_4_4_the_same_policy_again_changes_nothing)
{
    struct story s;
    size_t before_len, after_len;
    open_without_figures(&s);
    void *before = saved(s.desk, &before_len);
    story_replace(&s, whole);
    ck_assert_str_eq(s.said, "");
    void *after = saved(s.desk, &after_len);
    ck_assert_uint_eq(before_len, after_len);
    ck_assert_mem_eq(before, after, before_len);
    free(before);
    free(after);
    story_close(&s);
}
END_TEST

/* Another policy: agents, a team, a rule, a channel, a label and a skill are gone. */
static const char *const less =
    "version 1\nchannels email\nagent b\nagent d\nteam one { agents b, d\n assign weighted\n sticky }\n"
    "rule r3 { when labels has two\n to one }\notherwise to one\n";

START_TEST(shunt_h_replacing_leaves_the_old_desk_and_can_be_saved)
{
    struct story s;
    struct compiled next;
    struct shunt_desk *d, *loaded;
    size_t len, again_len;
    const char *reason;
    open_without_figures(&s);
    compiled_open(&next, "p.shunt", less, true);
    void *before = saved(s.desk, &len);
    ck_assert_int_eq(shunt_desk_replace(s.desk, next.table, NULL, &d), SHUNT_OK);
    void *again = saved(s.desk, &again_len);
    ck_assert_uint_eq(len, again_len);
    ck_assert_mem_eq(before, again, len);
    free(before);
    free(again);
    before = saved(d, &len);
    enum shunt_status status = shunt_desk_load(next.table, before, len, NULL, &loaded, &reason);
    ck_assert_msg(status == SHUNT_OK, "%s", reason);
    again = saved(loaded, &again_len);
    ck_assert_uint_eq(len, again_len);
    ck_assert_mem_eq(before, again, len);
    free(before);
    free(again);
    shunt_desk_free(loaded);
    shunt_desk_free(d);
    compiled_close(&next);
    story_close(&s);
}
END_TEST

START_TEST(commands_12_replacing_without_memory)
{
    struct story s;
    struct compiled next;
    struct failing f = {.left = UINT64_MAX};
    struct shunt_hooks hooks = failing_hooks(&f);
    struct shunt_desk_options options = {.keep_days = 30, .figures = true};
    struct shunt_desk *d = NULL;
    story_open(&s, whole);
    shunt_desk_free(s.desk);
    ck_assert_int_eq(shunt_desk_new(s.policy.table, &options, &hooks, &s.desk), SHUNT_OK);
    story_run(&s, whole_events);
    compiled_open(&next, "p.shunt", less, true);
    struct shunt_sink sink = story_sink(&s);
    enum shunt_status status = SHUNT_NO_MEMORY;
    uint64_t held = f.bytes, n = 0;
    struct compiled first = s.policy;
    s.policy = next; /* whose names the decisions mean */
    s.said_len = 0;
    for (; status == SHUNT_NO_MEMORY; n++) {
        f.left = n;
        ck_assert_uint_eq(s.said_len, 0);
        status = shunt_desk_replace(s.desk, next.table, &sink, &d);
        if (status == SHUNT_NO_MEMORY) ck_assert_uint_eq(f.bytes, held);
    }
    ck_assert_int_eq(status, SHUNT_OK);
    ck_assert_uint_gt(n, 100);
    ck_assert_uint_gt(s.said_len, 0);
    f.left = UINT64_MAX;
    shunt_desk_free(s.desk);
    shunt_desk_free(d);
    ck_assert_uint_eq(f.bytes, 0);
    free(s.memory);
    compiled_close(&next);
    compiled_close(&first);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("replace");
    tcase_add_test(t, desk_4_4_presence_and_devices_carry_over_by_name);
    tcase_add_test(t, desk_4_4_an_agent_who_is_now_a_viewer_is_as_one_gone);
    tcase_add_test(t, desk_6_3_switches_carry_over);
    tcase_add_test(t, desk_4_4_in_order_of_arrival_then_the_backlog);
    tcase_add_test(t, desk_4_4_decided_anew_as_it_arrived);
    tcase_add_test(t, desk_4_4_the_agent_it_waits_for_is_gone);
    tcase_add_test(t, desk_4_4_offered_to_those_who_are_left);
    tcase_add_test(t, desk_4_4_names_that_are_gone_stay_with_their_tickets);
    tcase_add_test(t, desk_8_hours_of_who_is_gone_stay);
    tcase_add_test(t, desk_4_4_held_until_the_new_opening);
    tcase_add_test(t, desk_4_4_a_later_step_that_is_gone_is_skipped);
    tcase_add_test(t, desk_4_4_a_step_already_due_is_entered);
    tcase_add_test(t, desk_4_4_a_step_whose_hours_are_gone_never_falls_due);
    tcase_add_test(t, desk_4_4_attributes_go_by_name_and_type);
    tcase_add_test(t, desk_7_1_rules_and_labels_of_earlier_versions_keep_their_names);
    tcase_add_test(t, desk_4_4_a_skill_that_is_gone_nobody_has);
    tcase_add_test(t, desk_4_4_rotations_go_on_by_name);
    tcase_add_test(t, desk_4_4_a_rotation_whose_last_agent_left_twice);
    tcase_add_test(t, desk_4_4_weighted_sums_go_by_name);
    tcase_add_test(t, desk_4_4_global_and_channel_rotations);
    tcase_add_test(t, desk_4_4_longest_idle_and_customers_go_by_name);
    tcase_add_test(t, desk_4_4_the_same_policy_again_changes_nothing);
    tcase_add_test(t, shunt_h_replacing_leaves_the_old_desk_and_can_be_saved);
    tcase_add_test(t, commands_12_replacing_without_memory);
    Suite *suite = suite_create("desk_replace");
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
