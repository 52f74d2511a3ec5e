/*
 * Conditions in CODE to gates over a space: see space.h. Each node becomes a literal once. The tables are verified, so
 * conditions nest at most TF_NESTING_MAX deep.
 */
#include "space.h"
#include "../../runtime/ops.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

/* ---- dimensions ---- */

static enum dim_kind kind_of(uint8_t type)
{
    switch (type) {
    case TF_SET_T: return DIM_SET;
    case TF_TEXT_T: return DIM_TEXT;
    case TF_NUMBER_T: return DIM_NUMBER;
    case TF_BOOL_T: return DIM_BOOL;
    default: return DIM_ONE_OF;
    }
}

/* A byte and a string, as a key of a map. */
static struct str key_of(struct space *s, uint8_t kind, struct str text)
{
    char *p = arena_alloc(s->a, text.len + 1);
    p[0] = (char)kind;
    if (text.len) memcpy(p + 1, text.p, text.len);
    return (struct str){p, text.len + 1};
}

static uint32_t find_dim(struct space *s, struct str name, enum dim_kind kind)
{
    uint32_t at = strmap_put(s->a, &s->dim_ids, key_of(s, (uint8_t)kind, name), s->dims.count);
    if (at < s->dims.count) return at;
    *vec_push(s->a, &s->dims) = (struct dim){
        .name = name, .kind = kind, .attr = {SHUNT_NONE, SHUNT_NONE}, .carried = LIT_NONE, .is_true = LIT_NONE,
        .twin = SHUNT_NONE};
    return at;
}

static uint32_t add_value(struct space *s, struct dim *d, struct str name)
{
    uint32_t at = strmap_put(s->a, &d->ids, name, d->values.count);
    if (at < d->values.count) return at;
    *vec_push(s->a, &d->values) = name;
    *vec_push(s->a, &d->from) = d->is_priority && at == 0 ? LIT_TRUE : LIT_NONE;
    return at;
}

static void add_attr(struct space *s, uint32_t which, uint32_t attr)
{
    struct space_table *t = &s->of[which];
    const struct tf_attr *a = &t->view.ATTR.at[attr];
    uint32_t at = find_dim(s, view_attr_name(&t->view, attr), kind_of(a->type));
    struct dim *d = &s->dims.at[at];
    t->dim_of_attr[attr] = at;
    d->attr[which] = attr;
    if (d->kind != DIM_ONE_OF) return;
    d->is_priority = a->type == TF_PRIORITY_T;
    for (unsigned p = 0; d->is_priority && p < 4; p++) add_value(s, d, str_from(shunt_priority_name(p)));
    for (uint32_t i = 0; i < le32(a->atom_count); i++) {
        uint32_t atom = le32(a->atom_first) + i;
        t->value_of_atom[atom] = add_value(s, d, view_string(&t->view, t->view.ATOM.at[atom].string));
    }
}

/* ---- variables ---- */

static lit new_var(struct space *s, enum var_kind kind, uint32_t dim, uint32_t index)
{
    lit l = gate_var(&s->gates, s->vars.count);
    *vec_push(s->a, &s->vars) = (struct var){kind, dim, index, l};
    return l;
}

static lit lit_from(struct space *s, uint32_t dim, uint32_t value)
{
    struct dim *d = &s->dims.at[dim];
    if (value >= d->values.count) return LIT_FALSE;
    if (d->from.at[value] == LIT_NONE) d->from.at[value] = new_var(s, VAR_FROM, dim, value);
    return d->from.at[value];
}

static lit lit_carried(struct space *s, uint32_t dim)
{
    struct dim *d = &s->dims.at[dim];
    if (d->carried == LIT_NONE) d->carried = new_var(s, VAR_CARRIED, dim, 0);
    return d->carried;
}

