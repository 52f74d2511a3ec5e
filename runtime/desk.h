/*
 * The desk's state (desk.md), as the files desk_*.c share it.
 *
 * Who owns what: a desk owns everything behind it, through its hooks. Everything that changes changes within
 * the desk's transaction (txn.h); objects with a mark are saved whole by their touch function before they are
 * written. Indexes are the table's; a rule, label or skill of an earlier version of the policy has an index
 * past the table's own, and its name in `gone`.
 *
 * What keeps draining cheap (desk.md 5.2). Waiting tickets for which an attempt must come out alike, and
 * whose last one did, stand in one queue: same team (or agent's step), channel, required skills, touched or
 * not, a step to come or not, status, agents offered, until. A queue is looked at only once something it
 * depends on has changed: then it is `stale`. A drain takes the first ticket among all stale queues, attempts
 * it, and drops a queue at the first ticket that stays as it was: so its cost is the queues that are stale
 * and the tickets that change, not the tickets that wait. tests/oracle has the desk that attempts every
 * ticket every time.
 *
 * What keeps its room near the policy's length. Teams with one list of members are one crew: whatever follows
 * from who is in a team (an agent's teams, hours online) is kept by crew, so that n teams of `agents: all`
 * are no n lists. Loads are an array for each agent where channels are few; where they are many, a map of
 * those that are not 0 (desk_open.c).
 */
#ifndef SHUNT_RUNTIME_DESK_H
#define SHUNT_RUNTIME_DESK_H

#include "hours.h"
#include "map.h"
#include "ticket.h"
#include "tree.h"

#define DESK_NEVER INT64_MAX

/* ---- lists of numbers, each kept once: skills, labels, agents offered, steps ---- */

struct desk_list {
    uint64_t mark;
    uint64_t hash;
    uint32_t refs;
    uint32_t count;
    uint64_t *who; /* of required skills: a bit for each agent who has them all; else NULL */
    uint32_t at[];
};
/* One more holder; the empty list is NULL. */
struct desk_list *sh_desk_list_get(struct shunt_desk *d, const uint32_t *at, uint32_t count);
/* The same of required skills, with `who`. */
struct desk_list *sh_desk_list_get_skills(struct shunt_desk *d, const uint32_t *at, uint32_t count);
/* The first of the skills that an agent lacks; TF_NONE: none. */
uint32_t sh_desk_skill_missing(const struct shunt_desk *d, uint32_t agent, const struct desk_list *require);
void sh_desk_list_put(struct shunt_desk *d, struct desk_list *l); /* one holder less; NULL is allowed */
static inline uint32_t desk_list_count(const struct desk_list *l)
{
    return l ? l->count : 0;
}

/* A step in a list: four numbers. */
enum { STEP_KIND, STEP_TARGET, STEP_AFTER_SEC, STEP_OF_HOURS, STEP_LEN };
/* of_hours of a step whose hours are gone (desk.md 4.4): it never falls due. */
#define STEP_HOURS_GONE (UINT32_MAX - 1)
/* STEP_KIND of a step whose team or agent is gone: it is skipped. Else enum tf_target. */
#define STEP_GONE UINT32_C(3)

/* ---- tickets ---- */

