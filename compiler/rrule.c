/* The text of a recurrence rule to struct rrule: see rrule.h. Its dates are rrule_walk.c. */
#include "rrule.h"
#include "../runtime/calendar.h"

#include <string.h>

/* ---- words and numbers ---- */

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static bool same_word(struct str s, const char *word)
{
    size_t i = 0;
    for (; i < s.len && word[i]; i++)
        if (upper(s.p[i]) != word[i]) return false;
    return i == s.len && !word[i];
}

/* What stands before the first `by`, which *rest then begins behind; all of it where there is none. */
static struct str cut(struct str *rest, char by)
{
    const char *at = rest->len ? memchr(rest->p, by, rest->len) : NULL;
    struct str head = {rest->p, at ? (size_t)(at - rest->p) : rest->len};
    size_t skip = head.len + (at != NULL);
    *rest = (struct str){rest->p + skip, rest->len - skip};
    return head;
}

/* Digits alone, 1 to most; what is larger than most counts as most + 1. */
static bool count_of(struct str s, uint32_t most, uint32_t *out)
{
    uint32_t n = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (s.p[i] < '0' || s.p[i] > '9') return false;
        if (n <= most) n = n * 10 + (uint32_t)(s.p[i] - '0');
    }
    *out = n > most ? most + 1 : n;
    return s.len > 0 && n > 0;
}

static int weekday_of(struct str s)
{
    static const char names[7][3] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};
    for (int i = 0; i < 7; i++)
        if (same_word(s, names[i])) return i;
    return -1;
}

bool ical_date(struct str s, int32_t *day)
{
    unsigned n = 0;
    if (s.len != 8) return false;
    for (size_t i = 0; i < 8; i++) {
        if (s.p[i] < '0' || s.p[i] > '9') return false;
        n = n * 10 + (unsigned)(s.p[i] - '0');
    }
    unsigned y = n / 10000, m = n / 100 % 100, d = n % 100;
    if (!y || !m || m > 12 || !d || d > cal_month_len(y, m)) return false;
    *day = (int32_t)cal_days(y, m, d);
    return true;
}

/* ---- lists of numbers ---- */

/* [+-]n with n from 1 to most. */
static bool place(struct str s, uint32_t most, struct rrule_places *out)
{
    bool back = s.len && s.p[0] == '-';
    uint32_t n;
    if (back || (s.len && s.p[0] == '+')) s = (struct str){s.p + 1, s.len - 1};
    if (!count_of(s, most, &n) || n > most) return false;
    (back ? out->back : out->front)[n / 64] |= UINT64_C(1) << n % 64;
    return out->said = true;
}

static bool places(struct str list, uint32_t most, struct rrule_places *out)
{
    do {
        if (!place(cut(&list, ','), most, out)) return false;
    } while (list.len);
    return true;
}

static bool by_month(struct str list, struct rrule *r)
{
    do {
        uint32_t n;
        if (!count_of(cut(&list, ','), 12, &n) || n > 12) return false;
        r->months = (uint16_t)(r->months | 1u << n);
    } while (list.len);
    return true;
}

/* MO, 1MO, -1FR */
static bool by_day(struct str list, struct rrule *r)
{
    do {
        struct str s = cut(&list, ',');
        if (s.len < 2) return false;
        int day = weekday_of((struct str){s.p + s.len - 2, 2});
        s.len -= 2;
        if (day < 0) return false;
        if (!s.len)
            r->weekdays = (uint8_t)(r->weekdays | 1u << day);
        else if (!place(s, 53, &r->nth[day]))
            return false;
        else
            r->nth_said = true;
    } while (list.len);
    return true;
}

/* ---- parts ---- */

enum part {
    P_FREQ,
    P_INTERVAL,
    P_COUNT,
    P_UNTIL,
    P_WKST,
    P_BYMONTH,
    P_BYWEEKNO,
    P_BYYEARDAY,
    P_BYMONTHDAY,
    P_BYDAY,
    P_BYSETPOS,
    P_BYHOUR,
    P_BYMINUTE,
    P_BYSECOND,
    P_RSCALE,
    P_SKIP,
    PART_COUNT
};
static const char *const part_names[PART_COUNT] = {
    "FREQ",       "INTERVAL", "COUNT",    "UNTIL",  "WKST",     "BYMONTH",  "BYWEEKNO", "BYYEARDAY",
    "BYMONTHDAY", "BYDAY",    "BYSETPOS", "BYHOUR", "BYMINUTE", "BYSECOND", "RSCALE",   "SKIP"};

