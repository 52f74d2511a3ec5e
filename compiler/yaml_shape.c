/*
 * Values of an expected shape out of a YAML tree: see yaml_shape.h.
 */
#include "yaml_shape.h"

#include <string.h>

bool yaml_skip(const struct yaml_node *value)
{
    const struct yaml_node *real = yaml_real(value);
    return value->bad || real->bad || real->cut;
}

static const char *kind_words(const struct yaml_node *real)
{
    if (real->kind == YAML_LIST) return "a list";
    if (real->kind == YAML_MAP) return "a map";
    return "a text";
}

static void hint_example(struct shape *p, struct diag *g)
{
    if (p->row && p->row->example) diag_hint(p->d, g, "write for example: %s", p->row->example);
}

static struct str row_key(const struct shape *p)
{
    return p->row ? p->row->key : S("this");
}

static void report_nothing(struct shape *p, const struct yaml_node *value)
{
    struct span at = yaml_span(p->t, value);
    const struct yaml_node *real = yaml_real(value);
    struct diag *g = diag(p->d, E0541, at, row_key(p));
    if (real->len)
        diag_hint(p->d, g, "put it between quotes if a name is meant: \"%.*s\"", (int)real->u.text.len,
                  real->u.text.p);
    else
        hint_example(p, g);
}

void yaml_wrong_shape(struct shape *p, const struct yaml_node *value, const char *expected)
{
    const struct yaml_node *real = yaml_real(value);
    if (yaml_skip(value)) return;
    if (yaml_is_null(real)) {
        report_nothing(p, value);
        return;
    }
    struct str key = row_key(p);
    struct diag *g =
        diag(p->d, E0540, yaml_span(p->t, value), key, str_from(expected), str_from(kind_words(real)));
    hint_example(p, g);
}

bool yaml_expect(struct shape *p, const struct yaml_node *value, enum yaml_kind kind, const char *expected)
{
    const struct yaml_node *real = yaml_real(value);
    if (yaml_skip(value)) return false;
    if (real->kind == kind && (kind != YAML_TEXT || !yaml_is_null(real))) return true;
    yaml_wrong_shape(p, value, expected);
    return false;
}

bool yaml_expect_section(struct shape *p, const struct yaml_node *value, enum yaml_kind kind,
                         const char *expected)
{
    const struct yaml_node *real = yaml_real(value);
    if (!value->bad && !real->bad && real->kind == kind && kind != YAML_TEXT) return true;
    p->lost = true;
    return yaml_expect(p, value, kind, expected);
}

struct yaml_items yaml_items(const struct yaml_node *value)
{
    const struct yaml_node *real = yaml_real(value);
    if (real->kind == YAML_LIST) return (struct yaml_items){NULL, real->u.items, real->count};
    return (struct yaml_items){value, NULL, 1};
}

const struct yaml_node *yaml_item(const struct yaml_items *items, uint32_t i)
{
    return items->list ? items->list[i] : items->one;
}

struct span yaml_pair_span(const struct shape *p, const struct yaml_pair *pair)
{
    return span_join(yaml_span(p->t, pair->key), yaml_span(p->t, pair->value));
}

/* ---- maps ---- */

static void report_unknown(struct shape *p, const struct yaml_node *key, const struct yaml_row *rows,
                           size_t count, const char *what)
{
    enum { ROWS_MAX = 32 };
    struct str known[ROWS_MAX], name = yaml_real(key)->u.text;
    if (count > ROWS_MAX) count = ROWS_MAX;
    for (size_t i = 0; i < count; i++) known[i] = rows[i].key;
    diag_nearest(p->d, diag(p->d, E0504, yaml_span(p->t, key), name, str_from(what)), name, known, count);
}

static const struct yaml_row *find_row(const struct yaml_row *rows, size_t count, struct str key)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(key, rows[i].key)) return &rows[i];
    return NULL;
}

