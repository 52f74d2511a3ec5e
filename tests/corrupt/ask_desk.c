/* A table to a random day at its desk: see ask_desk.h. */
#include "ask_desk.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

struct day {
    const struct shunt_table *t;
    struct shunt_desk *desk;
    struct shunt_ticket *carried;
    ask_draw *draw;
    ask_carry *carry;
    uint64_t *r;
    uint32_t sum;
    int64_t at_sec;
};

static uint32_t touch(struct shunt_string s)
{
    uint32_t sum = 0;
    for (size_t i = 0; s.bytes && i < s.len; i++) sum += (unsigned char)s.bytes[i];
    return sum;
}

static void read_decision(void *ctx, const struct shunt_desk_decision *d)
{
    struct day *x = ctx;
    x->sum += touch(d->ticket) + touch(d->rule) + touch(d->device) + d->priority + d->step;
    if (d->team != SHUNT_NONE) ck_assert_uint_lt(d->team, shunt_team_count(x->t));
    if (d->agent != SHUNT_NONE) ck_assert_uint_lt(d->agent, shunt_agent_count(x->t));
    for (size_t i = 0; i < d->agent_count; i++) {
        ck_assert_uint_lt(d->agents[i], shunt_agent_count(x->t));
        x->sum += touch(d->devices[i]);
    }
    for (size_t i = 0; i < d->add_count; i++) x->sum += touch(d->add[i]);
}

static void read_attempt(void *ctx, const struct shunt_attempt *a)
{
    struct day *x = ctx;
    for (size_t i = 0; i < a->member_count; i++) {
        ck_assert_uint_lt(a->members[i].agent, shunt_agent_count(x->t));
        x->sum += a->members[i].rank + a->members[i].turn;
    }
}

static struct shunt_string some_agent(struct day *x)
{
    return shunt_agent_name(x->t, x->draw(x->r, shunt_agent_count(x->t)));
}

static struct shunt_string some_team(struct day *x)
{
    return shunt_team_name(x->t, x->draw(x->r, shunt_team_count(x->t)));
}

static void event(struct day *x, enum shunt_event_kind kind)
{
    static const char *const ids[] = {"A", "B", "C", "D", "E"};
    struct shunt_sink sink = {read_decision, x};
    struct shunt_string id = {ids[x->draw(x->r, 5)], 1};
    bool to_team = x->draw(x->r, 2), needs_agent = kind != SHUNT_EVENT_ASSIGN || !to_team;
    struct shunt_event e = {
        .kind = kind, .has_at = true, .at_sec = x->at_sec, .tickets = &id, .ticket_count = 1};
    if (needs_agent) e.agent = some_agent(x);
    if (kind == SHUNT_EVENT_ASSIGN && to_team) e.team = some_team(x);
    if (kind == SHUNT_EVENT_TICKET || kind == SHUNT_EVENT_UPDATE) {
        shunt_ticket_reset(x->carried);
        x->carry(x->t, x->carried, x->r);
        e.carried = x->carried;
    }
    e.on = to_team;
    enum shunt_status s = shunt_desk_event(x->desk, &e, &sink, NULL);
    /* A forged table's names may hold U+0000, which no event can say. */
    ck_assert_msg(s == SHUNT_OK || s == SHUNT_REFUSED || s == SHUNT_BAD_TEXT, "%s", shunt_status_text(s));
    int64_t due;
    if (s != SHUNT_BAD_TEXT && shunt_desk_due(x->desk, &due)) ck_assert_int_gt(due, x->at_sec);
}

/* Minutes, hours, and now and then days go by. */
static void go_on(struct day *x)
{
    static const int64_t steps[] = {0, 60, 3600, 8 * 3600, 3 * 86400};
    x->at_sec += steps[x->draw(x->r, 5)];
    if (x->at_sec > SHUNT_TIME_MAX) x->at_sec = SHUNT_TIME_MAX;
}

static void some_events(struct day *x, int count)
{
    for (uint32_t i = 0; i < shunt_agent_count(x->t); i++) event(x, SHUNT_EVENT_ONLINE);
    for (int i = 0; i < count; i++) {
        event(x, i % 3 ? (enum shunt_event_kind)x->draw(x->r, SHUNT_EVENT_TICK + 1) : SHUNT_EVENT_TICKET);
        go_on(x);
    }
}

static void save_and_load(struct day *x)
{
    void *bytes;
    size_t len;
    struct shunt_desk *again;
    ck_assert_int_eq(shunt_desk_save(x->desk, NULL, &bytes, &len), SHUNT_OK);
    const char *reason = "";
    enum shunt_status s = shunt_desk_load(x->t, bytes, len, NULL, &again, &reason);
    ck_assert_msg(s == SHUNT_OK, "a saved desk does not load: %s", reason);
    free(bytes);
    shunt_desk_free(x->desk);
    x->desk = again;
}

static void replace(struct day *x)
{
    struct shunt_sink sink = {read_decision, x};
    struct shunt_desk *next;
    ck_assert_int_eq(shunt_desk_replace(x->desk, x->t, &sink, &next), SHUNT_OK);
    shunt_desk_free(x->desk);
    x->desk = next;
}

uint32_t ask_desk(const struct shunt_table *t, ask_draw *draw, ask_carry *carry, uint64_t *r)
{
    struct shunt_desk_options options = {.keep_days = 1, .seed = 1, .figures = true};
    struct day x = {.t = t, .draw = draw, .carry = carry, .r = r};
    if (shunt_agent_count(t) == 0 || shunt_team_count(t) == 0) return 0;
    x.at_sec = INT64_C(1767225600) + draw(r, 86400 * 365);
    ck_assert_int_eq(shunt_desk_new(t, &options, NULL, &x.desk), SHUNT_OK);
    ck_assert_int_eq(shunt_ticket_new(t, NULL, &x.carried), SHUNT_OK);
    shunt_ticket_record(x.carried, true);
    if (draw(r, 2)) shunt_desk_watch(x.desk, read_attempt, &x);
    some_events(&x, 12);
    save_and_load(&x);
    some_events(&x, 6);
    replace(&x);
    some_events(&x, 6);
    shunt_ticket_free(x.carried);
    shunt_desk_free(x.desk);
    return x.sum;
}
