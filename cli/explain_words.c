/*
 * A table's things, instants and tests in words, for both writers of `shunt explain`: see explain.h. Every
 * string is new, in the case's arena.
 */
#include "explain.h"
#include "calendar.h"
#include "../runtime/ops.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct str phrase(struct explain *x, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    char *p = arena_alloc(x->a, (size_t)(len < 0 ? 0 : len) + 1);
    vsnprintf(p, (size_t)(len < 0 ? 0 : len) + 1, format, again);
    va_end(again);
    va_end(args);
    return (struct str){p, (size_t)(len < 0 ? 0 : len)};
}

/* ---- times ---- */

static struct str clock_words(struct explain *x, int64_t local_sec)
{
    int64_t of_day = local_sec - cal_floor_div(local_sec, CAL_DAY_SEC) * CAL_DAY_SEC;
    unsigned h = (unsigned)(of_day / 3600), m = (unsigned)(of_day / 60 % 60), s = (unsigned)(of_day % 60);
    return s ? phrase(x, "%02u:%02u:%02u", h, m, s) : phrase(x, "%02u:%02u", h, m);
}

/* now_sec INT64_MIN: no day goes without saying. */
static struct str local_words(struct explain *x, int64_t at_sec, int32_t offset_sec, int64_t now_sec)
{
    static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    int64_t local = at_sec + offset_sec, day = cal_floor_div(local, CAL_DAY_SEC);
    struct str clock = clock_words(x, local);
    if (now_sec != INT64_MIN && cal_floor_div(now_sec + offset_sec, CAL_DAY_SEC) == day) return clock;
    struct cal_date d = cal_civil(day);
    return phrase(x, "%s %04d-%02u-%02u %.*s", days[cal_weekday(day)], (int)d.year, d.month, d.day,
                  SAY(clock));
}

struct str speak_time(struct explain *x, int64_t at_sec)
{
    return local_words(x, at_sec, shunt_table_offset(x->table, at_sec, NULL), x->now_sec);
}

struct str speak_date_time(struct explain *x, int64_t at_sec)
{
    return local_words(x, at_sec, shunt_table_offset(x->table, at_sec, NULL), INT64_MIN);
}

struct str speak_zone(struct explain *x)
{
    struct shunt_string zone;
    shunt_table_offset(x->table, x->now_sec, &zone);
    return zone.bytes ? str_of(zone) : S("UTC");
}

struct str speak_time_of(struct explain *x, int64_t at_sec, uint32_t hours)
{
    uint32_t zone = hours == TF_NONE ? TF_NONE : le32(x->v.HOURS.at[hours].zone);
    if (zone == TF_NONE || zone == le32(x->v.POLICY.at->zone)) return speak_time(x, at_sec);
    struct str text = local_words(x, at_sec, shunt_hours_offset(x->table, hours, at_sec, NULL), x->now_sec);
    struct str name = view_string(&x->v, x->v.ZONE.at[zone].name);
    return phrase(x, "%.*s (%.*s)", SAY(text), SAY(name));
}

struct str speak_span(struct explain *x, uint32_t sec)
{
    static const struct {
        uint32_t sec;
        char letter;
    } units[] = {{86400, 'd'}, {3600, 'h'}, {60, 'm'}, {1, 's'}};
    struct str text = sec ? S("") : S("0");
    for (int i = 0; i < 4; i++) {
        if (sec >= units[i].sec) text = phrase(x, "%.*s%u%c", SAY(text), sec / units[i].sec, units[i].letter);
        sec %= units[i].sec;
    }
    return text;
}

/* ---- places ---- */

static struct str span_words(struct explain *x, const struct tf_span *span)
{
    if (!span) return S("");
    struct str file = view_string(&x->v, x->v.SOURCE_FILE.at[le32(span->file)]);
    return phrase(x, "%.*s:%u:%u", SAY(file), le32(span->line), le32(span->column));
}

struct str speak_place(struct explain *x, enum tf_span_kind kind, uint32_t index)
{
    return span_words(x, view_span(&x->v, kind, index));
}

enum tf_span_kind explain_span_kind(const struct explain *x, uint32_t rule)
{
    if (rule < le32(x->v.POLICY.at->rule_count)) return TF_S_RULE;
    return rule + 1 == x->v.RULE.count ? TF_S_OTHERWISE : TF_S_TAKES;
}

/* A condition that several rules share has the places of the first one's tests: of the others it is known
 * where the whole condition stands. */
const struct tf_span *explain_test_span(const struct explain *x, uint32_t rule, uint32_t code_off)
{
    if (x->first_rule[le32(x->v.RULE.at[rule].code)] == rule) return view_span(&x->v, TF_S_CODE, code_off);
    enum tf_span_kind kind = explain_span_kind(x, rule);
    return view_span(&x->v, kind == TF_S_RULE ? TF_S_RULE_WHEN : kind, rule);
}

struct str speak_test_place(struct explain *x, uint32_t rule, uint32_t code_off)
{
    return span_words(x, explain_test_span(x, rule, code_off));
}

/* ---- names ---- */

struct str speak_agent(struct explain *x, uint32_t agent)
{
    return str_of(shunt_agent_name(x->table, agent));
}
struct str speak_team(struct explain *x, uint32_t team)
{
    return str_of(shunt_team_name(x->table, team));
}
struct str speak_skill(struct explain *x, uint32_t skill)
{
    struct shunt_string name = shunt_skill_name(x->table, skill);
    return name.bytes ? str_of(name) : S("of an earlier policy");
}

