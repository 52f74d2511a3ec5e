/* Short rows of bytes by words of the processor, where a call of memcmp() would take longer than what it does. */
#ifndef SHUNT_RUNTIME_WORDS_H
#define SHUNT_RUNTIME_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* In the processor's own order. */
static inline uint64_t sh_eight_bytes(const char *p)
{
    uint64_t word;
    memcpy(&word, p, sizeof word);
    return word;
}
static inline uint64_t sh_four_bytes(const char *p)
{
    uint32_t half;
    memcpy(&half, p, sizeof half);
    return half;
}

/* memcmp() == 0 for names. The last word ends with them: what it has in common with the one before is compared
 * twice, and nothing behind them is read. */
static inline bool sh_same_bytes(const char *a, const char *b, size_t len)
{
    if (len < 4) return len == 0 || (a[0] == b[0] && a[len / 2] == b[len / 2] && a[len - 1] == b[len - 1]);
    if (len < 8) {
        const char *x = a + len - 4, *y = b + len - 4;
        return ((sh_four_bytes(a) ^ sh_four_bytes(b)) | (sh_four_bytes(x) ^ sh_four_bytes(y))) == 0;
    }
    uint64_t other = sh_eight_bytes(a + len - 8) ^ sh_eight_bytes(b + len - 8);
    for (size_t i = 0; i + 8 < len && !other; i += 8) other = sh_eight_bytes(a + i) ^ sh_eight_bytes(b + i);
    return other == 0;
}

#endif
