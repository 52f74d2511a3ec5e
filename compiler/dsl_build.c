/*
 * Lists, and the statements of a file that are no blocks, from the grammar's actions to the tree.
 *
 * The order of the items is that of the file. An item's span runs from its first word to its last token.
 */
#include "dsl_build.h"

struct span said_from(const struct parse *p, struct span first)
{
    return span_join(first, p->prev.at);
}

/* ---- lists ---- */

struct name name_of(struct parse *p, const struct token *t)
{
    return ast_name(p->d->a, t->s, t->at);
}

struct text text_of(const struct token *t)
{
    return (struct text){t->s, t->at};
}

names *add_name(struct parse *p, names *list, const struct name *n)
{
    *vec_push(p->a, list) = *n;
    return list;
}

names *one_name(struct parse *p, const struct name *n)
{
    names *list = arena_new_of(p->a, names);
    vec_room(p->a, list, 1);
    return add_name(p, list, n);
}

text_list *add_text(struct parse *p, text_list *list, const struct text *t)
{
    if (!list) list = arena_new_of(p->a, text_list);
    *vec_push(p->a, list) = *t;
    return list;
}

unit_list *add_unit(struct parse *p, unit_list *list, const struct token *t)
{
    if (!list) list = arena_new_of(p->a, unit_list);
    *vec_push(p->a, list) = *t;
    return list;
}

struct step build_target(enum target_kind kind, const struct name *n, struct span from)
{
    struct step s = {.kind = kind, .at = from};
    if (n) s.target = *n;
    if (n) s.at = span_join(from, n->at);
    return s;
}

steps *add_step(struct parse *p, steps *list, struct step target, const struct token *after,
                const struct name *of)
{
    if (!list) {
        list = arena_new_of(p->a, steps);
        vec_room(p->a, list, 1);
    }
    struct step *s = vec_push(p->a, list);
    *s = target;
    if (!after) return list;
    struct step_time *time = arena_new_of(p->a, struct step_time);
    s->time = time;
    if (!read_duration(p->d, after->s, after->at, &time->after)) time->after.at = after->at;
    s->at = span_join(s->at, of ? of->at : after->at);
    if (of) time->of = *of;
    return list;
}

/* ---- items ---- */

struct item *new_item(struct parse *p, enum item_kind kind, const struct token *word, struct span key)
{
    struct item *item = vec_push(p->a, &p->file->items);
    item->kind = kind;
    item->at = said_from(p, word->at);
    item->key = key;
    p->something_said = true;
    return item;
}

void build_version(struct parse *p, const struct token *version, const struct token *number)
{
    struct span at = span_join(version->at, number->at);
    struct file_ast *f = p->file;
    if (span_said(f->version_at)) {
        diag_related(diag0(p->d, E0125, at), f->version_at, S("first said here"));
        return;
    }
    if (p->something_said) diag0(p->d, E0125, at);
    f->version_at = at;
    f->version = 1; /* what is no number is reported here, and not again as an unknown version */
    if (!read_integer(number->s, &f->version)) diag(p->d, E0126, number->at, number->s);
}

void build_policy(struct parse *p, const struct token *word, const struct name *n,
                  const struct token *version, const struct token *number)
{
    build_version(p, version, number);
    struct item *item = new_item(p, ITEM_NAME, word, word->at);
    item->u.word = *n;
}

void build_word(struct parse *p, enum item_kind kind, const struct token *word, struct name n)
{
    new_item(p, kind, word, word->at)->u.word = n;
}

void build_flag(struct parse *p, enum item_kind kind, const struct token *word, struct flag f)
{
    new_item(p, kind, word, word->at)->u.flag = f;
}

void build_include(struct parse *p, const struct token *word, const text_list *paths)
{
    struct item *item = new_item(p, ITEM_INCLUDE, word, word->at);
    for (uint32_t i = 0; i < paths->count; i++) *vec_push(p->a, &item->u.include) = paths->at[i];
}

void build_names(struct parse *p, enum item_kind kind, const struct token *word, const names *list)
{
    struct item *item = new_item(p, kind, word, word->at);
    if (list) item->u.names = *list;
}

void open_segments(struct parse *p, const struct token *word)
{
    new_item(p, ITEM_SEGMENTS, word, word->at);
}

void drop_segments(struct parse *p, const struct token *word)
{
    uint32_t last = p->file->items.count - 1;
    if (p->file->items.count && p->file->items.at[last].key.off == word->at.off) p->file->items.count = last;
}

void add_segment(struct parse *p, const struct name *n, const struct text *description)
{
    struct item *item = &p->file->items.at[p->file->items.count - 1];
    *vec_push(p->a, &item->u.segments) = (struct labelled){*n, *description};
    item->at = said_from(p, item->at);
}

void build_field(struct parse *p, const struct token *word, const struct name *n, const struct name *type,
                 const names *listed)
{
    struct field_decl *field = arena_new_of(p->a, struct field_decl);
    field->name = *n;
    if (type) field->type = *type;
    if (listed) field->listed = *listed;
    new_item(p, ITEM_FIELD, word, n->at)->u.field = field;
}

void build_otherwise(struct parse *p, const struct token *word, const steps *to)
{
    new_item(p, ITEM_OTHERWISE, word, word->at)->u.otherwise = *to;
}

void build_promise(struct parse *p, const struct token *word, struct promise_decl *promise)
{
    new_item(p, ITEM_PROMISE, word, word->at)->u.promise = promise;
}
