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
    struct arena *a, *out; /* out: of what is written */
    const struct parts *parts;
    VEC(struct filed) terms;
    VEC(uint32_t) atoms;         /* theirs: atoms and other facts */
    uint32_t *required_count;    /* how many terms require a fact, words counted more: weigh_words() */
    uint32_t channel_only_count; /* how many require a channel and no atom */
    bool is_flat;                /* all entries go to the last bucket: they are few */
    uint32_t labels_first, segments_end; /* atoms of labels and segments: every ticket's first ones */
};

/* Of terms that are made in the same arena. */
static void index_init(struct index *x, const struct terms *t, struct arena *out)
{
    const struct parts *parts = t->parts;
    struct arena *a = t->a;
    *x = (struct index){.a = a, .out = out, .parts = parts};
    x->required_count = arena_array(a, uint32_t, t->facts.count);
    vec_reserve(a, &x->terms, 2 * parts->RULE.count); /* what is not used is never touched */
    vec_reserve(a, &x->atoms, 4 * parts->RULE.count);
    const struct tf_attr *segments = &parts->ATTR.at[TF_SEGMENTS];
    x->labels_first = le32(parts->ATTR.at[TF_LABELS].atom_first);
    x->segments_end = le32(segments->atom_first) + le32(segments->atom_count);
}

static bool is_atom(const struct index *x, uint32_t fact)
{
    return fact < x->parts->ATOM.count;
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
        bool has_atom = term.atom_count && is_atom(x, x->atoms.at[first]);
        x->channel_only_count += !has_atom && term.channel != TF_NONE;
        term.atom_first = first;
        *vec_push(x->a, &x->terms) = (struct filed){term, rule};
    }
}

/* ---- buckets ---- */

/* A fact is thought to be the rarer in tickets the fewer terms want it. But a ticket has a few names, and
 * dozens of words: a term is sooner filed under a label that as many terms want (a third of the rules on
 * texts and so on, 100,000 rules: a ticket finds 21 buckets with 198 entries instead of 32 with 314, and
 * takes half as long; 8 and 128 words for a name are less good). */
static void weigh_words(struct index *x)
{
    enum { WORDS_FOR_A_NAME = 32 };
    for (uint32_t i = 0; i < x->parts->ATOM.count; i++) {
        uint64_t count = x->required_count[i];
        if (x->parts->ATOM.at[i].kind == TF_ATOM_CONTAINS) count *= WORDS_FOR_A_NAME;
        x->required_count[i] = count < UINT32_MAX ? (uint32_t)count : UINT32_MAX;
    }
}

static bool is_name(const struct index *x, uint32_t atom)
{
    return atom >= x->labels_first && atom < x->segments_end;
}

/* Whether a is a better bucket than b: an atom; fewer tickets have it; then labels and segments; then the
 * smaller. */
static bool rarer(const struct index *x, uint32_t a, uint32_t b)
{
    if (is_atom(x, a) != is_atom(x, b)) return is_atom(x, a);
    if (x->required_count[a] != x->required_count[b]) return x->required_count[a] < x->required_count[b];
    if (is_name(x, a) != is_name(x, b)) return is_name(x, a);
    return a < b;
}

/* Of terms that require no atom but a channel, a few are sooner looked at than found in buckets of their own,
 * which every ticket with a channel would have to go to. */
enum { CHANNEL_ONLY_FEW = 32 };

static uint32_t bucket_of(const struct index *x, const struct term *term)
{
    const uint32_t *atoms = x->atoms.at + term->atom_first;
    if (x->is_flat) return x->parts->ATOM.count;
    bool by_channel = term->channel != TF_NONE && x->channel_only_count > CHANNEL_ONLY_FEW;
    if (!term->atom_count || !is_atom(x, atoms[0])) /* they ascend */
        return by_channel ? term->channel : x->parts->ATOM.count;
    uint32_t best = atoms[0];
    for (uint32_t i = 1; i < term->atom_count; i++)
        if (rarer(x, atoms[i], best)) best = atoms[i];
    return best;
}

static uint16_t guard_of(const struct term *term)
{
    unsigned guard = (~term->priorities & (unsigned)TERM_PRIORITIES_ALL) << TF_GUARD_PRIORITY_SHIFT;
    return (uint16_t)(guard | (~term->channels & (unsigned)TERM_CHANNELS_ALL) << TF_GUARD_CHANNEL_SHIFT);
}

/* What else a term says: the two rarest facts of it, and whether those and the guard are all there is to ask.
 */
struct rest {
    uint32_t also, third; /* as in tf_entry */
    bool asks_code;
};

