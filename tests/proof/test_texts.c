/* Text tests: how two go together, and a text for many of them, against every text there is (docs/proof.md).
 */
#include "../../compiler/proof/texts.h"
#include "../gen/gen.h"
#include "../unit/compiled.h"
#include "../../runtime/shunt.h"
#include "run_suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* As ck_assert_msg(), for what is asked millions of times: that writes a file each time. */
#define EXPECT(truth, ...) ((truth) ? (void)0 : ck_abort_msg(__VA_ARGS__))

static struct arena *a;

static void setup(void)
{
    a = arena_new();
}

static void teardown(void)
{
    arena_free(a);
}

static struct str folded_of(const char *text)
{
    char *out;
    size_t len;
    EXPECT(shunt_text_fold(text, strlen(text), NULL, &out, &len) == SHUNT_OK, "%s", text);
    struct str s = arena_str(a, (struct str){out, len});
    free(out);
    return s;
}

/* Whether the pattern holds, looked at from each place. */
static bool holds(const struct text_pattern *p, struct str text)
{
    for (size_t at = 0; at + p->text.len <= text.len; at++) {
        if (memcmp(text.p + at, p->text.p, p->text.len) != 0) continue;
        bool begins = at == 0, ends = at + p->text.len == text.len;
        if (p->kind == TF_ATOM_CONTAINS || (p->kind == TF_ATOM_EQUALS && begins && ends)) return true;
        if ((p->kind == TF_ATOM_PREFIX && begins) || (p->kind == TF_ATOM_SUFFIX && ends)) return true;
    }
    return false;
}

/* Whether some pattern alone, or two of them, cannot be as wanted. */
static bool two_forbid(const struct text_pattern *p, const bool *wanted, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (!wanted[i] && text_always(&p[i])) return true;
        for (uint32_t k = 0; k < count && wanted[i]; k++) {
            enum text_relation r = text_relation(&p[i], &p[k]);
            if ((r == TEXT_EXCLUDES && wanted[k]) || (r == TEXT_IMPLIES && !wanted[k])) return true;
        }
    }
    return false;
}

static const char *in_words(const struct text_pattern *p, const bool *wanted, uint32_t count)
{
    static const char *const kinds[] = {"name", "==", "starts with", "ends with", "contains"};
    struct buf b;
    buf_init(&b, a);
    for (uint32_t i = 0; i < count; i++)
        buf_printf(&b, "%s%s \"%.*s\"; ", wanted[i] ? "" : "not ", kinds[p[i].kind], (int)p[i].text.len,
                   p[i].text.p);
    return buf_done(&b).p;
}

/* Makes a text, looks at what was made, and says whether it was. */
static bool make(const struct text_pattern *p, const bool *wanted, uint32_t count, struct str *text)
{
    struct str folded;
    if (!text_make(a, p, wanted, count, text, &folded)) return false;
    EXPECT(utf8_bad(*text) == text->len && strlen(text->p) == text->len, "\"%s\" is no text", text->p);
    EXPECT(str_eq(folded, folded_of(text->p)), "\"%s\" folds to another", text->p);
    for (uint32_t i = 0; i < count; i++) {
        EXPECT(holds(&p[i], folded) == wanted[i], "%u of %s: \"%s\"", i, in_words(p, wanted, count), text->p);
        EXPECT(text_holds(&p[i], folded) == wanted[i], "%u of %s", i, in_words(p, wanted, count));
    }
    return true;
}

/* ---- over two letters: what some text meets is found by going through all texts ---- */

/* Patterns have letters a and b and are at most 3 long. So of a text that is longer there matter its last 3
 * letters, which prefixes it has, and what it contains; c stands for all other letters. Each state is met
 * once. */
enum { LETTERS = 3, PATTERN_LEN = 3, MOST = 6 };

struct texts {
    const struct text_pattern *p;
    uint32_t count;
    bool met[1 << MOST]; /* the truths of the patterns that some text has */
    bool seen[27][1 << MOST];
};

static unsigned truths_of(const struct texts *x, struct str text)
{
    unsigned truths = 0;
    for (uint32_t i = 0; i < x->count; i++) truths |= (unsigned)holds(&x->p[i], text) << i;
    return truths;
}

/* Of a text longer than any pattern: what it was before the last letter tells which prefixes and contents it
 * had. */
