/*
 * The two readers of JSON hold each other: lines that are drawn, and lines that are then broken. Both take a
 * line or both refuse it, for the same reason, and hand out the same. SHUNT_RANDOM_FIRST and
 * SHUNT_RANDOM_SEEDS say which and how many are drawn.
 */
#include "json_kind.h"
#include "run_suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef SHUNT_LINES_PLAIN /* where there is the plain one alone */
enum { ROOM = 1 << 16, LINES_EACH = 2000 };

static struct json_reader *plain, *fast;
static uint64_t state;
static char line[ROOM + LINE_SLACK_LEN];
static size_t len;

static uint32_t below(uint32_t n)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(((state >> 33) * n) >> 31);
}

static uint64_t number_from(const char *name, uint64_t unsaid)
{
    const char *said = getenv(name);
    return said ? strtoull(said, NULL, 10) : unsaid;
}

/* ---- drawing ---- */

static void put(const char *text, size_t text_len)
{
    if (len + text_len > ROOM) return; /* what is cut off is another broken line */
    memcpy(line + len, text, text_len);
    len += text_len;
}

static void put_text(const char *text)
{
    put(text, strlen(text));
}

static const char *pick(const char *const *from, size_t count)
{
    return from[below((uint32_t)count)];
}
#define PICK(array) pick(array, sizeof(array) / sizeof *(array))

static void put_space(void)
{
    static const char *const spaces[] = {" ", "\t", "\r", "  "};
    while (below(8) == 0) put_text(PICK(spaces));
}

static void put_digits(uint32_t most)
{
    char digit[2] = "0";
    for (uint32_t left = 1 + below(most); left > 0; left--) {
        digit[0] = (char)('0' + below(10));
        put(digit, 1);
    }
}

static void put_number(void)
{
    static const char *const odd[] = {"0",
                                      "-0",
                                      "-0.0",
                                      "1e308",
                                      "1e309",
                                      "0e309",
                                      "0e99999999999",
                                      "0.0001e311",
                                      "1e-400",
                                      "-1e400",
                                      "18446744073709551615",
                                      "18446744073709551616",
                                      "-9223372036854775808",
                                      "-9223372036854775809",
                                      "2.2250738585072011e-308",
                                      "4.9e-324",
                                      "2.4703282292062327e-324",
                                      "1.7976931348623158e308",
                                      "1.7976931348623159e308",
                                      "9007199254740993.0",
                                      "1e00000000000000000001",
                                      "1E+2",
                                      "1e-99999999999999999999",
                                      "12345678901234567890123456789012345678901234567890e-20",
                                      "0.1e1",
                                      "100000000000000000000.0"};
    static const uint32_t digits[] = {1, 3, 8, 20, 40, 400};
    if (below(6) == 0) {
        put_text(PICK(odd));
        return;
    }
    if (below(3) == 0) put_text("-");
    char first[2] = {(char)('1' + below(9)), 0};
    put_text(below(4) == 0 ? "0" : first);
    if (line[len - 1] != '0' && below(3)) put_digits(digits[below(below(20) ? 4 : 6)]);
    if (below(3) == 0) {
        put_text(".");
        put_digits(digits[below(below(20) ? 4 : 6)]);
    }
    if (below(4) == 0) {
        static const char *const es[] = {"e", "E", "e+", "E-", "e-"};
        put_text(PICK(es));
        put_digits(3);
    }
}

