/*
 * A policy in the DSL (language.md 3). Independent of the YAML writer but for the conditions, dates and
 * durations, which are one language in both. Layout, comments, quotes and the order of blocks vary.
 */
#include "dsl_lines.h"

#include <string.h>

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

void dsl_name(struct dsl *w, const char *s)
{
    if (is_dsl_word(s))
        write_quoted(w->o, w->g, s);
    else
        write_name(w->o, w->g, s);
}

void dsl_text(struct dsl *w, const char *s)
{
    write_quoted(w->o, w->g, s);
}

void dsl_word(struct dsl *w, const char *s)
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
void dsl_begin(struct dsl *w)
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
void dsl_end(struct dsl *w)
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

void dsl_open(struct dsl *w)
{
    sb_puts(w->o, " {");
    w->on_line = !w->plain && rng_chance(w->g, 15);
    if (!w->on_line) {
        note(w);
        sb_putc(w->o, '\n');
    }
    w->depth++;
}

void dsl_close(struct dsl *w)
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

void dsl_comma(struct dsl *w, int i)
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
        dsl_comma(w, i);
        dsl_name(w, list->at[i]);
    }
    if (list->count == 0) dsl_word(w, " none");
}

void dsl_statement(struct dsl *w, const char *words, const strings *list)
{
    dsl_begin(w);
    dsl_word(w, words);
    names(w, list);
    dsl_end(w);
}

/* words, then a name */
void dsl_named(struct dsl *w, const char *words, const char *s)
{
    dsl_begin(w);
    dsl_word(w, words);
    sb_putc(w->o, ' ');
    dsl_name(w, s);
    dsl_end(w);
}

/* words that end the statement */
void dsl_said(struct dsl *w, const char *words, const char *more)
{
    dsl_begin(w);
    dsl_word(w, words);
    if (*more) sb_printf(w->o, " %s", more);
    dsl_end(w);
}

void dsl_channel(struct dsl *w, int id)
{
    if (id == OTHER || id == TOTAL)
        dsl_word(w, id == OTHER ? "other" : "total");
    else
        dsl_name(w, w->p->attrs.at[A_CHANNEL].values.at[id]);
}

/* ---- hours ---- */

static void zone(struct dsl *w, const char *s)
{
    if (strpbrk(s, "+") || rng_chance(w->g, 15))
        write_quoted(w->o, w->g, s);
    else
        dsl_word(w, s);
}

static void intervals(struct dsl *w, const g_intervals *list)
{
    for (int i = 0; i < list->count; i++) {
        dsl_comma(w, i);
        write_interval(w->o, list->at[i]);
    }
    if (list->count == 0) dsl_word(w, " closed");
}

void dsl_ranges(struct dsl *w, const char *words, const g_ranges *list)
{
    dsl_begin(w);
    dsl_word(w, words);
    for (int i = 0; i < list->count; i++) {
        dsl_comma(w, i);
        write_range(w->o, w->g, list->at[i]);
    }
    if (list->count == 0) dsl_word(w, " none");
    dsl_end(w);
}

/* Each entry a statement; `before`: "", or "break " with its own word for nothing. */
static void week(struct dsl *w, const g_week *days, const char *before)
{
    for (int i = 0; i < days->count; i++) {
        dsl_begin(w);
        dsl_word(w, before);
        write_day_range(w->o, days->at[i]);
        if (*before && days->at[i].intervals.count == 0)
            dsl_word(w, " none");
        else
            intervals(w, &days->at[i].intervals);
        dsl_end(w);
    }
}

static void seasons(struct dsl *w, const struct g_hours *h)
{
    for (int i = 0; i < h->seasons.count; i++) {
        dsl_begin(w);
        dsl_word(w, "season ");
        write_range(w->o, w->g, h->seasons.at[i].in);
        dsl_open(w);
        week(w, &h->seasons.at[i].week, "");
        dsl_close(w);
    }
    if (h->seasons.count == 0) dsl_said(w, "season none", "");
}

static void special(struct dsl *w, const struct g_hours *h)
{
    for (int i = 0; i < h->special.count; i++) {
        dsl_begin(w);
        dsl_word(w, "special ");
        write_date(w->o, h->special.at[i].date);
        intervals(w, &h->special.at[i].intervals);
        dsl_end(w);
    }
    if (h->special.count == 0) dsl_said(w, "special none", "");
}