static lit lit_member(struct space *s, uint32_t dim, struct str name)
{
    struct dim *d = &s->dims.at[dim];
    uint32_t at = strmap_put(s->a, &d->ids, name, d->members.count);
    if (at == d->members.count) {
        *vec_push(s->a, &d->members) = name;
        *vec_push(s->a, &d->member) = new_var(s, VAR_MEMBER, dim, at);
    }
    return d->member.at[at];
}

static lit lit_pattern(struct space *s, uint32_t dim, struct text_pattern p)
{
    struct dim *d = &s->dims.at[dim];
    if (text_always(&p)) return lit_carried(s, dim);
    uint32_t at = strmap_put(s->a, &d->ids, key_of(s, (uint8_t)p.kind, p.text), d->patterns.count);
    if (at == d->patterns.count) {
        *vec_push(s->a, &d->patterns) = p;
        *vec_push(s->a, &d->pattern) = new_var(s, VAR_PATTERN, dim, at);
    }
    return d->pattern.at[at];
}

static uint32_t find_number(struct space *s, struct dim *d, double number)
{
    struct str key = arena_str(s->a, (struct str){(const char *)&number, sizeof number});
    uint32_t at = strmap_put(s->a, &d->ids, key, d->numbers.count);
    if (at < d->numbers.count) return at;
    *vec_push(s->a, &d->numbers) = number;
    *vec_push(s->a, &d->below) = number <= -DBL_MAX ? LIT_FALSE : LIT_NONE;
    *vec_push(s->a, &d->at_most) = number >= DBL_MAX ? LIT_TRUE : LIT_NONE;
    return at;
}

static lit lit_below(struct space *s, uint32_t dim, double number, bool or_equal)
{
    struct dim *d = &s->dims.at[dim];
    uint32_t at = find_number(s, d, number);
    lit *l = or_equal ? &d->at_most.at[at] : &d->below.at[at];
    if (*l == LIT_NONE) *l = new_var(s, or_equal ? VAR_AT_MOST : VAR_BELOW, dim, at);
    return *l;
}

/* ---- tests ---- */

/* One of the values from..to (of the dimension). */
static lit lit_run(struct space *s, uint32_t dim, uint32_t from, uint32_t to)
{
    return gate_and2(&s->gates, lit_from(s, dim, from), lit_not(lit_from(s, dim, to + 1)));
}

/* One of the values, which are sorted here: a run of neighbours is one literal. */
static lit lit_values(struct space *s, uint32_t dim, uint32_t *values, uint32_t count)
{
    lits runs = {0};
    sort_numbers(values, count);
    for (uint32_t i = 0, k; i < count; i = k) {
        for (k = i + 1; k < count && values[k] <= values[k - 1] + 1; k++) continue;
        *vec_push(s->a, &runs) = lit_run(s, dim, values[i], values[k - 1]);
    }
    return gate_or(&s->gates, runs.at, runs.count);
}

/* One of the table's values from `from` up to `to` (its own places; empty where from > to). */
static lit lit_places(struct space *s, uint32_t which, uint32_t attr, int64_t from, int64_t to)
{
    struct space_table *t = &s->of[which];
    const struct tf_attr *a = &t->view.ATTR.at[attr];
    uint32_t dim = t->dim_of_attr[attr];
    if (from > to) return LIT_FALSE;
    if (a->type == TF_PRIORITY_T || which == 0) return lit_run(s, dim, (uint32_t)from, (uint32_t)to);
    uint32_t count = (uint32_t)(to - from + 1), *values = arena_array(s->a, uint32_t, count);
    for (uint32_t i = 0; i < count; i++) values[i] = t->value_of_atom[le32(a->atom_first) + (uint32_t)from + i];
    lit l = lit_values(s, dim, values, count);
    arena_give_back(s->a, values, count * sizeof *values);
    return l;
}