static unsigned truths_grown(const struct texts *x, unsigned before, struct str last)
{
    unsigned truths = 0;
    for (uint32_t i = 0; i < x->count; i++) {
        bool kept = x->p[i].kind == TF_ATOM_PREFIX || x->p[i].kind == TF_ATOM_CONTAINS;
        bool now = x->p[i].kind == TF_ATOM_SUFFIX || x->p[i].kind == TF_ATOM_CONTAINS;
        if ((kept && before >> i & 1) || (now && holds(&x->p[i], last))) truths |= 1u << i;
    }
    return truths;
}

static void go_on(struct texts *x, const char *last, unsigned truths);

static void visit(struct texts *x, const char *last, unsigned truths)
{
    unsigned place = (unsigned)((last[0] - 'a') * 9 + (last[1] - 'a') * 3 + last[2] - 'a');
    if (x->seen[place][truths]) return;
    x->seen[place][truths] = x->met[truths] = true;
    go_on(x, last, truths);
}

static void go_on(struct texts *x, const char *last, unsigned truths)
{
    for (char letter = 'a'; letter < 'a' + LETTERS; letter++) {
        char next[] = {last[1], last[2], letter};
        visit(x, next, truths_grown(x, truths, (struct str){next, 3}));
    }
}

static void all_short(struct texts *x, char *text, size_t len)
{
    unsigned truths = truths_of(x, (struct str){text, len});
    x->met[truths] = true;
    if (len == PATTERN_LEN) {
        go_on(x, text, truths);
        return;
    }
    for (text[len] = 'a'; text[len] < 'a' + LETTERS; text[len]++) all_short(x, text, len + 1);
}

static void find_texts(struct texts *x, const struct text_pattern *p, uint32_t count)
{
    char text[PATTERN_LEN + 1];
    memset(x, 0, sizeof *x);
    x->p = p;
    x->count = count;
    all_short(x, text, 0);
}

/* Every pattern over a and b: the four kinds of 15 texts. */
enum { PATTERNS = 60 };
static struct text_pattern all[PATTERNS];

static void all_patterns(void)
{
    static const char *const texts[] = {"",    "a",   "b",   "aa",  "ab",  "ba",  "bb", "aaa",
                                        "aab", "aba", "abb", "baa", "bab", "bba", "bbb"};
    for (int i = 0; i < PATTERNS; i++)
        all[i] = (struct text_pattern){TF_ATOM_EQUALS + i % 4, str_from(texts[i / 4])};
}

static void check_set(struct texts *x, const struct text_pattern *p, uint32_t count)
{
    find_texts(x, p, count);
    for (unsigned truths = 0; truths < 1u << count; truths++) {
        bool wanted[MOST];
        struct str text;
        for (uint32_t i = 0; i < count; i++) wanted[i] = truths >> i & 1;
        EXPECT(make(p, wanted, count, &text) == x->met[truths], "%s", in_words(p, wanted, count));
        EXPECT(two_forbid(p, wanted, count) != x->met[truths], "%s", in_words(p, wanted, count));
    }
}

static void every_pair(void *ctx)
{
    struct texts x;
    (void)ctx;
    all_patterns();
    for (int i = 0; i < PATTERNS; i++)
        for (int k = 0; k < PATTERNS; k++) {
            struct text_pattern p[] = {all[i], all[k]};
            check_set(&x, p, 2);
            enum text_relation r = text_relation(&p[0], &p[1]);
            ck_assert_int_eq(r == TEXT_EXCLUDES, !x.met[3]);
            ck_assert_int_eq(r == TEXT_IMPLIES, !x.met[1]);
            ck_assert_int_eq(text_always(&p[0]), !x.met[0] && !x.met[2]);
        }
}

START_TEST(proof_texts_each_pair_of_patterns)
{
    ck_assert(arena_try(a, every_pair, NULL));
}
END_TEST

static void random_sets(void *ctx)
{
    enum { SETS = 4000 };
    struct gen g = {NULL, 4711};
    struct texts x;
    (void)ctx;
    all_patterns();
    for (int n = 0; n < SETS; n++) {
        struct text_pattern p[MOST];
        uint32_t count = (uint32_t)rng_between(&g, 3, MOST);
        int kinds = rng_chance(&g, 50)
                        ? 4
                        : rng_between(&g, 2, 3); /* fewer that are equal to one text, and settle all */
        for (uint32_t i = 0; i < count; i++) {
            p[i] = all[rng_below(&g, PATTERNS)];
            if (p[i].kind == TF_ATOM_EQUALS && kinds < 4) p[i].kind = TF_ATOM_EQUALS + rng_between(&g, 1, 3);
        }
        check_set(&x, p, count);
    }
}

