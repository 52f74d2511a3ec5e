/*
 * The tickets of a log by their ids, as the events so far left them: open addressing, grown as it fills. See
 * explain.h.
 */
#include "explain.h"
#include "hash_key.h"

#include <stdlib.h>
#include <string.h>

static uint64_t hash_of(struct str id)
{
    return siphash(cli_hash_key(), id.p, id.len);
}

static struct explain_ticket **slot_of(const struct explain_store *s, struct str id)
{
    size_t i = (size_t)hash_of(id) & (s->cap - 1);
    while (s->slots[i]) {
        struct str there = {s->slots[i]->id, s->slots[i]->id_len};
        if (str_eq(there, id)) break;
        i = (i + 1) & (s->cap - 1);
    }
    return &s->slots[i];
}

static bool grow(struct explain_store *s)
{
    struct explain_store more = {.cap = s->cap ? s->cap * 2 : 64, .count = s->count};
    more.slots = calloc(more.cap, sizeof *more.slots);
    if (!more.slots) return false;
    for (size_t i = 0; i < s->cap; i++) {
        if (!s->slots[i]) continue;
        struct str id = {s->slots[i]->id, s->slots[i]->id_len};
        *slot_of(&more, id) = s->slots[i];
    }
    free(s->slots);
    *s = more;
    return true;
}

struct explain_ticket *explain_find(const struct explain_store *s, struct str id)
{
    return s->cap ? *slot_of(s, id) : NULL;
}

struct explain_ticket *explain_add(struct explain_store *s, struct str id)
{
    struct explain_ticket *t = explain_find(s, id);
    if (t) return t;
    if (2 * s->count >= s->cap && !grow(s)) return NULL;
    t = calloc(1, sizeof *t + id.len + 1);
    if (!t) return NULL;
    t->id = (char *)(t + 1);
    memcpy(t->id, id.p, id.len);
    t->id_len = id.len;
    t->rule = SHUNT_NONE;
    *slot_of(s, id) = t;
    s->count++;
    return t;
}

bool explain_set_json(struct explain_ticket *t, const struct out *json)
{
    char *own = json->error ? NULL : malloc(json->len + LINE_SLACK_LEN);
    if (!own) return false;
    memcpy(own, json->p, json->len);
    memset(own + json->len, 0, LINE_SLACK_LEN);
    free(t->json);
    t->json = own;
    t->json_len = json->len;
    return true;
}

void explain_store_release(struct explain_store *s)
{
    for (size_t i = 0; i < s->cap; i++) {
        if (!s->slots[i]) continue;
        free(s->slots[i]->json);
        free(s->slots[i]);
    }
    free(s->slots);
    *s = (struct explain_store){0};
}
