/* assign: tickets to an agent, or to a team (desk.md 6.1). Done whole or not at all; a ticket named twice
 * counts once. */
#include "desk_event.h"

static bool is_manager(const struct desk_doing *x)
{
    return x->by == TF_NONE || x->d->t->AGENT[x->by].role >= TF_MANAGER;
}

/* The tickets named, open, each once, in scratch.named; how many; refused: 0. */
static size_t named_tickets(struct desk_doing *x)
{
    struct shunt_desk *d = x->d;
    struct desk_scratch *s = &d->scratch;
    size_t count = 0;
    uint64_t round = ++s->named_round;
    for (size_t i = 0; i < x->e->ticket_count; i++) {
        struct desk_ticket *k = sh_desk_any_ticket(x, x->e->tickets[i]);
        if (!k) return 0;
        if (k->status == SHUNT_CLOSED) return sh_desk_refuse(x, SHUNT_REFUSED_CLOSED, x->e->tickets[i]);
        if (k->named_round == round) continue;
        k->named_round = round; /* scratch of the ticket: nothing reads it in another event */
        s->named = sh_desk_room(d, s->named, count, &s->named_cap, sizeof *s->named);
        s->named[count++] = k;
    }
    return count;
}

/* A ticket of a members_only team: by a member or a manager, and to a member. */
static bool may_give(struct desk_doing *x, const struct desk_ticket *k, uint32_t agent)
{
    struct shunt_desk *d = x->d;
    if (k->team == TF_NONE || !d->t->TEAM[k->team].members_only) return true;
    if (!is_manager(x) && !sh_desk_is_member(d, k->team, x->by))
        return sh_desk_refuse(x, SHUNT_REFUSED_NOT_MEMBER, x->e->by);
    if (sh_desk_is_member(d, k->team, agent)) return true;
    return sh_desk_refuse(x, SHUNT_REFUSED_NOT_MEMBER, x->e->agent);
}

static void to_agent(struct desk_doing *x)
{
    struct shunt_desk *d = x->d;
    uint32_t agent = sh_desk_named_agent(x, x->e->agent);
    if (agent == TF_NONE) return;
    if (d->t->AGENT[agent].role == TF_VIEWER) {
        sh_desk_refuse(x, SHUNT_REFUSED_VIEWER, x->e->agent);
        return;
    }
    size_t count = named_tickets(x);
    for (size_t i = 0; i < count; i++) {
        if (!may_give(x, d->scratch.named[i], agent)) return;
    }
    for (size_t i = 0; i < count; i++) {
        struct desk_ticket *k = d->scratch.named[i];
        sh_desk_lift(d, k);
        k->touched = true;
        k->has_steps_left = false;
        sh_desk_give(d, k, agent, SHUNT_WHY_MANUAL);
        sh_desk_settle(d, k);
        sh_desk_report(d, k);
    }
}

static void to_team(struct desk_doing *x)
{
    struct shunt_desk *d = x->d;
    uint32_t team = sh_desk_named_team(x, x->e->team);
    if (team == TF_NONE) return;
    if (d->t->TEAM[team].members_only && !is_manager(x) && !sh_desk_is_member(d, team, x->by)) {
        sh_desk_refuse(x, SHUNT_REFUSED_NOT_MEMBER, x->e->by);
        return;
    }
    size_t count = named_tickets(x);
    for (size_t i = 0; i < count; i++) {
        struct desk_ticket *k = d->scratch.named[i];
        sh_desk_lift(d, k);
        k->touched = true;
        k->has_steps_left = false;
        sh_desk_bulk(d, k, team);
        sh_desk_settle(d, k);
        sh_desk_report(d, k);
    }
}

void sh_desk_do_assign(struct desk_doing *x)
{
    bool agent = x->e->agent.bytes != NULL, team = x->e->team.bytes != NULL;
    if (!sh_desk_may(x, TF_AGENT_ROLE)) return;
    if (agent == team)
        sh_desk_refuse(x, SHUNT_REFUSED_AGENT_OR_TEAM, (struct shunt_string){NULL, 0});
    else if (agent)
        to_agent(x);
    else
        to_team(x);
}
