/*
 * One random log through the library's desk: the drawn events as the library's, its decisions as lines.
 */
#ifndef SHUNT_TESTS_RANDOM_DESK_H
#define SHUNT_TESTS_RANDOM_DESK_H

#include "../../runtime/shunt.h"
#include "../gen/log.h"
#include "../oracle/desk_oracle.h"
#include "../unit/random_run.h"

/* What a desk answered to one event, as struct oracle_reply is made. */
struct desk_answer {
    const char *due, *own;
    bool error;
    bool late;       /* something was due before the time that shunt_desk_due() named */
    int64_t due_sec; /* what shunt_desk_due() named before; INT64_MAX: nothing */
    bool no_memory;  /* nothing was answered; nor done, as the next answers tell */
};

/* random_desk_event.c. The ticket records, and is of the desk's table. */
struct desk_answer desk_send(struct run *r, struct shunt_desk *desk, struct shunt_ticket *ticket,
                             const struct g_event *e);

/* The same desk under the next version's table; its lines. */
enum shunt_status desk_replace(struct run *r, const struct shunt_desk *old, const struct shunt_table *table,
                               struct shunt_desk **next, const char **lines);

/* What a view shows, as lines. */
const char *desk_view(struct run *r, const struct shunt_desk *desk, enum oracle_view view, const char *by,
                      bool with_closed);

/* random_desk_line.c: desk.md 7.1; `warnings` are emptied. */
void desk_line(struct out *o, const struct shunt_table *t, const struct shunt_desk_decision *d,
               strings *warnings);

#endif
