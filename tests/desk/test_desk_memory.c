/*
 * An event that runs out of memory is done whole or not at all (commands.md 12): every allocation of every
 * event of a busy log fails in turn. After each failure the desk saves to the bytes it had before; when the
 * event is done at last, it answers what a desk with memory enough answers, and leaves the same state.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/compiled.h"
#include "run_suite.h"
#include "shunt.h"

/* ---- hooks that fail the n-th allocation ---- */

static long left = -1; /* allocations until one fails; negative: never */
static long in_use;

static void *failing(void *ctx, void *block, size_t old_len, size_t new_len)
{
    (void)ctx;
    if (new_len > old_len && left >= 0 && left-- == 0) return NULL;
    in_use += (long)new_len - (long)old_len;
    if (new_len == 0) {
        free(block);
        return NULL;
    }
    return realloc(block, new_len);
}

static const struct shunt_hooks hooks = {failing, NULL};

/* ---- the log ---- */

static const char policy[] =
    "policy p version 1\ntimezone Europe/Stockholm\nlabels a, b, c\n"
    "hours office { mon-fri 09:00-17:00 }\nhours late { mon-fri 12:00-20:00 }\n"
    "agent anna { limit webchat 1, total 3\n skills swedish\n device phone \"46\" }\n"
    "agent bo { hours late\n weight 3 }\nagent cleo { rank 60\n skills swedish }\nagent dan { role manager "
    "}\n"
    "team first { agents anna, bo, cleo\n hours office\n after hours to second\n sticky }\n"
    "team second { agents bo, anna\n assign weighted\n hours late\n after hours to first }\n"
    "team ring { agents all\n assign ring-all }\nteam queue { agents anna, dan\n assign pull }\n"
    "rule swedish { when labels has a\n require skills swedish\n add labels c\n to first }\n"
    "rule ring { when labels has b\n to ring, then first after 30m, then agent dan after 2h }\n"
    "rule queue { when labels has c\n set priority urgent\n to queue }\n"
    "otherwise to first, then second after 1h of office\npresence day\n";

struct row {
    enum shunt_event_kind kind;
    int64_t after_sec; /* the event before */
    const char *agent, *team, *tickets[4], *label, *channel, *customer;
};

static const struct row rows[] = {
    {SHUNT_EVENT_TICKET, 0, .tickets = {"T1"}, .channel = "webchat", .customer = "mia"},
    {SHUNT_EVENT_TICKET, 1, .tickets = {"T2"}, .label = "a", .customer = "noa e\xCC\x81"},
    {SHUNT_EVENT_TICKET, 1, .tickets = {"T3"}, .label = "b", .channel = "phone"},
    {SHUNT_EVENT_ONLINE, 60, .agent = "anna", .channel = "webchat"},
    {SHUNT_EVENT_ONLINE, 1, .agent = "cleo"},
    {SHUNT_EVENT_TICKET, 1, .tickets = {"T4"}, .label = "b"},
    {SHUNT_EVENT_TICKET, 1, .tickets = {"T5"}, .label = "c"},
    {SHUNT_EVENT_ONLINE, 5, .agent = "bo"},
    {SHUNT_EVENT_TICKET, 1, .tickets = {"T6"}, .channel = "email", .customer = "mia"},
    {SHUNT_EVENT_NEXT, 1, .agent = "dan"},
    {SHUNT_EVENT_CLAIM, 1, .agent = "dan", .tickets = {"T4"}},
    {SHUNT_EVENT_ASSIGN, 1, .team = "second", .tickets = {"T1", "T2", "T6", "T1"}},
    {SHUNT_EVENT_UPDATE, 1, .tickets = {"T3"}, .channel = "webchat", .customer = "ola"},
    {SHUNT_EVENT_PENDING, 1, .tickets = {"T5"}},
    {SHUNT_EVENT_TICK, 3 * 3600, .agent = NULL},
    {SHUNT_EVENT_REROUTE, 1, .tickets = {"T2"}},
    {SHUNT_EVENT_REPLY, 1, .agent = "anna", .tickets = {"T3"}},
    {SHUNT_EVENT_CLOSE, 1, .tickets = {"T1"}},
    {SHUNT_EVENT_AUTO, 1, .team = "first"},
    {SHUNT_EVENT_REOPEN, 1, .tickets = {"T1"}},
    {SHUNT_EVENT_UNASSIGN, 1, .tickets = {"T6"}},
    {SHUNT_EVENT_TICKET, 12 * 3600, .tickets = {"T7"}},
    {SHUNT_EVENT_RESUME, 86400, .tickets = {"T5"}},
    {SHUNT_EVENT_CLOSE, 1, .tickets = {"T7"}},
    {SHUNT_EVENT_TICK, 40 * 86400, .agent = NULL},
    {SHUNT_EVENT_TICKET, 1, .tickets = {"T7"}, .label = "a"},
};
enum { ROW_COUNT = sizeof rows / sizeof *rows };

static struct shunt_string str(const char *s)
{
    return (struct shunt_string){s, s ? strlen(s) : 0};
}

static void say(struct shunt_ticket *k, const struct row *row)
{
    shunt_ticket_reset(k);
    if (row->label) shunt_ticket_add_name(k, SHUNT_ATTR_LABELS, row->label, strlen(row->label));
    if (row->channel) shunt_ticket_set_name(k, SHUNT_ATTR_CHANNEL, row->channel, strlen(row->channel));
    if (row->customer) shunt_ticket_set_text(k, SHUNT_ATTR_CUSTOMER, row->customer, strlen(row->customer));
}

/* ---- desks ---- */

struct answer {
    char at[8000];
    size_t len;
};

