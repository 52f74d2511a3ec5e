/* Who is online, for what, and where their work reaches them. */
#include "desk_state.h"

static struct desk_agent *touched(struct shunt_desk *d, uint32_t agent)
{
    struct desk_agent *a = desk_agent(d, agent);
    txn_touch(&d->txn, &a->mark, a, d->agent_len);
    return a;
}

static void drop_blocks(struct shunt_desk *d, struct desk_agent *a)
{
    sh_txn_free(&d->txn, a->channels, sh_words(d->channel_count) * sizeof *a->channels);
    sh_txn_free(&d->txn, a->devices, a->devices_len);
    a->channels = NULL;
    a->devices = NULL;
    a->device_count = a->devices_len = 0;
    a->some_channels = a->has_devices = false;
}

/* The desk's counts of who is online, and the midnight that signs them out. */
static void count(struct shunt_desk *d, const struct desk_agent *a, int n)
{
    d->core.online_count += (uint32_t)n;
    if (a->shift != TF_NONE) {
        struct desk_watch *w = &d->watches[a->shift];
        txn_touch(&d->txn, &w->mark, w, sizeof *w);
        w->online_count += (uint32_t)n;
    }
    if (!d->t->POLICY[0].presence_day) return;
    if (d->core.online_count == 0)
        d->core.midnight_sec = DESK_NEVER;
    else if (d->core.midnight_sec == DESK_NEVER)
        d->core.midnight_sec = sh_desk_next_midnight(d->t, d->core.now_sec);
}

void sh_desk_online(struct shunt_desk *d, uint32_t agent, const uint64_t *channels,
                    struct desk_device *devices, uint32_t device_count, uint32_t devices_len,
                    bool has_devices)
{
    struct desk_agent *a = touched(d, agent);
    bool was = a->online;
    drop_blocks(d, a);
    a->online = true;
    a->some_channels = channels != NULL;
    a->channels = (uint64_t *)(uintptr_t)channels;
    a->has_devices = has_devices;
    a->devices = devices;
    a->device_count = device_count;
    a->devices_len = devices_len;
    sh_desk_refit(d, agent);
    if (!was) {
        count(d, a, 1);
        if (d->figures) sh_desk_figures_presence(d, agent, true, d->core.now_sec);
    }
    sh_desk_better(d, agent);
    sh_desk_worse(d, agent);
}

void sh_desk_offline(struct shunt_desk *d, uint32_t agent)
{
    struct desk_agent *a = desk_agent(d, agent);
    if (!a->online) return;
    touched(d, agent);
    drop_blocks(d, a);
    a->online = false;
    sh_desk_refit(d, agent);
    count(d, a, -1);
    if (d->figures) sh_desk_figures_presence(d, agent, false, d->core.now_sec);
    sh_desk_worse(d, agent);
}

void sh_desk_offline_all(struct shunt_desk *d)
{
    for (uint32_t i = 0; i < d->t->AGENT_count; i++) sh_desk_offline(d, i);
}

bool sh_desk_is_online(const struct shunt_desk *d, uint32_t agent, uint32_t channel)
{
    const struct desk_agent *a = desk_agent(d, agent);
    if (!a->online || !a->some_channels || channel == TF_NONE) return a->online;
    return sh_bit(a->channels, channel);
}

struct shunt_string sh_desk_device_of(const struct shunt_desk *d, uint32_t agent, uint32_t channel)
{
    const struct desk_agent *a = desk_agent(d, agent);
    if (channel == TF_NONE) return (struct shunt_string){NULL, 0};
    if (!a->has_devices) return sh_string(d->t, desk_by_channel(d->t, &d->t->AGENT[agent].device, channel));
    for (uint32_t i = 0; i < a->device_count; i++) {
        if (a->devices[i].channel == channel)
            return (struct shunt_string){a->devices[i].text, a->devices[i].len};
    }
    return (struct shunt_string){NULL, 0};
}

bool shunt_desk_is_online(const struct shunt_desk *desk, uint32_t agent)
{
    return desk_agent(desk, agent)->online;
}
