/*
 * What two policies say otherwise beside decisions: teams, agents, hours, the switches, and fields of another
 * type. See diff_out.h.
 *
 * Each thing is a list of properties; a property is put in words that are equal where it is the same. What
 * has no order (skills, channels) is sorted first, and a map by channel leaves out what its `other` says
 * anyway. JSON has the whole thing as `dump --json` has it.
 */
#include "diff_changed.h"
#include "render.h"

#include <stddef.h>
#include <stdlib.h>

/* ---- lists and maps ---- */

static int str_order(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static void say_items(struct out *o, struct str *items, uint32_t count, bool ordered)
{
    if (!ordered && count) qsort(items, count, sizeof *items, str_order);
    for (uint32_t i = 0; i < count; i++) {
        if (i) out_putc(o, BETWEEN);
        out_str(o, items[i]);
    }
}

static void say_list(struct dump *d, struct out *o, le32_t first, le32_t count, bool ordered,
                     struct str (*name)(const struct table_view *v, uint32_t index))
{
    struct str *items = arena_array(d->words.a, struct str, le32(count));
    for (uint32_t i = 0; i < le32(count); i++) items[i] = name(d->v, le32(d->v->LIST.at[le32(first) + i]));
    say_items(o, items, le32(count), ordered);
}

typedef struct str say_value(struct dump *d, uint32_t value);

/* "email: 3, other: 20"; "20" where every channel has it. */
static void say_map(struct dump *d, struct out *o, const struct tf_channel_map *map, say_value *say)
{
    struct arena *a = d->words.a;
    uint32_t count = le32(map->count), other = le32(map->other), kept = 0;
    struct str *items = arena_array(a, struct str, count), rest = {NULL, 0};
    if (other != TF_NONE) rest = arena_str(a, say(d, other));
    for (uint32_t i = 0; i < count; i++) {
        const struct tf_by_channel *at = &d->v->BY_CHANNEL.at[le32(map->first) + i];
        struct str channel = name_of_channel(d->v, le32(at->channel)), value = say(d, le32(at->value));
        if (rest.p && str_eq(value, rest)) continue;
        items[kept++] = arena_printf(a, "%.*s: %.*s", (int)channel.len, channel.p, (int)value.len, value.p);
    }
    say_items(o, items, kept, false);
    if (!rest.p) return;
    if (kept) out_printf(o, "%cother: ", BETWEEN);
    out_str(o, rest);
}

static struct str of_number(struct dump *d, uint32_t value)
{
    return arena_printf(d->words.a, "%u", value);
}
static struct str of_string(struct dump *d, uint32_t value)
{
    return view_string(d->v, to_le32(value));
}
static struct str of_strategy(struct dump *d, uint32_t value)
{
    (void)d;
    return str_from(word_strategy(value));
}
static struct str of_hours(struct dump *d, uint32_t value)
{
    return view_string(d->v, d->v->HOURS.at[value].name);
}

static void say_string(struct dump *d, struct out *o, le32_t string)
{
    out_str(o, view_string(d->v, string));
}

static void say_switch(struct out *o, bool on)
{
    out_puts(o, on ? "true" : "false");
}

/* ---- agents ---- */

#define AGENT_SAYS(name) static void name(struct dump *d, uint32_t i, struct out *o)
static const struct tf_agent *agent(const struct dump *d, uint32_t i)
{
    return &d->v->AGENT.at[i];
}

AGENT_SAYS(agent_name)
{
    say_string(d, o, agent(d, i)->display_name);
}
AGENT_SAYS(agent_role)
{
    out_puts(o, word_role(agent(d, i)->role));
}
AGENT_SAYS(agent_weight)
{
    out_u64(o, agent(d, i)->weight);
}
AGENT_SAYS(agent_rank)
{
    say_map(d, o, &agent(d, i)->rank, of_number);
}
AGENT_SAYS(agent_devices)
{
    say_map(d, o, &agent(d, i)->device, of_string);
}

AGENT_SAYS(agent_limits)
{
    uint32_t total = le32(agent(d, i)->limit_total);
    say_map(d, o, &agent(d, i)->limit, of_number);
    if (total == TF_NONE) return;
    if (le32(agent(d, i)->limit.count)) out_putc(o, BETWEEN);
    out_printf(o, "total: %u", total);
}

AGENT_SAYS(agent_skills)
{
    say_list(d, o, agent(d, i)->skill_first, agent(d, i)->skill_count, false, name_of_skill);
}

AGENT_SAYS(agent_channels)
{
    const struct tf_agent *a = agent(d, i);
    if (le32(a->channel_first) == TF_NONE)
        out_puts(o, "all");
    else
        say_list(d, o, a->channel_first, a->channel_count, false, name_of_channel);
}

AGENT_SAYS(agent_hours)
{
    if (le32(agent(d, i)->hours) != TF_NONE) out_str(o, of_hours(d, le32(agent(d, i)->hours)));
}

AGENT_SAYS(agent_away)
{
    if (le32(agent(d, i)->away) != TF_NONE) diff_say_days(o, words_windows(d, le32(agent(d, i)->away)));
}

static const struct property agent_properties[] = {
    {"name", agent_name},     {"role", agent_role},       {"rank", agent_rank},
    {"weight", agent_weight}, {"skills", agent_skills},   {"channels", agent_channels},
    {"limits", agent_limits}, {"devices", agent_devices}, {"hours", agent_hours},
    {"away", agent_away},
};

/* ---- teams ---- */

#define TEAM_SAYS(name) static void name(struct dump *d, uint32_t i, struct out *o)
static const struct tf_team *team(const struct dump *d, uint32_t i)
{
    return &d->v->TEAM.at[i];
}

static struct str name_of_agent(const struct table_view *v, uint32_t index)
{
    return view_string(v, v->AGENT.at[index].name);
}

/* In their order, which counts. */
TEAM_SAYS(team_agents)
{
    if (team(d, i)->agents_all)
        out_puts(o, "all");
    else
        say_list(d, o, team(d, i)->member_first, team(d, i)->member_count, true, name_of_agent);
}

TEAM_SAYS(team_description)
{
    say_string(d, o, team(d, i)->description);
}
TEAM_SAYS(team_assign)
{
    say_map(d, o, &team(d, i)->assign, of_strategy);
}
TEAM_SAYS(team_rotation)
{
    out_puts(o, word_rotation(team(d, i)->rotation));
}
TEAM_SAYS(team_hours)
{
    say_map(d, o, &team(d, i)->hours, of_hours);
}
TEAM_SAYS(team_after_hours)
{
    say_map(d, o, &team(d, i)->after_hours, words_after_hours);
}
TEAM_SAYS(team_backlog)
{
    out_puts(o, team(d, i)->backlog_leave ? "leave" : "drain");
}
TEAM_SAYS(team_sticky)
{
    say_switch(o, team(d, i)->sticky);
}
TEAM_SAYS(team_members_only)
{
    say_switch(o, team(d, i)->members_only);
}
TEAM_SAYS(team_present)
{
    out_puts(o, team(d, i)->on_shift ? "on-shift" : "online");
}

static const struct property team_properties[] = {
    {"description", team_description}, {"agents", team_agents}, {"assign", team_assign},
    {"rotation", team_rotation},       {"hours", team_hours},   {"after_hours", team_after_hours},
    {"backlog", team_backlog},         {"sticky", team_sticky}, {"members_only", team_members_only},
    {"present", team_present},
};

/* ---- the policy itself ---- */

#define POLICY_SAYS(name) static void name(struct dump *d, uint32_t i, struct out *o)
static const struct tf_policy *policy(const struct dump *d, uint32_t i)
{
    return &d->v->POLICY.at[i];
}

POLICY_SAYS(policy_zone)
{
    if (le32(policy(d, i)->zone) != TF_NONE) say_string(d, o, d->v->ZONE.at[le32(policy(d, i)->zone)].name);
}
POLICY_SAYS(policy_presence)
{
    out_puts(o, policy(d, i)->presence_day ? "day" : "signout");
}
POLICY_SAYS(policy_auto_assign)
{
    out_puts(o, policy(d, i)->auto_assign ? "on" : "off");
}
POLICY_SAYS(policy_assign_on_reply)
{
    out_puts(o, policy(d, i)->assign_on_reply ? "on" : "off");
}

static const struct property policy_properties[] = {
    {"timezone", policy_zone},
    {"presence", policy_presence},
    {"auto_assign", policy_auto_assign},
    {"assign_on_reply", policy_assign_on_reply},
};

static void field_type(struct dump *d, uint32_t i, struct out *o)
{
    out_puts(o, word_type(d->v->ATTR.at[i].type));
}
static const struct property field_properties[] = {{"type", field_type}};

static struct str policy_name(const struct table_view *v, uint32_t i)
{
    struct str name = view_string(v, v->POLICY.at[i].name);
    return name.p ? name : S("policy");
}
static struct str name_of_team(const struct table_view *v, uint32_t i)
{
    return view_string(v, v->TEAM.at[i].name);
}
static struct str name_of_hours(const struct table_view *v, uint32_t i)
{
    return view_string(v, v->HOURS.at[i].name);
}

static uint32_t team_count(const struct table_view *v)
{
    return v->TEAM.count;
}
static uint32_t agent_count(const struct table_view *v)
{
    return v->AGENT.count;
}
static uint32_t hours_count(const struct table_view *v)
{
    return v->HOURS.count;
}
static uint32_t policy_count(const struct table_view *v)
{
    return v->POLICY.count;
}
static uint32_t attr_count(const struct table_view *v)
{
    return v->ATTR.count;
}

/* ---- things ---- */

/* A kind of thing. json NULL: an object of its properties. */
struct kind {
    const char *word;
    uint32_t (*count)(const struct table_view *v);
    struct str (*name)(const struct table_view *v, uint32_t index);
    void (*json)(struct dump *d, uint32_t index);
    const struct property *properties;
    size_t property_count;
    bool by_name;     /* false: the one with the same index */
    bool only_both;   /* what is in one table alone is no difference: a new field is none */
    const char *note; /* what follows, for people; may be NULL */
};
#define PROPERTIES(of) of, sizeof of / sizeof *of
static const struct kind kinds[] = {
    {"team", team_count, name_of_team, dump_json_team, PROPERTIES(team_properties), true, false, NULL},
    {"agent", agent_count, name_of_agent, dump_json_agent, PROPERTIES(agent_properties), true, false, NULL},
    {"hours", hours_count, name_of_hours, dump_json_one_hours, hours_properties, HOURS_PROPERTIES, true,
     false, NULL},
    {"policy", policy_count, policy_name, NULL, PROPERTIES(policy_properties), false, true, NULL},
    {"field", attr_count, view_attr_name, NULL, PROPERTIES(field_properties), true, true,
     "    Tickets that one of the two policies cannot read for that are not compared.\n"},
};

void diff_say_days(struct out *o, struct str days)
{
    for (size_t i = 0; i < days.len; i++) {
        bool is_comma = days.p[i] == ',';
        out_putc(o, is_comma ? BETWEEN : days.p[i]);
        i += is_comma; /* and the space behind it */
    }
}

struct str diff_say(say_property *say, struct dump *d, uint32_t index, struct out *o)
{
    o->len = 0;
    say(d, index, o);
    if (o->error) arena_fail(d->words.a);
    return arena_str(d->words.a, (struct str){o->p ? o->p : "", o->len});
}

/* ---- comparing ---- */

static bool alike(struct diff_run *r, say_property *say, const uint32_t index[2])
{
    if (diff_lists_alike(r, say, index)) return true;
    struct str before = diff_say(say, &r->dump[0], index[0], &r->text);
    return str_eq(before, diff_say(say, &r->dump[1], index[1], &r->text));
}

static bool same(struct diff_run *r, const struct kind *k, const uint32_t index[2])
{
    for (size_t i = 0; i < k->property_count; i++)
        if (!alike(r, k->properties[i].say, index)) return false;
    return true;
}

/* ---- JSON ---- */

static void put_object(struct diff_run *r, const struct kind *k, uint32_t which, uint32_t index)
{
    struct out *o = r->cli->out;
    struct dump *d = &r->dump[which];
    out_puts(o, which ? ",\"new\":" : ",\"old\":");
    if (index == SHUNT_NONE) {
        out_puts(o, "null");
        return;
    }
    d->first = true;
    if (k->json) {
        k->json(d, index);
        return;
    }
    for (size_t i = 0; i < k->property_count; i++) {
        out_puts(o, i ? ",\"" : "{\"");
        out_puts(o, k->properties[i].key);
        out_puts(o, "\":");
        out_json(o, diff_say(k->properties[i].say, d, index, &r->text));
    }
    out_putc(o, '}');
}

static void told_json(struct diff_run *r, const struct kind *k, struct str name, const uint32_t index[2])
{
    struct out *o = r->cli->out;
    out_printf(o, "{\"changed\":\"%s\"", k->word);
    out_json_text(o, "name", name);
    for (uint32_t w = 0; w < 2; w++) put_object(r, k, w, index[w]);
    out_puts(o, "}\n");
}

/* ---- for people ---- */

static void out_words(struct out *o, struct str words)
{
    struct str rest = words;
    if (!words.len) out_puts(o, "(none)");
    while (rest.len) {
        size_t len = 0;
        while (len < rest.len && rest.p[len] != BETWEEN) len++;
        out_visible(o, (struct str){rest.p, len});
        if (len < rest.len) out_puts(o, ", "), len++;
        rest = (struct str){rest.p + len, rest.len - len};
    }
}

static void tell_property(struct diff_run *r, const struct property *p, const uint32_t index[2])
{
    struct out *o = r->cli->out;
    struct str before = diff_say(p->say, &r->dump[0], index[0], &r->text);
    struct str after = diff_say(p->say, &r->dump[1], index[1], &r->text);
    out_printf(o, "    %s: ", p->key);
    if (!diff_tell_items(r->dump[0].words.a, o, p->say == team_agents, before, after)) {
        out_puts(o, "before ");
        out_words(o, before);
        out_puts(o, "; after ");
        out_words(o, after);
    }
    out_putc(o, '\n');
}

static void told_text(struct diff_run *r, const struct kind *k, struct str name, const uint32_t index[2])
{
    struct out *o = r->cli->out;
    if (r->changed_count == 1) out_puts(o, "\nChanged beside the decisions:\n");
    out_printf(o, "  %s \"", k->word);
    out_visible(o, name);
    out_puts(o, index[0] == SHUNT_NONE ? "\" is new\n" : index[1] == SHUNT_NONE ? "\" is gone\n" : "\"\n");
    if (index[0] == SHUNT_NONE || index[1] == SHUNT_NONE) return;
    for (size_t i = 0; i < k->property_count; i++) {
        say_property *say = k->properties[i].say, *whole = diff_part_of(say);
        if (!alike(r, say, index) && (!whole || alike(r, whole, index)))
            tell_property(r, &k->properties[i], index);
    }
    if (k->note) out_puts(o, k->note);
}

/* ---- things of both tables ---- */

static void tell(struct diff_run *r, const struct kind *k, struct str name, const uint32_t index[2])
{
    bool both = index[0] != SHUNT_NONE && index[1] != SHUNT_NONE;
    if (both ? same(r, k, index) : k->only_both) return;
    r->changed_count++;
    (r->json ? told_json : told_text)(r, k, name, index);
}

/* In room of its own: what is said of one thing may be long. */
static void compare(struct diff_run *r, const struct kind *k, struct str name, const uint32_t index[2])
{
    struct arena *part = arena_part(r->a);
    struct buf words[2] = {r->dump[0].words, r->dump[1].words};
    for (int w = 0; w < 2; w++) buf_init(&r->dump[w].words, part);
    tell(r, k, name, index);
    for (int w = 0; w < 2; w++) r->dump[w].words = words[w];
    arena_end(part);
}

static void names_of(const struct kind *k, struct dump *d, struct strmap *known)
{
    for (uint32_t i = 0; i < k->count(d->v); i++) strmap_put(d->words.a, known, k->name(d->v, i), i);
}

/* What the old table has, in its order; then what only the new one has. */
static void compare_kind(struct diff_run *r, const struct kind *k)
{
    struct strmap known[2] = {{0}, {0}};
    for (uint32_t w = 0; w < 2; w++) names_of(k, &r->dump[w], &known[w]);
    for (uint32_t i = 0; i < k->count(r->dump[0].v); i++) {
        struct str name = k->name(r->dump[0].v, i);
        compare(r, k, name, (const uint32_t[]){i, k->by_name ? strmap_get(&known[1], name, SHUNT_NONE) : i});
    }
    for (uint32_t i = 0; k->by_name && i < k->count(r->dump[1].v); i++) {
        struct str name = k->name(r->dump[1].v, i);
        if (strmap_get(&known[0], name, SHUNT_NONE) == SHUNT_NONE)
            compare(r, k, name, (const uint32_t[]){SHUNT_NONE, i});
    }
}

void diff_tell_changed(struct diff_run *r)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) compare_kind(r, &kinds[i]);
}
