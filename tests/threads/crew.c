/* Threads that begin together: see crew.h. */
#include "crew.h"
#include "../unit/compiled.h"
#include "../unit/matched.h"

#include <check.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct member {
    pthread_barrier_t *start;
    unsigned (*work)(void *ctx, unsigned number);
    void *ctx;
    unsigned number, wrong;
};

static void *member_run(void *ctx)
{
    struct member *m = ctx;
    pthread_barrier_wait(m->start);
    m->wrong = m->work(m->ctx, m->number);
    return NULL;
}

unsigned crew_run(unsigned count, unsigned (*work)(void *ctx, unsigned number), void *ctx)
{
    pthread_barrier_t start;
    pthread_t threads[CREW_MAX];
    struct member members[CREW_MAX];
    unsigned wrong = 0;
    ck_assert_uint_le(count, CREW_MAX);
    ck_assert_int_eq(pthread_barrier_init(&start, NULL, count), 0);
    for (unsigned i = 0; i < count; i++) {
        members[i] = (struct member){&start, work, ctx, i, 0};
        ck_assert_int_eq(pthread_create(&threads[i], NULL, member_run, &members[i]), 0);
    }
    for (unsigned i = 0; i < count; i++) {
        pthread_join(threads[i], NULL);
        wrong += members[i].wrong;
    }
    pthread_barrier_destroy(&start);
    return wrong;
}

void *crew_compile(const char *yaml, size_t *len)
{
    struct compiled x;
    compiled_open(&x, "p.yaml", yaml, true);
    void *bytes = malloc(*len = x.c->table.len);
    ck_assert_ptr_nonnull(bytes);
    memcpy(bytes, x.c->table.p, *len);
    compiled_close(&x);
    return bytes;
}

void crew_answer(const struct shunt_table *table, struct shunt_ticket *ticket, const char *words, char *out,
                 size_t len)
{
    struct matched d = {.t = table, .k = ticket};
    struct shunt_decision decision;
    matched_say(&d, words);
    shunt_match(ticket, &decision);
    matched_answer(&d, &decision, out, len);
}

/* A linear congruential generator's upper half (Knuth's MMIX). */
uint32_t crew_draw(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 32);
}
