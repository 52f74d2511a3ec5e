/*
 * The fast path of the verifier and its oracle: random conditions, right ones and damaged ones, are read by
 * verify_units.c with verify_code.c, and by verify_code.c alone. Both must say the same: whether they are
 * right, what is wrong and where, where conditions begin and what they read. And units marked one after
 * another, and 32 at once, must be marked alike.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "../../runtime/processor.h"
#include "../../runtime/verify.h"
#include "../unit/image.h"
#include "run_suite.h"

enum { UNITS_MAX = 4096, WORDS = UNITS_MAX / 64 + 2, TABLES = 10000 };

static struct tf_unit code[UNITS_MAX + 8];
static uint32_t count;
static uint64_t state;
static bool plainly; /* of tests that the fast path reads */

static uint32_t below(uint32_t n)
{
    uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (uint32_t)((z ^ z >> 31) % n);
}

/* ---- drawing conditions ---- */

static void put(unsigned tag, uint32_t number)
{
    if (count < UNITS_MAX) code[count++] = (struct tf_unit){(uint8_t)tag, to_le16((uint16_t)number)};
}

/* Of the sample's tests (tests/unit/image.h) those that are right; most are of the kinds that most policies
 * have. */
static void put_test(void)
{
    static const uint8_t plain[] = {0, 2, 3, 4, 8, 15, 15, 15};
    switch (plainly ? plain[below(sizeof plain)] : below(16)) {
    case 0: put(TF_OP_COMPARE, TF_PRIORITY), put(TF_TAG_CMP + below(4), below(4)); break;
    case 1: put(TF_OP_COMPARE, 7), put(TF_TAG_CMP + below(4), below(2)); break;
    case 2: put(TF_OP_PRIORITY_IN, 1 + below(14)); break;
    case 3: put(TF_OP_DURING, below(3)); break;
    case 4: put(TF_OP_ACTIVE, below(3)); break;
    case 5: put(TF_OP_EXISTS, below(11)); break;
    case 6: put(TF_OP_HAS_ANY, 2), put(TF_TAG_ITEM, 2), put(TF_TAG_ITEM, 3); break;
    case 7: put(TF_OP_NUMBER_COMPARE, 8), put(TF_TAG_CMP + below(4), below(2)); break;
    case 8: put(below(2) ? TF_OP_TRUE : TF_OP_FALSE, 0); break;
    default: put(TF_OP_HAS, below(11));
    }
}

static void put_node(uint32_t depth)
{
    uint32_t at = count, what = below(8);
    if (what == 0) put(TF_OP_NOT, 0);
    if (depth == 0 || what > 4) {
        put_test();
        return;
    }
    at = count;
    put(below(3) ? TF_OP_AND : TF_OP_OR, 0);
    for (uint32_t i = 2 + below(below(20) ? 4 : 70); i > 0; i--)
        put_node(i == 1 || below(3) == 0 ? depth - 1 : 0);
    code[at].number = to_le16((uint16_t)(count - at - 1));
}

static bool is_chain(unsigned tag)
{
    return tag == TF_OP_AND || tag == TF_OP_OR;
}

/* One unit more or less. */
static void move_end(uint32_t at)
{
    code[at].number = to_le16((uint16_t)(le16(code[at].number) + (below(2) ? 1 : -1)));
}

/* Often nothing; else a unit that may be anything, or nearly what it was, or the last ones are gone, or a
 * chain ends a unit early or late. */
static void damage(void)
{
    uint32_t at = below(count);
    switch (below(16)) {
    case 0: code[at].tag = (uint8_t)below(256); break;
    case 1: code[at].tag = (uint8_t)below(16); break;
    case 2: code[at].tag = (uint8_t)(TF_TAG_CMP + below(6)); break;
    case 3: code[at].number = to_le16((uint16_t)below(65536)); break;
    case 4: code[at].number = to_le16((uint16_t)(le16(code[at].number) + below(3) - 1)); break;
    case 5: count -= below(count < 8 ? count : 8); break;
    case 6:
    case 7:
    case 8:
        while (at > 0 && !is_chain(code[at].tag)) at--;
        if (is_chain(code[at].tag)) move_end(at);
        break;
    default: break;
    }
}

