/* Reading: includes, paths, limits (language.md 1.2). Files are made in a folder of the test's own. */
#include "../../compiler/compile.h"
#include "folder.h"
#include "run_suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct arena *a;
static void setup(void)
{
    folder_begin();
    mkdir(in_dir("policy"), 0700);
    mkdir(in_dir("policy/sub"), 0700);
    a = arena_new();
}

static void teardown(void)
{
    arena_free(a);
    folder_end();
}

static struct compilation *c;
static void compile_root(void *name)
{
    struct compile_options options = {.check_only = true};
    c = compile_policy(a, arena_str(a, str_from(in_dir(name))).p, &options);
}

/* The codes reported for policy/NAME, in order, joined by blanks. */
static const char *codes(const char *name)
{
    static char out[1024];
    out[0] = 0;
    ck_assert(arena_try(a, compile_root, (void *)(uintptr_t)name));
    for (uint32_t i = 0; i < c->diags.list.count; i++) {
        if (!diag_is_error(c->diags.list.at[i]->id)) continue;
        if (out[0]) strcat(out, " ");
        strcat(out, diag_rows[c->diags.list.at[i]->id].code);
    }
    return out;
}

START_TEST(language_1_2_items_are_joined_where_they_are_named)
{
    put_file("policy/root.yaml", "shunt: 1\nlabels: [a]\ninclude: [sub/one.shunt, two.yaml]\nagents: [z]\n");
    put_file("policy/sub/one.shunt", "version 1\nlabels b\ninclude \"../three.yaml\"\nlabels d\n");
    put_file("policy/three.yaml", "shunt: 1\nlabels: [c]\n");
    put_file("policy/two.yaml", "shunt: 1\nlabels: [e]\n");
    ck_assert_str_eq(codes("policy/root.yaml"), "");
    char order[16] = "";
    for (uint32_t i = 0; i < c->ast.items.count; i++) {
        const struct item *item = c->ast.items.at[i];
        if (item->kind == ITEM_LABELS) strncat(order, item->u.names.at[0].s.p, item->u.names.at[0].s.len);
    }
    ck_assert_str_eq(order, "abcde");
    ck_assert_uint_eq(c->sources.list.count, 4);
    ck_assert_str_eq(c->sources.list.at[2].name.p, "three.yaml");
}
END_TEST

START_TEST(language_1_2_nothing_outside_the_folder_is_read)
{
    put_file("outside.yaml", "shunt: 1\n");
    ck_assert_int_eq(symlink("../outside.yaml", in_dir("policy/link.yaml")), 0);
    put_file("policy/up.yaml", "shunt: 1\ninclude: [../outside.yaml]\n");
    put_file("policy/linked.yaml", "shunt: 1\ninclude: [link.yaml]\n");
    put_file("policy/round.yaml", "shunt: 1\ninclude: [sub/../../policy/ok.yaml]\n");
    put_file("policy/ok.yaml", "shunt: 1\n");
    ck_assert_str_eq(codes("policy/up.yaml"), "E0007");
    ck_assert_str_eq(codes("policy/linked.yaml"), "E0007");
    ck_assert_str_eq(codes("policy/round.yaml"), "E0007");
}
END_TEST

START_TEST(language_1_2_a_link_inside_the_folder_is_the_same_file)
{
    put_file("policy/a.yaml", "shunt: 1\n");
    ck_assert_int_eq(symlink("a.yaml", in_dir("policy/b.yaml")), 0);
    put_file("policy/root.yaml", "shunt: 1\ninclude: [a.yaml, b.yaml]\n");
    ck_assert_str_eq(codes("policy/root.yaml"), "E0009");
}
END_TEST

START_TEST(language_1_2_a_pipe_or_a_folder_is_an_error_and_no_hang)
{
    ck_assert_int_eq(mkfifo(in_dir("policy/pipe.yaml"), 0600), 0);
    ck_assert_int_eq(mkdir(in_dir("policy/folder.yaml"), 0700), 0);
    put_file("policy/root.yaml", "shunt: 1\ninclude: [pipe.yaml, folder.yaml]\n");
    ck_assert_str_eq(codes("policy/root.yaml"), "E0002 E0002");
    ck_assert_str_eq(codes("policy/pipe.yaml"), "E0002");
    ck_assert(c->diags.fatal);
}
END_TEST

START_TEST(language_1_2_files_are_at_most_64_mib)
{
    put_file("policy/large.yaml", "shunt: 1\n#");
    ck_assert_int_eq(truncate(in_dir("policy/large.yaml"), (64 << 20) + 1), 0);
    ck_assert_str_eq(codes("policy/large.yaml"), "E0003");
    ck_assert_int_eq(truncate(in_dir("policy/large.yaml"), 64 << 20), 0);
    ck_assert_str_eq(codes("policy/large.yaml"), "E0011"); /* read, and found to hold NULs */
}
END_TEST

static void put_chain(int length)
{
    char name[64], text[64];
    for (int i = 0; i < length; i++) {
        snprintf(name, sizeof name, "policy/chain%d.yaml", i);
        snprintf(text, sizeof text, "shunt: 1\ninclude: [chain%d.yaml]\n", i + 1);
        put_file(name, i + 1 < length ? text : "shunt: 1\n");
    }
}

START_TEST(includes_nest_64_deep)
{
    put_chain(64);
    ck_assert_str_eq(codes("policy/chain0.yaml"), "");
    put_chain(65);
    ck_assert_str_eq(codes("policy/chain0.yaml"), "E0010");
}
END_TEST

