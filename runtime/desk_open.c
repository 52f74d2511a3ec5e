/*
 * How many open tickets each agent has, on each channel and in all.
 *
 * A policy of few channels has an array for each agent: what an event reads of it is one line of the cache.
 * A policy may also name thousands, and thousands of agents: then the loads that are not 0 are in one map,
 * and there are no more of them than open tickets.
 */
#include "desk_state.h"

/* The policies that people write have a dozen channels. By the map a member who is asked costs 50 ns, where
 * it is 5 by the array and its row of `fit`; an agent, as many bytes as there are places, five times. */
enum { PLACES_MAX = 64 };

uint32_t sh_desk_place_count(uint32_t channel_count)
{
    return channel_count < PLACES_MAX ? channel_count + 1 : 0;
}

/* ---- the map ---- */

struct open_key {
    uint32_t agent, channel;
};

static bool same_open(const void *item, const void *key)
{
    const struct desk_open *o = item;
    const struct open_key *k = key;
    return o->agent == k->agent && o->channel == k->channel;
}

static struct desk_open *find(const struct shunt_desk *d, const struct open_key *key, uint64_t *hash)
{
    *hash = sh_hash(d->sip_key, 7, key, sizeof *key);
    return sh_map_find(&d->open, *hash, same_open, key);
}

uint32_t sh_desk_open_of(const struct shunt_desk *d, uint32_t agent, uint32_t channel)
{
    uint64_t hash;
    const struct desk_open *o = find(d, &(struct open_key){agent, channel}, &hash);
    return o ? o->count : 0;
}

static void count_in_map(struct shunt_desk *d, uint32_t agent, uint32_t channel, int n)
{
    uint64_t hash;
    struct desk_open *o = find(d, &(struct open_key){agent, channel}, &hash);
    if (!o) {
        o = sh_txn_alloc(&d->txn, sizeof *o);
        *o = (struct desk_open){d->txn.number, agent, channel, 0};
        sh_map_insert(&d->txn, &d->open, hash, o);
    }
    txn_touch(&d->txn, &o->mark, o, sizeof *o);
    o->count += (uint32_t)n;
    if (o->count) return;
    sh_map_remove(&d->txn, &d->open, hash, o);
    sh_txn_free(&d->txn, o, sizeof *o);
}

/* ---- one ticket more or less ---- */

void sh_desk_load(struct shunt_desk *d, uint32_t agent, uint32_t channel, int n)
{
    struct desk_agent *a = desk_agent(d, agent);
    uint32_t most = le32(d->t->AGENT[agent].limit_total);
    bool was_full = a->open_total >= most;
    txn_touch(&d->txn, &a->mark, a, d->agent_len);
    if (d->place_count)
        a->open[desk_load_place(d, channel)] += (uint32_t)n;
    else
        count_in_map(d, agent, channel, n);
    a->open_total += (uint32_t)n;
    if (was_full == (a->open_total >= most))
        sh_desk_refit_channel(d, agent, channel);
    else
        sh_desk_refit(d, agent);
    if (n < 0)
        sh_desk_better(d, agent);
    else
        sh_desk_worse(d, agent);
}
