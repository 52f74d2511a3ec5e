/*
 * desk.md 3: who is eligible, stage by stage.
 */
#include "desk_state.h"

#include <limits.h>
#include <string.h>

typedef bool stage(const struct oracle_desk *d, const struct ticket *k, int team, int agent);

/* 2.6: without a channel, every online agent is online for it. */
static bool is_online(const struct oracle_desk *d, const struct ticket *k, int agent)
{
    const struct desk_agent *a = &d->agents[agent];
    if (!a->online) return false;
    if (!a->some_channels || k->channel == NONE) return true;
    for (int i = 0; i < a->channels.count; i++)
        if (od_find_channel(d, a->channels.at[i]) == k->channel) return true;
    return false;
}

/* In a team that is `on-shift` this stage keeps its members with hours, and of the others those online. */
static bool is_there(const struct oracle_desk *d, const struct ticket *k, int team, int agent)
{
    bool on_duty = team != NONE && d->p->teams.at[team].on_shift && od_is_member(d, team, agent) &&
                   d->p->agents.at[agent].hours != NOT_SAID;
    return on_duty || is_online(d, k, agent);
}

static bool in_shift(const struct oracle_desk *d, const struct ticket *k, int team, int agent)
{
    (void)k, (void)team;
    return od_on_shift(d, agent);
}

static bool serves_channel(const struct oracle_desk *d, const struct ticket *k, int team, int agent)
{
    const struct g_agent *a = &d->p->agents.at[agent];
    (void)team;
    if (k->channel == NONE || a->channels.count == 0) return true;
    for (int i = 0; i < a->channels.count; i++)
        if (a->channels.at[i] == k->channel) return true;
    return false;
}

bool od_has_skills(const struct oracle_desk *d, const struct ticket *k, int agent)
{
    const strings *skills = &d->p->agents.at[agent].skills;
    for (int i = 0; i < k->require.count; i++) {
        bool there = false;
        for (int n = 0; n < skills->count; n++) there |= !strcmp(skills->at[n], k->require.at[i]);
        if (!there) return false;
    }
    return true;
}

static bool skilled(const struct oracle_desk *d, const struct ticket *k, int team, int agent)
{
    (void)team;
    return od_has_skills(d, k, agent);
}

static bool has_room(const struct oracle_desk *d, const struct ticket *k, int team, int agent)
{
    int channel = od_limit_of(d, agent, k->channel), total = od_limit_of(d, agent, TOTAL);
    (void)team;
    if (channel != INT_MAX && od_open_on(d, agent, k->channel) >= channel) return false;
    return total == INT_MAX || od_open_in_all(d, agent) < total;
}

static const struct {
    stage *keeps;
    const char *why;
} stages[] = {{is_there, "nobody-online"},
              {in_shift, "off-shift"},
              {serves_channel, "channel-not-served"},
              {skilled, "skill-missing"},
              {has_room, "at-capacity"}};

/* 3.1: the stage that leaves nobody names the why. team NONE: a step of one agent, who is in the list. */
const char *od_eligible(const struct oracle_desk *d, const struct ticket *k, int team, struct agents *list)
{
    if (team != NONE) od_members_of(d, team, list);
    for (size_t s = 0; s < sizeof stages / sizeof *stages; s++) {
        int kept = 0;
        for (int i = 0; i < list->count; i++)
            if (stages[s].keeps(d, k, team, list->at[i])) list->at[kept++] = list->at[i];
        list->count = kept;
        if (kept == 0) return stages[s].why;
    }
    return NULL;
}

bool od_passes_four_stages(const struct oracle_desk *d, const struct ticket *k, int agent)
{
    for (int s = 0; s < 4; s++)
        if (!stages[s].keeps(d, k, k->team, agent)) return false;
    return true;
}

static int rank_of(const struct oracle_desk *d, const struct ticket *k, int agent)
{
    return od_map_at(&d->p->agents.at[agent].rank, k->channel, 50);
}

/* 3.2: only the agents of the best (lowest) rank for the ticket's channel remain. */
void od_best_rank(const struct oracle_desk *d, const struct ticket *k, struct agents *list)
{
    int best = INT_MAX, kept = 0;
    for (int i = 0; i < list->count; i++)
        if (rank_of(d, k, list->at[i]) < best) best = rank_of(d, k, list->at[i]);
    for (int i = 0; i < list->count; i++)
        if (rank_of(d, k, list->at[i]) == best) list->at[kept++] = list->at[i];
    list->count = kept;
}
