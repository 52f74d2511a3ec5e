/*
 * Turns the source bytes of a YAML text into its value by YAML 1.2's rules, and says for each byte of the
 * value where it came from. Used for texts of more than one line or with escapes, as a second reading beside
 * libyaml's, and for the places inside conditions. Assumes that libyaml found where the text begins and ends.
 */
#include "yaml_tree.h"

#include <string.h>

struct decoder {
    struct arena *a;
    struct str src;
    uint32_t at, to;
    struct buf out;
    bool with_map;
    VEC(uint32_t) map;
    const char *problem;
    uint32_t problem_off;
};

static void emit(struct decoder *d, char c, uint32_t off)
{
    buf_putc(&d->out, c);
    if (d->with_map) *vec_push(d->a, &d->map) = off;
}

static void emit_cp(struct decoder *d, uint32_t cp, uint32_t off)
{
    size_t before = d->out.len;
    buf_utf8(&d->out, cp);
    for (size_t i = before; d->with_map && i < d->out.len; i++) *vec_push(d->a, &d->map) = off;
}

static void truncate(struct decoder *d, size_t len)
{
    d->out.len = len;
    if (d->with_map) d->map.count = (uint32_t)len;
}

static void fail(struct decoder *d, const char *problem, uint32_t off)
{
    if (d->problem) return;
    d->problem = problem;
    d->problem_off = off;
}

static char peek(const struct decoder *d, uint32_t off)
{
    return off < d->to ? d->src.p[off] : 0;
}
static bool is_break(char c)
{
    return c == '\n' || c == '\r';
}
static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Moves behind a line end; CR LF is one. */
static void skip_break(struct decoder *d)
{
    if (peek(d, d->at) == '\r' && peek(d, d->at + 1) == '\n') d->at++;
    d->at++;
}

/* ---- plain and quoted texts ---- */

/* At a line end inside: skips it, the empty lines after it and the next line's indent, and gives what they
 * fold into. `keep` is how much of the output stands whatever blanks it ends with; joined: the line end was
 * escaped. */
