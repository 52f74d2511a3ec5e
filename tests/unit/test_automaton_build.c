/*
 * Automata as the compiler builds them (docs/TABLE-FORMAT.md 7): their shape, and what a search with them
 * finds, against looking for each pattern by itself.
 */
#include "../../compiler/lower.h"
#include "run_suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct arena *a;
static struct parts parts;

static void setup(void)
{
    a = arena_new();
    parts = (struct parts){0};
}
static void teardown(void)
{
    arena_free(a);
}

/* ---- building from "kind text" words: = equals, ^ starts with, $ ends with, * contains ---- */

static struct ac_pattern patterns[256];
static uint32_t pattern_count;

static int pattern_order(const void *x, const void *y)
{
    const struct ac_pattern *p = x, *q = y;
    int order = str_cmp(p->text, q->text);
    return order ? order : (p->kind > q->kind) - (p->kind < q->kind);
}

struct job {
    uint32_t state_max;
    bool added;
};

static void add(void *ctx)
{
    struct job *job = ctx;
    job->added = automaton_add(a, &parts, TF_BODY, patterns, pattern_count, job->state_max);
}

static bool build(const char *const *words, uint32_t count, uint32_t state_max)
{
    static const char kinds[] = "=^$*";
    struct job job = {state_max, false};
    pattern_count = count;
    for (uint32_t i = 0; i < count; i++) {
        enum tf_atom_kind kind = TF_ATOM_EQUALS + (enum tf_atom_kind)(strchr(kinds, words[i][0]) - kinds);
        patterns[i] = (struct ac_pattern){str_from(words[i] + 1), kind, 100 + i};
    }
    qsort(patterns, count, sizeof *patterns, pattern_order);
    ck_assert(arena_try(a, add, &job));
    return job.added;
}
#define BUILD(...)                                                                                           \
    build((const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *),   \
          TF_AC_STATES_MAX)

/* ---- the plain search of the page, in the first automaton ---- */

static uint32_t fail_of(uint32_t state)
{
    return tf_ac_fail(&parts.AC_STATE.at[state]);
}

/* The first of its edges. */
static uint32_t edge_of(uint32_t state)
{
    return state == 0 ? 0 : edge_of(state - 1) + tf_ac_edge_count(&parts.AC_STATE.at[state - 1]);
}

static uint32_t edge(uint32_t state, uint8_t byte)
{
    uint32_t from = edge_of(state), end = from + tf_ac_edge_count(&parts.AC_STATE.at[state]);
    for (uint32_t i = from; i < end; i++)
        if (parts.AC_EDGE.at[i] == byte) return i + 1;
    return TF_NONE;
}

static uint32_t parent_of(uint32_t state)
{
    uint32_t parent = 0;
    while (edge_of(parent) + tf_ac_edge_count(&parts.AC_STATE.at[parent]) < state) parent++;
    return parent;
}

static size_t depth_of(uint32_t state)
{
    return state == 0 ? 0 : depth_of(parent_of(state)) + 1;
}

static const struct ac_pattern *pattern_of(uint32_t atom)
{
    for (uint32_t i = 0; i < pattern_count; i++)
        if (patterns[i].atom == atom) return &patterns[i];
    ck_abort_msg("atom %u", atom);
    return NULL;
}

/* What is found at the state itself. */
static void found(bool *hits, uint32_t state, size_t read, size_t len)
{
    for (uint32_t i = 0; i < parts.AC_PATTERN.count; i++) {
        uint32_t atom = le32(parts.AC_PATTERN.at[i].atom);
        if (le32(parts.AC_PATTERN.at[i].state) != state) continue;
        bool whole = depth_of(state) == read, last = read == len;
        switch (pattern_of(atom)->kind) {
        case TF_ATOM_EQUALS: hits[atom - 100] |= whole && last; break;
        case TF_ATOM_PREFIX: hits[atom - 100] |= whole; break;
        case TF_ATOM_SUFFIX: hits[atom - 100] |= last; break;
        default: hits[atom - 100] = true;
        }
    }
}

