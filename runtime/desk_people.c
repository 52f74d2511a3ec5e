/* Events about agents and switches: online, offline, auto (desk.md 6.1). */
#include "desk_event.h"

/* ---- online ---- */

/* Whether it is the first time in this round that the channel is said. */
static bool first_said(struct shunt_desk *d, uint32_t channel)
{
    bool first = d->scratch.said[channel] != d->scratch.said_round;
    d->scratch.said[channel] = d->scratch.said_round;
    return first;
}

/* Each that is named, once; NULL: refused. */
static struct desk_channels *read_channels(struct desk_doing *x)
{
    const struct shunt_event *e = x->e;
    struct shunt_desk *d = x->d;
    uint32_t count = 0;
    if (e->channel_count == 0) {
        sh_desk_refuse(x, SHUNT_REFUSED_NO_CHANNEL, (struct shunt_string){NULL, 0});
        return NULL;
    }
    d->scratch.said_round++;
    for (size_t i = 0; i < e->channel_count; i++) {
        uint32_t channel = sh_desk_named_channel(x, e->channels[i]);
        if (channel == TF_NONE) return NULL;
        count += first_said(d, channel);
    }
    struct desk_channels *channels = sh_desk_channels(d, count);
    d->scratch.said_round++;
    for (size_t i = 0, n = 0; n < count; i++) {
        uint32_t channel = sh_desk_named_channel(x, e->channels[i]);
        if (first_said(d, channel)) channels->at[n++] = channel;
    }
    sh_desk_channels_sort(channels);
    return channels;
}

/* Devices and their texts in one block of devices_len(). */
static uint32_t devices_len(const struct shunt_event *e)
{
    uint64_t len = (uint64_t)e->device_count * sizeof(struct desk_device); /* texts may be one and the same */
    for (size_t i = 0; i < e->device_count; i++) len += e->devices[i].text.len + 1;
    return len > UINT32_MAX ? UINT32_MAX : (uint32_t)len;
}

static bool read_devices(struct desk_doing *x, struct desk_device *devices)
{
    const struct shunt_event *e = x->e;
    char *text = (char *)(devices + e->device_count);
    x->d->scratch.said_round++;
    for (size_t i = 0; i < e->device_count; i++) {
        const struct shunt_string *said = &e->devices[i].text;
        uint32_t channel = sh_desk_named_channel(x, e->devices[i].channel);
        if (channel == TF_NONE) return false;
        if (!first_said(x->d, channel))
            return sh_desk_refuse(x, SHUNT_REFUSED_CHANNEL_TWICE, e->devices[i].channel);
        memcpy(text, said->bytes, said->len); /* a NUL stands behind it: the block is zero */
        devices[i] = (struct desk_device){channel, (uint32_t)said->len, text};
        text += said->len + 1;
    }
    return true;
}

void sh_desk_do_online(struct desk_doing *x)
{
    struct shunt_desk *d = x->d;
    const struct shunt_event *e = x->e;
    uint32_t agent = sh_desk_doer(x, true), len = 0;
    struct desk_channels *channels = NULL;
    struct desk_device *devices = NULL;
    if (agent == TF_NONE) return;
    if (e->has_channels) channels = read_channels(x);
    bool fine = !e->has_channels || channels;
    if (fine && e->has_devices && e->device_count) {
        len = devices_len(e);
        if (len == UINT32_MAX || e->device_count >= UINT32_MAX) sh_txn_fail(&d->txn);
        devices = sh_txn_alloc(&d->txn, len);
        fine = read_devices(x, devices);
    }
    if (fine) {
        sh_desk_online(d, agent, channels, devices, (uint32_t)(devices ? e->device_count : 0), len,
                       e->has_devices);
        return;
    }
    sh_desk_channels_free(d, channels);
    sh_txn_free(&d->txn, devices, len);
}

void sh_desk_do_offline(struct desk_doing *x)
{
    uint32_t agent = sh_desk_doer(x, false);
    if (agent != TF_NONE) sh_desk_offline(x->d, agent);
}

/* ---- the switches (6.3) ---- */

void sh_desk_do_auto(struct desk_doing *x)
{
    struct shunt_desk *d = x->d;
    if (!sh_desk_may(x, TF_MANAGER)) return;
    if (!x->e->team.bytes) {
        d->core.off = !x->e->on;
        sh_desk_stale_all(d);
        return;
    }
    uint32_t team = sh_desk_named_team(x, x->e->team);
    if (team == TF_NONE) return;
    txn_touch(&d->txn, &d->teams[team].mark, &d->teams[team], sizeof *d->teams);
    d->teams[team].off = !x->e->on;
    sh_desk_stale_team(d, team);
}