static lit lit_compare(struct space *s, uint32_t which, uint32_t attr, unsigned cmp, uint32_t place)
{
    const struct tf_attr *a = &s->of[which].view.ATTR.at[attr];
    int64_t last = a->type == TF_PRIORITY_T ? 3 : (int64_t)le32(a->atom_count) - 1, with = place;
    switch (cmp) {
    case TF_LT: return lit_places(s, which, attr, 0, with - 1);
    case TF_LE: return lit_places(s, which, attr, 0, with);
    case TF_GT: return lit_places(s, which, attr, with + 1, last);
    default: return lit_places(s, which, attr, with, last);
    }
}

static lit lit_exists(struct space *s, uint32_t which, uint32_t attr)
{
    const struct tf_attr *a = &s->of[which].view.ATTR.at[attr];
    uint32_t dim = s->of[which].dim_of_attr[attr];
    if (a->type == TF_PRIORITY_T) return LIT_TRUE;
    if (s->dims.at[dim].kind == DIM_ONE_OF)
        return lit_places(s, which, attr, 0, (int64_t)le32(a->atom_count) - 1);
    return lit_carried(s, dim);
}

static double number_at(const struct table_view *v, uint32_t index)
{
    uint64_t bits = le64(v->NUMBER.at[index]);
    double number;
    memcpy(&number, &bits, sizeof number);
    return number == 0 ? 0 : number; /* -0 is 0 */
}

static lit lit_number(struct space *s, uint32_t dim, unsigned cmp, double number)
{
    bool or_equal = cmp == TF_LE || cmp == TF_GT, negated = cmp == TF_GT || cmp == TF_GE;
    lit l = lit_below(s, dim, number, or_equal);
    return gate_and2(&s->gates, lit_carried(s, dim), negated ? lit_not(l) : l);
}

static lit lit_equals(struct space *s, uint32_t dim, double number)
{
    lit of[] = {lit_carried(s, dim), lit_below(s, dim, number, true), lit_not(lit_below(s, dim, number, false))};
    return gate_and(&s->gates, of, 3);
}

/* ---- times ---- */

