/*
 * desk.md 4.4: a policy is replaced by its next version.
 */
#include "desk_state.h"

#include <string.h>

/* The desk as it was, and as it will be. */
struct replacing {
    struct oracle_desk old, *d;
};

/* ---- by name ---- */

/* An agent who is now a viewer is as one gone. */
static int new_agent(const struct replacing *r, int agent)
{
    int to = agent == NONE ? NONE : od_find_agent(r->d, r->old.p->agents.at[agent].id);
    return to != NONE && od_is_viewer(r->d, to) ? NONE : to;
}

static int new_team(const struct replacing *r, int team)
{
    return team == NONE ? NONE : od_find_team(r->d, r->old.p->teams.at[team].id);
}

static int new_channel(const struct replacing *r, int channel)
{
    return channel == NONE ? NONE : od_find_channel(r->d, r->old.p->attrs.at[A_CHANNEL].values.at[channel]);
}

static int new_attr(const struct replacing *r, const struct g_attr *old)
{
    for (int i = 0; i < r->d->p->attrs.count; i++)
        if (!strcmp(r->d->p->attrs.at[i].name, old->name)) return i;
    return NONE;
}

/* NONE: gone. */
static int new_hours(const struct replacing *r, int hours)
{
    for (int i = 0; i < r->d->p->hours.count; i++)
        if (!strcmp(r->d->p->hours.at[i].name, r->old.p->hours.at[hours].name)) return i;
    return NONE;
}

/* ---- presence ---- */

static void carry_presence(struct replacing *r)
{
    for (int i = 0; i < r->old.p->agents.count; i++) {
        int to = new_agent(r, i);
        if (to == NONE) continue;
        struct desk_agent *a = &r->d->agents[to];
        *a = r->old.agents[i];
        int kept = 0;
        for (int k = 0; k < a->channels.count; k++)
            if (od_find_channel(r->d, a->channels.at[k]) != NONE) a->channels.at[kept++] = a->channels.at[k];
        a->channels.count = kept;
    }
    for (int i = 0; i < r->old.p->teams.count; i++)
        if (new_team(r, i) != NONE) r->d->team_off[new_team(r, i)] = r->old.team_off[i];
}

/* ---- rotations ---- */

static int place_in(const struct agents *list, int agent)
{
    for (int i = 0; i < list->count; i++)
        if (list->at[i] == agent) return i;
    return NONE;
}

/* One whose last agent left goes on from that agent's old place: with the first of those after them who are
 * in it still. */
static void carry_last(const struct replacing *r, const struct rotation *from, struct rotation *to)
{
    struct agents old, now;
    od_order_of(&r->old, from, &old);
    od_order_of(r->d, to, &now);
    int place = place_in(&old, from->last);
    to->last = NONE;
    for (int i = 0; place != NONE && to->last == NONE && i < old.count; i++) {
        int agent = new_agent(r, old.at[(place + i) % old.count]);
        if (agent == NONE || place_in(&now, agent) == NONE) continue;
        to->last = agent;
        to->at_last = i > 0 || from->at_last;
    }
}

static void carry_sums(const struct replacing *r, const struct rotation *from, struct rotation *to)
{
    struct agents now;
    od_order_of(r->d, to, &now);
    for (int i = 0; i < r->old.p->agents.count; i++) {
        int agent = new_agent(r, i);
        if (agent != NONE && place_in(&now, agent) != NONE) to->sums[agent] = from->sums[i];
    }
}

static void carry_rotations(struct replacing *r)
{
    r->d->rotations.count = r->d->rotations.cap = 0;
    for (int i = 0; i < r->old.rotations.count; i++) {
        const struct rotation *from = r->old.rotations.at[i];
        struct rotation *to = gen_alloc(r->d->g, sizeof *to);
        to->team = new_team(r, from->team);
        to->channel = new_channel(r, from->channel);
        if ((from->team != NONE && to->team == NONE) || (from->channel != NONE && to->channel == NONE))
            continue;
        carry_last(r, from, to);
        carry_sums(r, from, to);
        *list_push(r->d->g, &r->d->rotations) = to;
    }
}

static void carry_customers(struct replacing *r)
{
    int kept = 0;
    for (int i = 0; i < r->d->customers.count; i++) {
        struct customer c = r->d->customers.at[i];
        c.team = new_team(r, c.team);
        c.agent = new_agent(r, c.agent);
        if (c.team != NONE && c.agent != NONE) r->d->customers.at[kept++] = c;
    }
    r->d->customers.count = kept;
}

/* ---- tickets ---- */

static bool knows(const struct g_attr *a, const struct g_slot *s)
{
    if (a->type != T_CHANNEL && a->type != T_LISTED && a->type != T_PRIORITY) return true;
    for (int i = 0; s->carried && i < a->values.count; i++)
        if (!strcmp(a->values.at[i], s->names.at[0])) return true;
    return !s->carried;
}

