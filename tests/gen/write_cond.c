/*
 * Conditions, promises, names, dates and durations as text: what both spellings share. Blanks, quotes,
 * redundant parentheses and the ways to write a number vary; what is said does not.
 */
#include "gen.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

static const char *const grammar_words[] = {"and",  "or",   "not",    "true",   "false",    "has",
                                            "any",  "all",  "none",   "in",     "contains", "starts",
                                            "ends", "with", "exists", "during", "outside"};

static bool starts_name(int32_t cp)
{
    switch (utf8proc_category(cp)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_NL: return true;
    default: return cp == '_';
    }
}

static bool continues_name(int32_t cp)
{
    switch (utf8proc_category(cp)) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_PC: return true;
    default: return cp == '-' || starts_name(cp);
    }
}

bool gen_is_bare(const char *s)
{
    for (size_t i = 0; i < sizeof grammar_words / sizeof *grammar_words; i++)
        if (!strcmp(s, grammar_words[i])) return false;
    if (!*s || !starts_name(text_next(&s))) return false;
    while (*s)
        if (!continues_name(text_next(&s))) return false;
    return true;
}

static void write_escape(struct out *o, int32_t cp)
{
    if (cp > 0xFFFF) {
        sb_utf8(o, cp); /* \u takes four digits: one code point, no surrogates */
        return;
    }
    sb_printf(o, "\\u%04X", (unsigned)cp);
}

void write_quoted(struct out *o, struct gen *g, const char *s)
{
    sb_putc(o, '"');
    while (*s) {
        int32_t cp = text_next(&s);
        if (cp == '"' || cp == '\\')
            sb_printf(o, "\\%c", (char)cp);
        else if (cp == '\n')
            sb_puts(o, "\\n");
        else if (cp == '\t')
            sb_puts(o, "\\t");
        else if (cp < 32 || cp == 127 || cp == 0x85 || cp == 0x2028 || cp == 0x2029 || cp == 0xFEFF ||
                 rng_chance(g, 2))
            write_escape(o, cp);
        else
            sb_utf8(o, cp);
    }
    sb_putc(o, '"');
}

void write_name(struct out *o, struct gen *g, const char *s)
{
    s = vary_form(g, s);
    if (gen_is_bare(s) && rng_chance(g, 85))
        sb_puts(o, s);
    else
        write_quoted(o, g, s);
}

void write_number(struct out *o, struct gen *g, double number)
{
    char text[64];
    snprintf(text, sizeof text, rng_chance(g, 80) ? "%.17g" : "%.17E", number);
    bool whole = fabs(number) < 1e6 && number == floor(number);
    if (whole && rng_chance(g, 60))
        snprintf(text, sizeof text, "%d%s", (int)number, rng_chance(g, 80) ? "" : ".0");
    sb_puts(o, text);
}

/* ---- dates, days, times ---- */

void write_date(struct out *o, struct g_date d)
{
    if (d.year) sb_printf(o, "%04d-", d.year);
    sb_printf(o, "%02d-%02d", d.month, d.day);
}

void write_range(struct out *o, struct gen *g, struct g_range r)
{
    bool single = r.from.year == r.to.year && r.from.month == r.to.month && r.from.day == r.to.day;
    write_date(o, r.from);
    if (single && rng_chance(g, 80)) return;
    sb_puts(o, "..");
    write_date(o, r.to);
}

void write_interval(struct out *o, struct g_interval i)
{
    sb_printf(o, "%02d:%02d-%02d:%02d", i.from / 60, i.from % 60, i.to / 60, i.to % 60);
}

void write_day_range(struct out *o, struct g_days d)
{
    sb_puts(o, gen_days[d.from]);
    if (d.from != d.to) sb_printf(o, "-%s", gen_days[d.to]);
}

