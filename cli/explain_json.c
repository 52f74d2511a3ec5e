/*
 * A case as JSON: keys in the order of docs/explain.md, absent where they do not apply. Sentences are those
 * for people. See explain.h.
 */
#include "explain.h"
#include "answer.h"
#include "rfc3339.h"

#include <string.h>

void explain_key(struct out *o, const char *key)
{
    out_puts(o, ",\"");
    out_puts(o, key);
    out_puts(o, "\":");
}

static void json_bool(struct out *o, const char *key, bool value)
{
    explain_key(o, key);
    out_puts(o, value ? "true" : "false");
}

static void json_time(struct out *o, const char *key, int64_t at_sec)
{
    char text[RFC3339_LEN + 1];
    write_rfc3339(at_sec, text);
    out_json_text(o, key, str_from(text));
}

void explain_span(struct out *o, const struct explain *x, const struct tf_span *span)
{
    if (!span) return;
    out_json_text(o, "file", view_string(&x->v, x->v.SOURCE_FILE.at[le32(span->file)]));
    out_json_u64(o, "line", le32(span->line));
    out_json_u64(o, "column", le32(span->column));
    out_json_u64(o, "length", le32(span->length));
}

/* ---- attempts ---- */

static void put_limit(struct out *o, const char *open_key, uint32_t open, const char *limit_key,
                      uint32_t limit)
{
    out_json_u64(o, open_key, open);
    if (limit != SHUNT_NONE) out_json_u64(o, limit_key, limit);
}

static void put_member(struct explain *x, const struct explain_attempt *a, const struct shunt_member *m)
{
    struct out *o = x->o;
    struct member_words w = explain_member(x, a, m);
    out_puts(o, "{\"agent\":");
    out_json(o, speak_agent(x, m->agent));
    out_json_text(o, "stage", str_from(w.stage));
    out_json_text(o, "why", w.why);
    if (w.needs.len) out_json_text(o, "needs", w.needs);
    if (w.then.len) out_json_text(o, "then", w.then);
    if (a->told.channel != SHUNT_NONE) put_limit(o, "open", m->open_channel, "limit", m->limit_channel);
    put_limit(o, "open_total", m->open_total, "limit_total", m->limit_total);
    out_json_u64(o, "rank", m->rank);
    if (m->has_shift_from) json_time(o, "shift_from", m->shift_from_sec);
    explain_span(o, x, w.place);
    out_putc(o, '}');
}

static void put_attempt(struct explain *x, const struct explain_attempt *a)
{
    const struct shunt_attempt *t = &a->told;
    struct out *o = x->o;
    out_printf(o, "{\"status\":\"%s\",\"why\":\"%s\"", shunt_state_name(t->status), shunt_why_name(t->why));
    if (t->team != SHUNT_NONE) out_json_text(o, "team", speak_team(x, t->team));
    if (t->asked != t->team && t->asked != SHUNT_NONE) out_json_text(o, "asked", speak_team(x, t->asked));
    if (t->channel != SHUNT_NONE) out_json_text(o, "channel", speak_channel(x, t->channel));
    if (t->strategy <= SHUNT_WHY_MANUAL) out_json_text(o, "strategy", str_from(shunt_why_name(t->strategy)));
    if (t->status == SHUNT_ASSIGNED) out_json_text(o, "agent", speak_agent(x, t->agent));
    if (t->has_until) json_time(o, "until", t->until_sec);
    if (t->drain) json_bool(o, "drain", true);
    out_json_text(o, "says", speak_attempt(x, a));
    explain_key(o, "members");
    out_putc(o, '[');
    for (size_t i = 0; i < t->member_count; i++) {
        if (i) out_putc(o, ',');
        put_member(x, a, &a->members[i]);
    }
    out_puts(o, "]}");
}

/* ---- steps ---- */

static void put_steps(struct explain *x, const struct explain_case *c)
{
    const struct explain_ticket *t = c->ticket;
    if (!explain_has_steps(c)) return;
    uint32_t count = explain_step_count(x, t->rule);
    if (t->step + 1 >= count) return;
    explain_key(x->o, "steps_to_come");
    struct explain_due due = {0};
    for (uint32_t i = t->step + 1; i < count; i++) {
        struct shunt_step step = explain_step(x, t->rule, i);
        out_puts(x->o, i == t->step + 1 ? "[{\"to\":" : ",{\"to\":");
        out_json(x->o, speak_step(x, &step));
        if (explain_step_due(x, t, i, &due)) json_time(x->o, "due", due.sec);
        out_putc(x->o, '}');
    }
    out_putc(x->o, ']');
}

/* ---- the case ---- */

/* What `match` answers for the ticket at hand. */
static void put_match(struct explain *x, const struct explain_case *c)
{
    struct shunt_decision decision;
    struct json_text id = {c->ticket->id, c->ticket->id_len};
    shunt_match(x->ticket, &decision);
    explain_key(x->o, "match");
    out_answer(x->o, x->table, id, &decision, x->attrs.unknown, x->attrs.unknown_count, NULL);
    if (!x->o->error) x->o->len--; /* the line's end */
}

static void put_cause(struct explain *x, const struct explain_case *c)
{
    static const char *const parts[] = {"due", "answer", "drain"};
    struct out *o = x->o;
    out_puts(o, "{");
    if (c->cause.line)
        out_printf(o, "\"line\":%llu,\"part\":\"%s\",", (unsigned long long)c->cause.line,
                   c->cause.now ? "now" : parts[c->cause.part]);
    out_puts(o, "\"cause\":");
    out_json(o, speak_cause(x, c));
    json_time(o, "at", x->now_sec);
    explain_key(o, "ticket");
    out_bytes(o, c->ticket->json, c->ticket->json_len);
}

static void put_why_not(struct explain *x, const struct explain_case *c)
{
    struct str text = speak_why_not(x, c, x->why_not);
    if (!text.p) return;
    explain_key(x->o, "why_not");
    out_json(x->o, text);
}

void explain_json(struct explain *x, const struct explain_case *c)
{
    struct out *o = x->o;
    put_cause(x, c);
    if (c->by_rules) {
        explain_key(o, "rules");
        explain_json_rules(x);
        put_match(x, c);
    }
    explain_key(o, "attempts");
    out_putc(o, '[');
    for (size_t i = 0; i < c->attempt_count; i++) {
        if (i) out_putc(o, ',');
        x->goes_on = i + 1 < c->attempt_count;
        put_attempt(x, &c->attempts[i]);
    }
    out_putc(o, ']');
    put_steps(x, c);
    if (c->decision) {
        explain_key(o, "decision");
        out_str(o, c->decision->line);
    }
    out_json_text(o, "says", speak_decision(x, c));
    if (x->why_not != SHUNT_NONE) put_why_not(x, c);
    out_putc(o, '}');
}
