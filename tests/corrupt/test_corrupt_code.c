/*
 * Conditions, automata and the index (docs/TABLE-FORMAT.md 5, 7 and 8) with one defect each: where the
 * verifier finds it and what it says; and beside them what stands at the edge of what may be, which must
 * open.
 */
#include "run_suite.h"
#include "table_rows.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char reserved[] = "reserved bytes are not zero";

/* The states: root, "a", "b", "ab"; the edges lead to them in turn. */
START_TEST(table_format_7_automata)
{
    static const char states[] = "its states do not follow those before", nothing[] = "nothing leads to it",
                      more[] = "its edges lead to more states than there are",
                      upwards[] = "its link does not lead upwards", elsewhere[] = "its link leads elsewhere";
    enum { ONE = 1 << TF_AC_SHIFT };
    static const struct table_row rows[] = {
        {{E(AC_ROOT, 0, tf_automaton, attr, 11)}, IS(AC_ROOT, 0, "attributes out of order")},
        {{E(AC_ROOT, 0, tf_automaton, attr, TF_BODY)}, IS(AC_ROOT, 0, "an attribute without patterns")},
        {{E(AC_ROOT, 0, tf_automaton, attr, 1)}, IS(AC_ROOT, 0, "an attribute without patterns")},
        {{E(AC_ROOT, 0, tf_automaton, state_first, 1)}, IS(AC_ROOT, 0, states)},
        {{E(AC_ROOT, 0, tf_automaton, state_count, 5)}, IS(AC_ROOT, 0, states)},
        {{E(AC_ROOT, 0, tf_automaton, state_count, 0)}, IS(AC_ROOT, 0, states)},
        {{E(AC_ROOT, 0, tf_automaton, state_count, TF_AC_STATES_MAX)}, IS(AC_ROOT, 0, states)},
        {{E(AC_ROOT, 0, tf_automaton, state_count, TF_AC_STATES_MAX + 1)},
         IS(AC_ROOT, 0, "more states than links can name")},
        {{E(AC_ROOT, 0, tf_automaton, state_count, 3)}, IS(AC_STATE, 1, more)},
        {{E(AC_STATE, 0, tf_ac_state, fail_edges, 0)}, IS(AC_STATE, 1, nothing)},
        {{E(AC_STATE, 0, tf_ac_state, fail_edges, 3 * ONE)}, IS(AC_EDGE, 2, "bytes do not rise")},
        {{E(AC_STATE, 0, tf_ac_state, fail_edges, 4 * ONE)}, IS(AC_STATE, 0, more)},
        {{E(AC_STATE, 0, tf_ac_state, fail_edges, ONE), E(AC_STATE, 1, tf_ac_state, fail_edges, 0)},
         IS(AC_STATE, 2, nothing)},
        {{E(AC_STATE, 1, tf_ac_state, fail_edges, 2 * ONE)}, IS(AC_STATE, 1, more)},
        {{E(AC_STATE, 1, tf_ac_state, fail_edges, 0)}, IS(AC_STATE, 3, nothing)},
        {{E(AC_STATE, 1, tf_ac_state, fail_edges, 255U * ONE)}, IS(AC_STATE, 1, more)},
        {{E(AC_STATE, 3, tf_ac_state, fail_edges, ONE | 2)}, IS(AC_STATE, 3, more)},
        {{E(AC_STATE, 1, tf_ac_state, fail_edges, 0), E(AC_STATE, 2, tf_ac_state, fail_edges, ONE),
          E(AC_STATE, 3, tf_ac_state, fail_edges, 0)},
         OPENS}, /* "bb": as far as can be seen, "ab" */
        {{{TF_AC_EDGE, 0, 0, 1, 'b'}}, IS(AC_EDGE, 1, "bytes do not rise")},
        {{{TF_AC_EDGE, 1, 0, 1, 'a'}}, IS(AC_EDGE, 1, "bytes do not rise")},
        {{{TF_AC_EDGE, 2, 0, 1, 'a'}}, IS(AC_STATE, 3, elsewhere)},
        {{{TF_AC_EDGE, 2, 0, 1, 'a'}, E(AC_STATE, 3, tf_ac_state, fail_edges, 1)},
         IS(AC_PATTERN, 2, "a pattern that ends otherwise")},
        {{E(AC_STATE, 0, tf_ac_state, fail_edges, 2 * ONE | 1)}, IS(AC_STATE, 0, upwards)},
        {{E(AC_STATE, 1, tf_ac_state, fail_edges, ONE | 1)}, IS(AC_STATE, 1, upwards)},
        {{E(AC_STATE, 2, tf_ac_state, fail_edges, 1)}, IS(AC_STATE, 2, upwards)},
        {{E(AC_STATE, 3, tf_ac_state, fail_edges, 3)}, IS(AC_STATE, 3, upwards)},
        {{E(AC_STATE, 3, tf_ac_state, fail_edges, TF_AC_MASK)}, IS(AC_STATE, 3, upwards)},
        {{E(AC_STATE, 3, tf_ac_state, fail_edges, 1)}, IS(AC_STATE, 3, elsewhere)},
        {{E(AC_STATE, 3, tf_ac_state, fail_edges, 0)}, OPENS}, /* not the longest */
    };
    CHECK_ROWS(rows);
}
END_TEST

