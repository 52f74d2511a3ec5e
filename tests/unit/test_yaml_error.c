/*
 * Where YAML itself stops (language.md 1.5, 1.6): a text beside the place and code of what is said of it, and
 * what to write: `line:column code: hint`, and `(line:column)` of the second place that is shown.
 */
#include "run_suite.h"
#include "yaml_tree.h"

#include <check.h>
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

static void show_place(struct buf *b, struct span at)
{
    struct place p = source_place(a, &sources.list.at[0], at);
    buf_printf(b, "%u:%u", p.line, p.column);
}

static struct str said(const char *text)
{
    struct buf b;
    d = (struct diags){.a = a};
    sources = (struct sources){0};
    vec_push(a, &sources.list)->text = str_from(text);
    yaml_read(a, &d, &sources, 0, true);
    diags_sort(&d);
    buf_init(&b, a);
    for (uint32_t i = 0; i < d.list.count; i++) {
        const struct diag *g = d.list.at[i];
        if (i) buf_puts(&b, ", ");
        show_place(&b, g->at);
        buf_printf(&b, " %s", diag_rows[g->id].code);
        if (g->hint.p) buf_printf(&b, ": %.*s", (int)g->hint.len, g->hint.p);
        if (!g->related_text.p) continue;
        buf_puts(&b, " (");
        show_place(&b, g->related);
        buf_puts(&b, ")");
    }
    return buf_done(&b);
}

struct row {
    const char *text, *said;
};
static struct row row;
static struct str got;

static void run_row(void *unused)
{
    (void)unused;
    got = said(row.text);
}

static void expect(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        row = rows[i];
        ck_assert(arena_try(a, run_row, NULL));
        ck_assert_msg(!strcmp(got.p, row.said), "%s\nsays     %s\nexpected %s", row.text, got.p, row.said);
    }
}

static const struct row conditions[] = {
    {"rules:\n  - rule: a\n    when: labels has refund: yes\n",
     "3:28 E0521: put the condition between single quotes: '…'"},
    {"rules:\n  - rule: a\n    when: \"labels\" has refund\n",
     "3:20 E0522: put the condition between single quotes: '…' (3:11)"},
    {"rules:\n  - {rule: a, when: labels has refund: yes}\n",
     "2:38 E0521: put the condition between single quotes: '…'"},
    {"rules:\n  - {rule: a, when: \"labels\" has refund}\n",
     "2:30 E0522: put the condition between single quotes: '…' (2:21)"},
    {"rules:\n  - {rule: a, when: plan in [a, b], to: t}\n",
     "2:29 E0523: put the condition between single quotes: '…'"},
    {"rules:\n  - rule: a\n    when: !x!y z\n", "3:11 E0509: write not for the !: not x!y …"},
    {"rules:\n  - rule: a\n    when: !vip\n", "3:11 E0509: write not for the !: not vip …"},
    {"rules:\n  - rule: a\n    when: ! vip\n", "3:11 E0509: write not for the !: not vip …"},
    {"rules:\n  - rule: a\n    when:\n      subject contains \"Re: a\" and labels has b: c\n",
     "4:48 E0527: put the whole text between quotes"},
    {"promises:\n  - \"labels\" has a => team t\n",
     "2:14 E0522: put the condition between single quotes: '…' (2:5)"},
    {"promises: [\"labels\" has a => team t]\n",
     "1:21 E0522: put the condition between single quotes: '…' (1:12)"},
    {"rules:\n - {rule: a, when: subject contains \"a: b\", to: c}\n",
     "2:39 E0521: put the condition between single quotes: '…'"},
    {"rules:\n - {rule: a, when: 'a' and \"b\", to: c}\n",
     "2:24 E0522: put the condition between single quotes: '…' (2:20)"},
    {"rules:\n - rule: a\n   when: 'a' and b\n   to: c\n",
     "3:14 E0522: put the condition between single quotes: '…' (3:10)"},
    {"rules:\n - rule: a\n   when: \"a\" == \"b\"\n   to: c\n",
     "3:14 E0522: put the condition between single quotes: '…' (3:10)"},
    {"rules:\n - rule: a\n   when: \"a\" @ b\n   to: c\n",
     "3:14 E0522: put the condition between single quotes: '…' (3:10)"},
    {"rules:\n  - rule: a\n    when: \"a\" and\n      b\n",
     "3:15 E0522: put the condition between single quotes: '…' (3:11)"},
    {"rules: [{when: a: b}]\n", "1:17 E0521: put the condition between single quotes: '…'"},
    {"rules: [{when: a == \"b]\", to: c}]\n", "1:23 E0523: put the condition between single quotes: '…'"},
    {"rules:\n  - {when: [a, b}\n", "2:12 E0523: put the condition between single quotes: '…'"},
    {"rules:\n  - when: 'a' [b]\n", "2:15 E0522: put the condition between single quotes: '…' (2:11)"},
    {"rules:\n  - when: \"a\n", "2:11 E0517"},
    {"rules:\n  - {when: in (a, \"b), to: c}\n", "2:17 E0523: put the condition between single quotes: '…'"},
    {"rules:\n  - when:\n      \"a\" == b\n",
     "3:11 E0522: put the condition between single quotes: '…' (3:7)"},
    {"rules:\n  - when: a \"b\n    to: \"c\n", "3:9 E0517"},
};

START_TEST(language_1_6_conditions_that_yaml_ends_early)
{
    expect(conditions, sizeof conditions / sizeof *conditions);
}
END_TEST

