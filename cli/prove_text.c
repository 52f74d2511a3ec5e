/*
 * Findings for people: where, what, why, and what to do; and what was proved where nothing is wrong. See
 * prove.h.
 *
 * A ticket stands on a line of its own, as `shunt match` reads it.
 */
#include "prove.h"
#include "answer.h"
#include "proof/subject.h"
#include "render.h"
#include "witness_out.h"

#define BOLD "\x1b[1m"
#define PLAIN "\x1b[0m"

enum { OVERLAPS_TOLD = 20, CHANNELS_TOLD = 12, TAKERS_TOLD = 10 };

/* ---- pieces ---- */

/* `FILE:LINE:COLUMN: `, and the line's end is the caller's. */
static void out_where(const struct proving *p, const struct prove_place *place)
{
    if (p->colour) out_puts(p->o, BOLD);
    if (!place->known) return;
    out_visible(p->o, place->file);
    out_printf(p->o, ":%u:%u: ", place->at.line, place->at.column);
}

/* Ends the first line of a finding; the source's line under it. */
static void end_head(const struct proving *p, const struct prove_place *place)
{
    const struct report report = {.colour = p->colour};
    if (p->colour) out_puts(p->o, PLAIN);
    out_putc(p->o, '\n');
    if (place->known && place->source)
        render_line(p->o, &report, p->policy.compiled, place->source, place->at);
}

static void out_rule_words(const struct proving *p, uint32_t rule)
{
    out_visible(p->o, rule_words(p->a, p->v, rule));
}

/* `rule "x" (FILE:LINE)` */
static void out_rule_there(const struct proving *p, uint32_t rule)
{
    struct prove_place place = place_of_rule(p, rule);
    out_rule_words(p, rule);
    if (!place.known) return;
    out_puts(p->o, " (");
    out_visible(p->o, place.file);
    out_printf(p->o, ":%u)", place.at.line);
}

/* Of many the first. */
static void out_rules(const struct proving *p, const proof_ids *rules)
{
    uint32_t told = rules->count <= TAKERS_TOLD + 1 ? rules->count : TAKERS_TOLD;
    for (uint32_t i = 0; i < told; i++) {
        out_puts(p->o, i == 0 ? "" : i + 1 < rules->count ? ", " : " and ");
        out_rule_there(p, rules->at[i]);
    }
    if (told < rules->count) out_printf(p->o, " and %u more", rules->count - told);
}

static void out_ticket(const struct proving *p, const struct witness *ticket)
{
    out_puts(p->o, "    ");
    out_witness(p->o, p->space, ticket);
    out_putc(p->o, '\n');
}

static void out_ticket_words(const struct proving *p, const struct witness *ticket)
{
    out_witness_words(p->o, p->space, ticket, p->space->times != NULL);
}

static void out_count(struct out *o, uint32_t n, const char *one, const char *many)
{
    out_printf(o, "%u %s", n, n == 1 ? one : many);
}

/* ---- rules that never decide ---- */

static void say_what_to_do_with_dead(const struct proving *p, const struct finding *f)
{
    bool is_rule = f->rule < le32(p->v->POLICY.at->rule_count), one = f->by.count == 1;
    if (rule_is_otherwise(p->v, f->rule))
        out_puts(p->o, "  Nothing has to be done: it stays as a safeguard for later changes.\n");
    else if (f->impossible)
        out_puts(
            p->o,
            "  Look for an \"and\" that should be \"or\", hours that are never open on those days, a number\n"
            "  that cannot be. Or remove it.\n");
    else if (is_rule)
        out_printf(p->o, "  If it is meant as the exception, move it before %s; if not, remove it.\n",
                   one ? "that one" : "them");
    else
        out_printf(p->o,
                   "  Rules and the takes of teams before it come first: narrow %s, or remove its takes.\n",
                   one ? "that one" : "one of them");
}

static void say_contradiction(const struct proving *p, const struct finding *f)
{
    if (f->by_active) {
        out_puts(p->o, "  Tickets meet it, but none from 2000 to 2099 in the rule's active days.\n");
    } else if (f->code_off != SHUNT_NONE) {
        out_puts(p->o, "  The tests beside this part of it leave no ticket that meets it: ");
        out_visible(p->o, text_of_part(p, f->rule, f->code_off));
        out_putc(p->o, '\n');
    }
}