/* "starts with a", "ends with b"; of "ab" "is" and "contains". */
START_TEST(table_format_7_patterns)
{
    static const char other[] = "a pattern that is not its attribute's",
                      twice[] = "a pattern that is there twice", rise[] = "they do not rise",
                      length[] = "a pattern of another length";
    static const struct table_row rows[] = {
        {{E(AC_PATTERN, 3, tf_ac_pattern, state, 4)}, IS(AC_PATTERN, 3, "no such state")},
        {{E(AC_PATTERN, 3, tf_ac_pattern, state, TF_NONE)}, IS(AC_PATTERN, 3, "no such state")},
        {{E(AC_PATTERN, 3, tf_ac_pattern, atom, 12)}, IS(AC_PATTERN, 3, "no such atom")},
        {{E(AC_PATTERN, 0, tf_ac_pattern, atom, 4)}, IS(AC_PATTERN, 0, other)},
        {{E(AC_PATTERN, 3, tf_ac_pattern, atom, 9)}, IS(AC_PATTERN, 3, rise)}, /* kind 0 */
        {{E(AC_PATTERN, 3, tf_ac_pattern, atom, 5)}, IS(AC_PATTERN, 3, rise)},
        {{E(AC_PATTERN, 2, tf_ac_pattern, atom, 8)}, IS(AC_PATTERN, 3, rise)},
        {{E(AC_PATTERN, 3, tf_ac_pattern, atom, 7)}, IS(AC_PATTERN, 3, twice)},
        {{E(AC_PATTERN, 1, tf_ac_pattern, state, 0)}, IS(AC_PATTERN, 1, rise)},
        {{E(AC_PATTERN, 0, tf_ac_pattern, state, 0)}, IS(AC_PATTERN, 0, length)},
        {{E(AC_PATTERN, 0, tf_ac_pattern, atom, 8)}, IS(AC_PATTERN, 0, length)},
        {{E(AC_PATTERN, 2, tf_ac_pattern, state, 2)}, IS(AC_PATTERN, 2, rise)},
        {{E(AC_PATTERN, 1, tf_ac_pattern, state, 3)}, IS(AC_PATTERN, 2, rise)},
        {{E(AC_PATTERN, 0, tf_ac_pattern, atom, 7)}, IS(AC_PATTERN, 0, "a pattern that ends otherwise")},
        {{E(ATOM, 5, tf_atom, kind, TF_ATOM_PREFIX)}, OPENS}, /* another pattern, as well as it was */
        {{E(ATOM, 5, tf_atom, kind, TF_ATOM_CONTAINS)}, IS(AC_PATTERN, 3, rise)},
    };
    CHECK_ROWS(rows);
}
END_TEST

