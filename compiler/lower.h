/*
 * Inside lowering: what lower.c, lower_*.c, automaton.c, terms.c and emit.c share. Nobody else includes it.
 *
 * A table under construction is one growable array for each section, named as in format.h. Every record goes
 * in by a fixed walk of the model; equal strings, runs and records go in once, under the index of the first.
 * So the bytes depend on the model alone: never on an address, on the order of a hash, or on how the policy
 * was spelled.
 */
#ifndef SHUNT_COMPILER_LOWER_H
#define SHUNT_COMPILER_LOWER_H

#include "compile.h"

#define X(id, name, type) typedef VEC(type) vec_##name;
TF_SECTIONS(X)
#undef X

struct parts {
#define X(id, name, type) vec_##name name;
    TF_SECTIONS(X)
#undef X
};

/* A text pattern, once for each attribute, kind and folded text. */
struct pattern {
    uint32_t attr;
    enum tf_atom_kind kind;
    uint32_t text_id, atom;
    struct str text; /* the model's: folded */
    uint32_t id; /* its place in `patterns`, which sorting leaves alone */
};

/* What stands in a section already, by its hash. Holds no bytes: whoever asks compares with what is there. A
 * place takes 8 bytes, where a strmap has 24 and a copy of the key: of 100,000 names and conditions that is 2
 * MB instead of 16, and it is the cache that is waited for. */
struct seen {
    struct seen_slot *slots; /* open addressing, at most four fifths full */
    struct hash_key key;
    uint32_t count, cap;     /* cap is 0 or a power of two */
};

/* Places of one kind as they come, ascending by index, in pieces: they are written once and read once, so
 * nothing is gained by having them in one. */
struct raw_span {
    uint32_t index;
    struct span at;
};
struct raw_spans {
    struct raw_piece *first, *last;
    uint32_t count;
};
enum { SPAN_KINDS = TF_S_RULE_WHEN + 1 };

struct lowering {
    struct arena *a;
    struct compilation *c;
    const struct model *m;
    uint32_t state_max; /* of an automaton */
    uint32_t errors_before;
    struct parts parts;
    struct seen strings, codes, pattern_ids;
    /* what else is there already: bytes -> index of the first record */
    struct strmap lists, steps, outcomes, intervals, days, weeks, seasons, specials, windows, window_sets,
        by_channels;
    VEC(struct pattern) patterns;
    uint32_t *date_sets;   /* of each date set of the model: its WINDOW_SET */
    uint32_t *holiday_sets; /* the same of each calendar file's holidays */
    uint32_t *to_team;     /* by team: 1 + the OUTCOME that leads there and does nothing else; 0: none yet */
    struct writer *writer; /* lower_code.c's room to work in */
    struct raw_spans spans[SPAN_KINDS];
};

/* ---- lower_parts.c: strings, runs, records ---- */

/* Room for so many in an empty one. */
void lower_seen_reserve(struct arena *a, struct seen *seen, uint32_t count);
/* What lower_seen() goes by; begins to fetch the place where it will look. */
uint32_t lower_seen_hash(const struct seen *seen, struct str bytes);
/* Keeps `at` for the bytes unless they were seen; what is kept for them afterwards. same: whether those bytes
 * stand at a place that was kept. */
typedef bool seen_same(const struct lowering *l, uint32_t at, struct str bytes);
uint32_t lower_seen(struct lowering *l, struct seen *seen, uint32_t hash, struct str bytes, uint32_t at,
                    seen_same *same);
/* So many strings or conditions are looked up at once, for each look waits for memory: of 200,000 of them,
 * 160 ns one by one, 40 together. */
enum { LOWER_TOGETHER = 16 };
/* The indexes of so many strings, LOWER_TOGETHER at most, as lower_string() gives each. */
void lower_strings(struct lowering *l, const struct str *s, uint32_t count, uint32_t *indexes);
/* The index of the string; TF_NONE where s.p is NULL. */
uint32_t lower_string(struct lowering *l, struct str s);
/* Appends count items to vec (a VEC of items of item_len) unless an equal run came in by `seen` before; its
 * first index, 0 for an empty run. */
uint32_t lower_run(struct lowering *l, struct strmap *seen, void *vec, size_t item_len, const void *items,
                   uint32_t count);
/* A LIST: each id plus `base`. */
uint32_t lower_list(struct lowering *l, const ids *list, uint32_t base);
/* The values as tf_by_channel, and `other`. */
struct tf_channel_map lower_channel_map(struct lowering *l, const struct tf_by_channel *some, uint32_t count,
                                        uint32_t other);
/* lower_spans.c: remembers where something stands, unless it stands nowhere or the table is to be stripped.
 */
