/* Opening and verifying (TABLE-FORMAT), and names by index: runtime/table.c, verify*.c. */
#include <check.h>
#include <stddef.h>
#include <stdlib.h>

#include "../../runtime/table.h"
#include "image.h"

/* Opens the image's bytes, closes again; what was wrong in *error. */
static enum shunt_status try_open(const struct image *m, struct shunt_table_error *error)
{
    size_t len;
    uint8_t *bytes = image_bytes(m, &len);
    const struct shunt_table *t;
    enum shunt_status status = shunt_table_open(bytes, len, NULL, &t, error);
    if (status == SHUNT_OK) shunt_table_close(t);
    free(bytes);
    return status;
}

START_TEST(the_sample_opens)
{
    struct image m;
    image_sample(&m);
    struct shunt_table_error error;
    enum shunt_status status = try_open(&m, &error);
    ck_assert_msg(status == SHUNT_OK, "section %u record %lu: %s", error.section, (unsigned long)error.record,
                  error.reason);
    image_free(&m);
}
END_TEST

/* ---- one field wrong ---- */

struct wrong {
    uint32_t section, record;
    size_t off, len;
    uint64_t value;
    uint32_t found; /* the section in which it is found wrong */
};
#define W_IN(section, record, type, field, value, found)                                                     \
    {                                                                                                        \
        TF_##section, record, offsetof(type, field), sizeof(((type *)0)->field), value, TF_##found           \
    }
#define W(section, record, type, field, value) W_IN(section, record, type, field, value, section)
#define WN(section, record, value)                                                                           \
    {                                                                                                        \
        TF_##section, record, 0, 4, value, TF_##section                                                      \
    }
#define WB(section, record, value, found)                                                                    \
    {                                                                                                        \
        TF_##section, record, 0, 1, value, TF_##found                                                        \
    }

