/*
 * desk.md 1.2 and 1.3: what happens between two events.
 */
#include "desk_state.h"

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static bool is_armed(const struct ticket *k)
{
    return !od_has_agent(k) && k->status != CLOSED && od_has_later_step(k);
}

/* The next step of any open ticket that has no agent and is not touched. */
static int64_t due_steps(const struct oracle_desk *d)
{
    int64_t at = NEVER;
    for (int i = 0; i < d->tickets.count; i++) {
        const struct ticket *k = d->tickets.at[i];
        if (is_armed(k)) at = earlier(at, k->due[od_next_step(k)]);
    }
    return at;
}

static bool anything_waits(const struct oracle_desk *d)
{
    for (int i = 0; i < d->tickets.count; i++)
        if (od_is_waiting(d->tickets.at[i])) return true;
    return false;
}

/* The `until` of a held ticket. One that is past was left as it is, auto-assignment being off. */
static int64_t due_untils(const struct oracle_desk *d)
{
    int64_t at = NEVER;
    for (int i = 0; i < d->tickets.count; i++)
        if (d->tickets.at[i]->status == HELD && d->tickets.at[i]->until > d->now)
            at = earlier(at, d->tickets.at[i]->until);
    return at;
}

/* The moment at which a team that says {to: ...}, and in which an untouched ticket waits, becomes closed for
 * its channel. */
static int64_t due_closings(const struct oracle_desk *d, int64_t last)
{
    int64_t at = NEVER;
    for (int i = 0; i < d->tickets.count; i++) {
        const struct ticket *k = d->tickets.at[i];
        if (!od_is_waiting(k) || k->touched || k->team == NONE) continue;
        if (od_map_at(&d->p->teams.at[k->team].after_hours, k->channel, HOLD) < 0) continue;
        at = earlier(at, od_schedule_turns(d->g, od_hours_of(d, k->team, k->channel), d->now,
                                           earlier(last, at), false));
    }
    return at;
}

static bool may_become_present(const struct oracle_desk *d, int agent)
{
    if (d->agents[agent].online) return true;
    for (int i = 0; i < d->p->teams.count; i++)
        if (d->p->teams.at[i].on_shift && od_is_member(d, i, agent)) return true;
    return false;
}

/* The moment at which "inside their hours and not away" becomes true for an agent who is online or in a team
 * that is `on-shift`. */
static int64_t due_shifts(const struct oracle_desk *d, int64_t last)
{
    int64_t at = NEVER;
    for (int i = 0; i < d->p->agents.count; i++)
        if (may_become_present(d, i))
            at = earlier(at, od_schedule_turns(d->g, d->shifts[i], d->now, earlier(last, at), true));
    return at;
}

static bool signs_out(const struct oracle_desk *d)
{
    return d->p->presence == 1;
}

/* With `presence: day`, each local midnight while anyone is online. */
static int64_t due_midnight(struct oracle_desk *d)
{
    bool anyone = false;
    for (int i = 0; i < d->p->agents.count; i++) anyone |= d->agents[i].online;
    if (!anyone || !signs_out(d)) return NEVER;
    if (d->now < d->midnight_from || d->now >= d->midnight) {
        d->midnight_from = d->now;
        d->midnight = od_next_midnight(d->p->zone, d->now);
    }
    return d->midnight;
}

static int64_t next_due(struct oracle_desk *d, int64_t last)
{
    int64_t at = earlier(due_steps(d), due_midnight(d));
    if (!anything_waits(d)) return at;
    at = earlier(at, due_untils(d));
    at = earlier(at, due_closings(d, last));
    return earlier(at, due_shifts(d, last));
}

void od_sign_out(struct oracle_desk *d, int agent)
{
    d->agents[agent].online = d->agents[agent].has_devices = d->agents[agent].some_channels = false;
    d->agents[agent].devices.count = d->agents[agent].channels.count = 0;
}

/* 1.2: at a midnight that signs out, all go offline first; then every step timer due, in order of the
 * tickets' arrival, each reported once (7.2); then the backlog is drained once. */
static void happen(struct oracle_desk *d)
{
    if (signs_out(d) && d->midnight == d->now)
        for (int i = 0; i < d->p->agents.count; i++) od_sign_out(d, i);
    for (int i = 0; i < d->tickets.count; i++)
        if (od_enter_due_steps(d, d->tickets.at[i])) od_line(d, d->tickets.at[i]);
    od_drain(d);
}

void od_advance(struct oracle_desk *d, int64_t to)
{
    for (int64_t at = NEVER; d->has_time && (at = next_due(d, to)) <= to;) {
        d->now = at;
        happen(d);
    }
    d->now = to;
    d->has_time = true;
}
