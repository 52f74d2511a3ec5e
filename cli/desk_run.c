/*
 * One line in, its whole answer out: see desk_run.h.
 *
 * A line is parsed, its event_id looked up (desk.md 7.4: before anything moves), its event done, and what
 * moved time or state handed to the journal with its time said. Nothing is allocated for a line but what
 * grows once: room for lists, for the output.
 */
#include "desk_run.h"
#include "event_in.h"
#include "hash_key.h"
#include "rfc3339.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct json_text none = {NULL, 0};
static const struct str went_back = {"time went back", sizeof "time went back" - 1};

struct desk_run {
    struct shunt_desk *desk;
    struct desk_run_options options;
    struct json_reader *json;
    struct event_reader events;
    uint64_t bad_count;
    struct out timed;        /* a line with its `at` filled in */
    struct out warning_text; /* of all warnings, one behind the other */
    struct str *warnings;
    size_t warnings_cap;

    /* Of the line under way. */
    struct out *to;
    size_t answer_off; /* in `to`: where what the event itself answers begins */
    bool answered;     /* something of that is there */
};

/* ---- making ---- */

struct shunt_desk_options desk_run_desk_options(uint64_t seed, uint32_t keep_days)
{
    const struct sip_key key = cli_hash_key();
    return (struct shunt_desk_options){
        .seed = seed, .keep_days = keep_days, .hash_key = {key.k[0], key.k[1]}};
}

int desk_run_new(struct shunt_desk *desk, const struct desk_run_options *options, struct desk_run **run)
{
    struct desk_run *r = calloc(1, sizeof *r);
    if (!r) {
        shunt_desk_free(desk);
        return ENOMEM;
    }
    r->desk = desk;
    r->options = *options;
    out_init(&r->timed, -1);
    out_init(&r->warning_text, -1);
    r->json = json_reader_new();
    if (!r->json || !event_reader_init(&r->events, shunt_desk_table(desk))) {
        desk_run_free(r);
        return ENOMEM;
    }
    *run = r;
    return 0;
}

void desk_run_free(struct desk_run *r)
{
    if (!r) return;
    event_reader_release(&r->events);
    json_reader_free(r->json);
    out_free(&r->timed);
    out_free(&r->warning_text);
    free(r->warnings);
    shunt_desk_free(r->desk);
    free(r);
}

struct shunt_desk *desk_run_desk(const struct desk_run *r)
{
    return r->desk;
}

uint64_t desk_run_bad_count(const struct desk_run *r)
{
    return r->bad_count;
}

/* ---- answers ---- */

/* The texts of an event's warnings, in r->warnings; how many there are. */
static size_t make_warnings(struct desk_run *r, bool time_went_back)
{
    const struct ticket_reader *tickets = &r->events.tickets;
    size_t count = 0, wanted = tickets->unknown_count + 1;
    if (wanted > r->warnings_cap) {
        struct str *grown = realloc(r->warnings, 2 * wanted * sizeof *grown);
        if (!grown) {
            r->to->error = ENOMEM;
            return 0;
        }
        r->warnings = grown;
        r->warnings_cap = 2 * wanted;
    }
    if (time_went_back) r->warnings[count++] = went_back;
    r->warning_text.len = 0;
    for (size_t i = 0; i < tickets->unknown_count; i++) {
        size_t from = r->warning_text.len;
        out_unknown(&r->warning_text, shunt_desk_table(r->desk), &tickets->unknown[i]);
        r->warnings[count++].len = r->warning_text.len - from;
    }
    const char *text = r->warning_text.p;
    for (size_t i = time_went_back; i < count; text += r->warnings[i++].len) r->warnings[i].p = text;
    if (r->warning_text.error) r->to->error = ENOMEM;
    return r->warning_text.error ? 0 : count;
}

static void take_decision(void *ctx, const struct shunt_desk_decision *d)
{
    struct desk_run *r = ctx;
    size_t warning_count = 0;
    if (d->part != SHUNT_PART_DUE && !r->answered) {
        r->answered = true;
        r->answer_off = r->to->len;
        if (d->time_went_back || r->events.tickets.unknown_count)
            warning_count = make_warnings(r, d->time_went_back);
    }
    out_decision(r->to, r->desk, d, r->warnings, warning_count);
}

