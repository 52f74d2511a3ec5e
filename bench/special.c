/*
 * The benchmark's hard cases: one label that every rule requires, tickets that carry much, texts against many
 * patterns. Each must cost no more than what the ticket carries; README.md says how to read the figures.
 */
#include "measure.h"
#include "said.h"
#include "scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 7 };

static uint32_t rule_count = 100000;

/* A policy's text under way. */
struct text {
    char *p;
    size_t len;
    FILE *f;
};

static FILE *text_begin(struct text *t)
{
    t->f = open_memstream(&t->p, &t->len);
    if (!t->f) stop("policy", "no memory");
    return t->f;
}

static void text_compiled(struct text *t, struct opened *o)
{
    fclose(t->f);
    compile_policy_text("bench.shunt", t->p, t->len, o);
    free(t->p);
}

static struct shunt_ticket *ticket_of(const struct opened *o)
{
    struct shunt_ticket *k;
    if (shunt_ticket_new(o->table, NULL, &k) != SHUNT_OK) stop("ticket", "no memory");
    return k;
}

static struct shunt_batch *batch_of(const struct opened *o)
{
    struct shunt_batch *b;
    if (shunt_batch_new(o->table, NULL, &b) != SHUNT_OK) stop("batch", "no memory");
    return b;
}

static void add_to(struct shunt_batch *b, const struct shunt_ticket *k)
{
    if (shunt_batch_add(b, k) != SHUNT_OK) stop("batch", "no memory");
}

static void print_figure(const char *what, const struct series *s, int decimals, const char *unit)
{
    struct figure f = series_figure(s);
    printf("%-58s %12.*f %s +-%.0f%%\n", what, decimals, f.median, unit, f.spread * 100);
}

/* ---- one label that every rule requires ---- */

enum { HOT_TICKETS = 20000, HOT_SCANNED = 60 };

/* Those of another batch, with the hot label. */
static struct shunt_batch *batch_hot(const struct opened *o, const struct vocabulary *v,
                                     const struct drawn_ticket *tickets)
{
    struct shunt_ticket *k = ticket_of(o);
    struct shunt_batch *hot = batch_of(o), *plain = batch_all(o->table, v, tickets, NULL, HOT_TICKETS);
    for (size_t i = 0; i < HOT_TICKETS; i++) {
        shunt_batch_say(plain, i, k);
        shunt_ticket_add_name(k, SHUNT_ATTR_LABELS, "hot", 3);
        add_to(hot, k);
    }
    shunt_batch_free(plain);
    shunt_ticket_free(k);
    return hot;
}

static double match_all(struct shunt_ticket *k, const struct shunt_batch *b, uint32_t *rules)
{
    struct shunt_decision d;
    size_t count = shunt_batch_count(b);
    double from = cpu_ns();
    for (size_t i = 0; i < count; i++) {
        shunt_batch_match(b, i, k, &d);
        rules[i] = d.rule;
    }
    return (cpu_ns() - from) / (double)count;
}

static double scan_some(struct shunt_ticket *k, const struct shunt_batch *b, size_t first, uint32_t *rules)
{
    struct shunt_decision d;
    double from = cpu_ns();
    for (size_t i = 0; i < HOT_SCANNED; i++) {
        shunt_batch_say(b, first + i, k);
        sh_match_scan(k, &d);
        rules[i] = d.rule;
    }
    return (cpu_ns() - from) / HOT_SCANNED;
}

static void measure_hot(const struct opened *o, const struct shunt_batch *b)
{
    static uint32_t by_index[HOT_TICKETS], by_scan[HOT_SCANNED];
    struct series index = {.count = 0}, scan = {.count = 0}, times = {.count = 0};
    struct shunt_ticket *k = ticket_of(o);
    for (uint32_t i = 0; i < ROUNDS; i++) {
        uint32_t first = i * HOT_SCANNED;
        series_add(&index, match_all(k, b, by_index));
        series_add(&scan, scan_some(k, b, first, by_scan));
        series_add(&times, scan.at[i] / index.at[i]);
        if (memcmp(by_scan, by_index + first, sizeof by_scan) != 0)
            stop("one label", "the index and the scan differ");
    }
    print_figure("one label for all rules: looked up once", &index, 0, "ns a ticket");
    print_figure("  plain scan", &scan, 0, "ns a ticket");
    print_figure("  plain scan / looked up once", &times, 1, "");
    shunt_ticket_free(k);
}

static void bench_hot(const struct vocabulary *v, const struct drawn_ticket *tickets)
{
    struct workload w;
    struct opened o;
    struct text t;
    workload_draw(&w, v, rule_count, false, tickets);
    w.hot = "hot";
    write_dsl(text_begin(&t), &w);
    text_compiled(&t, &o);
    struct shunt_batch *b = batch_hot(&o, v, tickets);
    measure_hot(&o, b);
    shunt_batch_free(b);
    opened_release(&o);
    workload_release(&w);
}

/* ---- tickets that carry much ---- */

enum { LARGE_TICKETS = 2000, LARGE_MOST = 64 };

static void add_names(struct shunt_ticket *k, struct draw *d, uint32_t attr, char (*names)[NAME_LEN],
                      const struct zipf *z, uint32_t until)
{
    const struct sh_value *set = &k->values[attr];
    while (!set->carried || set->place < until) {
        const char *name = names[zipf_draw(z, d)];
        shunt_ticket_add_name(k, attr, name, strlen(name));
    }
}

