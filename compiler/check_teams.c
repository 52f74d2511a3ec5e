/* Teams and agents that do not work as their policy hopes: nobody there, nothing comes, all leave it. */
#include "checker.h"

/* The first entry of a map as written that says the word, or the key. */
static struct span said_at(const channel_map *map, const char *word, struct span key)
{
    for (uint32_t i = 0; i < map->count; i++)
        if (str_eq(map->at[i].value.s, str_from(word))) return map->at[i].at;
    return key;
}

static bool says(const channel_map *map, const char *word)
{
    for (uint32_t i = 0; i < map->count; i++)
        if (!map->at[i].to_team && str_eq(map->at[i].value.s, str_from(word))) return true;
    return false;
}

/* ---- hold, and leave ---- */

static bool can_close(const struct checker *k, const struct m_team *team, uint32_t channel)
{
    uint32_t hours = channel == NONE ? team->hours.other : map_at(&team->hours, channel);
    return !k->m->hours.at[hours].wrong && !hours_known_open(k->m, hours);
}

static bool holds_on(const struct checker *k, const struct m_team *team, uint32_t channel)
{
    return map_at(&team->after_hours, channel) == TF_HOLD && can_close(k, team, channel);
}

/* Whether the team holds tickets of some channel while it is closed: said so, or as it is where nothing is
 * said. Channels that neither map names are as those of no channel. */
static bool holds(const struct checker *k, const struct m_team *team)
{
    if (says(&team->decl->after_hours, "hold")) return true;
    if (can_close(k, team, NONE) && team->after_hours.other == TF_HOLD) return true;
    if (k->m->attrs.at[TF_CHANNEL].wrong) return false; /* it is not known which there are */
    for (uint32_t i = 0; i < team->hours.some.count; i++)
        if (holds_on(k, team, team->hours.some.at[i].channel)) return true;
    return false;
}

/* ---- the checks ---- */

void check_teams(struct checker *k)
{
    struct members *members = members_new(k);
    for (uint32_t i = 0; i < k->m->teams.count; i++) {
        const struct m_team *team = &k->m->teams.at[i];
        const struct team_decl *decl = team->decl;
        if (team->wrong) continue;
        bool nobody = team->members.count == 0 && (!k->blind || !(team->agents_all || decl->agents.count));
        if (nobody) diag(k->d, W1006, team->id.at, team->id.s);
        if (!team->routed_to && !k->blind) diag(k->d, W1007, team->id.at, team->id.s);
        if (team->backlog_leave && holds(k, team)) diag(k->d, W1014, decl->backlog.at, team->id.s);
        if (says(&decl->assign, "most-busy"))
            check_members(k, members, team, W1015, said_at(&decl->assign, "most-busy", decl->assign_key));
        if (team->on_shift) check_members(k, members, team, W1018, decl->present.at);
    }
}

void check_agents(struct checker *k)
{
    for (uint32_t i = 0; !k->blind && i < k->m->agents.count; i++) {
        const struct m_agent *agent = &k->m->agents.at[i];
        if (!agent->in_team && !agent->wrong && agent->role != TF_VIEWER)
            diag(k->d, W1008, agent->id.at, agent->id.s);
    }
}
