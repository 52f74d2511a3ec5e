/*
 * The rules as they are tried, told (runtime/trace.c): the deciding one is shunt_match()'s, what was looked
 * at is what evaluation looks at, on conditions written here and on random policies.
 */
#include "../../runtime/shunt.h"
#include "../gen/gen.h"
#include "compiled.h"
#include "failing.h"
#include "run_suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what was told, as text ---- */

struct told {
    char text[2000];
    size_t len;
    const struct compiled *x; /* tests in words; NULL: by their kind alone */
};

static void add(struct told *told, const char *s, size_t len)
{
    ck_assert_uint_lt(told->len + len, sizeof told->text);
    memcpy(told->text + told->len, s, len);
    told->text[told->len += len] = 0;
}

static void add_test(void *ctx)
{
    struct told *told = ((void **)ctx)[0];
    const struct shunt_node *node = ((void **)ctx)[1];
    struct buf b;
    buf_init(&b, told->x->a);
    print_view_code(&b, &told->x->v, node->code_off);
    add(told, b.p, b.len);
}

/* "rule(+labels has a -x ?y): + true, - false, ? not looked at; what is inside a node one ( deeper. */
static void add_node(struct told *told, const struct shunt_node *node)
{
    static const char *const words[] = {"", "const", "not", "all", "any"};
    char depth[16];
    snprintf(depth, sizeof depth, " %u", node->depth);
    add(told, depth, strlen(depth));
    add(told, !node->looked_at ? "?" : node->value ? "+" : "-", 1);
    if (node->kind == SHUNT_NODE_TEST)
        ck_assert(arena_try(told->x->a, add_test, (void *[]){told, (void *)(uintptr_t)node}));
    else
        add(told, words[node->kind], strlen(words[node->kind]));
}

static void tell(void *ctx, const struct shunt_tried *tried)
{
    struct told *told = ctx;
    bool is_takes;
    struct shunt_string name = shunt_rule_name(told->x->table, tried->rule, &is_takes);
    add(told, is_takes ? "team " : "", is_takes ? 5 : 0);
    add(told, name.bytes, name.len);
    add(told, tried->decides ? "!" : tried->matches ? "+" : "-", 1);
    for (size_t i = 0; i < tried->node_count; i++) add_node(told, &tried->nodes[i]);
    add(told, "\n", 1);
}

/* ---- by hand ---- */

static struct compiled sample;
static struct shunt_ticket *ticket;

static void carry(const char *attr, const char *name)
{
    uint32_t i = shunt_attr_find(sample.table, attr, strlen(attr));
    enum shunt_status status = shunt_attr_type(sample.table, i) == SHUNT_TYPE_SET
                                   ? shunt_ticket_add_name(ticket, i, name, strlen(name))
                                   : shunt_ticket_set_name(ticket, i, name, strlen(name));
    ck_assert_int_eq(status, SHUNT_OK);
}

static void open_sample(const char *name, const char *text)
{
    compiled_open(&sample, name, text, false);
    ck_assert_int_eq(shunt_ticket_new(sample.table, NULL, &ticket), SHUNT_OK);
    /* Thu 2026-11-26T10:00:00Z */
    ck_assert_int_eq(shunt_ticket_set_at(ticket, 1795687200), SHUNT_OK);
}

static void expect_told(const char *expected)
{
    static struct told told;
    told = (struct told){.x = &sample};
    ck_assert_int_eq(shunt_explain_rules(ticket, tell, &told), SHUNT_OK);
    ck_assert_str_eq(told.text, expected);
    shunt_ticket_free(ticket);
    compiled_close(&sample);
}

static const char rules_yaml[] =
    "shunt: 1\n"
    "timezone: UTC\n"
    "labels: [a, b, c, d]\n"
    "teams:\n"
    "  one: {takes: [{labels: [c]}, {channel: sms}]}\n"
    "  two: {}\n"
    "rules:\n"
    "  - {rule: first, when: labels has a and labels has b, to: one}\n"
    "  - {rule: mark, when: channel == email, continue: true, add: {labels: d}}\n"
    "  - {rule: second, when: 'labels has a or labels has b', to: two}\n"
    "otherwise: two\n";

