/* Opening and verifying (TABLE-FORMAT), and names by index: runtime/table.c, verify*.c. */
#include <check.h>
#include <stddef.h>
#include <stdlib.h>

#include "../../runtime/table.h"
#include "image.h"
#include "run_suite.h"

/* Opens the image's bytes, closes again; what was wrong in *error. */
static enum shunt_status try_open(const struct image *m, struct shunt_table_error *error)
{
    size_t len;
    uint8_t *bytes = image_bytes(m, &len);
    const struct shunt_table *t;
    enum shunt_status status = shunt_table_open(bytes, len, NULL, &t, error);
    if (status == SHUNT_OK) shunt_table_close(t);
    free(bytes);
    return status;
}

START_TEST(the_sample_opens)
{
    struct image m;
    image_sample(&m);
    struct shunt_table_error error;
    enum shunt_status status = try_open(&m, &error);
    ck_assert_msg(status == SHUNT_OK, "section %u record %lu: %s", error.section, (unsigned long)error.record,
                  error.reason);
    image_free(&m);
}
END_TEST

/* ---- a section missing, or with too few or many records ---- */

START_TEST(table_format_a_section_that_is_gone_is_missed)
{
    static const uint32_t may_go[] = {TF_DESCRIPTION, TF_PROMISE}; /* nothing else names them */
    struct image m;
    image_sample(&m);
    if (image_count(&m, (uint32_t)_i) > 0) {
        image_remove(&m, (uint32_t)_i);
        struct shunt_table_error error;
        bool may = (uint32_t)_i == may_go[0] || (uint32_t)_i == may_go[1];
        ck_assert_msg(try_open(&m, &error) == (may ? SHUNT_OK : SHUNT_TABLE_DAMAGED), "section %d", _i);
    }
    image_free(&m);
}
END_TEST

/* However few rules decide, or none but otherwise: matching reads its buckets unasked. */
START_TEST(table_format_8_the_deciding_index_is_there)
{
    static const uint32_t index[] = {TF_INDEX_BUCKET, TF_INDEX_SIG, TF_INDEX_ENTRY};
    struct image m;
    image_sample(&m);
    for (size_t i = 0; i < 3; i++) image_remove(&m, index[i]);
    struct shunt_table_error error;
    ck_assert_int_eq(try_open(&m, &error), SHUNT_TABLE_DAMAGED);
    ck_assert_uint_eq(error.section, TF_INDEX_BUCKET);
    image_free(&m);
}
END_TEST

START_TEST(table_format_8_no_rule_need_continue)
{
    static const uint32_t index[] = {TF_CONT_BUCKET, TF_CONT_SIG, TF_CONT_ENTRY};
    struct image m;
    image_sample(&m);
    for (size_t i = 0; i < 3; i++) image_remove(&m, index[i]);
    struct shunt_table_error error;
    ck_assert_int_eq(try_open(&m, &error), SHUNT_OK);
    image_free(&m);
}
END_TEST

START_TEST(table_format_3_record_lengths_are_fixed)
{
    struct image m;
    image_sample(&m);
    struct image_section *s = &m.section[_i];
    if (s->len > 0) {
        if (s->record_len == 1 && s->len % 2 == 1) image_add(&m, (uint32_t)_i, "", 1, 1);
        s->record_len = s->record_len == 1 ? 2 : 1; /* as many bytes, cut otherwise */
        struct shunt_table_error error;
        ck_assert_int_eq(try_open(&m, &error), SHUNT_TABLE_DAMAGED);
        ck_assert_uint_eq(error.section, (uint32_t)_i);
        ck_assert_str_eq(error.reason, "records of a wrong length");
    }
    image_free(&m);
}
END_TEST

/* ---- the header ---- */

struct header_case {
    size_t off, len;
    uint64_t value;
    enum shunt_status status;
};
#define H(field, value, status)                                                                              \
    {                                                                                                        \
        offsetof(struct tf_header, field), sizeof(((struct tf_header *)0)->field), value, status             \
    }