static enum rrule_fault frequency(struct str value, struct rrule *r)
{
    static const char *const names[] = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"};
    static const char *const finer[] = {"SECONDLY", "MINUTELY", "HOURLY"};
    for (int i = 0; i < 3; i++)
        if (same_word(value, finer[i])) return RRULE_UNSUPPORTED;
    for (int i = 0; i < 4; i++) {
        r->freq = (enum rrule_freq)i;
        if (same_word(value, names[i])) return RRULE_OK;
    }
    return RRULE_DAMAGED;
}

/* A date, or a date with a time, of which the date counts: the events are whole days. */
static bool until(struct str value, struct rrule *r)
{
    if (value.len > 8 && upper(value.p[8]) == 'T') value.len = 8;
    return ical_date(value, &r->until);
}

enum { COUNT_MOST = 100000000, INTERVAL_MOST = 100000000 };

static enum rrule_fault set_part(enum part part, struct str v, struct rrule *r)
{
    bool ok = true;
    switch (part) {
    case P_FREQ: return frequency(v, r);
    case P_INTERVAL: ok = count_of(v, INTERVAL_MOST, &r->interval); break;
    case P_COUNT: ok = count_of(v, COUNT_MOST, &r->count); break;
    case P_UNTIL: ok = until(v, r); break;
    case P_WKST:
        ok = weekday_of(v) >= 0;
        r->week_start = (uint8_t)(ok ? weekday_of(v) : 0);
        break;
    case P_BYMONTH: ok = by_month(v, r); break;
    case P_BYWEEKNO: ok = places(v, 53, &r->weeks); break;
    case P_BYYEARDAY: ok = places(v, 366, &r->year_days); break;
    case P_BYMONTHDAY: ok = places(v, 31, &r->month_days); break;
    case P_BYDAY: ok = by_day(v, r); break;
    case P_BYSETPOS: ok = places(v, 366, &r->positions); break;
    case P_RSCALE: return same_word(v, "GREGORIAN") ? RRULE_OK : RRULE_UNSUPPORTED;
    case P_SKIP: return same_word(v, "OMIT") ? RRULE_OK : RRULE_UNSUPPORTED;
    case P_BYHOUR:
    case P_BYMINUTE:
    case P_BYSECOND: /* RFC 5545: ignored where the event is whole days */
    case PART_COUNT: break;
    }
    return ok ? RRULE_OK : RRULE_DAMAGED;
}

static enum part part_of(struct str name)
{
    int i = 0;
    while (i < PART_COUNT && !same_word(name, part_names[i])) i++;
    return (enum part)i;
}

/* The combinations that RFC 5545 forbids because they mean nothing; NULL: none. */
static const char *contradiction(const struct rrule *r, uint32_t said)
{
    if (!(said & 1u << P_FREQ)) return "it has no FREQ";
    if (said & 1u << P_COUNT && said & 1u << P_UNTIL) return "COUNT and UNTIL together";
    if (r->weeks.said && r->freq != RRULE_YEARLY) return "BYWEEKNO without FREQ=YEARLY";
    if (r->year_days.said && r->freq != RRULE_YEARLY) return "BYYEARDAY without FREQ=YEARLY";
    if (r->month_days.said && r->freq == RRULE_WEEKLY) return "BYMONTHDAY with FREQ=WEEKLY";
    if (r->nth_said && (r->freq < RRULE_MONTHLY || r->weeks.said))
        return "a number in BYDAY that counts nothing";
    return NULL;
}

enum rrule_fault rrule_parse(struct str text, struct rrule *out, struct str *what)
{
    uint32_t said = 0;
    *out = (struct rrule){.interval = 1, .until = INT32_MAX};
    do {
        struct str part = cut(&text, ';'), value = part;
        enum part p = part_of(cut(&value, '='));
        enum rrule_fault fault = p == PART_COUNT || said & 1u << p ? RRULE_DAMAGED : set_part(p, value, out);
        *what = part;
        if (fault) return fault;
        said |= 1u << p;
    } while (text.len);
    const char *wrong = contradiction(out, said);
    if (wrong) *what = str_from(wrong);
    return wrong ? RRULE_DAMAGED : RRULE_OK;
}
