/*
 * YAML files as trees (language.md 1.5): what is read, what is refused, and where. A tree is shown as
 * {key: value}, [item], texts between <>, aliases as what they stand for; errors as "line:column code".
 */
#include "run_suite.h"
#include "yaml_tree.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

static struct arena *a;
static struct diags d;
static struct sources sources;

static void setup(void)
{
    a = arena_new();
}
static void teardown(void)
{
    arena_free(a);
}

static const struct yaml_tree *read_tree(struct str text, bool comments)
{
    d = (struct diags){.a = a};
    sources = (struct sources){0};
    vec_push(a, &sources.list)->text = text;
    return yaml_read(a, &d, &sources, 0, comments);
}

static void show(struct buf *b, const struct yaml_node *n)
{
    n = yaml_real(n);
    if (n->kind == YAML_TEXT) {
        buf_puts(b, yaml_is_null(n) ? "null" : "<");
        if (!yaml_is_null(n)) buf_str(b, n->u.text), buf_putc(b, '>');
        return;
    }
    uint32_t count = n->count;
    const struct yaml_pair *pairs = n->kind == YAML_MAP ? yaml_pairs(n, &count) : NULL;
    buf_putc(b, pairs ? '{' : '[');
    for (uint32_t i = 0; i < count; i++) {
        if (i) buf_puts(b, ", ");
        if (pairs) buf_str(b, yaml_real(pairs[i].key)->u.text), buf_puts(b, ": ");
        show(b, pairs ? pairs[i].value : n->u.items[i]);
    }
    buf_putc(b, pairs ? '}' : ']');
}

static void show_errors(struct buf *b)
{
    diags_sort(&d);
    for (uint32_t i = 0; i < d.list.count; i++) {
        struct place p = source_place(a, &sources.list.at[0], d.list.at[i]->at);
        buf_printf(b, "%s%u:%u %s", i ? ", " : "", p.line, p.column, diag_rows[d.list.at[i]->id].code);
    }
}

struct case_row {
    struct str text;
    const char *expected;
};
static struct case_row row;
static struct buf got;

static void run_row(void *unused)
{
    (void)unused;
    buf_init(&got, a);
    const struct yaml_tree *t = read_tree(row.text, true);
    if (d.error_count)
        show_errors(&got);
    else if (t->root)
        show(&got, t->root);
    buf_done(&got);
}

static void expect_rows(const struct case_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        row = rows[i];
        ck_assert(arena_try(a, run_row, NULL));
        ck_assert_msg(!strcmp(got.p, row.expected), "%s\ngives    %s\nexpected %s", row.text.p, got.p,
                      row.expected);
    }
}
#define EXPECT(...)                                                                                          \
    do {                                                                                                     \
        static const struct case_row rows[] = {__VA_ARGS__};                                                 \
        expect_rows(rows, sizeof rows / sizeof *rows);                                                       \
    } while (0)
#define T(literal)                                                                                           \
    {                                                                                                        \
        literal, sizeof(literal) - 1                                                                         \
    }

START_TEST(language_1_5_words_and_times_are_text)
{
    EXPECT({T("[no, on, y, 1_000, 09:00, 0x1f, 2027-01-01]\n"),
            "[<no>, <on>, <y>, <1_000>, <09:00>, <0x1f>, <2027-01-01>]"},
           {T("[null, ~, Null, NULL, 'null', \"~\", nul]\n"), "[null, null, null, null, <null>, <~>, <nul>]"},
           {T("a:\nb: ''\n"), "{a: null, b: <>}"});
}
END_TEST

