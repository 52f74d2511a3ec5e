/*
 * Work by a second thread with an arena of its own (compiler/beside.h): what it makes stays, and whichever of
 * the two runs out of memory, both end. Under ThreadSanitizer (make tsan) a race is a failure too. That a
 * policy is the same with its checks beside lowering as without: test_ahead.c.
 */
#include "beside.h"
#include "run_suite.h"

#include <check.h>
#include <signal.h>

static struct arena *a;

static void setup(void)
{
    a = arena_new();
}
static void teardown(void)
{
    arena_free(a);
}

struct work {
    struct str made;
    uint32_t fail_at; /* how many pieces it makes, and then there is no more memory; 0: there always is */
    bool fail_here;   /* where the other thread is at work, it runs out for this one */
};

static void make(struct arena *own, void *ctx)
{
    struct work *w = ctx;
    for (uint32_t i = 1; i <= 1000; i++) {
        w->made = arena_printf(own, "piece %u", i);
        if (i == w->fail_at) arena_fail(own);
    }
}

static void work_body(void *ctx)
{
    struct work *w = ctx;
    struct beside *b = beside_start(a, make, w);
    if (w->fail_here) arena_fail(a);
    if (b)
        beside_end(b);
    else
        make(a, w); /* no thread to be had */
}

START_TEST(beside_what_it_makes_lives_on)
{
    struct work w = {0};
    ck_assert(arena_try(a, work_body, &w));
    ck_assert(str_eq(w.made, S("piece 1000")));
}
END_TEST

START_TEST(beside_memory_that_runs_out_there_has_run_out_here)
{
    for (uint32_t at = 1; at <= 1000; at += 111) {
        struct work w = {.fail_at = at};
        ck_assert(!arena_try(a, work_body, &w));
    }
}
END_TEST

START_TEST(beside_ends_where_memory_runs_out_here)
{
    for (int i = 0; i < 20; i++) {
        struct work w = {.fail_here = true};
        ck_assert(!arena_try(a, work_body, &w));
        teardown(); /* waits for the thread, which writes to w */
        setup();
    }
}
END_TEST

/* ---- signals ---- */

static const int asked_for[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGALRM, SIGCHLD, SIGUSR1};
enum { ASKED_COUNT = sizeof asked_for / sizeof *asked_for };

static int count_blocked(void)
{
    sigset_t set;
    int count = 0;
    ck_assert_int_eq(pthread_sigmask(SIG_SETMASK, NULL, &set), 0);
    for (int i = 0; i < ASKED_COUNT; i++) count += sigismember(&set, asked_for[i]);
    return count;
}

static void look_at_mask(struct arena *own, void *ctx)
{
    (void)own;
    *(int *)ctx = count_blocked();
}

static void mask_body(void *ctx)
{
    struct beside *b = beside_start(a, look_at_mask, ctx);
    ck_assert_int_eq(count_blocked(), 1); /* what it was */
    if (b)
        beside_end(b);
    else
        *(int *)ctx = ASKED_COUNT; /* no thread to be had */
}

/* The program's signals come to the thread that has handlers in mind, and never interrupt the other. */
START_TEST(beside_takes_no_signals_and_leaves_the_callers_as_they_are)
{
    int there = 0;
    sigset_t one, before;
    sigemptyset(&one);
    sigaddset(&one, SIGUSR1);
    ck_assert_int_eq(pthread_sigmask(SIG_SETMASK, &one, &before), 0);
    ck_assert(arena_try(a, mask_body, &there));
    ck_assert_int_eq(pthread_sigmask(SIG_SETMASK, &before, NULL), 0);
    ck_assert_int_eq(there, ASKED_COUNT);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("beside");
    TCase *t = tcase_create("beside");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, beside_what_it_makes_lives_on);
    tcase_add_test(t, beside_memory_that_runs_out_there_has_run_out_here);
    tcase_add_test(t, beside_ends_where_memory_runs_out_here);
    tcase_add_test(t, beside_takes_no_signals_and_leaves_the_callers_as_they_are);
    suite_add_tcase(s, t);
    return run_suite(s);
}
