/*
 * The `rules` section of a YAML policy to its declarations, with steps, `match` and `takes` (language.md 2.2
 * to 2.6).
 */
#include "yaml_shape.h"

#include <string.h>

/* ---- steps ---- */

struct step_map {
    struct span team_key, agent_key, unassigned_key, after_key;
    struct name team, agent;
    struct flag unassigned;
    struct step_time after;
};

static size_t find_of(struct str s)
{
    for (size_t i = 0; i + 3 <= s.len; i++)
        if (!memcmp(s.p + i, " of", 3) && (i + 3 == s.len || s.p[i + 3] == ' ')) return i;
    return s.len;
}

/* Behind `of` stands something that is no name of hours, or nothing. */
static void report_of(struct shape *p, struct span at, struct str time, struct str hours)
{
    if (hours.len) {
        bool quote = memchr(hours.p, '"', hours.len) || memchr(hours.p, '\'', hours.len);
        struct diag *g = diag(p->d, E0553, at, hours);
        if (!quote)
            diag_hint(p->d, g, "write '%.*s of \"%.*s\"'", (int)time.len, time.p, (int)hours.len, hours.p);
        else
            diag_hint(p->d, g, "write for example '%.*s of \"late shift\"'", (int)time.len, time.p);
        return;
    }
    diag_hint(p->d, diag(p->d, E0546, at, S("`of`"), S("the name of hours behind it")),
              "write for example %.*s of office, or %.*s alone", (int)time.len, time.p, (int)time.len,
              time.p);
}

static struct span part(struct span at, struct str whole, struct str s)
{
    if (at.len != whole.len) return at;
    return (struct span){at.file, at.off + (uint32_t)(s.p - whole.p), (uint32_t)s.len};
}

static struct str trim(struct str s)
{
    while (s.len && s.p[0] == ' ') s.p++, s.len--;
    while (s.len && s.p[s.len - 1] == ' ') s.len--;
    return s;
}

/* "2h", "2h of office", 0 */
static void read_after(struct shape *p, const struct yaml_node *value, void *out)
{
    struct step_time *time_said = out;
    if (!yaml_expect(p, value, YAML_TEXT, "a time such as 15m or 2h of office")) return;
    const struct yaml_node *real = yaml_real(value);
    struct cond_text text = yaml_cond_text(p->t, real);
    struct str s = text.text;
    struct span at = yaml_inner_span(p->t, real);
    size_t of = find_of(s);
    struct str time = trim((struct str){s.p, of});
    read_duration(p->d, time, part(at, s, time), &time_said->after);
    if (of == s.len) return;
    struct str hours = trim((struct str){s.p + of + 3, s.len - of - 3});
    if (!hours.len) {
        report_of(p, at, time, hours);
        return;
    }
    uint32_t errors = p->d->error_count;
    text.base += (uint32_t)(hours.p - s.p);
    if (text.map) text.map += hours.p - s.p;
    text.text = hours;
    if (!parse_name(p->d, &text, &time_said->of) && p->d->error_count == errors)
        report_of(p, part(at, s, hours), time, hours);
}

static const struct yaml_row step_rows[] = {
    YAML_ROW(struct step_map, "team", yaml_read_name, team_key, team, "{team: billing}"),
    YAML_ROW(struct step_map, "agent", yaml_read_name, agent_key, agent, "{agent: anna}"),
    YAML_ROW(struct step_map, "unassigned", yaml_read_flag, unassigned_key, unassigned,
             "{unassigned: true, after: 15m}"),
    YAML_ROW(struct step_map, "after", read_after, after_key, after, "{team: general, after: 2h of office}"),
};

static bool step_of_map(struct shape *p, const struct yaml_node *value, struct step *step)
{
    struct step_map m = {0};
    uint32_t errors = p->d->error_count;
    yaml_read_map(p, value, step_rows, sizeof step_rows / sizeof *step_rows, &m, "a step");
    bool refused = span_said(m.unassigned_key) && !m.unassigned.on && p->d->error_count == errors;
    int targets = span_said(m.team_key) + span_said(m.agent_key) + span_said(m.unassigned_key);
    if (targets != 1 || refused) {
        if (p->d->error_count == errors) diag0(p->d, E0547, yaml_span(p->t, value));
        return false;
    }
    if (span_said(m.after_key))
        step->time = memcpy(arena_new_of(p->a, struct step_time), &m.after, sizeof m.after);
    step->kind = span_said(m.team_key)    ? TARGET_TEAM
                 : span_said(m.agent_key) ? TARGET_AGENT
                                          : TARGET_UNASSIGNED;
    if (step->kind != TARGET_UNASSIGNED) step->target = step->kind == TARGET_TEAM ? m.team : m.agent;
    return step->kind == TARGET_UNASSIGNED || step->target.s.p;
}

