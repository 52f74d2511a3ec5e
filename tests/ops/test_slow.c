/*
 * Inputs made to be slow cost no more than near-linear time and memory, whatever the machine: operations are
 * counted (count.c), not seconds. Each case (slow_*.def) is written at two sizes, one SLOW_STEP times the
 * other, and the program run on both: what it does may grow by that factor and SLACK_PERCENT of it, for the
 * logarithms of sorting.
 *
 * SLOW_SHOW=1 prints a line for each run; `make slow` does.
 */
#include "run_suite.h"
#include "slow.h"

#include <check.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SLACK_PERCENT = 30, MEMORY_SLACK_PERCENT = 100, ARGS_MAX = 16 };

struct cost {
    unsigned long long ops;
    size_t peak;
    int status;
};

static char counting[4096], dir[64];

/* ---- the input ---- */

static void write_part(const struct slow_part *p, uint32_t n)
{
    if (p->write) {
        p->write(p->file, n);
        return;
    }
    FILE *f = fopen(p->file, "a");
    ck_assert_ptr_nonnull(f);
    if (p->head) fputs(p->head, f);
    for (uint32_t i = 0; p->body && i < n; i++) fprintf(f, p->body, i, i, i, i, i, i);
    if (p->tail) fputs(p->tail, f);
    fclose(f);
}

/* Goes into a new folder that holds it, and gives its length. */
static size_t write_case(const struct slow *s, uint32_t n)
{
    size_t len = 0;
    struct stat st;
    strcpy(dir, "/tmp/shunt-slow-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(dir));
    ck_assert_int_eq(chdir(dir), 0);
    for (int i = 0; i < SLOW_PARTS && s->parts[i].file; i++) write_part(&s->parts[i], n);
    for (int i = 0; i < SLOW_PARTS && s->parts[i].file; i++) {
        bool again = i > 0 && !strcmp(s->parts[i].file, s->parts[i - 1].file);
        if (!again && stat(s->parts[i].file, &st) == 0) len += (size_t)st.st_size;
    }
    return len;
}

static void remove_case(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", dir);
    ck_assert_int_eq(chdir("/"), 0);
    ck_assert_int_eq(system(command), 0);
}

/* ---- a run ---- */

static void run_child(char *line)
{
    char *args[ARGS_MAX + 1], *rest = line;
    int count = 0;
    args[count++] = counting;
    while (count < ARGS_MAX && (args[count] = strtok_r(NULL, " ", &rest))) count++;
    args[count] = NULL;
    personality(ADDR_NO_RANDOMIZE); /* what hangs on addresses hangs on the same ones */
    if (!freopen("/dev/null", "w", stdout) || !freopen("said", "w", stderr)) _exit(125);
    setenv("SHUNT_OPS", "ops", 1);
    execv(counting, args);
    _exit(126);
}

static struct cost run(const char *args)
{
    struct cost c = {0};
    char line[256];
    int status;
    snprintf(line, sizeof line, "%s", args);
    fflush(NULL);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) run_child(line);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    c.status = WIFEXITED(status) ? WEXITSTATUS(status) : 256 + status;
    FILE *f = fopen("ops", "r");
    ck_assert_msg(f && fscanf(f, "%llu %zu", &c.ops, &c.peak) == 2, "%s: nothing was counted, status %d",
                  args, c.status);
    fclose(f);
    return c;
}

/* ---- the test ---- */

enum { RUNS_MAX = 8 };

static int run_all(const struct slow *s, struct cost *costs, const char **lines)
{
    static char text[1024];
    char *rest = text;
    int count = 0;
    snprintf(text, sizeof text, "%s", s->runs);
    while (count < RUNS_MAX && (lines[count] = strtok_r(NULL, "\n", &rest))) {
        costs[count] = run(lines[count] + 2);
        ck_assert_msg(costs[count].status == lines[count][0] - '0', "%s: %s: status %d", s->name,
                      lines[count], costs[count].status);
        count++;
    }
    return count;
}

static bool near_linear(double small, double large, int slack)
{
    return large <= small * SLOW_STEP * (100 + slack) / 100;
}

START_TEST(hardening_4_inputs_made_to_be_slow)
{
    const struct slow *s = &slow_cases[_i];
    const char *lines[RUNS_MAX];
    struct cost small[RUNS_MAX], large[RUNS_MAX];
    bool fine = true;
    write_case(s, s->n);
    run_all(s, small, lines);
    remove_case();
    size_t len = write_case(s, s->n * SLOW_STEP);
    int count = run_all(s, large, lines);
    for (int i = 0; i < count; i++) {
        bool ops = near_linear((double)small[i].ops, (double)large[i].ops, SLACK_PERCENT),
             memory = near_linear((double)small[i].peak, (double)large[i].peak, MEMORY_SLACK_PERCENT);
        if (getenv("SLOW_SHOW") || !ops || !memory)
            printf("%-44s %-34s %8zu kB %9.1f Mops %6.0f ops/B %5.1f%s %6.1f B/B %5.1f%s\n", s->name,
                   lines[i] + 2, len / 1000, (double)large[i].ops / 1e6, (double)large[i].ops / (double)len,
                   (double)large[i].ops / (double)small[i].ops, ops ? "" : "!",
                   (double)large[i].peak / (double)len, (double)large[i].peak / (double)small[i].peak,
                   memory ? "" : "!");
        fine &= ops && memory;
    }
    remove_case();
    fflush(stdout);
    ck_assert_msg(fine, "%s: more than near-linear", s->name);
}
END_TEST

int main(void)
{
    const char *shunt = getenv("SHUNT"), *only = getenv("SLOW_ONLY");
    if (!shunt) return puts("SHUNT says where the program is"), 1;
    snprintf(counting, sizeof counting, "%s", shunt);
    char *slash = strrchr(counting, '/');
    if (!slash) return puts("SHUNT is a path"), 1;
    strcpy(slash, "/ops/counting");
    if (access(counting, X_OK) != 0) return printf("%s is not there\n", counting), 1;
    Suite *s = suite_create("slow");
    TCase *t = tcase_create("near-linear");
    tcase_set_timeout(t, 1200); /* a million timers, on a busy machine */
    for (uint32_t i = 0; i < slow_case_count; i++)
        if (!only || strstr(slow_cases[i].name, only))
            tcase_add_loop_test(t, hardening_4_inputs_made_to_be_slow, (int)i, (int)i + 1);
    suite_add_tcase(s, t);
    return run_suite(s);
}
