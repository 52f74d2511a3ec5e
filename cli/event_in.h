/*
 * A parsed line to an event, and a ticket's attributes to a ticket of the library's (desk.md 1.1, 1.4, 2.1).
 */
#ifndef SHUNT_CLI_EVENT_IN_H
#define SHUNT_CLI_EVENT_IN_H

#include "json_in.h"
#include "out.h"
#include "shunt.h"

enum event_kind {
#define EVENT(id, spelling) EVENT_##id,
#include "events.def"
#undef EVENT
    EVENT_KIND_COUNT
};

struct event {
    enum event_kind kind;
    bool has_at;
    int64_t at_sec;
    const struct json_value *id; /* NULL: none */
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

/* Room to read tickets in, for one thread. */
struct ticket_reader {
    const struct shunt_table *table;
    struct unknown_value *unknown; /* of the last ticket, in the order of the attributes */
    size_t unknown_count, unknown_cap;
    uint64_t *seen; /* by attribute: the ticket that carried it last */
    uint64_t ticket_number;
};
bool ticket_reader_init(struct ticket_reader *r, const struct shunt_table *table); /* false: no memory */
void ticket_reader_release(struct ticket_reader *r);

/* The line's attributes onto the ticket, which is reset first; `at` is for the caller to set. */
struct line_fault ticket_read(struct ticket_reader *r, const struct json_line *line,
                              struct shunt_ticket *ticket);

/* {"error":{"line":…,"code":…,"message":…}} and a line's end. */
void out_line_error(struct out *o, uint64_t line_number, const struct line_fault *fault);
/* Of a fault, whether the line moves the time all the same. */
bool line_fault_moves(const struct line_fault *fault);

#endif
