/*
 * The events of a log, each drawn with what it names: mostly what is there, now and then what is not.
 */
#include "log.h"

#include <string.h>

const char *const gen_events[EV_COUNT] = {"ticket",  "online",   "offline", "signout", "claim",  "next",
                                          "assign",  "unassign", "reply",   "close",   "reopen", "update",
                                          "reroute", "pending",  "resume",  "auto",    "tick"};

/* Which events name a ticket (TICKET apart), and which an agent who is the doer. */
static bool names_ticket(enum g_event_kind k)
{
    return k == EV_CLAIM || (k >= EV_ASSIGN && k <= EV_RESUME);
}

static bool has_doer(enum g_event_kind k)
{
    return k == EV_REPLY || (k >= EV_ONLINE && k <= EV_NEXT);
}

static enum g_event_kind draw_kind(struct g_log *log)
{
    static const unsigned char weights[EV_COUNT] = {24, 13, 3, 2, 8, 6, 10, 4, 7, 10, 5, 7, 4, 5, 4, 3, 3};
    int sum = 0;
    for (int i = 0; i < EV_COUNT; i++) sum += weights[i];
    if (log->count < 6 && rng_chance(&log->g, 70)) return EV_ONLINE;
    if (log->hurry > 0 && rng_chance(&log->g, 90)) return EV_TICKET;
    int x = rng_below(&log->g, sum), kind = 0;
    while (x >= weights[kind]) x -= weights[kind++];
    return (enum g_event_kind)kind;
}

/* ---- what an event names ---- */

static const char *any_agent(struct g_log *log)
{
    struct gen *g = &log->g;
    int x = rng_below(g, 100);
    if (x < 2) return NULL;
    if (x < 4) return rng_chance(g, 50) ? "nobody at all" : "";
    return log->d.policy->agents.at[rng_below(g, log->d.policy->agents.count)].id;
}

static const char *any_team(struct g_log *log)
{
    struct gen *g = &log->g;
    if (rng_chance(g, 3)) return rng_chance(g, 50) ? "no such team" : "unassigned";
    return log->d.policy->teams.at[rng_below(g, log->d.policy->teams.count)].id;
}

static const char *any_channel(struct g_log *log)
{
    const strings *channels = &log->d.policy->attrs.at[A_CHANNEL].values;
    if (rng_chance(&log->g, 2)) return rng_chance(&log->g, 50) ? "no such channel" : "other";
    return channels->at[rng_below(&log->g, channels->count)];
}

/* Mostly a late one. */
static const char *any_ticket(struct g_log *log, enum g_event_kind kind)
{
    struct gen *g = &log->g;
    int x = rng_below(g, 200), count = log->begun.count;
    if (x == 0) return NULL;
    if (x < 3 || count == 0) return x == 1 ? "" : "no such ticket";
    const g_sayings *likely = kind == EV_REOPEN ? &log->closed : kind == EV_RESUME ? &log->pended : NULL;
    if (likely && likely->count && rng_chance(g, 75)) return likely->at[rng_below(g, likely->count)].id;
    int back = rng_below(g, count), recent = rng_below(g, 25);
    return log->begun.at[count - 1 - (recent < count && !rng_chance(g, 15) ? recent : back)].id;
}

static void draw_by(struct g_log *log, struct g_event *e)
{
    struct gen *g = &log->g;
    int x = rng_below(g, 100);
    if (has_doer(e->kind)) {
        if (x < 15) e->by = e->agent;
        if (x < 3) e->by = any_agent(log);
    } else if (x < 45) {
        e->by = any_agent(log);
    }
}

static void draw_presence(struct g_log *log, struct g_event *e)
{
    struct gen *g = &log->g;
    e->has_channels = rng_chance(g, 40);
    for (int i = rng_chance(g, 3) ? 0 : rng_between(g, 1, 4); e->has_channels && i > 0; i--)
        *list_push(g, &e->channels) = any_channel(log);
    e->has_devices = rng_chance(g, 25);
    for (int i = e->has_devices ? rng_below(g, 4) : 0; i > 0; i--) {
        struct g_said_device d = {any_channel(log), draw_text(g)};
        bool there = false;
        for (int k = 0; k < e->devices.count; k++) there |= !strcmp(e->devices.at[k].channel, d.channel);
        if (!there) *list_push(g, &e->devices) = d;
    }
}

