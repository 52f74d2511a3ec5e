/*
 * Plain conditions: those that stand on one line of ASCII and are right, read without tokens and grammar.
 *
 * Nearly all conditions of a large policy are. Such a one is looked at where it stands, and its nodes are
 * made when they are wanted, one rule's at a time: a tree of 100,000 rules' conditions takes 55 MB, and the
 * grammar 1,280 million instructions for it; this takes 290, both times together. Whatever is not plain, all
 * mistakes among it, is left to the grammar, which makes the same tree of what is
 * (tests/unit/test_cond_plain.c).
 */
#include "compile.h"
#include "lex.h"

#include <string.h>

enum { KIDS_MAX = 32, DEPTH_MAX = 8 }; /* what has more is not plain */

struct plain {
    const char *p, *end; /* the next byte that is no blank */
    struct str word;     /* that begins there; .len 0: none, or one that goes on with what no bare name has */
    uint64_t key;        /* the word's bytes, where it is as short as words of conditions are; else 0 */
    const char *from;    /* the text's first byte, */
    const char *last;    /* and the end of its last token so far */
    struct span at;      /* of the text */
    struct arena *a;     /* NULL: to look at it only, and make nothing */
    unsigned depth;
};

/* A node, and where it stands with the parentheses around it. */
struct piece {
    struct expr *e;
    struct span outer;
};

/* ---- bytes and words ---- */

/* From there to the end of the last token. */
static struct span span_from(const struct plain *r, const char *from)
{
    return (struct span){r->at.file, r->at.off + (uint32_t)(from - r->from), (uint32_t)(r->last - from)};
}

enum { WORD_LEN_MAX = 8 }; /* of the words of conditions */

/* So few bytes as one number: word_key() of what stands in the text, KEY() of what stands here, while this is
 * compiled. */
#define BYTE(word, i)                                                                                        \
    ((uint64_t)(unsigned char)(word)[(i) < sizeof(word) ? (i) : sizeof(word) - 1] << 8 * (i))
#define KEY(word)                                                                                            \
    (BYTE(word, 0) | BYTE(word, 1) | BYTE(word, 2) | BYTE(word, 3) | BYTE(word, 4) | BYTE(word, 5) |         \
     BYTE(word, 6) | BYTE(word, 7))

