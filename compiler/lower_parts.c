/*
 * The small change of lowering: strings, runs of records and maps by channel, each kept once.
 * Assumes that what is handed in lives as long as the arena.
 */
#include "lower.h"

#include <string.h>

/* ---- what was seen ---- */

struct seen_slot {
    uint32_t hash, at; /* hash 0: empty */
};

static void seen_resize(struct arena *a, struct seen *seen, uint32_t cap)
{
    struct seen bigger = {.count = seen->count, .cap = cap};
    bigger.slots = arena_array(a, struct seen_slot, cap);
    bigger.key = seen->cap ? seen->key : hash_key_of(bigger.slots);
    for (uint32_t i = 0; i < seen->cap; i++) {
        const struct seen_slot *s = &seen->slots[i];
        if (!s->hash) continue;
        uint32_t to = s->hash >> 1;
        while (bigger.slots[to & (cap - 1)].hash) to++;
        bigger.slots[to & (cap - 1)] = *s;
    }
    arena_give_back(a, seen->slots, seen->cap * sizeof *seen->slots);
    *seen = bigger;
}

void lower_seen_reserve(struct arena *a, struct seen *seen, uint32_t count)
{
    uint64_t cap = 16;
    while (5 * (uint64_t)count > 4 * cap) cap *= 2;
    if (cap > UINT32_MAX) arena_fail(a);
    seen_resize(a, seen, (uint32_t)cap);
}

uint32_t lower_seen_hash(const struct seen *seen, struct str bytes)
{
    uint32_t hash = keyed_hash(&seen->key, bytes.p, bytes.len);
    __builtin_prefetch(&seen->slots[hash >> 1 & (seen->cap - 1)], 1);
    return hash;
}

uint32_t lower_seen(struct lowering *l, struct seen *seen, uint32_t hash, struct str bytes, uint32_t at,
                    seen_same *same)
{
    if (5 * ((uint64_t)seen->count + 1) > 4 * (uint64_t)seen->cap) lower_seen_reserve(l->a, seen, seen->cap);
    for (uint32_t i = hash >> 1;; i++) {
        struct seen_slot *s = &seen->slots[i & (seen->cap - 1)];
        if (s->hash == hash && same(l, s->at, bytes)) return s->at;
        if (s->hash) continue;
        *s = (struct seen_slot){hash, at};
        seen->count++;
        return at;
    }
}

/* ---- strings ---- */

static bool same_string(const struct lowering *l, uint32_t string, struct str s)
{
    const struct parts *parts = &l->parts;
    uint32_t off = le32(parts->STRING_OFFS.at[string]), end = le32(parts->STRING_OFFS.at[string + 1]);
    return end - 1 - off == s.len && (s.len == 0 || !memcmp(parts->STRING_BYTES.at + off, s.p, s.len));
}

static uint32_t add_string(struct lowering *l, uint32_t hash, struct str s)
{
    uint32_t next = l->parts.STRING_OFFS.count - 1;
    uint32_t at = lower_seen(l, &l->strings, hash, s, next, same_string);
    if (at != next) return at;
    vec_reserve(l->a, &l->parts.STRING_BYTES, (uint32_t)s.len + 1);
    uint8_t *to = l->parts.STRING_BYTES.at + l->parts.STRING_BYTES.count;
    if (s.len) memcpy(to, s.p, s.len);
    to[s.len] = 0;
    l->parts.STRING_BYTES.count += (uint32_t)s.len + 1;
    *vec_push(l->a, &l->parts.STRING_OFFS) = to_le32(l->parts.STRING_BYTES.count);
    return at;
}

void lower_strings(struct lowering *l, const struct str *s, uint32_t count, uint32_t *indexes)
{
    uint32_t hashes[LOWER_TOGETHER];
    for (uint32_t i = 0; i < count; i++) hashes[i] = s[i].p ? lower_seen_hash(&l->strings, s[i]) : 0;
    for (uint32_t i = 0; i < count; i++) indexes[i] = s[i].p ? add_string(l, hashes[i], s[i]) : TF_NONE;
}

uint32_t lower_string(struct lowering *l, struct str s)
{
    uint32_t index;
    lower_strings(l, &s, 1, &index);
    return index;
}

/* ---- runs of records ---- */

/* Every VEC has this shape (base.h): items first, then how many. */
typedef VEC(char) any_vec;

uint32_t lower_run(struct lowering *l, struct strmap *seen, void *vec, size_t item_len, const void *items,
                   uint32_t count)
{
    if (!count) return 0;
    struct str key = {items, item_len * count};
    uint32_t at = strmap_get(seen, key, TF_NONE);
    if (at != TF_NONE) return at;
    vec_grow_(l->a, vec, item_len, count);
    any_vec v;
    memcpy(&v, vec, sizeof v);
    memcpy(v.at + item_len * v.count, items, key.len);
    at = v.count;
    v.count += count;
    memcpy(vec, &v, sizeof v);
    strmap_put(l->a, seen, arena_str(l->a, key), at);
    return at;
}

uint32_t lower_list(struct lowering *l, const ids *list, uint32_t base)
{
    le32_t few[32], *items = list->count <= 32 ? few : arena_array(l->a, le32_t, list->count);
    for (uint32_t i = 0; i < list->count; i++) items[i] = to_le32(list->at[i] + base);
    return lower_run(l, &l->lists, &l->parts.LIST, sizeof *items, items, list->count);
}

struct tf_channel_map lower_channel_map(struct lowering *l, const struct tf_by_channel *some, uint32_t count,
                                        uint32_t other)
{
    uint32_t first = lower_run(l, &l->by_channels, &l->parts.BY_CHANNEL, sizeof *some, some, count);
    return (struct tf_channel_map){to_le32(first), to_le32(count), to_le32(other)};
}
