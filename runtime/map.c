/* Hash maps of pointers, changed within a transaction: see map.h. */
#include "map.h"

uint64_t sh_hash(struct sip_key key, uint64_t seed, const void *bytes, size_t len)
{
    key.k[0] ^= seed;
    return siphash(key, bytes, len);
}

void *sh_map_find(const struct sh_map *m, uint64_t hash, sh_same *same, const void *key)
{
    if (!m->cap) return NULL;
    for (uint32_t i = (uint32_t)hash & (m->cap - 1); m->slots[i].item; i = (i + 1) & (m->cap - 1)) {
        if (m->slots[i].hash == hash && same(m->slots[i].item, key)) return m->slots[i].item;
    }
    return NULL;
}

/* Puts it into a free slot; the map has one. */
static struct sh_slot *free_slot(struct sh_slot *slots, uint32_t cap, uint64_t hash)
{
    uint32_t i = (uint32_t)hash & (cap - 1);
    while (slots[i].item) i = (i + 1) & (cap - 1);
    return &slots[i];
}

static void grow(struct txn *x, struct sh_map *m)
{
    uint32_t cap = m->cap ? m->cap * 2 : 16;
    if (cap < m->cap) sh_txn_fail(x); /* 2^31 items: more than memory holds */
    struct sh_slot *slots = sh_txn_alloc(x, (size_t)cap * sizeof *slots);
    for (uint32_t i = 0; i < m->cap; i++) {
        if (m->slots[i].item) *free_slot(slots, cap, m->slots[i].hash) = m->slots[i];
    }
    sh_txn_free(x, m->slots, (size_t)m->cap * sizeof *slots);
    m->slots = slots;
    m->cap = cap;
}

void sh_map_insert(struct txn *x, struct sh_map *m, uint64_t hash, void *item)
{
    txn_touch(x, &m->mark, m, sizeof *m);
    if ((uint64_t)(m->count + 1) * 4 > (uint64_t)m->cap * 3) grow(x, m);
    struct sh_slot *s = free_slot(m->slots, m->cap, hash);
    sh_txn_save(x, s, sizeof *s);
    *s = (struct sh_slot){hash, item};
    m->count++;
}

/* Whether the slot `at` lies cyclically in (from, to]. */
static bool between(uint32_t from, uint32_t at, uint32_t to)
{
    return from <= to ? from < at && at <= to : from < at || at <= to;
}

/* Knuth, TAOCP 3, 6.4, algorithm R: what could have stood in the gap moves into it. */
void sh_map_remove(struct txn *x, struct sh_map *m, uint64_t hash, const void *item)
{
    uint32_t mask = m->cap - 1, gap = (uint32_t)hash & mask;
    while (m->slots[gap].item != item) gap = (gap + 1) & mask;
    for (uint32_t i = (gap + 1) & mask; m->slots[i].item; i = (i + 1) & mask) {
        uint32_t home = (uint32_t)m->slots[i].hash & mask;
        if (between(gap, home, i)) continue;
        sh_txn_save(x, &m->slots[gap], sizeof *m->slots);
        m->slots[gap] = m->slots[i];
        gap = i;
    }
    sh_txn_save(x, &m->slots[gap], sizeof *m->slots);
    m->slots[gap] = (struct sh_slot){0, NULL};
    txn_touch(x, &m->mark, m, sizeof *m);
    m->count--;
}

void sh_map_release(struct sh_map *m, const struct shunt_hooks *hooks)
{
    sh_free(hooks, m->slots, (size_t)m->cap * sizeof *m->slots);
    *m = (struct sh_map){NULL, 0, 0, 0};
}
