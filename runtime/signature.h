/*
 * A ticket and the signatures of a bucket's entries (TABLE-FORMAT 8) to a bit for each entry that passes:
 * match.c's.
 *
 * In portable C 16 at a time, with AVX2 32. An entry passes where the ticket has none of its guard's bits,
 * and a fact with its hash. What passes may still be wrong; what does not, is.
 */
#ifndef SHUNT_RUNTIME_SIGNATURE_H
#define SHUNT_RUNTIME_SIGNATURE_H

#include "entry.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define SH_AVX2 __attribute__((target("avx2,bmi,bmi2")))
#endif

typedef uint64_t word_lanes __attribute__((vector_size(16)));

/* What signatures are compared with: of the hashes of its facts in portable C those that have a lane of their
 * own, or where they are too many the table; with AVX2 the sets. */
struct query {
    lanes low, high; /* the ticket's guard, in each lane */
    lanes hash[SH_HASHES]; /* in all lanes; where there is no `more`, eight */
    bool more;
    const uint8_t *found; /* by hash, 1 for those of its facts; NULL where they are few */
    struct set_halves {
        lanes low, high;
    } set, second; /* hash_set, and where it is asked for second_set: ticket.h */
};

/* An entry's signature: the low byte of its guard, and `bucket_count` entries of the bucket later the high
 * one, then the hash, and where they are asked for (`second`) the second one. `left` entries of the bucket
 * begin with this one. */
struct sig {
    const uint8_t *low;
    uint32_t bucket_count, left;
};

/* A bit for each of the entries from this one on that passes, to the end of the bucket at the most. second:
 * there are second hashes, too. */
typedef uint32_t passing_fn(struct sig s, const struct query *q, bool second);

/* How many of so many lanes the bucket has entries for. This is no branch, as the lengths of buckets cannot
 * be foreseen (and is written so that compilers make none of it: 3.7 of the 9.1 branches that a ticket
 * mispredicted at 100,000 rules were those). */
SH_EACH uint32_t lanes_used(struct sig s, uint32_t width)
{
    return s.left < width ? s.left : width;
}

SH_EACH uint32_t below_16(struct sig s, uint32_t bits)
{
    return bits & ((UINT32_C(1) << lanes_used(s, SH_LANES)) - 1);
}

/* Bit i: what is found of hash i. Pairs are put together to pairs of pairs, and so on: three instructions for
 * each hash, none of which waits for all before it. */
SH_EACH uint32_t found_2(const uint8_t *hash, const uint8_t *found)
{
    return found[hash[0]] + 2u * found[hash[1]];
}
SH_EACH uint32_t found_4(const uint8_t *hash, const uint8_t *found)
{
    return found_2(hash, found) + 4 * found_2(hash + 2, found);
}
SH_EACH uint32_t found_8(const uint8_t *hash, const uint8_t *found)
{
    return found_4(hash, found) + (found_4(hash + 4, found) << 4);
}
SH_EACH uint32_t found_16(const uint8_t *hash, const uint8_t *found)
{
    return found_8(hash, found) + (found_8(hash + 8, found) << 8);
}

SH_EACH lanes equal_4(lanes hash, const lanes *h)
{
    return (lanes)(hash == h[0]) | (lanes)(hash == h[1]) | (lanes)(hash == h[2]) | (lanes)(hash == h[3]);
}

SH_EACH lanes equal_8(lanes hash, const lanes *h)
{
    return equal_4(hash, h) | equal_4(hash, h + 4);
}

/* Hashes are compared with those of the ticket's facts, eight at least, while these are few (to count them in
 * fours was a branch that could not be foreseen: 0.92 to 1 of the time without it); else they are looked up,
 * each by itself (a third of the rules on texts and so on, 100,000 rules: 2,000 ns a ticket when that was
 * done in the bits of the set).
 *
 * Second hashes are not asked: compared sixteen at once, with those of all facts, they take longer than the
 * entries that they turn away (100,000 rules: 156 instead of 143 ns a ticket, kept); of those alone that
 * pass, it cannot be foreseen whether there is one (135, but of tickets that come once 355 instead of 240).
 */
