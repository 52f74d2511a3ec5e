/* Lines to a desk and to its journal (desk.md 1.4, 7.4; commands.md 7). */
#include "compile.h"
#include "desk_run.h"
#include "run_suite.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

static const char policy_text[] = "shunt: 1\n"
                                  "agents: [anna]\n"
                                  "teams: {t: {agents: [anna]}}\n"
                                  "otherwise: t\n";

static struct arena *arena;
static const struct shunt_table *table;
static struct desk_run *run;
static struct out answers;

/* What the journal was told of the last line: "AT|LINE|EVENT_ID|ANSWER". */
static struct out kept;
static int kept_count, keep_error;
static bool known; /* what it says of any event_id */
static int64_t asked_sec, clock_sec;

static int find(void *ctx, struct json_text event_id, int64_t at_sec, bool *found, struct out *answer)
{
    (void)ctx, (void)event_id;
    asked_sec = at_sec;
    *found = known;
    if (known) out_puts(answer, "as before\n");
    return 0;
}

static int keep(void *ctx, int64_t at_sec, struct json_text line, struct json_text event_id,
                struct json_text answer)
{
    (void)ctx;
    kept_count++;
    kept.len = 0;
    out_u64(&kept, (uint64_t)at_sec);
    out_putc(&kept, '|');
    out_bytes(&kept, line.p, line.len);
    out_putc(&kept, '|');
    out_bytes(&kept, event_id.p ? event_id.p : "-", event_id.p ? event_id.len : 1);
    out_putc(&kept, '|');
    out_bytes(&kept, answer.p, answer.len);
    out_putc(&kept, 0);
    return keep_error;
}

static int64_t clock_of_test(void *ctx)
{
    (void)ctx;
    return clock_sec;
}

static void begin(bool with_clock)
{
    const struct desk_run_options options = {
        .keep_days = 30, .clock = with_clock ? clock_of_test : NULL, .journal = {NULL, find, keep}};
    struct shunt_desk *desk;
    ck_assert_int_eq(shunt_desk_new(table, NULL, NULL, &desk), SHUNT_OK);
    ck_assert_int_eq(desk_run_new(desk, &options, &run), 0);
}

static void compile(void *ctx)
{
    const struct compile_options options = {0};
    struct compilation *c = compile_text(arena, "policy.yaml", str_from(policy_text), &options);
    struct shunt_table_error error;
    *(enum shunt_status *)ctx = shunt_table_open(c->table.p, c->table.len, NULL, &table, &error);
}

static void set_up(void)
{
    enum shunt_status status = SHUNT_NO_MEMORY;
    arena = arena_new();
    ck_assert(arena_try(arena, compile, &status));
    ck_assert_int_eq(status, SHUNT_OK);
    out_init(&answers, -1);
    out_init(&kept, -1);
    kept_count = keep_error = 0;
    known = false;
    asked_sec = clock_sec = 0;
}

static void tear_down(void)
{
    desk_run_free(run);
    run = NULL;
    shunt_table_close(table);
    arena_free(arena);
    out_free(&answers);
    out_free(&kept);
}

/* The line's answer, until the next one. */
static const char *say(const char *text)
{
    static char room[4096];
    struct line line = {room, (uint32_t)strlen(text), false, 1};
    ck_assert_uint_lt(strlen(text) + LINE_SLACK_LEN, sizeof room);
    strcpy(room, text);
    answers.len = 0;
    ck_assert_int_eq(desk_run_line(run, &line, &answers), 0);
    out_putc(&answers, 0);
    answers.len--;
    return answers.p;
}

#define QUEUED                                                                                               \
    "\",\"status\":\"queued\",\"team\":\"t\",\"rule\":\"otherwise\",\"why\":\"nobody-online\","              \
    "\"priority\":\"normal\"}\n"

/* `at` goes in where it is absent, wherever that is, and stays as it is where it is said. */
static const struct {
    const char *line, *kept;
} timed[] = {
    {"{\"event\":\"tick\"}", "{\"at\":\"1970-01-01T00:01:40Z\",\"event\":\"tick\"}"},
    {"  { \"event\" : \"tick\" } ", "  {\"at\":\"1970-01-01T00:01:40Z\", \"event\" : \"tick\" } "},
    {"{}", "{\"at\":\"1970-01-01T00:01:40Z\"}"},
    {"{ }", "{\"at\":\"1970-01-01T00:01:40Z\" }"},
    {"{\"at\":null,\"event\":\"tick\"}", "{\"at\":\"1970-01-01T00:01:40Z\",\"event\":\"tick\"}"},
    {"{\"event\":\"tick\",\"\\u0061t\" :\t null }",
     "{\"event\":\"tick\",\"\\u0061t\" :\t \"1970-01-01T00:01:40Z\" }"},
    {"{\"x\":[{\"at\":null},\"a,\\\",:{\"],\"y\":{\"k\":1,\"l\":2},\"at\":null,\"event\":\"tick\"}",
     "{\"x\":[{\"at\":null},\"a,\\\",:{\"],\"y\":{\"k\":1,\"l\":2},\"at\":\"1970-01-01T00:01:40Z\",\"event\":"
     "\"tick\"}"},
    {"{\"event\":\"tick\",\"at\":\"1970-01-01T01:01:50.5+01:00\"}",
     "{\"event\":\"tick\",\"at\":\"1970-01-01T01:01:50.5+01:00\"}"},
    {"{\"event\":\"tick\",\"at\":\"1970-01-01T00:00:00Z\"}",
     "{\"event\":\"tick\",\"at\":\"1970-01-01T00:00:00Z\"}"},
};

