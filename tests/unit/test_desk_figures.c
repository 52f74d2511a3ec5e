/* The figures of desk.md 8, worked out by hand from what happened. */
#include "desk_story.h"
#include "failing.h"
#include "run_suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct shunt_figures *ask(const struct story *s)
{
    const struct shunt_figures *f;
    ck_assert_int_eq(shunt_desk_figures(s->desk, &f), SHUNT_OK);
    return f;
}

static const struct shunt_figures_of *agent(const struct story *s, const struct shunt_figures *f,
                                            const char *name)
{
    for (uint32_t i = 0; i < f->agent_count; i++) {
        if (strcmp(shunt_agent_name(s->policy.table, i).bytes, name) == 0) return &f->agents[i];
    }
    ck_abort_msg("no agent %s", name);
    return NULL;
}

static const struct shunt_figures_of *team(const struct story *s, const struct shunt_figures *f,
                                           const char *name)
{
    for (uint32_t i = 0; i < f->team_count; i++) {
        if (strcmp(shunt_team_name(s->policy.table, i).bytes, name) == 0) return &f->teams[i];
    }
    ck_abort_msg("no team %s", name);
    return NULL;
}

static void is_times(struct shunt_figures_times t, uint64_t count, int64_t median_sec, int64_t p90_sec)
{
    ck_assert_uint_eq(t.count, count);
    ck_assert_int_eq(t.median_sec, median_sec);
    ck_assert_int_eq(t.p90_sec, p90_sec);
}

static bool near(double a, double b)
{
    return a - b < 1e-12 && b - a < 1e-12;
}

#define TWO                                                                                                  \
    "version 1\nagent anna\nagent bo\nteam t { agents anna, bo }\nteam u { agents bo\n assign pull }\n"      \
    "rule r { when labels has u\n to u }\notherwise to t\n"

/* ---- assignments ---- */

START_TEST(desk_8_assigned_share_open)
{
    struct story s;
    story_open(&s, TWO);
    /* anna: T1, T3, then T1 is bo's; bo: T2, T1, T4 (claimed in u); T5 is nobody's. T2 is closed */
    story_run(&s, "09:00 online anna\n09:00 online bo\n09:01 ticket T1\n09:02 ticket T2\n09:03 ticket T3\n"
                  "09:04 ticket T4 labels=u\n09:05 claim T4 bo\n09:06 assign T1 agent=bo\n09:07 close T2\n"
                  "09:08 ticket T5 labels=u\n09:09 pending T4\n09:10 resume T4\n09:11 pending T3\n");
    const struct shunt_figures *f = ask(&s);
    ck_assert_uint_eq(f->all.assigned, 5);
    ck_assert_uint_eq(f->all.automatic, 3);
    ck_assert_uint_eq(f->all.open, 4);
    ck_assert(near(f->all.share, 1));
    ck_assert_uint_eq(agent(&s, f, "anna")->assigned, 2);
    ck_assert_uint_eq(agent(&s, f, "anna")->automatic, 2);
    ck_assert_uint_eq(agent(&s, f, "anna")->open, 1);
    ck_assert(near(agent(&s, f, "anna")->share, 0.4));
    ck_assert_uint_eq(agent(&s, f, "bo")->assigned, 3);
    ck_assert_uint_eq(agent(&s, f, "bo")->automatic, 1);
    ck_assert_uint_eq(agent(&s, f, "bo")->open, 2);
    ck_assert_uint_eq(team(&s, f, "t")->assigned, 4);
    ck_assert_uint_eq(team(&s, f, "t")->open, 2);
    ck_assert_uint_eq(team(&s, f, "u")->assigned, 1);
    ck_assert_uint_eq(team(&s, f, "u")->open, 2);
    ck_assert(near(team(&s, f, "u")->share, 0.2));
    shunt_figures_free(f);
    story_close(&s);
}
END_TEST