static void write_decision(void *ctx, const struct shunt_desk_decision *d)
{
    struct answer *t = ctx;
    t->len += (size_t)snprintf(t->at + t->len, sizeof t->at - t->len, "%lld %.*s %s %u %u %u %s %zu;",
                               (long long)d->at_sec, (int)d->ticket.len, d->ticket.bytes,
                               shunt_state_name(d->status), d->team, d->agent, d->step,
                               shunt_why_name(d->why), d->agent_count);
    ck_assert_uint_lt(t->len, sizeof t->at);
}

static enum shunt_status run(struct shunt_desk *d, struct shunt_ticket *k, int i, struct answer *answer)
{
    const struct row *row = &rows[i];
    struct shunt_string named[4], channel = str(row->channel);
    int64_t at = INT64_C(1772440200); /* 2026-03-02T09:30:00+01:00, a Monday */
    for (int j = 0; j <= i; j++) at += rows[j].after_sec;
    struct shunt_event e = {.kind = row->kind,
                            .has_at = true,
                            .at_sec = at,
                            .agent = str(row->agent),
                            .team = str(row->team),
                            .tickets = named,
                            .channels = &channel,
                            .channel_count = 1};
    while (e.ticket_count < 4 && row->tickets[e.ticket_count]) {
        named[e.ticket_count] = str(row->tickets[e.ticket_count]);
        e.ticket_count++;
    }
    e.has_channels = row->kind == SHUNT_EVENT_ONLINE && row->channel;
    if (row->kind == SHUNT_EVENT_TICKET || row->kind == SHUNT_EVENT_UPDATE) e.carried = k;
    struct shunt_sink sink = {write_decision, answer};
    struct shunt_refusal refusal;
    answer->len = 0;
    answer->at[0] = '\0';
    return shunt_desk_event(d, &e, &sink, &refusal);
}

struct saved {
    void *bytes;
    size_t len;
};

static struct saved save(const struct shunt_desk *d)
{
    struct saved s;
    ck_assert_int_eq(shunt_desk_save(d, NULL, &s.bytes, &s.len), SHUNT_OK);
    return s;
}

static void is_same(const struct shunt_desk *d, struct saved before, int row, long n)
{
    struct saved now = save(d);
    ck_assert_msg(now.len == before.len && memcmp(now.bytes, before.bytes, now.len) == 0,
                  "row %d, allocation %ld: the desk is another", row, n);
    free(now.bytes);
}

/* Fails the row's first allocation, its second, and so on, until it is done; how often it failed. */
static long run_failing(struct shunt_desk *d, struct shunt_ticket *k, int i, struct answer *answer)
{
    struct saved before = save(d);
    for (long n = 0;; n++) {
        left = n;
        enum shunt_status status = run(d, k, i, answer);
        left = -1;
        if (status != SHUNT_NO_MEMORY) {
            ck_assert_int_eq(status, SHUNT_OK);
            free(before.bytes);
            return n;
        }
        ck_assert_uint_eq(answer->len, 0);
        is_same(d, before, i, n);
    }
}

START_TEST(commands_12_an_event_is_done_whole_or_not_at_all)
{
    static struct answer got, expected;
    struct compiled c;
    struct shunt_desk *d, *calm;
    struct shunt_ticket *k;
    const struct shunt_desk_options options = {.keep_days = 30, .seed = 7, .figures = true};
    long failures = 0, decisions = 0;
    compiled_open(&c, "p.shunt", policy, false);
    ck_assert_int_eq(shunt_desk_new(c.table, &options, &hooks, &d), SHUNT_OK);
    ck_assert_int_eq(shunt_desk_new(c.table, &options, NULL, &calm), SHUNT_OK);
    ck_assert_int_eq(shunt_ticket_new(c.table, NULL, &k), SHUNT_OK);
    shunt_ticket_record(k, true);
    for (int i = 0; i < ROW_COUNT; i++) {
        say(k, &rows[i]);
        failures += run_failing(d, k, i, &got);
        ck_assert_int_eq(run(calm, k, i, &expected), SHUNT_OK);
        ck_assert_str_eq(got.at, expected.at);
        decisions += got.len > 0;
        struct saved after = save(calm);
        is_same(d, after, i, -1);
        free(after.bytes);
    }
    ck_assert_int_gt(failures, 50);
    ck_assert_int_gt(decisions, 15);
    shunt_ticket_free(k);
    shunt_desk_free(d);
    shunt_desk_free(calm);
    compiled_close(&c);
    ck_assert_int_eq(in_use, 0);
}
END_TEST

START_TEST(commands_12_a_desk_is_made_or_not)
{
    struct compiled c;
    struct shunt_desk *d = NULL;
    compiled_open(&c, "p.shunt", policy, false);
    long n = 0;
    for (;; n++) {
        left = n;
        enum shunt_status status = shunt_desk_new(c.table, NULL, &hooks, &d);
        left = -1;
        if (status == SHUNT_OK) break;
        ck_assert_int_eq(status, SHUNT_NO_MEMORY);
        ck_assert_ptr_null(d);
        ck_assert_int_eq(in_use, 0);
    }
    ck_assert_int_gt(n, 10);
    shunt_desk_free(d);
    ck_assert_int_eq(in_use, 0);
    compiled_close(&c);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("desk memory");
    TCase *t = tcase_create("desk memory");
    tcase_add_test(t, commands_12_an_event_is_done_whole_or_not_at_all);
    tcase_add_test(t, commands_12_a_desk_is_made_or_not);
    tcase_set_timeout(t, 120);
    suite_add_tcase(s, t);
    return run_suite(s);
}