static uint64_t word_key(struct str word, const char *end)
{
    const unsigned char *p = (const unsigned char *)word.p;
    uint64_t key = 0;
    if (word.len == 0 || word.len > WORD_LEN_MAX) return 0;
    if (end - word.p < WORD_LEN_MAX) {
        for (size_t i = 0; i < word.len; i++) key |= (uint64_t)p[i] << 8 * i;
        return key;
    }
    key = (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24 |
          (uint64_t)p[4] << 32 | (uint64_t)p[5] << 40 | (uint64_t)p[6] << 48 | (uint64_t)p[7] << 56;
    return key & UINT64_MAX >> 8 * (WORD_LEN_MAX - word.len);
}

/* Whether a bare name, or a number, may end before it. */
static bool ends_word(char c)
{
    switch (c) {
    case ' ':
    case '\t':
    case '\n':
    case '\r':
    case ')':
    case ',':
    case '=':
    case '!':
    case '<':
    case '>': return true;
    default: return false;
    }
}

/* Looks at what stands behind a token that ends at p. */
static void go_on(struct plain *r, const char *p)
{
    r->last = p;
    while (p < r->end && (*p == ' ' || *p == '\t')) p++;
    r->p = p;
    r->word = (struct str){p, 0};
    r->key = 0;
    if (p == r->end || class_of(*p) != C_LETTER) return;
    while (p < r->end && is_name_class(class_of(*p))) p++;
    if (p < r->end && !ends_word(*p)) return;
    r->word.len = (size_t)(p - r->p);
    r->key = word_key(r->word, r->end);
}

static char next_sign(const struct plain *r)
{
    return r->p < r->end ? *r->p : '\0';
}

static bool skip_sign(struct plain *r, char sign)
{
    if (next_sign(r) != sign) return false;
    go_on(r, r->p + 1);
    return true;
}

static bool skip_word(struct plain *r, uint64_t key)
{
    if (r->key != key) return false;
    go_on(r, r->p + r->word.len);
    return true;
}

/* A dozen comparisons of numbers: the rows are gone through while this is compiled. */
static bool is_condition_word(uint64_t key)
{
#define WORD(token, spelling, use)                                                                           \
    if (use == WORD_CONDITION && key == KEY(spelling)) return true;
#include "../grammar/tokens.def"
#undef WORD
    return false;
}

static bool take_name(struct plain *r, struct str *s, struct span *at)
{
    if (!r->word.len || (r->key && is_condition_word(r->key))) return false;
    *s = r->word;
    go_on(r, s->p + s->len);
    *at = span_from(r, s->p);
    return true;
}

/* ---- values ---- */

static bool take_string(struct plain *r, struct value *v)
{
    const char *from = r->p, *p = from + 1;
    for (; p < r->end && *p != '"'; p++)
        if (*p == '\\' || *p == 0x7f || ((signed char)*p < 0x20 && *p != '\t'))
            return false; /* nor above ASCII */
    if (p == r->end) return false;
    go_on(r, p + 1);
    v->kind = VALUE_STRING;
    v->s = (struct str){from + 1, (size_t)(p - from) - 1};
    v->at = span_from(r, from);
    return true;
}

static bool take_number(struct plain *r, struct value *v)
{
    const char *from = r->p, *p = from;
    while (p < r->end && (is_name_class(class_of(*p)) || memchr(".:+/", *p, 4))) p++;
    if (p < r->end && !ends_word(*p)) return false;
    go_on(r, p);
    v->kind = VALUE_NUMBER;
    v->s = (struct str){from, (size_t)(p - from)};
    v->at = span_from(r, from);
    return read_number(v->s, &v->number);
}

static bool take_value(struct plain *r, struct value *v)
{
    char c = next_sign(r);
    *v = (struct value){.kind = VALUE_NAME};
    if (c == '"') return take_string(r, v);
    if (class_of(c) == C_DIGIT || c == '-') return take_number(r, v);
    return take_name(r, &v->s, &v->at);
}

static void add_value(const struct plain *r, struct expr *e, const struct value *v)
{
    if (!r->a) return;
    if (!e->values.cap) vec_room(r->a, &e->values, 1);
    *vec_push(r->a, &e->values) = *v;
}

static bool take_values(struct plain *r, struct expr *e)
{
    struct value v;
    if (!skip_sign(r, '(')) return false;
    do {
        if (!take_value(r, &v)) return false;
        add_value(r, e, &v);
    } while (skip_sign(r, ','));
    return skip_sign(r, ')');
}

/* ---- tests ---- */

/* == != < <= > >= and no spelling of other languages. */
static bool take_comparison(struct plain *r, enum test_op *op)
{
    char c = next_sign(r), next = r->end - r->p > 1 ? r->p[1] : '\0';
    bool two = next == '=';
    switch (c) {
    case '=': *op = TEST_EQ; break;
    case '!': *op = TEST_NE; break;
    case '<': *op = two ? TEST_LE : TEST_LT; break;
    case '>': *op = two ? TEST_GE : TEST_GT; break;
    default: return false;
    }
    if (!two && (c == '=' || c == '!' || next == '>')) return false;
    go_on(r, r->p + (two ? 2 : 1));
    return r->p != r->last || next_sign(r) != '=';
}

/* What stands behind the attribute, to the last value. */
static bool take_test(struct plain *r, struct expr *e)
{
    struct value v;
    enum test_op op = TEST_HAS;
    if (skip_word(r, KEY("in"))) return e->op = TEST_IN, take_values(r, e);
    if (skip_word(r, KEY("not"))) return e->op = TEST_NOT_IN, skip_word(r, KEY("in")) && take_values(r, e);
    if (skip_word(r, KEY("has"))) {
        if (skip_word(r, KEY("any"))) return e->op = TEST_HAS_ANY, take_values(r, e);
        if (skip_word(r, KEY("all"))) return e->op = TEST_HAS_ALL, take_values(r, e);
        if (skip_word(r, KEY("none"))) return e->op = TEST_HAS_NONE, take_values(r, e);
    } else if (!take_comparison(r, &op)) {
        return false;
    }
    e->op = op;
    if (!take_value(r, &v)) return false;
    add_value(r, e, &v);
    return true;
}

static struct piece piece_new(const struct plain *r, const struct expr *e)
{
    struct piece piece = {NULL, e->at};
    if (!r->a) return piece;
    piece.e = arena_new_of(r->a, struct expr);
    *piece.e = *e;
    return piece;
}

/* ---- and, or, not, parentheses ---- */

static bool take_joined(struct plain *r, enum expr_kind kind, struct piece *out);

static bool take_primary(struct plain *r, struct piece *out)
{
    struct expr e = {.kind = EXPR_TEST};
    const char *from = r->p;
    if (skip_sign(r, '(')) {
        if (r->depth++ == DEPTH_MAX || !take_joined(r, EXPR_OR, out) || !skip_sign(r, ')')) return false;
        r->depth--;
        out->outer = span_from(r, from);
        return true;
    }
    if (!take_name(r, &e.attr.s, &e.attr.at) || !take_test(r, &e)) return false;
    e.at = span_from(r, from);
    *out = piece_new(r, &e);
    return true;
}

static struct piece parent_of(const struct plain *r, enum expr_kind kind, struct span at, struct expr **kids,
                              uint32_t count)
{
    struct expr e = {.kind = kind, .at = at};
    if (r->a) {
        vec_room(r->a, &e.kids, count);
        memcpy(e.kids.at, kids, count * sizeof *kids);
        e.kids.count = count;
    }
    return piece_new(r, &e);
}

static bool take_unary(struct plain *r, struct piece *out)
{
    const char *from = r->p;
    if (!skip_word(r, KEY("not"))) return take_primary(r, out);
    struct span not = span_from(r, from);
    if (!take_primary(r, out)) return false;
    *out = parent_of(r, EXPR_NOT, span_join(not, out->outer), &out->e, 1);
    return true;
}

/* Recursion: the parentheses, at most DEPTH_MAX. */
static bool take_joined(struct plain *r, enum expr_kind kind, struct piece *out)
{
    struct expr *kids[KIDS_MAX];
    struct span at = {0, 0, 0};
    uint32_t count = 0;
    do {
        bool right = kind == EXPR_OR ? take_joined(r, EXPR_AND, out) : take_unary(r, out);
        if (!right || count == KIDS_MAX) return false;
        at = count ? span_join(at, out->outer) : out->outer;
        kids[count++] = out->e;
    } while (skip_word(r, kind == EXPR_OR ? KEY("or") : KEY("and")));
    if (count > 1) *out = parent_of(r, kind, at, kids, count);
    return true;
}

/* ---- the whole ---- */

static struct plain plain_new(struct str text, struct span at, struct arena *a)
{
    struct plain r = {.end = text.p + text.len, .from = text.p, .at = at, .a = a};
    go_on(&r, text.p);
    return r;
}

size_t plain_len(struct str text)
{
    struct plain r = plain_new(text, (struct span){0, 0, 0}, NULL);
    struct piece whole;
    return take_joined(&r, EXPR_OR, &whole) ? (size_t)(r.last - text.p) : 0;
}

struct expr *plain_expr(struct arena *a, struct str text, struct span at)
{
    struct expr *e = arena_new_of(a, struct expr);
    *e = (struct expr){.kind = EXPR_PLAIN, .at = at, .text = text};
    return e;
}

const struct expr *expr_open(struct arena *a, const struct expr *e)
{
    if (!e || e->kind != EXPR_PLAIN) return e;
    struct plain r = plain_new(e->text, e->at, a);
    struct piece whole = {0};
    take_joined(&r, EXPR_OR, &whole);
    return whole.e;
}
