/*
 * A condition's disjunctive form: terms, one of which holds whenever the condition does (TABLE-FORMAT 8).
 *
 * Sound: a term may say less than its part of the condition, never more. What it leaves out: of facts that
 * are forbidden all but one, of lists of numbers all but the least and the greatest. What it keeps: required
 * facts (atoms, for the most part; bounds of numbers; hours and dates, which are asked for again), and the
 * priorities and channels that may be (negated too, but that channels are told apart by their remainder
 * alone). Where nothing was left out a term is exact: where it holds, so does the condition. Where
 * combinations would grow past a cap, alternatives are merged into one term that says what all of them say.
 * What one test says is made in terms_leaf.c. Time: linear in the condition's length times the caps.
 */
#include "terms.h"

#include <stdlib.h>
#include <string.h>

static bool is_universal(const struct term *t)
{
    return t->channels == TERM_CHANNELS_ALL && t->priorities == TERM_PRIORITIES_ALL && !t->atom_count &&
           t->never == TF_NONE;
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
    for (uint32_t k = bound; k < t->begins.count; k++) {
        uint32_t from = t->begins.at[k], end = k + 1 < t->begins.count ? t->begins.at[k + 1] : t->list.count;
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
    uint32_t count = t->begins.count - bound;
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
        term->priorities = terms_priorities(cmp, unit_number(&q), negated);
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
    uint32_t base = t->list.count, bound = t->begins.count;
    const struct tf_unit *end = unit_children(&p);
    if (op == TF_OP_AND && !negated && plain_and(t, p, end)) return end;
    while (p < end) {
        *vec_push(t->a, &t->begins) = t->list.count;
        p = node_terms(t, p, negated);
    }
    if ((op == TF_OP_AND) != negated)
        and_terms(t, base, bound);
    else
        or_terms(t, base);
    t->begins.count = bound;
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
    default: return terms_of_test(t, p, negated);
    }
}

void terms_init(struct terms *t, struct arena *a, const struct parts *parts)
{
    uint32_t attr_count = parts->ATTR.count;
    *t = (struct terms){.a = a, .parts = parts};
    t->facts = tf_facts(parts->ATTR.at, attr_count, parts->ATOM.count, parts->HOURS.count,
                        parts->WINDOW_SET.count, parts->NUMBER.count);
    t->bounds_of = arena_array(a, uint32_t, attr_count);
    tf_place_bounds(&t->facts, parts->ATTR.at, attr_count, t->bounds_of);
    t->single_of = arena_array(a, uint32_t, t->facts.count);
    for (uint32_t i = 0; i < attr_count; i++) {
        const struct tf_attr *attr = &parts->ATTR.at[i];
        if (attr->type != TF_LISTED_T) continue;
        for (uint32_t k = 0; k < le32(attr->atom_count); k++)
            t->single_of[le32(attr->atom_first) + k] = i + 1;
    }
}

void terms_of(struct terms *t, uint32_t code_off)
{
    t->list.count = t->atoms.count = t->begins.count = 0;
    node_terms(t, t->parts->CODE.at + code_off, false);
}
