/*
 * desk.md 6 and 7.4: what each event does, who may, and what it answers.
 */
#include "desk_state.h"

#include <string.h>

/* An event under way. Every function of one answers false for an error, having changed nothing. */
struct doing {
    struct oracle_desk *d;
    const struct g_event *e;
    int by;      /* NONE: the system */
    bool drains; /* 5.1 */
};

/* ---- who ---- */

static bool may_work(const struct doing *x) /* "role agent and up"; the system may do all */
{
    return x->by == NONE || !od_is_viewer(x->d, x->by);
}

static bool may_manage(const struct doing *x)
{
    return x->by == NONE || od_is_manager(x->d, x->by);
}

/* *: an absent `by` means the event's agent, and another is an error. */
static bool doer(struct doing *x, int *agent)
{
    *agent = od_find_agent(x->d, x->e->agent);
    if (*agent == NONE || (x->e->by && x->by != *agent)) return false;
    x->by = *agent;
    return true;
}

static bool members_only(const struct oracle_desk *d, int team)
{
    return team != NONE && d->p->teams.at[team].members_only;
}

static struct ticket *open_ticket(const struct doing *x)
{
    struct ticket *k = od_find_ticket(x->d, x->e->ticket);
    return k && k->status != CLOSED ? k : NULL;
}

/* 7.2: one decision for a ticket that an event names. */
static bool answer(const struct doing *x, const struct ticket *k)
{
    od_line(x->d, k);
    return true;
}

/* ---- 2.1: what a ticket carries ---- */

/* A value that the policy does not know counts as not carried, with a warning. */
static void carry(struct oracle_desk *d, struct ticket *k, const struct g_event *e)
{
    for (int i = 0; i < d->p->attrs.count; i++) {
        const struct g_attr *a = &d->p->attrs.at[i];
        struct g_slot *s = &k->carried.slots[i];
        if (!e->said[i]) continue;
        *s = e->slots[i];
        bool known = !s->carried || (a->type != T_CHANNEL && a->type != T_LISTED && a->type != T_PRIORITY);
        for (int n = 0; !known && n < a->values.count; n++) known = !strcmp(a->values.at[n], s->names.at[0]);
        if (known) continue;
        *list_push(d->g, &d->warnings) = gen_format(d->g, "unknown %s \"%s\"", a->name, s->names.at[0]);
        *s = (struct g_slot){0};
    }
    k->channel = od_channel_carried(d, k);
}

static void remove_ticket(struct oracle_desk *d, int i)
{
    for (; i + 1 < d->tickets.count; i++) d->tickets.at[i] = d->tickets.at[i + 1];
    d->tickets.count--;
}

static bool do_ticket(struct doing *x)
{
    struct oracle_desk *d = x->d;
    const struct ticket *old = od_find_ticket(d, x->e->ticket);
    x->drains = false;
    if (!x->e->ticket || !*x->e->ticket || (old && old->status != CLOSED)) return false;
    for (int i = 0; i < d->tickets.count; i++)
        if (d->tickets.at[i] == old) remove_ticket(d, i); /* the id of a closed ticket begins a new one */
    struct ticket *k = gen_alloc(d->g, sizeof *k);
    *k = (struct ticket){.id = x->e->ticket, .seq = ++d->seq, .team = NONE, .agent = NONE, .wanted = NONE};
    k->carried.id = k->id;
    k->carried.slots = gen_alloc(d->g, (size_t)d->p->attrs.count * sizeof *k->carried.slots);
    carry(d, k, x->e);
    *list_push(d->g, &d->tickets) = k;
    od_decide(d, k);
    return answer(x, k);
}

/* ---- 6.1, row by row ---- */

