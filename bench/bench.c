/*
 * The benchmark: random policies of growing size, and for each what its table weighs and what a decision
 * costs, by the index and by the plain scan.
 *
 *   bench [RULES...]     sizes; default 10 100 1000 10000
 *
 * The workload: a rule is one to four tests joined by `and` (a label, a segment, the channel, a least
 * priority), a ticket has up to 8 labels and 6 segments; both are drawn from names whose k-th is 1/k as
 * likely as the first, as real tags are. Always the same, on any machine. Times are one core's, of tickets
 * that are already set up.
 */
#include "compile.h"
#include "format.h"
#include "scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { NAME_COUNT = 2000, TICKET_COUNT = 2000, TEAM_COUNT = 40 };

static const char *const channels[] = {"webchat", "email", "sms", "social", "phone"};
static const char *const priorities[] = {"normal", "high", "urgent"};

/* ---- numbers ---- */

struct random {
    uint64_t state; /* SplitMix64: S. Vigna, "Further scramblings of Marsaglia's xorshift generators", 2017 */
    double harmonic[NAME_COUNT];
};

static uint64_t draw(struct random *r)
{
    uint64_t z = r->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static unsigned below(struct random *r, unsigned n)
{
    return (unsigned)(draw(r) % n);
}

static void random_init(struct random *r, uint64_t seed)
{
    double sum = 0;
    r->state = seed;
    for (unsigned k = 0; k < NAME_COUNT; k++) r->harmonic[k] = sum += 1.0 / (k + 1);
}

/* A name's place in the order of likelihood. */
static unsigned draw_name(struct random *r)
{
    double x = (double)(draw(r) >> 11) * 0x1p-53 * r->harmonic[NAME_COUNT - 1];
    unsigned lo = 0, hi = NAME_COUNT - 1;
    while (lo < hi) {
        unsigned mid = (lo + hi) / 2;
        if (r->harmonic[mid] < x)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

/* ---- the policy ---- */

static void draw_test(struct random *r, struct buf *b)
{
    unsigned kind = below(r, 100);
    if (kind < 36)
        buf_printf(b, "labels has label%u", draw_name(r));
    else if (kind < 66)
        buf_printf(b, "segments has segment%u", draw_name(r));
    else if (kind < 84)
        buf_printf(b, "channel == %s", channels[below(r, 5)]);
    else
        buf_printf(b, "priority >= %s", priorities[below(r, 3)]);
}

static void draw_rule(struct random *r, struct buf *b, unsigned number)
{
    unsigned test_count = 2 + below(r, 3);
    buf_printf(b, "rule r%u {\n    when ", number);
    for (unsigned i = 0; i < test_count; i++) {
        if (i) buf_puts(b, " and ");
        draw_test(r, b);
    }
    if (below(r, 5) == 0) buf_printf(b, " and not labels has label%u", draw_name(r));
    buf_printf(b, "\n    to team%u\n}\n", below(r, TEAM_COUNT));
}

static struct str draw_policy(struct arena *a, unsigned rule_count)
{
    struct random r;
    struct buf b;
    random_init(&r, rule_count);
    buf_init(&b, a);
    buf_puts(&b, "policy bench version 1\n");
    for (unsigned i = 0; i < TEAM_COUNT; i++) buf_printf(&b, "team team%u\n", i);
    for (unsigned i = 0; i < rule_count; i++) draw_rule(&r, &b, i);
    buf_puts(&b, "otherwise to unassigned\n");
    return buf_done(&b);
}

/* ---- tickets ---- */

static void add_names(struct random *r, struct shunt_ticket *k, uint32_t attr, const char *stem,
                      unsigned count)
{
    char name[32];
    for (unsigned i = 0; i < count; i++) {
        int len = snprintf(name, sizeof name, "%s%u", stem, draw_name(r));
        shunt_ticket_add_name(k, attr, name, (size_t)len);
    }
}

static struct shunt_ticket *draw_ticket(struct random *r, const struct shunt_table *t)
{
    struct shunt_ticket *k;
    if (shunt_ticket_new(t, NULL, &k) != SHUNT_OK) exit(2);
    const char *channel = channels[below(r, 5)], *priority = priorities[below(r, 3)];
    shunt_ticket_set_at(k, 1772442900 + (int64_t)below(r, 86400 * 7));
    shunt_ticket_set_name(k, SHUNT_ATTR_CHANNEL, channel, strlen(channel));
    shunt_ticket_set_name(k, SHUNT_ATTR_PRIORITY, priority, strlen(priority));
    add_names(r, k, SHUNT_ATTR_LABELS, "label", below(r, 9));
    add_names(r, k, SHUNT_ATTR_SEGMENTS, "segment", below(r, 7));
    return k;
}

/* ---- measuring ---- */

static double now_sec(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

typedef void match_function(struct shunt_ticket *, struct shunt_decision *);

/* Nanoseconds a ticket, the best of a few rounds within about half a second; sum: of the deciding rules, to
 * compare. */
static double measure(match_function *match, struct shunt_ticket **tickets, uint64_t *sum)
{
    double best = 1e18, begin = now_sec();
    for (int round = 0; round < 50 && (round < 2 || now_sec() - begin < 0.5); round++) {
        double from = now_sec();
        struct shunt_decision d;
        *sum = 0;
        for (unsigned i = 0; i < TICKET_COUNT; i++) {
            match(tickets[i], &d);
            *sum = *sum * 31 + d.rule;
        }
        double took = (now_sec() - from) * 1e9 / TICKET_COUNT;
        if (took < best) best = took;
    }
    return best;
}

static void bench_table(const struct shunt_table *t, unsigned rule_count, size_t len, double compile_sec)
{
    static struct shunt_ticket *tickets[TICKET_COUNT];
    struct random r;
    uint64_t by_index, by_scan;
    random_init(&r, 1);
    for (unsigned i = 0; i < TICKET_COUNT; i++) tickets[i] = draw_ticket(&r, t);
    double index_ns = measure(shunt_match, tickets, &by_index),
           scan_ns = measure(sh_match_scan, tickets, &by_scan);
    printf("%8u %12.1f %12.1f %12.0f %12.0f%s\n", rule_count, (double)len / rule_count, compile_sec * 1e3,
           index_ns, scan_ns, by_index == by_scan ? "" : "   the two differ");
    for (unsigned i = 0; i < TICKET_COUNT; i++) shunt_ticket_free(tickets[i]);
}

struct bench {
    struct arena *a;
    unsigned rule_count;
};

/* The arena's memory is aligned as a table must be. */
static void bench_policy(void *ctx)
{
    struct bench *b = ctx;
    const struct compile_options options = {.strip = true};
    const struct shunt_table *t;
    struct str text = draw_policy(b->a, b->rule_count);
    double from = now_sec();
    struct compilation *c = compile_text(b->a, "bench.shunt", text, &options);
    double compile_sec = now_sec() - from;
    struct str table = c->table;
    if (!table.p) {
        printf("%8u not compiled: %s\n", b->rule_count,
               c->diags.list.count ? c->diags.list.at[0]->message.p : "");
        return;
    }
    struct shunt_table_error error;
    char *bytes = arena_alloc(b->a, table.len);
    memcpy(bytes, table.p, table.len);
    if (shunt_table_open(bytes, table.len, NULL, &t, &error) != SHUNT_OK) {
        printf("%8u does not open: %s\n", b->rule_count, error.reason);
        return;
    }
    bench_table(t, b->rule_count, table.len, compile_sec);
    shunt_table_close(t);
}

int main(int argc, char **argv)
{
    static const char *const sizes[] = {"10", "100", "1000", "10000", NULL};
    printf("%8s %12s %12s %12s %12s\n", "rules", "bytes a rule", "compile ms", "index ns", "scan ns");
    for (const char *const *size = argc > 1 ? (const char *const *)argv + 1 : sizes; *size; size++) {
        struct bench b = {arena_new(), (unsigned)strtoul(*size, NULL, 10)};
        if (!b.a || !b.rule_count || !arena_try(b.a, bench_policy, &b)) return EXIT_FAILURE;
        arena_free(b.a);
    }
    return EXIT_SUCCESS;
}
