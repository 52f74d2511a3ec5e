/*
 * The blocks of the DSL in their canonical layout: the head, and what was said, in the order of the grammar.
 *
 * A list said to be empty is the word none; what has no such word and means the same left out is left out.
 */
#include "print_dsl.h"

#include <inttypes.h>

/* The offset of what closes the item in the source. */
static uint32_t end_of(const struct item *item)
{
    return item->at.off + (item->at.len ? item->at.len - 1 : 0);
}

/* Ends a head whose block, if there was one, says nothing: comments in that go before the line. */
static void line_without_block(struct layout *pr, const struct item *item)
{
    line_also(pr, (struct span){item->at.file, end_of(item), 1});
    line_end(pr);
}

void print_names(struct layout *pr, const names *list, const char *none)
{
    for (uint32_t i = 0; i < list->count; i++) {
        size_t from = pr->b.len;
        print_name(&pr->b, list->at[i].s);
        list_item(pr, from, i == 0);
    }
    if (!list->count) buf_puts(&pr->b, none);
}

/* A statement "WORDS" at its key, to be gone on with; false where it was not said. */
static bool statement(struct layout *pr, struct span key, const char *words)
{
    if (!span_said(key)) return false;
    line_begin(pr, key.off);
    buf_puts(&pr->b, words);
    return true;
}

static void print_words(struct layout *pr, struct span key, const char *words, const struct name *n)
{
    if (!statement(pr, key, words)) return;
    print_word(&pr->b, n->s);
    line_end(pr);
}

static void print_name_list(struct layout *pr, struct span key, const char *words, const names *list)
{
    if (!statement(pr, key, words)) return;
    print_names(pr, list, "none");
    line_end(pr);
}

/* ---- dates and times ---- */

static void print_date(struct buf *b, struct date d)
{
    if (d.year) buf_printf(b, "%04d-", d.year);
    buf_printf(b, "%02u-%02u", d.month, d.day);
}

static bool same_date(struct date a, struct date b)
{
    return a.year == b.year && a.month == b.month && a.day == b.day;
}

static void print_range(struct buf *b, const struct date_range *r)
{
    print_date(b, r->from);
    if (same_date(r->from, r->to)) return;
    buf_puts(b, "..");
    print_date(b, r->to);
}

static void print_dates(struct layout *pr, struct span key, const char *words, const dates *list)
{
    if (!statement(pr, key, words)) return;
    for (uint32_t i = 0; i < list->count; i++) {
        size_t from = pr->b.len;
        print_range(&pr->b, &list->at[i]);
        list_item(pr, from, i == 0);
    }
    if (!list->count) buf_puts(&pr->b, "none");
    line_end(pr);
}

static void print_intervals(struct layout *pr, const intervals *list, const char *none)
{
    for (uint32_t i = 0; i < list->count; i++) {
        size_t from = pr->b.len;
        unsigned open = list->at[i].from_min, close = list->at[i].to_min;
        buf_printf(&pr->b, "%02u:%02u-%02u:%02u", open / 60, open % 60, close / 60, close % 60);
        list_item(pr, from, i == 0);
    }
    if (!list->count) buf_puts(&pr->b, none);
}

