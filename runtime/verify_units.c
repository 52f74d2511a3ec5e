/*
 * Conditions, most of them, to where they end, without a branch that nothing foretells: the fast path before
 * verify_code.c, which reads what is not seen to be right here and says what is wrong.
 *
 * All units of CODE are of one length, and a unit's tag says what its number counts and which tags may stand
 * behind it. So each is asked by itself first, whatever it belongs to: it is *plain* where its number is in
 * range and the unit before it may stand there; it *ends* a node where nothing of that node follows. Then
 * only chains are walked: of a chain whose units are all plain, the last of which ends a node, all is known
 * but whether two nodes end in it.
 *
 * Conditions of 100,000 rules, 552,000 units: 1.5 ms, 2.2 without AVX2; verify_code.c alone takes 6.3 in the
 * same run (4 where the machine is quiet). tests/corrupt/test_units.c holds them against each other.
 */
#include "ops.h"
#include "processor.h"
#include "verify.h"

/* ---- units ---- */

/* What tags are to the one before them. */
enum unit_class { CLASS_NONE, CLASS_TEST, CLASS_NOT, CLASS_CHAIN, CLASS_CMP, CLASS_MORE };
enum { AFTER_ANY = 1 << CLASS_TEST | 1 << CLASS_NOT | 1 << CLASS_CHAIN };

/* Of a tag. */
struct unit_kind {
    uint16_t from, span; /* a plain unit's number n: from <= n < from + span; span 0: never plain */
    uint8_t unit_class;  /* enum unit_class */
    uint8_t after;       /* a bit for each class that may stand behind it */
    uint8_t ends;        /* 1: the node does */
    uint8_t reads;       /* 1: the priority */
};

static uint16_t span_of(uint32_t count)
{
    return (uint16_t)(count < TF_WIDE ? count : TF_WIDE);
}

enum { OPS_HERE = TF_OP_COUNT < 16 ? TF_OP_COUNT : 16 }; /* as many as a shuffle looks up, see below */

/* Tests that are not here, what stands behind ops past the first 16, and a NOT of anything but a test are
 * left to verify_code.c. */
static void find_kinds(const struct shunt_table *t, struct unit_kind kinds[256])
{
    memset(kinds, 0, 256 * sizeof *kinds);
    for (int op = 0; op < OPS_HERE; op++)
        kinds[op] = (struct unit_kind){.unit_class = CLASS_TEST, .after = AFTER_ANY, .ends = 1};
    kinds[TF_OP_AND].unit_class = kinds[TF_OP_OR].unit_class = CLASS_CHAIN;
    kinds[TF_OP_TRUE].span = kinds[TF_OP_FALSE].span = 1;
    kinds[TF_OP_NOT] = (struct unit_kind){0, 1, CLASS_NOT, 1 << CLASS_TEST, 0, 0};
    kinds[TF_OP_HAS].span = span_of(t->ATOM_count);
    kinds[TF_OP_DURING].span = span_of(t->HOURS_count);
    kinds[TF_OP_ACTIVE].span = span_of(t->WINDOW_SET_count);
    kinds[TF_OP_PRIORITY_IN] = (struct unit_kind){1, 14, CLASS_TEST, AFTER_ANY, 1, 1};
    kinds[TF_OP_COMPARE] = (struct unit_kind){TF_PRIORITY, 1, CLASS_TEST, 1 << CLASS_CMP, 0, 1};
    for (int cmp = TF_LT; cmp <= TF_GE; cmp++)
        kinds[TF_TAG_CMP + cmp] =
            (struct unit_kind){0, SHUNT_PRIORITY_URGENT + 1, CLASS_CMP, AFTER_ANY, 1, 0};
    kinds[TF_TAG_ITEM].unit_class = kinds[TF_TAG_HIGH].unit_class = CLASS_MORE;
    kinds[TF_TAG_ITEM].after = kinds[TF_TAG_HIGH].after = AFTER_ANY;
}

