/*
 * Conditions and promises in their canonical spelling (language.md 4, 8): what parses to the same tree.
 *
 * A name is bare where it may be. Parentheses stand where the tree needs them, and nowhere else.
 */
#include "print_dsl.h"
#include "grammar.h"
#include "lex.h"
#include "tests.h"

/* ---- names and texts ---- */

bool needs_escape(uint32_t cp)
{
    return cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || cp == 0x2028 || cp == 0x2029 || cp == 0xfeff ||
           cp == 0xfffe || cp == 0xffff;
}

void print_string(struct buf *b, struct str s)
{
    buf_putc(b, '"');
    for (size_t i = 0; i < s.len;) {
        size_t from = i;
        uint32_t cp = utf8_next(s, &i);
        if (cp == '"' || cp == '\\')
            buf_printf(b, "\\%c", (int)cp);
        else if (cp == '\n')
            buf_puts(b, "\\n");
        else if (cp == '\t')
            buf_puts(b, "\\t");
        else if (needs_escape(cp))
            buf_printf(b, "\\u%04X", cp);
        else
            buf_add(b, s.p + from, i - from);
    }
    buf_putc(b, '"');
}

void print_name(struct buf *b, struct str name)
{
    if (is_bare_name(name) && !find_word(name))
        buf_str(b, name);
    else
        print_string(b, name);
}

void print_word(struct buf *b, struct str name)
{
    const struct word *w = find_word(name);
    if (is_bare_name(name) && (!w || w->use != WORD_CONDITION))
        buf_str(b, name);
    else
        print_string(b, name);
}

void print_zone(struct buf *b, struct str zone)
{
    struct lexer lx;
    lex_policy(&lx, b->a, NULL, zone, 0);
    struct token t = lex_peek(&lx);
    if (t.at.len == zone.len && (t.kind == TK_NAME || t.kind == TK_ODD))
        buf_str(b, zone);
    else
        print_string(b, zone);
}

/* ---- values and tests ---- */

void print_value(struct buf *b, const struct value *v)
{
    if (v->kind == VALUE_STRING)
        print_string(b, v->s);
    else if (v->kind == VALUE_NAME)
        print_word(b, v->s);
    else
        buf_str(b, v->s);
}

static void print_values(struct buf *b, const values *list)
{
    buf_putc(b, '(');
    for (uint32_t i = 0; i < list->count; i++) {
        if (i) buf_puts(b, ", ");
        print_value(b, &list->at[i]);
    }
    buf_putc(b, ')');
}

static bool takes_list(const struct expr *e)
{
    return e->any || test_rows[e->op].values == VALUES_LIST;
}

static void print_test(struct buf *b, const struct expr *e)
{
    if (e->op == TEST_DURING || e->op == TEST_OUTSIDE) buf_printf(b, "%s ", test_rows[e->op].spelling);
    print_word(b, e->attr.s);
    if (e->op == TEST_BOOL || e->op == TEST_DURING || e->op == TEST_OUTSIDE) return;
    buf_printf(b, " %s", test_rows[e->op].spelling);
    if (e->any) buf_puts(b, " any");
    if (e->values.count) buf_putc(b, ' ');
    if (takes_list(e))
        print_values(b, &e->values);
    else if (e->values.count)
        print_value(b, &e->values.at[0]);
}

void print_match(struct buf *b, const struct expr *test)
{
    print_word(b, test->attr.s);
    buf_putc(b, ' ');
    if (test->values.count == 1)
        print_value(b, &test->values.at[0]);
    else
        print_values(b, &test->values);
}

/* ---- and, or, not ---- */

/* Whether e needs parentheses as a part of a `parent`. */
static bool enclosed(const struct expr *e, enum expr_kind parent)
{
    if (e->kind == EXPR_OR) return true;
    return (e->kind == EXPR_AND && parent != EXPR_OR) || (e->kind == EXPR_NOT && parent == EXPR_NOT);
}

static void print_part(struct buf *b, const struct expr *e, enum expr_kind parent)
{
    bool parentheses = enclosed(e, parent);
    if (parentheses) buf_putc(b, '(');
    print_expr(b, e);
    if (parentheses) buf_putc(b, ')');
}

void print_expr_in(struct buf *b, const struct expr *e, size_t column, size_t width, const char *indent)
{
    size_t from = b->len;
    print_expr(b, e);
    if ((e->kind != EXPR_AND && e->kind != EXPR_OR) ||
        column + utf8_count((struct str){b->p + from, b->len - from}) <= width)
        return;
    b->len = from;
    for (uint32_t i = 0; i < e->kids.count; i++) {
        if (i) buf_printf(b, e->kind == EXPR_AND ? " and\n%s" : " or\n%s", indent);
        print_part(b, e->kids.at[i], e->kind);
    }
}

void print_expr(struct buf *b, const struct expr *e)
{
    switch (e->kind) {
    case EXPR_TRUE: buf_puts(b, "true"); break;
    case EXPR_FALSE: buf_puts(b, "false"); break;
    case EXPR_PLAIN: print_expr(b, expr_open(b->a, e)); break;
    case EXPR_TEST:
        if (e->op == TEST_MATCH)
            print_match(b, e);
        else
            print_test(b, e);
        break;
    case EXPR_NOT:
        buf_puts(b, "not ");
        print_part(b, e->kids.at[0], EXPR_NOT);
        break;
    case EXPR_AND:
    case EXPR_OR:
        for (uint32_t i = 0; i < e->kids.count; i++) {
            if (i) buf_puts(b, e->kind == EXPR_AND ? " and " : " or ");
            print_part(b, e->kids.at[i], e->kind);
        }
        break;
    }
}

/* ---- promises ---- */

static void print_names_in(struct buf *b, const names *list)
{
    buf_putc(b, '(');
    for (uint32_t i = 0; i < list->count; i++) {
        if (i) buf_puts(b, ", ");
        print_name(b, list->at[i].s);
    }
    buf_putc(b, ')');
}

static void print_outcome(struct buf *b, const struct outcome *o)
{
    static const char *const words_of[] = {
        [OUTCOME_TEAM_IN] = "team ", [OUTCOME_NOT_TEAM] = "not team ",
        [OUTCOME_AGENT] = "agent ",  [OUTCOME_UNASSIGNED] = "unassigned",
        [OUTCOME_RULE] = "rule ",    [OUTCOME_PRIORITY] = "priority ",
    };
    buf_puts(b, words_of[o->kind]);
    if (o->kind == OUTCOME_UNASSIGNED) return;
    if (o->kind == OUTCOME_PRIORITY)
        buf_printf(b, "%s ", test_rows[o->cmp].spelling);
    else if (o->in)
        buf_puts(b, "in ");
    if (o->in || (o->kind == OUTCOME_PRIORITY && (o->cmp == TEST_IN || o->cmp == TEST_NOT_IN)))
        print_names_in(b, &o->names);
    else if (o->names.count)
        print_name(b, o->names.at[0].s);
}

void print_outcomes(struct buf *b, const struct promise_decl *p, const char *between)
{
    for (uint32_t i = 0; i < p->outcomes.count; i++) {
        if (i) buf_puts(b, between);
        print_outcome(b, &p->outcomes.at[i]);
    }
}

void print_promise(struct buf *b, const struct promise_decl *p)
{
    print_expr(b, p->when);
    buf_puts(b, " => ");
    print_outcomes(b, p, " and ");
}
