/*
 * Tickets of a batch where the index has few entries: runtime/few.c. What is decided is held against the
 * scan, for every ticket that there can be of the names of a policy.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../runtime/batch.h"
#include "../../runtime/scan.h"
#include "matched.h"
#include "run_suite.h"

#define HEAD                                                                                                 \
    "shunt: 1\ntimezone: UTC\nchannels: [email, webchat]\n"                                                  \
    "fields: {total: number, gold: bool, plan: [free, pro]}\n"                                               \
    "hours: {day: {weekly: {mon-sun: 09:00-17:00}}}\n"                                                       \
    "agents: {anna: {skills: [sv]}}\nteams: {one: {agents: [anna]}}\nrules:\n"
#define CHANNELS_13                                                                                          \
    "shunt: 1\nchannels: [c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12]\nagents: [a]\n"             \
    "teams: {one: {agents: [a]}}\nrules:\n"
/* Eleven names of rule %1$d that stand side by side among all. */
#define NAMES                                                                                                \
    "n%1$02da, n%1$02db, n%1$02dc, n%1$02dd, n%1$02de, n%1$02df, n%1$02dg, n%1$02dh, n%1$02di, n%1$02dj, "   \
    "n%1$02dk"
#define CARRIED                                                                                              \
    "labels=n%1$02da labels=n%1$02db labels=n%1$02dc labels=n%1$02dd labels=n%1$02de labels=n%1$02df "       \
    "labels=n%1$02dg labels=n%1$02dh labels=n%1$02di labels=n%1$02dj labels=n%1$02dk"
#define TAIL "otherwise: unassigned\n"

static const char *const plain_rules[] = {"one: labels has a and not labels has b", "two: labels has b",
                                          NULL};

static struct matched d;

static void open_policy(const char *text)
{
    if (d.t) matched_close(&d);
    d = matched_policy(text);
}

/* Each "NAME: CONDITION", up to NULL. */
static void open_rules(const char *head, const char *const *rules)
{
    char text[4000];
    int len = sprintf(text, "%s", head);
    for (; *rules; rules++) {
        const char *when = strchr(*rules, ':');
        len += sprintf(text + len, "  - {rule: %.*s, when: '%s', to: one}\n", (int)(when - *rules), *rules,
                       when + 2);
    }
    sprintf(text + len, TAIL);
    open_policy(text);
}

static void setup(void)
{
    open_rules(HEAD, plain_rules);
}
static void teardown(void)
{
    matched_close(&d);
    d = (struct matched){0};
}

/* How many entries ask code. */
static uint32_t asked(const struct matched *of)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < of->t->INDEX_ENTRY_count; i++) count += of->batch->few->key[i] & 1;
    return count;
}

/* ---- every ticket ---- */

enum { LABELS = 8, MASKS = 1 << LABELS, OTHERS = 3 * 4 * 3 * 2 * 3 };

/* Labels a to h by bits; the channel, the priority, gold, plan, total, and the time by `other`. */
static void write_ticket(char *out, uint32_t labels, uint32_t other)
{
    static const char *const channels[] = {"", " channel=email", " channel=webchat"};
    static const char *const priorities[] = {"low", "normal", "high", "urgent"};
    static const char *const gold[] = {"", " gold=true", " gold=false"};
    static const char *const plan[] = {"", " plan=pro"};
    static const char *const rest[] = {"", " total=10 at=43200", " total=9 at=3600"};
    out += sprintf(out, "priority=%s%s%s%s%s", priorities[other / 3 % 4], channels[other % 3],
                   gold[other / 12 % 3], plan[other / 36 % 2], rest[other / 72]);
    for (int i = 0; i < LABELS; i++)
        if (labels >> i & 1) out += sprintf(out, " labels=%c", 'a' + i);
}

static void expect_as_scanned(struct matched *of, const char *ticket, uint32_t *decided)
{
    struct shunt_decision want, x;
    matched_say(of, ticket);
    sh_match_scan(of->k, &want);
    shunt_batch_clear(of->batch);
    ck_assert_int_eq(shunt_batch_add(of->batch, of->k), SHUNT_OK);
    for (int plain = 0; plain < 2; plain++) {
        (plain ? sh_batch_match_plain : shunt_batch_match)(of->batch, 0, of->room, &x);
        if (x.rule != want.rule || x.priority != want.priority)
            ck_abort_msg("%s: %u %u, not %u %u", ticket, x.rule, x.priority, want.rule, want.priority);
    }
    decided[want.rule]++;
}

