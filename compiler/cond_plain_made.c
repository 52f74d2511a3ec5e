/*
 * What is made of a plain condition (plain.h): its tree, or, while a large policy is read, the condition
 * itself, which only lacks what its names mean. Assumes that it is right.
 */
#include "numbering.h"
#include "plain.h"

#include <stddef.h>
#include <string.h>

static struct span span_of(const struct plain_cond *c, struct plain_bytes b, struct span at)
{
    return (struct span){at.file, at.off + (uint32_t)(b.from - c->from), (uint32_t)(b.to - b.from)};
}

static struct span attr_span(const struct plain_cond *c, const struct plain_node *n, struct span at)
{
    return span_of(c, (struct plain_bytes){n->attr.p, n->attr.p + n->attr.len}, at);
}

/* ---- trees ---- */

static void tree_values(struct arena *a, const struct plain_cond *c, const struct plain_value *from,
                        struct span at, struct expr *e)
{
    for (uint32_t i = 0; i < e->values.cap; i++) {
        const struct plain_value *v = &from[i];
        struct value *out = vec_push(a, &e->values);
        *out = (struct value){.kind = v->kind, .s = v->s, .at = span_of(c, v->whole, at)};
        if (v->kind == VALUE_NUMBER) out->number = v->number;
    }
}

static struct expr *plain_tree(struct arena *a, const struct plain_cond *c, struct span at)
{
    struct expr *stack[PLAIN_NODES_MAX];
    uint32_t depth = 0, value = 0;
    stack[0] = NULL; /* there is a node, of which no analyzer knows */
    for (uint32_t i = 0; i < c->node_count; i++) {
        const struct plain_node *n = &c->nodes[i];
        struct expr *e = arena_new_of(a, struct expr);
        *e = (struct expr){.kind = n->kind, .at = span_of(c, n->whole, at)};
        if (n->kind == EXPR_TEST) {
            e->op = n->op;
            e->any = n->any;
            e->attr = (struct name){n->attr, attr_span(c, n, at)};
            vec_room(a, &e->values, n->count);
            tree_values(a, c, &c->values[value], at, e);
            value += n->count;
        } else {
            depth -= n->count;
            vec_room(a, &e->kids, n->count);
            memcpy(e->kids.at, &stack[depth], n->count * sizeof *stack);
            e->kids.count = n->count;
        }
        stack[depth++] = e;
    }
    return stack[0];
}

/* ---- numbered conditions ---- */

static enum cond_op op_of(enum expr_kind kind)
{
    return kind == EXPR_AND   ? COND_AND
           : kind == EXPR_OR  ? COND_OR
           : kind == EXPR_NOT ? COND_NOT
                              : COND_NUMBERED;
}

/* Whether the value may be a name, rather than a number or the text of a test of texts. */
static bool is_name(const struct plain_node *test, const struct plain_value *v)
{
    return v->kind <= VALUE_STRING && (test->op < TEST_CONTAINS || test->op > TEST_NOT_ENDS);
}

/* The names of all tests, hashed: attributes, then values. */
static void begin_names(struct numbering *n, const struct plain_cond *c, struct numbered *attrs,
                        struct numbered *said)
{
    uint32_t value = 0;
    for (uint32_t i = 0; i < c->node_count; i++) {
        const struct plain_node *test = &c->nodes[i];
        if (test->kind != EXPR_TEST) continue;
        attrs->s = test->attr;
        attrs->key = test->attr_key;
        number_begin(n, attrs++);
        for (uint32_t end = value + test->count; value < end; value++) {
            said[value].s = c->values[value].s;
            said[value].key = c->values[value].key;
            if (is_name(test, &c->values[value])) number_begin(n, &said[value]);
        }
    }
}

/* The names' numbers, in the test itself or at `room`. Values that are no names, or none at all: without ids,
 * the test is resolved by its tree. */
static void take_ids(struct numbering *n, const struct plain_node *node, const struct plain_value *from,
                     struct numbered *said, uint32_t *room, struct cond *test)
{
    uint32_t count = test->count, *to = count == 1 ? &test->one : room;
    if (count > 1) test->ids = room;
    for (uint32_t i = 0; i < count; i++) {
        if (is_name(node, &from[i]))
            to[i] = number_end(n, &said[i]);
        else
            test->count = 0;
        if (!test->count) return;
    }
}

/* How many ids do not stand in their tests. */
static uint32_t ids_apart(const struct plain_cond *c)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < c->node_count; i++)
        if (c->nodes[i].kind == EXPR_TEST && c->nodes[i].count > 1) count += c->nodes[i].count;
    return count;
}

/* All of it is one piece of memory: nodes, kids of one parent side by side and before it, then numbers. */
struct cond *plain_numbered(struct numbering *n, const struct plain_cond *c, struct span at)
{
    struct numbered attrs[PLAIN_NODES_MAX], said[PLAIN_VALUES_MAX], *attr = attrs;
    struct cond stack[PLAIN_NODES_MAX], *to;
    uint32_t depth = 0, value = 0;
    begin_names(n, c, attrs, said);
    to = arena_room(numbering_arena(n), c->node_count * sizeof *to + ids_apart(c) * sizeof *to->ids);
    uint32_t *apart = (uint32_t *)(void *)(to + c->node_count);
    for (uint32_t i = 0; i < c->node_count; i++) {
        const struct plain_node *from = &c->nodes[i];
        struct cond made = {.op = op_of(from->kind), .at = span_of(c, from->whole, at), .count = from->count};
        if (from->kind == EXPR_TEST) {
            made.cmp = (enum tf_cmp)from->op;
            made.attr = number_end(n, attr++);
            take_ids(n, from, &c->values[value], &said[value], apart, &made);
            value += from->count;
            if (from->count > 1) apart += from->count;
        } else {
            depth -= from->count;
            made.holds = HOLDS_KIDS;
            made.kids = memcpy(to, &stack[depth], from->count * sizeof *to);
            to += from->count;
        }
        stack[depth++] = made;
    }
    return memcpy(to, stack, sizeof *to);
}

/* ---- as they are asked for ---- */

struct expr *plain_expr(struct arena *a, struct numbering *n, const struct plain_cond *c, struct span at)
{
    /* No more of it than a plain one has: of 100,000 rules 2.4 MB less. */
    struct expr *e = arena_alloc(a, offsetof(struct expr, numbered) + sizeof e->numbered);
    e->kind = EXPR_PLAIN;
    e->at = at;
    e->text = (struct str){c->from, c->len};
    if (n) e->numbered = plain_numbered(n, c, at);
    return e;
}

const struct expr *plain_open(struct arena *a, struct str text, struct span at)
{
    struct plain_cond c;
    return plain_read(&c, text) ? plain_tree(a, &c, at) : NULL;
}

const struct expr *expr_open(struct arena *a, const struct expr *e)
{
    return e && e->kind == EXPR_PLAIN ? plain_open(a, e->text, e->at) : e;
}