static enum shunt_status do_event(struct desk_run *r, const struct shunt_event *event,
                                  struct shunt_refusal *refusal)
{
    const struct shunt_sink sink = {take_decision, r};
    enum shunt_status status = shunt_desk_event(r->desk, event, &sink, refusal);
    if (!r->answered) r->answer_off = r->to->len;
    return status;
}

static int errno_of(enum shunt_status status)
{
    if (status == SHUNT_OK || status == SHUNT_REFUSED) return 0;
    return status == SHUNT_NO_MEMORY ? ENOMEM : EINVAL;
}

/* ---- the line as the journal keeps it ---- */

/* Where the member's value begins, of the members of a line that is known to be JSON. */
static size_t value_off(const struct line *line, uint32_t member_idx)
{
    size_t i = 0;
    unsigned depth = 0;
    bool in_text = false;
    for (; i < line->len; i++) {
        char c = line->p[i];
        if (in_text) {
            i += c == '\\';
            in_text = c != '"';
        } else if (c == '"') {
            in_text = true;
        } else if (c == '{' || c == '[') {
            depth++;
        } else if (c == '}' || c == ']') {
            depth--;
        } else if (depth == 1 && c == ',') {
            member_idx--;
        } else if (depth == 1 && c == ':' && member_idx == 0) {
            break;
        }
    }
    for (i++; i < line->len && strchr(" \t\r\n", line->p[i]);) i++;
    return i;
}

/* The line, saying when it happened: as it is where it says so itself. */
static struct json_text timed_line(struct desk_run *r, const struct line *line, const struct event *event,
                                   bool has_members, int64_t at_sec)
{
    if (event->said[EVENT_KEY_AT]) return (struct json_text){line->p, line->len};
    char at[RFC3339_LEN + 1];
    struct out *o = &r->timed;
    bool is_null = event->at_null_idx != SHUNT_NONE;
    size_t off = is_null ? value_off(line, event->at_null_idx) : 0;
    if (!is_null) off = (size_t)((const char *)memchr(line->p, '{', line->len) - line->p) + 1;
    write_rfc3339(at_sec, at);
    o->len = 0;
    out_bytes(o, line->p, off);
    out_puts(o, is_null ? "\"" : "\"at\":\"");
    out_puts(o, at);
    out_puts(o, has_members && !is_null ? "\"," : "\"");
    if (is_null) off += sizeof "null" - 1;
    out_bytes(o, line->p + off, line->len - off);
    return (struct json_text){o->p, o->len};
}

/* ---- one line ---- */

struct handling {
    const struct line *line;
    struct json_line json;
    struct event event;
    struct line_fault fault; /* that moves the time; LINE_OK: none */
};

static int refuse(struct desk_run *r, const struct handling *h, const struct line_fault *fault)
{
    if (fault->error == LINE_NO_MEMORY) return ENOMEM;
    out_line_error(r->to, h->line->number, fault);
    r->bad_count++;
    return 0;
}

static void refuse_event(struct desk_run *r, const struct handling *h, const struct shunt_refusal *refusal)
{
    struct json_text about = {refusal->about.bytes ? refusal->about.bytes : "", refusal->about.len};
    out_error(r->to, h->line->number, shunt_refusal_code(refusal->reason),
              shunt_refusal_text(refusal->reason), about, NULL);
    r->bad_count++;
}

static struct line_fault parse(struct desk_run *r, struct handling *h)
{
    struct line_fault f = {LINE_OK, none, NULL};
    if (h->line->too_long) {
        f.error = LINE_TOO_LONG;
        return f;
    }
    f.error = json_read_line(r->json, h->line->p, h->line->len, &h->json);
    f.about = f.error ? h->json.about : none;
    if (!f.error) f = event_read(&h->json, &h->event);
    if (!f.error && !h->event.has_at && r->options.clock) {
        h->event.has_at = true;
        h->event.at_sec = r->options.clock(r->options.clock_ctx);
    }
    return f;
}

