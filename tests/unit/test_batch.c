/*
 * Tickets of a batch: runtime/batch.c, and what match.c does with them. That each is decided as from strings,
 * matched.c asks of every ticket of test_match.c and test_match_index.c, and test_random.c of random ones.
 */
#include <check.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../runtime/batch.h"
#include "../../runtime/scan.h"
#include "matched.h"
#include "run_suite.h"

/* Names, texts, numbers with many bounds, hours, a flag; a rule that continues, and effects. */
static const char policy[] =
    "shunt: 1\n"
    "timezone: Europe/Stockholm\n"
    "channels: [email, webchat]\n"
    "fields: {total: number, plan: [free, pro], gold: bool, tags: set}\n"
    "hours: {office: {weekly: {mon-fri: 09:00-17:00}}}\n"
    "agents: {anna: {skills: [swedish, billing]}}\n"
    "teams: {one: {agents: [anna]}, two: {agents: [anna]}}\n"
    "rules:\n"
    "  - {rule: note, when: labels has vip, add: {labels: [seen, vip]}, require: {skills: [swedish]}, "
    "continue: true}\n"
    "  - {rule: office, when: during office and labels has sales, to: one}\n"
    "  - {rule: refund, when: subject contains \"refund\" and total >= 10, raise: {priority: high}, to: "
    "one}\n"
    "  - {rule: pro, when: 'plan == pro and not gold and tags has x', to: two}\n"
    "  - {rule: mail, when: channel == email and priority >= high, to: two}\n"
    "otherwise: unassigned\n";

/* The same attributes, and neither effects nor rules that continue: what few tickets are asked for is not put
 * back. */
static const char lean_policy[] =
    "shunt: 1\n"
    "timezone: Europe/Stockholm\n"
    "channels: [email, webchat]\n"
    "fields: {total: number, plan: [free, pro], gold: bool, tags: set}\n"
    "hours: {office: {weekly: {mon-fri: 09:00-17:00}}}\n"
    "agents: [anna]\n"
    "teams: {one: {agents: [anna]}, two: {agents: [anna]}}\n"
    "rules:\n"
    "%s"
    "  - {rule: office, when: during office and labels has sales, to: one}\n"
    "  - {rule: refund, when: subject contains \"refund\" and total >= 10, to: one}\n"
    "  - {rule: pro, when: 'plan == pro and not gold and tags has x', to: two}\n"
    "  - {rule: mail, when: channel == email and priority >= high, to: two}\n"
    "otherwise: unassigned\n";
enum { LEAN_RULES = 200 };

/* With more labels and bounds than a word of facts has. */
static struct matched lean(void)
{
    char *rules = calloc(LEAN_RULES, 100), *text = malloc(LEAN_RULES * 100 + sizeof lean_policy);
    size_t len = 0;
    for (int i = 0; i < LEAN_RULES; i++)
        len += (size_t)sprintf(rules + len, "  - {rule: l%d, when: labels has l%d and total > %d, to: two}\n",
                               i, i, 1000 + i);
    sprintf(text, lean_policy, rules);
    struct matched made = matched_policy(text);
    free(text);
    free(rules);
    return made;
}

/* A Monday at noon in Stockholm, and at night. */
#define NOON "at=1772449200"
#define NIGHT "at=1772406000"

static const struct example {
    const char *ticket, *want;
} examples[] = {
    {"labels=sales " NOON, "office normal one"},
    {"labels=sales " NIGHT, "otherwise normal nobody"},
    {"labels=sales labels=vip " NOON, "office normal one +seen +vip !swedish"},
    {"", "otherwise normal nobody"},
    {"subject=refunds total=10", "refund high one"},
    {"subject=refunds total=9.5 labels=vip", "otherwise normal nobody +seen +vip !swedish"},
    {"plan=pro tags=x tags=unknown", "pro normal two"},
    {"plan=pro tags=x gold=true", "otherwise normal nobody"},
    {"plan=pro tags=x gold=false", "pro normal two"},
    {"channel=email priority=urgent", "mail urgent two"},
    {"channel=email", "otherwise normal nobody"},
};
enum { EXAMPLES = sizeof examples / sizeof *examples };

