/*
 * A ticket and a team to what becomes of it (desk.md 2.3 and 2.4): attempts, handing on, steps, bulk.
 *
 * sh_desk_judge() says what an attempt comes to without changing anything but scratch; the pick, which moves
 * rotations, comes after it. So a drain can ask and leave all as it was.
 */
#include "desk_state.h"

/* ---- what the team says ---- */

static uint32_t strategy_of(const struct shunt_desk *d, uint32_t team, uint32_t channel)
{
    return desk_by_channel(d->t, &d->t->TEAM[team].assign, channel);
}

static uint32_t hours_of(const struct shunt_desk *d, uint32_t team, uint32_t channel)
{
    return desk_by_channel(d->t, &d->t->TEAM[team].hours, channel);
}

static bool auto_on(const struct shunt_desk *d, uint32_t team)
{
    return !d->core.off && (team == TF_NONE || !d->teams[team].off);
}

/* ---- handing on (2.3) ---- */

/* The team that an untouched ticket comes to; *circle: it came round, all are closed, and *opening is the
 * earliest. */
static uint32_t hand_on(struct shunt_desk *d, const struct desk_ask *ask, bool *circle, int64_t *opening)
{
    uint64_t round = ++d->scratch.asked_round;
    uint32_t team = ask->team;
    *circle = false;
    *opening = DESK_NEVER;
    while (!ask->touched) {
        uint32_t hours = hours_of(d, team, ask->channel);
        uint32_t after = desk_by_channel(d->t, &d->t->TEAM[team].after_hours, ask->channel);
        if (sh_desk_hours_open(d, hours) || after < TF_TO_FIRST) break;
        int64_t opens = sh_desk_hours_opening(d, hours);
        if (opens < *opening) *opening = opens;
        d->scratch.asked[team] = round;
        team = after - TF_TO_FIRST;
        *circle = d->scratch.asked[team] == round;
        if (*circle) return ask->team;
    }
    return team;
}

/* ---- an attempt (2.4) ---- */

static enum shunt_why stage_why(enum shunt_stage stage)
{
    return (enum shunt_why)(SHUNT_WHY_NOBODY_ONLINE + (unsigned)stage);
}
_Static_assert(SHUNT_WHY_AT_CAPACITY - SHUNT_WHY_NOBODY_ONLINE == SHUNT_STAGE_CAPACITY - SHUNT_STAGE_ONLINE,
               "stages and their whys go together");

static void result(struct desk_result *r, enum shunt_state status, enum shunt_why why)
{
    r->status = status;
    r->why = why;
}

/* An agent's step: no team. */
static void judge_agent(struct shunt_desk *d, const struct desk_ask *ask, struct desk_result *r)
{
    if (d->core.off) {
        result(r, SHUNT_UNASSIGNED, SHUNT_WHY_AUTO_OFF);
        return;
    }
    enum shunt_stage stage = sh_desk_stage(d, ask, ask->wanted);
    if (stage == SHUNT_STAGE_RANK) {
        result(r, SHUNT_ASSIGNED, SHUNT_WHY_AGENT);
        r->agent = ask->wanted;
    } else {
        result(r, SHUNT_QUEUED, stage_why(stage));
    }
}

/* Rows 5 to 8, in the team where the ticket is. */
static void judge_members(struct shunt_desk *d, const struct desk_ask *ask, struct desk_result *r)
{
    enum shunt_stage none;
    bool leave = d->t->TEAM[r->team].backlog_leave && !ask->later;
    r->strategy = strategy_of(d, r->team, ask->channel);
    if (r->strategy == TF_PULL) {
        result(r, SHUNT_QUEUED, SHUNT_WHY_PULL);
        return;
    }
    r->count = sh_desk_eligible(d, ask, &none);
    if (r->count == 0)
        result(r, leave ? SHUNT_UNASSIGNED : SHUNT_QUEUED, stage_why(none));
    else
        result(r, r->strategy == TF_RING_ALL ? SHUNT_OFFERED : SHUNT_ASSIGNED, (enum shunt_why)r->strategy);
}

