/* The story of a busy desk, and what it is saved as: see saved_desk.h. */
#include "saved_desk.h"

#include <check.h>
#include <stdlib.h>

static const char *const before =
    "version 1\nchannels email, phone\nagent anna { skills old }\nteam first { agents anna\n assign pull }\n"
    "rule gone { when labels has gone\n require skills old\n add labels bygone\n to first }\n"
    "otherwise to first\n";

static const char *const policy =
    "version 1\n"
    "timezone Europe/Stockholm\n"
    "channels email, phone\n"
    "field plan is one of free, pro\nfield total is number\nfield paid is bool\nfield tags is set\n"
    "hours office { mon-fri 09:00-17:00 }\nhours night { mon-fri 20:00-23:00 }\n"
    "agent anna { skills swedish, danish\n hours office }\n"
    "agent bo { weight 2\n device phone \"12\" }\nagent cy\nagent vi { role viewer }\n"
    "team first { agents anna, bo\n assign weighted\n sticky\n hours office\n after hours hold }\n"
    "team second { agents bo, cy\n rotation channel }\n"
    "team third { agents cy, anna\n rotation global\n assign weighted }\n"
    "team ring { agents anna, bo, cy\n assign ring-all }\n"
    "team pool { agents bo\n assign pull }\n"
    "team late { agents bo\n hours night\n after hours hold }\n"
    "rule r1 { when labels has ring\n to ring }\n"
    "rule r2 { when labels has pool\n set priority high\n to pool }\n"
    "rule r3 { when labels has anna\n to agent anna, then second after 1h }\n"
    "rule r4 { when labels has swedish\n require skills swedish, danish\n add labels extra, more\n"
    "          to first, then second after 2h of office, then unassigned after 1d }\n"
    "rule r5 { when labels has third\n to third }\n"
    "rule r6 { when labels has second\n to second }\n"
    "rule r7 { when labels has nobody\n to unassigned }\n"
    "rule r8 { when labels has late\n to late }\n"
    "rule r9 { when labels has wait\n to pool, then second after 1d }\n"
    "otherwise to first\n";

static const char *const first_events = "07:00 ticket T0 phone labels=gone\n";
static const char *const events = "08:30 online bo channels=email,phone devices=phone:34,email:x\n"
                                  "08:31 ticket T1 email customer=Lo labels=x,y plan=pro total=2.5 paid=t\n"
                                  "08:32 ticket T2 phone labels=ring\n"
                                  "08:33 ticket T3 email labels=pool\n"
                                  "08:34 ticket T4 email labels=anna\n"
                                  "08:35 ticket T5 email labels=swedish\n"
                                  "08:36 ticket T6 phone labels=second\n"
                                  "08:37 online cy\n"
                                  "08:38 ticket T7 email labels=third\n"
                                  "08:39 ticket T8 email labels=nobody\n"
                                  "08:40 ticket T9 email labels=second\n"
                                  "08:41 pending T9\n"
                                  "08:42 ticket T10 email labels=second\n"
                                  "08:43 reply T6 bo\n"
                                  "08:44 close T10\n"
                                  "08:45 close T6\n"
                                  "08:46 auto off team=second\n"
                                  "08:47 auto off team=pool\n"
                                  "08:48 assign T11 agent=cy\n"
                                  "09:00 online anna\n"
                                  "09:01 claim T3 bo\n"
                                  "09:02 ticket T12 email customer=c2\n"
                                  "09:02 ticket T13 email labels=late\n"
                                  "09:02 ticket T14 email labels=wait\n";

void desk_open(struct desk *d)
{
    void *bytes;
    size_t len;
    story_open(&d->story, before);
    story_run(&d->story, first_events);
    story_replace(&d->story, policy);
    story_run(&d->story, events);
    ck_assert_int_eq(shunt_desk_save(d->story.desk, NULL, &bytes, &len), SHUNT_OK);
    saved_read(&d->items, d->story.policy.table, bytes, len);
    free(bytes);
}

void desk_close(struct desk *d)
{
    story_close(&d->story);
}

enum shunt_status desk_load(const struct desk *d, const uint8_t *bytes, size_t len, struct shunt_desk **made,
                            const char **reason)
{
    return shunt_desk_load(d->story.policy.table, bytes, len, NULL, made, reason);
}
