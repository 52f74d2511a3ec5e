/* UTF-8, NFC and folding: runtime/text.c against language.md 1.3 and 4.4. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <utf8proc.h>

#include "../../runtime/table.h"
#include "../../runtime/text.h"
#include "failing.h"
#include "page_decoder.h"
#include "run_suite.h"

/* ---- UTF-8 ---- */

static const struct {
    const char *bytes;
    size_t len;
    bool valid;
} utf8[] = {
    {"", 0, true},
    {"plain", 5, true},
    {"nul\0inside", 10, true},
    {"\xc3\xa5", 2, true},         /* å */
    {"\xe2\x82\xac", 3, true},     /* € */
    {"\xf0\x9f\x98\x80", 4, true}, /* an emoji */
    {"\xf4\x8f\xbf\xbf", 4, true}, /* U+10FFFF */
    {"\xef\xbf\xbe", 3, true},     /* U+FFFE: a noncharacter is a code point all the same */
    {"\x80", 1, false},            /* a continuation alone */
    {"\xc3", 1, false},            /* cut off */
    {"\xe2\x82", 2, false},
    {"\xf0\x9f\x98", 3, false},
    {"12345678\xc3", 9, false}, /* behind a run of ASCII */
    {"\xc0\x80", 2, false},     /* overlong */
    {"\xc1\xbf", 2, false},
    {"\xe0\x9f\xbf", 3, false},
    {"\xf0\x8f\xbf\xbf", 4, false},
    {"\xed\xa0\x80", 3, false}, /* a surrogate */
    {"\xed\xbf\xbf", 3, false},
    {"\xf4\x90\x80\x80", 4, false}, /* past U+10FFFF */
    {"\xf5\x80\x80\x80", 4, false},
    {"\xff", 1, false},
    {"\xc3\xa5\xc3", 3, false},
    {"\xc3\x7f", 2, false}, /* what is just no continuation */
    {"\xc3\xc0", 2, false},
    {"\xe2\x82\xc0", 3, false},
    {"\xf0\x9f\x98\xc0", 4, false},
    {"\xc3\xa5x\xe2\x82", 5, false},
    {"\xc3"
     "a",
     2, false}, /* a letter where a continuation belongs */
    {"\xe2\x82"
     "a",
     3, false},
};

START_TEST(utf8_is_checked)
{
    struct sh_shape shape = sh_text_shape(utf8[_i].bytes, utf8[_i].len);
    ck_assert_int_eq(shape.valid, utf8[_i].valid);
    char *out;
    size_t len;
    enum shunt_status status = shunt_text_nfc(utf8[_i].bytes, utf8[_i].len, NULL, &out, &len);
    ck_assert_int_eq(status, utf8[_i].valid ? SHUNT_OK : SHUNT_BAD_TEXT);
    if (status == SHUNT_OK) free(out);
}
END_TEST

/* ---- the two forms ---- */

