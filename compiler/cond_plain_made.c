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

/* The names and texts of all tests, hashed: attributes, then values. */
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
            if (!test->numbers) number_begin(n, &said[value]);
        }
    }
}

/* The names' and texts' numbers, in the test itself or at `room`. */
static void take_ids(struct numbering *n, struct numbered *said, void *room, struct cond *test)
{
    uint32_t *to = test->count == 1 ? &test->one : room;
    for (uint32_t i = 0; i < test->count; i++) to[i] = number_end(n, &said[i]);
    if (test->count > 1) test->ids = to;
}

static void take_numbers(const struct plain_value *from, void *room, struct cond *test)
{
    double *to = test->count == 1 ? &test->number : room;
    for (uint32_t i = 0; i < test->count; i++) to[i] = from[i].number;
    if (test->count > 1) test->numbers = to;
    test->holds = HOLDS_NUMBERS;
}

/* Values that are neither all numbers nor none: without them, the test is resolved by its tree. */
static void take_values(struct numbering *n, const struct plain_node *node, const struct plain_value *from,
                        struct numbered *said, void *room, struct cond *test)
{
    if (!node->numbers)
        take_ids(n, said, room, test);
    else if (node->numbers == node->count)
        take_numbers(from, room, test);
    else
        test->count = 0;
}

/* What does not stand in its test, in units of 8 bytes: the values of a node, */
static uint32_t values_apart(const struct plain_node *n)
{
    if (n->kind != EXPR_TEST || n->count < 2) return 0;
    return n->numbers ? n->count : (n->count + 1) / 2;
}

/* of all nodes. */
static uint32_t all_apart(const struct plain_cond *c)
{
    uint32_t units = 0;
    for (uint32_t i = 0; i < c->node_count; i++) units += values_apart(&c->nodes[i]);
    return units;
}

/* All of it is one piece of memory: nodes, kids of one parent side by side and before it, then values. */
struct cond *plain_numbered(struct numbering *n, const struct plain_cond *c, struct span at)
{
    struct numbered attrs[PLAIN_NODES_MAX], said[PLAIN_VALUES_MAX], *attr = attrs;
    struct cond stack[PLAIN_NODES_MAX], *to;
    uint32_t depth = 0, value = 0;
    begin_names(n, c, attrs, said);
    to = arena_room(numbering_arena(n), c->node_count * sizeof *to + all_apart(c) * sizeof(uint64_t));
    uint64_t *apart = (uint64_t *)(void *)(to + c->node_count);
    for (uint32_t i = 0; i < c->node_count; i++) {
        const struct plain_node *from = &c->nodes[i];
        struct cond made = {.op = op_of(from->kind), .at = span_of(c, from->whole, at), .count = from->count};
        if (from->kind == EXPR_TEST) {
            made.cmp = (enum tf_cmp)from->op;
            made.attr = number_end(n, attr++);
            take_values(n, from, &c->values[value], &said[value], apart, &made);
            value += from->count;
            apart += values_apart(from);
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