static bool do_online(struct doing *x)
{
    const struct g_event *e = x->e;
    int agent;
    if (!doer(x, &agent) || od_is_viewer(x->d, agent)) return false;
    if (e->has_channels && e->channels.count == 0) return false;
    for (int i = 0; e->has_channels && i < e->channels.count; i++)
        if (od_find_channel(x->d, e->channels.at[i]) == NONE) return false;
    for (int i = 0; e->has_devices && i < e->devices.count; i++)
        if (od_find_channel(x->d, e->devices.at[i].channel) == NONE) return false;
    struct desk_agent *a = &x->d->agents[agent];
    a->online = true;
    a->some_channels = e->has_channels;
    a->has_devices = e->has_devices;
    a->channels.count = a->devices.count = 0;
    for (int i = 0; i < e->channels.count; i++) *list_push(x->d->g, &a->channels) = e->channels.at[i];
    for (int i = 0; i < e->devices.count; i++) *list_push(x->d->g, &a->devices) = e->devices.at[i];
    return true;
}

static bool do_offline(struct doing *x)
{
    int agent;
    if (!doer(x, &agent)) return false;
    od_sign_out(x->d, agent);
    return true;
}

static bool do_claim(struct doing *x)
{
    int agent;
    struct ticket *k = open_ticket(x);
    if (!doer(x, &agent) || !may_work(x) || !k || od_has_agent(k)) return false;
    if (members_only(x->d, k->team) && !od_is_member(x->d, k->team, agent)) return false;
    k->touched = true;
    od_give(x->d, k, agent, "claimed", false);
    return answer(x, k);
}

/* Waiting where A's team pulls for its channel, held or queued, whose skills A has. */
static bool is_next_for(const struct oracle_desk *d, const struct ticket *k, int agent)
{
    enum { PULL = 8 };
    if ((k->status != HELD && k->status != QUEUED) || k->team == NONE) return false;
    return od_is_member(d, k->team, agent) &&
           od_map_at(&d->p->teams.at[k->team].assign, k->channel, 0) == PULL && od_has_skills(d, k, agent);
}

static bool do_next(struct doing *x)
{
    int agent, count;
    if (!doer(x, &agent) || !may_work(x)) return false;
    struct ticket **waiting = od_waiting_in_order(x->d, &count);
    for (int i = 0; i < count; i++) {
        if (!is_next_for(x->d, waiting[i], agent)) continue;
        waiting[i]->touched = true;
        od_give(x->d, waiting[i], agent, "claimed", false);
        return answer(x, waiting[i]);
    }
    return true; /* none: no decision */
}

struct named {
    struct ticket *at[64];
    int count;
};

/* 6.2: done whole or not at all, and an id twice in it counts once. */
static bool tickets_named(const struct doing *x, struct named *n)
{
    const struct g_event *e = x->e;
    n->count = 0;
    if (e->has_tickets == (e->ticket != NULL)) return false; /* exactly one of them */
    for (int i = 0; i < (e->has_tickets ? e->tickets.count : 1); i++) {
        struct ticket *k = od_find_ticket(x->d, e->has_tickets ? e->tickets.at[i] : e->ticket);
        bool there = false;
        if (!k || k->status == CLOSED) return false;
        for (int p = 0; p < n->count; p++) there |= n->at[p] == k;
        if (!there) n->at[n->count++] = k;
    }
    return n->count > 0;
}

static bool assign_to_agent(struct doing *x, const struct named *n)
{
    int agent = od_find_agent(x->d, x->e->agent);
    if (agent == NONE || od_is_viewer(x->d, agent)) return false;
    for (int i = 0; i < n->count; i++) {
        int team = n->at[i]->team;
        if (!members_only(x->d, team)) continue;
        if (!may_manage(x) && !od_is_member(x->d, team, x->by)) return false;
        if (!od_is_member(x->d, team, agent)) return false; /* to a member, whoever does it */
    }
    for (int i = 0; i < n->count; i++) {
        n->at[i]->touched = true;
        od_give(x->d, n->at[i], agent, "manual", false);
    }
    return true;
}

static bool assign_to_team(struct doing *x, const struct named *n)
{
    int team = od_find_team(x->d, x->e->team);
    if (team == NONE) return false;
    if (members_only(x->d, team) && !may_manage(x) && !od_is_member(x->d, team, x->by)) return false;
    for (int i = 0; i < n->count; i++) {
        n->at[i]->touched = true;
        od_bulk(x->d, n->at[i], team);
    }
    return true;
}

