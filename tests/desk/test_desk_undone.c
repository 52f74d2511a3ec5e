/*
 * An event for which there is no memory leaves nothing behind (commands.md 12): what comes after it is
 * answered as by a desk that never had it. Each of its allocations fails in turn, on a desk of its own. The
 * desk's bytes say less: they have no queues, and lists of queues are what most of these events change.
 */
#include "../unit/desk_story.h"
#include "run_suite.h"

#include <check.h>
#include <string.h>

static const char policy[] = "version 1\ntimezone UTC\n"
                             "hours day { mon-sun 08:00-18:00 }\n"
                             "agent anna\nagent bo { limit total 1 }\nagent cy { limit total 1 }\n"
                             "team t { agents anna }\nteam u { agents bo, cy }\n"
                             "team ring { agents bo, cy\n assign ring-all }\n"
                             "team open { agents bo\n hours day\n after hours to t }\n"
                             "team held { agents bo\n hours day\n after hours hold }\n"
                             "rule held { when labels has held\n to held }\n"
                             "rule ring { when labels has ring\n to ring }\n"
                             "rule open { when labels has open\n to open }\n"
                             "rule u { when labels has u\n to u }\n"
                             "rule bo { when labels has bo\n to agent bo }\n"
                             "otherwise to t\n";

static const struct {
    const char *before, *event, *after;
} cases[] = {
    /* A queue between two others goes, for its ticket changes its channel. */
    {"09:00 ticket T1 email\n09:00 ticket T2 webchat\n09:00 ticket T3 phone\n", "09:01 update T2 sms",
     "09:02 online anna\n"},
    {"09:00 ticket T1 email\n09:00 ticket T2 webchat\n09:00 ticket T3 phone\n", "09:01 update T2 sms",
     "09:02 close T1\n09:03 online anna\n"},
    {"09:00 ticket T1 email\n09:00 ticket T2 webchat\n09:00 ticket T3 phone\n", "09:01 update T2 sms",
     "09:02 close T3\n09:03 online anna\n"},
    {"09:00 ticket T1 email\n09:00 ticket T2 webchat\n09:00 ticket T3 phone\n", "09:01 update T3 sms",
     "09:02 close T3\n09:03 online anna\n"},
    /* Two queues come; the second finds no memory. */
    {"09:00 ticket T1 email labels=u\n09:00 ticket T2 webchat labels=u\n09:00 ticket T3 phone\n",
     "09:01 assign T1,T2 team=t", "09:02 close T3\n09:03 online anna\n09:04 online bo\n"},
    {"09:00 ticket T1 email labels=bo\n09:00 ticket T2 webchat labels=bo\n", "09:01 update T1 sms",
     "09:02 online bo\n09:03 close T1\n"},
    /* Hours whose closing hands on. */
    {"09:00 ticket T1 email labels=u\n09:00 ticket T2 webchat labels=u\n09:00 online anna\n",
     "09:01 assign T1,T2 team=open", "09:02 ticket T3 labels=open\n19:00 tick\n"},
    {"09:00 ticket T1 email labels=open\n09:00 ticket T2 webchat labels=open\n09:00 online anna\n",
     "09:01 assign T1,T2 team=u", "19:00 tick\n"},
    /* Queues that are to be looked at again, and where one of them goes meanwhile. */
    {"09:00 ticket T1 email\n09:00 ticket T2 webchat\n", "09:01 online anna", "09:02 online anna\n"},
    {"09:00 ticket T1 email labels=u\n09:00 ticket T2 webchat labels=u\n", "09:01 online bo",
     "09:02 online bo\n09:03 online cy\n"},
    {"09:00 online cy\n09:00 ticket T1 email labels=ring\n09:00 ticket T2 webchat labels=ring\n",
     "09:01 online bo", "09:02 online bo\n09:03 offline cy\n09:04 offline bo\n"},
    {"06:00 ticket T0 labels=held\n07:00 online bo\n07:00 online cy\n07:01 ticket T1 email labels=ring\n"
     "07:01 ticket T2 webchat labels=ring\n07:01 ticket T3 phone labels=ring\n",
     "08:00 tick", "08:00 tick\n08:01 close T0\n08:02 offline cy\n08:03 online cy\n"},
    /* Those older than T0 are left for the next drain, and one changes before that. */
    {"06:00 online bo\n06:00 online cy\n06:01 ticket T1 email labels=ring\n06:01 ticket T2 webchat "
     "labels=ring\n06:01 ticket T3 phone labels=ring\n07:00 ticket T0 labels=held\n08:00 tick\n",
     "08:01 update T3 sms", "08:02 close T0\n08:02 offline cy\n08:03 online cy\n"},
    {"06:00 online bo\n06:00 online cy\n06:01 ticket T1 email labels=ring\n06:01 ticket T2 webchat "
     "labels=ring\n06:01 ticket T3 phone labels=ring\n07:00 ticket T0 labels=held\n08:00 tick\n",
     "08:01 update T3 sms", "08:02 update T1 sms\n08:03 offline cy\n08:04 online cy\n"},
    {"06:00 online bo\n06:00 online cy\n06:01 ticket T1 email labels=ring\n06:01 ticket T2 webchat "
     "labels=ring\n06:01 ticket T3 phone labels=ring\n07:00 ticket T0 labels=held\n08:00 tick\n",
     "08:01 assign T3,T1 team=t", "08:02 close T0\n08:02 offline cy\n08:03 online cy\n"},
    /* Tickets that join a queue which is there, and leave one that stays. */
    {"09:00 ticket T1 labels=u\n09:00 ticket T2 labels=u\n09:00 ticket T3 email\n09:00 ticket T4 "
     "labels=u\n09:00 ticket T5\n09:00 assign T5 team=t\n",
     "09:01 assign T1,T2,T3,T4 team=t",
     "09:02 close T5\n09:03 online bo\n09:04 online cy\n09:05 online anna\n"},
    /* One of three that are closed is reopened; all are forgotten 30 days after they were closed. */
    {"09:00 ticket T1\n09:00 ticket T2\n09:00 ticket T3\n09:01 close T1\n09:02 close T2\n09:03 close T3\n",
     "09:04 reopen T2", "09:05 reopen T3\n40/09:00 reopen T1\n40/09:00 reopen T2\n"},
};

static struct story s;

static void tell(const char *lines, char *said)
{
    story_run(&s, lines);
    memcpy(said, s.said, s.said_len + 1);
}

START_TEST(commands_12_an_event_without_memory_leaves_nothing_behind)
{
    static char wanted[sizeof s.said], said[sizeof s.said];
    const char *before = cases[_i].before, *event = cases[_i].event, *after = cases[_i].after;
    story_open(&s, policy);
    story_run(&s, before);
    tell(after, wanted);
    story_close(&s);
    ck_assert_str_ne(wanted, "");
    for (uint64_t left = 0;; left++) {
        story_open(&s, policy);
        story_run(&s, before);
        enum shunt_status status = story_try(&s, event, left);
        if (status != SHUNT_NO_MEMORY) {
            ck_assert_int_eq(status, SHUNT_OK);
            ck_assert_uint_gt(left, 0);
            story_run(&s, after);
            story_close(&s);
            return;
        }
        tell(after, said);
        ck_assert_msg(!strcmp(said, wanted), "%s%s, %d allocations\n%ssaid:\n%swanted:\n%s", before, event,
                      (int)left, after, said, wanted);
        story_close(&s);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("desk undone");
    TCase *t = tcase_create("desk undone");
    tcase_add_loop_test(t, commands_12_an_event_without_memory_leaves_nothing_behind, 0,
                        sizeof cases / sizeof *cases);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
