/*
 * The index (docs/TABLE-FORMAT.md 8): the terms of every rule's condition, filed under their rarest atom.
 * Assumes CODE, ATTR, ATOM, RULE and OUTCOME are whole. Works from them alone, so that what the index says is
 * what the conditions in the table say. Promises that whatever a rule matches finds an entry of it.
 */
#include "lower.h"

#include <stdlib.h>

/* A term and the rule it came from. */
struct filed {
    struct term term;
    uint32_t rule;
};

/* One of the two indexes under construction. */
struct index {
    struct arena *a;
    const struct parts *parts;
    VEC(struct filed) terms;
    VEC(uint32_t) atoms;                 /* theirs */
    uint32_t *required_count;            /* how many terms require an atom */
    uint32_t labels_first, segments_end; /* atoms of labels and segments: every ticket's first ones */
};

static void index_init(struct index *x, struct arena *a, const struct parts *parts)
{
    *x = (struct index){.a = a, .parts = parts};
    x->required_count = arena_array(a, uint32_t, parts->ATOM.count);
    const struct tf_attr *segments = &parts->ATTR.at[TF_SEGMENTS];
    x->labels_first = le32(parts->ATTR.at[TF_LABELS].atom_first);
    x->segments_end = le32(segments->atom_first) + le32(segments->atom_count);
}

static void index_rule(struct index *x, uint32_t rule, const struct terms *t)
{
    for (uint32_t i = 0; i < t->list.count; i++) {
        struct term term = t->list.at[i];
        uint32_t first = x->atoms.count;
        for (uint32_t k = 0; k < term.atom_count; k++) {
            uint32_t atom = t->atoms.at[term.atom_first + k];
            *vec_push(x->a, &x->atoms) = atom;
            x->required_count[atom]++;
        }
        term.atom_first = first;
        *vec_push(x->a, &x->terms) = (struct filed){term, rule};
    }
}

/* ---- buckets ---- */

static bool is_name(const struct index *x, uint32_t atom)
{
    return atom >= x->labels_first && atom < x->segments_end;
}

/* Whether a is a better bucket than b: fewer terms want it; then labels and segments; then the smaller. */
static bool rarer(const struct index *x, uint32_t a, uint32_t b)
{
    if (x->required_count[a] != x->required_count[b]) return x->required_count[a] < x->required_count[b];
    if (is_name(x, a) != is_name(x, b)) return is_name(x, a);
    return a < b;
}

static uint32_t bucket_of(const struct index *x, const struct term *term)
{
    const uint32_t *atoms = x->atoms.at + term->atom_first;
    if (!term->atom_count) return term->channel != TF_NONE ? term->channel : x->parts->ATOM.count;
    uint32_t best = atoms[0];
    for (uint32_t i = 1; i < term->atom_count; i++)
        if (rarer(x, atoms[i], best)) best = atoms[i];
    return best;
}

static uint64_t signature(const struct index *x, const struct term *term, uint32_t bucket)
{
    uint64_t sig = (uint64_t)(~term->priorities & TERM_PRIORITIES_ALL) << TF_SIG_PRIORITY_SHIFT;
    sig |= (uint64_t)(~term->channels & TERM_CHANNELS_ALL) << TF_SIG_CHANNEL_SHIFT;
    for (uint32_t i = 0; i < term->atom_count; i++) {
        uint32_t atom = x->atoms.at[term->atom_first + i];
        if (atom != bucket) sig |= tf_sig_atom(atom);
    }
    return sig;
}

/* ---- entries ---- */

struct entry {
    uint64_t sig;
    uint32_t rule;
};

static int by_signature(const void *a, const void *b)
{
    uint64_t x = ((const struct entry *)a)->sig, y = ((const struct entry *)b)->sig;
    return (x > y) - (x < y);
}

/* Entries of one bucket, ascending by rule: those of a rule ascend by signature afterwards, each once. How
 * many. */
