/*
 * Lines of a file or a pipe, as they come (commands.md 5).
 *
 * lines_next() waits until there is something, takes what is there, and gives the whole lines of it: so
 * whoever writes all answers before the next call never waits with one unwritten. A line past LINE_LEN_MAX is
 * given once, as too long, and then skipped without being stored. Blank lines are counted and not given.
 */
#ifndef SHUNT_CLI_LINES_H
#define SHUNT_CLI_LINES_H

#include "json_in.h"

struct line {
    const char *p; /* LINE_SLACK_LEN readable bytes stand behind it */
    uint32_t len;
    bool too_long;   /* p and len say nothing then */
    uint64_t number; /* from 1 */
};

struct lines {
    int fd;
    char *buffer;
    size_t from, to;  /* what of the buffer is not given yet */
    uint64_t number;  /* of the line that begins at `from` */
    size_t batch_len; /* so much is read at once at the most; the caller may set it after lines_init() */
    bool ended, skipping;
    struct line *at; /* the lines last given: until the next call */
    size_t count, cap;
};

/* 0, or an errno. */
int lines_init(struct lines *l, int fd);
void lines_release(struct lines *l);
/* Carries on where `from`, of the same file, stopped. The lines that it gave last stay. */
void lines_carry_on(struct lines *l, struct lines *from);
/* Whether lines_next() need not wait for the first bytes. */
bool lines_are_there(const struct lines *l);
/* 0 with count 0: the end. Else an errno. */
int lines_next(struct lines *l);
/* The same, but it waits at most so long; below 0: for ever. 0 with count 0 and no end: there is no whole
 * line yet, be it that the time is over or that something came that does not end one. */
int lines_next_within(struct lines *l, int timeout_ms);
bool lines_at_end(const struct lines *l);

#endif
