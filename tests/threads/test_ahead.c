/*
 * Reading ahead (compiler/yaml_ahead.h): with a second thread that parses YAML, and with events that are
 * parsed some hundreds at once, a policy is what it is without, table and diagnostics, byte for byte, right
 * ones and broken ones; and where memory runs out in the midst, the thread ends. Under ThreadSanitizer (make
 * tsan) a race is a failure too.
 * Where there is always a thread, one makes the checks beside lowering as well (compiler/compile.c).
 */
#define _GNU_SOURCE /* sched_getaffinity(), RTLD_NEXT */
#include "compile.h"
#include "run_suite.h"
#include "yaml_tree.h"

#include <check.h>
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>

static struct arena *a;

static void setup(void)
{
    a = arena_new();
}
static void teardown(void)
{
    arena_free(a);
}

static uint32_t draw(uint64_t *state, uint32_t n)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 33) % n;
}

/* Another byte somewhere, out of those that mean something. */
static void spoil(uint64_t *state, struct buf *b)
{
    static const char marks[] = "{}[],:-?#&*!|>'\"%@` \t\n~x\\";
    b->p[draw(state, (uint32_t)b->len)] = marks[draw(state, sizeof marks - 1)];
}

/* A few hundred rules, thousands of events; one policy in two has a place where something is wrong. */
static struct str draw_policy(uint64_t *state)
{
    static const char *const rules[] = {
        "  - {rule: r%u, when: 'labels has l%u and channel == email', to: team-a}\n",
        "  - rule: r%u\n    when: labels has any (l%u, x)  # why\n    to: [team-a, {agent: anna, after: "
        "2h}]\n",
        "  - rule: \"r%u\"\n    when: >-\n      labels has l%u\n      or priority >= high\n    to: team-b\n",
        "  - {rule: r%u, match: {labels: [l%u]}, set: {priority: high}, continue: true}\n",
        /* plain ones (compiler/yaml_plain.c), and what is nearly so */
        "  - {rule: r%u, when: labels has l%u, to: team-a}\n",
        "  - {rule: r%u, when: 'labels has l%u', to: \"team-b\"} # said\n",
        "  - {when: segments has s%u, to: unassigned, 'rule': r%u }\n",
        "  - rule: r%u\n    when: labels has l%u or channel == email\n    to: team-a\n",
        "  - rule: r%u\n    # why\n    when: labels has l%u # and so\n    to: team-a\n",
        "  -   to: team-b\n      rule: \"r%u\"\n\n      when: labels has l%u\n",
        "  - {rule: r%u, when: 'labels has \"\303\251%u\"', to: team-a}\n",
        "  - {rule: r%u,\n     when: 'labels has l%u',\n     to: team-a}\n",
        "  - {rule: r%u, when: 'subject contains \"l%u\"', to: team-a, continue: false}\n",
        "  - {rule: 'r''%u', when: labels has l%u, to: team-a}\n",
    };
    static const char *const wrong[] = {
        "  - {rule: a, when: labels has (b), to: team-a}\n",
        "  - {rule: a, when: subject contains \"a: b\", to: team-a\n",
        "  - rule: a\n   when: true\n",
        "  - &x {rule: a, when: true, to: team-a}\n  - *x\n  - *y\n",
        "  - {rule: r1, when: labels has , to: team-b}\n",
        "\t- {rule: b}\n",
        "  - ]\n",
        "  - {rule: ~, when: true, to: team-a}\n",
        "  - {rule: null, when: labels has l1, to: team-a}\n",
        "  - {rule: a, when: labels has l1, to: }\n",
        "  - {rule: a, when: labels has l1, to: -}\n",
        "  - {rule: a, rule: b, when: labels has l1}\n",
        "  - {rule: a, when: labels has l1, team: team-a}\n",
        "  - {rule: a, when: labels has l1, to: team-c}\n",
        "  - {rule: a, when: labels has l1, to: team-a} x\n",
        "  - {rule: a, when: labels has l1, to: team-a}#x\n",
        "  - {rule: a, when: 'labels has l1' x, to: team-a}\n",
        "  - {rule: a, when: labels has l1, priority >= high, to: team-a}\n",
        "  - {rule: a, when: labels has l1, to: &x team-a}\n  - {rule: b, when: labels has l2, to: *x}\n",
        "  - rule: a\n    when: labels has l1\n    to: team-a\n     b\n",
        "  - rule: a\n    when: labels has l1 # x\n      or labels has l2\n    to: team-a\n",
        "  - {}\n",
        "  - a\n",
        "...\n---\nmore: 1\n"};
    struct buf b;
    uint32_t count = 300 + draw(state, 700), wrong_at = draw(state, 2) ? draw(state, count) : count;
    buf_init(&b, a);
    buf_puts(
        &b,
        "shunt: 1\nagents: {anna: {}}\nteams: {team-a: {agents: all}, team-b: {agents: [anna]}}\nrules:\n");
    for (uint32_t i = 0; i < count; i++) {
        if (i == wrong_at) buf_puts(&b, wrong[draw(state, sizeof wrong / sizeof *wrong)]);
        buf_printf(&b, rules[draw(state, sizeof rules / sizeof *rules)], i, draw(state, 50));
    }
    buf_puts(&b, "otherwise: team-a\n");
    if (draw(state, 2)) spoil(state, &b);
    return buf_done(&b);
}

