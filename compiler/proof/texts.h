/*
 * Text tests: what one of them says about another, and a text for which just these hold.
 *
 * A pattern is one of four kinds, over folded text (NFC(casefold(NFD(x))), bytes). What holds together is
 * settled by pairs: any patterns of which no two exclude each other, with all that they imply, and none else,
 * hold of some text (docs/proof.md gives the argument: pieces joined by a character that no pattern has).
 */
#ifndef SHUNT_PROOF_TEXTS_H
#define SHUNT_PROOF_TEXTS_H

#include "../base.h"
#include "../../runtime/format.h"

struct text_pattern {
    enum tf_atom_kind kind; /* EQUALS, PREFIX, SUFFIX, CONTAINS */
    struct str text;        /* folded */
};

enum text_relation { TEXT_FREE, TEXT_IMPLIES, TEXT_EXCLUDES };
/* What follows for q where p holds: that it does, that it does not, or nothing. */
enum text_relation text_relation(const struct text_pattern *p, const struct text_pattern *q);
/* Whether the pattern holds of every text that is carried. */
bool text_always(const struct text_pattern *p);
/* Whether it holds of this folded text. */
bool text_holds(const struct text_pattern *p, struct str folded);

/* A text for which patterns[i] holds just where wanted[i] says; as short and
 * as plain as that allows; the same every time. *folded: its folded form. false: none was found, which by the
 * argument means that two of them exclude each other, or that a pattern is no folded text. */
bool text_make(struct arena *a, const struct text_pattern *patterns, const bool *wanted, uint32_t count,
               struct str *text, struct str *folded);

#endif
