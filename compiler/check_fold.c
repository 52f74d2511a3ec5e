/*
 * Conditions to their normal form: see check_fold.h.
 *
 * NOT is pushed down to the tests, AND and OR are flattened; tests of an attribute of few values become sets
 * of values, which are joined; what follows from the tests beside it is taken out of an inner AND or OR.
 * Nesting is at most NESTING_MAX, so recursion is bounded.
 */
#include "check_canon.h"

#include <stdlib.h>
#include <string.h>

enum { FEW_VALUES = 64, SIMPLIFY_PASSES = 4 };

/* ---- hours ---- */

bool hours_known_open(const struct model *m, uint32_t hours)
{
    if (hours == 0) return true;
    const struct m_hours *h = &m->hours.at[hours];
    if (h->wrong) return false;
    if (h->every_weeks > 1) return false;
    if (h->outside != NONE) return hours_known_shut(m, h->outside);
    return h->always_open;
}

bool hours_known_shut(const struct model *m, uint32_t hours)
{
    if (hours == 0) return false;
    const struct m_hours *h = &m->hours.at[hours];
    if (h->wrong) return false;
    return h->never_open || (h->outside != NONE && hours_known_open(m, h->outside));
}

/* ---- one test ---- */

/* How many values the attribute has where they are few, 0 where they are not. *optional: it may not be
 * carried. */
static uint32_t few_values(const struct model *m, uint32_t attr, bool *optional)
{
    const struct m_attr *t = &m->attrs.at[attr];
    *optional = t->type != TF_PRIORITY_T;
    switch (t->type) {
    case TF_PRIORITY_T: return 4;
    case TF_BOOL_T: return 2;
    case TF_CHANNEL_T:
    case TF_LISTED_T: return t->values.count <= FEW_VALUES && !t->wrong ? t->values.count : 0;
    default: return 0;
    }
}

static uint64_t all_values(uint32_t count)
{
    return count == 64 ? UINT64_MAX : (UINT64_C(1) << count) - 1;
}

static bool compares(enum tf_cmp cmp, uint32_t value, uint32_t with)
{
    switch (cmp) {
    case TF_LT: return value < with;
    case TF_LE: return value <= with;
    case TF_GT: return value > with;
    default: return value >= with;
    }
}

static uint64_t values_of(const struct cond *c, uint32_t count)
{
    uint64_t bits = 0;
    if (c->op == COND_EXISTS) return all_values(count);
    if (c->op == COND_BOOL) return 2;
    if (c->op == COND_HAS_ANY)
        for (uint32_t i = 0; i < c->count; i++) bits |= UINT64_C(1) << cond_ids(c)[i];
    else
        for (uint32_t v = 0; v < count; v++)
            if (compares(c->cmp, v, cond_ids(c)[0])) bits |= UINT64_C(1) << v;
    return bits;
}

static const struct canon *values_new(const struct folder *f, uint32_t attr, uint64_t set, bool absent)
{
    bool optional;
    uint64_t all = all_values(few_values(f->m, attr, &optional));
    if (set == 0 && !absent) return canon_constant(false);
    if (set == all && (absent || !optional)) return canon_constant(true);
    return canon_set_of_values(
        f, (struct canon){.kind = CANON_VALUES, .attr = attr, .values = set, .absent = absent});
}

static const struct canon *fold_during(const struct folder *f, uint32_t hours, bool negated)
{
    const struct m_hours *h = &f->m->hours.at[hours];
    while (hours != 0 && !h->wrong && h->outside != NONE && h->every_weeks <= 1) {
        hours = h->outside; /* open exactly where that is not */
        negated = !negated;
        h = &f->m->hours.at[hours];
    }
    if (hours_known_open(f->m, hours)) return canon_constant(!negated);
    if (hours_known_shut(f->m, hours)) return canon_constant(negated);
    uint32_t *id = arena_new_of(f->a, uint32_t);
    *id = hours;
    return canon_new(f, (struct canon){.kind = CANON_TEST,
                                       .op = COND_DURING,
                                       .attr = NONE,
                                       .negated = negated,
                                       .count = 1,
                                       .u.ids = id});
}

static int str_order(const void *x, const void *y)
{
    return str_cmp(*(const struct str *)x, *(const struct str *)y);
}

/* The model's texts are folded, and differ. */
static const struct str *fold_texts(const struct folder *f, const struct cond *c)
{
    const struct str *all = f->m->texts.at;
    if (c->count == 1) return &all[c->one];
    struct str *texts = arena_array(f->a, struct str, c->count);
    for (uint32_t i = 0; i < c->count; i++) texts[i] = all[c->ids[i]];
    qsort(texts, c->count, sizeof *texts, str_order);
    return texts;
}

