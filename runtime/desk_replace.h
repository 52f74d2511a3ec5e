/*
 * From one version of a policy to the next (desk.md 4.4): what the files desk_replace*.c share.
 *
 * The old desk is only read. The new one is nobody else's until the end, so its transaction may be ended
 * between the parts. The maps below live outside of it.
 */
#ifndef SHUNT_RUNTIME_DESK_REPLACE_H
#define SHUNT_RUNTIME_DESK_REPLACE_H

#include "desk_state.h"

/* By index of the old version: the index of the same name in the new one, or TF_NONE. */
struct desk_map {
    uint32_t *to;
    uint32_t count;
};

struct desk_replacing {
    const struct shunt_desk *old;
    struct shunt_desk *d;
    struct desk_map teams, hours, channels;
    struct desk_map agents; /* those who are there, viewers too */
    struct desk_map attrs;  /* of the same name and type */
    /* With names of versions before the old one behind the table's own. Once sh_desk_replace_gone() is done,
     * none that is needed is TF_NONE. */
    struct desk_map rules, labels, skills;
    const struct desk_ticket **olds; /* in order of arrival; ticket_count */
    struct desk_ticket **news;       /* the same tickets */
    uint32_t ticket_count;
};

/* TF_NONE stays TF_NONE. */
static inline uint32_t desk_mapped(const struct desk_map *m, uint32_t i)
{
    return i == TF_NONE ? TF_NONE : m->to[i];
}
/* The agent, where they are there and no viewer; TF_NONE. */
static inline uint32_t desk_mapped_agent(const struct desk_replacing *r, uint32_t i)
{
    uint32_t to = desk_mapped(&r->agents, i);
    return to == TF_NONE || r->d->t->AGENT[to].role == TF_VIEWER ? TF_NONE : to;
}

/* desk_replace_names.c: the maps; no memory: sh_txn_fail(). */
void sh_desk_replace_maps(struct desk_replacing *r);
/* Rules, labels, skills that tickets and figures need and the new version does not have: into d's gone names.
 */
void sh_desk_replace_gone(struct desk_replacing *r);
void sh_desk_replace_release(struct desk_replacing *r);

/* desk_replace_tickets.c */
void sh_desk_replace_tickets(struct desk_replacing *r); /* as they were, but for what is gone */
void sh_desk_replace_settle(
    struct desk_replacing *r); /* whose agent or team is gone; steps due; the backlog */

/* desk_replace_figures.c */
void sh_desk_replace_figures(struct desk_replacing *r);

#endif
