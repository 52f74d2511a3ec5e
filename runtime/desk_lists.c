/*
 * What is kept once and looked up by its content: lists of numbers, and the last agents of customers.
 */
#include "desk_state.h"

/* ---- lists ---- */

struct list_key {
    const uint32_t *at;
    uint32_t count;
};

static bool same_list(const void *item, const void *key)
{
    const struct desk_list *l = item;
    const struct list_key *k = key;
    return l->count == k->count && memcmp(l->at, k->at, k->count * sizeof *k->at) == 0;
}

struct desk_list *sh_desk_list_get(struct shunt_desk *d, const uint32_t *at, uint32_t count)
{
    if (count == 0) return NULL;
    struct list_key key = {at, count};
    uint64_t hash = sh_hash(d->sip_key, 2, at, count * sizeof *at);
    struct desk_list *l = sh_map_find(&d->lists, hash, same_list, &key);
    if (l) {
        txn_touch(&d->txn, &l->mark, l, sizeof *l);
        l->refs++;
        return l;
    }
    l = sh_txn_alloc(&d->txn, sizeof *l + count * sizeof *at);
    l->mark = d->txn.number;
    l->hash = hash;
    l->refs = 1;
    l->count = count;
    memcpy(l->at, at, count * sizeof *at);
    sh_map_insert(&d->txn, &d->lists, hash, l);
    return l;
}

static bool has_skill(const struct shunt_table *t, const struct tf_agent *a, uint32_t skill)
{
    uint32_t first = le32(a->skill_first), lo = 0, hi = le32(a->skill_count);
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2, at = le32(t->LIST[first + mid]);
        if (at == skill) return true;
        if (at < skill)
            lo = mid + 1;
        else
            hi = mid;
    }
    return false;
}

uint32_t sh_desk_skill_missing(const struct shunt_desk *d, uint32_t agent, const struct desk_list *require)
{
    for (uint32_t i = 0; i < desk_list_count(require); i++) {
        if (!has_skill(d->t, &d->t->AGENT[agent], require->at[i])) return require->at[i];
    }
    return TF_NONE;
}

struct desk_list *sh_desk_list_get_skills(struct shunt_desk *d, const uint32_t *at, uint32_t count)
{
    struct desk_list *l = sh_desk_list_get(d, at, count);
    if (!l || l->who) return l;
    l->who =
        sh_txn_alloc(&d->txn, sh_words(d->t->AGENT_count) * sizeof *l->who); /* l was touched by getting it */
    for (uint32_t i = 0; i < d->t->AGENT_count; i++) {
        if (sh_desk_skill_missing(d, i, l) == TF_NONE) sh_set_bit(l->who, i);
    }
    return l;
}

void sh_desk_list_put(struct shunt_desk *d, struct desk_list *l)
{
    if (!l) return;
    txn_touch(&d->txn, &l->mark, l, sizeof *l);
    if (--l->refs) return;
    sh_map_remove(&d->txn, &d->lists, l->hash, l);
    sh_txn_free(&d->txn, l->who, sh_words(d->t->AGENT_count) * sizeof *l->who);
    sh_txn_free(&d->txn, l, sizeof *l + l->count * sizeof *l->at);
}

/* ---- customers, in the order of their last assignment ---- */

struct customer_key {
    uint32_t team, len;
    const char *text;
};

static bool same_customer(const void *item, const void *key)
{
    const struct desk_customer *c = item;
    const struct customer_key *k = key;
    return c->team == k->team && c->len == k->len && memcmp(c->text, k->text, k->len) == 0;
}

static struct desk_customer *find_customer(const struct shunt_desk *d, uint32_t team, const char *text,
                                           size_t len, uint64_t *hash)
{
    struct customer_key key = {team, (uint32_t)len, text};
    *hash = sh_hash(d->sip_key, (uint64_t)team + 16, text, len);
    return sh_map_find(&d->customers, *hash, same_customer, &key);
}

uint32_t sh_desk_customer_agent(const struct shunt_desk *d, uint32_t team, const char *text, size_t len)
{
    uint64_t hash;
    const struct desk_customer *c = find_customer(d, team, text, len, &hash);
    return c ? c->agent : TF_NONE;
}

static void touch(struct shunt_desk *d, struct desk_customer *c)
{
    txn_touch(&d->txn, &c->mark, c, sizeof *c);
}

static void unlink_customer(struct shunt_desk *d, struct desk_customer *c)
{
    if (c->older) {
        touch(d, c->older);
        c->older->newer = c->newer;
    } else {
        d->core.customer_oldest = c->newer;
    }
    if (c->newer) {
        touch(d, c->newer);
        c->newer->older = c->older;
    } else {
        d->core.customer_newest = c->older;
    }
}

static void link_newest(struct shunt_desk *d, struct desk_customer *c)
{
    struct desk_customer *last = d->core.customer_newest;
    c->older = last;
    c->newer = NULL;
    if (last) {
        touch(d, last);
        last->newer = c;
    } else {
        d->core.customer_oldest = c;
    }
    d->core.customer_newest = c;
}

static void forget_oldest(struct shunt_desk *d)
{
    struct desk_customer *c = d->core.customer_oldest;
    touch(d, c);
    unlink_customer(d, c);
    sh_map_remove(&d->txn, &d->customers, c->hash, c);
    sh_txn_free(&d->txn, c, sizeof *c + c->len);
    d->core.customer_count--;
}

void sh_desk_customer_set(struct shunt_desk *d, uint32_t team, const char *text, size_t len, uint32_t agent)
{
    uint64_t hash;
    struct desk_customer *c = find_customer(d, team, text, len, &hash);
    if (c) {
        touch(d, c);
        unlink_customer(d, c);
    } else {
        c = sh_txn_alloc(&d->txn, sizeof *c + len);
        c->mark = d->txn.number;
        c->hash = hash;
        c->team = team;
        c->len = (uint32_t)len;
        memcpy(c->text, text, len);
        sh_map_insert(&d->txn, &d->customers, hash, c);
        d->core.customer_count++;
    }
    c->agent = agent;
    link_newest(d, c);
    if (d->core.customer_count > d->options.customers_max) forget_oldest(d);
}
