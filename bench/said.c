/* Drawn tickets as shunt takes them: see said.h. */
#include "said.h"
#include "measure.h"

#include <stdlib.h>
#include <string.h>

struct said_fields said_fields(const struct shunt_table *table)
{
    return (struct said_fields){shunt_attr_find(table, "plan", 4), shunt_attr_find(table, "order_total", 11)};
}

/* ---- from strings ---- */

static void say_name(struct shunt_ticket *k, uint32_t attr, const char *name)
{
    shunt_ticket_set_name(k, attr, name, strlen(name));
}

static void say_names(struct shunt_ticket *k, uint32_t attr, char (*names)[NAME_LEN], const uint16_t *at,
                      uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) shunt_ticket_add_name(k, attr, names[at[i]], strlen(names[at[i]]));
}

/* What the second workload reads besides. */
static void say_rest(struct shunt_ticket *k, const struct drawn_ticket *t, const struct said_fields *fields,
                     const struct said_text *text)
{
    if (t->plan < PLAN_COUNT) say_name(k, fields->plan, plan_names[t->plan]);
    if (t->total) shunt_ticket_set_number(k, fields->total, t->total);
    if (t->customer) shunt_ticket_set_text(k, SHUNT_ATTR_CUSTOMER, "user@example.com", 16);
    shunt_ticket_set_text(k, SHUNT_ATTR_SUBJECT, text->subject, text->subject_len);
    shunt_ticket_set_text(k, SHUNT_ATTR_BODY, text->body, text->body_len);
}

void say_ticket(struct shunt_ticket *k, const struct vocabulary *v, const struct drawn_ticket *t,
                const struct said_fields *fields, const struct said_text *text)
{
    shunt_ticket_set_at(k, t->at_sec);
    say_name(k, SHUNT_ATTR_CHANNEL, channel_names[t->channel]);
    say_name(k, SHUNT_ATTR_PRIORITY, priority_names[t->priority]);
    say_names(k, SHUNT_ATTR_LABELS, v->labels, t->labels, t->label_count);
    say_names(k, SHUNT_ATTR_SEGMENTS, v->segments, t->segments, t->segment_count);
    if (text) say_rest(k, t, fields, text);
}

struct said_text *write_texts(const struct vocabulary *v, const struct drawn_ticket *tickets, uint32_t count)
{
    struct said_text *texts = need(NULL, count * sizeof *texts);
    for (uint32_t i = 0; i < count; i++) {
        char subject[TEXT_LEN + 1], body[TEXT_LEN + 1];
        size_t subject_len = ticket_text(v, tickets[i].subject, tickets[i].subject_len, subject);
        size_t body_len = ticket_text(v, tickets[i].body, BODY_LEN, body);
        char *both = need(NULL, subject_len + body_len);
        memcpy(both, subject, subject_len);
        memcpy(both + subject_len, body, body_len);
        texts[i] = (struct said_text){both, both + subject_len, subject_len, body_len};
    }
    return texts;
}

void texts_release(struct said_text *texts, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) free(texts[i].subject);
    free(texts);
}

/* ---- looked up once ---- */

struct shunt_batch *batch_all(const struct shunt_table *table, const struct vocabulary *v,
                              const struct drawn_ticket *tickets, const struct said_text *texts,
                              uint32_t count)
{
    struct shunt_ticket *k;
    struct shunt_batch *b;
    struct said_fields fields = said_fields(table);
    if (shunt_ticket_new(table, NULL, &k) != SHUNT_OK || shunt_batch_new(table, NULL, &b) != SHUNT_OK)
        stop("batch", "no memory");
    for (uint32_t i = 0; i < count; i++) {
        shunt_ticket_reset(k);
        say_ticket(k, v, &tickets[i], &fields, texts ? &texts[i] : NULL);
        if (shunt_batch_add(b, k) != SHUNT_OK) stop("batch", "no memory");
    }
    shunt_ticket_free(k);
    return b;
}