/* What u holds is what the test has: names, numbers or texts. */
static void set_parts(const struct folder *f, const struct cond *c, struct canon *out)
{
    if (c->holds == HOLDS_IDS) {
        out->count = c->count;
        out->u.ids = cond_ids(c);
    } else if (c->holds == HOLDS_NUMBERS && c->count) {
        out->parts = PARTS_NUMBERS;
        out->count = c->count;
        out->u.numbers = cond_numbers(c);
    } else if (c->holds == HOLDS_TEXTS && c->count) {
        out->parts = PARTS_TEXTS;
        out->count = c->count;
        out->u.texts = fold_texts(f, c);
    }
}

/* An op that is not named here folds all the same, as CANON_OTHER. */
static bool is_known(enum cond_op op)
{
    return op == COND_HAS_ANY || op == COND_COMPARE || op == COND_NUMBER_COMPARE || op == COND_NUMBER_IN ||
           op == COND_TEXT || op == COND_EXISTS || op == COND_BOOL || op == COND_ACTIVE;
}

static const struct canon *fold_other(const struct folder *f, const struct cond *c, bool negated)
{
    struct canon n = {.kind = CANON_OTHER,
                      .op = (uint8_t)c->op,
                      .cmp = (uint8_t)c->cmp,
                      .text_kind = (uint8_t)c->text_kind,
                      .attr = c->attr,
                      .negated = negated};
    set_parts(f, c, &n);
    return canon_new(f, n);
}

static const struct canon *fold_test(const struct folder *f, const struct cond *c, bool negated)
{
    const struct canon *known = canon_known_member(f, c, negated);
    if (known) return known;
    if (c->op == COND_DURING) return fold_during(f, c->one, negated);
    if (!is_known(c->op)) return fold_other(f, c, negated);
    bool optional, active = c->op == COND_ACTIVE;
    uint32_t few = active ? 0 : few_values(f->m, c->attr, &optional);
    if (few) {
        uint64_t set = values_of(c, few);
        return negated ? values_new(f, c->attr, all_values(few) & ~set, optional)
                       : values_new(f, c->attr, set, false);
    }
    struct canon n = {
        .kind = CANON_TEST, .op = (uint8_t)c->op, .attr = active ? NONE : c->attr, .negated = negated};
    if (c->op == COND_COMPARE || c->op == COND_NUMBER_COMPARE) n.cmp = (uint8_t)c->cmp;
    if (c->op == COND_TEXT) n.text_kind = (uint8_t)c->text_kind;
    set_parts(f, c, &n);
    bool member = n.op == COND_HAS_ANY && n.parts == PARTS_IDS && n.count == 1;
    return member ? canon_has_member(f, n) : canon_new(f, n);
}

/* ---- joining ---- */

/* Constants first, then tests by attribute and kind, so that those to be joined stand together. */
static int canon_cmp(const void *x, const void *y)
{
    const struct canon *a = *(const struct canon *const *)x, *b = *(const struct canon *const *)y;
    if (a->kind != b->kind) return a->kind < b->kind ? -1 : 1;
    if (a->attr != b->attr) return a->attr < b->attr ? -1 : 1;
    if (a->op != b->op) return a->op < b->op ? -1 : 1;
    if (a->hash != b->hash) return a->hash < b->hash ? -1 : 1;
    return a->negated - b->negated;
}

/* Most have two to five, which qsort() takes ten times as long for. */
static void canons_sort(canons *list)
{
    enum { FEW = 16 };
    if (list->count > FEW) {
        qsort(list->at, list->count, sizeof *list->at, canon_cmp);
        return;
    }
    for (uint32_t i = 1; i < list->count; i++) {
        const struct canon *c = list->at[i];
        uint32_t k = i;
        for (; k > 0 && canon_cmp(&list->at[k - 1], &c) > 0; k--) list->at[k] = list->at[k - 1];
        list->at[k] = c;
    }
}

/* Adds a kid, opened where it is of the same kind. */
static void add_kid(const struct folder *f, canons *list, enum canon_kind kind, const struct canon *c)
{
    if (c->kind != kind) {
        *vec_push(f->a, list) = c;
        return;
    }
    for (uint32_t i = 0; i < c->count; i++) *vec_push(f->a, list) = c->u.kids[i];
}

static int u32_order(const void *x, const void *y)
{
    uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
    return (a > b) - (a < b);
}