void yaml_read_map(struct shape *p, const struct yaml_node *map, const struct yaml_row *rows, size_t count,
                   void *decl, const char *what)
{
    const struct yaml_row *outer = p->row;
    uint32_t pair_count;
    const struct yaml_node *real = yaml_real(map);
    const struct yaml_pair *pairs = yaml_pairs(real, &pair_count);
    for (uint32_t i = 0; i < pair_count; i++) {
        const struct yaml_node *key = pairs[i].key, *value = pairs[i].value;
        if (yaml_skip(key)) continue;
        p->row = find_row(rows, count, yaml_real(key)->u.text);
        if (p->row) {
            struct span at = yaml_span(p->t, key);
            memcpy((char *)decl + p->row->key_at, &at, sizeof at);
            p->row->read(p, value, (char *)decl + p->row->out_at);
        } else if (p->split_map != real || value->len || !yaml_is_null(value)) {
            report_unknown(p, key, rows, count, what);
        }
    }
    p->row = outer;
}

/* ---- maps of names ---- */

/* Whether the map says one of the keys, or says nothing. */
static bool says_known(const struct yaml_node *map, const struct yaml_row *rows, size_t count)
{
    uint32_t pair_count;
    const struct yaml_pair *pairs = yaml_pairs(map, &pair_count);
    for (uint32_t i = 0; i < pair_count; i++)
        if (find_row(rows, count, yaml_real(pairs[i].key)->u.text)) return true;
    return pair_count == 0;
}

/* `role: manager` under agents. Of an agent that is called role, the value would be a map of an agent's keys;
 * a map of others may be meant so, with a mistake in it, and counts where `lax`. */
static bool is_own_key(const struct yaml_pair *pair, const struct yaml_row *rows, size_t count, bool lax)
{
    const struct yaml_node *value = yaml_real(pair->value);
    if (!find_row(rows, count, yaml_real(pair->key)->u.text)) return false;
    if (value->kind == YAML_MAP) return lax && !says_known(value, rows, count);
    return !yaml_is_null(value) || value->len;
}

bool yaml_is_nameless(struct shape *p, const struct yaml_node *section, uint32_t pair,
                      const struct yaml_row *rows, size_t count)
{
    uint32_t pair_count;
    const struct yaml_pair *pairs = yaml_pairs(yaml_real(section), &pair_count);
    if (yaml_skip(pairs[pair].key) || !is_own_key(&pairs[pair], rows, count, true)) return false;
    bool sure = false, all = true;
    for (uint32_t i = 0; i < pair_count; i++) {
        sure |= is_own_key(&pairs[i], rows, count, false);
        all &= is_own_key(&pairs[i], rows, count, true);
    }
    if (!sure && !all) return false;
    for (uint32_t i = 0; i < pair; i++)
        if (is_own_key(&pairs[i], rows, count, true)) return true;
    p->lost = true;
    return yaml_report_nameless(p->d, yaml_span(p->t, pairs[pair].key), row_key(p));
}

/* ---- single values ---- */

bool yaml_name(struct shape *p, const struct yaml_node *value, struct name *out)
{
    *out = (struct name){{NULL, 0}, yaml_span(p->t, yaml_real(value))};
    if (!yaml_expect(p, value, YAML_TEXT, "a name")) return false;
    *out = ast_name(p->d->a, yaml_real(value)->u.text, out->at);
    return true;
}

bool yaml_text(struct shape *p, const struct yaml_node *value, struct text *out)
{
    if (!yaml_expect(p, value, YAML_TEXT, "a text")) return false;
    *out = (struct text){yaml_real(value)->u.text, yaml_span(p->t, yaml_real(value))};
    return true;
}

bool yaml_integer(struct shape *p, const struct yaml_node *value, int64_t *out)
{
    const struct yaml_node *real = yaml_real(value);
    if (!yaml_expect(p, value, YAML_TEXT, "a whole number")) return false;
    bool number = read_integer(real->u.text, out);
    if (number && real->style == YAML_PLAIN) return true;
    struct span at = yaml_span(p->t, value);
    if (number)
        diag_hint(p->d, diag(p->d, E0552, at, row_key(p)), "write %.*s", (int)real->u.text.len,
                  real->u.text.p);
    else
        hint_example(p, diag(p->d, E0543, at, row_key(p)));
    return false;
}

/* ---- truth values ---- */

static bool is_one_of(struct str s, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct str w = str_from(words[i]);
        bool same = s.len == w.len;
        for (size_t k = 0; same && k < s.len; k++) same = (s.p[k] | 0x20) == w.p[k];
        if (same) return true;
    }
    return false;
}

