/*
 * What the benchmarks measure with: clocks, series of rounds with their median and spread, memory that is
 * there, and policies compiled in memory.
 *
 * Whatever cannot be done ends the program: a benchmark has nobody to tell.
 */
#ifndef SHUNT_BENCH_MEASURE_H
#define SHUNT_BENCH_MEASURE_H

#include "shunt.h"

#include <stddef.h>

_Noreturn void stop(const char *what, const char *why);
/* realloc() that does not fail. */
void *need(void *at, size_t len);

/* The processor's time of this program, in nanoseconds: what else the machine does is not in it. Looking
 * costs some hundred nanoseconds. */
double cpu_ns(void);
/* The time on the wall: for other programs, and where a look must cost little. */
double wall_ns(void);

int by_size(const void *a, const void *b); /* of doubles, for qsort */
double median(double *of, size_t count);   /* sorts them */

/* One figure, taken once in each round. */
enum { ROUNDS_MAX = 64 };
struct series {
    double at[ROUNDS_MAX];
    int count;
};
void series_add(struct series *s, double value);

struct figure {
    double median;
    double spread; /* half of the distance between the quartiles, as a share of the median */
};
struct figure series_figure(const struct series *s);

/* A table in memory, opened. */
struct opened {
    void *bytes;
    size_t len;
    const struct shunt_table *table;
    double clock_ns; /* that it took to compile; the processor's time may be more: two threads' */
};
/* name: bench.yaml or bench.shunt, which says the spelling; stripped. What it took, in nanoseconds. */
double compile_policy_text(const char *name, const char *text, size_t len, struct opened *out);
void opened_release(struct opened *o);

#endif