/* Puts the fact into the place if it is rarer; what is left over. */
static uint32_t displace(const struct index *x, uint32_t *place, uint32_t fact)
{
    uint32_t none = x->parts->ATOM.count, was = *place;
    if (fact == none || (was != none && !rarer(x, fact, was))) return fact;
    *place = fact;
    return was;
}

/* The two rarest; but of more, the commonest besides the rarest. Rare ones are in few tickets as it is; one
 * that most rules ask for turns a ticket without it away from all of them, and no code need be asked. */
static void require(const struct index *x, struct rest *rest, uint32_t fact)
{
    uint32_t none = x->parts->ATOM.count, left = displace(x, &rest->also, fact);
    bool full = rest->third != none;
    if (left == none) return;
    if (!full || rarer(x, rest->third, left)) rest->third = left;
    rest->asks_code |= full;
}

static void forbid(const struct index *x, struct rest *rest, uint32_t fact)
{
    bool room = rest->third == x->parts->ATOM.count << 1;
    rest->asks_code |= !room;
    if (room) rest->third = fact << 1 | 1;
}

/* A guard says exactly which channel there is as long as each has a bit of its own. */
static struct rest rest_of(const struct index *x, const struct term *term, uint32_t bucket)
{
    struct rest rest = {x->parts->ATOM.count, x->parts->ATOM.count, !term->exact};
    for (uint32_t i = 0; i < term->atom_count; i++) {
        uint32_t atom = x->atoms.at[term->atom_first + i];
        if (atom != bucket) require(x, &rest, atom);
    }
    bool shared = le32(x->parts->ATTR.at[TF_CHANNEL].atom_count) > TF_GUARD_CHANNEL_CLASSES;
    if (shared && term->channel != TF_NONE && term->channel != bucket) require(x, &rest, term->channel);
    rest.third <<= 1;
    if (term->never != TF_NONE) forbid(x, &rest, term->never);
    return rest;
}

/* ---- entries ---- */

struct entry {
    uint32_t key, also, third;
    uint16_t guard;
};

static struct entry entry_of(const struct index *x, const struct filed *filed, uint32_t bucket)
{
    struct rest rest = rest_of(x, &filed->term, bucket);
    return (struct entry){filed->rule << 1 | rest.asks_code, rest.also, rest.third, guard_of(&filed->term)};
}

static int entry_order(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->key != y->key) return x->key < y->key ? -1 : 1;
    if (x->also != y->also) return x->also < y->also ? -1 : 1;
    if (x->third != y->third) return x->third < y->third ? -1 : 1;
    return (x->guard > y->guard) - (x->guard < y->guard);
}

/* What all of them say, of one rule, in place of the first. */
static void merge_entries(const struct index *x, struct entry *at, uint32_t count)
{
    struct entry all = at[0];
    for (uint32_t i = 1; i < count; i++) {
        if (all.also != at[i].also) all.also = x->parts->ATOM.count;
        if (all.third != at[i].third) all.third = x->parts->ATOM.count << 1;
        all.guard &= at[i].guard;
    }
    all.key |= 1;
    at[0] = all;
}

/* Of one rule in one bucket. Alternatives that are numbers or hours find no buckets of their own: ten rules
 * of a hundred `during office and total > 5`, the first of which holds, took 3,300 ns a ticket, and 50 when
 * its code was asked at once. Where fewer are merged, rules that do not hold are asked in vain. */
enum { ALTERNATIVES_MAX = 32 };

/* Entries of one bucket, ascending by rule: those of a rule ascend afterwards, each once. How many. */
static uint32_t settle_bucket(const struct index *x, struct entry *at, uint32_t count)
{
    uint32_t kept = 0;
    for (uint32_t from = 0, end; from < count; from = end) {
        uint32_t first = kept;
        for (end = from + 1; end < count && at[end].key >> 1 == at[from].key >> 1; end++) continue;
        if (end - from > 1) qsort(at + from, end - from, sizeof *at, entry_order);
        for (uint32_t i = from; i < end; i++)
            if (i == from || entry_order(&at[i], &at[kept - 1]) != 0) at[kept++] = at[i];
        if (kept - first <= ALTERNATIVES_MAX) continue;
        merge_entries(x, at + first, kept - first);
        kept = first + 1;
    }
    return kept;
}

/* A counting sort: terms come in the order of rules, so buckets are filled in it. starts: bucket_count + 1.
 */
