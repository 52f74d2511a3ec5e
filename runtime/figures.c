/*
 * What happens at the desk to what its figures are made of: see figures.h.
 *
 * Called by the desk within its transaction, after the ticket or agent was changed; each function is nothing
 * where the desk keeps no figures. A call costs a few words saved; going offline costs the stretches of the
 * shift that it ends.
 */
#include "figures.h"

#include "calendar.h"
#include "sort.h"

/* ---- making and freeing ---- */

static size_t agents_len(const struct shunt_desk *d)
{
    return (d->t->AGENT_count + (size_t)1) * sizeof(struct fig_agent);
}
static size_t teams_len(const struct shunt_desk *d)
{
    return sh_array_len((uint64_t)d->t->TEAM_count + 1, sizeof(struct fig_team));
}
static size_t channels_len(const struct shunt_desk *d)
{
    return sh_array_len((uint64_t)d->channel_count + 1, sizeof(uint64_t));
}

struct desk_figures *sh_desk_figures_make(struct shunt_desk *d)
{
    struct desk_figures *f = sh_txn_alloc(&d->txn, sizeof *f);
    f->from_sec = FIG_OFFLINE;
    f->rule_count = d->t->RULE_count;
    f->agents = sh_txn_alloc(&d->txn, agents_len(d));
    f->teams = sh_txn_alloc(&d->txn, teams_len(d));
    f->by_channel = sh_txn_alloc(&d->txn, channels_len(d));
    f->by_rule =
        sh_txn_alloc(&d->txn, sh_array_len(f->rule_count, sizeof *f->by_rule)); /* one at least: otherwise */
    for (uint32_t i = 0; i < d->t->AGENT_count; i++) f->agents[i].since_sec = FIG_OFFLINE;
    return f;
}

void sh_desk_figures_gone(struct shunt_desk *d)
{
    struct desk_figures *f = d->figures;
    uint32_t count = d->t->RULE_count + d->gone_rules.count;
    uint64_t *grown =
        sh_txn_grow(&d->txn, f->by_rule, f->rule_count * sizeof *grown, sh_array_len(count, sizeof *grown));
    sh_txn_save(&d->txn, f, sizeof *f);
    f->by_rule = grown;
    f->rule_count = count;
}

static void drop_values(const struct shunt_hooks *h, struct fig_values *v)
{
    sh_free(h, v->at, sh_array_len(v->cap, sizeof *v->at));
}

void sh_desk_figures_free(struct shunt_desk *d)
{
    const struct shunt_hooks *h = &d->txn.hooks;
    struct desk_figures *f = d->figures;
    for (uint32_t i = 0; i < f->cells.cap; i++) {
        sh_free(h, f->cells.slots[i].item, sizeof(struct fig_cell));
    }
    sh_map_release(&f->cells, h);
    drop_values(h, &f->responses);
    drop_values(h, &f->assignments);
    sh_free(h, f->agents, agents_len(d));
    sh_free(h, f->teams, teams_len(d));
    sh_free(h, f->by_channel, channels_len(d));
    sh_free(h, f->by_rule, f->rule_count * sizeof *f->by_rule);
    sh_free(h, f, sizeof *f);
    d->figures = NULL;
}

/* ---- hours of the week ---- */

enum { WEEK_SEC = 7 * CAL_DAY_SEC, HOUR_SEC = 3600, MONDAY_1970 = 3 * 24 };

static uint32_t hour_of_week(int64_t local_sec)
{
    int64_t hour = cal_floor_div(local_sec, HOUR_SEC) + MONDAY_1970;
    return (uint32_t)(hour - cal_floor_div(hour, SHUNT_WEEK_HOURS) * SHUNT_WEEK_HOURS);
}

/* Local time without a change of the offset: whole weeks at once, so that years cost no more than days. */
static void local_hours(int64_t from, int64_t to, uint64_t hours[SHUNT_WEEK_HOURS])
{
    int64_t weeks = (to - from) / WEEK_SEC;
    if (weeks > 0) {
        for (int i = 0; i < SHUNT_WEEK_HOURS; i++) hours[i] += (uint64_t)weeks * HOUR_SEC;
        from += weeks * WEEK_SEC;
    }
    while (from < to) {
        int64_t end = (cal_floor_div(from, HOUR_SEC) + 1) * HOUR_SEC;
        if (end > to) end = to;
        hours[hour_of_week(from)] += (uint64_t)(end - from);
        from = end;
    }
}

void sh_desk_figures_hours(const struct shunt_table *t, int64_t from_sec, int64_t to_sec,
                           uint64_t hours[SHUNT_WEEK_HOURS])
{
    uint32_t zone = le32(t->POLICY[0].zone);
    for (int64_t at = from_sec; at < to_sec;) {
        struct zone_span z = sh_zone_span(t, zone, at);
        int64_t end = z.until < to_sec ? z.until : to_sec;
        local_hours(at + z.offset_sec, end + z.offset_sec, hours);
        at = end;
    }
}

