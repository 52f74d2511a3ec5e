/*
 * docs/TABLE-FORMAT.md is enough to read a table: a second decoder, written from that page alone. It includes
 * nothing of the tree but a function that gives a compiled policy's bytes, reads every number byte by byte at
 * the page's offsets, and is slow on purpose.
 *
 * Numbers in the code below are the page's: section ids, offsets in records, ops.
 */
#include "page_decoder.h"
#include "page_parts.h"

#include <check.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const u8 *page_file;
char page_out[PAGE_OUT_LEN];
static size_t file_len;

/* ---- 2. the file ---- */

/* 6. bit by bit */
static uint32_t crc32c_of(const u8 *p, size_t len)
{
    uint32_t crc = 0xffffffff;
    for (size_t i = 0; i < len; i++) {
        crc ^= p[i];
        for (int k = 0; k < 8; k++)
            crc = crc & 1 ? crc >> 1 ^ 0x82f63b78 : crc >> 1; /* 0x1EDC6F41 backwards */
    }
    return ~crc;
}

static void check_header(void)
{
    static const u8 magic[8] = {0x89, 0x53, 0x48, 0x55, 0x4e, 0x54, 0x0d, 0x0a};
    ck_assert_uint_ge(file_len, 64);
    ck_assert_mem_eq(page_file, magic, 8);
    ck_assert_uint_eq(u16(page_file + 8), 2);
    ck_assert_uint_eq(u16(page_file + 10), 2);
    ck_assert_uint_eq(number(page_file + 16, 8), file_len);
    for (int i = 32; i < 64; i++) ck_assert_uint_eq(page_file[i], 0);
    u8 *copy = malloc(file_len);
    memcpy(copy, page_file, file_len);
    memset(copy + 24, 0, 4);
    ck_assert_uint_eq(crc32c_of(copy, file_len), u32(page_file + 24));
    free(copy);
    ck_assert_uint_eq(crc32c_of((const u8 *)"123456789", 9), 0xe3069283u);
}

static void check_directory(void)
{
    uint32_t count = u32(page_file + 12), last = 0;
    uint64_t end = 64 + 24 * (uint64_t)count;
    for (uint32_t i = 0; i < count; i++) {
        const u8 *e = page_file + 64 + 24 * i;
        uint64_t off = number(e + 8, 8), len = u32(e + 4) * number(e + 16, 8);
        ck_assert_uint_gt(u32(e), last);
        ck_assert_uint_gt(len, 0);
        ck_assert_uint_eq(off, end);
        for (end = off + len; end % 8; end++) ck_assert_uint_eq(page_file[end], 0);
        last = u32(e);
    }
    ck_assert_uint_eq(end, file_len);
}

/* ---- 4.3 attributes and atoms ---- */

static void say_attrs(void)
{
    static const char *const types[] = {"channel", "set", "priority", "text", "listed", "number", "bool"};
    static const char *const kinds[] = {"", "= ", "^ ", "$ ", "* "};
    uint32_t next = 0;
    for (uint32_t i = 0; i < count_of(4); i++) {
        const u8 *a = record(4, i);
        say("%s: %s%s", attr_name(i), a[13] ? "closed " : "", types[a[12]]);
        ck_assert_uint_eq(u32(a + 4), next);
        for (uint32_t end = next + u32(a + 8); next < end; next++)
            say("%s%s%s", next == u32(a + 4) ? ": " : ", ", kinds[record(5, next)[4]], atom_name(next));
        say("\n");
    }
    ck_assert_uint_eq(next, count_of(5));
}

/* ---- 5. conditions, in prefix form ---- */

/* The number of the record at *p, which moves behind it. */
static uint32_t next_number(const u8 **p)
{
    uint32_t n = (uint32_t)number(*p + 1, 2);
    *p += 3;
    if (n < 32768) return n;
    ck_assert_uint_eq(**p, 133);
    n = n - 32768 + (uint32_t)number(*p + 1, 2) * 32768;
    *p += 3;
    return n;
}

/* Of an ITEM. */
static uint32_t item(const u8 **p)
{
    ck_assert_uint_eq(**p, 132);
    return next_number(p);
}

/* Of a record without one. */
static void nothing(const u8 **p)
{
    ck_assert_uint_eq(next_number(p), 0);
}

