/*
 * What a ticket finds in a table, by docs/TABLE-FORMAT.md alone (page_decoder.c): names by their hash,
 * patterns by the automata, entries by the index.
 */
#include "page_decoder.h"
#include "page_parts.h"

#include <stdbool.h>

/* ---- 4.4 names ---- */

uint32_t page_name_hash(uint32_t attr, const char *name, size_t len)
{
    const u8 *p = (const u8 *)name;
    uint64_t h = 0xcbf29ce484222325u ^ attr * 0x9e3779b97f4a7c15u, v;
    for (; len >= 8; p += 8, len -= 8) {
        h = (h ^ number(p, 8)) * 0xff51afd7ed558ccdu;
        h ^= h >> 32;
    }
    v = len + 1;
    while (len > 0) v = v << 8 | p[--len];
    h = (h ^ v) * 0xff51afd7ed558ccdu;
    h ^= h >> 29;
    return (uint32_t)(h * 0x9e3779b97f4a7c15u >> 32);
}

uint32_t page_find_atom(uint32_t attr, const char *name)
{
    uint32_t size = count_of(6), at = page_name_hash(attr, name, strlen(name)) % size;
    for (; u32(record(6, at)) != 0; at = (at + 1) % size) {
        uint32_t atom = u32(record(6, at)) - 1;
        if (attr_of(atom) == attr && strcmp(atom_name(atom), name) == 0) return atom;
    }
    return NONE;
}

/* ---- 7. automata: which patterns of `attr` are found in a folded text ---- */

/* A state of the automaton. */
struct at {
    uint32_t first, edge_first; /* the root's: AC_STATE, AC_EDGE */
    uint32_t state;
};

static uint32_t fail_of(const struct at *a, uint32_t state)
{
    return u32(record(31, a->first + state)) & 0xffffff;
}
static uint32_t edge_count(const struct at *a, uint32_t state)
{
    return u32(record(31, a->first + state)) >> 24;
}

/* Where an automaton's root is: edges of those before are one less than their states. */
static struct at root_of(uint32_t automaton)
{
    struct at a = {0, 0, 0};
    for (uint32_t i = 0; i < automaton; i++) {
        a.first += u32(record(30, i) + 8);
        a.edge_first += u32(record(30, i) + 8) - 1;
    }
    ck_assert_uint_eq(u32(record(30, automaton) + 4), a.first);
    return a;
}

static uint32_t go(const struct at *a, u8 byte)
{
    uint32_t from = 0;
    for (uint32_t i = 0; i < a->state; i++) from += edge_count(a, i);
    for (uint32_t i = from; i < from + edge_count(a, a->state); i++)
        if (*record(32, a->edge_first + i) == byte) return i + 1;
    return NONE;
}

/* The root's are said by nobody here. */
static void say_found(struct at a, size_t read, size_t len)
{
    for (; a.state != 0; a.state = fail_of(&a, a.state)) {
        for (uint32_t i = 0; i < count_of(40); i++) {
            if (u32(record(40, i)) != a.first + a.state) continue;
            uint32_t atom = u32(record(40, i) + 4), kind = record(5, atom)[4];
            bool whole = strlen(atom_name(atom)) == read;
            if (kind == 1 ? whole && read == len : kind == 2 ? whole : kind == 4 || read == len)
                say(" %c%s", "?=^$*"[kind], atom_name(atom));
        }
    }
}

const char *page_found_in(uint32_t attr, const char *text)
{
    size_t len = strlen(text);
    page_out[0] = 0;
    for (uint32_t i = 0; i < count_of(30); i++) {
        struct at a = root_of(i);
        uint32_t to;
        if (u32(record(30, i)) != attr) continue;
        for (size_t read = 0; read < len; read++) {
            while ((to = go(&a, (u8)text[read])) == NONE && a.state != 0) a.state = fail_of(&a, a.state);
            a.state = to == NONE ? 0 : to;
            say_found(a, read + 1, len);
        }
    }
    return page_out;
}

/* ---- 8. the index: which entries a ticket finds ---- */