/* Tests [from, to): "has any" of one attribute, all to be joined to one. */
static const struct canon *join_ids(const struct folder *f, const struct canon *const *tests, uint32_t count)
{
    uint32_t total = 0, kept = 0;
    for (uint32_t i = 0; i < count; i++) total += tests[i]->count;
    uint32_t *all = arena_array(f->a, uint32_t, total);
    total = 0;
    for (uint32_t i = 0; i < count; i++) {
        memcpy(all + total, tests[i]->u.ids, tests[i]->count * sizeof *all);
        total += tests[i]->count;
    }
    qsort(all, total, sizeof *all, u32_order);
    for (uint32_t i = 0; i < total; i++)
        if (!kept || all[kept - 1] != all[i]) all[kept++] = all[i];
    struct canon n = *tests[0];
    n.u.ids = all;
    n.count = kept;
    return canon_new(f, n);
}

static bool is_joinable(const struct canon *c, enum canon_kind kind)
{
    return c->kind == CANON_TEST && c->op == COND_HAS_ANY && c->negated == (kind == CANON_AND);
}

/* The end of the run of list->at[from]: the same kind, attribute and test. */
static uint32_t run_end(const canons *list, uint32_t from)
{
    const struct canon *c = list->at[from];
    uint32_t to = from + 1;
    while (to < list->count && list->at[to]->kind == c->kind && list->at[to]->attr == c->attr &&
           list->at[to]->op == c->op)
        to++;
    return to;
}

static const struct canon *join_values(const struct folder *f, const struct canon *const *run, uint32_t count,
                                       enum canon_kind kind)
{
    uint64_t set = run[0]->values;
    bool absent = run[0]->absent;
    for (uint32_t i = 1; i < count; i++) {
        set = kind == CANON_AND ? set & run[i]->values : set | run[i]->values;
        absent = kind == CANON_AND ? absent && run[i]->absent : absent || run[i]->absent;
    }
    return count == 1 ? run[0] : values_new(f, run[0]->attr, set, absent);
}

/* Joins sets of values of one attribute, and "has any" of one attribute where that is the same. list is
 * sorted. */
static void join(const struct folder *f, canons *list, enum canon_kind kind)
{
    canons out = {0}, has = {0};
    for (uint32_t i = 0, end; i < list->count; i = end) {
        end = run_end(list, i);
        if (list->at[i]->kind == CANON_VALUES) {
            *vec_push(f->a, &out) = join_values(f, list->at + i, end - i, kind);
            continue;
        }
        has.count = 0;
        for (uint32_t k = i; k < end; k++)
            *vec_push(f->a, is_joinable(list->at[k], kind) ? &has : &out) = list->at[k];
        if (has.count) *vec_push(f->a, &out) = has.count == 1 ? has.at[0] : join_ids(f, has.at, has.count);
    }
    *list = out;
}

static bool is_test(const struct canon *c)
{
    return c->kind == CANON_TEST || c->kind == CANON_OTHER;
}

/* Each once; true where one stands beside its opposite, or tests of one attribute contradict each other. */
static bool decides(const struct folder *f, canons *list, enum canon_kind kind)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < list->count; i++) {
        const struct canon *c = list->at[i];
        if (kept && canon_equal(list->at[kept - 1], c)) continue;
        if (kept && is_test(c) && canon_same_test(list->at[kept - 1], c)) return true;
        list->at[kept++] = c;
    }
    list->count = kept;
    for (uint32_t i = 0, k; i < kept; i = k) {
        const struct canon *c = list->at[i];
        for (k = i + 1; k < kept && list->at[k]->kind == c->kind && list->at[k]->attr == c->attr; k++) {}
        if (c->kind == CANON_TEST && c->attr != NONE && k - i > 1 &&
            tests_contradict(f, list->at + i, k - i, kind == CANON_OR))
            return true;
    }
    return false;
}

/* ---- what follows from the tests beside it ---- */

static const struct canon *combine(const struct folder *f, enum canon_kind kind, canons *list);

/* The test beside it that says something about this one: of the same attribute and values, or the same test.
 */
