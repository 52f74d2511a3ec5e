/*
 * Random logs for random policies: the library's desk against the slow desk of tests/oracle.
 *
 * SHUNT_RANDOM_SEEDS seeds from SHUNT_RANDOM_FIRST (1) on, until SHUNT_RANDOM_BAD (10) of them differ;
 * SHUNT_RANDOM_EVENTS events each. A second desk is watched, saved and loaded now and then, runs out of
 * memory in the middle of an event, which is then sent again (commands.md 12), and must answer as the first.
 * Where SHUNT names the program, `shunt route` is asked too, with every tenth seed. What differs is printed
 * with the seed, and its files are kept.
 */
#include "random_desk.h"
#include "run_suite.h"
#include "../unit/failing.h"

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
    struct failing memory; /* the other's */
    struct shunt_ticket *ticket;
    struct oracle_desk *oracle;
    struct g_log log;
    struct gen dice;
    struct out lines, answers; /* for the program */
    bool versions;             /* the policy changes under way */
    bool differs;
};

/* ---- the comparison of one event ---- */

/* One line of what differs is enough. */
static void differ(struct pair *p, const char *what, const char *event, const char *expected, const char *got)
{
    while (*expected && *got) {
        size_t a = strcspn(expected, "\n"), b = strcspn(got, "\n");
        if (a != b || memcmp(expected, got, a) != 0) break;
        expected += a + (expected[a] != 0);
        got += b + (got[b] != 0);
    }
    p->differs = true;
    complain(p->r, "%s, line %d:\n    event    %.*s\n    expected %.*s\n    got      %.*s", what,
             p->log.count, (int)strcspn(event, "\n"), event, (int)strcspn(expected, "\n"), expected,
             (int)strcspn(got, "\n"), got);
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
    if (got->no_memory) differ(p, "answer", event, expected->own, "no memory");
}

static void compare_other(struct pair *p, const char *event, const struct desk_answer *plain,
                          const struct desk_answer *other)
{
    if (strcmp(plain->due, other->due) != 0) differ(p, "loaded, due", event, plain->due, other->due);
    if (strcmp(plain->own, other->own) != 0) differ(p, "loaded, answer", event, plain->own, other->own);
    if (plain->error != other->error) differ(p, "loaded", event, "?", "another status");
    if (plain->due_sec != other->due_sec) differ(p, "loaded, shunt_desk_due", event, "one time", "another");
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
    struct shunt_hooks hooks = failing_hooks(&p->memory);
    enum shunt_status status = shunt_desk_load(p->table, a.bytes, a.len, &hooks, &again, &reason);
    if (status)
        differ(p, shunt_status_text(status), "\n", "loads", reason);
    else
        shunt_desk_free(p->other), p->other = again;
    free(a.bytes);
    free(b.bytes);
}

/* Whatever has been done when memory runs out is undone: the event comes again, and again. */
static struct desk_answer send_other(struct pair *p, const struct g_event *e)
{
    struct desk_answer answer;
    do {
        p->memory.left = rng_chance(&p->dice, 70) ? UINT64_MAX : (uint64_t)rng_below(&p->dice, 24);
        answer = desk_send(p->r, p->other, p->ticket, e);
    } while (answer.no_memory);
    p->memory.left = UINT64_MAX;
    return answer;
}

static void look_on(void *ctx, const struct shunt_attempt *attempt)
{
    struct pair *p = ctx;
    if (attempt->at_sec < p->log.start - 400000) p->differs = true; /* reads it */
}

/* desk.md 9, for somebody. */
static void look(struct pair *p)
{
    const struct g_policy *policy = p->log.d.policy;
    enum oracle_view view = (enum oracle_view)rng_below(&p->dice, 4);
    const char *by =
        rng_chance(&p->dice, 80) ? policy->agents.at[rng_below(&p->dice, policy->agents.count)].id : NULL;
    bool with_closed = rng_chance(&p->dice, 50), has_time = shunt_desk_time(p->plain, &(int64_t){0});
    if (!has_time) return;
    const char *expected = oracle_desk_view(p->oracle, view, by, with_closed),
               *got = desk_view(p->r, p->plain, view, by, with_closed);
    if (strcmp(expected, got) != 0)
        differ(p, "a view", gen_format(&p->dice, "view %d of %s", view, by ? by : "all"), expected, got);
}

static void disturb(struct pair *p)
{
    if (rng_chance(&p->dice, 5)) look(p);
    if (rng_chance(&p->dice, 4) && !getenv("SHUNT_RANDOM_UNSAVED")) load(p);
    if (rng_chance(&p->dice, 10)) shunt_desk_watch(p->other, rng_chance(&p->dice, 60) ? look_on : NULL, p);
}

/* ---- the next version of the policy ---- */

