/* Policies resolved from text, and conditions in words: see resolved.h. */
#include "resolved.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- running ---- */

struct job {
    struct arena *a;
    const char *text;
    const struct limits *limits;
    const struct compile_options *options;
    void (*look)(struct compilation *c, void *ctx);
    void *ctx;
};

static void run(void *ctx)
{
    struct job *job = ctx;
    struct compilation *c = arena_new_of(job->a, struct compilation);
    c->a = c->diags.a = job->a;
    if (job->options) c->options = *job->options;
    c->options.zoneinfo_dir = S("/usr/share/zoneinfo");
    bool dsl = strncmp(job->text, "version", 7) == 0;
    read_policy_text(c, dsl ? "policy.shunt" : "policy.yaml", str_from(job->text));
    if (!c->diags.fatal) {
        resolve_within(c, job->limits ? job->limits : &policy_limits);
        check(c);
    }
    diags_sort(&c->diags);
    job->look(c, job->ctx);
}

void with_policy(const char *text, const struct limits *limits, const struct compile_options *options,
                 void (*look)(struct compilation *c, void *ctx), void *ctx)
{
    struct job job = {arena_new(), text, limits, options, look, ctx};
    ck_assert_ptr_nonnull(job.a);
    ck_assert(arena_try(job.a, run, &job));
    arena_free(job.a);
}

/* ---- what is said ---- */

struct expected {
    const char *said;
    const char *text;
};

static void look_said(struct compilation *c, void *ctx)
{
    const struct expected *expected = ctx;
    struct buf b;
    buf_init(&b, c->a);
    for (uint32_t i = 0; i < c->diags.list.count; i++) {
        const struct diag *d = c->diags.list.at[i];
        struct place p = source_place(c->a, &c->sources.list.at[d->at.file], d->at);
        buf_printf(&b, "%s%s %u:%u", i ? ", " : "", diag_rows[d->id].code, p.line, p.column);
    }
    struct str said = buf_done(&b);
    ck_assert_msg(strcmp(said.p, expected->said) == 0, "said     %s\nexpected %s\n%.2000s", said.p,
                  expected->said, expected->text);
}

void expect_said_with(const char *text, const struct limits *limits, const struct compile_options *options,
                      const char *expected)
{
    struct expected e = {expected, text};
    with_policy(text, limits, options, look_said, &e);
}

void expect_said(const char *text, const char *expected)
{
    expect_said_with(text, NULL, NULL, expected);
}

static void look_message(struct compilation *c, void *ctx)
{
    const struct expected *expected = ctx;
    ck_assert_msg(c->diags.list.count == 1, "%u diagnostics\n%s", c->diags.list.count, expected->text);
    const struct diag *d = c->diags.list.at[0];
    struct str all = arena_printf(c->a, "%.*s%s%.*s", (int)d->message.len, d->message.p,
                                  d->hint.p ? " | " : "", (int)d->hint.len, d->hint.p ? d->hint.p : "");
    ck_assert_str_eq(all.p, expected->said);
}

void expect_message(const char *text, const char *expected)
{
    struct expected e = {expected, text};
    with_policy(text, NULL, NULL, look_message, &e);
}

/* ---- conditions in words ---- */

static const char *const cmp_words[] = {[TF_LT] = "<", [TF_LE] = "<=", [TF_GT] = ">", [TF_GE] = ">="};
static const char *const text_words[] = {[TF_ATOM_EQUALS] = "is",
                                         [TF_ATOM_PREFIX] = "starts",
                                         [TF_ATOM_SUFFIX] = "ends",
                                         [TF_ATOM_CONTAINS] = "contains"};

static void print_value_name(struct buf *b, const struct model *m, uint32_t attr, uint32_t id)
{
    const struct m_attr *t = &m->attrs.at[attr];
    if (t->type == TF_PRIORITY_T)
        buf_puts(b, priority_words[id]);
    else if (t->type == TF_BOOL_T)
        buf_puts(b, id ? "true" : "false");
    else
        buf_str(b, t->values.at[id].name.s);
}

static void print_ids(struct buf *b, const struct model *m, uint32_t attr, const uint32_t *at, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        buf_puts(b, i ? ", " : " [");
        print_value_name(b, m, attr, at[i]);
    }
    buf_putc(b, ']');
}

