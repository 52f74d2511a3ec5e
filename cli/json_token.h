/*
 * Inside the JSON reader: the tokens whose bytes need looking at, and why a line that is none was refused.
 */
#ifndef SHUNT_CLI_JSON_TOKEN_H
#define SHUNT_CLI_JSON_TOKEN_H

#include "json_in.h"

/* Where reading is. Behind `end` stand LINE_SLACK_LEN bytes that may be read, and mean nothing. */
struct json_cursor {
    const char *at, *end;
    char *room;   /* where texts with escapes are spelled out: longer than what is left of the line */
    bool has_nul; /* a text held U+0000 */
};

/* From the byte behind a text's opening quote to the one behind its closing quote. The text points into the
 * line where it holds no escape, else into the room. LINE_OK, LINE_NOT_JSON, LINE_NOT_UTF8,
 * LINE_BAD_STRING. */
enum line_error json_read_text(struct json_cursor *c, struct json_text *text);

/* From a digit or a minus sign to the byte behind the number. LINE_OK, LINE_BAD_NUMBER. */
enum line_error json_read_number(struct json_cursor *c, double *number);

/* What to say of a line that was refused with `found`, the first fault from its beginning: a line whose
 * texts do not end is no JSON before all else, then one that is not UTF-8, then one that does not end as it
 * begins. */
enum line_error json_why(const char *line, size_t len, enum line_error found);

#endif
