/*
 * What figures.h keeps to the figures of shunt.h, as they are at the desk's time.
 *
 * Everything is computed into one block of the answer's own and one to work in, which is freed again: the
 * desk is const. Ranks come from one sorted copy of the values: walking it in order, the value at which an
 * agent has seen as many as its rank says is its figure.
 */
#include "figures.h"

#include <string.h>

/* The answer with what it needs to free itself. */
struct answer {
    struct shunt_figures f;
    struct shunt_hooks hooks;
    size_t len;
};

/* Room to work in. */
struct room {
    uint8_t *block;
    size_t len;
    struct fig_value *values;         /* sorted */
    uint64_t *online;                 /* by agent */
    uint64_t *crews;                  /* online, by crew */
    uint64_t *seen_agent, *seen_team; /* values seen so far, behind them */
    uint64_t *automatic;              /* by agent: in the rotation in question; zero between rotations */
    uint64_t *member;                 /* a bit for each agent of a team with a global rotation */
    const struct fig_cell **cells;    /* sorted */
};

/* Sums of 64 bits, so that more than memory holds is never taken for little. */
static void *part(uint8_t *block, uint64_t *at, uint64_t count, size_t size)
{
    void *p = block ? block + *at : NULL;
    *at += (count * size + 7) & ~UINT64_C(7);
    return p;
}

/* block NULL: how much there has to be. */
static void lay_room(const struct shunt_desk *d, struct room *r)
{
    const struct desk_figures *f = d->figures;
    uint64_t values = f->responses.count > f->assignments.count ? f->responses.count : f->assignments.count;
    uint64_t agents = d->t->AGENT_count, at = 0;
    r->values = part(r->block, &at, values, sizeof *r->values);
    r->online = part(r->block, &at, agents, sizeof *r->online);
    r->crews = part(r->block, &at, d->crew_count, sizeof *r->crews);
    r->seen_agent = part(r->block, &at, agents, sizeof *r->seen_agent);
    r->seen_team = part(r->block, &at, d->t->TEAM_count, sizeof *r->seen_team);
    r->automatic = part(r->block, &at, agents, sizeof *r->automatic);
    r->member = part(r->block, &at, sh_words((size_t)agents), sizeof *r->member);
    r->cells = part(r->block, &at, f->cells.count, sizeof(void *));
    r->len = sh_array_len(at + 8, 1);
}

static bool make_room(const struct shunt_desk *d, struct room *r)
{
    *r = (struct room){0};
    lay_room(d, r);
    r->block = sh_alloc_zero(&d->txn.hooks, r->len);
    if (!r->block) return false;
    lay_room(d, r);
    for (uint32_t i = 0; i < d->t->AGENT_count; i++) r->online[i] = sh_desk_figures_online(d, i);
    sh_desk_figures_crews_online(d, r->online, r->crews);
    sh_desk_figures_sorted(d->figures, r->cells);
    return true;
}

/* ---- times by rank ---- */

static void sift(struct fig_value *v, uint64_t root, uint64_t count)
{
    for (uint64_t child; (child = root * 2 + 1) < count; root = child) {
        if (child + 1 < count && v[child].sec < v[child + 1].sec) child++;
        if (v[root].sec >= v[child].sec) return;
        struct fig_value t = v[root];
        v[root] = v[child];
        v[child] = t;
    }
}

/* Heap sort: in place, and never quadratic. The order of equal values is of no matter. */
static void sort(struct fig_value *v, uint64_t count)
{
    for (uint64_t i = count / 2; i-- > 0;) sift(v, i, count);
    while (count > 1) {
        struct fig_value t = v[0];
        v[0] = v[--count];
        v[count] = t;
        sift(v, 0, count);
    }
}

/* n values: the ranks from 1. */
static uint64_t median_rank(uint64_t n)
{
    return n / 2 + n % 2;
}
static uint64_t p90_rank(uint64_t n)
{
    return n - n / 10;
}

static void see(struct shunt_figures_times *t, uint64_t *seen, int64_t sec)
{
    ++*seen;
    if (*seen == median_rank(t->count)) t->median_sec = sec;
    if (*seen == p90_rank(t->count)) t->p90_sec = sec;
}

/* Which of an agent's times: the offset in struct shunt_figures_of. */
static struct shunt_figures_times *times(struct shunt_figures_of *of, size_t which)
{
    return (struct shunt_figures_times *)(void *)((char *)of + which);
}

