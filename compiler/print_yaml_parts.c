/*
 * Prints the values of a policy in YAML: lists, steps, weeks, maps by channel. Each takes one line where it
 * fits, else a line for each entry. Assumes that the key, or the dash, stands on the line already, without a
 * blank.
 */
#include "print_yaml.h"
#include "print_dsl.h"

/* ---- layout: one line or several ---- */

/* An entry of a list or map, printed; map entries with their key. */
struct entries {
    VEC(struct str) list;
    char open, close;
};

static struct buf entry_begin(struct yaml_printer *p)
{
    struct buf b;
    buf_init(&b, p->a);
    return b;
}

static void entry_end(struct yaml_printer *p, struct entries *e, struct buf *b)
{
    *vec_push(p->a, &e->list) = buf_done(b);
}

static size_t line_len(const struct buf *b)
{
    size_t i = b->len;
    while (i && b->p[i - 1] != '\n') i--;
    return utf8_count((struct str){b->p + i, b->len - i});
}

/* " [a, b]" or " {k: v}" if it fits on the line, else a line for each entry below. Entries are spelled for
 * the inside of brackets, which is right outside of them too. */
static void put_entries(struct yaml_printer *p, unsigned indent, const struct entries *e)
{
    size_t len = line_len(&p->out) + 3;
    for (uint32_t i = 0; i < e->list.count; i++) len += utf8_count(e->list.at[i]) + 2;
    if (len <= YAML_WIDTH || e->list.count < 2) {
        buf_printf(&p->out, " %c", e->open);
        for (uint32_t i = 0; i < e->list.count; i++) {
            if (i) buf_puts(&p->out, ", ");
            buf_str(&p->out, e->list.at[i]);
        }
        buf_putc(&p->out, e->close);
        return;
    }
    for (uint32_t i = 0; i < e->list.count; i++) {
        yaml_line(p, indent + 2, (struct span){0});
        if (e->open == '[') buf_puts(&p->out, "- ");
        buf_str(&p->out, e->list.at[i]);
    }
}

static void add_text(struct yaml_printer *p, struct entries *e, struct str s)
{
    struct buf b = entry_begin(p);
    yaml_put_text(&b, s, true);
    entry_end(p, e, &b);
}

void yaml_put_names(struct yaml_printer *p, unsigned indent, const names *list)
{
    struct entries e = {.open = '[', .close = ']'};
    for (uint32_t i = 0; i < list->count; i++) add_text(p, &e, list->at[i].s);
    put_entries(p, indent, &e);
}

void yaml_put_paths(struct yaml_printer *p, unsigned indent, const struct text *list, uint32_t count)
{
    struct entries e = {.open = '[', .close = ']'};
    for (uint32_t i = 0; i < count; i++) add_text(p, &e, list[i].s);
    put_entries(p, indent, &e);
}

/* ---- dates and times ---- */

static void put_date(struct buf *b, struct date d)
{
    if (d.year) buf_printf(b, "%04d-", d.year);
    buf_printf(b, "%02u-%02u", d.month, d.day);
}

static void put_range(struct buf *b, const struct date_range *r)
{
    put_date(b, r->from);
    if (r->from.year == r->to.year && r->from.month == r->to.month && r->from.day == r->to.day) return;
    buf_puts(b, "..");
    put_date(b, r->to);
}

void yaml_put_dates(struct yaml_printer *p, unsigned indent, const dates *list)
{
    struct entries e = {.open = '[', .close = ']'};
    for (uint32_t i = 0; i < list->count; i++) {
        struct buf b = entry_begin(p);
        put_range(&b, &list->at[i]);
        entry_end(p, &e, &b);
    }
    if (list->count != 1)
        put_entries(p, indent, &e);
    else
        buf_printf(&p->out, " %.*s", (int)e.list.at[0].len, e.list.at[0].p);
}

/* A single interval stands for itself; none is an empty list. */
static void put_intervals(struct buf *b, const intervals *list)
{
    if (list->count != 1) buf_putc(b, '[');
    for (uint32_t i = 0; i < list->count; i++) {
        const struct interval *v = &list->at[i];
        buf_printf(b, "%s%02u:%02u-%02u:%02u", i ? ", " : "", v->from_min / 60u, v->from_min % 60u,
                   v->to_min / 60u, v->to_min % 60u);
    }
    if (list->count != 1) buf_putc(b, ']');
}

