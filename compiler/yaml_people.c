/*
 * The `agents` and `teams` sections of a YAML policy to their declarations (language.md 2, 2.6, 2.7).
 */
#include "yaml_shape.h"

/* ---- maps by channel ---- */

typedef void entry_fn(struct shape *p, const struct yaml_node *value, struct by_channel *e);

static void name_entry(struct shape *p, const struct yaml_node *value, struct by_channel *e)
{
    yaml_name(p, value, &e->value);
}

static void rank_entry(struct shape *p, const struct yaml_node *value, struct by_channel *e)
{
    const struct yaml_node *real = yaml_real(value);
    if (!yaml_integer(p, value, &e->number)) return;
    e->value = (struct name){real->u.text, yaml_span(p->t, real)};
}

/* {to: TEAM}: `to` is no channel's name (language.md 1.3). */
static bool is_to_team(const struct yaml_node *real)
{
    if (real->kind != YAML_MAP) return false;
    uint32_t count;
    const struct yaml_pair *pairs = yaml_pairs(real, &count);
    for (uint32_t i = 0; i < count; i++)
        if (!pairs[i].key->bad && str_eq(yaml_real(pairs[i].key)->u.text, S("to"))) return true;
    return false;
}

struct to_team {
    struct span key;
    struct name team;
};
static const struct yaml_row to_team_rows[] = {
    YAML_ROW(struct to_team, "to", yaml_read_name, key, team, "after_hours: {to: nights}"),
};

static void after_hours_entry(struct shape *p, const struct yaml_node *value, struct by_channel *e)
{
    struct to_team to = {0};
    if (yaml_real(value)->kind != YAML_MAP) {
        yaml_name(p, value, &e->value);
    } else if (!is_to_team(yaml_real(value))) {
        yaml_wrong_shape(p, value, "hold, leave or {to: TEAM}");
    } else {
        yaml_read_map(p, value, to_team_rows, 1, &to, "after_hours");
        e->value = to.team;
        e->to_team = true;
    }
}

static void read_channel_map(struct shape *p, const struct yaml_node *value, channel_map *out,
                             entry_fn *entry)
{
    const struct yaml_node *real = yaml_real(value);
    if (yaml_skip(value)) return;
    if (real->kind != YAML_MAP || is_to_team(real)) {
        struct by_channel e = {.at = yaml_span(p->t, value)};
        entry(p, value, &e);
        if (e.value.s.p) *vec_push(p->a, out) = e;
        return;
    }
    uint32_t count;
    const struct yaml_pair *pairs = yaml_pairs(real, &count);
    if (count == 0)
        yaml_wrong_shape(p, value, "one value, or a map from channels to values that is not empty");
    for (uint32_t i = 0; i < count; i++) {
        struct by_channel e = {.at = yaml_pair_span(p, &pairs[i])};
        if (!yaml_name(p, pairs[i].key, &e.channel) || yaml_skip(pairs[i].value)) continue;
        entry(p, pairs[i].value, &e);
        if (e.value.s.p) *vec_push(p->a, out) = e;
    }
}

static void read_name_map(struct shape *p, const struct yaml_node *value, void *out)
{
    read_channel_map(p, value, out, name_entry);
}

static void read_rank(struct shape *p, const struct yaml_node *value, void *out)
{
    read_channel_map(p, value, out, rank_entry);
}

static void read_after_hours(struct shape *p, const struct yaml_node *value, void *out)
{
    read_channel_map(p, value, out, after_hours_entry);
}

/* ---- agents ---- */

static void read_weight(struct shape *p, const struct yaml_node *value, void *out)
{
    struct agent_decl *agent = out;
    agent->weight_at = yaml_span(p->t, yaml_real(value));
    /* What is reported here is not reported again as out of its range. */
    if (!yaml_integer(p, value, &agent->weight)) agent->weight = 1;
}

static void read_limits(struct shape *p, const struct yaml_node *value, void *out)
{
    struct agent_decl *agent = out;
    if (!yaml_expect(p, value, YAML_MAP, "a map from channels to whole numbers")) return;
    uint32_t count;
    const struct yaml_pair *pairs = yaml_pairs(yaml_real(value), &count);
    for (uint32_t i = 0; i < count; i++) {
        struct limit_entry e = {.at = yaml_pair_span(p, &pairs[i])};
        if (!yaml_name(p, pairs[i].key, &e.channel)) continue;
        if (yaml_integer(p, pairs[i].value, &e.most)) *vec_push(p->a, &agent->limits) = e;
    }
}

static void read_devices(struct shape *p, const struct yaml_node *value, void *out)
{
    struct agent_decl *agent = out;
    if (!yaml_expect(p, value, YAML_MAP, "a map from channels to texts")) return;
    uint32_t count;
    const struct yaml_pair *pairs = yaml_pairs(yaml_real(value), &count);
    for (uint32_t i = 0; i < count; i++) {
        struct device_entry e = {0};
        if (!yaml_name(p, pairs[i].key, &e.channel)) continue;
        if (yaml_text(p, pairs[i].value, &e.device)) *vec_push(p->a, &agent->devices) = e;
    }
}

/* Readers that fill in several members get the whole declaration, by its first member. */
_Static_assert(offsetof(struct agent_decl, id) == 0 && offsetof(struct team_decl, id) == 0,
               "id is the first member");

#define ROW(word, reader, key_member, member, example)                                                       \
    YAML_ROW(struct agent_decl, word, reader, key_member, member, example)
