/*
 * The workload: policies and tickets, drawn, the same on every machine.
 *
 * A rule is one to four tests joined by `and`: the channel (18 %), a least priority (16 %), a label (36 %), a
 * segment (30 %); a fifth of the rules have a second alternative, a fifth a `not` on one label. Labels and
 * segments come from 10,000 names each, by Zipf's law. A ticket has up to 8 labels and 6 segments of the same
 * names, a channel, a priority, and text that no rule reads. Of the mixed workload a third of the rules have
 * texts, numbers, hours or `exists` among their tests.
 *
 * Rules that would take more than a certain share of the tickets are drawn again; that share is chosen for
 * each size so that about 30 % of the tickets match no rule. So the first match lies about in the middle of
 * the list, for any number of rules: the worst case for a scan, the honest one for an index.
 */
#ifndef SHUNT_BENCH_WORKLOAD_H
#define SHUNT_BENCH_WORKLOAD_H

#include "draw.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum {
    NAME_COUNT = 10000, /* labels; segments as many */
    WORD_COUNT = 4000,  /* that texts are made of */
    TEAM_COUNT = 40,
    CHANNEL_COUNT = 5,
    PLAN_COUNT = 4,
    HOURS_COUNT = 3,
    EXISTS_COUNT = 4,
    LABELS_MAX = 8, /* of a drawn ticket */
    SEGMENTS_MAX = 6,
    SUBJECT_MAX = 9, /* words */
    BODY_LEN = 24,   /* words */
    TESTS_MAX = 5,   /* of an alternative, the `not` included */
    NAME_LEN = 24
};
#define NO_RULE UINT32_MAX

/* What a test asks; the comment says what `value` is. */
enum test_kind {
    TEST_CHANNEL,  /* the channel */
    TEST_PRIORITY, /* the least priority */
    TEST_LABEL,    /* the label's place; so on */
    TEST_SEGMENT,
    TEST_NOT_LABEL,
    /* of the mixed workload */
    TEST_SUBJECT, /* contains the word */
    TEST_SUBJECT_STARTS,
    TEST_BODY,  /* contains the word */
    TEST_TOTAL, /* the number order_total is at least so much, from 1 to 999 */
    TEST_PLAN,
    TEST_HOURS,
    TEST_EXISTS /* customer, plan, order_total, segments */
};
struct test {
    uint32_t kind, value;
};
struct conj {
    struct test tests[TESTS_MAX];
    uint32_t count;
};
struct drawn_rule {
    struct conj alternatives[2];
    uint32_t count, team;
};

struct drawn_ticket {
    int64_t at_sec;
    uint8_t channel, priority, label_count, segment_count;
    uint16_t labels[LABELS_MAX], segments[SEGMENTS_MAX]; /* places, each once */
    uint8_t plan, subject_len;                           /* plan: PLAN_COUNT: not carried */
    uint16_t total;                                      /* 0: not carried */
    uint32_t customer;                                   /* 0: not carried */
    uint16_t subject[SUBJECT_MAX], body[BODY_LEN];       /* words */
};

/* What both are drawn from. */
struct vocabulary {
    struct zipf names, words;
    char (*labels)[NAME_LEN], (*segments)[NAME_LEN], (*text_words)[NAME_LEN]; /* by place */
    double *label_chance, *segment_chance, *subject_chance, *body_chance;     /* of a ticket, by place */
};
void vocabulary_init(struct vocabulary *v);
void vocabulary_release(struct vocabulary *v);

extern const char *const channel_names[CHANNEL_COUNT];
extern const char *const priority_names[4];
extern const char *const plan_names[PLAN_COUNT];
extern const char *const hours_names[HOURS_COUNT];
extern const char *const exists_names[EXISTS_COUNT];

/* ---- tickets ---- */

/* Always the same ones, whatever the rules. */
struct drawn_ticket *draw_tickets(const struct vocabulary *v, uint32_t count);
void write_ticket(FILE *f, const struct vocabulary *v, const struct drawn_ticket *t, uint32_t number);
/* The subject or the body, as written in the line; at most TEXT_LEN bytes and a NUL. */
enum { TEXT_LEN = BODY_LEN * NAME_LEN };
size_t ticket_text(const struct vocabulary *v, const uint16_t *words, uint32_t count, char *out);

/* ---- policies ---- */

struct workload {
    const struct vocabulary *v;
    struct drawn_rule *rules;
    uint32_t rule_count;
    bool mixed;
    const char *hot;  /* NULL, or a label that every rule requires besides */
    double most;      /* the largest share of the tickets that a rule is thought to take */
    double unmatched; /* the share of a sample of tickets that match no rule */
};

/* tickets: at least SAMPLE_COUNT, to choose `most` by. */
enum { SAMPLE_COUNT = 3000 };
void workload_draw(struct workload *w, const struct vocabulary *v, uint32_t rule_count, bool mixed,
                   const struct drawn_ticket *tickets);
void workload_release(struct workload *w);

/* Rules of which each is thought to take at most that share of the tickets. */
void draw_rules(struct workload *w, uint64_t seed, double most);
void write_yaml(FILE *f, const struct workload *w);
void write_dsl(FILE *f, const struct workload *w);
/* The rules alone as JSON, for programs that are not shunt: an array of alternatives of tests. */
void write_neutral(FILE *f, const struct workload *w);

/* ---- the first rule that matches, found without shunt: oracle.c ---- */

/* The place of the first matching rule of each ticket, or NO_RULE. Exact but for hours, which it knows by
 * UTC, and words within words. */
void first_matches(const struct workload *w, const struct drawn_ticket *tickets, uint32_t count,
                   uint32_t *first);

#endif
