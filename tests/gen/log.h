/*
 * Random logs for a desk: the policies they are for, their events as plain structs, and as the lines that
 * `shunt route --virtual-time` reads.
 *
 * A log is drawn blind: it knows no desk, only what it has said itself. About a third of its events are
 * refused, as what they name is unknown, closed, not theirs or not allowed.
 */
#ifndef SHUNT_TESTS_LOG_H
#define SHUNT_TESTS_LOG_H

#include "gen.h"

enum g_event_kind {
    EV_TICKET,
    EV_ONLINE,
    EV_OFFLINE,
    EV_SIGNOUT,
    EV_CLAIM,
    EV_NEXT,
    EV_ASSIGN,
    EV_UNASSIGN,
    EV_REPLY,
    EV_CLOSE,
    EV_REOPEN,
    EV_UPDATE,
    EV_REROUTE,
    EV_PENDING,
    EV_RESUME,
    EV_AUTO,
    EV_TICK,
    EV_COUNT
};
extern const char *const gen_events[EV_COUNT];

/* What is wrong with a line before a desk sees it. LINE: it moves nothing (desk.md 1.4). TYPE: a key that it
 * needs is of a wrong JSON type, or missing where only JSON could leave it out: it moves the time. */
enum g_wrong { WRONG_NOT, WRONG_LINE, WRONG_TYPE };

struct g_said_device {
    const char *channel, *text;
};

/* NULL, and `said` false: not said. Names are in NFC; their lines spell them otherwise at times. */
struct g_event {
    enum g_event_kind kind;
    enum g_wrong wrong;
    int flavour; /* which wrong */
    int64_t at;  /* as it is said; where it is not: that of the event before */
    bool at_said;
    const char *event_id, *by, *agent, *team;
    const char *ticket; /* TICKET: its id */
    bool has_tickets, has_channels, has_devices;
    strings tickets, channels;
    LIST(struct g_said_device) devices;
    bool on;
    bool *said; /* TICKET, UPDATE: the attributes named; slots: what is carried of them */
    struct g_slot *slots;
};

struct g_saying {
    const char *id;
    int64_t at;
};
typedef LIST(struct g_saying) g_sayings;

/* What is drawn from one seed for a desk. */
struct g_log {
    struct draw d; /* the policy, and its tickets' stream */
    struct gen g;  /* draws events */
    struct gen spelling;
    int64_t start, now; /* the latest instant said */
    uint64_t seed;      /* the desk's */
    int keep_days;
    int count;                       /* events drawn */
    int names;                       /* that a next version made */
    int hurry;                       /* events left that come at the same second */
    g_sayings begun, closed, pended; /* tickets said; ones of CLOSE and PENDING events */
    g_sayings event_ids;
};

/* A policy in which a desk has something to do, and a log for it. */
void log_init(struct g_log *log, struct gen_pool *pool, uint64_t seed);
const struct g_event *log_event(struct g_log *log);
/* With its line end. */
char *write_event(struct g_log *log, const struct g_event *e);

/* log_next.c: log->d.policy and its yaml become the next version; attributes keep their places. */
void log_next_policy(struct g_log *log);

/* log_policy.c: makes an interesting policy of a drawn one; `start` is about when its log begins. zone: NULL:
 * any. */
struct g_policy *draw_desk_policy(struct gen *g, uint64_t seed, int64_t start, const char *zone);
/* log_time.c: when the log begins, at times for one zone's sake (else NULL); when the next event comes. Sets
 * TZ. */
int64_t log_start(struct gen *g, const char **zone);
int64_t log_later(struct g_log *log);

#endif