/* Row 3 or 4: the team's hours are closed, and the ticket stays. */
static void judge_closed(struct shunt_desk *d, const struct desk_ask *ask, struct desk_result *r)
{
    uint32_t after = desk_by_channel(d->t, &d->t->TEAM[r->team].after_hours, ask->channel);
    if (after == TF_LEAVE && !ask->later) {
        result(r, SHUNT_UNASSIGNED, SHUNT_WHY_CLOSED);
        return;
    }
    result(r, SHUNT_HELD, SHUNT_WHY_CLOSED);
    r->until_sec = sh_desk_hours_opening(d, hours_of(d, r->team, ask->channel));
}

void sh_desk_judge(struct shunt_desk *d, const struct desk_ask *ask, struct desk_result *r)
{
    bool circle;
    int64_t opening;
    *r = (struct desk_result){.team = ask->team,
                              .asked = ask->team,
                              .strategy = TF_NONE,
                              .agent = TF_NONE,
                              .until_sec = DESK_NEVER};
    if (ask->team == TF_NONE) {
        judge_agent(d, ask, r);
        return;
    }
    r->team = hand_on(d, ask, &circle, &opening);
    struct desk_ask there = *ask;
    there.team = r->team;
    if (!auto_on(d, r->team)) {
        result(r, SHUNT_UNASSIGNED, SHUNT_WHY_AUTO_OFF);
    } else if (strategy_of(d, r->team, ask->channel) == TF_MANUAL) {
        result(r, SHUNT_UNASSIGNED, SHUNT_WHY_MANUAL);
    } else if (circle) {
        result(r, SHUNT_HELD, SHUNT_WHY_CLOSED);
        r->until_sec = opening;
    } else if (!sh_desk_hours_open(d, hours_of(d, r->team, ask->channel))) {
        judge_closed(d, ask, r);
    } else {
        judge_members(d, &there, r);
    }
}

/* ---- its outcome ---- */

static struct desk_ask ask_of(const struct desk_ticket *k)
{
    return (struct desk_ask){k->team, k->wanted, k->channel, k->require, k->touched, k->has_steps_left};
}

/* 4.2: the customer's last agent in this team, where they are eligible. */
static uint32_t sticky_agent(struct shunt_desk *d, const struct desk_ticket *k, const struct desk_ask *ask)
{
    if (!d->t->TEAM[ask->team].sticky || !k->customer) return TF_NONE;
    uint32_t agent = sh_desk_customer_agent(d, ask->team, k->customer, k->customer_len);
    if (agent == TF_NONE || !(sh_desk_is_member(d, ask->team, agent))) return TF_NONE;
    return sh_desk_stage(d, ask, agent) == SHUNT_STAGE_RANK ? agent : TF_NONE;
}

/* The one who gets it, of a result that is ASSIGNED; its why is the ticket's. */
static void choose(struct shunt_desk *d, const struct desk_ticket *k, const struct desk_ask *ask,
                   struct desk_result *r)
{
    if (r->agent != TF_NONE) return; /* an agent's step */
    r->agent = sticky_agent(d, k, ask);
    if (r->agent != TF_NONE)
        r->why = SHUNT_WHY_STICKY;
    else
        r->agent = sh_desk_pick(d, ask, (enum tf_strategy)r->strategy, r->count);
}

static void apply(struct shunt_desk *d, struct desk_ticket *k, const struct desk_result *r)
{
    desk_touch_ticket(d, k);
    k->team = r->team;
    if (r->status == SHUNT_ASSIGNED) {
        sh_desk_give(d, k, r->agent, r->why);
        return;
    }
    struct desk_list *offered = NULL;
    if (r->status == SHUNT_OFFERED) offered = sh_desk_list_get(d, d->scratch.agents, r->count);
    sh_desk_set_status(d, k, r->status, r->why);
    k->offered = offered;
    k->until_sec = r->until_sec;
}

/* Tells the watch before the pick moves anything, then chooses. */
static void choose_watched(struct shunt_desk *d, const struct desk_ticket *k, struct desk_ask *ask,
                           struct desk_result *r)
{
    ask->team = r->team;
    if (!d->watch) {
        if (r->status == SHUNT_ASSIGNED) choose(d, k, ask, r);
        return;
    }
    sh_desk_watch_members(d, ask, r);
    if (r->status == SHUNT_ASSIGNED) choose(d, k, ask, r);
    sh_desk_watch_tell(d, k, ask, r);
}

