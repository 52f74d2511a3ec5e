/*
 * Conditions, automata and the index (docs/TABLE-FORMAT.md 5, 7 and 8) with one defect each: where the
 * verifier finds it and what it says; and beside them what stands at the edge of what may be, which must
 * open.
 */
#include "table_rows.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const char reserved[] = "reserved bytes are not zero";

/* The states: root, "a", "b", "ab"; the edges lead to them in turn. */
START_TEST(table_format_7_automata)
{
    static const char states[] = "its states do not follow those before",
                      edges[] = "its edges do not follow those before", nothing[] = "nothing leads to it",
                      elsewhere[] = "it leads elsewhere";
    static const struct table_row rows[] = {
        {{E(AC_ROOT, 0, tf_automaton, attr, 11)}, IS(AC_ROOT, 0, "attributes out of order")},
        {{E(AC_ROOT, 0, tf_automaton, attr, TF_BODY)}, IS(AC_ROOT, 0, "an attribute without patterns")},
        {{E(AC_ROOT, 0, tf_automaton, attr, 1)}, IS(AC_ROOT, 0, "an attribute without patterns")},
        {{E(AC_ROOT, 0, tf_automaton, state_first, 1)}, IS(AC_ROOT, 0, states)},
        {{E(AC_ROOT, 0, tf_automaton, state_count, 5)}, IS(AC_ROOT, 0, states)},
        {{E(AC_ROOT, 0, tf_automaton, state_count, 0)}, IS(AC_ROOT, 0, states)},
        {{E(AC_ROOT, 0, tf_automaton, state_count, 3)}, IS(AC_EDGE, 2, elsewhere)},
        {{E(AC_STATE, 0, tf_ac_state, edge_first, 1)}, IS(AC_STATE, 0, edges)},
        {{E(AC_STATE, 1, tf_ac_state, edge_first, 0)}, IS(AC_STATE, 1, nothing)},
        {{E(AC_STATE, 1, tf_ac_state, edge_first, 4)}, IS(AC_STATE, 0, edges)},
        {{E(AC_STATE, 3, tf_ac_state, edge_first, 4)}, IS(AC_STATE, 2, edges)},
        {{E(AC_STATE, 3, tf_ac_state, edge_first, 2)}, IS(AC_STATE, 2, edges)},
        {{E4(AC_EDGE, 0, 0, 'b' << 24 | 1)}, IS(AC_EDGE, 1, "bytes do not rise")},
        {{E4(AC_EDGE, 2, 0, 'b' << 24 | 2)}, IS(AC_EDGE, 2, elsewhere)},
        {{E4(AC_EDGE, 2, 0, 'a' << 24 | 3)}, IS(AC_STATE, 3, "a pattern that ends otherwise")},
        {{E(AC_STATE, 0, tf_ac_state, fail, 1)}, IS(AC_STATE, 0, "not a root")},
        {{E(AC_STATE, 0, tf_ac_state, out, 1)}, IS(AC_STATE, 0, "not a root")},
        {{E(AC_STATE, 0, tf_ac_state, depth, 1)}, IS(AC_STATE, 1, "a wrong depth")},
        {{E(AC_STATE, 3, tf_ac_state, depth, 1)}, IS(AC_STATE, 3, "a wrong depth")},
        {{E(AC_STATE, 1, tf_ac_state, fail, 1)}, IS(AC_STATE, 1, "its link does not lead upwards")},
        {{E(AC_STATE, 2, tf_ac_state, fail, 1)}, IS(AC_STATE, 2, "its link does not lead upwards")},
        {{E(AC_STATE, 3, tf_ac_state, fail, 1)}, IS(AC_STATE, 3, "its link leads elsewhere")},
        {{E(AC_STATE, 3, tf_ac_state, fail, 0)}, IS(AC_STATE, 3, "its patterns' link leads elsewhere")},
        {{E(AC_STATE, 3, tf_ac_state, out, 0)}, IS(AC_STATE, 3, "its patterns' link leads elsewhere")},
        {{E(AC_STATE, 1, tf_ac_state, out, 1)}, IS(AC_STATE, 1, "its patterns' link leads elsewhere")},
        {{E(AC_STATE, 3, tf_ac_state, pattern[0], 4)},
         IS(AC_STATE, 3, "a pattern that is not its attribute's")},
        {{E(AC_STATE, 3, tf_ac_state, pattern[0], 9)},
         IS(AC_STATE, 3, "a pattern that is not its attribute's")},
        {{E(AC_STATE, 3, tf_ac_state, pattern[0], 8)},
         IS(AC_STATE, 3, "a pattern that is not its attribute's")},
        {{E(AC_STATE, 1, tf_ac_state, pattern[0], 5)}, IS(AC_STATE, 1, "a pattern of another length")},
        {{E(AC_STATE, 3, tf_ac_state, pattern[1], 6)}, IS(AC_STATE, 3, "a pattern that is there twice")},
        {{E(AC_STATE, 3, tf_ac_state, pattern[0], TF_NONE)}, IS(AC_ROOT, 0, "a pattern is missing")},
    };
    CHECK_ROWS(rows);
}
END_TEST

