/*
 * Opening a table takes time and room linear in its bytes, whatever records share: operations are counted,
 * not seconds. The runtime is linked in compiled with -fsanitize-coverage=trace-pc, which calls the counter
 * below in each block of the code.
 *
 * Each shape is made at two sizes, the second STEP times the first; what opening does may grow as much as the
 * bytes do.
 */
#include <check.h>
#include <stdlib.h>

#include "../../runtime/table.h"
#include "../unit/image.h"
#include "run_suite.h"

enum { SMALL = 4000, STEP = 4, SLACK_PERCENT = 10 };

static uint64_t ops;
void __sanitizer_cov_trace_pc(void);
void __sanitizer_cov_trace_pc(void)
{
    ops++;
}

/* ---- the shapes: n records that all name one list of n ---- */

#define L to_le32

/* Where the list begins. */
static uint32_t list_of(struct image *m, uint32_t n, bool rises)
{
    uint32_t first = (uint32_t)image_count(m, TF_LIST);
    for (uint32_t i = 0; i < n; i++) image_add(m, TF_LIST, &(le32_t){L(rises ? i : 2).raw}, 4, 1);
    return first;
}

static void labels_to_add(struct image *m, uint32_t n)
{
    struct tf_outcome o = {.add_first = L(list_of(m, n, false)), .add_count = to_le16((uint16_t)n)};
    for (uint32_t i = 0; i < n; i++) image_add(m, TF_OUTCOME, &o, sizeof o, 1);
}

static void members(struct image *m, uint32_t n)
{
    struct tf_agent a = *IMAGE_AT(m, AGENT, struct tf_agent, 1);
    struct tf_team t = *IMAGE_AT(m, TEAM, struct tf_team, 1);
    while (image_count(m, TF_AGENT) < n) image_add(m, TF_AGENT, &a, sizeof a, 1);
    t.member_first = L(list_of(m, n, true));
    t.member_count = L(n);
    for (uint32_t i = 0; i < n; i++) image_add(m, TF_TEAM, &t, sizeof t, 1);
}

static void members_twice(struct image *m, uint32_t n)
{
    members(m, n);
    le32_t *list = image_at(m, TF_LIST, image_count(m, TF_LIST) - 1);
    *list = L(0); /* in the last place of the list: all of it must be known to see that */
}

static void skills(struct image *m, uint32_t n)
{
    struct tf_agent a = *IMAGE_AT(m, AGENT, struct tf_agent, 1);
    le32_t name = *IMAGE_AT(m, SKILL, le32_t, 0);
    while (image_count(m, TF_SKILL) < n) image_add(m, TF_SKILL, &name, sizeof name, 1);
    a.skill_first = L(list_of(m, n, true));
    a.skill_count = L(n);
    for (uint32_t i = 0; i < n; i++) image_add(m, TF_AGENT, &a, sizeof a, 1);
}

static void days_of_a_set(struct image *m, uint32_t n)
{
    struct tf_window_set s = {.first = L((uint32_t)image_count(m, TF_WINDOW)), .dated_count = L(n)};
    for (uint32_t i = 0; i < n; i++) IMAGE_ADD(m, WINDOW, struct tf_range, {L(2 * i), L(2 * i)});
    for (uint32_t i = 0; i < n; i++) image_add(m, TF_WINDOW_SET, &s, sizeof s, 1);
}

static void holidays(struct image *m, uint32_t n)
{
    struct tf_hours h = *IMAGE_AT(m, HOURS, struct tf_hours, 1);
    h.holidays_first = L(list_of(m, n, false));
    h.holidays_count = L(n);
    for (uint32_t i = 0; i < n; i++) image_add(m, TF_HOURS, &h, sizeof h, 1);
}

