/*
 * From the tree to the model: every name finds its meaning (language.md 1.3, 1.4, 2, 4, 8.1).
 *
 * Requires the joined tree, which may lack what reading could not understand, whole files too: a name that
 * one of those may declare is not reported. Gives the model, whole where no error was found; where there are
 * some, what they touch is marked wrong. The passes stand in resolve_within(), in order: each may use what
 * those before it made.
 */
#include "resolve.h"

/* ---- spellings ---- */

const char *spelling(const struct resolver *r, struct span at, const char *yaml, const char *dsl)
{
    const struct sources *sources = &r->c->sources;
    return at.file < sources->list.count && sources->list.at[at.file].kind == SOURCE_DSL ? dsl : yaml;
}

/* ---- dates ---- */

void need_zone(struct resolver *r, struct span at)
{
    if (r->zone_said || r->zone_missed || r->c->ast.incomplete) return;
    r->zone_missed = true;
    struct diag *g = diag0(r->d, E0622, at);
    diag_hint(r->d, g, "%s",
              spelling(r, at, "say it once, such as `timezone: Europe/Stockholm`",
                       "say it once, such as `timezone Europe/Stockholm`"));
}

/* Ranges as the bytes they are told apart by. */
static struct str ranges_key(struct resolver *r, const m_ranges *ranges)
{
    struct buf b;
    buf_init(&b, r->a);
    for (uint32_t i = 0; i < ranges->count; i++) {
        const struct m_range *range = &ranges->at[i];
        buf_printf(&b, "%d,%d,%d;", range->yearly, range->from, range->to);
    }
    return buf_done(&b);
}

uint32_t resolve_date_set(struct resolver *r, const dates *in, struct span key)
{
    struct m_date_set set = {0};
    need_zone(r, key);
    resolve_dates(r->c, in, &set.ranges);
    uint32_t id = r->m->date_sets.count,
             was = strmap_put(r->a, &r->date_set_ids, ranges_key(r, &set.ranges), id);
    if (was == id) *vec_push(r->a, &r->m->date_sets) = set;
    return was;
}

/* ---- files ---- */

static void check_versions(struct resolver *r)
{
    const struct ast *ast = &r->c->ast;
    for (uint32_t i = 0; i < ast->files.count; i++) {
        const struct file_ast *f = ast->files.at[i];
        if (!f) continue;
        struct span start = {f->file, 0, 0};
        if (!span_said(f->version_at)) {
            if (told_within(r, start)) continue;
            struct diag *g = diag0(r->d, E0210, start);
            diag_hint(r->d, g, "%s",
                      spelling(r, start, "begin it with `shunt: 1`", "begin it with `version 1`"));
        } else if (f->version != 1) {
            diag(r->d, E0211, f->version_at, arena_printf(r->a, "%lld", (long long)f->version));
        }
    }
}

/* ---- what is said once in all files ---- */

static const char *const said_once[] = {
    [ITEM_NAME] = "name",         [ITEM_TIMEZONE] = "timezone",
    [ITEM_CHANNELS] = "channels", [ITEM_OTHERWISE] = "otherwise",
    [ITEM_PRESENCE] = "presence", [ITEM_AUTO_ASSIGN] = "auto_assign",
    [ITEM_RULE_BRIEF] = NULL,     [ITEM_ASSIGN_ON_REPLY] = "assign_on_reply",
};

static void take_name(struct resolver *r, const struct item *item)
{
    if (name_ok(r, NAME_POLICY, item->u.word)) r->m->name = item->u.word.s;
}

static void take_zone(struct resolver *r, const struct item *item)
{
    r->zone_said = true;
    if (item->u.word.s.p) r->m->zone = resolve_zone(r->c, item->u.word);
}

static void take_presence(struct resolver *r, const struct item *item)
{
    static const char *const words[] = {"signout", "day"};
    r->m->presence_day = word_of(r, item->u.word, "a kind of presence", words, 2) == 1;
}

static void take_single(struct resolver *r, const struct item *item)
{
    switch (item->kind) {
    case ITEM_NAME: take_name(r, item); break;
    case ITEM_TIMEZONE: take_zone(r, item); break;
    case ITEM_PRESENCE: take_presence(r, item); break;
    case ITEM_AUTO_ASSIGN: r->m->auto_assign = item->u.flag.on; break;
    case ITEM_ASSIGN_ON_REPLY: r->m->assign_on_reply = item->u.flag.on; break;
    default: break;
    }
}

static void take_singles(struct resolver *r)
{
    const struct item *first[ITEM_RULE_BRIEF + 1] = {0};
    r->m->zone = NONE;
    r->m->auto_assign = true;
    for (uint32_t i = 0; i < r->c->ast.items.count; i++) {
        const struct item *item = r->c->ast.items.at[i];
        if (!said_once[item->kind]) continue;
        if (first[item->kind]) {
            struct diag *g = diag(r->d, E0209, item->key, str_from(said_once[item->kind]));
            diag_related(g, first[item->kind]->key, S("first said here"));
        } else {
            first[item->kind] = item;
            take_single(r, item);
        }
    }
}

/* A policy that asks for local times or days says in which zone. */
static void check_zone(struct resolver *r)
{
    for (uint32_t i = 0; i < r->c->ast.items.count; i++) {
        const struct item *item = r->c->ast.items.at[i];
        if (item->kind == ITEM_HOURS || (item->kind == ITEM_PRESENCE && r->m->presence_day))
            need_zone(r, item->key);
    }
}

/* ---- the passes ---- */

static void count_hours(struct resolver *r)
{
    for (uint32_t i = 1; i < r->m->hours.count; i++) count_name(r, r->m->hours.at[i].name.at);
}

void resolve_within(struct compilation *c, const struct limits *limits)
{
    struct resolver r = {.c = c, .a = c->a, .d = &c->diags, .m = &c->model, .limits = limits};
    plain_init(&r);
    note_told(&r);
    check_versions(&r);
    take_singles(&r);
    check_zone(&r);
    resolve_hours(c);
    resolve_attrs(&r);
    count_hours(&r);
    declare_agents(&r);
    declare_teams(&r);
    declare_rules(&r);
    resolve_agents(&r);
    resolve_teams(&r);
    resolve_rules(&r);
    resolve_promises(&r);
    end_rule_names(&r);
    finish_names(&r);
    mark_wrong(&r);
}

void resolve(struct compilation *c)
{
    resolve_within(c, &policy_limits);
}
