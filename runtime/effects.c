/*
 * What rules do besides deciding (language.md 5.3): which of those that continue match the ticket, in their
 * order, and what they add up to.
 */
#include "effects.h"
#include "entry.h"
#include "signature.h"

/* ---- the rules that continue ---- */

static void mark_entry(struct shunt_ticket *k, const struct tf_entry *e)
{
    uint32_t key = le32(e->key), rule = key >> 1;
    if (sh_bit(k->cont, rule) || !facts_right(k->has, e) || (asks_code(key) && !code_holds(k, key))) return;
    sh_set_bit(k->cont, rule);
    sh_set_bit(k->cont_words, rule >> 6);
}

static void mark_bucket(struct shunt_ticket *k, const struct query *q, uint32_t bucket, uint32_t before)
{
    const struct shunt_table *t = k->t;
    uint32_t begin = le32(t->CONT_BUCKET[bucket]), count = le32(t->CONT_BUCKET[bucket + 1]) - begin;
    const struct tf_entry *entry = t->CONT_ENTRY + begin;
    for (uint32_t i = 0; i < count && le32(entry[i].key) >> 1 < before; i += SH_LANES) {
        struct sig sig = {t->CONT_SIG + (size_t)t->cont_sig_len * begin + i, count, count - i};
        for (uint32_t bits = passing_16(sig, q, false); bits; bits &= bits - 1) {
            const struct tf_entry *e = &entry[i + first_bit(bits)];
            if (le32(e->key) >> 1 < before) mark_entry(k, e);
        }
    }
}

static void mark_continuing(struct shunt_ticket *k, uint32_t before)
{
    struct found found;
    struct query q;
    query_plain(&k->front, &found, &q);
    mark_bucket(k, &q, k->t->ATOM_count, before);
    for (uint32_t n = 0; n < k->front.facts_count; n++) mark_bucket(k, &q, k->facts[n], before);
}

/* Takes the lowest bit out of the word. */
static uint32_t take_bit(uint64_t *word)
{
    uint32_t bit = (uint32_t)__builtin_ctzll(*word);
    *word &= *word - 1;
    return bit;
}

/* In the order of the rules; the marks are gone afterwards. */
static void apply_marked(struct shunt_ticket *k, struct sh_effects *effects)
{
    size_t words = sh_words(sh_words(k->t->RULE_count));
    for (size_t i = 0; i < words; i++) {
        while (k->cont_words[i]) {
            uint32_t word = (uint32_t)i << 6 | take_bit(&k->cont_words[i]);
            while (k->cont[word]) sh_apply(k, effects, word << 6 | take_bit(&k->cont[word]));
        }
    }
}

/* ---- effects ---- */

static void add_labels(struct shunt_ticket *k, struct sh_effects *effects, const struct tf_outcome *o)
{
    uint32_t label_first = le32(k->t->ATTR[TF_LABELS].atom_first);
    const le32_t *add = k->t->LIST + le32(o->add_first);
    for (uint32_t i = 0; i < le16(o->add_count); i++) {
        uint32_t label = le32(add[i]) - label_first;
        if (sh_bit(k->added, label)) continue;
        sh_set_bit(k->added, label);
        k->add[effects->add_count++] = label;
    }
}

static void require_skills(struct shunt_ticket *k, struct sh_effects *effects, const struct tf_outcome *o)
{
    const le32_t *require = k->t->LIST + le32(o->require_first);
    for (uint32_t i = 0; i < le16(o->require_count); i++) {
        uint32_t skill = le32(require[i]);
        if (sh_bit(k->required, skill)) continue;
        sh_set_bit(k->required, skill);
        k->require[effects->require_count++] = skill;
    }
}

static inline void apply(struct shunt_ticket *k, struct sh_effects *effects, const struct tf_outcome *o)
{
    if (o->set_priority) effects->set = o->set_priority;
    if (o->raise_priority > effects->raise) effects->raise = o->raise_priority;
    if (le16(o->add_count) > 0) add_labels(k, effects, o);
    if (le16(o->require_count) > 0) require_skills(k, effects, o);
}

void sh_apply(struct shunt_ticket *k, struct sh_effects *effects, uint32_t rule)
{
    apply(k, effects, sh_outcome(k->t, rule));
}

void sh_decide(struct shunt_ticket *k, uint32_t guard, struct sh_effects *effects, uint32_t rule,
               struct shunt_decision *decision)
{
    const struct tf_outcome *o = sh_outcome(k->t, rule);
    apply(k, effects, o);
    for (uint32_t i = 0; i < effects->add_count; i++) sh_clear_bit(k->added, k->add[i]);
    for (uint32_t i = 0; i < effects->require_count; i++) sh_clear_bit(k->required, k->require[i]);
    sh_plain_decision(k, guard, o, rule, decision);
    if (effects->set) decision->priority = effects->set - 1;
    if (effects->raise && effects->raise - 1 > decision->priority) decision->priority = effects->raise - 1;
    decision->add_count = effects->add_count;
    decision->require_count = effects->require_count;
}

void sh_finish_effects(struct shunt_ticket *k, uint32_t guard, uint32_t rule, struct shunt_decision *decision)
{
    struct sh_effects effects = {0, 0, 0, 0};
    if (k->t->CONT_ENTRY_count > 0) {
        if (k->batch) sh_put_back(k);
        mark_continuing(k, rule);
        apply_marked(k, &effects);
    }
    sh_decide(k, guard, &effects, rule, decision);
}
