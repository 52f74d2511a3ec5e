/*
 * Skills, agents and teams to the table. Assumes the model's maps by channel ascend by channel.
 */
#include "lower.h"

static struct tf_channel_map lower_map(struct lowering *l, const struct m_channel_map *map)
{
    struct tf_by_channel *some = arena_array(l->a, struct tf_by_channel, map->some.count);
    for (uint32_t i = 0; i < map->some.count; i++) {
        some[i].channel = to_le32(map->some.at[i].channel);
        some[i].value = to_le32(map->some.at[i].value);
    }
    return lower_channel_map(l, some, map->some.count, map->other);
}

static struct tf_channel_map device_map(struct lowering *l, const struct m_agent *agent)
{
    struct tf_by_channel *some = arena_array(l->a, struct tf_by_channel, agent->devices.count);
    for (uint32_t i = 0; i < agent->devices.count; i++) {
        some[i].channel = to_le32(agent->devices.at[i].channel);
        some[i].value = to_le32(lower_string(l, agent->devices.at[i].text));
    }
    return lower_channel_map(l, some, agent->devices.count, TF_NONE);
}

/* Teams of all agents share one list in the model, and need not be compared with it: 65,535 times 65,535. */
static uint32_t add_members(struct lowering *l, const struct m_team *team, const struct m_team *before)
{
    if (before && team->members.at == before->members.at && team->members.count == before->members.count)
        return le32(l->parts.TEAM.at[l->parts.TEAM.count - 1].member_first);
    return lower_list(l, &team->members, 0);
}

static void add_agent(struct lowering *l, uint32_t index)
{
    const struct m_agent *agent = &l->m->agents.at[index];
    struct tf_agent record = {
        .name = to_le32(lower_string(l, agent->id.s)),
        .display_name = to_le32(lower_string(l, agent->display_name)),
        .limit_total = to_le32(agent->limit_total),
        .skill_first = to_le32(lower_list(l, &agent->skills, 0)),
        .skill_count = to_le32(agent->skills.count),
        .channel_first = to_le32(agent->all_channels ? TF_NONE : lower_list(l, &agent->channels, 0)),
        .channel_count = to_le32(agent->all_channels ? 0 : agent->channels.count),
        .hours = to_le32(agent->hours),
        .away = to_le32(agent->away == NONE ? TF_NONE : l->date_sets[agent->away]),
        .role = (uint8_t)agent->role,
        .weight = (uint8_t)agent->weight,
    };
    record.rank = lower_map(l, &agent->rank);
    record.limit = lower_map(l, &agent->limit);
    record.device = device_map(l, agent);
    *vec_push(l->a, &l->parts.AGENT) = record;
    lower_span(l, TF_S_AGENT, index, agent->at);
}

static void add_team(struct lowering *l, uint32_t index)
{
    const struct m_team *team = &l->m->teams.at[index];
    struct tf_team record = {
        .name = to_le32(lower_string(l, team->id.s)),
        .description = to_le32(lower_string(l, team->description)),
        .member_first = to_le32(add_members(l, team, index ? team - 1 : NULL)),
        .member_count = to_le32(team->members.count),
        .rotation = (uint8_t)team->rotation,
        .backlog_leave = team->backlog_leave,
        .sticky = team->sticky,
        .members_only = team->members_only,
        .on_shift = team->on_shift,
        .agents_all = team->agents_all,
    };
    record.assign = lower_map(l, &team->assign);
    record.hours = lower_map(l, &team->hours);
    record.after_hours = lower_map(l, &team->after_hours);
    *vec_push(l->a, &l->parts.TEAM) = record;
    lower_span(l, TF_S_TEAM, index, team->at);
}

void lower_people(struct lowering *l)
{
    for (uint32_t i = 0; i < l->m->skills.count; i++)
        *vec_push(l->a, &l->parts.SKILL) = to_le32(lower_string(l, l->m->skills.at[i].s));
    for (uint32_t i = 0; i < l->m->agents.count; i++) add_agent(l, i);
    for (uint32_t i = 0; i < l->m->teams.count; i++) add_team(l, i);
}
