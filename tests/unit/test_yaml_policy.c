/*
 * YAML policies as syntax trees: what each key says is shown beside the same in the DSL, which must give the
 * same tree (language.md 1.1); what is wrong is shown with its places.
 */
#include "compile.h"
#include "dump_ast.h"
#include "run_suite.h"

#include <check.h>
#include <string.h>

static struct arena *a;
static struct sources sources;
static struct diags d;

static void setup(void)
{
    a = arena_new();
}
static void teardown(void)
{
    arena_free(a);
}

static struct file_ast *parse(struct str text, bool yaml)
{
    d = (struct diags){.a = a};
    sources = (struct sources){0};
    vec_push(a, &sources.list)->text = text;
    return yaml ? parse_yaml_policy(a, &d, &sources, 0, false) : parse_dsl_policy(a, &d, &sources, 0, false);
}

/* ---- the same in both spellings ---- */

struct pair_row {
    const char *yaml, *dsl;
};
static struct pair_row pair;
static struct str trees[2];

static void show_tree(struct str *out, struct str text, bool yaml)
{
    const struct file_ast *f = parse(text, yaml);
    *out = d.list.count ? d.list.at[0]->message : f ? dump_file(a, f) : S("no tree");
    if (f && !d.error_count) ck_assert_int_eq(f->version, 1);
}

static void parse_pair(void *unused)
{
    (void)unused;
    show_tree(&trees[0], arena_printf(a, "shunt: 1\n%s", pair.yaml), true);
    show_tree(&trees[1], arena_printf(a, "version 1\n%s", pair.dsl), false);
}

static void expect_pairs(const struct pair_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        pair = rows[i];
        ck_assert(arena_try(a, parse_pair, NULL));
        ck_assert_msg(str_eq(trees[0], trees[1]), "%s\ngives   %.*s\nthe DSL %.*s", pair.yaml,
                      (int)trees[0].len, trees[0].p, (int)trees[1].len, trees[1].p);
    }
}
#define SAME(...)                                                                                            \
    do {                                                                                                     \
        static const struct pair_row rows[] = {__VA_ARGS__};                                                 \
        expect_pairs(rows, sizeof rows / sizeof *rows);                                                      \
    } while (0)

START_TEST(language_2_top)
{
    SAME({"timezone: Europe/Stockholm\n", "timezone Europe/Stockholm\n"},
         {"include: [teams.yaml, a/b.shunt]\n", "include \"teams.yaml\", \"a/b.shunt\"\n"},
         {"include: teams.yaml\n", "include \"teams.yaml\"\n"},
         {"channels: [webchat, email]\n", "channels webchat, email\n"},
         {"labels: [billing, \"needs reply\", no]\n", "labels billing, \"needs reply\", \"no\"\n"},
         {"labels: []\n", "labels none\n"}, {"labels: one\n", "labels one\n"},
         {"segments: {vip: \"Top 1 %\", wholesale: \"\"}\n", "segments vip \"Top 1 %\", wholesale \"\"\n"},
         {"segments: [vip, wholesale]\n", "segments vip, wholesale\n"},
         {"segments:\n  vip:\n  wholesale:\n", "segments vip, wholesale\n"},
         {"presence: day\nauto_assign: off\nassign_on_reply: on\n",
          "presence day\nauto_assign off\nassign_on_reply on\n"},
         {"auto_assign: false\nassign_on_reply: true\n", "auto_assign off\nassign_on_reply on\n"},
         {"otherwise: general\n", "otherwise to general\n"}, {"x-base: {a: [1, {b: c}]}\n", ""},
         {"fields: {plan: [free, pro], total: number, language: text, vip: bool, tags: set}\n",
          "field plan is one of free, pro\nfield total is number\nfield language is text\nfield vip is bool\n"
          "field tags is set\n"});
}
END_TEST

