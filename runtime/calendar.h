/*
 * The proleptic Gregorian calendar as plain arithmetic: days since 1970-01-01 to year, month, day and back.
 *
 * Shared by compiler/ and runtime/, as format.h is. Assumes years within about ±5 million of 1970; no tables,
 * no C library, so that a date is the same on every machine.
 */
#ifndef SHUNT_RUNTIME_CALENDAR_H
#define SHUNT_RUNTIME_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

enum { CAL_DAY_SEC = 86400, CAL_PLACE_COUNT = 366 };

/* n / by rounded down, by > 0. */
static inline int64_t cal_floor_div(int64_t n, int64_t by)
{
    return n / by - (n % by < 0);
}

static inline bool cal_leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Days since 1970-01-01. Source of this and cal_civil(): Howard Hinnant, "chrono-Compatible Low-Level Date
 * Algorithms", 2013: the year is counted from March, so that the leap day comes last. */
static inline int64_t cal_days(int64_t year, unsigned month, unsigned day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = cal_floor_div(y, 400);
    int64_t of_era = y - era * 400;
    int64_t of_year = (153 * (int64_t)(month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

struct cal_date {
    int64_t year;
    unsigned month, day;
};

static inline struct cal_date cal_civil(int64_t days)
{
    int64_t z = days + 719468, era = cal_floor_div(z, 146097), of_era = z - era * 146097;
    int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    unsigned of_year = (unsigned)(of_era - (365 * y + y / 4 - y / 100));
    unsigned m = (5 * of_year + 2) / 153;
    unsigned month = m < 10 ? m + 3 : m - 9;
    return (struct cal_date){y + era * 400 + (month <= 2), month, of_year - (153 * m + 2) / 5 + 1};
}

/* 0 Monday .. 6 Sunday. 1970-01-01 was a Thursday. */
static inline unsigned cal_weekday(int64_t days)
{
    return (unsigned)(days + 3 - cal_floor_div(days + 3, 7) * 7);
}

static inline unsigned cal_month_len(int64_t year, unsigned month)
{
    return month == 2 ? (cal_leap(year) ? 29 : 28) : 30 + ((month + (month > 7)) & 1);
}

/* A day's place in a leap year, 0..365: 59 is 02-29, and 03-01 is 60 in every year. */
static inline int32_t cal_place_of(unsigned month, unsigned day)
{
    return (int32_t)(cal_days(2000, month, day) - cal_days(2000, 1, 1));
}

static inline int32_t cal_place(int64_t days)
{
    struct cal_date d = cal_civil(days);
    return cal_place_of(d.month, d.day);
}

#endif
