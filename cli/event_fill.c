/*
 * What an event of desk.md 6.1 says besides its time and kind, from a parsed line to the library's struct
 * shunt_event. events.def says which keys a kind looks at: those are checked for their shape, all others are
 * left alone. What a name or id must be is for the desk to judge.
 */
#include "event_in.h"

#include <stdlib.h>
#include <string.h>

#define EVENT(id, spelling, keys)                                                                            \
    _Static_assert((int)EVENT_##id == (int)SHUNT_EVENT_##id, "the rows are in the library's order");
#include "events.def"
#undef EVENT

/* The last bits of a row's keys: CARRIED is no single key. */
enum { NOTHING = 0, CARRIED = 1 << EVENT_KEY_COUNT };
enum {
#define EVENT_KEY(id, spelling, shape) id = 1 << EVENT_KEY_##id,
#include "event_keys.def"
#undef EVENT_KEY
};

static const unsigned keys_of[] = {
#define EVENT(id, spelling, keys) keys,
#include "events.def"
#undef EVENT
};

static const struct line_fault no_fault = {LINE_OK, {NULL, 0}, NULL};

static struct line_fault fault(enum line_error error, const struct json_value *v)
{
    return (struct line_fault){error, v ? v->key : (struct json_text){NULL, 0}, NULL};
}

static struct line_fault wrong_shape(enum event_key key, const struct json_value *v)
{
    static const char *const shapes[] = {
#define EVENT_KEY(id, spelling, shape) shape,
#include "event_keys.def"
#undef EVENT_KEY
    };
    return (struct line_fault){LINE_BAD_TYPE, v->key, shapes[key]};
}

/* ---- making ---- */

bool event_reader_init(struct event_reader *r, const struct shunt_table *table)
{
    *r = (struct event_reader){.texts_cap = 0};
    if (!ticket_reader_init(&r->tickets, table)) return false;
    if (shunt_ticket_new(table, NULL, &r->ticket) != SHUNT_OK) return false;
    shunt_ticket_record(r->ticket, true);
    return true;
}

void event_reader_release(struct event_reader *r)
{
    ticket_reader_release(&r->tickets);
    shunt_ticket_free(r->ticket);
    free(r->texts);
    free(r->devices);
    *r = (struct event_reader){.texts_cap = 0};
}

/* Room for count items of item_len; at least one, so that an empty list is told from none. */
static bool make_room(void **at, size_t *cap, size_t count, size_t item_len)
{
    if (*cap > 0 && count <= *cap) return true;
    size_t wanted = count < 16 ? 16 : count * 2;
    void *grown = realloc(*at, wanted * item_len);
    if (!grown) return false;
    *at = grown;
    *cap = wanted;
    return true;
}

/* ---- keys ---- */

struct filling {
    struct event_reader *r;
    const struct json_line *line;
    struct shunt_event *filled;
};

static struct shunt_string string_of(struct json_text t)
{
    return (struct shunt_string){t.p, t.len};
}

static bool is_list_of(const struct json_line *line, const struct json_value *v, enum json_type container)
{
    bool fits = v->type == container;
    for (uint32_t i = 0; i < v->count && fits; i++) fits = line->values[v->first + i].type == JSON_TEXT;
    return fits;
}

static bool has_shape(const struct json_line *line, enum event_key key, const struct json_value *v)
{
    switch (key) {
    case EVENT_KEY_TICKETS:
    case EVENT_KEY_CHANNELS: return is_list_of(line, v, JSON_ARRAY);
    case EVENT_KEY_DEVICES: return is_list_of(line, v, JSON_OBJECT);
    case EVENT_KEY_ON: return v->type == JSON_BOOL;
    case EVENT_KEY_ID: return v->type == JSON_TEXT && v->text.len > 0;
    default: return v->type == JSON_TEXT;
    }
}

static struct line_fault take_texts(struct filling *s, const struct json_value *v)
{
    void *room = s->r->texts;
    bool fits = make_room(&room, &s->r->texts_cap, v->count, sizeof *s->r->texts);
    s->r->texts = room;
    if (!fits) return fault(LINE_NO_MEMORY, v);
    for (uint32_t i = 0; i < v->count; i++) s->r->texts[i] = string_of(s->line->values[v->first + i].text);
    return no_fault;
}

static struct line_fault take_devices(struct filling *s, const struct json_value *v)
{
    void *room = s->r->devices;
    bool fits = make_room(&room, &s->r->devices_cap, v->count, sizeof *s->r->devices);
    s->r->devices = room;
    if (!fits) return fault(LINE_NO_MEMORY, v);
    for (uint32_t i = 0; i < v->count; i++) {
        const struct json_value *item = &s->line->values[v->first + i];
        s->r->devices[i] = (struct shunt_device){string_of(item->key), string_of(item->text)};
    }
    s->filled->has_devices = true;
    s->filled->devices = s->r->devices;
    s->filled->device_count = v->count;
    return no_fault;
}

static struct line_fault take_one_ticket(struct filling *s, const struct json_value *v)
{
    s->r->texts[0] = string_of(v->text);
    s->filled->tickets = s->r->texts;
    s->filled->ticket_count = 1;
    return no_fault;
}

static struct line_fault take_tickets(struct filling *s, const struct json_value *v)
{
    struct line_fault f = take_texts(s, v);
    s->filled->tickets = s->r->texts;
    s->filled->ticket_count = v->count;
    return f;
}

static struct line_fault take_channels(struct filling *s, const struct json_value *v)
{
    struct line_fault f = take_texts(s, v);
    s->filled->has_channels = true;
    s->filled->channels = s->r->texts;
    s->filled->channel_count = v->count;
    return f;
}

static struct line_fault read_key(struct filling *s, enum event_key key, const struct json_value *v)
{
    if (!has_shape(s->line, key, v)) return key == EVENT_KEY_ID ? fault(LINE_BAD_ID, v) : wrong_shape(key, v);
    switch (key) {
    case EVENT_KEY_BY: s->filled->by = string_of(v->text); break;
    case EVENT_KEY_AGENT: s->filled->agent = string_of(v->text); break;
    case EVENT_KEY_TEAM: s->filled->team = string_of(v->text); break;
    case EVENT_KEY_ON: s->filled->on = v->truth; break;
    case EVENT_KEY_ID:
    case EVENT_KEY_TICKET: return take_one_ticket(s, v);
    case EVENT_KEY_TICKETS: return take_tickets(s, v);
    case EVENT_KEY_CHANNELS: return take_channels(s, v);
    case EVENT_KEY_DEVICES: return take_devices(s, v);
    case EVENT_KEY_EVENT_ID: /* the journal's */
    case EVENT_KEY_AT:
    case EVENT_KEY_EVENT:
    case EVENT_KEY_COUNT: break;
    }
    return no_fault;
}

/* ---- events ---- */

/* What no single key can be wrong by. */
static struct line_fault check_whole(const struct event *event)
{
    const struct json_value *const *said = event->said;
    if (event->kind == EVENT_TICKET && !said[EVENT_KEY_ID]) return fault(LINE_NO_ID, NULL);
    if (event->kind == EVENT_AUTO && !said[EVENT_KEY_ON]) return fault(LINE_NO_ON, NULL);
    if (event->kind == EVENT_ASSIGN && said[EVENT_KEY_TICKET] && said[EVENT_KEY_TICKETS])
        return fault(LINE_TICKET_OR_TICKETS, NULL);
    return no_fault;
}

static struct line_fault read_carried(struct event_reader *r, const struct json_line *line,
                                      const struct event *event, struct shunt_event *filled)
{
    r->tickets.reading_for = event->kind == EVENT_UPDATE ? READ_TO_UPDATE : READ_TO_KEEP;
    filled->carried = r->ticket;
    return ticket_read(&r->tickets, line, r->ticket);
}

struct line_fault event_fill(struct event_reader *r, const struct json_line *line, const struct event *event,
                             struct shunt_event *filled)
{
    unsigned keys = keys_of[event->kind] | EVENT_ID | BY;
    struct filling s = {r, line, filled};
    *filled = (struct shunt_event){
        .kind = (enum shunt_event_kind)event->kind, .has_at = event->has_at, .at_sec = event->at_sec};
    r->tickets.unknown_count = 0;
    void *room = r->texts;
    bool fits = make_room(&room, &r->texts_cap, 1, sizeof *r->texts);
    r->texts = room;
    struct line_fault f = fits ? check_whole(event) : fault(LINE_NO_MEMORY, NULL);
    for (int key = 0; key < EVENT_KEY_COUNT && !f.error; key++)
        if (keys >> key & 1 && event->said[key]) f = read_key(&s, (enum event_key)key, event->said[key]);
    if (!f.error && keys & CARRIED) f = read_carried(r, line, event, filled);
    return f;
}
