/*
 * Names in the order of their bytes: see name_order.h.
 *
 * By some bytes of each, without a comparison: a byte at a time, from the last (Knuth, 5.2.5). What all names
 * begin with is passed over, so that four bytes mostly tell ("seg-00417"); where several have the same, those
 * are compared. Of two lists of 650 names qsort() took 811,000 instructions, and as many branches that no
 * processor foresees as there are comparisons.
 */
#include "name_order.h"

#include <stdlib.h>

/* SORTED: of the eight, which leave few together to be compared. */
enum { BYTES = 8, SORTED = 4, FEW = 24 };

static int ranked_cmp(const void *x, const void *y)
{
    const struct ranked *a = x, *b = y;
    if (a->first != b->first) return a->first < b->first ? -1 : 1;
    return str_cmp(*a->name, *b->name);
}

/* How many bytes all of them begin with. */
static size_t common(const struct ranked *list, uint32_t count)
{
    struct str s = *list[0].name;
    size_t len = s.len;
    for (uint32_t i = 1; i < count && len; i++) {
        struct str other = *list[i].name;
        size_t k = 0;
        if (len > other.len) len = other.len;
        while (k < len && s.p[k] == other.p[k]) k++;
        len = k;
    }
    return len;
}

static uint64_t first_bytes(struct str s, size_t from)
{
    uint64_t first = 0;
    if (s.len - from >= BYTES) {
        for (size_t i = 0; i < BYTES; i++) first = first << 8 | (unsigned char)s.p[from + i];
        return first; /* one word, turned round */
    }
    for (size_t i = from; i < from + BYTES; i++) first = first << 8 | (i < s.len ? (unsigned char)s.p[i] : 0);
    return first;
}

/* By one byte of `first`, those that have the same staying as they are. */
static void by_byte(const struct ranked *from, struct ranked *to, uint32_t count, unsigned shift,
                    const uint32_t *counts)
{
    uint32_t next[256], sum = 0;
    for (uint32_t b = 0; b < 256; b++) next[b] = sum, sum += counts[b];
    for (uint32_t i = 0; i < count; i++) to[next[from[i].first >> shift & 255]++] = from[i];
}

/* Of the bytes that are sorted by, the last comes first. */
static unsigned shift_of(unsigned k)
{
    return 8 * (BYTES - SORTED + k);
}

static bool same_bytes(const struct ranked *a, const struct ranked *b)
{
    return !((a->first ^ b->first) >> shift_of(0));
}

static void by_number(struct arena *a, struct ranked *list, uint32_t count)
{
    uint32_t counts[SORTED][256] = {{0}};
    struct ranked *from = list, *to = arena_room(a, count * sizeof *to), *other = to;
    for (uint32_t i = 0; i < count; i++)
        for (unsigned k = 0; k < SORTED; k++) counts[k][list[i].first >> shift_of(k) & 255]++;
    for (unsigned k = 0; k < SORTED; k++) {
        if (counts[k][list[0].first >> shift_of(k) & 255] == count) continue; /* the same in all */
        by_byte(from, to, count, shift_of(k), counts[k]);
        struct ranked *sorted = to;
        to = from;
        from = sorted;
    }
    if (from != list) memcpy(list, from, count * sizeof *list);
    arena_give_back(a, other, count * sizeof *other);
}

/* Few are put where they belong one by one, without a call for each comparison. */
static void by_names(struct ranked *list, uint32_t count)
{
    if (count > FEW) {
        qsort(list, count, sizeof *list, ranked_cmp);
        return;
    }
    for (uint32_t i = 1; i < count; i++) {
        struct ranked one = list[i];
        uint32_t k = i;
        for (; k > 0 && ranked_cmp(&list[k - 1], &one) > 0; k--) list[k] = list[k - 1];
        list[k] = one;
    }
}

void names_order(struct arena *a, struct ranked *list, uint32_t count)
{
    if (!count) return;
    size_t begin = common(list, count);
    for (uint32_t i = 0; i < count; i++) list[i].first = first_bytes(*list[i].name, begin);
    if (count > FEW) by_number(a, list, count);
    for (uint32_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && (count <= FEW || same_bytes(&list[i], &list[end])); end++) continue;
        by_names(list + i, end - i);
    }
}