/* Each entry on a line: "mon-fri 09:00-17:00", after `word`. */
static void print_week(struct layout *pr, const week *w, const char *word, const char *none)
{
    static const char *const days[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    for (uint32_t i = 0; i < w->count; i++) {
        const struct day_entry *e = &w->at[i];
        line_begin(pr, e->at.off);
        buf_printf(&pr->b, "%s%s", word, days[e->from]);
        if (e->to != e->from) buf_printf(&pr->b, "-%s", days[e->to]);
        buf_putc(&pr->b, ' ');
        print_intervals(pr, &e->hours, none);
        line_end(pr);
    }
}

static void print_none(struct layout *pr, struct span key, uint32_t count, const char *words)
{
    if (count || !statement(pr, key, words)) return;
    line_end(pr);
}

/* ---- hours ---- */

static void print_hours_head(struct layout *pr, const struct item *item)
{
    const struct hours_decl *h = item->u.hours;
    line_begin(pr, item->at.off);
    line_also(pr, h->timezone_key);
    line_also(pr, h->like_key);
    line_also(pr, h->outside_key);
    line_also(pr, h->every_key);
    buf_puts(&pr->b, "hours ");
    print_name(&pr->b, h->name.s);
    if (span_said(h->timezone_key)) buf_puts(&pr->b, " in "), print_zone(&pr->b, h->timezone.s);
    if (span_said(h->like_key)) buf_puts(&pr->b, " like "), print_name(&pr->b, h->like.s);
    if (span_said(h->outside_key)) buf_puts(&pr->b, " outside "), print_name(&pr->b, h->outside.s);
    if (!span_said(h->every_key)) return;
    buf_printf(&pr->b, " every %" PRIu32 " weeks from ", h->every_weeks);
    print_date(&pr->b, h->every_from);
}

static uint32_t season_end(const struct season_entry *s)
{
    if (span_said(s->whole)) return s->whole.off + s->whole.len - 1;
    return s->week.count ? s->week.at[s->week.count - 1].at.off : s->at.off;
}

static void print_seasons(struct layout *pr, const struct hours_decl *h)
{
    for (uint32_t i = 0; i < h->seasons.count; i++) {
        const struct season_entry *s = &h->seasons.at[i];
        line_begin(pr, span_said(s->whole) ? s->whole.off : s->at.off);
        buf_puts(&pr->b, "season ");
        print_range(&pr->b, &s->in);
        block_begin(pr);
        print_week(pr, &s->week, "", "closed");
        block_end(pr, season_end(s));
    }
    print_none(pr, h->seasons_key, h->seasons.count, "season none");
}

static void print_specials(struct layout *pr, const struct hours_decl *h)
{
    for (uint32_t i = 0; i < h->special.count; i++) {
        const struct special_entry *s = &h->special.at[i];
        line_begin(pr, s->at.off);
        if (i == 0) line_also(pr, h->special_key);
        buf_puts(&pr->b, "special ");
        print_date(&pr->b, s->date);
        buf_putc(&pr->b, ' ');
        print_intervals(pr, &s->hours, "closed");
        line_end(pr);
    }
    print_none(pr, h->special_key, h->special.count, "special none");
}

static void print_holidays(struct layout *pr, const struct hours_decl *h)
{
    if (!statement(pr, h->holidays_key, "holidays ")) return;
    for (uint32_t i = 0; i < h->holidays.count; i++) {
        size_t from = pr->b.len;
        print_string(&pr->b, h->holidays.at[i].s);
        list_item(pr, from, i == 0);
    }
    if (!h->holidays.count) buf_puts(&pr->b, "none");
    line_end(pr);
}

static bool hours_have_body(const struct hours_decl *h)
{
    return span_said(h->weekly_key) || span_said(h->seasons_key) || span_said(h->closed_key) ||
           span_said(h->special_key) || span_said(h->holidays_key) || span_said(h->breaks_key);
}

void print_hours(struct layout *pr, const struct item *item)
{
    const struct hours_decl *h = item->u.hours;
    print_hours_head(pr, item);
    if (!hours_have_body(h)) {
        line_without_block(pr, item);
        return;
    }
    block_begin(pr);
    print_week(pr, &h->weekly, "", "closed");
    print_none(pr, h->weekly_key, h->weekly.count, "weekly none");
    print_seasons(pr, h);
    print_dates(pr, h->closed_key, "closed ", &h->closed);
    print_specials(pr, h);
    print_holidays(pr, h);
    print_week(pr, &h->breaks, "break ", "none");
    print_none(pr, h->breaks_key, h->breaks.count, "break none");
    block_end(pr, end_of(item));
}

/* ---- by channel ---- */

static bool same_entry(const struct by_channel *a, const struct by_channel *b)
{
    return str_eq(a->value.s, b->value.s) && a->number == b->number && a->to_team == b->to_team;
}

/* Entries with the same value that follow each other are one statement. value(pr, entry) prints the value. */
static void print_by_channel(struct layout *pr, const char *words, const channel_map *map,
                             void (*value)(struct layout *pr, const struct by_channel *entry))
{
    for (uint32_t i = 0, next; i < map->count; i = next) {
        line_begin(pr, map->at[i].at.off);
        buf_puts(&pr->b, words);
        value(pr, &map->at[i]);
        for (next = i; next < map->count && same_entry(&map->at[i], &map->at[next]); next++) {
            if (!map->at[next].channel.s.p) continue;
            if (next > i) line_also(pr, map->at[next].at);
            if (next == i) buf_puts(&pr->b, " for ");
            size_t from = pr->b.len;
            print_name(&pr->b, map->at[next].channel.s);
            list_item(pr, from, next == i);
        }
        line_end(pr);
    }
}

static void value_number(struct layout *pr, const struct by_channel *e)
{
    buf_printf(&pr->b, "%" PRId64, e->number);
}
static void value_word(struct layout *pr, const struct by_channel *e)
{
    print_word(&pr->b, e->value.s);
}
static void value_name(struct layout *pr, const struct by_channel *e)
{
    print_name(&pr->b, e->value.s);
}
static void value_after_hours(struct layout *pr, const struct by_channel *e)
{
    if (e->to_team)
        buf_puts(&pr->b, "to "), print_name(&pr->b, e->value.s);
    else
        print_word(&pr->b, e->value.s);
}

/* ---- agents ---- */

static void print_head(struct layout *pr, const struct item *item, const char *word, struct str name,
                       struct span said, struct str description)
{
    line_begin(pr, item->at.off);
    line_also(pr, said);
    buf_puts(&pr->b, word);
    print_name(&pr->b, name);
    if (!span_said(said)) return;
    buf_putc(&pr->b, ' ');
    print_string(&pr->b, description);
}

static void print_limits(struct layout *pr, const struct agent_decl *g)
{
    if (!g->limits.count || !statement(pr, g->limits_key, "limit ")) return;
    for (uint32_t i = 0; i < g->limits.count; i++) {
        size_t from = pr->b.len;
        print_name(&pr->b, g->limits.at[i].channel.s);
        buf_printf(&pr->b, " %" PRId64, g->limits.at[i].most);
        list_item(pr, from, i == 0);
    }
    line_end(pr);
}

static void print_devices(struct layout *pr, const struct agent_decl *g)
{
    if (!statement(pr, g->devices_key, "device ")) return;
    for (uint32_t i = 0; i < g->devices.count; i++) {
        size_t from = pr->b.len;
        print_name(&pr->b, g->devices.at[i].channel.s);
        buf_putc(&pr->b, ' ');
        print_string(&pr->b, g->devices.at[i].device.s);
        list_item(pr, from, i == 0);
    }
    if (!g->devices.count) buf_puts(&pr->b, "none");
    line_end(pr);
}

static bool agent_has_body(const struct agent_decl *g)
{
    return span_said(g->role_key) || g->rank.count || span_said(g->weight_key) || span_said(g->skills_key) ||
           span_said(g->channels_key) || g->limits.count || span_said(g->devices_key) ||
           span_said(g->hours_key) || span_said(g->away_key);
}

void print_agent(struct layout *pr, const struct item *item)
{
    const struct agent_decl *g = item->u.agent;
    print_head(pr, item, "agent ", g->id.s, g->name_key, g->name.s);
    if (!agent_has_body(g)) {
        line_without_block(pr, item);
        return;
    }
    block_begin(pr);
    print_words(pr, g->role_key, "role ", &g->role);
    print_by_channel(pr, "rank ", &g->rank, value_number);
    if (statement(pr, g->weight_key, "weight ")) buf_printf(&pr->b, "%" PRId64, g->weight), line_end(pr);
    print_name_list(pr, g->skills_key, "skills ", &g->skills);
    print_name_list(pr, g->channels_key, "channels ", &g->channels);
    print_limits(pr, g);
    print_devices(pr, g);
    if (statement(pr, g->hours_key, "hours ")) print_name(&pr->b, g->hours.s), line_end(pr);
    print_dates(pr, g->away_key, "away ", &g->away);
    block_end(pr, end_of(item));
}

/* ---- teams ---- */

static void print_matches(struct layout *pr, const match_tests *tests)
{
    for (uint32_t i = 0; i < tests->count; i++) {
        size_t from = pr->b.len;
        print_match(&pr->b, tests->at[i]);
        list_item(pr, from, i == 0);
    }
}

static void print_takes(struct layout *pr, const struct team_decl *t)
{
    for (uint32_t i = 0; i < t->takes.count; i++) {
        line_begin(pr, t->takes.at[i].at.off);
        if (i == 0) line_also(pr, t->takes_key);
        buf_puts(&pr->b, "takes ");
        print_matches(pr, &t->takes.at[i].tests);
        line_end(pr);
    }
}

static void print_flag(struct layout *pr, struct span key, const char *words, const struct flag *f)
{
    if (!statement(pr, key, words)) return;
    if (!f->on) buf_puts(&pr->b, " false");
    line_end(pr);
}

static bool team_has_body(const struct team_decl *t)
{
    return span_said(t->agents_key) || t->takes.count || t->assign.count || span_said(t->rotation_key) ||
           t->hours.count || t->after_hours.count || span_said(t->backlog_key) || span_said(t->sticky_key) ||
           span_said(t->members_only_key) || span_said(t->present_key);
}

void print_team(struct layout *pr, const struct item *item)
{
    const struct team_decl *t = item->u.team;
    print_head(pr, item, "team ", t->id.s, t->description_key, t->description.s);
    if (!team_has_body(t)) {
        line_without_block(pr, item);
        return;
    }
    block_begin(pr);
    if (!t->agents_all)
        print_name_list(pr, t->agents_key, "agents ", &t->agents);
    else if (statement(pr, t->agents_key, "agents all"))
        line_end(pr);
    print_takes(pr, t);
    print_by_channel(pr, "assign ", &t->assign, value_word);
    print_words(pr, t->rotation_key, "rotation ", &t->rotation);
    print_by_channel(pr, "hours ", &t->hours, value_name);
    print_by_channel(pr, "after hours ", &t->after_hours, value_after_hours);
    print_words(pr, t->backlog_key, "backlog ", &t->backlog);
    print_flag(pr, t->sticky_key, "sticky", &t->sticky);
    print_flag(pr, t->members_only_key, "members only", &t->members_only);
    print_words(pr, t->present_key, "present ", &t->present);
    block_end(pr, end_of(item));
}

/* ---- rules ---- */

static void print_target(struct buf *b, const struct step *s)
{
    if (s->kind == TARGET_UNASSIGNED) buf_puts(b, "unassigned");
    if (s->kind == TARGET_AGENT) buf_puts(b, "agent ");
    if (s->kind != TARGET_UNASSIGNED) print_name(b, s->target.s);
}

static void print_duration(struct buf *b, const struct duration *d)
{
    if (d->s.p)
        buf_str(b, d->s);
    else
        buf_printf(b, d->sec ? "%" PRIu64 "s" : "%" PRIu64, d->sec);
}

void print_steps(struct layout *pr, const steps *to)
{
    for (uint32_t i = 0; i < to->count; i++) {
        const struct step *s = &to->at[i];
        size_t from = pr->b.len;
        if (i) buf_puts(&pr->b, "then ");
        print_target(&pr->b, s);
        if (s->time) buf_puts(&pr->b, " after "), print_duration(&pr->b, &s->time->after);
        if (s->time && s->time->of.s.p) buf_puts(&pr->b, " of "), print_name(&pr->b, s->time->of.s);
        list_item(pr, from, i == 0);
    }
}

void print_rule(struct layout *pr, const struct item *item)
{
    const struct rule_decl *r = item->u.rule;
    const struct rule_more *m = r->more;
    print_head(pr, item, "rule ", r->name.s, m->description_key, m->description.s);
    block_begin(pr);
    if (r->when && statement(pr, r->when_key, "when ")) {
        print_expr_in(&pr->b, expr_open(pr->a, r->when), pr->b.len - pr->line_at, LINE_WIDTH, "        ");
        line_end(pr);
    }
    if (m->match.count && statement(pr, m->match_key, "match ")) print_matches(pr, &m->match), line_end(pr);
    if (m->active.count) print_dates(pr, m->active_key, "active ", &m->active);
    if (m->require_skills.count) print_name_list(pr, m->require_key, "require skills ", &m->require_skills);
    if (m->set_priority.s.p) print_words(pr, m->set_key, "set priority ", &m->set_priority);
    if (m->raise_priority.s.p) print_words(pr, m->raise_key, "raise priority ", &m->raise_priority);
    if (m->add_labels.count) print_name_list(pr, m->add_key, "add labels ", &m->add_labels);
    if (r->to.count && statement(pr, r->to_key, "to ")) print_steps(pr, &r->to), line_end(pr);
    if (m->cont && statement(pr, m->continue_key, "continue")) line_end(pr);
    block_end(pr, end_of(item));
}
