/*
 * Large blocks, cut out of still larger ones of the system's: an arena's own stock (arena.c).
 *
 * What is given back is cut anew, for whatever comes next: each page that is touched first costs a fault and
 * is zeroed, and where the machine's memory is its host's, that is had from the host. All of it ends at once;
 * what the system gave stays with malloc() then, which knows by its size that more of it will be asked for.
 */
#ifndef SHUNT_COMPILER_SLABS_H
#define SHUNT_COMPILER_SLABS_H

#include <stddef.h>

struct slabs {
    struct slab *first;
    struct gap *gaps; /* what is free, by address */
    size_t taken;     /* in all, given back or not */
};

/* Aligned to 16 bytes, not zeroed. NULL: no memory. */
void *slabs_take(struct slabs *s, size_t len);
/* Of the length it was taken with. */
void slabs_give_back(struct slabs *s, void *bytes, size_t len);
/* What is free goes back to the system, page by page, until it is taken: where memory counts more than time.
 */
void slabs_trim(struct slabs *s);
void slabs_end(struct slabs *s);

#endif
