/*
 * The generator's memory, texts and numbers.
 *
 * Memory comes in blocks that live until gen_free(); where it runs out the program ends, as a test may.
 */
#include "gen.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct gen_block {
    struct gen_block *next;
    size_t used, cap;
    max_align_t bytes[];
};

static struct gen_block *new_block(struct gen_pool *pool, size_t len)
{
    size_t cap = len > 65536 ? len : 65536;
    struct gen_block *b = malloc(sizeof *b + cap);
    if (!b) {
        fputs("out of memory\n", stderr);
        exit(2);
    }
    b->next = pool->blocks;
    b->used = 0;
    b->cap = cap;
    return pool->blocks = b;
}

void *gen_alloc(struct gen *g, size_t len)
{
    len = (len + 15) / 16 * 16;
    struct gen_block *b = g->pool->blocks;
    if (!b || b->cap - b->used < len) b = new_block(g->pool, len);
    void *p = (char *)b->bytes + b->used;
    b->used += len;
    return memset(p, 0, len);
}

void gen_free(struct gen_pool *pool)
{
    while (pool->blocks) {
        struct gen_block *next = pool->blocks->next;
        free(pool->blocks);
        pool->blocks = next;
    }
}

char *gen_strdup(struct gen *g, const char *s)
{
    size_t len = strlen(s) + 1;
    return memcpy(gen_alloc(g, len), s, len);
}

char *gen_format(struct gen *g, const char *format, ...)
{
    struct out o = {.g = g};
    char text[2048];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    sb_puts(&o, text);
    return sb_text(&o);
}

struct any_list {
    void *at;
    int count, cap;
};

void gen_grow(struct gen *g, void *list, size_t item_len)
{
    struct any_list *l = list;
    int cap = l->cap ? 2 * l->cap : 4;
    void *at = gen_alloc(g, (size_t)cap * item_len);
    if (l->count) memcpy(at, l->at, (size_t)l->count * item_len);
    l->at = at;
    l->cap = cap;
}

void sb_bytes(struct out *o, const char *bytes, size_t len)
{
    if (o->len + len + 1 > o->cap) {
        size_t cap = (o->len + len + 1) * 2;
        char *p = gen_alloc(o->g, cap);
        if (o->len) memcpy(p, o->p, o->len);
        o->p = p;
        o->cap = cap;
    }
    memcpy(o->p + o->len, bytes, len);
    o->len += len;
    o->p[o->len] = 0;
}

void sb_puts(struct out *o, const char *s)
{
    sb_bytes(o, s, strlen(s));
}

void sb_putc(struct out *o, char c)
{
    sb_bytes(o, &c, 1);
}

void sb_printf(struct out *o, const char *format, ...)
{
    char text[2048];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    sb_puts(o, text);
}

char *sb_text(struct out *o)
{
    if (!o->p) sb_bytes(o, "", 0);
    return o->p;
}

/* Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014. */
uint64_t rng_next(struct gen *g)
{
    uint64_t z = (g->state += UINT64_C(0x9E3779B97F4A7C15));
    struct tape *tape = g->pool ? g->pool->tape : NULL;
    if (tape && tape->at < tape->len) z = tape->bytes[tape->at++] * UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

int rng_below(struct gen *g, int n)
{
    return (int)(rng_next(g) % (uint64_t)n);
}

int rng_between(struct gen *g, int lo, int hi)
{
    return lo + rng_below(g, hi - lo + 1);
}

bool rng_chance(struct gen *g, int percent)
{
    return rng_below(g, 100) < percent;
}

void rng_shuffle(struct gen *g, void *items, int count, size_t item_len)
{
    char *a = items, swap[256];
    for (int i = count - 1; i > 0; i--) {
        int j = rng_below(g, i + 1);
        memcpy(swap, a + (size_t)i * item_len, item_len);
        memcpy(a + (size_t)i * item_len, a + (size_t)j * item_len, item_len);
        memcpy(a + (size_t)j * item_len, swap, item_len);
    }
}
