/* Warnings (language.md 7.2), alone and beside errors. */
#include "resolved.h"
#include "run_suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- warnings: what is not warned of is shown beside what is ---- */

START_TEST(language_7_2_unreachable_rules)
{
    expect_said("shunt: 1\n"
                "rules:\n"
                "  - {rule: a, when: labels has x, continue: true}\n"
                "  - {rule: b, when: labels has x, to: unassigned}\n" /* after one that continues: fine */
                "  - {rule: c, when: labels has x, to: unassigned}\n"
                "  - {rule: d, when: labels has x or labels has y, to: unassigned}\n" /* wider: fine */
                "  - {rule: e, when: true, to: unassigned}\n",
                "W1001 5:12");
}
END_TEST

START_TEST(language_5_6_active_days_leave_the_others)
{
    expect_said("shunt: 1\n"
                "timezone: Europe/Stockholm\n"
                "rules:\n"
                "  - {rule: a, when: true, active: 12-24..12-26, to: unassigned}\n"
                "  - {rule: b, when: labels has x, to: unassigned}\n"
                "  - {rule: c, when: true, active: 12-24..12-26, set: {priority: urgent}, to: unassigned}\n",
                "W1001 6:12");
}
END_TEST

START_TEST(language_7_2_takes)
{
    expect_said("shunt: 1\n"
                "agents: [anna]\n"
                "fields: {trial: bool}\n"
                "teams:\n"
                "  a: {agents: all, takes: [{labels: x}, {labels: [x, y]}, {labels: x, channel: email}]}\n"
                "  b: {agents: all, takes: {trial: [true, false]}}\n"
                "otherwise: a\n",
                "W1002 5:59, W1005 6:27");
}
END_TEST

START_TEST(language_7_2_unused_teams_and_after_hours)
{
    expect_said("shunt: 1\n"
                "timezone: Europe/Stockholm\n"
                "hours: {office: {weekly: {mon-fri: 09:00-17:00}}}\n"
                "agents: [anna]\n"
                "teams:\n"
                "  a: {agents: all, hours: office, after_hours: {to: nights}}\n"
                "  nights: {agents: all}\n"
                "  promised: {agents: all}\n"
                "otherwise: a\n"
                "promises: [labels has x => not team promised]\n",
                "W1007 8:3");
}
END_TEST

START_TEST(language_7_2_hold_and_leave)
{
    expect_said(
        "shunt: 1\n"
        "timezone: Europe/Stockholm\n"
        "hours: {office: {weekly: {mon-fri: 09:00-17:00}}}\n"
        "agents: [anna]\n"
        "teams:\n"
        "  always-open: {agents: all, backlog: leave}\n"
        "  leaves: {agents: all, hours: office, after_hours: leave, backlog: leave}\n"
        "  by-default: {agents: all, hours: {email: office}, backlog: leave}\n"
        "  said: {agents: all, after_hours: hold, backlog: leave}\n"
        "rules:\n"
        "  - {rule: r, when: labels has x, to: [always-open, {team: leaves, after: 1h}, {team: by-default, "
        "after: 2h}, {team: said, after: 3h}]}\n"
        "otherwise: unassigned\n",
        "W1014 8:62, W1014 9:51");
}
END_TEST

START_TEST(language_7_2_members_without_limits_and_hours)
{
    expect_said("shunt: 1\n"
                "timezone: Europe/Stockholm\n"
                "hours: {office: {weekly: {mon-fri: 09:00-17:00}}}\n"
                "channels: [a, b, c]\n"
                "agents:\n"
                "  all-limited: {hours: office, limits: {a: 1, b: 1, c: 1}}\n"
                "  in-total: {hours: office, limits: {total: 3}}\n"
                "  only-b: {hours: office, channels: [b], limits: {b: 2}}\n"
                "  b-and-c: {hours: office, channels: [b, c], limits: {c: 2}}\n"
                "teams:\n"
                "  fills-a: {agents: all, assign: {a: most-busy, other: pull}}\n"
                "  fills-b: {agents: all, assign: {b: most-busy, other: pull}}\n" /* b-and-c */
                "  fills-b-too: {agents: all, assign: {b: most-busy, other: pull}}\n"
                "  all-but-b: {agents: all, assign: {b: pull, other: most-busy}}\n"
                "  named: {agents: [b-and-c, only-b], assign: {other: most-busy}}\n" /* b-and-c */
                "  named-fine: {agents: [all-limited, in-total, only-b], assign: most-busy}\n"
                "  on-shift: {agents: all, present: on-shift}\n"
                "otherwise: [fills-a, {team: fills-b, after: 1h}, {team: fills-b-too, after: 2h}, {team: "
                "all-but-b, after: 3h}, {team: named, after: 4h}, {team: named-fine, after: 5h}, {team: on-shift, "
                "after: 6h}]\n",
                "W1015 12:35, W1015 13:39, W1015 15:47");
}
END_TEST

