/*
 * Prints a syntax tree as a YAML policy (language.md 2): what is read back as the same declarations in the
 * same order of each kind, each kind under one key where its first one stood. Comments on lines of their own
 * stand before what they stood before. Assumes a tree without errors, whose spans are of one source.
 */
#include "print_yaml.h"
#include "yaml_tree.h"

#include <stdlib.h>
#include <string.h>

/* ---- lines and comments ---- */

static bool ends_blank(const struct buf *b)
{
    return b->len < 2 || (b->p[b->len - 1] == '\n' && b->p[b->len - 2] == '\n');
}

static void put_newline(struct yaml_printer *p)
{
    if (p->out.len && p->out.p[p->out.len - 1] != '\n') buf_putc(&p->out, '\n');
}

static void put_blank_line(struct yaml_printer *p)
{
    put_newline(p);
    if (!ends_blank(&p->out)) buf_putc(&p->out, '\n');
}

static void put_indent(struct yaml_printer *p, unsigned indent)
{
    while (indent--) buf_putc(&p->out, ' ');
}

static void put_comment(struct yaml_printer *p, unsigned indent, const struct comment *c)
{
    put_newline(p);
    bool behind_head = p->out.len > 1 && p->out.p[p->out.len - 2] == ':';
    if (c->blank_before && !behind_head) put_blank_line(p);
    put_indent(p, indent);
    yaml_put_comment(&p->out, c->text);
    buf_putc(&p->out, '\n');
    if (c->blank_after) buf_putc(&p->out, '\n');
}

/* The comments that stand before the place with that turn. */
static void put_comments(struct yaml_printer *p, unsigned indent, uint32_t turn)
{
    for (; p->next_comment < p->by_turn.count; p->next_comment++) {
        uint32_t i = p->by_turn.at[p->next_comment];
        if (p->turn_of[i] > turn) return;
        put_comment(p, indent, &p->f->comments.at[i]);
    }
}

void yaml_line(struct yaml_printer *p, unsigned indent, struct span at)
{
    put_newline(p);
    if (at.len && p->dry) *vec_push(p->a, &p->places) = (struct yaml_place){at.off, p->turn};
    if (at.len && !p->dry) put_comments(p, indent, p->turn);
    if (at.len) p->turn++;
    put_indent(p, indent);
}

void yaml_key(struct yaml_printer *p, unsigned indent, struct span at, const char *key)
{
    yaml_line(p, indent, at);
    buf_printf(&p->out, "%s:", key);
}

void yaml_name_key(struct yaml_printer *p, unsigned indent, struct span at, struct str key)
{
    yaml_line(p, indent, at);
    yaml_put_text(&p->out, key, false);
    buf_putc(&p->out, ':');
}

/* The head of a section comes before its first place; of the comments there, those that a blank line parts
 * from what follows belong to the section. */
static void put_head(struct yaml_printer *p, const char *key)
{
    put_blank_line(p);
    uint32_t last = p->next_comment;
    for (uint32_t i = last; !p->dry && i < p->by_turn.count && p->turn_of[p->by_turn.at[i]] <= p->turn; i++)
        if (p->f->comments.at[p->by_turn.at[i]].blank_after) last = i + 1;
    while (p->next_comment < last) put_comment(p, 0, &p->f->comments.at[p->by_turn.at[p->next_comment++]]);
    buf_printf(&p->out, "%s:", key);
}

/* ---- declarations ---- */

static void put_text_key(struct yaml_printer *p, unsigned indent, struct span at, const char *key,
                         struct str s)
{
    if (!span_said(at) || !s.p) return;
    yaml_key(p, indent, at, key);
    buf_putc(&p->out, ' ');
    yaml_put_text(&p->out, s, false);
}

static void put_names_key(struct yaml_printer *p, unsigned indent, struct span at, const char *key,
                          const names *list)
{
    if (!span_said(at)) return;
    yaml_key(p, indent, at, key);
    yaml_put_names(p, indent, list);
}

static void put_map_key(struct yaml_printer *p, struct span at, const char *key, const channel_map *map,
                        bool rank)
{
    if (!span_said(at)) return;
    yaml_key(p, 4, at, key);
    yaml_put_channel_map(p, 4, map, rank);
}

static void put_flag_key(struct yaml_printer *p, const char *key, struct span at, const struct flag *flag)
{
    if (!span_said(at)) return;
    yaml_key(p, 4, at, key);
    buf_puts(&p->out, flag->on ? " true" : " false");
}

