/*
 * Inside `shunt explain`: what is walked and where it goes. Nobody else includes it; explain_run.h is for
 * others.
 *
 * One way through: events go to a desk, line by line (explain_replay.c), and what they did for a ticket
 * becomes a case: the decision, the attempts that the desk made for it, and, where rules decided it, the
 * rules as they were tried. A case is written for people (explain_text.c) or as JSON (explain_json.c); what
 * both say in words comes from explain_words.c, explain_members.c and explain_outcome.c.
 *
 * Memory: what a case needs lives in its arena, where memory that runs out ends the case (base.h). What
 * outlives a case is malloc's.
 */
#ifndef SHUNT_CLI_EXPLAIN_H
#define SHUNT_CLI_EXPLAIN_H

#include "event_in.h"
#include "explain_run.h"
#include "table_view.h"

/* ---- a ticket as the events so far left it ---- */

struct explain_ticket {
    char *id, *json; /* what it carries, as one JSON object with its id */
    size_t id_len, json_len;
    int64_t arrived_sec; /* when the rules last decided it */
    uint32_t rule;       /* which one did; SHUNT_NONE: none yet */
    uint32_t step;       /* from 0 */
    uint64_t last_line;  /* which last told of it; 0: none */
    bool touched;
};

/* ---- a case ---- */

/* An attempt as the desk told it, kept. */
struct explain_attempt {
    struct shunt_attempt told; /* its ticket is not kept */
    struct shunt_member *members; /* with what is required in one block behind them: told.require */
};

/* A decision as `route` writes it, read again. */
struct explain_decision {
    struct str line; /* without the line's end */
    int64_t at_sec;
    unsigned status; /* enum shunt_state */
    unsigned why;    /* enum shunt_why; SHUNT_NONE: none is said */
    struct str team, agent;
    uint32_t step; /* from 0 */
};

/* What brought a case about. */
struct explain_cause {
    uint64_t line; /* of the log; 0: there is none */
    const struct event *event;
    enum shunt_part part;
    bool now; /* nothing did: it is how the ticket stands after the line */
    int64_t at_sec;
};

struct explain_case {
    struct explain_cause cause;
    const struct explain_ticket *ticket;
    const struct explain_decision *decision; /* NULL: the ticket stays as it was */
    const struct explain_attempt *attempts;  /* in the order made */
    size_t attempt_count;
    bool by_rules; /* the rules decided it here */
};

/* ---- the rules as they were tried ---- */

struct explain_tried {
    uint32_t rule;
    bool matches, decides;
    size_t node_first, node_count; /* in explain_rules.nodes */
};
struct explain_rules {
    struct explain_tried *at;
    struct shunt_node *nodes;
    size_t count, cap, node_count, node_cap;
    bool broken; /* memory ran out */
};

/* Of an attribute. */
struct explain_carried {
    uint32_t place; /* in the ticket at hand's line; SHUNT_NONE: it is not there */
    bool unknown;   /* with a value that the policy does not know */
    bool said;      /* scratch of explain_merge() */
};

/* What is the same for all members of an attempt. */
struct explain_members {
    const struct explain_attempt *of; /* NULL: nothing yet */
    uint32_t best_rank;               /* of those who came as far as that */
    const struct shunt_member *chosen, **in_turn; /* chosen: NULL: nobody; in_turn: who could have it */
    size_t in_turn_count;
};

/* ---- what is the same for a whole run ---- */

struct explain {
    const struct shunt_table *table;
    struct table_view v;
    uint32_t *first_rule; /* by offset in CODE: the first rule whose condition begins there */
    bool json, colour;
    bool quiet;         /* for people: only rules that match */
    const char *margin; /* before each line for people */
    uint32_t why_not;   /* an agent: why they have it not; SHUNT_NONE: all members */
    struct out *o;
    const struct shunt_desk *desk; /* after the event */
    struct json_reader *reader;    /* of tickets */
    struct json_line line;         /* the ticket at hand, until the next */
    struct ticket_reader attrs;
    struct shunt_ticket *ticket;
    struct explain_carried *carried; /* by attribute */
    uint64_t *skill_seen;            /* by skill: the member who has it and was looked at last */
    uint64_t member_number;
    struct explain_members members; /* of the attempt at hand */
    struct explain_rules rules;     /* tried for the ticket at hand */

