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
 * of bench/, ns a ticket: 1,000 rules 60, 100,000 rules 240; with an entry's signature of 8 bytes, taken one
 * after the other, 130 and 1,100.
 */
#include "scan.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define SH_AVX2 __attribute__((target("avx2,bmi,bmi2")))
#elif defined(__SSE2__)
#include <emmintrin.h>
#endif

/* Vectors go between functions of this file alone: how a processor without them passes them is no matter. */
#pragma GCC diagnostic ignored "-Wpsabi"

#define SH_EACH static inline __attribute__((always_inline))

/* ---- signatures ---- */

typedef uint8_t lanes __attribute__((vector_size(16)));

/* What signatures are compared with. */
struct query {
    lanes low, high; /* the ticket's guard, in each lane */
    const uint8_t *hash,
        *end;            /* of its facts, and zeros behind; a multiple of four; NULL: they are too many */
    const uint64_t *set; /* the same as a set: ticket.h */
};

/* An entry's signature: the low byte of its guard, and `bucket_count` entries of the bucket later the high
 * one, and then the hash. */
struct sig {
    const uint8_t *low;
    uint32_t bucket_count;
};

/* A bit for each of the entries from this one on that passes; what stands behind the bucket's end too. */
typedef uint32_t passing_fn(struct sig s, const struct query *q);

SH_EACH lanes splat(uint32_t byte)
{
    return (lanes){0} + (uint8_t)byte;
}

static inline lanes load(const uint8_t *p)
{
    lanes v;
    memcpy(&v, p, sizeof v);
    return v;
}

/* A bit for each lane, all ones or zero. */
static inline uint32_t lane_bits(lanes v)
{
#ifdef __SSE2__
    return (uint32_t)_mm_movemask_epi8((__m128i)v);
#else
    le64_t half[2];
    memcpy(half, &v, sizeof v);
    uint32_t bits = 0;
    for (int i = 1; i >= 0; i--)
        bits =
            bits << 8 |
            (uint32_t)((le64(half[i]) & UINT64_C(0x0101010101010101)) * UINT64_C(0x0102040810204080) >> 56);
    return bits;
#endif
}

/* The hashes of 16 entries, each looked for in the set. */
static uint32_t in_set_16(const uint8_t *hash, const uint64_t *set)
{
    uint32_t bits = 0;
    for (uint32_t i = 0; i < SH_LANES; i++)
        bits |= (uint32_t)((set[sh_set_word(hash[i])] & sh_set_bit_of(hash[i])) != 0) << i;
    return bits;
}

/* Hashes are compared with those of the ticket's facts, while these are few. */
SH_EACH uint32_t passing_16(struct sig s, const struct query *q)
{
    const uint8_t *hashes = s.low + 2 * (size_t)s.bucket_count;
    lanes bits = (load(s.low) & q->low) | (load(s.low + s.bucket_count) & q->high);
    if (!q->hash) {
        uint32_t admitted = lane_bits((lanes)(bits == 0));
        return admitted ? admitted & in_set_16(hashes, q->set) : 0;
    }
    lanes hash = load(hashes), found = (lanes){0};
    for (const uint8_t *h = q->hash; h < q->end; h += 4 * SH_LANES) {
        found |= (lanes)(hash == load(h)) | (lanes)(hash == load(h + SH_LANES)) |
                 (lanes)(hash == load(h + 2 * SH_LANES)) | (lanes)(hash == load(h + 3 * SH_LANES));
    }
    return lane_bits((lanes)(bits == 0) & found);
}

#ifdef SH_AVX2
SH_AVX2 static inline __m256i load_32(const uint8_t *p)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)p);
}

SH_AVX2 static inline __m256i twice(lanes v)
{
    return _mm256_broadcastsi128_si256((__m128i)v);
}

/* Two words, each by itself: they may have been written just now, and sixteen bytes that were written as
 * eight and eight are waited for (40 instead of 51 ns at ten rules). */
SH_AVX2 static inline __m256i half_set(const uint64_t *set)
{
    uint64_t low = set[0], high = set[1];
    __asm__("" : "+r"(low), "+r"(high));
    return twice((lanes)_mm_set_epi64x((int64_t)high, (int64_t)low));
}

/* Hashes are looked up in the set, however many facts there are: two bytes of it by a hash's low four bits,
 * one of them by its highest, and there the bit by those between. */
