/*
 * A witness to its number among all distinct tickets; whether it is a ticket at all, and does what it is
 * shown for.
 */
#include "judge.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool is_counted(struct str name)
{
    return str_eq(name, S("labels")) || str_eq(name, S("segments"));
}

uint32_t witness_cost(const struct trial *t, const struct witness *w)
{
    uint32_t members = 0, others = 0;
    for (uint32_t i = 0; i < w->attrs.count; i++) {
        const struct witness_attr *a = &w->attrs.at[i];
        if (is_counted(t->s->dims.at[a->dim].name))
            members += a->names.count;
        else
            others++;
    }
    return members << 8 | others;
}

uint32_t ticket_cost(const struct trial *t, uint32_t ticket)
{
    return (uint32_t)t->b.members[ticket] << 8 | t->b.others[ticket];
}

static struct axis *axis_named(struct trial *t, struct str name)
{
    for (int i = 0; i < t->b.axes.count; i++)
        if (!t->b.axes.at[i].is_time && str_eq(t->b.axes.at[i].name, name)) return &t->b.axes.at[i];
    return NULL;
}

/* The first cell of which all tests say the same as of this value; by its own name, where there is one. */
static int cell_like(struct trial *t, const struct axis *x, const struct cell *c)
{
    for (int i = 0; i < x->cells.count; i++) {
        const struct cell *of = &x->cells.at[i];
        bool alike = of->carried == c->carried;
        if (!x->twin && (of->name.p || c->name.p))
            alike &= of->name.p && c->name.p && str_eq(of->name, c->name);
        for (int k = 0; k < x->tests.count && alike; k++)
            alike = test_holds(&t->b, x->tests.at[k], c) == x->tests.at[k]->holds[i];
        if (alike) return i;
    }
    return -1;
}

/* NULL: it can be sent so. */
static const char *what_is_wrong(const struct dim *d, const struct witness_attr *a, const struct cell *c)
{
    switch (d->kind) {
    case DIM_ONE_OF:
        return a->value >= d->values.count                      ? "a value past the last"
               : d->is_priority && str_eq(c->name, S("normal")) ? "a priority of normal"
                                                                : NULL;
    case DIM_SET:
        for (uint32_t i = 0; i < a->names.count; i++)
            for (uint32_t k = 0; k < i; k++)
                if (str_eq(a->names.at[i], a->names.at[k])) return "a member twice";
        return a->names.count ? NULL : "an empty set";
    case DIM_NUMBER: return isfinite(a->number) ? NULL : "no number";
    case DIM_TEXT: return str_eq(c->folded, a->folded) ? NULL : "a text that does not fold as said";
    default: return NULL;
    }
}

/* A text's name counts where the axis is a twin alone. */
static struct cell as_cell(struct trial *t, const struct dim *d, const struct witness_attr *a)
{
    struct cell c = {.carried = true, .number = a->number, .yes = a->yes};
    char *folded;
    size_t len;
    if (d->kind == DIM_ONE_OF && a->value < d->values.count) c.name = d->values.at[a->value];
    for (uint32_t i = 0; d->kind == DIM_SET && i < a->names.count; i++)
        *list_push(&t->g, &c.names) = a->names.at[i];
    if (d->kind != DIM_TEXT) return c;
    c.text = a->text;
    if (shunt_text_fold(a->text.p ? a->text.p : "", a->text.len, NULL, &folded, &len)) abort();
    c.folded = (struct str){gen_strdup(&t->g, folded), len};
    free(folded);
    c.name = a->text; /* where the other table lists its values */
    return c;
}

/* Whether both tables say the attribute is of this kind, or not at all. */
static bool of_one_type(const struct trial *t, const struct axis *x, const struct dim *d)
{
    static const enum dim_kind kinds[] = {
        [TF_CHANNEL_T] = DIM_ONE_OF, [TF_SET_T] = DIM_SET,       [TF_PRIORITY_T] = DIM_ONE_OF,
        [TF_TEXT_T] = DIM_TEXT,      [TF_LISTED_T] = DIM_ONE_OF, [TF_NUMBER_T] = DIM_NUMBER,
        [TF_BOOL_T] = DIM_BOOL};
    (void)t;
    return !x->clash && kinds[x->type] == d->kind;
}

