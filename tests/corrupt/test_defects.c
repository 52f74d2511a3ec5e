/*
 * Damaged tables made by hand, one defect each, and the exact error that opening them gives: the section in
 * which it is found and the sentence. The sample (tests/unit/image.h) with one field changed (fields.def),
 * one part of another shape, or one number of its header or directory wrong; the checksum always fits.
 *
 *     test_defects --reached   prints "SECTION sentence" of each instead: test_defects.sh shows that none is
 * missing
 */
#include <check.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../runtime/table.h"
#include "../unit/image.h"
#include "run_suite.h"

struct found {
    uint32_t section; /* 0: the header */
    const char *reason;
};

static struct found open_bytes(const uint8_t *bytes, size_t len)
{
    const struct shunt_table *t = NULL;
    struct shunt_table_error error;
    uint8_t *copy = malloc(len); /* of its own length, for the sanitizers */
    memcpy(copy, bytes, len);
    enum shunt_status status = shunt_table_open(copy, len, NULL, &t, &error);
    ck_assert_int_eq(status, SHUNT_TABLE_DAMAGED);
    ck_assert_int_eq(error.status, status);
    ck_assert_ptr_null(t);
    free(copy);
    return (struct found){error.section, error.reason};
}

static struct found open_image(const struct image *m)
{
    size_t len;
    uint8_t *bytes = image_bytes(m, &len);
    struct found found = open_bytes(bytes, len);
    free(bytes);
    return found;
}

static void put(uint8_t *at, uint64_t value, size_t len)
{
    for (size_t i = 0; i < len; i++) at[i] = (uint8_t)(i < 8 ? value >> 8 * i : 0);
}

/* ---- a field ---- */

struct field_defect {
    uint32_t section, record;
    size_t off, len;
    uint64_t value;
    struct found found;
};
#define ROW(section, record, off, len, value, found, reason)                                                 \
    {                                                                                                        \
        TF_##section, record, off, len, value,                                                               \
        {                                                                                                    \
            TF_##found, reason                                                                               \
        }                                                                                                    \
    }
#define W_IN(section, record, type, field, value, found, reason)                                             \
    ROW(section, record, offsetof(type, field), sizeof(((type *)0)->field), value, found, reason)
#define W(section, record, type, field, value, reason)                                                       \
    W_IN(section, record, type, field, value, section, reason)
#define WN(section, record, value, reason) ROW(section, record, 0, 4, value, section, reason)
#define WB(section, record, value, found, reason) ROW(section, record, 0, 1, value, found, reason)
#define W4_IN(section, record, off, value, found, reason) ROW(section, record, off, 4, value, found, reason)

static const struct field_defect fields[] = {
#include "fields.def"
};
enum { FIELDS = sizeof fields / sizeof *fields };

static struct found try_field(int i)
{
    const struct field_defect *d = &fields[i];
    struct image m;
    image_sample(&m);
    put((uint8_t *)image_at(&m, d->section, d->record) + d->off, d->value, d->len);
    struct found found = open_image(&m);
    image_free(&m);
    return found;
}

/* ---- a part of another shape ---- */

#define L to_le32

static void many_agents(struct image *m)
{
    struct tf_agent a = *IMAGE_AT(m, AGENT, struct tf_agent, 1);
    while (image_count(m, TF_AGENT) <= UINT16_MAX) image_add(m, TF_AGENT, &a, sizeof a, 1);
}

static void many_teams(struct image *m)
{
    struct tf_team t = *IMAGE_AT(m, TEAM, struct tf_team, 1);
    while (image_count(m, TF_TEAM) <= UINT16_MAX) image_add(m, TF_TEAM, &t, sizeof t, 1);
}

static void member_twice(struct image *m)
{
    struct tf_team *t = IMAGE_AT(m, TEAM, struct tf_team, 0);
    le32_t twice[2] = {L(1), L(1)};
    t->member_first = L((uint32_t)image_count(m, TF_LIST));
    image_add(m, TF_LIST, twice, sizeof *twice, 2);
}

static void no_policy(struct image *m)
{
    image_remove(m, TF_POLICY);
}

static void two_policies(struct image *m)
{
    struct tf_policy p = *IMAGE_AT(m, POLICY, struct tf_policy, 0);
    image_add(m, TF_POLICY, &p, sizeof p, 1);
}

