/*
 * The log to the desk that stood at its end: a snapshot that loads, or a new desk, and then every event as it
 * once came, through desk_run_line(); between them the policies, each at its place.
 *
 * Nothing is printed and nothing is written. Each line must be kept again by the journal as it was, with the
 * same time, and accepted or not as then: else this program is not the one that wrote the file, or its state
 * would be another than what was answered.
 */
#include "state_replay.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- policies ---- */

static bool read_policy(struct state *s, int64_t id, void **bytes, const struct shunt_table **table)
{
    sqlite3_stmt *stmt;
    if (!state_prepare(&s->d, "SELECT compiled FROM policy WHERE id = ?", &stmt)) return false;
    sqlite3_bind_int64(stmt, 1, id);
    int rc = sqlite3_step(stmt);
    struct json_text t = rc == SQLITE_ROW ? state_column(stmt, 0, SQLITE_BLOB) : (struct json_text){NULL, 0};
    void *copy = t.p ? malloc(t.len + 1) : NULL; /* aligned, as a table must be */
    if (copy) memcpy(copy, t.p, t.len);
    sqlite3_finalize(stmt);
    if (rc != SQLITE_ROW) return state_sql_fail(&s->d, rc);
    if (!copy) return state_fail(&s->d, "out of memory");
    struct shunt_table_error error = {.reason = ""};
    enum shunt_status status = shunt_table_open(copy, t.len, NULL, table, &error);
    if (status == SHUNT_OK) {
        *bytes = copy;
        return true;
    }
    free(copy);
    return state_fail(&s->d, "its policy %" PRId64 " cannot be opened: %s", id, shunt_status_text(status));
}

static void release_held(struct state *s)
{
    shunt_table_close(s->held);
    free(s->held_bytes);
    s->held = NULL;
    s->held_bytes = NULL;
}

/* ---- the desk in its run ---- */

static int find_nothing_or_answer(void *ctx, struct json_text event_id, int64_t at_sec, bool *found,
                                  struct out *answer)
{
    struct state *s = ctx;
    struct state_event e = {0};
    *found = false;
    if (s->replaying) return 0; /* what was answered from memory is not in the log */
    if (!state_event_find(&s->d, event_id, &e, found)) return EIO;
    *found = *found && at_sec - e.at_sec < (int64_t)s->settings.keep_days * 86400;
    if (*found) out_bytes(answer, e.answer.p, e.answer.len);
    sqlite3_reset(s->d.find);
    return 0;
}

static int keep_in_file(struct state *s, struct state_event *e)
{
    if (!s->in_transaction && !state_exec(&s->d, "BEGIN IMMEDIATE")) return EIO;
    s->in_transaction = true;
    if (!state_event_add(&s->d, e, s->crc)) return EIO;
    s->seq = e->seq;
    s->crc = e->crc;
    s->tail_len += e->line.len + 1;
    return 0;
}

static int keep(void *ctx, int64_t at_sec, struct json_text line, struct json_text event_id,
                struct json_text answer)
{
    struct state *s = ctx;
    if (s->replaying) {
        s->kept_count++;
        s->kept_at_sec = at_sec;
        s->kept_id = event_id.p != NULL;
        return 0;
    }
    struct state_event e = {.seq = s->seq + 1, .at_sec = at_sec, .line = line, .event_id = event_id};
    if (event_id.p) e.answer = (struct json_text){answer.p ? answer.p : "", answer.len};
    return keep_in_file(s, &e);
}

static bool put_in_run(struct state *s, struct shunt_desk *desk)
{
    const struct desk_run_options options = {.keep_days = s->settings.keep_days,
                                             .clock = s->clock,
                                             .clock_ctx = s->clock_ctx,
                                             .journal = {s, find_nothing_or_answer, keep}};
    return desk_run_new(desk, &options, &s->run) == 0 || state_fail(&s->d, "out of memory");
}

bool state_replace(struct state *s, const struct shunt_table *table, void *bytes,
                   const struct shunt_sink *sink)
{
    struct shunt_desk *desk;
    enum shunt_status status = shunt_desk_replace(desk_run_desk(s->run), table, sink, &desk);
    if (status == SHUNT_OK) {
        desk_run_free(s->run);
        s->run = NULL;
        release_held(s);
        s->held_bytes = bytes;
        s->held = bytes ? table : NULL;
        return put_in_run(s, desk);
    }
    if (bytes) shunt_table_close(table);
    free(bytes);
    return state_fail(&s->d, "%s", status == SHUNT_NO_MEMORY ? "out of memory" : shunt_status_text(status));
}

/* ---- where to begin ---- */

/* For the desk; NULL: malloc's. */
static const struct shunt_hooks *hooks_of(struct state *s, struct shunt_hooks *hooks)
{
    *hooks = small_blocks_hooks(&s->blocks);
    return SMALL_BLOCKS ? hooks : NULL;
}

static bool begin_anew(struct state *s)
{
    struct shunt_desk_options options = desk_run_desk_options(s->settings.seed, s->settings.keep_days);
    options.customers_max = s->settings.customers_max;
    options.figures = true;
    struct shunt_hooks hooks;
    struct shunt_desk *desk;
    if (!read_policy(s, 1, &s->held_bytes, &s->held)) return false;
    s->policy = 1;
    return shunt_desk_new(s->held, &options, hooks_of(s, &hooks), &desk) == SHUNT_OK
               ? put_in_run(s, desk)
               : state_fail(&s->d, "out of memory");
}

