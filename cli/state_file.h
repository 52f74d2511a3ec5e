/*
 * What the files state*.c share: a state file as an open SQLite database, its rows, and what is wrong with
 * it.
 *
 * Functions that answer bool leave a sentence in `why` where they answer false. Nothing is written to a file
 * before state_check() has found it whole.
 */
#ifndef SHUNT_CLI_STATE_FILE_H
#define SHUNT_CLI_STATE_FILE_H

#include "state.h"

#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/types.h>

enum {
    STATE_APPLICATION_ID = 0x73686e74, /* "shnt": at byte 68 of the file */
    STATE_VERSION = 1                  /* user_version: at byte 60 */
};

/* What may not change between runs. */
struct state_settings {
    uint64_t seed;
    uint32_t keep_days, customers_max;
};

struct state_db {
    sqlite3 *db;
    int fd;       /* of the file, with the lock on it; -1 */
    char *path;   /* the file itself, where a link led to it */
    bool has_wal; /* something lay in its -wal when it was opened */
    sqlite3_stmt *insert, *find;
    char why[STATE_WHY_LEN];
};

/* ---- what is wrong: false always ---- */

bool state_fail(struct state_db *d, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Or that memory ran out: then nobody can know. */
bool state_damaged(struct state_db *d, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* What SQLite's rc says. */
bool state_sql_fail(struct state_db *d, int rc);

/* ---- state_memory.c: its integrity check takes a page for damaged for which SQLite had no memory ---- */

/* From now on it is seen when SQLite is refused memory. To be called before a file is opened. */
void state_memory_watch(void);
bool state_memory_ran_out(void);

/* ---- state_lock.c: one at a time, and begun whole or not at all ---- */

/* Locks the file at path; where there is none, begins one with these settings and this policy. */
bool state_lock(struct state_db *d, const char *path, const struct state_settings *settings,
                const struct shunt_table *table);
/* Closes and unlocks. Safe after any failure. */
void state_db_close(struct state_db *d);
/* Whether there is a file at path. false: that cannot be known, and so it must not be taken for absent. */
bool state_is_there(struct state_db *d, const char *path, struct stat *st, bool *there);
/* "PATH" and the suffix, from malloc; NULL: no memory. */
char *state_path_with(const char *path, const char *suffix);

/* ---- state_look.c: what can be seen without SQLite ---- */

/* Whether the file (and its -wal) begins and ends as a state file does. */
bool state_look(struct state_db *d);
/* Whether what lies at d->path, where a file is made until it is complete, is what a kill left of such a one,
 * and not somebody's: a desk may be called so. */
bool state_may_begin(struct state_db *d);
#define STATE_NEW_TAKEN                                                                                      \
    "cannot be begun: what has its name with -new behind it is no file that was being begun: "               \
    "move that away, or choose another name"
/* state_wal.c: whether a -wal file is one whose last transaction alone may be torn. */
bool state_wal_whole(struct state_db *d, int fd, uint64_t len);

/* ---- state_rows.c ---- */

/* Opens the database for reading; state_db_writable() lets it write. */
bool state_db_open(struct state_db *d);
bool state_db_writable(struct state_db *d);
bool state_exec(struct state_db *d, const char *sql);
bool state_prepare(struct state_db *d, const char *sql, sqlite3_stmt **stmt);
/* Tables, settings and the first policy, in an empty database. */
bool state_db_fill(struct state_db *d, const struct state_settings *settings,
                   const struct shunt_table *table);
/* The schema's statements, NULL at the end. */
extern const char *const state_schema[];

struct state_event {
    int64_t seq, at_sec;
    struct json_text line, event_id, answer; /* event_id.p NULL: none, and then answer.p too */
    uint32_t crc;                            /* of this event and all before it */
};
bool state_event_add(struct state_db *d, struct state_event *e, uint32_t crc_before); /* sets e->crc */
/* A row of SELECT seq, at, line, event_id, answer, crc; false: of other types. It holds until the next step.
 */
bool state_event_row(sqlite3_stmt *row, struct state_event *e);
uint32_t state_event_crc(const struct state_event *e, uint32_t crc_before);
/* The newest event of that id: *found, and its answer until the next call. */
bool state_event_find(struct state_db *d, struct json_text event_id, struct state_event *e, bool *found);

bool state_policy_add(struct state_db *d, int64_t id, int64_t after, const struct shunt_table *table);
uint32_t state_policy_crc(int64_t id, int64_t after, struct json_text table);
bool state_snapshot_add(struct state_db *d, int64_t after, int64_t policy, uint32_t event_crc,
                        struct json_text desk);
uint32_t state_snapshot_crc(int64_t after, int64_t policy, uint32_t event_crc, struct json_text desk);
uint32_t state_settings_crc(struct json_text seed, int64_t keep_days, int64_t customers_max);
/* A column's bytes, where it is of that type; p NULL: of another. Of an empty one p is not NULL. */
struct json_text state_column(sqlite3_stmt *row, int column, int type);

/* ---- state_check.c ---- */

/* What a whole file holds. */
struct state_found {
    struct state_settings settings;
    int64_t event_count, policy_count;
    uint32_t crc; /* of the last event */
};
/* Reads all of it: every page, every row, every checksum. */
bool state_check(struct state_db *d, struct state_found *found);

#endif
