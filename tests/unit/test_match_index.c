/*
 * The index against the plain scan, on random policies and on buckets and tickets of many sizes; the
 * automaton against looking for each pattern alone.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../compiler/compile.h"
#include "../../runtime/names.h"
#include "../../runtime/scan.h"
#include "matched.h"
#include "run_suite.h"

/* ---- random policies: the index against the plain scan ---- */

/* xorshift64*: the same on every machine. */
static uint32_t draw(uint64_t *state, uint32_t below)
{
    *state ^= *state >> 12, *state ^= *state << 25, *state ^= *state >> 27;
    return (uint32_t)((*state * UINT64_C(2685821657736338717)) >> 33) % below;
}

static void draw_condition(uint64_t *r, struct buf *b, int depth)
{
    if (depth > 0 && draw(r, 3)) {
        buf_puts(b, draw(r, 4) ? "(" : "not (");
        draw_condition(r, b, depth - 1);
        for (uint32_t more = 1 + draw(r, 2); more > 0; more--) {
            buf_puts(b, draw(r, 2) ? ") and (" : ") or (");
            draw_condition(r, b, depth - 1);
            if (more > 1) buf_puts(b, ")"), buf_puts(b, " and (true");
        }
        buf_puts(b, ")");
        return;
    }
    static const char *const compared[] = {"==", "!=", "<", "<=", ">", ">="};
    switch (draw(r, 14)) {
    case 0: buf_printf(b, "labels has l%u", draw(r, 12)); return;
    case 1: buf_printf(b, "labels has any (l%u, x%u)", draw(r, 12), draw(r, 5)); return;
    case 2: buf_printf(b, "segments has all (s%u, t%u)", draw(r, 5), draw(r, 3)); return;
    case 3: buf_printf(b, "channel in (c%u, c%u)", draw(r, 7), 7 + draw(r, 7)); return;
    case 4: buf_printf(b, "priority %s", draw(r, 2) ? ">= high" : "!= normal"); return;
    case 5: buf_printf(b, "%c %s %u", "nm"[draw(r, 2)], compared[draw(r, 6)], draw(r, 5)); return;
    case 6:
        buf_printf(b, "subject contains any (\"%c%c\", \"%c\")", 'a' + (char)draw(r, 2),
                   'a' + (char)draw(r, 2), 'c' + (char)draw(r, 3));
        return;
    case 7:
        buf_printf(b, "subject %s \"%c%c\"", draw(r, 2) ? "starts with" : "ends with", 'a' + (char)draw(r, 2),
                   'a' + (char)draw(r, 2));
        return;
    case 8: buf_puts(b, draw(r, 2) ? "labels exists" : "plan >= pro"); return;
    case 9:
        buf_printf(b, "subject in (\"%c\", \"%c%c\")", 'a' + (char)draw(r, 3), 'a' + (char)draw(r, 2),
                   'a' + (char)draw(r, 2));
        return;
    case 10: buf_printf(b, "channel == c%u", draw(r, 14)); return;
    case 11: buf_printf(b, "n in (%u, %u)", draw(r, 5), draw(r, 5)); return;
    case 12: buf_printf(b, "%s h%u", draw(r, 2) ? "during" : "outside", draw(r, 3)); return;
    default: buf_printf(b, "plan == %s", draw(r, 2) ? "free" : "max"); return;
    }
}

struct drawing {
    struct arena *a;
    uint64_t *r;
    char *text;
};

