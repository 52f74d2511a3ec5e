/*
 * Why a ticket is where it is, for whoever has the events: `shunt test` prints it for an expectation that
 * failed.
 */
#ifndef SHUNT_CLI_EXPLAIN_RUN_H
#define SHUNT_CLI_EXPLAIN_RUN_H

#include "lines.h"
#include "out.h"
#include "shunt.h"

/* Events from a desk's first to the one that is to be explained. */
struct explain_events {
    const struct shunt_table *table;
    uint64_t seed;
    uint32_t keep_days;
    const struct line *lines; /* events as JSON, as desk_run_line() takes them */
    size_t line_count;
};

/* Handles the events at a new desk and appends, for people, what the last of them did for the ticket and why:
 * the rules, where that event decided it by them, and each member of the team. ticket.p NULL: the ticket that
 * the last event brings. margin stands before each line. 0, or an errno: then nothing was appended. */
int explain_events(struct out *o, const struct explain_events *events, struct json_text ticket,
                   const char *margin);

#endif
