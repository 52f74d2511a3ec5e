/*
 * desk.md 7.1: a decision as a line.
 */
#include "desk_state.h"

#include <time.h>

static void json(struct out *o, const char *s)
{
    static const char short_forms[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    sb_putc(o, '"');
    for (; *s; s++) {
        const char *f = short_forms;
        while (*f && *f != *s) f += 2;
        if (*f)
            sb_putc(o, '\\'), sb_putc(o, f[1]);
        else if ((unsigned char)*s < 32)
            sb_printf(o, "\\u%04x", (unsigned)*s);
        else
            sb_putc(o, *s);
    }
    sb_putc(o, '"');
}

static void key(struct out *o, const char *name, const char *value)
{
    sb_printf(o, ",\"%s\":", name);
    json(o, value);
}

static void key_time(struct out *o, const char *before, int64_t at)
{
    time_t t = at;
    struct tm tm;
    gmtime_r(&t, &tm);
    sb_printf(o, "%s\"%04d-%02d-%02dT%02d:%02d:%02dZ\"", before, tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
              tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/* NONE: an agent who is gone (4.4), until a drain sees it. */
static void offered(const struct oracle_desk *d, struct out *o, const struct ticket *k)
{
    int agents = 0, devices = 0;
    for (int i = 0; i < k->offered.count; i++) {
        if (k->offered.at[i] == NONE) continue;
        sb_puts(o, agents++ ? "," : ",\"agents\":[");
        json(o, d->p->agents.at[k->offered.at[i]].id);
    }
    if (agents) sb_puts(o, "]");
    for (int i = 0; i < k->offered.count; i++) {
        const char *device = k->offered.at[i] == NONE ? NULL : od_device_of(d, k->offered.at[i], k->channel);
        if (!device) continue;
        sb_puts(o, devices++ ? "," : ",\"devices\":{");
        json(o, d->p->agents.at[k->offered.at[i]].id);
        sb_putc(o, ':');
        json(o, device);
    }
    if (devices) sb_putc(o, '}');
}

static void who(const struct oracle_desk *d, struct out *o, const struct ticket *k)
{
    if (k->team != NONE) key(o, "team", d->p->teams.at[k->team].id);
    if (k->agent != NONE) key(o, "agent", d->p->agents.at[k->agent].id);
    if (k->status == OFFERED) offered(d, o, k);
    const char *device = k->status == ASSIGNED ? od_device_of(d, k->agent, k->channel) : NULL;
    if (device) key(o, "device", device);
}

static void names(struct out *o, const char *open, const strings *list, const char *close)
{
    for (int i = 0; i < list->count; i++) {
        sb_puts(o, i ? "," : open);
        json(o, list->at[i]);
    }
    if (list->count) sb_puts(o, close);
}

void od_line(struct oracle_desk *d, const struct ticket *k)
{
    static const char *const statuses[] = {"assigned",   "offered", "queued", "held",
                                           "unassigned", "pending", "closed"};
    struct out *o = &d->out;
    key_time(o, "{\"at\":", d->now);
    key(o, "ticket", k->id);
    key(o, "status", statuses[k->status]);
    who(d, o, k);
    key(o, "rule", k->rule);
    if (k->status != CLOSED && k->status != PENDING) key(o, "why", k->why);
    if (k->status == HELD && k->until != NEVER) key_time(o, ",\"until\":", k->until);
    key(o, "priority", gen_priorities[k->priority]);
    names(o, ",\"add\":{\"labels\":[", &k->add, "]}");
    if (k->step > 0) sb_printf(o, ",\"step\":%d", k->step + 1);
    names(o, ",\"warnings\":[", &d->warnings, "]");
    d->warnings.count = 0;
    sb_puts(o, "}\n");
}