static bool do_assign(struct doing *x)
{
    struct named n;
    bool to_agent = x->e->agent != NULL, to_team = x->e->team != NULL;
    if (!may_work(x) || to_agent == to_team || !tickets_named(x, &n)) return false;
    if (!(to_agent ? assign_to_agent(x, &n) : assign_to_team(x, &n))) return false;
    for (int i = 0; i < n.count; i++) od_line(x->d, n.at[i]);
    return true;
}

static bool do_unassign(struct doing *x)
{
    struct ticket *k = open_ticket(x);
    if (!may_work(x) || !k) return false;
    k->touched = true;
    od_leave(k, "manual");
    return answer(x, k);
}

static bool do_reply(struct doing *x)
{
    int agent;
    struct ticket *k = open_ticket(x);
    if (!doer(x, &agent) || !may_work(x) || !k) return false;
    k->touched = true;
    x->drains = x->d->p->assign_on_reply == 1 && !od_has_agent(k) &&
                (!members_only(x->d, k->team) || od_is_member(x->d, k->team, agent));
    if (x->drains) od_give(x->d, k, agent, "replied", false);
    return answer(x, k);
}

static bool do_close(struct doing *x)
{
    struct ticket *k = open_ticket(x);
    if (!may_work(x) || !k) return false;
    k->touched = true;
    k->status = CLOSED;
    k->closed_at = x->d->now;
    return answer(x, k);
}

/* Decided anew at this time as its arrival; its place in the order of arrival stays. */
static void reroute(struct oracle_desk *d, struct ticket *k)
{
    od_leave(k, "reroute");
    od_decide(d, k);
}

static bool do_reopen(struct doing *x)
{
    struct ticket *k = od_find_ticket(x->d, x->e->ticket);
    if (!may_work(x) || !k || k->status != CLOSED) return false;
    if (k->agent != NONE && od_passes_four_stages(x->d, k, k->agent))
        od_give(x->d, k, k->agent, "reopened", false);
    else
        reroute(x->d, k);
    return answer(x, k);
}

static bool do_update(struct doing *x)
{
    struct ticket *k = open_ticket(x);
    if (!may_work(x) || !k) return false;
    carry(x->d, k, x->e);
    return answer(x, k);
}

static bool do_reroute(struct doing *x)
{
    struct ticket *k = open_ticket(x);
    if (!may_work(x) || !k) return false;
    reroute(x->d, k);
    return answer(x, k);
}

static bool do_pending(struct doing *x)
{
    struct ticket *k = open_ticket(x);
    if (!may_work(x) || !k || k->status != ASSIGNED) return false;
    k->touched = true;
    k->status = PENDING;
    return answer(x, k);
}

static bool do_resume(struct doing *x)
{
    struct ticket *k = open_ticket(x);
    if (!may_work(x) || !k || k->status != PENDING) return false;
    k->status = ASSIGNED; /* its why as before */
    return answer(x, k);
}

static bool do_auto(struct doing *x)
{
    int team = od_find_team(x->d, x->e->team);
    if (!may_manage(x) || (x->e->team && team == NONE)) return false;
    *(team == NONE ? &x->d->off : &x->d->team_off[team]) = !x->e->on;
    return true;
}

static bool do_tick(struct doing *x)
{
    x->drains = false;
    return true;
}

static bool (*const rows[EV_COUNT])(struct doing *x) = {
    [EV_TICKET] = do_ticket,   [EV_ONLINE] = do_online,     [EV_OFFLINE] = do_offline,
    [EV_SIGNOUT] = do_offline, [EV_CLAIM] = do_claim,       [EV_NEXT] = do_next,
    [EV_ASSIGN] = do_assign,   [EV_UNASSIGN] = do_unassign, [EV_REPLY] = do_reply,
    [EV_CLOSE] = do_close,     [EV_REOPEN] = do_reopen,     [EV_UPDATE] = do_update,
    [EV_REROUTE] = do_reroute, [EV_PENDING] = do_pending,   [EV_RESUME] = do_resume,
    [EV_AUTO] = do_auto,       [EV_TICK] = do_tick};

