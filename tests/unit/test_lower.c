/* Lowering: what of a policy stands where in the table (docs/TABLE-FORMAT.md, language.md 1.1, 2, 5). */
#include "compiled.h"
#include "image.h"
#include "run_suite.h"
#include "../../runtime/ops.h"
#include "../../compiler/lower.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct compiled x;

static void open_text(const char *text)
{
    compiled_open(&x, "p.shunt", text, false);
}
static void teardown(void)
{
    compiled_close(&x);
}

/* ---- strings, conditions and outcomes once ---- */

START_TEST(format_4_1_a_string_is_kept_once_in_the_order_of_its_first_use)
{
    open_text(
        "version 1\nlabels billing\nagent billing\nteam billing { agents billing }\notherwise to billing\n");
    ck_assert_uint_eq(le32(x.v.AGENT.at[0].name), le32(x.v.TEAM.at[0].name));
    ck_assert_uint_eq(le32(x.v.AGENT.at[0].name),
                      le32(x.v.ATOM.at[compiled_atom(&x, TF_LABELS, "billing")].string));
    ck_assert_uint_eq(le32(x.v.POLICY.at->unicode_version), 0);
    ck_assert_str_eq(view_string(&x.v, x.v.ATTR.at[0].name).p, "channel");
    ck_assert_uint_eq(le32(x.v.ATTR.at[0].name), 1);
}
END_TEST

START_TEST(format_5_conditions_that_are_alike_are_kept_once)
{
    open_text("version 1\nagent bo\nteam t { agents bo }\nteam u { agents bo }\n"
              "rule a { when labels has x and segments has v\n to t }\n"
              "rule b { when true\n add labels y\n continue }\n"
              "rule c { when (labels has x) and (segments has v)\n to u }\n"
              "otherwise to t\n");
    ck_assert_uint_eq(le32(x.v.RULE.at[0].code), le32(x.v.RULE.at[2].code));
    ck_assert_uint_ne(le32(x.v.RULE.at[0].code), le32(x.v.RULE.at[1].code));
    ck_assert_uint_eq(le32(x.v.RULE.at[1].code), le32(x.v.RULE.at[3].code)); /* otherwise is `true` */
}
END_TEST

START_TEST(format_4_5_outcomes_steps_and_lists_are_kept_once)
{
    open_text("version 1\nagent bo\nteam t { agents bo }\n"
              "rule a { when labels has x\n require skills s\n to t }\n"
              "rule b { when labels has y\n require skills s\n to t }\n"
              "rule c { when labels has z\n to t }\n"
              "otherwise to t\n");
    ck_assert_uint_eq(le32(x.v.RULE.at[0].outcome), le32(x.v.RULE.at[1].outcome));
    ck_assert_uint_eq(le32(x.v.RULE.at[2].outcome), le32(x.v.RULE.at[3].outcome));
    ck_assert_uint_eq(x.v.OUTCOME.count, 2);
    ck_assert_uint_eq(x.v.STEP.count, 1);
}
END_TEST

START_TEST(format_4_5_rules_then_takes_then_otherwise)
{
    open_text(
        "version 1\nagent bo\nteam t { agents bo\n takes labels x\n takes labels y }\nteam u { agents bo }\n"
        "team w { agents bo\n takes segments v }\nrule a { when true\n to u }\notherwise to unassigned\n");
    ck_assert_uint_eq(le32(x.v.POLICY.at->rule_count), 1);
    ck_assert_uint_eq(le32(x.v.POLICY.at->takes_count), 2);
    ck_assert_uint_eq(x.v.RULE.count, 4);
    static const uint32_t targets[4] = {1, 0, 2, TF_NONE};
    for (int i = 0; i < 4; i++) {
        const struct tf_outcome *o = &x.v.OUTCOME.at[le32(x.v.RULE.at[i].outcome)];
        ck_assert_uint_eq(le16(o->step_count), 1);
        ck_assert_uint_eq(le32(x.v.STEP.at[le32(o->step_first)].target), targets[i]);
    }
}
END_TEST