START_TEST(commands_7_a_line_is_kept_with_its_time)
{
    begin(false);
    say("{\"at\":\"1970-01-01T00:01:40Z\",\"event\":\"tick\"}");
    say(timed[_i].line);
    char *line = strchr(kept.p, '|') + 1, *end = strchr(line, '|');
    ck_assert_int_eq(kept_count, 2);
    *end = 0;
    ck_assert_str_eq(line, timed[_i].kept);
}
END_TEST

START_TEST(commands_7_the_real_time_is_filled_in)
{
    begin(true);
    clock_sec = 100;
    ck_assert_str_eq(say("{\"id\":\"T1\"}"), "{\"at\":\"1970-01-01T00:01:40Z\",\"ticket\":\"T1" QUEUED);
    ck_assert_str_eq(kept.p, "100|{\"at\":\"1970-01-01T00:01:40Z\",\"id\":\"T1\"}|-|"
                             "{\"at\":\"1970-01-01T00:01:40Z\",\"ticket\":\"T1" QUEUED);
    clock_sec = 99; /* the clock was set back */
    say("{\"event\":\"tick\"}");
    ck_assert_str_eq(kept.p, "100|{\"at\":\"1970-01-01T00:01:39Z\",\"event\":\"tick\"}|-|");
    ck_assert_int_eq(desk_run_tick(run, 110, &answers), 0);
    ck_assert_str_eq(kept.p, "110|{\"at\":\"1970-01-01T00:01:50Z\",\"event\":\"tick\"}|-|");
}
END_TEST

/* desk.md 1.4: of lines that are errors, those that moved time are kept, without an event_id. */
static const struct {
    const char *line;
    bool moves;
} errors[] = {
    {"{\"at\":\"1970-01-01T00:01:40Z\",\"event\":\"close\",\"ticket\":\"T9\",\"event_id\":\"e\"}", true},
    {"{\"at\":\"1970-01-01T00:01:40Z\",\"event\":\"close\",\"ticket\":9,\"event_id\":\"e\"}", true},
    {"{\"at\":\"1970-01-01T00:01:40Z\",\"event\":\"tick\",\"event_id\":9}", true},
    {"{\"at\":\"1970-01-01T00:01:40Z\",\"event\":\"dance\"}", false},
    {"{\"at\":\"1970-01-01T00:01:60Z\",\"event\":\"tick\"}", false},
    {"{\"event\":\"tick\"}", false}, /* nothing said a time before it */
    {"{\"id\":7}", false},
    {"nonsense", false},
};

START_TEST(desk_1_4_what_moved_time_is_kept)
{
    begin(false);
    ck_assert_int_eq(strncmp(say(errors[_i].line), "{\"error\":{\"line\":1,", 18), 0);
    ck_assert_uint_eq(desk_run_bad_count(run), 1);
    ck_assert_int_eq(kept_count, errors[_i].moves);
    int64_t at_sec = 0;
    ck_assert_int_eq(shunt_desk_time(desk_run_desk(run), &at_sec), errors[_i].moves);
    ck_assert_int_eq(at_sec, errors[_i].moves ? 100 : 0);
    if (errors[_i].moves) ck_assert_ptr_nonnull(strstr(kept.p, "}|-|{\"error\""));
}
END_TEST

START_TEST(desk_7_4_a_known_event_id_moves_nothing)
{
    begin(false);
    say("{\"at\":\"1970-01-01T00:01:40Z\",\"event\":\"tick\"}");
    known = true;
    ck_assert_str_eq(say("{\"at\":\"1970-01-01T00:02:00Z\",\"id\":7,\"event_id\":\"e\"}"), "as before\n");
    ck_assert_int_eq(asked_sec, 120);
    ck_assert_str_eq(say("{\"at\":\"1970-01-01T00:00:00Z\",\"event_id\":\"e\"}"), "as before\n");
    ck_assert_int_eq(asked_sec, 100);
    ck_assert_str_eq(say("{\"event_id\":\"\"}"), "as before\n");
    ck_assert_int_eq(asked_sec, 100);
    ck_assert_int_eq(kept_count, 1);
    ck_assert_uint_eq(desk_run_bad_count(run), 0);
    int64_t at_sec;
    ck_assert(shunt_desk_time(desk_run_desk(run), &at_sec));
    ck_assert_int_eq(at_sec, 100);
}
END_TEST

