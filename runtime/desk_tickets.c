/* Events about one ticket (desk.md 2.1, 6.1), but for assign. */
#include "desk_event.h"
#include "record.h"

/* desk.md 6.4: its steps end. Where it waits, it goes on waiting, as a touched one. A ticket that only has a
 * load is not lifted for it: lifting makes room for an agent, and that all who wait for them are looked at.
 */
static void touch_steps(struct shunt_desk *d, struct desk_ticket *k)
{
    bool waits = k->queue != NULL;
    if (k->touched) return;
    desk_touch_ticket(d, k);
    if (waits || k->armed) sh_desk_lift(d, k);
    k->touched = true;
    k->has_steps_left = false;
    if (!waits) return;
    sh_desk_settle(d, k);
    sh_desk_stale(d, k->queue);
}

/* The ticket, lifted and changed, is settled and told. */
static void settle(struct desk_doing *x, struct desk_ticket *k)
{
    sh_desk_settle(x->d, k);
    sh_desk_report(x->d, k);
}

/* 6.1: whether A may take the ticket: for members only, a member. */
static bool may_take(struct desk_doing *x, const struct desk_ticket *k, uint32_t agent)
{
    if (k->team == TF_NONE || !x->d->t->TEAM[k->team].members_only) return true;
    if (sh_desk_is_member(x->d, k->team, agent)) return true;
    return sh_desk_refuse(x, SHUNT_REFUSED_NOT_MEMBER, x->e->agent);
}

/* ---- arriving ---- */

void sh_desk_do_ticket(struct desk_doing *x)
{
    struct shunt_desk *d = x->d;
    struct shunt_ticket *carried = x->e->carried ? x->e->carried : d->ticket;
    struct desk_ticket *old = sh_desk_find_ticket(d, x->e->tickets[0]);
    x->quiet = true;
    if (old && old->status != SHUNT_CLOSED) {
        sh_desk_refuse(x, SHUNT_REFUSED_TICKET_OPEN, x->e->tickets[0]);
        return;
    }
    if (old) {
        sh_desk_unclose(d, old);
        d->core.open_count--;
        sh_desk_forget_ticket(d, old);
    }
    if (!x->e->carried) shunt_ticket_reset(d->ticket);
    struct desk_ticket *k = sh_desk_add_ticket(d, x->e->tickets[0], carried->record, carried->record_len);
    k->first_at_sec = d->core.now_sec;
    sh_desk_reroute(d, k, carried);
    if (d->figures) sh_desk_figures_arrived(d, k);
    settle(x, k);
}

void sh_desk_do_reroute(struct desk_doing *x)
{
    struct desk_ticket *k = sh_desk_open_ticket(x);
    if (!k || !sh_desk_may(x, TF_AGENT_ROLE)) return;
    sh_desk_lift(x->d, k);
    sh_desk_say(x->d, k);
    sh_desk_reroute(x->d, k, x->d->ticket);
    settle(x, k);
}

/* ---- taking ---- */

static void take(struct desk_doing *x, struct desk_ticket *k, uint32_t agent, enum shunt_why why)
{
    sh_desk_lift(x->d, k);
    k->touched = true;
    k->has_steps_left = false;
    sh_desk_give(x->d, k, agent, why);
    settle(x, k);
}

void sh_desk_do_claim(struct desk_doing *x)
{
    uint32_t agent = sh_desk_doer(x, true);
    struct desk_ticket *k = agent == TF_NONE ? NULL : sh_desk_open_ticket(x);
    if (!k) return;
    if (k->agent != TF_NONE)
        sh_desk_refuse(x, SHUNT_REFUSED_HAS_AGENT, x->e->tickets[0]);
    else if (may_take(x, k, agent))
        take(x, k, agent, SHUNT_WHY_CLAIMED);
}

/* Of one team's queues, the first ticket that the agent may ask for, where it comes before `best`. */
static struct desk_ticket *first_of(const struct shunt_desk *d, uint32_t team, uint32_t agent,
                                    struct desk_ticket *best)
{
    for (struct desk_queue *q = d->teams[team].queues; q; q = q->after) {
        bool pulls = desk_by_channel(d->t, &d->t->TEAM[team].assign, q->channel) == TF_PULL;
        if (!pulls || q->status == SHUNT_OFFERED || (q->require && !sh_bit(q->require->who, agent))) continue;
        struct sh_node *n = sh_tree_first(&q->tickets);
        if (!best || sh_desk_place_cmp(n, &best->place) < 0) best = sh_of(n, struct desk_ticket, place);
    }
    return best;
}

void sh_desk_do_next(struct desk_doing *x)
{
    struct shunt_desk *d = x->d;
    uint32_t agent = sh_desk_doer(x, true);
    struct desk_ticket *k = NULL;
    if (agent == TF_NONE) return;
    for (struct desk_waits w = desk_waits(d, agent); desk_waits_next(d, &w);)
        k = first_of(d, w.team, agent, k);
    if (k) take(x, k, agent, SHUNT_WHY_CLAIMED);
}

