/*
 * Random logs for random policies: the library's desk against the slow desk of tests/oracle.
 *
 * SHUNT_RANDOM_SEEDS seeds from SHUNT_RANDOM_FIRST (1) on, until SHUNT_RANDOM_BAD (10) of them differ;
 * SHUNT_RANDOM_EVENTS events each. A second desk is watched, saved and loaded now and then, and must answer
 * as the first. Where SHUNT names the program, `shunt route` is asked too, with every tenth seed. What
 * differs is printed with the seed, and its files are kept.
 */
#include "random_desk.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
#ifdef __SANITIZE_ADDRESS__
    SEEDS = 40,
#else
    SEEDS = 150,
#endif
    EVENTS = 400
};

static uint64_t number(const char *name, uint64_t otherwise)
{
    const char *s = getenv(name);
    return s && *s ? strtoull(s, NULL, 10) : otherwise;
}

struct pair {
    struct run *r;
    const struct shunt_table *table;
    struct shunt_desk *plain, *other;
    struct shunt_ticket *ticket;
    struct oracle_desk *oracle;
    struct g_log log;
    struct gen dice;
    struct out lines, answers; /* for the program */
    bool differs;
};

/* ---- the comparison of one event ---- */

static void differ(struct pair *p, const char *what, const char *event, const char *expected, const char *got)
{
    p->differs = true;
    complain(p->r, "%s, line %d:\n    event    %s    expected %s\n    got      %s", what, p->log.count, event,
             expected, got);
}

static void compare(struct pair *p, const char *event, const struct oracle_reply *expected,
                    const struct desk_answer *got)
{
    if (strcmp(expected->due, got->due) != 0) differ(p, "due before it", event, expected->due, got->due);
    if (strcmp(expected->own, got->own) != 0) differ(p, "answer", event, expected->own, got->own);
    if (expected->error != got->error)
        differ(p, "error", event, expected->error ? "refused" : "accepted",
               got->error ? "refused" : "accepted");
    if (got->late) differ(p, "shunt_desk_due", event, "nothing before it", got->due);
}

static void compare_other(struct pair *p, const char *event, const struct desk_answer *plain,
                          const struct desk_answer *other)
{
    if (strcmp(plain->due, other->due) != 0) differ(p, "loaded, due", event, plain->due, other->due);
    if (strcmp(plain->own, other->own) != 0) differ(p, "loaded, answer", event, plain->own, other->own);
    if (plain->error != other->error) differ(p, "loaded", event, "?", "another status");
}

/* ---- the second desk ---- */

struct saved {
    void *bytes;
    size_t len;
};

static struct saved save(struct pair *p, const struct shunt_desk *desk)
{
    struct saved s = {0};
    enum shunt_status status = shunt_desk_save(desk, NULL, &s.bytes, &s.len);
    if (status) differ(p, "saving", "\n", "ok", shunt_status_text(status));
    return s;
}

/* The other desk begins again from what the plain one saves; what they save must be the same. */
static void load(struct pair *p)
{
    struct shunt_desk *again = NULL;
    const char *reason = "";
    struct saved a = save(p, p->plain), b = save(p, p->other);
    if (a.len != b.len || memcmp(a.bytes, b.bytes, a.len) != 0)
        differ(p, "saving", "\n", "the same bytes", "others");
    enum shunt_status status = shunt_desk_load(p->table, a.bytes, a.len, NULL, &again, &reason);
    if (status)
        differ(p, shunt_status_text(status), "\n", "loads", reason);
    else
        shunt_desk_free(p->other), p->other = again;
    free(a.bytes);
    free(b.bytes);
}

static void look_on(void *ctx, const struct shunt_attempt *attempt)
{
    struct pair *p = ctx;
    if (attempt->at_sec < p->log.start - 400000) p->differs = true; /* reads it */
}

static void disturb(struct pair *p)
{
    if (rng_chance(&p->dice, 4) && !getenv("SHUNT_RANDOM_UNSAVED")) load(p);
    if (rng_chance(&p->dice, 10)) shunt_desk_watch(p->other, rng_chance(&p->dice, 60) ? look_on : NULL, p);
}

/* ---- one log ---- */

