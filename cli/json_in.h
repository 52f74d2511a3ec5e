/*
 * One line of JSON to a flat list of values: one face of two readers (json_kind.h).
 *
 * A line is parsed whole and strictly (RFC 8259), and refused for what desk.md 1.4 refuses besides: a key
 * twice at any depth, half a surrogate pair, U+0000, numbers out of range, nesting past 64. What is deeper
 * than the members of the line's object, and the items or members of those, is checked but not handed out: no
 * event has anything there.
 *
 * A reader belongs to one thread. What it hands out holds until its next call. Time: linear in the line, but
 * for objects of many keys, whose keys are sorted.
 */
#ifndef SHUNT_CLI_JSON_IN_H
#define SHUNT_CLI_JSON_IN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    LINE_LEN_MAX = 1 << 20,                /* bytes without the line's end (commands.md 5) */
    LINE_KEPT_LEN_MAX = LINE_LEN_MAX + 64, /* of one with its time filled in, which is read again */
    LINE_DEPTH_MAX = 64,                   /* desk.md 1.4; the line's own object is the first */
    LINE_SLACK_LEN = 64 /* bytes that must be readable behind a line; their content does not matter */
};

enum line_error {
    LINE_OK,
#define LINE_ERROR(id, code, message, moves) LINE_##id,
#include "line_errors.def"
#undef LINE_ERROR
    LINE_ERROR_COUNT
};

enum json_type { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_TEXT, JSON_ARRAY, JSON_OBJECT };

struct json_text {
    const char *p; /* UTF-8 without U+0000 */
    size_t len;
};
struct json_value {
    struct json_text key; /* of an object's member; of an item anything */
    union {
        struct json_text text; /* JSON_TEXT */
        double number;         /* JSON_NUMBER */
    };
    uint32_t first, count; /* JSON_ARRAY, JSON_OBJECT: its items are values[first, first + count); else 0 */
    enum json_type type;
    bool truth;       /* JSON_BOOL; else false */
    uint8_t key_mark; /* of an object's member: keys with different marks are different */
};

struct json_line {
    const struct json_value *values; /* the members of the line's object are values[0, count) */
    uint32_t count;
    struct json_text about; /* of an error: the key it is about; p NULL: nothing */
};

/* What will be read: files of lines; NULL or "-": standard input. Where that is much the process has the fast
 * reader from here on, which has to be loaded, else the plain one. To be called before the sandbox is
 * entered, before there are threads, and before the first reader is made. */
void json_expect(const char *const *files, size_t count);

struct json_reader;
struct json_reader *json_reader_new(void); /* NULL: no memory */
void json_reader_free(struct json_reader *r);

/* line[0, len), len <= LINE_KEPT_LEN_MAX, with LINE_SLACK_LEN readable bytes behind it. LINE_OK, or why it is
 * refused (line->about is then set, the rest is not). */
enum line_error json_read_line(struct json_reader *r, const char *line, size_t len, struct json_line *out);

#ifdef __cplusplus
}
#endif
#endif
