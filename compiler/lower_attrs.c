/*
 * Attributes, what is told apart in them (atoms), and the table by which a ticket's names are found.
 * Gives ATTR, ATOM and ATOM_HASH, and fills in the atoms of l->patterns.
 */
#include "lower.h"

#include <stdlib.h>

static void add_atom(struct lowering *l, uint32_t string, enum tf_atom_kind kind)
{
    *vec_push(l->a, &l->parts.ATOM) = (struct tf_atom){.string = to_le32(string), .kind = (uint8_t)kind};
}

static void add_names(struct lowering *l, const struct m_value *those, uint32_t count)
{
    struct str texts[LOWER_TOGETHER];
    uint32_t strings[LOWER_TOGETHER], some;
    vec_reserve(l->a, &l->parts.ATOM, count);
    for (uint32_t from = 0; from < count; from += some) {
        some = count - from < LOWER_TOGETHER ? count - from : LOWER_TOGETHER;
        for (uint32_t i = 0; i < some; i++) texts[i] = those[from + i].name.s;
        lower_strings(l, texts, some, strings);
        for (uint32_t i = 0; i < some; i++) add_atom(l, strings[i], TF_ATOM_NAME);
    }
}

/* ---- attributes and their atoms ---- */

static int pattern_order(const void *a, const void *b)
{
    const struct pattern *x = a, *y = b;
    if (x->attr != y->attr) return x->attr < y->attr ? -1 : 1;
    if (x->kind != y->kind) return x->kind < y->kind ? -1 : 1;
    return str_cmp(x->text, y->text);
}

static struct pattern *patterns_sorted(struct lowering *l)
{
    struct pattern *sorted = arena_array(l->a, struct pattern, l->patterns.count);
    for (uint32_t i = 0; i < l->patterns.count; i++) sorted[i] = l->patterns.at[i];
    if (l->patterns.count) qsort(sorted, l->patterns.count, sizeof *sorted, pattern_order);
    return sorted;
}

/* Atoms of the patterns of `attr`, which begin at *next of the sorted ones. */
static void add_patterns(struct lowering *l, uint32_t attr, const struct pattern *sorted, uint32_t *next)
{
    for (; *next < l->patterns.count && sorted[*next].attr == attr; ++*next) {
        l->patterns.at[sorted[*next].id].atom = l->parts.ATOM.count;
        add_atom(l, lower_string(l, sorted[*next].text), sorted[*next].kind);
    }
}

static void add_attrs(struct lowering *l)
{
    const struct pattern *sorted = patterns_sorted(l);
    uint32_t pattern = 0;
    for (uint32_t i = 0; i < l->m->attrs.count; i++) {
        const struct m_attr *attr = &l->m->attrs.at[i];
        uint32_t name = lower_string(l, attr->name.s), first = l->parts.ATOM.count;
        bool named = attr->type == TF_CHANNEL_T || attr->type == TF_SET_T || attr->type == TF_LISTED_T;
        if (named) add_names(l, attr->values.at, attr->values.count);
        add_patterns(l, i, sorted, &pattern);
        *vec_push(l->a, &l->parts.ATTR) = (struct tf_attr){
            .name = to_le32(name),
            .atom_first = to_le32(first),
            .atom_count = to_le32(l->parts.ATOM.count - first),
            .type = (uint8_t)attr->type,
            .closed = attr->closed,
        };
        lower_span(l, TF_S_ATTR, i, attr->name.at);
    }
}

/* ---- the hash ---- */

enum { HASH_MIN = 8 };

/* At most three quarters full, so that a name that is not there is soon missed. */
static uint32_t hash_size(const struct parts *parts)
{
    uint64_t name_count = 0, size = HASH_MIN;
    for (uint32_t i = 0; i < parts->ATOM.count; i++) name_count += parts->ATOM.at[i].kind == TF_ATOM_NAME;
    while (3 * size < 4 * name_count) size *= 2;
    return (uint32_t)size;
}

static struct str atom_text(const struct parts *parts, uint32_t atom)
{
    uint32_t string = le32(parts->ATOM.at[atom].string);
    uint32_t off = le32(parts->STRING_OFFS.at[string]), end = le32(parts->STRING_OFFS.at[string + 1]);
    return (struct str){(const char *)parts->STRING_BYTES.at + off, end - 1 - off};
}

/* false: too many others stand in its way. */
static bool hash_put(struct parts *parts, uint32_t attr, uint32_t atom)
{
    struct str s = atom_text(parts, atom);
    uint32_t mask = parts->ATOM_HASH.count - 1, home = tf_name_hash(attr, s.p, s.len) & mask, passed = 0;
    while (le32(parts->ATOM_HASH.at[(home + passed) & mask]))
        if (++passed == TF_NAME_RUN_MAX) return false;
    parts->ATOM_HASH.at[(home + passed) & mask] = to_le32(atom + 1);
    return true;
}

static void report_names(struct lowering *l, uint32_t attr, uint32_t atom)
{
    struct span at = l->m->attrs.at[attr].values.at[atom - le32(l->parts.ATTR.at[attr].atom_first)].name.at;
    diag(&l->c->diags, E0702, at, atom_text(&l->parts, atom), str_of_u64(l->a, TF_NAME_RUN_MAX));
}

static uint32_t attr_of(const struct parts *parts, uint32_t atom)
{
    uint32_t attr = 0;
    while (atom - le32(parts->ATTR.at[attr].atom_first) >= le32(parts->ATTR.at[attr].atom_count)) attr++;
    return attr;
}

/* Rows of many names that are each near their homes: whoever asks for a name that is not there walks to the
 * end. */
static void check_runs(struct lowering *l)
{
    const struct parts *parts = &l->parts;
    uint32_t mask = parts->ATOM_HASH.count - 1, run = 0;
    for (uint32_t i = 0; i <= mask + TF_NAME_RUN_MAX; i++) {
        uint32_t atom = le32(parts->ATOM_HASH.at[i & mask]);
        run = atom ? run + 1 : 0;
        if (run > TF_NAME_RUN_MAX) return report_names(l, attr_of(parts, atom - 1), atom - 1);
    }
}

static void add_hash(struct lowering *l)
{
    struct parts *parts = &l->parts;
    uint32_t size = hash_size(parts);
    vec_reserve(l->a, &parts->ATOM_HASH, size);
    memset(parts->ATOM_HASH.at, 0, size * sizeof *parts->ATOM_HASH.at);
    parts->ATOM_HASH.count = size;
    for (uint32_t i = 0; i < parts->ATTR.count; i++) {
        uint32_t first = le32(parts->ATTR.at[i].atom_first), end = first + le32(parts->ATTR.at[i].atom_count);
        for (uint32_t atom = first; atom < end; atom++)
            if (parts->ATOM.at[atom].kind == TF_ATOM_NAME && !hash_put(parts, i, atom))
                return report_names(l, i, atom);
    }
    check_runs(l);
}

void lower_attrs(struct lowering *l)
{
    add_attrs(l);
    add_hash(l);
}