void lower_span(struct lowering *l, enum tf_span_kind kind, uint32_t index, struct span at);

/* lower.c: all of lowering with another limit than TF_AC_STATES_MAX, so that a test can meet it. */
struct str lower_within(struct compilation *c, uint32_t state_max);

/* ---- the parts, in the order of the walk ---- */

void lower_policy(struct lowering *l); /* lower.c */
void lower_patterns(
    struct lowering *l);              /* lower_patterns.c: every text pattern and number of every condition */
void lower_attrs(struct lowering *l); /* lower_attrs.c: ATTR, ATOM, ATOM_HASH */
void lower_zones(struct lowering *l); /* lower_hours.c: ZONE… */
void lower_hours(struct lowering *l); /*   WINDOW_SET with l->date_sets, HOURS… */
void lower_people(struct lowering *l);   /* lower_people.c: SKILL, AGENT, TEAM */
void lower_rules(struct lowering *l);    /* lower_rules.c: RULE, OUTCOME, PROMISE, DESCRIPTION, CODE */
void lower_automata(struct lowering *l); /* automaton.c: AC_… */
void lower_index(struct lowering *l);    /* lower_index.c: INDEX_…, CONT_… */
void lower_files(struct lowering *l);    /* lower_files.c: SOURCE_FILE, SOURCE_DIGEST */

/* ---- shared pieces ---- */

/* lower_patterns.c: the atom of a text test's pattern, which lower_patterns() has seen. */
uint32_t lower_pattern_atom(struct lowering *l, uint32_t attr, enum tf_atom_kind kind, uint32_t text);
/* lower_patterns.c: the index of a number in NUMBER. */
uint32_t lower_number(const struct lowering *l, double number);
/* lower_code.c: the offsets in CODE of so many conditions, LOWER_TOGETHER at most; NULL stands for true. */
void lower_codes(struct lowering *l, const struct cond *const *conds, uint32_t count, uint32_t *offs);
uint32_t lower_code(struct lowering *l, const struct cond *cond);

/* automaton.c: adds an automaton for the patterns, which ascend by text, kind and are each once. False, and
 * nothing added, where it would have more than state_max states. */
struct ac_pattern {
    struct str text;
    enum tf_atom_kind kind;
    uint32_t atom;
};
bool automaton_add(struct arena *a, struct parts *parts, uint32_t attr, const struct ac_pattern *patterns,
                   uint32_t count, uint32_t state_max);

/* terms.c, terms_leaf.c: a condition's disjunctive form, with a cap. */
struct term {
    uint16_t channels;               /* classes admitted: bit (channel % 11), bit 11: none */
    uint8_t priorities;              /* admitted */
    bool exact;                      /* it says all: where it holds, the condition does */
    uint32_t channel;                /* the only channel admitted; TF_NONE: not known to be one */
    uint32_t never;                  /* a fact that is forbidden; TF_NONE */
    uint32_t atom_first, atom_count; /* facts that are required (TABLE-FORMAT 8): in atoms, ascending */
};
enum {
    TERM_CHANNELS_ALL = (1 << (TF_GUARD_CHANNEL_CLASSES + 1)) - 1,
    TERM_PRIORITIES_ALL = 15,
    /* `(a or b) and (c or d) and …` makes every combination: so many at the most, then alternatives are
       merged. */
    TERMS_MAX = 64,
    /* The same where an atom is required already: more terms would only sharpen signatures. */
    TERMS_MAX_FILED = 8,
    /* Of more required atoms the smallest stay, so that `has all (…)` of thousands costs what it says, no
       more. */
    TERM_ATOMS_MAX = 64
};
struct terms {
    struct arena *a;
    const struct parts *parts;
    struct tf_facts facts;
    uint32_t *bounds_of;   /* by attribute: the first fact of its bounds; 0: none */
    uint32_t *single_of;   /* of each fact: 1 + its attribute where a ticket has one value at most, else 0 */
    VEC(struct term) list; /* a stack: each node's terms on top */
    VEC(uint32_t) atoms;   /* theirs */
    VEC(uint32_t) begins;  /* where the terms of each child begin; a stack */
};
void terms_init(struct terms *t, struct arena *a, const struct parts *parts);
/* The terms of the condition at code_off into t->list, in place of those before. None: it never holds. */
void terms_of(struct terms *t, uint32_t code_off);

/* lower_spans.c: how many records SPAN has, which is no part: they are the most of the table, and are made
 * where they stand in the file. */
uint32_t lower_span_count(const struct lowering *l);
void lower_write_spans(struct lowering *l, struct tf_span *to);

/* emit.c: the file's bytes, in `a`. Ends the parts, each when it is in the file. */
struct str emit_table(struct arena *a, struct lowering *l, uint32_t flags);

#endif
