/*
 * Steps and expectations of a test file as JSON: see test_file.h.
 *
 * A plain scalar stands for its own spelling where a text is wanted (language.md 1.5): `id: 1001` is the
 * text "1001", `plan: on` the text "on". It is a number or a truth value where one is wanted, or, of keys
 * that nobody knows, where YAML's core rules say so. One value will do where a list is wanted. A value of
 * another shape is written as it is, for the desk to refuse.
 */
#include "test_file.h"

#include <string.h>

enum wanted {
    WANTED_TEXT,
    WANTED_TEXTS,
    WANTED_NUMBER,
    WANTED_BOOL,
    WANTED_SWITCH,
    WANTED_TEXT_MAP,
    WANTED_ANY
};

static const char *truth_of(struct str s, bool on_off)
{
    static const char *const yes[] = {"true", "True", "TRUE"}, *const no[] = {"false", "False", "FALSE"};
    for (int i = 0; i < 3; i++) {
        if (str_eq(s, str_from(yes[i]))) return "true";
        if (str_eq(s, str_from(no[i]))) return "false";
    }
    if (on_off && str_eq(s, S("on"))) return "true";
    return on_off && str_eq(s, S("off")) ? "false" : NULL;
}

static void scalar_json(struct out *o, const struct yaml_node *real, enum wanted wanted)
{
    struct str s = real->u.text;
    bool plain = real->style == YAML_PLAIN, any = wanted == WANTED_ANY;
    const char *truth = truth_of(s, wanted == WANTED_SWITCH);
    if (yaml_is_null(real))
        out_puts(o, "null");
    else if (plain && (wanted == WANTED_NUMBER || any) && is_number_spelling(s))
        out_str(o, s);
    else if (plain && (wanted == WANTED_BOOL || wanted == WANTED_SWITCH || any) && truth)
        out_puts(o, truth);
    else
        out_json(o, s);
}

static void value_json(struct out *o, const struct yaml_node *value, enum wanted wanted);

static void list_json(struct out *o, const struct yaml_node *real, enum wanted wanted)
{
    if (wanted == WANTED_TEXTS) wanted = WANTED_TEXT;
    out_putc(o, '[');
    for (uint32_t i = 0; i < real->count; i++) {
        if (i) out_putc(o, ',');
        value_json(o, real->u.items[i], wanted);
    }
    out_putc(o, ']');
}

static void map_json(struct out *o, const struct yaml_node *real, enum wanted wanted)
{
    uint32_t count;
    const struct yaml_pair *pairs = yaml_pairs(real, &count);
    if (wanted == WANTED_TEXT_MAP) wanted = WANTED_TEXT;
    out_putc(o, '{');
    for (uint32_t i = 0, written = 0; i < count; i++) {
        if (pairs[i].key->bad) continue;
        if (written++) out_putc(o, ',');
        out_json(o, yaml_real(pairs[i].key)->u.text);
        out_putc(o, ':');
        value_json(o, pairs[i].value, wanted);
    }
    out_putc(o, '}');
}

/* Recursion: as deep as YAML may nest. */
static void value_json(struct out *o, const struct yaml_node *value, enum wanted wanted)
{
    const struct yaml_node *real = yaml_real(value);
    bool one = wanted == WANTED_TEXTS && real->kind == YAML_TEXT && !yaml_is_null(real);
    if (one) out_putc(o, '[');
    if (real->kind == YAML_LIST)
        list_json(o, real, wanted);
    else if (real->kind == YAML_MAP)
        map_json(o, real, wanted);
    else
        scalar_json(o, real, one ? WANTED_TEXT : wanted);
    if (one) out_putc(o, ']');
}

/* ---- events ---- */

static enum wanted attr_wants(enum shunt_type type)
{
    switch (type) {
    case SHUNT_TYPE_SET: return WANTED_TEXTS;
    case SHUNT_TYPE_NUMBER: return WANTED_NUMBER;
    case SHUNT_TYPE_BOOL: return WANTED_BOOL;
    case SHUNT_TYPE_CHANNEL:
    case SHUNT_TYPE_PRIORITY:
    case SHUNT_TYPE_TEXT:
    case SHUNT_TYPE_LISTED: break;
    }
    return WANTED_TEXT;
}

static enum wanted event_wants(const struct test_step *step, const struct shunt_table *table, struct str key)
{
    static const struct {
        const char *key;
        enum wanted wanted;
    } rows[] = {{"on", WANTED_SWITCH},        {"tickets", WANTED_TEXTS}, {"channels", WANTED_TEXTS},
                {"devices", WANTED_TEXT_MAP}, {"id", WANTED_TEXT},       {"ticket", WANTED_TEXT},
                {"agent", WANTED_TEXT},       {"team", WANTED_TEXT},     {"by", WANTED_TEXT},
                {"event_id", WANTED_TEXT}};
    bool carries = step->event == EVENT_TICKET || step->event == EVENT_UPDATE;
    uint32_t attr = carries ? shunt_attr_find(table, key.p, key.len) : SHUNT_NONE;
    if (attr != SHUNT_NONE) return attr_wants(shunt_attr_type(table, attr));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (str_eq(key, str_from(rows[i].key))) return rows[i].wanted;
    return WANTED_ANY;
}

void test_event_json(struct out *o, const struct test_step *step, const struct shunt_table *table)
{
    static const char *const words[EVENT_KIND_COUNT] = {
#define EVENT(id, spelling, keys) [EVENT_##id] = spelling,
#include "events.def"
#undef EVENT
    };
    out_printf(o, "{\"event\":\"%s\"", words[step->event]);
    if (step->time.s.p) out_json_text(o, "at", step->time.s);
    if (step->id.p) out_json_text(o, "id", step->id);
    for (uint32_t i = 0; i < step->fields.count; i++) {
        const struct test_field *f = &step->fields.at[i];
        if (step->id.p && str_eq(f->key.s, S("id"))) continue; /* `id: null` */
        out_putc(o, ',');
        out_json(o, f->key.s);
        out_putc(o, ':');
        value_json(o, f->value, event_wants(step, table, f->key.s));
    }
    out_putc(o, '}');
}

/* ---- expectations ---- */

/* `add` is {"labels":[…]}. */
static void add_json(struct out *o, const struct yaml_node *value)
{
    const struct yaml_node *real = yaml_real(value);
    if (real->kind == YAML_MAP)
        map_json(o, real, WANTED_TEXTS);
    else
        value_json(o, value, WANTED_ANY);
}

void test_expected_json(struct out *o, const struct test_field *f)
{
    struct str key = f->key.s;
    if (str_eq(key, S("add")))
        add_json(o, f->value);
    else if (str_eq(key, S("agents")) || str_eq(key, S("warnings")))
        value_json(o, f->value, WANTED_TEXTS);
    else if (str_eq(key, S("step")))
        value_json(o, f->value, WANTED_NUMBER);
    else if (str_eq(key, S("devices")))
        value_json(o, f->value, WANTED_TEXT_MAP);
    else
        value_json(o, f->value, WANTED_TEXT);
}
