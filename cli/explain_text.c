/*
 * A case for people: what happened, what the ticket carries, the rules, each attempt with every member of the
 * team, and the steps to come. See explain.h.
 */
#include "explain.h"
#include "render.h"

#include <string.h>

/* What policies and tickets say is shown so that no terminal takes it for a command; the marks' own colours
 * are the only escapes that are let through. */
void explain_line(struct explain *x, unsigned indent, struct str text)
{
    out_puts(x->o, x->margin);
    for (unsigned i = 0; i < indent; i++) out_putc(x->o, ' ');
    const char *colour = x->colour ? memchr(text.p, '\033', text.len) : NULL;
    if (colour == text.p && text.len > 12) {
        size_t len = strlen("\033[32m✓\033[0m");
        out_bytes(x->o, text.p, len);
        text = (struct str){text.p + len, text.len - len};
    }
    while (text.len && text.p[text.len - 1] == ' ') text.len--;
    out_visible(x->o, text);
    out_putc(x->o, '\n');
}

static void gap(struct explain *x)
{
    out_putc(x->o, '\n');
}

/* ---- the ticket ---- */

static void put_ticket(struct explain *x)
{
    bool any = false;
    for (uint32_t i = 0; i < shunt_attr_count(x->table); i++) {
        if (!explain_carries(x, i)) continue;
        explain_line(x, 2, explain_value(x, i));
        any = true;
    }
    if (!any) explain_line(x, 2, S("It carries nothing that the policy knows."));
}

/* ---- an attempt ---- */

static size_t name_width(struct explain *x, const struct explain_attempt *a)
{
    size_t width = 0;
    for (size_t i = 0; i < a->told.member_count; i++) {
        size_t count = utf8_count(speak_agent(x, a->members[i].agent));
        if (count > width && count <= 24) width = count;
    }
    return width;
}

static void put_member(struct explain *x, const struct explain_attempt *a, const struct shunt_member *m,
                       size_t width)
{
    struct member_words w = explain_member(x, a, m);
    struct str name = speak_agent(x, m->agent), text = speak_member(x, &w), line;
    size_t count = utf8_count(name);
    int room = count < width ? (int)(width - count) : 0;
    line = phrase(x, "%.*s%*s  %.*s", SAY(name), room, "", SAY(text));
    if (w.place) {
        struct str file = view_string(&x->v, x->v.SOURCE_FILE.at[le32(w.place->file)]);
        line =
            phrase(x, "%.*s  %.*s:%u:%u", SAY(line), SAY(file), le32(w.place->line), le32(w.place->column));
    }
    explain_line(x, 4, line);
}

static void put_attempt(struct explain *x, const struct explain_attempt *a)
{
    size_t width = name_width(x, a);
    struct str text = speak_attempt(x, a);
    explain_line(x, 2, phrase(x, "%.*s.", SAY(text)));
    for (size_t i = 0; i < a->told.member_count; i++) put_member(x, a, &a->members[i], width);
}

/* ---- steps to come ---- */

static void put_steps(struct explain *x, const struct explain_case *c)
{
    const struct explain_ticket *t = c->ticket;
    struct explain_due due = {0};
    if (!explain_has_steps(c)) return;
    for (uint32_t i = t->step + 1; i < explain_step_count(x, t->rule); i++) {
        struct shunt_step step = explain_step(x, t->rule, i);
        struct str name = speak_step(x, &step), when;
        if (!explain_step_due(x, t, i, &due)) {
            explain_line(x, 2,
                         phrase(x,
                                "It would go to %.*s next, but that never falls due: those hours do not open "
                                "for so long.",
                                SAY(name)));
            return; /* nor do those behind it, whatever their hours */
        }
        when = speak_time(x, due.sec);
        explain_line(x, 2, phrase(x, "If nobody has it by %.*s, it goes to %.*s.", SAY(when), SAY(name)));
    }
}

/* ---- the case ---- */

/* "T1, line 12, Mon 2026-11-23 10:15 (Europe/Stockholm): bo went offline" */
static void put_head(struct explain *x, const struct explain_case *c)
{
    struct str id = {c->ticket->id, c->ticket->id_len}, line = S("");
    struct str when = speak_date_time(x, x->now_sec), zone = speak_zone(x), cause = speak_cause(x, c);
    const char *before = c->cause.now ? "after " : c->cause.part == SHUNT_PART_DUE ? "before " : "";
    if (c->cause.line) line = phrase(x, ", %sline %llu", before, (unsigned long long)c->cause.line);
    explain_line(
        x, 0, phrase(x, "%.*s%.*s, %.*s (%.*s): %.*s", SAY(id), SAY(line), SAY(when), SAY(zone), SAY(cause)));
}

static void put_why_not(struct explain *x, const struct explain_case *c)
{
    struct str text = speak_why_not(x, c, x->why_not), name = speak_agent(x, x->why_not);
    if (!text.p) text = phrase(x, "%.*s has it", SAY(name));
    explain_line(x, 2, phrase(x, "%.*s.", SAY(text)));
}

static void put_attempts(struct explain *x, const struct explain_case *c)
{
    size_t asked = 0;
    for (size_t i = 0; i < c->attempt_count; i++) {
        x->goes_on = i + 1 < c->attempt_count;
        put_attempt(x, &c->attempts[i]);
        asked += c->attempts[i].told.member_count;
    }
    put_steps(x, c);
    if (x->everybody && asked)
        explain_line(x, 2, S("Everybody is taken to be online here; --online says who is."));
}

/* After all effects; the rules told of each. */
static void put_priority(struct explain *x)
{
    struct shunt_decision d;
    shunt_match(x->ticket, &d);
    explain_line(x, 2, phrase(x, "Its priority is %s.", shunt_priority_name(d.priority)));
}

static void put_rules(struct explain *x)
{
    put_ticket(x);
    gap(x);
    explain_text_rules(x);
    gap(x);
}

void explain_text(struct explain *x, const struct explain_case *c)
{
    struct str where = speak_decision(x, c);
    bool all = x->why_not == SHUNT_NONE;
    put_head(x, c);
    if (c->by_rules && all) put_rules(x);
    explain_line(x, 0, phrase(x, "Result: %.*s", SAY(where)));
    if (c->by_rules && all) put_priority(x);
    if (all)
        put_attempts(x, c);
    else
        put_why_not(x, c);
}