static void hours_body(struct dsl *w, const struct g_hours *h)
{
    dsl_open(w);
    if (h->has_weekly && h->weekly.count == 0) dsl_said(w, "weekly none", "");
    if (h->has_weekly) week(w, &h->weekly, "");
    if (h->has_seasons) seasons(w, h);
    if (h->has_closed) dsl_ranges(w, "closed", &h->closed);
    if (h->has_special) special(w, h);
    if (h->has_holidays) {
        dsl_begin(w);
        dsl_word(w, "holidays ");
        dsl_text(w, h->holidays.file);
        dsl_end(w);
    }
    if (h->has_breaks && h->breaks.count == 0) dsl_said(w, "break none", "");
    if (h->has_breaks) week(w, &h->breaks, "break ");
    dsl_close(w);
}

static void one_hours(struct dsl *w, const struct g_hours *h)
{
    dsl_begin(w);
    dsl_word(w, "hours ");
    dsl_name(w, h->name);
    if (h->zone) {
        dsl_word(w, " in ");
        zone(w, h->zone);
    }
    if (h->like != NOT_SAID) {
        dsl_word(w, " like ");
        dsl_name(w, w->p->hours.at[h->like].name);
    }
    if (h->outside != NOT_SAID) {
        dsl_word(w, " outside ");
        dsl_name(w, w->p->hours.at[h->outside].name);
    }
    if (h->every_weeks) {
        sb_printf(w->o, " every %d weeks from ", h->every_weeks);
        write_date(w->o, h->every_from);
    }
    if (h->has_weekly || h->has_seasons || h->has_closed || h->has_special || h->has_holidays ||
        h->has_breaks)
        hours_body(w, h);
    else
        dsl_end(w);
}

void dsl_match_tests(struct dsl *w, const char *words, const g_match *m)
{
    dsl_begin(w);
    dsl_word(w, words);
    for (int i = 0; i < m->count; i++) {
        const struct g_match_test *t = &m->at[i];
        dsl_comma(w, i);
        if (t->attr < A_FIELD0)
            dsl_word(w, w->p->attrs.at[t->attr].name);
        else
            dsl_name(w, w->p->attrs.at[t->attr].name);
        bool many = t->values.count > 1 || rng_chance(w->g, 15);
        dsl_word(w, many ? " (" : " ");
        for (int k = 0; k < t->values.count; k++) {
            const struct g_value *v = &t->values.at[k];
            if (k) dsl_word(w, ", ");
            if (v->kind == V_BOOL)
                dsl_word(w, v->flag ? "true" : "false");
            else if (v->kind == V_NUMBER)
                write_number(w->o, w->g, v->number);
            else if (v->kind == V_TEXT)
                dsl_text(w, v->s);
            else
                dsl_name(w, v->s);
        }
        if (many) sb_putc(w->o, ')');
    }
    dsl_end(w);
}

/* ---- rules ---- */

static void steps(struct dsl *w, const g_steps *list)
{
    for (int i = 0; i < list->count; i++) {
        const struct g_step *s = &list->at[i];
        dsl_comma(w, i);
        if (i) dsl_word(w, "then ");
        if (s->kind == TO_NOBODY)
            dsl_word(w, "unassigned");
        else {
            if (s->kind == TO_AGENT || rng_chance(w->g, 25))
                dsl_word(w, s->kind == TO_AGENT ? "agent " : "team ");
            dsl_name(w, s->kind == TO_AGENT ? w->p->agents.at[s->target].id : w->p->teams.at[s->target].id);
        }
        if (i == 0) continue;
        dsl_word(w, " after ");
        write_duration(w->o, w->g, s->after_sec);
        if (s->of_hours == NOT_SAID) continue;
        dsl_word(w, " of ");
        dsl_name(w, s->of_hours == ALWAYS ? "always" : w->p->hours.at[s->of_hours].name);
    }
    dsl_end(w);
}

static void rule_effects(struct dsl *w, const struct g_rule *r)
{
    if (r->active.count) dsl_ranges(w, "active", &r->active);
    if (r->require.count) dsl_statement(w, "require skills", &r->require);
    if (r->set != NOT_SAID) dsl_said(w, "set priority", gen_priorities[r->set]);
    if (r->raise != NOT_SAID) dsl_said(w, "raise priority", gen_priorities[r->raise]);
    if (r->add.count) dsl_statement(w, "add labels", &r->add);
}

static void rule(struct dsl *w, const struct g_rule *r)
{
    dsl_begin(w);
    dsl_word(w, "rule ");
    dsl_name(w, r->name);
    if (r->description) {
        sb_putc(w->o, ' ');
        dsl_text(w, r->description);
    }
    dsl_open(w);
    struct g_cond *said = r->when                ? r->when
                          : rng_chance(w->g, 20) ? match_as_cond(w->g, w->p, &r->match)
                                                 : NULL;
    if (said) {
        dsl_begin(w);
        dsl_word(w, "when ");
        write_cond(w->o, w->g, w->p, said, w->plain ? 0 : COND_LINES);
        dsl_end(w);
    }
    if (r->match.count && (r->when || !said)) dsl_match_tests(w, "match", &r->match);
    rule_effects(w, r);
    if (r->cont) {
        dsl_said(w, "continue", "");
    } else {
        dsl_begin(w);
        dsl_word(w, "to");
        steps(w, &r->to);
    }
    dsl_close(w);
}

