/* Parts of inputs that a head, a body and a tail cannot say: see slow.h. */
#include "slow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static FILE *open_part(const char *file)
{
    FILE *f = fopen(file, "a");
    if (!f) abort();
    return f;
}

/* ---- names that collide ----
 *
 * A hash that takes eight bytes at a time, h = fold((h ^ word) * factor), gives one value for as many names
 * of sixteen bytes as one likes: behind any first word stands the second that leads to where all are to meet.
 */

enum { NAME_LEN = 16 };

/* Neither a control, a quote or a backslash, nor beyond ASCII. */
static bool is_plain(uint64_t word)
{
    for (int i = 0; i < 8; i++, word >>= 8) {
        unsigned c = word & 0xff;
        if (c < 0x20 || c > 0x7e || c == '"' || c == '\\' || c == '%') return false;
    }
    return true;
}

/* The next name: *at counts those tried. */
static void next_name(uint64_t *at, uint64_t begin, uint64_t factor, char name[NAME_LEN + 1])
{
    static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_.";
    const uint64_t meeting = UINT64_C(0x5a5a5a5a5a5a5a5a);
    for (uint64_t first, second;;) {
        uint64_t n = ++*at;
        for (int i = 0; i < 8; i++, n /= 64) name[i] = digits[n % 64];
        memcpy(&first, name, 8);
        uint64_t h = (begin ^ first) * factor;
        second = meeting ^ h ^ h >> 32;
        if (!is_plain(second)) continue;
        memcpy(name + 8, &second, 8);
        name[NAME_LEN] = 0;
        return;
    }
}

static void write_colliding(const char *file, uint32_t n, const char *format, uint64_t begin, uint64_t factor)
{
    FILE *f = open_part(file);
    char name[NAME_LEN + 1];
    uint64_t at = 0;
    for (uint32_t i = 0; i < n; i++) {
        next_name(&at, begin, factor, name);
        fprintf(f, format, name);
    }
    fclose(f);
}

/* The factors and beginnings are those of hashes that this program once used in these places. */
#define GOLDEN UINT64_C(0x9e3779b97f4a7c15)
#define MURMUR UINT64_C(0xff51afd7ed558ccd)
#define FNV UINT64_C(0xcbf29ce484222325)

void slow_colliding_tickets(const char *file, uint32_t n)
{
    write_colliding(file, n, "{\"id\":\"%s\",\"at\":\"2026-03-02T10:00:00Z\"}\n", FNV ^ GOLDEN, MURMUR);
}

void slow_colliding_customers(const char *file, uint32_t n)
{
    write_colliding(
        file, n,
        "{\"event_id\":\"%1$s\",\"id\":\"%1$s\",\"customer\":\"%1$s\",\"at\":\"2026-03-02T10:00:00Z\"}\n",
        FNV ^ UINT64_C(16) * GOLDEN, MURMUR);
}

void slow_colliding_skills(const char *file, uint32_t n)
{
    write_colliding(file, n, "    - \"%s\"\n", NAME_LEN, GOLDEN);
}

void slow_colliding_labels(const char *file, uint32_t n)
{
    write_colliding(file, n, "- \"%s\"\n", FNV ^ GOLDEN, MURMUR);
}

/* ---- conditions that collide ----
 *
 * `f in (a, b)` is hashed a number at a time, h = fold((h ^ number) * factor): behind any a stands the b that
 * leads to where all are to meet, if it is one that can be written.
 */

static uint64_t fold(uint64_t h, uint64_t v)
{
    h = (h ^ v) * GOLDEN;
    return h ^ h >> 29;
}

void slow_colliding_conditions(const char *file, uint32_t n)
{
    FILE *f = open_part(file);
    /* kind, operator, attribute of the first field: what stands before the numbers */
    uint64_t begin = fold(fold(fold(fold(3, 11 << 16), 7), 0), 0), bits;
    for (uint32_t i = 0, at = 1; i < n; at++) {
        double a = -(double)at, b;
        memcpy(&bits, &a, sizeof bits);
        bits = fold(begin, bits) ^ UINT64_C(0x1a5a5a5a5a5a5a5a);
        memcpy(&b, &bits, sizeof b);
        if (!(b > 0.001 && b < 1e15)) continue;
        fprintf(f, "- rule: r%u\n  when: f in (-%u, %.17g)\n  to: unassigned\n", i++, at, b);
    }
    fclose(f);
}

/* ---- files ---- */

/* Files that include nothing, and one that includes them all. */
void slow_many_includes(const char *file, uint32_t n)
{
    FILE *f = open_part(file);
    fputs("shunt: 1\ninclude:\n", f);
    for (uint32_t i = 0; i < n; i++) {
        char name[32];
        snprintf(name, sizeof name, "part%05u.yaml", i);
        fprintf(f, "- %s\n", name);
        FILE *part = open_part(name);
        fprintf(part, "shunt: 1\nlabels: [l%u]\n", i);
        fclose(part);
    }
    fclose(f);
}