static void tell_dead(const struct proving *p, const struct finding *f)
{
    struct prove_place place = place_of(p, f);
    bool decides = rule_decides(p->v, f->rule);
    bool takes = f->rule >= le32(p->v->POLICY.at->rule_count) && !rule_is_otherwise(p->v, f->rule);
    out_where(p, &place);
    out_rule_words(p, f->rule);
    out_puts(p->o, takes ? " can never take a ticket" : decides ? " can never decide" : " can never apply");
    if (f->impossible) out_puts(p->o, ": no ticket can meet its condition");
    end_head(p, &place);
    if (!f->impossible) {
        out_puts(p->o, rule_is_otherwise(p->v, f->rule)
                           ? "  Every ticket is decided before it, by "
                           : "  Every ticket that meets its condition is decided before it, by ");
        out_rules(p, &f->by);
        out_puts(p->o, f->by.count > 1 ? " together.\n" : ".\n");
        if (!f->by_minimal)
            out_puts(p->o, "  Fewer may be enough: the budget ended before that was known.\n");
    } else {
        say_contradiction(p, f);
    }
    say_what_to_do_with_dead(p, f);
}

/* ---- parts of conditions ---- */

/* The condition as written, without active days before it. */
static bool is_whole(const struct proving *p, const struct finding *f)
{
    uint32_t code = le32(p->v->RULE.at[f->rule].code);
    return f->code_off == code || (f->value && f->code_off == written_code(p->v, f->rule));
}

static void tell_constant(const struct proving *p, const struct finding *f)
{
    struct prove_place place = place_of(p, f);
    bool whole = is_whole(p, f);
    out_where(p, &place);
    out_rule_words(p, f->rule);
    out_printf(p->o, ": %s always %s: ", whole ? "the condition is" : "this part is",
               f->value ? "true" : "false");
    out_visible(p->o, text_of_part(p, f->rule, f->code_off));
    end_head(p, &place);
    out_puts(p->o,
             whole
                 ? "  Every ticket that comes as far as the rule meets it: earlier rules decide all others.\n"
                   "  If it is to take all that is left, `true` says so; else look for what it was meant to "
                   "rule out.\n"
             : f->value ? "  Every ticket that comes as far as this part meets it: the tests beside it or the rules before\n"
                          "  leave no other. Keep it if it is there for clarity; else leave it out, or write what it was\n"
                          "  meant to rule out.\n"
                        : "  No ticket that comes as far as this part meets it: the tests beside it or the rules before\n"
                          "  leave none. Mend what was meant, move the rule up, or leave the part out.\n");
}

/* ---- gaps ---- */

static void tell_gap(const struct proving *p, const struct finding *f)
{
    struct prove_place place = place_of(p, f);
    bool first = p->counts.gaps == 1;
    out_where(p, &place);
    out_ticket_words(p, f->ticket);
    out_puts(p->o, " falls to otherwise");
    end_head(p, first ? &place : &(struct prove_place){.known = false});
    out_ticket(p, f->ticket);
    if (first) out_puts(p->o, "  If that is not meant, write a rule or takes for such tickets.\n");
}

/* ---- promises ---- */

static void tell_promise(const struct proving *p, const struct finding *f)
{
    struct prove_place place = place_of(p, f);
    out_where(p, &place);
    if (!place.known) out_puts(p->o, "--assert: ");
    out_puts(p->o, f->value ? "the promise holds for every ticket: " : "the promise does not hold: ");
    out_visible(p->o, text_of_promise(p, f->promise));
    end_head(p, f->value ? &(struct prove_place){.known = false} : &place);
    if (f->value) return;
    struct shunt_decision decision;
    out_puts(p->o, "  It is broken by ");
    out_ticket_words(p, f->ticket);
    out_puts(p->o, ":\n");
    out_ticket(p, f->ticket);
    if (!witness_match(p->space, 0, f->ticket, &decision)) arena_fail(p->a);
    out_puts(p->o, "  which is decided by ");
    out_rule_there(p, decision.rule);
    out_puts(p->o, ":\n    ");
    out_answer(p->o, p->space->of[0].table, (struct json_text){"T1", 2}, &decision, NULL, 0, NULL);
    out_puts(p->o, "  Change that rule, or put one before it that keeps the promise; or say in the promise\n"
                   "  which tickets it is not for.\n");
}

/* ---- overlaps ---- */

static void tell_overlap(const struct proving *p, const struct finding *f)
{
    struct shunt_decision decision;
    if (p->counts.overlaps > OVERLAPS_TOLD) return; /* the summary counts them */
    struct prove_place place = place_of_rule(p, f->other);
    out_where(p, &place);
    out_rule_words(p, f->other);
    out_puts(p->o, " shares tickets with ");
    out_rule_words(p, f->rule);
    end_head(p, &(struct prove_place){.known = false});
    if (!f->ticket) return;
    if (!witness_match(p->space, 0, f->ticket, &decision)) arena_fail(p->a);
    out_puts(p->o, "  ");
    out_ticket_words(p, f->ticket);
    out_puts(p->o, " meets both; ");
    out_rule_words(p, decision.rule);
    out_puts(p->o, " decides it:\n");
    out_ticket(p, f->ticket);
}

/* ---- what was left open ---- */

