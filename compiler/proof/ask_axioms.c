/*
 * The axioms: which variables of a ticket go together (docs/proof.md says why these are all). They are said to the solver
 * for the variables that an ask has met, pair by pair as they come in; what was not met has no part in the question.
 */
#include "ask_inside.h"

#include <math.h>
#include <string.h>

static void implies(struct ask *q, int a, int b)
{
    ask_clause2(q, -a, b);
}

/* ---- one of several values: "this one or a later one" makes a ladder ---- */

static void insert_met(struct ask *q, struct ask_dim *d, uint32_t at, struct met met)
{
    (void)vec_push(q->a, &d->met);
    memmove(d->met.at + at + 1, d->met.at + at, (d->met.count - 1 - at) * sizeof met);
    d->met.at[at] = met;
}

static void met_from(struct ask *q, struct ask_dim *d, const struct var *v, struct met met)
{
    uint32_t at = d->met.count;
    while (at > 0 && q->s->vars.at[d->met.at[at - 1].var].index > v->index) at--;
    if (at > 0) implies(q, met.is, d->met.at[at - 1].is);
    if (at < d->met.count) implies(q, d->met.at[at].is, met.is);
    insert_met(q, d, at, met);
}

/* ---- sets ---- */

/* A set that is not empty has one of the members met, or another one. */
static void one_of_rest(struct ask *q, struct ask_dim *d, int member)
{
    int rest = ask_new_var(q);
    implies(q, member, d->carried);
    ask_clause(q, (const int[]){-d->rest, member, rest}, 3);
    d->rest = rest;
}

static void met_member(struct ask *q, struct ask_dim *d, struct met met)
{
    if (d->carried) one_of_rest(q, d, met.is);
    *vec_push(q->a, &d->met) = met;
}

static void met_set(struct ask *q, struct ask_dim *d, int carried)
{
    d->carried = carried;
    d->rest = ask_new_var(q);
    implies(q, carried, d->rest);
    for (uint32_t i = 0; i < d->met.count; i++) one_of_rest(q, d, d->met.at[i].is);
}

/* ---- numbers: a chain of bounds; two neighbours have nothing between them ---- */

static double bound_of(const struct ask *q, uint32_t var)
{
    const struct var *v = &q->s->vars.at[var];
    return q->s->dims.at[v->dim].numbers.at[v->index];
}

static bool bound_before(const struct ask *q, uint32_t a, uint32_t b)
{
    double x = bound_of(q, a), y = bound_of(q, b);
    return x < y || (x == y && q->s->vars.at[a].kind < q->s->vars.at[b].kind);
}

/* lower holds, so upper does; where no double lies above the one and below the other, the reverse as well. */
static void link_bounds(struct ask *q, const struct met *lower, const struct met *upper)
{
    implies(q, lower->is, upper->is);
    if (q->s->vars.at[lower->var].kind != VAR_AT_MOST || q->s->vars.at[upper->var].kind != VAR_BELOW) return;
    if (nextafter(bound_of(q, lower->var), INFINITY) == bound_of(q, upper->var)) implies(q, upper->is, lower->is);
}

static void met_bound(struct ask *q, struct ask_dim *d, struct met met)
{
    uint32_t at = d->met.count;
    while (at > 0 && bound_before(q, met.var, d->met.at[at - 1].var)) at--;
    if (at > 0) link_bounds(q, &d->met.at[at - 1], &met);
    if (at < d->met.count) link_bounds(q, &met, &d->met.at[at]);
    insert_met(q, d, at, met);
}

/* ---- texts ---- */

static void relate(struct ask *q, const struct dim *dim, struct met p, struct met r)
{
    const struct text_pattern *first = &dim->patterns.at[q->s->vars.at[p.var].index];
    const struct text_pattern *second = &dim->patterns.at[q->s->vars.at[r.var].index];
    enum text_relation relation = text_relation(first, second);
    if (relation != TEXT_FREE) implies(q, p.is, relation == TEXT_IMPLIES ? r.is : -r.is);
}

static void met_pattern(struct ask *q, struct ask_dim *d, struct met met)
{
    const struct dim *dim = &q->s->dims.at[d->dim];
    implies(q, met.is, d->carried);
    for (uint32_t i = 0; i < d->met.count; i++) {
        relate(q, dim, met, d->met.at[i]);
        relate(q, dim, d->met.at[i], met);
    }
    *vec_push(q->a, &d->met) = met;
}

