/*
 * What whoever watches a desk is told (shunt.h, shunt_desk_watch): each attempt, and of each member why they
 * are left out or come before another.
 *
 * An attempt as lines: the ticket, status and why, where it is and was asked; then a line for each member:
 * the stage, every stage at which they are left out, open/limit on the channel and in all, rank, weight and
 * sum, last automatic assignment, turn.
 */
#include "../unit/desk_story.h"
#include "run_suite.h"

#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static char told[8192];
static size_t told_len;
static const struct shunt_table *table;

static void tell(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    told_len += (size_t)vsnprintf(told + told_len, sizeof told - told_len, format, list);
    va_end(list);
    ck_assert_uint_lt(told_len, sizeof told);
}

static void tell_number(const char *before, uint32_t n)
{
    if (n == SHUNT_NONE)
        tell("%s-", before);
    else
        tell("%s%u", before, n);
}

static void tell_member(const struct shunt_member *m)
{
    static const char *const stages[] = {"online",   "shift", "channel",  "skill",
                                         "capacity", "rank",  "strategy", "chosen"};
    tell("  %s %s", shunt_agent_name(table, m->agent).bytes, stages[m->stage]);
    for (int i = 0; i <= SHUNT_STAGE_CAPACITY; i++) {
        if (m->stages & 1u << i) tell("%c%s", i == (int)m->stage ? '!' : '/', stages[i]);
    }
    tell_number(" ", m->open_channel);
    tell_number("/", m->limit_channel);
    tell_number(" ", m->open_total);
    tell_number("/", m->limit_total);
    tell(" rank %u weight %u sum %d last %u", m->rank, m->weight, (int)m->weight_sum,
         (unsigned)m->last_automatic);
    tell_number(" turn ", m->turn);
    if (m->on_duty) tell(" on duty");
    if (m->skill != SHUNT_NONE) tell(" without %s", shunt_skill_name(table, m->skill).bytes);
    if (m->has_shift_from) tell(" from %d:00", (int)((m->shift_from_sec - STORY_DAY) / 3600));
    tell("\n");
}

static void on_attempt(void *ctx, const struct shunt_attempt *a)
{
    (void)ctx;
    tell("%.*s %s %s", (int)a->ticket.len, a->ticket.bytes, shunt_state_name(a->status),
         shunt_why_name(a->why));
    if (a->team != SHUNT_NONE) tell(" in %s", shunt_team_name(table, a->team).bytes);
    if (a->asked != a->team) tell(" asked %s", shunt_team_name(table, a->asked).bytes);
    tell_number(" channel ", a->channel);
    tell(" %s", a->strategy == SHUNT_NONE ? "-" : shunt_why_name(a->strategy));
    if (a->agent != SHUNT_NONE) tell(" to %s", shunt_agent_name(table, a->agent).bytes);
    if (a->has_until) tell(" until %d:00", (int)((a->until_sec - STORY_DAY) / 3600));
    if (a->drain) tell(" drain");
    for (size_t i = 0; i < a->require_count; i++)
        tell(" needs %s", shunt_skill_name(table, a->require[i]).bytes);
    ck_assert_int_ge(a->at_sec, STORY_DAY);
    tell("\n");
    for (size_t i = 0; i < a->member_count; i++) tell_member(&a->members[i]);
}

static const char *const policy =
    "version 1\ntimezone UTC\nchannels email, phone\n"
    "hours day { mon-fri 08:00-18:00 }\nhours late { mon-fri 14:00-22:00 }\n"
    "agent anna { skills swedish\n limit email 1, total 2\n rank 10 for phone }\n"
    "agent bo { weight 3\n hours late }\nagent cy { channels phone\n skills swedish, danish }\nagent di { "
    "rank 20 for email }\n"
    "team first { agents anna, bo, cy, di }\n"
    "team heavy { agents anna, bo, di\n assign weighted }\n"
    "team ring { agents di, anna\n assign ring-all }\n"
    "team duty { agents bo, di\n present on-shift }\n"
    "team open { agents anna\n hours late\n after hours to first }\n"
    "team held { agents anna\n hours late\n after hours hold }\n"
    "team pool { agents anna\n assign pull }\n"
    "rule swedish { when labels has swedish\n require skills swedish\n to first }\n"
    "rule heavy { when labels has heavy\n to heavy }\nrule ring { when labels has ring\n to ring }\n"
    "rule duty { when labels has duty\n to duty }\nrule open { when labels has open\n to open }\n"
    "rule held { when labels has held\n to held }\nrule pool { when labels has pool\n to pool }\n"
    "rule anna { when labels has anna\n to agent anna }\n"
    "otherwise to first\n";