START_TEST(language_2_otherwise_is_nobody_where_it_is_not_said)
{
    open_text("version 1\nlabels a\n");
    ck_assert_uint_eq(x.v.POLICY.at->has_otherwise, 0);
    const struct tf_outcome *o = &x.v.OUTCOME.at[le32(x.v.RULE.at[0].outcome)];
    ck_assert_uint_eq(x.v.STEP.at[le32(o->step_first)].kind, TF_TO_NOBODY);
}
END_TEST

/* ---- conditions ---- */

/* The rule's condition: of each unit tag and number, in hexadecimal. */
static const char *code_of(const char *declarations, const char *condition)
{
    static char words[512];
    compiled_condition(&x, declarations, condition);
    uint32_t end = x.v.CODE.count - 1; /* `true`, otherwise's, comes behind it */
    size_t len = 0;
    for (uint32_t i = 0; i < end; i++)
        len += (size_t)snprintf(words + len, sizeof words - len, "%s%02x %x", i ? ", " : "", x.v.CODE.at[i].tag,
                                le16(x.v.CODE.at[i].number));
    compiled_close(&x);
    return words;
}

START_TEST(format_5_each_test_has_the_code_of_the_page)
{
    static const struct {
        const char *condition, *code;
    } rows[] = {
        {"labels has a", "05 5"}, /* channels are atoms 0 to 4 */
        {"labels has any (b, a)", "06 2, 84 5, 84 6"},
        {"labels has all (b, a)", "07 2, 84 5, 84 6"},
        {"labels has none (a)", "02 0, 05 5"},
        {"channel == email", "05 1"},
        {"channel not in (email, phone)", "02 0, 06 2, 84 1, 84 4"},
        {"priority >= high", "08 3, 83 2"},
        {"priority == high", "09 4"},
        {"priority in (low, urgent)", "09 9"},
        {"plan < pro", "08 7, 80 1"},
        {"plan == pro", "05 8"},
        {"total > 5", "0a 8, 82 0"},
        {"total in (7, -0, 0)", "0b 8, 84 2, 84 0, 84 1"},
        {"eu", "0d 9"},
        {"labels exists", "0c 1"},
        {"during always", "0e 0"},
        {"outside always", "02 0, 0e 0"},
        {"not (eu and labels has a)", "02 0, 03 2, 0d 9, 05 5"},
    };
    const char *declarations =
        "labels a, b\nfield plan is one of free, pro\nfield total is number\nfield eu is bool";
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        ck_assert_str_eq(code_of(declarations, rows[i].condition), rows[i].code);
    x = (struct compiled){0};
}
END_TEST

/* A test for each of so many labels: as many units, and one more. */
static void open_labels(char *text, size_t cap, uint32_t count)
{
    size_t len = (size_t)snprintf(text, cap, "version 1\nagent bo\nteam t { agents bo }\nrule r {\n    when ");
    for (uint32_t i = 0; i < count; i++)
        len += (size_t)snprintf(text + len, cap - len, "%slabels has a%05u", i ? " or " : "", i);
    snprintf(text + len, cap - len, "\n    to t\n}\notherwise to t\n");
    open_text(text);
}

/* Labels are atoms 5 and up: of the first so many none takes two units; then the last does; then five do, and
 * with them the length of the `or`, and places move along. */
START_TEST(format_5_lengths_and_numbers_of_32768_and_more_take_two_units)
{
    enum { CAP = 32768 * 32 };
    char *text = malloc(CAP);
    static const uint32_t counts[] = {32763, 32764, 32768};
    for (int k = 0; k < 3; k++) {
        uint32_t count = counts[k];
        open_labels(text, CAP, count);
        const struct tf_unit *p = x.v.CODE.at + le32(x.v.RULE.at[0].code);
        ck_assert_uint_eq(p->tag, TF_OP_OR);
        ck_assert_int_eq(p[1].tag == TF_TAG_HIGH, count == 32768);
        const struct tf_unit *end = unit_children(&p);
        ck_assert_ptr_eq(end, x.v.CODE.at + x.v.CODE.count - 1);
        uint32_t tests = 0, column = 10;
        for (uint32_t i = 0; i < x.v.SPAN.count; i++) {
            const struct tf_span *s = &x.v.SPAN.at[i];
            if (le32(s->kind) != TF_S_CODE || le32(s->index) == 0) continue;
            const struct tf_unit *has = &x.v.CODE.at[le32(s->index)];
            ck_assert_uint_eq(has->tag, TF_OP_HAS);
            ck_assert_uint_eq(unit_number(&has), 5 + tests);
            ck_assert_uint_eq(le32(s->column), column);
            column += 17 + 4;
            tests++;
        }
        ck_assert_uint_eq(tests, count);
        compiled_close(&x);
    }
    free(text);
    x = (struct compiled){0};
}
END_TEST

