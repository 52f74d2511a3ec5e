/* Tokens of the DSL and of conditions (language.md 3.1, 4.2): a source and the tokens it gives, side by side.
 */
#include "compile.h"
#include "grammar.h"
#include "lex.h"
#include "run_suite.h"

#include <check.h>

int GrammarFallback(int token);

static struct arena *a;
static struct diags d;
static comment_list comments;

static void setup(void)
{
    a = arena_new();
    d = (struct diags){.a = a};
    comments = (comment_list){0};
}
static void teardown(void)
{
    arena_free(a);
}

/* One letter or word for each kind: a line of tokens can be read in a test. */
static const char *kind_name(unsigned kind)
{
    switch (kind) {
    case 0: return "end";
    case TK_NAME: return "name";
    case TK_STRING: return "string";
    case TK_NUMBER: return "number";
    case TK_LITERAL: return "literal";
    case TK_ODD: return "odd";
    case TK_DAYS: return "days";
    case TK_SEP: return ";";
    case TK_LP: return "(";
    case TK_RP: return ")";
    case TK_LBRACE: return "{";
    case TK_RBRACE: return "}";
    case TK_COMMA: return ",";
    case TK_ARROW: return "=>";
    case TK_COMPARE: return "cmp";
    case TK_BAD: return "bad";
    default: break;
    }
    const struct word *w = word_of_token(kind);
    return w ? w->spelling : "?";
}

static const char *kinds_of(struct lexer *lx)
{
    struct buf b;
    buf_init(&b, a);
    for (struct token t = lex_next(lx);; t = lex_next(lx)) {
        if (b.len) buf_putc(&b, ' ');
        buf_puts(&b, kind_name(t.kind));
        if (t.kind == 0) break;
    }
    return buf_done(&b).p;
}

static const char *policy_kinds(const char *text)
{
    struct lexer lx;
    lex_policy(&lx, a, &d, str_from(text), 0);
    lx.comments = &comments;
    return kinds_of(&lx);
}

static struct token first_of(struct str text)
{
    struct lexer lx;
    lex_policy(&lx, a, &d, text, 0);
    return lex_next(&lx);
}

static const char *codes(void)
{
    struct buf b;
    buf_init(&b, a);
    for (uint32_t i = 0; i < d.list.count; i++)
        buf_printf(&b, i ? " %s@%u+%u" : "%s@%u+%u", diag_rows[d.list.at[i]->id].code, d.list.at[i]->at.off,
                   d.list.at[i]->at.len);
    return buf_done(&b).p;
}