START_TEST(desk_8_reopened_counts_and_given_again_does_not)
{
    struct story s;
    story_open(&s, TWO);
    story_run(&s, "09:00 online anna\n09:01 ticket T1\n09:02 assign T1 agent=anna\n09:03 close T1\n");
    const struct shunt_figures *f = ask(&s);
    ck_assert_uint_eq(f->all.assigned, 1);
    shunt_figures_free(f);
    story_run(&s, "09:04 reopen T1\n");
    f = ask(&s);
    ck_assert_uint_eq(f->all.assigned, 2);
    ck_assert_uint_eq(f->all.automatic, 1);
    shunt_figures_free(f);
    story_close(&s);
}
END_TEST

/* ---- times ---- */

START_TEST(desk_8_times_by_nearest_rank)
{
    struct story s;
    story_open(&s, TWO);
    /* ten tickets arrive at 09:00 and are claimed after 1, 2, ... 10 minutes: the 5th and the 9th */
    for (int i = 1; i <= 10; i++) {
        char line[64];
        snprintf(line, sizeof line, "09:00 ticket T%d labels=u\n", i);
        story_run(&s, line);
    }
    for (int i = 1; i <= 10; i++) {
        char line[64];
        snprintf(line, sizeof line, "09:%02d claim T%d bo\n", i, 11 - i);
        story_run(&s, line);
    }
    const struct shunt_figures *f = ask(&s);
    is_times(f->all.assignment, 10, 300, 540);
    is_times(agent(&s, f, "bo")->assignment, 10, 300, 540);
    is_times(agent(&s, f, "anna")->assignment, 0, 0, 0);
    is_times(team(&s, f, "u")->assignment, 10, 300, 540);
    is_times(f->all.response, 0, 0, 0);
    shunt_figures_free(f);
    /* of 11 values the 6th and the 10th */
    story_run(&s, "09:30 ticket T11 labels=u\n09:31:30 claim T11 bo\n");
    f = ask(&s);
    is_times(f->all.assignment, 11, 300, 540); /* 60 90 120 180 240 300 360 420 480 540 600 */
    shunt_figures_free(f);
    story_close(&s);
}
END_TEST

START_TEST(desk_8_only_the_first_of_each_counts)
{
    struct story s;
    story_open(&s, TWO);
    /* T1: anna's at 09:01, then bo's; anna replies at 09:03, bo at 09:04. T2: bo's, rerouted at 09:20 to
     * anna, who replies: 20 minutes after it first arrived */
    story_run(
        &s, "09:00 ticket T1\n09:01 claim T1 anna\n09:02 assign T1 agent=bo\n09:03 reply T1 anna\n09:04 "
            "reply T1 bo\n"
            "09:05 ticket T2\n09:06 claim T2 bo\n09:19 online anna\n09:20 reroute T2\n09:25 reply T2 anna\n");
    const struct shunt_figures *f = ask(&s);
    is_times(agent(&s, f, "anna")->assignment, 1, 60, 60);
    is_times(agent(&s, f, "bo")->assignment, 1, 60, 60);
    is_times(agent(&s, f, "anna")->response, 2, 180, 1200);
    is_times(agent(&s, f, "bo")->response, 0, 0, 0);
    is_times(team(&s, f, "t")->response, 2, 180, 1200);
    is_times(f->all.assignment, 2, 60, 60);
    shunt_figures_free(f);
    story_close(&s);
}
END_TEST

/* ---- hours online ---- */

#define SHIFTS                                                                                               \
    "version 1\ntimezone Europe/Stockholm\nhours h { mon-fri 09:00-12:00, 13:00-17:00 }\n"                   \
    "agent anna { hours h\n away 2026-03-03 }\nagent bo\nteam t { agents anna, bo }\nteam u { agents bo }\n" \
    "otherwise to t\n"

