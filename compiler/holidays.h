/*
 * iCalendar files (RFC 5545) to the dates that their all-day events close (language.md 6.5).
 *
 * Any bytes may come. Time and memory are linear in the file, but for recurrences, whose work is bounded by
 * HOLIDAY_WORK_MAX days looked at in a file.
 */
#ifndef SHUNT_COMPILER_HOLIDAYS_H
#define SHUNT_COMPILER_HOLIDAYS_H

#include "model.h"

/* Some 0.3 s and 60 MB at the worst: 75 years of a daily rule are 27,000 days, of a yearly one some 2,400. */
enum { HOLIDAY_WORK_MAX = 5000000, HOLIDAY_FAULTS_MAX = 20 };

enum holiday_fault_kind { HOLIDAY_DAMAGED, HOLIDAY_UNSUPPORTED, HOLIDAY_TOO_MUCH };
struct holiday_fault {
    enum holiday_fault_kind kind;
    uint32_t line;   /* from 1 */
    struct str what; /* for people; ASCII */
};

struct holidays {
    m_ranges ranges;                  /* dated; neither sorted nor merged */
    uint32_t all_day_count;           /* all-day events, cancelled ones too */
    VEC(struct holiday_fault) faults; /* in the order of lines; at most HOLIDAY_FAULTS_MAX */
};

/* Reads a whole file. With faults, ranges are of no use. */
void holidays_read(struct arena *a, struct str bytes, struct holidays *out);

#endif
