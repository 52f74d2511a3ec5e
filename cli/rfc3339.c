/* Instants and dates as text: see rfc3339.h. RFC 3339, section 5.6. */
#include "rfc3339.h"

#include <string.h>

/* `count` digits at p, all of them; -1 where one is none. */
static int digits(const char *p, int count)
{
    int n = 0;
    for (int i = 0; i < count; i++) {
        if (p[i] < '0' || p[i] > '9') return -1;
        n = n * 10 + (p[i] - '0');
    }
    return n;
}

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/* Days since 1970-01-01 in the proleptic Gregorian calendar; years count from March, so that a leap day is
 * last. 719,468 days lie between 0000-03-01 and 1970-01-01. */
static int64_t day_of(int year, int month, int day)
{
    int64_t y = year - (month <= 2) + 400; /* one era on: never negative */
    int64_t month_from_march = (month + 9) % 12;
    int64_t in_year = (153 * month_from_march + 2) / 5 + day - 1;
    return y * 365 + y / 4 - y / 100 + y / 400 + in_year - 719468 - 146097;
}

/* "2026-11-20" at text[0, 10). */
static bool date_at(const char *text, int64_t *day)
{
    int y = digits(text, 4), m = digits(text + 5, 2), d = digits(text + 8, 2);
    if (y < 0 || text[4] != '-' || m < 1 || m > 12 || text[7] != '-' || d < 1 || d > days_in(y, m))
        return false;
    *day = day_of(y, m, d);
    return true;
}

/* "Z", "z", "+01:00": seconds east. */
static bool offset_at(const char *text, size_t len, int *offset_sec)
{
    if (len == 1 && (*text == 'Z' || *text == 'z')) {
        *offset_sec = 0;
        return true;
    }
    if (len != 6 || (*text != '+' && *text != '-') || text[3] != ':') return false;
    int h = digits(text + 1, 2), m = digits(text + 4, 2);
    if (h < 0 || h > 23 || m < 0 || m > 59) return false;
    *offset_sec = (h * 3600 + m * 60) * (*text == '-' ? -1 : 1);
    return true;
}

bool parse_rfc3339(const char *text, size_t len, int64_t *at_sec)
{
    int64_t day;
    int offset_sec;
    if (len < sizeof "2026-11-20T09:15:00Z" - 1 || !date_at(text, &day)) return false;
    if ((text[10] != 'T' && text[10] != 't') || text[13] != ':' || text[16] != ':') return false;
    int h = digits(text + 11, 2), m = digits(text + 14, 2), s = digits(text + 17, 2);
    if (h < 0 || h > 23 || m < 0 || m > 59 || s < 0 || s > 59) return false;
    size_t i = 19;
    if (text[i] == '.') {
        size_t from = ++i;
        while (i < len && text[i] >= '0' && text[i] <= '9') i++;
        if (i == from) return false;
    }
    if (!offset_at(text + i, len - i, &offset_sec)) return false;
    *at_sec = day * 86400 + h * 3600 + m * 60 + s - offset_sec;
    return true;
}

bool parse_date(const char *cstring, int32_t *day)
{
    int64_t found;
    if (strlen(cstring) != 10 || !date_at(cstring, &found)) return false;
    *day = (int32_t)found;
    return true;
}

static void put_digits(char *to, int64_t n, int count)
{
    for (int i = count; i-- > 0; n /= 10) to[i] = (char)('0' + n % 10);
}

/* day_of() backwards, from the same day of March on. */
void write_rfc3339(int64_t at_sec, char text[RFC3339_LEN + 1])
{
    memcpy(text, "0000-00-00T00:00:00Z", RFC3339_LEN + 1);
    int64_t day = at_sec / 86400, sec = at_sec % 86400;
    if (sec < 0) sec += 86400, day--;
    int64_t z = day + 719468 + 146097; /* one era on: never negative */
    int64_t in_era = z % 146097;
    int64_t y = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    int64_t in_year = in_era - (365 * y + y / 4 - y / 100);
    int64_t month_from_march = (5 * in_year + 2) / 153;
    int64_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    put_digits(text, y + (z / 146097 - 1) * 400 + (month <= 2), 4);
    put_digits(text + 5, month, 2);
    put_digits(text + 8, in_year - (153 * month_from_march + 2) / 5 + 1, 2);
    put_digits(text + 11, sec / 3600, 2);
    put_digits(text + 14, sec / 60 % 60, 2);
    put_digits(text + 17, sec % 60, 2);
}
