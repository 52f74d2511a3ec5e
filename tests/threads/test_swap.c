/*
 * docs/embedding.md, "A new table while threads match": the code of that page, as it stands there, under
 * load. Each decision is the decision of one table as a whole, of none that had been replaced before the
 * ticket was begun; none is lost; and every table is closed.
 */
#include "crew.h"

/* The page's block: tests/checks.mk takes it out of it. An example of one file declares nothing in a header.
 */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmissing-prototypes"
#include "current.c"
#include "run_suite.h"
#pragma GCC diagnostic pop

#include <check.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

enum { WORKERS = 3, VERSIONS = 60, BETWEEN = 150, ANSWER_LEN = 100 };

static struct swapping {
    struct current current;
    void *bytes[VERSIONS];
    size_t len[VERSIONS];
    char answers[VERSIONS][ANSWER_LEN];
    atomic_uint begun, done; /* swaps: version `done` is in force at least, `begun` at most */
    atomic_uint decided;     /* tickets, by all workers together */
} all;

/* Version n differs from the others in all that a decision says, and in where it says it: more agents, teams,
 * labels and rules stand before those that decide. */
static void compile_version(unsigned n)
{
    char yaml[6000], *at = yaml;
    at += sprintf(at, "shunt: 1\nlabels: [x");
    for (unsigned i = 0; i <= n; i++) at += sprintf(at, ", l%u", i);
    at += sprintf(at, "]\nagents: {anna: {}}\nteams:\n");
    for (unsigned i = 0; i <= n; i++) at += sprintf(at, "  t%u: {agents: [anna]}\n", i);
    at += sprintf(at, "rules:\n");
    for (unsigned i = 0; i < n; i++)
        at += sprintf(at, "  - {rule: no%u, when: labels has l%u, to: t%u}\n", i, i, i);
    sprintf(at,
            "  - {rule: r%u, when: labels has x, set: {priority: %s}, add: {labels: l%u}, to: "
            "t%u}\notherwise: t0\n",
            n, n % 2 ? "high" : "low", n, n);
    all.bytes[n] = crew_compile(yaml, &all.len[n]);
    snprintf(all.answers[n], ANSWER_LEN, "r%u %s t%u +l%u", n, n % 2 ? "high" : "low", n, n);
}

/* The version that the answer is of; VERSIONS: of none. */
static unsigned version_of(const char *answer)
{
    unsigned n;
    return sscanf(answer, "r%u ", &n) == 1 && n < VERSIONS && strcmp(answer, all.answers[n]) == 0 ? n
                                                                                                  : VERSIONS;
}

/* Tickets as fast as they can be decided, until the last version is in force. */
static unsigned decide(void)
{
    struct matcher m = {.current = &all.current};
    char answer[ANSWER_LEN];
    unsigned wrong = 0, at_least = 0, tickets = 0;
    do {
        at_least = atomic_load(&all.done);
        if (matcher_begin(&m)) return wrong + 1;
        crew_answer(m.version->table, m.ticket, "labels=x", answer, sizeof answer);
        unsigned n = version_of(answer), at_most = atomic_load(&all.begun);
        wrong += n == VERSIONS || n < at_least || n > at_most;
        atomic_fetch_add(&all.decided, 1);
        if (++tickets % 1000 == 0) matcher_rest(&m);
    } while (at_least < VERSIONS - 1);
    matcher_rest(&m);
    return wrong;
}

/* The next version, each time that some more tickets have been decided. */
static unsigned swap(void)
{
    unsigned wrong = 0;
    for (unsigned n = 1; n < VERSIONS; n++) {
        while (atomic_load(&all.decided) < n * BETWEEN) sched_yield();
        atomic_store(&all.begun, n);
        wrong += current_swap(&all.current, all.bytes[n], all.len[n]) != SHUNT_OK;
        atomic_store(&all.done, n);
    }
    return wrong;
}

static unsigned swap_or_decide(void *ctx, unsigned number)
{
    (void)ctx;
    return number == 0 ? swap() : decide();
}

START_TEST(embedding_a_swap_under_load_loses_and_mixes_no_decision)
{
    for (unsigned n = 0; n < VERSIONS; n++) compile_version(n);
    ck_assert_int_eq(current_swap(&all.current, all.bytes[0], all.len[0]), SHUNT_OK);
    ck_assert_uint_eq(crew_run(WORKERS + 1, swap_or_decide, NULL), 0);
    ck_assert_uint_ge(all.decided, (VERSIONS - 1) * BETWEEN);
    /* All but the last are closed and freed, which the address sanitizer sees; that nobody holds this one any
     * more is seen here.
     */
    ck_assert_uint_eq(all.current.now->holders, 1);
}
END_TEST

START_TEST(embedding_a_damaged_table_leaves_the_one_in_force)
{
    char answer[ANSWER_LEN];
    struct matcher m = {.current = &all.current};
    compile_version(0);
    compile_version(1);
    ck_assert_int_eq(current_swap(&all.current, all.bytes[0], all.len[0]), SHUNT_OK);
    ck_assert_int_eq(current_swap(&all.current, all.bytes[1], all.len[1] - 8), SHUNT_TABLE_DAMAGED);
    ck_assert_int_eq(matcher_begin(&m), SHUNT_OK);
    crew_answer(m.version->table, m.ticket, "labels=x", answer, sizeof answer);
    ck_assert_str_eq(answer, all.answers[0]);
    matcher_rest(&m);
    free(all.bytes[1]);
}
END_TEST

/* Without a process for each test (under sanitizers) the one before left its things here. */
static void set_up(void)
{
    memset(&all, 0, sizeof all);
    pthread_mutex_init(&all.current.lock, NULL);
}

static void tear_down(void)
{
    let_go(&all.current, all.current.now);
    pthread_mutex_destroy(&all.current.lock);
}

int main(void)
{
    Suite *s = suite_create("swap");
    TCase *c = tcase_create("swap");
    tcase_add_checked_fixture(c, set_up, tear_down);
    tcase_add_test(c, embedding_a_swap_under_load_loses_and_mixes_no_decision);
    tcase_add_test(c, embedding_a_damaged_table_leaves_the_one_in_force);
    suite_add_tcase(s, c);
    return run_suite(s);
}
