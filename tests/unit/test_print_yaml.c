/*
 * Syntax trees printed as YAML (language.md 3.2): policies in the DSL, what is printed of them, and that it
 * is read back as the same tree.
 */
#include "compile.h"
#include "dump_ast.h"
#include "run_suite.h"
#include "yaml_quote.h"

#include <check.h>
#include <string.h>

static struct arena *a;
static struct diags d;

static void setup(void)
{
    a = arena_new();
}
static void teardown(void)
{
    arena_free(a);
}

static const char *dsl;
static struct str printed, tree_before, tree_after;
static const char *code; /* of the first diagnostic */

static void convert(void *unused)
{
    (void)unused;
    struct sources sources = {0}, again = {0};
    d = (struct diags){.a = a};
    printed = tree_before = tree_after = S("");
    code = "";
    vec_push(a, &sources.list)->text = str_from(dsl);
    const struct file_ast *f = parse_dsl_policy(a, &d, &sources, 0, true);
    ck_assert_msg(!d.error_count, "%s\n%s", dsl, d.error_count ? d.list.at[0]->message.p : "");
    if (!print_yaml(a, &d, f, &printed)) {
        code = diag_rows[d.list.at[0]->id].code;
        return;
    }
    vec_push(a, &again.list)->text = printed;
    const struct file_ast *back = parse_yaml_policy(a, &d, &again, 0, true);
    ck_assert_msg(back && !d.error_count, "%s\n%s", printed.p, d.error_count ? d.list.at[0]->message.p : "");
    tree_before = dump_file(a, f);
    tree_after = dump_file(a, back);
}

/* Where declarations of several kinds are mixed the tree is in another order, though each kind in its own. */
static void expect_mixed(const char *policy, const char *yaml)
{
    dsl = policy;
    ck_assert(arena_try(a, convert, NULL));
    ck_assert_str_eq(printed.p, yaml);
}

static void expect_yaml(const char *policy, const char *yaml)
{
    expect_mixed(policy, yaml);
    ck_assert_msg(str_eq(tree_before, tree_after), "%s\n%.*s\n%.*s", yaml, (int)tree_before.len,
                  tree_before.p, (int)tree_after.len, tree_after.p);
}

static void expect_refused(const char *policy, const char *expected)
{
    dsl = policy;
    ck_assert(arena_try(a, convert, NULL));
    ck_assert_str_eq(code, expected);
}

