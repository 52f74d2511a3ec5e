/*
 * See dump_ast.h. Kept apart from the printers on purpose: what they leave out would be missed by a test that
 * compares their own output.
 */
#include "dump_ast.h"
#include "compile.h"

#include <inttypes.h>

static void put(struct buf *b, const char *key, struct str s)
{
    if (s.p) buf_printf(b, " %s=<%.*s>", key, (int)s.len, s.p);
}

static void put_names(struct buf *b, const char *key, struct span said, const names *list)
{
    if (!span_said(said) && !list->count) return;
    buf_printf(b, " %s=[", key);
    for (uint32_t i = 0; i < list->count; i++) put(b, "", list->at[i].s);
    buf_puts(b, "]");
}

/* ---- conditions ---- */

static void dump_values(struct buf *b, const values *list)
{
    static const char *const kinds[] = {"name", "string", "number", "bool"};
    for (uint32_t i = 0; i < list->count; i++) {
        const struct value *v = &list->at[i];
        put(b, kinds[v->kind], v->s);
        if (v->kind == VALUE_NUMBER) buf_printf(b, ":%.17g", v->number);
    }
}

void dump_expr(struct buf *b, const struct expr *e)
{
    static const char *const kinds[] = {"true", "false", "not", "and", "or", "test"};
    e = expr_open(b->a, e);
    static const char *const ops[] = {
#define TEST(id, ...) #id,
#include "tests.def"
#undef TEST
    };
    buf_printf(b, "(%s", kinds[e->kind]);
    if (e->kind == EXPR_TEST) {
        buf_printf(b, " %s%s", ops[e->op], e->any ? " any" : "");
        put(b, "", e->attr.s);
        dump_values(b, &e->values);
    }
    for (uint32_t i = 0; e->kind != EXPR_TEST && i < e->kids.count; i++) {
        buf_putc(b, ' ');
        dump_expr(b, e->kids.at[i]);
    }
    buf_putc(b, ')');
}

static void dump_tests(struct buf *b, const char *key, const match_tests *tests)
{
    for (uint32_t i = 0; i < tests->count; i++) {
        buf_printf(b, " %s", key);
        dump_expr(b, tests->at[i]);
    }
}

/* ---- dates and times ---- */

static void dump_date(struct buf *b, struct date d)
{
    buf_printf(b, "%d/%u/%u", d.year, d.month, d.day);
}

static void dump_range(struct buf *b, const struct date_range *r)
{
    buf_putc(b, ' ');
    dump_date(b, r->from);
    buf_putc(b, '~');
    dump_date(b, r->to);
}

static void dump_dates(struct buf *b, const char *key, struct span said, const dates *list)
{
    if (!span_said(said)) return;
    buf_printf(b, " %s:", key);
    for (uint32_t i = 0; i < list->count; i++) dump_range(b, &list->at[i]);
}

static void dump_intervals(struct buf *b, const intervals *list)
{
    for (uint32_t i = 0; i < list->count; i++)
        buf_printf(b, " %u-%u", list->at[i].from_min, list->at[i].to_min);
}

static void dump_week(struct buf *b, const char *key, struct span said, const week *w)
{
    if (!span_said(said)) return;
    buf_printf(b, "\n  %s", key);
    for (uint32_t i = 0; i < w->count; i++) {
        buf_printf(b, " {%u..%u", w->at[i].from, w->at[i].to);
        dump_intervals(b, &w->at[i].hours);
        buf_putc(b, '}');
    }
}

/* ---- declarations ---- */

static void dump_hours(struct buf *b, const struct hours_decl *h)
{
    put(b, "hours", h->name.s);
    put(b, "timezone", h->timezone.s);
    put(b, "like", h->like.s);
    put(b, "outside", h->outside.s);
    if (span_said(h->every_key))
        buf_printf(b, " every %" PRIu32 " from ", h->every_weeks), dump_date(b, h->every_from);
    dump_week(b, "weekly", h->weekly_key, &h->weekly);
    if (span_said(h->seasons_key)) buf_puts(b, "\n  seasons");
    for (uint32_t i = 0; i < h->seasons.count; i++) {
        dump_range(b, &h->seasons.at[i].in);
        dump_week(b, "week", h->seasons_key, &h->seasons.at[i].week);
    }
    dump_dates(b, "closed", h->closed_key, &h->closed);
    if (span_said(h->special_key)) buf_puts(b, "\n  special");
    for (uint32_t i = 0; i < h->special.count; i++) {
        buf_putc(b, ' ');
        dump_date(b, h->special.at[i].date);
        dump_intervals(b, &h->special.at[i].hours);
    }
    if (span_said(h->holidays_key)) buf_puts(b, "\n  holidays");
    for (uint32_t i = 0; i < h->holidays.count; i++) put(b, "", h->holidays.at[i].s);
    dump_week(b, "breaks", h->breaks_key, &h->breaks);
}

static void dump_map(struct buf *b, const char *key, const channel_map *map)
{
    if (map->count) buf_printf(b, "\n  %s", key);
    for (uint32_t i = 0; i < map->count; i++) {
        const struct by_channel *e = &map->at[i];
        put(b, "channel", e->channel.s);
        buf_printf(b, "=<%.*s> %" PRId64 "%s", (int)e->value.s.len, e->value.s.p, e->number,
                   e->to_team ? " to" : "");
    }
}

