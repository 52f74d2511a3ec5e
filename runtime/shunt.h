/*
 * shunt.h - helpdesk routing at run time: open a compiled policy table, say what a ticket carries, and get
 * the rule that decides it and where it goes.
 *
 *     shunt_table_open(bytes, len, NULL, &table, &error);
 *     shunt_ticket_new(table, NULL, &ticket);
 *     shunt_ticket_set_at(ticket, seconds);
 *     shunt_ticket_add_name(ticket, SHUNT_ATTR_LABELS, "refund", 6);
 *     shunt_match(ticket, &decision);
 *
 * A table is made by `shunt compile`. The library reads no file, no environment, no clock and no zone data,
 * has no global state, and never prints or exits.
 *
 * Threads. A table never changes once open: any number of threads may use one table at the same time, each
 * with a ticket of its own. A ticket, and a desk, belongs to one thread at a time.
 *
 * Memory. Every allocation goes through the caller's hooks (malloc's family where NULL is given).
 * shunt_match() allocates nothing; setting a ticket's attributes may, for texts and names outside ASCII.
 *
 * Text. Strings are given by pointer and length, need no NUL, are UTF-8, and are copied where they must
 * outlive the call. Names are normalised to NFC here, texts are case-folded here; the caller does neither.
 *
 * Time. An instant is seconds since 1970-01-01T00:00:00Z, without leap seconds, from SHUNT_TIME_MIN (year 0)
 * to SHUNT_TIME_MAX (end of year 9999).
 *
 * Errors. A function that can fail returns an enum shunt_status; results come by pointer and are untouched on
 * failure. SHUNT_OK is 0.
 */
#ifndef SHUNT_H
#define SHUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SHUNT_VERSION_MAJOR 0
#define SHUNT_VERSION_MINOR 1
#define SHUNT_VERSION_PATCH 0

#define SHUNT_TIME_MIN INT64_C(-62167219200) /* 0000-01-01T00:00:00Z */
#define SHUNT_TIME_MAX INT64_C(253402300799) /* 9999-12-31T23:59:59Z */
#define SHUNT_NONE UINT32_MAX                /* no index */

enum shunt_status {
    SHUNT_OK = 0,
    SHUNT_NO_MEMORY,     /* a hook answered NULL; nothing changed */
    SHUNT_NOT_A_TABLE,   /* the bytes do not begin as a table does */
    SHUNT_TABLE_VERSION, /* made for a newer library, or for one before the format's last change */
    SHUNT_TABLE_DAMAGED, /* truncated, changed, or not written by the compiler */
    SHUNT_BAD_TEXT,      /* not UTF-8, or it holds U+0000 */
    SHUNT_BAD_VALUE,     /* of the wrong type for the attribute, not finite, or out of range */
    SHUNT_UNKNOWN,       /* a name the policy does not have; see each function */
    SHUNT_REFUSED,       /* an event that a desk does not accept: see struct shunt_refusal */
    SHUNT_NOT_A_DESK,    /* the bytes do not begin as a saved desk does */
    SHUNT_DESK_DAMAGED,  /* truncated, changed, or not written by shunt_desk_save() */
    SHUNT_OTHER_TABLE    /* a ticket of another table, a desk saved under another */
};

/* A sentence for people, in English, without a full stop; static. */
const char *shunt_status_text(enum shunt_status status);
/* "0.1.0"; static. */
const char *shunt_version(void);

/* A string in a table or in a ticket's results: valid as long as the table (or ticket) is, and NUL-terminated
 * behind its length. */
struct shunt_string {
    const char *bytes;
    size_t len;
};

/* The caller's allocator. resize(ctx, NULL, 0, n) allocates n bytes aligned as malloc's; resize(ctx, p, m, n)
 * changes p's m bytes to n, keeping the content; resize(ctx, p, m, 0) frees and answers NULL. NULL for n > 0
 * means no memory. Called only by the thread that is inside a library call. Must outlive what it allocated.
 */