/* Up to 64 units from `p` on into a word of each. after: what may stand at the first; then, behind the last.
 */
static unsigned mark_word(const struct unit_kind kinds[256], const struct tf_unit *p, uint32_t count,
                          unsigned *after, uint64_t *plain, uint64_t *ends)
{
    uint64_t plains = 0, ended = 0;
    unsigned reads = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct unit_kind *kind = &kinds[p[i].tag];
        unsigned right = (uint16_t)(le16(p[i].number) - kind->from) < kind->span;
        right &= *after >> kind->unit_class;
        plains |= (uint64_t)right << i;
        ended |= (uint64_t)(right & kind->ends) << i;
        reads |= right & kind->reads;
        *after = kind->after;
    }
    *plain = plains;
    *ends = ended;
    return reads;
}

/* From unit `at` on, 64 at a time. after: what may stand at the first. Answers whether priorities are read.
 */
static unsigned mark_rest(struct verify *v, const struct unit_kind kinds[256], uint32_t at, unsigned after)
{
    const struct shunt_table *t = v->t;
    unsigned reads = 0;
    for (; at < t->CODE_count; at += 64) {
        uint32_t left = t->CODE_count - at;
        reads |= mark_word(kinds, t->CODE + at, left < 64 ? left : 64, &after, &v->plain[at / 64],
                           &v->ends[at / 64]);
    }
    return reads;
}

/* ---- 32 units at once ---- */

#if defined(SH_X86_64)
#include <immintrin.h>
#define AVX2 __attribute__((target("avx2")))

/* The kinds of tags below 16 and of those from 128 on, as bytes to be looked up by a shuffle, which takes the
 * lower four bits of a tag. */
struct kind_bytes {
    uint8_t unit_class[2][16], after[2][16], from[2][16], low[2][16], high[2][16], ends[2][16], reads[2][16];
};
_Static_assert(TF_TAG_CMP == 128 && TF_TAG_HIGH < 144, "tags have four bits beside the 128");

/* `low` and `high`: of the span; `from` is not 0 only where that is below 256. */
static void find_bytes(const struct unit_kind kinds[256], struct kind_bytes *bytes)
{
    for (int i = 0; i < 32; i++) {
        const struct unit_kind *kind = &kinds[i / 16 * 128 + i % 16];
        bytes->unit_class[i / 16][i % 16] = (uint8_t)(kind->unit_class ? 1 << kind->unit_class : 0);
        bytes->after[i / 16][i % 16] = kind->after;
        bytes->from[i / 16][i % 16] = (uint8_t)kind->from;
        bytes->low[i / 16][i % 16] = (uint8_t)kind->span;
        bytes->high[i / 16][i % 16] = (uint8_t)(kind->span >> 8);
        bytes->ends[i / 16][i % 16] = (uint8_t)-kind->ends;
        bytes->reads[i / 16][i % 16] = (uint8_t)-kind->reads;
    }
}

/* Of each tag. A shuffle gives 0 where the index has its highest bit. */
AVX2 static inline __m256i of_tags(const uint8_t bytes[2][16], __m256i tags)
{
    __m256i low = _mm256_broadcastsi128_si256(_mm_loadu_si128((const void *)bytes[0]));
    __m256i high = _mm256_broadcastsi128_si256(_mm_loadu_si128((const void *)bytes[1]));
    __m256i other = _mm256_xor_si256(tags, _mm256_set1_epi8((char)128));
    return _mm256_or_si256(_mm256_shuffle_epi8(low, tags), _mm256_shuffle_epi8(high, other));
}

/* Where a is not below b, as unsigned bytes. */
AVX2 static inline __m256i not_below(__m256i a, __m256i b)
{
    return _mm256_cmpeq_epi8(_mm256_max_epu8(a, b), a);
}

/* 16 units are three times 16 bytes: by which byte of a unit, and which 16 bytes, the places of what goes to
 * each of 16; NO: it is not among these. */