static void send(struct pair *p)
{
    const struct g_event *e = log_event(&p->log);
    const char *line = write_event(&p->log, e);
    struct oracle_reply expected = oracle_desk_event(p->oracle, e);
    sb_puts(&p->lines, line);
    sb_puts(&p->answers, expected.due);
    sb_puts(&p->answers, expected.own);
    if (expected.error) sb_printf(&p->answers, "error %d\n", p->log.count);
    if (expected.repeated || e->wrong == WRONG_LINE) return; /* the program's part */
    struct desk_answer plain = desk_send(p->r, p->plain, p->ticket, e);
    compare(p, line, &expected, &plain);
    struct desk_answer other = desk_send(p->r, p->other, p->ticket, e);
    compare_other(p, line, &plain, &other);
    disturb(p);
}

static bool begin(struct pair *p, struct str table)
{
    struct shunt_desk_options o = {
        .seed = p->log.seed, .keep_days = (uint32_t)p->log.keep_days, .figures = p->r->seed % 2};
    enum shunt_status status = shunt_table_open(table.p, table.len, NULL, &p->table, NULL);
    if (!status) status = shunt_ticket_new(p->table, NULL, &p->ticket);
    if (!status) status = shunt_desk_new(p->table, &o, NULL, &p->plain);
    if (!status) status = shunt_desk_new(p->table, &o, NULL, &p->other);
    if (status) {
        complain(p->r, "no desk: %s", shunt_status_text(status));
        return false;
    }
    shunt_ticket_record(p->ticket, true);
    p->oracle = oracle_desk(&p->dice, p->log.d.policy, p->log.seed, p->log.keep_days);
    return true;
}

static void end(struct pair *p)
{
    shunt_desk_free(p->plain);
    shunt_desk_free(p->other);
    shunt_ticket_free(p->ticket);
    shunt_table_close(p->table);
}

/* ---- the program ---- */

/* An error line is compared by its number alone. */
static char *without_messages(struct gen *g, const char *text)
{
    static const char error[] = "{\"error\":{\"line\":";
    struct out o = {.g = g};
    for (size_t len; *text; text += len + (text[len] != 0)) {
        len = strcspn(text, "\n");
        if (!strncmp(text, error, sizeof error - 1))
            sb_printf(&o, "error %d", atoi(text + sizeof error - 1));
        else
            sb_bytes(&o, text, len);
        sb_putc(&o, '\n');
    }
    return sb_text(&o);
}

static void ask_program(struct pair *p)
{
    const char *program = getenv("SHUNT");
    struct run *r = p->r;
    struct gen *g = &p->dice;
    if (!program || r->seed % 10 || r->complaints) return;
    const char *command =
        gen_format(g, "'%s' route --virtual-time --seed %llu --keep %d '%s' '%s' >'%s' 2>/dev/null", program,
                   (unsigned long long)p->log.seed, p->log.keep_days, run_path(r, "policy.yaml"),
                   run_path(r, "log.ndjson"), run_path(r, "got"));
    if (system(command) == -1) complain(r, "%s: cannot be run", command);
    compare_texts(r, "shunt route", sb_text(&p->answers), without_messages(g, run_read(r, "got")));
}

static void run_log(struct run *r, uint64_t seed, int events)
{
    struct pair *p = gen_alloc(&(struct gen){&r->pool, 0}, sizeof *p);
    *p = (struct pair){.r = r, .dice = {&r->pool, seed * 8 + 5}};
    p->lines.g = p->answers.g = &p->dice;
    log_init(&p->log, &r->pool, seed);
    r->d = p->log.d;
    r->desk = true;
    run_write_policy(r);
    struct str table = run_compile(r, "policy.yaml");
    if (!table.p || !begin(p, table)) return;
    while (p->log.count < events && !p->differs) send(p);
    run_write(r, "log.ndjson", sb_text(&p->lines), p->lines.len);
    run_write(r, "expected", sb_text(&p->answers), p->answers.len);
    ask_program(p);
    end(p);
}

START_TEST(desk_1_to_7_a_random_log_is_answered_as_the_oracle_says)
{
    uint64_t first = number("SHUNT_RANDOM_FIRST", 1), count = number("SHUNT_RANDOM_SEEDS", SEEDS),
             most = number("SHUNT_RANDOM_BAD", 10), bad = 0;
    for (uint64_t seed = first; seed < first + count && bad < most; seed++) {
        struct run r;
        run_begin(&r, seed);
        run_log(&r, seed, (int)number("SHUNT_RANDOM_EVENTS", EVENTS));
        bad += r.complaints > 0;
        run_close(&r);
    }
    ck_assert_msg(bad == 0, "%d seeds differ", (int)bad);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("random_desk");
    TCase *t = tcase_create("library");
    tcase_set_timeout(t, 0);
    tcase_add_test(t, desk_1_to_7_a_random_log_is_answered_as_the_oracle_says);
    suite_add_tcase(s, t);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
