/* Lines as they come (commands.md 5). */
#include "lines.h"
#include "run_suite.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int ends[2];
static struct lines lines;

static void set_up(void)
{
    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(lines_init(&lines, ends[0]), 0);
}

static void tear_down(void)
{
    lines_release(&lines);
    close(ends[0]);
}

static void say(const char *text)
{
    ck_assert_int_eq(write(ends[1], text, strlen(text)), (ssize_t)strlen(text));
}

static void expect(size_t k, const char *text, uint64_t number)
{
    ck_assert_uint_lt(k, lines.count);
    ck_assert_uint_eq(lines.at[k].len, strlen(text));
    ck_assert_int_eq(memcmp(lines.at[k].p, text, strlen(text)), 0);
    ck_assert_uint_eq(lines.at[k].number, number);
    ck_assert(!lines.at[k].too_long);
}

START_TEST(commands_5_what_is_there_is_given_at_once)
{
    say("one\ntwo\nthr");
    ck_assert_int_eq(lines_next(&lines), 0);
    ck_assert_uint_eq(lines.count, 2);
    expect(0, "one", 1);
    expect(1, "two", 2);
    say("ee\n");
    ck_assert_int_eq(lines_next(&lines), 0);
    ck_assert_uint_eq(lines.count, 1);
    expect(0, "three", 3);
    close(ends[1]);
    ck_assert_int_eq(lines_next(&lines), 0);
    ck_assert_uint_eq(lines.count, 0);
}
END_TEST

START_TEST(another_carries_on_where_one_stopped)
{
    struct lines other;
    ck_assert_int_eq(lines_init(&other, ends[0]), 0);
    say("one\ntw");
    ck_assert_int_eq(lines_next(&lines), 0);
    ck_assert(!lines_are_there(&lines));
    say("o\nthr");
    ck_assert(lines_are_there(&lines));
    lines_carry_on(&other, &lines);
    ck_assert_int_eq(lines_next(&other), 0);
    expect(0, "one", 1);
    ck_assert_uint_eq(other.count, 1);
    ck_assert_uint_eq(other.at[0].number, 2);
    ck_assert_int_eq(memcmp(other.at[0].p, "two", 3), 0);
    close(ends[1]);
    lines_carry_on(&lines, &other);
    ck_assert_int_eq(lines_next(&lines), 0);
    expect(0, "thr", 3);
    ck_assert(lines_at_end(&lines));
    ck_assert(lines_are_there(&lines));
    lines_release(&other);
}
END_TEST

/* desk.md 1.5 wakes while it waits. */
START_TEST(desk_1_5_a_wait_ends_without_a_whole_line)
{
    ck_assert_int_eq(lines_next_within(&lines, 0), 0);
    ck_assert_uint_eq(lines.count, 0);
    ck_assert(!lines_at_end(&lines));
    say("on");
    ck_assert_int_eq(lines_next_within(&lines, -1), 0);
    ck_assert_uint_eq(lines.count, 0);
    ck_assert(!lines_at_end(&lines));
    say("e\ntwo");
    ck_assert_int_eq(lines_next_within(&lines, 60000), 0);
    ck_assert_uint_eq(lines.count, 1);
    expect(0, "one", 1);
    close(ends[1]);
    ck_assert_int_eq(lines_next_within(&lines, -1), 0);
    ck_assert_uint_eq(lines.count, 1);
    expect(0, "two", 2);
    ck_assert(lines_at_end(&lines));
}
END_TEST

START_TEST(desk_7_3_blank_lines_are_counted_and_skipped)
{
    say("\n \t\r\none\r\n\r\n\ntwo");
    close(ends[1]);
    ck_assert_int_eq(lines_next(&lines), 0);
    ck_assert_uint_eq(lines.count, 1);
    expect(0, "one", 3);
    ck_assert_int_eq(lines_next(&lines), 0);
    expect(0, "two", 6);
    ck_assert_int_eq(lines_next(&lines), 0);
    ck_assert_uint_eq(lines.count, 0);
}
END_TEST

/* A child writes `len` bytes and a line's end of each kind, then a short line. */
static void write_long(size_t len, const char *end)
{
    if (fork() == 0) {
        char *block = malloc(len);
        memset(block, 'x', len);
        for (size_t done = 0; done < len;) {
            ssize_t n = write(ends[1], block + done, len - done);
            if (n < 0) _exit(1);
            done += (size_t)n;
        }
        _exit(write(ends[1], end, strlen(end)) < 0 || write(ends[1], "next\n", 5) < 0);
    }
    close(ends[1]);
}

/* The next line, over as many calls as it takes. */
static struct line next_line(size_t *k)
{
    while (*k == lines.count) {
        ck_assert_int_eq(lines_next(&lines), 0);
        ck_assert_uint_gt(lines.count, 0);
        *k = 0;
    }
    return lines.at[(*k)++];
}

static const struct {
    size_t len;
    const char *end;
    bool too_long;
} long_cases[] = {
    {LINE_LEN_MAX, "\n", false},      {LINE_LEN_MAX, "\r\n", false},  {LINE_LEN_MAX + 1, "\n", true},
    {LINE_LEN_MAX + 1, "\r\n", true}, {LINE_LEN_MAX * 5, "\n", true}, {LINE_LEN_MAX * 9 + 17, "\n", true},
};

START_TEST(commands_5_a_line_past_1_mib_is_given_once_as_too_long)
{
    write_long(long_cases[_i].len, long_cases[_i].end);
    size_t k = 0;
    struct line first = next_line(&k);
    ck_assert_uint_eq(first.number, 1);
    ck_assert_int_eq(first.too_long, long_cases[_i].too_long);
    if (!first.too_long) ck_assert_uint_eq(first.len, long_cases[_i].len);
    struct line second = next_line(&k);
    ck_assert_uint_eq(second.number, 2);
    ck_assert_uint_eq(second.len, 4);
    ck_assert(!second.too_long);
}
END_TEST

START_TEST(a_long_line_without_an_end_is_given_too)
{
    write_long(LINE_LEN_MAX * 2, "");
    size_t k = 0;
    struct line first = next_line(&k);
    ck_assert(first.too_long);
    ck_assert_int_eq(lines_next(&lines), 0);
    ck_assert_uint_eq(lines.count, 0);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("lines");
    TCase *t = tcase_create("lines");
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, commands_5_what_is_there_is_given_at_once);
    tcase_add_test(t, another_carries_on_where_one_stopped);
    tcase_add_test(t, desk_1_5_a_wait_ends_without_a_whole_line);
    tcase_add_test(t, desk_7_3_blank_lines_are_counted_and_skipped);
    tcase_add_loop_test(t, commands_5_a_line_past_1_mib_is_given_once_as_too_long, 0,
                        sizeof long_cases / sizeof *long_cases);
    tcase_add_test(t, a_long_line_without_an_end_is_given_too);
    suite_add_tcase(s, t);
    return run_suite(s);
}
