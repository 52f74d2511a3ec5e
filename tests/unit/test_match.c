/*
 * Tickets to decisions: runtime/match.c and eval.c against language.md 4 and 5, on the sample written by hand
 * and on compiled policies; the index against the plain scan, the automaton against looking for each pattern
 * alone.
 */
#include <check.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../compiler/compile.h"
#include "../../runtime/scan.h"
#include "image.h"

/* ---- an open table and a ticket ---- */

struct desk {
    uint8_t *bytes;
    const struct shunt_table *t;
    struct shunt_ticket *k;
};

static void open_bytes(struct desk *d, size_t len)
{
    struct shunt_table_error error;
    enum shunt_status status = shunt_table_open(d->bytes, len, NULL, &d->t, &error);
    ck_assert_msg(status == SHUNT_OK, "section %u record %lu: %s", error.section, (unsigned long)error.record,
                  error.reason);
    ck_assert_int_eq(shunt_ticket_new(d->t, NULL, &d->k), SHUNT_OK);
}

static struct desk open_sample(void)
{
    struct desk d;
    struct image m;
    size_t len;
    image_sample(&m);
    d.bytes = image_bytes(&m, &len);
    image_free(&m);
    open_bytes(&d, len);
    return d;
}

struct compiling {
    struct arena *a;
    struct str text;
    uint8_t *bytes;
    size_t len;
};

static void compile(void *ctx)
{
    struct compiling *x = ctx;
    struct compile_options options = {.strip = true};
    struct compilation *c = compile_text(x->a, "test.yaml", x->text, &options);
    ck_assert_ptr_nonnull(c->table.p);
    x->len = c->table.len;
    x->bytes = malloc(x->len);
    memcpy(x->bytes, c->table.p, x->len);
}

static struct desk open_policy(const char *yaml)
{
    struct compiling x = {.a = arena_new(), .text = str_from(yaml)};
    ck_assert(arena_try(x.a, compile, &x));
    arena_free(x.a);
    struct desk d = {.bytes = x.bytes};
    open_bytes(&d, x.len);
    return d;
}

static void close_desk(struct desk *d)
{
    shunt_ticket_free(d->k);
    shunt_table_close(d->t);
    free(d->bytes);
}

/* ---- tickets and decisions as one line each ---- */

/* "labels=refund labels=x channel=email total=4 gold=true subject=ab at=3600": words without spaces. */
static void say(struct desk *d, const char *ticket)
{
    char line[1000], *next = NULL;
    shunt_ticket_reset(d->k);
    snprintf(line, sizeof line, "%s", ticket);
    for (char *word = strtok_r(line, " ", &next); word; word = strtok_r(NULL, " ", &next)) {
        char *value = strchr(word, '=') + 1;
        value[-1] = 0;
        uint32_t attr = shunt_attr_find(d->t, word, strlen(word));
        size_t len = strlen(value);
        if (strcmp(word, "at") == 0) {
            ck_assert_int_eq(shunt_ticket_set_at(d->k, strtoll(value, NULL, 10)), SHUNT_OK);
            continue;
        }
        ck_assert_uint_ne(attr, SHUNT_NONE);
        switch (shunt_attr_type(d->t, attr)) {
        case SHUNT_TYPE_SET: shunt_ticket_add_name(d->k, attr, value, len); break;
        case SHUNT_TYPE_TEXT: shunt_ticket_set_text(d->k, attr, value, len); break;
        case SHUNT_TYPE_NUMBER: shunt_ticket_set_number(d->k, attr, strtod(value, NULL)); break;
        case SHUNT_TYPE_BOOL: shunt_ticket_set_bool(d->k, attr, value[0] == 't'); break;
        default: shunt_ticket_set_name(d->k, attr, value, len);
        }
    }
}