static struct matched d;

static void setup(void)
{
    d = matched_policy(policy);
}
static void teardown(void)
{
    matched_close(&d);
}

static void add(const char *ticket)
{
    matched_say(&d, ticket);
    ck_assert_int_eq(shunt_batch_add(d.batch, d.k), SHUNT_OK);
}

static void add_examples(void)
{
    for (size_t i = 0; i < EXAMPLES; i++) add(examples[i].ticket);
}

static void expect_item(struct shunt_ticket *room, size_t i)
{
    char got[200];
    struct shunt_decision x;
    shunt_batch_match(d.batch, i, room, &x);
    matched_answer(&d, &x, got, sizeof got);
    if (strcmp(got, examples[i % EXAMPLES].want) != 0)
        ck_abort_msg("%zu: %s, not %s", i, got, examples[i % EXAMPLES].want);
}

/* ---- matching ---- */

START_TEST(commands_12_tickets_of_a_batch_are_decided_as_from_strings)
{
    for (size_t i = 0; i < EXAMPLES; i++) matched_expect(&d, examples[i].ticket, examples[i].want);
}
END_TEST

/* By steps of one each is fetched before it is matched; others come as they come. */
START_TEST(commands_12_in_any_order)
{
    enum { TIMES = 20, COUNT = TIMES * EXAMPLES };
    static const size_t steps[] = {1, COUNT - 1, 7, 2, 0};
    for (int i = 0; i < TIMES; i++) add_examples();
    ck_assert_uint_eq(shunt_batch_count(d.batch), COUNT);
    for (size_t s = 0; s < sizeof steps / sizeof *steps; s++) {
        for (size_t n = 0, i = 0; n < COUNT; n++, i = (i + steps[s]) % COUNT) expect_item(d.room, i);
    }
}
END_TEST

static bool same_bytes(const void *a, const void *b, size_t len)
{
    return len == 0 || memcmp(a, b, len) == 0;
}

static void expect_as_new(const struct shunt_ticket *k)
{
    struct shunt_ticket *fresh;
    ck_assert_int_eq(shunt_ticket_new(k->t, NULL, &fresh), SHUNT_OK);
    ck_assert_uint_eq(k->carried_count, 0);
    ck_assert_uint_eq(k->bounded_count, 0);
    ck_assert_uint_eq(k->ruled_out_count, 0);
    ck_assert_uint_eq(k->record_len, 0);
    ck_assert_int_eq(k->at_sec, 0);
    ck_assert_ptr_null(k->batch);
    ck_assert(same_bytes(k->has, fresh->has, sh_words((size_t)k->t->facts.count) * sizeof *k->has));
    ck_assert(same_bytes(&k->front, &fresh->front, offsetof(struct sh_front, held)));
    ck_assert(same_bytes(k->front.hash_set, fresh->front.hash_set, sizeof k->front.hash_set));
    for (uint32_t attr = 0; attr < k->t->ATTR_count; attr++)
        ck_assert_int_eq(k->values[attr].carried, fresh->values[attr].carried);
    ck_assert_uint_eq(k->values[TF_PRIORITY].place, fresh->values[TF_PRIORITY].place);
    shunt_ticket_free(fresh);
}

/* What is said to a ticket before one of a batch is matched in it, each by itself. */
static const char *const said_before[] = {
    "",          "labels=sales", "labels=l7 total=1500", "channel=email", "priority=urgent", NOON,
    "gold=true", "tags=new"};

/* Nothing is left of what was said to it, nor of what it was matched for: whether that was put back or not.
 */
