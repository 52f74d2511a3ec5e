/*
 * Patterns of a text and what is wanted of each, to how two of them go together and to a text: see texts.h.
 *
 * A text that meets what is wanted is made of pieces: the longest prefix wanted, what it is to contain, the
 * longest suffix wanted. Between the pieces, and at an end that has none, stands a separator: a character
 * that no pattern has. So a pattern that holds of the text lies within one piece, at the text's own ends
 * where it is a prefix or a suffix; then the piece's own pattern implies it. The separator is a starter,
 * folds to itself and composes with nothing, so it keeps the pieces apart under folding, too: each stays the
 * folded text it is. Plainer texts are tried first, and whatever is made was asked of every pattern.
 *
 * Assumes patterns that are valid UTF-8. Promises that a text it makes is its own folded form.
 */
#include "texts.h"
#include "../folded.h"

#include <string.h>

/* ---- one pattern and a text ---- */

static bool str_ends(struct str s, struct str end)
{
    return s.len >= end.len && str_eq((struct str){s.p + (s.len - end.len), end.len}, end);
}

static bool str_has(struct str s, struct str part)
{
    if (part.len == 0) return true;
    for (size_t i = 0; i + part.len <= s.len; i++) {
        const char *at = memchr(s.p + i, part.p[0], s.len - part.len - i + 1);
        if (!at) return false;
        i = (size_t)(at - s.p);
        if (memcmp(at, part.p, part.len) == 0) return true;
    }
    return false;
}

bool text_holds(const struct text_pattern *p, struct str folded)
{
    switch (p->kind) {
    case TF_ATOM_EQUALS: return str_eq(folded, p->text);
    case TF_ATOM_PREFIX: return str_starts(folded, p->text);
    case TF_ATOM_SUFFIX: return str_ends(folded, p->text);
    case TF_ATOM_CONTAINS: return str_has(folded, p->text);
    case TF_ATOM_NAME: break;
    }
    return false;
}

bool text_always(const struct text_pattern *p)
{
    return p->kind != TF_ATOM_EQUALS && p->text.len == 0;
}

/* ---- two patterns ---- */

/* What a text that has p's piece somewhere, and at an end where p says so, tells about q. A text may go on
 * behind a prefix, before a suffix and on both sides of what it contains: so nothing follows but what the
 * piece itself has. */
enum text_relation text_relation(const struct text_pattern *p, const struct text_pattern *q)
{
    if (text_always(q)) return TEXT_IMPLIES;
    if (p->kind == TF_ATOM_EQUALS) return text_holds(q, p->text) ? TEXT_IMPLIES : TEXT_EXCLUDES;
    if (q->kind == TF_ATOM_EQUALS) return text_holds(p, q->text) ? TEXT_FREE : TEXT_EXCLUDES;
    if (q->kind == TF_ATOM_CONTAINS) return str_has(p->text, q->text) ? TEXT_IMPLIES : TEXT_FREE;
    if (p->kind != q->kind) return TEXT_FREE;
    if (text_holds(q, p->text)) return TEXT_IMPLIES;
    return text_holds(p, q->text) ? TEXT_FREE : TEXT_EXCLUDES;
}

/* ---- a text for many ---- */

struct making {
    struct arena *a; /* what is tried; ends with the making */
    const struct text_pattern *patterns;
    const bool *wanted;
    uint32_t count;
    struct str prefix, suffix; /* the longest wanted; empty: none */
    VEC(struct str) inner;     /* wanted within; none lies within another of the three */
    struct str text;           /* the last one tried */
};

static bool try_text(struct making *m, struct str text)
{
    m->text = text;
    for (uint32_t i = 0; i < m->count; i++)
        if (text_holds(&m->patterns[i], text) != m->wanted[i]) return false;
    return memchr(text.p, 0, text.len) == NULL && str_eq(fold_text(m->a, text), text);
}

/* Whether what is to be within is there already, in the ends or in another (of equal ones: in the first). */
static bool is_within_others(const struct making *m, uint32_t pattern)
{
    struct str text = m->patterns[pattern].text;
    if (str_has(m->prefix, text) || str_has(m->suffix, text)) return true;
    for (uint32_t i = 0; i < m->count; i++) {
        const struct text_pattern *p = &m->patterns[i];
        if (i == pattern || !m->wanted[i] || p->kind != TF_ATOM_CONTAINS || p->text.len < text.len) continue;
        if (str_has(p->text, text) && (p->text.len > text.len || i < pattern)) return true;
    }
    return false;
}

static void find_pieces(struct making *m)
{
    for (uint32_t i = 0; i < m->count; i++) {
        const struct text_pattern *p = &m->patterns[i];
        if (!m->wanted[i]) continue;
        if (p->kind == TF_ATOM_PREFIX && p->text.len > m->prefix.len) m->prefix = p->text;
        if (p->kind == TF_ATOM_SUFFIX && p->text.len > m->suffix.len) m->suffix = p->text;
    }
    for (uint32_t i = 0; i < m->count; i++)
        if (m->wanted[i] && m->patterns[i].kind == TF_ATOM_CONTAINS && !is_within_others(m, i))
            *vec_push(m->a, &m->inner) = m->patterns[i].text;
}

