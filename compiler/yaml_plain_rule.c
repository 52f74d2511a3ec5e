/*
 * Plain rules of YAML: a name, a plain condition (cond_plain.c) and one team, each a text that the source
 * spells as it is, and nothing else. From texts to declarations, past nodes and rows (yaml_rules.c), which
 * give the same.
 */
#include "yaml_brief.h"
#include "yaml_shape.h"

#include <string.h>

/* A key with its value, as the nodes they would be; value.kind YAML_LIST: not said. */
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

static void add_step(struct shape *p, const struct yaml_node *value, struct rule_decl *rule)
{
    vec_room(p->a, &rule->to, 1);
    struct step *step = vec_push(p->a, &rule->to);
    step->at = yaml_span(p->t, value);
    yaml_read_step_name(p, value, step);
}

void yaml_begin_taken(struct shape *p, const struct yaml_tree *t)
{
    enum { RULE_LEN_MIN = 64 }; /* nearly: room that is not used costs nothing */
    p->t = t;
    if (!p->f->items.cap) vec_reserve(p->a, &p->f->items, (uint32_t)t->text.len / RULE_LEN_MIN + 1);
}

bool yaml_take_plain_rule(void *ctx, const struct yaml_tree *t, struct span at,
                          const struct yaml_brief *texts, uint32_t pairs)
{
    struct shape *p = ctx;
    struct said rule, when, to;
    rule.key.len = when.key.len = to.key.len = 0;
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
    struct expr *cond = yaml_plain_condition(p, &when.value);
    if (!cond) return false;
    struct rule_decl *decl = arena_new_of(p->a, struct rule_decl);
    *decl =
        (struct rule_decl){.when_key = when.key, .when = cond, .to_key = to.key, .more = &rule_more_nothing};
    yaml_name(p, &rule.value, &decl->name);
    add_step(p, &to.value, decl);
    yaml_item_add(p, ITEM_RULE, at, decl->name.at)->u.rule = decl;
    return true;
}
