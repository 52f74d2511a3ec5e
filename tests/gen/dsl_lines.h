/*
 * What the files of the DSL writer share: where it writes, and how a statement begins and ends.
 */
#ifndef SHUNT_TESTS_DSL_LINES_H
#define SHUNT_TESTS_DSL_LINES_H

#include "gen.h"

struct dsl {
    struct out *o;
    struct gen *g;
    const struct g_policy *p;
    const struct g_part *part;
    bool plain;
    int depth, notes;
    bool on_line; /* something stands on this line already */
};

void dsl_name(struct dsl *w, const char *s);
void dsl_text(struct dsl *w, const char *s);
void dsl_word(struct dsl *w, const char *s);
void dsl_begin(struct dsl *w);
void dsl_end(struct dsl *w);
void dsl_open(struct dsl *w);
void dsl_close(struct dsl *w);
void dsl_comma(struct dsl *w, int i);
void dsl_statement(struct dsl *w, const char *words, const strings *list);
void dsl_named(struct dsl *w, const char *words, const char *s);
void dsl_said(struct dsl *w, const char *words, const char *more);
void dsl_channel(struct dsl *w, int id);
void dsl_ranges(struct dsl *w, const char *words, const g_ranges *list);
void dsl_match_tests(struct dsl *w, const char *words, const g_match *m);
void dsl_agent(struct dsl *w, const struct g_agent *a);
void dsl_team(struct dsl *w, const struct g_team *t);

#endif