static void draw_policy(void *ctx)
{
    struct drawing *x = ctx;
    struct buf b;
    buf_init(&b, x->a);
    buf_puts(
        &b, "shunt: 1\nchannels: [c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13]\n"
            "fields: {n: number, m: number, plan: [free, pro, max]}\nteams: {t0: {}, t1: {}, t2: {}}\n"
            "timezone: UTC\nhours: {h0: {weekly: {mon-fri: 09:00-17:00}}, h1: {weekly: {mon: 12:00-15:00}},\n"
            "  h2: {weekly: {thu: 00:00-24:00}}}\nrules:\n");
    uint32_t count = 1 + draw(x->r, 40);
    for (uint32_t i = 0; i < count; i++) {
        buf_printf(&b, "  - {rule: r%u, when: '", i);
        draw_condition(x->r, &b, (int)draw(x->r, 4));
        if (draw(x->r, 3))
            buf_printf(&b, "'%s, to: t%u}\n", draw(x->r, 4) ? "" : ", active: [1970-01-02..1970-01-04]",
                       draw(x->r, 3));
        else
            buf_printf(&b, "', add: {labels: [l%u, y]}, raise: {priority: high}, continue: true}\n",
                       draw(x->r, 12));
    }
    buf_puts(&b, "otherwise: t0\n");
    struct str s = buf_done(&b);
    x->text = malloc(s.len + 1);
    memcpy(x->text, s.p, s.len + 1);
}

/* Of the first week, which began on a Thursday. */
static uint32_t draw_time(uint64_t *r)
{
    return draw(r, 7 * 24) * 3600;
}

static double draw_number(uint64_t *r)
{
    return (double)draw(r, 11) / 2;
}

static void draw_ticket(uint64_t *r, char *line, size_t len)
{
    int n = snprintf(line, len, "at=%u", draw_time(r));
    for (uint32_t i = draw(r, 4); i > 0; i--)
        n += snprintf(line + n, len - (size_t)n, " %c=%g", "nm"[draw(r, 2)], draw_number(r));
    if (draw(r, 4)) n += snprintf(line + n, len - (size_t)n, " channel=c%u", draw(r, 15));
    if (draw(r, 2)) n += snprintf(line + n, len - (size_t)n, " priority=%s", draw(r, 2) ? "low" : "urgent");
    if (draw(r, 2)) n += snprintf(line + n, len - (size_t)n, " plan=%s", draw(r, 2) ? "free" : "max");
    for (uint32_t i = draw(r, 5); i > 0; i--)
        n += snprintf(line + n, len - (size_t)n, " labels=l%u", draw(r, 14));
    for (uint32_t i = draw(r, 5); i > 0; i--)
        n += snprintf(line + n, len - (size_t)n, " segments=%c%u", draw(r, 2) ? 's' : 't', draw(r, 5));
    if (draw(r, 2)) return;
    n += snprintf(line + n, len - (size_t)n, " subject=");
    for (uint32_t i = draw(r, 8); i > 0; i--)
        n += snprintf(line + n, len - (size_t)n, "%c", "abcdeAB"[draw(r, 7)]);
}

/* Each pattern of the ticket's subject, looked for alone. */
static void expect_patterns(const struct matched *d, const char *line)
{
    const char *subject = strstr(line, " subject=");
    if (!subject) return;
    char *folded;
    size_t len;
    ck_assert_int_eq(shunt_text_fold(subject + 9, strlen(subject + 9), NULL, &folded, &len), SHUNT_OK);
    const struct tf_attr *attr = &d->t->ATTR[TF_SUBJECT];
    for (uint32_t i = 0; i < le32(attr->atom_count); i++) {
        uint32_t atom = le32(attr->atom_first) + i;
        ck_assert_msg(sh_bit(d->k->has, atom) == sh_pattern_holds(d->t, atom, folded, len), "%s: pattern %u",
                      line, i);
    }
    free(folded);
}

/* By the index, with and without what only some processors have, and by the scan. */
static void expect_ways_alike(struct matched *d, const char *policy, const char *line)
{
    char answers[3][1000];
    struct shunt_decision decision;
    void (*const ways[])(struct shunt_ticket *, struct shunt_decision *) = {shunt_match, sh_match_plain,
                                                                            sh_match_scan};
    for (int i = 0; i < 3; i++) {
        ways[i](d->k, &decision);
        matched_answer(d, &decision, answers[i], sizeof answers[i]);
    }
    bool alike = strcmp(answers[0], answers[2]) == 0 && strcmp(answers[1], answers[2]) == 0;
    if (!alike) fputs(policy, stderr); /* too long for a message */
    ck_assert_msg(alike, "%s: %s and %s by the index, %s by the scan", line, answers[0], answers[1],
                  answers[2]);
}