void sh_desk_do_reply(struct desk_doing *x)
{
    struct shunt_desk *d = x->d;
    uint32_t agent = sh_desk_doer(x, true);
    struct desk_ticket *k = agent == TF_NONE ? NULL : sh_desk_open_ticket(x);
    if (!k) return;
    bool first = k->response_sec == INT64_MIN,
         member_only = k->team != TF_NONE && d->t->TEAM[k->team].members_only;
    bool takes = d->t->POLICY[0].assign_on_reply && k->agent == TF_NONE &&
                 (!member_only || sh_desk_is_member(d, k->team, agent));
    desk_touch_ticket(d, k);
    if (first) k->response_sec = d->core.now_sec;
    if (d->figures) sh_desk_figures_replied(d, k, agent, first);
    x->quiet = !takes;
    if (takes) {
        take(x, k, agent, SHUNT_WHY_REPLIED);
        return;
    }
    touch_steps(d, k);
    sh_desk_report(d, k);
}

/* ---- giving back ---- */

void sh_desk_do_unassign(struct desk_doing *x)
{
    struct desk_ticket *k = sh_desk_open_ticket(x);
    if (!k || !sh_desk_may(x, TF_AGENT_ROLE)) return;
    sh_desk_lift(x->d, k);
    k->touched = true;
    k->has_steps_left = false;
    sh_desk_set_status(x->d, k, SHUNT_UNASSIGNED, SHUNT_WHY_MANUAL);
    settle(x, k);
}

void sh_desk_do_pending(struct desk_doing *x)
{
    struct desk_ticket *k = sh_desk_open_ticket(x);
    if (!k || !sh_desk_may(x, TF_AGENT_ROLE)) return;
    if (k->status != SHUNT_ASSIGNED) {
        sh_desk_refuse(x, SHUNT_REFUSED_NOT_ASSIGNED, x->e->tickets[0]);
        return;
    }
    sh_desk_lift(x->d, k);
    k->touched = true;
    k->has_steps_left = false;
    k->status = SHUNT_PENDING;
    settle(x, k);
}

void sh_desk_do_resume(struct desk_doing *x)
{
    struct desk_ticket *k = sh_desk_open_ticket(x);
    if (!k || !sh_desk_may(x, TF_AGENT_ROLE)) return;
    if (k->status != SHUNT_PENDING) {
        sh_desk_refuse(x, SHUNT_REFUSED_NOT_PENDING, x->e->tickets[0]);
        return;
    }
    sh_desk_lift(x->d, k);
    k->status = SHUNT_ASSIGNED;
    settle(x, k);
}

/* ---- closing ---- */

void sh_desk_do_close(struct desk_doing *x)
{
    struct desk_ticket *k = sh_desk_open_ticket(x);
    if (!k || !sh_desk_may(x, TF_AGENT_ROLE)) return;
    sh_desk_lift(x->d, k);
    k->touched = true;
    sh_desk_close(x->d, k);
    settle(x, k);
}

/* Its agent's again where they pass the first four stages of 3.1, member or not. */
static bool goes_back(const struct shunt_desk *d, const struct desk_ticket *k)
{
    if (k->agent == TF_NONE) return false;
    struct desk_ask ask = {k->team, TF_NONE, k->channel, k->require, true, false};
    if (k->team != TF_NONE && !sh_desk_is_member(d, k->team, k->agent))
        ask.team = TF_NONE; /* not on duty for it */
    return sh_desk_stage(d, &ask, k->agent) >= SHUNT_STAGE_CAPACITY;
}

void sh_desk_do_reopen(struct desk_doing *x)
{
    struct shunt_desk *d = x->d;
    struct desk_ticket *k = sh_desk_any_ticket(x, x->e->tickets[0]);
    if (!k || !sh_desk_may(x, TF_AGENT_ROLE)) return;
    if (k->status != SHUNT_CLOSED) {
        sh_desk_refuse(x, SHUNT_REFUSED_NOT_CLOSED, x->e->tickets[0]);
        return;
    }
    sh_desk_unclose(d, k);
    if (goes_back(d, k)) {
        sh_desk_give(d, k, k->agent, SHUNT_WHY_REOPENED);
    } else {
        sh_desk_say(d, k);
        sh_desk_reroute(d, k, d->ticket);
    }
    settle(x, k);
}

/* ---- other attributes ---- */

/* Its queue and its agent's load are by channel, and a queue that it changes in is looked at again. */
static void carry(struct shunt_desk *d, struct desk_ticket *k, const uint8_t *record, size_t len)
{
    bool moves = k->queue || sh_desk_record_channel(d, record, len) != k->channel;
    if (moves) sh_desk_lift(d, k);
    sh_desk_set_record(d, k, record, len);
    if (moves) sh_desk_settle(d, k);
    if (k->queue) sh_desk_stale(d, k->queue);
}

void sh_desk_do_update(struct desk_doing *x)
{
    struct shunt_desk *d = x->d;
    const struct shunt_ticket *said = x->e->carried;
    struct desk_ticket *k = sh_desk_open_ticket(x);
    if (!k || !sh_desk_may(x, TF_AGENT_ROLE)) return;
    if (said) {
        size_t len = k->record_len + said->record_len,
               named_len = sh_words(d->t->ATTR_count) * sizeof(uint64_t);
        uint64_t *named = sh_txn_alloc(&d->txn, named_len);
        uint8_t *merged = sh_txn_alloc(&d->txn, len);
        carry(
            d, k, merged,
            sh_record_update(d->t, k->record, k->record_len, said->record, said->record_len, named, merged));
        sh_txn_free(&d->txn, merged, len);
        sh_txn_free(&d->txn, named, named_len);
    }
    sh_desk_report(d, k);
}
