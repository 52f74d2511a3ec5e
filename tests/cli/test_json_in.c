/* What of a line is refused, and what is handed out (desk.md 1.4), by each of the two readers. */
#include "json_kind.h"
#include "run_suite.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct json_kind *kind;
static struct json_reader *reader;
static char *buffer;

static void set_up(void)
{
    reader = kind->make();
    buffer = malloc(LINE_LEN_MAX + LINE_SLACK_LEN);
    ck_assert(reader && buffer);
}

static void set_up_plain(void)
{
    kind = &json_plain;
    set_up();
}

#ifndef SHUNT_LINES_PLAIN
static void set_up_fast(void)
{
    kind = &json_fast;
    set_up();
}
#endif

static void tear_down(void)
{
    kind->free(reader);
    free(buffer);
}

static enum line_error read_bytes(const char *line, size_t len, struct json_line *out)
{
    memcpy(buffer, line, len);
    memset(buffer + len, 'x', LINE_SLACK_LEN); /* what stands behind a line must not matter */
    return kind->read(reader, buffer, len, out);
}

static enum line_error read_text(const char *line)
{
    struct json_line out;
    return read_bytes(line, strlen(line), &out);
}

static const struct {
    const char *line;
    enum line_error error;
} cases[] = {
    {"{}", LINE_OK},
    {" {\t} ", LINE_OK},
    {"{\"a\":1}", LINE_OK},
    {"", LINE_NOT_JSON},
    {"{\"a\":0e309}", LINE_OK},
    {"{\"a\":1}\xc3", LINE_NOT_UTF8},
    {"{\"a\":0e309,\"b\":--4}", LINE_BAD_NUMBER},
    {"{\"a\":--40e730}", LINE_BAD_NUMBER},
    {"{\"a\":0e309,\"b\":1.}", LINE_BAD_NUMBER},
    {"{\"a\":0e309 5}", LINE_NOT_JSON},
    {"[]", LINE_NOT_OBJECT},
    {"\"a\"", LINE_NOT_OBJECT},
    {"1", LINE_NOT_OBJECT},
    {"null", LINE_NOT_OBJECT},
    {"{}{}", LINE_NOT_JSON},
    {"{} x", LINE_NOT_JSON},
    {"{\"a\":1,}", LINE_NOT_JSON},
    {"{'a':1}", LINE_NOT_JSON},
    {"{\"a\":\"\t\"}", LINE_NOT_JSON},
    {"\xef\xbb\xbf{}", LINE_BYTE_ORDER_MARK},
    {"{\"a\":\"\xff\"}", LINE_NOT_UTF8},
    {"{\"a\":\"\xc0\x80\"}", LINE_NOT_UTF8},
    {"{\"a\":\"\xed\xa0\x80\"}", LINE_NOT_UTF8},
    {"{\"a\":1,\"a\":2}", LINE_KEY_TWICE},
    {"{\"a\":1,\"\\u0061\":2}", LINE_KEY_TWICE},
    {"{\"\":1,\"\":2}", LINE_KEY_TWICE},
    {"{\"abcde\":1,\"a-c-e\":2}", LINE_OK}, /* of one mark */
    {"{\"abcde\":1,\"a-c-e\":2,\"abcde\":3}", LINE_KEY_TWICE},
    {"{\"x\":{\"a\":1,\"a\":2}}", LINE_KEY_TWICE},
    {"{\"x\":[[{\"b\":[{\"a\":1,\"c\":3,\"a\":2}]}]]}", LINE_KEY_TWICE},
    {"{\"x\":{\"a\":1},\"y\":{\"a\":1}}", LINE_OK},
    {"{\"a\":{\"a\":{\"a\":1}}}", LINE_OK},
    {"{\"a\":\"\\ud800\"}", LINE_BAD_STRING},
    {"{\"a\":\"\\udc00\"}", LINE_BAD_STRING},
    {"{\"a\":\"\\ud800\\u0041\"}", LINE_BAD_STRING},
    {"{\"a\":\"\\ud800x\"}", LINE_BAD_STRING},
    {"{\"\\udfff\":1}", LINE_BAD_STRING},
    {"{\"a\":[\"\\udbff\\udbff\"]}", LINE_BAD_STRING},
    {"{\"a\":\"\\ud83d\\ude00\"}", LINE_OK},
    {"{\"a\":\"\\x\"}", LINE_BAD_STRING},
    {"{\"a\":\"\\u0000\"}", LINE_NUL},
    {"{\"\\u0000\":1}", LINE_NUL},
    {"{\"a\":[{\"b\":\"x\\u0000y\"}]}", LINE_NUL},
    {"{\"a\":[{\"b\\u0000\":1}]}", LINE_NUL},
    {"{\"a\":\"\\\\u0000\"}", LINE_OK},
    {"{\"a\":18446744073709551615}", LINE_OK},
    {"{\"a\":18446744073709551616}", LINE_BAD_NUMBER},
    {"{\"a\":-9223372036854775808}", LINE_OK},
    {"{\"a\":-9223372036854775809}", LINE_BAD_NUMBER},
    {"{\"a\":[[100000000000000000000000]]}", LINE_BAD_NUMBER},
    {"{\"a\":1e308}", LINE_OK},
    {"{\"a\":1e309}", LINE_BAD_NUMBER},
    {"{\"a\":-1e400}", LINE_BAD_NUMBER},
    {"{\"a\":1e-400}", LINE_OK},
    {"{\"a\":100000000000000000000000.0}", LINE_OK},
    {"{\"a\":01}", LINE_BAD_NUMBER},
    {"{\"a\":NaN}", LINE_NOT_JSON},
};