/* ---- times: classes of cells that agree on what was met ---- */

enum { ATOM_NO = 1, ATOM_YES = 2, ATOM_BOTH = 3, ATOM_SETTLED = 4 };

/* Puts the cells of a leaf where the atom does not hold before the others, both rising; where those begin. */
static uint32_t part_cells(struct ask *q, const struct time_class *c, uint32_t atom)
{
    uint32_t *room = arena_array(q->a, uint32_t, c->to - c->from), no = c->from, yes = 0;
    for (uint32_t i = c->from; i < c->to; i++) {
        if (times_bit(q->s->times, atom, q->order[i]))
            room[yes++] = q->order[i];
        else
            q->order[no++] = q->order[i];
    }
    memcpy(q->order + no, room, yes * sizeof *room);
    arena_give_back(q->a, room, (c->to - c->from) * sizeof *room);
    return no;
}

static void split_class(struct ask *q, uint32_t at, uint32_t atom, int is)
{
    struct time_class c = q->classes.at[at];
    int no = ask_new_var(q), yes = ask_new_var(q);
    uint32_t middle = part_cells(q, &c, atom);
    if (c.is) {
        ask_clause(q, (const int[]){-c.is, no, yes}, 3);
        implies(q, no, c.is);
        implies(q, yes, c.is);
    } else {
        ask_clause2(q, no, yes);
    }
    implies(q, no, -is);
    implies(q, yes, is);
    q->time_clauses += 5;
    q->classes.at[at].halves = q->classes.count;
    *vec_push(q->a, &q->classes) = (struct time_class){no, c.from, middle, 0};
    *vec_push(q->a, &q->classes) = (struct time_class){yes, middle, c.to, 0};
}

/* What the cells of each class say of the atom: of leaves by looking, of the others by their halves. */
static uint8_t *class_values(struct ask *q, uint32_t atom)
{
    uint8_t *values = arena_array(q->a, uint8_t, q->classes.count);
    for (uint32_t i = q->classes.count; i-- > 0;) {
        const struct time_class *c = &q->classes.at[i];
        if (c->halves) {
            values[i] = values[c->halves] | values[c->halves + 1];
            continue;
        }
        for (uint32_t k = c->from; k < c->to && values[i] != ATOM_BOTH; k++)
            values[i] |= times_bit(q->s->times, atom, q->order[k]) ? ATOM_YES : ATOM_NO;
    }
    return values;
}

/* A class whose cells say all the same settles the atom, for its halves, too. */
static void settle_class(struct ask *q, const struct time_class *c, int is)
{
    if (c->is)
        implies(q, c->is, is);
    else
        ask_clause(q, &is, 1);
    q->time_clauses++;
}

static void begin_classes(struct ask *q)
{
    uint32_t count = q->s->times->cell_count;
    q->order = arena_array(q->a, uint32_t, count);
    for (uint32_t i = 0; i < count; i++) q->order[i] = i;
    *vec_push(q->a, &q->classes) = (struct time_class){0, 0, count, 0};
}

static void met_time(struct ask *q, const struct var *v, struct met met)
{
    q->limited |= q->s->too_many_times || q->time_clauses > ASK_TIME_CLAUSES_MAX;
    if (q->limited) return;
    if (!q->order) begin_classes(q);
    uint8_t *values = class_values(q, v->index);
    for (uint32_t i = 0, count = q->classes.count; i < count; i++) {
        const struct time_class c = q->classes.at[i];
        if (values[i] == ATOM_NO || values[i] == ATOM_YES)
            settle_class(q, &c, values[i] == ATOM_YES ? met.is : -met.is);
        else if (values[i] == ATOM_BOTH && !c.halves)
            split_class(q, i, v->index, met.is);
        if (values[i] != ATOM_BOTH && c.halves) values[c.halves] = values[c.halves + 1] = ATOM_SETTLED;
    }
    *vec_push(q->a, &q->times) = met;
}

/* ---- dimensions ---- */

/* A field that both tables have and that is of another JSON type in the other one: a ticket that carries it is an error there
 * (desk.md 2.1), so no ticket of both carries it. A list and a text are both strings: see met_twin(). */
