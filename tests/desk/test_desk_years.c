/*
 * Years and millennia that pass in one event (desk_drain.c): what is regular is gone over, what has a date is
 * not. A desk that somebody watches goes through every due time, and must say the same.
 */
#include "../unit/desk_story.h"
#include "run_suite.h"

#include <check.h>
#include <stdarg.h>
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
    /* Cairo's last Thursday of October is before Stockholm's last Sunday in 2038 to 2040, and after it in
       2041. */
    {"two zones that change in another order in some years",
     ZONE "hours s in Africa/Cairo {\nmon-fri 10:15-12:00\n}\n"
          "hours o {\nmon-fri 09:00-17:00\n}\n" AGENTS TEAM TO_T,
     "4403/09:00 ticket T1\n5780/10:00 tick\n",
     "T1 queued team=t at-capacity\n"
     "T1 held team=t closed until=5719/08:00\nT1 queued team=t at-capacity\n"
     "T1 held team=t closed until=5720/08:00\nT1 queued team=t at-capacity\n"
     "T1 held team=t closed until=5721/08:00\nT1 queued team=t at-capacity\n"
     "T1 held team=t closed until=5722/08:00\nT1 queued team=t at-capacity\n"},
    {"a step in a winter to a team that is closed on summer mornings",
     ZONE WEEK "hours y in UTC {\nmon-fri 08:00-20:00\n}\nagent anna { hours s; limit total 0 }\n"
               "team t { agents anna; present on-shift }\nteam u { agents anna; hours y; present on-shift }\n"
               "otherwise to t, then u after 3900d\n",
     "10:00 ticket T1\n4046/10:00 tick\n",
     "T1 queued team=t at-capacity\nT1 queued team=u at-capacity step=2\nT1 held team=u closed "
     "until=4046/08:00 step=2\nT1 queued team=u at-capacity step=2\n"},
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

/* ---- at random ---- */

struct years_random {
    uint64_t state;
    uint32_t far; /* 1, or more: how far apart what has a year is */
    char policy[2048];
    size_t len;
};

static uint32_t below(struct years_random *r, uint32_t n)
{
    r->state = r->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((r->state >> 33) % n);
}

__attribute__((format(printf, 2, 3))) static void add(struct years_random *r, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    r->len += (size_t)vsnprintf(r->policy + r->len, sizeof r->policy - r->len, format, list);
    va_end(list);
    ck_assert_uint_lt(r->len, sizeof r->policy);
}

/* Hours of weeks, and exceptions: mostly a few with a year, so that much is regular between them. */
static void add_hours(struct years_random *r, const char *name)
{
    static const char *const weeks[] = {"mon-fri 09:00-17:00", "sat 10:00-12:00", "mon-sun 00:00-24:00",
                                        "tue 22:00-03:00"};
    static const char *const yearly[] = {"season 06-29..08-07 { mon-fri 10:00-15:00 }",
                                         "special 02-29 11:00-12:00"};
    static const char *const closed[] = {"12-24..12-26", "01-01..11-30"};
    char days[128] = "";
    add(r, "hours %s {\n%s\n", name, weeks[below(r, 4)]);
    if (below(r, 4) == 0) add(r, "%s\n", yearly[below(r, 2)]);
    if (below(r, 4) == 0) strcpy(days, closed[below(r, 2)]);
    if (below(r, 4) == 0) add(r, "break mon-sun 09:30-10:30\n");
    if (below(r, 3) == 0) add(r, "every %u weeks from 2026-03-02\n", 2 + below(r, 2));
    uint32_t year = 2028;
    for (uint32_t i = below(r, 4); i > 0; i--) {
        year += (5 + below(r, 60)) * r->far;
        if (below(r, 2)) {
            size_t len = strlen(days);
            snprintf(days + len, sizeof days - len, "%s%u-%02u-%02u", len ? ", " : "", year, 1 + below(r, 12),
                     1 + below(r, 28));
        } else {
            add(r, "special %u-%02u-%02u %s\n", year, 1 + below(r, 12), 1 + below(r, 28),
                below(r, 2) ? "00:00-24:00" : "08:00-09:30");
        }
    }
    add(r, "%s%s\n}\n", *days ? "closed " : "", days);
}

