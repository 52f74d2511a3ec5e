/* The compiler's ground: arena, arrays, map, text helpers. */
#include "../../compiler/base.h"
#include "../../compiler/name_order.h"
#include "../../compiler/slabs.h"
#include "../../runtime/siphash.h"
#include "run_suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct arena *a;
static void setup(void)
{
    a = arena_new();
}
static void teardown(void)
{
    arena_free(a);
}

static void fill(void *ctx)
{
    for (size_t len = 1; len < 3000000; len = len * 3 + 1) {
        unsigned char *p = arena_alloc(a, len);
        ck_assert_uint_eq((uintptr_t)p % 8, 0);
        size_t zeros = 0;
        while (zeros < len && p[zeros] == 0) zeros++;
        ck_assert_uint_eq(zeros, len);
        memset(p, 0xee, len);
    }
    *(bool *)ctx = true;
}

START_TEST(arena_gives_zeroed_aligned_blocks_of_any_size)
{
    bool done = false;
    ck_assert(arena_try(a, fill, &done));
    ck_assert(done);
}
END_TEST

static void ask_too_much(void *ctx)
{
    arena_alloc(a, SIZE_MAX - 5);
    *(bool *)ctx = true;
}

START_TEST(arena_try_answers_false_where_memory_runs_out)
{
    bool went_on = false;
    ck_assert(!arena_try(a, ask_too_much, &went_on));
    ck_assert(!went_on);
}
END_TEST

static char released[8];
static void release(void *object)
{
    strcat(released, object);
}
static void defer_two(void *ctx)
{
    (void)ctx;
    arena_defer(a, release, "1");
    arena_defer(a, release, "2");
}

static bool is_zeroed(const unsigned char *p, size_t len)
{
    while (len && !*p) p++, len--;
    return !len;
}

static void clear_and_fill(void *ctx)
{
    struct arena *part = arena_part(a);
    bool *done = ctx;
    for (int round = 0; round < 3; round++) {
        for (size_t len = 1; len < 3 << 20; len = len * 3 + 1) {
            unsigned char *p = arena_alloc(part, len);
            ck_assert(is_zeroed(p, len));
            memset(p, 0xa5, len);
        }
        arena_clear(part);
        ck_assert(is_zeroed(arena_alloc(part, 1 << 20), 1 << 20)); /* as long as blocks that are used again */
    }
    arena_end(part);
    ck_assert(is_zeroed(arena_alloc(a, 100000), 100000));
    *done = true;
}

START_TEST(arena_clear_gives_the_same_memory_zeroed)
{
    bool done = false;
    ck_assert(arena_try(a, clear_and_fill, &done));
    ck_assert(done);
}
END_TEST

/* Past a few megabytes blocks are of other lengths, and not zero when they come. */
static void fill_much(void *ctx)
{
    for (int round = 0; round < 2; round++) {
        struct arena *part = arena_part(a);
        for (int i = 0; i < 150; i++) {
            unsigned char *p = arena_alloc(part, 100000);
            ck_assert(is_zeroed(p, 100000));
            memset(p, 0xa5, 100000);
        }
        unsigned char *own = arena_alloc(part, 5 << 20);
        ck_assert(is_zeroed(own, 5 << 20));
        memset(own, 0xa5, 5 << 20);
        arena_give_back(part, own, 5 << 20);
        ck_assert(is_zeroed(arena_alloc(part, 1000000), 1000000));
        arena_end(part);
    }
    *(bool *)ctx = true;
}

START_TEST(arena_gives_zeroed_memory_when_it_is_large)
{
    bool done = false;
    ck_assert(arena_try(a, fill_much, &done));
    ck_assert(done);
}
END_TEST

/* Each of some arrays is filled with its own byte as long as it is there; a third are zeroed when they come. */
enum { ARRAYS = 40, TURNS = 5000 };
struct array {
    unsigned char *p;
    size_t len;
    unsigned char byte;
};

static void end_array(struct array *x)
{
    for (size_t i = 0; i < x->len; i += i + 1 < x->len ? (x->len - i) / 2 : 1) ck_assert_uint_eq(x->p[i], x->byte);
    arena_give_back(a, x->p, x->len);
    x->p = NULL;
}

