/*
 * libyaml's events in brief, some hundreds or thousands at once: so entries of a list can be looked at before
 * they are nodes (yaml_plain.c). Of a large file they are parsed ahead by a second thread, while the first
 * makes rules of those that are there.
 *
 * Nothing is shared then but chunks of events, of which each belongs to one of the two at any time: the
 * second thread fills one, hands it over, and gets it back to delete what was in it and fill it again. The
 * parser is not the caller's until the events end. docs/decisions/0020-reading-ahead.md.
 */
#ifndef SHUNT_COMPILER_YAML_AHEAD_H
#define SHUNT_COMPILER_YAML_AHEAD_H

#include "yaml_brief.h"

struct yaml_ahead;

/* thread: by a second one, where there is a processor for it and it is to be had. NULL: no memory; the caller
 * parses by itself. */
struct yaml_ahead *yaml_ahead_new(yaml_parser_t *parser, const struct yaml_marks *marks, bool thread);
/* The next event: it stays until the next call. NULL: parsing failed; the parser is the
 * caller's again, and says why. Not to be called again behind that, or behind the end of the stream. */
const struct yaml_brief *yaml_ahead_next(struct yaml_ahead *h);
/* The events behind the one that was given last which are there already; yaml_ahead_next() gives the first of
 * them. */
const struct yaml_brief *yaml_ahead_there(const struct yaml_ahead *h, uint32_t *count);
/* Leaves out so many of them. */
void yaml_ahead_skip(struct yaml_ahead *h, uint32_t count);
/* Ends the thread, wherever it is, and gives back what it holds. */
void yaml_ahead_free(struct yaml_ahead *h);

#endif
