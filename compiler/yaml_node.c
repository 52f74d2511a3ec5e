/*
 * What a node of a YAML tree says of itself: see yaml_tree.h.
 */
#include "yaml_tree.h"

const struct yaml_node *yaml_real(const struct yaml_node *n)
{
    return n->kind == YAML_ALIAS ? n->u.target : n;
}

const struct yaml_anchor *yaml_anchor(const struct yaml_tree *t, const struct yaml_node *n)
{
    for (uint32_t lo = 0, hi = t->anchors.count; n->anchored && lo < hi;) {
        uint32_t mid = lo + (hi - lo) / 2; /* anchors are in the order of their nodes */
        if (t->anchors.at[mid].node == n) return &t->anchors.at[mid];
        if (t->anchors.at[mid].off < n->off)
            lo = mid + 1;
        else
            hi = mid;
    }
    return NULL;
}

struct span yaml_span(const struct yaml_tree *t, const struct yaml_node *n)
{
    return (struct span){t->file, n->off, n->len};
}

/* Whether the text points into the source. */
static bool is_source(const struct yaml_tree *t, struct str s)
{
    return s.p >= t->text.p && s.p <= t->text.p + t->text.len;
}

struct span yaml_inner_span(const struct yaml_tree *t, const struct yaml_node *n)
{
    if (n->kind != YAML_TEXT || !is_source(t, n->u.text) || !n->u.text.len) return yaml_span(t, n);
    return (struct span){t->file, (uint32_t)(n->u.text.p - t->text.p), (uint32_t)n->u.text.len};
}

bool yaml_is_null(const struct yaml_node *n)
{
    if (n->kind != YAML_TEXT || n->style != YAML_PLAIN || n->bad || n->u.text.len > 4) return false;
    struct str s = n->u.text;
    return s.len == 0 || str_eq(s, S("~")) || str_eq(s, S("null")) || str_eq(s, S("Null")) ||
           str_eq(s, S("NULL"));
}

const struct yaml_pair *yaml_pairs(const struct yaml_node *map, uint32_t *count)
{
    *count = map->merges ? map->u.map.flat_count : map->count;
    return map->u.map.pairs + (map->merges ? map->count : 0);
}

struct cond_text yaml_cond_text(const struct yaml_tree *t, const struct yaml_node *n)
{
    struct cond_text c = {.file = t->file, .text = n->u.text};
    if (is_source(t, n->u.text)) {
        c.base = (uint32_t)(n->u.text.p - t->text.p);
        return c;
    }
    uint32_t end = n->off + n->len;
    bool block = n->style == YAML_LITERAL || n->style == YAML_FOLDED;
    if (block) end = (uint32_t)t->text.len; /* the lines below it end it */
    struct yaml_decoded got =
        yaml_decode(t->d->a, t->text, n->off, end, (enum yaml_style)n->style, n->column, true);
    c.text = got.value;
    c.map = got.map;
    return c;
}
