/*
 * Warnings (language.md 7.2): what a policy may say and probably does not mean.
 *
 * Requires a model without errors. Gives warnings only; the model stays as it is. Each check stands alone but
 * for what check_reach() folds for those after it.
 */
#include "checker.h"

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

void check(struct compilation *c)
{
    struct checker k = {.c = c, .a = c->a, .d = &c->diags, .m = &c->model, .folder = {c->a, &c->model}};
    k.rules = arena_array(k.a, const struct canon *, k.m->rules.count);
    k.dead = arena_array(k.a, bool, k.m->rules.count);
    for (size_t i = 0; i < sizeof check_rows / sizeof *check_rows; i++) check_rows[i].run(&k);
}
