/* Whole or not at all: runtime/txn.c, and the trees and maps that change within it, against plain twins. */
#include <check.h>
#include <stdlib.h>

#include "../../runtime/map.h"
#include "../../runtime/tree.h"
#include "run_suite.h"

/* ---- hooks that count, and fail the n-th allocation ---- */

struct counting {
    long left;  /* allocations until one fails; negative: never */
    long bytes; /* in use, by the lengths that the library says */
};

static void *counting_resize(void *ctx, void *block, size_t old_len, size_t new_len)
{
    struct counting *c = ctx;
    if (new_len > old_len && c->left >= 0 && c->left-- == 0) return NULL;
    c->bytes += (long)new_len - (long)old_len;
    if (new_len == 0) {
        free(block);
        return NULL;
    }
    return realloc(block, new_len);
}

static struct counting counting;
static struct txn x;

static void setup(void)
{
    counting = (struct counting){-1, 0};
    struct shunt_hooks hooks = {counting_resize, &counting};
    sh_txn_init(&x, &hooks);
}

static void teardown(void)
{
    sh_txn_release(&x);
    ck_assert_int_eq(counting.bytes, 0);
}

/* ---- transactions ---- */

START_TEST(what_is_saved_comes_back)
{
    int numbers[] = {1, 2, 3};
    if (setjmp(x.out)) {
        sh_txn_rollback(&x);
        ck_assert_int_eq(numbers[0], 1);
        ck_assert_int_eq(numbers[1], 2);
        ck_assert_int_eq(numbers[2], 3);
        return;
    }
    sh_txn_begin(&x);
    sh_txn_save(&x, &numbers[1], sizeof numbers[1]);
    numbers[1] = 20;
    sh_txn_save(&x, numbers, sizeof numbers); /* over what was changed already */
    numbers[0] = 10, numbers[1] = 200, numbers[2] = 30;
    sh_txn_fail(&x);
}
END_TEST

START_TEST(what_stands_stays)
{
    int number = 1;
    sh_txn_begin(&x);
    sh_txn_save(&x, &number, sizeof number);
    number = 2;
    char *made = sh_txn_alloc(&x, 100);
    sh_txn_commit(&x);
    ck_assert_int_eq(number, 2);
    sh_txn_begin(&x);
    sh_txn_free(&x, made, 100);
    made[99] = 'x'; /* readable until the transaction stands */
    sh_txn_commit(&x);
}
END_TEST

START_TEST(a_block_dropped_in_vain_is_kept)
{
    sh_txn_begin(&x);
    char *volatile kept = sh_txn_alloc(&x, 8);
    sh_txn_commit(&x);
    if (!setjmp(x.out)) {
        sh_txn_begin(&x);
        sh_txn_free(&x, kept, 8);
        sh_txn_alloc(&x, 50); /* freed by taking back */
        sh_txn_fail(&x);
    }
    sh_txn_rollback(&x);
    kept[7] = 'x';
    sh_txn_begin(&x);
    sh_txn_free(&x, kept, 8);
    sh_txn_commit(&x);
}
END_TEST

START_TEST(an_object_is_saved_once)
{
    struct {
        uint64_t mark;
        int v;
    } object = {0, 5};
    sh_txn_begin(&x);
    for (int i = 0; i < 1000; i++) {
        txn_touch(&x, &object.mark, &object, sizeof object);
        object.v++;
    }
    ck_assert_uint_lt(x.log_len, 100);
    sh_txn_rollback(&x);
    ck_assert_int_eq(object.v, 5);
    ck_assert_uint_eq(object.mark, 0);
}
END_TEST

/* The log's room is kept for the next transaction, but not that of a great one. */
START_TEST(a_great_log_is_given_back)
{
    enum { GREAT = 5 << 20, SMALL = 3 << 20 };
    char *bytes = calloc(1, GREAT);
    sh_txn_begin(&x);
    sh_txn_save(&x, bytes, SMALL);
    sh_txn_commit(&x);
    long kept = counting.bytes;
    ck_assert_int_ge(kept, SMALL);
    ck_assert_ptr_nonnull(x.log);
    sh_txn_begin(&x);
    counting.left = 0; /* nothing more is needed */
    sh_txn_save(&x, bytes, SMALL);
    sh_txn_commit(&x);
    ck_assert_int_eq(counting.bytes, kept);
    counting.left = -1;
    sh_txn_begin(&x);
    sh_txn_save(&x, bytes, GREAT);
    memset(bytes, 1, GREAT);
    sh_txn_rollback(&x);
    ck_assert_int_eq(bytes[GREAT - 1], 0);
    ck_assert_int_lt(counting.bytes, 100000);
    ck_assert_ptr_null(x.log);
    ck_assert_uint_eq(x.log_cap, 0);
    sh_txn_begin(&x); /* and may grow again */
    sh_txn_save(&x, bytes, 100);
    sh_txn_commit(&x);
    free(bytes);
}
END_TEST

