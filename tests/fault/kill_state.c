/*
 * Kills `shunt route --state` at random instants, and shows that nothing answered is lost and nothing done twice
 * (commands.md 7).
 *
 *   kill_state SHUNT POLICY EVENTS CALM STATE KILLS SEED
 *
 * EVENTS: one event a line, each accepted and with an event_id of its own. First they are routed undisturbed into the
 * state file CALM, and redelivered, which gives the answer of each and what a second one answers. Then into STATE by a
 * program that is killed again and again: under load, while it starts, while it ends. Each time delivery goes on from
 * the first event that was not answered, now and then from some before it. Every answer must be one of the two, of an
 * event that was answered before the second of them; and at the end all second answers must be the same. What the files
 * hold is for the caller to compare. After each event comes a line that is none: its error line says that the answer is
 * whole.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct text {
    char *p;
    size_t len, cap;
};

struct test {
    const char *shunt, *policy;
    struct text *events; /* each with its line's end, and a line that is none */
    struct text *first, *again;
    bool *answered;
    size_t count;
    uint64_t random;
    size_t kill_count, redelivered;
};

struct child {
    pid_t pid;
    int in, out;
    struct text answer; /* of the event under way, as far as it came */
    struct text rest;   /* of a line */
    size_t sent, at;    /* events given whole, and the one that is answered next */
    size_t sent_len;    /* bytes of events[sent] */
};

static _Noreturn void fail(const char *what, const char *more)
{
    printf("%s: %s\n", what, more);
    exit(1);
}

static size_t draw(struct test *t, uint64_t below)
{
    uint64_t x = t->random += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return (size_t)((x ^ x >> 31) % below);
}

static int64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * INT64_C(1000000) + t.tv_nsec / 1000;
}

static void append(struct text *t, const char *p, size_t len)
{
    if (t->len + len + 1 > t->cap) {
        t->cap = 2 * (t->len + len + 1);
        t->p = realloc(t->p, t->cap);
        if (!t->p) fail("memory", "none");
    }
    memcpy(t->p + t->len, p, len);
    t->len += len;
    t->p[t->len] = 0;
}

static bool same(const struct text *a, const struct text *b)
{
    return a->len == b->len && (a->len == 0 || memcmp(a->p, b->p, a->len) == 0);
}

static void read_events(struct test *t, const char *path)
{
    FILE *f = fopen(path, "r");
    char *line = NULL;
    size_t cap = 0, room = 0;
    ssize_t len;
    if (!f) fail("cannot read", path);
    while ((len = getline(&line, &cap, f)) > 0) {
        if (t->count == room) t->events = realloc(t->events, (room = 2 * room + 64) * sizeof *t->events);
        t->events[t->count] = (struct text){0};
        append(&t->events[t->count], line, (size_t)len);
        append(&t->events[t->count++], "none\n", 5);
    }
    free(line);
    fclose(f);
    t->first = calloc(t->count, sizeof *t->first);
    t->again = calloc(t->count, sizeof *t->again);
    t->answered = calloc(t->count, sizeof *t->answered);
}

/* ---- the program under test ---- */

static struct child start(const struct test *t, const char *state, size_t from)
{
    int in[2], out[2];
    if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC)) fail("pipe", strerror(errno));
    pid_t pid = fork();
    if (pid == 0) {
        dup2(in[0], STDIN_FILENO);
        dup2(out[1], STDOUT_FILENO);
        execl(t->shunt, t->shunt, "route", "--virtual-time", "--seed", "7", "--state", state, t->policy,
              (char *)NULL);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    fcntl(in[1], F_SETFL, O_NONBLOCK);
    return (struct child){.pid = pid, .in = in[1], .out = out[0], .sent = from, .at = from};
}

static int end(struct child *c)
{
    int status;
    if (c->in >= 0) close(c->in);
    close(c->out);
    waitpid(c->pid, &status, 0);
    free(c->answer.p);
    free(c->rest.p);
    return status;
}

/* As much of the events as the pipe takes. */
static void give(const struct test *t, struct child *c, size_t until)
{
    while (c->sent < until) {
        const struct text *e = &t->events[c->sent];
        ssize_t n = write(c->in, e->p + c->sent_len, e->len - c->sent_len);
        if (n < 0) return;
        c->sent_len += (size_t)n;
        if (c->sent_len < e->len) return;
        c->sent++;
        c->sent_len = 0;
    }
}

/* The whole answer of event c->at. In the first run it is noted, in the second it is what is answered again. */
static void take(struct test *t, struct child *c, struct text *note)
{
    size_t i = c->at++;
    if (note) {
        append(&note[i], c->answer.p ? c->answer.p : "", c->answer.len);
    } else if (t->answered[i]) {
        t->redelivered++;
        if (!same(&c->answer, &t->again[i])) fail("an answered event answers otherwise", t->events[i].p);
    } else if (!same(&c->answer, &t->first[i]) && !same(&c->answer, &t->again[i])) {
        fail("an event answers otherwise than undisturbed", t->events[i].p); /* the second: it was kept, not answered */
    }
    t->answered[i] = true;
    c->answer.len = 0;
}