START_TEST(desk_8_hours_online_inside_the_shift)
{
    struct story s;
    story_open(&s, SHIFTS);
    /* Stockholm is an hour ahead of UTC: anna's shift is 08:00 to 11:00 and 12:00 to 16:00; online from 07:00
     * to 15:00 it is 6 hours, on Tuesday she is away, on Wednesday it is 07:30 to 09:00: 1 hour. bo: from
     * Monday 10:00 */
    story_run(
        &s,
        "07:00 online anna\n10:00 online bo\n15:00 offline anna\n1/08:00 online anna\n1/15:00 offline anna\n"
        "2/07:30 online anna\n2/09:00 tick\n");
    const struct shunt_figures *f = ask(&s);
    ck_assert_uint_eq(agent(&s, f, "anna")->online_sec, 7 * 3600);
    ck_assert_uint_eq(agent(&s, f, "bo")->online_sec, 47 * 3600);
    ck_assert_uint_eq(team(&s, f, "t")->online_sec, 54 * 3600);
    ck_assert_uint_eq(team(&s, f, "u")->online_sec, 47 * 3600);
    ck_assert_uint_eq(f->all.online_sec, 54 * 3600);
    shunt_figures_free(f);
    story_close(&s);
}
END_TEST

/* Hours without days away, and days away without hours. */
START_TEST(desk_8_hours_online_by_hours_or_days_alone)
{
    struct story s;
    story_open(
        &s,
        "version 1\ntimezone Europe/Stockholm\nhours h { mon-fri 09:00-12:00, 13:00-17:00 }\n"
        "agent anna { hours h }\nagent bo { away 2026-03-03 }\nteam t { agents anna, bo }\notherwise to t\n");
    /* anna from 08:00 to 11:00 and 12:00 to 15:00 UTC; bo from Monday 10:00 to 23:00, and from Tuesday 23:00
     * to 09:00 */
    story_run(&s, "07:00 online anna\n10:00 online bo\n15:00 offline anna\n2/09:00 tick\n");
    const struct shunt_figures *f = ask(&s);
    ck_assert_uint_eq(agent(&s, f, "anna")->online_sec, 6 * 3600);
    ck_assert_uint_eq(agent(&s, f, "bo")->online_sec, 23 * 3600);
    shunt_figures_free(f);
    story_close(&s);
}
END_TEST

/* Nine centuries at once and a decade at a time, in a zone whose changes to come stand in the table. */
START_TEST(desk_8_hours_online_of_centuries)
{
    struct story s;
    story_open(&s, "version 1\ntimezone Africa/Casablanca\nagent anna { away 01-01..03-31 }\n"
                   "agent bo { away 01-01..03-31 }\nteam t { agents anna, bo }\notherwise to t\n");
    story_run(&s, "10:00 online anna\n10:00 online bo\n");
    for (int day = 3600; day < 330000; day += 3600) {
        char text[64];
        snprintf(text, sizeof text, "%d/10:00 offline bo\n%d/10:00 online bo\n", day, day);
        story_run(&s, text);
    }
    const struct shunt_figures *f = ask(&s);
    ck_assert_uint_eq(agent(&s, f, "anna")->online_sec, agent(&s, f, "bo")->online_sec);
    shunt_figures_free(f);
    story_close(&s);
}
END_TEST

START_TEST(desk_8_automatic_assignments_per_hour_online)
{
    struct story s;
    story_open(&s, "version 1\nagent anna\nagent bo\nteam t { agents anna, bo }\notherwise to t\n");
    story_run(&s, "09:00 online anna\n09:00 ticket T1\n09:00 ticket T2\n09:00 ticket T3\n10:00 online bo\n"
                  "10:00 ticket T4\n10:00 claim T4 anna\n11:00 tick\n");
    const struct shunt_figures *f = ask(&s); /* T4 went to bo; anna's claim was refused */
    ck_assert(near(agent(&s, f, "anna")->automatic_per_hour, 1.5));
    ck_assert(near(agent(&s, f, "bo")->automatic_per_hour, 1));
    ck_assert(near(team(&s, f, "t")->automatic_per_hour, 4 / 3.0));
    shunt_figures_free(f);
    story_close(&s);
}
END_TEST

