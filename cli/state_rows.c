/*
 * The rows of a state file: written, found again, and what their checksums are of (docs/state-file.md).
 *
 * Every row has a CRC-32C over its other columns: a number as eight bytes, little-endian, a text or blob as
 * its length and its bytes, NULL as the length 2^64 - 1. An event's goes on from that of the event before.
 */
#include "state_file.h"
#include "table.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *const state_schema[] = {
    "CREATE TABLE settings(id INTEGER PRIMARY KEY, seed TEXT NOT NULL, keep_days INTEGER NOT NULL, "
    "customers_max INTEGER NOT NULL, crc INTEGER NOT NULL)",
    "CREATE TABLE policy(id INTEGER PRIMARY KEY, after INTEGER NOT NULL, compiled BLOB NOT NULL, "
    "crc INTEGER NOT NULL)",
    "CREATE TABLE event(seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, line TEXT NOT NULL, event_id TEXT, "
    "answer TEXT, crc INTEGER NOT NULL)",
    "CREATE INDEX event_by_id ON event(event_id) WHERE event_id IS NOT NULL",
    "CREATE TABLE snapshot(after INTEGER PRIMARY KEY, policy INTEGER NOT NULL, desk BLOB NOT NULL, "
    "crc INTEGER NOT NULL)",
    NULL};

/* ---- checksums ---- */

static uint32_t crc_number(uint32_t crc, int64_t n)
{
    uint8_t bytes[8];
    for (int i = 0; i < 8; i++) bytes[i] = (uint8_t)((uint64_t)n >> 8 * i);
    return sh_crc32c(crc, bytes, sizeof bytes);
}

static uint32_t crc_text(uint32_t crc, struct json_text t)
{
    crc = crc_number(crc, t.p ? (int64_t)t.len : -1);
    return t.p ? sh_crc32c(crc, t.p, t.len) : crc;
}

uint32_t state_event_crc(const struct state_event *e, uint32_t crc_before)
{
    uint32_t crc = crc_number(crc_number(crc_before, e->seq), e->at_sec);
    return crc_text(crc_text(crc_text(crc, e->line), e->event_id), e->answer);
}

uint32_t state_policy_crc(int64_t id, int64_t after, struct json_text table)
{
    return crc_text(crc_number(crc_number(0, id), after), table);
}

uint32_t state_snapshot_crc(int64_t after, int64_t policy, uint32_t event_crc, struct json_text desk)
{
    return crc_text(crc_number(crc_number(crc_number(0, after), policy), event_crc), desk);
}

uint32_t state_settings_crc(struct json_text seed, int64_t keep_days, int64_t customers_max)
{
    return crc_number(crc_number(crc_text(0, seed), keep_days), customers_max);
}

/* ---- the database ---- */

/* Waits a little for a reader that is about to have done; another shunt is kept out by the lock. */
enum { BUSY_WAIT_MS = 2000 };

