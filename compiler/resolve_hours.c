/*
 * Hours declarations to the model's hours (language.md 6).
 *
 * Requires the joined tree; gives model->hours, each after those it is like or outside of, and
 * model->hours_ids. What an admin wrote is checked where it stands; then the keys that `like` brings are
 * filled in, and what counts is made from all of them. No recursion: a chain of `like` may be as long as the
 * policy.
 *
 * Lists that may be long are made once, and none is made of two: seasons, breaks, special and closed days and
 * holidays that `like` brings are the very lists of those hours, and the days of a calendar file are one list
 * for all that name it. Which hours a list was made for is noted, for whoever goes through the lists
 * (lower_hours.c). Else n hours with a closed day of their own beside n holidays would be n * n days.
 */
#include "resolve_hours.h"
#include "resolve.h"

#include <stdlib.h>

enum node_state { NODE_NEW, NODE_OPEN, NODE_DONE };

struct node {
    const struct hours_decl *said;
    struct hours_decl counts; /* with what `like` brings, once done */
    uint32_t like, outside;   /* nodes named in said; NONE */
    uint32_t outside_of;      /* node; through `like` too */
    uint32_t id;              /* in the model, once done */
    enum node_state state;
};

struct hours_pass {
    struct resolver r; /* for what names have in common; its other parts are not used */
    struct compilation *c;
    VEC(struct node) nodes; /* [0] is always */
    struct strmap by_name;
    struct holiday_files *files;
    VEC(uint32_t) holidays_of_file; /* of each file's number: 1 + its place in the model; 0: not there yet */
    uint32_t work;                  /* see NEVER_OPEN_WORK_MAX */
};

/* Finding that hours are never open takes a look at each day of a hundred years: 36,525 segments, some 10 ms.
 * Past this many, about a second, hours are taken to be open some day. */
enum { NEVER_OPEN_WORK_MAX = 2000000 };

/* ---- names ---- */

static uint32_t find_node(struct hours_pass *p, struct name n)
{
    uint32_t node = n.s.p ? strmap_get(&p->by_name, n.s, NONE) : NONE;
    if (node != NONE || !n.s.p) return node;
    hint_begin(&p->r);
    for (uint32_t i = 0; hints_left(&p->r) && i < p->nodes.count; i++)
        hint_add(&p->r, p->nodes.at[i].said->name.s);
    name_unknown(&p->r, NAME_HOURS, n);
    return NONE;
}

static void declare(struct hours_pass *p, const struct hours_decl *d)
{
    uint32_t before = d->name.s.p ? strmap_get(&p->by_name, d->name.s, NONE) : NONE;
    if (before != NONE && before != 0) {
        name_twice(&p->r, NAME_HOURS, d->name, p->nodes.at[before].said->name.at);
        return;
    }
    name_ok(&p->r, NAME_HOURS, d->name);
    if (before == 0 || !d->name.s.p) return;
    strmap_put(p->c->a, &p->by_name, d->name.s, p->nodes.count);
    *vec_push(p->c->a, &p->nodes) =
        (struct node){.said = d, .like = NONE, .outside = NONE, .outside_of = NONE};
}

/* `always` as if it had been written: what is like it is open all week. */
static void declare_always(struct hours_pass *p)
{
    static const struct span said = {0, 0, 1};
    struct hours_decl *d = arena_new_of(p->c->a, struct hours_decl);
    d->name.s = S("always");
    d->weekly_key = said;
    struct day_entry *all = vec_push(p->c->a, &d->weekly);
    *all = (struct day_entry){.from = 0, .to = 6};
    *vec_push(p->c->a, &all->hours) = (struct interval){.from_min = 0, .to_min = 1440};
    strmap_put(p->c->a, &p->by_name, d->name.s, 0);
    *vec_push(p->c->a, &p->nodes) = (struct node){
        .said = d, .counts = *d, .like = NONE, .outside = NONE, .outside_of = NONE, .state = NODE_DONE};
    *vec_push(p->c->a, &p->c->model.hours) = (struct m_hours){
        .name = d->name, .zone = NONE, .outside = NONE, .seasons_open = true, .special_open = true};
}

