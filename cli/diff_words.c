/* What `shunt diff` says of rules and decisions, in words: see diff_out.h. Names come from policies: they are
 * shown so that no terminal takes them for a command. */
#include "diff_out.h"
#include "proof/subject.h"
#include "render.h"

static void out_quoted(struct out *o, struct shunt_string name)
{
    out_putc(o, '"');
    out_visible(o, (struct str){name.bytes, name.len});
    out_putc(o, '"');
}

void diff_rule_words(struct diff_run *r, struct out *o, uint32_t which, uint32_t rule)
{
    out_visible(o, rule_words(r->a, &r->s->of[which].view, rule));
}

void diff_pair_words(struct diff_run *r, struct out *o, uint32_t old_rule, uint32_t new_rule)
{
    diff_rule_words(r, o, 0, old_rule);
    if (r->names->rule[0][old_rule] == r->names->rule[1][new_rule]) return;
    out_puts(o, " before, ");
    diff_rule_words(r, o, 1, new_rule);
    out_puts(o, " after");
}

void diff_rule_json(struct diff_run *r, struct out *o, uint32_t which, uint32_t rule)
{
    out_json(o, rule_name(r->a, &r->s->of[which].view, rule));
}

static void step_words(struct out *o, const struct shunt_table *t, const struct shunt_step *step)
{
    static const char *const kinds[] = {"team ", "agent ", "unassigned"};
    out_puts(o, kinds[step->kind]);
    if (step->kind == SHUNT_TO_TEAM) out_quoted(o, shunt_team_name(t, step->target));
    if (step->kind == SHUNT_TO_AGENT) out_quoted(o, shunt_agent_name(t, step->target));
}

static void name_words(struct out *o, const char *what, const struct shunt_table *t,
                       struct shunt_string (*name_of)(const struct shunt_table *, uint32_t),
                       const uint32_t *list, uint32_t count)
{
    if (count) out_printf(o, "; %s%s ", what, count > 1 ? "s" : "");
    for (uint32_t i = 0; i < count; i++) {
        if (i) out_puts(o, i + 1 < count ? ", " : " and ");
        out_quoted(o, name_of(t, list[i]));
    }
}

void diff_decision_words(struct diff_run *r, struct out *o, uint32_t which, const struct shunt_decision *d)
{
    const struct shunt_table *t = r->s->of[which].table;
    for (uint32_t i = 0; i < d->step_count; i++) {
        struct shunt_step step = shunt_decision_step(t, d, i);
        if (i) out_puts(o, ", then ");
        step_words(o, t, &step);
        if (i) out_puts(o, " after "), out_str(o, words_duration(&r->dump[which], step.after_sec));
        if (step.of_hours == SHUNT_NONE) continue;
        out_puts(o, " of ");
        out_quoted(o, shunt_hours_name(t, step.of_hours));
    }
    out_printf(o, "; priority %s", shunt_priority_name(d->priority));
    name_words(o, "adds label", t, shunt_label_name, d->add, d->add_count);
    name_words(o, "requires skill", t, shunt_skill_name, d->require, d->require_count);
}
