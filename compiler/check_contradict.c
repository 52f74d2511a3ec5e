/*
 * Tests of one attribute that no ticket meets together: see check_fold.h.
 *
 * For sets, numbers, texts, and values of long lists, and of the tests of kind CANON_TEST alone; attributes
 * of few values never come here, for joining them says it already. Each function answers true only where it
 * is certain.
 */
#include "check_fold.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* The tests, and whether each counts as its opposite. */
struct tests {
    const struct canon *const *at;
    uint32_t count;
    bool opposite;
};

/* Whether test i says that something is not so. Such a test holds where the attribute is not carried. */
static bool denies(const struct tests *t, uint32_t i)
{
    return t->at[i]->negated != t->opposite;
}

static bool any_asserts(const struct tests *t)
{
    for (uint32_t i = 0; i < t->count; i++)
        if (!denies(t, i)) return true;
    return false;
}

/* ---- what is not carried ---- */

/* One test says that the attribute is not carried (or the set empty), another that it is. */
static bool not_carried(const struct tests *t)
{
    for (uint32_t i = 0; i < t->count; i++)
        if (t->at[i]->op == COND_EXISTS && denies(t, i)) return any_asserts(t);
    return false;
}

/* ---- sets ---- */

static bool has_id(const struct canon *c, uint32_t id)
{
    uint32_t lo = 0, hi = c->count;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (c->u.ids[mid] < id)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < c->count && c->u.ids[lo] == id;
}

/* Every member that one test wants is one that another denies. Denials stand joined in one test. */
static bool sets_contradict(const struct tests *t)
{
    const struct canon *denied = NULL;
    for (uint32_t i = 0; i < t->count; i++)
        if (t->at[i]->op == COND_HAS_ANY && denies(t, i)) denied = t->at[i];
    for (uint32_t i = 0; denied && i < t->count; i++) {
        const struct canon *c = t->at[i];
        if (c->op != COND_HAS_ANY || denies(t, i)) continue;
        uint32_t left = 0;
        for (uint32_t k = 0; k < c->count; k++) left += !has_id(denied, c->u.ids[k]);
        if (left == 0) return true;
    }
    return false;
}

/* ---- one of many values ---- */

static bool admits_value(const struct canon *c, uint32_t value)
{
    if (c->op == COND_EXISTS) return true;
    if (c->op == COND_HAS_ANY) return has_id(c, value);
    switch (c->cmp) {
    case TF_LT: return value < c->u.ids[0];
    case TF_LE: return value <= c->u.ids[0];
    case TF_GT: return value > c->u.ids[0];
    default: return value >= c->u.ids[0];
    }
}

/* One test names the values there may be, and others rule each of them out. */
static bool values_contradict(const struct tests *t)
{
    const struct canon *named = NULL;
    for (uint32_t i = 0; i < t->count; i++)
        if (t->at[i]->op == COND_HAS_ANY && !denies(t, i) && (!named || t->at[i]->count < named->count))
            named = t->at[i];
    for (uint32_t k = 0; named && k < named->count; k++) {
        uint32_t i = 0;
        while (i < t->count && admits_value(t->at[i], named->u.ids[k]) != denies(t, i)) i++;
        if (i == t->count) return false;
    }
    return named != NULL;
}

/* ---- numbers ---- */

static bool admits_number(const struct canon *c, double x)
{
    if (c->op == COND_EXISTS) return true;
    if (c->op == COND_NUMBER_COMPARE) {
        double with = c->u.numbers[0];
        return c->cmp == TF_LT   ? x < with
               : c->cmp == TF_LE ? x <= with
               : c->cmp == TF_GT ? x > with
                                 : x >= with;
    }
    for (uint32_t i = 0; i < c->count; i++)
        if (c->u.numbers[i] == x) return true;
    return false;
}

static bool all_admit_number(const struct tests *t, double x)
{
    for (uint32_t i = 0; i < t->count; i++)
        if (admits_number(t->at[i], x) == denies(t, i)) return false;
    return true;
}

/* Narrows [lo, hi] by a comparison or its opposite. */
static void narrow(const struct canon *c, bool denied, double *lo, double *hi)
{
    double with = c->u.numbers[0];
    bool below = c->cmp == TF_LT || c->cmp == TF_LE, strict = c->cmp == TF_LT || c->cmp == TF_GT;
    if (denied) below = !below, strict = !strict;
    if (below && strict) with = nextafter(with, -INFINITY);
    if (!below && strict) with = nextafter(with, INFINITY);
    if (below && with < *hi) *hi = with;
    if (!below && with > *lo) *lo = with;
}

/* Of a number that is carried: one test names it and others rule it out, or the range left is empty. */
static bool numbers_contradict(const struct tests *t)
{
    double lo = -DBL_MAX, hi = DBL_MAX;
    const struct canon *named = NULL;
    if (!any_asserts(t)) return false;
    for (uint32_t i = 0; i < t->count; i++) {
        if (t->at[i]->op == COND_NUMBER_COMPARE) narrow(t->at[i], denies(t, i), &lo, &hi);
        if (t->at[i]->op == COND_NUMBER_IN && !denies(t, i)) named = t->at[i];
    }
    if (lo > hi) return true;
    if (lo == hi) return !all_admit_number(t, lo);
    for (uint32_t k = 0; named && k < named->count; k++)
        if (all_admit_number(t, named->u.numbers[k])) return false;
    return named != NULL;
}

/* ---- texts ---- */

static bool contains(struct str s, struct str part)
{
    for (size_t i = 0; i + part.len <= s.len; i++)
        if (!memcmp(s.p + i, part.p, part.len)) return true;
    return false;
}

static bool ends(struct str s, struct str part)
{
    return s.len >= part.len && !memcmp(s.p + s.len - part.len, part.p, part.len);
}

static bool admits_text(const struct canon *c, struct str s)
{
    if (c->op == COND_EXISTS) return true;
    for (uint32_t i = 0; i < c->count; i++) {
        struct str part = c->u.texts[i];
        bool holds = c->text_kind == TF_ATOM_EQUALS   ? str_eq(s, part)
                     : c->text_kind == TF_ATOM_PREFIX ? str_starts(s, part)
                     : c->text_kind == TF_ATOM_SUFFIX ? ends(s, part)
                                                      : contains(s, part);
        if (holds) return true;
    }
    return false;
}

/* One test says what the whole text is, and others rule each of those out. */
static bool texts_contradict(const struct tests *t)
{
    const struct canon *named = NULL;
    for (uint32_t i = 0; i < t->count; i++)
        if (t->at[i]->op == COND_TEXT && t->at[i]->text_kind == TF_ATOM_EQUALS && !denies(t, i))
            named = t->at[i];
    for (uint32_t k = 0; named && k < named->count; k++) {
        uint32_t i = 0;
        while (i < t->count && admits_text(t->at[i], named->u.texts[k]) != denies(t, i)) i++;
        if (i == t->count) return false;
    }
    return named != NULL;
}

bool tests_contradict(const struct folder *f, const struct canon *const *tests, uint32_t count, bool opposite)
{
    const struct tests t = {tests, count, opposite};
    if (not_carried(&t)) return true;
    switch (f->m->attrs.at[tests[0]->attr].type) {
    case TF_SET_T: return sets_contradict(&t);
    case TF_NUMBER_T: return numbers_contradict(&t);
    case TF_TEXT_T: return texts_contradict(&t);
    case TF_CHANNEL_T:
    case TF_LISTED_T: return values_contradict(&t);
    default: return false;
    }
}
