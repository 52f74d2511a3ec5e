/*
 * A policy in the DSL (language.md 3). Independent of the YAML writer but for the conditions, dates and
 * durations, which are one language in both. Layout, comments, quotes and the order of blocks vary.
 */
#include "gen.h"

#include <string.h>

struct dsl {
    struct out *o;
    struct gen *g;
    const struct g_policy *p;
    bool plain;
    int depth, notes;
    bool on_line; /* something stands on this line already */
};

/* Words with a meaning of their own somewhere: quoted as names. */
static const char *const dsl_words[] = {
    "policy",   "version",    "timezone", "include",     "channels",
    "labels",   "segments",   "field",    "is",          "one",
    "of",       "number",     "text",     "bool",        "set",
    "hours",    "like",       "every",    "weeks",       "from",
    "weekly",   "season",     "closed",   "special",     "holidays",
    "break",    "agent",      "role",     "rank",        "for",
    "weight",   "skills",     "limit",    "total",       "device",
    "away",     "team",       "agents",   "takes",       "assign",
    "rotation", "after",      "to",       "hold",        "leave",
    "backlog",  "drain",      "sticky",   "members",     "only",
    "present",  "rule",       "when",     "match",       "active",
    "require",  "priority",   "raise",    "add",         "then",
    "continue", "otherwise",  "presence", "auto_assign", "assign_on_reply",
    "promise",  "unassigned", "mon",      "tue",         "wed",
    "thu",      "fri",        "sat",      "sun",         "other",
    "on",       "off",        "online",   "day",         "signout"};

static bool is_dsl_word(const char *s)
{
    for (size_t i = 0; i < sizeof dsl_words / sizeof *dsl_words; i++)
        if (!strcmp(s, dsl_words[i])) return true;
    return strlen(s) > 4 && s[3] == '-'; /* mon-fri, and what looks like it */
}

static void name(struct dsl *w, const char *s)
{
    if (is_dsl_word(s))
        write_quoted(w->o, w->g, s);
    else
        write_name(w->o, w->g, s);
}

static void text(struct dsl *w, const char *s)
{
    write_quoted(w->o, w->g, s);
}

static void word(struct dsl *w, const char *s)
{
    sb_puts(w->o, s);
}

/* ---- lines ---- */

static void note(struct dsl *w)
{
    if (!w->plain && rng_chance(w->g, 3)) sb_printf(w->o, "  # note %d; \"and\" { more", ++w->notes);
}

static void indent(struct dsl *w)
{
    for (int i = 0; i < w->depth; i++) sb_puts(w->o, "    ");
}

/* Begins a statement. */
static void begin(struct dsl *w)
{
    if (w->on_line) {
        sb_putc(w->o, ' ');
        return;
    }
    if (!w->plain && rng_chance(w->g, 4)) {
        if (rng_chance(w->g, 30)) sb_putc(w->o, '\n');
        indent(w);
        sb_printf(w->o, "# note %d: of its own\n", ++w->notes);
    }
    indent(w);
}

/* Ends one, with a line end or a semicolon. */
static void end(struct dsl *w)
{
    w->on_line = !w->plain && rng_chance(w->g, 6);
    if (w->on_line) {
        sb_putc(w->o, ';');
        return;
    }
    if (!w->plain && rng_chance(w->g, 2)) sb_puts(w->o, " ;");
    note(w);
    sb_putc(w->o, '\n');
}

static void open(struct dsl *w)
{
    sb_puts(w->o, " {");
    w->on_line = !w->plain && rng_chance(w->g, 15);
    if (!w->on_line) {
        note(w);
        sb_putc(w->o, '\n');
    }
    w->depth++;
}

static void close(struct dsl *w)
{
    w->depth--;
    if (w->on_line)
        sb_putc(w->o, ' ');
    else
        indent(w);
    sb_putc(w->o, '}');
    w->on_line = false;
    note(w);
    sb_putc(w->o, '\n');
    if (w->depth == 0 && (w->plain || rng_chance(w->g, 50))) sb_putc(w->o, '\n');
}

static void comma(struct dsl *w, int i)
{
    if (i == 0) {
        sb_putc(w->o, ' ');
        return;
    }
    sb_putc(w->o, ',');
    if (w->plain || rng_chance(w->g, 93)) {
        sb_putc(w->o, ' ');
        return;
    }
    note(w);
    sb_putc(w->o, '\n');
    w->depth++;
    indent(w);
    w->depth--;
}

