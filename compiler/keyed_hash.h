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
#include "../runtime/words.h"

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

/* Of the eight bytes at p the first seven, below a byte that is 0: the last is the word's highest or its
 * lowest. */
static inline uint64_t hash_seven(const char *p)
{
    uint64_t word = sh_eight_bytes(p);
    return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? word >> 8 : word & UINT64_MAX >> 8;
}

/* Its first and last bytes, so that with the length they say all of eight at the most. */
static inline uint64_t hash_few(const char *p, size_t len)
{
    const unsigned char *b = (const unsigned char *)p;
    if (len >= 4) return sh_four_bytes(p) | sh_four_bytes(p + len - 4) << 32;
    return len ? (uint64_t)b[0] | (uint64_t)b[len / 2] << 8 | (uint64_t)b[len - 1] << 16 : 0;
}

/* The first eight bytes and the last, which are the same where there are no more. */
struct hash_ends {
    uint64_t first, last;
};
static inline struct hash_ends hash_ends_of(const char *p, size_t len)
{
    if (len < sizeof(uint64_t)) return (struct hash_ends){hash_few(p, len), 0};
    return (struct hash_ends){sh_eight_bytes(p), sh_eight_bytes(p + len - sizeof(uint64_t))};
}

enum { KEYED_SHORT_LEN = 32 };

#ifdef __SIZEOF_INT128__
__extension__ typedef unsigned __int128 hash_product;

static inline uint64_t hash_end(hash_product sum)
{
    uint64_t h = (uint64_t)sum ^ (uint64_t)(sum >> 64);
    h = (h ^ h >> 32) * UINT64_C(0x9e3779b97f4a7c15); /* else names that count up stand in rows */
    return (h ^ h >> 29) * UINT64_C(0xff51afd7ed558ccd);
}

static inline uint64_t hash_short(const uint64_t *k, const char *p, size_t len)
{
    struct hash_ends e = hash_ends_of(p, len);
    hash_product sum = (hash_product)(e.first + k[0]) * (e.last + k[1]) + (hash_product)k[4] * len;
    if (len > 16) sum += (hash_product)(sh_eight_bytes(p + 8) + k[2]) * (sh_eight_bytes(p + len - 16) + k[3]);
    return hash_end(sum);
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

/* A name of so few bytes as words, which are the same where the names are. */
enum { WORDS_NAME_LEN = 23 };
struct name_words {
    uint64_t w[3];
};
static inline struct name_words name_words_of(const char *p, size_t len)
{
    struct hash_ends e = hash_ends_of(p, len);
    uint64_t between = len > 16 ? hash_seven(p + 8) : 0;
    return (struct name_words){{e.first, e.last, between | (uint64_t)len << 56}};
}

/* The same as keyed_hash() of them, and for that another than of the name. */
static inline uint32_t keyed_hash_words(const struct hash_key *key, const struct name_words *n)
{
#ifdef __SIZEOF_INT128__
    const uint64_t *k = key->k, *w = n->w;
    hash_product sum = (hash_product)(w[0] + k[0]) * (w[1] + k[1]) + (hash_product)(w[2] + k[2]) * k[3];
    uint64_t h = hash_end(sum);
    return (uint32_t)(h ^ h >> 32) | 1;
#else
    return keyed_hash(key, n->w, sizeof n->w);
#endif
}

#endif
