/*
 * What is said of a condition that means nothing: which word is wrong, and what to write instead.
 *
 * Assumes that resolve_cond.c found the mistake. Promises one diagnostic for each call, and a suggestion that
 * is a condition of the right kind wherever there is one.
 */
#include "resolve.h"
#include "tests.h"

/* What an attribute is, in words. */
static const char *const type_words[TYPE_COUNT] = {
    [TF_CHANNEL_T] = "one of the channels, without an order",
    [TF_SET_T] = "a set of names",
    [TF_PRIORITY_T] = "low, normal, high or urgent",
    [TF_TEXT_T] = "a text",
    [TF_LISTED_T] = "one of a list",
    [TF_NUMBER_T] = "a number",
    [TF_BOOL_T] = "true or false",
};

/* The same test for several values. */
static enum test_op for_many(enum test_op op)
{
    switch (op) {
    case TEST_EQ: return TEST_IN;
    case TEST_NE: return TEST_NOT_IN;
    case TEST_HAS: return TEST_HAS_ANY;
    default: return op;
    }
}

/* A value as an attribute of that type wants it; false where it cannot be one. */
static bool adapt_value(struct value *v, enum tf_attr_type type)
{
    if (type == TF_NUMBER_T) {
        bool number = v->kind == VALUE_NUMBER || read_number(v->s, &v->number);
        v->kind = VALUE_NUMBER;
        return number;
    }
    v->kind = type == TF_TEXT_T ? VALUE_STRING : VALUE_NAME;
    return true;
}

static bool says_false(const struct expr *e)
{
    bool no = e->values.count == 1 && str_eq(e->values.at[0].s, S("false"));
    return test_rows[e->op].negated != no;
}

/* "write `labels has refund`" */
static void hint_instead(struct resolver *r, struct diag *about, const struct expr *e, enum tf_attr_type type)
{
    struct expr better = *e, not = {.kind = EXPR_NOT};
    uint8_t means = test_rows[e->op].means[type];
    if (!(means & MEANS_INSTEAD)) return;
    enum test_op op = (enum test_op)(means & ~MEANS_INSTEAD);
    enum test_op many = e->values.count > 1 ? for_many(op) : op;
    better.op = many;
    better.any = test_rows[op].values == VALUES_EITHER && e->values.count > 1;
    better.values.at = arena_array(r->a, struct value, e->values.count);
    for (uint32_t i = 0; i < e->values.count; i++) {
        better.values.at[i] = e->values.at[i];
        if (op != TEST_BOOL && !adapt_value(&better.values.at[i], type)) return;
    }
    if (op == TEST_BOOL) better.values.count = 0;
    *vec_push(r->a, &not .kids) = &better;
    struct buf b;
    buf_init(&b, r->a);
    print_expr(&b, op == TEST_BOOL && says_false(e) ? &not : &better);
    struct str s = shown(r, buf_done(&b));
    about->hint = arena_printf(r->a, "write `%.*s`", (int)s.len, s.p);
}

/* An attribute's name as a condition spells it. */
static void print_attr(struct resolver *r, struct buf *b, struct str name)
{
    struct expr exists = {.kind = EXPR_TEST, .op = TEST_EXISTS, .attr = {.s = name}};
    struct buf whole;
    buf_init(&whole, r->a);
    print_expr(&whole, &exists);
    buf_add(b, whole.p, whole.len - (sizeof " exists" - 1));
}

