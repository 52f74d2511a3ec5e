/* Rows of tables with one defect each: see table_rows.h. */
#include "table_rows.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

/* ---- a fuller sample ---- */

static void add_people(struct image *m)
{
    le32_t danish = to_le32(image_string(m, "danish"));
    image_add(m, TF_SKILL, &danish, sizeof danish, 1);
    static const uint32_t list[] = {1, 0, 1, 2, 3, 2, 4, 5};
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        image_add(m, TF_LIST, &(le32_t){to_le32(list[i]).raw}, 4, 1);
    IMAGE_ADD(m, BY_CHANNEL, struct tf_by_channel, {to_le32(0), to_le32(1)}, {to_le32(1), to_le32(100)},
              {to_le32(0), to_le32(1)});
}

#define DAYS(from, to)                                                                                       \
    {                                                                                                        \
        to_le32((uint32_t)(from)), to_le32(to)                                                               \
    }

static void add_times(struct image *m)
{
    IMAGE_ADD(m, WINDOW, struct tf_range, DAYS(10, 20), DAYS(22, 30), DAYS(100, 120), DAYS(350, 99));
    IMAGE_ADD(m, WINDOW_SET, struct tf_window_set, {to_le32(3), to_le32(2), to_le32(0)},
              {to_le32(5), to_le32(0), to_le32(2)});
    struct tf_zone_rule spring = {.month = 3, .week = 5, .time_sec = to_le32(7200)},
                        autumn = {.month = 10, .week = 5, .time_sec = to_le32(10800)};
    IMAGE_ADD(m, ZONE, struct tf_zone,
              {.name = to_le32(image_string(m, "Test/Two")),
               .type_first = to_le32(1),
               .type_count = to_le32(2),
               .change_first = to_le32(1),
               .change_count = to_le32(2),
               .has_rule = 1,
               .std_offset_sec = to_le32(3600),
               .dst_offset_sec = to_le32(7200),
               .dst_isdst = to_le32(1),
               .to_dst = spring,
               .to_std = autumn});
    IMAGE_ADD(m, ZONE_TYPE, struct tf_zone_type, {.offset_sec = to_le32(3600)},
              {.offset_sec = to_le32(7200), .isdst = 1});
    IMAGE_ADD(m, ZONE_CHANGE, struct tf_zone_change, {to_le64(100), to_le32(1), to_le32(0)},
              {to_le64(101), to_le32(0), to_le32(0)});
}

static struct tf_span span(uint32_t kind, uint32_t index)
{
    return (struct tf_span){to_le32(kind), to_le32(index), to_le32(0), to_le32(1), to_le32(1), to_le32(1)};
}

static void add_sources(struct image *m)
{
    le32_t file = to_le32(image_string(m, "sample.yaml"));
    image_add(m, TF_SOURCE_FILE, &file, sizeof file, 1);
    static const uint8_t digest[32] = {1, 2, 3};
    image_add(m, TF_SOURCE_DIGEST, digest, 1, sizeof digest);
    struct tf_span spans[] = {span(TF_S_RULE, 0),      span(TF_S_TAKES, 3),   span(TF_S_TAKES, 3),
                              span(TF_S_OTHERWISE, 4), span(TF_S_AGENT, 1),   span(TF_S_TEAM, 1),
                              span(TF_S_HOURS, 2),     span(TF_S_PROMISE, 0), span(TF_S_ATTR, 10),
                              span(TF_S_CODE, 0),      span(TF_S_CODE, 2),    span(TF_S_RULE_WHEN, 0)};
    image_add(m, TF_SPAN, spans, sizeof *spans, sizeof spans / sizeof *spans);
    m->flags = 0;
}

static struct tf_promise_outcome outcome(unsigned kind, uint32_t first, uint32_t count)
{
    return (struct tf_promise_outcome){to_le32(first), to_le32(count), (uint8_t)kind, 0, {0}};
}

void fuller_sample(struct image *m)
{
    image_sample(m);
    add_people(m);
    add_times(m);
    add_sources(m);
    struct tf_promise_outcome outcomes[] = {outcome(TF_P_NOT_TEAM, L_10, 1), outcome(TF_P_AGENT, L_10, 1),
                                            outcome(TF_P_RULE, L_4, 1), outcome(TF_P_UNASSIGNED, 0, 0)};
    image_add(m, TF_PROMISE_OUTCOME, outcomes, sizeof *outcomes, sizeof outcomes / sizeof *outcomes);
}

static void apply(struct image *m, const struct edit *e)
{
    uint64_t value = e->value;
    if (value >= LAST_STRING) value = image_count(m, TF_STRING_OFFS) - 2 + (value == NO_STRING);
    uint8_t *at = (uint8_t *)image_at(m, e->section, e->record) + e->off;
    for (size_t i = 0; i < e->len; i++) at[i] = (uint8_t)(i < 8 ? value >> 8 * i : 0);
}

void check_image(const struct image *m, const struct table_row *row, int number)
{
    size_t len;
    uint8_t *bytes = image_bytes(m, &len);
    const struct shunt_table *t = NULL;
    struct shunt_table_error error;
    enum shunt_status status = shunt_table_open(bytes, len, NULL, &t, &error);
    if (!row->reason) {
        ck_assert_msg(status == SHUNT_OK, "row %d: section %u record %d: %s", number, error.section,
                      (int)error.record, error.reason);
        shunt_table_close(t);
    } else {
        ck_assert_msg(status == SHUNT_TABLE_DAMAGED, "row %d: it opens", number);
        ck_assert_msg(error.section == row->section && error.record == row->record &&
                          !strcmp(error.reason, row->reason),
                      "row %d: section %u record %d: %s", number, error.section, (int)error.record,
                      error.reason);
    }
    free(bytes);
}

void check_rows(const struct table_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct image m;
        fuller_sample(&m);
        for (size_t e = 0; e < 5 && rows[i].edits[e].len > 0; e++) apply(&m, &rows[i].edits[e]);
        check_image(&m, &rows[i], (int)i);
        image_free(&m);
    }
}