START_TEST(language_7_2_early_steps)
{
    expect_said("shunt: 1\n"
                "timezone: Europe/Stockholm\n"
                "hours: {office: {weekly: {mon-fri: 09:00-17:00}}}\n"
                "agents: [anna]\n"
                "teams:\n"
                "  mail: {agents: all, hours: {email: office}}\n"
                "  open: {agents: all}\n"
                "rules:\n"
                "  - {rule: by-channel, when: labels has a, to: [mail, {team: open, after: 1h}]}\n"
                "  - {rule: open-first, when: labels has b, to: [open, {team: mail, after: 1h}]}\n"
                "  - {rule: no-team, when: labels has c, to: [{agent: anna}, {team: open, after: 1h}]}\n"
                "otherwise: [mail, {unassigned: true, after: 1d}]\n",
                "W1016 9:55, W1016 12:19");
    expect_said(
        "shunt: 1\n"
        "timezone: Europe/Stockholm\n"
        "hours: {office: {weekly: {mon-fri: 09:00-17:00}}, duty: {outside: office}}\n"
        "agents: [anna]\n"
        "teams: {a: {agents: all, hours: office}, b: {agents: all, hours: office}, c: {agents: all, hours: "
        "duty}}\n"
        "otherwise: [a, {team: b, after: 1h}, {team: c, after: 2h}, {team: a, after: 3h}]\n", /* a or c is
                                                                                                 open */
        "W1016 6:16, W1016 6:38");
}
END_TEST

START_TEST(language_7_2_early_steps_in_a_season)
{
    expect_said(
        "shunt: 1\n"
        "timezone: Europe/Stockholm\n"
        "hours:\n"
        "  summer-off: {weekly: {mon-sun: 00:00-24:00}, seasons: {06-01..08-31: {mon: 09:00-10:00}}}\n"
        "  all-year: {weekly: {mon-sun: 00:00-24:00}, seasons: {06-01..08-31: {mon-sun: 00:00-24:00}}}\n"
        "agents: [anna]\n"
        "teams: {a: {agents: all, hours: summer-off}, b: {agents: all, hours: all-year}}\n"
        "rules: [{rule: r, when: labels has x, to: [b, {team: a, after: 1h}]}]\n"
        "otherwise: [a, {team: b, after: 1h}]\n",
        "W1016 9:16");
}
END_TEST

START_TEST(desk_2_3_after_0_is_at_once)
{
    expect_said(
        "shunt: 1\n"
        "timezone: Europe/Stockholm\n"
        "hours: {never: {outside: always}}\n"
        "agents: [anna]\n"
        "teams: {a: {agents: all}, b: {agents: all}, c: {agents: all}}\n"
        "otherwise: [a, {team: b, after: 0 of never}, {team: c, after: 1s of never}, {team: a, after: 1h}]\n",
        "W1401 3:9, W1003 6:46"); /* the step behind it is not told of */
}
END_TEST

START_TEST(language_7_2_skills_after_hours_and_all)
{
    expect_said("shunt: 1\n"
                "timezone: Europe/Stockholm\n"
                "hours: {office: {weekly: {mon-fri: 09:00-17:00}}}\n"
                "agents: {anna: {skills: [refunds]}, bo: {}}\n"
                "teams:\n"
                "  a: {agents: [anna], hours: office, after_hours: {to: nights}}\n"
                "  nights: {agents: [bo]}\n"
                "  everyone: {agents: all}\n"
                "rules:\n"
                "  - {rule: r, when: labels has x, require: {skills: [refunds]}, to: everyone}\n"
                "  - {rule: s, when: labels has y, require: {skills: [refunds]}, to: a}\n"
                "otherwise: a\n",
                "W1009 11:54");
}
END_TEST