static void put_days(struct buf *b, const struct day_entry *d)
{
    static const char *const days[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    buf_puts(b, days[d->from]);
    if (d->to != d->from) buf_printf(b, "-%s", days[d->to]);
    buf_puts(b, ": ");
    put_intervals(b, &d->hours);
}

void yaml_put_week(struct yaml_printer *p, unsigned indent, const week *days)
{
    if (days->count == 0) buf_puts(&p->out, " {}");
    for (uint32_t i = 0; i < days->count; i++) {
        yaml_line(p, indent + 2, days->at[i].at);
        put_days(&p->out, &days->at[i]);
    }
}

void yaml_put_seasons(struct yaml_printer *p, unsigned indent, const struct hours_decl *h)
{
    if (h->seasons.count == 0) buf_puts(&p->out, " {}");
    for (uint32_t i = 0; i < h->seasons.count; i++) {
        yaml_line(p, indent + 2, h->seasons.at[i].at);
        put_range(&p->out, &h->seasons.at[i].in);
        buf_putc(&p->out, ':');
        yaml_put_week(p, indent + 2, &h->seasons.at[i].week);
    }
}

void yaml_put_special(struct yaml_printer *p, unsigned indent, const struct hours_decl *h)
{
    if (h->special.count == 0) buf_puts(&p->out, " {}");
    for (uint32_t i = 0; i < h->special.count; i++) {
        yaml_line(p, indent + 2, h->special.at[i].at);
        put_date(&p->out, h->special.at[i].date);
        buf_puts(&p->out, ": ");
        put_intervals(&p->out, &h->special.at[i].hours);
    }
}

void yaml_put_every(struct yaml_printer *p, const struct hours_decl *h)
{
    buf_printf(&p->out, " %u weeks from ", h->every_weeks);
    put_date(&p->out, h->every_from);
}

/* ---- steps ---- */

static void put_duration(struct buf *b, uint64_t sec)
{
    static const struct {
        unsigned sec;
        char unit;
    } units[] = {{86400, 'd'}, {3600, 'h'}, {60, 'm'}, {1, 's'}};
    if (sec == 0) buf_putc(b, '0');
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (sec / units[i].sec)
            buf_printf(b, "%llu%c", (unsigned long long)(sec / units[i].sec), units[i].unit);
        sec %= units[i].sec;
    }
}

static void put_after(struct yaml_printer *p, struct buf *b, const struct step *s)
{
    struct buf words = entry_begin(p);
    put_duration(&words, s->time->after.sec);
    if (s->time->of.s.p) {
        buf_puts(&words, " of ");
        print_name(&words, s->time->of.s);
    }
    struct str after = buf_done(&words);
    buf_puts(b, ", after: ");
    if (yaml_plain_fits(after, true))
        buf_str(b, after);
    else
        yaml_put_quoted(b, after);
}

static void put_step(struct yaml_printer *p, struct buf *b, const struct step *s)
{
    bool unassigned = s->kind == TARGET_UNASSIGNED, plain = !s->time && s->kind != TARGET_AGENT;
    if (plain && (unassigned || !str_eq(s->target.s, S("unassigned")))) {
        if (unassigned)
            buf_puts(b, "unassigned");
        else
            yaml_put_text(b, s->target.s, true);
        return;
    }
    buf_puts(b, unassigned ? "{unassigned: true" : s->kind == TARGET_AGENT ? "{agent: " : "{team: ");
    if (!unassigned) yaml_put_text(b, s->target.s, true);
    if (s->time) put_after(p, b, s);
    buf_putc(b, '}');
}

void yaml_put_steps(struct yaml_printer *p, unsigned indent, const steps *list)
{
    struct entries e = {.open = '[', .close = ']'};
    for (uint32_t i = 0; i < list->count; i++) {
        struct buf b = entry_begin(p);
        put_step(p, &b, &list->at[i]);
        entry_end(p, &e, &b);
    }
    if (list->count != 1)
        put_entries(p, indent, &e);
    else
        buf_printf(&p->out, " %.*s", (int)e.list.at[0].len, e.list.at[0].p);
}

/* ---- match and takes ---- */

/* A number or truth value without quotes says that it is one; a name never looks like one. */
static void put_match_value(struct buf *b, const struct value *v)
{
    if (v->kind == VALUE_NUMBER || v->kind == VALUE_BOOL)
        buf_str(b, v->s);
    else
        yaml_put_text(b, v->s, true);
}

static void match_entries(struct yaml_printer *p, const match_tests *tests, struct entries *e)
{
    for (uint32_t i = 0; i < tests->count; i++) {
        const struct expr *test = tests->at[i];
        bool list = test->values.count != 1;
        struct buf b = entry_begin(p);
        yaml_put_text(&b, test->attr.s, true);
        buf_puts(&b, list ? ": [" : ": ");
        for (uint32_t k = 0; k < test->values.count; k++) {
            if (k) buf_puts(&b, ", ");
            put_match_value(&b, &test->values.at[k]);
        }
        if (list) buf_putc(&b, ']');
        entry_end(p, e, &b);
    }
}

void yaml_put_match(struct yaml_printer *p, unsigned indent, const match_tests *tests)
{
    struct entries e = {.open = '{', .close = '}'};
    match_entries(p, tests, &e);
    put_entries(p, indent, &e);
}

