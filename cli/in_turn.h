/*
 * Batches of answers, made by several threads in any order, to one output in their order.
 *
 * No thread waits for another one's answers: those whose turn has not come are kept, and written by whoever
 * writes the batch before them. So a thread that the system takes its processor from for a while does not
 * stop the others: two threads, each of which waited for its turn to write, took 0.62 to 0.65 of one thread's
 * time; so they take 0.51 to 0.57 (docs/performance.md, "Two jobs").
 */
#ifndef SHUNT_CLI_IN_TURN_H
#define SHUNT_CLI_IN_TURN_H

#include "out.h"

#include <pthread.h>

struct kept_answers {
    struct out out;
    bool are_there, are_last;
};

struct in_turn {
    pthread_mutex_t lock;
    pthread_cond_t wrote;
    struct out *to;
    uint64_t written;          /* batches; the next one to be written has this number */
    bool stopped;              /* nothing more is written */
    struct kept_answers *kept; /* of batch b at b modulo `ahead` */
    unsigned ahead;
};

/* ahead: of so many batches, from 1, some may be kept; who comes with one behind them waits. 0, or an errno.
 */
int in_turn_init(struct in_turn *t, unsigned ahead);
void in_turn_release(struct in_turn *t);
/* Where answers go: before the first of them. */
void in_turn_begin(struct in_turn *t, struct out *to);
/* The answers of a batch, numbered from 0, each given once; `answers` is left empty. is_last: nothing behind
 * it is to be written. What cannot be written is the last, too: to->error. */
void in_turn_put(struct in_turn *t, uint64_t batch, struct out *answers, bool is_last);
/* Whether more is to be written. Before it says so, it waits until so many batches are. */
bool in_turn_wait(struct in_turn *t, uint64_t batches);

#endif