static bool step_of_name(struct shape *p, const struct yaml_node *value, struct step *step)
{
    struct name target;
    bool right = yaml_name(p, value, &target);
    if (right) *step = step_to(target, target.at);
    return right;
}

void yaml_read_steps(struct shape *p, const struct yaml_node *value, void *out)
{
    steps *list = out;
    if (yaml_skip(value)) return;
    struct yaml_items items = yaml_items(value);
    vec_room(p->a, list, items.count);
    for (uint32_t i = 0; i < items.count; i++) {
        const struct yaml_node *item = yaml_item(&items, i);
        struct step step = {0};
        if (yaml_skip(item)) continue;
        bool right =
            yaml_real(item)->kind == YAML_MAP ? step_of_map(p, item, &step) : step_of_name(p, item, &step);
        step.at = yaml_span(p->t, item);
        if (right) *vec_push(p->a, list) = step;
    }
}

/* ---- match and takes ---- */

/* What the attribute makes of it is known to nobody yet: a plain number or truth value keeps its spelling
 * too. */
static bool read_match_value(struct shape *p, const struct yaml_node *value, struct value *out)
{
    if (!yaml_expect(p, value, YAML_TEXT, "a name or a list of names")) return false;
    const struct yaml_node *real = yaml_real(value);
    *out = (struct value){.kind = VALUE_STRING, .s = real->u.text, .at = yaml_span(p->t, real)};
    if (real->style != YAML_PLAIN) return true;
    bool truth = str_eq(out->s, S("true")) || str_eq(out->s, S("false"));
    out->kind = truth ? VALUE_BOOL : read_number(out->s, &out->number) ? VALUE_NUMBER : VALUE_NAME;
    if (out->kind == VALUE_NAME) out->s = ast_name(p->d->a, out->s, out->at).s;
    return true;
}

static struct expr *read_match_test(struct shape *p, const struct yaml_pair *pair)
{
    struct expr *e = arena_new_of(p->a, struct expr);
    *e = (struct expr){.kind = EXPR_TEST, .op = TEST_MATCH, .at = yaml_pair_span(p, pair)};
    if (!yaml_name(p, pair->key, &e->attr) || yaml_skip(pair->value)) return NULL;
    if (yaml_real(pair->value)->kind == YAML_MAP) {
        yaml_wrong_shape(p, pair->value, "a map from attributes to names or lists of names");
        return NULL;
    }
    struct yaml_items items = yaml_items(pair->value);
    vec_room(p->a, &e->values, items.count);
    for (uint32_t i = 0; i < items.count; i++) {
        struct value v;
        if (read_match_value(p, yaml_item(&items, i), &v)) *vec_push(p->a, &e->values) = v;
    }
    return e;
}

void yaml_read_match(struct shape *p, const struct yaml_node *value, void *out)
{
    match_tests *tests = out;
    if (!yaml_expect(p, value, YAML_MAP, "a map from attributes to names or lists of names")) return;
    uint32_t count;
    const struct yaml_pair *pairs = yaml_pairs(yaml_real(value), &count);
    vec_room(p->a, tests, count);
    for (uint32_t i = 0; i < count; i++) {
        struct expr *test = yaml_skip(pairs[i].key) ? NULL : read_match_test(p, &pairs[i]);
        if (test) *vec_push(p->a, tests) = test;
    }
}

void yaml_read_takes(struct shape *p, const struct yaml_node *value, void *out)
{
    struct team_decl *team = out;
    if (yaml_skip(value)) return;
    team->takes_listed = yaml_real(value)->kind == YAML_LIST;
    struct yaml_items items = yaml_items(value);
    for (uint32_t i = 0; i < items.count; i++) {
        const struct yaml_node *item = yaml_item(&items, i);
        struct take take = {.at = yaml_span(p->t, item)};
        if (!yaml_expect(p, item, YAML_MAP, "a map from attributes to names, or a list of such maps"))
            continue;
        yaml_read_match(p, item, &take.tests);
        *vec_push(p->a, &team->takes) = take;
    }
}

