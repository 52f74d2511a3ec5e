/*
 * Rules and their steps: declarations to model (language.md 2.2 to 2.4, 5). Assumes agents and teams
 * resolved.
 */
#include "resolve.h"

#include <string.h>

/* ---- by name ---- */

/* hash 0: empty. The name stands with the rule, so that of 100,000 rules the table takes 2 MB; a map of
 * strings, 6. */
struct rule_place {
    uint32_t hash, rule;
};

static uint32_t rule_hash(const struct resolver *r, struct str name)
{
    return keyed_hash(&r->rule_key, name.p, name.len);
}

/* Where the name stands, or would. */
static struct rule_place *rule_place(const struct resolver *r, struct str name, uint32_t hash)
{
    for (uint32_t i = hash >> 1;; i++) {
        struct rule_place *p = &r->rule_places[i & (r->rule_place_count - 1)];
        if (!p->hash || (p->hash == hash && str_eq(r->m->rules.at[p->rule].name.s, name))) return p;
    }
}

uint32_t rule_named(const struct resolver *r, struct str name)
{
    if (!r->rule_place_count) return NONE;
    const struct rule_place *p = rule_place(r, name, rule_hash(r, name));
    return p->hash ? p->rule : NONE;
}

/* The rule that has the name: this one, or one before it. */
static uint32_t name_rule(struct resolver *r, struct str name, uint32_t hash, uint32_t rule)
{
    struct rule_place *p = rule_place(r, name, hash);
    if (!p->hash) *p = (struct rule_place){hash, rule};
    return p->rule;
}

void end_rule_names(struct resolver *r)
{
    arena_give_back(r->a, r->rule_places, r->rule_place_count * sizeof *r->rule_places);
    r->rule_place_count = 0;
}

/* ---- declarations ---- */

static bool is_rule(const struct item *item)
{
    return item->kind == ITEM_RULE || item->kind == ITEM_RULE_BRIEF;
}

static struct str text_of(const struct resolver *r, const struct item *item)
{
    return r->c->sources.list.at[item->at.file].text;
}

static void make_room(struct resolver *r)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < r->c->ast.items.count; i++) count += is_rule(r->c->ast.items.at[i]);
    if (!count) return;
    vec_reserve(r->a, &r->m->rules, count);
    for (r->rule_place_count = 16; r->rule_place_count / 2 < count;) r->rule_place_count *= 2;
    r->rule_places = arena_array(r->a, struct rule_place, r->rule_place_count);
    r->rule_key = hash_key_of(r->rule_places);
}

/* So many rules' places are fetched before the first of them is looked at: of 100,000 rules each waits for
 * memory. */
enum { AHEAD = 16 };

static void fetch_places(const struct resolver *r, uint32_t from, uint32_t to, uint32_t *hashes)
{
    for (uint32_t i = from; i < to; i++) {
        const struct item *item = r->c->ast.items.at[i];
        struct str name = is_rule(item) ? rule_item_name(item, text_of(r, item)).s : (struct str){NULL, 0};
        if (!name.p) continue;
        hashes[i - from] = rule_hash(r, name);
        __builtin_prefetch(&r->rule_places[hashes[i - from] >> 1 & (r->rule_place_count - 1)]);
    }
}

/* False: there are too many. */
static bool declare_rule(struct resolver *r, const struct item *item, uint32_t hash)
{
    struct name name = rule_item_name(item, text_of(r, item));
    uint32_t id = r->m->rules.count;
    if (!has_room(r, LIMIT_RULES, id, name.at)) return false;
    *vec_push(r->a, &r->m->rules) = (struct m_rule){.name = name, .at = item->at};
    if (!name_ok(r, NAME_RULE, name)) return true;
    uint32_t was = name_rule(r, name.s, hash, id);
    if (was != id) name_twice(r, NAME_RULE, name, r->m->rules.at[was].name.at);
    return true;
}

void declare_rules(struct resolver *r)
{
    uint32_t hashes[AHEAD] = {0}, count = r->c->ast.items.count;
    make_room(r);
    for (uint32_t i = 0; i < count; i++) {
        if (i % AHEAD == 0) fetch_places(r, i, i + AHEAD < count ? i + AHEAD : count, hashes);
        const struct item *item = r->c->ast.items.at[i];
        if (is_rule(item) && !declare_rule(r, item, hashes[i % AHEAD])) return;
    }
}

/* ---- steps ---- */

static void list_too_long(struct resolver *r, const char *what, uint32_t count, struct span at)
{
    if (count <= r->limits->list) return;
    diag(r->d, E0691, at, str_of_u64(r->a, r->limits->list), str_from(what), str_of_u64(r->a, count));
}

