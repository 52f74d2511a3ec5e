/*
 * The ops' operands, as ops.def gives them: by these alone an op is written, verified, skipped and printed;
 * and what reading units takes.
 *
 * For both sides of the table: a header, so that the compiler needs nothing of the library for it.
 */
#ifndef SHUNT_RUNTIME_OPS_H
#define SHUNT_RUNTIME_OPS_H

#include "format.h"

#include <stdbool.h>

enum { OPERANDS_MAX = 3, OPERAND_ANY_TYPE = (1 << (TF_BOOL_T + 1)) - 1 };

enum operand { /* what each is: ops.def */
               OPERAND_END,
               OPERAND_NODE,
               OPERAND_NODES,
               OPERAND_ATTR,
               OPERAND_CMP,
               OPERAND_VALUE,
               OPERAND_NUM,
               OPERAND_NUMS,
               OPERAND_ATOM,
               OPERAND_ATOMS,
               OPERAND_MANY,
               OPERAND_LEVELS,
               OPERAND_HOURS,
               OPERAND_WINDOWS
};

/* A count, and so many numbers. */
static inline bool operand_is_list(enum operand operand)
{
    return operand == OPERAND_NUMS || operand == OPERAND_ATOMS || operand == OPERAND_MANY;
}

struct op_row {
    uint8_t types;                  /* a bit for each enum tf_attr_type */
    uint8_t operands[OPERANDS_MAX]; /* enum operand; OPERAND_END behind the last, where there are fewer */
};

/* op: below TF_OP_COUNT */
static inline const struct op_row *op_row(unsigned op)
{
    enum {
        CHANNEL = 1 << TF_CHANNEL_T,
        SET = 1 << TF_SET_T,
        PRIORITY = 1 << TF_PRIORITY_T,
        TEXT = 1 << TF_TEXT_T,
        LISTED = 1 << TF_LISTED_T,
        NUMBER = 1 << TF_NUMBER_T,
        BOOL = 1 << TF_BOOL_T,
        ANY = OPERAND_ANY_TYPE
    };
    static const struct op_row rows[TF_OP_COUNT] = {
#define OP(id, types, first, second, third, meaning)                                                         \
    {types, {OPERAND_##first, OPERAND_##second, OPERAND_##third}},
#include "ops.def"
#undef OP
    };
    return &rows[op];
}

/* ---- units of verified code ---- */

/* The number at *p, which moves behind it. An op's first operand stands with the op. */
static inline uint32_t unit_number(const struct tf_unit **p)
{
    uint32_t n = le16((*p)++->number);
    if (n < TF_WIDE) return n;
    return (n - TF_WIDE) | (uint32_t)le16((*p)++->number) << TF_WIDE_SHIFT;
}

/* What the number at p is compared by. */
static inline unsigned unit_cmp(const struct tf_unit *p)
{
    return (unsigned)p->tag - TF_TAG_CMP;
}

static inline bool unit_compares(unsigned cmp, double left, double right)
{
    switch (cmp) {
    case TF_LT: return left < right;
    case TF_LE: return left <= right;
    case TF_GT: return left > right;
    default: return left >= right;
    }
}

/* Behind the children of the AND or OR at *p, which moves to the first child. */
static inline const struct tf_unit *unit_children(const struct tf_unit **p)
{
    uint32_t len = unit_number(p);
    return *p + len;
}

/* Behind the node at p; the first node in it where there are some. */
static inline const struct tf_unit *unit_behind(const struct tf_unit *p)
{
    const uint8_t *operands = op_row(p->tag)->operands;
    if (operands[0] == OPERAND_END) return p + 1;
    for (int i = 0; i < OPERANDS_MAX && operands[i] != OPERAND_END; i++) {
        if (operands[i] == OPERAND_CMP) continue; /* it stands with the number behind it */
        uint32_t numbers = unit_number(&p);
        for (; operand_is_list((enum operand)operands[i]) && numbers > 0; numbers--) unit_number(&p);
    }
    return p;
}

static inline bool op_takes(unsigned op, enum operand operand)
{
    const uint8_t *operands = op_row(op)->operands;
    for (int i = 0; i < OPERANDS_MAX; i++)
        if (operands[i] == operand) return true;
    return false;
}

#endif
