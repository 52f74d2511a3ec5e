/*
 * Names, rules, people, promises and sources (docs/TABLE-FORMAT.md 4.2, 4.3, 4.5, 4.9 to 4.11) with one
 * defect each: where the verifier finds it and what it says; and beside them what stands at the edge of what
 * may be, which must open.
 */
#include "run_suite.h"
#include "table_rows.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const char no_string[] = "no such string", no_hours[] = "no such hours", no_days[] = "no such days",
                  reserved[] = "reserved bytes are not zero";

START_TEST(table_format_the_fuller_sample_opens)
{
    static const struct table_row rows[] = {{{NO_EDIT}, OPENS}};
    CHECK_ROWS(rows);
}
END_TEST

START_TEST(table_format_4_1_strings)
{
    static const char rise[] = "offsets do not rise";
    static const struct table_row rows[] = {
        {{E4(STRING_OFFS, 0, 0, 1)}, IS(STRING_OFFS, 0, "it does not begin with 0")},
        {{E4(STRING_OFFS, 1, 0, 0)}, IS(STRING_OFFS, 0, rise)},
        {{E4(STRING_OFFS, 2, 0, 1000000)}, IS(STRING_OFFS, 1, rise)},
        {{E4(STRING_OFFS, 1, 0, 6)},
         IS(STRING_BYTES, 5, "a string without its NUL")}, /* "sample" is the first */
        {{{TF_STRING_BYTES, 6, 0, 1, 'x'}}, IS(STRING_BYTES, 6, "a string without its NUL")},
        {{{TF_STRING_BYTES, 2, 0, 1, 0xff}}, IS(STRING_BYTES, 0, "a string that is not UTF-8")},
        {{{TF_STRING_BYTES, 5, 0, 1, 0xc3}}, IS(STRING_BYTES, 0, "a string that is not UTF-8")},
        {{{TF_STRING_BYTES, 9, 0, 1, 0xc3}}, IS(STRING_BYTES, 7, "a string that is not UTF-8")},
    };
    CHECK_ROWS(rows);
    static const struct table_row behind = {{NO_EDIT},
                                            IS(STRING_OFFS, 0, "it does not end where the strings do")};
    struct image m;
    fuller_sample(&m);
    struct table_row row = behind;
    row.record = image_count(&m, TF_STRING_OFFS) - 1;
    image_add(&m, TF_STRING_BYTES, "", 1, 1);
    check_image(&m, &row, -1);
    image_free(&m);
}
END_TEST

START_TEST(table_format_4_2_policy)
{
    static const struct table_row rows[] = {
        {{E(POLICY, 0, tf_policy, name, LAST_STRING)}, OPENS},
        {{E(POLICY, 0, tf_policy, name, NO_STRING)}, IS(POLICY, 0, no_string)},
        {{E(POLICY, 0, tf_policy, name, TF_NONE)}, OPENS},
        {{E(POLICY, 0, tf_policy, zone_release, LAST_STRING)}, OPENS},
        {{E(POLICY, 0, tf_policy, zone_release, NO_STRING)}, IS(POLICY, 0, no_string)},
        {{E(POLICY, 0, tf_policy, unicode_version, NO_STRING)}, IS(POLICY, 0, no_string)},
        {{E(POLICY, 0, tf_policy, zone, 1)}, OPENS},
        {{E(POLICY, 0, tf_policy, zone, 2)}, IS(POLICY, 0, "no such zone")},
        {{E(POLICY, 0, tf_policy, zone, TF_NONE)}, OPENS},
        {{E(POLICY, 0, tf_policy, presence_day, 1)}, OPENS},
        {{E(POLICY, 0, tf_policy, auto_assign, 0)}, OPENS},
        {{E(POLICY, 0, tf_policy, assign_on_reply, 1)}, OPENS},
        {{E(POLICY, 0, tf_policy, has_otherwise, 0)}, OPENS},
        {{E(POLICY, 0, tf_policy, presence_day, 2)}, IS(POLICY, 0, "a switch that is neither 0 nor 1")},
        {{E(POLICY, 0, tf_policy, reserved, 1)}, IS(POLICY, 0, reserved)},
        {{E(POLICY, 0, tf_policy, reserved, UINT64_C(1) << 24)}, IS(POLICY, 0, reserved)},
        {{E(POLICY, 0, tf_policy, rule_count, 4)}, IS(POLICY, 0, "not so many rules")},
    };
    CHECK_ROWS(rows);
}
END_TEST

