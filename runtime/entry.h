/*
 * An entry of the index whose signature has passed, and a ticket: what is left to be asked (TABLE-FORMAT 8).
 */
#ifndef SHUNT_RUNTIME_ENTRY_H
#define SHUNT_RUNTIME_ENTRY_H

#include "lanes.h"
#include "ticket.h"

#define SELDOM(x) __builtin_expect((x) != 0, 0)

/* Of bits that are not all zero. */
static inline uint32_t first_bit(uint32_t bits)
{
    return (uint32_t)__builtin_ctz(bits);
}

/* 1 where the facts that the entry names are as it wants them. */
SH_EACH uint32_t facts_right(const uint64_t *has, const struct tf_entry *e)
{
    uint32_t third = le32(e->third);
    return sh_bit(has, le32(e->also)) & (sh_bit(has, third >> 1) ^ (third & 1));
}

/* Of an entry's key. */
static inline bool asks_code(uint32_t key)
{
    return key & 1;
}

static inline bool code_holds(struct shunt_ticket *k, uint32_t key)
{
    if (SELDOM(k->batch != NULL)) sh_put_back(k);
    return sh_holds(k, le32(k->t->RULE[key >> 1].code));
}

#endif
