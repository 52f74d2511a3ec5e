/* What nothing uses, days that are over, names that differ only by case. */
#include "checker.h"
#include "folded.h"

#include <stdlib.h>

/* ---- hours: used where something counts by them, or other hours that are used are made from them ---- */

static void use_hours(struct checker *k, bool *used, struct name n)
{
    uint32_t id = n.s.p ? strmap_get(&k->m->hours_ids, n.s, NONE) : NONE;
    if (id != NONE) used[id] = true;
}

/* The declarations by id: `like` is not in the model. */
static const struct hours_decl **hours_decls(struct checker *k)
{
    const struct hours_decl **decls = arena_array(k->a, const struct hours_decl *, k->m->hours.count);
    for (uint32_t i = 0; i < k->c->ast.items.count; i++) {
        const struct item *item = k->c->ast.items.at[i];
        if (item->kind != ITEM_HOURS) continue;
        uint32_t id = strmap_get(&k->m->hours_ids, item->u.hours->name.s, NONE);
        if (id != NONE) decls[id] = item->u.hours;
    }
    return decls;
}

static void check_hours_used(struct checker *k)
{
    uint32_t count = k->m->hours.count;
    const struct hours_decl **decls = hours_decls(k);
    bool *used = arena_array(k->a, bool, count);
    for (uint32_t i = 0; i < count; i++) used[i] = k->m->hours.at[i].used || k->m->hours.at[i].wrong;
    for (uint32_t i = count; i-- > 1;) { /* what others are made from comes before them */
        if (!used[i] || !decls[i]) continue;
        use_hours(k, used, decls[i]->like);
        use_hours(k, used, decls[i]->outside);
    }
    for (uint32_t i = 1; i < count; i++)
        if (!used[i]) diag(k->d, W1011, k->m->hours.at[i].name.at, k->m->hours.at[i].name.s);
}

static void check_values_used(struct checker *k, uint32_t attr, enum diag_id id)
{
    const struct m_attr *t = &k->m->attrs.at[attr];
    for (uint32_t i = 0; i < t->values.count; i++) {
        const struct m_value *v = &t->values.at[i];
        if (v->declared && !v->used) diag(k->d, id, v->name.at, v->name.s);
    }
}

void check_unused(struct checker *k)
{
    if (k->blind) return;
    for (uint32_t i = TF_FIELD_FIRST; i < k->m->attrs.count; i++) {
        const struct m_attr *t = &k->m->attrs.at[i];
        if (!t->used && !t->wrong) diag(k->d, W1010, t->name.at, t->name.s);
    }
    check_hours_used(k);
    if (!k->c->options.pedantic) return;
    check_values_used(k, TF_LABELS, W1012);
    check_values_used(k, TF_SEGMENTS, W1013);
}

/* ---- days that are over ---- */

/* Source: Howard Hinnant, "chrono-compatible low-level date algorithms", civil_from_days. */
static struct str date_of(struct arena *a, int32_t days)
{
    int32_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097;
    uint32_t doe = (uint32_t)(z - era * 146097), yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    uint32_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    uint32_t day = doy - (153 * mp + 2) / 5 + 1, month = mp < 10 ? mp + 3 : mp - 9;
    int32_t year = (int32_t)yoe + era * 400 + (month <= 2);
    return arena_printf(a, "%04d-%02u-%02u", (int)year, (unsigned)month, (unsigned)day);
}

void check_active(struct checker *k)
{
    int32_t today = k->c->options.today;
    for (uint32_t i = 0; k->c->options.have_today && i < k->m->rules.count; i++) {
        const struct m_rule *rule = &k->m->rules.at[i];
        for (uint32_t j = 0; !rule->wrong && j < rule->decl->more->active.count; j++) {
            const struct date_range *range = &rule->decl->more->active.at[j];
            if (range->to.year != 0 && date_days(range->to) < today)
                diag(k->d, W1019, range->at, rule->name.s, date_of(k->a, today));
        }
    }
}

/* ---- names that differ by case ---- */

static bool comes_before(struct span a, struct span b)
{
    return a.file != b.file ? a.file < b.file : a.off < b.off;
}

static void same_but_case(struct checker *k, const char *what, struct name a, struct name b)
{
    struct name first = comes_before(a.at, b.at) ? a : b, second = comes_before(a.at, b.at) ? b : a;
    struct diag *g = diag(k->d, W1020, second.at, str_from(what), second.s, first.s);
    diag_related(g, first.at, S("the other"));
}

/* Of each group of alike names, every one but the first met is warned of, beside that. Names differ, so none
 * are alike where each is its own fold: mostly, and then none needs to be looked up (10,000 names: 3 ms). */
static void check_alike(struct checker *k, const char *what, const struct name *list, uint32_t count)
{
    struct strmap folded = {0};
    uint32_t plain = 0;
    while (plain < count && is_own_fold(list[plain].s)) plain++;
    if (plain == count) return;
    strmap_reserve(k->a, &folded, count);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t was = strmap_put(k->a, &folded, fold_text(k->a, list[i].s), i);
        if (was != i) same_but_case(k, what, list[was], list[i]);
    }
}

static void check_alike_in(struct checker *k, uint32_t attr, const char *what)
{
    const struct m_attr *t = &k->m->attrs.at[attr];
    struct name *list = arena_array(k->a, struct name, t->values.count);
    if (t->type != TF_SET_T || t->closed || k->m->lost) return; /* a list of them may be lost */
    for (uint32_t i = 0; i < t->values.count; i++) list[i] = t->values.at[i].name;
    check_alike(k, what, list, t->values.count);
}

void check_case(struct checker *k)
{
    check_alike_in(k, TF_LABELS, "labels");
    check_alike_in(k, TF_SEGMENTS, "segments");
    for (uint32_t i = TF_FIELD_FIRST; i < k->m->attrs.count; i++) check_alike_in(k, i, "members");
    check_alike(k, "skills", k->m->skills.at, k->m->skills.count);
}