START_TEST(table_format_4_3_attributes)
{
    static const char type[] = "a type that it cannot have";
    static const struct table_row rows[] = {
        {{E(ATTR, 0, tf_attr, name, LAST_STRING)}, OPENS},
        {{E(ATTR, 0, tf_attr, name, NO_STRING)}, IS(ATTR, 0, no_string)},
        {{E(ATTR, 0, tf_attr, type, TF_SET_T)}, IS(ATTR, 0, type)},
        {{E(ATTR, TF_CUSTOMER, tf_attr, type, TF_NUMBER_T)}, IS(ATTR, TF_CUSTOMER, type)},
        {{E(ATTR, SAMPLE_TAGS, tf_attr, type, TF_LISTED_T)}, OPENS},
        {{E(ATTR, SAMPLE_TAGS, tf_attr, type, TF_PRIORITY_T)}, IS(ATTR, SAMPLE_TAGS, type)},
        {{E(ATTR, SAMPLE_TAGS, tf_attr, type, TF_CHANNEL_T)}, IS(ATTR, SAMPLE_TAGS, type)},
        {{E(ATTR, SAMPLE_TAGS, tf_attr, type, TF_BOOL_T + 1)}, IS(ATTR, SAMPLE_TAGS, type)},
        {{E(ATTR, 1, tf_attr, closed, 1)}, OPENS},
        {{E(ATTR, 1, tf_attr, closed, 2)}, IS(ATTR, 1, reserved)},
        {{E(ATTR, SAMPLE_TOTAL, tf_attr, atom_count, 1)},
         IS(ATTR, SAMPLE_TOTAL, "atoms of a type that has none")},
        {{E(ATTR, SAMPLE_TAGS, tf_attr, atom_count, 2)},
         IS(ATTR, SAMPLE_TAGS, "its atoms do not follow those before")},
        {{E(ATTR, SAMPLE_TAGS, tf_attr, atom_count, 0)}, IS(ATOM, 11, "an atom of no attribute")},
        {{E(ATTR, 1, tf_attr, atom_first, 1)}, IS(ATTR, 1, "its atoms do not follow those before")},
        {{E(ATOM, 11, tf_atom, string, NO_STRING)}, IS(ATOM, 11, no_string)},
        {{E(ATOM, 0, tf_atom, kind, TF_ATOM_EQUALS)}, IS(ATOM, 0, "a kind that its attribute cannot have")},
        {{E(ATOM, 5, tf_atom, kind, TF_ATOM_CONTAINS + 1)},
         IS(ATOM, 5, "a kind that its attribute cannot have")},
        {{E(ATOM, 5, tf_atom, kind, TF_ATOM_NAME)}, IS(ATOM, 5, "a kind that its attribute cannot have")},
        {{E(ATOM, 11, tf_atom, reserved, 1)}, IS(ATOM, 11, reserved)},
    };
    CHECK_ROWS(rows);
}
END_TEST

