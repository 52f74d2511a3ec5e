/*
 * Saved desks with one defect each (docs/DESK-FORMAT.md): the checksum fits, so that reading them must find
 * it.
 *
 * A row is an edit of one saved desk (desk_values.h), and what must be said of it; nothing where the page
 * allows it, which then loads, and is saved as the same bytes.
 */
#include "run_suite.h"
#include "saved_desk.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- rows ---- */

struct row {
    const char *edits, *reason; /* reason NULL: it loads */
};
/* In place of a reason: it loads, and is saved in other words, as it says nothing, or all of nothing. */
static const char left_out[] = "";

/* What was loaded is saved as the same bytes; or as what comes to the same. */
static void check_loaded(const struct row *row, struct shunt_desk *d, const uint8_t *bytes, size_t len)
{
    void *again;
    size_t again_len;
    ck_assert_int_eq(shunt_desk_save(d, NULL, &again, &again_len), SHUNT_OK);
    bool same = again_len == len && !memcmp(bytes, again, len);
    ck_assert_msg(same != (row->reason == left_out), "%s: saved as %s bytes", row->edits,
                  same ? "the same" : "other");
    free(again);
    shunt_desk_free(d);
}

static void check_row(const struct desk *d, const struct row *row)
{
    static struct saved_values edited;
    size_t len;
    const char *reason = "none";
    struct shunt_desk *made = NULL;
    edited = d->items;
    saved_edit(&edited, row->edits);
    uint8_t *bytes = saved_bytes(&edited, &len);
    enum shunt_status status = desk_load(d, bytes, len, &made, &reason);
    if (row->reason && row->reason != left_out) {
        ck_assert_msg(status == SHUNT_DESK_DAMAGED, "%s: %s", row->edits, shunt_status_text(status));
        ck_assert_msg(!strcmp(reason, row->reason), "%s: %s", row->edits, reason);
    } else {
        ck_assert_msg(status == SHUNT_OK, "%s: %s: %s", row->edits, shunt_status_text(status), reason);
        check_loaded(row, made, bytes, len);
    }
    free(bytes);
}

static void check_rows(const struct row *rows, size_t count)
{
    static struct desk d;
    desk_open(&d);
    check_row(&d, &(struct row){"", NULL});
    for (size_t i = 0; i < count; i++) check_row(&d, &rows[i]);
    desk_close(&d);
}
#define CHECK_ROWS(rows) check_rows((rows), sizeof(rows) / sizeof *(rows))

static const char cut[] = "it is cut off", nothing[] = "a number that names nothing",
                  early[] = "a time that is too early or after the last event",
                  unknown[] = "a byte with an unknown meaning", twice[] = "something twice in a list",
                  misplaced[] = "a section is not where it belongs",
                  behind[] = "there is something behind its end",
                  bad_text[] = "a text that is not UTF-8 or holds U+0000",
                  long_form[] = "a number that is not in its shortest form";

START_TEST(desk_format_2_values)
{
    static const struct row rows[] = {
        {"agents.automatic#8800", "a number that is not in its shortest form"},
        {"agents.automatic#ffffffffffffffffff01", "too many automatic assignments"},
        {"agents.automatic#ffffffffffffffffff02", "a number beyond 64 bits"},
        {"agents.automatic#ffffffffffffffffff8101", "a number beyond 64 bits"},
        {"agents.automatic#80808080808080808000", "a number that is not in its shortest form"},
        {"agents.automatic=9223372036854775806", NULL},
        {"agents.automatic=9223372036854775807", "too many automatic assignments"},
        {"teams[1]=6", nothing},
        {"T1.team=7", nothing},
        {"T1.steps[0].kind=4", unknown},
        {"T12.first=0", early},
        {"T12.first#81808080808080808001", "a time out of range"},
        {"customer[0].text$4cc3", bad_text},
        {"customer[0].text$4c00", bad_text},
        {"customer[0].text$", NULL},
        {"customer[0].text#8080808008", cut},
    };
    CHECK_ROWS(rows);
}
END_TEST

/* What follows a number that is wrong would do: it is refused all the same, wherever it stands. */
static void refused(const struct desk *d, const struct saved_values *edited, const char *name,
                    const char *wanted)
{
    size_t len;
    const char *reason = "none";
    struct shunt_desk *made = NULL;
    uint8_t *bytes = saved_bytes(edited, &len);
    enum shunt_status status = desk_load(d, bytes, len, &made, &reason);
    ck_assert_msg(status == SHUNT_DESK_DAMAGED, "%s: %s", name, shunt_status_text(status));
    ck_assert_msg(!strcmp(reason, wanted), "%s: %s", name, reason);
    ck_assert_ptr_null(made);
    free(bytes);
}