/* ---- trees and maps: random changes, some taken back, beside an array ---- */

enum { THINGS = 300, ROUNDS = 400, CHANGES = 12 };

static struct thing {
    struct sh_node node;
    int key;
    bool in;
} things[THINGS];

static int thing_cmp(const struct sh_node *a, const struct sh_node *b)
{
    const struct thing *s = sh_of(a, const struct thing, node), *t = sh_of(b, const struct thing, node);
    return s->key < t->key ? -1 : s->key > t->key;
}

static bool same_thing(const void *item, const void *key)
{
    return ((const struct thing *)item)->key == *(const int *)key;
}

/* Few hashes for many keys: runs of slots that have to move when one is removed. */
static uint64_t hash_of(int key)
{
    return (uint64_t)(key % 37);
}

static uint64_t state = 12345;
static int draw(int n)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int)(state >> 33) % n;
}

static void check_all(const struct sh_tree *tree, const struct sh_map *map)
{
    const struct sh_node *n = sh_tree_first(tree), *before = NULL;
    uint32_t count = 0;
    for (int i = 0; i < THINGS; i++) {
        struct thing *t = &things[i];
        ck_assert_ptr_eq(sh_map_find(map, hash_of(t->key), same_thing, &t->key), t->in ? t : NULL);
        ck_assert(sh_tree_after(tree, &t->node) != &t->node);
        if (!t->in) continue;
        ck_assert_ptr_eq(n, &t->node);
        ck_assert_ptr_eq(sh_tree_previous(n), before);
        before = n;
        n = sh_tree_next(n);
        ck_assert_ptr_eq(sh_tree_after(tree, &t->node), n);
        count++;
    }
    ck_assert_ptr_null(n);
    ck_assert_uint_eq(map->count, count);
}

/* Its place looked for, or told where something stands before it. */
static void insert(struct sh_tree *tree, struct thing *t)
{
    ptrdiff_t i = t - things - 1;
    while (i >= 0 && !things[i].in) i--;
    if (i >= 0 && draw(2))
        sh_tree_insert_behind(&x, tree, &things[i].node, &t->node);
    else
        sh_tree_insert(&x, tree, &t->node);
}

static void change(struct sh_tree *tree, struct sh_map *map, struct thing *t)
{
    sh_txn_save(&x, &t->in, sizeof t->in);
    if (t->in) {
        sh_tree_remove(&x, tree, &t->node);
        sh_map_remove(&x, map, hash_of(t->key), t);
    } else {
        insert(tree, t);
        sh_map_insert(&x, map, hash_of(t->key), t);
    }
    t->in = !t->in;
}

static void rounds(struct sh_tree *tree, struct sh_map *map, bool failing)
{
    for (volatile int round = 0; round < ROUNDS; round++) {
        bool before[THINGS];
        for (int i = 0; i < THINGS; i++) before[i] = things[i].in;
        counting.left = failing ? draw(3) : -1;
        if (setjmp(x.out)) {
            sh_txn_rollback(&x);
            for (int i = 0; i < THINGS; i++) ck_assert_int_eq(things[i].in, before[i]);
        } else {
            sh_txn_begin(&x);
            for (int i = 0; i < CHANGES; i++) change(tree, map, &things[draw(THINGS)]);
            if (draw(3) == 0) sh_txn_fail(&x);
            sh_txn_commit(&x);
        }
        counting.left = -1;
        check_all(tree, map);
    }
}

START_TEST(trees_and_maps_stand_or_are_as_before)
{
    struct sh_tree tree = {.cmp = thing_cmp};
    struct sh_map map = {0};
    for (int i = 0; i < THINGS; i++) things[i] = (struct thing){.key = i};
    rounds(&tree, &map, _i != 0);
    ck_assert_uint_gt(map.count, 50);
    sh_map_release(&map, &x.hooks);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("txn");
    TCase *t = tcase_create("txn");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, what_is_saved_comes_back);
    tcase_add_test(t, what_stands_stays);
    tcase_add_test(t, a_block_dropped_in_vain_is_kept);
    tcase_add_test(t, an_object_is_saved_once);
    tcase_add_test(t, a_great_log_is_given_back);
    tcase_add_loop_test(t, trees_and_maps_stand_or_are_as_before, 0, 2);
    suite_add_tcase(s, t);
    return run_suite(s);
}
