/*
 * What has the same name in two versions of a policy, as maps from old indexes to new ones.
 *
 * Names of the new version go into a table of open addressing, those of the old one are looked up in it:
 * linear in their number, whatever kind of thing they name.
 */
#include "desk_replace.h"
#include "figures.h"

/* A name, and what tells it from one that is spelled alike. */
struct key {
    struct shunt_string name;
    uint32_t kind;
};
typedef struct key key_of(const struct shunt_desk *d, uint32_t i);

static struct key agent_key(const struct shunt_desk *d, uint32_t i)
{
    return (struct key){shunt_agent_name(d->t, i), 0};
}
static struct key team_key(const struct shunt_desk *d, uint32_t i)
{
    return (struct key){shunt_team_name(d->t, i), 0};
}
/* `always` is the first, and there in every version. */
static struct key hours_key(const struct shunt_desk *d, uint32_t i)
{
    return (struct key){i ? shunt_hours_name(d->t, i) : (struct shunt_string){"", 0}, 0};
}
static struct key attr_key(const struct shunt_desk *d, uint32_t i)
{
    return (struct key){shunt_attr_name(d->t, i), d->t->ATTR[i].type};
}
static struct key channel_key(const struct shunt_desk *d, uint32_t i)
{
    uint32_t first = le32(d->t->ATTR[TF_CHANNEL].atom_first);
    return (struct key){sh_string(d->t, le32(d->t->ATOM[first + i].string)), 0};
}
static struct key label_key(const struct shunt_desk *d, uint32_t i)
{
    return (struct key){sh_desk_label_name(d, i), 0};
}
static struct key skill_key(const struct shunt_desk *d, uint32_t i)
{
    uint32_t own = d->t->SKILL_count;
    return (struct key){i < own ? shunt_skill_name(d->t, i) : d->gone_skills.at[i - own], 0};
}

#define TEAM_PREFIX "team "
enum { TEAM_PREFIX_LEN = 5 };

/* Takes have a team's name and kind 1; a rule's own name never begins with "team ". */
static struct key rule_key(const struct shunt_desk *d, uint32_t i)
{
    bool takes;
    struct shunt_string s = sh_desk_rule_name(d, i, &takes);
    if (i < d->t->RULE_count) return (struct key){s, takes};
    if (s.len < TEAM_PREFIX_LEN || memcmp(s.bytes, TEAM_PREFIX, TEAM_PREFIX_LEN) != 0)
        return (struct key){s, 0};
    return (struct key){{s.bytes + TEAM_PREFIX_LEN, s.len - TEAM_PREFIX_LEN}, 1};
}

/* ---- maps ---- */

static void *room(struct shunt_desk *d, size_t len)
{
    void *p = sh_alloc_zero(&d->txn.hooks, len);
    if (!p) sh_txn_fail(&d->txn);
    return p;
}

static uint32_t slot_of(const struct shunt_desk *d, const uint32_t *slots, uint32_t mask, key_of *of,
                        struct key key)
{
    uint32_t i = (uint32_t)sh_hash(d->sip_key, key.kind, key.name.bytes, key.name.len) & mask;
    for (; slots[i]; i = (i + 1) & mask) {
        struct key other = of(d, slots[i] - 1);
        if (other.kind == key.kind && other.name.len == key.name.len &&
            memcmp(other.name.bytes, key.name.bytes, key.name.len) == 0) {
            break;
        }
    }
    return i;
}

static void map(struct desk_replacing *r, struct desk_map *m, key_of *of, uint32_t old_count,
                uint32_t new_count)
{
    struct shunt_desk *d = r->d;
    m->to = room(d, sh_array_len((uint64_t)old_count + 1, sizeof *m->to));
    m->count = old_count;
    uint32_t cap = 2;
    while (cap / 2 < new_count && cap < UINT32_C(1) << 31) cap *= 2;
    uint32_t *slots = sh_txn_alloc(&d->txn, sh_array_len(cap, sizeof *slots));
    for (uint32_t i = 0; i < new_count; i++) slots[slot_of(d, slots, cap - 1, of, of(d, i))] = i + 1;
    for (uint32_t i = 0; i < old_count; i++) {
        uint32_t found = slots[slot_of(d, slots, cap - 1, of, of(r->old, i))];
        m->to[i] = found ? found - 1 : TF_NONE;
    }
    sh_txn_free(&d->txn, slots, cap * sizeof *slots);
}

static uint32_t label_count(const struct shunt_desk *d)
{
    return le32(d->t->ATTR[TF_LABELS].atom_count);
}

