/* A promise that does not hold, in words: see broken_out.h. */
#include "broken_out.h"
#include "proof/subject.h"
#include "render.h"
#include "witness_out.h"

static void out_target(struct out *o, const struct table_view *v, uint32_t rule)
{
    const struct tf_step *step = rule_target(v, rule);
    bool team = step->kind == TF_TO_TEAM;
    if (step->kind == TF_TO_NOBODY) {
        out_puts(o, "is left unassigned");
        return;
    }
    uint32_t target = le32(step->target);
    out_puts(o, team ? "goes to team \"" : "goes to agent \"");
    out_visible(o, view_string(v, team ? v->TEAM.at[target].name : v->AGENT.at[target].name));
    out_putc(o, '"');
}

void out_broken(struct out *o, struct arena *a, const struct space *s, const struct witness *w,
                const struct shunt_decision *decision)
{
    const struct table_view *v = &s->of[0].view;
    bool times = s->times && s->times->atom_count > 0;
    out_witness_words(o, s, w, times);
    out_puts(o, times ? ", " : " ");
    out_target(o, v, decision->rule);
    out_puts(o, " by ");
    out_visible(o, rule_words(a, v, decision->rule));
    out_printf(o, " with priority %s", shunt_priority_name(decision->priority));
}
