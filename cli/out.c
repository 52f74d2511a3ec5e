/* Buffered output and the JSON in it: see out.h. */
#include "out.h"
#include "../runtime/words.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OUT_FIRST_LEN = 1 << 10, OUT_FLUSH_LEN = 1 << 16 };

void out_init(struct out *o, int fd)
{
    *o = (struct out){.fd = fd};
}

void out_free(struct out *o)
{
    free(o->p);
    o->p = NULL;
    o->len = o->cap = 0;
}

static void fail(struct out *o, int error)
{
    o->error = error;
    o->cap = 0;
}

void out_free_part(struct out *part, struct out *to)
{
    if (part->error && !to->error) fail(to, part->error);
    out_free(part);
}

void out_drop_half(struct out *o)
{
    while (o->len && o->p[o->len - 1] != '\n') o->len--;
}

static void write_all(struct out *o, const char *p, size_t len)
{
    size_t done = 0;
    while (!o->error && done < len) {
        ssize_t n = write(o->fd, p + done, len - done);
        if (n >= 0)
            done += (size_t)n;
        else if (errno != EINTR)
            fail(o, errno);
    }
}

bool out_flush(struct out *o)
{
    if (o->fd >= 0) {
        write_all(o, o->p, o->len);
        o->len = 0;
    }
    return !o->error;
}

bool out_through(struct out *o, const void *bytes, size_t len)
{
    out_flush(o);
    if (o->fd >= 0)
        write_all(o, bytes, len);
    else
        out_bytes(o, bytes, len);
    return !o->error;
}

/* Room for `more` further bytes; false where there is none to be had. */
static bool out_reserve(struct out *o, size_t more)
{
    if (o->error) return false;
    if (o->len + more <= o->cap) return true;
    if (o->fd >= 0 && o->len >= OUT_FLUSH_LEN && !out_flush(o)) return false;
    if (o->len + more <= o->cap) return true;
    size_t cap = o->cap ? o->cap : OUT_FIRST_LEN;
    while (cap < o->len + more) cap *= 2;
    char *p = realloc(o->p, cap);
    if (!p) {
        fail(o, ENOMEM);
        return false;
    }
    o->p = p;
    o->cap = cap;
    return true;
}

void out_bytes_slowly(struct out *o, const void *bytes, size_t len)
{
    if (len == 0 || !out_reserve(o, len)) return;
    memcpy(o->p + o->len, bytes, len);
    o->len += len;
}

void out_u64(struct out *o, uint64_t n)
{
    char digits[20];
    size_t at = sizeof digits;
    do digits[--at] = (char)('0' + n % 10);
    while (n /= 10);
    out_bytes(o, digits + at, sizeof digits - at);
}

void out_printf(struct out *o, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    if (len < 0) fail(o, ENOMEM); /* glibc takes memory for what is very wide */
    if (len > 0 && out_reserve(o, (size_t)len + 1)) {
        vsnprintf(o->p + o->len, (size_t)len + 1, format, again);
        o->len += (size_t)len;
    }
    va_end(again);
    va_end(args);
}

/* ---- JSON ---- */

static void json_escape(struct out *o, unsigned c)
{
    static const char short_forms[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    for (const char *s = short_forms; *s; s += 2)
        if ((unsigned char)*s == c) {
            out_bytes(o, (const char[]){'\\', s[1]}, 2);
            return;
        }
    out_printf(o, "\\u%04x", c);
}

/* Not 0 where one of the word's bytes is to be escaped. */
static uint64_t to_escape(uint64_t v)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), high = ones * 0x80;
    uint64_t quote = v ^ ones * '"', backslash = v ^ ones * '\\';
    return ((v - ones * 0x20) | (quote - ones) | (backslash - ones)) & ~v & high;
}

/* Whether nothing is to be escaped, by words, the last of which ends with the text. false: look closer. */
static bool is_plain(const char *p, size_t len)
{
    if (len < 4) return len == 0;
    if (len < 8) return !to_escape(sh_four_bytes(p) | sh_four_bytes(p + len - 4) << 32);
    uint64_t found = to_escape(sh_eight_bytes(p + len - 8));
    for (size_t i = 0; i + 8 < len && !found; i += 8) found = to_escape(sh_eight_bytes(p + i));
    return !found;
}

/* Escapes what RFC 8259 wants escaped, and nothing more. */
void out_json_inside(struct out *o, struct str text)
{
    const char *from = text.p, *p = from, *end = from + text.len;
    if (is_plain(text.p, text.len)) {
        out_str(o, text);
        return;
    }
    while (p < end) {
        if (end - p >= 8 && !to_escape(sh_eight_bytes(p))) {
            p += 8;
            continue;
        }
        unsigned char c = (unsigned char)*p++;
        if (c >= 0x20 && c != '"' && c != '\\') continue;
        out_bytes(o, from, (size_t)(p - 1 - from));
        json_escape(o, c);
        from = p;
    }
    out_bytes(o, from, (size_t)(end - from));
}

void out_json(struct out *o, struct str text)
{
    out_putc(o, '"');
    out_json_inside(o, text);
    out_putc(o, '"');
}

void out_json_member(struct out *o, struct str key, struct str text)
{
    out_puts(o, ",\"");
    out_str(o, key);
    out_puts(o, "\":");
    out_json(o, text);
}

void out_json_u64(struct out *o, const char *key, uint64_t n)
{
    out_puts(o, ",\"");
    out_puts(o, key);
    out_puts(o, "\":");
    out_u64(o, n);
}