/* A number's bytes, or those of a text's length, with one more that adds nothing. */
static void lengthen(struct saved_value *v)
{
    uint8_t text[sizeof v->bytes];
    uint64_t number = v->kind == SAVED_TEXT ? v->len : v->number;
    size_t len = v->kind == SAVED_TEXT ? v->len : 0, at = 0;
    memcpy(text, v->bytes, len);
    for (; number >= 0x80; number >>= 7) v->bytes[at++] = (uint8_t)(number | 0x80);
    v->bytes[at++] = (uint8_t)(number | 0x80);
    v->bytes[at++] = 0;
    ck_assert_uint_le(at + len, sizeof v->bytes);
    memcpy(v->bytes + at, text, len);
    v->len = at + len;
    v->kind = SAVED_RAW;
}

START_TEST(desk_format_2_each_number_is_in_its_shortest_form)
{
    static struct desk d;
    static struct saved_values edited;
    desk_open(&d);
    for (size_t i = 0; i < d.items.count; i++) {
        if (d.items.at[i].kind == SAVED_BYTE) continue;
        edited = d.items;
        lengthen(&edited.at[i]);
        refused(&d, &edited, edited.at[i].name, "a number that is not in its shortest form");
    }
    desk_close(&d);
}
END_TEST

START_TEST(desk_format_2_no_byte_means_anything)
{
    static struct desk d;
    static struct saved_values edited;
    desk_open(&d);
    for (size_t i = 0; i < d.items.count; i++) {
        if (d.items.at[i].kind != SAVED_BYTE) continue;
        edited = d.items;
        edited.at[i].number = 255;
        refused(&d, &edited, edited.at[i].name, strstr(edited.at[i].name, "section") ? misplaced : unknown);
    }
    desk_close(&d);
}
END_TEST

START_TEST(desk_format_3_sections)
{
    static const struct row rows[] = {
        {"section1=2", misplaced}, {"section2=3", misplaced}, {"section3=2", misplaced},
        {"section4=5", misplaced}, {"section5=6", misplaced}, {"section6=5", misplaced},
        {"section7=6", misplaced},
    };
    CHECK_ROWS(rows);
}
END_TEST

START_TEST(desk_format_3_1_names_of_earlier_versions)
{
    static const struct row rows[] = {
        {"rules[0]=''", "an empty name"},
        {"labels[0]=''", "an empty name"},
        {"skills[0]=''", "an empty name"},
        {"rules[0]='x'", NULL},
        {"labels[0]$ff", bad_text},
        {"rules.count=100000000", cut},
        {"skills.count=2 +section2='new'", NULL},
    };
    CHECK_ROWS(rows);
}
END_TEST

START_TEST(desk_format_3_2_teams)
{
    static const struct row rows[] = {
        {"teams[0]=4 teams[1]=1", "teams out of order"},
        {"teams[0]=4", "teams out of order"},
        {"teams[0]=3", NULL},
        {"teams[1]=5", NULL},
        {"teams.count=0 -teams[0] -teams[1]", NULL},
    };
    CHECK_ROWS(rows);
}
END_TEST

