/*
 * The tickets of a saved desk (docs/DESK-FORMAT.md, sections 6 and 4): bytes to tickets that stand where they
 * stood, in their queues, with their timers, as load of their agents.
 */
#include "desk_format.h"
#include "record.h"

/* ---- records ---- */

static bool check_entry(struct desk_in *in, const struct sh_entry *e)
{
    struct sh_shape shape;
    DESK_REQUIRE(in, !e->cleared, "a record with something that is not carried");
    switch ((enum tf_attr_type)in->d->t->ATTR[e->attr].type) {
    case TF_NUMBER_T: DESK_REQUIRE(in, e->number - e->number == 0, "a number that is not finite"); break;
    case TF_BOOL_T: DESK_REQUIRE(in, e->to[-1] <= 1, "a bool that is neither"); break;
    default:
        shape = sh_text_shape(e->bytes, e->len);
        DESK_REQUIRE(in, shape.valid && !shape.has_nul, "a text that is not UTF-8 or holds U+0000");
    }
    return true;
}

/* The record's bytes in `s`. */
static bool load_record(struct desk_in *in, struct shunt_string *s)
{
    uint64_t len;
    struct sh_entry e;
    if (!sh_desk_in_number(in, &len)) return false;
    DESK_REQUIRE(in, len <= (uint64_t)(in->end - in->at) && len < UINT32_MAX / 2, "it is cut off");
    *s = (struct shunt_string){(const char *)in->at, (size_t)len};
    const uint8_t *end = in->at + len;
    while (in->at < end) {
        const uint8_t *at = in->at;
        if (!sh_record_next(in->d->t, &at, end, &e)) return sh_desk_bad(in, "a record that cannot be read");
        if (!check_entry(in, &e)) return false;
        in->at = at;
    }
    return true;
}

/* ---- what a ticket is ---- */

#define WHY(id) (UINT64_C(1) << SHUNT_WHY_##id)
#define WHYS_OF_STAGES                                                                                       \
    (WHY(NOBODY_ONLINE) | WHY(OFF_SHIFT) | WHY(CHANNEL_NOT_SERVED) | WHY(SKILL_MISSING) | WHY(AT_CAPACITY))
#define WHYS_OF_ASSIGNED                                                                                     \
    (WHY(ROUND_ROBIN) | WHY(WEIGHTED) | WHY(LEAST_BUSY) | WHY(MOST_BUSY) | WHY(SPARE_CAPACITY) |             \
     WHY(LONGEST_IDLE) | WHY(RANDOM) | WHY(MANUAL) | WHY(STICKY) | WHY(AGENT) | WHY(BULK) | WHY(CLAIMED) |   \
     WHY(REPLIED) | WHY(REOPENED))

/* The whys that go with a status. */
static uint64_t whys_of(enum shunt_state status)
{
    switch (status) {
    case SHUNT_ASSIGNED:
    case SHUNT_PENDING: return WHYS_OF_ASSIGNED;
    case SHUNT_OFFERED: return WHY(RING_ALL);
    case SHUNT_QUEUED: return WHY(PULL) | WHYS_OF_STAGES;
    case SHUNT_HELD: return WHY(CLOSED);
    case SHUNT_UNASSIGNED:
        return WHY(AUTO_OFF) | WHY(MANUAL) | WHY(CLOSED) | WHY(NO_TEAM) | WHYS_OF_STAGES | WHY(AGENT_GONE) |
               WHY(TEAM_GONE);
    default: return (WHY(TEAM_GONE) << 1) - 1;
    }
}

static bool load_state(struct desk_in *in, struct desk_ticket *k)
{
    uint8_t flags;
    if (!sh_desk_in_byte(in, &k->status, SHUNT_CLOSED) ||
        !sh_desk_in_byte(in, &k->why, SHUNT_WHY_TEAM_GONE) ||
        !sh_desk_in_byte(in, &flags, DF_TOUCHED | DF_STEPS_LEFT) ||
        !sh_desk_in_byte(in, &k->priority, SHUNT_PRIORITY_URGENT)) {
        return false;
    }
    DESK_REQUIRE(in, whys_of((enum shunt_state)k->status) >> k->why & 1, "a why that does not go with it");
    k->touched = flags & DF_TOUCHED;
    k->has_steps_left = flags & DF_STEPS_LEFT;
    DESK_REQUIRE(in, !k->has_steps_left || (!k->touched && k->status != SHUNT_CLOSED),
                 "steps to come where they have ended");
    return true;
}

