/*
 * The index: where terms of conditions are filed, and what an entry says of them (docs/TABLE-FORMAT.md 8).
 * The terms are test_index.c's.
 */
#include "../../compiler/lower.h"
#include "compiled.h"
#include "run_suite.h"
#include "widened.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct compiled x;
static void teardown(void)
{
    if (x.a) compiled_close(&x);
    x = (struct compiled){0};
}

/* ---- buckets ---- */

/* A rule with so many terms that there are buckets; it comes last, and buckets() leaves it out. */
#define TEN(n)                                                                                               \
    "\"" n "0.\", \"" n "1.\", \"" n "2.\", \"" n "3.\", \"" n "4.\", \"" n "5.\", \"" n "6.\", \"" n        \
    "7.\", \"" n "8.\", \"" n "9.\""
#define MANY_TERMS                                                                                           \
    "rule many { when body contains any (" TEN("0") ", " TEN("1") ", " TEN("2") ", " TEN("3") ")\n to t }\n"

static bool is_many(uint32_t rule)
{
    return rule == compiled_rule(&x, "many");
}

/* "bucket:rules" of each bucket that has entries, "*" for the last. */
static const char *buckets(void)
{
    static char out[1024];
    out[0] = 0;
    for (uint32_t b = 0; b + 1 < x.v.INDEX_BUCKET.count; b++) {
        uint32_t from = le32(x.v.INDEX_BUCKET.at[b]), end = le32(x.v.INDEX_BUCKET.at[b + 1]);
        if (from == end || is_many(le32(x.v.INDEX_ENTRY.at[from].key) >> 1)) continue;
        sprintf(out + strlen(out), "%s%s:", out[0] ? " " : "",
                b == x.v.ATOM.count ? "*" : view_string(&x.v, x.v.ATOM.at[b].string).p);
        for (uint32_t i = from; i < end; i++)
            sprintf(out + strlen(out), "%s%u", i > from ? "," : "", le32(x.v.INDEX_ENTRY.at[i].key) >> 1);
    }
    return out;
}

START_TEST(format_8_a_term_is_filed_under_its_rarest_atom)
{
    compiled_open(&x, "p.shunt",
                  "version 1\nagent bo\nteam t { agents bo }\n"
                  "rule a { when labels has common and labels has rare\n to t }\n"
                  "rule b { when labels has common\n to t }\n"
                  "rule c { when labels has common or segments has v\n to t }\n"
                  "rule d { when subject == \"x\" and segments has v\n to t }\n"
                  "rule e { when channel == phone and priority == low\n to t }\n"
                  "rule f { when channel in (phone, email)\n to t }\n" MANY_TERMS "otherwise to t\n",
                  false);
    /* v is wanted by c and d, x by d alone: so d is filed under x */
    ck_assert_str_eq(buckets(), "common:1,2 rare:0 v:2 x:3 *:4,5");
}
END_TEST

/* As long as no 32 times as many terms want it. */
START_TEST(format_8_a_name_is_thought_rarer_than_a_word)
{
    char text[4096] = "version 1\nagent bo\nteam t { agents bo }\n"
                      "rule a { when subject contains \"x\" and segments has v\n to t }\n" MANY_TERMS;
    for (int wanted = 32; wanted <= 33; wanted++) {
        char policy[8192];
        for (int i = wanted == 32 ? 1 : 32; i < wanted; i++)
            sprintf(text + strlen(text), "rule v%d { when segments has v and labels has l%d\n to t }\n", i,
                    i);
        snprintf(policy, sizeof policy, "%sotherwise to t\n", text);
        teardown();
        compiled_open(&x, "p.shunt", policy, false);
        uint32_t word = le32(x.v.ATTR.at[TF_SUBJECT].atom_first);
        uint32_t bucket = wanted == 32 ? compiled_atom(&x, TF_SEGMENTS, "v") : word;
        ck_assert_uint_eq(le32(x.v.INDEX_ENTRY.at[le32(x.v.INDEX_BUCKET.at[bucket])].key) >> 1, 0);
    }
}
END_TEST

