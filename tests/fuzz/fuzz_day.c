/*
 * Bytes that a log of events is drawn from (tests/gen), for one of a few random policies: a desk answers each
 * event as the slow desk of tests/oracle does, and so does a desk that was saved and loaded under way.
 *
 * The first byte says which policy. They are compiled once; what differs is complained of, and that ends the
 * program.
 */
#include "../desk/random_desk.h"
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

enum { POLICIES = 24, EVENTS_MAX = 120 };

/* ---- the policies ---- */

struct drawn {
    struct run run;
    struct g_log log; /* with nothing said yet */
    const struct shunt_table *table;
};

/* Never closed. */
static const struct drawn *drawn_policy(uint8_t number)
{
    static struct drawn all[POLICIES];
    struct drawn *d = &all[number % POLICIES];
    if (d->table) return d;
    run_begin(&d->run, number % POLICIES + 1);
    log_init(&d->log, &d->run.pool, d->run.seed);
    d->run.d = d->log.d;
    run_write_policy(&d->run);
    struct str bytes = run_compile(&d->run, "policy.yaml");
    if (!bytes.p || shunt_table_open(bytes.p, bytes.len, NULL, &d->table, NULL) != SHUNT_OK) abort();
    run_leave(&d->run);
    return d;
}

/* ---- a day ---- */

struct day {
    struct run run; /* of this input alone: its pool reads the tape */
    struct g_log log;
    struct shunt_desk *desk;
    struct shunt_ticket *ticket;
    struct oracle_desk *oracle;
};

static void begin(struct day *x, const struct drawn *d, struct tape *tape)
{
    struct gen_pool *pool = &x->run.pool;
    pool->tape = tape;
    x->log = d->log;
    x->log.g.pool = x->log.spelling.pool = x->log.d.tickets.pool = x->log.d.spelling.pool = pool;
    x->run.seed = d->run.seed;
    x->run.d = x->log.d;
    struct shunt_desk_options o = {
        .seed = x->log.seed, .keep_days = (uint32_t)x->log.keep_days, .figures = x->run.seed % 2};
    if (shunt_desk_new(d->table, &o, NULL, &x->desk) || shunt_ticket_new(d->table, NULL, &x->ticket)) abort();
    shunt_ticket_record(x->ticket, true);
    x->oracle = oracle_desk(&x->log.spelling, x->log.d.policy, x->log.seed, x->log.keep_days);
}

static void save_and_load(struct day *x)
{
    void *bytes;
    size_t len;
    struct shunt_desk *again;
    const char *reason;
    if (shunt_desk_save(x->desk, NULL, &bytes, &len) != SHUNT_OK) abort();
    if (shunt_desk_load(shunt_desk_table(x->desk), bytes, len, NULL, &again, &reason) != SHUNT_OK) abort();
    free(bytes);
    shunt_desk_free(x->desk);
    x->desk = again;
}

static void send(struct day *x)
{
    const struct g_event *e = log_event(&x->log);
    struct oracle_reply expected = oracle_desk_event(x->oracle, e);
    if (expected.repeated || e->wrong == WRONG_LINE) return; /* the program's part */
    struct desk_answer got = desk_send(&x->run, x->desk, x->ticket, e);
    compare_texts(&x->run, "due before it", expected.due, got.due);
    compare_texts(&x->run, "answer", expected.own, got.own);
    if (expected.error != got.error || got.late) complain(&x->run, "refused, or late");
    if (x->log.count % 16 == 0) save_and_load(x);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    if (len < 2) return 0;
    struct day x = {0};
    struct tape tape = {bytes + 1, len - 1, 0};
    begin(&x, drawn_policy(bytes[0]), &tape);
    while (tape.at < tape.len && x.log.count < EVENTS_MAX && !x.run.complaints) send(&x);
    if (x.run.complaints) abort();
    shunt_ticket_free(x.ticket);
    shunt_desk_free(x.desk);
    gen_free(&x.run.pool);
    return 0;
}
