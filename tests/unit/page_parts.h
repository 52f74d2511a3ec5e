/* What page_decoder.c and page_finds.c read a table by: numbers, records, strings. Nobody else includes it.
 */
#ifndef SHUNT_TESTS_PAGE_PARTS_H
#define SHUNT_TESTS_PAGE_PARTS_H

#include "page_decoder.h"

#include <check.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef unsigned char u8;

enum { PAGE_OUT_LEN = 32768 };
extern const u8 *page_file;
extern char page_out[PAGE_OUT_LEN]; /* what was said */

static inline void say(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    size_t len = strlen(page_out);
    vsnprintf(page_out + len, sizeof page_out - len, format, args);
    va_end(args);
}

/* ---- 1. numbers ---- */

static inline uint64_t number(const u8 *p, int bytes)
{
    uint64_t n = 0;
    for (int i = bytes; i-- > 0;) n = n << 8 | p[i];
    return n;
}
static inline uint32_t u32(const u8 *p)
{
    return (uint32_t)number(p, 4);
}
static inline uint32_t u16(const u8 *p)
{
    return (uint32_t)number(p, 2);
}
#define NONE PAGE_NONE

/* ---- 2. records ---- */

static inline const u8 *entry(uint32_t id)
{
    for (uint32_t i = 0; i < u32(page_file + 12); i++)
        if (u32(page_file + 64 + 24 * i) == id) return page_file + 64 + 24 * i;
    return NULL;
}
static inline uint32_t count_of(uint32_t id)
{
    return entry(id) ? (uint32_t)number(entry(id) + 16, 8) : 0;
}
static inline const u8 *record(uint32_t id, uint32_t i)
{
    ck_assert_msg(i < count_of(id), "record %u of section %u", i, id);
    return page_file + number(entry(id) + 8, 8) + (uint64_t)i * u32(entry(id) + 4);
}

/* ---- 4.1 strings, 4.3 attributes and atoms ---- */

static inline const char *string(uint32_t i)
{
    if (i == NONE) return "-";
    uint32_t from = u32(record(1, i)), end = u32(record(1, i + 1));
    ck_assert_uint_eq(*record(2, end - 1), 0);
    ck_assert_uint_eq(strlen((const char *)record(2, from)), end - 1 - from);
    return (const char *)record(2, from);
}

static inline const char *attr_name(uint32_t attr)
{
    return string(u32(record(4, attr)));
}
static inline const char *atom_name(uint32_t atom)
{
    return string(u32(record(5, atom)));
}

static inline uint32_t attr_of(uint32_t atom)
{
    for (uint32_t i = 0; i < count_of(4); i++)
        if (atom >= u32(record(4, i) + 4) && atom < u32(record(4, i) + 4) + u32(record(4, i) + 8)) return i;
    ck_abort_msg("atom %u", atom);
    return 0;
}

#endif
