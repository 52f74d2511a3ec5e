/*
 * The driver: tokens from the lexer into the generated parser, and on after an error.
 *
 * Every statement is made to end in SEP, also before and after "}" and at the end of the file. When the
 * parser refuses a token it is in the midst of an erroneous statement; the rest of that is passed over - a
 * block that the parser cannot take with it - so that one mistake is reported once and what follows is read
 * as it stands. A condition or promise ends with its first error.
 */
#include "dsl_build.h"

#include <stddef.h>
#include <string.h>

void parse_init(struct parse *p, struct arena *a, struct diags *d, unsigned mode)
{
    memset(p, 0, offsetof(struct parse, lx));
    p->a = p->exprs = a;
    p->d = d;
    p->mode = mode;
    p->errors_before = d->error_count;
}

/* ---- one token ---- */

static bool begins_statement(const struct parse *p)
{
    return p->prev.kind == TK_SEP;
}

static void open_brace(struct parse *p, const struct token *t)
{
    if (p->block_depth < BLOCK_DEPTH_MAX)
        p->blocks[p->block_depth++] = (struct open_block){*t, p->first.column, p->first.kind, false};
}

/* A SEP that stands nowhere: before `t`, or behind it. */
static struct token made_sep(const struct token *t)
{
    struct token sep = *t;
    sep.kind = TK_SEP;
    if (t->kind == 0) sep.s = S("");
    return sep;
}

/* The parser can go on after an error in the first statement only where it has begun to read statements. */
static void begin_statements(struct parse *p, const struct token *t)
{
    struct token sep = made_sep(t);
    grammar_take(p, &sep);
    p->prev = sep;
}

/* Gives t to the parser; false where it refused it. */
static bool take(struct parse *p, const struct token *t)
{
    p->error = false;
    if (begins_statement(p)) p->first = *t;
    grammar_take(p, t);
    if (p->error) return false;
    p->before = p->prev;
    p->prev = *t;
    if (t->kind == TK_LBRACE) open_brace(p, t);
    if (t->kind == TK_LBRACE || t->kind == TK_MODE_POLICY) begin_statements(p, t);
    return true;
}

/* ---- a "{" that was forgotten ---- */

/* Words that begin a statement in some block and a declaration too. */
static bool begins_either(const struct token *t)
{
    return t->kind == TK_HOURS || t->kind == TK_CHANNELS || t->kind == TK_TIMEZONE;
}

/* Whether the lines behind this one, as far as they are further in than the statement, are no declarations:
 * they say so by their first words, or by a "}" that nothing else can have opened. */
static bool body_follows(const struct parse *p)
{
    enum { UNDECIDED_MAX = 16 }; /* lines: each is looked at by so many heads at most */
    struct lexer ahead = p->lx;
    unsigned before = TK_SEP;
    ahead.quiet = ahead.peeking = true;
    for (uint32_t depth = 0, undecided = 0; undecided < UNDECIDED_MAX;) {
        struct token t = lex_next(&ahead);
        bool begins = before == TK_SEP && t.kind != TK_SEP && t.first_on_line && !depth;
        before = t.kind;
        if (t.kind == TK_RBRACE && depth == 0) return p->block_depth == 0 || t.column >= p->first.column;
        if (t.kind == 0 || (begins && (t.column <= p->first.column || t.use == WORD_TOP))) return false;
        if (begins && !begins_either(&t)) return true;
        undecided += begins;
        if (t.kind == TK_LBRACE) depth++;
        if (t.kind == TK_RBRACE) depth--;
    }
    return false;
}

/* At t, a line's end where the parser would take "{": whether it was left out, or comes a line late. Gives
 * the parser the one that was meant. */
static bool late_brace(struct parse *p, const struct token *t, bool told)
{
    if (t->kind != TK_SEP || t->s.len == 0 || t->s.p[0] != '\n' || !grammar_accepts(p, TK_LBRACE))
        return false;
    bool late = lex_peek(&p->lx).kind == TK_LBRACE;
    if (!late && !body_follows(p)) return false;
    struct token brace = late ? lex_next(&p->lx) : *t;
    if (!told) brace_missing(p, &brace);
    brace.kind = TK_LBRACE;
    if (!late) brace.at.len = 0;
    p->lx.paren_depth = 0;
    if (take(p, &brace)) p->blocks[p->block_depth - 1].made = !late;
    return true;
}

/* ---- after an error ---- */

/* The next token of an erroneous statement: what else is wrong with it is not reported. */
static struct token skip_token(struct parse *p)
{
    p->lx.quiet = true;
    struct token t = lex_next(&p->lx);
    p->lx.quiet = false;
    return t;
}

