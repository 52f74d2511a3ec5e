/* A table's rules by their names: see subject.h. */
#include "subject.h"
#include "../../runtime/ops.h"

uint32_t written_code(const struct table_view *v, uint32_t rule)
{
    uint32_t whole = le32(v->RULE.at[rule].code);
    const struct tf_unit *p = v->CODE.at + whole;
    if (p->tag != TF_OP_AND) return whole;
    unit_children(&p);
    return p->tag == TF_OP_ACTIVE ? (uint32_t)(unit_behind(p) - v->CODE.at) : whole;
}

/* .p NULL: otherwise. */
static struct str own_name(const struct table_view *v, uint32_t rule, bool *is_takes)
{
    uint32_t rules = le32(v->POLICY.at->rule_count);
    *is_takes = rule >= rules && !rule_is_otherwise(v, rule);
    if (rule < rules) return view_string(v, v->RULE_NAME.at[rule]);
    if (*is_takes) return view_string(v, v->TEAM.at[le32(rule_target(v, rule)->target)].name);
    return (struct str){NULL, 0};
}

struct str rule_name(struct arena *a, const struct table_view *v, uint32_t rule)
{
    bool is_takes;
    struct str name = own_name(v, rule, &is_takes);
    if (!name.p) return S("otherwise");
    return is_takes ? arena_printf(a, "team %.*s", (int)name.len, name.p) : name;
}

struct str rule_words(struct arena *a, const struct table_view *v, uint32_t rule)
{
    bool is_takes;
    struct str name = own_name(v, rule, &is_takes);
    if (!name.p) return S("otherwise");
    return arena_printf(a, "%s \"%.*s\"", is_takes ? "team" : "rule", (int)name.len, name.p);
}