START_TEST(a_missing_include_does_not_make_every_name_unknown)
{
    put_file("policy/root.yaml", "shunt: 1\ninclude: [gone.yaml]\nrules:\n  - {rule: r, when: true, to: t}\n");
    ck_assert_str_eq(codes("policy/root.yaml"), "E0001");
    ck_assert(!c->diags.fatal);
}
END_TEST

/* Whatever it could not have declared is told; a name, a zone or an answer that it may say is not. */
START_TEST(language_7_1_beside_a_missing_include_the_rest_is_told)
{
    put_file("policy/sub/lists.yaml", "labels: [b]\n");
    put_file("policy/broken.yaml", "shunt: 1\nteams: {a: {agents: [b]\n");
    put_file("policy/root.yaml", "shunt: 1\n"
                            "include: [gone.yaml, sub/lists.yaml, broken.yaml]\n"
                            "name: x\n"
                            "name: y\n"
                            "labels: [a]\n"
                            "segments: [vip]\n"
                            "fields: {plan: [free, pro]}\n"
                            "hours: {day: {like: night}, off: {outside: day, timezone: Mars/Base}}\n"
                            "agents: {bo: {hours: night, limits: {fax: 1, total: x}, devices: {fax: \"1\"}}}\n"
                            "teams: {t: {agents: [bo, cy], assign: {fax: robin, other: pull}, hours: night, \n"
                            "  after_hours: {fax: {to: u}, other: hold}, takes: {segments: gold, fax: 1}}}\n"
                            "rules:\n"
                            "  - {rule: r, when: labels has c and size > 5 or during night, to: bo}\n"
                            "  - {rule: r, when: channel == fax, to: [u, {agent: cy, after: 1h of night}]}\n"
                            "  - {rule: s, when: plan == fre or priority == hihg, to: [t, {team: u, after: 1h}]}\n"
                            "promises: [true => team u, true => rule \"v\", labels > 5 => unassigned]\n");
    ck_assert_str_eq(codes("policy/root.yaml"), "E0001 E0503 E0401 E0543 E0601 E0206 E0208 E0208 E0301 E0210 E0524");
    ck_assert_uint_eq(c->diags.warning_count, 0);
}
END_TEST

START_TEST(a_missing_root_is_fatal)
{
    ck_assert_str_eq(codes("policy/nowhere.yaml"), "E0001");
    ck_assert(c->diags.fatal);
    ck_assert_str_eq(codes("policy/gone.table"), "E0001");
    ck_assert_str_eq(codes("policy/sub"), "E0002");
    ck_assert(c->diags.fatal);
    put_file("policy/notes.txt", "shunt: 1\n");
    ck_assert_str_eq(codes("policy/notes.txt"), "E0005");
    ck_assert(c->diags.fatal);
}
END_TEST

START_TEST(language_1_2_what_is_wrong_with_a_path_is_told_before_its_ending)
{
    put_file("policy/root.yaml", "shunt: 1\ninclude: [/etc/passwd, ../x.txt, \"\", notes.txt]\n");
    put_file("policy/notes.txt", "shunt: 1\n");
    ck_assert_str_eq(codes("policy/root.yaml"), "E0006 E0007 E0001 E0005");
}
END_TEST

START_TEST(a_byte_order_mark_is_passed_over_and_utf16_is_refused)
{
    put_file("policy/bom.yaml", "\xef\xbb\xbfshunt: 1\n");
    ck_assert_str_eq(codes("policy/bom.yaml"), "");
    put_file("policy/bom.shunt", "\xef\xbb\xbfversion 1\n");
    ck_assert_str_eq(codes("policy/bom.shunt"), "");
    put_file("policy/utf16.yaml", "\xff\xfes");
    ck_assert_str_eq(codes("policy/utf16.yaml"), "E0004");
    ck_assert_ptr_nonnull(strstr(c->diags.list.at[0]->hint.p, "UTF-16"));
}
END_TEST

/* Eight bytes are looked at together: at each distance from the end, and from a letter that is no byte. */
START_TEST(language_1_5_control_characters_wherever_they_stand)
{
    char text[64];
    for (int n = 0; n <= 17; n++) {
        snprintf(text, sizeof text, "shunt: 1 # \u00e9%.*s", n, "abcdefghijklmnopqrs");
        put_file("policy/plain.yaml", text);
        ck_assert_str_eq(codes("policy/plain.yaml"), "");
        strcat(text, "\x7f");
        put_file("policy/control.yaml", text);
        ck_assert_str_eq(codes("policy/control.yaml"), "E0011");
        ck_assert_uint_eq(c->diags.list.at[0]->at.off, strlen(text) - 1);
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("sources");
    TCase *t = tcase_create("sources");
    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, language_1_2_items_are_joined_where_they_are_named);
    tcase_add_test(t, language_1_2_nothing_outside_the_folder_is_read);
    tcase_add_test(t, language_1_2_a_link_inside_the_folder_is_the_same_file);
    tcase_add_test(t, language_1_2_a_pipe_or_a_folder_is_an_error_and_no_hang);
    tcase_add_test(t, language_1_2_files_are_at_most_64_mib);
    tcase_add_test(t, includes_nest_64_deep);
    tcase_add_test(t, a_missing_include_does_not_make_every_name_unknown);
    tcase_add_test(t, language_7_1_beside_a_missing_include_the_rest_is_told);
    tcase_add_test(t, a_missing_root_is_fatal);
    tcase_add_test(t, language_1_2_what_is_wrong_with_a_path_is_told_before_its_ending);
    tcase_add_test(t, a_byte_order_mark_is_passed_over_and_utf16_is_refused);
    tcase_add_test(t, language_1_5_control_characters_wherever_they_stand);
    suite_add_tcase(s, t);
    return run_suite(s);
}