    bool everybody; /* nobody said who is online: all are taken to be */

    struct arena *a; /* of the case at hand */
    bool goes_on;    /* the attempt at hand is not the case's last */
    int64_t now_sec; /* when it happened: what times in words are told against */
};

/* false: no memory. */
bool explain_init(struct explain *x, const struct shunt_table *table);
void explain_release(struct explain *x);
/* Writes the case, as text or as JSON. false: no memory; nothing was written. */
bool explain_case(struct explain *x, const struct explain_case *c);

/* ---- explain_ticket.c ---- */

/* A ticket's object from a line's: its id and the attributes that the policy knows. old (p NULL: none): what
 * it carried before, where the line only changes it. */
void explain_merge(struct out *to, const struct explain *x, const struct json_line *old,
                   const struct json_line *line, struct str id);
/* Makes the ticket the one at hand: x->line, x->attrs.unknown, x->ticket. false: no memory. */
bool explain_load(struct explain *x, const struct explain_ticket *ticket);
/* What the ticket at hand carries: "refund, vip", "no plan"; with the attribute before it ("labels: …"). */
struct str explain_value(struct explain *x, uint32_t attr);
bool explain_carries(struct explain *x, uint32_t attr);
/* Tries the rules for the ticket at hand: x->rules. false: no memory. */
bool explain_try(struct explain *x);
/* Whether later steps of the rule that decided may still come. */
bool explain_has_steps(const struct explain_case *c);
/* When a step of the rule that decided falls due; false: never. Steps are asked for in their order: `at` is
 * zero at first, and each goes on where the one before ended. */
struct explain_due {
    uint32_t step; /* whose instant it is */
    int64_t sec;
    bool never;
};
bool explain_step_due(const struct explain *x, const struct explain_ticket *ticket, uint32_t step,
                      struct explain_due *at);
struct shunt_step explain_step(const struct explain *x, uint32_t rule, uint32_t step);
uint32_t explain_step_count(const struct explain *x, uint32_t rule);

/* ---- explain_words.c: each makes a new string in the case's arena ---- */

struct str phrase(struct explain *x, const char *format, ...) __attribute__((format(printf, 2, 3)));
#define SAY(s) (int)(s).len, (s).p /* for %.*s */
static inline struct str str_of(struct shunt_string s)
{
    return (struct str){s.bytes ? s.bytes : "", s.len};
}

/* "Mon 2026-11-23 09:00", or "09:00" on the day of the case; in the policy's zone, or in that of the hours
 * (with its name where it is another). */
struct str speak_time(struct explain *x, int64_t at_sec);
struct str speak_time_of(struct explain *x, int64_t at_sec, uint32_t hours);
struct str speak_date_time(struct explain *x, int64_t at_sec); /* always with the date */
struct str speak_zone(struct explain *x);
struct str speak_span(struct explain *x, uint32_t sec);                            /* "1h30m" */
struct str speak_place(struct explain *x, enum tf_span_kind kind, uint32_t index); /* "acme.yaml:31:11", "" */
struct str speak_test_place(struct explain *x, uint32_t rule, uint32_t code_off);
const struct tf_span *explain_test_span(const struct explain *x, uint32_t rule, uint32_t code_off);
enum tf_span_kind explain_span_kind(const struct explain *x, uint32_t rule);
struct str speak_rule(struct explain *x, uint32_t rule); /* "vip-refund", "team billing", "otherwise" */
struct str speak_description(struct explain *x, uint32_t rule); /* .p NULL: none */
struct str speak_code(struct explain *x, uint32_t code_off);
/* What the ticket at hand has where the test asks; "" where that says no more than the test. */
struct str speak_asked(struct explain *x, uint32_t code_off, bool holds);
struct str speak_step(struct explain *x,
                      const struct shunt_step *step); /* "billing", "agent anna", "nobody" */
