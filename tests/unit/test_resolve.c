/* Names, attributes, agents, teams, rules, promises: what they resolve to, and what is wrong (language.md 1,
 * 2, 8). */
#include "resolved.h"
#include "run_suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the model of one policy, looked at from several sides ---- */

static const char policy[] =
    "shunt: 1\n"
    "name: acme\n"
    "timezone: Europe/Stockholm\n"
    "fields: {plan: [free, pro], interests: set}\n"
    "hours: {office: {weekly: {mon-fri: 09:00-17:00}}}\n"
    "agents:\n"
    "  viewer: {role: viewer}\n"
    "  anna:\n"
    "    name: Anna Karlsson\n"
    "    role: manager\n"
    "    rank: {webchat: 1, other: 20}\n"
    "    weight: 2\n"
    "    skills: [swedish, refunds]\n"
    "    channels: [phone, email]\n"
    "    limits: {email: 10, webchat: 0, total: 12}\n"
    "    devices: {phone: '+46'}\n"
    "    hours: office\n"
    "    away: [2026-12-20..2027-01-06]\n"
    "  bo: {skills: refunds}\n"
    "teams:\n"
    "  billing: {agents: [bo, anna], takes: {labels: [zebra, ant]}, assign: {webchat: random, other: pull},\n"
    "    hours: {webchat: office}, after_hours: {webchat: {to: general}, email: leave},\n"
    "    rotation: global, backlog: leave, sticky: true, members_only: true, present: on-shift}\n"
    "  general: {agents: all}\n"
    "rules:\n"
    "  - rule: a\n"
    "    when: labels has middle and interests has golf\n"
    "    active: [12-24..12-26]\n"
    "    require: {skills: [swedish, refunds, swedish]}\n"
    "    set: {priority: urgent}\n"
    "    add: {labels: [zebra, ant, zebra]}\n"
    "    to: [billing, {agent: bo, after: 1h30m of office}, {unassigned: true, after: 2d}]\n"
    "  - {rule: b, when: labels has ant, active: 12-24..12-26, raise: {priority: low}, continue: true}\n"
    "otherwise: general\n"
    "presence: day\n"
    "auto_assign: off\n"
    "promises:\n"
    "  - labels has ant => team in (general, billing) and priority != high and rule \"team billing\"\n"
    "  - labels has x => rule otherwise and not team general and unassigned and priority >= high\n";

static void with_model(void (*look)(struct compilation *c, void *ctx))
{
    with_policy(policy, NULL, NULL, look, NULL);
}

static void expect_names(const struct m_attr *t, const char *names_listed)
{
    char all[1024] = "";
    for (uint32_t i = 0; i < t->values.count; i++) {
        strcat(all, i ? " " : "");
        strncat(all, t->values.at[i].name.s.p, t->values.at[i].name.s.len);
        ck_assert_uint_eq(strmap_get(&t->ids, t->values.at[i].name.s, NONE), i);
    }
    ck_assert_str_eq(all, names_listed);
}

static void look_attrs(struct compilation *c, void *ctx)
{
    (void)ctx;
    const struct model *m = &c->model;
    ck_assert_uint_eq(m->attrs.count, TF_FIELD_FIRST + 2);
    expect_names(&m->attrs.at[TF_CHANNEL], "webchat email sms social phone");
    expect_names(&m->attrs.at[TF_LABELS], "ant middle x zebra"); /* open: by bytes */
    expect_names(&m->attrs.at[TF_FIELD_FIRST], "free pro");      /* listed: as declared */
    expect_names(&m->attrs.at[TF_FIELD_FIRST + 1], "golf");
    ck_assert(m->attrs.at[TF_CHANNEL].closed && !m->attrs.at[TF_LABELS].closed);
    ck_assert(m->attrs.at[TF_LABELS].used && !m->attrs.at[TF_FIELD_FIRST].used);
}

START_TEST(language_1_4_open_names_are_sorted)
{
    with_model(look_attrs);
}
END_TEST