/* ---- effects: maps with one known key ---- */

struct effect {
    struct span key;
    names list;
    struct name one;
};

static void read_effect(struct shape *p, const struct yaml_node *value, const struct yaml_row *row,
                        struct effect *out)
{
    if (yaml_expect(p, value, YAML_MAP, row->example)) yaml_read_map(p, value, row, 1, out, p->row->key.p);
}

static void read_require(struct shape *p, const struct yaml_node *value, void *out)
{
    static const struct yaml_row row =
        YAML_ROW(struct effect, "skills", yaml_read_names, key, list, "{skills: [refunds]}");
    struct effect e = {0};
    read_effect(p, value, &row, &e);
    memcpy(out, &e.list, sizeof e.list);
}

static void read_add(struct shape *p, const struct yaml_node *value, void *out)
{
    static const struct yaml_row row =
        YAML_ROW(struct effect, "labels", yaml_read_names, key, list, "{labels: [escalated]}");
    struct effect e = {0};
    read_effect(p, value, &row, &e);
    memcpy(out, &e.list, sizeof e.list);
}

static void read_priority(struct shape *p, const struct yaml_node *value, void *out)
{
    static const struct yaml_row row =
        YAML_ROW(struct effect, "priority", yaml_read_name, key, one, "{priority: high}");
    struct effect e = {0};
    read_effect(p, value, &row, &e);
    memcpy(out, &e.one, sizeof e.one);
}

/* ---- rules ---- */

static void read_when(struct shape *p, const struct yaml_node *value, void *out)
{
    struct expr *when = yaml_condition(p, value);
    memcpy(out, &when, sizeof when);
}

static void read_continue(struct shape *p, const struct yaml_node *value, void *out)
{
    struct flag flag = {0};
    yaml_read_flag(p, value, &flag);
    memcpy(out, &flag.on, sizeof flag.on);
}

struct rule_map {
    struct rule_said said;
    struct span rule_key;
};
#define ROW(word, reader, key_member, member, example)                                                       \
    YAML_ROW(struct rule_map, word, reader, key_member, member, example)
static const struct yaml_row rule_rows[] = {
    ROW("rule", yaml_read_name, rule_key, said.decl.name, "rule: vip-refund"),
    ROW("description", yaml_read_text, said.more.description_key, said.more.description,
        "description: Refunds first"),
    ROW("when", read_when, said.decl.when_key, said.decl.when, "when: labels has refund"),
    ROW("match", yaml_read_match, said.more.match_key, said.more.match,
        "match: {labels: [refund], channel: email}"),
    ROW("to", yaml_read_steps, said.decl.to_key, said.decl.to, "to: [billing, {team: general, after: 2h}]"),
    ROW("active", yaml_read_dates, said.more.active_key, said.more.active, "active: 2026-11-20..2026-12-01"),
    ROW("require", read_require, said.more.require_key, said.more.require_skills,
        "require: {skills: [refunds]}"),
    ROW("set", read_priority, said.more.set_key, said.more.set_priority, "set: {priority: urgent}"),
    ROW("raise", read_priority, said.more.raise_key, said.more.raise_priority, "raise: {priority: high}"),
    ROW("add", read_add, said.more.add_key, said.more.add_labels, "add: {labels: [escalated]}"),
    ROW("continue", read_continue, said.more.continue_key, said.more.cont, "continue: true"),
};
#undef ROW

/* A condition that a comma cut off inside {…}: the empty keys behind it are its rest. Known before its turn
 * comes, since keys may stand in any order. */
static bool may_be_split(const struct yaml_node *map)
{
    uint32_t count;
    const struct yaml_pair *pairs = yaml_pairs(map, &count);
    for (uint32_t i = 0; map->style == YAML_FLOW && i + 1 < count; i++)
        if (str_eq(yaml_real(pairs[i].key)->u.text, S("when")) && yaml_is_null(pairs[i + 1].value))
            return true;
    return false;
}

