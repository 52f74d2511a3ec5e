/* Conditions and promises (language.md 4, 8): a text beside its tree, its places, its message, its canonical
 * spelling. */
#include "compile.h"
#include "dump_ast.h"
#include "run_suite.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct arena *a;
static struct diags d;

static void setup(void)
{
    a = arena_new();
    d = (struct diags){.a = a};
}
static void teardown(void)
{
    arena_free(a);
}

/* The text stands at byte 1000 of its source. */
static struct cond_text cond_text_of(struct str s)
{
    return (struct cond_text){.text = s, .base = 1000};
}

static struct expr *parse(const char *text)
{
    struct cond_text t = cond_text_of(str_from(text));
    d = (struct diags){.a = a};
    return parse_condition(a, &d, &t);
}

static const char *tree(const char *text)
{
    struct expr *e = parse(text);
    struct buf b;
    buf_init(&b, a);
    if (e)
        dump_expr(&b, e);
    else
        buf_printf(&b, "%u errors", d.list.count);
    return buf_done(&b).p;
}

static const char *printed(const struct expr *e)
{
    struct buf b;
    buf_init(&b, a);
    print_expr(&b, e);
    return buf_done(&b).p;
}

/* "10:4 message / hint", the offset from 0. */
static const char *message(const char *text)
{
    if (parse(text)) return "none";
    const struct diag *g = d.list.at[0];
    ck_assert_msg(d.list.count == 1, "%s: %u messages", text, d.list.count);
    return arena_printf(a, "%u+%u %s%s%s", g->at.off - 1000, g->at.len, g->message.p, g->hint.p ? " / " : "",
                        g->hint.p ? g->hint.p : "")
        .p;
}