START_TEST(commands_12_the_room_carries_nothing_before_and_after)
{
    matched_close(&d);
    d = lean();
    struct matched *of = _i ? d.wide : &d;
    struct shunt_decision x;
    uint32_t want[EXAMPLES], priority[EXAMPLES], decided = 0;
    for (size_t i = 0; i < EXAMPLES; i++) {
        matched_say(of, i % 3 == 1 ? "labels=l9 labels=l199 labels=l100 total=1199.5" : examples[i].ticket);
        ck_assert_int_eq(shunt_batch_add(of->batch, of->k), SHUNT_OK);
        sh_match_scan(of->k, &x);
        want[i] = x.rule, priority[i] = x.priority;
        decided += x.rule != sh_otherwise(of->t);
    }
    ck_assert_uint_gt(decided, 4);
    for (size_t n = 0; n < sizeof said_before / sizeof *said_before; n++) {
        for (size_t i = 0; i < EXAMPLES; i++) {
            matched_say(of, said_before[n]);
            shunt_match(of->k, &x); /* hours may be ruled out */
            shunt_batch_match(of->batch, i, of->k, &x);
            ck_assert_uint_eq(x.rule, want[i]);
            ck_assert_uint_eq(x.priority, priority[i]);
            expect_as_new(of->k);
            shunt_match(of->k, &x);
            ck_assert_uint_eq(x.rule, sh_otherwise(of->t));
        }
    }
}
END_TEST

/* Of one that carries nothing hours may be ruled out all the same, and its time counts. */
START_TEST(commands_12_a_room_whose_hours_were_asked_for)
{
    struct shunt_decision x;
    add("labels=sales " NOON);
    matched_close(&d);
    d = matched_policy(
        "shunt: 1\ntimezone: UTC\nhours: {day: {weekly: {mon-sun: 09:00-17:00}}}\nagents: [a]\n"
        "teams: {t: {agents: [a]}}\nrules:\n  - {rule: r, when: during day, to: t}\n"
        "otherwise: unassigned\n");
    add(NOON);
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(shunt_ticket_set_at(d.room, i ? 0 : 1772406000), SHUNT_OK);
        shunt_match(d.room, &x);
        ck_assert_uint_eq(x.rule, 1);
        ck_assert_uint_gt(d.room->ruled_out_count, 0);
        shunt_batch_match(d.batch, 0, d.room, &x);
        ck_assert_uint_eq(x.rule, 0);
        expect_as_new(d.room);
    }
}
END_TEST

START_TEST(commands_12_what_a_room_recorded_is_gone)
{
    struct shunt_decision x;
    matched_close(&d);
    d = lean();
    add("labels=l9");
    shunt_ticket_record(d.room, true);
    shunt_ticket_reset(d.room);
    ck_assert_int_eq(shunt_ticket_clear(d.room, SHUNT_ATTR_LABELS), SHUNT_OK);
    ck_assert_uint_gt(d.room->record_len, 0);
    shunt_batch_match(d.batch, 0, d.room, &x);
    ck_assert_uint_eq(d.room->record_len, 0);
}
END_TEST

/* ---- putting back ---- */

static bool same_fact_list(const struct shunt_ticket *a, const struct shunt_ticket *b)
{
    return a->front.facts_count == b->front.facts_count && a->front.bucket_count == b->front.bucket_count &&
           same_bytes(a->facts, b->facts, a->front.facts_count * sizeof *a->facts) &&
           same_bytes(a->buckets, b->buckets, a->front.bucket_count * sizeof *a->buckets);
}

START_TEST(commands_12_what_a_batch_says_is_what_was_said)
{
    add_examples();
    for (size_t i = 0; i < EXAMPLES; i++) {
        matched_say(&d, examples[i].ticket);
        shunt_batch_say(d.batch, i, d.room);
        ck_assert_int_eq(d.room->at_sec, d.k->at_sec);
        ck_assert_uint_eq(d.room->carried_count, d.k->carried_count);
        ck_assert_uint_eq(d.room->bounded_count, d.k->bounded_count);
        ck_assert_uint_eq(d.room->front.guard, d.k->front.guard);
        ck_assert(same_fact_list(d.room, d.k));
        ck_assert(same_bytes(d.room->has, d.k->has, sh_words((size_t)d.t->facts.count) * sizeof *d.k->has));
        ck_assert(same_bytes(d.room->front.hash_set, d.k->front.hash_set, sizeof d.k->front.hash_set));
        ck_assert(same_bytes(d.room->front.hashes, d.k->front.hashes, sizeof d.k->front.hashes));
        for (uint32_t attr = 0; attr < d.t->ATTR_count; attr++) {
            const struct sh_value *a = &d.room->values[attr], *b = &d.k->values[attr];
            ck_assert_int_eq(a->carried, b->carried);
            if (a->carried) ck_assert_uint_eq(a->place, b->place);
        }
    }
}
END_TEST

