/*
 * The next version of a policy for a desk (desk.md 4.4): names that go and others in their places, members
 * who leave, agents who become viewers, fields that change places, other ways to share.
 *
 * A place that is renamed keeps what it says, so that what is drawn stays valid. The old version is left as
 * it is.
 */
#include "log.h"

#include <string.h>

enum { VIEWER = 4 };

struct next {
    struct gen *g;
    struct g_policy *p;
    int *names;       /* how many were made */
    strings from, to; /* values renamed: by pointer, as conditions share them */
};

#define COPY_LIST(n, l) copy_list((n)->g, (l), sizeof *(l)->at)

static void copy_list(struct gen *g, void *list, size_t item_len)
{
    struct {
        void *at;
        int count, cap;
    } *l = list;
    void *at = gen_alloc(g, ((size_t)l->count + 1) * item_len);
    if (l->count) memcpy(at, l->at, (size_t)l->count * item_len);
    l->at = at;
    l->cap = l->count;
}

static const char *fresh(struct next *n)
{
    return gen_format(n->g, "next-%d", ++*n->names);
}

/* ---- people ---- */

static void remove_member(struct next *n, struct g_team *t, int agent)
{
    int kept = 0;
    COPY_LIST(n, &t->agents);
    for (int i = 0; i < t->agents.count; i++)
        if (t->agents.at[i] != agent) t->agents.at[kept++] = t->agents.at[i];
    t->agents.count = kept;
}

static void no_step_to(struct next *n, g_steps *steps, int agent)
{
    COPY_LIST(n, steps);
    for (int i = 0; i < steps->count; i++)
        if (steps->at[i].kind == TO_AGENT && steps->at[i].target == agent) steps->at[i].kind = TO_NOBODY;
}

static void make_viewer(struct next *n, int agent)
{
    n->p->agents.at[agent].role = VIEWER;
    for (int i = 0; i < n->p->teams.count; i++) remove_member(n, &n->p->teams.at[i], agent);
    for (int i = 0; i < n->p->rules.count; i++) no_step_to(n, &n->p->rules.at[i].to, agent);
    no_step_to(n, &n->p->otherwise, agent);
}

static void next_agents(struct next *n)
{
    for (int i = 0; i < n->p->agents.count; i++) {
        struct g_agent *a = &n->p->agents.at[i];
        if (rng_chance(n->g, 12)) a->id = fresh(n);
        if (rng_chance(n->g, 15)) a->weight = rng_between(n->g, 1, 4);
        if (rng_chance(n->g, 15)) a->limits = (struct g_map){0};
        if (rng_chance(n->g, 15)) a->skills = n->p->skills;
        if (rng_chance(n->g, 5)) make_viewer(n, i);
    }
}

static void next_teams(struct next *n)
{
    for (int i = 0; i < n->p->teams.count; i++) {
        struct g_team *t = &n->p->teams.at[i];
        if (rng_chance(n->g, 12)) t->id = fresh(n);
        if (t->agents.count && rng_chance(n->g, 20))
            remove_member(n, t, t->agents.at[rng_below(n->g, t->agents.count)]);
        if (rng_chance(n->g, 12))
            t->assign = (struct g_map){.said = true, .plain = true, .value = rng_below(n->g, 10)};
        if (rng_chance(n->g, 10)) t->backlog_leave = !t->backlog_leave;
        if (rng_chance(n->g, 10)) t->members_only = !t->members_only;
        if (rng_chance(n->g, 10)) t->on_shift = !t->on_shift;
        if (rng_chance(n->g, 10)) t->sticky = true;
    }
}

/* ---- names of attributes and their values ---- */

static void rename_values(struct next *n, struct g_attr *a)
{
    COPY_LIST(n, &a->values);
    for (int i = 0; i < a->values.count; i++) {
        if (!rng_chance(n->g, 8)) continue;
        *list_push(n->g, &n->from) = a->values.at[i];
        *list_push(n->g, &n->to) = a->values.at[i] = fresh(n);
    }
}

static void next_attrs(struct next *n)
{
    for (int i = 0; i < n->p->attrs.count; i++) {
        struct g_attr *a = &n->p->attrs.at[i];
        if (i >= A_FIELD0 && rng_chance(n->g, 8)) a->name = fresh(n);
        if ((a->type == T_LISTED || a->type == T_CHANNEL) && rng_chance(n->g, 25)) rename_values(n, a);
        int other = rng_between(n->g, A_FIELD0, n->p->attrs.count);
        if (i < A_FIELD0 || other >= n->p->attrs.count || !rng_chance(n->g, 15)) continue;
        const char *name = a->name;
        a->name = n->p->attrs.at[other].name;
        n->p->attrs.at[other].name = name;
    }
    n->p->channels_said = true;
}

static void rename_in(struct next *n, g_values *values)
{
    COPY_LIST(n, values);
    for (int i = 0; i < values->count; i++)
        for (int k = 0; values->at[i].kind == V_NAME && k < n->from.count; k++)
            if (values->at[i].s == n->from.at[k]) {
                values->at[i].s = n->to.at[k];
                break;
            }
}

static struct g_cond *rename_in_cond(struct next *n, const struct g_cond *c)
{
    struct g_cond *copy = gen_alloc(n->g, sizeof *copy);
    *copy = *c;
    rename_in(n, &copy->values);
    COPY_LIST(n, &copy->kids);
    for (int i = 0; i < copy->kids.count; i++) copy->kids.at[i] = rename_in_cond(n, copy->kids.at[i]);
    return copy;
}

static void rename_in_match(struct next *n, g_match *m)
{
    COPY_LIST(n, m);
    for (int i = 0; i < m->count; i++) rename_in(n, &m->at[i].values);
}

static void next_rules(struct next *n)
{
    for (int i = 0; i < n->p->rules.count; i++) {
        struct g_rule *r = &n->p->rules.at[i];
        if (rng_chance(n->g, 10)) r->name = fresh(n);
        if (r->when) r->when = rename_in_cond(n, r->when);
        rename_in_match(n, &r->match);
    }
    for (int i = 0; i < n->p->teams.count; i++) {
        COPY_LIST(n, &n->p->teams.at[i].takes);
        for (int k = 0; k < n->p->teams.at[i].takes.count; k++)
            rename_in_match(n, &n->p->teams.at[i].takes.at[k]);
    }
}

void log_next_policy(struct g_log *log)
{
    struct g_policy *p = gen_alloc(&log->g, sizeof *p);
    struct next n = {.g = &log->g, .p = p, .names = &log->names};
    *p = *log->d.policy;
    p->promises.count = 0;
    COPY_LIST(&n, &p->attrs);
    COPY_LIST(&n, &p->hours);
    COPY_LIST(&n, &p->agents);
    COPY_LIST(&n, &p->teams);
    COPY_LIST(&n, &p->rules);
    next_agents(&n);
    next_teams(&n);
    next_attrs(&n);
    next_rules(&n);
    for (int i = 0; i < p->hours.count; i++)
        if (rng_chance(n.g, 12)) p->hours.at[i].name = fresh(&n);
    if (rng_chance(n.g, 15)) p->assign_on_reply = rng_below(n.g, 2);
    if (p->zone && rng_chance(n.g, 15)) p->presence = rng_below(n.g, 2);
    struct g_part whole = whole_part(p);
    log->d.policy = p;
    log->d.yaml = write_yaml(n.g, p, &whole, true);
}