static void dump_agent(struct buf *b, const struct agent_decl *g)
{
    put(b, "agent", g->id.s);
    put(b, "name", g->name.s);
    put(b, "role", g->role.s);
    dump_map(b, "rank", &g->rank);
    if (span_said(g->weight_key)) buf_printf(b, " weight=%" PRId64, g->weight);
    put_names(b, "skills", g->skills_key, &g->skills);
    put_names(b, "channels", g->channels_key, &g->channels);
    for (uint32_t i = 0; i < g->limits.count; i++)
        put(b, "limit", g->limits.at[i].channel.s), buf_printf(b, "%" PRId64, g->limits.at[i].most);
    if (span_said(g->devices_key)) buf_puts(b, " devices");
    for (uint32_t i = 0; i < g->devices.count; i++)
        put(b, "on", g->devices.at[i].channel.s), put(b, "at", g->devices.at[i].device.s);
    put(b, "hours", g->hours.s);
    dump_dates(b, "away", g->away_key, &g->away);
}

static void dump_flag(struct buf *b, const char *key, struct span said, const struct flag *f)
{
    if (span_said(said)) buf_printf(b, " %s=%d", key, f->on);
}

static void dump_team(struct buf *b, const struct team_decl *t)
{
    put(b, "team", t->id.s);
    put(b, "description", t->description.s);
    if (t->agents_all)
        buf_puts(b, " everyone");
    else
        put_names(b, "agents", t->agents_key, &t->agents);
    for (uint32_t i = 0; i < t->takes.count; i++)
        dump_tests(b, i ? "or-takes" : "takes", &t->takes.at[i].tests);
    dump_map(b, "assign", &t->assign);
    put(b, "rotation", t->rotation.s);
    dump_map(b, "hours", &t->hours);
    dump_map(b, "after_hours", &t->after_hours);
    put(b, "backlog", t->backlog.s);
    dump_flag(b, "sticky", t->sticky_key, &t->sticky);
    dump_flag(b, "members_only", t->members_only_key, &t->members_only);
    put(b, "present", t->present.s);
}

static void dump_steps(struct buf *b, const steps *list)
{
    for (uint32_t i = 0; i < list->count; i++) {
        const struct step *s = &list->at[i];
        buf_printf(b, "\n  step %d", s->kind);
        put(b, "", s->target.s);
        if (s->time) buf_printf(b, " after %" PRIu64, s->time->after.sec);
        put(b, "of", s->time ? s->time->of.s : (struct str){0});
    }
}

static void dump_rule(struct buf *b, const struct rule_decl *r)
{
    const struct rule_more *m = r->more;
    put(b, "rule", r->name.s);
    put(b, "description", m->description.s);
    if (r->when) buf_puts(b, "\n  when "), dump_expr(b, r->when);
    dump_tests(b, "match", &m->match);
    dump_dates(b, "active", m->active_key, &m->active);
    put_names(b, "require", m->require_key, &m->require_skills);
    put(b, "set", m->set_priority.s);
    put(b, "raise", m->raise_priority.s);
    put_names(b, "add", m->add_key, &m->add_labels);
    dump_steps(b, &r->to);
    if (m->cont) buf_puts(b, " continue");
}

static void dump_promise(struct buf *b, const struct promise_decl *p)
{
    buf_puts(b, "promise ");
    dump_expr(b, p->when);
    for (uint32_t i = 0; i < p->outcomes.count; i++) {
        const struct outcome *o = &p->outcomes.at[i];
        buf_printf(b, " => %d %d %d", o->kind, o->kind == OUTCOME_PRIORITY ? (int)o->cmp : 0, o->in);
        put_names(b, "", p->at, &o->names);
    }
    put(b, "text", p->text);
}

static void dump_field(struct buf *b, const struct field_decl *field)
{
    put(b, "field", field->name.s);
    put(b, "is", field->type.s);
    put_names(b, "one of", field->name.at, &field->listed);
}

static void dump_item(struct buf *b, const struct item *item)
{
    buf_printf(b, "\n%d", item->kind);
    switch (item->kind) {
    case ITEM_INCLUDE:
        for (uint32_t i = 0; i < item->u.include.count; i++) put(b, "include", item->u.include.at[i].s);
        break;
    case ITEM_NAME:
    case ITEM_TIMEZONE:
    case ITEM_PRESENCE: put(b, "word", item->u.word.s); break;
    case ITEM_CHANNELS:
    case ITEM_LABELS: put_names(b, "names", item->at, &item->u.names); break;
    case ITEM_SEGMENTS:
        for (uint32_t i = 0; i < item->u.segments.count; i++)
            put(b, "segment", item->u.segments.at[i].name.s),
                put(b, "", item->u.segments.at[i].description.s);
        break;
    case ITEM_FIELD: dump_field(b, item->u.field); break;
    case ITEM_HOURS: dump_hours(b, item->u.hours); break;
    case ITEM_AGENT: dump_agent(b, item->u.agent); break;
    case ITEM_TEAM: dump_team(b, item->u.team); break;
    case ITEM_RULE: dump_rule(b, item->u.rule); break;
    case ITEM_RULE_BRIEF: break; /* none in what has no numbers of names */
    case ITEM_OTHERWISE: dump_steps(b, &item->u.otherwise); break;
    case ITEM_AUTO_ASSIGN:
    case ITEM_ASSIGN_ON_REPLY: dump_flag(b, "flag", item->at, &item->u.flag); break;
    case ITEM_PROMISE: dump_promise(b, item->u.promise); break;
    }
}

struct str dump_file(struct arena *a, const struct file_ast *f)
{
    struct buf b;
    buf_init(&b, a);
    buf_printf(&b, "version %" PRId64, f->version);
    for (uint32_t i = 0; i < f->items.count; i++) dump_item(&b, &f->items.at[i]);
    return buf_done(&b);
}