static const struct header_case headers[] = {
    H(magic, 'S', SHUNT_NOT_A_TABLE),
    H(version, 0, SHUNT_TABLE_DAMAGED),
    H(version, 1, SHUNT_TABLE_DAMAGED),
    H(version, 3, SHUNT_OK), /* newer, but this reader can read it */
    H(last_compatible, 0, SHUNT_TABLE_DAMAGED),
    H(last_compatible, 1, SHUNT_OK), /* an older reader could, too: this one need not ask */
    H(last_compatible, 3, SHUNT_TABLE_DAMAGED),
    H(section_count, 0, SHUNT_TABLE_DAMAGED),
    H(section_count, 5, SHUNT_TABLE_DAMAGED),
    H(section_count, UINT32_MAX, SHUNT_TABLE_DAMAGED),
    H(file_len, 8, SHUNT_TABLE_DAMAGED),
    H(file_len, UINT64_MAX, SHUNT_TABLE_DAMAGED),
    H(flags, 2, SHUNT_TABLE_DAMAGED),
    H(flags, 0, SHUNT_OK),
    H(reserved, 1, SHUNT_TABLE_DAMAGED),
};

START_TEST(table_format_2_the_header_is_checked)
{
    const struct header_case *c = &headers[_i];
    struct image m;
    image_sample(&m);
    size_t len;
    uint8_t *bytes = image_bytes(&m, &len);
    for (size_t i = 0; i < c->len; i++) bytes[c->off + i] = (uint8_t)(i < 8 ? c->value >> 8 * i : 0);
    image_fit_checksum(bytes, len);
    const struct shunt_table *t = NULL;
    ck_assert_int_eq(shunt_table_open(bytes, len, NULL, &t, NULL), c->status);
    shunt_table_close(t);
    free(bytes);
    image_free(&m);
}
END_TEST

START_TEST(table_format_2_a_newer_version_may_add_sections)
{
    struct image m;
    image_sample(&m);
    image_add(&m, 60, "new", 1, 3);
    struct shunt_table_error error;
    ck_assert_int_eq(try_open(&m, &error), SHUNT_TABLE_DAMAGED);
    ck_assert_uint_eq(error.section, 60);
    m.version = 3;
    ck_assert_int_eq(try_open(&m, &error), SHUNT_OK);
    m.last_compatible = 3;
    ck_assert_int_eq(try_open(&m, &error), SHUNT_TABLE_VERSION);
    ck_assert_str_eq(error.reason, "a newer one, so use that, or compile the policy again");
    image_free(&m);
}
END_TEST

/* Whatever else is in it: its records are others. */
START_TEST(table_format_9_a_table_of_version_1_is_to_be_compiled_again)
{
    struct image m;
    image_sample(&m);
    m.version = m.last_compatible = 1;
    struct shunt_table_error error;
    ck_assert_int_eq(try_open(&m, &error), SHUNT_TABLE_VERSION);
    ck_assert_uint_eq(error.section, 0);
    ck_assert_str_eq(error.reason, "an older one, so compile the policy again");
    image_free(&m);
}
END_TEST

START_TEST(table_format_6_a_wrong_checksum_is_found)
{
    struct image m;
    image_sample(&m);
    size_t len;
    uint8_t *bytes = image_bytes(&m, &len);
    bytes[len - 1] ^= 1;
    const struct shunt_table *t = NULL;
    struct shunt_table_error error;
    ck_assert_int_eq(shunt_table_open(bytes, len, NULL, &t, &error), SHUNT_TABLE_DAMAGED);
    ck_assert_str_eq(error.reason, "the checksum is wrong");
    free(bytes);
    image_free(&m);
}
END_TEST

