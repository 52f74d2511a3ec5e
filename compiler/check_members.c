/*
 * Teams to warnings of members who lack what the team counts on: a limit (W1015), hours (W1018). One for a
 * team, with the first such member and how many more there are.
 *
 * Teams of `agents: all` share one list, which is looked through once for all teams that ask the same of it.
 * Whether a team's channels meet a member's costs the shorter list. What is left is n teams, each with
 * channels of its own, times n agents with limits of their own: WORK_* bounds that, and where it ends the
 * count is `at least`.
 */
#include "checker.h"

enum { WORK_BEGIN = 50000, WORK_EACH = 64 };

/* Channels: those listed, ascending; or all but those, which then are fewer than half. */
struct channels {
    const uint32_t *at;
    uint32_t count;
    bool all_but;
};

/* Members found wanting. */
struct lacking {
    const struct m_agent *first;
    uint32_t count;
    bool cut; /* there may be more */
};

struct members {
    uint32_t channel_count;
    uint64_t work;                       /* left */
    struct channels *open;               /* by agent: those served without a limit */
    struct lacking no_hours, everything; /* of the shared list: without hours; open for every channel */
    bool hours_known;
    ids some;            /* of the shared list: open for some channels, and not for all */
    struct strmap asked; /* channels that a team fills: the place in `answers` */
    VEC(struct lacking) answers;
};

/* ---- sets of channels ---- */

static bool is_all(const struct channels *s)
{
    return s->all_but && s->count == 0;
}

static bool is_none(const struct channels *s)
{
    return !s->all_but && s->count == 0;
}

static bool has_channel(const struct channels *s, uint32_t channel)
{
    uint32_t lo = 0, hi = s->count;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (s->at[mid] < channel)
            lo = mid + 1;
        else
            hi = mid;
    }
    return (lo < s->count && s->at[lo] == channel) != s->all_but;
}

/* All but the listed ones, as a list where that is the shorter. */
static struct channels all_but(struct arena *a, const uint32_t *at, uint32_t count, uint32_t all)
{
    if (count < all - count) return (struct channels){at, count, true};
    uint32_t *rest = arena_array(a, uint32_t, all - count), n = 0;
    for (uint32_t c = 0, i = 0; c < all; c++) {
        if (i < count && at[i] == c)
            i++;
        else
            rest[n++] = c;
    }
    return (struct channels){rest, n, false};
}

/* Whether there is a channel in both. Two that leave out fewer than half each have one. */
static bool meet(struct members *all, const struct channels *x, const struct channels *y)
{
    if (x->all_but && y->all_but) return true;
    if (x->all_but || (!y->all_but && y->count < x->count)) {
        const struct channels *t = x;
        x = y;
        y = t;
    }
    for (uint32_t i = 0; i < x->count && spend(&all->work); i++)
        if (has_channel(y, x->at[i])) return true;
    return false;
}

/* ---- what an agent is open for ---- */

static bool is_limited(const struct m_agent *agent, uint32_t *at, uint32_t channel)
{
    const struct m_channel_map *limit = &agent->limit;
    while (*at < limit->some.count && limit->some.at[*at].channel < channel) ++*at;
    return *at < limit->some.count && limit->some.at[*at].channel == channel;
}

static struct channels open_channels(struct checker *k, const struct m_agent *agent, uint32_t all)
{
    if (agent->limit_total != NONE) return (struct channels){NULL, 0, false};
    uint32_t count = agent->all_channels ? agent->limit.some.count : agent->channels.count, n = 0, at = 0;
    uint32_t *list = arena_array(k->a, uint32_t, count);
    for (uint32_t i = 0; i < count; i++) {
        if (agent->all_channels)
            list[n++] = agent->limit.some.at[i].channel;
        else if (!is_limited(agent, &at, agent->channels.at[i]))
            list[n++] = agent->channels.at[i];
    }
    return agent->all_channels ? all_but(k->a, list, n, all) : (struct channels){list, n, false};
}

/* ---- what a team fills one agent with before the next ---- */

static struct channels busy_channels(struct checker *k, const struct m_team *team, uint32_t all)
{
    const struct m_channel_map *map = &team->assign;
    bool rest = map->other == TF_MOST_BUSY;
    uint32_t *list = arena_array(k->a, uint32_t, map->some.count), n = 0;
    for (uint32_t i = 0; i < map->some.count; i++)
        if ((map->some.at[i].value == TF_MOST_BUSY) != rest) list[n++] = map->some.at[i].channel;
    return rest ? all_but(k->a, list, n, all) : (struct channels){list, n, false};
}

/* ---- members ---- */