static void rank_values(const struct shunt_desk *d, struct room *r, const struct fig_values *v, size_t which,
                        struct shunt_figures *f, struct shunt_figures_of *agents,
                        struct shunt_figures_of *teams)
{
    memset(r->seen_agent, 0, d->t->AGENT_count * sizeof *r->seen_agent);
    memset(r->seen_team, 0, d->t->TEAM_count * sizeof *r->seen_team);
    for (uint64_t i = 0; i < v->count; i++) {
        r->values[i] = v->at[i];
        if (v->at[i].agent != TF_NONE) times(&agents[v->at[i].agent], which)->count++;
        if (v->at[i].team != TF_NONE) times(&teams[v->at[i].team], which)->count++;
    }
    sort(r->values, v->count);
    uint64_t seen_all = 0;
    times(&f->all, which)->count = v->count;
    for (uint64_t i = 0; i < v->count; i++) {
        struct fig_value *x = &r->values[i];
        see(times(&f->all, which), &seen_all, x->sec);
        if (x->agent != TF_NONE) see(times(&agents[x->agent], which), &r->seen_agent[x->agent], x->sec);
        if (x->team != TF_NONE) see(times(&teams[x->team], which), &r->seen_team[x->team], x->sec);
    }
}

/* ---- counts ---- */

static void of_counts(struct shunt_figures_of *of, uint64_t assigned, uint64_t all, uint64_t automatic,
                      uint64_t online_sec)
{
    of->assigned = assigned;
    of->share = all ? (double)assigned / (double)all : 0;
    of->automatic = automatic;
    of->online_sec = online_sec;
    of->automatic_per_hour = online_sec ? (double)automatic * 3600 / (double)online_sec : 0;
}

static void count_people(const struct shunt_desk *d, const struct room *r, struct shunt_figures *f,
                         struct shunt_figures_of *agents, struct shunt_figures_of *teams)
{
    const struct desk_figures *k = d->figures;
    uint64_t online = k->gone_sec;
    for (uint32_t i = 0; i < d->t->AGENT_count; i++) {
        of_counts(&agents[i], k->agents[i].assigned, k->assigned, k->agents[i].automatic, r->online[i]);
        online += r->online[i];
    }
    for (uint32_t i = 0; i < d->t->TEAM_count; i++) {
        of_counts(&teams[i], k->teams[i].assigned, k->assigned, k->teams[i].automatic,
                  sh_desk_figures_team_online(d, i, r->crews));
    }
    of_counts(&f->all, k->assigned, k->assigned, k->automatic, online);
}

static void count_tickets(const struct shunt_desk *d, struct shunt_figures *f,
                          struct shunt_figures_of *agents, struct shunt_figures_of *teams)
{
    for (uint32_t i = 0; i < d->tickets.cap; i++) {
        const struct desk_ticket *k = d->tickets.slots[i].item;
        if (!k || k->status == SHUNT_CLOSED) continue;
        f->status[k->status]++;
        f->all.open++;
        if (k->agent != TF_NONE) agents[k->agent].open++;
        if (k->team != TF_NONE) teams[k->team].open++;
    }
    f->tickets = d->figures->arrived;
    f->status[SHUNT_CLOSED] = f->tickets - f->all.open;
}

static void count_channels(const struct shunt_desk *d, struct shunt_figures_channel *into)
{
    const struct tf_attr *a = &d->t->ATTR[TF_CHANNEL];
    for (uint32_t i = 0; i <= d->channel_count; i++) {
        bool named = i < d->channel_count;
        if (named) into[i].name = sh_string(d->t, le32(d->t->ATOM[le32(a->atom_first) + i].string));
        into[i].tickets = d->figures->by_channel[i];
    }
}

static void count_rules(const struct shunt_desk *d, struct shunt_figures_rule *into)
{
    for (uint32_t i = 0; i < d->figures->rule_count; i++) {
        bool gone = i >= d->t->RULE_count;
        into[i].name =
            gone ? d->gone_rules.at[i - d->t->RULE_count] : shunt_rule_name(d->t, i, &into[i].is_takes);
        into[i].tickets = d->figures->by_rule[i];
    }
}

