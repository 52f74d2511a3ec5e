/*
 * Sizes that 32 bits cannot say: what a small policy may ask of a desk is more than such a processor can
 * count in a size_t. It is kept in less, or there is no memory for it; and never less memory than is written.
 */
#include "compiled.h"
#include "run_suite.h"

#include "../../runtime/table.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

enum { PEOPLE = 1 << 15, MOST_LEN = 1 << 24 };

static void *resize(void *ctx, void *block, size_t old_len, size_t new_len)
{
    (void)ctx, (void)old_len;
    if (new_len > MOST_LEN) return NULL;
    if (new_len > 0) return realloc(block, new_len);
    free(block);
    return NULL;
}
static const struct shunt_hooks hooks = {resize, NULL};

/* Each of so many teams has everyone: 2^30 memberships. The table holds the list once, and so does a desk. */
static char *everyone_everywhere(void)
{
    char *text = malloc(PEOPLE * 64), *at = text;
    at += sprintf(at, "version 1\nlabels x\n");
    for (int i = 0; i < PEOPLE; i++) at += sprintf(at, "agent a%d\nteam t%d { agents all }\n", i, i);
    sprintf(at, "otherwise to t0\n");
    return text;
}

START_TEST(shunt_h_a_desk_is_no_larger_for_teams_with_the_same_members)
{
    struct compiled x;
    struct shunt_desk *desk = NULL;
    char *text = everyone_everywhere();
    compiled_open(&x, "p.shunt", text, true);
    ck_assert_int_eq(shunt_desk_new(x.table, NULL, &hooks, &desk), SHUNT_OK);
    shunt_desk_free(desk);
    compiled_close(&x);
    free(text);
}
END_TEST

/* 2^30 + 1 items of 4 bytes would be 4 bytes, were they counted in 32 bits. */
START_TEST(shunt_h_no_array_is_shorter_than_its_items)
{
    ck_assert_uint_eq(sh_array_len(3, 8), 24);
    ck_assert_uint_eq(sh_array_len(0, 8), 0);
    ck_assert_uint_eq(sh_array_len(SH_LEN_MAX / 8, 8), SH_LEN_MAX / 8 * 8);
    ck_assert_uint_eq(sh_array_len((uint64_t)(SH_LEN_MAX / 8) + 1, 8), SIZE_MAX);
    ck_assert_uint_eq(sh_array_len(UINT64_MAX, 8), SIZE_MAX);
    struct shunt_hooks usual = sh_hooks(NULL);
    ck_assert_ptr_null(sh_alloc(&usual, SIZE_MAX));
    ck_assert_ptr_null(sh_alloc(&usual, SH_LEN_MAX + 1));
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("sizes");
    tcase_set_timeout(t, 0);
    tcase_add_test(t, shunt_h_a_desk_is_no_larger_for_teams_with_the_same_members);
    tcase_add_test(t, shunt_h_no_array_is_shorter_than_its_items);
    Suite *suite = suite_create("sizes");
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
