/*
 * The desk's benchmark: what an event costs against what waits, against agents in a team, on a desk of a
 * thousand agents; and what an open ticket weighs.
 *
 *   desk [waiting] [teams] [mixed] [memory] [quick]    sections; none named: all. quick: a tenth of the sizes
 *
 * Figures are medians of rounds, in nanoseconds; README.md says how to read them.
 */
#include "load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 5, EVENTS = 2000 }; /* of a figure: 10,000 events in all */

static uint32_t shrink = 1; /* of the largest sizes */

/* A policy's text under way. */
struct draft {
    struct arena *a;
    struct buf b;
};

static void draft_begin(struct draft *d)
{
    d->a = arena_new();
    if (!d->a) exit(2);
    buf_init(&d->b, d->a);
    buf_puts(&d->b, "policy bench version 1\nchannels ch0, ch1, ch2, ch3, ch4\n");
}

/* keep_days 0: what was closed is gone at the next event, so that what is measured stays the same. */
static void draft_done(struct draft *d, struct load *l)
{
    const struct shunt_desk_options options = {.keep_days = 0};
    load_init(l, buf_done(&d->b), &options);
    arena_free(d->a);
}

static void all_online(struct load *l)
{
    for (uint32_t i = 0; i < shunt_agent_count(l->table); i++)
        load_event(l, SHUNT_EVENT_ONLINE, SHUNT_NONE, i);
}

/* ---- cost against what waits (desk.md 5.2) ---- */

/* What waits, and what the timed events do. */
struct shape {
    const char *about;
    void (*policy)(struct buf *b, const struct shape *s);
    double (*event)(struct load *l); /* one that assigns one ticket or none */
    bool assigns;
    uint32_t teams, channels,
        skills; /* kinds: teams * channels * (skills + 1); 0 teams: tickets carry nothing */
};

static void one_team(struct buf *b, const struct shape *s)
{
    (void)s;
    for (int i = 0; i < 10; i++) buf_printf(b, "agent a%d { limit total 1 }\n", i);
    buf_puts(b, "team t { agents all }\notherwise to t\n");
}

static void one_pull_team(struct buf *b, const struct shape *s)
{
    (void)s;
    buf_puts(b, "agent a\nteam t { agents a; assign pull }\notherwise to t\n");
}

/* Ten agents for each team, each of them in three teams; half of the tickets need a skill, which a third of
 * the agents have. */
static void teams_and_skills(struct buf *b, const struct shape *s)
{
    uint32_t agents = s->teams * 10;
    for (uint32_t i = 0; i < agents; i++)
        buf_printf(b, "agent a%u { limit total 2; skills s%u, s%u }\n", i, i % s->skills,
                   (i + 1 + i / s->skills % (s->skills - 1)) % s->skills);
    for (uint32_t k = 0; k < s->teams; k++) {
        buf_printf(b, "team t%u { takes labels t%u; agents ", k, k);
        for (uint32_t i = 0; i < 30; i++) buf_printf(b, i ? ", a%u" : "a%u", (k * 10 + i) % agents);
        buf_puts(b, " }\n");
    }
    for (uint32_t k = 0; k < s->skills; k++)
        buf_printf(b, "rule s%u { when labels has s%u; require skills s%u; continue }\n", k, k, k);
    buf_puts(b, "otherwise to unassigned\n");
}

/* The next ticket's attributes. */
static void say_kind(struct load *l, const struct shape *s)
{
    static const char *const priorities[] = {"low", "normal", "high", "urgent"};
    if (s->teams == 0) return;
    load_say_name(l, SHUNT_ATTR_CHANNEL, "ch%u", load_below(l, s->channels));
    load_say_name(l, SHUNT_ATTR_PRIORITY, "%s", priorities[load_below(l, 4)]);
    load_say_name(l, SHUNT_ATTR_LABELS, "t%u", load_below(l, s->teams));
    if (load_below(l, 2)) load_say_name(l, SHUNT_ATTR_LABELS, "s%u", load_below(l, s->skills));
}

static double close_one(struct load *l)
{
    return load_event(l, SHUNT_EVENT_CLOSE, load_drawn(l, SHUNT_ASSIGNED), SHUNT_NONE);
}

/* The claimed ticket is closed out of the clock's sight. */
static double take_next(struct load *l)
{
    double took = load_event(l, SHUNT_EVENT_NEXT, SHUNT_NONE, 0);
    close_one(l);
    return took;
}

/* Who is full goes and comes back: everything is to be asked again, and nothing comes of it. */
static double come_back(struct load *l)
{
    uint32_t agent = load_below(l, shunt_agent_count(l->table));
    double took = load_event(l, SHUNT_EVENT_OFFLINE, SHUNT_NONE, agent);
    return (took + load_event(l, SHUNT_EVENT_ONLINE, SHUNT_NONE, agent)) / 2;
}

