/*
 * Drawn tickets as shunt takes them: from strings, through the calls that every program uses; or interned, by
 * a caller that has looked up the names of its tickets once and keeps the numbers.
 *
 * An interned ticket is what a struct shunt_ticket holds after those calls, kept aside: its facts and values.
 * To put that back is to set the ticket without looking names up and without reading texts.
 */
#ifndef SHUNT_BENCH_SAID_H
#define SHUNT_BENCH_SAID_H

#include "ticket.h"
#include "workload.h"

/* What a policy calls the attributes that are not every policy's. */
struct said_fields {
    uint32_t plan, total;
};
struct said_fields said_fields(const struct shunt_table *table);

/* The texts of a ticket: made once, as a caller has them. */
struct said_text {
    char *subject, *body;
    size_t subject_len, body_len;
};

/* Sets the ticket, reset, from strings. text: NULL where no rule reads texts. */
void say_ticket(struct shunt_ticket *k, const struct vocabulary *v, const struct drawn_ticket *t,
                const struct said_fields *fields, const struct said_text *text);

struct interned_value {
    uint32_t attr;
    struct sh_value value;
};
struct interned {
    int64_t at_sec;
    uint32_t fact_count, value_count;
    uint32_t bounded_count; /* of those with facts of their own, which are the last of the values */
    uint32_t guard;         /* of its channel and priority */
    const uint32_t *facts;
    const struct interned_value *values; /* of channel and priority and what else is carried */
};
struct interned_pool {
    struct interned *tickets;
    uint32_t *facts;
    struct interned_value *values;
    uint32_t count, fact_count, value_count, fact_cap, value_cap;
};
/* Every ticket of the drawn ones under a table; texts: by ticket, or NULL. */
void intern_all(struct interned_pool *p, const struct shunt_table *table, const struct vocabulary *v,
                const struct drawn_ticket *tickets, const struct said_text *texts, uint32_t count);
void interned_release(struct interned_pool *p);
/* The same one by one: begin, then `count` times intern_one() of what a ticket holds, then done. */
void interned_begin(struct interned_pool *p, uint32_t count);
void intern_one(struct interned_pool *p, const struct shunt_ticket *k);
void interned_done(struct interned_pool *p);

/* Resets the ticket and puts the interned one back. */
static inline void say_interned(struct shunt_ticket *k, const struct interned *s)
{
    shunt_ticket_reset(k);
    shunt_ticket_set_at(k, s->at_sec);
    for (uint32_t i = 0; i < s->fact_count; i++) sh_add_fact(k, s->facts[i]);
    for (uint32_t i = 0; i < s->value_count; i++) {
        *sh_carry(k, s->values[i].attr) = s->values[i].value;
    }
    for (uint32_t i = s->value_count - s->bounded_count; i < s->value_count; i++) {
        sh_add_bounds(k, s->values[i].attr);
    }
    k->front.guard = s->guard;
    if (k->values[TF_CHANNEL].carried) sh_set_bit(k->has, k->values[TF_CHANNEL].place);
}

struct said_text *write_texts(const struct vocabulary *v, const struct drawn_ticket *tickets, uint32_t count);
void texts_release(struct said_text *texts, uint32_t count);

#endif