START_TEST(texts_of_every_style_have_their_value)
{
    EXPECT({T("a: b\n   c\n\n   d\n"), "{a: <b c\nd>}"}, {T("a: 'it''s\n   so'\n"), "{a: <it's so>}"},
           {T("a: \"b\\tc\\u00e9\\x41 \\\n   d\n\n   e\"\n"), "{a: <b\tc\xc3\xa9"
                                                              "A d\ne>}"},
           {T("a: |\n  b\n   c\n\n  d\n\n"), "{a: <b\n c\n\nd\n>}"}, {T("a: |-\n  b\n"), "{a: <b>}"},
           {T("a: |+\n  b\n\n\nc: d\n"), "{a: <b\n\n\n>, c: <d>}"}, {T("a: |2\n    b\n"), "{a: <  b\n>}"},
           {T("a: >\n  b\n  c\n\n  d\n   e\n  f\n"), "{a: <b c\nd\n e\nf\n>}"},
           {T("a: |\n  the file's end ends the line"), "{a: <the file's end ends the line\n>}"},
           {T("a: |+\n\nb: c\n"), "{a: <\n>, b: <c>}"});
}
END_TEST

START_TEST(language_1_5_duplicate_keys)
{
    EXPECT(
        {T("a: 1\nb: 2\na: 3\n"), "3:1 E0503"}, {T("{x: {a: 1, \"a\": 2}}\n"), "1:12 E0503"},
        {T("a: 1\nb: 1\nc: 1\nd: 1\ne: 1\nf: 1\ng: 1\nh: 1\ni: 1\nc: 2\nc: 3\n"), "10:1 E0503, 11:1 E0503"},
        {T("<<: {a: 1}\n<<: {b: 1}\n"), "2:1 E0503"});
}
END_TEST

START_TEST(language_1_5_a_tab_indents_nothing)
{
    EXPECT({T("a:\n\tb: c\n"), "2:1 E0502"}, {T("a:\n  b: c\n\td: e\n"), "3:1 E0502"},
           {T("a:\n  b: 1\n  \tc: 2\n"), "3:3 E0502"}, {T("a: [\n\tb]\n"), "2:1 E0502"},
           {T("a: \"b\n\tc\"\n"), "2:1 E0502"}, {T("a: |\n\t\nb: c\n"), "2:1 E0502"},
           {T("a: \"b\n  \tc\"\n"), "{a: <b c>}"}, {T("a:\tb\t# c\nb: c\n"), "{a: <b>, b: <c>}"},
           {T("a: b # c\n\t# d\n"), "2:1 E0502"});
}
END_TEST

START_TEST(language_1_5_one_document)
{
    EXPECT({T("---\na: b\n...\n"), "{a: <b>}"}, {T("%YAML 1.2 # so\n---\na: b\n"), "{a: <b>}"},
           {T("a: b\n---\nc: d\n"), "2:1 E0507"}, {T("a: b\n...\nc: d\n"), "3:1 E0507"},
           {T("---\n---\n"), "2:1 E0507"}, {T("%YAML 1.3\n---\na: b\n"), "1:1 E0514"},
           {T("%YAML 1.1#\n---\na: b\n"), "1:1 E0514"}, {T("%FOO\n---\na: b\n"), "1:1 E0514"},
           {T("# nothing\n"), ""});
}
END_TEST

START_TEST(language_1_5_invisible_line_ends)
{
    EXPECT({T("a: b\xc2\x85"
              "c\n"),
            "1:5 E0508"},
           {T("a: 1\n# b\xe2\x80\xa8\n"), "2:4 E0508"}, {T("\xc3\xa9: \"\xe2\x80\xa9\"\n"), "1:5 E0508"},
           {T("a: \"\\u0085\\L\\P\"\n"), "{a: <\xc2\x85\xe2\x80\xa8\xe2\x80\xa9>}"});
}
END_TEST