/* "RULE priority TARGET [+LABEL…] [!SKILL…]"; a takes is named by "team " too. */
static void answer(const struct desk *d, const struct shunt_decision *x, char *out, size_t len)
{
    bool takes;
    struct shunt_string rule = shunt_rule_name(d->t, x->rule, &takes);
    int n = snprintf(out, len, "%s%s %s", takes ? "team " : "", rule.bytes, shunt_priority_name(x->priority));
    for (uint32_t i = 0; i < x->step_count; i++) {
        struct shunt_step s = shunt_decision_step(d->t, x, i);
        const char *name = s.kind == SHUNT_TO_TEAM    ? shunt_team_name(d->t, s.target).bytes
                           : s.kind == SHUNT_TO_AGENT ? shunt_agent_name(d->t, s.target).bytes
                                                      : "nobody";
        n += snprintf(out + n, len - (size_t)n, i ? ",%s@%u" : " %s", name, s.after_sec);
        if (s.of_hours != SHUNT_NONE)
            n += snprintf(out + n, len - (size_t)n, "%s", shunt_hours_name(d->t, s.of_hours).bytes);
    }
    for (uint32_t i = 0; i < x->add_count; i++)
        n += snprintf(out + n, len - (size_t)n, " +%s", shunt_label_name(d->t, x->add[i]).bytes);
    for (uint32_t i = 0; i < x->require_count; i++)
        n += snprintf(out + n, len - (size_t)n, " !%s", shunt_skill_name(d->t, x->require[i]).bytes);
}

static void expect(struct desk *d, const char *ticket, const char *want)
{
    char got[1000];
    struct shunt_decision x;
    say(d, ticket);
    shunt_match(d->k, &x);
    answer(d, &x, got, sizeof got);
    ck_assert_msg(strcmp(got, want) == 0, "%s: %s, not %s", ticket, got, want);
    sh_match_plain(d->k, &x);
    answer(d, &x, got, sizeof got);
    ck_assert_msg(strcmp(got, want) == 0, "%s: by the plain index %s, not %s", ticket, got, want);
    sh_match_scan(d->k, &x);
    answer(d, &x, got, sizeof got);
    ck_assert_msg(strcmp(got, want) == 0, "%s: by the scan %s, not %s", ticket, got, want);
}

struct example {
    const char *ticket, *want;
};
/* Closes the desk. */
static void expect_all(struct desk d, const struct example *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) expect(&d, rows[i].ticket, rows[i].want);
    close_desk(&d);
}
#define EXPECT(desk, rows) expect_all(desk, rows, sizeof rows / sizeof *rows)

/* ---- the sample ---- */

START_TEST(language_5_the_sample_decides)
{
    /* 1970-01-01T09:00Z is 10:00 in the office */
    static const struct example rows[] = {
        {"", "otherwise normal nobody"},
        {"labels=refund", "first urgent one,bo@60office"},
        {"labels=refund labels=billing", "otherwise normal nobody"},
        {"labels=other", "otherwise normal nobody"},
        {"subject=xab", "otherwise high nobody +billing !swedish"},
        {"subject=XAB", "otherwise high nobody +billing !swedish"},
        {"subject=xab labels=refund", "first urgent one,bo@60office"}, /* what comes later adds nothing */
        {"priority=urgent", "otherwise urgent nobody +billing !swedish"},
        {"total=10 gold=true plan=pro", "numbers normal anna"},
        {"total=9.99 gold=true plan=pro", "otherwise normal nobody"},
        {"total=11 gold=false plan=pro", "otherwise normal nobody"},
        {"total=11 gold=true plan=free", "otherwise normal nobody"},
        {"total=11 plan=pro", "otherwise normal nobody"},
        {"channel=email at=32400", "team two normal two"},
        {"channel=webchat at=32400", "team two normal two"},
        {"channel=fax at=32400", "otherwise normal nobody"},
        {"channel=email at=28799", "otherwise normal nobody"},  /* 08:59:59 */
        {"channel=email at=28800", "team two normal two"},      /* 09:00 */
        {"channel=email at=39600", "otherwise normal nobody"},  /* 12:00: a break */
        {"channel=email at=896400", "otherwise normal nobody"}, /* 01-11: past the window */
        {"channel=email at=374400", "otherwise normal nobody"}, /* a Monday; 01-05 */
        {"channel=email labels=refund at=32400", "first urgent one,bo@60office"},
    };
    EXPECT(open_sample(), rows);
}
END_TEST

/* ---- compiled policies ---- */