static const struct canon *beside(const canons *list, const struct canon *c)
{
    uint32_t lo = 0, hi = list->count;
    struct canon key = *c;
    key.negated = false;
    if (c->kind == CANON_VALUES) key.hash = 0;
    const struct canon *k = &key;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (canon_cmp(&list->at[mid], &k) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (lo == list->count) return NULL;
    const struct canon *found = list->at[lo];
    if (c->kind == CANON_VALUES) return found->kind == CANON_VALUES && found->attr == c->attr ? found : NULL;
    return is_test(c) && canon_same_test(found, c) ? found : NULL;
}

enum follows { FOLLOWS_NOTHING, FOLLOWS_TRUE, FOLLOWS_FALSE };

/* Whether, where `known` holds (or, for a disjunction, does not), c certainly holds, or certainly not. */
static enum follows follows(const struct canon *known, const struct canon *c, bool known_holds, uint64_t all,
                            bool optional)
{
    if (is_test(c)) return (known->negated == c->negated) == known_holds ? FOLLOWS_TRUE : FOLLOWS_FALSE;
    uint64_t set = known_holds ? known->values : all & ~known->values;
    bool absent = known_holds ? known->absent : optional && !known->absent;
    if (!(set & ~c->values) && (!absent || c->absent)) return FOLLOWS_TRUE;
    if (!(set & c->values) && !(absent && c->absent)) return FOLLOWS_FALSE;
    return FOLLOWS_NOTHING;
}

/* An inner OR of an AND, given the AND's other tests, or the other way round. The same where nothing follows.
 */
static const struct canon *simplify_inner(const struct folder *f, const canons *list,
                                          const struct canon *inner)
{
    bool outer_and = inner->kind == CANON_OR, changed = false;
    canons kids = {0};
    for (uint32_t i = 0; i < inner->count; i++) {
        const struct canon *c = inner->u.kids[i], *known = beside(list, c);
        bool optional = true;
        uint64_t all =
            known && c->kind == CANON_VALUES ? all_values(few_values(f->m, c->attr, &optional)) : 0;
        enum follows what = known ? follows(known, c, outer_and, all, optional) : FOLLOWS_NOTHING;
        if (what == (outer_and ? FOLLOWS_TRUE : FOLLOWS_FALSE)) return canon_constant(outer_and);
        if (what == FOLLOWS_NOTHING)
            *vec_push(f->a, &kids) = c;
        else
            changed = true;
    }
    return changed ? combine(f, (enum canon_kind)inner->kind, &kids) : inner;
}

static bool simplify(const struct folder *f, canons *list)
{
    bool changed = false;
    for (uint32_t i = 0; i < list->count; i++) {
        const struct canon *c = list->at[i];
        if (c->kind != CANON_AND && c->kind != CANON_OR) continue;
        const struct canon *simpler = simplify_inner(f, list, c);
        changed |= simpler != c;
        list->at[i] = simpler;
    }
    return changed;
}

/* ---- AND and OR ---- */

static void open_kids(const struct folder *f, enum canon_kind kind, canons *list)
{
    canons flat = {0};
    uint32_t i = 0;
    while (i < list->count && list->at[i]->kind != kind) i++;
    if (i == list->count) return;
    for (i = 0; i < list->count; i++) add_kid(f, &flat, kind, list->at[i]);
    *list = flat;
}

/* Whether join() finds anything in the sorted list; most often not. */
static bool is_to_join(const canons *list, enum canon_kind kind)
{
    for (uint32_t i = 1; i < list->count; i++) {
        const struct canon *a = list->at[i - 1], *c = list->at[i];
        if (a->kind != c->kind || a->attr != c->attr || a->op != c->op) continue;
        if (c->kind == CANON_VALUES || is_joinable(a, kind) || is_joinable(c, kind)) return true;
    }
    return false;
}

/* One round: opens, sorts, joins. False where a constant decides the whole. */
static bool settle(const struct folder *f, enum canon_kind kind, canons *list)
{
    uint32_t kept = 0;
    open_kids(f, kind, list);
    canons_sort(list);
    bool joins = is_to_join(list, kind);
    if (joins) join(f, list, kind);
    for (uint32_t i = 0; i < list->count; i++) {
        const struct canon *c = list->at[i];
        if (c->kind == (kind == CANON_AND ? CANON_FALSE : CANON_TRUE)) return false;
        if (c->kind > CANON_TRUE) list->at[kept++] = c;
    }
    list->count = kept;
    if (joins) canons_sort(list);
    return !decides(f, list, kind);
}

static const struct canon *combine(const struct folder *f, enum canon_kind kind, canons *list)
{
    for (int pass = 0; pass < SIMPLIFY_PASSES; pass++) {
        if (!settle(f, kind, list)) return canon_constant(kind == CANON_OR);
        if (!simplify(f, list)) break;
        if (pass + 1 == SIMPLIFY_PASSES && !settle(f, kind, list)) return canon_constant(kind == CANON_OR);
    }
    if (list->count == 0) return canon_constant(kind == CANON_AND);
    if (list->count == 1) return list->at[0];
    return canon_new(
        f,
        (struct canon){.kind = (uint8_t)kind, .parts = PARTS_KIDS, .count = list->count, .u.kids = list->at});
}

/* "has all" is "has" of each. */
static const struct canon *fold_all(const struct folder *f, const struct cond *c, bool negated)
{
    canons list = {0};
    for (uint32_t i = 0; i < c->count; i++)
        *vec_push(f->a, &list) = canon_new(f, (struct canon){.kind = CANON_TEST,
                                                             .op = COND_HAS_ANY,
                                                             .attr = c->attr,
                                                             .negated = negated,
                                                             .count = 1,
                                                             .u.ids = &cond_ids(c)[i]});
    return combine(f, negated ? CANON_OR : CANON_AND, &list);
}

static const struct canon *fold_as(const struct folder *f, const struct cond *c, bool negated)
{
    switch (c->op) {
    case COND_TRUE:
    case COND_FALSE: return canon_constant((c->op == COND_TRUE) != negated);
    case COND_NOT: return fold_as(f, c->kids, !negated);
    case COND_HAS_ALL: return fold_all(f, c, negated);
    case COND_AND:
    case COND_OR: break;
    default: return fold_test(f, c, negated);
    }
    canons list = {0};
    vec_room(f->a, &list, c->count);
    for (uint32_t i = 0; i < c->count; i++) *vec_push(f->a, &list) = fold_as(f, &c->kids[i], negated);
    return combine(f, (c->op == COND_AND) != negated ? CANON_AND : CANON_OR, &list);
}

const struct canon *fold(const struct folder *f, const struct cond *c)
{
    return fold_as(f, c, false);
}

/* Whether both stand in a conjunction as they are: of one attribute only members of a set do, of which not
 * both are denied. */
static bool stand_together(const struct folder *f, const struct canon *a, const struct canon *b)
{
    if (a->attr != b->attr) return true;
    if (a->kind != CANON_TEST || a->op != COND_HAS_ANY || a->count != 1) return false;
    if (b->kind != CANON_TEST || b->op != COND_HAS_ANY || b->count != 1) return false;
    return f->m->attrs.at[a->attr].type == TF_SET_T && !(a->negated && b->negated) && *a->u.ids != *b->u.ids;
}

/* A test or its opposite; NULL: it is none, or constant. */
static const struct canon *fold_one(const struct folder *f, const struct cond *c)
{
    bool negated = c->op == COND_NOT;
    if (negated) c = c->kids;
    if (c->holds == HOLDS_KIDS || c->op == COND_HAS_ALL || c->op == COND_TRUE || c->op == COND_FALSE)
        return NULL;
    const struct canon *test = fold_test(f, c, negated);
    return test->kind == CANON_VALUES || test->kind == CANON_TEST ? test : NULL;
}

uint32_t fold_tests_of(const struct folder *f, const struct cond *c, const struct canon **tests,
                       uint32_t most)
{
    bool joined = c->op == COND_AND;
    uint32_t count = joined ? c->count : 1;
    if (count > most) return 0;
    for (uint32_t i = 0; i < count; i++) {
        tests[i] = fold_one(f, joined ? &c->kids[i] : c);
        if (!tests[i]) return 0;
        for (uint32_t k = 0; k < i; k++)
            if (!stand_together(f, tests[k], tests[i])) return 0;
    }
    return count;
}

const struct canon *fold_both(const struct folder *f, const struct canon *a, const struct canon *b)
{
    canons list = {0};
    *vec_push(f->a, &list) = a;
    *vec_push(f->a, &list) = b;
    return combine(f, CANON_AND, &list);
}

bool canons_exclude(const struct folder *f, const struct canon *a, const struct canon *b)
{
    return fold_both(f, a, b)->kind == CANON_FALSE;
}

unsigned canon_priorities(const struct canon *c)
{
    unsigned bits = c->kind == CANON_OR || c->kind == CANON_FALSE ? 0 : 15;
    if (c->kind == CANON_VALUES && c->attr == TF_PRIORITY) return (unsigned)c->values;
    if (c->kind == CANON_AND)
        for (uint32_t i = 0; i < c->count; i++) bits &= canon_priorities(c->u.kids[i]);
    if (c->kind == CANON_OR)
        for (uint32_t i = 0; i < c->count; i++) bits |= canon_priorities(c->u.kids[i]);
    return bits;
}