static void put_hours(struct yaml_printer *p, const struct hours_decl *h)
{
    enum { IN = 4 };
    put_text_key(p, IN, h->timezone_key, "timezone", h->timezone.s);
    put_text_key(p, IN, h->like_key, "like", h->like.s);
    put_text_key(p, IN, h->outside_key, "outside", h->outside.s);
    if (span_said(h->every_key)) yaml_key(p, IN, h->every_key, "every"), yaml_put_every(p, h);
    if (span_said(h->weekly_key)) yaml_key(p, IN, h->weekly_key, "weekly"), yaml_put_week(p, IN, &h->weekly);
    if (span_said(h->seasons_key)) yaml_key(p, IN, h->seasons_key, "seasons"), yaml_put_seasons(p, IN, h);
    if (span_said(h->closed_key)) yaml_key(p, IN, h->closed_key, "closed"), yaml_put_dates(p, IN, &h->closed);
    if (span_said(h->special_key)) yaml_key(p, IN, h->special_key, "special"), yaml_put_special(p, IN, h);
    if (span_said(h->holidays_key)) {
        yaml_key(p, IN, h->holidays_key, "holidays");
        yaml_put_paths(p, IN, h->holidays.at, h->holidays.count);
    }
    if (span_said(h->breaks_key)) yaml_key(p, IN, h->breaks_key, "breaks"), yaml_put_week(p, IN, &h->breaks);
}

static void put_agent(struct yaml_printer *p, const struct agent_decl *g)
{
    enum { IN = 4 };
    put_text_key(p, IN, g->name_key, "name", g->name.s);
    put_text_key(p, IN, g->role_key, "role", g->role.s);
    put_map_key(p, g->rank_key, "rank", &g->rank, true);
    if (span_said(g->weight_key)) {
        yaml_key(p, IN, g->weight_key, "weight");
        buf_printf(&p->out, " %lld", (long long)g->weight);
    }
    put_names_key(p, IN, g->skills_key, "skills", &g->skills);
    put_names_key(p, IN, g->channels_key, "channels", &g->channels);
    if (span_said(g->limits_key)) yaml_key(p, IN, g->limits_key, "limits"), yaml_put_limits(p, IN, g);
    if (span_said(g->devices_key)) yaml_key(p, IN, g->devices_key, "devices"), yaml_put_devices(p, IN, g);
    put_text_key(p, IN, g->hours_key, "hours", g->hours.s);
    if (span_said(g->away_key)) yaml_key(p, IN, g->away_key, "away"), yaml_put_dates(p, IN, &g->away);
}

static void put_team(struct yaml_printer *p, const struct team_decl *t)
{
    enum { IN = 4 };
    put_text_key(p, IN, t->description_key, "description", t->description.s);
    if (t->agents_all)
        put_text_key(p, IN, t->agents_key, "agents", S("all"));
    else
        put_names_key(p, IN, t->agents_key, "agents", &t->agents);
    if (span_said(t->takes_key)) yaml_key(p, IN, t->takes_key, "takes"), yaml_put_takes(p, IN, t);
    put_map_key(p, t->assign_key, "assign", &t->assign, false);
    put_text_key(p, IN, t->rotation_key, "rotation", t->rotation.s);
    put_map_key(p, t->hours_key, "hours", &t->hours, false);
    put_map_key(p, t->after_hours_key, "after_hours", &t->after_hours, false);
    put_text_key(p, IN, t->backlog_key, "backlog", t->backlog.s);
    put_flag_key(p, "sticky", t->sticky_key, &t->sticky);
    put_flag_key(p, "members_only", t->members_only_key, &t->members_only);
    put_text_key(p, IN, t->present_key, "present", t->present.s);
}

/* "set: {priority: high}" */
static void put_effect(struct yaml_printer *p, struct span at, const char *key, struct name priority)
{
    if (!span_said(at) || !priority.s.p) return;
    yaml_key(p, 4, at, key);
    buf_puts(&p->out, " {priority: ");
    yaml_put_text(&p->out, priority.s, true);
    buf_putc(&p->out, '}');
}

/* "add: {labels: [a, b]}" */
static void put_list_effect(struct yaml_printer *p, struct span at, const char *key, const char *what,
                            const names *list)
{
    if (!span_said(at)) return;
    yaml_key(p, 4, at, key);
    buf_printf(&p->out, " {%s:", what);
    struct str before = {p->out.p, p->out.len};
    yaml_put_names(p, 4, list);
    bool block = memchr(p->out.p + before.len, '\n', p->out.len - before.len) != NULL;
    if (!block) {
        buf_putc(&p->out, '}');
        return;
    }
    p->out.len = before.len - strlen(what) - 3; /* too long for a line: {skills: …} on lines of its own */
    yaml_key(p, 6, (struct span){0}, what);
    yaml_put_names(p, 6, list);
}

