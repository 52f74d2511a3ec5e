/*
 * Looks at the source bytes that libyaml's events leave out: the characters as such, and what stands between
 * the nodes: comments (kept where they are asked for), line ends, indents, directives. Reports what YAML 1.2
 * forbids there and libyaml lets pass. Assumes valid UTF-8.
 */
#include "yaml_reader.h"

#include <string.h>

static bool is_break(char c)
{
    return c == '\n' || c == '\r';
}
static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

uint32_t yaml_line_start(struct str text, uint32_t off)
{
    while (off && !is_break(text.p[off - 1])) off--;
    return off;
}

uint32_t yaml_indent_tab(struct str text, uint32_t off)
{
    for (uint32_t i = yaml_line_start(text, off); i < text.len && is_blank(text.p[i]); i++)
        if (text.p[i] == '\t') return i;
    return UINT32_MAX;
}

uint32_t yaml_skip_space(struct str text, uint32_t off)
{
    while (off < text.len) {
        if (text.p[off] == '#')
            while (off < text.len && !is_break(text.p[off])) off++;
        else if (is_blank(text.p[off]) || is_break(text.p[off]))
            off++;
        else
            break;
    }
    return off;
}

/* ---- characters ---- */

/* U+0085, U+2028 and U+2029 are line ends to libyaml and text to YAML 1.2; U+FEFF marks a byte order. Neither
 * reading is what an admin sees. */
static bool is_forbidden(uint32_t cp)
{
    return cp == 0x85 || cp == 0x2028 || cp == 0x2029 || cp == 0xfeff;
}

/* Most of a policy is ASCII: eight bytes at a time (14 MB: 2 ms; one at a time 12 ms). */
bool yaml_scan_characters(struct yaml_reader *r)
{
    struct str s = r->t->text;
    bool fine = true;
    r->marks.ascii = true;
    if (text_is_plain(s)) return true;
    for (size_t i = 0; i < s.len;) {
        uint64_t eight;
        if (s.len - i >= 8 && (memcpy(&eight, s.p + i, 8), !(eight & 0x8080808080808080u))) {
            i += 8;
            continue;
        }
        size_t from = i;
        uint32_t cp = utf8_next(s, &i);
        if (cp >= 0x80) r->marks.ascii = false;
        if (!is_forbidden(cp)) continue;
        struct diag *g = diag(r->d, E0508, yaml_at(r, (uint32_t)from, (uint32_t)(i - from)),
                              arena_printf(r->a, "%04X", (unsigned)cp));
        if (cp != 0xfeff)
            diag_hint(r->d, g, "remove it, or write \"\\u%04x\" between double quotes", (unsigned)cp);
        fine = false;
    }
    return fine;
}

/* ---- what stands between the nodes ---- */

static bool blank_line_before(struct str text, uint32_t line)
{
    if (!line) return false;
    uint32_t i = line - 1;
    if (i && text.p[i] == '\n' && text.p[i - 1] == '\r') i--;
    while (i && is_blank(text.p[i - 1])) i--;
    return i == 0 || is_break(text.p[i - 1]);
}

/* `end`: of the line. */
static bool blank_line_after(struct str text, uint32_t end)
{
    uint32_t i = end + (end + 1 < text.len && text.p[end] == '\r' && text.p[end + 1] == '\n' ? 2 : 1);
    while (i < text.len && is_blank(text.p[i])) i++;
    return i >= text.len || is_break(text.p[i]);
}

/* Whether a plain text ends right before the comment at `off`, on its line. */
static bool behind_plain_text(const struct yaml_reader *r, uint32_t off)
{
    if (!r->last_text || r->last_text->style != YAML_PLAIN || !r->last_text->len) return false;
    while (off && is_blank(r->t->text.p[off - 1])) off--;
    return off == r->last_text_end;
}

/* At a '#': notes the comment and moves to the end of its line. */
static void take_comment(struct yaml_reader *r)
{
    struct str s = r->t->text;
    uint32_t from = r->pos, to = from, line = yaml_line_start(s, from), i = line;
    if (from && !is_blank(s.p[from - 1]) && !is_break(s.p[from - 1])) diag0(r->d, E0515, yaml_at(r, from, 1));
    if (behind_plain_text(r, from)) r->last_text->comment_behind = true;
    while (to < s.len && !is_break(s.p[to])) to++;
    r->pos = to;
    if (!r->keep_comments) return;
    while (to > from && is_blank(s.p[to - 1])) to--;
    while (is_blank(s.p[i])) i++;
    struct comment *c = vec_push(r->a, &r->t->comments);
    *c = (struct comment){
        .text = {s.p + from, to - from}, .off = from, .own_line = i == from, .line_off = line};
    c->blank_before = c->own_line && blank_line_before(s, line);
    c->blank_after = c->own_line && blank_line_after(s, r->pos);
}

