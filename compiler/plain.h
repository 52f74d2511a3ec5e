/*
 * Plain conditions, between the text and what is made of it: nodes in a row, kids before their parents, all
 * places bytes of the text. cond_plain.c reads them, cond_plain_made.c makes trees and numbered conditions of
 * them.
 */
#ifndef SHUNT_COMPILER_PLAIN_H
#define SHUNT_COMPILER_PLAIN_H

#include "compile.h"

/* What has more is not plain. */
enum { PLAIN_NODES_MAX = 64, PLAIN_VALUES_MAX = 64, PLAIN_DEPTH_MAX = 8 };

struct plain_bytes {
    const char *from, *to;
};

struct plain_value {
    struct str s;             /* as in struct value */
    struct plain_bytes whole; /* with its quotes */
    double number;            /* VALUE_NUMBER */
    uint64_t key;             /* VALUE_NAME: its bytes as a number, where they are as few; else 0 */
    enum value_kind kind;
};

struct plain_node {
    enum expr_kind kind : 8; /* NOT AND OR TEST */
    enum test_op op : 8;     /* TEST */
    bool any;                /* as in struct expr */
    uint16_t count;          /* kids, or values */
    uint16_t numbers;        /* so many of the values are no names or texts */
    struct plain_bytes whole;
    struct str attr; /* TEST; key as that of a value */
    uint64_t attr_key;
};

struct plain_cond {
    const char *from; /* the text's first byte, */
    size_t len;       /* and how much of it is the condition */
    uint32_t node_count, value_count, kid_count;
    struct plain_node nodes[PLAIN_NODES_MAX];
    struct plain_value values[PLAIN_VALUES_MAX]; /* of the tests, in their order */
};

/* The plain condition that the text begins with; false: it begins with none. */
bool plain_read(struct plain_cond *c, struct str text);
/* EXPR_PLAIN for it; its names become numbers where there is a numbering (NULL: none). at: of the text. */
struct expr *plain_expr(struct arena *a, struct numbering *n, const struct plain_cond *c, struct span at);
/* The condition, but for what its names mean (model.h). */
struct cond *plain_numbered(struct numbering *n, const struct plain_cond *c, struct span at);
/* The tree of a plain condition that is `text`, and stands at `at` byte by byte. */
const struct expr *plain_open(struct arena *a, struct str text, struct span at);

#endif