static uint32_t settle_bucket(struct entry *at, uint32_t count)
{
    uint32_t kept = 0;
    for (uint32_t from = 0, end; from < count; from = end) {
        for (end = from + 1; end < count && at[end].rule == at[from].rule; end++) continue;
        if (end - from > 1) qsort(at + from, end - from, sizeof *at, by_signature);
        for (uint32_t i = from; i < end; i++)
            if (i == from || at[i].sig != at[i - 1].sig) at[kept++] = at[i];
    }
    return kept;
}

/* A counting sort: terms come in the order of rules, so buckets are filled in it. starts: bucket_count + 1.
 */
static struct entry *fill_buckets(struct index *x, uint32_t *starts, uint32_t bucket_count)
{
    struct entry *entries = arena_array(x->a, struct entry, x->terms.count);
    uint32_t *bucket = arena_array(x->a, uint32_t, x->terms.count);
    uint32_t *next = arena_array(x->a, uint32_t, bucket_count);
    for (uint32_t i = 0; i < x->terms.count; i++) {
        bucket[i] = bucket_of(x, &x->terms.at[i].term);
        starts[bucket[i] + 1]++;
    }
    for (uint32_t b = 0; b < bucket_count; b++) starts[b + 1] += next[b] = starts[b];
    for (uint32_t i = 0; i < x->terms.count; i++)
        entries[next[bucket[i]]++] =
            (struct entry){signature(x, &x->terms.at[i].term, bucket[i]), x->terms.at[i].rule};
    return entries;
}

static void index_write(struct index *x, vec_INDEX_BUCKET *buckets, vec_INDEX_SIG *sigs,
                        vec_INDEX_RULE *rules)
{
    if (!x->terms.count) return;
    uint32_t bucket_count = x->parts->ATOM.count + 1;
    uint32_t *starts = arena_array(x->a, uint32_t, (size_t)bucket_count + 1);
    struct entry *entries = fill_buckets(x, starts, bucket_count);
    vec_reserve(x->a, buckets, bucket_count + 1);
    vec_reserve(x->a, sigs, x->terms.count);
    vec_reserve(x->a, rules, x->terms.count);
    for (uint32_t b = 0; b < bucket_count; b++) {
        *vec_push(x->a, buckets) = to_le32(sigs->count);
        uint32_t count = settle_bucket(entries + starts[b], starts[b + 1] - starts[b]);
        for (uint32_t i = 0; i < count; i++) {
            *vec_push(x->a, sigs) = to_le64(entries[starts[b] + i].sig);
            *vec_push(x->a, rules) = to_le32(entries[starts[b] + i].rule);
        }
    }
    *vec_push(x->a, buckets) = to_le32(sigs->count);
}

/* The same items in a VEC of another name. */
#define MOVE(to, from) ((to).at = (from).at, (to).count = (from).count, (to).cap = (from).cap)

void lower_index(struct lowering *l)
{
    vec_INDEX_BUCKET buckets = {0};
    vec_INDEX_SIG sigs = {0};
    vec_INDEX_RULE rules = {0};
    struct parts *parts = &l->parts;
    struct index deciding, continuing;
    struct terms t;
    terms_init(&t, l->a, parts);
    index_init(&deciding, l->a, parts);
    index_init(&continuing, l->a, parts);
    for (uint32_t i = 0; i < parts->RULE.count; i++) {
        const struct tf_rule *rule = &parts->RULE.at[i];
        terms_of(&t, le32(rule->code));
        bool decides = le16(parts->OUTCOME.at[le32(rule->outcome)].step_count) > 0;
        index_rule(decides ? &deciding : &continuing, i, &t);
    }
    index_write(&deciding, &parts->INDEX_BUCKET, &parts->INDEX_SIG, &parts->INDEX_RULE);
    index_write(&continuing, &buckets, &sigs, &rules);
    MOVE(parts->CONT_BUCKET, buckets);
    MOVE(parts->CONT_SIG, sigs);
    MOVE(parts->CONT_RULE, rules);
}
