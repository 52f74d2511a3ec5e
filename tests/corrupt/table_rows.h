/*
 * Rows of tables with one defect each: edits of a sample that has every section, and what the verifier says
 * of them. The checksum fits, so that it is the verifier that must find it.
 */
#ifndef SHUNT_TESTS_TABLE_ROWS_H
#define SHUNT_TESTS_TABLE_ROWS_H

#include <stddef.h>

#include "../../runtime/table.h"
#include "../unit/image.h"

/* image_sample() and more of what has an order, or must not be there twice; not stripped. */
void fuller_sample(struct image *m);

/* Places in LIST behind the sample's four. */
enum { L_10 = 4, L_01 = 5, L_2 = 7, L_LABELS_TWICE = 7, L_4 = 10, L_5 = 11, L_LOW_LABEL = 6 };

/* By place: what the span is of. */
enum {
    S_RULE,
    S_TAKES,
    S_AGAIN,
    S_OTHERWISE,
    S_AGENT,
    S_TEAM,
    S_HOURS,
    S_PROMISE,
    S_ATTR,
    S_CODE,
    S_INNER,
    S_WHEN
};

/* ---- rows ---- */

struct edit {
    uint32_t section, record;
    size_t off, len; /* len 0: no edit */
    uint64_t value;
};
#define E(section, record, type, field, value)                                                               \
    {                                                                                                        \
        TF_##section, record, offsetof(struct type, field), sizeof(((struct type *)0)->field),               \
            (uint64_t)(value)                                                                                \
    }
#define E4(section, record, off, value)                                                                      \
    {                                                                                                        \
        TF_##section, record, off, 4, value                                                                  \
    }
#define E8(section, record, value)                                                                           \
    {                                                                                                        \
        TF_##section, record, 0, 8, value                                                                    \
    }
#define NO_EDIT                                                                                              \
    {                                                                                                        \
        0, 0, 0, 0, 0                                                                                        \
    }
/* In place of a value: the last string, and one that is not there. */
#define LAST_STRING (UINT64_MAX - 1)
#define NO_STRING UINT64_MAX

struct table_row {
    struct edit edits[5];
    uint32_t section;
    uint64_t record;
    const char *reason; /* NULL: it opens */
};
#define OPENS 0, 0, NULL
#define IS(section, record, reason) TF_##section, record, reason

/* Opens it; number: of the row, for messages. */
void check_image(const struct image *m, const struct table_row *row, int number);
void check_rows(const struct table_row *rows, size_t count);
#define CHECK_ROWS(rows) check_rows((rows), sizeof(rows) / sizeof *(rows))

#endif