START_TEST(table_format_4_5_rules_and_what_they_do)
{
    static const char target[] = "no such target", labels[] = "wrong labels to add",
                      skills[] = "wrong skills to require";
    static const struct table_row rows[] = {
        {{E4(RULE_NAME, 0, 0, LAST_STRING)}, OPENS},
        {{E4(RULE_NAME, 0, 0, NO_STRING)}, IS(RULE_NAME, 0, no_string)},
        {{E4(RULE_NAME, SAMPLE_NUMBERS, 0, NO_STRING)}, IS(RULE_NAME, SAMPLE_NUMBERS, no_string)},
        {{E4(RULE_NAME, 0, 0, TF_NONE)}, IS(RULE_NAME, 0, no_string)},
        {{E(RULE, 0, tf_rule, code, 7)}, OPENS},
        {{E(RULE, 0, tf_rule, code, 8)}, IS(RULE, 0, "no condition begins there")},
        {{E(RULE, 0, tf_rule, code, 2)}, IS(RULE, 0, "no condition begins there")}, /* a node within one */
        {{E(RULE, 0, tf_rule, code, 1000)}, IS(RULE, 0, "no condition begins there")},
        {{E(RULE, 0, tf_rule, outcome, 4)}, OPENS},
        {{E(RULE, 0, tf_rule, outcome, 5)}, IS(RULE, 0, "no such outcome")},
        {{E(RULE, SAMPLE_TWO, tf_rule, outcome, 0)},
         IS(RULE, SAMPLE_TWO, "takes that do not lead to a team")}, /* two steps */
        {{E(RULE, SAMPLE_TWO, tf_rule, outcome, 2)},
         IS(RULE, SAMPLE_TWO, "takes that do not lead to a team")}, /* to an agent */
        {{E(RULE, SAMPLE_OTHERWISE, tf_rule, outcome, 1)},
         IS(RULE, SAMPLE_OTHERWISE, "an otherwise that does not decide")},
        {{E(RULE, SAMPLE_OTHERWISE, tf_rule, code, 0)},
         IS(RULE, SAMPLE_OTHERWISE, "an otherwise that does not always hold")},
        {{E(STEP, 0, tf_step, target, 2)}, IS(STEP, 0, target)},
        {{E(STEP, 1, tf_step, target, 0)}, OPENS},
        {{E(STEP, 1, tf_step, target, 2)}, IS(STEP, 1, target)},
        {{E(STEP, 4, tf_step, target, 0)}, IS(STEP, 4, target)},
        {{E(STEP, 1, tf_step, of_hours, 2)}, OPENS},
        {{E(STEP, 1, tf_step, of_hours, 3)}, IS(STEP, 1, no_hours)},
        {{E(STEP, 1, tf_step, kind, TF_TO_NOBODY), E(STEP, 1, tf_step, target, TF_NONE)}, OPENS},
        {{E(STEP, 1, tf_step, kind, TF_TO_NOBODY + 1)}, IS(STEP, 1, "an unknown kind of target")},
        {{E(STEP, 1, tf_step, reserved, 1)}, IS(STEP, 1, reserved)},
        {{E(STEP, 0, tf_step, after_sec, 1)}, IS(OUTCOME, 0, "a first step that waits")},
        {{E(STEP, 0, tf_step, of_hours, 1)}, IS(OUTCOME, 0, "a first step that waits")},
        {{E(OUTCOME, 0, tf_outcome, step_count, 5)}, OPENS},
        {{E(OUTCOME, 0, tf_outcome, step_count, 6)}, IS(OUTCOME, 0, "its steps are not there")},
        {{E(OUTCOME, 0, tf_outcome, set_priority, 5)}, IS(OUTCOME, 0, "no such priority")},
        {{E(OUTCOME, 0, tf_outcome, raise_priority, 4)}, OPENS},
        {{E(OUTCOME, 0, tf_outcome, raise_priority, 5)}, IS(OUTCOME, 0, "no such priority")},
        {{E(OUTCOME, 1, tf_outcome, add_first, L_LABELS_TWICE), E(OUTCOME, 1, tf_outcome, add_count, 2)},
         OPENS},
        {{E(OUTCOME, 1, tf_outcome, add_first, L_LABELS_TWICE), E(OUTCOME, 1, tf_outcome, add_count, 3)},
         IS(OUTCOME, 1, labels)},
        {{E(OUTCOME, 1, tf_outcome, add_first, L_LABELS_TWICE + 1), E(OUTCOME, 1, tf_outcome, add_count, 2)},
         OPENS},
        {{E(OUTCOME, 1, tf_outcome, add_first, L_4)}, IS(OUTCOME, 1, labels)},         /* behind the last */
        {{E(OUTCOME, 1, tf_outcome, add_first, L_LOW_LABEL)}, IS(OUTCOME, 1, labels)}, /* before the first */
        {{E(OUTCOME, 1, tf_outcome, add_count, 0)}, IS(OUTCOME, 1, labels)}, /* an empty list begins at 0 */
        {{E(OUTCOME, 1, tf_outcome, add_first, 11), E(OUTCOME, 1, tf_outcome, add_count, 2)},
         IS(OUTCOME, 1, labels)},
        {{E(OUTCOME, 1, tf_outcome, require_first, L_10), E(OUTCOME, 1, tf_outcome, require_count, 2)},
         OPENS},
        {{E(OUTCOME, 1, tf_outcome, require_first, L_10), E(OUTCOME, 1, tf_outcome, require_count, 3)},
         IS(OUTCOME, 1, skills)},
        {{E(OUTCOME, 1, tf_outcome, require_first, L_2)}, IS(OUTCOME, 1, skills)},
    };
    CHECK_ROWS(rows);
}
END_TEST

