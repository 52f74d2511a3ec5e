/*
 * YAML files in their canonical layout (language.md 3.2): a file, and what it is formatted to; formatting
 * that again changes nothing.
 */
#include "compile.h"
#include "run_suite.h"

#include <check.h>
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

static const char *input;
static struct str once, twice;
static bool refused;

static bool format(struct str text, struct str *out)
{
    struct sources sources = {0};
    struct diags d = {.a = a};
    vec_push(a, &sources.list)->text = text;
    return fmt_yaml(a, &d, &sources, 0, out);
}

static void format_twice(void *unused)
{
    (void)unused;
    once = twice = S("");
    refused = !format(str_from(input), &once) || !format(once, &twice);
}

static void expect(const char *text, const char *formatted)
{
    input = text;
    ck_assert(arena_try(a, format_twice, NULL));
    ck_assert(!refused);
    ck_assert_str_eq(arena_try(a, format_twice, NULL) ? once.p : "", formatted);
    ck_assert_msg(str_eq(once, twice), "formatted again:\n%.*s", (int)twice.len, twice.p);
}

START_TEST(language_3_2_indents_blanks_and_blank_lines)
{
    expect("shunt:    1   \n"
           "teams:\n"
           "\n"
           "\n"
           "      billing:\n"
           "            agents:\n"
           "            - anna\n"
           "            -    bo\n"
           "\n"
           "\n"
           "\n"
           "      general: { agents : all }\n",
           "shunt: 1\n"
           "teams:\n"
           "\n"
           "  billing:\n"
           "    agents:\n"
           "      - anna\n"
           "      - bo\n"
           "\n"
           "  general: {agents: all}\n");
    expect("a:\n  -\n    b: c\n    d: e\n  - - f\n    - g\n  -\n    - h: i\n      j: k\n",
           "a:\n  - b: c\n    d: e\n  - - f\n    - g\n  - - h: i\n      j: k\n");
}
END_TEST

START_TEST(language_3_2_every_comment_is_kept_in_its_place)
{
    expect("# head\n"
           "\n"
           "#second\n"
           "---\n"
           "shunt: 1    # one\n"
           "rules:   # rules\n"
           "      # before the first\n"
           "      -   # behind the dash\n"
           "          rule: r # its name\n"
           "          # before when\n"
           "          when: true\n"
           "          # at the end of the rule\n"
           "      # between rules\n"
           "\n"
           "      # before the second\n"
           "      - rule:\n"
           "          # before the value\n"
           "          s\n"
           "      # at the end of the rules\n"
           "# before otherwise\n"
           "otherwise: t\n"
           "\n"
           "# the end",
           "# head\n"
           "\n"
           "#second\n"
           "---\n"
           "shunt: 1  # one\n"
           "rules:  # rules\n"
           "  # before the first\n"
           "  # behind the dash\n"
           "  - rule: r  # its name\n"
           "    # before when\n"
           "    when: true\n"
           "    # at the end of the rule\n"
           "  # between rules\n"
           "\n"
           "  # before the second\n"
           "  - rule: s  # before the value\n"
           "  # at the end of the rules\n"
           "# before otherwise\n"
           "otherwise: t\n"
           "\n"
           "# the end\n");
}
END_TEST

START_TEST(language_3_2_quotes)
{
    expect(
        "a: \"b\"\nc: 'it''s'\nd: \"x: y\"\ne: \"1\"\nf: 1\ng: 'no'\nh: no\ni: \"\\t\"\nj: \"\"\n\"k\": {l: "
        "\"m, n\", o: \"p\"}\n",
        "a: b\nc: it's\nd: 'x: y'\ne: '1'\nf: 1\ng: 'no'\nh: no\ni: \"\\t\"\nj: ''\nk: {l: 'm, n', o: p}\n");
}
END_TEST

START_TEST(language_3_2_brackets_stay_unless_too_long_or_commented)
{
    expect("a: [ b,\n  c ]\nd: {e: f,\n  g: [h]}\ni: [\n  # j\n  k, l # m\n]\nn: []\no: {}\n",
           "a: [b, c]\nd: {e: f, g: [h]}\ni:\n  # j\n  - k\n  - l  # m\nn: []\no: {}\n");
    /* 110 columns, and 111 */
    expect("labels: [aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, "
           "cccccccccccccccccccccccccccccc, dddd]\n",
           "labels: [aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, "
           "cccccccccccccccccccccccccccccc, dddd]\n");
    expect("labels: [aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, "
           "cccccccccccccccccccccccccccccc, ddddd]\n",
           "labels:\n  - aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n  - bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\n  - "
           "cccccccccccccccccccccccccccccc\n  - ddddd\n");
    expect("{shunt: 1, labels: [a]}\n", "shunt: 1\nlabels: [a]\n");
}
END_TEST