struct str speak_agent(struct explain *x, uint32_t agent);
struct str speak_team(struct explain *x, uint32_t team);
struct str speak_skill(struct explain *x, uint32_t skill);
struct str speak_channel(struct explain *x, uint32_t channel);
struct str speak_for(struct explain *x, uint32_t channel); /* " for webchat"; "" for a ticket without one */
struct str speak_on(struct explain *x, uint32_t channel);  /* " on webchat", "" */
uint32_t explain_by_channel(const struct explain *x, const struct tf_channel_map *map, uint32_t channel);

/* ---- explain_members.c ---- */

struct member_words {
    const char *stage;           /* static */
    struct str why;              /* "full, 3 of 3 on webchat" */
    struct str needs;            /* what would have to be for them to get it: "to go online"; "" */
    struct str then;             /* what would stand in the way even so: "full, 3 of 3 on webchat"; "" */
    const struct tf_span *place; /* where the policy says what it depends on; NULL */
};
struct member_words explain_member(struct explain *x, const struct explain_attempt *attempt,
                                   const struct shunt_member *member);
/* All of it in one: "not online; would need to go online; even then: full, 3 of 3 on webchat". */
struct str speak_member(struct explain *x, const struct member_words *words);

/* ---- explain_outcome.c ---- */

struct str speak_cause(struct explain *x, const struct explain_case *c); /* "bo went offline" */
struct str speak_attempt(struct explain *x,
                         const struct explain_attempt *a); /* "billing is closed until …" */
struct str speak_decision(struct explain *x, const struct explain_case *c); /* "bo has it: …" */
/* Why the agent did not get it; .p NULL: they did. */
struct str speak_why_not(struct explain *x, const struct explain_case *c, uint32_t agent);

/* ---- the writers ---- */

void explain_text(struct explain *x, const struct explain_case *c);
void explain_text_rules(struct explain *x); /* explain_text_rules.c */
void explain_line(struct explain *x, unsigned indent, struct str text);
void explain_json(struct explain *x, const struct explain_case *c);
void explain_json_rules(struct explain *x);       /* explain_json_rules.c: a list */
void explain_key(struct out *o, const char *key); /* with a comma before it, but for a first one */
void explain_span(struct out *o, const struct explain *x,
                  const struct tf_span *span); /* ,"file":…; nothing for NULL */

/* ---- explain_store.c: tickets by id ---- */

struct explain_store {
    struct explain_ticket **slots; /* cap of them, a power of two */
    size_t count, cap;
};
struct explain_ticket *explain_find(const struct explain_store *s, struct str id); /* NULL: none */
struct explain_ticket *explain_add(struct explain_store *s,
                                   struct str id); /* found or new; NULL: no memory */
/* Copies what it carries. false: no memory. */
bool explain_set_json(struct explain_ticket *t, const struct out *json);
void explain_store_release(struct explain_store *s);

/* ---- explain_replay.c: a log, event by event, at a desk of its own ---- */

struct explain_log {
    struct explain *x;
    uint64_t seed;
    uint32_t keep_days;
    struct str ticket;   /* cases of this one alone; .p NULL: of every one */
    uint64_t only_line;  /* cases of this line alone; 0: of every one */
    bool is_made_up;     /* lines have no number to name */
    bool silent;         /* no cases now */
    uint64_t case_count; /* how many were written */
    uint64_t asked_line; /* the last of which it was told whom the desk asked */
};
struct explain_replay;
int explain_replay_new(struct explain_log *log, struct explain_replay **replay);
void explain_replay_free(struct explain_replay *r); /* NULL is allowed */
/* One event, and its cases. 0, or an errno. */
int explain_replay_line(struct explain_replay *r, const struct line *line);
/* What the last line was refused for; .p NULL: it was not. Until the next one. */
struct str explain_replay_refusal(const struct explain_replay *r);
/* The last line that told of the ticket; 0: none has. */
uint64_t explain_replay_last(const struct explain_replay *r, struct str ticket);
/* A case of how log->ticket stands now, where it waits: whom the desk would ask. 0, or an errno. */
int explain_replay_now(struct explain_replay *r);
const struct shunt_desk *explain_replay_desk(const struct explain_replay *r);

#endif
