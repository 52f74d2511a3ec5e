/*
 * What the desk's state can do, below the meaning of events: desk_make.c, desk_crew.c, desk_names.c,
 * desk_open.c, desk_queue.c, desk_ticket.c, desk_time.c. All but making and freeing runs within the desk's
 * transaction.
 */
#ifndef SHUNT_RUNTIME_DESK_STATE_H
#define SHUNT_RUNTIME_DESK_STATE_H

#include "desk.h"

/* ---- desk_make.c ---- */

/* An empty desk; its transaction is not begun. */
enum shunt_status sh_desk_make(const struct shunt_table *table, const struct shunt_desk_options *options,
                               const struct shunt_hooks *hooks, struct shunt_desk **desk);

/* ---- desk_crew.c: teams with the same members ---- */

void sh_desk_make_crews(struct shunt_desk *d); /* makes d->teams too */
/* Tickets wait in the team from now on; no longer. */
void sh_desk_crew_waits(struct shunt_desk *d, uint32_t team);
void sh_desk_crew_done(struct shunt_desk *d, uint32_t team);
/* The teams of an agent in which tickets wait, in no order: for (w = desk_waits(…); desk_waits_next(…);) */
struct desk_waits {
    uint32_t at, end; /* of crews_of */
    uint32_t team, after;
};
static inline struct desk_waits desk_waits(const struct shunt_desk *d, uint32_t agent)
{
    return (struct desk_waits){d->crews_of_first[agent], d->crews_of_first[agent + 1], TF_NONE, TF_NONE};
}
static inline bool desk_waits_next(const struct shunt_desk *d, struct desk_waits *w)
{
    while (w->after == TF_NONE && w->at < w->end) w->after = d->crews[d->crews_of[w->at++]].waiting;
    w->team = w->after;
    if (w->team == TF_NONE) return false;
    w->after = d->teams[w->team].after;
    return true;
}
bool sh_desk_is_member(const struct shunt_desk *d, uint32_t team, uint32_t agent);

/* ---- desk_names.c ---- */

/* The index of a name in NFC, TF_NONE. */
uint32_t sh_desk_find_agent(const struct shunt_desk *d, const char *name, size_t len);
uint32_t sh_desk_find_team(const struct shunt_desk *d, const char *name, size_t len);
/* Fills agent_names and team_names. */
void sh_desk_index_names(struct shunt_desk *d);
/* Index or, past the table's, of an earlier version of the policy. */
struct shunt_string sh_desk_rule_name(const struct shunt_desk *d, uint32_t rule, bool *is_takes);
struct shunt_string sh_desk_label_name(const struct shunt_desk *d, uint32_t label);

/* ---- the table, as the desk asks it ---- */

static inline uint32_t desk_by_channel(const struct shunt_table *t, const struct tf_channel_map *map,
                                       uint32_t channel)
{
    return le32(map->count) ? sh_by_channel(t, map, channel) : le32(map->other);
}
/* Whether x is among numbers that ascend. */
static inline bool desk_among(const uint32_t *at, uint32_t count, uint32_t x)
{
    uint32_t lo = 0, hi = count;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (at[mid] == x) return true;
        if (at[mid] < x)
            lo = mid + 1;
        else
            hi = mid;
    }
    return false;
}
static inline uint32_t desk_load_place(const struct shunt_desk *d, uint32_t channel)
{
    return channel == TF_NONE ? d->channel_count : channel;
}

/* ---- desk_ticket.c: one ticket ---- */

struct desk_ticket *sh_desk_find_ticket(const struct shunt_desk *d, struct shunt_string id);
/* A new ticket with the next place in the order of arrival, which carries the record (a copy, without what
 * clears). Its decision is still to be made. */
struct desk_ticket *sh_desk_add_ticket(struct shunt_desk *d, struct shunt_string id, const uint8_t *record,
                                       size_t record_len);
/* The ticket carries another record: its card is made anew. channel and customer follow; k is not in a queue,
 * nor load. */
void sh_desk_set_record(struct shunt_desk *d, struct desk_ticket *k, const uint8_t *record,
                        size_t record_len);
/* The place of the channel that a record says; TF_NONE. */
uint32_t sh_desk_record_channel(const struct shunt_desk *d, const uint8_t *record, size_t len);
void sh_desk_forget_ticket(struct shunt_desk *d,
                           struct desk_ticket *k); /* a closed one, out of the list of closed ones */
static inline void desk_touch_ticket(struct shunt_desk *d, struct desk_ticket *k)
{
    txn_touch(&d->txn, &k->mark, k, sizeof *k);
}
/* Takes it out of its queue, its timer, its agent's load: before its status, team, agent, channel or step
 * changes. */
void sh_desk_lift(struct shunt_desk *d, struct desk_ticket *k);
/* The other way round: as its status, team, agent, due_sec and touched say. */
void sh_desk_settle(struct shunt_desk *d, struct desk_ticket *k);
/* Status, why, and no agent, nobody offered, no until. The ticket is lifted. */
void sh_desk_set_status(struct shunt_desk *d, struct desk_ticket *k, enum shunt_state status,
                        enum shunt_why why);
