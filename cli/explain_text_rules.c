/*
 * The rules as they were tried, for people: each rule with a mark, each test with its mark, its place in the
 * source, and what the ticket has there where that helps. See explain.h.
 */
#include "explain.h"

enum { TEST_POINTS_MAX = 60, LIST_POINTS_MAX = 200 };

/* What is written for one rule. */
struct rule_text {
    struct explain *x;
    const struct explain_tried *tried;
    const struct shunt_node *nodes; /* of the rule */
    size_t i;                       /* the node to come */
    size_t width;                   /* of the tests' texts, in code points */
};

/* ---- marks and columns ---- */

static struct str mark(const struct explain *x, bool looked_at, bool value)
{
    if (!looked_at) return S("·");
    if (!x->colour) return value ? S("✓") : S("✗");
    return value ? S("\033[32m✓\033[0m") : S("\033[31m✗\033[0m");
}

static struct str padded(struct explain *x, struct str s, size_t width)
{
    size_t count = utf8_count(s);
    int room = count < width ? (int)(width - count) : 0;
    return phrase(x, "%.*s%*s", SAY(s), room, "");
}

static struct str clipped(struct explain *x, struct str s)
{
    size_t i = 0;
    for (int points = 0; i < s.len && points < LIST_POINTS_MAX; points++) utf8_next(s, &i);
    struct str head = {s.p, i};
    return i < s.len ? phrase(x, "%.*s…", SAY(head)) : s;
}

static bool is_group(enum shunt_node_kind kind)
{
    return kind == SHUNT_NODE_ALL || kind == SHUNT_NODE_ANY || kind == SHUNT_NODE_NOT;
}

/* A NOT before a test is one test to read. */
static bool is_negated_test(const struct rule_text *t, size_t i)
{
    return t->nodes[i].kind == SHUNT_NODE_NOT && !is_group(t->nodes[i + 1].kind);
}

static size_t test_width(struct rule_text *t)
{
    size_t width = 0;
    for (size_t i = 0; i < t->tried->node_count; i++) {
        bool negated = is_negated_test(t, i);
        if (is_group(t->nodes[i].kind) && !negated) continue;
        size_t count = utf8_count(speak_code(t->x, t->nodes[i].code_off)) + 2 * t->nodes[i].depth;
        if (count <= TEST_POINTS_MAX && count > width) width = count;
        i += negated;
    }
    return width;
}

/* ---- nodes ---- */

static void put_test(struct rule_text *t, unsigned indent)
{
    struct explain *x = t->x;
    const struct shunt_node *n = &t->nodes[t->i];
    bool negated = n->kind == SHUNT_NODE_NOT;
    uint32_t test_off = t->nodes[t->i + negated].code_off;
    size_t used = indent > 6 ? indent - 6 : 0;
    struct str text = clipped(x, speak_code(x, n->code_off)),
               place = speak_test_place(x, t->tried->rule, test_off);
    struct str asked = n->looked_at ? speak_asked(x, n->code_off, n->value) : S("not looked at");
    struct str m = mark(x, n->looked_at, n->value);
    text = padded(x, text, t->width > used ? t->width - used : 0);
    explain_line(x, indent,
                 phrase(x, "%.*s %.*s  %.*s%s%.*s", SAY(m), SAY(text), SAY(place),
                        place.len && asked.len ? "  " : "", SAY(asked)));
    t->i += 1 + negated;
}

static const char *group_word(enum shunt_node_kind kind, bool negated)
{
    if (kind == SHUNT_NODE_NOT) return "not:";
    if (kind == SHUNT_NODE_ALL) return negated ? "not all of:" : "all of:";
    return negated ? "none of:" : "any of:";
}

/* all_so_far: nothing but ALL is around it; what must hold is then a plain list. */
static void put_node(struct rule_text *t, unsigned indent, bool all_so_far)
{
    const struct shunt_node *n = &t->nodes[t->i];
    if (!is_group(n->kind) || is_negated_test(t, t->i)) {
        put_test(t, indent);
        return;
    }
    bool negated = n->kind == SHUNT_NODE_NOT && t->nodes[t->i + 1].kind != SHUNT_NODE_NOT;
    t->i += negated;
    enum shunt_node_kind kind = t->nodes[t->i++].kind;
    bool plain = all_so_far && kind == SHUNT_NODE_ALL && !negated;
    struct str m = mark(t->x, n->looked_at, n->value);
    if (!plain) explain_line(t->x, indent, phrase(t->x, "%.*s %s", SAY(m), group_word(kind, negated)));
    while (t->i < t->tried->node_count && t->nodes[t->i].depth > n->depth)
        put_node(t, indent + (plain ? 0 : 2), plain);
}

