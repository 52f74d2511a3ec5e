/*
 * Plain rules of YAML: a name, a plain condition (cond_plain.c) and one team, each a text that the source
 * spells as it is, and nothing else. From texts to declarations, past nodes and rows (yaml_rules.c), which
 * give the same.
 */
#include "plain.h"
#include "yaml_brief.h"
#include "yaml_shape.h"

#include <string.h>

/* A key with its value, as the node it would be; an empty key: not said. */
struct said {
    struct span key;
    struct yaml_node value;
};

static struct str text_of(const struct yaml_tree *t, const struct yaml_brief *e)
{
    uint32_t quote = e->style == YAML_SINGLE || e->style == YAML_DOUBLE;
    return (struct str){t->text.p + e->from + quote, e->to - e->from - 2 * quote};
}

/* False where it was said before, or is nothing. */
static bool say(const struct yaml_tree *t, const struct yaml_brief *pair, struct said *said)
{
    if (span_said(said->key)) return false;
    said->key = (struct span){t->file, pair[0].from, pair[0].to - pair[0].from};
    said->value = (struct yaml_node){.kind = YAML_TEXT,
                                     .style = pair[1].style,
                                     .off = pair[1].from,
                                     .len = pair[1].to - pair[1].from,
                                     .u.text = text_of(t, &pair[1])};
    return !yaml_is_null(&said->value);
}

void yaml_begin_taken(struct shape *p, const struct yaml_tree *t)
{
    enum { RULE_LEN_MIN = 64 }; /* nearly: room that is not used costs nothing */
    p->t = t;
    if (!p->f->items.cap) vec_reserve(p->a, &p->f->items, (uint32_t)t->text.len / RULE_LEN_MIN + 1);
}

/* Whether the name is as the source spells it, and all of its key is. */
static bool is_as_it_stands(const struct shape *p, const struct said *said, struct str key)
{
    struct str s = said->value.u.text;
    return said->key.len == key.len && ast_name(p->d->a, s, said->key).s.p == s.p;
}

static bool is_quoted(const struct yaml_node *value)
{
    return value->style != YAML_PLAIN;
}

static bool add_rule(struct shape *p, struct span at, const struct said *rule, const struct said *when,
                     const struct said *to)
{
    struct plain_cond c;
    struct str s = when->value.u.text;
    if (!is_as_it_stands(p, rule, S("rule")) || !is_as_it_stands(p, to, S("to")) || when->key.len != 4)
        return false;
    if (to->value.len >> 30 || !s.len || !plain_read(&c, s) || c.len != s.len) return false;
    struct span cond_at = yaml_inner_span(p->t, &when->value);
    struct item *item = yaml_item_add(p, ITEM_RULE_BRIEF, at, yaml_span(p->t, &rule->value));
    item->u.brief = (struct rule_brief){.numbered = plain_numbered(p->numbering, &c, cond_at),
                                        .when_key = when->key.off,
                                        .when_off = cond_at.off,
                                        .when_len = cond_at.len,
                                        .to_key = to->key.off,
                                        .to_off = to->value.off,
                                        .to_len = to->value.len & (UINT32_MAX >> 2),
                                        .to_quoted = is_quoted(&to->value),
                                        .name_quoted = is_quoted(&rule->value)};
    return true;
}

bool yaml_take_plain_rule(void *ctx, const struct yaml_tree *t, struct span at,
                          const struct yaml_brief *texts, uint32_t pairs)
{
    struct shape *p = ctx;
    struct said rule = {0}, when = {0}, to = {0};
    if (pairs != 3) return false;
    for (uint32_t i = 0; i < pairs; i++) {
        const struct yaml_brief *pair = &texts[2 * i];
        struct str key = text_of(t, pair);
        struct said *said = str_eq(key, S("rule"))   ? &rule
                            : str_eq(key, S("when")) ? &when
                            : str_eq(key, S("to"))   ? &to
                                                     : NULL;
        if (!said || !say(t, pair, said)) return false;
    }
    yaml_begin_taken(p, t);
    return p->numbering && add_rule(p, at, &rule, &when, &to);
}