/* Kept, at another time, and with another number. */
static void expect_alike(struct matched *d, const char *policy, const char *line, uint32_t time,
                         double number)
{
    matched_say(d, line);
    expect_patterns(d, line);
    expect_ways_alike(d, policy, line);
    shunt_ticket_set_at(d->k, time);
    expect_ways_alike(d, policy, line);
    shunt_ticket_set_number(d->k, shunt_attr_find(d->t, "n", 1), number);
    expect_ways_alike(d, policy, line);
    if (d->wide) expect_alike(d->wide, policy, line, time, number);
}

START_TEST(architecture_the_index_answers_as_the_scan)
{
    uint64_t r = UINT64_C(88172645463325252) + (uint64_t)_i;
    for (int warm = 0; warm < 20; warm++) draw(&r, 2);
    struct drawing x = {.a = arena_new(), .r = &r};
    ck_assert(arena_try(x.a, draw_policy, &x));
    arena_free(x.a);
    struct matched d = matched_policy(x.text);
    for (int i = 0; i < 200; i++) {
        char line[500];
        draw_ticket(&r, line, sizeof line);
        uint32_t time = draw_time(&r);
        expect_alike(&d, x.text, line, time, draw_number(&r));
    }
    matched_close(&d);
    free(x.text);
}
END_TEST

/* ---- buckets and tickets of many sizes ---- */

/* Rules that all require label l: rule i matches tickets of total i, and those of label m0 to m6. */
static struct matched open_bucket(uint32_t count)
{
    char *yaml = malloc(100 * (size_t)count + 1000), *at = yaml;
    at += sprintf(at, "shunt: 1\nfields: {total: number}\nteams: {t: {}}\notherwise: unassigned\nrules:\n");
    for (uint32_t i = 0; i < count; i++)
        at += sprintf(at, "- {rule: r%u, when: labels has l and (total == %u or labels has m%u), to: t}\n", i,
                      i, i % 7);
    struct matched d = matched_policy(yaml);
    free(yaml);
    return d;
}

START_TEST(format_8_in_a_bucket_of_any_length_the_first_that_matches_decides)
{
    static const uint32_t counts[] = {1, 7, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 129, 300, 2000, 4500};
    for (size_t n = 0; n < sizeof counts / sizeof *counts; n++) {
        struct matched d = open_bucket(counts[n]);
        for (uint32_t i = 0; i < counts[n]; i += 1 + counts[n] / 40) {
            char ticket[100], want[100];
            snprintf(ticket, sizeof ticket, "labels=l total=%u", i);
            snprintf(want, sizeof want, "r%u normal t", i);
            matched_expect(&d, ticket, want);
        }
        matched_expect(&d, "labels=l total=5000", "otherwise normal nobody");
        matched_expect(&d, "labels=l labels=m0 total=0.5", "r0 normal t");
        if (counts[n] > 6) matched_expect(&d, "labels=m6 labels=m5 labels=l total=1", "r1 normal t");
        matched_close(&d);
    }
}
END_TEST

/* No rule stands in the last bucket: a ticket without labels looks nowhere, whatever the one before it had.
 */
START_TEST(format_8_a_ticket_that_no_bucket_is_for_gets_what_is_left)
{
    char yaml[4000], *at = yaml;
    at += sprintf(at, "shunt: 1\nteams: {t: {}}\notherwise: unassigned\nrules:\n");
    for (uint32_t i = 0; i < 40; i++) at += sprintf(at, "- {rule: r%u, when: labels has a%u, to: t}\n", i, i);
    struct matched d = matched_policy(yaml);
    ck_assert_uint_eq(d.k->unfiled_count, 0);
    for (uint32_t i = 0; i < 3; i++) {
        matched_expect(&d, "labels=a7 labels=a3", "r3 normal t");
        matched_expect(&d, "labels=b", "otherwise normal nobody");
        matched_expect(&d, "", "otherwise normal nobody");
    }
    matched_close(&d);
}
END_TEST

