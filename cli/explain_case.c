/*
 * A case to its text or JSON: see explain.h. Here memory that runs out in the case's arena becomes an answer,
 * and what was written is taken back.
 */
#include "explain.h"

#include <stdlib.h>

/* By offset in CODE; SHUNT_NONE where no rule's condition begins. */
static uint32_t *first_rules(const struct table_view *v)
{
    uint32_t *first = malloc((v->CODE.count + 1) * sizeof *first);
    if (!first) return NULL;
    for (uint32_t i = 0; i < v->CODE.count; i++) first[i] = SHUNT_NONE;
    for (uint32_t i = v->RULE.count; i-- > 0;) first[le32(v->RULE.at[i].code)] = i;
    return first;
}

bool explain_init(struct explain *x, const struct shunt_table *table)
{
    *x = (struct explain){.table = table, .margin = "", .why_not = SHUNT_NONE};
    table_view(&x->v, table);
    x->first_rule = first_rules(&x->v);
    x->reader = json_reader_new();
    x->carried = calloc(shunt_attr_count(table), sizeof *x->carried);
    x->skill_seen = calloc((size_t)x->v.SKILL.count + 1, sizeof *x->skill_seen);
    bool attrs = ticket_reader_init(&x->attrs, table) && x->carried && x->skill_seen;
    return shunt_ticket_new(table, NULL, &x->ticket) == SHUNT_OK && attrs && x->first_rule && x->reader;
}

void explain_release(struct explain *x)
{
    free(x->first_rule);
    free(x->carried);
    free(x->skill_seen);
    json_reader_free(x->reader);
    ticket_reader_release(&x->attrs);
    shunt_ticket_free(x->ticket);
    free(x->rules.at);
    free(x->rules.nodes);
    *x = (struct explain){0};
}

struct writing {
    struct explain *x;
    const struct explain_case *c;
};

static void write_case(void *ctx)
{
    struct writing *w = ctx;
    (w->x->json ? explain_json : explain_text)(w->x, w->c);
}

bool explain_case(struct explain *x, const struct explain_case *c)
{
    struct writing w = {x, c};
    struct out *to = x->o, own;
    if (!explain_load(x, c->ticket) || (c->by_rules && !explain_try(x))) return false;
    x->now_sec = c->cause.at_sec;
    x->goes_on = false;
    x->members.of = NULL;
    x->a = arena_new();
    out_init(&own, -1);
    x->o = &own;
    bool whole = x->a && arena_try(x->a, write_case, &w) && !own.error;
    if (whole) out_bytes(to, own.p, own.len);
    out_free(&own);
    arena_free(x->a);
    x->a = NULL;
    x->o = to;
    return whole;
}