SH_AVX2 static inline uint32_t passing_32(struct sig s, const struct query *q)
{
    const __m256i four = _mm256_set1_epi8(15),
                  bit_of = _mm256_setr_epi8(1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128, 1, 2,
                                            4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128);
    __m256i refused = _mm256_or_si256(_mm256_and_si256(load_32(s.low), twice(q->low)),
                                      _mm256_and_si256(load_32(s.low + s.bucket_count), twice(q->high)));
    __m256i hash = load_32(s.low + 2 * (size_t)s.bucket_count), low = _mm256_and_si256(hash, four);
    __m256i set = _mm256_blendv_epi8(_mm256_shuffle_epi8(half_set(q->set), low),
                                     _mm256_shuffle_epi8(half_set(q->set + 2), low), hash);
    __m256i bit = _mm256_shuffle_epi8(bit_of, _mm256_and_si256(_mm256_srli_epi16(hash, 4), four));
    refused = _mm256_or_si256(refused, _mm256_andnot_si256(set, bit));
    return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(refused, _mm256_setzero_si256()));
}
#endif

/* Bit i for i below n. Without a branch, as the lengths of buckets cannot be foreseen. */
static inline uint32_t below(uint32_t n)
{
    uint32_t most = n < 32 ? n : 32;
    return (uint32_t)((UINT64_C(1) << most) - 1);
}

SH_EACH struct query query_of(const struct shunt_ticket *k)
{
    bool many = k->facts_count >= SH_HASHES;
    return (struct query){
        .low = splat(k->guard),
        .high = splat(k->guard >> 8),
        .hash = many ? NULL : k->hash[0],
        .end = k->hash[many ? 0 : (k->facts_count + 4) & ~3u],
        .set = k->hash_set,
    };
}

/* ---- candidates ---- */

/* One of the two indexes. */
struct index {
    const le32_t *bucket;
    const uint8_t *sig;
    const struct tf_entry *entry;
};

/* Entries whose signatures pass. groups[g].bits, bit i: entry groups[g].first + i. No group is without bits,
 * but the one behind the last is. */
enum { GROUPS_MAX = 16 };
struct passing {
    uint32_t count;
    struct {
        uint32_t first, bits;
    } groups[GROUPS_MAX + 1];
};

/* 1 where the facts that the entry names are as it wants them. */
SH_EACH uint32_t facts_right(const struct shunt_ticket *k, const struct tf_entry *e)
{
    uint32_t third = le32(e->third);
    return sh_bit(k->has, le32(e->also)) & (sh_bit(k->has, third >> 1) ^ (third & 1));
}

static bool asks_code(const struct tf_entry *e)
{
    return le32(e->key) & 1;
}

static bool code_holds(struct shunt_ticket *k, const struct tf_entry *e)
{
    return sh_holds(k, le32(k->t->RULE[le32(e->key) >> 1].code));
}

/* Of those whose facts are right, the one of the lowest key below best's; or best. One loop over all bits of
 * all groups, without a branch for what is found: neither could be foreseen. */
SH_EACH const struct tf_entry *lowest(const struct shunt_ticket *k, const struct index *x, struct passing *p,
                                      const struct tf_entry *best)
{
    uint32_t lowest = le32(best->key), g = 0, bits = p->groups[0].bits;
    p->groups[p->count].bits = 0;
    while (g < p->count) {
        const struct tf_entry *e = &x->entry[p->groups[g].first + (uint32_t)__builtin_ctz(bits)];
        uint32_t key = le32(e->key) | (facts_right(k, e) - 1);
        best = key < lowest ? e : best;
        lowest = key < lowest ? key : lowest;
        bits &= bits - 1;
        uint32_t done = bits == 0;
        g += done;
        bits |= p->groups[g].bits & (0 - done);
    }
    return best;
}

/* Entries whose facts are right, in no order. */
struct candidates {
    uint32_t count, entry[32 * GROUPS_MAX];
};

static void choose(const struct shunt_ticket *k, const struct index *x, const struct passing *p,
                   uint32_t below, struct candidates *c)
{
    c->count = 0;
    for (uint32_t g = 0; g < p->count; g++) {
        for (uint32_t bits = p->groups[g].bits; bits; bits &= bits - 1) {
            uint32_t at = p->groups[g].first + (uint32_t)__builtin_ctz(bits);
            c->entry[c->count] = at;
            c->count += facts_right(k, &x->entry[at]) & (le32(x->entry[at].key) < below);
        }
    }
}