/* Every rule decides one at least, and otherwise, too. */
static void expect_all_as_scanned(const char *const *rules, uint32_t asking)
{
    char ticket[200];
    uint32_t decided[64] = {0};
    open_rules(HEAD, rules);
    for (struct matched *of = &d; of; of = of->wide) {
        ck_assert_ptr_nonnull(of->batch->few);
        ck_assert_uint_eq(asked(of), asking);
        for (uint32_t other = 0; other < OTHERS; other++) {
            for (uint32_t labels = 0; labels < MASKS; labels += 1 + 2 * (other % 4)) {
                write_ticket(ticket, labels, other);
                expect_as_scanned(of, ticket, decided);
            }
        }
    }
    for (uint32_t rule = 0; rule < d.t->RULE_count; rule++)
        if (decided[rule] == 0) ck_abort_msg("rule %u decides nothing", rule);
}

/* What two facts and a guard do not say is read from the code, which is not asked then. */
START_TEST(commands_12_conditions_of_facts_and_priorities)
{
    static const char *const rules[] = {
        "all: labels has all (a, b, c, d, e)",
        "none: labels has all (e, f) and labels has none (a, b, c)",
        "either: labels has all (a, d, e) and not labels has b or channel == email and labels has all (f, h)",
        "turned: channel == webchat and labels has all (f, h) or labels has all (b, d, e) and not gold",
        "from: priority >= urgent and labels has all (b, c, h)",
        "below: priority < normal and labels has all (b, c, g)",
        "some: priority in (low, high) and labels has all (a, b, f)",
        "other: not priority in (low, high) and labels has all (a, c, f)",
        "gold: gold and labels has all (g, h) and not labels has a",
        "plain: not gold and labels has all (b, d, g)",
        "bare: not channel exists and labels has a",
        "mail: channel == email and priority == high",
        NULL,
    };
    expect_all_as_scanned(rules, 0);
}
END_TEST

/* What code is asked for: this or that, numbers, hours, whether something exists, another attribute's value.
 */
START_TEST(commands_12_conditions_whose_code_is_asked)
{
    static const char *const rules[] = {
        "nested: labels has all (a, b) and (labels has c or labels has d) and labels has e",
        "not: labels has all (a, f, g) and not (labels has b and labels has c)",
        "not all: labels has all (b, c, h) and not labels has all (a, d)",
        "number: total >= 10 and labels has all (b, d, e)",
        "lower: total < 10 and labels has all (b, f)",
        "hours: during day and labels has g and not labels has a",
        "exists: plan exists and labels has all (a, h) and not labels has b",
        "few: plan < pro or labels has all (c, d, e, f)",
        "channels: channel in (email, webchat) and labels has all (a, c, d)",
        "facts: labels has h and not labels has g",
        "above: total > 9",
        NULL,
    };
    expect_all_as_scanned(rules, 10);
}
END_TEST

/* Two alternatives whose rarest and commonest facts are the same are one entry: it has no room for both. */
START_TEST(commands_12_alternatives_that_are_more_than_entries)
{
    static const char *const rules[] = {
        "r: labels has all (a, b, e) or labels has all (a, c, e)",
        "both: labels has all (b, c) and priority == low",
        "b: labels has b and priority == low",
        "c: labels has c and priority == low",
        "low: labels has e and priority == low",
        "high: labels has e and priority == high",
        NULL,
    };
    open_rules(HEAD, rules);
    ck_assert_uint_eq(d.t->INDEX_ENTRY_count, 6);
    ck_assert_uint_eq(asked(&d), 1);
    matched_expect(&d, "labels=a labels=b labels=e", "r normal one");
    matched_expect(&d, "labels=a labels=c labels=e", "r normal one");
    matched_expect(&d, "labels=a labels=e", "otherwise normal nobody");
    matched_expect(&d, "labels=a labels=e priority=high", "high high one");
}
END_TEST

/* As no table of ours has it: an entry more than its rule has alternatives. */
START_TEST(commands_12_entries_that_are_more_than_alternatives)
{
    static const char *const rules[] = {
        "r: labels has all (a, b, c)",
        NULL,
    };
    struct sh_few *few;
    struct shunt_table t;
    struct tf_entry entries[2];
    uint8_t sigs[2 * TF_SIG_LEN + TF_SIG_SPARE] = {0}, answers[SH_FEW_BYTES] = {0};
    struct shunt_hooks hooks = sh_hooks(NULL);
    open_rules(HEAD, rules);
    ck_assert_uint_eq(d.t->INDEX_ENTRY_count, 1);
    entries[0] = entries[1] = d.t->INDEX_ENTRY[0];
    t = *d.t;
    t.INDEX_ENTRY = entries, t.INDEX_ENTRY_count = 2, t.INDEX_SIG = sigs;
    ck_assert_int_eq(sh_few_new(&t, &hooks, &few), SHUNT_OK);
    matched_say(&d, "labels=a labels=b");
    sh_few_answer(few, d.k, answers);
    ck_assert_uint_eq(sh_few_key(few, answers), 1 << 1);
    matched_say(&d, "labels=a labels=b labels=c");
    sh_few_answer(few, d.k, answers);
    ck_assert_uint_eq(sh_few_key(few, answers), 0);
    sh_few_free(few, &hooks);
}
END_TEST

