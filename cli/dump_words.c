/* A table's values in words, for both writers of `shunt dump`: see dump.h. */
#include "dump.h"

static struct buf *anew(struct dump *d)
{
    d->words.len = 0;
    return &d->words;
}

/* ---- names ---- */

static const char *pick(const char *const *words, size_t count, uint32_t i)
{
    return i < count ? words[i] : "?";
}
#define PICK(words, i) pick((words), sizeof(words) / sizeof *(words), (i))

const char *word_type(uint32_t type)
{
    static const char *const words[] = {"channel", "set", "priority", "text", "listed", "number", "bool"};
    return PICK(words, type);
}

const char *word_role(uint32_t role)
{
    static const char *const words[] = {"viewer", "agent", "manager", "admin", "owner"};
    return PICK(words, role);
}

const char *word_strategy(uint32_t strategy)
{
    static const char *const words[] = {
#define STRATEGY(id, spelling) spelling,
#include "strategies.def"
#undef STRATEGY
    };
    return PICK(words, strategy);
}

const char *word_rotation(uint32_t rotation)
{
    static const char *const words[] = {"team", "channel", "global"};
    return PICK(words, rotation);
}

const char *word_pattern(uint32_t atom_kind)
{
    static const char *const words[] = {"", "==", "starts with", "ends with", "contains"};
    return PICK(words, atom_kind);
}

const char *word_weekday(uint32_t day)
{
    static const char *const words[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    return PICK(words, day);
}

struct str name_of_atom(const struct table_view *v, uint32_t atom)
{
    return view_string(v, v->ATOM.at[atom].string);
}

struct str name_of_channel(const struct table_view *v, uint32_t channel)
{
    return name_of_atom(v, le32(v->ATTR.at[TF_CHANNEL].atom_first) + channel);
}

struct str name_of_skill(const struct table_view *v, uint32_t skill)
{
    return view_string(v, v->SKILL.at[skill]);
}

struct str view_description(const struct table_view *v, enum tf_described kind, uint32_t index)
{
    uint32_t lo = 0, hi = v->DESCRIPTION.count;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        const struct tf_description *at = &v->DESCRIPTION.at[mid];
        if (le32(at->kind) < kind || (le32(at->kind) == kind && le32(at->index) < index))
            lo = mid + 1;
        else
            hi = mid;
    }
    const struct tf_description *at = &v->DESCRIPTION.at[lo];
    bool found = lo < v->DESCRIPTION.count && le32(at->kind) == kind && le32(at->index) == index;
    return found ? view_string(v, at->string) : (struct str){NULL, 0};
}

struct str words_rule(struct dump *d, uint32_t rule)
{
    const struct tf_rule *r = &d->v->RULE.at[rule];
    struct buf *b = anew(d);
    uint32_t rules = le32(d->v->POLICY.at->rule_count), takes = le32(d->v->POLICY.at->takes_count);
    if (rule < rules) {
        buf_str(b, view_string(d->v, d->v->RULE_NAME.at[rule]));
    } else if (rule < rules + takes) {
        const struct tf_step *step = &d->v->STEP.at[le32(d->v->OUTCOME.at[le32(r->outcome)].step_first)];
        buf_puts(b, "team ");
        buf_str(b, view_string(d->v, d->v->TEAM.at[le32(step->target)].name));
    } else {
        buf_puts(b, "otherwise");
    }
    return buf_done(b);
}

struct str words_atom(struct dump *d, uint32_t atom)
{
    struct buf *b = anew(d);
    buf_str(b, view_attr_name(d->v, view_attr_of(d->v, atom)));
    buf_printf(b, " %s", word_pattern(d->v->ATOM.at[atom].kind));
    if (d->v->ATOM.at[atom].kind != TF_ATOM_NAME) buf_putc(b, ' ');
    buf_str(b, name_of_atom(d->v, atom));
    return buf_done(b);
}

struct str words_target(struct dump *d, const struct tf_step *step)
{
    struct buf *b = anew(d);
    switch (step->kind) {
    case TF_TO_TEAM: buf_str(b, view_string(d->v, d->v->TEAM.at[le32(step->target)].name)); break;
    case TF_TO_AGENT:
        buf_puts(b, "agent ");
        buf_str(b, view_string(d->v, d->v->AGENT.at[le32(step->target)].name));
        break;
    default: buf_puts(b, "unassigned"); break;
    }
    return buf_done(b);
}