static struct entry *fill_buckets(const struct index *x, uint32_t *starts, uint32_t bucket_count)
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
        entries[next[bucket[i]]++] = entry_of(x, &x->terms.at[i], bucket[i]);
    return entries;
}

/* The three sections of an index. */
struct written {
    vec_INDEX_BUCKET buckets;
    vec_INDEX_SIG sigs;
    vec_INDEX_ENTRY entries;
};

static uint8_t hash_of(const struct index *x, const struct entry *e)
{
    return is_atom(x, e->also) ? tf_sig_hash(e->also) : 0;
}

/* Of what the first does not know; where there is nothing else, of the same fact once more. */
static uint8_t second_hash_of(const struct index *x, const struct entry *e)
{
    bool forbids = e->third & 1;
    if (!forbids && is_atom(x, e->third >> 1)) return tf_sig_second(e->third >> 1);
    return is_atom(x, e->also) ? tf_sig_second(e->also) : 0;
}

/* There is room. */
static void write_bucket(const struct index *x, struct written *w, const struct entry *at, uint32_t count,
                         uint32_t sig_len)
{
    uint8_t *low = w->sigs.at + w->sigs.count, *high = low + count, *hash = high + count;
    w->sigs.count += sig_len * count;
    *vec_push(x->out, &w->buckets) = to_le32(w->entries.count);
    for (uint32_t i = 0; i < count; i++) {
        *vec_push(x->out, &w->entries) =
            (struct tf_entry){to_le32(at[i].key), to_le32(at[i].also), to_le32(at[i].third)};
        low[i] = (uint8_t)at[i].guard;
        high[i] = (uint8_t)(at[i].guard >> 8);
        hash[i] = hash_of(x, &at[i]);
        if (sig_len > TF_SIG_LEN) hash[count + i] = second_hash_of(x, &at[i]);
    }
}

static struct written index_write(struct index *x)
{
    struct written w = {.buckets = {0}};
    uint32_t bucket_count = x->parts->ATOM.count + 1;
    weigh_words(x);
    uint32_t *starts = arena_array(x->a, uint32_t, (size_t)bucket_count + 1);
    uint32_t *counts = arena_array(x->a, uint32_t, bucket_count), count = 0;
    struct entry *entries = fill_buckets(x, starts, bucket_count);
    for (uint32_t b = 0; b < bucket_count; b++)
        count += counts[b] = settle_bucket(x, entries + starts[b], starts[b + 1] - starts[b]);
    uint32_t sig_len = TF_SIG_LEN + (count >= TF_SECOND_FROM);
    vec_reserve(x->out, &w.buckets, bucket_count + 1);
    vec_reserve(x->out, &w.sigs, sig_len * count + TF_SIG_SPARE);
    vec_reserve(x->out, &w.entries, count);
    for (uint32_t b = 0; b < bucket_count; b++) write_bucket(x, &w, entries + starts[b], counts[b], sig_len);
    *vec_push(x->out, &w.buckets) = to_le32(w.entries.count);
    memset(w.sigs.at + w.sigs.count, 0, TF_SIG_SPARE);
    w.sigs.count += TF_SIG_SPARE;
    return w;
}

/* The same items in a VEC of another name. */
#define MOVE(to, from) ((to).at = (from).at, (to).count = (from).count, (to).cap = (from).cap)

void lower_index(struct lowering *l)
{
    struct parts *parts = &l->parts;
    struct index deciding, continuing;
    struct terms t;
    struct arena *work = arena_part(l->a); /* what it leaves is memory for the file's bytes */
    terms_init(&t, work, parts);
    index_init(&deciding, &t, l->a);
    index_init(&continuing, &t, l->a);
    for (uint32_t i = 0; i + 1 < parts->RULE.count; i++) { /* the last, otherwise, is what is left */
        const struct tf_rule *rule = &parts->RULE.at[i];
        terms_of(&t, le32(rule->code));
        bool decides = le16(parts->OUTCOME.at[le32(rule->outcome)].step_count) > 0;
        index_rule(decides ? &deciding : &continuing, i, &t);
    }
    deciding.is_flat = deciding.terms.count <= TF_FLAT_MAX;
    struct written w = index_write(&deciding), c = {.buckets = {0}};
    if (continuing.terms.count > 0) c = index_write(&continuing);
    parts->INDEX_BUCKET = w.buckets;
    parts->INDEX_SIG = w.sigs;
    parts->INDEX_ENTRY = w.entries;
    MOVE(parts->CONT_BUCKET, c.buckets);
    MOVE(parts->CONT_SIG, c.sigs);
    MOVE(parts->CONT_ENTRY, c.entries);
    arena_end(work);
}
