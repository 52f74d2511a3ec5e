/*
 * Conditions: expressions as written to typed conditions (language.md 4).
 *
 * What a test means for which type of attribute is said by tests.def; what to say where it means nothing, by
 * resolve_wrong.c. What values a test takes follows from its op's operands. Assumes attributes and hours
 * resolved. Promises that whatever means the same test gives the same condition, that a negated spelling is
 * NOT round its positive, that a wrong test is reported once and becomes FALSE.
 */
#include "resolve.h"
#include "tests.h"
#include "../runtime/ops.h"

#include <stdlib.h>

/* ---- building ---- */

struct cond *cond_new(struct resolver *r, enum cond_op op, struct span at)
{
    struct cond *c = arena_new_of(r->a, struct cond);
    c->op = op;
    c->at = at;
    if (op == COND_NOT || op == COND_AND || op == COND_OR) c->holds = HOLDS_KIDS;
    return c;
}

struct cond *cond_not(struct resolver *r, struct cond *c)
{
    struct cond *not = cond_new(r, COND_NOT, c->at);
    vec_room(r->a, &not ->kids, 1);
    *vec_push(r->a, &not ->kids) = c;
    return not ;
}

static int u32_cmp(const void *x, const void *y)
{
    uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
    return (a > b) - (a < b);
}

void ids_sort(ids *v)
{
    if (v->count < 2) return;
    qsort(v->at, v->count, sizeof *v->at, u32_cmp);
    uint32_t kept = 1;
    for (uint32_t i = 1; i < v->count; i++)
        if (v->at[i] != v->at[kept - 1]) v->at[kept++] = v->at[i];
    v->count = kept;
}

