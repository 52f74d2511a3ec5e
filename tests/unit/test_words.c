/* What numbers of the public header are called: statuses, states, whys, refusals, priorities, the version. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../runtime/shunt.h"
#include "run_suite.h"

static void expect(const char *got, const char *wanted, int i)
{
    if (!wanted) {
        ck_assert_msg(!got, "%d: %s", i, got);
    } else {
        ck_assert_msg(got && !strcmp(got, wanted), "%d: %s, not %s", i, got ? got : "nothing", wanted);
    }
}

START_TEST(shunt_h_statuses)
{
    static const char *const texts[] = {
        [SHUNT_OK] = "fine",
        [SHUNT_NO_MEMORY] = "out of memory",
        [SHUNT_NOT_A_TABLE] = "not a compiled table",
        [SHUNT_TABLE_VERSION] = "the table was made for another version of shunt",
        [SHUNT_TABLE_DAMAGED] = "the table is damaged",
        [SHUNT_BAD_TEXT] = "the text is not UTF-8 or holds U+0000",
        [SHUNT_BAD_VALUE] = "the value is of the wrong type or out of range",
        [SHUNT_UNKNOWN] = "the policy does not know this name",
        [SHUNT_REFUSED] = "the event is refused",
        [SHUNT_NOT_A_DESK] = "not a saved desk",
        [SHUNT_DESK_DAMAGED] = "the saved desk is damaged",
        [SHUNT_OTHER_TABLE] = "it belongs to another table",
    };
    int count = sizeof texts / sizeof *texts;
    for (int i = 0; i < count; i++) expect(shunt_status_text((enum shunt_status)i), texts[i], i);
    expect(shunt_status_text((enum shunt_status)count), "unknown status", count);
}
END_TEST

START_TEST(desk_2_4_states_and_whys)
{
    static const char *const states[] = {"assigned",   "offered", "queued", "held",
                                         "unassigned", "pending", "closed", NULL};
    static const char *const whys[] = {"round-robin",
                                       "weighted",
                                       "least-busy",
                                       "most-busy",
                                       "spare-capacity",
                                       "longest-idle",
                                       "random",
                                       "ring-all",
                                       "pull",
                                       "manual",
                                       "sticky",
                                       "agent",
                                       "bulk",
                                       "claimed",
                                       "replied",
                                       "reopened",
                                       "auto-off",
                                       "closed",
                                       "no-team",
                                       "nobody-online",
                                       "off-shift",
                                       "channel-not-served",
                                       "skill-missing",
                                       "at-capacity",
                                       "agent-gone",
                                       "team-gone",
                                       NULL};
    for (int i = 0; i < (int)(sizeof states / sizeof *states); i++)
        expect(shunt_state_name((unsigned)i), states[i], i);
    for (int i = 0; i < (int)(sizeof whys / sizeof *whys); i++)
        expect(shunt_why_name((unsigned)i), whys[i], i);
    for (unsigned i = sizeof states / sizeof *states; i < 1000; i++)
        expect(shunt_state_name(i), NULL, (int)i);
    for (unsigned i = sizeof whys / sizeof *whys; i < 1000; i++) expect(shunt_why_name(i), NULL, (int)i);
    expect(shunt_why_name(UINT32_MAX), NULL, -1);
}
END_TEST

/* Each has a code and a sentence, which no other has. */
START_TEST(shunt_h_refusals)
{
    int count = SHUNT_REFUSED_NOTHING + 1;
    for (; shunt_refusal_code((enum shunt_refusal_reason)count); count++) {
        const char *code = shunt_refusal_code((enum shunt_refusal_reason)count);
        const char *text = shunt_refusal_text((enum shunt_refusal_reason)count);
        ck_assert_uint_gt(strlen(code), 3);
        ck_assert_ptr_nonnull(text);
        for (int i = 1; i < count; i++) {
            ck_assert_str_ne(code, shunt_refusal_code((enum shunt_refusal_reason)i));
            ck_assert_str_ne(text, shunt_refusal_text((enum shunt_refusal_reason)i));
        }
    }
    ck_assert_int_eq(count, SHUNT_REFUSAL_COUNT);
    expect(shunt_refusal_text((enum shunt_refusal_reason)count), NULL, count);
    expect(shunt_refusal_code(SHUNT_REFUSED_UNKNOWN_TICKET), "unknown-ticket", 0);
}
END_TEST

START_TEST(shunt_h_priorities_and_the_version)
{
    static const char *const names[] = {"low", "normal", "high", "urgent", NULL};
    char version[32];
    for (int i = 0; i < 5; i++) expect(shunt_priority_name((unsigned)i), names[i], i);
    snprintf(version, sizeof version, "%d.%d.%d", SHUNT_VERSION_MAJOR, SHUNT_VERSION_MINOR,
             SHUNT_VERSION_PATCH);
    expect(shunt_version(), version, 0);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("words");
    tcase_add_test(t, shunt_h_statuses);
    tcase_add_test(t, desk_2_4_states_and_whys);
    tcase_add_test(t, shunt_h_refusals);
    tcase_add_test(t, shunt_h_priorities_and_the_version);
    Suite *suite = suite_create("words");
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
