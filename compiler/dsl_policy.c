/*
 * A source of the DSL to its tree (language.md 3). What is wrong is reported, what is right is kept.
 *
 * Assumes a source that is valid UTF-8. The tree points into the source's text.
 */
#include "dsl_build.h"

struct file_ast *parse_dsl_policy(struct arena *a, struct diags *d, struct sources *sources, uint32_t file,
                                  bool keep_comments)
{
    struct parse *p = arena_new_of(a, struct parse);
    comment_list comments = {0};
    enum { RULE_LEN_MIN = 64 }; /* nearly: room that is not used costs nothing */
    parse_init(p, a, d, TK_MODE_POLICY);
    p->file = arena_new_of(a, struct file_ast);
    p->file->file = file;
    vec_reserve(a, &p->file->items, (uint32_t)sources->list.at[file].text.len / RULE_LEN_MIN + 1);
    p->exprs = p->file->whens = arena_part(a);
    p->numbering = sources->numbering;
    lex_policy(&p->lx, d->a, d, sources->list.at[file].text, file);
    if (keep_comments) p->lx.comments = &comments;
    grammar_run(p);
    end_blocks(p);
    for (uint32_t i = 0; i < comments.count; i++) *vec_push(a, &p->file->comments) = comments.at[i];
    return p->file;
}
