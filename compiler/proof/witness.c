/*
 * A witness through the matcher, and through the graph: see space.h. The two must agree; ask.c sees to it.
 */
#include "space.h"
#include "../../runtime/ticket.h"

#include <string.h>

uint32_t witness_attr_count(const struct space *s, const struct witness *w)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < w->attrs.count; i++) count += !space_is_members(s, w->attrs.at[i].dim);
    return count;
}

/* ---- the matcher ---- */

/* That there is no memory is no answer. */
static bool is_set(const struct space *s, enum shunt_status status)
{
    if (status == SHUNT_NO_MEMORY) arena_fail(s->a);
    return status == SHUNT_OK;
}

static bool set_names(const struct space *s, struct shunt_ticket *k, uint32_t attr,
                      const struct witness_attr *w)
{
    for (uint32_t i = 0; i < w->names.count; i++)
        if (!is_set(s, shunt_ticket_add_name(k, attr, w->names.at[i].p, w->names.at[i].len))) return false;
    return true;
}

/* A value that this table does not know counts as not carried. */
static bool set_value(const struct space *s, struct shunt_ticket *k, uint32_t attr, struct str name)
{
    enum shunt_status status = shunt_ticket_set_name(k, attr, name.p, name.len);
    return status == SHUNT_UNKNOWN || is_set(s, status);
}

/* A text where this table has a list. */
static bool set_listed(const struct space *s, uint32_t which, const struct witness_attr *w)
{
    const struct dim *d = &s->dims.at[w->dim];
    if (d->kind != DIM_TEXT || d->twin == SHUNT_NONE) return true;
    return set_value(s, s->of[which].ticket, s->dims.at[d->twin].attr[which], w->text);
}

static bool set_attr(const struct space *s, uint32_t which, const struct witness_attr *w)
{
    const struct dim *d = &s->dims.at[w->dim];
    struct shunt_ticket *k = s->of[which].ticket;
    uint32_t attr = d->attr[which];
    if (attr == SHUNT_NONE) return set_listed(s, which, w);
    switch (d->kind) {
    case DIM_ONE_OF: return set_value(s, k, attr, d->values.at[w->value]);
    case DIM_SET: return set_names(s, k, attr, w);
    case DIM_TEXT: return is_set(s, shunt_ticket_set_text(k, attr, w->text.p, w->text.len));
    case DIM_NUMBER: return is_set(s, shunt_ticket_set_number(k, attr, w->number));
    case DIM_BOOL: break;
    }
    return is_set(s, shunt_ticket_set_bool(k, attr, w->yes));
}

enum { WORK_EFFECT = 8 };

bool witness_match(struct space *s, uint32_t which, const struct witness *w, struct shunt_decision *decision)
{
    struct shunt_ticket *k = s->of[which].ticket;
    shunt_ticket_reset(k);
    if (!is_set(s, shunt_ticket_set_at(k, w->at))) return false;
    for (uint32_t i = 0; i < w->attrs.count; i++)
        if (!set_attr(s, which, &w->attrs.at[i])) return false;
    shunt_match(k, decision);
    s->work += sh_entries(k) + WORK_EFFECT * (uint64_t)(decision->add_count + decision->require_count);
    return true;
}

/* ---- the graph ---- */

static const struct witness_attr *attr_of(const struct witness *w, uint32_t dim)
{
    for (uint32_t i = 0; i < w->attrs.count; i++)
        if (w->attrs.at[i].dim == dim || w->attrs.at[i].listed_dim == dim) return &w->attrs.at[i];
    return NULL;
}

static bool has_name(const struct witness_attr *w, struct str name)
{
    uint32_t lo = 0, hi = w->names.count; /* they ascend */
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (str_cmp(w->names.at[mid], name) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < w->names.count && str_eq(w->names.at[lo], name);
}

/* A variable of a dimension that is carried. */
static bool carried_holds(const struct dim *d, const struct var *v, const struct witness_attr *w)
{
    switch (v->kind) {
    case VAR_FROM: return w->value >= v->index;
    case VAR_CARRIED: return true;
    case VAR_MEMBER: return has_name(w, d->members.at[v->index]);
    case VAR_PATTERN: return text_holds(&d->patterns.at[v->index], w->folded);
    case VAR_BELOW: return w->number < d->numbers.at[v->index];
    case VAR_AT_MOST: return w->number <= d->numbers.at[v->index];
    case VAR_TRUE: return w->yes;
    case VAR_TIME: break;
    }
    return false;
}

static bool var_holds(const struct space *s, const struct witness *w, const struct var *v)
{
    if (v->kind == VAR_TIME) return s->times && v->index != SHUNT_NONE && times_bit(s->times, v->index, w->cell);
    const struct dim *d = &s->dims.at[v->dim];
    const struct witness_attr *attr = attr_of(w, v->dim);
    if (!attr) return d->is_priority && v->index <= SHUNT_PRIORITY_NORMAL;
    return carried_holds(d, v, attr);
}

/* Room for every node there is now. */
static void grow_seen(struct space *s)
{
    uint32_t count = s->gates.nodes.count + s->gates.nodes.count / 2 + 64;
    if (s->seen_count >= s->gates.nodes.count) return;
    s->seen = arena_array(s->a, uint32_t, count);
    s->seen_value = arena_array(s->a, bool, count);
    s->seen_count = count;
    s->seen_now = 0;
    s->seen_witness = NULL;
}

static bool node_holds(struct space *s, const struct witness *w, uint32_t node)
{
    const struct gate *g = &s->gates.nodes.at[node];
    if (g->kind == GATE_CONSTANT) return false;
    if (g->kind == GATE_VAR) return var_holds(s, w, &s->vars.at[g->kid_first]);
    for (uint32_t i = 0; i < g->kid_count; i++) {
        lit l = s->gates.kids.at[g->kid_first + i];
        if (s->seen_value[lit_node(l)] == lit_negative(l)) return false;
    }
    return true;
}

/* Puts the kids that were not looked at onto the stack; false: there are none. */
static bool push_kids(struct space *s, uint32_t node, lits *stack)
{
    const struct gate *g = &s->gates.nodes.at[node];
    uint32_t before = stack->count;
    for (uint32_t i = 0; g->kind == GATE_AND && i < g->kid_count; i++) {
        uint32_t kid = lit_node(s->gates.kids.at[g->kid_first + i]);
        if (s->seen[kid] != s->seen_now) *vec_push(s->a, stack) = kid;
    }
    return stack->count > before;
}

/* Without recursion: a chain of rules that continue is as deep as they are many. */
bool witness_holds(struct space *s, const struct witness *w, lit l)
{
    lits *stack = &s->stack;
    grow_seen(s);
    if (s->seen_witness != w) s->seen_now++;
    s->seen_witness = w;
    stack->count = 0;
    *vec_push(s->a, stack) = lit_node(l);
    while (stack->count) {
        uint32_t node = stack->at[stack->count - 1];
        if (s->seen[node] != s->seen_now && push_kids(s, node, stack)) continue;
        stack->count--;
        s->seen_value[node] = node_holds(s, w, node);
        s->work += 1 + s->gates.nodes.at[node].kid_count;
        s->seen[node] = s->seen_now;
    }
    return s->seen_value[lit_node(l)] != lit_negative(l);
}