START_TEST(table_format_8_the_index)
{
    static const char buckets[] = "buckets do not follow each other", fact[] = "no such fact",
                      channel[] = "a channel that its guard can say",
                      timed[] = "hours or dates that are not asked for", rule[] = "no rule of this index",
                      cover[] = "buckets that do not cover the entries";
    static const struct table_row rows[] = {
        {{E4(INDEX_BUCKET, 0, 0, 1)}, IS(INDEX_BUCKET, 0, cover)},
        {{E4(INDEX_BUCKET, 13, 0, 4)}, IS(INDEX_BUCKET, 0, cover)},
        {{E4(INDEX_BUCKET, 2, 0, 6)}, IS(INDEX_BUCKET, 1, buckets)},
        {{E4(INDEX_BUCKET, 1, 0, 5)}, IS(INDEX_ENTRY, 2, "rules do not rise in their bucket")},
        {{E(INDEX_ENTRY, 4, tf_entry, key, 2 * SAMPLE_NUMBERS + 1)}, OPENS}, /* as the one before it */
        {{E(INDEX_ENTRY, 4, tf_entry, key, 2 * SAMPLE_NUMBERS)},
         IS(INDEX_ENTRY, 4, "rules do not rise in their bucket")},
        {{E(INDEX_ENTRY, 0, tf_entry, key, 2 * 5)}, IS(INDEX_ENTRY, 0, rule)},
        {{E(INDEX_ENTRY, 0, tf_entry, key, 2 * SAMPLE_MORE)}, IS(INDEX_ENTRY, 0, rule)},
        {{E(INDEX_ENTRY, 0, tf_entry, also, SAMPLE_FACTS - 1)}, OPENS},
        {{E(INDEX_ENTRY, 0, tf_entry, also, SAMPLE_FACTS)}, IS(INDEX_ENTRY, 0, fact)},
        {{E(INDEX_ENTRY, 0, tf_entry, third, 2 * SAMPLE_FACTS - 1)}, OPENS},
        {{E(INDEX_ENTRY, 0, tf_entry, third, 2 * SAMPLE_FACTS)}, IS(INDEX_ENTRY, 0, fact)},
        {{E(INDEX_ENTRY, 0, tf_entry, also, 0)}, IS(INDEX_ENTRY, 0, channel)},
        {{E(INDEX_ENTRY, 0, tf_entry, also, 1)}, IS(INDEX_ENTRY, 0, channel)},
        {{E(INDEX_ENTRY, 0, tf_entry, also, 2)}, OPENS}, /* the first label */
        {{E(INDEX_ENTRY, 0, tf_entry, third, 2)}, IS(INDEX_ENTRY, 0, channel)},
        {{E(INDEX_ENTRY, 0, tf_entry, third, 3)}, OPENS}, /* forbidden */
        {{E(INDEX_ENTRY, 0, tf_entry, third, 4)}, OPENS},
        {{E(CONT_ENTRY, 0, tf_entry, third, 2)}, IS(CONT_ENTRY, 0, channel)},
        {{E(INDEX_ENTRY, 0, tf_entry, also, SAMPLE_HOURS)}, OPENS},
        {{E(INDEX_ENTRY, 0, tf_entry, third, 2 * SAMPLE_BOUNDS - 2)}, OPENS},
        {{E(INDEX_ENTRY, 0, tf_entry, third, 2 * SAMPLE_BOUNDS + 1)}, OPENS},
        {{E(INDEX_ENTRY, 0, tf_entry, third, 2 * SAMPLE_HOURS - 1)}, OPENS},
        {{E(INDEX_ENTRY, 0, tf_entry, third, 2 * SAMPLE_HOURS + 1)}, IS(INDEX_ENTRY, 0, timed)},
        {{E(INDEX_ENTRY, 0, tf_entry, third, 2 * SAMPLE_BOUNDS - 1)}, IS(INDEX_ENTRY, 0, timed)},
        {{E(INDEX_ENTRY, 0, tf_entry, also, SAMPLE_HOURS),
          E(INDEX_ENTRY, 0, tf_entry, key, 2 * SAMPLE_FIRST)},
         IS(INDEX_ENTRY, 0, timed)},
        {{E(INDEX_ENTRY, 0, tf_entry, third, 2 * SAMPLE_BOUNDS - 2),
          E(INDEX_ENTRY, 0, tf_entry, key, 2 * SAMPLE_FIRST)},
         IS(INDEX_ENTRY, 0, timed)},
        {{E(CONT_ENTRY, 0, tf_entry, key, 2 * SAMPLE_FIRST)}, IS(CONT_ENTRY, 0, rule)},
        {{E(CONT_ENTRY, 0, tf_entry, also, SAMPLE_FACTS)}, IS(CONT_ENTRY, 0, fact)},
        {{{TF_INDEX_SIG, 14, 0, 1, 1}}, OPENS}, /* of the last entry */
        {{{TF_INDEX_SIG, 15, 0, 1, 1}}, IS(INDEX_SIG, 15, reserved)},
        {{{TF_INDEX_SIG, 46, 0, 1, 1}}, IS(INDEX_SIG, 15, reserved)},
        {{{TF_CONT_SIG, 37, 0, 1, 1}}, IS(CONT_SIG, 6, reserved)},
    };
    CHECK_ROWS(rows);
}
END_TEST

