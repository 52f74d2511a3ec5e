/*
 * A source's text to tokens: see lex.h. Assumes valid UTF-8.
 *
 * Linear: each byte is looked at once by a table of classes. A token's text is the source's own bytes unless
 * an escape was resolved. Operators of other languages come back as ours, spelled as they were: dsl_build.c
 * reports them where they are used.
 */
#include "lex.h"
#include "compile.h"
#include "grammar.h"
#include "plain.h"

#include <stddef.h>
#include <string.h>
#include <utf8proc.h>

/* ---- words ---- */

const struct word words[WORD_COUNT] = {
#define WORD(token, spelling, use) {spelling, TK_##token, sizeof(spelling) - 1, use},
#include "../grammar/tokens.def"
#undef WORD
};

static bool is_word(const struct word *w, struct str s)
{
    return w->len == s.len && !memcmp(w->spelling, s.p, s.len);
}

const struct word *find_word(struct str s)
{
    for (size_t i = 0; i < WORD_COUNT; i++)
        if (is_word(&words[i], s)) return &words[i];
    return NULL;
}

/* The same by the first letter: some three comparisons for a name instead of eighty. Half of the lexer's time
 * was spent here when it was a binary search. */
static const struct word *find_word_fast(const struct lexer *lx, struct str s)
{
    unsigned letter = (unsigned)s.p[0] - 'a';
    if (letter >= 26) return NULL;
    for (size_t i = lx->words_from[letter]; i < lx->words_from[letter + 1]; i++)
        if (is_word(&words[i], s)) return &words[i];
    return NULL;
}

static void index_words(struct lexer *lx)
{
    size_t i = 0;
    for (int letter = 0; letter < 27; letter++) {
        while (i < WORD_COUNT && words[i].spelling[0] < 'a' + letter) i++;
        lx->words_from[letter] = (uint8_t)i;
    }
}

const struct word *word_of_token(unsigned token)
{
    for (size_t i = 0; i < WORD_COUNT; i++)
        if (words[i].token == token) return &words[i];
    return NULL;
}

/* ---- places and reports ---- */

static struct span span_of(const struct lexer *lx, size_t from, size_t to)
{
    uint32_t off = lx->map ? lx->map[from] : lx->base + (uint32_t)from;
    uint32_t end = lx->map ? lx->map[to] : lx->base + (uint32_t)to;
    return (struct span){lx->file, off, end - off};
}

static struct str cut(const struct lexer *lx, size_t from, size_t to)
{
    return (struct str){lx->text.p + from, to - from};
}

static struct diag *report(struct lexer *lx, enum diag_id id, size_t from, size_t to, struct str arg)
{
    if (lx->quiet) return arena_new_of(lx->a, struct diag);
    return diag(lx->d, id, span_of(lx, from, to), arg);
}

static struct token token(struct lexer *lx, unsigned kind, size_t from, size_t to)
{
    lx->at = to;
    return (struct token){.s = cut(lx, from, to), .at = span_of(lx, from, to), .kind = (uint16_t)kind};
}

static char peek_char(const struct lexer *lx, size_t i)
{
    return i < lx->text.len ? lx->text.p[i] : '\0';
}

/* ---- lines and comments ---- */

/* The first byte of the line end (LF, CR, CRLF) that ends just before i; i itself where there is none. */
static size_t line_end_before(struct str s, size_t i)
{
    if (i > 0 && s.p[i - 1] == '\n') return i > 1 && s.p[i - 2] == '\r' ? i - 2 : i - 1;
    return i > 0 && s.p[i - 1] == '\r' ? i - 1 : i;
}

/* Whether the line that ends just before `line_at`'s own is there and empty. */
static bool line_before_is_blank(struct str s, size_t line_at)
{
    size_t i = line_end_before(s, line_at);
    if (i == line_at) return false;
    while (i > 0 && class_of(s.p[i - 1]) == C_BLANK) i--;
    return i == 0 || class_of(s.p[i - 1]) == C_LINE;
}

/* i: the end of a line's text. */
static bool line_after_is_blank(struct str s, size_t i)
{
    if (i < s.len && s.p[i] == '\r') i++;
    if (i < s.len && s.p[i] == '\n') i++;
    while (i < s.len && class_of(s.p[i]) == C_BLANK) i++;
    return i == s.len || class_of(s.p[i]) == C_LINE;
}

