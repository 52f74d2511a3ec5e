/* The names' hash: made by lowering, asked by the runtime (docs/TABLE-FORMAT.md 4.4). */
#include "compiled.h"
#include "image.h"
#include "run_suite.h"
#include "../../compiler/lower.h"
#include "../../runtime/names.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct compiled x;

static void open_text(const char *text)
{
    compiled_open(&x, "p.shunt", text, false);
}
static void teardown(void)
{
    compiled_close(&x);
}

/* ---- found ---- */

/* The plain twin of sh_find_atom(): from place to place. */
static uint32_t plain_find(uint32_t attr, const char *name, size_t len)
{
    uint32_t mask = x.v.ATOM_HASH.count - 1, first = le32(x.v.ATTR.at[attr].atom_first);
    for (uint32_t at = tf_name_hash(attr, name, len) & mask; le32(x.v.ATOM_HASH.at[at]);
         at = (at + 1) & mask) {
        uint32_t atom = le32(x.v.ATOM_HASH.at[at]) - 1;
        if (atom - first < le32(x.v.ATTR.at[attr].atom_count) &&
            str_eq(view_string(&x.v, x.v.ATOM.at[atom].string), (struct str){name, len}))
            return atom;
    }
    return TF_NONE;
}

/* l0 to l(count - 1): of which so many are found, each by what finds it place by place. */
static uint32_t names_found(uint32_t count)
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < count; i++) {
        char name[16];
        size_t len = (size_t)snprintf(name, sizeof name, "l%u", i);
        uint32_t atom = sh_find_atom(x.table, TF_LABELS, name, len);
        ck_assert_uint_eq(atom, plain_find(TF_LABELS, name, len));
        found += atom != TF_NONE;
    }
    return found;
}

START_TEST(format_4_4_every_name_is_found_by_its_hash_and_others_are_missed)
{
    char labels[8192] = "labels l0";
    for (int i = 1; i < 700; i++) snprintf(labels + strlen(labels), 16, ", l%d", i);
    compiled_condition(&x, labels, "labels has l3");
    ck_assert_uint_eq(names_found(1400), 700);
}
END_TEST

/* Tables of four places and more, in which rows of names go on at the beginning. */
START_TEST(format_4_4_sixteen_places_at_once_find_what_one_after_another_find)
{
    char policy[1024] = "version 1\nchannels a\nlabels l0";
    for (uint32_t count = 1; count < 80; count++) {
        open_text(policy);
        ck_assert_uint_eq(names_found(500), count);
        teardown();
        snprintf(policy + strlen(policy), 16, ", l%u", count);
    }
    open_text(policy);
}
END_TEST

/* ---- limit: names in a row (format 4.4) ---- */

/* A policy of one channel and so many labels, for a table of 2,048 places: those that come to one of them, two behind
 * the channel's; or any. */
static struct str names_policy(struct arena *a, uint32_t count, bool collide)
{
    enum { MASK = 2047 };
    uint32_t home = (tf_name_hash(TF_CHANNEL, "a", 1) + 2) & MASK;
    struct buf b;
    buf_init(&b, a);
    buf_puts(&b, "version 1\nchannels a\nlabels");
    for (uint32_t i = 0, put = 0; put < count; i++) {
        char name[16];
        int len = snprintf(name, sizeof name, "l%u", i);
        if (collide && (tf_name_hash(TF_LABELS, name, (size_t)len) & MASK) != home) continue;
        buf_printf(&b, "%s %s", put++ ? ",\n" : "", name);
    }
    buf_putc(&b, '\n');
    return buf_done(&b);
}

static struct compile_options how;
static void compile_colliding(void *count)
{
    x.c = compile_text(x.a, "p.shunt", names_policy(x.a, *(uint32_t *)count, true), &how);
}

