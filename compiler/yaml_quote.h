/*
 * How a text is spelled in YAML so that every reader, of version 1.1 or 1.2, reads the same text. Shared by
 * print_yaml.c and fmt_yaml.c.
 */
#ifndef SHUNT_COMPILER_YAML_QUOTE_H
#define SHUNT_COMPILER_YAML_QUOTE_H

#include "base.h"

/* Whether s without quotes is read back as s, as text or as something else (a number, true). flow: inside []
 * or {}. */
bool yaml_plain_fits(struct str s, bool flow);
/* Whether some reader takes s without quotes for a number, a date, a truth value, null or a merge. */
bool yaml_looks_special(struct str s);
/* Between single quotes, or double ones where it has characters that need escapes. */
void yaml_put_quoted(struct buf *b, struct str s);
/* Without quotes where that is the same text to every reader. */
void yaml_put_text(struct buf *b, struct str s, bool flow);
/* A comment of the DSL: what cannot stand in YAML, or ends a line there (U+2028), is spelled as it would be
 * in quotes. */
void yaml_put_comment(struct buf *b, struct str s);

#endif