static void skip_comment(struct lexer *lx)
{
    struct str s = lx->text;
    size_t from = lx->at, to = from, first = lx->line_at;
    while (to < s.len && class_of(s.p[to]) != C_LINE) to++;
    lx->at = to;
    if (!lx->comments || lx->peeking) return;
    while (first < from && class_of(s.p[first]) == C_BLANK) first++;
    size_t end = to;
    while (class_of(s.p[end - 1]) == C_BLANK) end--;
    struct comment *c = vec_push(lx->a, lx->comments);
    c->text = cut(lx, from, end);
    c->off = span_of(lx, from, from).off;
    c->own_line = first == from;
    c->inside = lx->inside || lx->paren_depth;
    c->blank_before = c->own_line && line_before_is_blank(s, lx->line_at);
    c->blank_after = c->own_line && line_after_is_blank(s, to);
}

/* Passes over one line end. */
static void skip_line_end(struct lexer *lx)
{
    bool crlf = lx->text.p[lx->at] == '\r' && peek_char(lx, lx->at + 1) == '\n';
    lx->at += crlf ? 2 : 1;
    lx->line_at = lx->at;
    lx->line_passed = true;
}

/* ---- strings ---- */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    c = (char)(c | 32);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The four digits of an escape at i; -1 where there are not four. */
static int32_t hex_four(const struct lexer *lx, size_t i)
{
    int32_t n = 0;
    for (size_t k = i; k < i + 4; k++) {
        int digit = hex_digit(peek_char(lx, k));
        if (digit < 0) return -1;
        n = 16 * n + digit;
    }
    return n;
}

/* \uXXXX at i, two of them where they are a pair; gives the offset behind. */
static size_t unicode_escape(struct lexer *lx, size_t i, struct buf *out)
{
    int32_t cp = hex_four(lx, i + 2), low = -1;
    if (cp < 0) {
        struct diag *g = report(lx, E0105, i, i + 2, cut(lx, i, i + 2));
        if (!lx->quiet) diag_hint(lx->d, g, "four hexadecimal digits stand after \\u, such as \\u00E9");
        return i + 2;
    }
    bool pair = cp >= 0xd800 && cp < 0xdc00 && peek_char(lx, i + 6) == '\\' && peek_char(lx, i + 7) == 'u';
    if (pair) low = hex_four(lx, i + 8);
    if (low >= 0xdc00 && low < 0xe000) {
        buf_utf8(out, 0x10000 + (((uint32_t)cp - 0xd800) << 10) + ((uint32_t)low - 0xdc00));
        return i + 12;
    }
    if (cp == 0)
        report(lx, E0107, i, i + 6, S(""));
    else if (cp >= 0xd800 && cp < 0xe000)
        report(lx, E0106, i, i + 6, cut(lx, i, i + 6));
    else
        buf_utf8(out, (uint32_t)cp);
    return i + 6;
}

/* The escape at i into out; gives the offset behind it. */
static size_t escape(struct lexer *lx, size_t i, struct buf *out)
{
    char c = peek_char(lx, i + 1);
    if (c == 'u') return unicode_escape(lx, i, out);
    if (c == '"' || c == '\\')
        buf_putc(out, c);
    else if (c == 'n')
        buf_putc(out, '\n');
    else if (c == 't')
        buf_putc(out, '\t');
    else {
        size_t end = i + 1;
        if (end < lx->text.len) utf8_next(lx->text, &end);
        report(lx, E0105, i, end, cut(lx, i, end));
        return end;
    }
    return i + 2;
}

/* Whether the line the lexer is on begins as a block does. */
static bool line_begins_block(const struct lexer *lx)
{
    static const char *const blocks[] = {"hours ", "agent ", "team ", "rule "};
    struct str line = cut(lx, lx->line_at, lx->text.len);
    while (line.len && class_of(*line.p) == C_BLANK) line.p++, line.len--;
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        if (str_starts(line, str_from(blocks[i]))) return true;
    return false;
}

/* The text has no closing quote before `end`, its line's end. A brace there may have been meant to open a
 * block. */
static struct token string_unclosed(struct lexer *lx, size_t from, size_t end)
{
    size_t to = end;
    while (to > from + 1 && class_of(lx->text.p[to - 1]) == C_BLANK) to--;
    if (to > from + 1 && lx->text.p[to - 1] == '{' && line_begins_block(lx)) to--;
    report(lx, E0103, from, to, S(""));
    struct token t = token(lx, TK_STRING, from, to);
    t.s = cut(lx, from + 1, to);
    return t;
}

