/*
 * Conditions for proofs: few names, numbers and texts, chosen so that tests touch, imply and exclude each
 * other.
 */
#include "small.h"

#include <float.h>
#include <math.h>
#include <string.h>

static bool in_scope(const struct g_policy *p, int attr)
{
    const struct g_attr *a = &p->attrs.at[attr];
    return a->type != T_SET || a->values.count > 0;
}

static void draw_patterns(struct gen *g, struct small_scope *s)
{
    /* Of each row the patterns are about the same few characters: they overlap, fold alike, hold each other,
     * or compose when they meet. */
    static const char *const rows[][7] = {
        {"a", "b", "ab", "ba", "aa", "A", ""},
        {"ß", "ss", "SS", "s", "ſs", "ẞ", "sß"},
        {"Σ", "ς", "σσ", "aσ", "a", "Σa", "σ"},
        {"İ", "i", "i\u0307", "ii", "I", "\u0307", "ı"},
        {"re:", "re", "RE:", ":", "e", "r", ""},
        {"aba", "ab", "ba", "bab", "b", "aBa", "abab"},
        {"é", "e", "É", "\u0301", "ée", "ee", "E"},
        {"", "a", "aa", "aaa", "A", "AAAA", "aAa"},
        {"free", "pro", "FREE", "fr", "o", "gold", "e"},
        {"\uAC00", "\u1100", "\u1161", "\uAC01", "\u11A8", "a", ""},
        {"\u0301", "\u0323", "e", "\u1EB9", "é", "e\u0323\u0301", "\u0323\u0301"}};
    const char *const *row = rows[rng_below(g, (int)(sizeof rows / sizeof *rows))];
    s->pattern_count = rng_between(g, 2, rng_chance(g, 15) ? 6 : 4);
    for (int i = 0; i < s->pattern_count; i++) {
        if (rng_chance(g, 4)) row = rows[rng_below(g, (int)(sizeof rows / sizeof *rows))];
        s->patterns[i] = row[rng_below(g, 7)];
    }
}

static void draw_numbers(struct gen *g, struct small_scope *s)
{
    double x = 0.1, next = nextafter(x, 1), after = nextafter(next, 1);
    const double rows[][4] = {{10, 20, 15, 10.5},         {x, next, after, 1},
                              {0, -0.0, 5e-324, -5e-324}, {DBL_MAX, 1e308, 1, 0},
                              {-DBL_MAX, -1e308, -1, 0},  {DBL_MAX, -DBL_MAX, 0, 1},
                              {1e15, 1e15 + 0.125, 2, 1}, {-1, nextafter(-1, 0), nextafter(-1, -2), 3}};
    const double *row = rows[rng_below(g, (int)(sizeof rows / sizeof *rows))];
    s->number_count = rng_between(g, 2, 4);
    for (int i = 0; i < s->number_count; i++) s->numbers[i] = row[i];
}

void small_scope(struct gen *g, const struct g_policy *p, struct small_scope *s)
{
    memset(s, 0, sizeof *s);
    s->times = p->hours.count > 0;
    draw_patterns(g, s);
    draw_numbers(g, s);
    int most = s->times ? 3 : 5, all[32], count = 0;
    for (int i = 0; i < p->attrs.count && count < 32; i++)
        if (in_scope(p, i) && i != A_BODY && i != A_CUSTOMER) all[count++] = i;
    rng_shuffle(g, all, count, sizeof *all);
    s->attr_count = rng_between(g, 1, most < count ? most : count);
    for (int i = 0; i < s->attr_count; i++) s->attrs[i] = all[i];
}

static struct g_value one_value(struct gen *g, const struct g_attr *a, const struct small_scope *s)
{
    switch (a->type) {
    case T_NUMBER:
        return (struct g_value){.kind = V_NUMBER, .number = s->numbers[rng_below(g, s->number_count)]};
    case T_TEXT: return (struct g_value){.kind = V_TEXT, .s = s->patterns[rng_below(g, s->pattern_count)]};
    case T_BOOL: return (struct g_value){.kind = V_BOOL, .flag = rng_chance(g, 50)};
    default: return (struct g_value){.kind = V_NAME, .s = a->values.at[rng_below(g, a->values.count)]};
    }
}

static bool said(const g_values *values, const struct g_value *v)
{
    for (int i = 0; i < values->count; i++) {
        const struct g_value *w = &values->at[i];
        if (v->kind == V_NUMBER ? v->number == w->number
            : v->kind == V_BOOL ? v->flag == w->flag
                                : !strcmp(v->s, w->s))
            return true;
    }
    return false;
}

static void some_values(struct gen *g, const struct g_attr *a, const struct small_scope *s, int most,
                        g_values *out)
{
    for (int i = rng_between(g, 1, most); i > 0; i--) {
        struct g_value v = one_value(g, a, s);
        if (!said(out, &v)) *list_push(g, out) = v;
    }
}