static const struct wrong wrongs[] = {
    /* 4.1 */
    WN(STRING_OFFS, 0, 1),
    WN(STRING_OFFS, 1, 0),
    WN(STRING_OFFS, 2, 100000),
    WB(STRING_BYTES, 2, 0x80, STRING_BYTES),
    WB(STRING_BYTES, 6, 'x', STRING_BYTES), /* the NUL behind "sample" */
    /* 4.2 */
    W(POLICY, 0, struct tf_policy, name, 10000),
    W(POLICY, 0, struct tf_policy, zone, 1),
    W(POLICY, 0, struct tf_policy, zone_release, 10000),
    W(POLICY, 0, struct tf_policy, unicode_version, TF_NONE),
    W(POLICY, 0, struct tf_policy, rule_count, 4),
    W(POLICY, 0, struct tf_policy, rule_count, UINT32_MAX),
    W(POLICY, 0, struct tf_policy, takes_count, 0),
    W_IN(POLICY, 0, struct tf_policy, rule_count, 2, POLICY),
    W(POLICY, 0, struct tf_policy, presence_day, 2),
    W(POLICY, 0, struct tf_policy, auto_assign, 2),
    W(POLICY, 0, struct tf_policy, assign_on_reply, 255),
    W(POLICY, 0, struct tf_policy, has_otherwise, 2),
    W(POLICY, 0, struct tf_policy, reserved, 1),
    /* 4.3 */
    W(ATTR, 0, struct tf_attr, name, TF_NONE),
    W(ATTR, 0, struct tf_attr, type, TF_LISTED_T),
    W(ATTR, SAMPLE_PLAN, struct tf_attr, type, TF_CHANNEL_T),
    W(ATTR, SAMPLE_PLAN, struct tf_attr, type, TF_NUMBER_T),
    W(ATTR, SAMPLE_TOTAL, struct tf_attr, type, TF_PRIORITY_T),
    W(ATTR, SAMPLE_TOTAL, struct tf_attr, type, 7),
    W(ATTR, 1, struct tf_attr, atom_first, 1),
    W(ATTR, 1, struct tf_attr, atom_count, 3),
    W(ATTR, SAMPLE_TAGS, struct tf_attr, atom_count, UINT32_MAX),
    W_IN(ATTR, SAMPLE_TAGS, struct tf_attr, atom_count, 0, ATOM),
    W(ATTR, 1, struct tf_attr, closed, 2),
    W(ATTR, 1, struct tf_attr, reserved, 1),
    W(ATOM, 0, struct tf_atom, string, 10000),
    W(ATOM, 0, struct tf_atom, kind, TF_ATOM_CONTAINS),
    W(ATOM, 5, struct tf_atom, kind, TF_ATOM_NAME),
    W(ATOM, 5, struct tf_atom, kind, 5),
    W_IN(ATOM, 5, struct tf_atom, kind, TF_ATOM_PREFIX, AC_STATE),
    W(ATOM, 0, struct tf_atom, reserved, 1),
    /* 5 */
    WB(CODE, 0, 99, CODE),
    WB(CODE, 1, 4, CODE), /* AND: cut short in the middle of a node */
    WB(CODE, 1, 6, CODE),
    WB(CODE, 1, 2, CODE), /* AND: of one node */
    WB(CODE, 1, 0, CODE),
    WB(CODE, 3, 12, CODE), /* no such atom */
    WB(CODE, 12, 0, CODE), /* PRIORITY_IN: the empty set, the full one */
    WB(CODE, 12, 15, CODE),
    WB(CODE, 16, TF_BODY, CODE), /* NUMBER_COMPARE of a text */
    WB(CODE, 16, 90, CODE),
    WB(CODE, 17, 4, CODE),           /* no such comparison */
    WB(CODE, 18, 2, CODE),           /* no such number */
    WB(CODE, 20, SAMPLE_PLAN, CODE), /* BOOL of a listed one */
    WB(CODE, 24, 2, CODE),           /* plan has no third value */
    WB(CODE, 28, 1, CODE),           /* HAS_ANY of one */
    WB(CODE, 30, 0, CODE),           /* of the same twice */
    WB(CODE, 30, 2, CODE),           /* of two attributes */
    WB(CODE, 32, 3, CODE),           /* no such hours */
    WB(CODE, 34, 3, CODE),           /* no such days */
    WB(CODE, 42, 0, CODE),           /* NUMBER_IN: none */
    WB(CODE, 44, 0, CODE),           /* the same number twice */
    WB(CODE, 43, 0x80, CODE),        /* a number longer than it need be */
    WB(CODE, 48, TF_OP_NOT, CODE),   /* the end is missing */
    W(
        NUMBER, 0, struct { le64_t bits; }, bits, UINT64_C(0x7ff0000000000000)),
    W(
        NUMBER, 0, struct { le64_t bits; }, bits, UINT64_C(0x8000000000000000)),
    W(
        NUMBER, 1, struct { le64_t bits; }, bits, UINT64_C(0x4024000000000000)),
    /* 4.5 */
    W(RULE, 0, struct tf_rule, name, TF_NONE),
    W(RULE, 0, struct tf_rule, code, 2), /* inside a condition */
    W(RULE, 0, struct tf_rule, code, 49),
    W(RULE, 0, struct tf_rule, outcome, 5),
    W(RULE, SAMPLE_TWO, struct tf_rule, name, 0),
    W(RULE, SAMPLE_TWO, struct tf_rule, outcome, 0),
    W(RULE, SAMPLE_TWO, struct tf_rule, outcome, 2),
    W(RULE, SAMPLE_OTHERWISE, struct tf_rule, name, 0),
    W(RULE, SAMPLE_OTHERWISE, struct tf_rule, code, 0),
    W(RULE, SAMPLE_OTHERWISE, struct tf_rule, outcome, 1),
    W(OUTCOME, 0, struct tf_outcome, step_first, 4),
    W(OUTCOME, 0, struct tf_outcome, step_count, 6),
    W(OUTCOME, 1, struct tf_outcome, step_first, 1), /* an empty list begins at 0 */
    W(OUTCOME, 0, struct tf_outcome, step_first, 1), /* a first step that waits */
    W(OUTCOME, 1, struct tf_outcome, add_first, 0),  /* agents, or no labels */
    W(OUTCOME, 1, struct tf_outcome, add_count, 2),
    W(OUTCOME, 1, struct tf_outcome, add_count, 9),
    W(OUTCOME, 1, struct tf_outcome, require_first, 1),
    W(OUTCOME, 1, struct tf_outcome, require_count, 5),
    W(OUTCOME, 1, struct tf_outcome, set_priority, 5),
    W(OUTCOME, 1, struct tf_outcome, raise_priority, 5),
    W(STEP, 0, struct tf_step, target, 2),
    W(STEP, 1, struct tf_step, target, 2),
    W(STEP, 4, struct tf_step, target, 0),
    W(STEP, 1, struct tf_step, of_hours, 3),
    W(STEP, 0, struct tf_step, kind, 3),
    W(STEP, 0, struct tf_step, reserved, 1),
    /* 4.6 */
    W_IN(WINDOW, 0, struct tf_range, to, 3, WINDOW_SET),
    W_IN(WINDOW, 0, struct tf_range, from, INT32_MIN, WINDOW_SET),
    W_IN(WINDOW, 1, struct tf_range, from, 366, WINDOW_SET),
    W(WINDOW_SET, 0, struct tf_window_set, first, 3),
    W(WINDOW_SET, 0, struct tf_window_set, dated_count, 2),
    W(WINDOW_SET, 0, struct tf_window_set, dated_count, UINT32_MAX),
    W(WINDOW_SET, 0, struct tf_window_set, yearly_count, UINT32_MAX),
    W(WINDOW_SET, 1, struct tf_window_set, yearly_count, 2), /* one that wraps and is not the last */
    /* 4.7 */
    W(ZONE, 0, struct tf_zone, name, TF_NONE),
    W(ZONE, 0, struct tf_zone, type_first, 1),
    W(ZONE, 0, struct tf_zone, type_count, 0),
    W(ZONE, 0, struct tf_zone, type_count, 2),
    W(ZONE, 0, struct tf_zone, change_first, 1),
    W(ZONE, 0, struct tf_zone, change_count, 2),
    W(ZONE, 0, struct tf_zone, has_rule, 3),
    W(ZONE, 0, struct tf_zone, has_rule, 1), /* a rule of zeros */
    W(ZONE, 0, struct tf_zone, std_offset_sec, 26 * 3600),
    W(ZONE, 0, struct tf_zone, reserved, 1),
    W(ZONE_TYPE, 0, struct tf_zone_type, offset_sec, INT32_MIN),
    W(ZONE_TYPE, 0, struct tf_zone_type, isdst, 2),
    W(ZONE_CHANGE, 0, struct tf_zone_change, type, 1),
    W(ZONE_CHANGE, 0, struct tf_zone_change, reserved, 1),
    /* 4.8 */
    W(HOURS, 0, struct tf_hours, always, 0),
    W(HOURS, 1, struct tf_hours, always, 1),
    W(HOURS, 0, struct tf_hours, zone, 0),
    W(HOURS, 1, struct tf_hours, zone, TF_NONE),
    W(HOURS, 1, struct tf_hours, week, 1),
    W(HOURS, 1, struct tf_hours, outside, 1),
    W(HOURS, 2, struct tf_hours, outside, 2),
    W(HOURS, 2, struct tf_hours, chain, 0),
    W(HOURS, 1, struct tf_hours, chain, 1),
    W(HOURS, 2, struct tf_hours, week, 0),
    W(HOURS, 2, struct tf_hours, closed, 0),
    W(HOURS, 2, struct tf_hours, season_yearly_count, 1),
    W(HOURS, 1, struct tf_hours, closed, 3),
    W(HOURS, 1, struct tf_hours, season_first, 1),
    W(HOURS, 1, struct tf_hours, season_dated_count, 2),
    W(HOURS, 1, struct tf_hours, special_yearly_count, 3),
    W(HOURS, 1, struct tf_hours, every_from, INT32_MAX),
    W(HOURS, 1, struct tf_hours, name, TF_NONE),
    W(HOURS, 1, struct tf_hours, reserved, 1),
    {TF_WEEK, 0, 24, 4, 2, TF_WEEK},
    W(DAY, 0, struct tf_day, interval_count, 3),
    W(DAY, 1, struct tf_day, interval_first, 1),
    W_IN(INTERVAL, 0, struct tf_interval, from_min, 720, DAY),
    W_IN(INTERVAL, 0, struct tf_interval, to_min, 730, DAY),
    W_IN(INTERVAL, 1, struct tf_interval, to_min, 1441, DAY),
    W_IN(SEASON, 0, struct tf_season, from, 121, HOURS),
    W_IN(SEASON, 1, struct tf_season, from, 400, HOURS),
    W(SEASON, 0, struct tf_season, week, 1),
    W_IN(SPECIAL, 2, struct tf_special, day, 200, HOURS),
    W_IN(SPECIAL, 1, struct tf_special, day, 366, HOURS),
    W(SPECIAL, 0, struct tf_special, hours, 2),
    /* 4.9 */
    WN(SKILL, 0, TF_NONE),
    W(AGENT, 0, struct tf_agent, name, TF_NONE),
    W(AGENT, 0, struct tf_agent, display_name, 10000),
    W(AGENT, 0, struct tf_agent, rank.first, 1),
    W(AGENT, 0, struct tf_agent, rank.other, 0),
    W(AGENT, 0, struct tf_agent, rank.other, 101),
    W(AGENT, 0, struct tf_agent, limit.other, 3),
    W(AGENT, 0, struct tf_agent, device.count, 3),
    W(AGENT, 0, struct tf_agent, device.other, 10000),
    W(AGENT, 0, struct tf_agent, skill_first, 1),
    W(AGENT, 0, struct tf_agent, skill_count, 2),
    W(AGENT, 0, struct tf_agent, channel_count, 1),
    W(AGENT, 1, struct tf_agent, channel_first, 2), /* no third channel */
    W(AGENT, 1, struct tf_agent, channel_count, 2),
    W(AGENT, 0, struct tf_agent, hours, 3),
    W(AGENT, 0, struct tf_agent, away, 3),
    W(AGENT, 0, struct tf_agent, role, 5),
    W(AGENT, 0, struct tf_agent, weight, 0),
    W(AGENT, 0, struct tf_agent, weight, 101),
    W(AGENT, 0, struct tf_agent, reserved, 1),
    W(BY_CHANNEL, 1, struct tf_by_channel, channel, 2),
    W_IN(BY_CHANNEL, 1, struct tf_by_channel, channel, 0, AGENT),
    W_IN(BY_CHANNEL, 0, struct tf_by_channel, value, 0, AGENT), /* no rank */
    W_IN(BY_CHANNEL, 0, struct tf_by_channel, value, 101, AGENT),
    W_IN(BY_CHANNEL, 1, struct tf_by_channel, value, 10, TEAM), /* no strategy */
    W(TEAM, 0, struct tf_team, name, TF_NONE),
    W(TEAM, 0, struct tf_team, description, 10000),
    W(TEAM, 0, struct tf_team, member_count, 3), /* the third is no agent */
    W(TEAM, 0, struct tf_team, member_count, 5),
    W(TEAM, 0, struct tf_team, assign.other, 10),
    W(TEAM, 0, struct tf_team, hours.other, 3),
    W(TEAM, 0, struct tf_team, after_hours.other, 4),
    W(TEAM, 0, struct tf_team, rotation, 3),
    W(TEAM, 0, struct tf_team, backlog_leave, 2),
    W(TEAM, 0, struct tf_team, sticky, 2),
    W(TEAM, 0, struct tf_team, members_only, 2),
    W(TEAM, 0, struct tf_team, on_shift, 2),
    W(TEAM, 0, struct tf_team, agents_all, 2),
    W(TEAM, 0, struct tf_team, reserved, 1),
    /* 4.10 */
    W(PROMISE, 0, struct tf_promise, text, TF_NONE),
    W(PROMISE, 0, struct tf_promise, code, 37),
    W(PROMISE, 0, struct tf_promise, outcome_count, 3),
    W(PROMISE_OUTCOME, 0, struct tf_promise_outcome, kind, 6),
    W(PROMISE_OUTCOME, 0, struct tf_promise_outcome, count, 0),
    W(PROMISE_OUTCOME, 0, struct tf_promise_outcome, count, 3),
    W(PROMISE_OUTCOME, 0, struct tf_promise_outcome, priorities, 1),
    W(PROMISE_OUTCOME, 1, struct tf_promise_outcome, priorities, 16),
    W(PROMISE_OUTCOME, 1, struct tf_promise_outcome, count, 1),
    W(PROMISE_OUTCOME, 0, struct tf_promise_outcome, reserved, 1),
    W(DESCRIPTION, 0, struct tf_description, kind, 2),
    W(DESCRIPTION, 0, struct tf_description, index, 5),
    W(DESCRIPTION, 1, struct tf_description, index, 12),
    W(DESCRIPTION, 0, struct tf_description, string, TF_NONE),
    /* 7 */
    W(AC_ROOT, 0, struct tf_automaton, attr, TF_BODY),
    W(AC_ROOT, 0, struct tf_automaton, attr, 90),
    W(AC_ROOT, 0, struct tf_automaton, state_first, 1),
    W_IN(AC_ROOT, 0, struct tf_automaton, state_count, 3, AC_EDGE),
    W(AC_ROOT, 0, struct tf_automaton, state_count, 5),
    W(AC_STATE, 0, struct tf_ac_state, edge_first, 1),
    W(AC_STATE, 1, struct tf_ac_state, edge_first, 0),
    W(AC_STATE, 1, struct tf_ac_state, edge_first, 4),
    W(AC_STATE, 0, struct tf_ac_state, fail, 1),
    W(AC_STATE, 1, struct tf_ac_state, fail, 1),
    W(AC_STATE, 3, struct tf_ac_state, fail, 1), /* where another byte leads */
    W(AC_STATE, 3, struct tf_ac_state, out, 0),
    W(AC_STATE, 3, struct tf_ac_state, out, 3),
    W(AC_STATE, 3, struct tf_ac_state, depth, 1),
    W(AC_STATE, 3, struct tf_ac_state, pattern[0], 4), /* of another attribute */
    W(AC_STATE, 3, struct tf_ac_state, pattern[0], 8), /* of another kind */
    W(AC_STATE, 1, struct tf_ac_state, pattern[0], 5), /* of another length */
    W_IN(AC_STATE, 3, struct tf_ac_state, pattern[0], TF_NONE, AC_ROOT),
    {TF_AC_EDGE, 0, 0, 4, 'a' << 24 | 2, TF_AC_EDGE},
    {TF_AC_EDGE, 1, 0, 4, 'a' << 24 | 2, TF_AC_EDGE},
    {TF_AC_EDGE, 2, 0, 4, 'c' << 24 | 3, TF_AC_STATE},
    /* 8 */
    WN(INDEX_BUCKET, 0, 1),
    WN(INDEX_BUCKET, 2, 1000),
    {TF_INDEX_BUCKET, 1, 0, 4, 3, TF_INDEX_RULE}, /* one bucket of two: its rules do not rise */
    WN(INDEX_BUCKET, 13, 4),
    WN(INDEX_RULE, 0, 5),
    WN(INDEX_RULE, 0, SAMPLE_MORE),      /* does not decide */
    WN(INDEX_RULE, 3, SAMPLE_OTHERWISE), /* the same twice */
    WN(CONT_RULE, 0, SAMPLE_FIRST),
    WN(CONT_BUCKET, 5, 1000),
};