static void begin_array(struct array *x, uint32_t drawn)
{
    x->len = 70000 + drawn % 7 * 30001 + (drawn % 50 == 0) * (size_t)3000000;
    x->byte = (unsigned char)(drawn >> 8);
    x->p = drawn % 3 ? arena_room(a, x->len) : arena_alloc(a, x->len);
    if (drawn % 3 == 0) ck_assert(is_zeroed(x->p, x->len));
    ck_assert_uint_eq((uintptr_t)x->p % 16, 0);
    memset(x->p, x->byte, x->len);
}

static void take_and_give_back(void *ctx)
{
    struct array arrays[ARRAYS] = {{NULL, 0, 0}};
    uint32_t drawn = 1;
    for (int i = 0; i < *(int *)ctx; i++) {
        drawn = drawn * 1664525 + 1013904223;
        struct array *x = &arrays[(drawn >> 16) % ARRAYS];
        if (x->p)
            end_array(x);
        else
            begin_array(x, drawn >> 4);
    }
    for (int i = 0; i < ARRAYS; i++)
        if (arrays[i].p) end_array(&arrays[i]);
    *(int *)ctx = 0;
}

START_TEST(arena_gives_what_was_given_back_to_one_at_a_time)
{
    int turns = TURNS;
    ck_assert(arena_try(a, take_and_give_back, &turns));
    ck_assert_int_eq(turns, 0);
}
END_TEST

/* Only a build with AddressSanitizer has it, and there it must not be as it was. */
#if defined __GNUC__ && !defined __clang__
extern int __asan_address_is_poisoned(const volatile void *at) __attribute__((weak));
#else
#define __asan_address_is_poisoned ((int (*)(const volatile void *))NULL)
#endif

static void use_after_giving_back(void *ctx)
{
    (void)ctx;
    char *p = arena_alloc(a, 100000), *kept = arena_alloc(a, 100000);
    arena_give_back(a, p, 100000);
    if (!__asan_address_is_poisoned) return;
    ck_assert(__asan_address_is_poisoned(p) && __asan_address_is_poisoned(p + 99999));
    ck_assert(!__asan_address_is_poisoned(kept) && !__asan_address_is_poisoned(kept + 99999));
    p = arena_alloc(a, 90000);
    ck_assert(!__asan_address_is_poisoned(p) && !__asan_address_is_poisoned(p + 89999));
}

START_TEST(arena_what_was_given_back_is_out_of_bounds)
{
    ck_assert(arena_try(a, use_after_giving_back, NULL));
}
END_TEST

/* In each order: what lies side by side and is free is one again, so that as much can be had of it. */
START_TEST(slabs_join_what_lies_side_by_side)
{
    enum { PART = 1 << 20 };
    static const int orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    for (int i = 0; i < 6; i++) {
        struct slabs s = {NULL, NULL, 0};
        char *part[4];
        for (int k = 0; k < 4; k++) part[k] = slabs_take(&s, PART);
        ck_assert_ptr_eq(part[1], part[0] + PART);
        ck_assert_ptr_eq(part[3], part[0] + 3 * PART); /* in use: behind it is more room */
        for (int k = 0; k < 3; k++) slabs_give_back(&s, part[orders[i][k]], PART);
        ck_assert_ptr_eq(slabs_take(&s, 3 * PART), part[0]);
        slabs_end(&s);
    }
}
END_TEST

START_TEST(arena_free_releases_what_was_deferred_last_first)
{
    released[0] = 0;
    ck_assert(arena_try(a, defer_two, NULL));
    arena_free(a);
    a = NULL;
    ck_assert_str_eq(released, "21");
}
END_TEST

/* reserved: how many keys there is room for beforehand; NULL: none. */
static void use_map(void *reserved)
{
    struct strmap m = {0};
    if (reserved) strmap_reserve(a, &m, *(uint32_t *)reserved);
    for (uint32_t i = 0; i < 5000; i++) {
        struct str key = arena_printf(a, "key-%u", i);
        ck_assert_uint_eq(strmap_get(&m, key, 7777777), 7777777);
        ck_assert_uint_eq(strmap_put(a, &m, key, i), i);
        ck_assert_uint_eq(strmap_put(a, &m, key, i + 1), i);
    }
    for (uint32_t i = 0; i < 5000; i++) ck_assert_uint_eq(strmap_get(&m, arena_printf(a, "key-%u", i), 0), i);
    ck_assert_uint_eq(strmap_get(&m, S("key"), 9), 9);
    ck_assert_uint_eq(strmap_put(a, &m, S("nul\0nul"), 1), 1);
    ck_assert_uint_eq(strmap_get(&m, S("nul\0null"), 9), 9);
    ck_assert_uint_ne(m.key.k[0], 0); /* else the key of its hash is one that everybody knows */
}

