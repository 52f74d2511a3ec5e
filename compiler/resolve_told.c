/*
 * Where errors are, and what of the model is not to be believed for them.
 *
 * An error is told once, and what follows from it is not: resolve goes on with something harmless, and check
 * warns of nothing that may come of that. So every rule, team, agent, hours and attribute with an error
 * within it, or with a name that is missing for want of a whole file, is marked `wrong`, and whatever is made
 * of those. A wrong mark too many costs a warning until the errors are gone; one too few would tell a lie.
 */
#include "resolve.h"

#include <stdlib.h>
#include <string.h>

/* ---- places ---- */

static int span_cmp(const void *x, const void *y)
{
    const struct span *a = x, *b = y;
    if (a->file != b->file) return a->file < b->file ? -1 : 1;
    return a->off < b->off ? -1 : a->off > b->off;
}

static void spans_sort(spans *v)
{
    if (v->count) qsort(v->at, v->count, sizeof *v->at, span_cmp);
}

static bool any_within(const spans *sorted, struct span at)
{
    uint32_t lo = 0, hi = sorted->count;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (span_cmp(&sorted->at[mid], &at) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < sorted->count && sorted->at[lo].file == at.file && sorted->at[lo].off <= at.off + at.len;
}

void note_told(struct resolver *r)
{
    for (uint32_t i = 0; i < r->d->list.count; i++)
        if (diag_is_error(r->d->list.at[i]->id)) *vec_push(r->a, &r->told) = r->d->list.at[i]->at;
    spans_sort(&r->told);
}

bool told_within(const struct resolver *r, struct span at)
{
    return any_within(&r->told, at);
}

bool may_be_missing(struct resolver *r, struct span at)
{
    if (r->c->ast.incomplete) *vec_push(r->a, &r->m->gaps) = at;
    return r->c->ast.incomplete;
}

/* ---- what is wrong ---- */

struct marker {
    struct resolver *r;
    spans errors; /* and the other places they name, and gaps */
};

/* A YAML alias brings what stands elsewhere, errors and all: an item that may hold one is not looked into. */
static bool may_hold_alias(const struct marker *k, struct span at)
{
    const struct source *s = &k->r->c->sources.list.at[at.file];
    return s->kind == SOURCE_YAML && at.off + at.len <= s->text.len &&
           memchr(s->text.p + at.off, '*', at.len);
}

static bool is_wrong(const struct marker *k, struct span at)
{
    return any_within(&k->errors, at) || may_hold_alias(k, at);
}

bool asks_broken(const struct resolver *r, const struct expr *e)
{
    if (e->kind == EXPR_TEST) {
        uint32_t attr = e->attr.s.p ? strmap_get(&r->m->attr_ids, e->attr.s, NONE) : NONE;
        return attr != NONE && r->attr_broken.at[attr];
    }
    for (uint32_t i = 0; i < e->kids.count; i++)
        if (asks_broken(r, e->kids.at[i])) return true;
    return false;
}

static bool test_broken(const struct resolver *r, const match_tests *tests)
{
    for (uint32_t i = 0; i < tests->count; i++)
        if (asks_broken(r, tests->at[i])) return true;
    return false;
}

static bool takes_broken(const struct resolver *r, const struct team_decl *decl)
{
    for (uint32_t i = 0; i < decl->takes.count; i++)
        if (test_broken(r, &decl->takes.at[i].tests)) return true;
    return false;
}

static void mark_attr(struct resolver *r, struct str name)
{
    uint32_t attr = name.p ? strmap_get(&r->m->attr_ids, name, NONE) : NONE;
    if (attr != NONE) r->m->attrs.at[attr].wrong = true;
}

static void mark_declared(struct resolver *r, const struct item *item)
{
    uint32_t hours = NONE;
    switch (item->kind) {
    case ITEM_CHANNELS: r->m->attrs.at[TF_CHANNEL].wrong = true; break;
    case ITEM_FIELD: mark_attr(r, item->u.field->name.s); break;
    case ITEM_OTHERWISE: r->m->otherwise_wrong = true; break;
    case ITEM_HOURS:
        if (item->u.hours->name.s.p) hours = strmap_get(&r->m->hours_ids, item->u.hours->name.s, NONE);
        if (hours != NONE) r->m->hours.at[hours].wrong = true;
        break;
    default: break;
    }
}

/* Hours that are made from wrong ones, or from none such, are wrong. */
static void mark_made_from(struct resolver *r, const struct item *item, bool *more)
{
    const struct hours_decl *d = item->u.hours;
    const struct name *from[] = {&d->like, &d->outside};
    uint32_t id = d->name.s.p ? strmap_get(&r->m->hours_ids, d->name.s, NONE) : NONE;
    if (id == NONE || r->m->hours.at[id].wrong) return;
    for (size_t i = 0; i < sizeof from / sizeof *from; i++) {
        if (!from[i]->s.p || str_eq(from[i]->s, S("always"))) continue;
        uint32_t of = strmap_get(&r->m->hours_ids, from[i]->s, NONE);
        if (of != NONE && !r->m->hours.at[of].wrong) continue;
        *more = r->m->hours.at[id].wrong = true;
    }
}

/* In as many rounds as wrongness goes on; past a few, all hours are taken to be wrong. */
static void mark_hours(struct resolver *r)
{
    enum { ROUNDS_MAX = 16 };
    bool more = true;
    for (int round = 0; more && round < ROUNDS_MAX; round++) {
        more = false;
        for (uint32_t i = 0; i < r->c->ast.items.count; i++)
            if (r->c->ast.items.at[i]->kind == ITEM_HOURS) mark_made_from(r, r->c->ast.items.at[i], &more);
    }
    for (uint32_t i = 1; more && i < r->m->hours.count; i++) r->m->hours.at[i].wrong = true;
}

static void mark_all(const struct marker *k)
{
    struct resolver *r = k->r;
    struct model *m = r->m;
    for (uint32_t i = 0; i < r->c->ast.items.count; i++)
        if (is_wrong(k, r->c->ast.items.at[i]->at)) mark_declared(r, r->c->ast.items.at[i]);
    mark_hours(r);
    for (uint32_t i = 0; i < m->agents.count; i++) m->agents.at[i].wrong = is_wrong(k, m->agents.at[i].at);
    for (uint32_t i = 0; i < m->teams.count; i++) {
        struct m_team *team = &m->teams.at[i];
        team->wrong = is_wrong(k, team->at) || takes_broken(r, team->decl);
    }
    for (uint32_t i = 0; i < m->rules.count; i++) {
        struct m_rule *rule = &m->rules.at[i];
        const struct rule_decl *decl = rule->decl;
        rule->wrong |= is_wrong(k, rule->at) || test_broken(r, &decl->more->match);
    }
}

/* An error of files, of syntax or of YAML's shape may have cost a whole declaration. */
static bool loses(enum diag_id id)
{
    const char *code = diag_rows[id].code;
    return code[1] == '0' && (code[2] == '0' || code[2] == '1' || code[2] == '5');
}

void mark_wrong(struct resolver *r)
{
    struct marker k = {.r = r};
    if (!r->d->error_count) return;
    for (uint32_t i = 0; i < r->d->list.count; i++) {
        const struct diag *g = r->d->list.at[i];
        if (!diag_is_error(g->id)) continue;
        r->m->lost |= loses(g->id);
        if (g->id == E0620) continue; /* told of the first team, for want of a better place */
        *vec_push(r->a, &k.errors) = g->at;
        if (g->related_text.p) *vec_push(r->a, &k.errors) = g->related;
    }
    r->m->attrs.at[TF_CHANNEL].wrong = r->m->lost && !r->channels_said;
    for (uint32_t i = 0; i < r->m->gaps.count; i++) *vec_push(r->a, &k.errors) = r->m->gaps.at[i];
    spans_sort(&k.errors);
    mark_all(&k);
}