START_TEST(language_4_every_test_and_its_tree)
{
    static const struct {
        const char *text, *tree;
    } cases[] = {
        {"labels has refund", "(test HAS =<labels> name=<refund>)"},
        {"labels has any (a, \"b c\", 5)", "(test HAS_ANY =<labels> name=<a> string=<b c> number=<5>:5)"},
        {"labels has all (a)", "(test HAS_ALL =<labels> name=<a>)"},
        {"labels has none (a, b)", "(test HAS_NONE =<labels> name=<a> name=<b>)"},
        {"plan == free", "(test EQ =<plan> name=<free>)"},
        {"plan != \"free\"", "(test NE =<plan> string=<free>)"},
        {"order_total < -1.5e2", "(test LT =<order_total> number=<-1.5e2>:-150)"},
        {"x <= 1", "(test LE =<x> number=<1>:1)"},
        {"x > 1", "(test GT =<x> number=<1>:1)"},
        {"x >= 1", "(test GE =<x> number=<1>:1)"},
        {"channel in (email, phone)", "(test IN =<channel> name=<email> name=<phone>)"},
        {"channel not in (email)", "(test NOT_IN =<channel> name=<email>)"},
        {"subject contains \"x\"", "(test CONTAINS =<subject> string=<x>)"},
        {"subject not contains \"x\"", "(test NOT_CONTAINS =<subject> string=<x>)"},
        {"subject starts with \"x\"", "(test STARTS =<subject> string=<x>)"},
        {"subject not starts with \"x\"", "(test NOT_STARTS =<subject> string=<x>)"},
        {"subject ends with \"x\"", "(test ENDS =<subject> string=<x>)"},
        {"subject not ends with \"x\"", "(test NOT_ENDS =<subject> string=<x>)"},
        {"body contains any (\"x\", \"y\")", "(test CONTAINS any =<body> string=<x> string=<y>)"},
        {"body not contains any (\"x\")", "(test NOT_CONTAINS any =<body> string=<x>)"},
        {"customer exists", "(test EXISTS =<customer>)"},
        {"urgent_flag", "(test BOOL =<urgent_flag>)"},
        {"during office", "(test DURING =<office>)"},
        {"outside \"my office\"", "(test OUTSIDE =<my office>)"},
        {"\"order total\" > 5", "(test GT =<order total> number=<5>:5)"},
        {"true", "(true)"},
        {"false", "(false)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ck_assert_str_eq(tree(cases[i].text), cases[i].tree);
}
END_TEST

#define B(x) "(test BOOL =<" #x ">)"
START_TEST(language_4_and_or_not_and_parentheses)
{
    static const struct {
        const char *text, *tree;
    } cases[] = {
        {"a and b and c", "(and " B(a) " " B(b) " " B(c) ")"},
        {"a or b or c", "(or " B(a) " " B(b) " " B(c) ")"},
        {"a or b and c or d", "(or " B(a) " (and " B(b) " " B(c) ") " B(d) ")"},
        {"(a or b) and c", "(and (or " B(a) " " B(b) ") " B(c) ")"},
        {"not a and b", "(and (not " B(a) ") " B(b) ")"},
        {"not (a and b)", "(not (and " B(a) " " B(b) "))"},
        {"not (not a)", "(not (not " B(a) "))"},
        {"((a))", B(a)},
        {"(a and b) and c", "(and (and " B(a) " " B(b) ") " B(c) ")"},
        {"a and\n  b", "(and " B(a) " " B(b) ")"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ck_assert_str_eq(tree(cases[i].text), cases[i].tree);
}
END_TEST

START_TEST(words_of_the_dsl_are_names_in_conditions)
{
    ck_assert_str_eq(
        tree("team has rule and labels has any (to, of, set) and priority == on"),
        "(and (test HAS =<team> name=<rule>) (test HAS_ANY =<labels> name=<to> name=<of> name=<set>) "
        "(test EQ =<priority> name=<on>))");
    ck_assert_str_eq(
        tree("labels has \"and\" or \"any\" == \"not\" or during \"in\""),
        "(or (test HAS =<labels> string=<and>) (test EQ =<any> string=<not>) (test DURING =<in>))");
}
END_TEST

/* A span is checked against the piece of text that it should cover. */
static void expect_at(struct span at, struct str text, const char *piece)
{
    ck_assert_msg(at.off >= 1000 && at.off - 1000 + at.len <= text.len, "%u+%u", at.off, at.len);
    struct str covered = {text.p + (at.off - 1000), at.len};
    ck_assert_msg(str_eq(covered, str_from(piece)), "<%.*s> is not <%s>", (int)covered.len, covered.p, piece);
}

START_TEST(every_place_in_the_tree_is_exact)
{
    struct str text = S("  not ( (a == 1) or b has any (x, \"y\") ) and during office ");
    struct expr *e = parse(text.p);
    expect_at(e->at, text, "not ( (a == 1) or b has any (x, \"y\") ) and during office");
    struct expr *not = e->kids.at[0], *during = e->kids.at[1], * or = not ->kids.at[0];
    expect_at(not ->at, text, "not ( (a == 1) or b has any (x, \"y\") )");
    expect_at(during->at, text, "during office");
    expect_at(during->attr.at, text, "office");
    expect_at(or->at, text, "(a == 1) or b has any (x, \"y\")");
    expect_at(or->kids.at[0]->at, text, "a == 1");
    expect_at(or->kids.at[0]->values.at[0].at, text, "1");
    expect_at(or->kids.at[1]->at, text, "b has any (x, \"y\")");
    expect_at(or->kids.at[1]->attr.at, text, "b");
    expect_at(or->kids.at[1]->values.at[1].at, text, "\"y\"");
}
END_TEST

START_TEST(places_go_through_the_map_of_a_yaml_string)
{
    /* "x == \"\u00e9\"" in the source: every character of the condition but the escapes is one byte there. */
    struct str text = S("x == \"\u00e9\"");
    uint32_t map[10] = {50, 51, 52, 53, 54, 55, 57, 57, 63, 65};
    struct cond_text t = {.file = 2, .text = text, .map = map};
    struct expr *e = parse_condition(a, &d, &t);
    ck_assert(e && e->at.file == 2 && e->at.off == 50 && e->at.len == 15);
    ck_assert(e->values.at[0].at.off == 55 && e->values.at[0].at.len == 10);
}
END_TEST

START_TEST(what_is_printed_parses_to_the_same_tree)
{
    static const struct {
        const char *text, *canonical;
    } cases[] = {
        {"(a)and((b))or(c)", "a and b or c"},
        {"not(a or b)and(c or d)", "not (a or b) and (c or d)"},
        {"(a or b) or c", "(a or b) or c"},
        {"a and (b and c)", "a and (b and c)"},
        {"(a and b) or c", "a and b or c"},
        {"not (not a)", "not (not a)"},
        {"(not a)", "not a"},
        {"labels has any(a,\"b c\",-1.50)", "labels has any (a, \"b c\", -1.50)"},
        {"\"labels\" has \"refund\"", "labels has \"refund\""},
        {"\"any\" has team", "\"any\" has team"},
        {"during \"office\"", "during office"},
        {"subject starts  with any(\"a\\u0001\\\"\\\\\\n\")",
         "subject starts with any (\"a\\u0001\\\"\\\\\\n\")"},
        {"x == \"\\u0085\\u2028\"", "x == \"\\u0085\\u2028\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct expr *e = parse(cases[i].text);
        ck_assert_msg(e != NULL, "%s", cases[i].text);
        ck_assert_str_eq(printed(e), cases[i].canonical);
        ck_assert_str_eq(tree(cases[i].canonical), tree(cases[i].text));
    }
}
END_TEST

START_TEST(errors_say_what_was_found_and_what_was_expected)
{
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"labels has a AND b", "13+3 expected \"and\", \"or\" or the end of the condition, found \"AND\""
                               " / the words of the language are in lower case: write and"},
        {"NOT labels has a", "4+6 expected a test such as has, ==, in, contains or exists, found \"labels\""
                             " / the words of the language are in lower case: write not"},
        {"labels has needs reply",
         "17+5 expected \"and\", \"or\" or the end of the condition, found \"reply\""
         " / a value of several words stands between double quotes: \"needs reply\""},
        {"labels has a labels has b",
         "13+6 expected \"and\", \"or\" or the end of the condition, found \"labels\""
         " / put \"and\" or \"or\" between two tests"},
        {"labels contians a", "7+8 expected a test such as has, ==, in, contains or exists, found "
                              "\"contians\" / did you mean \"contains\"?"},
        {"labels has not a", "11+3 expected a value, \"all\", \"any\" or \"none\", found \"not\""
                             " / \"not\" stands before the whole test: not labels has refund"},
        {"labels not has a",
         "11+3 expected \"contains\", \"ends with\", \"in\" or \"starts with\", found \"has\""
         " / \"not\" stands before the whole test: not labels has refund"},
        {"labels has any", "14+0 expected \"(\", found the end of the condition"
                           " / for a value of that name write \"any\" with the quotes"},
        {"labels has any a", "15+1 expected \"(\", found \"a\" / the list stands in parentheses: (a, b)"},
        {"channel in email", "11+5 expected \"(\", found \"email\" / the list stands in parentheses: (a, b)"},
        {"labels has a, b", "12+1 expected \"and\", \"or\" or the end of the condition, found \",\""
                            " / for one of several write: has any (a, b)"},
        {"plan == a, b", "9+1 expected \"and\", \"or\" or the end of the condition, found \",\""
                         " / for one of several write: in (a, b)"},
        {"not not x", "4+3 expected a condition, found \"not\" / one \"not\" is enough; two undo each other"},
        {"x == true",
         "5+4 expected a value, found \"true\""
         " / a yes-or-no field is tested by its name alone: write the name, or \"not\" and the name"},
        {"(a and b", "0+1 this parenthesis is never closed: expected \")\" before the end of the condition"},
        {"(a and (b or c)",
         "0+1 this parenthesis is never closed: expected \")\" before the end of the condition"},
        {"a)", "1+1 no parenthesis is open here"},
        {"a and", "5+0 expected a condition, found the end of the condition"},
        {"subject contain \"x\"",
         "8+7 expected a test such as has, ==, in, contains or exists, found \"contain\""
         " / did you mean \"contains\"?"},
        {"subject start with \"x\"",
         "8+5 expected a test such as has, ==, in, contains or exists, found \"start\""
         " / write: starts with"},
        {"subject contains x", "17+1 \"x\" must stand between double quotes here / write \"x\""},
        {"channel is email", "8+2 expected a test such as has, ==, in, contains or exists, found \"is\""
                             " / write == for \"is\", != for \"is not\""},
        {"labels has in", "11+2 expected a value, \"all\", \"any\" or \"none\", found \"in\""},
        {"labels has exists",
         "11+6 the word \"exists\" must stand between double quotes to be a name or a value"
         " / write \"exists\""},
        {"labels has 24h", "11+3 \"24h\" must stand between double quotes here / write \"24h\""},
        {"labels has a/b", "11+3 \"a/b\" must stand between double quotes here / write \"a/b\""},
        {"x > 1e400", "4+5 the number 1e400 is too large"},
        {"5 > x",
         "0+1 expected a condition, found the number 5 / a test begins with the attribute: order_total > 5"},
        {"x = 5", "2+1 \"=\" is not an operator here: write \"==\""},
        {"a && b", "2+2 \"&&\" is not an operator here: write \"and\""},
        {"a || b", "2+2 \"||\" is not an operator here: write \"or\""},
        {"x => 5", "2+2 \"=>\" is not an operator here: write \">=\""},
        {"!a", "0+1 \"!\" is not an operator here: write \"not\""},
        {"labels has 'a'", "11+3 a text stands between straight double quotes (\") / write \"a\""},
        {"labels has \"a", "11+2 this text has no closing double quote"},
        {"a # b", "2+3 a comment cannot stand inside this condition"},
        {"a; b", "1+1 expected the end of the condition, found \";\""},
        {"a $ b", "2+1 \"$\" has no meaning here"},
        {"", "0+0 there is no condition here"},
        {" \n ", "0+3 there is no condition here"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ck_assert_str_eq(message(cases[i].text), cases[i].message);
}
END_TEST

/* n times open, a, n times close. */
static const char *nested(size_t n, const char *open, const char *close)
{
    struct buf b;
    buf_init(&b, a);
    for (size_t i = 0; i < n; i++) buf_puts(&b, open);
    buf_puts(&b, "a");
    for (size_t i = 0; i < n; i++) buf_puts(&b, close);
    return buf_done(&b).p;
}

START_TEST(nesting_is_bounded_at_the_token)
{
    ck_assert(parse(nested(NESTING_MAX, "(", ")")) != NULL);
    ck_assert(parse(nested(NESTING_MAX, "a or b and not (", ")")) != NULL);
    ck_assert(strncmp(message(nested(NESTING_MAX + 1, "(", ")")), "64+1 more than 64 parentheses", 29) == 0);
    ck_assert(parse(nested(100000, "(", ")")) == NULL);
    ck_assert(parse(nested(100000, "not (", ")")) == NULL);
    ck_assert(parse(nested(100000, "(", "")) == NULL);
}
END_TEST

START_TEST(long_chains_are_no_nesting)
{
    struct buf b;
    buf_init(&b, a);
    for (size_t i = 0; i < 20000; i++) buf_puts(&b, "a and not b or ");
    buf_puts(&b, "c");
    struct expr *e = parse(buf_done(&b).p);
    ck_assert_uint_eq(e->kids.count, 20001);
}
END_TEST

START_TEST(names_and_values_are_nfc)
{
    struct expr *e = parse("labels has e\u0301 and \"e\u0301\" exists");
    ck_assert(str_eq(e->kids.at[0]->values.at[0].s, S("\u00e9")));
    ck_assert(str_eq(e->kids.at[1]->attr.s, S("\u00e9")));
}
END_TEST

/* ---- promises ---- */

static const char *promise(const char *text)
{
    struct cond_text t = cond_text_of(str_from(text));
    d = (struct diags){.a = a};
    struct promise_decl *p = parse_promise(a, &d, &t);
    if (!p) return d.list.count ? d.list.at[0]->message.p : "no message";
    return p->text.p;
}

START_TEST(language_8_1_every_outcome)
{
    static const char *const right[] = {
        "labels has refund and segments has vip => team billing",
        "true => team in (a, b) and not team c",
        "true => agent anna and unassigned and rule r",
        "true => priority == urgent and priority != low and priority < high",
        "true => priority in (low, high) and priority not in (normal)",
        "a or b => team \"needs reply\"",
    };
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) ck_assert_str_eq(promise(right[i]), right[i]);
    ck_assert_str_eq(promise("( a )=>team  \"x\""), "a => team x");
}
END_TEST

START_TEST(language_8_1_a_promise_in_parts)
{
    struct str text = S("a => team in (x, \"y z\") and priority >= high");
    struct cond_text t = cond_text_of(text);
    struct promise_decl *p = parse_promise(a, &d, &t);
    ck_assert_uint_eq(p->outcomes.count, 2);
    expect_at(p->at, text, text.p);
    expect_at(p->outcomes.at[0].at, text, "team in (x, \"y z\")");
    expect_at(p->outcomes.at[0].names.at[1].at, text, "\"y z\"");
    ck_assert(p->outcomes.at[0].kind == OUTCOME_TEAM_IN && p->outcomes.at[0].in);
    expect_at(p->outcomes.at[1].at, text, "priority >= high");
    ck_assert(p->outcomes.at[1].kind == OUTCOME_PRIORITY && p->outcomes.at[1].cmp == TEST_GE);
}
END_TEST

START_TEST(language_8_1_wrong_promises)
{
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"a", "expected \"=>\", found the end of the promise"},
        {"a => ", "expected \"agent\", \"not\", \"priority\", \"rule\", \"team\" or \"unassigned\", found "
                  "the end of the promise"},
        {"a => billing", "expected \"agent\", \"not\", \"priority\", \"rule\", \"team\" or \"unassigned\", "
                         "found \"billing\""},
        {"a => team x or team y", "expected \"and\" or the end of the promise, found \"or\""},
        {"(a => team x", "this parenthesis is never closed: expected \")\" before \"=>\""},
        {"a => priority = high", "\"=\" is not an operator here: write \"==\""},
        {"", "there is no condition here"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ck_assert_str_eq(promise(cases[i].text), cases[i].message);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("parse_cond");
    TCase *t = tcase_create("parse_cond");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, language_4_every_test_and_its_tree);
    tcase_add_test(t, language_4_and_or_not_and_parentheses);
    tcase_add_test(t, words_of_the_dsl_are_names_in_conditions);
    tcase_add_test(t, every_place_in_the_tree_is_exact);
    tcase_add_test(t, places_go_through_the_map_of_a_yaml_string);
    tcase_add_test(t, what_is_printed_parses_to_the_same_tree);
    tcase_add_test(t, errors_say_what_was_found_and_what_was_expected);
    tcase_add_test(t, nesting_is_bounded_at_the_token);
    tcase_add_test(t, long_chains_are_no_nesting);
    tcase_add_test(t, names_and_values_are_nfc);
    tcase_add_test(t, language_8_1_every_outcome);
    tcase_add_test(t, language_8_1_a_promise_in_parts);
    tcase_add_test(t, language_8_1_wrong_promises);
    suite_add_tcase(s, t);
    return run_suite(s);
}