START_TEST(desk_1_4_lines_that_are_refused)
{
    ck_assert_msg(read_text(cases[_i].line) == cases[_i].error, "%s gives %d", cases[_i].line,
                  read_text(cases[_i].line));
}
END_TEST

/* `depth` containers, the line's own object the first, the others each `open` … `close`. */
static enum line_error read_nested(unsigned depth, const char *open, const char *close)
{
    char line[8192] = "{\"a\":";
    for (unsigned i = 1; i < depth; i++) strcat(line, open);
    strcat(line, "1");
    for (unsigned i = 1; i < depth; i++) strcat(line, close);
    strcat(line, "}");
    return read_text(line);
}

START_TEST(desk_1_4_nesting_goes_to_64)
{
    ck_assert_int_eq(read_nested(64, "[", "]"), LINE_OK);
    ck_assert_int_eq(read_nested(65, "[", "]"), LINE_TOO_DEEP);
    ck_assert_int_eq(read_nested(64, "{\"a\":", "}"), LINE_OK);
    ck_assert_int_eq(read_nested(65, "{\"a\":", "}"), LINE_TOO_DEEP);
    ck_assert_int_eq(read_nested(1000, "[", "]"), LINE_TOO_DEEP);
}
END_TEST

START_TEST(members_items_and_their_types_are_handed_out)
{
    const char *line = "{\"t\":\"x\\n\",\"n\":-2.5,\"u\":18446744073709551615,\"b\":true,\"z\":null,"
                       "\"l\":[\"p\",7,[1]],\"o\":{\"k\":\"v\"},\"e\":[]}";
    struct json_line out;
    ck_assert_int_eq(read_bytes(line, strlen(line), &out), LINE_OK);
    ck_assert_uint_eq(out.count, 8);
    const struct json_value *v = out.values;
    ck_assert(v[0].type == JSON_TEXT && v[0].text.len == 2 && memcmp(v[0].text.p, "x\n", 2) == 0);
    ck_assert(v[0].key.len == 1 && *v[0].key.p == 't');
    ck_assert(v[1].type == JSON_NUMBER && v[1].number == -2.5);
    ck_assert(v[2].type == JSON_NUMBER && v[2].number == 18446744073709551616.0);
    ck_assert(v[3].type == JSON_BOOL && v[3].truth);
    ck_assert(v[4].type == JSON_NULL);
    ck_assert(v[5].type == JSON_ARRAY && v[5].count == 3);
    ck_assert(v[v[5].first].type == JSON_TEXT && v[v[5].first + 1].number == 7 &&
              v[v[5].first + 2].type == JSON_ARRAY);
    ck_assert(v[6].type == JSON_OBJECT && v[6].count == 1 && *v[v[6].first].key.p == 'k');
    ck_assert(v[7].type == JSON_ARRAY && v[7].count == 0);
}
END_TEST

