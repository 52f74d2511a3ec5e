/*
 * The oracle of cli/json_in.c: the same by simdjson's DOM, with a C face. See json_in.h for what it does.
 */
#ifndef SHUNT_TESTS_JSON_DOM_H
#define SHUNT_TESTS_JSON_DOM_H

#include "json_in.h"

#ifdef __cplusplus
extern "C" {
#endif

struct json_dom;
struct json_dom *json_dom_new(void); /* NULL: no memory */
void json_dom_free(struct json_dom *r);
enum line_error json_dom_read(struct json_dom *r, const char *line, size_t len, struct json_line *out);

#ifdef __cplusplus
}
#endif
#endif