START_TEST(table_format_4_9_agents)
{
    static const char rank[] = "a wrong rank", device[] = "a wrong device", limit[] = "a wrong limit",
                      skills[] = "wrong skills", channels[] = "wrong channels",
                      role[] = "a role or weight that cannot be";
#define MAP(map, of_first, of_count)                                                                         \
    E(AGENT, 0, tf_agent, map.first, of_first), E(AGENT, 0, tf_agent, map.count, of_count)
    static const struct table_row rows[] = {
        {{E4(SKILL, 1, 0, NO_STRING)}, IS(SKILL, 1, no_string)},
        {{E(AGENT, 1, tf_agent, name, NO_STRING)}, IS(AGENT, 1, no_string)},
        {{E(AGENT, 1, tf_agent, display_name, LAST_STRING)}, OPENS},
        {{E(AGENT, 1, tf_agent, display_name, NO_STRING)}, IS(AGENT, 1, no_string)},
        {{E(AGENT, 1, tf_agent, hours, 2)}, OPENS},
        {{E(AGENT, 1, tf_agent, hours, 3)}, IS(AGENT, 1, no_hours)},
        {{E(AGENT, 1, tf_agent, away, 4)}, OPENS},
        {{E(AGENT, 1, tf_agent, away, 5)}, IS(AGENT, 1, no_days)},
        {{E(AGENT, 1, tf_agent, role, TF_OWNER)}, OPENS},
        {{E(AGENT, 1, tf_agent, role, TF_OWNER + 1)}, IS(AGENT, 1, role)},
        {{E(AGENT, 1, tf_agent, weight, 100)}, OPENS},
        {{E(AGENT, 1, tf_agent, weight, 101)}, IS(AGENT, 1, role)},
        {{E(AGENT, 0, tf_agent, weight, 1)}, OPENS},
        {{E(AGENT, 0, tf_agent, weight, 0)}, IS(AGENT, 0, role)},
        {{E(AGENT, 1, tf_agent, reserved, 1)}, IS(AGENT, 1, reserved)},
        {{E(AGENT, 1, tf_agent, rank.other, 1)}, OPENS},
        {{E(AGENT, 1, tf_agent, rank.other, 100)}, OPENS},
        {{E(AGENT, 1, tf_agent, rank.other, 101)}, IS(AGENT, 1, rank)},
        {{E(AGENT, 1, tf_agent, rank.other, 0)}, IS(AGENT, 1, rank)},
        {{MAP(rank, 2, 2)}, OPENS},
        {{MAP(rank, 2, 2), E(BY_CHANNEL, 3, tf_by_channel, value, 101)}, IS(AGENT, 0, rank)},
        {{MAP(rank, 2, 2), E(BY_CHANNEL, 2, tf_by_channel, value, 0)}, IS(AGENT, 0, rank)},
        {{MAP(rank, 1, 2)}, IS(AGENT, 0, rank)}, /* channels do not rise */
        {{MAP(rank, 4, 2)}, IS(AGENT, 0, rank)},
        {{E(BY_CHANNEL, 4, tf_by_channel, channel, 2)}, IS(BY_CHANNEL, 4, "no such channel")},
        {{MAP(device, 4, 1), E(BY_CHANNEL, 4, tf_by_channel, value, LAST_STRING)}, OPENS},
        {{MAP(device, 4, 1), E(BY_CHANNEL, 4, tf_by_channel, value, NO_STRING)}, IS(AGENT, 0, device)},
        {{MAP(device, 4, 1), E(BY_CHANNEL, 4, tf_by_channel, value, TF_NONE)}, OPENS},
        {{E(AGENT, 1, tf_agent, device.other, LAST_STRING)}, OPENS},
        {{E(AGENT, 1, tf_agent, device.other, NO_STRING)}, IS(AGENT, 1, device)},
        {{MAP(limit, 4, 1), E(BY_CHANNEL, 4, tf_by_channel, value, TF_NONE - 1)}, OPENS},
        {{MAP(limit, 4, 1), E(BY_CHANNEL, 4, tf_by_channel, value, TF_NONE)}, IS(AGENT, 0, limit)},
        {{E(AGENT, 1, tf_agent, limit.other, 3)}, IS(AGENT, 1, limit)},
        {{E(AGENT, 0, tf_agent, skill_first, L_01), E(AGENT, 0, tf_agent, skill_count, 2)}, OPENS},
        {{E(AGENT, 0, tf_agent, skill_first, L_10), E(AGENT, 0, tf_agent, skill_count, 2)},
         IS(AGENT, 0, skills)},
        {{E(AGENT, 0, tf_agent, skill_first, 3), E(AGENT, 0, tf_agent, skill_count, 2)},
         IS(AGENT, 0, skills)}, /* one twice */
        {{E(AGENT, 0, tf_agent, skill_first, L_2)}, IS(AGENT, 0, skills)},
        {{E(AGENT, 0, tf_agent, skill_count, 100)}, IS(AGENT, 0, skills)},
        {{E(AGENT, 1, tf_agent, channel_first, L_01), E(AGENT, 1, tf_agent, channel_count, 2)}, OPENS},
        {{E(AGENT, 1, tf_agent, channel_first, L_10), E(AGENT, 1, tf_agent, channel_count, 2)},
         IS(AGENT, 1, channels)},
        {{E(AGENT, 1, tf_agent, channel_first, L_2)}, IS(AGENT, 1, channels)},
        {{E(AGENT, 1, tf_agent, channel_first, 0), E(AGENT, 1, tf_agent, channel_count, 0)}, OPENS},
        {{E(AGENT, 1, tf_agent, channel_first, TF_NONE), E(AGENT, 1, tf_agent, channel_count, 0)}, OPENS},
        {{E(AGENT, 1, tf_agent, channel_first, TF_NONE)}, IS(AGENT, 1, channels)},
        {{E(AGENT, 1, tf_agent, channel_count, 0)}, IS(AGENT, 1, channels)},
    };
#undef MAP
    CHECK_ROWS(rows);
}
END_TEST

