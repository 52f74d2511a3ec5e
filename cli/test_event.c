/*
 * A step's event in a test file: which it is, which keys it has, and `ticket: {…}`, a ticket that arrives.
 * Which event knows which key is events.def's and event_keys.def's to say, as it is for `shunt route`.
 */
#include "test_file.h"
#include "yaml_shape.h"

/* A bit for each key, and one for the policy's attributes. The names are those that events.def uses. */
enum {
#define EVENT_KEY(id, spelling, shape) KEY_##id = 1u << EVENT_KEY_##id,
#include "event_keys.def"
#undef EVENT_KEY
    KEY_CARRIED = 1u << EVENT_KEY_COUNT
};

struct event_row {
    struct str word;
    unsigned keys;
};

/* The rows in a function, so that the bits can have the short names that the rows are written in. */
static struct event_row event_row(enum event_kind kind)
{
    enum {
        NOTHING = 0,
        ID = KEY_ID,
        TICKET = KEY_TICKET,
        TICKETS = KEY_TICKETS,
        AGENT = KEY_AGENT,
        TEAM = KEY_TEAM,
        CHANNELS = KEY_CHANNELS,
        DEVICES = KEY_DEVICES,
        ON = KEY_ON,
        CARRIED = KEY_CARRIED
    };
    static const struct event_row rows[EVENT_KIND_COUNT] = {
#define EVENT(id, spelling, keys) [EVENT_##id] = {{spelling, sizeof(spelling) - 1}, keys},
#include "events.def"
#undef EVENT
    };
    return rows[kind];
}

static struct str key_word(unsigned key)
{
    static const char *const words[EVENT_KEY_COUNT] = {
#define EVENT_KEY(id, spelling, shape) [EVENT_KEY_##id] = spelling,
#include "event_keys.def"
#undef EVENT_KEY
    };
    return str_from(words[key]);
}

void test_read_event(struct shape *p, const struct yaml_node *value, void *out)
{
    struct test_step *s = out;
    struct name word;
    struct str known[EVENT_KIND_COUNT];
    s->event = EVENT_KIND_COUNT;
    if (!yaml_name(p, value, &word)) return;
    for (unsigned i = 0; i < EVENT_KIND_COUNT; i++) {
        known[i] = event_row((enum event_kind)i).word;
        if (str_eq(word.s, known[i])) s->event = (enum event_kind)i;
    }
    s->has_event = s->event != EVENT_KIND_COUNT;
    if (!s->has_event)
        diag_nearest(p->d, diag(p->d, E0806, word.at, word.s), word.s, known, EVENT_KIND_COUNT);
}

/* An event that carries a ticket's attributes may have any key; of the others each knows its own. An event
 * that is none was reported. */
void test_read_event_key(struct shape *p, const struct yaml_pair *pair, struct test_step *s)
{
    if (!s->has_event) return;
    struct event_row row = event_row(s->event);
    unsigned keys = row.keys | KEY_EVENT_ID | KEY_BY;
    struct str known[EVENT_KEY_COUNT + 3], key = yaml_real(pair->key)->u.text;
    size_t count = 0;
    bool found = keys & KEY_CARRIED;
    for (unsigned k = 0; k < EVENT_KEY_COUNT; k++) {
        if (!(keys >> k & 1)) continue;
        known[count++] = key_word(k);
        found |= str_eq(key, key_word(k));
    }
    known[count++] = S("at");
    known[count++] = S("online");
    known[count++] = S("expect");
    struct str what = arena_printf(p->a, "the event %s", row.word.p);
    if (found)
        test_add_field(p, &s->fields, pair);
    else
        diag_nearest(p->d, diag(p->d, E0504, yaml_span(p->t, pair->key), key, what), key, known, count);
}

/* A key of a new ticket. It says the time of its step, where the step does not. */
static void read_ticket_key(struct shape *p, const struct yaml_pair *pair, struct test_step *s)
{
    struct str key = yaml_real(pair->key)->u.text;
    if (str_eq(key, S("at")) && s->time.s.p)
        diag0(p->d, E0810, yaml_span(p->t, pair->key));
    else if (str_eq(key, S("at")))
        test_read_time(p, pair->value, s);
    else if (str_eq(key, S("event")))
        diag(p->d, E0504, yaml_span(p->t, pair->key), key, S("a new ticket"));
    else
        test_add_field(p, &s->fields, pair);
}

void test_read_ticket(struct shape *p, const struct yaml_node *value, void *out)
{
    struct test_step *s = out;
    uint32_t count;
    if (!yaml_expect(p, value, YAML_MAP, "a map of what the new ticket carries")) return;
    const struct yaml_pair *pairs = yaml_pairs(yaml_real(value), &count);
    s->has_event = true;
    s->event = EVENT_TICKET;
    for (uint32_t i = 0; i < count; i++)
        if (!yaml_skip(pairs[i].key)) read_ticket_key(p, &pairs[i], s);
}
