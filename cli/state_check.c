/*
 * A state file, every byte of it that means anything: read before the first write.
 *
 * SQLite's own integrity check goes through its pages and indexes; here the schema must be ours to the
 * letter, every row's checksum right, the events without a gap, and policies and snapshots at places that the
 * log has. A file that passes is what some shunt wrote, as a whole.
 */
#include "state_file.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- SQLite's part ---- */

/* The first line that says something: the first of all names the database where a page is wrong. A page that
 * could not be read is not a damaged one. */
static bool damaged_pages(struct state_db *d, const char *said)
{
    const char *line_end = strchr(said, '\n');
    int error = 0;
    if (sqlite3_file_control(d->db, "main", SQLITE_FCNTL_LAST_ERRNO, &error) == SQLITE_OK && error)
        return state_fail(d, "cannot be read or written: %s", strerror(error));
    if (strncmp(said, "***", 3) == 0 && line_end) said = line_end + 1;
    return state_damaged(d, "SQLite says %.*s", (int)strcspn(said, "\n"), said);
}

static bool check_pages(struct state_db *d)
{
    sqlite3_stmt *stmt;
    if (!state_prepare(d, "PRAGMA integrity_check(1)", &stmt)) return false;
    int rc = sqlite3_step(stmt);
    const char *said = rc == SQLITE_ROW ? (const char *)sqlite3_column_text(stmt, 0) : NULL;
    bool fine = rc == SQLITE_ROW ? said && (strcmp(said, "ok") == 0 || damaged_pages(d, said))
                                 : state_sql_fail(d, rc);
    if (rc == SQLITE_ROW && !said) state_fail(d, "out of memory");
    sqlite3_finalize(stmt);
    return fine;
}

static bool is_ours(struct json_text sql)
{
    for (size_t i = 0; sql.p && state_schema[i]; i++)
        if (strlen(state_schema[i]) == sql.len && memcmp(state_schema[i], sql.p, sql.len) == 0) return true;
    return false;
}

/* What users make for themselves (a view, an index) belongs into a database of their own: a trigger could
 * change what is kept. */
static bool check_schema(struct state_db *d)
{
    sqlite3_stmt *stmt;
    size_t wanted = 0, ours = 0, all = 0;
    int rc;
    while (state_schema[wanted]) wanted++;
    if (!state_prepare(d, "SELECT sql FROM sqlite_schema", &stmt)) return false;
    for (; (rc = sqlite3_step(stmt)) == SQLITE_ROW; all++)
        ours += is_ours(state_column(stmt, 0, SQLITE_TEXT));
    sqlite3_finalize(stmt);
    if (rc != SQLITE_DONE) return state_sql_fail(d, rc);
    if (ours != wanted) return state_damaged(d, "its tables are not those that shunt made");
    return all == wanted ||
           state_fail(d, "has tables, indexes, views or triggers that shunt did not make: drop "
                         "them, or keep them in a database of their own (ATTACH)");
}

/* ---- rows ---- */

/* Calls row(ctx, stmt) for each row, which answers whether it is as it should be. */
static bool each(struct state_db *d, const char *sql, bool (*row)(void *ctx, sqlite3_stmt *stmt), void *ctx,
                 const char *wrong)
{
    sqlite3_stmt *stmt;
    int rc;
    bool fine = true;
    if (!state_prepare(d, sql, &stmt)) return false;
    while (fine && (rc = sqlite3_step(stmt)) == SQLITE_ROW)
        fine = row(ctx, stmt) || state_damaged(d, "%s", wrong);
    if (fine && rc != SQLITE_DONE) fine = state_sql_fail(d, rc);
    sqlite3_finalize(stmt);
    return fine;
}

struct checking {
    struct state_found *found;
    int64_t settings_count;
    int64_t *policy_after; /* by id - 1 */
    int64_t policy_cap;
    bool no_memory;
};

static bool number(sqlite3_stmt *stmt, int column, int64_t from, int64_t to, int64_t *n)
{
    *n = sqlite3_column_int64(stmt, column);
    return sqlite3_column_type(stmt, column) == SQLITE_INTEGER && *n >= from && *n <= to;
}