/* 64 parentheses, each an `or` of an `and` of a `not`, round a negated test, with match and active days
 * outside. */
START_TEST(format_5_the_deepest_condition_of_the_language_fits)
{
    char text[8192] = "version 1\ntimezone UTC\nagent bo\nteam t { agents bo }\nrule r {\n match segments v\n"
                      " active 12-24\n when ";
    for (int i = 0; i < 64; i++) strcat(text, "labels has a or labels has b and not (");
    strcat(text, "labels has a or labels has b and not channel != email");
    for (int i = 0; i < 64; i++) strcat(text, ")");
    strcat(text, "\n to t\n}\notherwise to t\n");
    open_text(text);
    ck_assert_uint_gt(x.v.CODE.count, 64 * 5);
}
END_TEST

START_TEST(language_4_4_texts_that_fold_alike_are_one_pattern)
{
    compiled_condition(
        &x, "", "subject contains any (\"Straße\", \"STRASSE\", \"x\") or subject contains \"strasse\"");
    ck_assert_uint_eq(le32(x.v.ATTR.at[TF_SUBJECT].atom_count), 2);
    uint32_t first = le32(x.v.ATTR.at[TF_SUBJECT].atom_first);
    ck_assert_str_eq(view_string(&x.v, x.v.ATOM.at[first].string).p, "strasse");
    ck_assert_str_eq(view_string(&x.v, x.v.ATOM.at[first + 1].string).p, "x");
}
END_TEST

START_TEST(format_3_numbers_ascend_and_are_kept_once)
{
    compiled_condition(&x, "field n is number", "n in (3, -2.5, 0) or n > 3 or n == -0 or n < 1e300");
    static const double expected[] = {-2.5, 0, 3, 1e300};
    ck_assert_uint_eq(x.v.NUMBER.count, 4);
    for (int i = 0; i < 4; i++) {
        uint64_t bits = le64(x.v.NUMBER.at[i]);
        double number;
        memcpy(&number, &bits, sizeof number);
        ck_assert_double_eq(number, expected[i]);
    }
}
END_TEST

/* ---- limits: at N and N + 1 ---- */

struct limited {
    uint32_t state_max;
    struct str table;
};

static void lower_again(void *ctx)
{
    struct limited *job = ctx;
    job->table = lower_within(x.c, job->state_max);
}

START_TEST(format_7_texts_of_more_bytes_than_an_automaton_holds_are_an_error_at_their_field)
{
    compiled_condition(&x, "field note is text", "note contains \"abcd\" or note contains \"abxy\"");
    struct limited seven = {7, {NULL, 0}}, six = {6, {NULL, 0}}; /* root, a, ab, abc, abx, abcd, abxy */
    ck_assert(arena_try(x.a, lower_again, &seven));
    ck_assert_ptr_nonnull(seven.table.p);
    ck_assert(arena_try(x.a, lower_again, &six));
    ck_assert_ptr_null(six.table.p);
    const struct diag *d = x.c->diags.list.at[x.c->diags.list.count - 1];
    ck_assert_str_eq(diag_rows[d->id].code, "E0701");
    ck_assert_str_eq(
        d->message.p,
        "the texts looked for in \"note\" are too long together: the table has room for 5 bytes");
    ck_assert_uint_eq(source_place(x.a, &x.c->sources.list.at[0], d->at).line, 2);
}
END_TEST

