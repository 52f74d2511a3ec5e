/*
 * desk.md 2.2 to 2.5 and 5.1: entering steps, handing on, attempts, drains.
 */
#include "desk_state.h"

#include <stdlib.h>
#include <string.h>

enum { RING_ALL = 7, PULL = 8, MANUAL = 9 };

/* What an attempt gives; nothing of the ticket is changed yet. */
struct outcome {
    enum status status;
    const char *why;
    int team, agent;
    bool automatic;
    struct agents offered;
    int64_t until;
};

/* ---- changes of a ticket ---- */

/* 4.2: last assigned in this team, by whatever means; the customer that it has now (reading 8). */
static void remember_customer(struct oracle_desk *d, const struct ticket *k)
{
    const struct g_slot *s = &k->carried.slots[A_CUSTOMER];
    if (k->team == NONE || !s->carried) return;
    const char *text = text_nfc(d->g, s->text);
    for (int i = 0; i < d->customers.count; i++)
        if (d->customers.at[i].team == k->team && !strcmp(d->customers.at[i].text, text)) {
            d->customers.at[i].agent = k->agent;
            return;
        }
    *list_push(d->g, &d->customers) = (struct customer){text, k->team, k->agent};
}

void od_give(struct oracle_desk *d, struct ticket *k, int agent, const char *why, bool automatic)
{
    k->status = ASSIGNED;
    k->why = why;
    k->agent = agent;
    k->wanted = NONE;
    remember_customer(d, k);
    if (automatic) d->agents[agent].last_automatic = ++d->automatic; /* 4.1 */
}

void od_leave(struct ticket *k, const char *why)
{
    k->status = UNASSIGNED;
    k->why = why;
    k->agent = k->wanted = NONE;
}

static void apply(struct oracle_desk *d, struct ticket *k, const struct outcome *o)
{
    k->team = o->team;
    if (o->status == ASSIGNED) {
        od_give(d, k, o->agent, o->why, o->automatic);
        return;
    }
    k->status = o->status;
    k->why = o->why;
    k->offered = o->offered;
    k->until = o->until;
    k->agent = NONE;
    if (o->status == UNASSIGNED) k->wanted = NONE; /* it waits for nobody */
}

/* ---- 2.3: handing on ---- */

static bool is_off(const struct oracle_desk *d, int team)
{
    return d->off || (team != NONE && d->team_off[team]); /* 6.3 */
}

static bool is_closed(const struct oracle_desk *d, const struct ticket *k, int team)
{
    return !od_schedule_on(od_hours_of(d, team, k->channel), d->now);
}

static int after_hours(const struct oracle_desk *d, const struct ticket *k, int team)
{
    return od_map_at(&d->p->teams.at[team].after_hours, k->channel, HOLD);
}

/* The team where the ticket then is, and those asked before it. *circle: all asked are closed, and it is in
 * the first. */
static int hand_on(const struct oracle_desk *d, const struct ticket *k, int team, struct agents *asked,
                   bool *circle)
{
    *circle = false;
    for (asked->count = 0; !k->touched && is_closed(d, k, team) && after_hours(d, k, team) >= 0;) {
        asked->at[asked->count++] = team;
        team = after_hours(d, k, team);
        for (int i = 0; i < asked->count; i++)
            if (asked->at[i] == team) {
                *circle = true;
                return asked->at[0];
            }
    }
    return team;
}

/* ---- 2.4 ---- */

static struct outcome held(const struct oracle_desk *d, const struct ticket *k, int team,
                           const struct agents *closed)
{
    struct outcome o = {.status = HELD, .why = "closed", .team = team, .agent = NONE, .until = NEVER};
    for (int i = 0; i < closed->count; i++) {
        int64_t opening = od_schedule_next(d->g, od_hours_of(d, closed->at[i], k->channel), d->now, true);
        if (opening < o.until) o.until = opening;
    }
    return o;
}

/* 2.5: `leave`, in both its places, holds only where no later step is to come. */
static bool may_leave(const struct ticket *k)
{
    return !od_has_later_step(k);
}

