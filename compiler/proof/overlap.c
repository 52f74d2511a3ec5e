/*
 * Tickets that fall to otherwise, and rules that share tickets: see proof.h.
 *
 * All channels have one solver and one contest: what stands in the way of one stands in the way of the next.
 */
#include "proof.h"
#include "subject.h"

enum { OVERLAPS_SHOWN = 20 }; /* commands.md, `prove` */

/* ---- gaps ---- */

static void look_for_gap(struct ask *ask, struct contest *contest, struct space *s, uint32_t channel,
                         finding_sink *sink, void *ctx)
{
    struct finding f = {.kind = FINDING_GAP, .rule = SHUNT_NONE, .channel = channel};
    struct contest *contests[] = {contest};
    lit of_channel = space_channel(s, channel);
    enum answer answer = ask_contest(ask, contests, 1, &of_channel, 1);
    if (answer == ASK_NO) return;
    if (answer == ASK_YES) {
        ask_smallest(ask, contests, 1, &of_channel, 1);
        f.ticket = ask_witness(ask);
    } else {
        struct str name = channel == SHUNT_NONE ? S("") : s->dims.at[space_channel_dim(s)].values.at[channel];
        f.kind = FINDING_UNDECIDED;
        f.what = channel == SHUNT_NONE
                     ? S("whether a ticket without a channel falls to otherwise")
                     : arena_printf(s->a, "whether a ticket of channel \"%.*s\" falls to otherwise",
                                    (int)name.len, name.p);
    }
    sink(ctx, &f);
}

void prove_gaps(struct space *s, struct proof_budget *budget, finding_sink *sink, void *ctx)
{
    const struct table_view *v = &s->of[0].view;
    struct ask *ask = ask_new(s, budget);
    struct contest contest = {0};
    uint32_t channels = le32(v->ATTR.at[TF_CHANNEL].atom_count);
    contest_begin(&contest, 0, v->RULE.count - 1);
    for (uint32_t i = 0; i < channels; i++) look_for_gap(ask, &contest, s, i, sink, ctx);
    look_for_gap(ask, &contest, s, SHUNT_NONE, sink, ctx);
    ask_free(ask);
}

/* ---- overlaps ---- */

static bool same_target(const struct table_view *v, uint32_t a, uint32_t b)
{
    const struct tf_step *x = rule_target(v, a), *y = rule_target(v, b);
    return x->kind == y->kind && (x->kind == TF_TO_NOBODY || le32(x->target) == le32(y->target));
}

/* The answer, and of YES the smallest ticket where one is wanted. A solver for each two: one for all of
 * 10,000 took a minute, as each answer is a value for all that it has met. */
static enum answer overlap(struct space *s, struct proof_budget *budget, uint32_t rule, uint32_t other,
                           bool ticket, struct finding *f)
{
    struct ask *both = ask_new(s, budget);
    ask_require(both, space_rule(s, 0, rule));
    ask_require(both, space_rule(s, 0, other));
    enum answer answer = ask(both, NULL, 0);
    if (answer == ASK_YES && ticket) {
        ask_smallest(both, NULL, 0, NULL, 0);
        f->ticket = ask_witness(both);
    }
    ask_free(both);
    return answer;
}

void prove_overlaps(struct space *s, uint32_t rule, struct proof_budget *budget, finding_sink *sink,
                    void *ctx)
{
    const struct table_view *v = &s->of[0].view;
    uint32_t shown = 0;
    for (uint32_t other = 0; other + 1 < v->RULE.count; other++) {
        if (other == rule || !rule_decides(v, other) || same_target(v, rule, other)) continue;
        struct finding f = {.kind = FINDING_OVERLAP, .rule = rule, .other = other};
        enum answer answer = overlap(s, budget, rule, other, shown < OVERLAPS_SHOWN, &f);
        if (answer == ASK_NO) continue;
        shown += answer == ASK_YES;
        if (answer == ASK_OPEN) {
            struct str name = rule_words(s->a, v, rule), than = rule_words(s->a, v, other);
            f.kind = FINDING_UNDECIDED;
            f.what = arena_printf(s->a, "whether %.*s shares a ticket with %.*s", (int)name.len, name.p,
                                  (int)than.len, than.p);
        }
        sink(ctx, &f);
    }
}
