/*
 * Conditions: expressions as written to typed conditions (language.md 4).
 *
 * What a test means for which type of attribute is said by tests.def; what to say where it means nothing, by
 * resolve_wrong.c. What values a test takes follows from its op's operands. Assumes attributes and hours
 * resolved. Promises that whatever means the same test gives the same condition, that a negated spelling is
 * NOT round its positive, that a wrong test is reported once and becomes FALSE.
 */
#include "folded.h"
#include "resolve.h"
#include "tests.h"
#include "../runtime/ops.h"

#include <stdlib.h>

/* ---- building ---- */

struct cond cond_of(enum cond_op op, struct span at)
{
    bool joins = op == COND_NOT || op == COND_AND || op == COND_OR;
    return (struct cond){.op = op, .at = at, .holds = joins ? HOLDS_KIDS : HOLDS_IDS};
}

struct cond *cond_keep(struct resolver *r, struct cond c)
{
    struct cond *kept = arena_new_of(r->a, struct cond);
    *kept = c;
    return kept;
}

struct cond cond_not(struct resolver *r, struct cond c)
{
    struct cond not = cond_of(COND_NOT, c.at);
    not .kids = cond_keep(r, c);
    not .count = 1;
    return not ;
}

struct cond cond_one(enum cond_op op, struct span at, uint32_t id)
{
    struct cond c = cond_of(op, at);
    c.one = id;
    c.count = 1;
    return c;
}

void cond_take_ids(struct cond *c, ids *list)
{
    ids_sort(list);
    c->count = list->count;
    if (list->count == 1)
        c->one = list->at[0];
    else
        c->ids = list->at;
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

void cond_take_numbers(struct cond *c, double *list, uint32_t count)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) list[i] += 0.0; /* -0 becomes 0 */
    if (count > 1) qsort(list, count, sizeof *list, number_cmp);
    for (uint32_t i = 0; i < count; i++)
        if (!kept || list[i] != list[kept - 1]) list[kept++] = list[i];
    c->holds = HOLDS_NUMBERS;
    c->count = kept;
    if (kept == 1)
        c->number = list[0];
    else
        c->numbers = list;
}

/* In `match` a plain value stands for its spelling; elsewhere 5 is a number and "5" a name. */
static bool plain_is_name(const struct expr *e, const struct value *v)
{
    return v->kind == VALUE_NAME || v->kind == VALUE_STRING || e->op == TEST_MATCH;
}

static bool take_names(struct resolver *r, const struct expr *e, struct cond *c)
{
    bool right = true;
    ids list = {0};
    vec_room(r->a, &list, e->values.count);
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
            *vec_push(r->a, &list) = id;
    }
    cond_take_ids(c, &list);
    return right;
}

static bool take_numbers(struct resolver *r, const struct expr *e, struct cond *c)
{
    bool right = true;
    uint32_t count = 0;
    double *list = arena_array(r->a, double, e->values.count);
    r->m->names_patterns = true;
    for (uint32_t i = 0; i < e->values.count; i++) {
        const struct value *v = &e->values.at[i];
        if (v->kind == VALUE_NUMBER)
            list[count++] = v->number;
        else
            wrong_value(r, E0302, e, v), right = false;
    }
    cond_take_numbers(c, list, count);
    return right;
}

uint32_t text_id(struct resolver *r, struct str s)
{
    struct str folded = fold_text(r->a, s);
    uint32_t id = strmap_put(r->a, &r->text_ids, folded, r->m->texts.count);
    if (id == r->m->texts.count) *vec_push(r->a, &r->m->texts) = folded;
    return id;
}

/* Every text contains, begins and ends with the empty one: such a test asks whether there is a text. */
static bool take_texts(struct resolver *r, const struct expr *e, struct cond *c)
{
    bool right = true, empty = false;
    ids list = {0};
    vec_room(r->a, &list, e->values.count);
    c->holds = HOLDS_TEXTS;
    r->m->names_patterns = true;
    for (uint32_t i = 0; i < e->values.count; i++) {
        const struct value *v = &e->values.at[i];
        bool text = c->text_kind == TF_ATOM_EQUALS ? plain_is_name(e, v) : v->kind == VALUE_STRING;
        if (!text)
            wrong_value(r, E0304, e, v), right = false;
        else
            *vec_push(r->a, &list) = text_id(r, v->s);
        empty |= text && v->s.len == 0 && c->text_kind != TF_ATOM_EQUALS;
    }
    cond_take_ids(c, &list);
    if (!empty || c->op != COND_TEXT) return right;
    c->op = COND_EXISTS;
    c->count = 0;
    return right;
}

