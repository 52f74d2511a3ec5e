/*
 * A decision of the library as the line of desk.md 7.1.
 */
#include "random_desk.h"

#include <string.h>
#include <time.h>

static void json(struct out *o, struct shunt_string s)
{
    static const char short_forms[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    sb_putc(o, '"');
    for (size_t i = 0; i < s.len; i++) {
        const char *f = short_forms;
        while (*f && *f != s.bytes[i]) f += 2;
        if (*f)
            sb_putc(o, '\\'), sb_putc(o, f[1]);
        else if ((unsigned char)s.bytes[i] < 32)
            sb_printf(o, "\\u%04x", (unsigned)s.bytes[i]);
        else
            sb_putc(o, s.bytes[i]);
    }
    sb_putc(o, '"');
}

static void key(struct out *o, const char *name, struct shunt_string value)
{
    sb_printf(o, ",\"%s\":", name);
    json(o, value);
}

static void text_key(struct out *o, const char *name, const char *text)
{
    sb_printf(o, ",\"%s\":\"%s\"", name, text ? text : "?");
}

static void time_key(struct out *o, const char *before, int64_t at)
{
    time_t t = at;
    struct tm tm;
    gmtime_r(&t, &tm);
    sb_printf(o, "%s\"%04d-%02d-%02dT%02d:%02d:%02dZ\"", before, tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
              tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static void offered(struct out *o, const struct shunt_table *t, const struct shunt_desk_decision *d)
{
    int count = 0;
    for (size_t i = 0; i < d->agent_count; i++) {
        sb_puts(o, i ? "," : ",\"agents\":[");
        json(o, shunt_agent_name(t, d->agents[i]));
    }
    if (d->agent_count) sb_puts(o, "]");
    for (size_t i = 0; i < d->agent_count; i++) {
        if (!d->devices[i].bytes) continue;
        sb_puts(o, count++ ? "," : ",\"devices\":{");
        json(o, shunt_agent_name(t, d->agents[i]));
        sb_putc(o, ':');
        json(o, d->devices[i]);
    }
    if (count) sb_putc(o, '}');
}

static void who(struct out *o, const struct shunt_table *t, const struct shunt_desk_decision *d)
{
    if (d->team != SHUNT_NONE) key(o, "team", shunt_team_name(t, d->team));
    if (d->agent != SHUNT_NONE) key(o, "agent", shunt_agent_name(t, d->agent));
    if (d->status == SHUNT_OFFERED) offered(o, t, d);
    if (d->device.bytes) key(o, "device", d->device);
    sb_puts(o, ",\"rule\":");
    struct out rule = {.g = o->g};
    if (d->rule_is_takes) sb_puts(&rule, "team ");
    sb_bytes(&rule, d->rule.bytes, d->rule.len);
    json(o, (struct shunt_string){rule.p, rule.len});
}

static void lists(struct out *o, const struct shunt_desk_decision *d, strings *warnings)
{
    for (size_t i = 0; i < d->add_count; i++) {
        sb_puts(o, i ? "," : ",\"add\":{\"labels\":[");
        json(o, d->add[i]);
    }
    if (d->add_count) sb_puts(o, "]}");
    if (d->step > 1) sb_printf(o, ",\"step\":%u", d->step);
    int count = 0;
    bool first = d->part != SHUNT_PART_DUE;
    if (d->time_went_back) sb_puts(o, ",\"warnings\":[\"time went back\""), count++;
    for (int i = 0; first && i < warnings->count; i++) {
        sb_puts(o, count++ ? "," : ",\"warnings\":[");
        json(o, (struct shunt_string){warnings->at[i], strlen(warnings->at[i])});
    }
    if (count) sb_putc(o, ']');
    if (first) warnings->count = 0;
}

void desk_line(struct out *o, const struct shunt_table *t, const struct shunt_desk_decision *d,
               strings *warnings)
{
    time_key(o, "{\"at\":", d->at_sec);
    key(o, "ticket", d->ticket);
    text_key(o, "status", shunt_state_name(d->status));
    who(o, t, d);
    if (d->status != SHUNT_CLOSED && d->status != SHUNT_PENDING) text_key(o, "why", shunt_why_name(d->why));
    if (d->has_until) time_key(o, ",\"until\":", d->until_sec);
    text_key(o, "priority", shunt_priority_name(d->priority));
    lists(o, d, warnings);
    sb_puts(o, "}\n");
}