static const struct {
    const char *text, *nfc, *fold;
} forms[] = {
    {"", "", ""},
    {"Refund", "Refund", "refund"},
    {"[\\]^_`@AZaz{", "[\\]^_`@AZaz{", "[\\]^_`@azaz{"}, /* beside the letters in ASCII */
    {"\xc3\x85"
     "RSAVGIFT",
     "\xc3\x85"
     "RSAVGIFT",
     "\xc3\xa5rsavgift"},                        /* Å composed */
    {"A\xcc\x8aRS", "\xc3\x85RS", "\xc3\xa5rs"}, /* Å as two code points */
    {"xA\xcc\x8a", "x\xc3\x85", "x\xc3\xa5"},    /* the last ASCII letter composes */
    {"\xe2\x84\xab", "\xc3\x85", "\xc3\xa5"},    /* the Ångström sign */
    {"Stra\xc3\x9f"
     "e",
     "Stra\xc3\x9f"
     "e",
     "strasse"}, /* ß folds to two */
    {"STRA\xe1\xba\x9e"
     "E",
     "STRA\xe1\xba\x9e"
     "E",
     "strasse"},                             /* ẞ */
    {"\xef\xac\x83", "\xef\xac\x83", "ffi"}, /* a ligature: NFC leaves it */
    {"\xce\xa3\xce\xaf\xcf\x83\xcf\x85\xcf\x86\xce\xbf\xcf\x82",
     "\xce\xa3\xce\xaf\xcf\x83\xcf\x85\xcf\x86\xce\xbf\xcf\x82",
     "\xcf\x83\xce\xaf\xcf\x83\xcf\x85\xcf\x86\xce\xbf\xcf\x83"}, /* Σίσυφος: final sigma folds too */
    {"\xc4\xb0", "\xc4\xb0", "i\xcc\x87"},                        /* İ keeps its dot */
    {"\xed\x95\x9c", "\xed\x95\x9c", "\xed\x95\x9c"},             /* 한 */
    {"\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab", "\xed\x95\x9c", "\xed\x95\x9c"}, /* 한 in letters */
    {"\xe0\xa5\x98", "\xe0\xa4\x95\xe0\xa4\xbc",
     "\xe0\xa4\x95\xe0\xa4\xbc"}, /* U+0958: excluded from composition */
    {"a\xcc\x95\xcc\x80\xcd\x9c\xcc\x81", "\xc3\xa0\xcc\x81\xcc\x95\xcd\x9c",
     "\xc3\xa0\xcc\x81\xcc\x95\xcd\x9c"}, /* marks out of order */
    /* α, ypogegrammeni (240), acute (230): folding makes the first a letter, so it must be put last before.
     */
    {"\xce\xb1\xcd\x85\xcc\x81", "\xe1\xbe\xb4", "\xce\xac\xce\xb9"},
    {"\xe1\xbe\xb4", "\xe1\xbe\xb4", "\xce\xac\xce\xb9"},
    {"\xea\xad\xb0", "\xea\xad\xb0", "\xe1\x8e\xa0"}, /* Cherokee folds to capitals */
};

/* A text that begins and ends where its pages do. */
START_TEST(nothing_beside_a_text_is_read)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE), lens[] = {2, 3, 4, 7, 8, 9, 16, 17, 32, 33, page};
    char *at = mmap(NULL, 3 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ck_assert_ptr_ne(at, MAP_FAILED);
    ck_assert_int_eq(mprotect(at, page, PROT_NONE), 0);
    ck_assert_int_eq(mprotect(at + 2 * page, page, PROT_NONE), 0);
    for (size_t i = 0; i < sizeof lens / sizeof *lens; i++) {
        char *first = at + page, *last = at + 2 * page - lens[i];
        memset(first, 'a', page);
        memcpy(first, "\xc3\xa9", 2);
        ck_assert(sh_text_shape(first, lens[i]).valid);
        memset(first, 'a', page);
        memcpy(at + 2 * page - 2, "\xc3\xa9", 2);
        ck_assert(sh_text_shape(last, lens[i]).valid);
        ck_assert(!sh_text_shape(last, lens[i] - 1).valid);
    }
    munmap(at, 3 * page);
}
END_TEST

/* ---- by words ---- */

/* Each name in memory of its own length: what is read beside it is found by the sanitizer. */
START_TEST(names_are_hashed_and_compared_by_words_as_by_bytes)
{
    for (size_t len = 0; len <= 40; len++) {
        char *a = malloc(len + !len), *b = malloc(len + !len);
        ck_assert(a && b);
        for (size_t i = 0; i < len; i++) a[i] = b[i] = (char)(37 * (i + len) + 200);
        ck_assert_uint_eq(tf_name_hash((uint32_t)len, a, len), page_name_hash((uint32_t)len, a, len));
        ck_assert(sh_same_bytes(a, b, len));
        for (size_t at = 0; at < len; at++) {
            b[at] ^= (char)(1 << at % 8);
            ck_assert_msg(!sh_same_bytes(a, b, len), "%zu of %zu", at, len);
            ck_assert_uint_eq(tf_name_hash(3, b, len), page_name_hash(3, b, len));
            b[at] = a[at];
        }
        free(a);
        free(b);
    }
}
END_TEST