START_TEST(language_7_2_set_and_what_the_condition_says)
{
    expect_said(
        "shunt: 1\n"
        "rules:\n"
        "  - {rule: a, when: priority <= high, set: {priority: high}, continue: true}\n"
        "  - {rule: b, when: labels has x and priority < normal, set: {priority: low}, continue: true}\n"
        "  - {rule: c, when: priority == urgent and labels has y, set: {priority: high}, continue: true}\n"
        "  - {rule: d, when: labels has z, set: {priority: urgent}, to: unassigned}\n",
        "W1017 4:73, W1017 5:74");
}
END_TEST

START_TEST(language_1_4_case)
{
    expect_said("shunt: 1\n"
                "labels: [refund, Refund]\n" /* declared: meant */
                "rules:\n"
                "  - {rule: a, when: labels has refund and segments has vip, to: unassigned}\n"
                "  - {rule: b, when: labels has Refund and segments has VIP, to: unassigned}\n",
                "W1020 5:56");
}
END_TEST

static const struct compile_options pedantic = {.pedantic = true};
START_TEST(language_7_2_pedantic)
{
    const char *text = "shunt: 1\n"
                       "labels: [refund, bug, done]\n"
                       "rules:\n"
                       "  - {rule: a, when: labels has refund, add: {labels: done}, to: unassigned}\n";
    expect_said(text, "");
    expect_said_with(text, NULL, &pedantic, "W1012 2:18");
}
END_TEST

/* ---- beside errors ---- */