struct shunt_hooks {
    void *(*resize)(void *ctx, void *block, size_t old_len, size_t new_len);
    void *ctx;
};

/* ---- tables ---- */

struct shunt_table; /* opaque, immutable */

struct shunt_table_error {
    enum shunt_status status;
    uint32_t section;   /* section id as in TABLE-FORMAT, 0: the header */
    uint64_t record;    /* the record in it */
    const char *reason; /* static; "" where status says it all */
};

/* Verifies every byte of a table (time linear in its length) and opens it. Afterwards no call on it reads out
 * of bounds, loops or crashes, whatever the bytes were.
 * bytes: borrowed: must stay as they are, at that place, until shunt_table_close(). Aligned to 8 bytes.
 * hooks: copied; NULL: malloc. error: filled on failure; may be NULL.
 * SHUNT_NO_MEMORY, SHUNT_NOT_A_TABLE, SHUNT_TABLE_VERSION, SHUNT_TABLE_DAMAGED; SHUNT_BAD_VALUE: not aligned.
 */
enum shunt_status shunt_table_open(const void *bytes, size_t len, const struct shunt_hooks *hooks,
                                   const struct shunt_table **table, struct shunt_table_error *error);
/* Frees what opening allocated; not the bytes. No ticket of the table may be used afterwards. NULL is
 * allowed. */
void shunt_table_close(const struct shunt_table *table);

/* The bytes the table was opened on. For tools that read the format themselves. */
const void *shunt_table_bytes(const struct shunt_table *table, size_t *len);
/* The policy's `name`; bytes NULL where it has none. */
struct shunt_string shunt_table_name(const struct shunt_table *table);

/* Of rules: with each team's takes, and otherwise as the last. */
uint32_t shunt_rule_count(const struct shunt_table *table);
uint32_t shunt_team_count(const struct shunt_table *table);
uint32_t shunt_agent_count(const struct shunt_table *table);
uint32_t shunt_hours_count(const struct shunt_table *table); /* with `always`, which is 0 */
/* Names by index, from 0; bytes NULL where there is none such. A takes is named "team " and its team's name,
 * in two parts here: shunt_rule_name() gives the team's name and sets *is_takes. is_takes may be NULL. */
struct shunt_string shunt_rule_name(const struct shunt_table *table, uint32_t rule, bool *is_takes);
struct shunt_string shunt_team_name(const struct shunt_table *table, uint32_t team);
struct shunt_string shunt_agent_name(const struct shunt_table *table, uint32_t agent);
struct shunt_string shunt_hours_name(const struct shunt_table *table, uint32_t hours);
struct shunt_string shunt_skill_name(const struct shunt_table *table, uint32_t skill);
struct shunt_string shunt_label_name(const struct shunt_table *table, uint32_t label);
/* The index of the hours of that name, SHUNT_NONE where there are none. Time: linear in their number. */
uint32_t shunt_hours_find(const struct shunt_table *table, const char *name, size_t len);

/* ---- attributes: what a ticket can carry under this policy ---- */

enum shunt_type {
    SHUNT_TYPE_CHANNEL,
    SHUNT_TYPE_SET,
    SHUNT_TYPE_PRIORITY,
    SHUNT_TYPE_TEXT,
    SHUNT_TYPE_LISTED,
    SHUNT_TYPE_NUMBER,
    SHUNT_TYPE_BOOL
};
enum {
    SHUNT_ATTR_CHANNEL,
    SHUNT_ATTR_LABELS,
    SHUNT_ATTR_SEGMENTS,
    SHUNT_ATTR_PRIORITY,
    SHUNT_ATTR_SUBJECT,
    SHUNT_ATTR_BODY,
    SHUNT_ATTR_CUSTOMER,
    SHUNT_ATTR_FIELD_FIRST
};
enum { SHUNT_PRIORITY_LOW, SHUNT_PRIORITY_NORMAL, SHUNT_PRIORITY_HIGH, SHUNT_PRIORITY_URGENT };