/* Names of any length: one byte that is not a letter, wherever it stands, is seen as what it is. */
START_TEST(one_odd_byte_is_seen_wherever_it_stands)
{
    static const unsigned char odd[] = {0, 1, 0x7f, 0x80, 0x81, 0xc1, 0xff};
    for (size_t len = 1; len <= 40; len++) {
        for (size_t at = 0; at < len; at++) {
            char text[41];
            memset(text, 'a', sizeof text);
            for (size_t i = 0; i < sizeof odd; i++) {
                text[at] = (char)odd[i];
                struct sh_shape s = sh_text_shape(text, len);
                ck_assert_msg(s.valid == (odd[i] < 0x80) && (!s.valid || s.ascii), "%zu of %zu", at, len);
                ck_assert_msg(s.has_nul == (odd[i] == 0), "%zu of %zu", at, len);
            }
            memcpy(text + at, "\xcc\x80", 2); /* U+0300; what of it is cut off at the end is wrong */
            struct sh_shape s = sh_text_shape(text, len);
            ck_assert_int_eq(s.valid, at + 1 < len);
            ck_assert(!s.valid || (!s.ascii && !s.below_300 && s.longest_len >= 2));
        }
        char plain[40];
        memset(plain, 'a', sizeof plain);
        struct sh_shape s = sh_text_shape(plain, len);
        ck_assert(s.valid && s.ascii && s.below_300 && !s.has_nul && s.longest_len == 0);
    }
}
END_TEST

START_TEST(language_4_4_folds_and_1_3_normalises)
{
    char *out;
    size_t len;
    ck_assert_int_eq(shunt_text_nfc(forms[_i].text, strlen(forms[_i].text), NULL, &out, &len), SHUNT_OK);
    ck_assert_str_eq(out, forms[_i].nfc);
    ck_assert_uint_eq(len, strlen(forms[_i].nfc));
    free(out);
    ck_assert_int_eq(shunt_text_fold(forms[_i].text, strlen(forms[_i].text), NULL, &out, &len), SHUNT_OK);
    ck_assert_str_eq(out, forms[_i].fold);
    free(out);
}
END_TEST

START_TEST(a_nul_stands_for_itself)
{
    char *out;
    size_t len;
    ck_assert_int_eq(shunt_text_fold("A\0B", 3, NULL, &out, &len), SHUNT_OK);
    ck_assert_uint_eq(len, 3);
    ck_assert_mem_eq(out, "a\0b", 4);
    free(out);
}
END_TEST

/* Pieces are normalised one by one: the whole has to come out the same however long the runs between are. */
START_TEST(pieces_join_to_the_whole)
{
    char text[4096], want[4096];
    for (size_t plain = 0; plain < 40; plain++) {
        size_t len = 0, want_len = 0;
        for (int i = 0; i < 20; i++) {
            memset(text + len, 'X', plain), len += plain;
            memcpy(text + len, "A\xcc\x8a", 3), len += 3;
            memset(want + want_len, 'x', plain), want_len += plain;
            memcpy(want + want_len, "\xc3\xa5", 2), want_len += 2;
        }
        char *out;
        size_t out_len;
        ck_assert_int_eq(shunt_text_fold(text, len, NULL, &out, &out_len), SHUNT_OK);
        ck_assert_uint_eq(out_len, want_len);
        ck_assert_mem_eq(out, want, want_len);
        free(out);
    }
}
END_TEST

/* 400 kB of marks in the worst order: quadratic work would take minutes, and the test's time runs out. */
START_TEST(long_runs_of_marks_take_linear_time)
{
    enum { COUNT = 100000 };
    char *text = malloc(1 + 4 * COUNT), *out;
    text[0] = 'a';
    for (size_t i = 0; i < COUNT; i++) memcpy(text + 1 + 4 * i, "\xcc\x81\xcc\xa3", 4); /* above, below */
    size_t len;
    ck_assert_int_eq(shunt_text_nfc(text, 1 + 4 * COUNT, NULL, &out, &len), SHUNT_OK);
    ck_assert_mem_eq(out, "\xe1\xba\xa1\xcc\xa3\xcc\xa3", 7); /* ạ, then the others below */
    ck_assert_mem_eq(out + len - 4, "\xcc\x81\xcc\x81", 4);   /* those above come last */
    ck_assert_uint_eq(len, 3 + 2 * (2 * COUNT - 1));
    free(out);
    free(text);
}
END_TEST

