/*
 * Blocks out of larger ones: see slabs.h. Of the gaps that are long enough one is cut from its front where
 * the least memory is touched for the first time, of those the smallest; what is given back joins the gaps
 * beside it; they are some dozens.
 *
 * A large policy takes 70 MB, and each page of 4 kB that is touched first costs a fault: of 100,000 rules
 * 21,000, a tenth of the time. So from some megabytes on the system is asked for pages of 2 MB; where it has
 * none, it gives small ones as before.
 */
#define _DEFAULT_SOURCE /* madvise() */
#include "slabs.h"
#include "poison.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

enum {
    GRAIN = 64, /* all lengths are multiples */
    PAGE_LEN = 4096,
    GREAT_LEN = 2 << 20,
    GREAT_FROM = 6 << 20,     /* what is taken before great pages are asked for: some 5,000 rules; */
    GREAT_FROM_ONE = 1 << 20, /* or an array as long, as is made for the rules of a megabyte of text */
    SLAB_LEN_MIN = 8 << 20,   /* of the first; each is twice as long as the one before it, */
    SLAB_LEN_MAX = 32 << 20   /* or so long */
};

struct slab {
    struct slab *next;
    size_t room;
    char *fresh; /* from here on nothing was taken yet */
};

struct gap {
    struct gap *next;
    size_t len;
};

static size_t rounded(size_t len, size_t to)
{
    return (len + to - 1) & ~(to - 1);
}

static char *end_of(const struct gap *g)
{
    return (char *)g + g->len;
}

/* ---- what the system gives ---- */

/* Asks for great pages wherever one lies within the bytes whole, and none of it was touched. */
static void ask_great(const void *bytes, size_t len)
{
#ifdef MADV_HUGEPAGE
    size_t before = (uintptr_t)bytes % PAGE_LEN;
    madvise((char *)(uintptr_t)bytes - before, rounded(before + len, PAGE_LEN), MADV_HUGEPAGE);
#else
    (void)bytes, (void)len;
#endif
}

/* One more slab, with a gap of `len` at least. Where great pages are asked for, the gap begins where one may:
 * the slab's first page is touched by malloc(). False: no memory. */
static bool slab_add(struct slabs *s, size_t len)
{
    bool great = s->taken >= GREAT_FROM || len >= GREAT_FROM_ONE;
    size_t room = s->first ? 2 * s->first->room : SLAB_LEN_MIN, head = great ? GREAT_LEN : GRAIN;
    if (room > SLAB_LEN_MAX) room = SLAB_LEN_MAX;
    if (room < len + PAGE_LEN) room = rounded(len + PAGE_LEN, GREAT_LEN);
    size_t slab_len = head + room - PAGE_LEN; /* to which malloc() adds its own, up to a page's end */
    struct slab *slab = malloc(slab_len);
    if (!slab) return false;
    if (great) ask_great(slab, slab_len);
    char *from = great ? (char *)slab + (GREAT_LEN - (uintptr_t)slab % GREAT_LEN) : (char *)slab + head;
    *slab = (struct slab){s->first, room, from};
    s->first = slab;
    slabs_give_back(s, from, (size_t)((char *)slab + slab_len - from) & ~(size_t)(GRAIN - 1));
    return true;
}

void slabs_end(struct slabs *s)
{
    for (struct slab *slab = s->first, *next; slab; slab = next) {
        next = slab->next;
        free(slab);
    }
    *s = (struct slabs){NULL, NULL, 0};
}

/* ---- gaps ---- */

/* The slab that a gap is of. */
static struct slab *slab_of(const struct slabs *s, const struct gap *g)
{
    struct slab *best = NULL;
    for (struct slab *slab = s->first; slab; slab = slab->next)
        if ((uintptr_t)slab < (uintptr_t)g && (uintptr_t)slab >= (uintptr_t)best) best = slab;
    return best;
}

/* How many of the first `len` bytes of the gap were never taken. */
static size_t fresh_within(const struct slabs *s, const struct gap *g, size_t len)
{
    const char *end = (const char *)g + len, *fresh = slab_of(s, g)->fresh;
    if (end <= fresh) return 0;
    return (const char *)g < fresh ? (size_t)(end - fresh) : len;
}

/* Where the gap that so many bytes are to be cut from hangs; NULL: there is none. */
static struct gap **fitting(struct slabs *s, size_t len)
{
    struct gap **best = NULL;
    size_t best_fresh = 0;
    for (struct gap **g = &s->gaps; *g; g = &(*g)->next) {
        if ((*g)->len < len) continue;
        size_t fresh = fresh_within(s, *g, len);
        if (best && (fresh > best_fresh || (fresh == best_fresh && (*g)->len >= (*best)->len))) continue;
        best = g;
        best_fresh = fresh;
    }
    return best;
}

void *slabs_take(struct slabs *s, size_t len)
{
    if (len > SIZE_MAX / 4) return NULL;
    len = rounded(len, GRAIN);
    struct gap **at = fitting(s, len);
    if (!at && slab_add(s, len)) at = fitting(s, len);
    if (!at) return NULL;
    struct gap *found = *at, *rest = (struct gap *)(void *)((char *)found + len);
    struct slab *slab = slab_of(s, found);
    if ((char *)rest > slab->fresh) slab->fresh = (char *)rest;
    ASAN_UNPOISON_MEMORY_REGION(found, len + (found->len == len ? 0 : sizeof *rest));
    if (found->len == len) {
        *at = found->next;
    } else {
        *rest = (struct gap){found->next, found->len - len};
        *at = rest;
    }
    s->taken += len;
    return found;
}

void slabs_give_back(struct slabs *s, void *bytes, size_t len)
{
    struct gap *given = bytes, *before = NULL, *after = s->gaps;
    for (; after && after < given; after = after->next) before = after;
    *given = (struct gap){after, rounded(len, GRAIN)};
    ASAN_POISON_MEMORY_REGION(given + 1, given->len - sizeof *given);
    if (after && end_of(given) == (char *)after) {
        given->next = after->next;
        given->len += after->len;
    }
    if (!before) {
        s->gaps = given;
    } else if (end_of(before) == (char *)given) {
        before->next = given->next;
        before->len += given->len;
    } else {
        before->next = given;
    }
}

void slabs_trim(struct slabs *s)
{
    for (struct gap *g = s->gaps; g; g = g->next) {
        char *from = (char *)(g + 1), *end = end_of(g);
        from += (PAGE_LEN - (uintptr_t)from % PAGE_LEN) % PAGE_LEN;
        end -= (uintptr_t)end % PAGE_LEN;
        if (from < end) madvise(from, (size_t)(end - from), MADV_DONTNEED);
    }
}
