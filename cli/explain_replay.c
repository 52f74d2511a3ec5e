/*
 * A log of events to cases: a desk of its own does every event, as `route` does it, with somebody looking on;
 * what it answers for a ticket, and the attempts it made for it, are put together. See explain.h.
 *
 * What falls due before an event is brought by a tick before it, so that its answers are told from the
 * event's own: a tick moves nothing but the time, and the event comes at the same time (desk.md 1.2, 6.1).
 */
#include "explain.h"
#include "desk_run.h"
#include "rfc3339.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* An attempt that an event made. */
struct noted {
    struct explain_attempt attempt;
    char *ticket; /* in one block with attempt.members, behind all else */
    size_t ticket_len;
    bool used; /* told with a decision */
};

struct explain_replay {
    struct explain_log *log;
    struct desk_run *run;
    struct journal *answered; /* of events that had an event_id */
    bool repeated;            /* the line's event_id was seen before: its answer is an old one */
    struct json_reader *lines, *answers;
    struct explain_store tickets;

    struct noted *noted; /* of the event under way */
    size_t noted_count, noted_cap;
    struct explain_attempt *chosen; /* room for those of one case */
    size_t chosen_cap;
    struct out answer, line; /* what it answers; room for one line with its slack */
    struct out refusal;
    uint64_t line_number; /* the last one's */
    bool broken;          /* memory ran out where no error can be given */
};

/* What is known of the line under way. */
struct at_hand {
    uint64_t number;
    const struct json_line *json;
    const struct event *event;
    enum shunt_part part; /* of the next decision */
    size_t named_left;    /* decisions that the event itself still answers */
    bool now;             /* no event: how the ticket stands */
};

/* ---- looking on ---- */

static bool note(struct explain_replay *r, const struct shunt_attempt *a)
{
    if (r->noted_count == r->noted_cap) {
        size_t cap = r->noted_cap ? r->noted_cap * 2 : 16;
        struct noted *grown = realloc(r->noted, cap * sizeof *grown);
        if (!grown) return false;
        r->noted = grown;
        r->noted_cap = cap;
    }
    size_t members_len = a->member_count * sizeof *a->members;
    size_t require_len = a->require_count * sizeof *a->require;
    struct shunt_member *members = malloc(members_len + require_len + a->ticket.len + 1);
    if (!members) return false;
    if (members_len) memcpy(members, a->members, members_len);
    uint32_t *require = (uint32_t *)(members + a->member_count);
    if (require_len) memcpy(require, a->require, require_len);
    char *ticket = (char *)require + require_len;
    memcpy(ticket, a->ticket.bytes, a->ticket.len);
    struct noted *n = &r->noted[r->noted_count++];
    *n = (struct noted){{*a, members}, ticket, a->ticket.len, false};
    n->attempt.told.require = require;
    return true;
}

static bool is_wanted(const struct explain_log *log, struct str ticket)
{
    return !log->ticket.p || str_eq(log->ticket, ticket);
}

static void on_attempt(void *ctx, const struct shunt_attempt *a)
{
    struct explain_replay *r = ctx;
    if (r->log->silent || !is_wanted(r->log, str_of(a->ticket)) || r->broken) return;
    r->broken = !note(r, a);
}

static void forget_attempts(struct explain_replay *r)
{
    for (size_t i = 0; i < r->noted_count; i++) free(r->noted[i].attempt.members);
    r->noted_count = 0;
}

/* ---- making ---- */

static int find_answer(void *ctx, struct json_text event_id, int64_t at_sec, bool *found, struct out *answer)
{
    struct explain_replay *r = ctx;
    int error = r->answered->find(r->answered->ctx, event_id, at_sec, found, answer);
    r->repeated = !error && *found;
    return error;
}

static int keep_answer(void *ctx, int64_t at_sec, struct json_text line, struct json_text event_id,
                       struct json_text answer)
{
    struct explain_replay *r = ctx;
    return r->answered->keep(r->answered->ctx, at_sec, line, event_id, answer);
}

