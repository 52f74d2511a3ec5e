/* Spelling texts in YAML: see yaml_quote.h. */
#include "yaml_quote.h"
#include "print_dsl.h"

#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* ---- what looks like something else ---- */

/* Words that YAML 1.1 or 1.2 reads as null or a truth value, in small letters. */
static bool is_special_word(struct str s)
{
    static const char *const words[] = {"null", "true", "false", "yes", "no", "on",   "off",
                                        "y",    "n",    "~",     "=",   "<<", ".nan", ".inf"};
    if (s.len && (s.p[0] == '-' || s.p[0] == '+')) s.p++, s.len--;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct str w = str_from(words[i]);
        bool same = s.len == w.len;
        for (size_t k = 0; same && k < s.len; k++)
            same = s.p[k] == w.p[k] || (s.p[k] >= 'A' && s.p[k] <= 'Z' && (s.p[k] | 0x20) == w.p[k]);
        if (same) return true;
    }
    return false;
}

/* Numbers of both versions: 12, -1.5e3, 0x1f, 0o17, 0b1, 1_000, 190:20:30; telephone numbers too. More is
 * taken for a number than is one, so long as 09:00-17:30 is not: it begins with a digit and has only these,
 * but a '-' within. */
static bool is_numberlike(struct str s)
{
    size_t i = s.len && (s.p[0] == '-' || s.p[0] == '+') ? 1 : 0;
    if (i == s.len || (!is_digit(s.p[i]) && (s.p[i] != '.' || i + 1 == s.len || !is_digit(s.p[i + 1]))))
        return false;
    bool exponent = false;
    for (; i < s.len; i++) {
        char c = s.p[i];
        if (c && memchr("xob", c, 3)) return true;
        exponent |= c == 'e' || c == 'E';
        if (!is_digit(c) && (!c || !memchr(exponent ? " ._:eE+-" : " ._:eE", c, exponent ? 8 : 6)))
            return false;
    }
    return true;
}

/* 2027-01-01, and what begins so: a timestamp to YAML 1.1. */
static bool is_datelike(struct str s)
{
    static const char shape[] = "0000-0";
    if (s.len < 8) return false;
    for (size_t i = 0; i < sizeof shape - 1; i++)
        if (shape[i] == '0' ? !is_digit(s.p[i]) : s.p[i] != shape[i]) return false;
    return true;
}

bool yaml_looks_special(struct str s)
{
    return s.len == 0 || is_special_word(s) || is_numberlike(s) || is_datelike(s);
}

/* ---- what YAML cannot read without quotes ---- */

static bool has_escapes(struct str s)
{
    for (size_t i = 0; i < s.len;)
        if (needs_escape(utf8_next(s, &i))) return true;
    return false;
}

bool yaml_plain_fits(struct str s, bool flow)
{
    if (s.len == 0 || s.p[0] == ' ' || s.p[s.len - 1] == ' ' || has_escapes(s)) return false;
    if (memchr("-?:,[]{}#&*!|>'\"%@`", s.p[0], 19)) return false;
    if (str_starts(s, S("..."))) return false;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.p[i], next = i + 1 < s.len ? s.p[i + 1] : ' ';
        if (c == ':' && next == ' ') return false;
        if (c == ' ' && next == '#') return false;
        if (flow && memchr(",[]{}", c, 5)) return false;
    }
    return true;
}

/* ---- spelling ---- */

static void put_single(struct buf *b, struct str s)
{
    buf_putc(b, '\'');
    for (size_t i = 0; i < s.len; i++) {
        if (s.p[i] == '\'') buf_putc(b, '\'');
        buf_putc(b, s.p[i]);
    }
    buf_putc(b, '\'');
}

void yaml_put_quoted(struct buf *b, struct str s)
{
    if (has_escapes(s))
        print_string(b, s); /* its escapes are YAML's too */
    else
        put_single(b, s);
}

void yaml_put_text(struct buf *b, struct str s, bool flow)
{
    if (yaml_plain_fits(s, flow) && !yaml_looks_special(s))
        buf_str(b, s);
    else
        yaml_put_quoted(b, s);
}

void yaml_put_comment(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.len;) {
        size_t from = i;
        uint32_t cp = utf8_next(s, &i);
        if (cp != '\t' && needs_escape(cp))
            buf_printf(b, "\\u%04X", cp);
        else
            buf_add(b, s.p + from, i - from);
    }
}
