/*
 * Prints a YAML file anew in its one canonical layout (language.md 3.2): two spaces for each level, plain
 * texts where that is safe, one blank line at most, no blanks at line ends. Keeps the order of keys, every
 * comment, anchors, aliases and merges, the author's choice of brackets or lines (what is too long for a line
 * gets lines), and every value. What was printed is read again: if its tree or its comments differ, the file
 * stays as it is.
 */
#include "yaml_quote.h"
#include "yaml_tree.h"

#include <string.h>

enum { FMT_WIDTH = 110 };

/* A block whose lines are being printed: the column of its entries in the source, and here. */
struct level {
    int column;
    unsigned indent;
};

struct layout {
    struct arena *a;
    const struct yaml_tree *t;
    struct buf out;
    uint32_t pos; /* source bytes before it are printed */
    uint32_t next_comment;
    struct level levels[2 * NESTING_MAX + 2]; /* of the last line, outermost first */
    unsigned level_count;
};

static void put_block(struct layout *l, const struct yaml_node *n, unsigned indent, unsigned depth,
                      bool inline_first);

/* ---- lines ---- */

static unsigned column_here(const struct layout *l)
{
    size_t i = l->out.len;
    while (i && l->out.p[i - 1] != '\n') i--;
    return (unsigned)utf8_count((struct str){l->out.p + i, l->out.len - i});
}

static void end_line(struct layout *l)
{
    while (l->out.len && l->out.p[l->out.len - 1] == ' ') l->out.len--;
    if (l->out.len && l->out.p[l->out.len - 1] != '\n') buf_putc(&l->out, '\n');
}

/* Whether an empty line stands between what is printed and `off`. */
static bool blank_before(const struct layout *l, uint32_t off)
{
    unsigned breaks = 0;
    for (uint32_t i = l->pos; i < off; i++) {
        char c = l->t->text.p[i];
        if (c == '\r' && i + 1 < off && l->t->text.p[i + 1] == '\n') continue;
        if (c == '\n' || c == '\r')
            breaks++;
        else if (c != ' ' && c != '\t')
            breaks = 0;
        if (breaks == 2) return true;
    }
    return false;
}

static void start_line(struct layout *l, unsigned indent, uint32_t off)
{
    end_line(l);
    if (l->out.len && blank_before(l, off)) buf_putc(&l->out, '\n');
    while (indent--) buf_putc(&l->out, ' ');
}

/* ---- comments ---- */

static int source_column(const struct layout *l, uint32_t off)
{
    uint32_t i = off;
    while (i && l->t->text.p[i - 1] != '\n' && l->t->text.p[i - 1] != '\r') i--;
    return (int)(off - i);
}

/* Before a line deeper than the last one or at its depth, a comment stands as that line does. Before a line
 * that leaves blocks it belongs to the innermost of them that begins at its column or left of it. */
static unsigned comment_indent(const struct layout *l, uint32_t off, unsigned next)
{
    int column = source_column(l, off);
    for (unsigned i = l->level_count; i-- > 0 && l->levels[i].indent > next;)
        if (l->levels[i].column <= column) return l->levels[i].indent;
    return next;
}

/* Whether source bytes [pos, off) hold no line end. */
static bool same_line(const struct layout *l, uint32_t off)
{
    for (uint32_t i = l->pos; i < off; i++)
        if (l->t->text.p[i] == '\n' || l->t->text.p[i] == '\r') return false;
    return true;
}

/* The comments before `off`: behind what stands on their line, else on lines of their own. */
static void put_comments(struct layout *l, uint32_t off, unsigned next_indent)
{
    for (; l->next_comment < l->t->comments.count; l->next_comment++) {
        const struct comment *c = &l->t->comments.at[l->next_comment];
        if (c->off >= off) return;
        if (l->out.len && l->out.p[l->out.len - 1] != '\n' && same_line(l, c->off))
            buf_puts(&l->out, "  ");
        else
            start_line(l, comment_indent(l, c->off, next_indent), c->off);
        buf_str(&l->out, c->text);
        buf_putc(&l->out, '\n');
        l->pos = c->off + (uint32_t)c->text.len;
    }
}

static bool has_comment(const struct layout *l, uint32_t from, uint32_t to)
{
    for (uint32_t i = l->next_comment; i < l->t->comments.count && l->t->comments.at[i].off < to; i++)
        if (l->t->comments.at[i].off > from) return true;
    return false;
}

/* ---- texts ---- */

static bool is_multiline(const struct layout *l, const struct yaml_node *n)
{
    const char *p = l->t->text.p + n->off;
    return memchr(p, '\n', n->len) || memchr(p, '\r', n->len);
}

/* A plain text stays one, since a number is none between quotes; a quoted one loses its quotes where nobody
 * can take it for something else. */