/* Rule i * side + j asks for labels ai and bj. */
static struct matched open_pairs(uint32_t side)
{
    char *yaml = malloc(100 * (size_t)side * side + 1000), *at = yaml;
    at += sprintf(at, "shunt: 1\nteams: {t: {}}\notherwise: unassigned\nrules:\n");
    for (uint32_t i = 0; i < side * side; i++)
        at += sprintf(at, "- {rule: r%u, when: labels has a%u and labels has b%u, to: t}\n", i, i / side,
                      i % side);
    struct matched d = matched_policy(yaml);
    free(yaml);
    return d;
}

/* Past sixteen facts, hashes are not compared; past 4,096 entries, what comes next is fetched before; past
 * 32,768 there are second hashes. */
START_TEST(format_8_a_ticket_of_many_labels_finds_every_pair)
{
    static const struct {
        uint32_t side;
        enum sh_index_kind kind;
    } rows[] = {{10, SH_SMALL}, {70, SH_LARGE}, {182, SH_SECOND}};
    const uint32_t side = rows[_i].side;
    struct matched d = open_pairs(side);
    ck_assert_int_eq(d.t->index_kind, rows[_i].kind);
    char first[20], second[20];
    sprintf(first, "r%u normal t", 7 * side + 3);
    sprintf(second, "r%u normal t", 7 * side);
    for (uint32_t labels = 0; labels < 40; labels++) {
        char ticket[1000] = "labels=a7 labels=b3";
        for (uint32_t i = 0; i < labels; i++) sprintf(ticket + strlen(ticket), " labels=x%u", i);
        matched_expect(&d, ticket, first);
        for (uint32_t i = 0; i < labels && i < 10; i++) sprintf(ticket + strlen(ticket), " labels=b%u", i);
        matched_expect(&d, ticket, labels ? second : first);
        for (uint32_t i = 0; i < labels && i < 10; i++) sprintf(ticket + strlen(ticket), " labels=a%u", i);
        matched_expect(&d, ticket, labels ? "r0 normal t" : first);
    }
    matched_close(&d);
}
END_TEST

/* Forty rules are too many to look at for every ticket, so that they are filed under their channels. */
START_TEST(format_8_rules_of_a_channel_alone_are_found)
{
    char yaml[8000], *at = yaml;
    at += sprintf(at, "shunt: 1\nfields: {total: number}\nteams: {t: {}}\notherwise: unassigned\nrules:\n");
    for (uint32_t i = 0; i < 40; i++)
        at += sprintf(at, "- {rule: r%u, when: channel == %s and total == %u, to: t}\n", i,
                      i % 2 ? "email" : "phone", i);
    struct matched d = matched_policy(yaml);
    ck_assert(d.t->files_channels);
    matched_expect(&d, "channel=email total=7", "r7 normal t");
    matched_expect(&d, "channel=phone total=7", "otherwise normal nobody");
    matched_expect(&d, "channel=phone total=8", "r8 normal t");
    matched_expect(&d, "channel=email channel=phone total=8", "r8 normal t");
    matched_expect(&d, "channel=phone channel=email total=8", "otherwise normal nobody");
    matched_expect(&d, "total=8", "otherwise normal nobody");
    matched_close(&d);
}
END_TEST

/* Rule i asks for label ai; every second one for neither z nor y besides, which its code is asked for. */
static struct matched open_labels(uint32_t count)
{
    char *yaml = malloc(100 * (size_t)count + 1000), *at = yaml;
    at += sprintf(at, "shunt: 1\nteams: {t: {}}\notherwise: unassigned\nrules:\n");
    for (uint32_t i = 0; i < count; i++)
        at += sprintf(at, "- {rule: r%u, when: 'labels has a%u%s', to: t}\n", i, i,
                      i % 2 ? "" : " and labels has none (z, y)");
    struct matched d = matched_policy(yaml);
    free(yaml);
    return d;
}

