/*
 * Instants, one for each way in which hours and dates can come out together between 2000 and 2100.
 *
 * Every instant at which anything changes is noted: where hours open and close, as the runtime says, and each local
 * midnight of the policy's zone. Between two of them nothing changes, so the first instant of each stretch is tried.
 */
#include "brute.h"

#include <stdlib.h>

#define FROM INT64_C(946684800)
#define TO INT64_C(4102444800)
#define FAR (INT64_C(800) * 86400)

struct changes {
    struct brute *b;
    LIST(int64_t) at;
    LIST(uint64_t) done; /* what was looked at */
    LIST(const struct node *) tests;
    LIST(uint64_t) found;
};

static int32_t as_day(le32_t v)
{
    return (int32_t)le32(v);
}

/* The day's place in a leap year. */
static int32_t yearly_place(int64_t day)
{
    static const int before[] = {0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335, 366};
    int year = (int)(day / 366 + 1969);
    while (civil_days(year + 1, 1, 1) <= day) year++;
    int place = (int)(day - civil_days(year, 1, 1));
    bool leap = civil_days(year + 1, 1, 1) - civil_days(year, 1, 1) == 366;
    return place + (!leap && place >= before[2] - 1);
}

bool in_windows(const struct table_view *v, uint32_t set, int64_t day)
{
    const struct tf_window_set *w = &v->WINDOW_SET.at[set];
    uint32_t dated = le32(w->dated_count), all = dated + le32(w->yearly_count);
    for (uint32_t i = 0; i < all; i++) {
        const struct tf_range *r = &v->WINDOW.at[le32(w->first) + i];
        int64_t from = as_day(r->from), to = as_day(r->to), at = i < dated ? day : yearly_place(day);
        if (from <= to ? from <= at && at <= to : at >= from || at <= to) return true;
    }
    return false;
}

static bool done_before(struct changes *c, uint64_t key)
{
    for (int i = 0; i < c->done.count; i++)
        if (c->done.at[i] == key) return true;
    *list_push(c->b->g, &c->done) = key;
    return false;
}

static void hours_changes(struct changes *c, uint32_t side, uint32_t hours)
{
    const struct shunt_table *t = c->b->sides[side].table;
    for (int64_t at = FROM, next; at < TO; at = next) {
        bool open = shunt_hours_open(t, hours, at);
        if (!(open ? shunt_hours_next_closing : shunt_hours_next_opening)(t, hours, at, &next))
            next = at + FAR; /* nothing until then */
        if (next < TO) *list_push(c->b->g, &c->at) = next;
    }
}

/* Local midnights, and every second of an hour in which the clock is changed. */
static void midnights(struct changes *c, uint32_t side)
{
    const struct shunt_table *t = c->b->sides[side].table;
    if (done_before(c, UINT64_C(1) << 60 | side)) return;
    int32_t offset = shunt_table_offset(t, FROM, NULL);
    for (int64_t at = FROM; at < TO; at += 3600) {
        int32_t next = shunt_table_offset(t, at + 3600, NULL);
        if (next != offset)
            for (int64_t s = at; s < at + 3600; s++) *list_push(c->b->g, &c->at) = s;
        else if ((at + offset + 3600) / 86400 != (at + offset) / 86400)
            *list_push(c->b->g, &c->at) = (at + offset + 3600) / 86400 * 86400 - offset;
        offset = next;
    }
}

static int by_time(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* The tests that ask for something else than those before them: a test of each hours and each dates. */
static void note_test(struct changes *c, const struct node *n)
{
    const uint8_t *at = n->operands;
    uint32_t index = leb(&at);
    if (done_before(c, (uint64_t)n->op << 40 | (uint64_t)n->side << 32 | index)) return;
    *list_push(c->b->g, &c->tests) = n;
    if (n->op == TF_OP_DURING)
        hours_changes(c, n->side, index);
    else
        midnights(c, n->side);
}

static bool is_new(struct changes *c, uint64_t bits)
{
    for (int i = 0; i < c->found.count; i++)
        if (c->found.at[i] == bits) return false;
    *list_push(c->b->g, &c->found) = bits;
    return true;
}

void time_cells(struct brute *b, struct axis *x)
{
    struct changes c = {.b = b};
    *list_push(b->g, &c.at) = FROM;
    for (int i = 0; i < x->tests.count; i++) note_test(&c, x->tests.at[i]);
    qsort(c.at.at, (size_t)c.at.count, sizeof *c.at.at, by_time);
    for (int i = 0; i < c.at.count; i++) {
        struct cell cell = {.carried = true, .at = c.at.at[i]};
        uint64_t bits = 0;
        if (i && c.at.at[i] == c.at.at[i - 1]) continue;
        for (int t = 0; t < c.tests.count && t < 64; t++)
            bits |= (uint64_t)test_holds(b, c.tests.at[t], &cell) << t;
        if (is_new(&c, bits)) *list_push(b->g, &x->cells) = cell;
    }
}
