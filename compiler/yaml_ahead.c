/* Events in brief, some thousand at once, mostly by a second thread: see yaml_ahead.h. */
#include "yaml_ahead.h"
#include "beside.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

enum {
    CHUNKS = 4,
    /* Of the first chunk; each holds twice as many as the one before it, up to a thousand rules (200 kB). So
     * the reader begins soon, and later wakes seldom: that costs some microseconds each time. */
    EVENTS_FIRST = 256,
    EVENTS_MAX = 8192,
    /* Without a thread: 50 rules, in the nearest cache. */
    EVENTS_ALONE = 512
};

struct chunk {
    uint32_t count, whole_count;
    bool last; /* nothing comes behind it: the stream's end, or an error */
    struct yaml_brief *events;
    yaml_event_t *whole; /* of those that brief ones do not say: mostly nothing is touched */
};

struct yaml_ahead {
    yaml_parser_t *parser;
    struct yaml_marks marks;
    pthread_t thread;
    bool alone, joined; /* alone: there never was a thread */
    uint32_t at; /* of the reader: the next event in chunk `taken` */
    bool has;    /* whether it has that chunk */
    /* Of both. Chunks [taken, filled) are the reader's, the others the thread's. */
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    uint32_t filled, taken;
    bool stop;
    struct chunk chunks[CHUNKS];
};

static struct chunk *chunk_at(struct yaml_ahead *h, uint32_t i)
{
    return &h->chunks[i % CHUNKS];
}

static void clear(struct chunk *c)
{
    for (uint32_t i = 0; i < c->whole_count; i++) yaml_event_delete(&c->whole[i]);
    c->count = c->whole_count = 0;
}

/* ---- the thread ---- */

static void fill(struct yaml_ahead *h, struct chunk *c, uint32_t most)
{
    clear(c);
    while (!c->last && c->count < most) {
        struct yaml_brief *e = &c->events[c->count];
        c->last = !yaml_brief_next(h->parser, &h->marks, &c->whole[c->whole_count], e);
        if (c->last) return;
        c->count++;
        c->whole_count += e->whole != NULL;
        c->last = e->type == YAML_STREAM_END_EVENT;
    }
}

/* Hands over chunk `i`, and waits for room for the next; false where there is to be none. */
static bool hand_over(struct yaml_ahead *h, uint32_t i, bool last)
{
    pthread_mutex_lock(&h->mutex);
    h->filled = i + 1;
    pthread_cond_signal(&h->changed);
    while (!last && !h->stop && h->filled - h->taken == CHUNKS) pthread_cond_wait(&h->changed, &h->mutex);
    bool more = !last && !h->stop;
    pthread_mutex_unlock(&h->mutex);
    return more;
}

static void *parse(void *ctx)
{
    struct yaml_ahead *h = ctx;
    bool more = true;
    uint32_t most = EVENTS_FIRST;
    for (uint32_t i = 0; more; i++) {
        struct chunk *c = chunk_at(h, i);
        fill(h, c, most);
        if (most < EVENTS_MAX) most *= 2;
        more = hand_over(h, i, c->last);
    }
    return NULL;
}

/* ---- the reader ---- */

/* All in one piece; what is not used of it is never touched. */
static struct yaml_ahead *room_for(uint32_t chunks, uint32_t events)
{
    struct yaml_ahead *h =
        malloc(sizeof *h + (size_t)chunks * events * (sizeof *h->chunks->events + sizeof *h->chunks->whole));
    if (!h) return NULL;
    *h = (struct yaml_ahead){.alone = true};
    yaml_event_t *whole = (yaml_event_t *)(void *)(h + 1);
    struct yaml_brief *brief = (struct yaml_brief *)(void *)(whole + (size_t)chunks * events);
    for (uint32_t i = 0; i < chunks; i++)
        h->chunks[i] =
            (struct chunk){.events = brief + (size_t)i * events, .whole = whole + (size_t)i * events};
    return h;
}

struct yaml_ahead *yaml_ahead_new(yaml_parser_t *parser, const struct yaml_marks *marks, bool thread)
{
    thread = thread && thread_pays();
    struct yaml_ahead *h = thread ? room_for(CHUNKS, EVENTS_MAX) : room_for(1, EVENTS_ALONE);
    if (!h) return NULL;
    h->parser = parser;
    h->marks = *marks;
    pthread_mutex_init(&h->mutex, NULL);
    pthread_cond_init(&h->changed, NULL);
    h->alone = !thread || !thread_start(&h->thread, parse, h);
    h->joined = h->alone;
    return h;
}

static void join(struct yaml_ahead *h)
{
    if (!h->joined) pthread_join(h->thread, NULL);
    h->joined = true;
}

/* Gives back the chunk that is read, if any, and waits for the next. */
static void wait_for_chunk(struct yaml_ahead *h)
{
    pthread_mutex_lock(&h->mutex);
    h->taken += h->has;
    pthread_cond_signal(&h->changed);
    while (h->filled == h->taken) pthread_cond_wait(&h->changed, &h->mutex);
    pthread_mutex_unlock(&h->mutex);
}

static void next_chunk(struct yaml_ahead *h)
{
    if (h->alone)
        fill(h, chunk_at(h, h->taken), EVENTS_ALONE);
    else
        wait_for_chunk(h);
    h->has = true;
    h->at = 0;
}

const struct yaml_brief *yaml_ahead_next(struct yaml_ahead *h)
{
    for (;;) {
        struct chunk *c = chunk_at(h, h->taken);
        if (h->has && h->at < c->count) return &c->events[h->at++];
        if (h->has && c->last) break;
        next_chunk(h);
    }
    join(h);
    return NULL;
}

const struct yaml_brief *yaml_ahead_there(const struct yaml_ahead *h, uint32_t *count)
{
    const struct chunk *c = &h->chunks[h->taken % CHUNKS];
    *count = c->count - h->at;
    return &c->events[h->at];
}

void yaml_ahead_skip(struct yaml_ahead *h, uint32_t count)
{
    h->at += count;
}

void yaml_ahead_free(struct yaml_ahead *h)
{
    if (!h) return;
    pthread_mutex_lock(&h->mutex);
    h->stop = true;
    pthread_cond_signal(&h->changed);
    pthread_mutex_unlock(&h->mutex);
    join(h);
    for (uint32_t i = 0; i < CHUNKS; i++) clear(&h->chunks[i]);
    pthread_cond_destroy(&h->changed);
    pthread_mutex_destroy(&h->mutex);
    free(h);
}
