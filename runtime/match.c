/*
 * A ticket to its decision (language.md 5), through the index (TABLE-FORMAT 8).
 *
 * Every term of every condition is an entry, filed under an atom it requires (or with those that require
 * none), by rule. So only the buckets of the ticket's own facts can hold a rule that matches. Their entries'
 * signatures are compared with the ticket, 16 or 32 at a time. Of those that pass, the first whose other atom
 * the ticket has is the deciding one, unless its code has still to be asked. The answer is the one the plain
 * scan gives (scan.c): the tests hold the three against each other.
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
#endif

#define SH_EACH static inline __attribute__((always_inline))

/* ---- signatures ---- */

typedef uint8_t lanes __attribute__((vector_size(16)));

/* What signatures are compared with. */
struct query {
    lanes low, high;           /* the ticket's guard, in each lane */
    lanes any_hash;            /* all ones where it has more facts than are compared */
    const uint8_t *hash, *end; /* of its facts; a multiple of four */
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

SH_EACH uint32_t passing_16(struct sig s, const struct query *q)
{
    lanes bits = (load(s.low) & q->low) | (load(s.low + s.bucket_count) & q->high);
    lanes hash = load(s.low + 2 * (size_t)s.bucket_count), found = q->any_hash;
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

SH_AVX2 static inline uint32_t passing_32(struct sig s, const struct query *q)
{
    __m256i none = _mm256_setzero_si256();
    __m256i bits = _mm256_or_si256(_mm256_and_si256(load_32(s.low), twice(q->low)),
                                   _mm256_and_si256(load_32(s.low + s.bucket_count), twice(q->high)));
    __m256i hash = load_32(s.low + 2 * (size_t)s.bucket_count);
    __m256i found = twice(q->any_hash);
    for (const uint8_t *h = q->hash; h < q->end; h += 4 * SH_LANES) {
        __m256i a = _mm256_cmpeq_epi8(hash, twice(load(h))),
                b = _mm256_cmpeq_epi8(hash, twice(load(h + SH_LANES))),
                c = _mm256_cmpeq_epi8(hash, twice(load(h + 2 * SH_LANES))),
                d = _mm256_cmpeq_epi8(hash, twice(load(h + 3 * SH_LANES)));
        found = _mm256_or_si256(found, _mm256_or_si256(_mm256_or_si256(a, b), _mm256_or_si256(c, d)));
    }
    return (uint32_t)_mm256_movemask_epi8(_mm256_and_si256(found, _mm256_cmpeq_epi8(bits, none)));
}
#endif

/* Bit i for i below n. */
static inline uint32_t below(uint32_t n)
{
    return n < 32 ? (UINT32_C(1) << n) - 1 : UINT32_MAX;
}

SH_EACH struct query query_of(const struct shunt_ticket *k)
{
    bool many = k->facts_count >= SH_HASHES;
    return (struct query){
        .low = splat(k->guard),
        .high = splat(k->guard >> 8),
        .any_hash = splat(many ? 255 : 0),
        .hash = k->hash[0],
        .end = k->hash[many ? 0 : (k->facts_count + 4) & ~3u],
    };
}

/* ---- candidates ---- */

/* One of the two indexes. */
struct index {
    const le32_t *bucket;
    const uint8_t *sig;
    const struct tf_entry *entry;
};

/* Entries that may match: groups[g].bits, bit i: entry groups[g].first + i. No group is without bits. */
enum { GROUPS_MAX = 16 };
struct passing {
    uint32_t count;
    struct {
        uint32_t first, bits;
    } groups[GROUPS_MAX];
};

static bool matches(struct shunt_ticket *k, const struct tf_entry *e)
{
    return !(le32(e->key) & 1) || sh_holds(k, le32(e->code));
}

/* That of the lowest key from `from` on and below best's which has its other atom, or `best`. */
SH_EACH const struct tf_entry *lowest(const struct shunt_ticket *k, const struct index *x,
                                      const struct passing *p, uint32_t from, const struct tf_entry *best)
{
    uint32_t lowest = le32(best->key);
    for (uint32_t g = 0; g < p->count; g++) {
        for (uint32_t bits = p->groups[g].bits; bits; bits &= bits - 1) {
            const struct tf_entry *e = &x->entry[p->groups[g].first + (uint32_t)__builtin_ctz(bits)];
            uint32_t key = le32(e->key), out = !sh_bit(k->has, le32(e->also)) | (key < from);
            key |= 0 - out; /* no branch: it would be taken now and then */
            best = key < lowest ? e : best;
            lowest = key < lowest ? key : lowest;
        }
    }
    return best;
}

/* The first of all in their order that matches, or `best`: each is asked for once at the most. */
static const struct tf_entry *first_asked(struct shunt_ticket *k, const struct index *x,
                                          const struct passing *p, const struct tf_entry *best)
{
    for (uint32_t g = 0; g < p->count; g++) {
        for (uint32_t bits = p->groups[g].bits; bits; bits &= bits - 1) {
            const struct tf_entry *e = &x->entry[p->groups[g].first + (uint32_t)__builtin_ctz(bits)];
            if (le32(e->key) < le32(best->key) && sh_bit(k->has, le32(e->also)) && matches(k, e)) best = e;
        }
    }
    return best;
}

/* lowest() where that, `low`, asks for its code. Of a few it is sought again each time that one does not
 * match. */
static __attribute__((noinline)) const struct tf_entry *
lowest_asked(struct shunt_ticket *k, const struct index *x, const struct passing *p,
             const struct tf_entry *low, const struct tf_entry *best)
{
    enum { A_FEW = 16 };
    uint32_t count = 0;
    for (uint32_t g = 0; g < p->count; g++) count += (uint32_t)__builtin_popcount(p->groups[g].bits);
    if (count > A_FEW) return first_asked(k, x, p, best);
    while (low != best && !matches(k, low)) low = lowest(k, x, p, le32(low->key) + 1, best);
    return low;
}

SH_EACH const struct tf_entry *decide_passing(struct shunt_ticket *k, const struct index *x,
                                              const struct passing *p, const struct tf_entry *best)
{
    const struct tf_entry *low = lowest(k, x, p, 0, best);
    return low != best && le32(low->key) & 1 ? lowest_asked(k, x, p, low, best) : low;
}

/* ---- the deciding rule ---- */

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
    if (sh_bit(k->cont, rule) || !sh_bit(k->has, le32(e->also)) || !matches(k, e)) return;
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

static inline void decide_by(struct shunt_ticket *k, struct sh_effects *effects, uint32_t rule,
                             const struct tf_outcome *o, struct shunt_decision *decision)
{
    apply(k, effects, o);
    for (uint32_t i = 0; i < effects->add_count; i++) sh_clear_bit(k->added, k->add[i]);
    for (uint32_t i = 0; i < effects->require_count; i++) sh_clear_bit(k->required, k->require[i]);
    uint32_t priority = effects->set ? effects->set - 1 : k->values[TF_PRIORITY].place;
    if (effects->raise && effects->raise - 1 > priority) priority = effects->raise - 1;
    *decision = (struct shunt_decision){
        .rule = rule,
        .step_count = le16(o->step_count),
        .priority = priority,
        .add = k->add,
        .add_count = effects->add_count,
        .require = k->require,
        .require_count = effects->require_count,
    };
}

void sh_decide(struct shunt_ticket *k, struct sh_effects *effects, uint32_t rule,
               struct shunt_decision *decision)
{
    decide_by(k, effects, rule, sh_outcome(k->t, rule), decision);
}

static inline void finish(struct shunt_ticket *k, const struct tf_entry *e, struct shunt_decision *decision)
{
    struct sh_effects effects = {0, 0, 0, 0};
    if (k->t->CONT_ENTRY_count > 0) {
        mark_continuing(k, le32(e->key) >> 1);
        apply_marked(k, &effects);
    }
    decide_by(k, &effects, le32(e->key) >> 1, &k->t->OUTCOME[le32(e->outcome)], decision);
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
