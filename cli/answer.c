/* A decision as JSON: see answer.h. Keys in the order of commands.md 6, absent where they do not apply. */
#include "answer.h"

static struct str str_of(struct shunt_string s)
{
    return (struct str){s.bytes, s.len};
}

static void out_key(struct out *o, const char *key)
{
    out_puts(o, ",\"");
    out_puts(o, key);
    out_puts(o, "\":");
}

static void out_rule(struct out *o, const struct shunt_table *t, uint32_t rule)
{
    bool is_takes;
    struct str name = str_of(shunt_rule_name(t, rule, &is_takes));
    if (!is_takes) {
        out_json_text(o, "rule", name);
        return;
    }
    struct out text;
    out_init(&text, -1);
    out_puts(&text, "team ");
    out_str(&text, name);
    out_json_text(o, "rule", (struct str){text.p ? text.p : "", text.len});
    out_free_part(&text, o);
}

/* The target as a first key (comma: false) or a further one; nobody is said in `steps` alone. */
static void out_target(struct out *o, const struct shunt_table *t, const struct shunt_step *step, bool comma)
{
    struct str name = str_of(step->kind == SHUNT_TO_TEAM ? shunt_team_name(t, step->target)
                                                         : shunt_agent_name(t, step->target));
    if (comma) out_putc(o, ',');
    out_puts(o, step->kind == SHUNT_TO_TEAM ? "\"team\":" : "\"agent\":");
    out_json(o, name);
}

static void out_step(struct out *o, const struct shunt_table *t, const struct shunt_step *step, bool first)
{
    out_puts(o, first ? "{" : ",{");
    if (step->kind == SHUNT_TO_NOBODY)
        out_puts(o, "\"unassigned\":true");
    else
        out_target(o, t, step, false);
    if (!first) out_json_u64(o, "after", step->after_sec);
    if (step->of_hours != SHUNT_NONE) out_json_text(o, "of", str_of(shunt_hours_name(t, step->of_hours)));
    out_putc(o, '}');
}

static void out_steps(struct out *o, const struct shunt_table *t, const struct shunt_decision *d)
{
    struct shunt_step first = shunt_decision_step(t, d, 0);
    if (first.kind != SHUNT_TO_NOBODY) out_target(o, t, &first, true);
    if (d->step_count < 2) return;
    out_key(o, "steps");
    out_putc(o, '[');
    for (uint32_t i = 0; i < d->step_count; i++) {
        struct shunt_step step = shunt_decision_step(t, d, i);
        out_step(o, t, &step, i == 0);
    }
    out_putc(o, ']');
}

static void out_names(struct out *o, const char *key, const char *inner, const struct shunt_table *t,
                      struct shunt_string (*name_of)(const struct shunt_table *, uint32_t),
                      const uint32_t *list, uint32_t count)
{
    if (count == 0) return;
    out_printf(o, ",\"%s\":{\"%s\":[", key, inner);
    for (uint32_t i = 0; i < count; i++) {
        if (i) out_putc(o, ',');
        out_json(o, str_of(name_of(t, list[i])));
    }
    out_puts(o, "]}");
}

static void out_warnings(struct out *o, const struct shunt_table *t, const struct unknown_value *unknown,
                         size_t count)
{
    if (count == 0) return;
    struct out text;
    out_init(&text, -1);
    out_key(o, "warnings");
    for (size_t i = 0; i < count; i++) {
        text.len = 0;
        out_unknown(&text, t, &unknown[i]);
        out_putc(o, i ? ',' : '[');
        out_json(o, (struct str){text.p ? text.p : "", text.len});
    }
    out_putc(o, ']');
    out_free_part(&text, o);
}

/* All that follows from the rule alone: names looked up, escaped and put together. */
static void out_rule_and_steps(struct out *o, const struct shunt_table *t, const struct shunt_decision *d)
{
    out_rule(o, t, d->rule);
    out_steps(o, t, d);
}

/* Into memory alone: what is put there stays until it is looked at. */
static void out_by_memo(struct out *o, const struct shunt_table *t, const struct shunt_decision *d,
                        struct answer_memo *memo)
{
    struct answer_memo *m = &memo[d->rule % ANSWER_MEMO_COUNT];
    if (m->rule_plus_1 == d->rule + 1) {
        out_bytes(o, m->text, m->len);
        return;
    }
    size_t from = o->len;
    out_rule_and_steps(o, t, d);
    if (o->error || o->len - from > sizeof m->text) return;
    m->rule_plus_1 = d->rule + 1;
    m->len = (uint32_t)(o->len - from);
    memcpy(m->text, o->p + from, m->len);
}

void out_answer(struct out *o, const struct shunt_table *table, struct json_text id,
                const struct shunt_decision *decision, const struct unknown_value *unknown,
                size_t unknown_count, struct answer_memo *memo)
{
    out_puts(o, "{\"ticket\":");
    out_json(o, (struct str){id.p, id.len});
    if (memo && o->fd < 0)
        out_by_memo(o, table, decision, memo);
    else
        out_rule_and_steps(o, table, decision);
    out_json_word(o, "priority", shunt_priority_name(decision->priority));
    out_names(o, "add", "labels", table, shunt_label_name, decision->add, decision->add_count);
    out_names(o, "require", "skills", table, shunt_skill_name, decision->require, decision->require_count);
    out_warnings(o, table, unknown, unknown_count);
    out_puts(o, "}\n");
}
