/*
 * A condition or a promise out of a string (language.md 4, 8) to its tree.
 *
 * Every place in the tree and in the messages is that of the source, through the map that comes with the
 * text.
 */
#include "dsl_build.h"

static bool is_blank(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.p[i] != ' ' && s.p[i] != '\t' && s.p[i] != '\n' && s.p[i] != '\r') return false;
    return true;
}

static struct span whole_text(const struct cond_text *text)
{
    uint32_t from = text->map ? text->map[0] : text->base;
    uint32_t to = text->map ? text->map[text->text.len] : text->base + (uint32_t)text->text.len;
    return (struct span){text->file, from, to - from};
}

/* Fills p; false where anything was wrong. */
static bool parse_text(struct parse *p, struct arena *a, struct diags *d, const struct cond_text *text,
                       unsigned mode)
{
    parse_init(p, a, d, mode);
    if (is_blank(text->text)) {
        diag0(d, E0122, whole_text(text));
        return false;
    }
    lex_condition(&p->lx, d->a, d, text);
    grammar_run(p);
    return d->error_count == p->errors_before && !p->overflow;
}

struct expr *parse_condition(struct arena *a, struct diags *d, const struct cond_text *text)
{
    struct parse p;
    return parse_text(&p, a, d, text, TK_MODE_CONDITION) ? p.condition : NULL;
}

struct promise_decl *parse_promise(struct arena *a, struct diags *d, const struct cond_text *text)
{
    struct parse p;
    return parse_text(&p, a, d, text, TK_MODE_PROMISE) ? p.promise : NULL;
}

bool parse_name(struct diags *d, const struct cond_text *text, struct name *out)
{
    struct lexer lx;
    uint32_t errors = d->error_count;
    lex_condition(&lx, d->a, d, text);
    struct token t = lex_peek(&lx);
    if (t.kind != TK_STRING && !grammar_is_name(t.kind)) return false;
    t = lex_next(&lx);
    if (lex_peek(&lx).kind != 0 || d->error_count > errors) return false;
    *out = ast_name(d->a, t.s, t.at);
    return true;
}