START_TEST(desk_8_a_second_online_and_midnight)
{
    struct story s;
    story_open(&s,
               "version 1\ntimezone UTC\nagent anna\nteam t { agents anna }\notherwise to t\npresence day\n");
    story_run(&s, "22:00 online anna\n23:00 online anna channels=sms\n1/05:00 tick\n1/06:00 online "
                  "anna\n1/07:00 offline anna\n");
    const struct shunt_figures *f = ask(&s);
    ck_assert_uint_eq(agent(&s, f, "anna")->online_sec, 3 * 3600);
    ck_assert_uint_eq(f->online_sec[22], 3600);
    ck_assert_uint_eq(f->online_sec[23], 3600);
    ck_assert_uint_eq(f->online_sec[24], 0);
    ck_assert_uint_eq(f->online_sec[24 + 6], 3600);
    shunt_figures_free(f);
    story_close(&s);
}
END_TEST

/* ---- counts ---- */

START_TEST(desk_8_by_status_channel_rule)
{
    struct story s;
    story_open(
        &s,
        "version 1\nchannels email, sms\nhours h { mon 20:00-21:00 }\ntimezone UTC\n"
        "agent anna\nagent bo\nteam t { agents anna }\nteam p { agents bo\n assign pull\n takes labels p }\n"
        "team o { agents anna\n assign ring-all }\nteam n { agents bo\n hours h }\n"
        "rule r { when labels has o\n to o }\nrule n { when labels has n\n to n }\notherwise to t\n");
    story_run(
        &s,
        "09:00 online anna\n09:00 ticket T1 email\n09:00 ticket T2 sms labels=o\n09:00 ticket T3 labels=p\n"
        "09:00 ticket T4 labels=n\n09:00 ticket T5 email\n09:00 pending T5\n09:00 ticket T6 email\n"
        "09:00 unassign T6\n09:00 ticket T7 sms\n09:00 close T7\n09:01 update T1 channel=sms\n");
    const struct shunt_figures *f = ask(&s);
    static const uint64_t statuses[] = {1, 1, 1, 1, 1, 1, 1};
    ck_assert_mem_eq(f->status, statuses, sizeof statuses);
    ck_assert_uint_eq(f->tickets, 7);
    ck_assert_uint_eq(f->channel_count, 3);
    ck_assert_str_eq(f->channels[0].name.bytes, "email");
    ck_assert_uint_eq(f->channels[0].tickets, 3); /* as they arrived */
    ck_assert_uint_eq(f->channels[1].tickets, 2);
    ck_assert_ptr_null(f->channels[2].name.bytes);
    ck_assert_uint_eq(f->channels[2].tickets, 2);
    ck_assert_uint_eq(f->rule_count, 4);
    ck_assert_str_eq(f->rules[0].name.bytes, "r");
    ck_assert_uint_eq(f->rules[0].tickets, 1);
    ck_assert_uint_eq(f->rules[1].tickets, 1);
    ck_assert(f->rules[2].is_takes);
    ck_assert_str_eq(f->rules[2].name.bytes, "p");
    ck_assert_uint_eq(f->rules[2].tickets, 1);
    ck_assert_str_eq(f->rules[3].name.bytes, "otherwise");
    ck_assert_uint_eq(f->rules[3].tickets, 4);
    shunt_figures_free(f);
    story_run(&s, "40/00:00 tick\n"); /* T7 is forgotten, and was closed */
    f = ask(&s);
    ck_assert_uint_eq(f->status[SHUNT_CLOSED], 1);
    shunt_figures_free(f);
    story_close(&s);
}
END_TEST