static const struct row layouts[] = {
    {"labels: [a, b\nteams: {}\n", "2:1 E0516"},
    {"labels: [a, b", "1:14 E0524 (1:9)"},
    {"labels: [a: b: c]\n", "1:14 E0527: put the whole text between quotes"},
    {"labels: [\"a\": b: c]\n", "1:16 E0527: put the whole text between quotes"},
    {"labels: [\"a\" b]\n", "1:14 E0528 (1:10)"},
    {"labels: [a:, b]\n", "1:11 E0527: put the text between quotes"},
    {"labels: {a:, b: c}\n", "1:11 E0527: put the text between quotes"},
    {"%YAML 1.1\nshunt: 1\n", "2:1 E0514: a line --- must stand between a directive and this"},
    {"%FOO\n", "1:1 E0514"},
    {"shunt: 1\n...\nshunt: 1\n", "3:1 E0507"},
    {"shunt: 1\n---\nshunt: 1\n", "2:1 E0507"},
    {"[a]\nb: c\n", "2:1 E0530"},
    {"a: !x!y z\n", "1:4 E0509"},
    {"a: !<b c\n", "1:4 E0509"},
    {"a: @b\n", "1:4 E0519"},
    {"a: `b\n", "1:4 E0519"},
    {"a: %b\n", "1:4 E0519"},
    {"a: \"b\n", "1:4 E0517"},
    {"a: 'b\n", "1:4 E0517"},
    {"a: \"b\n---\nc\"\n", "1:4 E0517"},
    {"a: \"\\q\"\n", "1:5 E0518"},
    {"a: - b\n", "1:4 E0531"},
    {"a: ? b\n", "1:4 E0531"},
    {"a: |x\n b\n", "1:4 E0534"},
    {"a: &\n", "1:4 E0535"},
    {"a: *\n", "1:4 E0535"},
    {"a: *b\nc\n", "1:4 E0510, 2:1 E0529"},
    {"a:\n  b: c\n d: e\n", "3:2 E0530"},
    {"a:\n- b\n c\nd: e\n- f\n", "5:1 E0530"},
    {"hours:\n  office\n    weekly: {}\n", "2:3 E0529: write office:"},
    {"hours:\n  - office\n    weekly: {}\n", "2:5 E0529: write office:"},
    {"shunt:1\nlabels: []\n", "1:1 E0529: write a blank behind the colon"},
    {"- shunt:1\n  labels: []\n", "1:3 E0529: write a blank behind the colon"},
    {"shunt 1\nlabels: []\n", "1:1 E0529: write shunt 1:"},
    {"a: b\n  c: d\n",
     "2:3 E0530: the line above has a value already: indent this one like it, or leave that value out"},
    {"a: b c: d\n", "1:7 E0527: put the whole text between quotes"},
    {"a: \"b\": d\n", "1:7 E0527: put the whole text between quotes"},
    {"a: 'b' c\n", "1:8 E0528 (1:4)"},
    {"a: [b] c\n", "1:8 E0536"},
    {"a: {b: c} d: e\n", "1:11 E0536"},
    {"a: # c\n  b # d\n  e\nf: g\n", "3:3 E0532"},
    {"a: b # c\n  d\n", "2:3 E0532"},
    {"a: b # c\n  d: e\n", "2:3 E0532"},
    {"teams:\n  billing:\n  agents: [a]\n   takes: b\n", "4:4 E0530 (2:3)"},
    {"teams:\n  t: {agents: [a]\n  u: {agents: [b]}\n", "3:3 E0524 (2:6)"},
    {"a:\n\tb: c\n", "2:1 E0502"},
    {"a: b\n\tc: d\n", "2:1 E0502"},
    {"a: {\n\tb: c\n}\n", "2:1 E0502"},
    {"a: [\n  b\n\tc: d\n]\n", "3:1 E0502"},
    {"a:\n  \"b\n c\": d\n", "3:4 E0527: put the whole text between quotes"},
    {"a:\n  x\n  b: c\n", "2:3 E0529: write x:"},
    {"a: b\nc\nd: e\n", "2:1 E0529"},
    {"a: b\r\nc\r\nd: e\r\n", "2:1 E0529"},
    {"a:\r\n  office\r\n    weekly: {}\r\n", "2:3 E0529: write office:"},
    {"a: [b]\n  office\n   weekly: {}\n", "2:3 E0530"},
    {"a:\n  b\n   c: d\n", "2:3 E0529: write b:"},
    {"a:\n  - b:c\n    d: e\n", "2:5 E0529: write a blank behind the colon"},
    {"a: \"b\" @c\n", "1:8 E0528 (1:4)"},
    {"a: \"b\" *c\n", "1:8 E0528 (1:4)"},
    {"a: *labels has a\n", "1:4 E0510"},
    {"a: [*labels has a]\n", "1:5 E0510"},
    {"a: [b}\n", "1:6 E0524 (1:4)"},
    {"a: {b]\n", "1:6 E0524 (1:4)"},
};

START_TEST(language_1_5_what_is_no_yaml)
{
    expect(layouts, sizeof layouts / sizeof *layouts);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("yaml_error");
    TCase *tc = tcase_create("all");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, language_1_6_conditions_that_yaml_ends_early);
    tcase_add_test(tc, language_1_5_what_is_no_yaml);
    suite_add_tcase(s, tc);
    return run_suite(s);
}
