/*
 * What the passing of time changes: hours, shifts, midnights, and when a step falls due.
 *
 * A watch is something that is true or not at an instant: hours of a team, or an agent's shift (their hours,
 * less the days they are away), each kept once. It knows when it changes next, so that time passing costs
 * what changes and not what there is. Where nothing changes within the 800 days of language.md 6.4, it is
 * looked at again later.
 */
#include "desk_state.h"

static void touch(struct shunt_desk *d, struct desk_watch *w)
{
    txn_touch(&d->txn, &w->mark, w, sizeof *w);
}

/* ---- shifts ---- */

struct shift {
    uint32_t hours, away, zone;
};

/* Whether the shift is on at an instant, and until when that holds at least. */
static struct sh_segment shift_segment(const struct shunt_table *t, const struct shift *s, int64_t at)
{
    struct sh_segment seg = {DESK_NEVER, true};
    if (s->hours != TF_NONE) seg = sh_hours_segment(t, s->hours, at);
    if (s->away == TF_NONE) return seg;
    struct zone_span z = sh_zone_span(t, s->zone, at);
    int64_t local = at + z.offset_sec, day = cal_floor_div(local, CAL_DAY_SEC);
    int64_t day_end = at + (day + 1) * CAL_DAY_SEC - local;
    if (z.until < day_end) day_end = z.until;
    if (day_end < seg.until) seg.until = day_end;
    seg.open = seg.open && !sh_window_has(t, s->away, (int32_t)day);
    return seg;
}

/* The first instant after at, within SH_AHEAD_SEC, at which the shift is on (or off). */
static bool shift_next(const struct shunt_table *t, const struct shift *s, int64_t at_sec, bool on,
                       int64_t *when)
{
    for (int64_t at = at_sec + 1; at <= at_sec + SH_AHEAD_SEC;) {
        struct sh_segment seg = shift_segment(t, s, at);
        if (seg.open == on) {
            *when = at;
            return true;
        }
        at = seg.until;
    }
    return false;
}

static struct shift shift_of(const struct desk_watch *w)
{
    return (struct shift){w->hours, w->away, w->zone};
}

/* ---- watches ---- */

static bool watch_on(const struct shunt_table *t, const struct desk_watch *w, int64_t at)
{
    struct shift s = shift_of(w);
    return w->is_shift ? shift_segment(t, &s, at).open : sh_hours_open(t, w->hours, at);
}

static bool watch_next(const struct shunt_table *t, const struct desk_watch *w, int64_t at, bool on,
                       int64_t *when)
{
    struct shift s = shift_of(w);
    return w->is_shift ? shift_next(t, &s, at, on, when) : sh_hours_next(t, w->hours, at, on, when);
}

/* What is true at `at`, and when to look again. An opening past the 800 days comes into sight 800 days before
 * it. */
static void look(const struct shunt_table *t, struct desk_watch *w, int64_t at)
{
    int64_t when;
    w->on = watch_on(t, w, at);
    w->flips = watch_next(t, w, at, !w->on, &when);
    if (w->flips)
        w->next_sec = when;
    else if (at > SHUNT_TIME_MAX - SH_AHEAD_SEC)
        w->next_sec = DESK_NEVER;
    else if (watch_next(t, w, at + SH_AHEAD_SEC, !w->on, &when))
        w->next_sec = when - SH_AHEAD_SEC;
    else
        w->next_sec = at + SH_AHEAD_SEC;
}

static int watch_cmp(const struct sh_node *a, const struct sh_node *b)
{
    const struct desk_watch *x = sh_of(a, struct desk_watch, by_next),
                            *y = sh_of(b, struct desk_watch, by_next);
    if (x->next_sec != y->next_sec) return x->next_sec < y->next_sec ? -1 : 1;
    return x < y ? -1 : x > y;
}

/* Whoever depends on the watch is looked at again at the next drain. */
static void tell_users(struct shunt_desk *d, const struct desk_watch *w)
{
    for (uint32_t i = 0; i < w->user_count; i++) {
        uint32_t user = d->users[w->user_first + i];
        if (w->is_shift) sh_desk_refit(d, user);
        if (!w->is_shift)
            sh_desk_stale_team(d, user);
        else if (w->on)
            sh_desk_better(d, user);
        else
            sh_desk_worse(d, user);
    }
}