START_TEST(language_1_5_anchors_aliases_and_merge_keys)
{
    EXPECT({T("a: &x [b, c]\nd: *x\n"), "{a: [<b>, <c>], d: [<b>, <c>]}"},
           {T("a: &x {b: 1, c: 2}\nd:\n  c: 3\n  <<: *x\n  e: 4\n"),
            "{a: {b: <1>, c: <2>}, d: {c: <3>, e: <4>, b: <1>}}"},
           {T("a: &x {b: 1, c: 2}\nd: &y {c: 3, e: 4}\nf: {<<: [*x, *y, {g: 5}], h: 6}\n"),
            "{a: {b: <1>, c: <2>}, d: {c: <3>, e: <4>}, f: {h: <6>, b: <1>, c: <2>, e: <4>, g: <5>}}"},
           {T("a: &x {b: 1}\nc: &y {<<: *x, d: 2}\ne: {<<: *y}\n"),
            "{a: {b: <1>}, c: {d: <2>, b: <1>}, e: {d: <2>, b: <1>}}"},
           {T("a: {\"<<\": {b: 1}}\n"), "{a: {<<: {b: <1>}}}"}, {T("a: *x\n"), "1:4 E0510"},
           {T("a: &x [*x]\n"), "1:8 E0511"}, {T("<<: 1\n"), "1:5 E0512"},
           {T("a: &x 1\nb: {<<: [*x]}\n"), "2:10 E0512"}, {T("a: &x:y 1\n"), "1:4 E0535"},
           {T("a: &x 1\nb: {*x:y: 2}\n"), "2:5 E0535, 2:9 E0527"});
}
END_TEST

START_TEST(yaml_allows_an_anchor_twice_and_a_warning_says_so)
{
    EXPECT({T("[&x 1, *x, &x 2, *x]\n"), "[<1>, <1>, <2>, <2>]"});
    ck_assert_uint_eq(d.warning_count, 1);
}
END_TEST

/* The 16 documents of yaml-test-suite that must be refused and that libyaml reads. */
START_TEST(yaml_1_2_what_libyaml_lets_pass)
{
    EXPECT(
        {T("---\nflow: [a,\nb,\nc]\n"), "3:1 E0516, 4:1 E0516"},
        {T("a: \"b\"\n%TAG ! tag:example.com,2000:app/\n---\na: b\n"), "2:1 E0507"},
        {T("---\n[ a, b, c, ]#invalid\n"), "2:13 E0515"}, {T("---\n[ a, b, c,#invalid\n]\n"), "2:11 E0515"},
        {T("foo: \"bar\n\tbaz\"\n"), "2:1 E0502"}, {T("---\n- [-, -]\n"), "2:4 E0519, 2:7 E0519"},
        {T("%YAML 1.1#...\n---\n"), "1:1 E0514"}, {T("%YAML 1.2\n---\n%YAML 1.2\n---\n"), "3:1 E0507"},
        {T("---\nquoted: \"a\nb\nc\"\n"), "3:1 E0516"}, {T("---\nkey: value\n%YAML 1.2\n---\n"), "3:1 E0507"},
        {T("empty block scalar: >\n \n  \n   \n # comment\n"), "4:2 E0525"},
        {T("key: \"value\"# invalid comment\n"), "1:13 E0515"},
        {T("block: ># comment\n  scalar\n"), "1:9 E0515"}, {T("- [\n\tfoo,\n foo\n ]\n"), "2:1 E0502"},
        {T("[-]\n"), "1:2 E0519"});
}
END_TEST

START_TEST(yaml_1_2_what_libyaml_misreads)
{
    EXPECT({T("{ ?foo: bar }\n"), "1:3 E0519"}, {T("[a, ? b]\n"), "[<a>, {b: null}]"},
           {T("a: !!str b\n"), "1:4 E0509"}, {T("? [a]\n: b\n"), "1:3 E0513"}, {T(": a\n"), "1:1 E0513"});
}
END_TEST

START_TEST(brackets_may_close_below_their_key)
{
    EXPECT({T("a: [\n  b,\n]\nc: {\n  d: e\n}\n"), "{a: [<b>], c: {d: <e>}}"},
           {T("a:\n  b: [\n  c]\n"), "3:3 E0516"});
}
END_TEST

/* ---- limits, at N and N + 1 ---- */

