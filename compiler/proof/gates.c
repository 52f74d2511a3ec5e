/*
 * Gates: see gates.h. An AND is flattened by one level, sorted, and looked up before it is made, so that equal
 * conjunctions are one node however they were put together.
 */
#include "gates.h"

#include <stdlib.h>
#include <string.h>

/* An AND of one literal more flattens into the next as long as that has no more than this. */
enum { FLAT_MAX = 16 };

void gates_init(struct gates *g, struct arena *a)
{
    *g = (struct gates){.a = a};
    *vec_push(a, &g->nodes) = (struct gate){GATE_CONSTANT, 0, 0};
}

lit gate_var(struct gates *g, uint32_t what)
{
    uint32_t node = g->nodes.count;
    *vec_push(g->a, &g->nodes) = (struct gate){GATE_VAR, what, 0};
    return lit_of(node, false);
}

/* ---- finding an AND that is there ---- */

static uint64_t hash_kids(const lit *kids, uint32_t count)
{
    uint64_t h = count;
    for (uint32_t i = 0; i < count; i++) {
        h = (h ^ kids[i]) * UINT64_C(0x9e3779b97f4a7c15);
        h ^= h >> 29;
    }
    return h;
}

/* The slot of the AND of these kids: its own, or the empty one where it belongs. */
static uint32_t *find_slot(const struct gates *g, const lit *kids, uint32_t count)
{
    for (uint64_t i = hash_kids(kids, count);; i++) {
        uint32_t *slot = &g->slots[i & (g->slot_count - 1)];
        if (!*slot) return slot;
        const struct gate *gate = &g->nodes.at[*slot - 1];
        if (gate->kid_count == count && !memcmp(g->kids.at + gate->kid_first, kids, count * sizeof *kids))
            return slot;
    }
}

static void grow_slots(struct gates *g)
{
    uint32_t *old = g->slots, old_count = g->slot_count;
    g->slot_count = old_count ? 2 * old_count : 1024;
    g->slots = arena_array(g->a, uint32_t, g->slot_count);
    for (uint32_t i = 0; i < old_count; i++) {
        if (!old[i]) continue;
        const struct gate *gate = &g->nodes.at[old[i] - 1];
        *find_slot(g, g->kids.at + gate->kid_first, gate->kid_count) = old[i];
    }
    arena_give_back(g->a, old, old_count * sizeof *old);
}

/* The AND of kids that are settled: two or more. */
static lit find_and(struct gates *g, const lit *kids, uint32_t count)
{
    if (2 * (uint64_t)g->nodes.count >= g->slot_count) grow_slots(g);
    uint32_t *slot = find_slot(g, kids, count);
    if (*slot) return lit_of(*slot - 1, false);
    uint32_t first = g->kids.count;
    vec_reserve(g->a, &g->kids, count);
    memcpy(g->kids.at + first, kids, count * sizeof *kids);
    g->kids.count += count;
    *slot = g->nodes.count + 1;
    *vec_push(g->a, &g->nodes) = (struct gate){GATE_AND, first, count};
    return lit_of(g->nodes.count - 1, false);
}

/* ---- making one ---- */

static int number_order(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

void sort_numbers(uint32_t *at, uint32_t count)
{
    if (count > 1) qsort(at, count, sizeof *at, number_order);
}

static void add_room(struct gates *g, lit l)
{
    *vec_push(g->a, &g->room) = l;
}

/* Into the room: the literal, or what it is an AND of. */
static void add_flat(struct gates *g, lit l)
{
    struct gate gate = g->nodes.at[lit_node(l)];
    if (gate.kind != GATE_AND || lit_negative(l) || gate.kid_count > FLAT_MAX) {
        add_room(g, l);
        return;
    }
    for (uint32_t i = 0; i < gate.kid_count; i++) add_room(g, g->kids.at[gate.kid_first + i]);
}

/* Sorts the room, takes out what is there twice and what is true; false where the AND is false. */
static bool settle_room(struct gates *g)
{
    lit *at = g->room.at;
    uint32_t kept = 0;
    sort_numbers(at, g->room.count);
    for (uint32_t i = 0; i < g->room.count; i++) {
        if (at[i] == LIT_FALSE) return false;
        if (at[i] == LIT_TRUE || (kept && at[i] == at[kept - 1])) continue;
        if (kept && at[i] == lit_not(at[kept - 1])) return false;
        at[kept++] = at[i];
    }
    g->room.count = kept;
    return true;
}

lit gate_and(struct gates *g, const lit *of, uint32_t count)
{
    g->room.count = 0;
    for (uint32_t i = 0; i < count; i++) add_flat(g, of[i]);
    if (!settle_room(g)) return LIT_FALSE;
    if (g->room.count == 0) return LIT_TRUE;
    if (g->room.count == 1) return g->room.at[0];
    return find_and(g, g->room.at, g->room.count);
}

/* not (not a and not b and …): the negations are made in an array of its own, as gate_and() works in the room. */
lit gate_or(struct gates *g, const lit *of, uint32_t count)
{
    lit few[16] = {0}, *negated = few;
    if (count > sizeof few / sizeof *few) negated = arena_array(g->a, lit, count);
    for (uint32_t i = 0; i < count; i++) negated[i] = lit_not(of[i]);
    lit l = lit_not(gate_and(g, negated, count));
    if (negated != few) arena_give_back(g->a, negated, count * sizeof *negated);
    return l;
}

lit gate_and2(struct gates *g, lit a, lit b)
{
    return gate_and(g, (const lit[]){a, b}, 2);
}

lit gate_or2(struct gates *g, lit a, lit b)
{
    return lit_not(gate_and2(g, lit_not(a), lit_not(b)));
}

lit gate_choose(struct gates *g, lit c, lit then, lit other)
{
    if (then == other) return then;
    if (c == LIT_TRUE) return then;
    if (c == LIT_FALSE) return other;
    return gate_or2(g, gate_and2(g, c, then), gate_and2(g, lit_not(c), other));
}

lit gate_differ(struct gates *g, lit a, lit b)
{
    return gate_choose(g, a, lit_not(b), b);
}
