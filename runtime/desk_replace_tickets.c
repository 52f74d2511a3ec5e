/*
 * Tickets under the next version of a policy (desk.md 4.4): each as it was, but for what is gone; then, in
 * order of arrival, those whose agent or team is gone, the steps that are due already, and the backlog.
 */
#include "desk_replace.h"
#include "record.h"

/* ---- what a ticket carries ---- */

/* One entry said to a ticket that records, under the attribute's new index. What the policy does not know is
 * not carried. */
static enum shunt_status say(struct shunt_ticket *k, uint32_t attr, const struct sh_entry *e)
{
    switch ((enum tf_attr_type)k->t->ATTR[attr].type) {
    case TF_SET_T: return shunt_ticket_add_name(k, attr, e->bytes, e->len);
    case TF_TEXT_T: return shunt_ticket_set_text(k, attr, e->bytes, e->len);
    case TF_NUMBER_T: return shunt_ticket_set_number(k, attr, e->number);
    case TF_BOOL_T: return shunt_ticket_set_bool(k, attr, e->flag);
    default: return shunt_ticket_set_name(k, attr, e->bytes, e->len);
    }
}

/* d->ticket records what the old ticket carries, as the new version reads it. */
static void say_record(struct desk_replacing *r, const struct desk_ticket *old)
{
    struct shunt_ticket *k = r->d->ticket;
    struct sh_entry e;
    shunt_ticket_record(k, true);
    shunt_ticket_reset(k);
    for (const uint8_t *at = old->record;
         sh_record_next(r->old->t, &at, old->record + old->record_len, &e);) {
        uint32_t attr = r->attrs.to[e.attr];
        if (attr != TF_NONE && say(k, attr, &e) == SHUNT_NO_MEMORY) sh_txn_fail(&r->d->txn);
    }
}

/* ---- lists ---- */

typedef struct desk_list *get_list(struct shunt_desk *d, const uint32_t *at, uint32_t count);

/* A list by the map. */
static struct desk_list *carry_list(struct desk_replacing *r, const struct desk_list *l,
                                    const struct desk_map *m, get_list *get)
{
    struct shunt_desk *d = r->d;
    uint32_t count = desk_list_count(l);
    if (count == 0) return NULL;
    uint32_t *to = sh_txn_alloc(&d->txn, count * sizeof *to);
    for (uint32_t i = 0; i < count; i++) to[i] = m->to[l->at[i]];
    struct desk_list *made = get(d, to, count);
    sh_txn_free(&d->txn, to, count * sizeof *to);
    return made;
}

/* The agents to whom it is offered. Those who are gone stay as TF_NONE, so that the drain sees a change. */
static struct desk_list *carry_offered(struct desk_replacing *r, const struct desk_list *l)
{
    uint32_t *to = r->d->scratch.agents, count = 0;
    for (uint32_t i = 0; i < desk_list_count(l); i++) {
        uint32_t agent = desk_mapped_agent(r, l->at[i]);
        if (agent != TF_NONE) to[count++] = agent;
    }
    if (count == desk_list_count(l)) return sh_desk_list_get(r->d, to, count);
    uint32_t *with_gone = sh_txn_alloc(&r->d->txn, (count + (size_t)1) * sizeof *to);
    memcpy(with_gone, to, count * sizeof *to);
    with_gone[count] = TF_NONE;
    struct desk_list *made = sh_desk_list_get(r->d, with_gone, count + 1);
    sh_txn_free(&r->d->txn, with_gone, (count + (size_t)1) * sizeof *to);
    return made;
}

static void carry_step(const struct desk_replacing *r, const uint32_t *from, uint32_t *to)
{
    uint32_t of = from[STEP_OF_HOURS], kind = from[STEP_KIND];
    to[STEP_KIND] = kind;
    to[STEP_TARGET] = TF_NONE;
    if (kind == TF_TO_TEAM) to[STEP_TARGET] = r->teams.to[from[STEP_TARGET]];
    if (kind == TF_TO_AGENT) to[STEP_TARGET] = desk_mapped_agent(r, from[STEP_TARGET]);
    if (kind != TF_TO_NOBODY && to[STEP_TARGET] == TF_NONE) to[STEP_KIND] = STEP_GONE;
    to[STEP_AFTER_SEC] = from[STEP_AFTER_SEC];
    to[STEP_OF_HOURS] = of;
    if (of == TF_NONE || of == STEP_HOURS_GONE) return;
    to[STEP_OF_HOURS] = r->hours.to[of] == TF_NONE ? STEP_HOURS_GONE : r->hours.to[of];
}

