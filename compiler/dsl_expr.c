/*
 * Conditions, promises and matches, from the grammar's actions to nodes of the tree.
 *
 * Every node's span is exact in the source: from its first token to its last, with the parentheses around its
 * parts and without those around itself. Operators spelled as in other languages are reported here, where
 * they turned out to be operators.
 */
#include "dsl_build.h"
#include "tests.h"

void check_spelling(struct parse *p, const struct token *t)
{
    if (t->use == WORD_CONDITION) return; /* and, or, not */
    const char *ours = t->kind == TK_COMPARE ? test_rows[t->op].spelling : word_of_token(t->kind)->spelling;
    if (str_eq(t->s, str_from(ours))) return;
    struct str wrong = arena_printf(p->a, "\"%.*s\"", (int)t->s.len, t->s.p);
    diag(p->d, E0109, t->at, wrong, arena_printf(p->a, "\"%s\"", ours));
}

/* ---- values and tests ---- */

struct value build_value(struct parse *p, enum value_kind kind, const struct token *t)
{
    struct value v = {.kind = kind, .s = ast_name(p->d->a, t->s, t->at).s, .at = t->at};
    if (kind == VALUE_NUMBER) read_number(t->s, &v.number);
    return v;
}

values *add_value(struct parse *p, values *list, struct value v)
{
    *vec_push(p->exprs, list) = v;
    return list;
}

values *one_value(struct parse *p, struct value v)
{
    values *list = &p->values; /* no list of values stands within another */
    *list = (values){0};
    vec_room(p->exprs, list, 1);
    return add_value(p, list, v);
}

struct expr *build_test(struct parse *p, const struct name *attr, enum test_op op, values *v, struct span end)
{
    struct expr *e = arena_new_of(p->exprs, struct expr);
    e->kind = EXPR_TEST;
    e->op = op;
    e->at = span_join(attr->at, end);
    e->attr = *attr;
    if (v) e->values = *v;
    return e;
}

struct expr *build_comparison(struct parse *p, const struct name *attr, const struct token *compare,
                              struct value v)
{
    check_spelling(p, compare);
    return build_test(p, attr, (enum test_op)compare->op, one_value(p, v), v.at);
}

struct expr *build_during(struct parse *p, enum test_op op, const struct token *word,
                          const struct name *hours)
{
    struct expr *e = build_test(p, hours, op, NULL, hours->at);
    e->at = span_join(word->at, hours->at);
    return e;
}

/* ---- and, or, not ---- */

static struct expr *new_expr(struct parse *p, enum expr_kind kind, struct span at)
{
    struct expr *e = arena_new_of(p->exprs, struct expr);
    e->kind = kind;
    e->at = at;
    return e;
}

struct part whole(struct expr *e)
{
    return (struct part){e, e->at};
}

struct part join(struct parse *p, enum expr_kind kind, struct part a, const struct token *word, struct part b)
{
    struct expr *e = new_expr(p, kind, a.outer);
    *vec_push(p->exprs, &e->kids) = a.e;
    return join_more(p, whole(e), word, b);
}

struct part join_more(struct parse *p, struct part chain, const struct token *word, struct part b)
{
    check_spelling(p, word);
    *vec_push(p->exprs, &chain.e->kids) = b.e;
    chain.e->at = span_join(chain.e->at, b.outer);
    return whole(chain.e);
}

struct part negate(struct parse *p, const struct token *word, struct part a)
{
    check_spelling(p, word);
    struct expr *e = new_expr(p, EXPR_NOT, span_join(word->at, a.outer));
    *vec_push(p->exprs, &e->kids) = a.e;
    return whole(e);
}

struct part enclose(struct part a, struct span open, struct span close)
{
    return (struct part){a.e, span_join(open, close)};
}

struct part constant(struct parse *p, enum expr_kind kind, const struct token *word)
{
    return whole(new_expr(p, kind, word->at));
}

/* ---- match and takes ---- */

match_tests *add_match(struct parse *p, match_tests *list, struct expr *test)
{
    if (!list) {
        list = arena_new_of(p->a, match_tests);
        vec_room(p->a, list, 1);
    }
    *vec_push(p->a, list) = expr_copy(p->a, test); /* no part of a rule's `when` */
    return list;
}

/* ---- promises ---- */

struct outcome build_outcome(enum outcome_kind kind, const names *n, struct span from, struct span to)
{
    struct outcome o = {.kind = kind, .at = span_join(from, to)};
    if (n) o.names = *n;
    return o;
}

struct outcome build_priority_outcome(struct parse *p, const struct token *word, const struct token *compare,
                                      const struct name *priority)
{
    check_spelling(p, compare);
    struct outcome o = build_outcome(OUTCOME_PRIORITY, one_name(p, priority), word->at, priority->at);
    o.cmp = (enum test_op)compare->op;
    return o;
}

struct promise_decl *add_outcome(struct parse *p, struct promise_decl *list, struct outcome o)
{
    if (!list) list = arena_new_of(p->a, struct promise_decl);
    *vec_push(p->a, &list->outcomes) = o;
    return list;
}

/* contains, starts with and ends with want a text between quotes; any other value may be quoted or not. */
static bool wants_quotes(const struct expr *e)
{
    return e->op == TEST_CONTAINS || e->op == TEST_NOT_CONTAINS || e->op == TEST_STARTS ||
           e->op == TEST_NOT_STARTS || e->op == TEST_ENDS || e->op == TEST_NOT_ENDS;
}

/* Spells every value as a name where it may be: quotes that change nothing do not change the promise's text,
 * which is in the table. Recursion: the condition's nesting. */
static void drop_quotes(struct expr *e)
{
    if (e->kind != EXPR_TEST) {
        for (uint32_t i = 0; i < e->kids.count; i++) drop_quotes(e->kids.at[i]);
        return;
    }
    for (uint32_t i = 0; i < e->values.count; i++)
        if (e->values.at[i].kind == VALUE_STRING && !wants_quotes(e)) e->values.at[i].kind = VALUE_NAME;
}

struct promise_decl *finish_promise(struct parse *p, struct promise_decl *list, struct part when)
{
    struct buf text;
    list->when = expr_copy(p->a, when.e);
    list->at = said_from(p, when.outer);
    struct promise_decl bare = *list;
    drop_quotes(when.e);
    bare.when = when.e;
    buf_init(&text, p->d->a);
    print_promise(&text, &bare);
    list->text = buf_done(&text);
    return list;
}
