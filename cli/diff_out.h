/*
 * Inside `shunt diff`: what a run has, and what its parts tell. cmd_diff.c reads the options and opens both
 * policies, diff_pairs.c tells of the pairs of rules, diff_changed.c of teams, agents and hours,
 * diff_tickets.c of real tickets; diff_words.c has what they say in words. Nobody else includes it.
 */
#ifndef SHUNT_CLI_DIFF_OUT_H
#define SHUNT_CLI_DIFF_OUT_H

#include "cli.h"
#include "dump.h"
#include "match_run.h"
#include "proof/diff.h"

struct diff_run {
    struct cli *cli;
    struct policy of[2]; /* the old one, the new one */
    struct arena *a;
    struct space *s;
    struct diff_names *names;
    struct dump dump[2]; /* of both tables' things as JSON and in words: without places in the sources */
    struct table_view views[2];
    struct proof_budget budget;
    bool json, rules;
    const char *tickets; /* a file of tickets; NULL: none */
    struct match_clock clock;

    struct match_run *match[2]; /* that answer witnesses */
    struct out text, line;      /* for people: all pairs, until their number is known; a ticket */
    struct strmap alike;        /* lists of days of both that say the same (diff_hours.c) */
    uint64_t pair_count, undecided_count, changed_count;
    bool ended;            /* pairs were left that nobody counted */
    uint64_t *pairs_of[2]; /* of each RULE: how many pairs it is part of */
    int status;            /* EXIT_BROKEN: said already */
};

/* The pairs of rules, all told. */
void diff_tell_pairs(struct diff_run *r);
/* Teams, agents, hours, and what else is not a decision. */
void diff_tell_changed(struct diff_run *r);
/* How many tickets of the file move, and which: EXIT_FINE, EXIT_NO (bad lines) or EXIT_BROKEN, said already.
 */
int diff_tell_tickets(struct diff_run *r);

/* ---- words: diff_words.c ---- */

/* `rule "vip"`, `team "billing"`, `otherwise`. */
void diff_rule_words(struct diff_run *r, struct out *o, uint32_t which, uint32_t rule);
/* `rule "vip"`, or `rule "vip", now rule "vips"`. */
void diff_pair_words(struct diff_run *r, struct out *o, uint32_t old_rule, uint32_t new_rule);
/* "billing, then general after 2h of office; priority high; adds label "vip"; requires skill "refunds"". */
void diff_decision_words(struct diff_run *r, struct out *o, uint32_t which, const struct shunt_decision *d);
/* A rule's name as answers have it, in quotes. */
void diff_rule_json(struct diff_run *r, struct out *o, uint32_t which, uint32_t rule);

#endif