static struct outcome when_closed(const struct oracle_desk *d, const struct ticket *k, int team)
{
    struct agents only = {.at = {team}, .count = 1};
    if (after_hours(d, k, team) == LEAVE && may_leave(k))
        return (struct outcome){.status = UNASSIGNED, .why = "closed", .team = team, .agent = NONE};
    return held(d, k, team, &only);
}

static struct outcome nobody(const struct oracle_desk *d, const struct ticket *k, int team, const char *why)
{
    bool stays = d->p->teams.at[team].backlog_leave && may_leave(k);
    return (struct outcome){.status = stays ? UNASSIGNED : QUEUED, .why = why, .team = team, .agent = NONE};
}

/* The last row: sticky (4.2), or the strategy among the best rank (3.2). */
static struct outcome somebody(struct oracle_desk *d, const struct ticket *k, int team, int strategy,
                               struct agents *list)
{
    struct outcome o = {.status = ASSIGNED, .why = "sticky", .team = team, .automatic = true};
    o.agent = od_sticky_agent(d, k, team, list);
    if (o.agent != NONE) return o;
    od_best_rank(d, k, list);
    o.agent = od_pick(d, k, team, strategy, list);
    o.why = gen_strategies[strategy];
    return o;
}

/* The table, row by row. */
static struct outcome attempt(struct oracle_desk *d, const struct ticket *k)
{
    struct agents list;
    bool circle;
    int team = hand_on(d, k, k->team, &list, &circle);
    int strategy = od_map_at(&d->p->teams.at[team].assign, k->channel, 0);
    struct outcome o = {.status = UNASSIGNED, .team = team, .agent = NONE};
    if (is_off(d, team)) return o.why = "auto-off", o;
    if (strategy == MANUAL) return o.why = "manual", o;
    if (circle) return held(d, k, team, &list);
    if (is_closed(d, k, team)) return when_closed(d, k, team);
    o.status = QUEUED;
    if (strategy == PULL) return o.why = "pull", o;
    const char *why = od_eligible(d, k, team, &list);
    if (why) return nobody(d, k, team, why);
    if (strategy != RING_ALL) return somebody(d, k, team, strategy, &list);
    od_best_rank(d, k, &list);
    o.status = OFFERED;
    o.why = "ring-all";
    o.offered = list;
    return o;
}

/* 2.3: a step {agent: A} has no team. */
static struct outcome attempt_agent(struct oracle_desk *d, const struct ticket *k)
{
    struct agents list = {.at = {k->wanted}, .count = 1};
    struct outcome o = {.status = UNASSIGNED, .why = "auto-off", .team = NONE, .agent = NONE};
    if (is_off(d, NONE)) return o;
    o.why = od_eligible(d, k, NONE, &list);
    o.status = QUEUED;
    if (o.why) return o;
    return (struct outcome){
        .status = ASSIGNED, .why = "agent", .team = NONE, .agent = list.at[0], .automatic = true};
}

static struct outcome attempt_any(struct oracle_desk *d, const struct ticket *k)
{
    return k->wanted != NONE ? attempt_agent(d, k) : attempt(d, k);
}

/* ---- 2.3: steps ---- */

static void enter(struct oracle_desk *d, struct ticket *k, int step)
{
    const struct g_step *s = &k->steps->at[step];
    k->step = step;
    k->team = s->kind == TO_TEAM ? s->target : NONE;
    k->wanted = s->kind == TO_AGENT ? s->target : NONE;
    k->ended = s->kind == TO_NOBODY;
    od_leave(k, "no-team");
    k->wanted = s->kind == TO_AGENT ? s->target : NONE;
    if (s->kind == TO_NOBODY) return;
    struct outcome o = attempt_any(d, k);
    apply(d, k, &o);
}

static bool step_is_due(const struct oracle_desk *d, const struct ticket *k)
{
    return !od_has_agent(k) && k->status != CLOSED && od_has_later_step(k) &&
           k->due[od_next_step(k)] <= d->now;
}

