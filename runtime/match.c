/*
 * A ticket to its decision (language.md 5), through the index (TABLE-FORMAT 8).
 *
 * Every term of every condition is an entry, filed under an atom it requires (or with those that require
 * none), by rule. So only the buckets of the ticket's own facts can hold a rule that matches. Their entries'
 * signatures are compared with the ticket, 16 or 32 at a time. Of those that pass, the first whose other
 * facts are right is the deciding one, unless its code has still to be asked. The answer is the one the plain
 * scan gives (scan.c): the tests hold the three against each other.
 *
 * Where there are few entries they all stand in one bucket, and the first that is right is it.
 *
 * What costs here is memory, and branches that go now this way, now that. So a signature has three bytes, an
 * entry all that is left to ask, and whether one passes is a bit and not a branch. Measured with the workload
 * of bench/, ns a ticket that is kept: 1,000 rules 30, 100,000 rules 83. With an entry's signature of 8
 * bytes, taken one after the other, it was 130 and 1,100, when it was 60 and 240 with these.
 *
 * Of large tables signatures have a fourth byte, a second hash: what is read of those is seldom in the cache,
 * and of 5.6 entries that pass without it 2.7 are left, of which 2.3 are right.
 */
#include "batch.h"
#include "effects.h"
#include "entry.h"
#include "scan.h"
#include "signature.h"

/* What is matched: a ticket as it stands, or one of a batch whose facts it holds. */
struct asked {
    const struct sh_front *front;
    const struct sh_bucket *buckets;
    bool fetched; /* the signatures of its buckets were */
};

/* ---- candidates ---- */

/* Entries whose signatures pass: bits[g], bit i: entry first[g] + i. No group is without bits, but the one
 * behind the last is. How many there are goes from hand to hand: it shall stay in a register. */
enum { GROUPS_MOST = 32 };
struct passing {
    uint32_t first[GROUPS_MOST], bits[GROUPS_MOST + 1];
};

/* Its key, or more than any has. */
SH_EACH uint32_t key_if_right(const uint64_t *has, const struct tf_entry *e)
{
    return le32(e->key) | (facts_right(has, e) - 1);
}

/* One loop goes over all bits of all groups: how many a group has cannot be foreseen. This is the bits that
 * are left, of this group or the next one, `*g`. */
SH_EACH uint32_t next_bits(const struct passing *p, uint32_t *g, uint32_t bits)
{
    bits &= bits - 1;
    uint32_t done = bits == 0;
    *g += done;
    return bits | (p->bits[*g] & (0 - done));
}

/* Of those whose facts are right, the lowest key below `best`; or that. What is found is no branch either. */
SH_EACH uint32_t lowest(const struct shunt_ticket *k, bool large, const struct passing *p, uint32_t count,
                        uint32_t best)
{
    const uint64_t *has = k->has;
    const struct tf_entry *entry = k->t->INDEX_ENTRY;
    for (uint32_t g = 0, bits = p->bits[0]; g < count; bits = next_bits(p, &g, bits)) {
        const struct tf_entry *e = &entry[p->first[g] + first_bit(bits)];
        if (large) __builtin_prefetch(&k->t->RULE[le32(e->key) >> 1]);
        uint32_t key = key_if_right(has, e);
        best = key < best ? key : best;
    }
    return best;
}

/* Entries whose facts are right, in no order. */
struct candidates {
    uint32_t count, key[32 * GROUPS_MOST];
};

static void choose(const struct shunt_ticket *k, const struct passing *p, uint32_t count, uint32_t below,
                   struct candidates *c)
{
    const uint64_t *has = k->has;
    const struct tf_entry *entry = k->t->INDEX_ENTRY;
    uint32_t chosen = 0;
    for (uint32_t g = 0, bits = p->bits[0]; g < count; bits = next_bits(p, &g, bits)) {
        uint32_t key = key_if_right(has, &entry[p->first[g] + first_bit(bits)]);
        c->key[chosen] = key;
        chosen += key < below;
    }
    c->count = chosen;
}

/* Takes the lowest key out. */
static uint32_t take_lowest(struct candidates *c)
{
    uint32_t at = 0, lowest = UINT32_MAX;
    for (uint32_t i = 0; i < c->count; i++) {
        uint32_t key = c->key[i];
        at = key < lowest ? i : at;
        lowest = key < lowest ? key : lowest;
    }
    c->key[at] = c->key[--c->count];
    return lowest;
}

/* Of many, that come in the order of their rules but for where one bucket ends, each is asked that comes
 * before the best so far. */
