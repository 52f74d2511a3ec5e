/* Lines to answers: see match_run.h. */
#define _GNU_SOURCE /* memmem */
#include "match_run.h"
#include "answer.h"
#include "event_in.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* Below this, handing a slice to a thread costs more than it saves (about 20 us against 1 us a line). */
enum { SLICE_LINES_MIN = 64 };

/* What one thread has: its slice of the batch, and room of its own. */
struct worker {
    struct match_run *run;
    struct json_reader *json;
    struct ticket_reader tickets;
    struct shunt_ticket *ticket;
    struct out out;
    pthread_t thread;
    bool started;

    const struct line *lines;
    size_t count;
    struct match_clock clock; /* before the slice; after it, once it is answered */
    uint64_t bad_count;
    bool broken;
};

struct match_run {
    const struct shunt_table *table;
    struct worker *workers; /* [0] is the caller's own thread */
    unsigned jobs;
    struct match_clock clock;

    pthread_mutex_t lock;
    pthread_cond_t begin, done;
    uint64_t batch;      /* counts up: a new one is there to be taken */
    unsigned busy_count; /* threads still at it */
    bool leaving;
};

/* ---- one line ---- */

static void refuse(struct worker *w, const struct line *line, const struct line_fault *fault)
{
    out_line_error(&w->out, line->number, fault);
    w->bad_count++;
    w->broken |= fault->error == LINE_NO_MEMORY;
}

/* Parses the line and moves the clock as it says. */
static struct line_fault read_line(struct worker *w, const struct line *line, struct json_line *json,
                                   struct event *event)
{
    struct line_fault f = {LINE_OK, {NULL, 0}, NULL};
    f.error = line->too_long ? LINE_TOO_LONG : json_read_line(w->json, line->p, line->len, json);
    f.about = f.error && !line->too_long ? json->about : f.about;
    if (!f.error) f = event_read(json, event);
    if (!f.error && event->has_at) w->clock = (struct match_clock){true, event->at_sec};
    return f;
}

static struct line_fault read_ticket(struct worker *w, const struct json_line *json,
                                     const struct event *event)
{
    struct line_fault f = {LINE_OK, {NULL, 0}, NULL};
    if (!w->clock.known)
        f.error = LINE_NO_AT;
    else if (!event->id)
        f.error = LINE_NO_ID;
    else if (event->id->type != JSON_TEXT || event->id->text.len == 0)
        f.error = LINE_BAD_ID;
    return f.error ? f : ticket_read(&w->tickets, json, w->ticket);
}

static void answer_line(struct worker *w, const struct line *line)
{
    struct json_line json;
    struct event event;
    struct line_fault f = read_line(w, line, &json, &event);
    if (!f.error && event.kind != EVENT_TICKET) return;
    if (!f.error) f = read_ticket(w, &json, &event);
    if (f.error) {
        refuse(w, line, &f);
        return;
    }
    struct shunt_decision decision;
    shunt_ticket_set_at(w->ticket, w->clock.at_sec); /* event_read() kept it in range */
    shunt_match(w->ticket, &decision);
    out_answer(&w->out, w->run->table, event.id->text, &decision, w->tickets.unknown,
               w->tickets.unknown_count);
}

static void answer_slice(struct worker *w)
{
    for (size_t i = 0; i < w->count; i++) answer_line(w, &w->lines[i]);
}

/* ---- the clock between slices ---- */

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
    while (count-- && !w->clock.known) {
        struct json_line json;
        struct event event;
        if (may_say_at(&lines[count])) read_line(w, &lines[count], &json, &event);
    }
    return w->clock.known ? w->clock : before;
}

/* ---- threads ---- */

static void *work(void *ctx)
{
    struct worker *w = ctx;
    struct match_run *run = w->run;
    uint64_t taken = 0;
    pthread_mutex_lock(&run->lock);
    while (true) {
        while (run->batch == taken && !run->leaving) pthread_cond_wait(&run->begin, &run->lock);
        if (run->leaving) break;
        taken = run->batch;
        pthread_mutex_unlock(&run->lock);
        answer_slice(w);
        pthread_mutex_lock(&run->lock);
        if (--run->busy_count == 0) pthread_cond_signal(&run->done);
    }
    pthread_mutex_unlock(&run->lock);
    return NULL;
}

