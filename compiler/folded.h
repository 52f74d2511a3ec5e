/* Texts as they are compared: NFC(casefold(NFD(s))). */
#ifndef SHUNT_COMPILER_FOLDED_H
#define SHUNT_COMPILER_FOLDED_H

#include "base.h"

bool is_own_fold(struct str s); /* certainly: ASCII without capitals */
/* The text itself where it is its own fold, or holds U+0000: as no ticket's text does, it never matches. */
struct str fold_text(struct arena *a, struct str s);

#endif
