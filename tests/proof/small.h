/*
 * Small random policies to prove things about: few enough distinct tickets that all of them can be tried.
 *
 * They are drawn as struct g_policy (tests/gen), so that its writer spells them; what they say is drawn here,
 * for proofs: tests that imply and exclude each other, rules that take all from later ones, numbers without a
 * double between them, hours that complement each other. The same seed gives the same bytes.
 */
#ifndef SHUNT_TESTS_SMALL_H
#define SHUNT_TESTS_SMALL_H

#include "../gen/gen.h"

/* Names are the same in all of them, types of fields but mostly: so any two are an old and a new policy. */
struct g_policy *small_policy(struct gen *g, uint64_t seed);
/* One edit, as somebody makes it; it may change nothing. Returns what it was. */
const char *small_edit(struct gen *g, struct g_policy *p);
/* In the DSL. */
const char *small_text(struct gen *g, const struct g_policy *p);

/* small_cond.c: what conditions are drawn from. */
struct small_scope {
    int attrs[16], attr_count; /* those that conditions ask about */
    const char *patterns[6];   /* of texts */
    int pattern_count;
    double numbers[6];
    int number_count;
    bool times;
};
void small_scope(struct gen *g, const struct g_policy *p, struct small_scope *s);
struct g_cond *small_cond(struct gen *g, const struct g_policy *p, const struct small_scope *s, int depth);
struct g_cond *small_test(struct gen *g, const struct g_policy *p, const struct small_scope *s);
void small_match(struct gen *g, const struct g_policy *p, const struct small_scope *s, g_match *out);
struct g_cond *small_join(struct gen *g, enum g_cond_kind kind, struct g_cond *a, struct g_cond *b);
struct g_cond *small_not(struct gen *g, struct g_cond *a);

/* small_hours.c */
void small_hours(struct gen *g, struct g_policy *p);
void small_active(struct gen *g, g_ranges *out);

#endif