START_TEST(language_2_hours)
{
    SAME({"hours:\n  office:\n    timezone: Europe/Stockholm\n    weekly:\n      mon-thu: 09:00-17:30\n"
          "      fri: [09:00-12:00, 13:00-16:00]\n      sat: []\n",
          "hours office in Europe/Stockholm {\n mon-thu 09:00-17:30\n fri 09:00-12:00, 13:00-16:00\n sat "
          "closed\n}\n"},
         {"hours: {h: {seasons: {06-29..08-07: {mon-fri: 10:00-15:00}}, weekly: {}}}\n",
          "hours h { season 06-29..08-07 { mon-fri 10:00-15:00 }; weekly none }\n"},
         {"hours: {h: {closed: [12-24..12-26, 2027-01-01], special: {2026-12-27: 10:00-14:00, 12-31: []}}}\n",
          "hours h { closed 12-24..12-26, 2027-01-01; special 2026-12-27 10:00-14:00; special 12-31 closed "
          "}\n"},
         {"hours: {h: {closed: 2027-01-01, holidays: se.ics, breaks: {mon: 12:00-13:00}}}\n",
          "hours h { closed 2027-01-01; holidays \"se.ics\"; break mon 12:00-13:00 }\n"},
         {"hours: {h: {closed: [], special: {}, holidays: [], breaks: {}, seasons: {}}}\n",
          "hours h { closed none; special none; holidays none; break none; season none }\n"},
         {"hours: {early: {like: office}, duty: {outside: office}, w: {every: 6 weeks from 2026-03-02}}\n",
          "hours early like office\nhours duty outside office\nhours w every 6 weeks from 2026-03-02\n"},
         {"hours: {h: {weekly: {fri-mon: 22:00-06:00, \"tue\": '00:00-24:00'}}}\n",
          "hours h { fri-mon 22:00-06:00; tue 00:00-24:00 }\n"});
}
END_TEST

START_TEST(language_2_agents)
{
    SAME({"agents: [anna, bo]\n", "agent anna\nagent bo\n"},
         {"agents: {anna: {}, bo: }\n", "agent anna\nagent bo\n"},
         {"agents:\n  anna:\n    name: Anna Karlsson\n    role: manager\n    rank: 1\n    weight: 2\n"
          "    skills: [swedish, refunds]\n    channels: email\n    hours: early\n    away: "
          "2026-12-20..2027-01-06\n",
          "agent anna \"Anna Karlsson\" {\n role manager\n rank 1\n weight 2\n skills swedish, refunds\n"
          " channels email\n hours early\n away 2026-12-20..2027-01-06\n}\n"},
         {"agents: {a: {rank: {webchat: 1, other: 20}}}\n",
          "agent a { rank 1 for webchat; rank 20 for other }\n"},
         {"agents: {a: {limits: {webchat: 0, total: 12}, devices: {phone: \"+46 70\"}}}\n",
          "agent a { limit webchat 0, total 12; device phone \"+46 70\" }\n"},
         {"agents: {a: {skills: [], away: []}}\n", "agent a { skills none; away none }\n"});
}
END_TEST

START_TEST(language_2_teams)
{
    SAME({"teams: {t: {}, u: }\n", "team t\nteam u\n"},
         {"teams:\n  t:\n    description: All of it\n    agents: all\n    assign: round-robin\n    rotation: "
          "channel\n"
          "    hours: office\n    after_hours: hold\n    backlog: leave\n    sticky: true\n    members_only: "
          "false\n"
          "    present: on-shift\n",
          "team t \"All of it\" {\n agents all\n assign round-robin\n rotation channel\n hours office\n"
          " after hours hold\n backlog leave\n sticky true\n members only false\n present on-shift\n}\n"},
         {"teams: {t: {agents: [all]}}\n", "team t { agents \"all\" }\n"},
         {"teams: {t: {agents: []}}\n", "team t { agents none }\n"},
         {"teams: {t: {assign: {webchat: most-busy, other: pull}, hours: {email: always}}}\n",
          "team t { assign most-busy for webchat; assign pull for other; hours always for email }\n"},
         {"teams: {t: {after_hours: {to: nights}}}\n", "team t { after hours to nights }\n"},
         {"teams: {t: {after_hours: {phone: {to: nights}, other: leave}}}\n",
          "team t { after hours to nights for phone; after hours leave for other }\n"},
         {"teams: {t: {takes: [{labels: [a]}, {segments: [b, c], channel: email}]}}\n",
          "team t { takes labels (a); takes segments (b, c), channel email }\n"});
}
END_TEST

START_TEST(language_2_rules)
{
    SAME(
        {"rules:\n  - rule: r\n    description: Why\n    when: labels has refund and not plan == free\n"
         "    active: 2026-11-20..2026-12-01\n    require: {skills: [refunds]}\n    set: {priority: urgent}\n"
         "    raise: {priority: high}\n    add: {labels: [escalated]}\n    to: billing\n",
         "rule r \"Why\" {\n when labels has refund and not plan == free\n active 2026-11-20..2026-12-01\n"
         " require skills refunds\n set priority urgent\n raise priority high\n add labels escalated\n to "
         "billing\n}\n"},
        {"rules: {rule: r, when: true, continue: true}\n", "rule r { when true; continue }\n"},
        {"rules: [{rule: r, match: {segments: [v], channel: [email, phone]}, to: t}]\n",
         "rule r { match segments (v), channel (email, phone); to t }\n"});
}
END_TEST