enum { NO = 128 };
static const uint8_t places[3][3][16] = {{{0, 3, 6, 9, 12, 15, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO},
                                          {NO, NO, NO, NO, NO, NO, 2, 5, 8, 11, 14, NO, NO, NO, NO, NO},
                                          {NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, 1, 4, 7, 10, 13}},
                                         {{1, 4, 7, 10, 13, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO},
                                          {NO, NO, NO, NO, NO, 0, 3, 6, 9, 12, 15, NO, NO, NO, NO, NO},
                                          {NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, 2, 5, 8, 11, 14}},
                                         {{2, 5, 8, 11, 14, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO},
                                          {NO, NO, NO, NO, NO, 1, 4, 7, 10, 13, NO, NO, NO, NO, NO, NO},
                                          {NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, 0, 3, 6, 9, 12, 15}}};

/* One byte of each of 32 units: of 16 in each half, which begin at p and p + 48. part: which byte. */
AVX2 static inline __m256i every_third(const uint8_t *p, int part)
{
    __m256i all = _mm256_setzero_si256();
    for (int k = 0; k < 3; k++) {
        __m256i bytes = _mm256_loadu2_m128i((const void *)(p + 48 + 16 * k), (const void *)(p + 16 * k));
        __m256i from = _mm256_broadcastsi128_si256(_mm_loadu_si128((const void *)places[part][k]));
        all = _mm256_or_si256(all, _mm256_shuffle_epi8(bytes, from));
    }
    return all;
}

/* As mark_word(), of 32. *last: `after` of the 32 before. */
AVX2 static inline unsigned mark_32(const struct kind_bytes *kinds, const struct tf_unit *units,
                                    __m256i *last, uint32_t *plain, uint32_t *ends)
{
    const uint8_t *p = &units->tag;
    __m256i tags = every_third(p, 0), zero = _mm256_setzero_si256();
    __m256i low = _mm256_sub_epi8(every_third(p, 1), of_tags(kinds->from, tags)), high = every_third(p, 2);
    __m256i span_high = of_tags(kinds->high, tags);
    /* Out of range: high is above the span's, or as high and low is not below. */
    __m256i above = not_below(low, of_tags(kinds->low, tags));
    above = _mm256_and_si256(above, _mm256_cmpeq_epi8(high, span_high));
    above = _mm256_or_si256(above, _mm256_xor_si256(not_below(span_high, high), _mm256_set1_epi8(-1)));
    /* Not tags from 16 to 127 and from 144 on. */
    __m256i known = _mm256_cmpeq_epi8(_mm256_and_si256(tags, _mm256_set1_epi8(0x70)), zero);
    __m256i after = _mm256_and_si256(of_tags(kinds->after, tags), known);
    __m256i before = _mm256_alignr_epi8(after, _mm256_permute2x128_si256(*last, after, 0x21), 15);
    __m256i wrong = _mm256_cmpeq_epi8(_mm256_and_si256(of_tags(kinds->unit_class, tags), before), zero);
    __m256i right = _mm256_andnot_si256(_mm256_or_si256(above, wrong), known);
    *last = after;
    *plain = (uint32_t)_mm256_movemask_epi8(right);
    *ends = (uint32_t)_mm256_movemask_epi8(_mm256_and_si256(right, of_tags(kinds->ends, tags)));
    return (unsigned)_mm256_movemask_epi8(_mm256_and_si256(right, of_tags(kinds->reads, tags)));
}

