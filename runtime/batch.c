/*
 * Tickets as numbers: made from tickets, and put back into them. batch.h says how they stand; match.c matches
 * them.
 */
#include "batch.h"

/* ---- making ---- */

enum shunt_status shunt_batch_new(const struct shunt_table *table, const struct shunt_hooks *hooks,
                                  struct shunt_batch **batch)
{
    struct shunt_hooks own = sh_hooks(hooks);
    struct sh_few *few;
    if (sh_few_new(table, &own, &few) != SHUNT_OK) return SHUNT_NO_MEMORY;
    struct shunt_batch *b = sh_alloc_zero(&own, sizeof *b);
    if (!b) {
        sh_few_free(few, &own);
        return SHUNT_NO_MEMORY;
    }
    bool second = table->index_kind == SH_SECOND;
    b->t = table;
    b->hooks = own;
    b->few = few;
    b->front_len =
        (second ? sizeof(struct sh_front) : offsetof(struct sh_front, second_set)) / sizeof(uint64_t);
    *batch = b;
    return SHUNT_OK;
}

void shunt_batch_free(struct shunt_batch *b)
{
    if (!b) return;
    struct shunt_hooks hooks = b->hooks;
    sh_free(&hooks, b->hot.at, b->hot.cap * sizeof *b->hot.at);
    sh_free(&hooks, b->cold.at, b->cold.cap * sizeof *b->cold.at);
    sh_free(&hooks, b->answers.at, b->answers.cap * sizeof *b->answers.at);
    sh_few_free(b->few, &hooks);
    sh_free(&hooks, b->places, b->cap * sizeof *b->places);
    sh_free(&hooks, b, sizeof *b);
}

size_t shunt_batch_count(const struct shunt_batch *b)
{
    return b->count;
}

void shunt_batch_clear(struct shunt_batch *b)
{
    b->count = b->hot.len = b->cold.len = b->answers.len = 0;
}

/* ---- adding ---- */

static bool reserve(struct shunt_batch *b, struct sh_words *w, size_t more)
{
    if (more <= w->cap - w->len) return true;
    size_t cap = w->cap + w->cap / 2 + more;
    uint64_t *at = sh_resize(&b->hooks, w->at, w->cap * sizeof *at, sh_array_len(cap, sizeof *at));
    if (!at) return false;
    w->at = at, w->cap = cap;
    return true;
}

static bool reserve_place(struct shunt_batch *b)
{
    if (b->count < b->cap) return true;
    size_t cap = b->cap + b->cap / 2 + 16;
    struct sh_place *places =
        sh_resize(&b->hooks, b->places, b->cap * sizeof *places, sh_array_len(cap, sizeof *places));
    if (!places) return false;
    b->places = places, b->cap = cap;
    return true;
}

/* Whether the word has nothing but what may be true of hours and dates, which is so of a ticket that carries
 * nothing. */
static bool is_of_times(const struct shunt_table *t, size_t word)
{
    return word >= t->facts.hours / TF_FACT_WORD && word < t->facts.bounds / TF_FACT_WORD;
}

static uint32_t words_held(const struct shunt_ticket *k)
{
    size_t words = sh_words((size_t)k->t->facts.count);
    uint32_t count = 0;
    for (size_t i = 0; i < words; i++) count += k->has[i] && !is_of_times(k->t, i);
    return (count + SH_HELD_AT_ONCE - 1) / SH_HELD_AT_ONCE * SH_HELD_AT_ONCE;
}

/* The last one as often as it takes. One there is: that of the fact which is always true. */
static void hold_words(const struct shunt_ticket *k, uint64_t *bits, uint32_t *place, uint32_t count)
{
    uint32_t n = 0, words = (uint32_t)sh_words((size_t)k->t->facts.count);
    for (uint32_t i = 0; i < words; i++)
        if (k->has[i] && !is_of_times(k->t, i)) bits[n] = k->has[i], place[n] = i, n++;
    for (; n < count; n++) bits[n] = bits[n - 1], place[n] = place[n - 1];
}

_Static_assert(sizeof(struct sh_front) % 8 == 0 && offsetof(struct sh_front, second_set) % 8 == 0 &&
                   sizeof(struct sh_bucket) == 8 && sizeof(struct sh_cold) % 8 == 0 &&
                   sizeof(struct sh_cold_value) % 8 == 0,
               "all of it stands in words");

