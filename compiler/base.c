/* Strings, arrays, map: see base.h. */
#include "base.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- strings ---- */

struct str str_from(const char *cstring) { return (struct str){cstring, strlen(cstring)}; }

int str_cmp(struct str a, struct str b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int c = n ? memcmp(a.p, b.p, n) : 0;
    return c ? c : (a.len > b.len) - (a.len < b.len);
}

bool str_starts(struct str s, struct str prefix)
{
    return s.len >= prefix.len && !memcmp(s.p, prefix.p, prefix.len);
}

/* ---- what is printed ---- */

/* Most of what is printed is short: it is formatted once, not counted first. */
static struct str arena_vprintf(struct arena *a, const char *format, va_list args)
{
    char few[256];
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(few, sizeof few, format, args);
    if (n < 0) arena_fail(a); /* glibc takes memory for what is very wide */
    char *p = arena_alloc(a, (size_t)n + 1);
    if ((size_t)n < sizeof few)
        memcpy(p, few, (size_t)n + 1);
    else
        vsnprintf(p, (size_t)n + 1, format, again);
    va_end(again);
    return (struct str){p, (size_t)n};
}

struct str arena_printf(struct arena *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct str s = arena_vprintf(a, format, args);
    va_end(args);
    return s;
}

/* ---- growable arrays ---- */

void vec_grow_(struct arena *a, void *vec, size_t item_len, uint32_t more)
{
    struct {
        void *at;
        uint32_t count, cap;
    } v;
    memcpy(&v, vec, sizeof v);
    if (v.cap - v.count >= more) return;
    uint64_t cap = v.cap ? 2 * (uint64_t)v.cap : 4;
    if (cap < (uint64_t)v.count + more) cap = (uint64_t)v.count + more;
    if (cap > UINT32_MAX) arena_fail(a);
    if (cap > SIZE_MAX / item_len) arena_fail(a);
    void *grown = arena_room(a, item_len * (size_t)cap);
    if (v.count) memcpy(grown, v.at, item_len * v.count);
    arena_give_back(a, v.at, item_len * v.cap);
    v.at = grown;
    v.cap = (uint32_t)cap;
    memcpy(vec, &v, sizeof v);
}

void buf_init(struct buf *b, struct arena *a) { *b = (struct buf){.a = a}; }

void buf_reserve(struct buf *b, size_t more)
{
    if (b->cap - b->len > more) return; /* one byte is kept for the NUL */
    size_t cap = b->cap ? 2 * b->cap : 64;
    if (cap <= b->len + more) cap = b->len + more + 1;
    char *p = arena_room(b->a, cap);
    if (b->len) memcpy(p, b->p, b->len);
    arena_give_back(b->a, b->p, b->cap);
    b->p = p;
    b->cap = cap;
}

void buf_add(struct buf *b, const void *bytes, size_t len)
{
    if (!len) return;
    buf_reserve(b, len);
    memcpy(b->p + b->len, bytes, len);
    b->len += len;
}

void buf_str(struct buf *b, struct str s) { buf_add(b, s.p, s.len); }
void buf_puts(struct buf *b, const char *cstring) { buf_add(b, cstring, strlen(cstring)); }
void buf_putc(struct buf *b, char c) { buf_add(b, &c, 1); }

void buf_printf(struct buf *b, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct str s = arena_vprintf(b->a, format, args);
    va_end(args);
    buf_str(b, s);
}

struct str buf_done(struct buf *b)
{
    buf_reserve(b, 0);
    b->p[b->len] = 0;
    return (struct str){b->p, b->len};
}

/* ---- the map: open addressing, linear probing, at most two thirds full ---- */

struct strmap_slot {
    struct str key;
    uint32_t hash, value; /* hash 0: empty */
};

/* A file of 100,000 names that collide without a key takes a minute. Nothing that comes out depends on it. */
static uint32_t str_hash(const struct strmap *m, struct str s)
{
    return keyed_hash(&m->key, s.p, s.len);
}

static struct strmap_slot *strmap_slot(const struct strmap *m, struct str key, uint32_t hash)
{
    for (uint32_t i = hash >> 1;; i++) {
        struct strmap_slot *s = &m->slots[i & (m->cap - 1)];
        if (!s->hash || (s->hash == hash && str_eq(s->key, key))) return s;
    }
}

