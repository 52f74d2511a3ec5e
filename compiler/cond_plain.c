/*
 * Plain conditions: those that stand on one line of ASCII and are right, read without tokens and grammar.
 *
 * Nearly all conditions of a large policy are. Such a one is looked at once, where it stands (plain.h), and
 * the names in it become numbers at once (numbering.h): a tree of 100,000 rules' conditions takes 55 MB, and
 * the grammar 1,280 million instructions for it. Whatever is not plain, all mistakes among it, is left to the
 * grammar, which makes the same tree of what is (tests/unit/test_cond_plain.c).
 */
#include "plain.h"
#include "lex.h"

#include <string.h>

struct plain {
    const char *p, *end; /* the next byte that is no blank */
    struct str word;     /* that begins there; .len 0: none, or one that goes on with what no bare name has */
    uint64_t key;        /* the word's bytes, where it is as short as words of conditions are; else 0 */
    const char *last;    /* the end of its last token so far */
    unsigned depth;
    struct plain_cond *c;
};

/* ---- bytes and words ---- */

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

static bool take_name(struct plain *r, struct str *s, uint64_t *key)
{
    if (!r->word.len || (r->key && is_condition_word(r->key))) return false;
    *s = r->word;
    *key = r->key;
    go_on(r, s->p + s->len);
    return true;
}

/* ---- values ---- */

static bool take_string(struct plain *r, struct plain_value *v)
{
    const char *from = r->p, *p = from + 1;
    for (; p < r->end && *p != '"'; p++)
        if (*p == '\\' || *p == 0x7f || ((signed char)*p < 0x20 && *p != '\t'))
            return false; /* nor above ASCII */
    if (p == r->end) return false;
    go_on(r, p + 1);
    v->kind = VALUE_STRING;
    v->s = (struct str){from + 1, (size_t)(p - from) - 1};
    return true;
}

static bool take_number(struct plain *r, struct plain_value *v)
{
    const char *from = r->p, *p = from;
    while (p < r->end && (is_name_class(class_of(*p)) || memchr(".:+/", *p, 4))) p++;
    if (p < r->end && !ends_word(*p)) return false;
    go_on(r, p);
    v->kind = VALUE_NUMBER;
    v->s = (struct str){from, (size_t)(p - from)};
    return read_number(v->s, &v->number);
}

static bool take_value(struct plain *r, struct plain_node *test)
{
    char c = next_sign(r);
    const char *from = r->p;
    if (r->c->value_count == PLAIN_VALUES_MAX) return false;
    struct plain_value *v = &r->c->values[r->c->value_count++];
    v->kind = VALUE_NAME;
    v->key = 0;
    bool right, number = class_of(c) == C_DIGIT || c == '-';
    if (number)
        right = take_number(r, v), test->numbers++;
    else
        right = c == '"' ? take_string(r, v) : take_name(r, &v->s, &v->key);
    v->whole = (struct plain_bytes){from, r->last};
    test->count++;
    return right;
}

/* texts: of a test of a text, whose values stand between quotes. */
static bool take_one(struct plain *r, struct plain_node *test, bool texts)
{
    return (!texts || next_sign(r) == '"') && take_value(r, test);
}