/* A time since the first arrival, or none. */
static bool load_since(struct desk_in *in, const struct desk_ticket *k, int64_t *at_sec)
{
    if (!sh_desk_in_time(in, INT64_MIN, at_sec)) return false;
    bool fits = *at_sec == INT64_MIN || (*at_sec >= k->first_at_sec && *at_sec <= in->d->core.now_sec);
    DESK_REQUIRE(in, fits, "a time that is too early or after the last event");
    return true;
}

static bool load_times(struct desk_in *in, struct desk_ticket *k)
{
    if (!sh_desk_in_past(in, SHUNT_TIME_MIN, &k->at_sec)) return false;
    if (!sh_desk_in_past(in, SHUNT_TIME_MIN, &k->first_at_sec)) return false;
    DESK_REQUIRE(in, k->first_at_sec <= k->at_sec, "a time that is too early or after the last event");
    return load_since(in, k, &k->assigned_sec) && load_since(in, k, &k->response_sec);
}

static bool load_whose(struct desk_in *in, struct desk_ticket *k)
{
    const struct shunt_table *t = in->d->t;
    if (!sh_desk_in_index(in, t->TEAM_count, &k->team) || !sh_desk_in_index(in, t->AGENT_count, &k->agent) ||
        !sh_desk_in_index(in, t->AGENT_count, &k->wanted)) {
        return false;
    }
    bool team = k->team != TF_NONE, agent = k->agent != TF_NONE, wanted = k->wanted != TF_NONE, fits;
    switch ((enum shunt_state)k->status) {
    case SHUNT_ASSIGNED:
    case SHUNT_PENDING: fits = agent; break;
    case SHUNT_OFFERED:
    case SHUNT_HELD: fits = team && !agent; break;
    case SHUNT_QUEUED: fits = team != wanted && !agent; break;
    case SHUNT_UNASSIGNED: fits = !agent; break;
    default: fits = true;
    }
    DESK_REQUIRE(in, fits && !(team && wanted), "a team or an agent where there can be none");
    return true;
}

/* ---- steps and lists ---- */

static bool load_target(struct desk_in *in, uint32_t kind, uint32_t *target)
{
    const struct shunt_table *t = in->d->t;
    uint32_t limit = kind == TF_TO_TEAM ? t->TEAM_count : kind == TF_TO_AGENT ? t->AGENT_count : 0;
    if (!sh_desk_in_index(in, limit, target)) return false;
    DESK_REQUIRE(in, (limit > 0) == (*target != TF_NONE), "a step to nobody that there is");
    return true;
}

static bool load_step(struct desk_in *in, uint32_t *s)
{
    uint8_t kind;
    uint32_t of;
    if (!sh_desk_in_byte(in, &kind, STEP_GONE) || !load_target(in, kind, &s[STEP_TARGET]) ||
        !sh_desk_in_below(in, UINT64_C(1) << 32, &s[STEP_AFTER_SEC]) ||
        !sh_desk_in_below(in, (uint64_t)in->d->t->HOURS_count + DF_HOURS_FIRST, &of)) {
        return false;
    }
    s[STEP_KIND] = kind;
    s[STEP_OF_HOURS] = of == DF_HOURS_NONE   ? TF_NONE
                       : of == DF_HOURS_GONE ? STEP_HOURS_GONE
                                             : of - DF_HOURS_FIRST;
    return true;
}

static bool load_steps(struct desk_in *in, struct desk_ticket *k)
{
    struct shunt_desk *d = in->d;
    uint32_t count;
    if (!sh_desk_in_count(in, 4, &count)) return false;
    DESK_REQUIRE(in, k->step < count && count < UINT32_MAX / STEP_LEN, "a step that there is not");
    uint32_t *steps = sh_txn_alloc(&d->txn, sh_array_len((uint64_t)count * STEP_LEN, sizeof *steps));
    for (uint32_t i = 0; i < count; i++) {
        if (!load_step(in, steps + (size_t)i * STEP_LEN)) return false;
    }
    k->steps = sh_desk_list_get(d, steps, count * STEP_LEN);
    sh_txn_free(&d->txn, steps, (size_t)count * STEP_LEN * sizeof *steps);
    return true;
}

typedef struct desk_list *get_list(struct shunt_desk *d, const uint32_t *at, uint32_t count);

static bool load_list(struct desk_in *in, uint64_t limit, get_list *get, struct desk_list **list)
{
    uint32_t count;
    DESK_REQUIRE(in, limit < TF_NONE, "too many names");
    if (!sh_desk_in_distinct(in, (uint32_t)limit, &count)) return false;
    *list = get(in->d, in->numbers, count);
    return true;
}