START_TEST(strmap_keeps_the_first_value)
{
    ck_assert(arena_try(a, use_map, NULL));
}
END_TEST

START_TEST(strmap_with_room_beforehand_is_the_same)
{
    for (uint32_t room = 0; room <= 6000; room += 1500) ck_assert(arena_try(a, use_map, &room));
}
END_TEST

/* The vectors of SipHash-2-4 that its authors publish: key 00 to 0f, messages 00, 00 01 and so on. The rounds
 * are the same ones, only fewer. Words are read as the machine has them, so on others it comes out otherwise.
 */
START_TEST(siphash_is_what_its_authors_say)
{
    static const struct {
        size_t len;
        uint64_t hash;
    } rows[] = {{0, UINT64_C(0x726fdb47dd0e0e31)},
                {1, UINT64_C(0x74f839c593dc67fd)},
                {7, UINT64_C(0xab0200f58b01d137)},
                {8, UINT64_C(0x93f5f5799a932462)},
                {15, UINT64_C(0xa129ca6149be45e5)}};
    unsigned char bytes[16];
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (unsigned char)i;
    struct sip_key key;
    memcpy(key.k, bytes, sizeof key.k);
    for (size_t i = 0; i < sizeof rows / sizeof *rows && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__; i++)
        ck_assert_uint_eq(siphash_of(2, 4, key, bytes, rows[i].len), rows[i].hash);
    ck_assert_uint_ne(siphash(key, bytes, 15), siphash(key, bytes, 14));
}
END_TEST

/* Of any length, short and long: the same bytes have the same hash wherever they lie, and a byte more, less
 * or changed has another, as the key. */
START_TEST(keyed_hash_takes_every_byte_and_the_length)
{
    char bytes[80], moved[81];
    struct hash_key key = hash_key_of(bytes), other = hash_key_of(moved);
    memset(bytes, 'x', sizeof bytes);
    memset(moved, 'x', sizeof moved);
    for (size_t len = 0; len < sizeof bytes; len++) {
        uint32_t hash = keyed_hash(&key, bytes, len);
        ck_assert_uint_eq(keyed_hash(&key, moved + 1, len), hash);
        ck_assert_uint_ne(keyed_hash(&key, bytes, len + 1), hash);
        if (len) ck_assert_uint_ne(keyed_hash(&other, bytes, len), hash);
        for (size_t i = 0; i < len; i++) {
            bytes[i] = 'y';
            ck_assert_uint_ne(keyed_hash(&key, bytes, len), hash);
            bytes[i] = 'x';
        }
    }
}
END_TEST

static bool same_words(struct name_words x, struct name_words y)
{
    return memcmp(&x, &y, sizeof x) == 0;
}

/* Names are taken for the same by their words alone. */
START_TEST(name_words_say_every_byte_and_the_length)
{
    char name[WORDS_NAME_LEN + 1];
    memset(name, 'a', sizeof name);
    for (size_t len = 0; len <= WORDS_NAME_LEN; len++) {
        struct name_words words = name_words_of(name, len);
        ck_assert(words.w[2] != UINT64_MAX); /* a longer one's */
        for (size_t less = 0; less < len; less++)
            ck_assert_msg(!same_words(name_words_of(name, less), words), "%zu and %zu", less, len);
        for (size_t i = 0; i < len; i++) {
            for (int bit = 0; bit < 8; bit++) {
                name[i] = (char)('a' ^ 1 << bit);
                ck_assert_msg(!same_words(name_words_of(name, len), words), "byte %zu of %zu", i, len);
            }
            name[i] = 'a';
        }
    }
}
END_TEST

/* Names that count up, of each length: in a table two thirds full the next free place is one step away, as if
 * places were drawn by lot (Knuth, 6.4). */
START_TEST(keyed_hash_spreads_names_that_count_up)
{
    static bool full[1 << 14];
    char name[64];
    struct hash_key key = hash_key_of(full);
    for (int digits = 5; digits < 40; digits++) {
        unsigned count = sizeof full * 2 / 3, steps = 0;
        memset(full, 0, sizeof full);
        for (unsigned i = 0; i < count; i++) {
            int len = snprintf(name, sizeof name, "%0*u", digits, i);
            uint32_t at = keyed_hash(&key, name, (size_t)len) >> 1;
            for (; full[at & (sizeof full - 1)]; at++) steps++;
            full[at & (sizeof full - 1)] = true;
        }
        ck_assert_msg(steps < 2 * count, "%d digits: %u steps for %u names", digits, steps, count);
    }
}
END_TEST

