/*
 * Draining the backlog, and what is due as time goes on (desk.md 1.2, 1.3, 5.1).
 *
 * A drain goes through the waiting tickets of the stale queues in order of draining, by a heap of each
 * queue's next ticket. All tickets of a queue come out alike, so a queue is left at the first that stays as
 * it was. Picks in a drain only take capacity away; what becomes stale by them is looked at again from where
 * the drain stands, and once more in the next drain, as tickets before it have been passed over.
 *
 * While tickets wait, each shift that begins is a due time; where a log jumps millennia ahead those were 0.4
 * ms a year and schedule. What hours bring repeats (hours_regular.c). So once nothing has come of any due
 * time for a whole period, nothing will before there is a timer, or an exception to what is regular: time
 * goes there at once. Nor will it behind an exception of which nothing came: the days around each are gone
 * through, and whole periods once.
 */
#include "desk_state.h"

/* ---- the heap of candidates ---- */

static bool comes_before(const struct desk_candidate *a, const struct desk_candidate *b)
{
    return a->priority != b->priority ? a->priority > b->priority : a->seq < b->seq;
}

static void push(struct shunt_desk *d, struct desk_queue *q, const struct sh_node *n, uint32_t only)
{
    struct desk_scratch *s = &d->scratch;
    const struct desk_ticket *k = sh_of(n, const struct desk_ticket, place);
    s->heap = sh_desk_room(d, s->heap, s->heap_count, &s->heap_cap, sizeof *s->heap);
    size_t i = s->heap_count++;
    struct desk_candidate c = {k->priority, k->seq, q, (struct sh_node *)(uintptr_t)n, only};
    for (; i > 0 && comes_before(&c, &s->heap[(i - 1) / 2]); i = (i - 1) / 2)
        s->heap[i] = s->heap[(i - 1) / 2];
    s->heap[i] = c;
}

static struct desk_candidate pop(struct desk_scratch *s)
{
    struct desk_candidate top = s->heap[0], last = s->heap[--s->heap_count];
    size_t i = 0, child;
    while ((child = 2 * i + 1) < s->heap_count) {
        if (child + 1 < s->heap_count && comes_before(&s->heap[child + 1], &s->heap[child])) child++;
        if (!comes_before(&s->heap[child], &last)) break;
        s->heap[i] = s->heap[child];
        i = child;
    }
    if (s->heap_count) s->heap[i] = last;
    return top;
}

/* ---- a drain ---- */

/* Of a queue of which only one agent may have become eligible: whether it comes out as it did, as they are
 * not. */
static bool comes_out_alike(const struct shunt_desk *d, const struct desk_queue *q, uint32_t only)
{
    if (only == TF_NONE) return false;
    struct desk_ask ask = {q->team, TF_NONE, q->channel, q->require, q->touched, q->later};
    return sh_desk_stage(d, &ask, only) != SHUNT_STAGE_RANK;
}

/* Takes over the stale queues; their first tickets are the candidates to begin with. */
static void begin(struct shunt_desk *d)
{
    struct desk_scratch *s = &d->scratch;
    uint32_t count = d->core.stale_count;
    s->heap_count = s->again_count = 0;
    sh_txn_save(&d->txn, d->stale, count * sizeof(struct desk_queue *));
    d->core.stale_count = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct desk_queue *q = d->stale[i];
        uint32_t only = q->stale == STALE_BY_ONE && q->team != TF_NONE ? q->stale_agent : TF_NONE;
        txn_touch(&d->txn, &q->mark, q, sizeof *q);
        q->stale = FRESH;
        q->stale_at = TF_NONE;
        if (!comes_out_alike(d, q, only)) push(d, q, sh_tree_first(&q->tickets), only);
    }
}

/* Queues that became stale since: what of them comes after `at` is a candidate. */
static void look_again(struct shunt_desk *d, const struct sh_node *at)
{
    struct desk_scratch *s = &d->scratch;
    while (s->again_count) {
        struct desk_queue *q = s->again[--s->again_count];
        const struct sh_node *n = q->count ? sh_tree_after(&q->tickets, at) : NULL;
        if (n) push(d, q, n, TF_NONE);
    }
}

