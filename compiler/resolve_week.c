/*
 * A week as it was written to intervals of each weekday (language.md 6.2).
 *
 * An interval that runs over midnight becomes two: the evening of its own weekday, the early hours of the
 * next; both belong to the same table. Overlaps are looked for after that, so a night's tail is seen too.
 */
#include "resolve_hours.h"

#include <stdlib.h>

/* A piece of one weekday, and the interval it comes from. */
struct piece {
    uint16_t from_min, to_min;
    const struct interval *of;
};
struct pieces {
    VEC(struct piece) days[7];
};

static void add_piece(struct arena *a, struct pieces *p, unsigned day, unsigned from, unsigned to,
                      const struct interval *of)
{
    if (from < to) *vec_push(a, &p->days[day % 7]) = (struct piece){(uint16_t)from, (uint16_t)to, of};
}

static void add_intervals(struct arena *a, struct pieces *p, unsigned day, const intervals *in)
{
    for (uint32_t i = 0; i < in->count; i++) {
        const struct interval *v = &in->at[i];
        bool night = v->to_min <= v->from_min;
        add_piece(a, p, day, v->from_min, night ? 1440 : v->to_min, v);
        if (night) add_piece(a, p, day + 1, 0, v->to_min, v);
    }
}

static int by_start(const void *a, const void *b)
{
    const struct piece *x = a, *y = b;
    if (x->from_min != y->from_min) return x->from_min < y->from_min ? -1 : 1;
    return (x->of->at.off > y->of->at.off) - (x->of->at.off < y->of->at.off);
}

static void sort_pieces(struct pieces *p)
{
    for (int i = 0; i < 7; i++)
        if (p->days[i].count) qsort(p->days[i].at, p->days[i].count, sizeof *p->days[i].at, by_start);
}

/* How many weekdays an entry names; "mon-mon" is one, "fri-mon" four. */
static unsigned day_count(const struct day_entry *e)
{
    return (e->to + 7u - e->from) % 7 + 1;
}

static void week_pieces(struct arena *a, const week *w, struct pieces *out)
{
    for (uint32_t i = 0; i < w->count; i++) {
        const struct day_entry *e = &w->at[i];
        for (unsigned k = 0; k < day_count(e); k++) add_intervals(a, out, (e->from + k) % 7, &e->hours);
    }
    sort_pieces(out);
}

/* ---- what is wrong ---- */

static struct str spell(struct arena *a, const struct interval *v)
{
    return arena_printf(a, "%02u:%02u-%02u:%02u", v->from_min / 60u, v->from_min % 60u, v->to_min / 60u,
                        v->to_min % 60u);
}

/* The one that was written later is told of. */
static void report_overlap(struct compilation *c, const struct interval *a, const struct interval *b)
{
    if (a->at.file == b->at.file && a->at.off > b->at.off) {
        const struct interval *t = a;
        a = b, b = t;
    }
    struct diag *g = diag(&c->diags, E0421, b->at, spell(c->a, b), spell(c->a, a));
    diag_related(g, a->at, S("it overlaps this"));
    if (a->to_min <= a->from_min || b->to_min <= b->from_min)
        diag_hint(&c->diags, g, "hours over midnight go on in the next weekday's early hours");
}

static void check_pieces(struct compilation *c, const struct pieces *p)
{
    for (int day = 0; day < 7; day++) {
        const struct piece *longest = NULL;
        for (uint32_t i = 0; i < p->days[day].count; i++) {
            const struct piece *x = &p->days[day].at[i];
            if (longest && x->from_min < longest->to_min && x->of != longest->of)
                report_overlap(c, longest->of, x->of);
            if (!longest || x->to_min > longest->to_min) longest = x;
        }
    }
}

static const char *const day_names[7] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                         "Friday", "Saturday", "Sunday"};

/* False where the entry names a day that an earlier one has: once is said so, whatever else it names twice. Its
 * other days are named all the same. */
static bool check_entry(struct compilation *c, const struct day_entry *e, const struct day_entry *first[7])
{
    bool right = true;
    for (unsigned k = 0; k < day_count(e); k++) {
        unsigned day = (e->from + k) % 7;
        if (first[day] && right)
            diag_related(diag(&c->diags, E0420, e->at, str_from(day_names[day])), first[day]->at,
                         S("first named here"));
        right &= !first[day];
        if (!first[day]) first[day] = e;
    }
    return right;
}

void check_week(struct compilation *c, const week *w)
{
    const struct day_entry *first[7] = {0};
    struct pieces p = {0};
    for (uint32_t i = 0; i < w->count; i++) {
        const struct day_entry *e = &w->at[i];
        if (!check_entry(c, e, first)) continue; /* hours said twice would overlap, too: once is enough */
        for (unsigned k = 0; k < day_count(e); k++) add_intervals(c->a, &p, (e->from + k) % 7, &e->hours);
    }
    sort_pieces(&p);
    check_pieces(c, &p);
}

void check_day(struct compilation *c, const intervals *day)
{
    struct pieces p = {0};
    for (uint32_t i = 0; i < day->count; i++) {
        const struct interval *v = &day->at[i];
        if (v->to_min > v->from_min)
            add_piece(c->a, &p, 0, v->from_min, v->to_min, v);
        else
            diag(&c->diags, E0424, v->at, spell(c->a, v));
    }
    sort_pieces(&p);
    check_pieces(c, &p);
}

/* ---- what counts ---- */

/* Sorted pieces, those that touch joined. */
static void join_pieces(struct arena *a, const struct piece *p, uint32_t count, m_day *out)
{
    *out = (m_day){0};
    for (uint32_t i = 0; i < count; i++) {
        struct m_interval *last = out->count ? &out->at[out->count - 1] : NULL;
        if (!last || p[i].from_min > last->to_min)
            *vec_push(a, out) = (struct m_interval){p[i].from_min, p[i].to_min};
        else if (p[i].to_min > last->to_min)
            last->to_min = p[i].to_min;
    }
}

void make_week(struct arena *a, const week *w, struct m_week *out)
{
    struct pieces open = {0};
    week_pieces(a, w, &open);
    for (int i = 0; i < 7; i++) join_pieces(a, open.days[i].at, open.days[i].count, &out->days[i]);
}

void make_day(struct arena *a, const intervals *day, m_day *out)
{
    struct pieces p = {0};
    add_intervals(a, &p, 0, day);
    sort_pieces(&p);
    join_pieces(a, p.days[0].at, p.days[0].count, out);
}