/* Numbers find no buckets of their own: many alternatives of one rule are one entry, of what all of them say,
 * whose code is asked. */
START_TEST(format_8_many_numbers_of_one_rule_are_one_entry)
{
    enum { PLAIN_MAX = 32 };
    char yaml[8000], *at = yaml;
    at += sprintf(at, "shunt: 1\nfields: {n: number, m: number, gold: bool}\nteams: {t: {}}\n"
                      "otherwise: unassigned\nrules:\n- {rule: r, to: t, when: labels has a and m > 3}\n"
                      "- rule: s\n  to: t\n  when: false");
    for (int i = 0; i < PLAIN_MAX + _i; i++)
        at += sprintf(at, " or priority != low and gold and %c == %d", i % 2 ? 'm' : 'n', i);
    struct matched d = matched_policy(yaml);
    ck_assert_uint_eq(d.t->INDEX_ENTRY_count, _i ? 2 : PLAIN_MAX + 1);
    const struct tf_entry *last = &d.t->INDEX_ENTRY[d.t->INDEX_ENTRY_count - 1];
    ck_assert_uint_eq(le32(last->key), 2 + 1);
    matched_expect(&d, "gold=true n=0", "s normal t");
    matched_expect(&d, "gold=true n=1 m=31", "s normal t");
    matched_expect(&d, "gold=true n=30 m=30", "s normal t");
    matched_expect(&d, "gold=true n=31 m=30", "otherwise normal nobody");
    matched_expect(&d, "n=30", "otherwise normal nobody");
    matched_expect(&d, "gold=true n=30 priority=low", "otherwise low nobody");
    matched_expect(&d, "gold=true n=30 m=4 labels=a", "r normal t");
    matched_close(&d);
}
END_TEST

/* What the ticket of that number gets: a rule whose name begins so. */
static void check_rule(struct matched *d, char first, int number, const char *other)
{
    char ticket[50], got[100];
    struct shunt_decision decision;
    snprintf(ticket, sizeof ticket, "n=%d %s", number, other);
    matched_say(d, ticket);
    shunt_match(d->k, &decision);
    matched_answer(d, &decision, got, sizeof got);
    ck_assert_msg(got[0] == first, "%s: %s", ticket, got);
}

/* Where alternatives differ, the one entry asks for no more than all of them do. */
START_TEST(format_8_alternatives_that_differ_are_one_entry_that_misses_none)
{
    static const char *const others[] = {"priority != low", "priority != high", "gold", "not gold"};
    char yaml[8000], *at = yaml;
    at += sprintf(at, "shunt: 1\nfields: {n: number, gold: bool}\nteams: {t: {}}\notherwise: unassigned\n"
                      "rules:\n- {rule: r, to: t, when: labels has a}\n- rule: s\n  to: t\n  when: false");
    for (int i = 0; i < 40; i++) at += sprintf(at, " or n == %d and %s", _i ? 39 - i : i, others[i % 4]);
    struct matched d = matched_policy(yaml);
    ck_assert_uint_eq(d.t->INDEX_ENTRY_count, 2);
    for (int i = 0; i < 40; i++) {
        static const char *const right[] = {"priority=high", "priority=low", "gold=true", "priority=normal"};
        static const char *const wrong[] = {"priority=low", "priority=high", "priority=low", "gold=true"};
        check_rule(&d, 's', _i ? 39 - i : i, right[i % 4]);
        check_rule(&d, 'o', _i ? 39 - i : i, wrong[i % 4]);
    }
    matched_close(&d);
}
END_TEST