struct str speak_channel(struct explain *x, uint32_t channel)
{
    uint32_t first = le32(x->v.ATTR.at[TF_CHANNEL].atom_first);
    return view_string(&x->v, x->v.ATOM.at[first + channel].string);
}

struct str speak_for(struct explain *x, uint32_t channel)
{
    if (channel == SHUNT_NONE) return S("");
    struct str name = speak_channel(x, channel);
    return phrase(x, " for %.*s", SAY(name));
}

struct str speak_on(struct explain *x, uint32_t channel)
{
    if (channel == SHUNT_NONE) return S("");
    struct str name = speak_channel(x, channel);
    return phrase(x, " on %.*s", SAY(name));
}

uint32_t explain_by_channel(const struct explain *x, const struct tf_channel_map *map, uint32_t channel)
{
    const struct tf_by_channel *at = x->v.BY_CHANNEL.at + le32(map->first);
    for (uint32_t lo = 0, hi = channel == SHUNT_NONE ? 0 : le32(map->count); lo < hi;) { /* they ascend */
        uint32_t mid = lo + (hi - lo) / 2;
        if (le32(at[mid].channel) == channel) return le32(at[mid].value);
        if (le32(at[mid].channel) < channel)
            lo = mid + 1;
        else
            hi = mid;
    }
    return le32(map->other);
}

struct str speak_rule(struct explain *x, uint32_t rule)
{
    bool is_takes;
    struct str name = str_of(shunt_rule_name(x->table, rule, &is_takes));
    return is_takes ? phrase(x, "team %.*s", SAY(name)) : name;
}

struct str speak_description(struct explain *x, uint32_t rule)
{
    uint32_t lo = 0, hi = x->v.DESCRIPTION.count;
    while (lo < hi) { /* sorted by kind, and rules are the first kind */
        uint32_t mid = lo + (hi - lo) / 2;
        const struct tf_description *at = &x->v.DESCRIPTION.at[mid];
        if (le32(at->kind) == TF_D_RULE && le32(at->index) < rule)
            lo = mid + 1;
        else
            hi = mid;
    }
    const struct tf_description *at = &x->v.DESCRIPTION.at[lo];
    bool found = lo < x->v.DESCRIPTION.count && le32(at->kind) == TF_D_RULE && le32(at->index) == rule;
    return found ? view_string(&x->v, at->string) : (struct str){NULL, 0};
}

struct str speak_step(struct explain *x, const struct shunt_step *step)
{
    if (step->kind == SHUNT_TO_NOBODY) return S("nobody");
    if (step->kind == SHUNT_TO_TEAM) return speak_team(x, step->target);
    struct str name = speak_agent(x, step->target);
    return phrase(x, "agent %.*s", SAY(name));
}

/* ---- tests ---- */

struct str speak_code(struct explain *x, uint32_t code_off)
{
    struct buf b;
    buf_init(&b, x->a);
    print_view_code(&b, &x->v, code_off);
    return buf_done(&b);
}

/* "office is open until 17:30", "office opens Mon 2026-11-23 09:00". */
static struct str hours_words(struct explain *x, uint32_t hours)
{
    int64_t when, at = x->now_sec;
    bool open = shunt_hours_open(x->table, hours, at);
    struct str name = str_of(shunt_hours_name(x->table, hours));
    bool known = open ? shunt_hours_next_closing(x->table, hours, at, &when)
                      : shunt_hours_next_opening(x->table, hours, at, &when);
    if (!known) return phrase(x, "%.*s %s", SAY(name), open ? "is always open" : "does not open again");
    struct str time = speak_time_of(x, when, hours);
    return phrase(x, "%.*s %s %.*s", SAY(name), open ? "is open until" : "opens", SAY(time));
}

static struct str day_words(struct explain *x)
{
    struct str whole = speak_date_time(x, x->now_sec);
    return phrase(x, "it came on %.*s", 14, whole.p); /* "Mon 2026-11-23" */
}

/* The first operand that says what the test is about. */
static uint32_t asked_attr(struct explain *x, unsigned op, const struct tf_unit *p)
{
    switch (op_row(op)->operands[0]) {
    case OPERAND_ATTR: return unit_number(&p);
    case OPERAND_ATOM: return view_attr_of(&x->v, unit_number(&p));
    case OPERAND_MANY:
    case OPERAND_ATOMS: unit_number(&p); return view_attr_of(&x->v, unit_number(&p));
    case OPERAND_LEVELS: return TF_PRIORITY;
    default: return TF_NONE;
    }
}

struct str speak_asked(struct explain *x, uint32_t code_off, bool holds)
{
    const struct tf_unit *p = x->v.CODE.at + code_off;
    if (p->tag == TF_OP_NOT) p++;
    unsigned op = p->tag;
    if (op == TF_OP_DURING) return hours_words(x, unit_number(&p));
    if (op == TF_OP_ACTIVE) return day_words(x);
    uint32_t attr = asked_attr(x, op, p);
    if (attr == TF_NONE) return S("");
    uint8_t type = x->v.ATTR.at[attr].type;
    bool compares = op == TF_OP_COMPARE || op == TF_OP_NUMBER_COMPARE || type == TF_TEXT_T;
    return holds && !compares ? S("") : explain_value(x, attr);
}
