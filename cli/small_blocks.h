/*
 * An allocator for desks (shunt_hooks): short blocks cut out of large ones, which the system is asked to back
 * with pages of 2 MB (compiler/slabs.h). A ticket that is kept is two short blocks, and 100,000 of them
 * touched 10,000 pages of 4 kB more. The hooks say a block's length again, so none has a head.
 *
 * What is given back is kept for blocks of the same length, as tickets come and go, until all end together.
 * Longer blocks are malloc()'s. For one thread at a time.
 */
#ifndef SHUNT_CLI_SMALL_BLOCKS_H
#define SHUNT_CLI_SMALL_BLOCKS_H

#include "shunt.h"
#include "slabs.h"

/* 0: desks have malloc()'s blocks, each by itself. So it is with sanitizers, which look after each; in
 * tests/fault, where each is to fail; and where memory is counted (tests/ops). */
#ifndef SMALL_BLOCKS
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define SMALL_BLOCKS 0
#else
#define SMALL_BLOCKS 1
#endif
#endif

enum { SMALL_GRAIN = 16, SMALL_LEN_MAX = 1024 };

struct small_free;
struct small_blocks {
    struct slabs slabs;
    char *at; /* [at, at + left) is not cut yet */
    size_t left;
    struct small_free *free[SMALL_LEN_MAX / SMALL_GRAIN]; /* by length */
};

/* Zeroed, it is ready. It must stay where it is. */
struct shunt_hooks small_blocks_hooks(struct small_blocks *s);
/* All short blocks end. Of the longer ones each is to be given back before. */
void small_blocks_end(struct small_blocks *s);

#endif
