/*
 * Lines to answers, by one thread or several (commands.md 5 and 6).
 *
 * Each thread takes some lines, answers them, and gives the answers to in_turn.h, which writes those of all
 * lines before them first: one reads and writes while the others answer. The one thing that goes from line to
 * line is the time, carried on where a ticket does not say `at`: who takes lines reads off them the time with
 * which the next ones begin. So the answers are the same, in the same order, for any number.
 */
#ifndef SHUNT_CLI_MATCH_RUN_H
#define SHUNT_CLI_MATCH_RUN_H

#include "event_in.h"
#include "lines.h"
#include "out.h"
#include "shunt.h"

struct match_clock {
    bool known;
    int64_t at_sec;
};

/* A line to its event; the clock moves as it says. */
struct line_fault match_read_line(struct json_reader *reader, const struct line *line,
                                  struct match_clock *clock, struct json_line *json, struct event *event);
/* What a ticket needs besides its attributes: a time and an id. */
struct line_fault match_check_ticket(const struct match_clock *clock, const struct event *event);

struct match_run;
/* jobs: 1 to MATCH_JOBS_MAX threads, this one counted. 0, or an errno. */
enum { MATCH_JOBS_MAX = 256 };
int match_run_new(const struct shunt_table *table, unsigned jobs, struct match_clock clock,
                  struct match_run **run);
void match_run_free(struct match_run *run);
/* Answers all lines of the file, written as they come; once they cannot be written (to->error) or memory ran
 * out, no more. 0, or an errno of reading. */
int match_run_all(struct match_run *run, int fd, struct out *to);
/* Answers these lines, by one thread; writes nothing. */
void match_run_lines(struct match_run *run, const struct line *lines, size_t count, struct out *to);
/* How many lines were bad so far. */
uint64_t match_run_bad_count(const struct match_run *run);
/* Whether memory ran out over a line. */
bool match_run_broken(const struct match_run *run);

#endif