START_TEST(format_8_where_atoms_are_as_rare_a_label_or_segment_is_taken_then_the_first)
{
    compiled_open(&x, "p.shunt",
                  "version 1\nfield plan is one of free, pro\nagent bo\nteam t { agents bo }\n"
                  "rule a { when subject contains \"x\" and segments has v\n to t }\n"
                  "rule b { when plan == pro and labels has l and segments has w\n to t }\n" MANY_TERMS
                  "otherwise to t\n",
                  false);
    ck_assert_str_eq(buckets(), "l:1 v:0");
}
END_TEST

START_TEST(format_8_a_guard_says_priorities_and_channels_and_the_hash_what_else_is_required)
{
    compiled_open(&x, "p.shunt",
                  "version 1\nchannels email, phone\nagent bo\nteam t { agents bo }\n"
                  "rule a { when labels has l and segments has v and priority >= high and channel == phone\n "
                  "to t }\n" MANY_TERMS "otherwise to t\n",
                  false);
    uint32_t l = compiled_atom(&x, TF_LABELS, "l"), v = compiled_atom(&x, TF_SEGMENTS, "v");
    uint32_t begin = le32(x.v.INDEX_BUCKET.at[l]), last = x.v.INDEX_ENTRY.count - 1;
    ck_assert_uint_eq(le32(x.v.INDEX_BUCKET.at[x.v.ATOM.count]), last + 1); /* every term requires an atom */
    const uint8_t *sig = x.v.INDEX_SIG.at + TF_SIG_LEN * begin;
    ck_assert_uint_eq(sig[0] | sig[1] << 8, 0x3 | (TERM_CHANNELS_ALL & ~2) << 4);
    ck_assert_uint_eq(sig[2], tf_sig_hash(v));
    ck_assert_uint_eq(le32(x.v.INDEX_ENTRY.at[begin].also), v);
    ck_assert_uint_eq(x.v.INDEX_SIG.count, TF_SIG_LEN * x.v.INDEX_ENTRY.count + TF_SIG_SPARE);
    for (uint32_t i = 0; i < TF_SIG_SPARE; i++)
        ck_assert_uint_eq(x.v.INDEX_SIG.at[TF_SIG_LEN * (last + 1) + i], 0);
}
END_TEST

/* Whether the code of a rule with that condition has still to be asked, of any entry. */
static bool asks_code(const char *declarations, const char *condition)
{
    bool asks = false;
    char with_many[4096];
    snprintf(with_many, sizeof with_many, "%s\n" MANY_TERMS, declarations);
    teardown();
    compiled_condition(&x, with_many, condition);
    uint32_t rule = compiled_rule(&x, "r");
    for (uint32_t i = 0; i < x.v.INDEX_ENTRY.count; i++) {
        uint32_t key = le32(x.v.INDEX_ENTRY.at[i].key);
        if (key >> 1 == rule) asks |= key & 1;
    }
    return asks;
}

