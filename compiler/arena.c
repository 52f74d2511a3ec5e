/*
 * The arena (base.h): blocks of memory that end together. Assumes nothing; allocates by calloc and its like
 * only.
 *
 * A large policy takes 80 MB, and each page of 4 kB that is touched first costs a fault: 21,000 of them were
 * a tenth of the time. So from some megabytes on the system is asked for pages of 2 MB; where it has none, it
 * gives small ones as before.
 */
#define _DEFAULT_SOURCE /* madvise() */
#include "base.h"

#include <setjmp.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>

/* Longer than that has a block of its own, which can be given back. 0 in tests/fault: there everything has,
 * so that everything can fail. */
#ifndef ARENA_OWN_LEN
#define ARENA_OWN_LEN (1 << 18)
#endif

enum {
    ARENA_FIRST_LEN = 1 << 14,
    ARENA_BLOCK_LEN = 1 << 20,
    GREAT_LEN = 2 << 20,  /* of a great page, and of a block that is one */
    GREAT_FROM = 6 << 20, /* what an arena takes before it is given such: 2,000 rules */
    /* Blocks that ended and are kept to be used again: of new ones every page costs a fault. */
    ARENA_SPARE_COUNT = 8
};

/* A ring round the arena's own link, so that a block leaves without its arena. */
struct link {
    struct link *next, *prev;
};

struct block {
    struct link link;
    size_t len; /* of bytes */
    _Alignas(16) char bytes[];
};

struct deferred {
    struct deferred *next;
    void (*release)(void *);
    void *object;
};

struct arena {
    struct link ring;
    struct block *block; /* [at, end) is what is left of it; NULL: none */
    char *at, *end;
    struct deferred *deferred;
    struct arena *up; /* NULL: no part of another */
    /* of the outermost alone */
    jmp_buf *oom;
    size_t taken;       /* in blocks, ended ones too */
    struct link *spare; /* by .next */
    uint32_t spare_count, spare_max;
};

struct arena *arena_new(void)
{
    struct arena *a = calloc(1, sizeof(struct arena));
    if (!a) return NULL;
    a->ring.next = a->ring.prev = &a->ring;
    a->spare_max = ARENA_SPARE_COUNT;
    return a;
}

static struct arena *outermost(struct arena *a)
{
    while (a->up) a = a->up;
    return a;
}

struct arena *arena_new_beside(struct arena *a)
{
    struct arena *own = arena_new();
    if (own) own->taken = outermost(a)->taken;
    return own;
}

/* Blocks of that length are for many things, not for one. */
static bool is_usual(size_t len)
{
    return len == ARENA_BLOCK_LEN || len == GREAT_LEN - sizeof(struct block);
}

/* l: a block's. Those of the usual length are kept for who comes next. */
static void block_end(struct arena *a, struct link *l)
{
    struct arena *top = outermost(a);
    l->next->prev = l->prev;
    l->prev->next = l->next;
    if (!is_usual(((struct block *)(void *)l)->len) || top->spare_count >= top->spare_max) {
        free(l);
        return;
    }
    l->next = top->spare;
    top->spare = l;
    top->spare_count++;
}

static void run_deferred(struct arena *a)
{
    for (struct deferred *d = a->deferred; d; d = d->next) d->release(d->object);
    a->deferred = NULL;
}

static void end(void *object)
{
    struct arena *a = object;
    run_deferred(a);
    while (a->ring.next != &a->ring) block_end(a, a->ring.next);
    a->block = NULL;
    a->at = a->end = NULL;
}

struct arena *arena_part(struct arena *a)
{
    struct arena *part = arena_new_of(a, struct arena);
    part->up = a;
    part->ring.next = part->ring.prev = &part->ring;
    arena_defer(a, end, part);
    return part;
}

void arena_end(struct arena *part)
{
    end(part);
}

void arena_clear(struct arena *part)
{
    struct block *kept = part->block;
    run_deferred(part);
    for (struct link *l = part->ring.next, *next; l != &part->ring; l = next) {
        next = l->next;
        if (l != &kept->link) block_end(part, l);
    }
    if (!kept) return;
    part->at = kept->bytes;
}

void arena_drop_before(struct arena *part, const void *p)
{
    for (struct link *l = part->ring.prev, *newer; l != &part->ring; l = newer) {
        const struct block *b = (struct block *)(void *)l;
        const char *at = p;
        newer = l->prev;
        if (b == part->block || (at >= b->bytes && at < b->bytes + b->len)) return;
        block_end(part, l);
    }
}

void arena_keep_spare(struct arena *a, uint32_t count)
{
    a = outermost(a);
    a->spare_max = count;
    for (; a->spare_count > count; a->spare_count--) {
        struct link *next = a->spare->next;
        free(a->spare);
        a->spare = next;
    }
}

void arena_free(struct arena *a)
{
    if (!a) return;
    end(a);
    arena_keep_spare(a, 0);
    free(a);
}

bool arena_try(struct arena *a, void (*body)(void *ctx), void *ctx)
{
    jmp_buf here;
    a->oom = &here;
    bool whole = setjmp(here) == 0;
    if (whole) body(ctx);
    a->oom = NULL;
    return whole;
}

_Noreturn void arena_fail(struct arena *a)
{
    a = outermost(a);
    if (!a->oom) abort(); /* a programmer's mistake: allocation outside arena_try() */
    longjmp(*a->oom, 1);
}

/* ---- blocks ---- */

