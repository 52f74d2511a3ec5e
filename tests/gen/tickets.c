/*
 * Tickets for a drawn policy, aimed: a condition of it is taken, and the ticket made to meet it, or to miss
 * it by little: texts that contain, begin or end with its patterns in another case, numbers at its bounds,
 * instants a second beside an opening, a midnight, a change of the clock, the end of an active window.
 */
#include "gen.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* H. Hinnant: "chrono-compatible low-level date algorithms". */
int64_t civil_days(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year, era = (y >= 0 ? y : y - 399) / 400, of_era = y - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/* ---- instants ---- */

static void use_zone(const char *zone)
{
    setenv("TZ", zone ? zone : "UTC", 1);
    tzset();
}

int64_t gen_local_instant(const char *zone, struct g_date d, int minute)
{
    struct tm tm = {
        .tm_year = d.year - 1900, .tm_mon = d.month - 1, .tm_mday = d.day, .tm_min = minute, .tm_isdst = -1};
    use_zone(zone);
    return mktime(&tm);
}

/* Local time less UTC, in seconds, of the zone in use. */
static int64_t offset_at(int64_t at)
{
    time_t t = at;
    struct tm tm;
    localtime_r(&t, &tm);
    return civil_days(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday) * 86400 + tm.tm_hour * 3600 +
           tm.tm_min * 60 + tm.tm_sec - at;
}

int64_t gen_clock_change(const char *zone, int64_t at)
{
    use_zone(zone);
    int64_t before = offset_at(at), lo = at, hi = at;
    for (int week = 0; week < 53 && offset_at(hi) == before; week++) lo = hi, hi += 7 * 86400;
    if (offset_at(hi) == before) return at;
    while (hi - lo > 1) {
        int64_t mid = lo + (hi - lo) / 2;
        if (offset_at(mid) == before)
            lo = mid;
        else
            hi = mid;
    }
    return hi;
}

static struct g_date any_date(struct gen *g)
{
    struct g_date d = {rng_chance(g, 92) ? rng_between(g, 2024, 2028) : rng_between(g, 1975, 2105),
                       rng_between(g, 1, 12), 0};
    d.day = rng_between(g, 1, days_in_month(d.year, d.month));
    return d;
}

static struct g_date with_year(struct gen *g, struct g_date d)
{
    if (d.year == 0) d.year = rng_between(g, 2024, 2028);
    if (d.day > days_in_month(d.year, d.month)) d.day--;
    return d;
}

/* A bound of a range: its first day, its last, the day after. */
static struct g_date range_date(struct gen *g, struct g_range r)
{
    struct g_date d = with_year(g, rng_chance(g, 50) ? r.from : r.to);
    d.day += rng_below(g, 3) - 1; /* mktime makes a date of it */
    return d;
}

static int64_t near(struct gen *g, int64_t at)
{
    static const int apart[] = {-1, -1, 0, 0, 0, 1, 59, -60, 3600, -3600};
    return at + rng_pick(g, apart);
}

static int week_minute(struct gen *g, const g_week *w)
{
    if (w->count == 0) return 0;
    const g_intervals *i = &w->at[rng_below(g, w->count)].intervals;
    if (i->count == 0) return 0;
    struct g_interval x = i->at[rng_below(g, i->count)];
    return rng_chance(g, 50) ? x.from : x.to;
}

const char *gen_hours_zone(const struct g_policy *p, int i)
{
    for (; i >= 0; i = p->hours.at[i].like)
        if (p->hours.at[i].zone) return p->hours.at[i].zone;
    return p->zone;
}

int64_t gen_instant(struct gen *g, const struct g_policy *p, int i)
{
    const char *zone = i < 0 ? p->zone : gen_hours_zone(p, i);
    struct g_date d = any_date(g);
    int minute = 0;
    for (int hops = rng_below(g, 4); i >= 0 && hops > 0; hops--) {
        int next = p->hours.at[i].outside != NOT_SAID ? p->hours.at[i].outside : p->hours.at[i].like;
        if (next >= 0) i = next;
    }
    if (i >= 0) {
        const struct g_hours *h = &p->hours.at[i];
        minute = week_minute(g, rng_chance(g, 25) && h->breaks.count ? &h->breaks : &h->weekly);
        if (h->seasons.count && rng_chance(g, 40)) {
            const struct g_season *s = &h->seasons.at[rng_below(g, h->seasons.count)];
            d = range_date(g, s->in);
            minute = week_minute(g, &s->week);
        }
        if (h->closed.count && rng_chance(g, 30))
            d = range_date(g, h->closed.at[rng_below(g, h->closed.count)]);
        if (h->special.count && rng_chance(g, 40)) {
            const struct g_special *s = &h->special.at[rng_below(g, h->special.count)];
            d = with_year(g, s->date);
            if (s->intervals.count && rng_chance(g, 70)) minute = s->intervals.at[0].from;
        }
        if (h->holidays.dates.count && rng_chance(g, 50)) {
            d = h->holidays.dates.at[rng_below(g, h->holidays.dates.count)].date;
            d.day += rng_below(g, 4);
        }
    }
    if (rng_chance(g, 15)) minute = rng_chance(g, 50) ? 0 : rng_below(g, 1440);
    int64_t at = gen_local_instant(zone, d, minute);
    return near(g, rng_chance(g, 10) ? gen_clock_change(zone, at) : at);
}

static int64_t any_instant(struct gen *g, const struct g_policy *p)
{
    int x = rng_below(g, 100);
    const char *zone = rng_chance(g, 50) || !p->zone ? gen_zones[rng_below(g, gen_zone_count)] : p->zone;
    int64_t at = gen_local_instant(zone, any_date(g), rng_below(g, 1440));
    if (x < 10) return near(g, gen_clock_change(zone, at));
    if (x < 50 && p->hours.count) return gen_instant(g, p, rng_below(g, p->hours.count));
    if (x < 52) return (int64_t)(rng_next(g) % 315537897600U) - 62135596800; /* year 1 to 9999 */
    return at;
}

/* ---- aiming ---- */

struct aim {
    struct gen *g;
    const struct g_policy *p;
    struct g_ticket *t;
};

static void carry_name(struct aim *a, int attr, const char *s)
{
    struct g_slot *slot = &a->t->slots[attr];
    slot->carried = true;
    if (a->p->attrs.at[attr].type != T_SET) slot->names.count = 0;
    for (int i = 0; i < slot->names.count; i++)
        if (!strcmp(slot->names.at[i], s)) return;
    *list_push(a->g, &slot->names) = s;
}

static const char *any_value(struct aim *a, int attr)
{
    const strings *values = &a->p->attrs.at[attr].values;
    if (values->count == 0 || rng_chance(a->g, 8)) return gen_format(a->g, "unknown-%d", rng_below(a->g, 5));
    return values->at[rng_below(a->g, values->count)];
}

static const char *any_phrase(struct aim *a)
{
    static const char *const phrases[] = {"",       "Hello, ", " please", "my order ", "x", " ", "re: ",
                                          "\u00e9", "e",       "\u0301",  "\n",        "A", "s", "the "};
    return rng_chance(a->g, 70) ? rng_pick(a->g, phrases) : draw_pattern(a->g);
}

/* A text about a pattern: with it at its place, mostly. */
static void carry_text(struct aim *a, int attr, const char *pattern, enum g_op op)
{
    struct out o = {.g = a->g};
    if (op != OP_STARTS && op != OP_NOT_STARTS && op > OP_NOT_IN) sb_puts(&o, any_phrase(a));
    sb_puts(&o, rng_chance(a->g, 75) ? vary_case(a->g, pattern) : pattern);
    if (op != OP_ENDS && op != OP_NOT_ENDS && op > OP_NOT_IN) sb_puts(&o, any_phrase(a));
    if (rng_chance(a->g, 10)) sb_puts(&o, any_phrase(a));
    a->t->slots[attr].carried = true;
    a->t->slots[attr].text = sb_text(&o);
}

static void carry_number(struct aim *a, int attr, double n)
{
    struct g_slot *slot = &a->t->slots[attr];
    slot->carried = true;
    int x = rng_below(a->g, 10);
    slot->number = x < 5    ? n
                   : x == 5 ? nextafter(n, -1e308)
                   : x == 6 ? nextafter(n, 1e308)
                   : x == 7 ? n + 1
                   : x == 8 ? n - 1
                            : draw_number(a->g);
    if (!isfinite(slot->number)) slot->number = n;
}

static void carry_any(struct aim *a, int attr)
{
    struct g_slot *slot = &a->t->slots[attr];
    switch (a->p->attrs.at[attr].type) {
    case T_TEXT: carry_text(a, attr, draw_pattern(a->g), OP_CONTAINS); break;
    case T_NUMBER: carry_number(a, attr, draw_number(a->g)); break;
    case T_BOOL:
        slot->carried = true;
        slot->flag = rng_chance(a->g, 50);
        break;
    case T_SET:
        slot->carried = true;
        for (int i = rng_below(a->g, 4); i > 0; i--) carry_name(a, attr, any_value(a, attr));
        break;
    default: carry_name(a, attr, any_value(a, attr));
    }
}

static void aim_value(struct aim *a, int attr, const struct g_value *v, enum g_op op)
{
    switch (v->kind) {
    case V_NAME: carry_name(a, attr, v->s); break;
    case V_TEXT: carry_text(a, attr, v->s, op); break;
    case V_NUMBER: carry_number(a, attr, v->number); break;
    case V_BOOL:
        a->t->slots[attr].carried = true;
        a->t->slots[attr].flag = v->flag;
        break;
    }
}

static void aim_test(struct aim *a, const struct g_cond *c)
{
    if (c->op == OP_DURING || c->op == OP_OUTSIDE) {
        a->t->at = gen_instant(a->g, a->p, c->hours);
    } else if (c->values.count == 0) {
        carry_any(a, c->attr);
    } else {
        bool all = c->op == OP_HAS_ALL;
        int one = rng_below(a->g, c->values.count);
        for (int i = 0; i < c->values.count; i++)
            if (all || i == one) aim_value(a, c->attr, &c->values.at[i], c->op);
    }
}

static void aim_cond(struct aim *a, const struct g_cond *c)
{
    if (c->kind == C_TEST) aim_test(a, c);
    int one = c->kids.count ? rng_below(a->g, c->kids.count) : 0;
    for (int i = 0; i < c->kids.count; i++)
        if (c->kind != C_OR || i == one) aim_cond(a, c->kids.at[i]);
}

static void aim_match(struct aim *a, const g_match *m)
{
    for (int i = 0; i < m->count; i++)
        aim_value(a, m->at[i].attr, &m->at[i].values.at[rng_below(a->g, m->at[i].values.count)], OP_EQ);
}

static void aim_rule(struct aim *a, const struct g_rule *r)
{
    if (r->active.count && rng_chance(a->g, 80))
        a->t->at =
            near(a->g, gen_local_instant(a->p->zone,
                                         range_date(a->g, r->active.at[rng_below(a->g, r->active.count)]),
                                         rng_chance(a->g, 60) ? 0 : rng_below(a->g, 1440)));
    if (r->when) aim_cond(a, r->when);
    aim_match(a, &r->match);
}

/* Something else besides, or something less. */
static void disturb(struct aim *a)
{
    int attr = rng_below(a->g, a->p->attrs.count);
    if (rng_chance(a->g, 70))
        carry_any(a, attr);
    else
        a->t->slots[attr] = (struct g_slot){0};
}

struct g_ticket *gen_ticket(struct gen *g, const struct g_policy *p, const struct g_ticket *before, int n)
{
    static const char *const ids[] = {"T",      "id \u00e9 ", "e\u0301-", "\"q\" ",
                                      "back\\", "\U0001f600", "a/b "};
    struct g_ticket *t = gen_alloc(g, sizeof *t);
    struct aim a = {g, p, t};
    t->id = gen_format(g, "%s%d", rng_chance(g, 85) ? "T" : rng_pick(g, ids), n);
    t->slots = gen_alloc(g, (size_t)p->attrs.count * sizeof *t->slots);
    t->at = any_instant(g, p);
    for (int i = rng_below(g, 3); i > 0; i--) carry_any(&a, rng_below(g, p->attrs.count));
    for (int i = rng_chance(g, 30) ? 2 : 1; i > 0; i--) {
        const struct g_team *team = p->teams.count ? &p->teams.at[rng_below(g, p->teams.count)] : NULL;
        if (p->rules.count && rng_chance(g, 85))
            aim_rule(&a, &p->rules.at[rng_below(g, p->rules.count)]);
        else if (team && team->takes.count)
            aim_match(&a, &team->takes.at[rng_below(g, team->takes.count)]);
    }
    if (rng_chance(g, 40)) disturb(&a);
    t->at_said = !before || rng_chance(g, 95);
    if (!t->at_said) t->at = before->at;
    if (t->at < -62135596800) t->at = -62135596800;
    if (t->at > 253402300799 - 86400) t->at = 253402300799 - 86400;
    return t;
}
