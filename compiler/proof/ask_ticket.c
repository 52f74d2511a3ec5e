/*
 * The solver's model as a ticket: a value for each dimension that the model says is carried, as plain as may be. What
 * the ask has not met the ticket does not carry. The ticket is then held against the graph: it must do what was asked.
 */
#include "ask_inside.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <utf8proc.h>

static const struct var *var_of(const struct ask *q, const struct met *m)
{
    return &q->s->vars.at[m->var];
}

/* ---- one of several values ---- */

/* The last of the ladder's rungs that holds; SHUNT_NONE: not even the first. Of the priority, which has no first: low. */
static uint32_t model_value(struct ask *q, const struct ask_dim *d)
{
    uint32_t value = q->s->dims.at[d->dim].is_priority ? 0 : SHUNT_NONE;
    for (uint32_t i = 0; i < d->met.count && ask_model(q, d->met.at[i].is); i++)
        value = var_of(q, &d->met.at[i])->index;
    return value;
}

static bool put_value(struct ask *q, const struct ask_dim *d, struct witness_attr *w)
{
    w->value = model_value(q, d);
    if (q->s->dims.at[d->dim].twin != SHUNT_NONE) return false; /* the text says it */
    return w->value != SHUNT_NONE &&
           !(q->s->dims.at[d->dim].is_priority && w->value == SHUNT_PRIORITY_NORMAL);
}

/* ---- sets ---- */

/* A name that neither table knows in this set. */
static struct str unnamed(struct ask *q, const struct dim *d)
{
    for (uint32_t n = 1;; n++) {
        struct str name = n == 1 ? S("other") : arena_printf(q->s->a, "other-%u", n);
        bool known = strmap_get(&d->ids, name, SHUNT_NONE) != SHUNT_NONE;
        if (!known) return name;
    }
}

