/*
 * Tickets to the first rule that each matches, without shunt: the answers that shunt's must be, and the means
 * to choose how much a rule may take.
 *
 * Every alternative is filed under its rarest label, segment or word, so that only those are tried whose key
 * the ticket has. Plain, and fast enough to draw with.
 */
#include "calendar.h"
#include "measure.h"
#include "workload.h"

#include <stdlib.h>
#include <string.h>

/* ---- one test ---- */

static bool among(const uint16_t *at, uint32_t count, uint32_t value)
{
    for (uint32_t i = 0; i < count; i++) {
        if (at[i] == value) return true;
    }
    return false;
}

/* office: mon-fri 09:00-17:00; weekend: sat-sun; nights: outside office. */
static bool within(uint32_t hours, int64_t at_sec)
{
    int64_t day = cal_floor_div(at_sec, CAL_DAY_SEC), sec = at_sec - day * CAL_DAY_SEC;
    bool weekend = cal_weekday(day) >= 5;
    bool office = !weekend && sec >= 9 * 3600 && sec < 17 * 3600;
    return hours == 0 ? office : hours == 1 ? weekend : !office;
}

static bool carries(const struct drawn_ticket *k, uint32_t what)
{
    const bool carried[EXISTS_COUNT] = {k->customer > 0, k->plan<PLAN_COUNT, k->total> 0,
                                        k->segment_count > 0};
    return carried[what];
}

static bool test_holds(const struct drawn_ticket *k, struct test t)
{
    switch ((enum test_kind)t.kind) {
    case TEST_CHANNEL: return k->channel == t.value;
    case TEST_PRIORITY: return k->priority >= t.value;
    case TEST_LABEL: return among(k->labels, k->label_count, t.value);
    case TEST_SEGMENT: return among(k->segments, k->segment_count, t.value);
    case TEST_NOT_LABEL: return !among(k->labels, k->label_count, t.value);
    case TEST_SUBJECT: return among(k->subject, k->subject_len, t.value);
    case TEST_SUBJECT_STARTS: return k->subject[0] == t.value;
    case TEST_BODY: return among(k->body, BODY_LEN, t.value);
    case TEST_TOTAL: return k->total >= t.value;
    case TEST_PLAN: return k->plan == t.value;
    case TEST_HOURS: return within(t.value, k->at_sec);
    case TEST_EXISTS: return carries(k, t.value);
    }
    return false;
}

static bool conj_holds(const struct drawn_ticket *k, const struct conj *c)
{
    for (uint32_t i = 0; i < c->count; i++) {
        if (!test_holds(k, c->tests[i])) return false;
    }
    return true;
}

/* ---- keys ---- */

enum { KEY_SEGMENT = NAME_COUNT, KEY_WORD = 2 * NAME_COUNT, KEY_NONE = KEY_WORD + WORD_COUNT, KEY_COUNT };

static uint32_t key_of(struct test t)
{
    switch ((enum test_kind)t.kind) {
    case TEST_LABEL: return t.value;
    case TEST_SEGMENT: return KEY_SEGMENT + t.value;
    case TEST_SUBJECT:
    case TEST_SUBJECT_STARTS:
    case TEST_BODY: return KEY_WORD + t.value;
    default: return KEY_NONE;
    }
}

/* The place is the rarity; words stand for twice as many. */
static uint32_t best_key(const struct conj *c)
{
    uint32_t best = KEY_NONE, rarity = 0;
    for (uint32_t i = 0; i < c->count; i++) {
        uint32_t key = key_of(c->tests[i]);
        if (key == KEY_NONE || (best != KEY_NONE && c->tests[i].value <= rarity)) continue;
        best = key;
        rarity = c->tests[i].value;
    }
    return best;
}

/* ---- the files of alternatives ---- */

struct filed {
    uint32_t rule;
    const struct conj *conj;
};
struct files {
    uint32_t start[KEY_COUNT + 1]; /* by key: its part of `at`, by rule */
    struct filed *at;
};

/* Calls back for every alternative, in the order of the rules. */
static void each_conj(const struct workload *w, void (*take)(struct files *, struct filed, uint32_t key),
                      struct files *f)
{
    for (uint32_t r = 0; r < w->rule_count; r++) {
        for (uint32_t i = 0; i < w->rules[r].count; i++) {
            const struct conj *c = &w->rules[r].alternatives[i];
            take(f, (struct filed){r, c}, best_key(c));
        }
    }
}

static void count_one(struct files *f, struct filed one, uint32_t key)
{
    (void)one;
    f->start[key]++;
}

static void put_one(struct files *f, struct filed one, uint32_t key)
{
    f->at[f->start[key]++] = one;
}

/* Counts, turns counts to starts, and puts; putting moves each start to the next key's. */
static struct files *files_new(const struct workload *w)
{
    struct files *f = need(NULL, sizeof *f);
    memset(f->start, 0, sizeof f->start);
    each_conj(w, count_one, f);
    uint32_t sum = 0;
    for (uint32_t k = 0; k <= KEY_COUNT; k++) {
        uint32_t count = f->start[k];
        f->start[k] = sum;
        sum += count;
    }
    f->at = need(NULL, sum * sizeof *f->at);
    each_conj(w, put_one, f);
    memmove(f->start + 1, f->start, KEY_COUNT * sizeof *f->start);
    f->start[0] = 0;
    return f;
}

static uint32_t first_under(const struct files *f, const struct drawn_ticket *k, uint32_t key, uint32_t best)
{
    for (uint32_t i = f->start[key]; i < f->start[key + 1] && f->at[i].rule < best; i++) {
        if (conj_holds(k, f->at[i].conj)) return f->at[i].rule;
    }
    return best;
}

static uint32_t first_match(const struct files *f, const struct drawn_ticket *k, bool mixed)
{
    uint32_t best = first_under(f, k, KEY_NONE, NO_RULE);
    for (uint32_t i = 0; i < k->label_count; i++) best = first_under(f, k, k->labels[i], best);
    for (uint32_t i = 0; i < k->segment_count; i++)
        best = first_under(f, k, KEY_SEGMENT + k->segments[i], best);
    if (!mixed) return best;
    for (uint32_t i = 0; i < k->subject_len; i++) best = first_under(f, k, KEY_WORD + k->subject[i], best);
    for (uint32_t i = 0; i < BODY_LEN; i++) best = first_under(f, k, KEY_WORD + k->body[i], best);
    return best;
}

void first_matches(const struct workload *w, const struct drawn_ticket *tickets, uint32_t count,
                   uint32_t *first)
{
    struct files *f = files_new(w);
    for (uint32_t i = 0; i < count; i++) first[i] = first_match(f, &tickets[i], w->mixed);
    free(f->at);
    free(f);
}