static int make_desk(struct explain_replay *r)
{
    struct shunt_desk *desk;
    const struct shunt_desk_options options = desk_run_desk_options(r->log->seed, r->log->keep_days);
    const struct desk_run_options run = {.keep_days = r->log->keep_days,
                                         .journal = {r, find_answer, keep_answer}};
    enum shunt_status status = shunt_desk_new(r->log->x->table, &options, NULL, &desk);
    if (status != SHUNT_OK) return status == SHUNT_NO_MEMORY ? ENOMEM : EINVAL;
    shunt_desk_watch(desk, on_attempt, r);
    return desk_run_new(desk, &run, &r->run);
}

int explain_replay_new(struct explain_log *log, struct explain_replay **replay)
{
    struct explain_replay *r = calloc(1, sizeof *r);
    if (!r) return ENOMEM;
    r->log = log;
    out_init(&r->answer, -1);
    out_init(&r->line, -1);
    out_init(&r->refusal, -1);
    r->answered = memory_journal_new(log->keep_days);
    r->lines = json_reader_new();
    r->answers = json_reader_new();
    int error = r->answered && r->lines && r->answers ? make_desk(r) : ENOMEM;
    if (!error) log->x->desk = desk_run_desk(r->run);
    if (error)
        explain_replay_free(r);
    else
        *replay = r;
    return error;
}

void explain_replay_free(struct explain_replay *r)
{
    if (!r) return;
    desk_run_free(r->run);
    memory_journal_free(r->answered);
    json_reader_free(r->lines);
    json_reader_free(r->answers);
    explain_store_release(&r->tickets);
    forget_attempts(r);
    free(r->noted);
    free(r->chosen);
    out_free(&r->answer);
    out_free(&r->line);
    out_free(&r->refusal);
    free(r);
}

const struct shunt_desk *explain_replay_desk(const struct explain_replay *r)
{
    return desk_run_desk(r->run);
}

uint64_t explain_replay_last(const struct explain_replay *r, struct str ticket)
{
    const struct explain_ticket *t = explain_find(&r->tickets, ticket);
    return t ? t->last_line : 0;
}

struct str explain_replay_refusal(const struct explain_replay *r)
{
    return r->refusal.len ? (struct str){r->refusal.p, r->refusal.len} : (struct str){NULL, 0};
}

/* ---- a decision, read again ---- */

static struct str text_at(const struct json_line *line, const char *key)
{
    for (uint32_t i = 0; i < line->count; i++) {
        const struct json_value *v = &line->values[i];
        if (v->key.len == strlen(key) && memcmp(v->key.p, key, v->key.len) == 0 && v->type == JSON_TEXT)
            return (struct str){v->text.p, v->text.len};
    }
    return (struct str){NULL, 0};
}

static uint32_t step_at(const struct json_line *line)
{
    for (uint32_t i = 0; i < line->count; i++) {
        const struct json_value *v = &line->values[i];
        if (v->key.len == 4 && memcmp(v->key.p, "step", 4) == 0) return (uint32_t)v->number - 1;
    }
    return 0;
}

static unsigned word_at(const struct json_line *line, const char *key, const char *(*name)(unsigned))
{
    struct str word = text_at(line, key);
    for (unsigned i = 0; word.p && name(i); i++)
        if (str_eq(word, str_from(name(i)))) return i;
    return SHUNT_NONE;
}

static struct explain_decision decision_of(const struct json_line *json, struct str line)
{
    struct explain_decision d = {.line = line,
                                 .status = word_at(json, "status", shunt_state_name),
                                 .why = word_at(json, "why", shunt_why_name),
                                 .team = text_at(json, "team"),
                                 .agent = text_at(json, "agent"),
                                 .step = step_at(json)};
    struct str at = text_at(json, "at");
    parse_rfc3339(at.p, at.len, &d.at_sec);
    return d;
}

/* ---- what a ticket carries, and where it stands ---- */