static struct str outcome(struct str policy, enum read_ahead ahead)
{
    const struct compile_options options = {.ahead = ahead};
    struct compilation *c = compile_text(a, "p.yaml", policy, &options);
    struct buf b;
    buf_init(&b, a);
    for (uint32_t i = 0; i < c->diags.list.count; i++) {
        const struct diag *g = c->diags.list.at[i];
        buf_printf(&b, "%u+%u %s %s %s\n", g->at.off, g->at.len, diag_rows[g->id].code, g->message.p,
                   g->hint.p ? g->hint.p : "");
    }
    if (c->table.p) buf_str(&b, c->table);
    return buf_done(&b);
}

static void same_body(void *ctx)
{
    uint64_t state = *(uint32_t *)ctx;
    struct str policy = draw_policy(&state);
    struct str alone = outcome(policy, AHEAD_NEVER);
    static const enum read_ahead others[] = {AHEAD_ALWAYS, AHEAD_WHERE_LARGE /* some hundreds at once */};
    for (size_t i = 0; i < 2; i++) {
        struct str ahead = outcome(policy, others[i]);
        ck_assert_msg(str_eq(alone, ahead), "seed %u, %zu\nalone %.1500s\nahead %.1500s", *(uint32_t *)ctx, i,
                      alone.p, ahead.p);
    }
}

START_TEST(ahead_says_what_one_thread_says)
{
    for (uint32_t seed = 1; seed <= 60; seed++) {
        ck_assert(arena_try(a, same_body, &seed));
        arena_free(a);
        a = arena_new();
    }
}
END_TEST

/* Entries that are nearly plain, each between two that are. */
static const char *const near[] = {
    "  - {rule: -a, when: labels has l1, to: team-a}\n",
    "  - {rule: ?a, when: labels has l1, to: team-a}\n",
    "  - {rule: :a, when: labels has l1, to: team-a}\n",
    "  - rule: -a\n    when: labels has l1\n    to: team-a\n",
    "  - ? rule\n    : a\n    when: labels has l1\n    to: team-a\n",
    "  - {? rule : a, when: labels has l1, to: team-a}\n",
    "  - [rule: a]\n",
    "  - {rule: a, rule: b, to: team-a}\n",
    "  - {rule: cafe\xcc\x81, when: labels has l1, to: team-a}\n",
    "  - {rule: a, when: labels has l1, to: cafe\xcc\x81}\n",
    "  - {\"rule\": a, when: labels has l1, to: team-a}\n",
    "  - {rule: a, 'when': labels has l1, to: team-a}\n",
    "  - {rule: a, when: labels has l1, \"to\": team-a}\n",
    "  - {rule: a, when: \"\", to: team-a}\n",
    "  - {rule: \"\", when: labels has l1, to: ''}\n",
    "  - {rule: a, when: labels has l1 ), to: team-a}\n",
    "  - {rule: a, when: labels has l1 and, to: team-a}\n",
    "  - {rule: ! a, when: labels has l1, to: team-a}\n",
    "  - {rule: !, when: labels has l1, to: team-a}\n",
    "  - ! {rule: a, when: labels has l1, to: team-a}\n",
    "  - !\n    rule: a\n    when: labels has l1\n    to: team-a\n",
    "  - {rule: &x ! a, when: labels has l1, to: team-a}\n",
    "  - {rule: &x !y a, when: &y labels has l1, to: *x}\n",
    "  - {rule: a, when: labels has l1, to: team-a, }\n",
    "  - {rule: a, when: labels has l1, , to: team-a}\n",
    "  - {\n    rule: a,\n    when: labels has l1,\n    to: team-a\n    }\n",
    "  - {rule: a,\twhen: labels has l1, to: team-a}\n",
    "  - rule: a # why\n    when: labels has l1\n    to: team-a\n",
    "  - &x\n    rule: a\n    when: labels has l1\n    to: team-a\n",
    "  - {rule: a, when: labels has l1, to: |\n      team-a}\n",
    "  - rule: a\n    when: labels has l1\n    to: |\n      team-a\n",
};

