/* One ticket: what it carries, where it stands, whose it is; and what is remembered when it is closed. */
#include "desk_state.h"
#include "names.h"
#include "record.h"

/* ---- finding ---- */

static bool same_id(const void *item, const void *key)
{
    const struct desk_ticket *k = item;
    const struct shunt_string *id = key;
    return k->id_len == id->len && memcmp(k->id, id->bytes, id->len) == 0;
}

struct desk_ticket *sh_desk_find_ticket(const struct shunt_desk *d, struct shunt_string id)
{
    if (!id.bytes) return NULL;
    return sh_map_find(&d->tickets, sh_hash(d->sip_key, 1, id.bytes, id.len), same_id, &id);
}

/* ---- what it carries ---- */

/* Where text goes that is normalised. */
struct into {
    char *bytes;
    size_t len;
};

static void append(void *ctx, const char *bytes, size_t len)
{
    struct into *i = ctx;
    if (i->bytes) memcpy(i->bytes + i->len, bytes, len);
    i->len += len;
}

/* The NFC of a customer into `i`, or with bytes NULL its length alone. The record holds valid texts only. */
static void customer_nfc(struct shunt_desk *d, const struct sh_entry *e, struct into *i)
{
    struct sh_shape shape = sh_text_shape(e->bytes, e->len);
    if (!shape.below_300 && !sh_room_reserve(&d->ticket->room, &d->ticket->hooks, shape.longest_len))
        sh_txn_fail(&d->txn);
    if (shape.below_300)
        append(i, e->bytes, e->len);
    else
        sh_normalise(SH_NFC, &d->ticket->room, e->bytes, e->len, append, i);
}

/* What the desk itself asks of a record, in one go. Of a channel and a customer the last counts. */
struct said {
    struct sh_entry channel, customer; /* bytes NULL: none */
    bool clears;                       /* there are entries that clear */
};

static struct said said_of(const struct shunt_desk *d, const uint8_t *record, size_t len)
{
    struct said said = {.clears = false};
    struct sh_entry e;
    for (const uint8_t *at = record; sh_record_next(d->t, &at, record + len, &e);) {
        said.clears |= e.cleared;
        if (e.cleared || e.attr > TF_CUSTOMER) continue;
        if (e.attr == TF_CHANNEL) said.channel = e;
        if (e.attr == TF_CUSTOMER) said.customer = e;
    }
    return said;
}

static uint32_t channel_of(const struct shunt_desk *d, const struct said *said)
{
    const struct sh_entry *e = &said->channel;
    uint32_t atom = e->bytes ? sh_find_atom(d->t, TF_CHANNEL, e->bytes, e->len) : TF_NONE;
    return atom == TF_NONE ? TF_NONE : atom - le32(d->t->ATTR[TF_CHANNEL].atom_first);
}

uint32_t sh_desk_record_channel(const struct shunt_desk *d, const uint8_t *record, size_t len)
{
    const struct said said = said_of(d, record, len);
    return channel_of(d, &said);
}

/* Without what clears; the length written. */
static size_t copy_record(const struct shunt_desk *d, const struct said *said, const uint8_t *record,
                          size_t len, uint8_t *into)
{
    if (said->clears) return sh_record_update(d->t, NULL, 0, record, len, NULL, into);
    if (len) memcpy(into, record, len);
    return len;
}

/* A card of the id, the customer and the record: one block. */
static void make_card(struct shunt_desk *d, struct desk_ticket *k, struct shunt_string id,
                      const uint8_t *record, size_t record_len)
{
    const struct said said = said_of(d, record, record_len);
    struct into measure = {NULL, 0};
    if (said.customer.bytes) customer_nfc(d, &said.customer, &measure);
    uint64_t len = (uint64_t)id.len + measure.len + record_len + 1;
    if (len > UINT32_MAX) sh_txn_fail(&d->txn);
    uint8_t *card = sh_txn_alloc(&d->txn, (size_t)len);
    memcpy(card, id.bytes, id.len);
    struct into into = {(char *)card + id.len + 1, 0};
    if (said.customer.bytes) customer_nfc(d, &said.customer, &into);
    k->record_len = (uint32_t)copy_record(d, &said, record, record_len, card + id.len + 1 + measure.len);
    k->channel = channel_of(d, &said);
    k->card = card;
    k->card_len = (uint32_t)len;
    k->id = (const char *)card;
    k->id_len = (uint32_t)id.len;
    k->customer = said.customer.bytes ? (const char *)card + id.len + 1 : NULL;
    k->customer_len = (uint32_t)measure.len;
    k->record = card + id.len + 1 + measure.len;
}