/* What is deeper stands nowhere between them, nor behind. */
START_TEST(items_and_members_stand_together_whatever_they_contain)
{
    const char *line =
        "{\"l\":[[1,[2],{\"a\":3}],\"p\",[4],7],\"o\":{\"k\":{\"a\":[5],\"b\":6},\"m\":\"v\",\"n\":[]},"
        "\"e\":{},\"s\":[\"q\",\"r\"],\"z\":null}";
    struct json_line out;
    ck_assert_int_eq(read_bytes(line, strlen(line), &out), LINE_OK);
    ck_assert_uint_eq(out.count, 5);
    const struct json_value *v = out.values, *l = v + v[0].first, *o = v + v[1].first, *q = v + v[3].first;
    ck_assert(v[0].count == 4 && l[0].type == JSON_ARRAY && *l[1].text.p == 'p' && l[2].type == JSON_ARRAY);
    ck_assert(l[3].type == JSON_NUMBER && l[3].number == 7);
    ck_assert(v[1].count == 3 && o[0].type == JSON_OBJECT && *o[0].key.p == 'k');
    ck_assert(*o[1].key.p == 'm' && *o[1].text.p == 'v' && *o[2].key.p == 'n' && o[2].type == JSON_ARRAY);
    ck_assert(v[2].type == JSON_OBJECT && v[2].count == 0);
    ck_assert(v[3].count == 2 && *q[0].text.p == 'q' && *q[1].text.p == 'r');
    ck_assert(v[4].type == JSON_NULL && *v[4].key.p == 'z');
}
END_TEST

START_TEST(desk_1_4_the_key_that_stands_twice_is_named)
{
    struct json_line out;
    const char *line = "{\"x\":{\"deep\":1,\"b\":2,\"deep\":3}}";
    ck_assert_int_eq(read_bytes(line, strlen(line), &out), LINE_KEY_TWICE);
    ck_assert(out.about.len == 4 && memcmp(out.about.p, "deep", 4) == 0);
}
END_TEST

/* As strtod() reads them, whose locale is C here; with many digits before and behind the point, and beside
 * texts that look like numbers. */
START_TEST(commands_5_numbers_are_the_nearest_doubles)
{
    static const char *const numbers[] = {"0.1000000000000000055",
                                          "99.990000000000009",
                                          "3.141592653589793",
                                          "-0.12345678",
                                          "0.1234567",
                                          "0.123456789",
                                          "12345678.12345678e-12",
                                          "9007199254740993.5",
                                          "1.11111119e308",
                                          "9007199254740992.99999999999999999999999999999",
                                          "-0.00000000e9",
                                          "656.635935885180e20",
                                          "22489976.15799e15",
                                          "1.2345678901234567e-300",
                                          "123456789012345678"};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        char line[200];
        struct json_line out;
        int len = snprintf(line, sizeof line, "{\"0.12345678\\\\\":\"\\\".12345678\",\"n\":%s}", numbers[i]);
        ck_assert_int_eq(read_bytes(line, (size_t)len, &out), LINE_OK);
        ck_assert(out.values[1].number == strtod(numbers[i], NULL));
        ck_assert_int_eq(out.values[0].key.len, 11);
        ck_assert(!memcmp(out.values[0].key.p, "0.12345678\\", 11));
        ck_assert(!memcmp(out.values[0].text.p, "\".12345678", 10));
    }
    ck_assert_int_eq(read_text("{\"n\":1.91111111e308}"), LINE_BAD_NUMBER);
    ck_assert_int_eq(read_text("{\"n\":1.11111119e308}"), LINE_OK);
}
END_TEST

/* explain shows which of the two it is. */
START_TEST(minus_zero_is_zero_but_for_fractions)
{
    struct json_line out;
    const char *line = "{\"a\":-0,\"b\":-0.0,\"c\":-1e-400,\"d\":-0e309}";
    ck_assert_int_eq(read_bytes(line, strlen(line), &out), LINE_OK);
    ck_assert(out.values[0].number == 0 && !signbit(out.values[0].number));
    for (int i = 1; i < 4; i++) ck_assert(out.values[i].number == 0 && signbit(out.values[i].number));
}
END_TEST

/* As many keys as a line can hold, all of one length and, but for the last bytes, the same. All pairs would
 * take minutes; what it costs is counted in tests/ops/slow_tickets.def. */
static size_t many_keys(char *line, unsigned count, bool twice)
{
    size_t len = (size_t)sprintf(line, "{\"x\":{");
    for (unsigned i = 0; i < count; i++) len += (size_t)sprintf(line + len, "\"%05u\":0,", i);
    len += (size_t)sprintf(line + len, "\"%s\":0}}", twice ? "00000" : "y");
    return len;
}