static bool refused(const struct space *s, uint32_t dim)
{
    for (uint32_t i = 0; i < s->dims.count; i++) {
        bool other = i != dim && i != s->dims.at[dim].twin;
        if (other && str_eq(s->dims.at[i].name, s->dims.at[dim].name)) return true;
    }
    return false;
}

/* What a value of the list makes of a text's pattern. */
static void settle_pattern(struct ask *q, uint32_t listed, uint32_t value, const struct text_pattern *p, int is)
{
    int from = ask_lit(q, space_from(q->s, listed, value)), next = ask_lit(q, space_from(q->s, listed, value + 1));
    bool holds = text_holds(p, space_folded(q->s, listed, value));
    ask_clause(q, (const int[]){-from, next, holds ? is : -is}, 3);
}

static void settle_listed(struct ask *q, const struct var *pattern, int is)
{
    const struct dim *text = &q->s->dims.at[pattern->dim];
    if (text->twin == SHUNT_NONE) return;
    for (uint32_t i = 0; i < q->s->dims.at[text->twin].values.count; i++)
        settle_pattern(q, text->twin, i, &text->patterns.at[pattern->index], is);
}

/* A list and a text of one name: whoever carries one of the list's values carries the text, which costs, once. */
static void met_twin(struct ask *q, uint32_t at)
{
    uint32_t dim = q->dims.at[at].dim, twin = q->s->dims.at[dim].twin;
    if (twin == SHUNT_NONE) return;
    int other = ask_lit(q, space_carried(q->s, twin));
    bool is_list = q->s->dims.at[dim].kind == DIM_ONE_OF;
    int listed = is_list ? q->dims.at[at].carried : other, text = is_list ? other : q->dims.at[at].carried;
    implies(q, listed, text);
    if (is_list) q->dims.at[at].costs = 0;
}

/* A priority costs where it is not normal. */
static int priority_cost(struct ask *q, uint32_t dim)
{
    int normal = ask_lit(q, space_from(q->s, dim, SHUNT_PRIORITY_NORMAL));
    int high = ask_lit(q, space_from(q->s, dim, SHUNT_PRIORITY_HIGH)), cost = ask_new_var(q);
    implies(q, high, cost);
    ask_clause2(q, normal, cost);
    return cost;
}

/* The place of what this ask knows of the dimension. What a smallest ticket counts of it is met first. */
static uint32_t find_dim(struct ask *q, uint32_t dim)
{
    for (uint32_t i = 0; i < q->dims.count; i++)
        if (q->dims.at[i].dim == dim) return i;
    uint32_t at = q->dims.count;
    *vec_push(q->a, &q->dims) = (struct ask_dim){.dim = dim};
    if (space_is_members(q->s, dim)) return at;
    if (q->s->dims.at[dim].is_priority) {
        int cost = priority_cost(q, dim);
        q->dims.at[at].costs = cost;
        return at;
    }
    int carried = ask_lit(q, space_carried(q->s, dim));
    q->dims.at[at].carried = q->dims.at[at].costs = carried;
    if (q->s->table_count == 2 && refused(q->s, dim)) ask_clause(q, (const int[]){-carried}, 1);
    met_twin(q, at);
    return at;
}

void ask_met(struct ask *q, uint32_t var, int is)
{
    const struct var v = q->s->vars.at[var];
    struct met met = {var, is};
    if (v.kind == VAR_TIME) {
        met_time(q, &v, met);
        return;
    }
    uint32_t at = find_dim(q, v.dim);
    struct ask_dim *d = &q->dims.at[at];
    switch (v.kind) {
    case VAR_FROM: met_from(q, d, &v, met); break;
    case VAR_MEMBER: met_member(q, d, met); break;
    case VAR_CARRIED:
        if (q->s->dims.at[v.dim].kind == DIM_SET && !d->rest) met_set(q, d, is);
        break;
    case VAR_PATTERN:
        met_pattern(q, d, met);
        settle_listed(q, &v, is);
        break;
    case VAR_BELOW:
    case VAR_AT_MOST: met_bound(q, d, met); break;
    case VAR_TRUE: *vec_push(q->a, &d->met) = met; break;
    case VAR_TIME: break;
    }
}
