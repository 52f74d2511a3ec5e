/*
 * Promises given as text, beside a table: see asserted.h.
 *
 * A promise needs names: so a policy is written from the table, in the DSL, that declares what a promise may
 * name and decides nothing; the texts are its promises, each a source of its own, so that what is wrong with
 * one is shown in it. It is compiled like any other. Only its promises are ever asked for: what they name is
 * found by name in the table beside (promise.c; hours: space_new()).
 */
#include "asserted.h"
#include "../print_dsl.h"
#include "subject.h"

#include <string.h>

struct writer {
    struct buf b;
    const struct table_view *v;
};

static void say(struct writer *w, const char *words, le32_t name)
{
    buf_puts(&w->b, words);
    print_word(&w->b, view_string(w->v, name));
}

/* "WORDS a, b" and the line's end. */
static void say_values(struct writer *w, const char *words, const struct tf_attr *attr)
{
    const struct tf_atom *atoms = &w->v->ATOM.at[le32(attr->atom_first)];
    for (uint32_t i = 0; i < le32(attr->atom_count); i++) say(w, i ? ", " : words, atoms[i].string);
    if (le32(attr->atom_count)) buf_putc(&w->b, '\n');
}

/* A closed list is known whole; of an open one every name is right. */
static void say_attrs(struct writer *w)
{
    static const char *const types[] = {
        [TF_SET_T] = "set", [TF_TEXT_T] = "text", [TF_NUMBER_T] = "number", [TF_BOOL_T] = "bool"};
    const struct table_view *v = w->v;
    say_values(w, "channels ", &v->ATTR.at[TF_CHANNEL]);
    if (v->ATTR.at[TF_LABELS].closed) say_values(w, "labels ", &v->ATTR.at[TF_LABELS]);
    if (v->ATTR.at[TF_SEGMENTS].closed) say_values(w, "segments ", &v->ATTR.at[TF_SEGMENTS]);
    for (uint32_t i = TF_FIELD_FIRST; i < v->ATTR.count; i++) {
        const struct tf_attr *attr = &v->ATTR.at[i];
        say(w, "field ", attr->name);
        if (attr->type == TF_LISTED_T)
            say_values(w, " is one of ", attr);
        else
            buf_printf(&w->b, " is %s\n", types[attr->type]);
    }
}

/* Hours need a zone, and that the machine's database of zones; so only where a text may name them. */
static bool may_name_hours(const struct promise_text *texts, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        for (size_t k = 0; k + 6 < texts[i].text.len; k++)
            if (!memcmp(texts[i].text.p + k, "during", 6) || !memcmp(texts[i].text.p + k, "outside", 7))
                return true;
    return false;
}

static void say_hours(struct writer *w)
{
    if (w->v->HOURS.count > 1) buf_puts(&w->b, "timezone UTC\n");
    for (uint32_t i = 1; i < w->v->HOURS.count; i++) {
        say(w, "hours ", w->v->HOURS.at[i].name);
        buf_puts(&w->b, " { mon-sun 00:00-24:00 }\n");
    }
}

/* Teams with takes, in their order: a RULE record each, so that they can be named as rules. */
static void say_teams(struct writer *w)
{
    uint32_t takes = le32(w->v->POLICY.at->rule_count);
    for (uint32_t i = 0; i < w->v->AGENT.count; i++) {
        say(w, "agent ", w->v->AGENT.at[i].name);
        buf_putc(&w->b, '\n');
    }
    for (uint32_t i = 0; i < w->v->TEAM.count; i++) {
        bool has = !rule_is_otherwise(w->v, takes) && le32(rule_target(w->v, takes)->target) == i;
        say(w, "team ", w->v->TEAM.at[i].name);
        buf_puts(&w->b, has ? " { takes priority low }\n" : "\n");
        takes += has;
    }
}

static void say_rules(struct writer *w)
{
    for (uint32_t i = 0; i < le32(w->v->POLICY.at->rule_count); i++) {
        say(w, "rule ", w->v->RULE_NAME.at[i]);
        buf_puts(&w->b, " { when true; to unassigned }\n");
    }
    buf_puts(&w->b, "otherwise to unassigned\n");
}

static struct str names_of(struct arena *a, const struct table_view *v, bool hours)
{
    struct writer w = {.v = v};
    buf_init(&w.b, a);
    buf_puts(&w.b, "version 1\n");
    say_attrs(&w);
    if (hours) say_hours(&w);
    say_teams(&w);
    say_rules(&w);
    return buf_done(&w.b);
}

/* ---- the table ---- */

static void close_table(void *table)
{
    shunt_table_close(table);
}

/* The bytes are the compilation's, in the same arena, and aligned as it aligns all. */
static const struct shunt_table *open_table(struct arena *a, struct str bytes)
{
    const struct shunt_table *table;
    if (shunt_table_open(bytes.p, bytes.len, NULL, &table, NULL) != SHUNT_OK) arena_fail(a);
    arena_defer(a, close_table, (void *)(uintptr_t)table);
    return table;
}

struct asserted assert_open(struct arena *a, const struct shunt_table *beside,
                            const struct promise_text *texts, uint32_t count)
{
    struct table_view v;
    struct asserted asserted = {NULL, NULL};
    const struct compile_options options = {.promises = texts, .promise_count = count};
    table_view(&v, beside);
    struct str policy = names_of(a, &v, may_name_hours(texts, count));
    asserted.compiled = compile_text(a, "names.shunt", policy, &options);
    if (asserted.compiled->table.p) asserted.table = open_table(a, asserted.compiled->table);
    return asserted;
}
