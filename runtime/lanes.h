/*
 * Sixteen bytes at a time, in whatever vectors the processor has: of signature.h, and of names looked up.
 */
#ifndef SHUNT_RUNTIME_LANES_H
#define SHUNT_RUNTIME_LANES_H

#include "format.h"

#include <string.h>

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#elif defined(__SSE2__)
#include <emmintrin.h>
#endif

/* Vectors go between functions of one file alone: how a processor without them passes them is no matter. */
#pragma GCC diagnostic ignored "-Wpsabi"

#define SH_EACH static inline __attribute__((always_inline))

typedef uint8_t lanes __attribute__((vector_size(16)));

enum { SH_LANES = 16 };

SH_EACH lanes splat(uint32_t byte)
{
    return (lanes){0} + (uint8_t)byte;
}

static inline lanes load_lanes(const uint8_t *p)
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

#endif