struct desk_ticket *sh_desk_add_ticket(struct shunt_desk *d, struct shunt_string id, const uint8_t *record,
                                       size_t record_len)
{
    struct desk_ticket *k = sh_txn_alloc(&d->txn, sizeof *k);
    k->mark = d->txn.number;
    k->seq = ++d->core.seq;
    make_card(d, k, id, record, record_len);
    k->due_sec = k->until_sec = DESK_NEVER;
    k->assigned_sec = k->response_sec = INT64_MIN;
    k->team = k->agent = k->wanted = TF_NONE;
    k->status = SHUNT_UNASSIGNED;
    sh_map_insert(&d->txn, &d->tickets, sh_hash(d->sip_key, 1, id.bytes, id.len), k);
    d->core.open_count++;
    return k;
}

void sh_desk_set_record(struct shunt_desk *d, struct desk_ticket *k, const uint8_t *record, size_t record_len)
{
    desk_touch_ticket(d, k);
    uint8_t *old = k->card;
    uint32_t old_len = k->card_len;
    make_card(d, k, (struct shunt_string){k->id, k->id_len}, record, record_len);
    sh_txn_free(&d->txn, old, old_len);
}

void sh_desk_say(struct shunt_desk *d, const struct desk_ticket *k)
{
    if (sh_record_say(k->record, k->record_len, d->ticket) != SHUNT_OK) sh_txn_fail(&d->txn);
}

/* ---- lifting and settling ---- */

void sh_desk_lift(struct shunt_desk *d, struct desk_ticket *k)
{
    desk_touch_ticket(d, k);
    if (k->queue) sh_desk_queue_remove(d, k);
    if (k->armed) sh_tree_remove(&d->txn, &d->timers, &k->timer);
    k->armed = false;
    if (k->counts) sh_desk_load(d, k->agent, k->channel, -1);
    k->counts = false;
}

static bool waits(unsigned status)
{
    return status == SHUNT_QUEUED || status == SHUNT_HELD || status == SHUNT_OFFERED;
}

void sh_desk_settle(struct shunt_desk *d, struct desk_ticket *k)
{
    desk_touch_ticket(d, k);
    if (waits(k->status)) sh_desk_queue_add(d, k);
    if (k->status == SHUNT_ASSIGNED) {
        k->counts = true;
        sh_desk_load(d, k->agent, k->channel, 1);
    }
    if (k->has_steps_left && k->agent == TF_NONE && k->due_sec != DESK_NEVER) {
        k->armed = true;
        sh_tree_insert(&d->txn, &d->timers, &k->timer);
    }
}

void sh_desk_set_status(struct shunt_desk *d, struct desk_ticket *k, enum shunt_state status,
                        enum shunt_why why)
{
    desk_touch_ticket(d, k);
    sh_desk_list_put(d, k->offered);
    k->offered = NULL;
    k->status = (uint8_t)status;
    k->why = (uint8_t)why;
    k->agent = TF_NONE;
    k->until_sec = DESK_NEVER;
}

static bool is_automatic(unsigned why)
{
    return why < SHUNT_WHY_MANUAL || why == SHUNT_WHY_STICKY || why == SHUNT_WHY_AGENT ||
           why == SHUNT_WHY_BULK;
}

void sh_desk_give(struct shunt_desk *d, struct desk_ticket *k, uint32_t agent, enum shunt_why why)
{
    bool again = why == SHUNT_WHY_MANUAL && k->agent == agent; /* it has been theirs */
    sh_desk_set_status(d, k, SHUNT_ASSIGNED, why);
    k->agent = agent;
    bool first = k->assigned_sec == INT64_MIN;
    if (first) k->assigned_sec = d->core.now_sec;
    if (is_automatic(why)) {
        struct desk_agent *a = desk_agent(d, agent);
        txn_touch(&d->txn, &a->mark, a, d->agent_len);
        a->last_automatic = ++d->core.automatic;
    }
    if (k->team != TF_NONE && k->customer)
        sh_desk_customer_set(d, k->team, k->customer, k->customer_len, agent);
    if (d->figures && !again) sh_desk_figures_assigned(d, k, is_automatic(why), first);
}

