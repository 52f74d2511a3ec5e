/*
 * Which combinations of open hours and active days really occur between 2000 and 2100.
 *
 * A *time atom* is a function of the arrival: "during hours h" or "the date is in window set w" of one table.
 * Atoms that agree at every second are one atom. The hundred years are cut where any atom changes; each
 * stretch has one combination of truths; equal combinations are one *cell*. So a question about times is one
 * about cells, and exact: every second of those years lies in a cell, and every cell has a second that is
 * shown.
 */
#ifndef SHUNT_PROOF_TIMES_H
#define SHUNT_PROOF_TIMES_H

#include "../table_view.h"

struct shunt_table;

#define TIMES_FROM INT64_C(946684800) /* 2000-01-01T00:00:00Z */
#define TIMES_TO INT64_C(4102444800)  /* 2100-01-01T00:00:00Z; not part of it */
#define TIMES_SHOWN                                                                                          \
    INT64_C(1767225600) /* 2026-01-01: instants from then on are rather shown than earlier ones */
enum {
    TIMES_CHANGES_MAX = 64 << 20, /* changes of all atoms together (4 bytes each) */
    TIMES_BITS_MAX = 1 << 30      /* cells times atoms */
};

enum time_kind { TIME_HOURS, TIME_WINDOWS };
struct time_source {
    const struct shunt_table *table;
    const struct table_view *view;
    enum time_kind kind;
    uint32_t index; /* HOURS or WINDOW_SET */
};

struct times {
    uint32_t atom_count, cell_count;
    uint32_t *atom_of; /* of each source: its atom, or TIME_ALWAYS, TIME_NEVER: it never changes */
    uint64_t *bits;    /* atom i in cell c: bits[i * row_len + c / 64] >> c % 64 & 1 */
    uint32_t row_len;
    int64_t *at; /* of each cell: the first instant from TIMES_SHOWN on, else from TIMES_FROM on */
};
#define TIME_ALWAYS (UINT32_MAX - 1)
#define TIME_NEVER (UINT32_MAX - 2)

/* NULL where a limit above is passed. Cells are in the order in which they first occur. Without changing
 * atoms there is one cell. Time: the changes, times the logarithm of the sources, times a row. */
struct times *times_new(struct arena *a, const struct time_source *sources, uint32_t count);
/* The same with other limits. */
struct times_limits {
    uint32_t changes, bits;
};
struct times *times_within(struct arena *a, const struct time_source *sources, uint32_t count,
                           struct times_limits limits);
static inline bool times_bit(const struct times *t, uint32_t atom, uint32_t cell)
{
    return t->bits[(size_t)atom * t->row_len + cell / 64] >> cell % 64 & 1;
}

#endif
