/*
 * SipHash-1-3: a hash of bytes that nobody who does not know the key can make collide (Aumasson and
 * Bernstein, 2012). For maps of what strangers name: with any fixed hash, a file of names that all come to
 * one place takes quadratic time. Why it is written here: docs/decisions/0019-siphash.md.
 *
 * Only places in maps may depend on it, never what comes out: the key is another in each process, and words
 * are read as the machine has them.
 */
#ifndef SHUNT_RUNTIME_SIPHASH_H
#define SHUNT_RUNTIME_SIPHASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct sip_key {
    uint64_t k[2];
};

/* The key of a map that is told none: as hard to guess as where the system puts memory. */
static inline struct sip_key sip_key_of(const void *address)
{
    uint64_t a = (uint64_t)(uintptr_t)address * UINT64_C(0x9e3779b97f4a7c15);
    return (struct sip_key){{a ^ a >> 32, a * UINT64_C(0xff51afd7ed558ccd)}};
}

struct sip_state {
    uint64_t a, b, c, d;
};

static inline uint64_t sip_turn(uint64_t x, unsigned bits)
{
    return x << bits | x >> (64 - bits);
}

static inline void sip_round(struct sip_state *s)
{
    s->a += s->b, s->b = sip_turn(s->b, 13) ^ s->a, s->a = sip_turn(s->a, 32);
    s->c += s->d, s->d = sip_turn(s->d, 16) ^ s->c;
    s->a += s->d, s->d = sip_turn(s->d, 21) ^ s->a;
    s->c += s->b, s->b = sip_turn(s->b, 17) ^ s->c, s->c = sip_turn(s->c, 32);
}

static inline void sip_rounds(struct sip_state *s, unsigned count)
{
    while (count--) sip_round(s);
}

static inline void sip_word(struct sip_state *s, unsigned rounds, uint64_t word)
{
    s->d ^= word;
    sip_rounds(s, rounds);
    s->a ^= word;
}

/* With so many rounds for each word, and so many at the end. */
static inline uint64_t siphash_of(unsigned each, unsigned last_ones, struct sip_key key, const void *bytes,
                                  size_t len)
{
    struct sip_state s = {key.k[0] ^ UINT64_C(0x736f6d6570736575), key.k[1] ^ UINT64_C(0x646f72616e646f6d),
                          key.k[0] ^ UINT64_C(0x6c7967656e657261), key.k[1] ^ UINT64_C(0x7465646279746573)};
    const unsigned char *p = bytes;
    uint64_t word, last = (uint64_t)len << 56;
    for (; len >= sizeof word; p += sizeof word, len -= sizeof word) {
        memcpy(&word, p, sizeof word);
        sip_word(&s, each, word);
    }
    for (size_t i = 0; i < len; i++) last |= (uint64_t)p[i] << 8 * i;
    sip_word(&s, each, last);
    s.c ^= 0xff;
    sip_rounds(&s, last_ones);
    return s.a ^ s.b ^ s.c ^ s.d;
}

static inline uint64_t siphash(struct sip_key key, const void *bytes, size_t len)
{
    return siphash_of(1, 3, key, bytes, len);
}

#endif
