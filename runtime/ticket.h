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
                       members, those that no condition names as often as they were said; of a number: how
                       many of its facts are true, which stand in front */
    bool carried;   /* of a set: not empty */
};

/* A bucket of the index of rules that decide. */
struct sh_bucket {
    uint32_t first, count; /* entries */
};
static inline struct sh_bucket sh_bucket(const struct shunt_table *t, uint32_t i)
{
    uint32_t first = le32(t->INDEX_BUCKET[i]);
    return (struct sh_bucket){first, le32(t->INDEX_BUCKET[i + 1]) - first};
}

/* Hashes of facts are compared one by one up to so many. */
enum { SH_HASHES = 16, SH_HASHES_WORD = 8 };

/* The same hashes as a set. As bytes (of a processor whose words begin with the lowest) it has two halves, by
 * a hash's highest bit; in each the byte is found by its low four bits, as vectors are shuffled, and the bit
 * there by the three between. 0 is always in it. */
enum { SH_SET_WORDS = 4 };

/* What signatures are compared with: all that is asked of a ticket before its facts are. */
struct sh_front {
    uint32_t bucket_count;
    uint32_t guard; /* the bits of its priority and its channel: format.h */
    uint32_t facts_count;
    uint32_t held;                   /* of a ticket of a batch: batch.h */
    uint64_t hash_set[SH_SET_WORDS]; /* of facts */
    /* tf_sig_hash() of facts, from the lowest byte on, in their order; behind them 0. Of no use where they
     * are more. In words, for bytes that were written one by one are waited for when they are read as
     * sixteen. */
    uint64_t hashes[SH_HASHES / SH_HASHES_WORD];
    uint64_t second_set[SH_SET_WORDS]; /* the same of second hashes, where the index has them */
};

/* What matching reads stands last, side by side: of many tickets that are kept it is in no cache. */
struct shunt_ticket {
    struct sh_value *values;    /* by attribute */
    uint64_t *added, *required; /* a bit for each label and skill in the lists; zero between matches */
    uint64_t *cont;             /* continue rules that match: a bit for each rule; zero between matches */
    uint64_t *cont_words;       /* a bit for each word of cont that is not zero */

    uint32_t unfiled_count; /* 1 where the last bucket is not empty: `buckets` begins with it */
    uint32_t carried_count;
    uint32_t *facts;   /* atoms, in the order they came; a channel only where entries are filed under one or
                          ask for it */
    uint32_t *carried; /* attributes that were set */

    int64_t at_sec;
    int64_t memo_sec;         /* the time that what follows is remembered of */
    uint32_t memo_generation; /* its number */
    bool have_day;            /* day is known */
    int32_t day;              /* the arrival's date in the policy's zone */
    uint32_t *hours_memo;     /* by hours: generation << 1 | open */
    uint32_t *window_memo;    /* by window set, the same */
    uint32_t *ruled_out;      /* facts of hours and dates that are known not to be true */
    uint32_t ruled_out_count, bounded_count;
    uint32_t *bounded; /* numbers of which facts are true */

    struct sh_room room; /* grows by the hooks */
    char *name;          /* a name's NFC; the same */
    size_t name_len, name_cap;

    bool records; /* what is said is kept as bytes too: record.h */
    uint8_t *record;
    size_t record_len, record_cap;

    struct shunt_hooks hooks;
    void *block; /* that all of it stands in: values and `has` before the ticket, the rest behind it */
    size_t block_len;

    const struct shunt_batch
        *batch; /* that this matches a ticket of, which it has the facts of alone; or NULL */
    size_t batch_at;
    uintptr_t fetched; /* the place of the struct sh_front whose signatures were fetched; it may be gone */

