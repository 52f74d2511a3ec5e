/* Plain conditions (compiler/cond_plain.c): whatever is taken for one is right, and has the grammar's own
 * tree, and the meaning of that. */
#include "plain.h"
#include "run_suite.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct arena *a;

static void setup(void)
{
    a = arena_new();
}
static void teardown(void)
{
    arena_free(a);
}

/* ---- trees, with every place ---- */

static void put_at(struct buf *b, struct span at)
{
    buf_printf(b, "@%u:%u+%u ", at.file, at.off, at.len);
}

static void put_tree(struct buf *b, const struct expr *e)
{
    buf_printf(b, "(%d %d %d", (int)e->kind, (int)e->op, (int)e->any);
    put_at(b, e->at);
    if (e->kind == EXPR_TEST) {
        buf_printf(b, "<%.*s>", (int)e->attr.s.len, e->attr.s.p);
        put_at(b, e->attr.at);
        for (uint32_t i = 0; i < e->values.count; i++) {
            const struct value *v = &e->values.at[i];
            buf_printf(b, "%d<%.*s>%a", (int)v->kind, (int)v->s.len, v->s.p, v->number);
            put_at(b, v->at);
        }
    } else {
        for (uint32_t i = 0; i < e->kids.count; i++) put_tree(b, e->kids.at[i]);
    }
    buf_putc(b, ')');
}

static const char *tree_of(const struct expr *e)
{
    struct buf b;
    buf_init(&b, a);
    put_tree(&b, e);
    return buf_done(&b).p;
}

static bool is_plain(struct str text)
{
    struct plain_cond c;
    return plain_read(&c, text) && c.len == text.len;
}

static void same_by_grammar(struct str s)
{
    struct diags d = {.a = a};
    struct cond_text text = {.file = 3, .text = s, .base = 1000};
    const struct expr *by_grammar = parse_condition(a, &d, &text);
    const struct expr *plain = plain_open(a, s, (struct span){text.file, text.base, (uint32_t)s.len});
    ck_assert_msg(by_grammar && d.list.count == 0, "taken for right: %.*s", (int)s.len, s.p);
    ck_assert_msg(strcmp(tree_of(by_grammar), tree_of(plain)) == 0, "%.*s\ngrammar %s\nplain   %s",
                  (int)s.len, s.p, tree_of(by_grammar), tree_of(plain));
}

/* ---- which are plain ---- */

static void plain_body(void *ctx)
{
    static const char *const plain[] = {
        "labels has refund",
        "labels has \"two words\" and not segments has vip",
        "channel==email or priority >= high",
        "(labels has a) and (channel == b or channel != c)",
        "labels has any (a, \"b c\", d) and segments has none (x)",
        "plan in (free, pro) and plan not in (old) or labels has all (a,b)",
        "total > 5 and total <= -1.5e3 and total == 0",
        "a == b and c == d or e == f and not (g == h or i < j)",
        "mon == tue-fri and when has to",
        "((a == b))",
        "a\thas\tb ",
        "labels",
        "gold and not silver or (bronze)",
        "labels exists and not body exists",
        "during office",
        "not outside always and (during \t night-1)",
        "subject contains \"x\"",
        "subject contains any (\"x\", \"y z\") or body starts with any (\"\")",
        "body not contains \"x\" and body not starts with \"y\" and body not ends with \"z\"",
        "body ends with \"x\" or body not contains any (\"q\")",
    };
    static const char *const not_plain[] = {
        "",
        "labels has",
        "labels labels",
        "labels\n",
        "labels,",
        "labels not exists",
        "labels exists b",
        "during",
        "during \"office\"",
        "during not",
        "during office hours",
        "during (office)",
        "a during office",
        "subject contains x",
        "subject contains 5",
        "subject contains",
        "subject contains any \"x\"",
        "subject contains any (x)",
        "subject contains (\"x\")",
        "subject contains all (\"x\")",
        "subject starts \"x\"",
        "subject not \"x\"",
        "subject not with \"x\"",
        "subject contains \"x\", \"y\"",
        "labels has and",
        "has has has",
        "labels has a b",
        "labels has a and",
        "labels has a\nand labels has b",
        "labels has a.b",
        "labels has a&b",
        "labels has a && labels has b",
        "a = b",
        "a === b",
        "a !== b",
        "a <> b",
        "a =< b",
        "a == 1x",
        "a == 01",
        "a == \"b",
        "a == \"b\\n\"",
        "a == \"\xc3\xa9\"",
        "a == \xc3\xa9",
        "not not a == b",
        "(a == b",
        "a == b)",
        "a in b",
        "a has any b",
        "a not has b",
        "true",
        "a == 'b'",
        "a == (b)",
        "not",
        "A == B AND C == D",
    };
    (void)ctx;
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        struct str s = str_from(plain[i]);
        while (s.p[s.len - 1] == ' ') s.len--;
        ck_assert_msg(is_plain(s), "not plain: %s", plain[i]);
        same_by_grammar(s);
    }
    for (size_t i = 0; i < sizeof not_plain / sizeof *not_plain; i++) {
        struct str s = str_from(not_plain[i]);
        ck_assert_msg(!s.len || !is_plain(s), "plain: %s", not_plain[i]);
    }
}