static void count_hours(const struct shunt_desk *d, struct shunt_figures *f)
{
    const struct desk_figures *k = d->figures;
    memcpy(f->arrived, k->by_hour, sizeof f->arrived);
    memcpy(f->online_sec, k->online, sizeof f->online_sec);
    for (uint32_t i = 0; i < d->t->AGENT_count; i++) {
        if (k->agents[i].since_sec == FIG_OFFLINE) continue;
        sh_desk_figures_hours(d->t, k->agents[i].since_sec, d->core.now_sec, f->online_sec);
    }
    f->has_time = k->from_sec != FIG_OFFLINE;
    if (!f->has_time) return;
    f->from_sec = k->from_sec;
    f->to_sec = d->core.now_sec;
    sh_desk_figures_hours(d->t, f->from_sec, f->to_sec, f->passed_sec);
}

/* ---- rotations ---- */

static bool is_global(const struct shunt_desk *d, const struct fig_cell *c)
{
    return d->t->TEAM[c->team].rotation == TF_ROTATION_GLOBAL;
}

/* Whether two cells that follow each other count for the same rotation of a team. */
static bool same_rotation(const struct shunt_desk *d, const struct fig_cell *a, const struct fig_cell *b)
{
    return a->team == b->team &&
           (d->t->TEAM[a->team].rotation != TF_ROTATION_CHANNEL || a->channel == b->channel);
}

static uint32_t rotation_count(const struct shunt_desk *d, const struct fig_cell *const *cells)
{
    uint32_t count = 0;
    bool global = false;
    for (uint32_t i = 0; i < d->figures->cells.count; i++) {
        if (is_global(d, cells[i]))
            global = true;
        else
            count += i == 0 || !same_rotation(d, cells[i - 1], cells[i]);
    }
    return count + global;
}

static bool serves(const struct shunt_table *t, uint32_t agent, uint32_t channel)
{
    const struct tf_agent *a = &t->AGENT[agent];
    uint32_t first = le32(a->channel_first), count = le32(a->channel_count);
    if (first == TF_NONE || channel >= le32(t->ATTR[TF_CHANNEL].atom_count)) return true;
    for (uint32_t i = 0; i < count; i++) {
        if (le32(t->LIST[first + i]) == channel) return true;
    }
    return false;
}

enum { COMPARED_FROM_SEC = 3600 };

/* One agent more of a rotation. */
static void compare(struct shunt_figures_rotation *o, const struct room *r, uint32_t agent)
{
    if (r->online[agent] < COMPARED_FROM_SEC) return;
    double rate = (double)r->automatic[agent] * 3600 / (double)r->online[agent];
    if (o->agents == 0 || rate < o->least) o->least = rate;
    if (o->agents == 0 || rate > o->most) o->most = rate;
    o->agents++;
}

/* Cells [from, to) are those of one rotation. */
static void team_rotation(const struct shunt_desk *d, struct room *r, uint32_t from, uint32_t to,
                          struct shunt_figures_rotation *o)
{
    const struct fig_cell *c = r->cells[from];
    const struct tf_team *t = &d->t->TEAM[c->team];
    *o = (struct shunt_figures_rotation){
        .by_channel = t->rotation == TF_ROTATION_CHANNEL, .team = c->team, .channel = c->channel};
    for (uint32_t i = from; i < to; i++) r->automatic[r->cells[i]->agent] += r->cells[i]->automatic;
    for (uint32_t i = 0; i < le32(t->member_count); i++) {
        uint32_t agent = le32(d->t->LIST[le32(t->member_first) + i]);
        if (!o->by_channel || serves(d->t, agent, o->channel)) compare(o, r, agent);
    }
    for (uint32_t i = from; i < to; i++) r->automatic[r->cells[i]->agent] = 0;
    if (!o->by_channel) o->channel = TF_NONE;
    o->fairness = o->most - o->least;
}

static void global_rotation(const struct shunt_desk *d, struct room *r, struct shunt_figures_rotation *o)
{
    *o = (struct shunt_figures_rotation){.global = true, .team = TF_NONE, .channel = TF_NONE};
    memset(r->crews, 0, d->crew_count * sizeof *r->crews); /* from here on: whose members are marked */
    for (uint32_t i = 0; i < d->t->TEAM_count; i++) {
        const struct tf_team *t = &d->t->TEAM[i];
        if (t->rotation != TF_ROTATION_GLOBAL || r->crews[d->teams[i].crew]++) continue;
        for (uint32_t m = 0; m < le32(t->member_count); m++) {
            sh_set_bit(r->member, le32(d->t->LIST[le32(t->member_first) + m]));
        }
    }
    for (uint32_t i = 0; i < d->figures->cells.count; i++) {
        if (is_global(d, r->cells[i])) r->automatic[r->cells[i]->agent] += r->cells[i]->automatic;
    }
    for (uint32_t i = 0; i < d->t->AGENT_count; i++) {
        if (sh_bit(r->member, i)) compare(o, r, i);
    }
    o->fairness = o->most - o->least;
}

