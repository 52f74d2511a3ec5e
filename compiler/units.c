/*
 * Spellings of days, times, dates, durations and numbers (language.md 2, 6) to their values, for both front
 * ends; and the calendar's arithmetic.
 *
 * Each reader wants the whole of its text to be the thing. What is wrong it reports at the place, or at the
 * part of it that is wrong where the text stands in the source as it is. Numbers are read by strtod(): the
 * program never leaves the "C" locale.
 */
#include "ast.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A week's count beyond any use; a duration is kept in 32 bits; a double's digits beyond the 767th only
 * round. */
enum { EVERY_WEEKS_MAX = 5200, NUMBER_LEN_MAX = 1000 };
#define DURATION_MAX_SEC ((uint64_t)UINT32_MAX)

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static struct str str_cut(struct str s, size_t from, size_t to)
{
    return (struct str){s.p + from, to - from};
}

/* The place of s[from, to) where s was read at `at`: exact unless the source spells s otherwise. */
static struct span span_cut(struct span at, struct str s, size_t from, size_t to)
{
    if (at.len != s.len) return at;
    return (struct span){at.file, at.off + (uint32_t)from, (uint32_t)(to - from)};
}

/* The offset of the first `c`, or s.len. */
static size_t str_find(struct str s, char c)
{
    const char *p = s.len ? memchr(s.p, c, s.len) : NULL;
    return p ? (size_t)(p - s.p) : s.len;
}

/* The number written by all of s, of 1 to 9 digits; false for anything else. */
static bool read_digits(struct str s, uint32_t *out)
{
    if (s.len == 0 || s.len > 9) return false;
    uint32_t n = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (!is_digit(s.p[i])) return false;
        n = 10 * n + (uint32_t)(s.p[i] - '0');
    }
    *out = n;
    return true;
}

/* ---- numbers ---- */

/* Where the digits from i on end. */
static size_t digits_end(struct str s, size_t i)
{
    while (i < s.len && is_digit(s.p[i])) i++;
    return i;
}

/* The end of JSON's integer at the start of s, 0 where there is none. */
static size_t integer_end(struct str s)
{
    size_t i = s.len && s.p[0] == '-';
    if (i < s.len && s.p[i] == '0') return i + 1;
    size_t end = digits_end(s, i);
    return end > i ? end : 0;
}

/* RFC 8259, section 6. */
bool is_number_spelling(struct str s)
{
    size_t i = integer_end(s);
    if (i == 0) return false;
    if (i < s.len && s.p[i] == '.') {
        size_t end = digits_end(s, i + 1);
        if (end == i + 1) return false;
        i = end;
    }
    if (i < s.len && (s.p[i] == 'e' || s.p[i] == 'E')) {
        i++;
        if (i < s.len && (s.p[i] == '+' || s.p[i] == '-')) i++;
        size_t end = digits_end(s, i);
        if (end == i) return false;
        i = end;
    }
    return i == s.len;
}

bool read_integer(struct str s, int64_t *out)
{
    if (s.len == 0 || integer_end(s) != s.len) return false;
    bool negative = s.p[0] == '-';
    int64_t n = 0; /* downwards, where there is room for one more */
    for (size_t i = negative; i < s.len; i++) {
        int digit = s.p[i] - '0';
        if (n < (INT64_MIN + digit) / 10) return false;
        n = 10 * n - digit;
    }
    if (!negative && n == INT64_MIN) return false;
    *out = negative ? n : -n;
    return true;
}

bool read_number(struct str s, double *out)
{
    char text[NUMBER_LEN_MAX + 1];
    if (s.len > NUMBER_LEN_MAX || !is_number_spelling(s)) return false;
    memcpy(text, s.p, s.len);
    text[s.len] = 0;
    double number = strtod(text, NULL);
    if (!isfinite(number)) return false;
    *out = number;
    return true;
}

/* ---- days ---- */

static const char *const day_names[7] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

static bool read_day(struct str s, uint8_t *out)
{
    for (uint8_t i = 0; i < 7; i++) {
        if (!str_eq(s, str_from(day_names[i]))) continue;
        *out = i;
        return true;
    }
    return false;
}

bool is_day_range(struct str s)
{
    uint8_t day;
    if (s.len == 3) return read_day(s, &day);
    return s.len == 7 && s.p[3] == '-' && read_day(str_cut(s, 0, 3), &day) &&
           read_day(str_cut(s, 4, 7), &day);
}

/* "Monday", "MON", "weds": the day whose name it begins with, whatever the case. */
static const char *day_meant(struct str s)
{
    for (size_t i = 0; i < 7 && s.len >= 3; i++)
        if ((s.p[0] | 32) == day_names[i][0] && (s.p[1] | 32) == day_names[i][1] &&
            (s.p[2] | 32) == day_names[i][2])
            return day_names[i];
    return NULL;
}