/* The facts of a number stand in several words: what a larger one had set there is gone with it. */
START_TEST(format_8_a_smaller_number_has_no_facts_of_the_larger)
{
    char yaml[12000], *at = yaml;
    at += sprintf(at, "shunt: 1\nfields: {n: number}\nteams: {t: {}}\notherwise: unassigned\nrules:\n");
    for (int i = 199; i >= 0; i--) at += sprintf(at, "- {rule: r%d, when: n >= %d, to: t}\n", i, i);
    struct matched d = matched_policy(yaml);
    for (int i = 0; i < 200; i += 3) {
        char ticket[50], want[50];
        snprintf(ticket, sizeof ticket, "n=199 n=%d", i);
        snprintf(want, sizeof want, "r%d normal t", i);
        matched_expect(&d, ticket, want);
        snprintf(ticket, sizeof ticket, "n=%d n=199", i);
        matched_expect(&d, ticket, "r199 normal t");
    }
    matched_expect(&d, "n=199 n=-1", "otherwise normal nobody");
    matched_expect(&d, "labels=a", "otherwise normal nobody");
    matched_close(&d);
}
END_TEST

/* The lowest rule's bucket is among the first, or among the last of more than are looked at together. */
START_TEST(format_8_a_ticket_of_many_buckets)
{
    struct matched d = open_labels(_i ? 4200 : 200);
    ck_assert_int_eq(d.t->INDEX_ENTRY_count > 4096, _i);
    for (uint32_t labels = 30; labels < 80; labels++) {
        char up[2000] = "", down[2000] = "";
        for (uint32_t i = 0; i < labels; i++) {
            sprintf(up + strlen(up), "%slabels=a%u", i ? " " : "", 10 + i);
            sprintf(down + strlen(down), "%slabels=a%u", i ? " " : "", 9 + labels - i);
        }
        matched_expect(&d, up, "r10 normal t");
        matched_expect(&d, down, "r10 normal t");
        matched_expect(&d, strcat(up, " labels=z"), "r11 normal t");
        matched_expect(&d, strcat(down, " labels=y"), "r11 normal t");
    }
    matched_close(&d);
}
END_TEST

/* The same where each bucket is longer than what is compared at once. */
START_TEST(format_8_a_ticket_of_many_long_buckets)
{
    const uint32_t side = _i ? 70 : 60;
    struct matched d = open_pairs(side);
    ck_assert_int_eq(d.t->INDEX_ENTRY_count > 4096, _i);
    for (uint32_t labels = 30; labels < 55; labels++) {
        char a_first[1000] = "", b_first[1000] = "", expected[20];
        for (uint32_t i = 0; i < labels; i++) {
            sprintf(a_first + strlen(a_first), "labels=a%u ", 4 + labels - i);
            sprintf(b_first + strlen(b_first), "labels=b%u ", 4 + labels - i);
        }
        sprintf(expected, "r%u normal t", 5 * side + 20);
        matched_expect(&d, strcat(a_first, "labels=b20"), expected);
        sprintf(expected, "r%u normal t", 20 * side + 5);
        matched_expect(&d, strcat(b_first, "labels=a20"), expected);
    }
    matched_close(&d);
}
END_TEST

/* A guard has a bit for eleven channels: from the twelfth on several share one, and an entry asks for its
 * own. */
START_TEST(format_8_more_channels_than_a_guard_tells_apart)
{
    for (uint32_t channels = 10; channels <= 24; channels++) {
        char yaml[4000], *at = yaml, ticket[40], answer[40];
        at += sprintf(at, "shunt: 1\nteams: {t: {}}\notherwise: unassigned\nchannels: [c0");
        for (uint32_t i = 1; i < channels; i++) at += sprintf(at, ", c%u", i);
        at += sprintf(at, "]\nrules:\n- {rule: x, when: channel == c1 and labels has a, to: t}\n");
        for (uint32_t i = 0; i < channels; i += 2)
            at += sprintf(at, "- {rule: r%u, when: channel == c%u, to: t}\n", i, i);
        struct matched d = matched_policy(yaml);
        for (uint32_t i = 0; i < channels; i++) {
            sprintf(ticket, "channel=c%u", i);
            sprintf(answer, i % 2 ? "otherwise normal nobody" : "r%u normal t", i);
            matched_expect(&d, ticket, answer);
        }
        matched_expect(&d, "channel=c1 labels=a", "x normal t");
        matched_expect(&d, "labels=a", "otherwise normal nobody");
        matched_close(&d);
    }
}
END_TEST

