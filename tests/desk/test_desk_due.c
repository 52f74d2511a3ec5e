/* What is due next (desk.md 1.3, shunt_desk_due()): the time at which a caller with a clock should send a
 * tick. */
#include "../unit/desk_story.h"
#include "run_suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One policy for all: T of a, b and so on waits for one thing alone. */
static const char *const policy =
    "version 1\ntimezone UTC\npresence day\n"
    "hours office { mon-fri 09:00-17:00 }\nhours late { mon-fri 12:00-20:00 }\n"
    "agent anna { hours office }\nagent bo\nagent cy { hours late }\n"
    "team timed { agents bo\n assign pull }\n"
    "team open { agents bo\n hours office\n after hours hold }\n"
    "team shift { agents cy, anna }\n"
    "rule timer { when labels has timer\n to timed, then open after 90m, then shift after 1d }\n"
    "rule open { when labels has open\n to open }\n"
    "rule shift { when labels has shift\n to shift }\n"
    "otherwise to unassigned\n";

/* An agent in a team that is on-shift counts as online for their shift. */
static const char *const on_shift = "version 1\ntimezone UTC\npresence day\nhours evening { mon-fri "
                                    "18:00-23:00 }\nagent di { hours evening }\n"
                                    "team duty { agents di\n present on-shift }\notherwise to duty\n";
static const struct {
    const char *events, *due;
} shifts[] = {
    {"08:00 ticket T1\n", "0/18:00:00"},
    {"08:00 ticket T1\n08:01 online di\n", "0/18:00:00"},
    {"08:00 online di\n08:01 ticket T1\n08:02 offline di\n", "0/18:00:00"},
    {"08:00 tick\n", ""},
    {"08:00 ticket T1\n18:00 tick\n", ""}, /* assigned */
};

/* The events, and when something is due after them; "" never. */
static const struct {
    const char *events, *due;
} cases[] = {
    {"", ""},
    {"08:00 ticket T1\n", ""},
    {"08:00 ticket T1 labels=timer\n", "0/09:30:00"},
    {"08:00 ticket T1 labels=timer\n08:10 ticket T2 labels=timer\n", "0/09:30:00"},
    {"08:00 ticket T1 labels=timer\n08:01 close T1\n", ""},
    {"08:00 ticket T1 labels=timer\n09:30 tick\n", "1/08:00:00"},
    {"08:00 ticket T1 labels=timer\n08:01 reply T1 bo\n", ""},
    {"08:00 ticket T1 labels=open\n", "0/09:00:00"},
    {"08:00 ticket T1 labels=open\n07:50 ticket T2 labels=timer\n", "0/09:00:00"},
    {"07:00 ticket T1 labels=timer\n07:10 ticket T2 labels=open\n", "0/08:30:00"},
    {"08:00 online bo\n", "1/00:00:00"},
    {"23:59:59 online bo\n", "1/00:00:00"},
    {"08:00 online bo\n08:30 offline bo\n", ""},
    {"08:00 online bo\n09:00 ticket T1 labels=timer\n", "0/10:30:00"},
    {"23:00 online bo\n23:10 ticket T1 labels=timer\n", "1/00:00:00"},
    {"08:00 online anna\n08:01 ticket T1 labels=shift\n", "0/09:00:00"},
    {"08:00 online cy\n08:01 ticket T1 labels=shift\n", "0/12:00:00"},
    {"08:00 online cy\n08:00 online anna\n08:01 ticket T1 labels=shift\n", "0/09:00:00"},
    {"18:00 online anna\n18:01 ticket T1 labels=shift\n", "1/00:00:00"}, /* gone before her shift */
    {"08:00 ticket T1 labels=shift\n", ""},                              /* nobody is online to begin one */
    {"09:30 online anna\n09:31 ticket T1 labels=shift\n", "1/00:00:00"}, /* assigned: nobody waits */
};

/* The same of the desk that is loaded from this one's bytes. */
static void expect_loaded_due(const struct story *s, const char *events)
{
    void *bytes;
    size_t len;
    int64_t due = -1, loaded_due = -1;
    struct shunt_desk *loaded;
    ck_assert_int_eq(shunt_desk_save(s->desk, NULL, &bytes, &len), SHUNT_OK);
    ck_assert_int_eq(shunt_desk_load(s->policy.table, bytes, len, NULL, &loaded, NULL), SHUNT_OK);
    shunt_desk_due(s->desk, &due);
    shunt_desk_due(loaded, &loaded_due);
    ck_assert_msg(due == loaded_due, "%sloaded: due at %d", events, (int)(loaded_due - STORY_DAY));
    shunt_desk_free(loaded);
    free(bytes);
}

static void expect_due(const struct shunt_desk *d, const char *wanted, const char *events)
{
    int64_t due = -1;
    bool is_due = shunt_desk_due(d, &due);
    if (!*wanted) {
        ck_assert_msg(!is_due, "%sdue at %d", events, (int)(due - STORY_DAY));
        ck_assert_msg(due == -1, "%sa time where nothing is due", events);
    } else {
        ck_assert_msg(is_due && due == story_time(wanted), "%sdue: %d, at %d", events, is_due,
                      (int)(due - STORY_DAY));
    }
}

START_TEST(desk_1_3_what_is_due_next)
{
    struct story s;
    story_open(&s, policy);
    story_run(&s, cases[_i].events);
    expect_due(s.desk, cases[_i].due, cases[_i].events);
    expect_loaded_due(&s, cases[_i].events);
    story_close(&s);
}
END_TEST

START_TEST(desk_1_3_a_shift_without_being_online)
{
    struct story s;
    story_open(&s, on_shift);
    story_run(&s, shifts[_i].events);
    expect_due(s.desk, shifts[_i].due, shifts[_i].events);
    expect_loaded_due(&s, shifts[_i].events);
    story_close(&s);
}
END_TEST

/* Ticks at the times that are named, and no others, bring all that a later event would. */
START_TEST(desk_1_3_ticks_when_due_bring_everything)
{
    struct story s;
    int64_t due;
    char line[64];
    story_open(&s, policy);
    story_run(&s, "07:00 ticket T1 labels=timer\n07:00 ticket T2 labels=open\n07:00 ticket T3 labels=shift\n"
                  "07:00 online anna\n07:00 online cy\n");
    static const char *const wanted[] = {"0/08:30:00", "0/09:00:00", "0/12:00:00"};
    static const char *const said[] = {"T1 held team=open rule=timer closed until=0/09:00 step=2\n",
                                       "T3 assigned team=shift agent=anna rule=shift round-robin\n", ""};
    for (size_t i = 0; i < 3; i++) {
        ck_assert(shunt_desk_due(s.desk, &due));
        ck_assert_msg(due == story_time(wanted[i]), "%s: %d", wanted[i], (int)(due - STORY_DAY));
        snprintf(line, sizeof line, "%s tick\n", wanted[i]);
        story_run(&s, line);
        if (i != 1) ck_assert_str_eq(s.said, said[i]);
        if (i == 1) ck_assert_ptr_nonnull(strstr(s.said, said[i]));
    }
    story_close(&s);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("due");
    tcase_add_loop_test(t, desk_1_3_what_is_due_next, 0, sizeof cases / sizeof *cases);
    tcase_add_loop_test(t, desk_1_3_a_shift_without_being_online, 0, sizeof shifts / sizeof *shifts);
    tcase_add_test(t, desk_1_3_ticks_when_due_bring_everything);
    Suite *suite = suite_create("desk_due");
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
