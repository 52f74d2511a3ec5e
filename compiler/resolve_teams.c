/*
 * Teams: declarations to model (language.md 2.6, 2.7, 5.4). Assumes attributes, hours and agents resolved,
 * and the names of teams declared.
 */
#include "resolve.h"

void declare_teams(struct resolver *r)
{
    for (uint32_t i = 0; i < r->c->ast.items.count; i++) {
        const struct item *item = r->c->ast.items.at[i];
        if (item->kind != ITEM_TEAM || !item->u.team->id.s.p) continue;
        const struct team_decl *decl = item->u.team;
        uint32_t id = r->m->teams.count, was = strmap_get(&r->m->team_ids, decl->id.s, NONE);
        if (was != NONE) {
            name_twice(r, NAME_TEAM, decl->id, r->m->teams.at[was].id.at);
            continue;
        }
        if (!has_room(r, LIMIT_TEAMS, id, decl->id.at)) return;
        name_ok(r, NAME_TEAM, decl->id);
        strmap_put(r->a, &r->m->team_ids, decl->id.s, id);
        *vec_push(r->a, &r->m->teams) = (struct m_team){.decl = decl, .id = decl->id, .at = item->at};
    }
}

/* ---- members ---- */

/* place[agent]: where the team that is being resolved (stamp[agent]) names the agent. */
struct members {
    uint32_t *stamp;
    struct span *place;
};

static void take_member(struct resolver *r, uint32_t team_id, struct name n, const struct members *seen)
{
    struct m_team *team = &r->m->teams.at[team_id];
    uint32_t agent = find_agent(r, n);
    if (agent == NONE) return;
    struct m_agent *member = &r->m->agents.at[agent];
    if (seen->stamp[agent] == team_id + 1) {
        struct diag *g = diag(r->d, E0604, n.at, shown(r, n.s), shown(r, team->id.s));
        diag_related(g, seen->place[agent], S("first named here"));
        return;
    }
    seen->stamp[agent] = team_id + 1;
    seen->place[agent] = n.at;
    if (member->role == TF_VIEWER) {
        struct diag *g = diag(r->d, E0603, n.at, shown(r, n.s), shown(r, team->id.s));
        diag_related(g, member->decl->role.at, S("a viewer by this role"));
        return;
    }
    member->in_team = true;
    *vec_push(r->a, &team->members) = agent;
}

static void take_members(struct resolver *r, uint32_t team_id, const struct members *seen)
{
    struct m_team *team = &r->m->teams.at[team_id];
    team->agents_all = team->decl->agents_all;
    if (team->agents_all) {
        team->members = r->all_agents; /* shared: 65,535 teams of 65,535 agents would not fit otherwise */
        return;
    }
    for (uint32_t i = 0; i < team->decl->agents.count; i++)
        take_member(r, team_id, team->decl->agents.at[i], seen);
}

/* ---- maps by channel ---- */

static bool strategy_value(struct resolver *r, const struct by_channel *e, uint32_t *value)
{
    static const char *const words[TF_STRATEGY_COUNT] = {
#define STRATEGY(id, spelling) spelling,
#include "../runtime/strategies.def"
#undef STRATEGY
    };
    *value = word_of(r, e->value, "a way to assign", words, TF_STRATEGY_COUNT);
    return *value != NONE;
}

static bool hours_value(struct resolver *r, const struct by_channel *e, uint32_t *value)
{
    *value = find_hours(r, e->value);
    return *value != NONE;
}

/* A team's name where its word is missing. */
static void after_hours_of_team(struct resolver *r, const struct by_channel *e)
{
    struct str name = shown(r, e->value.s);
    struct diag *g = diag(r->d, E0601, e->value.at, name, S("an answer for after hours"),
                          S("hold, leave or a team to go to"));
    diag_hint(r->d, g, spelling(r, e->at, "write `{to: %.*s}`", "write `to %.*s`"), (int)name.len, name.p);
}

