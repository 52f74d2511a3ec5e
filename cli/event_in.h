/*
 * A parsed line to an event, and a ticket's attributes to a ticket of the library's (desk.md 1.1, 1.4, 2.1,
 * 6.1).
 *
 * event_read() finds what is common to all events; event_fill() (event_fill.c) makes an event for a desk of
 * the rest. Nothing is copied: what is handed out points into the line's values and into the reader, until
 * the next line.
 */
#ifndef SHUNT_CLI_EVENT_IN_H
#define SHUNT_CLI_EVENT_IN_H

#include "json_in.h"
#include "out.h"
#include "shunt.h"

enum event_kind {
#define EVENT(id, spelling, keys) EVENT_##id,
#include "events.def"
#undef EVENT
    EVENT_KIND_COUNT
};

enum event_key {
#define EVENT_KEY(id, spelling, shape) EVENT_KEY_##id,
#include "event_keys.def"
#undef EVENT_KEY
    EVENT_KEY_COUNT
};

struct event {
    enum event_kind kind;
    bool has_at;
    int64_t at_sec;
    uint32_t at_null_idx;                           /* the member that is `"at":null`; SHUNT_NONE: none */
    const struct json_value *id;                    /* NULL: none */
    const struct json_value *said[EVENT_KEY_COUNT]; /* the values of the keys; NULL: absent, or null */
};

/* Why a line is refused, with what the message is about. */
struct line_fault {
    enum line_error error;
    struct json_text about; /* p NULL: nothing */
    const char *wanted;     /* BAD_TYPE: what it should be; static */
};

/* What is common to all events; the fault's error is LINE_OK where all is well. */
struct line_fault event_read(const struct json_line *line, struct event *event);

/* A value that the policy does not know (desk.md 2.1). */
struct unknown_value {
    uint32_t attr;
    struct json_text value;
};

/* What a ticket's attributes are read for. */
enum reading_for {
    READ_TO_MATCH, /* this ticket is matched and forgotten: texts that no condition reads are not looked at */
    READ_TO_KEEP,  /* a desk keeps it: the ticket records, texts are said whole */
    READ_TO_UPDATE /* the same, and null and an empty list clear */
};

/* What the last key meant whose mark (json_in.h) has these lower bits: a program's lines have the same keys
 * again and again. */
enum { KEY_MEMO_COUNT = 64, KEY_MEMO_LEN = 24 };
struct key_memo {
    char key[KEY_MEMO_LEN];
    uint32_t len;  /* 0: nothing yet */
    uint32_t attr; /* SHUNT_NONE: no attribute */
    enum shunt_type type;
};

/* Room to read tickets in, for one thread. */
struct ticket_reader {
    const struct shunt_table *table;
    enum reading_for reading_for;  /* READ_TO_MATCH at first */
    struct unknown_value *unknown; /* of the last ticket, in the order of the attributes */
    size_t unknown_count, unknown_cap;
    uint64_t *seen; /* by attribute: the ticket that carried it last */
    uint64_t ticket_number;
    struct key_memo memo[KEY_MEMO_COUNT]; /* by mark */
    struct key_memo long_key;             /* what a key means that no memo has room for */
};
bool ticket_reader_init(struct ticket_reader *r, const struct shunt_table *table); /* false: no memory */
void ticket_reader_release(struct ticket_reader *r);

/* The line's attributes onto the ticket, which is reset first; `at` is for the caller to set. */
struct line_fault ticket_read(struct ticket_reader *r, const struct json_line *line,
                              struct shunt_ticket *ticket);
/* The warning's text: `unknown ATTRIBUTE "VALUE"`. */
void out_unknown(struct out *o, const struct shunt_table *table, const struct unknown_value *unknown);

/* Room to read events for a desk in. */
struct event_reader {
    struct ticket_reader tickets;
    struct shunt_ticket *ticket; /* records */
    struct shunt_string *texts;  /* an event has one list of texts at the most */
    struct shunt_device *devices;
    size_t texts_cap, devices_cap;
};
bool event_reader_init(struct event_reader *r, const struct shunt_table *table); /* false: no memory */
void event_reader_release(struct event_reader *r);
/* What the event's kind looks at, in the shape that a desk takes; `at` as event_read() found it. After a
 * fault that moves the time the desk is to be sent a tick. What the policy does not know is then in
 * r->tickets.unknown. */
struct line_fault event_fill(struct event_reader *r, const struct json_line *line, const struct event *event,
                             struct shunt_event *filled);

/* {"error":{"line":…,"code":…,"message":…}} and a line's end. */
void out_line_error(struct out *o, uint64_t line_number, const struct line_fault *fault);
/* The same with a sentence in which {} stands for what it is about. */
void out_error(struct out *o, uint64_t line_number, const char *code, const char *sentence,
               struct json_text about, const char *wanted);
/* Of a fault, whether the line moves the time all the same. */
bool line_fault_moves(const struct line_fault *fault);

#endif
