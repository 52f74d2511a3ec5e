/*
 * What of a test file only the policy under test can tell: who is said to be online must be an agent who can
 * be, and a key of a ticket that is nearly an attribute's name was probably meant to be one. Other names are
 * left for the desk to refuse: a test may want to see that. And a test that expects nothing is warned of.
 */
#include "format.h"
#include "table_view.h"
#include "test_file.h"

#include <string.h>

struct checking {
    struct test_file *f;
    struct strmap agents; /* name -> index */
    struct str *agent_names, *attr_names;
    const struct table_view *view;
};

static struct str str_of(struct shunt_string s)
{
    return (struct str){s.bytes, s.len};
}

static void check_agent(struct checking *k, const struct name *name)
{
    struct diags *d = &k->f->c->diags;
    uint32_t agent = strmap_get(&k->agents, name->s, SHUNT_NONE);
    if (agent == SHUNT_NONE)
        diag_nearest(d, diag(d, E0809, name->at, name->s), name->s, k->agent_names, k->agents.count);
    else if (k->view->AGENT.at[agent].role == TF_VIEWER)
        diag(d, E0811, name->at, name->s);
}

/* Keys that the desk knows are not looked at as attributes, and far from all a ticket may carry more. */
static void check_attr(struct checking *k, const struct shunt_table *table, const struct test_field *f)
{
    static const char *const others[] = {"id", "ticket", "by", "event_id"};
    struct diags *d = &k->f->c->diags;
    struct str key = f->key.s;
    if (shunt_attr_find(table, key.p, key.len) != SHUNT_NONE) return;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (str_eq(key, str_from(others[i]))) return;
    struct str near = nearest(key, k->attr_names, shunt_attr_count(table));
    if (!near.p) return;
    diag_nearest(d, diag(d, W1802, f->key.at, key), key, k->attr_names, shunt_attr_count(table));
}

static void check_step(struct checking *k, const struct shunt_table *table, const struct test_step *s)
{
    for (uint32_t i = 0; i < s->online.count; i++) check_agent(k, &s->online.at[i]);
    bool carries = s->has_event && (s->event == EVENT_TICKET || s->event == EVENT_UPDATE);
    for (uint32_t i = 0; carries && i < s->fields.count; i++) check_attr(k, table, &s->fields.at[i]);
}

static bool expects_nothing(const struct test_case *t)
{
    for (uint32_t i = 0; i < t->steps.count; i++)
        if (t->steps.at[i].expects != EXPECT_NOTHING) return false;
    return true;
}

/* Said last, of files without errors: a slip in an expectation is no missing one. */
static void warn_idle(struct test_file *f)
{
    for (uint32_t i = 0; i < f->tests.count; i++)
        if (expects_nothing(&f->tests.at[i])) diag0(&f->c->diags, W1803, f->tests.at[i].name.at);
}

void test_check(struct test_file *f, const struct shunt_table *table)
{
    struct table_view view;
    struct arena *a = f->c->a;
    table_view(&view, table);
    uint32_t agents = shunt_agent_count(table), attrs = shunt_attr_count(table);
    struct checking k = {.f = f, .view = &view};
    k.agent_names = arena_array(a, struct str, agents + 1);
    k.attr_names = arena_array(a, struct str, attrs + 1);
    for (uint32_t i = 0; i < agents; i++) {
        k.agent_names[i] = str_of(shunt_agent_name(table, i));
        strmap_put(a, &k.agents, k.agent_names[i], i);
    }
    for (uint32_t i = 0; i < attrs; i++) k.attr_names[i] = str_of(shunt_attr_name(table, i));
    for (uint32_t i = 0; i < f->tests.count; i++)
        for (uint32_t s = 0; s < f->tests.at[i].steps.count; s++)
            check_step(&k, table, &f->tests.at[i].steps.at[s]);
    if (!f->c->diags.error_count) warn_idle(f);
    diags_sort(&f->c->diags);
}