static int ref_order(const void *a, const void *b)
{
    const struct time_ref *x = a, *y = b;
    if (x->which != y->which) return x->which < y->which ? -1 : 1;
    if (x->kind != y->kind) return x->kind < y->kind ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

static lit lit_time(struct space *s, uint32_t which, enum time_kind kind, uint32_t index)
{
    struct time_ref want = {which, kind, index};
    struct time_ref *ref = bsearch(&want, s->time_refs, s->time_ref_count, sizeof want, ref_order);
    if (s->too_many_times) return new_var(s, VAR_TIME, SHUNT_NONE, SHUNT_NONE);
    uint32_t atom = s->times->atom_of[ref - s->time_refs];
    if (atom == TIME_ALWAYS) return LIT_TRUE;
    if (atom == TIME_NEVER) return LIT_FALSE;
    if (s->time_lits.at[atom] == LIT_NONE) s->time_lits.at[atom] = new_var(s, VAR_TIME, SHUNT_NONE, atom);
    return s->time_lits.at[atom];
}

/* Which table's hours are meant. */
static struct time_ref hours_ref(const struct space *s, uint32_t which, uint32_t hours)
{
    struct time_ref own = {which, TIME_HOURS, hours};
    if (which == 0 || !s->by_name) return own;
    struct shunt_string name = shunt_hours_name(s->of[1].table, hours);
    uint32_t first = shunt_hours_find(s->of[0].table, name.bytes, name.len);
    return first == SHUNT_NONE ? own : (struct time_ref){0, TIME_HOURS, first};
}

typedef VEC(struct time_ref) time_refs;

/* What the conditions of a table read of the time: CODE is a row of nodes without gaps. */
static void scan_times(struct space *s, uint32_t which, time_refs *refs)
{
    const struct table_view *v = &s->of[which].view;
    const struct tf_unit *p = v->CODE.at, *end = p + v->CODE.count;
    while (p < end) {
        unsigned op = p->tag;
        const struct tf_unit *at = p;
        if (op == TF_OP_DURING) *vec_push(s->a, refs) = hours_ref(s, which, unit_number(&at));
        if (op == TF_OP_ACTIVE) *vec_push(s->a, refs) = (struct time_ref){which, TIME_WINDOWS, unit_number(&at)};
        p = unit_behind(p); /* into AND, OR and NOT */
    }
}

static void make_times(struct space *s)
{
    time_refs refs = {0};
    for (uint32_t i = 0; i < s->table_count; i++) scan_times(s, i, &refs);
    if (refs.count == 0) return;
    qsort(refs.at, refs.count, sizeof *refs.at, ref_order);
    uint32_t count = 0;
    for (uint32_t i = 0; i < refs.count; i++)
        if (!count || ref_order(&refs.at[i], &refs.at[count - 1])) refs.at[count++] = refs.at[i];
    struct time_source *sources = arena_array(s->a, struct time_source, count);
    for (uint32_t i = 0; i < count; i++) {
        const struct space_table *t = &s->of[refs.at[i].which];
        sources[i] = (struct time_source){t->table, &t->view, (enum time_kind)refs.at[i].kind, refs.at[i].index};
    }
    s->time_refs = refs.at;
    s->time_ref_count = count;
    s->times = times_new(s->a, sources, count);
    s->too_many_times = !s->times;
    for (uint32_t i = 0; s->times && i < s->times->atom_count; i++) *vec_push(s->a, &s->time_lits) = LIT_NONE;
}

/* ---- conditions ---- */

/* An atom that a set, a text, or one of a ONE_OF's values is. */
static lit lit_atom(struct space *s, uint32_t which, uint32_t atom)
{
    struct space_table *t = &s->of[which];
    if (t->atom[atom] != LIT_NONE) return t->atom[atom];
    uint32_t dim = t->dim_of_attr[view_attr_of(&t->view, atom)];
    const struct tf_atom *a = &t->view.ATOM.at[atom];
    struct str text = view_string(&t->view, a->string);
    lit l;
    switch (s->dims.at[dim].kind) {
    case DIM_SET: l = lit_member(s, dim, text); break;
    case DIM_TEXT: l = lit_pattern(s, dim, (struct text_pattern){(enum tf_atom_kind)a->kind, text}); break;
    default: l = lit_run(s, dim, t->value_of_atom[atom], t->value_of_atom[atom]); break;
    }
    return t->atom[atom] = l;
}

/* Any of so many atoms of one attribute. */
static lit lit_any_atom(struct space *s, uint32_t which, const struct tf_unit **p)
{
    struct space_table *t = &s->of[which];
    uint32_t count = unit_number(p), *of = arena_array(s->a, uint32_t, count);
    for (uint32_t i = 0; i < count; i++) of[i] = unit_number(p);
    uint32_t dim = t->dim_of_attr[view_attr_of(&t->view, of[0])];
    bool one_of = s->dims.at[dim].kind == DIM_ONE_OF;
    for (uint32_t i = 0; i < count; i++) of[i] = one_of ? t->value_of_atom[of[i]] : lit_atom(s, which, of[i]);
    lit l = one_of ? lit_values(s, dim, of, count) : gate_or(&s->gates, of, count);
    arena_give_back(s->a, of, count * sizeof *of);
    return l;
}

static lit lit_all_atoms(struct space *s, uint32_t which, const struct tf_unit **p)
{
    uint32_t count = unit_number(p);
    lit *of = arena_array(s->a, lit, count);
    for (uint32_t i = 0; i < count; i++) of[i] = lit_atom(s, which, unit_number(p));
    lit l = gate_and(&s->gates, of, count);
    arena_give_back(s->a, of, count * sizeof *of);
    return l;
}

static lit lit_levels(struct space *s, uint32_t dim, uint32_t levels)
{
    uint32_t values[4], count = 0;
    for (uint32_t i = 0; i < 4; i++)
        if (levels >> i & 1) values[count++] = i;
    return lit_values(s, dim, values, count);
}

static lit lit_number_in(struct space *s, uint32_t which, const struct tf_unit **p)
{
    struct space_table *t = &s->of[which];
    uint32_t dim = t->dim_of_attr[unit_number(p)], count = unit_number(p);
    lits of = {0};
    for (uint32_t i = 0; i < count; i++)
        *vec_push(s->a, &of) = lit_equals(s, dim, number_at(&t->view, unit_number(p)));
    return gate_or(&s->gates, of.at, of.count);
}

static lit lit_cmp(struct space *s, uint32_t which, bool number, const struct tf_unit **p)
{
    struct space_table *t = &s->of[which];
    uint32_t attr = unit_number(p);
    unsigned cmp = unit_cmp(*p);
    uint32_t with = unit_number(p);
    return number ? lit_number(s, t->dim_of_attr[attr], cmp, number_at(&t->view, with))
                  : lit_compare(s, which, attr, cmp, with);
}

static lit read_node(struct space *s, uint32_t which, const struct tf_unit **p);

static lit lit_nodes(struct space *s, uint32_t which, bool any, const struct tf_unit **p)
{
    const struct tf_unit *end = unit_children(p);
    lits of = {0};
    while (*p < end) {
        lit l = read_node(s, which, p);
        *vec_push(s->a, &of) = l;
    }
    return any ? gate_or(&s->gates, of.at, of.count) : gate_and(&s->gates, of.at, of.count);
}

static lit lit_bool(struct space *s, uint32_t dim)
{
    struct dim *d = &s->dims.at[dim];
    if (d->is_true == LIT_NONE) d->is_true = new_var(s, VAR_TRUE, dim, 0);
    return gate_and2(&s->gates, lit_carried(s, dim), d->is_true);
}

static lit read_hours(struct space *s, uint32_t which, uint32_t hours)
{
    struct time_ref ref = hours_ref(s, which, hours);
    return lit_time(s, ref.which, TIME_HOURS, ref.index);
}

static lit read_op(struct space *s, uint32_t which, enum tf_op op, const struct tf_unit **p)
{
    struct space_table *t = &s->of[which];
    switch (op) {
    case TF_OP_TRUE: ++*p; return LIT_TRUE;
    case TF_OP_FALSE: ++*p; return LIT_FALSE;
    case TF_OP_NOT: ++*p; return lit_not(read_node(s, which, p));
    case TF_OP_AND: return lit_nodes(s, which, false, p);
    case TF_OP_OR: return lit_nodes(s, which, true, p);
    case TF_OP_HAS: return lit_atom(s, which, unit_number(p));
    case TF_OP_HAS_ANY: return lit_any_atom(s, which, p);
    case TF_OP_HAS_ALL: return lit_all_atoms(s, which, p);
    case TF_OP_COMPARE: return lit_cmp(s, which, false, p);
    case TF_OP_PRIORITY_IN: return lit_levels(s, t->dim_of_attr[TF_PRIORITY], unit_number(p));
    case TF_OP_NUMBER_COMPARE: return lit_cmp(s, which, true, p);
    case TF_OP_NUMBER_IN: return lit_number_in(s, which, p);
    case TF_OP_EXISTS: return lit_exists(s, which, unit_number(p));
    case TF_OP_BOOL: return lit_bool(s, t->dim_of_attr[unit_number(p)]);
    case TF_OP_DURING: return read_hours(s, which, unit_number(p));
    case TF_OP_ACTIVE: return lit_time(s, which, TIME_WINDOWS, unit_number(p));
    case TF_OP_COUNT: break;
    }
    return LIT_FALSE;
}

static lit read_node(struct space *s, uint32_t which, const struct tf_unit **p)
{
    struct space_table *t = &s->of[which];
    size_t off = (size_t)(*p - t->view.CODE.at);
    lit l = read_op(s, which, (enum tf_op)(*p)->tag, p);
    return t->cond[off] = l;
}

lit space_cond(struct space *s, uint32_t which, uint32_t code_off)
{
    struct space_table *t = &s->of[which];
    const struct tf_unit *p = t->view.CODE.at + code_off;
    return t->cond[code_off] != LIT_NONE ? t->cond[code_off] : read_node(s, which, &p);
}

lit space_rule(struct space *s, uint32_t which, uint32_t rule)
{
    return space_cond(s, which, le32(s->of[which].view.RULE.at[rule].code));
}

uint32_t space_channel_dim(const struct space *s)
{
    return s->of[0].dim_of_attr[TF_CHANNEL];
}

lit space_channel(struct space *s, uint32_t value)
{
    uint32_t dim = space_channel_dim(s);
    return value == SHUNT_NONE ? lit_not(lit_from(s, dim, 0)) : lit_run(s, dim, value, value);
}

lit space_priority_from(struct space *s, uint32_t priority)
{
    return lit_from(s, s->of[0].dim_of_attr[TF_PRIORITY], priority);
}

lit space_from(struct space *s, uint32_t dim, uint32_t value)
{
    return lit_from(s, dim, value);
}

lit space_carried(struct space *s, uint32_t dim)
{
    return s->dims.at[dim].kind == DIM_ONE_OF ? lit_from(s, dim, 0) : lit_carried(s, dim);
}

bool space_is_members(const struct space *s, uint32_t dim)
{
    return dim == s->of[0].dim_of_attr[TF_LABELS] || dim == s->of[0].dim_of_attr[TF_SEGMENTS];
}

struct str space_folded(struct space *s, uint32_t dim, uint32_t value)
{
    struct str name = s->dims.at[dim].values.at[value];
    char *out;
    size_t len;
    if (shunt_text_fold(name.p, name.len, NULL, &out, &len) != SHUNT_OK) arena_fail(s->a);
    return arena_take(s->a, out, len);
}

/* Fields that one table lists and that are texts in the other: both read the same string. */
static void find_twins(struct space *s)
{
    for (uint32_t i = 0; i < s->dims.count; i++) {
        if (s->dims.at[i].kind != DIM_ONE_OF) continue;
        struct str key = key_of(s, DIM_TEXT, s->dims.at[i].name);
        uint32_t twin = strmap_get(&s->dim_ids, key, SHUNT_NONE);
        if (twin == SHUNT_NONE) continue;
        s->dims.at[i].twin = twin;
        s->dims.at[twin].twin = i;
    }
}

/* ---- a space ---- */

static lit *none_yet(struct space *s, uint32_t count)
{
    lit *of = arena_array(s->a, lit, count);
    memset(of, 0xff, count * sizeof *of); /* LIT_NONE */
    return of;
}

static void free_ticket(void *ticket)
{
    shunt_ticket_free(ticket);
}

static void add_table(struct space *s, uint32_t which, const struct shunt_table *table)
{
    struct space_table *t = &s->of[which];
    t->table = table;
    table_view(&t->view, table);
    t->dim_of_attr = arena_array(s->a, uint32_t, t->view.ATTR.count);
    t->value_of_atom = arena_array(s->a, uint32_t, t->view.ATOM.count);
    t->atom = none_yet(s, t->view.ATOM.count);
    t->cond = none_yet(s, t->view.CODE.count);
    if (shunt_ticket_new(table, NULL, &t->ticket) != SHUNT_OK) arena_fail(s->a);
    arena_defer(s->a, free_ticket, t->ticket);
    for (uint32_t i = 0; i < t->view.ATTR.count; i++) add_attr(s, which, i);
}

struct space *space_new(struct arena *a, const struct shunt_table *const *tables, uint32_t count, bool by_name)
{
    struct space *s = arena_new_of(a, struct space);
    s->a = a;
    s->table_count = count;
    s->by_name = by_name;
    gates_init(&s->gates, a);
    for (uint32_t i = 0; i < count; i++) add_table(s, i, tables[i]);
    find_twins(s);
    make_times(s);
    return s;
}