static void no_attributes(struct image *m)
{
    image_remove(m, TF_ATTR);
}

/* Nor a condition that asks for some. */
static void no_hours(struct image *m)
{
    static const struct tf_unit gold = UNIT(TF_OP_BOOL, SAMPLE_GOLD);
    *IMAGE_AT(m, CODE, struct tf_unit, 17) = gold; /* for DURING */
    image_remove(m, TF_HOURS);
}

static void no_automaton(struct image *m)
{
    image_remove(m, TF_AC_ROOT);
}

static void no_bucket(struct image *m)
{
    m->section[TF_INDEX_BUCKET].len -= 4;
}

static void more_signatures(struct image *m)
{
    image_add(m, TF_INDEX_SIG, "", 1, 1);
}

static void channel_as_a_fact(struct image *m)
{
    IMAGE_AT(m, INDEX_ENTRY, struct tf_entry, 0)->also = L(1);
}

static void bytes_behind_the_strings(struct image *m)
{
    image_add(m, TF_STRING_BYTES, "x", 1, 1);
}

/* An automaton's state behind the last of its root's. */
static void one_state_more(struct image *m)
{
    struct tf_ac_state s = *IMAGE_AT(m, AC_STATE, struct tf_ac_state, 3);
    image_add(m, TF_AC_STATE, &s, sizeof s, 1);
}

static void no_names(struct image *m)
{
    image_remove(m, TF_RULE_NAME);
}

static void name_of_takes(struct image *m)
{
    IMAGE_ADD(m, RULE_NAME, le32_t, L(0));
}

static void no_edges(struct image *m)
{
    image_remove(m, TF_AC_EDGE);
}

static void one_edge_more(struct image *m)
{
    image_add(m, TF_AC_EDGE, "c", 1, 1);
}

/* "b" at the root: there is another state that it leads to, and nothing is left for "ab". */
static void edge_of_the_root_more(struct image *m)
{
    IMAGE_AT(m, AC_STATE, struct tf_ac_state, 0)->fail_edges = L(3 << TF_AC_SHIFT);
}

static void pattern_gone(struct image *m)
{
    m->section[TF_AC_PATTERN].len -= sizeof(struct tf_ac_pattern);
}

static void changes_fall(struct image *m)
{
    struct tf_zone_change c = *IMAGE_AT(m, ZONE_CHANGE, struct tf_zone_change, 0);
    image_add(m, TF_ZONE_CHANGE, &c, sizeof c, 1);
    IMAGE_AT(m, ZONE, struct tf_zone, 0)->change_count = L(2);
}

static void zone_type_reserved(struct image *m)
{
    IMAGE_AT(m, ZONE_TYPE, struct tf_zone_type, 0)->reserved[0] = 1;
}

static void descriptions_fall(struct image *m)
{
    struct tf_description d = *IMAGE_AT(m, DESCRIPTION, struct tf_description, 0);
    image_add(m, TF_DESCRIPTION, &d, sizeof d, 1);
}

/* ---- conditions ---- */

#define ADD_CODE(m, ...) IMAGE_ADD(m, CODE, struct tf_unit, __VA_ARGS__)

static void half_a_number(struct image *m)
{
    ADD_CODE(m, UNIT(TF_OP_HAS, TF_WIDE), UNIT(TF_OP_TRUE, 1));
}

static void number_with_a_zero(struct image *m)
{
    ADD_CODE(m, UNIT(TF_OP_HAS, TF_WIDE), UNIT(TF_TAG_HIGH, 0));
}

static void number_that_is_a_node(struct image *m)
{
    ADD_CODE(m, UNIT(TF_OP_HAS_ANY, 2), UNIT(TF_TAG_ITEM, 0), UNIT(TF_OP_HAS, 1));
}

static void true_of_something(struct image *m)
{
    ADD_CODE(m, UNIT(TF_OP_TRUE, 1));
}

static void nested(struct image *m)
{
    for (int i = 0; i < TF_NESTING_MAX; i++) ADD_CODE(m, UNIT(TF_OP_NOT, 0));
    ADD_CODE(m, UNIT(TF_OP_TRUE, 0));
}

/* ---- the names' hash ---- */

