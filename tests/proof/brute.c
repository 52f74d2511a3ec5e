/*
 * All distinct tickets of one or two tables: conditions as trees, and a walk over every combination of cells.
 */
#include "brute.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- conditions as trees ---- */

/* Of another type in another table. A text and a listed value are both strings in JSON. */
static void join_types(struct axis *x, enum tf_attr_type type)
{
    if (type == x->type) return;
    bool twin =
        (type == TF_TEXT_T || type == TF_LISTED_T) && (x->type == TF_TEXT_T || x->type == TF_LISTED_T);
    x->twin |= twin;
    x->clash |= !twin;
    if (twin) x->type = TF_TEXT_T;
}

static struct axis *axis_of(struct brute *b, uint32_t side, uint32_t attr, uint32_t *index)
{
    const struct table_view *v = &b->sides[side].v;
    bool is_time = attr == SHUNT_NONE;
    struct str name = is_time ? S("at") : view_attr_name(v, attr);
    for (int i = 0; i < b->axes.count; i++) {
        struct axis *x = &b->axes.at[i];
        *index = (uint32_t)i;
        if (x->is_time == is_time && str_eq(x->name, name)) return x;
    }
    *index = (uint32_t)b->axes.count;
    struct axis *x = list_push(b->g, &b->axes);
    *x = (struct axis){.is_time = is_time, .name = name, .attr = {SHUNT_NONE, SHUNT_NONE}};
    if (is_time) return x;
    x->type = v->ATTR.at[attr].type;
    for (uint32_t s = 0; s < b->side_count; s++) {
        uint32_t a = shunt_attr_find(b->sides[s].table, name.p, name.len);
        if (a == SHUNT_NONE) continue;
        x->attr[s] = a;
        join_types(x, b->sides[s].v.ATTR.at[a].type);
    }
    return x;
}

/* The attribute that a test asks about; SHUNT_NONE: the arrival. */
static uint32_t asked(const struct table_view *v, enum tf_op op, const struct tf_unit *at)
{
    switch (op) {
    case TF_OP_HAS: return view_attr_of(v, next_number(&at));
    case TF_OP_HAS_ANY:
    case TF_OP_HAS_ALL: next_number(&at); return view_attr_of(v, next_number(&at));
    case TF_OP_PRIORITY_IN: return TF_PRIORITY;
    case TF_OP_DURING:
    case TF_OP_ACTIVE: return SHUNT_NONE;
    default: return next_number(&at);
    }
}

static const struct tf_unit *behind_operands(enum tf_op op, const struct tf_unit *at)
{
    uint32_t numbers = 1;
    if (op == TF_OP_HAS_ANY || op == TF_OP_HAS_ALL) numbers = next_number(&at);
    if (op == TF_OP_NUMBER_IN) next_number(&at), numbers = next_number(&at);
    if (op == TF_OP_COMPARE || op == TF_OP_NUMBER_COMPARE) next_number(&at);
    while (numbers-- > 0) next_number(&at);
    return at;
}

static struct node *parse(struct brute *b, uint32_t side, const struct tf_unit **at)
{
    const struct table_view *v = &b->sides[side].v;
    struct node *n = gen_alloc(b->g, sizeof *n);
    n->side = side;
    n->off = (uint32_t)(*at - v->CODE.at);
    n->op = (*at)->tag;
    if (n->op == TF_OP_TRUE || n->op == TF_OP_FALSE || n->op == TF_OP_NOT) ++*at;
    if (n->op == TF_OP_TRUE || n->op == TF_OP_FALSE) return n;
    if (n->op == TF_OP_NOT) {
        n->kids[n->kid_count++] = parse(b, side, at);
    } else if (n->op == TF_OP_AND || n->op == TF_OP_OR) {
        uint32_t len = next_number(at);
        for (const struct tf_unit *end = *at + len; *at < end && n->kid_count < 64;)
            n->kids[n->kid_count++] = parse(b, side, at);
    } else {
        n->operands = *at;
        struct axis *x = axis_of(b, side, asked(v, n->op, *at), &n->axis);
        *list_push(b->g, &x->tests) = n;
        *at = behind_operands(n->op, *at);
    }
    return n;
}

static void read_side(struct brute *b, uint32_t i, const struct shunt_table *table)
{
    struct side *s = &b->sides[i];
    s->table = table;
    table_view(&s->v, table);
    if (shunt_ticket_new(table, NULL, &s->ticket)) abort();
}

/* Promises beside a policy come in a table, but it decides nothing. */
static bool is_policy(const struct brute *b, uint32_t side)
{
    return side == 0 || b->promise_side != side;
}

