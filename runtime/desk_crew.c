/*
 * The teams of a table to crews: teams with one and the same list of members. A table holds such a list once,
 * and so does the desk: of n teams of `agents: all` and n agents, each agent is in one crew, and making the
 * desk costs the lists that there are, not the teams that have them.
 *
 * What an agent's change means for those who wait goes by crew too: a crew knows its teams in which tickets
 * wait, so that an event looks at no team in which none does.
 */
#include "desk_state.h"

/* ---- making ---- */

struct crew_key {
    uint32_t member_first, member_count;
};

/* The crew of a team, among those that are there, or a new one. slots: open addressing, crew + 1. */
static uint32_t crew_of(struct shunt_desk *d, uint32_t team, uint32_t *slots, uint32_t cap)
{
    const struct tf_team *t = &d->t->TEAM[team];
    struct crew_key key = {le32(t->member_first), le32(t->member_count)};
    uint32_t i = (uint32_t)sh_hash(d->sip_key, 6, &key, sizeof key) & (cap - 1);
    for (; slots[i]; i = (i + 1) & (cap - 1)) {
        const struct desk_crew *c = &d->crews[slots[i] - 1];
        if (c->member_first == key.member_first && c->member_count == key.member_count) return slots[i] - 1;
    }
    d->crews[d->crew_count] = (struct desk_crew){
        .member_first = key.member_first, .member_count = key.member_count, .waiting = TF_NONE};
    slots[i] = ++d->crew_count;
    return slots[i] - 1;
}

static void find_crews(struct shunt_desk *d)
{
    uint32_t cap = 2;
    while (cap < 2 * d->t->TEAM_count) cap *= 2; /* at most 65,535 teams */
    uint32_t *slots = sh_txn_alloc(&d->txn, sh_array_len(cap, sizeof *slots));
    for (uint32_t i = 0; i < d->t->TEAM_count; i++) {
        uint32_t crew = crew_of(d, i, slots, cap);
        d->teams[i].crew = crew;
        d->teams[i].before = d->teams[i].after = TF_NONE;
        d->crews[crew].on_shift |= d->t->TEAM[i].on_shift;
    }
    sh_txn_free(&d->txn, slots, cap * sizeof *slots);
}

/* How many members all crews have together. */
static uint32_t count_members(struct shunt_desk *d)
{
    uint64_t sum = 0;
    d->most_members = d->t->AGENT_count; /* a forged table may name one twice */
    for (uint32_t i = 0; i < d->crew_count; i++) {
        uint32_t count = d->crews[i].member_count;
        if (count > d->most_members) d->most_members = count;
        sum += count;
    }
    if (sum > UINT32_MAX) sh_txn_fail(&d->txn); /* of a forged table: ranges of one list */
    return (uint32_t)sum;
}

/* crews_of: for each agent the crews that list it, ascending. */
static void index_members(struct shunt_desk *d)
{
    const struct shunt_table *t = d->t;
    uint32_t sum = count_members(d);
    d->crews_of_first = sh_txn_alloc(&d->txn, sh_array_len((uint64_t)t->AGENT_count + 2, sizeof(uint32_t)));
    d->crews_of = sh_txn_alloc(&d->txn, sh_array_len(sum, sizeof(uint32_t)));
    uint32_t *next = d->crews_of_first + 1; /* counted one place on, then moved back by filling */
    for (int fill = 0; fill < 2; fill++) {
        for (uint32_t i = 0; i < d->crew_count; i++) {
            const le32_t *list = t->LIST + d->crews[i].member_first;
            for (uint32_t m = 0; m < d->crews[i].member_count; m++) {
                uint32_t agent = le32(list[m]);
                if (fill)
                    d->crews_of[next[agent]++] = i;
                else
                    next[agent + 1]++;
            }
        }
        if (fill) break;
        for (uint32_t a = 1; a <= t->AGENT_count; a++) next[a] += next[a - 1];
    }
}

void sh_desk_make_crews(struct shunt_desk *d)
{
    d->teams = sh_txn_alloc(&d->txn, sh_array_len(d->t->TEAM_count, sizeof *d->teams));
    d->crews = sh_txn_alloc(&d->txn, sh_array_len(d->t->TEAM_count, sizeof *d->crews));
    find_crews(d);
    index_members(d);
}

/* ---- membership ---- */

bool sh_desk_is_member(const struct shunt_desk *d, uint32_t team, uint32_t agent)
{
    uint32_t first = d->crews_of_first[agent];
    return desk_among(d->crews_of + first, d->crews_of_first[agent + 1] - first, d->teams[team].crew);
}

/* ---- teams in which tickets wait ---- */

static struct desk_team *touched(struct shunt_desk *d, uint32_t team)
{
    struct desk_team *t = &d->teams[team];
    txn_touch(&d->txn, &t->mark, t, sizeof *t);
    return t;
}

static struct desk_crew *touched_crew(struct shunt_desk *d, uint32_t team)
{
    struct desk_crew *c = &d->crews[d->teams[team].crew];
    txn_touch(&d->txn, &c->mark, c, sizeof *c);
    return c;
}

void sh_desk_crew_waits(struct shunt_desk *d, uint32_t team)
{
    struct desk_crew *c = touched_crew(d, team);
    struct desk_team *t = touched(d, team);
    t->before = TF_NONE;
    t->after = c->waiting;
    if (t->after != TF_NONE) touched(d, t->after)->before = team;
    c->waiting = team;
}

void sh_desk_crew_done(struct shunt_desk *d, uint32_t team)
{
    struct desk_team *t = touched(d, team);
    if (t->before != TF_NONE)
        touched(d, t->before)->after = t->after;
    else
        touched_crew(d, team)->waiting = t->after;
    if (t->after != TF_NONE) touched(d, t->after)->before = t->before;
    t->before = t->after = TF_NONE;
}