/* A snapshot of an older or newer version of shunt may not load: the log has all that was in it. */
static bool load(struct state *s, sqlite3_stmt *row, bool *loaded)
{
    struct shunt_hooks hooks;
    struct shunt_desk *desk;
    const char *reason = "";
    struct json_text bytes = state_column(row, 2, SQLITE_BLOB);
    *loaded = false;
    if (!read_policy(s, sqlite3_column_int64(row, 1), &s->held_bytes, &s->held)) return false;
    enum shunt_status status =
        shunt_desk_load(s->held, bytes.p, bytes.len, hooks_of(s, &hooks), &desk, &reason);
    if (status != SHUNT_OK) release_held(s);
    if (status == SHUNT_NO_MEMORY) return state_fail(&s->d, "out of memory");
    if (status != SHUNT_OK) return true;
    *loaded = true;
    s->seq = sqlite3_column_int64(row, 0);
    s->policy = s->snapshot_policy = sqlite3_column_int64(row, 1);
    s->snapshot_len = bytes.len;
    return put_in_run(s, desk);
}

static bool begin(struct state *s)
{
    sqlite3_stmt *stmt;
    bool loaded = false, fine = true;
    int rc = SQLITE_DONE;
    if (!state_prepare(&s->d, "SELECT after, policy, desk FROM snapshot ORDER BY after DESC", &stmt))
        return false;
    while (fine && !loaded && (rc = sqlite3_step(stmt)) == SQLITE_ROW) fine = load(s, stmt, &loaded);
    if (fine && !loaded && rc != SQLITE_DONE) fine = state_sql_fail(&s->d, rc);
    sqlite3_finalize(stmt);
    return fine && (loaded || begin_anew(s));
}

/* ---- what came after ---- */

/* Takes up the policies that came after the event at which the desk is. */
static bool take_up(struct state *s)
{
    sqlite3_stmt *stmt;
    bool fine = true;
    int rc = SQLITE_DONE;
    if (!state_prepare(&s->d, "SELECT id FROM policy WHERE id > ? AND after = ? ORDER BY id", &stmt))
        return false;
    sqlite3_bind_int64(stmt, 1, s->policy);
    sqlite3_bind_int64(stmt, 2, s->seq);
    while (fine && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        void *bytes = NULL;
        const struct shunt_table *table = NULL;
        s->policy = sqlite3_column_int64(stmt, 0);
        fine = read_policy(s, s->policy, &bytes, &table) && state_replace(s, table, bytes, NULL);
    }
    if (fine && rc != SQLITE_DONE) fine = state_sql_fail(&s->d, rc);
    sqlite3_finalize(stmt);
    return fine;
}

/* The line with readable bytes behind it, as desk_run_line() needs it. */
static bool copy_line(struct state *s, struct json_text line, struct out *copy)
{
    static const char slack[LINE_SLACK_LEN];
    copy->len = 0;
    out_bytes(copy, line.p, line.len);
    out_bytes(copy, slack, sizeof slack);
    return !copy->error || state_fail(&s->d, "out of memory");
}

static bool replay_event(struct state *s, const struct state_event *e, struct out *copy, struct out *answers)
{
    if (!copy_line(s, e->line, copy)) return false;
    const struct line line = {.p = copy->p, .len = (uint32_t)e->line.len, .number = (uint64_t)e->seq};
    s->kept_count = 0;
    answers->len = 0;
    if (desk_run_line(s->run, &line, answers) == ENOMEM) return state_fail(&s->d, "out of memory");
    s->seq = e->seq;
    s->crc = e->crc;
    s->tail_len += e->line.len + 1;
    return (s->kept_count == 1 && s->kept_at_sec == e->at_sec && s->kept_id == (e->event_id.p != NULL)) ||
           state_fail(&s->d,
                      "event %" PRId64 " does not come out as it did: the file was written by another "
                      "version of shunt: use that",
                      e->seq);
}

static bool replay_tail(struct state *s, struct out *copy, struct out *answers, int64_t policy_count)
{
    sqlite3_stmt *stmt;
    bool fine = s->policy == policy_count || take_up(s);
    int rc = SQLITE_DONE;
    if (!fine ||
        !state_prepare(&s->d,
                       "SELECT seq, at, line, event_id, answer, crc FROM event WHERE seq > ? ORDER BY seq",
                       &stmt))
        return false;
    sqlite3_bind_int64(stmt, 1, s->seq);
    while (fine && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        struct state_event e;
        fine = state_event_row(stmt, &e) ? replay_event(s, &e, copy, answers)
                                         : state_damaged(&s->d, "an event has been changed");
        if (fine && s->policy != policy_count) fine = take_up(s);
    }
    if (fine && rc != SQLITE_DONE) fine = state_sql_fail(&s->d, rc);
    sqlite3_finalize(stmt);
    return fine;
}

bool state_replay(struct state *s, const struct state_found *found)
{
    struct out copy, answers;
    out_init(&copy, -1);
    out_init(&answers, -1);
    s->replaying = true;
    s->settings = found->settings;
    bool fine = begin(s) && replay_tail(s, &copy, &answers, found->policy_count);
    s->replaying = false;
    s->crc = found->crc;
    out_free(&copy);
    out_free(&answers);
    return fine;
}