static bool take_list(struct plain *r, struct plain_node *test, bool texts)
{
    if (!skip_sign(r, '(')) return false;
    do
        if (!take_one(r, test, texts)) return false;
    while (skip_sign(r, ','));
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

/* One, or `any` and a list. */
static bool take_texts(struct plain *r, struct plain_node *test)
{
    test->any = skip_word(r, KEY("any"));
    return test->any ? take_list(r, test, true) : take_one(r, test, true);
}

/* `not` was there or not; false: no test of a text follows. */
static bool take_text_op(struct plain *r, bool negated, enum test_op *op)
{
    if (skip_word(r, KEY("contains"))) return *op = negated ? TEST_NOT_CONTAINS : TEST_CONTAINS, true;
    if (skip_word(r, KEY("starts")))
        *op = negated ? TEST_NOT_STARTS : TEST_STARTS;
    else if (skip_word(r, KEY("ends")))
        *op = negated ? TEST_NOT_ENDS : TEST_ENDS;
    else
        return false;
    return skip_word(r, KEY("with"));
}

/* Whether a test ends where it has no more than its attribute. */
static bool is_whole_test(const struct plain *r)
{
    char c = next_sign(r);
    return r->p == r->end || c == ')' || class_of(c) == C_LINE || r->key == KEY("and") || r->key == KEY("or");
}

/* What stands behind the attribute, to the last value. */
static bool take_test(struct plain *r, struct plain_node *t)
{
    enum test_op op = TEST_HAS;
    if (skip_word(r, KEY("has"))) {
        if (skip_word(r, KEY("any"))) return t->op = TEST_HAS_ANY, take_list(r, t, false);
        if (skip_word(r, KEY("all"))) return t->op = TEST_HAS_ALL, take_list(r, t, false);
        if (skip_word(r, KEY("none"))) return t->op = TEST_HAS_NONE, take_list(r, t, false);
        return t->op = op, take_value(r, t);
    }
    if (take_comparison(r, &op)) return t->op = op, take_value(r, t);
    if (skip_word(r, KEY("in"))) return t->op = TEST_IN, take_list(r, t, false);
    if (skip_word(r, KEY("exists"))) return t->op = TEST_EXISTS, true;
    if (is_whole_test(r)) return t->op = TEST_BOOL, true;
    bool negated = skip_word(r, KEY("not"));
    if (negated && skip_word(r, KEY("in"))) return t->op = TEST_NOT_IN, take_list(r, t, false);
    return take_text_op(r, negated, &op) && (t->op = op, take_texts(r, t));
}

/* Its hours, behind `during` or `outside`, stand where other tests have their attribute. */
static bool take_hours(struct plain *r, struct plain_node *t)
{
    t->op = r->key == KEY("during") ? TEST_DURING : TEST_OUTSIDE;
    go_on(r, r->p + r->word.len);
    return take_name(r, &t->attr, &t->attr_key);
}

/* NULL: there are too many. */
static struct plain_node *node_new(struct plain *r, enum expr_kind kind)
{
    if (r->c->node_count == PLAIN_NODES_MAX) return NULL;
    struct plain_node *n = &r->c->nodes[r->c->node_count++];
    n->kind = kind;
    n->any = false;
    n->count = n->numbers = 0;
    return n;
}

/* ---- and, or, not, parentheses: `out` is where each stands, with the parentheses around it ---- */

static bool take_joined(struct plain *r, enum expr_kind kind, struct plain_bytes *out);

static bool take_primary(struct plain *r, struct plain_bytes *out)
{
    const char *from = r->p;
    if (skip_sign(r, '(')) {
        if (r->depth++ == PLAIN_DEPTH_MAX || !take_joined(r, EXPR_OR, out) || !skip_sign(r, ')'))
            return false;
        r->depth--;
        *out = (struct plain_bytes){from, r->last};
        return true;
    }
    struct plain_node *n = node_new(r, EXPR_TEST);
    if (!n) return false;
    bool hours = r->key == KEY("during") || r->key == KEY("outside");
    if (hours ? !take_hours(r, n) : !take_name(r, &n->attr, &n->attr_key) || !take_test(r, n)) return false;
    n->whole = *out = (struct plain_bytes){from, r->last};
    return true;
}

static bool add_parent(struct plain *r, enum expr_kind kind, struct plain_bytes whole, uint32_t kids)
{
    struct plain_node *n = node_new(r, kind);
    if (!n) return false;
    n->whole = whole;
    n->count = (uint16_t)kids;
    r->c->kid_count += kids;
    return true;
}

static bool take_unary(struct plain *r, struct plain_bytes *out)
{
    const char *from = r->p;
    if (!skip_word(r, KEY("not"))) return take_primary(r, out);
    if (!take_primary(r, out)) return false;
    out->from = from;
    return add_parent(r, EXPR_NOT, *out, 1);
}

/* Recursion: the parentheses, at most PLAIN_DEPTH_MAX. */
static bool take_joined(struct plain *r, enum expr_kind kind, struct plain_bytes *out)
{
    struct plain_bytes part;
    uint32_t count = 0;
    do {
        bool right = kind == EXPR_OR ? take_joined(r, EXPR_AND, &part) : take_unary(r, &part);
        if (!right) return false;
        if (!count++) out->from = part.from;
        out->to = part.to;
    } while (skip_word(r, kind == EXPR_OR ? KEY("or") : KEY("and")));
    return count == 1 || add_parent(r, kind, *out, count);
}

bool plain_read(struct plain_cond *c, struct str text)
{
    struct plain r = {.end = text.p + text.len, .c = c};
    struct plain_bytes whole;
    c->from = text.p;
    c->node_count = c->value_count = c->kid_count = 0;
    go_on(&r, text.p);
    if (!take_joined(&r, EXPR_OR, &whole)) return false;
    c->len = (size_t)(r.last - text.p);
    return true;
}