/* The end of the letters from i on. */
static size_t letters_end(struct str s, size_t i)
{
    while (i < s.len && (s.p[i] | 32) >= 'a' && (s.p[i] | 32) <= 'z') i++;
    return i;
}

/* How two days are joined by what stands between them: '-' a range, ',' two days, 0 something else. */
static char joined_by(struct str s)
{
    static const char *const ranges[] = {"-",       "..",     "...",    "to",    "until",
                                         "through", "\u2010", "\u2013", "\u2014"};
    static const char *const lists[] = {",", "and", "&", "+", "/", ";", ""};
    while (s.len && s.p[0] == ' ') s.p++, s.len--;
    while (s.len && s.p[s.len - 1] == ' ') s.len--;
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (str_eq(s, str_from(ranges[i]))) return '-';
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (str_eq(s, str_from(lists[i]))) return ',';
    return 0;
}

/* "Monday - Thu", "tue, wed": what to write for the whole of s, .p NULL where nothing can be guessed. */
static struct str days_meant(struct arena *a, struct str s)
{
    size_t first_end = letters_end(s, 0), last = s.len;
    while (last > first_end && letters_end(s, last - 1) == s.len) last--;
    const char *from = day_meant(str_cut(s, 0, first_end)), *to = day_meant(str_cut(s, last, s.len));
    if (from && first_end == s.len) return arena_printf(a, "write %s", from);
    if (!from) return (struct str){NULL, 0};
    char joined = joined_by(str_cut(s, first_end, last));
    if (joined == '-') return to ? arena_printf(a, "write %s-%s", from, to) : (struct str){NULL, 0};
    if (to && joined == ',') return arena_printf(a, "each day is said for itself: %s, then %s", from, to);
    return arena_printf(a, "write each day for itself, or a range such as mon-fri");
}

bool read_day_range(struct diags *d, struct str s, struct span at, uint8_t *from, uint8_t *to)
{
    size_t dash = str_find(s, '-'), second = dash < s.len ? dash + 1 : 0;
    struct str first = str_cut(s, 0, dash), last = second ? str_cut(s, second, s.len) : first;
    bool first_right = read_day(first, from), last_right = read_day(last, to);
    if (first_right && last_right) return true;
    struct str meant = days_meant(d->a, s);
    size_t wrong_from = 0, wrong_to = s.len;
    if (!meant.p && first_right && last.len) wrong_from = second;
    if (!meant.p && !first_right && last_right) wrong_to = dash;
    struct diag *g = diag(d, E0150, span_cut(at, s, wrong_from, wrong_to), str_cut(s, wrong_from, wrong_to));
    g->hint = meant.p ? meant : S("write mon, tue, wed, thu, fri, sat or sun, or a range such as mon-fri");
    return false;
}

/* ---- times of day ---- */

/* "09:30" to minutes; false where the shape is another. The minutes may be past the end of the day. */
static bool read_time(struct str s, uint32_t *out)
{
    uint32_t hour, min;
    if (s.len != 5 || s.p[2] != ':') return false;
    if (!read_digits(str_cut(s, 0, 2), &hour) || !read_digits(str_cut(s, 3, 5), &min)) return false;
    *out = min < 60 ? 60 * hour + min : UINT32_MAX;
    return true;
}

/* "9:00-17:30", "9-17", "09.00-17.30": what was meant, for the hint; .p NULL where nothing can be guessed. */
static struct str interval_meant(struct arena *a, struct str s)
{
    unsigned part[4] = {0}; /* hour, minute; hour, minute */
    unsigned n = 0, side = 0;
    for (size_t i = 0; i < s.len;) {
        uint32_t number;
        size_t end = digits_end(s, i);
        if (n >= 2 || end - i > 2 || !read_digits(str_cut(s, i, end), &number)) return (struct str){NULL, 0};
        part[2 * side + n++] = number;
        i = end;
        if (i < s.len && s.p[i] == '-' && side == 0)
            side = 1, n = 0;
        else if (i < s.len && s.p[i] != ':' && s.p[i] != '.')
            return (struct str){NULL, 0};
        i++;
    }
    if (side == 0 || n == 0 || part[0] > 23 || part[2] > 24 || part[1] > 59 || part[3] > 59)
        return (struct str){NULL, 0};
    return arena_printf(a, "%02u:%02u-%02u:%02u", part[0], part[1], part[2], part[3]);
}

