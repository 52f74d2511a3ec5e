/*
 * A journal that lives as long as the program: the answers of events that had an event_id, for as long as
 * they may be asked for again (desk.md 7.4).
 *
 * Time only goes forward, so the answers stand in one list from the oldest to the newest, and what is too old
 * is dropped from its front: memory is bounded by the ids of keep_days. They are found by a table of chains
 * that doubles as it fills.
 */
#include "desk_run.h"
#include "hash_key.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct answered {
    struct answered *newer; /* in the list */
    struct answered *next;  /* in its chain */
    uint64_t hash;
    int64_t at_sec;
    size_t id_len, answer_len;
    char bytes[]; /* the id, then the answer */
};

struct memory_journal {
    struct journal journal; /* first: what the others know of it */
    int64_t keep_sec;
    struct answered *oldest, *newest;
    struct answered **chains; /* chain_count of them, a power of two; NULL: none yet */
    size_t chain_count, count;
};

static uint64_t hash_of(struct json_text id)
{
    return siphash(cli_hash_key(), id.p, id.len);
}

static struct answered **chain_of(const struct memory_journal *m, uint64_t hash)
{
    return &m->chains[hash & (m->chain_count - 1)];
}

static bool grow(struct memory_journal *m)
{
    size_t chain_count = m->chain_count ? m->chain_count * 2 : 64;
    struct answered **chains = calloc(chain_count, sizeof *chains);
    if (!chains) return false;
    free(m->chains);
    m->chains = chains;
    m->chain_count = chain_count;
    for (struct answered *a = m->oldest; a; a = a->newer) {
        struct answered **chain = chain_of(m, a->hash);
        a->next = *chain;
        *chain = a;
    }
    return true;
}

static bool is_too_old(const struct memory_journal *m, const struct answered *a, int64_t at_sec)
{
    return at_sec - a->at_sec >= m->keep_sec;
}

static void drop_oldest(struct memory_journal *m)
{
    struct answered *a = m->oldest, **link = chain_of(m, a->hash);
    while (*link != a) link = &(*link)->next;
    *link = a->next;
    m->oldest = a->newer;
    if (!m->oldest) m->newest = NULL;
    m->count--;
    free(a);
}

static int find(void *ctx, struct json_text event_id, int64_t at_sec, bool *found, struct out *answer)
{
    const struct memory_journal *m = ctx;
    uint64_t hash = hash_of(event_id);
    *found = false;
    for (const struct answered *a = m->chains ? *chain_of(m, hash) : NULL; a && !*found; a = a->next) {
        if (a->hash != hash || a->id_len != event_id.len || is_too_old(m, a, at_sec) ||
            memcmp(a->bytes, event_id.p, event_id.len) != 0)
            continue;
        out_bytes(answer, a->bytes + a->id_len, a->answer_len);
        *found = true;
    }
    return 0;
}

static int remember(struct memory_journal *m, int64_t at_sec, struct json_text id, struct json_text answer)
{
    if (m->count == m->chain_count && !grow(m)) return ENOMEM;
    struct answered *a = malloc(sizeof *a + id.len + answer.len);
    if (!a) return ENOMEM;
    *a = (struct answered){.hash = hash_of(id), .at_sec = at_sec, .id_len = id.len, .answer_len = answer.len};
    memcpy(a->bytes, id.p, id.len);
    if (answer.len) memcpy(a->bytes + id.len, answer.p, answer.len);
    struct answered **chain = chain_of(m, a->hash);
    a->next = *chain;
    *chain = a;
    if (m->newest)
        m->newest->newer = a;
    else
        m->oldest = a;
    m->newest = a;
    m->count++;
    return 0;
}

static int keep(void *ctx, int64_t at_sec, struct json_text line, struct json_text event_id,
                struct json_text answer)
{
    struct memory_journal *m = ctx;
    (void)line; /* nobody replays what ends with the program */
    while (m->oldest && is_too_old(m, m->oldest, at_sec)) drop_oldest(m);
    return event_id.p && m->keep_sec > 0 ? remember(m, at_sec, event_id, answer) : 0;
}

struct journal *memory_journal_new(uint32_t keep_days)
{
    struct memory_journal *m = calloc(1, sizeof *m);
    if (!m) return NULL;
    m->journal = (struct journal){m, find, keep};
    m->keep_sec = (int64_t)keep_days * 86400;
    return &m->journal;
}

void memory_journal_free(struct journal *j)
{
    if (!j) return;
    struct memory_journal *m = j->ctx;
    while (m->oldest) drop_oldest(m);
    free(m->chains);
    free(m);
}
