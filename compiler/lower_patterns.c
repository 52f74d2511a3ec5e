/*
 * What conditions name besides names: text patterns and numbers. Gathered from every condition before the
 * first is written, because an attribute's atoms stand together and numbers stand in order. Assumes
 * conditions nest no deeper than the language allows.
 */
#include "lower.h"

#include <stdlib.h>
#include <string.h>

/* ---- texts ---- */

struct pattern_key {
    uint32_t attr, kind, text;
};

static bool same_pattern(const struct lowering *l, uint32_t id, struct str key)
{
    const struct pattern *p = &l->patterns.at[id];
    const struct pattern_key of = {p->attr, p->kind, p->text_id};
    return !memcmp(&of, key.p, sizeof of);
}

/* Its place in l->patterns; their count where it is not there yet. */
static uint32_t pattern_id(struct lowering *l, uint32_t attr, enum tf_atom_kind kind, uint32_t text)
{
    const struct pattern_key key = {attr, kind, text};
    const struct str bytes = {(const char *)&key, sizeof key};
    uint32_t hash = lower_seen_hash(&l->pattern_ids, bytes);
    return lower_seen(l, &l->pattern_ids, hash, bytes, l->patterns.count, same_pattern);
}

static void pattern_note(struct lowering *l, uint32_t attr, enum tf_atom_kind kind, uint32_t text)
{
    uint32_t id = pattern_id(l, attr, kind, text);
    if (id < l->patterns.count) return;
    *vec_push(l->a, &l->patterns) = (struct pattern){attr, kind, text, TF_NONE, l->m->texts.at[text], id};
}

uint32_t lower_pattern_atom(struct lowering *l, uint32_t attr, enum tf_atom_kind kind, uint32_t text)
{
    return l->patterns.at[pattern_id(l, attr, kind, text)].atom;
}

/* ---- numbers ---- */

static double number_of(le64_t bits)
{
    uint64_t raw = le64(bits);
    double number;
    memcpy(&number, &raw, sizeof number);
    return number;
}

static void number_note(struct lowering *l, double number)
{
    uint64_t raw;
    if (number == 0) number = 0; /* -0 is 0 */
    memcpy(&raw, &number, sizeof raw);
    *vec_push(l->a, &l->parts.NUMBER) = to_le64(raw);
}

static int number_order(const void *a, const void *b)
{
    double x = number_of(*(const le64_t *)a), y = number_of(*(const le64_t *)b);
    return (x > y) - (x < y);
}

static void numbers_sort(struct lowering *l)
{
    vec_NUMBER *n = &l->parts.NUMBER;
    if (!n->count) return;
    qsort(n->at, n->count, sizeof *n->at, number_order);
    uint32_t kept = 1;
    for (uint32_t i = 1; i < n->count; i++)
        if (le64(n->at[i]) != le64(n->at[kept - 1])) n->at[kept++] = n->at[i];
    n->count = kept;
}

uint32_t lower_number(const struct lowering *l, double number)
{
    uint32_t lo = 0, hi = l->parts.NUMBER.count;
    while (hi - lo > 1) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (number_of(l->parts.NUMBER.at[mid]) <= number)
            lo = mid;
        else
            hi = mid;
    }
    return lo;
}

/* ---- the walk over every condition ---- */

static void note_cond(struct lowering *l, const struct cond *cond)
{
    switch (cond->holds) {
    case HOLDS_KIDS:
        for (uint32_t i = 0; i < cond->count; i++) note_cond(l, &cond->kids[i]);
        break;
    case HOLDS_TEXTS:
        for (uint32_t i = 0; i < cond->count; i++)
            pattern_note(l, cond->attr, cond->text_kind, cond_ids(cond)[i]);
        break;
    case HOLDS_NUMBERS:
        for (uint32_t i = 0; i < cond->count; i++) number_note(l, cond_numbers(cond)[i]);
        break;
    case HOLDS_IDS: break;
    }
}

void lower_patterns(struct lowering *l)
{
    const struct model *m = l->m;
    if (!m->names_patterns) return;
    lower_seen_reserve(l->a, &l->pattern_ids, m->texts.count);
    for (uint32_t i = 0; i < m->rules.count; i++) note_cond(l, m->rules.at[i].cond);
    for (uint32_t i = 0; i < m->teams.count; i++)
        if (m->teams.at[i].takes) note_cond(l, m->teams.at[i].takes);
    for (uint32_t i = 0; i < m->promises.count; i++) note_cond(l, m->promises.at[i].when);
    numbers_sort(l);
}
