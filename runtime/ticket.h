/*
 * A ticket as matching sees it: the atoms that hold for it (its facts), its values, and room to work in.
 *
 * One block, made once for a table, holds everything whose size the table gives; nothing in it is cleared as
 * a whole between tickets. What a ticket carries is listed, and taking it back costs what was carried.
 */
#ifndef SHUNT_RUNTIME_TICKET_H
#define SHUNT_RUNTIME_TICKET_H

#include "table.h"
#include "text.h"

/* Of one attribute. */
struct sh_value {
    double number;
    uint32_t place; /* of a channel, a listed value, the priority; 1 of a true bool; of a set: how many
                       members, those that no condition names as often as they were said */
    bool carried;   /* of a set: not empty */
};

struct shunt_ticket {
    const struct shunt_table *t;
    struct shunt_hooks hooks;
    size_t block_len;

    int64_t at_sec;
    uint32_t at_generation; /* moves with at_sec: what a memo was made for */
    bool have_day;          /* day is known */
    int32_t day;            /* the arrival's date in the policy's zone */

    uint32_t facts_count;
    uint32_t carried_count;
    uint64_t fact_bits;      /* the signature bits of all facts: tf_sig_atom() */
    uint64_t *has;           /* by atom: a bit where it is a fact */
    uint32_t *facts;         /* the facts, in the order they came */
    struct sh_value *values; /* by attribute */
    uint32_t *carried;       /* attributes that were set */
    uint32_t *hours_memo;    /* by hours: generation << 1 | open */
    uint32_t *window_memo;   /* by window set, the same */

    uint64_t *cont;             /* continue rules that match: a bit for each rule; zero between matches */
    uint64_t *cont_words;       /* a bit for each word of cont that is not zero */
    uint32_t *add;              /* labels */
    uint32_t *require;          /* skills */
    uint64_t *added, *required; /* a bit for each label and skill in the lists; zero between matches */

    struct sh_room room; /* grows by the hooks */
    char *name;          /* a name's NFC; the same */
    size_t name_len, name_cap;

    bool records; /* what is said is kept as bytes too: record.h */
    uint8_t *record;
    size_t record_len, record_cap;
};

static inline bool sh_bit(const uint64_t *bits, uint32_t i)
{
    return bits[i >> 6] >> (i & 63) & 1;
}
static inline void sh_set_bit(uint64_t *bits, uint32_t i)
{
    bits[i >> 6] |= UINT64_C(1) << (i & 63);
}
static inline void sh_clear_bit(uint64_t *bits, uint32_t i)
{
    bits[i >> 6] &= ~(UINT64_C(1) << (i & 63));
}
static inline size_t sh_words(size_t bits)
{
    return (bits + 63) / 64;
}

/* The atom holds for the ticket. */
static inline void sh_add_fact(struct shunt_ticket *k, uint32_t atom)
{
    if (sh_bit(k->has, atom)) return;
    sh_set_bit(k->has, atom);
    k->facts[k->facts_count++] = atom;
    k->fact_bits |= tf_sig_atom(atom);
}

/* ---- texts: automaton.c ---- */

/* Where the automaton stands in a text. */
struct sh_ac {
    struct shunt_ticket *ticket;
    const struct tf_ac_state *states; /* of the automaton */
    const uint32_t *contains;         /* the same part of ac_contains */
    const uint64_t *first;            /* bytes that leave the root */
    uint32_t state;
    bool on_path; /* all of the text so far is the way from the root to the state */
};
void sh_ac_begin(struct sh_ac *s, struct shunt_ticket *ticket, uint32_t automaton);
void sh_ac_feed(void *s, const char *folded, size_t len); /* a sh_sink */
void sh_ac_end(struct sh_ac *s);

/* ---- conditions: eval.c ---- */

/* Whether the condition at an offset in CODE holds for the ticket. */
bool sh_holds(struct shunt_ticket *k, uint32_t code_off);

/* ---- effects: match.c ---- */

/* What rules add up to, while they are taken in order (language.md 5.3). */
struct sh_effects {
    uint32_t set, raise; /* 0 none, else 1 low .. 4 urgent */
    uint32_t add_count, require_count;
};
void sh_apply(struct shunt_ticket *k, struct sh_effects *effects, uint32_t rule);
/* The decision that they and the deciding rule make; the deciding rule's own effects last. */
void sh_decide(struct shunt_ticket *k, struct sh_effects *effects, uint32_t rule,
               struct shunt_decision *decision);

/* The last rule: otherwise. */
static inline uint32_t sh_otherwise(const struct shunt_table *t)
{
    return t->RULE_count - 1;
}
static inline const struct tf_outcome *sh_outcome(const struct shunt_table *t, uint32_t rule)
{
    return &t->OUTCOME[le32(t->RULE[rule].outcome)];
}

#endif