static const struct shape shapes[] = {
    {"one team, all full: a close", one_team, close_one, true, 0, 0, 0},
    {"one team that pulls: next", one_pull_team, take_next, true, 0, 0, 0},
    {"48 kinds, all full: a close", teams_and_skills, close_one, true, 8, 2, 2},
    {"2,200 kinds, all full: a close", teams_and_skills, close_one, true, 40, 5, 10},
    {"2,200 kinds, all full: offline, online", teams_and_skills, come_back, false, 40, 5, 10},
};

static void fill(struct load *l, const struct shape *s, uint32_t waiting)
{
    all_online(l);
    while (l->lists[SHUNT_QUEUED].count < waiting) {
        say_kind(l, s);
        load_ticket(l);
    }
}

/* The event's and, for comparison, a new ticket's; as many wait afterwards as before. */
static void measure_shape(struct load *l, const struct shape *s, double *event_ns, double *ticket_ns)
{
    double events[ROUNDS], tickets[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
        events[round] = tickets[round] = 0;
        for (int i = 0; i < EVENTS; i++) {
            events[round] += s->event(l) / EVENTS;
            if (!s->assigns) continue;
            say_kind(l, s);
            tickets[round] += load_ticket(l) / EVENTS;
        }
    }
    *event_ns = median(events, ROUNDS);
    *ticket_ns = median(tickets, ROUNDS);
}

static void bench_shape(const struct shape *s)
{
    static const uint32_t sizes[] = {1000, 10000, 100000, 1000000};
    double first = 0;
    printf("\n%s\n%12s %12s %12s %12s\n", s->about, "waiting", "event ns", "to 1,000", "ticket ns");
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct draft d;
        struct load l;
        double event_ns, ticket_ns;
        if (sizes[i] > 1000000 / shrink) break;
        draft_begin(&d);
        s->policy(&d.b, s);
        draft_done(&d, &l);
        fill(&l, s, sizes[i]);
        measure_shape(&l, s, &event_ns, &ticket_ns);
        if (i == 0) first = event_ns;
        printf("%12u %12.0f %12.2f", sizes[i], event_ns, event_ns / first);
        if (s->assigns) printf(" %12.0f", ticket_ns);
        printf("\n");
        load_release(&l);
    }
}

static void bench_waiting(void)
{
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) bench_shape(&shapes[i]);
}

/* ---- cost against agents in a team ---- */

static const char *const strategies[] = {"round-robin",    "weighted",     "least-busy", "most-busy",
                                         "spare-capacity", "longest-idle", "random"};
enum { STRATEGY_COUNT = sizeof strategies / sizeof *strategies };
static const uint32_t team_sizes[] = {10, 100, 1000, 10000};

static double measure_team(const char *strategy, uint32_t agents)
{
    struct draft d;
    struct load l;
    double rounds[ROUNDS];
    draft_begin(&d);
    for (uint32_t i = 0; i < agents; i++)
        buf_printf(&d.b, "agent a%u { weight %u; limit total 3 }\n", i, 1 + i % 3);
    buf_printf(&d.b, "team t { agents all; assign %s }\notherwise to t\n", strategy);
    draft_done(&d, &l);
    all_online(&l);
    for (uint32_t i = 0; i < agents; i++) load_ticket(&l);
    for (int round = 0; round < ROUNDS; round++) {
        rounds[round] = 0;
        for (int i = 0; i < EVENTS; i++) {
            rounds[round] += load_ticket(&l) / EVENTS;
            close_one(&l);
        }
    }
    load_release(&l);
    return median(rounds, ROUNDS);
}

static void bench_teams(void)
{
    printf("\na ticket that is assigned, by agents in its team, all online, one open ticket each\n%16s", "");
    for (size_t i = 0; i < sizeof team_sizes / sizeof *team_sizes; i++) printf(" %12u", team_sizes[i]);
    printf("\n");
    for (int k = 0; k < STRATEGY_COUNT; k++) {
        printf("%16s", strategies[k]);
        for (size_t i = 0; i < sizeof team_sizes / sizeof *team_sizes; i++)
            printf(" %12.0f", measure_team(strategies[k], team_sizes[i]));
        printf("\n");
    }
}

/* ---- a large desk ---- */

enum { DESK_AGENTS = 1000, DESK_TEAMS = 200, DESK_MEMBERS = 25, DESK_EVENTS = 200000 };