START_TEST(opening_wants_aligned_bytes_of_a_table)
{
    struct image m;
    image_sample(&m);
    size_t len;
    uint8_t *bytes = image_bytes(&m, &len), *moved = malloc(len + 8);
    memcpy(moved + 4, bytes, len);
    const struct shunt_table *t = NULL;
    struct shunt_table_error error = {SHUNT_OK, 7, 7, "x"};
    ck_assert_int_eq(shunt_table_open(moved + 4, len, NULL, &t, NULL), SHUNT_BAD_VALUE);
    ck_assert_int_eq(shunt_table_open(moved + 4, len, NULL, &t, &error), SHUNT_BAD_VALUE);
    ck_assert_int_eq(error.status, SHUNT_BAD_VALUE);
    ck_assert_uint_eq(error.section + error.record, 0);
    ck_assert_str_eq(error.reason, "");
    ck_assert_int_eq(shunt_table_open(NULL, 0, NULL, &t, NULL), SHUNT_NOT_A_TABLE);
    ck_assert_int_eq(shunt_table_open(bytes, 7, NULL, &t, NULL), SHUNT_NOT_A_TABLE);
    memcpy(moved, "shunt: 1\nname: a policy's source\n", 34);
    ck_assert_int_eq(shunt_table_open(moved, 34, NULL, &t, NULL), SHUNT_NOT_A_TABLE);
    ck_assert_ptr_null(t);
    free(bytes), free(moved);
    image_free(&m);
}
END_TEST

/* ---- conditions ---- */

/* `not` n times round `true`, as the last condition. */
static enum shunt_status open_nested(int nots, bool chain)
{
    struct image m;
    image_sample(&m);
    enum { UNITS = 1000 };
    static const struct tf_unit always = UNIT(TF_OP_TRUE, 0), not = UNIT(TF_OP_NOT, 0);
    struct tf_unit code[UNITS];
    size_t at = UNITS;
    code[--at] = always;
    for (int i = 0; i < nots; i++) {
        if (!chain || i == 0) {
            code[--at] = not ;
            continue;
        }
        code[--at] = always;
        size_t inner = UNITS - at;
        code[--at] = (struct tf_unit){TF_OP_AND, to_le16((uint16_t)inner)};
    }
    image_add(&m, TF_CODE, code + at, sizeof *code, UNITS - at);
    struct shunt_table_error error;
    enum shunt_status status = try_open(&m, &error);
    image_free(&m);
    return status;
}

START_TEST(table_format_5_nesting_has_a_limit)
{
    ck_assert_int_eq(open_nested(TF_NESTING_MAX - 1, false), SHUNT_OK);
    ck_assert_int_eq(open_nested(TF_NESTING_MAX, false), SHUNT_TABLE_DAMAGED);
    ck_assert_int_eq(open_nested(TF_NESTING_MAX - 1, true), SHUNT_OK);
    ck_assert_int_eq(open_nested(TF_NESTING_MAX, true), SHUNT_TABLE_DAMAGED);
}
END_TEST

/* A chain of `outside` as long as it may be, and one longer. */
static enum shunt_status open_outside(uint32_t chain)
{
    struct image m;
    image_sample(&m); /* hours 2 is one link already */
    for (uint32_t i = 2; i <= chain; i++) {
        struct tf_hours h = *IMAGE_AT(&m, HOURS, struct tf_hours, i);
        h.outside = to_le32(i);
        h.chain = (uint8_t)i;
        image_add(&m, TF_HOURS, &h, sizeof h, 1);
    }
    struct shunt_table_error error;
    enum shunt_status status = try_open(&m, &error);
    image_free(&m);
    return status;
}

START_TEST(table_format_4_8_outside_has_a_limit)
{
    ck_assert_int_eq(open_outside(TF_OUTSIDE_MAX), SHUNT_OK);
    ck_assert_int_eq(open_outside(TF_OUTSIDE_MAX + 1), SHUNT_TABLE_DAMAGED);
}
END_TEST

/* ---- the names' hash ---- */

