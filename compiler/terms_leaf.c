/*
 * The terms of one test, or of its negation (terms.c): which facts, priorities and channels it requires,
 * forbids, admits. Where it would take more than facts to say, a term says less, and is not exact.
 */
#include "terms.h"

#include <string.h>

enum { NO_CHANNEL = 1 << TF_GUARD_CHANNEL_CLASSES };

/* Of a test that terms leave out. */
static void push_unknown(struct terms *t)
{
    struct term term = universal;
    term.exact = false;
    push(t, term);
}

/* None of the facts: a term says so of one. */
static void push_never(struct terms *t, const uint32_t *facts, uint32_t count)
{
    struct term term = universal;
    term.never = facts[0];
    term.exact = count == 1;
    push(t, term);
}

static void push_atoms(struct terms *t, const uint32_t *atoms, uint32_t count)
{
    struct term term = universal;
    if (count > TERM_ATOMS_MAX) {
        term.exact = false;
        count = TERM_ATOMS_MAX;
    }
    term.atom_first = t->atoms.count;
    term.atom_count = count;
    vec_reserve(t->a, &t->atoms, count);
    memcpy(t->atoms.at + t->atoms.count, atoms, count * sizeof *atoms);
    t->atoms.count += count;
    push(t, term);
}

/* ---- names, channels, priorities ---- */

static const struct tf_attr *attr_of_atom(const struct terms *t, uint32_t atom)
{
    uint32_t lo = 0, hi = t->parts->ATTR.count;
    while (hi - lo > 1) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (le32(t->parts->ATTR.at[mid].atom_first) <= atom)
            lo = mid;
        else
            hi = mid;
    }
    return &t->parts->ATTR.at[lo]; /* of several that begin here all but the last are empty */
}

/* Channels that the test admits, by class. Negated: each class of which a channel is not in the list, and
 * none. A class of several channels says all only where there is the one channel beside it. */
static void channel_term(struct terms *t, const uint32_t *channels, uint32_t count, bool negated)
{
    uint32_t all[TF_GUARD_CHANNEL_CLASSES] = {0}, in[TF_GUARD_CHANNEL_CLASSES] = {0};
    uint32_t channel_count = le32(t->parts->ATTR.at[TF_CHANNEL].atom_count);
    struct term term = universal;
    for (uint32_t i = 0; i < channel_count; i++) all[i % TF_GUARD_CHANNEL_CLASSES]++;
    for (uint32_t i = 0; i < count; i++) in[channels[i] % TF_GUARD_CHANNEL_CLASSES]++;
    term.channels = negated ? NO_CHANNEL : 0;
    for (unsigned k = 0; k < TF_GUARD_CHANNEL_CLASSES; k++)
        if (negated ? all[k] > in[k] : in[k] > 0) term.channels |= (uint16_t)(1u << k);
    if (!negated && count == 1) term.channel = channels[0];
    term.exact = channel_count <= TF_GUARD_CHANNEL_CLASSES || term.channel != TF_NONE;
    push(t, term);
}

static void priority_term(struct terms *t, uint32_t bits, bool negated)
{
    struct term term = universal;
    term.priorities = (uint8_t)((negated ? ~bits : bits) & TERM_PRIORITIES_ALL);
    push(t, term);
}

static void atoms_any(struct terms *t, const uint32_t *atoms, uint32_t count, bool negated)
{
    if (count && attr_of_atom(t, atoms[0])->type == TF_CHANNEL_T) {
        channel_term(t, atoms, count, negated); /* the first attribute: an atom is its value's place */
    } else if (negated) {
        push_never(t, atoms, count);
    } else {
        for (uint32_t i = 0; i < count; i++) push_atoms(t, &atoms[i], 1);
    }
}

/* The atoms of HAS_ANY and HAS_ALL. */
static const struct tf_unit *atom_list(struct terms *t, const struct tf_unit *p, enum tf_op op, bool negated)
{
    uint32_t few[32], count = op == TF_OP_HAS ? 1 : unit_number(&p);
    uint32_t *atoms = count <= 32 ? few : arena_array(t->a, uint32_t, count);
    for (uint32_t i = 0; i < count; i++) atoms[i] = unit_number(&p);
    if (op != TF_OP_HAS_ALL)
        atoms_any(t, atoms, count, negated);
    else if (negated)
        push_unknown(t);
    else
        push_atoms(t, atoms, count);
    return p;
}

static bool compares(uint32_t x, enum tf_cmp cmp, uint32_t y)
{
    switch (cmp) {
    case TF_LT: return x < y;
    case TF_LE: return x <= y;
    case TF_GT: return x > y;
    case TF_GE: return x >= y;
    }
    return false;
}

/* One that is no atom. */
static void fact_term(struct terms *t, uint32_t fact, bool negated)
{
    if (negated)
        push_never(t, &fact, 1);
    else
        push_atoms(t, &fact, 1);
}

/* The priorities, as bits, for which the comparison holds, or does not. */
uint8_t terms_priorities(enum tf_cmp cmp, uint32_t value, bool negated)
{
    uint32_t bits = 0;
    for (uint32_t v = 0; v < 4; v++) bits |= (uint32_t)compares(v, cmp, value) << v;
    return (uint8_t)((negated ? ~bits : bits) & TERM_PRIORITIES_ALL);
}

