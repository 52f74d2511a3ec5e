/*
 * The two readers behind json_in.h, which answer alike. json_expect() settles which one a process has;
 * nothing but that and the tests names them.
 *
 * Plain: RapidJSON, which is headers only, so that it is there at once. Fast: simdjson, five times as fast
 * with a line, and a C++ library to load first: so it is in an object of its own, shunt-lines.so. It holds
 * one name that others see, json_fast.
 */
#ifndef SHUNT_CLI_JSON_KIND_H
#define SHUNT_CLI_JSON_KIND_H

#include "json_in.h"
#include "shunt.h"

#ifdef __cplusplus
extern "C" {
#endif

#define JSON_KIND_VERSION (SHUNT_VERSION_MAJOR * 1000000 + SHUNT_VERSION_MINOR * 1000 + SHUNT_VERSION_PATCH)

struct json_kind {
    long version; /* JSON_KIND_VERSION: an object that has another one is not used */
    struct json_reader *(*make)(void);
    void (*free)(struct json_reader *r);
    enum line_error (*read)(struct json_reader *r, const char *line, size_t len, struct json_line *out);
};
extern const struct json_kind json_plain, json_fast;

#ifdef __cplusplus
}
#endif
#endif
