/*
 * The slow desk's state, as the files desk_*.c share it.
 */
#ifndef SHUNT_TESTS_DESK_STATE_H
#define SHUNT_TESTS_DESK_STATE_H

#include "desk_oracle.h"

#define NEVER INT64_MAX
enum { NONE = -1, MOST_AGENTS = 64, TO_GONE = 3 /* a step whose team or agent is gone */ };

/* ---- desk_time.c: something that is true or not as time goes by ---- */

struct schedule {
    const struct g_policy *p;
    int hours;                  /* NOT_SAID: always */
    const struct g_agent *away; /* NULL: nobody's away days count */
    strings zones;
    LIST(int) minutes;  /* of the local day, at which it may change; and 0 */
    bool asked, answer; /* at asked_at: the same instant is asked often */
    int64_t asked_at;
    bool begun;
    int64_t from, to; /* known in [from, to) */
    bool first;       /* at `from` */
    LIST(struct change {
        int64_t at;
        bool on;
    })
    changes;
};
struct schedule *od_schedule_new(struct gen *g, const struct g_policy *p, int hours,
                                 const struct g_agent *away);
bool od_schedule_on(struct schedule *s, int64_t at);
/* language.md 6.4: the first second from at + 1 to at + 800 days that is on (or not); NEVER: none. */
int64_t od_schedule_next(struct gen *g, struct schedule *s, int64_t at, bool on);
/* The first instant in (at, last] at which it becomes on (or ceases to be); NEVER: none. */
int64_t od_schedule_turns(struct gen *g, struct schedule *s, int64_t at, int64_t last, bool on);
/* The first second before which `seconds` since `at` were on. */
int64_t od_schedule_after(struct gen *g, struct schedule *s, int64_t at, int64_t seconds);
/* The first instant after `at` that begins a date in a zone. */
int64_t od_next_midnight(const char *zone, int64_t at);

/* ---- the desk ---- */

enum status { ASSIGNED, OFFERED, QUEUED, HELD, UNASSIGNED, PENDING, CLOSED };

struct agents {
    int at[MOST_AGENTS], count;
};

struct ticket {
    const char *id;
    uint64_t seq;            /* order of arrival */
    struct g_ticket carried; /* at: arrival; values that the policy does not know are not carried */
    enum status status;
    const char *why;
    int channel;           /* place; NONE */
    int team, agent;       /* NONE */
    int wanted;            /* the agent whose step it is in; NONE */
    struct agents offered; /* OFFERED */
    int64_t until;         /* HELD */
    bool touched, ended;   /* ended: an `unassigned` step */
    const g_steps *steps;
    int step;
    int64_t *due; /* of each step */
    const char *rule;
    int priority;
    strings add, require;
    int64_t closed_at;
};

struct desk_agent {
    bool online, some_channels, has_devices;
    strings channels;
    LIST(struct g_said_device) devices;
    uint64_t last_automatic; /* 0: never */
};

struct rotation {
    int team, channel; /* NONE, NONE: the global one */
    int last;          /* NONE: nobody yet */
    bool at_last;      /* it goes on with `last` itself, who stands in for one who left (4.4) */
    int64_t sums[MOST_AGENTS];
};

struct customer { /* their last agent in a team */
    const char *text;
    int team, agent;
};

struct remembered { /* 7.4 */
    const char *event_id, *answer;
    int64_t at;
};

struct oracle_desk {
    struct gen *g;
    const struct g_policy *p;
    int keep_days;
    uint64_t random;
    bool has_time;
    int64_t now;
    int64_t midnight, midnight_from; /* the next one after each instant from midnight_from to before it */
    bool off, *team_off;
    struct desk_agent *agents;
    LIST(struct ticket *) tickets; /* in order of arrival; all that are not forgotten */
    uint64_t seq, automatic;
    LIST(struct rotation *) rotations;
    LIST(struct customer) customers;
    struct schedule *always, **hours, **shifts; /* by hours; by agent */
    LIST(struct remembered) remembered;
    struct ticket **waiting; /* scratch */
    int waiting_cap;
    strings warnings; /* for the next line */
    struct out out;
};