/* ---- closed tickets: a list by the time of closing ---- */

void sh_desk_close(struct shunt_desk *d, struct desk_ticket *k)
{
    struct desk_ticket *last = d->core.closed_last;
    uint32_t agent = k->agent;
    sh_desk_set_status(d, k, SHUNT_CLOSED, (enum shunt_why)k->why);
    k->agent = agent;
    k->has_steps_left = false;
    k->closed_sec = d->core.now_sec;
    k->closed_before = last;
    k->closed_after = NULL;
    if (last) {
        desk_touch_ticket(d, last);
        last->closed_after = k;
    } else {
        d->core.closed_first = k;
    }
    d->core.closed_last = k;
    d->core.open_count--;
}

void sh_desk_unclose(struct shunt_desk *d, struct desk_ticket *k)
{
    struct desk_ticket *before = k->closed_before, *after = k->closed_after;
    if (before) {
        desk_touch_ticket(d, before);
        before->closed_after = after;
    } else {
        d->core.closed_first = after;
    }
    if (after) {
        desk_touch_ticket(d, after);
        after->closed_before = before;
    } else {
        d->core.closed_last = before;
    }
    desk_touch_ticket(d, k);
    k->closed_before = k->closed_after = NULL;
    d->core.open_count++;
}

void sh_desk_forget_ticket(struct shunt_desk *d, struct desk_ticket *k)
{
    sh_map_remove(&d->txn, &d->tickets, sh_hash(d->sip_key, 1, k->id, k->id_len), k);
    sh_desk_list_put(d, k->steps);
    sh_desk_list_put(d, k->require);
    sh_desk_list_put(d, k->add);
    sh_txn_free(&d->txn, k->card, k->card_len);
    sh_txn_free(&d->txn, k, sizeof *k);
}

void sh_desk_forget_closed(struct shunt_desk *d, int64_t at_sec)
{
    int64_t keep_sec = (int64_t)d->options.keep_days * CAL_DAY_SEC;
    struct desk_ticket *k;
    while ((k = d->core.closed_first) && k->closed_sec <= at_sec - keep_sec) {
        sh_desk_unclose(d, k);
        d->core.open_count--;
        sh_desk_forget_ticket(d, k);
    }
}

/* ---- the policy's decision ---- */

static struct desk_list *steps_of(struct shunt_desk *d, const struct shunt_decision *decision)
{
    uint32_t flat[STEP_LEN * 8], *at = flat, count = decision->step_count;
    if (count > 8) at = sh_txn_alloc(&d->txn, (size_t)count * STEP_LEN * sizeof *at);
    for (uint32_t i = 0; i < count; i++) {
        struct shunt_step s = shunt_decision_step(d->t, decision, i);
        uint32_t *step = at + (size_t)i * STEP_LEN;
        step[STEP_KIND] = s.kind;
        step[STEP_TARGET] = s.target;
        step[STEP_AFTER_SEC] = s.after_sec;
        step[STEP_OF_HOURS] = s.of_hours;
    }
    struct desk_list *l = sh_desk_list_get(d, at, count * STEP_LEN);
    if (at != flat) sh_txn_free(&d->txn, at, (size_t)count * STEP_LEN * sizeof *at);
    return l;
}

void sh_desk_decide(struct shunt_desk *d, struct desk_ticket *k, struct shunt_ticket *ticket)
{
    struct shunt_decision decision;
    shunt_ticket_set_at(ticket, d->core.now_sec);
    shunt_match(ticket, &decision);
    desk_touch_ticket(d, k);
    sh_desk_list_put(d, k->steps);
    sh_desk_list_put(d, k->require);
    sh_desk_list_put(d, k->add);
    k->steps = steps_of(d, &decision);
    k->require = sh_desk_list_get_skills(d, decision.require, decision.require_count);
    k->add = sh_desk_list_get(d, decision.add, decision.add_count);
    k->rule = decision.rule;
    k->priority = (uint8_t)decision.priority;
    k->at_sec = d->core.now_sec;
    k->touched = false;
}
