/*
 * Recurrence rules of all-day events (RFC 5545, 3.3.10), DAILY to YEARLY: text to rule to dates.
 *
 * A rule is kept as sets of bits, so its size is bounded whatever the text says; its dates are found by
 * asking of each day of a period whether it meets every part, and the days asked are counted, so that the
 * work can be bounded too.
 */
#ifndef SHUNT_COMPILER_RRULE_H
#define SHUNT_COMPILER_RRULE_H

#include "base.h"

enum rrule_freq { RRULE_DAILY, RRULE_WEEKLY, RRULE_MONTHLY, RRULE_YEARLY };

/* Numbers counted from the front (1 is the first) and from the back (-1 is the last), up to 383. */
struct rrule_places {
    uint64_t front[6], back[6];
    bool said;
};

struct rrule {
    enum rrule_freq freq;
    uint32_t interval;  /* 1 and more */
    uint32_t count;     /* 0: no COUNT */
    int32_t until;      /* days since 1970; INT32_MAX: no UNTIL */
    uint8_t week_start; /* 0 Monday .. 6 */
    uint16_t months;    /* bit m: month m; 0: not said */
    uint8_t weekdays;   /* bit d: every weekday d of the period */
    bool nth_said;
    struct rrule_places nth[7]; /* weekdays with a number, by weekday */
    struct rrule_places month_days, year_days, weeks, positions;
};

/* Why a rule cannot be used. */
enum rrule_fault { RRULE_OK, RRULE_DAMAGED, RRULE_UNSUPPORTED };
/* *what: the part that is wrong (the text's own bytes) or a sentence that says so; set unless RRULE_OK. */
enum rrule_fault rrule_parse(struct str text, struct rrule *out, struct str *what);

struct rrule_walk {
    struct rrule rule;  /* with what it does not say taken from the first date */
    int32_t start, end; /* dates outside [start, end] are not given */
    int64_t period;     /* the next period's number, from start's on */
    uint32_t given;
    int32_t days[366]; /* the current period's dates, ascending */
    uint32_t day_count, day_next;
    uint64_t asked; /* days looked at so far: the work done */
};

/* The dates from start (the event's own, which always counts as the first) to end at the latest. */
void rrule_begin(struct rrule_walk *w, const struct rrule *rule, int32_t start, int32_t end);
/* The next date; false where there are no more, or where more than asked_max days were looked at. */
bool rrule_next(struct rrule_walk *w, uint64_t asked_max, int32_t *day);

/* "20240106" as days since 1970; false where there is no such date (years 1 to 9999). */
bool ical_date(struct str s, int32_t *day);

#endif