static void use_order(void *ctx)
{
    uint64_t s = 1;
    (void)ctx;
    for (uint32_t count = 0; count < 700; count = count * 3 / 2 + 1) {
        struct str *names = arena_array(a, struct str, count);
        struct ranked *list = arena_array(a, struct ranked, count);
        for (uint32_t i = 0; i < count; i++) {
            s = s * UINT64_C(6364136223846793005) + 1442695040888963407;
            const char *form = count % 2 ? "seg-%u-\xc3\xa4%u" : "%u%u-seg";
            names[i] = arena_printf(a, form, (unsigned)(s >> 60), (unsigned)(s >> 33) % 1000);
            list[i] = (struct ranked){0, &names[i], i};
        }
        names_order(a, list, count);
        for (uint32_t i = 0; i < count; i++) ck_assert_ptr_eq(list[i].name, &names[list[i].was]);
        for (uint32_t i = 1; i < count; i++) ck_assert_int_le(str_cmp(*list[i - 1].name, *list[i].name), 0);
    }
}

START_TEST(names_order_is_that_of_their_bytes)
{
    ck_assert(arena_try(a, use_order, NULL));
}
END_TEST

static void use_vec(void *ctx)
{
    (void)ctx;
    VEC(uint64_t) v = {0};
    for (uint64_t i = 0; i < 10000; i++) *vec_push(a, &v) = i * i;
    ck_assert_uint_eq(v.count, 10000);
    for (uint64_t i = 0; i < 10000; i++) ck_assert_uint_eq(v.at[i], i * i);
}

START_TEST(vec_keeps_its_items_while_it_grows)
{
    ck_assert(arena_try(a, use_vec, NULL));
}
END_TEST

static void use_buf(void *ctx)
{
    (void)ctx;
    struct buf b;
    buf_init(&b, a);
    ck_assert_str_eq(buf_done(&b).p, "");
    buf_puts(&b, "x");
    buf_printf(&b, "%d-%s", 42, "y");
    buf_utf8(&b, 0xe9);
    buf_utf8(&b, 0x1f600);
    struct str s = buf_done(&b);
    ck_assert_str_eq(s.p, "x42-y\xc3\xa9\xf0\x9f\x98\x80");
    ck_assert_uint_eq(s.len, strlen(s.p));
}

START_TEST(buf_appends_and_ends_in_nul)
{
    ck_assert(arena_try(a, use_buf, NULL));
}
END_TEST

