/*
 * All possible tickets, as variables: what one or two open tables tell apart about a ticket, and their
 * conditions as gates over it (docs/proof.md).
 *
 * A *dimension* is an attribute, joined by name over the tables. What is not mentioned in a condition has no
 * variable. Which variables go together (the axioms) is known to ask.c, which says it to the solver for those
 * that a question mentions. Everything lives in one arena; a space belongs to one thread.
 */
#ifndef SHUNT_PROOF_SPACE_H
#define SHUNT_PROOF_SPACE_H

#include "../table_view.h"
#include "../../runtime/shunt.h"
#include "gates.h"
#include "texts.h"
#include "times.h"

enum dim_kind {
    DIM_ONE_OF, /* channel, priority, a listed field: one of `values`, or (but priority) not carried */
    DIM_SET,
    DIM_TEXT,
    DIM_NUMBER,
    DIM_BOOL
};
/* What a variable says; `index` beside it. */
enum var_kind {
    VAR_FROM,    /* ONE_OF: the value is values[index] or a later one (0: it is carried at all) */
    VAR_CARRIED, /* any other: carried; of a set: not empty */
    VAR_MEMBER,  /* SET: members[index] is in it */
    VAR_PATTERN, /* TEXT: patterns[index] holds */
    VAR_BELOW,   /* NUMBER: below numbers[index]; means something only where it is carried, as AT_MOST and TRUE do */
    VAR_AT_MOST, /* NUMBER: numbers[index] or below */
    VAR_TRUE,    /* BOOL: it is true */
    VAR_TIME     /* the time atom `index` (times.h); no dimension */
};
struct var {
    enum var_kind kind;
    uint32_t dim, index;
    lit literal;
};

/* Names, patterns and numbers by index, in the order in which they were first met; each once. */
struct dim {
    struct str name;
    enum dim_kind kind;
    bool is_priority;             /* ONE_OF that is always carried */
    uint32_t twin;                /* the same field is a list in one table and a text in the other: that dimension; SHUNT_NONE */
    uint32_t attr[2];             /* in each table; SHUNT_NONE where it has none of this kind */
    VEC(struct str) values;       /* ONE_OF: old order, then what the second table alone has */
    VEC(struct str) members;      /* SET */
    struct strmap ids;            /* of values; of members; of patterns (kind and text); of numbers (bytes) */
    VEC(struct text_pattern) patterns;
    VEC(double) numbers;
    lits from;                    /* of each value: VAR_FROM's literal, LIT_NONE: none yet */
    lits member, pattern;         /* of each member, pattern: its literal */
    lits below, at_most;          /* of each number; LIT_NONE: none yet */
    lit carried, is_true;         /* LIT_NONE: none yet */
};

struct space_table {
    const struct shunt_table *table;
    struct table_view view;
    uint32_t *dim_of_attr;
    uint32_t *value_of_atom;      /* of each atom of a ONE_OF: its place in the dimension's values */
    lit *atom;                    /* of each atom of a set or a text: its literal, LIT_NONE: not yet */
    lit *cond;                    /* of each byte of CODE: the literal of the node that begins there, LIT_NONE: not yet */
    struct shunt_ticket *ticket;  /* to match witnesses with */
};

struct time_ref {
    uint32_t which, kind, index;
};

struct space {
    struct arena *a;
    struct gates gates;
    struct space_table of[2];
    uint32_t table_count;
    VEC(struct dim) dims;
    struct strmap dim_ids;        /* the dimension's kind (a byte) and name */
    VEC(struct var) vars;
    struct times *times;          /* NULL: none is read, or there were too many of them */
    bool too_many_times;          /* a limit of times.h was met: no question that a time is part of can be answered */
    struct time_ref *time_refs;   /* what the conditions read: sorted; beside times->atom_of */
    uint32_t time_ref_count;
    lits time_lits;               /* of each time atom, LIT_NONE: not yet */
    bool by_name;
    uint32_t *seen;               /* witness_holds(): of each node, when it was last looked at */
    uint32_t seen_count, seen_now;
    bool *seen_value;
    const struct witness *seen_witness;
    lits stack;
    uint64_t work; /* done since an ask last took it from its budget: see struct proof_budget */
};

/* The space of one or two tables, which must outlive it. by_name: hours in the second one's conditions are those
 * of that name in the first (it is no policy of its own, but promises put beside one). */
struct space *space_new(struct arena *a, const struct shunt_table *const *tables, uint32_t count, bool by_name);
/* The condition that begins at an offset in a table's CODE (any node of it). */
lit space_cond(struct space *s, uint32_t which, uint32_t code_off);
/* The condition of a RULE record. */
lit space_rule(struct space *s, uint32_t which, uint32_t rule);
/* The channel is this one of the dimension's values; SHUNT_NONE: the ticket has none. */
lit space_channel(struct space *s, uint32_t value);
/* The priority that a ticket comes with is `priority` or higher (0..3; 0: true). */
lit space_priority_from(struct space *s, uint32_t priority);
uint32_t space_channel_dim(const struct space *s);
/* The dimension is carried (of a set: it is not empty; of the priority: true). */
lit space_carried(struct space *s, uint32_t dim);
/* ONE_OF: the value is this one or a later one; past the last: false. */
lit space_from(struct space *s, uint32_t dim, uint32_t value);
/* A value of a ONE_OF as texts are compared. */
struct str space_folded(struct space *s, uint32_t dim, uint32_t value);
/* Labels and segments: what a smallest witness counts one by one. */
bool space_is_members(const struct space *s, uint32_t dim);

/* ---- a ticket ---- */

struct witness_attr {
    uint32_t dim;
    uint32_t value;            /* ONE_OF */
    VEC(struct str) names;     /* SET: never empty */
    struct str text;           /* TEXT: as it is to be sent */
    struct str folded;         /* TEXT: as it is compared */
    double number;
    bool yes;
    uint32_t listed_dim;       /* TEXT whose field the other table lists: that ONE_OF, where `text` is one of its values (`value`) */
};
/* A ticket that a question was answered with; in the arena of the space. */
struct witness {
    int64_t at;
    uint32_t cell;                  /* of times.h, in which `at` lies; 0 where no time is read */
    VEC(struct witness_attr) attrs; /* what it carries, by dimension; priority where it is not normal */
    uint32_t member_count;          /* labels and segments, all of them */
};

/* How many attributes it carries besides labels and segments. */
uint32_t witness_attr_count(const struct space *s, const struct witness *w);
/* What a table decides for it. The decision's lists hold until the next call for that table. false: no memory. */
bool witness_match(struct space *s, uint32_t which, const struct witness *w, struct shunt_decision *decision);
/* Whether the literal holds for it: the graph evaluated over the ticket's own values, without a solver. */
bool witness_holds(struct space *s, const struct witness *w, lit l);

#endif
