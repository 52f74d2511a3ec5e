/* Instants and dates as text: see rfc3339.h. RFC 3339, section 5.6. */
#include "rfc3339.h"

#include <string.h>

/* Two digits at p; above 99 where one is none. */
static unsigned two_digits(const char *p)
{
    unsigned tens = (unsigned char)p[0] - (unsigned)'0', ones = (unsigned char)p[1] - (unsigned)'0';
    return tens <= 9 && ones <= 9 ? tens * 10 + ones : 100;
}

static bool is_leap(unsigned year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Of a month, from 1: its days in a leap year, and those from March on before it. */
static const struct month {
    uint16_t days, before;
} months[] = {{0, 0},    {31, 306}, {29, 337}, {31, 0},   {30, 31},  {31, 61}, {30, 92},
              {31, 122}, {31, 153}, {30, 184}, {31, 214}, {30, 245}, {31, 275}};

/* Days since 1970-01-01 in the proleptic Gregorian calendar; years count from March, so that a leap day is
 * last. 719,468 days lie between 0000-03-01 and 1970-01-01. */
static int64_t day_of(unsigned year, unsigned month, unsigned day)
{
    unsigned y = year - (month <= 2) + 400; /* one era on: never negative */
    unsigned days = y * 365 + y / 4 - y / 100 + y / 400 + months[month].before + day - 1;
    return (int64_t)days - 719468 - 146097;
}

/* "2026-11-20" at text[0, 10). */
static bool date_at(const char *text, int64_t *day)
{
    unsigned century = two_digits(text), of_it = two_digits(text + 2), year = century * 100 + of_it;
    unsigned month = two_digits(text + 5), d = two_digits(text + 8);
    if (century > 99 || of_it > 99 || text[4] != '-' || month < 1 || month > 12 || text[7] != '-')
        return false;
    if (d < 1 || d > months[month].days || (month == 2 && d == 29 && !is_leap(year))) return false;
    *day = day_of(year, month, d);
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
    unsigned h = two_digits(text + 1), m = two_digits(text + 4);
    if (h > 23 || m > 59) return false;
    *offset_sec = (int)(h * 3600 + m * 60) * (*text == '-' ? -1 : 1);
    return true;
}

bool parse_rfc3339(const char *text, size_t len, int64_t *at_sec)
{
    int64_t day;
    int offset_sec;
    if (len < sizeof "2026-11-20T09:15:00Z" - 1 || !date_at(text, &day)) return false;
    if ((text[10] != 'T' && text[10] != 't') || text[13] != ':' || text[16] != ':') return false;
    unsigned h = two_digits(text + 11), m = two_digits(text + 14), s = two_digits(text + 17);
    if (h > 23 || m > 59 || s > 59) return false;
    size_t i = 19;
    if (text[i] == '.') {
        size_t from = ++i;
        while (i < len && text[i] >= '0' && text[i] <= '9') i++;
        if (i == from) return false;
    }
    if (!offset_at(text + i, len - i, &offset_sec)) return false;
    *at_sec = day * 86400 + (int64_t)(h * 3600 + m * 60 + s) - offset_sec;
    return true;
}

bool parse_date(const char *cstring, int32_t *day)
{
    int64_t found;
    if (strlen(cstring) != 10 || !date_at(cstring, &found)) return false;
    *day = (int32_t)found;
    return true;
}

/* n < 100. */
static void put_two(char *to, unsigned n)
{
    to[0] = (char)('0' + n / 10);
    to[1] = (char)('0' + n % 10);
}

/* day_of() backwards, from the same day of March on. */
void write_rfc3339(int64_t at_sec, char text[RFC3339_LEN + 1])
{
    memcpy(text, "0000-00-00T00:00:00Z", RFC3339_LEN + 1);
    int64_t day = at_sec / 86400, left = at_sec % 86400;
    if (left < 0) left += 86400, day--;
    unsigned z = (unsigned)(day + 719468 + 146097), sec = (unsigned)left; /* one era on: never negative */
    unsigned in_era = z % 146097;
    unsigned y = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    unsigned in_year = in_era - (365 * y + y / 4 - y / 100);
    unsigned month_from_march = (5 * in_year + 2) / 153;
    unsigned month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    unsigned year = y + z / 146097 * 400 + (month <= 2) - 400;
    put_two(text, year / 100);
    put_two(text + 2, year % 100);
    put_two(text + 5, month);
    put_two(text + 8, in_year - (153 * month_from_march + 2) / 5 + 1);
    put_two(text + 11, sec / 3600);
    put_two(text + 14, sec / 60 % 60);
    put_two(text + 17, sec % 60);
}