static bool is_control(unsigned char c)
{
    return (c < 0x20 && c != '\t') || c == 0x7f;
}

static void control_in_string(struct lexer *lx, size_t i)
{
    report(lx, E0104, i, i + 1, arena_printf(lx->a, "%04X", (unsigned char)lx->text.p[i]));
}

static struct token lex_string(struct lexer *lx)
{
    size_t from = lx->at, i = from + 1, plain = i;
    struct buf out = {0};
    for (; i < lx->text.len && lx->text.p[i] != '"';) {
        char c = lx->text.p[i];
        if (class_of(c) == C_LINE && !lx->condition) break;
        if (is_control((unsigned char)c)) control_in_string(lx, i);
        if (c != '\\') {
            i++;
            continue;
        }
        if (!out.a) buf_init(&out, lx->a);
        buf_add(&out, lx->text.p + plain, i - plain);
        plain = i = escape(lx, i, &out);
    }
    if (peek_char(lx, i) != '"' || i >= lx->text.len) return string_unclosed(lx, from, i);
    struct token t = token(lx, TK_STRING, from, i + 1);
    if (out.a) buf_add(&out, lx->text.p + plain, i - plain);
    t.s = out.a ? buf_done(&out) : cut(lx, from + 1, i);
    return t;
}

/* How far the end of a text between quotes of another kind is looked for: a bound for lines of nothing but
 * quotes. */
enum { FOREIGN_LEN_MAX = 300 };

/* Text between quotes of another kind, closed on its line by `close`: reported and taken for a string. */
static bool lex_foreign_string(struct lexer *lx, size_t open_len, struct str close, struct token *out)
{
    size_t from = lx->at, i = from + open_len, limit = i + FOREIGN_LEN_MAX;
    while (i < lx->text.len && i < limit && class_of(lx->text.p[i]) != C_LINE) {
        if (!str_starts(cut(lx, i, lx->text.len), close)) {
            i++;
            continue;
        }
        struct str inner = cut(lx, from + open_len, i);
        struct diag *g = report(lx, E0108, from, i + close.len, S(""));
        if (!lx->quiet && inner.len < 200) diag_hint(lx->d, g, "write \"%.*s\"", (int)inner.len, inner.p);
        *out = token(lx, TK_STRING, from, i + close.len);
        out->s = inner;
        return true;
    }
    return false;
}

/* ---- names, numbers, literals ---- */

/* Where the bare name that ended at i goes on with characters no bare name has ("Europe/Stockholm", "R&D").
 */
static size_t odd_end(struct str s, size_t i)
{
    while (i + 1 < s.len && class_of(s.p[i]) == C_OTHER && s.p[i] && strchr("/.:@+&'%$", s.p[i])) {
        size_t after = name_end(s, i + 1);
        if (after == i + 1) break;
        i = after;
    }
    return i;
}

static struct token lex_name(struct lexer *lx)
{
    size_t from = lx->at, to = name_end(lx->text, from), odd = odd_end(lx->text, to);
    if (odd > to) return token(lx, TK_ODD, from, odd);
    struct str s = cut(lx, from, to);
    const struct word *w = find_word_fast(lx, s);
    struct token t = token(lx, w ? w->token : is_day_range(s) ? TK_DAYS : TK_NAME, from, to);
    t.use = w ? (uint8_t)w->use : WORD_NONE;
    return t;
}

/* What begins with a digit: a number, or a literal that units.c reads. */
static struct token lex_literal(struct lexer *lx)
{
    size_t from = lx->at, to = from;
    for (;;) {
        size_t end = name_end(lx->text, to);
        while (end < lx->text.len && strchr(".:+/", lx->text.p[end]) && lx->text.p[end]) end++;
        if (end == to) break;
        to = end;
    }
    double number;
    return token(lx, read_number(cut(lx, from, to), &number) ? TK_NUMBER : TK_LITERAL, from, to);
}

/* ---- signs ---- */

/* What is written between two tokens, ours and those of other languages; longer ones before their beginnings.
 */
#define SIGN(spelling, token, op)                                                                            \
    {                                                                                                        \
        spelling, sizeof(spelling) - 1, token, op                                                            \
    }
