/*
 * Ordered sets of objects that carry their links: a treap, changed within a transaction.
 *
 * The order is the owner's compare function, which never says 0 for two different nodes of a tree. A node's
 * place in the heap order is a hash of its address: it decides the shape of the tree and nothing else.
 * Source: R. Seidel, C. R. Aragon, "Randomized search trees", Algorithmica 16 (1996).
 */
#ifndef SHUNT_RUNTIME_TREE_H
#define SHUNT_RUNTIME_TREE_H

#include "txn.h"

struct sh_node {
    struct sh_node *left, *right, *up;
    uint64_t mark;
};
struct sh_tree {
    struct sh_node *root, *first;
    int (*cmp)(const struct sh_node *a, const struct sh_node *b);
    uint64_t mark;
};

void sh_tree_insert(struct txn *x, struct sh_tree *t, struct sh_node *n);
/* The same for a node that the caller knows to come right behind `before`, one of the tree's: none is
 * compared. */
void sh_tree_insert_behind(struct txn *x, struct sh_tree *t, struct sh_node *before, struct sh_node *n);
void sh_tree_remove(struct txn *x, struct sh_tree *t, struct sh_node *n);
static inline struct sh_node *sh_tree_first(const struct sh_tree *t)
{
    return t->first;
}
struct sh_node *sh_tree_next(const struct sh_node *n);
struct sh_node *sh_tree_previous(const struct sh_node *n);
/* The first node after where `key` stands or would stand (key itself is not in question). */
struct sh_node *sh_tree_after(const struct sh_tree *t, const struct sh_node *key);

#define sh_of(node, type, member) ((type *)(void *)((char *)(node)-offsetof(type, member)))

#endif