static void put_rule(struct yaml_printer *p, const struct item *item)
{
    enum { IN = 4 };
    const struct rule_decl *r = item->u.rule;
    const struct rule_more *m = r->more;
    yaml_line(p, 2, item->at);
    buf_puts(&p->out, "- rule: ");
    yaml_put_text(&p->out, r->name.s, false);
    put_text_key(p, IN, m->description_key, "description", m->description.s);
    if (r->when) yaml_key(p, IN, r->when_key, "when"), yaml_put_condition(p, IN, expr_open(p->a, r->when));
    if (span_said(m->match_key)) yaml_key(p, IN, m->match_key, "match"), yaml_put_match(p, IN, &m->match);
    if (span_said(m->active_key)) yaml_key(p, IN, m->active_key, "active"), yaml_put_dates(p, IN, &m->active);
    put_list_effect(p, m->require_key, "require", "skills", &m->require_skills);
    put_effect(p, m->set_key, "set", m->set_priority);
    put_effect(p, m->raise_key, "raise", m->raise_priority);
    put_list_effect(p, m->add_key, "add", "labels", &m->add_labels);
    if (span_said(r->to_key)) yaml_key(p, IN, r->to_key, "to"), yaml_put_steps(p, IN, &r->to);
    if (span_said(m->continue_key) && m->cont)
        yaml_key(p, IN, m->continue_key, "continue"), buf_puts(&p->out, " true");
}

static void put_field(struct yaml_printer *p, const struct item *item)
{
    const struct field_decl *f = item->u.field;
    yaml_name_key(p, 2, item->at, f->name.s);
    if (f->type.s.p) {
        buf_putc(&p->out, ' ');
        yaml_put_text(&p->out, f->type.s, false);
    } else {
        yaml_put_names(p, 2, &f->listed);
    }
}

/* An entry of a section that is a map: its name, and its keys below; "{}" where there are none. */
static void put_entry(struct yaml_printer *p, const struct item *item)
{
    struct str name = item->kind == ITEM_HOURS   ? item->u.hours->name.s
                      : item->kind == ITEM_AGENT ? item->u.agent->id.s
                                                 : item->u.team->id.s;
    yaml_name_key(p, 2, item->at, name);
    size_t before = p->out.len;
    if (item->kind == ITEM_HOURS)
        put_hours(p, item->u.hours);
    else if (item->kind == ITEM_AGENT)
        put_agent(p, item->u.agent);
    else
        put_team(p, item->u.team);
    if (p->out.len == before) buf_puts(&p->out, " {}");
}

/* ---- sections ---- */

static void put_segments(struct yaml_printer *p, const struct file_ast *f, struct span at)
{
    bool described = false;
    names list = {0};
    for (uint32_t i = 0; i < f->items.count; i++)
        for (uint32_t k = 0; f->items.at[i].kind == ITEM_SEGMENTS && k < f->items.at[i].u.segments.count;
             k++) {
            described |= f->items.at[i].u.segments.at[k].description.s.p != NULL;
            *vec_push(p->a, &list) = f->items.at[i].u.segments.at[k].name;
        }
    yaml_key(p, 0, at, "segments");
    if (!described) {
        yaml_put_names(p, 0, &list);
        return;
    }
    for (uint32_t i = 0; i < f->items.count; i++)
        for (uint32_t k = 0; f->items.at[i].kind == ITEM_SEGMENTS && k < f->items.at[i].u.segments.count;
             k++) {
            const struct labelled *s = &f->items.at[i].u.segments.at[k];
            yaml_name_key(p, 2, s->name.at, s->name.s);
            if (!s->description.s.p) continue; /* not the same as an empty one */
            buf_putc(&p->out, ' ');
            yaml_put_text(&p->out, s->description.s, false);
        }
}

static void put_joined_names(struct yaml_printer *p, enum item_kind kind, const char *key, struct span at)
{
    names list = {0};
    for (uint32_t i = 0; i < p->f->items.count; i++)
        for (uint32_t k = 0; p->f->items.at[i].kind == kind && k < p->f->items.at[i].u.names.count; k++)
            *vec_push(p->a, &list) = p->f->items.at[i].u.names.at[k];
    yaml_key(p, 0, at, key);
    yaml_put_names(p, 0, &list);
}