/* An attribute alone, which only a bool may be. */
static void alone(struct resolver *r, const struct expr *e, uint32_t attr)
{
    const struct m_attr *t = &r->m->attrs.at[attr];
    struct diag *g = diag(r->d, E0306, e->at, shown(r, t->name.s), str_from(type_words[t->type]));
    struct buf b;
    buf_init(&b, r->a);
    buf_puts(&b, "write `");
    print_attr(r, &b, t->name.s);
    static const char *const more[TYPE_COUNT] = {
        [TF_CHANNEL_T] = " == …`",        [TF_SET_T] = " has …`",   [TF_PRIORITY_T] = " >= high`",
        [TF_TEXT_T] = " contains \"…\"`", [TF_LISTED_T] = " == …`", [TF_NUMBER_T] = " > …`"};
    if (t->type != TF_PRIORITY_T) {
        buf_puts(&b, " exists` or `");
        print_attr(r, &b, t->name.s);
    }
    buf_puts(&b, more[t->type]);
    g->hint = buf_done(&b);
}

void wrong_test(struct resolver *r, const struct expr *e, uint32_t attr)
{
    const struct m_attr *t = &r->m->attrs.at[attr];
    if (e->op == TEST_BOOL) return alone(r, e, attr);
    struct diag *g = diag(r->d, E0301, e->at, str_from(test_rows[e->op].spelling), shown(r, t->name.s),
                          str_from(type_words[t->type]));
    hint_instead(r, g, e, t->type);
}

/* A name alone that is no attribute may be a label, a segment, or hours. */
static void hint_alone(struct resolver *r, struct diag *about, struct name name)
{
    static const char *const sets[] = {"labels", "segments"};
    struct expr better = {.kind = EXPR_TEST, .op = TEST_HAS};
    for (uint32_t i = 0; i < 2 && !better.attr.s.p; i++)
        if (strmap_get(&r->m->attrs.at[TF_LABELS + i].ids, name.s, NONE) != NONE)
            better.attr.s = str_from(sets[i]);
    *vec_push(r->a, &better.values) = (struct value){.kind = VALUE_NAME, .s = name.s};
    if (!better.attr.s.p && strmap_get(&r->m->hours_ids, name.s, NONE) != NONE) {
        better.op = TEST_DURING;
        better.attr = name;
    }
    if (!better.attr.s.p) return;
    struct buf b;
    buf_init(&b, r->a);
    buf_puts(&b, "write `");
    print_expr(&b, &better);
    buf_putc(&b, '`');
    about->hint = buf_done(&b);
}

void wrong_attr(struct resolver *r, const struct expr *e)
{
    if (!e->attr.s.p || r->over[LIMIT_NAMES] || may_be_missing(r, e->attr.at)) return;
    struct diag *g = diag(r->d, E0207, e->attr.at, shown(r, e->attr.s));
    if (e->op == TEST_BOOL) hint_alone(r, g, e->attr);
    if (g->hint.p) return;
    hint_begin(r);
    for (uint32_t i = 0; hints_left(r) && i < r->m->attrs.count; i++) hint_add(r, r->m->attrs.at[i].name.s);
    hint_near(r, g, e->attr.s);
    if (!g->hint.p)
        diag_hint(r->d, g, "%s", spelling(r, e->at, "declare it under `fields`", "declare it with `field`"));
}

/* Whether the attribute has, or may have, a value of that name. */
static bool could_be_named(const struct resolver *r, struct str attr, struct str name)
{
    const struct m_attr *t = &r->m->attrs.at[strmap_get(&r->m->attr_ids, attr, 0)];
    return t->type == TF_TEXT_T || (t->type == TF_SET_T && !t->closed) ||
           strmap_get(&t->ids, name, NONE) != NONE;
}

void wrong_value(struct resolver *r, enum diag_id id, const struct expr *e, const struct value *v)
{
    struct str s = shown(r, v->s);
    struct diag *g = diag(r->d, id, v->at, shown(r, e->attr.s), s);
    double number;
    if (id == E0302 && read_number(v->s, &number))
        g->hint = arena_printf(r->a, "write it without quotes: %.*s", (int)s.len, s.p);
    else if ((id == E0303 || id == E0304) && could_be_named(r, e->attr.s, v->s))
        g->hint = arena_printf(r->a, "write \"%.*s\"", (int)s.len, s.p);
}
