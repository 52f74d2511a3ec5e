/*
 * Agents: declarations to model (language.md 2.6, 2.7). Assumes attributes and hours resolved.
 */
#include "resolve.h"

#include <stdlib.h>

enum { RANK_MOST = 100, RANK_DEFAULT = 50, WEIGHT_MOST = 100, WEIGHT_DEFAULT = 1 };
/* The table keeps limits in 32 bits, of which the highest value says that there is none. */
static const int64_t limit_most = (int64_t)UINT32_MAX - 1;

void declare_agents(struct resolver *r)
{
    for (uint32_t i = 0; i < r->c->ast.items.count; i++) {
        const struct item *item = r->c->ast.items.at[i];
        if (item->kind != ITEM_AGENT || !item->u.agent->id.s.p) continue;
        const struct agent_decl *decl = item->u.agent;
        uint32_t id = r->m->agents.count, was = strmap_get(&r->m->agent_ids, decl->id.s, NONE);
        if (was != NONE) {
            name_twice(r, NAME_AGENT, decl->id, r->m->agents.at[was].id.at);
            continue;
        }
        if (!has_room(r, LIMIT_AGENTS, id, decl->id.at)) return;
        name_ok(r, NAME_AGENT, decl->id);
        strmap_put(r->a, &r->m->agent_ids, decl->id.s, id);
        *vec_push(r->a, &r->m->agents) = (struct m_agent){.decl = decl, .id = decl->id, .at = item->at};
    }
}

static bool in_range(struct resolver *r, const char *what, int64_t n, int64_t least, int64_t most,
                     struct span at)
{
    if (n >= least && n <= most) return true;
    diag(r->d, E0602, at, str_from(what), arena_printf(r->a, "%lld", (long long)least),
         arena_printf(r->a, "%lld", (long long)most), arena_printf(r->a, "%lld", (long long)n));
    return false;
}

static bool rank_value(struct resolver *r, const struct by_channel *e, uint32_t *value)
{
    struct span at = e->value.at.len ? e->value.at : e->at;
    if (!in_range(r, "rank", e->number, 1, RANK_MOST, at)) return false;
    *value = (uint32_t)e->number;
    return true;
}

/* ---- limits and devices: one for each channel ---- */

/* Begins a list of an agent's, in which no channel was said. */
static void begin_channels(struct resolver *r)
{
    r->channel_round++;
}

/* Where the list at hand says the channel. One array for all lists, each list a round: n channels for each of
 * n agents would be n * n. */
static struct span *channel_said(struct resolver *r, uint32_t channel)
{
    struct channel_said *said = &r->channel_at[channel];
    if (said->round != r->channel_round) *said = (struct channel_said){r->channel_round, {0}};
    return &said->at;
}

static void limit_twice(struct resolver *r, struct name channel, struct span first)
{
    diag_related(diag(r->d, E0614, channel.at, shown(r, channel.s)), first, S("first said here"));
}

static int by_channel_cmp(const void *x, const void *y)
{
    const struct m_by_channel *a = x, *b = y;
    return (a->channel > b->channel) - (a->channel < b->channel);
}

static void take_limit(struct resolver *r, const struct limit_entry *e, struct m_agent *agent,
                       struct span *total_at)
{
    bool right = in_range(r, "a limit", e->most, 0, limit_most, e->at),
         is_total = str_eq(e->channel.s, S("total"));
    uint32_t channel = is_total ? NONE : find_channel(r, e->channel);
    if (!is_total && channel == NONE) return;
    struct span *before = is_total ? total_at : channel_said(r, channel);
    if (span_said(*before)) return limit_twice(r, e->channel, *before);
    *before = e->channel.at;
    if (!right) return;
    if (is_total)
        agent->limit_total = (uint32_t)e->most;
    else
        *vec_push(r->a, &agent->limit.some) = (struct m_by_channel){channel, (uint32_t)e->most, e->at};
}

