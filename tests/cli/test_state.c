/* The state file from inside: snapshots that do not load, -wal files that are torn and that are damaged. */
#include "cli.h"
#include "run_suite.h"
#include "state_file.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char policy_text[] = "shunt: 1\n"
                                  "agents: [anna, bo]\n"
                                  "teams: {t: {agents: [anna, bo], assign: random}}\n"
                                  "otherwise: t\n";
static const char *const events[] = {
    "{\"at\":\"2026-03-02T08:00:00Z\",\"event\":\"online\",\"agent\":\"anna\"}",
    "{\"event\":\"online\",\"agent\":\"bo\"}",
    "{\"id\":\"T1\",\"event_id\":\"1\"}",
    "{\"id\":\"T2\",\"event_id\":\"2\"}",
    "{\"id\":\"T3\",\"event_id\":\"3\"}",
    "{\"event\":\"close\",\"ticket\":\"T2\"}",
    "{\"id\":\"T4\"}",
    "{\"id\":\"T5\"}"};
enum { EVENT_COUNT = sizeof events / sizeof *events };

static char folder[] = "/tmp/shunt-test-XXXXXX";
static struct policy policy;
static char why[STATE_WHY_LEN];

static void set_up(void)
{
    strcpy(folder + strlen(folder) - 6, "XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
    ck_assert_int_eq(file_replace("p.yaml", policy_text, sizeof policy_text - 1, 0), 0);
    ck_assert(policy_read(&policy, "p.yaml", &(struct compile_options){0}));
    ck_assert_ptr_nonnull(policy.table);
}

static void tear_down(void)
{
    static const char *const made[] = {"p.yaml", "a.state", "b.state", "w.db", "w.db-wal", "w.db-shm"};
    policy_close(&policy);
    for (size_t i = 0; i < sizeof made / sizeof *made; i++) unlink(made[i]);
    ck_assert_int_eq(chdir("/"), 0);
    rmdir(folder);
}

/* The events from..to into the file; what they answer is appended. */
static void route(const char *path, int from, int to, bool snapshot, struct out *answers)
{
    const struct state_options options = {.path = path, .table = policy.table};
    struct state *s;
    ck_assert_msg(state_open(&options, answers, &s, why), "%s", why);
    for (int i = from; i < to; i++) {
        char text[256 + LINE_SLACK_LEN] = {0};
        struct line line = {
            .p = text, .len = (uint32_t)snprintf(text, 256, "%s", events[i]), .number = (uint64_t)i + 1};
        ck_assert_int_eq(desk_run_line(state_run(s), &line, answers), 0);
    }
    ck_assert(state_commit(s, why));
    ck_assert_uint_eq(state_bad_count(s), 0);
    ck_assert(state_close(s, snapshot, why));
}

/* A snapshot with a right checksum that no desk can be loaded from, as of another version of shunt. */
static void add_strange_snapshot(const char *path, int64_t after)
{
    struct state_db d = {.fd = -1};
    struct state_found found;
    struct state_event e = {0};
    sqlite3_stmt *stmt;
    ck_assert(state_lock(&d, path, NULL, NULL) && state_look(&d) && state_db_open(&d));
    ck_assert_msg(state_check(&d, &found), "%s", d.why);
    ck_assert_int_eq(found.event_count, EVENT_COUNT - 1);
    ck_assert(state_db_writable(&d));
    ck_assert(
        state_prepare(&d, "SELECT seq, at, line, event_id, answer, crc FROM event WHERE seq = ?", &stmt));
    sqlite3_bind_int64(stmt, 1, after);
    ck_assert_int_eq(sqlite3_step(stmt), SQLITE_ROW);
    ck_assert(state_event_row(stmt, &e));
    uint32_t crc = e.crc;
    sqlite3_finalize(stmt);
    ck_assert(state_snapshot_add(&d, after, 1, crc, (struct json_text){"a desk of the year 2040", 23}));
    state_db_close(&d);
}

/* Snapshots after events 4 and 7; those named are replaced by strange ones. */
static void passes_over(bool older_too)
{
    struct out wanted, got;
    out_init(&wanted, -1);
    out_init(&got, -1);
    route("a.state", 0, EVENT_COUNT, true, &wanted);
    route("b.state", 0, 4, true, &got);
    route("b.state", 4, EVENT_COUNT - 1, true, &got);
    add_strange_snapshot("b.state", EVENT_COUNT - 1);
    if (older_too) add_strange_snapshot("b.state", 4);
    route("b.state", EVENT_COUNT - 1, EVENT_COUNT, true, &got);
    ck_assert_uint_gt(got.len, 0);
    ck_assert_uint_eq(got.len, wanted.len);
    ck_assert_mem_eq(got.p, wanted.p, wanted.len);
    out_free(&wanted);
    out_free(&got);
}

START_TEST(commands_7_a_snapshot_that_does_not_load_is_passed_over)
{
    passes_over(false);
}
END_TEST

START_TEST(commands_7_without_a_snapshot_that_loads_the_log_is_replayed)
{
    passes_over(true);
}
END_TEST

/* The file's only policy becomes a table of version 1 (TABLE-FORMAT 2), its checksum right. */
static void make_policy_older(const char *path)
{
    static const uint8_t versions[] = {1, 0, 1, 0};
    sqlite3 *db;
    sqlite3_stmt *stmt;
    size_t len;
    const void *bytes = shunt_table_bytes(policy.table, &len);
    char *older = malloc(len);
    memcpy(older, bytes, len);
    memcpy(older + 8, versions, sizeof versions);
    ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
    ck_assert_int_eq(sqlite3_prepare_v2(db, "UPDATE policy SET compiled = ?, crc = ?", -1, &stmt, NULL),
                     SQLITE_OK);
    sqlite3_bind_blob(stmt, 1, older, (int)len, SQLITE_STATIC);
    sqlite3_bind_int64(stmt, 2, state_policy_crc(1, 0, (struct json_text){older, len}));
    ck_assert_int_eq(sqlite3_step(stmt), SQLITE_DONE);
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    free(older);
}

START_TEST(commands_7_a_file_with_tables_of_another_version_is_said_to_be_one)
{
    struct state *s;
    struct out answers;
    out_init(&answers, -1);
    route("a.state", 0, 4, true, &answers);
    make_policy_older("a.state");
    const struct state_options options = {.path = "a.state", .table = policy.table};
    ck_assert(!state_open(&options, &answers, &s, why));
    ck_assert_msg(
        strstr(why, "its policy 1 cannot be opened: the table was made for another version of shunt"), "%s",
        why);
    out_free(&answers);
}
END_TEST

START_TEST(commands_7_no_snapshot_is_written_where_none_is_wanted)
{
    struct out answers;
    out_init(&answers, -1);
    route("a.state", 0, 4, false, &answers);
    sqlite3 *db;
    sqlite3_stmt *stmt;
    ck_assert_int_eq(sqlite3_open("a.state", &db), SQLITE_OK);
    ck_assert_int_eq(sqlite3_prepare_v2(db, "SELECT count(*) FROM snapshot", -1, &stmt, NULL), SQLITE_OK);
    ck_assert_int_eq(sqlite3_step(stmt), SQLITE_ROW);
    ck_assert_int_eq(sqlite3_column_int(stmt, 0), 0);
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    out_free(&answers);
}
END_TEST

/* ---- -wal files ---- */

enum { COMMITS = 5 };

/* The -wal of five transactions that no checkpoint came to. */
static char *make_wal(size_t *len)
{
    sqlite3 *db;
    char *bytes;
    ck_assert_int_eq(sqlite3_open("w.db", &db), SQLITE_OK);
    sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    ck_assert_int_eq(sqlite3_exec(db, "PRAGMA journal_mode = WAL; CREATE TABLE t(x)", NULL, NULL, NULL),
                     SQLITE_OK);
    for (int i = 1; i < COMMITS; i++)
        ck_assert_int_eq(sqlite3_exec(db, "INSERT INTO t VALUES(randomblob(100))", NULL, NULL, NULL),
                         SQLITE_OK);
    sqlite3_close(db);
    ck_assert_int_eq(file_read("w.db-wal", SIZE_MAX, &bytes, len), 0);
    return bytes;
}

static bool is_whole(const char *bytes, size_t len)
{
    struct state_db d = {.fd = -1};
    ck_assert_int_eq(file_replace("w.db-wal", bytes, len, 0), 0);
    int fd = open("w.db-wal", O_RDONLY);
    bool whole = state_wal_whole(&d, fd, len);
    close(fd);
    return whole;
}

START_TEST(commands_7_a_torn_wal_is_whole_wherever_it_ends)
{
    size_t len;
    char *bytes = make_wal(&len);
    ck_assert_uint_gt(len, COMMITS * 4096);
    for (size_t end = 0; end < len; end += 1009) ck_assert_msg(is_whole(bytes, end), "%zu", end);
    free(bytes);
}
END_TEST

START_TEST(commands_7_a_wal_that_is_wrong_before_its_last_transaction_is_damaged)
{
    size_t len, frame_len = 24 + 4096;
    char *bytes = make_wal(&len);
    ck_assert(is_whole(bytes, len));
    for (size_t at = 0; at < len; at += 517) {
        bytes[at] ^= 4;
        bool in_last = at >= len - frame_len;
        ck_assert_msg(is_whole(bytes, len) == in_last, "byte %zu of %zu", at, len);
        bytes[at] ^= 4;
    }
    free(bytes);
}
END_TEST

/* ---- memory that runs out within SQLite ---- */

static sqlite3_mem_methods real;
static long left = -1; /* allocations until one fails; negative: never */
static bool all_after; /* those behind it fail too */

static bool fails(void)
{
    if (left < 0 || left-- > 0) return false;
    left = all_after ? 0 : -1;
    return true;
}

static void *give(int len)
{
    return fails() ? NULL : real.xMalloc(len);
}

static void *resize(void *block, int len)
{
    return fails() ? NULL : real.xRealloc(block, len);
}

/* SQLite can be told only before its first use, and what watches its memory (cli/state_memory.c) stands above
 * this: in a process that all tests share, too, so this test is the first. */
static void fail_in_sqlite(void)
{
    if (real.xMalloc) return;
    ck_assert_int_eq(sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real), SQLITE_OK);
    sqlite3_mem_methods methods = real;
    methods.xMalloc = give;
    methods.xRealloc = resize;
    ck_assert_int_eq(sqlite3_config(SQLITE_CONFIG_MALLOC, &methods), SQLITE_OK);
    ck_assert_int_eq(sqlite3_config(SQLITE_CONFIG_PAGECACHE, NULL, 0, 0), SQLITE_OK); /* each page can fail */
}