START_TEST(desk_format_3_3_agents)
{
    static const struct row rows[] = {
        {"agent[0].flags=8", unknown},
        {"agent[3].flags=1 figures.agent[3].since=63939661201", "a viewer who is online"},
        {"agent[2].flags=2 +agent[3].flags=0", "presence of who is not online"},
        {"agent[2].flags=4 +agent[3].flags=0", "presence of who is not online"},
        {"agent[1].last=9", "an automatic assignment after the last"},
        {"agent[2].last=9", "an automatic assignment after the last"},
        {"agent[1].last=1", NULL},
        {"agents.automatic=7", "an automatic assignment after the last"},
        {"agents.automatic=9", NULL},
        {"agent[1].last=7", "two agents with the same last automatic assignment"},
        {"agent[1].last=0", NULL},
        {"agent[0].last=5 agent[1].last=6 agent[2].last=5",
         "two agents with the same last automatic assignment"}, /* with another between them */
        {"agent[0].last=5 agent[1].last=6 agent[2].last=4", NULL},
        {"agent[1].channels[0]=1", "channels out of order"},
        {"agent[1].channels[1]=2", nothing},
        {"agent[1].channels=1 -agent[1].channels[1]", NULL},
        {"agent[1].channels=0 -agent[1].channels[0] -agent[1].channels[1]", NULL},
        {"agent[1].channels#8000 -agent[1].channels[0] -agent[1].channels[1]", long_form}, /* none, and nothing missed */
        {"agent[1].flags=3 agent[1].channels#8000 -agent[1].channels[0] -agent[1].channels[1] -agent[1].devices "
         "-agent[1].devices[0].channel -agent[1].devices[0].text -agent[1].devices[1].channel "
         "-agent[1].devices[1].text",
         long_form},
        {"agent[1].devices=0 -agent[1].devices[0].channel -agent[1].devices[0].text -agent[1].devices[1].channel "
         "-agent[1].devices[1].text",
         NULL},
        {"agent[1].devices#8000 -agent[1].devices[0].channel -agent[1].devices[0].text -agent[1].devices[1].channel "
         "-agent[1].devices[1].text",
         long_form},
        {"agent[1].devices[1].channel=1", "a channel with two devices"},
        {"agent[1].devices[1].channel=2", nothing},
        {"agent[1].devices[0].text$c328", bad_text},
        {"agent[1].devices[0].text=''", NULL},
        {"agent[1].devices=1 -agent[1].devices[1].channel -agent[1].devices[1].text", NULL},
        {"agent[1].flags=5 -agent[1].channels -agent[1].channels[0] -agent[1].channels[1]", NULL},
        {"agent[2].flags=3 +agent[3].flags=0", NULL},
    };
    CHECK_ROWS(rows);
}
END_TEST

START_TEST(desk_format_3_4_rotations)
{
    static const struct row rows[] = {
        {"rotation[1].channel=3", "rotations out of order"},
        {"rotation[2].channel=1", "rotations out of order"},
        {"rotation[0].team=2 rotation[0].channel=1 rotation[0].sums=0 -rotation[0].sums[0] "
         "-rotation[0].sums[1]",
         "rotations out of order"}, /* the same as the one behind it */
        {"rotation[2].channel=3", NULL},
        {"rotation[2].channel=4", nothing},
        {"rotation[2].channel=0", "a rotation that the policy does not have"},
        {"rotation[1].team=3", "a rotation that the policy does not have"},
        {"rotation[1].last=1", "a rotation with an agent who is not in it"},
        {"rotation[1].last=4", "a rotation with an agent who is not in it"},
        {"rotation[1].last=5", nothing},
        {"rotation[1].last=0", left_out},
        {"rotation[1].next=1", NULL},
        {"rotation[1].next=2", unknown},
        {"rotation[1].last=0 rotation[1].next=1", "a rotation with an agent who is not in it"},
        {"rotation[0].sums=1 -rotation[0].sums[1]", "as many sums as there are members, or none"},
        {"rotation[0].sums=3 +rotation[1].team=0", "as many sums as there are members, or none"},
        {"rotation[0].sums=0 -rotation[0].sums[0] -rotation[0].sums[1]", left_out},
        {"rotation[0].sums[0]=18014398509481983", "a sum out of range"},
        {"rotation[0].sums[0]=18014398509481984", "a sum out of range"},
        {"rotation[0].sums[0]=18014398509481982", NULL},
        {"rotation[0].sums[0]=18014398509481981", NULL},
        {"rotations.count=4 +rotation[0].team=0 +rotation[0].team=0 +rotation[0].team=0 +rotation[0].team=0 "
         "+rotation[0].team=0",
         "rotations out of order"},
        {"rotations.count=4 +section5=0 +section5=0 +section5=4 +section5=0 +section5=4 +section5=1 "
         "+section5=2 "
         "+section5=3 +section5=4",
         NULL},
        {"rotations.count=4 +section5=0 +section5=1 +section5=0 +section5=0 +section5=0",
         "a rotation that the policy does not have"},
        {"rotations.count=4 +section5=0 +section5=0 +section5=4 +section5=0 +section5=2 +section5=1 "
         "+section5=2",
         "as many sums as there are members, or none"},
    };
    CHECK_ROWS(rows);
}
END_TEST

