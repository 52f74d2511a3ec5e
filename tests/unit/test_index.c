/*
 * Terms of conditions (docs/TABLE-FORMAT.md 8). That a match finds what a scan finds is test_random's; here they
 * are looked at, and that they never say too much is tried against every ticket of a small world. Where they
 * are filed is test_filing.c's.
 */
#include "compiled.h"
#include "run_suite.h"
#include "../../runtime/ops.h"
#include "../../compiler/lower.h"

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

/* ---- terms in words ---- */

static struct terms t;
static struct parts parts;

static void make_terms(void *rule)
{
    parts = (struct parts){0};
    parts.ATTR.at = (struct tf_attr *)(uintptr_t)x.v.ATTR.at;
    parts.ATTR.count = x.v.ATTR.count;
    parts.ATOM.at = (struct tf_atom *)(uintptr_t)x.v.ATOM.at;
    parts.ATOM.count = x.v.ATOM.count;
    parts.CODE.at = (struct tf_unit *)(uintptr_t)x.v.CODE.at;
    parts.CODE.count = x.v.CODE.count;
    terms_init(&t, x.a, &parts);
    terms_of(&t, le32(x.v.RULE.at[*(uint32_t *)rule].code));
}

/* "a+b hu email" for a term: its atoms, its priorities (l n h u) and channels where they are not all ("-":
 * none); terms are joined by " | ". */
static void term_words(const struct term *term, char *out)
{
    static const char letters[] = "lnhu";
    for (uint32_t i = 0; i < term->atom_count; i++)
        sprintf(out + strlen(out), "%s%s", i ? "+" : "",
                view_string(&x.v, x.v.ATOM.at[t.atoms.at[term->atom_first + i]].string).p);
    if (term->priorities != TERM_PRIORITIES_ALL) strcat(out, " ");
    for (int p = 0; p < 4 && term->priorities != TERM_PRIORITIES_ALL; p++)
        if (term->priorities >> p & 1) sprintf(out + strlen(out), "%c", letters[p]);
    if (term->channels == TERM_CHANNELS_ALL) return;
    for (uint32_t c = 0; c < le32(x.v.ATTR.at[TF_CHANNEL].atom_count); c++)
        if (term->channels >> c % TF_GUARD_CHANNEL_CLASSES & 1)
            sprintf(out + strlen(out), " %s", view_string(&x.v, x.v.ATOM.at[c].string).p);
    if (term->channels >> TF_GUARD_CHANNEL_CLASSES & 1) strcat(out, " -");
}

static const char *terms_of_condition(const char *condition)
{
    static char out[65536];
    uint32_t rule = 0;
    teardown();
    compiled_condition(&x, "channels email, phone\nfield plan is one of free, pro, gold\nfield n is number",
                       condition);
    ck_assert(arena_try(x.a, make_terms, &rule));
    out[0] = 0;
    for (uint32_t i = 0; i < t.list.count; i++) {
        if (i) strcat(out, " | ");
        term_words(&t.list.at[i], out + strlen(out));
    }
    return out;
}

