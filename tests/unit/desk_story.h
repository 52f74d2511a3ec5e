/*
 * A desk driven by lines of words, for tests that say what happened and what was answered side by side.
 *
 * A line: a time, an event, its words. Times are hh:mm or hh:mm:ss of Monday 2026-03-02 UTC, with N/ before
 * it N days later. Words of events, by name where there is an =:
 *
 *     09:00 online anna channels=email,phone devices=phone:123     09:00 ticket T1 email labels=a,b
 * customer=c 10:00 claim T1 anna      10:00 assign T1,T2 agent=anna       10:00 auto off team=billing 10:00
 * update T1 labels=  10:00 next anna      10:00 tick     by=NAME may end any line
 *
 * Decisions are words too, a line each: ticket, status, and where they are there team, agent, agents, device,
 * rule (otherwise is left out), why, until, priority (but normal), add, step (over 1). A refused event is its
 * code.
 */
#ifndef SHUNT_TESTS_DESK_STORY_H
#define SHUNT_TESTS_DESK_STORY_H

#include "compiled.h"
#include "failing.h"
#include "../../runtime/shunt.h"

#define STORY_DAY INT64_C(1772409600) /* 2026-03-02T00:00:00Z */

struct story {
    struct compiled policy;
    struct failing *memory; /* the desk's */
    struct shunt_desk *desk;
    char said[16384];
    size_t said_len;
};

/* A policy in the DSL; figures are kept. At the end, and after a change of policy, the desk must come back
 * from its saved bytes as the same one. */
void story_open(struct story *s, const char *policy);
void story_close(struct story *s);
/* The next version of the policy: the answers to it are what was said. */
void story_replace(struct story *s, const char *policy);
/* The events, one after the other; nothing is compared. */
void story_run(struct story *s, const char *lines);
/* The same, and what was said is `wanted`. */
void story_says(struct story *s, const char *lines, const char *wanted);
/* One event with so many allocations left to it, and memory enough from then on; what it came to. */
enum shunt_status story_try(struct story *s, const char *line, uint64_t left);
/* Takes decisions as text. */
struct shunt_sink story_sink(struct story *s);
/* An event of such a line; words hold what it points to. For those who feed it themselves. */
struct story_line {
    char words[1024];
    struct shunt_event event;
    struct shunt_string tickets[16], channels[16];
    struct shunt_device devices[16];
};
void story_line(struct story_line *l, const struct shunt_table *t, struct shunt_ticket *carried,
                const char *line, size_t len);
/* "N/hh:mm:ss" of a time. */
int64_t story_time(const char *text);

#endif