void sh_desk_drain(struct shunt_desk *d)
{
    struct desk_scratch *s = &d->scratch;
    if (d->core.stale_count == 0) return;
    d->draining = true;
    begin(d);
    const struct desk_ticket *before = NULL;
    while (s->heap_count) {
        struct desk_candidate c = pop(s);
        struct desk_ticket *k = sh_of(c.node, struct desk_ticket, place);
        if (k == before || k->queue != c.queue) continue; /* a candidate twice */
        if (comes_out_alike(d, c.queue, c.only)) continue;
        struct sh_node *next = sh_tree_next(&k->place);
        before = k;
        if (!sh_desk_attempt_again(d, k)) continue;
        sh_desk_report(d, k);
        if (next) push(d, c.queue, next, c.only);
        look_again(d, &k->place);
    }
    d->draining = false;
}

/* ---- due times ---- */

/* While nothing waits, no watch brings anything: they are looked at when the time has come. */
static int64_t next_wake(const struct shunt_desk *d)
{
    int64_t next = d->core.waiting_count ? sh_desk_watches_next(d) : DESK_NEVER;
    const struct sh_node *timer = sh_tree_first(&d->timers), *until = sh_tree_first(&d->untils);
    if (timer && sh_of(timer, const struct desk_ticket, timer)->due_sec < next)
        next = sh_of(timer, const struct desk_ticket, timer)->due_sec;
    if (until && sh_of(until, const struct desk_queue, by_until)->until_sec < next)
        next = sh_of(until, const struct desk_queue, by_until)->until_sec;
    return d->core.midnight_sec < next ? d->core.midnight_sec : next;
}

static bool untils_come(struct shunt_desk *d, int64_t at_sec)
{
    bool due = false;
    struct sh_node *n;
    while ((n = sh_tree_first(&d->untils)) && sh_of(n, struct desk_queue, by_until)->until_sec <= at_sec) {
        struct desk_queue *q = sh_of(n, struct desk_queue, by_until);
        sh_tree_remove(&d->txn, &d->untils, n);
        sh_desk_stale(d, q);
        q->in_untils = false;
        due = true;
    }
    return due;
}

static bool midnight_comes(struct shunt_desk *d, int64_t at_sec)
{
    if (d->core.midnight_sec > at_sec) return false;
    sh_desk_offline_all(d);
    return true;
}

/* Timers in order of arrival: at one instant all of them, so by seq. */
static bool timers_come(struct shunt_desk *d, int64_t at_sec)
{
    bool due = false;
    struct sh_node *n;
    while ((n = sh_tree_first(&d->timers)) && sh_of(n, struct desk_ticket, timer)->due_sec <= at_sec) {
        struct desk_ticket *k = sh_of(n, struct desk_ticket, timer);
        sh_desk_lift(d, k);
        sh_desk_enter(d, k, desk_next_step(k));
        sh_desk_settle(d, k);
        sh_desk_report(d, k);
        due = true;
    }
    return due;
}

/* Due times of which nothing came. */
struct quiet {
    int64_t since_sec;
    uint64_t looks; /* at watches until then */
    bool whole;     /* a period went by before since_sec, and nothing came of it or of anything since */
    bool known;     /* the rest: seen at since_sec */
    int64_t until_sec, period_sec, rota_sec;
};

/* So many looks, and as many as there are watches, before it is worth one at all of them. */
enum { QUIET_LEAST = 200 };

static struct quiet quiet_from(const struct shunt_desk *d, int64_t at_sec, bool whole)
{
    return (struct quiet){.since_sec = at_sec, .looks = d->scratch.looks, .whole = whole};
}

/* The first instant after which something else may come than did since it is quiet. */
static int64_t quiet_end(const struct shunt_desk *d, const struct quiet *q, int64_t at_sec)
{
    int64_t end = q->until_sec < at_sec ? q->until_sec : at_sec;
    const struct sh_node *timer = sh_tree_first(&d->timers), *until = sh_tree_first(&d->untils);
    if (timer && sh_of(timer, const struct desk_ticket, timer)->due_sec < end)
        end = sh_of(timer, const struct desk_ticket, timer)->due_sec;
    if (until && sh_of(until, const struct desk_queue, by_until)->until_sec < end)
        end = sh_of(until, const struct desk_queue, by_until)->until_sec;
    return d->core.midnight_sec < end ? d->core.midnight_sec : end;
}