static void put_text(struct layout *l, const struct yaml_node *n, bool flow)
{
    struct str s = n->u.text;
    bool mark = str_starts(s, S("---")) || str_starts(s, S("...")); /* at a line's start: of a document */
    if (n->style == YAML_PLAIN && mark)
        yaml_put_quoted(&l->out, s);
    else if (n->style == YAML_PLAIN && !memchr(s.p, '\n', s.len))
        buf_str(&l->out, s);
    else
        yaml_put_text(&l->out, s, flow);
}

static void put_anchor(struct layout *l, const struct yaml_node *n)
{
    const struct yaml_anchor *anchor = yaml_anchor(l->t, n);
    if (anchor) buf_printf(&l->out, " &%s", anchor->name.p);
}

/* Where the line that begins at `off` ends, and where the next one begins. */
static uint32_t line_end(struct str s, uint32_t off, uint32_t to, uint32_t *next)
{
    uint32_t end = off;
    while (end < to && s.p[end] != '\n' && s.p[end] != '\r') end++;
    *next = end + 1 < to && s.p[end] == '\r' && s.p[end + 1] == '\n' ? end + 2 : end + 1;
    return end;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Whether a backslash makes the blank at `off` part of a text between double quotes. */
static bool is_escaped(const struct layout *l, const struct yaml_node *n, uint32_t off)
{
    return n->style == YAML_DOUBLE && off > n->off && l->t->text.p[off - 1] == '\\';
}

/* A plain or quoted text of several lines keeps its lines; only their indent is new. */
static void put_folded_lines(struct layout *l, const struct yaml_node *n, unsigned indent)
{
    uint32_t to = n->off + n->len, next;
    for (uint32_t off = n->off; off < to; off = next) {
        uint32_t end = line_end(l->t->text, off, to, &next);
        while (off > n->off && off < end && is_blank(l->t->text.p[off])) off++;
        uint32_t last = end;
        while (last > off && end < to && is_blank(l->t->text.p[last - 1]) && !is_escaped(l, n, last - 1))
            last--;
        for (unsigned i = 0; off != n->off && off < last && i < indent; i++) buf_putc(&l->out, ' ');
        buf_add(&l->out, l->t->text.p + off, last - off);
        if (end < to) buf_putc(&l->out, '\n');
    }
}

struct block_text {
    char chomp;      /* '-', '+' or 0 */
    bool explicit;   /* its indent is said */
    unsigned indent; /* of its lines in the source */
    uint32_t body;   /* where its lines begin */
};

static struct block_text read_head(const struct layout *l, const struct yaml_node *n)
{
    struct str s = l->t->text;
    struct block_text b = {0};
    uint32_t i = n->off + 1;
    for (; i < s.len && (s.p[i] == '-' || s.p[i] == '+' || (s.p[i] >= '1' && s.p[i] <= '9')); i++) {
        if (s.p[i] == '-' || s.p[i] == '+')
            b.chomp = s.p[i];
        else
            b.explicit = true,
            b.indent = (unsigned)(s.p[i] - '0') + (n->column > 0 ? (unsigned)n->column : 0);
    }
    line_end(s, i, (uint32_t)s.len, &b.body);
    for (uint32_t off = b.body; !b.explicit && off < s.len; off++) {
        if (s.p[off] == ' ')
            b.indent++;
        else if (s.p[off] == '\n' || s.p[off] == '\r')
            b.indent = 0;
        else
            break;
    }
    return b;
}

/* A block text keeps its lines as they are behind their indent. */
static void put_block_text(struct layout *l, const struct yaml_node *n, unsigned indent)
{
    struct block_text b = read_head(l, n);
    uint32_t to = n->off + n->len, next;
    buf_printf(&l->out, " %c%s", n->style == YAML_LITERAL ? '|' : '>', b.explicit ? "2" : "");
    if (b.chomp) buf_putc(&l->out, b.chomp);
    l->pos = n->off + 1;
    put_comments(l, b.body, indent);
    end_line(l);
    for (uint32_t off = b.body; off < to; off = next) {
        uint32_t end = line_end(l->t->text, off, to, &next), from = off;
        while (from < end && from - off < b.indent && l->t->text.p[from] == ' ') from++;
        for (unsigned i = 0; from < end && i < indent + 2; i++) buf_putc(&l->out, ' ');
        buf_add(&l->out, l->t->text.p + from, end - from);
        buf_putc(&l->out, '\n');
    }
    if (to > l->pos) l->pos = to;
    if (b.chomp != '+') return;
    /* Its empty lines are part of it: all of them, and none is added. */
    struct str v = n->u.text;
    size_t breaks = 0;
    while (breaks < v.len && v.p[v.len - 1 - breaks] == '\n') breaks++;
    bool empty = breaks == v.len;
    for (size_t i = empty ? 0 : 1; i < breaks; i++) buf_putc(&l->out, '\n');
    while (l->pos < l->t->text.len && memchr(" \t\r\n", l->t->text.p[l->pos], 4)) l->pos++;
}

/* ---- flow collections: on one line ---- */

static void put_flow(struct layout *l, const struct yaml_node *n);

static void put_alias(struct layout *l, const struct yaml_node *n)
{
    buf_add(&l->out, l->t->text.p + n->off, n->len);
}

/* The anchor of a node inside brackets, with the blank behind it. */
static void put_flow_anchor(struct layout *l, const struct yaml_node *n)
{
    const struct yaml_anchor *anchor = yaml_anchor(l->t, n);
    if (anchor) buf_printf(&l->out, "&%s ", anchor->name.p);
}

static void put_key(struct layout *l, const struct yaml_node *key, bool flow)
{
    put_flow_anchor(l, key);
    if (key->kind == YAML_ALIAS)
        put_alias(l, key), buf_putc(&l->out, ' ');
    else
        put_text(l, key, flow);
    buf_putc(&l->out, ':');
}

static void put_flow_items(struct layout *l, const struct yaml_node *n)
{
    bool map = n->kind == YAML_MAP;
    buf_putc(&l->out, map ? '{' : '[');
    for (uint32_t i = 0; i < n->count; i++) {
        if (i) buf_puts(&l->out, ", ");
        if (map) put_key(l, n->u.map.pairs[i].key, true), buf_putc(&l->out, ' ');
        put_flow(l, map ? n->u.map.pairs[i].value : n->u.items[i]);
    }
    buf_putc(&l->out, map ? '}' : ']');
}

static void put_flow(struct layout *l, const struct yaml_node *n)
{
    put_flow_anchor(l, n);
    if (n->kind == YAML_ALIAS)
        put_alias(l, n);
    else if (n->kind == YAML_TEXT)
        put_text(l, n, true);
    else
        put_flow_items(l, n);
}

/* Prints it on this line if the author had brackets and it fits there; false otherwise, with nothing printed.
 */
static bool put_on_line(struct layout *l, const struct yaml_node *n)
{
    size_t before = l->out.len;
    if (n->style != YAML_FLOW || has_comment(l, n->off, n->off + n->len)) return false;
    buf_putc(&l->out, ' ');
    put_flow_items(l, n);
    if (n->count == 0 || column_here(l) <= FMT_WIDTH) return true;
    l->out.len = before;
    return false;
}

/* ---- block collections: a line for each entry ---- */

/* Whether a value stands on the line of its key or dash, so that comments before it must go above that line.
 */
static bool is_inline(const struct yaml_node *n)
{
    return n->kind == YAML_TEXT || n->kind == YAML_ALIAS || n->count == 0;
}

static void put_text_value(struct layout *l, const struct yaml_node *n, unsigned indent)
{
    if (n->style == YAML_LITERAL || n->style == YAML_FOLDED) {
        put_block_text(l, n, indent);
        return;
    }
    if (n->len) buf_putc(&l->out, ' ');
    if (is_multiline(l, n))
        put_folded_lines(l, n, indent + 2);
    else
        put_text(l, n, false);
    l->pos = n->off + n->len;
}

/* Behind "key:" or "-" in a block at `indent`. behind_dash: a block's first entry may stand on the same line.
 */
static void put_value(struct layout *l, const struct yaml_node *n, unsigned indent, unsigned depth,
                      bool behind_dash)
{
    put_anchor(l, n);
    if (n->kind == YAML_ALIAS) {
        buf_putc(&l->out, ' ');
        put_alias(l, n);
        l->pos = n->off + n->len;
    } else if (n->kind == YAML_TEXT) {
        put_text_value(l, n, indent);
    } else if (put_on_line(l, n)) {
        l->pos = n->off + n->len;
    } else {
        if (n->style == YAML_FLOW) l->pos = n->off + 1;
        put_block(l, n, indent + 2, depth + 1, behind_dash && !n->anchored);
        if (n->style == YAML_FLOW) put_comments(l, n->off + n->len, indent + 2), l->pos = n->off + n->len;
    }
}

static uint32_t entry_off(const struct layout *l, const struct yaml_node *n)
{
    const struct yaml_anchor *anchor = yaml_anchor(l->t, n);
    return anchor ? anchor->off : n->off;
}

/* One entry of a block at `indent`, on the line of its list's dash or on its own. */
static void put_entry(struct layout *l, const struct yaml_node *first, const struct yaml_node *value,
                      unsigned indent, unsigned depth, bool same)
{
    uint32_t off = entry_off(l, first), stop = is_inline(value) ? value->off : off;
    bool is_map = first != value;
    if (!same) put_comments(l, stop > off ? stop : off, indent);
    if (!same) start_line(l, indent, off);
    l->levels[depth] = (struct level){first->column, indent};
    l->level_count = depth + 1;
    if (is_map)
        put_key(l, first, false), l->pos = first->off + first->len;
    else
        buf_putc(&l->out, '-'), l->pos = off > l->pos ? off : l->pos;
    put_value(l, value, indent, depth, !is_map);
}

static void put_block(struct layout *l, const struct yaml_node *n, unsigned indent, unsigned depth,
                      bool inline_first)
{
    for (uint32_t i = 0; i < n->count; i++) {
        bool map = n->kind == YAML_MAP;
        const struct yaml_node *value = map ? n->u.map.pairs[i].value : n->u.items[i];
        const struct yaml_node *first = map ? n->u.map.pairs[i].key : value;
        bool same = inline_first && i == 0;
        if (same) buf_putc(&l->out, ' ');
        put_entry(l, first, value, indent, depth, same);
    }
}

/* ---- was anything lost? ---- */

static bool same_text(const struct yaml_node *a, const struct yaml_node *b)
{
    bool quotes_matter = yaml_looks_special(a->u.text);
    return str_eq(a->u.text, b->u.text) &&
           (!quotes_matter || (a->style == YAML_PLAIN) == (b->style == YAML_PLAIN));
}

static bool same_tree(const struct yaml_tree *ta, const struct yaml_node *a, const struct yaml_tree *tb,
                      const struct yaml_node *b)
{
    if (a->kind != b->kind || a->anchored != b->anchored) return false;
    if (a->anchored && !str_eq(yaml_anchor(ta, a)->name, yaml_anchor(tb, b)->name)) return false;
    if (a->kind == YAML_TEXT) return same_text(a, b);
    if (a->kind == YAML_ALIAS)
        return a->len == b->len && !memcmp(ta->text.p + a->off, tb->text.p + b->off, a->len);
    if (a->count != b->count) return false;
    bool same = true;
    for (uint32_t i = 0; same && i < a->count; i++) {
        const struct yaml_pair *p = &a->u.map.pairs[i], *q = &b->u.map.pairs[i];
        if (a->kind == YAML_LIST)
            same = same_tree(ta, a->u.items[i], tb, b->u.items[i]);
        else
            same = same_tree(ta, p->key, tb, q->key) && same_tree(ta, p->value, tb, q->value);
    }
    return same;
}

static bool same_comments(const struct yaml_tree *a, const struct yaml_tree *b)
{
    if (a->comments.count != b->comments.count) return false;
    for (uint32_t i = 0; i < a->comments.count; i++)
        if (!str_eq(a->comments.at[i].text, b->comments.at[i].text)) return false;
    return true;
}

static bool nothing_lost(struct arena *a, const struct yaml_tree *t, struct str out)
{
    struct diags own = {.a = a};
    struct sources sources = {0};
    vec_push(a, &sources.list)->text = out;
    const struct yaml_tree *again = yaml_read(a, &own, &sources, 0, true);
    return !own.error_count && again->root && same_tree(t, t->root, again, again->root) &&
           same_comments(t, again);
}

/* ---- a file ---- */

static void put_start(struct layout *l)
{
    if (l->t->directive) buf_puts(&l->out, "%YAML 1.2\n");
    if (l->t->start_off == UINT32_MAX) return;
    if (!l->t->directive) put_comments(l, l->t->start_off, 0);
    end_line(l);
    buf_puts(&l->out, "---\n");
    if (l->t->start_off > l->pos) l->pos = l->t->start_off + 3;
}

bool fmt_yaml(struct arena *a, struct diags *d, struct sources *sources, uint32_t file, struct str *out)
{
    uint32_t errors = d->error_count;
    struct layout l = {.a = a, .t = yaml_read(a, d, sources, file, true)};
    if (d->error_count > errors || !l.t->root) return false;
    buf_init(&l.out, a);
    put_start(&l);
    const struct yaml_anchor *anchor = yaml_anchor(l.t, l.t->root);
    if (anchor)
        put_comments(&l, anchor->off, 0), buf_printf(&l.out, "&%s\n", anchor->name.p),
            l.pos = anchor->off + 1;
    bool lines = l.t->root->kind == YAML_MAP || l.t->root->kind == YAML_LIST;
    if (lines) put_block(&l, l.t->root, 0, 0, false);
    put_comments(&l, UINT32_MAX, 0);
    end_line(&l);
    struct str text = buf_done(&l.out);
    *out = lines && nothing_lost(a, l.t, text) ? text : l.t->text;
    return true;
}
