/*
 * Brute force: all distinct tickets of one or two small policies, and what becomes of each.
 *
 * Conditions are read from the tables by TABLE-FORMAT.md, section 5, as trees. Of each attribute that a
 * condition asks about there is a list of *cells*: values, one for each way in which its tests can come out
 * together. The distinct tickets are all combinations of cells. Each is run through the real matcher, which
 * must agree with the trees. What is asked of a policy is then a walk over all tickets. Shares nothing with
 * compiler/proof/.
 */
#ifndef SHUNT_TESTS_BRUTE_H
#define SHUNT_TESTS_BRUTE_H

#include "../../compiler/table_view.h"
#include "../../runtime/shunt.h"
#include "../gen/gen.h"

/* What a ticket carries of one attribute; or when it arrived. */
struct cell {
    bool carried;
    struct str name;        /* channel, priority, listed */
    LIST(struct str) names; /* set */
    struct str text, folded;
    double number;
    bool yes;
    int64_t at;
};

/* An attribute, by its name in both tables; or the arrival. */
struct axis {
    bool is_time;
    bool clash; /* of another JSON type in each table: one of them refuses a ticket that carries it */
    bool twin;  /* a text for one of them, listed for the other: cells have both a name and a text */
    struct str name;
    enum tf_attr_type type;
    uint32_t attr[2];          /* SHUNT_NONE */
    LIST(struct cell) cells;   /* the first: not carried; of priority: normal */
    LIST(struct node *) tests; /* that ask about it */
    LIST(struct str) members;  /* of sets: those asked about */
    LIST(double) numbers;      /* the same */
};

/* A part of a rule's condition; each rule has its own. */
struct node {
    enum tf_op op;
    uint32_t off; /* in CODE */
    uint32_t side;
    uint32_t kid_count;
    struct node *kids[64];
    const struct tf_unit *operands; /* of a test */
    uint32_t axis;
    bool *holds;  /* a test, by cell */
    bool seen[2]; /* came out so, where evaluation came to it */
};

struct side {
    const struct shunt_table *table;
    struct table_view v;
    struct shunt_ticket *ticket;
    LIST(struct node *) rules; /* conditions, by RULE */
    LIST(struct node *) promises;
    uint64_t decides; /* bit r: RULE r has a target */
    /* by ticket */
    uint64_t *met;      /* bit r: it meets RULE r's condition */
    uint8_t *rule;      /* that decides */
    uint32_t *decision; /* equal numbers, equal decisions: on both sides */
    uint32_t *keeps;    /* bit i: promise i of any side does not fail for it (side 0 alone) */
};

struct brute {
    struct gen *g;
    struct side sides[2];
    uint32_t side_count;
    uint32_t promise_side; /* whose promises are asked; of rules and teams of side 0, by name */
    LIST(struct axis) axes;
    uint32_t ticket_count;
    uint8_t *members, *others; /* by ticket: labels and segments; other attributes */
    LIST(const char *) decisions;
    const char *wrong; /* the matcher and the trees differ */
    uint32_t tickets_max; /* more are too many; 0 before: BRUTE_TICKETS */
};

enum { BRUTE_TICKETS = 100000, BRUTE_RULES = 60, BRUTE_AXES = 32 };

/* false: too many tickets; or b->wrong. promises: the side whose promises are looked at. */
bool brute_force(struct brute *b, struct gen *g, const struct shunt_table *const *tables, uint32_t count,
                 uint32_t promises);
void brute_free(struct brute *b);
/* What a ticket is, in words. */
const char *brute_ticket(const struct brute *b, uint32_t ticket);
const char *brute_rule(struct brute *b, uint32_t side, uint32_t rule);
const char *brute_decision(struct brute *b, uint32_t side, const struct shunt_decision *d);

/* cells.c: the cells of each axis, and how each test comes out of them. */
bool brute_cells(struct brute *b);
/* Whether a test holds of a cell. */
bool test_holds(const struct brute *b, const struct node *test, const struct cell *cell);
/* Which hours `during` means: in promises beside a policy those of that name in the policy. */
uint32_t brute_hours(const struct brute *b, const struct node *test, uint32_t *side);
bool pattern_holds(enum tf_atom_kind kind, struct str pattern, struct str text);
uint32_t next_number(const struct tf_unit **at);
/* cells_text.c, cells_time.c */
void text_cells(struct brute *b, struct axis *x);
void time_cells(struct brute *b, struct axis *x);
/* Whether a day lies in a WINDOW_SET. */
bool in_windows(const struct table_view *v, uint32_t set, int64_t day);
/* The ticket's axis cells, into a ticket of the side. */
void brute_set(const struct brute *b, uint32_t side, const struct axis *x, const struct cell *c);

#endif