static void seasons(struct image *m, uint32_t n)
{
    struct tf_hours h = *IMAGE_AT(m, HOURS, struct tf_hours, 1);
    h.season_first = L((uint32_t)image_count(m, TF_SEASON));
    h.season_dated_count = L(n);
    h.season_yearly_count = L(0);
    for (uint32_t i = 0; i < n; i++) IMAGE_ADD(m, SEASON, struct tf_season, {L(2 * i), L(2 * i), L(0)});
    for (uint32_t i = 0; i < n; i++) image_add(m, TF_HOURS, &h, sizeof h, 1);
}

static void steps(struct image *m, uint32_t n)
{
    struct tf_outcome o = *IMAGE_AT(m, OUTCOME, struct tf_outcome, 0);
    struct tf_step s = *IMAGE_AT(m, STEP, struct tf_step, 0);
    o.step_first = L((uint32_t)image_count(m, TF_STEP));
    o.step_count = to_le16((uint16_t)n);
    for (uint32_t i = 0; i < n; i++) image_add(m, TF_STEP, &s, sizeof s, 1);
    for (uint32_t i = 0; i < n; i++) image_add(m, TF_OUTCOME, &o, sizeof o, 1);
}

/* One condition, as deep as may be, again and again. */
static void conditions(struct image *m, uint32_t n)
{
    static const struct tf_unit not_true[] = {UNIT(TF_OP_NOT, 0), UNIT(TF_OP_NOT, 0), UNIT(TF_OP_NOT, 0),
                                              UNIT(TF_OP_NOT, 0), UNIT(TF_OP_TRUE, 0)};
    for (uint32_t i = 0; i < n; i++) image_add(m, TF_CODE, not_true, sizeof *not_true, 5);
}

static void (*const shapes[])(struct image *m, uint32_t n) = {
    labels_to_add, members, members_twice, skills, days_of_a_set, holidays, seasons, steps, conditions};
enum { SHAPES = sizeof shapes / sizeof *shapes };

/* ---- what opening costs ---- */

struct cost {
    double ops, room, len;
    enum shunt_status status;
};

static void *counting_resize(void *ctx, void *block, size_t old_len, size_t new_len)
{
    (void)old_len;
    *(double *)ctx += (double)new_len;
    if (new_len) return realloc(block, new_len);
    free(block);
    return NULL;
}

static struct cost open_shape(int shape, uint32_t n)
{
    struct cost c = {0};
    struct shunt_hooks hooks = {counting_resize, &c.room};
    const struct shunt_table *t = NULL;
    struct image m;
    size_t len;
    image_sample(&m);
    shapes[shape](&m, n);
    uint8_t *bytes = image_bytes(&m, &len);
    c.len = (double)len;
    ops = 0;
    c.status = shunt_table_open(bytes, len, &hooks, &t, NULL);
    c.ops = (double)ops;
    if (t) shunt_table_close(t);
    free(bytes);
    image_free(&m);
    return c;
}

START_TEST(hardening_2_verification_is_linear)
{
    struct cost small = open_shape(_i, SMALL), large = open_shape(_i, SMALL * STEP);
    double grown = large.len / small.len * (100 + SLACK_PERCENT) / 100;
    ck_assert_int_eq(small.status, large.status);
    ck_assert(small.ops > SMALL && (small.status == SHUNT_OK || small.status == SHUNT_TABLE_DAMAGED));
    ck_assert_msg(large.ops <= small.ops * grown, "shape %d: %.0f operations, then %.0f", _i, small.ops,
                  large.ops);
    ck_assert_msg(large.room <= small.room * grown, "shape %d: %.0f bytes, then %.0f", _i, small.room,
                  large.room);
    /* Sanitizers make blocks of their own. */
#ifdef __SANITIZE_ADDRESS__
    const double most = 16;
#else
    const double most = 8;
#endif
    ck_assert_msg(large.ops < most * large.len, "shape %d: %.1f operations a byte", _i, large.ops / large.len);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("linear");
    TCase *t = tcase_create("linear");
    tcase_add_loop_test(t, hardening_2_verification_is_linear, 0, SHAPES);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