/* Passes over a block whose "{" is taken, if need be to the end of the file. */
static void skip_block(struct parse *p)
{
    for (uint32_t depth = 1; depth;) {
        struct token t = skip_token(p);
        if (t.kind == 0) return;
        if (t.kind == TK_LBRACE) depth++;
        if (t.kind == TK_RBRACE) depth--;
    }
}

static bool is_statement_word(const struct token *t)
{
    return t->use == WORD_TOP || t->use == WORD_STATEMENT;
}

/* The erroneous statement ends before t, which is read next. */
static void end_statement(struct parse *p, const struct token *t)
{
    struct token sep = made_sep(t);
    p->lx.paren_depth = 0;
    take(p, &sep);
    p->next = *t;
    p->has_next = true;
}

/* The same where t belongs to the erroneous statement: the parser cannot take the block that it opens. */
static void end_after_block(struct parse *p, const struct token *t)
{
    struct token sep = made_sep(t);
    skip_block(p);
    p->lx.paren_depth = 0;
    take(p, &sep);
}

/* Passes over the rest of the erroneous statement. In parentheses it ends with them, or at a line that begins
 * as statements do. */
static void skip_statement(struct parse *p)
{
    for (;;) {
        struct token t = skip_token(p);
        if (late_brace(p, &t, true)) return;
        bool ends = t.kind == 0 || t.kind == TK_SEP || t.kind == TK_RBRACE;
        if (ends || (t.first_on_line && is_statement_word(&t))) {
            end_statement(p, &t);
            return;
        }
        if (t.kind != TK_LBRACE) continue;
        if (!grammar_accepts(p, TK_LBRACE))
            end_after_block(p, &t);
        else
            p->lx.paren_depth = 0, take(p, &t);
        return;
    }
}

/* Whether the erroneous statement was to say the version: it names it, or the file begins with some other
 * word in its place. */
static bool means_version(const struct parse *p)
{
    const struct token *t = &p->first;
    struct str meant[] = {S("version"), S("policy")};
    if (t->kind == TK_VERSION || t->kind == TK_POLICY) return true;
    if (p->file->items.count || t->kind != TK_NAME) return false;
    return str_eq(t->s, S("shunt")) || nearest(t->s, meant, 2).p;
}

/* What a wrong declaration named is declared, and what it was to say is said: nobody should be told to write
 * what stands there. */
static void keep_declaration(struct parse *p)
{
    steps none = {0};
    struct name n = {.at = p->first.at};
    struct file_ast *f = p->file;
    if (p->first.kind == TK_OTHERWISE) build_otherwise(p, &p->first, &none);
    if (p->block_depth) return;
    if (p->first.kind == TK_TIMEZONE) build_word(p, ITEM_TIMEZONE, &p->first, n);
    if (p->first.kind == TK_SEGMENTS) drop_segments(p, &p->first);
    if (p->first.kind == TK_FIELD && name_after(p, &p->first, &n)) build_field(p, &p->first, &n, NULL, NULL);
    if (!span_said(f->version_at) && means_version(p)) f->version_at = p->first.at, f->version = 1;
}

/* The parser refused t, and reported it. */
static void recover(struct parse *p, const struct token *t)
{
    if (p->mode != TK_MODE_POLICY || p->overflow) {
        p->ended = true;
        return;
    }
    grammar_forget_error(p);
    p->before = p->prev;
    p->prev = *t;
    keep_declaration(p);
    if (!grammar_recovering(p)) { /* refused at first, taken after the error */
        if (t->kind == TK_LBRACE) open_brace(p, t), begin_statements(p, t);
        p->lx.paren_depth = 0;
    } else if (t->kind == TK_LBRACE) {
        end_after_block(p, t);
    } else if (p->lx.paren_depth && t->first_on_line && is_statement_word(t)) {
        end_statement(p, t);
    } else {
        skip_statement(p);
    }
}

/* ---- all tokens ---- */

static void give(struct parse *p, const struct token *t)
{
    if (!p->ended && !take(p, t)) recover(p, t);
}

static void close_brace(struct parse *p, const struct token *t)
{
    struct token sep = made_sep(t), brace = *t;
    brace.kind = TK_RBRACE;
    give(p, &sep);
    give(p, &brace);
    if (p->block_depth) p->block_depth--;
    give(p, &sep);
}

/* Closes the innermost block before t, which shows that it is unclosed; reports that where `told` is false
 * and the block's "{" is there. */
static bool close_unclosed(struct parse *p, const struct token *t, bool told)
{
    struct token nothing = {.at = {p->lx.file, p->prev.at.off + p->prev.at.len, 0}, .s = S("")};
    bool made = p->blocks[p->block_depth - 1].made;
    if (!told && !made) block_unclosed(p, t);
    close_brace(p, &nothing);
    return told || !made;
}

