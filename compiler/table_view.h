/*
 * An open table's sections as arrays, and its values in words: for what reads a table and nothing else (dump,
 * decompile). The table was verified by shunt_table_open(), so indexes in it are not checked again.
 */
#ifndef SHUNT_COMPILER_TABLE_VIEW_H
#define SHUNT_COMPILER_TABLE_VIEW_H

#include "base.h"
#include "../runtime/format.h"

struct shunt_table;

struct table_view {
    const struct tf_header *header;
    size_t len;
#define X(id, name, type)                                                                                    \
    struct {                                                                                                 \
        const type *at;                                                                                      \
        uint32_t count;                                                                                      \
    } name;
    TF_SECTIONS(X)
#undef X
};

void table_view(struct table_view *v, const struct shunt_table *table);
/* .p NULL for TF_NONE. */
struct str view_string(const struct table_view *v, le32_t string);
struct str view_attr_name(const struct table_view *v, uint32_t attr);
/* The attribute that an atom belongs to. */
uint32_t view_attr_of(const struct table_view *v, uint32_t atom);
/* The span of something; NULL where the table has none (stripped, or it stands nowhere). Of several the
 * first. */
const struct tf_span *view_span(const struct table_view *v, enum tf_span_kind kind, uint32_t index);

/* "2026-12-01" from a day; "12-24" from a yearly day. */
void print_day(struct buf *b, int32_t day);
void print_yearly_day(struct buf *b, uint32_t place);
/* "2026-11-20..2026-12-01", "12-24". */
void print_range(struct buf *b, bool yearly, int32_t from, int32_t to);
/* "2026-11-20..2026-12-01, 12-24". */
void print_windows(struct buf *b, const struct table_view *v, uint32_t window_set);
/* As print_code(), without making a view each time. */
void print_view_code(struct buf *b, const struct table_view *v, uint32_t code_off);

#endif
