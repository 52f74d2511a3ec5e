/*
 * An event as a line of NDJSON, spelled at random, and spoiled where the event is to be wrong.
 */
#include "log.h"

#include <string.h>

struct line {
    struct g_log *log;
    struct out o;
    int keys;
};

static struct out *key(struct line *l, const char *name)
{
    sb_puts(&l->o, l->keys++ ? "," : "{");
    if (rng_chance(&l->log->spelling, 20)) sb_putc(&l->o, ' ');
    sb_printf(&l->o, "\"%s\":", name);
    return &l->o;
}

static void text(struct line *l, const char *name, const char *s, bool vary)
{
    struct gen *g = &l->log->spelling;
    if (s) write_json_text(key(l, name), g, vary ? vary_form(g, s) : s);
}

static void list(struct line *l, const char *name, const strings *items, bool vary)
{
    struct gen *g = &l->log->spelling;
    key(l, name);
    for (int i = 0; i < items->count; i++) {
        sb_putc(&l->o, i ? ',' : '[');
        write_json_text(&l->o, g, vary ? vary_form(g, items->at[i]) : items->at[i]);
    }
    sb_puts(&l->o, items->count ? "]" : "[]");
}

static void devices(struct line *l, const struct g_event *e)
{
    struct gen *g = &l->log->spelling;
    key(l, "devices");
    sb_putc(&l->o, '{');
    for (int i = 0; i < e->devices.count; i++) {
        if (i) sb_putc(&l->o, ',');
        write_json_text(&l->o, g, vary_form(g, e->devices.at[i].channel));
        sb_putc(&l->o, ':');
        write_json_text(&l->o, g, e->devices.at[i].text);
    }
    sb_putc(&l->o, '}');
}

static void attributes(struct line *l, const struct g_event *e)
{
    const struct g_policy *p = l->log->d.policy;
    for (int i = 0; e->said && i < p->attrs.count; i++) {
        if (!e->said[i]) continue;
        sb_puts(&l->o, l->keys++ ? "," : "{");
        write_slot(&l->o, &l->log->spelling, &p->attrs.at[i], &e->slots[i]);
    }
}

/* A key of a type that no event takes there. */
static void spoil_type(struct line *l, const struct g_event *e)
{
    static const char *const wrongs[] = {"7", "[1]", "{\"a\":1}", "true"};
    key(l, e->kind == EV_AUTO && e->flavour % 2 ? "on" : e->flavour % 3 ? "by" : "event_id");
    sb_puts(&l->o, e->kind == EV_AUTO && e->flavour % 2 ? "\"yes\"" : wrongs[e->flavour % 4]);
}

/* desk.md 1.4: each of them moves nothing. */
static char *spoil_line(struct line *l, const struct g_event *e)
{
    static const char *const wrongs[] = {
        "{\"event\":\"tick\",\"at\":\"2031-01-01T00:00:60Z\"}",
        "{\"event\":\"tick\",\"at\":\"2031-01-01T00:00:00\"}",
        "{\"event\":\"tick\",\"at\":7}",
        "{\"event\":\"explode\",\"at\":\"2031-01-01T00:00:00Z\"}",
        "{\"event\":7,\"at\":\"2031-01-01T00:00:00Z\"}",
        "{\"event\":\"tick\",\"at\":\"2031-01-01T00:00:00Z\",\"x\":1,\"x\":2}",
        "{\"event\":\"tick\",\"at\":\"2031-01-01T00:00:00Z\",\"x\":{\"y\":[{\"z\":1,\"z\":1}]}}",
        "{\"event\":\"tick\",\"at\":\"2031-01-01T00:00:00Z\",\"x\":\"\\ud800\"}",
        "{\"event\":\"tick\",\"at\":\"2031-01-01T00:00:00Z\",\"x\":\"\\u0000\"}",
        "{\"event\":\"tick\",\"at\":\"2031-01-01T00:00:00Z\",\"x\":18446744073709551616}",
        "{\"event\":\"tick\",\"at\":\"2031-01-01T00:00:00Z\",\"x\":1e400}",
        "{\"event\":\"tick\",\"at\":\"2031-01-01T00:00:00Z\"",
        "[{\"event\":\"tick\",\"at\":\"2031-01-01T00:00:00Z\"}]",
        "{\"event\":\"tick\",\"at\":\"2031-01-01T00:00:00Z\",\"x\":\"\xff\"}"};
    sb_puts(&l->o, wrongs[e->flavour % (int)(sizeof wrongs / sizeof *wrongs)]);
    sb_putc(&l->o, '\n');
    return sb_text(&l->o);
}

/* Keys that say nothing: null where a key may be left out, and ones that the event has no use for. */
static void noise(struct line *l, const struct g_event *e)
{
    struct gen *g = &l->log->spelling;
    bool right = e->wrong == WRONG_NOT;
    if (!e->by && right && rng_chance(g, 5)) sb_puts(key(l, "by"), "null");
    if (!e->event_id && right && rng_chance(g, 5)) sb_puts(key(l, "event_id"), "null");
    if (!e->at_said && rng_chance(g, 20)) sb_puts(key(l, "at"), "null");
    if (e->kind == EV_CLOSE && rng_chance(g, 10)) sb_puts(key(l, "agent"), "5");
    if (e->kind == EV_CLAIM && rng_chance(g, 10)) sb_puts(key(l, "labels"), "\"none\"");
    if (e->kind == EV_TICK && rng_chance(g, 10)) sb_puts(key(l, "ticket"), "[[]]");
    if (e->kind == EV_ONLINE && !e->has_devices && rng_chance(g, 10)) sb_puts(key(l, "devices"), "null");
    if (e->kind == EV_AUTO && !e->team && rng_chance(g, 20)) sb_puts(key(l, "team"), "null");
}

char *write_event(struct g_log *log, const struct g_event *e)
{
    struct line l = {.log = log, .o = {.g = &log->spelling}};
    if (e->wrong == WRONG_LINE) return spoil_line(&l, e);
    if (e->kind != EV_TICKET || rng_chance(&log->spelling, 50)) text(&l, "event", gen_events[e->kind], false);
    if (e->at_said) write_at(key(&l, "at"), &log->spelling, e->at);
    text(&l, e->kind == EV_TICKET ? "id" : "ticket", e->ticket, false);
    if (e->has_tickets) list(&l, "tickets", &e->tickets, false);
    text(&l, "agent", e->agent, true);
    text(&l, "team", e->team, true);
    if (e->kind == EV_AUTO && e->wrong == WRONG_NOT) sb_puts(key(&l, "on"), e->on ? "true" : "false");
    if (e->has_channels) list(&l, "channels", &e->channels, true);
    if (e->has_devices) devices(&l, e);
    attributes(&l, e);
    if (e->wrong == WRONG_NOT) text(&l, "by", e->by, true);
    text(&l, "event_id", e->event_id, false);
    if (e->wrong == WRONG_TYPE) spoil_type(&l, e);
    noise(&l, e);
    if (l.keys == 0) key(&l, "nothing"), sb_puts(&l.o, "[]");
    sb_puts(&l.o, "}\n");
    return sb_text(&l.o);
}