START_TEST(table_format_4_4_every_name_can_be_found)
{
    struct image m;
    image_sample(&m);
    struct shunt_table_error error;
    le32_t *hash = image_at(&m, TF_ATOM_HASH, 0);
    uint32_t taken = 0, empty = 0;
    while (le32(hash[taken]) == 0) taken++;
    while (le32(hash[empty]) != 0) empty++;
    le32_t moved = hash[taken];
    hash[taken] = to_le32(0); /* gone */
    ck_assert_int_eq(try_open(&m, &error), SHUNT_TABLE_DAMAGED);
    hash[empty] = moved; /* elsewhere: before its home, or behind a hole */
    ck_assert_int_eq(try_open(&m, &error), SHUNT_TABLE_DAMAGED);
    hash[taken] = moved; /* twice */
    ck_assert_int_eq(try_open(&m, &error), SHUNT_TABLE_DAMAGED);
    hash[empty] = to_le32(0);
    ck_assert_int_eq(try_open(&m, &error), SHUNT_OK);
    hash[empty] = to_le32(6); /* a pattern */
    ck_assert_int_eq(try_open(&m, &error), SHUNT_TABLE_DAMAGED);
    for (int i = 0; i < 16; i++) hash[i] = to_le32(1); /* full */
    ck_assert_int_eq(try_open(&m, &error), SHUNT_TABLE_DAMAGED);
    ck_assert_uint_eq(error.section, TF_ATOM_HASH);
    image_free(&m);
}
END_TEST

/* ---- lists shared by many records ---- */

/* 60,000 outcomes that all name one list of 60,000 labels: walking it for each would take minutes. */
START_TEST(opening_is_linear_where_lists_are_shared)
{
    enum { MANY = 60000 };
    struct image m;
    image_sample(&m);
    for (uint32_t i = 0; i < MANY; i++) image_add(&m, TF_LIST, &(le32_t){to_le32(2).raw}, 4, 1);
    struct tf_outcome o = {.add_first = to_le32(4), .add_count = to_le16(1)};
    for (uint32_t i = 0; i < MANY; i++) image_add(&m, TF_OUTCOME, &o, sizeof o, 1);
    struct shunt_table_error error;
    ck_assert_int_eq(try_open(&m, &error), SHUNT_OK);
    for (uint32_t i = 0; i < MANY; i++)
        IMAGE_AT(&m, OUTCOME, struct tf_outcome, 5 + i)->add_count = to_le16(MANY);
    ck_assert_int_eq(try_open(&m, &error), SHUNT_TABLE_DAMAGED); /* one label again and again */
    ck_assert_uint_eq(error.section, TF_OUTCOME);
    ck_assert_uint_eq(error.record, 5);
    image_free(&m);
}
END_TEST

/* ---- names ---- */

static const struct shunt_table *open_sample(uint8_t **bytes)
{
    struct image m;
    image_sample(&m);
    size_t len;
    *bytes = image_bytes(&m, &len);
    const struct shunt_table *t = NULL;
    ck_assert_int_eq(shunt_table_open(*bytes, len, NULL, &t, NULL), SHUNT_OK);
    ck_assert_ptr_eq(shunt_table_bytes(t, &len), *bytes);
    image_free(&m);
    return t;
}

START_TEST(commands_12_names_by_index)
{
    uint8_t *bytes;
    const struct shunt_table *t = open_sample(&bytes);
    bool takes;
    ck_assert_str_eq(shunt_table_name(t).bytes, "sample");
    ck_assert_uint_eq(shunt_table_name(t).len, 6);
    ck_assert_uint_eq(shunt_rule_count(t), 5);
    ck_assert_str_eq(shunt_rule_name(t, 0, &takes).bytes, "first");
    ck_assert(!takes);
    ck_assert_str_eq(shunt_rule_name(t, SAMPLE_TWO, &takes).bytes, "two");
    ck_assert(takes);
    ck_assert_str_eq(shunt_rule_name(t, SAMPLE_OTHERWISE, NULL).bytes, "otherwise");
    ck_assert_ptr_null(shunt_rule_name(t, 5, NULL).bytes);
    ck_assert_ptr_null(shunt_rule_name(t, SHUNT_NONE, NULL).bytes);
    ck_assert_uint_eq(shunt_team_count(t), 2);
    ck_assert_str_eq(shunt_team_name(t, 1).bytes, "two");
    ck_assert_ptr_null(shunt_team_name(t, 2).bytes);
    ck_assert_uint_eq(shunt_agent_count(t), 2);
    ck_assert_str_eq(shunt_agent_name(t, 0).bytes, "anna");
    ck_assert_ptr_null(shunt_agent_name(t, 2).bytes);
    ck_assert_uint_eq(shunt_hours_count(t), 3);
    ck_assert_str_eq(shunt_hours_name(t, 2).bytes, "duty");
    ck_assert_str_eq(shunt_skill_name(t, 0).bytes, "swedish");
    ck_assert_ptr_null(shunt_skill_name(t, 1).bytes);
    ck_assert_str_eq(shunt_label_name(t, 1).bytes, "refund");
    ck_assert_ptr_null(shunt_label_name(t, 2).bytes);
    ck_assert_uint_eq(shunt_hours_find(t, "office", 6), 1);
    ck_assert_uint_eq(shunt_hours_find(t, "offic", 5), SHUNT_NONE);
    shunt_table_close(t);
    free(bytes);
}
END_TEST