/* ---- every code point ---- */

static size_t decomposed(utf8proc_option_t how, const int32_t *in, size_t count, int32_t *out)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        int boundary = 0;
        n += (size_t)utf8proc_decompose_char(in[i], out + n, 64, how, &boundary);
    }
    return n;
}

/* The room that text.c makes: two code points for each byte, at every pass. */
START_TEST(no_code_point_outgrows_the_room)
{
    for (int32_t cp = 0; cp < 0x110000; cp++) {
        if (cp >= 0xd800 && cp < 0xe000) continue;
        uint8_t bytes[4];
        size_t len = (size_t)utf8proc_encode_char(cp, bytes);
        int32_t nfd[64], folded[64], again[64];
        size_t n = decomposed(UTF8PROC_DECOMPOSE, &cp, 1, nfd);
        size_t m = decomposed(UTF8PROC_CASEFOLD, nfd, n, folded);
        size_t k = decomposed(UTF8PROC_DECOMPOSE, folded, m, again);
        ck_assert_msg(n <= 2 * len && m <= 2 * len && k <= 2 * len, "U+%04X", (unsigned)cp);
    }
}
END_TEST

/* Nothing happens to it in either form. */
static bool is_plain(int32_t cp)
{
    int32_t nfd[64], folded[64];
    size_t n = decomposed(UTF8PROC_DECOMPOSE, &cp, 1, nfd), m = decomposed(UTF8PROC_CASEFOLD, &cp, 1, folded);
    return n == 1 && m == 1 && nfd[0] == cp && folded[0] == cp &&
           utf8proc_get_property(cp)->combining_class == 0;
}

/* Each alone, in both forms: as utf8proc has it by one pass after the other; and twice is as once. Of those
 * to which nothing happens, and of the syllables, one in 32. */
START_TEST(every_code_point_alone)
{
    for (int32_t cp = 1; cp < 0x110000; cp++) {
        if (cp >= 0xd800 && cp < 0xe000) continue;
        bool hangul = cp >= 0xac00 && cp < 0xd7b0;
        if (cp % 32 != 0 && (hangul || is_plain(cp))) continue;
        char text[5] = {0}, *out, *again;
        size_t len = (size_t)utf8proc_encode_char(cp, (uint8_t *)text), out_len, again_len;
        ck_assert_int_eq(shunt_text_nfc(text, len, NULL, &out, &out_len), SHUNT_OK);
        uint8_t *nfc = utf8proc_NFC((const uint8_t *)text);
        ck_assert_msg(strcmp(out, (char *)nfc) == 0, "U+%04X", (unsigned)cp);
        free(out), free(nfc);
        ck_assert_int_eq(shunt_text_fold(text, len, NULL, &out, &out_len), SHUNT_OK);
        ck_assert_int_eq(shunt_text_fold(out, out_len, NULL, &again, &again_len), SHUNT_OK);
        ck_assert_msg(out_len == again_len && memcmp(out, again, out_len) == 0, "U+%04X", (unsigned)cp);
        free(out), free(again);
    }
}
END_TEST

/* ---- memory ---- */

struct budget {
    int left;
    long in_use;
};

static void *budget_resize(void *ctx, void *block, size_t old_len, size_t new_len)
{
    struct budget *b = ctx;
    if (new_len > 0 && b->left-- <= 0) return NULL;
    b->in_use += (long)new_len - (long)old_len;
    if (new_len > 0) return realloc(block, new_len);
    free(block);
    return NULL;
}