START_TEST(desk_8_hour_of_the_week_in_the_policys_zone)
{
    struct story s;
    story_open(&s, SHIFTS);
    /* 27 days later is Sunday the 29th of March: at 01:00 UTC the clocks go from 02:00 to 03:00 */
    story_run(&s,
              "22:59 ticket T1\n23:00 ticket T2\n6/22:59 ticket T3\n6/23:00 ticket T4\n27/00:30 online bo\n"
              "27/00:59 ticket T5\n27/01:00 ticket T6\n27/02:15 offline bo\n");
    const struct shunt_figures *f = ask(&s);
    ck_assert_uint_eq(f->arrived[23], 1);
    ck_assert_uint_eq(f->arrived[24], 1);
    ck_assert_uint_eq(f->arrived[167], 1); /* Sunday's last hour */
    ck_assert_uint_eq(f->arrived[0], 1);
    ck_assert_uint_eq(f->arrived[144 + 1], 1);
    ck_assert_uint_eq(f->arrived[144 + 3], 1);
    ck_assert_uint_eq(f->online_sec[144 + 1], 1800);
    ck_assert_uint_eq(f->online_sec[144 + 2], 0);
    ck_assert_uint_eq(f->online_sec[144 + 3], 3600);
    ck_assert_uint_eq(f->online_sec[144 + 4], 900);
    /* from Monday 23:59 by Stockholm to Sunday 04:15 four weeks on */
    ck_assert_int_eq(f->from_sec, story_time("22:59"));
    ck_assert_int_eq(f->to_sec, story_time("27/02:15"));
    ck_assert_uint_eq(f->passed_sec[0], 3 * 3600);
    ck_assert_uint_eq(f->passed_sec[23], 60 + 3 * 3600);
    ck_assert_uint_eq(f->passed_sec[24], 4 * 3600);
    ck_assert_uint_eq(f->passed_sec[144 + 2], 3 * 3600); /* there was no such hour on the 29th */
    ck_assert_uint_eq(f->passed_sec[144 + 4], 3 * 3600 + 900);
    uint64_t sum = 0;
    for (int i = 0; i < SHUNT_WEEK_HOURS; i++) sum += f->passed_sec[i];
    ck_assert_uint_eq(sum, (uint64_t)(f->to_sec - f->from_sec));
    shunt_figures_free(f);
    story_close(&s);
}
END_TEST

/* ---- fairness ---- */

START_TEST(desk_8_fairness_of_each_rotation)
{
    struct story s;
    story_open(&s, "version 1\nchannels email, sms\nagent anna\nagent bo { channels email }\nagent cy\n"
                   "team a { agents anna, bo, cy }\nteam b { agents anna, bo\n rotation channel }\n"
                   "team c { agents anna\n rotation global }\nteam d { agents cy\n rotation global }\n"
                   "team e { agents cy\n assign pull }\nteam f { agents anna\n rotation global }\n"
                   "rule b { when labels has b\n to b }\nrule c { when labels has c\n to c }\nrule d { when "
                   "labels has d\n to d }\n"
                   "otherwise to a\n");
    /* anna is online for 2 hours, bo for 1, cy for half an hour. In a: anna 2, bo 1, cy 1; in b for email
     * anna 1, bo 1, for sms anna 2; global: anna 1, cy 1 */
    story_run(&s,
              "08:00 online anna\n09:00 online bo\n09:30 online cy\n"
              "09:30 ticket T1 email\n09:30 ticket T2 email\n09:30 ticket T3 email\n09:30 ticket T4 email\n"
              "09:30 ticket T5 email labels=b\n09:30 ticket T6 email labels=b\n"
              "09:30 ticket T7 sms labels=b\n09:30 ticket T8 sms labels=b\n"
              "09:30 ticket T9 email labels=c\n09:30 ticket T10 email labels=d\n10:00 tick\n");
    const struct shunt_figures *f = ask(&s);
    ck_assert_uint_eq(f->rotation_count, 4);
    const struct shunt_figures_rotation *r = f->rotations;
    ck_assert(!r[0].global && !r[0].by_channel);
    ck_assert_str_eq(shunt_team_name(s.policy.table, r[0].team).bytes, "a");
    ck_assert_uint_eq(r[0].agents, 2); /* cy has not an hour */
    ck_assert(near(r[0].least, 1) && near(r[0].most, 1) && near(r[0].fairness, 0));
    ck_assert(r[1].by_channel);
    ck_assert_uint_eq(r[1].channel, 0);
    ck_assert_uint_eq(r[1].agents, 2);
    ck_assert(near(r[1].least, 0.5) && near(r[1].most, 1) && near(r[1].fairness, 0.5));
    ck_assert_uint_eq(r[2].channel, 1);
    ck_assert_uint_eq(r[2].agents, 1); /* bo does not serve it */
    ck_assert(near(r[2].most, 1) && near(r[2].fairness, 0));
    ck_assert(r[3].global);
    ck_assert_uint_eq(r[3].team, SHUNT_NONE);
    ck_assert_uint_eq(r[3].agents, 1);
    ck_assert(near(r[3].most, 0.5));
    shunt_figures_free(f);
    story_run(&s, "11:00 tick\n"); /* anna 3 hours, cy one and a half */
    f = ask(&s);
    r = f->rotations;
    ck_assert_uint_eq(r[3].agents, 2);
    ck_assert(near(r[3].least, 1 / 3.0) && near(r[3].most, 2 / 3.0) && near(r[3].fairness, 1 / 3.0));
    shunt_figures_free(f);
    story_close(&s);
}
END_TEST

