/* The allocator that desks have in the program (cli/small_blocks.h), against what a caller of it knows. */
#include "run_suite.h"
#include "small_blocks.h"

#include <check.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>

static struct small_blocks s;
static struct shunt_hooks hooks;

static void setup(void)
{
    hooks = small_blocks_hooks(&s);
}
static void teardown(void)
{
    small_blocks_end(&s);
}

static void *resize(void *block, size_t old_len, size_t new_len)
{
    return hooks.resize(hooks.ctx, block, old_len, new_len);
}

enum { BLOCKS = 300, TURNS = 50000, LEN_MAX = 3000 };

struct block {
    unsigned char *bytes;
    size_t len;
    unsigned char value;
};

static uint32_t drawn(uint32_t *state, uint32_t below)
{
    *state = *state * 1664525u + 1013904223u;
    return (*state >> 8) % below;
}

/* Half of the lengths are at the edges: of a grain, of what is short. */
static size_t drawn_len(uint32_t *state)
{
    static const size_t edges[] = {0, 1, 15, 16, 17, 32, 1008, 1009, 1023, 1024, 1025, 1040};
    uint32_t edge = drawn(state, 2 * sizeof edges / sizeof *edges);
    return edge < sizeof edges / sizeof *edges ? edges[edge] : drawn(state, LEN_MAX);
}

static void check_filled(const struct block *b, size_t len)
{
    size_t i = 0;
    while (i < len && b->bytes[i] == b->value) i++;
    ck_assert_uint_eq(i, len);
}

/* Each block is filled with its own value, and has it as long as it is there. */
START_TEST(blocks_keep_what_they_hold)
{
    static struct block blocks[BLOCKS];
    uint32_t state = (uint32_t)_i + 1;
    for (int turn = 0; turn < TURNS; turn++) {
        struct block *b = &blocks[drawn(&state, BLOCKS)];
        size_t len = drawn_len(&state);
        unsigned char *bytes = resize(b->bytes, b->len, len);
        ck_assert_int_eq(bytes == NULL, len == 0);
        ck_assert_uint_eq((uintptr_t)bytes % SMALL_GRAIN, 0);
        b->bytes = bytes;
        check_filled(b, len < b->len ? len : b->len);
        b->len = len;
        b->value = (unsigned char)drawn(&state, 256);
        if (len) memset(bytes, b->value, len);
    }
    for (int i = 0; i < BLOCKS; i++) {
        check_filled(&blocks[i], blocks[i].len);
        resize(blocks[i].bytes, blocks[i].len, 0);
        blocks[i] = (struct block){NULL, 0, 0};
    }
}
END_TEST

START_TEST(what_is_given_back_is_had_again)
{
    void *first = resize(NULL, 0, 450);
    for (int i = 0; i < 100000; i++) {
        resize(first, 450, 0);
        ck_assert_ptr_eq(resize(NULL, 0, 449), first);
    }
    ck_assert_uint_lt(s.slabs.taken, 1 << 20);
}
END_TEST

/* What it no longer needs is had by others. */
START_TEST(a_block_that_shrinks_leaves_its_place)
{
    void *first = resize(NULL, 0, 1000), *small = resize(first, 1000, 10);
    ck_assert_ptr_ne(small, first);
    ck_assert_ptr_eq(resize(NULL, 0, 1000), first);
    ck_assert_ptr_eq(resize(small, 10, 16), small);
}
END_TEST

/* Short ones out of 64 kB each; none is given back when memory runs out, and what was there stays. */
START_TEST(memory_that_runs_out_is_said)
{
#if SMALL_BLOCKS
    enum { MOST = 1 << 16 };
    static void *blocks[MOST];
    const struct rlimit some = {64 << 20, 64 << 20};
    size_t count = 0;
    ck_assert_int_eq(setrlimit(RLIMIT_AS, &some), 0);
    while (count < MOST && (blocks[count] = resize(NULL, 0, 1024))) memset(blocks[count++], 0x5a, 1024);
    ck_assert_uint_gt(count, 1000);
    ck_assert_uint_lt(count, MOST);
    ck_assert_ptr_null(resize(NULL, 0, 1024));
    const struct block last = {blocks[count - 1], 1024, 0x5a};
    ck_assert_ptr_null(resize(last.bytes, 1024, 100 << 20));
    check_filled(&last, 1024);
    resize(last.bytes, 1024, 0);
    ck_assert_ptr_eq(resize(NULL, 0, 1020), last.bytes);
#endif
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("small_blocks");
    TCase *t = tcase_create("small_blocks");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_loop_test(t, blocks_keep_what_they_hold, 0, 4);
    tcase_add_test(t, what_is_given_back_is_had_again);
    tcase_add_test(t, a_block_that_shrinks_leaves_its_place);
    tcase_add_test(t, memory_that_runs_out_is_said);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
