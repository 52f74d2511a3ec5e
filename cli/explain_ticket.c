/*
 * A ticket as events leave it, made the one at hand: its object of JSON put together, read, valued in words,
 * and tried against the rules. See explain.h.
 */
#include "explain.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- putting together ---- */

static void put_value(struct out *o, const struct json_line *line, const struct json_value *v)
{
    switch (v->type) {
    case JSON_NULL: out_puts(o, "null"); return;
    case JSON_BOOL: out_puts(o, v->truth ? "true" : "false"); return;
    case JSON_TEXT: out_json(o, (struct str){v->text.p, v->text.len}); return;
    case JSON_NUMBER:
        if (v->number == floor(v->number) && fabs(v->number) < 1e15)
            out_printf(o, "%.0f", v->number);
        else
            out_printf(o, "%.17g", v->number);
        return;
    case JSON_OBJECT: out_puts(o, "{}"); return; /* no attribute has one: refused by whoever reads it */
    case JSON_ARRAY: break;
    }
    for (uint32_t i = 0; i < v->count; i++) {
        out_putc(o, i ? ',' : '[');
        put_value(o, line, &line->values[v->first + i]);
    }
    out_puts(o, v->count ? "]" : "[]");
}

/* The attribute that the key names, in whatever form of Unicode; SHUNT_NONE: none. */
static uint32_t attr_of(struct out *o, const struct explain *x, struct json_text key)
{
    char *nfc;
    size_t len, i = 0;
    while (i < key.len && (unsigned char)key.p[i] < 0x80) i++;
    if (i == key.len) return shunt_attr_find(x->table, key.p, key.len);
    if (shunt_text_nfc(key.p, key.len, NULL, &nfc, &len) != SHUNT_OK) {
        o->error = ENOMEM; /* JSON that was read is UTF-8 */
        return SHUNT_NONE;
    }
    uint32_t attr = shunt_attr_find(x->table, nfc, len);
    free(nfc);
    return attr;
}

/* Notes which attributes the line says. */
static void note_said(struct out *o, const struct explain *x, const struct json_line *line)
{
    for (uint32_t i = 0; i < shunt_attr_count(x->table); i++) x->carried[i].said = false;
    for (uint32_t i = 0; i < line->count; i++) {
        uint32_t attr = attr_of(o, x, line->values[i].key);
        if (attr != SHUNT_NONE) x->carried[attr].said = true;
    }
}

/* Under the policy's own spelling of the names: so one that is changed is found again. */
static void put_members(struct out *o, const struct explain *x, const struct json_line *from, bool but_said)
{
    for (uint32_t i = 0; i < from->count; i++) {
        const struct json_value *v = &from->values[i];
        uint32_t attr = v->type == JSON_NULL ? SHUNT_NONE : attr_of(o, x, v->key);
        if (attr == SHUNT_NONE || (but_said && x->carried[attr].said)) continue;
        out_putc(o, ',');
        out_json(o, str_of(shunt_attr_name(x->table, attr)));
        out_putc(o, ':');
        put_value(o, from, v);
    }
}

void explain_merge(struct out *to, const struct explain *x, const struct json_line *old,
                   const struct json_line *line, struct str id)
{
    out_puts(to, "{\"id\":");
    out_json(to, id);
    if (old) note_said(to, x, line);
    if (old) put_members(to, x, old, true);
    put_members(to, x, line, false);
    out_putc(to, '}');
}

/* ---- the ticket at hand ---- */

/* Once for all attributes: looked for one by one, n fields of a ticket would cost n * n. */
static void find_carried(struct explain *x)
{
    for (uint32_t i = 0; i < shunt_attr_count(x->table); i++)
        x->carried[i] = (struct explain_carried){.place = SHUNT_NONE};
    for (uint32_t i = x->line.count; i-- > 0;) {
        const struct json_value *v = &x->line.values[i];
        uint32_t attr = shunt_attr_find(x->table, v->key.p, v->key.len);
        if (attr != SHUNT_NONE) x->carried[attr].place = i;
    }
    for (size_t i = 0; i < x->attrs.unknown_count; i++) x->carried[x->attrs.unknown[i].attr].unknown = true;
}

/* ticket->json has LINE_SLACK_LEN bytes behind it. */
bool explain_load(struct explain *x, const struct explain_ticket *ticket)
{
    enum line_error error = json_read_line(x->reader, ticket->json, ticket->json_len, &x->line);
    if (error == LINE_OK) error = ticket_read(&x->attrs, &x->line, x->ticket).error;
    if (error != LINE_OK) return false; /* it was read before: memory ran out */
    find_carried(x);
    return shunt_ticket_set_at(x->ticket, ticket->arrived_sec) == SHUNT_OK;
}

static const struct json_value *value_at(const struct explain *x, uint32_t attr)
{
    uint32_t place = x->carried[attr].place;
    return place == SHUNT_NONE ? NULL : &x->line.values[place];
}

bool explain_carries(struct explain *x, uint32_t attr)
{
    const struct json_value *v = value_at(x, attr);
    return v && !(v->type == JSON_ARRAY && v->count == 0);
}

/* So much of a text as helps. */
enum { SHOWN_POINTS_MAX = 60, SHOWN_MEMBERS_MAX = 20 };

static struct str shortened(struct explain *x, struct str s)
{
    size_t i = 0;
    for (int points = 0; i < s.len && points < SHOWN_POINTS_MAX; points++) utf8_next(s, &i);
    struct str head = {s.p, i};
    return i < s.len ? phrase(x, "\"%.*s…\"", SAY(head)) : phrase(x, "\"%.*s\"", SAY(s));
}