static struct desk_list *carry_steps(struct desk_replacing *r, const struct desk_list *l)
{
    struct shunt_desk *d = r->d;
    uint32_t count = desk_list_count(l);
    uint32_t *to = sh_txn_alloc(&d->txn, count * sizeof *to);
    for (uint32_t i = 0; i + STEP_LEN <= count; i += STEP_LEN) carry_step(r, l->at + i, to + i);
    struct desk_list *made = sh_desk_list_get(d, to, count);
    sh_txn_free(&d->txn, to, count * sizeof *to);
    return made;
}

/* Whether steps are to come, and when the next one is due, by the new version's hours. */
static void look_ahead(struct shunt_desk *d, struct desk_ticket *k)
{
    uint32_t next = desk_next_step(k);
    bool ended = k->touched || k->status == SHUNT_CLOSED ||
                 k->steps->at[(size_t)k->step * STEP_LEN + STEP_KIND] == TF_TO_NOBODY;
    k->has_steps_left = !ended && next != TF_NONE;
    if (!k->has_steps_left) return;
    const uint32_t *s = k->steps->at + (size_t)next * STEP_LEN;
    k->due_sec = sh_desk_step_due(d, k->at_sec, s[STEP_AFTER_SEC], s[STEP_OF_HOURS]);
}

/* ---- one ticket ---- */

static bool waits(const struct desk_ticket *k)
{
    return k->status == SHUNT_QUEUED || k->status == SHUNT_HELD || k->status == SHUNT_OFFERED;
}

static bool lost_agent(const struct desk_replacing *r, const struct desk_ticket *old)
{
    return old->status != SHUNT_CLOSED && old->agent != TF_NONE &&
           desk_mapped_agent(r, old->agent) == TF_NONE;
}

/* Without an agent, and its team, or the agent it waits for, is gone. */
static bool lost_team(const struct desk_replacing *r, const struct desk_ticket *old)
{
    if (old->status == SHUNT_CLOSED || old->agent != TF_NONE) return false;
    if (old->team != TF_NONE) return r->teams.to[old->team] == TF_NONE;
    return waits(old) && desk_mapped_agent(r, old->wanted) == TF_NONE;
}

static void carry_fields(struct desk_replacing *r, const struct desk_ticket *old, struct desk_ticket *k)
{
    k->at_sec = old->at_sec;
    k->first_at_sec = old->first_at_sec;
    k->until_sec = old->until_sec;
    k->closed_sec = old->closed_sec;
    k->assigned_sec = old->assigned_sec;
    k->response_sec = old->response_sec;
    k->step = old->step;
    k->priority = old->priority;
    k->status = old->status;
    k->why = old->why;
    k->touched = old->touched;
    k->rule = r->rules.to[old->rule];
    k->team = desk_mapped(&r->teams, old->team);
    k->agent = desk_mapped_agent(r, old->agent);
    k->wanted = desk_mapped_agent(r, old->wanted);
}

static struct desk_ticket *carry_ticket(struct desk_replacing *r, const struct desk_ticket *old)
{
    struct shunt_desk *d = r->d;
    struct shunt_string id = {old->id, old->id_len};
    say_record(r, old);
    struct desk_ticket *k = sh_desk_add_ticket(d, id, d->ticket->record, d->ticket->record_len);
    carry_fields(r, old, k);
    k->steps = carry_steps(r, old->steps);
    k->require = carry_list(r, old->require, &r->skills, sh_desk_list_get_skills);
    k->add = carry_list(r, old->add, &r->labels, sh_desk_list_get);
    k->offered = carry_offered(r, old->offered);
    look_ahead(d, k);
    if (k->status != SHUNT_CLOSED && !lost_agent(r, old) && !lost_team(r, old)) sh_desk_settle(d, k);
    return k;
}

