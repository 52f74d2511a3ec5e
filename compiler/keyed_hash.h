/*
 * The hash of the compiler's maps of names: with a key that nobody knows, as SipHash (runtime/siphash.h), and
 * a quarter of its instructions where the name is short, as nearly all are.
 *
 * Short ones are NH (Black, Halevi, Krawczyk, Krovetz, Rogaway: "UMAC", 1999): products of words to which the
 * key's are added, which come to the same for two names, whatever they are, with no more than one key of
 * 2^64. That holds as long as nobody sees a hash; places in a map show none. docs/decisions/0019-siphash.md.
 */
#ifndef SHUNT_COMPILER_KEYED_HASH_H
#define SHUNT_COMPILER_KEYED_HASH_H

#include "../runtime/siphash.h"

struct hash_key {
    uint64_t k[5];
};

/* As sip_key_of(): as hard to guess as where the system puts memory. */
static inline struct hash_key hash_key_of(const void *address)
{
    struct hash_key key;
    struct sip_key sip = sip_key_of(address);
    for (uint64_t i = 0; i < sizeof key.k / sizeof *key.k; i++) key.k[i] = siphash(sip, &i, sizeof i);
    return key;
}

static inline uint64_t hash_word(const char *p)
{
    uint64_t word;
    memcpy(&word, p, sizeof word);
    return word;
}

enum { KEYED_SHORT_LEN = 32 };

#ifdef __SIZEOF_INT128__
__extension__ typedef unsigned __int128 hash_product;

/* Its first and last bytes, so that with the length they say all of eight at the most. */
static inline uint64_t hash_few(const char *p, size_t len)
{
    uint32_t first, last;
    if (len < sizeof first) {
        const unsigned char *b = (const unsigned char *)p;
        return len ? (uint64_t)b[0] | (uint64_t)b[len / 2] << 8 | (uint64_t)b[len - 1] << 16 : 0;
    }
    memcpy(&first, p, sizeof first);
    memcpy(&last, p + len - sizeof last, sizeof last);
    return first | (uint64_t)last << 32;
}

static inline uint64_t hash_short(const uint64_t *k, const char *p, size_t len)
{
    uint64_t first = len < 8 ? hash_few(p, len) : hash_word(p), last = len < 8 ? 0 : hash_word(p + len - 8);
    hash_product sum = (hash_product)(first + k[0]) * (last + k[1]) + (hash_product)k[4] * len;
    if (len > 16) sum += (hash_product)(hash_word(p + 8) + k[2]) * (hash_word(p + len - 16) + k[3]);
    uint64_t h = (uint64_t)sum ^ (uint64_t)(sum >> 64);
    h = (h ^ h >> 32) * UINT64_C(0x9e3779b97f4a7c15); /* else names that count up stand in rows */
    return (h ^ h >> 29) * UINT64_C(0xff51afd7ed558ccd);
}
#endif

/* Never 0, which is an empty place. */
static inline uint32_t keyed_hash(const struct hash_key *key, const void *bytes, size_t len)
{
#ifdef __SIZEOF_INT128__
    uint64_t h = len <= KEYED_SHORT_LEN ? hash_short(key->k, bytes, len)
                                        : siphash((struct sip_key){{key->k[0], key->k[1]}}, bytes, len);
#else
    uint64_t h = siphash((struct sip_key){{key->k[0], key->k[1]}}, bytes, len);
#endif
    return (uint32_t)(h ^ h >> 32) | 1;
}

#endif
