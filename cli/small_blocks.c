/* Short blocks: see small_blocks.h. */
#include "small_blocks.h"
#include "poison.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK_LEN = 1 << 16 }; /* what is cut at once; a multiple of the grain */

struct small_free {
    struct small_free *next;
};

static size_t rounded(size_t len)
{
    return (len + SMALL_GRAIN - 1) & ~(size_t)(SMALL_GRAIN - 1);
}

static bool is_short(size_t len)
{
    return len <= SMALL_LEN_MAX;
}

static struct small_free **free_of(struct small_blocks *s, size_t len)
{
    return &s->free[rounded(len) / SMALL_GRAIN - 1];
}

/* As many bytes of the block as were asked for may be touched. */
static void *open_to(void *block, size_t len)
{
    ASAN_POISON_MEMORY_REGION(block, rounded(len));
    ASAN_UNPOISON_MEMORY_REGION(block, len);
    return block;
}

/* NULL: no memory. */
static void *cut(struct small_blocks *s, size_t len)
{
    if (s->left < len) {
        char *chunk = slabs_take(&s->slabs, CHUNK_LEN);
        if (!chunk) return NULL;
        ASAN_POISON_MEMORY_REGION(chunk, CHUNK_LEN);
        s->at = chunk, s->left = CHUNK_LEN;
    }
    char *block = s->at;
    s->at += len, s->left -= len;
    return block;
}

static void *take(struct small_blocks *s, size_t len)
{
    if (!is_short(len)) return malloc(len);
    struct small_free **of_len = free_of(s, len), *block = *of_len;
    if (block)
        *of_len = block->next;
    else
        block = cut(s, rounded(len));
    return block ? open_to(block, len) : NULL;
}

static void give_back(struct small_blocks *s, void *bytes, size_t len)
{
    if (!is_short(len)) {
        free(bytes);
        return;
    }
    struct small_free **of_len = free_of(s, len), *block = open_to(bytes, sizeof *block);
    block->next = *of_len;
    *of_len = block;
}

static void *move(struct small_blocks *s, void *block, size_t old_len, size_t new_len)
{
    void *moved = take(s, new_len);
    if (!moved) return NULL;
    memcpy(moved, block, old_len < new_len ? old_len : new_len);
    give_back(s, block, old_len);
    return moved;
}

static void *resize(void *ctx, void *block, size_t old_len, size_t new_len)
{
    struct small_blocks *s = ctx;
    if (!block) return new_len ? take(s, new_len) : NULL;
    if (new_len == 0) {
        give_back(s, block, old_len);
        return NULL;
    }
    if (!is_short(old_len) && !is_short(new_len)) return realloc(block, new_len);
    return rounded(old_len) == rounded(new_len) ? open_to(block, new_len) : move(s, block, old_len, new_len);
}

struct shunt_hooks small_blocks_hooks(struct small_blocks *s)
{
    return (struct shunt_hooks){resize, s};
}

void small_blocks_end(struct small_blocks *s)
{
    slabs_end(&s->slabs);
    *s = (struct small_blocks){.left = 0};
}