static enum g_op draw_op(struct gen *g, enum g_type type)
{
    static const enum g_op set[] = {OP_HAS, OP_HAS, OP_HAS_ANY, OP_HAS_ALL, OP_HAS_NONE, OP_EXISTS};
    static const enum g_op name[] = {OP_EQ, OP_EQ, OP_NE, OP_IN, OP_NOT_IN, OP_EXISTS};
    static const enum g_op ordered[] = {OP_EQ, OP_NE, OP_LT, OP_LE,     OP_GT,
                                        OP_LT, OP_GE, OP_IN, OP_NOT_IN, OP_EXISTS};
    static const enum g_op text[] = {OP_EQ,         OP_NE,           OP_IN,     OP_CONTAINS,
                                     OP_CONTAINS,   OP_NOT_CONTAINS, OP_STARTS, OP_ENDS,
                                     OP_NOT_STARTS, OP_NOT_ENDS,     OP_EXISTS};
    switch (type) {
    case T_SET: return rng_pick(g, set);
    case T_CHANNEL: return rng_pick(g, name);
    case T_TEXT: return rng_pick(g, text);
    case T_BOOL: return rng_chance(g, 75) ? OP_BOOL : OP_EXISTS;
    default: return rng_pick(g, ordered);
    }
}

static int values_of(enum g_op op)
{
    switch (op) {
    case OP_EXISTS:
    case OP_BOOL: return 0;
    case OP_HAS_ANY:
    case OP_HAS_ALL:
    case OP_HAS_NONE:
    case OP_IN:
    case OP_NOT_IN: return 3;
    case OP_CONTAINS:
    case OP_NOT_CONTAINS:
    case OP_STARTS:
    case OP_ENDS: return 2;
    default: return 1;
    }
}

struct g_cond *small_test(struct gen *g, const struct g_policy *p, const struct small_scope *s)
{
    struct g_cond *c = gen_alloc(g, sizeof *c);
    c->kind = C_TEST;
    if (s->times && rng_chance(g, 30)) {
        c->op = rng_chance(g, 65) ? OP_DURING : OP_OUTSIDE;
        c->hours = rng_chance(g, 97) ? rng_below(g, p->hours.count) : ALWAYS;
        return c;
    }
    c->attr = s->attrs[rng_below(g, s->attr_count)];
    const struct g_attr *a = &p->attrs.at[c->attr];
    c->op = draw_op(g, a->type);
    if (values_of(c->op)) some_values(g, a, s, values_of(c->op), &c->values);
    return c;
}

struct g_cond *small_join(struct gen *g, enum g_cond_kind kind, struct g_cond *a, struct g_cond *b)
{
    struct g_cond *c = gen_alloc(g, sizeof *c);
    c->kind = kind;
    *list_push(g, &c->kids) = a;
    *list_push(g, &c->kids) = b;
    return c;
}

struct g_cond *small_not(struct gen *g, struct g_cond *a)
{
    struct g_cond *c = gen_alloc(g, sizeof *c);
    c->kind = C_NOT;
    *list_push(g, &c->kids) = a;
    return c;
}

/* Parts that add nothing: x and (x or y), x or not x, x and true. */
static struct g_cond *redundant(struct gen *g, const struct g_policy *p, const struct small_scope *s,
                                struct g_cond *x)
{
    struct g_cond *y = small_test(g, p, s), *constant = gen_alloc(g, sizeof *constant);
    enum g_cond_kind outer = rng_chance(g, 50) ? C_AND : C_OR, inner = outer == C_AND ? C_OR : C_AND;
    switch (rng_below(g, 4)) {
    case 0: return small_join(g, outer, x, small_join(g, inner, x, y));
    case 1: return small_join(g, outer, x, small_not(g, x));
    case 2: constant->kind = rng_chance(g, 50) ? C_TRUE : C_FALSE; return small_join(g, outer, x, constant);
    default: return small_join(g, outer, small_join(g, inner, y, x), x);
    }
}

struct g_cond *small_cond(struct gen *g, const struct g_policy *p, const struct small_scope *s, int depth)
{
    int x = rng_below(g, 100);
    if (depth == 0 || x < 35) return small_test(g, p, s);
    if (x < 43) return small_not(g, small_cond(g, p, s, depth - 1));
    if (x < 53) return redundant(g, p, s, small_cond(g, p, s, depth - 1));
    struct g_cond *c = gen_alloc(g, sizeof *c);
    c->kind = x < 80 ? C_AND : C_OR;
    for (int i = rng_between(g, 2, 3); i > 0; i--) *list_push(g, &c->kids) = small_cond(g, p, s, depth - 1);
    return c;
}

void small_match(struct gen *g, const struct g_policy *p, const struct small_scope *s, g_match *out)
{
    int used = -1;
    for (int i = rng_between(g, 1, 2); i > 0; i--) {
        int attr = s->attrs[rng_below(g, s->attr_count)];
        if (attr == used) continue;
        used = attr;
        struct g_match_test *t = list_push(g, out);
        *t = (struct g_match_test){.attr = attr};
        some_values(g, &p->attrs.at[attr], s, 2, &t->values);
    }
}
