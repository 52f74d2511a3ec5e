/*
 * A policy compiled from text and opened, for tests that look into a table. A policy that does not compile,
 * or a table that does not open, fails the test with the diagnostics.
 */
#ifndef SHUNT_TESTS_COMPILED_H
#define SHUNT_TESTS_COMPILED_H

#include "../../compiler/compile.h"
#include "../../compiler/table_view.h"

struct compiled {
    struct arena *a;
    struct compilation *c;
    const struct shunt_table *table;
    struct table_view v;
};

/* name: "p.shunt" or "p.yaml". */
void compiled_open(struct compiled *x, const char *name, const char *text, bool strip);
void compiled_close(struct compiled *x);
/* "version 1", a team, one rule with this condition after the declarations, and otherwise. */
void compiled_condition(struct compiled *x, const char *declarations, const char *condition);
/* The number of the rule, attribute or team of that name; the test fails where there is none. */
uint32_t compiled_rule(const struct compiled *x, const char *name);
/* The atom of a label, segment, channel or listed value. */
uint32_t compiled_atom(const struct compiled *x, uint32_t attr, const char *name);

#endif
