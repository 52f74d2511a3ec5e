/* What check_fold.c makes conditions of, in check_canon.c. Nobody else includes it. */
#ifndef SHUNT_COMPILER_CHECK_CANON_H
#define SHUNT_COMPILER_CHECK_CANON_H

#include "check_fold.h"

const struct canon *canon_constant(bool value);
/* c with its hash. */
const struct canon *canon_new(const struct folder *f, struct canon c);
/* c: a TEST, "has any" of one member, which canon_known_member() does not know. */
const struct canon *canon_has_member(const struct folder *f, struct canon c);
/* What that gave for the test before; NULL: nothing, or it is another test. */
const struct canon *canon_known_member(const struct folder *f, const struct cond *c, bool negated);
/* c: VALUES. */
const struct canon *canon_set_of_values(const struct folder *f, struct canon c);
/* The same but perhaps for `negated`. */
bool canon_same_test(const struct canon *a, const struct canon *b);

#endif