struct str words_after_hours(struct dump *d, uint32_t value)
{
    struct buf *b = anew(d);
    buf_puts(b, value == TF_HOLD ? "hold" : value == TF_LEAVE ? "leave" : "to ");
    if (value >= TF_TO_FIRST) buf_str(b, view_string(d->v, d->v->TEAM.at[value - TF_TO_FIRST].name));
    return buf_done(b);
}

/* ---- places and conditions ---- */

struct str words_place(struct dump *d, enum tf_span_kind kind, uint32_t index)
{
    const struct tf_span *span = view_span(d->v, kind, index);
    struct buf *b = anew(d);
    if (span) {
        buf_str(b, view_string(d->v, d->v->SOURCE_FILE.at[le32(span->file)]));
        buf_printf(b, ":%u", le32(span->line));
    }
    return buf_done(b);
}

struct str words_code(struct dump *d, uint32_t code_off)
{
    struct buf *b = anew(d);
    print_view_code(b, d->v, code_off);
    return buf_done(b);
}

/* ---- dates and times ---- */

struct str words_windows(struct dump *d, uint32_t window_set)
{
    struct buf *b = anew(d);
    print_windows(b, d->v, window_set);
    return buf_done(b);
}

static void add_day(struct buf *b, bool yearly, le32_t day)
{
    if (yearly)
        print_yearly_day(b, le32(day));
    else
        print_day(b, (int32_t)le32(day));
}

struct str words_day(struct dump *d, bool yearly, le32_t day)
{
    struct buf *b = anew(d);
    add_day(b, yearly, day);
    return buf_done(b);
}

struct str words_range(struct dump *d, bool yearly, le32_t from, le32_t to)
{
    struct buf *b = anew(d);
    print_range(b, yearly, (int32_t)le32(from), (int32_t)le32(to));
    return buf_done(b);
}

struct str words_closed(struct dump *d, const struct tf_hours *h)
{
    struct buf *b = anew(d);
    print_closed(b, d->v, h);
    return buf_done(b);
}

struct str words_intervals(struct dump *d, const struct view_day *day)
{
    struct buf *b = anew(d);
    if (!day->count) buf_puts(b, "closed");
    for (uint32_t i = 0; i < day->count; i++) {
        unsigned from = day->at[i].from_min, to = day->at[i].to_min;
        buf_printf(b, "%s%02u:%02u-%02u:%02u", i ? ", " : "", from / 60, from % 60, to / 60, to % 60);
    }
    return buf_done(b);
}

struct str words_duration(struct dump *d, uint32_t sec)
{
    static const struct {
        uint32_t sec;
        char letter;
    } units[] = {{86400, 'd'}, {3600, 'h'}, {60, 'm'}, {1, 's'}};
    struct buf *b = anew(d);
    if (!sec) buf_putc(b, '0');
    for (int i = 0; i < 4; i++) {
        if (sec >= units[i].sec) buf_printf(b, "%u%c", sec / units[i].sec, units[i].letter);
        sec %= units[i].sec;
    }
    return buf_done(b);
}

static void add_clock(struct buf *b, int32_t sec, const char *plus)
{
    unsigned s = sec < 0 ? 0u - (unsigned)sec : (unsigned)sec;
    buf_printf(b, "%s%02u:%02u", sec < 0 ? "-" : plus, s / 3600, s / 60 % 60);
    if (s % 60) buf_printf(b, ":%02u", s % 60);
}

struct str words_offset(struct dump *d, int32_t sec)
{
    struct buf *b = anew(d);
    add_clock(b, sec, "+");
    return buf_done(b);
}

/* As POSIX's TZ spells it, but for the time, which always has its minutes. */
struct str words_change(struct dump *d, const struct tf_zone_rule *rule)
{
    struct buf *b = anew(d);
    if (rule->kind == 0)
        buf_printf(b, "M%u.%u.%u/", rule->month, rule->week, rule->wday);
    else
        buf_printf(b, "%s%u/", rule->kind == 1 ? "J" : "", le32(rule->yday));
    add_clock(b, (int32_t)le32(rule->time_sec), "");
    return buf_done(b);
}
