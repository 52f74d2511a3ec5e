/*
 * Reading conditions in CODE (docs/TABLE-FORMAT.md 5). The units are trusted: written by lowering, or
 * verified by shunt_table_open(). What walks them holds a pointer to an op's unit, or to the number that is
 * next.
 */
#ifndef SHUNT_COMPILER_CODE_H
#define SHUNT_COMPILER_CODE_H

#include "../runtime/ops.h"

#include <stdint.h>

/* The number at *p, which moves behind it. An op's first operand stands with the op. */
static inline uint32_t code_number(const struct tf_unit **p)
{
    return unit_number(p);
}

/* What the number at p is compared by. */
static inline unsigned code_cmp(const struct tf_unit *p)
{
    return (unsigned)p->tag - TF_TAG_CMP;
}

/* Behind the children of the AND or OR at *p, which moves to the first child. */
static inline const struct tf_unit *code_children(const struct tf_unit **p)
{
    uint32_t len = code_number(p);
    return *p + len;
}

/* Behind the test, TRUE or FALSE at p; the first node in an AND, OR or NOT. */
static inline const struct tf_unit *code_behind(const struct tf_unit *p)
{
    return unit_behind(p);
}

#endif