/* name: what it is called by a map of rules; else NULL. */
static void read_rule(struct shape *p, const struct yaml_node *value, const struct yaml_node *name)
{
    struct rule_map m = {0};
    if (name && yaml_name(p, name, &m.said.decl.name)) m.rule_key = m.said.decl.name.at;
    if (!yaml_expect(p, value, YAML_MAP, "a list of maps, one for each rule")) return;
    const struct yaml_node *real = yaml_real(value);
    p->split_map = may_be_split(real) ? real : NULL;
    yaml_read_map(p, value, rule_rows, sizeof rule_rows / sizeof *rule_rows, &m, "a rule");
    if (!span_said(m.rule_key)) {
        m.said.decl.name.at = (struct span){p->t->file, real->off, 1};
        diag_hint(p->d, diag(p->d, E0546, m.said.decl.name.at, S("a rule"), S("a name")),
                  "write for example: - rule: vip-refund");
    }
    struct rule_decl *rule = arena_new_of(p->a, struct rule_decl);
    rule_keep(p->a, &m.said, rule);
    struct span key = rule->name.s.p ? rule->name.at : m.said.decl.name.at;
    yaml_item_add(p, ITEM_RULE, yaml_span(p->t, value), key)->u.rule = rule;
}

/* Whether a map where the list of rules should stand names one rule behind each key, rather than being one
 * rule. */
static bool is_map_of_rules(const struct yaml_node *map)
{
    uint32_t count;
    const struct yaml_pair *pairs = yaml_pairs(map, &count);
    for (uint32_t i = 0; i < count; i++) {
        if (yaml_real(pairs[i].value)->kind != YAML_MAP || pairs[i].key->bad) return false;
        for (size_t k = 0; k < sizeof rule_rows / sizeof *rule_rows; k++)
            if (str_eq(yaml_real(pairs[i].key)->u.text, rule_rows[k].key)) return false;
    }
    return count > 0;
}

static void read_map_of_rules(struct shape *p, const struct yaml_node *map)
{
    uint32_t count;
    const struct yaml_pair *pairs = yaml_pairs(map, &count);
    struct str name = yaml_real(pairs[0].key)->u.text;
    struct diag *g =
        diag(p->d, E0540, yaml_span(p->t, pairs[0].key), p->row->key, S("a list of rules"), S("a map"));
    diag_hint(p->d, g, "write - rule: %.*s in place of %.*s:", (int)name.len, name.p, (int)name.len, name.p);
    for (uint32_t i = 0; i < count; i++) read_rule(p, pairs[i].value, pairs[i].key);
}

void yaml_take_rule(void *ctx, const struct yaml_tree *t, const struct yaml_node *entry)
{
    struct shape *p = ctx;
    yaml_begin_taken(p, t);
    read_rule(p, entry, NULL);
}

/* The rules stand behind what was said before them, and so does what was reported of them. */
static void put_taken(struct shape *p, struct shape *taken)
{
    uint32_t before = p->f->items.count, count = taken->f->items.count;
    vec_reserve(p->a, &taken->f->items, before);
    if (count) memmove(&taken->f->items.at[before], taken->f->items.at, count * sizeof *taken->f->items.at);
    if (before) memcpy(taken->f->items.at, p->f->items.at, before * sizeof *taken->f->items.at);
    taken->f->items.count += before;
    memcpy(&p->f->items, &taken->f->items, sizeof p->f->items);
    diags_move(p->d, taken->d);
}

void yaml_read_rules(struct shape *p, const struct yaml_node *value, struct span key)
{
    (void)key;
    const struct yaml_node *real = yaml_real(value);
    if (real->kind != YAML_LIST && real->kind != YAML_MAP) {
        yaml_expect_section(p, value, YAML_LIST, "a list of rules");
        return;
    }
    if (real->kind == YAML_MAP && is_map_of_rules(real)) {
        read_map_of_rules(p, real);
        return;
    }
    if (p->t->taken == real) {
        put_taken(p, p->taken);
        return;
    }
    struct yaml_items items = yaml_items(value);
    vec_reserve(p->a, &p->f->items, items.count);
    for (uint32_t i = 0; i < items.count; i++) read_rule(p, yaml_item(&items, i), NULL);
}