START_TEST(table_format_a_wrong_field_is_found)
{
    const struct wrong *w = &wrongs[_i];
    struct image m;
    image_sample(&m);
    uint8_t *at = (uint8_t *)image_at(&m, w->section, w->record) + w->off;
    for (size_t i = 0; i < w->len; i++) at[i] = (uint8_t)(i < 8 ? w->value >> 8 * i : 0);
    struct shunt_table_error error;
    enum shunt_status status = try_open(&m, &error);
    ck_assert_msg(status == SHUNT_TABLE_DAMAGED, "row %d: status %d", _i, status);
    ck_assert_msg(error.section == w->found, "row %d: found in section %u: %s", _i, error.section,
                  error.reason);
    ck_assert(error.reason[0] != 0);
    image_free(&m);
}
END_TEST

/* ---- a section missing, or with too few or many records ---- */

START_TEST(table_format_a_section_that_is_gone_is_missed)
{
    static const uint32_t may_go[] = {TF_DESCRIPTION, TF_PROMISE}; /* nothing else names them */
    struct image m;
    image_sample(&m);
    if (image_count(&m, (uint32_t)_i) > 0) {
        image_remove(&m, (uint32_t)_i);
        struct shunt_table_error error;
        bool may = (uint32_t)_i == may_go[0] || (uint32_t)_i == may_go[1];
        ck_assert_msg(try_open(&m, &error) == (may ? SHUNT_OK : SHUNT_TABLE_DAMAGED), "section %d", _i);
    }
    image_free(&m);
}
END_TEST

