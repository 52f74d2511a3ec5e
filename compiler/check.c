/*
 * Warnings (language.md 7.2): what a policy may say and probably does not mean.
 *
 * Requires the model. Gives warnings only; the model stays as it is. Each check stands alone but for what
 * check_reach() folds for those after it.
 *
 * Where there are errors, no warning may come of one: nothing is said of what is marked wrong, nor concluded
 * from it; and that nothing uses a thing is said only where no error can have hidden the use.
 */
#include "checker.h"

const struct canon *check_folded(struct checker *k, uint32_t rule)
{
    if (k->rules[rule]) return k->rules[rule];
    struct folder brief = k->folder;
    brief.a = k->again;
    arena_clear(k->again);
    return k->rules[rule] = canon_keep(&brief, fold(&brief, k->m->rules.at[rule].cond));
}

static void check_hours_of(struct checker *k)
{
    check_hours(k->c);
}

static const struct check_row {
    const char *what;
    void (*run)(struct checker *k);
} check_rows[] = {
    {"rules, takes and conditions that decide nothing", check_reach},
    {"steps that are never reached, or too early", check_steps},
    {"required skills that nobody has", check_skills},
    {"set that lowers a priority", check_set},
    {"teams", check_teams},
    {"agents", check_agents},
    {"hours that never open", check_hours_of},
    {"what nothing uses", check_unused},
    {"days that are over", check_active},
    {"names that differ by case", check_case},
};

/* Whether what an error left out may be a use of something: a name, a condition, a place to go to. */
static bool hides_uses(enum diag_id id)
{
    switch (id) {
    case E0601: /* a word: perhaps a team's name */
    case E0608: /* no condition */
    case E0609:
    case E0618: /* nowhere to go to */
    case E0619:
    case E0620: return true;
    default: break;
    }
    const char *code = diag_rows[id].code;
    return code[1] != '0' || (code[2] != '4' && code[2] != '6');
}

/* False where it is not known what errors touch: some are not kept, or the policy has more than was looked
 * at. */
static bool look_at_errors(struct checker *k)
{
    k->blind = k->c->ast.incomplete;
    for (uint32_t i = 0; i < k->d->list.count; i++) {
        enum diag_id id = k->d->list.at[i]->id;
        if (!diag_is_error(id)) continue;
        if (id == E0690) return false;
        k->blind |= hides_uses(id);
    }
    return k->d->list.count == k->d->error_count + k->d->warning_count;
}

void check(struct compilation *c)
{
    struct checker k = {.c = c, .d = &c->diags, .m = &c->model};
    if (!look_at_errors(&k)) return;
    k.a = arena_part(c->a); /* gone before the table is made */
    k.folder = folder_new(k.a, &c->model);
    k.brief = arena_part(k.a);
    k.again = arena_part(k.a);
    k.rules = arena_array(k.a, const struct canon *, k.m->rules.count);
    k.dead = arena_array(k.a, bool, k.m->rules.count);
    for (size_t i = 0; i < sizeof check_rows / sizeof *check_rows; i++) check_rows[i].run(&k);
    arena_end(k.a);
}