/* Of a listed attribute: one of the values that compare so. Where they are many, only that there is one: n
 * comparisons with n values would be n * n / 2 terms. */
static void listed_terms(struct terms *t, uint32_t id, enum tf_cmp cmp, uint32_t value)
{
    enum { COMPARED_MAX = 64 };
    const struct tf_attr *attr = &t->parts->ATTR.at[id];
    uint32_t all = le32(attr->atom_count), from = 0, end = all;
    if (cmp == TF_LT || cmp == TF_LE)
        end = value + (cmp == TF_LE);
    else
        from = value + (cmp == TF_GT);
    if (end - from > COMPARED_MAX) {
        fact_term(t, tf_fact_exists(t->parts->ATOM.count, id), false);
        if (end - from < all) t->list.at[t->list.count - 1].exact = false;
        return;
    }
    for (uint32_t v = from; v < end; v++) {
        uint32_t atom = le32(attr->atom_first) + v;
        push_atoms(t, &atom, 1);
    }
}

static const struct tf_unit *compare_terms(struct terms *t, const struct tf_unit *p, bool negated)
{
    uint32_t attr = unit_number(&p);
    enum tf_cmp cmp = unit_cmp(p);
    uint32_t value = unit_number(&p);
    if (t->parts->ATTR.at[attr].type == TF_PRIORITY_T) {
        priority_term(t, terms_priorities(cmp, value, negated), false);
    } else if (negated) {
        push_unknown(t);
    } else {
        listed_terms(t, attr, cmp, value);
    }
    return p;
}

static void exists_term(struct terms *t, uint32_t attr, bool negated)
{
    struct term term = universal;
    switch (t->parts->ATTR.at[attr].type) {
    case TF_CHANNEL_T:
        term.channels &= (uint16_t)(negated ? NO_CHANNEL : ~NO_CHANNEL);
        push(t, term);
        break;
    case TF_PRIORITY_T:
        if (!negated) push(t, term); /* there is always one */
        break;
    default: fact_term(t, tf_fact_exists(t->parts->ATOM.count, attr), negated);
    }
}

/* ---- numbers, hours, dates ---- */

/* From `low` on, without `high` and above; a bound that is 0 says nothing. */
static void range_term(struct terms *t, uint32_t low, uint32_t high, bool exact)
{
    struct term term = universal;
    if (low > 0) push_atoms(t, &low, 1);
    if (low == 0) push(t, term);
    struct term *said = &t->list.at[t->list.count - 1];
    if (high > 0) said->never = high;
    said->exact = exact;
}

/* Of a number: at least, or above, is a fact; below, or at most, is that one not, where there is a number. */
static const struct tf_unit *number_terms(struct terms *t, const struct tf_unit *p, bool negated)
{
    uint32_t attr = unit_number(&p), exists = tf_fact_exists(t->parts->ATOM.count, attr);
    enum tf_cmp cmp = unit_cmp(p);
    uint32_t bound = t->bounds_of[attr] + 2 * unit_number(&p) + (cmp == TF_GT || cmp == TF_LE);
    bool upper = cmp == TF_LT || cmp == TF_LE;
    if (t->bounds_of[attr] == 0 || (upper && negated))
        push_unknown(t);
    else if (upper)
        range_term(t, exists, bound, true);
    else
        range_term(t, negated ? 0 : bound, negated ? bound : 0, true);
    return p;
}

/* One number is a range; of several only that it is none below or above them is said. */
static const struct tf_unit *number_in_terms(struct terms *t, const struct tf_unit *p, bool negated)
{
    uint32_t attr = unit_number(&p), count = unit_number(&p), first = unit_number(&p), last = first;
    uint32_t bounds = t->bounds_of[attr];
    for (uint32_t i = 1; i < count; i++) last = unit_number(&p);
    if (negated || bounds == 0)
        push_unknown(t);
    else
        range_term(t, bounds + 2 * first, bounds + 2 * last + 1, count == 1);
    return p;
}

/* What may hold until it is asked for: so never all there is to ask. */
static void timed_term(struct terms *t, uint32_t fact, bool negated)
{
    fact += negated;
    push_atoms(t, &fact, 1);
    t->list.at[t->list.count - 1].exact = false;
}

const struct tf_unit *terms_of_test(struct terms *t, const struct tf_unit *p, bool negated)
{
    enum tf_op op = p->tag;
    switch (op) {
    case TF_OP_HAS:
    case TF_OP_HAS_ANY:
    case TF_OP_HAS_ALL: return atom_list(t, p, op, negated);
    case TF_OP_COMPARE: return compare_terms(t, p, negated);
    case TF_OP_PRIORITY_IN: priority_term(t, unit_number(&p), negated); return p;
    case TF_OP_EXISTS: exists_term(t, unit_number(&p), negated); return p;
    case TF_OP_BOOL: fact_term(t, tf_fact_bool(t->parts->ATOM.count, unit_number(&p)), negated); return p;
    case TF_OP_NUMBER_COMPARE: return number_terms(t, p, negated);
    case TF_OP_NUMBER_IN: return number_in_terms(t, p, negated);
    case TF_OP_DURING: timed_term(t, t->facts.hours + 2 * unit_number(&p), negated); return p;
    case TF_OP_ACTIVE: timed_term(t, t->facts.windows + 2 * unit_number(&p), negated); return p;
    default: return p; /* not in CODE */
    }
}