static void read_conditions(struct brute *b, uint32_t i)
{
    struct side *s = &b->sides[i];
    for (uint32_t r = 0; r < s->v.RULE.count && is_policy(b, i); r++) {
        const struct tf_unit *at = s->v.CODE.at + le32(s->v.RULE.at[r].code);
        *list_push(b->g, &s->rules) = parse(b, i, &at);
        bool decides = le16(s->v.OUTCOME.at[le32(s->v.RULE.at[r].outcome)].step_count) > 0;
        s->decides |= (uint64_t)decides << r;
    }
    for (uint32_t p = 0; p < s->v.PROMISE.count && i == b->promise_side; p++) {
        const struct tf_unit *at = s->v.CODE.at + le32(s->v.PROMISE.at[p].code);
        *list_push(b->g, &s->promises) = parse(b, i, &at);
    }
}

/* ---- one ticket ---- */

void brute_set(const struct brute *b, uint32_t side, const struct axis *x, const struct cell *c)
{
    struct shunt_ticket *t = b->sides[side].ticket;
    uint32_t attr = x->attr[side];
    enum shunt_status status = SHUNT_OK;
    if (x->is_time) {
        status = shunt_ticket_set_at(t, c->at);
    } else if (attr != SHUNT_NONE && c->carried) {
        switch (b->sides[side].v.ATTR.at[attr].type) {
        case TF_TEXT_T: status = shunt_ticket_set_text(t, attr, c->text.p, c->text.len); break;
        case TF_NUMBER_T: status = shunt_ticket_set_number(t, attr, c->number); break;
        case TF_BOOL_T: status = shunt_ticket_set_bool(t, attr, c->yes); break;
        case TF_SET_T:
            for (int i = 0; i < c->names.count; i++)
                status = shunt_ticket_add_name(t, attr, c->names.at[i].p, c->names.at[i].len);
            break;
        default: status = shunt_ticket_set_name(t, attr, c->name.p, c->name.len); break;
        }
    }
    if (status != SHUNT_OK && status != SHUNT_UNKNOWN) {
        fprintf(stderr, "%.*s: %s\n", (int)x->name.len, x->name.p, shunt_status_text(status));
        abort();
    }
}

/* A node's truth where each axis has this cell; with `watch`, what evaluation comes to is noted. */
static bool holds(struct node *n, const uint32_t *cells, bool watch)
{
    bool value = n->op == TF_OP_TRUE || n->op == TF_OP_AND;
    if (n->op == TF_OP_NOT) {
        value = !holds(n->kids[0], cells, watch);
    } else if (n->op == TF_OP_AND || n->op == TF_OP_OR) {
        for (uint32_t i = 0; i < n->kid_count && value == (n->op == TF_OP_AND); i++)
            value = holds(n->kids[i], cells, watch);
    } else if (n->operands) {
        value = n->holds[cells[n->axis]];
    }
    if (watch) n->seen[value] = true;
    return value;
}

