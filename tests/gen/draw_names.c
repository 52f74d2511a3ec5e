/*
 * Names and texts: mostly words, often the ones that trip a reader of YAML, of the DSL, or of Unicode.
 */
#include "gen.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>
#include <utf8proc.h>

static const char *const words[] = {"billing", "refund", "vip",   "orders",    "returns",  "sales",
                                    "night",   "north",  "south", "gold",      "bug",      "press",
                                    "legal",   "spam",   "press", "wholesale", "first",    "second",
                                    "anna",    "bo",     "chen",  "dora",      "escalated"};

/* What YAML, the DSL, the conditions or a careless program would take for something else. */
static const char *const traps[] = {"no",
                                    "on",
                                    "off",
                                    "yes",
                                    "y",
                                    "n",
                                    "true",
                                    "false",
                                    "True",
                                    "null",
                                    "~",
                                    "Null",
                                    "1_000",
                                    "09:00",
                                    "0x1F",
                                    "1e3",
                                    "2024",
                                    "-1",
                                    "1.5",
                                    ".inf",
                                    ".nan",
                                    "-",
                                    "--",
                                    "- a",
                                    "a: b",
                                    "a:",
                                    ":a",
                                    "a #b",
                                    "#x",
                                    "it's",
                                    "say \"hi\"",
                                    "back\\slash",
                                    "comma, inside",
                                    "{brace}",
                                    "[x]",
                                    "&anchor",
                                    "*alias",
                                    "!tag",
                                    "%pct",
                                    "@at",
                                    "`tick`",
                                    "|",
                                    "> fold",
                                    "? q",
                                    "<<",
                                    "=",
                                    "all",
                                    "none",
                                    "team",
                                    "agent",
                                    "and",
                                    "or",
                                    "not",
                                    "has",
                                    "any",
                                    "in",
                                    "during",
                                    "contains",
                                    "exists",
                                    "with",
                                    "mon",
                                    "weekly",
                                    "closed",
                                    "rule",
                                    "policy",
                                    "version",
                                    "then",
                                    "after",
                                    "of",
                                    "for",
                                    "hold",
                                    "leave",
                                    "hours",
                                    "role",
                                    "labels",
                                    "id",
                                    "at",
                                    "2026-03-02",
                                    "mon-fri",
                                    "12-24..12-26",
                                    "09:00-17:00",
                                    " leading",
                                    "trailing ",
                                    "two  spaces",
                                    "a/b",
                                    "x.y",
                                    "why?",
                                    "'single'",
                                    "\"",
                                    "\\",
                                    "'",
                                    "a'b\"c",
                                    "...",
                                    "---",
                                    "a=>b",
                                    "(a)",
                                    "x|y",
                                    "$",
                                    "\\n",
                                    "\\u0041",
                                    "always-on",
                                    "Total",
                                    "OTHER",
                                    "Unassigned",
                                    "teams x"};

static const char *const unicode[] = {"\u00e9t\u00e9",
                                      "\u00c5ngstr\u00f6m",
                                      "\ud55c\uae00",
                                      "\ufb01le",
                                      "stra\u00dfe",
                                      "\u0130stanbul",
                                      "\u03c3\u03af\u03c3\u03c5\u03c6\u03bf\u03c2",
                                      "\u65e5\u672c\u8a9e",
                                      "\u0939\u093f\u0928\u094d\u0926\u0940",
                                      "\U0001f600",
                                      "a\u200db",
                                      "x\u00a0y",
                                      "\u2028line",
                                      "\u1e69",
                                      "\u01c5",
                                      "\u0391\u0345",
                                      "\u1f80",
                                      "\u2167",
                                      "\u05e9\u05dc\u05d5\u05dd",
                                      "q\u0323\u0307",
                                      "\ufeffbom",
                                      "\u00b5",
                                      "z\u030c\u0323"};