static void names(struct dsl *w, const strings *list)
{
    for (int i = 0; i < list->count; i++) {
        comma(w, i);
        name(w, list->at[i]);
    }
    if (list->count == 0) word(w, " none");
}

static void statement(struct dsl *w, const char *words, const strings *list)
{
    begin(w);
    word(w, words);
    names(w, list);
    end(w);
}

/* words, then a name */
static void named(struct dsl *w, const char *words, const char *s)
{
    begin(w);
    word(w, words);
    sb_putc(w->o, ' ');
    name(w, s);
    end(w);
}

/* words that end the statement */
static void said(struct dsl *w, const char *words, const char *more)
{
    begin(w);
    word(w, words);
    if (*more) sb_printf(w->o, " %s", more);
    end(w);
}

static void channel(struct dsl *w, int id)
{
    if (id == OTHER || id == TOTAL)
        word(w, id == OTHER ? "other" : "total");
    else
        name(w, w->p->attrs.at[A_CHANNEL].values.at[id]);
}

/* ---- hours ---- */

static void zone(struct dsl *w, const char *s)
{
    if (strpbrk(s, "+") || rng_chance(w->g, 15))
        write_quoted(w->o, w->g, s);
    else
        word(w, s);
}

static void intervals(struct dsl *w, const g_intervals *list)
{
    for (int i = 0; i < list->count; i++) {
        comma(w, i);
        write_interval(w->o, list->at[i]);
    }
    if (list->count == 0) word(w, " closed");
}

static void ranges(struct dsl *w, const char *words, const g_ranges *list)
{
    begin(w);
    word(w, words);
    for (int i = 0; i < list->count; i++) {
        comma(w, i);
        write_range(w->o, w->g, list->at[i]);
    }
    if (list->count == 0) word(w, " none");
    end(w);
}

/* Each entry a statement; `before`: "", or "break " with its own word for nothing. */
static void week(struct dsl *w, const g_week *days, const char *before)
{
    for (int i = 0; i < days->count; i++) {
        begin(w);
        word(w, before);
        write_day_range(w->o, days->at[i]);
        if (*before && days->at[i].intervals.count == 0)
            word(w, " none");
        else
            intervals(w, &days->at[i].intervals);
        end(w);
    }
}

static void seasons(struct dsl *w, const struct g_hours *h)
{
    for (int i = 0; i < h->seasons.count; i++) {
        begin(w);
        word(w, "season ");
        write_range(w->o, w->g, h->seasons.at[i].in);
        open(w);
        week(w, &h->seasons.at[i].week, "");
        close(w);
    }
    if (h->seasons.count == 0) said(w, "season none", "");
}

static void special(struct dsl *w, const struct g_hours *h)
{
    for (int i = 0; i < h->special.count; i++) {
        begin(w);
        word(w, "special ");
        write_date(w->o, h->special.at[i].date);
        intervals(w, &h->special.at[i].intervals);
        end(w);
    }
    if (h->special.count == 0) said(w, "special none", "");
}

static void hours_body(struct dsl *w, const struct g_hours *h)
{
    open(w);
    if (h->has_weekly && h->weekly.count == 0) said(w, "weekly none", "");
    if (h->has_weekly) week(w, &h->weekly, "");
    if (h->has_seasons) seasons(w, h);
    if (h->has_closed) ranges(w, "closed", &h->closed);
    if (h->has_special) special(w, h);
    if (h->has_holidays) {
        begin(w);
        word(w, "holidays ");
        text(w, h->holidays.file);
        end(w);
    }
    if (h->has_breaks && h->breaks.count == 0) said(w, "break none", "");
    if (h->has_breaks) week(w, &h->breaks, "break ");
    close(w);
}

static void one_hours(struct dsl *w, const struct g_hours *h)
{
    begin(w);
    word(w, "hours ");
    name(w, h->name);
    if (h->zone) {
        word(w, " in ");
        zone(w, h->zone);
    }
    if (h->like != NOT_SAID) {
        word(w, " like ");
        name(w, w->p->hours.at[h->like].name);
    }
    if (h->outside != NOT_SAID) {
        word(w, " outside ");
        name(w, w->p->hours.at[h->outside].name);
    }
    if (h->every_weeks) {
        sb_printf(w->o, " every %d weeks from ", h->every_weeks);
        write_date(w->o, h->every_from);
    }
    if (h->has_weekly || h->has_seasons || h->has_closed || h->has_special || h->has_holidays ||
        h->has_breaks)
        hours_body(w, h);
    else
        end(w);
}

