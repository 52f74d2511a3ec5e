/* Lines as they come: see lines.h. */
#include "lines.h"
#include "fd.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Four of the longest lines: a batch large enough to share out among threads, small enough to stay in a
 * cache. */
enum { BUFFER_LEN = 4 * LINE_LEN_MAX };

int lines_init(struct lines *l, int fd)
{
    *l = (struct lines){.fd = fd, .number = 1, .batch_len = BUFFER_LEN};
    l->buffer = calloc(1, BUFFER_LEN + LINE_SLACK_LEN);
    return l->buffer ? 0 : ENOMEM;
}

void lines_release(struct lines *l)
{
    free(l->buffer);
    free(l->at);
    l->buffer = NULL;
    l->at = NULL;
}

static int give(struct lines *l, const char *p, size_t len, bool too_long)
{
    if (l->count == l->cap) {
        size_t cap = l->cap ? l->cap * 2 : 16;
        struct line *grown = realloc(l->at, cap * sizeof *grown);
        if (!grown) return ENOMEM;
        l->at = grown;
        l->cap = cap;
    }
    l->at[l->count++] = (struct line){p, (uint32_t)len, too_long, l->number};
    return 0;
}

static bool is_blank(const char *p, size_t len)
{
    while (len && (*p == ' ' || *p == '\t')) p++, len--;
    return len == 0;
}

/* A whole line without its LF; the CR of a CR LF is no part of it either. */
static int take_line(struct lines *l, const char *p, size_t len)
{
    int error = 0;
    if (len && p[len - 1] == '\r') len--;
    if (l->skipping)
        l->skipping = false;
    else if (len > LINE_LEN_MAX)
        error = give(l, p, 0, true);
    else if (!is_blank(p, len))
        error = give(l, p, len, false);
    l->number++;
    return error;
}

/* The whole lines in the buffer; at the input's end, what is left is one too. */
static int take_lines(struct lines *l)
{
    int error = 0;
    while (!error && l->from < l->to) {
        const char *p = l->buffer + l->from, *end = memchr(p, '\n', l->to - l->from);
        if (!end && !l->ended) break;
        size_t len = end ? (size_t)(end - p) : l->to - l->from;
        error = take_line(l, p, len);
        l->from += len + (end != NULL);
    }
    if (error || l->from == l->to) return error;
    if (l->skipping) {
        l->from = l->to;
    } else if (l->to - l->from > LINE_LEN_MAX + 1) { /* one more: it may be the CR of a line that just fits */
        error = give(l, NULL, 0, true);
        l->skipping = true;
        l->from = l->to;
    }
    return error;
}

/* Room at the buffer's end: what is not given moves to its beginning. At most LINE_LEN_MAX + 1 bytes are left
 * over. */
static void make_room(struct lines *l)
{
    memmove(l->buffer, l->buffer + l->from, l->to - l->from);
    l->to -= l->from;
    l->from = 0;
}

static bool more_is_there(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    return poll(&p, 1, 0) == 1 && (p.revents & POLLIN);
}

/* Waits for the first bytes, then takes what else is there already. */
static int fill(struct lines *l)
{
    size_t room = BUFFER_LEN - l->to, end = l->to + (room < l->batch_len ? room : l->batch_len);
    do {
        ssize_t n = fd_read_some(l->fd, l->buffer + l->to, end - l->to);
        if (n < 0) return errno;
        if (n == 0) l->ended = true;
        l->to += (size_t)n;
    } while (!l->ended && l->to < end && more_is_there(l->fd));
    return 0;
}

void lines_carry_on(struct lines *l, struct lines *from)
{
    if (l == from) return;
    l->from = 0;
    l->to = from->to - from->from;
    memcpy(l->buffer, from->buffer + from->from, l->to);
    l->number = from->number;
    l->ended = from->ended;
    l->skipping = from->skipping;
    from->from = from->to;
}

bool lines_are_there(const struct lines *l)
{
    return l->ended || more_is_there(l->fd);
}

bool lines_at_end(const struct lines *l)
{
    return l->ended && l->from == l->to;
}

/* Only a wait that ran out is no reason to read: an error, or the end, is what read() then says. */
static bool comes_within(int fd, int timeout_ms)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    return timeout_ms < 0 || poll(&p, 1, timeout_ms) != 0;
}

int lines_next_within(struct lines *l, int timeout_ms)
{
    int error = 0;
    l->count = 0;
    if (lines_at_end(l)) return 0;
    make_room(l);
    if (!l->ended && comes_within(l->fd, timeout_ms)) error = fill(l);
    return error ? error : take_lines(l);
}

int lines_next(struct lines *l)
{
    int error;
    do error = lines_next_within(l, -1);
    while (!error && l->count == 0 && !lines_at_end(l));
    return error;
}
