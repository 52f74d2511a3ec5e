/*
 * A team's members to the one who gets the ticket (desk.md 3 and 4).
 *
 * Eligibility is asked member by member, in the order of the team: a pass over a few bytes of each, which for
 * teams of thousands costs a few nanoseconds a member. Strategies pick among those left, in the same order.
 */
#include "desk_state.h"

/* ---- eligible (3.1, 3.2) ---- */

static bool serves(const struct shunt_table *t, const struct tf_agent *a, uint32_t channel)
{
    uint32_t first = le32(a->channel_first), lo = 0, hi = le32(a->channel_count);
    if (first == TF_NONE || channel == TF_NONE) return true;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2, at = le32(t->LIST[first + mid]);
        if (at == channel) return true;
        if (at < channel)
            lo = mid + 1;
        else
            hi = mid;
    }
    return false;
}

static bool has_room(const struct shunt_desk *d, const struct tf_agent *a, uint32_t agent, uint32_t channel)
{
    if (desk_agent(d, agent)->open_total >= le32(a->limit_total))
        return false; /* TF_NONE: more than can be */
    if (channel == TF_NONE) return true;
    uint32_t limit = desk_by_channel(d->t, &a->limit, channel);
    return limit == TF_NONE || desk_open(d, agent, channel) < limit;
}

/* The first stage from `from` on at which they are left out; RANK: at none. */
static inline enum shunt_stage stage_from(const struct shunt_desk *d, const struct desk_ask *ask,
                                          uint32_t agent, enum shunt_stage from)
{
    const struct tf_agent *a = &d->t->AGENT[agent];
    const struct desk_agent *s = desk_agent(d, agent);
    bool on_duty = ask->team != TF_NONE && d->t->TEAM[ask->team].on_shift && le32(a->hours) != TF_NONE;
    if (from <= SHUNT_STAGE_ONLINE && !on_duty && !sh_desk_is_online(d, agent, ask->channel))
        return SHUNT_STAGE_ONLINE;
    if (from <= SHUNT_STAGE_SHIFT && s->shift != TF_NONE && !d->watches[s->shift].on)
        return SHUNT_STAGE_SHIFT;
    if (from <= SHUNT_STAGE_CHANNEL && !serves(d->t, a, ask->channel)) return SHUNT_STAGE_CHANNEL;
    if (from <= SHUNT_STAGE_SKILL && ask->require && !sh_bit(ask->require->who, agent))
        return SHUNT_STAGE_SKILL;
    if (from <= SHUNT_STAGE_CAPACITY && !has_room(d, a, agent, ask->channel)) return SHUNT_STAGE_CAPACITY;
    return SHUNT_STAGE_RANK;
}

enum shunt_stage sh_desk_stage(const struct shunt_desk *d, const struct desk_ask *ask, uint32_t agent)
{
    return stage_from(d, ask, agent, SHUNT_STAGE_ONLINE);
}

uint32_t sh_desk_stages(const struct shunt_desk *d, const struct desk_ask *ask, uint32_t agent)
{
    uint32_t stages = 0;
    enum shunt_stage stage = stage_from(d, ask, agent, SHUNT_STAGE_ONLINE);
    for (; stage < SHUNT_STAGE_RANK; stage = stage_from(d, ask, agent, (enum shunt_stage)(stage + 1)))
        stages |= 1U << stage;
    return stages;
}

/* The rank of an agent who could have a ticket of the channel, whatever it requires; 0: could not. */
static uint8_t fit_of(const struct shunt_desk *d, uint32_t agent, uint32_t channel)
{
    struct desk_ask ask = {TF_NONE, TF_NONE, channel, NULL, false, false};
    bool fit = sh_desk_stage(d, &ask, agent) == SHUNT_STAGE_RANK;
    return fit ? (uint8_t)desk_by_channel(d->t, &d->t->AGENT[agent].rank, channel) : 0;
}

void sh_desk_refit(struct shunt_desk *d, uint32_t agent)
{
    uint8_t *row = d->fit + agent * d->fit_len;
    sh_txn_save(&d->txn, row, d->fit_len);
    for (uint32_t place = 0; place + 1 < d->place_count; place++) row[place] = fit_of(d, agent, place);
    row[d->fit_len - 1] = fit_of(d, agent, TF_NONE);
}

void sh_desk_refit_channel(struct shunt_desk *d, uint32_t agent, uint32_t channel)
{
    if (!d->place_count) return;
    uint8_t *at = d->fit + agent * d->fit_len + desk_load_place(d, channel);
    sh_txn_save(&d->txn, at, sizeof *at);
    *at = fit_of(d, agent, channel);
}

