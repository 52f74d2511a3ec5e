/*
 * Plain YAML to the tree that yaml_tree.c makes of it (yaml_tree.h), without libyaml.
 *
 * Nearly all of a large policy is written in little of YAML: block lists and maps, lists and maps in brackets
 * on one line, texts on one line that stand for themselves, comments on lines of their own; and in ASCII. Of
 * a file that is nothing else, the tree is made here: 100,000 rules in 50 ms, where libyaml's events alone
 * take 150 and the tree of them 270. Whatever is not plain, all mistakes among it, ends the reading, and
 * libyaml reads the file from its beginning: what is read here gives no diagnostic, and the same nodes
 * (tests/unit/test_yaml_plain.c).
 */
#include "yaml_reader.h"

#include <string.h>

enum { DEPTH_MAX = 16, KEY_LEN_MAX = 255, FEW_PAIRS = 8 };

struct plain {
    struct arena *a;
    const char *text, *end, *p, *line; /* p: the next byte, of that line */
    int column; /* of the first byte of a line that is no space; -1 at the end of the file */
    unsigned depth;
    VEC(struct yaml_node *) stack;
};

/* ---- lines ---- */

static bool at_line_end(const struct plain *r)
{
    return r->p == r->end || *r->p == '\n';
}

static char byte_at(const struct plain *r, size_t ahead)
{
    return (size_t)(r->end - r->p) > ahead ? r->p[ahead] : '\n';
}

static void skip_spaces(struct plain *r)
{
    while (r->p < r->end && *r->p == ' ') r->p++;
}

/* From the start of a line to what is said there, or on a later line. */
static void find_line(struct plain *r)
{
    for (r->line = r->p; r->p < r->end; r->line = r->p) {
        skip_spaces(r);
        r->column = (int)(r->p - r->line);
        if (!at_line_end(r) && *r->p != '#') return;
        r->p = memchr(r->p, '\n', (size_t)(r->end - r->p));
        r->p = r->p ? r->p + 1 : r->end;
    }
    r->column = -1;
}

/* To the next line; false where this one is not at its end. */
static bool next_line(struct plain *r)
{
    if (!at_line_end(r)) return false;
    if (r->p < r->end) r->p++;
    find_line(r);
    return true;
}

static bool at_entry(const struct plain *r)
{
    return r->column >= 0 && *r->p == '-' && byte_at(r, 1) == ' ';
}

/* ---- nodes ---- */

static struct yaml_node *node_new(struct plain *r, enum yaml_kind kind, enum yaml_style style, const char *at,
                                  int around)
{
    struct yaml_node *n = arena_new_of(r->a, struct yaml_node);
    n->kind = (uint8_t)kind;
    n->style = (uint8_t)style;
    n->off = (uint32_t)(at - r->text);
    n->column = around;
    n->size = 1;
    return n;
}

static bool any_twice(struct plain *r, const struct yaml_pair *pairs, uint32_t count)
{
    struct strmap seen = {0};
    for (uint32_t i = 0; i < count; i++) {
        struct str key = pairs[i].key->u.text;
        if (count > FEW_PAIRS && strmap_put(r->a, &seen, key, i) != i) return true;
        for (uint32_t k = 0; count <= FEW_PAIRS && k < i; k++)
            if (str_eq(pairs[k].key->u.text, key)) return true;
    }
    return false;
}

/* Takes what stands on the stack from `first` on for the children; NULL where a key is said twice. */
static struct yaml_node *close_node(struct plain *r, struct yaml_node *n, uint32_t first)
{
    uint32_t count = r->stack.count - first;
    struct yaml_node **kids = arena_array(r->a, struct yaml_node *, count);
    if (count) memcpy(kids, r->stack.at + first, count * sizeof *kids);
    r->stack.count = first;
    n->height = 1;
    for (uint32_t i = 0; i < count; i++) {
        n->size += kids[i]->size;
        if (kids[i]->height >= n->height) n->height = (uint8_t)(kids[i]->height + 1);
    }
    if (n->style == YAML_FLOW)
        n->len = (uint32_t)(r->p - r->text) - n->off;
    else
        n->len = kids[count - 1]->off + kids[count - 1]->len - n->off;
    n->count = n->kind == YAML_MAP ? count / 2 : count;
    if (n->kind == YAML_LIST) return n->u.items = kids, n;
    n->u.map.pairs = (struct yaml_pair *)(void *)kids;
    return any_twice(r, n->u.map.pairs, n->count) ? NULL : n;
}

