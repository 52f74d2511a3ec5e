/*
 * The state file of `route`: see state.h. Here it is opened, given what happens, and closed; what a file is,
 * is in state_file.h.
 */
#include "state_replay.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A snapshot costs as much as it is long: the log grows by some of them before the next one, and so what
 * snapshots take, in time and in wear, stays a fraction of what the log takes. */
enum {
    TAIL_LEN_MIN = 4 << 20, /* replayed in a good tenth of a second */
    TAIL_PER_SNAPSHOT = 4,
    CLOSING_SHARE = 16 /* on closing: once the tail is that share of the last one */
};

/* ---- what is wrong ---- */

bool state_fail(struct state_db *d, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(d->why, sizeof d->why, format, args);
    va_end(args);
    return false;
}

bool state_damaged(struct state_db *d, const char *format, ...)
{
    char what[STATE_WHY_LEN / 2];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    if (state_memory_ran_out()) return state_fail(d, "out of memory");
    return state_fail(
        d, "is damaged (%s); it is left as it is, and docs/state-file.md says what can be saved", what);
}

bool state_sql_fail(struct state_db *d, int rc)
{
    int error = sqlite3_system_errno(d->db);
    switch (rc & 0xff) {
    case SQLITE_FULL: return state_fail(d, "the disk is full: make room, and start again");
    case SQLITE_NOMEM: return state_fail(d, "out of memory");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return state_fail(d, "is in use by another program: let that end first (is sqlite3 open on it?)");
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
        return state_fail(d, "cannot be read or written: %s", error ? strerror(error) : sqlite3_errstr(rc));
    case SQLITE_READONLY:
    case SQLITE_PERM: return state_fail(d, "cannot be written");
    case SQLITE_TOOBIG: return state_fail(d, "something to be kept is too long for SQLite");
    case SQLITE_INTERRUPT:
    case SQLITE_MISUSE: return state_fail(d, "cannot be used: %s", sqlite3_errstr(rc));
    default: return state_damaged(d, "SQLite says %s", sqlite3_errmsg(d->db));
    }
}

/* ---- opening ---- */

static bool same_settings(struct state *s, const struct state_options *o)
{
    if (o->has_seed && o->seed != s->settings.seed)
        return state_fail(&s->d, "was begun with --seed %" PRIu64 ", which cannot change: leave --seed away",
                          s->settings.seed);
    if (o->has_keep && o->keep_days != s->settings.keep_days)
        return state_fail(&s->d, "was begun with --keep %u, which cannot change: leave --keep away",
                          s->settings.keep_days);
    return true;
}

struct naming {
    const struct shunt_desk *desk;
    struct out *to;
};

static bool is_last_policy(struct state *s, const struct shunt_table *table)
{
    size_t len, held_len;
    const void *bytes = shunt_table_bytes(table, &len), *held = shunt_table_bytes(s->held, &held_len);
    return len == held_len && memcmp(bytes, held, len) == 0;
}

static void take_decision(void *ctx, const struct shunt_desk_decision *d)
{
    const struct naming *n = ctx;
    out_decision(n->to, n->desk, d, NULL, 0);
}

/* Takes up the next version of the policy. Its decisions are told before there is its desk to ask for names:
 * an empty one stands in. */
static bool replace_and_tell(struct state *s, const struct shunt_table *table, struct out *answers)
{
    struct shunt_desk *names;
    if (shunt_desk_new(table, NULL, NULL, &names) != SHUNT_OK) return state_fail(&s->d, "out of memory");
    struct naming n = {names, answers};
    const struct shunt_sink sink = {take_decision, &n};
    bool fine = state_replace(s, table, NULL, &sink);
    shunt_desk_free(names);
    return fine && answers->error ? state_fail(&s->d, "out of memory") : fine;
}

/* What was answered is in the file itself, and not in its -wal alone: so a file that is copied, or whose -wal
 * is lost, lacks nothing. Twice the time of a commit, 0.8 ms for 0.35. A reader that is at it (sqlite3) only
 * puts it off. */