/* The list of closed ones, in its order. */
static void carry_closed(struct desk_replacing *r)
{
    struct desk_core *core = &r->d->core;
    for (const struct desk_ticket *old = r->old->core.closed_first; old; old = old->closed_after) {
        struct desk_ticket *k = sh_desk_find_ticket(r->d, (struct shunt_string){old->id, old->id_len});
        k->closed_before = core->closed_last;
        if (core->closed_last)
            core->closed_last->closed_after = k;
        else
            core->closed_first = k;
        core->closed_last = k;
        core->open_count--;
    }
}

void sh_desk_replace_tickets(struct desk_replacing *r)
{
    struct shunt_desk *d = r->d;
    for (uint32_t i = 0; i < r->ticket_count; i++) {
        r->news[i] = carry_ticket(r, r->olds[i]);
        if (i % 1024 != 0) continue;
        sh_txn_commit(&d->txn); /* what is put aside stays little */
        sh_txn_begin(&d->txn);
    }
    shunt_ticket_record(d->ticket, false);
    carry_closed(r);
}

/* ---- what the new version changes at once ---- */

/* Decided as it arrived; the steps that are due by now are entered at once. */
static void decide_anew(struct shunt_desk *d, struct desk_ticket *k)
{
    int64_t now_sec = d->core.now_sec;
    sh_desk_say(d, k);
    d->core.now_sec = k->at_sec;
    sh_desk_decide(d, k, d->ticket);
    d->core.now_sec = now_sec;
    sh_desk_enter(d, k, 0);
}

/* Tickets that are not settled: their agent or team is gone. */
static void settle_lost(struct desk_replacing *r, uint32_t i)
{
    struct shunt_desk *d = r->d;
    struct desk_ticket *k = r->news[i];
    bool agent = lost_agent(r, r->olds[i]), team = lost_team(r, r->olds[i]);
    if (!agent && !team) return;
    desk_touch_ticket(d, k);
    if (agent)
        sh_desk_set_status(d, k, SHUNT_UNASSIGNED, SHUNT_WHY_AGENT_GONE);
    else if (k->touched)
        sh_desk_set_status(d, k, SHUNT_UNASSIGNED, SHUNT_WHY_TEAM_GONE);
    else
        decide_anew(d, k);
    sh_desk_settle(d, k);
    sh_desk_report(d, k);
}

/* As by a timer. */
static void enter_due(struct shunt_desk *d, struct desk_ticket *k)
{
    if (!k->armed || k->due_sec > d->core.now_sec) return;
    sh_desk_lift(d, k);
    sh_desk_enter(d, k, desk_next_step(k));
    sh_desk_settle(d, k);
    sh_desk_report(d, k);
}

/* A list of agents that no drain came to, for auto-assignment is off, is without those who are gone. */
static void drop_gone(struct shunt_desk *d, struct desk_ticket *k)
{
    uint32_t count = 0, *left = d->scratch.agents;
    if (k->status != SHUNT_OFFERED) return;
    for (uint32_t i = 0; i < desk_list_count(k->offered); i++) {
        if (k->offered->at[i] != TF_NONE) left[count++] = k->offered->at[i];
    }
    if (count == desk_list_count(k->offered)) return;
    sh_desk_lift(d, k);
    sh_desk_list_put(d, k->offered);
    k->offered = sh_desk_list_get(d, left, count);
    sh_desk_settle(d, k);
}

void sh_desk_replace_settle(struct desk_replacing *r)
{
    struct shunt_desk *d = r->d;
    for (uint32_t i = 0; i < r->ticket_count; i++) settle_lost(r, i);
    for (uint32_t i = 0; i < r->ticket_count; i++) enter_due(d, r->news[i]);
    sh_desk_stale_all(d);
    sh_desk_drain(d);
    for (uint32_t i = 0; i < r->ticket_count; i++) drop_gone(d, r->news[i]);
}