START_TEST(table_format_3_record_lengths_are_fixed)
{
    struct image m;
    image_sample(&m);
    struct image_section *s = &m.section[_i];
    if (s->len > 0) {
        if (s->record_len == 1 && s->len % 2 == 1) image_add(&m, (uint32_t)_i, "", 1, 1);
        s->record_len = s->record_len == 1 ? 2 : 1; /* as many bytes, cut otherwise */
        struct shunt_table_error error;
        ck_assert_int_eq(try_open(&m, &error), SHUNT_TABLE_DAMAGED);
        ck_assert_uint_eq(error.section, (uint32_t)_i);
        ck_assert_str_eq(error.reason, "records of a wrong length");
    }
    image_free(&m);
}
END_TEST

/* ---- the header ---- */

struct header_case {
    size_t off, len;
    uint64_t value;
    enum shunt_status status;
};
#define H(field, value, status)                                                                              \
    {                                                                                                        \
        offsetof(struct tf_header, field), sizeof(((struct tf_header *)0)->field), value, status             \
    }
static const struct header_case headers[] = {
    H(magic, 'S', SHUNT_NOT_A_TABLE),
    H(version, 0, SHUNT_TABLE_DAMAGED),
    H(version, 2, SHUNT_OK), /* newer, but this reader can read it */
    H(last_compatible, 0, SHUNT_TABLE_DAMAGED),
    H(last_compatible, 2, SHUNT_TABLE_DAMAGED),
    H(section_count, 0, SHUNT_TABLE_DAMAGED),
    H(section_count, 5, SHUNT_TABLE_DAMAGED),
    H(section_count, UINT32_MAX, SHUNT_TABLE_DAMAGED),
    H(file_len, 8, SHUNT_TABLE_DAMAGED),
    H(file_len, UINT64_MAX, SHUNT_TABLE_DAMAGED),
    H(flags, 2, SHUNT_TABLE_DAMAGED),
    H(flags, 0, SHUNT_OK),
    H(reserved, 1, SHUNT_TABLE_DAMAGED),
};

