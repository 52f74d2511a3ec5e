/*
 * A desk to the bytes of docs/DESK-FORMAT.md.
 *
 * One pass counts, then there is room, then the same pass writes: so the bytes are of the caller's hooks
 * alone, and exactly as many as are needed. What has an order of its own in memory alone (maps) is put into
 * the format's order first. The desk is only read.
 */
#include "desk_format.h"
#include "figures.h"
#include "sort.h"

/* ---- writing ---- */

struct out {
    uint8_t *at;  /* NULL: only counted */
    uint64_t len; /* many tickets write out a list that they share: more than memory may hold */
};

static void byte(struct out *o, uint64_t v)
{
    if (o->at) o->at[o->len] = (uint8_t)v;
    o->len++;
}

static void number(struct out *o, uint64_t v)
{
    for (; v >= 0x80; v >>= 7) byte(o, (v & 0x7f) | 0x80);
    byte(o, v);
}

static void signed_number(struct out *o, int64_t v)
{
    number(o, v < 0 ? ((uint64_t) - (v + 1) << 1 | 1) : (uint64_t)v << 1);
}

static void index_or_none(struct out *o, uint32_t i)
{
    number(o, i == TF_NONE ? 0 : (uint64_t)i + 1);
}

/* none: what stands for none in the desk. */
static void time_or_none(struct out *o, int64_t at_sec, int64_t none)
{
    number(o, at_sec == none ? 0 : (uint64_t)(at_sec - SHUNT_TIME_MIN) + 1);
}

static void bytes(struct out *o, const void *p, size_t len)
{
    number(o, len);
    if (o->at && len) memcpy(o->at + o->len, p, len);
    o->len += len;
}

static void list(struct out *o, const struct desk_list *l)
{
    number(o, desk_list_count(l));
    for (uint32_t i = 0; i < desk_list_count(l); i++) number(o, l->at[i]);
}

/* ---- sections ---- */

/* What is in maps, in the format's order. */
struct sorted {
    uint8_t *block;
    size_t block_len;
    const struct desk_ticket **tickets;
    const struct desk_rotation **rotations;
    uint32_t rotation_count; /* of those that are not as new */
    const struct fig_cell **cells;
};

static void put_names(struct out *o, const struct shunt_desk *d)
{
    const struct desk_names *all[] = {&d->gone_rules, &d->gone_labels, &d->gone_skills};
    byte(o, DF_NAMES);
    for (int n = 0; n < 3; n++) {
        number(o, all[n]->count);
        for (uint32_t i = 0; i < all[n]->count; i++) bytes(o, all[n]->at[i].bytes, all[n]->at[i].len);
    }
}

static void put_teams(struct out *o, const struct shunt_desk *d)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < d->t->TEAM_count; i++) count += d->teams[i].off;
    byte(o, DF_TEAMS);
    number(o, count);
    for (uint32_t i = 0; i < d->t->TEAM_count; i++) {
        if (d->teams[i].off) number(o, i);
    }
}

static void put_channels(struct out *o, const struct desk_agent *a)
{
    number(o, a->channels->count);
    for (uint32_t i = 0; i < a->channels->count; i++) number(o, a->channels->at[i]);
}

static void put_agents(struct out *o, const struct shunt_desk *d)
{
    byte(o, DF_AGENTS);
    number(o, d->core.automatic);
    for (uint32_t i = 0; i < d->t->AGENT_count; i++) {
        const struct desk_agent *a = desk_agent(d, i);
        byte(o, (a->online ? DF_ONLINE : 0) | (a->some_channels ? DF_SOME_CHANNELS : 0) |
                    (a->has_devices ? DF_DEVICES : 0));
        number(o, a->last_automatic);
        if (a->some_channels) put_channels(o, a);
        if (!a->has_devices) continue;
        number(o, a->device_count);
        for (uint32_t v = 0; v < a->device_count; v++) {
            number(o, a->devices[v].channel);
            bytes(o, a->devices[v].text, a->devices[v].len);
        }
    }
}

/* Whether any sum is not 0. */
static bool has_sums(const struct desk_rotation *r)
{
    for (uint32_t i = 0; r->sums && i < r->sum_count; i++) {
        if (r->sums[i]) return true;
    }
    return false;
}

static void put_rotations(struct out *o, const struct sorted *s)
{
    byte(o, DF_ROTATIONS);
    number(o, s->rotation_count);
    for (uint32_t i = 0; i < s->rotation_count; i++) {
        const struct desk_rotation *r = s->rotations[i];
        index_or_none(o, r->team);
        index_or_none(o, r->channel);
        index_or_none(o, r->last);
        byte(o, r->inclusive);
        uint32_t count = has_sums(r) ? r->sum_count : 0;
        number(o, count);
        for (uint32_t k = 0; k < count; k++) signed_number(o, r->sums[k]);
    }
}

