/* Lines to answers: see match_run.h. */
#define _GNU_SOURCE /* memmem */
#include "match_run.h"
#include "answer.h"
#include "event_in.h"
#include "in_turn.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* So much is read at once: what is read stays in the processor's own cache until it is answered (4 MB at
 * once: 5 % slower). */
enum { BATCH_LEN = 1 << 18 };
/* So many batches of each thread may be in the making: what a thread does in the ten milliseconds for which
 * another one may be without a processor. */
enum { AHEAD_MAX = 8 };

/* What one thread has. */
struct worker {
    struct match_run *run;
    struct json_reader *json;
    struct ticket_reader tickets;
    struct shunt_ticket *ticket;
    struct out out;
    struct answer_memo *memo;
    struct match_clock clock; /* before its lines; after them, once they are answered */
    uint64_t bad_count;
    bool broken;

    /* Of match_run_all(). */
    struct lines lines;
    uint64_t batch; /* which one it has, from 0 */
    pthread_t thread;
    bool started;
};

struct match_run {
    const struct shunt_table *table;
    struct worker *workers; /* [0] is the caller's own thread */
    unsigned jobs;
    struct match_clock clock; /* after all lines that were taken */

    /* Of match_run_all(): who holds `reading` takes the next batch. */
    pthread_mutex_t reading;
    int fd;
    struct lines *input; /* of who took the one before: what it left over begins the next */
    uint64_t taken;      /* batches */
    bool ended;
    int read_error;

    struct in_turn answers;
};

/* ---- one line ---- */

/* Without memory nothing is wrong with the line. */
static void refuse(struct worker *w, const struct line *line, const struct line_fault *fault)
{
    w->broken = fault->error == LINE_NO_MEMORY;
    if (w->broken) return;
    out_line_error(&w->out, line->number, fault);
    w->bad_count++;
}

struct line_fault match_read_line(struct json_reader *reader, const struct line *line, struct match_clock *clock,
                                  struct json_line *json, struct event *event)
{
    struct line_fault f = {LINE_OK, {NULL, 0}, NULL};
    f.error = line->too_long ? LINE_TOO_LONG : json_read_line(reader, line->p, line->len, json);
    f.about = f.error && !line->too_long ? json->about : f.about;
    if (!f.error) f = event_read(json, event);
    if (!f.error && event->has_at) *clock = (struct match_clock){true, event->at_sec};
    return f;
}

struct line_fault match_check_ticket(const struct match_clock *clock, const struct event *event)
{
    struct line_fault f = {LINE_OK, {NULL, 0}, NULL};
    if (!clock->known)
        f.error = LINE_NO_AT;
    else if (!event->id)
        f.error = LINE_NO_ID;
    else if (event->id->type != JSON_TEXT || event->id->text.len == 0)
        f.error = LINE_BAD_ID;
    return f;
}

static void answer_line(struct worker *w, const struct line *line)
{
    struct json_line json;
    struct event event;
    struct line_fault f = match_read_line(w->json, line, &w->clock, &json, &event);
    if (!f.error && event.kind != EVENT_TICKET) return;
    if (!f.error) f = match_check_ticket(&w->clock, &event);
    if (!f.error) f = ticket_read(&w->tickets, &json, w->ticket);
    if (f.error) {
        refuse(w, line, &f);
        return;
    }
    struct shunt_decision decision;
    shunt_ticket_set_at(w->ticket, w->clock.at_sec); /* event_read() kept it in range */
    shunt_match(w->ticket, &decision);
    out_answer(&w->out, w->run->table, event.id->text, &decision, w->tickets.unknown,
               w->tickets.unknown_count, w->memo);
}

static void answer_lines(struct worker *w, const struct line *lines, size_t count)
{
    for (size_t i = 0; i < count && !w->broken; i++) {
        size_t before = w->out.len;
        answer_line(w, &lines[i]);
        if (!w->out.error) continue;
        w->out.len = before; /* no half of an answer goes out */
        w->broken = true;
    }
}

/* ---- the clock between batches ---- */

/* A line in which neither the key nor an escape (that may spell it) stands cannot say the time. */
static bool may_say_at(const struct line *line)
{
    return !line->too_long &&
           (memmem(line->p, line->len, "\"at\"", 4) || memmem(line->p, line->len, "\\u", 2));
}

/* The clock after the lines: that of the last line which moves it, read backwards. */
static struct match_clock clock_after(struct worker *w, const struct line *lines, size_t count,
                                      struct match_clock before)
{
    w->clock.known = false;
    while (count-- && !w->clock.known && !w->broken) {
        struct json_line json;
        struct event event;
        if (!may_say_at(&lines[count])) continue;
        struct line_fault f = match_read_line(w->json, &lines[count], &w->clock, &json, &event);
        w->broken = f.error == LINE_NO_MEMORY; /* what it said of the time nobody knows */
    }
    return w->clock.known ? w->clock : before;
}