START_TEST(desk_format_3_5_customers)
{
    static const struct row rows[] = {
        {"customer[1].text='Lo'", "a customer twice, or too many of them"},
        {"customer[1].text='Lo' customer[1].team=1", NULL},
        {"customer[0].team=6", nothing},
        {"customer[0].agent=4", nothing},
        {"customer[0].agent=3", NULL},
        {"customers.count=1000", cut},
    };
    CHECK_ROWS(rows);
}
END_TEST

START_TEST(desk_format_3_6_a_ticket_and_its_record)
{
    static const struct row rows[] = {
        {"id[3]=''", "a ticket without an id"},
        {"id[3]='T2'", "two tickets with one id"},
        {"T12.record#ffffffff07", cut},
        {"T12.record$1600", "a record that cannot be read"}, /* no such attribute */
        {"T12.record$0103", "a record with something that is not carried"},
        {"T12.record$0005656d6169", "a record that cannot be read"}, /* shorter than its text says */
        {"T12.record$0005656d61696c", NULL},
        {"T12.record$0005656d61696cff", "a record that cannot be read"},
        {"T12.record$080141", NULL},
        {"T12.record$0801ff", bad_text},
        {"T12.record$080100", bad_text},
        {"T12.record$10000000000000f03f", NULL},
        {"T12.record$10000000000000f07f", "a number that is not finite"},
        {"T12.record$10000000000000f87f", "a number that is not finite"},
        {"T12.record$10000000000000f0ff", "a number that is not finite"},
        {"T12.record$10000000000000f0", "a record that cannot be read"},
        {"T12.record$1201", NULL},
        {"T12.record$1202", "a bool that is neither"},
        {"T12.record$12", "a record that cannot be read"},
        {"T12.record$", NULL},
        {"T12.record#01", "a record that cannot be read"}, /* its one byte is the status, which would do */
        {"tickets.count=10000", cut},
    };
    CHECK_ROWS(rows);
}
END_TEST

START_TEST(desk_format_3_6_what_a_ticket_is)
{
    static const struct row rows[] = {
        {"T12.status=7", unknown},
        {"T12.why=26", unknown},
        {"T12.flags=4", unknown},
        {"T12.priority=4", unknown},
        {"T12.priority=3", NULL},
        {"T12.why=7", "a why that does not go with it"}, /* ring-all, assigned */
        {"T2.why=0", "a why that does not go with it"},
        {"T0.why=0", "a why that does not go with it"},
        {"T0.why=8", NULL},
        {"T13.why=18", "a why that does not go with it"},
        {"T8.why=0", "a why that does not go with it"},
        {"T8.why=25", NULL},
        {"T9.why=16", "a why that does not go with it"},
        {"T9.why=15", NULL},
        {"T6.why=25", NULL},
        {"T14.flags=3", "steps to come where they have ended"},
        {"T6.flags=2", "steps to come where they have ended"},
        {"T4.flags=0", NULL},
    };
    CHECK_ROWS(rows);
}
END_TEST

/* T3 arrived at 08:33 (63939659581), the last event was at 09:02 (63939661321). */
START_TEST(desk_format_3_6_times)
{
    static const struct row rows[] = {
        {"T3.at=63939661322", early},
        {"T3.at=0", early},
        {"T3.at=63939659580", early}, /* before the first */
        {"T3.at=63939661321", NULL},
        {"T3.first=63939659582", early},
        {"T3.first=63939659580", NULL},
        {"T3.first=1", NULL},
        {"T3.assigned=63939659580", early},
        {"T3.assigned=63939659581", NULL},
        {"T3.assigned=63939661321", NULL},
        {"T3.assigned=63939661322", early},
        {"T3.assigned=0", NULL},
        {"T3.response=63939661322", early},
        {"T3.response=63939661321", NULL},
        {"T6.closed=63939661322", early},
        {"T6.closed=63939661321", NULL},
        {"T6.closed=63939659760", early},
        {"T6.closed=63939659761", NULL},
        {"T6.closed=0", early},
        {"T13.until=0", NULL},
        {"T13.until=1", NULL},
        {"T14.due=63939661321", "a step that was due before"},
        {"T14.due=63939661322", NULL},
        {"T14.due=0", NULL},
        {"T14.due#81808080808080808001", "a time out of range"},
    };
    CHECK_ROWS(rows);
}
END_TEST

