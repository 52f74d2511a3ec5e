/*
 * What a desk answered in one test: its lines, each with the event that brought it, and what they hold. The
 * lines are the program's own (desk.md 7.1, 7.3): one JSON object each, without spaces, which is all that is
 * assumed of them here.
 */
#ifndef SHUNT_CLI_TEST_ANSWERS_H
#define SHUNT_CLI_TEST_ANSWERS_H

#include "out.h"

struct answer {
    size_t off, len; /* in text, without the line's end */
    uint32_t event;  /* which of the test's lines of events brought it, from 0 */
};

struct answers {
    struct out text;
    struct answer *at;
    size_t count, cap;
};

void answers_init(struct answers *all);
void answers_release(struct answers *all);
/* All that is new in `text` came of that event. false: memory ran out. */
bool answers_note(struct answers *all, uint32_t event);
struct str answer_line(const struct answers *all, size_t i);
/* A key's value as it stands in the object, .p NULL where it is not there. */
struct str json_member(struct str object, struct str key);
/* The same of a line: .p NULL where the key is not there. */
struct str answer_value(const struct answers *all, size_t i, struct str key);
/* A refused line's code, as it stands in it; .p NULL: it was not refused. */
struct str answer_error(const struct answers *all, size_t i);
/* A text from JSON as the program writes it: appended without quotes and escapes. */
void out_json_plain(struct out *o, struct str json);

#endif