/* ---- at any time ---- */

START_TEST(desk_8_asking_changes_nothing)
{
    struct story s;
    void *before, *after;
    size_t before_len, after_len;
    story_open(&s, SHIFTS);
    story_run(&s, "09:00 online anna\n09:01 ticket T1\n09:02 reply T1 anna\n11:00 tick\n");
    ck_assert_int_eq(shunt_desk_save(s.desk, NULL, &before, &before_len), SHUNT_OK);
    shunt_figures_free(ask(&s));
    ck_assert_int_eq(shunt_desk_save(s.desk, NULL, &after, &after_len), SHUNT_OK);
    ck_assert_uint_eq(before_len, after_len);
    ck_assert_mem_eq(before, after, before_len);
    free(before);
    free(after);
    story_close(&s);
}
END_TEST

START_TEST(desk_8_years_online_cost_no_more)
{
    struct story s;
    story_open(&s, "version 1\nagent bo\nteam t { agents bo }\notherwise to t\n");
    /* seven thousand years: every hour of the week as often as every other, but for the last days */
    story_run(&s, "00:00 online bo\n2556750/00:00 tick\n");
    const struct shunt_figures *f = ask(&s);
    ck_assert_uint_eq(agent(&s, f, "bo")->online_sec, UINT64_C(2556750) * 86400);
    ck_assert_uint_eq(f->online_sec[0], UINT64_C(365250) * 3600);
    ck_assert_uint_eq(f->online_sec[167], UINT64_C(365250) * 3600);
    shunt_figures_free(f);
    story_close(&s);
}
END_TEST

START_TEST(shunt_h_a_desk_that_keeps_no_figures)
{
    struct story s;
    const struct shunt_figures *f = NULL;
    story_open(&s, TWO);
    shunt_desk_free(s.desk);
    ck_assert_int_eq(shunt_desk_new(s.policy.table, NULL, NULL, &s.desk), SHUNT_OK);
    story_run(&s, "09:00 online bo\n09:01 ticket T1\n");
    ck_assert_int_eq(shunt_desk_figures(s.desk, &f), SHUNT_UNKNOWN);
    story_close(&s);
    story_open(&s, TWO); /* nothing happened yet */
    f = ask(&s);
    ck_assert(!f->has_time);
    ck_assert_uint_eq(f->tickets, 0);
    ck_assert(near(f->all.share, 0));
    shunt_figures_free(f);
    shunt_figures_free(NULL);
    story_close(&s);
}
END_TEST

/* ---- the next version of the policy ---- */