static const struct yaml_row agent_rows[] = {
    ROW("name", yaml_read_text, name_key, name, "name: Anna Karlsson"),
    ROW("role", yaml_read_name, role_key, role, "role: manager"),
    ROW("rank", read_rank, rank_key, rank, "rank: 1, or rank: {webchat: 1, other: 20}"),
    ROW("weight", read_weight, weight_key, id, "weight: 2"),
    ROW("skills", yaml_read_names, skills_key, skills, "skills: [swedish, refunds]"),
    ROW("channels", yaml_read_names, channels_key, channels, "channels: [webchat, email]"),
    ROW("limits", read_limits, limits_key, id, "limits: {webchat: 3, total: 12}"),
    ROW("devices", read_devices, devices_key, id, "devices: {phone: \"+46 70 000 00 00\"}"),
    ROW("hours", yaml_read_name, hours_key, hours, "hours: office"),
    ROW("away", yaml_read_dates, away_key, away, "away: [2026-12-20..2027-01-06]"),
};
#undef ROW

/* An agent or a team whose name has nothing behind it has no attributes: `bo:` is `bo: {}`. */
static bool expect_attributes(struct shape *p, const struct yaml_node *value)
{
    const struct yaml_node *real = yaml_real(value);
    if (yaml_is_null(real) && !real->len) return false;
    return yaml_expect(p, value, YAML_MAP, "a map for each name");
}

static void add_agent(struct shape *p, const struct yaml_node *name, const struct yaml_node *value,
                      struct span at)
{
    struct agent_decl *agent = arena_new_of(p->a, struct agent_decl);
    if (!yaml_name(p, name, &agent->id) || (value && yaml_skip(value))) return;
    yaml_item_add(p, ITEM_AGENT, at, agent->id.at)->u.agent = agent;
    if (value && expect_attributes(p, value))
        yaml_read_map(p, value, agent_rows, sizeof agent_rows / sizeof *agent_rows, agent, "an agent");
}

void yaml_read_agents(struct shape *p, const struct yaml_node *value, struct span key)
{
    (void)key;
    const struct yaml_node *real = yaml_real(value);
    uint32_t count;
    if (value->bad || real->bad) return;
    if (real->kind == YAML_MAP) {
        const struct yaml_pair *pairs = yaml_pairs(real, &count);
        for (uint32_t i = 0; i < count; i++)
            if (!yaml_is_nameless(p, value, i, agent_rows, sizeof agent_rows / sizeof *agent_rows))
                add_agent(p, pairs[i].key, pairs[i].value, yaml_pair_span(p, &pairs[i]));
        return;
    }
    struct yaml_items items = yaml_items(value);
    for (uint32_t i = 0; i < items.count; i++)
        add_agent(p, yaml_item(&items, i), NULL, yaml_span(p->t, yaml_item(&items, i)));
}

/* ---- teams ---- */

static void read_team_agents(struct shape *p, const struct yaml_node *value, void *out)
{
    struct team_decl *team = out;
    const struct yaml_node *real = yaml_real(value);
    team->agents_all = real->kind == YAML_TEXT && str_eq(real->u.text, S("all"));
    if (!team->agents_all) yaml_read_names(p, value, &team->agents);
}

#define ROW(word, reader, key_member, member, example)                                                       \
    YAML_ROW(struct team_decl, word, reader, key_member, member, example)
static const struct yaml_row team_rows[] = {
    ROW("description", yaml_read_text, description_key, description, "description: Invoices and refunds"),
    ROW("agents", read_team_agents, agents_key, id, "agents: [anna, bo], or agents: all"),
    ROW("takes", yaml_read_takes, takes_key, id, "takes: {labels: [billing]}"),
    ROW("assign", read_name_map, assign_key, assign, "assign: round-robin"),
    ROW("rotation", yaml_read_name, rotation_key, rotation, "rotation: channel"),
    ROW("hours", read_name_map, hours_key, hours, "hours: office"),
    ROW("after_hours", read_after_hours, after_hours_key, after_hours,
        "after_hours: hold, or after_hours: {to: nights}"),
    ROW("backlog", yaml_read_name, backlog_key, backlog, "backlog: leave"),
    ROW("sticky", yaml_read_flag, sticky_key, sticky, "sticky: true"),
    ROW("members_only", yaml_read_flag, members_only_key, members_only, "members_only: true"),
    ROW("present", yaml_read_name, present_key, present, "present: on-shift"),
};
#undef ROW

void yaml_read_teams(struct shape *p, const struct yaml_node *value, struct span key)
{
    (void)key;
    uint32_t count;
    if (!yaml_expect_section(p, value, YAML_MAP, "a map from names to teams")) return;
    const struct yaml_pair *pairs = yaml_pairs(yaml_real(value), &count);
    for (uint32_t i = 0; i < count; i++) {
        struct team_decl *team = arena_new_of(p->a, struct team_decl);
        if (yaml_is_nameless(p, value, i, team_rows, sizeof team_rows / sizeof *team_rows)) continue;
        if (!yaml_name(p, pairs[i].key, &team->id) || yaml_skip(pairs[i].value)) continue;
        yaml_item_add(p, ITEM_TEAM, yaml_pair_span(p, &pairs[i]), team->id.at)->u.team = team;
        if (expect_attributes(p, pairs[i].value))
            yaml_read_map(p, pairs[i].value, team_rows, sizeof team_rows / sizeof *team_rows, team, "a team");
    }
}