START_TEST(desk_1_4_a_hundred_thousand_keys_are_no_burden)
{
    char *line = malloc(LINE_LEN_MAX + 100);
    struct json_line out;
    size_t len = many_keys(line, 100000, false);
    ck_assert_uint_le(len, LINE_LEN_MAX);
    ck_assert_int_eq(read_bytes(line, len, &out), LINE_OK);
    ck_assert_int_eq(read_bytes(line, many_keys(line, 100000, true), &out), LINE_KEY_TWICE);
    ck_assert_int_eq(read_bytes(line, many_keys(line, 31, true), &out), LINE_KEY_TWICE);
    ck_assert_int_eq(read_bytes(line, many_keys(line, 31, false), &out), LINE_OK);
    ck_assert_int_eq(read_bytes(line, many_keys(line, 32, true), &out), LINE_KEY_TWICE);
    ck_assert_int_eq(read_bytes(line, many_keys(line, 33, true), &out), LINE_KEY_TWICE);
    free(line);
}
END_TEST

START_TEST(commands_5_a_line_may_be_1_mib)
{
    char *line = malloc(LINE_LEN_MAX);
    struct json_line out;
    memset(line, 'a', LINE_LEN_MAX);
    memcpy(line, "{\"a\":\"", 6);
    memcpy(line + LINE_LEN_MAX - 2, "\"}", 2);
    ck_assert_int_eq(read_bytes(line, LINE_LEN_MAX, &out), LINE_OK);
    ck_assert_uint_eq(out.values[0].text.len, LINE_LEN_MAX - 8);
    free(line);
}
END_TEST

/* A reader has room for short lines at first, then for all. */
START_TEST(commands_5_lines_of_all_lengths_follow_each_other)
{
    static const size_t lens[] = {100, 4000, 4095, 4096, 4097, 100, 5000, LINE_LEN_MAX, 4096, 100};
    char *line = malloc(LINE_LEN_MAX);
    struct json_line out;
    for (size_t i = 0; i < sizeof lens / sizeof *lens; i++) {
        memset(line, '[', 6);
        memset(line + 6, ' ', lens[i] - 6);
        ck_assert_int_eq(read_bytes(line, lens[i], &out), LINE_NOT_JSON);
        memcpy(line, "{\"a\":\"", 6);
        memset(line + 6, 'a', lens[i] - 8);
        memcpy(line + lens[i] - 2, "\"}", 2);
        ck_assert_int_eq(read_bytes(line, lens[i], &out), LINE_OK);
        ck_assert_uint_eq(out.values[0].text.len, lens[i] - 8);
    }
    free(line);
}
END_TEST

/* Every byte of a good line changed to every other, and cut off everywhere: the answer may be any, but for a
 * crash. */
START_TEST(no_bytes_make_it_crash)
{
    static const char good[] = "{\"a\":[\"\\ud83d\\ude00\",1e5,{\"b\":null}],\"c\":\"\xc3\xa9\"}";
    char line[sizeof good];
    struct json_line out;
    size_t len = sizeof good - 1;
    for (size_t i = 0; i < len; i++) {
        read_bytes(good, i, &out);
        for (int c = 0; c < 256; c++) {
            memcpy(line, good, len);
            line[i] = (char)c;
            read_bytes(line, len, &out);
        }
    }
    ck_assert_int_eq(read_bytes(good, len, &out), LINE_OK);
}
END_TEST

static void add_case(Suite *s, const char *name, SFun set_up_kind)
{
    TCase *t = tcase_create(name);
    tcase_add_checked_fixture(t, set_up_kind, tear_down);
    tcase_add_loop_test(t, desk_1_4_lines_that_are_refused, 0, sizeof cases / sizeof *cases);
    tcase_add_test(t, desk_1_4_nesting_goes_to_64);
    tcase_add_test(t, members_items_and_their_types_are_handed_out);
    tcase_add_test(t, items_and_members_stand_together_whatever_they_contain);
    tcase_add_test(t, desk_1_4_the_key_that_stands_twice_is_named);
    tcase_add_test(t, commands_5_numbers_are_the_nearest_doubles);
    tcase_add_test(t, minus_zero_is_zero_but_for_fractions);
    tcase_add_test(t, desk_1_4_a_hundred_thousand_keys_are_no_burden);
    tcase_add_test(t, commands_5_a_line_may_be_1_mib);
    tcase_add_test(t, commands_5_lines_of_all_lengths_follow_each_other);
    tcase_add_test(t, no_bytes_make_it_crash);
    suite_add_tcase(s, t);
}

int main(void)
{
    Suite *s = suite_create("json_in");
    add_case(s, "plain", set_up_plain);
#ifndef SHUNT_LINES_PLAIN
    add_case(s, "fast", set_up_fast);
#endif
    return run_suite(s);
}