/* The stage that leaves nobody: the last at which a member fails. */
static enum shunt_stage last_stage(const struct shunt_desk *d, const struct desk_ask *ask)
{
    const struct tf_team *team = &d->t->TEAM[ask->team];
    const le32_t *members = d->t->LIST + le32(team->member_first);
    enum shunt_stage last = SHUNT_STAGE_ONLINE;
    for (uint32_t i = 0; i < le32(team->member_count) && last < SHUNT_STAGE_CAPACITY; i++) {
        enum shunt_stage stage = sh_desk_stage(d, ask, le32(members[i]));
        if (stage > last) last = stage;
    }
    return last;
}

/* desk.fit of one channel. */
struct fits {
    const uint8_t *at;
    size_t step;
    bool whole; /* else it says what holds for every channel */
};

static struct fits fits_of(const struct shunt_desk *d, uint32_t channel)
{
    uint32_t place = d->place_count ? desk_load_place(d, channel) : 0;
    return (struct fits){d->fit + place, d->fit_len, d->place_count || channel == TF_NONE};
}

/* The rank of an eligible member; 0: not eligible. On duty without being online is not in desk.fit. */
static uint32_t rank_of(const struct shunt_desk *d, const struct desk_ask *ask, struct fits fits,
                        bool on_shift, uint32_t agent)
{
    uint32_t rank = fits.at[agent * fits.step];
    if (rank && fits.whole) return !ask->require || sh_bit(ask->require->who, agent) ? rank : 0;
    if (!rank && !on_shift) return 0;
    if (sh_desk_stage(d, ask, agent) != SHUNT_STAGE_RANK) return 0;
    return desk_by_channel(d->t, &d->t->AGENT[agent].rank, ask->channel);
}

uint32_t sh_desk_eligible(struct shunt_desk *d, const struct desk_ask *ask, enum shunt_stage *none)
{
    const struct tf_team *team = &d->t->TEAM[ask->team];
    const le32_t *members = d->t->LIST + le32(team->member_first);
    uint32_t member_count = le32(team->member_count), count = 0, best = UINT32_MAX;
    struct fits fits = fits_of(d, ask->channel);
    for (uint32_t place = 0; place < member_count; place++) {
        uint32_t agent = le32(members[place]), rank = rank_of(d, ask, fits, team->on_shift, agent);
        if (rank == 0 || rank > best) continue;
        if (rank < best) count = 0;
        best = rank;
        d->scratch.agents[count] = agent;
        d->scratch.more[count++] = place;
    }
    if (count == 0) *none = last_stage(d, ask);
    return count;
}

/* ---- rotations ---- */

struct rotation_key {
    uint32_t team, channel;
};

static bool same_rotation(const void *item, const void *key)
{
    const struct desk_rotation *r = item;
    const struct rotation_key *k = key;
    return r->team == k->team && r->channel == k->channel;
}

/* The rotation that counts for a team and a channel: its own, the channel's, or the one for all. A ticket
 * without a channel has one more channel. */
struct desk_rotation *sh_desk_rotation_of(struct shunt_desk *d, uint32_t team, uint32_t channel, bool make)
{
    struct rotation_key key = {team, TF_NONE};
    if (d->t->TEAM[team].rotation == TF_ROTATION_GLOBAL) key.team = TF_NONE;
    if (d->t->TEAM[team].rotation == TF_ROTATION_CHANNEL) key.channel = desk_load_place(d, channel);
    uint64_t hash = sh_hash(d->sip_key, 5, &key, sizeof key);
    struct desk_rotation *r = sh_map_find(&d->rotations, hash, same_rotation, &key);
    if (r || !make) return r;
    r = sh_txn_alloc(&d->txn, sizeof *r);
    r->mark = d->txn.number;
    r->team = key.team, r->channel = key.channel;
    r->last = TF_NONE;
    sh_map_insert(&d->txn, &d->rotations, hash, r);
    return r;
}

/* Where a candidate stands in the rotation's order. */
static uint32_t order_of(const struct shunt_desk *d, const struct desk_rotation *r, uint32_t i)
{
    return r->team == TF_NONE ? d->scratch.agents[i] : d->scratch.more[i];
}

/* The first place of the order that comes before all others: the one after the last. */
uint32_t sh_desk_turn_begins(const struct shunt_desk *d, const struct desk_rotation *r)
{
    if (r->last == TF_NONE) return 0;
    uint32_t place = r->last;
    if (r->team != TF_NONE) {
        const struct tf_team *team = &d->t->TEAM[r->team];
        const le32_t *members = d->t->LIST + le32(team->member_first);
        place = r->last_place;
        if (place < le32(team->member_count) && le32(members[place]) == r->last) return place + !r->inclusive;
        for (place = 0; place < le32(team->member_count) && le32(members[place]) != r->last;) place++;
    }
    return place + !r->inclusive;
}

/* Of the candidates listed in ids (places in scratch.agents), the one whose turn it is; the rotation moves to
 * them. */
