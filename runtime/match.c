/*
 * A ticket to its decision (language.md 5), through the index.
 *
 * Every term of every condition is filed under an atom it requires (or with those that require none), by
 * rule. So only the lists of the ticket's own facts can hold a rule that matches; each list is read until it
 * comes to a rule that could no longer win. An entry's signature turns most of them away; what passes is
 * decided by the rule's code, exactly. The answer is the one the plain scan gives (scan.c): the tests hold
 * them against each other.
 */
#include "ticket.h"

/* One of the two indexes, and what it is asked. */
struct index {
    const le32_t *bucket;
    const le64_t *sig;
    const le32_t *rule;
    uint64_t query;
};

static uint64_t query_of(const struct shunt_ticket *k)
{
    const struct sh_value *channel = &k->values[TF_CHANNEL];
    unsigned bit = channel->carried ? TF_SIG_CHANNEL_SHIFT + channel->place % TF_SIG_CHANNEL_CLASSES
                                    : TF_SIG_NO_CHANNEL_BIT;
    uint64_t all_atoms = ((UINT64_C(1) << TF_SIG_ATOM_BITS) - 1) << TF_SIG_ATOM_SHIFT;
    return UINT64_C(1) << (TF_SIG_PRIORITY_SHIFT + k->values[TF_PRIORITY].place) | UINT64_C(1) << bit |
           (~k->fact_bits & all_atoms);
}

/* ---- the deciding rule ---- */

/* The first rule before `best` in the bucket that holds, or `best`. */
static uint32_t first_in_bucket(struct shunt_ticket *k, const struct index *x, uint32_t bucket, uint32_t best)
{
    uint32_t end = le32(x->bucket[bucket + 1]);
    for (uint32_t i = le32(x->bucket[bucket]); i < end; i++) {
        uint32_t rule = le32(x->rule[i]);
        if (rule >= best) break;
        if (le64(x->sig[i]) & x->query) continue;
        if (sh_holds(k, le32(k->t->RULE[rule].code))) return rule;
    }
    return best;
}

static uint32_t deciding_rule(struct shunt_ticket *k, uint64_t query)
{
    const struct shunt_table *t = k->t;
    struct index x = {t->INDEX_BUCKET, t->INDEX_SIG, t->INDEX_RULE, query};
    uint32_t best = first_in_bucket(k, &x, t->ATOM_count, sh_otherwise(t));
    for (uint32_t i = 0; i < k->facts_count; i++) best = first_in_bucket(k, &x, k->facts[i], best);
    return best;
}

/* ---- the rules that continue ---- */

static void mark_bucket(struct shunt_ticket *k, const struct index *x, uint32_t bucket, uint32_t before)
{
    uint32_t end = le32(x->bucket[bucket + 1]);
    for (uint32_t i = le32(x->bucket[bucket]); i < end; i++) {
        uint32_t rule = le32(x->rule[i]);
        if (rule >= before) return;
        if (le64(x->sig[i]) & x->query) continue;
        if (sh_bit(k->cont, rule) || !sh_holds(k, le32(k->t->RULE[rule].code))) continue;
        sh_set_bit(k->cont, rule);
        sh_set_bit(k->cont_words, rule >> 6);
    }
}

static void mark_continuing(struct shunt_ticket *k, uint64_t query, uint32_t before)
{
    const struct shunt_table *t = k->t;
    struct index x = {t->CONT_BUCKET, t->CONT_SIG, t->CONT_RULE, query};
    mark_bucket(k, &x, t->ATOM_count, before);
    for (uint32_t i = 0; i < k->facts_count; i++) mark_bucket(k, &x, k->facts[i], before);
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

void sh_apply(struct shunt_ticket *k, struct sh_effects *effects, uint32_t rule)
{
    const struct tf_outcome *o = sh_outcome(k->t, rule);
    if (o->set_priority) effects->set = o->set_priority;
    if (o->raise_priority > effects->raise) effects->raise = o->raise_priority;
    uint32_t label_first = le32(k->t->ATTR[TF_LABELS].atom_first);
    const le32_t *add = k->t->LIST + le32(o->add_first), *require = k->t->LIST + le32(o->require_first);
    for (uint32_t i = 0; i < le16(o->add_count); i++) {
        uint32_t label = le32(add[i]) - label_first;
        if (sh_bit(k->added, label)) continue;
        sh_set_bit(k->added, label);
        k->add[effects->add_count++] = label;
    }
    for (uint32_t i = 0; i < le16(o->require_count); i++) {
        uint32_t skill = le32(require[i]);
        if (sh_bit(k->required, skill)) continue;
        sh_set_bit(k->required, skill);
        k->require[effects->require_count++] = skill;
    }
}

void sh_decide(struct shunt_ticket *k, struct sh_effects *effects, uint32_t rule,
               struct shunt_decision *decision)
{
    sh_apply(k, effects, rule);
    for (uint32_t i = 0; i < effects->add_count; i++) sh_clear_bit(k->added, k->add[i]);
    for (uint32_t i = 0; i < effects->require_count; i++) sh_clear_bit(k->required, k->require[i]);
    uint32_t priority = effects->set ? effects->set - 1 : k->values[TF_PRIORITY].place;
    if (effects->raise && effects->raise - 1 > priority) priority = effects->raise - 1;
    *decision = (struct shunt_decision){
        .rule = rule,
        .step_count = le16(sh_outcome(k->t, rule)->step_count),
        .priority = priority,
        .add = k->add,
        .add_count = effects->add_count,
        .require = k->require,
        .require_count = effects->require_count,
    };
}

void shunt_match(struct shunt_ticket *ticket, struct shunt_decision *decision)
{
    struct sh_effects effects = {0, 0, 0, 0};
    uint64_t query = query_of(ticket);
    uint32_t rule = deciding_rule(ticket, query);
    if (ticket->t->CONT_RULE_count > 0) {
        mark_continuing(ticket, query, rule);
        apply_marked(ticket, &effects);
    }
    sh_decide(ticket, &effects, rule, decision);
}

struct shunt_step shunt_decision_step(const struct shunt_table *table, const struct shunt_decision *decision,
                                      uint32_t step)
{
    const struct tf_step *s = &table->STEP[le32(sh_outcome(table, decision->rule)->step_first) + step];
    return (struct shunt_step){(enum shunt_target)s->kind, le32(s->target), le32(s->after_sec),
                               le32(s->of_hours)};
}
