/*
 * A drawn event as the library takes it, and what came of it.
 *
 * What only a line of JSON can get wrong (a key of another type, `ticket` beside `tickets`) moves the time
 * and nothing else: here a tick stands for it, and counts as an error.
 */
#include "random_desk.h"

#include <string.h>

static struct shunt_string string(const char *s)
{
    return (struct shunt_string){s, s ? strlen(s) : 0};
}

static struct shunt_string name(struct run *r, const char *s)
{
    return string(s ? vary_form(&r->d.spelling, s) : NULL);
}

/* ---- what it carries ---- */

static void carry_names(struct run *r, struct shunt_ticket *t, uint32_t attr, const struct g_slot *s,
                        strings *unknown)
{
    const struct g_attr *a = &r->d.policy->attrs.at[attr];
    for (int i = 0; i < s->names.count; i++) {
        struct shunt_string n = name(r, s->names.at[i]);
        enum shunt_status status = a->type == T_SET ? shunt_ticket_add_name(t, attr, n.bytes, n.len)
                                                    : shunt_ticket_set_name(t, attr, n.bytes, n.len);
        if (status == SHUNT_UNKNOWN && a->type != T_SET)
            *list_push(&r->d.spelling, unknown) =
                gen_format(&r->d.spelling, "unknown %s \"%s\"", a->name, s->names.at[i]);
        else if (status && status != SHUNT_UNKNOWN)
            complain(r, "setting %s to \"%s\": %s", a->name, n.bytes, shunt_status_text(status));
    }
    if (a->type == T_SET && s->names.count == 0) shunt_ticket_clear(t, attr);
}

static void carry(struct run *r, struct shunt_ticket *t, const struct g_event *e, strings *unknown)
{
    shunt_ticket_reset(t);
    for (int i = 0; i < r->d.policy->attrs.count; i++) {
        const struct g_slot *s = &e->slots[i];
        enum shunt_status status = SHUNT_OK;
        uint32_t attr = (uint32_t)i;
        if (!e->said[i]) continue;
        if (!s->carried)
            status = e->kind == EV_UPDATE ? shunt_ticket_clear(t, attr) : SHUNT_OK;
        else if (r->d.policy->attrs.at[i].type == T_TEXT)
            status = shunt_ticket_set_text(t, attr, s->text, strlen(s->text));
        else if (r->d.policy->attrs.at[i].type == T_NUMBER)
            status = shunt_ticket_set_number(t, attr, s->number);
        else if (r->d.policy->attrs.at[i].type == T_BOOL)
            status = shunt_ticket_set_bool(t, attr, s->flag);
        else
            carry_names(r, t, attr, s, unknown);
        if (status) complain(r, "setting attribute %d: %s", i, shunt_status_text(status));
    }
}

/* ---- what it names ---- */

static const struct shunt_string *strings_of(struct run *r, const strings *from, bool vary)
{
    struct shunt_string *to = gen_alloc(&r->d.spelling, ((size_t)from->count + 1) * sizeof *to);
    for (int i = 0; i < from->count; i++) to[i] = vary ? name(r, from->at[i]) : string(from->at[i]);
    return to;
}

static void devices(struct run *r, const struct g_event *from, struct shunt_event *to)
{
    struct shunt_device *list = gen_alloc(&r->d.spelling, ((size_t)from->devices.count + 1) * sizeof *list);
    for (int i = 0; i < from->devices.count; i++) {
        list[i].channel = name(r, from->devices.at[i].channel);
        list[i].text = string(from->devices.at[i].text);
    }
    to->has_devices = from->has_devices;
    to->devices = list;
    to->device_count = (size_t)from->devices.count;
}

