/*
 * Tickets as numbers, one behind the other: what names were looked up for and texts were read for, kept.
 *
 * Of each, what matching reads (hot) stands apart from what few tickets are asked for (cold: values, for
 * conditions whose code is asked; facts, for rules that continue). To match one, its facts are held in a
 * ticket that carries nothing, and taken back; the rest is put into that ticket only when it is asked for.
 */
#ifndef SHUNT_RUNTIME_BATCH_H
#define SHUNT_RUNTIME_BATCH_H

#include "few.h"

/* Grows by the batch's hooks. */
struct sh_words {
    uint64_t *at;
    size_t len, cap;
};

/* Where a ticket begins in each of the two. Hot: its struct sh_front; its buckets; `held` words of facts; and
 * the place of each word among the table's, as many. Cold: struct sh_cold; its values; its facts. */
struct sh_place {
    size_t hot, cold;
};
struct sh_cold {
    int64_t at_sec;
    uint64_t value_count;
};
struct sh_cold_value {
    double number;
    uint32_t attr, place;
};

struct shunt_batch {
    const struct shunt_table *t;
    struct shunt_hooks hooks;
    size_t front_len; /* in words: without second hashes where the index has none */
    struct sh_words hot, cold;
    struct sh_place *places;
    size_t count, cap;
    struct sh_few *few;      /* or NULL */
    struct sh_words answers; /* of each ticket to what few entries ask, else none */
};

/* Words are held and let go so many at once, as they are written below: how many a ticket has cannot be
 * foreseen. */
enum { SH_HELD_AT_ONCE = 4 };

static inline const uint8_t *sh_batch_answers(const struct shunt_batch *b, size_t i)
{
    return (const void *)(b->answers.at + i * b->few->word_count);
}
static inline const struct sh_front *sh_batch_front(const struct shunt_batch *b, size_t i)
{
    return (const void *)(b->hot.at + b->places[i].hot);
}
static inline const struct sh_bucket *sh_batch_buckets(const struct shunt_batch *b, const struct sh_front *f)
{
    return (const void *)((const uint64_t *)(const void *)f + b->front_len);
}

/* Words of facts, and where they belong. */
struct sh_held {
    const uint64_t *bits;
    const uint32_t *place;
    uint32_t count;
};
static inline struct sh_held sh_batch_held(const struct sh_front *f, const struct sh_bucket *buckets)
{
    const uint64_t *bits = (const void *)(buckets + f->bucket_count);
    return (struct sh_held){bits, (const void *)(bits + f->held), f->held};
}

/* Into a ticket that carries nothing. */
static inline void sh_hold(struct shunt_ticket *k, struct sh_held h)
{
    uint64_t *has = k->has;
    for (const uint64_t *end = h.bits + h.count; h.bits < end; h.bits += SH_HELD_AT_ONCE) {
        has[h.place[0]] = h.bits[0], has[h.place[1]] = h.bits[1];
        has[h.place[2]] = h.bits[2], has[h.place[3]] = h.bits[3];
        h.place += SH_HELD_AT_ONCE;
    }
}
static inline void sh_let_go(struct shunt_ticket *k, struct sh_held h)
{
    uint64_t *has = k->has;
    for (const uint32_t *end = h.place + h.count; h.place < end; h.place += SH_HELD_AT_ONCE) {
        has[h.place[0]] = has[h.place[1]] = has[h.place[2]] = has[h.place[3]] = 0;
    }
    sh_set_bit(has, k->t->ATOM_count);
}

/* As shunt_batch_match(), but with nothing that only some processors have (match.c). */
void sh_batch_match_plain(const struct shunt_batch *batch, size_t i, struct shunt_ticket *room,
                          struct shunt_decision *decision);

#endif
