/*
 * A ticket to the rules as they are tried for it, with every test of their conditions: what language.md 5
 * does, told.
 *
 * A condition is walked once to list its nodes and evaluated once, by eval.c, which tells what it looked at.
 * So what is told is what was done. The rules are tried as the plain scan tries them (scan.c), and the
 * deciding one is that of shunt_match(): the tests hold them against each other. Assumes a verified table:
 * conditions nest at most TF_NESTING_MAX deep.
 */
#include "trace.h"

#include "hours.h"
#include "ops.h"
#include "ticket.h"

#include <string.h>

/* ---- walking a condition ---- */

struct walk {
    const struct tf_unit *code, *at;
    void (*visit)(void *ctx, const struct shunt_node *node);
    void *ctx;
};

static enum shunt_node_kind kind_of(enum tf_op op)
{
    switch (op) {
    case TF_OP_TRUE:
    case TF_OP_FALSE: return SHUNT_NODE_CONSTANT;
    case TF_OP_NOT: return SHUNT_NODE_NOT;
    case TF_OP_AND: return SHUNT_NODE_ALL;
    case TF_OP_OR: return SHUNT_NODE_ANY;
    default: return SHUNT_NODE_TEST;
    }
}

static void walk_node(struct walk *w, uint32_t depth)
{
    struct shunt_node node = {.code_off = (uint32_t)(w->at - w->code), .depth = depth};
    node.kind = kind_of((enum tf_op)w->at->tag);
    w->visit(w->ctx, &node);
    if (node.kind == SHUNT_NODE_NOT) {
        w->at++;
        walk_node(w, depth + 1);
    } else if (node.kind == SHUNT_NODE_ALL || node.kind == SHUNT_NODE_ANY) {
        const struct tf_unit *end = unit_children(&w->at);
        while (w->at < end) walk_node(w, depth + 1);
    } else {
        w->at = unit_behind(w->at);
    }
}

static void walk(const struct shunt_table *t, uint32_t code_off,
                 void (*visit)(void *ctx, const struct shunt_node *node), void *ctx)
{
    struct walk w = {t->CODE, t->CODE + code_off, visit, ctx};
    walk_node(&w, 0);
}

void shunt_rule_nodes(const struct shunt_table *table, uint32_t rule,
                      void (*visit)(void *ctx, const struct shunt_node *node), void *ctx)
{
    walk(table, le32(table->RULE[rule].code), visit, ctx);
}

static void count_one(void *ctx, const struct shunt_node *node)
{
    (void)node;
    ++*(size_t *)ctx;
}

size_t sh_node_count(const struct shunt_table *t, uint32_t code_off)
{
    size_t count = 0;
    walk(t, code_off, count_one, &count);
    return count;
}

/* ---- trying a rule ---- */

/* The nodes of the rule at hand; room for as many as any rule tried so far had. */
struct trace {
    struct shunt_ticket *ticket;
    struct shunt_node *nodes;
    size_t count, cap;
};

static void list_node(void *ctx, const struct shunt_node *node)
{
    struct trace *x = ctx;
    x->nodes[x->count++] = *node;
}

/* Nodes are listed in the order of their units. */
static void mark_node(void *ctx, uint32_t code_off, bool value)
{
    struct trace *x = ctx;
    size_t lo = 0, hi = x->count;
    while (hi - lo > 1) {
        size_t mid = lo + (hi - lo) / 2;
        if (x->nodes[mid].code_off <= code_off)
            lo = mid;
        else
            hi = mid;
    }
    x->nodes[lo].looked_at = true;
    x->nodes[lo].value = value;
}

static bool make_room(struct trace *x, size_t count)
{
    const struct shunt_hooks *hooks = &x->ticket->hooks;
    if (count <= x->cap) return true;
    struct shunt_node *nodes = sh_alloc(hooks, sh_array_len(count, sizeof *nodes));
    if (!nodes) return false;
    if (x->nodes) sh_free(hooks, x->nodes, x->cap * sizeof *x->nodes);
    x->nodes = nodes;
    x->cap = count;
    return true;
}

/* false: no memory. */
static bool try_rule(struct trace *x, uint32_t rule, struct shunt_tried *tried)
{
    const struct shunt_table *t = x->ticket->t;
    uint32_t code = le32(t->RULE[rule].code);
    if (!make_room(x, sh_node_count(t, code))) return false;
    x->count = 0;
    walk(t, code, list_node, x);
    *tried = (struct shunt_tried){.rule = rule, .nodes = x->nodes, .node_count = x->count};
    tried->matches = sh_holds_watched(x->ticket, code, mark_node, x);
    tried->decides = tried->matches && le16(sh_outcome(t, rule)->step_count) > 0;
    return true;
}

enum shunt_status shunt_explain_rules(struct shunt_ticket *ticket,
                                      void (*tried)(void *ctx, const struct shunt_tried *tried), void *ctx)
{
    struct trace x = {.ticket = ticket};
    struct shunt_tried one = {.decides = false};
    bool whole = true;
    for (uint32_t rule = 0; whole && !one.decides && rule <= sh_otherwise(ticket->t); rule++) {
        whole = try_rule(&x, rule, &one);
        if (whole) tried(ctx, &one);
    }
    if (x.nodes) sh_free(&ticket->hooks, x.nodes, x.cap * sizeof *x.nodes);
    return whole ? SHUNT_OK : SHUNT_NO_MEMORY;
}

/* ---- the policy's clock ---- */

int32_t shunt_table_offset(const struct shunt_table *table, int64_t at_sec, struct shunt_string *zone)
{
    uint32_t z = le32(table->POLICY[0].zone);
    if (zone)
        *zone = z == TF_NONE ? (struct shunt_string){NULL, 0} : sh_string(table, le32(table->ZONE[z].name));
    return sh_zone_local(table, z, at_sec, NULL);
}