static double double_at(uint32_t i)
{
    uint64_t bits = number(record(8, i), 8);
    double d;
    memcpy(&d, &bits, sizeof d);
    return d;
}

static void say_day(int32_t day);
static void say_windows(uint32_t set)
{
    const u8 *s = record(15, set);
    for (uint32_t i = 0; i < u32(s + 4) + u32(s + 8); i++) {
        const u8 *w = record(14, u32(s) + i);
        say(" %s", i < u32(s + 4) ? "" : "yearly ");
        if (i < u32(s + 4))
            say_day((int32_t)u32(w)), say(".."), say_day((int32_t)u32(w + 4));
        else
            say("%u..%u", u32(w), u32(w + 4));
    }
}

/* Back to the day by counting: 4.1's day 0 is 1970-01-01. */
static void say_day(int32_t day)
{
    int year = 1970, month = 0;
    static const int lens[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    for (;; year++) {
        int len = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 366 : 365;
        if (day < len) break;
        day -= len;
    }
    for (;; month++) {
        int len = lens[month] + (month == 1 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
        if (day < len) break;
        day -= len;
    }
    say("%d-%02d-%02d", year, month + 1, day + 1);
}

static void say_node(const u8 **p);

static void say_children(const u8 **p, const char *word)
{
    uint32_t len = next_number(p);
    const u8 *end = *p + 3 * len;
    say("%s(", word);
    for (const char *before = ""; *p < end; before = ", ") {
        say("%s", before);
        say_node(p);
    }
    ck_assert_ptr_eq(*p, end);
    say(")");
}

/* count 0: the one that stands with the op. */
static void say_atoms(const u8 **p, const char *word, uint32_t count)
{
    say("%s(", word);
    for (uint32_t i = 0; i < count || i == 0; i++) {
        uint32_t atom = count ? item(p) : next_number(p);
        say("%s%s.%s", i ? ", " : "", attr_name(attr_of(atom)), atom_name(atom));
    }
    say(")");
}

static void say_compare(const u8 **p, u8 op)
{
    static const char *const signs[] = {"<", "<=", ">", ">="};
    uint32_t attr = next_number(p), cmp = **p - 128u, value = next_number(p);
    ck_assert_uint_lt(cmp, 4);
    say("%s %s ", attr_name(attr), signs[cmp]);
    if (op == 10)
        say("%g", double_at(value));
    else if (record(4, attr)[12] == 2)
        say("priority %u", value);
    else
        say("%s", atom_name(u32(record(4, attr) + 4) + value));
}

static void say_node(const u8 **p)
{
    u8 op = **p;
    switch (op) {
    case 0: say("true"), nothing(p); break;
    case 1: say("false"), nothing(p); break;
    case 2: say("not "), nothing(p), say_node(p); break;
    case 3: say_children(p, "and"); break;
    case 4: say_children(p, "or"); break;
    case 5: say_atoms(p, "has", 0); break;
    case 6: say_atoms(p, "any", next_number(p)); break;
    case 7: say_atoms(p, "all", next_number(p)); break;
    case 8:
    case 10: say_compare(p, op); break;
    case 9: say("priority bits %u", next_number(p)); break;
    case 11:
        say("%s in", attr_name(next_number(p)));
        for (uint32_t n = item(p); n > 0; n--) say(" %g", double_at(item(p)));
        break;
    case 12: say("%s exists", attr_name(next_number(p))); break;
    case 13: say("%s", attr_name(next_number(p))); break;
    case 14: say("during %s", string(u32(record(19, next_number(p))))); break;
    case 15: say("active"), say_windows(next_number(p)); break;
    default: ck_abort_msg("op %u", op);
    }
}

static void say_code(uint32_t off)
{
    const u8 *p = record(7, off);
    say_node(&p);
}

/* CODE is a row of conditions without gaps. */
static void check_code(void)
{
    const u8 *p = record(7, 0), *end = p + 3 * (size_t)count_of(7);
    size_t keep = strlen(page_out);
    while (p < end) say_node(&p);
    ck_assert_ptr_eq(p, end);
    page_out[keep] = 0;
}

/* ---- 4.5 rules ---- */

static void say_steps(const u8 *o)
{
    for (uint32_t i = 0; i < u16(o + 12); i++) {
        const u8 *s = record(11, u32(o) + i);
        const char *target = s[12] == 2 ? "nobody" : string(u32(record(s[12] == 0 ? 26 : 25, u32(s))));
        say(" -> %s", target);
        if (u32(s + 8)) say(" after %u", u32(s + 8));
        if (u32(s + 4) != NONE) say(" of %s", string(u32(record(19, u32(s + 4)))));
    }
    if (u16(o + 12) == 0) say(" continue");
}

static void say_rules(void)
{
    const u8 *policy = record(3, 0);
    ck_assert_uint_eq(count_of(9), u32(policy + 16) + u32(policy + 20) + 1);
    ck_assert_uint_eq(count_of(41), u32(policy + 16));
    for (uint32_t i = 0; i < count_of(9); i++) {
        const u8 *r = record(9, i), *o = record(10, u32(r + 4));
        say("%s: ", i < u32(policy + 16)  ? string(u32(record(41, i)))
                    : i + 1 < count_of(9) ? "(takes)"
                                          : "(otherwise)");
        say_code(u32(r));
        if (o[18]) say(" set %u", o[18] - 1);
        if (o[19]) say(" raise %u", o[19] - 1);
        for (uint32_t k = 0; k < u16(o + 14); k++) say(" add %s", atom_name(u32(record(12, u32(o + 4) + k))));
        for (uint32_t k = 0; k < u16(o + 16); k++)
            say(" require %s", string(u32(record(13, u32(record(12, u32(o + 8) + k))))));
        say_steps(o);
        say("\n");
    }
}

/* ---- 4.7 to 4.9: zones, hours, agents, teams ---- */

static void say_intervals(uint32_t day)
{
    const u8 *d = record(21, day);
    for (uint32_t i = 0; i < u32(d + 4); i++) {
        const u8 *in = record(22, u32(d) + i);
        say(" %u-%u", u16(in), u16(in + 2));
    }
    if (u32(d + 4) == 0) say(" closed");
}

static void say_hours(void)
{
    for (uint32_t i = 0; i < count_of(19); i++) {
        const u8 *h = record(19, i);
        say("hours %s%s", string(u32(h)), h[65] ? " always" : "");
        if (u32(h + 4) != NONE) say(" in %s", string(u32(record(16, u32(h + 4)))));
        if (u32(h + 8) != NONE) say(" outside %s", string(u32(record(19, u32(h + 8)))));
        for (int d = 0; u32(h + 12) != NONE && d < 7; d++)
            say("%s", d ? ";" : ":"), say_intervals(u32(record(20, u32(h + 12)) + 4 * d));
        for (uint32_t k = 0; k < u32(h + 20) + u32(h + 24); k++) {
            const u8 *s = record(23, u32(h + 16) + k);
            say("; season %u..%u sunday", u32(s), u32(s + 4));
            say_intervals(u32(record(20, u32(s + 8)) + 24));
        }
        for (uint32_t k = 0; k < u32(h + 32) + u32(h + 36); k++)
            say("; special %u", u32(record(24, u32(h + 28) + k))),
                say_intervals(u32(record(24, u32(h + 28) + k) + 4));
        if (u32(h + 40) != NONE) say("; closed"), say_windows(u32(h + 40));
        for (uint32_t k = 0; k < u32(h + 48); k++)
            say("; holidays"), say_windows(u32(record(12, u32(h + 44) + k)));
        if (u32(h + 52) != NONE) say("; breaks sunday"), say_intervals(u32(record(20, u32(h + 52)) + 24));
        if (u32(h + 56)) say("; every %u from ", u32(h + 56)), say_day((int32_t)u32(h + 60));
        say("\n");
    }
}

static void say_zones(void)
{
    for (uint32_t i = 0; i < count_of(16); i++) {
        const u8 *z = record(16, i), *dst = z + 40, *std = z + 52;
        say("zone %s: then %d, %d in summer, from M%u.%u.%u/%d to M%u.%u.%u/%d\n", string(u32(z)),
            (int32_t)u32(z + 24), (int32_t)u32(z + 28), dst[1], dst[2], dst[3], (int32_t)u32(dst + 8), std[1],
            std[2], std[3], (int32_t)u32(std + 8));
        ck_assert_uint_eq(z[20], 1);
        for (uint32_t k = 1; k < u32(z + 16); k++)
            ck_assert_int_lt((int64_t)number(record(18, u32(z + 12) + k - 1), 8),
                             (int64_t)number(record(18, u32(z + 12) + k), 8));
    }
}

static void say_map(const char *word, const u8 *map)
{
    say(" %s", word);
    for (uint32_t i = 0; i < u32(map + 4); i++) {
        const u8 *at = record(27, u32(map) + i);
        say(" %s=%u", atom_name(u32(at)), u32(at + 4));
    }
    if (u32(map + 8) != NONE) say(" *=%u", u32(map + 8));
}

static void say_people(void)
{
    for (uint32_t i = 0; i < count_of(25); i++) {
        const u8 *a = record(25, i);
        say("agent %s \"%s\" role %u weight %u", string(u32(a)), string(u32(a + 4)), a[72], a[73]);
        say_map("rank", a + 8);
        say_map("limit", a + 20);
        if (u32(a + 44) != NONE) say(" total=%u", u32(a + 44));
        for (uint32_t k = 0; k < u32(a + 36); k++)
            say(" device %s", string(u32(record(27, u32(a + 32) + k) + 4)));
        for (uint32_t k = 0; k < u32(a + 52); k++)
            say(" skill %s", string(u32(record(13, u32(record(12, u32(a + 48) + k))))));
        for (uint32_t k = 0; u32(a + 56) != NONE && k < u32(a + 60); k++)
            say(" serves %s", atom_name(u32(record(12, u32(a + 56) + k))));
        if (u32(a + 64) != NONE) say(" hours %s", string(u32(record(19, u32(a + 64)))));
        if (u32(a + 68) != NONE) say(" away"), say_windows(u32(a + 68));
        say("\n");
    }
    for (uint32_t i = 0; i < count_of(26); i++) {
        const u8 *t = record(26, i);
        say("team %s \"%s\" members", string(u32(t)), string(u32(t + 4)));
        for (uint32_t k = 0; k < u32(t + 12); k++)
            say(" %s", string(u32(record(25, u32(record(12, u32(t + 8) + k))))));
        say_map("assign", t + 16);
        say_map("hours", t + 28);
        say_map("after", t + 40);
        say(" rotation %u flags %u%u%u%u%u\n", t[52], t[53], t[54], t[55], t[56], t[57]);
    }
}

/* ---- 4.10, 4.11 ---- */

static void say_promises(void)
{
    for (uint32_t i = 0; i < count_of(28); i++) {
        const u8 *p = record(28, i);
        say("promise \"%s\": ", string(u32(p)));
        say_code(u32(p + 4));
        for (uint32_t k = 0; k < u32(p + 12); k++) {
            const u8 *o = record(29, u32(p + 8) + k);
            say(" => kind %u", o[8]);
            for (uint32_t n = 0; n < u32(o + 4); n++) say(" %u", u32(record(12, u32(o) + n)));
            if (o[8] == 5) say(" priorities %u", o[9]);
        }
        say("\n");
    }
    for (uint32_t i = 0; i < count_of(39); i++)
        say("about %s %u: %s\n", u32(record(39, i)) ? "atom" : "rule", u32(record(39, i) + 4),
            string(u32(record(39, i) + 8)));
}

static void say_spans(void)
{
    ck_assert_uint_eq(count_of(49), 32);
    for (uint32_t i = 0; i < count_of(50); i++) {
        const u8 *s = record(50, i);
        say("%u/%u %s:%u:%u+%u\n", u32(s), u32(s + 4), string(u32(record(48, u32(s + 8)))), u32(s + 12),
            u32(s + 16), u32(s + 20));
    }
}

/* ---- all of it ---- */

void page_open(const unsigned char *bytes, size_t len)
{
    page_file = bytes;
    file_len = len;
    page_out[0] = 0;
}

void page_check_file(void)
{
    check_header();
    check_directory();
}

const char *page_atom_name(uint32_t atom)
{
    return atom_name(atom);
}

const char *page_words(void)
{
    const u8 *p = record(3, 0);
    check_code();
    say("policy %s in %s, presence %u auto %u reply %u otherwise %u\n", string(u32(p)),
        string(u32(record(16, u32(p + 4)))), p[24], p[25], p[26], p[27]);
    say_attrs();
    say_hours();
    say_zones();
    say_people();
    say_rules();
    say_promises();
    say_spans();
    return page_out;
}
