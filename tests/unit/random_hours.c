/*
 * The hours of a random policy: the table's answers against the oracle's.
 */
#include "../../runtime/shunt.h"
#include "../oracle/oracle.h"
#include "random_run.h"

#include <string.h>

struct asked {
    struct run *r;
    const struct shunt_table *t;
    uint32_t id; /* in the table */
    int hours;   /* in the drawn policy */
};

static void check_open(struct asked *q, int64_t at)
{
    bool expected = oracle_open(q->r->d.policy, q->hours, at);
    if (shunt_hours_open(q->t, q->id, at) != expected)
        complain(q->r, "hours \"%s\" at %lld: the oracle says %s", q->r->d.policy->hours.at[q->hours].name,
                 (long long)at, expected ? "open" : "closed");
}

/* 6.4: at the next change the state is the wanted one, and nowhere before it: at its eve and at some instants
 * between. */
static void check_next(struct asked *q, int64_t at, bool open)
{
    int64_t next = at + 800 * 86400 + 1;
    bool found = open ? shunt_hours_next_opening(q->t, q->id, at, &next)
                      : shunt_hours_next_closing(q->t, q->id, at, &next);
    const char *name = q->r->d.policy->hours.at[q->hours].name, *what = open ? "opening" : "closing";
    if (found &&
        (next <= at || next > at + 800 * 86400 || oracle_open(q->r->d.policy, q->hours, next) != open))
        complain(q->r, "hours \"%s\" after %lld: no %s at %lld", name, (long long)at, what, (long long)next);
    for (int i = 0; i < 12 && next > at + 1; i++) {
        int64_t between = i == 0 ? next - 1
                          : i == 1
                              ? at + 1
                              : at + 1 + (int64_t)(rng_next(&q->r->d.tickets) % (uint64_t)(next - at - 1));
        if (oracle_open(q->r->d.policy, q->hours, between) != open) continue;
        complain(q->r, "hours \"%s\" after %lld: the %s at %lld is missed, %lld is said", name, (long long)at,
                 what, (long long)between, found ? (long long)next : -1LL);
        return;
    }
}

/* Minute by minute: since 1973 every offset of the drawn zones is of whole minutes. */
static void check_seconds(struct asked *q, int64_t at)
{
    int64_t from = at - ((at % 60) + 60) % 60, to = from + 60 * rng_between(&q->r->d.tickets, 0, 2000),
            expected = 0;
    for (int64_t t = from; t < to; t += 60) expected += 60 * oracle_open(q->r->d.policy, q->hours, t);
    int64_t got = shunt_hours_seconds(q->t, q->id, from, to);
    if (got != expected)
        complain(q->r, "hours \"%s\" from %lld to %lld: open for %lld s, not %lld",
                 q->r->d.policy->hours.at[q->hours].name, (long long)from, (long long)to, (long long)expected,
                 (long long)got);
}

/* Of centuries: as many as of their pieces, which are walked through. */
static void check_centuries(struct asked *q, int64_t from)
{
    int64_t to = from + (int64_t)rng_between(&q->r->d.tickets, 100, 1800) * 365 * 86400, expected = 0;
    enum { PIECE_SEC = 3000 * 86400 };
    if (to > SHUNT_TIME_MAX) return;
    for (int64_t t = from; t < to; t += PIECE_SEC)
        expected += shunt_hours_seconds(q->t, q->id, t, t + PIECE_SEC < to ? t + PIECE_SEC : to);
    int64_t got = shunt_hours_seconds(q->t, q->id, from, to);
    if (got != expected)
        complain(q->r, "hours \"%s\" from %lld to %lld: open for %lld s, its pieces for %lld",
                 q->r->d.policy->hours.at[q->hours].name, (long long)from, (long long)to, (long long)got,
                 (long long)expected);
}

void run_hours(struct run *r, struct str table, int count)
{
    const struct shunt_table *t;
    if (shunt_table_open(table.p, table.len, NULL, &t, NULL)) {
        complain(r, "the table does not open");
        return;
    }
    for (int h = 0; h < r->d.policy->hours.count; h++) {
        const char *name = r->d.policy->hours.at[h].name;
        struct asked q = {r, t, shunt_hours_find(t, name, strlen(name)), h};
        if (q.id == SHUNT_NONE) continue; /* hours that nothing uses need not be in the table */
        for (int i = 0; i < count; i++) {
            int64_t at = gen_instant(&r->d.tickets, r->d.policy, h);
            check_open(&q, at);
            if (i % 5 == 0) check_next(&q, at, i % 2 == 0);
            if (i % 15 == 0 && at > 100000000) check_seconds(&q, at);
            if (i == 0 && rng_chance(&r->d.tickets, 20)) check_centuries(&q, at);
        }
    }
    shunt_table_close(t);
}