/* ---- hours ---- */

START_TEST(format_4_8_days_and_weeks_that_are_alike_are_kept_once)
{
    open_text(
        "version 1\ntimezone Europe/Stockholm\nhours a { mon-fri 09:00-17:00 }\n"
        "hours b like a { closed 12-24 }\nhours c outside a\n"
        "rule r { when during a and during b and during c\n to unassigned }\notherwise to unassigned\n");
    ck_assert_uint_eq(x.v.WEEK.count, 1);
    ck_assert_uint_eq(x.v.DAY.count, 2);
    ck_assert_uint_eq(le32(x.v.HOURS.at[1].week), le32(x.v.HOURS.at[2].week));
    ck_assert_uint_eq(le32(x.v.HOURS.at[3].week), TF_NONE);
    ck_assert_uint_eq(le32(x.v.HOURS.at[3].outside), 1);
    ck_assert_uint_eq(le32(x.v.HOURS.at[0].zone), TF_NONE);
}
END_TEST

/* ---- the same bytes ---- */

static const char yaml_policy[] =
    "shunt: 1\n"
    "name: acme\n"
    "timezone: Europe/Stockholm\n"
    "labels: [billing, refund]\n"
    "fields: {plan: [free, pro]}\n"
    "hours: {office: {weekly: {mon-fri: 09:00-17:00}}}\n"
    "agents: {anna: {skills: [money], limits: {email: 3}}, bo: {}}\n"
    "teams:\n"
    "  billing: {agents: [anna, bo], takes: {labels: [billing]}, hours: office}\n"
    "rules:\n"
    "  - rule: r\n"
    "    when: labels has refund and plan != free\n"
    "    require: {skills: [money]}\n"
    "    to: [billing, {unassigned: true, after: 2h of office}]\n"
    "otherwise: billing\n";
static const char dsl_policy[] = "policy acme version 1\n"
                                 "timezone Europe/Stockholm\n"
                                 "labels billing, refund\n"
                                 "field plan is one of free, pro\n"
                                 "hours office { mon-fri 09:00-17:00 }\n"
                                 "agent anna { skills money; limit email 3 }\n"
                                 "agent bo\n"
                                 "team billing { agents anna, bo; takes labels billing; hours office }\n"
                                 "# a comment\n"
                                 "rule r {\n"
                                 "    when labels has refund and not plan == free\n"
                                 "    require skills money\n"
                                 "    to billing, then unassigned after 2h of office\n"
                                 "}\n"
                                 "otherwise to billing\n";

START_TEST(language_1_1_either_spelling_gives_the_same_bytes_when_stripped)
{
    struct compiled y;
    compiled_open(&x, "p.yaml", yaml_policy, true);
    compiled_open(&y, "other.shunt", dsl_policy, true);
    ck_assert_uint_eq(x.c->table.len, y.c->table.len);
    ck_assert_mem_eq(x.c->table.p, y.c->table.p, x.c->table.len);
    ck_assert_uint_eq(x.v.SPAN.count + x.v.SOURCE_FILE.count + x.v.SOURCE_DIGEST.count, 0);
    ck_assert_uint_eq(le32(x.v.header->flags), TF_FLAG_STRIPPED);
    compiled_close(&y);
}
END_TEST

START_TEST(language_1_1_quotes_that_change_nothing_do_not_change_a_promise)
{
    open_text("version 1\nfield l is text\nagent a\nteam t { agents a }\notherwise to t\n"
              "promise l == \"sv\" and labels has \"x\" and l contains \"y\" => team \"t\"\n");
    ck_assert_str_eq(view_string(&x.v, x.v.PROMISE.at[0].text).p,
                     "l == sv and labels has x and l contains \"y\" => team t");
}
END_TEST