static void draw_policy(struct years_random *r)
{
    static const char *const after[] = {"", "; after hours to u", "; after hours leave"};
    add(r, "version 1\ntimezone %s\n", below(r, 2) ? "UTC" : "Europe/Stockholm");
    add_hours(r, "s");
    add_hours(r, "o");
    add(r, "agent anna { hours s; limit total %u%s }\n", below(r, 3) == 0,
        below(r, 3) ? "" : "; away 2051-05-05..2051-06-06");
    add(r, "agent bo\nagent cy { hours o; limit total 0 }\n");
    add(r, "team t { agents anna, cy%s%s%s }\n", below(r, 2) ? "; hours o" : "",
        below(r, 2) ? "; present on-shift" : "", after[below(r, 3)]);
    add(r, "team u { agents bo%s }\n", below(r, 2) ? "; hours s" : "");
    add(r, "otherwise to t%s\n", below(r, 3) ? "" : ", then u after 20000d");
}

/* FNV-1a of all that was said. */
static void mix(void *ctx, const struct shunt_desk_decision *d)
{
    uint64_t *hash = ctx, seen[] = {d->ticket.len,
                                    d->status,
                                    d->why,
                                    d->team,
                                    d->agent,
                                    d->step,
                                    (uint64_t)(d->has_until ? d->until_sec : -1)};
    for (size_t i = 0; i < sizeof seen / sizeof *seen; i++)
        *hash = (*hash ^ seen[i]) * UINT64_C(0x100000001b3);
}

/* What was said, and the desk that is left, as one number. */
static uint64_t passed(const struct years_random *r, uint32_t years, bool watched)
{
    static const char *const lines[] = {"10:00 ticket T1", "10:00 online anna", "10:00 ticket TT2 email"};
    struct story s;
    struct shunt_ticket *carried;
    uint64_t hash = 1;
    struct shunt_sink sink = {mix, &hash};
    void *bytes;
    size_t len;
    story_open(&s, r->policy);
    if (watched) shunt_desk_watch(s.desk, look, NULL);
    ck_assert_int_eq(shunt_ticket_new(s.policy.table, NULL, &carried), SHUNT_OK);
    for (size_t i = 0; i <= sizeof lines / sizeof *lines; i++) {
        struct story_line l;
        char tick[64];
        snprintf(tick, sizeof tick, "%u/11:00 tick", years * 365);
        const char *line = i < sizeof lines / sizeof *lines ? lines[i] : tick;
        story_line(&l, s.policy.table, carried, line, strlen(line));
        ck_assert_int_eq(shunt_desk_event(s.desk, &l.event, &sink, NULL), SHUNT_OK);
    }
    ck_assert_int_eq(shunt_desk_save(s.desk, NULL, &bytes, &len), SHUNT_OK);
    for (size_t i = 0; i < len; i++) hash = (hash ^ ((uint8_t *)bytes)[i]) * UINT64_C(0x100000001b3);
    free(bytes);
    shunt_ticket_free(carried);
    story_close(&s);
    return hash;
}

START_TEST(desk_1_2_random_years_are_gone_through_all_the_same)
{
    const char *first = getenv("SHUNT_RANDOM_FIRST"), *count = getenv("SHUNT_YEARS_SEEDS");
    uint64_t begin = first ? strtoull(first, NULL, 10) : 1, seeds = count ? strtoull(count, NULL, 10) : 10;
    for (uint64_t seed = begin; seed < begin + seeds; seed++) {
        struct years_random r = {.state = seed * UINT64_C(0x9e3779b97f4a7c15)};
        r.far = below(&r, 5) ? 1 : 8; /* beyond a period of 400 years */
        draw_policy(&r);
        uint32_t years = (20 + below(&r, 230)) * r.far;
        ck_assert_msg(passed(&r, years, false) == passed(&r, years, true), "seed %d, %u years:\n%s",
                      (int)seed, years, r.policy);
    }
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("years");
    tcase_add_test(t, desk_1_2_random_years_are_gone_through_all_the_same);
    tcase_set_timeout(t, 300); /* those that are watched go through millennia */
    tcase_add_loop_test(t, desk_1_2_years_in_one_event_are_gone_through_all_the_same, 0,
                        sizeof rows / sizeof *rows);
    tcase_add_test(t, desk_1_2_an_event_with_the_due_time_itself);
    Suite *suite = suite_create("desk_years");
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
