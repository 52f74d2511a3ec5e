/*
 * Which rules that continue make effects differ at all: see diff.h.
 *
 * A rule that continues, with its condition and its effects, is the same in both tables or it is not. The
 * same ones in the same order (a longest common subsequence) do the same to a ticket on both sides. So where
 * none of the others matches, what has happened before two deciding rules is the same; and where those two
 * add the same themselves, so are their effects. The exact gate (diff_effects.c) mentions every rule that may
 * set the priority again behind a change; this one only what changed. It is asked first: its NO is a NO, and
 * where its smallest ticket does differ, none that differs is smaller.
 */
#include "diff.h"
#include "subject.h"

#include <stdlib.h>

/* A rule that continues. */
struct going {
    uint32_t rule, kind; /* equal kinds: the same condition and effects, and as many of the same before it */
    lit cond;
    uint32_t common; /* how many before it are common to both sides */
    bool is_common;
    lit others; /* any before it matches that is not */
};

struct changes_side {
    VEC(struct going) going; /* and a last one, for the end */
    VEC(lit) common;         /* conditions of the common ones: the same on both sides */
    uint32_t *own;           /* of each OUTCOME: equal numbers are equal effects */
};

struct diff_changes {
    struct space *s;
    struct diff_names *names;
    struct changes_side of[2];
    struct strmap effects, kinds;
    lits room;
};

/* ---- effects in bytes ---- */

static int u32_order(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Numbers of names, ascending, however they stand in the policy. A label's is no skill's (diff_names.c). */
static void spell_set(struct buf *b, const struct table_view *v, const uint32_t *numbers, le32_t first,
                      uint32_t count, uint32_t base)
{
    uint32_t *set = arena_array(b->a, uint32_t, count);
    for (uint32_t i = 0; i < count; i++) set[i] = numbers[le32(v->LIST.at[le32(first) + i]) - base];
    if (count) qsort(set, count, sizeof *set, u32_order);
    buf_add(b, set, count * sizeof *set);
}

static uint32_t *number_effects(struct diff_changes *c, uint32_t which)
{
    const struct table_view *v = &c->s->of[which].view;
    uint32_t *numbers = arena_array(c->s->a, uint32_t, v->OUTCOME.count);
    for (uint32_t i = 0; i < v->OUTCOME.count; i++) {
        const struct tf_outcome *o = &v->OUTCOME.at[i];
        uint32_t label_first = le32(v->ATTR.at[TF_LABELS].atom_first);
        struct buf b;
        buf_init(&b, c->s->a);
        buf_putc(&b, (char)o->set_priority);
        buf_putc(&b, (char)o->raise_priority);
        spell_set(&b, v, c->names->label[which], o->add_first, le16(o->add_count), label_first);
        spell_set(&b, v, c->names->skill[which], o->require_first, le16(o->require_count), 0);
        numbers[i] = strmap_put(c->s->a, &c->effects, buf_done(&b), c->effects.count);
    }
    return numbers;
}

/* ---- both sides' rules that continue ---- */

/* Of each condition and effects the number, and by number how many rules have been so. */
struct alike {
    struct strmap of;
    VEC(uint32_t) count;
};

static uint32_t number_of(struct diff_changes *c, struct strmap *m, const uint32_t *key, size_t len)
{
    return strmap_put(c->s->a, m, arena_str(c->s->a, (struct str){(const char *)key, len}), m->count);
}

/* Its condition and effects, and which of those that are alike it is. */
static uint32_t kind_of(struct diff_changes *c, uint32_t which, uint32_t rule, lit cond, struct alike *alike)
{
    uint32_t key[] = {cond, c->of[which].own[le32(c->s->of[which].view.RULE.at[rule].outcome)], 0};
    uint32_t number = number_of(c, &alike->of, key, sizeof key);
    if (number == alike->count.count) *vec_push(c->s->a, &alike->count) = 0;
    key[2] = alike->count.at[number]++;
    return number_of(c, &c->kinds, key, sizeof key);
}

static void read_going(struct diff_changes *c, uint32_t which)
{
    const struct table_view *v = &c->s->of[which].view;
    struct changes_side *side = &c->of[which];
    struct alike alike = {0};
    side->own = number_effects(c, which);
    for (uint32_t i = 0; i < v->RULE.count; i++) {
        if (rule_decides(v, i)) continue;
        lit cond = space_rule(c->s, which, i);
        uint32_t kind = kind_of(c, which, i, cond, &alike);
        *vec_push(c->s->a, &side->going) = (struct going){.rule = i, .kind = kind, .cond = cond};
    }
    *vec_push(c->s->a, &side->going) = (struct going){.rule = SHUNT_NONE, .kind = SHUNT_NONE};
}

static void mark_common(struct diff_changes *c)
{
    uint32_t *place = arena_array(c->s->a, uint32_t, c->kinds.count); /* of the new side; and 1 */
    uint32_t count = c->of[0].going.count - 1, *partner = arena_array(c->s->a, uint32_t, count);
    for (uint32_t i = 0; i + 1 < c->of[1].going.count; i++) place[c->of[1].going.at[i].kind] = i + 1;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = place[c->of[0].going.at[i].kind];
        partner[i] = at ? at - 1 : SHUNT_NONE;
    }
    const bool *in = diff_ascending(c->s->a, partner, count);
    for (uint32_t i = 0; i < count; i++)
        if (in[i]) c->of[0].going.at[i].is_common = c->of[1].going.at[partner[i]].is_common = true;
}

static void sum_up(struct diff_changes *c, struct changes_side *side)
{
    uint32_t common = 0;
    lit others = LIT_FALSE;
    for (uint32_t i = 0; i < side->going.count; i++) {
        struct going *g = &side->going.at[i];
        g->common = common;
        g->others = others;
        if (g->is_common) {
            *vec_push(c->s->a, &side->common) = g->cond;
            common++;
        } else if (i + 1 < side->going.count) {
            others = gate_or2(&c->s->gates, others, g->cond);
        }
    }
}

struct diff_changes *diff_changes_new(struct space *s, struct diff_names *names)
{
    struct diff_changes *c = arena_new_of(s->a, struct diff_changes);
    c->s = s;
    c->names = names;
    for (uint32_t w = 0; w < 2; w++) read_going(c, w);
    mark_common(c);
    for (uint32_t w = 0; w < 2; w++) sum_up(c, &c->of[w]);
    return c;
}

/* ---- two deciding rules ---- */

/* Common ones that stand before the one and behind the other count as others: a run of them, for both sides
 * have them in one order. */
lit diff_changes_gate(struct diff_changes *c, const struct decider *before, const struct decider *after)
{
    if (c->of[0].own[before->outcome] != c->of[1].own[after->outcome]) return LIT_TRUE;
    const struct going *old_end = &c->of[0].going.at[before->continued];
    const struct going *new_end = &c->of[1].going.at[after->continued];
    uint32_t from = old_end->common, to = new_end->common;
    if (from > to) from = new_end->common, to = old_end->common;
    c->room.count = 0;
    c->s->work += DIFF_WORK_LITERAL * (uint64_t)(to - from);
    *vec_push(c->s->a, &c->room) = old_end->others;
    *vec_push(c->s->a, &c->room) = new_end->others;
    for (uint32_t i = from; i < to; i++) *vec_push(c->s->a, &c->room) = c->of[0].common.at[i];
    return gate_or(&c->s->gates, c->room.at, c->room.count);
}
