/*
 * Any bytes as a state file of `route`: refused with a sentence, or carried on. A file of no bytes is one
 * that is begun.
 *
 * Bytes that begin with "rows\n" are rows of its log, since no fuzzer finds their checksums: each line is an
 * event's seq, at, line, event_id and answer with tabs between them. What is left empty is as it would be, or
 * NULL.
 */
#include "fuzz_desk.h"
#include "fuzz_lines.h"

#include "state_file.h"

#include <stdio.h>
#include <unistd.h>

static const char rows[] = "rows\n";
static const char lines[] = "{\"event\":\"online\",\"agent\":\"x\",\"at\":\"2026-11-23T10:00:00Z\"}\n"
                            "{\"id\":\"T1\",\"channel\":\"email\",\"labels\":[\"a\"],\"event_id\":\"1\"}\n"
                            "{\"event\":\"close\",\"ticket\":\"T1\",\"event_id\":\"2\"}\n";

/* The state's own files beside it, SQLite's. */
static void remove_all(const char *path)
{
    static const char *const endings[] = {"", "-wal", "-shm", "-journal"};
    char name[128];
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        snprintf(name, sizeof name, "%s%s", path, endings[i]);
        unlink(name);
    }
}

static void put(const char *path, const uint8_t *bytes, size_t len)
{
    FILE *f = fopen(path, "wb");
    if (!f || fwrite(bytes, 1, len, f) != len || fclose(f)) abort();
}

/* ---- rows ---- */

/* A begun file's bytes, made once. */
static size_t begun(const struct state_options *options, const uint8_t **bytes)
{
    static uint8_t kept[1 << 16];
    static size_t kept_len;
    char why[STATE_WHY_LEN];
    struct state *state;
    struct out answers;
    *bytes = kept;
    if (kept_len) return kept_len;
    out_init(&answers, -1);
    if (!state_open(options, &answers, &state, why) || !state_close(state, false, why)) abort();
    out_free(&answers);
    FILE *f = fopen(options->path, "rb");
    kept_len = f ? fread(kept, 1, sizeof kept, f) : 0;
    if (!kept_len || fclose(f)) abort();
    remove_all(options->path);
    return kept_len;
}

static struct json_text field(const char **at, const char *end)
{
    const char *from = *at, *tab = memchr(from, '\t', (size_t)(end - from)), *to = tab ? tab : end;
    *at = tab ? tab + 1 : end;
    return (struct json_text){to > from ? from : NULL, (size_t)(to - from)};
}

/* What is said, or a step behind the number before. */
static int64_t number(struct json_text text, int64_t before, uint64_t step)
{
    char digits[24] = "";
    if (!text.p) return (int64_t)((uint64_t)before + step);
    memcpy(digits, text.p, text.len < sizeof digits ? text.len : sizeof digits - 1);
    return strtoll(digits, NULL, 10);
}

static void bind(sqlite3_stmt *stmt, int at, struct json_text t)
{
    if (t.p)
        sqlite3_bind_text64(stmt, at, t.p, t.len, SQLITE_STATIC, SQLITE_UTF8);
    else
        sqlite3_bind_null(stmt, at);
}

static void insert(sqlite3_stmt *stmt, const struct state_event *e)
{
    sqlite3_bind_int64(stmt, 1, e->seq);
    sqlite3_bind_int64(stmt, 2, e->at_sec);
    bind(stmt, 3, e->line);
    bind(stmt, 4, e->event_id);
    bind(stmt, 5, e->answer);
    sqlite3_bind_int64(stmt, 6, e->crc);
    sqlite3_step(stmt); /* a seq twice is refused */
    sqlite3_reset(stmt);
}

static void put_rows(const struct state_options *options, const uint8_t *bytes, size_t len)
{
    const uint8_t *file;
    size_t file_len = begun(options, &file);
    struct state_event e = {.at_sec = INT64_C(1795428000)};
    struct line line = {0};
    sqlite3 *db;
    sqlite3_stmt *stmt;
    char *copy = fuzz_copy(bytes, len);
    put(options->path, file, file_len);
    if (sqlite3_open(options->path, &db) || sqlite3_exec(db, "BEGIN", NULL, NULL, NULL)) abort();
    if (sqlite3_prepare_v2(db, "INSERT INTO event VALUES(?, ?, ?, ?, ?, ?)", -1, &stmt, NULL)) abort();
    for (size_t at = 0; fuzz_next_line(copy, len, &at, &line);) {
        const char *p = line.p, *end = line.p + line.len;
        e.seq = number(field(&p, end), e.seq, 1);
        e.at_sec = number(field(&p, end), e.at_sec, 60);
        e.line = field(&p, end);
        e.event_id = field(&p, end);
        e.answer = field(&p, end);
        e.crc = state_event_crc(&e, e.crc);
        insert(stmt, &e);
    }
    sqlite3_finalize(stmt);
    if (sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) || sqlite3_close(db)) abort();
    free(copy);
}

/* ---- all of it ---- */

static void carry_on(struct state *state, struct out *answers)
{
    char why[STATE_WHY_LEN];
    struct line line = {0};
    char *copy = fuzz_copy((const uint8_t *)lines, sizeof lines - 1);
    for (size_t at = 0; fuzz_next_line(copy, sizeof lines - 1, &at, &line);)
        if (desk_run_line(state_run(state), &line, answers)) break;
    bool kept = state_commit(state, why);
    (void)state_close(state, kept, why);
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    char path[96], why[STATE_WHY_LEN];
    struct state_options options = {.path = path, .table = fuzz_desk_table(), .keep_days = 30};
    struct state *state;
    struct out answers;
    snprintf(path, sizeof path, "/dev/shm/shunt-fuzz-state-%ld", (long)getpid());
    if (len >= sizeof rows - 1 && memcmp(bytes, rows, sizeof rows - 1) == 0)
        put_rows(&options, bytes + sizeof rows - 1, len - (sizeof rows - 1));
    else
        put(path, bytes, len);
    out_init(&answers, -1);
    if (state_open(&options, &answers, &state, why)) carry_on(state, &answers);
    out_free(&answers);
    remove_all(path);
    return 0;
}