static void search(const char *text, size_t len, bool *hits)
{
    uint32_t state = 0;
    found(hits, 0, 0, len);
    for (size_t i = 0; i < len; i++) {
        uint32_t to;
        while ((to = edge(state, (uint8_t)text[i])) == TF_NONE && state != 0) state = fail_of(state);
        state = to == TF_NONE ? 0 : to;
        for (uint32_t at = state; at != 0; at = fail_of(at)) found(hits, at, i + 1, len);
    }
    found(hits, 0, len, len); /* the text ends with nothing */
}

static bool plainly(const struct ac_pattern *p, const char *text, size_t len)
{
    size_t n = p->text.len;
    if (n > len) return false;
    switch (p->kind) {
    case TF_ATOM_EQUALS: return n == len && memcmp(text, p->text.p, n) == 0;
    case TF_ATOM_PREFIX: return memcmp(text, p->text.p, n) == 0;
    case TF_ATOM_SUFFIX: return memcmp(text + len - n, p->text.p, n) == 0;
    default:
        for (size_t i = 0; i + n <= len; i++)
            if (memcmp(text + i, p->text.p, n) == 0) return true;
        return false;
    }
}

static void check_text(const char *text, size_t len)
{
    bool hits[256] = {false};
    search(text, len, hits);
    for (uint32_t i = 0; i < pattern_count; i++)
        ck_assert_msg(hits[patterns[i].atom - 100] == plainly(&patterns[i], text, len),
                      "%s (kind %d) in \"%.*s\"", patterns[i].text.p, patterns[i].kind, (int)len, text);
}

/* ---- shape ---- */

START_TEST(format_7_states_are_numbered_breadth_first_and_edges_ascend)
{
    ck_assert(BUILD("*he", "*she", "*his", "*hers"));
    ck_assert_uint_eq(parts.AC_STATE.count, 10);
    ck_assert_uint_eq(le32(parts.AC_ROOT.at[0].attr), TF_BODY);
    ck_assert_uint_eq(le32(parts.AC_ROOT.at[0].state_count), 10);
    /* root; h s; he hi sh; her his she; hers */
    static const uint32_t fails[] = {0, 0, 0, 0, 0, 1, 0, 2, 3, 2}, edges[] = {2, 2, 1, 1, 1, 1, 1, 0, 0, 0},
                          ends[] = {3, 7, 8, 9};
    for (uint32_t i = 0; i < 10; i++) {
        ck_assert_uint_eq(fail_of(i), fails[i]);
        ck_assert_uint_eq(tf_ac_edge_count(&parts.AC_STATE.at[i]), edges[i]);
    }
    ck_assert_uint_eq(parts.AC_EDGE.count, 9);
    ck_assert_mem_eq(parts.AC_EDGE.at, "hseihrses", 9); /* hs, ei, h, r, s, e, s */
    ck_assert_uint_eq(parts.AC_PATTERN.count, 4);
    for (uint32_t i = 0; i < 4; i++) ck_assert_uint_eq(le32(parts.AC_PATTERN.at[i].state), ends[i]);
}
END_TEST

START_TEST(format_7_one_text_may_be_a_pattern_of_every_kind)
{
    ck_assert(BUILD("=x", "^x", "$x", "*x"));
    ck_assert_uint_eq(parts.AC_STATE.count, 2);
    ck_assert_uint_eq(parts.AC_PATTERN.count, 4);
    for (uint32_t k = 0; k < 4; k++) {
        ck_assert_uint_eq(le32(parts.AC_PATTERN.at[k].state), 1);
        ck_assert_uint_eq(le32(parts.AC_PATTERN.at[k].atom), 100 + k);
    }
}
END_TEST

START_TEST(format_7_the_empty_text_is_the_roots)
{
    ck_assert(BUILD("*", "=", "*ab", "$b"));
    ck_assert_uint_eq(le32(parts.AC_PATTERN.at[0].state) + le32(parts.AC_PATTERN.at[1].state), 0);
    ck_assert_uint_eq(le32(parts.AC_PATTERN.at[0].atom), 101);
    ck_assert_uint_eq(le32(parts.AC_PATTERN.at[1].atom), 100);
    check_text("", 0);
    check_text("cab", 3);
    check_text("c", 1);
}
END_TEST