static uint32_t first_of_many(struct shunt_ticket *k, const struct candidates *c, uint32_t best)
{
    for (uint32_t i = 0; i < c->count; i++) {
        uint32_t key = c->key[i];
        if (key < best && (!asks_code(key) || code_holds(k, key))) best = key;
    }
    return best;
}

/* lowest() where that asks for its code: the first that does not, or whose code holds. Mostly the code of the
 * lowest does: hours that do not hold have been ruled out. */
static __attribute__((noinline)) uint32_t lowest_asked(struct shunt_ticket *k, const struct passing *p,
                                                       uint32_t count, uint32_t low, uint32_t best)
{
    enum { A_FEW = 32 };
    struct candidates c;
    if (code_holds(k, low)) return low;
    choose(k, p, count, best, &c);
    if (c.count > A_FEW) return first_of_many(k, &c, best);
    while (c.count > 0) {
        uint32_t key = take_lowest(&c);
        if (!asks_code(key) || code_holds(k, key)) return key;
    }
    return best;
}

/* The lowest key of one that is right, or `best`. */
SH_EACH uint32_t settle(struct shunt_ticket *k, bool large, struct passing *p, uint32_t count, uint32_t best)
{
    p->bits[count] = 0;
    uint32_t low = lowest(k, large, p, count, best);
    if (asks_code(low) && low != best) low = lowest_asked(k, p, count, low, best);
    return low;
}

/* ---- the deciding rule: its key ---- */

/* Where all entries stand in one bucket and in one group: they ascend by rule, so the first whose facts are
 * right is it. */
SH_EACH uint32_t decide_flat(struct shunt_ticket *k, const struct query *q, uint32_t width,
                             passing_fn *passing)
{
    const struct shunt_table *t = k->t;
    uint32_t count = t->INDEX_ENTRY_count, bits = 0, i = 0;
    do {
        struct sig sig = {t->INDEX_SIG + i, count, count - i};
        bits |= passing(sig, q, false) << i;
        i += width;
    } while (width < TF_FLAT_MAX && i < count);
    for (; bits; bits &= bits - 1) {
        const struct tf_entry *e = &t->INDEX_ENTRY[first_bit(bits)];
        uint32_t key = le32(e->key);
        if (facts_right(k->has, e) && (!asks_code(key) || code_holds(k, key))) return key;
    }
    return le32(t->otherwise.key);
}

/* Answers how many there are now. Of a large index the first of the entries is fetched while signatures are
 * compared (100,000 rules: a tenth of a ticket's time). */
SH_EACH uint32_t add_group(const struct shunt_table *t, bool large, struct passing *p, uint32_t count,
                           uint32_t first, uint32_t bits)
{
    p->first[count] = first;
    p->bits[count] = bits;
    if (large) __builtin_prefetch(&t->INDEX_ENTRY[first + first_bit(bits + !bits)]);
    return count + (bits != 0);
}

/* Of a long bucket's entries, which ascend by rule, it is asked now and then whether those that are left come
 * too late: where this bit of their place is set. */
enum { LOOK_WHERE = 128 };

SH_EACH size_t sig_len(enum sh_index_kind kind)
{
    return TF_SIG_LEN + (kind == SH_SECOND);
}

/* Of a large index the signatures of all buckets are fetched before the first is compared. */
SH_EACH void fetch(const struct shunt_table *t, struct asked a, enum sh_index_kind kind)
{
    for (uint32_t n = 0; n < a.front->bucket_count; n++)
        __builtin_prefetch(t->INDEX_SIG + sig_len(kind) * a.buckets[n].first);
}

/* The first groups of so many buckets, and then what there is of them besides. */
SH_EACH uint32_t decide_some(struct shunt_ticket *k, const struct query *q, const struct sh_bucket *b,
                             uint32_t bucket_count, uint32_t best, enum sh_index_kind kind, uint32_t width,
                             passing_fn *passing)
{
    const bool large = kind >= SH_LARGE, second = kind == SH_SECOND;
    const struct shunt_table *t = k->t;
    const uint8_t *sigs = t->INDEX_SIG;
    uint32_t count = 0, long_count = 0;
    uint8_t long_ones[GROUPS_MOST];
    struct passing p;
    for (uint32_t n = 0; n < bucket_count; n++) {
        struct sig sig = {sigs + sig_len(kind) * b[n].first, b[n].count, b[n].count};
        count = add_group(t, large, &p, count, b[n].first, passing(sig, q, second));
        long_ones[long_count] = (uint8_t)n;
        long_count += b[n].count > width;
    }
    for (uint32_t n = 0, i = width; n < long_count;) {
        struct sh_bucket of = b[long_ones[n]];
        struct sig sig = {sigs + sig_len(kind) * of.first + i, of.count, of.count - i};
        if (SELDOM(count == GROUPS_MOST)) best = settle(k, large, &p, count, best), count = 0;
        count = add_group(t, large, &p, count, of.first + i, passing(sig, q, second));
        i += width;
        uint32_t done = i >= of.count; /* no branch, as where buckets end cannot be foreseen */
        if (SELDOM(i & LOOK_WHERE & (done - 1))) done = le32(t->INDEX_ENTRY[of.first + i].key) > best;
        n += done;
        i = width + ((i - width) & (done - 1));
    }
    return settle(k, large, &p, count, best);
}

