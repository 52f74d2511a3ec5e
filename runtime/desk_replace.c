/*
 * A desk under the next version of the policy (desk.md 4.4): what goes by name is carried over here, tickets
 * and figures by files of their own; then what the new version changes at once is done, and handed out.
 */
#include "desk_format.h"
#include "desk_replace.h"

/* ---- presence and switches ---- */

/* Those that are there still, in the new order. */
static struct desk_channels *carry_channels(struct desk_replacing *r, const struct desk_agent *a)
{
    uint32_t count = 0;
    if (!a->some_channels) return NULL;
    for (uint32_t i = 0; i < a->channels->count; i++) count += r->channels.to[a->channels->at[i]] != TF_NONE;
    struct desk_channels *channels = sh_desk_channels(r->d, count);
    for (uint32_t i = 0, n = 0; i < a->channels->count; i++) {
        uint32_t channel = r->channels.to[a->channels->at[i]];
        if (channel != TF_NONE) channels->at[n++] = channel;
    }
    sh_desk_channels_sort(channels);
    return channels;
}

/* Devices of channels that are there still, in one block; *len: its bytes. */
static struct desk_device *carry_devices(struct desk_replacing *r, const struct desk_agent *a,
                                         uint32_t *count, uint32_t *len)
{
    *count = *len = 0;
    for (uint32_t i = 0; i < a->device_count; i++) {
        if (r->channels.to[a->devices[i].channel] == TF_NONE) continue;
        *len += (uint32_t)sizeof(struct desk_device) + a->devices[i].len + 1;
        ++*count;
    }
    if (*count == 0) return NULL;
    struct desk_device *devices = sh_txn_alloc(&r->d->txn, *len);
    char *text = (char *)(devices + *count);
    uint32_t n = 0;
    for (uint32_t i = 0; i < a->device_count; i++) {
        uint32_t channel = r->channels.to[a->devices[i].channel];
        if (channel == TF_NONE) continue;
        memcpy(text, a->devices[i].text, a->devices[i].len); /* a NUL stands behind it: the block is zero */
        devices[n++] = (struct desk_device){channel, a->devices[i].len, text};
        text += a->devices[i].len + 1;
    }
    return devices;
}

static void carry_agents(struct desk_replacing *r)
{
    for (uint32_t i = 0; i < r->agents.count; i++) {
        const struct desk_agent *a = desk_agent(r->old, i);
        uint32_t count, len, to = desk_mapped_agent(r, i);
        if (to == TF_NONE) continue;
        desk_agent(r->d, to)->last_automatic = a->last_automatic;
        if (!a->online) continue;
        struct desk_channels *channels = carry_channels(r, a);
        struct desk_device *devices = carry_devices(r, a, &count, &len);
        sh_desk_online(r->d, to, channels, devices, count, len, a->has_devices);
    }
}

static void carry_teams(struct desk_replacing *r)
{
    for (uint32_t i = 0; i < r->teams.count; i++) {
        if (r->teams.to[i] != TF_NONE) r->d->teams[r->teams.to[i]].off = r->old->teams[i].off;
    }
}

/* ---- rotations ---- */

/* A rotation's order: a team's members, or all agents. */
static uint32_t order_count(const struct shunt_desk *d, uint32_t team)
{
    return team == TF_NONE ? d->t->AGENT_count : le32(d->t->TEAM[team].member_count);
}
static uint32_t order_at(const struct shunt_desk *d, uint32_t team, uint32_t place)
{
    return team == TF_NONE ? place : le32(d->t->LIST[le32(d->t->TEAM[team].member_first) + place]);
}

/* Where an agent of the old rotation is in the new one; TF_NONE: left. */
static uint32_t remains(const struct desk_replacing *r, uint32_t new_team, uint32_t old_agent)
{
    uint32_t to = desk_mapped_agent(r, old_agent);
    return to == TF_NONE || new_team == TF_NONE || sh_desk_is_member(r->d, new_team, to) ? to : TF_NONE;
}

/* The last agent; or where that one left, the next who remains in the old order, whose turn it then is. */
static void carry_last(struct desk_replacing *r, const struct desk_rotation *from, struct desk_rotation *to)
{
    if (from->last == TF_NONE) return;
    to->last = remains(r, to->team, from->last);
    to->inclusive = from->inclusive;
    if (to->last != TF_NONE) return;
    uint32_t count = order_count(r->old, from->team), place = 0;
    while (place < count && order_at(r->old, from->team, place) != from->last) place++;
    for (uint32_t i = 1; i < count && to->last == TF_NONE; i++) {
        to->last =
            remains(r, to->team, order_at(r->old, from->team, (uint32_t)(((uint64_t)place + i) % count)));
    }
    to->inclusive = to->last != TF_NONE;
}

/* Sums by name: places of the old order go by the agent who stands there. by_agent: room for all new agents,
 * zero before and after. */
static void carry_sums(struct desk_replacing *r, const struct desk_rotation *from, struct desk_rotation *to,
                       int64_t *by_agent)
{
    struct shunt_desk *d = r->d;
    if (!from->sums) return;
    for (uint32_t i = 0; i < from->sum_count; i++) {
        uint32_t agent = desk_mapped_agent(r, order_at(r->old, from->team, i));
        if (agent != TF_NONE) by_agent[agent] = from->sums[i];
    }
    to->sum_count = order_count(d, to->team);
    to->sums = sh_txn_alloc(&d->txn, sh_array_len(to->sum_count, sizeof *to->sums));
    for (uint32_t i = 0; i < to->sum_count; i++) to->sums[i] = by_agent[order_at(d, to->team, i)];
    for (uint32_t i = 0; i < from->sum_count; i++) {
        uint32_t agent = desk_mapped_agent(r, order_at(r->old, from->team, i));
        if (agent != TF_NONE) by_agent[agent] = 0;
    }
}

