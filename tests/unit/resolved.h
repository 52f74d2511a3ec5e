/*
 * What a policy in text is resolved to, and what is said of it: for tests that show both side by side.
 */
#ifndef SHUNT_TESTS_RESOLVED_H
#define SHUNT_TESTS_RESOLVED_H

#include "../../compiler/check_fold.h"
#include "../../compiler/compile.h"
#include "../../compiler/resolve.h"

/* Reads, resolves and checks the text (a YAML policy, or a DSL one that begins with "version"), as compile.c
 * does, and calls look(c, ctx) with it. limits, options: NULL for the usual ones. */
void with_policy(const char *text, const struct limits *limits, const struct compile_options *options,
                 void (*look)(struct compilation *c, void *ctx), void *ctx);

/* The diagnostics, in order: "E0203 3:12, W1004 4:5"; "" where there are none. The test fails where others
 * come. */
void expect_said(const char *text, const char *expected);
void expect_said_with(const char *text, const struct limits *limits, const struct compile_options *options,
                      const char *expected);
/* The same with the message and hint of the first: "labels is … | write `…`". */
void expect_message(const char *text, const char *expected);

/* A condition of the model in words, prefix and with names: "AND(labels any [bug, refund], NOT(trial))". */
void print_cond(struct buf *b, const struct model *m, const struct cond *c);
/* The same of a folded one. */
void print_canon(struct buf *b, const struct model *m, const struct canon *c);

#endif