static void pump_end(struct parse *p, const struct token *t)
{
    struct token sep = made_sep(t);
    give(p, &sep);
    for (bool told = false; p->block_depth;) told = close_unclosed(p, t, told);
    give(p, t);
    p->ended = true;
}

/* Whether the hours that begin at t are declared there: what says which hours count goes on with "for" or not
 * at all. */
static bool declares_hours(const struct parse *p)
{
    struct lexer ahead = p->lx;
    ahead.quiet = ahead.peeking = true;
    lex_next(&ahead);
    unsigned after = lex_next(&ahead).kind;
    return after == TK_LBRACE || after == TK_IN || after == TK_LIKE || after == TK_OUTSIDE ||
           after == TK_EVERY;
}

/* Whether t, which begins a statement, begins none that the block can hold. */
static bool leaves_block(const struct parse *p, const struct open_block *b, const struct token *t)
{
    if (t->use == WORD_TOP) return true;
    if (b->word == TK_SEASON && (t->use == WORD_STATEMENT || t->kind == TK_OUTSIDE)) return true;
    if (t->kind == TK_TIMEZONE) return b->word != TK_HOURS;
    if (t->kind == TK_CHANNELS) return b->word != TK_AGENT;
    return t->kind == TK_HOURS && ((b->word != TK_AGENT && b->word != TK_TEAM) || declares_hours(p));
}

/* Whether the "}" just read, further out than the season that is open, closes what the season stands in:
 * nothing more comes there. */
static bool closes_outer(const struct parse *p)
{
    struct lexer ahead = p->lx;
    struct token next;
    ahead.quiet = ahead.peeking = true;
    do next = lex_next(&ahead);
    while (next.kind == TK_SEP);
    return next.kind == 0 || next.use == WORD_TOP || next.kind == TK_HOURS || next.kind == TK_CHANNELS;
}

/* Whether t, the first on its line, shows that the innermost block is not closed: it stands no further in
 * than the block's head, and cannot be said there. */
static bool shows_unclosed(const struct parse *p, const struct token *t)
{
    if (!p->block_depth || t->kind == 0 || !begins_statement(p) || !t->first_on_line) return false;
    const struct open_block *b = &p->blocks[p->block_depth - 1];
    if (t->kind == TK_RBRACE)
        return p->block_depth == 2 && t->column < b->column && (b->made || closes_outer(p));
    return t->column <= b->column && (b->made || leaves_block(p, b, t));
}

/* At t, a line's end: whether a block's head lacks its name, and what follows is the block all the same. */
static bool nameless_head(struct parse *p, const struct token *t)
{
    struct token bad = *t;
    unsigned head = p->prev.kind;
    bool block = p->block_depth ? head == TK_SEASON
                                : head == TK_RULE || head == TK_TEAM || head == TK_AGENT || head == TK_HOURS;
    if (t->kind != TK_SEP || !block || p->prev.at.off != p->first.at.off || !body_follows(p)) return false;
    syntax_error(p, t);
    bad.kind = TK_BAD; /* the parser passes over it, and knows that the head is wrong */
    grammar_take(p, &bad);
    grammar_forget_error(p);
    return late_brace(p, t, true);
}

/* t, with the SEPs that belong to it. */
static void pump(struct parse *p, const struct token *t)
{
    if (p->mode != TK_MODE_POLICY) {
        give(p, t);
        if (t->kind == 0) p->ended = true;
        return;
    }
    for (bool told = false; shows_unclosed(p, t);) told = close_unclosed(p, t, told);
    if (t->kind == 0)
        pump_end(p, t);
    else if (t->kind != TK_RBRACE && !late_brace(p, t, false) && !nameless_head(p, t))
        give(p, t);
    else if (t->kind != TK_RBRACE)
        return;
    else if (p->block_depth)
        close_brace(p, t);
    else
        diag0(p->d, E0114, t->at);
}

/* A rule's condition needs no parser where it is plain. */
static struct token next_token(struct parse *p)
{
    struct token t;
    if (p->prev.kind == TK_WHEN && grammar_accepts(p, TK_PLAIN) && lex_plain(&p->lx, &t, &p->plain)) return t;
    return lex_next(&p->lx);
}

void drive(struct parse *p)
{
    struct token mode = {.kind = (uint16_t)p->mode, .at = {p->lx.file, p->lx.base, 0}};
    give(p, &mode);
    while (!p->ended) {
        if (begins_statement(p) && !p->block_depth && !p->has_next && p->file && plain_rule(p)) continue;
        struct token t = p->has_next ? p->next : next_token(p);
        p->has_next = false;
        pump(p, &t);
    }
}
