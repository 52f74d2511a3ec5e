/*
 * Plain rules of the DSL: a bare name, a plain condition (cond_plain.c), one team, each on its line, and
 * nothing else.
 *
 * Nearly all rules of a large policy are so. One that is goes from the lexer to the builders, past the driver
 * and the parser, which would call the same builders: 11 tokens, each a thousand instructions less. Whatever
 * is not plain is left where it stands, with nothing built and nothing reported.
 */
#include "dsl_build.h"

/* The token that must come next. */
static bool next_is(struct lexer *lx, unsigned kind, struct token *t)
{
    *t = lex_next(lx);
    return t->kind == kind;
}

/* Whether the name is as the source spells it, and short enough to be kept by its place. */
static bool is_as_it_stands(const struct parse *p, const struct name *n)
{
    return n->s.p == p->lx.text.p + n->at.off && n->s.len == n->at.len && !(n->at.len >> 30);
}

struct brief_parts {
    const struct token *when, *condition, *to, *team;
};

/* The rule by its places alone (ast.h): of 100,000 rules 18 MB less than what it stands for. */
static void build_brief(struct parse *p, const struct token *rule, const struct name *name,
                        const struct brief_parts *of)
{
    struct cond *numbered = plain_numbered(p->numbering, &p->plain, of->condition->at);
    struct item *item = open_brief_rule(p, rule, name);
    if (!item) return; /* as open_rule() does */
    set_when(p, of->when, NULL);
    set_to(p, of->to, NULL);
    item->u.brief = (struct rule_brief){.numbered = numbered,
                                        .when_key = of->when->at.off,
                                        .when_off = of->condition->at.off,
                                        .when_len = of->condition->at.len,
                                        .to_key = of->to->at.off,
                                        .to_off = of->team->at.off,
                                        .to_len = of->team->at.len & (UINT32_MAX >> 2)};
}

bool plain_rule(struct parse *p)
{
    struct token rule, name, brace, when, condition, end, to, team;
    struct lexer ahead = p->lx;
    if (ahead.comments) return false; /* they are kept with what they stand beside */
    ahead.quiet = true;
    if (!next_is(&ahead, TK_RULE, &rule) || !next_is(&ahead, TK_NAME, &name) ||
        !next_is(&ahead, TK_LBRACE, &brace) || !next_is(&ahead, TK_WHEN, &when) ||
        !lex_plain(&ahead, &condition, &p->plain) || !next_is(&ahead, TK_SEP, &end) || !next_is(&ahead, TK_TO, &to) ||
        !next_is(&ahead, TK_NAME, &team) || !next_is(&ahead, TK_SEP, &end) ||
        !next_is(&ahead, TK_RBRACE, &brace))
        return false;
    struct name n = name_of(p, &name), target = name_of(p, &team);
    ahead.quiet = p->lx.quiet;
    p->lx = ahead;
    if (p->numbering && is_as_it_stands(p, &n) && is_as_it_stands(p, &target)) {
        build_brief(p, &rule, &n, &(struct brief_parts){&when, &condition, &to, &team});
    } else {
        open_rule(p, &rule, &n, NULL);
        set_when(p, &when, plain_expr(p->exprs, p->numbering, &p->plain, condition.at));
        set_to(p, &to, add_step(p, NULL, build_target(TARGET_TEAM, &target, target.at), NULL, NULL));
    }
    p->prev = brace;
    close_block(p);
    p->before = brace;
    p->prev.kind = TK_SEP; /* as the driver makes one behind a block */
    return true;
}