static struct shunt_desk *replace(struct pair *p, struct shunt_desk *old, const struct shunt_table *table,
                                  const char **lines)
{
    struct shunt_desk *next = NULL;
    enum shunt_status status = desk_replace(p->r, old, table, &next, lines);
    if (status) differ(p, "replacing", "\n", "ok", shunt_status_text(status));
    shunt_desk_free(old);
    return next;
}

static void next_version(struct pair *p)
{
    const char *name = gen_format(&p->dice, "next-%d.yaml", p->log.count), *one, *two;
    const struct shunt_table *table, *old = p->table;
    log_next_policy(&p->log);
    p->r->d.policy = p->log.d.policy;
    run_write(p->r, name, p->log.d.yaml, strlen(p->log.d.yaml));
    struct str bytes = run_compile(p->r, name);
    p->differs |= !bytes.p || shunt_table_open(bytes.p, bytes.len, NULL, &table, NULL);
    if (p->differs) return;
    const char *expected = oracle_desk_replace(p->oracle, p->log.d.policy);
    p->plain = replace(p, p->plain, table, &one);
    p->other = replace(p, p->other, table, &two);
    if (strcmp(expected, one) != 0) differ(p, "the next version", name, expected, one);
    if (strcmp(one, two) != 0) differ(p, "the next version, loaded", name, one, two);
    shunt_ticket_free(p->ticket);
    p->differs |= shunt_ticket_new(table, NULL, &p->ticket) != SHUNT_OK;
    if (!p->differs) shunt_ticket_record(p->ticket, true);
    shunt_table_close(old);
    p->table = table;
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
    struct desk_answer other = send_other(p, e);
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
    struct shunt_hooks hooks = failing_hooks(&p->memory);
    if (!status) status = shunt_desk_new(p->table, &o, &hooks, &p->other);
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
    if (p->memory.bytes) complain(p->r, "the other desk keeps %d bytes", (int)p->memory.bytes);
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
    if (!program || p->versions || r->seed % 10 || r->complaints) return;
    const char *command =
        gen_format(g, "'%s' route --virtual-time --seed %llu --keep %d '%s' '%s' >'%s' 2>/dev/null", program,
                   (unsigned long long)p->log.seed, p->log.keep_days, run_path(r, "policy.yaml"),
                   run_path(r, "log.ndjson"), run_path(r, "got"));
    if (system(command) == -1) complain(r, "%s: cannot be run", command);
    compare_texts(r, "shunt route", sb_text(&p->answers), without_messages(g, run_read(r, "got")));
}

static void run_log(struct run *r, uint64_t seed, int events, bool versions)
{
    struct pair *p = gen_alloc(&(struct gen){&r->pool, 0}, sizeof *p);
    *p = (struct pair){
        .r = r, .versions = versions, .memory.left = UINT64_MAX, .dice = {&r->pool, seed * 8 + 5}};
    p->lines.g = p->answers.g = &p->dice;
    log_init(&p->log, &r->pool, seed);
    r->d = p->log.d;
    r->desk = true;
    run_write_policy(r);
    struct str table = run_compile(r, "policy.yaml");
    if (!table.p || !begin(p, table)) return;
    while (p->log.count < events && !p->differs) {
        send(p);
        if (versions && !p->differs && rng_chance(&p->dice, 2)) next_version(p);
    }
    run_write(r, "log.ndjson", sb_text(&p->lines), p->lines.len);
    run_write(r, "expected", sb_text(&p->answers), p->answers.len);
    ask_program(p);
    end(p);
}

static void for_seeds(uint64_t seeds, bool versions)
{
    uint64_t first = number("SHUNT_RANDOM_FIRST", 1), count = number("SHUNT_RANDOM_SEEDS", seeds),
             most = number("SHUNT_RANDOM_BAD", 10), bad = 0;
    for (uint64_t seed = first; seed < first + count && bad < most; seed++) {
        struct run r;
        run_begin(&r, seed);
        run_log(&r, seed, (int)number("SHUNT_RANDOM_EVENTS", EVENTS), versions);
        bad += r.complaints > 0;
        run_close(&r);
    }
    ck_assert_msg(bad == 0, "%d seeds differ", (int)bad);
}

START_TEST(desk_1_to_7_a_random_log_is_answered_as_the_oracle_says)
{
    for_seeds(SEEDS, false);
}
END_TEST

START_TEST(desk_4_4_next_versions_under_way_are_taken_up_as_the_oracle_says)
{
    for_seeds(SEEDS / 2, true);
}
END_TEST

/* CK_RUN_CASE=versions runs one of them alone. */
static void add(Suite *s, const char *name, const TTest *test)
{
    TCase *t = tcase_create(name);
    tcase_set_timeout(t, 0);
    tcase_add_test(t, test);
    suite_add_tcase(s, t);
}

int main(void)
{
    Suite *s = suite_create("random_desk");
    add(s, "log", desk_1_to_7_a_random_log_is_answered_as_the_oracle_says);
    add(s, "versions", desk_4_4_next_versions_under_way_are_taken_up_as_the_oracle_says);
    return run_suite(s);
}