/* Entries of a list stand after a dash: the first key on its line, the others below it. */
static void put_take_line(struct yaml_printer *p, unsigned indent, const struct take *take)
{
    struct entries e = {.open = '{', .close = '}'};
    match_entries(p, &take->tests, &e);
    yaml_line(p, indent, take->at);
    buf_puts(&p->out, "-");
    if (e.list.count == 0) buf_puts(&p->out, " {}");
    for (uint32_t i = 0; i < e.list.count; i++) {
        if (i)
            yaml_line(p, indent + 2, (struct span){0});
        else
            buf_putc(&p->out, ' ');
        buf_str(&p->out, e.list.at[i]);
    }
}

void yaml_put_takes(struct yaml_printer *p, unsigned indent, const struct team_decl *team)
{
    if (team->takes.count == 1) {
        yaml_put_match(p, indent, &team->takes.at[0].tests);
        return;
    }
    if (team->takes.count == 0) buf_puts(&p->out, " []");
    for (uint32_t i = 0; i < team->takes.count; i++) put_take_line(p, indent + 2, &team->takes.at[i]);
}

/* ---- maps by channel ---- */

static void put_channel_value(struct buf *b, const struct by_channel *e, bool rank)
{
    if (rank) {
        buf_printf(b, "%lld", (long long)e->number);
        return;
    }
    if (e->to_team) buf_puts(b, "{to: ");
    yaml_put_text(b, e->value.s, true);
    if (e->to_team) buf_putc(b, '}');
}

void yaml_put_channel_map(struct yaml_printer *p, unsigned indent, const channel_map *map, bool rank)
{
    struct entries e = {.open = '{', .close = '}'};
    if (map->count == 1 && !map->at[0].channel.s.p) {
        buf_putc(&p->out, ' ');
        put_channel_value(&p->out, &map->at[0], rank);
        return;
    }
    for (uint32_t i = 0; i < map->count; i++) {
        struct buf b = entry_begin(p);
        yaml_put_text(&b, map->at[i].channel.s.p ? map->at[i].channel.s : S("other"), true);
        buf_puts(&b, ": ");
        put_channel_value(&b, &map->at[i], rank);
        entry_end(p, &e, &b);
    }
    put_entries(p, indent, &e);
}

void yaml_put_limits(struct yaml_printer *p, unsigned indent, const struct agent_decl *agent)
{
    struct entries e = {.open = '{', .close = '}'};
    for (uint32_t i = 0; i < agent->limits.count; i++) {
        struct buf b = entry_begin(p);
        yaml_put_text(&b, agent->limits.at[i].channel.s, true);
        buf_printf(&b, ": %lld", (long long)agent->limits.at[i].most);
        entry_end(p, &e, &b);
    }
    put_entries(p, indent, &e);
}

void yaml_put_devices(struct yaml_printer *p, unsigned indent, const struct agent_decl *agent)
{
    struct entries e = {.open = '{', .close = '}'};
    for (uint32_t i = 0; i < agent->devices.count; i++) {
        struct buf b = entry_begin(p);
        yaml_put_text(&b, agent->devices.at[i].channel.s, true);
        buf_puts(&b, ": ");
        yaml_put_text(&b, agent->devices.at[i].device.s, true);
        entry_end(p, &e, &b);
    }
    put_entries(p, indent, &e);
}

/* ---- conditions ---- */

/* The conditions true and false stay as people write them; a field called null, yes or on is quoted. */
static void put_logic(struct buf *b, struct str s)
{
    if (str_eq(s, S("true")) || str_eq(s, S("false")))
        buf_str(b, s);
    else
        yaml_put_text(b, s, false);
}

/* A long one is folded at its outermost and's and or's: ">-" joins the lines by blanks again. */
void yaml_put_condition(struct yaml_printer *p, unsigned indent, const struct expr *e)
{
    struct buf b = entry_begin(p);
    char margin[64] = {0};
    for (unsigned i = 0; i < indent + 2 && i < sizeof margin - 1; i++) margin[i] = ' ';
    print_expr_in(&b, e, line_len(&p->out) + 1, YAML_WIDTH, margin);
    struct str s = buf_done(&b);
    bool folded = false;
    for (size_t i = 0; i < s.len; i++) folded |= s.p[i] == '\n';
    buf_puts(&p->out, folded ? " >-\n" : " ");
    if (folded)
        buf_printf(&p->out, "%s%.*s", margin, (int)s.len, s.p);
    else
        put_logic(&p->out, s);
}

void yaml_put_promise(struct yaml_printer *p, const struct promise_decl *promise)
{
    struct buf b = entry_begin(p);
    print_promise(&b, promise);
    put_logic(&p->out, buf_done(&b));
}
