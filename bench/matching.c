/*
 * The benchmark of matching, compiling and opening: for policies of 10 to 100,000 rules one table of figures.
 *
 *   matching [plain] [mixed] [quick] [RULES...]     workloads; sizes: 10 100 1000 10000 100000
 *
 * In each round everything is measured in turn, so that figures of one column may be compared; a figure is
 * the median of the rounds. Decisions are compared in the same run: the index with the plain scan, and (of
 * the plain workload) with those of oracle.c; a difference ends the program. README.md says how to read it.
 */
#include "batch.h"
#include "figures.h"
#include "measure.h"
#include "said.h"
#include "scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <yaml.h>

enum {
    ROUNDS = 9,
    TICKETS_MAX = 100000,
    KEPT_TICKETS = 1000,
    COLD_TICKETS = 300,
    SCAN_NS = 60000000,
    SIZES_MAX = 8
};

static uint32_t ticket_count = TICKETS_MAX;

/* What one column is measured with. */
struct bench {
    const struct vocabulary *v;
    const struct drawn_ticket *tickets;
    const struct said_text *texts; /* NULL: no rule reads them */
    struct workload w;
    struct opened o;
    struct shunt_ticket *k;
    struct shunt_ticket *kept[KEPT_TICKETS]; /* the first ones */
    struct said_fields fields;
    struct shunt_batch *batch, *anew; /* all of them; added in each round */
    uint32_t *rules;                  /* by ticket: what the index says */
    uint32_t *facts;                  /* of each ticket, their number first: the floor's */
    uint64_t *entries;                /* by atom: what the floor fetches */
    uint32_t scanned;                 /* tickets scanned so far */
    char *yaml, *dsl;
    size_t yaml_len, dsl_len;
    struct column *c;
};

/* ---- a ticket to its decision: nanoseconds for each ---- */

/* shunt_match(), or the same in portable C. */
typedef void match_fn(struct shunt_ticket *ticket, struct shunt_decision *decision);

static volatile uint64_t sink; /* what is added up must not be optimised away */

static double round_strings(struct bench *b)
{
    struct shunt_decision d;
    double from = cpu_ns();
    for (uint32_t i = 0; i < ticket_count; i++) {
        shunt_ticket_reset(b->k);
        say_ticket(b->k, b->v, &b->tickets[i], &b->fields, b->texts ? &b->texts[i] : NULL);
        shunt_match(b->k, &d);
        b->rules[i] = d.rule;
    }
    return (cpu_ns() - from) / ticket_count;
}

/* What it costs to look up once. */
static double round_add(struct bench *b)
{
    shunt_batch_clear(b->anew);
    double from = cpu_ns();
    for (uint32_t i = 0; i < ticket_count; i++) {
        shunt_ticket_reset(b->k);
        say_ticket(b->k, b->v, &b->tickets[i], &b->fields, b->texts ? &b->texts[i] : NULL);
        if (shunt_batch_add(b->anew, b->k) != SHUNT_OK) stop("batch", "no memory");
    }
    return (cpu_ns() - from) / ticket_count;
}

static void must_be(const struct bench *b, uint32_t ticket, uint32_t rule, const char *by)
{
    if (b->rules[ticket] == rule) return;
    fprintf(stderr, "%u rules, ticket %u: rule %u by the index, %u by %s\n", b->w.rule_count, ticket,
            b->rules[ticket], rule, by);
    exit(1);
}

/* shunt_batch_match(), or the same in portable C. */
typedef void match_batch_fn(const struct shunt_batch *batch, size_t i, struct shunt_ticket *room,
                            struct shunt_decision *decision);

static double round_batch(struct bench *b, match_batch_fn *match)
{
    static uint32_t rules[TICKETS_MAX];
    struct shunt_decision d;
    double from = cpu_ns();
    for (uint32_t i = 0; i < ticket_count; i++) {
        match(b->batch, i, b->k, &d);
        rules[i] = d.rule;
    }
    double took = (cpu_ns() - from) / ticket_count;
    for (uint32_t i = 0; i < ticket_count; i++) must_be(b, i, rules[i], "a batch");
    return took;
}

