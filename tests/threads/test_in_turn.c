/*
 * Answers in their order (cli/in_turn.h): in whatever order batches are made, and by however many threads,
 * they are written in theirs; no thread waits for another one's while there is room to keep them. Under
 * ThreadSanitizer (make tsan) a race is a failure too.
 */
#include "in_turn.h"
#include "crew.h"
#include "run_suite.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

static struct in_turn turn;
static struct out written;

static void begin(unsigned ahead)
{
    ck_assert_int_eq(in_turn_init(&turn, ahead), 0);
    out_init(&written, -1);
    in_turn_begin(&turn, &written);
}
static void end(void)
{
    in_turn_release(&turn);
    out_free(&written);
}

/* The answers of a batch: its number, more than once, as batches differ in length. */
static void answer(struct out *answers, unsigned batch)
{
    for (unsigned i = 0; i <= batch * 7 % 100; i++) out_u64(answers, batch);
    out_putc(answers, '\n');
}

static void put(unsigned batch, bool is_last)
{
    struct out answers;
    out_init(&answers, -1);
    answer(&answers, batch);
    in_turn_put(&turn, batch, &answers, is_last);
    ck_assert_uint_eq(answers.len, 0);
    out_free(&answers);
}

/* Whether the first `count` batches are what was written, and nothing else. */
static bool are_written(const struct out *got, unsigned count)
{
    struct out wanted;
    out_init(&wanted, -1);
    for (unsigned i = 0; i < count; i++) answer(&wanted, i);
    bool same = wanted.len == got->len && (!got->len || memcmp(wanted.p, got->p, got->len) == 0);
    out_free(&wanted);
    return same;
}

/* Here one thread gives them all: were it made to wait for a turn that is not there, it would for ever. */
START_TEST(batches_are_kept_until_their_turn)
{
    static const unsigned orders[][6] = {
        {0, 1, 2, 3, 4, 5}, {5, 4, 3, 2, 1, 0}, {1, 0, 3, 2, 5, 4}, {2, 0, 1, 5, 3, 4}, {0, 5, 1, 4, 2, 3},
    };
    static const unsigned done[][6] = {
        {1, 2, 3, 4, 5, 6}, {0, 0, 0, 0, 0, 6}, {0, 2, 2, 4, 4, 6}, {0, 1, 3, 3, 4, 6}, {1, 1, 2, 2, 3, 6},
    };
    begin(6);
    for (int i = 0; i < 6; i++) {
        put(orders[_i][i], false);
        ck_assert_msg(are_written(&written, done[_i][i]), "after batch %u", orders[_i][i]);
    }
    ck_assert(in_turn_wait(&turn, 6));
    end();
}
END_TEST

/* ---- several threads ---- */

enum { THREADS = 4, BATCHES = 3000 };

struct work {
    pthread_mutex_t lock;
    unsigned taken, last;
};

static unsigned take(struct work *w)
{
    pthread_mutex_lock(&w->lock);
    unsigned batch = w->taken++;
    pthread_mutex_unlock(&w->lock);
    return batch;
}

/* Takes batches and gives their answers, in one buffer of its own, as the program does. */
static unsigned make_some(void *ctx, unsigned number)
{
    struct work *w = ctx;
    struct out answers;
    unsigned wrong = 0;
    (void)number;
    out_init(&answers, -1);
    for (unsigned batch; (batch = take(w)) < BATCHES;) {
        answer(&answers, batch);
        in_turn_put(&turn, batch, &answers, batch == w->last);
        wrong += answers.len != 0;
    }
    wrong += in_turn_wait(&turn, BATCHES) != (w->last >= BATCHES);
    out_free(&answers);
    return wrong;
}

static const unsigned room[] = {1, 2, 3, 8, 32};

START_TEST(threads_write_in_order_whatever_room_there_is)
{
    struct work w = {PTHREAD_MUTEX_INITIALIZER, 0, BATCHES};
    begin(room[_i]);
    ck_assert_uint_eq(crew_run(THREADS, make_some, &w), 0);
    ck_assert(are_written(&written, BATCHES));
    end();
}
END_TEST

/* Those that wait because they are too far ahead go on, too. */
START_TEST(nothing_is_written_behind_the_last)
{
    struct work w = {PTHREAD_MUTEX_INITIALIZER, 0, BATCHES / 2};
    begin(room[_i]);
    ck_assert_uint_eq(crew_run(THREADS, make_some, &w), 0);
    ck_assert(are_written(&written, BATCHES / 2 + 1));
    end();
}
END_TEST

START_TEST(what_cannot_be_written_is_the_last)
{
    struct work w = {PTHREAD_MUTEX_INITIALIZER, 0, 0};
    begin(room[_i]);
    written.fd = open("/dev/full", O_WRONLY);
    ck_assert_int_ge(written.fd, 0);
    ck_assert_uint_eq(crew_run(THREADS, make_some, &w), 0);
    ck_assert_int_eq(written.error, ENOSPC);
    ck_assert_uint_eq(turn.written, 1);
    close(written.fd);
    end();
}
END_TEST

int main(void)
{
    Suite *s = suite_create("in turn");
    TCase *t = tcase_create("in turn");
    int rooms = sizeof room / sizeof *room;
    tcase_add_loop_test(t, batches_are_kept_until_their_turn, 0, 5);
    tcase_add_loop_test(t, threads_write_in_order_whatever_room_there_is, 0, rooms);
    tcase_add_loop_test(t, nothing_is_written_behind_the_last, 0, rooms);
    tcase_add_loop_test(t, what_cannot_be_written_is_the_last, 0, rooms);
    suite_add_tcase(s, t);
    return run_suite(s);
}
