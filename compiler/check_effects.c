/*
 * Effects that do other than meant: a required skill that nobody has where the ticket goes; a `set` that
 * lowers.
 *
 * Rules that continue act on what later rules decide, so pairs of rules count, as far as folding does not
 * rule them out together. Pairs cost: PAIRS_MAX bounds them in all, and what is left then is not warned of.
 */
#include "checker.h"

enum { PAIRS_MAX = 50000, PAIR_PARTS_MAX = 64 };

/* Whether tickets may meet both; without looking closely at large conditions or after too many pairs. */
static bool may_meet(struct checker *k, const struct canon *a, const struct canon *b, uint32_t *pairs)
{
    if (++*pairs > PAIRS_MAX) return false;
    if (a->count + b->count > PAIR_PARTS_MAX) return true;
    return !canons_exclude(&k->folder, a, b);
}

/* ---- skills ---- */

/* A rule that requires a skill. */
struct requirement {
    uint32_t rule;
    struct span at;
};
typedef VEC(struct requirement) requirements;

/* Where a skill is had, and where tickets go. */
struct skills {
    uint32_t *has;          /* by team: skill + 1 where an agent of the team has it, for the skill being asked */
    uint32_t skill;         /* the one `has` and `anyone` are about; NONE */
    bool anyone;            /* a member of `agents: all` has it */
    ids *teams_of;          /* by agent: the teams that list the agent by name */
    ids *agents_of;         /* by skill */
    requirements *required; /* by skill: asked one after the other, so that `has` is made once for each */
    ids deciding, takers;   /* rules, and teams with takes, at which a ticket that went on may end */
    uint32_t *stamp;        /* by team: for walks */
    uint32_t walk;
    uint32_t pairs;
    uint64_t work; /* left for walks, and for rules and teams that are gone through; then no more is said */
};
enum { WORK_BEGIN = 50000, WORK_EACH = 64 };

static void index_members(struct checker *k, struct skills *s)
{
    for (uint32_t i = 0; i < k->m->teams.count; i++) {
        const struct m_team *team = &k->m->teams.at[i];
        if (team->takes && !team->wrong) *vec_push(k->a, &s->takers) = i;
        for (uint32_t j = 0; !team->agents_all && j < team->members.count; j++)
            *vec_push(k->a, &s->teams_of[team->members.at[j]]) = i;
    }
    for (uint32_t i = 0; i < k->m->agents.count; i++) {
        const struct m_agent *agent = &k->m->agents.at[i];
        for (uint32_t j = 0; j < agent->skills.count; j++)
            *vec_push(k->a, &s->agents_of[agent->skills.at[j]]) = i;
    }
}

/* Works out which teams have the skill. */
static void ask_skill(struct checker *k, struct skills *s, uint32_t skill)
{
    if (s->skill == skill) return;
    s->skill = skill;
    s->anyone = false;
    for (uint32_t i = 0; i < s->agents_of[skill].count; i++) {
        uint32_t agent = s->agents_of[skill].at[i];
        const ids *teams = &s->teams_of[agent];
        s->anyone |= k->m->agents.at[agent].role != TF_VIEWER;
        for (uint32_t j = 0; j < teams->count; j++) s->has[teams->at[j]] = skill + 1;
    }
}

static bool has_skill(const struct checker *k, const struct skills *s, uint32_t team)
{
    return k->m->teams.at[team].agents_all ? s->anyone : s->has[team] == s->skill + 1;
}

/* A team without the skill that a ticket in `team` can come to, handed on after hours too; NONE. */
static uint32_t lacking_from(struct checker *k, struct skills *s, uint32_t team)
{
    ids open = {0};
    *vec_push(k->a, &open) = team;
    while (open.count && spend(&s->work)) {
        uint32_t at = open.at[--open.count];
        if (s->stamp[at] == s->walk) continue;
        s->stamp[at] = s->walk;
        if (k->m->teams.at[at].wrong) continue;
        if (!has_skill(k, s, at)) return at;
        const struct m_channel_map *map = &k->m->teams.at[at].after_hours;
        for (uint32_t i = 0; i < map->some.count && spend(&s->work); i++)
            if (map->some.at[i].value >= TF_TO_FIRST)
                *vec_push(k->a, &open) = map->some.at[i].value - TF_TO_FIRST;
        if (map->other >= TF_TO_FIRST) *vec_push(k->a, &open) = map->other - TF_TO_FIRST;
    }
    return NONE;
}

