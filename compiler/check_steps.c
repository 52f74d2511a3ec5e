/*
 * Steps that no ticket enters, and steps that hand a ticket on before the teams ahead have opened.
 *
 * A step is never entered after one that leaves the ticket unassigned (desk.md 2.3), nor where its time is
 * counted in hours that never open, nor behind such a step.
 */
#include "checker.h"

/* Whether the step's time never comes: `after: 0` comes at once, whatever the hours. */
static bool never_due(const struct checker *k, const struct m_step *s)
{
    return s->of_hours != NONE && s->after_sec > 0 && hours_known_shut(k->m, s->of_hours);
}

/* ---- due while every team before is closed ---- */

/* Pairs are compared: a list of steps is short, or its rule is odd. */
enum { HOURS_COMPARED_MAX = 16, WORK_BEGIN = 50000, WORK_EACH = 64 };

/* Whether one of these hours is open wherever the other is not. */
static bool complement(const struct model *m, uint32_t a, uint32_t b)
{
    const struct m_hours *x = &m->hours.at[a], *y = &m->hours.at[b];
    return (x->outside == b && x->every_weeks <= 1) || (y->outside == a && y->every_weeks <= 1);
}

/* The steps so far, as tickets of one channel go through them: whether the teams can all be closed at once. */
struct way {
    uint32_t channel; /* NONE: those without one */
    uint32_t done;    /* steps looked at */
    bool dead;        /* one is never closed while the others are: nor will it be with more steps */
    uint32_t seen[HOURS_COMPARED_MAX], count;
};

/* One list of steps, looked at from the first to the last. Only channels that a team's map names differ from the
 * rest; of those one way after the other is followed, and none again that is dead. */
struct early {
    struct checker *k;
    const m_steps *list;
    struct way other, one; /* of no channel; of a named one */
    uint32_t steps_named;  /* steps whose teams' channels are known */
    ids channels;          /* those named so far */
    uint32_t next;         /* the first that was not followed yet */
    uint32_t *named;       /* by channel: the list that named it last */
    uint32_t number;       /* of the list */
    uint64_t work;         /* left for named channels, of all lists; then what they would say is not said */
};

static void add_step(struct checker *k, const m_steps *list, struct way *w)
{
    const struct m_step *s = &list->at[w->done++];
    if (s->kind != TF_TO_TEAM) return;
    const struct m_team *team = &k->m->teams.at[s->target];
    uint32_t hours = w->channel == NONE ? team->hours.other : map_at(&team->hours, w->channel);
    w->dead = team->wrong || k->m->hours.at[hours].wrong || hours_known_open(k->m, hours);
    for (uint32_t j = 0; !w->dead && j < w->count; j++) {
        if (w->seen[j] == hours) return;
        w->dead = complement(k->m, w->seen[j], hours);
    }
    w->dead |= w->count == HOURS_COMPARED_MAX; /* of more it is not known: nothing is said */
    if (!w->dead) w->seen[w->count++] = hours;
}

/* Whether the teams of steps [0, before) can all be closed on the way; false where there are none. */
static bool can_all_close(struct early *e, struct way *w, uint32_t before, uint64_t *work)
{
    for (; !w->dead && w->done < before && spend(work);) add_step(e->k, e->list, w);
    return !w->dead && w->count > 0 && w->done == before;
}

/* The channels that the step's team names, each once. */
static void name_channels(struct early *e, const struct m_step *s)
{
    if (s->kind != TF_TO_TEAM) return;
    const struct m_channel_map *map = &e->k->m->teams.at[s->target].hours;
    for (uint32_t i = 0; i < map->some.count && spend(&e->work); i++) {
        uint32_t channel = map->some.at[i].channel;
        if (e->named[channel] == e->number) continue;
        e->named[channel] = e->number;
        *vec_push(e->k->a, &e->channels) = channel;
    }
}

/* Whether the teams of steps [0, before) can all be closed for any channel of a ticket, or none. `before` goes
 * up from call to call. */
static bool can_come_early(struct early *e, uint32_t before)
{
    uint64_t all = UINT64_MAX;
    while (e->steps_named < before) name_channels(e, &e->list->at[e->steps_named++]);
    if (can_all_close(e, &e->other, before, &all)) return true;
    while (e->work) {
        if (e->one.channel != NONE && can_all_close(e, &e->one, before, &e->work)) return true;
        if (e->next == e->channels.count) return false;
        e->one = (struct way){.channel = e->channels.at[e->next++]};
    }
    return false;
}

/* ---- a rule's steps ---- */

static void begin_list(struct early *e, const m_steps *list)
{
    e->list = list;
    e->other = e->one = (struct way){.channel = NONE};
    e->channels.count = e->next = e->steps_named = 0;
    e->number++;
    e->work += WORK_EACH * (uint64_t)list->count;
}

/* What stands behind a step that is never reached is not reached either: the first is told. */
static void check_list(struct early *e, const m_steps *list)
{
    struct checker *k = e->k;
    if (list->count > 1) begin_list(e, list);
    for (uint32_t i = 0; i < list->count; i++) {
        const struct m_step *s = &list->at[i];
        const char *never = NULL;
        if (i && list->at[i - 1].kind == TF_TO_NOBODY)
            never = "the step before it leaves the ticket unassigned, which ends the steps";
        else if (i && never_due(k, s))
            never = "its time is counted in hours that never open";
        if (never) {
            diag(k->d, W1003, s->at, str_from(never));
            return;
        }
        if (i && s->of_hours == NONE && can_come_early(e, i)) diag0(k->d, W1016, s->at);
    }
}

void check_steps(struct checker *k)
{
    struct early e = {.k = k, .work = WORK_BEGIN};
    e.named = arena_array(k->a, uint32_t, k->m->attrs.at[TF_CHANNEL].values.count);
    for (uint32_t i = 0; i < k->m->rules.count; i++)
        if (!k->dead[i]) check_list(&e, &k->m->rules.at[i].steps);
    if (!k->m->otherwise_wrong) check_list(&e, &k->m->otherwise);
}