static void note(struct lacking *found, const struct m_agent *agent)
{
    if (!found->first) found->first = agent;
    found->count++;
}

struct members *members_new(struct checker *k)
{
    struct members *all = arena_new_of(k->a, struct members);
    const struct m_attr *channel = &k->m->attrs.at[TF_CHANNEL];
    uint64_t named = 0;
    all->channel_count = channel->wrong ? 0 : channel->values.count; /* none where it is not known which */
    for (uint32_t i = 0; i < k->m->teams.count; i++)
        if (!k->m->teams.at[i].agents_all) named += k->m->teams.at[i].members.count;
    all->work = WORK_BEGIN + WORK_EACH * (named + k->m->teams.count + k->m->agents.count);
    return all;
}

static bool lacks_limit(struct checker *k, struct members *all, uint32_t id, const struct channels *busy)
{
    return !k->m->agents.at[id].wrong && meet(all, &all->open[id], busy);
}

/* Each agent's open channels; and of the shared list, who is open for all of them and who for some. */
static void look_at_agents(struct checker *k, struct members *all)
{
    all->open = arena_array(k->a, struct channels, k->m->agents.count);
    for (uint32_t i = 0; i < k->m->agents.count; i++) {
        const struct m_agent *agent = &k->m->agents.at[i];
        all->open[i] = open_channels(k, agent, all->channel_count);
        if (agent->role == TF_VIEWER || agent->wrong || is_none(&all->open[i])) continue;
        if (is_all(&all->open[i]))
            note(&all->everything, agent);
        else
            *vec_push(k->a, &all->some) = i;
    }
}

static struct lacking of_list(struct checker *k, struct members *all, const ids *list,
                              const struct channels *busy)
{
    struct lacking found = {0};
    for (uint32_t i = 0; i < list->count && spend(&all->work); i++)
        if (lacks_limit(k, all, list->at[i], busy)) note(&found, &k->m->agents.at[list->at[i]]);
    found.cut = !all->work;
    return found;
}

/* Of everybody, for channels that were not asked for before. */
static struct lacking of_all(struct checker *k, struct members *all, const struct channels *busy)
{
    struct lacking found = of_list(k, all, &all->some, busy), *open = &all->everything;
    if (open->first && (!found.first || open->first < found.first)) found.first = open->first;
    found.count += open->count;
    return found;
}

/* Teams that fill the same channels are answered the same. */
static struct lacking of_all_once(struct checker *k, struct members *all, const struct channels *busy)
{
    struct buf b;
    buf_init(&b, k->a);
    buf_putc(&b, busy->all_but ? '!' : '=');
    buf_add(&b, busy->at, busy->count * sizeof *busy->at);
    uint32_t next = all->answers.count, at = strmap_put(k->a, &all->asked, buf_done(&b), next);
    if (at == next) {
        struct lacking found = of_all(k, all, busy);
        *vec_push(k->a, &all->answers) = found;
    }
    return all->answers.at[at];
}

static struct lacking without_limit(struct checker *k, struct members *all, const struct m_team *team)
{
    if (all->channel_count == 0) return (struct lacking){0};
    struct channels busy = busy_channels(k, team, all->channel_count);
    if (!all->open) look_at_agents(k, all);
    if (is_none(&busy)) return (struct lacking){0};
    return team->agents_all ? of_all_once(k, all, &busy) : of_list(k, all, &team->members, &busy);
}

static struct lacking without_hours(struct checker *k, struct members *all, const struct m_team *team)
{
    struct lacking found = {0};
    if (team->agents_all && all->hours_known) return all->no_hours;
    for (uint32_t i = 0; i < team->members.count; i++) {
        const struct m_agent *agent = &k->m->agents.at[team->members.at[i]];
        if (!agent->wrong && agent->hours == NONE) note(&found, agent);
    }
    if (team->agents_all) all->hours_known = true, all->no_hours = found;
    return found;
}

/* `"anna" has`, `"anna" and 2 more have` */
static struct str who_have(struct checker *k, const struct lacking *found)
{
    const struct str name = found->first->id.s;
    if (found->count == 1) return arena_printf(k->a, "\"%.*s\" has", (int)name.len, name.p);
    return arena_printf(k->a, "\"%.*s\" and %s%u more have", (int)name.len, name.p,
                        found->cut ? "at least " : "", (unsigned)found->count - 1);
}

void check_members(struct checker *k, struct members *all, const struct m_team *team, enum diag_id id,
                   struct span at)
{
    struct lacking found = id == W1015 ? without_limit(k, all, team) : without_hours(k, all, team);
    if (!found.first) return;
    diag_related(diag(k->d, id, at, team->id.s, who_have(k, &found)), found.first->id.at, S("declared here"));
}