START_TEST(desk_format_3_6_team_and_agent)
{
    static const char where[] = "a team or an agent where there can be none";
    static const struct row rows[] = {
        {"T1.agent=0", where},                            /* assigned */
        {"T1.team=0", NULL},      {"T1.wanted=1", where}, /* and a team */
        {"T9.agent=0", where},                            /* pending */
        {"T2.team=0", where},                             /* offered */
        {"T2.agent=1", where},    {"T13.team=0", where},  /* held */
        {"T13.agent=1", where},   {"T0.agent=1", where},  /* queued */
        {"T0.team=0", where},     {"T0.wanted=1", where}, {"T0.team=0 T0.wanted=1", NULL},
        {"T8.agent=1", where},                          /* unassigned */
        {"T8.team=1", NULL},      {"T6.agent=0", NULL}, /* closed */
        {"T6.team=0", NULL},      {"T6.wanted=1", where}, {"T1.agent=5", nothing},
        {"T4.wanted=5", nothing},
    };
    CHECK_ROWS(rows);
}
END_TEST

START_TEST(desk_format_3_6_steps_and_lists)
{
    static const char nobody[] = "a step to nobody that there is";
    static const struct row rows[] = {
        {"T5.step=3", "a step that there is not"},
        {"T5.step=2", "steps to come after the last"},
        {"T5.step=1", NULL},
        {"T5.step=4294967296", nothing},
        {"T8.steps=0 -T8.steps[0].kind -T8.steps[0].target -T8.steps[0].after -T8.steps[0].hours",
         "a step that there is not"},
        {"T5.steps[0].target=0", nobody},
        {"T5.steps[0].target=7", nothing},
        {"T5.steps[0].target=6", NULL},
        {"T4.steps[0].target=0", nobody},
        {"T4.steps[0].target=5", nothing},
        {"T4.steps[0].target=4", NULL},
        {"T5.steps[2].target=1", nothing},
        {"T5.steps[0].kind=3 T5.steps[0].target=0", NULL},
        {"T5.steps[0].kind=3", nothing},
        {"T5.steps[1].after=4294967295", NULL},
        {"T5.steps[1].after=4294967296", nothing},
        {"T5.steps[1].hours=4", NULL},
        {"T5.steps[1].hours=1", NULL},
        {"T5.steps[1].hours=5", nothing},
        {"T5.rule=10", NULL},
        {"T5.rule=11", nothing},
        {"T5.require[0]=2 T5.require[1]=1", NULL},
        {"T5.require[0]=3", nothing},
        {"T5.require[0]=0", twice},
        {"T5.add[0]=2 T5.add[1]=2", twice},
        {"T5.add[0]=15", nothing},
        {"T2.offered[0]=1", twice},
        {"T2.offered[0]=4", nothing},
        {"T2.offered[0]=3", NULL},
    };
    CHECK_ROWS(rows);
}
END_TEST

START_TEST(desk_format_3_7_figures)
{
    static const char online[] = "an agent online for the figures alone, or not",
                      order[] = "automatic assignments out of order";
    static const struct row rows[] = {
        {"figures.since=63939661322", "figures from a time to come"},
        {"figures.since=63939661321", NULL},
        {"figures.since=0", NULL},
        {"figures.arrived=11", "more open tickets than arrived"},
        {"figures.arrived=12", NULL}, /* two of fourteen are closed */
        {"figures.agent[0].before=1", "more hours before than in all"},
        {"figures.agent[0].before=1 figures.agent[0].shift=1", NULL},
        {"figures.agent[0].since=0", online},
        {"figures.agent[3].since=1", online},
        {"figures.agent[0].since=63939661322", "online since a time to come"},
        {"figures.agent[0].since=63939661321", NULL},
        {"cell[1].agent=0", order},
        {"cell[0].agent=2", order},
        {"cell[1].agent=3", NULL},
        {"cell[1].agent=4", nothing},
        {"cell[4].channel=0", order},
        {"cell[4].channel=2", NULL},
        {"cell[4].channel=3", nothing},
        {"cell[5].team=6", nothing},
        {"cell[5].team=5", NULL},
        {"cell[5].team=0", order},
        {"responses[0].seconds=315569519999", NULL},
        {"responses[0].seconds=315569520000", "a time out of range"},
        {"responses[0].agent=5", nothing},
        {"responses[0].agent=0", NULL},
        {"responses[0].team=7", nothing},
        {"assignments.count=1000", cut},
        {"figures.arrived#ffffffffffffffffff02", "a number beyond 64 bits"},
        {"figures.channel[2]=18446744073709551615", NULL},
        {"responses.count=0 -responses[0].seconds -responses[0].agent -responses[0].team", NULL},
    };
    CHECK_ROWS(rows);
}
END_TEST