static struct str nested(unsigned depth)
{
    struct buf b;
    buf_init(&b, a);
    for (unsigned i = 0; i < depth; i++) buf_putc(&b, '[');
    for (unsigned i = 0; i < depth; i++) buf_putc(&b, ']');
    return buf_done(&b);
}

/* An anchor of `size` nodes, and an alias of it in a list of its own. */
static struct str aliased(unsigned size)
{
    struct buf b;
    buf_init(&b, a);
    buf_puts(&b, "- &x [");
    for (unsigned i = 1; i < size; i++) buf_puts(&b, "a,");
    buf_puts(&b, "]\n- *x\n");
    return buf_done(&b);
}

static unsigned limit_errors[8];

static void read_limits(void *unused)
{
    (void)unused;
    read_tree(nested(64), false), limit_errors[0] = d.error_count;
    read_tree(nested(65), false), limit_errors[1] = d.error_count;
    read_tree(nested(1000000), false), limit_errors[2] = d.error_count;
    read_tree(aliased(100000), false), limit_errors[3] = d.error_count;
    read_tree(aliased(100001), false), limit_errors[4] = d.error_count;
    struct str inner = nested(60);
    read_tree(arena_printf(a, "- &x %s\n- [[[*x]]]\n", inner.p), false), limit_errors[5] = d.error_count;
    read_tree(arena_printf(a, "- &x %s\n- [[[[*x]]]]\n", inner.p), false), limit_errors[6] = d.error_count;
}

START_TEST(language_1_5_limits)
{
    static const unsigned expected[] = {0, 1, 1, 0, 1, 0, 1};
    ck_assert(arena_try(a, read_limits, NULL));
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        ck_assert_uint_eq(limit_errors[i], expected[i]);
}
END_TEST

/* Ten aliases of ten aliases… ten times: 10^10 nodes in 400 bytes. */
static void read_laughs(void *unused)
{
    (void)unused;
    struct buf b;
    buf_init(&b, a);
    buf_puts(&b, "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n");
    for (char c = 'b'; c < 'l'; c++) {
        buf_printf(&b, "%c: &%c [", c, c);
        for (int i = 0; i < 10; i++) buf_printf(&b, "*%c,", c - 1);
        buf_puts(&b, "]\n");
    }
    read_tree(buf_done(&b), false);
    limit_errors[7] = d.error_count;
}

START_TEST(language_1_5_a_billion_laughs_are_one_error)
{
    ck_assert(arena_try(a, read_laughs, NULL));
    ck_assert_uint_eq(limit_errors[7], 1);
}
END_TEST

/* ---- places ---- */

/* "line:column text" of every text, keys too; then of every text's bytes, as conditions see them. */
static void show_places(struct buf *b, const struct yaml_tree *t, const struct yaml_node *n)
{
    struct place p = source_place(a, &sources.list.at[0], yaml_span(t, n));
    buf_printf(b, "%u:%u+%u ", p.line, p.column, p.length);
    for (uint32_t i = 0; n->kind != YAML_TEXT && i < n->count; i++) {
        if (n->kind == YAML_MAP) show_places(b, t, n->u.map.pairs[i].key);
        show_places(b, t, n->kind == YAML_MAP ? n->u.map.pairs[i].value : n->u.items[i]);
    }
}

static void run_places(void *unused)
{
    (void)unused;
    buf_init(&got, a);
    const struct yaml_tree *t = read_tree(row.text, false);
    show_places(&got, t, t->root);
    buf_done(&got);
}

START_TEST(places_are_exact_and_count_code_points)
{
    static const struct case_row rows[] = {
        {T("a: b\n"), "1:1+4 1:1+1 1:4+1 "},
        {T("\xc3\xa9: [\xf0\x9f\x98\x80, \"\xc3\xa9\"]\n"), "1:1+11 1:1+1 1:4+8 1:5+1 1:8+3 "},
        {T("&m\n&k a: &v\n  b\n"), "2:1+8 2:4+1 3:3+1 "},
        {T("a:\n- &x\n  b: c\n"), "1:1+2 1:1+1 2:1+4 3:3+4 3:3+1 3:6+1 "},
        {T("a:\nb: |\n  c\n\n# d\n"), "1:1+2 1:1+1 1:3+1 2:1+1 2:4+1 "},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        row = rows[i];
        ck_assert(arena_try(a, run_places, NULL));
        ck_assert_str_eq(got.p, row.expected);
    }
}
END_TEST

