/* How a desk comes back: what state.c and state_replay.c share. */
#ifndef SHUNT_CLI_STATE_REPLAY_H
#define SHUNT_CLI_STATE_REPLAY_H

#include "small_blocks.h"
#include "state_file.h"

struct state {
    struct state_db d;
    struct state_settings settings;
    struct desk_run *run;
    struct small_blocks blocks; /* of the desk */
    int64_t (*clock)(void *ctx);
    void *clock_ctx;

    const struct shunt_table *held; /* what the desk stands on, where it is the file's copy; with its bytes */
    void *held_bytes;

    int64_t seq, policy; /* of the last event, and of the policy the desk is under: ids in the file */
    uint32_t crc;        /* of the last event */
    bool in_transaction;
    uint64_t bad_before;     /* refused lines that the run has counted in replaying */
    size_t tail_len;         /* bytes of the lines since the last snapshot */
    size_t snapshot_len;     /* of that snapshot */
    int64_t snapshot_policy; /* its policy; 0: there is no snapshot */

    bool replaying;
    int64_t kept_at_sec; /* by the event that is replayed: what it told the journal */
    bool kept_id;
    uint32_t kept_count;
};

/* From the newest snapshot that loads, or from the first event, to the end of the log. */
bool state_replay(struct state *s, const struct state_found *found);
/* Puts the desk under another table: the held one, or with bytes NULL one that the caller keeps. The sink
 * may be NULL. */
bool state_replace(struct state *s, const struct shunt_table *table, void *bytes,
                   const struct shunt_sink *sink);

#endif