/* The text that is to be equal, or NULL. */
static const struct str *wanted_whole(const struct making *m)
{
    for (uint32_t i = 0; i < m->count; i++)
        if (m->wanted[i] && m->patterns[i].kind == TF_ATOM_EQUALS) return &m->patterns[i].text;
    return NULL;
}

/* One piece that is all the others as well: "refund" for starts with "re" and contains "refund". */
static bool try_piece_alone(struct making *m)
{
    if (try_text(m, m->prefix) || try_text(m, m->suffix)) return true;
    return m->inner.count == 1 && try_text(m, m->inner.at[0]);
}

/* The pieces with `between` between them, `front` and `back` around them. */
static struct str joined(struct making *m, struct str front, struct str between, struct str back)
{
    struct buf b;
    uint32_t pieces = 0;
    buf_init(&b, m->a);
    buf_str(&b, front);
    if (m->prefix.len) buf_str(&b, m->prefix), pieces++;
    for (uint32_t i = 0; i < m->inner.count; i++) {
        if (pieces++) buf_str(&b, between);
        buf_str(&b, m->inner.at[i]);
    }
    if (m->suffix.len && pieces++) buf_str(&b, between);
    buf_str(&b, m->suffix);
    buf_str(&b, back);
    return buf_done(&b);
}

/* What keeps pieces apart, the plainest first. Not at an end: blanks there are not seen. */
static const struct str plain[] = {{" ", 1}, {"-", 1}, {".", 1}, {"_", 1}, {"/", 1},
                                   {"0", 1}, {"1", 1}, {"2", 1}, {"3", 1}, {"4", 1},
                                   {"5", 1}, {"6", 1}, {"7", 1}, {"8", 1}, {"9", 1}};
enum { PLAIN_COUNT = sizeof plain / sizeof *plain };

/* As people would write it: the bare pieces; then with a character behind, before, or around. */
static bool try_plain(struct making *m)
{
    static const struct str none = {"", 0};
    for (uint32_t i = 0; i < PLAIN_COUNT; i++)
        if (try_text(m, joined(m, none, plain[i], none))) return true;
    for (uint32_t i = 1; i < PLAIN_COUNT; i++)
        if (try_text(m, joined(m, none, plain[0], plain[i]))) return true;
    for (uint32_t i = 1; i < PLAIN_COUNT; i++)
        if (try_text(m, joined(m, plain[i], plain[0], none))) return true;
    for (uint32_t i = 1; i < PLAIN_COUNT; i++)
        if (try_text(m, joined(m, plain[i], plain[0], plain[i]))) return true;
    return false;
}

/* ---- a character that no pattern has ---- */

enum { BELOW = 0x2a6e0 }; /* code points from here on are not looked at: CJK Extension B ends here */

static void mark_used(const struct making *m, uint8_t *used)
{
    for (uint32_t i = 0; i < m->count; i++) {
        struct str s = m->patterns[i].text;
        for (size_t at = 0; at < s.len;) {
            uint32_t cp = utf8_next(s, &at);
            if (cp < BELOW) used[cp / 8] |= (uint8_t)(1u << cp % 8);
        }
    }
}

/* The next candidate after one: the plain ones, then Chinese characters, which neither fold nor compose; 0:
 * the end. */
static uint32_t next_separator(uint32_t i, uint32_t *cp)
{
    if (i < PLAIN_COUNT)
        *cp = (unsigned char)plain[i].p[0];
    else
        *cp = i == PLAIN_COUNT ? 0x4e00 : *cp == 0x9fa5 ? 0x3400 : *cp == 0x4db5 ? 0x20000 : *cp + 1;
    return *cp < 0x2a6d7 ? i + 1 : 0;
}

static struct str character(struct making *m, uint32_t cp)
{
    struct buf b;
    buf_init(&b, m->a);
    buf_utf8(&b, cp);
    return buf_done(&b);
}

/* The first that is free will do, by the argument above; were it wrong, a few more would not mend it. */
static bool try_apart(struct making *m)
{
    enum { TRIES = 8 };
    uint8_t *used = arena_alloc(m->a, BELOW / 8);
    uint32_t cp = 0, tries = 0;
    mark_used(m, used);
    for (uint32_t i = next_separator(0, &cp); i && tries < TRIES; i = next_separator(i, &cp)) {
        if (used[cp / 8] >> cp % 8 & 1) continue;
        struct str s = character(m, cp), none = S("");
        bool any = m->prefix.len || m->suffix.len || m->inner.count;
        if (try_text(m, joined(m, m->prefix.len ? none : s, s, m->suffix.len || !any ? none : s)))
            return true;
        tries++;
    }
    return false;
}

static bool try_all(struct making *m)
{
    const struct str *whole = wanted_whole(m);
    if (whole) return try_text(m, *whole);
    find_pieces(m);
    return try_piece_alone(m) || try_plain(m) || try_apart(m);
}

bool text_make(struct arena *a, const struct text_pattern *patterns, const bool *wanted, uint32_t count,
               struct str *text, struct str *folded)
{
    struct making m = {arena_part(a), patterns, wanted, count, S(""), S(""), {0}, S("")};
    bool made = try_all(&m);
    if (made) *text = *folded = arena_str(a, m.text);
    arena_end(m.a);
    return made;
}
