/* Names to their numbers and back: see numbering.h. */
#include "numbering.h"

/* A place of the table; hash 0: empty. A short name stands in it, so that one line of the cache says all, and
 * that can be fetched beforehand. */
struct place {
    uint32_t hash, number;
    struct name_words text;
};

/* The last word of a name that has more than stand in three: of no other. */
#define LONG UINT64_MAX

enum {
    SHORT_COUNT = 64, /* a power of two */
    PLACES_FIRST = 256
};

struct numbering {
    struct arena *a, *texts;
    struct place *places;
    uint32_t cap; /* of places: a power of two */
    VEC(struct str) names;
    struct hash_key key;
    struct short_name {
        uint64_t key; /* 0: none */
        uint32_t number;
    } shorts[SHORT_COUNT]; /* attributes, channels, priorities: told apart by a number */
};

struct numbering *numbering_new(struct arena *a)
{
    struct numbering *n = arena_new_of(a, struct numbering);
    n->a = a;
    n->texts = arena_part(a);
    n->cap = PLACES_FIRST;
    n->places = arena_array(a, struct place, n->cap);
    n->key = hash_key_of(n->places);
    return n;
}

struct arena *numbering_arena(const struct numbering *n)
{
    return n->a;
}

uint32_t numbering_count(const struct numbering *n)
{
    return n->names.count;
}

struct str numbering_name(const struct numbering *n, uint32_t number)
{
    return n->names.at[number];
}

void numbering_close(struct numbering *n)
{
    arena_give_back(n->a, n->places, n->cap * sizeof *n->places);
    n->places = NULL;
    n->cap = 0;
}

/* At most three quarters full. */
static void grow(struct numbering *n)
{
    uint32_t cap = 2 * n->cap;
    struct place *bigger = arena_array(n->a, struct place, cap);
    for (uint32_t i = 0; i < n->cap; i++) {
        if (!n->places[i].hash) continue;
        uint32_t at = n->places[i].hash >> 1;
        while (bigger[at & (cap - 1)].hash) at++;
        bigger[at & (cap - 1)] = n->places[i];
    }
    arena_give_back(n->a, n->places, n->cap * sizeof *n->places);
    n->places = bigger;
    n->cap = cap;
}

static struct short_name *short_place(struct numbering *n, uint64_t key)
{
    return &n->shorts[key * UINT64_C(0x9e3779b97f4a7c15) >> 58];
}

void number_begin(struct numbering *n, struct numbered *name)
{
    const struct short_name *known = short_place(n, name->key);
    name->hash = 0;
    name->number = known->number;
    if (name->key && known->key == name->key) return;
    if (name->s.len <= WORDS_NAME_LEN) {
        name->text = name_words_of(name->s.p, name->s.len);
        name->hash = keyed_hash_words(&n->key, &name->text);
    } else {
        name->text = (struct name_words){{0, 0, LONG}};
        name->hash = keyed_hash(&n->key, name->s.p, name->s.len);
    }
    __builtin_prefetch(&n->places[name->hash >> 1 & (n->cap - 1)]);
}

static bool is_at(const struct numbering *n, const struct place *p, const struct numbered *name)
{
    const uint64_t *a = p->text.w, *b = name->text.w;
    if (p->hash != name->hash || a[0] != b[0] || a[1] != b[1] || a[2] != b[2]) return false;
    return b[2] != LONG || str_eq(n->names.at[p->number], name->s);
}

static uint32_t find(struct numbering *n, const struct numbered *name)
{
    for (uint32_t i = name->hash >> 1;; i++) {
        struct place *p = &n->places[i & (n->cap - 1)];
        if (is_at(n, p, name)) return p->number;
        if (p->hash) continue;
        *p = (struct place){name->hash, n->names.count, name->text};
        *vec_push(n->a, &n->names) = arena_str(n->texts, name->s);
        return p->number;
    }
}

uint32_t number_end(struct numbering *n, struct numbered *name)
{
    if (!name->hash) return name->number;
    if (4 * n->names.count >= 3 * n->cap) grow(n);
    name->number = find(n, name);
    if (name->key) *short_place(n, name->key) = (struct short_name){name->key, name->number};
    return name->number;
}