static le32_t *hash_place(struct image *m, bool taken, int nth)
{
    le32_t *hash = image_at(m, TF_ATOM_HASH, 0);
    for (size_t i = 0;; i++)
        if ((le32(hash[i]) != 0) == taken && nth-- == 0) return &hash[i];
}

static void hash_odd(struct image *m)
{
    m->section[TF_ATOM_HASH].len -= 4;
}

static void hash_full(struct image *m)
{
    le32_t *hash = image_at(m, TF_ATOM_HASH, 0);
    for (size_t i = 0; i < image_count(m, TF_ATOM_HASH); i++) hash[i] = L(1);
}

static void hash_pattern(struct image *m)
{
    *hash_place(m, false, 0) = L(6);
}

static void hash_twice(struct image *m)
{
    *hash_place(m, true, 1) = *hash_place(m, true, 0);
}

/* Behind an empty place from where it is looked for. */
static void hash_elsewhere(struct image *m)
{
    le32_t *from = hash_place(m, true, 0), *to = hash_place(m, false, 0);
    le32_t moved = *from;
    *from = L(0);
    *to = moved;
}

static void hash_gone(struct image *m)
{
    *hash_place(m, true, 7) = L(0);
}

/* ---- sources ---- */

static void with_sources(struct image *m, uint32_t name, size_t digest_len)
{
    static const uint8_t digest[40] = {1};
    m->flags = 0;
    IMAGE_ADD(m, SOURCE_FILE, le32_t, L(name));
    image_add(m, TF_SOURCE_DIGEST, digest, 1, digest_len);
}

static void with_span(struct image *m, struct tf_span s)
{
    if (!image_count(m, TF_SOURCE_FILE)) with_sources(m, 0, 32);
    image_add(m, TF_SPAN, &s, sizeof s, 1);
}

static void sources_of_a_stripped_one(struct image *m)
{
    with_sources(m, 0, 32);
    m->flags = TF_FLAG_STRIPPED;
}

static void source_without_a_name(struct image *m)
{
    with_sources(m, 10000, 32);
}

static void short_digest(struct image *m)
{
    with_sources(m, 0, 31);
}

static void span_of_nothing(struct image *m)
{
    with_span(m, (struct tf_span){L(TF_S_RULE), L(5), L(0), L(1), L(1), L(1)});
}

static void span_of_an_unknown_kind(struct image *m)
{
    with_span(m, (struct tf_span){L(TF_S_RULE_WHEN + 1), L(0), L(0), L(1), L(1), L(1)});
}

static void span_inside_a_node(struct image *m)
{
    with_span(m, (struct tf_span){L(TF_S_CODE), L(9), L(0), L(1), L(1), L(1)});
}

static void span_in_no_file(struct image *m)
{
    with_span(m, (struct tf_span){L(TF_S_RULE), L(0), L(1), L(1), L(1), L(1)});
}

static void span_on_line_0(struct image *m)
{
    with_span(m, (struct tf_span){L(TF_S_RULE), L(0), L(0), L(0), L(1), L(1)});
}

static void spans_fall(struct image *m)
{
    with_span(m, (struct tf_span){L(TF_S_RULE), L(0), L(0), L(1), L(1), L(1)});
    with_span(m, (struct tf_span){L(TF_S_RULE), L(0), L(0), L(2), L(1), L(1)});
}