static struct json_text event_id_of(const struct handling *h)
{
    const struct json_value *v = h->event.said[EVENT_KEY_EVENT_ID];
    return v && v->type == JSON_TEXT ? v->text : none;
}

/* Whether the event was accepted before; its answer is then appended. An event before the last one's time
 * happens at that (desk.md 1.1). */
static int find_answer(struct desk_run *r, const struct handling *h, bool *found)
{
    struct json_text id = event_id_of(h);
    int64_t at_sec;
    *found = false;
    if (!id.p || !r->options.journal.find || !shunt_desk_time(r->desk, &at_sec)) return 0;
    if (h->event.has_at && h->event.at_sec > at_sec) at_sec = h->event.at_sec;
    return r->options.journal.find(r->options.journal.ctx, id, at_sec, found, r->to);
}

static int keep_line(struct desk_run *r, const struct handling *h, bool accepted)
{
    const struct journal *j = &r->options.journal;
    int64_t now_sec;
    if (!j->keep || !shunt_desk_time(r->desk, &now_sec)) return 0;
    int64_t at_sec = h->event.has_at ? h->event.at_sec : now_sec;
    struct json_text line = timed_line(r, h->line, &h->event, h->json.count > 0, at_sec);
    if (r->timed.error || r->to->error) return ENOMEM;
    struct json_text answer = {r->to->p ? r->to->p + r->answer_off : "", r->to->len - r->answer_off};
    return j->keep(j->ctx, now_sec, line, accepted ? event_id_of(h) : none, answer);
}

/* The event, or the tick that an event is whose line is wrong (desk.md 1.4). */
static int handle(struct desk_run *r, struct handling *h)
{
    struct shunt_event event;
    struct shunt_refusal refusal;
    struct line_fault f = event_fill(&r->events, &h->json, &h->event, &event);
    if (f.error && !line_fault_moves(&f)) return refuse(r, h, &f);
    if (f.error) {
        event = (struct shunt_event){
            .kind = SHUNT_EVENT_TICK, .has_at = h->event.has_at, .at_sec = h->event.at_sec};
        r->events.tickets.unknown_count = 0;
    }
    enum shunt_status status = do_event(r, &event, &refusal);
    int error = errno_of(status);
    if (!error && f.error)
        error = refuse(r, h, &f);
    else if (status == SHUNT_REFUSED)
        refuse_event(r, h, &refusal);
    return error ? error : keep_line(r, h, status == SHUNT_OK && !f.error);
}

/* What a line did to the output is taken back where it failed. */
static int settle(struct desk_run *r, size_t before, int error)
{
    if (!error) error = r->to->error;
    if (error) r->to->len = before;
    return error;
}

static void begin(struct desk_run *r, struct out *to)
{
    r->to = to;
    r->answer_off = to->len;
    r->answered = false;
}

int desk_run_line(struct desk_run *r, const struct line *line, struct out *to)
{
    struct handling h = {.line = line};
    size_t before = to->len;
    bool found = false;
    begin(r, to);
    struct line_fault f = parse(r, &h);
    int error = f.error ? refuse(r, &h, &f) : find_answer(r, &h, &found);
    if (!f.error && !error && !found) error = handle(r, &h);
    return settle(r, before, error);
}

int desk_run_tick(struct desk_run *r, int64_t at_sec, struct out *to)
{
    const struct shunt_event tick = {.kind = SHUNT_EVENT_TICK, .has_at = true, .at_sec = at_sec};
    struct shunt_refusal refusal;
    size_t before = to->len;
    begin(r, to);
    r->events.tickets.unknown_count = 0;
    int error = errno_of(do_event(r, &tick, &refusal));
    static const char text[] = "{\"event\":\"tick\"}";
    struct handling h = {.line = &(struct line){text, sizeof text - 1, false, 0},
                         .json = {.count = 1},
                         .event = {.has_at = true, .at_sec = at_sec, .at_null_idx = SHUNT_NONE}};
    if (!error) error = keep_line(r, &h, false);
    return settle(r, before, error);
}
