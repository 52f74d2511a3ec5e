/*
 * What rules that continue do to a ticket before a deciding rule is reached, as literals (language.md 5.3):
 * see diff.h.
 *
 * A decision is the deciding rule's only where every rule before it that continues was looked at. So what has
 * happened by then depends on the ticket and on the place alone: the priority is `set` by the last of them
 * that matches, raised to the highest `raise` among them, and a label or skill is added where any of those
 * that add it matches. Each place has its literals; they are made from those of the place before, and places
 * between which nothing is said share them.
 */
#include "diff.h"

enum { LEVELS = 3 }; /* "normal or higher", "high or higher", "urgent"; low or higher always */

struct prio {
    lit set[LEVELS];   /* the ticket's own, or the last `set` */
    lit raise[LEVELS]; /* some `raise` */
};

/* A rule that continues adds a label or requires a skill: what the literal of that was, and is from then on.
 */
struct added {
    uint32_t number; /* diff_names */
    lit before, after;
};

struct effects_side {
    VEC(struct prio) prios; /* [0]: before every rule */
    VEC(struct added) log;  /* in order of the rules */
    uint32_t at;            /* log[0, at) has happened in `now` */
    lit *now;               /* by number */
    uint32_t *own;          /* by number: the mark of the deciding rule that adds it itself */
};

struct diff_effects {
    struct space *s;
    struct diff_names *names;
    struct effects_side of[2];
    VEC(uint32_t) differing; /* numbers of which the two sides' literals differ now */
    uint32_t *place;         /* of a number in `differing`, and 1; 0: not there */
    uint32_t mark;
    lits room;
};

/* ---- rules that continue, in order ---- */

static void set_and_raise(struct space *s, struct effects_side *side, const struct tf_outcome *o, lit cond)
{
    struct gates *g = &s->gates;
    if (!o->set_priority && !o->raise_priority) return;
    struct prio p = side->prios.at[side->prios.count - 1];
    for (unsigned k = 0; k < LEVELS; k++) {
        if (o->set_priority)
            p.set[k] = gate_choose(g, cond, o->set_priority - 1u > k ? LIT_TRUE : LIT_FALSE, p.set[k]);
        if (o->raise_priority && o->raise_priority - 1u > k) p.raise[k] = gate_or2(g, p.raise[k], cond);
    }
    *vec_push(s->a, &side->prios) = p;
}

static void add_all(struct diff_effects *e, struct effects_side *side, const uint32_t *numbers, le32_t first,
                    uint32_t count, uint32_t base, const struct table_view *v, lit cond)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t number = numbers[le32(v->LIST.at[le32(first) + i]) - base];
        lit before = side->now[number], after = gate_or2(&e->s->gates, before, cond);
        if (after == before) continue;
        *vec_push(e->s->a, &side->log) = (struct added){number, before, after};
        side->now[number] = after;
    }
}

static uint32_t label_first(const struct table_view *v)
{
    return le32(v->ATTR.at[TF_LABELS].atom_first);
}

static void go_on(struct diff_effects *e, uint32_t which, uint32_t rule)
{
    const struct table_view *v = &e->s->of[which].view;
    const struct tf_outcome *o = &v->OUTCOME.at[le32(v->RULE.at[rule].outcome)];
    struct effects_side *side = &e->of[which];
    lit cond = space_rule(e->s, which, rule);
    set_and_raise(e->s, side, o, cond);
    add_all(e, side, e->names->label[which], o->add_first, le16(o->add_count), label_first(v), v, cond);
    add_all(e, side, e->names->skill[which], o->require_first, le16(o->require_count), 0, v, cond);
}

/* All of a table's rules, in order: those that continue leave their effects, the others become deciders. */
static void read_rules(struct diff_effects *e, uint32_t which, struct deciders *deciders)
{
    const struct table_view *v = &e->s->of[which].view;
    struct effects_side *side = &e->of[which];
    struct prio first = {{LIT_FALSE}, {LIT_FALSE}};
    for (unsigned k = 0; k < LEVELS; k++) first.set[k] = space_priority_from(e->s, k + 1);
    *vec_push(e->s->a, &side->prios) = first;
    deciders->at = arena_array(e->s->a, struct decider, v->RULE.count);
    deciders->count = 0;
    uint32_t continued = 0;
    for (uint32_t i = 0; i < v->RULE.count; i++) {
        uint32_t outcome = le32(v->RULE.at[i].outcome);
        if (le16(v->OUTCOME.at[outcome].step_count) == 0)
            go_on(e, which, i), continued++;
        else
            deciders->at[deciders->count++] = (struct decider){
                .rule = i,
                .outcome = outcome,
                .cond = space_rule(e->s, which, i),
                .continued = continued,
                .prio_at = side->prios.count - 1,
                .added_at = side->log.count,
            };
    }
    side->at = side->log.count;
}

/* ---- going to a place ---- */

