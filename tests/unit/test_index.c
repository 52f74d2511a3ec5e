/*
 * The index: terms of conditions, and where they are filed (docs/TABLE-FORMAT.md 8). That a match finds what
 * a scan finds is test_random's; here each step of the way is looked at, and that terms never say too much is
 * tried against every ticket of a small world.
 */
#include "compiled.h"
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
    tcase_add_test(tc, format_8_a_term_is_filed_under_its_rarest_atom);
    tcase_add_test(tc, format_8_a_name_is_thought_rarer_than_a_word);
    tcase_add_test(tc, format_8_where_atoms_are_as_rare_a_label_or_segment_is_taken_then_the_first);
    tcase_add_test(tc, format_8_a_guard_says_priorities_and_channels_and_the_hash_what_else_is_required);
    tcase_add_test(tc, format_8_code_is_asked_where_bucket_guard_and_two_facts_do_not_say_all);
    tcase_add_test(tc, format_8_where_channels_share_a_bit_one_of_them_is_also_required);
    tcase_add_test(tc, format_8_a_few_entries_all_stand_in_the_last_bucket);
    tcase_add_test(tc, format_8_an_entry_is_there_once_and_continuing_rules_have_an_index_of_their_own);
    suite_add_tcase(s, tc);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? 1 : 0;
}