static bool decides_anew(const struct at_hand *h, const struct explain_decision *d)
{
    if (h->part != SHUNT_PART_ANSWER) return false;
    return h->event->kind == EVENT_TICKET || h->event->kind == EVENT_REROUTE ||
           (h->event->kind == EVENT_REOPEN && d->why != SHUNT_WHY_REOPENED);
}

static bool touches(const struct at_hand *h)
{
    if (h->part != SHUNT_PART_ANSWER) return false;
    switch (h->event->kind) {
    case EVENT_CLAIM:
    case EVENT_NEXT:
    case EVENT_ASSIGN:
    case EVENT_UNASSIGN:
    case EVENT_REPLY:
    case EVENT_PENDING:
    case EVENT_CLOSE: return true;
    default: return false;
    }
}

/* The ticket as the event leaves it; NULL: no memory. */
static struct explain_ticket *carry(struct explain_replay *r, const struct at_hand *h, struct str id)
{
    struct explain *x = r->log->x;
    bool is_new = h->part == SHUNT_PART_ANSWER && h->event->kind == EVENT_TICKET;
    bool changes = h->part == SHUNT_PART_ANSWER && h->event->kind == EVENT_UPDATE;
    struct explain_ticket *t = explain_add(&r->tickets, id);
    if (!t || (!is_new && !changes && t->json)) return t;
    const struct json_line none = {NULL, 0, {NULL, 0}};
    struct out json;
    out_init(&json, -1);
    if (changes && t->json && explain_load(x, t))
        explain_merge(&json, x, &x->line, h->json, id);
    else
        explain_merge(&json, x, NULL, is_new ? h->json : &none, id);
    bool whole = explain_set_json(t, &json);
    out_free(&json);
    return whole ? t : NULL;
}

static bool follow(struct explain_replay *r, const struct at_hand *h, const struct explain_decision *d,
                   struct explain_ticket *t)
{
    struct shunt_decision decision;
    t->last_line = h->number;
    t->touched |= touches(h);
    t->step = d->step;
    if (!decides_anew(h, d)) return true;
    t->arrived_sec = d->at_sec;
    t->touched = false;
    if (!explain_load(r->log->x, t)) return false;
    shunt_match(r->log->x->ticket, &decision);
    t->rule = decision.rule;
    return true;
}

/* ---- cases ---- */

static bool is_about(const struct noted *n, const struct explain_ticket *t)
{
    struct str a = {n->ticket, n->ticket_len}, b = {t->id, t->id_len};
    return str_eq(a, b);
}

/* Those that belong to a decision: the ticket's at that time that are not told yet; of an event's own answer
 * and of a step that fell due, those that are no drain's. at_sec INT64_MIN: all that are left. */
static size_t choose_attempts(struct explain_replay *r, const struct explain_ticket *t, int64_t at_sec,
                              enum shunt_part part)
{
    size_t count = 0;
    bool drain = part == SHUNT_PART_DRAIN;
    for (size_t i = 0; i < r->noted_count; i++) {
        struct noted *n = &r->noted[i];
        if (n->used || !is_about(n, t)) continue;
        if (at_sec != INT64_MIN && n->attempt.told.at_sec != at_sec) continue;
        if (part == SHUNT_PART_DUE && count == 0) drain = n->attempt.told.drain;
        if (at_sec != INT64_MIN && n->attempt.told.drain != drain) continue;
        n->used = true;
        r->chosen[count++] = n->attempt;
    }
    return count;
}

static bool make_room(struct explain_replay *r)
{
    if (r->noted_count <= r->chosen_cap) return true;
    struct explain_attempt *grown = realloc(r->chosen, r->noted_count * sizeof *grown);
    if (!grown) return false;
    r->chosen = grown;
    r->chosen_cap = r->noted_count;
    return true;
}

static bool is_silent(const struct explain_replay *r, const struct at_hand *h)
{
    return r->log->silent || (r->log->only_line && r->log->only_line != h->number);
}

