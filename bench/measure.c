/* What the benchmarks measure with: see measure.h. */
#include "measure.h"
#include "compile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void stop(const char *what, const char *why)
{
    fprintf(stderr, "%s: %s\n", what, why);
    exit(2);
}

void *need(void *at, size_t len)
{
    void *p = realloc(at, len ? len : 1);
    if (!p) stop("benchmark", "no memory");
    return p;
}

/* ---- clocks ---- */

static double clock_of(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

double cpu_ns(void)
{
    return clock_of(CLOCK_PROCESS_CPUTIME_ID);
}

double wall_ns(void)
{
    return clock_of(CLOCK_MONOTONIC);
}

/* ---- figures ---- */

int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double median(double *of, size_t count)
{
    qsort(of, count, sizeof *of, by_size);
    return of[count / 2];
}

void series_add(struct series *s, double value)
{
    if (s->count < ROUNDS_MAX) s->at[s->count++] = value;
}

struct figure series_figure(const struct series *s)
{
    struct series sorted = *s;
    struct figure f = {0, 0};
    if (s->count == 0) return f;
    f.median = median(sorted.at, (size_t)sorted.count);
    double low = sorted.at[s->count / 4], high = sorted.at[s->count - 1 - s->count / 4];
    f.spread = f.median > 0 ? (high - low) / 2 / f.median : 0;
    return f;
}

/* ---- compiling ---- */

struct compiling {
    struct arena *a;
    const char *name;
    struct str text;
    double took_ns;
    struct opened *out;
};

/* The table is copied out of the arena, which dies here. */
static void compile_it(void *ctx)
{
    struct compiling *c = ctx;
    const struct compile_options options = {.strip = true};
    double from = cpu_ns(), clock = wall_ns();
    struct compilation *done = compile_text(c->a, c->name, c->text, &options);
    c->took_ns = cpu_ns() - from;
    c->out->clock_ns = wall_ns() - clock;
    if (!done->table.p)
        stop("policy", done->diags.list.count ? done->diags.list.at[0]->message.p : "not compiled");
    c->out->len = done->table.len;
    c->out->bytes = need(NULL, done->table.len);
    memcpy(c->out->bytes, done->table.p, done->table.len);
}

double compile_policy_text(const char *name, const char *text, size_t len, struct opened *out)
{
    struct compiling c = {arena_new(), name, {text, len}, 0, out};
    if (!c.a || !arena_try(c.a, compile_it, &c)) stop("compile", "no memory");
    arena_free(c.a);
    struct shunt_table_error error = {.reason = ""};
    if (shunt_table_open(out->bytes, out->len, NULL, &out->table, &error) != SHUNT_OK)
        stop("table", error.reason);
    return c.took_ns;
}

void opened_release(struct opened *o)
{
    shunt_table_close(o->table);
    free(o->bytes);
}