static void draw_assign_event(struct g_log *log, struct g_event *e)
{
    struct gen *g = &log->g;
    e->has_tickets = rng_chance(g, 45);
    for (int i = rng_chance(g, 4) ? 0 : rng_between(g, 1, 6); e->has_tickets && i > 0; i--) {
        const char *id = any_ticket(log, e->kind);
        if (id && strcmp(id, "no such ticket") != 0) *list_push(g, &e->tickets) = id;
        const char *again = e->tickets.count ? e->tickets.at[rng_below(g, e->tickets.count)] : NULL;
        if (again && rng_chance(g, 15)) *list_push(g, &e->tickets) = again;
    }
    if (!e->has_tickets || rng_chance(g, 2)) e->ticket = any_ticket(log, e->kind);
    bool team = rng_chance(g, 60);
    e->agent = team ? NULL : any_agent(log);
    e->team = team ? any_team(log) : NULL;
    if (rng_chance(g, 2)) e->agent = any_agent(log), e->team = any_team(log);
}

/* ---- what a ticket carries ---- */

static const char *any_customer(struct gen *g)
{
    static const char *const customers[] = {"kim@example.com", "Kim@example.com", "Åsa", "o'hara", "7", ""};
    return rng_pick(g, customers);
}

static void carry(struct g_log *log, struct g_event *e, int attr, const char *name)
{
    struct g_slot *s = &e->slots[attr];
    *s = (struct g_slot){.carried = true};
    if (attr == A_CUSTOMER)
        s->text = vary_form(&log->g, name);
    else
        *list_push(&log->g, &s->names) = name;
}

static void draw_usual(struct g_log *log, struct g_event *e, bool channel, bool customer, bool priority)
{
    struct gen *g = &log->g;
    const strings *channels = &log->d.policy->attrs.at[A_CHANNEL].values;
    if (channel) carry(log, e, A_CHANNEL, channels->at[rng_below(g, channels->count)]);
    if (customer) carry(log, e, A_CUSTOMER, any_customer(g));
    if (priority) carry(log, e, A_PRIORITY, gen_priorities[rng_below(g, 4)]);
}

static void draw_attrs(struct g_log *log, struct g_event *e)
{
    const struct g_policy *p = log->d.policy;
    e->slots = gen_ticket(&log->d.tickets, p, NULL, log->count)->slots;
    e->said = gen_alloc(&log->g, (size_t)p->attrs.count);
}

static void draw_ticket_event(struct g_log *log, struct g_event *e)
{
    static const char *const ids[] = {"T", "id é ", "e\u0301-", "\"q\" ", "back\\", "\U0001f600", "a/b "};
    struct gen *g = &log->g;
    int x = rng_below(g, 200);
    draw_attrs(log, e);
    draw_usual(log, e, rng_chance(g, 50), rng_chance(g, 65), rng_chance(g, 30));
    for (int i = 0; i < log->d.policy->attrs.count; i++) e->said[i] = e->slots[i].carried || rng_chance(g, 3);
    e->ticket = x == 0   ? NULL
                : x == 1 ? ""
                : x < 14 ? any_ticket(log, e->kind)
                         : gen_format(g, "%s%d", rng_chance(g, 90) ? "T" : rng_pick(g, ids), log->count);
    if (e->ticket && *e->ticket) *list_push(g, &log->begun) = (struct g_saying){e->ticket, e->at};
}

