/* JSON texts and numbers (RFC 8259, 6 and 7), and the order of faults: see json_token.h. */
#include "json_token.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* ---- what need not be looked at ---- */

/* The first byte from p on that ends a text or needs a look: a quote, a backslash, a control character, all
 * that is not ASCII. One is found, be it behind the line's end: 64 bytes there may be read, and the caller
 * looks where the line ends. Sixteen at a time (SSE2 is part of x86-64): texts of the benchmark's tickets
 * take 0.6 ns a byte one by one, 0.1 so. */
static const char *skip_plain(const char *p, const char *end)
{
#ifdef __SSE2__
    const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\'), space = _mm_set1_epi8(0x20);
    for (; p < end; p += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
        /* As signed bytes, what is not ASCII is below the space as well. */
        __m128i odd = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, quote), _mm_cmpeq_epi8(v, backslash)),
                                   _mm_cmplt_epi8(v, space));
        unsigned bits = (unsigned)_mm_movemask_epi8(odd);
        if (bits) {
            p += __builtin_ctz(bits);
            break;
        }
    }
    return p < end ? p : end;
#else
    while (p < end && *p >= 0x20 && (unsigned char)*p < 0x80 && *p != '"' && *p != '\\') p++;
    return p;
#endif
}

/* ---- UTF-8 ---- */

/* How many bytes the character at p has, which is not ASCII; 0: it is none (Unicode 15, table 3-7). */
static unsigned utf8_len(const char *at, const char *end)
{
    const unsigned char *p = (const unsigned char *)at;
    size_t left = (size_t)(end - at);
    unsigned len = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
    unsigned char low = p[0] == 0xe0 ? 0xa0 : p[0] == 0xf0 ? 0x90 : 0x80;
    unsigned char high = p[0] == 0xed ? 0x9f : p[0] == 0xf4 ? 0x8f : 0xbf;
    if (p[0] < 0xc2 || p[0] > 0xf4 || left < len || p[1] < low || p[1] > high) return 0;
    for (unsigned i = 2; i < len; i++)
        if ((p[i] & 0xc0) != 0x80) return 0;
    return len;
}

static bool is_utf8(const char *p, const char *end)
{
    while (p < end) {
        unsigned len = (unsigned char)*p < 0x80 ? 1 : utf8_len(p, end);
        if (len == 0) return false;
        p += len;
    }
    return true;
}

/* ---- escapes ---- */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Four hex digits; false: they are none. */
static bool read_hex4(struct json_cursor *c, unsigned *unit)
{
    *unit = 0;
    if (c->end - c->at < 4) return false;
    for (int i = 0; i < 4; i++) {
        int digit = hex_digit(*c->at++);
        if (digit < 0) return false;
        *unit = *unit << 4 | (unsigned)digit;
    }
    return true;
}

static void put_code_point(struct json_cursor *c, unsigned cp)
{
    if (cp < 0x80) {
        *c->room++ = (char)cp;
        return;
    }
    unsigned more = cp < 0x800 ? 1 : cp < 0x10000 ? 2 : 3;
    static const unsigned char heads[] = {0, 0xc0, 0xe0, 0xf0};
    *c->room++ = (char)(heads[more] | cp >> 6 * more);
    while (more--) *c->room++ = (char)(0x80 | (cp >> 6 * more & 0x3f));
}

/* What follows \u: a code unit, or two that are one character. */
static bool read_unicode(struct json_cursor *c)
{
    unsigned unit, low;
    if (!read_hex4(c, &unit)) return false;
    if (unit >= 0xdc00 && unit < 0xe000) return false;
    if (unit >= 0xd800 && unit < 0xdc00) {
        if (c->end - c->at < 2 || c->at[0] != '\\' || c->at[1] != 'u') return false;
        c->at += 2;
        if (!read_hex4(c, &low) || low < 0xdc00 || low >= 0xe000) return false;
        unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
    }
    c->has_nul |= unit == 0;
    put_code_point(c, unit);
    return true;
}

/* What follows a backslash. */
static bool read_escape(struct json_cursor *c)
{
    static const char spelled[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    if (c->at == c->end) return false;
    char kind = *c->at++;
    if (kind == 'u') return read_unicode(c);
    const char *found = kind ? strchr(spelled, kind) : NULL;
    if (found) *c->room++ = meant[found - spelled];
    return found;
}

/* ---- texts ---- */

/* Past the byte that skip_plain() stopped at, which is not a quote; `from`: what is not yet in the room. */
static enum line_error read_odd(struct json_cursor *c, const char **from)
{
    unsigned char byte = (unsigned char)*c->at;
    if (byte >= 0x80) {
        unsigned len = utf8_len(c->at, c->end);
        c->at += len;
        return len ? LINE_OK : LINE_NOT_UTF8;
    }
    if (byte != '\\') return LINE_NOT_JSON;
    memcpy(c->room, *from, (size_t)(c->at - *from));
    c->room += c->at - *from;
    c->at++;
    if (!read_escape(c)) return LINE_BAD_STRING;
    *from = c->at;
    return LINE_OK;
}

enum line_error json_read_text(struct json_cursor *c, struct json_text *text)
{
    const char *begin = c->at, *from = begin, *spelled = c->room;
    while (true) {
        c->at = skip_plain(c->at, c->end);
        if (c->at == c->end) return LINE_NOT_JSON;
        if (*c->at == '"') break;
        enum line_error error = read_odd(c, &from);
        if (error) return error;
    }
    size_t len = (size_t)(c->at++ - from);
    if (from == begin) {
        *text = (struct json_text){begin, len};
        return LINE_OK;
    }
    memcpy(c->room, from, len);
    c->room += len;
    *text = (struct json_text){spelled, (size_t)(c->room - spelled)};
    return LINE_OK;
}

/* ---- numbers ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

struct decimal {
    bool negative, is_integer;
    uint64_t digits; /* the first 19; more: strtod() reads it again */
    unsigned digit_count;
    int exponent; /* of ten: where the fraction ends */
};

