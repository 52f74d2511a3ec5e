/*
 * Hours and dates for proofs: some that complement each other, lie within each other, never meet, open every
 * other week; and now and then those of tests/gen, with seasons, nights and clocks that change.
 */
#include "small.h"

static struct g_hours *add(struct gen *g, struct g_policy *p)
{
    static const char *const names[] = {"office", "early", "night", "duty"};
    struct g_hours *h = list_push(g, &p->hours);
    *h = (struct g_hours){.name = names[p->hours.count - 1], .like = NOT_SAID, .outside = NOT_SAID};
    return h;
}

static void open(struct gen *g, struct g_hours *h, int from_day, int to_day, int from, int to)
{
    struct g_days *d = list_push(g, &h->weekly);
    *d = (struct g_days){.from = from_day, .to = to_day};
    *list_push(g, &d->intervals) = (struct g_interval){from * 60, to * 60};
    h->has_weekly = true;
}

static void office(struct gen *g, struct g_hours *h)
{
    open(g, h, 0, 4, 9, 17);
    if (rng_chance(g, 30)) {
        h->has_closed = true;
        *list_push(g, &h->closed) = (struct g_range){{0, 12, 24}, {0, 12, 26}};
    }
}

/* Beside the office's 9 to 17: within it, apart from it, touching it, its opposite, or on another clock. */
static void another(struct gen *g, struct g_policy *p, struct g_hours *h)
{
    static const char *const zones[] = {"America/New_York", "UTC", "Asia/Kolkata", "Australia/Lord_Howe"};
    switch (rng_below(g, 7)) {
    case 0: open(g, h, 0, 4, 10, 12); break;
    case 1: open(g, h, 5, 6, 10, 14); break;
    case 2: open(g, h, 0, 4, 17, 24); break;
    case 3: open(g, h, 0, 6, 22, 6); break;
    case 4: h->outside = 0; break;
    case 5:
        h->zone = rng_pick(g, zones);
        open(g, h, 0, 4, 9, 17);
        break;
    default:
        h->like = 0;
        h->every_weeks = rng_between(g, 2, 3);
        h->every_from = (struct g_date){2026, 3, rng_between(g, 2, 8)};
        break;
    }
    (void)p;
}

static void of_gen(struct gen *g, struct g_policy *p)
{
    draw_hours(g, p);
    if (p->hours.count > 2) p->hours.count = 2;
    for (int i = 0; i < p->hours.count; i++) {
        struct g_hours *h = &p->hours.at[i];
        h->has_holidays = false; /* a file of its own */
        if (h->like >= p->hours.count) h->like = NOT_SAID, h->has_weekly = true;
        if (h->outside >= p->hours.count) h->outside = NOT_SAID, h->has_weekly = true;
    }
    for (int i = 0; i < p->hours.count;
         i++) { /* a week that `like` brings now would stand beside `outside` */
        struct g_hours *h = &p->hours.at[i];
        if (h->like != NOT_SAID && h->outside != NOT_SAID && p->hours.at[h->like].has_weekly)
            h->like = NOT_SAID;
    }
}

void small_hours(struct gen *g, struct g_policy *p)
{
    if (rng_chance(g, 12)) {
        of_gen(g, p);
        return;
    }
    office(g, add(g, p));
    for (int i = rng_between(g, 0, 2); i > 0; i--) {
        struct g_hours *h = add(g, p);
        another(g, p, h);
    }
}

void small_active(struct gen *g, g_ranges *out)
{
    static const struct g_range ranges[] = {{{2026, 11, 20}, {2026, 12, 1}}, {{0, 12, 24}, {0, 12, 31}},
                                            {{0, 12, 20}, {0, 1, 6}},        {{2026, 11, 25}, {2026, 11, 25}},
                                            {{0, 2, 29}, {0, 2, 29}},        {{1999, 1, 1}, {1999, 12, 31}},
                                            {{2000, 1, 1}, {2099, 12, 31}},  {{0, 1, 1}, {0, 12, 31}},
                                            {{2099, 12, 31}, {2100, 6, 1}},  {{0, 1, 7}, {0, 12, 19}}};
    *list_push(g, out) = rng_pick(g, ranges);
}
