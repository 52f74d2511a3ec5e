/*
 * What a desk keeps so that its figures can be told at any time (desk.md 8; shunt.h says what each means).
 *
 * Counts are kept as counts. What is told by rank keeps its values, one for each first response and one for
 * each first assignment. The time online is added up when an agent goes offline; the stretch since they came
 * online is added when the figures are asked for, so that asking changes nothing. All of it changes within
 * the desk's transaction.
 *
 * Replacing a policy carries hours over like this: an agent's `before_sec` and a team's `carried_sec` are
 * what they were until then; the team's hours are carried_sec and what its members have had since.
 */
#ifndef SHUNT_RUNTIME_FIGURES_H
#define SHUNT_RUNTIME_FIGURES_H

#include "desk.h"

/* How long a ticket took, and whose that was; TF_NONE: of nobody who is there still. */
struct fig_value {
    int64_t sec;
    uint32_t agent, team;
};
struct fig_values {
    uint64_t mark;
    struct fig_value *at; /* cap of them */
    uint64_t count, cap;
};

#define FIG_OFFLINE INT64_MIN
struct fig_agent {
    uint64_t mark;
    uint64_t assigned, automatic;
    uint64_t shift_sec;  /* online inside the shift, until online_since */
    uint64_t before_sec; /* the part of it under earlier versions of the policy */
    int64_t since_sec;   /* online since; FIG_OFFLINE */
};
struct fig_team {
    uint64_t mark;
    uint64_t assigned, automatic;
    uint64_t carried_sec; /* of its members of then, under earlier versions */
};
/* Automatic assignments to an agent in a team and a channel (the policy's count of them: none). */
struct fig_cell {
    uint64_t mark;
    uint64_t automatic;
    uint32_t team, channel, agent;
};

struct desk_figures {
    uint64_t mark;    /* of from_sec to gone_sec */
    int64_t from_sec; /* FIG_OFFLINE: nothing yet */
    uint64_t arrived, assigned, automatic;
    uint64_t gone_sec; /* online_sec of agents who are gone */
    struct fig_values responses, assignments;
    struct fig_agent *agents; /* AGENT_count */
    struct fig_team *teams;   /* TEAM_count */
    uint64_t *by_channel;     /* channel_count + 1 */
    uint64_t *by_rule;        /* rule_count */
    uint32_t rule_count;      /* RULE_count and the earlier versions' */
    struct sh_map cells;
    uint64_t by_hour[SHUNT_WEEK_HOURS];
    uint64_t online[SHUNT_WEEK_HOURS]; /* agents' seconds online, until they went offline */
};

/* Counts rules of earlier versions too, now that d->gone_rules is known; within a transaction. */
void sh_desk_figures_gone(struct shunt_desk *d);

/* Adds the seconds of [from, to) to the hours of the week in which they lie, in the policy's zone. */
void sh_desk_figures_hours(const struct shunt_table *t, int64_t from_sec, int64_t to_sec,
                           uint64_t hours[SHUNT_WEEK_HOURS]);
/* The seconds of [from, to) inside the agent's shift. */
uint64_t sh_desk_figures_shift(const struct shunt_desk *d, uint32_t agent, int64_t from_sec, int64_t to_sec);
/* The agent's time online inside the shift, until now. */
uint64_t sh_desk_figures_online(const struct shunt_desk *d, uint32_t agent);
/* The sum of that over the members of each crew; before_sec is left out. online: by agent. */
void sh_desk_figures_crews_online(const struct shunt_desk *d, const uint64_t *online, uint64_t *into);
/* The team's, of its crew's. */
uint64_t sh_desk_figures_team_online(const struct shunt_desk *d, uint32_t team, const uint64_t *crews);

/* The cell, made where there is none yet; within a transaction. */
struct fig_cell *sh_desk_figures_cell(struct shunt_desk *d, uint32_t team, uint32_t channel, uint32_t agent);
/* One value more; within a transaction. */
void sh_desk_figures_value(struct shunt_desk *d, struct fig_values *v, struct fig_value value);
/* The cells in the order of team, channel, agent. into: room for cells.count. */
void sh_desk_figures_sorted(const struct desk_figures *f, const struct fig_cell **into);

#endif