static int name_cmp(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static bool put_set(struct ask *q, const struct ask_dim *d, struct witness_attr *w)
{
    const struct dim *dim = &q->s->dims.at[d->dim];
    for (uint32_t i = 0; i < d->met.count; i++)
        if (ask_model(q, d->met.at[i].is))
            *vec_push(q->s->a, &w->names) = dim->members.at[var_of(q, &d->met.at[i])->index];
    /* by bytes, as the order in which they were met would tell nobody anything */
    if (w->names.count > 1) qsort(w->names.at, w->names.count, sizeof *w->names.at, name_cmp);
    if (w->names.count == 0 && d->carried && ask_model(q, d->carried))
        *vec_push(q->s->a, &w->names) = unnamed(q, dim);
    return w->names.count > 0;
}

/* ---- numbers ---- */

/* From `from` to `to`; the bounds count where said. */
struct range {
    double from, to;
    bool from_in, to_in;
};

static bool in_range(const struct range *r, double x)
{
    return (r->from_in ? x >= r->from : x > r->from) && (r->to_in ? x <= r->to : x < r->to);
}

static double first_in(const struct range *r, const double *tries, size_t count, double most)
{
    for (size_t i = 0; i < count; i++)
        if (fabs(tries[i]) <= most && in_range(r, tries[i])) return tries[i] == 0 ? 0 : tries[i]; /* no -0 */
    return NAN;
}

/* Of the numbers of a range one that reads well, if it has such: 0, a bound, a whole number beside a bound, twice a bound, the
 * middle; else the double next to a bound. */
static double plain_number(const struct range *r)
{
    static const double readable = 1e15;
    double tries[] = {0,
                      r->from,
                      r->to,
                      floor(r->from) + 1,
                      ceil(r->to) - 1,
                      r->from * 2,
                      r->to * 2,
                      r->from / 2 + r->to / 2,
                      nextafter(r->from, INFINITY),
                      nextafter(r->to, -INFINITY)};
    size_t count = sizeof tries / sizeof *tries;
    double plain = first_in(r, tries, count, readable);
    if (isnan(plain)) plain = first_in(r, tries, count, DBL_MAX / 2);
    return isnan(plain) ? first_in(r, tries, count, DBL_MAX) : plain;
}

static bool put_number(struct ask *q, const struct ask_dim *d, struct witness_attr *w)
{
    struct range r = {-DBL_MAX, DBL_MAX, true, true};
    if (!ask_model(q, d->carried)) return false;
    for (uint32_t i = 0; i < d->met.count; i++) {
        const struct var *v = var_of(q, &d->met.at[i]);
        double bound = q->s->dims.at[d->dim].numbers.at[v->index];
        if (ask_model(q, d->met.at[i].is)) {
            r.to = bound;
            r.to_in = v->kind == VAR_AT_MOST;
            break;
        }
        r.from = bound;
        r.from_in = v->kind == VAR_BELOW;
    }
    w->number = plain_number(&r);
    return true;
}

/* ---- texts, bools ---- */

struct wanted_texts {
    struct text_pattern *at;
    bool *wanted;
    uint32_t count;
};

static void want_text(struct wanted_texts *t, struct text_pattern pattern, bool wanted)
{
    t->at[t->count] = pattern;
    t->wanted[t->count++] = wanted;
}

static bool is_wanted(const struct wanted_texts *t, struct str equal)
{
    for (uint32_t i = 0; i < t->count; i++)
        if (t->wanted[i] && t->at[i].kind == TF_ATOM_EQUALS && str_eq(t->at[i].text, equal)) return true;
    return false;
}

static bool is_listed(const struct dim *listed, struct str text)
{
    return strmap_get(&listed->ids, text, SHUNT_NONE) != SHUNT_NONE;
}

/* The same text with one letter in the other case, where that is none of the list's values; else the text itself. */
static struct str other_case(struct ask *q, const struct dim *listed, struct str text, struct str folded)
{
    for (size_t i = 0, next = 0; i < text.len; i = next) {
        uint32_t upper = (uint32_t)utf8proc_toupper((utf8proc_int32_t)utf8_next(text, &next));
        struct buf b;
        char *again;
        size_t len;
        buf_init(&b, q->s->a);
        buf_add(&b, text.p, i);
        buf_utf8(&b, upper);
        buf_add(&b, text.p + next, text.len - next);
        struct str other = buf_done(&b);
        if (shunt_text_fold(other.p, other.len, NULL, &again, &len) != SHUNT_OK) arena_fail(q->s->a);
        bool same = str_eq((struct str){again, len}, folded);
        free(again);
        if (same && !is_listed(listed, other)) return other;
    }
    return text;
}

/* twin: the dimension of the other table's list, of which the text shall be no value; SHUNT_NONE. */
static bool put_text(struct ask *q, const struct ask_dim *d, uint32_t twin, struct witness_attr *w)
{
    struct space *s = q->s;
    const struct dim *dim = &s->dims.at[d->dim], *listed = twin == SHUNT_NONE ? NULL : &s->dims.at[twin];
    uint32_t count = d->met.count + (listed ? listed->values.count : 0);
    struct wanted_texts t = {arena_array(q->a, struct text_pattern, count + 1), arena_array(q->a, bool, count + 1), 0};
    for (uint32_t i = 0; i < d->met.count; i++)
        want_text(&t, dim->patterns.at[var_of(q, &d->met.at[i])->index], ask_model(q, d->met.at[i].is));
    for (uint32_t i = 0; listed && i < listed->values.count; i++) {
        struct str folded = space_folded(s, twin, i);
        if (!is_wanted(&t, folded)) want_text(&t, (struct text_pattern){TF_ATOM_EQUALS, folded}, false);
    }
    if (!text_make(s->a, t.at, t.wanted, t.count, &w->text, &w->folded)) return false;
    if (!listed || !is_listed(listed, w->text)) return true;
    w->text = other_case(q, listed, w->text, w->folded);
    return !is_listed(listed, w->text);
}

/* A field that the other table lists: a text of that list, or another. */
static bool put_any_text(struct ask *q, const struct ask_dim *d, struct witness_attr *w)
{
    uint32_t twin = q->s->dims.at[d->dim].twin, value = SHUNT_NONE;
    for (uint32_t i = 0; i < q->dims.count && twin != SHUNT_NONE; i++)
        if (q->dims.at[i].dim == twin) value = model_value(q, &q->dims.at[i]);
    if (value == SHUNT_NONE) return put_text(q, d, twin, w);
    w->listed_dim = twin;
    w->value = value;
    w->text = q->s->dims.at[twin].values.at[value];
    w->folded = space_folded(q->s, twin, value);
    return true;
}

static bool put_bool(struct ask *q, const struct ask_dim *d, struct witness_attr *w)
{
    w->yes = d->met.count && ask_model(q, d->met.at[0].is);
    return ask_model(q, d->carried);
}

/* ---- the ticket ---- */

/* Whether the model has the ticket carry the dimension. */
static bool put_attr(struct ask *q, const struct ask_dim *d, struct witness_attr *w, bool *failed)
{
    w->dim = d->dim;
    w->listed_dim = SHUNT_NONE;
    switch (q->s->dims.at[d->dim].kind) {
    case DIM_ONE_OF: return put_value(q, d, w);
    case DIM_SET: return put_set(q, d, w);
    case DIM_TEXT:
        if (!ask_model(q, d->carried)) return false;
        *failed |= !put_any_text(q, d, w);
        return true;
    case DIM_NUMBER: return put_number(q, d, w);
    case DIM_BOOL: break;
    }
    return put_bool(q, d, w);
}

/* The first cell of the class that the model chose: a leaf, for what is true of it is true of what it came from. */
static void put_time(struct ask *q, struct witness *w)
{
    const struct times *t = q->s->times;
    w->at = t ? t->at[0] : TIMES_SHOWN;
    for (uint32_t i = 0; i < q->classes.count; i++) {
        const struct time_class *c = &q->classes.at[i];
        if (c->halves || (c->is && !ask_model(q, c->is))) continue;
        w->cell = q->order[c->from];
        w->at = t->at[w->cell];
        return;
    }
}

static int attr_order(const struct witness_attr *a, const struct witness_attr *b)
{
    return (a->dim > b->dim) - (a->dim < b->dim);
}

static void sort_attrs(struct witness *w)
{
    for (uint32_t i = 1; i < w->attrs.count; i++) {
        struct witness_attr moved = w->attrs.at[i];
        uint32_t k = i;
        for (; k > 0 && attr_order(&moved, &w->attrs.at[k - 1]) < 0; k--) w->attrs.at[k] = w->attrs.at[k - 1];
        w->attrs.at[k] = moved;
    }
}

static bool all_hold(struct ask *q, const struct witness *w, const lit *of, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (!witness_holds(q->s, w, of[i])) return false;
    return true;
}

struct witness *ask_make_ticket(struct ask *q, const lit *assumed, uint32_t count)
{
    struct witness *w = arena_new_of(q->s->a, struct witness);
    bool failed = q->limited;
    for (uint32_t i = 0; i < q->dims.count; i++) {
        struct witness_attr attr = {0};
        if (!put_attr(q, &q->dims.at[i], &attr, &failed)) continue;
        *vec_push(q->s->a, &w->attrs) = attr;
        if (space_is_members(q->s, attr.dim)) w->member_count += attr.names.count;
    }
    put_time(q, w);
    q->s->work += q->size + (uint64_t)w->attrs.count * w->attrs.count / 4; /* put in order one by one */
    sort_attrs(w);
    if (failed) return NULL;
    bool holds = all_hold(q, w, q->required.at, q->required.count) && all_hold(q, w, assumed, count);
    return holds ? w : NULL;
}
