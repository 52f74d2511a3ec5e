/*
 * Every limit of language.md 1.2, 1.3, 1.5 and 2.8 at N, where nothing is said, and at N + 1, where what is
 * said is exact: code, place and message. In both spellings where both have it, and at the real numbers,
 * which the table's records rest on. Those of commands.md 5 are in tests/cli/test_limits.sh.
 */
#include "../../compiler/compile.h"
#include "../../compiler/resolve.h"
#include "folder.h"
#include "run_suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif

/* ---- policies: a head, so many of one thing, a middle, perhaps as many of another, a tail ---- */

enum { FEW = 65535, MANY = 1000000, ALIASED = 100000, DEEP = 64, LONG = 255, CHANNELS = 5 };

struct limit {
    const char *name; /* of the test: clause and limit */
    bool dsl;
    uint32_t most, there; /* N, and how many of N the head has already */
    const char *head, *each, *middle, *again, *tail;
    const char *said; /* at N + 1 */
};

#define NAME_TOO_LONG(what) "the name of " what " is 256 bytes long: 255 is the most"
#define NAMES "distinct names of labels, segments, fields, values, hours, channels and skills"

static const struct limit limits[] = {
    {"1.3 a label, YAML", false, LONG, 0, "shunt: 1\nlabels: [", "n", "]\n", NULL, NULL,
     "E0202 2:10 " NAME_TOO_LONG("a label")},
    {"1.3 a label, DSL", true, LONG, 0, "version 1\nlabels ", "n", "\n", NULL, NULL,
     "E0202 2:8 " NAME_TOO_LONG("a label")},
    {"1.3 a label in bytes, YAML", false, LONG, 2, "shunt: 1\nlabels: [é", "n", "]\n", NULL, NULL,
     "E0202 2:10 " NAME_TOO_LONG("a label")},
    {"1.3 a segment, YAML", false, LONG, 0, "shunt: 1\nsegments: [", "n", "]\n", NULL, NULL,
     "E0202 2:12 " NAME_TOO_LONG("a segment")},
    {"1.3 a segment, DSL", true, LONG, 0, "version 1\nsegments ", "n", "\n", NULL, NULL,
     "E0202 2:10 " NAME_TOO_LONG("a segment")},
    {"1.3 a field, YAML", false, LONG, 0, "shunt: 1\nfields: {", "n", ": text}\n", NULL, NULL,
     "E0202 2:10 " NAME_TOO_LONG("a field")},
    {"1.3 a field, DSL", true, LONG, 0, "version 1\nfield ", "n", " is text\n", NULL, NULL,
     "E0202 2:7 " NAME_TOO_LONG("a field")},
    {"1.3 a value, YAML", false, LONG, 0, "shunt: 1\nfields: {f: [", "n", "]}\n", NULL, NULL,
     "E0202 2:14 " NAME_TOO_LONG("a value")},
    {"1.3 a value, DSL", true, LONG, 0, "version 1\nfield f is one of ", "n", "\n", NULL, NULL,
     "E0202 2:19 " NAME_TOO_LONG("a value")},
    {"1.3 hours, YAML", false, LONG, 0, "shunt: 1\ntimezone: UTC\nhours: {", "n", ": {}}\n", NULL, NULL,
     "E0202 3:9 " NAME_TOO_LONG("hours")},
    {"1.3 hours, DSL", true, LONG, 0, "version 1\ntimezone UTC\nhours ", "n", " { }\n", NULL, NULL,
     "E0202 3:7 " NAME_TOO_LONG("hours")},
    {"1.3 an agent, YAML", false, LONG, 0, "shunt: 1\nagents: [", "n", "]\n", NULL, NULL,
     "E0202 2:10 " NAME_TOO_LONG("an agent")},
    {"1.3 an agent, DSL", true, LONG, 0, "version 1\nagent ", "n", "\n", NULL, NULL,
     "E0202 2:7 " NAME_TOO_LONG("an agent")},
    {"1.3 a team, YAML", false, LONG, 0, "shunt: 1\notherwise: unassigned\nteams: {", "n", ": {}}\n", NULL,
     NULL, "E0202 3:9 " NAME_TOO_LONG("a team")},
    {"1.3 a team, DSL", true, LONG, 0, "version 1\notherwise to unassigned\nteam ", "n", "\n", NULL, NULL,
     "E0202 3:6 " NAME_TOO_LONG("a team")},
    {"1.3 a rule, YAML", false, LONG, 0, "shunt: 1\nrules: [{rule: ", "n", ", when: true, to: unassigned}]\n",
     NULL, NULL, "E0202 2:16 " NAME_TOO_LONG("a rule")},
    {"1.3 a rule, DSL", true, LONG, 0, "version 1\nrule ", "n", " { when true; to unassigned }\n", NULL, NULL,
     "E0202 2:6 " NAME_TOO_LONG("a rule")},
    {"1.3 a channel, YAML", false, LONG, 0, "shunt: 1\nchannels: [", "n", "]\n", NULL, NULL,
     "E0202 2:12 " NAME_TOO_LONG("a channel")},
    {"1.3 a channel, DSL", true, LONG, 0, "version 1\nchannels ", "n", "\n", NULL, NULL,
     "E0202 2:10 " NAME_TOO_LONG("a channel")},
    {"1.5 lists nested", false, DEEP, 1, "shunt: 1\nx-a: ", "[", "", "]", "\n",
     "E0506 2:69 this is nested deeper than 64 levels"},
    {"1.5 maps nested", false, DEEP, 1, "shunt: 1\nx-a: ", "{a: ", "", "}", "\n",
     "E0506 2:258 this is nested deeper than 64 levels"},
    {"1.5 blocks nested", false, DEEP, 1, "shunt: 1\nx-a:\n", "- ", "a\n", NULL, NULL,
     "E0506 3:127 this is nested deeper than 64 levels"},
    {"1.5 parentheses, YAML", false, DEEP, 0, "shunt: 1\nrules:\n- rule: r\n  to: unassigned\n  when: ", "(",
     "true", ")", "\n", "E0110 5:73 more than 64 parentheses are open here"},
    {"1.5 parentheses, DSL", true, DEEP, 0, "version 1\nrule r { to unassigned; when ", "(", "true", ")",
     " }\n", "E0110 2:94 more than 64 parentheses are open here"},
    {"1.5 nodes of an alias", false, ALIASED, 1, "shunt: 1\nx-a: &a [", "a,", "]\nx-b: *a\n", NULL, NULL,
     "E0505 3:6 the alias *a stands for too much: an alias may stand for 100000 nodes, and all of them "
     "together for so "
     "many and ten times the file"},
    {"2.8 teams, YAML", false, FEW, 0, "shunt: 1\nteams:\n", "  t%x: {}\n", "otherwise: t0\n", NULL, NULL,
     "E0690 65538:3 a policy has at most 65535 teams"},
    {"2.8 teams, DSL", true, FEW, 0, "version 1\notherwise to t0\n", "team t%x\n", "", NULL, NULL,
     "E0690 65538:6 a policy has at most 65535 teams"},
    {"2.8 agents, YAML", false, FEW, 0, "shunt: 1\nagents:\n", "- a%x\n", "", NULL, NULL,
     "E0690 65538:3 a policy has at most 65535 agents"},
    {"2.8 agents, DSL", true, FEW, 0, "version 1\n", "agent a%x\n", "", NULL, NULL,
     "E0690 65537:7 a policy has at most 65535 agents"},
    {"2.8 names, YAML", false, MANY, CHANNELS, "shunt: 1\nlabels:\n", "- l%x\n", "", NULL, NULL,
     "E0690 999998:3 a policy has at most 1000000 " NAMES},
    {"2.8 names, DSL", true, MANY, CHANNELS + 1, "version 1\nlabels l", ",\nl%x", "\n", NULL, NULL,
     "E0690 999997:1 a policy has at most 1000000 " NAMES},
    {"2.8 rules, YAML", false, MANY, 0, "shunt: 1\nrules:\n", "- {rule: r%x, when: true, to: unassigned}\n",
     "", NULL, NULL, "E0690 1000003:10 a policy has at most 1000000 rules"},
    {"2.8 rules, DSL", true, MANY, 0, "version 1\n", "rule r%x { when true; to unassigned }\n", "", NULL,
     NULL, "E0690 1000002:6 a policy has at most 1000000 rules"},
    {"ours: labels that a rule adds, YAML", false, FEW, 0,
     "shunt: 1\nrules:\n- rule: r\n  when: true\n  to: unassigned\n  add:\n    labels:\n", "    - l%x\n", "",
     NULL, NULL, "E0691 6:3 a rule has at most 65535 labels to add, not 65536"},
    {"ours: labels that a rule adds, DSL", true, FEW, 1,
     "version 1\nrule r {\n when true\n to unassigned\n add labels l", ", l%x", "\n}\n", NULL, NULL,
     "E0691 5:2 a rule has at most 65535 labels to add, not 65536"},
};
enum { LIMITS = sizeof limits / sizeof *limits };

