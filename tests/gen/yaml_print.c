/*
 * A YAML tree as text: block or flow, plain, single or double quotes, literal and folded blocks, anchors and
 * aliases.
 *
 * Conservative in what may stand plain, so that the text is YAML 1.2 by any reader.
 */
#include "yaml_tree.h"

#include <stdio.h>
#include <string.h>

struct y_node *y_scalar(struct gen *g, enum y_class class, const char *s)
{
    struct y_node *n = gen_alloc(g, sizeof *n);
    n->class = class;
    n->s = s;
    return n;
}

struct y_node *y_seq(struct gen *g)
{
    struct y_node *n = gen_alloc(g, sizeof *n);
    n->kind = Y_SEQ;
    return n;
}

struct y_node *y_map(struct gen *g)
{
    struct y_node *n = gen_alloc(g, sizeof *n);
    n->kind = Y_MAP;
    return n;
}

void y_add(struct gen *g, struct y_node *seq, struct y_node *item)
{
    *list_push(g, &seq->kids) = item;
}

void y_put(struct gen *g, struct y_node *map, struct y_node *key, struct y_node *value)
{
    *list_push(g, &map->keys) = key;
    *list_push(g, &map->kids) = value;
}

void y_put_key(struct gen *g, struct y_node *map, const char *key, struct y_node *value)
{
    y_put(g, map, y_scalar(g, S_NAME, key), value);
}

/* ---- anchors ---- */

struct share {
    struct gen *g;
    struct y_node *shelf; /* x- keys */
    int count;
};

static struct y_node *alias_to(struct share *s, const char *anchor)
{
    struct y_node *n = y_scalar(s->g, S_NAME, anchor);
    n->kind = Y_ALIAS;
    return n;
}

/* What the node says, moved under an x- key; the alias that stands for it. */
static struct y_node *shelve(struct share *s, struct y_node *n)
{
    const char *anchor = gen_format(s->g, "a%d", ++s->count);
    if (n->kind == Y_ALIAS || n->anchor) return n;
    n->anchor = anchor;
    y_put_key(s->g, s->shelf, gen_format(s->g, "x-%d", s->count), n);
    return alias_to(s, anchor);
}

/* Some of a map's keys through a merge; one of them overridden here where there is one left. */
static void merge_some(struct share *s, struct y_node *map)
{
    struct y_node *base = y_map(s->g), kept = *y_map(s->g);
    for (int i = 0; i < map->kids.count; i++) {
        bool shared = rng_chance(s->g, 50);
        y_put(s->g, shared ? base : &kept, map->keys.at[i], map->kids.at[i]);
    }
    if (base->kids.count == 0) return;
    if (kept.kids.count) /* what is said here replaces it, whatever it is */
        y_put(s->g, base, kept.keys.at[0], y_scalar(s->g, S_NAME, "replaced"));
    struct y_node *alias = shelve(s, base), *from = alias;
    if (rng_chance(s->g, 30)) y_add(s->g, from = y_seq(s->g), alias);
    y_put(s->g, &kept, y_scalar(s->g, S_LITERAL, "<<"), from);
    map->keys.at = kept.keys.at, map->keys.count = kept.keys.count, map->keys.cap = kept.keys.cap;
    map->kids.at = kept.kids.at, map->kids.count = kept.kids.count, map->kids.cap = kept.kids.cap;
}

static void share_below(struct share *s, struct y_node *n)
{
    for (int i = 0; i < n->kids.count; i++) {
        share_below(s, n->kids.at[i]);
        if (n->kids.at[i]->mergeable && rng_chance(s->g, 15))
            merge_some(s, n->kids.at[i]);
        else if (rng_chance(s->g, 4))
            n->kids.at[i] = shelve(s, n->kids.at[i]);
    }
}

void y_share(struct gen *g, struct y_node *root)
{
    struct share s = {g, y_map(g), 0};
    share_below(&s, root);
    for (int i = 0; i < root->kids.count; i++) y_put(g, s.shelf, root->keys.at[i], root->kids.at[i]);
    root->keys.at = s.shelf->keys.at, root->keys.count = s.shelf->keys.count,
    root->keys.cap = s.shelf->keys.cap;
    root->kids.at = s.shelf->kids.at, root->kids.count = s.shelf->kids.count,
    root->kids.cap = s.shelf->kids.cap;
}

/* ---- scalars ---- */

struct printer {
    struct out *o;
    struct gen *g;
    bool plain;
    int notes; /* comments written */
};

static bool one_of(const char *s, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!strcmp(s, words[i])) return true;
    return false;
}

static bool is_null(const char *s)
{
    static const char *const words[] = {"", "~", "null", "Null", "NULL", "<<"};
    return one_of(s, words, sizeof words / sizeof *words);
}

static bool looks_typed(const char *s)
{
    static const char *const words[] = {"true", "True", "TRUE", "false", "False", "FALSE"};
    return is_null(s) || strchr("0123456789+-.", *s) || one_of(s, words, sizeof words / sizeof *words);
}