struct desk_ticket {
    uint64_t mark;
    uint64_t seq; /* the order of arrival: from 1 */
    const char *id;
    uint32_t id_len;
    uint32_t record_len;
    const uint8_t *record; /* what it carries: record.h. One block with id and customer: card, card_len */
    const char *customer;  /* NFC; NULL: none */
    uint32_t customer_len;
    uint32_t card_len;
    uint8_t *card;
    int64_t at_sec;       /* arrival, for steps: of the last reroute */
    int64_t first_at_sec; /* arrival, for figures */
    int64_t due_sec;      /* of the step after `step`; DESK_NEVER */
    int64_t until_sec;    /* HELD; DESK_NEVER */
    int64_t closed_sec;
    int64_t assigned_sec;    /* when it first was; INT64_MIN: not yet */
    int64_t response_sec;    /* first response; INT64_MIN: none yet */
    struct desk_list *steps; /* STEP_LEN numbers each */
    struct desk_list *require, *add;
    struct desk_list *offered;                        /* OFFERED: agents */
    struct desk_queue *queue;                         /* where it waits; NULL */
    struct sh_node place;                             /* in the queue */
    struct sh_node timer;                             /* in desk.timers, where armed */
    struct desk_ticket *closed_before, *closed_after; /* CLOSED: the list of closed ones, by time */
    uint32_t rule;                                    /* RULE, or past it: gone.rules */
    uint32_t step;                                    /* from 0 */
    uint32_t team, agent;                             /* TF_NONE; agent: assigned, pending, closed with one */
    uint32_t wanted;                                  /* the agent a step {agent: A} waits for; TF_NONE */
    uint32_t channel;                                 /* place, TF_NONE */
    uint8_t priority, status, why;
    bool touched, armed, has_steps_left; /* has_steps_left: a step after `step`, and not touched */
    bool counts;                         /* it is load of its agent (desk.md 3.3) */
    uint64_t named_round;                /* scratch */
};

/* The step after the one it is in, but for those that are gone; TF_NONE: it is in the last. */
static inline uint32_t desk_next_step(const struct desk_ticket *k)
{
    uint32_t count = desk_list_count(k->steps) / STEP_LEN;
    for (uint32_t i = k->step + 1; i < count; i++) {
        if (k->steps->at[i * STEP_LEN + STEP_KIND] != STEP_GONE) return i;
    }
    return TF_NONE;
}

struct desk_queue {
    uint64_t mark;
    uint64_t hash;
    struct sh_tree tickets;
    struct desk_ticket *last[SHUNT_PRIORITY_URGENT + 1]; /* by priority: its last one; NULL: none */
    uint32_t count;
    uint32_t team, wanted, channel;
    struct desk_list *require, *offered; /* held, as the ticket's */
    int64_t until_sec;
    uint8_t status;
    bool touched, later;
    enum { FRESH, STALE_BY_ONE, STALE } stale; /* BY_ONE: only stale_agent may have become eligible */
    uint32_t stale_agent;
    uint32_t stale_at; /* place in desk.stale; TF_NONE */
    bool in_untils;
    uint32_t closing_watch;            /* the hours whose closing is due (desk.md 1.3); TF_NONE */
    struct desk_queue *before, *after; /* of the same team, or of the same wanted agent */
    struct sh_node by_until;           /* in desk.untils, where HELD with an until */
};

/* ---- agents, rotations, watched times ---- */

struct desk_agent {
    uint64_t mark;
    bool online, some_channels, has_devices;
    uint32_t shift;      /* WATCH of hours and away days; TF_NONE: none */
    uint32_t open_total; /* load, desk.md 3.3 */
    uint64_t last_automatic;
    struct desk_channels *channels;   /* some_channels: own block, replaced whole */
    struct desk_device *devices;      /* has_devices: own block, replaced whole */
    struct desk_channels *devices_by; /* their places, by channel; own block */
    uint32_t device_count, devices_len;
    struct desk_queue *queues; /* that wait for this agent */
    uint32_t open[];           /* by channel; the last: without a channel. Nothing where channels are many */
};
struct desk_channels {
    uint32_t count;
    uint32_t at[]; /* ascending */
};
struct desk_device {
    uint32_t channel;
    uint32_t len;
    const char *text; /* in the same block, NUL behind it */
};

struct desk_rotation {
    uint64_t mark;
    uint32_t team, channel; /* TF_NONE, TF_NONE: global */
    uint32_t last;          /* agent; TF_NONE: none yet */
    bool inclusive;      /* `last` is where to go on, itself included (its forerunner is gone: desk.md 4.4) */
    uint32_t last_place; /* where `last` stood in the team's order when it was given: a hint, looked up anew
                            if wrong */
    int64_t *sums;       /* weighted: by place in the team, or by agent where global; NULL: all 0 */
    uint32_t sum_count;
};

