/*
 * CRC-32C (Castagnoli, reflected polynomial 0x82f63b78, as in RFC 3720 B.4) of a run of bytes.
 *
 * The plain version takes eight bytes at a time through tables it makes on its own stack: 8 kB in 2 to 5 us,
 * so that nothing is kept. Where the processor has the instruction (SSE 4.2), that is used: chosen when
 * called, not when built. It takes three cycles and can begin one each cycle, so that three runs of bytes are
 * gone through side by side (V. Gopal et al., "Fast CRC Computation for iSCSI Polynomial Using CRC32
 * Instruction", Intel 2011). Measured on 19 MB: 0.5 to 0.9 GB/s plain, 9 GB/s in one run, 12 to 14 in three.
 */
#include "processor.h"
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

#if defined(SH_X86_64)
/* Below this the three runs' sums cost more to join than they save. */
enum { THREE_LEN_MIN = 4096 };

/* The product of two polynomials modulo the CRC's, bits reflected: bit 31 is x^0. */
static uint32_t multiply(uint32_t a, uint32_t b)
{
    uint32_t product = 0;
    for (uint32_t bit = UINT32_C(1) << 31; bit != 0; bit >>= 1) {
        if (a & bit) product ^= b;
        b = b >> 1 ^ (b & 1 ? 0x82f63b78u : 0);
    }
    return product;
}

/* x^(8 * len): by it the sum of some bytes is multiplied where `len` more follow. */
static uint32_t shift_by(size_t len)
{
    uint32_t result = UINT32_C(1) << 31, power = UINT32_C(1) << 23;
    for (; len > 0; len >>= 1) {
        if (len & 1) result = multiply(result, power);
        power = multiply(power, power);
    }
    return result;
}

__attribute__((target("sse4.2"))) static uint32_t crc_one(uint32_t crc, const uint8_t *p, size_t len)
{
    uint64_t wide = crc;
    for (; len >= 8; p += 8, len -= 8) wide = __builtin_ia32_crc32di(wide, load64(p));
    crc = (uint32_t)wide;
    for (; len > 0; p++, len--) crc = __builtin_ia32_crc32qi(crc, *p);
    return crc;
}

/* Three runs of run_len bytes, a multiple of 8. */
__attribute__((target("sse4.2"))) static uint32_t crc_three(uint32_t crc, const uint8_t *p, size_t run_len)
{
    const uint8_t *q = p + run_len, *r = q + run_len;
    uint64_t first = crc, second = 0, third = 0;
    for (size_t i = 0; i < run_len; i += 8) {
        first = __builtin_ia32_crc32di(first, load64(p + i));
        second = __builtin_ia32_crc32di(second, load64(q + i));
        third = __builtin_ia32_crc32di(third, load64(r + i));
    }
    uint32_t shift = shift_by(run_len);
    return multiply(multiply((uint32_t)first, shift) ^ (uint32_t)second, shift) ^ (uint32_t)third;
}

static uint32_t crc_sse42(uint32_t crc, const uint8_t *p, size_t len)
{
    if (len < THREE_LEN_MIN) return crc_one(crc, p, len);
    size_t run_len = len / 3 & ~(size_t)7;
    crc = crc_three(crc, p, run_len);
    return crc_one(crc, p + 3 * run_len, len - 3 * run_len);
}
#else
static uint32_t crc_sse42(uint32_t crc, const uint8_t *p, size_t len)
{
    return crc_plain(crc, p, len);
}
#endif

uint32_t sh_crc32c(uint32_t crc, const void *bytes, size_t len)
{
    return ~(sh_have_sse42() ? crc_sse42(~crc, bytes, len) : crc_plain(~crc, bytes, len));
}

uint32_t sh_crc32c_plain(uint32_t crc, const void *bytes, size_t len)
{
    return ~crc_plain(~crc, bytes, len);
}