START_TEST(language_3_2_the_whole_language)
{
    expect_yaml(
        "policy acme version 1\n"
        "timezone Europe/Stockholm\n"
        "include \"teams.yaml\"\n"
        "labels billing, refund, \"needs reply\", \"no\", \"12\"\n"
        "segments vip \"Top 1 %: by value\", wholesale\n"
        "field plan is one of free, pro\n"
        "field order_total is number\n"
        "hours office in Europe/Stockholm {\n"
        "    mon-thu 09:00-17:30\n"
        "    fri 09:00-12:00, 13:00-16:00\n"
        "    sat closed\n"
        "    season 06-29..08-07 { mon-fri 10:00-15:00 }\n"
        "    closed 12-24..12-26, 2027-01-01\n"
        "    special 2026-12-27 10:00-14:00\n"
        "    holidays \"se.ics\"\n"
        "}\n"
        "hours early like office { break mon-fri 11:00-12:00 }\n"
        "hours duty outside office every 6 weeks from 2026-03-02\n"
        "agent anna \"Anna Karlsson\" {\n"
        "    rank 1 for webchat; rank 20 for other\n"
        "    skills swedish; limit webchat 3, total 12; device phone \"+46 70\"; away "
        "2026-12-20..2027-01-06\n"
        "}\n"
        "agent bo\n"
        "team billing \"Invoices\" {\n"
        "    agents anna, bo\n"
        "    takes labels billing; takes segments (wholesale, vip), channel email\n"
        "    assign most-busy for webchat; assign pull for other\n"
        "    hours office for webchat; after hours to general for phone; after hours leave for other\n"
        "    members only; present on-shift\n"
        "}\n"
        "team general { agents all; sticky false }\n"
        "rule vip {\n"
        "    when subject contains \"re: #1\" and segments has vip\n"
        "    require skills swedish; set priority urgent; add labels refund\n"
        "    to billing, then general after 2h30m of office, then agent anna after 1d, then unassigned after "
        "2d\n"
        "}\n"
        "rule w { match segments (wholesale); raise priority high; continue }\n"
        "otherwise to unassigned\n"
        "auto_assign off\n"
        "promise segments has vip => team billing and not team general\n",
        "shunt: 1\n"
        "name: acme\n"
        "timezone: Europe/Stockholm\n"
        "include: [teams.yaml]\n"
        "labels: [billing, refund, needs reply, 'no', '12']\n"
        "segments:\n"
        "  vip: 'Top 1 %: by value'\n"
        "  wholesale:\n"
        "\n"
        "fields:\n"
        "  plan: [free, pro]\n"
        "  order_total: number\n"
        "\n"
        "hours:\n"
        "  office:\n"
        "    timezone: Europe/Stockholm\n"
        "    weekly:\n"
        "      mon-thu: 09:00-17:30\n"
        "      fri: [09:00-12:00, 13:00-16:00]\n"
        "      sat: []\n"
        "    seasons:\n"
        "      06-29..08-07:\n"
        "        mon-fri: 10:00-15:00\n"
        "    closed: [12-24..12-26, 2027-01-01]\n"
        "    special:\n"
        "      2026-12-27: 10:00-14:00\n"
        "    holidays: [se.ics]\n"
        "  early:\n"
        "    like: office\n"
        "    breaks:\n"
        "      mon-fri: 11:00-12:00\n"
        "  duty:\n"
        "    outside: office\n"
        "    every: 6 weeks from 2026-03-02\n"
        "\n"
        "agents:\n"
        "  anna:\n"
        "    name: Anna Karlsson\n"
        "    rank: {webchat: 1, other: 20}\n"
        "    skills: [swedish]\n"
        "    limits: {webchat: 3, total: 12}\n"
        "    devices: {phone: '+46 70'}\n"
        "    away: 2026-12-20..2027-01-06\n"
        "  bo: {}\n"
        "\n"
        "teams:\n"
        "  billing:\n"
        "    description: Invoices\n"
        "    agents: [anna, bo]\n"
        "    takes:\n"
        "      - labels: billing\n"
        "      - segments: [wholesale, vip]\n"
        "        channel: email\n"
        "    assign: {webchat: most-busy, other: pull}\n"
        "    hours: {webchat: office}\n"
        "    after_hours: {phone: {to: general}, other: leave}\n"
        "    members_only: true\n"
        "    present: on-shift\n"
        "  general:\n"
        "    agents: all\n"
        "    sticky: false\n"
        "\n"
        "rules:\n"
        "  - rule: vip\n"
        "    when: 'subject contains \"re: #1\" and segments has vip'\n"
        "    require: {skills: [swedish]}\n"
        "    set: {priority: urgent}\n"
        "    add: {labels: [refund]}\n"
        "    to:\n"
        "      - billing\n"
        "      - {team: general, after: 2h30m of office}\n"
        "      - {agent: anna, after: 1d}\n"
        "      - {unassigned: true, after: 2d}\n"
        "  - rule: w\n"
        "    match: {segments: wholesale}\n"
        "    raise: {priority: high}\n"
        "    continue: true\n"
        "\n"
        "otherwise: unassigned\n"
        "auto_assign: off\n"
        "\n"
        "promises:\n"
        "  - segments has vip => team billing and not team general\n");
}
END_TEST

