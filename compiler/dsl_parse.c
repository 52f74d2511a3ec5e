/*
 * The driver: tokens from the lexer into the generated parser, and on after an error.
 *
 * Every statement is made to end in SEP, also before and after "}" and at the end of the file. When the
 * parser refuses a token it is in the midst of an erroneous statement; the rest of that is passed over - a
 * block that the parser cannot take with it - so that one mistake is reported once and what follows is read
 * as it stands. A condition or promise ends with its first error.
 */
#include "dsl_build.h"

void parse_init(struct parse *p, struct arena *a, struct diags *d, unsigned mode)
{
    p->a = a;
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
        p->blocks[p->block_depth++] = (struct open_block){*t, p->first.column};
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

/* A wrong otherwise is one all the same: nobody should be told to write what stands there. */
static void keep_otherwise(struct parse *p)
{
    steps none = {0};
    if (p->first.kind == TK_OTHERWISE) build_otherwise(p, &p->first, &none);
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
    keep_otherwise(p);
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

/* Closes the blocks that t shows to be unclosed. */
static void close_unclosed(struct parse *p, const struct token *t)
{
    block_unclosed(p, t);
    struct token nothing = {.at = {p->lx.file, p->prev.at.off + p->prev.at.len, 0}, .s = S("")};
    while (p->block_depth) close_brace(p, &nothing);
}

static void pump_end(struct parse *p, const struct token *t)
{
    struct token sep = made_sep(t);
    give(p, &sep);
    if (p->block_depth) close_unclosed(p, t);
    give(p, t);
    p->ended = true;
}

/* Whether t begins a declaration where one begins, and no further in than the block that is open. */
static bool shows_unclosed(const struct parse *p, const struct token *t)
{
    if (!p->block_depth || t->use != WORD_TOP || !begins_statement(p) || !t->first_on_line) return false;
    return t->column <= p->blocks[p->block_depth - 1].column;
}

/* t, with the SEPs that belong to it. */
static void pump(struct parse *p, const struct token *t)
{
    if (p->mode != TK_MODE_POLICY) {
        give(p, t);
        if (t->kind == 0) p->ended = true;
        return;
    }
    if (shows_unclosed(p, t)) close_unclosed(p, t);
    if (t->kind == 0)
        pump_end(p, t);
    else if (t->kind != TK_RBRACE)
        give(p, t);
    else if (p->block_depth)
        close_brace(p, t);
    else
        diag0(p->d, E0114, t->at);
}

void drive(struct parse *p)
{
    struct token mode = {.kind = (uint16_t)p->mode, .at = {p->lx.file, p->lx.base, 0}};
    give(p, &mode);
    while (!p->ended) {
        struct token t = p->has_next ? p->next : lex_next(&p->lx);
        p->has_next = false;
        pump(p, &t);
    }
}
