/*
 * Conditions and promises out of YAML texts, with the places of their parts; and YAML's traps about them
 * (language.md 1.6): a text that YAML cut off is reported as such, not as the broken condition that is left.
 */
#include "plain.h"
#include "yaml_shape.h"

#include <string.h>

/* ---- was it cut off? ---- */

/* Whether a string or a parenthesis is still open at the end. */
static bool is_unfinished(struct str s)
{
    bool quoted = false;
    int depth = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (quoted && s.p[i] == '\\')
            i++;
        else if (s.p[i] == '"')
            quoted = !quoted;
        else if (!quoted && s.p[i] == '(')
            depth++;
        else if (!quoted && s.p[i] == ')')
            depth--;
    }
    return quoted || depth > 0;
}

static uint32_t next_mark(const struct shape *p, const struct yaml_node *n)
{
    uint32_t off = n->off + n->len;
    while (off < p->t->text.len && (p->t->text.p[off] == ' ' || p->t->text.p[off] == '\t')) off++;
    return off;
}

static void report_cut(struct shape *p, enum diag_id id, uint32_t off)
{
    diag_hint(p->d, diag0(p->d, id, ((struct span){p->t->file, off, off < p->t->text.len})),
              "put the condition between single quotes: '…'");
}

/* Reports a condition that a comma or a comment cut off where that can be told before reading it. */
static bool cut_off(struct shape *p, const struct yaml_node *real)
{
    if (real->style != YAML_PLAIN || !is_unfinished(real->u.text)) return false;
    uint32_t off = next_mark(p, real);
    char c = off < p->t->text.len ? p->t->text.p[off] : 0;
    if (real->comment_behind)
        report_cut(p, E0520, off);
    else if (c && memchr(",[]{}", c, 5))
        report_cut(p, E0523, off);
    else
        return false;
    return true;
}

/* ---- reading ---- */

typedef void *parse_fn(struct arena *a, struct diags *d, const struct cond_text *text);

static void *parse_expr(struct arena *a, struct diags *d, const struct cond_text *text)
{
    return parse_condition(a, d, text);
}

static void *parse_promise_text(struct arena *a, struct diags *d, const struct cond_text *text)
{
    return parse_promise(a, d, text);
}

/* A plain text with a comment behind it: where it breaks off at its end, the comment cut it. */
static void *parse_before_comment(struct shape *p, struct arena *a, const struct yaml_node *real,
                                  parse_fn *parse)
{
    struct diags own = {.a = p->d->a};
    struct cond_text text = yaml_cond_text(p->t, real);
    void *got = parse(a, &own, &text);
    bool at_end = false;
    for (uint32_t i = 0; i < own.list.count; i++)
        at_end |= diag_is_error(own.list.at[i]->id) && own.list.at[i]->at.off + 1 >= real->off + real->len;
    if (at_end)
        report_cut(p, E0520, next_mark(p, real));
    else
        diags_move(p->d, &own);
    return got;
}

/* A map where a condition should be was probably one with ": " in it. */
static bool report_map(struct shape *p, const struct yaml_node *value)
{
    const struct yaml_node *real = yaml_real(value);
    if (real->kind != YAML_MAP || !real->count || p->t->text.p[real->off] == '{') return false;
    const struct yaml_node *key = real->u.map.pairs[0].key;
    if (key->kind != YAML_TEXT) return false;
    if (yaml_skip(real->u.map.pairs[0].value)) return true; /* at a second colon, told of already */
    report_cut(p, E0521, key->off + key->len);
    return true;
}

/* NULL: it is not plain. */
static struct expr *read_plain(struct shape *p, const struct yaml_node *text)
{
    struct plain_cond c;
    struct str s = text->u.text;
    struct span at = yaml_inner_span(p->t, text);
    if (at.len != s.len || !s.len || s.p != p->t->text.p + at.off) return NULL;
    return plain_read(&c, s) && c.len == s.len ? plain_expr(p->f->whens, p->numbering, &c, at) : NULL;
}

static void *read_logic(struct shape *p, struct arena *a, const struct yaml_node *value, parse_fn *parse,
                        const char *expected)
{
    const struct yaml_node *real = yaml_real(value);
    if (yaml_skip(value) || report_map(p, value)) return NULL;
    if (!yaml_expect(p, value, YAML_TEXT, expected) || cut_off(p, real)) return NULL;
    if (real->comment_behind) return parse_before_comment(p, a, real, parse);
    struct cond_text text = yaml_cond_text(p->t, real);
    return parse(a, p->d, &text);
}

struct expr *yaml_condition(struct shape *p, const struct yaml_node *value)
{
    const struct yaml_node *real = yaml_real(value);
    struct expr *plain = real->kind == YAML_TEXT && !yaml_skip(value) ? read_plain(p, real) : NULL;
    return plain ? plain : read_logic(p, p->f->whens, value, parse_expr, "a condition");
}

static void read_promise(struct shape *p, const struct yaml_node *value, struct span key)
{
    struct promise_decl *promise = read_logic(p, p->a, value, parse_promise_text, "a promise");
    if (promise) yaml_item_add(p, ITEM_PROMISE, yaml_span(p->t, value), key)->u.promise = promise;
}

void yaml_read_promises(struct shape *p, const struct yaml_node *value, struct span key)
{
    struct yaml_items items = yaml_items(value);
    for (uint32_t i = 0; i < items.count; i++) {
        const struct yaml_node *item = yaml_item(&items, i);
        uint32_t errors = p->d->error_count;
        read_promise(p, item, key);
        /* The rest of a promise that was cut at a comma: the items up to its end say nothing of their own. */
        bool cut = p->d->error_count > errors && yaml_real(item)->kind == YAML_TEXT &&
                   is_unfinished(yaml_real(item)->u.text);
        while (cut && i + 1 < items.count && yaml_real(value)->style == YAML_FLOW) {
            const struct yaml_node *rest = yaml_real(yaml_item(&items, ++i));
            if (rest->kind == YAML_TEXT && memchr(rest->u.text.p, ')', rest->u.text.len)) break;
        }
    }
}
