/*
 * Names of the syntax tree: a spelling to its normal form, NFC (language.md 1.3).
 *
 * Assumes valid UTF-8. The normal form's memory is the arena's; a spelling that is plain ASCII is kept as it
 * is.
 */
#include "ast.h"
#include "../runtime/shunt.h"

#include <string.h>

static bool is_ascii(struct str s)
{
    uint64_t bits = 0, eight;
    size_t i = 0;
    for (; s.len - i >= sizeof eight; i += sizeof eight) {
        memcpy(&eight, s.p + i, sizeof eight);
        bits |= eight;
    }
    for (; i < s.len; i++) bits |= (unsigned char)s.p[i];
    return !(bits & UINT64_C(0x8080808080808080));
}

/* The runtime's allocator over the arena: nothing is freed before the arena is, and it never answers NULL. */
static void *arena_resize(void *ctx, void *block, size_t old_len, size_t new_len)
{
    if (new_len == 0) return NULL;
    void *grown = arena_alloc(ctx, new_len);
    if (block) memcpy(grown, block, old_len < new_len ? old_len : new_len);
    return grown;
}

struct name ast_name(struct arena *a, struct str s, struct span at)
{
    struct shunt_hooks hooks = {arena_resize, a};
    char *out;
    size_t out_len;
    if (is_ascii(s)) return (struct name){s, at};
    if (shunt_text_nfc(s.p, s.len, &hooks, &out, &out_len) != SHUNT_OK) return (struct name){s, at};
    return (struct name){{out, out_len}, at};
}

static bool says_more(const struct rule_more *m)
{
    return span_said(m->description_key) || span_said(m->match_key) || span_said(m->active_key) ||
           span_said(m->require_key) || span_said(m->set_key) || span_said(m->add_key) ||
           span_said(m->raise_key) || span_said(m->continue_key);
}

const struct rule_more rule_more_nothing;
const struct rule_decl rule_decl_nothing = {.more = &rule_more_nothing};

static struct str cut_quotes(struct str text, uint32_t off, uint32_t len, bool quoted)
{
    return (struct str){text.p + off + quoted, len - 2 * (uint32_t)quoted};
}

struct step step_to(struct name target, struct span at)
{
    if (str_eq(target.s, S("unassigned"))) return (struct step){.kind = TARGET_UNASSIGNED, .at = at};
    return (struct step){.kind = TARGET_TEAM, .at = at, .target = target};
}

struct name rule_item_name(const struct item *item, struct str text)
{
    if (item->kind == ITEM_RULE) return item->u.rule->name;
    return (struct name){cut_quotes(text, item->key.off, item->key.len, item->u.brief.name_quoted),
                         item->key};
}

bool rule_item_to(const struct item *item, struct str text, struct name *to)
{
    const struct rule_brief *brief = &item->u.brief;
    if (item->kind != ITEM_RULE_BRIEF) return false;
    to->at = (struct span){item->at.file, brief->to_off, brief->to_len};
    to->s = cut_quotes(text, brief->to_off, brief->to_len, brief->to_quoted);
    return true;
}

const struct rule_decl *rule_open(const struct item *item, struct str text, struct rule_opened *room)
{
    const struct rule_brief *brief = &item->u.brief;
    uint32_t file = item->at.file;
    struct name to;
    if (!rule_item_to(item, text, &to)) return item->u.rule;
    room->step = step_to(to, to.at);
    room->when = (struct expr){.kind = EXPR_PLAIN,
                               .at = {file, brief->when_off, brief->when_len},
                               .text = {text.p + brief->when_off, brief->when_len},
                               .numbered = brief->numbered};
    room->decl = (struct rule_decl){.name = rule_item_name(item, text),
                                    .when_key = {file, brief->when_key, sizeof "when" - 1},
                                    .when = &room->when,
                                    .to_key = {file, brief->to_key, sizeof "to" - 1},
                                    .to = {&room->step, 1, 1},
                                    .more = &rule_more_nothing};
    return &room->decl;
}

void rule_keep(struct arena *a, const struct rule_said *said, struct rule_decl *out)
{
    *out = said->decl;
    out->more = &rule_more_nothing;
    if (!says_more(&said->more)) return;
    struct rule_more *more = arena_new_of(a, struct rule_more);
    *more = said->more;
    out->more = more;
}

struct expr *expr_copy(struct arena *a, const struct expr *e)
{
    struct expr *copy = arena_new_of(a, struct expr);
    *copy = *e;
    if (e->kind == EXPR_TEST) {
        copy->values.at = arena_array(a, struct value, e->values.count);
        for (uint32_t i = 0; i < e->values.count; i++) copy->values.at[i] = e->values.at[i];
    } else {
        copy->kids.at = arena_array(a, struct expr *, e->kids.count);
        for (uint32_t i = 0; i < e->kids.count; i++) copy->kids.at[i] = expr_copy(a, e->kids.at[i]);
    }
    return copy;
}