/* Takes the candidate of the lowest key out. */
static const struct tf_entry *take_lowest(const struct index *x, struct candidates *c)
{
    uint32_t at = 0, lowest = UINT32_MAX;
    for (uint32_t i = 0; i < c->count; i++) {
        /* NOLINTNEXTLINE(clang-analyzer-core.uninitialized.ArraySubscript): choose() filled those below count */
        uint32_t key = le32(x->entry[c->entry[i]].key);
        at = key < lowest ? i : at;
        lowest = key < lowest ? key : lowest;
    }
    const struct tf_entry *e = &x->entry[c->entry[at]];
    c->entry[at] = c->entry[--c->count];
    return e;
}

/* Of many, that come in the order of their rules but for where one bucket ends, each is asked that comes
 * before the best so far. */
static const struct tf_entry *first_of_many(struct shunt_ticket *k, const struct index *x,
                                            const struct candidates *c, const struct tf_entry *best)
{
    for (uint32_t i = 0; i < c->count; i++) {
        /* NOLINTNEXTLINE(clang-analyzer-core.uninitialized.ArraySubscript): choose() filled those below count */
        const struct tf_entry *e = &x->entry[c->entry[i]];
        if (le32(e->key) < le32(best->key) && (!asks_code(e) || code_holds(k, e))) best = e;
    }
    return best;
}

/* lowest() where that asks for its code: the first that does not, or whose code holds. */
static __attribute__((noinline)) const struct tf_entry *lowest_asked(struct shunt_ticket *k,
                                                                     const struct index *x,
                                                                     const struct passing *p,
                                                                     const struct tf_entry *best)
{
    enum { A_FEW = 32 };
    struct candidates c;
    choose(k, x, p, le32(best->key), &c);
    if (c.count > A_FEW) return first_of_many(k, x, &c, best);
    while (c.count > 0) {
        const struct tf_entry *e = take_lowest(x, &c);
        if (!asks_code(e) || code_holds(k, e)) return e;
    }
    return best;
}

SH_EACH const struct tf_entry *decide_passing(struct shunt_ticket *k, const struct index *x,
                                              struct passing *p, const struct tf_entry *best)
{
    if (p->count == 0) return best;
    const struct tf_entry *low = lowest(k, x, p, best);
    return low != best && asks_code(low) ? lowest_asked(k, x, p, best) : low;
}

/* ---- the deciding rule ---- */

/* Where all entries stand in one bucket and in one group: they ascend by rule, so the first whose facts are
 * right is it. */
SH_EACH const struct tf_entry *decide_flat(struct shunt_ticket *k, uint32_t width, passing_fn *passing)
{
    const struct shunt_table *t = k->t;
    const struct query q = query_of(k);
    uint32_t count = t->INDEX_ENTRY_count, bits = 0;
    for (uint32_t i = 0; i < TF_FLAT_MAX; i += width) {
        struct sig sig = {t->INDEX_SIG + i, count};
        bits |= passing(sig, &q) << i;
    }
    for (bits &= below(count); bits; bits &= bits - 1) {
        const struct tf_entry *e = &t->INDEX_ENTRY[__builtin_ctz(bits)];
        if (facts_right(k, e) && (!asks_code(e) || code_holds(k, e))) return e;
    }
    return &t->otherwise;
}

/* Adds those of a bucket that pass; where there is no room for more, they are decided. */
SH_EACH const struct tf_entry *decide_bucket(struct shunt_ticket *k, const struct index *x,
                                             const struct query *q, uint32_t bucket, struct passing *p,
                                             const struct tf_entry *best, uint32_t width, passing_fn *passing)
{
    uint32_t begin = le32(x->bucket[bucket]), count = le32(x->bucket[bucket + 1]) - begin, i = 0;
    do {
        struct sig sig = {x->sig + TF_SIG_LEN * (size_t)begin + i, count};
        uint32_t some = passing(sig, q) & below(count - i);
        p->groups[p->count].first = begin + i;
        p->groups[p->count].bits = some;
        p->count += some != 0;
        if (p->count == GROUPS_MAX) {
            best = decide_passing(k, x, p, best);
            p->count = 0;
        }
        i += width;
    } while (i < count && (i % 64 != 0 || le32(x->entry[begin + i].key) < le32(best->key)));
    return best;
}

