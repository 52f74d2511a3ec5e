/*
 * The state file of `route`: a desk that carries on where it stopped (commands.md 7; docs/state-file.md).
 *
 * The file is a log: every event that moved time or state, and each policy's table with its place among them.
 * Opening it makes the desk anew: from the newest snapshot and the events after it, through desk_run_line()
 * as they once came. What was answered is in the file before it is answered:
 *
 *     if (!state_open(&options, &answers, &state, why)) ...  // answers: what the next version of a policy
 *     out_flush ...                                          // changed; already in the file
 *     while (lines_next(...)) {
 *         for (each line) desk_run_line(state_run(state), line, &answers);
 *         if (!state_commit(state, why)) ...                 // the answers must not go out then
 *         out_bytes(cli->out, answers.p, answers.len), out_flush ...
 *     }
 *     if (!state_close(state, true, why)) ...
 *
 * So `answers` is an `out` of memory alone (fd -1): one with a file descriptor writes as it fills. Where
 * anything fails, the desk is ahead of the file, and there is nothing to do but to say why and end.
 */
#ifndef SHUNT_CLI_STATE_H
#define SHUNT_CLI_STATE_H

#include "desk_run.h"

enum { STATE_WHY_LEN = 400 };

struct state_options {
    const char *path;
    const struct shunt_table *table; /* of this run's policy; must outlive the state */
    bool has_seed, has_keep;         /* said: a file that was begun with another is an error. Not said: the
                                        file's; of a new file 0 and SHUNT_KEEP_DAYS_DEFAULT */
    uint64_t seed;
    uint32_t keep_days;
    int64_t (*clock)(void *ctx); /* as in struct desk_run_options */
    void *clock_ctx;
};

struct state;

/* Whether `other` is, by its name, a file that a state at `path` keeps beside it while it is used or begun. */
bool state_has_beside(const char *path, const char *other);

/* Opens the file, or begins one, and brings the desk to where it stopped. Where the policy is another than
 * the last, that is taken up as desk.md 4.4 says and is in the file; the decisions are appended to `answers`.
 * false: why says in a sentence what is wrong and what to do (it does not name the file); the file is as it
 * was. */
bool state_open(const struct state_options *options, struct out *answers, struct state **state,
                char why[STATE_WHY_LEN]);
/* To give lines and ticks to, and to ask the desk of. The state's: state_close() frees it. */
struct desk_run *state_run(const struct state *s);
/* As desk_run_bad_count(), of the lines since opening. */
uint64_t state_bad_count(const struct state *s);
/* Everything since the last commit is in the file, and safe there; a snapshot too, where the log has grown
 * enough since the last (for want of room that is left for later). */
bool state_commit(struct state *s, char why[STATE_WHY_LEN]);
/* Where desk_run_line() or desk_run_tick() failed: why, if it was the file; "" if it was memory. */
const char *state_why(const struct state *s);
/* Frees everything. With `snapshot`, which is for after a commit that was fine, a snapshot is written first:
 * false where that failed, and then nothing is lost, but the next opening takes longer. */
bool state_close(struct state *s, bool snapshot, char why[STATE_WHY_LEN]);

#endif