uint32_t strmap_get(const struct strmap *m, struct str key, uint32_t absent)
{
    if (!m->cap) return absent;
    const struct strmap_slot *s = strmap_slot(m, key, str_hash(m, key));
    return s->hash ? s->value : absent;
}

/* Moves what is in the map to so many places; the key of its hash is made of where its first places were. */
static void strmap_resize(struct arena *a, struct strmap *m, uint32_t cap)
{
    struct strmap bigger = {.count = m->count, .cap = cap};
    bigger.slots = arena_array(a, struct strmap_slot, bigger.cap);
    bigger.key = m->cap ? m->key : hash_key_of(bigger.slots);
    for (uint32_t i = 0; i < m->cap; i++) {
        const struct strmap_slot *s = &m->slots[i];
        if (s->hash) *strmap_slot(&bigger, s->key, s->hash) = *s;
    }
    arena_give_back(a, m->slots, m->cap * sizeof *m->slots);
    *m = bigger;
}

uint32_t strmap_put(struct arena *a, struct strmap *m, struct str key, uint32_t value)
{
    if (3 * ((uint64_t)m->count + 1) > 2 * (uint64_t)m->cap) strmap_resize(a, m, m->cap ? 2 * m->cap : 16);
    uint32_t hash = str_hash(m, key);
    struct strmap_slot *s = strmap_slot(m, key, hash);
    if (s->hash) return s->value;
    *s = (struct strmap_slot){key, hash, value};
    m->count++;
    return value;
}

void strmap_renumber(struct strmap *m, const uint32_t *new_of)
{
    for (uint32_t i = 0; i < m->cap; i++)
        if (m->slots[i].hash) m->slots[i].value = new_of[m->slots[i].value];
}

void strmap_reserve(struct arena *a, struct strmap *m, uint32_t count)
{
    uint32_t cap = 16;
    while (3 * (uint64_t)count > 2 * (uint64_t)cap) cap *= 2;
    strmap_resize(a, m, cap);
}

/* ---- text ---- */

static bool is_plain_byte(unsigned char c)
{
    return (((c >= 0x20) & (c <= 0x7e)) | (c == '\n') | (c == '\r') | (c == '\t')) != 0;
}

/* So many bytes without a branch, which the compiler does many at once: 14 MB in 2 ms, where eight at a time are 5. */
enum { PLAIN_TOGETHER = 64 };

static bool are_plain(const unsigned char *p)
{
    unsigned char wrong = 0;
    for (int i = 0; i < PLAIN_TOGETHER; i++) wrong |= !is_plain_byte(p[i]);
    return !wrong;
}

bool text_is_plain(struct str s)
{
    const unsigned char *p = (const unsigned char *)s.p;
    size_t i = 0;
    while (s.len - i >= PLAIN_TOGETHER && are_plain(p + i)) i += PLAIN_TOGETHER;
    while (i < s.len && is_plain_byte(p[i])) i++;
    return i == s.len;
}

uint32_t utf8_next(struct str s, size_t *i)
{
    const unsigned char *p = (const unsigned char *)s.p + *i;
    if (p[0] < 0x80) return *i += 1, p[0];
    if (p[0] < 0xe0) return *i += 2, (p[0] & 0x1fu) << 6 | (p[1] & 0x3fu);
    if (p[0] < 0xf0) return *i += 3, (p[0] & 0x0fu) << 12 | (p[1] & 0x3fu) << 6 | (p[2] & 0x3fu);
    return *i += 4, (p[0] & 0x07u) << 18 | (p[1] & 0x3fu) << 12 | (p[2] & 0x3fu) << 6 | (p[3] & 0x3fu);
}

/* The length of the valid sequence that begins at p, 0 where there is none. Unicode 15, table 3-7. */
static size_t utf8_sequence(const unsigned char *p, size_t left)
{
    unsigned char lo = 0x80, hi = 0xbf;
    size_t more = p[0] >= 0xf0 ? 3 : p[0] >= 0xe0 ? 2 : 1;
    if (p[0] < 0xc2 || p[0] > 0xf4 || more >= left) return 0;
    if (p[0] == 0xe0) lo = 0xa0;
    if (p[0] == 0xed) hi = 0x9f;
    if (p[0] == 0xf0) lo = 0x90;
    if (p[0] == 0xf4) hi = 0x8f;
    if (p[1] < lo || p[1] > hi) return 0;
    for (size_t k = 2; k <= more; k++)
        if ((p[k] & 0xc0) != 0x80) return 0;
    return more + 1;
}