/* Reserved by 1.3. */
static const char *const field_words[] = {
    "channel", "labels", "segments", "priority", "subject", "body",     "customer", "id",     "at",
    "event",   "by",     "ticket",   "event_id", "and",     "or",       "not",      "true",   "false",
    "has",     "any",    "all",      "none",     "in",      "contains", "starts",   "ends",   "with",
    "exists",  "during", "outside",  "is",       "matches", "before",   "after",    "within", "between",
    "of",      "date",   "time",     "weekday",  "waited",  "every"};

int32_t text_next(const char **s)
{
    utf8proc_int32_t cp;
    *s += utf8proc_iterate((const utf8proc_uint8_t *)*s, -1, &cp);
    return cp;
}

void sb_utf8(struct out *o, int32_t cp)
{
    utf8proc_uint8_t bytes[4];
    sb_bytes(o, (const char *)bytes, (size_t)utf8proc_encode_char(cp, bytes));
}

static const char *map_text(struct gen *g, const char *s, utf8proc_option_t options)
{
    utf8proc_uint8_t *out = NULL;
    if (utf8proc_map((const utf8proc_uint8_t *)s, 0, &out, options | UTF8PROC_NULLTERM | UTF8PROC_STABLE) < 0)
        abort();
    char *copy = gen_strdup(g, (const char *)out);
    free(out);
    return copy;
}

const char *text_nfc(struct gen *g, const char *s)
{
    return map_text(g, s, UTF8PROC_COMPOSE);
}

const char *vary_form(struct gen *g, const char *s)
{
    return rng_chance(g, 25) ? map_text(g, s, UTF8PROC_DECOMPOSE) : s;
}

static bool reserved(enum g_kind kind, const char *s)
{
    if (kind == K_TEAM) return !strcmp(s, "unassigned");
    if (kind == K_HOURS) return !strcmp(s, "always");
    if (kind == K_RULE) return !strcmp(s, "otherwise") || !strncmp(s, "team ", 5);
    if (kind == K_CHANNEL) return !strcmp(s, "total") || !strcmp(s, "other") || !strcmp(s, "to");
    if (kind == K_FIELD)
        for (size_t i = 0; i < sizeof field_words / sizeof *field_words; i++)
            if (!strcmp(s, field_words[i])) return true;
    return false;
}

static const char *compose_name(struct gen *g)
{
    static const char *const joins[] = {" ", "-", "_", "", ".", "/", ": ", " #", ", "};
    struct out o = {.g = g};
    for (int i = rng_between(g, 1, 3); i > 0; i--) {
        sb_puts(&o, rng_chance(g, 60) ? rng_pick(g, unicode) : rng_pick(g, words));
        if (i > 1) sb_puts(&o, rng_pick(g, joins));
    }
    return sb_text(&o);
}

static const char *long_name(struct gen *g)
{
    struct out o = {.g = g};
    for (int i = 0; i < 50; i++) sb_puts(&o, "long-");
    sb_printf(&o, "%05d", rng_below(g, 100000));
    return sb_text(&o);
}

static const char *any_name(struct gen *g)
{
    int x = rng_below(g, 100);
    if (x < 30) return rng_pick(g, words);
    if (x < 60)
        return gen_format(g, "%s%s%d", rng_pick(g, words), rng_chance(g, 50) ? "-" : "_", rng_below(g, 100));
    if (x < 82) return rng_pick(g, traps);
    return x < 99 ? compose_name(g) : long_name(g);
}

static bool listed(const strings *l, const char *s)
{
    for (int i = 0; i < l->count; i++)
        if (!strcmp(l->at[i], s)) return true;
    return false;
}

const char *draw_name(struct gen *g, strings *used, enum g_kind kind)
{
    for (;;) {
        const char *s = text_nfc(g, any_name(g));
        if (reserved(kind, s) || strlen(s) > 255 || listed(used, s)) continue;
        *list_push(g, used) = s;
        return s;
    }
}

const char *draw_text(struct gen *g)
{
    static const char *const texts[] = {"Invoices and refunds",
                                        "",
                                        "it's: \"quoted\"",
                                        "two\nlines",
                                        "tab\there",
                                        " space around ",
                                        "# no comment",
                                        "- dash",
                                        "ends with colon:",
                                        "\\ and \\n",
                                        "true",
                                        "123",
                                        "null",
                                        "\u00e9t\u00e9 \U0001f600",
                                        "a\n\nb",
                                        "trailing\n",
                                        "{a: b}, [c]",
                                        "50 % & more",
                                        "@home *star*",
                                        "'single'",
                                        "\u2028",
                                        "e\u0301 decomposed"};
    return rng_chance(g, 60) ? rng_pick(g, texts) : any_name(g);
}