START_TEST(format_4_4_a_thousand_names_in_a_row_and_no_more)
{
    uint32_t count = TF_NAME_RUN_MAX;
    how = (struct compile_options){0};
    x = (struct compiled){.a = arena_new()};
    ck_assert(arena_try(x.a, compile_colliding, &count));
    ck_assert_uint_eq(x.c->diags.error_count, 0);
    ck_assert_int_eq(shunt_table_open(x.c->table.p, x.c->table.len, NULL, &x.table, NULL), SHUNT_OK);
    table_view(&x.v, x.table);
    ck_assert_uint_gt(names_found(20000), 0);
    uint32_t first = le32(x.v.ATTR.at[TF_LABELS].atom_first);
    ck_assert_uint_eq(le32(x.v.ATTR.at[TF_LABELS].atom_count), count);
    for (uint32_t i = 0; i < count; i++) {
        struct str name = view_string(&x.v, x.v.ATOM.at[first + i].string);
        ck_assert_uint_eq(sh_find_atom(x.table, TF_LABELS, name.p, name.len), first + i);
    }
    shunt_table_close(x.table);
    x.table = NULL;
    count++;
    ck_assert(arena_try(x.a, compile_colliding, &count));
    ck_assert_ptr_null(x.c->table.p);
    ck_assert_uint_eq(x.c->diags.list.count, 1);
    const struct diag *d = x.c->diags.list.at[0];
    ck_assert_str_eq(diag_rows[d->id].code, "E0702");
    ck_assert_uint_eq(source_place(x.a, &x.c->sources.list.at[0], d->at).line, 2 + count);
}
END_TEST

/* The last label is one too many, and never used: checks, beside lowering, say so before it does. */
START_TEST(language_7_1_of_one_place_in_the_order_of_the_passes)
{
    how = (struct compile_options){.pedantic = true, .ahead = AHEAD_ALWAYS};
    x = (struct compiled){.a = arena_new()};
    ck_assert(arena_try(x.a, compile_colliding, &(uint32_t){TF_NAME_RUN_MAX + 1}));
    struct diag **last = x.c->diags.list.at + x.c->diags.list.count - 2;
    ck_assert(last[0]->id == W1012 && last[1]->id == E0702 && last[0]->at.off == last[1]->at.off);
}
END_TEST

static void compile_any(void *text)
{
    *(struct str *)text = names_policy(x.a, 2046, false);
}

/* 2,047 names in 2,048 places, each where it is found: one row of them all. */
START_TEST(format_4_4_a_table_with_more_is_refused)
{
    struct arena *a = x.a = arena_new();
    struct str text;
    struct image m;
    struct shunt_table_error error;
    size_t len;
    ck_assert(arena_try(a, compile_any, &text));
    open_text(text.p);
    arena_free(a);
    le32_t places[2048] = {{0}};
    for (uint32_t atom = 0; atom < x.v.ATOM.count; atom++) {
        struct str s = view_string(&x.v, x.v.ATOM.at[atom].string);
        uint32_t at = tf_name_hash(atom ? TF_LABELS : TF_CHANNEL, s.p, s.len) & 2047;
        while (le32(places[at])) at = (at + 1) & 2047;
        places[at] = to_le32(atom + 1);
    }
    image_init(&m);
    image_load(&m, x.c->table.p, x.c->table.len);
    image_remove(&m, TF_ATOM_HASH);
    image_add(&m, TF_ATOM_HASH, places, sizeof *places, 2048);
    uint8_t *bytes = image_bytes(&m, &len);
    const struct shunt_table *t;
    ck_assert_int_eq(shunt_table_open(bytes, len, NULL, &t, &error), SHUNT_TABLE_DAMAGED);
    ck_assert_uint_eq(error.section, TF_ATOM_HASH);
    ck_assert_str_eq(error.reason, "too many names in a row");
    free(bytes);
    image_free(&m);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("names");
    TCase *t = tcase_create("names");
    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, NULL, teardown);
    tcase_add_test(t, format_4_4_every_name_is_found_by_its_hash_and_others_are_missed);
    tcase_add_test(t, format_4_4_sixteen_places_at_once_find_what_one_after_another_find);
    tcase_add_test(t, format_4_4_a_thousand_names_in_a_row_and_no_more);
    tcase_add_test(t, language_7_1_of_one_place_in_the_order_of_the_passes);
    tcase_add_test(t, format_4_4_a_table_with_more_is_refused);
    suite_add_tcase(s, t);
    return run_suite(s);
}