static void put_includes(struct yaml_printer *p, struct span at)
{
    VEC(struct text) list = {0};
    for (uint32_t i = 0; i < p->f->items.count; i++)
        for (uint32_t k = 0; p->f->items.at[i].kind == ITEM_INCLUDE && k < p->f->items.at[i].u.include.count;
             k++)
            *vec_push(p->a, &list) = p->f->items.at[i].u.include.at[k];
    yaml_key(p, 0, at, "include");
    yaml_put_paths(p, 0, list.at, list.count);
}

/* The items of a kind, each by its printer, below their key. */
static void put_section(struct yaml_printer *p, enum item_kind kind, const char *key)
{
    put_head(p, key);
    for (uint32_t i = 0; i < p->f->items.count; i++) {
        const struct item *item = &p->f->items.at[i];
        if (item->kind != kind) continue;
        if (kind == ITEM_FIELD)
            put_field(p, item);
        else if (kind == ITEM_RULE)
            put_rule(p, item);
        else if (kind == ITEM_PROMISE)
            yaml_line(p, 2, item->at), buf_puts(&p->out, "- "), yaml_put_promise(p, item->u.promise);
        else
            put_entry(p, item);
    }
    put_newline(p);
}

static void put_switch(struct yaml_printer *p, const struct item *item, const char *key)
{
    yaml_key(p, 0, item->at, key);
    buf_puts(&p->out, item->u.flag.on ? " on" : " off");
}

/* A kind of item, at its first one; or an item whose kind is said once. */
static void put_item(struct yaml_printer *p, const struct item *item)
{
    switch (item->kind) {
    case ITEM_INCLUDE: put_includes(p, item->at); break;
    case ITEM_NAME: put_text_key(p, 0, item->at, "name", item->u.word.s); break;
    case ITEM_TIMEZONE: put_text_key(p, 0, item->at, "timezone", item->u.word.s); break;
    case ITEM_CHANNELS: put_joined_names(p, ITEM_CHANNELS, "channels", item->at); break;
    case ITEM_LABELS: put_joined_names(p, ITEM_LABELS, "labels", item->at); break;
    case ITEM_SEGMENTS: put_segments(p, p->f, item->at); break;
    case ITEM_FIELD: put_section(p, ITEM_FIELD, "fields"); break;
    case ITEM_HOURS: put_section(p, ITEM_HOURS, "hours"); break;
    case ITEM_AGENT: put_section(p, ITEM_AGENT, "agents"); break;
    case ITEM_TEAM: put_section(p, ITEM_TEAM, "teams"); break;
    case ITEM_RULE: put_section(p, ITEM_RULE, "rules"); break;
    case ITEM_RULE_BRIEF: break; /* there are none where comments are kept */
    case ITEM_PROMISE: put_section(p, ITEM_PROMISE, "promises"); break;
    case ITEM_OTHERWISE:
        yaml_key(p, 0, item->at, "otherwise");
        yaml_put_steps(p, 0, &item->u.otherwise);
        break;
    case ITEM_PRESENCE: put_text_key(p, 0, item->at, "presence", item->u.word.s); break;
    case ITEM_AUTO_ASSIGN: put_switch(p, item, "auto_assign"); break;
    case ITEM_ASSIGN_ON_REPLY: put_switch(p, item, "assign_on_reply"); break;
    }
}

static bool is_block(enum item_kind kind)
{
    return kind == ITEM_FIELD || kind == ITEM_HOURS || kind == ITEM_AGENT || kind == ITEM_TEAM ||
           kind == ITEM_RULE || kind == ITEM_PROMISE;
}

static bool is_joined(enum item_kind kind)
{
    return is_block(kind) || kind == ITEM_CHANNELS || kind == ITEM_LABELS || kind == ITEM_SEGMENTS ||
           kind == ITEM_INCLUDE;
}

/* Where the version is said: of `policy NAME version 1` the whole, so that the comment above it stays on top.
 */
static struct span version_place(const struct file_ast *f)
{
    for (uint32_t i = 0; i < f->items.count; i++) {
        struct span at = f->items.at[i].at;
        if (f->items.at[i].kind == ITEM_NAME && at.off <= f->version_at.off &&
            f->version_at.off < at.off + at.len)
            return at;
    }
    return f->version_at;
}

