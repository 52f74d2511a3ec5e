/*
 * Instants, one for each way in which hours and dates can come out together between 2000 and 2100.
 *
 * Every instant at which anything may change is noted: where hours open and close, as the runtime says, each
 * local midnight of the policy's zone, each change of its clock. Between two of them nothing changes, so the
 * first instant of each stretch is tried.
 */
#include "brute.h"

#include <stdlib.h>

#define FROM INT64_C(946684800)
#define TO INT64_C(4102444800)
#define FAR (INT64_C(800) * 86400)

/* From an instant on a test holds, or does not. */
struct change {
    int64_t at;
    uint32_t test;
    bool holds;
};

struct changes {
    struct brute *b;
    LIST(struct change) list;
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

static void note(struct changes *c, int64_t at, uint32_t test, bool holds)
{
    if (at < TO) *list_push(c->b->g, &c->list) = (struct change){at, test, holds};
}

static void hours_changes(struct changes *c, uint32_t test, const struct shunt_table *t, uint32_t hours)
{
    bool open = shunt_hours_open(t, hours, FROM);
    note(c, FROM, test, open);
    for (int64_t at = FROM, next; at < TO; at = next) {
        if (!(open ? shunt_hours_next_closing : shunt_hours_next_opening)(t, hours, at, &next))
            next = at + FAR; /* nothing until then */
        else
            note(c, next, test, open = !open);
    }
}

/* The first second of another offset, in (at, to]. */
static int64_t clock_change(const struct shunt_table *t, int64_t at, int64_t to)
{
    int32_t offset = shunt_table_offset(t, at, NULL);
    while (to - at > 1) {
        int64_t mid = at + (to - at) / 2;
        if (shunt_table_offset(t, mid, NULL) == offset)
            at = mid;
        else
            to = mid;
    }
    return to;
}

/* Local midnights in (at, to], with one offset up to `to`; and `to`, where the clock changes then. */
static void days_changes(struct changes *c, uint32_t test, uint32_t side, uint32_t set)
{
    enum { STEP = 6 * 3600 };
    const struct shunt_table *t = c->b->sides[side].table;
    const struct table_view *v = &c->b->sides[side].v;
    for (int64_t at = FROM, next; at < TO; at = next) {
        int32_t offset = shunt_table_offset(t, at, NULL);
        int64_t local = at + offset, midnight = (local / 86400 + 1) * 86400 - offset;
        note(c, at, test, in_windows(v, set, local / 86400)); /* local days here are after 1970 */
        next = at + STEP;
        if (shunt_table_offset(t, next, NULL) != offset) next = clock_change(t, at, next);
        if (midnight < next) next = midnight;
    }
}

static bool done_before(struct changes *c, uint64_t key)
{
    for (int i = 0; i < c->done.count; i++)
        if (c->done.at[i] == key) return true;
    *list_push(c->b->g, &c->done) = key;
    return false;
}

/* The tests that ask for something else than those before them: a test of each hours and each dates. */
static void note_test(struct changes *c, const struct node *n)
{
    const struct tf_unit *at = n->operands;
    uint32_t side = n->side, index = next_number(&at), test = (uint32_t)c->tests.count;
    if (n->op == TF_OP_DURING) index = brute_hours(c->b, n, &side);
    if (done_before(c, (uint64_t)n->op << 40 | (uint64_t)side << 32 | index)) return;
    *list_push(c->b->g, &c->tests) = n;
    if (n->op == TF_OP_DURING)
        hours_changes(c, test, c->b->sides[side].table, index);
    else
        days_changes(c, test, side, index);
}

static int by_time(const void *a, const void *b)
{
    int64_t x = ((const struct change *)a)->at, y = ((const struct change *)b)->at;
    return (x > y) - (x < y);
}

static bool is_new(struct changes *c, uint64_t bits)
{
    for (int i = 0; i < c->found.count; i++)
        if (c->found.at[i] == bits) return false;
    *list_push(c->b->g, &c->found) = bits;
    return true;
}

/* The runtime says the same of this instant. */
static void verify(const struct changes *c, const struct cell *cell, uint64_t bits)
{
    for (int t = 0; t < c->tests.count; t++) {
        if (test_holds(c->b, c->tests.at[t], cell) == (bool)(bits >> t & 1)) continue;
        c->b->wrong =
            gen_format(c->b->g, "hours or dates at %lld are not as their changes say", (long long)cell->at);
    }
}

void time_cells(struct brute *b, struct axis *x)
{
    struct changes c = {.b = b};
    uint64_t bits = 0;
    for (int i = 0; i < x->tests.count && c.tests.count < 64; i++) note_test(&c, x->tests.at[i]);
    qsort(c.list.at, (size_t)c.list.count, sizeof *c.list.at, by_time);
    for (int i = 0; i < c.list.count; i++) {
        const struct change *now = &c.list.at[i];
        struct cell cell = {.carried = true, .at = now->at};
        bits = (bits & ~(UINT64_C(1) << now->test)) | (uint64_t)now->holds << now->test;
        bool last = i + 1 == c.list.count || c.list.at[i + 1].at > now->at;
        if (!last || !is_new(&c, bits)) continue;
        verify(&c, &cell, bits);
        *list_push(b->g, &x->cells) = cell;
    }
}
