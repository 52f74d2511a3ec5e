/*
 * language.md 4: what a condition says of a ticket.
 */
#include "oracle.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

static char *pass(struct gen *g, const char *s, utf8proc_option_t options)
{
    utf8proc_uint8_t *out = NULL;
    if (utf8proc_map((const utf8proc_uint8_t *)s, 0, &out, options | UTF8PROC_NULLTERM | UTF8PROC_STABLE) < 0)
        abort();
    char *copy = gen_strdup(g, (const char *)out);
    free(out);
    return copy;
}

/* 4.4: NFC(casefold(NFD(x))). */
static const char *fold(struct gen *g, const char *s)
{
    return pass(g, pass(g, pass(g, s, UTF8PROC_DECOMPOSE), UTF8PROC_CASEFOLD), UTF8PROC_COMPOSE);
}

static int place_of(const struct g_attr *a, const char *s)
{
    for (int i = 0; i < a->values.count; i++)
        if (!strcmp(a->values.at[i], s)) return i;
    return -1;
}

bool oracle_carries(const struct g_policy *p, const struct g_ticket *t, int attr)
{
    const struct g_attr *a = &p->attrs.at[attr];
    const struct g_slot *s = &t->slots[attr];
    if (a->type == T_PRIORITY) return true;
    if (!s->carried) return false;
    if (a->type == T_SET) return s->names.count > 0;
    return (a->type != T_CHANNEL && a->type != T_LISTED) || place_of(a, s->names.at[0]) >= 0;
}

int oracle_priority(const struct g_policy *p, const struct g_ticket *t)
{
    const struct g_slot *s = &t->slots[A_PRIORITY];
    int place = s->carried ? place_of(&p->attrs.at[A_PRIORITY], s->names.at[0]) : -1;
    return place >= 0 ? place : 1;
}

/* The place of a carried name among its attribute's values. */
static int place_carried(const struct g_policy *p, const struct g_ticket *t, int attr)
{
    return attr == A_PRIORITY ? oracle_priority(p, t)
                              : place_of(&p->attrs.at[attr], t->slots[attr].names.at[0]);
}

static bool set_has(const struct g_slot *s, const char *name)
{
    for (int i = 0; s->carried && i < s->names.count; i++)
        if (!strcmp(s->names.at[i], name)) return true;
    return false;
}

static bool equals(struct gen *g, const struct g_policy *p, const struct g_ticket *t, int attr,
                   const struct g_value *v)
{
    const struct g_attr *a = &p->attrs.at[attr];
    const struct g_slot *s = &t->slots[attr];
    if (a->type == T_SET) return set_has(s, v->s);
    if (!oracle_carries(p, t, attr)) return false;
    switch (a->type) {
    case T_TEXT: return !strcmp(fold(g, s->text), fold(g, v->s));
    case T_NUMBER: return s->number == v->number;
    case T_BOOL: return s->flag == v->flag;
    default: return place_carried(p, t, attr) == place_of(a, v->s);
    }
}

static int count_equal(struct gen *g, const struct g_policy *p, const struct g_ticket *t, int attr,
                       const g_values *values)
{
    int count = 0;
    for (int i = 0; i < values->count; i++) count += equals(g, p, t, attr, &values->at[i]);
    return count;
}

static bool compares(const struct g_policy *p, const struct g_ticket *t, const struct g_cond *c)
{
    if (!oracle_carries(p, t, c->attr)) return false;
    const struct g_value *v = &c->values.at[0];
    bool number = p->attrs.at[c->attr].type == T_NUMBER;
    double left = number ? t->slots[c->attr].number : place_carried(p, t, c->attr);
    double right = number ? v->number : place_of(&p->attrs.at[c->attr], v->s);
    switch (c->op) {
    case OP_LT: return left < right;
    case OP_LE: return left <= right;
    case OP_GT: return left > right;
    default: return left >= right;
    }
}

static bool text_holds(struct gen *g, const struct g_ticket *t, const struct g_cond *c)
{
    const struct g_slot *s = &t->slots[c->attr];
    if (!s->carried) return false;
    const char *text = fold(g, s->text);
    for (int i = 0; i < c->values.count; i++) {
        const char *pattern = fold(g, c->values.at[i].s);
        size_t text_len = strlen(text), len = strlen(pattern);
        bool ends = c->op == OP_ENDS || c->op == OP_NOT_ENDS,
             starts = c->op == OP_STARTS || c->op == OP_NOT_STARTS;
        if (len > text_len) continue;
        if (starts ? !strncmp(text, pattern, len)
            : ends ? !strcmp(text + text_len - len, pattern)
                   : strstr(text, pattern) != NULL)
            return true;
    }
    return false;
}

static bool test(struct gen *g, const struct g_policy *p, const struct g_cond *c, const struct g_ticket *t)
{
    switch (c->op) {
    case OP_HAS:
    case OP_HAS_ANY:
    case OP_EQ:
    case OP_IN: return count_equal(g, p, t, c->attr, &c->values) > 0;
    case OP_HAS_NONE:
    case OP_NE:
    case OP_NOT_IN: return count_equal(g, p, t, c->attr, &c->values) == 0;
    case OP_HAS_ALL: return count_equal(g, p, t, c->attr, &c->values) == c->values.count;
    case OP_LT:
    case OP_LE:
    case OP_GT:
    case OP_GE: return compares(p, t, c);
    case OP_CONTAINS:
    case OP_STARTS:
    case OP_ENDS: return text_holds(g, t, c);
    case OP_NOT_CONTAINS:
    case OP_NOT_STARTS:
    case OP_NOT_ENDS: return !text_holds(g, t, c);
    case OP_EXISTS: return oracle_carries(p, t, c->attr);
    case OP_BOOL: return t->slots[c->attr].carried && t->slots[c->attr].flag;
    case OP_DURING: return oracle_open(p, c->hours, t->at);
    case OP_OUTSIDE: return !oracle_open(p, c->hours, t->at);
    }
    return false;
}

bool oracle_cond(struct gen *g, const struct g_policy *p, const struct g_cond *c, const struct g_ticket *t)
{
    switch (c->kind) {
    case C_TRUE: return true;
    case C_FALSE: return false;
    case C_NOT: return !oracle_cond(g, p, c->kids.at[0], t);
    case C_TEST: return test(g, p, c, t);
    case C_AND:
    case C_OR: break;
    }
    for (int i = 0; i < c->kids.count; i++)
        if (oracle_cond(g, p, c->kids.at[i], t) == (c->kind == C_OR)) return c->kind == C_OR;
    return c->kind == C_AND;
}

/* 2.5: any of the listed, for every key. Of a bool: the attribute, or its not, which holds of what is not
 * carried. */
bool oracle_match(struct gen *g, const struct g_policy *p, const g_match *m, const struct g_ticket *t)
{
    for (int i = 0; i < m->count; i++) {
        const struct g_match_test *x = &m->at[i];
        bool any = count_equal(g, p, t, x->attr, &x->values) > 0;
        for (int k = 0; p->attrs.at[x->attr].type == T_BOOL && k < x->values.count; k++)
            any |= (t->slots[x->attr].carried && t->slots[x->attr].flag) == x->values.at[k].flag;
        if (!any) return false;
    }
    return true;
}