/* ---- agents and teams ---- */

static void maps(struct dsl *w, const char *words, const struct g_map *m,
                 void (*value)(struct dsl *w, int value))
{
    for (int i = 0; m->said && i < (m->plain ? 1 : m->entries.count); i++) {
        begin(w);
        word(w, words);
        sb_putc(w->o, ' ');
        value(w, m->plain ? m->value : m->entries.at[i].value);
        if (!m->plain) {
            word(w, " for ");
            channel(w, m->entries.at[i].channel);
            while (i + 1 < m->entries.count && m->entries.at[i + 1].value == m->entries.at[i].value &&
                   rng_chance(w->g, 80)) {
                word(w, ", ");
                channel(w, m->entries.at[++i].channel);
            }
        }
        end(w);
    }
}

static void number_value(struct dsl *w, int value)
{
    sb_printf(w->o, "%d", value);
}

static void strategy_value(struct dsl *w, int value)
{
    word(w, gen_strategies[value]);
}

static void hours_value(struct dsl *w, int value)
{
    name(w, value == ALWAYS ? "always" : w->p->hours.at[value].name);
}

static void after_value(struct dsl *w, int value)
{
    if (value == HOLD || value == LEAVE) {
        word(w, value == HOLD ? "hold" : "leave");
        return;
    }
    word(w, "to ");
    name(w, w->p->teams.at[value].id);
}

static void limits(struct dsl *w, const struct g_agent *a)
{
    if (!a->limits.said) return;
    begin(w);
    word(w, "limit");
    for (int i = 0; i < a->limits.entries.count; i++) {
        comma(w, i);
        channel(w, a->limits.entries.at[i].channel);
        sb_printf(w->o, " %d", a->limits.entries.at[i].value);
    }
    end(w);
}

static void devices(struct dsl *w, const struct g_agent *a)
{
    if (a->devices.count == 0) return;
    begin(w);
    word(w, "device");
    for (int i = 0; i < a->devices.count; i++) {
        comma(w, i);
        channel(w, a->devices.at[i].channel);
        sb_putc(w->o, ' ');
        text(w, a->devices.at[i].text);
    }
    end(w);
}

static void agent_channels(struct dsl *w, const struct g_agent *a)
{
    if (a->channels.count == 0) return;
    begin(w);
    word(w, "channels");
    for (int i = 0; i < a->channels.count; i++) {
        comma(w, i);
        channel(w, a->channels.at[i]);
    }
    end(w);
}

static bool has_body(const struct g_agent *a)
{
    return a->role != NOT_SAID || a->rank.said || a->weight != NOT_SAID || a->skills.count ||
           a->channels.count || a->limits.said || a->devices.count || a->hours != NOT_SAID || a->away.count;
}

static void agent(struct dsl *w, const struct g_agent *a)
{
    begin(w);
    word(w, "agent ");
    name(w, a->id);
    if (a->name) {
        sb_putc(w->o, ' ');
        text(w, a->name);
    }
    if (!has_body(a)) {
        end(w);
        return;
    }
    open(w);
    if (a->role != NOT_SAID) said(w, "role", gen_roles[a->role]);
    maps(w, "rank", &a->rank, number_value);
    if (a->weight != NOT_SAID) {
        begin(w);
        sb_printf(w->o, "weight %d", a->weight);
        end(w);
    }
    if (a->skills.count) statement(w, "skills", &a->skills);
    agent_channels(w, a);
    limits(w, a);
    devices(w, a);
    if (a->hours != NOT_SAID) named(w, "hours", w->p->hours.at[a->hours].name);
    if (a->away.count) ranges(w, "away", &a->away);
    close(w);
}

static void match_tests(struct dsl *w, const char *words, const g_match *m)
{
    begin(w);
    word(w, words);
    for (int i = 0; i < m->count; i++) {
        const struct g_match_test *t = &m->at[i];
        comma(w, i);
        if (t->attr < A_FIELD0)
            word(w, w->p->attrs.at[t->attr].name);
        else
            name(w, w->p->attrs.at[t->attr].name);
        bool many = t->values.count > 1 || rng_chance(w->g, 15);
        word(w, many ? " (" : " ");
        for (int k = 0; k < t->values.count; k++) {
            const struct g_value *v = &t->values.at[k];
            if (k) word(w, ", ");
            if (v->kind == V_BOOL)
                word(w, v->flag ? "true" : "false");
            else if (v->kind == V_NUMBER)
                write_number(w->o, w->g, v->number);
            else if (v->kind == V_TEXT)
                text(w, v->s);
            else
                name(w, v->s);
        }
        if (many) sb_putc(w->o, ')');
    }
    end(w);
}