/* What no list of edits can be: bytes behind the last section. */
START_TEST(desk_format_3_nothing_stands_behind_the_last_section)
{
    static struct desk d;
    size_t len;
    const char *reason;
    struct shunt_desk *made;
    desk_open(&d);
    struct saved_value *end = &d.items.at[d.items.count++];
    *end = (struct saved_value){.kind = SAVED_BYTE};
    uint8_t *bytes = saved_bytes(&d.items, &len);
    ck_assert_int_eq(desk_load(&d, bytes, len, &made, &reason), SHUNT_DESK_DAMAGED);
    ck_assert_str_eq(reason, behind);
    free(bytes);
    desk_close(&d);
}
END_TEST

/* ---- the header ---- */

struct header_row {
    size_t at, len;
    uint64_t value;
    const char *reason;
};

START_TEST(desk_format_1_header)
{
    static const struct header_row rows[] = {
        {16, 8, 100000, cut},
        {16, 8, 70, behind},
        {36, 4, 7, NULL},
        {36, 4, 8 | 5, "an unknown flag"},
        {36, 4, UINT32_C(1) << 31 | 5, "an unknown flag"},
        {36, 4, 4, "a time where there was no event"},
        {40, 8, (uint64_t)SHUNT_TIME_MAX, "a step that was due before"}, /* of a ticket */
        {40, 8, (uint64_t)SHUNT_TIME_MAX + 1, "a time out of range"},
        {40, 8, (uint64_t)(SHUNT_TIME_MIN - 1), "a time out of range"},
        {40, 8, (uint64_t)SHUNT_TIME_MIN, early}, /* of the tickets */
        {56, 4, 36500, NULL},
        {56, 4, 36501, "too many days to keep"},
        {60, 4, 0, "no customers to remember"},
        {60, 4, 1, "a customer twice, or too many of them"},
        {60, 4, 2, NULL},
    };
    static struct desk d;
    desk_open(&d);
    size_t len;
    uint8_t *bytes = saved_bytes(&d.items, &len), *edited = malloc(len);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct header_row *r = &rows[i];
        const char *reason = "none";
        struct shunt_desk *made = NULL;
        memcpy(edited, bytes, len);
        for (size_t b = 0; b < r->len; b++) edited[r->at + b] = (uint8_t)(r->value >> 8 * b);
        saved_mend(edited, len);
        enum shunt_status status = desk_load(&d, edited, len, &made, &reason);
        ck_assert_msg(status == (r->reason ? SHUNT_DESK_DAMAGED : SHUNT_OK), "row %d: %s", (int)i, reason);
        if (r->reason) ck_assert_str_eq(reason, r->reason);
        shunt_desk_free(made);
    }
    bytes[12] ^= 1;
    const char *reason;
    struct shunt_desk *made;
    ck_assert_int_eq(desk_load(&d, bytes, len, &made, &reason), SHUNT_DESK_DAMAGED);
    ck_assert_str_eq(reason, "the checksum is wrong");
    free(edited);
    free(bytes);
    desk_close(&d);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("corrupt_desk");
    tcase_set_timeout(t, 0);
    tcase_add_test(t, desk_format_1_header);
    tcase_add_test(t, desk_format_2_values);
    tcase_add_test(t, desk_format_2_each_number_is_in_its_shortest_form);
    tcase_add_test(t, desk_format_2_no_byte_means_anything);
    tcase_add_test(t, desk_format_3_sections);
    tcase_add_test(t, desk_format_3_1_names_of_earlier_versions);
    tcase_add_test(t, desk_format_3_2_teams);
    tcase_add_test(t, desk_format_3_3_agents);
    tcase_add_test(t, desk_format_3_4_rotations);
    tcase_add_test(t, desk_format_3_5_customers);
    tcase_add_test(t, desk_format_3_6_a_ticket_and_its_record);
    tcase_add_test(t, desk_format_3_6_what_a_ticket_is);
    tcase_add_test(t, desk_format_3_6_times);
    tcase_add_test(t, desk_format_3_6_team_and_agent);
    tcase_add_test(t, desk_format_3_6_steps_and_lists);
    tcase_add_test(t, desk_format_3_7_figures);
    tcase_add_test(t, desk_format_3_nothing_stands_behind_the_last_section);
    Suite *suite = suite_create("corrupt_desk");
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
