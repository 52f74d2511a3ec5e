/*
 * Maps by channel: `assign`, `hours`, `after_hours`, `rank` (language.md 2.7).
 *
 * Turns entries as written into one value for each channel named, sorted, and one for the rest (`other`).
 */
#include "resolve.h"

#include <stdlib.h>

static int by_channel_cmp(const void *x, const void *y)
{
    const struct m_by_channel *a = x, *b = y;
    if (a->channel != b->channel) return a->channel < b->channel ? -1 : 1;
    if (a->at.file != b->at.file) return a->at.file < b->at.file ? -1 : 1;
    return a->at.off < b->at.off ? -1 : a->at.off > b->at.off;
}

/* Sorted; a channel named twice is reported and its first entry kept. */
static void sort_entries(struct resolver *r, struct m_channel_map *map)
{
    if (map->some.count < 2) return;
    qsort(map->some.at, map->some.count, sizeof *map->some.at, by_channel_cmp);
    uint32_t kept = 1;
    for (uint32_t i = 1; i < map->some.count; i++) {
        const struct m_by_channel *before = &map->some.at[kept - 1], *e = &map->some.at[i];
        if (e->channel == before->channel) {
            struct str name = r->m->attrs.at[TF_CHANNEL].values.at[e->channel].name.s;
            diag_related(diag(r->d, E0614, e->at, shown(r, name)), before->at, S("first said here"));
        } else {
            map->some.at[kept++] = *e;
        }
    }
    map->some.count = kept;
}

/* The entry for the rest: `other`, or a value said once for every channel. Both, or one twice, is an error.
 */
static void take_rest(struct resolver *r, const struct by_channel *e, uint32_t value,
                      const struct by_channel **rest, struct m_channel_map *out)
{
    if (*rest) {
        struct str word = e->channel.s.p ? S("other") : S("every channel");
        diag_related(diag(r->d, E0614, e->at, word), (*rest)->at, S("first said here"));
        return;
    }
    *rest = e;
    out->other = value;
}

bool resolve_map(struct resolver *r, const channel_map *in, uint32_t fallback, map_value *value,
                 struct m_channel_map *out)
{
    const struct by_channel *rest = NULL;
    out->other = fallback;
    for (uint32_t i = 0; i < in->count; i++) {
        const struct by_channel *e = &in->at[i];
        bool is_rest = !e->channel.s.p || str_eq(e->channel.s, S("other"));
        uint32_t channel = is_rest ? NONE : find_channel(r, e->channel);
        uint32_t v = fallback;
        bool right = value(r, e, &v);
        if (is_rest)
            take_rest(r, e, right ? v : fallback, &rest, out);
        else if (right && channel != NONE)
            *vec_push(r->a, &out->some) = (struct m_by_channel){channel, v, e->at};
    }
    sort_entries(r, out);
    return rest != NULL;
}

uint32_t map_at(const struct m_channel_map *map, uint32_t channel)
{
    for (uint32_t lo = 0, hi = map->some.count; lo < hi;) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (map->some.at[mid].channel == channel) return map->some.at[mid].value;
        if (map->some.at[mid].channel < channel)
            lo = mid + 1;
        else
            hi = mid;
    }
    return map->other;
}
