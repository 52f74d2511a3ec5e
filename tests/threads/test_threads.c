/*
 * shunt.h, "Threads": one table for any number of threads, each with tickets and desks of its own. Every
 * answer is compared with what one thread alone got. Under ThreadSanitizer (make tsan) a race is a failure
 * too, even where the answers are right.
 */
#include "crew.h"
#include "run_suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 4 };

/* Each kind of test, of text, of hours and of effect; the agents and teams of the next version stand at other
 * places. */
#define POLICY(agents, more_teams)                                                                           \
    "shunt: 1\n"                                                                                             \
    "timezone: Europe/Berlin\n"                                                                              \
    "channels: [email, sms]\n"                                                                               \
    "labels: [refund, vip, bug, seen]\n"                                                                     \
    "fields: {total: number, plan: [free, pro], note: text, gold: bool, tags: set}\n"                        \
    "hours: {office: {weekly: {mon-fri: 09:00-17:00}}}\n"                                                    \
    "agents: {" agents "}\n"                                                                                 \
    "teams:\n" more_teams "  money: {agents: [anna, bo], assign: round-robin, hours: office}\n"              \
    "  night: {agents: [cy], takes: {labels: bug}}\n"                                                        \
    "  rest: {agents: all, assign: random}\n"                                                                \
    "rules:\n"                                                                                               \
    "  - {rule: mark, when: labels has vip, set: {priority: high}, add: {labels: seen}, continue: true}\n"   \
    "  - {rule: rich, when: labels has refund and total > 100, to: money}\n"                                 \
    "  - {rule: words, when: 'subject contains \"broken\" or note ends with \"bitte\"', to: night}\n"        \
    "  - {rule: pros, when: plan == pro and not gold, require: {skills: polish}, to: money}\n"               \
    "  - {rule: closed, when: outside office and channel == email, to: night}\n"                             \
    "  - {rule: many, when: 'tags has any (a, b) and segments exists', to: {agent: bo}}\n"                   \
    "otherwise: rest\n"
static const char policy[] = POLICY("anna: {skills: polish}, bo: {}, cy: {limits: {total: 3}}", "");
static const char next_policy[] = POLICY("ada: {}, cy: {limits: {total: 3}}, bo: {}, anna: {skills: polish}",
                                         "  new: {agents: [ada, cy]}\n");

static const char *const tickets[] = {
    "labels=refund total=101",
    "labels=refund total=100",
    "labels=vip labels=refund total=5000",
    "subject=itisBROKENagain",
    "note=bittebitte",
    "plan=pro",
    "plan=pro gold=true labels=vip",
    "channel=email at=21600",
    "channel=email at=43200",
    "channel=sms tags=b segments=x",
    "labels=bug",
    "tags=a",
    "labels=zzz subject=\xc3\x9c"
    "ber",
    "body=ma\xc3\xb1"
    "ana note=Bitte",
};
enum { TICKETS = sizeof tickets / sizeof *tickets, ANSWER_LEN = 200 };

static struct shared {
    void *bytes, *next_bytes;
    size_t len, next_len;
    const struct shunt_table *table, *next;
    char answers[TICKETS][ANSWER_LEN];
    uint64_t desks[THREADS];
} all;

static const struct shunt_table *open_table(const void *bytes, size_t len)
{
    const struct shunt_table *t = NULL;
    return shunt_table_open(bytes, len, NULL, &t, NULL) == SHUNT_OK ? t : NULL;
}

/* ---- matching ---- */

/* How many of the tickets are answered otherwise than one thread did. */
static unsigned match_all(const struct shunt_table *table)
{
    struct shunt_ticket *k;
    char answer[ANSWER_LEN];
    unsigned wrong = 0;
    if (shunt_ticket_new(table, NULL, &k)) return 1;
    for (size_t i = 0; i < TICKETS; i++) {
        crew_answer(table, k, tickets[i], answer, sizeof answer);
        wrong += strcmp(answer, all.answers[i]) != 0;
    }
    shunt_ticket_free(k);
    return wrong;
}

static void last_tried(void *ctx, const struct shunt_tried *tried)
{
    *(uint32_t *)ctx = tried->rule;
}

