/*
 * A condition's disjunctive form: terms, one of which holds whenever the condition does (TABLE-FORMAT 8).
 *
 * Sound: a term may say less than its part of the condition, never more. What it leaves out: of facts that are
 * forbidden all but one, of lists of numbers all but the least and the greatest. What it keeps: required facts
 * (atoms, for the most part; bounds of numbers; hours and dates, which are asked for again), and the priorities
 * and channels that may be (negated too, but that channels are told apart by their remainder alone). Where nothing was left out a term is exact: where it holds, so does the condition. Where
 * combinations would grow past a cap, alternatives are merged into one term that says what all of them say.
 * Time: linear in the condition's length times the caps.
 */
#include "lower.h"
#include "../runtime/ops.h"

#include <stdlib.h>
#include <string.h>

enum { NO_CHANNEL = 1 << TF_GUARD_CHANNEL_CLASSES };

static const struct term universal = {TERM_CHANNELS_ALL, TERM_PRIORITIES_ALL, true, TF_NONE, TF_NONE, 0, 0};

static bool is_universal(const struct term *t)
{
    return t->channels == TERM_CHANNELS_ALL && t->priorities == TERM_PRIORITIES_ALL && !t->atom_count &&
           t->never == TF_NONE;
}

static void push(struct terms *t, struct term term)
{
    if (term.channels && term.priorities) *vec_push(t->a, &t->list) = term;
}

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

/* ---- joining terms: all of them hold ---- */

