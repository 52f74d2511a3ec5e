/*
 * Which rules can never decide, and which parts of conditions never make a difference: see proof.h.
 *
 * A rule has one solver, for itself and all its parts, and one contest: what stood in the way of one question
 * stands in the way of the next. Each ticket that a question brings settles every node that comes to be asked
 * for it, so a condition costs about as many questions as it has tests. Nothing here goes through the rules
 * for a rule's sake.
 */
#include "proof.h"
#include "subject.h"
#include "../../runtime/ops.h"

/* A node of the condition. `seen`: whether a ticket that comes as far as the node makes it false, true. */
struct node {
    uint32_t code_off, end; /* end: of the nodes inside it, which follow it */
    enum tf_op op;
    lit literal;
    bool seen[2];
};

struct reach {
    struct space *s;
    const struct table_view *v;
    finding_sink *sink;
    void *ctx;
    struct proof_budget *budget;

    uint32_t rule; /* the one in question */
    struct ask *ask;
    struct contest contest;
    VEC(struct node) nodes; /* of its condition, each before those inside it */
    uint32_t whole;         /* the condition as written: without active days before it */
    bool dead, open;
    lits path; /* what holds where a ticket comes as far as the node that is looked at */
};

static void tell(const struct reach *r, struct finding *f)
{
    f->rule = r->rule;
    r->sink(r->ctx, f);
}

static void tell_undecided(const struct reach *r, const char *format, struct str words)
{
    struct finding f = {.kind = FINDING_UNDECIDED};
    f.what = arena_printf(r->s->a, format, (int)words.len, words.p);
    tell(r, &f);
}

/* A ticket that comes as far as the rule, and for which the path and `l` hold. */
static enum answer question(struct reach *r, lit l)
{
    struct contest *contests[] = {&r->contest};
    if (l == LIT_FALSE) return ASK_NO;
    *vec_push(r->s->a, &r->path) = l;
    enum answer answer = ask_contest(r->ask, contests, 1, r->path.at, r->path.count);
    r->path.count--;
    return answer;
}

/* ---- the condition's nodes ---- */

static const struct tf_unit *add_node(struct reach *r, const struct tf_unit *p)
{
    uint32_t at = r->nodes.count;
    struct node *n = vec_push(r->s->a, &r->nodes);
    *n =
        (struct node){.code_off = (uint32_t)(p - r->v->CODE.at)}; /* its place may have been another rule's */
    n->op = (enum tf_op)p->tag;
    n->literal = space_cond(r->s, 0, n->code_off);
    if (n->op == TF_OP_NOT) {
        p = add_node(r, p + 1);
    } else if (n->op == TF_OP_AND || n->op == TF_OP_OR) {
        for (const struct tf_unit *end = unit_children(&p); p < end;) p = add_node(r, p);
    } else {
        p = unit_behind(p);
    }
    r->nodes.at[at].end = r->nodes.count;
    return p;
}

/* What the ticket makes of the node and of what is asked on the way, from left to right as far as needed. */
static bool settle(struct reach *r, const struct witness *w, uint32_t at)
{
    struct node *n = &r->nodes.at[at];
    bool value = n->op == TF_OP_AND;
    if (n->op == TF_OP_NOT) {
        value = !settle(r, w, at + 1);
    } else if (n->op == TF_OP_AND || n->op == TF_OP_OR) {
        bool goes_on = value;
        for (uint32_t kid = at + 1; kid < n->end && value == goes_on; kid = r->nodes.at[kid].end)
            value = settle(r, w, kid);
    } else {
        value = witness_holds(r->s, w, n->literal);
    }
    return n->seen[value] = true, value;
}

/* ---- parts ---- */

/* The words `true` and `false`, not a test that asks nothing, such as one for all four priorities: that is
 * longer. */
static bool is_literal(const struct reach *r, const struct node *n)
{
    if (n->op != TF_OP_TRUE && n->op != TF_OP_FALSE) return false;
    const struct tf_span *span = view_span(r->v, TF_S_CODE, n->code_off);
    return !span || le32(span->length) == (n->op == TF_OP_TRUE ? 4 : 5);
}

static void tell_constant(const struct reach *r, const struct node *n, bool value)
{
    if (n == &r->nodes.at[r->whole] && is_literal(r, n)) return; /* `when: true` is how every ticket is said */
    struct finding f = {.kind = FINDING_CONSTANT, .code_off = n->code_off, .value = value};
    tell(r, &f);
}

/* Asks for what no ticket has shown of the node yet. */
static void ask_node(struct reach *r, uint32_t at)
{
    for (int value = 1; value >= 0; value--) {
        const struct node *n = &r->nodes.at[at];
        if (n->seen[value]) continue;
        enum answer answer = question(r, value ? n->literal : lit_not(n->literal));
        if (answer == ASK_YES) settle(r, ask_witness(r->ask), 0);
        if (answer == ASK_OPEN) r->open = true;
    }
}

static void look(struct reach *r, uint32_t at);