static void put_all(struct buf *b, const char *each, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        char one[128];
        snprintf(one, sizeof one, each, i);
        buf_puts(b, one);
    }
}

/* ---- what is said ---- */

struct asked {
    struct arena *a;
    const struct limit *limit;
    uint32_t count;
    const char *path; /* of a file instead; NULL */
    char said[1000];
};

static void tell_errors(struct asked *asked, struct compilation *c)
{
    size_t len = 0;
    asked->said[0] = 0;
    for (uint32_t i = 0; i < c->diags.list.count && len < sizeof asked->said - 1; i++) {
        const struct diag *d = c->diags.list.at[i];
        if (!diag_is_error(d->id)) continue;
        struct place p = source_place(c->a, &c->sources.list.at[d->at.file], d->at);
        len += (size_t)snprintf(asked->said + len, sizeof asked->said - len, "%s%s %u:%u %s", len ? ", " : "",
                                diag_rows[d->id].code, p.line, p.column, d->message.p);
    }
}

/* Read and resolved, which is where the limits are: what follows has none that a policy could meet first. */
static void ask_text(void *ctx)
{
    struct asked *asked = ctx;
    const struct limit *l = asked->limit;
    struct buf b;
    buf_init(&b, asked->a);
    buf_puts(&b, l->head);
    put_all(&b, l->each, asked->count - l->there);
    buf_puts(&b, l->middle);
    if (l->again) put_all(&b, l->again, asked->count - l->there);
    if (l->tail) buf_puts(&b, l->tail);
    struct compilation *c = arena_new_of(asked->a, struct compilation);
    c->a = c->diags.a = asked->a;
    c->options.zoneinfo_dir = S("/usr/share/zoneinfo");
    read_policy_text(c, l->dsl ? "p.shunt" : "p.yaml", buf_done(&b));
    if (!c->diags.fatal) resolve(c);
    diags_sort(&c->diags);
    tell_errors(asked, c);
}