bool od_enter_due_steps(struct oracle_desk *d, struct ticket *k)
{
    if (!step_is_due(d, k)) return false;
    while (step_is_due(d, k)) enter(d, k, od_next_step(k));
    return true;
}

/* `after` has passed since arrival; with `of HOURS`, only time inside them counts. */
static int64_t due_time(struct oracle_desk *d, const struct g_step *s, int64_t arrival)
{
    if (s->of_hours == NOT_SAID || s->of_hours == ALWAYS) return arrival + s->after_sec;
    return od_schedule_after(d->g, d->hours[s->of_hours], arrival, s->after_sec);
}

void od_decide_at(struct oracle_desk *d, struct ticket *k, int64_t arrival)
{
    struct oracle_outcome o;
    k->carried.at = arrival;
    oracle_decide(d->g, d->p, &k->carried, &o);
    k->rule = o.team ? gen_format(d->g, "team %s", o.team) : o.rule;
    k->priority = o.priority;
    k->add = o.add;
    k->require = o.require;
    k->steps = o.steps;
    k->touched = false;
    k->due = gen_alloc(d->g, (size_t)(o.steps->count + 1) * sizeof *k->due);
    for (int i = 1; i < o.steps->count; i++) k->due[i] = due_time(d, &o.steps->at[i], arrival);
    enter(d, k, 0);
    od_enter_due_steps(d, k);
}

void od_decide(struct oracle_desk *d, struct ticket *k)
{
    od_decide_at(d, k, d->now);
}

/* ---- 6.1: assign to a team ---- */

void od_bulk(struct oracle_desk *d, struct ticket *k, int team)
{
    struct agents list;
    od_leave(k, "bulk");
    k->team = team;
    int strategy = od_map_at(&d->p->teams.at[team].assign, k->channel, 0);
    if (strategy < RING_ALL && !od_eligible(d, k, team, &list)) {
        od_best_rank(d, k, &list);
        od_give(d, k, od_pick(d, k, team, strategy, &list), "bulk", true);
        return;
    }
    struct outcome o = attempt(d, k);
    apply(d, k, &o);
}

/* ---- 5.1 ---- */

static bool same_agents(const struct agents *a, const struct agents *b)
{
    return a->count == b->count && !memcmp(a->at, b->at, (size_t)a->count * sizeof *a->at);
}

static bool changes(const struct ticket *k, const struct outcome *o)
{
    if (o->status != k->status || o->team != k->team) return true;
    if (o->status == OFFERED) return !same_agents(&o->offered, &k->offered);
    return o->status == HELD && o->until != k->until;
}

static void drain_one(struct oracle_desk *d, struct ticket *k)
{
    if (is_off(d, k->team)) return; /* draining leaves it as it is */
    struct outcome o = attempt_any(d, k);
    if (!changes(k, &o)) return;
    apply(d, k, &o);
    od_line(d, k);
}

/* By priority, highest first, then by arrival. */
static int in_order(const void *a, const void *b)
{
    const struct ticket *const *x = a, *const *y = b;
    if ((*x)->priority != (*y)->priority) return (*y)->priority - (*x)->priority;
    return ((*x)->seq > (*y)->seq) - ((*x)->seq < (*y)->seq);
}

struct ticket **od_waiting_in_order(struct oracle_desk *d, int *count)
{
    if (d->waiting_cap < d->tickets.count) {
        d->waiting_cap = 2 * d->tickets.count;
        d->waiting = gen_alloc(d->g, (size_t)d->waiting_cap * sizeof *d->waiting);
    }
    *count = 0;
    for (int i = 0; i < d->tickets.count; i++)
        if (od_is_waiting(d->tickets.at[i])) d->waiting[(*count)++] = d->tickets.at[i];
    if (*count) qsort(d->waiting, (size_t)*count, sizeof(struct ticket *), in_order);
    return d->waiting;
}

void od_drain(struct oracle_desk *d)
{
    int count;
    struct ticket **waiting = od_waiting_in_order(d, &count);
    for (int i = 0; i < count; i++) drain_one(d, waiting[i]);
}