static const struct sign {
    const char *spelling;
    uint8_t len;
    uint16_t token;
    uint8_t op;
} signs[] = {
    SIGN(",", TK_COMMA, 0),
    SIGN("{", TK_LBRACE, 0),
    SIGN("}", TK_RBRACE, 0),
    SIGN(";", TK_SEP, 0),
    SIGN("===", TK_COMPARE, TEST_EQ),
    SIGN("==", TK_COMPARE, TEST_EQ),
    SIGN("=>", TK_ARROW, 0),
    SIGN("=<", TK_COMPARE, TEST_LE),
    SIGN("=", TK_COMPARE, TEST_EQ),
    SIGN("!==", TK_COMPARE, TEST_NE),
    SIGN("!=", TK_COMPARE, TEST_NE),
    SIGN("!", TK_NOT, 0),
    SIGN("<=", TK_COMPARE, TEST_LE),
    SIGN("<>", TK_COMPARE, TEST_NE),
    SIGN("<", TK_COMPARE, TEST_LT),
    SIGN(">=", TK_COMPARE, TEST_GE),
    SIGN(">", TK_COMPARE, TEST_GT),
    SIGN("&&", TK_AND, 0),
    SIGN("&", TK_AND, 0),
    SIGN("||", TK_OR, 0),
    SIGN("|", TK_OR, 0),
    SIGN("\u2260", TK_COMPARE, TEST_NE),
    SIGN("\u2264", TK_COMPARE, TEST_LE),
    SIGN("\u2265", TK_COMPARE, TEST_GE),
};

static struct token lex_paren(struct lexer *lx, bool open)
{
    size_t at = lx->at;
    struct token t = token(lx, open ? TK_LP : TK_RP, at, at + 1);
    if (!open) {
        t.op = lx->paren_depth == 0;
        if (lx->paren_depth) lx->paren_depth--;
        if (!lx->paren_depth) lx->too_deep = false;
        return t;
    }
    if (lx->paren_depth < NESTING_MAX) {
        lx->parens[lx->paren_depth++] = t.at;
        return t;
    }
    lx->paren_depth++;
    if (!lx->too_deep) report(lx, E0110, at, at + 1, str_of_u64(lx->a, NESTING_MAX));
    lx->too_deep = true;
    t.kind = TK_BAD;
    return t;
}

static struct str stray_meant(struct lexer *lx, uint32_t cp, size_t from, size_t to)
{
    if (cp == ':') return S("no colon stands between a word and what it says");
    if (cp == '/' && peek_char(lx, to) == '/') return S("a comment begins with #");
    if (utf8proc_category((utf8proc_int32_t)cp) == UTF8PROC_CATEGORY_ZS)
        return S("it looks like a blank; put a plain blank in its place");
    struct str range = range_meant(lx->a, lx->text, from, to);
    return range.p ? arena_printf(lx->a, "write %.*s", (int)range.len, range.p) : range;
}

static struct token lex_stray(struct lexer *lx)
{
    size_t from = lx->at, to = from;
    uint32_t cp = utf8_next(lx->text, &to);
    bool shown = cp > 0x20 && cp != 0x7f && utf8proc_category((utf8proc_int32_t)cp) < UTF8PROC_CATEGORY_ZS &&
                 utf8proc_category((utf8proc_int32_t)cp) != UTF8PROC_CATEGORY_CN;
    struct str what = cut(lx, from, to);
    if (cp == '#') { /* only in a condition: elsewhere it begins a comment */
        report(lx, E0124, from, lx->text.len, S(""));
        return token(lx, TK_BAD, from, lx->text.len);
    }
    struct diag *g = report(lx, E0102, from, to,
                            shown ? arena_printf(lx->a, "\"%.*s\"", (int)what.len, what.p)
                                  : arena_printf(lx->a, "the character U+%04X", cp));
    if (!lx->quiet) g->hint = stray_meant(lx, cp, from, to);
    return token(lx, TK_BAD, from, to);
}

static struct token lex_sign(struct lexer *lx)
{
    struct str rest = cut(lx, lx->at, lx->text.len);
    struct token t;
    if (rest.p[0] == '(' || rest.p[0] == ')') return lex_paren(lx, rest.p[0] == '(');
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (signs[i].spelling[0] != rest.p[0] ||
            !str_starts(rest, (struct str){signs[i].spelling, signs[i].len}))
            continue;
        t = token(lx, signs[i].token, lx->at, lx->at + signs[i].len);
        t.op = signs[i].op;
        return t;
    }
    if (rest.p[0] == '\'' && lex_foreign_string(lx, 1, S("'"), &t)) return t;
    if (str_starts(rest, S("\u201c")) && lex_foreign_string(lx, 3, S("\u201d"), &t)) return t;
    if (str_starts(rest, S("\u201e")) && lex_foreign_string(lx, 3, S("\u201c"), &t)) return t;
    if (str_starts(rest, S("\u2018")) && lex_foreign_string(lx, 3, S("\u2019"), &t)) return t;
    if (str_starts(rest, S("\u00ab")) && lex_foreign_string(lx, 2, S("\u00bb"), &t)) return t;
    return lex_stray(lx);
}