const char *draw_pattern(struct gen *g)
{
    static const char *const patterns[] = {"refund",
                                           "stra\u00dfe",
                                           "STRASSE",
                                           "\u0130stanbul",
                                           "istanbul",
                                           "\u03a3\u03af\u03c3\u03c5\u03c6\u03bf\u03c2",
                                           "\ufb01le",
                                           "file",
                                           "\u212aelvin",
                                           "\u212bngstr\u00f6m",
                                           "a",
                                           "ab",
                                           "aba",
                                           "e\u0301",
                                           "\u00e9",
                                           "e",
                                           "\u0301",
                                           "\u01c5",
                                           "\u1f80",
                                           "\u0149",
                                           "a\u0323\u0307",
                                           "a\u0307\u0323",
                                           "\ud55c",
                                           "\u1112\u1161\u11ab",
                                           "\u1112\u1161",
                                           "ss",
                                           "\u1e9e",
                                           "where is my order",
                                           "re:",
                                           "\"quoted\"",
                                           "back\\slash",
                                           "line\nend",
                                           "\t",
                                           " ",
                                           "100%",
                                           "\U0001f600",
                                           "\u0345",
                                           "\u03b1\u0345\u0301",
                                           "i\u0307",
                                           "\u017fs",
                                           "\ufb03",
                                           "\u0390",
                                           "need help"};
    if (rng_chance(g, 2)) return "";
    return rng_chance(g, 85) ? rng_pick(g, patterns)
                             : gen_format(g, "%s%s", rng_pick(g, patterns), rng_pick(g, patterns));
}

/* A letter that folds to the same, or looks as if it did; 0: none. */
static int32_t lookalike(struct gen *g, int32_t cp)
{
    static const struct {
        int32_t a, b;
    } pairs[] = {{'k', 0x212A},  {'s', 0x17F},   {0xDF, 0x1E9E}, {0x3C3, 0x3C2}, {0x3C3, 0x3A3},
                 {0xE5, 0x212B}, {'i', 0x130},   {'i', 0x131},   {0xB5, 0x3BC},  {0x3C9, 0x2126},
                 {0x1C6, 0x1C5}, {0x3B9, 0x345}, {0x3B8, 0x3D1}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        if (cp == pairs[i].a && rng_chance(g, 50)) return pairs[i].b;
        if (cp == pairs[i].b && rng_chance(g, 50)) return pairs[i].a;
    }
    return 0;
}

static const char *ligatures(struct gen *g, const char *s)
{
    static const char *const pairs[][2] = {{"ss", "\u00df"}, {"\u00df", "ss"},  {"fi", "\ufb01"},
                                           {"\ufb01", "FI"}, {"ffi", "\ufb03"}, {"st", "\ufb06"}};
    const char *const *pair = pairs[rng_below(g, 6)];
    const char *hit = strstr(s, pair[0]);
    if (!hit) return s;
    struct out o = {.g = g};
    sb_bytes(&o, s, (size_t)(hit - s));
    sb_puts(&o, pair[1]);
    sb_puts(&o, hit + strlen(pair[0]));
    return sb_text(&o);
}

const char *vary_case(struct gen *g, const char *s)
{
    struct out o = {.g = g};
    int style = rng_below(g, 4);
    s = ligatures(g, s);
    while (*s) {
        int32_t cp = text_next(&s), other = lookalike(g, cp);
        if (other && rng_chance(g, 60))
            cp = other;
        else if (style == 1 || (style == 2 && rng_chance(g, 50)))
            cp = utf8proc_toupper(cp);
        else if (style == 3)
            cp = utf8proc_tolower(cp);
        sb_utf8(&o, cp);
    }
    return vary_form(g, sb_text(&o));
}
