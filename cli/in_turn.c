/* Answers in their order: see in_turn.h. */
#include "in_turn.h"

#include <errno.h>
#include <stdlib.h>

int in_turn_init(struct in_turn *t, unsigned ahead)
{
    *t = (struct in_turn){.ahead = ahead};
    pthread_mutex_init(&t->lock, NULL);
    pthread_cond_init(&t->wrote, NULL);
    t->kept = calloc(ahead, sizeof *t->kept);
    if (!t->kept) return ENOMEM;
    for (unsigned i = 0; i < ahead; i++) out_init(&t->kept[i].out, -1);
    return 0;
}

void in_turn_release(struct in_turn *t)
{
    for (unsigned i = 0; t->kept && i < t->ahead; i++) out_free(&t->kept[i].out);
    free(t->kept);
    pthread_cond_destroy(&t->wrote);
    pthread_mutex_destroy(&t->lock);
}

void in_turn_begin(struct in_turn *t, struct out *to)
{
    t->to = to;
}

/* Called and left with the lock held, but nobody waits for it while the system writes: only who has the next
 * batch comes here. */
static void write_next(struct in_turn *t, struct out *answers, bool is_last)
{
    pthread_mutex_unlock(&t->lock);
    bool wrote = out_through(t->to, answers->p, answers->len);
    answers->len = 0;
    pthread_mutex_lock(&t->lock);
    t->written++;
    t->stopped = !wrote || is_last;
    pthread_cond_broadcast(&t->wrote);
}

/* Those that were kept until now. */
static void write_kept(struct in_turn *t)
{
    struct kept_answers *k;
    while (!t->stopped && (k = &t->kept[t->written % t->ahead])->are_there) {
        k->are_there = false;
        write_next(t, &k->out, k->are_last);
    }
}

/* The thread gets an empty buffer for it. */
static void keep(struct in_turn *t, uint64_t batch, struct out *answers, bool is_last)
{
    struct kept_answers *k = &t->kept[batch % t->ahead];
    struct out empty = k->out;
    *k = (struct kept_answers){*answers, true, is_last};
    *answers = empty;
}

void in_turn_put(struct in_turn *t, uint64_t batch, struct out *answers, bool is_last)
{
    pthread_mutex_lock(&t->lock);
    while (batch - t->written >= t->ahead && !t->stopped) pthread_cond_wait(&t->wrote, &t->lock);
    if (t->stopped) {
        answers->len = 0;
    } else if (batch == t->written) {
        write_next(t, answers, is_last);
        write_kept(t);
    } else {
        keep(t, batch, answers, is_last);
    }
    pthread_mutex_unlock(&t->lock);
}

bool in_turn_wait(struct in_turn *t, uint64_t batches)
{
    pthread_mutex_lock(&t->lock);
    while (t->written < batches && !t->stopped) pthread_cond_wait(&t->wrote, &t->lock);
    bool more = !t->stopped;
    pthread_mutex_unlock(&t->lock);
    return more;
}