/* A character that may stand unescaped in a scalar. */
static bool printable(int32_t cp)
{
    return cp >= 32 && cp != 127 && !(cp >= 0x80 && cp < 0xA1) && cp != 0x2028 && cp != 0x2029 &&
           cp != 0xFEFF;
}

static bool all_printable(const char *s)
{
    while (*s)
        if (!printable(text_next(&s))) return false;
    return true;
}

static bool plain_start(const char *s)
{
    if (*s == '-') return (s[1] >= '0' && s[1] <= '9') || (s[1] >= 'a' && s[1] <= 'z');
    return !strchr("?:,[]{}#&*!|>'\"%@`=~ ", *s);
}

static bool plain_ok(const char *s, enum y_class class, bool flow)
{
    if (is_null(s) || (class == S_TEXT && looks_typed(s)) || !all_printable(s) || !plain_start(s))
        return false;
    if (strstr(s, ": ") || strstr(s, " #")) return false;
    char last = s[strlen(s) - 1];
    if (last == ' ' || last == ':') return false;
    if (!strncmp(s, "...", 3)) return false;
    for (const char *c = s; flow && *c; c++)
        if (strchr(",[]{}?", *c) || (*c == ':' && !(c[1] >= '0' && c[1] <= '9'))) return false;
    return true;
}

/* At a single blank between two words a line may end; inside quotes and folded blocks it becomes the blank
 * again. */
static bool breakable(const char *s, const char *at)
{
    return *at == ' ' && at > s && at[-1] != ' ' && at[1] && at[1] != ' ' && at[-1] != '\n' && at[1] != '\n';
}

static void indent(struct printer *w, int depth)
{
    for (int i = 0; i < depth; i++) sb_putc(w->o, ' ');
}

static void print_double(struct printer *w, const char *s, int depth, bool folds)
{
    sb_putc(w->o, '"');
    for (const char *start = s; *s;) {
        if (folds && breakable(start, s) && rng_chance(w->g, 5)) {
            sb_putc(w->o, '\n');
            indent(w, depth + 2);
            s++;
            continue;
        }
        if (folds && s > start && *s != ' ' && rng_chance(w->g, 1)) { /* an escaped line end says nothing */
            sb_puts(w->o, "\\\n");
            indent(w, depth + 2);
        }
        int32_t cp = text_next(&s);
        if (cp == '"' || cp == '\\')
            sb_printf(w->o, "\\%c", (char)cp);
        else if (cp == '\n')
            sb_puts(w->o, "\\n");
        else if (cp == '\t')
            sb_puts(w->o, "\\t");
        else if (cp == 0x2028 && rng_chance(w->g, 50))
            sb_puts(w->o, "\\L");
        else if (cp == '/' && rng_chance(w->g, 20))
            sb_puts(w->o, "\\/");
        else if (!printable(cp) || rng_chance(w->g, 2))
            sb_printf(w->o, cp < 256 ? "\\x%02x" : cp < 65536 ? "\\u%04X" : "\\U%08X", (unsigned)cp);
        else
            sb_utf8(w->o, cp);
    }
    sb_putc(w->o, '"');
}

static void print_single(struct printer *w, const char *s, int depth, bool folds)
{
    sb_putc(w->o, '\'');
    for (const char *start = s; *s; s++) {
        if (folds && breakable(start, s) && rng_chance(w->g, 5)) {
            sb_putc(w->o, '\n');
            indent(w, depth + 2);
        } else {
            if (*s == '\'') sb_putc(w->o, '\'');
            sb_putc(w->o, *s);
        }
    }
    sb_putc(w->o, '\'');
}

/* Lines of text that a block scalar can hold as they are. */
static bool block_ok(const char *s)
{
    if (!*s || *s == ' ' || *s == '\n') return false;
    size_t len = strlen(s);
    if (len > 1 && s[len - 1] == '\n' && s[len - 2] == '\n') return false;
    while (*s) {
        int32_t cp = text_next(&s);
        if (cp == '\n' && *s == ' ') return false;
        if (cp != '\n' && !printable(cp)) return false;
    }
    return true;
}

static void print_block(struct printer *w, const char *s, int depth, bool fold)
{
    size_t len = strlen(s);
    bool ends = s[len - 1] == '\n';
    sb_printf(w->o, "%c%s\n", fold ? '>' : '|', ends ? "" : "-");
    indent(w, depth + 2);
    for (const char *start = s; *s && !(ends && s[1] == 0); s++) {
        if (*s == '\n' || (fold && breakable(start, s) && rng_chance(w->g, 20))) {
            sb_putc(w->o, '\n');
            if (s[1] != '\n') indent(w, depth + 2);
        } else {
            sb_putc(w->o, *s);
        }
    }
}