size_t utf8_bad(struct str s)
{
    const unsigned char *p = (const unsigned char *)s.p;
    for (size_t i = 0; i < s.len;) {
        uint64_t eight;
        if (s.len - i >= 8 && (memcpy(&eight, p + i, 8), !(eight & 0x8080808080808080u))) {
            i += 8;
            continue;
        }
        size_t n = p[i] < 0x80 ? 1 : utf8_sequence(p + i, s.len - i);
        if (!n) return i;
        i += n;
    }
    return s.len;
}

size_t utf8_count(struct str s)
{
    size_t n = s.len, i = 0; /* all bytes, less those that go on with a code point */
    for (uint64_t v; s.len - i >= 8; i += 8) {
        memcpy(&v, s.p + i, 8);
        n -= (size_t)__builtin_popcountll(v >> 7 & ~v >> 6 & 0x0101010101010101u);
    }
    for (; i < s.len; i++) n -= ((unsigned char)s.p[i] & 0xc0) == 0x80;
    return n;
}

void buf_utf8(struct buf *b, uint32_t cp)
{
    char c[4];
    size_t n = cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
    static const unsigned char first[5] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = n; i-- > 1; cp >>= 6) c[i] = (char)(0x80 | (cp & 0x3f));
    c[0] = (char)(first[n] | cp);
    buf_add(b, c, n);
}

/* Rows of the classic table, three at a time. Names are at most 255 bytes; longer strings are never near. */
enum { EDIT_MAX_LEN = 255 };

static size_t decode(struct str s, uint32_t *cps)
{
    size_t n = 0;
    for (size_t i = 0; i < s.len;) cps[n++] = utf8_next(s, &i);
    return n;
}

unsigned edit_distance(struct str a, struct str b, unsigned limit)
{
    uint32_t x[EDIT_MAX_LEN], y[EDIT_MAX_LEN];
    unsigned rows[3][EDIT_MAX_LEN + 1];
    if (a.len > EDIT_MAX_LEN || b.len > EDIT_MAX_LEN) return limit + 1;
    size_t n = decode(a, x), m = decode(b, y);
    if ((n > m ? n - m : m - n) > limit) return limit + 1;
    for (size_t j = 0; j <= m; j++) rows[0][j] = (unsigned)j;
    for (size_t i = 1; i <= n; i++) {
        unsigned *row = rows[i % 3], *above = rows[(i + 2) % 3], *two_above = rows[(i + 1) % 3];
        unsigned least = row[0] = (unsigned)i;
        for (size_t j = 1; j <= m; j++) {
            unsigned d = above[j - 1] + (x[i - 1] != y[j - 1]);
            if (above[j] + 1 < d) d = above[j] + 1;
            if (row[j - 1] + 1 < d) d = row[j - 1] + 1;
            if (i > 1 && j > 1 && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1] && two_above[j - 2] + 1 < d)
                d = two_above[j - 2] + 1;
            row[j] = d;
            if (d < least) least = d;
        }
        if (least > limit) return limit + 1;
    }
    unsigned d = rows[n % 3][m];
    return d > limit ? limit + 1 : d;
}

static bool same_but_for_case(struct str a, struct str b)
{
    if (a.len != b.len) return false;
    for (size_t i = 0; i < a.len; i++) {
        bool letter = (a.p[i] | 0x20) >= 'a' && (a.p[i] | 0x20) <= 'z';
        if (a.p[i] != b.p[i] && !(letter && (a.p[i] ^ b.p[i]) == 0x20)) return false;
    }
    return true;
}

struct str nearest(struct str name, const struct str *candidates, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (same_but_for_case(name, candidates[i])) return candidates[i];
    unsigned limit = (unsigned)utf8_count(name) / 3;
    if (limit == 0) return (struct str){NULL, 0}; /* of two letters, one changed is half the name */
    if (limit > 3) limit = 3;
    struct str best = {NULL, 0};
    for (size_t i = 0; i < count; i++) {
        unsigned d = edit_distance(name, candidates[i], limit);
        if (d > limit) continue;
        best = candidates[i];
        if (d == 0) break;
        limit = d - 1;
        if (d == 1) break;
    }
    return best;
}