START_TEST(language_2_2_steps)
{
    SAME({"otherwise: [billing, {team: general, after: 2h of office}, {agent: anna, after: 1d},"
          " {unassigned: true, after: 15m}]\n",
          "otherwise to billing, then general after 2h of office, then agent anna after 1d,"
          " then unassigned after 15m\n"},
         {"otherwise: {agent: anna}\n", "otherwise to agent anna\n"},
         {"otherwise: {team: t}\n", "otherwise to t\n"},
         {"otherwise: [a, {team: b, after: 0}]\n", "otherwise to a, then b after 0\n"},
         {"otherwise: [a, {team: b, after: '1h30m of \"night \\\"x\"'}]\n",
          "otherwise to a, then b after 1h30m of \"night \\\"x\"\n"},
         {"otherwise: unassigned\n", "otherwise to unassigned\n"});
}
END_TEST

START_TEST(language_8_promises)
{
    SAME({"promises:\n  - segments has vip => team billing and priority == urgent\n  - 'subject contains \": "
          "\" => unassigned'\n",
          "promise segments has vip => team billing and priority == urgent\n"
          "promise subject contains \": \" => unassigned\n"});
}
END_TEST

START_TEST(language_1_5_anchors_and_merges_are_what_they_stand_for)
{
    SAME({"x-base: &b {assign: pull, hours: office}\nteams:\n  t: {<<: *b, hours: always}\n  u: *b\n",
          "team t { hours always; assign pull }\nteam u { assign pull; hours office }\n"},
         {"rules: [{rule: r, when: &w labels has a, to: &t [x]}, {rule: s, when: *w, to: *t}]\n",
          "rule r { when labels has a; to x }\nrule s { when labels has a; to x }\n"});
}
END_TEST

/* ---- what is wrong ---- */

struct error_row {
    const char *yaml, *errors; /* "line:column code, …" */
};
static struct error_row wrong;
static struct buf got;

static void parse_wrong(void *unused)
{
    (void)unused;
    buf_init(&got, a);
    parse(str_from(wrong.yaml), true);
    diags_sort(&d);
    for (uint32_t i = 0; i < d.list.count; i++) {
        struct place p = source_place(a, &sources.list.at[0], d.list.at[i]->at);
        buf_printf(&got, "%s%u:%u %s", i ? ", " : "", p.line, p.column, diag_rows[d.list.at[i]->id].code);
    }
    buf_done(&got);
}

static void expect_errors(const struct error_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        wrong = rows[i];
        ck_assert(arena_try(a, parse_wrong, NULL));
        ck_assert_msg(!strcmp(got.p, wrong.errors), "%s\ngives    %s\nexpected %s", wrong.yaml, got.p,
                      wrong.errors);
    }
}
#define WRONG(...)                                                                                           \
    do {                                                                                                     \
        static const struct error_row rows[] = {__VA_ARGS__};                                                \
        expect_errors(rows, sizeof rows / sizeof *rows);                                                     \
    } while (0)

START_TEST(language_1_5_nothing_is_no_name)
{
    WRONG({"name:\n", "1:6 E0541"}, {"name: ~\n", "1:7 E0541"}, {"labels: [a, null]\n", "1:13 E0541"},
          {"labels:\n", "1:8 E0541"}, {"teams: {null: {}}\n", "1:9 E0541"}, {"name: 'null'\n", ""},
          {"rules: [{rule: r, when: ~, to: }]\n", "1:25 E0541, 1:32 E0541"});
}
END_TEST

START_TEST(language_1_5_unknown_keys_do_not_hide_each_other)
{
    WRONG({"lables: [a]\nteams: {t: {agent: all, assing: pull}}\nrules:\n  - {rule: r, wen: true, to: t}\n",
           "1:1 E0504, 2:13 E0504, 2:25 E0504, 4:15 E0504"},
          {"x-a: 1\nx: 2\n", "2:1 E0504"}, {"rules: [{rule: r, x-a: 1}]\n", "1:19 E0504"});
}
END_TEST