START_TEST(table_format_4_9_teams)
{
    static const char strategy[] = "a wrong strategy", after[] = "no such team after hours",
                      flag[] = "a switch that is neither 0 nor 1";
#define MAP(map, of_first, of_count)                                                                         \
    E(TEAM, 1, tf_team, map.first, of_first), E(TEAM, 1, tf_team, map.count, of_count)
#define VALUE(value_) E(BY_CHANNEL, 4, tf_by_channel, value, value_)
    static const struct table_row rows[] = {
        {{E(TEAM, 1, tf_team, name, NO_STRING)}, IS(TEAM, 1, no_string)},
        {{E(TEAM, 1, tf_team, description, LAST_STRING)}, OPENS},
        {{E(TEAM, 1, tf_team, description, NO_STRING)}, IS(TEAM, 1, no_string)},
        {{E(TEAM, 1, tf_team, member_first, L_10), E(TEAM, 1, tf_team, member_count, 2)}, OPENS},
        {{E(TEAM, 1, tf_team, member_first, L_01), E(TEAM, 1, tf_team, member_count, 2)}, OPENS},
        {{E(TEAM, 1, tf_team, member_first, L_10), E(TEAM, 1, tf_team, member_count, 3)},
         IS(TEAM, 1, "an agent who is there twice")},
        {{E(TEAM, 1, tf_team, member_first, 3), E(TEAM, 1, tf_team, member_count, 2)},
         IS(TEAM, 1, "an agent who is there twice")},
        {{E(TEAM, 1, tf_team, member_first, L_2), E(TEAM, 1, tf_team, member_count, 1)},
         IS(TEAM, 1, "no such agent")},
        {{E(TEAM, 1, tf_team, member_first, 12), E(TEAM, 1, tf_team, member_count, 1)},
         IS(TEAM, 1, "no such agent")},
        {{E(TEAM, 1, tf_team, assign.other, TF_STRATEGY_COUNT - 1)}, OPENS},
        {{E(TEAM, 1, tf_team, assign.other, TF_STRATEGY_COUNT)}, IS(TEAM, 1, strategy)},
        {{MAP(assign, 4, 1), VALUE(TF_STRATEGY_COUNT - 1)}, OPENS},
        {{MAP(assign, 4, 1), VALUE(TF_STRATEGY_COUNT)}, IS(TEAM, 1, strategy)},
        {{E(TEAM, 1, tf_team, hours.other, 2)}, OPENS},
        {{E(TEAM, 1, tf_team, hours.other, 3)}, IS(TEAM, 1, no_hours)},
        {{MAP(hours, 4, 1), VALUE(2)}, OPENS},
        {{MAP(hours, 4, 1), VALUE(3)}, IS(TEAM, 1, no_hours)},
        {{E(TEAM, 1, tf_team, after_hours.other, TF_TO_FIRST + 1)}, OPENS},
        {{E(TEAM, 1, tf_team, after_hours.other, TF_TO_FIRST + 2)}, IS(TEAM, 1, after)},
        {{MAP(after_hours, 4, 1), VALUE(TF_TO_FIRST + 1)}, OPENS},
        {{MAP(after_hours, 4, 1), VALUE(TF_TO_FIRST + 2)}, IS(TEAM, 1, after)},
        {{MAP(after_hours, 1, 2)}, IS(TEAM, 1, after)}, /* channels do not rise */
        {{E(TEAM, 1, tf_team, rotation, TF_ROTATION_GLOBAL + 1)}, IS(TEAM, 1, flag)},
        {{E(TEAM, 1, tf_team, backlog_leave, 1), E(TEAM, 1, tf_team, sticky, 1),
          E(TEAM, 1, tf_team, members_only, 1), E(TEAM, 1, tf_team, on_shift, 1),
          E(TEAM, 1, tf_team, agents_all, 1)},
         OPENS},
        {{E(TEAM, 1, tf_team, backlog_leave, 2)}, IS(TEAM, 1, flag)},
        {{E(TEAM, 1, tf_team, sticky, 2)}, IS(TEAM, 1, flag)},
        {{E(TEAM, 1, tf_team, members_only, 2)}, IS(TEAM, 1, flag)},
        {{E(TEAM, 1, tf_team, on_shift, 2)}, IS(TEAM, 1, flag)},
        {{E(TEAM, 1, tf_team, agents_all, 2)}, IS(TEAM, 1, flag)},
        {{E(TEAM, 1, tf_team, reserved, 1)}, IS(TEAM, 1, reserved)},
    };
#undef MAP
#undef VALUE
    CHECK_ROWS(rows);
}
END_TEST