static void look_agents(struct compilation *c, void *ctx)
{
    (void)ctx;
    const struct model *m = &c->model;
    const struct m_agent *anna = &m->agents.at[1], *bo = &m->agents.at[2];
    ck_assert_uint_eq(m->agents.count, 3);
    ck_assert_uint_eq(anna->role, TF_MANAGER);
    ck_assert_uint_eq(map_at(&anna->rank, 0), 1);
    ck_assert_uint_eq(map_at(&anna->rank, 1), 20);
    ck_assert_uint_eq(anna->weight, 2);
    ck_assert(str_eq(m->skills.at[0].s, S("refunds")) && anna->skills.count == 2 && anna->skills.at[0] == 0);
    ck_assert(!anna->all_channels && anna->channels.count == 2 && anna->channels.at[0] == 1 &&
              anna->channels.at[1] == 4);
    ck_assert_uint_eq(map_at(&anna->limit, 0), 0);
    ck_assert_uint_eq(map_at(&anna->limit, 1), 10);
    ck_assert_uint_eq(map_at(&anna->limit, 2), NONE);
    ck_assert_uint_eq(anna->limit_total, 12);
    ck_assert(anna->devices.count == 1 && anna->devices.at[0].channel == 4 &&
              str_eq(anna->devices.at[0].text, S("+46")));
    ck_assert(anna->hours == 1 && anna->away == 0);
    ck_assert(bo->role == TF_AGENT_ROLE && bo->rank.other == 50 && bo->weight == 1 && bo->all_channels);
    ck_assert(bo->limit_total == NONE && bo->hours == NONE && bo->away == NONE);
}

START_TEST(language_2_agents)
{
    with_model(look_agents);
}
END_TEST

static void look_teams(struct compilation *c, void *ctx)
{
    (void)ctx;
    const struct m_team *billing = &c->model.teams.at[0], *general = &c->model.teams.at[1];
    ck_assert(billing->members.count == 2 && billing->members.at[0] == 2 && billing->members.at[1] == 1);
    ck_assert(general->agents_all && general->members.count == 2 &&
              general->members.at[0] == 1); /* no viewer */
    ck_assert_uint_eq(map_at(&billing->assign, 0), TF_RANDOM);
    ck_assert_uint_eq(billing->assign.other, TF_PULL);
    ck_assert(map_at(&billing->hours, 0) == 1 && billing->hours.other == 0);
    ck_assert_uint_eq(map_at(&billing->after_hours, 0), TF_TO_FIRST + 1);
    ck_assert_uint_eq(map_at(&billing->after_hours, 1), TF_LEAVE);
    ck_assert_uint_eq(billing->after_hours.other, TF_HOLD);
    ck_assert(billing->rotation == TF_ROTATION_GLOBAL && billing->backlog_leave && billing->sticky);
    ck_assert(billing->members_only && billing->on_shift && billing->takes && billing->routed_to);
    ck_assert(general->assign.other == TF_ROUND_ROBIN && general->hours.other == 0 &&
              general->after_hours.other == TF_HOLD);
    ck_assert(general->rotation == TF_ROTATION_TEAM && !general->backlog_leave && !general->takes);
}

START_TEST(language_2_6_teams_and_their_defaults)
{
    with_model(look_teams);
}
END_TEST

static void look_rules(struct compilation *c, void *ctx)
{
    (void)ctx;
    const struct m_rule *a = &c->model.rules.at[0], *b = &c->model.rules.at[1];
    ck_assert(a->set_priority == 4 && a->raise_priority == 0 && b->raise_priority == 1 && b->cont);
    ck_assert(a->more->add.count == 2 && a->more->add.at[0] == 3 && a->more->add.at[1] == 0); /* zebra, ant: as written */
    ck_assert(a->more->require.count == 2 && a->more->require.at[0] == 1 && a->more->require.at[1] == 0); /* swedish, refunds */
    ck_assert_uint_eq(a->steps.count, 3);
    ck_assert(a->steps.at[0].kind == TF_TO_TEAM && a->steps.at[0].target == 0 &&
              a->steps.at[0].of_hours == NONE);
    ck_assert(a->steps.at[1].kind == TF_TO_AGENT && a->steps.at[1].after_sec == 5400 &&
              a->steps.at[1].of_hours == 1);
    ck_assert(a->steps.at[2].kind == TF_TO_NOBODY && a->steps.at[2].target == NONE &&
              a->steps.at[2].after_sec == 172800);
    ck_assert_uint_eq(a->active, b->active); /* the same days are one set */
    ck_assert(b->steps.count == 0 && c->model.has_otherwise && c->model.otherwise.count == 1);
}

START_TEST(language_2_2_rules_and_steps)
{
    with_model(look_rules);
}
END_TEST