static bool after_hours_value(struct resolver *r, const struct by_channel *e, uint32_t *value)
{
    static const char *const words[] = {"hold", "leave"};
    bool word =
        str_eq(e->value.s, S("hold")) || str_eq(e->value.s, S("leave")); /* teams may be named so too */
    if (e->to_team) {
        uint32_t team = find_team(r, e->value);
        if (team == NONE) return false;
        r->m->teams.at[team].routed_to = true;
        *value = TF_TO_FIRST + team;
        return true;
    }
    if (!word && e->value.s.p && strmap_get(&r->m->team_ids, e->value.s, NONE) != NONE)
        return after_hours_of_team(r, e), false;
    *value = word_of(r, e->value, "an answer for after hours", words, 2);
    return *value != NONE;
}

static void take_maps(struct resolver *r, struct m_team *team)
{
    const struct team_decl *decl = team->decl;
    bool rest = resolve_map(r, &decl->assign, TF_ROUND_ROBIN, strategy_value, &team->assign);
    if (decl->assign.count && !rest) {
        struct diag *g = diag(r->d, E0613, decl->assign_key, shown(r, team->id.s));
        diag_hint(
            r->d, g, "%s",
            spelling(r, decl->assign_key, "add `other: round-robin`", "add `assign round-robin for other`"));
    }
    resolve_map(r, &decl->hours, 0, hours_value, &team->hours);
    resolve_map(r, &decl->after_hours, TF_HOLD, after_hours_value, &team->after_hours);
}

/* ---- the rest ---- */

static void take_words(struct resolver *r, struct m_team *team)
{
    static const char *const rotations[] = {"team", "channel", "global"};
    static const char *const backlogs[] = {"drain", "leave"};
    static const char *const presences[] = {"online", "on-shift"};
    const struct team_decl *decl = team->decl;
    uint32_t rotation = word_of(r, decl->rotation, "a rotation", rotations, 3);
    team->rotation = rotation == NONE ? TF_ROTATION_TEAM : (enum tf_rotation)rotation;
    team->backlog_leave = word_of(r, decl->backlog, "a way to treat the backlog", backlogs, 2) == 1;
    team->on_shift = word_of(r, decl->present, "a kind of presence", presences, 2) == 1;
    team->sticky = decl->sticky.on;
    team->members_only = decl->members_only.on;
}

/* One take is its tests; several are alternatives. */
static void take_takes(struct resolver *r, struct m_team *team)
{
    const struct team_decl *decl = team->decl;
    if (!span_said(decl->takes_key)) return;
    struct cond *any = cond_keep(r, cond_of(COND_OR, decl->takes_key));
    bool told = told_within(r, team->at);
    any->kids = arena_array(r->a, struct cond, decl->takes.count);
    for (uint32_t i = 0; i < decl->takes.count; i++) {
        const struct take *take = &decl->takes.at[i];
        if (take->tests.count == 0 && !told) diag(r->d, E0609, take->at, S("takes"));
        any->kids[any->count++] = resolve_tests(r, NULL, NULL, &take->tests);
        *vec_push(r->a, &team->take_at) = take->at;
    }
    if (any->count == 0 && !told) diag(r->d, E0609, decl->takes_key, S("takes"));
    if (any->count) any->at = span_join(any->kids[0].at, any->kids[any->count - 1].at);
    team->takes = any->count == 1 ? any->kids : any;
    if (any->count == 0) *any = cond_of(COND_FALSE, any->at);
}

static void mark_all_in_team(struct resolver *r)
{
    for (uint32_t i = 0; i < r->all_agents.count; i++) r->m->agents.at[r->all_agents.at[i]].in_team = true;
}

void resolve_teams(struct resolver *r)
{
    bool all = false;
    struct members seen = {arena_array(r->a, uint32_t, r->m->agents.count),
                           arena_array(r->a, struct span, r->m->agents.count)};
    for (uint32_t i = 0; i < r->m->teams.count; i++) {
        struct m_team *team = &r->m->teams.at[i];
        team->description = team->decl->description.s;
        take_members(r, i, &seen);
        take_maps(r, team);
        take_words(r, team);
        take_takes(r, team);
        if (team->takes) team->routed_to = true;
        all |= team->agents_all;
    }
    if (all) mark_all_in_team(r);
}
