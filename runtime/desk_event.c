/*
 * An event to what it does (desk.md 1.2, 5.1, 6.2, 7.2): the time moves, what is due happens, the event is
 * done or refused, the backlog is drained, the decisions are handed out.
 */
#include "desk_event.h"
#include "names.h"
#include "text.h"

/* ---- names ---- */

bool sh_desk_refuse(struct desk_doing *x, enum shunt_refusal_reason reason, struct shunt_string about)
{
    x->no = (struct shunt_refusal){reason, about};
    return false;
}

static void keep_name(void *ctx, const char *bytes, size_t len)
{
    struct desk_scratch *s = ctx;
    memcpy(s->name + s->name_len, bytes, len);
    s->name_len += len;
}

/* The name in NFC: as it is, or in scratch until the next. It is UTF-8. */
static struct shunt_string normal(struct shunt_desk *d, struct shunt_string name)
{
    struct desk_scratch *s = &d->scratch;
    struct shunt_ticket *k = d->ticket;
    struct sh_shape shape = sh_text_shape(name.bytes, name.len);
    if (shape.below_300) return name;
    if (name.len > SIZE_MAX / 64 || !sh_room_reserve(&k->room, &k->hooks, shape.longest_len))
        sh_txn_fail(&d->txn);
    while (s->name_cap < 3 * name.len) s->name = sh_desk_room(d, s->name, s->name_cap, &s->name_cap, 1);
    s->name_len = 0;
    sh_normalise(SH_NFC, &k->room, name.bytes, name.len, keep_name, s);
    return (struct shunt_string){s->name, s->name_len};
}

uint32_t sh_desk_named_agent(struct desk_doing *x, struct shunt_string name)
{
    struct shunt_string nfc = normal(x->d, name);
    uint32_t i = sh_desk_find_agent(x->d, nfc.bytes, nfc.len);
    if (i == TF_NONE) sh_desk_refuse(x, SHUNT_REFUSED_UNKNOWN_AGENT, name);
    return i;
}

uint32_t sh_desk_named_team(struct desk_doing *x, struct shunt_string name)
{
    struct shunt_string nfc = normal(x->d, name);
    uint32_t i = sh_desk_find_team(x->d, nfc.bytes, nfc.len);
    if (i == TF_NONE) sh_desk_refuse(x, SHUNT_REFUSED_UNKNOWN_TEAM, name);
    return i;
}

uint32_t sh_desk_named_channel(struct desk_doing *x, struct shunt_string name)
{
    struct shunt_string nfc = normal(x->d, name);
    uint32_t atom = sh_find_atom(x->d->t, TF_CHANNEL, nfc.bytes, nfc.len);
    if (atom != TF_NONE) return atom - le32(x->d->t->ATTR[TF_CHANNEL].atom_first);
    sh_desk_refuse(x, SHUNT_REFUSED_UNKNOWN_CHANNEL, name);
    return TF_NONE;
}

/* ---- who and what ---- */

static unsigned role_of(const struct shunt_desk *d, uint32_t agent)
{
    return d->t->AGENT[agent].role;
}

bool sh_desk_may(struct desk_doing *x, enum tf_role least)
{
    if (x->by == TF_NONE || role_of(x->d, x->by) >= (unsigned)least) return true;
    return sh_desk_refuse(x, SHUNT_REFUSED_NOT_ALLOWED, x->e->by);
}

uint32_t sh_desk_doer(struct desk_doing *x, bool no_viewer)
{
    struct shunt_string nobody = {NULL, 0};
    if (!x->e->agent.bytes) {
        sh_desk_refuse(x, SHUNT_REFUSED_NO_AGENT, nobody);
        return TF_NONE;
    }
    uint32_t agent = sh_desk_named_agent(x, x->e->agent);
    if (agent == TF_NONE) return TF_NONE;
    if (x->by != TF_NONE && x->by != agent) {
        sh_desk_refuse(x, SHUNT_REFUSED_NOT_DOER, x->e->by);
        return TF_NONE;
    }
    if (no_viewer && role_of(x->d, agent) == TF_VIEWER) {
        sh_desk_refuse(x, SHUNT_REFUSED_VIEWER, x->e->agent);
        return TF_NONE;
    }
    return agent;
}

struct desk_ticket *sh_desk_any_ticket(struct desk_doing *x, struct shunt_string id)
{
    struct desk_ticket *k = sh_desk_find_ticket(x->d, id);
    if (!k) sh_desk_refuse(x, SHUNT_REFUSED_UNKNOWN_TICKET, id);
    return k;
}

struct desk_ticket *sh_desk_open_ticket(struct desk_doing *x)
{
    struct desk_ticket *k = sh_desk_any_ticket(x, x->e->tickets[0]);
    if (k && k->status == SHUNT_CLOSED) {
        sh_desk_refuse(x, SHUNT_REFUSED_CLOSED, x->e->tickets[0]);
        return NULL;
    }
    return k;
}

/* ---- the event ---- */

static void do_tick(struct desk_doing *x)
{
    x->quiet = true;
}