START_TEST(language_5_1_rules_are_tried_in_order_up_to_the_deciding_one)
{
    open_sample("p.yaml", rules_yaml);
    carry("labels", "b");
    carry("channel", "email");
    expect_told("first- 0-all 1-labels has a 1?labels has b\n"
                "mark+ 0+channel == email\n"
                "second! 0+any 1-labels has a 1+labels has b\n");
}
END_TEST

START_TEST(language_5_4_takes_come_after_the_rules)
{
    open_sample("p.yaml", rules_yaml);
    carry("channel", "sms");
    expect_told("first- 0-all 1-labels has a 1?labels has b\n"
                "mark- 0-channel == email\n"
                "second- 0-any 1-labels has a 1-labels has b\n"
                "team one! 0+any 1-labels has c 1+channel == sms\n");
}
END_TEST

START_TEST(language_5_5_otherwise_is_tried_last_and_decides)
{
    open_sample("p.yaml", rules_yaml);
    expect_told("first- 0-all 1-labels has a 1?labels has b\n"
                "mark- 0-channel == email\n"
                "second- 0-any 1-labels has a 1-labels has b\n"
                "team one- 0-any 1-labels has c 1-channel == sms\n"
                "otherwise! 0+const\n");
}
END_TEST

START_TEST(language_5_6_active_days_are_a_test)
{
    open_sample(
        "p.yaml",
        "shunt: 1\n"
        "timezone: UTC\n"
        "rules:\n"
        "  - {rule: past, when: not priority == low, active: 2026-11-01..2026-11-25, to: unassigned}\n"
        "  - {rule: now, when: not priority == low, active: 2026-11-26, to: unassigned}\n");
    expect_told("past- 0-all 1-active (2026-11-01..2026-11-25) 1?not 2?priority == low\n"
                "now! 0+all 1+active (2026-11-26) 1+not 2-priority == low\n");
}
END_TEST

START_TEST(language_4_not_and_parentheses_nest)
{
    open_sample("p.yaml", "shunt: 1\n"
                          "labels: [a, b, c]\n"
                          "rules:\n"
                          "  - {rule: r, when: 'not (labels has a and (labels has b or labels has c)) and "
                          "not labels has c', to: unassigned}\n");
    carry("labels", "a");
    carry("labels", "b");
    expect_told(
        "r- 0-all 1-not 2+all 3+labels has a 3+any 4+labels has b 4?labels has c 1?not 2?labels has c\n"
        "otherwise! 0+const\n");
}
END_TEST

static void add_listed(void *ctx, const struct shunt_node *node)
{
    add_node(ctx, node);
}

START_TEST(commands_12_every_test_is_listed_without_a_ticket)
{
    /* takes of team one: any of two tests, at three code offsets that ascend */
    compiled_open(&sample, "p.yaml", rules_yaml, false);
    struct told told = {.x = &sample};
    for (uint32_t rule = 0; rule < shunt_rule_count(sample.table); rule++) {
        shunt_rule_nodes(sample.table, rule, add_listed, &told);
        add(&told, "\n", 1);
    }
    ck_assert_str_eq(told.text, " 0?all 1?labels has a 1?labels has b\n"
                                " 0?channel == email\n"
                                " 0?any 1?labels has a 1?labels has b\n"
                                " 0?any 1?labels has c 1?channel == sms\n"
                                " 0?const\n");
    compiled_close(&sample);
}
END_TEST

/* ---- memory ---- */

struct counted {
    unsigned left; /* allocations until one fails */
};

static void *counted_resize(void *ctx, void *block, size_t old_len, size_t new_len)
{
    struct counted *c = ctx;
    (void)old_len;
    if (new_len == 0) {
        free(block);
        return NULL;
    }
    if (c->left == 0) return NULL;
    c->left--;
    return realloc(block, new_len);
}

