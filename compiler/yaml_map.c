/*
 * What is to be done when a YAML map has been read: keys that are said twice are found and marked, and what
 * the map merges (<<) is laid out behind its own pairs. Assumes that the maps it merges were finished before.
 * Costs as much as the map and what it merges, which the limits of aliases bound.
 */
#include "yaml_reader.h"

/* ---- keys that are said twice ---- */

/* Few keys are compared with each other, many looked up. */
enum { FEW_PAIRS = 8 };

static struct diag *report_duplicate(struct yaml_reader *r, const struct yaml_node *key,
                                     const struct yaml_node *first)
{
    struct diag *g = diag(r->d, E0503, yaml_at(r, key->off, key->len), yaml_real(key)->u.text);
    return diag_related(g, yaml_at(r, first->off, first->len), S("first said here"));
}

static void hint_lost_line(struct yaml_reader *r, struct diag *g)
{
    if (!g->hint.p)
        diag_hint(r->d, g, "the keys below are said twice too: is a line missing above this one?");
}

static bool same_key(const struct yaml_node *a, const struct yaml_node *b)
{
    return !a->bad && !b->bad && str_eq(yaml_real(a)->u.text, yaml_real(b)->u.text);
}

/* A key said again is marked bad, so that its value is not read. Where one follows another, a line that stood
 * between two maps was probably lost, and they are told of together. */
static void check_duplicates(struct yaml_reader *r, struct yaml_node *map)
{
    struct strmap seen = {0};
    struct diag *told = NULL;                     /* of the first of those that follow each other */
    uint32_t next = UINT32_MAX, first_before = 0; /* the pair behind them; where the last was said first */
    struct yaml_pair *p = map->u.map.pairs;
    for (uint32_t i = 0; i < map->count; i++) {
        uint32_t first;
        if (p[i].key->bad) continue;
        if (map->count > FEW_PAIRS)
            first = strmap_put(r->young, &seen, yaml_real(p[i].key)->u.text, i);
        else
            for (first = 0; first < i && !same_key(p[first].key, p[i].key);) first++;
        if (first == i) continue;
        if (map->style == YAML_BLOCK && i == next && first != first_before)
            hint_lost_line(r, told);
        else
            told = report_duplicate(r, p[i].key, p[first].key);
        next = i + 1;
        first_before = first;
        p[i].key->bad = true;
    }
}

/* ---- merging ---- */

static bool is_merge_key(const struct yaml_node *k)
{
    return k->kind == YAML_TEXT && k->style == YAML_PLAIN && !k->bad && str_eq(k->u.text, S("<<"));
}

typedef VEC(struct yaml_pair) pair_list;

/* Appends what the map says and is not there yet. */
static void merge_map(struct yaml_reader *r, pair_list *flat, struct strmap *seen,
                      const struct yaml_node *from)
{
    uint32_t count;
    const struct yaml_pair *p = yaml_pairs(from, &count);
    for (uint32_t i = 0; i < count; i++) {
        if (p[i].key->bad) continue;
        if (strmap_put(r->young, seen, yaml_real(p[i].key)->u.text, flat->count) != flat->count) continue;
        *vec_push(r->young, flat) = p[i];
    }
}

static void merge_value(struct yaml_reader *r, pair_list *flat, struct strmap *seen,
                        const struct yaml_node *value)
{
    const struct yaml_node *real = yaml_real(value);
    bool list = real->kind == YAML_LIST;
    if (real->bad) return;
    for (uint32_t i = 0; i < (list ? real->count : 1); i++) {
        const struct yaml_node *item = list ? real->u.items[i] : value, *map = yaml_real(item);
        if (map->kind == YAML_MAP)
            merge_map(r, flat, seen, map);
        else if (!map->bad)
            diag0(r->d, E0512, yaml_at(r, item->off, item->len ? item->len : 1));
    }
}

/* Its own pairs, then what it merges (yaml_tree.h). Costs as much as what it merges, which counts as
 * expanded. */
static void flatten(struct yaml_reader *r, struct yaml_node *map)
{
    pair_list flat = {0};
    struct strmap seen = {0};
    for (uint32_t i = 0; i < map->count; i++) *vec_push(r->young, &flat) = map->u.map.pairs[i];
    for (uint32_t i = 0; i < map->count; i++) {
        const struct yaml_pair *p = &map->u.map.pairs[i];
        if (is_merge_key(p->key) || p->key->bad) continue;
        strmap_put(r->young, &seen, yaml_real(p->key)->u.text, flat.count);
        *vec_push(r->young, &flat) = *p;
    }
    for (uint32_t i = 0; i < map->count; i++) {
        const struct yaml_pair *p = &map->u.map.pairs[i];
        if (is_merge_key(p->key)) merge_value(r, &flat, &seen, p->value);
    }
    map->merges = true;
    map->u.map.pairs = flat.at;
    map->u.map.flat_count = flat.count - map->count;
}

void yaml_finish_map(struct yaml_reader *r, struct yaml_node *n)
{
    check_duplicates(r, n);
    for (uint32_t i = 0; i < n->count; i++) {
        if (!is_merge_key(n->u.map.pairs[i].key)) continue;
        flatten(r, n);
        return;
    }
}