START_TEST(language_1_6_conditions_that_yaml_cut_off)
{
    WRONG({"rules:\n  - rule: r\n    when: subject contains \"a #1\"\n", "3:31 E0520"},
          {"rules:\n  - rule: r\n    when: labels has #1\n", "3:22 E0520"},
          {"rules:\n  - rule: r\n    when: labels has a # b\n", ""},
          {"rules:\n  - rule: r\n    when: a: b\n", "3:12 E0521"},
          {"rules:\n  - rule: r\n    when:\n      a: b\n", "4:8 E0521"},
          {"rules:\n  - rule: r\n    when: \"a\" > 1\n", "3:15 E0522"},
          {"rules:\n  - rule: r\n    when: \"a\" == 1\n", "3:15 E0522"},
          {"rules:\n  - rule: r\n    when: 'a' has b\n", "3:15 E0522"},
          {"rules: [{rule: r, when: \"a\" == 1}]\n", "1:29 E0522"},
          {"rules: [{rule: r, when: labels has any (a, b, c), to: t}]\n", "1:42 E0523"},
          {"rules: [{rule: r, when: subject contains \"a, b\", to: t}]\n", "1:44 E0523"},
          {"rules: [{when: labels has any (a, b), rule: r, tu: t}]\n", "1:33 E0523, 1:48 E0504"},
          {"promises:\n  - a: b\n  - subject contains \"#1 #2\" => team t\n", "2:6 E0521, 3:26 E0520"});
}
END_TEST

START_TEST(language_2_1_truth_values)
{
    WRONG({"teams: {t: {sticky: yes, members_only: True}}\n", "1:21 E0542, 1:40 E0542"},
          {"auto_assign: \"on\"\nassign_on_reply: On\n", "1:14 E0542, 2:18 E0542"},
          {"teams: {t: {sticky: on}}\n", "1:21 E0542"});
}
END_TEST

START_TEST(language_2_numbers_stand_without_quotes)
{
    WRONG({"shunt: '1'\n", "1:8 E0552"}, {"shunt: one\n", "1:8 E0543"},
          {"agents: {a: {weight: \"2\", rank: 1.0, limits: {total: 1_000}}}\n",
           "1:22 E0552, 1:33 E0543, 1:54 E0543"});
}
END_TEST

START_TEST(language_2_2_what_no_step_is)
{
    WRONG({"otherwise: [a, {team: b, agent: c, after: 1h}]\n", "1:16 E0547"},
          {"otherwise: {after: 1h}\n", "1:12 E0547"}, {"otherwise: {unassigned: false}\n", "1:12 E0547"},
          {"otherwise: [[a]]\n", "1:13 E0540"},
          {"otherwise: [a, {team: b, after: 2h of x y}]\n", "1:39 E0553"});
}
END_TEST

START_TEST(wrong_shapes_hide_nothing)
{
    WRONG(
        {"hours: {h: 5, i: {weekly: [mon], closed: {a: b}, like: [x], every: {a: b}}}\n",
         "1:12 E0540, 1:27 E0540, 1:42 E0540, 1:56 E0540, 1:68 E0540"},
        {"agents: {a: {limits: [1], devices: x, skills: {b: c}, name: [d]}}\n",
         "1:22 E0540, 1:36 E0540, 1:47 E0540, 1:61 E0540"},
        {"teams: {t: {takes: x, assign: {}, after_hours: {phone: {}}, agents: {a: b}}}\n",
         "1:20 E0540, 1:31 E0540, 1:56 E0540, 1:69 E0540"},
        {"rules: [a, {rule: r, match: {labels: {a: b}}, set: high, add: [x], require: {skill: x}, to: t}]\n",
         "1:9 E0540, 1:38 E0540, 1:52 E0540, 1:63 E0540, 1:78 E0504"},
        {"fields: {a: {b: c}}\nsegments: {a: [b]}\ninclude: {a: b}\n", "1:13 E0540, 2:15 E0540, 3:10 E0540"},
        {"- a\n", "1:1 E0551"}, {"", "1:1 E0551"});
}
END_TEST

START_TEST(what_stands_before_a_syntax_error_is_read)
{
    WRONG({"teams:\n  t: {agent: all}\nrules:\n  - rule: r\n    when: labels hass a\n    to: t\n  - rule: "
           "s\n    to: [t\n",
           "2:7 E0504, 5:18 E0101, 9:1 E0524"});
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        language_2_top,
        language_2_hours,
        language_2_agents,
        language_2_teams,
        language_2_rules,
        language_2_2_steps,
        language_8_promises,
        language_1_5_anchors_and_merges_are_what_they_stand_for,
        language_1_5_nothing_is_no_name,
        language_1_5_unknown_keys_do_not_hide_each_other,
        language_1_6_conditions_that_yaml_cut_off,
        language_2_1_truth_values,
        language_2_numbers_stand_without_quotes,
        language_2_2_what_no_step_is,
        wrong_shapes_hide_nothing,
        what_stands_before_a_syntax_error_is_read,
    };
    Suite *s = suite_create("yaml_policy");
    TCase *c = tcase_create("yaml_policy");
    tcase_add_checked_fixture(c, setup, teardown);
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) tcase_add_test(c, tests[i]);
    suite_add_tcase(s, c);
    return run_suite(s);
}
