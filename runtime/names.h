/* Names looked up among a table's. */
#ifndef SHUNT_RUNTIME_NAMES_H
#define SHUNT_RUNTIME_NAMES_H

#include "lanes.h"
#include "table.h"

static inline bool sh_is_name(struct shunt_string s, const char *name, size_t len)
{
    return s.bytes && s.len == len && sh_same_bytes(s.bytes, name, len);
}

/* The atom that is the name's in the attribute, or TF_NONE. The name is in NFC.
 *
 * Half of the places are taken. The tags of sixteen are asked at once: to go from place to place is a branch
 * at each that cannot be foreseen (3 to 5 % of `shunt match`). */
static inline uint32_t sh_find_atom(const struct shunt_table *t, uint32_t attr, const char *name, size_t len)
{
    if (t->ATOM_HASH_count == 0) return TF_NONE;
    uint32_t mask = t->ATOM_HASH_count - 1, first = le32(t->ATTR[attr].atom_first);
    uint32_t count = le32(t->ATTR[attr].atom_count), hash = tf_name_hash(attr, name, len);
    lanes tag = splat(sh_name_tag(hash));
    for (uint32_t place = hash & mask;; place = (place + SH_LANES) & mask) {
        lanes tags = load_lanes(t->name_tags + place);
        uint32_t empty = lane_bits((lanes)(tags == 0)), before_empty = empty ^ (empty - 1);
        for (uint32_t same = lane_bits((lanes)(tags == tag)) & before_empty; same; same &= same - 1) {
            uint32_t found = (place + (uint32_t)__builtin_ctz(same)) & mask;
            uint32_t atom = le32(t->ATOM_HASH[found]) - 1;
            if (atom - first < count && sh_is_name(sh_string(t, le32(t->ATOM[atom].string)), name, len))
                return atom;
        }
        if (empty) return TF_NONE; /* there is an empty place */
    }
}

#endif