/* ---- hours online ---- */

/* Whether the date at an instant is none of the watch's away days, and until when that holds at least. */
static struct sh_segment not_away(const struct shunt_table *t, const struct desk_watch *w, int64_t at)
{
    if (w->away == TF_NONE) return (struct sh_segment){INT64_MAX, true};
    struct zone_span z = sh_zone_span(t, w->zone, at);
    int64_t local = at + z.offset_sec, day = cal_floor_div(local, CAL_DAY_SEC);
    int64_t until = at + ((day + 1) * CAL_DAY_SEC - local);
    bool away = sh_window_has(t, w->away, (int32_t)day);
    return (struct sh_segment){until < z.until ? until : z.until, !away};
}

static struct sh_segment shift_segment(const struct shunt_table *t, const struct desk_watch *w, int64_t at)
{
    struct sh_segment day = not_away(t, w, at);
    if (w->hours == TF_NONE) return day;
    struct sh_segment hours = sh_hours_segment(t, w->hours, at);
    return (struct sh_segment){hours.until < day.until ? hours.until : day.until, hours.open && day.open};
}

struct of_shift {
    const struct shunt_desk *d;
    const struct desk_watch *watch;
};

static int64_t walk_shift(const void *ctx, int64_t from_sec, int64_t to_sec)
{
    const struct of_shift *of = ctx;
    int64_t sum = 0;
    for (int64_t at = from_sec; at < to_sec;) {
        struct sh_segment s = shift_segment(of->d->t, of->watch, at);
        int64_t end = s.until < to_sec ? s.until : to_sec;
        if (s.open) sum += end - at;
        at = end;
    }
    return sum;
}

static struct sh_regular regular_at(const void *ctx, int64_t at_sec)
{
    const struct of_shift *of = ctx;
    struct sh_regular r = sh_regular_begin();
    sh_regular_hours(of->d->t, &r, of->watch->hours, at_sec);
    sh_regular_away(of->d->t, &r, of->watch->away, of->watch->zone, at_sec);
    return r;
}

uint64_t sh_desk_figures_shift(const struct shunt_desk *d, uint32_t agent, int64_t from_sec, int64_t to_sec)
{
    uint32_t shift = desk_agent(d, agent)->shift;
    if (to_sec <= from_sec) return 0;
    if (shift == TF_NONE) return (uint64_t)(to_sec - from_sec);
    const struct of_shift of = {d, &d->watches[shift]};
    const struct sh_open_seconds seconds = {walk_shift, regular_at, &of};
    return (uint64_t)sh_open_seconds(&seconds, from_sec, to_sec);
}

uint64_t sh_desk_figures_online(const struct shunt_desk *d, uint32_t agent)
{
    const struct fig_agent *a = &d->figures->agents[agent];
    if (a->since_sec == FIG_OFFLINE) return a->shift_sec;
    return a->shift_sec + sh_desk_figures_shift(d, agent, a->since_sec, d->core.now_sec);
}

void sh_desk_figures_crews_online(const struct shunt_desk *d, const uint64_t *online, uint64_t *into)
{
    for (uint32_t i = 0; i < d->crew_count; i++) {
        const struct desk_crew *c = &d->crews[i];
        into[i] = 0;
        for (uint32_t m = 0; m < c->member_count; m++) {
            uint32_t agent = le32(d->t->LIST[c->member_first + m]);
            into[i] += online[agent] - d->figures->agents[agent].before_sec;
        }
    }
}

uint64_t sh_desk_figures_team_online(const struct shunt_desk *d, uint32_t team, const uint64_t *crews)
{
    return d->figures->teams[team].carried_sec + crews[d->teams[team].crew];
}

/* ---- cells and values ---- */

static bool same_cell(const void *item, const void *key)
{
    const struct fig_cell *a = item, *b = key;
    return a->team == b->team && a->channel == b->channel && a->agent == b->agent;
}

struct fig_cell *sh_desk_figures_cell(struct shunt_desk *d, uint32_t team, uint32_t channel, uint32_t agent)
{
    struct fig_cell key = {.team = team, .channel = channel, .agent = agent};
    uint32_t bytes[] = {team, channel, agent};
    uint64_t hash = sh_hash(d->sip_key, 0, bytes, sizeof bytes);
    struct fig_cell *c = sh_map_find(&d->figures->cells, hash, same_cell, &key);
    if (c) return c;
    c = sh_txn_alloc(&d->txn, sizeof *c);
    *c = key;
    c->mark = d->txn.number;
    sh_map_insert(&d->txn, &d->figures->cells, hash, c);
    return c;
}

static bool cell_before(const void *a, const void *b)
{
    const struct fig_cell *x = a, *y = b;
    if (x->team != y->team) return x->team < y->team;
    return x->channel != y->channel ? x->channel < y->channel : x->agent < y->agent;
}