static void run(struct yaml_printer *p)
{
    uint32_t seen = 0; /* bits: kinds printed */
    bool block = false;
    buf_init(&p->out, p->a);
    p->turn = p->next_comment = 0;
    yaml_key(p, 0, version_place(p->f), "shunt");
    buf_printf(&p->out, " %lld", (long long)p->f->version);
    for (uint32_t i = 0; i < p->f->items.count; i++) {
        const struct item *item = &p->f->items.at[i];
        if (is_joined(item->kind) && (seen & 1u << item->kind)) continue;
        seen |= 1u << item->kind;
        if (block && !is_block(item->kind)) put_blank_line(p);
        block = is_block(item->kind);
        put_item(p, item);
    }
    put_newline(p);
    if (!p->dry) put_comments(p, 0, UINT32_MAX);
    while (p->out.len > 1 && ends_blank(&p->out)) p->out.len--;
}

/* ---- which comment stands before which place ---- */

static int place_cmp(const void *x, const void *y)
{
    const struct yaml_place *a = x, *b = y;
    if (a->off != b->off) return a->off < b->off ? -1 : 1;
    return a->turn < b->turn ? -1 : a->turn > b->turn;
}

/* The first place behind the offset. */
static uint32_t turn_behind(const struct yaml_printer *p, uint32_t off)
{
    uint32_t lo = 0, hi = p->places.count;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (p->places.at[mid].off <= off)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < p->places.count ? p->places.at[lo].turn : UINT32_MAX;
}

struct comment_turn {
    uint32_t turn, comment;
};

static int comment_turn_cmp(const void *x, const void *y)
{
    const struct comment_turn *a = x, *b = y;
    if (a->turn != b->turn) return a->turn < b->turn ? -1 : 1;
    return a->comment < b->comment ? -1 : a->comment > b->comment;
}

static void place_comments(struct yaml_printer *p)
{
    uint32_t count = p->f->comments.count;
    struct comment_turn *order = arena_array(p->a, struct comment_turn, count);
    uint32_t kept = 0;
    if (p->places.count) qsort(p->places.at, p->places.count, sizeof *p->places.at, place_cmp);
    p->turn_of = arena_array(p->a, uint32_t, count);
    for (uint32_t i = 0; i < count; i++) {
        const struct comment *c = &p->f->comments.at[i];
        if (!c->own_line) continue;
        p->turn_of[i] = turn_behind(p, c->off);
        order[kept++] = (struct comment_turn){p->turn_of[i], i};
    }
    if (kept) qsort(order, kept, sizeof *order, comment_turn_cmp);
    for (uint32_t i = 0; i < kept; i++) *vec_push(p->a, &p->by_turn) = order[i].comment;
}

/* ---- what YAML cannot say ---- */

/* An include between two declarations of one kind, or two includes with declarations between them: YAML has
 * one key for each. The order of different kinds means nothing. */
static bool includes_fit(struct diags *d, const struct file_ast *f)
{
    const struct item *include = NULL;
    uint32_t before = 0; /* bits: kinds that stand before the include */
    bool behind = false; /* a declaration stands behind it */
    for (uint32_t i = 0; i < f->items.count; i++) {
        const struct item *item = &f->items.at[i];
        bool is_include = item->kind == ITEM_INCLUDE, counts = !is_include && is_joined(item->kind);
        bool split = include && counts && (before & 1u << item->kind), apart = is_include && behind;
        if (split || apart) {
            diag0(d, E0560, apart ? item->at : include->at);
            return false;
        }
        if (is_include && !include) include = item;
        if (!include) before |= 1u << item->kind;
        behind |= include && counts;
    }
    return true;
}

/* A name that is declared twice is a key that is said twice: no YAML at all. */
static bool reads_back(struct arena *a, struct diags *d, const struct file_ast *f, struct str text)
{
    struct diags own = {.a = a};
    struct sources sources = {0};
    vec_push(a, &sources.list)->text = text;
    yaml_read(a, &own, &sources, 0, false);
    for (uint32_t i = 0; i < own.list.count; i++) {
        if (own.list.at[i]->id != E0503) continue;
        diag(d, E0561, f->version_at,
             ((struct str){text.p + own.list.at[i]->at.off, own.list.at[i]->at.len}));
        return false;
    }
    return true;
}

bool print_yaml(struct arena *a, struct diags *d, const struct file_ast *f, struct str *out)
{
    struct yaml_printer p = {.a = a, .f = f, .dry = true};
    if (!includes_fit(d, f)) return false;
    run(&p);
    p.dry = false;
    place_comments(&p);
    run(&p);
    struct str text = buf_done(&p.out);
    if (!reads_back(a, d, f, text)) return false;
    *out = text;
    return true;
}