START_TEST(language_3_2_comments_on_lines_of_their_own_are_kept)
{
    expect_yaml("# the top\npolicy p version 1\n", "# the top\nshunt: 1\nname: p\n");
    expect_yaml("# what this is\n"
                "\n"
                "version 1\n"
                "\n"
                "# ---- teams ----\n"
                "\n"
                "# the first\n"
                "team t {\n"
                "    # everyone\n"
                "    agents all\n"
                "}\n"
                "rule r {\n"
                "    # always\n"
                "    when true\n"
                "    # so there\n"
                "    to t\n"
                "}\n"
                "# the rest\n"
                "otherwise to t\n"
                "\n"
                "# the end\n",
                "# what this is\n"
                "\n"
                "shunt: 1\n"
                "\n"
                "# ---- teams ----\n"
                "\n"
                "teams:\n"
                "  # the first\n"
                "  t:\n"
                "    # everyone\n"
                "    agents: all\n"
                "\n"
                "rules:\n"
                "  - rule: r\n"
                "    # always\n"
                "    when: true\n"
                "    # so there\n"
                "    to: t\n"
                "\n"
                "# the rest\n"
                "otherwise: t\n"
                "\n"
                "# the end\n");
}
END_TEST

START_TEST(a_kind_stands_under_one_key_where_its_first_one_stood)
{
    expect_mixed(
        "version 1\nteam a\nrule r { when true; to a }\nteam b\nrule s { when true; to b }\notherwise to a\n",
        "shunt: 1\n\nteams:\n  a: {}\n  b: {}\n\nrules:\n  - rule: r\n    when: true\n    to: a\n"
        "  - rule: s\n    when: true\n    to: b\n\notherwise: a\n");
}
END_TEST

START_TEST(language_1_2_an_include_keeps_its_place)
{
    expect_yaml("version 1\nteam a\ninclude \"x.yaml\"\nrule r { when true; to a }\n",
                "shunt: 1\n\nteams:\n  a: {}\n\ninclude: [x.yaml]\n\nrules:\n  - rule: r\n    when: true\n   "
                " to: a\n");
    expect_mixed("version 1\ninclude \"x.yaml\"\ninclude \"y.yaml\"\nteam a\n",
                 "shunt: 1\ninclude: [x.yaml, y.yaml]\n\nteams:\n  a: {}\n");
    expect_refused("version 1\nteam a\ninclude \"x.yaml\"\nteam b\n", "E0560");
    expect_refused("version 1\ninclude \"x.yaml\"\nteam b\ninclude \"y.yaml\"\n", "E0560");
}
END_TEST

START_TEST(what_is_said_twice_cannot_be_yaml)
{
    expect_refused("version 1\nteam a\nteam a\n", "E0561");
}
END_TEST

START_TEST(what_is_too_long_for_a_line_is_laid_out_on_several)
{
    expect_yaml("version 1\n"
                "labels aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, "
                "cccccccccccccccccccccccccccccccccccccc\n"
                "rule r {\n"
                "    when labels has aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa and labels has "
                "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb "
                "and subject contains \"a: #b\"\n"
                "    continue\n"
                "}\n",
                "shunt: 1\n"
                "labels:\n"
                "  - aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"
                "  - bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\n"
                "  - cccccccccccccccccccccccccccccccccccccc\n"
                "\n"
                "rules:\n"
                "  - rule: r\n"
                "    when: >-\n"
                "      labels has aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa and\n"
                "      labels has bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb and\n"
                "      subject contains \"a: #b\"\n"
                "    continue: true\n");
}
END_TEST

/* ---- quotes ---- */