/* Whether second hashes turn entries away is no matter of answers, but of their price: so here every entry's
 * is one that no ticket has, and what asks for it finds nothing. */
START_TEST(format_8_second_hashes_turn_entries_away)
{
    struct matched d = open_pairs(10);
    struct shunt_decision x;
    uint32_t count = d.wide->t->INDEX_ENTRY_count, otherwise = d.t->RULE_count - 1;
    uint8_t *sig = d.wide->bytes + (d.wide->t->INDEX_SIG - (const uint8_t *)d.wide->t->bytes);
    matched_say(d.wide, "labels=a7 labels=b3");
    shunt_match(d.wide->k, &x);
    ck_assert_uint_eq(x.rule, 73);
    for (uint32_t b = 0; b <= d.wide->t->ATOM_count; b++) {
        uint32_t from = le32(d.wide->t->INDEX_BUCKET[b]), end = le32(d.wide->t->INDEX_BUCKET[b + 1]);
        for (uint32_t i = from; i < end; i++) {
            uint8_t *second = sig + 4 * (size_t)from + 3 * (size_t)(end - from) + (i - from);
            ck_assert_uint_ne(*second, 0xff);
            *second = 0xff;
        }
    }
    ck_assert_uint_eq(count, 100);
    shunt_match(d.wide->k, &x);
    ck_assert_uint_eq(x.rule, d.t->has_avx2 ? otherwise : 73);
    matched_close(&d);
}
END_TEST

/* ---- texts in linear time ---- */

/* Patterns a, aa, aaa, … each also as a suffix, on a text of 1 MB of a: without a stop at what was reported
 * already, every place would report hundreds. */
START_TEST(language_4_4_many_patterns_in_a_long_text)
{
    enum { PATTERNS = 400, LEN = 1000000 };
    char *yaml = malloc(3 * PATTERNS * PATTERNS + 10000), *at = yaml;
    at += sprintf(at, "shunt: 1\nteams: {t: {}, u: {}}\notherwise: t\nrules: [{rule: r, to: u, when: 'labels "
                      "has x or body contains any (");
    for (int i = 1; i <= PATTERNS; i++) {
        *at++ = '"';
        memset(at, 'a', (size_t)i), at += i;
        at += sprintf(at, "\"%s", i < PATTERNS ? ", " : ") or body ends with any (");
    }
    for (int i = 1; i <= PATTERNS; i++) {
        *at++ = '"';
        memset(at, 'a', (size_t)i), at += i;
        at += sprintf(at, "\"%s", i < PATTERNS ? ", " : ")'}]\n");
    }
    struct matched d = matched_policy(yaml);
    char *text = malloc(LEN);
    memset(text, 'a', LEN);
    ck_assert_int_eq(shunt_ticket_set_text(d.k, SHUNT_ATTR_BODY, text, LEN), SHUNT_OK);
    ck_assert_uint_eq(d.k->front.facts_count, 2 * PATTERNS);
    free(text), free(yaml);
    matched_close(&d);
}
END_TEST

/* What asking costs is counted, for proofs, before it is asked: two rules continue for a, one for b, one for
 * every ticket; those that decide are all in one bucket, as they are few. */