START_TEST(utf8_bad_finds_the_first_byte_that_is_not_text)
{
    static const struct {
        const char *bytes;
        size_t bad;
    } rows[] = {
        {"", 0},
        {"plain and \xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 19},
        {"ab\x80", 2},           /* a continuation byte alone */
        {"12345678\xff", 8},     /* behind eight plain bytes */
        {"\xc0\xaf", 0},         /* overlong */
        {"\xe0\x80\x80", 0},     /* overlong */
        {"a\xed\xa0\x80", 1},    /* a surrogate */
        {"\xf4\x90\x80\x80", 0}, /* past U+10FFFF */
        {"ok\xe2\x82", 2},       /* cut off */
        {"ok\xc3", 2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        ck_assert_uint_eq(utf8_bad(str_from(rows[i].bytes)), rows[i].bad);
}
END_TEST

/* One byte anywhere in a text of any length about that of what is looked at together. */
START_TEST(text_is_plain_sees_every_byte)
{
    char text[200];
    for (size_t len = 0; len <= sizeof text; len += len % 64 < 62 && len % 64 > 1 ? 10 : 1) {
        memset(text, 'a', sizeof text);
        ck_assert(text_is_plain((struct str){text, len}));
        for (size_t i = 0; i < len; i++) {
            for (int c = 0; c < 256; c += i % 16 ? 31 : 1) {
                bool plain = (c >= ' ' && c <= '~') || c == '\n' || c == '\r' || c == '\t';
                text[i] = (char)c;
                ck_assert_int_eq(text_is_plain((struct str){text, len}), plain);
            }
            text[i] = 'a';
        }
    }
}
END_TEST

START_TEST(utf8_count_counts_code_points)
{
    ck_assert_uint_eq(utf8_count(S("")), 0);
    ck_assert_uint_eq(utf8_count(S("abc")), 3);
    ck_assert_uint_eq(utf8_count(S("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80")), 3);
    ck_assert_uint_eq(utf8_count(S("12345678\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80 plain and \xc3\xa9")), 23);
}
END_TEST

START_TEST(edit_distance_counts_code_points_and_swaps)
{
    ck_assert_uint_eq(edit_distance(S("refund"), S("refund"), 3), 0);
    ck_assert_uint_eq(edit_distance(S("refnd"), S("refund"), 3), 1);
    ck_assert_uint_eq(edit_distance(S("erfund"), S("refund"), 3), 1);
    ck_assert_uint_eq(edit_distance(S("\xc3\xa9"
                                      "cole"),
                                    S("ecole"), 3),
                      1);
    ck_assert_uint_eq(edit_distance(S("kitten"), S("sitting"), 3), 3);
    ck_assert_uint_eq(edit_distance(S("kitten"), S("sitting"), 2), 3);
    ck_assert_uint_eq(edit_distance(S(""), S("abc"), 3), 3);
}
END_TEST

START_TEST(nearest_takes_the_closest_and_nothing_far)
{
    const struct str names[] = {S("billing"), S("refund"), S("refunds")};
    ck_assert_str_eq(nearest(S("refnd"), names, 3).p, "refund");
    ck_assert_str_eq(nearest(S("refunsd"), names, 3).p, "refund");
    ck_assert_ptr_null(nearest(S("webchat"), names, 3).p);
    ck_assert_ptr_null(nearest(S("xy"), names, 3).p);
    ck_assert_str_eq(nearest(S("REFUNDS"), names, 3).p, "refunds");
}
END_TEST

START_TEST(nearest_of_one_or_two_letters_differs_by_case_alone)
{
    const struct str names[] = {S("t"), S("sv"), S("\xc3\xa5r"), S("vip")};
    ck_assert_ptr_null(nearest(S("x"), names, 4).p);
    ck_assert_ptr_null(nearest(S("sx"), names, 4).p);
    ck_assert_ptr_null(nearest(S("vi"), names, 4).p);
    ck_assert_ptr_null(nearest(S("\xc3\xa4r"), names, 4).p); /* code points count, not bytes */
    ck_assert_ptr_null(nearest(S(""), names, 4).p);
    ck_assert_str_eq(nearest(S("T"), names, 4).p, "t");
    ck_assert_str_eq(nearest(S("SV"), names, 4).p, "sv");
    ck_assert_str_eq(nearest(S("vap"), names, 4).p, "vip");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("base");
    TCase *t = tcase_create("base");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, arena_gives_zeroed_aligned_blocks_of_any_size);
    tcase_add_test(t, arena_try_answers_false_where_memory_runs_out);
    tcase_add_test(t, arena_clear_gives_the_same_memory_zeroed);
    tcase_add_test(t, arena_gives_zeroed_memory_when_it_is_large);
    tcase_add_test(t, arena_gives_what_was_given_back_to_one_at_a_time);
    tcase_add_test(t, arena_what_was_given_back_is_out_of_bounds);
    tcase_add_test(t, slabs_join_what_lies_side_by_side);
    tcase_add_test(t, arena_free_releases_what_was_deferred_last_first);
    tcase_add_test(t, strmap_keeps_the_first_value);
    tcase_add_test(t, strmap_with_room_beforehand_is_the_same);
    tcase_add_test(t, siphash_is_what_its_authors_say);
    tcase_add_test(t, keyed_hash_takes_every_byte_and_the_length);
    tcase_add_test(t, name_words_say_every_byte_and_the_length);
    tcase_add_test(t, keyed_hash_spreads_names_that_count_up);
    tcase_add_test(t, names_order_is_that_of_their_bytes);
    tcase_add_test(t, vec_keeps_its_items_while_it_grows);
    tcase_add_test(t, buf_appends_and_ends_in_nul);
    tcase_add_test(t, utf8_bad_finds_the_first_byte_that_is_not_text);
    tcase_add_test(t, text_is_plain_sees_every_byte);
    tcase_add_test(t, utf8_count_counts_code_points);
    tcase_add_test(t, edit_distance_counts_code_points_and_swaps);
    tcase_add_test(t, nearest_takes_the_closest_and_nothing_far);
    tcase_add_test(t, nearest_of_one_or_two_letters_differs_by_case_alone);
    suite_add_tcase(s, t);
    return run_suite(s);
}