/* Where whatever is due from `wake` on has been due before and nothing came of it: goes on to the end of
 * that. Someone who watches is told of each attempt. A week more than the period, or than its weeks that take
 * turns where it went by before, as the first due times may have had less, or more, to look at. */
static bool skip_quiet(struct shunt_desk *d, struct quiet *q, int64_t wake, int64_t at_sec)
{
    if (d->watch || d->scratch.looks - q->looks < QUIET_LEAST + d->watch_count) return false;
    if (!q->known) {
        struct sh_regular r = sh_desk_watches_regular(d, q->since_sec);
        q->until_sec = r.until_sec;
        q->period_sec = sh_regular_period(&r);
        if (q->period_sec) q->rota_sec = (int64_t)r.weeks * 7 * CAL_DAY_SEC; /* no more than there is time */
        q->known = true;
    }
    if (q->until_sec <= wake) {
        *q = quiet_from(d, wake, q->whole);
        return false;
    }
    int64_t end = quiet_end(d, q, at_sec), least = q->whole ? q->rota_sec : q->period_sec;
    if (!q->period_sec || wake - q->since_sec < least + 7 * CAL_DAY_SEC || end - 1 <= wake) return false;
    d->core.now_sec = end - 1;
    sh_desk_watches_advance(d, end - 1);
    *q = quiet_from(d, end - 1, true);
    return true;
}

/* What is due at an instant happens; whether anything came of it. */
static bool wake_up(struct shunt_desk *d, int64_t at_sec)
{
    size_t reports = d->scratch.report_count;
    d->core.now_sec = at_sec;
    bool due = sh_desk_watches_advance(d, at_sec);
    bool came = untils_come(d, at_sec);
    came |= midnight_comes(d, at_sec);
    came |= timers_come(d, at_sec);
    if (due || came) sh_desk_drain(d);
    return came || d->scratch.report_count != reports;
}

void sh_desk_advance(struct shunt_desk *d, int64_t at_sec)
{
    struct quiet quiet = quiet_from(d, d->core.now_sec, false);
    int64_t wake;
    while (d->core.has_time && (wake = next_wake(d)) <= at_sec) {
        if (skip_quiet(d, &quiet, wake, at_sec)) continue;
        if (wake_up(d, wake)) quiet = quiet_from(d, wake, false);
    }
    d->core.now_sec = at_sec;
    d->core.has_time = true;
    sh_desk_watches_advance(d, at_sec);
}

/* Of a watch: when it next brings a drain; DESK_NEVER. */
static int64_t watch_due(const struct shunt_desk *d, const struct desk_watch *w)
{
    if (!w->flips || (w->is_shift ? w->online_count : w->closing_count) == 0) return DESK_NEVER;
    if (w->on != w->is_shift) return w->next_sec;
    return sh_desk_watch_second(d, w);
}

bool shunt_desk_due(const struct shunt_desk *d, int64_t *at_sec)
{
    int64_t due = d->core.midnight_sec;
    const struct sh_node *timer = sh_tree_first(&d->timers), *until = sh_tree_first(&d->untils);
    if (timer && sh_of(timer, const struct desk_ticket, timer)->due_sec < due)
        due = sh_of(timer, const struct desk_ticket, timer)->due_sec;
    if (until && sh_of(until, const struct desk_queue, by_until)->until_sec < due)
        due = sh_of(until, const struct desk_queue, by_until)->until_sec;
    for (uint32_t i = 0; i < d->watch_count && d->core.waiting_count && d->core.has_time; i++) {
        int64_t when = watch_due(d, &d->watches[i]);
        if (when < due) due = when;
    }
    if (due != DESK_NEVER) *at_sec = due;
    return due != DESK_NEVER;
}