static struct str set_words(struct explain *x, const struct json_value *v)
{
    struct buf b;
    buf_init(&b, x->a);
    for (uint32_t i = 0; i < v->count && i < SHOWN_MEMBERS_MAX; i++) {
        const struct json_value *item = &x->line.values[v->first + i];
        buf_puts(&b, i ? ", " : "");
        buf_add(&b, item->text.p, item->text.len);
    }
    if (v->count > SHOWN_MEMBERS_MAX) buf_printf(&b, " and %u more", v->count - SHOWN_MEMBERS_MAX);
    return buf_done(&b);
}

static struct str scalar_words(struct explain *x, uint32_t attr, const struct json_value *v)
{
    if (v->type == JSON_NUMBER) return phrase(x, "%.15g", v->number);
    if (v->type == JSON_BOOL) return v->truth ? S("true") : S("false");
    struct str text = {v->text.p, v->text.len};
    if (x->carried[attr].unknown)
        return phrase(x, "\"%.*s\", which the policy does not know", SAY(text));
    return shunt_attr_type(x->table, attr) == SHUNT_TYPE_TEXT ? shortened(x, text) : text;
}

struct str explain_value(struct explain *x, uint32_t attr)
{
    const struct json_value *v = value_at(x, attr);
    struct str name = str_of(shunt_attr_name(x->table, attr));
    if (!v && attr == SHUNT_ATTR_PRIORITY) return S("priority: normal");
    if (!explain_carries(x, attr)) return phrase(x, "no %.*s", SAY(name));
    struct str value = v->type == JSON_ARRAY ? set_words(x, v) : scalar_words(x, attr, v);
    return phrase(x, "%.*s: %.*s", SAY(name), SAY(value));
}

/* ---- the rules ---- */

static bool grow(void **at, size_t *cap, size_t wanted, size_t item_len)
{
    if (wanted <= *cap) return true;
    size_t more = *cap * 2 > wanted ? *cap * 2 : wanted + 16;
    void *grown = realloc(*at, more * item_len);
    if (!grown) return false;
    *at = grown;
    *cap = more;
    return true;
}

static void keep_tried(void *ctx, const struct shunt_tried *tried)
{
    struct explain_rules *r = ctx;
    r->broken |= !grow((void **)&r->at, &r->cap, r->count + 1, sizeof *r->at) ||
                 !grow((void **)&r->nodes, &r->node_cap, r->node_count + tried->node_count, sizeof *r->nodes);
    if (r->broken) return;
    r->at[r->count++] =
        (struct explain_tried){tried->rule, tried->matches, tried->decides, r->node_count, tried->node_count};
    memcpy(r->nodes + r->node_count, tried->nodes, tried->node_count * sizeof *r->nodes);
    r->node_count += tried->node_count;
}

bool explain_try(struct explain *x)
{
    struct explain_rules *r = &x->rules;
    r->count = 0;
    r->node_count = 0;
    r->broken = false;
    return shunt_explain_rules(x->ticket, keep_tried, r) == SHUNT_OK && !r->broken;
}

/* ---- steps ---- */

static const struct tf_outcome *outcome_of(const struct explain *x, uint32_t rule)
{
    return &x->v.OUTCOME.at[le32(x->v.RULE.at[rule].outcome)];
}

uint32_t explain_step_count(const struct explain *x, uint32_t rule)
{
    return le16(outcome_of(x, rule)->step_count);
}

struct shunt_step explain_step(const struct explain *x, uint32_t rule, uint32_t step)
{
    const struct tf_step *s = &x->v.STEP.at[le32(outcome_of(x, rule)->step_first) + step];
    return (struct shunt_step){(enum shunt_target)s->kind, le32(s->target), le32(s->after_sec),
                               le32(s->of_hours)};
}

bool explain_has_steps(const struct explain_case *c)
{
    const struct explain_decision *d = c->decision;
    if (c->ticket->rule == SHUNT_NONE || c->ticket->touched) return false;
    return d ? !d->agent.p && d->why != SHUNT_WHY_NO_TEAM : c->cause.now;
}

/* The first instant before which `left` seconds since `at` were inside the hours; false: never. */
static bool inside(const struct explain *x, uint32_t hours, int64_t at, int64_t left, int64_t *due_sec)
{
    while (left > 0) {
        int64_t closing;
        if (!shunt_hours_open(x->table, hours, at) && !shunt_hours_next_opening(x->table, hours, at, &at))
            return false;
        bool closes = shunt_hours_next_closing(x->table, hours, at, &closing);
        if (!closes || closing - at >= left) closing = at + left;
        left -= closing - at;
        at = closing;
    }
    *due_sec = at;
    return true;
}

/* desk.md 2.2: no step is entered before the one ahead of it. */
bool explain_step_due(const struct explain *x, const struct explain_ticket *ticket, uint32_t step,
                      struct explain_due *at)
{
    int64_t due;
    if (at->step == 0) at->sec = ticket->arrived_sec;
    while (at->step < step && !at->never) {
        struct shunt_step s = explain_step(x, ticket->rule, ++at->step);
        if (s.of_hours == SHUNT_NONE)
            due = ticket->arrived_sec + s.after_sec;
        else if (!inside(x, s.of_hours, ticket->arrived_sec, s.after_sec, &due))
            at->never = true;
        if (!at->never && due > at->sec) at->sec = due;
    }
    return !at->never;
}