static bool write_case(struct explain_replay *r, const struct at_hand *h, const struct explain_decision *d,
                       const struct explain_ticket *t, size_t attempt_count, int64_t at_sec)
{
    struct explain_case c = {
        .cause = {r->log->is_made_up ? 0 : h->number, h->event, h->part, h->now, at_sec},
        .ticket = t,
        .decision = d,
        .attempts = r->chosen,
        .attempt_count = attempt_count,
        .by_rules = d && decides_anew(h, d),
    };
    r->log->case_count++;
    if (attempt_count) r->log->asked_line = h->number;
    if (r->log->case_count > 1) out_putc(r->log->x->o, r->log->x->json ? ',' : '\n');
    return explain_case(r->log->x, &c);
}

static bool tell(struct explain_replay *r, const struct at_hand *h, const struct explain_decision *d,
                 struct str id)
{
    if (!is_wanted(r->log, id)) return true;
    struct explain_ticket *t = carry(r, h, id);
    if (!t || !follow(r, h, d, t) || !make_room(r)) return false;
    size_t count = choose_attempts(r, t, d->at_sec, h->part);
    return is_silent(r, h) || write_case(r, h, d, t, count, d->at_sec);
}

/* Attempts that changed nothing: told of the line that was asked for, as one cannot see them elsewhere. */
static bool tell_the_rest(struct explain_replay *r, struct at_hand *h)
{
    if (is_silent(r, h) || (!r->log->only_line && !r->log->is_made_up)) return true;
    h->part = SHUNT_PART_DRAIN;
    for (size_t i = 0; i < r->noted_count; i++) {
        struct noted *n = &r->noted[i];
        struct str id = {n->ticket, n->ticket_len};
        struct explain_ticket *t = n->used ? NULL : explain_find(&r->tickets, id);
        if (!t || !t->json || !make_room(r)) continue;
        size_t count = choose_attempts(r, t, INT64_MIN, SHUNT_PART_DRAIN);
        if (!write_case(r, h, NULL, t, count, n->attempt.told.at_sec)) return false;
    }
    return true;
}

/* ---- an event ---- */

/* How many of an event's decisions are its own answer. */
static size_t named_count(const struct event *e)
{
    const struct json_value *list = e->said[EVENT_KEY_TICKETS];
    switch (e->kind) {
    case EVENT_ONLINE:
    case EVENT_OFFLINE:
    case EVENT_SIGNOUT:
    case EVENT_AUTO:
    case EVENT_TICK: return 0;
    case EVENT_ASSIGN: return list && list->type == JSON_ARRAY ? list->count : 1;
    default: return 1;
    }
}

/* `next` answers the ticket taken, if there was one: no drain gives that why. An id that a list names twice
 * is answered once: what follows then may be the drain's, whose why is never one of these. */
static bool is_answer(const struct at_hand *h, const struct explain_decision *d)
{
    if (h->named_left == 0) return false;
    return h->event->kind != EVENT_NEXT || d->why == SHUNT_WHY_CLAIMED;
}

/* The message inside {"error":{…}}. */
static void keep_refusal(struct explain_replay *r, const struct json_line *json)
{
    const struct json_value *e = &json->values[0];
    for (uint32_t i = 0; i < e->count; i++) {
        const struct json_value *v = &json->values[e->first + i];
        if (v->key.len == 7 && memcmp(v->key.p, "message", 7) == 0)
            out_bytes(&r->refusal, v->text.p, v->text.len);
    }
}

static bool tell_line(struct explain_replay *r, struct at_hand *h, struct str line)
{
    struct json_line json;
    r->line.len = 0;
    out_str(&r->line, line);
    for (int i = 0; i < LINE_SLACK_LEN; i++) out_putc(&r->line, 0);
    if (r->line.error || json_read_line(r->answers, r->line.p, line.len, &json) != LINE_OK) return false;
    struct str id = text_at(&json, "ticket");
    if (!id.p) {
        keep_refusal(r, &json);
        return true;
    }
    struct explain_decision d = decision_of(&json, (struct str){r->line.p, line.len});
    if (h->part != SHUNT_PART_DUE) {
        h->part = is_answer(h, &d) ? SHUNT_PART_ANSWER : SHUNT_PART_DRAIN;
        if (h->part == SHUNT_PART_ANSWER) h->named_left--;
    }
    return tell(r, h, &d, id);
}