static void look_singles(struct compilation *c, void *ctx)
{
    (void)ctx;
    const struct model *m = &c->model;
    ck_assert(str_eq(m->name, S("acme")) && m->zone == 0 &&
              str_eq(m->zones.at[0].name, S("Europe/Stockholm")));
    ck_assert(m->presence_day && !m->auto_assign && !m->assign_on_reply);
}

START_TEST(language_2_1_switches)
{
    with_model(look_singles);
}
END_TEST

static void look_promises(struct compilation *c, void *ctx)
{
    (void)ctx;
    const struct m_promise *p = &c->model.promises.at[0], *q = &c->model.promises.at[1];
    ck_assert(p->outcomes.count == 3 && q->outcomes.count == 4);
    ck_assert(p->outcomes.at[0].kind == TF_P_TEAM_IN && p->outcomes.at[0].ids.count == 2 &&
              p->outcomes.at[0].ids.at[0] == 0);
    ck_assert_uint_eq(p->outcomes.at[1].priorities, 1 | 2 | 8);
    ck_assert_uint_eq(p->outcomes.at[2].ids.at[0], 2); /* rules a, b; then the takes of billing */
    ck_assert_uint_eq(q->outcomes.at[0].ids.at[0], 3); /* otherwise is the last */
    ck_assert_uint_eq(q->outcomes.at[1].kind, TF_P_NOT_TEAM);
    ck_assert_uint_eq(q->outcomes.at[2].kind, TF_P_UNASSIGNED);
    ck_assert_uint_eq(q->outcomes.at[3].priorities, 4 | 8);
}

START_TEST(language_8_1_outcomes)
{
    with_model(look_promises);
}
END_TEST

/* ---- what is wrong ---- */

START_TEST(language_1_3_kinds_do_not_meet)
{
    expect_said("shunt: 1\n"
                "labels: [a]\n"
                "segments: [a]\n"
                "fields: {a: [a]}\n"
                "agents: [a]\n"
                "teams: {a: {agents: a}}\n"
                "rules: [{rule: a, when: a == a and labels has a, to: a}]\n"
                "otherwise: a\n",
                "");
}
END_TEST

START_TEST(language_1_3_length)
{
    char text[1200], name[300];
    memset(name, 'n', sizeof name);
    name[256] = 0;
    snprintf(text, sizeof text,
             "shunt: 1\nlabels: [%s, %s]\nrules: [{rule: r, when: labels has %s, to: unassigned}]\n",
             name + 1, name, name);
    expect_said(text, "E0202 2:267");
}
END_TEST

START_TEST(language_1_3_names_in_open_lists_too)
{
    expect_said("shunt: 1\n"
                "rules:\n"
                "  - {rule: r, when: 'labels has \"\" or segments has \"a\\u0001b\"', to: unassigned}\n"
                "  - {rule: s, when: channel == email, require: {skills: [\"\"]}, to: unassigned}\n",
                "E0201 3:33, E0204 3:52, E0201 4:58");
}
END_TEST

START_TEST(language_1_4_listed_is_closed_empty_too)
{
    expect_said("shunt: 1\n"
                "labels: []\n"
                "rules:\n"
                "  - {rule: r, when: labels has a, add: {labels: b}, to: unassigned}\n",
                "E0203 4:32, E0203 4:49");
}
END_TEST

START_TEST(language_2_2_first_and_later_steps)
{
    expect_said(
        "shunt: 1\n"
        "agents: [anna]\n"
        "teams: {a: {agents: all}, b: {agents: all}}\n"
        "rules:\n"
        "  - {rule: r, when: labels has x, to: [{team: a, after: 1h}, {team: b}]}\n"
        "  - {rule: s, when: labels has y, to: [a, {team: b, after: 1h}, {team: a, after: 1h}, {team: b, "
        "after: 59m}]}\n"
        "  - {rule: t, when: labels has z, to: [a, {team: b, after: 0}, {unassigned: true, after: 1s}]}\n"
        "otherwise: a\n",
        "E0610 5:57, E0611 5:62, E0615 6:104");
}
END_TEST