static void take_lines(struct test *t, struct child *c, struct text *note)
{
    size_t from = 0;
    const char *end;
    while ((end = memchr(c->rest.p + from, '\n', c->rest.len - from)) != NULL) {
        const char *line = c->rest.p + from;
        size_t len = (size_t)(end - line) + 1;
        bool is_error = len > 9 && memcmp(line, "{\"error\":", 9) == 0;
        if (is_error && !memmem(line, len, "\"not-json\"", 10)) fail("an event was refused", line);
        if (is_error)
            take(t, c, note);
        else
            append(&c->answer, line, len);
        from += len;
    }
    memmove(c->rest.p, c->rest.p + from, c->rest.len - from);
    c->rest.len -= from;
}

/* Delivers up to event `until`, `window` of them at most unanswered; false: the time is over, or the program gone. */
static bool deliver(struct test *t, struct child *c, size_t until, size_t window, int64_t deadline_us,
                    struct text *note)
{
    char buffer[65536];
    while (c->at < until) {
        int64_t left_us = deadline_us - now_us();
        if (left_us <= 0) return false;
        size_t limit = window < until - c->at ? c->at + window : until;
        struct pollfd fds[2] = {{c->out, POLLIN, 0}, {c->sent < limit ? c->in : -1, POLLOUT, 0}};
        const struct timespec wait = {left_us / 1000000, (long)(left_us % 1000000 * 1000)};
        if (ppoll(fds, 2, &wait, NULL) <= 0) continue;
        if (fds[1].revents) give(t, c, limit);
        if (!fds[0].revents) continue;
        ssize_t n = read(c->out, buffer, sizeof buffer);
        if (n <= 0) return false;
        append(&c->rest, buffer, (size_t)n);
        take_lines(t, c, note);
    }
    return true;
}

/* All events from one on, in a run that ends by itself. */
static void whole_run(struct test *t, const char *state, size_t from, struct text *note)
{
    struct child c = start(t, state, from);
    if (!deliver(t, &c, t->count, 1000, now_us() + INT64_C(300000000), note))
        fail("a run that nobody disturbs does not come to its end", state);
    int status = end(&c);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != (from < t->count)) /* 1: lines that are none */
        fail("an undisturbed run has a wrong status", state);
}

static size_t first_unanswered(const struct test *t)
{
    size_t i = 0;
    while (i < t->count && t->answered[i]) i++;
    return i;
}

/* One run that is killed; how soon, and how much of the log it is to come through, is drawn. */
static void killed_run(struct test *t, const char *state, size_t share)
{
    size_t from = first_unanswered(t), window = draw(t, 3) ? 1 + draw(t, 200) : 1 + draw(t, 3);
    if (draw(t, 3) == 0) from -= from < 20 ? from : draw(t, 20);
    size_t until = from + 1 + draw(t, 2 * share);
    if (until > t->count) until = t->count;
    bool in_start = draw(t, 6) == 0, in_end = draw(t, 4) == 0;
    struct child c = start(t, state, from);
    int64_t most_us = in_start ? 15000 : 5000000;
    if (deliver(t, &c, until, window, now_us() + (int64_t)draw(t, (uint64_t)most_us), NULL) && in_end) {
        close(c.in);
        c.in = -1;
        usleep((useconds_t)draw(t, 6000));
    } else if (!in_start) { /* in the middle of what comes next */
        give(t, &c, until + window < t->count ? until + window : t->count);
        usleep((useconds_t)draw(t, 3000));
    }
    kill(c.pid, SIGKILL);
    int status = end(&c);
    if (WIFSIGNALED(status)) t->kill_count++;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 2) fail("the program could not go on", state);
}

static void release(struct test *t)
{
    for (size_t i = 0; i < t->count; i++) {
        free(t->events[i].p);
        free(t->first[i].p);
        free(t->again[i].p);
    }
    free(t->events);
    free(t->first);
    free(t->again);
    free(t->answered);
}

int main(int argc, char **argv)
{
    if (argc != 8) fail("usage", "kill_state SHUNT POLICY EVENTS CALM STATE KILLS SEED");
    struct test t = {.shunt = argv[1], .policy = argv[2], .random = strtoull(argv[7], NULL, 10)};
    size_t kills = strtoul(argv[6], NULL, 10);
    signal(SIGPIPE, SIG_IGN);
    read_events(&t, argv[3]);
    whole_run(&t, argv[4], 0, t.first);
    whole_run(&t, argv[4], 0, t.again);
    memset(t.answered, 0, t.count * sizeof *t.answered);
    while (t.kill_count < kills) killed_run(&t, argv[5], t.count / kills + 1);
    whole_run(&t, argv[5], first_unanswered(&t), NULL);
    whole_run(&t, argv[5], 0, NULL);
    printf("%zu kills, %zu events, %zu redelivered\n", t.kill_count, t.count, t.redelivered);
    release(&t);
    return 0;
}