START_TEST(language_5_3_effects_add_up_in_order)
{
    static const char policy[] =
        "shunt: 1\n"
        "fields: {n: number}\n"
        "agents: {anna: {skills: [s1, s2, s3]}}\n"
        "teams: {t: {agents: [anna]}, u: {takes: {labels: [to-u]}}}\n"
        "rules:\n"
        "  - {rule: a, when: labels has x, set: {priority: low}, add: {labels: [l1, l2]}, require: {skills: "
        "[s2]}, continue: true}\n"
        "  - {rule: b, when: n >= 1, set: {priority: high}, add: {labels: [l2, l3]}, require: {skills: [s1, "
        "s2]}, continue: true}\n"
        "  - {rule: c, when: n >= 2, raise: {priority: urgent}, continue: true}\n"
        "  - {rule: d, when: n >= 3, raise: {priority: normal}, continue: true}\n"
        "  - {rule: e, when: labels has stop, set: {priority: low}, raise: {priority: normal}, add: {labels: "
        "[l4, l1]}, require: {skills: [s3]}, to: t}\n"
        "  - {rule: f, when: n >= 0, set: {priority: urgent}, continue: true}\n"
        "otherwise: t\n";
    static const struct example rows[] = {
        {"", "otherwise normal t"},
        {"labels=x", "otherwise low t +l1 +l2 !s2"},
        {"n=1", "otherwise urgent t +l2 +l3 !s1 !s2"},
        {"labels=x n=1", "otherwise urgent t +l1 +l2 +l3 !s2 !s1"},
        {"labels=stop", "e normal t +l4 +l1 !s3"},
        {"labels=stop n=1",
         "e normal t +l2 +l3 +l4 +l1 !s1 !s2 !s3"}, /* the deciding rule's set comes last */
        {"labels=stop n=2", "e urgent t +l2 +l3 +l4 +l1 !s1 !s2 !s3"},
        {"labels=stop n=3 labels=x", "e urgent t +l1 +l2 +l3 +l4 !s2 !s1 !s3"},
        {"labels=to-u n=0", "team u urgent u"}, /* 5.4: effects stand */
        {"labels=to-u labels=stop", "e normal t +l4 +l1 !s3"},
        {"labels=l1", "otherwise normal t"}, /* 5.2: what a rule adds is not seen, nor confused */
    };
    EXPECT(open_policy(policy), rows);
}
END_TEST