START_TEST(commands_12_attributes)
{
    uint8_t *bytes;
    const struct shunt_table *t = open_sample(&bytes);
    ck_assert_uint_eq(shunt_attr_count(t), SAMPLE_ATTRS);
    ck_assert_str_eq(shunt_attr_name(t, SAMPLE_GOLD).bytes, "gold");
    ck_assert_int_eq(shunt_attr_type(t, SHUNT_ATTR_PRIORITY), SHUNT_TYPE_PRIORITY);
    ck_assert_int_eq(shunt_attr_type(t, SAMPLE_TAGS), SHUNT_TYPE_SET);
    ck_assert_uint_eq(shunt_attr_find(t, "plan", 4), SAMPLE_PLAN);
    ck_assert_uint_eq(shunt_attr_find(t, "Plan", 4), SHUNT_NONE);
    ck_assert(shunt_attr_is_read(t, SHUNT_ATTR_SUBJECT));
    ck_assert(!shunt_attr_is_read(t, SHUNT_ATTR_BODY)); /* `exists` alone does not read it */
    ck_assert(!shunt_attr_is_read(t, SHUNT_ATTR_CUSTOMER));
    ck_assert(shunt_attr_is_read(t, SAMPLE_TOTAL) && shunt_attr_is_read(t, SAMPLE_GOLD));
    ck_assert(shunt_attr_is_read(t, SHUNT_ATTR_PRIORITY));
    ck_assert(!shunt_attr_is_read(t, SAMPLE_ATTRS));
    shunt_table_close(t);
    free(bytes);
}
END_TEST

START_TEST(maps_by_channel)
{
    uint8_t *bytes;
    const struct shunt_table *t = open_sample(&bytes);
    const struct tf_channel_map *rank = &t->AGENT[0].rank, *limit = &t->AGENT[0].limit;
    ck_assert_uint_eq(sh_by_channel(t, rank, 0), 1);
    ck_assert_uint_eq(sh_by_channel(t, rank, 1), 2);
    ck_assert_uint_eq(sh_by_channel(t, rank, TF_NONE), 50);
    ck_assert_uint_eq(sh_by_channel(t, limit, 1), TF_NONE);
    ck_assert_uint_eq(sh_by_channel(t, &t->AGENT[1].rank, 0), 50);
    shunt_table_close(t);
    free(bytes);
}
END_TEST