/* The truth value that was probably meant: Yes, ON, "true". NULL: none. */
static const char *meant(struct str s, bool on_off)
{
    static const char *const yes[] = {"true", "yes", "on", "y"}, *const no[] = {"false", "no", "off", "n"};
    if (is_one_of(s, yes, 4)) return on_off ? "on" : "true";
    if (is_one_of(s, no, 4)) return on_off ? "off" : "false";
    return NULL;
}

static void read_truth(struct shape *p, const struct yaml_node *value, struct flag *out, bool on_off)
{
    const char *expected = on_off ? "on or off" : "true or false";
    const struct yaml_node *real = yaml_real(value);
    out->at = yaml_span(p->t, real);
    if (!yaml_expect(p, value, YAML_TEXT, expected)) return;
    struct str s = real->u.text;
    bool plain = real->style == YAML_PLAIN;
    out->on = str_eq(s, S("true")) || (on_off && str_eq(s, S("on")));
    bool off = str_eq(s, S("false")) || (on_off && str_eq(s, S("off")));
    if ((out->on || off) && plain) return;
    out->on = false;
    const char *word = meant(s, on_off);
    struct diag *g = diag(p->d, E0542, yaml_span(p->t, value), row_key(p), str_from(expected));
    if (word) diag_hint(p->d, g, "write %s%s", word, plain ? "" : ", without quotes");
}

void yaml_read_flag(struct shape *p, const struct yaml_node *value, void *out)
{
    read_truth(p, value, out, false);
}
void yaml_read_switch(struct shape *p, const struct yaml_node *value, void *out)
{
    read_truth(p, value, out, true);
}

/* ---- readers for rows ---- */

void yaml_read_name(struct shape *p, const struct yaml_node *value, void *out)
{
    yaml_name(p, value, out);
}
void yaml_read_text(struct shape *p, const struct yaml_node *value, void *out)
{
    yaml_text(p, value, out);
}

/* A list, or one value in its place, but no map and not nothing. */
static bool expect_list(struct shape *p, const struct yaml_node *value, const char *expected)
{
    const struct yaml_node *real = yaml_real(value);
    if (yaml_skip(value)) return false;
    if (real->kind != YAML_MAP && !yaml_is_null(real)) return true;
    yaml_wrong_shape(p, value, expected);
    return false;
}

void yaml_read_names(struct shape *p, const struct yaml_node *value, void *out)
{
    names *list = out;
    if (!expect_list(p, value, "a list of names")) return;
    struct yaml_items items = yaml_items(value);
    vec_room(p->a, list, items.count);
    for (uint32_t i = 0; i < items.count; i++) {
        struct name n;
        if (yaml_name(p, yaml_item(&items, i), &n)) *vec_push(p->a, list) = n;
    }
}

void yaml_read_texts(struct shape *p, const struct yaml_node *value, void *out)
{
    VEC(struct text) list = {0};
    if (!expect_list(p, value, "a list of texts")) return;
    struct yaml_items items = yaml_items(value);
    for (uint32_t i = 0; i < items.count; i++) {
        struct text x;
        if (yaml_text(p, yaml_item(&items, i), &x)) *vec_push(p->a, &list) = x;
    }
    memcpy(out, &list, sizeof list);
}

void yaml_read_dates(struct shape *p, const struct yaml_node *value, void *out)
{
    dates *list = out;
    if (!expect_list(p, value, "a list of dates")) return;
    struct yaml_items items = yaml_items(value);
    for (uint32_t i = 0; i < items.count; i++) {
        const struct yaml_node *item = yaml_item(&items, i), *real = yaml_real(item);
        struct date_range range;
        if (!yaml_expect(p, item, YAML_TEXT, "a date or a range of dates")) continue;
        if (read_date_range(p->d, real->u.text, yaml_inner_span(p->t, real), &range))
            *vec_push(p->a, list) = range;
    }
}

struct item *yaml_item_add(struct shape *p, enum item_kind kind, struct span at, struct span key)
{
    struct item *item = vec_push(p->a, &p->f->items);
    item->kind = kind;
    item->at = at;
    item->key = key;
    return item;
}