/* One value for another, one more member, another time; and what is said then is taken back. */
START_TEST(commands_12_a_ticket_that_was_put_back_can_go_on)
{
    char got[200];
    struct shunt_decision x;
    add("channel=webchat labels=sales total=3 " NIGHT);
    shunt_batch_say(d.batch, 0, d.room);
    ck_assert_int_eq(shunt_ticket_set_at(d.room, 1772449200), SHUNT_OK);
    shunt_match(d.room, &x);
    matched_answer(&d, &x, got, sizeof got);
    ck_assert_str_eq(got, "office normal one");
    ck_assert_int_eq(shunt_ticket_set_at(d.room, 1772406000), SHUNT_OK);
    ck_assert_int_eq(shunt_ticket_set_name(d.room, SHUNT_ATTR_CHANNEL, "email", 5), SHUNT_OK);
    ck_assert_int_eq(shunt_ticket_set_name(d.room, SHUNT_ATTR_PRIORITY, "high", 4), SHUNT_OK);
    ck_assert_int_eq(shunt_ticket_add_name(d.room, SHUNT_ATTR_LABELS, "vip", 3), SHUNT_OK);
    shunt_match(d.room, &x);
    matched_answer(&d, &x, got, sizeof got);
    ck_assert_str_eq(got, "mail high two +seen +vip !swedish");
    ck_assert_uint_eq(d.room->values[TF_LABELS].place, 2);
    ck_assert_int_eq(shunt_ticket_set_number(d.room, shunt_attr_find(d.t, "total", 5), 12), SHUNT_OK);
    ck_assert_int_eq(shunt_ticket_set_text(d.room, SHUNT_ATTR_SUBJECT, "refund", 6), SHUNT_OK);
    shunt_match(d.room, &x);
    matched_answer(&d, &x, got, sizeof got);
    ck_assert_str_eq(got, "refund high one +seen +vip !swedish");
    add("plan=pro tags=x");
    shunt_batch_match(d.batch, 1, d.room, &x);
    matched_answer(&d, &x, got, sizeof got);
    ck_assert_str_eq(got, "pro normal two");
}
END_TEST

START_TEST(commands_12_a_ticket_that_records_records_nothing_of_a_batch)
{
    add("labels=sales");
    shunt_ticket_record(d.room, true);
    shunt_ticket_reset(d.room);
    ck_assert_int_eq(shunt_ticket_add_name(d.room, SHUNT_ATTR_LABELS, "vip", 3), SHUNT_OK);
    ck_assert_uint_gt(d.room->record_len, 0);
    shunt_batch_say(d.batch, 0, d.room);
    ck_assert_uint_eq(d.room->record_len, 0);
}
END_TEST

/* ---- the batch ---- */

START_TEST(commands_12_a_cleared_batch_is_filled_anew)
{
    uint64_t bytes = 0;
    for (int i = 0; i < 10; i++) {
        add_examples();
        ck_assert_uint_eq(shunt_batch_count(d.batch), EXAMPLES);
        for (size_t n = 0; n < EXAMPLES; n++) expect_item(d.room, n);
        shunt_batch_clear(d.batch);
        ck_assert_uint_eq(shunt_batch_count(d.batch), 0);
        if (i == 0) bytes = d.memory->bytes;
        ck_assert_uint_eq(d.memory->bytes, bytes); /* there is room for as many again */
    }
}
END_TEST