/* ---- effects ---- */

static struct str name_list(struct explain *x, uint32_t first, uint32_t count, bool labels)
{
    struct buf b;
    buf_init(&b, x->a);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t id = le32(x->v.LIST.at[first + i]);
        buf_puts(&b, i ? ", " : "");
        buf_str(&b, view_string(&x->v, labels ? x->v.ATOM.at[id].string : x->v.SKILL.at[id]));
    }
    return buf_done(&b);
}

static void put_list(struct explain *x, const char *one, const char *more, le32_t first, le16_t count,
                     bool labels)
{
    if (!le16(count)) return;
    struct str names = name_list(x, le32(first), le16(count), labels);
    explain_line(x, 6, phrase(x, "%s %.*s", le16(count) > 1 ? more : one, SAY(names)));
}

static void put_effects(struct explain *x, const struct tf_outcome *o)
{
    const char *set = o->set_priority ? shunt_priority_name(o->set_priority - 1u) : NULL;
    const char *raise = o->raise_priority ? shunt_priority_name(o->raise_priority - 1u) : NULL;
    if (set) explain_line(x, 6, phrase(x, "sets the priority to %s", set));
    if (raise) explain_line(x, 6, phrase(x, "raises the priority to %s", raise));
    put_list(x, "adds the label", "adds the labels", o->add_first, o->add_count, true);
    put_list(x, "requires the skill", "requires the skills", o->require_first, o->require_count, false);
}

static struct str steps_text(struct explain *x, uint32_t rule)
{
    struct buf b;
    buf_init(&b, x->a);
    buf_puts(&b, "to ");
    for (uint32_t i = 0; i < explain_step_count(x, rule); i++) {
        struct shunt_step step = explain_step(x, rule, i);
        struct str name = speak_step(x, &step), after = speak_span(x, step.after_sec);
        buf_puts(&b, i ? ", then " : "");
        buf_str(&b, name);
        if (i) buf_printf(&b, " after %.*s", SAY(after));
        if (step.of_hours == SHUNT_NONE) continue;
        struct str hours = str_of(shunt_hours_name(x->table, step.of_hours));
        buf_printf(&b, " of %.*s", SAY(hours));
    }
    return buf_done(&b);
}

/* ---- rules ---- */

static void put_rule(struct explain *x, const struct explain_tried *tried)
{
    struct rule_text t = {x, tried, x->rules.nodes + tried->node_first, 0, 0};
    struct str name = speak_rule(x, tried->rule), description = speak_description(x, tried->rule);
    struct str place = speak_place(x, explain_span_kind(x, tried->rule), tried->rule);
    struct str m = mark(x, true, tried->matches);
    const char *means = tried->decides   ? "decides"
                        : tried->matches ? "matches, and the search goes on"
                                         : "does not match";
    struct str line = phrase(x, "%.*s %.*s %s", SAY(m), SAY(name), means);
    if (place.len) line = phrase(x, "%.*s  %.*s", SAY(line), SAY(place));
    if (description.p) line = phrase(x, "%.*s  \"%.*s\"", SAY(line), SAY(description));
    explain_line(x, 2, line);
    bool is_otherwise = tried->rule + 1 == x->v.RULE.count;
    t.width = test_width(&t);
    while (!is_otherwise && t.i < tried->node_count) put_node(&t, 6, true);
    if (!tried->matches) return;
    put_effects(x, &x->v.OUTCOME.at[le32(x->v.RULE.at[tried->rule].outcome)]);
    if (tried->decides) explain_line(x, 6, steps_text(x, tried->rule));
}

void explain_text_rules(struct explain *x)
{
    size_t left_out = 0;
    explain_line(x, 0, S("Rules, in the order in which they are tried"));
    for (size_t i = 0; i < x->rules.count; i++) {
        left_out += x->quiet && !x->rules.at[i].matches;
        if (!x->quiet || x->rules.at[i].matches) put_rule(x, &x->rules.at[i]);
    }
    const char *say =
        left_out == 1 ? "%zu that does not match is left out" : "%zu that do not match are left out";
    if (left_out) explain_line(x, 2, phrase(x, say, left_out));
}