/* What else may be asked of a table: names, hours, why. */
static unsigned ask_all(const struct shunt_table *t)
{
    uint32_t office = shunt_hours_find(t, "office", 6), rule = SHUNT_NONE;
    const int64_t day_sec = 86400;
    int64_t opening = 0;
    struct shunt_ticket *k;
    unsigned wrong = 0;
    /* The week from Thursday 1970-01-01T00:00Z: Berlin is an hour ahead, and opens at 08:00Z. */
    wrong += shunt_hours_seconds(t, office, 0, 7 * day_sec) != 5 * 8 * 3600;
    wrong += !shunt_hours_next_opening(t, office, 2 * day_sec, &opening) || opening != 4 * day_sec + 8 * 3600;
    wrong += strcmp(shunt_agent_name(t, 1).bytes, "bo") != 0;
    wrong += shunt_attr_find(t, "gold", 4) == SHUNT_NONE;
    if (shunt_ticket_new(t, NULL, &k)) return wrong + 1;
    shunt_ticket_add_name(k, SHUNT_ATTR_LABELS, "bug", 3);
    wrong += shunt_explain_rules(k, last_tried, &rule) != SHUNT_OK;
    bool takes = false;
    wrong += strcmp(shunt_rule_name(t, rule, &takes).bytes, "night") != 0 || !takes;
    shunt_ticket_free(k);
    return wrong;
}

static unsigned match_shared(void *ctx, unsigned number)
{
    unsigned wrong = 0;
    (void)ctx, (void)number;
    for (int round = 0; round < 1000; round++) wrong += match_all(all.table) + ask_all(all.table);
    return wrong;
}

START_TEST(threads_of_one_table_answer_as_one_thread_does)
{
    ck_assert_str_eq(all.answers[0], "rich normal money");
    ck_assert_str_eq(all.answers[2], "rich high money +seen");
    ck_assert_uint_eq(match_all(all.table) + ask_all(all.table), 0);
    ck_assert_uint_eq(crew_run(THREADS, match_shared, NULL), 0);
}
END_TEST

/* ---- opening and closing ---- */

/* Half of the threads open the same bytes again and again, and find them damaged where they are; the others
 * match on a table that stays. */
static unsigned open_and_close(void *ctx, unsigned number)
{
    unsigned wrong = 0;
    (void)ctx;
    for (int round = 0; round < 500; round++) {
        if (number % 2) {
            wrong += match_all(all.table);
            continue;
        }
        const struct shunt_table *mine = open_table(all.bytes, all.len);
        if (!mine) return wrong + 1;
        wrong += match_all(mine);
        shunt_table_close(mine);
        struct shunt_table_error error;
        wrong += shunt_table_open(all.bytes, all.len - 8, NULL, &mine, &error) != SHUNT_TABLE_DAMAGED;
    }
    return wrong;
}

START_TEST(tables_are_opened_and_closed_while_others_match)
{
    ck_assert_uint_eq(crew_run(THREADS, open_and_close, NULL), 0);
}
END_TEST

/* ---- desks ---- */

struct told {
    uint64_t hash;
    const struct shunt_table *table;
};

static void mix(struct told *told, const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        told->hash = (told->hash ^ (unsigned char)bytes[i]) * UINT64_C(0x100000001b3);
}

static void on_decision(void *ctx, const struct shunt_desk_decision *d)
{
    struct told *told = ctx;
    char line[200];
    const char *agent = d->agent == SHUNT_NONE ? "-" : shunt_agent_name(told->table, d->agent).bytes;
    const char *team = d->team == SHUNT_NONE ? "-" : shunt_team_name(told->table, d->team).bytes;
    int len = snprintf(line, sizeof line, "%.*s %s %s %s %s %.*s %u\n", (int)d->ticket.len, d->ticket.bytes,
                       shunt_state_name(d->status), team, agent, shunt_why_name(d->why), (int)d->rule.len,
                       d->rule.bytes, d->priority);
    mix(told, line, (size_t)len);
}

static enum shunt_status send_event(struct shunt_desk *desk, struct shunt_ticket *carried, uint64_t *draw,
                                    int64_t at_sec, struct told *told)
{
    static const char *const agents[] = {"anna", "bo", "cy"};
    static const enum shunt_event_kind kinds[] = {SHUNT_EVENT_TICKET, SHUNT_EVENT_TICKET, SHUNT_EVENT_ONLINE,
                                                  SHUNT_EVENT_CLOSE,  SHUNT_EVENT_TICK,   SHUNT_EVENT_REOPEN};
    char id[16];
    const char *agent = agents[crew_draw(draw) % 3];
    struct shunt_string name = {id, (size_t)snprintf(id, sizeof id, "T%u", (unsigned)(crew_draw(draw) % 60))};
    struct shunt_event e = {
        .kind = kinds[crew_draw(draw) % 6], .has_at = true, .at_sec = at_sec, .carried = carried};
    static const char *const labels[] = {"refund", "vip", "bug"};
    struct shunt_sink sink = {on_decision, told};
    shunt_ticket_reset(carried);
    if (e.kind == SHUNT_EVENT_ONLINE) {
        e.agent = (struct shunt_string){agent, strlen(agent)};
    } else if (e.kind != SHUNT_EVENT_TICK) {
        e.tickets = &name;
        e.ticket_count = 1;
    }
    if (e.kind == SHUNT_EVENT_TICKET) {
        const char *label = labels[crew_draw(draw) % 3];
        shunt_ticket_add_name(carried, SHUNT_ATTR_LABELS, label, strlen(label));
        shunt_ticket_set_number(carried, shunt_attr_find(told->table, "total", 5), crew_draw(draw) % 200);
    }
    return shunt_desk_event(desk, &e, &sink, NULL);
}