/* As many agents, or teams, as their first one. */
static void check_many(uint32_t section, size_t record_len, uint32_t count, const char *reason)
{
    struct image m;
    fuller_sample(&m);
    uint8_t *records = malloc(record_len * count);
    for (uint32_t i = 0; i < count; i++)
        memcpy(records + i * record_len, image_at(&m, section, 1), record_len);
    image_add(&m, section, records, record_len, count - 2);
    struct table_row row = {{NO_EDIT}, section, count, reason};
    check_image(&m, &row, (int)count);
    free(records);
    image_free(&m);
}

START_TEST(language_2_8_so_many_agents_and_teams)
{
    check_many(TF_AGENT, sizeof(struct tf_agent), 65535, NULL);
    check_many(TF_AGENT, sizeof(struct tf_agent), 65536, "too many agents");
    check_many(TF_TEAM, sizeof(struct tf_team), 65535, NULL);
    check_many(TF_TEAM, sizeof(struct tf_team), 65536, "too many teams");
}
END_TEST

START_TEST(table_format_4_10_promises_and_descriptions)
{
    static const char list[] = "its list is not there", target[] = "no such target",
                      things[] = "of something that is not there", levels[] = "no set of priorities";
    static const struct table_row rows[] = {
        {{E(PROMISE, 0, tf_promise, text, NO_STRING)}, IS(PROMISE, 0, no_string)},
        {{E(PROMISE, 0, tf_promise, code, 38)}, IS(PROMISE, 0, "no condition begins there")},
        {{E(PROMISE, 0, tf_promise, outcome_count, 6)}, OPENS},
        {{E(PROMISE, 0, tf_promise, outcome_count, 7)}, IS(PROMISE, 0, "its outcomes are not there")},
        {{E(PROMISE_OUTCOME, 5, tf_promise_outcome, kind, TF_P_PRIORITY + 1)},
         IS(PROMISE_OUTCOME, 5, "an unknown kind")},
        {{E(PROMISE_OUTCOME, 5, tf_promise_outcome, reserved, UINT64_C(1) << 8)},
         IS(PROMISE_OUTCOME, 5, "an unknown kind")},
        {{E(PROMISE_OUTCOME, 1, tf_promise_outcome, priorities, 15)}, OPENS},
        {{E(PROMISE_OUTCOME, 1, tf_promise_outcome, priorities, 16)}, IS(PROMISE_OUTCOME, 1, levels)},
        {{E(PROMISE_OUTCOME, 3, tf_promise_outcome, priorities, 1)}, IS(PROMISE_OUTCOME, 3, levels)},
        {{E(PROMISE_OUTCOME, 5, tf_promise_outcome, first, 4),
          E(PROMISE_OUTCOME, 5, tf_promise_outcome, count, 1)},
         IS(PROMISE_OUTCOME, 5, list)},
        {{E(PROMISE_OUTCOME, 1, tf_promise_outcome, count, 1)}, IS(PROMISE_OUTCOME, 1, list)},
        {{E(PROMISE_OUTCOME, 3, tf_promise_outcome, count, 100)}, IS(PROMISE_OUTCOME, 3, list)},
        {{E(PROMISE_OUTCOME, 3, tf_promise_outcome, first, 0),
          E(PROMISE_OUTCOME, 3, tf_promise_outcome, count, 0)},
         IS(PROMISE_OUTCOME, 3, list)},
        {{E(PROMISE_OUTCOME, 0, tf_promise_outcome, first, L_2),
          E(PROMISE_OUTCOME, 0, tf_promise_outcome, count, 1)},
         IS(PROMISE_OUTCOME, 0, target)},
        {{E(PROMISE_OUTCOME, 2, tf_promise_outcome, first, L_2)}, IS(PROMISE_OUTCOME, 2, target)},
        {{E(PROMISE_OUTCOME, 3, tf_promise_outcome, first, L_2)}, IS(PROMISE_OUTCOME, 3, target)},
        {{E(PROMISE_OUTCOME, 4, tf_promise_outcome, first, L_5)}, IS(PROMISE_OUTCOME, 4, target)},
        {{E(DESCRIPTION, 0, tf_description, index, 4)}, OPENS},
        {{E(DESCRIPTION, 0, tf_description, index, 5)}, IS(DESCRIPTION, 0, things)},
        {{E(DESCRIPTION, 1, tf_description, index, 11)}, OPENS},
        {{E(DESCRIPTION, 1, tf_description, index, 12)}, IS(DESCRIPTION, 1, things)},
        {{E(DESCRIPTION, 1, tf_description, string, NO_STRING)}, IS(DESCRIPTION, 1, things)},
        {{E(DESCRIPTION, 1, tf_description, kind, TF_D_ATOM + 1)}, IS(DESCRIPTION, 1, "an unknown kind")},
        {{E(DESCRIPTION, 0, tf_description, kind, TF_D_ATOM), E(DESCRIPTION, 0, tf_description, index, 4)},
         IS(DESCRIPTION, 1, "they do not rise")}, /* the same twice */
        {{E(DESCRIPTION, 0, tf_description, kind, TF_D_ATOM), E(DESCRIPTION, 0, tf_description, index, 3)},
         OPENS},
        {{E(DESCRIPTION, 0, tf_description, kind, TF_D_ATOM), E(DESCRIPTION, 0, tf_description, index, 5)},
         IS(DESCRIPTION, 1, "they do not rise")},
        {{E(DESCRIPTION, 1, tf_description, kind, TF_D_RULE), E(DESCRIPTION, 1, tf_description, index, 0)},
         IS(DESCRIPTION, 1, "they do not rise")},
    };
    CHECK_ROWS(rows);
}
END_TEST