static void draw(uint32_t seed)
{
    state = seed;
    count = 0;
    plainly = below(2);
    for (uint32_t i = 1 + below(below(2) ? 60 : 3); i > 0; i--) put_node(1 + below(12));
    damage();
    if (below(2)) damage();
}

/* ---- reading them twice ---- */

struct reading {
    struct verify v;
    struct shunt_table t;
    struct shunt_table_error error;
    uint64_t condition[WORDS], plain[WORDS], ends[WORDS];
    uint32_t last[64];
    uint8_t attr_read[64];
    bool right;
};

static void reading_init(struct reading *r, const struct shunt_table *sample)
{
    memset(r, 0, sizeof *r);
    r->t = *sample;
    r->t.CODE = code;
    r->t.CODE_count = count;
    r->t.attr_read = r->attr_read;
    r->v = (struct verify){.t = &r->t, .error = &r->error, .last = r->last};
    r->v.condition = r->condition;
    r->v.plain = r->plain;
    r->v.ends = r->ends;
}

static struct reading quick, slow, marks, wide;

static void both_alike(uint32_t seed)
{
    ck_assert_msg(quick.right == slow.right, "seed %u: right %d, %d", seed, quick.right, slow.right);
    ck_assert_msg(quick.right || quick.error.record == slow.error.record, "seed %u: where", seed);
    ck_assert_msg(quick.right || quick.error.reason == slow.error.reason, "seed %u: %s, %s", seed,
                  quick.error.reason, slow.error.reason);
    ck_assert_msg(memcmp(quick.condition, slow.condition, sizeof slow.condition) == 0, "seed %u", seed);
    /* Where it is refused, the fast path may have seen more of it. */
    ck_assert_msg(!slow.right || memcmp(quick.attr_read, slow.attr_read, sizeof slow.attr_read) == 0,
                  "seed %u: what is read", seed);
}

static void marked_alike(uint32_t seed, const struct shunt_table *sample)
{
    if (!sh_have_avx2()) return;
    reading_init(&marks, sample);
    sh_mark_units(&marks.v, false);
    ck_assert_msg(memcmp(marks.plain, quick.plain, sizeof marks.plain) == 0, "seed %u: plain", seed);
    ck_assert_msg(memcmp(marks.ends, quick.ends, sizeof marks.ends) == 0, "seed %u: ends", seed);
    reading_init(&wide, sample);
    sh_mark_units(&wide.v, true);
    ck_assert_msg(memcmp(marks.attr_read, wide.attr_read, sizeof marks.attr_read) == 0,
                  "seed %u: what is read", seed);
}

START_TEST(table_format_5_the_fast_path_says_what_its_oracle_says)
{
    struct image m;
    size_t len;
    const struct shunt_table *sample;
    uint32_t rights = 0, plains = 0, conditions = 0, plain_chains = 0;
    image_sample(&m);
    uint8_t *bytes = image_bytes(&m, &len);
    ck_assert_int_eq(shunt_table_open(bytes, len, NULL, &sample, NULL), SHUNT_OK);
    for (uint32_t seed = 0; seed < TABLES; seed++) {
        draw(seed);
        reading_init(&quick, sample);
        reading_init(&slow, sample);
        quick.right = sh_verify_code(&quick.v);
        slow.right = sh_verify_code_slowly(&slow.v);
        both_alike(seed);
        marked_alike(seed, sample);
        rights += slow.right;
        for (uint32_t at = 0; slow.right && at < count; at++) {
            if (!(slow.condition[at / 64] >> at % 64 & 1)) continue;
            conditions++;
            bool is_plain = sh_plain_condition(&quick.v, at) != 0;
            plains += is_plain;
            plain_chains += is_plain && is_chain(code[at].tag);
        }
    }
    /* Both kinds are there, or nothing was shown. */
    ck_assert_uint_gt(rights, TABLES / 5);
    ck_assert_uint_gt(TABLES - rights, TABLES / 5);
    ck_assert_uint_gt(plains, conditions / 5);
    ck_assert_uint_gt(plain_chains, conditions / 10);
    ck_assert_uint_gt(conditions - plains, conditions / 5);
    shunt_table_close(sample);
    free(bytes);
    image_free(&m);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("units");
    tcase_set_timeout(t, 0);
    tcase_add_test(t, table_format_5_the_fast_path_says_what_its_oracle_says);
    Suite *suite = suite_create("units");
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