/* From the first unit on, 64 at a time; *at: behind them. */
AVX2 static unsigned mark_avx2(struct verify *v, const struct unit_kind kinds[256], uint32_t *at,
                               unsigned *after)
{
    const struct shunt_table *t = v->t;
    struct kind_bytes bytes;
    unsigned reads = 0;
    find_bytes(kinds, &bytes);
    __m256i last = _mm256_set1_epi8(AFTER_ANY);
    for (; t->CODE_count - *at >= 64; *at += 64) {
        uint32_t plain[2], ends[2];
        for (int i = 0; i < 2; i++)
            reads |= mark_32(&bytes, t->CODE + *at + 32 * i, &last, &plain[i], &ends[i]);
        v->plain[*at / 64] = plain[0] | (uint64_t)plain[1] << 32;
        v->ends[*at / 64] = ends[0] | (uint64_t)ends[1] << 32;
    }
    if (*at > 0) *after = kinds[t->CODE[*at - 1].tag].after;
    return reads;
}
#else
static unsigned mark_avx2(struct verify *v, const struct unit_kind kinds[256], uint32_t *at, unsigned *after)
{
    (void)v, (void)kinds, (void)at, (void)after;
    return 0;
}
#endif

void sh_mark_units(struct verify *v, bool has_avx2)
{
    struct unit_kind kinds[256];
    unsigned after = AFTER_ANY, reads = 0;
    uint32_t at = 0;
    find_kinds(v->t, kinds);
    if (has_avx2) reads = mark_avx2(v, kinds, &at, &after);
    reads |= mark_rest(v, kinds, at, after);
    if (reads) v->t->attr_read[TF_PRIORITY] = 1;
}

/* ---- conditions ---- */

enum { PLAIN_DEPTH = 8 }; /* chains within each other; with their NOTs far below TF_NESTING_MAX */

/* 64 bits from bit `at` on; a word stands behind the last one. */
static inline uint64_t bits_from(const uint64_t *bits, uint32_t at)
{
    uint64_t low = bits[at / 64], high = bits[at / 64 + 1];
    return at % 64 ? low >> at % 64 | high << (64 - at % 64) : low;
}

/* So many lowest bits; at most 63. */
static inline uint64_t lowest(uint32_t count)
{
    return (UINT64_C(1) << count) - 1;
}

/* The nodes in a row of plain units: 0 where the last does not end one; 1; 2 for more. */
static inline uint32_t count_nodes(const struct verify *v, uint32_t at, uint32_t len)
{
    uint64_t ends = bits_from(v->ends, at) & lowest(len);
    if (!(ends >> (len - 1))) return 0;
    return ends & (ends - 1) ? 2 : 1;
}

/* A chain whose children are not all seen; the first of a row stands for CODE itself. */
struct plain_chain {
    uint32_t end, nodes; /* nodes: 2 for more */
};

static inline bool is_chain(unsigned tag)
{
    return tag == TF_OP_AND || tag == TF_OP_OR;
}

/* Behind the units from `at` on that are plain; 0: a node is left open by them, or there are none. */
static inline uint32_t pass_tests(const struct verify *v, uint32_t at, struct plain_chain *chain)
{
    uint64_t others = ~bits_from(v->plain, at) | UINT64_C(1) << 63;
    uint32_t len = (uint32_t)__builtin_ctzll(others);
    if (len >= chain->end - at) len = chain->end - at; /* nearly always, and so foreseen */
    uint32_t nodes = len ? count_nodes(v, at, len) : 0;
    chain->nodes += nodes;
    return nodes ? at + len : 0;
}

uint32_t sh_plain_condition(const struct verify *v, uint32_t at)
{
    const struct tf_unit *code = v->t->CODE;
    struct plain_chain open[PLAIN_DEPTH + 1] = {{v->t->CODE_count, 0}}, *chain = open;
    if (!is_chain(code[at].tag)) return sh_bit(v->plain, at) && sh_bit(v->ends, at) ? at + 1 : 0;
    do {
        if (is_chain(code[at].tag)) {
            uint32_t len = le16(code[at++].number);
            if (len >= TF_WIDE || len > chain->end - at || chain == open + PLAIN_DEPTH) return 0;
            *++chain = (struct plain_chain){at + len, 0};
        } else if ((at = pass_tests(v, at, chain)) == 0) {
            return 0;
        }
        for (; chain != open && at == chain->end; chain->nodes++)
            if (chain--->nodes < 2) return 0;
    } while (chain != open);
    return at;
}
