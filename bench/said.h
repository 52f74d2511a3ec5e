/*
 * Drawn tickets as shunt takes them, through the calls that every program uses: from strings, and as a batch
 * of which the names were looked up once.
 */
#ifndef SHUNT_BENCH_SAID_H
#define SHUNT_BENCH_SAID_H

#include "shunt.h"
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

/* All of the drawn tickets from strings, one behind the other; texts: by ticket, or NULL. */
struct shunt_batch *batch_all(const struct shunt_table *table, const struct vocabulary *v,
                              const struct drawn_ticket *tickets, const struct said_text *texts,
                              uint32_t count);

struct said_text *write_texts(const struct vocabulary *v, const struct drawn_ticket *tickets, uint32_t count);
void texts_release(struct said_text *texts, uint32_t count);

#endif
