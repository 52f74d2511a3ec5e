/*
 * Hours at random: weeks with nights, seasons, closed and special days, breaks, rotas, likes and outsides.
 *
 * What is drawn is valid: intervals of a week do not overlap, not in a night's early hours either; seasons
 * keep to places of the year that are their own.
 */
#include "gen.h"

const char *const gen_zones[] = {"Europe/Stockholm",
                                 "America/New_York",
                                 "Asia/Kolkata",
                                 "Australia/Lord_Howe",
                                 "Pacific/Apia",
                                 "Africa/Casablanca",
                                 "Europe/Dublin",
                                 "America/Havana",
                                 "Asia/Kathmandu",
                                 "America/St_Johns",
                                 "Antarctica/Troll",
                                 "America/Argentina/Buenos_Aires",
                                 "UTC",
                                 "Etc/GMT+12",
                                 "Pacific/Chatham",
                                 "America/Sao_Paulo"};
const int gen_zone_count = sizeof gen_zones / sizeof *gen_zones;

int days_in_month(int year, int month)
{
    if (month == 2) return year == 0 || (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)) ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/* The place-th day (from 1) of a leap year; of another year the day before where it is 02-29. */
static struct g_date at_place(int year, int place)
{
    struct g_date d = {year, 1, place};
    while (d.day > days_in_month(0, d.month)) d.day -= days_in_month(0, d.month++);
    if (d.day > days_in_month(year, d.month)) d.day--;
    return d;
}

static int draw_year(struct gen *g)
{
    return rng_chance(g, 90) ? rng_between(g, 2024, 2028) : rng_between(g, 1999, 2099);
}

static struct g_range draw_range(struct gen *g)
{
    static const struct g_range odd[] = {{{0, 2, 29}, {0, 2, 29}}, {{0, 2, 29}, {0, 3, 2}},
                                         {{0, 2, 20}, {0, 2, 29}}, {{0, 12, 20}, {0, 1, 6}},
                                         {{0, 12, 31}, {0, 1, 1}}, {{0, 3, 1}, {0, 2, 29}},
                                         {{0, 2, 29}, {0, 2, 28}}, {{0, 1, 1}, {0, 12, 31}}};
    if (rng_chance(g, 12)) return rng_pick(g, odd);
    int from = rng_between(g, 1, 366), len = rng_chance(g, 50) ? 0 : rng_below(g, 40), to = from + len;
    if (rng_chance(g, 50)) return (struct g_range){at_place(0, from), at_place(0, to > 366 ? to - 366 : to)};
    int year = draw_year(g);
    return (struct g_range){at_place(year, from),
                            at_place(to > 366 ? year + 1 : year, to > 366 ? to - 366 : to)};
}

void draw_ranges(struct gen *g, g_ranges *out, int most)
{
    for (int i = rng_between(g, 1, most); i > 0; i--) *list_push(g, out) = draw_range(g);
}

/* A minute of the day, mostly a round one; least .. most. */
static int draw_minute(struct gen *g, int least, int most)
{
    int m = rng_between(g, least, most), round = (m + 15) / 30 * 30;
    return rng_chance(g, 80) && round >= least && round <= most ? round : m;
}

/* One to three intervals within [from, 1440), in order, apart or touching. */
static void draw_intervals(struct gen *g, g_intervals *out, int from)
{
    for (int i = rng_between(g, 1, 3); i > 0 && from < 1430; i--) {
        int a = draw_minute(g, from, 1438), b = draw_minute(g, a + 1, rng_chance(g, 50) ? 1440 : a + 2);
        *list_push(g, out) = (struct g_interval){a, b};
        from = b;
    }
}

/* The last interval of an entry as a night, which ends before `latest` on the morrow. */
static void make_night(struct gen *g, struct g_days *e, int latest)
{
    struct g_interval *i = &e->intervals.at[e->intervals.count - 1];
    if (i->from < 720 || latest < 1) return;
    i->to = draw_minute(g, 0, latest < i->from ? latest : i->from - 1);
}

static int first_minute(const struct g_days *e)
{
    int least = 1440;
    for (int i = 0; i < e->intervals.count; i++)
        if (e->intervals.at[i].from < least) least = e->intervals.at[i].from;
    return least;
}

/* What a night of entry `i` may reach into: the next day's first interval; its own where the entry is of more
 * days. */
static int night_room(const g_week *w, int i)
{
    const struct g_days *e = &w->at[i];
    int room = e->from != e->to ? first_minute(e) : 1440, next = (e->to + 1) % 7;
    for (int k = 0; k < w->count; k++)
        for (int day = w->at[k].from;; day = (day + 1) % 7) {
            if (day == next && first_minute(&w->at[k]) < room) room = first_minute(&w->at[k]);
            if (day == w->at[k].to) break;
        }
    return room;
}

/* Days from a first one on, cut into entries; some days are left out, some are closed. */
static void draw_week(struct gen *g, g_week *out, bool nights)
{
    int start = rng_below(g, 7), day = 0;
    while (day < 7) {
        int len = rng_between(g, 1, 7 - day < 5 ? 7 - day : 5);
        if (rng_chance(g, 80) || (day == 0 && len == 7)) {
            struct g_days *e = list_push(g, out);
            *e = (struct g_days){.from = (start + day) % 7, .to = (start + day + len - 1) % 7};
            if (rng_chance(g, 10))
                *list_push(g, &e->intervals) = (struct g_interval){0, 1440};
            else if (rng_chance(g, 92))
                draw_intervals(g, &e->intervals, 0);
        }
        day += len;
    }
    for (int i = 0; nights && i < out->count; i++)
        if (out->at[i].intervals.count && rng_chance(g, 30)) make_night(g, &out->at[i], night_room(out, i));
    if (out->count == 0) *list_push(g, out) = (struct g_days){.from = start, .to = start};
}

