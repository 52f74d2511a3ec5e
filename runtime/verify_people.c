/*
 * Skills, agents, teams and their maps by channel (docs/TABLE-FORMAT.md 4.9).
 */
#include "verify.h"

/* ---- maps by channel ---- */

static bool not_before_next(const struct verify *v, uint32_t i, uint32_t limit)
{
    (void)limit;
    return le32(v->t->BY_CHANNEL[i].channel) >= le32(v->t->BY_CHANNEL[i + 1].channel);
}

/* Wrong, in each of the maps: what may not be a value there. */
static bool no_rank(const struct verify *v, uint32_t i, uint32_t limit)
{
    uint32_t value = le32(v->t->BY_CHANNEL[i].value);
    return value < 1 || value > limit;
}
static bool no_text(const struct verify *v, uint32_t i, uint32_t limit)
{
    (void)limit;
    return !sh_is_string_or_none(v->t, v->t->BY_CHANNEL[i].value);
}
static bool not_below(const struct verify *v, uint32_t i, uint32_t limit)
{
    return le32(v->t->BY_CHANNEL[i].value) >= limit;
}

/* The maps of one kind, after sh_count_wrong() for that kind. */
static bool map_right(const struct verify *v, const struct tf_channel_map *map)
{
    uint32_t first = le32(map->first), count = le32(map->count);
    return sh_list_fits(first, count, v->t->BY_CHANNEL_count) && sh_list_right(v, first, count) &&
           sh_list_ordered(v, first, count);
}

static void count_values(struct verify *v, sh_question *is_wrong, uint32_t limit)
{
    sh_count_wrong(v, v->t->BY_CHANNEL_count, is_wrong, limit);
}

bool sh_verify_by_channel(struct verify *v)
{
    const struct shunt_table *t = v->t;
    for (uint32_t i = 0; i < t->BY_CHANNEL_count; i++) {
        REQUIRE(le32(t->BY_CHANNEL[i].channel) < le32(t->ATTR[TF_CHANNEL].atom_count), BY_CHANNEL, i,
                "no such channel");
    }
    return true;
}

/* ---- agents ---- */

static bool verify_agent_maps(struct verify *v)
{
    const struct shunt_table *t = v->t;
    enum { RANK_MAX = 100 };
    count_values(v, no_rank, RANK_MAX);
    for (uint32_t i = 0; i < t->AGENT_count; i++) {
        uint32_t other = le32(t->AGENT[i].rank.other);
        REQUIRE(map_right(v, &t->AGENT[i].rank) && other >= 1 && other <= RANK_MAX, AGENT, i, "a wrong rank");
    }
    count_values(v, no_text, 0);
    for (uint32_t i = 0; i < t->AGENT_count; i++) {
        const struct tf_channel_map *device = &t->AGENT[i].device;
        REQUIRE(map_right(v, device) && sh_is_string_or_none(t, device->other), AGENT, i, "a wrong device");
    }
    count_values(v, not_below, TF_NONE); /* a limit is said; where it is not, the channel is not there */
    for (uint32_t i = 0; i < t->AGENT_count; i++) {
        const struct tf_channel_map *limit = &t->AGENT[i].limit;
        REQUIRE(map_right(v, limit) && le32(limit->other) == TF_NONE, AGENT, i, "a wrong limit");
    }
    return true;
}

static bool list_not_rising(const struct verify *v, uint32_t i, uint32_t limit)
{
    (void)limit;
    return le32(v->t->LIST[i]) >= le32(v->t->LIST[i + 1]);
}

static bool ids_right(const struct verify *v, le32_t first, le32_t count)
{
    return sh_list_fits(le32(first), le32(count), v->t->LIST_count) &&
           sh_list_right(v, le32(first), le32(count)) && sh_list_ordered(v, le32(first), le32(count));
}

static bool verify_agent_lists(struct verify *v)
{
    const struct shunt_table *t = v->t;
    sh_count_unordered(v, t->LIST_count, list_not_rising);
    sh_count_list(v, t->SKILL_count);
    for (uint32_t i = 0; i < t->AGENT_count; i++) {
        REQUIRE(ids_right(v, t->AGENT[i].skill_first, t->AGENT[i].skill_count), AGENT, i, "wrong skills");
    }
    sh_count_list(v, le32(t->ATTR[TF_CHANNEL].atom_count));
    for (uint32_t i = 0; i < t->AGENT_count; i++) {
        const struct tf_agent *a = &t->AGENT[i];
        bool all = le32(a->channel_first) == TF_NONE && le32(a->channel_count) == 0;
        REQUIRE(all || ids_right(v, a->channel_first, a->channel_count), AGENT, i, "wrong channels");
    }
    return true;
}