/* Where the result is `changed` only in its why, and the ticket waits, the ticket stays as it was (5.1). */
static bool is_as_before(const struct shunt_desk *d, const struct desk_ticket *k, const struct desk_result *r)
{
    if (r->status == SHUNT_ASSIGNED || r->status != k->status || r->team != k->team) return false;
    if (r->until_sec != k->until_sec) return false;
    if (r->status != SHUNT_OFFERED) return true;
    return desk_list_count(k->offered) == r->count &&
           memcmp(k->offered->at, d->scratch.agents, r->count * sizeof(uint32_t)) == 0;
}

void sh_desk_attempt(struct shunt_desk *d, struct desk_ticket *k)
{
    struct desk_ask ask = ask_of(k);
    struct desk_result r;
    sh_desk_judge(d, &ask, &r);
    choose_watched(d, k, &ask, &r);
    apply(d, k, &r);
}

bool sh_desk_attempt_again(struct shunt_desk *d, struct desk_ticket *k)
{
    struct desk_ask ask = ask_of(k);
    struct desk_result r;
    if (!auto_on(d, k->team)) return false; /* 5.1 */
    sh_desk_judge(d, &ask, &r);
    bool same = is_as_before(d, k, &r);
    choose_watched(d, k, &ask, &r);
    if (same) return false;
    sh_desk_lift(d, k);
    apply(d, k, &r);
    sh_desk_settle(d, k);
    return true;
}

/* ---- steps ---- */

static const uint32_t *step_at(const struct desk_ticket *k, uint32_t step)
{
    return k->steps->at + (size_t)step * STEP_LEN;
}

/* What comes after the step it is in, and when. */
static void look_ahead(struct shunt_desk *d, struct desk_ticket *k)
{
    uint32_t next = desk_next_step(k);
    k->has_steps_left = !k->touched && next != TF_NONE;
    k->due_sec = DESK_NEVER;
    if (!k->has_steps_left) return;
    const uint32_t *s = step_at(k, next);
    k->due_sec = sh_desk_step_due(d, k->at_sec, s[STEP_AFTER_SEC], s[STEP_OF_HOURS]);
}

void sh_desk_enter(struct shunt_desk *d, struct desk_ticket *k, uint32_t step)
{
    desk_touch_ticket(d, k);
    for (;; step = desk_next_step(k)) {
        const uint32_t *s = step_at(k, step);
        k->step = step;
        k->team = s[STEP_KIND] == TF_TO_TEAM ? s[STEP_TARGET] : TF_NONE;
        k->wanted = s[STEP_KIND] == TF_TO_AGENT ? s[STEP_TARGET] : TF_NONE;
        look_ahead(d, k);
        if (s[STEP_KIND] == TF_TO_NOBODY) {
            sh_desk_set_status(d, k, SHUNT_UNASSIGNED, SHUNT_WHY_NO_TEAM);
            k->has_steps_left = false;
            return;
        }
        sh_desk_attempt(d, k);
        if (k->agent != TF_NONE || !k->has_steps_left || k->due_sec > d->core.now_sec) return;
    }
}

void sh_desk_reroute(struct shunt_desk *d, struct desk_ticket *k, struct shunt_ticket *ticket)
{
    sh_desk_decide(d, k, ticket);
    sh_desk_enter(d, k, 0);
}

/* ---- bulk (6.1) ---- */

void sh_desk_bulk(struct shunt_desk *d, struct desk_ticket *k, uint32_t team)
{
    desk_touch_ticket(d, k);
    k->team = team;
    k->wanted = TF_NONE;
    struct desk_ask ask = ask_of(k);
    struct desk_result r = {.team = team, .asked = team, .agent = TF_NONE, .until_sec = DESK_NEVER};
    enum shunt_stage none;
    r.strategy = strategy_of(d, team, k->channel);
    if (r.strategy < TF_RING_ALL) r.count = sh_desk_eligible(d, &ask, &none);
    if (r.count == 0) {
        sh_desk_attempt(d, k);
        return;
    }
    result(&r, SHUNT_ASSIGNED, SHUNT_WHY_BULK);
    if (d->watch) sh_desk_watch_members(d, &ask, &r);
    r.agent = sh_desk_pick(d, &ask, (enum tf_strategy)r.strategy, r.count);
    if (d->watch) sh_desk_watch_tell(d, k, &ask, &r);
    apply(d, k, &r);
}