/* The ticket, which is lifted, is the agent's. */
void sh_desk_give(struct shunt_desk *d, struct desk_ticket *k, uint32_t agent, enum shunt_why why);
void sh_desk_close(struct shunt_desk *d, struct desk_ticket *k);   /* into the list of closed ones; lifted */
void sh_desk_unclose(struct shunt_desk *d, struct desk_ticket *k); /* out of it */
/* Forgets closed tickets whose time has come at at_sec. */
void sh_desk_forget_closed(struct shunt_desk *d, int64_t at_sec);
/* What the policy decides for a ticket that says its record: rule, priority, lists of k. ticket: as matching
 * needs it. */
void sh_desk_decide(struct shunt_desk *d, struct desk_ticket *k, struct shunt_ticket *ticket);
/* d->ticket says k's record. */
void sh_desk_say(struct shunt_desk *d, const struct desk_ticket *k);

/* The customer's last agent in a team; TF_NONE. */
uint32_t sh_desk_customer_agent(const struct shunt_desk *d, uint32_t team, const char *text, size_t len);
void sh_desk_customer_set(struct shunt_desk *d, uint32_t team, const char *text, size_t len, uint32_t agent);

/* ---- desk_queue.c: waiting ---- */

void sh_desk_queue_add(struct shunt_desk *d, struct desk_ticket *k);
void sh_desk_queue_remove(struct shunt_desk *d, struct desk_ticket *k);
void sh_desk_stale(struct shunt_desk *d, struct desk_queue *q);
void sh_desk_stale_team(struct shunt_desk *d, uint32_t team);
void sh_desk_stale_all(struct shunt_desk *d);
/* The agent may have become eligible somewhere; may no longer be. */
void sh_desk_better(struct shunt_desk *d, uint32_t agent);
void sh_desk_worse(struct shunt_desk *d, uint32_t agent);
/* Order of draining: -1, 0, 1. */
int sh_desk_place_cmp(const struct sh_node *a, const struct sh_node *b);

/* ---- desk_open.c: loads ---- */

/* How many places an agent's loads have in a policy of so many channels; 0: a map has those that are not 0.
 */
uint32_t sh_desk_place_count(uint32_t channel_count);
/* Of the agent on a channel (TF_NONE: without one). */
uint32_t sh_desk_open_of(const struct shunt_desk *d, uint32_t agent, uint32_t channel);
static inline uint32_t desk_open(const struct shunt_desk *d, uint32_t agent, uint32_t channel)
{
    const struct desk_agent *a = desk_agent(d, agent);
    if (d->place_count) return a->open[desk_load_place(d, channel)];
    return a->open_total ? sh_desk_open_of(d, agent, channel) : 0;
}
/* Adds n to the load of the agent on a channel. */
void sh_desk_load(struct shunt_desk *d, uint32_t agent, uint32_t channel, int n);

/* ---- desk_time.c ---- */

bool sh_desk_hours_open(const struct shunt_desk *d, uint32_t hours);
/* The next opening of hours that are closed now; DESK_NEVER. */
int64_t sh_desk_hours_opening(const struct shunt_desk *d, uint32_t hours);
/* When a step falls due, counted from from_sec (desk.md 2.3); DESK_NEVER. */
int64_t sh_desk_step_due(const struct shunt_desk *d, int64_t from_sec, uint32_t after_sec, uint32_t of_hours);
/* Makes the watches of the table; their state is not known before the first sh_desk_watches_advance(). */
void sh_desk_make_watches(struct shunt_desk *d);
/* Every watch says what is true at at_sec. Whether one of its changes is a due time. */
bool sh_desk_watches_advance(struct shunt_desk *d, int64_t at_sec);
/* How all watches repeat from at_sec on. */
struct sh_regular sh_desk_watches_regular(const struct shunt_desk *d, int64_t at_sec);
/* The next change of any watch, quiet ones and second looks too. */
int64_t sh_desk_watches_next(const struct shunt_desk *d);
/* After at_sec, the first instant of a date in the policy's zone. */
int64_t sh_desk_next_midnight(const struct shunt_table *t, int64_t at_sec);
/* Of a watch that flips: the change after its next one; DESK_NEVER. */
int64_t sh_desk_watch_second(const struct shunt_desk *d, const struct desk_watch *w);
int64_t sh_desk_shift_opening(const struct shunt_desk *d,
                              uint32_t watch); /* next instant on shift; DESK_NEVER */

/* ---- desk_presence.c ---- */

/* A block for so many channels, to be filled, and then sorted. */
struct desk_channels *sh_desk_channels(struct shunt_desk *d, uint32_t count);
void sh_desk_channels_sort(struct desk_channels *channels);
void sh_desk_channels_free(struct shunt_desk *d, struct desk_channels *channels); /* NULL is allowed */
static inline size_t desk_channels_len(const struct desk_channels *channels)
{
    return sizeof *channels + channels->count * sizeof *channels->at;
}
void sh_desk_online(struct shunt_desk *d, uint32_t agent, struct desk_channels *channels,
                    struct desk_device *devices, uint32_t device_count, uint32_t devices_len,
                    bool has_devices); /* channels NULL: all; blocks are taken over */
