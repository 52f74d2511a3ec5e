/*
 * Hours and active days of open tables to the combinations of them that really occur: see times.h.
 *
 * Each source becomes a list of the seconds at which it changes, and what it is before the first. Hours are
 * asked of the library, opening by closing. The days of a window set are ranges of local dates; where the
 * clocks of the policy's zone jump, a date may be left out, or begin twice, so each stretch of one offset is
 * looked at by itself. Equal lists are one atom. Then all lists are merged, and every combination on the way
 * is looked up among those met.
 *
 * Assumes verified tables. Promises that nothing is left out: the truths change at the listed seconds and
 * nowhere else.
 */
#include "times.h"
#include "../../runtime/shunt.h"
#include "../../runtime/zone_rule.h"

#include <stdlib.h>
#include <string.h>

enum { AHEAD_SEC = 800 * CAL_DAY_SEC }; /* how far shunt_hours_next_opening() looks (language.md 6.4) */

/* A function of time: false or true at first, then changing. */
struct function {
    uint32_t first, count; /* its changes */
    bool begins;
    uint64_t hash;
};
typedef VEC(uint32_t) seconds; /* since TIMES_FROM */

/* A stretch of time with one offset. */
struct run {
    int64_t from, until;
    int32_t offset_sec;
};
struct runs {
    const struct shunt_table *table;
    VEC(struct run) list;
};

struct building {
    struct arena *a; /* ends with the building */
    struct times_limits limits;
    seconds changes;
    VEC(struct function) functions; /* no two equal: the atoms */
    struct runs runs;               /* of the policy's zone, in the table they were last asked for */
    bool too_many;
};

