/* A policy with something of everything that a desk does, compiled once: what the targets of lines and desks run on. */
#ifndef SHUNT_TESTS_FUZZ_DESK_H
#define SHUNT_TESTS_FUZZ_DESK_H

#include "compile.h"
#include "fuzz.h"
#include "shunt.h"

#include <stdlib.h>
#include <string.h>

static const char fuzz_desk_policy[] =
    "policy p version 1\ntimezone Europe/Stockholm\n"
    "labels a, b, vip\nfield plan is one of free, pro\nfield n is number\nfield eu is bool\nfield tags is set\n"
    "hours office { mon-fri 09:00-17:00 }\nhours night outside office\n"
    "agent x { rank 1; limit email 2, total 3; skills sv; hours office }\n"
    "agent y { weight 3; channels email, webchat; device phone \"+46\"; away 2026-12-24..2026-12-26 }\nagent z\n"
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
    "otherwise to t\npresence day\nassign_on_reply on\n";

struct fuzz_made {
    struct arena *a;
    const struct shunt_table *table;
};

static void fuzz_make(void *ctx)
{
    struct fuzz_made *m = ctx;
    struct compile_options options = {.strip = true};
    struct str text = {fuzz_desk_policy, sizeof fuzz_desk_policy - 1};
    struct compilation *c = compile_text(m->a, "desk.shunt", text, &options);
    if (!c->table.p || shunt_table_open(c->table.p, c->table.len, NULL, &m->table, NULL) != SHUNT_OK) abort();
}

/* The same one each time; it is never closed. */
static const struct shunt_table *fuzz_desk_table(void)
{
    static struct fuzz_made made;
    if (made.table) return made.table;
    made.a = arena_new();
    if (!made.a || !arena_try(made.a, fuzz_make, &made)) abort();
    return made.table;
}

#endif