/* ---- one event ---- */

/* 7.4: accepted within the last keep days, by the time of the second. */
static const char *remembered(const struct oracle_desk *d, const struct g_event *e)
{
    int64_t at = e->at_said && e->at > d->now ? e->at : d->now; /* 1.1: time never goes back */
    for (int i = d->remembered.count - 1; e->event_id && i >= 0; i--)
        if (!strcmp(d->remembered.at[i].event_id, e->event_id))
            return at - d->remembered.at[i].at < (int64_t)d->keep_days * 86400 ? d->remembered.at[i].answer
                                                                               : NULL;
    return NULL;
}

/* 6.4: a closed ticket is forgotten before the first event at or after keep days from its closing. */
static void forget(struct oracle_desk *d)
{
    for (int i = d->tickets.count - 1; i >= 0; i--)
        if (d->tickets.at[i]->status == CLOSED &&
            d->now >= d->tickets.at[i]->closed_at + (int64_t)d->keep_days * 86400)
            remove_ticket(d, i);
}

const char *od_take_lines(struct oracle_desk *d)
{
    const char *text = gen_strdup(d->g, sb_text(&d->out));
    d->out.len = 0;
    d->out.p[0] = 0;
    return text;
}

static bool do_event(struct oracle_desk *d, const struct g_event *e)
{
    struct doing x = {.d = d, .e = e, .by = od_find_agent(d, e->by), .drains = true};
    if (e->wrong != WRONG_NOT || (e->by && x.by == NONE) || !rows[e->kind](&x)) return false;
    if (x.drains) od_drain(d);
    return true;
}

struct oracle_reply oracle_desk_event(struct oracle_desk *d, const struct g_event *e)
{
    struct oracle_reply r = {.due = "", .own = ""};
    if (e->wrong == WRONG_LINE || (!e->at_said && !d->has_time)) return r.error = true, r; /* 1.4, 1.1 */
    const char *before = remembered(d, e);
    if (before) return r.own = before, r.repeated = true, r;
    int64_t at = e->at_said ? e->at : d->now;
    bool back = d->has_time && at < d->now; /* 1.1: handled at the last one's time */
    od_advance(d, back ? d->now : at);
    r.due = od_take_lines(d);
    forget(d);
    d->warnings.count = 0;
    if (back) *list_push(d->g, &d->warnings) = "time went back";
    r.error = !do_event(d, e);
    d->warnings.count = 0;
    r.own = od_take_lines(d);
    if (e->event_id && !r.error)
        *list_push(d->g, &d->remembered) = (struct remembered){e->event_id, r.own, d->now};
    return r;
}

void od_set_up(struct oracle_desk *d)
{
    const struct g_policy *p = d->p;
    struct gen *g = d->g;
    d->team_off = gen_alloc(g, (size_t)p->teams.count + 1);
    d->agents = gen_alloc(g, ((size_t)p->agents.count + 1) * sizeof *d->agents);
    d->always = od_schedule_new(g, p, NOT_SAID, NULL);
    d->hours = gen_alloc(g, ((size_t)p->hours.count + 1) * sizeof *d->hours);
    for (int i = 0; i < p->hours.count; i++) d->hours[i] = od_schedule_new(g, p, i, NULL);
    d->shifts = gen_alloc(g, ((size_t)p->agents.count + 1) * sizeof *d->shifts);
    for (int i = 0; i < p->agents.count; i++)
        d->shifts[i] = od_schedule_new(g, p, p->agents.at[i].hours, &p->agents.at[i]);
    d->midnight = INT64_MIN;
}

struct oracle_desk *oracle_desk(struct gen *g, const struct g_policy *p, uint64_t seed, int keep_days)
{
    struct oracle_desk *d = gen_alloc(g, sizeof *d);
    *d = (struct oracle_desk){.g = g, .p = p, .random = seed, .keep_days = keep_days, .out = {.g = g}};
    d->off = p->auto_assign == 1;
    od_set_up(d);
    return d;
}
