/*
 * Hours and active days of open tables to the combinations of them that really occur: see times.h.
 *
 * Each source is a list of the seconds at which it changes (changes.h); equal lists are one atom. Then all
 * lists are merged, and every combination on the way is looked up among those met. Assumes verified tables.
 */
#include "times.h"
#include "changes.h"

#include <string.h>

/* An atom: a source's changes among all those kept. */
struct function {
    uint32_t first, count;
    bool begins;
    uint64_t hash;
};
typedef VEC(uint32_t) seconds; /* since TIMES_FROM */

struct building {
    struct arena *a; /* ends with the building */
    struct times_limits limits;
    seconds changes;
    VEC(struct function) functions; /* no two equal */
    struct change_finder finder;
    struct changes found; /* of the last source */
    bool too_many;
};

static uint64_t mix(uint64_t v)
{
    v = (v ^ v >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    v = (v ^ v >> 27) * UINT64_C(0x94d049bb133111eb);
    return v ^ v >> 31;
}

/* ---- atoms ---- */

static uint64_t hash_of(const struct changes *c)
{
    uint64_t hash = c->begins;
    for (uint32_t i = 0; i < c->at.count; i++) hash = mix(hash + c->at.at[i]);
    return hash;
}

static bool is_found(const struct building *b, const struct function *f, uint64_t hash)
{
    const struct changes *c = &b->found;
    return f->hash == hash && f->count == c->at.count && f->begins == c->begins &&
           memcmp(&b->changes.at[f->first], c->at.at, f->count * sizeof *c->at.at) == 0;
}

/* What the source is: one of the functions, a new one where it is not there yet. */
static uint32_t atom_of(struct building *b, const struct time_source *s)
{
    const struct changes *c = &b->found;
    changes_find(&b->finder, s, &b->found);
    b->too_many = b->finder.too_many;
    if (!c->at.count) return c->begins ? TIME_ALWAYS : TIME_NEVER;
    uint64_t hash = hash_of(c);
    for (uint32_t i = 0; i < b->functions.count; i++)
        if (is_found(b, &b->functions.at[i], hash)) return i;
    struct function f = {b->changes.count, c->at.count, c->begins, hash};
    if (c->at.count > b->limits.changes - b->changes.count) b->too_many = true;
    if (b->too_many) return TIME_NEVER;
    vec_reserve(b->a, &b->changes, c->at.count);
    memcpy(b->changes.at + b->changes.count, c->at.at, c->at.count * sizeof *c->at.at);
    b->changes.count += c->at.count;
    *vec_push(b->a, &b->functions) = f;
    return b->functions.count - 1;
}

/* ---- all changes in order ---- */

/* A binary heap over the atoms' next changes: seconds << 32 | atom. */
struct heap {
    uint64_t *at;
    uint32_t count;
};

static void sift_down(struct heap *h, uint32_t i)
{
    uint64_t item = h->at[i];
    for (uint32_t kid; (kid = 2 * i + 1) < h->count; i = kid) {
        if (kid + 1 < h->count && h->at[kid + 1] < h->at[kid]) kid++;
        if (h->at[kid] >= item) break;
        h->at[i] = h->at[kid];
    }
    h->at[i] = item;
}

static void heap_init(struct heap *h, const struct building *b)
{
    h->count = b->functions.count;
    h->at = arena_array(b->a, uint64_t, h->count);
    for (uint32_t i = 0; i < h->count; i++)
        h->at[i] = (uint64_t)b->changes.at[b->functions.at[i].first] << 32 | i;
    for (uint32_t i = h->count / 2; i-- > 0;) sift_down(h, i);
}

/* ---- cells ---- */

struct cells {
    uint32_t row_words;
    uint64_t *row, hash; /* the combination now, and its hash */
    VEC(uint64_t) rows;  /* of each cell: row_words */
    VEC(uint64_t) hashes;
    seconds at;                  /* when each is shown, since TIMES_FROM */
    uint32_t *slots, slot_count; /* open addressing: cell + 1 */
};

static void flip(struct cells *c, uint32_t atom)
{
    c->row[atom / 64] ^= UINT64_C(1) << atom % 64;
    c->hash ^= mix(atom + 1);
}

static void place_cell(struct cells *c, uint32_t cell)
{
    uint32_t i = (uint32_t)mix(c->hashes.at[cell]) & (c->slot_count - 1);
    while (c->slots[i]) i = (i + 1) & (c->slot_count - 1);
    c->slots[i] = cell + 1;
}

static void grow_slots(struct building *b, struct cells *c)
{
    uint32_t count = c->slot_count ? 2 * c->slot_count : 64;
    arena_give_back(b->a, c->slots, c->slot_count * sizeof *c->slots);
    c->slots = arena_array(b->a, uint32_t, count);
    c->slot_count = count;
    for (uint32_t i = 0; i < c->hashes.count; i++) place_cell(c, i);
}

static uint32_t new_cell(struct building *b, struct cells *c)
{
    uint32_t cell = c->hashes.count;
    if ((uint64_t)(cell + 1) * b->functions.count > b->limits.bits) b->too_many = true;
    if (2 * (cell + 1) > c->slot_count) grow_slots(b, c);
    for (uint32_t i = 0; i < c->row_words; i++) *vec_push(b->a, &c->rows) = c->row[i];
    *vec_push(b->a, &c->hashes) = c->hash;
    place_cell(c, cell);
    return cell;
}

/* The cell of the combination now, or the number of cells: it is a new one. */
static uint32_t find_cell(const struct cells *c)
{
    if (!c->slot_count) return 0;
    for (uint32_t i = (uint32_t)mix(c->hash) & (c->slot_count - 1); c->slots[i];
         i = (i + 1) & (c->slot_count - 1)) {
        uint32_t cell = c->slots[i] - 1;
        if (c->hashes.at[cell] != c->hash) continue;
        if (memcmp(&c->rows.at[(size_t)cell * c->row_words], c->row, c->row_words * sizeof *c->row) == 0)
            return cell;
    }
    return c->hashes.count;
}

/* The combination now lasts from one second up to another. */
static void stretch(struct building *b, struct cells *c, uint32_t from, uint32_t until)
{
    const uint32_t shown = (uint32_t)(TIMES_SHOWN - TIMES_FROM);
    uint32_t at = from < shown && until > shown ? shown : from, cell = find_cell(c);
    if (cell == c->hashes.count) {
        new_cell(b, c);
        *vec_push(b->a, &c->at) = at;
    } else if (c->at.at[cell] < shown && at >= shown) {
        c->at.at[cell] = at;
    }
}

static void find_cells(struct building *b, struct cells *c)
{
    uint32_t count = b->functions.count, from = 0;
    uint32_t *next = arena_array(b->a, uint32_t, count); /* of each atom: how many changes are past */
    struct heap h;
    heap_init(&h, b);
    c->row_words = (count + 63) / 64;
    c->row = arena_array(b->a, uint64_t, c->row_words);
    for (uint32_t i = 0; i < count; i++)
        if (b->functions.at[i].begins) flip(c, i);
    while (h.count && !b->too_many) {
        uint32_t now = (uint32_t)(h.at[0] >> 32);
        stretch(b, c, from, now);
        for (from = now; h.count && h.at[0] >> 32 == now; sift_down(&h, 0)) {
            uint32_t atom = (uint32_t)h.at[0];
            const struct function *f = &b->functions.at[atom];
            flip(c, atom);
            if (++next[atom] < f->count)
                h.at[0] = (uint64_t)b->changes.at[f->first + next[atom]] << 32 | atom;
            else
                h.at[0] = h.at[--h.count];
        }
    }
    stretch(b, c, from, (uint32_t)(TIMES_TO - TIMES_FROM));
}

/* ---- what is handed out ---- */

static void hand_out(struct times *t, struct arena *a, const struct building *b, const struct cells *c)
{
    t->atom_count = b->functions.count;
    t->cell_count = c->hashes.count;
    t->row_len = (t->cell_count + 63) / 64;
    t->bits = arena_array(a, uint64_t, (size_t)t->atom_count * t->row_len);
    t->at = arena_array(a, int64_t, t->cell_count);
    for (uint32_t cell = 0; cell < t->cell_count; cell++) {
        const uint64_t *row = c->rows.at + (size_t)cell * c->row_words;
        t->at[cell] = TIMES_FROM + c->at.at[cell];
        for (uint32_t atom = 0; atom < t->atom_count; atom += 64)
            for (uint64_t left = row[atom / 64]; left; left &= left - 1) {
                size_t at = atom + (size_t)__builtin_ctzll(left);
                t->bits[at * t->row_len + cell / 64] |= UINT64_C(1) << cell % 64;
            }
    }
}

struct times *times_within(struct arena *a, const struct time_source *sources, uint32_t count,
                           struct times_limits limits)
{
    struct times *t = arena_new_of(a, struct times);
    struct building b = {.a = arena_part(a), .limits = limits};
    struct cells c = {0};
    changes_init(&b.finder, b.a, limits.changes);
    t->atom_of = arena_array(a, uint32_t, count);
    for (uint32_t i = 0; i < count && !b.too_many; i++) t->atom_of[i] = atom_of(&b, &sources[i]);
    if (!b.too_many) find_cells(&b, &c);
    if (!b.too_many) hand_out(t, a, &b, &c);
    arena_end(b.a);
    return b.too_many ? NULL : t;
}

struct times *times_new(struct arena *a, const struct time_source *sources, uint32_t count)
{
    return times_within(a, sources, count, (struct times_limits){TIMES_CHANGES_MAX, TIMES_BITS_MAX});
}