static void expect(struct asked *asked, void (*body)(void *), const char *expected)
{
    asked->a = arena_new();
    ck_assert(arena_try(asked->a, body, asked));
    arena_free(asked->a);
    ck_assert_msg(strcmp(asked->said, expected) == 0, "%s, %u\nsaid     %s\nexpected %s",
                  asked->limit ? asked->limit->name : asked->path, asked->count, asked->said, expected);
}

START_TEST(language_1_3_and_1_5_and_2_8_each_limit_at_n_and_past_it)
{
    const struct limit *l = &limits[_i];
    struct asked asked = {.limit = l, .count = l->most};
    if (SANITIZED && l->most == MANY) return; /* the plain build shows it */
    expect(&asked, ask_text, "");
    asked.count++;
    expect(&asked, ask_text, l->said);
}
END_TEST

/* ---- files (1.2) ---- */

/* A file of just so many bytes that says nothing but its version. */
static void put_long(const char *name, const char *text, size_t len)
{
    char *all = malloc(len + 1);
    ck_assert_ptr_nonnull(all);
    memset(all, '#', len);
    memcpy(all, text, strlen(text));
    all[len] = 0;
    put_file(name, all);
    free(all);
}

static void ask_file(void *ctx)
{
    struct asked *asked = ctx;
    struct compile_options options = {.check_only = true};
    tell_errors(asked,
                compile_policy(asked->a, arena_str(asked->a, str_from(in_dir(asked->path))).p, &options));
}