START_TEST(table_format_2_the_header_is_checked)
{
    const struct header_case *c = &headers[_i];
    struct image m;
    image_sample(&m);
    size_t len;
    uint8_t *bytes = image_bytes(&m, &len);
    for (size_t i = 0; i < c->len; i++) bytes[c->off + i] = (uint8_t)(i < 8 ? c->value >> 8 * i : 0);
    image_fit_checksum(bytes, len);
    const struct shunt_table *t = NULL;
    ck_assert_int_eq(shunt_table_open(bytes, len, NULL, &t, NULL), c->status);
    shunt_table_close(t);
    free(bytes);
    image_free(&m);
}
END_TEST

START_TEST(table_format_2_a_newer_version_may_add_sections)
{
    struct image m;
    image_sample(&m);
    image_add(&m, 60, "new", 1, 3);
    struct shunt_table_error error;
    ck_assert_int_eq(try_open(&m, &error), SHUNT_TABLE_DAMAGED);
    ck_assert_uint_eq(error.section, 60);
    m.version = 2;
    ck_assert_int_eq(try_open(&m, &error), SHUNT_OK);
    m.last_compatible = 2;
    ck_assert_int_eq(try_open(&m, &error), SHUNT_TABLE_VERSION);
    image_free(&m);
}
END_TEST

