/* The folding of conditions that warnings stand on: its normal form, and that it keeps the meaning. */
#include "resolved.h"
#include "run_suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char fields[] =
    "fields: {plan: [free, pro, enterprise], total: number, language: text, interests: set, "
    "trial: bool}\n"
    "timezone: Europe/Stockholm\n"
    "hours: {office: {weekly: {mon-fri: 09:00-17:00}}, duty: {outside: office}, "
    "never: {weekly: {}}, whole: {weekly: {mon-sun: 00:00-24:00}}}\n";

/* ---- folding ---- */

struct wanted {
    const char *when, *folded;
};

static void look_folded(struct compilation *c, void *ctx)
{
    const struct wanted *wanted = ctx;
    struct folder f = folder_new(c->a, &c->model);
    struct buf b;
    for (uint32_t i = 0; i < c->diags.list.count; i++)
        ck_assert_msg(!diag_is_error(c->diags.list.at[i]->id), "%s: %s", wanted->when,
                      c->diags.list.at[i]->message.p);
    buf_init(&b, c->a);
    print_canon(&b, &c->model, fold(&f, c->model.rules.at[0].cond));
    ck_assert_msg(strcmp(buf_done(&b).p, wanted->folded) == 0, "%s\n     is %s\nwanted %s", wanted->when, b.p,
                  wanted->folded);
}

static void expect_folds(const char *when, const char *folded)
{
    char text[4096];
    snprintf(text, sizeof text, "shunt: 1\n%srules:\n  - rule: r\n    when: '%s'\n    to: unassigned\n",
             fields, when);
    with_policy(text, NULL, NULL, look_folded, &(struct wanted){when, folded});
}

START_TEST(fold_constants)
{
    expect_folds("true and (false or labels has a)", "labels any [a]");
    expect_folds("labels has a and false", "FALSE");
    expect_folds("not (labels has a and false)", "TRUE");
    expect_folds("labels has a and not labels has a", "FALSE");
    expect_folds("labels has a or not labels has a", "TRUE");
    expect_folds("subject exists or subject contains \"\"", "subject exists");
}
END_TEST

START_TEST(fold_few_values)
{
    expect_folds("priority >= low", "TRUE");
    expect_folds("priority > urgent", "FALSE");
    expect_folds("priority > low and priority != urgent", "priority one of normal high");
    expect_folds("plan < pro or plan > pro", "plan one of free enterprise");
    expect_folds("plan exists and plan != pro", "plan one of free enterprise");
    expect_folds("plan exists or not plan exists", "TRUE");
    expect_folds("channel == email and channel in (phone, sms)", "FALSE");
    expect_folds("channel != email or channel != phone", "TRUE");
    expect_folds("trial or not trial", "TRUE");
    expect_folds("not trial and trial exists", "trial one of false");
}
END_TEST

START_TEST(fold_sets)
{
    expect_folds("labels has a or labels has b or labels has any (c, a)", "labels any [a, b, c]");
    expect_folds("not labels has a and not labels has b", "NOT(labels any [a, b])");
    expect_folds("labels has all (a, b) and labels has none (b, c)", "FALSE");
    expect_folds("labels has any (a, b) and labels has none (b, c)",
                 "AND(labels any [a, b], NOT(labels any [b, c]))");
    expect_folds("labels has a and not labels exists", "FALSE");
    expect_folds("not labels has all (a, b) or labels has a", "TRUE");
}
END_TEST

START_TEST(fold_numbers)
{
    expect_folds("total > 5 and total < 5", "FALSE");
    expect_folds("total >= 5 and total <= 5 and total != 5", "FALSE");
    expect_folds("total > 5 and not total exists", "FALSE");
    expect_folds("not total > 5 and not total <= 5", "AND(NOT(total > 5), NOT(total <= 5))");
    expect_folds("total in (1, 2) and total > 2", "FALSE");
    expect_folds("not total < 3 or total < 4", "TRUE");
    expect_folds("total > 1.7976931348623157e308", "total > 1.7976931348623157e+308");
    expect_folds("total > 1.7976931348623157e308 and total exists", "FALSE");
}
END_TEST