/* A team by which the new desk finds the rotation; TF_NONE: there is none such any more. */
static uint32_t rotation_team(const struct desk_replacing *r, const struct desk_rotation *from)
{
    const struct shunt_table *t = r->d->t;
    if (from->team != TF_NONE) {
        uint32_t team = r->teams.to[from->team];
        return team != TF_NONE && t->TEAM[team].rotation == r->old->t->TEAM[from->team].rotation ? team
                                                                                                 : TF_NONE;
    }
    for (uint32_t i = 0; i < t->TEAM_count; i++) {
        if (t->TEAM[i].rotation == TF_ROTATION_GLOBAL) return i;
    }
    return TF_NONE;
}

static void carry_rotations(struct desk_replacing *r)
{
    struct shunt_desk *d = r->d;
    size_t len = sh_array_len(d->t->AGENT_count, sizeof(int64_t));
    int64_t *by_agent = sh_txn_alloc(&d->txn, len);
    for (uint32_t i = 0; i < r->old->rotations.cap; i++) {
        const struct desk_rotation *from = r->old->rotations.slots[i].item;
        uint32_t team = from ? rotation_team(r, from) : TF_NONE, channel = TF_NONE;
        if (team == TF_NONE) continue;
        if (from->channel != TF_NONE && from->channel < r->old->channel_count) {
            channel = r->channels.to[from->channel];
            if (channel == TF_NONE) continue;
        }
        struct desk_rotation *to = sh_desk_rotation_of(d, team, channel, true);
        carry_last(r, from, to);
        carry_sums(r, from, to, by_agent);
    }
    sh_txn_free(&d->txn, by_agent, len);
}

/* ---- customers ---- */

static void carry_customers(struct desk_replacing *r)
{
    for (const struct desk_customer *c = r->old->core.customer_oldest; c; c = c->newer) {
        uint32_t team = r->teams.to[c->team], agent = desk_mapped_agent(r, c->agent);
        if (team != TF_NONE && agent != TF_NONE) sh_desk_customer_set(r->d, team, c->text, c->len, agent);
    }
}

/* ---- all of it ---- */

static void begin(struct desk_replacing *r)
{
    const struct desk_core *from = &r->old->core;
    struct desk_core *to = &r->d->core;
    to->has_time = from->has_time;
    to->now_sec = from->now_sec;
    to->off = from->off;
    to->random = from->random;
    to->automatic = from->automatic;
    if (to->has_time) sh_desk_watches_advance(r->d, to->now_sec);
}

static void stands(struct desk_replacing *r)
{
    sh_txn_commit(&r->d->txn);
    sh_txn_begin(&r->d->txn);
}

static void carry(struct desk_replacing *r)
{
    struct shunt_desk *d = r->d;
    begin(r);
    sh_desk_replace_maps(r);
    sh_desk_replace_gone(r);
    carry_teams(r);
    carry_agents(r);
    carry_rotations(r);
    carry_customers(r);
    if (d->figures) sh_desk_replace_figures(r);
    stands(r);
    sh_desk_replace_tickets(r);
    stands(r);
    d->part = SHUNT_PART_DRAIN;
    sh_desk_reports_begin(d);
    sh_desk_replace_settle(r);
}

/* No memory comes back to here: what was made stays for shunt_desk_free(). */
static bool carry_within(struct desk_replacing *r)
{
    struct txn *x = &r->d->txn;
    if (setjmp(x->out)) {
        sh_txn_rollback(x);
        return false;
    }
    sh_txn_begin(x);
    carry(r);
    sh_txn_commit(x);
    return true;
}

/* Room for the old tickets and the new ones. */
static bool carry_all(struct desk_replacing *r)
{
    const struct shunt_hooks h = r->d->txn.hooks;
    uint32_t count = r->old->tickets.count;
    size_t len = sh_array_len(2 * (uint64_t)count + 1, sizeof(void *));
    void **tickets = sh_alloc_zero(&h, len);
    if (!tickets) return false;
    r->olds = (void *)tickets;
    r->news = (void *)(tickets + count);
    r->ticket_count = count;
    sh_desk_sort_tickets(r->old, r->olds);
    bool done = carry_within(r);
    sh_desk_replace_release(r);
    sh_free(&h, tickets, len);
    return done;
}

enum shunt_status shunt_desk_replace(const struct shunt_desk *old, const struct shunt_table *table,
                                     const struct shunt_sink *sink, struct shunt_desk **desk)
{
    struct desk_replacing r = {.old = old};
    enum shunt_status status = sh_desk_make(table, &old->options, &old->txn.hooks, &r.d);
    if (status != SHUNT_OK) return status;
    if (!carry_all(&r)) {
        shunt_desk_free(r.d);
        return SHUNT_NO_MEMORY;
    }
    sh_desk_reports_send(r.d, sink);
    *desk = r.d;
    return SHUNT_OK;
}