uint32_t shunt_attr_count(const struct shunt_table *table);
struct shunt_string shunt_attr_name(const struct shunt_table *table, uint32_t attr);
enum shunt_type shunt_attr_type(const struct shunt_table *table,
                                uint32_t attr); /* attr < shunt_attr_count() */
/* The attribute of that name (as given, byte for byte), SHUNT_NONE where the policy has none: to be ignored.
 */
uint32_t shunt_attr_find(const struct shunt_table *table, const char *name, size_t len);
/* Whether any condition of the policy reads the attribute's content: where not, a caller may leave out
 * setting a text, as long as it says that it is carried (shunt_ticket_set_text with any text). */
bool shunt_attr_is_read(const struct shunt_table *table, uint32_t attr);
/* "low", "normal", "high", "urgent"; NULL past them. */
const char *shunt_priority_name(unsigned priority);

/* ---- tickets ---- */

struct shunt_ticket; /* what one ticket carries, and room to work in; made once, used for many tickets in turn
                      */

/* SHUNT_NO_MEMORY. hooks: copied; NULL: malloc. The table must outlive the ticket. */
enum shunt_status shunt_ticket_new(const struct shunt_table *table, const struct shunt_hooks *hooks,
                                   struct shunt_ticket **ticket);
void shunt_ticket_free(struct shunt_ticket *ticket); /* NULL is allowed */
/* Carries nothing again: time 0, priority normal. Cost: what the ticket before carried. */
void shunt_ticket_reset(struct shunt_ticket *ticket);

/* When it arrived. SHUNT_BAD_VALUE outside SHUNT_TIME_MIN..MAX. */
enum shunt_status shunt_ticket_set_at(struct shunt_ticket *ticket, int64_t at_sec);
/* One of a channel's, the priority's or a listed attribute's names. SHUNT_UNKNOWN: the policy does not know
 * the value, and the ticket does not carry the attribute (of priority: it is normal). SHUNT_BAD_VALUE:
 * another type of attribute. SHUNT_BAD_TEXT, SHUNT_NO_MEMORY. */
enum shunt_status shunt_ticket_set_name(struct shunt_ticket *ticket, uint32_t attr, const char *name,
                                        size_t len);
/* A member of a set: labels, segments, a field. One the policy does not name counts for `exists` alone.
 * SHUNT_BAD_VALUE: not a set. SHUNT_BAD_TEXT, SHUNT_NO_MEMORY. */
enum shunt_status shunt_ticket_add_name(struct shunt_ticket *ticket, uint32_t attr, const char *name,
                                        size_t len);
/* Time linear in len, for all patterns of the policy together. SHUNT_BAD_VALUE: not a text. SHUNT_BAD_TEXT,
 * SHUNT_NO_MEMORY. Set once for each ticket: a second text is SHUNT_BAD_VALUE. */
enum shunt_status shunt_ticket_set_text(struct shunt_ticket *ticket, uint32_t attr, const char *text,
                                        size_t len);
/* SHUNT_BAD_VALUE: not a number attribute, or not finite. */
enum shunt_status shunt_ticket_set_number(struct shunt_ticket *ticket, uint32_t attr, double number);
enum shunt_status shunt_ticket_set_bool(struct shunt_ticket *ticket, uint32_t attr, bool value);

/* ---- matching (language.md 5) ---- */

enum shunt_target { SHUNT_TO_TEAM, SHUNT_TO_AGENT, SHUNT_TO_NOBODY };

struct shunt_step {
    enum shunt_target kind;
    uint32_t target;    /* team or agent index; SHUNT_NONE for nobody */
    uint32_t after_sec; /* 0 in the first step */
    uint32_t of_hours;  /* hours index, SHUNT_NONE: plain time */
};

struct shunt_decision {
    uint32_t rule;       /* the deciding rule's index: see shunt_rule_name() */
    uint32_t step_count; /* at least 1; read with shunt_decision_step() */
    unsigned priority;   /* after effects */
    const uint32_t *add; /* labels to add, in the order the rules add them, each once; shunt_label_name() */
    uint32_t add_count;
    const uint32_t *require; /* skills, in the order the rules require them, each once; shunt_skill_name() */
    uint32_t require_count;
};