static void draw_seasons(struct gen *g, struct g_hours *h)
{
    int place = rng_between(g, 1, 120), last = 366;
    if (rng_chance(g, 15)) { /* one over the turn of the year */
        struct g_season *s = list_push(g, &h->seasons);
        s->in = (struct g_range){at_place(0, 350), at_place(0, rng_between(g, 1, 20))};
        draw_week(g, &s->week, true);
        place += 20;
        last = 348;
    }
    while (place < 320 && h->seasons.count < 3) {
        int to = place + rng_below(g, last - place < 60 ? last - place : 60),
            year = rng_chance(g, 40) ? draw_year(g) : 0;
        struct g_season *s = list_push(g, &h->seasons);
        s->in = (struct g_range){at_place(year, place), at_place(year, to)};
        draw_week(g, &s->week, true);
        place = to + 2 + rng_below(g, 90);
    }
}

static void draw_special(struct gen *g, struct g_hours *h)
{
    int place = rng_between(g, 1, 300);
    for (int i = rng_between(g, 1, 3); i > 0 && place <= 366; i--, place += rng_between(g, 2, 60)) {
        int year = rng_chance(g, 50) ? draw_year(g) : 0;
        struct g_special *s = list_push(g, &h->special);
        s->date = at_place(year, place);
        if (rng_chance(g, 80)) draw_intervals(g, &s->intervals, 0);
        if (year != 0 && rng_chance(g, 50)) { /* the same day of every year beside it */
            struct g_special *yearly = list_push(g, &h->special);
            yearly->date = (struct g_date){0, h->special.at[h->special.count - 2].date.month,
                                           h->special.at[h->special.count - 2].date.day};
            draw_intervals(g, &yearly->intervals, 0);
        }
    }
}

static void draw_holidays(struct gen *g, struct g_hours *h, int n)
{
    h->holidays.file = gen_format(g, "days-%d.ics", n);
    for (int i = rng_between(g, 1, 4); i > 0; i--) {
        struct g_holiday *day = list_push(g, &h->holidays.dates);
        day->date = at_place(draw_year(g), rng_between(g, 1, 366));
        day->days = rng_between(g, 1, 3);
    }
}

/* A few of the keys; `all`: weekly for certain. */
static void draw_keys(struct gen *g, struct g_hours *h, int n, bool all)
{
    h->has_weekly = all || rng_chance(g, 30);
    h->has_seasons = rng_chance(g, 25);
    h->has_closed = rng_chance(g, 35);
    h->has_special = rng_chance(g, 30);
    h->has_breaks = rng_chance(g, 25);
    h->has_holidays = rng_chance(g, 8);
    if (h->has_weekly && rng_chance(g, 97)) draw_week(g, &h->weekly, true);
    if (h->has_seasons && rng_chance(g, 90)) draw_seasons(g, h);
    if (h->has_closed && rng_chance(g, 93)) draw_ranges(g, &h->closed, 4);
    if (h->has_special && rng_chance(g, 93)) draw_special(g, h);
    if (h->has_breaks && rng_chance(g, 90)) draw_week(g, &h->breaks, true);
    if (h->has_holidays) draw_holidays(g, h, n);
}

/* Whether its keys, or those it takes over, say `outside`. */
static bool is_outside(const struct g_policy *p, int i)
{
    for (; i != NOT_SAID; i = p->hours.at[i].like)
        if (p->hours.at[i].outside != NOT_SAID) return true;
    return false;
}

static void draw_one(struct gen *g, struct g_policy *p, struct g_hours *h, int n)
{
    h->like = h->outside = NOT_SAID;
    if (rng_chance(g, 50)) h->zone = gen_zones[rng_below(g, gen_zone_count)];
    if (n > 0 && rng_chance(g, 35)) h->like = rng_below(g, n);
    if (h->like != NOT_SAID && is_outside(p, h->like)) {
        if (rng_chance(g, 20)) h->outside = rng_below(g, n);
    } else if (n > 0 && h->like == NOT_SAID && rng_chance(g, 25)) {
        h->outside = rng_below(g, n);
    } else {
        draw_keys(g, h, n, h->like == NOT_SAID && rng_chance(g, 95));
    }
    if (rng_chance(g, 15)) {
        h->every_weeks = rng_between(g, 1, 6);
        h->every_from = at_place(draw_year(g), rng_between(g, 1, 366));
    }
}

/* Hours look back to hours declared before; the order is mixed afterwards, as an admin may declare them in
 * any. */
void draw_hours(struct gen *g, struct g_policy *p)
{
    strings names = {0};
    int count = p->zone ? rng_below(g, 6) : 0, place[8], mixed[8];
    for (int i = 0; i < count; i++) {
        struct g_hours h = {.name = draw_name(g, &names, K_HOURS)};
        draw_one(g, p, &h, i);
        *list_push(g, &p->hours) = h;
        mixed[i] = i;
    }
    rng_shuffle(g, mixed, count, sizeof *mixed);
    for (int i = 0; i < count; i++) place[mixed[i]] = i;
    struct g_hours in_order[8];
    for (int i = 0; i < count; i++) in_order[i] = p->hours.at[i];
    for (int i = 0; i < count; i++) {
        struct g_hours *h = &p->hours.at[place[i]];
        *h = in_order[i];
        if (h->like != NOT_SAID) h->like = place[h->like];
        if (h->outside != NOT_SAID) h->outside = place[h->outside];
    }
}
