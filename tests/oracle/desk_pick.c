/*
 * desk.md 4: which of the agents that remain.
 */
#include "desk_state.h"

#include <limits.h>
#include <string.h>

enum { ROUND_ROBIN, WEIGHTED, LEAST_BUSY, MOST_BUSY, SPARE_CAPACITY, LONGEST_IDLE, RANDOM };
enum { OF_TEAM, OF_CHANNEL, GLOBAL };

/* 4: a rotation belongs to a team; to a team and a channel; to all teams that say so. */
static struct rotation *rotation_of(struct oracle_desk *d, const struct ticket *k, int team)
{
    int kind = d->p->teams.at[team].rotation;
    int of_team = kind == GLOBAL ? NONE : team, channel = kind == OF_CHANNEL ? k->channel : NONE;
    for (int i = 0; i < d->rotations.count; i++)
        if (d->rotations.at[i]->team == of_team && d->rotations.at[i]->channel == channel)
            return d->rotations.at[i];
    struct rotation *r = gen_alloc(d->g, sizeof *r);
    *r = (struct rotation){.team = of_team, .channel = channel, .last = NONE};
    return *list_push(d->g, &d->rotations) = r;
}

/* The members' order; of the global rotation that of the policy's agents. */
void od_order_of(const struct oracle_desk *d, const struct rotation *r, struct agents *order)
{
    if (r->team != NONE) {
        od_members_of(d, r->team, order);
        return;
    }
    for (order->count = 0; order->count < d->p->agents.count; order->count++)
        order->at[order->count] = order->count;
}

static bool has(const struct agents *list, int agent)
{
    for (int i = 0; i < list->count; i++)
        if (list->at[i] == agent) return true;
    return false;
}

/* round-robin: the first after the rotation's last agent, round and round; it moves the rotation (4.1). */
static int round_robin(struct oracle_desk *d, const struct ticket *k, int team, const struct agents *list)
{
    struct rotation *r = rotation_of(d, k, team);
    struct agents order;
    int last = NONE;
    od_order_of(d, r, &order);
    for (int i = 0; i < order.count; i++)
        if (order.at[i] == r->last) last = i;
    for (int i = r->at_last ? 0 : 1; i <= order.count; i++) {
        int agent = order.at[(last + i) % order.count];
        if (!has(list, agent)) continue;
        r->at_last = false;
        return r->last = agent;
    }
    return NONE;
}

/* weighted: each gains its weight; the largest sum (first in the rotation's order on a tie) is picked and
 * loses the sum of their weights. */
static int weighted(struct oracle_desk *d, const struct ticket *k, int team, const struct agents *list)
{
    struct rotation *r = rotation_of(d, k, team);
    struct agents order;
    int all = 0, best = NONE;
    od_order_of(d, r, &order);
    for (int i = 0; i < order.count; i++) {
        int agent = order.at[i], weight = d->p->agents.at[agent].weight;
        if (!has(list, agent)) continue;
        if (weight == NOT_SAID) weight = 1;
        r->sums[agent] += weight;
        all += weight;
        if (best == NONE || r->sums[agent] > r->sums[best]) best = agent;
    }
    r->sums[best] -= all;
    return best;
}

typedef int64_t measure(const struct oracle_desk *d, const struct ticket *k, int agent);

static int64_t busy(const struct oracle_desk *d, const struct ticket *k, int agent)
{
    return od_open_on(d, agent, k->channel);
}

static int64_t idle(const struct oracle_desk *d, const struct ticket *k, int agent)
{
    (void)k;
    return -(int64_t)d->agents[agent].last_automatic; /* never: 0, before all */
}

/* The smaller of what the channel's and the total limit leave; no limit: no end of room. */
static int64_t room(const struct oracle_desk *d, const struct ticket *k, int agent)
{
    int channel = k->channel, on_channel = od_limit_of(d, agent, channel),
        total = od_limit_of(d, agent, TOTAL);
    int64_t left = INT64_MAX;
    if (on_channel != INT_MAX) left = on_channel - od_open_on(d, agent, channel);
    if (total != INT_MAX && total - od_open_in_all(d, agent) < left) left = total - od_open_in_all(d, agent);
    return left;
}

/* Those of the largest measure (sign 1) or the smallest (-1), in the same order. */
static struct agents most(const struct oracle_desk *d, const struct ticket *k, const struct agents *list,
                          measure *of, int sign)
{
    struct agents best = {.count = 0};
    for (int i = 0; i < list->count; i++) {
        int64_t here = sign * of(d, k, list->at[i]),
                top = best.count ? sign * of(d, k, best.at[0]) : INT64_MIN;
        if (here > top) best.count = 0;
        if (here >= top) best.at[best.count++] = list->at[i];
    }
    return best;
}

/* Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014. */
static int at_random(struct oracle_desk *d, const struct agents *list)
{
    uint64_t x = d->random += UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
    x ^= x >> 31;
    uint64_t n = (uint64_t)list->count; /* the high half of n x */
    return list->at[(n * (x >> 32) + (n * (x & UINT32_MAX) >> 32)) >> 32];
}

int od_pick(struct oracle_desk *d, const struct ticket *k, int team, int strategy, const struct agents *list)
{
    struct agents best;
    switch (strategy) {
    case WEIGHTED: return weighted(d, k, team, list);
    case LEAST_BUSY: return best = most(d, k, list, busy, -1), round_robin(d, k, team, &best);
    case MOST_BUSY: return most(d, k, list, busy, 1).at[0];
    case SPARE_CAPACITY: return best = most(d, k, list, room, 1), round_robin(d, k, team, &best);
    case LONGEST_IDLE: return most(d, k, list, idle, 1).at[0];
    case RANDOM: return at_random(d, list);
    default: return round_robin(d, k, team, list);
    }
}

/* 4.2: NONE where the team is not sticky, or their last agent in it is not eligible. */
int od_sticky_agent(const struct oracle_desk *d, const struct ticket *k, int team, const struct agents *list)
{
    const struct g_slot *s = &k->carried.slots[A_CUSTOMER];
    if (!d->p->teams.at[team].sticky || !s->carried) return NONE;
    for (int i = 0; i < d->customers.count; i++) {
        const struct customer *c = &d->customers.at[i];
        if (c->team == team && !strcmp(c->text, text_nfc(d->g, s->text)))
            return has(list, c->agent) ? c->agent : NONE;
    }
    return NONE;
}