START_TEST(language_4_3_what_is_not_carried_is_false)
{
    static const char policy[] =
        "shunt: 1\n"
        "channels: [email, sms]\n"
        "fields: {n: number, plan: [free, pro], t: text, b: bool, s: set}\n"
        "teams: {t1: {}, t2: {}, t3: {}, t4: {}, t5: {}, t6: {}, t7: {}, t8: {}, rest: {}}\n"
        "rules:\n"
        "  - {rule: not-number, when: 'segments has r1 and n != 5', to: t1}\n"
        "  - {rule: not-listed, when: 'segments has r2 and plan not in (pro)', to: t2}\n"
        "  - {rule: not-text, when: 'segments has r3 and t not contains \"x\"', to: t3}\n"
        "  - {rule: not-channel, when: 'segments has r4 and channel != email', to: t4}\n"
        "  - {rule: less, when: 'segments has r5 and n < 5', to: t5}\n"
        "  - {rule: none, when: 'segments has r6 and labels has none (l1, l2)', to: t6}\n"
        "  - {rule: exists, when: 'segments has r7 and labels exists', to: t7}\n"
        "  - {rule: text-exists, when: 'segments has r8 and t exists and not b', to: t8}\n"
        "  - {rule: in, when: 'segments has r9 and n in (1, 2.5, -3)', to: t1}\n"
        "  - {rule: all, when: 'segments has r10 and labels has all (l1, l2)', to: t1}\n"
        "  - {rule: empty, when: 'segments has r11 and t == \"\"', to: t1}\n"
        "  - {rule: anything, when: 'segments has r12 and t contains \"\" and t ends with \"\"', to: t1}\n"
        "otherwise: rest\n";
    static const struct example rows[] = {
        {"segments=r12", "otherwise normal rest"},
        {"segments=r12 t=", "anything normal t1"},
        {"segments=r12 t=x", "anything normal t1"},
        {"segments=r1", "not-number normal t1"},
        {"segments=r1 n=5", "otherwise normal rest"},
        {"segments=r2", "not-listed normal t2"},
        {"segments=r2 plan=pro", "otherwise normal rest"},
        {"segments=r2 plan=free", "not-listed normal t2"},
        {"segments=r3", "not-text normal t3"},
        {"segments=r3 t=aXb", "otherwise normal rest"},
        {"segments=r4", "not-channel normal t4"},
        {"segments=r4 channel=email", "otherwise normal rest"},
        {"segments=r4 channel=fax", "not-channel normal t4"},
        {"segments=r5", "otherwise normal rest"},
        {"segments=r5 n=4", "less normal t5"},
        {"segments=r6", "none normal t6"},
        {"segments=r6 labels=l2", "otherwise normal rest"},
        {"segments=r7", "otherwise normal rest"},
        {"segments=r7 labels=unheard", "exists normal t7"},
        {"segments=r8", "otherwise normal rest"},
        {"segments=r8 t=", "text-exists normal t8"},
        {"segments=r8 t= b=true", "otherwise normal rest"},
        {"segments=r9 n=2.5", "in normal t1"},
        {"segments=r9 n=-3", "in normal t1"},
        {"segments=r9 n=3", "otherwise normal rest"},
        {"segments=r10 labels=l1", "otherwise normal rest"},
        {"segments=r10 labels=l2 labels=l1", "all normal t1"},
        {"segments=r11", "otherwise normal rest"},
        {"segments=r11 t=", "empty normal t1"},
        {"segments=r11 t=x", "otherwise normal rest"},
    };
    EXPECT(open_policy(policy), rows);
}
END_TEST

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
    switch (draw(r, 10)) {
    case 0: buf_printf(b, "labels has l%u", draw(r, 12)); return;
    case 1: buf_printf(b, "labels has any (l%u, x%u)", draw(r, 12), draw(r, 5)); return;
    case 2: buf_printf(b, "segments has all (s%u, t%u)", draw(r, 5), draw(r, 3)); return;
    case 3: buf_printf(b, "channel in (c%u, c%u)", draw(r, 7), 7 + draw(r, 7)); return;
    case 4: buf_printf(b, "priority %s", draw(r, 2) ? ">= high" : "!= normal"); return;
    case 5: buf_printf(b, "n %s %u", draw(r, 2) ? ">=" : "<", draw(r, 5)); return;
    case 6:
        buf_printf(b, "subject contains any (\"%c%c\", \"%c\")", 'a' + (char)draw(r, 2),
                   'a' + (char)draw(r, 2), 'c' + (char)draw(r, 3));
        return;
    case 7:
        buf_printf(b, "subject %s \"%c%c\"", draw(r, 2) ? "starts with" : "ends with", 'a' + (char)draw(r, 2),
                   'a' + (char)draw(r, 2));
        return;
    case 8: buf_puts(b, draw(r, 2) ? "labels exists" : "plan >= pro"); return;
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
    buf_puts(&b, "shunt: 1\nchannels: [c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13]\n"
                 "fields: {n: number, plan: [free, pro, max]}\nteams: {t0: {}, t1: {}, t2: {}}\nrules:\n");
    uint32_t count = 1 + draw(x->r, 40);
    for (uint32_t i = 0; i < count; i++) {
        buf_printf(&b, "  - {rule: r%u, when: '", i);
        draw_condition(x->r, &b, (int)draw(x->r, 4));
        if (draw(x->r, 3))
            buf_printf(&b, "', to: t%u}\n", draw(x->r, 3));
        else
            buf_printf(&b, "', add: {labels: [l%u, y]}, raise: {priority: high}, continue: true}\n",
                       draw(x->r, 12));
    }
    buf_puts(&b, "otherwise: t0\n");
    struct str s = buf_done(&b);
    x->text = malloc(s.len + 1);
    memcpy(x->text, s.p, s.len + 1);
}

