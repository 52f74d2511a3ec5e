/*
 * Characters of policies and conditions: which class one is of, and where names begin and end
 * (language.md 4.2). Assumes valid UTF-8.
 */
#include "lex.h"

#include <utf8proc.h>

#define HIGH_ROW 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6
const uint8_t char_classes[256] =
    {
        0,        0,        0,        0,        0,        0,        0,        0,        0, 1, 2,
        0,        0,        2,        0,        0, /* tab, line ends */
        0,        0,        0,        0,        0,        0,        0,        0,        0, 0, 0,
        0,        0,        0,        0,        0,        1,        0,        0,        0, 0, 0,
        0,        0,        0,        0,        0,        0,        0,        5,        0, 0, /* blank, - */
        4,        4,        4,        4,        4,        4,        4,        4,        4, 4, 0,
        0,        0,        0,        0,        0, /* digits */
        0,        3,        3,        3,        3,        3,        3,        3,        3, 3, 3,
        3,        3,        3,        3,        3, /* A to O */
        3,        3,        3,        3,        3,        3,        3,        3,        3, 3, 3,
        0,        0,        0,        0,        3, /* P to Z, _ */
        0,        3,        3,        3,        3,        3,        3,        3,        3, 3, 3,
        3,        3,        3,        3,        3, /* a to o */
        3,        3,        3,        3,        3,        3,        3,        3,        3, 3, 3,
        0,        0,        0,        0,        0, /* p to z */
        HIGH_ROW, HIGH_ROW, HIGH_ROW, HIGH_ROW, HIGH_ROW, HIGH_ROW, HIGH_ROW, HIGH_ROW,
};

/* Categories of language.md 4.2: L*, Nl begin a name; Mn, Mc, Nd, Pc go on. */
static bool begins_name(uint32_t cp)
{
    utf8proc_category_t c = utf8proc_category((utf8proc_int32_t)cp);
    return (c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_LO) || c == UTF8PROC_CATEGORY_NL;
}

static bool continues_name(uint32_t cp)
{
    utf8proc_category_t c = utf8proc_category((utf8proc_int32_t)cp);
    return begins_name(cp) || c == UTF8PROC_CATEGORY_MN || c == UTF8PROC_CATEGORY_MC ||
           c == UTF8PROC_CATEGORY_ND || c == UTF8PROC_CATEGORY_PC;
}

size_t name_end(struct str s, size_t i)
{
    while (i < s.len) {
        enum char_class c = class_of(s.p[i]);
        if (is_name_class(c)) {
            i++;
            continue;
        }
        size_t after = i;
        if (c != C_HIGH || !continues_name(utf8_next(s, &after))) break;
        i = after;
    }
    return i;
}

bool name_begins_at(struct str s, size_t i)
{
    enum char_class c = i < s.len ? class_of(s.p[i]) : C_OTHER;
    return c == C_LETTER || (c == C_HIGH && begins_name(utf8_next(s, &i)));
}

bool is_bare_name(struct str s)
{
    return name_begins_at(s, 0) && name_end(s, 0) == s.len;
}