static void fold_lines(struct decoder *d, size_t keep, int indent, bool joined)
{
    uint32_t off = d->at;
    unsigned breaks = 0;
    while (!joined && d->out.len > keep && is_blank(d->out.p[d->out.len - 1])) truncate(d, d->out.len - 1);
    while (d->at < d->to && is_break(d->src.p[d->at])) {
        skip_break(d);
        breaks++;
        uint32_t line = d->at;
        while (peek(d, d->at) == ' ') d->at++;
        uint32_t spaces = d->at - line;
        while (is_blank(peek(d, d->at))) d->at++;
        if (!is_break(peek(d, d->at)) && d->at < d->to && (int64_t)spaces <= indent) {
            bool tab = d->at > line + spaces;
            fail(d, tab ? "tab" : "indent", tab ? line + spaces : d->at);
        }
    }
    if (breaks == 1 && !joined) emit(d, ' ', off);
    for (unsigned i = 1; i < breaks; i++) emit(d, '\n', off);
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

static void decode_hex(struct decoder *d, unsigned digits, uint32_t off)
{
    uint32_t cp = 0;
    for (; digits; digits--, d->at++) {
        int v = hex_value(peek(d, d->at));
        if (v < 0 || cp > 0x10ffff) {
            fail(d, "escape", off);
            return;
        }
        cp = cp << 4 | (uint32_t)v;
    }
    if (cp > 0x10ffff || (cp >= 0xd800 && cp < 0xe000))
        fail(d, "escape", off);
    else
        emit_cp(d, cp, off);
}

/* The backslash stands at d->at; a line end behind it is not handled here. YAML 1.2, 5.7. */
static void decode_escape(struct decoder *d)
{
    static const char letters[] = "0abt\tnvfre \"/\\N_LP";
    static const uint16_t cps[] = {0,  7,  8,  9,  9,  10,   11,   12,     13,
                                   27, 32, 34, 47, 92, 0x85, 0xa0, 0x2028, 0x2029};
    uint32_t off = d->at;
    char c = peek(d, off + 1);
    const char *found = c ? strchr(letters, c) : NULL;
    d->at += 2;
    if (found)
        emit_cp(d, cps[found - letters], off);
    else if (c == 'x')
        decode_hex(d, 2, off);
    else if (c == 'u')
        decode_hex(d, 4, off);
    else if (c == 'U')
        decode_hex(d, 8, off);
    else
        fail(d, "escape", off);
}

static void decode_flow(struct decoder *d, enum yaml_style style, int indent)
{
    size_t keep = 0; /* blanks that an escape made are never folded away */
    while (d->at < d->to && !d->problem) {
        char c = d->src.p[d->at];
        if (is_break(c)) {
            fold_lines(d, keep, indent, false);
            keep = d->out.len;
        } else if (style == YAML_DOUBLE && c == '\\' && is_break(peek(d, d->at + 1))) {
            d->at++;
            fold_lines(d, keep, indent, true);
            keep = d->out.len;
        } else if (style == YAML_DOUBLE && c == '\\') {
            decode_escape(d);
            keep = d->out.len;
        } else {
            emit(d, c, d->at);
            d->at += style == YAML_SINGLE && c == '\'' ? 2 : 1;
        }
    }
}

/* ---- block texts ---- */

struct block_head {
    char chomp;      /* '-', '+' or 0 */
    unsigned indent; /* 0: found from the first line */
    uint32_t end;    /* behind the last of its characters */
};

static struct block_head decode_head(struct decoder *d)
{
    struct block_head h = {.end = d->at + 1};
    for (d->at++; d->at < d->to && !is_break(d->src.p[d->at]); d->at++) {
        char c = d->src.p[d->at];
        if (c == '-' || c == '+')
            h.chomp = c;
        else if (c >= '1' && c <= '9')
            h.indent = (unsigned)(c - '0');
        else
            break;
        h.end = d->at + 1;
    }
    if (peek(d, d->at) == '#') fail(d, "comment", d->at);
    while (d->at < d->to && !is_break(d->src.p[d->at])) d->at++;
    if (d->at < d->to) skip_break(d);
    return h;
}

/* The column at which the lines' text begins: that of the first line that is not empty, but at least `least`.
 */
static unsigned find_indent(struct decoder *d, unsigned least)
{
    unsigned most_empty = 0;
    uint32_t empty_off = 0;
    for (uint32_t i = d->at; i < d->src.len;) {
        uint32_t line = i;
        while (i < d->src.len && d->src.p[i] == ' ') i++;
        unsigned spaces = i - line;
        if (i < d->src.len && !is_break(d->src.p[i])) {
            if (spaces < least) return least > most_empty ? least : most_empty;
            if (most_empty > spaces) fail(d, "deeper", empty_off + spaces);
            return spaces;
        }
        if (spaces > most_empty) most_empty = spaces, empty_off = line;
        if (i < d->src.len && d->src.p[i] == '\r' && i + 1 < d->src.len && d->src.p[i + 1] == '\n') i++;
        i++;
    }
    return least > most_empty ? least : most_empty;
}

/* At a line's start: skips its indent; false where the text is over. An empty line's blanks are skipped too.
 */
static bool enter_line(struct decoder *d, unsigned indent)
{
    uint32_t line = d->at;
    while (d->at < d->to && d->at - line < indent && d->src.p[d->at] == ' ') d->at++;
    if (d->at >= d->to) return d->at > line && d->at == d->src.len; /* blanks that the end of the file ends */
    return d->at - line == indent || is_break(d->src.p[d->at]);
}

/* What the line ends since the last line of text become before the next one. first_off: of the first of them.
 */
static void join_lines(struct decoder *d, bool fold, unsigned breaks, uint32_t first_off)
{
    if (fold && breaks == 1)
        emit(d, ' ', first_off);
    else
        for (unsigned i = fold ? 1 : 0; i < breaks; i++) emit(d, '\n', first_off);
}

static void copy_line(struct decoder *d)
{
    for (; d->at < d->to && !is_break(d->src.p[d->at]); d->at++) emit(d, d->src.p[d->at], d->at);
}

/* Gives the end of the last line of text. */
static uint32_t decode_block(struct decoder *d, enum yaml_style style, int parent)
{
    unsigned base = parent < 0 ? 0 : (unsigned)parent;
    struct block_head h = decode_head(d);
    uint32_t end = h.end, first_off = d->at;
    unsigned indent = h.indent ? base + h.indent : find_indent(d, (unsigned)(parent + 1)), breaks = 0;
    bool any = false, more_before = false;
    while (!d->problem && d->at < d->to && enter_line(d, indent)) {
        if (d->at < d->to && !is_break(d->src.p[d->at])) {
            bool more = is_blank(d->src.p[d->at]);
            join_lines(d, style == YAML_FOLDED && any && !more && !more_before, breaks, first_off);
            copy_line(d);
            end = d->at;
            any = true;
            more_before = more;
            breaks = 0;
        }
        if (d->at >= d->to && d->at < d->src.len) break;
        if (!breaks++) first_off = d->at;
        if (d->at >= d->src.len) break; /* the end of the file ends its last line */
        skip_break(d);
    }
    if (h.chomp != '-') join_lines(d, false, h.chomp == '+' ? breaks : any && breaks ? 1 : 0, first_off);
    return end;
}

struct yaml_decoded yaml_decode(struct arena *a, struct str source, uint32_t from, uint32_t to,
                                enum yaml_style style, int indent, bool with_map)
{
    struct decoder d = {.a = a, .src = source, .at = from, .to = to, .with_map = with_map};
    uint32_t end = to;
    buf_init(&d.out, a);
    if (style == YAML_LITERAL || style == YAML_FOLDED) {
        end = decode_block(&d, style, indent);
    } else {
        if (style != YAML_PLAIN) d.at++, d.to--;
        decode_flow(&d, style, indent);
        end = to;
    }
    if (with_map) *vec_push(a, &d.map) = style == YAML_SINGLE || style == YAML_DOUBLE ? end - 1 : end;
    return (struct yaml_decoded){buf_done(&d.out), d.map.at, end, d.problem, d.problem_off};
}