static uint32_t by_turn(struct shunt_desk *d, struct desk_rotation *r, const uint32_t *ids, uint32_t count)
{
    uint32_t begins = sh_desk_turn_begins(d, r), best = ids[0];
    uint64_t best_key = UINT64_MAX;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t order = order_of(d, r, ids[i]);
        uint64_t key = order >= begins ? order : order + (UINT64_C(1) << 32);
        if (key < best_key) best_key = key, best = ids[i];
    }
    txn_touch(&d->txn, &r->mark, r, sizeof *r);
    r->last = d->scratch.agents[best];
    r->last_place = d->scratch.more[best];
    r->inclusive = false;
    return best;
}

/* ---- strategies (4): each gives a place in scratch.agents ---- */

/* What a strategy goes by: smallest first. */
static uint64_t measure(const struct shunt_desk *d, enum tf_strategy strategy, uint32_t channel,
                        uint32_t agent)
{
    const struct tf_agent *a = &d->t->AGENT[agent];
    const struct desk_agent *s = desk_agent(d, agent);
    uint32_t open = desk_open(d, agent, channel);
    switch (strategy) {
    case TF_LEAST_BUSY: return open;
    case TF_MOST_BUSY: return UINT64_MAX - open;
    case TF_LONGEST_IDLE: return s->last_automatic;
    case TF_SPARE_CAPACITY: {
        uint32_t total = le32(a->limit_total), limit = TF_NONE;
        if (channel != TF_NONE) limit = desk_by_channel(d->t, &a->limit, channel);
        uint64_t room = total == TF_NONE ? UINT64_MAX : total - s->open_total;
        if (limit != TF_NONE && limit - open < room) room = limit - open;
        return UINT64_MAX - room;
    }
    default: return 0;
    }
}

/* Those of the smallest measure, in scratch.ids; how many. */
static uint32_t smallest(struct shunt_desk *d, enum tf_strategy strategy, uint32_t channel, uint32_t count)
{
    uint64_t best = UINT64_MAX;
    uint32_t tied = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t m = measure(d, strategy, channel, d->scratch.agents[i]);
        if (m > best) continue;
        if (m < best) tied = 0;
        best = m;
        d->scratch.ids[tied++] = i;
    }
    return tied;
}

static void make_sums(struct shunt_desk *d, struct desk_rotation *r)
{
    txn_touch(&d->txn, &r->mark, r, sizeof *r);
    if (!r->sums) {
        r->sum_count = r->team == TF_NONE ? d->t->AGENT_count : le32(d->t->TEAM[r->team].member_count);
        r->sums = sh_txn_alloc(&d->txn, sh_array_len(r->sum_count, sizeof *r->sums));
    } else {
        sh_txn_save(&d->txn, r->sums, r->sum_count * sizeof *r->sums);
    }
}

/* Smooth weighted rotation, as nginx balances upstreams (I. Sysoev, R. Arutyunyan, 2012): each gains its
 * weight, the largest sum is picked and loses what all have gained. */
static uint32_t weighted(struct shunt_desk *d, struct desk_rotation *r, uint32_t count)
{
    int64_t gained = 0, best_sum = INT64_MIN;
    uint32_t best = 0;
    make_sums(d, r);
    for (uint32_t i = 0; i < count; i++) {
        int64_t *sum = &r->sums[order_of(d, r, i)];
        unsigned weight = d->t->AGENT[d->scratch.agents[i]].weight;
        *sum += weight;
        gained += weight;
        bool first = *sum > best_sum || (*sum == best_sum && order_of(d, r, i) < order_of(d, r, best));
        if (first) best_sum = *sum, best = i;
    }
    r->sums[order_of(d, r, best)] -= gained;
    return best;
}

/* SplitMix64: G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014. */
uint64_t sh_desk_random(struct shunt_desk *d)
{
    uint64_t z = d->core.random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* ⌊n·x / 2⁶⁴⌋ for n below 2³². */
static uint32_t scaled(uint32_t n, uint64_t x)
{
    uint64_t high = (uint64_t)n * (x >> 32), low = (uint64_t)n * (uint32_t)x;
    return (uint32_t)((high + (low >> 32)) >> 32);
}

uint32_t sh_desk_pick(struct shunt_desk *d, const struct desk_ask *ask, enum tf_strategy strategy,
                      uint32_t count)
{
    if (strategy == TF_RANDOM) return d->scratch.agents[scaled(count, sh_desk_random(d))];
    struct desk_rotation *r = sh_desk_rotation_of(d, ask->team, ask->channel, true);
    if (strategy == TF_WEIGHTED) return d->scratch.agents[weighted(d, r, count)];
    uint32_t tied = smallest(d, strategy, ask->channel, count);
    bool in_order = strategy == TF_MOST_BUSY || strategy == TF_LONGEST_IDLE;
    return d->scratch.agents[in_order ? d->scratch.ids[0] : by_turn(d, r, d->scratch.ids, tied)];
}