static void put_customers(struct out *o, const struct shunt_desk *d)
{
    byte(o, DF_CUSTOMERS);
    number(o, d->core.customer_count);
    for (const struct desk_customer *c = d->core.customer_oldest; c; c = c->newer) {
        number(o, c->team);
        number(o, c->agent);
        bytes(o, c->text, c->len);
    }
}

/* ---- tickets ---- */

static void put_steps(struct out *o, const struct desk_ticket *k)
{
    uint32_t count = desk_list_count(k->steps) / STEP_LEN;
    number(o, count);
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t *s = k->steps->at + (size_t)i * STEP_LEN;
        uint32_t of = s[STEP_OF_HOURS];
        byte(o, s[STEP_KIND]);
        index_or_none(o, s[STEP_TARGET]);
        number(o, s[STEP_AFTER_SEC]);
        if (of == TF_NONE)
            number(o, DF_HOURS_NONE);
        else
            number(o, of == STEP_HOURS_GONE ? DF_HOURS_GONE : (uint64_t)of + DF_HOURS_FIRST);
    }
}

static void put_standing(struct out *o, const struct desk_ticket *k)
{
    number(o, k->rule);
    number(o, k->step);
    put_steps(o, k);
    list(o, k->require);
    list(o, k->add);
    if (k->status == SHUNT_OFFERED) list(o, k->offered);
    if (k->status == SHUNT_HELD) time_or_none(o, k->until_sec, DESK_NEVER);
    if (k->has_steps_left && k->agent == TF_NONE) time_or_none(o, k->due_sec, DESK_NEVER);
    if (k->status == SHUNT_CLOSED) time_or_none(o, k->closed_sec, DESK_NEVER);
}

static void put_ticket(struct out *o, const struct desk_ticket *k)
{
    bytes(o, k->id, k->id_len);
    bytes(o, k->record, k->record_len);
    byte(o, k->status);
    byte(o, k->why);
    byte(o, (k->touched ? DF_TOUCHED : 0) | (k->has_steps_left ? DF_STEPS_LEFT : 0));
    byte(o, k->priority);
    time_or_none(o, k->at_sec, DESK_NEVER);
    time_or_none(o, k->first_at_sec, DESK_NEVER);
    time_or_none(o, k->assigned_sec, INT64_MIN);
    time_or_none(o, k->response_sec, INT64_MIN);
    index_or_none(o, k->team);
    index_or_none(o, k->agent);
    index_or_none(o, k->wanted);
    put_standing(o, k);
}

static void put_tickets(struct out *o, const struct shunt_desk *d, const struct sorted *s)
{
    byte(o, DF_TICKETS);
    number(o, d->tickets.count);
    for (uint32_t i = 0; i < d->tickets.count; i++) put_ticket(o, s->tickets[i]);
}

/* ---- figures ---- */

static void put_counts(struct out *o, const uint64_t *counts, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) number(o, counts[i]);
}

static void put_people(struct out *o, const struct shunt_desk *d, const struct desk_figures *f)
{
    for (uint32_t i = 0; i < d->t->AGENT_count; i++) {
        const struct fig_agent *a = &f->agents[i];
        number(o, a->assigned);
        number(o, a->automatic);
        number(o, a->shift_sec);
        number(o, a->before_sec);
        time_or_none(o, a->since_sec, FIG_OFFLINE);
    }
    for (uint32_t i = 0; i < d->t->TEAM_count; i++) {
        number(o, f->teams[i].assigned);
        number(o, f->teams[i].automatic);
        number(o, f->teams[i].carried_sec);
    }
}

static void put_values(struct out *o, const struct fig_values *v)
{
    number(o, v->count);
    for (uint64_t i = 0; i < v->count; i++) {
        number(o, (uint64_t)v->at[i].sec);
        index_or_none(o, v->at[i].agent);
        index_or_none(o, v->at[i].team);
    }
}

static void put_figures(struct out *o, const struct shunt_desk *d, const struct sorted *s)
{
    const struct desk_figures *f = d->figures;
    byte(o, DF_FIGURES_KEPT);
    time_or_none(o, f->from_sec, FIG_OFFLINE);
    const uint64_t sums[] = {f->arrived, f->assigned, f->automatic, f->gone_sec};
    put_counts(o, sums, 4);
    put_people(o, d, f);
    put_counts(o, f->by_channel, d->channel_count + 1);
    put_counts(o, f->by_rule, f->rule_count);
    put_counts(o, f->by_hour, SHUNT_WEEK_HOURS);
    put_counts(o, f->online, SHUNT_WEEK_HOURS);
    number(o, f->cells.count);
    for (uint32_t i = 0; i < f->cells.count; i++) {
        const struct fig_cell *c = s->cells[i];
        const uint64_t cell[] = {c->team, c->channel, c->agent, c->automatic};
        put_counts(o, cell, 4);
    }
    put_values(o, &f->responses);
    put_values(o, &f->assignments);
}