START_TEST(fold_texts)
{
    expect_folds("subject == \"Refund\" and subject != \"REFUND\"", "FALSE");
    expect_folds("subject == \"Straße\" and not subject ends with \"SSE\"", "FALSE");
    expect_folds("subject in (\"b\", \"A\", \"a\")", "subject is \"a\", \"b\"");
    expect_folds("subject == \"a\" and subject contains \"b\"", "FALSE");
}
END_TEST

START_TEST(fold_hours)
{
    expect_folds("during always", "TRUE");
    expect_folds("during whole", "TRUE");
    expect_folds("during never", "FALSE");
    expect_folds("during duty", "NOT(during office)");
    expect_folds("during duty and during office", "FALSE");
}
END_TEST

START_TEST(fold_same_meaning_same_tree)
{
    expect_folds("labels has a and channel == email", "AND(channel one of email, labels any [a])");
    expect_folds("channel == email and (labels has a and true) and labels has a",
                 "AND(channel one of email, labels any [a])");
    expect_folds("not (not channel == email or labels has none (a))",
                 "AND(channel one of email, labels any [a])");
}
END_TEST

START_TEST(fold_what_follows_inside)
{
    expect_folds("labels has a and (labels has a or trial)", "labels any [a]");
    expect_folds("labels has a or (labels has a and trial)", "labels any [a]");
    expect_folds("labels has a and (not labels has a or trial)", "AND(trial one of true, labels any [a])");
    expect_folds("not (labels has a and trial) and labels has a and trial", "FALSE");
    expect_folds("(labels has a and trial) or not (labels has a and trial)", "TRUE");
    expect_folds("priority >= high and (priority == low or trial)",
                 "AND(priority one of high urgent, trial one of true)");
}
END_TEST

/* A list of more than 64 values is folded test by test. */
static void expect_folds_long(const char *when, const char *folded)
{
    char text[4096];
    size_t len = (size_t)sprintf(text, "shunt: 1\nfields: {code: [");
    for (int i = 0; i < 70; i++) len += (size_t)sprintf(text + len, "v%02d%s", i, i < 69 ? ", " : "");
    snprintf(text + len, sizeof text - len, "]}\nrules:\n  - {rule: r, when: '%s', to: unassigned}\n", when);
    with_policy(text, NULL, NULL, look_folded, &(struct wanted){when, folded});
}

START_TEST(fold_many_values)
{
    expect_folds_long("code == v01 or code == v65", "code any [v01, v65]");
    expect_folds_long("code == v01 and code == v02", "FALSE");
    expect_folds_long("code in (v20, v30) and code < v20", "FALSE");
    expect_folds_long("code in (v20, v30) and code < v21", "AND(code any [v20, v30], code < v21)");
    expect_folds_long("code in (v20, v30) and not code > v10", "FALSE");
    expect_folds_long("code != v20 or code != v30", "TRUE");
    expect_folds_long("code >= v05 and not code exists", "FALSE");
}
END_TEST

/* ---- folding keeps the meaning: random conditions over a small world, asked of random tickets ---- */

enum { LABELS = 3, PLANS = 3 };
static const char *const texts[] = {"a", "B", "ab"};

struct ticket {
    uint32_t labels;   /* bits */
    bool more_labels;  /* some that the policy does not name */
    uint32_t priority; /* 0..3 */
    uint32_t plan;     /* PLANS: not carried */
    int total;         /* 9: not carried */
    int trial;         /* 0 false, 1 true, 2 not carried */
    int subject;       /* index into texts, folded; 3: not carried */
    bool office;
};

static uint64_t next_random(uint64_t *state) /* SplitMix64 */
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static uint32_t draw(uint64_t *state, uint32_t n)
{
    return (uint32_t)(next_random(state) % n);
}