/* A team's name that is an agent's gets that hint. */
static uint32_t target_team(struct resolver *r, struct name n)
{
    bool agent = n.s.p && strmap_get(&r->m->team_ids, n.s, NONE) == NONE &&
                 strmap_get(&r->m->agent_ids, n.s, NONE) != NONE;
    uint32_t team = agent ? NONE : find_team(r, n);
    if (team != NONE) r->m->teams.at[team].routed_to = true;
    if (!agent || may_be_missing(r, n.at)) return team;
    struct diag *g = diag(r->d, E0203, n.at, S("team"), shown(r, n.s), S("is"));
    struct str s = shown(r, n.s);
    diag_hint(r->d, g,
              spelling(r, n.at, "there is an agent of that name: write `{agent: %.*s}`",
                       "there is an agent of that name: write `agent %.*s`"),
              (int)s.len, s.p);
    return NONE;
}

static uint32_t target_agent(struct resolver *r, struct name n)
{
    uint32_t id = find_agent(r, n);
    if (id == NONE || r->m->agents.at[id].role != TF_VIEWER) return id;
    struct diag *g = diag(r->d, E0605, n.at, shown(r, n.s));
    diag_related(g, r->m->agents.at[id].decl->role.at, S("a viewer by this role"));
    return id;
}

static void step_target(struct resolver *r, const struct step *s, struct m_step *out)
{
    static const enum tf_target kinds[] = {
        [TARGET_TEAM] = TF_TO_TEAM, [TARGET_AGENT] = TF_TO_AGENT, [TARGET_UNASSIGNED] = TF_TO_NOBODY};
    out->kind = kinds[s->kind];
    out->target = NONE;
    if (s->kind == TARGET_TEAM) out->target = target_team(r, s->target);
    if (s->kind == TARGET_AGENT) out->target = target_agent(r, s->target);
}

/* The step's time; *last: the last plain one before it, whose place is *last_at. */
static void step_time(struct resolver *r, const struct step *s, bool first, struct m_step *out,
                      uint64_t *last, struct span *last_at)
{
    const struct step_time *time = s->time;
    if (time) out->of_hours = find_hours(r, time->of);
    if (first) {
        if (time) diag0(r->d, E0610, time->after.at);
        return;
    }
    if (!time) {
        if (!told_within(r, s->at)) diag0(r->d, E0611, s->at);
        return;
    }
    if (!span_said(time->after.at)) return;     /* not readable, and that was told */
    out->after_sec = (uint32_t)time->after.sec; /* read_duration() allows no more */
    if (time->of.s.p) return;
    if (time->after.sec < *last)
        diag_related(diag0(r->d, E0615, time->after.at), *last_at, S("the longer time before it"));
    *last = time->after.sec;
    *last_at = time->after.at;
}

/* The name's bytes as a number, where they are as few; else 0. With its length it is the name. */
static uint64_t short_key(struct str name)
{
    uint64_t key = 0;
    if (name.len > sizeof key) return 0;
    memcpy(&key, name.p, name.len);
    return key;
}

/* NONE: there is no such. Of a hundred thousand rules most lead to teams that others led to before. */
static uint32_t team_named(struct resolver *r, struct str name)
{
    uint64_t key = short_key(name);
    struct known_team *known = &r->known_teams[key * UINT64_C(0x9e3779b97f4a7c15) >> 58];
    if (key && known->key == key && known->len == name.len) return known->team;
    uint32_t team = strmap_get(&r->m->team_ids, name, NONE);
    if (key && team != NONE) *known = (struct known_team){key, (uint32_t)name.len, team};
    return team;
}

/* What steps mostly are: a team, at once. False where it is anything else, or no such team. */
static bool plain_step(struct resolver *r, const struct step *s, bool first, struct m_step *out)
{
    if (!first || s->kind != TARGET_TEAM || s->time || !s->target.s.p) return false;
    uint32_t team = team_named(r, s->target.s);
    if (team == NONE) return false;
    r->m->teams.at[team].routed_to = true;
    out->kind = TF_TO_TEAM;
    out->target = team;
    return true;
}

static void resolve_steps(struct resolver *r, const steps *in, struct span key, m_steps *out)
{
    uint64_t last = 0;
    struct span last_at = key;
    list_too_long(r, "steps", in->count, key);
    vec_room(r->a, out, in->count);
    for (uint32_t i = 0; i < in->count; i++) {
        const struct step *s = &in->at[i];
        struct m_step *step = vec_push(r->a, out);
        step->at = s->at;
        step->target = step->of_hours = NONE;
        if (plain_step(r, s, i == 0, step)) continue;
        if (s->kind == TARGET_TEAM && !s->time && report_dsl_step(r, s->target, i == 0)) continue;
        step_target(r, s, step);
        step_time(r, s, i == 0, step, &last, &last_at);
    }
}

