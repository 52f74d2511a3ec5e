/*
 * The events of an iCalendar file to closed dates: see holidays.h.
 *
 * Follows BEGIN and END, collects what each VEVENT says, and at its end turns it into ranges of dates. What
 * stands in other components, or in components inside an event (an alarm), is of no matter. A fault in an
 * event is told and the rest read on; after one in the nesting nothing more can be understood.
 */
#include "holidays.h"
#include "ical_lines.h"
#include "rrule.h"
#include "../runtime/calendar.h"

#include <stdlib.h>
#include <string.h>

enum { NEST_MAX = 16, LENGTH_MAX = 4000000 };

struct rule_line {
    struct str text;
    uint32_t line;
};

/* What an event says. A line of 0: not said. */
struct event {
    uint32_t line;
    uint32_t start_line, end_line, duration_line, status_line;
    bool all_day, cancelled;
    bool of_series;     /* RECURRENCE-ID with a date: it changes a series of all-day events */
    int32_t start, end; /* end: exclusive */
    int32_t length;     /* DURATION in days, rounded up */
    VEC(struct rule_line) rules;
    VEC(struct rule_line) refused; /* RDATE and its kin */
    VEC(int32_t) except;
};

struct pass {
    struct arena *a;
    struct holidays *out;
    struct ical_line line;
    struct str open[NEST_MAX]; /* components begun and not ended */
    uint32_t depth;
    uint32_t event_depth; /* the depth inside the current event; 0: in none */
    struct event event;
    uint64_t asked; /* days that recurrences looked at */
    bool lost;      /* the nesting is broken, or the work is spent */
};

/* ---- faults ---- */

/* A piece of the file, fit to stand in a message. */
static struct str printable(struct arena *a, struct str s)
{
    size_t len = s.len < 60 ? s.len : 60;
    char *p = arena_alloc(a, len + 4);
    for (size_t i = 0; i < len; i++) p[i] = s.p[i] >= ' ' && s.p[i] < 0x7f ? s.p[i] : '?';
    if (len < s.len) memcpy(p + len, "...", 3), len += 3;
    return (struct str){p, len};
}

static void fault(struct pass *p, enum holiday_fault_kind kind, uint32_t line, struct str what)
{
    if (p->out->faults.count >= HOLIDAY_FAULTS_MAX) return;
    *vec_push(p->a, &p->out->faults) = (struct holiday_fault){kind, line, what};
}

static void damaged(struct pass *p, uint32_t line, const char *what)
{
    fault(p, HOLIDAY_DAMAGED, line, str_from(what));
}

/* `what` and the piece of the file that it is said of. */
static void damaged_at(struct pass *p, uint32_t line, const char *what, struct str piece)
{
    struct str s = printable(p->a, piece);
    fault(p, HOLIDAY_DAMAGED, line, arena_printf(p->a, "%s \"%.*s\"", what, (int)s.len, s.p));
}

/* ---- values ---- */

/* "20240106" (all day), or "20240106T090000Z", of which *day is the date. */
static bool date_value(struct str s, struct str type, int32_t *day, bool *all_day)
{
    *all_day = s.len == 8;
    if (ical_is(type, "DATE") && !*all_day) return false;
    if (!*all_day && (s.len < 15 || s.len > 16 || (s.p[8] | 0x20) != 't')) return false;
    return ical_date((struct str){s.p, 8}, day);
}

/* One number and its unit of a duration, as seconds. */
static bool duration_part(struct str *s, bool in_time, uint64_t *sec)
{
    static const struct {
        char unit;
        bool time;
        uint32_t sec;
    } units[] = {
        {'W', false, 604800}, {'D', false, 86400}, {'H', true, 3600}, {'M', true, 60}, {'S', true, 1}};
    uint64_t n = 0;
    size_t i = 0;
    for (; i < s->len && i < 9 && s->p[i] >= '0' && s->p[i] <= '9'; i++)
        n = n * 10 + (uint64_t)(s->p[i] - '0');
    for (size_t k = 0; i > 0 && i < s->len && k < sizeof units / sizeof *units; k++) {
        if ((s->p[i] & ~0x20) != units[k].unit || units[k].time != in_time) continue;
        *sec += n * units[k].sec;
        *s = (struct str){s->p + i + 1, s->len - i - 1};
        return true;
    }
    return false;
}

/* "P2D", "P1W", "PT36H": in days, what is left of a day counting as one. */
static bool duration_value(struct str s, int32_t *days)
{
    uint64_t sec = 0;
    bool in_time = false;
    if (s.len && s.p[0] == '+') s.p++, s.len--;
    if (s.len < 2 || (s.p[0] & ~0x20) != 'P') return false;
    s.p++, s.len--;
    while (s.len) {
        if ((s.p[0] & ~0x20) == 'T' && !in_time) s.p++, s.len--, in_time = true;
        if (!duration_part(&s, in_time, &sec)) return false;
    }
    uint64_t n = (sec + CAL_DAY_SEC - 1) / CAL_DAY_SEC;
    *days = (int32_t)n;
    return n <= LENGTH_MAX;
}