static void count_tried(void *ctx, const struct shunt_tried *tried)
{
    (void)tried;
    ++*(unsigned *)ctx;
}

START_TEST(commands_12_no_memory_is_an_answer)
{
    struct counted counted = {1000};
    struct shunt_hooks hooks = {counted_resize, &counted};
    unsigned tried = 0;
    compiled_open(&sample, "p.yaml", rules_yaml, false);
    ck_assert_int_eq(shunt_ticket_new(sample.table, &hooks, &ticket), SHUNT_OK);
    counted.left = 0;
    ck_assert_int_eq(shunt_explain_rules(ticket, count_tried, &tried), SHUNT_NO_MEMORY);
    ck_assert_uint_eq(tried, 0);
    counted.left = 1; /* room for the first rule's three nodes, which is enough for all */
    ck_assert_int_eq(shunt_explain_rules(ticket, count_tried, &tried), SHUNT_OK);
    ck_assert_uint_eq(tried, 5);
    shunt_ticket_free(ticket);
    compiled_close(&sample);
}
END_TEST

/* Of rules with ever more nodes each needs more room: what there was is given back, with its length. */
START_TEST(shunt_h_room_that_grew_is_given_back)
{
    struct failing memory = {.left = 1000};
    struct shunt_hooks hooks = failing_hooks(&memory);
    unsigned tried = 0;
    compiled_open(&sample, "p.shunt",
                  "version 1\nteam t\nrule r { when labels has a\n to t }\n"
                  "rule s { when labels has a and channel == sms and not (labels has b or labels has c)\n"
                  "         to t }\notherwise to t\n",
                  false);
    ck_assert_int_eq(shunt_ticket_new(sample.table, &hooks, &ticket), SHUNT_OK);
    ck_assert_int_eq(shunt_explain_rules(ticket, count_tried, &tried), SHUNT_OK);
    ck_assert_uint_eq(tried, 3);
    shunt_ticket_free(ticket);
    ck_assert_uint_eq(memory.bytes, 0);
    compiled_close(&sample);
}
END_TEST

START_TEST(language_6_3_the_policys_clock)
{
    struct shunt_string zone;
    compiled_open(&sample, "p.yaml", "shunt: 1\ntimezone: Europe/Stockholm\n", false);
    ck_assert_int_eq(shunt_table_offset(sample.table, 1795687200, &zone), 3600);
    ck_assert_str_eq(zone.bytes, "Europe/Stockholm");
    compiled_close(&sample);
    compiled_open(&sample, "p.yaml", "shunt: 1\n", false);
    ck_assert_int_eq(shunt_table_offset(sample.table, 1795687200, &zone), 0);
    ck_assert_ptr_null(zone.bytes);
    ck_assert_uint_eq(zone.len, 0);
    compiled_close(&sample);
}
END_TEST

/* ---- random policies: what is told agrees with what is decided ---- */

struct agree {
    const struct shunt_table *t;
    uint32_t next, decided; /* the rule to come; the deciding one */
};

/* A node's value by what was looked at inside it; and what is not looked at has a reason. */
static bool value_of(const struct shunt_node *n, size_t count, size_t *i)
{
    const struct shunt_node *own = &n[(*i)++];
    bool all = true, any = false, settled = false;
    while (*i < count && n[*i].depth > own->depth) {
        ck_assert_uint_eq(n[*i].depth, own->depth + 1);
        const struct shunt_node *inside = &n[*i];
        if (own->looked_at) ck_assert_int_eq(inside->looked_at, !settled);
        if (!own->looked_at) ck_assert(!inside->looked_at);
        bool value = value_of(n, count, i);
        if (!inside->looked_at) continue;
        all &= value;
        any |= value;
        settled = own->kind == SHUNT_NODE_ALL ? !value : own->kind == SHUNT_NODE_ANY && value;
    }
    if (!own->looked_at || own->kind == SHUNT_NODE_TEST || own->kind == SHUNT_NODE_CONSTANT)
        return own->value;
    ck_assert_int_eq(own->value, own->kind == SHUNT_NODE_ALL   ? all
                                 : own->kind == SHUNT_NODE_ANY ? any
                                                               : !all);
    return own->value;
}