START_TEST(language_3_2_anchors_aliases_and_merges_stay)
{
    expect(
        "x-a:   &a   # base\n      b: &c 1\nd: {<<: *a, e: *c}\nf:\n - &g\n   h: i\n - *g\n - &j k\n? *c\n: "
        "l\n",
        "x-a: &a  # base\n  b: &c 1\nd: {<<: *a, e: *c}\nf:\n  - &g\n    h: i\n  - *g\n  - &j k\n*c : l\n");
}
END_TEST

START_TEST(language_3_2_texts_of_several_lines_keep_their_lines)
{
    expect("a: labels has b\n      and labels has c\nd: \"e\n      f \\\n   g\n\n   h\"\ni: 'j\n  k'\n",
           "a: labels has b\n  and labels has c\nd: \"e\n  f \\\n  g\n\n  h\"\ni: 'j\n  k'\n");
    expect("a:\n    b: |   # c\n            d\n              e\n\n            f\n\n\n    g: >-\n      h\n    "
           "  i\n    j: |+\n      k\n\n\n    l: |2\n        m\n",
           "a:\n  b: |  # c\n    d\n      e\n\n    f\n\n  g: >-\n    h\n    i\n  j: |+\n    k\n\n\n  l: |2\n "
           "     m\n");
}
END_TEST

START_TEST(language_3_2_files_of_other_systems_and_of_other_shapes)
{
    expect("shunt: 1\r\n\r\n\r\nlabels:   [a]\r\n# b\r\n", "shunt: 1\n\nlabels: [a]\n# b\n");
    expect("shunt: 1\rlabels:   [a]\r", "shunt: 1\nlabels: [a]\n");
    expect("%YAML 1.2\n---\n# a\nshunt:   1\n", "%YAML 1.2\n---\n# a\nshunt: 1\n");
    expect("%YAML 1.2 # why\n---   # a\nshunt:   1\n", "%YAML 1.2\n---\n# why\n# a\nshunt: 1\n");
    expect("# a\n---\nshunt:   1\n", "# a\n---\nshunt: 1\n");
    expect("&root\nshunt:   1\n", "&root\nshunt: 1\n");
    expect("---\n# a\n&root # b\nshunt:   1\n", "---\n# a\n&root\n# b\nshunt: 1\n");
    expect("-   a\n-   b:   c\n", "- a\n- b: c\n");
    expect("{shunt:   1}\n", "shunt: 1\n");
    expect("text\n", "text\n");
    expect("shunt:   1   # no end of line", "shunt: 1  # no end of line\n");
}
END_TEST

START_TEST(language_3_2_blanks_that_mean_nothing_go)
{
    expect("a: b  \n   c\t\n\n   d\n", "a: b\n  c\n\n  d\n");
    expect("a: \"b \\ \n   c\\  \n   d\"\n", "a: \"b \\ \n  c\\ \n  d\"\n");
    expect("a: 'b  \n   c'\n", "a: 'b\n  c'\n");
    expect("a: |   \n   b  \n   c\n", "a: |\n  b  \n  c\n");
    expect("a: >1-\n  b\nc: |-1\n  d\n", "a: >2-\n   b\nc: |2-\n   d\n");
    expect("a: |\n\n\n   b\nc: |+\n\n\nd: e\n", "a: |\n\n\n  b\nc: |+\n\n\nd: e\n");
    expect("a: |+\n  b\n\n \n\n", "a: |+\n  b\n\n\n\n");
}
END_TEST

START_TEST(what_is_no_yaml_is_refused)
{
    input = "a: [b\n";
    ck_assert(arena_try(a, format_twice, NULL));
    ck_assert(refused);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        language_3_2_indents_blanks_and_blank_lines,
        language_3_2_every_comment_is_kept_in_its_place,
        language_3_2_quotes,
        language_3_2_brackets_stay_unless_too_long_or_commented,
        language_3_2_anchors_aliases_and_merges_stay,
        language_3_2_texts_of_several_lines_keep_their_lines,
        language_3_2_files_of_other_systems_and_of_other_shapes,
        language_3_2_blanks_that_mean_nothing_go,
        what_is_no_yaml_is_refused,
    };
    Suite *s = suite_create("fmt_yaml");
    TCase *c = tcase_create("fmt_yaml");
    tcase_add_checked_fixture(c, setup, teardown);
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) tcase_add_test(c, tests[i]);
    suite_add_tcase(s, c);
    return run_suite(s);
}