bool state_exec(struct state_db *d, const char *sql)
{
    int rc = sqlite3_exec(d->db, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK || state_sql_fail(d, rc);
}

bool state_prepare(struct state_db *d, const char *sql, sqlite3_stmt **stmt)
{
    int rc = sqlite3_prepare_v3(d->db, sql, -1, SQLITE_PREPARE_PERSISTENT, stmt, NULL);
    return rc == SQLITE_OK || state_sql_fail(d, rc);
}

/* Closing the last connection writes what is in the -wal into the file: not before all was found whole. Where
 * nothing is in it, closing only takes away the empty one that opening made. */
bool state_db_open(struct state_db *d)
{
    int rc = sqlite3_open_v2(d->path, &d->db, SQLITE_OPEN_READWRITE, NULL);
    if (!d->db) return state_fail(d, "out of memory");
    if (rc != SQLITE_OK) return state_sql_fail(d, rc);
    sqlite3_extended_result_codes(d->db, 1);
    sqlite3_busy_timeout(d->db, BUSY_WAIT_MS);
    sqlite3_db_config(d->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, d->has_wal, NULL);
    sqlite3_db_config(d->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    return state_exec(d, "PRAGMA query_only = 1; PRAGMA cell_size_check = 1; PRAGMA trusted_schema = 0; "
                         "PRAGMA temp_store = MEMORY"); /* no file but its own */
}

/* FULL: a commit that is done survives a power cut. What an earlier run left in the -wal goes into the file
 * first, so that state_wal.c never sees the ends of two runs in one. */
bool state_db_writable(struct state_db *d)
{
    sqlite3_db_config(d->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
    return state_exec(d, "PRAGMA query_only = 0; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; "
                         "PRAGMA secure_delete = 0; PRAGMA journal_size_limit = 16777216") &&
           (!d->has_wal || state_exec(d, "PRAGMA wal_checkpoint(TRUNCATE)")) &&
           state_prepare(d, "INSERT INTO event VALUES(?, ?, ?, ?, ?, ?)", &d->insert) &&
           state_prepare(d,
                         "SELECT seq, at, line, event_id, answer, crc FROM event WHERE event_id = ? "
                         "ORDER BY seq DESC LIMIT 1",
                         &d->find);
}

/* ---- binding and reading ---- */

/* The bytes outlive the step. */
static void bind_text(sqlite3_stmt *stmt, int at, struct json_text t)
{
    if (t.p)
        sqlite3_bind_text64(stmt, at, t.p, t.len, SQLITE_STATIC, SQLITE_UTF8);
    else
        sqlite3_bind_null(stmt, at);
}

static void bind_blob(sqlite3_stmt *stmt, int at, struct json_text t)
{
    sqlite3_bind_blob64(stmt, at, t.p, t.len, SQLITE_STATIC);
}

struct json_text state_column(sqlite3_stmt *row, int column, int type)
{
    if (sqlite3_column_type(row, column) != type) return (struct json_text){NULL, 0};
    const void *p = type == SQLITE_TEXT ? (const void *)sqlite3_column_text(row, column)
                                        : sqlite3_column_blob(row, column);
    return (struct json_text){p ? p : "", p ? (size_t)sqlite3_column_bytes(row, column) : 0};
}

/* A statement that gives no row, to its end. A value that could not be bound (too long, no memory) is NULL
 * now, which NOT NULL refuses. */
static bool run(struct state_db *d, sqlite3_stmt *stmt)
{
    int rc = sqlite3_step(stmt);
    sqlite3_reset(stmt);
    return rc == SQLITE_DONE || state_sql_fail(d, rc);
}

static bool run_once(struct state_db *d, sqlite3_stmt *stmt)
{
    bool fine = run(d, stmt);
    sqlite3_finalize(stmt);
    return fine;
}

/* ---- events ---- */

bool state_event_add(struct state_db *d, struct state_event *e, uint32_t crc_before)
{
    e->crc = state_event_crc(e, crc_before);
    sqlite3_bind_int64(d->insert, 1, e->seq);
    sqlite3_bind_int64(d->insert, 2, e->at_sec);
    bind_text(d->insert, 3, e->line);
    bind_text(d->insert, 4, e->event_id);
    bind_text(d->insert, 5, e->answer);
    sqlite3_bind_int64(d->insert, 6, e->crc);
    return run(d, d->insert);
}

static bool text_or_null(sqlite3_stmt *row, int column, struct json_text *t)
{
    *t = state_column(row, column, SQLITE_TEXT);
    return t->p || sqlite3_column_type(row, column) == SQLITE_NULL;
}

bool state_event_row(sqlite3_stmt *row, struct state_event *e)
{
    e->seq = sqlite3_column_int64(row, 0);
    e->at_sec = sqlite3_column_int64(row, 1);
    e->line = state_column(row, 2, SQLITE_TEXT);
    e->crc = (uint32_t)sqlite3_column_int64(row, 5);
    return text_or_null(row, 3, &e->event_id) && text_or_null(row, 4, &e->answer) && e->line.p &&
           !e->event_id.p == !e->answer.p && sqlite3_column_type(row, 1) == SQLITE_INTEGER &&
           sqlite3_column_type(row, 5) == SQLITE_INTEGER && sqlite3_column_int64(row, 5) == e->crc;
}

bool state_event_find(struct state_db *d, struct json_text event_id, struct state_event *e, bool *found)
{
    sqlite3_reset(d->find);
    bind_text(d->find, 1, event_id);
    int rc = sqlite3_step(d->find);
    *found = rc == SQLITE_ROW;
    if (rc == SQLITE_DONE) sqlite3_reset(d->find);
    if (*found) return state_event_row(d->find, e) || state_damaged(d, "an event has been changed");
    return rc == SQLITE_DONE || state_sql_fail(d, rc);
}

/* ---- policies, snapshots, settings ---- */

bool state_policy_add(struct state_db *d, int64_t id, int64_t after, const struct shunt_table *table)
{
    struct json_text bytes;
    bytes.p = shunt_table_bytes(table, &bytes.len);
    sqlite3_stmt *stmt;
    if (!state_prepare(d, "INSERT INTO policy VALUES(?, ?, ?, ?)", &stmt)) return false;
    sqlite3_bind_int64(stmt, 1, id);
    sqlite3_bind_int64(stmt, 2, after);
    bind_blob(stmt, 3, bytes);
    sqlite3_bind_int64(stmt, 4, state_policy_crc(id, after, bytes));
    return run_once(d, stmt);
}

/* One before it is kept, should a later version of shunt not be able to load this one. */
bool state_snapshot_add(struct state_db *d, int64_t after, int64_t policy, uint32_t event_crc,
                        struct json_text desk)
{
    sqlite3_stmt *stmt;
    if (!state_prepare(d, "INSERT OR REPLACE INTO snapshot VALUES(?, ?, ?, ?)", &stmt)) return false;
    sqlite3_bind_int64(stmt, 1, after);
    sqlite3_bind_int64(stmt, 2, policy);
    bind_blob(stmt, 3, desk);
    sqlite3_bind_int64(stmt, 4, state_snapshot_crc(after, policy, event_crc, desk));
    return run_once(d, stmt) && state_exec(d, "DELETE FROM snapshot WHERE after NOT IN "
                                              "(SELECT after FROM snapshot ORDER BY after DESC LIMIT 2)");
}

static bool settings_add(struct state_db *d, const struct state_settings *settings)
{
    char seed[24];
    struct json_text text = {seed, (size_t)snprintf(seed, sizeof seed, "%" PRIu64, settings->seed)};
    sqlite3_stmt *stmt;
    if (!state_prepare(d, "INSERT INTO settings VALUES(1, ?, ?, ?, ?)", &stmt)) return false;
    bind_text(stmt, 1, text);
    sqlite3_bind_int64(stmt, 2, settings->keep_days);
    sqlite3_bind_int64(stmt, 3, settings->customers_max);
    sqlite3_bind_int64(stmt, 4, state_settings_crc(text, settings->keep_days, settings->customers_max));
    return run_once(d, stmt);
}

bool state_db_fill(struct state_db *d, const struct state_settings *settings, const struct shunt_table *table)
{
    char ids[96];
    snprintf(ids, sizeof ids, "PRAGMA application_id = %d; PRAGMA user_version = %d", STATE_APPLICATION_ID,
             STATE_VERSION);
    bool fine = state_exec(d, "PRAGMA encoding = 'UTF-8'; PRAGMA locking_mode = EXCLUSIVE; "
                              "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = FULL; BEGIN") &&
                state_exec(d, ids);
    for (size_t i = 0; fine && state_schema[i]; i++) fine = state_exec(d, state_schema[i]);
    return fine && settings_add(d, settings) && state_policy_add(d, 1, 0, table) &&
           state_exec(d, "COMMIT; PRAGMA journal_mode = WAL");
}
