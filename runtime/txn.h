/*
 * Transactions over plain memory: an event of the desk is done whole or not at all.
 *
 * Before anything of the desk is changed, its old bytes are put aside (sh_txn_save); what is allocated during
 * a transaction is freed when it is taken back, what is freed during it is freed when it stands. Where memory
 * runs out, control returns by longjmp to whoever began the transaction, who calls sh_txn_rollback(): every
 * byte saved is put back, last first, and the desk is what it was. Rolling back needs no memory.
 *
 * An object that is saved whole carries a mark (the number of the transaction that saved it), so that it is
 * saved once. Outside a transaction nothing is to be changed.
 */
#ifndef SHUNT_RUNTIME_TXN_H
#define SHUNT_RUNTIME_TXN_H

#include "table.h"

#include <setjmp.h>

struct txn_block; /* what was allocated or is to be freed */

struct txn {
    struct shunt_hooks hooks;
    jmp_buf out;
    uint64_t number; /* of the transaction under way; marks compare with it */
    uint8_t *log;    /* saved bytes, each run followed by its place and length */
    size_t log_len, log_cap;
    struct txn_block *made, *dropped;
    size_t made_count, made_cap, dropped_count, dropped_cap;
};

void sh_txn_init(struct txn *x, const struct shunt_hooks *hooks);
void sh_txn_release(struct txn *x);

/* if (setjmp(x->out)) { sh_txn_rollback(x); ... no memory ... } sh_txn_begin(x); ... sh_txn_commit(x); */
void sh_txn_begin(struct txn *x);
void sh_txn_commit(struct txn *x);
void sh_txn_rollback(struct txn *x);
/* There is no memory: back to sh_txn_begin()'s caller. */
_Noreturn void sh_txn_fail(struct txn *x);

/* Puts len bytes at p aside. */
void sh_txn_save(struct txn *x, void *p, size_t len);
/* The same, once in a transaction: *mark is part of what is saved. */
static inline void txn_touch(struct txn *x, uint64_t *mark, void *p, size_t len)
{
    if (*mark == x->number) return;
    sh_txn_save(x, p, len);
    *mark = x->number;
}
/* Zeroed; never NULL. */
void *sh_txn_alloc(struct txn *x, size_t len);
/* A larger block with the old one's content (the rest zero); the old one is dropped. */
void *sh_txn_grow(struct txn *x, void *old, size_t old_len, size_t new_len);
/* Freed when the transaction stands: until then it can still be read. NULL is allowed. */
void sh_txn_free(struct txn *x, void *p, size_t len);

#endif