static int number_cmp(const void *x, const void *y)
{
    double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

static void numbers_sort(struct cond *c)
{
    if (c->numbers.count < 2) return;
    qsort(c->numbers.at, c->numbers.count, sizeof *c->numbers.at, number_cmp);
    uint32_t kept = 1;
    for (uint32_t i = 1; i < c->numbers.count; i++)
        if (c->numbers.at[i] != c->numbers.at[kept - 1]) c->numbers.at[kept++] = c->numbers.at[i];
    c->numbers.count = kept;
}

/* In `match` a plain value stands for its spelling; elsewhere 5 is a number and "5" a name. */
static bool plain_is_name(const struct expr *e, const struct value *v)
{
    return v->kind == VALUE_NAME || v->kind == VALUE_STRING || e->op == TEST_MATCH;
}

static bool take_names(struct resolver *r, const struct expr *e, struct cond *c)
{
    bool right = true;
    vec_room(r->a, &c->ids, e->values.count);
    for (uint32_t i = 0; i < e->values.count; i++) {
        const struct value *v = &e->values.at[i];
        uint32_t id = NONE;
        if (!plain_is_name(e, v))
            wrong_value(r, E0303, e, v);
        else
            id = attr_member(r, c->attr, ast_name(r->a, v->s, v->at));
        if (id == NONE)
            right = false;
        else
            *vec_push(r->a, &c->ids) = id;
    }
    ids_sort(&c->ids);
    return right;
}

static bool take_numbers(struct resolver *r, const struct expr *e, struct cond *c)
{
    bool right = true;
    c->holds = HOLDS_NUMBERS;
    r->m->names_patterns = true;
    for (uint32_t i = 0; i < e->values.count; i++) {
        const struct value *v = &e->values.at[i];
        if (v->kind == VALUE_NUMBER)
            *vec_push(r->a, &c->numbers) = v->number + 0.0; /* -0 becomes 0 */
        else
            wrong_value(r, E0302, e, v), right = false;
    }
    numbers_sort(c);
    return right;
}

/* Every text contains, begins and ends with the empty one: such a test asks whether there is a text. */
static bool take_texts(struct resolver *r, const struct expr *e, struct cond *c)
{
    bool right = true, empty = false;
    c->holds = HOLDS_TEXTS;
    r->m->names_patterns = true;
    for (uint32_t i = 0; i < e->values.count; i++) {
        const struct value *v = &e->values.at[i];
        bool text = c->text_kind == TF_ATOM_EQUALS ? plain_is_name(e, v) : v->kind == VALUE_STRING;
        if (!text)
            wrong_value(r, E0304, e, v), right = false;
        else
            *vec_push(r->a, &c->texts) = v->s;
        empty |= text && v->s.len == 0 && c->text_kind != TF_ATOM_EQUALS;
    }
    if (!empty || c->op != COND_TEXT) return right;
    c->op = COND_EXISTS;
    c->texts.count = 0;
    return right;
}

/* match of a bool: true, false, or both, which is whatever the ticket says. */
static struct cond *match_bool(struct resolver *r, const struct expr *e, struct cond *c)
{
    bool yes = false, no = false;
    for (uint32_t i = 0; i < e->values.count; i++) {
        const struct value *v = &e->values.at[i];
        bool word = v->kind == VALUE_BOOL || v->kind == VALUE_NAME;
        if (word && str_eq(v->s, S("true")))
            yes = true;
        else if (word && str_eq(v->s, S("false")))
            no = true;
        else
            return wrong_value(r, E0305, e, v), cond_new(r, COND_FALSE, e->at);
    }
    if (yes && no) return cond_new(r, COND_TRUE, e->at);
    return yes ? c : cond_not(r, c);
}

/* Of what tests mean, TEXT alone is no op: it becomes one of atoms. */
static enum tf_op op_of(const struct cond *c)
{
    return c->op == COND_TEXT ? TF_OP_HAS_ANY : (enum tf_op)c->op;
}

/* The values into c, whose op and attribute are set. False where one is wrong. */
static bool take_values(struct resolver *r, const struct expr *e, struct cond *c)
{
    enum tf_op op = op_of(c);
    if (test_rows[e->op].values == VALUES_NONE) return true;
    if (op_takes(op, OPERAND_NUM) || op_takes(op, OPERAND_NUMS)) return take_numbers(r, e, c);
    return r->m->attrs.at[c->attr].type == TF_TEXT_T ? take_texts(r, e, c) : take_names(r, e, c);
}

static struct cond *with_values(struct resolver *r, const struct expr *e, struct cond *c)
{
    if (c->op == COND_BOOL) return e->op == TEST_MATCH ? match_bool(r, e, c) : c;
    if (!take_values(r, e, c)) return cond_new(r, COND_FALSE, e->at);
    if (c->op == COND_HAS_ALL && c->ids.count == 1) c->op = COND_HAS_ANY;
    return c;
}

static struct cond *during(struct resolver *r, const struct expr *e)
{
    uint32_t hours = find_hours(r, e->attr);
    if (hours == NONE) return cond_new(r, COND_FALSE, e->at);
    struct cond *c = cond_new(r, COND_DURING, e->at);
    *vec_push(r->a, &c->ids) = hours;
    return test_rows[e->op].negated ? cond_not(r, c) : c;
}

struct cond *resolve_test(struct resolver *r, const struct expr *e)
{
    const struct test_row *row = &test_rows[e->op];
    if (e->op == TEST_DURING || e->op == TEST_OUTSIDE) return during(r, e);
    uint32_t attr = e->attr.s.p ? strmap_get(&r->m->attr_ids, e->attr.s, NONE) : NONE;
    if (attr == NONE) return wrong_attr(r, e), cond_new(r, COND_FALSE, e->at);
    struct m_attr *t = &r->m->attrs.at[attr];
    t->used = true;
    if (r->attr_broken.at[attr]) return cond_new(r, COND_FALSE, e->at);
    if (!test_has_meaning(e->op, t->type)) return wrong_test(r, e, attr), cond_new(r, COND_FALSE, e->at);
    if (row->values != VALUES_NONE && e->values.count == 0) {
        if (!told_within(r, e->at)) diag(r->d, E0609, e->at, shown(r, e->attr.s));
        return cond_new(r, COND_FALSE, e->at);
    }
    struct cond *c = cond_new(r, (enum cond_op)row->means[t->type], e->at);
    c->attr = attr;
    if (op_takes(op_of(c), OPERAND_CMP)) c->cmp = (enum tf_cmp)row->param;
    if (t->type == TF_TEXT_T) c->text_kind = (enum tf_atom_kind)row->param;
    c = with_values(r, e, c);
    return row->negated && c->op != COND_FALSE ? cond_not(r, c) : c;
}

struct cond *resolve_expr(struct resolver *r, const struct expr *e)
{
    static const enum cond_op ops[] = {[EXPR_TRUE] = COND_TRUE,
                                       [EXPR_FALSE] = COND_FALSE,
                                       [EXPR_NOT] = COND_NOT,
                                       [EXPR_AND] = COND_AND,
                                       [EXPR_OR] = COND_OR};
    if (e->kind == EXPR_TEST) return resolve_test(r, e);
    if (e->kind == EXPR_PLAIN) return resolve_numbered(r, e->numbered);
    struct cond *c = cond_new(r, ops[e->kind], e->at);
    if (c->holds != HOLDS_KIDS) return c;
    vec_room(r->a, &c->kids, e->kids.count);
    for (uint32_t i = 0; i < e->kids.count; i++) *vec_push(r->a, &c->kids) = resolve_expr(r, e->kids.at[i]);
    return c;
}

struct cond *resolve_tests(struct resolver *r, struct cond *active, const struct expr *when,
                           const match_tests *tests)
{
    uint32_t count = (when != NULL) + tests->count;
    struct cond *whole;
    if (count == 0) {
        whole = cond_new(r, COND_FALSE, (struct span){0});
    } else if (count == 1) {
        whole = when ? resolve_expr(r, when) : resolve_test(r, tests->at[0]);
    } else {
        whole = cond_new(r, COND_AND, (struct span){0});
        vec_reserve(r->a, &whole->kids, count);
        if (when) *vec_push(r->a, &whole->kids) = resolve_expr(r, when);
        for (uint32_t i = 0; i < tests->count; i++) *vec_push(r->a, &whole->kids) = resolve_test(r, tests->at[i]);
        whole->at = span_join(whole->kids.at[0]->at, whole->kids.at[count - 1]->at);
    }
    if (!active) return whole;
    struct cond *both = cond_new(r, COND_AND, whole->at);
    *vec_push(r->a, &both->kids) = active;
    *vec_push(r->a, &both->kids) = whole;
    return both;
}