START_TEST(format_7_a_second_automaton_counts_its_states_from_its_own_root)
{
    ck_assert(BUILD("*ab"));
    ck_assert(BUILD("*xyz"));
    ck_assert_uint_eq(le32(parts.AC_ROOT.at[1].state_first), 3);
    ck_assert_uint_eq(le32(parts.AC_ROOT.at[1].state_count), 4);
    ck_assert_mem_eq(parts.AC_EDGE.at, "abxyz", 5);
    ck_assert_uint_eq(fail_of(3) + fail_of(4), 0);
    ck_assert_uint_eq(le32(parts.AC_PATTERN.at[1].state), 3 + 3); /* of AC_STATE */
}
END_TEST

/* ---- the limit: at N and N + 1 ---- */

START_TEST(format_7_an_automaton_of_more_states_than_allowed_is_refused_and_leaves_nothing)
{
    static const char *const words[] = {"*abc", "*abd", "=ab"}; /* root, a, ab, abc, abd */
    ck_assert(!build(words, 3, 4));
    ck_assert_uint_eq(parts.AC_STATE.count + parts.AC_EDGE.count, 0);
    ck_assert_uint_eq(parts.AC_ROOT.count + parts.AC_PATTERN.count, 0);
    ck_assert(build(words, 3, 5));
    ck_assert_uint_eq(parts.AC_STATE.count, 5);
}
END_TEST

/* ---- search ---- */

START_TEST(language_4_4_overlapping_patterns_are_all_found)
{
    ck_assert(
        BUILD("*he", "*she", "*his", "*hers", "^us", "$ers", "=ushers", "^ushe", "*s", "$shers", "=she"));
    check_text("ushers", 6);
    check_text("she", 3);
    check_text("this", 4);
    check_text("us", 2);
    check_text("hershers", 8);
}
END_TEST

static uint32_t random_below(uint32_t n)
{
    static uint64_t state = 11; /* SplitMix64 */
    uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (uint32_t)((z ^ z >> 31) % n);
}

static void random_text(char *out, uint32_t len)
{
    for (uint32_t i = 0; i < len; i++) out[i] = (char)('a' + random_below(3));
    out[len] = 0;
}

static int word_order(const void *x, const void *y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

START_TEST(language_4_4_random_patterns_are_found_where_they_are)
{
    for (int run = 0; run < 60; run++) {
        static char store[60][16];
        const char *words[60];
        uint32_t count = 1 + random_below(60), kept = 0;
        for (uint32_t i = 0; i < count; i++) {
            store[i][0] = "=^$*"[random_below(4)];
            random_text(store[i] + 1, random_below(7));
            words[i] = store[i];
        }
        qsort(words, count, sizeof *words, word_order);
        for (uint32_t i = 0; i < count; i++)
            if (i == 0 || strcmp(words[i], words[i - 1]) != 0) words[kept++] = words[i];
        parts = (struct parts){0};
        ck_assert(build(words, kept, TF_AC_STATES_MAX));
        for (int k = 0; k < 40; k++) {
            char text[32];
            uint32_t len = random_below(20);
            random_text(text, len);
            check_text(text, len);
        }
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("automaton_build");
    TCase *t = tcase_create("automaton_build");
    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, format_7_states_are_numbered_breadth_first_and_edges_ascend);
    tcase_add_test(t, format_7_one_text_may_be_a_pattern_of_every_kind);
    tcase_add_test(t, format_7_the_empty_text_is_the_roots);
    tcase_add_test(t, format_7_a_second_automaton_counts_its_states_from_its_own_root);
    tcase_add_test(t, format_7_an_automaton_of_more_states_than_allowed_is_refused_and_leaves_nothing);
    tcase_add_test(t, language_4_4_overlapping_patterns_are_all_found);
    tcase_add_test(t, language_4_4_random_patterns_are_found_where_they_are);
    suite_add_tcase(s, t);
    return run_suite(s);
}
