/*
 * Waiting tickets in queues, and which queues must be looked at again (desk.h says why there are queues).
 */
#include "desk_state.h"

/* ---- the key of a queue ---- */

/* What tickets of one queue have in common. */
static bool same_queue(const void *item, const void *key)
{
    const struct desk_queue *q = item;
    const struct desk_ticket *k = key;
    return q->team == k->team && q->wanted == k->wanted && q->channel == k->channel &&
           q->require == k->require && q->offered == k->offered && q->until_sec == k->until_sec &&
           q->status == k->status && q->touched == k->touched && q->later == k->has_steps_left;
}

static uint64_t hash_of(const struct shunt_desk *d, const struct desk_ticket *k)
{
    uint64_t key[6] = {(uint64_t)k->team << 32 | k->wanted,
                       (uint64_t)k->channel << 32 |
                           (uint32_t)(k->status << 2 | k->touched << 1 | k->has_steps_left),
                       k->require ? k->require->hash : 0,
                       k->offered ? k->offered->hash : 0,
                       (uint64_t)k->until_sec,
                       0};
    return sh_hash(d->sip_key, 3, key, sizeof key);
}

static void touch(struct shunt_desk *d, struct desk_queue *q)
{
    txn_touch(&d->txn, &q->mark, q, sizeof *q);
}

int sh_desk_place_cmp(const struct sh_node *a, const struct sh_node *b)
{
    const struct desk_ticket *x = sh_of(a, struct desk_ticket, place),
                             *y = sh_of(b, struct desk_ticket, place);
    if (x->priority != y->priority) return x->priority > y->priority ? -1 : 1;
    return x->seq < y->seq ? -1 : x->seq > y->seq;
}

/* ---- making and dropping ---- */

/* The list of queues it stands in: its team's, or its wanted agent's. */
static struct desk_queue **owner_of(struct shunt_desk *d, uint32_t team, uint32_t wanted)
{
    if (team != TF_NONE) {
        txn_touch(&d->txn, &d->teams[team].mark, &d->teams[team], sizeof *d->teams);
        return &d->teams[team].queues;
    }
    struct desk_agent *a = desk_agent(d, wanted);
    txn_touch(&d->txn, &a->mark, a, d->agent_len);
    return &a->queues;
}

/* The hours whose closing hands these tickets on (desk.md 1.3); TF_NONE. */
static uint32_t closing_watch(const struct shunt_desk *d, const struct desk_ticket *k)
{
    if (k->touched || k->team == TF_NONE) return TF_NONE;
    const struct tf_team *team = &d->t->TEAM[k->team];
    if (desk_by_channel(d->t, &team->after_hours, k->channel) < TF_TO_FIRST) return TF_NONE;
    return d->hours_watch[desk_by_channel(d->t, &team->hours, k->channel)];
}

static void count_closing(struct shunt_desk *d, uint32_t watch, int n)
{
    if (watch == TF_NONE) return;
    struct desk_watch *w = &d->watches[watch];
    txn_touch(&d->txn, &w->mark, w, sizeof *w);
    w->closing_count += (uint32_t)n;
}

static struct desk_queue *make_queue(struct shunt_desk *d, const struct desk_ticket *k, uint64_t hash)
{
    struct desk_queue *q = sh_txn_alloc(&d->txn, sizeof *q);
    q->mark = d->txn.number;
    q->hash = hash;
    q->tickets.cmp = sh_desk_place_cmp;
    q->team = k->team, q->wanted = k->wanted, q->channel = k->channel;
    q->require = k->require, q->offered = k->offered; /* held by the tickets that stand in it */
    q->until_sec = k->until_sec;
    q->status = k->status;
    q->touched = k->touched, q->later = k->has_steps_left;
    q->stale_at = TF_NONE;
    q->closing_watch = closing_watch(d, k);
    count_closing(d, q->closing_watch, 1);
    struct desk_queue **owner = owner_of(d, q->team, q->wanted);
    q->after = *owner;
    if (q->after) {
        touch(d, q->after);
        q->after->before = q;
    } else if (q->team != TF_NONE) {
        sh_desk_crew_waits(d, q->team);
    }
    *owner = q;
    if (q->status == SHUNT_HELD && q->until_sec != DESK_NEVER && q->until_sec > d->core.now_sec) {
        sh_tree_insert(&d->txn, &d->untils, &q->by_until);
        q->in_untils = true;
    }
    d->core.offered_queue_count += q->status == SHUNT_OFFERED;
    sh_map_insert(&d->txn, &d->queues, hash, q);
    return q;
}

/* A queue that goes, out of desk.stale: the last one takes its place. */
static void unlist(struct shunt_desk *d, struct desk_queue *q)
{
    if (q->stale_at == TF_NONE) return;
    struct desk_queue **at = &d->stale[q->stale_at], *last = d->stale[--d->core.stale_count];
    sh_txn_save(&d->txn, at, sizeof *at);
    *at = last;
    touch(d, last);
    last->stale_at = q->stale_at;
}

static void drop_queue(struct shunt_desk *d, struct desk_queue *q)
{
    unlist(d, q);
    count_closing(d, q->closing_watch, -1);
    if (q->in_untils) sh_tree_remove(&d->txn, &d->untils, &q->by_until);
    if (q->before) {
        touch(d, q->before);
        q->before->after = q->after;
    } else {
        *owner_of(d, q->team, q->wanted) = q->after;
        if (!q->after && q->team != TF_NONE) sh_desk_crew_done(d, q->team);
    }
    if (q->after) {
        touch(d, q->after);
        q->after->before = q->before;
    }
    d->core.offered_queue_count -= q->status == SHUNT_OFFERED;
    sh_map_remove(&d->txn, &d->queues, q->hash, q);
    sh_txn_free(&d->txn, q, sizeof *q);
}

