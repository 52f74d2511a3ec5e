/*
 * What an event of a desk costs, in operations: the blocks of the library that run are counted, not seconds.
 * Each row makes a desk of some size, and one eight times as large, and asks both for the same events: an
 * event may cost as much in the large one, or eight times as much where it is asked of eight times as many
 * members, and not more.
 *
 * The library that is linked here is built with a counter in every block (Makefile).
 */
#include "../unit/desk_story.h"
#include "run_suite.h"

#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STEP = 8, EVENTS = 64, SLACK_PERCENT = 30 };

static uint64_t ops;
void __sanitizer_cov_trace_pc(void);
void __sanitizer_cov_trace_pc(void)
{
    ops++;
}

/* ---- a desk, line by line ---- */

static struct story story;
static uint32_t ticket_count;

__attribute__((format(printf, 1, 2))) static void line(const char *format, ...)
{
    char text[256];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    story_run(&story, text);
}

/* A policy of so many agents, who make up one team; the rest of it is `rest`. */
static void open_team(uint32_t agents, const char *rest)
{
    char *text = malloc(agents * 16 + strlen(rest) + 64), *at = text;
    ck_assert_ptr_nonnull(text);
    at += sprintf(at, "version 1\n");
    for (uint32_t i = 0; i < agents; i++) at += sprintf(at, "agent a%u\n", i);
    strcpy(at, rest);
    ticket_count = 0;
    story_open(&story, text);
    free(text);
}

static void all_online(uint32_t agents)
{
    for (uint32_t i = 0; i < agents; i++) line("09:00 online a%u\n", i);
}

static void new_ticket(void)
{
    line("09:00 ticket T%u email\n", ticket_count++);
}

static void new_customer(void)
{
    line("09:00 ticket T%u email customer=c%u\n09:00 close T%u\n", ticket_count, ticket_count, ticket_count);
    ticket_count++;
}

/* ---- the rows ---- */

struct row {
    const char *name;
    void (*open)(uint32_t n);
    void (*event)(void);
    uint32_t growth;  /* 1: it costs the same in both */
    const char *rest; /* of the policy */
};

static const struct row *row;

static void full_of_customers(uint32_t n)
{
    struct shunt_desk_options options = {.keep_days = 30, .customers_max = n};
    struct shunt_hooks hooks;
    open_team(3, row->rest);
    hooks = failing_hooks(story.memory);
    shunt_desk_free(story.desk);
    ck_assert_int_eq(shunt_desk_new(story.policy.table, &options, &hooks, &story.desk), SHUNT_OK);
    all_online(3);
    for (uint32_t i = 0; i < n; i++) new_customer();
}

static void full_of_tickets(uint32_t n)
{
    open_team(3, row->rest);
    all_online(3);
    for (uint32_t i = 0; i < n; i++) new_ticket();
}

static void much_waits(uint32_t n)
{
    open_team(3, row->rest);
    for (uint32_t i = 0; i < n; i++) new_ticket();
}

static void team_online(uint32_t n)
{
    open_team(n, row->rest);
    all_online(n);
    new_ticket();
}

static void team_offline(uint32_t n)
{
    open_team(n, row->rest);
    line("09:00 online a%u\n", n - 1);
    new_ticket();
}

/* Three closed days, each so many years after the one before, and hours that hang on the day of the year. */
static uint32_t far_years;
static void few_closed_days(uint32_t n)
{
    char text[512];
    far_years = n;
    ticket_count = 0;
    snprintf(text, sizeof text,
             "version 1\ntimezone UTC\nhours s {\nmon-fri 09:00-17:00\nclosed 12-24, %u-03-03, %u-03-03, "
             "%u-03-03\n}\nagent a { hours s; limit total 0 }\nteam t { agents a; present on-shift "
             "}\notherwise to t\n",
             2026 + n, 2026 + 2 * n, 2026 + 3 * n);
    story_open(&story, text);
    new_ticket();
}

static void millennia_pass(void)
{
    line("%u/10:00 tick\n", 39 * far_years * 365 / 10);
}

static void another_comes_and_goes(void)
{
    line("09:00 online a0\n09:00 offline a0\n");
}

static uint32_t day, jump;

/* From 2038 on, before which the zones of the database name each of their changes. */
static void waits_for_years(uint32_t n)
{
    day = 4403;
    jump = 10 * n;
    ticket_count = 0;
    story_open(&story, row->rest);
    line("%u/10:00 ticket T\n", day);
}

static void years_pass(void)
{
    day += jump;
    line("%u/10:00 tick\n", day);
}

#define OFFICE                                                                                               \
    "hours o {\nmon-fri 09:00-17:00\n}\nagent a { hours o; limit total 0 }\n"                               \
    "team t { agents all; hours o; present on-shift }\notherwise to t\n"
#define TEAM(more) "team t { agents all" more " }\notherwise to t\n"
#define EACH(strategy)                                                                                       \
    {                                                                                                        \
        "a ticket for a team, " strategy, team_online, new_ticket, STEP, TEAM("\n assign " strategy)         \
    }

static const struct row rows[] = {
    {"a customer, and the oldest forgotten", full_of_customers, new_customer, 1, TEAM("\n sticky")},
    {"a ticket beside open ones", full_of_tickets, new_ticket, 1, TEAM("")},
    {"a ticket beside waiting ones", much_waits, new_ticket, 1, TEAM("")},
    {"an agent for a team in which nothing waits", team_online, another_comes_and_goes, 1, TEAM("")},
    {"years pass, and every week is like the last", waits_for_years, years_pass, 1,
     "version 1\ntimezone UTC\n" OFFICE},
    {"years pass where daylight is saved", waits_for_years, years_pass, 1,
     "version 1\ntimezone Europe/Stockholm\n" OFFICE},
    {"a ticket for who pulls it", team_online, new_ticket, 1, TEAM("\n assign pull")},
    {"a ticket for a team of whom one is online", team_offline, new_ticket, STEP, TEAM("")},
    {"millennia with a few closed days", few_closed_days, millennia_pass, 1, ""},
    EACH("round-robin"),
    EACH("weighted"),
    EACH("least-busy"),
    EACH("most-busy"),
    EACH("spare-capacity"),
    EACH("longest-idle"),
    EACH("random"),
    EACH("ring-all"),
};
enum { ROWS = sizeof rows / sizeof *rows, SIZE = 250 };

static uint64_t cost(uint32_t n)
{
    row->open(n);
    ops = 0;
    for (int i = 0; i < EVENTS; i++) row->event();
    uint64_t counted = ops;
    story_close(&story);
    return counted;
}

START_TEST(hardening_4_an_event_costs_the_members_that_it_asks)
{
    row = &rows[_i];
    double small = (double)cost(SIZE), large = (double)cost(SIZE * STEP);
    if (getenv("SLOW_SHOW"))
        printf("%-48s %7.0f %7.0f %5.2f\n", row->name, small / EVENTS, large / EVENTS, large / small);
    fflush(stdout);
    ck_assert(small > EVENTS);
    ck_assert_msg(large * 100 <= small * row->growth * (100 + SLACK_PERCENT),
                  "%s: %.0f operations, then %.0f", row->name, small, large);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("desk_linear");
    TCase *t = tcase_create("linear");
    tcase_add_loop_test(t, hardening_4_an_event_costs_the_members_that_it_asks, 0, ROWS);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
