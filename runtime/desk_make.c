/* A table to an empty desk, and a desk to nothing. */
#include "desk_state.h"

/* ---- making ---- */

static void make_agents(struct shunt_desk *d)
{
    d->place_count = sh_desk_place_count(d->channel_count);
    d->fit_len = d->place_count ? d->place_count : 1;
    d->agent_len = (sizeof(struct desk_agent) + d->place_count * sizeof(uint32_t) + 7) & ~(size_t)7;
    d->agents = sh_txn_alloc(&d->txn, sh_array_len(d->t->AGENT_count, d->agent_len));
    d->fit = sh_txn_alloc(&d->txn, sh_array_len(d->t->AGENT_count, d->fit_len)); /* nobody is online */
    for (uint32_t i = 0; i < d->t->AGENT_count; i++) desk_agent(d, i)->shift = TF_NONE;
}

static int timer_cmp(const struct sh_node *a, const struct sh_node *b)
{
    const struct desk_ticket *x = sh_of(a, struct desk_ticket, timer),
                             *y = sh_of(b, struct desk_ticket, timer);
    if (x->due_sec != y->due_sec) return x->due_sec < y->due_sec ? -1 : 1;
    return x->seq < y->seq ? -1 : x->seq > y->seq;
}

static int until_cmp(const struct sh_node *a, const struct sh_node *b)
{
    const struct desk_queue *x = sh_of(a, struct desk_queue, by_until),
                            *y = sh_of(b, struct desk_queue, by_until);
    if (x->until_sec != y->until_sec) return x->until_sec < y->until_sec ? -1 : 1;
    return (uintptr_t)x < (uintptr_t)y ? -1 : x != y; /* those of one instant are taken together */
}

static void make_scratch(struct shunt_desk *d)
{
    struct desk_scratch *s = &d->scratch;
    size_t agents = d->most_members;
    s->agents = sh_txn_alloc(&d->txn, sh_array_len(3 * (uint64_t)agents, sizeof *s->agents));
    s->more = s->agents + agents;
    s->ids = s->more + agents;
    s->asked = sh_txn_alloc(&d->txn, sh_array_len(d->t->TEAM_count, sizeof *s->asked));
    s->said = sh_txn_alloc(&d->txn, sh_array_len(d->channel_count, sizeof *s->said));
    s->members = sh_txn_alloc(&d->txn, sh_array_len((uint64_t)agents + 1, sizeof *s->members));
}

static void fill(struct shunt_desk *d)
{
    const struct shunt_table *t = d->t;
    d->channel_count = le32(t->ATTR[TF_CHANNEL].atom_count);
    d->core = (struct desk_core){.off = !t->POLICY[0].auto_assign, .midnight_sec = DESK_NEVER};
    d->core.random = d->options.seed;
    sh_desk_index_names(d);
    sh_desk_make_crews(d);
    make_agents(d);
    d->timers.cmp = timer_cmp;
    d->untils.cmp = until_cmp;
    sh_desk_make_watches(d);
    make_scratch(d);
    if (d->options.figures) d->figures = sh_desk_figures_make(d);
}

/* Kept among the options, so that the desk of the next policy has the same. */
static void set_hash_key(struct shunt_desk *d)
{
    uint64_t *said = d->options.hash_key;
    d->sip_key = sip_key_of(d);
    if (said[0] | said[1]) memcpy(d->sip_key.k, said, sizeof d->sip_key.k);
    memcpy(said, d->sip_key.k, sizeof d->sip_key.k);
}

enum shunt_status sh_desk_make(const struct shunt_table *table, const struct shunt_desk_options *options,
                               const struct shunt_hooks *hooks, struct shunt_desk **desk)
{
    static const struct shunt_desk_options usual = {.keep_days = SHUNT_KEEP_DAYS_DEFAULT};
    struct shunt_hooks own = sh_hooks(hooks);
    if (options && options->keep_days > SHUNT_KEEP_DAYS_MAX) return SHUNT_BAD_VALUE;
    struct shunt_desk *d = sh_alloc_zero(&own, sizeof *d);
    if (!d) return SHUNT_NO_MEMORY;
    sh_txn_init(&d->txn, &own);
    d->t = table;
    d->options = options ? *options : usual;
    if (!d->options.customers_max) d->options.customers_max = SHUNT_CUSTOMERS_DEFAULT;
    set_hash_key(d);
    if (setjmp(d->txn.out) || shunt_ticket_new(table, &own, &d->ticket) != SHUNT_OK) {
        sh_txn_rollback(&d->txn);
        sh_txn_release(&d->txn);
        shunt_ticket_free(d->ticket);
        sh_free(&own, d, sizeof *d);
        return SHUNT_NO_MEMORY;
    }
    sh_txn_begin(&d->txn);
    fill(d);
    sh_txn_commit(&d->txn);
    *desk = d;
    return SHUNT_OK;
}

enum shunt_status shunt_desk_new(const struct shunt_table *table, const struct shunt_desk_options *options,
                                 const struct shunt_hooks *hooks, struct shunt_desk **desk)
{
    return sh_desk_make(table, options, hooks, desk);
}

/* ---- freeing ---- */

/* Blocks of the transaction are never empty: sh_txn_alloc(). */
static void drop(const struct shunt_hooks *h, void *p, size_t len)
{
    sh_free(h, p, len ? len : 1);
}