/* desk.md 1.3: whether what just came true or ended is a due time. */
static bool is_due(const struct shunt_desk *d, const struct desk_watch *w)
{
    if (d->core.waiting_count == 0) return false;
    return w->is_shift ? w->on && w->online_count > 0 : !w->on && w->closing_count > 0;
}

bool sh_desk_watches_advance(struct shunt_desk *d, int64_t at_sec)
{
    bool due = false;
    struct sh_node *n;
    while ((n = sh_tree_first(&d->watch_tree)) && sh_of(n, struct desk_watch, by_next)->next_sec <= at_sec) {
        struct desk_watch *w = sh_of(n, struct desk_watch, by_next);
        bool was = w->on, flips = w->flips;
        sh_tree_remove(&d->txn, &d->watch_tree, n);
        d->scratch.looks++;
        touch(d, w);
        look(d->t, w, at_sec);
        sh_tree_insert(&d->txn, &d->watch_tree, n);
        if (was != w->on || !flips) tell_users(d, w);
        due |= was != w->on && is_due(d, w);
    }
    return due;
}

int64_t sh_desk_watches_next(const struct shunt_desk *d)
{
    const struct sh_node *n = sh_tree_first(&d->watch_tree);
    return n ? sh_of(n, struct desk_watch, by_next)->next_sec : DESK_NEVER;
}

struct sh_regular sh_desk_watches_regular(const struct shunt_desk *d, int64_t at_sec)
{
    struct sh_regular r = sh_regular_begin();
    for (uint32_t i = 0; i < d->watch_count; i++) {
        const struct desk_watch *w = &d->watches[i];
        sh_regular_hours(d->t, &r, w->hours, at_sec);
        if (w->is_shift) sh_regular_away(d->t, &r, w->away, w->zone, at_sec);
    }
    return r;
}

bool sh_desk_hours_open(const struct shunt_desk *d, uint32_t hours)
{
    uint32_t w = d->hours_watch[hours];
    return w == TF_NONE || d->watches[w].on;
}

int64_t sh_desk_hours_opening(const struct shunt_desk *d, uint32_t hours)
{
    const struct desk_watch *w = &d->watches[d->hours_watch[hours]];
    return w->flips && w->next_sec <= SHUNT_TIME_MAX ? w->next_sec : DESK_NEVER; /* no year past 9999 */
}

int64_t sh_desk_watch_second(const struct shunt_desk *d, const struct desk_watch *w)
{
    int64_t when;
    return watch_next(d->t, w, w->next_sec, w->on, &when) ? when : DESK_NEVER;
}

int64_t sh_desk_shift_opening(const struct shunt_desk *d, uint32_t watch)
{
    int64_t when;
    return watch_next(d->t, &d->watches[watch], d->core.now_sec, true, &when) ? when : DESK_NEVER;
}

/* ---- making watches ---- */

/* By team, all the hours it names for any channel; fn is told each of them, some of them twice. */
static void team_hours(const struct shunt_table *t, uint32_t team,
                       void (*fn)(void *ctx, uint32_t team, uint32_t hours), void *ctx)
{
    const struct tf_channel_map *m = &t->TEAM[team].hours;
    fn(ctx, team, le32(m->other));
    for (uint32_t i = 0; i < le32(m->count); i++)
        fn(ctx, team, le32(t->BY_CHANNEL[le32(m->first) + i].value));
}

struct making {
    struct shunt_desk *d;
    uint32_t *shifts; /* open addressing: watch + 1 */
    uint32_t shift_cap;
    bool fill;
    uint64_t used; /* of users */
};

static void use_hours(void *ctx, uint32_t team, uint32_t hours)
{
    struct making *m = ctx;
    struct shunt_desk *d = m->d;
    if (hours == 0) return; /* always */
    if (d->hours_watch[hours] == TF_NONE) {
        d->hours_watch[hours] = d->watch_count;
        d->watches[d->watch_count++] = (struct desk_watch){.hours = hours, .away = TF_NONE, .zone = TF_NONE};
    }
    struct desk_watch *w = &d->watches[d->hours_watch[hours]];
    if (m->fill) d->users[w->user_first + w->user_count] = team;
    w->user_count++;
}