START_TEST(format_8_entries_that_matching_looks_at_are_counted)
{
    static const struct {
        const char *labels;
        uint32_t continuing;
    } rows[] = {{"", 1}, {"a", 3}, {"b", 2}, {"ab", 4}, {"c", 1}};
    struct matched d = matched_policy(
        "shunt: 1\nteams: {t: {}, u: {}}\notherwise: t\nrules:\n"
        "- {rule: r1, when: labels has a, set: {priority: high}, continue: true}\n"
        "- {rule: r2, when: labels has a, set: {priority: low}, continue: true}\n"
        "- {rule: r3, when: labels has b, set: {priority: high}, continue: true}\n"
        "- {rule: r4, when: true, set: {priority: high}, continue: true}\n"
        "- {rule: r5, when: labels has c, to: u}\n- {rule: r6, when: channel == email, to: u}\n");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        shunt_ticket_reset(d.k);
        for (const char *p = rows[i].labels; *p; p++) shunt_ticket_add_name(d.k, SHUNT_ATTR_LABELS, p, 1);
        ck_assert_uint_eq(sh_entries(d.k), d.k->t->INDEX_ENTRY_count + rows[i].continuing);
    }
    matched_close(&d);
}
END_TEST

/* A segment's name whose hash as a label's leads to the same place, and has the same tag there. */
static void name_alike(char *name, size_t len)
{
    for (int i = 0;; i++) {
        snprintf(name, len, "s%d", i);
        uint32_t as_label = tf_name_hash(SHUNT_ATTR_LABELS, name, strlen(name)),
                 as_segment = tf_name_hash(SHUNT_ATTR_SEGMENTS, name, strlen(name));
        if (sh_name_tag(as_label) == sh_name_tag(as_segment) && (as_label & 0xff) == (as_segment & 0xff))
            return;
    }
}

START_TEST(format_a_name_of_the_next_attribute_is_not_this_ones)
{
    char name[16], policy[300];
    name_alike(name, sizeof name);
    snprintf(policy, sizeof policy,
             "shunt: 1\nteams: {t: {}, u: {}}\notherwise: t\nrules:\n"
             "- {rule: r1, when: labels has a, to: u}\n- {rule: r2, when: segments has %s, to: u}\n",
             name);
    struct matched d = matched_policy(policy);
    ck_assert_uint_ne(sh_find_atom(d.k->t, SHUNT_ATTR_SEGMENTS, name, strlen(name)), TF_NONE);
    ck_assert_uint_eq(sh_find_atom(d.k->t, SHUNT_ATTR_LABELS, name, strlen(name)), TF_NONE);
    matched_close(&d);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("match-index");
    TCase *t = tcase_create("match-index");
    tcase_set_timeout(t, 30);
    tcase_add_loop_test(t, architecture_the_index_answers_as_the_scan, 0, 100);
    tcase_add_test(t, format_8_in_a_bucket_of_any_length_the_first_that_matches_decides);
    tcase_add_test(t, format_8_a_ticket_that_no_bucket_is_for_gets_what_is_left);
    tcase_add_loop_test(t, format_8_a_ticket_of_many_labels_finds_every_pair, 0, 3);
    tcase_add_loop_test(t, format_8_many_numbers_of_one_rule_are_one_entry, 0, 2);
    tcase_add_loop_test(t, format_8_alternatives_that_differ_are_one_entry_that_misses_none, 0, 2);
    tcase_add_test(t, format_8_a_smaller_number_has_no_facts_of_the_larger);
    tcase_add_loop_test(t, format_8_a_ticket_of_many_buckets, 0, 2);
    tcase_add_loop_test(t, format_8_a_ticket_of_many_long_buckets, 0, 2);
    tcase_add_test(t, format_8_more_channels_than_a_guard_tells_apart);
    tcase_add_test(t, format_8_rules_of_a_channel_alone_are_found);
    tcase_add_test(t, format_a_name_of_the_next_attribute_is_not_this_ones);
    tcase_add_test(t, format_8_entries_that_matching_looks_at_are_counted);
    tcase_add_test(t, format_8_second_hashes_turn_entries_away);
    tcase_add_test(t, language_4_4_many_patterns_in_a_long_text);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