static uint64_t mix(uint64_t v)
{
    v = (v ^ v >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    v = (v ^ v >> 27) * UINT64_C(0x94d049bb133111eb);
    return v ^ v >> 31;
}

static void push_change(struct building *b, struct function *f, int64_t at)
{
    *vec_push(b->a, &b->changes) = (uint32_t)(at - TIMES_FROM);
    f->count++;
    if (f->count > b->limits.changes) b->too_many = true; /* whether or not it is one that is there already */
}

/* ---- hours ---- */

static void hours_changes(struct building *b, const struct time_source *s, struct function *f)
{
    bool open = f->begins = shunt_hours_open(s->table, s->index, TIMES_FROM);
    for (int64_t at = TIMES_FROM, next; at < TIMES_TO && !b->too_many;) {
        bool found = open ? shunt_hours_next_closing(s->table, s->index, at, &next)
                          : shunt_hours_next_opening(s->table, s->index, at, &next);
        if (!found) {
            at += AHEAD_SEC;
            continue;
        }
        if (next >= TIMES_TO) break;
        push_change(b, f, next);
        open = !open;
        at = next;
    }
}

/* ---- the policy's zone ---- */

static int64_t change_at(const struct tf_zone_change *c)
{
    return (int64_t)le64(c->at);
}

/* From the next change of the zone on; `past` of them have happened. */
static struct zone_span span_after(const struct table_view *v, const struct tf_zone *z, uint32_t past,
                                   int64_t at)
{
    const struct tf_zone_change *changes = v->ZONE_CHANGE.at + le32(z->change_first);
    uint32_t count = le32(z->change_count);
    if (past == count && z->has_rule) return zone_rule_span(z, at);
    uint32_t type = le32(z->type_first) + (past ? le32(changes[past - 1].type) : 0);
    int64_t until = past < count ? change_at(&changes[past]) : INT64_MAX;
    return (struct zone_span){at, until, (int32_t)le32(v->ZONE_TYPE.at[type].offset_sec), false};
}

static void add_run(struct building *b, int64_t from, int64_t until, int32_t offset_sec)
{
    *vec_push(b->a, &b->runs.list) = (struct run){from, until < TIMES_TO ? until : TIMES_TO, offset_sec};
}

static void find_runs(struct building *b, const struct time_source *s)
{
    const struct table_view *v = s->view;
    uint32_t zone = le32(v->POLICY.at[0].zone), past = 0;
    if (b->runs.table == s->table) return;
    b->runs.table = s->table;
    b->runs.list.count = 0;
    if (zone == TF_NONE) {
        add_run(b, TIMES_FROM, TIMES_TO, 0);
        return;
    }
    const struct tf_zone *z = &v->ZONE.at[zone];
    const struct tf_zone_change *changes = v->ZONE_CHANGE.at + le32(z->change_first);
    for (int64_t at = TIMES_FROM; at < TIMES_TO;) {
        while (past < le32(z->change_count) && change_at(&changes[past]) <= at) past++;
        struct zone_span span = span_after(v, z, past, at);
        add_run(b, at, span.until, span.offset_sec);
        at = span.until;
    }
}

/* ---- windows ---- */

struct days {
    int64_t from, until; /* since 1970; without the last */
};
typedef VEC(struct days) days_list;

/* The first day of the year at a yearly place or after it: of 02-29 (59) that is 03-01 where there is none.
 */
static int64_t day_at_place(int64_t year, int32_t place)
{
    return cal_days(year, 1, 1) + place - (place >= 60 && !cal_leap(year));
}

/* The set's ranges, yearly ones in each year that has a part in the time: local dates lie less than two days
 * away. */
static days_list ranges_of(struct building *b, const struct table_view *v, uint32_t set)
{
    enum { FIRST_YEAR = 1998, LAST_YEAR = 2101 };
    const struct tf_window_set *s = &v->WINDOW_SET.at[set];
    uint32_t dated = le32(s->dated_count), count = dated + le32(s->yearly_count);
    days_list out = {0};
    for (uint32_t i = 0; i < count; i++) {
        const struct tf_range *r = &v->WINDOW.at[le32(s->first) + i];
        int32_t from = (int32_t)le32(r->from), to = (int32_t)le32(r->to);
        if (i < dated) *vec_push(b->a, &out) = (struct days){from, (int64_t)to + 1};
        for (int64_t year = FIRST_YEAR; i >= dated && year <= LAST_YEAR; year++) {
            int64_t last_year = year + (from > to);
            *vec_push(b->a, &out) = (struct days){day_at_place(year, from), day_at_place(last_year, to + 1)};
        }
    }
    return out;
}

static int by_from(const void *a, const void *b)
{
    const struct days *x = a, *y = b;
    return (x->from > y->from) - (x->from < y->from);
}

typedef VEC(int64_t) bounds;

/* The days on which the set begins and ends in turn, ascending. */
static bounds bounds_of(struct building *b, days_list *ranges)
{
    bounds out = {0};
    qsort(ranges->at, ranges->count, sizeof *ranges->at, by_from);
    for (uint32_t i = 0; i < ranges->count; i++) {
        struct days d = ranges->at[i];
        if (d.from >= d.until) continue; /* 02-29 alone in a year that has none */
        if (out.count && d.from <= out.at[out.count - 1]) {
            if (d.until > out.at[out.count - 1]) out.at[out.count - 1] = d.until;
            continue;
        }
        *vec_push(b->a, &out) = d.from;
        *vec_push(b->a, &out) = d.until;
    }
    return out;
}

static uint32_t bounds_past(const bounds *days, int64_t day)
{
    uint32_t lo = 0, hi = days->count;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (days->at[mid] <= day)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

/* Within a run local dates follow each other; at its beginning the clocks may show any. */
static void window_changes(struct building *b, const struct time_source *s, struct function *f)
{
    days_list ranges = ranges_of(b, s->view, s->index);
    bounds days = bounds_of(b, &ranges);
    bool in = false;
    find_runs(b, s);
    for (uint32_t i = 0; i < b->runs.list.count && !b->too_many; i++) {
        struct run r = b->runs.list.at[i];
        uint32_t past = bounds_past(&days, cal_floor_div(r.from + r.offset_sec, CAL_DAY_SEC));
        if (i == 0) in = f->begins = past % 2;
        if (in != past % 2) push_change(b, f, r.from);
        for (; past < days.count && days.at[past] * CAL_DAY_SEC - r.offset_sec < r.until; past++)
            push_change(b, f, days.at[past] * CAL_DAY_SEC - r.offset_sec);
        in = past % 2;
    }
}

/* ---- atoms ---- */

static bool same_function(const struct building *b, const struct function *f, const struct function *g)
{
    return f->hash == g->hash && f->count == g->count && f->begins == g->begins &&
           memcmp(&b->changes.at[f->first], &b->changes.at[g->first], f->count * sizeof *b->changes.at) == 0;
}

/* The atom of a source. The changes of one that is there already are taken back. */
static uint32_t atom_of(struct building *b, const struct time_source *s)
{
    struct function f = {.first = b->changes.count};
    (s->kind == TIME_HOURS ? hours_changes : window_changes)(b, s, &f);
    if (!f.count) return f.begins ? TIME_ALWAYS : TIME_NEVER;
    for (uint32_t i = 0; i < f.count; i++) f.hash = mix(f.hash + b->changes.at[f.first + i]);
    for (uint32_t i = 0; i < b->functions.count; i++) {
        if (!same_function(b, &b->functions.at[i], &f)) continue;
        b->changes.count = f.first;
        return i;
    }
    *vec_push(b->a, &b->functions) = f;
    if (b->changes.count > b->limits.changes) b->too_many = true;
    return b->functions.count - 1;
}

/* ---- all changes in order ---- */

/* A binary heap over the atoms' next changes: seconds << 32 | atom. */
struct heap {
    uint64_t *at;
    uint32_t count;
};

static void sift_down(struct heap *h, uint32_t i)
{
    uint64_t item = h->at[i];
    for (uint32_t kid; (kid = 2 * i + 1) < h->count; i = kid) {
        if (kid + 1 < h->count && h->at[kid + 1] < h->at[kid]) kid++;
        if (h->at[kid] >= item) break;
        h->at[i] = h->at[kid];
    }
    h->at[i] = item;
}

static void heap_init(struct heap *h, const struct building *b)
{
    h->count = b->functions.count;
    h->at = arena_array(b->a, uint64_t, h->count);
    for (uint32_t i = 0; i < h->count; i++)
        h->at[i] = (uint64_t)b->changes.at[b->functions.at[i].first] << 32 | i;
    for (uint32_t i = h->count / 2; i-- > 0;) sift_down(h, i);
}

/* ---- cells ---- */

struct cells {
    uint32_t row_words;
    uint64_t *row, hash; /* the combination now, and its hash */
    VEC(uint64_t) rows;  /* of each cell: row_words */
    VEC(uint64_t) hashes;
    seconds at;                  /* when each is shown, since TIMES_FROM */
    uint32_t *slots, slot_count; /* open addressing: cell + 1 */
};

static void flip(struct cells *c, uint32_t atom)
{
    c->row[atom / 64] ^= UINT64_C(1) << atom % 64;
    c->hash ^= mix(atom + 1);
}

static void place_cell(struct cells *c, uint32_t cell)
{
    uint32_t i = (uint32_t)mix(c->hashes.at[cell]) & (c->slot_count - 1);
    while (c->slots[i]) i = (i + 1) & (c->slot_count - 1);
    c->slots[i] = cell + 1;
}

static void grow_slots(struct building *b, struct cells *c)
{
    uint32_t count = c->slot_count ? 2 * c->slot_count : 64;
    arena_give_back(b->a, c->slots, c->slot_count * sizeof *c->slots);
    c->slots = arena_array(b->a, uint32_t, count);
    c->slot_count = count;
    for (uint32_t i = 0; i < c->hashes.count; i++) place_cell(c, i);
}

static uint32_t new_cell(struct building *b, struct cells *c)
{
    uint32_t cell = c->hashes.count;
    if ((uint64_t)(cell + 1) * b->functions.count > b->limits.bits) b->too_many = true;
    if (2 * (cell + 1) > c->slot_count) grow_slots(b, c);
    for (uint32_t i = 0; i < c->row_words; i++) *vec_push(b->a, &c->rows) = c->row[i];
    *vec_push(b->a, &c->hashes) = c->hash;
    place_cell(c, cell);
    return cell;
}

/* The cell of the combination now, or the number of cells: it is a new one. */
static uint32_t find_cell(const struct cells *c)
{
    if (!c->slot_count) return 0;
    for (uint32_t i = (uint32_t)mix(c->hash) & (c->slot_count - 1); c->slots[i];
         i = (i + 1) & (c->slot_count - 1)) {
        uint32_t cell = c->slots[i] - 1;
        if (c->hashes.at[cell] != c->hash) continue;
        if (memcmp(&c->rows.at[(size_t)cell * c->row_words], c->row, c->row_words * sizeof *c->row) == 0)
            return cell;
    }
    return c->hashes.count;
}

/* The combination now lasts from one second up to another. */
static void stretch(struct building *b, struct cells *c, uint32_t from, uint32_t until)
{
    const uint32_t shown = (uint32_t)(TIMES_SHOWN - TIMES_FROM);
    uint32_t at = from < shown && until > shown ? shown : from, cell = find_cell(c);
    if (cell == c->hashes.count) {
        new_cell(b, c);
        *vec_push(b->a, &c->at) = at;
    } else if (c->at.at[cell] < shown && at >= shown) {
        c->at.at[cell] = at;
    }
}

static void find_cells(struct building *b, struct cells *c)
{
    uint32_t count = b->functions.count, from = 0;
    uint32_t *next = arena_array(b->a, uint32_t, count); /* of each atom: how many changes are past */
    struct heap h;
    heap_init(&h, b);
    c->row_words = (count + 63) / 64;
    c->row = arena_array(b->a, uint64_t, c->row_words);
    for (uint32_t i = 0; i < count; i++)
        if (b->functions.at[i].begins) flip(c, i);
    while (h.count && !b->too_many) {
        uint32_t now = (uint32_t)(h.at[0] >> 32);
        stretch(b, c, from, now);
        for (from = now; h.count && h.at[0] >> 32 == now; sift_down(&h, 0)) {
            uint32_t atom = (uint32_t)h.at[0];
            const struct function *f = &b->functions.at[atom];
            flip(c, atom);
            if (++next[atom] < f->count)
                h.at[0] = (uint64_t)b->changes.at[f->first + next[atom]] << 32 | atom;
            else
                h.at[0] = h.at[--h.count];
        }
    }
    stretch(b, c, from, (uint32_t)(TIMES_TO - TIMES_FROM));
}

/* ---- what is handed out ---- */

static void hand_out(struct times *t, struct arena *a, const struct building *b, const struct cells *c)
{
    t->atom_count = b->functions.count;
    t->cell_count = c->hashes.count;
    t->row_len = (t->cell_count + 63) / 64;
    t->bits = arena_array(a, uint64_t, (size_t)t->atom_count * t->row_len);
    t->at = arena_array(a, int64_t, t->cell_count);
    for (uint32_t cell = 0; cell < t->cell_count; cell++) {
        const uint64_t *row = &c->rows.at[(size_t)cell * c->row_words];
        t->at[cell] = TIMES_FROM + c->at.at[cell];
        for (uint32_t atom = 0; atom < t->atom_count; atom++)
            t->bits[(size_t)atom * t->row_len + cell / 64] |= (row[atom / 64] >> atom % 64 & 1) << cell % 64;
    }
}

struct times *times_within(struct arena *a, const struct time_source *sources, uint32_t count,
                           struct times_limits limits)
{
    struct times *t = arena_new_of(a, struct times);
    struct building b = {.a = arena_part(a), .limits = limits};
    struct cells c = {0};
    t->atom_of = arena_array(a, uint32_t, count);
    for (uint32_t i = 0; i < count && !b.too_many; i++) t->atom_of[i] = atom_of(&b, &sources[i]);
    if (!b.too_many) find_cells(&b, &c);
    if (!b.too_many) hand_out(t, a, &b, &c);
    arena_end(b.a);
    return b.too_many ? NULL : t;
}

struct times *times_new(struct arena *a, const struct time_source *sources, uint32_t count)
{
    return times_within(a, sources, count, (struct times_limits){TIMES_CHANGES_MAX, TIMES_BITS_MAX});
}
