/* Ordered sets of objects that carry their links: see tree.h. */
#include "tree.h"

/* Its place in the heap order. */
static uint64_t weight(const struct sh_node *n)
{
    uint64_t z = (uint64_t)(uintptr_t)n;
    z = (z ^ z >> 33) * UINT64_C(0xff51afd7ed558ccd);
    z = (z ^ z >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
    return z ^ z >> 33;
}

static void touch(struct txn *x, struct sh_node *n)
{
    txn_touch(x, &n->mark, n, sizeof *n);
}

/* Puts `with` (may be NULL) where n hangs. */
static void replace(struct txn *x, struct sh_tree *t, struct sh_node *n, struct sh_node *with)
{
    struct sh_node *up = n->up;
    if (up) {
        touch(x, up);
        *(up->left == n ? &up->left : &up->right) = with;
    } else {
        txn_touch(x, &t->mark, t, sizeof *t);
        t->root = with;
    }
    if (!with) return;
    touch(x, with);
    with->up = up;
}

/* n goes above its parent. */
static void rotate(struct txn *x, struct sh_tree *t, struct sh_node *n)
{
    struct sh_node *up = n->up;
    bool left = up->left == n;
    struct sh_node *inner = left ? n->right : n->left;
    touch(x, n);
    touch(x, up);
    replace(x, t, up, n);
    *(left ? &n->right : &n->left) = up;
    *(left ? &up->left : &up->right) = inner;
    up->up = n;
    if (!inner) return;
    touch(x, inner);
    inner->up = up;
}

/* Hangs n, on the left or right, where nothing hangs yet; up NULL: n is all. */
static void hang(struct txn *x, struct sh_tree *t, struct sh_node *up, bool left, struct sh_node *n)
{
    touch(x, n);
    n->left = n->right = NULL;
    n->up = up;
    if (up) {
        touch(x, up);
        *(left ? &up->left : &up->right) = n;
    } else {
        t->root = n; /* it is the first, too: touched */
    }
    while (n->up && weight(n) > weight(n->up)) rotate(x, t, n);
}

void sh_tree_insert(struct txn *x, struct sh_tree *t, struct sh_node *n)
{
    struct sh_node *up = NULL, *at = t->root;
    bool left = false, first = true;
    while (at) {
        up = at;
        left = t->cmp(n, at) < 0;
        first &= left;
        at = left ? at->left : at->right;
    }
    if (first) {
        txn_touch(x, &t->mark, t, sizeof *t);
        t->first = n;
    }
    hang(x, t, up, left, n);
}

void sh_tree_insert_behind(struct txn *x, struct sh_tree *t, struct sh_node *before, struct sh_node *n)
{
    struct sh_node *up = before->right;
    while (up && up->left) up = up->left;
    hang(x, t, up ? up : before, up != NULL, n);
}

void sh_tree_remove(struct txn *x, struct sh_tree *t, struct sh_node *n)
{
    if (t->first == n) {
        txn_touch(x, &t->mark, t, sizeof *t);
        t->first = sh_tree_next(n);
    }
    while (n->left && n->right) rotate(x, t, weight(n->left) > weight(n->right) ? n->left : n->right);
    replace(x, t, n, n->left ? n->left : n->right);
    touch(x, n);
    n->left = n->right = n->up = NULL;
}

struct sh_node *sh_tree_next(const struct sh_node *n)
{
    if (n->right) {
        struct sh_node *at = n->right;
        while (at->left) at = at->left;
        return at;
    }
    while (n->up && n->up->right == n) n = n->up;
    return n->up;
}

struct sh_node *sh_tree_previous(const struct sh_node *n)
{
    if (n->left) {
        struct sh_node *at = n->left;
        while (at->right) at = at->right;
        return at;
    }
    while (n->up && n->up->left == n) n = n->up;
    return n->up;
}

struct sh_node *sh_tree_after(const struct sh_tree *t, const struct sh_node *key)
{
    struct sh_node *at = t->root, *found = NULL;
    while (at) {
        bool after = t->cmp(at, key) > 0;
        if (after) found = at;
        at = after ? at->left : at->right;
    }
    return found;
}
