/*
 * Random logs for random policies that are replaced now and then (desk.md 4.4).
 *
 * The same policy again must come to what a drain comes to, byte for byte. Another seed's policy takes away
 * and renames whatever it likes, and then the first one comes back: the desk must go on, and must be what its
 * saved bytes say. SHUNT_RANDOM_SEEDS seeds from SHUNT_RANDOM_FIRST (1) on.
 */
#include "random_desk.h"
#include "run_suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
#ifdef __SANITIZE_ADDRESS__
    SEEDS = 20,
#else
    SEEDS = 80,
#endif
    EVENTS = 250,
    SAID_LEN = 1 << 16
};

static uint64_t number(const char *name, uint64_t otherwise)
{
    const char *s = getenv(name);
    return s && *s ? strtoull(s, NULL, 10) : otherwise;
}

/* One policy and its table. */
struct side {
    struct run r;
    struct g_log log;
    const struct shunt_table *table;
};

static void side_open(struct side *s, uint64_t seed)
{
    run_begin(&s->r, seed);
    log_init(&s->log, &s->r.pool, seed);
    s->r.d = s->log.d;
    s->r.desk = true;
    run_write_policy(&s->r);
    struct str table = run_compile(&s->r, "policy.yaml");
    ck_assert_int_eq(shunt_table_open(table.p, table.len, NULL, &s->table, NULL), SHUNT_OK);
}

static void side_close(struct side *s)
{
    shunt_table_close(s->table);
    run_close(&s->r);
}

/* ---- saved bytes ---- */

struct saved {
    void *bytes;
    size_t len;
};

static struct saved save(const struct shunt_desk *d)
{
    struct saved s;
    ck_assert_int_eq(shunt_desk_save(d, NULL, &s.bytes, &s.len), SHUNT_OK);
    return s;
}

/* A desk made of another's saved bytes, which are freed. */
static struct shunt_desk *load(const struct shunt_table *t, struct saved s)
{
    struct shunt_desk *d;
    const char *reason;
    enum shunt_status status = shunt_desk_load(t, s.bytes, s.len, NULL, &d, &reason);
    ck_assert_msg(status == SHUNT_OK, "%s", reason);
    free(s.bytes);
    return d;
}

/* Whether two desks are the same; counts as they were before the change are figures' own. */
static void is_same(struct run *r, const struct shunt_desk *a, const struct shunt_desk *b, const char *what)
{
    struct saved x = save(a), y = save(b);
    if (x.len != y.len || memcmp(x.bytes, y.bytes, x.len) != 0) complain(r, "%s: other bytes", what);
    free(x.bytes);
    free(y.bytes);
}

/* ---- the same policy again ---- */

static void say(void *ctx, const struct shunt_desk_decision *d)
{
    char *said = ctx;
    size_t len = strlen(said);
    snprintf(said + len, SAID_LEN - len, "%.*s %d %d %u %u %d\n", (int)d->ticket.len, d->ticket.bytes,
             (int)d->status, (int)d->why, d->team, d->agent, (int)d->agent_count);
}

/* ---- another policy, and back ---- */

static struct shunt_desk *replace(struct run *r, struct shunt_desk *d, const struct shunt_table *t)
{
    struct shunt_desk *next;
    ck_assert_int_eq(shunt_desk_replace(d, t, NULL, &next), SHUNT_OK);
    shunt_desk_free(d);
    struct shunt_desk *copy = load(t, save(next));
    is_same(r, next, copy, "replaced, loaded");
    shunt_desk_free(next);
    return copy;
}

static void again(struct run *r, const struct shunt_desk *d)
{
    static const size_t flags_off = 36; /* docs/DESK-FORMAT.md; 2: switched off */
    char *replaced = calloc(2, SAID_LEN), *drained = replaced + SAID_LEN;
    struct shunt_sink to_replaced = {say, replaced}, to_drained = {say, drained};
    struct shunt_desk *next;
    const struct shunt_table *t = shunt_desk_table(d);
    ck_assert_int_eq(shunt_desk_replace(d, t, &to_replaced, &next), SHUNT_OK);
    struct saved s = save(d);
    bool off = ((const uint8_t *)s.bytes)[flags_off] & 2;
    struct shunt_event drain = {.kind = SHUNT_EVENT_AUTO, .on = !off}; /* as it is: nothing but a drain */
    struct shunt_desk *copy = load(t, s);
    ck_assert_int_eq(shunt_desk_event(copy, &drain, &to_drained, NULL), SHUNT_OK);
    compare_texts(r, "the same policy again", drained, replaced);
    copy = replace(r, copy, t); /* names that nothing has any more are dropped by it */
    is_same(r, copy, next, "the same policy again");
    shunt_desk_free(copy);
    shunt_desk_free(next);
    free(replaced);
}

static struct shunt_desk *there_and_back(struct side *s, const struct side *other, struct shunt_desk *d)
{
    struct shunt_event tick = {.kind = SHUNT_EVENT_TICK};
    d = replace(&s->r, d, other->table);
    ck_assert_int_eq(shunt_desk_event(d, &tick, NULL, NULL), SHUNT_OK);
    return replace(&s->r, d, s->table);
}

/* ---- one log ---- */

static bool run_log(uint64_t seed)
{
    struct side s, other;
    struct shunt_ticket *ticket;
    struct shunt_desk *d;
    side_open(&other, seed + 1000000);
    side_open(&s, seed); /* the last: its zone is the one that times are drawn for */
    struct shunt_desk_options o = {.seed = s.log.seed, .keep_days = (uint32_t)s.log.keep_days};
    ck_assert_int_eq(shunt_ticket_new(s.table, NULL, &ticket), SHUNT_OK);
    ck_assert_int_eq(shunt_desk_new(s.table, &o, NULL, &d), SHUNT_OK);
    shunt_ticket_record(ticket, true);
    struct gen dice = {&s.r.pool, seed * 8 + 5};
    for (int i = 0; i < EVENTS && !s.r.complaints; i++) {
        const struct g_event *e = log_event(&s.log);
        int64_t now;
        if (e->wrong != WRONG_LINE) desk_send(&s.r, d, ticket, e);
        if (!shunt_desk_time(d, &now)) continue;
        if (rng_chance(&dice, 5)) again(&s.r, d);
        if (rng_chance(&dice, 4)) d = there_and_back(&s, &other, d);
    }
    bool fine = s.r.complaints == 0;
    shunt_desk_free(d);
    shunt_ticket_free(ticket);
    side_close(&s);
    side_close(&other);
    return fine;
}

START_TEST(desk_4_4_a_random_log_goes_on_under_other_policies)
{
    uint64_t first = number("SHUNT_RANDOM_FIRST", 1), count = number("SHUNT_RANDOM_SEEDS", SEEDS), bad = 0;
    for (uint64_t seed = first; seed < first + count; seed++) bad += !run_log(seed);
    ck_assert_msg(bad == 0, "%d seeds differ", (int)bad);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("random_replace");
    TCase *t = tcase_create("library");
    tcase_set_timeout(t, 0);
    tcase_add_test(t, desk_4_4_a_random_log_goes_on_under_other_policies);
    suite_add_tcase(s, t);
    return run_suite(s);
}
