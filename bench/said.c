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

/* ---- interned ---- */

void interned_begin(struct interned_pool *p, uint32_t count)
{
    *p = (struct interned_pool){.tickets = need(NULL, count * sizeof *p->tickets)};
}

static void intern_value(struct interned_pool *p, struct interned *s, const struct shunt_ticket *k,
                         uint32_t attr)
{
    p->values[p->value_count++] = (struct interned_value){attr, k->values[attr]};
    s->value_count++;
}

/* Copies what the ticket holds to the end of the pool; pointers wait until the pool stands still. */
void intern_one(struct interned_pool *p, const struct shunt_ticket *k)
{
    struct interned *s = &p->tickets[p->count++];
    *s = (struct interned){.at_sec = k->at_sec,
                           .fact_count = k->front.facts_count,
                           .value_count = 1,
                           .bounded_count = k->bounded_count,
                           .guard = k->front.guard};
    if (p->fact_count + k->front.facts_count > p->fact_cap) {
        p->fact_cap = 2 * (p->fact_count + k->front.facts_count);
        p->facts = need(p->facts, p->fact_cap * sizeof *p->facts);
    }
    if (p->value_count + k->carried_count >= p->value_cap) {
        p->value_cap = 2 * (p->value_count + k->carried_count + 1);
        p->values = need(p->values, p->value_cap * sizeof *p->values);
    }
    memcpy(p->facts + p->fact_count, k->facts, k->front.facts_count * sizeof *p->facts);
    p->fact_count += k->front.facts_count;
    p->values[p->value_count++] = (struct interned_value){TF_PRIORITY, k->values[TF_PRIORITY]};
    for (uint32_t i = 0; i < k->carried_count; i++)
        if (!k->t->attr_bounds[k->carried[i]]) intern_value(p, s, k, k->carried[i]);
    for (uint32_t i = 0; i < k->bounded_count; i++) intern_value(p, s, k, k->bounded[i]);
}

void interned_done(struct interned_pool *p)
{
    uint32_t fact = 0, value = 0;
    for (uint32_t i = 0; i < p->count; i++) {
        p->tickets[i].facts = p->facts + fact;
        p->tickets[i].values = p->values + value;
        fact += p->tickets[i].fact_count;
        value += p->tickets[i].value_count;
    }
}

void intern_all(struct interned_pool *p, const struct shunt_table *table, const struct vocabulary *v,
                const struct drawn_ticket *tickets, const struct said_text *texts, uint32_t count)
{
    struct shunt_ticket *k;
    struct said_fields fields = said_fields(table);
    if (shunt_ticket_new(table, NULL, &k) != SHUNT_OK) stop("ticket", "no memory");
    interned_begin(p, count);
    for (uint32_t i = 0; i < count; i++) {
        shunt_ticket_reset(k);
        say_ticket(k, v, &tickets[i], &fields, texts ? &texts[i] : NULL);
        intern_one(p, k);
    }
    interned_done(p);
    shunt_ticket_free(k);
}

void interned_release(struct interned_pool *p)
{
    free(p->tickets);
    free(p->facts);
    free(p->values);
}
