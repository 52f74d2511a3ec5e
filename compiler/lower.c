/*
 * From a model without errors to the table's bytes (docs/TABLE-FORMAT.md): the walk, in order.
 * What is too large for the format is a diagnostic, and there are no bytes then.
 */
#include "lower.h"

#include <utf8proc.h>

void lower_policy(struct lowering *l)
{
    const struct model *m = l->m;
    uint32_t takes_count = 0;
    for (uint32_t i = 0; i < m->teams.count; i++) takes_count += m->teams.at[i].takes != NULL;
    *vec_push(l->a, &l->parts.POLICY) = (struct tf_policy){
        .name = to_le32(lower_string(l, m->name)),
        .zone = to_le32(m->zone),
        .zone_release = to_le32(lower_string(l, m->zone_release)),
        .unicode_version = to_le32(lower_string(l, str_from(utf8proc_unicode_version()))),
        .rule_count = to_le32(m->rules.count),
        .takes_count = to_le32(takes_count),
        .presence_day = m->presence_day,
        .auto_assign = m->auto_assign,
        .assign_on_reply = m->assign_on_reply,
        .has_otherwise = m->has_otherwise,
    };
}

/* Units that a rule's condition takes mostly, and bytes that its name takes, and more: room that is not used
 * is never touched, and what grows leaves behind what it has touched. */
enum { CODE_UNITS_EACH = 16, NAME_LEN_EACH = 16 };

/* Names: of rules, of teams, and of values, as far as they are many. */
static uint32_t string_count(const struct model *m)
{
    uint32_t count = m->rules.count + m->teams.count + m->agents.count;
    for (uint32_t i = 0; i < m->attrs.count; i++) count += m->attrs.at[i].values.count;
    return count;
}

static struct lowering *begin(struct compilation *c, uint32_t state_max)
{
    struct arena *a = arena_part(c->a); /* all but the bytes that come out */
    struct lowering *l = arena_new_of(a, struct lowering);
    *l = (struct lowering){
        .a = a, .c = c, .m = &c->model, .state_max = state_max, .errors_before = c->diags.error_count};
    lower_seen_reserve(a, &l->strings, string_count(l->m));
    lower_seen_reserve(a, &l->codes, l->m->rules.count);
    vec_reserve(a, &l->parts.CODE, CODE_UNITS_EACH * l->m->rules.count + 1);
    vec_reserve(a, &l->parts.STRING_BYTES, NAME_LEN_EACH * l->m->rules.count + 1);
    *vec_push(l->a, &l->parts.STRING_OFFS) = to_le32(0);
    lower_policy(l);
    lower_patterns(l);
    lower_attrs(l);
    lower_zones(l);
    lower_hours(l);
    lower_people(l);
    lower_rules(l);
    lower_automata(l);
    if (c->diags.error_count == l->errors_before) lower_index(l);
    return l;
}

struct lowering *lower_begin(struct compilation *c)
{
    return begin(c, TF_AC_STATES_MAX);
}

struct str lower_end(struct lowering *l)
{
    struct compilation *c = l->c;
    struct str bytes = {NULL, 0};
    if (c->diags.error_count == l->errors_before) {
        if (!c->options.strip) {
            lower_files(l);
            arena_trim(l->a); /* with its places the file's bytes are the most of all */
        }
        bytes = emit_table(c->a, l, c->options.strip ? TF_FLAG_STRIPPED : 0);
    }
    arena_end(l->a);
    return bytes;
}

struct str lower_within(struct compilation *c, uint32_t state_max)
{
    return lower_end(begin(c, state_max));
}