/* ---- making ---- */

static int worker_init(struct worker *w, struct match_run *run)
{
    w->run = run;
    out_init(&w->out, -1);
    w->json = json_reader_new();
    w->memo = calloc(ANSWER_MEMO_COUNT, sizeof *w->memo);
    if (!w->memo || !w->json || !ticket_reader_init(&w->tickets, run->table)) return ENOMEM;
    return shunt_ticket_new(run->table, NULL, &w->ticket) == SHUNT_OK ? 0 : ENOMEM;
}

int match_run_new(const struct shunt_table *table, unsigned jobs, struct match_clock clock,
                  struct match_run **run)
{
    struct match_run *r = calloc(1, sizeof *r);
    if (!r) return ENOMEM;
    r->table = table;
    r->clock = clock;
    pthread_mutex_init(&r->reading, NULL);
    int error = in_turn_init(&r->answers, jobs * AHEAD_MAX);
    r->workers = calloc(jobs, sizeof *r->workers);
    r->jobs = r->workers ? jobs : 0;
    if (!r->workers) error = ENOMEM;
    for (unsigned i = 0; i < r->jobs && !error; i++) error = worker_init(&r->workers[i], r);
    if (error)
        match_run_free(r);
    else
        *run = r;
    return error;
}

void match_run_free(struct match_run *r)
{
    if (!r) return;
    for (unsigned i = 0; i < r->jobs; i++) {
        struct worker *w = &r->workers[i];
        shunt_ticket_free(w->ticket);
        ticket_reader_release(&w->tickets);
        json_reader_free(w->json);
        lines_release(&w->lines);
        out_free(&w->out);
        free(w->memo);
    }
    free(r->workers);
    in_turn_release(&r->answers);
    pthread_mutex_destroy(&r->reading);
    free(r);
}

/* ---- batches ---- */

/* Whether there is use in another batch. No one waits for input while answers are not written: where they
 * cannot be, that is said at once. */
static bool may_go_on(struct match_run *r)
{
    bool wait = r->input && !lines_are_there(r->input);
    return in_turn_wait(&r->answers, wait ? r->taken : 0);
}

static int read_batch(struct worker *w)
{
    struct match_run *r = w->run;
    int error = w->lines.buffer ? 0 : lines_init(&w->lines, r->fd);
    if (error) return error;
    w->lines.batch_len = BATCH_LEN;
    if (r->input) lines_carry_on(&w->lines, r->input);
    r->input = &w->lines;
    return lines_next(&w->lines);
}

/* The next lines, and the time before them. */
static bool take_batch(struct worker *w)
{
    struct match_run *r = w->run;
    pthread_mutex_lock(&r->reading);
    if (!r->ended && may_go_on(r)) {
        r->read_error = read_batch(w);
        r->ended = r->read_error || w->lines.count == 0;
    } else {
        r->ended = true;
    }
    bool taken = !r->ended;
    if (taken) {
        struct match_clock before = r->clock;
        if (r->jobs > 1) r->clock = clock_after(w, w->lines.at, w->lines.count, before);
        w->clock = before;
        w->batch = r->taken++;
    }
    pthread_mutex_unlock(&r->reading);
    return taken;
}

static void *work(void *ctx)
{
    struct worker *w = ctx;
    struct match_run *r = w->run;
    while (!w->broken && take_batch(w)) {
        answer_lines(w, w->lines.at, w->lines.count);
        if (r->jobs == 1) r->clock = w->clock;
        in_turn_put(&r->answers, w->batch, &w->out, w->broken);
    }
    return NULL;
}

/* A thread that cannot be had is done without. */
int match_run_all(struct match_run *r, int fd, struct out *to)
{
    r->fd = fd;
    in_turn_begin(&r->answers, to);
    for (unsigned i = 1; i < r->jobs; i++) {
        struct worker *w = &r->workers[i];
        w->started = pthread_create(&w->thread, NULL, work, w) == 0;
    }
    work(&r->workers[0]);
    for (unsigned i = 1; i < r->jobs; i++) {
        if (r->workers[i].started) pthread_join(r->workers[i].thread, NULL);
    }
    return r->read_error;
}

void match_run_lines(struct match_run *r, const struct line *lines, size_t count, struct out *to)
{
    struct worker *w = &r->workers[0];
    w->clock = r->clock;
    answer_lines(w, lines, count);
    r->clock = w->clock;
    out_bytes(to, w->out.p, w->out.len);
    w->out.len = 0;
}

uint64_t match_run_bad_count(const struct match_run *r)
{
    uint64_t count = 0;
    for (unsigned i = 0; i < r->jobs; i++) count += r->workers[i].bad_count;
    return count;
}

bool match_run_broken(const struct match_run *r)
{
    bool broken = false;
    for (unsigned i = 0; i < r->jobs; i++) broken |= r->workers[i].broken;
    return broken;
}
