/*
 * Figures under the next version of a policy: counts go by name; what is of nobody any more stays in the
 * totals alone. Time online so far is added up under the old version's hours and zone, and goes on from now.
 */
#include "desk_replace.h"
#include "figures.h"

static void carry_agents(struct desk_replacing *r, const uint64_t *online)
{
    const struct desk_figures *from = r->old->figures;
    struct desk_figures *to = r->d->figures;
    to->gone_sec = from->gone_sec;
    for (uint32_t i = 0; i < r->agents.count; i++) {
        uint32_t agent = r->agents.to[i];
        if (agent == TF_NONE) {
            to->gone_sec += online[i];
            continue;
        }
        to->agents[agent].assigned = from->agents[i].assigned;
        to->agents[agent].automatic = from->agents[i].automatic;
        to->agents[agent].shift_sec = to->agents[agent].before_sec = online[i];
    } /* since_sec: who is online came online now, as the new desk sees it */
}

static void carry_teams(struct desk_replacing *r, const uint64_t *crews)
{
    const struct desk_figures *from = r->old->figures;
    for (uint32_t i = 0; i < r->teams.count; i++) {
        if (r->teams.to[i] == TF_NONE) continue;
        struct fig_team *to = &r->d->figures->teams[r->teams.to[i]];
        to->assigned = from->teams[i].assigned;
        to->automatic = from->teams[i].automatic;
        to->carried_sec = sh_desk_figures_team_online(r->old, i, crews);
    }
}

static void carry_online(struct desk_replacing *r)
{
    const struct shunt_desk *o = r->old;
    struct desk_figures *to = r->d->figures;
    memcpy(to->online, o->figures->online, sizeof to->online);
    for (uint32_t i = 0; i < r->agents.count; i++) {
        int64_t since_sec = o->figures->agents[i].since_sec;
        if (since_sec != FIG_OFFLINE) sh_desk_figures_hours(o->t, since_sec, o->core.now_sec, to->online);
    }
}

/* Tickets of a channel that is gone are counted with those that have none. */
static void carry_counts(struct desk_replacing *r)
{
    const struct desk_figures *from = r->old->figures;
    struct desk_figures *to = r->d->figures;
    to->from_sec = from->from_sec;
    to->arrived = from->arrived;
    to->assigned = from->assigned;
    to->automatic = from->automatic;
    memcpy(to->by_hour, from->by_hour, sizeof to->by_hour);
    for (uint32_t i = 0; i <= r->channels.count; i++) {
        uint32_t channel = i < r->channels.count ? r->channels.to[i] : TF_NONE;
        to->by_channel[channel == TF_NONE ? r->d->channel_count : channel] += from->by_channel[i];
    }
    for (uint32_t i = 0; i < from->rule_count; i++) {
        if (from->by_rule[i]) to->by_rule[r->rules.to[i]] += from->by_rule[i];
    }
}

/* Assignments of a channel that is gone count on in a rotation that does not go by channel. */
static void carry_cells(struct desk_replacing *r)
{
    const struct sh_map *m = &r->old->figures->cells;
    for (uint32_t i = 0; i < m->cap; i++) {
        const struct fig_cell *c = m->slots[i].item;
        if (!c) continue;
        bool none = c->channel == r->old->channel_count;
        uint32_t team = r->teams.to[c->team], agent = r->agents.to[c->agent];
        uint32_t channel = none ? r->d->channel_count : r->channels.to[c->channel];
        if (team == TF_NONE || agent == TF_NONE) continue;
        if (channel == TF_NONE && r->d->t->TEAM[team].rotation == TF_ROTATION_CHANNEL) continue;
        if (channel == TF_NONE) channel = r->d->channel_count;
        sh_desk_figures_cell(r->d, team, channel, agent)->automatic += c->automatic;
    }
}

static void carry_values(struct desk_replacing *r, const struct fig_values *from, struct fig_values *to)
{
    for (uint64_t i = 0; i < from->count; i++) {
        struct fig_value v = from->at[i];
        v.agent = desk_mapped(&r->agents, v.agent);
        v.team = desk_mapped(&r->teams, v.team);
        sh_desk_figures_value(r->d, to, v);
    }
}

void sh_desk_replace_figures(struct desk_replacing *r)
{
    struct shunt_desk *d = r->d;
    size_t len = sh_array_len(r->agents.count, sizeof(uint64_t));
    size_t crews_len = sh_array_len(r->old->crew_count, sizeof(uint64_t));
    uint64_t *online = sh_txn_alloc(&d->txn, len);
    uint64_t *crews = sh_txn_alloc(&d->txn, crews_len);
    for (uint32_t i = 0; i < r->agents.count; i++) online[i] = sh_desk_figures_online(r->old, i);
    sh_desk_figures_crews_online(r->old, online, crews);
    sh_desk_figures_gone(d);
    carry_counts(r);
    carry_agents(r, online);
    carry_teams(r, crews);
    carry_online(r);
    carry_cells(r);
    carry_values(r, &r->old->figures->responses, &d->figures->responses);
    carry_values(r, &r->old->figures->assignments, &d->figures->assignments);
    sh_txn_free(&d->txn, crews, crews_len);
    sh_txn_free(&d->txn, online, len);
}