START_TEST(format_1_two_runs_give_the_same_bytes_wherever_memory_lies)
{
    struct compiled y;
    char *moved = malloc(12345);
    compiled_open(&x, "p.yaml", yaml_policy, false);
    compiled_open(&y, "p.yaml", yaml_policy, false);
    ck_assert_uint_eq(x.c->table.len, y.c->table.len);
    ck_assert_mem_eq(x.c->table.p, y.c->table.p, x.c->table.len);
    free(moved);
    compiled_close(&y);
}
END_TEST

/* ---- sources ---- */

/* "kind index line:column+length" of each span of that kind, joined by blanks. */
static const char *spans_of(enum tf_span_kind kind)
{
    static char out[1024];
    out[0] = 0;
    for (uint32_t i = 0; i < x.v.SPAN.count; i++) {
        const struct tf_span *s = &x.v.SPAN.at[i];
        if (le32(s->kind) != kind) continue;
        snprintf(out + strlen(out), sizeof out - strlen(out), "%s%u@%u:%u+%u", out[0] ? " " : "",
                 le32(s->index), le32(s->line), le32(s->column), le32(s->length));
    }
    return out;
}

START_TEST(format_4_11_spans_count_code_points_and_end_with_the_line)
{
    open_text("version 1\n"
              "labels å, b\n"
              "agent bo\nteam t { agents bo\n"
              "  takes labels å\n"
              "  takes labels b }\n"
              "rule r { when labels has å and labels has b\n"
              "  to t }\n"
              "otherwise to t\n");
    ck_assert_str_eq(spans_of(TF_S_CODE), "0@7:15+29 1@7:15+12 2@7:32+12 3@5:9+8 4@5:9+8 5@6:9+8");
    ck_assert_str_eq(spans_of(TF_S_TAKES), "1@5:9+8 1@6:9+8");
    ck_assert_str_eq(spans_of(TF_S_RULE_WHEN), "0@7:15+29");
    ck_assert_str_eq(spans_of(TF_S_AGENT), "0@3:1+8");
}
END_TEST

/* What joins tests stands from its first character to its last; a negated spelling where its test does. */
START_TEST(format_4_11_every_part_of_a_condition_has_a_span)
{
    open_text("version 1\ntimezone UTC\nagent bo\nteam t { agents bo\n"
              "  takes labels a, channel email }\n"
              "rule r { when (labels has a or not labels has b) and channel != email\n"
              "  active 12-24\n"
              "  to t }\n"
              "otherwise to t\n");
    ck_assert_str_eq(spans_of(TF_S_CODE), "0@6:15+55 1@7:10+5 2@6:15+55 3@6:16+32 4@6:16+12 5@6:32+16 "
                                          "6@6:36+12 7@6:54+16 8@6:54+16 9@5:9+23 10@5:9+8 11@5:19+13");
}
END_TEST

/* Compares the places of whole conditions with what diagnostics say; how many there are. */
static uint32_t compare_places(void)
{
    struct source *source = &x.c->sources.list.at[0];
    uint32_t checked = 0;
    for (uint32_t i = 0; i < x.v.SPAN.count; i++) {
        const struct tf_span *s = &x.v.SPAN.at[i];
        if (le32(s->kind) != TF_S_RULE_WHEN) continue;
        struct place place = source_place(x.a, source, x.c->model.rules.at[le32(s->index)].when_at);
        ck_assert_uint_eq(le32(s->line), place.line);
        ck_assert_uint_eq(le32(s->column), place.column);
        ck_assert_uint_eq(le32(s->length), place.length);
        checked++;
    }
    return checked;
}

/* Rules with `match` before `when`: their tests stand in the code in another order than in the source. */
START_TEST(places_are_those_of_the_diagnostics_on_a_long_line_too)
{
    char text[20000];
    int len = snprintf(text, sizeof text, "shunt: 1\nteams: {t: {}}\notherwise: t\nrules: [");
    for (int i = 0; i < 100; i++)
        len +=
            snprintf(text + len, sizeof text - (size_t)len,
                     "%s{rule: é%d, match: {labels: b}, when: labels has å%d, to: t}", i ? ", " : "", i, i);
    snprintf(text + len, sizeof text - (size_t)len, "]\n");
    compiled_open(&x, "p.yaml", text, false);
    ck_assert_uint_eq(compare_places(), 100);
}
END_TEST