/* ---- the lexer ---- */

void lex_policy(struct lexer *lx, struct arena *a, struct diags *d, struct str text, uint32_t file)
{
    *lx = (struct lexer){.a = a, .d = d, .text = text, .file = file, .goes_on = true, .line_passed = true};
    index_words(lx);
}

void lex_condition(struct lexer *lx, struct arena *a, struct diags *d, const struct cond_text *text)
{
    memset(lx, 0, offsetof(struct lexer, parens)); /* a large policy has a hundred thousand conditions */
    lx->a = a;
    lx->d = d;
    lx->text = text->text;
    lx->map = text->map;
    lx->file = text->file;
    lx->base = text->base;
    lx->condition = lx->goes_on = true;
    index_words(lx);
}

static struct token lex_token(struct lexer *lx)
{
    char c = lx->text.p[lx->at];
    if (c == '"') return lex_string(lx);
    if (name_begins_at(lx->text, lx->at)) return lex_name(lx);
    if (class_of(c) == C_DIGIT) return lex_literal(lx);
    if (c == '-' && class_of(peek_char(lx, lx->at + 1)) == C_DIGIT) return lex_literal(lx);
    return lex_sign(lx);
}

static bool goes_on_after(unsigned kind)
{
    return kind == TK_COMMA || kind == TK_AND || kind == TK_OR || kind == TK_LBRACE || kind == TK_SEP;
}

/* Passes over blanks, comments and line ends that mean nothing; true at a line end that ends a statement. */
static bool skip_blanks(struct lexer *lx)
{
    for (; lx->at < lx->text.len;) {
        char c = lx->text.p[lx->at];
        if (class_of(c) == C_BLANK)
            lx->at++;
        else if (c == '#' && !lx->condition)
            skip_comment(lx);
        else if (class_of(c) != C_LINE)
            return false;
        else if (lx->goes_on || lx->condition || lx->paren_depth)
            skip_line_end(lx);
        else
            return true;
    }
    return false;
}

static struct token lex_line_end(struct lexer *lx)
{
    size_t from = lx->at;
    skip_line_end(lx);
    struct token t = token(lx, TK_SEP, from, lx->at);
    t.s = S("\n");
    return t;
}

struct token lex_next(struct lexer *lx)
{
    bool ended = skip_blanks(lx);
    bool first = lx->line_passed;
    uint32_t column = (uint32_t)(lx->at - lx->line_at);
    struct token t;
    if (ended)
        t = lex_line_end(lx);
    else if (lx->at >= lx->text.len)
        t = token(lx, 0, lx->text.len, lx->text.len);
    else
        t = lex_token(lx);
    t.first_on_line = first;
    t.column = column;
    lx->line_passed = t.kind == TK_SEP && t.s.p[0] == '\n';
    lx->goes_on = goes_on_after(t.kind);
    lx->inside = t.kind == TK_COMMA || t.kind == TK_AND || t.kind == TK_OR;
    return t;
}

bool lex_plain(struct lexer *lx, struct token *t, struct plain_cond *c)
{
    size_t from = lx->at, to;
    while (class_of(peek_char(lx, from)) == C_BLANK) from++;
    if (!plain_read(c, cut(lx, from, lx->text.len))) return false;
    for (to = from + c->len; class_of(peek_char(lx, to)) == C_BLANK;) to++;
    if (to < lx->text.len && class_of(lx->text.p[to]) != C_LINE) return false;
    uint32_t column = (uint32_t)(from - lx->line_at);
    *t = token(lx, TK_PLAIN, from, from + c->len);
    t->column = column;
    lx->goes_on = lx->inside = lx->line_passed = false;
    return true;
}

struct token lex_peek(const struct lexer *lx)
{
    struct lexer ahead = *lx;
    ahead.quiet = ahead.peeking = true;
    return lex_next(&ahead);
}