/* One ticket's side. */
struct asked {
    const uint32_t *atoms;
    uint32_t count, guard;
};

/* Where facts of hours and dates begin, and those of numbers. */
static uint32_t next_word(uint32_t fact)
{
    return (fact + 63) / 64 * 64;
}
static uint32_t first_timed(void)
{
    return next_word(count_of(5) + 1 + 2 * count_of(4));
}
static uint32_t first_bound(void)
{
    return next_word(first_timed() + 2 * count_of(19) + 2 * count_of(15));
}

/* Of facts that are no atoms: whether an attribute exists that has atoms; hours and dates, which may be true.
 * No ticket here carries a number. */
static bool is_true(const struct asked *a, uint32_t fact)
{
    uint32_t atom_count = count_of(5), first = fact, count = 1;
    if (fact == atom_count) return true;
    if (fact >= first_timed()) return fact < first_bound();
    if (fact > atom_count) {
        const u8 *attr = record(4, (fact - atom_count - 1) / 2);
        ck_assert_uint_eq((fact - atom_count - 1) % 2, 0);
        first = u32(attr + 4), count = u32(attr + 8);
    }
    for (uint32_t i = 0; i < a->count; i++)
        if (a->atoms[i] - first < count) return true;
    return false;
}

/* 3, or 4. */
static uint32_t signature_len(uint32_t section)
{
    uint32_t entries = count_of(section + 2), len = count_of(section + 1) - 32;
    ck_assert(len == 3 * entries || len == 4 * entries);
    return len / entries;
}

/* The bits of the product's third byte from its highest on: p7 p2 p1 p0 p6 p5 p4 p3. */
static void check_second_hash(uint32_t also, uint32_t third, uint32_t hash)
{
    bool of_third = third % 2 == 0 && third / 2 < count_of(5);
    uint32_t fact = of_third ? third / 2 : also, p = fact * 2654435761u >> 16;
    uint32_t wanted = (p & 128) + (p & 7) * 16 + p / 8 % 16;
    ck_assert_uint_eq(hash, fact < count_of(5) ? wanted & 255 : 0);
}

static void check_hash(uint32_t also, uint32_t hash)
{
    uint32_t wanted = also * 2654435761u >> 24;
    if (also >= count_of(5))
        ck_assert_uint_eq(hash, 0);
    else
        ck_assert_uint_eq(hash, wanted ? wanted : 1);
}

/* Entry e of the bucket [from, end). */
static void say_candidate(uint32_t section, const struct asked *a, uint32_t from, uint32_t end, uint32_t e)
{
    uint32_t sig_len = signature_len(section);
    const u8 *sigs = record(section + 1, sig_len * from), *entry = record(section + 2, e);
    uint32_t count = end - from, i = e - from, guard = sigs[i] | (uint32_t)sigs[count + i] << 8;
    uint32_t also = u32(entry + 4), third = u32(entry + 8);
    check_hash(also, sigs[2 * count + i]);
    if (sig_len == 4) check_second_hash(also, third, sigs[3 * count + i]);
    if (is_true(a, also) && is_true(a, third / 2) != third % 2 && !(guard & a->guard))
        say(" %u%s", u32(entry) / 2, u32(entry) % 2 ? "?" : "");
}

/* The ticket's atoms, in one bucket after the other and then the last; its channel NONE where it has none. */
const char *page_candidates(uint32_t first_section, const uint32_t *atoms, uint32_t count, uint32_t priority,
                            uint32_t channel)
{
    struct asked a = {atoms, count, 1u << priority | 1u << (channel == NONE ? 15 : 4 + channel % 11)};
    page_out[0] = 0;
    for (uint32_t i = 0; i <= count; i++) {
        uint32_t bucket = i < count ? atoms[i] : count_of(5);
        uint32_t from = u32(record(first_section, bucket)), end = u32(record(first_section, bucket + 1));
        for (uint32_t e = from; e < end; e++) say_candidate(first_section, &a, from, end, e);
    }
    return page_out;
}