/* Conditions at the ends of their lines, whichever end that is, and of the file; with names of two bytes a letter, and
 * without. */
START_TEST(places_are_those_of_the_diagnostics_at_the_ends_of_lines)
{
    static const char *const ends[] = {"\n", "\r\n", "\r"};
    const char *end = ends[_i / 2], *name = _i % 2 ? "\xc3\xa5" : "b";
    char text[2000];
    int len = snprintf(text, sizeof text, "shunt: 1%steams: {t: {}}%sotherwise: t%srules:%s", end, end, end, end);
    for (int i = 0; i < 8; i++)
        len += snprintf(text + len, sizeof text - (size_t)len, "- rule: r%d%s%s  to: t%s  when: labels has %s%d%s", i,
                        end, i % 3 ? "" : end, end, name, i, i < 7 ? end : "");
    compiled_open(&x, "p.yaml", text, false);
    ck_assert_uint_eq(compare_places(), 8);
}
END_TEST

/* printf '\x07\x00\x00\x00p.shunt\x0a\x00\x00\x00version 1\n' | sha256sum */
START_TEST(format_4_11_the_digest_is_sha_256_over_names_and_texts)
{
    static const uint8_t expected[32] = {0xf2, 0x12, 0x43, 0x78, 0x6b, 0x23, 0xd3, 0x78, 0x42, 0xcd, 0x98,
                                         0xec, 0xc8, 0xdc, 0x7e, 0x5b, 0xf5, 0xb7, 0xb3, 0x15, 0xa3, 0xe2,
                                         0x18, 0x6e, 0x99, 0x88, 0xf3, 0x20, 0x23, 0x5b, 0xa7, 0x80};
    open_text("version 1\n");
    ck_assert_uint_eq(x.v.SOURCE_DIGEST.count, 32);
    ck_assert_mem_eq(x.v.SOURCE_DIGEST.at, expected, 32);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("lower");
    TCase *t = tcase_create("lower");
    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, NULL, teardown);
    tcase_add_test(t, format_4_1_a_string_is_kept_once_in_the_order_of_its_first_use);
    tcase_add_test(t, format_5_conditions_that_are_alike_are_kept_once);
    tcase_add_test(t, format_4_5_outcomes_steps_and_lists_are_kept_once);
    tcase_add_test(t, format_4_5_rules_then_takes_then_otherwise);
    tcase_add_test(t, language_2_otherwise_is_nobody_where_it_is_not_said);
    tcase_add_test(t, format_5_each_test_has_the_code_of_the_page);
    tcase_add_test(t, format_5_lengths_and_numbers_of_32768_and_more_take_two_units);
    tcase_add_test(t, format_5_the_deepest_condition_of_the_language_fits);
    tcase_add_test(t, language_4_4_texts_that_fold_alike_are_one_pattern);
    tcase_add_test(t, format_3_numbers_ascend_and_are_kept_once);
    tcase_add_test(t, format_7_texts_of_more_bytes_than_an_automaton_holds_are_an_error_at_their_field);
    tcase_add_test(t, format_4_8_days_and_weeks_that_are_alike_are_kept_once);
    tcase_add_test(t, language_1_1_either_spelling_gives_the_same_bytes_when_stripped);
    tcase_add_test(t, language_1_1_quotes_that_change_nothing_do_not_change_a_promise);
    tcase_add_test(t, format_1_two_runs_give_the_same_bytes_wherever_memory_lies);
    tcase_add_test(t, format_4_11_spans_count_code_points_and_end_with_the_line);
    tcase_add_test(t, format_4_11_every_part_of_a_condition_has_a_span);
    tcase_add_test(t, places_are_those_of_the_diagnostics_on_a_long_line_too);
    tcase_add_loop_test(t, places_are_those_of_the_diagnostics_at_the_ends_of_lines, 0, 6);
    tcase_add_test(t, format_4_11_the_digest_is_sha_256_over_names_and_texts);
    suite_add_tcase(s, t);
    return run_suite(s);
}