/* Decides the ticket as it stands. Allocates nothing, cannot fail. `add` and `require` point into the ticket
 * and hold until it is next matched, reset or freed. Cost: the candidates that the ticket's own labels,
 * segments, channel, values and texts lead to; not the number of rules. */
void shunt_match(struct shunt_ticket *ticket, struct shunt_decision *decision);
/* Step `step` (from 0) of what a rule decides; step < step_count. */
struct shunt_step shunt_decision_step(const struct shunt_table *table, const struct shunt_decision *decision,
                                      uint32_t step);

/* ---- batches: tickets whose names are looked up once ---- */

struct shunt_batch; /* tickets of one table as numbers, in the order they were added; grows by its hooks */

/* For tickets that are decided again, or many in a row: to match one of a batch costs no name and no text,
 * and what the ticket behind it will read is fetched meanwhile.
 *
 *     shunt_batch_new(table, NULL, &batch);
 *     (set a ticket) shunt_batch_add(batch, ticket); shunt_ticket_reset(ticket); (and so on)
 *     for (size_t i = 0; i < shunt_batch_count(batch); i++) shunt_batch_match(batch, i, ticket, &decision);
 *
 * Threads: while nothing is added, cleared or freed, any number of threads may match tickets of one batch,
 * each with a ticket of its own to work in. SHUNT_NO_MEMORY. hooks: copied; NULL: malloc. The table must
 * outlive the batch. */
enum shunt_status shunt_batch_new(const struct shunt_table *table, const struct shunt_hooks *hooks,
                                  struct shunt_batch **batch);
void shunt_batch_free(struct shunt_batch *batch); /* NULL is allowed */
/* A copy of what the ticket carries, its arrival too, becomes the last of the batch: some 200 bytes, and 25
 * for each name. Time: a word is looked at for each 64 things that conditions ask for. SHUNT_NO_MEMORY:
 * nothing was added. SHUNT_OTHER_TABLE: the ticket's table is not the batch's. */
enum shunt_status shunt_batch_add(struct shunt_batch *batch, const struct shunt_ticket *ticket);
size_t shunt_batch_count(const struct shunt_batch *batch);
/* There are none again; the memory is kept for the next ones. */
void shunt_batch_clear(struct shunt_batch *batch);
/* Decides ticket i (from 0) as shunt_match() does a ticket that carries the same; fastest in the order they
 * were added. room: a ticket of the same table, to work in: it is reset. `add` and `require` point into it
 * and hold until it is next matched, reset or freed. Allocates nothing, cannot fail. i < shunt_batch_count().
 */
void shunt_batch_match(const struct shunt_batch *batch, size_t i, struct shunt_ticket *room,
                       struct shunt_decision *decision);
/* Resets the ticket, of the same table, and sets it as ticket i was: to be changed, explained, asked at
 * another time. A batch has no strings: of what a ticket records for a desk (shunt_ticket_record(),
 * shunt_desk.h) it says nothing. Allocates nothing. i < shunt_batch_count(). */
void shunt_batch_say(const struct shunt_batch *batch, size_t i, struct shunt_ticket *ticket);

/* ---- hours and zones (language.md 6) ---- */

/* Whether hours are open at an instant. hours < shunt_hours_count(). Allocates nothing. */
bool shunt_hours_open(const struct shunt_table *table, uint32_t hours, int64_t at_sec);
/* The first instant from at_sec + 1 to at_sec + 800 * 86,400 that is open; false: none, *opening untouched.
 */
bool shunt_hours_next_opening(const struct shunt_table *table, uint32_t hours, int64_t at_sec,
                              int64_t *opening);
/* The same for closed. */
bool shunt_hours_next_closing(const struct shunt_table *table, uint32_t hours, int64_t at_sec,
                              int64_t *closing);