/* A team that rules led to before is known by its bytes (resolve_rules.c): a NUL is one of them. */
START_TEST(language_2_2_a_team_is_its_whole_name)
{
    expect_said("shunt: 1\n"
                "agents: [anna]\n"
                "teams: {a: {agents: all}, abcdefgh: {agents: all}, abcdefghi: {agents: all}}\n"
                "rules:\n"
                "  - {rule: r1, when: labels has x1, to: a}\n"
                "  - {rule: r2, when: labels has x2, to: a}\n"
                "  - {rule: r3, when: labels has x3, to: \"a\\0\"}\n"
                "  - {rule: r4, when: labels has x4, to: abcdefgh}\n"
                "  - {rule: r5, when: labels has x5, to: abcdefg}\n"
                "  - {rule: r6, when: labels has x6, to: abcdefghi}\n"
                "  - {rule: r7, when: labels has x7, to: abcdefghij}\n"
                "otherwise: a\n",
                "E0203 7:41, E0203 9:41, E0203 11:41");
}
END_TEST

START_TEST(language_2_4_neither_nor_both)
{
    expect_said("shunt: 1\n"
                "rules:\n"
                "  - {rule: r, when: labels has x}\n"
                "  - {rule: s, when: labels has y, to: unassigned, continue: true}\n"
                "  - {rule: t, to: unassigned}\n"
                "  - {rule: u, when: labels has z, to: unassigned, continue: false}\n",
                "E0618 3:12, E0617 4:51, E0608 5:12");
}
END_TEST

/* What could not be read says it already: that it is missing then is no news. */
START_TEST(language_7_1_no_cascades)
{
    expect_said("shunt: 1\n"
                "fields: {plan: [free, pro], plan: text}\n"
                "labels: [bad\tname]\n"
                "rules:\n"
                "  - {rule: r, when: labels has , to: unassigned}\n"
                "  - {rule: s, when: plan == free and nothing == 5 and nothing == 6, to: unassigned}\n"
                "  - {rule: r, when: true, to: nowhere}\n",
                "E0503 2:29, E0204 3:10, E0101 5:31, E0207 6:38, E0207 6:55, E0206 7:12, E0203 7:31");
}
END_TEST

START_TEST(language_2_7_other_stands_for_the_rest)
{
    expect_said("version 1\n"
                "agent anna { rank 1 for webchat; rank 20 for other }\n"
                "team a { agents all; assign random for webchat; hours always for email; after hours leave "
                "for other }\n"
                "otherwise to a\n",
                "E0613 3:22");
}
END_TEST

START_TEST(language_1_3_teams_may_be_named_like_words)
{
    expect_said("shunt: 1\n"
                "agents: [team, leave]\n"
                "teams:\n"
                "  leave: {agents: all, after_hours: leave}\n"
                "  to: {agents: [leave], after_hours: {to: leave}}\n"
                "  none: {agents: [team], after_hours: {email: hold, other: {to: to}}}\n"
                "otherwise: none\n",
                "");
}
END_TEST

START_TEST(desk_6_2_viewers)
{
    expect_said("shunt: 1\n"
                "agents: {anna: {role: viewer}, bo: {}}\n"
                "teams: {a: {agents: [anna, bo]}, b: {agents: all}}\n"
                "rules: [{rule: r, when: labels has x, to: [b, {agent: anna, after: 1h}]}]\n"
                "otherwise: a\n",
                "E0603 3:22, E0605 4:55");
}
END_TEST

START_TEST(language_2_timezone_is_required)
{
    const char *none = "";
    expect_said("shunt: 1\nagents: {anna: {away: 2026-12-20}}\nteams: {a: {agents: all}}\notherwise: a\n",
                "E0622 2:17");
    expect_said("shunt: 1\npresence: day\n", "E0622 2:1");
    expect_said("shunt: 1\npresence: signout\n", none);
    expect_said("shunt: 1\ntimezone: Europe/Stokholm\npresence: day\n", "E0401 2:11");
}
END_TEST

/* ---- limits (2.8): the same code for small ones, N and N + 1 ---- */

static const struct limits small = {.teams = 2, .agents = 3, .rules = 2, .names = 12, .list = 2};

static void expect_limit(const char *text, const char *expected)
{
    expect_said_with(text, &small, NULL, expected);
}