static bool load_lists(struct desk_in *in, struct desk_ticket *k)
{
    const struct shunt_desk *d = in->d;
    uint64_t skills = (uint64_t)d->t->SKILL_count + d->gone_skills.count;
    uint64_t labels = (uint64_t)le32(d->t->ATTR[TF_LABELS].atom_count) + d->gone_labels.count;
    if (!load_list(in, skills, sh_desk_list_get_skills, &k->require)) return false;
    if (!load_list(in, labels, sh_desk_list_get, &k->add)) return false;
    return k->status != SHUNT_OFFERED || load_list(in, d->t->AGENT_count, sh_desk_list_get, &k->offered);
}

static bool load_later(struct desk_in *in, struct desk_ticket *k)
{
    int64_t now = in->d->core.now_sec;
    if (k->status == SHUNT_HELD && !sh_desk_in_time(in, DESK_NEVER, &k->until_sec)) return false;
    if (k->has_steps_left) {
        DESK_REQUIRE(in, desk_next_step(k) != TF_NONE, "steps to come after the last");
        if (k->agent == TF_NONE && !sh_desk_in_time(in, DESK_NEVER, &k->due_sec)) return false;
        DESK_REQUIRE(in, k->due_sec > now, "a step that was due before");
    }
    return k->status != SHUNT_CLOSED || sh_desk_in_past(in, k->first_at_sec, &k->closed_sec);
}

static bool load_standing(struct desk_in *in, struct desk_ticket *k)
{
    const struct shunt_desk *d = in->d;
    uint64_t rules = (uint64_t)d->t->RULE_count + d->gone_rules.count;
    if (!sh_desk_in_below(in, rules, &k->rule) || !sh_desk_in_below(in, UINT64_C(1) << 32, &k->step))
        return false;
    return load_steps(in, k) && load_lists(in, k) && load_later(in, k);
}

/* ---- closed tickets ---- */

static bool closed_before(const struct desk_ticket *a, const struct desk_ticket *b)
{
    return a->closed_sec != b->closed_sec ? a->closed_sec < b->closed_sec : a->seq < b->seq;
}

/* Two lists, each in order, to one. */
static struct desk_ticket *merge(struct desk_ticket *a, struct desk_ticket *b)
{
    struct desk_ticket *first = NULL, **end = &first;
    while (a && b) {
        struct desk_ticket **from = closed_before(a, b) ? &a : &b;
        *end = *from;
        end = &(*end)->closed_after;
        *from = (*from)->closed_after;
    }
    *end = a ? a : b;
    return first;
}

/* Merge sort from below: heads[i] is a list of 2^i tickets, or NULL. */
static void sort_closed(struct shunt_desk *d)
{
    struct desk_ticket *heads[33] = {NULL}, *all = NULL;
    for (struct desk_ticket *k = d->core.closed_first, *next; k; k = next) {
        next = k->closed_after;
        k->closed_after = NULL;
        int i = 0;
        for (; heads[i]; i++) {
            k = merge(heads[i], k);
            heads[i] = NULL;
        }
        heads[i] = k;
    }
    for (int i = 0; i < 33; i++) all = merge(heads[i], all);
    d->core.closed_first = all;
    d->core.closed_last = NULL;
    for (struct desk_ticket *k = all; k; k = k->closed_after) {
        k->closed_before = d->core.closed_last;
        d->core.closed_last = k;
    }
}

/* Onto the front of the list of closed ones, which is put in order when all are there. */
static void close(struct shunt_desk *d, struct desk_ticket *k)
{
    k->closed_after = d->core.closed_first;
    d->core.closed_first = k;
    d->core.open_count--;
}

/* ---- all of it ---- */

static bool load_ticket(struct desk_in *in)
{
    struct shunt_desk *d = in->d;
    struct shunt_string id, record = {NULL, 0};
    if (!sh_desk_in_text(in, &id)) return false;
    DESK_REQUIRE(in, id.len > 0, "a ticket without an id");
    DESK_REQUIRE(in, !sh_desk_find_ticket(d, id), "two tickets with one id");
    if (!load_record(in, &record)) return false;
    struct desk_ticket *k = sh_desk_add_ticket(d, id, (const uint8_t *)record.bytes, record.len);
    if (!load_state(in, k) || !load_times(in, k) || !load_whose(in, k) || !load_standing(in, k)) return false;
    if (k->status == SHUNT_CLOSED)
        close(d, k);
    else
        sh_desk_settle(d, k);
    return true;
}

bool sh_desk_load_tickets(struct desk_in *in)
{
    uint32_t count;
    if (!sh_desk_in_count(in, 16, &count)) return false;
    for (uint32_t i = 0; i < count; i++) {
        if (!load_ticket(in)) return false;
        if (i % 1024 == 0) desk_load_stands(in->d);
    }
    sort_closed(in->d);
    return true;
}