static bool verify_agent(struct verify *v, uint32_t i)
{
    const struct shunt_table *t = v->t;
    const struct tf_agent *a = &t->AGENT[i];
    REQUIRE(sh_is_string(t, a->name) && sh_is_string_or_none(t, a->display_name), AGENT, i, "no such string");
    REQUIRE(sh_is_index_or_none(a->hours, t->HOURS_count), AGENT, i, "no such hours");
    REQUIRE(sh_is_index_or_none(a->away, t->WINDOW_SET_count), AGENT, i, "no such days");
    REQUIRE(a->role <= TF_OWNER && a->weight >= 1 && a->weight <= 100, AGENT, i,
            "a role or weight that cannot be");
    REQUIRE(IS_ZERO(a->reserved), AGENT, i, "reserved bytes are not zero");
    return true;
}

bool sh_verify_agents(struct verify *v)
{
    const struct shunt_table *t = v->t;
    for (uint32_t i = 0; i < t->SKILL_count; i++)
        REQUIRE(sh_is_string(t, t->SKILL[i]), SKILL, i, "no such string");
    REQUIRE(t->AGENT_count <= UINT16_MAX, AGENT, t->AGENT_count, "too many agents");
    for (uint32_t i = 0; i < t->AGENT_count; i++) {
        if (!verify_agent(v, i)) return false;
    }
    sh_count_unordered(v, t->BY_CHANNEL_count, not_before_next);
    return verify_agent_maps(v) && verify_agent_lists(v);
}

/* ---- teams ---- */

static bool verify_team_maps(struct verify *v)
{
    const struct shunt_table *t = v->t;
    sh_count_unordered(v, t->BY_CHANNEL_count, not_before_next);
    count_values(v, not_below, TF_STRATEGY_COUNT);
    for (uint32_t i = 0; i < t->TEAM_count; i++) {
        const struct tf_channel_map *assign = &t->TEAM[i].assign;
        REQUIRE(map_right(v, assign) && le32(assign->other) < TF_STRATEGY_COUNT, TEAM, i, "a wrong strategy");
    }
    count_values(v, not_below, t->HOURS_count);
    for (uint32_t i = 0; i < t->TEAM_count; i++) {
        const struct tf_channel_map *hours = &t->TEAM[i].hours;
        REQUIRE(map_right(v, hours) && le32(hours->other) < t->HOURS_count, TEAM, i, "no such hours");
    }
    uint32_t after_count = TF_TO_FIRST + t->TEAM_count;
    count_values(v, not_below, after_count);
    for (uint32_t i = 0; i < t->TEAM_count; i++) {
        const struct tf_channel_map *after = &t->TEAM[i].after_hours;
        REQUIRE(map_right(v, after) && le32(after->other) < after_count, TEAM, i, "no such team after hours");
    }
    return true;
}

static bool verify_team(struct verify *v, uint32_t i)
{
    const struct shunt_table *t = v->t;
    const struct tf_team *m = &t->TEAM[i];
    uint32_t first = le32(m->member_first), count = le32(m->member_count);
    REQUIRE(sh_is_string(t, m->name) && sh_is_string_or_none(t, m->description), TEAM, i, "no such string");
    REQUIRE(sh_list_fits(first, count, t->LIST_count) && sh_list_right(v, first, count), TEAM, i,
            "no such agent");
    REQUIRE(sh_list_distinct(v, first, count), TEAM, i, "an agent who is there twice");
    REQUIRE(m->rotation <= TF_ROTATION_GLOBAL && m->backlog_leave <= 1 && m->sticky <= 1 &&
                m->members_only <= 1 && m->on_shift <= 1 && m->agents_all <= 1,
            TEAM, i, "a switch that is neither 0 nor 1");
    REQUIRE(IS_ZERO(m->reserved), TEAM, i, "reserved bytes are not zero");
    return true;
}

bool sh_verify_teams(struct verify *v)
{
    const struct shunt_table *t = v->t;
    REQUIRE(t->TEAM_count <= UINT16_MAX, TEAM, t->TEAM_count, "too many teams");
    if (!verify_team_maps(v)) return false;
    sh_count_list(v, t->AGENT_count);
    for (uint32_t i = 0; i < t->TEAM_count; i++) {
        if (!verify_team(v, i)) return false;
    }
    return true;
}