/* The table of 10,000 rules takes 800 kB: from there on buckets are seldom in the cache. */
enum { PREFETCH_FROM = 4096 };

/* The entry of the deciding rule. */
SH_EACH const struct tf_entry *decide(struct shunt_ticket *k, uint32_t width, passing_fn *passing)
{
    const struct shunt_table *t = k->t;
    if (t->is_flat) return decide_flat(k, width, passing);
    const struct index x = {t->INDEX_BUCKET, t->INDEX_SIG, t->INDEX_ENTRY};
    const struct query q = query_of(k);
    const struct tf_entry *best = &t->otherwise;
    struct passing p;
    p.count = 0;
    if (t->INDEX_ENTRY_count > PREFETCH_FROM)
        for (uint32_t n = 0; n < k->facts_count; n++)
            __builtin_prefetch(x.sig + TF_SIG_LEN * (size_t)le32(x.bucket[k->facts[n]]));
    for (uint32_t n = 0; n <= k->facts_count; n++)
        best = decide_bucket(k, &x, &q, k->buckets[n], &p, best, width, passing);
    return decide_passing(k, &x, &p, best);
}

static const struct tf_entry *decide_plain(struct shunt_ticket *k)
{
    return decide(k, 16, passing_16);
}

#ifdef SH_AVX2
SH_AVX2 static const struct tf_entry *decide_avx2(struct shunt_ticket *k)
{
    return decide(k, 32, passing_32);
}

static inline const struct tf_entry *decide_fast(struct shunt_ticket *k)
{
    return k->t->has_avx2 ? decide_avx2(k) : decide_plain(k);
}
#else
static inline const struct tf_entry *decide_fast(struct shunt_ticket *k)
{
    return decide_plain(k);
}
#endif

/* ---- the rules that continue ---- */

static void mark_entry(struct shunt_ticket *k, const struct tf_entry *e)
{
    uint32_t rule = le32(e->key) >> 1;
    if (sh_bit(k->cont, rule) || !facts_right(k, e) || (asks_code(e) && !code_holds(k, e))) return;
    sh_set_bit(k->cont, rule);
    sh_set_bit(k->cont_words, rule >> 6);
}

static void mark_bucket(struct shunt_ticket *k, const struct index *x, const struct query *q, uint32_t bucket,
                        uint32_t before)
{
    uint32_t begin = le32(x->bucket[bucket]), count = le32(x->bucket[bucket + 1]) - begin;
    for (uint32_t i = 0; i < count && le32(x->entry[begin + i].key) >> 1 < before; i += SH_LANES) {
        struct sig sig = {x->sig + TF_SIG_LEN * (size_t)begin + i, count};
        for (uint32_t bits = passing_16(sig, q) & below(count - i); bits; bits &= bits - 1) {
            const struct tf_entry *e = &x->entry[begin + i + (uint32_t)__builtin_ctz(bits)];
            if (le32(e->key) >> 1 < before) mark_entry(k, e);
        }
    }
}

static void mark_continuing(struct shunt_ticket *k, uint32_t before)
{
    const struct shunt_table *t = k->t;
    const struct index x = {t->CONT_BUCKET, t->CONT_SIG, t->CONT_ENTRY};
    const struct query q = query_of(k);
    for (uint32_t n = 0; n <= k->facts_count; n++) mark_bucket(k, &x, &q, k->buckets[n], before);
}

/* Takes the lowest bit out of the word. */
static uint32_t take_bit(uint64_t *word)
{
    uint32_t bit = (uint32_t)__builtin_ctzll(*word);
    *word &= *word - 1;
    return bit;
}

/* In the order of the rules; the marks are gone afterwards. */
static void apply_marked(struct shunt_ticket *k, struct sh_effects *effects)
{
    size_t words = sh_words(sh_words(k->t->RULE_count));
    for (size_t i = 0; i < words; i++) {
        while (k->cont_words[i]) {
            uint32_t word = (uint32_t)i << 6 | take_bit(&k->cont_words[i]);
            while (k->cont[word]) sh_apply(k, effects, word << 6 | take_bit(&k->cont[word]));
        }
    }
}

/* ---- effects ---- */