static const struct {
    const char *text, *said;
} beside_rows[] = {
    /* what no error touches is warned of; that a label is not used is not, for `refnd` may be one */
    {"labels: [refund]\nhours: {o: {weekly: {mon: 09:00-10:00}}}\ntimezone: UTC\nagents: [a, b]\nteams: {t: "
     "{agents: []}}\n"
     "rules:\n  - {rule: r, when: labels has refnd, to: t}\n  - {rule: r2, when: true, to: t}\n"
     "  - {rule: r3, when: true, to: t}\notherwise: t\n",
     "W1006 6:9, E0203 8:32, W1001 10:12"},
    /* a condition that an error made FALSE, or that is wrong beside `true`, says nothing of its rule or of
       others */
    {"labels: [x]\nrules:\n  - {rule: r, when: labels has y, to: unassigned}\n"
     "  - {rule: s, when: labels has y or true, to: unassigned}\n"
     "  - {rule: u, when: true, to: unassigned}\n",
     "E0203 4:32, E0203 5:32"},
    /* attributes that are wrong */
    {"fields: {plan: [free, {}], size: nmber}\nrules:\n  - {rule: r, when: plan exists, to: unassigned}\n"
     "  - {rule: s, match: {size: 5}, to: unassigned}\n  - {rule: u, when: plan == free, to: unassigned}\n",
     "E0540 2:23, E0601 2:34"},
    {"fields: {b: bool}\nx: 1\nrules:\n  - {rule: r, when: b or not b, to: unassigned}\n"
     "  - {rule: s, when: b and not b, to: unassigned}\nchannels: [email, \"\"]\n",
     "E0504 3:1, W1005 5:21, W1004 6:21, E0201 7:19"},
    {"channels: [email, \"\"]\nrules:\n  - {rule: r, when: channel == email, to: unassigned}\n"
     "  - {rule: s, when: channel exists, to: unassigned}\n",
     "E0201 2:19"},
    /* hours that are wrong, and what is made from them */
    {"timezone: UTC\nhours: {a: {weekly: {mun: 09:00-10:00}}, b: {like: a}, c: {outside: b}, d: {weekly: "
     "{}}}\n"
     "rules:\n  - {rule: r, when: during b, to: unassigned}\n  - {rule: s, when: outside c, to: unassigned}\n"
     "  - {rule: u, when: during d, to: unassigned}\n",
     "E0150 3:22, W1401 3:73, W1004 7:21"},
    {"timezone: UTC\nhours: {a: {weekly: {mon: 09:00-10:00}}, b: {outside: a}, c: {like: b, outside: x}}\n"
     "rules: [{rule: r, when: during c, to: unassigned}]\n",
     "E0203 3:81"},
    /* teams: whether anybody routes to them */
    {"agents: {a: {rank: 101}}\nteams: {t: {agents: [a]}, u: {agents: [a]}}\notherwise: t\n",
     "E0602 2:20, W1007 3:27"},
    {"agents: [a]\nteams: {t: {agents: [a], after_hours: u}, u: {agents: [a]}}\notherwise: t\n",
     "E0601 3:39"},
    {"agents: [a]\nteams: {t: {agents: [a]}, u: {agents: [a]}}\nrules:\n  - {rule: r, when: "
     "true}\notherwise: t\n",
     "E0618 5:12"},
    {"agents: {a: {role: viewer}, b: {}}\nteams: {t: {agents: [a]}, u: {agents: [b]}}\notherwise: [t, {team: "
     "u, after: 1h}]\n",
     "E0603 3:22"},
    {"agents: [a]\nteams: {t: {agents: [a]}, u: {agents: [a]}}\n", "E0620 3:9"},
    /* members: what they lack */
    {"agents: {a: {limits: {total: -1}}, b: {}}\nteams: {t: {agents: [a], assign: most-busy}, "
     "u: {agents: [b], assign: most-busy}}\notherwise: [t, {team: u, after: 1h}]\n",
     "E0602 2:23, W1015 3:71"},
    {"agents: {a: {skills: [s]}, b: {}}\nteams: {t: {agents: [a]}, u: {agents: [b]}}\nrules:\n"
     "  - {rule: r, when: labels has x, require: {skills: [s]}, continue: true}\n"
     "  - {rule: q, when: true, set: {priority: high}, to: t, after: 5, active: []}\notherwise: u\n",
     "E0504 6:57"},
    {"agents: {a: {skills: [s], weight: 0}, b: {}}\nteams: {t: {agents: [a]}, u: {agents: [b]}}\nrules:\n"
     "  - {rule: r, when: labels has x, require: {skills: [s]}, continue: true}\n"
     "  - {rule: q, when: true, active: [], to: t}\notherwise: u\n",
     "E0602 2:35, E0616 6:27"},
    {"agents: {a: {rank: 101}, b: {}}\nteams: {t: {agents: [a, b], present: on-shift}}\notherwise: t\n",
     "E0602 2:20, W1018 3:38"},
    /* channels that are not all known: what a team fills of them, and holds */
    {"channels: [email, \"\"]\ntimezone: UTC\nhours: {o: {weekly: {mon: 09:00-10:00}}}\nagents: [a]\n"
     "teams: {t: {agents: [a], assign: most-busy, hours: {email: o, other: always}, backlog: leave}}\n"
     "otherwise: t\n",
     "E0201 2:19"},
    /* what is not read is not a name that nobody declared, and says nothing of what stands beside it */
    {"agents: [a]\nteams: {t: {agents: [a]}}\nrules:\n  - {rule: r, match: {priority: [{}]}, to: "
     "unassigned}\n"
     "  - {rule: s, when: labels has x, to: {team: []}}\notherwise: t\n",
     "E0540 5:34, E0540 6:46"},
    {"fields: {size: nmber}\nrules:\n  - {rule: r, when: size > 5, to: unassigned}\n"
     "  - {rule: s, when: labels has x or false, to: unassigned}\n"
     "  - {rule: u, when: false and segments has y, to: unassigned}\notherwise: unassigned\n",
     "E0601 2:16, W1004 6:21"},
    /* an alias brings its errors with it */
    {"rules:\n  - {rule: r, when: &c labels has, to: unassigned}\n  - {rule: s, when: *c, to: unassigned}\n"
     "  - {rule: u, when: false, to: unassigned}\n",
     "E0101 3:34, W1004 5:21"},
    /* declared twice: nobody knows which counts */
    {"agents: [a]\nteams: {t: {agents: [a], backlog: leave, after_hours: hold}, u: {agents: [a], backlog: "
     "leave, "
     "after_hours: hold}}\nrules:\n  - {rule: r, when: true, to: t}\n  - {rule: r, when: true, to: "
     "u}\notherwise: t\n",
     "W1014 3:35, W1014 3:88, E0206 6:12"},
};

