/*
 * Hours of an open table put together again: its days less their breaks, and all the days on which hours are
 * closed. For what shows hours or compares them: two tables whose hours are alike may have them in other
 * lists.
 */
#ifndef SHUNT_COMPILER_VIEW_HOURS_H
#define SHUNT_COMPILER_VIEW_HOURS_H

#include "model.h"
#include "table_view.h"

/* Open minutes, ascending. They do not touch, so there are no more. */
struct view_day {
    uint32_t count;
    struct m_interval at[720];
};

/* DAY, less those of DAY `breaks` (TF_NONE: none). */
void view_day(const struct table_view *v, uint32_t day, uint32_t breaks, struct view_day *out);
/* The same of a weekday of WEEKs; `breaks` may be TF_NONE. */
void view_weekday(const struct table_view *v, uint32_t index, uint32_t breaks, uint32_t weekday,
                  struct view_day *out);
/* The last of the weekdays from this one on that are open alike. */
uint32_t view_alike(const struct table_view *v, uint32_t index, uint32_t breaks, uint32_t weekday);

static inline bool view_has_closed(const struct tf_hours *h)
{
    return le32(h->closed) != TF_NONE || le32(h->holidays_count) > 0;
}
/* Closed days and holidays, sorted and joined. */
void view_closed(struct arena *a, const struct table_view *v, const struct tf_hours *h, m_ranges *out);
/* "2026-11-20..2026-12-01, 12-24". */
void print_closed(struct buf *b, const struct table_view *v, const struct tf_hours *h);

#endif
