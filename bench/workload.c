/* A seed to rules and tickets: see workload.h. */
#include "workload.h"
#include "calendar.h"
#include "measure.h"

#include <stdlib.h>
#include <string.h>

const char *const channel_names[CHANNEL_COUNT] = {"email", "webchat", "phone", "social", "sms"};
const char *const priority_names[4] = {"low", "normal", "high", "urgent"};
const char *const plan_names[PLAN_COUNT] = {"free", "pro", "business", "enterprise"};
const char *const hours_names[HOURS_COUNT] = {"office", "weekend", "nights"};
const char *const exists_names[EXISTS_COUNT] = {"customer", "plan", "order_total", "segments"};

static const double channel_shares[CHANNEL_COUNT] = {.45, .25, .15, .10, .05};
static const double priority_shares[4] = {.35, .35, .20, .10};
static const double plan_shares[PLAN_COUNT + 1] = {.35, .20, .10, .05, .30}; /* the last: not carried */
static const double hours_shares[HOURS_COUNT] = {.24, .29, .76};
static const double exists_shares[EXISTS_COUNT] = {.60, .70, .50, 6.0 / 7};

/* ---- names ---- */

/* Four or five of these make a word. */
static const char *const syllables[] = {"ba",  "ce",  "dor", "fi",  "gul", "ha",  "jin", "ko",
                                        "lem", "mu",  "na",  "pri", "qua", "ro",  "ste", "ti",
                                        "ul",  "ver", "wa",  "xen", "yo",  "zil", "bri", "con"};
enum { SYLLABLE_COUNT = sizeof syllables / sizeof *syllables };

static void spell_word(uint32_t number, char *out)
{
    uint32_t rest = number * 7919 % 331776; /* 24 to the fourth: a permutation of what is below it */
    *out = '\0';
    for (int i = 0; i < 4; i++, rest /= SYLLABLE_COUNT) strcat(out, syllables[rest % SYLLABLE_COUNT]);
}

/* 0 to count - 1 in an order of its own, so that the order of names is not that of their likelihood. */
static uint32_t *shuffled(uint32_t count, uint64_t seed)
{
    struct draw d = {seed};
    uint32_t *at = need(NULL, count * sizeof *at);
    for (uint32_t i = 0; i < count; i++) at[i] = i;
    for (uint32_t i = count; i > 1; i--) {
        uint32_t k = draw_below(&d, i), was = at[k];
        at[k] = at[i - 1], at[i - 1] = was;
    }
    return at;
}

/* Labels as admins make them: a word and a number. */
static void name_labels(struct vocabulary *v)
{
    uint32_t *order = shuffled(NAME_COUNT, 4242);
    for (uint32_t i = 0; i < NAME_COUNT; i++) {
        char word[NAME_LEN];
        spell_word(order[i] % 60, word);
        snprintf(v->labels[i], NAME_LEN, "%.8s_%u", word, order[i]);
    }
    free(order);
}

static void name_segments(struct vocabulary *v)
{
    uint32_t *order = shuffled(NAME_COUNT, 4243);
    for (uint32_t i = 0; i < NAME_COUNT; i++) snprintf(v->segments[i], NAME_LEN, "seg-%05u", order[i]);
    free(order);
}

static double *chances(const struct zipf *z, uint32_t least, uint32_t most)
{
    double *at = need(NULL, z->count * sizeof *at);
    for (uint32_t i = 0; i < z->count; i++) at[i] = zipf_chance(z, i, least, most);
    return at;
}

void vocabulary_init(struct vocabulary *v)
{
    zipf_init(&v->names, NAME_COUNT);
    zipf_init(&v->words, WORD_COUNT);
    v->labels = need(NULL, NAME_COUNT * sizeof *v->labels);
    v->segments = need(NULL, NAME_COUNT * sizeof *v->segments);
    v->text_words = need(NULL, WORD_COUNT * sizeof *v->text_words);
    name_labels(v);
    name_segments(v);
    for (uint32_t i = 0; i < WORD_COUNT; i++) spell_word(100 + i, v->text_words[i]);
    v->label_chance = chances(&v->names, 0, LABELS_MAX);
    v->segment_chance = chances(&v->names, 0, SEGMENTS_MAX);
    v->subject_chance = chances(&v->words, 4, SUBJECT_MAX);
    v->body_chance = chances(&v->words, BODY_LEN, BODY_LEN);
}

void vocabulary_release(struct vocabulary *v)
{
    void *all[] = {v->labels,         v->segments,       v->text_words, v->label_chance,
                   v->segment_chance, v->subject_chance, v->body_chance};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
    zipf_release(&v->names);
    zipf_release(&v->words);
}

/* ---- tickets ---- */

static uint8_t draw_places(struct draw *d, const struct zipf *z, uint32_t most, uint16_t *out)
{
    uint32_t want = draw_below(d, most + 1);
    uint8_t count = 0;
    while (want-- > 0) {
        uint16_t place = (uint16_t)zipf_draw(z, d);
        uint8_t i = 0;
        while (i < count && out[i] != place) i++;
        if (i == count) out[count++] = place;
    }
    return count;
}