static void add_labels(struct shunt_ticket *k, struct sh_effects *effects, const struct tf_outcome *o)
{
    uint32_t label_first = le32(k->t->ATTR[TF_LABELS].atom_first);
    const le32_t *add = k->t->LIST + le32(o->add_first);
    for (uint32_t i = 0; i < le16(o->add_count); i++) {
        uint32_t label = le32(add[i]) - label_first;
        if (sh_bit(k->added, label)) continue;
        sh_set_bit(k->added, label);
        k->add[effects->add_count++] = label;
    }
}

static void require_skills(struct shunt_ticket *k, struct sh_effects *effects, const struct tf_outcome *o)
{
    const le32_t *require = k->t->LIST + le32(o->require_first);
    for (uint32_t i = 0; i < le16(o->require_count); i++) {
        uint32_t skill = le32(require[i]);
        if (sh_bit(k->required, skill)) continue;
        sh_set_bit(k->required, skill);
        k->require[effects->require_count++] = skill;
    }
}

static inline void apply(struct shunt_ticket *k, struct sh_effects *effects, const struct tf_outcome *o)
{
    if (o->set_priority) effects->set = o->set_priority;
    if (o->raise_priority > effects->raise) effects->raise = o->raise_priority;
    if (le16(o->add_count) > 0) add_labels(k, effects, o);
    if (le16(o->require_count) > 0) require_skills(k, effects, o);
}

void sh_apply(struct shunt_ticket *k, struct sh_effects *effects, uint32_t rule)
{
    apply(k, effects, sh_outcome(k->t, rule));
}

/* The decision of a rule, apart from effects. Field by field: put together elsewhere and copied, its bytes
 * are written four at a time and read sixteen, which waits. */
static inline void plain_decision(const struct shunt_ticket *k, const struct tf_outcome *o, uint32_t rule,
                                  struct shunt_decision *decision)
{
    decision->rule = rule;
    decision->step_count = le16(o->step_count);
    decision->priority = k->values[TF_PRIORITY].place;
    decision->add = k->add;
    decision->add_count = 0;
    decision->require = k->require;
    decision->require_count = 0;
}

void sh_decide(struct shunt_ticket *k, struct sh_effects *effects, uint32_t rule,
               struct shunt_decision *decision)
{
    const struct tf_outcome *o = sh_outcome(k->t, rule);
    apply(k, effects, o);
    for (uint32_t i = 0; i < effects->add_count; i++) sh_clear_bit(k->added, k->add[i]);
    for (uint32_t i = 0; i < effects->require_count; i++) sh_clear_bit(k->required, k->require[i]);
    plain_decision(k, o, rule, decision);
    if (effects->set) decision->priority = effects->set - 1;
    if (effects->raise && effects->raise - 1 > decision->priority) decision->priority = effects->raise - 1;
    decision->add_count = effects->add_count;
    decision->require_count = effects->require_count;
}

static __attribute__((noinline)) void finish_effects(struct shunt_ticket *k, uint32_t rule,
                                                     struct shunt_decision *decision)
{
    struct sh_effects effects = {0, 0, 0, 0};
    if (k->t->CONT_ENTRY_count > 0) {
        mark_continuing(k, rule);
        apply_marked(k, &effects);
    }
    sh_decide(k, &effects, rule, decision);
}

static bool has_effects(const struct tf_outcome *o)
{
    return o->set_priority | o->raise_priority | le16(o->add_count) | le16(o->require_count);
}

/* Most rules have no effects, most policies no rule that continues. */
static inline void finish(struct shunt_ticket *k, const struct tf_entry *e, struct shunt_decision *decision)
{
    uint32_t rule = le32(e->key) >> 1;
    const struct tf_outcome *o = sh_outcome(k->t, rule);
    if (k->t->CONT_ENTRY_count > 0 || has_effects(o))
        finish_effects(k, rule, decision);
    else
        plain_decision(k, o, rule, decision);
}

void shunt_match(struct shunt_ticket *ticket, struct shunt_decision *decision)
{
    finish(ticket, decide_fast(ticket), decision);
}

void sh_match_plain(struct shunt_ticket *ticket, struct shunt_decision *decision)
{
    finish(ticket, decide_plain(ticket), decision);
}

struct shunt_step shunt_decision_step(const struct shunt_table *table, const struct shunt_decision *decision,
                                      uint32_t step)
{
    const struct tf_step *s = &table->STEP[le32(sh_outcome(table, decision->rule)->step_first) + step];
    return (struct shunt_step){(enum shunt_target)s->kind, le32(s->target), le32(s->after_sec),
                               le32(s->of_hours)};
}
