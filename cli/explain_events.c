/* What the last of some events did, for people: see explain_run.h. */
#include "explain.h"

#include <errno.h>

static int replay_all(struct explain_log *log, const struct explain_events *events)
{
    struct explain_replay *r;
    int error = explain_replay_new(log, &r);
    if (error) return error;
    for (size_t i = 0; i < events->line_count && !error; i++) {
        log->silent = i + 1 < events->line_count;
        error = explain_replay_line(r, &events->lines[i]);
    }
    struct str refusal = explain_replay_refusal(r);
    if (!error && refusal.p)
        out_printf(log->x->o, "%sThe event is refused: %.*s\n", log->x->margin, SAY(refusal));
    else if (!error && log->case_count == 0)
        out_printf(log->x->o, "%sThe event did nothing for the ticket, and nobody was asked about it.\n",
                   log->x->margin);
    explain_replay_free(r);
    return error;
}

int explain_events(struct out *o, const struct explain_events *events, struct json_text ticket,
                   const char *margin)
{
    struct explain x;
    struct out own;
    out_init(&own, -1);
    int error = ENOMEM;
    if (explain_init(&x, events->table)) {
        struct explain_log log = {.x = &x,
                                  .seed = events->seed,
                                  .keep_days = events->keep_days,
                                  .ticket = {ticket.p, ticket.len},
                                  .is_made_up = true};
        x.margin = margin;
        x.o = &own;
        error = replay_all(&log, events);
    }
    explain_release(&x);
    if (!error && own.error) error = own.error;
    if (!error) out_bytes(o, own.p, own.len);
    out_free(&own);
    return error;
}
