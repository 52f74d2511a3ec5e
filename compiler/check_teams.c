/* Teams and agents that do not work as their policy hopes: nobody there, nothing comes, no limit, no hours.
 */
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

/* `"anna" has`, `"anna" and 2 more have` */
static struct str who_have(struct checker *k, const struct m_agent *first, uint32_t more)
{
    if (more == 0) return arena_printf(k->a, "\"%.*s\" has", (int)first->id.s.len, first->id.s.p);
    return arena_printf(k->a, "\"%.*s\" and %u more have", (int)first->id.s.len, first->id.s.p,
                        (unsigned)more);
}

typedef bool member_test(const struct checker *k, const struct m_team *team, const struct m_agent *agent);

/* One warning for the team, naming the first member that the test is true of and the number of the others. */
static void report_members(struct checker *k, const struct m_team *team, member_test *test, enum diag_id id,
                           struct span at)
{
    const struct m_agent *first = NULL;
    uint32_t count = 0;
    for (uint32_t i = 0; i < team->members.count; i++) {
        const struct m_agent *agent = &k->m->agents.at[team->members.at[i]];
        if (agent->wrong || !test(k, team, agent)) continue;
        if (!first) first = agent;
        count++;
    }
    if (!first) return;
    diag_related(diag(k->d, id, at, team->id.s, who_have(k, first, count - 1)), first->id.at,
                 S("declared here"));
}

/* None where it is not known which there are. */
static uint32_t channel_count(const struct checker *k)
{
    const struct m_attr *channel = &k->m->attrs.at[TF_CHANNEL];
    return channel->wrong ? 0 : channel->values.count;
}

/* ---- most-busy without a limit ---- */

static bool serves(const struct m_agent *agent, uint32_t channel)
{
    for (uint32_t i = 0; i < agent->channels.count; i++)
        if (agent->channels.at[i] == channel) return true;
    return agent->all_channels;
}

static bool has_no_limit(const struct checker *k, const struct m_team *team, const struct m_agent *agent)
{
    if (agent->limit_total != NONE) return false;
    for (uint32_t c = 0; c < channel_count(k); c++)
        if (map_at(&team->assign, c) == TF_MOST_BUSY && map_at(&agent->limit, c) == NONE && serves(agent, c))
            return true;
    return false;
}

static bool has_no_hours(const struct checker *k, const struct m_team *team, const struct m_agent *agent)
{
    (void)k, (void)team;
    return agent->hours == NONE;
}

/* ---- hold, and leave ---- */

static bool can_close(const struct checker *k, const struct m_team *team, uint32_t channel)
{
    uint32_t hours = channel == NONE ? team->hours.other : map_at(&team->hours, channel);
    return !k->m->hours.at[hours].wrong && !hours_known_open(k->m, hours);
}

/* Whether the team holds tickets of some channel while it is closed: said so, or as it is where nothing is
 * said. */
static bool holds(const struct checker *k, const struct m_team *team)
{
    if (says(&team->decl->after_hours, "hold")) return true;
    if (can_close(k, team, NONE) && team->after_hours.other == TF_HOLD) return true;
    for (uint32_t c = 0; c < channel_count(k); c++)
        if (map_at(&team->after_hours, c) == TF_HOLD && can_close(k, team, c)) return true;
    return false;
}

/* ---- the checks ---- */

void check_teams(struct checker *k)
{
    for (uint32_t i = 0; i < k->m->teams.count; i++) {
        const struct m_team *team = &k->m->teams.at[i];
        const struct team_decl *decl = team->decl;
        if (team->wrong) continue;
        bool nobody = team->members.count == 0 && (!k->blind || !(team->agents_all || decl->agents.count));
        if (nobody) diag(k->d, W1006, team->id.at, team->id.s);
        if (!team->routed_to && !k->blind) diag(k->d, W1007, team->id.at, team->id.s);
        if (team->backlog_leave && holds(k, team)) diag(k->d, W1014, decl->backlog.at, team->id.s);
        if (says(&decl->assign, "most-busy"))
            report_members(k, team, has_no_limit, W1015,
                           said_at(&decl->assign, "most-busy", decl->assign_key));
        if (team->on_shift) report_members(k, team, has_no_hours, W1018, decl->present.at);
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