enum { FILE_LEN = 64 << 20 };

START_TEST(language_1_2_a_file_of_64_mib_yaml)
{
    struct asked asked = {.path = "root.yaml"};
    put_file("root.yaml", "shunt: 1\ninclude: [long.yaml]\n");
    put_long("long.yaml", "shunt: 1\n", FILE_LEN);
    expect(&asked, ask_file, "");
    put_long("long.yaml", "shunt: 1\n", FILE_LEN + 1);
    expect(&asked, ask_file, "E0003 2:11 long.yaml is larger than 64 MiB");
}
END_TEST

START_TEST(language_1_2_a_file_of_64_mib_dsl)
{
    struct asked asked = {.path = "root.shunt"};
    put_file("root.shunt", "version 1\ninclude \"long.shunt\"\n");
    put_long("long.shunt", "version 1\n", FILE_LEN);
    expect(&asked, ask_file, "");
    put_long("long.shunt", "version 1\n", FILE_LEN + 1);
    expect(&asked, ask_file, "E0003 2:9 long.shunt is larger than 64 MiB");
}
END_TEST

START_TEST(language_1_2_a_calendar_of_64_mib)
{
    struct asked asked = {.path = "root.yaml"};
    put_file("root.yaml", "shunt: 1\ntimezone: UTC\nhours: {h: {holidays: [long.ics]}}\n");
    put_long("long.ics", "", FILE_LEN + 1);
    expect(&asked, ask_file, "E0003 3:24 long.ics is larger than 64 MiB");
}
END_TEST

/* Files that each include the next: so many, the root counted. */
static void put_chain(int length)
{
    for (int i = 0; i < length; i++) {
        char name[32], text[64];
        snprintf(name, sizeof name, "f%d.yaml", i);
        snprintf(text, sizeof text, i + 1 < length ? "shunt: 1\ninclude: [f%d.yaml]\n" : "shunt: 1\n", i + 1);
        put_file(name, text);
    }
}

START_TEST(ours_includes_64_deep)
{
    struct asked asked = {.path = "f0.yaml"};
    put_chain(64);
    expect(&asked, ask_file, "");
    put_chain(65);
    expect(&asked, ask_file, "E0010 2:11 includes nest deeper than 64");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("limits");
    TCase *t = tcase_create("policies");
    tcase_add_loop_test(t, language_1_3_and_1_5_and_2_8_each_limit_at_n_and_past_it, 0, LIMITS);
    suite_add_tcase(s, t);
    t = tcase_create("files");
    tcase_add_checked_fixture(t, folder_begin, folder_end);
    tcase_add_test(t, language_1_2_a_file_of_64_mib_yaml);
    tcase_add_test(t, language_1_2_a_file_of_64_mib_dsl);
    tcase_add_test(t, language_1_2_a_calendar_of_64_mib);
    tcase_add_test(t, ours_includes_64_deep);
    suite_add_tcase(s, t);
    return run_suite(s);
}