static void agree(void *ctx, const struct shunt_tried *tried)
{
    struct agree *a = ctx;
    size_t i = 0;
    ck_assert_uint_eq(tried->rule, a->next++);
    ck_assert(tried->nodes[0].looked_at);
    ck_assert_int_eq(value_of(tried->nodes, tried->node_count, &i), tried->matches);
    ck_assert_uint_eq(i, tried->node_count);
    ck_assert_uint_eq(a->decided, SHUNT_NONE);
    if (tried->decides) a->decided = tried->rule;
}

static void set_slot(const struct shunt_table *t, struct shunt_ticket *k, uint32_t attr,
                     const struct g_slot *s)
{
    switch (shunt_attr_type(t, attr)) {
    case SHUNT_TYPE_TEXT: shunt_ticket_set_text(k, attr, s->text, strlen(s->text)); return;
    case SHUNT_TYPE_NUMBER: shunt_ticket_set_number(k, attr, s->number); return;
    case SHUNT_TYPE_BOOL: shunt_ticket_set_bool(k, attr, s->flag); return;
    default: break;
    }
    for (int i = 0; i < s->names.count; i++) {
        const char *name = s->names.at[i];
        if (shunt_attr_type(t, attr) == SHUNT_TYPE_SET)
            shunt_ticket_add_name(k, attr, name, strlen(name));
        else
            shunt_ticket_set_name(k, attr, name, strlen(name));
    }
}

static void try_tickets(const struct shunt_table *t, struct draw *d, int count)
{
    struct shunt_ticket *k;
    ck_assert_int_eq(shunt_ticket_new(t, NULL, &k), SHUNT_OK);
    for (int n = 0; n < count; n++) {
        const struct g_ticket *drawn = draw_ticket(d, n);
        struct agree a = {.t = t, .decided = SHUNT_NONE};
        struct shunt_decision decision;
        shunt_ticket_reset(k);
        shunt_ticket_set_at(k, drawn->at);
        for (uint32_t i = 0; i < shunt_attr_count(t); i++)
            if (drawn->slots[i].carried) set_slot(t, k, i, &drawn->slots[i]);
        ck_assert_int_eq(shunt_explain_rules(k, agree, &a), SHUNT_OK);
        shunt_match(k, &decision);
        ck_assert_uint_eq(a.decided, decision.rule);
    }
    shunt_ticket_free(k);
}

/* Holidays are files beside a policy: those that name any are left to test_random. */
START_TEST(language_5_explained_is_decided_on_random_policies)
{
    int tried = 0;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        struct gen_pool pool = {0};
        struct draw d;
        struct compiled x;
        draw_init(&d, &pool, seed);
        if (!strstr(d.yaml, "holidays")) {
            compiled_open(&x, "p.yaml", d.yaml, true);
            try_tickets(x.table, &d, 40);
            compiled_close(&x);
            tried++;
        }
        gen_free(&pool);
    }
    ck_assert_int_gt(tried, 20);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("trace");
    TCase *t = tcase_create("trace");
    tcase_add_test(t, language_5_1_rules_are_tried_in_order_up_to_the_deciding_one);
    tcase_add_test(t, language_5_4_takes_come_after_the_rules);
    tcase_add_test(t, language_5_5_otherwise_is_tried_last_and_decides);
    tcase_add_test(t, language_5_6_active_days_are_a_test);
    tcase_add_test(t, language_4_not_and_parentheses_nest);
    tcase_add_test(t, commands_12_every_test_is_listed_without_a_ticket);
    tcase_add_test(t, commands_12_no_memory_is_an_answer);
    tcase_add_test(t, shunt_h_room_that_grew_is_given_back);
    tcase_add_test(t, language_6_3_the_policys_clock);
    tcase_add_test(t, language_5_explained_is_decided_on_random_policies);
    suite_add_tcase(s, t);
    return run_suite(s);
}