START_TEST(table_format_8_the_index)
{
    static const char buckets[] = "buckets do not follow each other", fact[] = "no such fact",
                      rule[] = "no rule of this index", cover[] = "buckets that do not cover the entries";
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
        {{NO_EDIT}, IS(AC_EDGE, 3, "it leads elsewhere")},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        static const uint32_t lens[] = {
            4, 1, 4, 1, sizeof(struct tf_policy), 4, sizeof(struct tf_automaton), sizeof(struct tf_ac_state),
            4};
        static const uint32_t sections[] = {TF_INDEX_BUCKET, TF_INDEX_SIG, TF_CONT_BUCKET,
                                            TF_CONT_SIG,     TF_POLICY,    TF_ATOM_HASH,
                                            TF_AC_ROOT,      TF_AC_STATE,  TF_AC_EDGE};
        static const uint8_t zero[256] = {0},
                             edgeless[sizeof(struct tf_ac_state)] = {3}; /* its edges begin at 3 */
        struct image m;
        fuller_sample(&m);
        image_add(&m, sections[i], sections[i] == TF_AC_STATE ? edgeless : zero, lens[i], 1);
        check_image(&m, &rows[i], (int)i);
        image_free(&m);
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

/* One more condition behind the sample's: bytes in hex. */
struct code_row {
    const char *code, *reason;
    uint32_t at; /* the node that is wrong, from the condition on */
};

static size_t from_hex(const char *hex, uint8_t *out)
{
    size_t len = 0;
    for (; *hex; hex += 2) {
        char two[3] = {hex[0], hex[1], 0};
        out[len++] = (uint8_t)strtoul(two, NULL, 16);
    }
    return len;
}

static void check_code(const uint8_t *code, size_t len, uint32_t at, const char *reason, int number)
{
    struct image m;
    fuller_sample(&m);
    uint32_t before = (uint32_t)image_count(&m, TF_CODE);
    image_add(&m, TF_CODE, code, 1, len);
    struct table_row row = {{NO_EDIT}, TF_CODE, before + at, reason};
    check_image(&m, &row, number);
    image_free(&m);
}

START_TEST(table_format_5_conditions)
{
    static const char cut[] = "it is cut off", none[] = "there is nothing of that number",
                      longer[] = "a number longer than it need be", few[] = "too few",
                      type[] = "a test that does not fit the attribute's type",
                      several[] = "atoms of several attributes", rise[] = "they do not rise",
                      nest[] = "lengths that do not nest", levels[] = "no set of priorities";
    static const struct code_row rows[] = {
        {"10", "an unknown op", 0},
        {"05", cut, 0},
        {"050b", NULL, 0},
        {"050c", none, 0},
        {"058000", longer, 0},
        {"0580000000", longer, 0},
        {"058080000000", longer, 0},
        {"05808080000000", longer, 0},
        {"0580808080000000", longer, 0},
        {"0580", cut, 0},
        {"0580808080", cut, 0},
        {"05ffffffff0f", none, 0},
        {"05ffffffff1f", "a number too large", 0},
        {"058080808080808080", "a number too long", 0},
        {"05808000", longer, 0},
        {"058001", none, 0},
        {"05800100000000", none, 0},
        {"0200", NULL, 0},
        {"02", cut, 0},
        {"03020000", NULL, 0},
        {"030100", few, 0},
        {"03020500", nest, 2}, /* one node: HAS 0 */
        {"0303000000", NULL, 0},
        {"03030500", cut, 0},
        {"04020000", NULL, 0},
        {"060200010000", NULL, 0},
        {"060100", few, 0},
        {"06020000", rise, 0},
        {"06020102", several, 0},
        {"0602040b", several, 0},
        {"06020203", NULL, 0},
        {"07020203", NULL, 0}, /* HAS_ALL of labels */
        {"07020001", type, 0}, /* of channels */
        {"07020506", type, 0}, /* of patterns */
        {"08070301", NULL, 0}, /* COMPARE plan */
        {"08070302", none, 0},
        {"08070401", "an unknown comparison", 0},
        {"080703", cut, 0},
        {"0807", cut, 0},
        {"08030303", NULL, 0}, /* COMPARE priority */
        {"08030304", none, 0},
        {"08080301", type, 0}, /* of a number */
        {"080b0301", none, 0}, /* no such attribute */
        {"0901", NULL, 0},
        {"090e", NULL, 0},
        {"0900", levels, 0},
        {"090f", levels, 0},
        {"0a080301", NULL, 0},
        {"0a080302", none, 0},
        {"0a070301", type, 0},
        {"0b080100", NULL, 0},
        {"0b08020001", NULL, 0},
        {"0b0800", few, 0},
        {"0b08020101", rise, 0},
        {"0b080102", none, 0},
        {"0c0a", NULL, 0},
        {"0c0b", none, 0},
        {"0d09", NULL, 0},
        {"0d08", type, 0},
        {"0e02", NULL, 0},
        {"0e03", none, 0},
        {"0f04", NULL, 0},
        {"0f05", none, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t code[32];
        check_code(code, from_hex(rows[i].code, code), rows[i].at, rows[i].reason, (int)i);
    }
}
END_TEST

/* AND of so many TRUEs that its length takes one byte, two, three, four; and one TRUE more or less than it
 * says. */
START_TEST(table_format_5_lengths_of_chains)
{
    static const uint32_t lens[] = {127, 128, 16383, 16384, 2097151, 2097152};
    for (size_t i = 0; i < sizeof lens / sizeof *lens; i++) {
        uint8_t *code = calloc(1, lens[i] + 8);
        size_t at = 0;
        code[at++] = TF_OP_AND;
        for (uint32_t n = lens[i]; n; n >>= 7) code[at++] = (uint8_t)((n & 127) | (n >> 7 ? 128 : 0));
        check_code(code, at + lens[i], 0, NULL, (int)i);
        check_code(code, at + lens[i] + 1, 0, NULL, (int)i);
        check_code(code, at + lens[i] - 1, 0, "it is cut off", (int)i);
        free(code);
    }
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("corrupt_code");
    tcase_set_timeout(t, 0);
    tcase_add_test(t, table_format_7_automata);
    tcase_add_test(t, table_format_8_the_index);
    tcase_add_test(t, table_format_8_as_many_as_there_are_entries);
    tcase_add_test(t, table_format_5_numbers);
    tcase_add_test(t, table_format_5_conditions);
    tcase_add_test(t, table_format_5_lengths_of_chains);
    Suite *suite = suite_create("corrupt_code");
    suite_add_tcase(suite, t);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