/* In words. */
static size_t hot_len(const struct shunt_batch *b, const struct shunt_ticket *k, uint32_t held)
{
    return b->front_len + k->front.bucket_count + held + held / 2;
}
static size_t cold_len(const struct shunt_ticket *k)
{
    return sizeof(struct sh_cold) / sizeof(uint64_t) +
           (k->carried_count + (size_t)1) * sizeof(struct sh_cold_value) / sizeof(uint64_t) +
           (k->front.facts_count + (size_t)1) / 2;
}

static void add_hot(struct shunt_batch *b, const struct shunt_ticket *k, uint32_t held)
{
    uint64_t *at = b->hot.at + b->hot.len;
    struct sh_front front = k->front;
    front.held = held;
    memcpy(at, &front, b->front_len * sizeof *at);
    at += b->front_len;
    memcpy(at, k->buckets, k->front.bucket_count * sizeof *k->buckets);
    at += k->front.bucket_count;
    hold_words(k, at, (void *)(at + held), held);
    b->hot.len += hot_len(b, k, held);
}

/* The priority first, which every ticket has and none carries. */
static void add_cold(struct shunt_batch *b, const struct shunt_ticket *k)
{
    struct sh_cold *cold = (void *)(b->cold.at + b->cold.len);
    struct sh_cold_value *v = (void *)(cold + 1);
    *cold = (struct sh_cold){k->at_sec, k->carried_count + UINT64_C(1)};
    *v++ = (struct sh_cold_value){0, TF_PRIORITY, k->values[TF_PRIORITY].place};
    for (uint32_t i = 0; i < k->carried_count; i++) {
        uint32_t attr = k->carried[i];
        *v++ = (struct sh_cold_value){k->values[attr].number, attr, k->values[attr].place};
    }
    memcpy(v, k->facts, k->front.facts_count * sizeof *k->facts);
    b->cold.len += cold_len(k);
}

static bool add_answers(struct shunt_batch *b, const struct shunt_ticket *k)
{
    size_t words = b->few->word_count;
    if (!reserve(b, &b->answers, words)) return false;
    sh_few_answer(b->few, k, (uint8_t *)(b->answers.at + b->answers.len));
    b->answers.len += words;
    return true;
}

enum shunt_status shunt_batch_add(struct shunt_batch *b, const struct shunt_ticket *k)
{
    if (k->t != b->t) return SHUNT_OTHER_TABLE;
    uint32_t held = words_held(k);
    /* Behind a front without second hashes there is room for them: it is a struct like any other. */
    size_t hot = hot_len(b, k, held) + sizeof k->front.second_set / sizeof(uint64_t);
    if (!reserve_place(b) || !reserve(b, &b->hot, hot) || !reserve(b, &b->cold, cold_len(k)))
        return SHUNT_NO_MEMORY;
    if (b->few && !add_answers(b, k)) return SHUNT_NO_MEMORY;
    b->places[b->count++] = (struct sh_place){b->hot.len, b->cold.len};
    add_hot(b, k, held);
    add_cold(b, k);
    return SHUNT_OK;
}

/* ---- putting back ---- */

/* Facts are held. */
void sh_put_back(struct shunt_ticket *k)
{
    const struct shunt_batch *b = k->batch;
    const struct sh_front *front = sh_batch_front(b, k->batch_at);
    const struct sh_cold *cold = (const void *)(b->cold.at + b->places[k->batch_at].cold);
    const struct sh_cold_value *v = (const void *)(cold + 1);
    k->batch = NULL;
    memcpy(&k->front, front, b->front_len * sizeof(uint64_t));
    memcpy(k->buckets, sh_batch_buckets(b, front), front->bucket_count * sizeof *k->buckets);
    memcpy(k->facts, v + cold->value_count, front->facts_count * sizeof *k->facts);
    k->at_sec = cold->at_sec;
    for (; v < (const struct sh_cold_value *)(const void *)(cold + 1) + cold->value_count; v++) {
        struct sh_value *to = sh_carry(k, v->attr);
        to->number = v->number;
        to->place = v->place;
        if (k->t->attr_bounds[v->attr]) k->bounded[k->bounded_count++] = v->attr;
    }
}

void shunt_batch_say(const struct shunt_batch *b, size_t i, struct shunt_ticket *k)
{
    const struct sh_front *front = sh_batch_front(b, i);
    shunt_ticket_reset(k);
    sh_hold(k, sh_batch_held(front, sh_batch_buckets(b, front)));
    k->batch = b, k->batch_at = i;
    sh_put_back(k);
}