START_TEST(commands_12_a_batch_is_of_one_table)
{
    struct matched other = matched_sample();
    ck_assert_int_eq(shunt_batch_add(d.batch, other.k), SHUNT_OTHER_TABLE);
    ck_assert_uint_eq(shunt_batch_count(d.batch), 0);
    matched_close(&other);
}
END_TEST

/* At every allocation in turn: nothing is added, what was there stays, and it can be tried again. */
START_TEST(commands_12_memory_that_runs_out_adds_nothing)
{
    size_t failures = 0;
    for (size_t n = 0; n < 40 * EXAMPLES; n++) {
        matched_say(&d, examples[n % EXAMPLES].ticket);
        for (uint64_t left = 0;; left++, failures++) {
            d.memory->left = left;
            enum shunt_status status = shunt_batch_add(d.batch, d.k);
            d.memory->left = UINT64_MAX;
            if (status == SHUNT_OK) break;
            ck_assert_int_eq(status, SHUNT_NO_MEMORY);
            ck_assert_uint_eq(shunt_batch_count(d.batch), n);
            if (n > 0) expect_item(d.room, n - 1);
        }
    }
    ck_assert_uint_gt(failures, 20);
    for (size_t n = 0; n < 40 * EXAMPLES; n++) expect_item(d.room, n);
}
END_TEST

START_TEST(commands_12_a_batch_that_cannot_be_made)
{
    struct failing memory = {0, 0};
    struct shunt_hooks hooks = failing_hooks(&memory);
    struct shunt_batch *batch = NULL;
    ck_assert_int_eq(shunt_batch_new(d.t, &hooks, &batch), SHUNT_NO_MEMORY);
    ck_assert_ptr_null(batch);
    shunt_batch_free(NULL);
    memory.left = 1;
    ck_assert_int_eq(shunt_batch_new(d.t, &hooks, &batch), SHUNT_OK);
    shunt_batch_free(batch);
    ck_assert_uint_eq(memory.bytes, 0);
}
END_TEST

/* ---- threads ---- */

struct worker {
    struct shunt_ticket *room;
    size_t from;
};

static void *work(void *arg)
{
    struct worker *w = arg;
    for (size_t n = 0; n < 20 * EXAMPLES; n++) expect_item(w->room, (w->from + n) % EXAMPLES);
    return NULL;
}

START_TEST(commands_12_many_threads_on_one_batch)
{
    enum { THREADS = 4 };
    struct worker workers[THREADS];
    pthread_t threads[THREADS];
    add_examples();
    for (size_t i = 0; i < THREADS; i++) {
        workers[i].from = i;
        ck_assert_int_eq(shunt_ticket_new(d.t, NULL, &workers[i].room), SHUNT_OK);
        ck_assert_int_eq(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        shunt_ticket_free(workers[i].room);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("batch");
    TCase *t = tcase_create("batch");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, commands_12_tickets_of_a_batch_are_decided_as_from_strings);
    tcase_add_test(t, commands_12_in_any_order);
    tcase_add_loop_test(t, commands_12_the_room_carries_nothing_before_and_after, 0, 2);
    tcase_add_test(t, commands_12_a_room_whose_hours_were_asked_for);
    tcase_add_test(t, commands_12_what_a_room_recorded_is_gone);
    tcase_add_test(t, commands_12_what_a_batch_says_is_what_was_said);
    tcase_add_test(t, commands_12_a_ticket_that_was_put_back_can_go_on);
    tcase_add_test(t, commands_12_a_ticket_that_records_records_nothing_of_a_batch);
    tcase_add_test(t, commands_12_a_cleared_batch_is_filled_anew);
    tcase_add_test(t, commands_12_a_batch_is_of_one_table);
    tcase_add_test(t, commands_12_memory_that_runs_out_adds_nothing);
    tcase_add_test(t, commands_12_a_batch_that_cannot_be_made);
    tcase_add_test(t, commands_12_many_threads_on_one_batch);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