static void put_string(void)
{
    static const char *const pieces[] = {"a",
                                         "id",
                                         "labels",
                                         "refund",
                                         "at",
                                         " ",
                                         "\xc3\xa9",
                                         "\xe2\x82\xac",
                                         "\xf0\x9f\x98\x80",
                                         "\\n",
                                         "\\\"",
                                         "\\\\",
                                         "\\/",
                                         "\\u0041",
                                         "\\u00e9",
                                         "\\ud83d\\ude00",
                                         "\\uFFFF",
                                         "5",
                                         "-1",
                                         "{",
                                         "[",
                                         ",",
                                         ":",
                                         "\x7f",
                                         "\\t",
                                         "\xed\x9f\xbf",
                                         "\xee\x80\x80",
                                         "\xf4\x8f\xbf\xbf",
                                         "\\ud7ff",
                                         "\\ue000"};
    static const char *const odd[] = {"\\u0000", "\\ud83d", "\\ude00",  "\\ud83d\\u0041", "\\x",
                                      "\\u12g4", "\xff",    "\xc0\x80", "\xed\xa0\x80",   "\xf4\x90\x80\x80",
                                      "\xc3",    "\t",      "\x01",     "\\u00",          "\xe2\x82"};
    put_text("\"");
    for (uint32_t left = below(below(10) ? 6 : 60); left > 0; left--) put_text(PICK(pieces));
    if (below(60) == 0) put_text(PICK(odd));
    put_text("\"");
}

/* Few names, so that some stand twice; for an object of many, numbers. */
static void put_key(uint32_t k, bool many)
{
    char name[16];
    if (!below(3) && !many) {
        put_string();
        return;
    }
    snprintf(name, sizeof name, "\"%c%u\"", 'a' + below(26), (unsigned)(many ? k : below(40)));
    put_text(name);
}

static void put_value(uint32_t depth);

static void put_container(uint32_t depth, bool is_array)
{
    uint32_t count = below(depth < 3 ? 6 : 3);
    bool many = !is_array && below(50) == 0;
    if (many) count = 30 + below(10);
    put_text(is_array ? "[" : "{");
    for (uint32_t k = 0; k < count; k++) {
        if (k) put_text(",");
        put_space();
        if (!is_array) {
            put_key(k, many);
            put_space();
            put_text(":");
            put_space();
        }
        put_value(depth + 1);
        put_space();
    }
    put_text(is_array ? "]" : "}");
}

static void put_nested(void)
{
    uint32_t depth = 55 + below(15);
    for (uint32_t i = 0; i < depth; i++) put_text(i % 3 ? "[" : "{\"k\":");
    put_text(below(2) ? "1" : below(2) ? "[]" : "{}");
    for (uint32_t i = depth; i-- > 0;) put_text(i % 3 ? "]" : "}");
}

static void put_value(uint32_t depth)
{
    static const char *const words[] = {"true", "false", "null"};
    switch (below(depth < 8 ? 7 : 4)) {
    case 0: put_text(PICK(words)); break;
    case 1: put_number(); break;
    case 2:
    case 3: put_string(); break;
    case 4:
        if (below(40) == 0) {
            put_nested();
            break;
        } /* fall through */
    case 5: put_container(depth, true); break;
    default: put_container(depth, false);
    }
}

/* ---- breaking ---- */

static void break_line(void)
{
    static const char *const bytes[] = {"\"", "\\",   "{",    "}",    "[",    "]",  ",",    ":",
                                        "-",  "0",    "1",    "e",    ".",    "+",  " ",    "t",
                                        "u",  "\x80", "\xc3", "\xff", "\x1f", "\n", "\x00", "\xef\xbb\xbf",
                                        "//", "\\u",  "nul",  "x",    "\xed", "E9"};
    uint32_t at = below((uint32_t)len + 1), much = below(4);
    switch (below(6)) {
    case 0: len = at; break; /* cut off */
    case 1:                  /* taken out */
        if (at + much > len) much = (uint32_t)len - at;
        memmove(line + at, line + at + much, len - at - much);
        len -= much;
        break;
    case 2: /* another byte */
        if (at < len) line[at] = (char)below(256);
        break;
    case 3: /* two places changed */
        if (at < len) {
            uint32_t with = below((uint32_t)len);
            char c = line[at];
            line[at] = line[with];
            line[with] = c;
        }
        break;
    default: { /* put in */
        const char *text = PICK(bytes);
        size_t more = *text ? strlen(text) : 1;
        if (len + more > ROOM) return;
        memmove(line + at + more, line + at, len - at);
        memcpy(line + at, text, more);
        len += more;
    }
    }
}

/* ---- comparing ---- */