/* One side's literal of a number, and whether the sides differ over it now. */
static void note(struct diff_effects *e, uint32_t which, uint32_t number, lit l)
{
    e->of[which].now[number] = l;
    bool differ = e->of[0].now[number] != e->of[1].now[number];
    uint32_t *place = &e->place[number];
    if (differ == (*place != 0)) return;
    if (differ) {
        *vec_push(e->s->a, &e->differing) = number;
        *place = e->differing.count;
    } else {
        uint32_t last = e->differing.at[--e->differing.count];
        e->differing.at[*place - 1] = last;
        e->place[last] = *place;
        *place = 0;
    }
}

static void go_to(struct diff_effects *e, uint32_t which, uint32_t at)
{
    struct effects_side *side = &e->of[which];
    e->s->work += side->at < at ? at - side->at : side->at - at;
    while (side->at < at) {
        const struct added *next = &side->log.at[side->at++];
        note(e, which, next->number, next->after);
    }
    while (side->at > at) {
        const struct added *last = &side->log.at[--side->at];
        note(e, which, last->number, last->before);
    }
}

struct diff_effects *diff_effects_new(struct space *s, struct diff_names *names, struct deciders sides[2])
{
    struct diff_effects *e = arena_new_of(s->a, struct diff_effects);
    e->s = s;
    e->names = names;
    e->place = arena_array(s->a, uint32_t, names->added_count);
    for (uint32_t w = 0; w < 2; w++) {
        e->of[w].now = arena_array(s->a, lit, names->added_count); /* zero: LIT_FALSE */
        e->of[w].own = arena_array(s->a, uint32_t, names->added_count);
        read_rules(e, w, &sides[w]);
    }
    for (uint32_t w = 0; w < 2; w++) /* what read_rules() left is nobody's place: begin from none */
        for (uint32_t i = 0; i < names->added_count; i++) e->of[w].now[i] = LIT_FALSE;
    e->of[0].at = e->of[1].at = 0;
    return e;
}

/* ---- two decisions ---- */

/* The priority after all effects is more than k. */
static lit level(struct diff_effects *e, uint32_t which, const struct decider *d, unsigned k)
{
    const struct tf_outcome *o = &e->s->of[which].view.OUTCOME.at[d->outcome];
    const struct prio *p = &e->of[which].prios.at[d->prio_at];
    lit set = !o->set_priority ? p->set[k] : o->set_priority - 1u > k ? LIT_TRUE : LIT_FALSE;
    if (o->raise_priority && o->raise_priority - 1u > k) return LIT_TRUE;
    return gate_or2(&e->s->gates, set, p->raise[k]);
}

static void own_list(struct diff_effects *e, uint32_t which, const uint32_t *numbers, le32_t first,
                     uint32_t count, uint32_t base)
{
    const le32_t *list = e->s->of[which].view.LIST.at + le32(first);
    for (uint32_t i = 0; i < count; i++) e->of[which].own[numbers[le32(list[i]) - base]] = e->mark;
}

/* What the deciding rule itself adds and requires is marked. */
static void mark_own(struct diff_effects *e, uint32_t which, const struct decider *d)
{
    const struct table_view *v = &e->s->of[which].view;
    const struct tf_outcome *o = &v->OUTCOME.at[d->outcome];
    own_list(e, which, e->names->label[which], o->add_first, le16(o->add_count), label_first(v));
    own_list(e, which, e->names->skill[which], o->require_first, le16(o->require_count), 0);
}

static void compare_number(struct diff_effects *e, uint32_t number)
{
    lit is[2];
    for (uint32_t w = 0; w < 2; w++)
        is[w] = e->of[w].own[number] == e->mark ? LIT_TRUE : e->of[w].now[number];
    lit differ = gate_differ(&e->s->gates, is[0], is[1]);
    e->s->work++;
    if (differ == LIT_FALSE) return;
    e->s->work += DIFF_WORK_LITERAL;
    *vec_push(e->s->a, &e->room) = differ;
}

static void compare_own(struct diff_effects *e, const uint32_t *numbers, const struct table_view *v,
                        le32_t first, uint32_t count, uint32_t base)
{
    for (uint32_t i = 0; i < count; i++) compare_number(e, numbers[le32(v->LIST.at[le32(first) + i]) - base]);
}

lit diff_effects_gate(struct diff_effects *e, const struct decider *before, const struct decider *after)
{
    const struct decider *d[2] = {before, after};
    e->room.count = 0;
    e->mark++;
    for (uint32_t w = 0; w < 2; w++) go_to(e, w, d[w]->added_at), mark_own(e, w, d[w]);
    for (unsigned k = 0; k < LEVELS; k++) {
        lit differ = gate_differ(&e->s->gates, level(e, 0, before, k), level(e, 1, after, k));
        if (differ != LIT_FALSE) *vec_push(e->s->a, &e->room) = differ;
    }
    for (uint32_t i = 0; i < e->differing.count; i++) compare_number(e, e->differing.at[i]);
    for (uint32_t w = 0; w < 2; w++) {
        const struct table_view *v = &e->s->of[w].view;
        const struct tf_outcome *o = &v->OUTCOME.at[d[w]->outcome];
        compare_own(e, e->names->label[w], v, o->add_first, le16(o->add_count), label_first(v));
        compare_own(e, e->names->skill[w], v, o->require_first, le16(o->require_count), 0);
    }
    return gate_or(&e->s->gates, e->room.at, e->room.count);
}