/* To the second comes what the first left open, and so on. */
static void look_inside(struct reach *r, uint32_t at)
{
    uint32_t before = r->path.count;
    bool is_or = r->nodes.at[at].op == TF_OP_OR;
    for (uint32_t kid = at + 1; kid < r->nodes.at[at].end; kid = r->nodes.at[kid].end) {
        look(r, kid);
        lit l = r->nodes.at[kid].literal;
        *vec_push(r->s->a, &r->path) = is_or ? lit_not(l) : l;
    }
    r->path.count = before;
}

/* Whether the node itself is told of: not active days with the condition, nor a whole that is dead already, nor what
 * that is the opposite of. */
static bool is_part(const struct reach *r, uint32_t at)
{
    uint32_t whole = r->whole;
    if (!r->dead) return at == whole || at != 0;
    while (whole < at && r->nodes.at[whole].op == TF_OP_NOT) whole++;
    return at != whole && at != 0;
}

static void look(struct reach *r, uint32_t at)
{
    if (!is_part(r, at)) {
        look_inside(r, at);
        return;
    }
    bool was_open = r->open;
    r->open = false;
    ask_node(r, at);
    const struct node *n = &r->nodes.at[at];
    if (r->open) return;
    r->open = was_open;
    if (n->seen[0] && n->seen[1])
        look_inside(r, at);
    else if (n->seen[0] || n->seen[1])
        tell_constant(r, n, n->seen[1]);
}

static void look_at_parts(struct reach *r)
{
    r->open = false;
    look(r, 0);
    if (!r->open) return;
    struct str words = rule_words(r->s->a, r->v, r->rule);
    tell_undecided(r, "whether every part of the condition of %.*s makes a difference", words);
}

/* ---- rules ---- */

/* Of the parts of an `and` the first that no ticket meets which meets those before it; `at`: there is none. */
static uint32_t unmet_part(struct reach *r, uint32_t at)
{
    const struct node *n = &r->nodes.at[at];
    for (uint32_t kid = at + 1; n->op == TF_OP_AND && kid < n->end; kid = r->nodes.at[kid].end) {
        lit l = r->nodes.at[kid].literal;
        if (question(r, l) == ASK_NO) return kid;
        *vec_push(r->s->a, &r->path) = l;
    }
    return at;
}

/* Where a condition that no ticket meets contradicts itself: of the condition alone, whatever stands before the rule. */
static void find_contradiction(struct reach *r, struct finding *f)
{
    uint32_t at = r->whole, part;
    contest_begin(&r->contest, 0, 0); /* no rule is earlier */
    f->by_active = at != 0 && question(r, r->nodes.at[at].literal) == ASK_YES;
    while (!f->by_active && (part = unmet_part(r, at)) != at) at = part;
    if (at != r->whole) f->code_off = r->nodes.at[at].code_off;
    r->path.count = 0;
    contest_begin(&r->contest, 0, r->rule);
}

static void tell_dead(struct reach *r, lit whole)
{
    struct finding f = {.kind = FINDING_DEAD, .by_minimal = true, .code_off = SHUNT_NONE};
    f.impossible = r->contest.out.count == 0; /* else a ticket met it, which another took */
    if (f.impossible && r->nodes.count) find_contradiction(r, &f);
    if (!f.impossible) f.by_minimal = ask_core(r->ask, &r->contest, &whole, 1, &f.by) != ASK_OPEN;
    tell(r, &f);
}

static void tell_open_rule(const struct reach *r)
{
    tell_undecided(r, "whether %.*s can decide", rule_words(r->s->a, r->v, r->rule));
}

static void look_at_rule(struct reach *r, unsigned parts)
{
    lit whole = space_rule(r->s, 0, r->rule);
    r->ask = ask_new(r->s, r->budget);
    r->contest = (struct contest){0};
    contest_begin(&r->contest, 0, r->rule);
    r->nodes.count = r->path.count = 0;
    if (parts & REACH_PARTS) {
        add_node(r, r->v->CODE.at + le32(r->v->RULE.at[r->rule].code));
        bool active = written_code(r->v, r->rule) != r->nodes.at[0].code_off;
        r->whole = active ? 2 : 0;
    }
    enum answer answer = question(r, whole);
    r->dead = answer == ASK_NO;
    if (answer == ASK_OPEN && parts & REACH_RULES)
        tell_open_rule(r);
    if (r->dead && parts & REACH_RULES) tell_dead(r, whole);
    if (parts & REACH_PARTS && answer != ASK_OPEN) {
        if (answer == ASK_YES) settle(r, ask_witness(r->ask), 0);
        look_at_parts(r);
    }
    ask_free(r->ask);
}

void prove_reach(struct space *s, struct proof_budget *budget, unsigned parts, finding_sink *sink, void *ctx)
{
    struct reach r = {.s = s, .v = &s->of[0].view, .sink = sink, .ctx = ctx, .budget = budget};
    for (r.rule = 0; r.rule < r.v->RULE.count; r.rule++) {
        if (proof_work(budget, s) && budget->left > 0)
            look_at_rule(&r, parts);
        else
            tell_open_rule(&r); /* no solver is made for nothing */
    }
}
