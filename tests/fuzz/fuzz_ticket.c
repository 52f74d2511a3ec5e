/* Any bytes as lines of tickets: each is refused, by both readers of JSON for the same reason, or matched by
 * the index as by the scan. */
#include "fuzz_desk.h"
#include "fuzz_lines.h"

#include "event_in.h"
#include "json_kind.h"
#include "scan.h"

static bool same(const struct shunt_decision *a, const struct shunt_decision *b)
{
    return a->rule == b->rule && a->priority == b->priority && a->step_count == b->step_count &&
           a->add_count == b->add_count && a->require_count == b->require_count;
}

static void match(struct shunt_ticket *ticket)
{
    struct shunt_decision indexed, scanned, plain;
    shunt_match(ticket, &indexed);
    sh_match_scan(ticket, &scanned);
    sh_match_plain(ticket, &plain);
    if (!same(&indexed, &scanned) || !same(&indexed, &plain)) abort();
}

/* Read by the plain one; where there is another, that reads it as well. */
static enum line_error read_line(struct json_reader *json, const struct line *line, struct json_line *parsed)
{
    enum line_error error = json_read_line(json, line->p, line->len, parsed);
#ifndef SHUNT_LINES_PLAIN
    static struct json_reader *other;
    struct json_line again;
    if (!other && !(other = json_fast.make())) abort();
    if (json_fast.read(other, line->p, line->len, &again) != error) abort();
    if (!error && again.count != parsed->count) abort();
#endif
    return error;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    const struct shunt_table *table = fuzz_desk_table();
    struct json_reader *json = json_reader_new();
    struct ticket_reader reader;
    struct shunt_ticket *ticket;
    struct line line = {0};
    struct json_line parsed;
    struct event event;
    char *copy = fuzz_copy(bytes, len);
    if (!json || !ticket_reader_init(&reader, table) || shunt_ticket_new(table, NULL, &ticket) != SHUNT_OK)
        abort();
    for (size_t at = 0; fuzz_next_line(copy, len, &at, &line);) {
        if (line.len > LINE_LEN_MAX || read_line(json, &line, &parsed) != LINE_OK) continue;
        if (event_read(&parsed, &event).error != LINE_OK || event.kind != EVENT_TICKET) continue;
        if (ticket_read(&reader, &parsed, ticket).error != LINE_OK) continue;
        if (event.has_at) shunt_ticket_set_at(ticket, event.at_sec);
        match(ticket);
    }
    shunt_ticket_free(ticket);
    ticket_reader_release(&reader);
    json_reader_free(json);
    free(copy);
    return 0;
}
