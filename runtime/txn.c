/* Transactions over plain memory: see txn.h. */
#include "txn.h"

struct txn_block {
    void *p;
    size_t len;
};

/* Behind each run of saved bytes, 8-aligned: whose they are. */
struct tail {
    void *p;
    size_t len;
};

/* Past this the log's room is given back when the transaction ends: one great drain must not hold it for
 * ever. */
enum { LOG_KEEP_LEN = 1 << 22 };

void sh_txn_init(struct txn *x, const struct shunt_hooks *hooks)
{
    memset(x, 0, sizeof *x);
    x->hooks = *hooks;
}

void sh_txn_release(struct txn *x)
{
    sh_free(&x->hooks, x->log, x->log_cap);
    sh_free(&x->hooks, x->made, x->made_cap * sizeof *x->made);
    sh_free(&x->hooks, x->dropped, x->dropped_cap * sizeof *x->dropped);
    sh_txn_init(x, &x->hooks);
}

_Noreturn void sh_txn_fail(struct txn *x)
{
    longjmp(x->out, 1);
}

void sh_txn_begin(struct txn *x)
{
    x->number++;
    x->log_len = x->made_count = x->dropped_count = 0;
}

static void end(struct txn *x, const struct txn_block *blocks, size_t count)
{
    for (size_t i = 0; i < count; i++) sh_free(&x->hooks, blocks[i].p, blocks[i].len);
    if (x->log_cap > LOG_KEEP_LEN) {
        sh_free(&x->hooks, x->log, x->log_cap);
        x->log = NULL;
        x->log_cap = 0;
    }
    x->log_len = x->made_count = x->dropped_count = 0;
}

void sh_txn_commit(struct txn *x)
{
    end(x, x->dropped, x->dropped_count);
}

void sh_txn_rollback(struct txn *x)
{
    while (x->log_len) {
        struct tail t;
        memcpy(&t, x->log + x->log_len - sizeof t, sizeof t);
        x->log_len -= sizeof t + ((t.len + 7) & ~(size_t)7);
        memcpy(t.p, x->log + x->log_len, t.len);
    }
    end(x, x->made, x->made_count);
}

void sh_txn_save(struct txn *x, void *p, size_t len)
{
    struct tail t = {p, len};
    size_t padded = (len + 7) & ~(size_t)7;
    if (x->log_cap - x->log_len < padded + sizeof t) {
        size_t cap = x->log_cap * 2 + padded + 4096;
        uint8_t *log = sh_resize(&x->hooks, x->log, x->log_cap, cap);
        if (!log) sh_txn_fail(x);
        x->log = log;
        x->log_cap = cap;
    }
    memcpy(x->log + x->log_len, p, len);
    memcpy(x->log + x->log_len + padded, &t, sizeof t);
    x->log_len += padded + sizeof t;
}

/* Room for one more block in a list of them. */
static struct txn_block *room(struct txn *x, struct txn_block **list, size_t count, size_t *cap)
{
    if (count == *cap) {
        size_t more = *cap * 2 + 16;
        void *grown = sh_resize(&x->hooks, *list, *cap * sizeof **list, sh_array_len(more, sizeof **list));
        if (!grown) sh_txn_fail(x);
        *list = grown;
        *cap = more;
    }
    return *list + count;
}

void *sh_txn_alloc(struct txn *x, size_t len)
{
    struct txn_block *b = room(x, &x->made, x->made_count, &x->made_cap);
    b->len = len ? len : 1;
    b->p = sh_alloc_zero(&x->hooks, b->len);
    if (!b->p) sh_txn_fail(x);
    x->made_count++;
    return b->p;
}

void *sh_txn_grow(struct txn *x, void *old, size_t old_len, size_t new_len)
{
    void *p = sh_txn_alloc(x, new_len);
    if (old_len) memcpy(p, old, old_len < new_len ? old_len : new_len);
    sh_txn_free(x, old, old_len);
    return p;
}

void sh_txn_free(struct txn *x, void *p, size_t len)
{
    if (!p) return;
    *room(x, &x->dropped, x->dropped_count, &x->dropped_cap) = (struct txn_block){p, len ? len : 1};
    x->dropped_count++;
}