/* ---- how many ---- */

/* So many rules; of the i-th `when` is printed with i. */
static void open_many(int count, const char *when)
{
    char *text = malloc((size_t)count * 200 + 1000);
    int len = sprintf(text, HEAD);
    for (int i = 0; i < count; i++) {
        len += sprintf(text + len, "  - {rule: r%d, when: '", i);
        len += sprintf(text + len, when, i);
        len += sprintf(text + len, "', to: one}\n");
    }
    sprintf(text + len, TAIL);
    open_policy(text);
    free(text);
}

/* A ticket for each, and one that carries what all of them want: the first rule decides. */
static void expect_rules(int count, const char *carries)
{
    char ticket[300], want[100], all[1000];
    int len = 0;
    for (int i = 0; i < count; i++) {
        sprintf(ticket, carries, i);
        sprintf(want, "r%d normal one", i);
        matched_expect(&d, ticket, want);
        if (len < 500) len += sprintf(all + len, " %s", ticket);
    }
    matched_expect(&d, all + 1, "r0 normal one");
    matched_expect(&d, "labels=other", "otherwise normal nobody");
    matched_expect(&d, "", "otherwise normal nobody");
}

START_TEST(commands_12_as_many_entries_as_there_may_be)
{
    for (int count = 1; count <= TF_FLAT_MAX + 1; count++) {
        open_many(count, "labels has l%1$d");
        ck_assert_int_eq(d.batch->few != NULL, count <= TF_FLAT_MAX);
        expect_rules(count, "labels=l%1$d");
    }
}
END_TEST

/* Of how many eights of facts entries ask for one. */
static uint32_t eights(void)
{
    bool asked_for[1000] = {false};
    uint32_t count = 0;
    for (uint32_t i = 0; i < d.t->INDEX_ENTRY_count; i++) {
        asked_for[le32(d.t->INDEX_ENTRY[i].also) / 8] = true;
        asked_for[(le32(d.t->INDEX_ENTRY[i].third) >> 1) / 8] = true;
    }
    for (uint32_t i = 0; i < sizeof asked_for; i++) count += asked_for[i];
    return count;
}

/* Of each rule eleven names of its own, of which its entry asks for two, and its code for all. */
START_TEST(commands_12_as_many_facts_as_there_may_be)
{
    const uint32_t most = SH_FEW_BYTES - SH_FEW_GUARD;
    bool all = false, some = false, none = false;
    for (int count = 1; count <= TF_FLAT_MAX && !none; count++) {
        open_many(count, "labels has all (" NAMES ")");
        ck_assert_int_eq(d.batch->few != NULL, eights() <= most);
        none = !d.batch->few;
        all |= !none && asked(&d) == 0;
        some |= !none && asked(&d) > 0;
        expect_rules(count, CARRIED);
    }
    ck_assert(all && some && none);
}
END_TEST

/* Where a bit of the guard stands for several. */
START_TEST(commands_12_more_channels_than_a_guard_tells_apart)
{
    static const char *const rules[] = {
        "first: channel == c0 and labels has a",
        "last: channel == c11",
        "some: channel in (c1, c2) and labels has b",
        "not: labels has a and not channel == c12",
        NULL,
    };
    open_rules(CHANNELS_13, rules);
    ck_assert_ptr_nonnull(d.batch->few);
    matched_expect(&d, "channel=c0 labels=a", "first normal one");
    matched_expect(&d, "channel=c11 labels=a", "last normal one");
    matched_expect(&d, "channel=c0", "otherwise normal nobody");
    matched_expect(&d, "channel=c12 labels=a", "otherwise normal nobody");
    matched_expect(&d, "channel=c12 labels=b", "otherwise normal nobody");
    matched_expect(&d, "channel=c1 labels=b", "some normal one");
    matched_expect(&d, "labels=a labels=b", "not normal one");
}
END_TEST

/* ---- what becomes of it ---- */

START_TEST(commands_12_effects_of_few)
{
    open_policy(HEAD "  - {rule: add, when: labels has a, add: {labels: [b, c]}, raise: {priority: high}, "
                     "require: {skills: [sv]}, to: one}\n"
                     "  - {rule: set, when: labels has b, set: {priority: low}, to: one}\n" TAIL);
    ck_assert_ptr_nonnull(d.batch->few);
    for (int i = 0; i < 2; i++) {
        matched_expect(&d, "labels=a", "add high one +b +c !sv");
        matched_expect(&d, "labels=a priority=urgent", "add urgent one +b +c !sv");
        matched_expect(&d, "labels=b", "set low one");
        matched_expect(&d, "priority=low", "otherwise low nobody");
    }
}
END_TEST