static struct ticket draw_ticket(uint64_t *s)
{
    struct ticket t = {.labels = draw(s, 1u << LABELS),
                       .more_labels = draw(s, 2),
                       .priority = draw(s, 4),
                       .plan = draw(s, PLANS + 1),
                       .total = (int)draw(s, 5),
                       .trial = (int)draw(s, 3),
                       .subject = (int)draw(s, 4),
                       .office = draw(s, 2)};
    if (t.total == 4) t.total = 9;
    return t;
}

static void draw_test(uint64_t *s, struct buf *b)
{
    static const char *const cmp[] = {"<", "<=", ">", ">=", "==", "!="};
    static const char *const plans[] = {"free", "pro", "enterprise"};
    static const char *const with[] = {"contains", "starts with", "ends with", "==", "not contains"};
    switch (draw(s, 10)) {
    case 0: buf_printf(b, "labels has l%u", draw(s, LABELS)); break;
    case 1: buf_printf(b, "labels has any (l%u, l%u)", draw(s, LABELS), draw(s, LABELS)); break;
    case 2: buf_printf(b, "labels has all (l%u, l%u)", draw(s, LABELS), draw(s, LABELS)); break;
    case 3: buf_printf(b, "labels has none (l%u, l%u)", draw(s, LABELS), draw(s, LABELS)); break;
    case 4: buf_printf(b, "priority %s %s", cmp[draw(s, 6)], priority_words[draw(s, 4)]); break;
    case 5: buf_printf(b, "plan %s %s", cmp[draw(s, 6)], plans[draw(s, 3)]); break;
    case 6: buf_printf(b, "total %s %u", cmp[draw(s, 6)], draw(s, 4)); break;
    case 7: buf_puts(b, draw(s, 2) ? "trial" : draw(s, 2) ? "trial exists" : "labels exists"); break;
    case 8: buf_printf(b, "subject %s \"%s\"", with[draw(s, 5)], texts[draw(s, 3)]); break;
    default: buf_puts(b, draw(s, 2) ? "during office" : draw(s, 2) ? "during duty" : "total exists"); break;
    }
}

static void draw_cond(uint64_t *s, struct buf *b, int depth)
{
    uint32_t kind = depth ? draw(s, 5) : 0;
    if (kind <= 1) {
        draw_test(s, b);
        return;
    }
    buf_puts(b, kind == 2 ? "not (" : "(");
    draw_cond(s, b, depth - 1);
    for (uint32_t i = 1 + draw(s, 3); kind > 2 && i > 0; i--) {
        buf_puts(b, kind == 3 ? " and " : " or ");
        draw_cond(s, b, depth - 1);
    }
    buf_putc(b, ')');
}

/* The names l0, l1, … stand in the order of their numbers, where all are used; so ids are looked up by name.
 */
static uint32_t label_bit(const struct model *m, uint32_t id)
{
    return 1u << (m->attrs.at[TF_LABELS].values.at[id].name.s.p[1] - '0');
}

static bool compare(enum tf_cmp cmp, double a, double b)
{
    return cmp == TF_LT ? a < b : cmp == TF_LE ? a <= b : cmp == TF_GT ? a > b : a >= b;
}

static bool text_holds(enum tf_atom_kind kind, const char *text, struct str part)
{
    char folded[8] = {0};
    size_t len = strlen(text);
    for (size_t i = 0; i < part.len; i++) folded[i] = (char)(part.p[i] | 0x20);
    if (kind == TF_ATOM_CONTAINS) return strstr(text, folded) != NULL;
    if (kind == TF_ATOM_EQUALS) return strcmp(text, folded) == 0;
    if (part.len > len) return false;
    return strncmp(kind == TF_ATOM_PREFIX ? text : text + len - part.len, folded, part.len) == 0;
}

struct test { /* what a cond's test and a canon's have in common */
    uint32_t op, attr, count;
    enum tf_cmp cmp;
    enum tf_atom_kind text_kind;
    const uint32_t *ids;
    const double *numbers;
    const struct str *texts;
};

