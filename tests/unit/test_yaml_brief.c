/*
 * libyaml's events in brief (compiler/yaml_brief.h) beside libyaml's own: whatever the text, they say the
 * same.
 */
#include "run_suite.h"
#include "yaml_brief.h"

#include <check.h>

/* What drawn texts are made of: all that changes what an event says, or where. */
static const char *const pieces[] = {
    "a",       "b c",         "'",    "\"",       "''",    "\\n",   "\\\"",   "\\u00e9", "é",
    "€",       "!",           "! ",   "!t ",      "&x ",   "*x",    ": ",     "- ",      "? ",
    "{",       "}",           "[",    "]",        ", ",    "\n",    "\n  ",   "\n- ",    "\n\n",
    " ",       "|\n",         ">-\n", "#c\n",     "---\n", "...\n", "k: v\n", "~",       "'a''b'",
    "'a\n b'", "\"a\\\n b\"", "\r\n", "\xc2\x85", "😀",
};

static uint32_t draw(uint64_t *state, uint32_t n)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 33) % n;
}

static void begin(yaml_parser_t *parser, struct str text)
{
    ck_assert(yaml_parser_initialize(parser));
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(parser, (const unsigned char *)text.p, text.len);
}

/* Where libyaml's mark is, counted from the text's beginning. */
static uint32_t place_of(struct str text, yaml_mark_t mark)
{
    size_t off = 0;
    for (size_t i = 0; i < mark.index && off < text.len; i++) utf8_next(text, &off);
    return (uint32_t)off;
}

static void same_text(struct str text, const yaml_event_t *e, const struct yaml_brief *b)
{
    uint32_t quote = b->style == YAML_SINGLE || b->style == YAML_DOUBLE;
    struct str value = {(const char *)e->data.scalar.value, e->data.scalar.length};
    ck_assert(!e->data.scalar.anchor && !e->data.scalar.tag);
    ck_assert_uint_ge(b->to - b->from, 2 * quote);
    ck_assert(str_eq(value, (struct str){text.p + b->from + quote, b->to - b->from - 2 * quote}));
    ck_assert_int_eq(quote, e->data.scalar.style == YAML_SINGLE_QUOTED_SCALAR_STYLE ||
                                e->data.scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE);
}

/* An event that is only brief lacks nothing. */
static void same_event(struct str text, const yaml_event_t *e, const struct yaml_brief *b)
{
    ck_assert_int_eq(b->type, e->type);
    ck_assert_uint_eq(b->from, place_of(text, e->start_mark));
    ck_assert_uint_eq(b->to, place_of(text, e->end_mark));
    if (e->type == YAML_DOCUMENT_START_EVENT) ck_assert_int_eq(b->implicit, e->data.document_start.implicit);
    if (e->type == YAML_DOCUMENT_END_EVENT) ck_assert_int_eq(b->implicit, e->data.document_end.implicit);
    if (e->type == YAML_SEQUENCE_START_EVENT)
        ck_assert_int_eq(b->style == YAML_FLOW, e->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE);
    if (e->type == YAML_MAPPING_START_EVENT)
        ck_assert_int_eq(b->style == YAML_FLOW, e->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE);
    if (b->whole) return;
    ck_assert_int_ne(e->type, YAML_ALIAS_EVENT);
    if (e->type == YAML_SCALAR_EVENT) same_text(text, e, b);
    if (e->type == YAML_SEQUENCE_START_EVENT)
        ck_assert(!e->data.sequence_start.anchor && !e->data.sequence_start.tag);
    if (e->type == YAML_MAPPING_START_EVENT)
        ck_assert(!e->data.mapping_start.anchor && !e->data.mapping_start.tag);
}

/* Both parsers side by side; how many texts were the source's own bytes. */
static uint32_t compare(struct str text)
{
    yaml_parser_t own, other;
    yaml_event_t e, room;
    struct yaml_brief b;
    struct yaml_marks marks = {.text = text, .ascii = true};
    uint32_t brief_count = 0;
    for (size_t i = 0; i < text.len; i++) marks.ascii &= (unsigned char)text.p[i] < 0x80;
    begin(&own, text);
    begin(&other, text);
    for (bool more = true; more;) {
        bool right = yaml_parser_parse(&own, &e);
        ck_assert_int_eq(right, yaml_brief_next(&other, &marks, &room, &b));
        if (!right) break;
        same_event(text, &e, &b);
        more = e.type != YAML_STREAM_END_EVENT;
        brief_count += e.type == YAML_SCALAR_EVENT && !b.whole;
        if (b.whole) yaml_event_delete(&room);
        yaml_event_delete(&e);
    }
    ck_assert_int_eq(own.error, other.error);
    yaml_parser_delete(&own);
    yaml_parser_delete(&other);
    return brief_count;
}

START_TEST(a_brief_event_says_what_libyamls_does)
{
    uint64_t state = 1;
    uint32_t brief_count = 0;
    char text[256];
    for (int i = 0; i < 30000; i++) {
        size_t len = 0;
        for (uint32_t k = 1 + draw(&state, 14); k; k--) {
            const char *piece = pieces[draw(&state, sizeof pieces / sizeof *pieces)];
            size_t n = strlen(piece);
            if (len + n > sizeof text) break;
            memcpy(text + len, piece, n);
            len += n;
        }
        brief_count += compare((struct str){text, len});
    }
    ck_assert_uint_gt(brief_count, 10000);
}
END_TEST

START_TEST(texts_as_they_stand_are_brief_and_no_others)
{
    ck_assert_uint_eq(compare(S("{rule: r1, when: 'labels has a', to: \"b\"}")), 6);
    ck_assert_uint_eq(compare(S("- é\n- '€ b'\n- \n")), 3);
    ck_assert_uint_eq(
        compare(S("- 'a''b'\n- \"\\n\"\n- a\n  b\n- &x c\n- !t d\n- ! e\n- |\n  f\n- >-\n  g\n")), 0);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("yaml_brief");
    TCase *t = tcase_create("yaml_brief");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, a_brief_event_says_what_libyamls_does);
    tcase_add_test(t, texts_as_they_stand_are_brief_and_no_others);
    suite_add_tcase(s, t);
    return run_suite(s);
}
