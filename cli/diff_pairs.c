/*
 * The pairs of rules of which a ticket is decided otherwise, for people and as JSON (commands.md 10): see
 * diff_out.h.
 *
 * What is told of a ticket is what the program itself answers for it: its line is given to `match` under both
 * policies.
 */
#include "diff_out.h"
#include "proof/subject.h"
#include "render.h"
#include "witness_out.h"

#include <string.h>

/* ---- JSON ---- */

/* What `match` answers for r->line, without the line's end. */
static void out_matched(struct diff_run *r, uint32_t which, struct out *o)
{
    const struct line line = {r->line.p, (uint32_t)(r->line.len - LINE_SLACK_LEN), false, 1};
    struct out answer;
    out_init(&answer, -1);
    match_run_lines(r->match[which], &line, 1, &answer);
    out_bytes(o, answer.p, answer.len ? answer.len - 1 : 0);
    out_free_part(&answer, o);
    if (match_run_broken(r->match[which])) arena_fail(r->a);
}

static void put_ticket(struct diff_run *r, const struct witness *w)
{
    static const char slack[LINE_SLACK_LEN];
    r->line.len = 0;
    out_witness(&r->line, r->s, w);
    out_bytes(&r->line, slack, sizeof slack);
    if (r->line.error) arena_fail(r->a);
}

static void pair_json(struct diff_run *r, struct out *o, const struct difference *d)
{
    put_ticket(r, d->ticket);
    out_puts(o, "{\"old\":");
    diff_rule_json(r, o, 0, d->old_rule);
    out_puts(o, ",\"new\":");
    diff_rule_json(r, o, 1, d->new_rule);
    out_puts(o, ",\"ticket\":");
    out_bytes(o, r->line.p, r->line.len - LINE_SLACK_LEN);
    out_puts(o, ",\"before\":");
    out_matched(r, 0, o);
    out_puts(o, ",\"after\":");
    out_matched(r, 1, o);
    out_puts(o, "}\n");
}

/* "whether a ticket of rule "a" before and rule "b" after is treated otherwise"; or of what is left from rule
 * "a" on. */
static struct str undecided_words(struct diff_run *r, const struct difference *d)
{
    struct str before = rule_words(r->a, &r->s->of[0].view, d->old_rule);
    if (d->new_rule == SHUNT_NONE)
        return arena_printf(
            r->a, "whether another ticket of %.*s before, or of a rule behind it, is treated otherwise",
            (int)before.len, before.p);
    struct str after = rule_words(r->a, &r->s->of[1].view, d->new_rule);
    return arena_printf(r->a, "whether a ticket of %.*s before and %.*s after is treated otherwise",
                        (int)before.len, before.p, (int)after.len, after.p);
}

static void undecided_json(struct diff_run *r, struct out *o, const struct difference *d)
{
    out_puts(o, "{\"finding\":\"undecided\"");
    out_json_text(o, "what", undecided_words(r, d));
    out_puts(o, "}\n");
}

/* ---- for people ---- */

static void decision_line(struct diff_run *r, const char *word, uint32_t which, const struct witness *w)
{
    struct shunt_decision decision;
    if (!witness_match(r->s, which, w, &decision)) arena_fail(r->a);
    out_printf(&r->text, "    %s ", word);
    diff_decision_words(r, &r->text, which, &decision);
    out_putc(&r->text, '\n');
}

static void pair_text(struct diff_run *r, const struct difference *d)
{
    struct out *o = &r->text;
    put_ticket(r, d->ticket);
    out_putc(o, '\n');
    diff_pair_words(r, o, d->old_rule, d->new_rule);
    out_puts(o, ":\n  ");
    out_witness_words(o, r->s, d->ticket, r->s->times != NULL);
    out_putc(o, '\n');
    decision_line(r, "before:", 0, d->ticket);
    decision_line(r, "after: ", 1, d->ticket);
    out_puts(o, "    ticket: ");
    out_visible(o, (struct str){r->line.p, r->line.len - LINE_SLACK_LEN});
    if (!d->smallest) out_puts(o, "\n    (the budget ended before it was known to be the smallest)");
    out_putc(o, '\n');
}

static void undecided_text(struct diff_run *r, const struct difference *d)
{
    out_puts(&r->text, "\nNot decided: ");
    out_visible(&r->text, undecided_words(r, d));
    out_puts(&r->text, ".\n");
}

/* ---- all ---- */

enum { WRITTEN_AT = 1 << 16 }; /* so many bytes of findings are not kept back from who reads them */

static void tell(void *ctx, const struct difference *d)
{
    struct diff_run *r = ctx;
    if (d->ticket)
        r->pair_count++, r->pairs_of[0][d->old_rule]++, r->pairs_of[1][d->new_rule]++;
    else
        r->undecided_count++, r->ended |= d->new_rule == SHUNT_NONE;
    if (r->json)
        (d->ticket ? pair_json : undecided_json)(r, r->cli->out, d);
    else
        (d->ticket ? pair_text : undecided_text)(r, d);
    if (r->cli->out->len > WRITTEN_AT) out_flush(r->cli->out);
}

/* Where there are many pairs, most come from a few rules: those are what changed. */
enum { MANY_PAIRS = 10, OVERVIEW_MAX = 5 };

static void overview(struct diff_run *r)
{
    struct out *o = r->cli->out;
    for (uint32_t w = 0, said = 0; w < 2; w++, said = 0)
        for (uint32_t i = 0; i < r->views[w].RULE.count && said < OVERVIEW_MAX; i++) {
            unsigned long long pairs = r->pairs_of[w][i];
            if (pairs < MANY_PAIRS) continue;
            out_printf(o, "  %llu of them %s decided by ", pairs, w ? "are now" : "were");
            diff_rule_words(r, o, w, i);
            out_puts(o, ".\n");
            said++;
        }
}

static void summary(struct diff_run *r)
{
    struct out *o = r->cli->out;
    unsigned long long pairs = r->pair_count, open = r->undecided_count;
    if (pairs)
        out_printf(o, "%s%llu %s treated otherwise.\n", open ? "At least " : "", pairs,
                   pairs == 1 ? "kind of ticket is" : "kinds of tickets are");
    else
        out_puts(o, open ? "No ticket was found that is treated otherwise.\n"
                         : "No ticket is treated otherwise: proved.\n");
    overview(r);
    if (!open) return;
    out_printf(o, "%s%llu %s of rules could not be decided: ", r->ended ? "At least " : "", open,
               open == 1 ? "pair" : "pairs");
    out_puts(o, r->s->too_many_times ? "their hours and active days are too many to tell apart.\n"
                                     : "try again with a larger --proof-budget.\n");
}

void diff_tell_pairs(struct diff_run *r)
{
    diff_decisions(r->s, r->rules, &r->budget, tell, r);
    if (r->json) return;
    if (!r->cli->quiet) summary(r);
    size_t blank = r->cli->quiet && r->text.len > 0; /* the empty line between the summary and the first */
    out_bytes(r->cli->out, r->text.p + blank, r->text.len - blank);
    if (r->text.error) arena_fail(r->a);
}