static void name_all(struct run *r, const struct g_event *from, struct shunt_event *to)
{
    strings one = {0};
    if (from->ticket) *list_push(&r->d.spelling, &one) = from->ticket;
    const strings *tickets = from->has_tickets ? &from->tickets : &one;
    to->by = name(r, from->by);
    to->agent = name(r, from->agent);
    to->team = name(r, from->team);
    to->tickets = strings_of(r, tickets, false);
    to->ticket_count = (size_t)tickets->count;
    to->on = from->on;
    to->has_channels = from->has_channels;
    to->channels = strings_of(r, &from->channels, true);
    to->channel_count = (size_t)from->channels.count;
    devices(r, from, to);
}

/* ---- sending ---- */

struct heard {
    struct run *r;
    const struct shunt_table *t;
    struct out due, own;
    strings warnings;
    enum shunt_part part;
    bool has_due, late;
    int64_t due_sec;
};

static void hear(void *ctx, const struct shunt_desk_decision *d)
{
    struct heard *h = ctx;
    if (d->part < h->part) complain(h->r, "a decision of part %d comes after one of %d", d->part, h->part);
    h->part = d->part;
    if (d->part == SHUNT_PART_DUE && (!h->has_due || d->at_sec < h->due_sec)) h->late = true;
    desk_line(d->part == SHUNT_PART_DUE ? &h->due : &h->own, h->t, d, &h->warnings);
}

static bool is_of_json(const struct g_event *e)
{
    return e->wrong == WRONG_TYPE || (e->kind == EV_ASSIGN && e->has_tickets && e->ticket);
}

struct desk_answer desk_send(struct run *r, struct shunt_desk *desk, struct shunt_ticket *ticket,
                             const struct g_event *e)
{
    struct heard h = {
        .r = r, .t = shunt_desk_table(desk), .due = {.g = &r->d.spelling}, .own = {.g = &r->d.spelling}};
    struct shunt_sink sink = {hear, &h};
    struct shunt_refusal refusal;
    struct shunt_event to = {.kind = SHUNT_EVENT_TICK, .has_at = e->at_said, .at_sec = e->at};
    if (!is_of_json(e)) {
        to.kind = (enum shunt_event_kind)e->kind;
        name_all(r, e, &to);
        if (e->said) carry(r, ticket, e, &h.warnings), to.carried = ticket;
    }
    h.has_due = shunt_desk_due(desk, &h.due_sec);
    enum shunt_status status = shunt_desk_event(desk, &to, &sink, &refusal);
    bool no_memory = status == SHUNT_NO_MEMORY && h.due.len == 0 && h.own.len == 0;
    if (status != SHUNT_OK && status != SHUNT_REFUSED && !no_memory)
        complain(r, "%s", shunt_status_text(status));
    return (struct desk_answer){.due = sb_text(&h.due),
                                .own = sb_text(&h.own),
                                .error = status != SHUNT_OK || is_of_json(e),
                                .late = h.late,
                                .due_sec = h.has_due ? h.due_sec : INT64_MAX,
                                .no_memory = no_memory};
}

enum shunt_status desk_replace(struct run *r, const struct shunt_desk *old, const struct shunt_table *table,
                               struct shunt_desk **next, const char **lines)
{
    struct heard h = {.r = r, .t = table, .due = {.g = &r->d.spelling}, .own = {.g = &r->d.spelling}};
    struct shunt_sink sink = {hear, &h};
    enum shunt_status status = shunt_desk_replace(old, table, &sink, next);
    *lines = sb_text(&h.own);
    if (h.due.len) complain(r, "a next version answers something that was due");
    return status;
}

const char *desk_view(struct run *r, const struct shunt_desk *desk, enum oracle_view view, const char *by,
                      bool with_closed)
{
    struct heard h = {
        .r = r, .t = shunt_desk_table(desk), .due = {.g = &r->d.spelling}, .own = {.g = &r->d.spelling}};
    struct shunt_sink sink = {hear, &h};
    enum shunt_status status = shunt_desk_view(desk, (enum shunt_view)view, name(r, by), with_closed, &sink);
    if (status) complain(r, "a view: %s", shunt_status_text(status));
    return h.due.len ? sb_text(&h.due) : sb_text(&h.own);
}
