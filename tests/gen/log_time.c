/*
 * When the next event of a log comes: mostly soon; at times a second beside a bound of hours, a midnight, a
 * change of the clock, a step's due time, or days later; once in a while years.
 */
#include "log.h"

#include <time.h>

/* Where the clock goes back over midnight, a date begins twice: St. John's did so until 2011. */
static int64_t before_odd_change(struct gen *g, const char *zone)
{
    struct g_date d = {rng_between(g, 2007, 2010), 9, 1};
    return gen_clock_change(zone, gen_local_instant(zone, d, 0)) - rng_below(g, 2 * 86400);
}

int64_t log_start(struct gen *g, const char **zone)
{
    static const char *const zones[] = {"Europe/Stockholm", "America/New_York", "Australia/Lord_Howe"};
    const char *z = rng_chance(g, 75) ? rng_pick(g, zones) : gen_zones[rng_below(g, gen_zone_count)];
    *zone = rng_chance(g, 25) ? z : rng_chance(g, 5) ? "America/St_Johns" : NULL;
    if (*zone && *zone != z) return before_odd_change(g, *zone);
    struct g_date d = {rng_between(g, 2024, 2028), rng_between(g, 1, 12), rng_between(g, 1, 28)};
    int64_t at = gen_local_instant(z, d, rng_below(g, 1440));
    return rng_chance(g, 50) ? gen_clock_change(z, at) - rng_below(g, 3 * 86400) : at;
}

static int64_t beside(struct gen *g, int64_t at)
{
    static const int apart[] = {-1, 0, 0, 0, 0, 1, 60};
    return at + rng_pick(g, apart);
}

static struct g_date date_of(const char *zone, int64_t at)
{
    time_t t = at;
    struct tm tm;
    gen_local_instant(zone, (struct g_date){2026, 1, 1}, 0); /* sets TZ */
    localtime_r(&t, &tm);
    return (struct g_date){tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday};
}

static int week_minute(struct gen *g, const struct g_policy *p, int hours)
{
    const struct g_hours *h = &p->hours.at[hours];
    const g_week *w = rng_chance(g, 20) && h->breaks.count ? &h->breaks : &h->weekly;
    if (h->seasons.count && rng_chance(g, 30)) w = &h->seasons.at[rng_below(g, h->seasons.count)].week;
    const struct g_days *e = w->count ? &w->at[rng_below(g, w->count)] : NULL;
    if (!e || e->intervals.count == 0) return 0;
    struct g_interval i = e->intervals.at[rng_below(g, e->intervals.count)];
    return rng_chance(g, 50) ? i.from : i.to;
}

static int64_t at_bound(struct g_log *log)
{
    struct gen *g = &log->g;
    const struct g_policy *p = log->d.policy;
    int hours = p->hours.count ? rng_below(g, p->hours.count) : ALWAYS;
    const char *zone = gen_hours_zone(p, hours);
    struct g_date d = date_of(zone, log->now);
    d.day += rng_chance(g, 60) ? 0 : rng_below(g, 3); /* mktime makes a date of it */
    int minute = hours == ALWAYS || rng_chance(g, 30) ? 0 : week_minute(g, p, hours);
    return beside(g, gen_local_instant(zone, d, minute));
}

/* A step of some rule, of some ticket. */
static int64_t at_step(struct g_log *log)
{
    struct gen *g = &log->g;
    const struct g_policy *p = log->d.policy;
    const g_steps *steps =
        p->rules.count && rng_chance(g, 60) ? &p->rules.at[rng_below(g, p->rules.count)].to : &p->otherwise;
    if (log->begun.count == 0 || steps->count < 2) return log->now;
    int back = rng_below(g, log->begun.count < 20 ? log->begun.count : 20);
    return beside(g, log->begun.at[log->begun.count - 1 - back].at +
                         steps->at[rng_between(g, 1, steps->count - 1)].after_sec);
}

static int64_t at_change(struct g_log *log)
{
    const char *zone = log->d.policy->zone;
    int64_t at = gen_clock_change(zone ? zone : "UTC", log->now);
    return at - log->now < 4 * 86400 ? beside(&log->g, at) : log->now;
}

/* When a closed ticket, or an event's id, is forgotten. */
static int64_t at_forgetting(struct g_log *log)
{
    const g_sayings *list = rng_chance(&log->g, 50) ? &log->closed : &log->event_ids;
    int64_t keep = (int64_t)log->keep_days * 86400;
    if (log->keep_days > 2 || list->count == 0) return log->now;
    for (int i = 0; i < list->count; i++)
        if (list->at[i].at + keep >= log->now) return beside(&log->g, list->at[i].at + keep);
    return log->now;
}

int64_t log_later(struct g_log *log)
{
    struct gen *g = &log->g;
    int x = rng_below(g, 1000);
    int64_t at = log->now;
    if (log->hurry > 0)
        log->hurry--;
    else if (x < 450)
        at += rng_below(g, 5);
    else if (x < 800)
        at += rng_below(g, 1200);
    else if (x < 860)
        at += rng_below(g, 4 * 3600);
    else if (x < 930)
        at = at_bound(log);
    else if (x < 970)
        at = at_step(log);
    else if (x < 980)
        at = at_change(log);
    else if (x < 988)
        at = at_forgetting(log);
    else if (x < 991)
        at += rng_below(g, 4 * 86400);
    else if (x < 993)
        at += rng_below(g, 50 * 86400);
    else if (x == 999 && rng_chance(g, 40))
        at += (int64_t)rng_between(g, 1, 9) * 365 * 86400 + rng_below(g, 365 * 86400);
    return at < log->now ? log->now : at;
}
