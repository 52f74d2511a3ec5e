/*
 * Years and millennia that pass in one event (desk_drain.c): what is regular is gone over, what has a date is
 * not. A desk that somebody watches goes through every due time, and must say the same.
 */
#include "../unit/desk_story.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AGENTS "agent anna { hours s; limit total 0 }\nagent bo\n"
#define TEAM "team t { agents anna; hours o; present on-shift }\nteam u { agents bo }\n"
#define TO_T "otherwise to t\n"
#define ZONE "version 1\ntimezone Europe/Stockholm\n"
#define WEEK "hours s {\nmon-fri 09:00-17:00\n}\n"

static const struct years {
    const char *about, *policy, *lines, *said;
} rows[] = {
    {"nothing comes of anything", ZONE WEEK "hours o {\nmon-fri 09:00-17:00\n}\n" AGENTS TEAM TO_T,
     "10:00 ticket T1\n36500/10:00 tick\n36500/10:01 close T1 by=anna\n",
     "T1 queued team=t at-capacity\nT1 closed team=t\n"},
    {"a closed day in 2900",
     ZONE WEEK "hours o {\nmon-fri 09:00-17:00\nclosed 2900-03-03\n}\n" AGENTS TEAM TO_T,
     "10:00 ticket T1\n319300/10:00 tick\n",
     "T1 queued team=t at-capacity\n"
     "T1 held team=t closed until=319224/08:00\n"
     "T1 queued team=t at-capacity\n"},
    {"a special day that opens no later than the shift",
     ZONE WEEK "hours o {\nmon-fri 09:00-17:00\nspecial 2900-03-03 09:00-10:00\n}\n" AGENTS TEAM TO_T,
     "10:00 ticket T1\n319300/10:00 tick\n", "T1 queued team=t at-capacity\n"},
    {"a step in ten years and one in thirty",
     ZONE WEEK "hours o {\nmon-fri 09:00-17:00\n}\n" AGENTS TEAM
               "team w { agents bo }\notherwise to t, then u after 3650d, then team w after 11000d\n",
     "10:00 ticket T1\n14600/10:00 tick\n",
     "T1 queued team=t at-capacity\nT1 queued team=u nobody-online step=2\nT1 queued team=w nobody-online "
     "step=3\n"},
    {"days of the year",
     ZONE WEEK "hours o {\nmon-fri 09:00-17:00\nclosed 12-24..12-26\n}\n" AGENTS TEAM TO_T,
     "10:00 ticket T1\n700/10:00 tick\n",
     "T1 queued team=t at-capacity\nT1 held team=t closed until=301/08:00\nT1 queued team=t at-capacity\nT1 "
     "held team=t closed until=665/08:00\nT1 queued team=t at-capacity\n"},
    {"days of the year, for both",
     ZONE "hours s {\nmon-fri 09:00-17:00\nclosed 02-29, 12-24\n}\n"
          "hours o {\nmon-fri 09:00-17:00\nclosed 02-29, 12-24\n}\n" AGENTS TEAM TO_T,
     "10:00 ticket T1\n365000/10:00 tick\n365000/10:01 close T1 by=anna\n",
     "T1 queued team=t at-capacity\nT1 closed team=t\n"},
    {"every second week",
     ZONE WEEK "hours o {\nmon-fri 09:00-17:00\nevery 2 weeks from 2026-03-02\n}\n" AGENTS TEAM TO_T,
     "10:00 ticket T1\n17/10:00 tick\n",
     "T1 queued team=t at-capacity\nT1 held team=t closed until=14/08:00\nT1 queued team=t at-capacity\n"},
    {"every second and every third week, without daylight saving",
     "version 1\ntimezone UTC\nhours s {\nmon-fri 09:00-17:00\nevery 2 weeks from 2026-03-02\n}\n"
     "hours o {\nmon-fri 09:00-17:00\nevery 3 weeks from 2026-03-02\n}\n" AGENTS
     "team t { agents anna; present on-shift }\nteam u { agents bo; hours o }\n" TO_T,
     "10:00 ticket T1\n14600/10:00 tick\n", "T1 queued team=t at-capacity\n"},
    {"a zone that saves no daylight",
     "version 1\ntimezone Asia/Tokyo\n" WEEK "hours o {\nmon-fri 09:00-17:00\n}\n" AGENTS TEAM TO_T,
     "02:00 ticket T1\n14600/10:00 tick\n", "T1 queued team=t at-capacity\n"},
    {"two zones that change on other days",
     ZONE "hours s in America/New_York {\nmon-fri 03:30-08:00\n}\n"
          "hours o {\nmon-fri 09:00-17:00\n}\n" AGENTS TEAM TO_T,
     "10:00 ticket T1\n8/10:00 tick\n",
     "T1 queued team=t at-capacity\nT1 held team=t closed until=7/08:00\nT1 queued team=t at-capacity\nT1 "
     "held team=t closed until=8/08:00\nT1 queued team=t at-capacity\n"},
    {"a step that is due later still",
     ZONE WEEK "hours o {\nmon-fri 09:00-17:00\n}\n" AGENTS TEAM "otherwise to t, then u after 14600d\n",
     "10:00 ticket T1\n11000/10:00 tick\n", "T1 queued team=t at-capacity\n"},
    {"hours that come again in 20,000 years",
     ZONE WEEK "hours o {\nmon-fri 09:00-17:00\n}\nhours n {\nmon 09:00-10:00\nevery 53 weeks from "
               "2026-03-02\n}\n" AGENTS
               "team t { agents anna; hours o; present on-shift }\nteam u { agents bo; hours n }\n" TO_T,
     "10:00 ticket T1\n3650/10:00 tick\n", "T1 queued team=t at-capacity\n"},
    {"hours that come again in a million weeks, each after its own",
     "version 1\ntimezone UTC\n" WEEK "hours o {\nmon-fri 09:00-17:00\n}\n"
     "hours n {\nmon 09:00-10:00\nevery 1021 weeks from 2026-03-02\n}\n"
     "hours p {\nmon 09:00-10:00\nevery 1031 weeks from 2026-03-02\n}\n"
     "hours q {\nmon 09:00-10:00\nevery 3 weeks from 2026-03-02\n}\n" AGENTS
     "team t { agents anna; hours o; present on-shift }\nteam u { agents bo; hours n }\n"
     "team v { agents bo; hours p }\nteam w { agents bo; hours q }\n" TO_T,
     "10:00 ticket T1\n3650/10:00 tick\n", "T1 queued team=t at-capacity\n"},
    /* Cairo's last Thursday of October is before Stockholm's last Sunday in 2038 to 2040, and after it in 2041. */
    {"two zones that change in another order in some years",
     ZONE "hours s in Africa/Cairo {\nmon-fri 10:15-12:00\n}\n"
          "hours o {\nmon-fri 09:00-17:00\n}\n" AGENTS TEAM TO_T,
     "4403/09:00 ticket T1\n5780/10:00 tick\n",
     "T1 queued team=t at-capacity\n"
     "T1 held team=t closed until=5719/08:00\nT1 queued team=t at-capacity\n"
     "T1 held team=t closed until=5720/08:00\nT1 queued team=t at-capacity\n"
     "T1 held team=t closed until=5721/08:00\nT1 queued team=t at-capacity\n"
     "T1 held team=t closed until=5722/08:00\nT1 queued team=t at-capacity\n"},
    {"somebody comes when it is all over",
     ZONE WEEK "hours o {\nmon-fri 09:00-17:00\n}\n"
               "agent anna { hours s; limit total 0 }\nagent bo\nteam t { agents anna, bo; hours o; present "
               "on-shift }\n" TO_T,
     "10:00 ticket T1\n7303/10:00 online bo\n7303/10:01 ticket T2\n",
     "T1 queued team=t at-capacity\nT1 assigned team=t agent=bo round-robin\nT2 assigned team=t agent=bo "
     "round-robin\n"},
};

