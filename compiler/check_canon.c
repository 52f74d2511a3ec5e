/*
 * Nodes of folded conditions: made, told apart, kept. See check_fold.h and check_canon.h.
 *
 * Nearly all tests of a large policy are met again and again: those are made once, live as long as the
 * folder, and are mostly told apart by their address.
 */
#include "check_canon.h"

#include <string.h>

static const struct canon canon_false = {.kind = CANON_FALSE, .hash = 1, .kept = true},
                          canon_true = {.kind = CANON_TRUE, .hash = 2, .kept = true};

const struct canon *canon_constant(bool value)
{
    return value ? &canon_true : &canon_false;
}

/* ---- equality ---- */

static uint64_t mix(uint64_t h, uint64_t v)
{
    h = (h ^ v) * UINT64_C(0x9e3779b97f4a7c15);
    return h ^ h >> 29;
}

static uint64_t hash_str(uint64_t h, struct str s)
{
    for (size_t i = 0; i < s.len; i++) h = (h ^ (unsigned char)s.p[i]) * UINT64_C(0x100000001b3);
    return mix(h, s.len);
}

static uint64_t hash_parts(const struct canon *c)
{
    uint64_t h = mix(mix(c->kind, (uint64_t)c->op << 16 | (uint64_t)c->cmp << 8 | c->text_kind), c->attr);
    h = mix(mix(h, c->values), c->absent);
    for (uint32_t i = 0; i < c->count; i++) {
        uint64_t bits;
        switch ((enum canon_parts)c->parts) {
        case PARTS_KIDS: h = mix(h, c->u.kids[i]->hash + c->u.kids[i]->negated); break;
        case PARTS_TEXTS: h = hash_str(h, c->u.texts[i]); break;
        case PARTS_NUMBERS:
            memcpy(&bits, &c->u.numbers[i], sizeof bits);
            h = mix(h, bits);
            break;
        case PARTS_IDS: h = mix(h, c->u.ids[i]); break;
        }
    }
    return h;
}

static bool same_part(const struct canon *a, const struct canon *b, uint32_t i)
{
    switch ((enum canon_parts)a->parts) {
    case PARTS_KIDS: return canon_equal(a->u.kids[i], b->u.kids[i]);
    case PARTS_TEXTS: return str_eq(a->u.texts[i], b->u.texts[i]);
    case PARTS_NUMBERS: return a->u.numbers[i] == b->u.numbers[i];
    case PARTS_IDS: break;
    }
    return a->u.ids[i] == b->u.ids[i];
}

bool canon_same_test(const struct canon *a, const struct canon *b)
{
    if (a == b) return true;
    if (a->hash != b->hash || a->kind != b->kind || a->op != b->op || a->cmp != b->cmp ||
        a->text_kind != b->text_kind || a->attr != b->attr || a->values != b->values ||
        a->absent != b->absent || a->parts != b->parts || a->count != b->count)
        return false;
    for (uint32_t i = 0; i < a->count; i++)
        if (!same_part(a, b, i)) return false;
    return true;
}

bool canon_equal(const struct canon *a, const struct canon *b)
{
    return a->negated == b->negated && canon_same_test(a, b);
}

/* ---- nodes ---- */

const struct canon *canon_new(const struct folder *f, struct canon c)
{
    struct canon *n = arena_new_of(f->a, struct canon);
    *n = c;
    n->hash = hash_parts(n);
    n->kept = f->a == f->keep;
    return n;
}

/* ---- tests that are met again and again ---- */

enum { SETS_KEPT = 64 };

/* 100,000 rules of 450,000 tests: 20,000 different ones. */
struct fold_tests {
    struct canon **is, **is_not;         /* "has" of one member, and its opposite: by attribute, then member;
                                            NULL: none asked for yet; hash 0: this one not yet */
    const struct canon *sets[SETS_KEPT]; /* of values: the last one of each place */
};

struct folder folder_new(struct arena *a, const struct model *m)
{
    struct fold_tests *tests = arena_new_of(a, struct fold_tests);
    tests->is = arena_array(a, struct canon *, m->attrs.count);
    tests->is_not = arena_array(a, struct canon *, m->attrs.count);
    return (struct folder){a, m, a, tests};
}

static const struct canon *canon_new_kept(const struct folder *f, struct canon c)
{
    const struct folder keeper = {f->keep, f->m, f->keep, f->tests};
    return canon_new(&keeper, c);
}

/* By their place, not through a pointer: one wait for memory instead of two. */
const struct canon *canon_has_member(const struct folder *f, struct canon c)
{
    struct canon **of = &(c.negated ? f->tests->is_not : f->tests->is)[c.attr];
    if (!*of) *of = arena_array(f->keep, struct canon, f->m->attrs.at[c.attr].values.count);
    struct canon *n = &(*of)[c.u.ids[0]];
    *n = c;
    n->hash = hash_parts(n);
    n->kept = true;
    return n;
}

const struct canon *canon_known_member(const struct folder *f, const struct cond *c, bool negated)
{
    if (c->op != COND_HAS_ANY || c->count != 1) return NULL;
    const struct canon *of = (negated ? f->tests->is_not : f->tests->is)[c->attr];
    return of && of[c->one].hash ? &of[c->one] : NULL;
}

/* Tests of 100,000 rules lie in a megabyte: each was waited for, 45 ns. */
void fold_ahead(const struct folder *f, const struct cond *c)
{
    if (c->holds == HOLDS_KIDS) {
        for (uint32_t i = 0; i < c->count; i++) fold_ahead(f, &c->kids[i]);
    } else if (c->op == COND_HAS_ANY && c->count == 1 && f->tests->is[c->attr]) {
        __builtin_prefetch(&f->tests->is[c->attr][c->one]);
    }
}

const struct canon *canon_set_of_values(const struct folder *f, struct canon c)
{
    const struct canon **at = &f->tests->sets[mix(mix(c.attr, c.values), c.absent) % SETS_KEPT];
    if (!*at || (*at)->attr != c.attr || (*at)->values != c.values || (*at)->absent != c.absent)
        *at = canon_new_kept(f, c);
    return *at;
}

const struct canon *canon_keep(const struct folder *f, const struct canon *c)
{
    if (c->kept) return c;
    struct canon *n = arena_new_of(f->keep, struct canon);
    *n = *c;
    n->kept = true;
    if (c->parts == PARTS_KIDS) {
        n->u.kids = arena_array(f->keep, const struct canon *, c->count);
        for (uint32_t i = 0; i < c->count; i++) n->u.kids[i] = canon_keep(f, c->u.kids[i]);
    } else if (c->parts == PARTS_TEXTS) {
        struct str *texts = arena_array(f->keep, struct str, c->count);
        memcpy(texts, c->u.texts, c->count * sizeof *texts);
        n->u.texts = texts;
    } else if (c->parts == PARTS_IDS && c->count) {
        uint32_t *copy = arena_array(f->keep, uint32_t, c->count);
        memcpy(copy, c->u.ids, c->count * sizeof *copy);
        n->u.ids = copy;
    } /* numbers, and the texts' bytes, are the model's */
    return n;
}