static void print_test(struct buf *b, const struct model *m, const struct cond *c)
{
    if (c->op == COND_DURING) {
        buf_puts(b, "during ");
        buf_str(b, m->hours.at[c->one].name.s);
        return;
    }
    if (c->op == COND_ACTIVE) {
        buf_printf(b, "active %u", c->one);
        return;
    }
    buf_str(b, m->attrs.at[c->attr].name.s);
    if (c->op == COND_EXISTS) buf_puts(b, " exists");
    if (c->op == COND_HAS_ANY) buf_puts(b, " any"), print_ids(b, m, c->attr, cond_ids(c), c->count);
    if (c->op == COND_HAS_ALL) buf_puts(b, " all"), print_ids(b, m, c->attr, cond_ids(c), c->count);
    if (c->op == COND_COMPARE) {
        buf_printf(b, " %s ", cmp_words[c->cmp]);
        print_value_name(b, m, c->attr, c->one);
    }
    if (c->op == COND_NUMBER_COMPARE) buf_printf(b, " %s %.17g", cmp_words[c->cmp], c->number);
    for (uint32_t i = 0; c->op == COND_NUMBER_IN && i < c->count; i++)
        buf_printf(b, "%s%.17g", i ? ", " : " in ", cond_numbers(c)[i]);
    for (uint32_t i = 0; c->op == COND_TEXT && i < c->count; i++) {
        struct str text = m->texts.at[cond_ids(c)[i]];
        buf_printf(b, "%s%s%s\"%.*s\"", i ? ", " : " ", i ? "" : text_words[c->text_kind], i ? "" : " ",
                   (int)text.len, text.p);
    }
}

void print_cond(struct buf *b, const struct model *m, const struct cond *c)
{
    static const char *const words[] = {[COND_TRUE] = "TRUE",
                                        [COND_FALSE] = "FALSE",
                                        [COND_NOT] = "NOT",
                                        [COND_AND] = "AND",
                                        [COND_OR] = "OR"};
    if (c->op > COND_OR) {
        print_test(b, m, c);
        return;
    }
    buf_puts(b, words[c->op]);
    for (uint32_t i = 0; i < c->count; i++) {
        buf_puts(b, i ? ", " : "(");
        print_cond(b, m, &c->kids[i]);
    }
    if (c->count) buf_putc(b, ')');
}

/* Which of the model's texts these are. */
static uint32_t *text_ids(struct buf *b, const struct model *m, const struct canon *t)
{
    uint32_t *list = arena_array(b->a, uint32_t, t->count);
    for (uint32_t i = 0; i < t->count; i++)
        while (!str_eq(m->texts.at[list[i]], t->u.texts[i])) list[i]++;
    return list;
}

/* A folded test is printed as the condition it could have come from. */
static void print_canon_test(struct buf *b, const struct model *m, const struct canon *t)
{
    struct cond c = {.op = (enum cond_op)t->op,
                     .attr = t->attr,
                     .cmp = (enum tf_cmp)t->cmp,
                     .text_kind = (enum tf_atom_kind)t->text_kind,
                     .count = t->count};
    const uint32_t *list = t->op == COND_TEXT ? text_ids(b, m, t) : t->u.ids;
    bool one = t->count == 1;
    bool numbers = t->op == COND_NUMBER_IN || t->op == COND_NUMBER_COMPARE;
    if (numbers && one)
        c.number = t->u.numbers[0];
    else if (numbers)
        c.numbers = (double *)(uintptr_t)t->u.numbers; /* read alone */
    else if (one)
        c.one = list[0];
    else if (t->count)
        c.ids = memcpy(arena_array(b->a, uint32_t, t->count), list, t->count * sizeof *list);
    if (t->negated) buf_puts(b, "NOT(");
    print_test(b, m, &c);
    if (t->negated) buf_putc(b, ')');
}

void print_canon(struct buf *b, const struct model *m, const struct canon *c)
{
    static const char *const words[] = {
        [CANON_FALSE] = "FALSE", [CANON_TRUE] = "TRUE", [CANON_AND] = "AND", [CANON_OR] = "OR"};
    if (c->kind == CANON_TEST) {
        print_canon_test(b, m, c);
        return;
    }
    if (c->kind == CANON_VALUES) {
        buf_str(b, m->attrs.at[c->attr].name.s);
        buf_puts(b, " one of");
        for (uint32_t i = 0; i < 64; i++)
            if (c->values >> i & 1) buf_putc(b, ' '), print_value_name(b, m, c->attr, i);
        if (c->absent) buf_puts(b, " absent");
        return;
    }
    buf_puts(b, words[c->kind]);
    for (uint32_t i = 0; c->kind >= CANON_AND && i < c->count; i++) {
        buf_puts(b, i ? ", " : "(");
        print_canon(b, m, c->u.kids[i]);
    }
    if (c->kind >= CANON_AND) buf_putc(b, ')');
}