START_TEST(language_2_8_limits)
{
    const char *fine = "";
    expect_limit("shunt: 1\nagents: [a, b, c]\nteams: {t: {agents: all}, u: {agents: all}}\notherwise: [t, "
                 "{team: u, after: 1h}]\n",
                 fine);
    expect_limit("shunt: 1\nagents: [a, b, c, d, e]\nteams: {t: {agents: all}}\notherwise: t\n",
                 "E0690 2:19");
    expect_limit("shunt: 1\nteams: {t: {}, u: {}, v: {}}\notherwise: v\n", "E0690 2:23");
    expect_limit("shunt: 1\nrules:\n- {rule: a, when: priority == low, to: unassigned}\n- {rule: b, when: "
                 "priority == high, to: unassigned}\n",
                 fine);
    expect_limit("version 1\nrule a { when priority == low; to unassigned }\nrule b { when priority == high; "
                 "to unassigned }\n"
                 "rule c { when priority == urgent; to unassigned }\n",
                 "E0690 4:6");
}
END_TEST

/* Five channels are names too. */
START_TEST(language_2_8_distinct_names)
{
    expect_limit("shunt: 1\nlabels: [a, b, c]\nsegments: [a, b]\nfields: {f: text, g: bool}\n"
                 "rules: [{rule: r, when: f exists and g, to: unassigned}]\n",
                 "");
    expect_limit("shunt: 1\nlabels: [a, b, c]\nsegments: [a, b, c]\nfields: {f: text, g: bool}\n"
                 "rules: [{rule: r, when: f exists and g, to: unassigned}]\n",
                 "E0690 4:19");
}
END_TEST

START_TEST(language_2_8_lists)
{
    expect_limit("shunt: 1\nrules: [{rule: r, when: labels has a, add: {labels: [a, b]}, to: unassigned}]\n",
                 "");
    expect_limit(
        "shunt: 1\nrules: [{rule: r, when: labels has a, add: {labels: [a, b, c]}, to: unassigned}]\n",
        "E0691 2:39");
    expect_limit(
        "shunt: 1\nrules: [{rule: r, when: labels has a, require: {skills: [a, b, c]}, to: unassigned}]\n",
        "E0691 2:39");
    expect_limit("shunt: 1\nagents: [x]\nteams: {t: {agents: all}}\n"
                 "otherwise: [t, {team: t, after: 1h}, {team: t, after: 2h}]\n",
                 "E0691 4:1");
}
END_TEST

/* The real limit, which the table's indexes rest on. */
START_TEST(language_2_8_agents_at_65535)
{
    char *text = malloc(65536 * 8 + 100);
    for (int n = 65535; n <= 65536; n++) {
        size_t len = (size_t)sprintf(text, "shunt: 1\nteams: {t: {agents: all}}\notherwise: t\nagents:\n");
        for (int i = 0; i < n; i++) len += (size_t)sprintf(text + len, "- %x\n", (unsigned)i);
        expect_said(text, n == 65535 ? "" : "E0690 65540:3");
    }
    free(text);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("resolve");
    TCase *t = tcase_create("model");
    tcase_add_test(t, language_1_4_open_names_are_sorted);
    tcase_add_test(t, language_2_agents);
    tcase_add_test(t, language_2_6_teams_and_their_defaults);
    tcase_add_test(t, language_2_2_rules_and_steps);
    tcase_add_test(t, language_2_1_switches);
    tcase_add_test(t, language_8_1_outcomes);
    suite_add_tcase(s, t);
    t = tcase_create("wrong");
    tcase_add_test(t, language_1_3_kinds_do_not_meet);
    tcase_add_test(t, language_1_3_length);
    tcase_add_test(t, language_1_3_names_in_open_lists_too);
    tcase_add_test(t, language_1_4_listed_is_closed_empty_too);
    tcase_add_test(t, language_2_2_first_and_later_steps);
    tcase_add_test(t, language_2_2_a_team_is_its_whole_name);
    tcase_add_test(t, language_2_4_neither_nor_both);
    tcase_add_test(t, language_7_1_no_cascades);
    tcase_add_test(t, language_2_7_other_stands_for_the_rest);
    tcase_add_test(t, language_1_3_teams_may_be_named_like_words);
    tcase_add_test(t, desk_6_2_viewers);
    tcase_add_test(t, language_2_timezone_is_required);
    tcase_add_test(t, language_2_8_limits);
    tcase_add_test(t, language_2_8_distinct_names);
    tcase_add_test(t, language_2_8_lists);
    tcase_add_test(t, language_2_8_agents_at_65535);
    suite_add_tcase(s, t);
    return run_suite(s);
}
