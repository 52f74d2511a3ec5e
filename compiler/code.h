/*
 * Reading conditions in CODE (docs/TABLE-FORMAT.md 5). The bytes are trusted: written by lowering, or
 * verified by shunt_table_open().
 */
#ifndef SHUNT_COMPILER_CODE_H
#define SHUNT_COMPILER_CODE_H

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

#endif