static struct story s;

static void set_up(void)
{
    story_open(&s, policy);
    table = s.policy.table;
    told_len = 0, told[0] = 0;
}

static void tear_down(void)
{
    story_close(&s);
}

/* The first lines are not watched. */
static void watched(const char *before, const char *lines, const char *wanted)
{
    story_run(&s, before);
    shunt_desk_watch(s.desk, on_attempt, NULL);
    story_run(&s, lines);
    shunt_desk_watch(s.desk, NULL, NULL);
    ck_assert_msg(!strcmp(told, wanted), "told:\n%swanted:\n%s", told, wanted);
}

START_TEST(desk_3_1_stage_by_stage)
{
    watched("09:00 online anna\n09:00 online cy\n09:01 ticket T1 email\n",
            "09:02 ticket T2 email labels=swedish\n",
            "T2 queued at-capacity in first channel 0 round-robin needs swedish\n"
            "  anna capacity!capacity 1/1 1/2 rank 50 weight 1 sum 0 last 1 turn 3\n"
            "  bo online!online/shift/skill 0/- 0/- rank 50 weight 3 sum 0 last 0 turn 0 without swedish "
            "from 14:00\n"
            "  cy channel!channel 0/- 0/- rank 50 weight 1 sum 0 last 0 turn 1\n"
            "  di online!online/skill 0/- 0/- rank 20 weight 1 sum 0 last 0 turn 2 without swedish\n");
}
END_TEST

START_TEST(desk_3_2_ranks)
{
    watched("09:00 online anna\n09:00 online cy\n09:00 online di\n",
            "09:02 ticket T1 phone\n09:02 ticket T2 email\n",
            "T1 assigned round-robin in first channel 1 round-robin to anna\n"
            "  anna chosen 0/- 0/2 rank 10 weight 1 sum 0 last 0 turn 0\n"
            "  bo online!online/shift 0/- 0/- rank 50 weight 3 sum 0 last 0 turn 1 from 14:00\n"
            "  cy rank 0/- 0/- rank 50 weight 1 sum 0 last 0 turn 2\n"
            "  di rank 0/- 0/- rank 50 weight 1 sum 0 last 0 turn 3\n"
            "T2 assigned round-robin in first channel 0 round-robin to di\n"
            "  anna rank 0/1 1/2 rank 50 weight 1 sum 0 last 1 turn 3\n"
            "  bo online!online/shift 0/- 0/- rank 50 weight 3 sum 0 last 0 turn 0 from 14:00\n"
            "  cy channel!channel 0/- 0/- rank 50 weight 1 sum 0 last 0 turn 1\n"
            "  di chosen 0/- 0/- rank 20 weight 1 sum 0 last 0 turn 2\n");
}
END_TEST

START_TEST(desk_4_weighted_sums)
{
    watched("14:00 online anna\n14:00 online bo\n14:00 online di\n14:01 ticket T1 labels=heavy\n",
            "14:02 ticket T2 labels=heavy\n14:03 ticket T3 labels=heavy\n",
            "T2 assigned weighted in heavy channel - weighted to anna\n"
            "  anna chosen 0/- 0/2 rank 50 weight 1 sum 1 last 0 turn 0\n"
            "  bo strategy 1/- 1/- rank 50 weight 3 sum -2 last 1 turn 1\n"
            "  di strategy 0/- 0/- rank 50 weight 1 sum 1 last 0 turn 2\n"
            "T3 assigned weighted in heavy channel - weighted to bo\n"
            "  anna strategy 1/- 1/2 rank 50 weight 1 sum -3 last 2 turn 0\n"
            "  bo chosen 1/- 1/- rank 50 weight 3 sum 1 last 1 turn 1\n"
            "  di strategy 0/- 0/- rank 50 weight 1 sum 2 last 0 turn 2\n");
}
END_TEST

