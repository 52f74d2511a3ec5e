/*
 * desk.md 9: who sees which tickets.
 */
#include "desk_state.h"

/* Tickets of a members_only team are seen by its members and role manager and up. */
static bool may_see(const struct oracle_desk *d, const struct ticket *k, int by)
{
    if (by == NONE || k->team == NONE || !d->p->teams.at[k->team].members_only) return true;
    return od_is_manager(d, by) || od_is_member(d, k->team, by);
}

/* Waiting in my pull teams. */
static bool to_solve(const struct oracle_desk *d, const struct ticket *k, int by)
{
    enum { PULL = 8 };
    return od_is_waiting(k) && by != NONE && k->team != NONE && od_is_member(d, k->team, by) &&
           od_map_at(&d->p->teams.at[k->team].assign, k->channel, 0) == PULL;
}

static bool shows(const struct oracle_desk *d, const struct ticket *k, enum oracle_view view, int by,
                  bool with_closed)
{
    if (!may_see(d, k, by)) return false;
    if (view == VIEW_ALL) return true;
    if (view == VIEW_TO_SOLVE) return to_solve(d, k, by);
    if (k->status == CLOSED && !with_closed) return false;
    return view == VIEW_MINE ? by != NONE && k->agent == by : k->agent == NONE;
}

const char *oracle_desk_view(struct oracle_desk *d, enum oracle_view view, const char *by, bool with_closed)
{
    int agent = od_find_agent(d, by), count = d->tickets.count;
    struct ticket **list = view == VIEW_TO_SOLVE ? od_waiting_in_order(d, &count) : d->tickets.at;
    for (int i = 0; i < count; i++)
        if (shows(d, list[i], view, agent, with_closed)) od_line(d, list[i]);
    return od_take_lines(d);
}