void sh_desk_replace_maps(struct desk_replacing *r)
{
    const struct shunt_desk *o = r->old, *d = r->d;
    map(r, &r->agents, agent_key, o->t->AGENT_count, d->t->AGENT_count);
    map(r, &r->teams, team_key, o->t->TEAM_count, d->t->TEAM_count);
    map(r, &r->hours, hours_key, o->t->HOURS_count, d->t->HOURS_count);
    map(r, &r->channels, channel_key, o->channel_count, d->channel_count);
    map(r, &r->attrs, attr_key, o->t->ATTR_count, d->t->ATTR_count);
    map(r, &r->rules, rule_key, o->t->RULE_count + o->gone_rules.count, d->t->RULE_count);
    map(r, &r->labels, label_key, label_count(o) + o->gone_labels.count, label_count(d));
    map(r, &r->skills, skill_key, o->t->SKILL_count + o->gone_skills.count, d->t->SKILL_count);
}

static void release(const struct desk_replacing *r, struct desk_map *m)
{
    sh_free(&r->d->txn.hooks, m->to, (m->count + (size_t)1) * sizeof *m->to);
}

void sh_desk_replace_release(struct desk_replacing *r)
{
    release(r, &r->agents), release(r, &r->teams), release(r, &r->hours), release(r, &r->channels);
    release(r, &r->attrs), release(r, &r->rules), release(r, &r->labels), release(r, &r->skills);
}

/* ---- names that are gone ---- */

/* Which of the names of one kind are to be kept: collected first, so that there is room for all of them. */
struct keeping {
    struct desk_replacing *r;
    struct desk_map *m;
    key_of *of;
    struct desk_names *into;
    uint32_t own; /* the new table's count */
};

/* A copy with "team " before the name of a takes. */
static struct shunt_string whole_name(struct shunt_desk *d, struct key key)
{
    size_t before = key.kind ? TEAM_PREFIX_LEN : 0;
    char *copy = sh_txn_alloc(&d->txn, before + key.name.len + 1);
    memcpy(copy, TEAM_PREFIX, before);
    memcpy(copy + before, key.name.bytes, key.name.len);
    return (struct shunt_string){copy, before + key.name.len};
}

static void keep(struct keeping *k, uint32_t i)
{
    struct shunt_desk *d = k->r->d;
    struct desk_names *n = k->into;
    if (k->m->to[i] != TF_NONE) return;
    sh_txn_save(&d->txn, n, sizeof *n);
    if ((n->count & (n->count - 1)) == 0) { /* room for a power of two, trimmed at the end */
        size_t cap = n->count ? (size_t)n->count * 2 : 1;
        n->at = sh_txn_grow(&d->txn, n->at, n->count * sizeof *n->at, sh_array_len(cap, sizeof *n->at));
    }
    k->m->to[i] = k->own + n->count;
    n->at[n->count++] = whole_name(d, k->of(k->r->old, i));
}

static void keep_list(struct keeping *k, const struct desk_list *l)
{
    for (uint32_t i = 0; i < desk_list_count(l); i++) keep(k, l->at[i]);
}

/* As long as it says it is: so it is freed. */
static void trim(struct shunt_desk *d, struct desk_names *n)
{
    size_t cap = 1;
    while (cap < n->count) cap *= 2;
    if (n->count == 0 || cap == n->count) return;
    struct shunt_string *at = sh_txn_alloc(&d->txn, n->count * sizeof *at);
    memcpy(at, n->at, n->count * sizeof *at);
    sh_txn_free(&d->txn, n->at, cap * sizeof *at);
    sh_txn_save(&d->txn, n, sizeof *n);
    n->at = at;
}

void sh_desk_replace_gone(struct desk_replacing *r)
{
    struct shunt_desk *d = r->d;
    struct keeping rules = {r, &r->rules, rule_key, &d->gone_rules, d->t->RULE_count};
    struct keeping labels = {r, &r->labels, label_key, &d->gone_labels, label_count(d)};
    struct keeping skills = {r, &r->skills, skill_key, &d->gone_skills, d->t->SKILL_count};
    for (uint32_t i = 0; i < r->ticket_count; i++) {
        keep(&rules, r->olds[i]->rule);
        keep_list(&labels, r->olds[i]->add);
        keep_list(&skills, r->olds[i]->require);
    }
    const struct desk_figures *f = r->old->figures;
    for (uint32_t i = 0; f && i < f->rule_count; i++) {
        if (f->by_rule[i]) keep(&rules, i);
    }
    trim(d, &d->gone_rules);
    trim(d, &d->gone_labels);
    trim(d, &d->gone_skills);
}