SH_EACH uint32_t decide(struct shunt_ticket *k, struct asked a, const struct query *q,
                        enum sh_index_kind kind, uint32_t width, passing_fn *passing)
{
    const struct sh_bucket *b = a.buckets;
    uint32_t left = a.front->bucket_count, best = le32(k->t->otherwise.key);
    if (kind >= SH_LARGE && !a.fetched) fetch(k->t, a, kind);
    for (; SELDOM(left > GROUPS_MOST); b += GROUPS_MOST, left -= GROUPS_MOST)
        best = decide_some(k, q, b, GROUPS_MOST, best, kind, width, passing);
    return decide_some(k, q, b, left, best, kind, width, passing);
}

static __attribute__((noinline)) uint32_t flat_plain(struct shunt_ticket *k, struct asked a)
{
    struct found found;
    struct query q;
    query_plain(a.front, &found, &q);
    return decide_flat(k, &q, SH_LANES, passing_16);
}
static __attribute__((noinline)) uint32_t decide_plain(struct shunt_ticket *k, struct asked a)
{
    struct found found;
    struct query q;
    query_plain(a.front, &found, &q);
    switch (k->t->index_kind) {
    case SH_LARGE: return decide(k, a, &q, SH_LARGE, SH_LANES, passing_16);
    case SH_SECOND: return decide(k, a, &q, SH_SECOND, SH_LANES, passing_16);
    default: return decide(k, a, &q, SH_SMALL, SH_LANES, passing_16);
    }
}

#ifdef SH_AVX2
SH_AVX2 static __attribute__((noinline)) uint32_t flat_avx2(struct shunt_ticket *k, struct asked a)
{
    struct query q;
    query_avx2(a.front, SH_FLAT, &q);
    return decide_flat(k, &q, 32, passing_32);
}
SH_AVX2 static __attribute__((noinline)) uint32_t decide_avx2(struct shunt_ticket *k, struct asked a)
{
    struct query q;
    query_avx2(a.front, SH_SMALL, &q);
    if (k->t->index_kind == SH_LARGE) return decide(k, a, &q, SH_LARGE, 32, passing_32);
    return decide(k, a, &q, SH_SMALL, 32, passing_32);
}
SH_AVX2 static __attribute__((noinline)) uint32_t second_avx2(struct shunt_ticket *k, struct asked a)
{
    struct query q;
    query_avx2(a.front, SH_SECOND, &q);
    return decide(k, a, &q, SH_SECOND, 32, passing_32);
}
#endif

static inline uint32_t key_plain(struct shunt_ticket *k, struct asked a)
{
    return k->t->index_kind == SH_FLAT ? flat_plain(k, a) : decide_plain(k, a);
}

static inline uint32_t key_fast(struct shunt_ticket *k, struct asked a)
{
#ifdef SH_AVX2
    if (k->t->has_avx2) {
        switch (k->t->index_kind) {
        case SH_FLAT: return flat_avx2(k, a);
        case SH_SECOND: return second_avx2(k, a);
        default: return decide_avx2(k, a);
        }
    }
#endif
    return key_plain(k, a);
}

/* ---- the decision ---- */

/* Most rules have no effects, most policies no rule that continues. */
static inline void finish(struct shunt_ticket *k, uint32_t guard, uint32_t key,
                          struct shunt_decision *decision)
{
    uint32_t rule = key >> 1;
    const struct tf_outcome *o = sh_outcome(k->t, rule);
    if (k->t->CONT_ENTRY_count > 0 || sh_has_effects(o))
        sh_finish_effects(k, guard, rule, decision);
    else
        sh_plain_decision(k, guard, o, rule, decision);
}

typedef uint32_t key_fn(struct shunt_ticket *k, struct asked a);