/* match of a bool: true, false, or both, which is whatever the ticket says. */
static struct cond match_bool(struct resolver *r, const struct expr *e, struct cond c)
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
            return wrong_value(r, E0305, e, v), cond_of(COND_FALSE, e->at);
    }
    if (yes && no) return cond_of(COND_TRUE, e->at);
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

static struct cond with_values(struct resolver *r, const struct expr *e, struct cond c)
{
    if (c.op == COND_BOOL) return e->op == TEST_MATCH ? match_bool(r, e, c) : c;
    if (!take_values(r, e, &c)) return cond_of(COND_FALSE, e->at);
    if (c.op == COND_HAS_ALL && c.count == 1) c.op = COND_HAS_ANY;
    return c;
}

static struct cond during(struct resolver *r, const struct expr *e)
{
    uint32_t hours = find_hours(r, e->attr);
    if (hours == NONE) return cond_of(COND_FALSE, e->at);
    struct cond c = cond_one(COND_DURING, e->at, hours);
    return test_rows[e->op].negated ? cond_not(r, c) : c;
}

struct cond resolve_test(struct resolver *r, const struct expr *e)
{
    const struct test_row *row = &test_rows[e->op];
    if (e->op == TEST_DURING || e->op == TEST_OUTSIDE) return during(r, e);
    uint32_t attr = e->attr.s.p ? strmap_get(&r->m->attr_ids, e->attr.s, NONE) : NONE;
    if (attr == NONE) return wrong_attr(r, e), cond_of(COND_FALSE, e->at);
    struct m_attr *t = &r->m->attrs.at[attr];
    t->used = true;
    if (r->attr_broken.at[attr]) return cond_of(COND_FALSE, e->at);
    if (!test_has_meaning(e->op, t->type)) return wrong_test(r, e, attr), cond_of(COND_FALSE, e->at);
    if (row->values != VALUES_NONE && e->values.count == 0) {
        if (!told_within(r, e->at)) diag(r->d, E0609, e->at, shown(r, e->attr.s));
        return cond_of(COND_FALSE, e->at);
    }
    struct cond c = cond_of((enum cond_op)row->means[t->type], e->at);
    c.attr = attr;
    if (op_takes(op_of(&c), OPERAND_CMP)) c.cmp = (enum tf_cmp)row->param;
    if (t->type == TF_TEXT_T) c.text_kind = (enum tf_atom_kind)row->param;
    c = with_values(r, e, c);
    return row->negated && c.op != COND_FALSE ? cond_not(r, c) : c;
}

struct cond resolve_expr(struct resolver *r, const struct expr *e)
{
    static const enum cond_op ops[] = {[EXPR_TRUE] = COND_TRUE,
                                       [EXPR_FALSE] = COND_FALSE,
                                       [EXPR_NOT] = COND_NOT,
                                       [EXPR_AND] = COND_AND,
                                       [EXPR_OR] = COND_OR};
    if (e->kind == EXPR_TEST) return resolve_test(r, e);
    if (e->kind == EXPR_PLAIN) return *resolve_numbered(r, e->numbered);
    struct cond c = cond_of(ops[e->kind], e->at);
    if (c.holds != HOLDS_KIDS) return c;
    c.kids = arena_array(r->a, struct cond, e->kids.count);
    while (c.count < e->kids.count) c.kids[c.count] = resolve_expr(r, e->kids.at[c.count]), c.count++;
    return c;
}

struct cond resolve_tests(struct resolver *r, const struct cond *active, const struct expr *when,
                          const match_tests *tests)
{
    uint32_t count = (when != NULL) + tests->count;
    struct cond whole = cond_of(count ? COND_AND : COND_FALSE, (struct span){0});
    if (count == 1) {
        whole = when ? resolve_expr(r, when) : resolve_test(r, tests->at[0]);
    } else if (count) {
        whole.kids = arena_array(r->a, struct cond, count);
        if (when) whole.kids[whole.count++] = resolve_expr(r, when);
        for (uint32_t i = 0; i < tests->count; i++) whole.kids[whole.count++] = resolve_test(r, tests->at[i]);
        whole.at = span_join(whole.kids[0].at, whole.kids[count - 1].at);
    }
    if (!active) return whole;
    struct cond both = cond_of(COND_AND, whole.at);
    both.kids = arena_array(r->a, struct cond, 2);
    both.kids[both.count++] = *active;
    both.kids[both.count++] = whole;
    return both;
}