static void declare_all(struct hours_pass *p)
{
    declare_always(p);
    for (uint32_t i = 0; i < p->c->ast.items.count; i++)
        if (p->c->ast.items.at[i]->kind == ITEM_HOURS) declare(p, p->c->ast.items.at[i]->u.hours);
    for (uint32_t i = 1; i < p->nodes.count; i++) {
        const struct hours_decl *d = p->nodes.at[i].said;
        uint32_t like = span_said(d->like_key) ? find_node(p, d->like) : NONE;
        p->nodes.at[i].like = like;
        p->nodes.at[i].outside = span_said(d->outside_key) ? find_node(p, d->outside) : NONE;
    }
}

/* ---- like ---- */

/* Fills in the keys that are not said from those of the hours it is like. */
static void take_keys(struct hours_decl *d, const struct hours_decl *from)
{
#define TAKE(key, value)                                                                                     \
    do {                                                                                                     \
        if (!span_said(d->key)) d->value = from->value;                                                      \
    } while (0)
    TAKE(timezone_key, timezone);
    TAKE(outside_key, outside);
    TAKE(every_key, every_weeks);
    TAKE(every_key, every_from);
    TAKE(weekly_key, weekly);
    TAKE(seasons_key, seasons);
    TAKE(closed_key, closed);
    TAKE(special_key, special);
    TAKE(holidays_key, holidays);
    TAKE(breaks_key, breaks);
    TAKE(timezone_key, timezone_key);
    TAKE(outside_key, outside_key);
    TAKE(every_key, every_key);
    TAKE(weekly_key, weekly_key);
    TAKE(seasons_key, seasons_key);
    TAKE(closed_key, closed_key);
    TAKE(special_key, special_key);
    TAKE(holidays_key, holidays_key);
    TAKE(breaks_key, breaks_key);
#undef TAKE
}

/* Beside `outside` only `timezone` and `every` may stand (6.1). Told once, at what was said here. */
static void check_outside(struct hours_pass *p, const struct node *n)
{
    const struct hours_decl *d = n->said, *all = &n->counts;
    const struct {
        const char *name;
        struct span said, counts;
    } keys[] = {
        {"weekly", d->weekly_key, all->weekly_key},       {"seasons", d->seasons_key, all->seasons_key},
        {"closed", d->closed_key, all->closed_key},       {"special", d->special_key, all->special_key},
        {"holidays", d->holidays_key, all->holidays_key}, {"breaks", d->breaks_key, all->breaks_key},
    };
    if (!span_said(all->outside_key)) return;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        bool here = span_said(keys[i].said), brought = span_said(keys[i].counts) && span_said(d->outside_key);
        if (!here && !brought) continue;
        struct diag *g = diag(&p->c->diags, E0411, here ? keys[i].said : d->outside_key, d->name.s,
                              all->outside.s, arena_printf(p->c->a, "`%s`", keys[i].name));
        if (here && !span_said(d->outside_key))
            diag_related(g, all->outside_key, S("`like` brings this `outside`"));
        if (!here) diag_related(g, d->like.at, S("`like` brings it"));
        return;
    }
}

static void check_said(struct hours_pass *p, const struct hours_decl *d)
{
    check_week(p->c, &d->weekly);
    check_week(p->c, &d->breaks);
    check_seasons(p->c, d);
    check_special(p->c, d);
}

/* ---- what counts ---- */

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* The calendar files that the hours name, each once. */
static ids files_of(struct hours_pass *p, const struct hours_decl *d)
{
    ids named = {0}, once = {0};
    for (uint32_t i = 0; i < d->holidays.count; i++)
        *vec_push(p->c->a, &named) = holiday_file(p->c, p->files, &d->holidays.at[i]);
    if (named.count) qsort(named.at, named.count, sizeof *named.at, by_number);
    for (uint32_t i = 0; i < named.count; i++)
        if (i == 0 || named.at[i] != named.at[i - 1]) *vec_push(p->c->a, &once) = named.at[i];
    return once;
}

/* The place in the model of a file's days; NONE: it closes none. */
static uint32_t holidays_of(struct hours_pass *p, uint32_t file)
{
    const m_ranges *days = holiday_dates(p->files, file);
    if (!days->count) return NONE;
    while (p->holidays_of_file.count <= file) *vec_push(p->c->a, &p->holidays_of_file) = 0;
    uint32_t *of = &p->holidays_of_file.at[file];
    if (!*of) {
        *vec_push(p->c->a, &p->c->model.holidays) = *days;
        *of = p->c->model.holidays.count;
    }
    return *of - 1;
}

