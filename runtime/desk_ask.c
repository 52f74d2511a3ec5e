/*
 * A ticket that waits to what an attempt would come to now, and how each member stands: asked by the code
 * that makes attempts (sh_desk_judge), which changes nothing but scratch, and told as an attempt is
 * (desk_watch.c).
 *
 * For whoever asks why a ticket still waits: a drain attempts no ticket for which nothing can have changed
 * (desk.h), so that its last attempt may be long past.
 */
#include "desk_state.h"

static bool waits(const struct desk_ticket *k)
{
    return k->status == SHUNT_QUEUED || k->status == SHUNT_HELD || k->status == SHUNT_OFFERED;
}

enum shunt_status shunt_desk_ask(struct shunt_desk *desk, struct shunt_string ticket,
                                 void (*told)(void *ctx, const struct shunt_attempt *attempt), void *ctx)
{
    const struct desk_ticket *k = sh_desk_find_ticket(desk, ticket);
    if (!k || !waits(k)) return SHUNT_UNKNOWN;
    struct desk_ask ask = {k->team, k->wanted, k->channel, k->require, k->touched, k->has_steps_left};
    struct desk_result result;
    void (*watch)(void *, const struct shunt_attempt *) = desk->watch;
    void *watch_ctx = desk->watch_ctx;
    sh_desk_judge(desk, &ask, &result);
    ask.team = result.team;
    shunt_desk_watch(desk, told, ctx);
    sh_desk_watch_members(desk, &ask, &result);
    sh_desk_watch_tell(desk, k, &ask, &result);
    shunt_desk_watch(desk, watch, watch_ctx);
    return SHUNT_OK;
}
