/*
 * A table's condition as text: the canonical spelling, which parses back to the same code. A rule's active
 * days, which are no part of the language of conditions, are written "active (2026-11-20..2026-12-01)".
 * Assumes a verified table: conditions nest at most TF_NESTING_MAX deep.
 */
#include "code.h"
#include "print_dsl.h"
#include "table_view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What may stand without parentheses: an `or`, an `and`, a `not`, or a test alone. */
enum level { LEVEL_OR, LEVEL_AND, LEVEL_UNARY, LEVEL_TEST };

struct code_printer {
    struct buf *b;
    const struct table_view *v;
    const uint8_t *p; /* what is to be printed next */
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

/* " (a, b)" from the atoms that come next. */
static void print_atoms(struct code_printer *w, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        buf_puts(w->b, i ? ", " : " (");
        print_atom(w, code_number(&w->p));
    }
    buf_putc(w->b, ')');
}

/* ---- tests: `no` is the NOT that stands before ---- */

static const char *text_words(enum tf_atom_kind kind)
{
    switch (kind) {
    case TF_ATOM_PREFIX: return "starts with";
    case TF_ATOM_SUFFIX: return "ends with";
    default: return "contains";
    }
}

/* Whether the attribute's tests of atoms have a negated spelling of their own: `!=`, `not in`, `not
 * contains`. */
static bool is_scalar(const struct code_printer *w, uint32_t attr)
{
    return w->v->ATTR.at[attr].type != TF_SET_T;
}

static uint32_t peek_number(const uint8_t *p)
{
    return code_number(&p);
}

static void print_has(struct code_printer *w, bool no)
{
    uint32_t atom = code_number(&w->p), attr = view_attr_of(w->v, atom);
    enum tf_atom_kind kind = w->v->ATOM.at[atom].kind;
    if (no && !is_scalar(w, attr)) buf_puts(w->b, "not ");
    print_word(w->b, view_attr_name(w->v, attr));
    if (!is_scalar(w, attr))
        buf_puts(w->b, " has ");
    else if (kind == TF_ATOM_NAME || kind == TF_ATOM_EQUALS)
        buf_puts(w->b, no ? " != " : " == ");
    else
        buf_printf(w->b, " %s%s ", no ? "not " : "", text_words(kind));
    print_atom(w, atom);
}

static void print_has_any(struct code_printer *w, bool no)
{
    uint32_t count = code_number(&w->p), atom = peek_number(w->p), attr = view_attr_of(w->v, atom);
    enum tf_atom_kind kind = w->v->ATOM.at[atom].kind;
    print_word(w->b, view_attr_name(w->v, attr));
    if (!is_scalar(w, attr))
        buf_puts(w->b, no ? " has none" : " has any");
    else if (kind == TF_ATOM_NAME || kind == TF_ATOM_EQUALS)
        buf_puts(w->b, no ? " not in" : " in");
    else
        buf_printf(w->b, " %s%s any", no ? "not " : "", text_words(kind));
    print_atoms(w, count);
}

static void print_has_all(struct code_printer *w, bool no)
{
    uint32_t count = code_number(&w->p), attr = view_attr_of(w->v, peek_number(w->p));
    if (no) buf_puts(w->b, "not ");
    print_word(w->b, view_attr_name(w->v, attr));
    buf_puts(w->b, " has all");
    print_atoms(w, count);
}

/* "priority == high", "priority in (high, urgent)". */
static void print_priorities(struct code_printer *w, bool no)
{
    uint32_t bits = code_number(&w->p);
    bool one = (bits & (bits - 1)) == 0;
    const char *before = one ? "" : "(";
    print_word(w->b, view_attr_name(w->v, TF_PRIORITY));
    buf_puts(w->b, one ? (no ? " != " : " == ") : (no ? " not in " : " in "));
    for (uint32_t value = 0; value < 4; value++) {
        if (!(bits >> value & 1)) continue;
        buf_puts(w->b, before);
        print_level(w, TF_PRIORITY, value);
        before = ", ";
    }
    if (!one) buf_putc(w->b, ')');
}

static void print_compare(struct code_printer *w, enum tf_op op, bool no)
{
    static const char *const signs[] = {[TF_LT] = "<", [TF_LE] = "<=", [TF_GT] = ">", [TF_GE] = ">="};
    uint32_t attr = code_number(&w->p);
    const char *sign = signs[*w->p++ & 3];
    uint32_t value = code_number(&w->p);
    if (no) buf_puts(w->b, "not ");
    print_word(w->b, view_attr_name(w->v, attr));
    buf_printf(w->b, " %s ", sign);
    if (op == TF_OP_NUMBER_COMPARE)
        print_number(w->b, w->v->NUMBER.at[value]);
    else
        print_level(w, attr, value);
}