SH_EACH void match(struct shunt_ticket *k, struct shunt_decision *decision, key_fn *key)
{
    struct asked a = {&k->front, k->buckets, false};
    uint32_t found = key(k, a);
    finish(k, a.front->guard, found, decision);
}

void shunt_match(struct shunt_ticket *ticket, struct shunt_decision *decision)
{
    match(ticket, decision, key_fast);
}

void sh_match_plain(struct shunt_ticket *ticket, struct shunt_decision *decision)
{
    match(ticket, decision, key_plain);
}

/* ---- of a batch ---- */

static inline struct asked ask_batch(const struct shunt_batch *b, size_t i)
{
    const struct sh_front *front = sh_batch_front(b, i);
    return (struct asked){front, sh_batch_buckets(b, front), false};
}

/* Tickets of a batch come in their order, mostly: what matching the next one reads is fetched while this one
 * is matched, and one that follows it with all its lines, or most of them: of a small index those are few.
 * (Texts and so on, 100,000 rules: four lines 450 ns a ticket, twelve 345.) */
static inline void fetch_ahead(struct shunt_ticket *k, const struct shunt_batch *b, size_t i)
{
    enum { AHEAD = 4, LINES = 4, LINES_LARGE = 12, LINE_LEN = 64 };
    bool large = k->t->index_kind >= SH_LARGE;
    if (i + AHEAD < b->count) {
        uintptr_t at = (uintptr_t)sh_batch_front(b, i + AHEAD); /* lines may end behind the last ticket */
        for (int n = 0; n < LINES; n++) __builtin_prefetch((const void *)(at + LINE_LEN * n));
        for (int n = LINES; large && n < LINES_LARGE; n++)
            __builtin_prefetch((const void *)(at + LINE_LEN * n));
    }
    if (!large || i + 1 >= b->count) return;
    struct asked next = ask_batch(b, i + 1);
    fetch(k->t, next, k->t->index_kind);
    k->fetched = (uintptr_t)next.front;
}

/* Whether anything was said to it since it was reset, or is remembered of that. */
static inline bool was_said(const struct shunt_ticket *k)
{
    return (k->carried_count | k->ruled_out_count | (k->front.guard ^ sh_guard_of_nothing())) != 0 ||
           k->at_sec != 0 || k->record_len != 0;
}

SH_EACH void match_held(const struct shunt_batch *b, size_t i, struct shunt_ticket *k,
                        struct shunt_decision *decision, key_fn *key)
{
    struct asked a = ask_batch(b, i);
    struct sh_held held = sh_batch_held(a.front, a.buckets);
    if (SELDOM(was_said(k))) shunt_ticket_reset(k);
    a.fetched = k->fetched == (uintptr_t)a.front;
    fetch_ahead(k, b, i);
    sh_hold(k, held);
    k->batch = b, k->batch_at = i;
    uint32_t found = key(k, a);
    finish(k, a.front->guard, found, decision);
    if (k->batch)
        sh_let_go(k, held);
    else
        shunt_ticket_reset(k); /* it was put back */
    k->batch = NULL;
}

/* Of few entries the first that is right decides, unless its code has still to be asked. */
static __attribute__((noinline)) bool match_few(const struct shunt_batch *b, size_t i, struct shunt_ticket *k,
                                                struct shunt_decision *decision)
{
    const uint8_t *answers = sh_batch_answers(b, i);
    uint32_t key = sh_few_key(b->few, answers);
    if (asks_code(key)) return false;
    if (SELDOM(was_said(k))) shunt_ticket_reset(k);
    finish(k, answers[0], key, decision); /* of the guard what has the priority */
    return true;
}

void shunt_batch_match(const struct shunt_batch *batch, size_t i, struct shunt_ticket *room,
                       struct shunt_decision *decision)
{
    if (batch->few && match_few(batch, i, room, decision)) return;
    match_held(batch, i, room, decision, key_fast);
}

void sh_batch_match_plain(const struct shunt_batch *batch, size_t i, struct shunt_ticket *room,
                          struct shunt_decision *decision)
{
    if (batch->few && match_few(batch, i, room, decision)) return;
    match_held(batch, i, room, decision, key_plain);
}

struct shunt_step shunt_decision_step(const struct shunt_table *table, const struct shunt_decision *decision,
                                      uint32_t step)
{
    const struct tf_step *s = &table->STEP[le32(sh_outcome(table, decision->rule)->step_first) + step];
    return (struct shunt_step){(enum shunt_target)s->kind, le32(s->target), le32(s->after_sec),
                               le32(s->of_hours)};
}