/* An attribute whose field is gone or of another type, or whose value the new policy does not know, is not
 * carried. */
static void carry_attributes(const struct replacing *r, struct ticket *k)
{
    struct g_slot *slots = gen_alloc(r->d->g, (size_t)r->d->p->attrs.count * sizeof *slots);
    for (int i = 0; i < r->old.p->attrs.count; i++) {
        const struct g_attr *a = &r->old.p->attrs.at[i];
        int to = new_attr(r, a);
        if (to == NONE || r->d->p->attrs.at[to].type != a->type) continue;
        if (knows(&r->d->p->attrs.at[to], &k->carried.slots[i])) slots[to] = k->carried.slots[i];
    }
    k->carried.slots = slots;
    k->channel = od_channel_carried(r->d, k);
}

/* A later step whose team or agent is gone is skipped; one whose hours are gone never falls due. */
static void carry_steps(const struct replacing *r, struct ticket *k)
{
    g_steps *steps = gen_alloc(r->d->g, sizeof *steps);
    for (int i = 0; i < k->steps->count; i++) {
        struct g_step s = k->steps->at[i];
        if (s.kind == TO_TEAM) s.target = new_team(r, s.target);
        if (s.kind == TO_AGENT) s.target = new_agent(r, s.target);
        if (s.target == NONE) s.kind = (enum g_target)TO_GONE;
        if (i > 0 && s.of_hours >= 0) {
            s.of_hours = new_hours(r, s.of_hours);
            if (s.of_hours == NONE) k->due[i] = NEVER, s.of_hours = NOT_SAID;
        }
        *list_push(r->d->g, steps) = s;
    }
    k->steps = steps;
}

enum { STAYS, AGENT_GONE, PLACE_GONE };

/* What becomes of a ticket's team, its agent and those it waits for. */
static int carry_ticket(const struct replacing *r, struct ticket *k)
{
    int team = new_team(r, k->team), agent = new_agent(r, k->agent), wanted = new_agent(r, k->wanted);
    bool place_gone = (k->team != NONE && team == NONE) || (k->wanted != NONE && wanted == NONE);
    bool agent_gone = od_has_agent(k) && agent == NONE;
    for (int i = 0; i < k->offered.count; i++) k->offered.at[i] = new_agent(r, k->offered.at[i]);
    k->team = team;
    k->agent = agent;
    k->wanted = wanted;
    carry_attributes(r, k);
    carry_steps(r, k);
    if (k->status == CLOSED) return STAYS;
    return agent_gone ? AGENT_GONE : !od_has_agent(k) && place_gone ? PLACE_GONE : STAYS;
}

/* One without agent whose team, or the agent it waits for, is gone is decided anew if it is untouched (its
 * arrival time as it was), else unassigned. */
static void decide_anew(struct oracle_desk *d, struct ticket *k)
{
    if (k->touched) {
        od_leave(k, "team-gone");
        return;
    }
    od_leave(k, "");
    od_decide_at(d, k, k->carried.at);
}

static void carry_tickets(struct replacing *r)
{
    struct oracle_desk *d = r->d;
    int *what = gen_alloc(d->g, ((size_t)d->tickets.count + 1) * sizeof *what);
    for (int i = 0; i < d->tickets.count; i++) what[i] = carry_ticket(r, d->tickets.at[i]);
    for (int i = 0; i < d->tickets.count; i++) {
        struct ticket *k = d->tickets.at[i];
        if (what[i] == AGENT_GONE) od_leave(k, "agent-gone");
        if (what[i] == PLACE_GONE) decide_anew(d, k);
        if (what[i] != STAYS) od_line(d, k);
    }
    for (int i = 0; i < d->tickets.count; i++)
        if (od_enter_due_steps(d, d->tickets.at[i])) od_line(d, d->tickets.at[i]);
}

/* Where auto-assignment is off the drain left a list as it is; who is gone is nobody to whom it is offered.
 */
static void forget_offered(struct ticket *k)
{
    int kept = 0;
    for (int i = 0; i < k->offered.count; i++)
        if (k->offered.at[i] != NONE) k->offered.at[kept++] = k->offered.at[i];
    k->offered.count = kept;
}

const char *oracle_desk_replace(struct oracle_desk *d, const struct g_policy *next)
{
    struct replacing r = {.old = *d, .d = d};
    d->p = next;
    od_set_up(d);
    carry_presence(&r);
    carry_rotations(&r);
    carry_customers(&r);
    carry_tickets(&r);
    od_drain(d);
    for (int i = 0; i < d->tickets.count; i++) forget_offered(d->tickets.at[i]);
    return od_take_lines(d);
}