void sh_desk_offline(struct shunt_desk *d, uint32_t agent);
void sh_desk_offline_all(struct shunt_desk *d);
bool sh_desk_is_online(const struct shunt_desk *d, uint32_t agent, uint32_t channel);
/* Where this channel's work reaches the agent; bytes NULL: nowhere. */
struct shunt_string sh_desk_device_of(const struct shunt_desk *d, uint32_t agent, uint32_t channel);

/* ---- desk_pick.c: eligibility and strategies ---- */

struct desk_ask {
    uint32_t team, wanted; /* wanted: an agent's step, team TF_NONE */
    uint32_t channel;
    const struct desk_list *require;
    bool touched, later;
};
/* Writes the agent's row of desk.fit anew: after anything that sh_desk_stage() reads of the agent has
 * changed. */
void sh_desk_refit(struct shunt_desk *d, uint32_t agent);
/* The same for one channel, where nothing but the agent's load on it has changed. */
void sh_desk_refit_channel(struct shunt_desk *d, uint32_t agent, uint32_t channel);
/* The first stage the agent fails; SHUNT_STAGE_RANK: eligible. */
enum shunt_stage sh_desk_stage(const struct shunt_desk *d, const struct desk_ask *ask, uint32_t agent);
/* Every stage at which they are left out, were it not for those before: a bit for each, 1 << stage. */
uint32_t sh_desk_stages(const struct shunt_desk *d, const struct desk_ask *ask, uint32_t agent);
/* Those eligible and of the best rank, in scratch.agents, their places in scratch.more; how many. none: the
 * stage that left nobody. */
uint32_t sh_desk_eligible(struct shunt_desk *d, const struct desk_ask *ask, enum shunt_stage *none);
/* The strategy's pick among the count of them, which it moves on for. */
uint32_t sh_desk_pick(struct shunt_desk *d, const struct desk_ask *ask, enum tf_strategy strategy,
                      uint32_t count);
struct desk_rotation *sh_desk_rotation_of(struct shunt_desk *d, uint32_t team, uint32_t channel, bool make);
/* The first place of its order that comes next. */
uint32_t sh_desk_turn_begins(const struct shunt_desk *d, const struct desk_rotation *r);
uint64_t sh_desk_random(struct shunt_desk *d);

/* ---- desk_attempt.c ---- */

struct desk_result {
    enum shunt_state status;
    enum shunt_why why;
    uint32_t team, asked;
    uint32_t strategy; /* as enum shunt_why; TF_NONE: nobody was asked */
    uint32_t agent; /* ASSIGNED: known where the why is sticky or agent, else still to be picked: TF_NONE */
    uint32_t count; /* eligible, in scratch.agents */
    int64_t until_sec;
};
/* What an attempt would come to (desk.md 2.4), before any pick. */
void sh_desk_judge(struct shunt_desk *d, const struct desk_ask *ask, struct desk_result *r);
/* An attempt for a ticket that is lifted, and its outcome in the ticket. */
void sh_desk_attempt(struct shunt_desk *d, struct desk_ticket *k);
/* The ticket, lifted, enters this step and those after it that are due. Settled after it. */
void sh_desk_enter(struct shunt_desk *d, struct desk_ticket *k, uint32_t step);
/* Decided anew, at the desk's time as its arrival: lifted before, settled after. */
void sh_desk_reroute(struct shunt_desk *d, struct desk_ticket *k, struct shunt_ticket *ticket);
/* `assign` to a team (desk.md 6.1): lifted before, settled after. */
void sh_desk_bulk(struct shunt_desk *d, struct desk_ticket *k, uint32_t team);
/* An attempt for a ticket that waits. false: it comes to what it is already (but for the why), and stays so.
 */
bool sh_desk_attempt_again(struct shunt_desk *d, struct desk_ticket *k);

/* ---- desk_watch.c: where someone watches; else not called ---- */

/* What each member is before a pick moves anything, into scratch.members. */
void sh_desk_watch_members(struct shunt_desk *d, const struct desk_ask *ask, const struct desk_result *r);
/* The attempt, with its outcome, to the watcher. ask->team: where the ticket then is. */
void sh_desk_watch_tell(struct shunt_desk *d, const struct desk_ticket *k, const struct desk_ask *ask,
                        const struct desk_result *r);

/* ---- desk_drain.c ---- */

void sh_desk_drain(struct shunt_desk *d);
/* What is due at or before at_sec happens; the desk's time is at_sec then. */
void sh_desk_advance(struct shunt_desk *d, int64_t at_sec);

/* ---- desk_report.c ---- */

void sh_desk_report(struct shunt_desk *d, const struct desk_ticket *k);
void sh_desk_reports_begin(struct shunt_desk *d);
void sh_desk_reports_send(struct shunt_desk *d, const struct shunt_sink *sink);
/* Room for one more in an array of scratch. */
void *sh_desk_room(struct shunt_desk *d, void *array, size_t count, size_t *cap, size_t item_len);

#endif
