/* JSON strings as they are written (desk.md 7.1): cli/out.c against one byte after the other. */
#include "out.h"
#include "run_suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t escaped(const char *p, size_t len, char *to)
{
    size_t at = 0;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)p[i];
        const char *found = c ? strchr("\"\"\\\\\bb\ff\nn\rr\tt", c) : NULL;
        if (c >= 0x20 && c != '"' && c != '\\')
            to[at++] = (char)c;
        else if (found)
            at += (size_t)sprintf(to + at, "\\%c", found[1]);
        else
            at += (size_t)sprintf(to + at, "\\u%04x", c);
    }
    return at;
}

/* In memory of its own length: what is read beside it is found by the sanitizer. */
static void compare(const char *bytes, size_t len)
{
    char wanted[6 * 64];
    char *text = malloc(len + !len);
    struct out o;
    ck_assert_ptr_nonnull(text);
    memcpy(text, bytes, len);
    out_init(&o, -1);
    out_json_inside(&o, (struct str){text, len});
    size_t wanted_len = escaped(text, len, wanted);
    ck_assert_msg(o.len == wanted_len && (!wanted_len || memcmp(o.p, wanted, wanted_len) == 0), "%.*s",
                  (int)len, text);
    out_free(&o);
    free(text);
}

/* What is written word by word and what byte by byte is the same: each byte at each place of each length. */
START_TEST(desk_7_1_every_byte_wherever_it_stands)
{
    char text[40];
    for (size_t len = 0; len <= sizeof text; len++) {
        memset(text, 'a', sizeof text);
        compare(text, len);
        memset(text, 0x80, sizeof text);
        compare(text, len);
        for (size_t at = 0; at < len; at++) {
            memset(text, 'a', sizeof text);
            for (int c = 0; c < 256; c++) {
                text[at] = (char)c;
                compare(text, len);
            }
        }
    }
}
END_TEST

START_TEST(desk_7_1_escapes_beside_each_other)
{
    compare("\"\\\n\x1f\x7f \xc3\xa9\"\"", 10);
    compare("a\"b\\c\nd\x01"
            "e\"f\\g\nh\x02",
            16);
    compare("\"aaaaaaaaaaaaaaaa\"", 18);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("out");
    TCase *t = tcase_create("out");
    tcase_add_test(t, desk_7_1_every_byte_wherever_it_stands);
    tcase_add_test(t, desk_7_1_escapes_beside_each_other);
    suite_add_tcase(s, t);
    return run_suite(s);
}