static const struct {
    void (*make)(struct image *m);
    struct found found;
} shapes[] = {
    {many_agents, {TF_AGENT, "too many agents"}},
    {many_teams, {TF_TEAM, "too many teams"}},
    {member_twice, {TF_TEAM, "an agent who is there twice"}},
    {no_policy, {TF_POLICY, "not exactly one policy"}},
    {two_policies, {TF_POLICY, "not exactly one policy"}},
    {no_attributes, {TF_ATTR, "an attribute is missing"}},
    {no_hours, {TF_HOURS, "`always` is missing"}},
    {no_automaton, {TF_AC_ROOT, "an automaton is missing"}},
    {no_bucket, {TF_INDEX_BUCKET, "a bucket is missing"}},
    {more_signatures, {TF_INDEX_SIG, "not as many as the entries need"}},
    {channel_as_a_fact, {TF_INDEX_ENTRY, "a channel that its guard can say"}},
    {bytes_behind_the_strings, {TF_STRING_OFFS, "it does not end where the strings do"}},
    {one_state_more, {TF_AC_STATE, "states of no automaton"}},
    {no_edges, {TF_AC_ROOT, "an edge is missing"}},
    {one_edge_more, {TF_AC_EDGE, "edges of no automaton"}},
    {edge_of_the_root_more, {TF_AC_EDGE, "bytes do not rise"}},
    {pattern_gone, {TF_AC_ROOT, "a pattern is missing"}},
    {no_names, {TF_RULE_NAME, "not as many as there are rules"}},
    {name_of_takes, {TF_RULE_NAME, "not as many as there are rules"}},
    {changes_fall, {TF_ZONE_CHANGE, "changes do not rise"}},
    {zone_type_reserved, {TF_ZONE_TYPE, "reserved bytes are not zero"}},
    {descriptions_fall, {TF_DESCRIPTION, "they do not rise"}},
    {number_with_a_zero, {TF_CODE, "a number longer than it need be"}},
    {half_a_number, {TF_CODE, "half a number"}},
    {number_that_is_a_node, {TF_CODE, "a number is missing"}},
    {true_of_something, {TF_CODE, "reserved bytes are not zero"}},
    {nested, {TF_CODE, "conditions nested too deep"}},
    {hash_odd, {TF_ATOM_HASH, "its length is not a power of two"}},
    {hash_full, {TF_ATOM_HASH, "it has no empty place"}},
    {hash_pattern, {TF_ATOM_HASH, "no such name"}},
    {hash_twice, {TF_ATOM_HASH, "a name that is there twice"}},
    {hash_elsewhere, {TF_ATOM_HASH, "a name that cannot be found"}},
    {hash_gone, {TF_ATOM_HASH, "a name is missing"}},
    {sources_of_a_stripped_one, {TF_SOURCE_FILE, "sources in a stripped table"}},
    {source_without_a_name, {TF_SOURCE_FILE, "no such string"}},
    {short_digest, {TF_SOURCE_DIGEST, "not a SHA-256"}},
    {span_of_nothing, {TF_SPAN, "of something that is not there"}},
    {span_of_an_unknown_kind, {TF_SPAN, "of something that is not there"}},
    {span_inside_a_node, {TF_SPAN, "of something that is not there"}},
    {span_in_no_file, {TF_SPAN, "no such file"}},
    {span_on_line_0, {TF_SPAN, "a place that cannot be"}},
    {spans_fall, {TF_SPAN, "they do not rise"}},
};
enum { SHAPES = sizeof shapes / sizeof *shapes };

static struct found try_shape(int i)
{
    struct image m;
    image_sample(&m);
    shapes[i].make(&m);
    struct found found = open_image(&m);
    image_free(&m);
    return found;
}

/* ---- the header, the directory, the file's end ---- */

enum byte_defect { CUT, LONGER, SUM, SECTION, PADDING, HEADER };
#define H(field, value, reason)                                                                              \
    {                                                                                                        \
        HEADER, offsetof(struct tf_header, field), sizeof(((struct tf_header *)0)->field), value,            \
        {                                                                                                    \
            0, reason                                                                                        \
        }                                                                                                    \
    }
/* A field of a section's place in the directory: of the third, which is POLICY. */
#define S(field, value, section, reason)                                                                     \
    {                                                                                                        \
        SECTION, offsetof(struct tf_section, field), sizeof(((struct tf_section *)0)->field), value,         \
        {                                                                                                    \
            section, reason                                                                                  \
        }                                                                                                    \
    }