static void look(void *ctx, const struct shunt_attempt *attempt)
{
    (void)ctx, (void)attempt;
}

static char *told(const struct years *row, bool watched)
{
    struct story s;
    story_open(&s, row->policy);
    if (watched) shunt_desk_watch(s.desk, look, NULL);
    story_run(&s, row->lines);
    char *said = strdup(s.said);
    story_close(&s);
    return said;
}

START_TEST(desk_1_2_years_in_one_event_are_gone_through_all_the_same)
{
    const struct years *row = &rows[_i];
    char *plain = told(row, false), *watched = told(row, true);
    ck_assert_msg(strcmp(plain, watched) == 0, "%s:\n%sand watched\n%s", row->about, plain, watched);
    ck_assert_msg(strcmp(plain, row->said) == 0, "%s:\n%s", row->about, plain);
    free(plain);
    free(watched);
}
END_TEST

/* The event comes with the due time from which on nothing would be gone through, or one second later. */
START_TEST(desk_1_2_an_event_with_the_due_time_itself)
{
    char lines[100];
    struct years row = {.policy = "version 1\ntimezone UTC\n" WEEK
                                  "hours o {\nmon-fri 09:00-17:00\n}\n" AGENTS TEAM TO_T};
    for (int day = 7; day < 107; day++) {
        snprintf(lines, sizeof lines, "10:00 ticket T1\n%d/09:00 tick\n%d/11:00 close T1 by=anna\n", day,
                 day);
        row.lines = lines;
        char *plain = told(&row, false);
        ck_assert_str_eq(plain, "T1 queued team=t at-capacity\nT1 closed team=t\n");
        free(plain);
    }
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("years");
    tcase_set_timeout(t, 300); /* those that are watched go through millennia */
    tcase_add_loop_test(t, desk_1_2_years_in_one_event_are_gone_through_all_the_same, 0,
                        sizeof rows / sizeof *rows);
    tcase_add_test(t, desk_1_2_an_event_with_the_due_time_itself);
    Suite *suite = suite_create("desk_years");
    suite_add_tcase(suite, t);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
