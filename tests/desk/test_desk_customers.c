/* Whose customer was last assigned to whom (desk.md 4.2), and how many of them are remembered (shunt.h). */
#include "../unit/desk_story.h"
#include "run_suite.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

static const char *const policy =
    "version 1\nagent anna\nagent bo\nagent cy\n"
    "team t { agents anna, bo, cy\n sticky }\nteam u { agents anna, bo, cy\n sticky }\n"
    "rule u { when labels has u\n to u }\notherwise to t\n";

/* Everybody online; so many pairs of a customer and a team are remembered. */
static void open(struct story *s, uint32_t customers_max)
{
    struct shunt_desk_options options = {.keep_days = 30, .customers_max = customers_max};
    struct shunt_hooks hooks;
    story_open(s, policy);
    hooks = failing_hooks(s->memory);
    shunt_desk_free(s->desk);
    ck_assert_int_eq(shunt_desk_new(s->policy.table, &options, &hooks, &s->desk), SHUNT_OK);
    story_run(s, "09:00 online anna\n09:00 online bo\n09:00 online cy\n");
}

START_TEST(desk_4_2_a_customer_goes_where_they_went_in_this_team)
{
    struct story s;
    open(&s, 0);
    story_says(
        &s,
        "09:01 ticket T1 email customer=ann\n09:02 ticket T2 email customer=ben\n09:03 ticket T3 email "
        "customer=ann\n"
        "09:04 ticket T4 email labels=u customer=ben\n09:05 ticket T5 email customer=Ann\n"
        "09:06 ticket T6 email customer=an\n09:07 ticket T7 email customer=annn\n09:08 ticket T8 email\n",
        "T1 assigned team=t agent=anna round-robin\nT2 assigned team=t agent=bo round-robin\n"
        "T3 assigned team=t agent=anna sticky\nT4 assigned team=u agent=anna rule=u round-robin\n"
        "T5 assigned team=t agent=cy round-robin\nT6 assigned team=t agent=anna round-robin\n"
        "T7 assigned team=t agent=bo round-robin\nT8 assigned team=t agent=cy round-robin\n");
    story_close(&s);
}
END_TEST

/* Two pairs: of three customers the one whose last assignment is longest ago is forgotten. */
START_TEST(shunt_h_past_the_most_the_oldest_is_forgotten)
{
    struct story s;
    open(&s, 2);
    story_says(&s,
               "09:01 ticket T1 email customer=a\n09:02 ticket T2 email customer=b\n09:03 ticket T3 email "
               "customer=a\n"
               "09:04 ticket T4 email customer=c\n" /* b is forgotten: a was assigned since */
               "09:05 ticket T5 email customer=a\n09:06 ticket T6 email customer=c\n"
               "09:07 ticket T7 email customer=b\n" /* a is */
               "09:08 ticket T8 email customer=c\n09:09 ticket T9 email customer=b\n09:10 ticket T10 email "
               "customer=a\n",
               "T1 assigned team=t agent=anna round-robin\nT2 assigned team=t agent=bo round-robin\n"
               "T3 assigned team=t agent=anna sticky\nT4 assigned team=t agent=cy round-robin\n"
               "T5 assigned team=t agent=anna sticky\nT6 assigned team=t agent=cy sticky\n"
               "T7 assigned team=t agent=anna round-robin\n"
               "T8 assigned team=t agent=cy sticky\nT9 assigned team=t agent=anna sticky\n"
               "T10 assigned team=t agent=bo round-robin\n");
    story_close(&s);
}
END_TEST

/* One in the middle of the three moves to the end; then the first, then the last. */
START_TEST(shunt_h_in_the_order_of_their_last_assignment)
{
    static const char *const again[] = {"a", "b", "c"};
    static const char *const forgotten[] = {"b", "a", "a"};
    for (int i = 0; i < 3; i++) {
        struct story s;
        char line[64];
        open(&s, 3);
        story_run(&s, "09:01 ticket T1 email customer=a\n09:02 ticket T2 email customer=b\n09:03 ticket T3 "
                      "email customer=c\n");
        snprintf(line, sizeof line, "09:04 ticket T4 email customer=%s\n", again[i]);
        story_run(&s, line);
        story_run(&s, "09:05 ticket T5 email customer=d\n");
        ck_assert_ptr_nonnull(strstr(s.said, "round-robin"));
        for (char customer = 'a'; customer <= 'd'; customer++) {
            if (customer == forgotten[i][0]) continue;
            snprintf(line, sizeof line, "09:06 ticket T6%c email customer=%c\n", customer, customer);
            story_run(&s, line);
            ck_assert_msg(strstr(s.said, "sticky") != NULL, "%s: %s%s", again[i], line, s.said);
        }
        snprintf(line, sizeof line, "09:07 ticket T7 email customer=%s\n", forgotten[i]);
        story_run(&s, line);
        ck_assert_msg(strstr(s.said, "round-robin") != NULL, "%s: %s%s", again[i], line, s.said);
        story_close(&s);
    }
}
END_TEST

/* More steps than a policy mostly has, each due in its turn. */
START_TEST(desk_2_3_ten_steps)
{
    struct story s;
    story_open(&s,
               "version 1\nagent bo\nteam t { agents bo\n assign pull }\nteam u { agents bo\n assign pull }\n"
               "otherwise to t, then u after 1m, then t after 2m, then u after 3m, then t after 4m, then u "
               "after 5m,\n"
               "  then t after 6m, then u after 7m, then t after 8m, then unassigned after 9m\n");
    story_says(&s, "09:00 ticket T1\n09:07 tick\n09:10 tick\n",
               "T1 queued team=t pull\nT1 queued team=u pull step=2\nT1 queued team=t pull step=3\n"
               "T1 queued team=u pull step=4\nT1 queued team=t pull step=5\nT1 queued team=u pull step=6\n"
               "T1 queued team=t pull step=7\nT1 queued team=u pull step=8\nT1 queued team=t pull step=9\n"
               "T1 unassigned no-team step=10\n");
    story_close(&s);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("customers");
    tcase_add_test(t, desk_4_2_a_customer_goes_where_they_went_in_this_team);
    tcase_add_test(t, shunt_h_past_the_most_the_oldest_is_forgotten);
    tcase_add_test(t, shunt_h_in_the_order_of_their_last_assignment);
    tcase_add_test(t, desk_2_3_ten_steps);
    Suite *suite = suite_create("desk_customers");
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