START_TEST(proof_texts_random_sets_of_patterns)
{
    ck_assert(arena_try(a, random_sets, NULL));
}
END_TEST

/* ---- letters that fold, compose and change places ---- */

static const char *const odd[] = {"\u00df",
                                  "ss",
                                  "s",
                                  "\u0130",
                                  "i",
                                  "i\u0307",
                                  "\ufb01",
                                  "fi",
                                  "\u0301",
                                  "\u0301a",
                                  "e",
                                  "\u00e9",
                                  "e\u0301",
                                  "\u1112",
                                  "\u1161",
                                  "\u11ab",
                                  "\ud55c",
                                  "\ud558",
                                  "\u1161\u11ab",
                                  "\U0001f600",
                                  "\u03c3\u03af\u03c3\u03c5\u03c6\u03bf\u03c2",
                                  "\u03c2",
                                  "\u03a3",
                                  "\u0345",
                                  "\u1fb3",
                                  "\u03b1",
                                  "\u03b9",
                                  "\u0338",
                                  "=",
                                  "=\u0338",
                                  "<",
                                  "\u01f0",
                                  "j",
                                  "\u030c",
                                  "\u0f71\u0f72",
                                  "\u0f73",
                                  "\u017f",
                                  "\u212a",
                                  "k",
                                  " ",
                                  "-",
                                  ".",
                                  "_",
                                  "/",
                                  "0",
                                  "0123456789",
                                  "\u4e00",
                                  "\u4e00\u4e01\u4e02",
                                  "",
                                  "a b",
                                  "\u0323\u0301",
                                  "\u0301\u0323",
                                  "\u3099",
                                  "\u304b",
                                  "\u09c7",
                                  "\u09be",
                                  "\u1e9e",
                                  "\u0149",
                                  "\u02bc",
                                  "\u13a0",
                                  "\u00b5",
                                  "\u0344",
                                  "\U0001d15e",
                                  "\ufe0f"};
enum { ODD = sizeof odd / sizeof *odd };

static void draw_odd(struct gen *g, struct text_pattern *p)
{
    char text[200];
    int two = rng_chance(g, 30);
    snprintf(text, sizeof text, "%s%s", odd[rng_below(g, ODD)], two ? odd[rng_below(g, ODD)] : "");
    *p = (struct text_pattern){TF_ATOM_EQUALS + rng_below(g, 4), folded_of(text)};
}

static void odd_sets(void *ctx)
{
    enum { SETS = 4000 };
    struct gen g = {NULL, 12};
    uint32_t made = 0;
    (void)ctx;
    for (int n = 0; n < SETS; n++) {
        struct text_pattern p[MOST];
        bool wanted[MOST];
        uint32_t count = (uint32_t)rng_between(&g, 1, MOST);
        struct str text;
        for (uint32_t i = 0; i < count; i++) {
            draw_odd(&g, &p[i]);
            wanted[i] = rng_chance(&g, 40);
            if (p[i].kind == TF_ATOM_EQUALS && rng_chance(&g, 80)) wanted[i] = false;
        }
        bool can = make(p, wanted, count, &text);
        ck_assert_msg(can != two_forbid(p, wanted, count), "%s", in_words(p, wanted, count));
        made += can;
    }
    ck_assert_uint_gt(made, SETS / 3);
    ck_assert_uint_lt(made, SETS * 9 / 10);
}

START_TEST(proof_texts_letters_that_fold_and_compose)
{
    ck_assert(arena_try(a, odd_sets, NULL));
}
END_TEST

/* What is said of two patterns holds of any text: here of many that are made of the same pieces. A text that
 * is folded already folds to itself. */