static void draw_update(struct g_log *log, struct g_event *e)
{
    struct gen *g = &log->g;
    draw_attrs(log, e);
    draw_usual(log, e, rng_chance(g, 50), rng_chance(g, 60), rng_chance(g, 60));
    for (int i = rng_below(g, 4); i > 0; i--) {
        static const int usual[] = {A_CHANNEL, A_CHANNEL, A_CUSTOMER, A_LABELS, A_PRIORITY};
        int attr = rng_chance(g, 70) ? rng_pick(g, usual) : rng_below(g, log->d.policy->attrs.count);
        e->said[attr] = true;
        if (rng_chance(g, 20)) e->slots[attr] = (struct g_slot){0};
    }
}

/* ---- all of it ---- */

static void draw_event_id(struct g_log *log, struct g_event *e)
{
    struct gen *g = &log->g;
    if (!rng_chance(g, 15)) return;
    if (log->event_ids.count && rng_chance(g, 25)) {
        int back = rng_below(g, log->event_ids.count < 12 ? log->event_ids.count : 12);
        e->event_id = log->event_ids.at[log->event_ids.count - 1 - back].id;
        return;
    }
    e->event_id = gen_format(g, rng_chance(g, 80) ? "e%d" : "id \"é\" %d", log->count);
    *list_push(g, &log->event_ids) = (struct g_saying){e->event_id, log->now};
}

static void draw_when(struct g_log *log, struct g_event *e)
{
    struct gen *g = &log->g;
    int64_t later = log_later(log);
    e->at_said = rng_chance(g, log->count ? 90 : 98);
    e->at = e->at_said ? later : log->now;
    if (e->at_said && rng_chance(g, 4)) e->at = log->now - rng_below(g, rng_chance(g, 50) ? 60 : 200000);
    if (e->at > log->now) log->now = e->at;
}

const struct g_event *log_event(struct g_log *log)
{
    struct gen *g = &log->g;
    struct g_event *e = gen_alloc(g, sizeof *e);
    e->kind = draw_kind(log);
    draw_when(log, e);
    if (has_doer(e->kind)) e->agent = any_agent(log);
    if (e->kind == EV_ASSIGN)
        draw_assign_event(log, e);
    else if (names_ticket(e->kind))
        e->ticket = any_ticket(log, e->kind);
    if (e->ticket && e->kind == EV_CLOSE)
        *list_push(g, &log->closed) = (struct g_saying){e->ticket, log->now};
    if (e->ticket && e->kind == EV_PENDING)
        *list_push(g, &log->pended) = (struct g_saying){e->ticket, log->now};
    if (e->kind == EV_TICKET) draw_ticket_event(log, e);
    if (e->kind == EV_UPDATE) draw_update(log, e);
    if (e->kind == EV_ONLINE) draw_presence(log, e);
    if (e->kind == EV_AUTO) {
        e->on = rng_chance(g, 85);
        e->team = rng_chance(g, 60) ? any_team(log) : NULL;
    }
    draw_by(log, e);
    draw_event_id(log, e);
    e->flavour = rng_below(g, 1000);
    e->wrong = rng_chance(g, 2) ? (rng_chance(g, 50) ? WRONG_LINE : WRONG_TYPE) : WRONG_NOT;
    if (e->wrong == WRONG_TYPE && e->flavour % 3 == 0) e->event_id = NULL; /* it is what may be spoiled */
    if (rng_chance(g, 3)) log->hurry = rng_between(g, 3, 12);
    log->count++;
    return e;
}

void log_init(struct g_log *log, struct gen_pool *pool, uint64_t seed)
{
    static const int keeps[] = {30, 30, 30, 7, 2, 1};
    struct gen drawing = {pool, seed * 8};
    rng_next(&drawing);
    *log = (struct g_log){.g = {pool, seed * 8 + 6}, .spelling = {pool, seed * 8 + 7}};
    rng_next(&log->g);
    const char *zone;
    log->start = log->now = log_start(&log->g, &zone);
    log->seed = rng_chance(&log->g, 30) ? 0 : rng_next(&log->g);
    log->keep_days = rng_pick(&log->g, keeps);
    draw_init_with(&log->d, pool, seed, draw_desk_policy(&drawing, seed, log->start, zone));
}