static void members(struct dsl *w, const struct g_team *t)
{
    begin(w);
    word(w, "agents");
    for (int i = 0; i < t->agents.count; i++) {
        comma(w, i);
        name(w, w->p->agents.at[t->agents.at[i]].id);
    }
    if (t->agents_all || t->agents.count == 0) word(w, t->agents_all ? " all" : " none");
    end(w);
}

static void team_rest(struct dsl *w, const struct g_team *t)
{
    if (t->rotation || rng_chance(w->g, 10)) said(w, "rotation", gen_rotations[t->rotation]);
    maps(w, "hours", &t->hours, hours_value);
    maps(w, "after hours", &t->after_hours, after_value);
    if (t->backlog_leave || rng_chance(w->g, 10)) said(w, "backlog", t->backlog_leave ? "leave" : "drain");
    if (t->sticky || rng_chance(w->g, 10))
        said(w, "sticky", !t->sticky ? "false" : rng_chance(w->g, 50) ? "true" : "");
    if (t->members_only || rng_chance(w->g, 10))
        said(w, "members only", !t->members_only ? "false" : rng_chance(w->g, 50) ? "true" : "");
    if (t->on_shift || rng_chance(w->g, 10)) said(w, "present", t->on_shift ? "on-shift" : "online");
}

static void team(struct dsl *w, const struct g_team *t)
{
    begin(w);
    word(w, "team ");
    name(w, t->id);
    if (t->description) {
        sb_putc(w->o, ' ');
        text(w, t->description);
    }
    open(w);
    members(w, t);
    for (int i = 0; i < t->takes.count; i++) match_tests(w, "takes", &t->takes.at[i]);
    maps(w, "assign", &t->assign, strategy_value);
    team_rest(w, t);
    close(w);
}

/* ---- rules ---- */

static void steps(struct dsl *w, const g_steps *list)
{
    for (int i = 0; i < list->count; i++) {
        const struct g_step *s = &list->at[i];
        comma(w, i);
        if (i) word(w, "then ");
        if (s->kind == TO_NOBODY)
            word(w, "unassigned");
        else {
            if (s->kind == TO_AGENT || rng_chance(w->g, 25))
                word(w, s->kind == TO_AGENT ? "agent " : "team ");
            name(w, s->kind == TO_AGENT ? w->p->agents.at[s->target].id : w->p->teams.at[s->target].id);
        }
        if (i == 0) continue;
        word(w, " after ");
        write_duration(w->o, w->g, s->after_sec);
        if (s->of_hours == NOT_SAID) continue;
        word(w, " of ");
        name(w, s->of_hours == ALWAYS ? "always" : w->p->hours.at[s->of_hours].name);
    }
    end(w);
}

static void rule_effects(struct dsl *w, const struct g_rule *r)
{
    if (r->active.count) ranges(w, "active", &r->active);
    if (r->require.count) statement(w, "require skills", &r->require);
    if (r->set != NOT_SAID) said(w, "set priority", gen_priorities[r->set]);
    if (r->raise != NOT_SAID) said(w, "raise priority", gen_priorities[r->raise]);
    if (r->add.count) statement(w, "add labels", &r->add);
}

static void rule(struct dsl *w, const struct g_rule *r)
{
    begin(w);
    word(w, "rule ");
    name(w, r->name);
    if (r->description) {
        sb_putc(w->o, ' ');
        text(w, r->description);
    }
    open(w);
    if (r->when) {
        begin(w);
        word(w, "when ");
        write_cond(w->o, w->g, w->p, r->when, w->plain ? 0 : COND_LINES);
        end(w);
    }
    if (r->match.count) match_tests(w, "match", &r->match);
    rule_effects(w, r);
    if (r->cont) {
        said(w, "continue", "");
    } else {
        begin(w);
        word(w, "to");
        steps(w, &r->to);
    }
    close(w);
}

/* ---- the whole ---- */

static void head(struct dsl *w)
{
    begin(w);
    if (w->p->name) {
        word(w, "policy ");
        name(w, w->p->name);
        sb_putc(w->o, ' ');
    }
    word(w, "version 1");
    end(w);
}