/* One record more, where the format says how many there are. */
START_TEST(table_format_8_as_many_as_there_are_entries)
{
    static const struct table_row rows[] = {
        {{NO_EDIT}, IS(INDEX_BUCKET, 0, "a bucket is missing")},
        {{NO_EDIT}, IS(INDEX_SIG, 0, "not as many as the entries need")},
        {{NO_EDIT}, IS(CONT_BUCKET, 0, "a bucket is missing")},
        {{NO_EDIT}, IS(CONT_SIG, 0, "not as many as the entries need")},
        {{NO_EDIT}, IS(POLICY, 0, "not exactly one policy")},
        {{NO_EDIT}, IS(ATOM_HASH, 0, "its length is not a power of two")},
        {{NO_EDIT}, IS(AC_ROOT, 2, "an automaton is missing")},
        {{NO_EDIT}, IS(AC_STATE, 4, "states of no automaton")},
        {{NO_EDIT}, IS(AC_EDGE, 3, "edges of no automaton")},
        {{NO_EDIT}, IS(AC_PATTERN, 4, "they do not rise")},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        static const uint32_t lens[] = {4,
                                        1,
                                        4,
                                        1,
                                        sizeof(struct tf_policy),
                                        4,
                                        sizeof(struct tf_automaton),
                                        sizeof(struct tf_ac_state),
                                        1,
                                        sizeof(struct tf_ac_pattern)};
        static const uint32_t sections[] = {TF_INDEX_BUCKET, TF_INDEX_SIG, TF_CONT_BUCKET, TF_CONT_SIG,
                                            TF_POLICY,       TF_ATOM_HASH, TF_AC_ROOT,     TF_AC_STATE,
                                            TF_AC_EDGE,      TF_AC_PATTERN};
        static const uint8_t zero[256] = {0};
        struct image m;
        fuller_sample(&m);
        image_add(&m, sections[i], zero, lens[i], 1);
        check_image(&m, &rows[i], (int)i);
        image_free(&m);
    }
}
END_TEST

/* A byte more for each entry: second hashes, whatever they are. Not for some of them. */
START_TEST(table_format_8_signatures_have_three_bytes_or_four)
{
    static const uint32_t sections[] = {TF_INDEX_SIG, TF_CONT_SIG}, entries[] = {5, 2};
    static const char few[] = "not as many as the entries need";
    static const uint8_t zero[16] = {0}, any[16] = {255, 254, 1, 2, 3};
    for (int i = 0; i < 2; i++) {
        for (uint32_t more = 0; more <= 2 * entries[i]; more++) {
            struct image m;
            fuller_sample(&m);
            uint8_t *sig = image_at(&m, sections[i], 0);
            memcpy(sig + 3 * entries[i], any, entries[i]); /* where the zeros would stand */
            image_add(&m, sections[i], zero, 1, more);
            struct table_row row = {{NO_EDIT}, sections[i], 0, few};
            if (more == 0) row.reason = reserved, row.record = 3 * entries[i];
            if (more == entries[i]) row.reason = NULL;
            check_image(&m, &row, (int)more);
            image_free(&m);
        }
    }
}
END_TEST

/* ---- conditions ---- */

START_TEST(table_format_5_numbers)
{
    static const struct table_row rows[] = {
        {{E8(NUMBER, 0, UINT64_C(0x7fefffffffffffff)), E8(NUMBER, 1, UINT64_C(0x7ff0000000000000))},
         IS(NUMBER, 1, "not finite")},
        {{E8(NUMBER, 1, UINT64_C(0x7fefffffffffffff))}, OPENS},
        {{E8(NUMBER, 1, UINT64_C(0x7ff8000000000000))}, IS(NUMBER, 1, "not finite")},
        {{E8(NUMBER, 0, 0)}, OPENS},
        {{E8(NUMBER, 0, UINT64_C(0x8000000000000000))}, IS(NUMBER, 0, "minus zero")},
        {{E8(NUMBER, 0, UINT64_C(0xffefffffffffffff))}, OPENS},
        {{E8(NUMBER, 1, UINT64_C(0x4024000000000000))}, IS(NUMBER, 1, "numbers do not rise")},
    };
    CHECK_ROWS(rows);
}
END_TEST

/* One more condition behind the sample's: units in hex. */
struct code_row {
    const char *code, *reason;
    uint32_t at; /* the node that is wrong, from the condition on */
};

