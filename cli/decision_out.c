/*
 * A desk's decision to a line of JSON: keys in the order of desk.md 7.1, absent where they do not apply,
 * without spaces.
 *
 * Allocates nothing but the room of the output.
 */
#include "desk_run.h"
#include "rfc3339.h"

static struct str str_of(struct shunt_string s)
{
    return (struct str){s.bytes, s.len};
}

static void out_time(struct out *o, const char *opening, int64_t at_sec)
{
    char text[RFC3339_LEN + 1];
    write_rfc3339(at_sec, text);
    out_puts(o, opening);
    out_bytes(o, text, RFC3339_LEN);
    out_putc(o, '"');
}

static struct str agent_name(const struct shunt_desk *desk, uint32_t agent)
{
    return str_of(shunt_agent_name(shunt_desk_table(desk), agent));
}

static void out_agents(struct out *o, const struct shunt_desk *desk, const struct shunt_desk_decision *d)
{
    out_puts(o, ",\"agents\":[");
    for (size_t i = 0; i < d->agent_count; i++) {
        if (i) out_putc(o, ',');
        out_json(o, agent_name(desk, d->agents[i]));
    }
    out_putc(o, ']');
}

/* Those of them who have one; no key where nobody has. */
static void out_devices(struct out *o, const struct shunt_desk *desk, const struct shunt_desk_decision *d)
{
    size_t shown = 0;
    for (size_t i = 0; i < d->agent_count; i++) {
        if (!d->devices || !d->devices[i].bytes) continue;
        out_puts(o, shown++ ? "," : ",\"devices\":{");
        out_json(o, agent_name(desk, d->agents[i]));
        out_putc(o, ':');
        out_json(o, str_of(d->devices[i]));
    }
    if (shown) out_putc(o, '}');
}

static void out_whose(struct out *o, const struct shunt_desk *desk, const struct shunt_desk_decision *d)
{
    if (d->team != SHUNT_NONE)
        out_json_text(o, "team", str_of(shunt_team_name(shunt_desk_table(desk), d->team)));
    bool has_agent = d->status == SHUNT_ASSIGNED || d->status == SHUNT_PENDING || d->status == SHUNT_CLOSED;
    if (has_agent && d->agent != SHUNT_NONE) out_json_text(o, "agent", agent_name(desk, d->agent));
    if (d->status == SHUNT_ASSIGNED && d->device.bytes) out_json_text(o, "device", str_of(d->device));
    if (d->status == SHUNT_OFFERED) {
        out_agents(o, desk, d);
        out_devices(o, desk, d);
    }
}

static void out_rule(struct out *o, const struct shunt_desk_decision *d)
{
    out_puts(o, d->rule_is_takes ? ",\"rule\":\"team " : ",\"rule\":\"");
    out_json_inside(o, str_of(d->rule));
    out_putc(o, '"');
}

static void out_effects(struct out *o, const struct shunt_desk_decision *d)
{
    out_json_word(o, "priority", shunt_priority_name(d->priority));
    for (size_t i = 0; i < d->add_count; i++) {
        out_puts(o, i ? "," : ",\"add\":{\"labels\":[");
        out_json(o, str_of(d->add[i]));
    }
    if (d->add_count) out_puts(o, "]}");
}

void out_decision(struct out *o, const struct shunt_desk *desk, const struct shunt_desk_decision *d,
                  const struct str *warnings, size_t warning_count)
{
    out_time(o, "{\"at\":\"", d->at_sec);
    out_json_text(o, "ticket", str_of(d->ticket));
    out_json_word(o, "status", shunt_state_name(d->status));
    out_whose(o, desk, d);
    out_rule(o, d);
    if (d->status != SHUNT_CLOSED && d->status != SHUNT_PENDING)
        out_json_word(o, "why", shunt_why_name(d->why));
    if (d->status == SHUNT_HELD && d->has_until) out_time(o, ",\"until\":\"", d->until_sec);
    out_effects(o, d);
    if (d->step > 1) out_json_u64(o, "step", d->step);
    for (size_t i = 0; i < warning_count; i++) {
        out_puts(o, i ? "," : ",\"warnings\":[");
        out_json(o, warnings[i]);
    }
    out_puts(o, warning_count ? "]}\n" : "}\n");
}
