/*
 * The small change of lowering: strings, runs of records and maps by channel, each kept once.
 * Assumes that what is handed in lives as long as the arena.
 */
#include "lower.h"

#include <string.h>

uint32_t lower_string(struct lowering *l, struct str s)
{
    if (!s.p) return TF_NONE;
    uint32_t next = l->parts.STRING_OFFS.count - 1;
    uint32_t at = strmap_put(l->a, &l->strings, s, next);
    if (at != next) return at;
    vec_reserve(l->a, &l->parts.STRING_BYTES, (uint32_t)s.len + 1);
    uint8_t *to = l->parts.STRING_BYTES.at + l->parts.STRING_BYTES.count;
    if (s.len) memcpy(to, s.p, s.len);
    to[s.len] = 0;
    l->parts.STRING_BYTES.count += (uint32_t)s.len + 1;
    *vec_push(l->a, &l->parts.STRING_OFFS) = to_le32(l->parts.STRING_BYTES.count);
    return at;
}

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

void lower_span(struct lowering *l, enum tf_span_kind kind, uint32_t index, struct span at)
{
    if (l->c->options.strip || !span_said(at)) return;
    *vec_push(l->a, &l->spans[kind]) = (struct raw_span){index, at};
}
