/*
 * CRC-32C (Castagnoli, reflected polynomial 0x82f63b78, as in RFC 3720 B.4) of a run of bytes.
 *
 * The plain version takes eight bytes at a time through tables it makes on its own stack: 8 kB in 2 to 5 us,
 * so that nothing is kept. Where the processor has the instruction (SSE 4.2), that is used: chosen when
 * called, not when built. Measured on 5 MB: 0.5 to 0.9 GB/s and 8 to 9 GB/s.
 */
#include "table.h"

enum { SLICES = 8 };

static void make_tables(uint32_t table[SLICES][256])
{
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t crc = i;
        for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78u : 0);
        table[0][i] = crc;
    }
    for (uint32_t i = 0; i < 256; i++) {
        for (int s = 1; s < SLICES; s++) {
            uint32_t before = table[s - 1][i];
            table[s][i] = before >> 8 ^ table[0][before & 255];
        }
    }
}

static uint64_t load64(const uint8_t *p)
{
    le64_t v;
    memcpy(&v, p, sizeof v);
    return le64(v);
}

static uint32_t crc_plain(uint32_t crc, const uint8_t *p, size_t len)
{
    uint32_t table[SLICES][256];
    make_tables(table);
    for (; len >= 8; p += 8, len -= 8) {
        uint64_t v = load64(p) ^ crc;
        crc = 0;
        for (int i = 0; i < SLICES; i++) crc ^= table[SLICES - 1 - i][v >> 8 * i & 255];
    }
    for (; len > 0; p++, len--) crc = crc >> 8 ^ table[0][(crc ^ *p) & 255];
    return crc;
}

#if defined(__x86_64__) && defined(__GNUC__)
__attribute__((target("sse4.2"))) static uint32_t crc_sse42(uint32_t crc, const uint8_t *p, size_t len)
{
    uint64_t wide = crc;
    for (; len >= 8; p += 8, len -= 8) wide = __builtin_ia32_crc32di(wide, load64(p));
    crc = (uint32_t)wide;
    for (; len > 0; p++, len--) crc = __builtin_ia32_crc32qi(crc, *p);
    return crc;
}

static bool have_sse42(void)
{
    __builtin_cpu_init();
    return __builtin_cpu_supports("sse4.2");
}
#else
static bool have_sse42(void)
{
    return false;
}
static uint32_t crc_sse42(uint32_t crc, const uint8_t *p, size_t len)
{
    return crc_plain(crc, p, len);
}
#endif

uint32_t sh_crc32c(uint32_t crc, const void *bytes, size_t len)
{
    return ~(have_sse42() ? crc_sse42(~crc, bytes, len) : crc_plain(~crc, bytes, len));
}

uint32_t sh_crc32c_plain(uint32_t crc, const void *bytes, size_t len)
{
    return ~crc_plain(~crc, bytes, len);
}