/* "%YAML 1.2" alone on its line, a comment behind it at most. */
static bool directive_right(struct str line)
{
    size_t i = 5;
    if (!str_starts(line, S("%YAML")) || i >= line.len || !is_blank(line.p[i])) return false;
    while (i < line.len && is_blank(line.p[i])) i++;
    if (line.len - i < 3 || memcmp(line.p + i, "1.", 2) || (line.p[i + 2] != '1' && line.p[i + 2] != '2'))
        return false;
    size_t end = i += 3;
    while (i < line.len && is_blank(line.p[i])) i++;
    return i == line.len || (line.p[i] == '#' && i > end);
}

static void take_directive(struct yaml_reader *r)
{
    struct str s = r->t->text;
    uint32_t from = r->pos;
    while (r->pos < s.len && !is_break(s.p[r->pos])) r->pos++;
    const char *comment = memchr(s.p + from, '#', r->pos - from);
    if (!directive_right((struct str){s.p + from, r->pos - from}))
        diag0(r->d, E0514, yaml_at(r, from, r->pos - from));
    else if (comment)
        r->pos = (uint32_t)(comment - s.p); /* it is taken next */
    r->t->directive = true;
}

/* At the first byte of a line: the blanks it begins with must be spaces where a node or a mark follows, and
 * in a flow collection more of them than the block around it has; its closing bracket may stand below that
 * block's start, as JSON is commonly laid out. */
static void take_indent(struct yaml_reader *r)
{
    struct str s = r->t->text;
    uint32_t line = r->pos, i = line;
    while (i < s.len && s.p[i] == ' ') i++;
    uint32_t tab = i;
    while (i < s.len && is_blank(s.p[i])) i++;
    r->pos = i;
    if (i == s.len || is_break(s.p[i]) || s.p[i] == '#') return;
    if (i > tab) diag0(r->d, E0502, yaml_at(r, tab, 1));
    const struct yaml_frame *f = r->depth ? &r->frames[r->depth - 1] : NULL;
    if (!f || !f->flow || i > tab) return;
    int column = (int)(tab - line), least = f->column + (s.p[i] == ']' || s.p[i] == '}' ? 0 : 1);
    if (column < least) diag0(r->d, E0516, yaml_at(r, i, 1));
}

/* In a flow collection "?x" is a text to YAML 1.2 (7.3.3), a key's mark and "x" to libyaml. */
static void check_question(struct yaml_reader *r)
{
    struct str s = r->t->text;
    uint32_t next = r->pos + 1;
    if (!r->depth || !r->frames[r->depth - 1].flow || next >= s.len) return;
    if (!is_blank(s.p[next]) && !is_break(s.p[next])) diag(r->d, E0519, yaml_at(r, r->pos, 1), S("?"));
}

/* One mark: "-", "?", ":", a comma, a bracket, "---", an anchor's "&" and name. */
static void take_mark(struct yaml_reader *r)
{
    struct str s = r->t->text;
    char c = s.p[r->pos];
    bool line_start = r->pos == 0 || is_break(s.p[r->pos - 1]); /* not yaml_line_start(): lines may be long */
    if (c == '%' && line_start && !r->in_document) {
        take_directive(r);
    } else if (line_start && s.len - r->pos >= 3 && !memcmp(s.p + r->pos, "---", 3)) {
        r->t->start_off = r->pos;
        r->pos += 3;
    } else if (line_start && s.len - r->pos >= 3 && !memcmp(s.p + r->pos, "...", 3)) {
        r->t->end_off = r->pos;
        r->pos += 3;
    } else {
        if (c == '?') check_question(r);
        r->pos++;
    }
}

void yaml_scan_gap(struct yaml_reader *r, uint32_t to)
{
    struct str s = r->t->text;
    if (r->pos == 0 && to > 0 && r->depth == 0) take_indent(r);
    while (r->pos < to) {
        char c = s.p[r->pos];
        if (c == '\r' && r->pos + 1 < s.len && s.p[r->pos + 1] == '\n') {
            r->pos++;
        } else if (is_break(c)) {
            r->pos++;
            take_indent(r);
        } else if (is_blank(c)) {
            r->pos++;
        } else if (c == '#') {
            take_comment(r);
        } else {
            take_mark(r);
        }
    }
}

void yaml_scan_block_head(struct yaml_reader *r, uint32_t off)
{
    struct str s = r->t->text;
    while (off < s.len && !is_break(s.p[off]) && s.p[off] != '#') off++;
    if (off == s.len || s.p[off] != '#') return;
    r->pos = off;
    take_comment(r);
}