static void tell_undecided(const struct proving *p, const struct finding *f)
{
    struct prove_place place = place_of(p, f);
    out_where(p, &place);
    out_puts(p->o, "not decided: ");
    out_visible(p->o, f->what);
    end_head(p, &(struct prove_place){.known = false});
    if (p->counts.undecided > 1) return; /* said once */
    out_puts(p->o, "  The budget ended, or a limit of docs/proof.md was met: --proof-budget gives more.\n");
}

void prove_text(struct proving *p, const struct finding *f)
{
    switch (f->kind) {
    case FINDING_DEAD: tell_dead(p, f); break;
    case FINDING_CONSTANT: tell_constant(p, f); break;
    case FINDING_GAP: tell_gap(p, f); break;
    case FINDING_PROMISE: tell_promise(p, f); break;
    case FINDING_OVERLAP: tell_overlap(p, f); break;
    case FINDING_UNDECIDED: tell_undecided(p, f); break;
    }
}

/* ---- what it amounts to ---- */

static void sum_rules(const struct proving *p)
{
    const struct prove_counts *n = &p->counts;
    out_puts(p->o, "  ");
    out_count(p->o, p->v->RULE.count - 1, "rule", "rules"); /* otherwise has a line of its own */
    out_puts(p->o, " (with takes): ");
    if (n->dead)
        out_printf(p->o, "%u can never decide\n", n->dead);
    else
        out_puts(p->o, n->undecided ? "none is known that can never decide\n" : "each can decide a ticket\n");
    out_puts(p->o, "  conditions: ");
    if (n->constant) {
        out_count(p->o, n->constant, "part makes", "parts make");
        out_puts(p->o, " no difference\n");
    } else {
        out_puts(p->o, n->undecided ? "no part is known that makes no difference\n"
                                    : "every part makes a difference\n");
    }
}

/* "email, sms and no channel"; of too many how many. */
static void out_channels(const struct proving *p, bool gap)
{
    uint32_t channels = le32(p->v->ATTR.at[TF_CHANNEL].atom_count), count = 0, said = 0;
    for (uint32_t i = 0; i <= channels; i++) count += p->gap[i] == gap;
    if (count > CHANNELS_TOLD) {
        bool none = p->gap[channels] == gap;
        out_printf(p->o, "%u channels%s", count - none, none ? " and no channel" : "");
        return;
    }
    for (uint32_t i = 0; i <= channels; i++) {
        if (p->gap[i] != gap) continue;
        out_puts(p->o, said == 0 ? "" : said + 1 < count ? ", " : " and ");
        out_visible(p->o, i < channels ? name_of_channel_value(p, i) : S("no channel"));
        said++;
    }
}

static void sum_gaps(const struct proving *p)
{
    const struct prove_counts *n = &p->counts;
    uint32_t channels = le32(p->v->ATTR.at[TF_CHANNEL].atom_count);
    out_puts(p->o, "  otherwise: ");
    if (n->gaps == 0) {
        out_puts(p->o, n->gap_undecided ? "no ticket is known that falls to it\n"
                                        : "no ticket falls to it: each is decided by a rule or takes\n");
        return;
    }
    out_puts(p->o, "tickets of ");
    if (n->gaps == channels + 1)
        out_puts(p->o, "every channel");
    else
        out_channels(p, true);
    out_puts(p->o, " can fall to it\n");
    if (n->gap_undecided || n->gaps == channels + 1) return;
    out_puts(p->o, "  rules and takes decide all tickets of ");
    out_channels(p, false);
    out_putc(p->o, '\n');
}

static void sum_promises(const struct proving *p)
{
    const struct prove_counts *n = &p->counts;
    if (!n->promises) return;
    out_puts(p->o, "  promises: ");
    out_printf(p->o, "%u hold, %u do not", n->promises - n->broken - n->promise_undecided, n->broken);
    if (n->promise_undecided) out_printf(p->o, ", %u not decided", n->promise_undecided);
    out_putc(p->o, '\n');
}

void prove_overlap_summary(struct proving *p)
{
    out_rule_there(p, p->overlaps);
    if (p->counts.overlaps) {
        out_puts(p->o, " shares tickets with ");
        out_count(p->o, p->counts.overlaps, "rule", "rules");
        out_puts(p->o, " of another target");
        if (p->counts.overlaps > OVERLAPS_TOLD) out_printf(p->o, "; the first %d are shown", OVERLAPS_TOLD);
    } else {
        out_puts(p->o, p->counts.undecided ? ": no rule of another target is known to share a ticket with it"
                                           : " shares no ticket with a rule of another target");
    }
    out_putc(p->o, '\n');
}

void prove_summary(struct proving *p)
{
    out_visible(p->o, str_from(p->path));
    out_puts(p->o, ", for every ticket from 2000 to 2099:\n");
    sum_rules(p);
    sum_gaps(p);
    sum_promises(p);
    if (!p->counts.undecided) return;
    out_puts(p->o, "  not decided: ");
    out_count(p->o, p->counts.undecided, "question", "questions");
    out_puts(p->o, " (--proof-budget)\n");
}
