/*
 * A table's condition as text: the canonical spelling, which parses back to the same code. A rule's active
 * days, which are no part of the language of conditions, are written "active (2026-11-20..2026-12-01)".
 * Assumes a verified table: conditions nest at most TF_NESTING_MAX deep.
 */
#include "../runtime/ops.h"
#include "model.h"
#include "print_dsl.h"
#include "table_view.h"
#include "tests.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What may stand without parentheses: an `or`, an `and`, a `not`, or a test alone. */
enum level { LEVEL_OR, LEVEL_AND, LEVEL_UNARY, LEVEL_TEST };

struct code_printer {
    struct buf *b;
    const struct table_view *v;
    const struct tf_unit *p; /* what is to be printed next */
};

/* ---- values ---- */

/* The shortest decimal that reads back as the same double. */
static void print_number(struct buf *b, le64_t bits)
{
    uint64_t raw = le64(bits);
    double number;
    char text[32];
    memcpy(&number, &raw, sizeof number);
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, number);
        if (strtod(text, NULL) == number) break;
    }
    buf_puts(b, text);
}

static void print_atom(struct code_printer *w, uint32_t atom)
{
    const struct tf_atom *a = &w->v->ATOM.at[atom];
    struct str s = view_string(w->v, a->string);
    if (a->kind == TF_ATOM_NAME)
        print_word(w->b, s);
    else
        print_string(w->b, s);
}

static void print_level(struct code_printer *w, uint32_t attr, uint32_t value)
{
    const struct tf_attr *a = &w->v->ATTR.at[attr];
    static const char *const priorities[] = {"low", "normal", "high", "urgent"};
    if (a->type == TF_PRIORITY_T)
        buf_puts(w->b, priorities[value & 3]);
    else
        print_atom(w, le32(a->atom_first) + value);
}

/* ---- tests ---- */

/* A test in CODE, read: its op and what its operands are. */
struct code_test {
    enum tf_op op;
    uint32_t attr;
    unsigned cmp;
    enum operand values; /* the kind of its values, which begin at `at`; OPERAND_END: none */
    uint32_t count;
    const struct tf_unit *at;
    const struct tf_unit *end; /* behind the test */
};

static uint32_t peek_number(const struct tf_unit *p)
{
    return unit_number(&p);
}

/* Reads the operand at *p; what is left of it is values. */
static void read_operand(const struct table_view *v, struct code_test *t, enum operand operand,
                         const struct tf_unit **p)
{
    switch (operand) {
    case OPERAND_ATTR: t->attr = unit_number(p); return;
    case OPERAND_CMP: t->cmp = unit_cmp(*p); return;
    case OPERAND_NUMS:
    case OPERAND_ATOMS:
    case OPERAND_MANY: t->count = unit_number(p); break;
    default: t->count = 1; break;
    }
    t->values = operand;
    t->at = *p;
    if (operand == OPERAND_ATOM || operand == OPERAND_ATOMS || operand == OPERAND_MANY)
        t->attr = view_attr_of(v, peek_number(*p));
    if (operand != OPERAND_LEVELS) return;
    uint32_t bits = peek_number(*p);
    t->attr = TF_PRIORITY;
    for (t->count = 0; bits; bits &= bits - 1) t->count++;
}

static struct code_test read_test(const struct table_view *v, const struct tf_unit *p)
{
    struct code_test t = {.op = (enum tf_op)p->tag, .values = OPERAND_END};
    const uint8_t *operands = op_row(t.op)->operands;
    t.end = unit_behind(p);
    for (int i = 0; i < OPERANDS_MAX && operands[i] != OPERAND_END; i++)
        read_operand(v, &t, (enum operand)operands[i], &p);
    return t;
}

/* What the op was before lowering chose a shorter one. */
static enum cond_op meaning_of(const struct table_view *v, const struct code_test *t)
{
    if (t->op == TF_OP_PRIORITY_IN) return COND_HAS_ANY;
    if (t->op == TF_OP_HAS || t->op == TF_OP_HAS_ANY)
        return v->ATTR.at[t->attr].type == TF_TEXT_T ? COND_TEXT : COND_HAS_ANY;
    return (enum cond_op)t->op;
}

/* Whether the row spells the test, but for its being negated. `match` is no word of conditions. */
static bool row_spells(const struct table_view *v, const struct code_test *t, unsigned op)
{
    const struct test_row *row = &test_rows[op];
    uint8_t type = v->ATTR.at[t->attr].type;
    if (op == TEST_MATCH || !test_has_meaning((enum test_op)op, type)) return false;
    if (row->means[type] != meaning_of(v, t)) return false;
    if ((row->values == VALUES_NONE) != (t->count == 0)) return false;
    if (row->values == VALUES_ONE && t->count > 1) return false;
    if (op_takes(t->op, OPERAND_CMP)) return row->param == t->cmp;
    return type != TF_TEXT_T || t->count == 0 || row->param == v->ATOM.at[peek_number(t->at)].kind;
}

/* The first row of tests.def that spells the test; NULL: none. */
static const struct test_row *row_of(const struct table_view *v, const struct code_test *t)
{
    for (unsigned op = 0; op < TEST_COUNT; op++)
        if (!test_rows[op].negated && row_spells(v, t, op)) return &test_rows[op];
    return NULL;
}

/* The row that spells NOT before a test that `row` spells, with values in the same manner; NULL: none. */
static const struct test_row *negated_row(const struct table_view *v, const struct code_test *t,
                                          const struct test_row *row)
{
    for (unsigned op = 0; row && op < TEST_COUNT; op++)
        if (test_rows[op].negated && test_rows[op].values == row->values && row_spells(v, t, op))
            return &test_rows[op];
    return NULL;
}

