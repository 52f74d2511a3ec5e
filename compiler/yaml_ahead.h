/*
 * libyaml's events, parsed ahead by a second thread while the first makes rules of those that are there.
 *
 * Nothing is shared but chunks of events in brief, of which each belongs to one of the two at any time: the
 * second thread fills one, hands it over, and gets it back to delete what was in it and fill it again. The parser
 * is the second thread's until that has ended. docs/decisions/0020-reading-ahead.md.
 */
#ifndef SHUNT_COMPILER_YAML_AHEAD_H
#define SHUNT_COMPILER_YAML_AHEAD_H

#include "yaml_brief.h"

struct yaml_ahead;

/* NULL: there is one processor alone, or no thread or memory to be had; the caller parses by itself. */
struct yaml_ahead *yaml_ahead_new(yaml_parser_t *parser, const struct yaml_marks *marks);
/* The next event, the thread's: it stays until the next call. NULL: parsing failed; the parser is the
 * caller's again, and says why. Not to be called again behind that, or behind the end of the stream. */
const struct yaml_brief *yaml_ahead_next(struct yaml_ahead *h);
/* The events behind it that are there already; yaml_ahead_next() gives the first of them. */
const struct yaml_brief *yaml_ahead_there(const struct yaml_ahead *h, uint32_t *count);
/* Leaves out so many of them. */
void yaml_ahead_skip(struct yaml_ahead *h, uint32_t count);
/* Ends the thread, wherever it is, and gives back what it holds. */
void yaml_ahead_free(struct yaml_ahead *h);

#endif