static bool place(struct trial *t, const struct witness_attr *a, uint32_t *cells, const char *what)
{
    const struct dim *d = &t->s->dims.at[a->dim];
    struct axis *x = axis_named(t, d->name);
    struct cell c = as_cell(t, d, a);
    const char *wrong = what_is_wrong(d, a, &c);
    if (x && x->type == TF_TEXT_T && !x->twin) c.name = (struct str){NULL, 0};
    if (!x) wrong = "nobody asks about it";
    if (!wrong && !of_one_type(t, x, d)) wrong = "of another type in one of the policies: no ticket of both";
    int cell = wrong ? -1 : cell_like(t, x, &c);
    if (!wrong && cell < 0) wrong = "brute force has no such value";
    if (!wrong) cells[x - t->b.axes.at] = (uint32_t)cell;
    for (uint32_t s = 0; !wrong && s < t->count; s++) brute_set(&t->b, s, x, &c);
    if (wrong) object(t, "%s: the ticket's %.*s: %s", what, (int)d->name.len, d->name.p, wrong);
    return !wrong;
}

static bool place_time(struct trial *t, const struct witness *w, uint32_t *cells, const char *what)
{
    struct cell c = {.carried = true, .at = w->at};
    if (w->at < INT64_C(946684800) || w->at >= INT64_C(4102444800)) {
        object(t, "%s: the ticket's time is %lld", what, (long long)w->at);
        return false;
    }
    for (int i = 0; i < t->b.axes.count; i++) {
        const struct axis *x = &t->b.axes.at[i];
        int cell = x->is_time ? cell_like(t, x, &c) : -1;
        if (cell >= 0) cells[i] = (uint32_t)cell;
        if (x->is_time && cell < 0) object(t, "%s: no time is like %lld", what, (long long)w->at);
    }
    for (uint32_t s = 0; s < t->count; s++) shunt_ticket_set_at(t->b.sides[s].ticket, w->at);
    return true;
}

/* Both matchers say of it what they say of the ticket of that number. */
static void run(struct trial *t, uint32_t ticket, const struct witness *w, const char *what)
{
    for (uint32_t s = 0; s < t->count; s++) {
        const struct side *side = &t->b.sides[s];
        struct shunt_decision d, theirs;
        if (s > 0 && t->b.promise_side == s) continue; /* no policy of its own */
        shunt_match(side->ticket, &d);
        const char *said = brute_decision(&t->b, s, &d), *wanted = t->b.decisions.at[side->decision[ticket]];
        if (d.rule != side->rule[ticket] || strcmp(said, wanted) != 0)
            object(t, "%s: the ticket is decided by %s (%s), ticket %s by %s (%s)", what,
                   brute_rule(&t->b, s, d.rule), said, brute_ticket(&t->b, ticket),
                   brute_rule(&t->b, s, side->rule[ticket]), wanted);
        if (!witness_match(t->s, s, w, &theirs) || theirs.rule != d.rule)
            object(t, "%s: witness_match() says rule %u, the matcher %u", what, theirs.rule, d.rule);
    }
}

uint32_t judge_witness(struct trial *t, const struct witness *w, const char *what)
{
    uint32_t cells[BRUTE_AXES] = {0}, ticket = 0;
    if (!w) {
        object(t, "%s: without a ticket", what);
        return SHUNT_NONE;
    }
    for (uint32_t s = 0; s < t->count; s++) shunt_ticket_reset(t->b.sides[s].ticket);
    if (!place_time(t, w, cells, what)) return SHUNT_NONE;
    for (uint32_t i = 0; i < w->attrs.count; i++) {
        for (uint32_t k = 0; k < i; k++)
            if (w->attrs.at[i].dim == w->attrs.at[k].dim) object(t, "%s: an attribute twice", what);
        if (!place(t, &w->attrs.at[i], cells, what)) return SHUNT_NONE;
    }
    if (w->member_count != witness_cost(t, w) >> 8)
        object(t, "%s: member_count is %u", what, w->member_count);
    for (int i = 0; i < t->b.axes.count; i++)
        ticket = ticket * (uint32_t)t->b.axes.at[i].cells.count + cells[i];
    run(t, ticket, w, what);
    return ticket;
}

void note_witness(struct trial *t, const struct witness *w)
{
    if (!w) return;
    sb_printf(&t->said, " at %lld", (long long)w->at);
    for (uint32_t i = 0; i < w->attrs.count; i++) {
        const struct witness_attr *a = &w->attrs.at[i];
        sb_printf(&t->said, ", %u %u %.17g %d ", a->dim, a->value, a->number, a->yes);
        if (a->text.len) sb_bytes(&t->said, a->text.p, a->text.len);
        for (uint32_t k = 0; k < a->names.count; k++)
            sb_bytes(&t->said, a->names.at[k].p, a->names.at[k].len);
    }
}