static bool exists(const struct ticket *t, uint32_t attr)
{
    switch (attr) {
    case TF_LABELS: return t->labels || t->more_labels;
    case TF_SUBJECT: return t->subject < 3;
    case TF_FIELD_FIRST: return t->plan < PLANS;
    case TF_FIELD_FIRST + 1: return t->total != 9;
    default: return t->trial != 2;
    }
}

static bool has_ids(const struct model *m, const struct ticket *t, const struct test *x, bool all)
{
    uint32_t wanted = 0;
    for (uint32_t i = 0; i < x->count; i++)
        if (x->attr == TF_LABELS)
            wanted |= label_bit(m, x->ids[i]);
        else if (x->ids[i] == (x->attr == TF_PRIORITY ? t->priority : t->plan))
            return true;
    return all ? (t->labels & wanted) == wanted : (t->labels & wanted) != 0;
}

static bool test_holds(const struct model *m, const struct ticket *t, const struct test *x)
{
    static const char *const folded[] = {"a", "b", "ab"};
    bool priority = x->attr == TF_PRIORITY;
    switch (x->op) {
    case COND_HAS_ANY: return has_ids(m, t, x, false);
    case COND_HAS_ALL: return has_ids(m, t, x, true);
    case COND_COMPARE:
        return (priority || t->plan < PLANS) && compare(x->cmp, priority ? t->priority : t->plan, x->ids[0]);
    case COND_NUMBER_COMPARE: return t->total != 9 && compare(x->cmp, t->total, x->numbers[0]);
    case COND_NUMBER_IN: return t->total == x->numbers[0];
    case COND_TEXT: return t->subject < 3 && text_holds(x->text_kind, folded[t->subject], x->texts[0]);
    case COND_BOOL: return t->trial == 1;
    case COND_DURING: return str_eq(m->hours.at[x->ids[0]].name.s, S("office")) == t->office;
    default: return exists(t, x->attr);
    }
}

static bool cond_holds(const struct model *m, const struct ticket *t, const struct cond *c)
{
    const struct str *text = c->op == COND_TEXT ? &m->texts.at[cond_ids(c)[0]] : NULL;
    struct test x = {c->op, c->attr, c->count, c->cmp, c->text_kind, cond_ids(c), cond_numbers(c), text};
    switch (c->op) {
    case COND_TRUE: return true;
    case COND_FALSE: return false;
    case COND_NOT: return !cond_holds(m, t, c->kids);
    case COND_AND:
        for (uint32_t i = 0; i < c->count; i++)
            if (!cond_holds(m, t, &c->kids[i])) return false;
        return true;
    case COND_OR:
        for (uint32_t i = 0; i < c->count; i++)
            if (cond_holds(m, t, &c->kids[i])) return true;
        return false;
    default: return test_holds(m, t, &x);
    }
}

static bool values_hold(const struct ticket *t, const struct canon *c)
{
    uint32_t plain = c->attr == TF_PRIORITY      ? t->priority
                     : c->attr == TF_FIELD_FIRST ? t->plan
                                                 : (uint32_t)t->trial;
    bool absent = c->attr != TF_PRIORITY && !exists(t, c->attr);
    return absent ? c->absent : c->values >> plain & 1;
}

static bool canon_holds(const struct model *m, const struct ticket *t, const struct canon *c)
{
    struct test x = {c->op,    c->attr,      c->count,  (enum tf_cmp)c->cmp, (enum tf_atom_kind)c->text_kind,
                     c->u.ids, c->u.numbers, c->u.texts};
    if (c->kind == CANON_TRUE || c->kind == CANON_FALSE) return c->kind == CANON_TRUE;
    if (c->kind == CANON_VALUES) return values_hold(t, c);
    if (c->kind == CANON_TEST) return test_holds(m, t, &x) != c->negated;
    for (uint32_t i = 0; i < c->count; i++)
        if (canon_holds(m, t, c->u.kids[i]) != (c->kind == CANON_AND)) return c->kind == CANON_OR;
    return c->kind == CANON_AND;
}