static int atom_order(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Most are two to five, and nearly in order. */
static void sort_atoms(uint32_t *at, uint32_t count)
{
    enum { FEW = 16 };
    if (count > FEW) {
        qsort(at, count, sizeof *at, atom_order);
        return;
    }
    for (uint32_t i = 1; i < count; i++) {
        uint32_t atom = at[i], k = i;
        for (; k > 0 && at[k - 1] > atom; k--) at[k] = at[k - 1];
        at[k] = atom;
    }
}

/* Makes the atoms from `first` to the end ascending, each once, and not too many: they are those of `term`.
 * False where no ticket can have them all, because two are values of one attribute. */
static bool settle_atoms(struct terms *t, uint32_t first, struct term *term)
{
    uint32_t *at = t->atoms.at + first, count = t->atoms.count - first, kept = 0;
    sort_atoms(at, count);
    for (uint32_t i = 0; i < count; i++) {
        if (kept && at[i] == at[kept - 1]) continue;
        if (kept && t->single_of[at[i]] && t->single_of[at[i]] == t->single_of[at[kept - 1]]) return false;
        at[kept++] = at[i];
    }
    if (kept > TERM_ATOMS_MAX) term->exact = false;
    term->atom_first = first;
    term->atom_count = kept < TERM_ATOMS_MAX ? kept : TERM_ATOMS_MAX;
    t->atoms.count = first + term->atom_count;
    return true;
}

/* Narrows `into`, but for its facts that are required, by what `by` says; false where nothing is left. */
static bool narrow(struct term *into, const struct term *by)
{
    into->channels &= by->channels;
    into->priorities &= by->priorities;
    into->exact &= by->exact && (by->never == TF_NONE || into->never == TF_NONE || by->never == into->never);
    if (into->never == TF_NONE) into->never = by->never;
    if (by->channel != TF_NONE) {
        if (into->channel != TF_NONE && into->channel != by->channel) return false;
        into->channel = by->channel;
    }
    return into->channels && into->priorities;
}

static void copy_atoms(struct terms *t, const struct term *from)
{
    vec_reserve(t->a, &t->atoms, from->atom_count);
    for (uint32_t i = 0; i < from->atom_count; i++)
        t->atoms.at[t->atoms.count++] = t->atoms.at[from->atom_first + i];
}

/* Both hold. False where they cannot. */
static bool join(struct terms *t, struct term x, const struct term *y, struct term *out)
{
    if (!narrow(&x, y)) return false;
    if (!x.atom_count)
        x.atom_first = y->atom_first, x.atom_count = y->atom_count;
    else if (y->atom_count) {
        uint32_t first = t->atoms.count;
        copy_atoms(t, &x);
        copy_atoms(t, y);
        if (!settle_atoms(t, first, &x)) return false;
    }
    *out = x;
    return true;
}

/* ---- merging alternatives: what all of them say ---- */

static uint32_t common_atoms(struct terms *t, uint32_t first, uint32_t count, const struct term *with)
{
    uint32_t kept = 0, k = 0;
    uint32_t *mine = t->atoms.at + first, *other = t->atoms.at + with->atom_first;
    for (uint32_t i = 0; i < count; i++) {
        while (k < with->atom_count && other[k] < mine[i]) k++;
        if (k < with->atom_count && other[k] == mine[i]) mine[kept++] = mine[i];
    }
    return kept;
}

static struct term merged(struct terms *t, uint32_t from, uint32_t end)
{
    struct term all = t->list.at[from];
    uint32_t first = t->atoms.count;
    copy_atoms(t, &all);
    all.atom_first = first;
    all.exact = false;
    for (uint32_t i = from + 1; i < end; i++) {
        const struct term *one = &t->list.at[i];
        all.channels |= one->channels;
        all.priorities |= one->priorities;
        if (all.channel != one->channel) all.channel = TF_NONE;
        if (all.never != one->never) all.never = TF_NONE;
        all.atom_count = common_atoms(t, first, all.atom_count, one);
    }
    t->atoms.count = first + all.atom_count;
    return all;
}

/* ---- and ---- */

struct alternatives {
    uint32_t from, end; /* of t->list */
};

static int fewest_first(const void *a, const void *b)
{
    const struct alternatives *x = a, *y = b;
    uint32_t n = x->end - x->from, m = y->end - y->from;
    if (n != m) return n < m ? -1 : 1;
    return x->from < y->from ? -1 : 1;
}

/* Which of the children's alternatives are multiplied out: the fewest first, as long as the cap allows; the
 * first in any case where nothing else requires an atom. They go to the front; how many. */
static uint32_t choose(struct alternatives *many, uint32_t count, bool filed)
{
    uint64_t product = 1;
    uint32_t chosen = 0;
    if (count > 1) qsort(many, count, sizeof *many, fewest_first);
    for (; chosen < count; chosen++) {
        product *= many[chosen].end - many[chosen].from;
        if (product > (filed ? TERMS_MAX_FILED : TERMS_MAX) && (filed || chosen > 0)) break;
    }
    return chosen;
}

/* The children of an AND: those with one term, and those with several. */
struct kids {
    uint32_t *ones; /* index in t->list */
    struct alternatives *many;
    uint32_t one_count, many_count;
    bool filed; /* one of the ones requires an atom */
};

/* Child k's terms stand on the stack from bounds[bound + k] on. False: one has none. */
static bool split_kids(struct terms *t, uint32_t bound, struct kids *kids)
{
    for (uint32_t k = bound; k < t->bounds.count; k++) {
        uint32_t from = t->bounds.at[k], end = k + 1 < t->bounds.count ? t->bounds.at[k + 1] : t->list.count;
        if (from == end) return false;
        if (end - from > 1) {
            kids->many[kids->many_count++] = (struct alternatives){from, end};
            continue;
        }
        kids->ones[kids->one_count++] = from;
        if (t->list.at[from].atom_count) kids->filed = true;
    }
    return true;
}

/* What all of the ones say; false where they cannot all hold. */
static bool join_ones(struct terms *t, const struct kids *kids, struct term *out)
{
    uint32_t first = t->atoms.count;
    *out = universal;
    for (uint32_t i = 0; i < kids->one_count; i++) {
        const struct term *one = &t->list.at[kids->ones[i]];
        if (!narrow(out, one)) return false;
        copy_atoms(t, one);
    }
    return settle_atoms(t, first, out);
}

/* Every term on the stack from `from` on joined with every alternative, above them; where those begin. */
static uint32_t multiply(struct terms *t, uint32_t from, struct alternatives by)
{
    uint32_t end = t->list.count;
    for (uint32_t i = from; i < end; i++)
        for (uint32_t k = by.from; k < by.end; k++) {
            struct term both;
            if (join(t, t->list.at[i], &t->list.at[k], &both)) push(t, both);
        }
    return end;
}

/* Above the children's terms: those of all children together; where they begin. */
static uint32_t join_kids(struct terms *t, struct kids *kids)
{
    uint32_t chosen = choose(kids->many, kids->many_count, kids->filed);
    for (uint32_t i = chosen; i < kids->many_count; i++) { /* too many: merged, they are as good as one */
        kids->ones[kids->one_count++] = t->list.count;
        struct term one = merged(t, kids->many[i].from, kids->many[i].end);
        *vec_push(t->a, &t->list) = one;
    }
    struct term all;
    uint32_t from = t->list.count;
    if (join_ones(t, kids, &all)) push(t, all);
    for (uint32_t i = 0; i < chosen; i++) from = multiply(t, from, kids->many[i]);
    return from;
}

/* In place of the children's terms from `base` on: those of all children together. */
static void and_terms(struct terms *t, uint32_t base, uint32_t bound)
{
    uint32_t count = t->bounds.count - bound;
    uint32_t few[16];
    struct alternatives few_many[16];
    struct kids kids = {.ones = few, .many = few_many};
    if (count > 16) {
        kids.ones = arena_array(t->a, uint32_t, count);
        kids.many = arena_array(t->a, struct alternatives, count);
    }
    uint32_t from = split_kids(t, bound, &kids) ? join_kids(t, &kids) : t->list.count;
    uint32_t left = t->list.count - from;
    if (left) memmove(t->list.at + base, t->list.at + from, left * sizeof *t->list.at);
    t->list.count = base + left;
}

/* ---- or ---- */

/* The children's terms stand there together already; one that always holds says it all. */
static void or_terms(struct terms *t, uint32_t base)
{
    struct term all = universal;
    bool found = false;
    all.exact = false;
    for (uint32_t i = base; i < t->list.count; i++) {
        if (!is_universal(&t->list.at[i])) continue;
        found = true;
        all.exact |= t->list.at[i].exact;
    }
    if (!found) return;
    t->list.at[base] = all;
    t->list.count = base + 1;
}

/* ---- tests ---- */

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
static uint8_t compared_priorities(enum tf_cmp cmp, uint32_t value, bool negated)
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
        priority_term(t, compared_priorities(cmp, value, negated), false);
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

/* ---- the walk ---- */

static const struct tf_unit *node_terms(struct terms *t, const struct tf_unit *p, bool negated);

/* The one term of a test that most conditions are made of: a fact, no such fact (but a channel), a priority.
 * Moves *p behind it. *atom: what it requires besides; TF_NONE. False: any other node. */
static bool plain_term(const struct terms *t, const struct tf_unit **p, struct term *term, uint32_t *atom)
{
    const struct tf_unit *q = *p;
    bool negated = q->tag == TF_OP_NOT;
    q += negated;
    enum tf_op op = q->tag;
    *term = universal;
    *atom = TF_NONE;
    if (op == TF_OP_COMPARE) {
        uint32_t attr = unit_number(&q);
        enum tf_cmp cmp = unit_cmp(q);
        if (t->parts->ATTR.at[attr].type != TF_PRIORITY_T) return false;
        term->priorities = compared_priorities(cmp, unit_number(&q), negated);
    } else if (op == TF_OP_HAS) {
        uint32_t fact = unit_number(&q);
        bool channel = fact < le32(t->parts->ATTR.at[TF_CHANNEL].atom_count); /* the first attribute */
        if (channel && negated) return false;
        if (channel)
            term->channel = fact, term->channels = (uint16_t)(1u << fact % TF_GUARD_CHANNEL_CLASSES);
        else if (negated)
            term->never = fact;
        else
            *atom = fact;
    } else {
        return false;
    }
    *p = q;
    return true;
}

/* An AND of such tests alone, without the stack: what and_terms() gives, in a third of the time. False, and
 * nothing done: there are other nodes. */
static bool plain_and(struct terms *t, const struct tf_unit *p, const struct tf_unit *end)
{
    struct term all = universal, one;
    uint32_t first = t->atoms.count, atom;
    bool holds = true;
    while (p < end && plain_term(t, &p, &one, &atom)) {
        holds = holds && narrow(&all, &one);
        if (atom != TF_NONE) *vec_push(t->a, &t->atoms) = atom;
    }
    if (p == end && holds && settle_atoms(t, first, &all)) push(t, all);
    if (p < end) t->atoms.count = first;
    return p == end;
}

/* A negated AND is an OR of the negated, and the other way round. */
static const struct tf_unit *joined_terms(struct terms *t, const struct tf_unit *p, enum tf_op op,
                                          bool negated)
{
    uint32_t base = t->list.count, bound = t->bounds.count;
    const struct tf_unit *end = unit_children(&p);
    if (op == TF_OP_AND && !negated && plain_and(t, p, end)) return end;
    while (p < end) {
        *vec_push(t->a, &t->bounds) = t->list.count;
        p = node_terms(t, p, negated);
    }
    if ((op == TF_OP_AND) != negated)
        and_terms(t, base, bound);
    else
        or_terms(t, base);
    t->bounds.count = bound;
    return p;
}

/* Pushes the node's terms; behind it. */
static const struct tf_unit *node_terms(struct terms *t, const struct tf_unit *p, bool negated)
{
    enum tf_op op = p->tag;
    switch (op) {
    case TF_OP_TRUE:
    case TF_OP_FALSE:
        if ((op == TF_OP_TRUE) != negated) push(t, universal);
        return p + 1;
    case TF_OP_NOT: return node_terms(t, p + 1, !negated);
    case TF_OP_AND:
    case TF_OP_OR: return joined_terms(t, p, op, negated);
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

struct tf_facts facts_of(const struct parts *parts)
{
    uint32_t numbers = 0;
    for (uint32_t i = 0; i < parts->ATTR.count; i++) numbers += parts->ATTR.at[i].type == TF_NUMBER_T;
    return tf_facts(parts->ATOM.count, parts->ATTR.count, parts->HOURS.count, parts->WINDOW_SET.count,
                    parts->NUMBER.count, numbers);
}

void terms_init(struct terms *t, struct arena *a, const struct parts *parts)
{
    *t = (struct terms){.a = a, .parts = parts};
    t->facts = facts_of(parts);
    t->bounds_of = arena_array(a, uint32_t, parts->ATTR.count);
    t->single_of = arena_array(a, uint32_t, t->facts.count);
    uint32_t bounds = t->facts.bounds;
    for (uint32_t i = 0; i < parts->ATTR.count; i++) {
        const struct tf_attr *attr = &parts->ATTR.at[i];
        if (attr->type == TF_NUMBER_T && t->facts.bounds_len > 0) {
            t->bounds_of[i] = bounds;
            bounds += t->facts.bounds_len;
        }
        if (attr->type != TF_LISTED_T) continue;
        for (uint32_t k = 0; k < le32(attr->atom_count); k++)
            t->single_of[le32(attr->atom_first) + k] = i + 1;
    }
}

void terms_of(struct terms *t, uint32_t code_off)
{
    t->list.count = t->atoms.count = t->bounds.count = 0;
    node_terms(t, t->parts->CODE.at + code_off, false);
}
