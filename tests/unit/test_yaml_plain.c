/* Plain YAML (compiler/yaml_plain.c): whatever is taken for it gives the nodes that libyaml's events give,
 * and no diagnostic. */
#include "yaml_reader.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct arena *a;

static void setup(void)
{
    a = arena_new();
}
static void teardown(void)
{
    arena_free(a);
}

/* ---- trees, with every member ---- */

static void put_node(struct buf *b, const struct yaml_node *n)
{
    buf_printf(b, "\n%*s%d.%d h%d %d%d%d%d%d @%u+%u size %u count %u column %d", 2 * (20 - n->height), "",
               n->kind, n->style, n->height, n->bad, n->cut, n->merges, n->anchored, n->comment_behind,
               n->off, n->len, n->size, n->count, n->column);
    if (n->kind == YAML_TEXT) buf_printf(b, " <%.*s>", (int)n->u.text.len, n->u.text.p);
    for (uint32_t i = 0; n->kind == YAML_LIST && i < n->count; i++) put_node(b, n->u.items[i]);
    for (uint32_t i = 0; n->kind == YAML_MAP && i < n->count; i++) {
        put_node(b, n->u.map.pairs[i].key);
        put_node(b, n->u.map.pairs[i].value);
    }
}

static const char *tree_of(const struct yaml_tree *t)
{
    struct buf b;
    buf_init(&b, a);
    buf_printf(&b, "%d%d %u %u", t->broken, t->directive, t->start_off, t->end_off);
    if (t->root) put_node(&b, t->root);
    return buf_done(&b).p;
}

/* Whether it is plain; both trees are the same then. */
static bool same_by_libyaml(struct str text)
{
    struct diags d = {.a = a};
    text = arena_str(a, text);
    struct yaml_tree *plain = yaml_read_plain(a, &d, text, 0);
    ck_assert_uint_eq(d.list.count, 0);
    if (!plain) return false;
    struct yaml_tree *by_libyaml = yaml_read_source(a, &d, text, 0, false);
    ck_assert_msg(d.list.count == 0, "taken for right:\n%.*s", (int)text.len, text.p);
    ck_assert_msg(strcmp(tree_of(plain), tree_of(by_libyaml)) == 0, "%.*s\nplain %s\nlibyaml %s",
                  (int)text.len, text.p, tree_of(plain), tree_of(by_libyaml));
    return true;
}

/* ---- which are plain ---- */

static const char *const plain[] = {
    "shunt: 1\nteams:\n  a: {}\n  b: {agents: [x, y]}\nrules:\n"
    "  - {rule: r0, when: 'labels has x and segments has \"y z\"', to: a}\n"
    "  - {rule: \"r 1\", when: \"a == b\", to: [a, {team: b, after: 2h}]}\notherwise: a\n",
    "# first\nrules:\n- rule: r0\n  when: labels has any (a, b)\n  to:\n    - a\n    - team: b\n      after: "
    "15m\n\n"
    "# between\n- rule: r1\n  match: {labels: [a, b], channel: email}\n  to: b\n",
    "hours:\n  office:\n    weekly:\n      mon-fri: 09:00-17:30\n    closed: [2026-12-24..2026-12-26, "
    "01-01]\n",
    "a:\n  b:\n    c:\n      - d\n      - e: f\n        g: [ ]\n      - {  }\nh: it's (i) & j! *k\n",
    "late shift: x  y\n\"quoted: key\": 'a \\ b'\n'k': { \"l\": [ 'm' , n ] }",
    "a: b\n\n   \n# end",
};

static const char *const not_plain[] = {
    "",
    "# nothing\n",
    "- a\n",
    "--- \na: b\n",
    " a: b\n",
    "a:\n",
    "a: b\na: c\n",
    "a: {b: c, b: d}\n",
    "a: &x b\n",
    "a: *x\n",
    "a: !x b\n",
    "a: |\n  b\n",
    "a: b\n  c\n",
    "a: b # c\n",
    "a: b \n",
    "a: b: c\n",
    "a: 'b''c'\n",
    "a: \"b\\n\"\n",
    "a: 'b\n  c'\n",
    "a: {b: c,\n  d: e}\n",
    "a: [b: c]\n",
    "a: {b}\n",
    "a: [b,]\n",
    "a:\tb\n",
    "a: b\r\n",
    "a: \xc3\xa9\n",
    "a:\n  b: c\n d: e\n",
    "a:\n  - b\n c: d\n",
    "- a\nb: c\n",
    "a: b\n- c\n",
    "a: -1\n",
    "a: ?b\n",
    "<<: {a: b}\n",
    "a: {b:c}\n",
    "a: b\n...\n",
};

static void plain_body(void *ctx)
{
    (void)ctx;
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        ck_assert_msg(same_by_libyaml(str_from(plain[i])), "not plain:\n%s", plain[i]);
    for (size_t i = 0; i < sizeof not_plain / sizeof *not_plain; i++)
        ck_assert_msg(!same_by_libyaml(str_from(not_plain[i])), "plain:\n%s", not_plain[i]);
}

START_TEST(plain_1_5_what_is_plain)
{
    ck_assert(arena_try(a, plain_body, NULL));
}
END_TEST

/* ---- changed ones ---- */

static uint32_t draw(uint64_t *state, uint32_t n)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 33) % n;
}

/* A plain text with up to three small changes: bytes put in, changed or left out. */
static struct str changed(uint64_t *state)
{
    static const char bytes[] = " \n\n  :-#,'\"[]{}?&*!|>%@`\\abz01_().\t~<=";
    struct str s = arena_str(a, str_from(plain[draw(state, sizeof plain / sizeof *plain)]));
    char *p = arena_alloc(a, s.len + 8);
    memcpy(p, s.p, s.len);
    for (uint32_t left = 1 + draw(state, 3); left; left--) {
        size_t at = draw(state, (uint32_t)s.len);
        char byte = bytes[draw(state, sizeof bytes - 1)];
        uint32_t how = draw(state, 3);
        if (how == 0) memmove(p + at, p + at + 1, s.len - at - 1), s.len--;
        if (how == 1) memmove(p + at + 1, p + at, s.len - at), s.len++;
        if (how > 0) p[at] = byte;
    }
    return (struct str){p, s.len};
}

static void changed_body(void *ctx)
{
    uint32_t *plain_count = ctx;
    uint64_t state = 7;
    struct arena *whole = a;
    for (int i = 0; i < 40000; i++) {
        a = arena_part(whole);
        *plain_count += same_by_libyaml(changed(&state));
        arena_end(a);
    }
    a = whole;
}

START_TEST(plain_1_5_same_nodes_as_by_libyaml)
{
    uint32_t plain_count = 0;
    ck_assert(arena_try(a, changed_body, &plain_count));
    ck_assert_uint_gt(plain_count, 4000);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("yaml_plain");
    TCase *t = tcase_create("plain");
    tcase_set_timeout(t, 120);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, plain_1_5_what_is_plain);
    tcase_add_test(t, plain_1_5_same_nodes_as_by_libyaml);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_ENV);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
