/* The rules as they were tried, as a list of JSON objects: see explain.h and docs/explain.md. */
#include "explain.h"

struct rule_json {
    struct explain *x;
    const struct explain_tried *tried;
    const struct shunt_node *nodes;
    size_t i; /* the node to come */
};

static void put_value(struct out *o, const struct shunt_node *n)
{
    if (n->looked_at)
        out_puts(o, n->value ? ",\"value\":true" : ",\"value\":false");
    else
        out_puts(o, ",\"looked_at\":false");
}

static void put_test(struct rule_json *t)
{
    const struct shunt_node *n = &t->nodes[t->i++];
    struct explain *x = t->x;
    out_puts(x->o, "{\"test\":");
    out_json(x->o, speak_code(x, n->code_off));
    put_value(x->o, n);
    struct str asked = n->looked_at ? speak_asked(x, n->code_off, false) : S("");
    if (asked.len) out_json_text(x->o, "ticket", asked);
    out_json_u64(x->o, "code_off", n->code_off);
    explain_span(x->o, x, explain_test_span(x, t->tried->rule, n->code_off));
    out_putc(x->o, '}');
}

/* {"all":[…],"value":…}, {"any":[…],…}, {"not":{…},…} */
static void put_node(struct rule_json *t)
{
    const struct shunt_node *n = &t->nodes[t->i];
    struct out *o = t->x->o;
    if (n->kind == SHUNT_NODE_TEST || n->kind == SHUNT_NODE_CONSTANT) {
        put_test(t);
        return;
    }
    t->i++;
    bool is_not = n->kind == SHUNT_NODE_NOT;
    out_puts(o, is_not ? "{\"not\":" : n->kind == SHUNT_NODE_ALL ? "{\"all\":[" : "{\"any\":[");
    for (size_t first = t->i; t->i < t->tried->node_count && t->nodes[t->i].depth > n->depth;) {
        if (t->i != first) out_putc(o, ',');
        put_node(t);
    }
    if (!is_not) out_putc(o, ']');
    put_value(o, n);
    out_putc(o, '}');
}

static void put_rule(struct explain *x, const struct explain_tried *tried)
{
    struct rule_json t = {x, tried, x->rules.nodes + tried->node_first, 0};
    struct out *o = x->o;
    out_puts(o, "{\"rule\":");
    out_json(o, speak_rule(x, tried->rule));
    out_puts(o, tried->matches ? ",\"matches\":true" : ",\"matches\":false");
    if (tried->decides) out_puts(o, ",\"decides\":true");
    explain_span(o, x, view_span(&x->v, explain_span_kind(x, tried->rule), tried->rule));
    explain_key(o, "condition");
    put_node(&t);
    out_putc(o, '}');
}

void explain_json_rules(struct explain *x)
{
    out_putc(x->o, '[');
    for (size_t i = 0; i < x->rules.count; i++) {
        if (i) out_putc(x->o, ',');
        put_rule(x, &x->rules.at[i]);
    }
    out_putc(x->o, ']');
}