static const struct spelling {
    const char *text, *block, *flow;
} spellings[] = {
    {"billing", "billing", "billing"},
    {"needs reply", "needs reply", "needs reply"},
    {"09:00-17:30", "09:00-17:30", "09:00-17:30"},
    {"Top 1 %", "Top 1 %", "Top 1 %"},
    {"a, b", "a, b", "'a, b'"},
    {"[a]", "'[a]'", "'[a]'"},
    {"it's", "it's", "it's"},
    {"'tis", "'''tis'", "'''tis'"},
    {"a: b", "'a: b'", "'a: b'"},
    {"a:b", "a:b", "a:b"},
    {"a:", "'a:'", "'a:'"},
    {"a #b", "'a #b'", "'a #b'"},
    {"a#b", "a#b", "a#b"},
    {"", "''", "''"},
    {" a", "' a'", "' a'"},
    {"no", "'no'", "'no'"},
    {"ON", "'ON'", "'ON'"},
    {"n", "'n'", "'n'"},
    {"Null", "'Null'", "'Null'"},
    {"~", "'~'", "'~'"},
    {"<<", "'<<'", "'<<'"},
    {"12", "'12'", "'12'"},
    {"-1.5e+3", "'-1.5e+3'", "'-1.5e+3'"},
    {"1_000", "'1_000'", "'1_000'"},
    {"0x1F", "'0x1F'", "'0x1F'"},
    {"190:20:30", "'190:20:30'", "'190:20:30'"},
    {"09:00", "'09:00'", "'09:00'"},
    {"2027-01-01", "'2027-01-01'", "'2027-01-01'"},
    {".5", "'.5'", "'.5'"},
    {"3com", "3com", "3com"},
    {"a\nb", "\"a\\nb\"", "\"a\\nb\""},
    {"a\"\tb", "\"a\\\"\\tb\"", "\"a\\\"\\tb\""},
    {"\xc2\x85", "\"\\u0085\"", "\"\\u0085\""},
    {"\xe2\x80\xa8", "\"\\u2028\"", "\"\\u2028\""},
    {"sm\xc3\xb6rg\xc3\xa5s", "sm\xc3\xb6rg\xc3\xa5s", "sm\xc3\xb6rg\xc3\xa5s"},
    {"---", "'---'", "'---'"},
    {"@x", "'@x'", "'@x'"},
};

static const char *spelled;
static bool in_flow;

static void spell(void *text)
{
    struct buf b;
    buf_init(&b, a);
    yaml_put_text(&b, str_from(text), in_flow);
    spelled = buf_done(&b).p;
}

START_TEST(texts_are_quoted_where_some_reader_would_take_them_for_something_else)
{
    for (size_t i = 0; i < 2 * sizeof spellings / sizeof *spellings; i++) {
        const struct spelling *s = &spellings[i / 2];
        in_flow = i % 2;
        ck_assert(arena_try(a, spell, (void *)(uintptr_t)s->text));
        ck_assert_str_eq(spelled, in_flow ? s->flow : s->block);
    }
}
END_TEST

START_TEST(language_5_a_condition_of_one_word_is_quoted_where_it_looks_like_null)
{
    expect_yaml("policy p version 1\nfield Null is bool\nfield vip is bool\nrule a {\n    when Null\n    to "
                "unassigned\n}\n"
                "rule b {\n    when vip\n    to unassigned\n}\n",
                "shunt: 1\nname: p\n\nfields:\n  'Null': bool\n  vip: bool\n\nrules:\n"
                "  - rule: a\n    when: 'Null'\n    to: unassigned\n"
                "  - rule: b\n    when: vip\n    to: unassigned\n");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        language_3_2_the_whole_language,
        language_3_2_comments_on_lines_of_their_own_are_kept,
        a_kind_stands_under_one_key_where_its_first_one_stood,
        language_1_2_an_include_keeps_its_place,
        what_is_said_twice_cannot_be_yaml,
        what_is_too_long_for_a_line_is_laid_out_on_several,
        texts_are_quoted_where_some_reader_would_take_them_for_something_else,
        language_5_a_condition_of_one_word_is_quoted_where_it_looks_like_null,
    };
    Suite *s = suite_create("print_yaml");
    TCase *c = tcase_create("print_yaml");
    tcase_add_checked_fixture(c, setup, teardown);
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) tcase_add_test(c, tests[i]);
    suite_add_tcase(s, c);
    return run_suite(s);
}