/* Ends without a line end. depth: of the line it begins on. */
static void print_scalar(struct printer *w, const struct y_node *n, int depth, bool flow, bool key)
{
    int style = rng_below(w->g, 100);
    const char *s = n->s;
    if (n->class == S_LITERAL)
        sb_puts(w->o, s);
    else if (!flow && !key && !w->plain && n->class != S_NAME && style < 12 && block_ok(s))
        print_block(w, s, depth, (style & 1) && !strchr(s, '\n'));
    else if (plain_ok(s, n->class, flow || key) && (w->plain || style < 75))
        sb_puts(w->o, s);
    else if (all_printable(s) && (style & 1))
        print_single(w, s, depth, !key && !w->plain);
    else
        print_double(w, s, depth, !key && !w->plain);
}

/* ---- collections ---- */

static void print_flow(struct printer *w, const struct y_node *n, int depth);

static void print_anchor(struct printer *w, const struct y_node *n)
{
    if (n->anchor) sb_printf(w->o, "&%s ", n->anchor);
}

static void flow_gap(struct printer *w, int depth)
{
    if (w->plain || !rng_chance(w->g, 6)) {
        sb_putc(w->o, ' ');
        return;
    }
    if (rng_chance(w->g, 20)) sb_printf(w->o, "  # note %d", ++w->notes);
    sb_putc(w->o, '\n');
    indent(w, depth + 2);
}

static void print_flow(struct printer *w, const struct y_node *n, int depth)
{
    print_anchor(w, n);
    if (n->kind == Y_ALIAS) {
        sb_printf(w->o, "*%s", n->s);
        return;
    }
    if (n->kind == Y_SCALAR) {
        print_scalar(w, n, depth, true, false);
        return;
    }
    sb_putc(w->o, n->kind == Y_SEQ ? '[' : '{');
    for (int i = 0; i < n->kids.count; i++) {
        if (i) {
            sb_putc(w->o, ',');
            flow_gap(w, depth);
        }
        if (n->kind == Y_MAP) {
            print_scalar(w, n->keys.at[i], depth, true, true);
            sb_puts(w->o, ": ");
        }
        print_flow(w, n->kids.at[i], depth);
    }
    if (n->kids.count && !w->plain && rng_chance(w->g, 4)) sb_putc(w->o, ',');
    sb_putc(w->o, n->kind == Y_SEQ ? ']' : '}');
}

static int leaves(const struct y_node *n)
{
    int count = 1;
    for (int i = 0; i < n->kids.count; i++) count += leaves(n->kids.at[i]);
    return count;
}

static void end_line(struct printer *w, bool may_note)
{
    if (may_note && !w->plain && rng_chance(w->g, 4)) sb_printf(w->o, "  # note %d", ++w->notes);
    sb_putc(w->o, '\n');
}

static void own_note(struct printer *w, int depth)
{
    if (w->plain || !rng_chance(w->g, 5)) return;
    if (rng_chance(w->g, 30)) sb_putc(w->o, '\n');
    indent(w, depth);
    sb_printf(w->o, "# note %d: of its own\n", ++w->notes);
}

static void print_entries(struct printer *w, const struct y_node *n, int depth, bool inline_first);

/* A value behind its key or dash, with its line end. */
static void print_value(struct printer *w, const struct y_node *n, int depth, bool after_dash)
{
    bool small = leaves(n) < (w->plain ? 6 : rng_between(w->g, 2, 12));
    if (n->kind == Y_SCALAR) {
        sb_putc(w->o, ' ');
        print_anchor(w, n);
        size_t before = w->o->len;
        print_scalar(w, n, depth, false, false);
        bool block = w->o->p[before] == '|' || w->o->p[before] == '>';
        end_line(w, !block && !strchr(w->o->p + before, '\n'));
    } else if (n->kind == Y_ALIAS || n->kids.count == 0 || small) {
        sb_putc(w->o, ' ');
        print_flow(w, n, depth);
        end_line(w, true);
    } else if (after_dash && n->kind == Y_MAP && !n->anchor) {
        sb_putc(w->o, ' ');
        print_entries(w, n, depth + 2, true);
    } else {
        if (n->anchor) sb_printf(w->o, " &%s", n->anchor);
        end_line(w, true);
        bool outdent = n->kind == Y_SEQ && !after_dash && rng_chance(w->g, 20);
        print_entries(w, n, outdent ? depth : depth + 2, false);
    }
}

static void print_entries(struct printer *w, const struct y_node *n, int depth, bool inline_first)
{
    for (int i = 0; i < n->kids.count; i++) {
        if (i || !inline_first) {
            own_note(w, depth);
            indent(w, depth);
        }
        if (n->kind == Y_SEQ) {
            sb_putc(w->o, '-');
        } else {
            print_scalar(w, n->keys.at[i], depth, false, true);
            sb_putc(w->o, ':');
        }
        print_value(w, n->kids.at[i], depth, n->kind == Y_SEQ);
    }
}

void y_print(struct out *o, struct gen *g, const struct y_node *root, bool plain)
{
    struct printer w = {o, g, plain, 0};
    if (!plain && rng_chance(g, 10)) sb_puts(o, "# a policy drawn at random\n");
    if (!plain && rng_chance(g, 10)) sb_puts(o, "---\n");
    print_entries(&w, root, 0, false);
    if (!plain && rng_chance(g, 5)) sb_puts(o, "...\n");
}
