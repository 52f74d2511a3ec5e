/*
 * The figures of a saved desk (docs/DESK-FORMAT.md, section 7). Counts may be any: they are added to and
 * divided, and an overflow is a wrong figure and nothing worse. What is an index, a time or an order is
 * verified.
 */
#include "desk_format.h"
#include "figures.h"

static bool load_counts(struct desk_in *in, uint64_t *counts, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (!sh_desk_in_number(in, &counts[i])) return false;
    }
    return true;
}

static bool load_agent(struct desk_in *in, uint32_t agent)
{
    struct fig_agent *a = &in->d->figures->agents[agent];
    if (!sh_desk_in_number(in, &a->assigned) || !sh_desk_in_number(in, &a->automatic) ||
        !sh_desk_in_number(in, &a->shift_sec) || !sh_desk_in_number(in, &a->before_sec) ||
        !sh_desk_in_time(in, FIG_OFFLINE, &a->since_sec)) {
        return false;
    }
    DESK_REQUIRE(in, a->before_sec <= a->shift_sec, "more hours before than in all");
    bool online = a->since_sec != FIG_OFFLINE;
    DESK_REQUIRE(in, online == desk_agent(in->d, agent)->online,
                 "an agent online for the figures alone, or not");
    DESK_REQUIRE(in, !online || a->since_sec <= in->d->core.now_sec, "online since a time to come");
    return true;
}

static bool load_people(struct desk_in *in)
{
    struct desk_figures *f = in->d->figures;
    for (uint32_t i = 0; i < in->d->t->AGENT_count; i++) {
        if (!load_agent(in, i)) return false;
    }
    for (uint32_t i = 0; i < in->d->t->TEAM_count; i++) {
        if (!sh_desk_in_number(in, &f->teams[i].assigned) || !sh_desk_in_number(in, &f->teams[i].automatic) ||
            !sh_desk_in_number(in, &f->teams[i].carried_sec)) {
            return false;
        }
    }
    return true;
}

static bool load_cell(struct desk_in *in, struct fig_cell *before)
{
    struct shunt_desk *d = in->d;
    struct fig_cell c = {0};
    if (!sh_desk_in_below(in, d->t->TEAM_count, &c.team) ||
        !sh_desk_in_below(in, d->channel_count + 1, &c.channel) ||
        !sh_desk_in_below(in, d->t->AGENT_count, &c.agent) || !sh_desk_in_number(in, &c.automatic)) {
        return false;
    }
    uint64_t place = (uint64_t)c.team << 32 | c.channel,
             last = (uint64_t)before->team << 32 | before->channel;
    bool ordered = d->figures->cells.count == 0 || place > last || (place == last && c.agent > before->agent);
    DESK_REQUIRE(in, ordered, "automatic assignments out of order");
    sh_desk_figures_cell(d, c.team, c.channel, c.agent)->automatic = c.automatic;
    *before = c;
    return true;
}

static bool load_cells(struct desk_in *in)
{
    uint32_t count;
    struct fig_cell before = {0};
    if (!sh_desk_in_count(in, 4, &count)) return false;
    for (uint32_t i = 0; i < count; i++) {
        if (!load_cell(in, &before)) return false;
    }
    return true;
}

static bool load_values(struct desk_in *in, struct fig_values *v)
{
    struct shunt_desk *d = in->d;
    uint32_t count;
    uint64_t sec;
    if (!sh_desk_in_count(in, 3, &count)) return false;
    for (uint32_t i = 0; i < count; i++) {
        struct fig_value value;
        if (!sh_desk_in_number(in, &sec) || !sh_desk_in_index(in, d->t->AGENT_count, &value.agent) ||
            !sh_desk_in_index(in, d->t->TEAM_count, &value.team)) {
            return false;
        }
        DESK_REQUIRE(in, sec <= (uint64_t)(SHUNT_TIME_MAX - SHUNT_TIME_MIN), "a time out of range");
        value.sec = (int64_t)sec;
        sh_desk_figures_value(d, v, value);
        if (i % 1024 == 0) desk_load_stands(d);
    }
    return true;
}

bool sh_desk_load_figures(struct desk_in *in)
{
    struct shunt_desk *d = in->d;
    struct desk_figures *f = d->figures;
    uint64_t sums[4];
    sh_desk_figures_gone(d);
    if (!sh_desk_in_time(in, FIG_OFFLINE, &f->from_sec) || !load_counts(in, sums, 4)) return false;
    f->arrived = sums[0], f->assigned = sums[1], f->automatic = sums[2], f->gone_sec = sums[3];
    DESK_REQUIRE(in, f->from_sec == FIG_OFFLINE || (d->core.has_time && f->from_sec <= d->core.now_sec),
                 "figures from a time to come");
    DESK_REQUIRE(in, f->arrived >= d->core.open_count, "more open tickets than arrived");
    return load_people(in) && load_counts(in, f->by_channel, d->channel_count + 1) &&
           load_counts(in, f->by_rule, f->rule_count) && load_counts(in, f->by_hour, SHUNT_WEEK_HOURS) &&
           load_counts(in, f->online, SHUNT_WEEK_HOURS) && load_cells(in) && load_values(in, &f->responses) &&
           load_values(in, &f->assignments);
}