/* ---- what an event says ---- */

static bool said_twice(struct pass *p, uint32_t *line)
{
    if (*line) damaged_at(p, p->line.line, "an event says twice", p->line.name);
    bool twice = *line != 0;
    *line = p->line.line;
    return twice;
}

static void on_start(struct pass *p)
{
    struct event *e = &p->event;
    if (said_twice(p, &e->start_line)) return;
    if (date_value(p->line.value, p->line.type, &e->start, &e->all_day)) return;
    damaged_at(p, p->line.line, "this is not a date:", p->line.value);
    e->start = INT32_MIN;
}

static void on_end(struct pass *p)
{
    struct event *e = &p->event;
    bool all_day;
    if (said_twice(p, &e->end_line)) return;
    if (date_value(p->line.value, p->line.type, &e->end, &all_day)) {
        if (!all_day) e->end = INT32_MIN; /* wrong where the event begins on a day: seen at its end */
        return;
    }
    damaged_at(p, p->line.line, "this is not a date:", p->line.value);
    e->end = INT32_MAX;
}

static void on_duration(struct pass *p)
{
    if (said_twice(p, &p->event.duration_line)) return;
    if (!duration_value(p->line.value, &p->event.length))
        damaged_at(p, p->line.line, "this is not the length of a holiday:", p->line.value);
}

static void on_except(struct pass *p)
{
    struct str list = p->line.value;
    while (list.len) {
        const char *comma = memchr(list.p, ',', list.len);
        struct str s = {list.p, comma ? (size_t)(comma - list.p) : list.len};
        size_t taken = s.len + (comma != NULL);
        int32_t day;
        bool all_day;
        list = (struct str){list.p + taken, list.len - taken};
        if (date_value(s, (struct str){"", 0}, &day, &all_day))
            *vec_push(p->a, &p->event.except) = day;
        else
            damaged_at(p, p->line.line, "this is not a date:", s);
    }
}

static void on_status(struct pass *p)
{
    p->event.cancelled = ical_is(p->line.value, "CANCELLED");
}

static void on_rule(struct pass *p)
{
    *vec_push(p->a, &p->event.rules) = (struct rule_line){p->line.value, p->line.line};
}

static void on_refused(struct pass *p)
{
    struct event *e = &p->event;
    *vec_push(p->a, &e->refused) = (struct rule_line){p->line.name, p->line.line};
    if (ical_is(p->line.name, "RECURRENCE-ID") && p->line.value.len == 8) e->of_series = true;
}

static const struct {
    const char *name;
    void (*on)(struct pass *p);
} properties[] = {
    {"DTSTART", on_start}, {"DTEND", on_end},      {"DURATION", on_duration},
    {"EXDATE", on_except}, {"RRULE", on_rule},     {"STATUS", on_status},
    {"RDATE", on_refused}, {"EXRULE", on_refused}, {"RECURRENCE-ID", on_refused},
};

/* ---- an event's dates ---- */

