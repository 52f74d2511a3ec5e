/*
 * Conditions in a normal form, in which conditions of the same meaning are often the same tree and those that
 * never or always hold are often a constant.
 *
 * Sound: a folded condition holds for exactly the tickets that the condition holds for; so FALSE means that
 * no ticket meets it. Not complete: what folding does not see, a proof may.
 */
#ifndef SHUNT_COMPILER_CHECK_FOLD_H
#define SHUNT_COMPILER_CHECK_FOLD_H

#include "model.h"

enum canon_kind {
    CANON_FALSE,
    CANON_TRUE,
    CANON_VALUES, /* an attribute of at most 64 values: it is one of some, or not carried */
    CANON_TEST,   /* any other test that folding knows, or its opposite */
    CANON_OTHER,  /* one of which it knows no more than whether two are the same, or its opposite */
    CANON_AND,    /* two kids or more, neither constant nor AND; sorted, each once */
    CANON_OR
};

enum canon_parts { PARTS_IDS, PARTS_NUMBERS, PARTS_TEXTS, PARTS_KIDS };

struct canon {
    uint8_t kind;
    bool negated; /* TEST, OTHER: the opposite */
    bool absent;  /* VALUES: holds where the attribute is not carried */
    uint8_t op;   /* enum cond_op. TEST: HAS_ANY COMPARE NUMBER_COMPARE NUMBER_IN TEXT EXISTS DURING ACTIVE */
    uint8_t cmp;  /* of COMPARE, NUMBER_COMPARE; OTHER */
    uint8_t text_kind;
    uint8_t parts; /* enum canon_parts: what u holds */
    bool kept;     /* it lives as long as the folder */
    uint32_t attr; /* NONE for DURING and ACTIVE */
    uint32_t count;
    uint64_t hash;   /* of all but `negated` */
    uint64_t values; /* VALUES: a bit for each; of a bool, bit 0 false, bit 1 true */
    union {
        const uint32_t *ids;     /* ascending, as all of them are */
        const double *numbers;
        const struct str *texts; /* folded */
        const struct canon **kids;
    } u;
};
typedef VEC(const struct canon *) canons;

/* Tests that most conditions are made of, once each: found without making them anew. */
struct fold_tests;

struct folder {
    struct arena *a; /* what is folded lives here; may be cleared between conditions, where it is not `keep` */
    const struct model *m;
    struct arena *keep;
    struct fold_tests *tests;
};
struct folder folder_new(struct arena *a, const struct model *m);

const struct canon *fold(const struct folder *f, const struct cond *c);
/* The tests of a condition that is one test or a conjunction of them, where fold() gives just these, sorted:
 * none is constant, joined with another or contradicts it. 0: it is not so simple, or has more than `most`.
 */
uint32_t fold_tests_of(const struct folder *f, const struct cond *c, const struct canon **tests,
                       uint32_t most);
/* Begins to fetch what fold() of the condition will need. */
void fold_ahead(const struct folder *f, const struct cond *c);
/* The same where it outlives f->a. */
const struct canon *canon_keep(const struct folder *f, const struct canon *c);
/* Both hold; any holds. */
const struct canon *fold_both(const struct folder *f, const struct canon *a, const struct canon *b);
bool canon_equal(const struct canon *a, const struct canon *b);
/* Whether certainly no ticket meets both. */
bool canons_exclude(const struct folder *f, const struct canon *a, const struct canon *b);
/* The priorities that a ticket that meets it can have come with, as bits; perhaps more. */
unsigned canon_priorities(const struct canon *c);

/* Hours that are open at every second, or at none: as far as their week says so. */
bool hours_known_open(const struct model *m, uint32_t hours);
bool hours_known_shut(const struct model *m, uint32_t hours);

/* check_contradict.c: whether certainly no ticket meets all of these tests of one attribute. Each counts as
 * its opposite where `opposite` is true: so a disjunction is always true where its opposites contradict each
 * other. */
bool tests_contradict(const struct folder *f, const struct canon *const *tests, uint32_t count,
                      bool opposite);

#endif