/* Asks for great pages wherever one lies within the bytes whole. */
static void ask_great(void *bytes, size_t len)
{
#ifdef MADV_HUGEPAGE
    uintptr_t from = ((uintptr_t)bytes + GREAT_LEN - 1) & ~(uintptr_t)(GREAT_LEN - 1);
    uintptr_t to = ((uintptr_t)bytes + len) & ~(uintptr_t)(GREAT_LEN - 1);
    if (from < to) madvise((char *)bytes + (from - (uintptr_t)bytes), to - from, MADV_HUGEPAGE);
#else
    (void)bytes, (void)len;
#endif
}

/* A block for many things that is a great page, or would be if there were one. NULL: no memory. */
static struct block *great_block(void)
{
    void *p;
    if (posix_memalign(&p, GREAT_LEN, GREAT_LEN)) return NULL;
    ask_great(p, GREAT_LEN);
    struct block *b = p;
    b->len = GREAT_LEN - sizeof *b;
    return b;
}

/* For one thing. NULL: no memory. */
static struct block *own_block(const struct arena *top, size_t len, bool zeroed)
{
    struct block *b = zeroed ? calloc(1, sizeof *b + len) : malloc(sizeof *b + len);
    if (!b) return NULL;
    if (top->taken + len >= GREAT_FROM) ask_great(b, sizeof *b + len);
    b->len = len;
    return b;
}

/* Not zeroed, for many things: what is not given out need not be. NULL: no memory. */
static struct block *plain_block(const struct arena *top, size_t len)
{
    if (len == ARENA_BLOCK_LEN && top->taken >= GREAT_FROM) return great_block();
    struct block *b = malloc(sizeof *b + len);
    if (b) b->len = len;
    return b;
}

/* One that was used before, for either; NULL: there is none, or it would be too long. */
static struct block *spare_block(struct arena *top, size_t len)
{
    if (len <= ARENA_BLOCK_LEN / 2 || len > ARENA_BLOCK_LEN || !top->spare) return NULL;
    struct block *b = (struct block *)(void *)top->spare;
    top->spare = top->spare->next;
    top->spare_count--;
    return b;
}

/* The arena's from now on. */
static struct block *keep(struct arena *a, struct block *b)
{
    if (!b) return NULL;
    b->link = (struct link){a->ring.next, &a->ring};
    b->link.next->prev = a->ring.next = &b->link;
    return b;
}

static struct block *keep_new(struct arena *a, struct block *b)
{
    if (b) outermost(a)->taken += b->len;
    return keep(a, b);
}

static bool next_block(struct arena *a, size_t len)
{
    struct arena *top = outermost(a);
    size_t block_len = !a->block && len <= ARENA_FIRST_LEN / 4 ? ARENA_FIRST_LEN : ARENA_BLOCK_LEN;
    struct block *b = keep(a, spare_block(top, block_len));
    if (!b) b = keep_new(a, plain_block(top, block_len));
    if (!b) return false;
    a->block = b;
    a->at = b->bytes;
    a->end = a->at + b->len;
    return true;
}

/* A block of its own. NULL: no memory. */
static void *own_alloc(struct arena *a, size_t len, bool zeroed)
{
    struct arena *top = outermost(a);
    struct block *b = keep(a, spare_block(top, len));
    if (b) return zeroed ? memset(b->bytes, 0, len) : b->bytes;
    b = keep_new(a, own_block(top, len, zeroed));
    return b ? b->bytes : NULL;
}

/* NULL: no memory. */
static inline void *try_bytes(struct arena *a, size_t len, bool zeroed)
{
    if (len > SIZE_MAX / 2) return NULL;
    len = (len + 7 + !len) & ~(size_t)7; /* of no bytes too: NULL is no answer */
    if (len > ARENA_OWN_LEN) return own_alloc(a, len, zeroed);
    if (len > (size_t)(a->end - a->at) && !next_block(a, len)) return NULL;
    void *p = a->at;
    a->at += len;
    return zeroed ? memset(p, 0, len) : p;
}

static void *try_alloc(struct arena *a, size_t len)
{
    return try_bytes(a, len, true);
}

void *arena_alloc(struct arena *a, size_t len)
{
    void *p = try_alloc(a, len);
    if (!p) arena_fail(a);
    return p;
}

void *arena_room(struct arena *a, size_t len)
{
    void *p = try_bytes(a, len, false);
    if (!p) arena_fail(a);
    return p;
}

void *arena_items(struct arena *a, size_t item_len, uint64_t count)
{
    if (count > SIZE_MAX / item_len) arena_fail(a);
    return arena_alloc(a, item_len * (size_t)count);
}

void arena_give_back(struct arena *a, void *bytes, size_t len)
{
    if (!bytes || len <= ARENA_OWN_LEN) return;
    block_end(a, (struct link *)(void *)((char *)bytes - offsetof(struct block, bytes)));
}

void arena_defer(struct arena *a, void (*release)(void *object), void *object)
{
    struct deferred *d = try_alloc(a, sizeof *d);
    if (!d) {
        release(object);
        arena_fail(a);
    }
    *d = (struct deferred){a->deferred, release, object};
    a->deferred = d;
}

struct str arena_str(struct arena *a, struct str s)
{
    char *p = arena_alloc(a, s.len + 1);
    if (s.len) memcpy(p, s.p, s.len);
    return (struct str){p, s.len};
}

struct str arena_take(struct arena *a, char *string, size_t len)
{
    char *p = try_alloc(a, len + 1);
    if (p) memcpy(p, string, len);
    free(string);
    if (!p) arena_fail(a);
    return (struct str){p, len};
}