static void free_tickets(struct shunt_desk *d, const struct shunt_hooks *h)
{
    for (uint32_t i = 0; i < d->tickets.cap; i++) {
        struct desk_ticket *k = d->tickets.slots[i].item;
        if (!k) continue;
        drop(h, k->card, k->card_len);
        drop(h, k, sizeof *k);
    }
    for (uint32_t i = 0; i < d->queues.cap; i++) drop(h, d->queues.slots[i].item, sizeof(struct desk_queue));
    for (uint32_t i = 0; i < d->customers.cap; i++) {
        struct desk_customer *c = d->customers.slots[i].item;
        if (c) drop(h, c, sizeof *c + c->len);
    }
    for (uint32_t i = 0; i < d->lists.cap; i++) {
        struct desk_list *l = d->lists.slots[i].item;
        if (!l) continue;
        drop(h, l->who, sh_words(d->t->AGENT_count) * sizeof *l->who);
        drop(h, l, sizeof *l + l->count * sizeof *l->at);
    }
}

static void free_agents(struct shunt_desk *d, const struct shunt_hooks *h)
{
    for (uint32_t i = 0; i < d->t->AGENT_count; i++) {
        struct desk_agent *a = desk_agent(d, i);
        if (a->channels) drop(h, a->channels, desk_channels_len(a->channels));
        if (a->devices_by) drop(h, a->devices_by, desk_channels_len(a->devices_by));
        drop(h, a->devices, a->devices_len);
    }
    for (uint32_t i = 0; i < d->rotations.cap; i++) {
        struct desk_rotation *r = d->rotations.slots[i].item;
        if (!r) continue;
        drop(h, r->sums, r->sum_count * sizeof *r->sums);
        drop(h, r, sizeof *r);
    }
    drop(h, d->agents, d->agent_len * d->t->AGENT_count);
    drop(h, d->fit, d->fit_len * d->t->AGENT_count);
    for (uint32_t i = 0; i < d->open.cap; i++) drop(h, d->open.slots[i].item, sizeof(struct desk_open));
    sh_map_release(&d->open, h);
}

static void free_scratch(struct shunt_desk *d, const struct shunt_hooks *h)
{
    struct desk_scratch *s = &d->scratch;
    drop(h, s->agents, 3 * (size_t)d->most_members * sizeof *s->agents);
    drop(h, s->asked, d->t->TEAM_count * sizeof *s->asked);
    drop(h, s->said, d->channel_count * sizeof *s->said);
    drop(h, s->members, ((size_t)d->most_members + 1) * sizeof *s->members);
    drop(h, s->reports, s->report_cap * sizeof *s->reports);
    drop(h, s->report_agents, s->report_agent_cap * sizeof *s->report_agents);
    drop(h, s->report_strings, s->report_string_cap * sizeof *s->report_strings);
    drop(h, s->heap, s->heap_cap * sizeof *s->heap);
    drop(h, s->again, s->again_cap * sizeof *s->again);
    drop(h, s->named, s->named_cap * sizeof *s->named);
    drop(h, s->name, s->name_cap);
}

static void free_names(struct desk_names *n, const struct shunt_hooks *h)
{
    for (uint32_t i = 0; i < n->count; i++) drop(h, (void *)(uintptr_t)n->at[i].bytes, n->at[i].len + 1);
    drop(h, n->at, n->count * sizeof *n->at);
}

void shunt_desk_free(struct shunt_desk *d)
{
    if (!d) return;
    struct shunt_hooks h = d->txn.hooks;
    if (d->figures) sh_desk_figures_free(d);
    free_tickets(d, &h);
    free_agents(d, &h);
    free_scratch(d, &h);
    free_names(&d->gone_rules, &h);
    free_names(&d->gone_labels, &h);
    free_names(&d->gone_skills, &h);
    sh_map_release(&d->tickets, &h);
    sh_map_release(&d->queues, &h);
    sh_map_release(&d->lists, &h);
    sh_map_release(&d->customers, &h);
    sh_map_release(&d->rotations, &h);
    drop(&h, d->agent_names, d->agent_names_cap * sizeof *d->agent_names);
    drop(&h, d->team_names, d->team_names_cap * sizeof *d->team_names);
    drop(&h, d->crews_of, d->crews_of_first[d->t->AGENT_count] * sizeof *d->crews_of);
    drop(&h, d->crews_of_first, ((size_t)d->t->AGENT_count + 2) * sizeof *d->crews_of_first);
    drop(&h, d->crews, d->t->TEAM_count * sizeof *d->crews);
    drop(&h, d->users, d->users_len);
    drop(&h, d->hours_watch, d->t->HOURS_count * sizeof *d->hours_watch);
    drop(&h, d->watches, d->watches_len);
    drop(&h, d->teams, d->t->TEAM_count * sizeof *d->teams);
    drop(&h, d->stale, d->stale_cap * sizeof(struct desk_queue *));
    shunt_ticket_free(d->ticket);
    sh_txn_release(&d->txn);
    drop(&h, d, sizeof *d);
}

const struct shunt_table *shunt_desk_table(const struct shunt_desk *d)
{
    return d->t;
}

bool shunt_desk_time(const struct shunt_desk *d, int64_t *at_sec)
{
    if (d->core.has_time) *at_sec = d->core.now_sec;
    return d->core.has_time;
}