static bool tell_answer(struct explain_replay *r, struct at_hand *h)
{
    const char *p = r->answer.p, *end = p + r->answer.len;
    while (p < end) {
        const char *line_end = memchr(p, '\n', (size_t)(end - p));
        if (!tell_line(r, h, (struct str){p, (size_t)(line_end - p)})) return false;
        p = line_end + 1;
    }
    return !r->broken;
}

/* An event that was accepted before moves nothing, time included (desk.md 7.4). */
static int find_repeated(struct explain_replay *r, const struct event *e)
{
    const struct json_value *id = e->said[EVENT_KEY_EVENT_ID];
    bool found;
    if (!id || id->type != JSON_TEXT) return 0;
    int error = find_answer(r, id->text, e->at_sec, &found, &r->answer);
    r->answer.len = 0;
    return error;
}

/* What is due before the event, as a tick's. */
static int bring_due(struct explain_replay *r, struct at_hand *h)
{
    int64_t now_sec;
    const struct event *e = h->event;
    if (!e->has_at || !shunt_desk_time(desk_run_desk(r->run), &now_sec) || e->at_sec <= now_sec) return 0;
    int error = find_repeated(r, e);
    if (error || r->repeated) return error;
    h->part = SHUNT_PART_DUE;
    error = desk_run_tick(r->run, e->at_sec, &r->answer);
    if (!error && !tell_answer(r, h)) error = ENOMEM;
    r->answer.len = 0;
    forget_attempts(r);
    return error;
}

int explain_replay_line(struct explain_replay *r, const struct line *line)
{
    struct json_line json = {NULL, 0, {NULL, 0}};
    struct event event = {.kind = EVENT_TICK};
    struct at_hand h = {.number = line->number, .json = &json, .event = &event};
    enum line_error wrong = LINE_TOO_LONG;
    if (!line->too_long) wrong = json_read_line(r->lines, line->p, line->len, &json);
    if (wrong == LINE_NO_MEMORY) return ENOMEM;
    bool read = wrong == LINE_OK && !event_read(&json, &event).error;
    r->answer.len = r->refusal.len = 0;
    r->repeated = false;
    r->line_number = line->number;
    int error = read ? bring_due(r, &h) : 0;
    if (!error) error = desk_run_line(r->run, line, &r->answer);
    h.named_left = named_count(&event);
    h.part = SHUNT_PART_ANSWER;
    if (!error && !r->repeated && (!tell_answer(r, &h) || !tell_the_rest(r, &h))) error = ENOMEM;
    if (!error) error = r->refusal.error;
    forget_attempts(r);
    return error;
}

int explain_replay_now(struct explain_replay *r)
{
    struct at_hand h = {.number = r->line_number, .part = SHUNT_PART_DRAIN, .now = true};
    const struct explain_ticket *t = explain_find(&r->tickets, r->log->ticket);
    struct shunt_string id = {r->log->ticket.p, r->log->ticket.len};
    if (!t || !t->json || r->log->asked_line == r->line_number) return 0;
    enum shunt_status asked = shunt_desk_ask(desk_run_desk(r->run), id, on_attempt, r);
    if (asked != SHUNT_OK) return asked == SHUNT_NO_MEMORY ? ENOMEM : 0;
    bool whole = !r->broken && make_room(r);
    size_t count = whole ? choose_attempts(r, t, INT64_MIN, SHUNT_PART_DRAIN) : 0;
    if (count) whole = write_case(r, &h, NULL, t, count, r->noted[0].attempt.told.at_sec);
    forget_attempts(r);
    return whole ? 0 : ENOMEM;
}