/* total: of each agent. */
static void large_policy(struct buf *b, int total)
{
    static const char *const by[] = {"round-robin", "least-busy", "spare-capacity", "longest-idle", "pull"};
    buf_puts(b, "timezone Europe/Stockholm\nhours office { mon-fri 08:00-18:00 }\nassign_on_reply on\n");
    for (int i = 0; i < DESK_AGENTS; i++)
        buf_printf(b, "agent a%d { rank %d; limit ch0 20, total %d; skills s%d, s%d }\n", i, 1 + i % 3, total,
                   i % 10, i * 7 % 10);
    for (int k = 0; k < DESK_TEAMS; k++) {
        buf_printf(b, "team t%d { takes labels t%d; assign %s; %s%s; agents ", k, k, by[k % 5],
                   k % 4 ? "hours always" : "hours office for ch0", k % 3 ? "" : "; sticky true");
        for (int i = 0; i < DESK_MEMBERS; i++)
            buf_printf(b, i ? ", a%d" : "a%d", (k * 5 + i * 3) % DESK_AGENTS);
        buf_puts(b, " }\n");
    }
    for (int k = 0; k < 10; k++)
        buf_printf(b, "rule s%d { when labels has s%d; require skills s%d; continue }\n", k, k, k);
    buf_puts(b, "otherwise to unassigned\n");
}

static void say_large(struct load *l)
{
    static const char *const priorities[] = {"low", "normal", "high", "urgent"};
    char customer[32];
    snprintf(customer, sizeof customer, "c%u@example.com", load_below(l, 50000));
    load_say_name(l, SHUNT_ATTR_CHANNEL, "ch%u", load_below(l, 5));
    load_say_name(l, SHUNT_ATTR_PRIORITY, "%s", priorities[load_below(l, 4)]);
    load_say_name(l, SHUNT_ATTR_LABELS, "t%u", load_below(l, DESK_TEAMS));
    if (!load_below(l, 4)) load_say_name(l, SHUNT_ATTR_LABELS, "s%u", load_below(l, 10));
    load_say_text(l, SHUNT_ATTR_CUSTOMER, customer);
}

static uint32_t open_count(const struct load *l)
{
    uint32_t open = 0;
    for (int state = 0; state < SHUNT_CLOSED; state++) open += l->lists[state].count;
    return open;
}

/* The events of the mix, in parts of a hundred. */
static const struct part {
    const char *name;
    enum shunt_event_kind kind;
    uint32_t share;
} mix[] = {
    {"ticket", SHUNT_EVENT_TICKET, 26},  {"close", SHUNT_EVENT_CLOSE, 26},
    {"reply", SHUNT_EVENT_REPLY, 20},    {"update", SHUNT_EVENT_UPDATE, 6},
    {"offline", SHUNT_EVENT_OFFLINE, 3}, {"online", SHUNT_EVENT_ONLINE, 3},
    {"claim", SHUNT_EVENT_CLAIM, 4},     {"next", SHUNT_EVENT_NEXT, 3},
    {"assign", SHUNT_EVENT_ASSIGN, 4},   {"unassign", SHUNT_EVENT_UNASSIGN, 1},
    {"reroute", SHUNT_EVENT_REROUTE, 1}, {"tick", SHUNT_EVENT_TICK, 3},
};
enum { MIX_COUNT = sizeof mix / sizeof *mix };

static double send_part(struct load *l, enum shunt_event_kind kind)
{
    uint32_t agent = load_below(l, DESK_AGENTS), assigned = load_drawn(l, SHUNT_ASSIGNED);
    struct shunt_event tick = {.kind = SHUNT_EVENT_TICK};
    switch (kind) {
    case SHUNT_EVENT_TICKET: say_large(l); return load_ticket(l);
    case SHUNT_EVENT_CLOSE: return load_event(l, kind, assigned, SHUNT_NONE);
    case SHUNT_EVENT_UNASSIGN:
    case SHUNT_EVENT_UPDATE:
    case SHUNT_EVENT_REROUTE: return load_event(l, kind, assigned, SHUNT_NONE);
    case SHUNT_EVENT_REPLY: return load_event(l, kind, assigned, l->tickets[assigned].agent);
    case SHUNT_EVENT_CLAIM: return load_event(l, kind, load_drawn(l, SHUNT_QUEUED), agent);
    case SHUNT_EVENT_ASSIGN: return load_event(l, kind, assigned, agent);
    case SHUNT_EVENT_TICK: return load_send(l, &tick);
    default: return load_event(l, kind, SHUNT_NONE, agent);
    }
}

static int draw_part(struct load *l)
{
    uint32_t x = load_below(l, 100);
    int part = 0;
    for (; x >= mix[part].share; part++) x -= mix[part].share;
    return part;
}

static void print_part(const char *name, double *took, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) sum += took[i];
    qsort(took, count, sizeof *took, by_size);
    printf("%16s %12zu %12.0f %12.0f %12.0f %12.0f\n", name, count, sum / (double)count, took[count / 2],
           took[count - 1 - count / 100], took[count - 1]);
}