static void odd_texts(void *ctx)
{
    enum { TEXTS = 400, KINDS = 4 };
    struct gen g = {NULL, 13};
    struct text_pattern p[ODD * KINDS];
    (void)ctx;
    for (int i = 0; i < ODD * KINDS; i++)
        p[i] = (struct text_pattern){TF_ATOM_EQUALS + i % KINDS, folded_of(odd[i / KINDS])};
    for (int n = 0; n < TEXTS; n++) {
        struct buf b;
        bool held[ODD * KINDS];
        buf_init(&b, a);
        for (int i = rng_below(&g, 6); i >= 0; i--) buf_puts(&b, odd[rng_below(&g, ODD)]);
        struct str text = folded_of(buf_done(&b).p);
        ck_assert_msg(str_eq(text, folded_of(text.p)), "\"%s\" folds twice", b.p);
        for (int i = 0; i < ODD * KINDS; i++) held[i] = holds(&p[i], text);
        for (int i = 0; i < ODD * KINDS; i++)
            for (int k = 0; k < ODD * KINDS && held[i]; k++) {
                enum text_relation r = text_relation(&p[i], &p[k]);
                EXPECT(r == TEXT_FREE || held[k] == (r == TEXT_IMPLIES), "%d and %d of \"%s\"", i, k, b.p);
            }
    }
}

START_TEST(proof_texts_what_is_said_of_two_holds_of_any_text)
{
    ck_assert(arena_try(a, odd_texts, NULL));
}
END_TEST

/* A policy with a rule for each of the odd pieces and each kind; what was made is matched. */
static void matched(void *ctx)
{
    enum { TESTS = 4 * ODD, ROUNDS = 300 };
    static const char *const kinds[] = {"==", "starts with", "ends with", "contains"};
    struct gen g = {NULL, 14};
    struct text_pattern p[TESTS];
    struct compiled x;
    struct shunt_ticket *ticket;
    struct buf b;
    (void)ctx;
    buf_init(&b, a);
    buf_puts(&b, "version 1\n");
    for (int i = 0; i < TESTS; i++) {
        p[i] = (struct text_pattern){TF_ATOM_EQUALS + i % 4, folded_of(odd[i / 4])};
        buf_printf(&b, "rule r%d {\n when subject %s \"%s\"\n add labels l%d\n continue\n}\n", i,
                   kinds[i % 4], odd[i / 4], i);
    }
    compiled_open(&x, "p.shunt", buf_done(&b).p, false);
    ck_assert_int_eq(shunt_ticket_new(x.table, NULL, &ticket), SHUNT_OK);
    for (int n = 0, done = 0; done < ROUNDS; n++) {
        bool wanted[TESTS] = {0}, found[TESTS] = {0};
        struct str text;
        struct shunt_decision d;
        for (int k = rng_below(&g, 4); k >= 0; k--) wanted[rng_below(&g, TESTS)] = true;
        for (int i = 0; i < TESTS; i++) /* and what that implies */
            for (int k = 0; k < TESTS && !wanted[i]; k++)
                wanted[i] = text_always(&p[i]) || (wanted[k] && text_relation(&p[k], &p[i]) == TEXT_IMPLIES);
        ck_assert_int_lt(n, 100 * ROUNDS);
        if (!make(p, wanted, TESTS, &text)) continue;
        done++;
        shunt_ticket_reset(ticket);
        ck_assert_int_eq(shunt_ticket_set_text(ticket, SHUNT_ATTR_SUBJECT, text.p, text.len), SHUNT_OK);
        shunt_match(ticket, &d);
        for (uint32_t i = 0; i < d.add_count; i++)
            found[atoi(shunt_label_name(x.table, d.add[i]).bytes + 1)] = true;
        for (int i = 0; i < TESTS; i++)
            EXPECT(found[i] == wanted[i], "\"%s\": subject %s \"%s\"", text.p, kinds[i % 4], odd[i / 4]);
    }
    shunt_ticket_free(ticket);
    compiled_close(&x);
}

START_TEST(proof_texts_what_is_made_matches)
{
    ck_assert(arena_try(a, matched, NULL));
}
END_TEST

/* ---- what is made reads well ---- */