START_TEST(an_answer_is_taken_back_where_the_journal_fails)
{
    static char room[256] = "{\"at\":\"1970-01-01T00:01:40Z\",\"id\":\"T1\"}";
    struct line line = {room, (uint32_t)strlen(room), false, 1};
    begin(false);
    out_puts(&answers, "before");
    keep_error = ENOSPC;
    ck_assert_int_eq(desk_run_line(run, &line, &answers), ENOSPC);
    ck_assert_uint_eq(answers.len, 6);
}
END_TEST

/* ---- the journal in memory ---- */

static struct json_text text(const char *cstring)
{
    return (struct json_text){cstring, strlen(cstring)};
}

static const char *answer_at(struct journal *j, const char *id, int64_t at_sec)
{
    bool found;
    answers.len = 0;
    ck_assert_int_eq(j->find(j->ctx, text(id), at_sec, &found, &answers), 0);
    out_putc(&answers, 0);
    return found ? answers.p : NULL;
}

START_TEST(desk_7_4_an_answer_is_remembered_for_keep_days)
{
    enum { DAY = 86400 };
    struct journal *j = memory_journal_new(2);
    ck_assert_int_eq(j->keep(j->ctx, 1000, text("{}"), text("a"), text("one\n")), 0);
    ck_assert_int_eq(j->keep(j->ctx, 1000, text("{}"), text(""), text("")), 0);
    ck_assert_int_eq(j->keep(j->ctx, 2000, text("{}"), (struct json_text){NULL, 0}, text("none")), 0);
    ck_assert_str_eq(answer_at(j, "a", 1000), "one\n");
    ck_assert_str_eq(answer_at(j, "a", 1000 + 2 * DAY - 1), "one\n");
    ck_assert_str_eq(answer_at(j, "", 1000 + 2 * DAY - 1), "");
    ck_assert_ptr_null(answer_at(j, "a", 1000 + 2 * DAY));
    ck_assert_ptr_null(answer_at(j, "b", 1000));
    ck_assert_int_eq(j->keep(j->ctx, 1000 + 2 * DAY, text("{}"), text("a"), text("two\n")), 0);
    ck_assert_str_eq(answer_at(j, "a", 1000 + 3 * DAY), "two\n");
    ck_assert_ptr_null(answer_at(j, "", 1000));
    memory_journal_free(j);
}
END_TEST

START_TEST(desk_7_4_of_many_each_has_its_own)
{
    char id[16], answer[16];
    struct journal *j = memory_journal_new(1);
    for (int i = 0; i < 5000; i++) {
        snprintf(id, sizeof id, "e%d", i);
        snprintf(answer, sizeof answer, "a%d", i);
        ck_assert_int_eq(j->keep(j->ctx, i * 40, text("{}"), text(id), text(answer)), 0);
    }
    for (int i = 0; i < 5000; i++) {
        snprintf(id, sizeof id, "e%d", i);
        snprintf(answer, sizeof answer, "a%d", i);
        const char *got = answer_at(j, id, 4999 * 40);
        if (4999 * 40 - i * 40 >= 86400)
            ck_assert_ptr_null(got);
        else
            ck_assert_str_eq(got, answer);
    }
    memory_journal_free(j);
}
END_TEST

START_TEST(desk_7_4_with_no_days_nothing_is_remembered)
{
    struct journal *j = memory_journal_new(0);
    ck_assert_int_eq(j->keep(j->ctx, 1000, text("{}"), text("a"), text("one\n")), 0);
    ck_assert_ptr_null(answer_at(j, "a", 1000));
    memory_journal_free(j);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("desk_run");
    TCase *t = tcase_create("desk_run");
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_loop_test(t, commands_7_a_line_is_kept_with_its_time, 0, sizeof timed / sizeof *timed);
    tcase_add_test(t, commands_7_the_real_time_is_filled_in);
    tcase_add_loop_test(t, desk_1_4_what_moved_time_is_kept, 0, sizeof errors / sizeof *errors);
    tcase_add_test(t, desk_7_4_a_known_event_id_moves_nothing);
    tcase_add_test(t, an_answer_is_taken_back_where_the_journal_fails);
    tcase_add_test(t, desk_7_4_an_answer_is_remembered_for_keep_days);
    tcase_add_test(t, desk_7_4_of_many_each_has_its_own);
    tcase_add_test(t, desk_7_4_with_no_days_nothing_is_remembered);
    suite_add_tcase(s, t);
    return run_suite(s);
}