/* So many labels and so many segments. */
static void batch_large(struct shunt_batch *b, struct shunt_ticket *k, const struct vocabulary *v,
                        uint32_t each)
{
    struct draw d = {64};
    shunt_batch_clear(b);
    for (uint32_t i = 0; i < LARGE_TICKETS; i++) {
        const char *channel = channel_names[draw_below(&d, CHANNEL_COUNT)];
        shunt_ticket_reset(k);
        shunt_ticket_set_name(k, SHUNT_ATTR_CHANNEL, channel, strlen(channel));
        add_names(k, &d, SHUNT_ATTR_LABELS, v->labels, &v->names, each);
        add_names(k, &d, SHUNT_ATTR_SEGMENTS, v->segments, &v->names, each);
        add_to(b, k);
    }
}

/* never: every rule requires a label that no ticket has, so that none wins early and ends the search. */
static void bench_large(const struct vocabulary *v, const struct drawn_ticket *tickets, bool never)
{
    static uint32_t rules[LARGE_TICKETS];
    struct workload w;
    struct opened o;
    struct text t;
    workload_draw(&w, v, rule_count, false, tickets);
    w.hot = never ? "hot" : NULL;
    write_dsl(text_begin(&t), &w);
    text_compiled(&t, &o);
    struct shunt_ticket *k = ticket_of(&o);
    struct shunt_batch *b = batch_of(&o);
    for (uint32_t each = 4; each <= LARGE_MOST; each *= 2) {
        struct series ns = {.count = 0};
        char what[80];
        batch_large(b, k, v, each);
        for (int i = 0; i < ROUNDS; i++) series_add(&ns, match_all(k, b, rules) / (2 * each));
        snprintf(what, sizeof what, "%u labels and %u segments%s", each, each,
                 never ? ", nothing matches" : "");
        print_figure(what, &ns, 1, "ns a name");
    }
    shunt_batch_free(b);
    shunt_ticket_free(k);
    opened_release(&o);
    workload_release(&w);
}

/* ---- texts against many patterns ---- */

enum { PATTERN_COUNT = 10000, BODY_MOST = 100000 };

static void write_patterns(FILE *f, const struct vocabulary *v)
{
    struct draw d = {77};
    fputs("policy bench version 1\nteam t\n", f);
    for (uint32_t i = 0; i < PATTERN_COUNT; i++) {
        uint32_t a = draw_below(&d, WORD_COUNT), b = draw_below(&d, WORD_COUNT);
        fprintf(f, "rule r%u {\n    when body contains \"%s %s\"\n    to t\n}\n", i, v->text_words[a],
                v->text_words[b]);
    }
    fputs("otherwise to unassigned\n", f);
}

/* One letter, one to a hundred times, and before it another: at every place of a text of that letter all of
 * the hundred are found. */
static void write_nested(FILE *f)
{
    fputs("policy bench version 1\nteam t\n", f);
    for (uint32_t i = 0; i < PATTERN_COUNT; i++) {
        fprintf(f, "rule r%u {\n    when labels has never and body contains \"%.*s", i, (int)(i / 100 % 26),
                "bcdefghijklmnopqrstuvwxyz");
        for (uint32_t n = 0; n < 1 + i % 100; n++) fputc('a', f);
        fputs("\"\n    to t\n}\n", f);
    }
    fputs("otherwise to unassigned\n", f);
}

static char *words_text(const struct vocabulary *v)
{
    struct draw d = {78};
    char *text = need(NULL, BODY_MOST + NAME_LEN);
    for (size_t len = 0; len < BODY_MOST;)
        len += (size_t)snprintf(text + len, NAME_LEN, "%s ", v->text_words[zipf_draw(&v->words, &d)]);
    return text;
}

static double say_body(struct shunt_ticket *k, const char *text, size_t len)
{
    struct shunt_decision d;
    int times = (int)(2 * BODY_MOST / len);
    double from = cpu_ns();
    for (int i = 0; i < times; i++) {
        shunt_ticket_reset(k);
        const char *part =
            text + (size_t)i % (BODY_MOST / len) * len; /* all of the text, whatever the length */
        if (shunt_ticket_set_text(k, SHUNT_ATTR_BODY, part, len) != SHUNT_OK) stop("body", "not set");
        shunt_match(k, &d);
    }
    return (cpu_ns() - from) / times / (double)len;
}

static void bench_body(struct text *policy, const char *about, const char *text)
{
    struct opened o;
    text_compiled(policy, &o);
    struct shunt_ticket *k = ticket_of(&o);
    for (size_t len = 1000; len <= BODY_MOST; len *= 10) {
        struct series ns = {.count = 0};
        char what[80];
        for (int i = 0; i < ROUNDS; i++) series_add(&ns, say_body(k, text, len));
        snprintf(what, sizeof what, "a body of %zu kB, %s", len / 1000, about);
        print_figure(what, &ns, 2, "ns a byte");
    }
    shunt_ticket_free(k);
    opened_release(&o);
}

static void bench_bodies(const struct vocabulary *v)
{
    struct text policy;
    char *text = words_text(v);
    write_patterns(text_begin(&policy), v);
    bench_body(&policy, "10,000 patterns of two words", text);
    memset(text, 'a', BODY_MOST);
    write_nested(text_begin(&policy));
    bench_body(&policy, "patterns within patterns", text);
    free(text);
}

int main(int argc, char **argv)
{
    struct vocabulary v;
    if (argc > 1) rule_count = (uint32_t)strtoul(argv[1], NULL, 10);
    if (rule_count == 0) stop(argv[1], "not a number of rules");
    vocabulary_init(&v);
    struct drawn_ticket *tickets = draw_tickets(&v, HOT_TICKETS);
    printf("\nhard cases, %u rules\n", rule_count);
    bench_hot(&v, tickets);
    bench_large(&v, tickets, false);
    bench_large(&v, tickets, true);
    bench_bodies(&v);
    free(tickets);
    vocabulary_release(&v);
    return EXIT_SUCCESS;
}