/* ---- tickets in and out ---- */

/* A new ticket goes behind the last one of its priority, without a look at the others: from the root down it
 * was a fifth of all that an event took, with 250 in a queue. */
static void put_in_place(struct shunt_desk *d, struct desk_queue *q, struct desk_ticket *k)
{
    struct desk_ticket **last = &q->last[k->priority];
    bool behind = *last && (*last)->seq < k->seq;
    if (behind)
        sh_tree_insert_behind(&d->txn, &q->tickets, &(*last)->place, &k->place);
    else
        sh_tree_insert(&d->txn, &q->tickets, &k->place);
    if (behind || !*last) *last = k;
}

static void take_out(struct shunt_desk *d, struct desk_queue *q, struct desk_ticket *k)
{
    if (q->last[k->priority] == k) {
        const struct sh_node *n = sh_tree_previous(&k->place);
        struct desk_ticket *before = n ? sh_of(n, struct desk_ticket, place) : NULL;
        q->last[k->priority] = before && before->priority == k->priority ? before : NULL;
    }
    sh_tree_remove(&d->txn, &q->tickets, &k->place);
}

void sh_desk_queue_add(struct shunt_desk *d, struct desk_ticket *k)
{
    uint64_t hash = hash_of(d, k);
    struct desk_queue *q = sh_map_find(&d->queues, hash, same_queue, k);
    if (!q) q = make_queue(d, k, hash);
    touch(d, q);
    q->count++;
    k->queue = q;
    put_in_place(d, q, k);
    d->core.waiting_count++;
}

void sh_desk_queue_remove(struct shunt_desk *d, struct desk_ticket *k)
{
    struct desk_queue *q = k->queue;
    touch(d, q);
    take_out(d, q, k);
    k->queue = NULL;
    d->core.waiting_count--;
    if (--q->count == 0) drop_queue(d, q);
}

/* ---- stale queues ---- */

/* During a drain, what becomes stale is looked at in it too, from where the drain stands. */
static void note_again(struct shunt_desk *d, struct desk_queue *q)
{
    struct desk_scratch *s = &d->scratch;
    s->again = sh_desk_room(d, s->again, s->again_count, &s->again_cap, sizeof *s->again);
    s->again[s->again_count++] = q;
}

static void list(struct shunt_desk *d, struct desk_queue *q)
{
    if (d->draining) note_again(d, q);
    if (q->stale_at != TF_NONE) return;
    if (d->core.stale_count == d->stale_cap) {
        uint32_t cap = d->stale_cap * 2 + 16;
        sh_txn_save(&d->txn, &d->stale, sizeof d->stale);
        sh_txn_save(&d->txn, &d->stale_cap, sizeof d->stale_cap);
        d->stale = sh_txn_grow(&d->txn, d->stale, d->stale_cap * sizeof(struct desk_queue *),
                               sh_array_len(cap, sizeof(struct desk_queue *)));
        d->stale_cap = cap;
    }
    q->stale_at = d->core.stale_count++;
    sh_txn_save(&d->txn, &d->stale[q->stale_at], sizeof(struct desk_queue *));
    d->stale[q->stale_at] = q;
}

void sh_desk_stale(struct shunt_desk *d, struct desk_queue *q)
{
    touch(d, q);
    q->stale = STALE;
    list(d, q);
}

static void stale_by(struct shunt_desk *d, struct desk_queue *q, uint32_t agent)
{
    if (q->stale == STALE) return;
    if (q->stale == STALE_BY_ONE && q->stale_agent == agent) return;
    touch(d, q);
    q->stale = q->stale == FRESH ? STALE_BY_ONE : STALE;
    q->stale_agent = agent;
    list(d, q);
}

void sh_desk_stale_team(struct shunt_desk *d, uint32_t team)
{
    for (struct desk_queue *q = d->teams[team].queues; q; q = q->after) sh_desk_stale(d, q);
}

void sh_desk_stale_all(struct shunt_desk *d)
{
    for (uint32_t i = 0; i < d->queues.cap; i++) {
        if (d->queues.slots[i].item) sh_desk_stale(d, d->queues.slots[i].item);
    }
}

/* A held ticket waits for hours, whoever there is. */
void sh_desk_better(struct shunt_desk *d, uint32_t agent)
{
    if (d->core.waiting_count == 0) return;
    for (struct desk_queue *q = desk_agent(d, agent)->queues; q; q = q->after) sh_desk_stale(d, q);
    for (struct desk_waits w = desk_waits(d, agent); desk_waits_next(d, &w);) {
        for (struct desk_queue *q = d->teams[w.team].queues; q; q = q->after) {
            if (q->status == SHUNT_QUEUED) stale_by(d, q, agent);
            if (q->status == SHUNT_OFFERED) sh_desk_stale(d, q);
        }
    }
}

/* Only what is offered to someone changes when someone can do less. */
void sh_desk_worse(struct shunt_desk *d, uint32_t agent)
{
    if (d->core.offered_queue_count == 0) return;
    for (struct desk_waits w = desk_waits(d, agent); desk_waits_next(d, &w);) {
        for (struct desk_queue *q = d->teams[w.team].queues; q; q = q->after) {
            if (q->status == SHUNT_OFFERED) sh_desk_stale(d, q);
        }
    }
}
