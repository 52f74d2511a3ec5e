/*
 * A desk under load: a policy's text to a desk that counts its memory, tickets and events to time.
 *
 * The load knows of every ticket what the desk has answered, so that events can be drawn that the desk
 * accepts. Whatever cannot be done ends the program: a benchmark has nobody to tell. Draws and times of
 * events are always the same; times taken are nanoseconds of the processor, without the clock's own.
 */
#ifndef SHUNT_BENCH_LOAD_H
#define SHUNT_BENCH_LOAD_H

#include "base.h"
#include "measure.h"

enum { LOAD_STATES = SHUNT_CLOSED + 1, LOAD_ID_LEN = 9 }; /* ids: T and eight digits */

struct load_ticket {
    uint32_t place; /* in the list of its state */
    uint32_t agent; /* who has or had it; SHUNT_NONE */
    uint8_t state;
};
struct load_list {
    uint32_t *at; /* numbers of tickets */
    uint32_t count, cap;
};

struct load {
    void *bytes; /* the table's */
    const struct shunt_table *table;
    struct shunt_desk *desk;
    struct shunt_ticket *carried;
    size_t in_use;   /* bytes that the desk has of its hooks */
    size_t said_len; /* bytes of ids and attributes said to it so far */
    int64_t now_sec;
    uint64_t random; /* SplitMix64's state */
    uint32_t ticket_count, ticket_cap;
    struct load_ticket *tickets; /* by number */
    struct load_list lists[LOAD_STATES];
    uint64_t decision_count;
    double clock_ns; /* what it costs to look at the clock twice */
};

/* A desk under this policy, in the DSL; what buf holds is no longer needed. options: NULL: none. */
void load_init(struct load *l, struct str policy, const struct shunt_desk_options *options);
void load_release(struct load *l);

/* From 0 to n - 1. */
uint32_t load_below(struct load *l, uint32_t n);
/* A ticket in that state, drawn; there must be one. */
uint32_t load_drawn(struct load *l, enum shunt_state state);

/* Sends an event a second after the one before; how many nanoseconds it took. */
double load_send(struct load *l, struct shunt_event *e);
/* Events that name one ticket, or one agent, or both (SHUNT_NONE: neither). */
double load_event(struct load *l, enum shunt_event_kind kind, uint32_t ticket, uint32_t agent);
/* What the next ticket carries: attributes are said first, then it is sent. */
void load_say_name(struct load *l, uint32_t attr, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void load_say_text(struct load *l, uint32_t attr, const char *text);
double load_ticket(struct load *l);

#endif