/* Nothing is set between one match and the next. */
static double round_kept(struct bench *b, match_fn *match)
{
    static uint32_t rules[KEPT_TICKETS];
    uint32_t times = ticket_count / KEPT_TICKETS;
    struct shunt_decision d;
    double from = cpu_ns();
    for (uint32_t n = 0; n < times; n++) {
        for (uint32_t i = 0; i < KEPT_TICKETS; i++) {
            match(b->kept[i], &d);
            rules[i] = d.rule;
        }
    }
    double took = (cpu_ns() - from) / (times * KEPT_TICKETS);
    for (uint32_t i = 0; i < KEPT_TICKETS; i++) must_be(b, i, rules[i], "a ticket that was kept");
    return took;
}

/* Fewer tickets where there are many rules; other ones in each round, from all over. */
static double round_scan(struct bench *b)
{
    static struct shunt_decision d[TICKETS_MAX];
    uint32_t count = (uint32_t)(SCAN_NS / (6.0 * b->w.rule_count + 100)), first = b->scanned;
    if (count > ticket_count) count = ticket_count;
    double from = cpu_ns();
    for (uint32_t i = 0; i < count; i++) {
        shunt_batch_say(b->batch, (first + i) % ticket_count, b->k);
        sh_match_scan(b->k, &d[i]);
    }
    double took = (cpu_ns() - from) / count;
    for (uint32_t i = 0; i < count; i++) must_be(b, (first + i) % ticket_count, d[i].rule, "the scan");
    b->scanned += count;
    return took;
}

/* One entry for each atom that the ticket has, fetched, and nothing more. */
static double round_floor(struct bench *b)
{
    uint64_t sum = 0;
    const uint32_t *fact = b->facts;
    double from = cpu_ns();
    for (uint32_t i = 0; i < ticket_count; i++) {
        for (uint32_t left = *fact++; left > 0; left--) sum += b->entries[*fact++];
    }
    sink = sum;
    return (cpu_ns() - from) / ticket_count;
}

/* ---- where nothing of the table is in the cache ---- */

static void flush(const void *at, size_t len)
{
#if defined __x86_64__
    const char *p = at;
    for (size_t i = 0; i < len; i += 64) __builtin_ia32_clflush(p + i);
    __builtin_ia32_mfence();
#else
    enum { EVICT_LEN = 64 << 20 };
    static char *evict;
    (void)at, (void)len;
    evict = evict ? evict : need(NULL, EVICT_LEN);
    for (size_t i = 0; i < EVICT_LEN; i += 64) evict[i]++;
#endif
}

static double look_ns(void)
{
    struct series s = {.count = 0};
    for (int i = 0; i < ROUNDS_MAX; i++) {
        double from = wall_ns();
        series_add(&s, wall_ns() - from);
    }
    return series_figure(&s).median;
}

/* The median ticket: a mean would be that of what the machine does besides. */
static double round_cold(struct bench *b)
{
    static double took[COLD_TICKETS];
    struct shunt_decision d;
    double look = look_ns();
    for (uint32_t i = 0; i < COLD_TICKETS; i++) {
        uint32_t ticket = i * 331 % ticket_count;
        shunt_batch_say(b->batch, ticket, b->k); /* what the ticket itself needs is there */
        flush(b->o.bytes, b->o.len);
        flush(b->o.table, sizeof *b->o.table);
        double from = wall_ns();
        shunt_batch_match(b->batch, ticket, b->k, &d);
        took[i] = wall_ns() - from - look;
    }
    return median(took, COLD_TICKETS);
}

static void measure_matching(struct bench *b)
{
    struct series *s = b->c->series;
    series_add(&s[STRINGS], round_strings(b));
    series_add(&s[ADD], round_add(b));
    series_add(&s[KEPT], round_kept(b, shunt_match));
    series_add(&s[KEPT_PLAIN], round_kept(b, sh_match_plain));
    series_add(&s[BATCH], round_batch(b, shunt_batch_match));
    series_add(&s[BATCH_PLAIN], round_batch(b, sh_batch_match_plain));
    series_add(&s[SCAN], round_scan(b));
    series_add(&s[FLOOR], round_floor(b));
    series_add(&s[COLD], round_cold(b));
}

/* ---- compiling ---- */

/* libyaml's own events of the same text, which say nothing of what it means. */
static double yaml_events(const char *text, size_t len)
{
    yaml_parser_t parser;
    yaml_event_t event;
    bool more = true;
    double from = cpu_ns();
    if (!yaml_parser_initialize(&parser)) stop("libyaml", "no memory");
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, len);
    while (more) {
        if (!yaml_parser_parse(&parser, &event)) stop("libyaml", parser.problem);
        more = event.type != YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    return cpu_ns() - from;
}