#define E TF_ATOM_EQUALS
#define P TF_ATOM_PREFIX
#define Z TF_ATOM_SUFFIX
#define C TF_ATOM_CONTAINS
static const struct {
    struct {
        enum tf_atom_kind kind;
        const char *text;
        bool wanted;
    } of[4];
    const char *made; /* NULL: none can be */
} plain[] = {
    {{{0}}, ""},
    {{{E, "", false}}, "-"},
    {{{E, "-", false}, {E, "", false}}, "."},
    {{{C, "refund", true}}, "refund"},
    {{{C, "refund", true}, {P, "re", true}}, "refund"},
    {{{C, "fund", true}, {P, "re", true}, {Z, "refund", true}}, "refund"},
    {{{P, "re", true}, {Z, "re", true}}, "re"},
    {{{P, "hello", true}, {Z, "bye", true}, {C, "my", true}}, "hello my bye"},
    {{{C, "a", true}, {C, "b", true}}, "a b"},
    {{{C, "a", true}, {C, "b", true}, {C, " ", false}}, "a-b"},
    {{{C, "refund", true}, {C, "fun", true}, {C, "refund", true}}, "refund"},
    {{{C, "refund", true}, {E, "refund", false}}, "refund-"},
    {{{C, "refund", true}, {P, "refund", false}}, "-refund"},
    {{{C, "refund", true}, {P, "refund", false}, {Z, "refund", false}}, "-refund-"},
    {{{E, "refund", true}, {P, "re", true}}, "refund"},
    {{{E, "refund", true}, {P, "re", false}}, NULL},
    {{{E, "a", true}, {E, "b", true}}, NULL},
    {{{P, "a", true}, {P, "b", true}}, NULL},
    {{{C, "", false}}, NULL},
    {{{E, "", true}}, ""},
    {{{C, "Refund", true}}, NULL}, /* is no folded text: of no text it holds */
    {{{C, "Refund", false}}, ""},
};

static void plain_texts(void *ctx)
{
    int n = *(int *)ctx;
    struct text_pattern p[4];
    bool wanted[4];
    uint32_t count = 0;
    for (; count < 4 && plain[n].of[count].text; count++) {
        p[count] = (struct text_pattern){plain[n].of[count].kind, str_from(plain[n].of[count].text)};
        wanted[count] = plain[n].of[count].wanted;
    }
    struct str text;
    bool made = make(p, wanted, count, &text);
    ck_assert_int_eq(made, plain[n].made != NULL);
    if (made) ck_assert_str_eq(text.p, plain[n].made);
}

START_TEST(proof_texts_are_plain)
{
    ck_assert(arena_try(a, plain_texts, &_i));
}
END_TEST

static void many_patterns(void *ctx)
{
    enum { COUNT = 3000 };
    struct text_pattern *p = arena_array(a, struct text_pattern, COUNT);
    bool *wanted = arena_array(a, bool, COUNT);
    struct str text;
    (void)ctx;
    /* Every plain character is taken, and the first Chinese ones are. */
    for (uint32_t i = 0; i < COUNT; i++) {
        struct buf b;
        buf_init(&b, a);
        if (i < 60)
            buf_putc(&b, " -./_0123456789"[i % 15]);
        else
            buf_utf8(&b, 0x4e00 + i);
        p[i] = (struct text_pattern){C, buf_done(&b)};
    }
    p[59].text = S("\u4e00");
    ck_assert(make(p, wanted, COUNT, &text));
    ck_assert_str_eq(text.p, "");
    p[58] = (struct text_pattern){E, S("")};
    ck_assert(make(p, wanted, COUNT, &text));
    ck_assert_str_eq(text.p, "\u4e01");
    p[57] = (struct text_pattern){P, S("a")}, p[56] = (struct text_pattern){C, S("b")};
    p[55] = (struct text_pattern){Z, S("c")};
    wanted[57] = wanted[56] = wanted[55] = true;
    ck_assert(make(p, wanted, COUNT, &text));
    ck_assert_str_eq(text.p, "a\u4e01b\u4e01c");
}

START_TEST(proof_texts_where_many_characters_are_taken)
{
    ck_assert(arena_try(a, many_patterns, NULL));
}
END_TEST

int main(void)
{
    Suite *s = suite_create("texts");
    TCase *k = tcase_create("texts");
    tcase_add_checked_fixture(k, setup, teardown);
    tcase_add_test(k, proof_texts_each_pair_of_patterns);
    tcase_add_test(k, proof_texts_random_sets_of_patterns);
    tcase_add_test(k, proof_texts_letters_that_fold_and_compose);
    tcase_add_test(k, proof_texts_what_is_said_of_two_holds_of_any_text);
    tcase_add_test(k, proof_texts_what_is_made_matches);
    tcase_add_loop_test(k, proof_texts_are_plain, 0, sizeof plain / sizeof *plain);
    tcase_add_test(k, proof_texts_where_many_characters_are_taken);
    suite_add_tcase(s, k);
    return run_suite(s);
}