static void run_mix(struct load *l, uint32_t event_count)
{
    double *took[MIX_COUNT], *all = calloc(event_count, sizeof *all);
    size_t counts[MIX_COUNT] = {0};
    for (int i = 0; i < MIX_COUNT; i++) took[i] = calloc(event_count, sizeof **took);
    for (uint32_t i = 0; i < event_count; i++) {
        int part = draw_part(l);
        took[part][counts[part]++] = all[i] = send_part(l, mix[part].kind);
    }
    printf("%16s %12s %12s %12s %12s %12s\n", "event", "count", "mean ns", "median ns", "99th pc ns",
           "worst ns");
    for (int i = 0; i < MIX_COUNT; i++) {
        if (counts[i]) print_part(mix[i].name, took[i], counts[i]);
        free(took[i]);
    }
    print_part("all", all, event_count);
    free(all);
}

static void run_large(const char *about, int total)
{
    struct draft d;
    struct load l;
    uint32_t wanted = 100000 / shrink;
    draft_begin(&d);
    large_policy(&d.b, total);
    draft_done(&d, &l);
    for (uint32_t i = 0; i < DESK_AGENTS; i++)
        if (i % 4) load_event(&l, SHUNT_EVENT_ONLINE, SHUNT_NONE, i);
    while (open_count(&l) < wanted) {
        say_large(&l);
        load_ticket(&l);
    }
    printf("\n%s: %d agents, %d teams, %u open tickets, of which %u wait\n", about, DESK_AGENTS, DESK_TEAMS,
           open_count(&l), l.lists[SHUNT_QUEUED].count + l.lists[SHUNT_HELD].count);
    run_mix(&l, DESK_EVENTS / shrink);
    load_release(&l);
}

static void bench_mixed(void)
{
    run_large("a busy day", 400);
    run_large("everyone full", 60);
}

/* ---- memory ---- */

static void say_nothing(struct load *l)
{
    (void)l;
}

static void say_usual(struct load *l)
{
    char customer[32];
    snprintf(customer, sizeof customer, "customer%u@example.com", load_below(l, 1000000));
    load_say_name(l, SHUNT_ATTR_CHANNEL, "ch%u", load_below(l, 5));
    load_say_name(l, SHUNT_ATTR_LABELS, "label%u", load_below(l, 100));
    load_say_name(l, SHUNT_ATTR_LABELS, "label%u", 100 + load_below(l, 100));
    load_say_text(l, SHUNT_ATTR_CUSTOMER, customer);
    load_say_text(l, SHUNT_ATTR_SUBJECT, "The parcel that I ordered last week is not here");
}

/* A ticket's: what the desk has of its hooks, and what of that had to be: its id and its attributes. */
static void weigh(const char *name, bool online, bool figures, void (*say)(struct load *l))
{
    const struct shunt_desk_options options = {.keep_days = 30, .figures = figures};
    const uint32_t count = 100000;
    struct draft d;
    struct load l;
    draft_begin(&d);
    buf_puts(&d.b, "agent a\nagent b\nteam t { agents all }\notherwise to t\n");
    load_init(&l, buf_done(&d.b), &options);
    arena_free(d.a);
    if (online) all_online(&l);
    size_t before = l.in_use;
    for (uint32_t i = 0; i < count; i++) {
        say(&l);
        load_ticket(&l);
    }
    double bytes = (double)(l.in_use - before) / count, floor_len = (double)l.said_len / count;
    printf("%44s %12.0f %12.0f %12.0f\n", name, bytes, floor_len, bytes - floor_len);
    load_release(&l);
}

static void bench_memory(void)
{
    printf("\nbytes for each of 100,000 open tickets\n%44s %12s %12s %12s\n", "", "in all", "the floor",
           "above it");
    weigh("an id alone, waiting", false, false, say_nothing);
    weigh("an id alone, assigned", true, false, say_nothing);
    weigh("five attributes, waiting", false, false, say_usual);
    weigh("five attributes, assigned", true, false, say_usual);
    weigh("the same, with figures", true, true, say_usual);
}

/* ---- the program ---- */

int main(int argc, char **argv)
{
    static const struct section {
        const char *name;
        void (*run)(void);
    } sections[] = {
        {"waiting", bench_waiting}, {"teams", bench_teams}, {"mixed", bench_mixed}, {"memory", bench_memory}};
    int named = 0;
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "quick"))
            shrink = 10;
        else
            named++;
    }
    for (size_t k = 0; k < sizeof sections / sizeof *sections; k++) {
        bool wanted = named == 0;
        for (int i = 1; i < argc; i++) wanted |= !strcmp(argv[i], sections[k].name);
        if (wanted) sections[k].run();
    }
    return EXIT_SUCCESS;
}