static void draw_ticket(struct draw *d, const struct vocabulary *v, struct drawn_ticket *t)
{
    enum { FROM_DAY = 20089, DAYS = 365 }; /* 2025 */
    t->at_sec = (int64_t)(FROM_DAY + draw_below(d, DAYS)) * CAL_DAY_SEC + draw_below(d, CAL_DAY_SEC);
    t->channel = (uint8_t)draw_weighted(d, channel_shares, CHANNEL_COUNT);
    t->priority = (uint8_t)draw_weighted(d, priority_shares, 4);
    t->label_count = draw_places(d, &v->names, LABELS_MAX, t->labels);
    t->segment_count = draw_places(d, &v->names, SEGMENTS_MAX, t->segments);
    t->plan = (uint8_t)draw_weighted(d, plan_shares, PLAN_COUNT + 1);
    t->total = (uint16_t)(draw_below(d, 2) * draw_from(d, 1, 999));
    t->customer = draw_below(d, 10) < 6 ? draw_from(d, 1, 99999) : 0;
    t->subject_len = (uint8_t)draw_from(d, 4, SUBJECT_MAX);
    for (uint32_t i = 0; i < t->subject_len; i++) t->subject[i] = (uint16_t)zipf_draw(&v->words, d);
    for (uint32_t i = 0; i < BODY_LEN; i++) t->body[i] = (uint16_t)zipf_draw(&v->words, d);
}

struct drawn_ticket *draw_tickets(const struct vocabulary *v, uint32_t count)
{
    struct draw d = {20250101};
    struct drawn_ticket *tickets = need(NULL, count * sizeof *tickets);
    for (uint32_t i = 0; i < count; i++) draw_ticket(&d, v, &tickets[i]);
    return tickets;
}

/* ---- rules ---- */

static struct test draw_plain_test(struct draw *d, const struct vocabulary *v)
{
    static const double shares[] = {.18, .16, .36, .30};
    switch (draw_weighted(d, shares, 4)) {
    case TEST_CHANNEL: return (struct test){TEST_CHANNEL, draw_below(d, CHANNEL_COUNT)};
    case TEST_PRIORITY: return (struct test){TEST_PRIORITY, draw_from(d, 1, 3)};
    case TEST_LABEL: return (struct test){TEST_LABEL, zipf_draw(&v->names, d)};
    }
    return (struct test){TEST_SEGMENT, zipf_draw(&v->names, d)};
}

static struct test draw_mixed_test(struct draw *d, const struct vocabulary *v)
{
    static const double shares[] = {.20, .08, .20, .18, .10, .14, .10};
    uint32_t kind = TEST_SUBJECT + draw_weighted(d, shares, 7);
    switch (kind) {
    case TEST_TOTAL: return (struct test){kind, draw_from(d, 1, 999)};
    case TEST_PLAN: return (struct test){kind, draw_below(d, PLAN_COUNT)};
    case TEST_HOURS: return (struct test){kind, draw_below(d, HOURS_COUNT)};
    case TEST_EXISTS: return (struct test){kind, draw_below(d, EXISTS_COUNT)};
    }
    return (struct test){kind, zipf_draw(&v->words, d)};
}

/* The share of the tickets for which the test is thought to hold. */
static double chance(const struct vocabulary *v, struct test t)
{
    double sum = 0;
    switch ((enum test_kind)t.kind) {
    case TEST_CHANNEL: return channel_shares[t.value];
    case TEST_PRIORITY:
        for (uint32_t p = t.value; p < 4; p++) sum += priority_shares[p];
        return sum;
    case TEST_LABEL: return v->label_chance[t.value];
    case TEST_SEGMENT: return v->segment_chance[t.value];
    case TEST_NOT_LABEL: return 1 - v->label_chance[t.value];
    case TEST_SUBJECT: return v->subject_chance[t.value];
    case TEST_SUBJECT_STARTS: return zipf_chance(&v->words, t.value, 1, 1);
    case TEST_BODY: return v->body_chance[t.value];
    case TEST_TOTAL: return .5 * (1000 - t.value) / 999;
    case TEST_PLAN: return plan_shares[t.value];
    case TEST_HOURS: return hours_shares[t.value];
    case TEST_EXISTS: return exists_shares[t.value];
    }
    return 1;
}

/* Of names, each once; of the rest, one of a kind. */
static bool may_join(const struct conj *c, struct test t)
{
    bool many = t.kind == TEST_LABEL || t.kind == TEST_SEGMENT || t.kind == TEST_NOT_LABEL;
    for (uint32_t i = 0; i < c->count; i++) {
        struct test u = c->tests[i];
        bool same_kind = u.kind == t.kind || (t.kind == TEST_NOT_LABEL && u.kind == TEST_LABEL);
        if (same_kind && (!many || u.value == t.value)) return false;
    }
    return true;
}