static void names_of(struct dsl *w)
{
    const struct g_attr *labels = &w->p->attrs.at[A_LABELS], *segments = &w->p->attrs.at[A_SEGMENTS];
    if (w->p->channels_said) statement(w, "channels", &w->p->attrs.at[A_CHANNEL].values);
    if (labels->closed) statement(w, "labels", &labels->values);
    if (!segments->closed) return;
    begin(w);
    word(w, "segments");
    for (int i = 0; i < segments->values.count; i++) {
        comma(w, i);
        name(w, segments->values.at[i]);
        if (*segments->descriptions.at[i]) {
            sb_putc(w->o, ' ');
            text(w, segments->descriptions.at[i]);
        }
    }
    if (segments->values.count == 0) word(w, " none");
    end(w);
}

static void fields(struct dsl *w)
{
    static const char *const types[] = {
        [T_TEXT] = "text", [T_NUMBER] = "number", [T_BOOL] = "bool", [T_SET] = "set"};
    for (int i = A_FIELD0; i < w->p->attrs.count; i++) {
        const struct g_attr *a = &w->p->attrs.at[i];
        begin(w);
        word(w, "field ");
        name(w, a->name);
        word(w, a->type == T_LISTED ? " is one of" : " is ");
        if (a->type == T_LISTED)
            names(w, &a->values);
        else
            word(w, types[a->type]);
        end(w);
    }
}

static void all_hours(struct dsl *w)
{
    for (int i = 0; i < w->p->hours.count; i++) one_hours(w, &w->p->hours.at[i]);
}

static void agents(struct dsl *w)
{
    for (int i = 0; i < w->p->agents.count; i++) agent(w, &w->p->agents.at[i]);
}

static void teams(struct dsl *w)
{
    for (int i = 0; i < w->p->teams.count; i++) team(w, &w->p->teams.at[i]);
}

static void rules(struct dsl *w)
{
    for (int i = 0; i < w->p->rules.count; i++) rule(w, &w->p->rules.at[i]);
}

static void switches(struct dsl *w)
{
    const struct g_policy *p = w->p;
    if (p->zone) {
        begin(w);
        word(w, "timezone ");
        zone(w, p->zone);
        end(w);
    }
    if (p->presence != NOT_SAID) said(w, "presence", p->presence ? "day" : "signout");
    if (p->auto_assign != NOT_SAID) said(w, "auto_assign", p->auto_assign ? "off" : "on");
    if (p->assign_on_reply != NOT_SAID) said(w, "assign_on_reply", p->assign_on_reply ? "on" : "off");
}

static void otherwise(struct dsl *w)
{
    if (!w->p->has_otherwise) return;
    begin(w);
    word(w, "otherwise to");
    steps(w, &w->p->otherwise);
}

static void promises(struct dsl *w)
{
    for (int i = 0; i < w->p->promises.count; i++) {
        begin(w);
        word(w, "promise ");
        write_promise(w->o, w->g, w->p, i);
        end(w);
    }
}

char *write_dsl(struct gen *g, const struct g_policy *p, bool plain)
{
    void (*parts[])(struct dsl * w) = {switches, names_of, fields,    all_hours, agents,
                                       teams,    rules,    otherwise, promises};
    struct out o = {.g = g};
    struct dsl w = {.o = &o, .g = g, .p = p, .plain = plain};
    if (!plain && rng_chance(g, 10)) sb_puts(&o, "# a policy drawn at random\n\n");
    head(&w);
    if (!plain && rng_chance(g, 25)) rng_shuffle(g, parts, 9, sizeof *parts);
    for (int i = 0; i < 9; i++) parts[i](&w);
    if (w.on_line) sb_putc(&o, '\n');
    return sb_text(&o);
}

char *write_ics(struct gen *g, const struct g_holidays *h)
{
    struct out o = {.g = g};
    sb_puts(&o, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//tests//days//EN\r\n");
    for (int i = 0; i < h->dates.count; i++) {
        struct g_date d = h->dates.at[i].date;
        sb_printf(&o, "BEGIN:VEVENT\r\nUID:day-%d@example\r\nDTSTAMP:20260101T000000Z\r\n", i);
        sb_printf(&o, "DTSTART;VALUE=DATE:%04d%02d%02d\r\n", d.year, d.month, d.day);
        if (h->dates.at[i].days > 1) sb_printf(&o, "DURATION:P%dD\r\n", h->dates.at[i].days);
        sb_puts(&o, "SUMMARY:a day off\r\nEND:VEVENT\r\n");
    }
    sb_puts(&o, "END:VCALENDAR\r\n");
    return sb_text(&o);
}