START_TEST(plain_4_what_is_plain)
{
    ck_assert(arena_try(a, plain_body, NULL));
}
END_TEST

/* ---- drawn ones ---- */

static uint32_t draw(uint64_t *state, uint32_t n)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 33) % n;
}

/* A few words and signs in a row, most of them as conditions have them. */
static struct str draw_text(uint64_t *state)
{
    static const char *const parts[] = {
        "and",      "or",     "not",  "has",  "any",    "all",    "none",   "in",    "(",    ")",
        ",",        "==",     "!=",   "<",    "<=",     ">",      ">=",     "a",     "in-x", "\"q r\"",
        "5",        "-2.5",   "1e9",  "=",    "!",      "=>",     "mon",    "after", "\"",   "\\",
        "true",     "5x",     "\n",   ".",    "#",      "has",    "and",    "b_1",   "c-d",  "\t",
        "contains", "starts", "ends", "with", "exists", "during", "outside"};
    static const char *const tests[] = {"a has b",
                                        "c == \"d\"",
                                        "(e in (f, 1)",
                                        "g has any (h)",
                                        "not i != j",
                                        "k <3",
                                        "l",
                                        "m exists",
                                        "during n",
                                        "o contains \"p\"",
                                        "q not starts with any (\"r\")",
                                        "s ends with \"\""};
    struct buf b;
    buf_init(&b, a);
    for (uint32_t i = 0, count = 1 + draw(state, 7); i < count; i++) {
        bool whole = draw(state, 3) != 0;
        if (i && whole && draw(state, 8)) buf_puts(&b, draw(state, 2) ? " and " : " or ");
        if (i && !draw(state, 8)) buf_puts(&b, ")");
        if (!draw(state, 8)) buf_puts(&b, "(");
        if (whole)
            buf_puts(&b, tests[draw(state, sizeof tests / sizeof *tests)]);
        else
            buf_puts(&b, parts[draw(state, sizeof parts / sizeof *parts)]);
        if (draw(state, 3)) buf_putc(&b, ' ');
    }
    struct str s = buf_done(&b);
    while (s.len && (s.p[s.len - 1] == ' ' || s.p[s.len - 1] == '\t')) s.len--;
    return s;
}

static void drawn_body(void *ctx)
{
    uint32_t *plain_count = ctx;
    uint64_t state = 1;
    struct arena *whole = a;
    for (int i = 0; i < 100000; i++) {
        a = arena_part(whole);
        struct str s = draw_text(&state);
        if (s.len && is_plain(s)) same_by_grammar(s), ++*plain_count;
        arena_end(a);
    }
    a = whole;
}

START_TEST(plain_4_same_tree_as_by_the_grammar)
{
    uint32_t plain_count = 0;
    ck_assert(arena_try(a, drawn_body, &plain_count));
    ck_assert_uint_gt(plain_count, 5000);
}
END_TEST

/* ---- their meaning: names as numbers (resolve_plain.c) beside trees ---- */