static int by_value(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

static void add_instance(struct pass *p, int32_t day, int32_t length)
{
    const struct event *e = &p->event;
    if (e->except.count && bsearch(&day, e->except.at, e->except.count, sizeof day, by_value)) return;
    m_ranges *r = &p->out->ranges;
    struct m_range *last = r->count ? &r->at[r->count - 1] : NULL;
    if (last && last->from <= day && last->to + 1 >= day && last->to < day + length)
        last->to = day + length - 1; /* a daily rule is one range, not thousands */
    else
        *vec_push(p->a, r) = (struct m_range){.from = day, .to = day + length - 1};
}

static void add_recurrences(struct pass *p, const struct rule_line *text, int32_t length)
{
    struct rrule rule;
    struct rrule_walk walk;
    struct str what;
    int32_t day, last = (int32_t)cal_days(2099, 12, 31);
    enum rrule_fault wrong = rrule_parse(text->text, &rule, &what);
    if (wrong == RRULE_UNSUPPORTED) {
        fault(p, HOLIDAY_UNSUPPORTED, text->line, printable(p->a, what));
        return;
    }
    if (wrong) {
        damaged_at(p, text->line, "this recurrence rule is wrong:", what);
        return;
    }
    rrule_begin(&walk, &rule, p->event.start, last);
    while (rrule_next(&walk, HOLIDAY_WORK_MAX - p->asked, &day)) add_instance(p, day, length);
    p->asked += walk.asked;
    if (p->asked <= HOLIDAY_WORK_MAX) return;
    fault(p, HOLIDAY_TOO_MUCH, text->line, S(""));
    p->lost = true;
}

/* How many days one instance lasts; 0 after reporting that it cannot be told. An end that is the beginning
 * means one day, as some programs write it. */
static int32_t event_length(struct pass *p)
{
    const struct event *e = &p->event;
    if (e->end_line && e->duration_line) {
        damaged(p, e->duration_line, "an event has both DTEND and DURATION");
        return 0;
    }
    if (e->end_line && e->end == INT32_MIN) {
        damaged(p, e->end_line, "an all-day event ends at a time of day");
        return 0;
    }
    if (e->end_line && e->end < e->start) {
        damaged(p, e->end_line, "an event ends before it begins");
        return 0;
    }
    int32_t length = e->end_line ? e->end - e->start : e->length;
    return length ? length : 1;
}

/* Reports what of the event is not supported. A cancelled event is skipped, but not one that stands for one
 * of a series: it takes a day out. */
static bool event_refused(struct pass *p)
{
    const struct event *e = &p->event;
    bool refused = false;
    for (uint32_t i = 0; i < e->refused.count; i++) {
        if (e->cancelled && !ical_is(e->refused.at[i].text, "RECURRENCE-ID")) continue;
        fault(p, HOLIDAY_UNSUPPORTED, e->refused.at[i].line, printable(p->a, e->refused.at[i].text));
        refused = true;
    }
    return refused;
}

/* Whether the event closes days, as far as can be told; reports what is wrong with it. */
static bool event_counts(struct pass *p)
{
    const struct event *e = &p->event;
    p->out->all_day_count += e->all_day;
    if ((e->all_day || e->of_series) && event_refused(p)) return false;
    if (e->cancelled) return false;
    if (!e->start_line) damaged(p, e->line, "an event has no DTSTART");
    return e->all_day && e->start != INT32_MIN && e->end != INT32_MAX;
}

static void end_event(struct pass *p)
{
    struct event *e = &p->event;
    p->event_depth = 0;
    if (!event_counts(p)) return;
    int32_t length = event_length(p);
    if (!length) return;
    if (e->except.count) qsort(e->except.at, e->except.count, sizeof *e->except.at, by_value);
    if (!e->rules.count) add_instance(p, e->start, length);
    for (uint32_t i = 0; i < e->rules.count && !p->lost; i++) add_recurrences(p, &e->rules.at[i], length);
}

/* ---- components ---- */

static void begin_component(struct pass *p)
{
    if (p->depth == 0 && !ical_is(p->line.value, "VCALENDAR")) {
        damaged(p, p->line.line, "this is not an iCalendar file");
        p->lost = true;
    } else if (p->depth == NEST_MAX) {
        damaged(p, p->line.line, "components nest too deep");
        p->lost = true;
    } else {
        p->open[p->depth++] = p->line.value;
        if (!ical_is(p->line.value, "VEVENT") || p->event_depth) return;
        p->event = (struct event){.line = p->line.line};
        p->event_depth = p->depth;
    }
}

static bool same_name(struct str a, struct str b)
{
    if (a.len != b.len) return false;
    for (size_t i = 0; i < a.len; i++)
        if ((a.p[i] | 0x20) != (b.p[i] | 0x20)) return false;
    return true;
}

static void end_component(struct pass *p)
{
    if (!p->depth || !same_name(p->open[p->depth - 1], p->line.value)) {
        damaged_at(p, p->line.line, "END without its BEGIN:", p->line.value);
        p->lost = true;
        return;
    }
    if (p->event_depth == p->depth) end_event(p);
    p->depth--;
}

static void read_line(struct pass *p)
{
    if (!p->line.name.len) {
        damaged_at(
            p, p->line.line,
            p->depth ? "this is not a line of a calendar:" : "this is not an iCalendar file:", p->line.value);
        p->lost = !p->depth;
    } else if (ical_is(p->line.name, "BEGIN")) {
        begin_component(p);
    } else if (ical_is(p->line.name, "END")) {
        end_component(p);
    } else if (!p->depth) {
        damaged(p, p->line.line, "this is not an iCalendar file");
        p->lost = true;
    } else if (p->event_depth == p->depth) {
        for (size_t i = 0; i < sizeof properties / sizeof *properties; i++)
            if (ical_is(p->line.name, properties[i].name)) properties[i].on(p);
    }
}

void holidays_read(struct arena *a, struct str bytes, struct holidays *out)
{
    struct pass *p = arena_new_of(a, struct pass);
    struct ical_reader reader;
    *out = (struct holidays){0};
    *p = (struct pass){.a = a, .out = out};
    ical_begin(&reader, a, bytes);
    uint32_t lines = 0;
    while (!p->lost && ical_next(&reader, &p->line)) {
        read_line(p);
        lines++;
    }
    if (p->lost) return;
    if (!lines)
        damaged(p, 1, "the file is empty");
    else if (p->depth)
        damaged_at(p, reader.line, "the file ends before the END of", p->open[p->depth - 1]);
}