/* The value at *p; of priorities as bits the one of `bits` that is lowest, which is taken from them. */
static void print_test_value(struct code_printer *w, const struct code_test *t, const struct tf_unit **p,
                             uint32_t *bits)
{
    uint32_t value = 0;
    if (t->values != OPERAND_LEVELS) value = unit_number(p);
    switch (t->values) {
    case OPERAND_LEVELS:
        while (!(*bits >> value & 1)) value++;
        *bits &= *bits - 1;
        print_level(w, TF_PRIORITY, value);
        break;
    case OPERAND_VALUE: print_level(w, t->attr, value); break;
    case OPERAND_NUM:
    case OPERAND_NUMS: print_number(w->b, w->v->NUMBER.at[value]); break;
    default: print_atom(w, value); break;
    }
}

static void print_test_values(struct code_printer *w, const struct code_test *t, const struct test_row *row)
{
    const struct tf_unit *p = t->at;
    uint32_t bits = t->values == OPERAND_LEVELS ? peek_number(p) : 0;
    bool list = row->values == VALUES_LIST || t->count > 1;
    if (list && row->values == VALUES_EITHER) buf_puts(w->b, " any");
    buf_puts(w->b, list ? " (" : " ");
    for (uint32_t i = 0; i < t->count; i++) {
        if (i) buf_puts(w->b, ", ");
        print_test_value(w, t, &p, &bits);
    }
    if (list) buf_putc(w->b, ')');
}

/* Tests of the arrival have no attribute. */
static bool print_arrival(struct code_printer *w, const struct code_test *t, bool no)
{
    if (t->values == OPERAND_HOURS) {
        buf_puts(w->b, no ? "outside " : "during ");
        print_word(w->b, view_string(w->v, w->v->HOURS.at[peek_number(t->at)].name));
    } else if (t->values == OPERAND_WINDOWS) {
        buf_puts(w->b, no ? "not active (" : "active (");
        print_windows(w->b, w->v, peek_number(t->at));
        buf_putc(w->b, ')');
    } else {
        return false;
    }
    return true;
}

/* The test at w->p; `no` is the NOT that stands before. */
static void print_test(struct code_printer *w, bool no)
{
    struct code_test t = read_test(w->v, w->p);
    w->p = t.end;
    if (print_arrival(w, &t, no)) return;
    const struct test_row *row = row_of(w->v, &t), *negated = no ? negated_row(w->v, &t, row) : NULL;
    if (negated) row = negated;
    if (no && !negated) buf_puts(w->b, "not ");
    print_word(w->b, view_attr_name(w->v, t.attr));
    if (!row) return; /* not in a table that was compiled: no spelling means this */
    buf_printf(w->b, row->spelling[0] ? " %s" : "%s", row->spelling);
    if (t.count) print_test_values(w, &t, row);
}

/* Whether NOT and this test have a spelling together, without the word `not` in front. */
static bool spelled_negated(const struct code_printer *w)
{
    struct code_test t = read_test(w->v, w->p);
    return t.values == OPERAND_HOURS ||
           (t.values != OPERAND_WINDOWS && negated_row(w->v, &t, row_of(w->v, &t)));
}

/* ---- nodes ---- */

static void print_node(struct code_printer *w, enum level level);

/* A test with its NOT is as good as a test where it has a spelling of its own; else `not` needs room for it.
 */
static void print_not(struct code_printer *w, enum level level)
{
    enum tf_op op = w->p->tag;
    bool joined =
        op == TF_OP_NOT || op == TF_OP_AND || op == TF_OP_OR || op == TF_OP_TRUE || op == TF_OP_FALSE;
    bool parentheses = level > LEVEL_UNARY && (joined || !spelled_negated(w));
    if (parentheses) buf_putc(w->b, '(');
    if (joined) {
        buf_puts(w->b, "not ");
        print_node(w, LEVEL_TEST);
    } else {
        print_test(w, true);
    }
    if (parentheses) buf_putc(w->b, ')');
}

/* An `and` within an `and` was in parentheses: without them it would parse as one. */
static void print_joined(struct code_printer *w, enum tf_op op, enum level level)
{
    enum level own = op == TF_OP_AND ? LEVEL_AND : LEVEL_OR;
    bool first = true, parentheses = level > own;
    if (parentheses) buf_putc(w->b, '(');
    for (const struct tf_unit *end = unit_children(&w->p); w->p < end; first = false) {
        if (!first) buf_puts(w->b, op == TF_OP_AND ? " and " : " or ");
        print_node(w, own + 1);
    }
    if (parentheses) buf_putc(w->b, ')');
}

static void print_node(struct code_printer *w, enum level level)
{
    enum tf_op op = w->p->tag;
    switch (op) {
    case TF_OP_TRUE: w->p++, buf_puts(w->b, "true"); break;
    case TF_OP_FALSE: w->p++, buf_puts(w->b, "false"); break;
    case TF_OP_NOT: w->p++, print_not(w, level); break;
    case TF_OP_AND:
    case TF_OP_OR: print_joined(w, op, level); break;
    default: print_test(w, false); break;
    }
}

void print_view_code(struct buf *b, const struct table_view *v, uint32_t code_off)
{
    struct code_printer w = {b, v, v->CODE.at + code_off};
    print_node(&w, LEVEL_OR);
}

void print_code(struct buf *b, const struct shunt_table *table, uint32_t code_off)
{
    struct table_view v;
    table_view(&v, table);
    print_view_code(b, &v, code_off);
}