static bool same_text(struct json_text a, struct json_text b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

static bool same_value(const struct json_value *a, const struct json_value *b)
{
    if (a->type != b->type || a->truth != b->truth || a->count != b->count) return false;
    if (a->type == JSON_NUMBER) return memcmp(&a->number, &b->number, sizeof a->number) == 0;
    return a->type != JSON_TEXT || same_text(a->text, b->text);
}

static bool same_member(const struct json_value *a, const struct json_value *b)
{
    return same_text(a->key, b->key) && a->key_mark == b->key_mark && same_value(a, b);
}

/* The line's own members, and what those contain. */
static bool same_values(const struct json_line *a, const struct json_line *b)
{
    if (a->count != b->count) return false;
    for (uint32_t i = 0; i < a->count; i++) {
        const struct json_value *v = &a->values[i], *w = &b->values[i];
        if (!same_member(v, w)) return false;
        bool (*same)(const struct json_value *, const struct json_value *) =
            v->type == JSON_OBJECT ? same_member : same_value;
        for (uint32_t k = 0; k < v->count; k++)
            if (!same(&a->values[v->first + k], &b->values[w->first + k])) return false;
    }
    return true;
}

static bool alike(void)
{
    struct json_line one = {0}, other = {0};
    memset(line + len, "x9\"]\x80\xa9"[len % 6], LINE_SLACK_LEN); /* what stands behind a line must not matter */
    enum line_error why = json_plain.read(plain, line, len, &one),
                    fast_why = json_fast.read(fast, line, len, &other);
    if (why != fast_why) {
        printf("plain %d, fast %d: %.*s\n", why, fast_why, (int)len, line);
        return false;
    }
    if (why ? same_text(one.about, other.about) : same_values(&one, &other)) return true;
    printf("%d, not the same: %.*s\n", why, (int)len, line);
    return false;
}

START_TEST(both_readers_answer_alike)
{
    uint64_t first = number_from("SHUNT_RANDOM_FIRST", 1), seeds = number_from("SHUNT_RANDOM_SEEDS", 60);
    plain = json_plain.make();
    fast = json_fast.make();
    ck_assert(plain && fast);
    unsigned unlike = 0;
    for (uint64_t seed = first; seed < first + seeds; seed++) {
        state = seed;
        for (int i = 0; i < LINES_EACH; i++) {
            len = 0;
            put_space();
            if (below(50))
                put_container(0, false);
            else
                put_value(0);
            put_space();
            unlike += !alike();
            for (uint32_t faults = below(3); faults > 0; faults--) {
                break_line();
                unlike += !alike();
            }
        }
    }
    json_plain.free(plain);
    json_fast.free(fast);
    ck_assert_uint_eq(unlike, 0);
}
END_TEST

/* Any two bytes: in a string, as a key, behind a backslash, as a value, with an exponent, behind the object.
 */
START_TEST(both_readers_answer_alike_to_any_two_bytes)
{
    static const char *const before[] = {"{\"a\":\"",           "{\"", "{\"a\":\"\\", "{\"a\":", "{\"a\":1e",
                                         "{\"a\":0e309,\"b\":", "{}"};
    static const char *const behind[] = {"\"}", "\":1}", "\"}", "}", "}", "}", ""};
    unsigned unlike = 0;
    plain = json_plain.make();
    fast = json_fast.make();
    ck_assert(plain && fast);
    for (uint32_t two = 0; two <= UINT16_MAX; two++) {
        const char bytes[] = {(char)(two >> 8), (char)two};
        for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
            len = 0;
            put_text(before[i]);
            put(bytes, sizeof bytes);
            put_text(behind[i]);
            unlike += !alike();
        }
    }
    json_plain.free(plain);
    json_fast.free(fast);
    ck_assert_uint_eq(unlike, 0);
}
END_TEST
#endif

int main(void)
{
    Suite *s = suite_create("json_twins");
    TCase *t = tcase_create("json_twins");
    tcase_set_timeout(t, 600);
#ifndef SHUNT_LINES_PLAIN
    tcase_add_test(t, both_readers_answer_alike);
    tcase_add_test(t, both_readers_answer_alike_to_any_two_bytes);
#endif
    suite_add_tcase(s, t);
    return run_suite(s);
}