static bool interval_wrong(struct diags *d, struct str s, struct span at)
{
    struct diag *g = diag(d, E0151, at, s);
    struct str meant = interval_meant(d->a, s);
    diag_hint(d, g, "write %s", meant.p ? meant.p : "it as HH:MM-HH:MM, for example 09:00-17:30");
    return false;
}

bool read_interval(struct diags *d, struct str s, struct span at, struct interval *out)
{
    uint32_t from, to;
    size_t dash = str_find(s, '-');
    if (dash == s.len || !read_time(str_cut(s, 0, dash), &from) ||
        !read_time(str_cut(s, dash + 1, s.len), &to))
        return interval_wrong(d, s, at);
    if (from >= 1440) {
        struct diag *g = diag(d, E0152, span_cut(at, s, 0, dash), str_cut(s, 0, dash));
        if (from == 1440) diag_hint(d, g, "24:00 can only be an end; write 00:00 as a beginning");
        return false;
    }
    if (to > 1440) {
        diag(d, E0152, span_cut(at, s, dash + 1, s.len), str_cut(s, dash + 1, s.len));
        return false;
    }
    if (from == to) {
        diag_hint(d, diag(d, E0153, at, s), "for the whole day write 00:00-24:00");
        return false;
    }
    *out = (struct interval){(uint16_t)from, (uint16_t)to, at};
    return true;
}

/* ---- dates ---- */

bool date_exists(struct date d)
{
    static const uint8_t days[12] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (d.month < 1 || d.month > 12 || d.day < 1 || d.day > days[d.month - 1]) return false;
    if (d.month != 2 || d.day != 29 || d.year == 0) return true;
    return d.year % 4 == 0 && (d.year % 100 != 0 || d.year % 400 == 0);
}