static const struct row {
    desk_handler *handler;
    bool needs_ticket;
} rows[] = {
    [SHUNT_EVENT_TICKET] = {sh_desk_do_ticket, true},
    [SHUNT_EVENT_ONLINE] = {sh_desk_do_online, false},
    [SHUNT_EVENT_OFFLINE] = {sh_desk_do_offline, false},
    [SHUNT_EVENT_SIGNOUT] = {sh_desk_do_offline, false},
    [SHUNT_EVENT_CLAIM] = {sh_desk_do_claim, true},
    [SHUNT_EVENT_NEXT] = {sh_desk_do_next, false},
    [SHUNT_EVENT_ASSIGN] = {sh_desk_do_assign, true},
    [SHUNT_EVENT_UNASSIGN] = {sh_desk_do_unassign, true},
    [SHUNT_EVENT_REPLY] = {sh_desk_do_reply, true},
    [SHUNT_EVENT_CLOSE] = {sh_desk_do_close, true},
    [SHUNT_EVENT_REOPEN] = {sh_desk_do_reopen, true},
    [SHUNT_EVENT_UPDATE] = {sh_desk_do_update, true},
    [SHUNT_EVENT_REROUTE] = {sh_desk_do_reroute, true},
    [SHUNT_EVENT_PENDING] = {sh_desk_do_pending, true},
    [SHUNT_EVENT_RESUME] = {sh_desk_do_resume, true},
    [SHUNT_EVENT_AUTO] = {sh_desk_do_auto, false},
    [SHUNT_EVENT_TICK] = {do_tick, false},
};
enum { KIND_COUNT = sizeof rows / sizeof *rows };

static void run(struct desk_doing *x)
{
    const struct row *row = &rows[x->e->kind];
    struct shunt_string nothing = {NULL, 0};
    if (x->e->by.bytes && (x->by = sh_desk_named_agent(x, x->e->by)) == TF_NONE) return;
    bool has_ticket = x->e->ticket_count && x->e->tickets[0].bytes && x->e->tickets[0].len;
    if (row->needs_ticket && !has_ticket)
        sh_desk_refuse(x, SHUNT_REFUSED_NO_TICKET, nothing);
    else
        row->handler(x);
}

/* ---- what is said ---- */

static bool is_text(struct shunt_string s)
{
    if (!s.bytes) return true;
    struct sh_shape shape = sh_text_shape(s.bytes, s.len);
    return shape.valid && !shape.has_nul;
}

static bool are_texts(const struct shunt_event *e)
{
    bool fine = is_text(e->by) && is_text(e->agent) && is_text(e->team);
    for (size_t i = 0; i < e->ticket_count && fine; i++) fine = is_text(e->tickets[i]);
    for (size_t i = 0; e->has_channels && i < e->channel_count && fine; i++)
        fine = e->channels[i].bytes && is_text(e->channels[i]);
    for (size_t i = 0; e->has_devices && i < e->device_count && fine; i++) {
        const struct shunt_device *v = &e->devices[i];
        fine = v->channel.bytes && v->text.bytes && is_text(v->channel) && is_text(v->text);
    }
    return fine;
}

/* A list is there where it is counted. */
static bool has_lists(const struct shunt_event *e)
{
    return (e->tickets || !e->ticket_count) && (e->channels || !e->has_channels || !e->channel_count) &&
           (e->devices || !e->has_devices || !e->device_count);
}

static enum shunt_status look_at(const struct shunt_desk *d, const struct shunt_event *e)
{
    if ((unsigned)e->kind >= KIND_COUNT || !has_lists(e)) return SHUNT_BAD_VALUE;
    if (e->has_at && (e->at_sec < SHUNT_TIME_MIN || e->at_sec > SHUNT_TIME_MAX)) return SHUNT_BAD_VALUE;
    if (e->carried && (e->carried->t != d->t || !e->carried->records)) return SHUNT_BAD_VALUE;
    return are_texts(e) ? SHUNT_OK : SHUNT_BAD_TEXT;
}

/* ---- from one state to the next ---- */

static void forward(struct desk_doing *x)
{
    struct shunt_desk *d = x->d;
    int64_t at = x->e->has_at ? x->e->at_sec : d->core.now_sec;
    d->went_back = d->core.has_time && at < d->core.now_sec;
    if (d->went_back) at = d->core.now_sec;
    d->part = SHUNT_PART_DUE;
    sh_desk_forget_closed(d, at);
    sh_desk_advance(d, at);
    d->part = SHUNT_PART_ANSWER;
    run(x);
    d->part = SHUNT_PART_DRAIN;
    if (x->no.reason == SHUNT_REFUSED_NOTHING && !x->quiet) sh_desk_drain(d);
}

static enum shunt_status transact(struct desk_doing *x, const struct shunt_sink *sink)
{
    struct shunt_desk *d = x->d;
    if (setjmp(d->txn.out)) {
        sh_txn_rollback(&d->txn);
        return SHUNT_NO_MEMORY;
    }
    sh_txn_begin(&d->txn);
    txn_touch(&d->txn, &d->core.mark, &d->core, sizeof d->core);
    sh_desk_reports_begin(d);
    d->draining = false;
    forward(x);
    sh_desk_reports_send(d, sink);
    sh_txn_commit(&d->txn);
    return SHUNT_OK;
}

enum shunt_status shunt_desk_event(struct shunt_desk *d, const struct shunt_event *event,
                                   const struct shunt_sink *sink, struct shunt_refusal *refusal)
{
    struct desk_doing x = {.d = d, .e = event, .by = TF_NONE};
    enum shunt_status status = look_at(d, event);
    if (status == SHUNT_OK && !d->core.has_time && !event->has_at)
        sh_desk_refuse(&x, SHUNT_REFUSED_NO_TIME, (struct shunt_string){NULL, 0});
    else if (status == SHUNT_OK)
        status = transact(&x, sink);
    if (status != SHUNT_OK) return status;
    if (refusal) *refusal = x.no;
    return x.no.reason == SHUNT_REFUSED_NOTHING ? SHUNT_OK : SHUNT_REFUSED;
}