static bool move_into_file(struct state *s)
{
    int rc = sqlite3_wal_checkpoint_v2(s->d.db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    return rc == SQLITE_OK || (rc & 0xff) == SQLITE_BUSY || state_sql_fail(&s->d, rc);
}

/* In the file before anybody is told. */
static bool next_policy(struct state *s, const struct shunt_table *table, struct out *answers)
{
    size_t before = answers->len;
    bool fine = replace_and_tell(s, table, answers) && state_exec(&s->d, "BEGIN IMMEDIATE") &&
                state_policy_add(&s->d, s->policy + 1, s->seq, table) && state_exec(&s->d, "COMMIT") &&
                move_into_file(s);
    if (fine)
        s->policy++;
    else
        answers->len = before;
    return fine;
}

/* Lines that were refused then are not counted again. */
static bool bring_back(struct state *s, const struct state_found *found)
{
    bool fine = state_replay(s, found);
    if (fine) s->bad_before = desk_run_bad_count(s->run);
    return fine;
}

static bool take_up(struct state *s, const struct shunt_table *table, struct out *answers)
{
    if (is_last_policy(s, table)) return true;
    s->bad_before = 0;
    return next_policy(s, table, answers);
}

static bool open_all(struct state *s, const struct state_options *o, struct out *answers)
{
    const struct state_settings settings = {.seed = o->has_seed ? o->seed : 0,
                                            .keep_days = o->has_keep ? o->keep_days : SHUNT_KEEP_DAYS_DEFAULT,
                                            .customers_max = SHUNT_CUSTOMERS_DEFAULT};
    struct state_found found;
    return state_lock(&s->d, o->path, &settings, o->table) && state_look(&s->d) && state_db_open(&s->d) &&
           state_check(&s->d, &found) && bring_back(s, &found) && same_settings(s, o) &&
           state_db_writable(&s->d) && take_up(s, o->table, answers);
}

static void state_free(struct state *s)
{
    desk_run_free(s->run);
    small_blocks_end(&s->blocks);
    shunt_table_close(s->held);
    free(s->held_bytes);
    state_db_close(&s->d);
    free(s);
}

static bool tell(const struct state *s, char why[STATE_WHY_LEN])
{
    memcpy(why, s->d.why, STATE_WHY_LEN);
    return false;
}

bool state_open(const struct state_options *o, struct out *answers, struct state **state,
                char why[STATE_WHY_LEN])
{
    struct state *s = calloc(1, sizeof *s);
    strcpy(why, "out of memory");
    if (!s) return false;
    state_memory_watch();
    s->d.fd = -1;
    s->clock = o->clock;
    s->clock_ctx = o->clock_ctx;
    if (open_all(s, o, answers)) {
        *state = s;
        return true;
    }
    tell(s, why);
    state_free(s);
    return false;
}

struct desk_run *state_run(const struct state *s)
{
    return s->run;
}

uint64_t state_bad_count(const struct state *s)
{
    return desk_run_bad_count(s->run) - s->bad_before;
}

const char *state_why(const struct state *s)
{
    return s->d.why;
}

/* ---- snapshots ---- */

static bool add_snapshot(struct state *s)
{
    void *bytes;
    size_t len;
    if (shunt_desk_save(desk_run_desk(s->run), NULL, &bytes, &len) != SHUNT_OK)
        return state_fail(&s->d, "out of memory");
    const struct json_text desk = {bytes, len};
    bool fine = state_exec(&s->d, "BEGIN IMMEDIATE") &&
                state_snapshot_add(&s->d, s->seq, s->policy, s->crc, desk) && state_exec(&s->d, "COMMIT");
    free(bytes);
    if (!fine) return false;
    s->snapshot_len = len;
    s->snapshot_policy = s->policy;
    s->tail_len = 0;
    return true;
}

/* A full disk, or a desk too long for a row: the log goes on without. Memory was handed back. */
static bool is_no_matter(const struct state *s)
{
    int rc = sqlite3_errcode(s->d.db);
    return rc == SQLITE_FULL || rc == SQLITE_TOOBIG;
}

static bool snapshot(struct state *s)
{
    if (add_snapshot(s)) return true;
    bool no_matter = is_no_matter(s);
    if (!sqlite3_get_autocommit(s->d.db)) sqlite3_exec(s->d.db, "ROLLBACK", NULL, NULL, NULL);
    if (no_matter) {
        s->tail_len = 0; /* not with every commit from now on */
        s->d.why[0] = 0;
    }
    return no_matter;
}

/* ---- running and closing ---- */

bool state_commit(struct state *s, char why[STATE_WHY_LEN])
{
    if (s->in_transaction && (!state_exec(&s->d, "COMMIT") || !move_into_file(s))) return tell(s, why);
    s->in_transaction = false;
    if (s->tail_len < TAIL_LEN_MIN + TAIL_PER_SNAPSHOT * s->snapshot_len) return true;
    return snapshot(s) || tell(s, why);
}

static bool snapshot_is_due(const struct state *s)
{
    return s->snapshot_policy != s->policy || s->tail_len > s->snapshot_len / CLOSING_SHARE;
}

/* All events are in the file: a start without the snapshot only takes longer. */
static bool close_snapshot(struct state *s)
{
    char what[STATE_WHY_LEN / 2];
    if (!snapshot_is_due(s) || add_snapshot(s)) return true;
    snprintf(what, sizeof what, "%.*s", (int)sizeof what - 1, s->d.why);
    return state_fail(&s->d, "everything is in it, but the snapshot for a quick start: %s", what);
}

bool state_close(struct state *s, bool with_snapshot, char why[STATE_WHY_LEN])
{
    bool fine = !with_snapshot || close_snapshot(s) || tell(s, why);
    state_free(s);
    return fine;
}