void write_duration(struct out *o, struct gen *g, int sec)
{
    static const struct {
        int sec;
        char unit;
    } units[] = {{86400, 'd'}, {3600, 'h'}, {60, 'm'}, {1, 's'}};
    if (sec == 0) sb_puts(o, "0");
    for (int i = 0; i < 4 && sec; i++) {
        int n = sec / units[i].sec;
        bool whole = sec % units[i].sec == 0;
        if (n == 0 || (i < 3 && !whole && rng_chance(g, 20))) continue; /* all of it in smaller units */
        sb_printf(o, "%d%c", n, units[i].unit);
        sec -= n * units[i].sec;
    }
}

/* ---- conditions ---- */

struct cond_writer {
    struct out *o;
    struct gen *g;
    const struct g_policy *p;
    int flags, depth; /* depth: parentheses */
};

/* A blank, or more; `may_break`: a line may end here in any spelling that has lines. */
static void blank(struct cond_writer *w, bool may_break)
{
    if ((may_break || w->depth > 0) && (w->flags & COND_LINES) && rng_chance(w->g, 8)) {
        if (rng_chance(w->g, 25)) sb_puts(w->o, "  # a comment, and \"more\"");
        sb_puts(w->o, "\n        ");
    } else {
        sb_puts(w->o, rng_chance(w->g, 4) ? "   " : " ");
    }
}

static void open_paren(struct cond_writer *w)
{
    sb_putc(w->o, '(');
    w->depth++;
    if (rng_chance(w->g, 4)) blank(w, false);
}

static void close_paren(struct cond_writer *w)
{
    if (rng_chance(w->g, 4)) blank(w, false);
    w->depth--;
    sb_putc(w->o, ')');
}

static void cond_value(struct cond_writer *w, const struct g_value *v)
{
    if (v->kind == V_NUMBER)
        write_number(w->o, w->g, v->number);
    else if (v->kind == V_NAME)
        write_name(w->o, w->g, v->s);
    else if (gen_is_bare(v->s) && rng_chance(w->g, 10))
        sb_puts(w->o, v->s);
    else
        write_quoted(w->o, w->g, v->s);
}

static void cond_list(struct cond_writer *w, const g_values *values, bool strings_only)
{
    open_paren(w);
    for (int i = 0; i < values->count; i++) {
        if (i) {
            sb_putc(w->o, ',');
            if (rng_chance(w->g, 90)) blank(w, true);
        }
        if (strings_only)
            write_quoted(w->o, w->g, values->at[i].s);
        else
            cond_value(w, &values->at[i]);
    }
    close_paren(w);
}

static const char *op_spelling(enum g_op op)
{
    static const char *const spelling[] = {"has",         "has any",
                                           "has all",     "has none",
                                           "==",          "!=",
                                           "<",           "<=",
                                           ">",           ">=",
                                           "in",          "not in",
                                           "contains",    "not contains",
                                           "starts with", "not starts with",
                                           "ends with",   "not ends with",
                                           "exists",      "",
                                           "during",      "outside"};
    return spelling[op];
}

static void op_words(struct cond_writer *w, enum g_op op)
{
    for (const char *s = op_spelling(op); *s; s++)
        if (*s == ' ')
            blank(w, false);
        else
            sb_putc(w->o, *s);
}

static void cond_attr(struct cond_writer *w, int attr)
{
    if (attr < A_FIELD0)
        sb_puts(w->o, w->p->attrs.at[attr].name);
    else
        write_name(w->o, w->g, w->p->attrs.at[attr].name);
}

static void cond_test(struct cond_writer *w, const struct g_cond *c)
{
    if (c->op == OP_DURING || c->op == OP_OUTSIDE) {
        op_words(w, c->op);
        blank(w, false);
        write_name(w->o, w->g, c->hours == ALWAYS ? "always" : w->p->hours.at[c->hours].name);
        return;
    }
    cond_attr(w, c->attr);
    if (c->op == OP_BOOL) return;
    bool tight = c->op >= OP_EQ && c->op <= OP_GE && rng_chance(w->g, 8);
    if (!tight) blank(w, false);
    op_words(w, c->op);
    if (c->op == OP_EXISTS) return;
    if (!tight) blank(w, false);
    if (c->op >= OP_CONTAINS && c->op <= OP_NOT_ENDS) {
        if (c->values.count == 1 && rng_chance(w->g, 80)) {
            write_quoted(w->o, w->g, c->values.at[0].s);
            return;
        }
        sb_puts(w->o, "any");
        blank(w, false);
        cond_list(w, &c->values, true);
    } else if (c->op == OP_HAS || (c->op >= OP_EQ && c->op <= OP_GE)) {
        cond_value(w, &c->values.at[0]);
    } else {
        cond_list(w, &c->values, false);
    }
}