/* Each of these makes anew what may have come from other hours. */

static void new_weekly(struct hours_pass *p, const struct hours_decl *d, struct m_hours *h, uint32_t id)
{
    h->weekly_of = id;
    make_week(p->c->a, &d->weekly, &h->weekly);
}

static void new_breaks(struct hours_pass *p, const struct hours_decl *d, struct m_hours *h, uint32_t id)
{
    h->breaks_of = id;
    make_week(p->c->a, &d->breaks, &h->breaks);
    h->has_breaks = false;
    for (int i = 0; i < 7; i++) h->has_breaks |= h->breaks.days[i].count > 0;
}

static void new_seasons(struct hours_pass *p, const struct hours_decl *d, struct m_hours *h, uint32_t id)
{
    h->seasons_of = id;
    h->seasons.at = NULL, h->seasons.count = h->seasons.cap = 0;
    make_seasons(p->c->a, d, h);
}

static void new_special(struct hours_pass *p, const struct hours_decl *d, struct m_hours *h, uint32_t id)
{
    h->special_of = id;
    h->special.at = NULL, h->special.count = h->special.cap = 0;
    make_special(p->c->a, d, h);
}

static void new_closed(struct hours_pass *p, const struct hours_decl *d, struct m_hours *h, uint32_t id)
{
    h->closed_of = id;
    h->closed = (m_ranges){0};
    for (uint32_t i = 0; i < d->closed.count; i++)
        *vec_push(p->c->a, &h->closed) = range_of_dates(&d->closed.at[i]);
    merge_ranges(p->c->a, &h->closed);
}

static void new_holidays(struct hours_pass *p, const struct hours_decl *d, struct m_hours *h, uint32_t id)
{
    ids files = files_of(p, d);
    h->holidays_of = id;
    h->holidays = (ids){0};
    for (uint32_t i = 0; i < files.count; i++) {
        uint32_t days = holidays_of(p, files.at[i]);
        if (days != NONE) *vec_push(p->c->a, &h->holidays) = days;
    }
}

/* What nothing was said of here is that of the hours that these are like. */
static void take_days(struct m_hours *h, const struct m_hours *from)
{
    h->weekly = from->weekly, h->weekly_of = from->weekly_of;
    h->breaks = from->breaks, h->breaks_of = from->breaks_of, h->has_breaks = from->has_breaks;
    h->seasons = from->seasons, h->seasons_of = from->seasons_of, h->seasons_open = from->seasons_open;
    h->special = from->special, h->special_of = from->special_of, h->special_open = from->special_open;
    h->closed = from->closed, h->closed_of = from->closed_of;
    h->holidays = from->holidays, h->holidays_of = from->holidays_of;
}