/* A refusal is an answer too. */
static void play(struct shunt_desk *desk, uint64_t *draw, int64_t *at_sec, struct told *told)
{
    struct shunt_ticket *carried;
    if (shunt_ticket_new(told->table, NULL, &carried)) return;
    shunt_ticket_record(carried, true);
    for (int i = 0; i < 300; i++, *at_sec += 600) {
        enum shunt_status status = send_event(desk, carried, draw, *at_sec, told);
        mix(told, (const char *)&status, sizeof status);
    }
    shunt_ticket_free(carried);
}

/* A desk's life under two tables: events, saved and loaded, events, the next policy, events. What it told, as
 * one number; 0: it broke. */
static uint64_t live(unsigned number)
{
    struct told told = {UINT64_C(0xcbf29ce484222325), all.table};
    struct shunt_desk_options options = {.seed = number, .keep_days = 1, .figures = true};
    struct shunt_desk *desk, *next = NULL;
    uint64_t draw = number;
    int64_t at_sec = 1772442000;
    void *saved = NULL;
    size_t len = 0;
    if (shunt_desk_new(all.table, &options, NULL, &desk)) return 0;
    play(desk, &draw, &at_sec, &told);
    bool fine = !shunt_desk_save(desk, NULL, &saved, &len);
    mix(&told, saved, len);
    fine = fine && !shunt_desk_load(all.table, saved, len, NULL, &next, NULL);
    free(saved);
    shunt_desk_free(desk);
    if (!fine) return 0;
    play(desk = next, &draw, &at_sec, &told);
    told.table = all.next;
    fine = !shunt_desk_replace(desk, all.next, &(struct shunt_sink){on_decision, &told}, &next);
    shunt_desk_free(desk);
    if (!fine) return 0;
    play(next, &draw, &at_sec, &told);
    shunt_desk_free(next);
    return told.hash;
}

static unsigned live_again(void *ctx, unsigned number)
{
    unsigned wrong = 0;
    (void)ctx;
    for (int round = 0; round < 10; round++) wrong += live(number) != all.desks[number];
    return wrong;
}

START_TEST(desks_of_several_threads_share_tables_and_decide_as_alone)
{
    for (unsigned i = 0; i < THREADS; i++) {
        all.desks[i] = live(i);
        ck_assert_uint_ne(all.desks[i], 0);
        for (unsigned j = 0; j < i; j++) ck_assert_uint_ne(all.desks[i], all.desks[j]);
    }
    ck_assert_uint_eq(crew_run(THREADS, live_again, NULL), 0);
}
END_TEST

/* ---- the runner ---- */

static void set_up(void)
{
    struct shunt_ticket *k;
    all.bytes = crew_compile(policy, &all.len);
    all.next_bytes = crew_compile(next_policy, &all.next_len);
    all.table = open_table(all.bytes, all.len);
    all.next = open_table(all.next_bytes, all.next_len);
    ck_assert(all.table && all.next);
    ck_assert_int_eq(shunt_ticket_new(all.table, NULL, &k), SHUNT_OK);
    for (size_t i = 0; i < TICKETS; i++) crew_answer(all.table, k, tickets[i], all.answers[i], ANSWER_LEN);
    shunt_ticket_free(k);
}

static void tear_down(void)
{
    shunt_table_close(all.table);
    shunt_table_close(all.next);
    free(all.bytes);
    free(all.next_bytes);
}

int main(void)
{
    Suite *s = suite_create("threads");
    TCase *c = tcase_create("threads");
    tcase_add_checked_fixture(c, set_up, tear_down);
    tcase_add_test(c, threads_of_one_table_answer_as_one_thread_does);
    tcase_add_test(c, tables_are_opened_and_closed_while_others_match);
    tcase_add_test(c, desks_of_several_threads_share_tables_and_decide_as_alone);
    suite_add_tcase(s, c);
    return run_suite(s);
}