START_TEST(desk_4_4_figures_carry_over_by_name)
{
    struct story s;
    story_open(&s, "version 1\nchannels email, sms\nagent anna\nagent bo\nteam t { agents anna, bo }\nteam u "
                   "{ agents bo }\n"
                   "rule r { when labels has u\n to u }\notherwise to t\n");
    story_run(&s, "09:00 online anna\n09:00 online bo\n09:00 ticket T1 email\n09:00 ticket T2 sms\n"
                  "09:00 ticket T3 email labels=u\n09:30 reply T1 anna\n11:00 tick\n");
    /* anna leaves, and with her two hours and T1; u goes; sms goes; bo has T2, T3 and two hours, and one more
     * after it */
    story_replace(
        &s, "version 1\nchannels email\nagent cy\nagent bo\nteam t { agents bo, cy }\notherwise to t\n");
    story_run(&s, "12:00 tick\n");
    const struct shunt_figures *f = ask(&s);
    ck_assert_uint_eq(f->tickets, 3);
    ck_assert_uint_eq(f->all.assigned, 3 + 0);
    ck_assert_uint_eq(f->all.online_sec, 5 * 3600);
    is_times(f->all.response, 1, 1800, 1800);
    is_times(f->all.assignment, 3, 0, 0);
    ck_assert_uint_eq(agent(&s, f, "bo")->assigned, 2);
    ck_assert_uint_eq(agent(&s, f, "bo")->automatic, 2);
    ck_assert_uint_eq(agent(&s, f, "bo")->online_sec, 3 * 3600);
    is_times(agent(&s, f, "bo")->assignment, 2, 0, 0);
    ck_assert_uint_eq(agent(&s, f, "cy")->online_sec, 0);
    ck_assert_uint_eq(team(&s, f, "t")->assigned, 2);
    ck_assert_uint_eq(team(&s, f, "t")->online_sec, 5 * 3600); /* anna's two too: she was a member then */
    is_times(team(&s, f, "t")->response, 1, 1800, 1800);
    ck_assert_uint_eq(f->channels[0].tickets, 2);
    ck_assert_uint_eq(f->channels[1].tickets, 1);
    ck_assert_uint_eq(f->rule_count, 2);
    ck_assert_str_eq(f->rules[0].name.bytes, "otherwise");
    ck_assert_uint_eq(f->rules[0].tickets, 2);
    ck_assert_str_eq(f->rules[1].name.bytes, "r");
    ck_assert_uint_eq(f->rules[1].tickets, 1);
    ck_assert_uint_eq(f->online_sec[9], 2 * 3600);
    ck_assert_uint_eq(f->online_sec[11], 3600);
    ck_assert_uint_eq(f->rotation_count, 1); /* bo's one in t */
    ck_assert(near(f->rotations[0].most, 1 / 3.0));
    shunt_figures_free(f);
    story_close(&s);
}
END_TEST

/* Where a team rotates by channel, each channel's assignments stay that channel's, wherever it stands now,
 * and those without a channel stay so; after a change in which nothing else changes, every rotation is as
 * fair as it was. */
START_TEST(desk_4_4_rotations_by_channel_carry_over_by_name)
{
    struct story s;
    story_open(&s, "version 1\nchannels email, sms\nagent anna\nagent bo\n"
                   "team t { agents anna, bo\n rotation channel }\notherwise to t\n");
    story_run(&s, "09:00 online anna\n09:00 online bo\n10:00 ticket T1 email\n10:00 ticket T2 sms\n10:00 "
                  "ticket T3 sms\n"
                  "10:00 ticket T4\n10:00 ticket T5\n10:00 ticket T6\n11:00 tick\n");
    story_replace(&s, "version 1\nchannels chat, sms, email\nagent anna\nagent bo\n"
                      "team t { agents anna, bo\n rotation channel }\notherwise to t\n");
    static const struct {
        uint32_t channel;
        double least, most;
    } rows[] = {{1, 0.5, 0.5}, {2, 0, 0.5}, {3, 0.5, 1}}; /* 3: none */
    const struct shunt_figures *f = ask(&s);
    ck_assert_uint_eq(f->rotation_count, 3);
    for (int i = 0; i < 3; i++) {
        const struct shunt_figures_rotation *r = &f->rotations[i];
        ck_assert(r->by_channel);
        ck_assert_uint_eq(r->channel, rows[i].channel);
        ck_assert_msg(near(r->least, rows[i].least) && near(r->most, rows[i].most), "%d: %g %g", i, r->least,
                      r->most);
    }
    shunt_figures_free(f);
    story_close(&s);
}
END_TEST

