/*
 * Random numbers for the benchmarks: the same on every machine, for nothing in them but integers and the four
 * operations of IEEE doubles.
 */
#ifndef SHUNT_BENCH_DRAW_H
#define SHUNT_BENCH_DRAW_H

#include <stdint.h>

struct draw {
    uint64_t state; /* SplitMix64: S. Vigna, "Further scramblings of Marsaglia's xorshift generators", 2017 */
};

uint64_t draw_bits(struct draw *d);
/* From 0 to n - 1. */
uint32_t draw_below(struct draw *d, uint32_t n);
/* From least to most, both included. */
uint32_t draw_from(struct draw *d, uint32_t least, uint32_t most);
/* At least 0, below 1. */
double draw_share(struct draw *d);
/* The place that the weights, which add up to 1, give. */
uint32_t draw_weighted(struct draw *d, const double *weights, uint32_t count);

/* Zipf's distribution: the k-th of `count` things is 1/k as likely as the first, as real tags and words are.
 */
struct zipf {
    uint32_t count;
    double *harmonic; /* [k]: 1 + 1/2 + ... + 1/(k + 1) */
};

/* Ends the program where there is no memory. */
void zipf_init(struct zipf *z, uint32_t count);
void zipf_release(struct zipf *z);
/* A place from 0; the first is the likeliest. */
uint32_t zipf_draw(const struct zipf *z, struct draw *d);
/* How likely it is that a place is among so many draws, where their number is itself drawn from least to
 * most, evenly. */
double zipf_chance(const struct zipf *z, uint32_t place, uint32_t least, uint32_t most);

#endif