/* Source: Howard Hinnant, "chrono-compatible low-level date algorithms", days_from_civil. */
int32_t date_days(struct date d)
{
    int32_t year = d.year - (d.month <= 2);
    int32_t era = year / 400, year_of_era = year - 400 * era; /* years are never negative here */
    int32_t day_of_year = (153 * (d.month + (d.month > 2 ? -3 : 9)) + 2) / 5 + d.day - 1;
    return 146097 * era + 365 * year_of_era + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

/* The shape alone: YYYY-MM-DD or MM-DD. Year 0 in the first shape comes out as -1. */
static bool read_date_shape(struct str s, struct date *out)
{
    uint32_t year = 0, month, day;
    size_t at = 0;
    if (s.len == 10) {
        if (s.p[4] != '-' || !read_digits(str_cut(s, 0, 4), &year)) return false;
        at = 5;
    } else if (s.len != 5) {
        return false;
    }
    if (s.p[at + 2] != '-') return false;
    if (!read_digits(str_cut(s, at, at + 2), &month) || !read_digits(str_cut(s, at + 3, at + 5), &day))
        return false;
    *out = (struct date){at && year == 0 ? -1 : (int16_t)year, (uint8_t)month, (uint8_t)day};
    return true;
}

bool read_date(struct diags *d, struct str s, struct span at, struct date *out)
{
    struct date date;
    if (!read_date_shape(s, &date)) {
        diag_hint(d, diag(d, E0154, at, s), "write YYYY-MM-DD, or MM-DD for every year's");
        return false;
    }
    if (date.year < 0 || !date_exists(date)) {
        diag(d, E0155, at, s);
        return false;
    }
    *out = date;
    return true;
}

static size_t find_dots(struct str s)
{
    for (size_t i = 0; i + 1 < s.len; i++)
        if (s.p[i] == '.' && s.p[i + 1] == '.') return i;
    return s.len;
}

bool read_date_range(struct diags *d, struct str s, struct span at, struct date_range *out)
{
    size_t dots = find_dots(s), second = dots < s.len ? dots + 2 : 0;
    struct date_range r = {.at = at};
    if (!read_date(d, str_cut(s, 0, dots), span_cut(at, s, 0, dots), &r.from)) return false;
    r.to = r.from;
    if (second && !read_date(d, str_cut(s, second, s.len), span_cut(at, s, second, s.len), &r.to))
        return false;
    if ((r.from.year == 0) != (r.to.year == 0)) {
        diag_hint(d, diag(d, E0156, at, s), "write the year at both ends, or at neither");
        return false;
    }
    if (r.from.year != 0 && date_days(r.to) < date_days(r.from)) {
        diag(d, E0157, at, s);
        return false;
    }
    *out = r;
    return true;
}

/* ---- ranges of any kind ---- */

/* Whether s can be an end of a range: a day, or what begins with a digit. */
static bool is_range_end(struct str s)
{
    uint8_t day;
    return read_day(s, &day) || (s.len > 0 && s.len <= 10 && is_digit(s.p[0]));
}

static bool ends_word(char c)
{
    return strchr(" \t\r\n,;{}\"", c) != NULL;
}

struct str range_meant(struct arena *a, struct str text, size_t from, size_t to)
{
    while (from > 0 && (text.p[from - 1] == ' ' || text.p[from - 1] == '\t')) from--;
    while (to < text.len && (text.p[to] == ' ' || text.p[to] == '\t' || text.p[to] == '.')) to++;
    size_t first = from, end = to;
    while (first > 0 && !ends_word(text.p[first - 1])) first--;
    while (end < text.len && !ends_word(text.p[end])) end++;
    struct str one = str_cut(text, first, from), other = str_cut(text, to, end);
    bool days = one.len == 3;
    if (!is_range_end(one) || !is_range_end(other) || days != (other.len == 3)) return (struct str){NULL, 0};
    bool times = str_find(one, ':') < one.len;
    return arena_printf(a, "%.*s%s%.*s", (int)one.len, one.p, days || times ? "-" : "..", (int)other.len,
                        other.p);
}

/* ---- durations ---- */

enum duration_fault { DURATION_FINE, DURATION_SHAPE, DURATION_LONG };

/* Sums of d, h, m, s, each at most once, from large to small. */
static enum duration_fault read_duration_sum(struct str s, uint64_t *sec)
{
    static const char units[] = "dhms";
    static const uint32_t unit_sec[] = {86400, 3600, 60, 1};
    size_t unit = 0;
    enum duration_fault fault = DURATION_FINE;
    for (size_t i = 0; i < s.len || i == 0;) {
        size_t end = digits_end(s, i);
        if (end == i || end == s.len) return DURATION_SHAPE;
        while (units[unit] && units[unit] != s.p[end]) unit++;
        if (!units[unit]) return DURATION_SHAPE;
        int64_t count = 0;
        while (i + 1 < end && s.p[i] == '0') i++;
        if (!read_integer(str_cut(s, i, end), &count) || count > (int64_t)DURATION_MAX_SEC)
            fault = DURATION_LONG;
        else
            *sec += (uint64_t)count * unit_sec[unit];
        unit++;
        i = end + 1;
    }
    return *sec > DURATION_MAX_SEC ? DURATION_LONG : fault;
}

bool read_duration(struct diags *d, struct str s, struct span at, struct duration *out)
{
    uint64_t sec = 0;
    enum duration_fault fault = str_eq(s, S("0")) ? DURATION_FINE : read_duration_sum(s, &sec);
    uint32_t bare;
    if (fault == DURATION_SHAPE) {
        struct diag *g = diag(d, E0158, at, s);
        if (read_digits(s, &bare))
            diag_hint(d, g, "say of what: %us, %um, %uh or %ud", bare, bare, bare, bare);
        else
            diag_hint(d, g, "write for example 90s, 15m, 2h, 1d or 1h30m");
        return false;
    }
    if (fault == DURATION_LONG) {
        diag(d, E0159, at, s);
        return false;
    }
    *out = (struct duration){sec, s, at};
    return true;
}

/* ---- every N weeks from DATE ---- */

/* The next word of s from *i on, with the blanks before it passed over. */
static struct str next_word(struct str s, size_t *i)
{
    while (*i < s.len && s.p[*i] == ' ') ++*i;
    size_t from = *i;
    while (*i < s.len && s.p[*i] != ' ') ++*i;
    return str_cut(s, from, *i);
}

bool read_every(struct diags *d, struct str s, struct span at, uint32_t *weeks, struct date *from)
{
    size_t i = 0;
    struct str count = next_word(s, &i);
    struct str unit = next_word(s, &i), preposition = next_word(s, &i), day = next_word(s, &i);
    size_t day_end = i;
    if (day.len == 0 || next_word(s, &i).len || !str_eq(unit, S("weeks")) ||
        !str_eq(preposition, S("from"))) {
        diag_hint(d, diag(d, E0160, at, s), "write for example: 6 weeks from 2026-03-02");
        return false;
    }
    uint32_t n;
    struct date date;
    if (!read_digits(count, &n) || n < 1 || n > EVERY_WEEKS_MAX) {
        size_t count_at = (size_t)(count.p - s.p);
        diag(d, E0161, span_cut(at, s, count_at, count_at + count.len), count);
        return false;
    }
    struct span day_at = span_cut(at, s, day_end - day.len, day_end);
    if (!read_date(d, day, day_at, &date)) return false;
    if (date.year == 0) {
        diag_hint(d, diag(d, E0162, day_at, day), "write the year too: YYYY-MM-DD");
        return false;
    }
    *weeks = n;
    *from = date;
    return true;
}