static int worker_init(struct worker *w, struct match_run *run)
{
    w->run = run;
    out_init(&w->out, -1);
    w->json = json_reader_new();
    if (!w->json || !ticket_reader_init(&w->tickets, run->table)) return ENOMEM;
    return shunt_ticket_new(run->table, NULL, &w->ticket) == SHUNT_OK ? 0 : ENOMEM;
}

static int start_all(struct match_run *run)
{
    int error = 0;
    for (unsigned i = 0; i < run->jobs && !error; i++) {
        error = worker_init(&run->workers[i], run);
        if (error || i == 0) continue;
        error = pthread_create(&run->workers[i].thread, NULL, work, &run->workers[i]);
        run->workers[i].started = !error;
    }
    return error;
}

int match_run_new(const struct shunt_table *table, unsigned jobs, struct match_clock clock,
                  struct match_run **run)
{
    struct match_run *r = calloc(1, sizeof *r);
    if (!r) return ENOMEM;
    r->table = table;
    r->clock = clock;
    pthread_mutex_init(&r->lock, NULL);
    pthread_cond_init(&r->begin, NULL);
    pthread_cond_init(&r->done, NULL);
    r->workers = calloc(jobs, sizeof *r->workers);
    r->jobs = r->workers ? jobs : 0;
    int error = r->workers ? start_all(r) : ENOMEM;
    if (error)
        match_run_free(r);
    else
        *run = r;
    return error;
}

void match_run_free(struct match_run *r)
{
    if (!r) return;
    pthread_mutex_lock(&r->lock);
    r->leaving = true;
    pthread_cond_broadcast(&r->begin);
    pthread_mutex_unlock(&r->lock);
    for (unsigned i = 0; i < r->jobs; i++) {
        struct worker *w = &r->workers[i];
        if (w->started) pthread_join(w->thread, NULL);
        shunt_ticket_free(w->ticket);
        ticket_reader_release(&w->tickets);
        json_reader_free(w->json);
        out_free(&w->out);
    }
    free(r->workers);
    pthread_cond_destroy(&r->begin);
    pthread_cond_destroy(&r->done);
    pthread_mutex_destroy(&r->lock);
    free(r);
}

/* ---- a batch ---- */

/* Gives every worker its slice and its clock. */
static void share_out(struct match_run *r, const struct line *lines, size_t count)
{
    struct match_clock clock = r->clock;
    for (unsigned i = 0; i < r->jobs; i++) {
        struct worker *w = &r->workers[i];
        size_t from = count * i / r->jobs, to = count * (i + 1) / r->jobs;
        w->lines = lines + from;
        w->count = to - from;
        struct match_clock after = i + 1 < r->jobs ? clock_after(w, w->lines, w->count, clock) : clock;
        w->clock = clock;
        clock = after;
    }
}

static void answer_in_parallel(struct match_run *r, const struct line *lines, size_t count)
{
    share_out(r, lines, count);
    pthread_mutex_lock(&r->lock);
    r->batch++;
    r->busy_count = r->jobs - 1;
    pthread_cond_broadcast(&r->begin);
    pthread_mutex_unlock(&r->lock);
    answer_slice(&r->workers[0]);
    pthread_mutex_lock(&r->lock);
    while (r->busy_count) pthread_cond_wait(&r->done, &r->lock);
    pthread_mutex_unlock(&r->lock);
    r->clock = r->workers[r->jobs - 1].clock;
}

static void answer_alone(struct match_run *r, const struct line *lines, size_t count)
{
    struct worker *w = &r->workers[0];
    w->lines = lines;
    w->count = count;
    w->clock = r->clock;
    answer_slice(w);
    r->clock = w->clock;
}

void match_run_lines(struct match_run *r, const struct line *lines, size_t count, struct out *to)
{
    if (r->jobs > 1 && count >= (size_t)r->jobs * SLICE_LINES_MIN)
        answer_in_parallel(r, lines, count);
    else
        answer_alone(r, lines, count);
    for (unsigned i = 0; i < r->jobs; i++) {
        struct out *o = &r->workers[i].out;
        out_bytes(to, o->p, o->len);
        r->workers[i].broken |= o->error != 0;
        o->len = 0;
    }
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
