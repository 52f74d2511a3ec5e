/*
 * Reading conditions in CODE (docs/TABLE-FORMAT.md 5). The bytes are trusted: written by lowering, or
 * verified by shunt_table_open().
 */
#ifndef SHUNT_COMPILER_CODE_H
#define SHUNT_COMPILER_CODE_H

#include "../runtime/ops.h"

#include <stdint.h>

/* The number at *p, which moves behind it. */
static inline uint32_t code_number(const uint8_t **p)
{
    uint32_t n = 0;
    unsigned shift = 0;
    for (;; shift += 7) {
        uint8_t byte = *(*p)++;
        n |= (uint32_t)(byte & 0x7f) << shift;
        if (byte < 0x80) return n;
    }
}

/* Behind the children of the AND or OR whose length is at *p, which moves to the first child. */
static inline const uint8_t *code_children(const uint8_t **p)
{
    uint32_t len = code_number(p);
    return *p + len;
}

/* Behind the operands at p of an op that has no nodes. */
static inline const uint8_t *code_behind(const uint8_t *p, unsigned op)
{
    const uint8_t *operands = op_row(op)->operands;
    for (int i = 0; i < OPERANDS_MAX && operands[i] != OPERAND_END; i++) {
        uint32_t numbers = 1;
        if (operands[i] == OPERAND_CMP) {
            p++;
            continue;
        }
        if (operands[i] == OPERAND_NUMS || operands[i] == OPERAND_ATOMS || operands[i] == OPERAND_MANY)
            numbers = code_number(&p);
        for (; numbers > 0; numbers--) code_number(&p);
    }
    return p;
}

#endif
