/* Hours of an open table put together again: see view_hours.h. */
#include "view_hours.h"
#include "resolve_hours.h"

#include <string.h>

/* ---- days and weeks ---- */

struct run {
    const struct tf_interval *at;
    uint32_t count;
};

static struct run intervals_of(const struct table_view *v, uint32_t day)
{
    if (day == TF_NONE) return (struct run){NULL, 0};
    const struct tf_day *d = &v->DAY.at[day];
    return (struct run){v->INTERVAL.at + le32(d->interval_first), le32(d->interval_count)};
}

static void add(struct view_day *out, unsigned from, unsigned to)
{
    if (from < to) out->at[out->count++] = (struct m_interval){(uint16_t)from, (uint16_t)to};
}

void view_day(const struct table_view *v, uint32_t day, uint32_t breaks, struct view_day *out)
{
    struct run open = intervals_of(v, day), shut = intervals_of(v, breaks);
    out->count = 0;
    for (uint32_t i = 0, k = 0; i < open.count; i++) {
        unsigned from = le16(open.at[i].from_min), to = le16(open.at[i].to_min);
        while (k && le16(shut.at[k - 1].to_min) > from) k--; /* it may reach into the next interval */
        for (; k < shut.count && le16(shut.at[k].from_min) < to; k++) {
            if (le16(shut.at[k].to_min) <= from) continue;
            add(out, from, le16(shut.at[k].from_min));
            from = le16(shut.at[k].to_min);
        }
        add(out, from, to);
    }
}

void view_weekday(const struct table_view *v, uint32_t index, uint32_t breaks, uint32_t weekday,
                  struct view_day *out)
{
    uint32_t shut = breaks == TF_NONE ? TF_NONE : le32(v->WEEK.at[breaks].day[weekday]);
    view_day(v, le32(v->WEEK.at[index].day[weekday]), shut, out);
}

uint32_t view_alike(const struct table_view *v, uint32_t index, uint32_t breaks, uint32_t weekday)
{
    struct view_day first, next;
    view_weekday(v, index, breaks, weekday, &first);
    for (; weekday < 6; weekday++) {
        view_weekday(v, index, breaks, weekday + 1, &next);
        if (next.count != first.count || memcmp(next.at, first.at, first.count * sizeof *first.at)) break;
    }
    return weekday;
}

/* ---- closed days ---- */

static void add_set(struct arena *a, const struct table_view *v, uint32_t window_set, m_ranges *out)
{
    const struct tf_window_set *set = &v->WINDOW_SET.at[window_set];
    uint32_t dated = le32(set->dated_count), count = dated + le32(set->yearly_count);
    for (uint32_t i = 0; i < count; i++) {
        const struct tf_range *r = &v->WINDOW.at[le32(set->first) + i];
        *vec_push(a, out) = (struct m_range){
            .yearly = i >= dated, .from = (int32_t)le32(r->from), .to = (int32_t)le32(r->to)};
    }
}

void view_closed(struct arena *a, const struct table_view *v, const struct tf_hours *h, m_ranges *out)
{
    *out = (m_ranges){0};
    if (le32(h->closed) != TF_NONE) add_set(a, v, le32(h->closed), out);
    for (uint32_t i = 0; i < le32(h->holidays_count); i++)
        add_set(a, v, le32(v->LIST.at[le32(h->holidays_first) + i]), out);
    if (le32(h->holidays_count) + (le32(h->closed) != TF_NONE) > 1) merge_ranges(a, out);
}

void print_closed(struct buf *b, const struct table_view *v, const struct tf_hours *h)
{
    struct arena *a = arena_part(b->a);
    m_ranges days;
    view_closed(a, v, h, &days);
    for (uint32_t i = 0; i < days.count; i++) {
        if (i) buf_puts(b, ", ");
        print_range(b, days.at[i].yearly, days.at[i].from, days.at[i].to);
    }
    arena_end(a);
}
