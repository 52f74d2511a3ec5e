/*
 * Hash maps of pointers, changed within a transaction: open addressing, linear probing, no tombstones.
 *
 * The map knows hashes alone; what lies behind a pointer is compared by the caller's function. A hash is
 * made by the caller (sh_hash()): of what strangers name, so it must be one that they cannot foresee. The map
 * owns its slots and not what they point to.
 */
#ifndef SHUNT_RUNTIME_MAP_H
#define SHUNT_RUNTIME_MAP_H

#include "siphash.h"
#include "txn.h"

struct sh_slot {
    uint64_t hash;
    void *item; /* NULL: empty */
};
struct sh_map {
    struct sh_slot *slots; /* cap of them, a power of two, or 0 */
    uint32_t cap, count;
    uint64_t mark;
};

typedef bool sh_same(const void *item, const void *key);

/* seed: another for each kind of thing that is hashed. */
uint64_t sh_hash(struct sip_key key, uint64_t seed, const void *bytes, size_t len);
void *sh_map_find(const struct sh_map *m, uint64_t hash, sh_same *same, const void *key);
void sh_map_insert(struct txn *x, struct sh_map *m, uint64_t hash, void *item);
/* item is in the map. */
void sh_map_remove(struct txn *x, struct sh_map *m, uint64_t hash, const void *item);
/* Outside a transaction: frees the slots. */
void sh_map_release(struct sh_map *m, const struct shunt_hooks *hooks);

#endif
