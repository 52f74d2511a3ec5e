/* A desk under load: see load.h. */
#include "load.h"
#include "compile.h"
#include "measure.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const int64_t first_sec = 1772442000; /* 2026-03-02T09:00:00Z */

/* What it costs to look at the clock twice: taken off every event. */
static double clock_ns(void)
{
    enum { LOOKS = 1001 };
    double looks[LOOKS];
    for (int i = 0; i < LOOKS; i++) {
        double from = cpu_ns();
        looks[i] = cpu_ns() - from;
    }
    return median(looks, LOOKS);
}

/* ---- making ---- */

/* The desk's allocator. */
static void *counting(void *ctx, void *block, size_t old_len, size_t new_len)
{
    struct load *l = ctx;
    l->in_use += new_len - old_len;
    if (new_len > 0) return need(block, new_len);
    free(block);
    return NULL;
}

struct compiling {
    struct load *l;
    struct arena *a;
    struct str policy;
};

static void compile_load(void *ctx)
{
    const struct compile_options options = {.strip = true};
    struct compiling *c = ctx;
    struct compilation *done = compile_text(c->a, "bench.shunt", c->policy, &options);
    if (!done->table.p)
        stop("the policy", done->diags.list.count ? done->diags.list.at[0]->message.p : "no table");
    c->l->bytes = need(NULL, done->table.len);
    memcpy(c->l->bytes, done->table.p, done->table.len);
    enum shunt_status status = shunt_table_open(c->l->bytes, done->table.len, NULL, &c->l->table, NULL);
    if (status) stop("the table", shunt_status_text(status));
}

void load_init(struct load *l, struct str policy, const struct shunt_desk_options *options)
{
    struct compiling c = {l, arena_new(), policy};
    *l = (struct load){.now_sec = first_sec, .random = 1, .clock_ns = clock_ns()};
    if (!c.a || !arena_try(c.a, compile_load, &c)) stop("the policy", "no memory");
    arena_free(c.a);
    const struct shunt_hooks hooks = {counting, l};
    enum shunt_status status = shunt_ticket_new(l->table, NULL, &l->carried);
    if (!status) status = shunt_desk_new(l->table, options, &hooks, &l->desk);
    if (status) stop("the desk", shunt_status_text(status));
    shunt_ticket_record(l->carried, true);
    shunt_ticket_reset(l->carried);
}

void load_release(struct load *l)
{
    shunt_ticket_free(l->carried);
    shunt_desk_free(l->desk);
    if (l->in_use) stop("the desk", "it kept memory");
    shunt_table_close(l->table);
    for (int i = 0; i < LOAD_STATES; i++) free(l->lists[i].at);
    free(l->tickets);
    free(l->bytes);
}

/* ---- draws ---- */

uint32_t load_below(struct load *l, uint32_t n)
{
    uint64_t z = l->random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (uint32_t)((z ^ z >> 31) % n);
}

uint32_t load_drawn(struct load *l, enum shunt_state state)
{
    if (!l->lists[state].count) stop("the load", "no ticket in that state");
    return l->lists[state].at[load_below(l, l->lists[state].count)];
}

/* ---- what the desk answers ---- */

static void leave_list(struct load *l, uint32_t ticket)
{
    struct load_list *list = &l->lists[l->tickets[ticket].state];
    uint32_t last = list->at[--list->count];
    list->at[l->tickets[ticket].place] = last;
    l->tickets[last].place = l->tickets[ticket].place;
}

static void join_list(struct load *l, uint32_t ticket, enum shunt_state state)
{
    struct load_list *list = &l->lists[state];
    if (list->count == list->cap) {
        list->cap = list->cap ? 2 * list->cap : 1024;
        list->at = need(list->at, list->cap * sizeof *list->at);
    }
    l->tickets[ticket].state = (uint8_t)state;
    l->tickets[ticket].place = list->count;
    list->at[list->count++] = ticket;
}

static uint32_t number_of(struct shunt_string id)
{
    uint32_t number = 0;
    for (size_t i = 1; i < id.len; i++) number = number * 10 + (uint32_t)(id.bytes[i] - '0');
    return number;
}

static void take_decision(void *ctx, const struct shunt_desk_decision *d)
{
    struct load *l = ctx;
    uint32_t ticket = number_of(d->ticket);
    if (ticket < l->ticket_count)
        leave_list(l, ticket);
    else
        l->ticket_count = ticket + 1; /* the new one */
    join_list(l, ticket, d->status);
    l->tickets[ticket].agent = d->agent;
    l->decision_count++;
}

/* ---- events ---- */

double load_send(struct load *l, struct shunt_event *e)
{
    const struct shunt_sink sink = {take_decision, l};
    struct shunt_refusal refusal;
    if (l->ticket_count == l->ticket_cap) {
        l->ticket_cap = l->ticket_cap ? 2 * l->ticket_cap : 1024;
        l->tickets = need(l->tickets, l->ticket_cap * sizeof *l->tickets);
    }
    e->has_at = true;
    e->at_sec = l->now_sec++;
    double from = cpu_ns();
    enum shunt_status status = shunt_desk_event(l->desk, e, &sink, &refusal);
    double took = cpu_ns() - from - l->clock_ns;
    if (status == SHUNT_REFUSED) stop("an event", shunt_refusal_text(refusal.reason));
    if (status) stop("an event", shunt_status_text(status));
    return took > 0 ? took : 0;
}

static struct shunt_string id_of(uint32_t ticket, char id[LOAD_ID_LEN + 1])
{
    snprintf(id, LOAD_ID_LEN + 1, "T%08u", ticket % 100000000);
    return (struct shunt_string){id, LOAD_ID_LEN};
}

double load_event(struct load *l, enum shunt_event_kind kind, uint32_t ticket, uint32_t agent)
{
    char id[LOAD_ID_LEN + 1];
    struct shunt_string name = id_of(ticket, id);
    struct shunt_event e = {.kind = kind, .tickets = &name, .ticket_count = ticket != SHUNT_NONE};
    if (agent != SHUNT_NONE) e.agent = shunt_agent_name(l->table, agent);
    return load_send(l, &e);
}

void load_say_name(struct load *l, uint32_t attr, const char *format, ...)
{
    char name[32];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(name, sizeof name, format, args);
    va_end(args);
    enum shunt_status status = attr == SHUNT_ATTR_LABELS || attr == SHUNT_ATTR_SEGMENTS
                                   ? shunt_ticket_add_name(l->carried, attr, name, (size_t)len)
                                   : shunt_ticket_set_name(l->carried, attr, name, (size_t)len);
    if (status) stop(name, shunt_status_text(status));
    l->said_len += (size_t)len;
}

void load_say_text(struct load *l, uint32_t attr, const char *text)
{
    enum shunt_status status = shunt_ticket_set_text(l->carried, attr, text, strlen(text));
    if (status) stop(text, shunt_status_text(status));
    l->said_len += strlen(text);
}

double load_ticket(struct load *l)
{
    char id[LOAD_ID_LEN + 1];
    struct shunt_string name = id_of(l->ticket_count, id);
    struct shunt_event e = {
        .kind = SHUNT_EVENT_TICKET, .tickets = &name, .ticket_count = 1, .carried = l->carried};
    double took = load_send(l, &e);
    l->said_len += LOAD_ID_LEN;
    shunt_ticket_reset(l->carried);
    return took;
}