struct desk_team {
    uint64_t mark;
    bool off;                  /* auto-assignment switched off for it */
    struct desk_queue *queues; /* of tickets that wait in it */
    uint32_t crew;
    uint32_t before, after; /* the crew's teams in which tickets wait; TF_NONE */
};

/* Teams with one and the same list of members. */
struct desk_crew {
    uint64_t mark;
    uint32_t member_first, member_count; /* LIST, as theirs */
    uint32_t waiting;                    /* the first of its teams in which tickets wait; TF_NONE */
    bool on_shift;                       /* one of its teams is */
};

/* An agent's load on a channel, where channels are many: not 0. */
struct desk_open {
    uint64_t mark;
    uint32_t agent, channel, count;
};

/* Something that is true or not as time goes by: hours open, or an agent's hours open and no away day. */
struct desk_watch {
    uint64_t mark;
    struct sh_node by_next; /* in desk.watches */
    int64_t next_sec;       /* when it may change, or is to be looked at again; DESK_NEVER */
    bool is_shift, on;
    bool flips;                      /* it changes at next_sec (else it is only looked at again) */
    uint32_t hours;                  /* HOURS; of a shift TF_NONE: always */
    uint32_t away, zone;             /* of a shift: WINDOW_SET, ZONE */
    uint32_t closing_count;          /* of hours: queues whose tickets are handed on at its closing */
    uint32_t online_count;           /* of a shift: its agents who are online, and those in on-shift teams */
    uint32_t user_first, user_count; /* of hours: teams; of a shift: agents; in desk.users */
};

/* The last agent of a customer in a team (desk.md 4.2). */
struct desk_customer {
    uint64_t mark;
    uint64_t hash;
    uint32_t team, agent, len, reserved;
    struct desk_customer *older, *newer; /* by last assignment */
    char text[];
};

/* A decision that waits for the transaction to stand. */
struct sh_desk_report {
    struct shunt_desk_decision d; /* agents, devices, add: places in the arrays below, as numbers */
    size_t agents_off, devices_off, add_off;
};

struct desk_names { /* of an earlier version of the policy */
    struct shunt_string *at;
    uint32_t count;
};

struct desk_figures; /* figures.c */

/* A waiting ticket that a drain may come to. */
struct desk_candidate {
    uint8_t priority;
    uint64_t seq;
    struct desk_queue *queue;
    struct sh_node *node;
    uint32_t only; /* only this agent may have become eligible for the queue; TF_NONE: look at all */
};

/* Scratch of the library's own: grows by the hooks, never part of the state. */
struct desk_scratch {
    uint32_t *agents; /* room for every agent, thrice */
    uint32_t *more, *ids;
    struct sh_desk_report *reports;
    size_t report_count, report_cap;
    uint32_t *report_agents;
    size_t report_agent_count, report_agent_cap;
    struct shunt_string *report_strings;
    size_t report_string_count, report_string_cap;
    struct desk_candidate *heap;
    size_t heap_count, heap_cap;
    struct desk_queue **again; /* those that became stale during it */
    size_t again_count, again_cap;
    uint64_t *asked; /* by team: the round of handing on that asked it last */
    uint64_t asked_round;
    uint64_t looks; /* at watches, by time that passed */
    uint64_t *said; /* by channel: the round of naming channels that said it last */
    uint64_t said_round;
    uint64_t named_round; /* of `assign`: which of the tickets were named already */
    struct desk_ticket **named;
    size_t named_cap;
    struct shunt_member *members;
    uint32_t member_count;
    char *name; /* NFC of a name */
    size_t name_len, name_cap;
};