START_TEST(table_format_6_a_wrong_checksum_is_found)
{
    struct image m;
    image_sample(&m);
    size_t len;
    uint8_t *bytes = image_bytes(&m, &len);
    bytes[len - 1] ^= 1;
    const struct shunt_table *t = NULL;
    struct shunt_table_error error;
    ck_assert_int_eq(shunt_table_open(bytes, len, NULL, &t, &error), SHUNT_TABLE_DAMAGED);
    ck_assert_str_eq(error.reason, "the checksum is wrong");
    free(bytes);
    image_free(&m);
}
END_TEST

START_TEST(opening_wants_aligned_bytes_of_a_table)
{
    struct image m;
    image_sample(&m);
    size_t len;
    uint8_t *bytes = image_bytes(&m, &len), *moved = malloc(len + 8);
    memcpy(moved + 4, bytes, len);
    const struct shunt_table *t = NULL;
    ck_assert_int_eq(shunt_table_open(moved + 4, len, NULL, &t, NULL), SHUNT_BAD_VALUE);
    ck_assert_int_eq(shunt_table_open(NULL, 0, NULL, &t, NULL), SHUNT_NOT_A_TABLE);
    ck_assert_int_eq(shunt_table_open(bytes, 7, NULL, &t, NULL), SHUNT_NOT_A_TABLE);
    memcpy(moved, "shunt: 1\nname: a policy's source\n", 34);
    ck_assert_int_eq(shunt_table_open(moved, 34, NULL, &t, NULL), SHUNT_NOT_A_TABLE);
    ck_assert_ptr_null(t);
    free(bytes), free(moved);
    image_free(&m);
}
END_TEST

/* ---- conditions ---- */

/* `not` n times round `true`, as the last condition. */
static enum shunt_status open_nested(int nots, bool chain)
{
    struct image m;
    image_sample(&m);
    uint8_t code[1000];
    size_t len = sizeof code;
    code[--len] = TF_OP_TRUE;
    for (int i = 0; i < nots; i++) {
        size_t inner = sizeof code - len;
        if (!chain || i == 0) {
            code[--len] = TF_OP_NOT;
            continue;
        }
        code[--len] = TF_OP_TRUE, inner++;
        if (inner > 127) code[--len] = (uint8_t)(inner >> 7);
        code[--len] = (uint8_t)((inner & 127) | (inner > 127 ? 128 : 0));
        code[--len] = TF_OP_AND;
    }
    image_add(&m, TF_CODE, code + len, 1, sizeof code - len);
    struct shunt_table_error error;
    enum shunt_status status = try_open(&m, &error);
    image_free(&m);
    return status;
}

START_TEST(table_format_5_nesting_has_a_limit)
{
    ck_assert_int_eq(open_nested(TF_NESTING_MAX - 1, false), SHUNT_OK);
    ck_assert_int_eq(open_nested(TF_NESTING_MAX, false), SHUNT_TABLE_DAMAGED);
    ck_assert_int_eq(open_nested(TF_NESTING_MAX - 1, true), SHUNT_OK);
    ck_assert_int_eq(open_nested(TF_NESTING_MAX, true), SHUNT_TABLE_DAMAGED);
}
END_TEST

/* A chain of `outside` as long as it may be, and one longer. */
static enum shunt_status open_outside(uint32_t chain)
{
    struct image m;
    image_sample(&m); /* hours 2 is one link already */
    for (uint32_t i = 2; i <= chain; i++) {
        struct tf_hours h = *IMAGE_AT(&m, HOURS, struct tf_hours, i);
        h.outside = to_le32(i);
        h.chain = (uint8_t)i;
        image_add(&m, TF_HOURS, &h, sizeof h, 1);
    }
    struct shunt_table_error error;
    enum shunt_status status = try_open(&m, &error);
    image_free(&m);
    return status;
}

START_TEST(table_format_4_8_outside_has_a_limit)
{
    ck_assert_int_eq(open_outside(TF_OUTSIDE_MAX), SHUNT_OK);
    ck_assert_int_eq(open_outside(TF_OUTSIDE_MAX + 1), SHUNT_TABLE_DAMAGED);
}
END_TEST

/* ---- the names' hash ---- */

START_TEST(table_format_4_4_every_name_can_be_found)
{
    struct image m;
    image_sample(&m);
    struct shunt_table_error error;
    le32_t *hash = image_at(&m, TF_ATOM_HASH, 0);
    uint32_t taken = 0, empty = 0;
    while (le32(hash[taken]) == 0) taken++;
    while (le32(hash[empty]) != 0) empty++;
    le32_t moved = hash[taken];
    hash[taken] = to_le32(0); /* gone */
    ck_assert_int_eq(try_open(&m, &error), SHUNT_TABLE_DAMAGED);
    hash[empty] = moved; /* elsewhere: before its home, or behind a hole */
    ck_assert_int_eq(try_open(&m, &error), SHUNT_TABLE_DAMAGED);
    hash[taken] = moved; /* twice */
    ck_assert_int_eq(try_open(&m, &error), SHUNT_TABLE_DAMAGED);
    hash[empty] = to_le32(0);
    ck_assert_int_eq(try_open(&m, &error), SHUNT_OK);
    hash[empty] = to_le32(6); /* a pattern */
    ck_assert_int_eq(try_open(&m, &error), SHUNT_TABLE_DAMAGED);
    for (int i = 0; i < 16; i++) hash[i] = to_le32(1); /* full */
    ck_assert_int_eq(try_open(&m, &error), SHUNT_TABLE_DAMAGED);
    ck_assert_uint_eq(error.section, TF_ATOM_HASH);
    image_free(&m);
}
END_TEST

