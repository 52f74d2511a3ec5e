/*
 * A desk's figures (desk.md 8) to one JSON object on a line. Lists stand in the policy's order; times are in
 * seconds; numbers that are no whole ones have six decimals at the most, the last one rounded.
 */
#include "desk_run.h"
#include "rfc3339.h"

#include <errno.h>

static struct str str_of(struct shunt_string s)
{
    return (struct str){s.bytes, s.len};
}

/* x >= 0, without an exponent: printf()'s forms would do, but for the locale's comma. */
static void out_fraction(struct out *o, const char *key, double x)
{
    uint64_t millionths = (uint64_t)(x * 1e6 + 0.5), rest = millionths % 1000000;
    out_json_u64(o, key, millionths / 1000000);
    if (rest == 0) return;
    out_putc(o, '.');
    for (uint64_t unit = 100000; rest; rest %= unit, unit /= 10) out_putc(o, (char)('0' + rest / unit));
}

static void out_instant(struct out *o, const char *key, int64_t at_sec)
{
    char text[RFC3339_LEN + 1];
    write_rfc3339(at_sec, text);
    out_json_text(o, key, str_from(text));
}

static void out_times(struct out *o, const char *key, const struct shunt_figures_times *times)
{
    out_printf(o, ",\"%s\":{\"count\":", key);
    out_u64(o, times->count);
    if (times->count) {
        out_json_u64(o, "median_sec", (uint64_t)times->median_sec);
        out_json_u64(o, "p90_sec", (uint64_t)times->p90_sec);
    }
    out_putc(o, '}');
}

static void out_of(struct out *o, const struct shunt_figures_of *of)
{
    out_json_u64(o, "assigned", of->assigned);
    out_fraction(o, "share", of->share);
    out_json_u64(o, "open", of->open);
    out_times(o, "response", &of->response);
    out_times(o, "assignment", &of->assignment);
    out_json_u64(o, "online_sec", of->online_sec);
    out_json_u64(o, "automatic", of->automatic);
    out_fraction(o, "automatic_per_hour", of->automatic_per_hour);
}

/* An object's beginning and its first member. */
static void out_named(struct out *o, size_t i, const char *key, struct shunt_string name)
{
    out_printf(o, i ? ",{\"%s\":" : "{\"%s\":", key);
    out_json(o, str_of(name));
}

static void out_people(struct out *o, const struct shunt_table *t, const struct shunt_figures *f)
{
    out_puts(o, ",\"agents\":[");
    for (uint32_t i = 0; i < f->agent_count; i++) {
        out_named(o, i, "agent", shunt_agent_name(t, i));
        out_of(o, &f->agents[i]);
        out_putc(o, '}');
    }
    out_puts(o, "],\"teams\":[");
    for (uint32_t i = 0; i < f->team_count; i++) {
        out_named(o, i, "team", shunt_team_name(t, i));
        out_of(o, &f->teams[i]);
        out_putc(o, '}');
    }
    out_putc(o, ']');
}

static void out_status(struct out *o, const struct shunt_figures *f)
{
    for (unsigned i = 0; i <= SHUNT_CLOSED; i++) {
        out_printf(o, i ? ",\"%s\":" : ",\"status\":{\"%s\":", shunt_state_name(i));
        out_u64(o, f->status[i]);
    }
    out_putc(o, '}');
}

/* A ticket without a channel counts in an entry without a name. */
static void out_channels(struct out *o, const struct shunt_figures *f)
{
    out_puts(o, ",\"channels\":[");
    for (uint32_t i = 0; i < f->channel_count; i++) {
        const struct shunt_figures_channel *c = &f->channels[i];
        if (c->name.bytes) {
            out_named(o, i, "channel", c->name);
            out_putc(o, ',');
        } else {
            out_puts(o, i ? ",{" : "{");
        }
        out_puts(o, "\"tickets\":");
        out_u64(o, c->tickets);
        out_putc(o, '}');
    }
    out_putc(o, ']');
}

static void out_rules(struct out *o, const struct shunt_figures *f)
{
    out_puts(o, ",\"rules\":[");
    for (uint32_t i = 0; i < f->rule_count; i++) {
        out_puts(o, i ? ",{\"rule\":\"" : "{\"rule\":\"");
        if (f->rules[i].is_takes) out_puts(o, "team ");
        out_json_inside(o, str_of(f->rules[i].name));
        out_putc(o, '"');
        out_json_u64(o, "tickets", f->rules[i].tickets);
        out_putc(o, '}');
    }
    out_putc(o, ']');
}

/* Tickets, and agents online on average; null for hours of the week that have not been. */
static void out_week(struct out *o, const struct shunt_figures *f)
{
    out_puts(o, ",\"week\":[");
    for (unsigned i = 0; i < SHUNT_WEEK_HOURS; i++) {
        out_puts(o, i ? ",{\"hour\":" : "{\"hour\":");
        out_u64(o, i);
        out_json_u64(o, "tickets", f->arrived[i]);
        if (f->passed_sec[i])
            out_fraction(o, "online", (double)f->online_sec[i] / (double)f->passed_sec[i]);
        else
            out_puts(o, ",\"online\":null");
        out_putc(o, '}');
    }
    out_putc(o, ']');
}

static void out_rotations(struct out *o, const struct shunt_table *t, const struct shunt_figures *f)
{
    out_puts(o, ",\"rotations\":[");
    for (uint32_t i = 0; i < f->rotation_count; i++) {
        const struct shunt_figures_rotation *r = &f->rotations[i];
        out_puts(o, i ? ",{\"agents\":" : "{\"agents\":");
        out_u64(o, r->agents);
        out_puts(o, r->global ? ",\"global\":true" : "");
        if (!r->global) out_json_text(o, "team", str_of(shunt_team_name(t, r->team)));
        if (r->by_channel && f->channels[r->channel].name.bytes)
            out_json_text(o, "channel", str_of(f->channels[r->channel].name));
        else if (r->by_channel)
            out_puts(o, ",\"channel\":null");
        out_fraction(o, "least", r->least);
        out_fraction(o, "most", r->most);
        out_fraction(o, "fairness", r->fairness);
        out_putc(o, '}');
    }
    out_putc(o, ']');
}

void out_figures(struct out *o, const struct shunt_desk *desk)
{
    const struct shunt_table *t = shunt_desk_table(desk);
    const struct shunt_figures *f;
    if (shunt_desk_figures(desk, &f) != SHUNT_OK) {
        if (!o->error) o->error = ENOMEM;
        return;
    }
    out_puts(o, "{\"tickets\":");
    out_u64(o, f->tickets);
    if (f->has_time) {
        out_instant(o, "from", f->from_sec);
        out_instant(o, "to", f->to_sec);
    }
    out_of(o, &f->all);
    out_people(o, t, f);
    out_status(o, f);
    out_channels(o, f);
    out_rules(o, f);
    out_week(o, f);
    out_rotations(o, t, f);
    out_puts(o, "}\n");
    shunt_figures_free(f);
}