static void print_numbers(struct code_printer *w, bool no)
{
    uint32_t attr = code_number(&w->p), count = code_number(&w->p);
    print_word(w->b, view_attr_name(w->v, attr));
    buf_puts(w->b, count == 1 ? (no ? " != " : " == ") : (no ? " not in (" : " in ("));
    for (uint32_t i = 0; i < count; i++) {
        if (i) buf_puts(w->b, ", ");
        print_number(w->b, w->v->NUMBER.at[code_number(&w->p)]);
    }
    if (count > 1) buf_putc(w->b, ')');
}

/* Tests of one operand that is not a value. */
static void print_plain(struct code_printer *w, enum tf_op op, bool no)
{
    uint32_t operand = code_number(&w->p);
    if (no && op != TF_OP_DURING) buf_puts(w->b, "not ");
    if (op == TF_OP_DURING) {
        buf_puts(w->b, no ? "outside " : "during ");
        print_word(w->b, view_string(w->v, w->v->HOURS.at[operand].name));
    } else if (op == TF_OP_ACTIVE) {
        buf_puts(w->b, "active (");
        print_windows(w->b, w->v, operand);
        buf_putc(w->b, ')');
    } else {
        print_word(w->b, view_attr_name(w->v, operand));
        if (op == TF_OP_EXISTS) buf_puts(w->b, " exists");
    }
}

/* Whether NOT and this test have a spelling together, without the word `not` in front. */
static bool spelled_negated(const struct code_printer *w)
{
    const uint8_t *p = w->p;
    enum tf_op op = *p++;
    switch (op) {
    case TF_OP_HAS: return is_scalar(w, view_attr_of(w->v, code_number(&p)));
    case TF_OP_HAS_ANY:
    case TF_OP_PRIORITY_IN:
    case TF_OP_NUMBER_IN:
    case TF_OP_DURING: return true;
    default: return false;
    }
}

static void print_test(struct code_printer *w, enum tf_op op, bool no)
{
    switch (op) {
    case TF_OP_HAS: print_has(w, no); break;
    case TF_OP_HAS_ANY: print_has_any(w, no); break;
    case TF_OP_HAS_ALL: print_has_all(w, no); break;
    case TF_OP_COMPARE:
    case TF_OP_NUMBER_COMPARE: print_compare(w, op, no); break;
    case TF_OP_PRIORITY_IN: print_priorities(w, no); break;
    case TF_OP_NUMBER_IN: print_numbers(w, no); break;
    default: print_plain(w, op, no); break;
    }
}

/* ---- nodes ---- */

static void print_node(struct code_printer *w, enum level level);

/* A test with its NOT is as good as a test where it has a spelling of its own; else `not` needs room for it.
 */
static void print_not(struct code_printer *w, enum level level)
{
    enum tf_op op = *w->p;
    bool joined =
        op == TF_OP_NOT || op == TF_OP_AND || op == TF_OP_OR || op == TF_OP_TRUE || op == TF_OP_FALSE;
    bool parentheses = level > LEVEL_UNARY && (joined || !spelled_negated(w));
    if (parentheses) buf_putc(w->b, '(');
    if (joined) {
        buf_puts(w->b, "not ");
        print_node(w, LEVEL_TEST);
    } else {
        w->p++;
        print_test(w, op, true);
    }
    if (parentheses) buf_putc(w->b, ')');
}

/* An `and` within an `and` was in parentheses: without them it would parse as one. */
static void print_joined(struct code_printer *w, enum tf_op op, enum level level)
{
    enum level own = op == TF_OP_AND ? LEVEL_AND : LEVEL_OR;
    bool first = true, parentheses = level > own;
    if (parentheses) buf_putc(w->b, '(');
    for (const uint8_t *end = code_children(&w->p); w->p < end; first = false) {
        if (!first) buf_puts(w->b, op == TF_OP_AND ? " and " : " or ");
        print_node(w, own + 1);
    }
    if (parentheses) buf_putc(w->b, ')');
}

static void print_node(struct code_printer *w, enum level level)
{
    enum tf_op op = *w->p++;
    switch (op) {
    case TF_OP_TRUE: buf_puts(w->b, "true"); break;
    case TF_OP_FALSE: buf_puts(w->b, "false"); break;
    case TF_OP_NOT: print_not(w, level); break;
    case TF_OP_AND:
    case TF_OP_OR: print_joined(w, op, level); break;
    default: print_test(w, op, false); break;
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