static struct shift agent_shift(const struct shunt_table *t, uint32_t agent)
{
    const struct tf_agent *a = &t->AGENT[agent];
    struct shift s = {le32(a->hours), le32(a->away), TF_NONE};
    s.zone = s.hours == TF_NONE ? TF_NONE : le32(t->HOURS[s.hours].zone);
    if (s.zone == TF_NONE) s.zone = le32(t->POLICY[0].zone);
    return s;
}

static void use_shift(struct making *m, uint32_t agent)
{
    struct shunt_desk *d = m->d;
    struct shift s = agent_shift(d->t, agent);
    if ((s.hours == TF_NONE || s.hours == 0) && s.away == TF_NONE) return;
    uint32_t i = (uint32_t)sh_hash(d->sip_key, 4, &s, sizeof s) & (m->shift_cap - 1);
    for (; m->shifts[i]; i = (i + 1) & (m->shift_cap - 1)) {
        struct shift other = shift_of(&d->watches[m->shifts[i] - 1]);
        if (memcmp(&other, &s, sizeof s) == 0) break;
    }
    if (!m->shifts[i]) {
        d->watches[d->watch_count++] =
            (struct desk_watch){.is_shift = true, .hours = s.hours, .away = s.away, .zone = s.zone};
        m->shifts[i] = d->watch_count;
    }
    struct desk_watch *w = &d->watches[m->shifts[i] - 1];
    desk_agent(d, agent)->shift = m->shifts[i] - 1;
    if (m->fill) d->users[w->user_first + w->user_count] = agent;
    w->user_count++;
}

static void use_all(struct making *m)
{
    for (uint32_t i = 0; i < m->d->t->TEAM_count; i++) team_hours(m->d->t, i, use_hours, m);
    for (uint32_t i = 0; i < m->d->t->AGENT_count; i++) use_shift(m, i);
}

/* Agents in a team that is on-shift count as online for their shift (desk.md 1.3). */
static void count_on_shift(struct shunt_desk *d)
{
    for (uint32_t a = 0; a < d->t->AGENT_count; a++) {
        bool on_shift = false;
        for (uint32_t i = d->crews_of_first[a]; i < d->crews_of_first[a + 1]; i++)
            on_shift |= d->crews[d->crews_of[i]].on_shift;
        if (on_shift && desk_agent(d, a)->shift != TF_NONE)
            d->watches[desk_agent(d, a)->shift].online_count++;
    }
}

/* Users are counted in a first round, given room, and filled in by a second. */
static void give_room(struct making *m)
{
    struct shunt_desk *d = m->d;
    for (uint32_t i = 0; i < d->watch_count; i++) {
        d->watches[i].user_first = (uint32_t)m->used;
        m->used += d->watches[i].user_count;
        d->watches[i].user_count = 0;
    }
    if (m->used > UINT32_MAX) sh_txn_fail(&d->txn);
    d->users_len = sh_array_len(m->used, sizeof *d->users);
    d->users = sh_txn_alloc(&d->txn, d->users_len);
    m->fill = true;
}

void sh_desk_make_watches(struct shunt_desk *d)
{
    struct making m = {.d = d, .shift_cap = 2};
    uint64_t most = (uint64_t)d->t->HOURS_count + d->t->AGENT_count;
    while (m.shift_cap < 2 * d->t->AGENT_count) m.shift_cap *= 2;
    m.shifts = sh_txn_alloc(&d->txn, sh_array_len(m.shift_cap, sizeof *m.shifts));
    d->hours_watch = sh_txn_alloc(&d->txn, sh_array_len(d->t->HOURS_count, sizeof *d->hours_watch));
    memset(d->hours_watch, 0xff, d->t->HOURS_count * sizeof *d->hours_watch);
    d->watches_len = sh_array_len(most, sizeof *d->watches);
    d->watches = sh_txn_alloc(&d->txn, d->watches_len);
    use_all(&m);
    give_room(&m);
    use_all(&m);
    sh_txn_free(&d->txn, m.shifts, m.shift_cap * sizeof *m.shifts);
    count_on_shift(d);
    d->watch_tree.cmp = watch_cmp;
    for (uint32_t i = 0; i < d->watch_count; i++) {
        d->watches[i].next_sec = INT64_MIN;
        sh_tree_insert(&d->txn, &d->watch_tree, &d->watches[i].by_next);
    }
}