static void draw_ticket(uint64_t *r, char *line, size_t len)
{
    int n = snprintf(line, len, "n=%u", draw(r, 5));
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
static void expect_patterns(const struct desk *d, const char *line)
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

START_TEST(architecture_the_index_answers_as_the_scan)
{
    uint64_t r = UINT64_C(88172645463325252) + (uint64_t)_i;
    for (int warm = 0; warm < 20; warm++) draw(&r, 2);
    struct drawing x = {.a = arena_new(), .r = &r};
    ck_assert(arena_try(x.a, draw_policy, &x));
    arena_free(x.a);
    struct desk d = open_policy(x.text);
    for (int i = 0; i < 200; i++) {
        char line[500], by_index[1000], by_scan[1000];
        struct shunt_decision decision;
        draw_ticket(&r, line, sizeof line);
        say(&d, line);
        expect_patterns(&d, line);
        shunt_match(d.k, &decision);
        answer(&d, &decision, by_index, sizeof by_index);
        sh_match_scan(d.k, &decision);
        answer(&d, &decision, by_scan, sizeof by_scan);
        if (strcmp(by_index, by_scan) != 0) fputs(x.text, stderr); /* too long for a message */
        ck_assert_msg(strcmp(by_index, by_scan) == 0, "%s: %s by the index, %s by the scan", line, by_index,
                      by_scan);
    }
    close_desk(&d);
    free(x.text);
}
END_TEST

/* ---- buckets and tickets of many sizes ---- */

/* Rules that all require label l: rule i matches tickets of total i, and those of label m0 to m6. */
static struct desk open_bucket(uint32_t count)
{
    char *yaml = malloc(100 * (size_t)count + 1000), *at = yaml;
    at += sprintf(at, "shunt: 1\nfields: {total: number}\nteams: {t: {}}\notherwise: unassigned\nrules:\n");
    for (uint32_t i = 0; i < count; i++)
        at += sprintf(at, "- {rule: r%u, when: labels has l and (total == %u or labels has m%u), to: t}\n", i,
                      i, i % 7);
    struct desk d = open_policy(yaml);
    free(yaml);
    return d;
}

START_TEST(format_8_in_a_bucket_of_any_length_the_first_that_matches_decides)
{
    static const uint32_t counts[] = {1, 7, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 129, 300, 2000};
    for (size_t n = 0; n < sizeof counts / sizeof *counts; n++) {
        struct desk d = open_bucket(counts[n]);
        for (uint32_t i = 0; i < counts[n]; i += 1 + counts[n] / 40) {
            char ticket[100], want[100];
            snprintf(ticket, sizeof ticket, "labels=l total=%u", i);
            snprintf(want, sizeof want, "r%u normal t", i);
            expect(&d, ticket, want);
        }
        expect(&d, "labels=l total=5000", "otherwise normal nobody");
        expect(&d, "labels=l labels=m0 total=0.5", "r0 normal t");
        if (counts[n] > 6) expect(&d, "labels=m6 labels=m5 labels=l total=1", "r1 normal t");
        close_desk(&d);
    }
}
END_TEST

/* Past fifteen facts, hashes are not compared. */
START_TEST(format_8_a_ticket_of_many_labels_finds_every_pair)
{
    char yaml[20000], *at = yaml;
    at += sprintf(at, "shunt: 1\nteams: {t: {}}\notherwise: unassigned\nrules:\n");
    for (uint32_t i = 0; i < 100; i++)
        at +=
            sprintf(at, "- {rule: r%u, when: labels has a%u and labels has b%u, to: t}\n", i, i / 10, i % 10);
    struct desk d = open_policy(yaml);
    for (uint32_t labels = 0; labels < 40; labels++) {
        char ticket[1000] = "labels=a7 labels=b3";
        for (uint32_t i = 0; i < labels; i++) sprintf(ticket + strlen(ticket), " labels=x%u", i);
        expect(&d, ticket, "r73 normal t");
        for (uint32_t i = 0; i < labels && i < 10; i++) sprintf(ticket + strlen(ticket), " labels=b%u", i);
        expect(&d, ticket, labels ? "r70 normal t" : "r73 normal t");
        for (uint32_t i = 0; i < labels && i < 10; i++) sprintf(ticket + strlen(ticket), " labels=a%u", i);
        expect(&d, ticket, labels ? "r0 normal t" : "r73 normal t");
    }
    close_desk(&d);
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
    struct desk d = open_policy(yaml);
    ck_assert(d.t->files_channels);
    expect(&d, "channel=email total=7", "r7 normal t");
    expect(&d, "channel=phone total=7", "otherwise normal nobody");
    expect(&d, "channel=phone total=8", "r8 normal t");
    expect(&d, "channel=email channel=phone total=8", "r8 normal t");
    expect(&d, "channel=phone channel=email total=8", "otherwise normal nobody");
    expect(&d, "total=8", "otherwise normal nobody");
    close_desk(&d);
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
    struct desk d = open_policy(yaml);
    char *text = malloc(LEN);
    memset(text, 'a', LEN);
    ck_assert_int_eq(shunt_ticket_set_text(d.k, SHUNT_ATTR_BODY, text, LEN), SHUNT_OK);
    ck_assert_uint_eq(d.k->facts_count, 2 * PATTERNS);
    free(text), free(yaml);
    close_desk(&d);
}
END_TEST

/* ---- memory ---- */

struct counter {
    int calls;
};

static void *counting_resize(void *ctx, void *block, size_t old_len, size_t new_len)
{
    (void)old_len;
    ((struct counter *)ctx)->calls++;
    if (new_len > 0) return realloc(block, new_len);
    free(block);
    return NULL;
}

START_TEST(commands_12_matching_allocates_nothing)
{
    struct desk d = open_sample();
    shunt_ticket_free(d.k);
    struct counter counter = {0};
    struct shunt_hooks hooks = {counting_resize, &counter};
    ck_assert_int_eq(shunt_ticket_new(d.t, &hooks, &d.k), SHUNT_OK);
    ck_assert_int_eq(counter.calls, 1);
    struct shunt_decision x;
    for (int i = 0; i < 10; i++) {
        say(&d, "labels=refund subject=zab channel=email priority=high total=10 at=32400");
        shunt_match(d.k, &x);
    }
    ck_assert_int_eq(counter.calls, 1);
    close_desk(&d);
}
END_TEST

/* A ticket may be matched again, changed and matched again. */
START_TEST(commands_12_a_ticket_can_go_on)
{
    struct desk d = open_sample();
    struct shunt_decision x, y;
    say(&d, "priority=urgent");
    shunt_match(d.k, &x);
    shunt_match(d.k, &y);
    ck_assert_uint_eq(x.rule, y.rule);
    ck_assert_uint_eq(y.add_count, 1);
    ck_assert_uint_eq(y.require_count, 1);
    shunt_ticket_set_name(d.k, SHUNT_ATTR_CHANNEL, "email", 5);
    shunt_ticket_set_at(d.k, 32400);
    shunt_match(d.k, &x);
    ck_assert_uint_eq(x.rule, SAMPLE_TWO);
    shunt_ticket_set_at(d.k, 0); /* hours were remembered for another time */
    shunt_match(d.k, &x);
    ck_assert_uint_eq(x.rule, SAMPLE_OTHERWISE);
    close_desk(&d);
}
END_TEST

/* ---- threads ---- */

struct worker {
    const struct shunt_table *t;
    uint32_t decided[3]; /* how often each of the tickets below went as it should */
};

static void *work(void *ctx)
{
    static const char *const wanted[] = {"first", "otherwise", "two"};
    static const char *const tickets[] = {"labels=refund", "subject=xaby", "channel=email at=32400"};
    struct worker *w = ctx;
    struct desk d = {NULL, w->t, NULL};
    if (shunt_ticket_new(w->t, NULL, &d.k) != SHUNT_OK) return NULL;
    for (int i = 0; i < 3000; i++) {
        struct shunt_decision x;
        say(&d, tickets[i % 3]);
        shunt_match(d.k, &x);
        w->decided[i % 3] += strcmp(shunt_rule_name(w->t, x.rule, NULL).bytes, wanted[i % 3]) == 0;
    }
    shunt_ticket_free(d.k);
    return NULL;
}

START_TEST(commands_12_many_threads_on_one_table)
{
    enum { THREADS = 4 };
    struct desk d = open_sample();
    struct worker workers[THREADS] = {{NULL, {0}}};
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        workers[i].t = d.t;
        ck_assert_int_eq(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        for (int j = 0; j < 3; j++) ck_assert_uint_eq(workers[i].decided[j], 1000);
    }
    close_desk(&d);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("match");
    TCase *t = tcase_create("match");
    tcase_set_timeout(t, 30);
    tcase_add_test(t, language_5_the_sample_decides);
    tcase_add_test(t, language_5_3_effects_add_up_in_order);
    tcase_add_test(t, language_4_3_what_is_not_carried_is_false);
    tcase_add_loop_test(t, architecture_the_index_answers_as_the_scan, 0, 100);
    tcase_add_test(t, format_8_in_a_bucket_of_any_length_the_first_that_matches_decides);
    tcase_add_test(t, format_8_a_ticket_of_many_labels_finds_every_pair);
    tcase_add_test(t, format_8_rules_of_a_channel_alone_are_found);
    tcase_add_test(t, language_4_4_many_patterns_in_a_long_text);
    tcase_add_test(t, commands_12_matching_allocates_nothing);
    tcase_add_test(t, commands_12_a_ticket_can_go_on);
    tcase_add_test(t, commands_12_many_threads_on_one_table);
    suite_add_tcase(suite, t);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