/* ---- effects ---- */

/* The numbers of the names, in the order as written, each once. */
static void take_each_once(struct resolver *r, const names *in, uint32_t find(struct resolver *, struct name),
                           ids *out)
{
    struct strmap seen = {0};
    for (uint32_t i = 0; i < in->count; i++) {
        uint32_t id = find(r, in->at[i]);
        if (id == NONE || strmap_put(r->a, &seen, in->at[i].s, i) != i) continue;
        *vec_push(r->a, out) = id;
    }
}

static uint32_t find_label(struct resolver *r, struct name n)
{
    return attr_member(r, TF_LABELS, n);
}

static uint8_t priority_effect(struct resolver *r, struct name n)
{
    uint32_t priority = n.s.p ? find_priority(r, n) : NONE;
    return priority == NONE ? 0 : (uint8_t)(priority + 1);
}

static void take_effects(struct resolver *r, struct m_rule *rule)
{
    const struct rule_decl *decl = rule->decl;
    rule->set_priority = priority_effect(r, decl->more->set_priority);
    rule->more->set_at = decl->more->set_priority.at;
    rule->raise_priority = priority_effect(r, decl->more->raise_priority);
    rule->more->raise_at = decl->more->raise_priority.at;
    list_too_long(r, "labels to add", decl->more->add_labels.count, decl->more->add_key);
    take_each_once(r, &decl->more->add_labels, find_label, &rule->more->add);
    list_too_long(r, "required skills", decl->more->require_skills.count, decl->more->require_key);
    take_each_once(r, &decl->more->require_skills, find_skill, &rule->more->require);
}

/* ---- rules ---- */

static void take_active(struct resolver *r, struct m_rule *rule, bool told)
{
    const struct rule_decl *decl = rule->decl;
    rule->active = NONE;
    if (!span_said(decl->more->active_key)) return;
    if (decl->more->active.count)
        rule->active = resolve_date_set(r, &decl->more->active, decl->more->active_key);
    else if (!told)
        diag(r->d, E0616, decl->more->active_key, shown(r, rule->name.s));
}

static void take_condition(struct resolver *r, struct m_rule *rule, const struct expr *when, bool told)
{
    const struct rule_decl *decl = rule->decl;
    bool said = span_said(decl->when_key) || span_said(decl->more->match_key);
    if (!said && !told) {
        struct diag *g = diag(r->d, E0608, rule->name.at, shown(r, rule->name.s));
        diag_hint(r->d, g, "%s",
                  spelling(r, rule->at, "for every ticket, write `when: true`",
                           "for every ticket, write `when true`"));
    }
    if (span_said(decl->more->match_key) && decl->more->match.count == 0 && !told)
        diag(r->d, E0609, decl->more->match_key, S("match"));
    struct cond active;
    if (rule->active != NONE) {
        const dates *days = &decl->more->active;
        active = cond_one(COND_ACTIVE, span_join(days->at[0].at, days->at[days->count - 1].at), rule->active);
    }
    rule->cond =
        cond_keep(r, resolve_tests(r, rule->active != NONE ? &active : NULL, when, &decl->more->match));
    rule->says_true = when && when->kind == EXPR_TRUE && decl->more->match.count == 0;
    rule->when_at = when || decl->more->match.count ? rule->cond->at : rule->name.at;
}

static void take_when(struct resolver *r, struct m_rule *rule, bool told)
{
    const struct expr *said = rule->decl->when;
    arena_clear(r->brief);
    bool numbered = said && said->kind == EXPR_PLAIN && said->numbered;
    const struct expr *when = numbered ? said : expr_open(r->brief, said);
    take_condition(r, rule, when, told);
    rule->wrong = said && r->some_broken && asks_broken(r, expr_open(r->brief, said));
}

static void take_answer(struct resolver *r, struct m_rule *rule, bool told)
{
    const struct rule_decl *decl = rule->decl;
    bool to = span_said(decl->to_key);
    rule->cont = decl->more->cont;
    if (to && decl->more->cont) {
        diag_related(diag(r->d, E0617, decl->more->continue_key, shown(r, rule->name.s)), decl->to_key,
                     S("where it goes to"));
    } else if (!to && !decl->more->cont && !told) {
        struct diag *g = diag(r->d, E0618, rule->name.at, shown(r, rule->name.s));
        diag_hint(r->d, g, "%s",
                  spelling(r, rule->at, "say where it goes with `to:`, or `continue: true`",
                           "say where it goes with `to`, or `continue`"));
    } else if (to && decl->to.count == 0 && !told) {
        diag0(r->d, E0619, decl->to_key);
    }
    resolve_steps(r, &decl->to, decl->to_key, &rule->steps);
}