static void near_body(void *ctx)
{
    static const char plain[] = "  - {rule: r%u, when: labels has l%u, to: team-a}\n";
    struct buf b;
    buf_init(&b, a);
    buf_puts(&b, "shunt: 1\nagents: {anna: {}}\nteams: {team-a: {agents: all}, cafe\xcc\x81: {agents: "
                 "[anna]}}\nrules:\n");
    for (unsigned i = 0; i < 4; i++) {
        buf_printf(&b, plain, i, i);
        if (i == 1) buf_puts(&b, ctx);
    }
    buf_puts(&b, "otherwise: team-a\n");
    struct str policy = buf_done(&b);
    struct str alone = outcome(policy, AHEAD_NEVER), ahead = outcome(policy, AHEAD_ALWAYS);
    ck_assert_msg(str_eq(alone, ahead), "%s\nalone %.1500s\nahead %.1500s", policy.p, alone.p, ahead.p);
}

START_TEST(ahead_says_the_same_of_what_is_nearly_plain)
{
    ck_assert(arena_try(a, near_body, (void *)(uintptr_t)near[_i]));
}
END_TEST

/* Files that have no list of rules where it should be. */
static const char *const odd[] = {
    "- [rules, {rule: a}]\n- [b]\n",
    "? {rules: b}\n: [c]\n",
    "? [rules]\n: [c]\nrules: [a]\n",
    "\"rules\\x01\": [a]\n",
    "{[a, b], rules: [c]}\n",
    "rules: {rules: [{rule: a, when: true, to: unassigned}]}\n",
    "rules: []\nrules: [a, b]\n",
    "rules: ! []\n",
    "rules: [rule: a, when: b, to: c, rule: d]\n",
    "&x rules: [*x, a]\n",
};

static void odd_body(void *ctx)
{
    struct str policy = str_from(ctx);
    struct str alone = outcome(policy, AHEAD_NEVER), ahead = outcome(policy, AHEAD_ALWAYS);
    ck_assert_msg(str_eq(alone, ahead), "%s\nalone %.1500s\nahead %.1500s", policy.p, alone.p, ahead.p);
}

START_TEST(ahead_says_the_same_of_files_without_rules)
{
    ck_assert(arena_try(a, odd_body, (void *)(uintptr_t)odd[_i]));
}
END_TEST

/* ---- that there is a second thread ---- */

static uint32_t created;
static bool refused; /* as where there are too many already */

/* Stands before the library's: how many threads there are cannot be counted from outside, since a sanitizer
 * starts one of its own, when it likes. */
int pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*run)(void *), void *ctx)
{
    int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    *(void **)&real = dlsym(RTLD_NEXT, "pthread_create");
    if (refused) return EAGAIN;
    created++;
    return real(thread, attr, run, ctx);
}

struct long_read {
    enum read_ahead ahead;
    uint32_t threads;      /* started when a rule is taken */
    uint32_t plain, nodes; /* rules taken from their events; from their nodes */
};

static void take_nodes(void *ctx, const struct yaml_tree *t, const struct yaml_node *entry)
{
    struct long_read *x = ctx;
    (void)t, (void)entry;
    x->threads = created;
    x->nodes++;
}

static bool take_plain(void *ctx, const struct yaml_tree *t, struct span at, const struct yaml_brief *texts,
                       uint32_t pairs)
{
    struct long_read *x = ctx;
    (void)texts;
    x->threads = created;
    x->plain++;
    return pairs == 3 && t->text.p[at.off] == '{' && t->text.p[at.off + at.len - 1] == '}';
}

static void long_body(void *ctx)
{
    struct long_read *x = ctx;
    struct sources sources = {.ahead = x->ahead};
    struct diags d = {.a = a};
    const struct yaml_taker taker = {S("rules"), take_nodes, take_plain, x};
    struct buf b;
    buf_init(&b, a);
    buf_puts(&b, "shunt: 1\nrules:\n");
    for (uint32_t i = 0; i < 5000; i++) buf_printf(&b, "  - {rule: r%u, when: true, to: unassigned}\n", i);
    vec_push(a, &sources.list)->text = buf_done(&b);
    yaml_read_taking(a, &d, &sources, 0, &taker);
}

START_TEST(ahead_is_a_thread_where_there_is_a_processor_for_it)
{
    struct long_read alone = {.ahead = AHEAD_NEVER}, small = {0}, ahead = {.ahead = AHEAD_ALWAYS};
    cpu_set_t processors;
    ck_assert_int_eq(sched_getaffinity(0, sizeof processors, &processors), 0);
    created = 0;
    ck_assert(arena_try(a, long_body, &alone));
    ck_assert(arena_try(a, long_body, &small));
    ck_assert_uint_eq(alone.threads + small.threads, 0);
    ck_assert(arena_try(a, long_body, &ahead));
    ck_assert_uint_eq(ahead.threads, CPU_COUNT(&processors) > 1);
    ck_assert_uint_eq(alone.nodes, 5000);
    ck_assert_uint_eq(small.plain + small.nodes, 5000);
    ck_assert_uint_eq(ahead.plain + ahead.nodes, 5000);
    ck_assert_uint_lt(small.nodes, 500); /* the last of each chunk */
    if (ahead.threads) ck_assert_uint_lt(ahead.nodes, 50);
}
END_TEST