START_TEST(desk_4_rings_and_pools)
{
    watched("09:00 online anna\n",
            "09:01 ticket T1 labels=ring\n09:02 online di\n09:03 ticket T2 labels=pool\n",
            "T1 offered ring-all in ring channel - ring-all\n"
            "  di online!online 0/- 0/- rank 50 weight 1 sum 0 last 0 turn 0\n"
            "  anna chosen 0/- 0/2 rank 50 weight 1 sum 0 last 0 turn 1\n"
            "T1 offered ring-all in ring channel - ring-all drain\n"
            "  di chosen 0/- 0/- rank 50 weight 1 sum 0 last 0 turn 0\n"
            "  anna chosen 0/- 0/2 rank 50 weight 1 sum 0 last 0 turn 1\n"
            "T2 queued pull in pool channel - pull\n");
}
END_TEST

START_TEST(desk_2_4_hours)
{
    watched("09:00 online anna\n09:00 online bo\n",
            "09:01 ticket T1 labels=open\n09:02 ticket T2 labels=held\n09:03 ticket T3 labels=duty\n",
            "T1 assigned round-robin in first asked open channel - round-robin to anna\n"
            "  anna chosen 0/- 0/2 rank 50 weight 1 sum 0 last 0 turn 0\n"
            "  bo shift!shift 0/- 0/- rank 50 weight 3 sum 0 last 0 turn 1 from 14:00\n"
            "  cy online!online 0/- 0/- rank 50 weight 1 sum 0 last 0 turn 2\n"
            "  di online!online 0/- 0/- rank 50 weight 1 sum 0 last 0 turn 3\n"
            "T2 held closed in held channel - - until 14:00\n"
            "T3 queued off-shift in duty channel - round-robin\n"
            "  bo shift!shift 0/- 0/- rank 50 weight 3 sum 0 last 0 turn 0 on duty from 14:00\n"
            "  di online!online 0/- 0/- rank 50 weight 1 sum 0 last 0 turn 1\n");
}
END_TEST

START_TEST(desk_2_3_an_agents_step)
{
    watched("09:00 tick\n",
            "09:01 ticket T1 labels=anna\n09:02 online anna\n09:03 auto off\n09:04 ticket T2 labels=anna\n",
            "T1 queued nobody-online channel - -\n"
            "  anna online!online 0/- 0/2 rank 50 weight 1 sum 0 last 0 turn -\n"
            "T1 assigned agent channel - - to anna drain\n"
            "  anna chosen 0/- 0/2 rank 50 weight 1 sum 0 last 0 turn -\n"
            "T2 unassigned auto-off channel - -\n");
}
END_TEST

START_TEST(desk_6_1_a_bulk_assignment)
{
    watched("09:00 online anna\n09:00 ticket T1 labels=pool\n", "09:01 assign T1 team=first\n",
            "T1 assigned bulk in first channel - round-robin to anna\n"
            "  anna chosen 0/- 0/2 rank 50 weight 1 sum 0 last 0 turn 0\n"
            "  bo online!online/shift 0/- 0/- rank 50 weight 3 sum 0 last 0 turn 1 from 14:00\n"
            "  cy online!online 0/- 0/- rank 50 weight 1 sum 0 last 0 turn 2\n"
            "  di online!online 0/- 0/- rank 50 weight 1 sum 0 last 0 turn 3\n");
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("watch");
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, desk_3_1_stage_by_stage);
    tcase_add_test(t, desk_3_2_ranks);
    tcase_add_test(t, desk_4_weighted_sums);
    tcase_add_test(t, desk_4_rings_and_pools);
    tcase_add_test(t, desk_2_4_hours);
    tcase_add_test(t, desk_2_3_an_agents_step);
    tcase_add_test(t, desk_6_1_a_bulk_assignment);
    Suite *suite = suite_create("desk_watch");
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