/* desk_people.c */
int od_find_agent(const struct oracle_desk *d, const char *name); /* NONE */
int od_find_team(const struct oracle_desk *d, const char *name);
int od_find_channel(const struct oracle_desk *d, const char *name);
struct ticket *od_find_ticket(const struct oracle_desk *d, const char *id);
int od_map_at(const struct g_map *m, int channel, int otherwise); /* language.md 2.7 */
int od_channel_carried(const struct oracle_desk *d, const struct ticket *k);
bool od_is_viewer(const struct oracle_desk *d, int agent);
bool od_is_manager(const struct oracle_desk *d, int agent); /* and up */
bool od_is_member(const struct oracle_desk *d, int team, int agent);
void od_members_of(const struct oracle_desk *d, int team, struct agents *out);
bool od_has_agent(const struct ticket *k);
bool od_is_waiting(const struct ticket *k);
int od_next_step(const struct ticket *k);       /* NONE: none; those that are gone are skipped (4.4) */
bool od_has_later_step(const struct ticket *k); /* 2.5 */
int od_open_on(const struct oracle_desk *d, int agent, int channel); /* 3.3, on one channel or without one */
int od_open_in_all(const struct oracle_desk *d, int agent);
int od_limit_of(const struct oracle_desk *d, int agent, int channel); /* INT_MAX: none */
bool od_on_shift(const struct oracle_desk *d, int agent);
const char *od_device_of(const struct oracle_desk *d, int agent, int channel); /* NULL: none */
struct schedule *od_hours_of(const struct oracle_desk *d, int team, int channel);

/* desk_eligible.c: why NULL: somebody is */
const char *od_eligible(const struct oracle_desk *d, const struct ticket *k, int team, struct agents *out);
bool od_passes_four_stages(const struct oracle_desk *d, const struct ticket *k, int agent); /* 6.1, reopen */
void od_best_rank(const struct oracle_desk *d, const struct ticket *k, struct agents *list);
bool od_has_skills(const struct oracle_desk *d, const struct ticket *k, int agent);

/* desk_pick.c: 4's table */
int od_pick(struct oracle_desk *d, const struct ticket *k, int team, int strategy, const struct agents *list);
int od_sticky_agent(const struct oracle_desk *d, const struct ticket *k, int team, const struct agents *list);

void od_order_of(const struct oracle_desk *d, const struct rotation *r, struct agents *order);

/* desk_attempt.c */
void od_give(struct oracle_desk *d, struct ticket *k, int agent, const char *why, bool automatic);
void od_leave(struct ticket *k, const char *why);
void od_decide(struct oracle_desk *d, struct ticket *k); /* 2.2, at this time as its arrival */
void od_decide_at(struct oracle_desk *d, struct ticket *k, int64_t arrival); /* 4.4 */
bool od_enter_due_steps(struct oracle_desk *d, struct ticket *k);            /* 2.3; false: none is due */
void od_bulk(struct oracle_desk *d, struct ticket *k, int team);
/* 5.1's order; the array holds until the next call. */
struct ticket **od_waiting_in_order(struct oracle_desk *d, int *count);
void od_drain(struct oracle_desk *d); /* 5.1; with its lines */

/* desk_due.c */
void od_advance(struct oracle_desk *d, int64_t to); /* 1.2; with its lines */
void od_sign_out(struct oracle_desk *d, int agent);

/* desk_line.c */
void od_line(struct oracle_desk *d, const struct ticket *k);

/* desk_events.c */
void od_set_up(struct oracle_desk *d); /* switches, schedules and people, by the policy's numbers */
const char *od_take_lines(struct oracle_desk *d);

#endif