static void resolve_otherwise(struct resolver *r, const struct item *item)
{
    r->m->has_otherwise = true;
    r->m->otherwise_at = item->at;
    if (item->u.otherwise.count == 0 && !told_within(r, item->at)) diag0(r->d, E0619, item->key);
    resolve_steps(r, &item->u.otherwise, item->key, &r->m->otherwise);
}

/* Room for what few rules say; `nothing` is shared by those that do not. */
static struct m_rule_more *more_of(struct resolver *r, const struct rule_decl *decl,
                                   struct m_rule_more *nothing)
{
    bool says = decl->more != &rule_more_nothing &&
                memcmp(decl->more, &rule_more_nothing, sizeof rule_more_nothing) != 0;
    return says ? arena_new_of(r->a, struct m_rule_more) : nothing;
}

/* What the author wrote as a tree lives as long as its rule is resolved: of 100,000 rules it is 55 MB, which
 * the conditions made of it need. */
static void end_when(struct resolver *r, const struct expr *when)
{
    if (when) arena_drop_before(r->c->ast.files.at[when->at.file]->whens, when);
}

/* A brief rule that leads to a team there is: past the declaration that it stands for, which says no more and
 * is made for each of 100,000 (9 ms). False where anything is to be said of it but in its condition. All that
 * lead to one team have one step, whose place is that of the first: no diagnostic names the place of a step
 * that is the only one. */
static bool resolve_brief(struct resolver *r, struct m_rule *rule, const struct item *item,
                          struct m_rule_more *nothing)
{
    struct name to;
    if (r->some_broken || !rule_item_to(item, text_of(r, item), &to)) return false;
    uint32_t team = team_named(r, to.s);
    if (team == NONE) return false;
    r->m->teams.at[team].routed_to = true;
    arena_clear(r->brief);
    rule->decl = &rule_decl_nothing;
    rule->more = nothing;
    rule->active = NONE;
    rule->cond = resolve_numbered(r, item->u.brief.numbered);
    rule->when_at = rule->cond->at;
    struct m_step *step = &r->to_team[team];
    if (!span_said(step->at))
        *step = (struct m_step){.kind = TF_TO_TEAM, .target = team, .of_hours = NONE, .at = to.at};
    rule->steps.at = step;
    rule->steps.count = rule->steps.cap = 1;
    return true;
}

static void resolve_rule(struct resolver *r, struct m_rule *rule, const struct item *item,
                         struct m_rule_more *nothing)
{
    struct rule_opened opened;
    if (resolve_brief(r, rule, item, nothing)) return;
    bool told = told_within(r, rule->at);
    rule->decl = rule_open(item, text_of(r, item), &opened);
    rule->more = more_of(r, rule->decl, nothing);
    if (rule->more != nothing) rule->more->description = rule->decl->more->description.s;
    take_active(r, rule, told);
    take_when(r, rule, told);
    take_effects(r, rule);
    take_answer(r, rule, told);
    if (rule->decl == &opened.decl)
        rule->decl = &rule_decl_nothing;
    else
        end_when(r, rule->decl->when);
}

void resolve_rules(struct resolver *r)
{
    struct m_rule_more *nothing = arena_new_of(r->a, struct m_rule_more);
    const struct item *const *item = r->c->ast.items.at; /* each rule was declared by one, in their order */
    r->brief = arena_part(r->a);
    r->to_team = arena_array(r->a, struct m_step, r->m->teams.count);
    for (uint32_t i = 0; i < r->m->rules.count; i++, item++) {
        while (!is_rule(*item)) item++;
        resolve_rule(r, &r->m->rules.at[i], *item, nothing);
    }
    arena_end(r->brief);
    for (uint32_t i = 0; i < r->c->ast.items.count && !r->m->has_otherwise; i++)
        if (r->c->ast.items.at[i]->kind == ITEM_OTHERWISE) resolve_otherwise(r, r->c->ast.items.at[i]);
    if (r->m->has_otherwise || r->m->teams.count == 0 || r->c->ast.incomplete) return;
    struct diag *g = diag0(r->d, E0620, r->m->teams.at[0].id.at);
    diag_hint(r->d, g, "%s",
              spelling(r, r->m->teams.at[0].at, "write `otherwise: unassigned`, or a team's name",
                       "write `otherwise to unassigned`, or a team's name"));
}