const char *brute_rule(struct brute *b, uint32_t side, uint32_t rule)
{
    bool takes;
    struct shunt_string s = shunt_rule_name(b->sides[side].table, rule, &takes);
    return s.bytes ? gen_format(b->g, "%s%s", takes ? "team " : "", s.bytes) : "otherwise";
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* What is decided, as text: steps, priority, labels and skills as sets. */
const char *brute_decision(struct brute *b, uint32_t side, const struct shunt_decision *d)
{
    const struct shunt_table *t = b->sides[side].table;
    struct out o = {.g = b->g};
    const char *names[32];
    for (uint32_t i = 0; i < d->step_count; i++) {
        struct shunt_step s = shunt_decision_step(t, d, i);
        struct shunt_string name = s.kind == SHUNT_TO_TEAM    ? shunt_team_name(t, s.target)
                                   : s.kind == SHUNT_TO_AGENT ? shunt_agent_name(t, s.target)
                                                              : (struct shunt_string){"", 0};
        sb_printf(&o, "%d %s after %u", s.kind, name.bytes, s.after_sec);
        if (s.of_hours != SHUNT_NONE) sb_printf(&o, " of %s", shunt_hours_name(t, s.of_hours).bytes);
        sb_puts(&o, "; ");
    }
    sb_puts(&o, shunt_priority_name(d->priority));
    for (uint32_t i = 0; i < d->add_count; i++) names[i] = shunt_label_name(t, d->add[i]).bytes;
    qsort(names, d->add_count, sizeof *names, by_text);
    for (uint32_t i = 0; i < d->add_count; i++) sb_printf(&o, " +%s", names[i]);
    for (uint32_t i = 0; i < d->require_count; i++) names[i] = shunt_skill_name(t, d->require[i]).bytes;
    qsort(names, d->require_count, sizeof *names, by_text);
    for (uint32_t i = 0; i < d->require_count; i++) sb_printf(&o, " !%s", names[i]);
    return sb_text(&o);
}

static uint32_t decision_number(struct brute *b, const char *text)
{
    for (int i = 0; i < b->decisions.count; i++)
        if (!strcmp(b->decisions.at[i], text)) return (uint32_t)i;
    *list_push(b->g, &b->decisions) = text;
    return (uint32_t)b->decisions.count - 1;
}

/* Its decision follows from who continued, who decides and how urgent it came: the text is made once for
 * each. */
struct known {
    uint64_t key;
    uint32_t decision;
};
static uint32_t decision_of(struct brute *b, uint32_t side, uint64_t met, const struct shunt_decision *d,
                            uint32_t came, struct known *cache)
{
    uint64_t before = met & ~b->sides[side].decides & ((UINT64_C(1) << d->rule) - 1);
    uint64_t key = ((before * 64 + d->rule) * 4 + came) * 2 + side + 1;
    struct known *k = &cache[key * UINT64_C(0x9E3779B97F4A7C15) >> 52];
    if (k->key != key) *k = (struct known){key, decision_number(b, brute_decision(b, side, d))};
    return k->decision;
}

/* ---- promises ---- */

static bool same_name(struct shunt_string a, struct shunt_string b)
{
    return a.bytes && b.bytes && a.len == b.len && !memcmp(a.bytes, b.bytes, a.len);
}

static bool in_list(const struct brute *b, const struct tf_promise_outcome *o, const struct shunt_decision *d,
                    struct shunt_step first)
{
    const struct side *from = &b->sides[b->promise_side], *to = &b->sides[0];
    struct brute scratch = *b;
    for (uint32_t i = 0; i < le32(o->count); i++) {
        uint32_t id = le32(from->v.LIST.at[le32(o->first) + i]);
        switch (o->kind) {
        case TF_P_RULE:
            if (!strcmp(brute_rule(&scratch, b->promise_side, id), brute_rule(&scratch, 0, d->rule)))
                return true;
            break;
        case TF_P_AGENT:
            if (first.kind == SHUNT_TO_AGENT &&
                same_name(shunt_agent_name(from->table, id), shunt_agent_name(to->table, first.target)))
                return true;
            break;
        default:
            if (first.kind == SHUNT_TO_TEAM &&
                same_name(shunt_team_name(from->table, id), shunt_team_name(to->table, first.target)))
                return true;
        }
    }
    return false;
}

static bool outcome_holds(const struct brute *b, const struct tf_promise_outcome *o,
                          const struct shunt_decision *d)
{
    struct shunt_step first = shunt_decision_step(b->sides[0].table, d, 0);
    switch (o->kind) {
    case TF_P_UNASSIGNED: return first.kind == SHUNT_TO_NOBODY;
    case TF_P_PRIORITY: return o->priorities >> d->priority & 1;
    case TF_P_NOT_TEAM: return !in_list(b, o, d, first);
    default: return in_list(b, o, d, first);
    }
}

static uint32_t promises_kept(struct brute *b, const uint32_t *cells, const struct shunt_decision *d)
{
    struct side *s = &b->sides[b->promise_side];
    uint32_t kept = 0;
    for (int i = 0; i < s->promises.count; i++) {
        const struct tf_promise *p = &s->v.PROMISE.at[i];
        bool holds_for_it = true;
        for (uint32_t k = 0; k < le32(p->outcome_count); k++)
            holds_for_it &= outcome_holds(b, &s->v.PROMISE_OUTCOME.at[le32(p->outcome_first) + k], d);
        kept |= (uint32_t)(holds_for_it || !holds(s->promises.at[i], cells, false)) << i;
    }
    return kept;
}

/* ---- the walk ---- */

struct walk {
    struct brute *b;
    uint32_t cells[BRUTE_AXES], came; /* the priority it came with */
    struct known *cache;
};

static void cost(struct brute *b, uint32_t ticket, const uint32_t *cells)
{
    for (int i = 0; i < b->axes.count; i++) {
        const struct axis *x = &b->axes.at[i];
        const struct cell *c = &x->cells.at[cells[i]];
        if (x->is_time || !c->carried || (x->type == TF_PRIORITY_T && cells[i] == 0)) continue;
        bool counted = str_eq(x->name, S("labels")) || str_eq(x->name, S("segments"));
        if (counted)
            b->members[ticket] = (uint8_t)(b->members[ticket] + c->names.count);
        else
            b->others[ticket]++;
    }
}

static void decide(struct walk *w, uint32_t side, uint32_t ticket)
{
    struct brute *b = w->b;
    struct side *s = &b->sides[side];
    struct shunt_decision d;
    uint64_t met = 0;
    uint32_t rule = SHUNT_NONE;
    for (uint32_t r = 0; r < (uint32_t)s->rules.count; r++) {
        bool meets = holds(s->rules.at[r], w->cells, rule == SHUNT_NONE);
        met |= (uint64_t)meets << r;
        if (meets && (s->decides >> r & 1) && rule == SHUNT_NONE) rule = r;
    }
    shunt_ticket_reset(s->ticket);
    for (int i = 0; i < b->axes.count; i++)
        brute_set(b, side, &b->axes.at[i], &b->axes.at[i].cells.at[w->cells[i]]);
    shunt_match(s->ticket, &d);
    if (d.rule != rule && !b->wrong)
        b->wrong =
            gen_format(b->g, "the matcher says %s, the condition's tree %s, of %s",
                       brute_rule(b, side, d.rule), brute_rule(b, side, rule), brute_ticket(b, ticket));
    s->met[ticket] = met;
    s->rule[ticket] = (uint8_t)rule;
    s->decision[ticket] = decision_of(b, side, met, &d, w->came, w->cache);
    if (side == 0 && b->promise_side < b->side_count) s->keeps[ticket] = promises_kept(b, w->cells, &d);
}

static bool next(struct walk *w)
{
    for (int i = w->b->axes.count; i-- > 0;) {
        if (++w->cells[i] < (uint32_t)w->b->axes.at[i].cells.count) return true;
        w->cells[i] = 0;
    }
    return false;
}

static void make_room(struct brute *b)
{
    size_t n = b->ticket_count;
    b->members = gen_alloc(b->g, n);
    b->others = gen_alloc(b->g, n);
    for (uint32_t i = 0; i < b->side_count; i++) {
        struct side *s = &b->sides[i];
        s->met = gen_alloc(b->g, n * sizeof *s->met);
        s->rule = gen_alloc(b->g, n);
        s->decision = gen_alloc(b->g, n * sizeof *s->decision);
        s->keeps = gen_alloc(b->g, n * sizeof *s->keeps);
    }
}

bool brute_force(struct brute *b, struct gen *g, const struct shunt_table *const *tables, uint32_t count,
                 uint32_t promises)
{
    uint32_t channel, priority;
    uint32_t most = b->tickets_max ? b->tickets_max : BRUTE_TICKETS;
    *b = (struct brute){.g = g, .side_count = count, .promise_side = promises, .tickets_max = most};
    for (uint32_t i = 0; i < count; i++) read_side(b, i, tables[i]);
    axis_of(b, 0, TF_CHANNEL, &channel); /* gaps are asked for by channel */
    axis_of(b, 0, TF_PRIORITY, &priority);
    for (uint32_t i = 0; i < count; i++) {
        if (b->sides[i].v.RULE.count > BRUTE_RULES) return false;
        read_conditions(b, i);
    }
    if (b->axes.count > BRUTE_AXES || !brute_cells(b)) return false;
    make_room(b);
    struct walk w = {.b = b, .cache = gen_alloc(g, 4096 * sizeof *w.cache)};
    uint32_t ticket = 0;
    do {
        w.came = w.cells[priority];
        cost(b, ticket, w.cells);
        for (uint32_t i = 0; i < count; i++)
            if (is_policy(b, i)) decide(&w, i, ticket);
        ticket++;
    } while (next(&w));
    return !b->wrong;
}

void brute_free(struct brute *b)
{
    for (uint32_t i = 0; i < b->side_count; i++) shunt_ticket_free(b->sides[i].ticket);
}

const char *brute_ticket(const struct brute *b, uint32_t ticket)
{
    struct out o = {.g = b->g};
    uint32_t rest = ticket, cells[BRUTE_AXES];
    for (int i = b->axes.count; i-- > 0; rest /= (uint32_t)b->axes.at[i].cells.count)
        cells[i] = rest % (uint32_t)b->axes.at[i].cells.count;
    for (int i = 0; i < b->axes.count; i++) {
        const struct axis *x = &b->axes.at[i];
        const struct cell *c = &x->cells.at[cells[i]];
        if (!c->carried) continue;
        sb_printf(&o, "%.*s=", (int)x->name.len, x->name.p);
        if (x->is_time) sb_printf(&o, "%lld", (long long)c->at);
        if (c->name.p) sb_bytes(&o, c->name.p, c->name.len);
        for (int k = 0; k < c->names.count; k++)
            sb_printf(&o, "%.*s,", (int)c->names.at[k].len, c->names.at[k].p);
        if (x->type == TF_TEXT_T && !x->is_time) sb_printf(&o, "\"%.*s\"", (int)c->text.len, c->text.p);
        if (x->type == TF_NUMBER_T) sb_printf(&o, "%.17g", c->number);
        if (x->type == TF_BOOL_T) sb_puts(&o, c->yes ? "true" : "false");
        sb_putc(&o, ' ');
    }
    return sb_text(&o);
}