/* Opened with each allocation of SQLite failing in turn: a page for which there is no memory is not damaged. */
START_TEST(commands_7_without_memory_a_state_file_is_not_called_damaged)
{
    fail_in_sqlite();
    struct out answers;
    out_init(&answers, -1);
    route("a.state", 0, EVENT_COUNT, true, &answers);
    const struct state_options options = {.path = "a.state", .table = policy.table};
    long failures = 0;
    for (long n = 0;; n++) {
        struct state *s = NULL;
        all_after = _i == 1;
        left = n;
        bool fine = state_open(&options, &answers, &s, why);
        bool failed = all_after ? left == 0 : left < 0;
        left = -1;
        if (fine)
            ck_assert(state_close(s, false, why));
        else
            ck_assert_msg(strstr(why, "out of memory"), "allocation %ld: %s", n, why);
        failures += failed && !fine;
        if (!failed) break;
    }
    ck_assert_int_gt(failures, 100);
    out_free(&answers);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("state");
    TCase *t = tcase_create("state");
    suite_add_tcase(s, t);
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_loop_test(t, commands_7_without_memory_a_state_file_is_not_called_damaged, 0, 2);
    tcase_add_test(t, commands_7_a_snapshot_that_does_not_load_is_passed_over);
    tcase_add_test(t, commands_7_without_a_snapshot_that_loads_the_log_is_replayed);
    tcase_add_test(t, commands_7_a_file_with_tables_of_another_version_is_said_to_be_one);
    tcase_add_test(t, commands_7_no_snapshot_is_written_where_none_is_wanted);
    tcase_add_test(t, commands_7_a_torn_wal_is_whole_wherever_it_ends);
    tcase_add_test(t, commands_7_a_wal_that_is_wrong_before_its_last_transaction_is_damaged);
    return run_suite(s);
}
