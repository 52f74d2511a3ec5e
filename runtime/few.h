/*
 * A ticket of a batch to its rule, where all entries of the index stand in one bucket and are few: without a
 * branch.
 *
 * Of few rules it cannot be foreseen which facts a ticket has of those they ask for, and a branch that was
 * taken wrongly takes longer than all the rest. So a batch keeps a few bytes of each ticket, its answers to
 * all that the entries ask; and each of them is looked up: which entries does it refuse? Of those that none
 * refuses the first is it. (Ten rules, tickets that come once: 36 ns when their facts were held as those of
 * other tickets are, half of it for rules whose code was asked; 9 with these.)
 */
#ifndef SHUNT_RUNTIME_FEW_H
#define SHUNT_RUNTIME_FEW_H

#include "ticket.h"

/* The answers: a ticket's guard, the lower byte first; then its facts by eights, those eights of which one is
 * asked for. */
enum { SH_FEW_GUARD = 2, SH_FEW_BYTES = 16 };

struct sh_few {
    uint32_t byte_count, word_count; /* of a ticket's answers */
    uint32_t eight[SH_FEW_BYTES];  /* by byte of the answers, from SH_FEW_GUARD on: a fact in it / 8 */
    uint32_t key[TF_FLAT_MAX + 1]; /* of entries; otherwise's as the last one */
    /* By byte of the answers, and its value: a bit for each entry that it refuses. */
    uint32_t refused[SH_FEW_BYTES][UINT8_MAX + 1];
};

/* `*few` NULL: the index is not such a one, or rules continue, or facts of more eights are asked for. */
enum shunt_status sh_few_new(const struct shunt_table *t, const struct shunt_hooks *hooks,
                             struct sh_few **few);
void sh_few_free(struct sh_few *few, const struct shunt_hooks *hooks);

/* Writes byte_count of them. */
static inline void sh_few_answer(const struct sh_few *few, const struct shunt_ticket *k, uint8_t *answers)
{
    answers[0] = (uint8_t)k->front.guard, answers[1] = (uint8_t)(k->front.guard >> 8);
    for (uint32_t i = SH_FEW_GUARD; i < few->byte_count; i++)
        answers[i] = (uint8_t)(k->has[few->eight[i] >> 3] >> 8 * (few->eight[i] & 7));
}

/* The key of the first entry whose facts are right. There is always one. */
static inline uint32_t sh_few_key(const struct sh_few *few, const uint8_t *answers)
{
    uint32_t refused = 0;
    for (const uint32_t *by = few->refused[0], *end = few->refused[few->byte_count]; by < end;
         by += UINT8_MAX + 1)
        refused |= by[*answers++];
    return few->key[__builtin_ctzll(~(uint64_t)refused)];
}

#endif