static double compile_once(const char *name, const char *text, size_t len, double *clock_ns)
{
    struct opened o;
    double took = compile_policy_text(name, text, len, &o);
    *clock_ns = o.clock_ns;
    opened_release(&o);
    return took;
}

static void measure_compiling(struct bench *b)
{
    struct series *s = b->c->series;
    double clock_ns, from = wall_ns();
    series_add(&s[EVENTS], yaml_events(b->yaml, b->yaml_len) / 1e6);
    series_add(&s[EVENTS_CLOCK], (wall_ns() - from) / 1e6);
    series_add(&s[COMPILE_YAML], compile_once("bench.yaml", b->yaml, b->yaml_len, &clock_ns) / 1e6);
    series_add(&s[YAML_CLOCK], clock_ns / 1e6);
    series_add(&s[COMPILE_DSL], compile_once("bench.shunt", b->dsl, b->dsl_len, &clock_ns) / 1e6);
}

/* ---- opening ---- */

/* Into memory that is there already: the strictest floor. A small table is read and opened many times. */
static double read_once(int fd, void *into, size_t len, int times)
{
    double from = cpu_ns();
    for (int i = 0; i < times; i++) {
        if (pread(fd, into, len, 0) != (ssize_t)len) stop("table", "not read");
    }
    return (cpu_ns() - from) / times;
}

static double open_once(const struct opened *o, int times)
{
    double from = cpu_ns();
    for (int i = 0; i < times; i++) {
        const struct shunt_table *t;
        if (shunt_table_open(o->bytes, o->len, NULL, &t, NULL) != SHUNT_OK) stop("table", "not opened");
        shunt_table_close(t);
    }
    return (cpu_ns() - from) / times;
}

static void measure_opening(struct bench *b)
{
    FILE *f = tmpfile();
    void *into = need(NULL, b->o.len);
    int times = b->o.len < 1000000 ? 20 : 1;
    if (!f || fwrite(b->o.bytes, 1, b->o.len, f) != b->o.len || fflush(f)) stop("table", "not written");
    for (int i = 0; i < ROUNDS + 2; i++) {
        series_add(&b->c->series[READ], read_once(fileno(f), into, b->o.len, times) / 1e3);
        series_add(&b->c->series[OPEN], open_once(&b->o, times) / 1e3);
    }
    free(into);
    fclose(f);
}

/* ---- a column ---- */

static void check_by_oracle(struct bench *b)
{
    uint32_t *first = need(NULL, ticket_count * sizeof *first);
    first_matches(&b->w, b->tickets, ticket_count, first);
    for (uint32_t i = 0; i < ticket_count && !b->w.mixed; i++)
        must_be(b, i, first[i] == NO_RULE ? sh_otherwise(b->o.table) : first[i], "the oracle");
    free(first);
}

static void describe(struct bench *b)
{
    double none = 0, place = 0;
    for (uint32_t i = 0; i < ticket_count; i++) {
        none += b->rules[i] == sh_otherwise(b->o.table);
        place += b->rules[i] + 1.0;
    }
    series_add(&b->c->series[NONE], 100 * none / ticket_count);
    series_add(&b->c->series[PLACE], 100 * place / ticket_count / b->w.rule_count);
}

static void write_both(struct bench *b)
{
    FILE *f = open_memstream(&b->yaml, &b->yaml_len);
    FILE *g = open_memstream(&b->dsl, &b->dsl_len);
    if (!f || !g) stop("policy", "no memory");
    write_yaml(f, &b->w);
    write_dsl(g, &b->w);
    fclose(f);
    fclose(g);
}

/* Atoms as they stand in a ticket. */
static void list_facts(struct bench *b)
{
    size_t len = 0, cap = 0;
    for (uint32_t i = 0; i < ticket_count; i++) {
        shunt_batch_say(b->batch, i, b->k);
        uint32_t count = b->k->front.facts_count;
        if (len + count >= cap) b->facts = need(b->facts, (cap = 2 * (len + count + 1)) * sizeof *b->facts);
        b->facts[len++] = count;
        memcpy(b->facts + len, b->k->facts, count * sizeof *b->facts);
        len += count;
    }
}

