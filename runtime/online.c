/* Who is online, for those who look on from outside: see shunt.h. */
#include "desk.h"

bool shunt_desk_is_online(const struct shunt_desk *desk, uint32_t agent)
{
    return desk_agent(desk, agent)->online;
}