START_TEST(language_7_1_warnings_beside_errors_never_come_of_one)
{
    char text[4096];
    snprintf(text, sizeof text, "shunt: 1\n%s", beside_rows[_i].text);
    expect_said(text, beside_rows[_i].said);
}
END_TEST

/* Declarations that the parser passed over. */
START_TEST(language_7_1_what_is_lost_hides_uses)
{
    expect_said("version 1\nlabels a b\nagent x\nteam t { agents x }\nteam u { agents x }\n"
                "rule r { when labels has a\n to t }\nrule s { when labels has A\n to t }\n"
                "rule v { when labels has a and channel == email\n to t }\notherwise to t\n",
                "E0101 2:10, W1001 10:6");
    expect_said("version 1\nchannels email phone\nrule r { when channel == email\n to unassigned }\n"
                "rule s { when channel in (webchat, email, sms, social, phone)\n to unassigned }\n"
                "rule t { when channel exists\n to unassigned }\n",
                "E0101 2:16");
}
END_TEST

/* Rules that are kept by their places alone (compiler/dsl_plain.c): what is said of them is what is said of
 * any. */
START_TEST(language_7_2_a_plain_rule_leads_to_its_team)
{
    expect_said("version 1\nagent a\nteam t { agents a }\nteam u { agents a }\nteam v { agents a }\n"
                "rule r {\n when labels has x\n to u\n}\notherwise to t\n",
                "W1007 5:6");
}
END_TEST

START_TEST(language_7_1_plain_rules_of_an_attribute_that_is_wrong)
{
    expect_said("version 1\nagent a\nteam t { agents a }\nfield b is bol\n"
                "rule r {\n when b\n to t\n}\nrule s {\n when labels has x and b has y\n to t\n}\n"
                "rule u {\n when labels has x\n to t\n}\nrule v {\n when labels has x\n to t\n}\n"
                "otherwise to t\n",
                "E0601 4:12, W1001 17:6");
}
END_TEST

/* Nor is anything kept by its place that is spelled otherwise than it is called. */
START_TEST(language_1_3_names_of_plain_rules_are_composed)
{
    static const struct {
        const char *rule, *again;
    } spelled[] = {{"\303\251", "e\314\201"}, {"x\314\243\314\207", "x\314\207\314\243"}};
    for (size_t i = 0; i < 2; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "version 1\nagent a\nteam t%s { agents a }\nteam u { agents a }\n"
                 "rule %s {\n when labels has x\n to u\n}\nrule %s {\n when labels has y\n to u\n}\n"
                 "rule r {\n when labels has z\n to t%s\n}\notherwise to u\n",
                 spelled[i].rule, spelled[i].rule, spelled[i].again, spelled[i].again);
        expect_said(text, "E0206 9:6");
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("check");
    TCase *t = tcase_create("warnings");
    tcase_add_test(t, language_7_2_unreachable_rules);
    tcase_add_test(t, language_5_6_active_days_leave_the_others);
    tcase_add_test(t, language_7_2_takes);
    tcase_add_test(t, language_7_2_unused_teams_and_after_hours);
    tcase_add_test(t, language_7_2_hold_and_leave);
    tcase_add_test(t, language_7_2_members_without_limits_and_hours);
    tcase_add_test(t, language_7_2_early_steps);
    tcase_add_test(t, language_7_2_early_steps_in_a_season);
    tcase_add_test(t, desk_2_3_after_0_is_at_once);
    tcase_add_test(t, language_7_2_skills_after_hours_and_all);
    tcase_add_test(t, language_7_2_set_and_what_the_condition_says);
    tcase_add_test(t, language_1_4_case);
    tcase_add_test(t, language_7_2_pedantic);
    tcase_add_loop_test(t, language_7_1_warnings_beside_errors_never_come_of_one, 0,
                        sizeof beside_rows / sizeof *beside_rows);
    tcase_add_test(t, language_7_1_what_is_lost_hides_uses);
    tcase_add_test(t, language_7_2_a_plain_rule_leads_to_its_team);
    tcase_add_test(t, language_7_1_plain_rules_of_an_attribute_that_is_wrong);
    tcase_add_test(t, language_1_3_names_of_plain_rules_are_composed);
    suite_add_tcase(s, t);
    return run_suite(s);
}