/* ---- dates ---- */

/* The latest local date that had begun by at_sec: clocks may have gone back over a midnight since. */
static int32_t latest_day(const struct shunt_table *t, uint32_t zone, int64_t at_sec)
{
    int32_t latest = INT32_MIN;
    for (int64_t at = at_sec - 2 * CAL_DAY_SEC; at <= at_sec;) {
        struct zone_span z = sh_zone_span(t, zone, at);
        int64_t last = z.until - 1 < at_sec ? z.until - 1 : at_sec;
        int32_t day = (int32_t)cal_floor_div(last + z.offset_sec, CAL_DAY_SEC);
        if (day > latest) latest = day;
        at = last + 1;
    }
    return latest;
}

int64_t sh_desk_next_midnight(const struct shunt_table *t, int64_t at_sec)
{
    uint32_t zone = le32(t->POLICY[0].zone);
    int32_t day = latest_day(t, zone, at_sec);
    for (int64_t at = at_sec + 1;;) {
        struct zone_span z = sh_zone_span(t, zone, at);
        int64_t begins =
            ((int64_t)day + 1) * CAL_DAY_SEC - z.offset_sec; /* of the next date, by this offset */
        if (begins < at) begins = at;
        if (begins < z.until) return begins;
        at = z.until;
    }
}

/* ---- steps ---- */

/* On the way to where a step falls due: how much is left of its time, from `at` on. */
struct step_way {
    int64_t at, left;
    bool known; /* the rest, once the way is long: where hours begin to repeat, and how much was left there */
    int64_t end, left_then, until, period;
};

#define FAR_SEC (INT64_C(7305) * CAL_DAY_SEC) /* twenty years: steps that people write end long before */

static void know(const struct shunt_table *t, uint32_t hours, struct step_way *w)
{
    struct sh_regular r = sh_regular_begin();
    sh_regular_hours(t, &r, hours, w->at);
    w->known = true;
    w->period = sh_regular_calendar(&r);
    w->until = r.until_sec < SHUNT_TIME_MAX ? r.until_sec : SHUNT_TIME_MAX;
    w->end = w->period && w->at + w->period < w->until ? w->at + w->period : INT64_MAX;
    w->left_then = w->left;
}

/* A whole period was gone through: the ones after it are like it. */
static void skip_periods(struct step_way *w)
{
    int64_t open = w->left_then - w->left, times = w->until > w->at ? (w->until - w->at) / w->period : 0;
    if (open && (w->left - 1) / open < times) times = (w->left - 1) / open;
    w->left -= times * open;
    w->at += times * w->period;
    w->end = INT64_MAX;
}

int64_t sh_desk_step_due(const struct shunt_desk *d, int64_t from_sec, uint32_t after_sec, uint32_t of_hours)
{
    struct step_way w = {.at = from_sec, .left = after_sec, .end = INT64_MAX};
    if (of_hours == STEP_HOURS_GONE) return DESK_NEVER;
    if (of_hours == TF_NONE || after_sec == 0) return from_sec + after_sec;
    while (w.at <= SHUNT_TIME_MAX) {
        struct sh_segment s = sh_hours_segment(d->t, of_hours, w.at);
        if (!s.open) {
            if (!sh_hours_next(d->t, of_hours, w.at, true, &w.at)) return DESK_NEVER;
            continue;
        }
        if (!w.known && w.at - from_sec > FAR_SEC) know(d->t, of_hours, &w);
        if (w.at >= w.end) {
            skip_periods(&w);
            continue;
        }
        int64_t until = s.until < w.end ? s.until : w.end;
        if (w.at + w.left <= until) return w.at + w.left; /* until may be the end of int64, at before 1970 */
        w.left -= until - w.at;
        w.at = until;
    }
    return DESK_NEVER;
}