START_TEST(format_8_terms_of_conditions)
{
    static const struct {
        const char *condition, *terms;
    } rows[] = {
        {"labels has a", "a"},
        {"labels has a and segments has v", "a+v"},
        {"labels has a or segments has v", "a | v"},
        {"labels has any (a, b)", "a | b"},
        {"labels has all (a, b)", "a+b"},
        {"not labels has a", ""},
        {"labels has a and not labels has b", "a"},
        {"priority >= high", " hu"},
        {"not priority >= high", " ln"},
        {"priority == low and priority > low", ""},
        {"channel == email", " email"},
        {"channel != email", " phone -"},
        {"channel exists", " email phone"},
        {"not channel exists", " -"},
        {"channel == email and not channel exists", ""},
        {"plan == pro", "pro"},
        {"plan >= pro", "pro | gold"},
        {"plan < free", ""},
        {"not plan >= pro", ""},
        {"plan == pro and plan == gold", ""},
        {"subject contains any (\"x\", \"y\") and labels has a", "a+x | a+y"},
        {"n > 3", ""},
        {"labels has a or n > 3", ""},
        {"labels has a or true", ""},
        {"false", ""},
        {"labels has a and false", ""},
        {"(labels has a or labels has b) and (segments has v or segments has w)", "a+v | a+w | b+v | b+w"},
        {"not (labels has a or priority >= high)", " ln"},
        {"not (not labels has a and priority >= high)", "a |  ln"},
        {"not (not (labels has a) or not (priority >= high))", "a hu"},
        {"priority == high and (channel == email or labels has a)", " h email | a h"},
        {"labels has a and labels has a", "a"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *got = terms_of_condition(rows[i].condition);
        ck_assert_msg(strcmp(got, rows[i].terms) == 0, "%s: %s, not %s", rows[i].condition, got,
                      rows[i].terms);
    }
}
END_TEST

/* An empty string above is one term that says nothing, or none at all: these are not the same. */
START_TEST(format_8_what_can_never_hold_has_no_terms_and_what_says_nothing_has_one)
{
    static const struct {
        const char *condition;
        uint32_t count;
    } rows[] = {
        {"false", 0},       {"labels has a and false", 0},       {"priority == low and priority > low", 0},
        {"plan < free", 0}, {"plan == pro and plan == gold", 0}, {"true", 1},
        {"n > 3", 1},       {"labels has a or n > 3", 1},        {"not plan < free", 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        terms_of_condition(rows[i].condition);
        ck_assert_msg(t.list.count == rows[i].count, "%s: %u", rows[i].condition, t.list.count);
    }
}
END_TEST

/* ---- caps ---- */

/* "(labels has a0 or labels has b0) and …", n pairs */
static const char *pairs(int n, const char *front)
{
    static char out[4096];
    strcpy(out, front);
    for (int i = 0; i < n; i++)
        sprintf(out + strlen(out), "%s(labels has a%d or labels has b%d)", out[0] ? " and " : "", i, i);
    return out;
}

START_TEST(format_8_products_stop_at_the_cap)
{
    terms_of_condition(pairs(6, ""));
    ck_assert_uint_eq(t.list.count, TERMS_MAX); /* 2^6 */
    terms_of_condition(pairs(7, ""));
    ck_assert_uint_eq(t.list.count, TERMS_MAX); /* the seventh pair says nothing common */
    terms_of_condition(pairs(3, "segments has v"));
    ck_assert_uint_eq(t.list.count, TERMS_MAX_FILED);
    terms_of_condition(pairs(4, "segments has v"));
    ck_assert_uint_eq(t.list.count, TERMS_MAX_FILED);
}
END_TEST

START_TEST(format_8_alternatives_past_the_cap_keep_what_they_have_in_common)
{
    const char *got =
        terms_of_condition("labels has a and (segments has v and priority == low or segments has v and "
                           "priority == high or segments has v and segments has w) and "
                           "(labels has b or labels has c) and (labels has d or labels has e)");
    ck_assert_ptr_nonnull(strstr(got, "v"));
    ck_assert_uint_le(t.list.count, TERMS_MAX_FILED);
    for (uint32_t i = 0; i < t.list.count; i++)
        ck_assert_uint_ge(t.list.at[i].atom_count, 4); /* a, v, and two */
}
END_TEST

START_TEST(format_8_a_list_of_any_length_is_that_many_terms)
{
    char condition[16000] = "labels has any (l0";
    for (int i = 1; i < 1000; i++) sprintf(condition + strlen(condition), ", l%d", i);
    strcat(condition, ") and priority == low");
    terms_of_condition(condition);
    ck_assert_uint_eq(t.list.count, 1000);
}
END_TEST

START_TEST(format_8_a_term_keeps_64_atoms_at_most)
{
    char condition[16000] = "labels has all (l0";
    for (int i = 1; i < 65; i++) sprintf(condition + strlen(condition), ", l%d", i);
    strcat(condition, ")");
    terms_of_condition(condition);
    ck_assert_uint_eq(t.list.at[0].atom_count, TERM_ATOMS_MAX);
}
END_TEST

/* ---- never too much: every ticket of a small world ---- */

struct world_ticket {
    unsigned labels;  /* bits: a, b, c */
    unsigned channel; /* 0 email, 1 phone, 2 none */
    unsigned priority;
};

static bool holds(const struct tf_unit **p, const struct world_ticket *ticket);

static bool has_atom(uint32_t atom, const struct world_ticket *ticket)
{
    uint32_t first = le32(x.v.ATTR.at[TF_LABELS].atom_first);
    return atom < 2 ? ticket->channel == atom : ticket->labels >> (atom - first) & 1;
}

static bool holds_list(const struct tf_unit **p, enum tf_op op, const struct world_ticket *ticket)
{
    uint32_t count = op == TF_OP_HAS ? 1 : unit_number(p), has = 0;
    for (uint32_t i = 0; i < count; i++) has += has_atom(unit_number(p), ticket);
    return op == TF_OP_HAS_ALL ? has == count : has > 0;
}

static bool holds_joined(const struct tf_unit **p, enum tf_op op, const struct world_ticket *ticket)
{
    bool all = true, any = false;
    for (const struct tf_unit *end = unit_children(p); *p < end;) {
        bool one = holds(p, ticket);
        all &= one;
        any |= one;
    }
    return op == TF_OP_AND ? all : any;
}

static bool holds_compare(const struct tf_unit **p, const struct world_ticket *ticket)
{
    unit_number(p);
    enum tf_cmp cmp = unit_cmp(*p);
    uint32_t value = unit_number(p);
    return cmp == TF_LT   ? ticket->priority < value
           : cmp == TF_LE ? ticket->priority <= value
           : cmp == TF_GT ? ticket->priority > value
                          : ticket->priority >= value;
}

static bool holds(const struct tf_unit **p, const struct world_ticket *ticket)
{
    enum tf_op op = (*p)->tag;
    switch (op) {
    case TF_OP_TRUE: ++*p; return true;
    case TF_OP_FALSE: ++*p; return false;
    case TF_OP_NOT: ++*p; return !holds(p, ticket);
    case TF_OP_AND:
    case TF_OP_OR: return holds_joined(p, op, ticket);
    case TF_OP_COMPARE: return holds_compare(p, ticket);
    case TF_OP_PRIORITY_IN: return unit_number(p) >> ticket->priority & 1;
    case TF_OP_EXISTS: return unit_number(p) == TF_CHANNEL ? ticket->channel < 2 : ticket->labels != 0;
    default: return holds_list(p, op, ticket);
    }
}

static bool has_fact(uint32_t fact, const struct world_ticket *ticket)
{
    return fact == tf_fact_exists(x.v.ATOM.count, TF_LABELS) ? ticket->labels != 0 : has_atom(fact, ticket);
}

static bool admits(const struct world_ticket *ticket)
{
    for (uint32_t i = 0; i < t.list.count; i++) {
        const struct term *term = &t.list.at[i];
        unsigned class = ticket->channel < 2 ? ticket->channel : TF_GUARD_CHANNEL_CLASSES;
        bool yes = (term->priorities >> ticket->priority & 1) && (term->channels >> class & 1);
        if (term->channel != TF_NONE) yes &= term->channel == ticket->channel;
        for (uint32_t k = 0; k < term->atom_count; k++)
            yes &= has_fact(t.atoms.at[term->atom_first + k], ticket);
        if (term->never != TF_NONE) yes &= !has_fact(term->never, ticket);
        if (yes) return true;
    }
    return false;
}

static uint32_t random_below(uint32_t n)
{
    static uint64_t state = 7; /* SplitMix64 */
    uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (uint32_t)((z ^ z >> 31) % n);
}

/* labels: with tests of labels, or of priority and channel alone. */
static void random_condition(char *out, int depth, bool labels)
{
    static const char *const plain[] = {"priority >= high",
                                        "priority < urgent",
                                        "priority in (low, urgent)",
                                        "channel == email",
                                        "channel != phone",
                                        "channel exists",
                                        "true",
                                        "priority != high",
                                        "not channel in (email, phone)",
                                        "false"};
    static const char *const named[] = {"labels has a",           "labels has b",
                                        "labels has any (a, c)",  "labels has all (b, c)",
                                        "labels has none (a, b)", "labels exists"};
    if (depth == 0 || random_below(4) == 0) {
        strcat(out, labels && random_below(2) ? named[random_below(6)] : plain[random_below(10)]);
        return;
    }
    if (random_below(4) == 0) strcat(out, "not ");
    strcat(out, "(");
    const char *word = random_below(2) ? " and " : " or ";
    for (uint32_t i = 0, n = 2 + random_below(3); i < n; i++) {
        if (i) strcat(out, word);
        random_condition(out, depth - 1, labels);
    }
    strcat(out, ")");
}

static void each_ticket(const char *condition, bool exact)
{
    const struct tf_unit *code = x.v.CODE.at + le32(x.v.RULE.at[0].code);
    for (unsigned i = 0; i < 8 * 3 * 4; i++) {
        struct world_ticket ticket = {i & 7, i / 8 % 3, i / 24};
        const struct tf_unit *p = code;
        bool yes = holds(&p, &ticket), admitted = admits(&ticket);
        ck_assert_msg(!yes || admitted, "%s: ticket %u is missed", condition, i);
        ck_assert_msg(!exact || yes == admitted, "%s: ticket %u is admitted", condition, i);
    }
}

static void random_conditions(int runs, int depth, bool labels)
{
    for (int i = 0; i < runs; i++) {
        char condition[8192] = "";
        uint32_t rule = 0;
        random_condition(condition, depth, labels);
        teardown();
        compiled_condition(&x, "channels email, phone\nlabels a, b, c", condition);
        ck_assert(arena_try(x.a, make_terms, &rule));
        each_ticket(condition, !labels);
    }
}

START_TEST(format_8_no_ticket_that_meets_a_condition_is_missed)
{
    random_conditions(600, 4, true);
}
END_TEST

/* Small enough for no cap to be met. */
START_TEST(format_8_terms_of_priority_and_channel_are_exact)
{
    random_conditions(300, 2, false);
}
END_TEST

/* Thirty channels share eleven classes. */
START_TEST(format_8_channels_that_share_a_class_are_never_missed)
{
    char text[2048] = "channels c0";
    for (int i = 1; i < 30; i++) sprintf(text + strlen(text), ", c%d", i);
    uint32_t rule = 0;
    compiled_condition(&x, text, "channel != c3 and channel not in (c4, c15, c26)");
    ck_assert(arena_try(x.a, make_terms, &rule));
    ck_assert_uint_eq(t.list.count, 1);
    ck_assert(t.list.at[0].channels >> 3 & 1);    /* c14 is of the class of c3 */
    ck_assert(!(t.list.at[0].channels >> 4 & 1)); /* c4, c15, c26 are all of theirs */
}
END_TEST

int main(void)
{
    Suite *s = suite_create("index");
    TCase *tc = tcase_create("index");
    tcase_set_timeout(tc, 120);
    tcase_add_checked_fixture(tc, NULL, teardown);
    tcase_add_test(tc, format_8_terms_of_conditions);
    tcase_add_test(tc, format_8_what_can_never_hold_has_no_terms_and_what_says_nothing_has_one);
    tcase_add_test(tc, format_8_products_stop_at_the_cap);
    tcase_add_test(tc, format_8_alternatives_past_the_cap_keep_what_they_have_in_common);
    tcase_add_test(tc, format_8_a_list_of_any_length_is_that_many_terms);
    tcase_add_test(tc, format_8_a_term_keeps_64_atoms_at_most);
    tcase_add_test(tc, format_8_no_ticket_that_meets_a_condition_is_missed);
    tcase_add_test(tc, format_8_terms_of_priority_and_channel_are_exact);
    tcase_add_test(tc, format_8_channels_that_share_a_class_are_never_missed);
    suite_add_tcase(s, tc);
    return run_suite(s);
}
