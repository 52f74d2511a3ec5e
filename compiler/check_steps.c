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

/* Whether one of these hours is open wherever the other is not. */
static bool complement(const struct model *m, uint32_t a, uint32_t b)
{
    const struct m_hours *x = &m->hours.at[a], *y = &m->hours.at[b];
    return (x->outside == b && x->every_weeks <= 1) || (y->outside == a && y->every_weeks <= 1);
}

/* Whether the teams of steps [0, before) can all be closed for the channel at once; false where there are
 * none. */
static bool all_can_close(const struct checker *k, const m_steps *list, uint32_t before, uint32_t channel)
{
    enum { TEAMS_COMPARED_MAX = 16 }; /* pairs are compared: a list of steps is short, or its rule is odd */
    uint32_t seen[TEAMS_COMPARED_MAX], count = 0;
    for (uint32_t i = 0; i < before; i++) {
        const struct m_step *s = &list->at[i];
        if (s->kind != TF_TO_TEAM) continue;
        uint32_t hours = channel == NONE ? k->m->teams.at[s->target].hours.other
                                         : map_at(&k->m->teams.at[s->target].hours, channel);
        if (k->m->teams.at[s->target].wrong || k->m->hours.at[hours].wrong) return false;
        if (hours_known_open(k->m, hours)) return false;
        for (uint32_t j = 0; j < count; j++)
            if (complement(k->m, seen[j], hours)) return false;
        if (count < TEAMS_COMPARED_MAX) seen[count++] = hours;
    }
    return count > 0;
}

/* The same for any channel of a ticket, or none. Only channels that a team's map names differ from the rest.
 */
static bool can_come_early(const struct checker *k, const m_steps *list, uint32_t before)
{
    if (all_can_close(k, list, before, NONE)) return true;
    for (uint32_t i = 0; i < before; i++) {
        const struct m_step *s = &list->at[i];
        if (s->kind != TF_TO_TEAM) continue;
        const struct m_channel_map *map = &k->m->teams.at[s->target].hours;
        for (uint32_t j = 0; j < map->some.count; j++)
            if (all_can_close(k, list, before, map->some.at[j].channel)) return true;
    }
    return false;
}

/* ---- a rule's steps ---- */

/* What stands behind a step that is never reached is not reached either: the first is told. */
static void check_list(struct checker *k, const m_steps *list)
{
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
        if (i && s->of_hours == NONE && can_come_early(k, list, i)) diag0(k->d, W1016, s->at);
    }
}

void check_steps(struct checker *k)
{
    for (uint32_t i = 0; i < k->m->rules.count; i++)
        if (!k->dead[i]) check_list(k, &k->m->rules.at[i].steps);
    if (!k->m->otherwise_wrong) check_list(k, &k->m->otherwise);
}
