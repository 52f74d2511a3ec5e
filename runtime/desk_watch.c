/*
 * An attempt as it is made, for whoever asks why this agent and not that one (shunt_desk_watch).
 *
 * The members are looked at by the same sh_desk_stage() that decides, before the pick moves rotations; the
 * outcome is written in afterwards.
 */
#include "desk_state.h"

void shunt_desk_watch(struct shunt_desk *d, void (*watch)(void *ctx, const struct shunt_attempt *attempt),
                      void *ctx)
{
    d->watch = watch;
    d->watch_ctx = ctx;
}

/* How many turns come before the agent's, in the rotation's order, among count places of it. */
static uint32_t turn_of(struct shunt_desk *d, const struct desk_ask *ask, uint32_t agent, uint32_t place)
{
    const struct desk_rotation *r = sh_desk_rotation_of(d, ask->team, ask->channel, false);
    bool global = d->t->TEAM[ask->team].rotation == TF_ROTATION_GLOBAL;
    uint32_t count = global ? d->t->AGENT_count : le32(d->t->TEAM[ask->team].member_count);
    uint32_t at = global ? agent : place, begins = r ? sh_desk_turn_begins(d, r) : 0;
    return at >= begins ? at - begins : at + count - begins;
}

static int64_t sum_of(struct shunt_desk *d, const struct desk_ask *ask, uint32_t agent, uint32_t place)
{
    const struct desk_rotation *r = sh_desk_rotation_of(d, ask->team, ask->channel, false);
    if (!r || !r->sums) return 0;
    return r->sums[r->team == TF_NONE ? agent : place];
}

static void fill_member(struct shunt_desk *d, const struct desk_ask *ask, uint32_t agent, uint32_t place,
                        struct shunt_member *m)
{
    const struct tf_agent *a = &d->t->AGENT[agent];
    const struct desk_agent *s = desk_agent(d, agent);
    bool in_team = ask->team != TF_NONE;
    *m = (struct shunt_member){.agent = agent,
                               .stage = sh_desk_stage(d, ask, agent),
                               .stages = sh_desk_stages(d, ask, agent),
                               .open_channel = desk_open(d, agent, ask->channel),
                               .open_total = s->open_total,
                               .limit_channel = SHUNT_NONE,
                               .limit_total = le32(a->limit_total),
                               .rank = desk_by_channel(d->t, &a->rank, ask->channel),
                               .weight = a->weight,
                               .last_automatic = s->last_automatic,
                               .turn = in_team ? turn_of(d, ask, agent, place) : SHUNT_NONE,
                               .weight_sum = in_team ? sum_of(d, ask, agent, place) : 0};
    if (ask->channel != TF_NONE) m->limit_channel = desk_by_channel(d->t, &a->limit, ask->channel);
    m->on_duty = in_team && d->t->TEAM[ask->team].on_shift && le32(a->hours) != TF_NONE;
    m->skill = sh_desk_skill_missing(d, agent, ask->require);
    if (m->skill != TF_NONE && m->skill >= d->t->SKILL_count) m->skill = SHUNT_NONE;
    if (!(m->stages & 1U << SHUNT_STAGE_SHIFT)) return;
    m->shift_from_sec = sh_desk_shift_opening(d, s->shift);
    m->has_shift_from = m->shift_from_sec != DESK_NEVER;
}

/* Of those eligible, who is of the best rank. */
static void mark_ranks(struct shunt_member *members, uint32_t count)
{
    uint32_t best = UINT32_MAX;
    for (uint32_t i = 0; i < count; i++) {
        if (members[i].stage == SHUNT_STAGE_RANK && members[i].rank < best) best = members[i].rank;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (members[i].stage == SHUNT_STAGE_RANK && members[i].rank == best)
            members[i].stage = SHUNT_STAGE_STRATEGY;
    }
}

void sh_desk_watch_members(struct shunt_desk *d, const struct desk_ask *ask, const struct desk_result *r)
{
    struct shunt_member *members = d->scratch.members;
    d->scratch.member_count = 0;
    if (ask->team == TF_NONE) {
        if (r->why == SHUNT_WHY_AUTO_OFF) return;
        fill_member(d, ask, ask->wanted, 0, &members[0]);
        d->scratch.member_count = 1;
        return;
    }
    if (r->strategy == TF_NONE || r->strategy == TF_PULL || r->strategy == TF_MANUAL) return;
    const struct tf_team *team = &d->t->TEAM[ask->team];
    uint32_t count = le32(team->member_count);
    for (uint32_t i = 0; i < count; i++)
        fill_member(d, ask, le32(d->t->LIST[le32(team->member_first) + i]), i, &members[i]);
    mark_ranks(members, count);
    d->scratch.member_count = count;
}

void sh_desk_watch_tell(struct shunt_desk *d, const struct desk_ticket *k, const struct desk_ask *ask,
                        const struct desk_result *r)
{
    struct shunt_member *members = d->scratch.members;
    for (uint32_t i = 0; i < d->scratch.member_count; i++) {
        bool offered = r->status == SHUNT_OFFERED && members[i].stage == SHUNT_STAGE_STRATEGY;
        if (offered || (r->status == SHUNT_ASSIGNED && members[i].agent == r->agent))
            members[i].stage = SHUNT_STAGE_CHOSEN;
    }
    struct shunt_attempt a = {.at_sec = d->core.now_sec,
                              .ticket = {k->id, k->id_len},
                              .team = r->team,
                              .asked = r->asked,
                              .channel = ask->channel,
                              .strategy = r->strategy,
                              .status = r->status,
                              .why = r->why,
                              .agent = r->status == SHUNT_ASSIGNED ? r->agent : SHUNT_NONE,
                              .has_until = r->status == SHUNT_HELD && r->until_sec != DESK_NEVER,
                              .until_sec = r->until_sec,
                              .drain = d->draining,
                              .require = ask->require ? ask->require->at : NULL,
                              .require_count = desk_list_count(ask->require),
                              .members = members,
                              .member_count = d->scratch.member_count};
    d->watch(d->watch_ctx, &a);
}