static const struct {
    enum byte_defect kind;
    size_t at, len;
    uint64_t value;
    struct found found;
} bytes_wrong[] = {
    {CUT, 63, 0, 0, {0, "it ends inside the header"}},
    {CUT, 64, 0, 0, {0, "it is cut off"}},
    {LONGER, 0, 8, 0, {0, "there is something behind its end"}},
    {LONGER, 1, 8, 0, {0, "there is something behind the last section"}},
    {SUM, 0, 0, 0, {0, "the checksum is wrong"}},
    {PADDING, 0, 0, 1, {TF_STRING_BYTES, "the padding behind it is not zero"}},
    H(version, 0, "versions that cannot be"),
    H(last_compatible, 0, "versions that cannot be"),
    H(last_compatible, 3, "versions that cannot be"),
    H(version, 1, "versions that cannot be"),
    H(section_count, UINT32_MAX, "it is cut off"),
    H(file_len, UINT64_MAX, "it is cut off"),
    H(file_len, 8, "there is something behind its end"),
    H(flags, 2, "an unknown flag"),
    H(reserved, 1, "reserved bytes are not zero"),
    S(id, TF_STRING_BYTES, TF_STRING_BYTES, "sections out of order"),
    S(id, 0, 0, "sections out of order"),
    S(id, UINT32_MAX, UINT32_MAX, "an unknown section"),
    S(record_len, 0, TF_POLICY, "it runs over the end of the file"),
    S(record_len, 8, TF_POLICY, "records of a wrong length"),
    S(record_len, UINT32_MAX, TF_POLICY, "it runs over the end of the file"),
    S(off, 0, TF_POLICY, "it does not begin where the one before it ends"),
    S(off, UINT64_MAX, TF_POLICY, "it does not begin where the one before it ends"),
    S(count, 0, TF_POLICY, "a section without records"),
    S(count, 100000, TF_POLICY, "it runs over the end of the file"),
    S(count, TF_NONE, TF_POLICY, "more records than can be numbered"),
    S(count, UINT64_MAX, TF_POLICY, "more records than can be numbered"),
};
enum { BYTES = sizeof bytes_wrong / sizeof *bytes_wrong };

static struct found try_bytes(int i)
{
    size_t at = bytes_wrong[i].at, len, more = bytes_wrong[i].len;
    struct image m;
    image_sample(&m);
    uint8_t *made = image_bytes(&m, &len), *bytes = calloc(1, len + more);
    memcpy(bytes, made, len);
    struct tf_header *h = (void *)bytes;
    struct tf_section *s = (void *)(h + 1);
    bool fits = true;
    switch (bytes_wrong[i].kind) {
    case CUT: len = at; break;
    case LONGER:
        len += more;
        if (at) h->file_len = to_le64(len);
        break;
    case SUM: bytes[len - 1] ^= 1, fits = false; break;
    case PADDING: bytes[le64(s[1].off) + le64(s[1].count)] = 1; break; /* behind STRING_BYTES */
    case SECTION: put((uint8_t *)&s[2] + at, bytes_wrong[i].value, more); break;
    case HEADER: put(bytes + at, bytes_wrong[i].value, more); break;
    }
    if (fits) image_fit_checksum(bytes, len);
    struct found found = open_bytes(bytes, len);
    free(bytes), free(made);
    image_free(&m);
    return found;
}

/* ---- all of them ---- */

static void compare(int i, struct found expected, struct found got)
{
    ck_assert_msg(expected.section == got.section && !strcmp(expected.reason, got.reason),
                  "row %d: section %u: %s, not section %u: %s", i, got.section, got.reason, expected.section,
                  expected.reason);
}

START_TEST(table_format_4_to_8_a_wrong_field_is_named)
{
    compare(_i, fields[_i].found, try_field(_i));
}
END_TEST

START_TEST(table_format_4_to_8_a_part_of_a_wrong_shape_is_named)
{
    compare(_i, shapes[_i].found, try_shape(_i));
}
END_TEST

START_TEST(table_format_2_and_3_a_wrong_number_of_the_file_is_named)
{
    compare(_i, bytes_wrong[_i].found, try_bytes(_i));
}
END_TEST

static void print(struct found found)
{
    const char *name = "HEADER";
#define X(id, section_name, type)                                                                            \
    if (found.section == id) name = #section_name;
    TF_SECTIONS(X)
#undef X
    printf("%s %s\n", name, found.reason);
}

static int print_reached(void)
{
    for (int i = 0; i < FIELDS; i++) print(fields[i].found);
    for (int i = 0; i < SHAPES; i++) print(shapes[i].found);
    for (int i = 0; i < BYTES; i++) print(bytes_wrong[i].found);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 1 && !strcmp(argv[1], "--reached")) return print_reached();
    Suite *suite = suite_create("defects");
    TCase *t = tcase_create("defects");
    tcase_add_loop_test(t, table_format_4_to_8_a_wrong_field_is_named, 0, FIELDS);
    tcase_add_loop_test(t, table_format_4_to_8_a_part_of_a_wrong_shape_is_named, 0, SHAPES);
    tcase_add_loop_test(t, table_format_2_and_3_a_wrong_number_of_the_file_is_named, 0, BYTES);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