static void take_limits(struct resolver *r, struct m_agent *agent)
{
    const struct agent_decl *decl = agent->decl;
    struct span total_at = {0};
    begin_channels(r);
    for (uint32_t i = 0; i < decl->limits.count; i++) take_limit(r, &decl->limits.at[i], agent, &total_at);
    if (agent->limit.some.count)
        qsort(agent->limit.some.at, agent->limit.some.count, sizeof *agent->limit.some.at, by_channel_cmp);
}

static int device_cmp(const void *x, const void *y)
{
    const struct m_device *a = x, *b = y;
    return (a->channel > b->channel) - (a->channel < b->channel);
}

static void take_devices(struct resolver *r, struct m_agent *agent)
{
    const struct agent_decl *decl = agent->decl;
    begin_channels(r);
    for (uint32_t i = 0; i < decl->devices.count; i++) {
        const struct device_entry *e = &decl->devices.at[i];
        uint32_t channel = find_channel(r, e->channel);
        if (channel == NONE) continue;
        struct span *before = channel_said(r, channel);
        if (span_said(*before)) {
            limit_twice(r, e->channel, *before);
            continue;
        }
        *before = e->channel.at;
        struct m_device *d = vec_push(r->a, &agent->devices);
        d->channel = channel;
        d->text = e->device.s;
    }
    if (agent->devices.count)
        qsort(agent->devices.at, agent->devices.count, sizeof *agent->devices.at, device_cmp);
}

/* ---- the rest ---- */

static void take_role(struct resolver *r, struct m_agent *agent)
{
    static const char *const words[] = {"viewer", "agent", "manager", "admin", "owner"};
    agent->role = TF_AGENT_ROLE;
    uint32_t role = word_of(r, agent->decl->role, "a role", words, 5);
    if (role != NONE) agent->role = (enum tf_role)role;
}

static void take_weight(struct resolver *r, struct m_agent *agent)
{
    const struct agent_decl *decl = agent->decl;
    agent->weight = WEIGHT_DEFAULT;
    if (!span_said(decl->weight_at)) return;
    if (in_range(r, "weight", decl->weight, 1, WEIGHT_MOST, decl->weight_at))
        agent->weight = (uint32_t)decl->weight;
}

static void take_lists(struct resolver *r, struct m_agent *agent)
{
    const struct agent_decl *decl = agent->decl;
    for (uint32_t i = 0; i < decl->skills.count; i++) {
        uint32_t skill = find_skill(r, decl->skills.at[i]);
        if (skill != NONE) *vec_push(r->a, &agent->skills) = skill;
    }
    agent->all_channels = !span_said(decl->channels_key);
    for (uint32_t i = 0; i < decl->channels.count; i++) {
        uint32_t channel = find_channel(r, decl->channels.at[i]);
        if (channel != NONE) *vec_push(r->a, &agent->channels) = channel;
    }
    ids_sort(&agent->channels);
}

static void resolve_agent(struct resolver *r, struct m_agent *agent)
{
    const struct agent_decl *decl = agent->decl;
    if (decl->name.s.len) agent->display_name = decl->name.s;
    agent->limit.other = agent->limit_total = NONE;
    take_role(r, agent);
    resolve_map(r, &decl->rank, RANK_DEFAULT, rank_value, &agent->rank);
    take_weight(r, agent);
    take_lists(r, agent);
    take_limits(r, agent);
    take_devices(r, agent);
    agent->hours = find_hours(r, decl->hours);
    agent->away = decl->away.count ? resolve_date_set(r, &decl->away, decl->away_key) : NONE;
}

void resolve_agents(struct resolver *r)
{
    r->channel_at = arena_array(r->a, struct channel_said, r->m->attrs.at[TF_CHANNEL].values.count);
    for (uint32_t i = 0; i < r->m->agents.count; i++) {
        resolve_agent(r, &r->m->agents.at[i]);
        if (r->m->agents.at[i].role != TF_VIEWER) *vec_push(r->a, &r->all_agents) = i;
    }
}