    uint32_t *add;     /* labels */
    uint32_t *require; /* skills */
    const struct shunt_table *t;
    uint64_t *has; /* by fact (TABLE-FORMAT 8): a bit where it is true; of hours and dates where it may be */
    struct sh_front front;
    /* That are not empty: the last, of entries that require no atom; those of facts. Where they begin need
     * not be read: of a ticket that is in no cache, that would be waited for first. */
    struct sh_bucket buckets[];
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

/* Of a ticket that carries nothing. */
static inline uint32_t sh_guard_of_nothing(void)
{
    return tf_guard_priority(SHUNT_PRIORITY_NORMAL) | TF_GUARD_NO_CHANNEL;
}

/* As values[TF_PRIORITY] says, but from what matching reads anyway. */
static inline uint32_t sh_priority(uint32_t guard)
{
    return (uint32_t)__builtin_ctz(guard >> TF_GUARD_PRIORITY_SHIFT);
}

/* Where the set has a hash: the word, and the bit in it. */
static inline uint32_t sh_set_word(uint32_t hash)
{
    return (hash >> 6 & 2) | (hash >> 3 & 1);
}
static inline uint64_t sh_set_bit_of(uint32_t hash)
{
    return UINT64_C(1) << ((hash & 7) << 3 | (hash >> 4 & 7));
}

/* No facts. */
static inline void sh_forget_hashes(struct shunt_ticket *k)
{
    memset(k->front.hash_set, 0, sizeof k->front.hash_set);
    k->front.hash_set[0] = 1;
    memset(k->front.hashes, 0, sizeof k->front.hashes);
    if (k->t->index_kind == SH_SECOND) {
        memset(k->front.second_set, 0, sizeof k->front.second_set);
        k->front.second_set[0] = 1;
    }
    k->front.facts_count = 0;
    k->front.bucket_count = k->unfiled_count;
}

static inline void sh_push_fact(struct shunt_ticket *k, uint32_t atom)
{
    struct sh_bucket bucket = sh_bucket(k->t, atom);
    k->buckets[k->front.bucket_count] = bucket;
    k->front.bucket_count += bucket.count > 0;
    uint8_t h = tf_sig_hash(atom);
    k->front.hash_set[sh_set_word(h)] |= sh_set_bit_of(h);
    if (k->t->index_kind == SH_SECOND) sh_set_bit(k->front.second_set, tf_second_place(atom));
    uint32_t i = k->front.facts_count++;
    k->front.hashes[i % SH_HASHES / SH_HASHES_WORD] |= (uint64_t)h << i % SH_HASHES_WORD * 8;
    k->facts[i] = atom;
}

/* The atom holds for the ticket. */
static inline void sh_add_fact(struct shunt_ticket *k, uint32_t atom)
{
    if (sh_bit(k->has, atom)) return;
    sh_set_bit(k->has, atom);
    sh_push_fact(k, atom);
}

/* The attribute's value, which the caller sets: it is carried from now on. */
static inline struct sh_value *sh_carry(struct shunt_ticket *k, uint32_t attr)
{
    struct sh_value *v = &k->values[attr];
    if (!v->carried && attr != TF_PRIORITY) {
        v->carried = true;
        k->carried[k->carried_count++] = attr;
        sh_set_bit(k->has, tf_fact_exists(k->t->ATOM_count, attr));
    }
    return v;
}

/* The number has facts (attr_bounds), is carried, and no bit of them is set. Words in a loop: most are a few,
 * for which a call takes longer. */
static inline void sh_hold_bounds(struct shunt_ticket *k, uint32_t attr)
{
    uint64_t *word = k->has + k->t->attr_bounds[attr] / TF_FACT_WORD;
    uint32_t count = k->values[attr].place;
    for (; count >= TF_FACT_WORD; count -= TF_FACT_WORD) *word++ = UINT64_MAX;
    *word = (UINT64_C(1) << count) - 1;
}

/* The same where it was not carried before. */
static inline void sh_add_bounds(struct shunt_ticket *k, uint32_t attr)
{
    k->bounded[k->bounded_count++] = attr;
    sh_hold_bounds(k, attr);
}

/* The attribute was not carried. */
static inline void sh_add_channel(struct shunt_ticket *k, uint32_t channel)
{
    sh_set_bit(k->has, channel);
    if (k->t->files_channels) sh_push_fact(k, channel);
    k->front.guard ^= tf_guard_channel(channel) ^ TF_GUARD_NO_CHANNEL;
}

/* ---- texts: automaton.c ---- */

/* Where the automaton stands in a text. */
struct sh_ac {
    struct shunt_ticket *ticket;
    const struct tf_ac_state *links;  /* of the automaton */
    const struct sh_ac_state *states; /* the same ones */
    const uint8_t *kinds;             /* and those bits of theirs */
    const uint8_t *bytes;             /* its edges */
    const uint16_t *root;             /* by byte: where it leads from the root */
    uint32_t state;
    bool on_path; /* all of the text so far is the way from the root to the state */
};
void sh_ac_begin(struct sh_ac *s, struct shunt_ticket *ticket, uint32_t automaton);
void sh_ac_feed(void *s, const char *folded, size_t len); /* a sh_sink */
void sh_ac_end(struct sh_ac *s);

/* ---- times ---- */

/* What is remembered is of at_sec from now on. */
void sh_remember_anew(struct shunt_ticket *k);

/* Of hours and dates is true what may be. A fact of theirs is none of this time. */
static inline void sh_rule_out(struct shunt_ticket *k, uint32_t fact)
{
    if (!sh_bit(k->has, fact)) return;
    sh_clear_bit(k->has, fact);
    k->ruled_out[k->ruled_out_count++] = fact;
}

/* The number of at_sec. Most tickets are asked for no hours: so a time gets one when it is asked for. */
static inline uint32_t sh_generation(struct shunt_ticket *k)
{
    if (k->memo_sec != k->at_sec) sh_remember_anew(k);
    return k->memo_generation;
}

/* ---- batches: batch.c ---- */

/* The rest of the ticket of a batch that it has the facts of. */
void sh_put_back(struct shunt_ticket *k);

/* ---- conditions: eval.c ---- */

/* Whether the condition at an offset in CODE holds for the ticket. */
bool sh_holds(struct shunt_ticket *k, uint32_t code_off);

/* The last rule: otherwise. */
static inline uint32_t sh_otherwise(const struct shunt_table *t)
{
    return t->RULE_count - 1;
}
static inline const struct tf_outcome *sh_outcome(const struct shunt_table *t, uint32_t rule)
{
    return &t->OUTCOME[le32(t->RULE[rule].outcome)];
}

/* How many entries of the index matching the ticket looks at, at the most. */
uint64_t sh_entries(const struct shunt_ticket *k);

#endif