START_TEST(statuses_have_words)
{
    for (int status = SHUNT_OK; status <= SHUNT_UNKNOWN; status++) {
        const char *text = shunt_status_text((enum shunt_status)status);
        ck_assert(text[0] != 0 && text[strlen(text) - 1] != '.');
        ck_assert_str_ne(text, "unknown status");
    }
    ck_assert_str_eq(shunt_version(), "0.1.0");
    ck_assert_str_eq(shunt_priority_name(SHUNT_PRIORITY_URGENT), "urgent");
    ck_assert_ptr_null(shunt_priority_name(4));
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

START_TEST(opening_survives_every_failed_allocation)
{
    struct image m;
    image_sample(&m);
    size_t len;
    uint8_t *bytes = image_bytes(&m, &len);
    for (int n = 0; n < 3; n++) {
        struct budget b = {n, 0};
        struct shunt_hooks hooks = {budget_resize, &b};
        const struct shunt_table *t = NULL;
        enum shunt_status status = shunt_table_open(bytes, len, &hooks, &t, NULL);
        ck_assert_int_eq(status, n < 2 ? SHUNT_NO_MEMORY : SHUNT_OK);
        ck_assert((t != NULL) == (n == 2));
        shunt_table_close(t);
        ck_assert_int_eq(b.in_use, 0);
    }
    free(bytes);
    image_free(&m);
}
END_TEST

static int by_key(const void *a, const void *b)
{
    uint32_t x = le32(((const struct tf_entry *)a)->key), y = le32(((const struct tf_entry *)b)->key);
    return (x > y) - (x < y);
}

/* All entries in the last bucket, as few are. */
static void make_flat(struct image *m)
{
    for (size_t i = 0; i + 1 < image_count(m, TF_INDEX_BUCKET); i++)
        *IMAGE_AT(m, INDEX_BUCKET, le32_t, i) = to_le32(0);
    qsort(image_at(m, TF_INDEX_ENTRY, 0), image_count(m, TF_INDEX_ENTRY), sizeof(struct tf_entry), by_key);
}

/* Each section says by its length how long its signatures are; where all stand in the last bucket, and are
 * few, no second hash is asked. */
START_TEST(format_8_each_section_has_a_length_of_its_signatures)
{
    static const uint8_t zero[5] = {0};
    struct image m;
    size_t len;
    const struct shunt_table *t;
    image_sample(&m);
    if (_i & 1) image_add(&m, TF_INDEX_SIG, zero, 1, 5);
    if (_i & 2) image_add(&m, TF_CONT_SIG, zero, 1, 2);
    if (_i & 4) make_flat(&m);
    uint8_t *sample = image_bytes(&m, &len);
    image_free(&m);
    ck_assert_int_eq(shunt_table_open(sample, len, NULL, &t, NULL), SHUNT_OK);
    ck_assert_int_eq(t->index_kind, _i & 4 ? SH_FLAT : _i & 1 ? SH_SECOND : SH_SMALL);
    ck_assert_uint_eq(t->cont_sig_len, _i & 2 ? 4 : 3);
    shunt_table_close(t);
    free(sample);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("table");
    TCase *t = tcase_create("table");
    tcase_set_timeout(t, 30);
    tcase_add_loop_test(t, format_8_each_section_has_a_length_of_its_signatures, 0, 8);
    tcase_add_test(t, the_sample_opens);
    tcase_add_loop_test(t, table_format_a_section_that_is_gone_is_missed, 0, IMAGE_SECTIONS);
    tcase_add_test(t, table_format_8_the_deciding_index_is_there);
    tcase_add_test(t, table_format_8_no_rule_need_continue);
    tcase_add_loop_test(t, table_format_3_record_lengths_are_fixed, 0, IMAGE_SECTIONS);
    tcase_add_loop_test(t, table_format_2_the_header_is_checked, 0, sizeof headers / sizeof *headers);
    tcase_add_test(t, table_format_2_a_newer_version_may_add_sections);
    tcase_add_test(t, table_format_9_a_table_of_version_1_is_to_be_compiled_again);
    tcase_add_test(t, table_format_6_a_wrong_checksum_is_found);
    tcase_add_test(t, opening_wants_aligned_bytes_of_a_table);
    tcase_add_test(t, table_format_5_nesting_has_a_limit);
    tcase_add_test(t, table_format_4_8_outside_has_a_limit);
    tcase_add_test(t, table_format_4_4_every_name_can_be_found);
    tcase_add_test(t, opening_is_linear_where_lists_are_shared);
    tcase_add_test(t, commands_12_names_by_index);
    tcase_add_test(t, commands_12_attributes);
    tcase_add_test(t, maps_by_channel);
    tcase_add_test(t, statuses_have_words);
    tcase_add_test(t, opening_survives_every_failed_allocation);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