/* ---- order ---- */

static bool ticket_before(const void *a, const void *b)
{
    return ((const struct desk_ticket *)a)->seq < ((const struct desk_ticket *)b)->seq;
}

/* TF_NONE, the global one's team, is the last. */
static bool rotation_before(const void *a, const void *b)
{
    const struct desk_rotation *x = a, *y = b;
    return x->team != y->team ? x->team < y->team : x->channel < y->channel;
}

void sh_desk_sort_tickets(const struct shunt_desk *d, const struct desk_ticket **into)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < d->tickets.cap; i++) {
        if (d->tickets.slots[i].item) into[count++] = d->tickets.slots[i].item;
    }
    sh_sort((const void **)into, count, ticket_before);
}

static void sort_rotations(const struct shunt_desk *d, struct sorted *s)
{
    for (uint32_t i = 0; i < d->rotations.cap; i++) {
        const struct desk_rotation *r = d->rotations.slots[i].item;
        if (r && (r->last != TF_NONE || has_sums(r))) s->rotations[s->rotation_count++] = r;
    }
    sh_sort((const void **)s->rotations, s->rotation_count, rotation_before);
}

/* false: no memory. */
static bool sort_all(const struct shunt_desk *d, const struct shunt_hooks *hooks, struct sorted *s)
{
    size_t tickets = d->tickets.count, rotations = d->rotations.count;
    size_t cells = d->figures ? d->figures->cells.count : 0;
    *s = (struct sorted){.block_len = (tickets + rotations + cells + 1) * sizeof(void *)};
    s->block = sh_alloc(hooks, s->block_len);
    if (!s->block) return false;
    s->tickets = (void *)s->block;
    s->rotations = (void *)(s->tickets + tickets);
    s->cells = (void *)(s->rotations + rotations);
    sh_desk_sort_tickets(d, s->tickets);
    sort_rotations(d, s);
    if (d->figures) sh_desk_figures_sorted(d->figures, s->cells);
    return true;
}

/* ---- all of it ---- */

static void put_header(struct out *o, const struct shunt_desk *d, uint64_t len)
{
    size_t table_len;
    const void *table = shunt_table_bytes(d->t, &table_len);
    struct df_header h = {.version = to_le16(DF_VERSION), .last_compatible = to_le16(DF_LAST_COMPATIBLE)};
    memcpy(h.magic, DF_MAGIC, sizeof h.magic);
    h.file_len = to_le64(len);
    h.table_len = to_le64(table_len);
    h.table_checksum = to_le32(o->at ? sh_crc32c(0, table, table_len) : 0);
    h.flags = to_le32((d->core.has_time ? DF_HAS_TIME : 0) | (d->core.off ? DF_OFF : 0) |
                      (d->figures ? DF_FIGURES : 0));
    h.now = to_le64(d->core.has_time ? (uint64_t)d->core.now_sec : 0);
    h.random = to_le64(d->core.random);
    h.keep_days = to_le32(d->options.keep_days);
    h.customers_max = to_le32(d->options.customers_max);
    if (o->at) memcpy(o->at, &h, sizeof h);
    o->len += sizeof h;
}

static void put_all(struct out *o, const struct shunt_desk *d, const struct sorted *s, uint64_t len)
{
    put_header(o, d, len);
    put_names(o, d);
    put_teams(o, d);
    put_agents(o, d);
    put_rotations(o, s);
    put_customers(o, d);
    put_tickets(o, d, s);
    if (d->figures) put_figures(o, d, s);
    if (!o->at) return;
    le32_t sum = to_le32(sh_crc32c(0, o->at, (size_t)o->len));
    memcpy(o->at + offsetof(struct df_header, checksum), &sum, sizeof sum);
}

enum shunt_status shunt_desk_save(const struct shunt_desk *desk, const struct shunt_hooks *hooks,
                                  void **saved, size_t *len)
{
    struct shunt_hooks own = sh_hooks(hooks);
    struct sorted s;
    if (!sort_all(desk, &own, &s)) return SHUNT_NO_MEMORY;
    struct out counted = {NULL, 0};
    put_all(&counted, desk, &s, 0);
    struct out o = {sh_alloc(&own, sh_array_len(counted.len, 1)), 0};
    if (o.at) {
        put_all(&o, desk, &s, counted.len);
        *saved = o.at;
        *len = (size_t)o.len;
    }
    sh_free(&own, s.block, s.block_len);
    return o.at ? SHUNT_OK : SHUNT_NO_MEMORY;
}