static uint32_t lacking_in_steps(struct checker *k, struct skills *s, const m_steps *list)
{
    s->walk++;
    for (uint32_t i = 0; i < list->count && spend(&s->work); i++) {
        if (list->at[i].kind != TF_TO_TEAM) continue;
        uint32_t team = lacking_from(k, s, list->at[i].target);
        if (team != NONE) return team;
    }
    return NONE;
}

/* Of the rules that decide, the first behind this one. */
static uint32_t first_behind(const struct skills *s, uint32_t rule)
{
    uint32_t lo = 0, hi = s->deciding.count;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (s->deciding.at[mid] <= rule)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

/* Of a rule that continues: a team without the skill that a later decision on its tickets can lead to. */
static uint32_t lacking_later(struct checker *k, struct skills *s, uint32_t rule)
{
    const struct canon *c = check_folded(k, rule);
    for (uint32_t i = first_behind(s, rule); i < s->deciding.count && s->pairs <= PAIRS_MAX; i++) {
        const struct m_rule *later = &k->m->rules.at[s->deciding.at[i]];
        if (later->wrong) return NONE; /* it may take them all */
        const struct canon *theirs = check_folded(k, s->deciding.at[i]);
        bool meets = may_meet(k, c, theirs, &s->pairs);
        uint32_t team = meets ? lacking_in_steps(k, s, &later->steps) : NONE;
        if (team != NONE || theirs->kind == CANON_TRUE || canon_equal(c, theirs)) return team;
    }
    for (uint32_t i = 0; i < s->takers.count && s->pairs <= PAIRS_MAX && spend(&s->work); i++) {
        const struct m_team *team = &k->m->teams.at[s->takers.at[i]];
        s->walk++;
        uint32_t lacks = lacking_from(k, s, s->takers.at[i]);
        if (lacks != NONE && may_meet(k, c, fold(&k->folder, team->takes), &s->pairs)) return lacks;
    }
    if (s->pairs > PAIRS_MAX || k->m->otherwise_wrong) return NONE;
    return lacking_in_steps(k, s, &k->m->otherwise);
}

static void check_required(struct checker *k, struct skills *s, uint32_t skill, const struct requirement *r)
{
    const struct m_rule *rule = &k->m->rules.at[r->rule];
    ask_skill(k, s, skill);
    uint32_t team = rule->cont ? lacking_later(k, s, r->rule) : lacking_in_steps(k, s, &rule->steps);
    if (team == NONE) return;
    diag_related(diag(k->d, W1009, r->at, k->m->skills.at[skill].s, k->m->teams.at[team].id.s),
                 k->m->teams.at[team].id.at, S("the team"));
}

/* Skills stand in the order of the names that were written, each once: each is found behind the one before. */
static void note_required(struct checker *k, struct skills *s, uint32_t rule_id)
{
    const struct m_rule *rule = &k->m->rules.at[rule_id];
    const names *written = &rule->decl->more->require_skills;
    for (uint32_t i = 0, at = 0; i < rule->more->require.count; i++) {
        uint32_t skill = rule->more->require.at[i];
        while (!str_eq(written->at[at].s, k->m->skills.at[skill].s)) at++;
        *vec_push(k->a, &s->required[skill]) = (struct requirement){rule_id, written->at[at].at};
    }
}

static void index_rules(struct checker *k, struct skills *s)
{
    s->work = WORK_BEGIN + WORK_EACH * ((uint64_t)k->m->rules.count + k->m->teams.count);
    for (uint32_t i = 0; i < k->m->rules.count; i++) {
        const struct m_rule *rule = &k->m->rules.at[i];
        if (rule->wrong || (!rule->cont && !k->dead[i])) *vec_push(k->a, &s->deciding) = i;
        if (!k->dead[i] && rule->more->require.count) note_required(k, s, i);
    }
}

void check_skills(struct checker *k)
{
    struct skills s = {.skill = NONE};
    if (k->blind) return;
    s.has = arena_array(k->a, uint32_t, k->m->teams.count);
    s.stamp = arena_array(k->a, uint32_t, k->m->teams.count);
    s.teams_of = arena_array(k->a, ids, k->m->agents.count);
    s.agents_of = arena_array(k->a, ids, k->m->skills.count);
    s.required = arena_array(k->a, requirements, k->m->skills.count);
    index_members(k, &s);
    index_rules(k, &s);
    for (uint32_t i = 0; i < k->m->skills.count; i++)
        for (uint32_t j = 0; j < s.required[i].count; j++) check_required(k, &s, i, &s.required[i].at[j]);
}

/* ---- set ---- */

/* Rules that continue and set a priority, by that: ascending. */
struct setters {
    ids of[5];
};

/* The last of those that set more than `kept` and were not taken yet; NONE. left: of each, how many. */
static uint32_t last_higher(const struct setters *s, uint32_t left[5], uint32_t kept)
{
    uint32_t from = 0, last = NONE;
    for (uint32_t p = kept + 1; p < 5; p++) {
        if (!left[p] || (last != NONE && s->of[p].at[left[p] - 1] < last)) continue;
        from = p;
        last = s->of[p].at[left[p] - 1];
    }
    if (last != NONE) left[from]--;
    return last;
}

/* An earlier rule that continues and sets a higher priority on tickets that this one may meet; NONE. */
static uint32_t set_higher(struct checker *k, const struct setters *setters, uint32_t rule, uint32_t kept,
                           uint32_t *pairs)
{
    uint32_t left[5], earlier;
    for (int p = 0; p < 5; p++) left[p] = setters->of[p].count;
    while (*pairs <= PAIRS_MAX && (earlier = last_higher(setters, left, kept)) != NONE)
        if (may_meet(k, check_folded(k, earlier), check_folded(k, rule), pairs)) return earlier;
    return NONE;
}

/* The priority (1 low .. 4 urgent) below which the rule's own effects never leave a ticket. */
static uint32_t kept_at_least(const struct m_rule *rule)
{
    return rule->set_priority > rule->raise_priority ? rule->set_priority : rule->raise_priority;
}

static void check_set_of(struct checker *k, const struct setters *setters, uint32_t i, uint32_t *pairs)
{
    const struct m_rule *rule = &k->m->rules.at[i];
    uint32_t kept = kept_at_least(rule), earlier = NONE;
    bool lowers = canon_priorities(check_folded(k, i)) >> kept != 0;
    if (!lowers) earlier = set_higher(k, setters, i, kept, pairs);
    if (!lowers && earlier == NONE) return;
    struct str who = S("the ticket came with");
    if (!lowers) {
        struct str name = k->m->rules.at[earlier].name.s;
        who = arena_printf(k->a, "rule \"%.*s\" set", (int)name.len, name.p);
    }
    struct diag *g = diag(k->d, W1017, rule->more->set_at, who);
    if (lowers && rule->set_priority > 1)
        diag_hint(k->d, g, "to raise it only, write `raise` instead of `set`");
    if (!lowers) diag_related(g, k->m->rules.at[earlier].more->set_at, S("set here"));
}

void check_set(struct checker *k)
{
    struct setters setters = {0};
    uint32_t pairs = 0;
    for (uint32_t i = 0; i < k->m->rules.count; i++) {
        const struct m_rule *rule = &k->m->rules.at[i];
        if (k->dead[i] || rule->set_priority == 0) continue;
        check_set_of(k, &setters, i, &pairs);
        if (rule->cont) *vec_push(k->a, &setters.of[rule->set_priority]) = i;
    }
}