/* A run of one digit or more. */
static bool read_digits(struct json_cursor *c, struct decimal *d)
{
    if (c->at == c->end || !is_digit(*c->at)) return false;
    for (; c->at < c->end && is_digit(*c->at); c->at++) {
        if (d->digit_count++ < 19) d->digits = d->digits * 10 + (uint64_t)(*c->at - '0');
    }
    return true;
}

static bool read_decimal(struct json_cursor *c, struct decimal *d, bool *has_e)
{
    d->negative = *c->at == '-';
    c->at += d->negative;
    const char *first = c->at;
    if (!read_digits(c, d) || (*first == '0' && c->at - first > 1)) return false;
    *has_e = false;
    d->is_integer = true;
    if (c->at < c->end && *c->at == '.') {
        d->is_integer = false;
        const char *fraction = ++c->at;
        if (!read_digits(c, d)) return false;
        d->exponent = (int)(fraction - c->at);
    }
    if (c->at == c->end || (*c->at | 0x20) != 'e') return true;
    *has_e = true;
    d->is_integer = false;
    c->at++;
    if (c->at < c->end && (*c->at == '+' || *c->at == '-')) c->at++;
    struct decimal unused = {0};
    return read_digits(c, &unused);
}

/* An integer past 2^64, or below -2^63, is refused (desk.md 1.4). 20 digits: `text` is the first. */
static bool integer_fits(const struct decimal *d, const char *text)
{
    if (d->digit_count < 19) return true;
    if (d->digit_count == 19) return !d->negative || d->digits <= (uint64_t)INT64_MAX + 1;
    if (d->digit_count > 20 || d->negative) return false;
    static const char largest[] = "18446744073709551615";
    return memcmp(text, largest, 20) <= 0;
}

/* Exact: up to 2^53 and powers of ten that are doubles (W. D. Clinger, "How to Read Floating Point Numbers
 * Accurately", 1990). */
static bool in_one_step(const struct decimal *d, double *number)
{
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    if (d->digit_count > 19 || d->digits > UINT64_C(1) << 53 || d->exponent < -22) return false;
    double n = (double)d->digits / powers[-d->exponent];
    *number = d->negative ? -n : n;
    return true;
}

/* The number from `begin` on; it is one. No locale but C is ever set. */
static double slowly(const struct json_cursor *c, const char *begin)
{
    size_t len = (size_t)(c->at - begin);
    memcpy(c->room, begin, len);
    c->room[len] = 0;
    return strtod(c->room, NULL);
}

static bool ends_number(const struct json_cursor *c)
{
    static const char enders[] = " \t\n\r,:[]{}";
    return c->at == c->end || (*c->at && strchr(enders, *c->at));
}

enum line_error json_read_number(struct json_cursor *c, double *number)
{
    const char *begin = c->at;
    struct decimal d = {0};
    bool has_e;
    if (!read_decimal(c, &d, &has_e) || !ends_number(c)) return LINE_BAD_NUMBER;
    if (d.is_integer && !integer_fits(&d, begin)) return LINE_BAD_NUMBER;
    if (has_e || !in_one_step(&d, number)) *number = slowly(c, begin);
    if (d.is_integer && d.digits == 0) *number = 0; /* -0 is the integer 0 */
    return isfinite(*number) ? LINE_OK : LINE_BAD_NUMBER;
}

/* ---- why ---- */

/* Whether every text ends, and none holds a control character. A backslash takes the byte behind it with it
 * wherever it stands. */
static bool texts_end(const char *line, size_t len)
{
    bool inside = false;
    for (size_t i = 0; i < len; i++) {
        if (inside && (unsigned char)line[i] < 0x20) return false;
        if (line[i] == '\\' && i + 1 < len) {
            i++;
            if (inside && (unsigned char)line[i] < 0x20) return false;
        } else if (line[i] == '"') {
            inside = !inside;
        }
    }
    return !inside;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Whether the last byte closes what the first one opens. */
static bool ends_as_it_begins(const char *line, size_t len)
{
    while (len && is_space(line[len - 1])) len--;
    while (len && is_space(*line)) line++, len--;
    if (len == 0) return false;
    return *line == '{' ? line[len - 1] == '}' : *line == '[' ? line[len - 1] == ']' : true;
}

enum line_error json_why(const char *line, size_t len, enum line_error found)
{
    bool has_mark = len >= 3 && memcmp(line, "\xef\xbb\xbf", 3) == 0;
    enum line_error no_json = has_mark ? LINE_BYTE_ORDER_MARK : LINE_NOT_JSON;
    if (!texts_end(line, len)) return no_json;
    if (!is_utf8(line, line + len)) return LINE_NOT_UTF8;
    if (!ends_as_it_begins(line, len)) return no_json;
    return found == LINE_NOT_JSON ? no_json : found;
}