static bool is_among(const struct canon *c, const struct canon *const *tests, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (canon_equal(tests[i], c)) return true;
    return false;
}

/* fold_tests_of() gives what fold() does, or nothing. */
static bool has_tests(const struct folder *f, const struct cond *cond)
{
    const struct canon *tests[5], *folded = fold(f, cond);
    uint32_t count = fold_tests_of(f, cond, tests, 5);
    if (count == 1) ck_assert(canon_equal(tests[0], folded));
    if (count < 2) return count;
    ck_assert_int_eq(folded->kind, CANON_AND);
    ck_assert_uint_eq(folded->count, count);
    for (uint32_t i = 0; i < count; i++) ck_assert(is_among(folded->u.kids[i], tests, count));
    return true;
}

static void look_for_tests(struct compilation *c, void *ctx)
{
    uint32_t *found = ctx;
    struct folder f = folder_new(c->a, &c->model);
    for (uint32_t i = 0; i < c->model.rules.count; i++) *found += has_tests(&f, c->model.rules.at[i].cond);
}

static void look_random(struct compilation *c, void *ctx)
{
    uint64_t *s = ctx;
    struct folder f = folder_new(c->a, &c->model);
    f.a = arena_part(c->a);
    ck_assert_uint_eq(c->diags.error_count, 0);
    for (uint32_t i = 0; i < c->model.rules.count; i++) {
        const struct cond *cond = c->model.rules.at[i].cond;
        const struct canon *canon = canon_keep(&f, fold(&f, cond));
        arena_clear(f.a);
        for (int k = 0; k < 200; k++) {
            struct ticket t = draw_ticket(s);
            ck_assert_msg(cond_holds(&c->model, &t, cond) == canon_holds(&c->model, &t, canon),
                          "rule %u, ticket %d", i, k);
        }
    }
}

/* 400 rules with drawn conditions. */
static void with_drawn(uint64_t *s, unsigned depth, void look(struct compilation *, void *), void *ctx)
{
    struct arena *a = arena_new();
    char head[2048];
    snprintf(head, sizeof head, "shunt: 1\n%srules:\n", fields);
    char *text = malloc(1 << 21);
    size_t len = (size_t)sprintf(text, "%s", head);
    for (int i = 0; i < 400; i++) {
        char *room = malloc(1 << 16);
        struct buf b = {.a = a, .p = room, .cap = 1 << 16}; /* never grows: depth 3 */
        draw_cond(s, &b, depth);
        room[b.len] = 0;
        len += (size_t)sprintf(text + len, "  - {rule: r%d, when: '%s', to: unassigned}\n", i, room);
        free(room);
    }
    with_policy(text, NULL, NULL, look, ctx);
    free(text);
    arena_free(a);
}

START_TEST(fold_keeps_the_meaning)
{
    uint64_t s = 20261121 + (uint64_t)_i;
    with_drawn(&s, 3, look_random, &s);
}
END_TEST

START_TEST(tests_of_a_condition_are_those_it_folds_to)
{
    uint64_t s = 20261123;
    uint32_t found = 0;
    for (unsigned depth = 1; depth <= 3; depth++) with_drawn(&s, depth, look_for_tests, &found);
    ck_assert_uint_ge(found, 100);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("check_fold");
    TCase *t = tcase_create("folding");
    tcase_add_test(t, fold_constants);
    tcase_add_test(t, fold_few_values);
    tcase_add_test(t, fold_many_values);
    tcase_add_test(t, fold_sets);
    tcase_add_test(t, fold_numbers);
    tcase_add_test(t, fold_texts);
    tcase_add_test(t, fold_hours);
    tcase_add_test(t, fold_same_meaning_same_tree);
    tcase_add_test(t, fold_what_follows_inside);
    tcase_add_loop_test(t, fold_keeps_the_meaning, 0, 5);
    tcase_add_test(t, tests_of_a_condition_are_those_it_folds_to);
    suite_add_tcase(s, t);
    return run_suite(s);
}