START_TEST(table_format_4_11_sources)
{
    static const char things[] = "of something that is not there", place[] = "a place that cannot be",
                      rise[] = "they do not rise";
#define INDEX(record, value)                                                                                 \
    {                                                                                                        \
        E(SPAN, record, tf_span, index, value)                                                               \
    }
    static const struct table_row rows[] = {
        {{E4(SOURCE_FILE, 0, 0, LAST_STRING)}, OPENS},
        {{E4(SOURCE_FILE, 0, 0, NO_STRING)}, IS(SOURCE_FILE, 0, no_string)},
        {{E(SPAN, S_RULE, tf_span, file, 1)}, IS(SPAN, S_RULE, "no such file")},
        {{E(SPAN, S_RULE, tf_span, line, 0)}, IS(SPAN, S_RULE, place)},
        {{E(SPAN, S_RULE, tf_span, column, 0)}, IS(SPAN, S_RULE, place)},
        {{E(SPAN, S_RULE, tf_span, length, 0)}, IS(SPAN, S_RULE, place)},
        {INDEX(S_RULE, 4), OPENS},
        {INDEX(S_RULE, 5), IS(SPAN, S_RULE, things)},
        {INDEX(S_AGAIN, 5), IS(SPAN, S_AGAIN, things)},
        {INDEX(S_AGAIN, 4), OPENS},
        {INDEX(S_AGAIN, 2), IS(SPAN, S_AGAIN, rise)},
        {INDEX(S_OTHERWISE, 5), IS(SPAN, S_OTHERWISE, things)},
        {INDEX(S_AGENT, 2), IS(SPAN, S_AGENT, things)},
        {INDEX(S_TEAM, 2), IS(SPAN, S_TEAM, things)},
        {INDEX(S_HOURS, 3), IS(SPAN, S_HOURS, things)},
        {INDEX(S_PROMISE, 1), IS(SPAN, S_PROMISE, things)},
        {INDEX(S_ATTR, 11), IS(SPAN, S_ATTR, things)},
        {INDEX(S_INNER, 4), OPENS},
        {INDEX(S_INNER, 9), IS(SPAN, S_INNER, things)}, /* no node begins there */
        {INDEX(S_INNER, 100000), IS(SPAN, S_INNER, things)},
        {INDEX(S_INNER, 0), IS(SPAN, S_INNER, rise)}, /* only takes may stand twice */
        {INDEX(S_WHEN, 5), IS(SPAN, S_WHEN, things)},
        {{E(SPAN, S_WHEN, tf_span, kind, TF_S_RULE_WHEN + 1)}, IS(SPAN, S_WHEN, things)},
        {{E(SPAN, S_AGAIN, tf_span, kind, TF_S_RULE)}, IS(SPAN, S_AGAIN, rise)},
    };
#undef INDEX
    CHECK_ROWS(rows);
}
END_TEST

