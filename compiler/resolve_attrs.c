/*
 * Attributes: channel, labels, segments, priority, the texts, and the policy's fields, each with its values.
 *
 * Where a list is closed, its values are those declared, in that order. Where it is open, they are collected
 * from use and at the end sorted by bytes, so that the table does not depend on who used them first;
 * conditions and effects that hold their numbers are renumbered then (finish_names).
 */
#include "name_order.h"
#include "resolve.h"

const char *const priority_words[PRIORITY_COUNT] = {"low", "normal", "high", "urgent"};

static const enum name_kind value_kinds[TF_FIELD_FIRST] = {
    [TF_CHANNEL] = NAME_CHANNEL, [TF_LABELS] = NAME_LABEL, [TF_SEGMENTS] = NAME_SEGMENT};

static uint32_t attr_add(struct resolver *r, struct name name, enum tf_attr_type type)
{
    uint32_t id = r->m->attrs.count;
    struct m_attr *attr = vec_push(r->a, &r->m->attrs);
    attr->name = name;
    attr->type = type;
    attr->closed = type == TF_CHANNEL_T || type == TF_LISTED_T;
    *vec_push(r->a, &r->attr_broken) = false;
    strmap_put(r->a, &r->m->attr_ids, name.s, id);
    return id;
}

/* Room for the names of an open list: what conditions name is mostly labels and segments. What is outgrown
 * would be left behind, touched. */
static void make_room(struct resolver *r, struct m_attr *t)
{
    if (!r->known_count) return;
    vec_reserve(r->a, &t->values, r->known_count);
    strmap_reserve(r->a, &t->ids, r->known_count / 2);
}

static uint32_t value_add(struct resolver *r, uint32_t attr, struct name n)
{
    struct m_attr *t = &r->m->attrs.at[attr];
    uint32_t id = t->values.count;
    if (!t->values.cap && !t->closed) make_room(r, t);
    *vec_push(r->a, &t->values) = (struct m_value){.name = n};
    strmap_put(r->a, &t->ids, n.s, id);
    count_name(r, n.at);
    return id;
}

/* A value as declared: NULL where the name is wrong or there already. A wrong one is kept, so that its uses
 * say nothing more. */
static struct m_value *value_declare(struct resolver *r, uint32_t attr, enum name_kind kind, struct name n)
{
    if (!n.s.p) return NULL;
    struct m_attr *t = &r->m->attrs.at[attr];
    uint32_t was = strmap_get(&t->ids, n.s, NONE);
    if (was != NONE) return name_twice(r, kind, n, t->values.at[was].name.at), NULL;
    name_ok(r, kind, n);
    uint32_t id = value_add(r, attr, n);
    t->values.at[id].declared = true;
    return &t->values.at[id];
}

/* ---- what every ticket has ---- */

static void add_built_in(struct resolver *r)
{
    static const struct {
        const char *name;
        enum tf_attr_type type;
    } rows[TF_FIELD_FIRST] = {
        [TF_CHANNEL] = {"channel", TF_CHANNEL_T}, [TF_LABELS] = {"labels", TF_SET_T},
        [TF_SEGMENTS] = {"segments", TF_SET_T},   [TF_PRIORITY] = {"priority", TF_PRIORITY_T},
        [TF_SUBJECT] = {"subject", TF_TEXT_T},    [TF_BODY] = {"body", TF_TEXT_T},
        [TF_CUSTOMER] = {"customer", TF_TEXT_T},
    };
    for (uint32_t i = 0; i < TF_FIELD_FIRST; i++)
        attr_add(r, (struct name){.s = str_from(rows[i].name)}, rows[i].type);
}

static void add_default_channels(struct resolver *r)
{
    static const char *const channels[] = {"webchat", "email", "sms", "social", "phone"};
    for (uint32_t i = 0; i < sizeof channels / sizeof *channels; i++)
        value_add(r, TF_CHANNEL, (struct name){.s = str_from(channels[i])});
}

static void declare_list(struct resolver *r, uint32_t attr, const names *list)
{
    r->m->attrs.at[attr].closed = attr == TF_CHANNEL || !r->c->ast.incomplete;
    for (uint32_t i = 0; i < list->count; i++) value_declare(r, attr, value_kinds[attr], list->at[i]);
}

static void declare_segments(struct resolver *r, const struct item *item)
{
    r->m->attrs.at[TF_SEGMENTS].closed = !r->c->ast.incomplete;
    for (uint32_t i = 0; i < item->u.segments.count; i++) {
        const struct labelled *s = &item->u.segments.at[i];
        struct m_value *v = value_declare(r, TF_SEGMENTS, NAME_SEGMENT, s->name);
        if (v && s->description.s.len) v->description = s->description.s;
    }
}

/* ---- fields ---- */