/* Tests of every type of attribute, right ones and wrong ones, some over and over. */
static struct str draw_tests(uint64_t *state)
{
    static const char *const tests[] = {
        "labels has l%u",
        "labels has any (l%u, \"l2\", l%u)",
        "labels has all (l%u, l1)",
        "labels has none (l%u)",
        "segments has \"s%u\"",
        "channel == email",
        "channel != sms",
        "channel in (phone, email)",
        "priority >= high",
        "priority == low",
        "priority not in (low, urgent)",
        "plan == p%u",
        "plan < p%u",
        "tags has l%u",
        "tags has all (l%u)",
        "size > %u",
        "size in (%u, 2)",
        "note == l%u",
        "note in (l%u, email)",
        "note contains \"l%u\"",
        "note not contains any (\"l%u\", \"x\")",
        "note starts with \"\" and note not ends with \"l%u\"",
        "plan exists",
        "new",
        "during h%u",
        "labels has any (\"l%u)\")",
        "outside h0 or during always",
        "note != \"\" or note in (\"\", l%u)",
        "note ends with any (\"L%u\", \"l%u\")",
        "note contains any (\"l%u\", \"\")",
        "size in (-0, 0, %u, 1e1)",
        "size == -0",
        "size not in (%u, %u)",
        "new exists and size exists",
        "size in (%u, x)",
        "size > x",
        "note in (l%u, 5)",
        "note == 5",
        "labels > 5",
        "h%u exists",
        "labels == l%u",
        "labels has 5",
        "plan in (p%u, 7)",
        "new == l%u",
        "nobody has l%u",
        "channel == l%u",
        "priority > p%u",
        "labels contains \"l%u\"",
        "note contains \"two  words\" and priority exists",
        "plan",
        "channel in (\"\")",
        "labels has any (\")\")",
        "nobody",
        "nobody exists",
        "during h%u9",
    };
    enum { RIGHT = 34, ALL = sizeof tests / sizeof *tests };
    struct buf b;
    buf_init(&b, a);
    for (uint32_t i = 0, count = 1 + draw(state, 5), open = 0; i < count; i++) {
        uint32_t kind = draw(state, draw(state, 30) ? RIGHT : ALL);
        if (i) buf_puts(&b, draw(state, 2) ? " and " : " or ");
        if (!draw(state, 4)) buf_puts(&b, "not ");
        if (!draw(state, 4)) buf_puts(&b, "("), open++;
        buf_printf(&b, tests[kind], draw(state, 4), draw(state, 40));
        if (open && (i + 1 == count || !draw(state, 2))) buf_puts(&b, ")"), open--;
        if (open && i + 1 == count) count += open, open = 0;
    }
    return buf_done(&b);
}

static struct str draw_policy(uint64_t *state)
{
    struct buf b;
    buf_init(&b, a);
    buf_puts(&b, "shunt: 1\ntimezone: UTC\nhours: {h0: {weekly: {mon: 09:00-17:00}}, h1: {weekly: {tue: "
                 "09:00-10:00}},\n"
                 "  h2: {weekly: {wed: 09:00-17:00}}, h3: {weekly: {sat: 09:00-10:00}}}\n"
                 "fields: {plan: [p0, p1, p2, p3], tags: set, size: number, note: text, new: bool}\n");
    if (!draw(state, 3)) buf_puts(&b, "labels: [l3, l1, l0]\n");
    if (!draw(state, 8)) buf_puts(&b, "fields: {plan: [p0], size: numbre, tags: set}\n");
    buf_puts(&b, "rules:\n");
    for (uint32_t i = 0, count = 1 + draw(state, 40); i < count; i++) {
        struct str when = draw_tests(state);
        buf_printf(&b, "- {rule: r%u, to: unassigned, when: '%.*s'}\n", i, (int)when.len, when.p);
    }
    buf_puts(&b, "otherwise: unassigned\n");
    return buf_done(&b);
}

/* The table, or all that is said. by_tree: what was numbered while it was read is forgotten. */
static struct str outcome(struct str policy, bool by_tree)
{
    struct buf b;
    struct compilation *c = arena_new_of(a, struct compilation);
    c->a = c->diags.a = a;
    read_policy_text(c, "p.yaml", policy);
    for (uint32_t i = 0; by_tree && i < c->ast.items.count; i++) {
        const struct item *item = c->ast.items.at[i];
        if (item->kind == ITEM_RULE && item->u.rule->when) item->u.rule->when->numbered = NULL;
    }
    resolve(c);
    check(c);
    buf_init(&b, a);
    diags_sort(&c->diags);
    for (uint32_t i = 0; i < c->diags.list.count; i++) {
        const struct diag *g = c->diags.list.at[i];
        put_at(&b, g->at);
        put_at(&b, g->related);
        buf_printf(&b, "%s %s %s\n", diag_rows[g->id].code, g->message.p, g->hint.p ? g->hint.p : "");
    }
    return c->diags.error_count ? buf_done(&b) : (buf_str(&b, lower_end(lower_begin(c))), buf_done(&b));
}

static void meaning_body(void *ctx)
{
    uint32_t *seed = ctx;
    uint64_t state = *seed;
    struct str policy = draw_policy(&state), numbered = outcome(policy, false), tree = outcome(policy, true);
    ck_assert_msg(str_eq(numbered, tree), "seed %u\n%s\nnumbered %s\ntree     %s", *seed, policy.p,
                  numbered.p, tree.p);
}

START_TEST(plain_4_same_meaning_as_its_tree)
{
    for (uint32_t seed = 1; seed <= 400; seed++) {
        ck_assert(arena_try(a, meaning_body, &seed));
        arena_free(a);
        a = arena_new();
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("cond_plain");
    TCase *t = tcase_create("plain");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, plain_4_what_is_plain);
    tcase_add_test(t, plain_4_same_tree_as_by_the_grammar);
    tcase_add_test(t, plain_4_same_meaning_as_its_tree);
    suite_add_tcase(s, t);
    return run_suite(s);
}