/* What of the desk is one plain value: saved together. */
struct desk_core {
    uint64_t mark;
    bool has_time, off; /* off: the desk's switch */
    int64_t now_sec;
    uint64_t seq;       /* of the last ticket */
    uint64_t automatic; /* how many automatic assignments */
    uint64_t random;    /* SplitMix64's state */
    uint32_t online_count;
    uint32_t open_count, waiting_count, customer_count;
    int64_t midnight_sec; /* presence: day: the next; DESK_NEVER: nobody is online */
    struct desk_ticket *closed_first, *closed_last;
    struct desk_customer *customer_oldest, *customer_newest;
    uint32_t stale_count;
    uint32_t offered_queue_count;
};

struct shunt_desk {
    struct txn txn;         /* with the hooks */
    struct sip_key sip_key; /* of its maps */
    const struct shunt_table *t;
    struct shunt_desk_options options;
    struct desk_core core;
    struct shunt_ticket *ticket; /* to match with */

    /* Made with the desk and never changed. */
    uint32_t channel_count;
    uint32_t most_members;              /* of a team, or all agents */
    uint32_t *agent_names, *team_names; /* open addressing: index + 1; powers of two */
    uint32_t agent_names_cap, team_names_cap;
    uint32_t *crews_of_first, *crews_of; /* by agent: the crews it is in, ascending */
    uint32_t crew_count;
    uint32_t *users; /* of watches; one block */
    size_t users_len;
    uint32_t *hours_watch; /* by HOURS: its watch, TF_NONE */
    uint32_t watch_count;
    uint32_t place_count; /* of an agent's loads: channels and one more, or 0: channels are many */
    size_t fit_len;       /* of an agent's row of `fit`: place_count, at least 1 */
    size_t agent_len;     /* of a struct desk_agent with its loads */
    struct desk_names gone_rules, gone_labels, gone_skills;

    uint8_t *fit;    /* by agent and place of load: the rank if online, on shift, serving and not full there;
                        else 0. Where channels are many, the place without a channel alone */
    uint8_t *agents; /* AGENT_count of agent_len */
    struct desk_team *teams;    /* TEAM_count */
    struct desk_crew *crews;    /* room for TEAM_count */
    struct desk_watch *watches; /* hours first, then shifts */
    size_t watches_len;
    struct sh_tree watch_tree, timers, untils;
    struct sh_map tickets, queues, lists, customers, rotations;
    struct sh_map open;        /* of struct desk_open, where channels are many */
    struct desk_queue **stale; /* core.stale_count of them */
    uint32_t stale_cap;
    struct desk_figures *figures; /* NULL: not kept */

    struct desk_scratch scratch;
    void (*watch)(void *ctx, const struct shunt_attempt *attempt);
    void *watch_ctx;
    enum shunt_part part; /* of what is under way */
    bool went_back, draining;
};

static inline struct desk_agent *desk_agent(const struct shunt_desk *d, uint32_t agent)
{
    return (struct desk_agent *)(void *)(d->agents + (size_t)agent * d->agent_len);
}

/* ---- figures.c: what the desk tells it; each is nothing where d->figures is NULL. Within a transaction.
 * ---- */

struct desk_figures *
sh_desk_figures_make(struct shunt_desk *d);      /* within the transaction; by sh_txn_alloc() */
void sh_desk_figures_free(struct shunt_desk *d); /* d->figures is not NULL */
void sh_desk_figures_arrived(struct shunt_desk *d, const struct desk_ticket *k); /* a new ticket, decided */
/* It became its agent's: after k was changed. automatic: by strategy, bulk, sticky, agent. k->assigned_sec is
 * set. */
void sh_desk_figures_assigned(struct shunt_desk *d, const struct desk_ticket *k, bool automatic, bool first);
void sh_desk_figures_replied(struct shunt_desk *d, const struct desk_ticket *k, uint32_t agent, bool first);
void sh_desk_figures_presence(struct shunt_desk *d, uint32_t agent, bool online,
                              int64_t at_sec); /* changes only */

#endif
