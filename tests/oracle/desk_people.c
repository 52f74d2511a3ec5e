/*
 * Who is who, where they are members, what they have open: looked up anew each time.
 */
#include "desk_state.h"

#include <limits.h>
#include <string.h>

int od_find_agent(const struct oracle_desk *d, const char *name)
{
    for (int i = 0; name && i < d->p->agents.count; i++)
        if (!strcmp(d->p->agents.at[i].id, name)) return i;
    return NONE;
}

int od_find_team(const struct oracle_desk *d, const char *name)
{
    for (int i = 0; name && i < d->p->teams.count; i++)
        if (!strcmp(d->p->teams.at[i].id, name)) return i;
    return NONE;
}

int od_find_channel(const struct oracle_desk *d, const char *name)
{
    const strings *channels = &d->p->attrs.at[A_CHANNEL].values;
    for (int i = 0; i < channels->count; i++)
        if (!strcmp(channels->at[i], name)) return i;
    return NONE;
}

/* 2.1: ids are compared byte for byte. */
struct ticket *od_find_ticket(const struct oracle_desk *d, const char *id)
{
    for (int i = 0; id && i < d->tickets.count; i++)
        if (!strcmp(d->tickets.at[i]->id, id)) return d->tickets.at[i];
    return NULL;
}

/* language.md 2.7: `other` stands for every channel not named, and for a ticket without one. */
int od_map_at(const struct g_map *m, int channel, int otherwise)
{
    if (!m->said) return otherwise;
    if (m->plain) return m->value;
    for (int i = 0; i < m->entries.count; i++)
        if (channel != NONE && m->entries.at[i].channel == channel) return m->entries.at[i].value;
    for (int i = 0; i < m->entries.count; i++)
        if (m->entries.at[i].channel == OTHER) return m->entries.at[i].value;
    return otherwise;
}

int od_channel_carried(const struct oracle_desk *d, const struct ticket *k)
{
    const struct g_slot *s = &k->carried.slots[A_CHANNEL];
    return s->carried ? od_find_channel(d, s->names.at[0]) : NONE;
}

/* 6.2: roles rise: viewer, agent, manager, admin, owner. Here the owner is 0. */
bool od_is_viewer(const struct oracle_desk *d, int agent)
{
    return d->p->agents.at[agent].role == 4;
}

bool od_is_manager(const struct oracle_desk *d, int agent)
{
    int role = d->p->agents.at[agent].role;
    return role != NOT_SAID && role <= 2;
}

/* language.md 2.6: `all` is everyone but viewers. 3.1: in the order listed, or declared. */
void od_members_of(const struct oracle_desk *d, int team, struct agents *out)
{
    const struct g_team *t = &d->p->teams.at[team];
    out->count = 0;
    for (int i = 0; !t->agents_all && i < t->agents.count; i++) out->at[out->count++] = t->agents.at[i];
    for (int i = 0; t->agents_all && i < d->p->agents.count; i++)
        if (!od_is_viewer(d, i)) out->at[out->count++] = i;
}

bool od_is_member(const struct oracle_desk *d, int team, int agent)
{
    struct agents members;
    od_members_of(d, team, &members);
    for (int i = 0; i < members.count; i++)
        if (members.at[i] == agent) return true;
    return false;
}

bool od_has_agent(const struct ticket *k)
{
    return k->status == ASSIGNED || k->status == PENDING;
}

/* 5.1 */
bool od_is_waiting(const struct ticket *k)
{
    return k->status == HELD || k->status == QUEUED || k->status == OFFERED;
}

int od_next_step(const struct ticket *k)
{
    for (int i = k->step + 1; i < k->steps->count; i++)
        if ((int)k->steps->at[i].kind != TO_GONE) return i;
    return NONE;
}

bool od_has_later_step(const struct ticket *k)
{
    return !k->touched && !k->ended && od_next_step(k) != NONE;
}

/* 3.3: open tickets assigned to them and not pending; 2.6: "none" is one more channel. */
int od_open_on(const struct oracle_desk *d, int agent, int channel)
{
    int count = 0;
    for (int i = 0; i < d->tickets.count; i++) {
        const struct ticket *k = d->tickets.at[i];
        count += k->status == ASSIGNED && k->agent == agent && k->channel == channel;
    }
    return count;
}

int od_open_in_all(const struct oracle_desk *d, int agent)
{
    int count = 0;
    for (int i = 0; i < d->tickets.count; i++)
        count += d->tickets.at[i]->status == ASSIGNED && d->tickets.at[i]->agent == agent;
    return count;
}

/* 2.6: of a ticket without a channel only `total` limits count. */
int od_limit_of(const struct oracle_desk *d, int agent, int channel)
{
    const struct g_map *m = &d->p->agents.at[agent].limits;
    for (int i = 0; m->said && channel != NONE && i < m->entries.count; i++)
        if (m->entries.at[i].channel == channel) return m->entries.at[i].value;
    return INT_MAX;
}

bool od_on_shift(const struct oracle_desk *d, int agent)
{
    return od_schedule_on(d->shifts[agent], d->now);
}

/* 6.1: the devices said with `online` stand for the whole of the policy's. */
const char *od_device_of(const struct oracle_desk *d, int agent, int channel)
{
    const struct desk_agent *a = &d->agents[agent];
    const struct g_agent *said = &d->p->agents.at[agent];
    if (channel == NONE) return NULL;
    for (int i = 0; a->has_devices && i < a->devices.count; i++)
        if (od_find_channel(d, a->devices.at[i].channel) == channel) return a->devices.at[i].text;
    for (int i = 0; !a->has_devices && i < said->devices.count; i++)
        if (said->devices.at[i].channel == channel) return said->devices.at[i].text;
    return NULL;
}

struct schedule *od_hours_of(const struct oracle_desk *d, int team, int channel)
{
    int hours = od_map_at(&d->p->teams.at[team].hours, channel, ALWAYS);
    return hours == ALWAYS ? d->always : d->hours[hours];
}
