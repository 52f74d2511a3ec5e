/*
 * A YAML document as a tree, built by write_yaml.c and printed by yaml_print.c in a style drawn for each
 * node.
 */
#ifndef SHUNT_TESTS_YAML_TREE_H
#define SHUNT_TESTS_YAML_TREE_H

#include "gen.h"

enum y_kind { Y_SCALAR, Y_SEQ, Y_MAP, Y_ALIAS };
enum y_class {
    S_NAME,   /* stands for its own spelling, plain or quoted */
    S_TEXT,   /* plain only where it cannot be taken for a number, true or null */
    S_COND,   /* a condition: may be folded over lines too */
    S_LITERAL /* a number or a switch: plain */
};
struct y_node {
    enum y_kind kind;
    enum y_class class;
    const char *s;      /* scalar; the alias's name */
    const char *anchor; /* NULL: none */
    LIST(struct y_node *) keys, kids;
    bool mergeable; /* a map of attributes, which may take some from a merge key */
};

struct y_node *y_scalar(struct gen *g, enum y_class class, const char *s);
struct y_node *y_seq(struct gen *g);
struct y_node *y_map(struct gen *g);
void y_add(struct gen *g, struct y_node *seq, struct y_node *item);
void y_put(struct gen *g, struct y_node *map, struct y_node *key, struct y_node *value);
void y_put_key(struct gen *g, struct y_node *map, const char *key, struct y_node *value);

/* Anchors, aliases and merge keys where they say the same; anchors that come first go under x- keys of the
 * root. */
void y_share(struct gen *g, struct y_node *root);
/* The document. plain: one style, no comments. */
void y_print(struct out *o, struct gen *g, const struct y_node *root, bool plain);

#endif
