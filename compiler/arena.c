/*
 * The arena (base.h): blocks of memory that end together. Assumes nothing; allocates by malloc() and its like
 * only. Small blocks are the system's each by itself, large ones are cut from larger ones (slabs.h).
 */
#include "base.h"
#include "slabs.h"

#include <setjmp.h>
#include <stddef.h>
#include <stdlib.h>

/* Longer than that has a block of its own, which can be given back. 0 in tests/fault: there everything has,
 * so that everything can fail. */
#ifndef ARENA_OWN_LEN
#define ARENA_OWN_LEN (1 << 16)
#endif
/* 0 there, and where memory is counted (tests/ops): each block is the system's, by itself. */
#ifndef ARENA_SLABS
#define ARENA_SLABS 1
#endif

enum { ARENA_FIRST_LEN = 1 << 14, ARENA_BLOCK_LEN = 1 << 18 };

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
    struct slabs slabs;
};

struct arena *arena_new(void)
{
    struct arena *a = calloc(1, sizeof(struct arena));
    if (!a) return NULL;
    a->ring.next = a->ring.prev = &a->ring;
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
    if (own) own->slabs.taken = outermost(a)->slabs.taken;
    return own;
}

static bool is_of_slabs(size_t len)
{
    return ARENA_SLABS && len > ARENA_FIRST_LEN;
}

/* l: a block's. */
static void block_end(struct arena *a, struct link *l)
{
    struct block *b = (struct block *)(void *)l;
    l->next->prev = l->prev;
    l->prev->next = l->next;
    if (is_of_slabs(b->len))
        slabs_give_back(&outermost(a)->slabs, b, sizeof *b + b->len);
    else
        free(b);
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
    for (struct link *l = a->ring.next, *next; l != &a->ring; l = next) {
        next = l->next;
        block_end(a, l);
    }
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

void arena_trim(struct arena *a)
{
    slabs_trim(&outermost(a)->slabs);
}

void arena_free(struct arena *a)
{
    if (!a) return;
    end(a);
    slabs_end(&a->slabs);
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

/* Not zeroed: what is not given out need not be. NULL: no memory. */
static struct block *block_new(struct arena *a, size_t len)
{
    size_t whole = sizeof(struct block) + len;
    struct block *b = is_of_slabs(len) ? slabs_take(&outermost(a)->slabs, whole) : malloc(whole);
    if (!b) return NULL;
    b->len = len;
    b->link = (struct link){a->ring.next, &a->ring};
    b->link.next->prev = a->ring.next = &b->link;
    return b;
}

static bool next_block(struct arena *a, size_t len)
{
    bool first = !a->block && len <= ARENA_FIRST_LEN / 4;
    struct block *b = block_new(a, first ? ARENA_FIRST_LEN : ARENA_BLOCK_LEN);
    if (!b) return false;
    a->block = b;
    a->at = b->bytes;
    a->end = a->at + b->len;
    return true;
}

/* NULL: no memory. */
static inline void *try_bytes(struct arena *a, size_t len, bool zeroed)
{
    if (len > SIZE_MAX / 2) return NULL;
    len = (len + 7 + !len) & ~(size_t)7; /* of no bytes too: NULL is no answer */
    void *p;
    if (len > ARENA_OWN_LEN) {
        struct block *b = block_new(a, len);
        if (!b) return NULL;
        p = b->bytes;
    } else {
        if (len > (size_t)(a->end - a->at) && !next_block(a, len)) return NULL;
        p = a->at;
        a->at += len;
    }
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