static void make_days(struct hours_pass *p, const struct node *n, struct m_hours *h)
{
    const struct node *like = n->like != NONE ? &p->nodes.at[n->like] : NULL;
    const struct hours_decl *d = n->said;
    if (like && (like->id == 0 || like->outside_of != NONE)) like = NULL; /* these have none */
    if (like) take_days(h, &p->c->model.hours.at[like->id]);
#define NEW(part)                                                                                            \
    do {                                                                                                     \
        if (!like || span_said(d->part##_key)) new_##part(p, &n->counts, h, n->id);                          \
    } while (0)
    NEW(weekly);
    NEW(breaks);
    NEW(seasons);
    NEW(special);
    NEW(closed);
    NEW(holidays);
#undef NEW
}

static void make_outside(struct hours_pass *p, const struct node *n, struct m_hours *h)
{
    const struct m_hours *below = &p->c->model.hours.at[p->nodes.at[n->outside_of].id];
    if (below->chain == TF_OUTSIDE_MAX) {
        diag(&p->c->diags, E0412, n->said->name.at, n->said->name.s, str_of_u64(p->c->a, TF_OUTSIDE_MAX));
        return;
    }
    h->outside = p->nodes.at[n->outside_of].id;
    h->chain = below->chain + 1;
}

static void make_hours(struct hours_pass *p, struct node *n)
{
    const struct hours_decl *d = &n->counts;
    struct m_hours h = {.name = n->said->name, .at = n->said->name.at, .outside = NONE};
    h.zone = span_said(d->timezone_key) ? find_zone(&p->c->model, d->timezone.s) : p->c->model.zone;
    h.every_weeks = span_said(d->every_key) ? d->every_weeks : 0;
    h.every_from = h.every_weeks ? (int32_t)date_days(d->every_from) : 0;
    if (n->outside_of != NONE) {
        make_outside(p, n, &h);
    } else {
        make_days(p, n, &h);
    }
    *vec_push(p->c->a, &p->c->model.hours) = h;
    strmap_put(p->c->a, &p->c->model.hours_ids, h.name.s, n->id);
    p->c->model.hours.at[n->id].always_open = hours_always_open(&h);
    p->c->model.hours.at[n->id].never_open = hours_never_open(&p->c->model, n->id, &p->work);
}

static void finish(struct hours_pass *p, struct node *n)
{
    n->counts = *n->said;
    n->outside_of = n->outside;
    if (n->like != NONE) {
        take_keys(&n->counts, &p->nodes.at[n->like].counts);
        if (!span_said(n->said->outside_key)) n->outside_of = p->nodes.at[n->like].outside_of;
    }
    n->id = p->c->model.hours.count;
    n->state = NODE_DONE;
    check_said(p, n->said);
    check_outside(p, n);
    make_hours(p, n);
}

/* ---- the order ---- */

typedef VEC(uint32_t) node_stack;

/* The names along the circle that closes with the stack's top naming `again`. */
static struct str circle(struct hours_pass *p, const node_stack *s, uint32_t again)
{
    struct buf b;
    uint32_t i = s->count - 1;
    while (s->at[i] != again) i--;
    uint32_t count = s->count - i;
    buf_init(&b, p->c->a);
    buf_str(&b, shown(&p->r, p->nodes.at[s->at[s->count - 1]].said->name.s));
    for (uint32_t k = 0; k < count; k++, i++) {
        bool skip = k >= 8 && k + 1 < count;
        if (k == 8 && skip) buf_puts(&b, " -> …");
        if (skip) continue;
        buf_puts(&b, " -> ");
        buf_str(&b, shown(&p->r, p->nodes.at[s->at[i]].said->name.s));
    }
    return buf_done(&b);
}

/* A node's edge that is not done yet, NULL where all are. One that closes a circle is reported and cut. */
static uint32_t *edge_to_follow(struct hours_pass *p, const node_stack *s, struct node *n)
{
    uint32_t *edges[2] = {&n->like, &n->outside};
    for (int i = 0; i < 2; i++) {
        if (*edges[i] == NONE || p->nodes.at[*edges[i]].state == NODE_DONE) continue;
        if (p->nodes.at[*edges[i]].state == NODE_NEW) return edges[i];
        struct span at = i == 0 ? n->said->like.at : n->said->outside.at;
        diag(&p->c->diags, E0410, at, shown(&p->r, n->said->name.s), circle(p, s, *edges[i]));
        *edges[i] = NONE;
    }
    return NULL;
}

/* Depth first, in the order of declaration: whatever hours are like or outside of comes before them. */
static void finish_all(struct hours_pass *p)
{
    node_stack s = {0};
    for (uint32_t i = 1; i < p->nodes.count; i++) {
        if (p->nodes.at[i].state == NODE_NEW) *vec_push(p->c->a, &s) = i;
        while (s.count) {
            struct node *n = &p->nodes.at[s.at[s.count - 1]];
            n->state = NODE_OPEN;
            uint32_t *next = edge_to_follow(p, &s, n);
            if (next) {
                *vec_push(p->c->a, &s) = *next;
            } else {
                finish(p, n);
                s.count--;
            }
        }
    }
}

void resolve_hours(struct compilation *c)
{
    struct hours_pass *p = arena_new_of(c->a, struct hours_pass);
    p->r = (struct resolver){.c = c, .a = c->a, .d = &c->diags, .m = &c->model, .limits = &policy_limits};
    p->c = c;
    p->files = holiday_files_new(c->a);
    p->work = NEVER_OPEN_WORK_MAX;
    resolve_zones(c);
    declare_all(p);
    finish_all(p);
}
