/* The checksum of TABLE-FORMAT 6, with the processor's instruction and without. */
#include <check.h>

#include "../../runtime/crc32c.h"
#include "run_suite.h"

static const struct {
    const char *bytes;
    size_t len;
    uint32_t crc;
} known[] = {
    {"", 0, 0},
    {"123456789", 9, 0xe3069283}, /* the page's own */
    /* RFC 3720, B.4 */
    {"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 32, 0x8a9136aa},
    {"\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f"
     "\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f",
     32, 0x46dd794e},
};

START_TEST(table_format_6_known_checksums)
{
    ck_assert_uint_eq(sh_crc32c(0, known[_i].bytes, known[_i].len), known[_i].crc);
    ck_assert_uint_eq(sh_crc32c_plain(0, known[_i].bytes, known[_i].len), known[_i].crc);
}
END_TEST

/* Of every length and place, in one piece or in two: what the instruction says, the tables say. */
START_TEST(the_fast_way_agrees_with_the_plain_one)
{
    uint8_t bytes[100];
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (uint8_t)(i * i * 7 + i);
    for (size_t from = 0; from < 9; from++) {
        for (size_t len = 0; len + from <= sizeof bytes; len++) {
            uint32_t whole = sh_crc32c_plain(0, bytes + from, len);
            ck_assert_uint_eq(sh_crc32c(0, bytes + from, len), whole);
            size_t half = len / 3;
            uint32_t begun = sh_crc32c(0, bytes + from, half);
            ck_assert_uint_eq(sh_crc32c(begun, bytes + from + half, len - half), whole);
        }
    }
}
END_TEST

/* From 4,096 bytes on three runs are gone through side by side: about there, and with whatever is left over.
 */
START_TEST(three_runs_agree_with_the_plain_way)
{
    static uint8_t bytes[3 * 4096 + 64];
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (uint8_t)(i * i * 13 + (i >> 8));
    for (size_t len = 4090; len + 9 <= sizeof bytes; len += len < 4130 ? 1 : 97) {
        ck_assert_uint_eq(sh_crc32c(0, bytes + len % 9, len), sh_crc32c_plain(0, bytes + len % 9, len));
        ck_assert_uint_eq(sh_crc32c(4711, bytes, len), sh_crc32c_plain(4711, bytes, len));
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("crc32c");
    TCase *t = tcase_create("crc32c");
    tcase_add_loop_test(t, table_format_6_known_checksums, 0, sizeof known / sizeof *known);
    tcase_add_test(t, the_fast_way_agrees_with_the_plain_one);
    tcase_add_test(t, three_runs_agree_with_the_plain_way);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
