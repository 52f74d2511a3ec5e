/*
 * Lines of events to lines of decisions: a desk of the library with JSON on both sides (desk.md 1, 2.1, 6,
 * 7).
 *
 * One line in, its whole answer appended to an `out`: decisions or an error line. Where an event_id is said
 * and was seen before, the answer is what the journal has, and the desk is not asked. What `route`, `test`
 * and `explain` have in common is here; what is kept of the events is the journal's.
 */
#ifndef SHUNT_CLI_DESK_RUN_H
#define SHUNT_CLI_DESK_RUN_H

#include "lines.h"
#include "out.h"
#include "shunt.h"

/* What is kept of events that were handled. All return 0 or an errno; any error ends the run. */
struct journal {
    void *ctx;
    /* The answer to event_id, if it was accepted less than keep_days before at_sec: *found, and its bytes
     * appended. */
    int (*find)(void *ctx, struct json_text event_id, int64_t at_sec, bool *found, struct out *answer);
    /* A line that moved time or state, refused ones included: line is its JSON with `at` filled in; answer
     * what the event itself and its drain answered (what was due before it apart); event_id.p NULL: none, or
     * it was refused. */
    int (*keep)(void *ctx, int64_t at_sec, struct json_text line, struct json_text event_id,
                struct json_text answer);
};

/* A desk's options, with the key of this process; the rest is zero. */
struct shunt_desk_options desk_run_desk_options(uint64_t seed, uint32_t keep_days);

struct desk_run;
struct desk_run_options {
    uint32_t keep_days;
    /* The time where a line has no `at`, in seconds; NULL: that of the event before (--virtual-time). */
    int64_t (*clock)(void *ctx);
    void *clock_ctx;
    struct journal journal; /* keep NULL: nobody keeps */
};

/* Takes over the desk, and frees it with itself, also where it fails. 0, or an errno. */
int desk_run_new(struct shunt_desk *desk, const struct desk_run_options *options, struct desk_run **run);
void desk_run_free(struct desk_run *run); /* NULL is allowed */
struct shunt_desk *desk_run_desk(const struct desk_run *run);
/* One line. 0, or an errno: memory ran out, or the journal failed; what was appended to `to` is taken back
 * then. */
int desk_run_line(struct desk_run *run, const struct line *line, struct out *to);
/* As if a tick came at at_sec. */
int desk_run_tick(struct desk_run *run, int64_t at_sec, struct out *to);
uint64_t desk_run_bad_count(const struct desk_run *run);

/* A journal in memory that remembers answers for keep_days. NULL: no memory. */
struct journal *memory_journal_new(uint32_t keep_days);
void memory_journal_free(struct journal *j);

/* One decision as desk.md 7.1 writes it, and a line's end. warnings: texts to put in; NULL: none. */
void out_decision(struct out *o, const struct shunt_desk *desk, const struct shunt_desk_decision *d,
                  const struct str *warnings, size_t warning_count);
/* desk.md 8 as JSON. */
void out_figures(struct out *o, const struct shunt_desk *desk);

#endif
