/*
 * Two tables' decisions by name: see diff.h. Every rule, list of steps, label and skill gets a number that is
 * the same in both where the name is, so that comparing decisions compares numbers.
 */
#include "diff.h"

static struct str str_of(struct shunt_string s)
{
    return (struct str){s.bytes, s.len};
}

static uint32_t *number_rules(const struct space *s, uint32_t which, struct strmap *ids)
{
    const struct shunt_table *t = s->of[which].table;
    uint32_t count = shunt_rule_count(t), *numbers = arena_array(s->a, uint32_t, count);
    for (uint32_t i = 0; i < count; i++) {
        bool is_takes;
        struct str name = str_of(shunt_rule_name(t, i, &is_takes));
        struct str key = arena_printf(s->a, "%s%.*s", is_takes ? "team " : "", (int)name.len, name.p);
        numbers[i] = strmap_put(s->a, ids, key, ids->count);
    }
    return numbers;
}

/* A step in bytes that differ where the steps do. Names hold no NUL. */
static void spell_step(struct buf *b, const struct table_view *v, const struct tf_step *step)
{
    uint32_t target = le32(step->target), of = le32(step->of_hours);
    buf_printf(b, "%u %u ", step->kind, le32(step->after_sec));
    if (step->kind == TF_TO_TEAM) buf_str(b, view_string(v, v->TEAM.at[target].name));
    if (step->kind == TF_TO_AGENT) buf_str(b, view_string(v, v->AGENT.at[target].name));
    buf_putc(b, '\0');
    if (of != TF_NONE) buf_str(b, view_string(v, v->HOURS.at[of].name));
    buf_putc(b, '\0');
}

static uint32_t *number_steps(const struct space *s, uint32_t which, struct strmap *ids)
{
    const struct table_view *v = &s->of[which].view;
    uint32_t *numbers = arena_array(s->a, uint32_t, v->OUTCOME.count);
    for (uint32_t i = 0; i < v->OUTCOME.count; i++) {
        const struct tf_outcome *o = &v->OUTCOME.at[i];
        struct buf b;
        buf_init(&b, s->a);
        for (uint32_t k = 0; k < le16(o->step_count); k++)
            spell_step(&b, v, &v->STEP.at[le32(o->step_first) + k]);
        numbers[i] = strmap_put(s->a, ids, buf_done(&b), ids->count);
    }
    return numbers;
}

/* Labels and skills share the numbers: a byte before the name keeps them apart. */
static uint32_t *number_added(const struct space *s, uint32_t which, struct strmap *ids, char kind,
                              struct shunt_string (*name_of)(const struct shunt_table *, uint32_t),
                              uint32_t count)
{
    uint32_t *numbers = arena_array(s->a, uint32_t, count);
    for (uint32_t i = 0; i < count; i++) {
        struct str name = str_of(name_of(s->of[which].table, i));
        struct str key = arena_printf(s->a, "%c%.*s", kind, (int)name.len, name.p);
        numbers[i] = strmap_put(s->a, ids, key, ids->count);
    }
    return numbers;
}

struct diff_names *diff_names_new(const struct space *s)
{
    struct diff_names *n = arena_new_of(s->a, struct diff_names);
    struct strmap rules = {0}, steps = {0}, added = {0};
    n->s = s;
    for (uint32_t w = 0; w < 2; w++) {
        const struct table_view *v = &s->of[w].view;
        n->rule[w] = number_rules(s, w, &rules);
        n->steps[w] = number_steps(s, w, &steps);
        n->label[w] =
            number_added(s, w, &added, 'l', shunt_label_name, le32(v->ATTR.at[TF_LABELS].atom_count));
        n->skill[w] = number_added(s, w, &added, 's', shunt_skill_name, v->SKILL.count);
    }
    n->added_count = added.count;
    n->marks = arena_array(s->a, uint32_t, added.count);
    return n;
}

/* Whether two lists, each of which names nothing twice, are one set. */
static bool same_set(struct diff_names *n, uint32_t *const numbers[2], const uint32_t *before,
                     uint32_t before_count, const uint32_t *after, uint32_t after_count)
{
    if (before_count != after_count) return false;
    n->mark++;
    for (uint32_t i = 0; i < before_count; i++) n->marks[numbers[0][before[i]]] = n->mark;
    for (uint32_t i = 0; i < after_count; i++)
        if (n->marks[numbers[1][after[i]]] != n->mark) return false;
    return true;
}

static uint32_t steps_number(const struct diff_names *n, uint32_t which, uint32_t rule)
{
    return n->steps[which][le32(n->s->of[which].view.RULE.at[rule].outcome)];
}

bool diff_same(struct diff_names *n, const struct shunt_decision *before, const struct shunt_decision *after,
               bool rules)
{
    if (rules && n->rule[0][before->rule] != n->rule[1][after->rule]) return false;
    return steps_number(n, 0, before->rule) == steps_number(n, 1, after->rule) &&
           before->priority == after->priority &&
           same_set(n, n->label, before->add, before->add_count, after->add, after->add_count) &&
           same_set(n, n->skill, before->require, before->require_count, after->require,
                    after->require_count);
}