/* ---- lists shared by many records ---- */

/* 60,000 outcomes that all name one list of 60,000 labels: walking it for each would take minutes. */
START_TEST(opening_is_linear_where_lists_are_shared)
{
    enum { MANY = 60000 };
    struct image m;
    image_sample(&m);
    for (uint32_t i = 0; i < MANY; i++) image_add(&m, TF_LIST, &(le32_t){to_le32(2).raw}, 4, 1);
    struct tf_outcome o = {.add_first = to_le32(4), .add_count = to_le16(1)};
    for (uint32_t i = 0; i < MANY; i++) image_add(&m, TF_OUTCOME, &o, sizeof o, 1);
    struct shunt_table_error error;
    ck_assert_int_eq(try_open(&m, &error), SHUNT_OK);
    for (uint32_t i = 0; i < MANY; i++)
        IMAGE_AT(&m, OUTCOME, struct tf_outcome, 5 + i)->add_count = to_le16(MANY);
    ck_assert_int_eq(try_open(&m, &error), SHUNT_TABLE_DAMAGED); /* one label again and again */
    ck_assert_uint_eq(error.section, TF_OUTCOME);
    ck_assert_uint_eq(error.record, 5);
    image_free(&m);
}
END_TEST

/* ---- names ---- */

static const struct shunt_table *open_sample(uint8_t **bytes)
{
    struct image m;
    image_sample(&m);
    size_t len;
    *bytes = image_bytes(&m, &len);
    const struct shunt_table *t = NULL;
    ck_assert_int_eq(shunt_table_open(*bytes, len, NULL, &t, NULL), SHUNT_OK);
    ck_assert_ptr_eq(shunt_table_bytes(t, &len), *bytes);
    image_free(&m);
    return t;
}

START_TEST(commands_12_names_by_index)
{
    uint8_t *bytes;
    const struct shunt_table *t = open_sample(&bytes);
    bool takes;
    ck_assert_str_eq(shunt_table_name(t).bytes, "sample");
    ck_assert_uint_eq(shunt_table_name(t).len, 6);
    ck_assert_uint_eq(shunt_rule_count(t), 5);
    ck_assert_str_eq(shunt_rule_name(t, 0, &takes).bytes, "first");
    ck_assert(!takes);
    ck_assert_str_eq(shunt_rule_name(t, SAMPLE_TWO, &takes).bytes, "two");
    ck_assert(takes);
    ck_assert_str_eq(shunt_rule_name(t, SAMPLE_OTHERWISE, NULL).bytes, "otherwise");
    ck_assert_ptr_null(shunt_rule_name(t, 5, NULL).bytes);
    ck_assert_ptr_null(shunt_rule_name(t, SHUNT_NONE, NULL).bytes);
    ck_assert_uint_eq(shunt_team_count(t), 2);
    ck_assert_str_eq(shunt_team_name(t, 1).bytes, "two");
    ck_assert_ptr_null(shunt_team_name(t, 2).bytes);
    ck_assert_uint_eq(shunt_agent_count(t), 2);
    ck_assert_str_eq(shunt_agent_name(t, 0).bytes, "anna");
    ck_assert_ptr_null(shunt_agent_name(t, 2).bytes);
    ck_assert_uint_eq(shunt_hours_count(t), 3);
    ck_assert_str_eq(shunt_hours_name(t, 2).bytes, "duty");
    ck_assert_str_eq(shunt_skill_name(t, 0).bytes, "swedish");
    ck_assert_ptr_null(shunt_skill_name(t, 1).bytes);
    ck_assert_str_eq(shunt_label_name(t, 1).bytes, "refund");
    ck_assert_ptr_null(shunt_label_name(t, 2).bytes);
    ck_assert_uint_eq(shunt_hours_find(t, "office", 6), 1);
    ck_assert_uint_eq(shunt_hours_find(t, "offic", 5), SHUNT_NONE);
    shunt_table_close(t);
    free(bytes);
}
END_TEST