static bool field_type(struct resolver *r, const struct field_decl *f, enum tf_attr_type *type)
{
    static const char *const words[] = {"number", "text", "bool", "set"};
    static const enum tf_attr_type types[] = {TF_NUMBER_T, TF_TEXT_T, TF_BOOL_T, TF_SET_T};
    *type = TF_LISTED_T;
    if (!f->type.s.p) return true;
    uint32_t word = word_of(r, f->type, "a type of fields", words, 4);
    if (word == NONE) return false;
    *type = types[word];
    return true;
}

static void declare_field(struct resolver *r, const struct item *item)
{
    const struct field_decl *f = item->u.field;
    if (!f->name.s.p) return;
    uint32_t was = strmap_get(&r->m->attr_ids, f->name.s, NONE);
    if (was != NONE && was >= TF_FIELD_FIRST)
        return name_twice(r, NAME_FIELD, f->name, r->m->attrs.at[was].name.at);
    if (!name_ok(r, NAME_FIELD, f->name) && was != NONE) return; /* a built-in stays what it is */
    enum tf_attr_type type;
    bool known = field_type(r, f, &type);
    uint32_t id = attr_add(r, f->name, type);
    count_name(r, f->name.at);
    bool told = told_within(r, item->at);
    r->attr_broken.at[id] = !known || told;
    r->some_broken |= !known || told;
    for (uint32_t i = 0; i < f->listed.count; i++) value_declare(r, id, NAME_VALUE, f->listed.at[i]);
    if (type == TF_LISTED_T && f->listed.count == 0 && known && !told)
        diag(r->d, E0606, item->key, shown(r, f->name.s));
}

static bool says_channels(const struct resolver *r)
{
    for (uint32_t i = 0; i < r->c->ast.items.count; i++)
        if (r->c->ast.items.at[i]->kind == ITEM_CHANNELS) return true;
    return false;
}

void resolve_attrs(struct resolver *r)
{
    bool taken = false;
    add_built_in(r);
    r->channels_said = says_channels(r);
    if (!r->channels_said) add_default_channels(r);
    for (uint32_t i = 0; i < r->c->ast.items.count; i++) {
        const struct item *item = r->c->ast.items.at[i];
        if (item->kind == ITEM_CHANNELS && !taken) {
            taken = true;
            declare_list(r, TF_CHANNEL, &item->u.names);
            if (item->u.names.count == 0 && !told_within(r, item->at)) diag0(r->d, E0607, item->key);
        } else if (item->kind == ITEM_LABELS) {
            declare_list(r, TF_LABELS, &item->u.names);
        } else if (item->kind == ITEM_SEGMENTS) {
            declare_segments(r, item);
        } else if (item->kind == ITEM_FIELD) {
            declare_field(r, item);
        }
    }
}

/* ---- uses ---- */

uint32_t priority_of(struct str s)
{
    for (uint32_t i = 0; i < PRIORITY_COUNT; i++)
        if (str_eq(s, str_from(priority_words[i]))) return i;
    return NONE;
}

uint32_t find_priority(struct resolver *r, struct name n)
{
    uint32_t priority = priority_of(n.s);
    if (priority != NONE || !n.s.p) return priority;
    struct diag *g = diag(r->d, E0208, n.at, S("priority"), shown(r, n.s));
    hint_begin(r);
    for (uint32_t i = 0; i < PRIORITY_COUNT; i++) hint_add(r, str_from(priority_words[i]));
    hint_near(r, g, n.s);
    if (!g->hint.p) diag_hint(r->d, g, "it is low, normal, high or urgent");
    return NONE;
}

/* "it is one of free, pro, enterprise", where that is short. */
static void hint_values(struct resolver *r, struct diag *about, const struct m_attr *attr)
{
    enum { LISTED_MAX = 8 };
    if (about->hint.p || attr->values.count == 0 || attr->values.count > LISTED_MAX) return;
    struct buf b;
    buf_init(&b, r->a);
    buf_puts(&b, "it is one of ");
    for (uint32_t i = 0; i < attr->values.count; i++) {
        if (i) buf_puts(&b, ", ");
        buf_str(&b, shown(r, attr->values.at[i].name.s));
    }
    about->hint = buf_done(&b);
}

static void member_unknown(struct resolver *r, uint32_t attr, struct name n)
{
    const struct m_attr *t = &r->m->attrs.at[attr];
    if (r->over[LIMIT_NAMES]) return;
    if (attr == TF_CHANNEL && !r->channels_said && may_be_missing(r, n.at)) return;
    hint_begin(r);
    for (uint32_t i = 0; hints_left(r) && i < t->values.count; i++) hint_add(r, t->values.at[i].name.s);
    if (attr < TF_FIELD_FIRST) return name_unknown(r, value_kinds[attr], n);
    struct diag *g = diag(r->d, E0208, n.at, shown(r, t->name.s), shown(r, n.s));
    hint_near(r, g, n.s);
    hint_values(r, g, t);
}