static size_t from_hex(const char *hex, struct tf_unit *out)
{
    size_t count = 0;
    for (unsigned tag, low, high; sscanf(hex, "%2x%2x%2x", &tag, &low, &high) == 3; hex += hex[6] ? 7 : 6)
        out[count++] = (struct tf_unit){(uint8_t)tag, {{(uint8_t)low, (uint8_t)high}}};
    return count;
}

static void check_code(const struct tf_unit *code, size_t count, uint32_t at, const char *reason, int number)
{
    struct image m;
    fuller_sample(&m);
    uint32_t before = (uint32_t)image_count(&m, TF_CODE);
    image_add(&m, TF_CODE, code, sizeof *code, count);
    struct table_row row = {{NO_EDIT}, TF_CODE, before + at, reason};
    check_image(&m, &row, number);
    image_free(&m);
}

START_TEST(table_format_5_conditions)
{
    static const char cut[] = "it is cut off", none[] = "there is nothing of that number",
                      half[] = "half a number", longer[] = "a number longer than it need be",
                      missing[] = "a number is missing", few[] = "too few", op[] = "an unknown op",
                      cmp[] = "an unknown comparison",
                      type[] = "a test that does not fit the attribute's type",
                      several[] = "atoms of several attributes", rise[] = "they do not rise",
                      nest[] = "lengths that do not nest", levels[] = "no set of priorities";
    static const struct code_row rows[] = {
        {"100000", op, 0},
        {"800000", op, 0},
        {"840000", op, 0},
        {"850000", op, 0},
        {"050b00", NULL, 0},
        {"050c00", none, 0},
        {"05ff7f", none, 0},
        {"050080", half, 0},
        {"050080 050000", half, 0},
        {"050080 840100", half, 0},
        {"050080 850000", longer, 0},
        {"050080 850100", none, 0},
        {"050080 85ffff", none, 0},
        {"05ffff 85ffff", none, 0},
        {"050b00 850100", op, 1},
        {"050b00 840100", op, 1},
        {"000000", NULL, 0},
        {"000100", reserved, 0},
        {"010000", NULL, 0},
        {"010080", reserved, 0},
        {"020000 000000", NULL, 0},
        {"020100 000000", reserved, 0},
        {"020000", cut, 0},
        {"020000 020000 050b00", NULL, 0},
        {"020000 050b00", NULL, 0},
        {"020000 050c00", none, 1},
        {"020000 840000", op, 1},
        {"020000 030200 000000 000000", NULL, 0},
        {"030200 000000 000000", NULL, 0},
        {"030100 000000", few, 0},
        {"030000", few, 0},
        {"030200 020000 000000", nest, 2},
        {"030200 000000 020000 000000", nest, 3},
        {"030300 000000 000000 000000", NULL, 0},
        {"030300 000000 000000", cut, 0},
        {"030200 050000 800000", op, 2},
        {"030200 050000 050c00", none, 2},
        {"030280 850000 000000 000000", longer, 0},
        {"030080 850100 000000 000000", cut, 0},
        {"040200 000000 000000", NULL, 0},
        {"040600 030200 050000 050100 030200 050200 050300", NULL, 0},
        {"040600 030200 050000 050100 030200 050200 050300 000000", NULL, 0},
        {"040600 030200 050000 050100 030100 050200 050300", few, 4},
        {"040600 030200 050000 050100 030300 050200 050300 000000", nest, 7},
        {"040300 030200 050000 050100", nest, 3},
        {"040300 030200 050000 050100 000000", nest, 3},
        {"060200 840000 840100", NULL, 0},
        {"060200 840000 050100", missing, 0},
        {"060200 840000", cut, 0},
        {"060200 840000 840100 840100", op, 3},
        {"060100 840000", few, 0},
        {"060200 840000 840000", rise, 0},
        {"060200 840100 840200", several, 0},
        {"060200 840400 840b00", several, 0},
        {"060200 840200 840300", NULL, 0},
        {"070200 840200 840300", NULL, 0}, /* HAS_ALL of labels */
        {"070200 840000 840100", type, 0}, /* of channels */
        {"070200 840500 840600", type, 0}, /* of patterns */
        {"080700 830100", NULL, 0},        /* COMPARE plan */
        {"080700 830200", none, 0},
        {"080700 840100", cmp, 0},
        {"080700 050100", cmp, 0},
        {"080700", cut, 0},
        {"080300 830300", NULL, 0}, /* COMPARE priority */
        {"080300 830400", none, 0},
        {"080300 840300", cmp, 0},
        {"080300 030200 050000 050100", cmp, 0},
        {"080300", cut, 0},
        {"030200 050000 080300 830300", nest, 2},
        {"030300 050000 080300 830300", NULL, 0},
        {"030300 080300 830300 050000", NULL, 0},
        {"030300 080300 830400 050000", none, 1},
        {"080800 830100", type, 0}, /* of a number */
        {"080b00 830100", none, 0}, /* no such attribute */
        {"090100", NULL, 0},
        {"090e00", NULL, 0},
        {"090000", levels, 0},
        {"090f00", levels, 0},
        {"0a0800 830100", NULL, 0},
        {"0a0800 830200", none, 0},
        {"0a0700 830100", type, 0},
        {"0b0800 840100 840000", NULL, 0},
        {"0b0800 840200 840000 840100", NULL, 0},
        {"0b0800 840000", few, 0},
        {"0b0800 050100 840000", missing, 0},
        {"0b0800 840200 840100 840100", rise, 0},
        {"0b0800 840100 840200", none, 0},
        {"0c0a00", NULL, 0},
        {"0c0b00", none, 0},
        {"0d0900", NULL, 0},
        {"0d0800", type, 0},
        {"0e0200", NULL, 0},
        {"0e0300", none, 0},
        {"0f0400", NULL, 0},
        {"0f0500", none, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct tf_unit code[16];
        check_code(code, from_hex(rows[i].code, code), rows[i].at, rows[i].reason, (int)i);
    }
}
END_TEST

/* AND of so many TRUEs that a word of bits is full, that its length takes a second unit; and one TRUE more or
 * less than it says. */
START_TEST(table_format_5_lengths_of_chains)
{
    static const uint32_t lens[] = {62, 63, 64, 65, 127, 128, 32767, 32768, 65535, 65536, 2097152};
    for (size_t i = 0; i < sizeof lens / sizeof *lens; i++) {
        struct tf_unit *code = calloc(lens[i] + 3, sizeof *code);
        bool wide = lens[i] >= TF_WIDE;
        size_t at = 0;
        code[at++] = (struct tf_unit){TF_OP_AND, to_le16((uint16_t)(wide ? TF_WIDE | lens[i] : lens[i]))};
        if (wide) code[at++] = (struct tf_unit){TF_TAG_HIGH, to_le16((uint16_t)(lens[i] >> TF_WIDE_SHIFT))};
        check_code(code, at + lens[i], 0, NULL, (int)i);
        check_code(code, at + lens[i] + 1, 0, NULL, (int)i);
        check_code(code, at + lens[i] - 1, 0, "it is cut off", (int)i);
        free(code);
    }
}
END_TEST

/* As deep as may be, and one deeper: NOTs, and ANDs that each have the next and a TRUE. */
START_TEST(table_format_5_nesting)
{
    struct tf_unit code[2 * TF_NESTING_MAX + 2];
    for (uint32_t deep = TF_NESTING_MAX - 1; deep <= TF_NESTING_MAX; deep++) {
        const char *wrong = deep == TF_NESTING_MAX ? "conditions nested too deep" : NULL;
        for (uint32_t i = 0; i < deep; i++) code[i] = (struct tf_unit){TF_OP_NOT, to_le16(0)};
        code[deep] = (struct tf_unit){TF_OP_TRUE, to_le16(0)};
        check_code(code, deep + 1, deep - 1, wrong, (int)deep);
        for (uint32_t i = 0; i < deep; i++)
            code[i] = (struct tf_unit){TF_OP_AND, to_le16((uint16_t)(2 * (deep - i)))};
        for (uint32_t i = deep; i <= 2 * deep; i++) code[i] = (struct tf_unit){TF_OP_TRUE, to_le16(0)};
        check_code(code, 2 * deep + 1, deep - 1, wrong, (int)deep);
    }
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("corrupt_code");
    tcase_set_timeout(t, 0);
    tcase_add_test(t, table_format_7_automata);
    tcase_add_test(t, table_format_7_patterns);
    tcase_add_test(t, table_format_8_the_index);
    tcase_add_test(t, table_format_8_as_many_as_there_are_entries);
    tcase_add_test(t, table_format_8_signatures_have_three_bytes_or_four);
    tcase_add_test(t, table_format_5_numbers);
    tcase_add_test(t, table_format_5_conditions);
    tcase_add_test(t, table_format_5_lengths_of_chains);
    tcase_add_test(t, table_format_5_nesting);
    Suite *suite = suite_create("corrupt_code");
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