/* mixed: one test or two are of the other kinds. Returns its chance, as if its tests had nothing to do with
 * each other. */
static double draw_conj(struct draw *d, const struct vocabulary *v, bool mixed, struct conj *c)
{
    uint32_t want = draw_from(d, 1, 4), others = mixed ? draw_from(d, 1, 2) : 0;
    double q = 1;
    c->count = 0;
    while (c->count < want) {
        struct test t = c->count < others ? draw_mixed_test(d, v) : draw_plain_test(d, v);
        if (!may_join(c, t)) continue;
        c->tests[c->count++] = t;
        q *= chance(v, t);
    }
    return q;
}

static double add_not(struct draw *d, const struct vocabulary *v, struct conj *c)
{
    struct test t;
    do t = (struct test){TEST_NOT_LABEL, zipf_draw(&v->names, d)};
    while (!may_join(c, t));
    c->tests[c->count++] = t;
    return chance(v, t);
}

static double draw_rule(struct draw *d, const struct workload *w, struct drawn_rule *r)
{
    bool mixed = w->mixed && draw_below(d, 3) == 0;
    double q = 0;
    r->count = draw_below(d, 5) == 0 ? 2 : 1;
    for (uint32_t i = 0; i < r->count; i++) q += draw_conj(d, w->v, mixed, &r->alternatives[i]);
    if (draw_below(d, 5) == 0) q *= add_not(d, w->v, &r->alternatives[draw_below(d, r->count)]);
    r->team = draw_below(d, TEAM_COUNT);
    return q;
}

void draw_rules(struct workload *w, uint64_t seed, double most)
{
    struct draw d = {seed};
    for (uint32_t i = 0; i < w->rule_count;) {
        if (draw_rule(&d, w, &w->rules[i]) <= most) i++;
    }
    w->most = most;
}

/* ---- the share that a rule may take ---- */

static double unmatched_share(const struct workload *w, const struct drawn_ticket *tickets)
{
    static uint32_t first[SAMPLE_COUNT];
    uint32_t none = 0;
    first_matches(w, tickets, SAMPLE_COUNT, first);
    for (uint32_t i = 0; i < SAMPLE_COUNT; i++) none += first[i] == NO_RULE;
    return (double)none / SAMPLE_COUNT;
}

static const double unmatched_wanted = .30;

static double off_by(double unmatched)
{
    return unmatched > unmatched_wanted ? unmatched - unmatched_wanted : unmatched_wanted - unmatched;
}

/* What was tried, if it comes nearer than the best so far. */
struct choice {
    uint64_t seed;
    double most, unmatched;
};

static void try_out(struct workload *w, const struct drawn_ticket *tickets, uint64_t seed, double most,
                    struct choice *best)
{
    draw_rules(w, seed, most);
    w->unmatched = unmatched_share(w, tickets);
    if (off_by(w->unmatched) < off_by(best->unmatched)) *best = (struct choice){seed, most, w->unmatched};
}

/* sqrt() without the mathematics library, whose last digit is the machine's. */
static double between(double low, double high)
{
    double x = high;
    for (int i = 0; i < 60; i++) x = (x + low * high / x) / 2;
    return x;
}

/* A larger share lets rules in that take more: fewer tickets are left. Halves the way, by ratio. */
static void choose_by_halves(struct workload *w, const struct drawn_ticket *tickets, uint64_t seed,
                             struct choice *best)
{
    double low = 1e-9, high = 1;
    for (int i = 0; i < 16 && off_by(best->unmatched) > .01; i++) {
        double most = between(low, high);
        try_out(w, tickets, seed, most, best);
        if (w->unmatched > unmatched_wanted)
            low = most;
        else
            high = most;
    }
}

/* Ten rules take now this much, now that: other seeds are tried until one fits. */
static void choose_by_seed(struct workload *w, const struct drawn_ticket *tickets, uint64_t seed,
                           struct choice *best)
{
    static const double shares[] = {.1, .3, .6, 1};
    for (uint32_t i = 0; i < 800 && off_by(best->unmatched) > .01; i++)
        try_out(w, tickets, seed + 1 + i / 4 * UINT64_C(7919), shares[i % 4], best);
}

void workload_draw(struct workload *w, const struct vocabulary *v, uint32_t rule_count, bool mixed,
                   const struct drawn_ticket *tickets)
{
    struct choice best = {1000 + rule_count, 1, 1};
    *w = (struct workload){.v = v, .rule_count = rule_count, .mixed = mixed};
    w->rules = need(NULL, rule_count * sizeof *w->rules);
    choose_by_halves(w, tickets, best.seed, &best);
    if (off_by(best.unmatched) > .02) choose_by_seed(w, tickets, best.seed, &best);
    draw_rules(w, best.seed, best.most);
    w->unmatched = best.unmatched;
}

void workload_release(struct workload *w)
{
    free(w->rules);
}
