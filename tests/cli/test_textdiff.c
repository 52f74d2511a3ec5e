/* Unified diffs: written out for small cases, and applied again for many. */
#include "run_suite.h"
#include "textdiff.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct out diff_of(const char *before, const char *after)
{
    struct out o;
    out_init(&o, -1);
    ck_assert(out_diff(&o, "f", str_from(before), str_from(after)));
    out_putc(&o, 0);
    return o;
}

static const struct {
    const char *before, *after, *diff;
} cases[] = {
    {"a\nb\n", "a\nb\n", ""},
    {"", "", ""},
    {"", "a\n", "--- f\n+++ f\n@@ -0,0 +1 @@\n+a\n"},
    {"a\n", "", "--- f\n+++ f\n@@ -1 +0,0 @@\n-a\n"},
    {"a\nb\nc\n", "a\nx\nc\n", "--- f\n+++ f\n@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n"},
    {"a", "a\n", "--- f\n+++ f\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n"},
    {"1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nx\n6\n7\n8\n9\n",
     "--- f\n+++ f\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n"},
    {"1\n2\n3\n4\n5\n6\n7\n8\n9\n", "x\n2\n3\n4\n5\n6\n7\n8\ny\n",
     "--- f\n+++ f\n@@ -1,4 +1,4 @@\n-1\n+x\n 2\n 3\n 4\n@@ -6,4 +6,4 @@\n 6\n 7\n 8\n-9\n+y\n"},
};

START_TEST(small_diffs)
{
    struct out o = diff_of(cases[_i].before, cases[_i].after);
    ck_assert_str_eq(o.p, cases[_i].diff);
    out_free(&o);
}
END_TEST

/* Reads the hunks and makes `after` of `before`: a patch(1) of a few lines that trusts nothing it can check.
 */
static void patch(const char *before, const char *diff, char *after)
{
    const char *from = before;
    after[0] = 0;
    while (*diff) {
        const char *end = strchr(diff, '\n') + 1;
        size_t len = (size_t)(end - diff);
        if (strncmp(diff, "@@ -", 4) == 0) {
            long line = strtol(diff + 4, NULL, 10), at = 1;
            for (const char *p = before; p < from; p++) at += *p == '\n';
            for (; at < line; at++) {
                const char *next = strchr(from, '\n') + 1;
                strncat(after, from, (size_t)(next - from));
                from = next;
            }
        } else if (strncmp(diff, "---", 3) != 0 && strncmp(diff, "+++", 3) != 0) {
            if (*diff != '+') {
                ck_assert_int_eq(strncmp(from, diff + 1, len - 1), 0);
                from += len - 1;
            }
            if (*diff != '-') strncat(after, diff + 1, len - 1);
        }
        diff = end;
    }
    strcat(after, from);
}

START_TEST(a_diff_makes_the_one_text_of_the_other)
{
    uint64_t state = 1;
    for (int round = 0; round < 2000; round++) {
        char text[2][256] = {"", ""}, made[1024];
        for (int k = 0; k < 2; k++)
            for (int i = 0; i < round % 23; i++) {
                state = state * 6364136223846793005u + 1442695040888963407u;
                strcat(text[k], (const char *[]){"a\n", "b\n", "c\n", "", "dd\n"}[(state >> 33) % 5]);
            }
        struct out o = diff_of(text[0], text[1]);
        patch(text[0], o.p, made);
        ck_assert_str_eq(made, text[1]);
        out_free(&o);
    }
}
END_TEST

START_TEST(texts_with_nothing_in_common_are_replaced_whole)
{
    struct out a, b, o;
    out_init(&a, -1);
    out_init(&b, -1);
    out_init(&o, -1);
    for (unsigned i = 0; i < 5000; i++) {
        out_printf(&a, "a%u\n", i);
        out_printf(&b, "b%u\n", i);
    }
    ck_assert(out_diff(&o, "f", (struct str){a.p, a.len}, (struct str){b.p, b.len}));
    ck_assert_int_eq(strncmp(o.p, "--- f\n+++ f\n@@ -1,5000 +1,5000 @@\n-a0\n", 38), 0);
    out_free(&a);
    out_free(&b);
    out_free(&o);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("textdiff");
    TCase *t = tcase_create("textdiff");
    tcase_add_loop_test(t, small_diffs, 0, sizeof cases / sizeof *cases);
    tcase_add_test(t, a_diff_makes_the_one_text_of_the_other);
    tcase_add_test(t, texts_with_nothing_in_common_are_replaced_whole);
    suite_add_tcase(s, t);
    return run_suite(s);
}