void sh_desk_figures_sorted(const struct desk_figures *f, const struct fig_cell **into)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < f->cells.cap; i++) {
        if (f->cells.slots[i].item) into[count++] = f->cells.slots[i].item;
    }
    sh_sort((const void **)into, count, cell_before);
}

void sh_desk_figures_value(struct shunt_desk *d, struct fig_values *v, struct fig_value value)
{
    txn_touch(&d->txn, &v->mark, v, sizeof *v);
    if (v->count == v->cap) {
        uint64_t cap = v->cap ? v->cap * 2 : 64;
        size_t old_len = sh_array_len(v->cap, sizeof *v->at), len = sh_array_len(cap, sizeof *v->at);
        v->at = v->cap ? sh_txn_grow(&d->txn, v->at, old_len, len) : sh_txn_alloc(&d->txn, len);
        v->cap = cap;
    }
    v->at[v->count++] = value; /* behind what was there: taken back with the count */
}

/* ---- what the desk tells ---- */

static void add(struct shunt_desk *d, uint64_t *count, uint64_t by)
{
    sh_txn_save(&d->txn, count, sizeof *count);
    *count += by;
}

static struct desk_figures *touched(struct shunt_desk *d)
{
    struct desk_figures *f = d->figures;
    txn_touch(&d->txn, &f->mark, f, offsetof(struct desk_figures, responses));
    return f;
}

static void begun(struct shunt_desk *d, int64_t at_sec)
{
    struct desk_figures *f = touched(d);
    if (f->from_sec == FIG_OFFLINE) f->from_sec = at_sec;
}

void sh_desk_figures_arrived(struct shunt_desk *d, const struct desk_ticket *k)
{
    begun(d, k->first_at_sec);
    struct desk_figures *f = touched(d);
    f->arrived++;
    add(d, &f->by_channel[k->channel == TF_NONE ? d->channel_count : k->channel], 1);
    add(d, &f->by_rule[k->rule], 1);
    int32_t offset = sh_zone_local(d->t, le32(d->t->POLICY[0].zone), k->first_at_sec, NULL);
    add(d, &f->by_hour[hour_of_week(k->first_at_sec + offset)], 1);
}

/* In the ticket's team. */
static void assigned_in_team(struct shunt_desk *d, const struct desk_ticket *k, bool automatic)
{
    struct fig_team *t = &d->figures->teams[k->team];
    txn_touch(&d->txn, &t->mark, t, sizeof *t);
    t->assigned++;
    if (!automatic) return;
    t->automatic++;
    uint32_t channel = k->channel == TF_NONE ? d->channel_count : k->channel;
    struct fig_cell *c = sh_desk_figures_cell(d, k->team, channel, k->agent);
    txn_touch(&d->txn, &c->mark, c, sizeof *c);
    c->automatic++;
}

void sh_desk_figures_assigned(struct shunt_desk *d, const struct desk_ticket *k, bool automatic, bool first)
{
    if (!d->figures) return;
    struct desk_figures *f = touched(d);
    struct fig_agent *a = &f->agents[k->agent];
    txn_touch(&d->txn, &a->mark, a, sizeof *a);
    f->assigned++;
    a->assigned++;
    if (automatic) f->automatic++, a->automatic++;
    if (k->team != TF_NONE) assigned_in_team(d, k, automatic);
    struct fig_value v = {k->assigned_sec - k->first_at_sec, k->agent, k->team};
    if (first) sh_desk_figures_value(d, &f->assignments, v);
}

void sh_desk_figures_replied(struct shunt_desk *d, const struct desk_ticket *k, uint32_t agent, bool first)
{
    if (!d->figures || !first) return;
    struct fig_value v = {k->response_sec - k->first_at_sec, agent, k->team};
    sh_desk_figures_value(d, &d->figures->responses, v);
}

static void went_offline(struct shunt_desk *d, uint32_t agent, int64_t at_sec)
{
    struct desk_figures *f = d->figures;
    struct fig_agent *a = &f->agents[agent];
    a->shift_sec += sh_desk_figures_shift(d, agent, a->since_sec, at_sec);
    sh_txn_save(&d->txn, f->online, sizeof f->online);
    sh_desk_figures_hours(d->t, a->since_sec, at_sec, f->online);
    a->since_sec = FIG_OFFLINE;
}

void sh_desk_figures_presence(struct shunt_desk *d, uint32_t agent, bool online, int64_t at_sec)
{
    if (!d->figures) return;
    begun(d, at_sec);
    struct fig_agent *a = &d->figures->agents[agent];
    txn_touch(&d->txn, &a->mark, a, sizeof *a);
    if (online)
        a->since_sec = at_sec;
    else if (a->since_sec != FIG_OFFLINE)
        went_offline(d, agent, at_sec);
}