/* ---- the whole ---- */

static void head(struct dsl *w)
{
    dsl_begin(w);
    if (w->p->name && w->part->root) {
        dsl_word(w, "policy ");
        dsl_name(w, w->p->name);
        sb_putc(w->o, ' ');
    }
    dsl_word(w, "version 1");
    dsl_end(w);
    if (!w->part->include) return;
    dsl_begin(w);
    dsl_word(w, "include ");
    dsl_text(w, w->part->include);
    dsl_end(w);
}

static void names_of(struct dsl *w)
{
    const struct g_attr *labels = &w->p->attrs.at[A_LABELS], *segments = &w->p->attrs.at[A_SEGMENTS];
    if (!w->part->root) return;
    if (w->p->channels_said) dsl_statement(w, "channels", &w->p->attrs.at[A_CHANNEL].values);
    if (labels->closed) dsl_statement(w, "labels", &labels->values);
    if (!segments->closed) return;
    dsl_begin(w);
    dsl_word(w, "segments");
    for (int i = 0; i < segments->values.count; i++) {
        dsl_comma(w, i);
        dsl_name(w, segments->values.at[i]);
        if (*segments->descriptions.at[i]) {
            sb_putc(w->o, ' ');
            dsl_text(w, segments->descriptions.at[i]);
        }
    }
    if (segments->values.count == 0) dsl_word(w, " none");
    dsl_end(w);
}

static void fields(struct dsl *w)
{
    static const char *const types[] = {
        [T_TEXT] = "text", [T_NUMBER] = "number", [T_BOOL] = "bool", [T_SET] = "set"};
    for (int i = w->part->from[G_FIELDS]; i < w->part->to[G_FIELDS]; i++) {
        const struct g_attr *a = &w->p->attrs.at[i];
        dsl_begin(w);
        dsl_word(w, "field ");
        dsl_name(w, a->name);
        dsl_word(w, a->type == T_LISTED ? " is one of" : " is ");
        if (a->type == T_LISTED)
            names(w, &a->values);
        else
            dsl_word(w, types[a->type]);
        dsl_end(w);
    }
}

static void all_hours(struct dsl *w)
{
    for (int i = w->part->from[G_HOURS]; i < w->part->to[G_HOURS]; i++) one_hours(w, &w->p->hours.at[i]);
}

static void agents(struct dsl *w)
{
    for (int i = w->part->from[G_AGENTS]; i < w->part->to[G_AGENTS]; i++) dsl_agent(w, &w->p->agents.at[i]);
}

static void teams(struct dsl *w)
{
    for (int i = w->part->from[G_TEAMS]; i < w->part->to[G_TEAMS]; i++) dsl_team(w, &w->p->teams.at[i]);
}

static void rules(struct dsl *w)
{
    for (int i = w->part->from[G_RULES]; i < w->part->to[G_RULES]; i++) rule(w, &w->p->rules.at[i]);
}

static void switches(struct dsl *w)
{
    const struct g_policy *p = w->p;
    if (!w->part->root) return;
    if (p->zone) {
        dsl_begin(w);
        dsl_word(w, "timezone ");
        zone(w, p->zone);
        dsl_end(w);
    }
    if (p->presence != NOT_SAID) dsl_said(w, "presence", p->presence ? "day" : "signout");
    if (p->auto_assign != NOT_SAID) dsl_said(w, "auto_assign", p->auto_assign ? "off" : "on");
    if (p->assign_on_reply != NOT_SAID) dsl_said(w, "assign_on_reply", p->assign_on_reply ? "on" : "off");
}

static void otherwise(struct dsl *w)
{
    if (!w->p->has_otherwise || !w->part->root) return;
    dsl_begin(w);
    dsl_word(w, "otherwise to");
    steps(w, &w->p->otherwise);
}

static void promises(struct dsl *w)
{
    for (int i = w->part->from[G_PROMISES]; i < w->part->to[G_PROMISES]; i++) {
        dsl_begin(w);
        dsl_word(w, "promise ");
        write_promise(w->o, w->g, w->p, i);
        dsl_end(w);
    }
}

char *write_dsl(struct gen *g, const struct g_policy *p, const struct g_part *part, bool plain)
{
    void (*parts[])(struct dsl * w) = {switches, names_of, fields,    all_hours, agents,
                                       teams,    rules,    otherwise, promises};
    struct out o = {.g = g};
    struct dsl w = {.o = &o, .g = g, .p = p, .part = part, .plain = plain};
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
