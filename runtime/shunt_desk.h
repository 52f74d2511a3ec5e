/*
 * shunt_desk.h - the desk: assignment over time (desk.md). Part of shunt.h, which includes it.
 *
 * A desk is one policy in use: presence, open tickets, rotations. Events go in, in order; decisions come out.
 * It has no clock, no I/O and no randomness of its own: the same table, options and events give the same
 * decisions on any machine. A desk belongs to one thread at a time; any number of desks may share a table.
 *
 *     shunt_desk_new(table, NULL, NULL, &desk);
 *     struct shunt_event e = {.kind = SHUNT_EVENT_ONLINE, .agent = {"anna", 4}, .has_at = true};
 *     e.at_sec = now;
 *     shunt_desk_event(desk, &e, &sink, &refusal);
 *
 * docs/events.md says what each event does, docs/embedding.md shows a whole program.
 */
#ifndef SHUNT_DESK_H
#define SHUNT_DESK_H

#include "shunt.h"

#ifdef __cplusplus
extern "C" {
#endif

struct shunt_desk; /* opaque */

enum { SHUNT_KEEP_DAYS_DEFAULT = 30, SHUNT_KEEP_DAYS_MAX = 36500, SHUNT_CUSTOMERS_DEFAULT = 4000000 };

struct shunt_desk_options {
    uint64_t seed;          /* of `random`: SplitMix64's state at first */
    uint32_t keep_days;     /* how long a closed ticket is remembered; 0: until the next event */
    uint32_t customers_max; /* how many pairs of a customer and a team are remembered for `sticky`; past it
                               the pair whose last assignment is longest ago is forgotten. 0:
                               SHUNT_CUSTOMERS_DEFAULT */
    bool figures;           /* keep what the figures below tell: 8 bytes and more for each ticket, for ever */
    /* Random numbers, where ids come from strangers: without them the addresses of memory are all that keeps them
     * from ids that are slow to find. No answer depends on them. */
    uint64_t hash_key[2];
};

/* options: NULL: all zero but keep_days, which is the default. hooks: copied; NULL: malloc. The table must
 * outlive the desk. SHUNT_NO_MEMORY; SHUNT_BAD_VALUE: keep_days over SHUNT_KEEP_DAYS_MAX. */
enum shunt_status shunt_desk_new(const struct shunt_table *table, const struct shunt_desk_options *options,
                                 const struct shunt_hooks *hooks, struct shunt_desk **desk);
void shunt_desk_free(struct shunt_desk *desk); /* NULL is allowed */
const struct shunt_table *shunt_desk_table(const struct shunt_desk *desk);
/* The time of the last event; false: there was none yet. */
bool shunt_desk_time(const struct shunt_desk *desk, int64_t *at_sec);
/* The next due time (desk.md 1.3), when a caller with a clock should send a `tick`; false: nothing is due
 * unless an event comes. Cost: the number of different hours and shifts of the policy. */
bool shunt_desk_due(const struct shunt_desk *desk, int64_t *at_sec);
/* Whether an agent is online, for whatever channel. agent < shunt_agent_count(). */
bool shunt_desk_is_online(const struct shunt_desk *desk, uint32_t agent);

/* ---- events in ---- */

enum shunt_event_kind {
    SHUNT_EVENT_TICKET,
    SHUNT_EVENT_ONLINE,
    SHUNT_EVENT_OFFLINE,
    SHUNT_EVENT_SIGNOUT,
    SHUNT_EVENT_CLAIM,
    SHUNT_EVENT_NEXT,
    SHUNT_EVENT_ASSIGN,
    SHUNT_EVENT_UNASSIGN,
    SHUNT_EVENT_REPLY,
    SHUNT_EVENT_CLOSE,
    SHUNT_EVENT_REOPEN,
    SHUNT_EVENT_UPDATE,
    SHUNT_EVENT_REROUTE,
    SHUNT_EVENT_PENDING,
    SHUNT_EVENT_RESUME,
    SHUNT_EVENT_AUTO,
    SHUNT_EVENT_TICK
};

struct shunt_device {
    struct shunt_string channel, text;
};

/* Everything in it is borrowed for the call; strings need no NUL; bytes NULL: not said. Names are normalised
 * by the desk, ids of tickets are compared byte for byte. What a kind has no use for does nothing, but it
 * must be text, and a list that is counted must be there. */
struct shunt_event {
    enum shunt_event_kind kind;
    bool has_at; /* false: at the time of the event before; a first event must have one */
    int64_t at_sec;
    struct shunt_string by, agent, team;
    const struct shunt_string *tickets; /* TICKET: the new ticket's id; ASSIGN: one or more; else one */
    size_t ticket_count;
    bool has_channels, has_devices; /* ONLINE */
    bool on;                        /* AUTO */
    const struct shunt_string *channels;
    size_t channel_count;
    const struct shunt_device *devices;
    size_t device_count;
    struct shunt_ticket *carried; /* TICKET, UPDATE: the attributes, said to a ticket that records (below), of
                                     the desk's own table; the desk sets its arrival time. NULL: none */
};

/* From its next shunt_ticket_reset() on, a ticket records what is said to it, as a desk needs it: texts
 * whole, and what an UPDATE clears. Off at first. */
void shunt_ticket_record(struct shunt_ticket *ticket, bool on);
/* For UPDATE: the attribute is no longer carried (JSON's null, an empty list of a set). SHUNT_UNKNOWN of
 * shunt_ticket_set_name() means the same. Between two resets an attribute is said or cleared, not both.
 * SHUNT_BAD_VALUE: no such attribute. SHUNT_NO_MEMORY. */
enum shunt_status shunt_ticket_clear(struct shunt_ticket *ticket, uint32_t attr);

/* ---- decisions out ---- */

enum shunt_state {
    SHUNT_ASSIGNED,
    SHUNT_OFFERED,
    SHUNT_QUEUED,
    SHUNT_HELD,
    SHUNT_UNASSIGNED,
    SHUNT_PENDING,
    SHUNT_CLOSED
};
/* Why a ticket is as it is (desk.md 2.3, 2.4, 4, 4.4, 6.1). The strategies come first, in the order of
 * `assign`'s table. */
enum shunt_why {
    SHUNT_WHY_ROUND_ROBIN,
    SHUNT_WHY_WEIGHTED,
    SHUNT_WHY_LEAST_BUSY,
    SHUNT_WHY_MOST_BUSY,
    SHUNT_WHY_SPARE_CAPACITY,
    SHUNT_WHY_LONGEST_IDLE,
    SHUNT_WHY_RANDOM,
    SHUNT_WHY_RING_ALL,
    SHUNT_WHY_PULL,
    SHUNT_WHY_MANUAL,
    SHUNT_WHY_STICKY,
    SHUNT_WHY_AGENT,
    SHUNT_WHY_BULK,
    SHUNT_WHY_CLAIMED,
    SHUNT_WHY_REPLIED,
    SHUNT_WHY_REOPENED,
    SHUNT_WHY_AUTO_OFF,
    SHUNT_WHY_CLOSED,
    SHUNT_WHY_NO_TEAM,
    SHUNT_WHY_NOBODY_ONLINE,
    SHUNT_WHY_OFF_SHIFT,
    SHUNT_WHY_CHANNEL_NOT_SERVED,
    SHUNT_WHY_SKILL_MISSING,
    SHUNT_WHY_AT_CAPACITY,
    SHUNT_WHY_AGENT_GONE,
    SHUNT_WHY_TEAM_GONE
};
/* "assigned", "round-robin", ...; static; NULL past the last. */
const char *shunt_state_name(unsigned state);
const char *shunt_why_name(unsigned why);

/* What brought a decision about. DUE: something that was due before the event; ANSWER: the event itself;
 * DRAIN: the drain of the backlog after it. The first that is not DUE carries an event's warnings. */
enum shunt_part { SHUNT_PART_DUE, SHUNT_PART_ANSWER, SHUNT_PART_DRAIN };

/* A ticket as it is after a decision (desk.md 7.1). All of it holds during the call of the sink. */
struct shunt_desk_decision {
    enum shunt_part part;
    bool time_went_back; /* in the first that is not DUE: the event was earlier than the last */
    bool has_until;      /* HELD: until is known; else it never opens */
    bool rule_is_takes;  /* rule is a team's name, and "team " stands before it */
    int64_t at_sec;      /* of the event or the due time */
    int64_t until_sec;
    struct shunt_string ticket;
    enum shunt_state status;
    enum shunt_why why;                 /* of no meaning in CLOSED, PENDING */
    uint32_t team;                      /* index, or SHUNT_NONE */
    uint32_t agent;                     /* ASSIGNED, PENDING, CLOSED: index, or SHUNT_NONE */
    struct shunt_string device;         /* ASSIGNED: bytes NULL: none */
    const uint32_t *agents;             /* OFFERED */
    const struct shunt_string *devices; /* OFFERED: by place in agents; bytes NULL: none */
    size_t agent_count;
    struct shunt_string rule;       /* may be a rule of an earlier version of the policy, and so may add be */
    unsigned priority;              /* after effects */
    const struct shunt_string *add; /* labels */
    size_t add_count;
    uint32_t step; /* from 1 */
};

/* Takes the decisions of an event, in order, once the event is done whole: it may act on them at once. It
 * must not call the desk. */
struct shunt_sink {
    void (*decision)(void *ctx, const struct shunt_desk_decision *decision);
    void *ctx;
};

/* Why an event was refused. It then moved the time, brought what was due, and did nothing else. */
enum shunt_refusal_reason {
    SHUNT_REFUSED_NOTHING,       /* it was not */
    SHUNT_REFUSED_NO_TIME,       /* a first event without a time */
    SHUNT_REFUSED_NO_AGENT,      /* the event needs an agent and says none */
    SHUNT_REFUSED_NO_TICKET,     /* the event needs a ticket and says none, or an empty id */
    SHUNT_REFUSED_NO_CHANNEL,    /* an empty list of channels */
    SHUNT_REFUSED_AGENT_OR_TEAM, /* ASSIGN names one of agent and team */
    SHUNT_REFUSED_TICKET_OPEN,   /* a new ticket with the id of an open one */
    SHUNT_REFUSED_UNKNOWN_TICKET,
    SHUNT_REFUSED_UNKNOWN_AGENT,
    SHUNT_REFUSED_UNKNOWN_TEAM,
    SHUNT_REFUSED_UNKNOWN_CHANNEL,
    SHUNT_REFUSED_CHANNEL_TWICE, /* one channel twice in devices */
    SHUNT_REFUSED_NOT_DOER,      /* `by` is another than the agent who does it */
    SHUNT_REFUSED_NOT_ALLOWED,   /* the role of `by` does not allow it */
    SHUNT_REFUSED_VIEWER,        /* a viewer has no tickets and is not online */
    SHUNT_REFUSED_NOT_MEMBER,    /* the ticket's team is members_only */
    SHUNT_REFUSED_CLOSED,        /* the ticket is closed */
    SHUNT_REFUSED_NOT_CLOSED,    /* REOPEN of an open ticket */
    SHUNT_REFUSED_HAS_AGENT,     /* CLAIM of a ticket that has one */
    SHUNT_REFUSED_NOT_ASSIGNED,  /* PENDING of a ticket that is not assigned */
    SHUNT_REFUSED_NOT_PENDING,   /* RESUME of a ticket that is not pending */
    SHUNT_REFUSAL_COUNT
};
struct shunt_refusal {
    enum shunt_refusal_reason reason;
    struct shunt_string about; /* the name or id it is about, in the event; bytes NULL: none */
};
/* A stable code ("unknown-ticket") and a sentence in which {} stands for `about`; static; NULL past the last.
 */
const char *shunt_refusal_code(unsigned reason);
const char *shunt_refusal_text(unsigned reason);

/* Does an event, after all that is due at or before it, and then hands every decision to the sink (NULL:
 * nobody listens). One event is done whole or not at all, with what is due before it. SHUNT_OK.
 * SHUNT_REFUSED: see *refusal (may be NULL); the time moved and what was due happened, and went to the sink.
 * SHUNT_NO_MEMORY: the desk is as it was before the call, and the sink was not called. SHUNT_BAD_VALUE:
 * at_sec outside SHUNT_TIME_MIN..MAX, no such kind, a count without its list, `carried` does not record or is
 * of another table; SHUNT_BAD_TEXT: a string is not UTF-8 or holds U+0000, or a channel or device has none;
 * nothing was done. */
enum shunt_status shunt_desk_event(struct shunt_desk *desk, const struct shunt_event *event,
                                   const struct shunt_sink *sink, struct shunt_refusal *refusal);

/* ---- the next version of a policy (desk.md 4.4) ---- */

/* A desk under the next version of the policy, with presence, tickets and rotations carried over by name. The
 * old desk stays as it is, for the caller to free. Decisions go to the sink as SHUNT_PART_DRAIN. hooks: the
 * old desk's are used. SHUNT_NO_MEMORY: nothing was made. */
enum shunt_status shunt_desk_replace(const struct shunt_desk *old, const struct shunt_table *table,
                                     const struct shunt_sink *sink, struct shunt_desk **desk);

/* ---- saving and loading: docs/DESK-FORMAT.md ---- */

/* The whole state as bytes: the same state gives the same bytes. *bytes: allocated by the hooks (NULL:
 * malloc), freed with resize(ctx, bytes, *len, 0) (or free()). SHUNT_NO_MEMORY. */
enum shunt_status shunt_desk_save(const struct shunt_desk *desk, const struct shunt_hooks *hooks,
                                  void **bytes, size_t *len);
/* Verifies saved bytes whole and makes the desk they were saved from. The table must be the one of that desk.
 * bytes: not kept; any alignment. SHUNT_NOT_A_DESK: the bytes do not begin as a saved desk does;
 * SHUNT_TABLE_VERSION: saved by a newer library; SHUNT_DESK_DAMAGED; SHUNT_OTHER_TABLE: saved under another
 * table; SHUNT_NO_MEMORY. *reason (may be NULL): a static sentence of what is wrong, "" where the status says
 * it all. */
enum shunt_status shunt_desk_load(const struct shunt_table *table, const void *bytes, size_t len,
                                  const struct shunt_hooks *hooks, struct shunt_desk **desk,
                                  const char **reason);

/* ---- figures ---- */

/*
 * The figures of desk.md 8, of all that a desk has done since it was made (through shunt_desk_load() and
 * shunt_desk_replace() too; what is of agents and teams that are gone counts in the totals alone).
 *
 * An assignment is a ticket's becoming an agent's: one that changes hands counts for both, one that is given
 * to who has it already counts not at all, and `resume` is none. It counts for the agent, and for the team
 * in which the ticket is then; a ticket without a team (a step to an agent) counts for the agent alone.
 * Automatic assignments (desk.md 4.1) are those among them made by strategy, bulk, sticky or agent.
 * Every time from arrival is counted from the ticket's first arrival: a reroute begins no new one.
 */

/* How long something took, over those it happened to, by nearest rank: of n values in rising order the median
 * is number ceil(n / 2) and p90 number ceil(9 n / 10). count 0: the others are 0. */
struct shunt_figures_times {
    uint64_t count;
    int64_t median_sec, p90_sec;
};

/* Of an agent, of a team, or of all. */
struct shunt_figures_of {
    uint64_t assigned;                   /* assignments */
    double share;                        /* of all assignments: 0 to 1; 0 where there are none */
    uint64_t open;                       /* agent: assigned and pending tickets; team: all open ones in it */
    struct shunt_figures_times response; /* arrival to first response: by the agent; in the team */
    struct shunt_figures_times assignment; /* arrival to first assignment: to the agent; in the team */
    uint64_t online_sec; /* online, for whatever channel, inside their own hours if any and not away; of a
                            team: of its members, added up while they are members; being on shift without
                            being online does not count */
    uint64_t automatic;  /* automatic assignments */
    double automatic_per_hour; /* automatic / (online_sec / 3600); 0 where online_sec is 0 */
};

struct shunt_figures_channel {
    struct shunt_string name; /* bytes NULL: tickets without a channel */
    uint64_t tickets;
};

struct shunt_figures_rule {
    struct shunt_string name; /* may be a rule of an earlier version of the policy */
    bool is_takes;            /* name is a team's, and "team " stands before it */
    uint64_t tickets;
};

/* Of a rotation (desk.md 4) in which there was an automatic assignment. Compared are those of its agents who
 * are members now, serve its channel, and have been online (as online_sec) for at least an hour. */
struct shunt_figures_rotation {
    bool global;        /* of all teams that say `rotation: global` */
    bool by_channel;    /* `rotation: channel`: of team and channel */
    uint32_t team;      /* SHUNT_NONE: global */
    uint32_t channel;   /* by_channel: place in channels below; the last: without a channel */
    uint32_t agents;    /* how many are compared */
    double least, most; /* automatic assignments in the rotation, per hour online; 0 where agents is 0 */
    double fairness;    /* most - least: 0 is perfectly fair */
};

enum { SHUNT_WEEK_HOURS = 168 };

/* Everything in it belongs to it, but for names, which are the table's and the desk's: names of earlier
 * versions hold until the desk's next event. */
struct shunt_figures {
    bool has_time;            /* something was counted */
    int64_t from_sec, to_sec; /* the first ticket or presence, and the desk's time now */
    uint64_t tickets;         /* that arrived */
    struct shunt_figures_of all;
    const struct shunt_figures_of *agents; /* by index */
    const struct shunt_figures_of *teams;  /* by index */
    uint32_t agent_count, team_count;
    uint64_t status[SHUNT_CLOSED + 1]; /* by enum shunt_state: of all that arrived, as they are now */
    /* As they arrived: by channel in the policy's order, then those without one. */
    const struct shunt_figures_channel *channels;
    uint32_t channel_count;                 /* the policy's channels and 1 */
    const struct shunt_figures_rule *rules; /* as they arrived: in order, otherwise, then earlier ones */
    uint32_t rule_count;
    uint64_t arrived[SHUNT_WEEK_HOURS];    /* tickets by hour of the week, Monday's first hour first, in the
                                              policy's zone (UTC where it has none) */
    uint64_t online_sec[SHUNT_WEEK_HOURS]; /* seconds agents were online in that hour of the week, in or out
                                              of their shift */
    uint64_t passed_sec[SHUNT_WEEK_HOURS]; /* seconds of that hour between from_sec and to_sec: online_sec /
                                              passed_sec agents were online on average */
    const struct shunt_figures_rotation *rotations; /* by team, then channel; the global one last */
    uint32_t rotation_count;
};

/* The figures now: nothing of the desk changes by asking. Cost: the tickets remembered and the values kept,
 * times the logarithm of the values. SHUNT_NO_MEMORY; SHUNT_UNKNOWN: the desk keeps none
 * (shunt_desk_options.figures). */
enum shunt_status shunt_desk_figures(const struct shunt_desk *desk, const struct shunt_figures **figures);
void shunt_figures_free(const struct shunt_figures *figures); /* NULL is allowed; before the desk is freed */

/* ---- views ---- */

enum shunt_view {
    SHUNT_VIEW_MINE,       /* open, and assigned to `by` (pending ones too) */
    SHUNT_VIEW_UNASSIGNED, /* open and without an agent, whatever the status */
    SHUNT_VIEW_TO_SOLVE,   /* waiting in a team of `by` that pulls for the ticket's channel: what `next` takes
                              from, in the order in which it does: by priority, highest first, then arrival */
    SHUNT_VIEW_ALL         /* every ticket not forgotten, closed ones too */
};

/* Hands every ticket in the view, in order of arrival (TO_SOLVE: see there), to the sink as it is, as a
 * decision of the desk's time. by: the name of the agent who looks; bytes NULL: the system, who may see all
 * and has nothing in MINE and TO_SOLVE. Who is neither a member nor manager and up does not see the tickets
 * of a members_only team. with_closed: MINE and UNASSIGNED show closed tickets too. Nothing changes; the sink
 * must not call the desk. Cost: the tickets remembered, sorted.
 * SHUNT_UNKNOWN: the policy has no agent `by`; SHUNT_BAD_VALUE: no such view; SHUNT_BAD_TEXT;
 * SHUNT_NO_MEMORY: the sink was not called. */
enum shunt_status shunt_desk_view(const struct shunt_desk *desk, enum shunt_view view, struct shunt_string by,
                                  bool with_closed, const struct shunt_sink *sink);

/* ---- looking on: why this agent and not that one ---- */

/* At which stage of desk.md 3 an agent was left out; CHOSEN: theirs, or offered to them. */
enum shunt_stage {
    SHUNT_STAGE_ONLINE,
    SHUNT_STAGE_SHIFT,
    SHUNT_STAGE_CHANNEL,
    SHUNT_STAGE_SKILL,
    SHUNT_STAGE_CAPACITY,
    SHUNT_STAGE_RANK,
    SHUNT_STAGE_STRATEGY,
    SHUNT_STAGE_CHOSEN
};

struct shunt_member {
    uint32_t agent;
    enum shunt_stage stage;
    uint32_t stages; /* ONLINE to CAPACITY: each at which they are left out, were it not for those before: the
                        bits 1 << stage */
    bool on_duty;    /* passes the first stage by being in an on-shift team */
    uint32_t skill;  /* SKILL in stages: the first that is missing, as in shunt_skill_name(), or SHUNT_NONE:
                        of an earlier version of the policy */
    uint32_t open_channel, open_total;   /* load now (desk.md 3.3), on the ticket's channel and in all */
    uint32_t limit_channel, limit_total; /* SHUNT_NONE: no limit */
    uint32_t rank;
    uint32_t weight;
    int64_t weight_sum;      /* `weighted`: the sum before this pick's weights are added */
    uint64_t last_automatic; /* `longest-idle`: order of the last automatic assignment; 0: never */
    uint32_t turn;           /* strategies with a rotation: 0 is next, in its order; SHUNT_NONE: not in it */
    bool has_shift_from;     /* SHIFT in stages: the next instant on shift is known */
    int64_t shift_from_sec;
};

/* An attempt (desk.md 2.4), a bulk assignment or an agent's step, as it is made. */
struct shunt_attempt {
    int64_t at_sec;
    struct shunt_string ticket;
    uint32_t team;     /* where the ticket then is; SHUNT_NONE: an agent's step */
    uint32_t asked;    /* the team that was asked first, where hours handed the ticket on; else as team */
    uint32_t channel;  /* place in the policy's channels, or SHUNT_NONE */
    uint32_t strategy; /* as enum shunt_why; SHUNT_NONE: none was asked */
    enum shunt_state status;
    enum shunt_why why;
    uint32_t agent; /* ASSIGNED */
    bool has_until;
    int64_t until_sec;
    bool drain;              /* made by a drain; ones that change nothing are told too */
    const uint32_t *require; /* the skills required: as `skill` above, past the last: of an earlier version */
    size_t require_count;
    const struct shunt_member *members; /* in the order of the team; none where nobody was asked */
    size_t member_count;
};
/* watch is called for every attempt for a ticket, while the event is under way: what it is told counts only
 * once the event is done (SHUNT_OK), and it must not call the desk. watch NULL: no more. Watching takes time.
 */
void shunt_desk_watch(struct shunt_desk *desk, void (*watch)(void *ctx, const struct shunt_attempt *attempt),
                      void *ctx);
/* What an attempt for a waiting ticket (HELD, QUEUED, OFFERED) would come to at the desk's time, told as an
 * attempt is; nothing changes, and told must not call the desk. Where it is ASSIGNED nobody is picked yet:
 * agent is SHUNT_NONE. SHUNT_UNKNOWN: no such ticket, or it does not wait. Not to be called while the desk is
 * under way with an event. */
enum shunt_status shunt_desk_ask(struct shunt_desk *desk, struct shunt_string ticket,
                                 void (*told)(void *ctx, const struct shunt_attempt *attempt), void *ctx);

#ifdef __cplusplus
}
#endif

#endif
