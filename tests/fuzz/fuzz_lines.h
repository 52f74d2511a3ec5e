/* The lines of any bytes, each with the readable bytes behind it that a reader of JSON asks for. */
#ifndef SHUNT_TESTS_FUZZ_LINES_H
#define SHUNT_TESTS_FUZZ_LINES_H

#include "lines.h"

#include <stdlib.h>
#include <string.h>

/* A copy of the bytes with that room; to be freed. */
static inline char *fuzz_copy(const uint8_t *bytes, size_t len)
{
    char *copy = calloc(1, len + LINE_SLACK_LEN);
    if (!copy) abort();
    if (len) memcpy(copy, bytes, len);
    return copy;
}

/* The line at *at of a copy, of which *at moves behind it; false: there is none left. */
static inline bool fuzz_next_line(const char *copy, size_t len, size_t *at, struct line *line)
{
    if (*at >= len) return false;
    const char *end = memchr(copy + *at, '\n', len - *at);
    size_t stop = end ? (size_t)(end - copy) : len;
    *line = (struct line){copy + *at, (uint32_t)(stop - *at), false, line->number + 1};
    *at = stop + 1;
    return true;
}

#endif