uint32_t attr_member(struct resolver *r, uint32_t attr, struct name n)
{
    if (attr == TF_PRIORITY) return find_priority(r, n);
    struct m_attr *t = &r->m->attrs.at[attr];
    if (!n.s.p) return NONE;
    uint32_t id = strmap_get(&t->ids, n.s, NONE);
    if (id == NONE && t->closed) return member_unknown(r, attr, n), NONE;
    if (id == NONE && !name_ok(r, attr < TF_FIELD_FIRST ? value_kinds[attr] : NAME_MEMBER, n)) return NONE;
    if (id == NONE) id = value_add(r, attr, n);
    t->values.at[id].used = true;
    return id;
}

uint32_t find_skill(struct resolver *r, struct name n)
{
    uint32_t id = n.s.p ? strmap_get(&r->m->skill_ids, n.s, NONE) : NONE;
    if (id != NONE || !name_ok(r, NAME_SKILL, n)) return id;
    id = r->m->skills.count;
    *vec_push(r->a, &r->m->skills) = n;
    count_name(r, n.at);
    return strmap_put(r->a, &r->m->skill_ids, n.s, id);
}

/* ---- the end: names collected from use are put in the order of their bytes ---- */

/* Sorts the names; new_of[old number] is the new one. */
static uint32_t *rank_names(struct resolver *r, struct ranked *list, uint32_t count)
{
    uint32_t *new_of = arena_room(r->a, count * sizeof *new_of);
    names_order(r->a, list, count);
    for (uint32_t i = 0; i < count; i++) new_of[list[i].was] = i;
    return new_of;
}

static uint32_t *finish_attr(struct resolver *r, struct m_attr *t)
{
    uint32_t count = t->values.count;
    struct ranked *list = arena_room(r->a, count * sizeof *list);
    for (uint32_t i = 0; i < count; i++) list[i] = (struct ranked){0, &t->values.at[i].name.s, i};
    uint32_t *new_of = rank_names(r, list, count);
    struct m_value *sorted = arena_room(r->a, count * sizeof *sorted);
    for (uint32_t i = 0; i < count; i++) sorted[i] = t->values.at[list[i].was];
    strmap_renumber(&t->ids, new_of);
    arena_give_back(r->a, t->values.at, t->values.cap * sizeof *t->values.at);
    t->values.at = sorted;
    t->values.cap = count;
    return new_of;
}

static uint32_t *finish_skills(struct resolver *r)
{
    uint32_t count = r->m->skills.count;
    struct ranked *list = arena_room(r->a, count * sizeof *list);
    for (uint32_t i = 0; i < count; i++) list[i] = (struct ranked){0, &r->m->skills.at[i].s, i};
    uint32_t *new_of = rank_names(r, list, count);
    struct name *skills = arena_array(r->a, struct name, count);
    for (uint32_t i = 0; i < count; i++) skills[i] = r->m->skills.at[list[i].was];
    strmap_renumber(&r->m->skill_ids, new_of);
    r->m->skills.at = skills;
    r->m->skills.cap = count;
    return new_of;
}

static void renumber(ids *v, const uint32_t *new_of)
{
    for (uint32_t i = 0; new_of && i < v->count; i++) v->at[i] = new_of[v->at[i]];
}

/* Of a test of hours or of active days, whose ids are none of names, attr is 0: the channel, which is no set.
 * Recursion: NESTING_MAX. */
static void renumber_cond(struct cond *c, uint32_t *const *new_of)
{
    if (!c) return;
    if (c->holds == HOLDS_KIDS)
        for (uint32_t i = 0; i < c->count; i++) renumber_cond(&c->kids[i], new_of);
    if (c->holds != HOLDS_IDS || !new_of[c->attr]) return;
    ids list = {c->count == 1 ? &c->one : c->ids, c->count, c->count};
    renumber(&list, new_of[c->attr]);
    ids_sort(&list); /* they are as many as before */
}

void finish_names(struct resolver *r)
{
    struct model *m = r->m;
    uint32_t **new_of = arena_array(r->a, uint32_t *, m->attrs.count);
    for (uint32_t i = 0; i < m->attrs.count; i++)
        if (m->attrs.at[i].type == TF_SET_T && !m->attrs.at[i].closed)
            new_of[i] = finish_attr(r, &m->attrs.at[i]);
    for (uint32_t i = 0; i < m->rules.count; i++) renumber_cond(m->rules.at[i].cond, new_of);
    for (uint32_t i = 0; i < m->teams.count; i++) renumber_cond(m->teams.at[i].takes, new_of);
    for (uint32_t i = 0; i < m->promises.count; i++) renumber_cond(m->promises.at[i].when, new_of);
    const uint32_t *new_skill = finish_skills(r);
    for (uint32_t i = 0; i < m->rules.count; i++) {
        renumber(&m->rules.at[i].more->add, new_of[TF_LABELS]);
        renumber(&m->rules.at[i].more->require, new_skill);
    }
    for (uint32_t i = 0; i < m->agents.count; i++) {
        renumber(&m->agents.at[i].skills, new_skill);
        ids_sort(&m->agents.at[i].skills);
    }
}