static bool push(struct plain *r, struct yaml_node *n)
{
    if (n) *vec_push(r->a, &r->stack) = n;
    return n != NULL;
}

/* ---- texts ---- */

static bool is_alnum(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

static bool is_printable(char c)
{
    return c >= 0x20 && c < 0x7f;
}

static struct yaml_node *text_new(struct plain *r, enum yaml_style style, const char *from, const char *to,
                                  int around)
{
    struct yaml_node *n = node_new(r, YAML_TEXT, style, from, around);
    size_t quote = style != YAML_PLAIN;
    n->len = (uint32_t)(to - from);
    n->u.text = (struct str){from + quote, n->len - 2 * quote};
    r->p = to;
    return n;
}

/* The end of the text between quotes at p, without an escape; NULL. */
static const char *quoted_end(const struct plain *r, const char *p)
{
    char quote = *p++;
    for (; p < r->end && *p != quote; p++)
        if (!is_printable(*p) || (*p == '\\' && quote == '"')) return NULL;
    return p == r->end || (p + 1 < r->end && p[1] == quote) ? NULL : p + 1;
}

static struct yaml_node *quoted(struct plain *r, int around)
{
    const char *end = quoted_end(r, r->p);
    return end ? text_new(r, *r->p == '"' ? YAML_DOUBLE : YAML_SINGLE, r->p, end, around) : NULL;
}

/* Whether a text without quotes goes on with c; `next` stands behind it. Some may in YAML that do not here.
 */
static bool goes_on(char c, char next, bool flow)
{
    switch (c) {
    case '#':
    case '?':
    case '[':
    case ']':
    case '{':
    case '}': return false;
    case ',': return !flow;
    case ':': return !flow && is_alnum(next);
    default: return is_printable(c);
    }
}

/* Without quotes, from a letter, a digit, a _ or a parenthesis on. Spaces at its end are none of it. */
static struct yaml_node *unquoted(struct plain *r, bool flow, int around)
{
    const char *from = r->p, *p = from;
    if (p == r->end || (!is_alnum(*p) && *p != '_' && *p != '(')) return NULL;
    while (p < r->end && goes_on(*p, p + 1 < r->end ? p[1] : '\n', flow)) p++;
    while (p[-1] == ' ') p--;
    return text_new(r, YAML_PLAIN, from, p, around);
}

/* The end of the key that stands here, with ": " or, in a block, ":" and the line's end behind it; NULL. */
static const char *key_end(const struct plain *r, bool flow)
{
    const char *from = r->p, *p = from;
    if (byte_at(r, 0) == '"' || byte_at(r, 0) == '\'')
        p = quoted_end(r, from);
    else
        while (p < r->end &&
               (is_alnum(*p) || *p == '_' || (p > from && (*p == '-' || *p == '.' || *p == ' '))))
            p++;
    if (!p || p == from || p[-1] == ' ' || p - from > KEY_LEN_MAX) return NULL;
    size_t len = (size_t)(p - from);
    char behind = byte_at(r, len + 1);
    return byte_at(r, len) == ':' && (behind == ' ' || (behind == '\n' && !flow)) ? p : NULL;
}

static struct yaml_node *key(struct plain *r, bool flow, int around)
{
    const char *end = key_end(r, flow);
    if (!end) return NULL;
    enum yaml_style style = *r->p == '"' ? YAML_DOUBLE : *r->p == '\'' ? YAML_SINGLE : YAML_PLAIN;
    struct yaml_node *n = text_new(r, style, r->p, end, around);
    r->p++;
    return n;
}

/* ---- in brackets, on one line ---- */

static struct yaml_node *flow_value(struct plain *r, int around);

/* The value behind a key, or an item. */
static bool flow_entry(struct plain *r, bool map, int around)
{
    if (map && !push(r, key(r, true, around))) return false;
    skip_spaces(r);
    if (!push(r, flow_value(r, around))) return false;
    skip_spaces(r);
    return true;
}

static struct yaml_node *flow_collection(struct plain *r, int around)
{
    bool map = *r->p == '{';
    char close = map ? '}' : ']';
    uint32_t first = r->stack.count;
    struct yaml_node *n = node_new(r, map ? YAML_MAP : YAML_LIST, YAML_FLOW, r->p, around);
    if (r->depth++ == DEPTH_MAX) return NULL;
    r->p++;
    skip_spaces(r);
    bool more = byte_at(r, 0) != close;
    while (more) {
        if (!flow_entry(r, map, around)) return NULL;
        more = byte_at(r, 0) == ',';
        if (more) r->p++, skip_spaces(r);
    }
    if (byte_at(r, 0) != close) return NULL;
    r->p++;
    r->depth--;
    return close_node(r, n, first);
}

/* Recursion: brackets, at most DEPTH_MAX deep, as in all of these. */
static struct yaml_node *flow_value(struct plain *r, int around)
{
    char c = byte_at(r, 0);
    if (c == '{' || c == '[') return flow_collection(r, around);
    if (c == '"' || c == '\'') return quoted(r, around);
    return unquoted(r, true, around);
}

/* ---- blocks ---- */

/* What stands on the line behind a key or a dash, to the line's end. Nothing goes on below it: what follows
 * is no further in than `column`. */
static struct yaml_node *inline_value(struct plain *r, int column)
{
    char c = byte_at(r, 0);
    bool bare = c != '{' && c != '[' && c != '"' && c != '\'';
    struct yaml_node *n = bare ? unquoted(r, false, column) : flow_value(r, column);
    return n && next_line(r) && r->column <= column ? n : NULL;
}

static struct yaml_node *block(struct plain *r, int around);

static struct yaml_node *map_value(struct plain *r, int column)
{
    if (!at_line_end(r)) {
        skip_spaces(r);
        return inline_value(r, column);
    }
    next_line(r);
    if (r->column < column || (r->column == column && !at_entry(r))) return NULL; /* it says nothing */
    return block(r, column);
}

static struct yaml_node *block_map(struct plain *r, int around)
{
    int column = r->column;
    uint32_t first = r->stack.count;
    struct yaml_node *n = node_new(r, YAML_MAP, YAML_BLOCK, r->p, around);
    do
        if (!push(r, key(r, false, column)) || !push(r, map_value(r, column))) return NULL;
    while (r->column == column);
    return r->column < column ? close_node(r, n, first) : NULL;
}

static struct yaml_node *block_list(struct plain *r, int around)
{
    int column = r->column;
    uint32_t first = r->stack.count;
    struct yaml_node *n = node_new(r, YAML_LIST, YAML_BLOCK, r->p, around);
    while (r->column == column && at_entry(r)) {
        r->p += 2;
        skip_spaces(r);
        r->column = (int)(r->p - r->line);
        bool map = key_end(r, false) != NULL; /* it begins behind the dash */
        if (!push(r, map ? block_map(r, column) : inline_value(r, column))) return NULL;
    }
    return r->column <= column ? close_node(r, n, first) : NULL;
}

static struct yaml_node *block(struct plain *r, int around)
{
    if (r->depth++ == DEPTH_MAX) return NULL;
    struct yaml_node *n = at_entry(r) ? block_list(r, around) : block_map(r, around);
    r->depth--;
    return n;
}

/* ---- a file ---- */

/* ASCII, with line ends of one kind; what else there is, others have refused (sources.c). */
static bool is_plain_ascii(struct str s)
{
    uint64_t eight, high = 0;
    size_t i = 0;
    for (; s.len - i >= 8; i += 8) memcpy(&eight, s.p + i, 8), high |= eight;
    for (; i < s.len; i++) high |= (unsigned char)s.p[i];
    return !(high & 0x8080808080808080u) && (!s.len || !memchr(s.p, '\r', s.len));
}

struct yaml_tree *yaml_read_plain(struct arena *a, struct diags *d, struct str source, uint32_t file)
{
    struct plain r = {.a = arena_part(a), .text = source.p, .end = source.p + source.len, .p = source.p};
    if (is_plain_ascii(source)) find_line(&r);
    struct yaml_node *root = r.line && r.column == 0 && !at_entry(&r) ? block_map(&r, -1) : NULL;
    if (!root || r.column != -1) {
        arena_end(r.a);
        return NULL;
    }
    struct yaml_tree *t = arena_new_of(a, struct yaml_tree);
    *t = (struct yaml_tree){.a = a, .nodes = r.a, .d = d, .file = file, .text = source, .root = root};
    t->start_off = t->end_off = UINT32_MAX;
    return t;
}