/* The Nth allocation fails, for every N; nothing is kept. */
START_TEST(a_failed_allocation_is_an_answer)
{
    static const char text[] = "Stra\xc3\x9f"
                               "e \xe1\xbe\xb4 A\xcc\x8a and so on, longer than it was at first";
    int n = 0;
    for (;; n++) {
        struct budget b = {n, 0};
        struct shunt_hooks hooks = {budget_resize, &b};
        char *out = NULL;
        size_t len;
        enum shunt_status status = shunt_text_fold(text, sizeof text - 1, &hooks, &out, &len);
        if (status == SHUNT_OK) {
            hooks.resize(&b, out, len + 1, 0);
            ck_assert_int_eq(b.in_use, 0);
            break;
        }
        ck_assert_int_eq(status, SHUNT_NO_MEMORY);
        ck_assert_ptr_null(out);
        ck_assert_int_eq(b.in_use, 0);
    }
    ck_assert_int_ge(n, 2);
}
END_TEST

/* U+0149 is two bytes and folds to three: the room that was made for the answer does not do. */
START_TEST(what_grows_by_folding_is_where_it_grew)
{
    enum { COUNT = 200 };
    struct failing f = {.left = UINT64_MAX};
    struct shunt_hooks hooks = failing_hooks(&f);
    char text[2 * COUNT], *out;
    size_t len;
    for (int i = 0; i < COUNT; i++) memcpy(text + 2 * i, "\xc5\x89", 2);
    ck_assert_int_eq(shunt_text_fold(text, sizeof text, &hooks, &out, &len), SHUNT_OK);
    ck_assert_uint_eq(len, 3 * COUNT);
    for (int i = 0; i < COUNT; i++) ck_assert_mem_eq(out + 3 * i, "\xca\xbcn", 3);
    hooks.resize(hooks.ctx, out, len + 1, 0);
    ck_assert_uint_eq(f.bytes, 0);
}
END_TEST

START_TEST(what_grows_by_folding_finds_room)
{
    enum { COUNT = 200 };
    char text[2 * COUNT], folded[3 * COUNT];
    for (int i = 0; i < COUNT; i++) {
        memcpy(text + 2 * i, "\xc5\x89", 2);
        memcpy(folded + 3 * i, "\xca\xbcn", 3);
    }
    int n = 0;
    for (;; n++) {
        struct budget b = {n, 0};
        struct shunt_hooks hooks = {budget_resize, &b};
        char *out = NULL;
        size_t len = 0;
        enum shunt_status status = shunt_text_fold(text, sizeof text, &hooks, &out, &len);
        if (status == SHUNT_OK) {
            ck_assert_uint_eq(len, sizeof folded);
            ck_assert_mem_eq(out, folded, sizeof folded);
            ck_assert_int_eq(out[len], 0);
            hooks.resize(&b, out, len + 1, 0);
            ck_assert_int_eq(b.in_use, 0);
            break;
        }
        ck_assert_int_eq(status, SHUNT_NO_MEMORY);
        ck_assert_ptr_null(out);
        ck_assert_int_eq(b.in_use, 0);
    }
    ck_assert_int_ge(n, 3);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("text");
    TCase *t = tcase_create("text");
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, utf8_is_checked, 0, sizeof utf8 / sizeof *utf8);
    tcase_add_test(t, nothing_beside_a_text_is_read);
    tcase_add_test(t, names_are_hashed_and_compared_by_words_as_by_bytes);
    tcase_add_test(t, one_odd_byte_is_seen_wherever_it_stands);
    tcase_add_loop_test(t, language_4_4_folds_and_1_3_normalises, 0, sizeof forms / sizeof *forms);
    tcase_add_test(t, a_nul_stands_for_itself);
    tcase_add_test(t, pieces_join_to_the_whole);
    tcase_add_test(t, long_runs_of_marks_take_linear_time);
    tcase_add_test(t, no_code_point_outgrows_the_room);
    tcase_add_test(t, every_code_point_alone);
    tcase_add_test(t, a_failed_allocation_is_an_answer);
    tcase_add_test(t, what_grows_by_folding_is_where_it_grew);
    tcase_add_test(t, what_grows_by_folding_finds_room);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
