/* An open table's sections as arrays, and its days in words: see table_view.h. */
#include "table_view.h"
#include "../runtime/shunt.h"

void table_view(struct table_view *v, const struct shunt_table *table)
{
    *v = (struct table_view){0};
    const char *bytes = shunt_table_bytes(table, &v->len);
    v->header = (const struct tf_header *)bytes;
    const struct tf_section *section = (const struct tf_section *)(bytes + sizeof *v->header);
    for (uint32_t i = 0; i < le32(v->header->section_count); i++, section++) {
        const void *at = bytes + le64(section->off);
        switch (le32(section->id)) {
#define X(id, name, type)                                                                                    \
    case TF_##name:                                                                                          \
        v->name.at = at;                                                                                     \
        v->name.count = (uint32_t)le64(section->count);                                                      \
        break;
            TF_SECTIONS(X)
#undef X
        default: break;
        }
    }
}

struct str view_string(const struct table_view *v, le32_t string)
{
    uint32_t i = le32(string);
    if (i == TF_NONE) return (struct str){NULL, 0};
    uint32_t off = le32(v->STRING_OFFS.at[i]), end = le32(v->STRING_OFFS.at[i + 1]);
    return (struct str){(const char *)v->STRING_BYTES.at + off, end - 1 - off};
}

struct str view_attr_name(const struct table_view *v, uint32_t attr)
{
    return view_string(v, v->ATTR.at[attr].name);
}

uint32_t view_attr_of(const struct table_view *v, uint32_t atom)
{
    uint32_t lo = 0, hi = v->ATTR.count;
    while (hi - lo > 1) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (le32(v->ATTR.at[mid].atom_first) <= atom)
            lo = mid;
        else
            hi = mid;
    }
    return lo; /* of several that begin at the atom all but the last are empty */
}

static int span_order(const struct tf_span *s, uint32_t kind, uint32_t index)
{
    if (le32(s->kind) != kind) return le32(s->kind) < kind ? -1 : 1;
    return (le32(s->index) > index) - (le32(s->index) < index);
}

const struct tf_span *view_span(const struct table_view *v, enum tf_span_kind kind, uint32_t index)
{
    uint32_t lo = 0, hi = v->SPAN.count;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (span_order(&v->SPAN.at[mid], kind, index) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < v->SPAN.count && span_order(&v->SPAN.at[lo], kind, index) == 0 ? &v->SPAN.at[lo] : NULL;
}

/* ---- days ---- */

/* Howard Hinnant, "chrono-compatible low-level date algorithms": civil_from_days. */
void print_day(struct buf *b, int32_t day)
{
    int64_t z = (int64_t)day + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097, yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    int64_t month = mp < 10 ? mp + 3 : mp - 9, year = yoe + era * 400 + (month <= 2);
    buf_printf(b, "%04lld-%02lld-%02lld", (long long)year, (long long)month,
               (long long)(doy - (153 * mp + 2) / 5 + 1));
}

void print_yearly_day(struct buf *b, uint32_t place)
{
    static const uint8_t month_days[12] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    unsigned month = 0;
    while (month < 11 && place >= month_days[month]) place -= month_days[month++];
    buf_printf(b, "%02u-%02u", month + 1, place + 1);
}

static void print_one_day(struct buf *b, bool yearly, int32_t day)
{
    if (yearly)
        print_yearly_day(b, (uint32_t)day);
    else
        print_day(b, day);
}

void print_range(struct buf *b, bool yearly, int32_t from, int32_t to)
{
    print_one_day(b, yearly, from);
    if (from == to) return;
    buf_puts(b, "..");
    print_one_day(b, yearly, to);
}

void print_windows(struct buf *b, const struct table_view *v, uint32_t window_set)
{
    const struct tf_window_set *set = &v->WINDOW_SET.at[window_set];
    uint32_t dated = le32(set->dated_count), count = dated + le32(set->yearly_count);
    for (uint32_t i = 0; i < count; i++) {
        const struct tf_range *range = &v->WINDOW.at[le32(set->first) + i];
        if (i) buf_puts(b, ", ");
        print_range(b, i >= dated, (int32_t)le32(range->from), (int32_t)le32(range->to));
    }
}
