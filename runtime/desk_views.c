/*
 * A desk and who looks to the tickets they see (desk.md 9).
 *
 * A pass over the tickets remembered picks those in the view, which are sorted and told as decisions are:
 * only scratch is written. Nothing is handed out before all of it is there.
 */
#include "desk_event.h"
#include "sort.h"
#include "text.h"

struct look {
    struct shunt_desk *d;
    enum shunt_view view;
    uint32_t by; /* TF_NONE: the system */
    bool with_closed;
    const struct desk_ticket **found; /* room for all tickets */
    uint32_t found_count;
};

/* ---- what is in a view ---- */

/* Whether tickets of the team are theirs to see. */
static bool sees(const struct look *l, uint32_t team)
{
    const struct shunt_table *t = l->d->t;
    if (l->by == TF_NONE || team == TF_NONE || !t->TEAM[team].members_only) return true;
    return t->AGENT[l->by].role >= TF_MANAGER || sh_desk_is_member(l->d, team, l->by);
}

/* Waiting in a team of theirs that pulls for its channel. */
static bool to_solve(const struct look *l, const struct desk_ticket *k)
{
    if (!k->queue || k->team == TF_NONE || l->by == TF_NONE) return false;
    const struct tf_team *team = &l->d->t->TEAM[k->team];
    return desk_by_channel(l->d->t, &team->assign, k->channel) == TF_PULL &&
           sh_desk_is_member(l->d, k->team, l->by);
}

static bool is_in(const struct look *l, const struct desk_ticket *k)
{
    bool shown = l->with_closed || k->status != SHUNT_CLOSED;
    if (!sees(l, k->team)) return false;
    switch (l->view) {
    case SHUNT_VIEW_MINE: return shown && l->by != TF_NONE && k->agent == l->by;
    case SHUNT_VIEW_UNASSIGNED: return shown && k->agent == TF_NONE;
    case SHUNT_VIEW_TO_SOLVE: return to_solve(l, k);
    default: return true;
    }
}

/* ---- in which order ---- */

static bool arrived_before(const void *a, const void *b)
{
    return ((const struct desk_ticket *)a)->seq < ((const struct desk_ticket *)b)->seq;
}

static bool drained_before(const void *a, const void *b)
{
    const struct desk_ticket *x = a, *y = b;
    return x->priority != y->priority ? x->priority > y->priority : x->seq < y->seq;
}

static void find(struct look *l)
{
    const struct sh_map *m = &l->d->tickets;
    for (uint32_t i = 0; i < m->cap; i++) {
        const struct desk_ticket *k = m->slots[i].item;
        if (k && is_in(l, k)) l->found[l->found_count++] = k;
    }
    sh_sort((const void **)l->found, l->found_count,
            l->view == SHUNT_VIEW_TO_SOLVE ? drained_before : arrived_before);
}

/* ---- telling ---- */

/* SHUNT_UNKNOWN: there is no such agent. */
static enum shunt_status find_by(struct look *l, struct shunt_string by)
{
    struct desk_doing x = {.d = l->d};
    l->by = by.bytes ? sh_desk_named_agent(&x, by) : TF_NONE;
    return by.bytes && l->by == TF_NONE ? SHUNT_UNKNOWN : SHUNT_OK;
}

/* No memory comes back to here, from wherever. */
static enum shunt_status tell(struct look *l, struct shunt_string by)
{
    struct shunt_desk *d = l->d;
    if (setjmp(d->txn.out)) {
        sh_desk_reports_begin(d);
        return SHUNT_NO_MEMORY;
    }
    sh_desk_reports_begin(d);
    d->part = SHUNT_PART_ANSWER;
    d->went_back = false; /* it was told, or is of no event now */
    enum shunt_status status = find_by(l, by);
    if (status != SHUNT_OK) return status;
    find(l);
    for (uint32_t i = 0; i < l->found_count; i++) sh_desk_report(d, l->found[i]);
    return SHUNT_OK;
}

enum shunt_status shunt_desk_view(const struct shunt_desk *desk, enum shunt_view view, struct shunt_string by,
                                  bool with_closed, const struct shunt_sink *sink)
{
    struct shunt_desk *d = (struct shunt_desk *)(uintptr_t)desk; /* its scratch is written */
    struct sh_shape shape = by.bytes ? sh_text_shape(by.bytes, by.len) : (struct sh_shape){.valid = true};
    if ((unsigned)view > SHUNT_VIEW_ALL) return SHUNT_BAD_VALUE;
    if (!shape.valid || shape.has_nul) return SHUNT_BAD_TEXT;
    size_t len = sh_array_len((uint64_t)d->tickets.count + 1, sizeof(void *));
    struct look l = {.d = d, .view = view, .with_closed = with_closed, .found = sh_alloc(&d->txn.hooks, len)};
    if (!l.found) return SHUNT_NO_MEMORY;
    enum shunt_status status = tell(&l, by);
    if (status == SHUNT_OK) sh_desk_reports_send(d, sink);
    sh_free(&d->txn.hooks, (void *)l.found, len);
    return status;
}