static void bench_begin(struct bench *b)
{
    workload_draw(&b->w, b->v, b->c->rule_count, b->texts != NULL, b->tickets);
    write_both(b);
    compile_policy_text("bench.yaml", b->yaml, b->yaml_len, &b->o);
    if (shunt_ticket_new(b->o.table, NULL, &b->k) != SHUNT_OK) stop("ticket", "no memory");
    b->fields = said_fields(b->o.table);
    for (uint32_t i = 0; i < KEPT_TICKETS; i++) {
        if (shunt_ticket_new(b->o.table, NULL, &b->kept[i]) != SHUNT_OK) stop("ticket", "no memory");
        say_ticket(b->kept[i], b->v, &b->tickets[i], &b->fields, b->texts ? &b->texts[i] : NULL);
    }
    b->batch = batch_all(b->o.table, b->v, b->tickets, b->texts, ticket_count);
    if (shunt_batch_new(b->o.table, NULL, &b->anew) != SHUNT_OK) stop("batch", "no memory");
    list_facts(b);
    b->rules = need(NULL, ticket_count * sizeof *b->rules);
    b->entries = need(NULL, (b->o.table->ATOM_count + 1) * sizeof *b->entries);
    for (uint32_t i = 0; i < b->o.table->ATOM_count; i++) b->entries[i] = i;
}

static void bench_end(struct bench *b)
{
    free(b->entries);
    free(b->rules);
    shunt_batch_free(b->anew);
    shunt_batch_free(b->batch);
    free(b->facts);
    for (uint32_t i = 0; i < KEPT_TICKETS; i++) shunt_ticket_free(b->kept[i]);
    shunt_ticket_free(b->k);
    opened_release(&b->o);
    free(b->yaml);
    free(b->dsl);
    workload_release(&b->w);
}

/* All columns in each round, so that one may be compared with another: how fast the machine is changes from
 * one second to the next. */
static void bench_columns(struct bench *benches, size_t count)
{
    for (size_t i = 0; i < count; i++) bench_begin(&benches[i]);
    for (int round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < count; i++) measure_matching(&benches[i]);
    }
    for (size_t i = 0; i < count; i++) {
        struct bench *b = &benches[i];
        check_by_oracle(b);
        describe(b);
        measure_opening(b);
        for (int round = 0; round < ROUNDS; round++) measure_compiling(b);
        weigh_table(b->c, b->o.table);
        bench_end(b);
    }
}

/* ---- the program ---- */

struct wanted {
    bool plain, mixed;
    struct column columns[SIZES_MAX];
    size_t count;
};

static void read_arguments(struct wanted *w, char **argv)
{
    static const uint32_t usual[] = {10, 100, 1000, 10000, 100000};
    for (; *argv; argv++) {
        if (strcmp(*argv, "plain") == 0)
            w->plain = true;
        else if (strcmp(*argv, "mixed") == 0)
            w->mixed = true;
        else if (strcmp(*argv, "quick") == 0)
            ticket_count = 20000;
        else if (w->count < SIZES_MAX && strtoul(*argv, NULL, 10) > 0)
            w->columns[w->count++].rule_count = (uint32_t)strtoul(*argv, NULL, 10);
        else
            stop(*argv, "neither plain, mixed, quick nor a number of rules");
    }
    if (w->count == 0) {
        for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
            w->columns[w->count++].rule_count = usual[i];
    }
    if (!w->plain && !w->mixed) w->plain = w->mixed = true;
}

static void run(struct wanted *w, const char *title, const struct vocabulary *v,
                const struct drawn_ticket *tickets, const struct said_text *texts)
{
    static struct bench benches[SIZES_MAX];
    for (size_t i = 0; i < w->count; i++) {
        w->columns[i] = (struct column){.rule_count = w->columns[i].rule_count};
        benches[i] = (struct bench){.v = v, .tickets = tickets, .texts = texts, .c = &w->columns[i]};
    }
    bench_columns(benches, w->count);
    print_columns(title, w->columns, w->count);
}

int main(int argc, char **argv)
{
    static struct wanted w;
    struct vocabulary v;
    (void)argc;
    read_arguments(&w, argv + 1);
    vocabulary_init(&v);
    struct drawn_ticket *tickets = draw_tickets(&v, ticket_count);
    if (w.plain) run(&w, "labels, segments, channel, priority", &v, tickets, NULL);
    if (w.mixed) {
        struct said_text *texts = write_texts(&v, tickets, ticket_count);
        run(&w, "a third of the rules on texts, numbers, hours, exists", &v, tickets, texts);
        texts_release(texts, ticket_count);
    }
    free(tickets);
    vocabulary_release(&v);
    return EXIT_SUCCESS;
}