START_TEST(format_8_code_is_asked_where_bucket_guard_and_two_facts_do_not_say_all)
{
    static const struct {
        const char *condition;
        bool asks;
    } rows[] = {
        {"labels has a", false},
        {"labels has a and segments has v", false},
        {"labels has a and segments has v and priority >= high and channel in (email, phone)", false},
        {"labels has a and labels has b and segments has v", false},
        {"labels has all (a, b, c)", false},
        {"labels has all (a, b, c, d)", true},
        {"labels has any (a, b, c) or channel == phone", false},
        {"labels has a and not segments has v", false},
        {"labels has a and labels has b and not segments has v", false},
        {"labels has all (a, b, c) and not segments has v", true},
        {"labels has a and not segments has v and not labels has b", true},
        {"labels has none (a, b)", true},
        {"labels has a and n > 3", false},
        {"labels has a and n <= 3", false},
        {"labels has a and n == 3", false},
        {"labels has a and n != 3", true},
        {"labels has a and not n > 3", false},
        {"labels has a and not n < 3", true},
        {"labels has a and n in (1, 2)", true},
        {"labels has a and not n in (1, 2)", true},
        {"labels has a and during office", true},
        {"labels has a and outside office", true},
        {"labels has a and n exists", false},
        {"not labels exists", false},
        {"labels has a and labels has b and n exists and segments exists", true},
        {"not flag and labels has a", false},
        {"labels exists or n > 3", false},
        {"channel exists and labels has a", false},
        {"channel != phone", false},
        {"plan >= pro", false},
        {"not plan >= pro", true},
        {"subject contains \"x\" and plan == pro", false},
        {"labels has a or n > 3", false},
        {"labels has a or n < 3 or n > 5", false},
        {"n > 3 or true", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bool asks =
            asks_code("channels email, phone\nfield plan is one of free, pro, gold\nfield n is number\n"
                      "field flag is bool\ntimezone UTC\nhours office { mon 09:00-17:00 }",
                      rows[i].condition);
        ck_assert_msg(asks == rows[i].asks, "%s", rows[i].condition);
    }
}
END_TEST

/* Twelve channels are more than a guard has bits. */
START_TEST(format_8_where_channels_share_a_bit_one_of_them_is_also_required)
{
    static const char channels[] = "channels c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11";
    ck_assert(!asks_code(channels, "labels has a and channel == c11"));
    uint32_t bucket = le32(x.v.INDEX_BUCKET.at[compiled_atom(&x, TF_LABELS, "a")]);
    ck_assert_uint_eq(le32(x.v.INDEX_ENTRY.at[bucket].also), compiled_atom(&x, TF_CHANNEL, "c11"));
    ck_assert(!asks_code(channels, "labels has a and labels has b and channel == c11"));
    ck_assert(asks_code(channels, "labels has all (a, b, c) and channel == c11"));
    ck_assert(asks_code(channels, "labels has a and channel in (c1, c2)"));
    ck_assert(asks_code(channels, "labels has a and channel != c1"));
    ck_assert(!asks_code(channels, "labels has a and channel exists"));
}
END_TEST

/* As many entries as fit in one signature's reach are looked at together. */
START_TEST(format_8_a_few_entries_all_stand_in_the_last_bucket)
{
    char text[4096] = "version 1\nagent bo\nteam t { agents bo }\n";
    for (int rules = 0; rules <= TF_FLAT_MAX + 1; rules++) {
        char policy[8192];
        if (rules) sprintf(text + strlen(text), "rule r%d { when labels has l%d\n to t }\n", rules, rules);
        snprintf(policy, sizeof policy, "%sotherwise to t\n", text);
        teardown();
        compiled_open(&x, "p.shunt", policy, false);
        uint32_t last = le32(x.v.INDEX_BUCKET.at[x.v.ATOM.count]);
        ck_assert_uint_eq(x.v.INDEX_ENTRY.count, rules); /* otherwise has none */
        ck_assert_uint_eq(last, rules <= TF_FLAT_MAX ? 0 : rules);
    }
}
END_TEST

START_TEST(format_8_an_entry_is_there_once_and_continuing_rules_have_an_index_of_their_own)
{
    compiled_open(&x, "p.shunt",
                  "version 1\nagent bo\nteam t { agents bo }\n"
                  "rule a { when labels has l and n != 3 or labels has l and n != 2\n to t }\n"
                  "rule b { when labels has l\n add labels m\n continue }\n"
                  "rule c { when false\n to t }\n"
                  "field n is number\n" MANY_TERMS "otherwise to t\n",
                  false);
    ck_assert_str_eq(buckets(), "l:0");
    ck_assert_uint_eq(x.v.CONT_ENTRY.count, 1);
    ck_assert_uint_eq(le32(x.v.CONT_ENTRY.at[0].key), 2);
    ck_assert_uint_eq(x.v.CONT_BUCKET.count, x.v.ATOM.count + 2);
}
END_TEST

/* Each rule is one entry, of one of six kinds: what it requires and forbids besides a label of its own. The
 * first has two terms that are one entry. */
static void open_many(uint32_t rules, const char *does)
{
    static const char *const also[] = {"",
                                       " and labels has l2",
                                       " and labels has l3 and segments has l4",
                                       " and not labels has l5",
                                       " and segments has l6 and not labels has l7",
                                       " and subject exists and segments has l8"};
    char *text = malloc(120 * (size_t)rules + 200), *at = text;
    at += sprintf(at, "version 1\nagent bo\nteam t { agents bo }\n");
    at += sprintf(
        at, "field n is number\nrule r { when labels has a and n != 3 or labels has a and n != 2\n %s }\n",
        does);
    for (uint32_t i = 1; i < rules; i++)
        at += sprintf(at, "rule r%u { when labels has a%u%s\n %s }\n", i, i, also[i % 6], does);
    sprintf(at, "otherwise to t\n");
    compiled_open(&x, "p.shunt", text, true);
    free(text);
}

/* A bucket's signatures: low bytes, high ones, hashes, and where there are more than 32,768 entries second
 * hashes. */
static void check_signatures(const uint8_t *sig, uint32_t sig_count, const le32_t *buckets,
                             const struct tf_entry *entries, uint32_t count)
{
    uint32_t atoms = x.v.ATOM.count, len = count > 32768 ? 4 : 3, seen = 0;
    ck_assert_uint_eq(sig_count, len * count + 32);
    for (uint32_t b = 0; b <= atoms; b++) {
        uint32_t from = le32(buckets[b]), of = le32(buckets[b + 1]) - from;
        for (uint32_t i = 0; i < of; i++) {
            const struct tf_entry *e = &entries[from + i];
            const uint8_t *at = sig + (size_t)len * from + i;
            uint8_t second = widened_hash(le32(e->also), le32(e->third), atoms);
            ck_assert_uint_eq(at[0] | at[of], 0);
            ck_assert_uint_eq(at[2 * of], le32(e->also) < atoms ? tf_sig_hash(le32(e->also)) : 0);
            if (len == 4) ck_assert_uint_eq(at[3 * of], second);
            seen |= second;
        }
    }
    ck_assert_uint_ne(seen, 0);
    for (uint32_t i = 0; i < 32; i++) ck_assert_uint_eq(sig[len * (size_t)count + i], 0);
}

START_TEST(format_8_of_many_entries_signatures_have_a_second_hash)
{
    uint32_t count = 32768 + (uint32_t)_i % 2;
    bool continues = _i / 2;
    open_many(count, continues ? "add labels z\n continue" : "to t");
    uint32_t entries = continues ? x.v.CONT_ENTRY.count : x.v.INDEX_ENTRY.count;
    ck_assert_uint_eq(entries, count);
    if (continues)
        check_signatures(x.v.CONT_SIG.at, x.v.CONT_SIG.count, x.v.CONT_BUCKET.at, x.v.CONT_ENTRY.at, entries);
    else
        check_signatures(x.v.INDEX_SIG.at, x.v.INDEX_SIG.count, x.v.INDEX_BUCKET.at, x.v.INDEX_ENTRY.at,
                         entries);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("filing");
    TCase *tc = tcase_create("filing");
    tcase_set_timeout(tc, 120);
    tcase_add_checked_fixture(tc, NULL, teardown);
    tcase_add_test(tc, format_8_a_term_is_filed_under_its_rarest_atom);
    tcase_add_test(tc, format_8_a_name_is_thought_rarer_than_a_word);
    tcase_add_test(tc, format_8_where_atoms_are_as_rare_a_label_or_segment_is_taken_then_the_first);
    tcase_add_test(tc, format_8_a_guard_says_priorities_and_channels_and_the_hash_what_else_is_required);
    tcase_add_test(tc, format_8_code_is_asked_where_bucket_guard_and_two_facts_do_not_say_all);
    tcase_add_test(tc, format_8_where_channels_share_a_bit_one_of_them_is_also_required);
    tcase_add_test(tc, format_8_a_few_entries_all_stand_in_the_last_bucket);
    tcase_add_test(tc, format_8_an_entry_is_there_once_and_continuing_rules_have_an_index_of_their_own);
    tcase_add_loop_test(tc, format_8_of_many_entries_signatures_have_a_second_hash, 0, 4);
    suite_add_tcase(s, tc);
    return run_suite(s);
}
