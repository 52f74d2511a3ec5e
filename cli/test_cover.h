/*
 * What of a policy its tests exercise (commands.md 11): rules that matched, steps that were entered, teams
 * that had a ticket, and for each test in a condition whether it was seen true and seen false. Gathered over
 * all test files of one policy.
 *
 * Decisions say which rule decided and how far its steps went. Tests are seen by trying the rules once more
 * for a ticket as it is when rules decide it, with the library looking on (shunt_explain_rules): at `ticket`,
 * `reroute`, and a `reopen` that decides anew. A test counts where it was looked at.
 */
#ifndef SHUNT_CLI_TEST_COVER_H
#define SHUNT_CLI_TEST_COVER_H

#include "test_answers.h"
#include "test_file.h"

struct coverage;
/* The table must outlive it. NULL: no memory. */
struct coverage *coverage_new(const struct shunt_table *table);
void coverage_free(struct coverage *c); /* NULL is allowed */
/* A test begins: no ticket is there. */
void cover_begin(struct coverage *c);
/* A step that was done on the desk; its answers are those from `first` on. 0, or an errno. */
int cover_step(struct coverage *c, const struct shunt_desk *desk, const struct test_step *step,
               const struct answers *all, size_t first);
/* test_cover_report.c: the counts, then what is not exercised, a line each with its place. policy: its path.
 * Within arena_try(). */
void cover_report(struct arena *a, const struct coverage *c, struct str policy, struct out *o);

/* ---- what test_cover_report.c reads ---- */

enum { SEEN_FALSE = 1, SEEN_TRUE = 2, SEEN_LISTED = 4 };

struct cover_ticket {
    struct str id; /* as JSON; malloc'd */
    struct test_field *fields;
    uint32_t count, cap;
};

struct coverage {
    const struct shunt_table *table;
    uint32_t rule_count, team_count, code_len;
    bool *matched;                /* by rule */
    uint32_t *steps;              /* by rule: how many of its steps were entered */
    bool *teams;                  /* by team */
    uint8_t *seen;                /* by offset in CODE: SEEN_… */
    struct cover_ticket *tickets; /* of the test under way */
    size_t ticket_count, ticket_cap;
    struct json_reader *json;
    struct ticket_reader reader;
    struct shunt_ticket *ticket;
    struct out line;
};

#endif