static void count_rotations(const struct shunt_desk *d, struct room *r, struct shunt_figures *f,
                            struct shunt_figures_rotation *into)
{
    uint32_t count = d->figures->cells.count, made = 0;
    for (uint32_t from = 0, to; from < count; from = to) {
        for (to = from + 1; to < count && same_rotation(d, r->cells[from], r->cells[to]); to++) continue;
        if (!is_global(d, r->cells[from])) team_rotation(d, r, from, to, &into[made++]);
    }
    if (made < f->rotation_count) global_rotation(d, r, &into[made]);
}

/* ---- all of it ---- */

/* The answer's arrays, as what they are while it is made. */
struct arrays {
    struct shunt_figures_of *agents, *teams;
    struct shunt_figures_channel *channels;
    struct shunt_figures_rule *rules;
    struct shunt_figures_rotation *rotations;
};

static uint64_t lay_answer(const struct shunt_desk *d, uint32_t rotations, uint8_t *block, struct arrays *a)
{
    uint64_t at = (sizeof(struct answer) + 7) & ~(size_t)7;
    a->agents = part(block, &at, d->t->AGENT_count, sizeof *a->agents);
    a->teams = part(block, &at, d->t->TEAM_count, sizeof *a->teams);
    a->channels = part(block, &at, d->channel_count + (uint64_t)1, sizeof *a->channels);
    a->rules = part(block, &at, d->figures->rule_count, sizeof *a->rules);
    a->rotations = part(block, &at, rotations, sizeof *a->rotations);
    return at;
}

static struct answer *make_answer(const struct shunt_desk *d, uint32_t rotations, struct arrays *a)
{
    size_t len = sh_array_len(lay_answer(d, rotations, NULL, a), 1);
    struct answer *answer = sh_alloc_zero(&d->txn.hooks, len);
    if (!answer) return NULL;
    lay_answer(d, rotations, (uint8_t *)answer, a);
    answer->hooks = d->txn.hooks;
    answer->len = len;
    answer->f.agents = a->agents, answer->f.agent_count = d->t->AGENT_count;
    answer->f.teams = a->teams, answer->f.team_count = d->t->TEAM_count;
    answer->f.channels = a->channels, answer->f.channel_count = d->channel_count + 1;
    answer->f.rules = a->rules, answer->f.rule_count = d->figures->rule_count;
    answer->f.rotations = a->rotations, answer->f.rotation_count = rotations;
    return answer;
}

enum shunt_status shunt_desk_figures(const struct shunt_desk *desk, const struct shunt_figures **figures)
{
    if (!desk->figures) return SHUNT_UNKNOWN;
    struct room r;
    struct arrays a;
    if (!make_room(desk, &r)) return SHUNT_NO_MEMORY;
    struct answer *answer = make_answer(desk, rotation_count(desk, r.cells), &a);
    if (answer) {
        struct shunt_figures *f = &answer->f;
        count_people(desk, &r, f, a.agents, a.teams);
        count_tickets(desk, f, a.agents, a.teams);
        count_channels(desk, a.channels);
        count_rules(desk, a.rules);
        count_hours(desk, f);
        count_rotations(desk, &r, f, a.rotations);
        const struct desk_figures *k = desk->figures;
        rank_values(desk, &r, &k->responses, offsetof(struct shunt_figures_of, response), f, a.agents,
                    a.teams);
        rank_values(desk, &r, &k->assignments, offsetof(struct shunt_figures_of, assignment), f, a.agents,
                    a.teams);
        *figures = f;
    }
    sh_free(&desk->txn.hooks, r.block, r.len);
    return answer ? SHUNT_OK : SHUNT_NO_MEMORY;
}

void shunt_figures_free(const struct shunt_figures *figures)
{
    if (!figures) return;
    struct answer *answer = (struct answer *)(uintptr_t)figures; /* f is its first member */
    struct shunt_hooks hooks = answer->hooks;
    sh_free(&hooks, answer, answer->len);
}
