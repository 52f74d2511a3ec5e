/*
 * The lines of an iCalendar file (RFC 5545, 3.1): unfolded, cut into name, VALUE parameter and value.
 */
#ifndef SHUNT_COMPILER_ICAL_LINES_H
#define SHUNT_COMPILER_ICAL_LINES_H

#include "base.h"

struct ical_reader {
    struct str rest; /* what is not read yet */
    uint32_t line;   /* the number of its first line */
    char *room;      /* as long as the file: where folded lines are joined */
};

struct ical_line {
    struct str name; /* as written; ical_is() compares without regard to case */
    struct str type; /* the parameter VALUE; empty where it has none */
    struct str value;
    uint32_t line; /* where it begins, from 1 */
};

void ical_begin(struct ical_reader *r, struct arena *a, struct str bytes);
/* The next line that is not blank; false at the end. One that is no content line has an empty name, and is
 * its value. The strings point into the file, or into the room, and hold as long as the arena. */
bool ical_next(struct ical_reader *r, struct ical_line *out);
/* Whether s is the word (upper case, ASCII), in whatever case. */
bool ical_is(struct str s, const char *word);

#endif