/* What is stripped has none of the three; a digest has 32 bytes or is not there. */
START_TEST(table_format_4_11_a_stripped_table_has_no_sources)
{
    static const uint32_t sections[] = {TF_SOURCE_FILE, TF_SOURCE_DIGEST, TF_SPAN};
    static const struct table_row stripped = {{{0, 0, 0, 0, 0}},
                                              IS(SOURCE_FILE, 0, "sources in a stripped table")},
                                  digest = {{NO_EDIT}, IS(SOURCE_DIGEST, 0, "not a SHA-256")},
                                  opens = {{NO_EDIT}, OPENS};
    for (int left = 0; left < 3; left++) {
        struct image m;
        fuller_sample(&m);
        for (int i = 0; i < 3; i++) {
            if (i != left) image_remove(&m, sections[i]);
        }
        if (left < 2) check_image(&m, &opens, left);
        m.flags = TF_FLAG_STRIPPED;
        check_image(&m, &stripped, left);
        image_free(&m);
    }
    struct image m;
    fuller_sample(&m);
    image_add(&m, TF_SOURCE_DIGEST, "", 1, 1);
    check_image(&m, &digest, 3);
    image_remove(&m, TF_SOURCE_DIGEST);
    check_image(&m, &opens, 4);
    image_free(&m);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("corrupt_table");
    tcase_set_timeout(t, 0);
    tcase_add_test(t, table_format_the_fuller_sample_opens);
    tcase_add_test(t, table_format_4_1_strings);
    tcase_add_test(t, table_format_4_2_policy);
    tcase_add_test(t, table_format_4_3_attributes);
    tcase_add_test(t, table_format_4_5_rules_and_what_they_do);
    tcase_add_test(t, table_format_4_9_agents);
    tcase_add_test(t, table_format_4_9_teams);
    tcase_add_test(t, language_2_8_so_many_agents_and_teams);
    tcase_add_test(t, table_format_4_10_promises_and_descriptions);
    tcase_add_test(t, table_format_4_11_sources);
    tcase_add_test(t, table_format_4_11_a_stripped_table_has_no_sources);
    Suite *suite = suite_create("corrupt_table");
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