START_TEST(ahead_is_not_where_there_is_no_thread_or_no_processor_for_it)
{
    struct long_read no_thread = {.ahead = AHEAD_ALWAYS}, one = {.ahead = AHEAD_ALWAYS};
    cpu_set_t processors, first;
    ck_assert_int_eq(sched_getaffinity(0, sizeof processors, &processors), 0);
    refused = true;
    created = 0;
    ck_assert(arena_try(a, long_body, &no_thread));
    refused = false;
    ck_assert_uint_eq(no_thread.plain + no_thread.nodes, 5000);
    size_t i = 0;
    while (!CPU_ISSET(i, &processors)) i++;
    CPU_ZERO(&first);
    CPU_SET(i, &first);
    if (sched_setaffinity(0, sizeof first, &first) != 0) return; /* not everybody may */
    ck_assert(arena_try(a, long_body, &one));
    ck_assert_uint_eq(created, 0);
    ck_assert_uint_eq(one.plain + one.nodes, 5000);
    ck_assert_int_eq(sched_setaffinity(0, sizeof processors, &processors), 0);
}
END_TEST

/* A policy of so many rules, and with a comment behind them so many bytes, if there are fewer. */
struct large {
    uint32_t rules, len, threads;
};

static void large_body(void *ctx)
{
    const struct large *x = ctx;
    struct buf b;
    buf_init(&b, a);
    buf_puts(&b, "shunt: 1\notherwise: unassigned\nrules:\n");
    for (uint32_t i = 0; i < x->rules; i++)
        buf_printf(&b, "  - {rule: r%u, when: labels has l%u, to: unassigned}\n", i, i);
    buf_puts(&b, "#");
    while (b.len + 1 < x->len) buf_puts(&b, "x");
    buf_puts(&b, "\n");
    ck_assert_uint_gt(compile_text(a, "large.yaml", buf_done(&b), NULL)->table.len, 0);
}

START_TEST(threads_are_for_what_is_large)
{
    static const struct large cases[] = {
        {29999, 0, 0},          {30000, 0, 1},    /* the checks */
        {10, (4 << 20) - 1, 0}, {10, 4 << 20, 1}, /* libyaml */
        {30000, 4 << 20, 2},
    };
    struct large x = cases[_i];
    cpu_set_t processors;
    ck_assert_int_eq(sched_getaffinity(0, sizeof processors, &processors), 0);
    created = 0;
    ck_assert(arena_try(a, large_body, &x));
    ck_assert_uint_eq(created, CPU_COUNT(&processors) > 1 ? x.threads : 0);
}
END_TEST

/* ---- memory that runs out ---- */

static void fail_at(void *ctx, const struct yaml_tree *t, const struct yaml_node *entry)
{
    uint32_t *left = ctx;
    (void)entry;
    if ((*left)-- == 0) arena_fail(t->a);
}

static void fail_body(void *ctx)
{
    uint64_t state = 4;
    struct sources sources = {.ahead = AHEAD_ALWAYS};
    struct diags d = {.a = a};
    const struct yaml_taker taker = {S("rules"), fail_at, NULL, ctx};
    vec_push(a, &sources.list)->text = draw_policy(&state);
    yaml_read_taking(a, &d, &sources, 0, &taker);
}

START_TEST(ahead_ends_where_memory_runs_out)
{
    for (uint32_t at = 0; at < 300; at += 23) {
        uint32_t left = at;
        ck_assert(!arena_try(a, fail_body, &left));
        arena_free(a);
        a = arena_new();
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("ahead");
    TCase *t = tcase_create("ahead");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, ahead_says_what_one_thread_says);
    tcase_add_test(t, ahead_is_a_thread_where_there_is_a_processor_for_it);
    tcase_add_loop_test(t, ahead_says_the_same_of_what_is_nearly_plain, 0, sizeof near / sizeof *near);
    tcase_add_loop_test(t, ahead_says_the_same_of_files_without_rules, 0, sizeof odd / sizeof *odd);
    tcase_add_test(t, ahead_is_not_where_there_is_no_thread_or_no_processor_for_it);
    tcase_add_loop_test(t, threads_are_for_what_is_large, 0, 5);
    tcase_add_test(t, ahead_ends_where_memory_runs_out);
    suite_add_tcase(s, t);
    return run_suite(s);
}
