/* Policies with something of everything that a desk does, compiled once: what the targets of lines and desks
 * run on. */
#ifndef SHUNT_TESTS_FUZZ_DESK_H
#define SHUNT_TESTS_FUZZ_DESK_H

#include "compile.h"
#include "fuzz.h"
#include "shunt.h"

#include <stdlib.h>
#include <string.h>

static const char *const fuzz_desk_policies[] = {
    "policy p version 1\ntimezone Europe/Stockholm\n"
    "labels a, b, vip\nfield plan is one of free, pro\nfield n is number\nfield eu is bool\nfield tags is "
    "set\n"
    "hours office { mon-fri 09:00-17:00 }\nhours night outside office\n"
    "agent x { rank 1; limit email 2, total 3; skills sv; hours office }\n"
    "agent y { weight 3; channels email, webchat; device phone \"+46\"; away 2026-12-24..2026-12-26 }\nagent "
    "z\n"
    "team t { agents x, y, z; takes labels a; hours office; after hours to u; sticky }\n"
    "team u { agents all; assign ring-all; rotation channel }\n"
    "team v { agents x, z; assign most-busy for email; assign weighted for other; backlog leave }\n"
    "team w { agents y; assign pull; present on-shift }\n"
    "rule r1 { when labels has vip and subject contains \"refund\"; require skills sv; set priority urgent; "
    "to t, then u after 30m, then v after 2h of office }\n"
    "rule r2 { when n > 3 or eu; raise priority high; continue }\n"
    "rule r3 { when plan == pro and during night; to agent y }\n"
    "rule r4 { when channel == email and tags exists; to w }\n"
    "rule r5 { when customer starts with \"c\"; to v }\n"
    "otherwise to t\npresence day\nassign_on_reply on\n",
    /* The next version: agents, teams, labels, types come and go; other strategies. */
    "policy p version 1\ntimezone America/New_York\n"
    "channels chat, email, phone, fax\n"
    "labels b, c, vip\nfield plan is one of pro, free, trial\nfield n is text\nfield tags is set\n"
    "hours office { mon-sat 08:00-20:00 }\n"
    "agent w { role manager; skills sv, en }\nagent x { rank 2; limit chat 1, total 2; hours office }\nagent "
    "z { weight 2 }\n"
    "team t { agents x, z, w; assign random for phone; assign spare-capacity for other; rotation channel; "
    "members only }\n"
    "team u { agents w, z; assign longest-idle; hours office; after hours hold }\n"
    "team v { agents all; assign pull; sticky; takes labels c }\n"
    "team q { agents x; assign manual; takes channel fax }\n"
    "rule r1 { when labels has vip; require skills sv; add labels c; to t, then agent x after 10m, then "
    "unassigned after 1d }\n"
    "rule r3 { when customer exists and n contains \"a\"; set priority low; to u, then v after 0m }\n"
    "otherwise to unassigned\nauto_assign off\n",
    /* Always open, no zone. */
    "policy q version 1\nlabels a, vip\nfield n is number\n"
    "agent x { limit total 1 }\nagent y { limit webchat 1 }\nagent z { rank 3 }\n"
    "team t { agents x, y, z; assign round-robin for email; assign ring-all for phone; assign least-busy for "
    "other }\n"
    "team v { agents y; sticky; backlog leave; takes labels a }\n"
    "rule r1 { when n in (1, 2.5, 1e300); to t, then v after 1m, then t after 1m, then v after 1m }\n"
    "otherwise to v, then t after 90s\n"};
enum {
    FUZZ_POLICY_COUNT = sizeof fuzz_desk_policies / sizeof *fuzz_desk_policies,
    FUZZ_TIMELESS = FUZZ_POLICY_COUNT - 1 /* the one without hours */
};

struct fuzz_made {
    struct arena *a;
    const char *text;
    const struct shunt_table *table;
};

static void fuzz_make(void *ctx)
{
    struct fuzz_made *m = ctx;
    struct compile_options options = {.strip = true};
    struct compilation *c = compile_text(m->a, "desk.shunt", str_from(m->text), &options);
    if (!c->table.p || shunt_table_open(c->table.p, c->table.len, NULL, &m->table, NULL) != SHUNT_OK) abort();
}

/* Each is compiled once and never closed. */
static inline const struct shunt_table *fuzz_desk_table_number(uint32_t i)
{
    static struct fuzz_made all[FUZZ_POLICY_COUNT];
    struct fuzz_made *made = &all[i % FUZZ_POLICY_COUNT];
    if (made->table) return made->table;
    made->a = arena_new();
    made->text = fuzz_desk_policies[i % FUZZ_POLICY_COUNT];
    if (!made->a || !arena_try(made->a, fuzz_make, made)) abort();
    return made->table;
}

static inline const struct shunt_table *fuzz_desk_table(void)
{
    return fuzz_desk_table_number(0);
}

#endif
