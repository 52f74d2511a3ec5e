/*
 * Buffered output to a file descriptor, or to memory alone.
 *
 * Writing never fails on the spot: the first error (EPIPE included) is kept in `error`, everything after it
 * is dropped, and main() turns it into an exit status.
 */
#ifndef SHUNT_CLI_OUT_H
#define SHUNT_CLI_OUT_H

#include "base.h"

#include <string.h>

struct out {
    int fd; /* -1: memory alone, never flushed by itself */
    char *p;
    size_t len, cap;
    int error; /* 0, or the first errno; cap is then 0, so that no more is written */
};

void out_init(struct out *o, int fd);
void out_free(struct out *o);
/* Drops the line that is not ended: half of an answer. */
void out_drop_half(struct out *o);
/* Of a part, of which `to` has got what it was made for: where it could not be had whole, `to` has failed
 * too. */
void out_free_part(struct out *part, struct out *to);
void out_bytes_slowly(struct out *o, const void *bytes, size_t len);
/* Inlined, so that pieces of a known length are a store or two: an answer is made of 20 to 30 pieces. It
 * takes 1,000 instructions, with calls 2,300. */
static inline void out_bytes(struct out *o, const void *bytes, size_t len)
{
    if (o->len + len > o->cap) {
        out_bytes_slowly(o, bytes, len);
        return;
    }
    if (len) memcpy(o->p + o->len, bytes, len);
    o->len += len;
}
static inline void out_puts(struct out *o, const char *cstring)
{
    out_bytes(o, cstring, strlen(cstring));
}
static inline void out_str(struct out *o, struct str s)
{
    out_bytes(o, s.p, s.len);
}
static inline void out_putc(struct out *o, char c)
{
    out_bytes(o, &c, 1);
}
void out_u64(struct out *o, uint64_t n);
void out_printf(struct out *o, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Writes all of it; true where no error ever happened. */
bool out_flush(struct out *o);
/* These bytes at once, behind what is in the buffer, which they do not go through. */
bool out_through(struct out *o, const void *bytes, size_t len);

/* ---- JSON (desk.md 7.1): no spaces; unescaped but for U+0000 to U+001F, `"` and `\` ---- */

/* A string with its quotes. The text must be UTF-8. */
void out_json(struct out *o, struct str text);
/* The same without its quotes: a part of a string. */
void out_json_inside(struct out *o, struct str text);
/* `,"key":` and the string; for keys that need no escape. Inlined, so that the key's length is known. */
void out_json_member(struct out *o, struct str key, struct str text);
static inline void out_json_text(struct out *o, const char *key, struct str text)
{
    out_json_member(o, (struct str){key, strlen(key)}, text);
}
/* The same of words of our own, in which nothing is to be escaped. */
static inline void out_json_word(struct out *o, const char *key, const char *word)
{
    out_puts(o, ",\"");
    out_puts(o, key);
    out_puts(o, "\":\"");
    out_puts(o, word);
    out_putc(o, '"');
}
void out_json_u64(struct out *o, const char *key, uint64_t n);

#endif
