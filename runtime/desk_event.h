/*
 * What the events have in common (desk.md 6): who does it, to which ticket, and whether they may.
 * desk_event.c finds the names, desk_people.c and desk_tickets.c do the work.
 *
 * A handler first looks at everything it needs and refuses, and only then changes anything.
 */
#ifndef SHUNT_RUNTIME_DESK_EVENT_H
#define SHUNT_RUNTIME_DESK_EVENT_H

#include "desk_state.h"

struct desk_doing {
    struct shunt_desk *d;
    const struct shunt_event *e;
    uint32_t by;             /* TF_NONE: the system */
    struct shunt_refusal no; /* reason other than NOTHING: refused */
    bool quiet;              /* the backlog is not drained after it (desk.md 5.1) */
};

typedef void desk_handler(struct desk_doing *x);

/* Each answers false (or TF_NONE, or NULL) where it refused. */
bool sh_desk_refuse(struct desk_doing *x, enum shunt_refusal_reason reason,
                    struct shunt_string about); /* false */
uint32_t sh_desk_named_agent(struct desk_doing *x, struct shunt_string name);
uint32_t sh_desk_named_team(struct desk_doing *x, struct shunt_string name);
uint32_t sh_desk_named_channel(struct desk_doing *x, struct shunt_string name);
/* The agent of the event, who does it (marked * in desk.md 6.1), of role agent and up where it is so. */
uint32_t sh_desk_doer(struct desk_doing *x, bool no_viewer);
bool sh_desk_may(struct desk_doing *x, enum tf_role least);
/* The event's ticket, open. */
struct desk_ticket *sh_desk_open_ticket(struct desk_doing *x);
struct desk_ticket *sh_desk_any_ticket(struct desk_doing *x, struct shunt_string id);

extern desk_handler sh_desk_do_online, sh_desk_do_offline, sh_desk_do_auto; /* desk_people.c */
extern desk_handler sh_desk_do_ticket, sh_desk_do_claim, sh_desk_do_next,
    sh_desk_do_assign; /* desk_tickets.c, desk_assign.c */
extern desk_handler sh_desk_do_unassign, sh_desk_do_reply, sh_desk_do_close, sh_desk_do_reopen;
extern desk_handler sh_desk_do_update, sh_desk_do_reroute, sh_desk_do_pending, sh_desk_do_resume;

#endif
