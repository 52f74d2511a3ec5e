/* Who is online, for what, and where their work reaches them. */
#include "desk_state.h"

static struct desk_agent *touched(struct shunt_desk *d, uint32_t agent)
{
    struct desk_agent *a = desk_agent(d, agent);
    txn_touch(&d->txn, &a->mark, a, d->agent_len);
    return a;
}

struct desk_channels *sh_desk_channels(struct shunt_desk *d, uint32_t count)
{
    struct desk_channels *made =
        sh_txn_alloc(&d->txn, sh_array_len((uint64_t)count + 1, sizeof(uint32_t))); /* its count, and they */
    made->count = count;
    return made;
}

void sh_desk_channels_free(struct shunt_desk *d, struct desk_channels *channels)
{
    if (channels) sh_txn_free(&d->txn, channels, desk_channels_len(channels));
}

/* What a number is sorted by: itself, or as the place of a device the device's channel. */
static uint32_t key_of(const struct desk_device *devices, uint32_t x)
{
    return devices ? devices[x].channel : x;
}

static void sift(uint32_t *at, uint32_t root, uint32_t count, const struct desk_device *by)
{
    for (uint64_t child; (child = root * UINT64_C(2) + 1) < count; root = (uint32_t)child) {
        if (child + 1 < count && key_of(by, at[child]) < key_of(by, at[child + 1])) child++;
        if (key_of(by, at[root]) >= key_of(by, at[child])) return;
        uint32_t t = at[root];
        at[root] = at[child];
        at[child] = t;
    }
}

/* Heap sort: in place, and never quadratic. */
static void sort(uint32_t *at, uint32_t count, const struct desk_device *by)
{
    for (uint32_t i = count / 2; i-- > 0;) sift(at, i, count, by);
    while (count > 1) {
        uint32_t t = at[0];
        at[0] = at[--count];
        at[count] = t;
        sift(at, 0, count, by);
    }
}

void sh_desk_channels_sort(struct desk_channels *channels)
{
    sort(channels->at, channels->count, NULL);
}

/* They stand as they were said, which is how they are saved, and are looked for by channel. */
static struct desk_channels *devices_by_channel(struct shunt_desk *d, const struct desk_device *devices,
                                                uint32_t count)
{
    if (count == 0) return NULL;
    struct desk_channels *places = sh_desk_channels(d, count);
    for (uint32_t i = 0; i < count; i++) places->at[i] = i;
    sort(places->at, count, devices);
    return places;
}

static void drop_blocks(struct shunt_desk *d, struct desk_agent *a)
{
    sh_desk_channels_free(d, a->channels);
    sh_txn_free(&d->txn, a->devices, a->devices_len);
    sh_desk_channels_free(d, a->devices_by);
    a->channels = a->devices_by = NULL;
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

void sh_desk_online(struct shunt_desk *d, uint32_t agent, struct desk_channels *channels,
                    struct desk_device *devices, uint32_t device_count, uint32_t devices_len,
                    bool has_devices)
{
    struct desk_agent *a = touched(d, agent);
    bool was = a->online;
    drop_blocks(d, a);
    a->online = true;
    a->some_channels = channels != NULL;
    a->channels = channels;
    a->has_devices = has_devices;
    a->devices = devices;
    a->devices_by = devices_by_channel(d, devices, device_count);
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
    return desk_among(a->channels->at, a->channels->count, channel);
}

struct shunt_string sh_desk_device_of(const struct shunt_desk *d, uint32_t agent, uint32_t channel)
{
    const struct desk_agent *a = desk_agent(d, agent);
    if (channel == TF_NONE) return (struct shunt_string){NULL, 0};
    if (!a->has_devices) return sh_string(d->t, desk_by_channel(d->t, &d->t->AGENT[agent].device, channel));
    for (uint32_t lo = 0, hi = a->device_count; lo < hi;) {
        uint32_t mid = lo + (hi - lo) / 2;
        const struct desk_device *v = &a->devices[a->devices_by->at[mid]];
        if (v->channel == channel) return (struct shunt_string){v->text, v->len};
        if (v->channel < channel)
            lo = mid + 1;
        else
            hi = mid;
    }
    return (struct shunt_string){NULL, 0};
}

bool shunt_desk_is_online(const struct shunt_desk *desk, uint32_t agent)
{
    return desk_agent(desk, agent)->online;
}