START_TEST(language_3_1_where_statements_end)
{
    static const struct {
        const char *text, *kinds;
    } cases[] = {
        {"a\nb", "name ; name end"},
        {"a;b", "name ; name end"},
        {"a\r\nb\rc", "name ; name ; name end"},
        {"\n\n a \n\n\n b\n", "name ; name ; end"},
        {"a,\nb", "name , name end"},
        {"a and\nb or # why\n\n c", "name and name or name end"},
        {"a {\nb\n}", "name { name ; } end"},
        {"(a\nb\n(c\n)\n)\nd", "( name name ( name ) ) ; name end"},
        {"a # b, {\nc", "name ; name end"},
        {"a \"and\"\nb", "name string ; name end"},
        {"# only a comment", "end"},
        {"", "end"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ck_assert_str_eq(policy_kinds(cases[i].text), cases[i].kinds);
    ck_assert_uint_eq(d.list.count, 0);
}
END_TEST

START_TEST(language_4_2_bare_names_by_category)
{
    static const struct {
        const char *text, *kinds;
    } cases[] = {
        {"refund", "name end"},
        {"_x", "name end"},
        {"a-b_c9", "name end"},
        {"Überfällig", "name end"},
        {"日本語", "name end"},
        {"Ⅷ", "name end"} /* Nl */,
        {"e\u0301a", "name end"} /* Mn */,
        {"क\u093e", "name end"} /* Mc */,
        {"a٣", "name end"} /* Nd */,
        {"a‿b", "name end"} /* Pc */,
        {"٣a", "bad name end"},
        {"a b", "name name end"},
        {"a.", "name bad end"},
        {"²", "bad end"} /* No */,
        {"mon", "days end"},
        {"mon-fri", "days end"},
        {"mon-x", "name end"},
        {"monday", "name end"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ck_assert_str_eq(policy_kinds(cases[i].text), cases[i].kinds);
}
END_TEST

START_TEST(numbers_and_literals)
{
    static const struct {
        const char *text, *kinds;
    } cases[] = {
        {"5", "number end"},
        {"-5", "number end"},
        {"1.5e+3", "number end"},
        {"-0", "number end"},
        {"007", "literal end"},
        {"1.", "literal end"},
        {"1e400", "literal end"},
        {"09:00-17:30", "literal end"},
        {"2026-12-20..2027-01-06", "literal end"},
        {"12-24..12-26", "literal end"},
        {"1h30m", "literal end"},
        {"2nd-line", "literal end"},
        {"- 5", "bad number end"},
        {"5,6", "number , number end"},
        {"5)", "number ) end"},
        {"Europe/Stockholm", "odd end"},
        {"Etc/GMT+5", "odd end"},
        {"R&D", "odd end"},
        {"a/", "name bad end"},
        {"x<5", "name cmp number end"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ck_assert_str_eq(policy_kinds(cases[i].text), cases[i].kinds);
}
END_TEST

START_TEST(language_4_2_strings_and_their_escapes)
{
    static const struct {
        const char *text, *means;
    } cases[] = {
        {"\"needs reply\"", "needs reply"},
        {"\"\"", ""},
        {"\"a\\\"b\\\\c\\nd\\te\"", "a\"b\\c\nd\te"},
        {"\"\\u00e9\\u00C9\"", "éÉ"},
        {"\"\\ud83d\\ude00\"", "😀"},
        {"\"# no comment; { , and\"", "# no comment; { , and"},
        {"\"tab\there\"", "tab\there"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct token t = first_of(str_from(cases[i].text));
        ck_assert_uint_eq(t.kind, TK_STRING);
        ck_assert_msg(str_eq(t.s, str_from(cases[i].means)), "%s", cases[i].text);
        ck_assert_uint_eq(t.at.len, str_from(cases[i].text).len);
    }
    ck_assert_uint_eq(d.list.count, 0);
}
END_TEST

START_TEST(a_string_without_escapes_is_not_copied)
{
    struct str text = S("\"needs reply\"");
    ck_assert_ptr_eq(first_of(text).s.p, text.p + 1);
}
END_TEST

START_TEST(language_4_2_wrong_strings)
{
    static const struct {
        struct str text;
        const char *codes, *kinds;
    } cases[] = {
        {{"\"abc", 4}, "E0103@0+4", "string end"},
        {{"\"abc\nd", 6}, "E0103@0+4", "string ; name end"},
        {{"rule \"abc {\nd", 13}, "E0103@5+5", "rule string { name end"},
        {{"x \"abc {", 8}, "E0103@2+6", "name string end"},
        {{"\"a\\qb\"", 6}, "E0105@2+2", "string end"},
        {{"\"\\u12\"", 6}, "E0105@1+2", "string end"},
        {{"\"\\ud800\"", 8}, "E0106@1+6", "string end"},
        {{"\"\\ude00\\ud83d\"", 14}, "E0106@1+6 E0106@7+6", "string end"},
        {{"\"\\ud83dx\"", 9}, "E0106@1+6", "string end"},
        {{"\"\\u0000\"", 8}, "E0107@1+6", "string end"},
        {{"\"a\x01\"", 4}, "E0104@2+1", "string end"},
        {{"\"a\x00\"", 4}, "E0104@2+1", "string end"},
        {{"\"\x7f\"", 3}, "E0104@1+1", "string end"},
        {{"'needs reply'", 13}, "E0108@0+13", "string end"},
        {{"\u201cneeds reply\u201d", 17}, "E0108@0+17", "string end"},
        {{"'abc", 4}, "E0102@0+1", "bad name end"},
        {{"\u201eso\u201c", 8}, "E0108@0+8", "string end"},
        {{"\u2018so\u2019", 8}, "E0108@0+8", "string end"},
        {{"\u00abso\u00bb", 6}, "E0108@0+6", "string end"},
        {{"\u00abso\n", 5}, "E0102@0+2", "bad name ; end"},
        {{"\u201eso", 5}, "E0102@0+3", "bad name end"},
        {{"\"abc \t{\r\nd", 10}, "E0103@0+7", "string ; name end"},
        {{"rule x \"abc  {\r\nd", 17}, "E0103@7+6", "rule name string { name end"},
        {{"\"\\u12g4\"", 8}, "E0105@1+2", "string end"},
        {{"\"\\u\"", 4}, "E0105@1+2", "string end"},
        {{"\"\\ud83d\\ue000\"", 14}, "E0106@1+6", "string end"},
        {{"\"\\ud83d\\n\"", 10}, "E0106@1+6", "string end"},
        {{"\"a\\", 3}, "E0105@2+1 E0103@0+3", "string end"},
        {{"a\u00a0b", 4}, "E0102@1+2", "name bad name end"},
        {{"a\u200bb", 5}, "E0102@1+3", "name bad name end"},
        {{"a\x01", 2}, "E0102@1+1", "name bad end"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        d = (struct diags){.a = a};
        struct lexer lx;
        lex_policy(&lx, a, &d, cases[i].text, 0);
        ck_assert_str_eq(kinds_of(&lx), cases[i].kinds);
        ck_assert_str_eq(codes(), cases[i].codes);
    }
}
END_TEST

START_TEST(operators_of_other_languages_come_back_as_ours)
{
    static const struct {
        const char *text;
        unsigned kind, op;
    } cases[] = {
        {"==", TK_COMPARE, TEST_EQ},
        {"=", TK_COMPARE, TEST_EQ},
        {"===", TK_COMPARE, TEST_EQ},
        {"!=", TK_COMPARE, TEST_NE},
        {"<>", TK_COMPARE, TEST_NE},
        {"<", TK_COMPARE, TEST_LT},
        {"<=", TK_COMPARE, TEST_LE},
        {"=<", TK_COMPARE, TEST_LE},
        {">", TK_COMPARE, TEST_GT},
        {">=", TK_COMPARE, TEST_GE},
        {"≤", TK_COMPARE, TEST_LE},
        {"&&", TK_AND, 0},
        {"||", TK_OR, 0},
        {"!", TK_NOT, 0},
        {"=>", TK_ARROW, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct token t = first_of(str_from(cases[i].text));
        ck_assert_uint_eq(t.kind, cases[i].kind);
        ck_assert_uint_eq(t.op, cases[i].op);
        ck_assert(str_eq(t.s, str_from(cases[i].text)));
    }
}
END_TEST

START_TEST(parentheses_nest_as_deep_as_is_allowed_and_no_deeper)
{
    char text[NESTING_MAX + 2] = {0};
    struct lexer lx;
    for (size_t i = 0; i <= NESTING_MAX; i++) text[i] = '(';
    lex_policy(&lx, a, &d, (struct str){text, NESTING_MAX}, 0);
    kinds_of(&lx);
    ck_assert_uint_eq(d.list.count, 0);
    lex_policy(&lx, a, &d, (struct str){text, NESTING_MAX + 1}, 0);
    kinds_of(&lx);
    ck_assert_str_eq(codes(), arena_printf(a, "E0110@%d+1", NESTING_MAX).p);
}
END_TEST

START_TEST(language_3_1_comments_are_kept_with_their_places)
{
    policy_kinds("# one  \n\na # two\n  # three\n( # four\n)\n\n# five\n\n");
    static const struct {
        const char *text;
        uint32_t off;
        bool own, before, after, inside;
    } cases[] = {
        {"# one", 0, true, false, true, false},     {"# two", 11, false, false, false, false},
        {"# three", 19, true, false, false, false}, {"# four", 29, false, false, false, true},
        {"# five", 39, true, true, true, false},
    };
    ck_assert_uint_eq(comments.count, 5);
    for (uint32_t i = 0; i < 5; i++) {
        const struct comment *c = &comments.at[i];
        ck_assert(str_eq(c->text, str_from(cases[i].text)));
        ck_assert_uint_eq(c->off, cases[i].off);
        ck_assert(c->own_line == cases[i].own && c->blank_before == cases[i].before);
        ck_assert(c->blank_after == cases[i].after && c->inside == cases[i].inside);
    }
}
END_TEST

START_TEST(looking_ahead_takes_nothing)
{
    struct lexer lx;
    lex_policy(&lx, a, &d, S("a # c\n$ b"), 0);
    lx.comments = &comments;
    lex_next(&lx);
    lex_next(&lx);
    ck_assert_uint_eq(lex_peek(&lx).kind, TK_BAD);
    ck_assert_uint_eq(d.list.count, 0);
    ck_assert_uint_eq(lex_next(&lx).kind, TK_BAD);
    ck_assert_uint_eq(d.list.count, 1);
    ck_assert_uint_eq(comments.count, 1);
}
END_TEST

START_TEST(a_condition_in_a_string_has_no_line_ends_and_no_comments)
{
    struct cond_text text = {.text = S("a\nand\r\nb; # c")};
    struct lexer lx;
    lex_condition(&lx, a, &d, &text);
    ck_assert_str_eq(kinds_of(&lx), "name and name ; bad end");
    ck_assert_str_eq(codes(), "E0124@10+3");
}
END_TEST

/* "\"e\\u0301\" x" in a YAML string: one source byte is not one byte of the condition. */
START_TEST(places_go_through_the_map)
{
    static const uint32_t map[] = {10, 11, 17, 18, 20, 20, 27};
    struct cond_text text = {.file = 3, .text = S("abc d\xc2"), .map = map};
    text.text.len = 5;
    struct lexer lx;
    lex_condition(&lx, a, &d, &text);
    struct token abc = lex_next(&lx), x = lex_next(&lx);
    ck_assert(abc.at.file == 3 && abc.at.off == 10 && abc.at.len == 8);
    ck_assert(x.at.off == 20 && x.at.len == 0);
}
END_TEST

START_TEST(words_are_in_order_and_names_unless_they_belong_to_conditions)
{
    for (size_t i = 0; i < WORD_COUNT; i++) {
        if (i) ck_assert_int_lt(str_cmp(str_from(words[i - 1].spelling), str_from(words[i].spelling)), 0);
        ck_assert_uint_eq(first_of(str_from(words[i].spelling)).kind, words[i].token);
        ck_assert_msg((GrammarFallback(words[i].token) == TK_NAME) == (words[i].use != WORD_CONDITION), "%s",
                      words[i].spelling);
    }
}
END_TEST

START_TEST(language_4_2_the_words_of_conditions)
{
    static const char *const reserved[] = {"and",  "or",   "not",    "true",   "false",    "has",
                                           "any",  "all",  "none",   "in",     "contains", "starts",
                                           "ends", "with", "exists", "during", "outside"};
    size_t count = 0;
    for (size_t i = 0; i < WORD_COUNT; i++) count += words[i].use == WORD_CONDITION;
    ck_assert_uint_eq(count, sizeof reserved / sizeof *reserved);
    for (size_t i = 0; i < count; i++)
        ck_assert_int_eq(find_word(str_from(reserved[i]))->use, WORD_CONDITION);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("lex");
    TCase *t = tcase_create("lex");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, language_3_1_where_statements_end);
    tcase_add_test(t, language_4_2_bare_names_by_category);
    tcase_add_test(t, numbers_and_literals);
    tcase_add_test(t, language_4_2_strings_and_their_escapes);
    tcase_add_test(t, a_string_without_escapes_is_not_copied);
    tcase_add_test(t, language_4_2_wrong_strings);
    tcase_add_test(t, operators_of_other_languages_come_back_as_ours);
    tcase_add_test(t, parentheses_nest_as_deep_as_is_allowed_and_no_deeper);
    tcase_add_test(t, language_3_1_comments_are_kept_with_their_places);
    tcase_add_test(t, looking_ahead_takes_nothing);
    tcase_add_test(t, a_condition_in_a_string_has_no_line_ends_and_no_comments);
    tcase_add_test(t, places_go_through_the_map);
    tcase_add_test(t, words_are_in_order_and_names_unless_they_belong_to_conditions);
    tcase_add_test(t, language_4_2_the_words_of_conditions);
    suite_add_tcase(s, t);
    return run_suite(s);
}
