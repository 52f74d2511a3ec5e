/*
 * The slow, literal desk: what a log of events must answer, clause by clause from desk.md, on the generator's
 * own picture of a policy. Plain arrays: every drain attempts every waiting ticket, every due time is found
 * by looking at all that could be due. Shares no code with compiler/ or runtime/.
 *
 * Sets the process's TZ; one thread. All of it lives in the pool of the gen that it is given.
 */
#ifndef SHUNT_TESTS_DESK_ORACLE_H
#define SHUNT_TESTS_DESK_ORACLE_H

#include "../gen/log.h"
#include "oracle.h"

struct oracle_desk;
struct oracle_desk *oracle_desk(struct gen *g, const struct g_policy *p, uint64_t seed, int keep_days);

/* Lines of desk.md 7.1, each with its end. */
struct oracle_reply {
    const char *due; /* of what was due before the event */
    const char *own; /* of the event and its drain */
    bool error;      /* an error line, after `due` */
    bool repeated;   /* its event_id was seen: `own` is what it was then, and nothing changed */
};
struct oracle_reply oracle_desk_event(struct oracle_desk *d, const struct g_event *e);

/* desk.md 4.4: the desk under the next version of its policy, at its last time. Its lines; the desk is
 * changed.
 */
const char *oracle_desk_replace(struct oracle_desk *d, const struct g_policy *next);

/* desk.md 9: the tickets in a view, as lines. by: an agent, or NULL: the system. */
enum oracle_view { VIEW_MINE, VIEW_UNASSIGNED, VIEW_TO_SOLVE, VIEW_ALL };
const char *oracle_desk_view(struct oracle_desk *d, enum oracle_view view, const char *by, bool with_closed);

#endif