/* ---- no memory ---- */

static const char *const lines[] = {"09:00 online anna",  "09:01 ticket T1 email",    "09:02 reply T1 anna",
                                    "09:03 offline anna", "09:04 ticket T2 labels=u", "09:05 claim T2 bo"};

START_TEST(commands_12_figures_without_memory)
{
    struct story s;
    struct failing f = {.left = UINT64_MAX};
    struct shunt_hooks hooks = failing_hooks(&f);
    struct shunt_desk_options options = {.keep_days = 30, .figures = true};
    struct shunt_ticket *carried;
    struct story_line l;
    const struct shunt_figures *figures;
    struct shunt_string bo = {"bo", 2};
    story_open(&s, TWO);
    shunt_desk_free(s.desk);
    ck_assert_int_eq(shunt_ticket_new(s.policy.table, NULL, &carried), SHUNT_OK);
    ck_assert_int_eq(shunt_desk_new(s.policy.table, &options, &hooks, &s.desk), SHUNT_OK);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        story_line(&l, s.policy.table, carried, lines[i], strlen(lines[i]));
        enum shunt_status status = SHUNT_NO_MEMORY;
        for (uint64_t n = 0; status == SHUNT_NO_MEMORY; n++) {
            f.left = n;
            status = shunt_desk_event(s.desk, &l.event, NULL, NULL);
        }
        ck_assert_int_eq(status, SHUNT_OK);
        uint64_t held = f.bytes;
        status = SHUNT_NO_MEMORY;
        for (uint64_t n = 0; status == SHUNT_NO_MEMORY; n++) {
            f.left = n;
            status = shunt_desk_figures(s.desk, &figures);
            if (status == SHUNT_NO_MEMORY) ck_assert_uint_eq(f.bytes, held);
        }
        ck_assert_int_eq(status, SHUNT_OK);
        ck_assert_uint_eq(figures->tickets, i < 1 ? 0 : i < 4 ? 1 : 2); /* each event was done once */
        shunt_figures_free(figures);
        ck_assert_uint_eq(f.bytes, held);
        status = SHUNT_NO_MEMORY;
        for (uint64_t n = 0; status == SHUNT_NO_MEMORY; n++) {
            f.left = n;
            status = shunt_desk_view(s.desk, SHUNT_VIEW_ALL, bo, true, NULL);
        }
        ck_assert_int_eq(status, SHUNT_OK);
    }
    f.left = UINT64_MAX;
    shunt_ticket_free(carried);
    story_close(&s);
    ck_assert_uint_eq(f.bytes, 0);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("figures");
    tcase_add_test(t, desk_8_assigned_share_open);
    tcase_add_test(t, desk_8_reopened_counts_and_given_again_does_not);
    tcase_add_test(t, desk_8_times_by_nearest_rank);
    tcase_add_test(t, desk_8_only_the_first_of_each_counts);
    tcase_add_test(t, desk_8_hours_online_inside_the_shift);
    tcase_add_test(t, desk_8_hours_online_by_hours_or_days_alone);
    tcase_add_test(t, desk_8_hours_online_of_centuries);
    tcase_add_test(t, desk_8_automatic_assignments_per_hour_online);
    tcase_add_test(t, desk_8_a_second_online_and_midnight);
    tcase_add_test(t, desk_8_by_status_channel_rule);
    tcase_add_test(t, desk_8_hour_of_the_week_in_the_policys_zone);
    tcase_add_test(t, desk_8_fairness_of_each_rotation);
    tcase_add_test(t, desk_8_asking_changes_nothing);
    tcase_add_test(t, desk_8_years_online_cost_no_more);
    tcase_add_test(t, shunt_h_a_desk_that_keeps_no_figures);
    tcase_add_test(t, desk_4_4_rotations_by_channel_carry_over_by_name);
    tcase_add_test(t, desk_4_4_figures_carry_over_by_name);
    tcase_add_test(t, commands_12_figures_without_memory);
    Suite *suite = suite_create("desk_figures");
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
