/* Places, order and wording of diagnostics. */
#include "../../compiler/diag.h"
#include "run_suite.h"

#include <check.h>
#include <string.h>

static struct arena *a;
static void setup(void) { a = arena_new(); }
static void teardown(void) { arena_free(a); }

static void check_places(void *ctx)
{
    (void)ctx;
    struct source s = {.text = S("one\r\ntw\xc3\xb6 three\n\nlast")};
    static const struct {
        uint32_t off, len, line, column, length;
    } rows[] = {
        {0, 3, 1, 1, 3},
        {4, 0, 1, 4, 1},   /* on the line's end */
        {7, 2, 2, 3, 1},   /* a letter of two bytes is one column */
        {10, 5, 2, 5, 5},
        {10, 50, 2, 5, 5}, /* a length ends with its line */
        {16, 0, 3, 1, 1},  /* an empty line */
        {17, 4, 4, 1, 4},
        {21, 0, 4, 5, 1},  /* the end of the text */
        {99, 9, 4, 5, 1},  /* past it */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct place p = source_place(a, &s, (struct span){0, rows[i].off, rows[i].len});
        ck_assert_uint_eq(p.line, rows[i].line);
        ck_assert_uint_eq(p.column, rows[i].column);
        ck_assert_uint_eq(p.length, rows[i].length);
    }
    struct str line = source_line(a, &s, 1);
    ck_assert_uint_eq(line.len, 3);
    ck_assert_uint_eq(source_line(a, &s, 9).len, 0);
}

START_TEST(language_7_1_line_column_and_length_are_code_points_from_1)
{
    ck_assert(arena_try(a, check_places, NULL));
}
END_TEST

static void check_order(void *ctx)
{
    (void)ctx;
    struct diags d = {.a = a};
    diag(&d, E0005, ((struct span){1, 0, 1}), S("c"));
    diag(&d, E0005, ((struct span){0, 9, 1}), S("b"));
    diag(&d, E0005, ((struct span){0, 2, 1}), S("a"));
    diag(&d, E0005, ((struct span){0, 9, 1}), S("b"));
    ck_assert_uint_eq(d.error_count, 4);
    diags_sort(&d);
    ck_assert_uint_eq(d.error_count, 3);
    ck_assert_uint_eq(d.list.count, 3);
    ck_assert_str_eq(d.list.at[0]->message.p, "a is neither a YAML policy (.yaml, .yml) nor a .shunt policy");
    ck_assert_uint_eq(d.list.at[1]->at.off, 9);
    ck_assert_uint_eq(d.list.at[2]->at.file, 1);
}

START_TEST(language_7_1_by_place_and_each_once) { ck_assert(arena_try(a, check_order, NULL)); }
END_TEST

/* In runs that ascend, of one to many, as passes report; some twice at one place, which stay in order. */
static void check_runs(void *ctx)
{
    const uint32_t *runs = ctx;
    struct diags d = {.a = a};
    uint32_t x = 4711;
    for (uint32_t i = 0; i < 1000; i++) {
        x = x * 1103515245 + 12345;
        uint32_t off = runs[0] ? i % (1000 / runs[0]) * 7 : x >> 16 & 511;
        diag_add(&d, i % 2 ? E0004 : E0006, (struct span){i % 5 == 4, off, i}, NULL, 0);
    }
    diags_sort(&d);
    ck_assert_uint_eq(d.list.count, 1000);
    for (uint32_t i = 1; i < d.list.count; i++) {
        const struct diag *p = d.list.at[i - 1], *q = d.list.at[i];
        bool right = p->at.file < q->at.file || (p->at.file == q->at.file && p->at.off < q->at.off) ||
                     (p->at.file == q->at.file && p->at.off == q->at.off && p->order < q->order);
        ck_assert(right);
    }
}

START_TEST(language_7_1_however_they_are_found)
{
    static const uint32_t runs[] = {0, 1, 2, 3, 10, 500, 1000};
    ck_assert(arena_try(a, check_runs, (void *)&runs[_i]));
}
END_TEST

static void check_many(void *ctx)
{
    (void)ctx;
    struct diags d = {.a = a};
    for (uint32_t i = 0; i < DIAG_KEPT_MAX + 5; i++) diag0(&d, E0004, ((struct span){0, i, 0}));
    ck_assert_uint_eq(d.error_count, DIAG_KEPT_MAX + 5);
    ck_assert_uint_eq(d.list.count, DIAG_KEPT_MAX);
    struct diags few = {.a = a};
    for (uint32_t i = 0; i < 3; i++) diag0(&few, i ? E0004 : W1005, ((struct span){0, i, 0}));
    d.list.count--;
    diags_move(&d, &few);
    ck_assert_uint_eq(d.error_count, DIAG_KEPT_MAX + 7);
    ck_assert_uint_eq(d.warning_count, 1);
    ck_assert_uint_eq(d.list.count, DIAG_KEPT_MAX);
}

START_TEST(past_the_limit_diagnostics_are_counted) { ck_assert(arena_try(a, check_many, NULL)); }
END_TEST

START_TEST(codes_are_unique_and_say_their_severity)
{
    for (int i = 0; i < DIAG_COUNT; i++) {
        const struct diag_row *row = &diag_rows[i];
        ck_assert_uint_eq(strlen(row->code), 5);
        ck_assert(row->code[0] == 'E' || row->code[0] == 'W');
        ck_assert(strlen(row->sentence) && strlen(row->meaning) && strlen(row->mend));
        for (int k = 0; k < i; k++) {
            ck_assert_str_ne(diag_rows[k].code, row->code);
            ck_assert_str_ne(diag_rows[k].id, row->id);
        }
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("diag");
    TCase *t = tcase_create("diag");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, language_7_1_line_column_and_length_are_code_points_from_1);
    tcase_add_test(t, language_7_1_by_place_and_each_once);
    tcase_add_loop_test(t, language_7_1_however_they_are_found, 0, 7);
    tcase_add_test(t, past_the_limit_diagnostics_are_counted);
    tcase_add_test(t, codes_are_unique_and_say_their_severity);
    suite_add_tcase(s, t);
    return run_suite(s);
}