static bool settings_row(void *ctx, sqlite3_stmt *stmt)
{
    struct checking *c = ctx;
    struct state_settings *s = &c->found->settings;
    struct json_text seed = state_column(stmt, 1, SQLITE_TEXT);
    int64_t id, keep, customers, crc;
    if (c->settings_count++ || !seed.p || seed.len == 0 || seed.len > 20 || !number(stmt, 0, 1, 1, &id) ||
        !number(stmt, 2, 0, SHUNT_KEEP_DAYS_MAX, &keep) || !number(stmt, 3, 0, UINT32_MAX, &customers) ||
        !number(stmt, 4, 0, UINT32_MAX, &crc) || crc != state_settings_crc(seed, keep, customers))
        return false;
    *s = (struct state_settings){strtoull(seed.p, NULL, 10), (uint32_t)keep, (uint32_t)customers};
    return true;
}

static bool event_row(void *ctx, sqlite3_stmt *stmt)
{
    struct state_found *found = ((struct checking *)ctx)->found;
    struct state_event e;
    if (!state_event_row(stmt, &e) || e.seq != found->event_count + 1 ||
        e.crc != state_event_crc(&e, found->crc))
        return false;
    found->event_count++;
    found->crc = e.crc;
    return true;
}

static bool note_policy(struct checking *c, int64_t after)
{
    int64_t at = c->found->policy_count++;
    if (at == c->policy_cap) {
        int64_t cap = c->policy_cap ? 2 * c->policy_cap : 16;
        int64_t *p = realloc(c->policy_after, (size_t)cap * sizeof *p);
        c->no_memory = !p;
        if (!p) return false;
        c->policy_after = p;
        c->policy_cap = cap;
    }
    c->policy_after[at] = after;
    return true;
}

/* In the order of their ids: from 1, each after an event that there is, none before the one before. */
static bool policy_row(void *ctx, sqlite3_stmt *stmt)
{
    struct checking *c = ctx;
    int64_t count = c->found->policy_count, id, after, crc;
    struct json_text table = state_column(stmt, 2, SQLITE_BLOB);
    return number(stmt, 0, count + 1, count + 1, &id) && table.p &&
           number(stmt, 1, count ? c->policy_after[count - 1] : 0, count ? c->found->event_count : 0,
                  &after) &&
           number(stmt, 3, 0, UINT32_MAX, &crc) && crc == state_policy_crc(id, after, table) &&
           note_policy(c, after);
}

/* The checksum of the event it follows is joined to it; NULL where there is none, which is right for 0. */
static bool snapshot_row(void *ctx, sqlite3_stmt *stmt)
{
    struct checking *c = ctx;
    struct state_found *f = c->found;
    int64_t after, policy, crc, event_crc = 0;
    struct json_text desk = state_column(stmt, 2, SQLITE_BLOB);
    if (!number(stmt, 0, 0, f->event_count, &after) || !number(stmt, 1, 1, f->policy_count, &policy) ||
        !desk.p || !number(stmt, 3, 0, UINT32_MAX, &crc) ||
        (after && !number(stmt, 4, 0, UINT32_MAX, &event_crc)))
        return false;
    if (c->policy_after[policy - 1] > after || (policy < f->policy_count && c->policy_after[policy] < after))
        return false;
    return crc == state_snapshot_crc(after, policy, (uint32_t)event_crc, desk);
}

static bool check_rows(struct state_db *d, struct checking *c)
{
    if (!each(d, "SELECT * FROM settings", settings_row, c, "its settings have been changed") ||
        !each(d, "SELECT seq, at, line, event_id, answer, crc FROM event ORDER BY seq", event_row, c,
              "an event has been changed") ||
        !each(d, "SELECT * FROM policy ORDER BY id", policy_row, c, "a policy has been changed"))
        return false;
    if (c->settings_count != 1 || c->found->policy_count == 0)
        return state_damaged(d, "its settings or its policy are not there");
    return each(d, "SELECT snapshot.*, event.crc FROM snapshot LEFT JOIN event ON event.seq = snapshot.after",
                snapshot_row, c, "a snapshot has been changed");
}

bool state_check(struct state_db *d, struct state_found *found)
{
    *found = (struct state_found){0};
    struct checking c = {.found = found};
    bool fine = check_schema(d) && check_pages(d) && check_rows(d, &c);
    if (c.no_memory) fine = state_fail(d, "out of memory");
    free(c.policy_after);
    return fine;
}