START_TEST(commands_12_rules_that_continue_are_not_few)
{
    open_policy(HEAD "  - {rule: note, when: labels has a, add: {labels: [b]}, continue: true}\n"
                     "  - {rule: r, when: labels has c, to: one}\n" TAIL);
    ck_assert_ptr_null(d.batch->few);
    matched_expect(&d, "labels=a labels=c", "r normal one +b");
}
END_TEST

/* ---- the batch ---- */

static const char *const tickets[] = {"labels=a", "labels=a labels=b", "labels=c"};

static void expect_third(size_t i)
{
    struct shunt_decision x;
    shunt_batch_match(d.batch, i, d.room, &x);
    ck_assert_uint_eq(x.rule, i % 3);
}

START_TEST(commands_12_few_are_cleared_and_filled_anew)
{
    open_rules(HEAD, plain_rules);
    for (size_t from = 0; from < 3; from++) {
        for (size_t i = from; i < 40; i++) {
            matched_say(&d, tickets[i % 3]);
            ck_assert_int_eq(shunt_batch_add(d.batch, d.k), SHUNT_OK);
        }
        for (size_t i = from; i < 40; i++) {
            struct shunt_decision x;
            shunt_batch_match(d.batch, i - from, d.room, &x);
            ck_assert_uint_eq(x.rule, i % 3);
        }
        shunt_batch_clear(d.batch);
    }
}
END_TEST

/* What was said to the room counts for nothing, and is gone. */
START_TEST(commands_12_a_room_that_was_said_to)
{
    static const char *const said[] = {"labels=b", "priority=urgent", "channel=email", "at=5", "gold=true"};
    struct shunt_decision x;
    open_rules(HEAD, plain_rules);
    matched_say(&d, "labels=a");
    ck_assert_int_eq(shunt_batch_add(d.batch, d.k), SHUNT_OK);
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        matched_say(&d, said[i]);
        shunt_batch_match(d.batch, 0, d.k, &x);
        ck_assert_uint_eq(x.rule, 0);
        ck_assert_uint_eq(x.priority, SHUNT_PRIORITY_NORMAL);
        ck_assert_uint_eq(d.k->carried_count, 0);
        ck_assert_uint_eq(d.k->front.guard, sh_guard_of_nothing());
        ck_assert_int_eq(d.k->at_sec, 0);
        shunt_match(d.k, &x);
        ck_assert_uint_eq(x.rule, 2);
    }
}
END_TEST

START_TEST(commands_12_memory_of_few_that_runs_out)
{
    struct failing memory = {0, 0};
    struct shunt_hooks hooks = failing_hooks(&memory);
    size_t failures = 0;
    open_rules(HEAD, plain_rules);
    for (uint64_t left = 0; left < 2; left++) {
        struct shunt_batch *batch = NULL;
        memory.left = left;
        ck_assert_int_eq(shunt_batch_new(d.t, &hooks, &batch), SHUNT_NO_MEMORY);
        ck_assert_ptr_null(batch);
        ck_assert_uint_eq(memory.bytes, 0);
    }
    for (size_t n = 0; n < 300; n++) {
        matched_say(&d, tickets[n % 3]);
        for (uint64_t left = 0;; left++, failures++) {
            d.memory->left = left;
            enum shunt_status status = shunt_batch_add(d.batch, d.k);
            d.memory->left = UINT64_MAX;
            if (status == SHUNT_OK) break;
            ck_assert_int_eq(status, SHUNT_NO_MEMORY);
            ck_assert_uint_eq(shunt_batch_count(d.batch), n);
        }
        expect_third(n);
    }
    ck_assert_uint_gt(failures, 10);
    for (size_t n = 0; n < 300; n++) expect_third(n);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("few");
    TCase *t = tcase_create("few");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, commands_12_conditions_of_facts_and_priorities);
    tcase_add_test(t, commands_12_conditions_whose_code_is_asked);
    tcase_add_test(t, commands_12_alternatives_that_are_more_than_entries);
    tcase_add_test(t, commands_12_entries_that_are_more_than_alternatives);
    tcase_add_test(t, commands_12_as_many_entries_as_there_may_be);
    tcase_add_test(t, commands_12_as_many_facts_as_there_may_be);
    tcase_add_test(t, commands_12_more_channels_than_a_guard_tells_apart);
    tcase_add_test(t, commands_12_effects_of_few);
    tcase_add_test(t, commands_12_rules_that_continue_are_not_few);
    tcase_add_test(t, commands_12_few_are_cleared_and_filled_anew);
    tcase_add_test(t, commands_12_a_room_that_was_said_to);
    tcase_add_test(t, commands_12_memory_of_few_that_runs_out);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