SH_EACH uint32_t passing_16(struct sig s, const struct query *q, bool second)
{
    (void)second; /* as above */
    const uint8_t *hashes = s.low + 2 * (size_t)s.bucket_count;
    lanes bits = (load_lanes(s.low) & q->low) | (load_lanes(s.low + s.bucket_count) & q->high);
    if (SELDOM(q->found != NULL)) {
        uint32_t found = s.left <= 8 ? found_8(hashes, q->found) : found_16(hashes, q->found);
        return below_16(s, lane_bits((lanes)(bits == 0))) & found;
    }
    lanes hash = load_lanes(hashes), found = (lanes)(hash == 0);
    found |= equal_8(hash, q->hash);
    if (q->more) found |= equal_8(hash, q->hash + 8);
    return below_16(s, lane_bits((lanes)(bits == 0) & found));
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

/* Where the set has no such hash something stands, else 0. Two bytes of the set are looked up by a hash's low
 * four bits, one of them is taken by its highest, and there the bit by those between. */
SH_AVX2 static inline __m256i missing(__m256i hash, struct set_halves of)
{
    const __m256i four = _mm256_set1_epi8(15),
                  bit_of = _mm256_setr_epi8(1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128, 1, 2,
                                            4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128);
    __m256i low = _mm256_and_si256(hash, four), middle = _mm256_and_si256(_mm256_srli_epi16(hash, 4), four);
    __m256i set = _mm256_blendv_epi8(_mm256_shuffle_epi8(twice(of.low), low),
                                     _mm256_shuffle_epi8(twice(of.high), low), hash);
    return _mm256_andnot_si256(set, _mm256_shuffle_epi8(bit_of, middle));
}

/* Hashes are looked up, however many facts there are; second ones without asking whether the first has turned
 * all away, which cannot be foreseen (100,000 rules: 83 instead of 90 ns a ticket, kept). */
SH_AVX2 static inline uint32_t passing_32(struct sig s, const struct query *q, bool second)
{
    const uint8_t *hashes = s.low + 2 * (size_t)s.bucket_count;
    __m256i refused = _mm256_or_si256(_mm256_and_si256(load_32(s.low), twice(q->low)),
                                      _mm256_and_si256(load_32(s.low + s.bucket_count), twice(q->high)));
    refused = _mm256_or_si256(refused, missing(load_32(hashes), q->set));
    if (second) refused = _mm256_or_si256(refused, missing(load_32(hashes + s.bucket_count), q->second));
    uint32_t bits = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(refused, _mm256_setzero_si256()));
    return _bzhi_u32(bits, lanes_used(s, 32));
}
#endif

/* 1 by hash where the set has it. */
struct found {
    uint8_t by_hash[UINT8_MAX + 1];
};

/* A row of sixteen bytes of it is a bit of each of sixteen bytes of the set (ticket.h). From the set, and not
 * from the facts: of a ticket that is kept those are in another page. */
static inline void find(const struct sh_front *f, struct found *found)
{
    for (uint32_t half = 0; half < 2; half++) {
        le64_t words[2] = {to_le64(f->hash_set[2 * half]), to_le64(f->hash_set[2 * half + 1])};
        lanes set;
        memcpy(&set, words, sizeof set);
        for (uint32_t bit = 0; bit < 8; bit++) {
            lanes row = set >> (uint8_t)bit & 1;
            memcpy(found->by_hash + 128 * half + 16 * bit, &row, sizeof row);
        }
    }
}

/* Each byte, from the lowest on, in all lanes of a vector of its own. */
SH_EACH void splat_8(uint64_t bytes, lanes *out)
{
#ifdef __SSE2__
    __m128i once = _mm_loadl_epi64((const __m128i *)(const void *)&bytes),
            twice = _mm_unpacklo_epi8(once, once);
    __m128i low = _mm_unpacklo_epi16(twice, twice), high = _mm_unpackhi_epi16(twice, twice);
    out[0] = (lanes)_mm_shuffle_epi32(low, 0x00), out[1] = (lanes)_mm_shuffle_epi32(low, 0x55);
    out[2] = (lanes)_mm_shuffle_epi32(low, 0xaa), out[3] = (lanes)_mm_shuffle_epi32(low, 0xff);
    out[4] = (lanes)_mm_shuffle_epi32(high, 0x00), out[5] = (lanes)_mm_shuffle_epi32(high, 0x55);
    out[6] = (lanes)_mm_shuffle_epi32(high, 0xaa), out[7] = (lanes)_mm_shuffle_epi32(high, 0xff);
#else
    for (int i = 0; i < 8; i++) out[i] = splat((uint32_t)(bytes >> 8 * i));
#endif
}

/* In portable C. */
SH_EACH void query_plain(const struct sh_front *f, struct found *found, struct query *q)
{
    q->low = splat(f->guard);
    q->high = splat(f->guard >> 8);
    q->found = NULL;
    q->more = f->facts_count > SH_HASHES / 2;
    if (f->facts_count > SH_HASHES) {
        find(f, found);
        q->found = found->by_hash;
    }
    splat_8(f->hashes[0], q->hash);
    splat_8(f->hashes[1], q->hash + SH_HASHES / 2);
}

#ifdef SH_AVX2
/* Two words, each by itself: they may have been written just now, and sixteen bytes that were written as
 * eight and eight are waited for (40 instead of 51 ns at ten rules). */
SH_EACH lanes half_set(const uint64_t *set)
{
    uint64_t low = set[0], high = set[1];
    __asm__("" : "+r"(low), "+r"(high));
    return (lanes)(word_lanes){low, high};
}
SH_EACH struct set_halves set_halves(const uint64_t *set)
{
    return (struct set_halves){half_set(set), half_set(set + 2)};
}

SH_AVX2 static inline void query_avx2(const struct sh_front *f, enum sh_index_kind kind, struct query *q)
{
    q->low = splat(f->guard);
    q->high = splat(f->guard >> 8);
    q->set = set_halves(f->hash_set);
    if (kind == SH_SECOND) q->second = set_halves(f->second_set);
}
#endif

#endif