/* What the source says at the place of each byte of a text: the byte itself, but for what was folded or
 * escaped. */
static void run_map(void *unused)
{
    (void)unused;
    buf_init(&got, a);
    const struct yaml_tree *t = read_tree(row.text, false);
    struct cond_text c = yaml_cond_text(t, t->root->u.map.pairs[0].value);
    for (size_t i = 0; i <= c.text.len; i++) {
        uint32_t off = c.map ? c.map[i] : c.base + (uint32_t)i;
        buf_putc(&got, off < row.text.len ? row.text.p[off] : '.');
    }
    if (!c.map) buf_puts(&got, " (no map)");
    buf_done(&got);
}

START_TEST(language_3_positions_inside_texts_of_every_style)
{
    static const struct case_row rows[] = {
        {T("a: b c d\n"), "b c d\n (no map)"},
        {T("a: 'b c'\n"), "b c' (no map)"},
        {T("a: b\n  c  \n\n  d\n"), "b\nc\nd\n"},
        {T("a: 'it''s so'\n"), "it's so'"},
        {T("a: \"b\\\"c\\u00e9d \\\n  e\"\n"), "b\\c\\\\d e\""},
        {T("a: |\n  b c\n  d\n"), "b c\nd\n\n"},
        {T("a: >-\n  b\n  c\n"), "b\nc\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        row = rows[i];
        ck_assert(arena_try(a, run_map, NULL));
        ck_assert_str_eq(got.p, row.expected);
    }
}
END_TEST

/* ---- robustness ---- */

static void read_cut(void *unused)
{
    static const char whole[] =
        "# c\nshunt: 1\nx-a: &a {b: [\"c\\u00e9\", 'd''e', *a], f: |+2\n    g\n\n}\n? h\n: >-\n  i\n"
        "j:\n- k: \xc3\xa9 # l\n  <<: *a\n-\tm\n--- n\n...\n";
    (void)unused;
    for (size_t len = 0; len < sizeof whole; len++) {
        struct str text = arena_str(a, (struct str){whole, len});
        const struct yaml_tree *t = read_tree(text, true);
        ck_assert(!t->broken || d.error_count);
        for (uint32_t i = 0; i < d.list.count; i++) ck_assert_uint_le(d.list.at[i]->at.off, len);
    }
}

START_TEST(a_file_cut_at_any_byte_is_read_or_refused)
{
    ck_assert(arena_try(a, read_cut, NULL));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        language_1_5_words_and_times_are_text,
        texts_of_every_style_have_their_value,
        language_1_5_duplicate_keys,
        language_1_5_a_tab_indents_nothing,
        language_1_5_one_document,
        language_1_5_invisible_line_ends,
        language_1_5_anchors_aliases_and_merge_keys,
        yaml_allows_an_anchor_twice_and_a_warning_says_so,
        yaml_1_2_what_libyaml_lets_pass,
        yaml_1_2_what_libyaml_misreads,
        brackets_may_close_below_their_key,
        language_1_5_limits,
        language_1_5_a_billion_laughs_are_one_error,
        places_are_exact_and_count_code_points,
        language_3_positions_inside_texts_of_every_style,
        a_file_cut_at_any_byte_is_read_or_refused,
    };
    Suite *s = suite_create("yaml_tree");
    TCase *c = tcase_create("yaml_tree");
    tcase_add_checked_fixture(c, setup, teardown);
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) tcase_add_test(c, tests[i]);
    suite_add_tcase(s, c);
    return run_suite(s);
}