/* Seconds inside the hours within [from_sec, to_sec); 0 where to_sec <= from_sec. Cost: the days between. */
int64_t shunt_hours_seconds(const struct shunt_table *table, uint32_t hours, int64_t from_sec,
                            int64_t to_sec);
/* The offset from UTC (seconds east) and daylight saving of the hours' zone at an instant. Hours without a
 * zone
 * (`always`) have UTC's. isdst may be NULL. */
int32_t shunt_hours_offset(const struct shunt_table *table, uint32_t hours, int64_t at_sec, bool *isdst);

/* ---- text ---- */

/* The two normal forms that names and texts are compared in, for tools that must agree with the library:
 * NFC(x), and NFC(casefold(NFD(x))) with full case folding. Unicode Standard Annex 15; chapter 3.13, D145.
 * *out: allocated by the hooks (NULL: malloc), NUL-terminated, *out_len bytes; free with resize(ctx, out,
 * *out_len + 1, 0) (or free()). Linear time but for runs of combining marks, which cost n log n.
 * SHUNT_BAD_TEXT: not UTF-8. SHUNT_NO_MEMORY. */
enum shunt_status shunt_text_nfc(const char *text, size_t len, const struct shunt_hooks *hooks, char **out,
                                 size_t *out_len);
enum shunt_status shunt_text_fold(const char *text, size_t len, const struct shunt_hooks *hooks, char **out,
                                  size_t *out_len);

/* ---- why: conditions ---- */

/* A condition is a tree of nodes: tests, and what joins them. */
enum shunt_node_kind {
    SHUNT_NODE_TEST,     /* asks something of the ticket or of its arrival; nothing is inside it */
    SHUNT_NODE_CONSTANT, /* true or false as the policy has it: asks nothing */
    SHUNT_NODE_NOT,      /* of the one node inside it */
    SHUNT_NODE_ALL,      /* true while all inside it are: the rest is not looked at after a false one */
    SHUNT_NODE_ANY       /* true once one inside it is: the rest is not looked at */
};
struct shunt_node {
    enum shunt_node_kind kind;
    uint32_t code_off; /* the node's first record in the table's CODE: what spans in the table name. Conditions
                          that are the same in several rules have the same */
    uint32_t depth;    /* 0: the whole condition; what is inside a node of depth n has n + 1 */
    bool looked_at;    /* false: what stands before it had settled the matter, and `value` says nothing */
    bool value;
};

/* What became of a rule. `match:`, `takes:` and active days are parts of its condition. */
struct shunt_tried {
    uint32_t rule; /* as in shunt_rule_name() */
    bool matches;
    bool decides;                   /* it matches, and has a target: no rule after it is tried */
    const struct shunt_node *nodes; /* a node before those inside it, in the order written */
    size_t node_count;
};

/* Tries the rules for the ticket as it stands, in order (rules, takes, otherwise), and calls `tried` with
 * each, the deciding one last: the rule that shunt_match() gives. Conditions are evaluated by the same code.
 * What `tried` is given holds during the call. Time: all rules up to the deciding one. SHUNT_OK.
 * SHUNT_NO_MEMORY: `tried` was called for the first of them, or for none. */
enum shunt_status shunt_explain_rules(struct shunt_ticket *ticket,
                                      void (*tried)(void *ctx, const struct shunt_tried *tried), void *ctx);
/* Every node of a rule's condition, without a ticket: none is looked at. For those who count which tests were
 * ever true and false. rule < shunt_rule_count(). Allocates nothing. */
void shunt_rule_nodes(const struct shunt_table *table, uint32_t rule,
                      void (*visit)(void *ctx, const struct shunt_node *node), void *ctx);
/* Seconds east of UTC at an instant in the policy's own zone; 0 where it has none. *zone (may be NULL): its
 * name, bytes NULL where it has none. */
int32_t shunt_table_offset(const struct shunt_table *table, int64_t at_sec, struct shunt_string *zone);

#ifdef __cplusplus
}
#endif

#include "shunt_desk.h"

#endif