START_TEST(commands_12_attributes)
{
    uint8_t *bytes;
    const struct shunt_table *t = open_sample(&bytes);
    ck_assert_uint_eq(shunt_attr_count(t), SAMPLE_ATTRS);
    ck_assert_str_eq(shunt_attr_name(t, SAMPLE_GOLD).bytes, "gold");
    ck_assert_int_eq(shunt_attr_type(t, SHUNT_ATTR_PRIORITY), SHUNT_TYPE_PRIORITY);
    ck_assert_int_eq(shunt_attr_type(t, SAMPLE_TAGS), SHUNT_TYPE_SET);
    ck_assert_uint_eq(shunt_attr_find(t, "plan", 4), SAMPLE_PLAN);
    ck_assert_uint_eq(shunt_attr_find(t, "Plan", 4), SHUNT_NONE);
    ck_assert(shunt_attr_is_read(t, SHUNT_ATTR_SUBJECT));
    ck_assert(!shunt_attr_is_read(t, SHUNT_ATTR_BODY)); /* `exists` alone does not read it */
    ck_assert(!shunt_attr_is_read(t, SHUNT_ATTR_CUSTOMER));
    ck_assert(shunt_attr_is_read(t, SAMPLE_TOTAL) && shunt_attr_is_read(t, SAMPLE_GOLD));
    ck_assert(shunt_attr_is_read(t, SHUNT_ATTR_PRIORITY));
    ck_assert(!shunt_attr_is_read(t, SAMPLE_ATTRS));
    shunt_table_close(t);
    free(bytes);
}
END_TEST

START_TEST(maps_by_channel)
{
    uint8_t *bytes;
    const struct shunt_table *t = open_sample(&bytes);
    const struct tf_channel_map *rank = &t->AGENT[0].rank, *limit = &t->AGENT[0].limit;
    ck_assert_uint_eq(sh_by_channel(t, rank, 0), 1);
    ck_assert_uint_eq(sh_by_channel(t, rank, 1), 2);
    ck_assert_uint_eq(sh_by_channel(t, rank, TF_NONE), 50);
    ck_assert_uint_eq(sh_by_channel(t, limit, 1), TF_NONE);
    ck_assert_uint_eq(sh_by_channel(t, &t->AGENT[1].rank, 0), 50);
    shunt_table_close(t);
    free(bytes);
}
END_TEST

START_TEST(statuses_have_words)
{
    for (int status = SHUNT_OK; status <= SHUNT_UNKNOWN; status++) {
        const char *text = shunt_status_text((enum shunt_status)status);
        ck_assert(text[0] != 0 && text[strlen(text) - 1] != '.');
        ck_assert_str_ne(text, "unknown status");
    }
    ck_assert_str_eq(shunt_version(), "0.1.0");
    ck_assert_str_eq(shunt_priority_name(SHUNT_PRIORITY_URGENT), "urgent");
    ck_assert_ptr_null(shunt_priority_name(4));
}
END_TEST

/* ---- memory ---- */

struct budget {
    int left;
    long in_use;
};

static void *budget_resize(void *ctx, void *block, size_t old_len, size_t new_len)
{
    struct budget *b = ctx;
    if (new_len > 0 && b->left-- <= 0) return NULL;
    b->in_use += (long)new_len - (long)old_len;
    if (new_len > 0) return realloc(block, new_len);
    free(block);
    return NULL;
}

START_TEST(opening_survives_every_failed_allocation)
{
    struct image m;
    image_sample(&m);
    size_t len;
    uint8_t *bytes = image_bytes(&m, &len);
    for (int n = 0; n < 3; n++) {
        struct budget b = {n, 0};
        struct shunt_hooks hooks = {budget_resize, &b};
        const struct shunt_table *t = NULL;
        enum shunt_status status = shunt_table_open(bytes, len, &hooks, &t, NULL);
        ck_assert_int_eq(status, n < 2 ? SHUNT_NO_MEMORY : SHUNT_OK);
        ck_assert((t != NULL) == (n == 2));
        shunt_table_close(t);
        ck_assert_int_eq(b.in_use, 0);
    }
    free(bytes);
    image_free(&m);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("table");
    TCase *t = tcase_create("table");
    tcase_set_timeout(t, 30);
    tcase_add_test(t, the_sample_opens);
    tcase_add_loop_test(t, table_format_a_wrong_field_is_found, 0, sizeof wrongs / sizeof *wrongs);
    tcase_add_loop_test(t, table_format_a_section_that_is_gone_is_missed, 0, IMAGE_SECTIONS);
    tcase_add_loop_test(t, table_format_3_record_lengths_are_fixed, 0, IMAGE_SECTIONS);
    tcase_add_loop_test(t, table_format_2_the_header_is_checked, 0, sizeof headers / sizeof *headers);
    tcase_add_test(t, table_format_2_a_newer_version_may_add_sections);
    tcase_add_test(t, table_format_6_a_wrong_checksum_is_found);
    tcase_add_test(t, opening_wants_aligned_bytes_of_a_table);
    tcase_add_test(t, table_format_5_nesting_has_a_limit);
    tcase_add_test(t, table_format_4_8_outside_has_a_limit);
    tcase_add_test(t, table_format_4_4_every_name_can_be_found);
    tcase_add_test(t, opening_is_linear_where_lists_are_shared);
    tcase_add_test(t, commands_12_names_by_index);
    tcase_add_test(t, commands_12_attributes);
    tcase_add_test(t, maps_by_channel);
    tcase_add_test(t, statuses_have_words);
    tcase_add_test(t, opening_survives_every_failed_allocation);
    suite_add_tcase(suite, t);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
