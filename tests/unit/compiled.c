/* Policies compiled and opened: see compiled.h. */
#include "compiled.h"
#include "../../runtime/shunt.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

struct job {
    struct compiled *x;
    const char *name, *text;
    struct compile_options options;
};

static void run(void *ctx)
{
    struct job *job = ctx;
    job->x->c = compile_text(job->x->a, job->name, str_from(job->text), &job->options);
}

void compiled_open(struct compiled *x, const char *name, const char *text, bool strip)
{
    struct job job = {x, name, text, {.strip = strip}};
    struct shunt_table_error error = {0};
    *x = (struct compiled){.a = arena_new()};
    ck_assert(arena_try(x->a, run, &job));
    for (uint32_t i = 0; i < x->c->diags.list.count; i++) {
        const struct diag *d = x->c->diags.list.at[i];
        ck_assert_msg(!diag_is_error(d->id), "%s: %s\n%s", diag_rows[d->id].code, d->message.p, text);
    }
    enum shunt_status status = shunt_table_open(x->c->table.p, x->c->table.len, NULL, &x->table, &error);
    ck_assert_msg(status == SHUNT_OK, "section %u, record %lu: %s\n%s", error.section,
                  (unsigned long)error.record, error.reason ? error.reason : "", text);
    table_view(&x->v, x->table);
}

void compiled_close(struct compiled *x)
{
    shunt_table_close(x->table);
    arena_free(x->a);
}

void compiled_condition(struct compiled *x, const char *declarations, const char *condition)
{
    char text[24000];
    int len = snprintf(text, sizeof text,
                       "version 1\n%s\nagent bo\nteam t { agents bo }\nrule r {\n    when %s\n    to t\n}\n"
                       "otherwise to t\n",
                       declarations, condition);
    ck_assert_int_lt(len, (int)sizeof text);
    compiled_open(x, "p.shunt", text, false);
}

uint32_t compiled_rule(const struct compiled *x, const char *name)
{
    for (uint32_t i = 0; i < x->v.RULE_NAME.count; i++)
        if (str_eq(view_string(&x->v, x->v.RULE_NAME.at[i]), str_from(name))) return i;
    ck_abort_msg("no rule %s", name);
    return TF_NONE;
}

uint32_t compiled_atom(const struct compiled *x, uint32_t attr, const char *name)
{
    uint32_t first = le32(x->v.ATTR.at[attr].atom_first), end = first + le32(x->v.ATTR.at[attr].atom_count);
    for (uint32_t i = first; i < end; i++)
        if (str_eq(view_string(&x->v, x->v.ATOM.at[i].string), str_from(name))) return i;
    ck_abort_msg("no atom %s", name);
    return TF_NONE;
}