static void cond_tree(struct cond_writer *w, const struct g_cond *c);

/* A part of a whole, in parentheses where it needs them, and at times where it does not. */
static void cond_part(struct cond_writer *w, const struct g_cond *c, bool needs)
{
    if (!needs && !rng_chance(w->g, 6)) {
        cond_tree(w, c);
        return;
    }
    open_paren(w);
    cond_tree(w, c);
    close_paren(w);
}

static void cond_tree(struct cond_writer *w, const struct g_cond *c)
{
    switch (c->kind) {
    case C_TRUE: sb_puts(w->o, "true"); return;
    case C_FALSE: sb_puts(w->o, "false"); return;
    case C_TEST: cond_test(w, c); return;
    case C_NOT:
        sb_puts(w->o, "not");
        blank(w, false);
        cond_part(w, c->kids.at[0], c->kids.at[0]->kind >= C_NOT && c->kids.at[0]->kind <= C_OR);
        return;
    case C_AND:
    case C_OR: break;
    }
    for (int i = 0; i < c->kids.count; i++) {
        if (i) {
            blank(w, false);
            sb_puts(w->o, c->kind == C_AND ? "and" : "or");
            blank(w, true);
        }
        enum g_cond_kind kid = c->kids.at[i]->kind;
        cond_part(w, c->kids.at[i], kid == C_OR || kid == c->kind);
    }
}

void write_cond(struct out *o, struct gen *g, const struct g_policy *p, const struct g_cond *c, int flags)
{
    struct cond_writer w = {o, g, p, flags, 0};
    cond_part(&w, c, false);
}

static void write_outcome(struct cond_writer *w, const struct g_outcome *q)
{
    static const char *const words[] = {"team",       "team in", "not team", "agent",
                                        "unassigned", "rule",    "priority"};
    sb_puts(w->o, words[q->kind]);
    if (q->kind == O_NOBODY) return;
    blank(w, false);
    if (q->kind == O_PRIORITY) {
        op_words(w, q->cmp);
        blank(w, false);
    }
    bool many = q->kind == O_TEAM_IN || (q->kind == O_PRIORITY && q->cmp >= OP_IN);
    if (many) open_paren(w);
    for (int i = 0; i < q->ids.count; i++) {
        if (i) sb_puts(w->o, ", ");
        int id = q->ids.at[i];
        write_name(w->o, w->g,
                   q->kind == O_PRIORITY ? gen_priorities[id]
                   : q->kind == O_AGENT  ? w->p->agents.at[id].id
                   : q->kind == O_RULE   ? w->p->rules.at[id].name
                                         : w->p->teams.at[id].id);
    }
    if (many) close_paren(w);
}

void write_promise(struct out *o, struct gen *g, const struct g_policy *p, int promise)
{
    const struct g_promise *q = &p->promises.at[promise];
    struct gen own = {g->pool, p->seed * 64 + (uint64_t)promise};
    struct tape *tape = g->pool->tape;
    g->pool->tape = NULL; /* its text is in the table: the same in both spellings */
    struct cond_writer w = {o, &own, p, 0, 0};
    cond_part(&w, q->when, false);
    sb_puts(o, " =>");
    blank(&w, false);
    for (int i = 0; i < q->outcomes.count; i++) {
        if (i) {
            sb_puts(o, " and");
            blank(&w, true);
        }
        write_outcome(&w, &q->outcomes.at[i]);
    }
    g->pool->tape = tape;
}
