/*
 * The benchmark of the program: `shunt match` and `shunt route` against the parsing of their lines alone,
 * what an empty run costs, and what compiling needs of memory.
 *
 *   whole BUILD [quick]     where shunt and the benchmark's programs are; files go to BUILD/bench/files
 *
 * Programs are started in turn, all in each round; times are those of the clock on the wall, from the start
 * to the end of the program.
 */
#define _GNU_SOURCE /* wait4 */
#include "measure.h"
#include "workload.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROUNDS = 7, JOBS_ROUNDS = 15, SMALL_ROUNDS = 60, PATH_LEN = 512, ARGS_MAX = 8 };

extern char **environ;

static uint32_t ticket_count = 100000, large_count = 100000;
static char build[PATH_LEN / 2];

/* ---- other programs ---- */

struct run {
    char *argv[ARGS_MAX];
    char paths[ARGS_MAX][PATH_LEN];
    pid_t pid;
    double began_ns, cpu_ns, wall_ns;
    struct rusage used;
};

/* A word, or where it holds a slash, a file below the build. */
static void run_add(struct run *r, const char *word)
{
    int i = 0;
    while (r->argv[i]) i++;
    if (i + 1 >= ARGS_MAX) stop(word, "one argument too many");
    snprintf(r->paths[i], PATH_LEN, "%s%s", word[0] == '/' ? build : "", word);
    r->argv[i] = r->paths[i];
}

static double ns_of(struct timeval t)
{
    return (double)t.tv_sec * 1e9 + (double)t.tv_usec * 1e3;
}

/* With no output. */
static void run_start(struct run *r)
{
    posix_spawn_file_actions_t to_nowhere;
    if (posix_spawn_file_actions_init(&to_nowhere)) stop(r->argv[0], "no memory");
    posix_spawn_file_actions_addopen(&to_nowhere, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&to_nowhere, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    r->began_ns = wall_ns();
    int error = posix_spawn(&r->pid, r->argv[0], &to_nowhere, NULL, r->argv, environ);
    if (error) stop(r->argv[0], strerror(error));
    posix_spawn_file_actions_destroy(&to_nowhere);
}

/* Waits for the program, which must end well. */
static void run_end(struct run *r)
{
    int status;
    if (wait4(r->pid, &status, 0, &r->used) != r->pid || status != 0) stop(r->argv[0], "it failed");
    r->wall_ns = wall_ns() - r->began_ns;
    r->cpu_ns = ns_of(r->used.ru_utime) + ns_of(r->used.ru_stime);
}

/* The processor's time. */
static double run_it(struct run *r)
{
    run_start(r);
    run_end(r);
    return r->cpu_ns;
}

/* Two programs at once: by the clock, until both have ended. */
static double run_both(struct run *a, struct run *b)
{
    run_start(a);
    run_start(b);
    run_end(a);
    run_end(b);
    return wall_ns() - a->began_ns;
}

/* Words parted by spaces. */
static void run_init(struct run *r, const char *words)
{
    char copy[PATH_LEN], *rest = copy;
    memset(r->argv, 0, sizeof r->argv);
    snprintf(copy, sizeof copy, "%s", words);
    for (char *word; (word = strtok_r(rest, " ", &rest));) run_add(r, word);
}

static void run_once(const char *words)
{
    static struct run r;
    run_init(&r, words);
    run_it(&r);
}

/* ---- files ---- */

static FILE *file_new(const char *name)
{
    char path[PATH_LEN];
    snprintf(path, sizeof path, "%s%s", build, name);
    FILE *f = fopen(path, "w");
    if (!f) stop(path, strerror(errno));
    return f;
}

static double file_len(const char *name)
{
    char path[PATH_LEN];
    struct stat s;
    snprintf(path, sizeof path, "%s%s", build, name);
    if (stat(path, &s)) stop(path, strerror(errno));
    return (double)s.st_size;
}

static void write_policy(const char *yaml, const char *dsl, const struct vocabulary *v, uint32_t rules,
                         const struct drawn_ticket *tickets)
{
    struct workload w;
    workload_draw(&w, v, rules, false, tickets);
    FILE *f = file_new(yaml), *g = file_new(dsl);
    write_yaml(f, &w);
    write_dsl(g, &w);
    fclose(f);
    fclose(g);
    workload_release(&w);
}

static void write_tickets(const char *name, const struct vocabulary *v, const struct drawn_ticket *tickets,
                          uint32_t from, uint32_t to)
{
    FILE *f = file_new(name);
    for (uint32_t i = from; i < to; i++) write_ticket(f, v, &tickets[i], i);
    fclose(f);
}

static void write_files(void)
{
    char path[PATH_LEN];
    struct vocabulary v;
    snprintf(path, sizeof path, "%s/bench/files", build);
    if (mkdir(path, 0777) && errno != EEXIST) stop(path, strerror(errno));
    vocabulary_init(&v);
    struct drawn_ticket *tickets = draw_tickets(&v, ticket_count);
    write_tickets("/bench/files/tickets.ndjson", &v, tickets, 0, ticket_count);
    write_tickets("/bench/files/half.ndjson", &v, tickets, 0, ticket_count / 2);
    write_tickets("/bench/files/other_half.ndjson", &v, tickets, ticket_count / 2, ticket_count);
    write_tickets("/bench/files/one.ndjson", &v, tickets, 0, 1);
    write_policy("/bench/files/small.yaml", "/bench/files/small.shunt", &v, 10, tickets);
    write_policy("/bench/files/middle.yaml", "/bench/files/middle.shunt", &v, 1000, tickets);
    write_policy("/bench/files/large.yaml", "/bench/files/large.shunt", &v, large_count, tickets);
    free(tickets);
    vocabulary_release(&v);
}

/* ---- figures ---- */

static void print_row(const char *what, const struct series *s, double unit, const char *unit_name,
                      const struct series *over, const char *over_name)
{
    struct series ratios = {.count = 0};
    struct figure f = series_figure(s);
    printf("%-52s %10.2f %s +-%.0f%%", what, f.median / unit, unit_name, f.spread * 100);
    for (int i = 0; over && i < s->count; i++) series_add(&ratios, s->at[i] / over->at[i]);
    if (over) printf("   %.2f of %s", series_figure(&ratios).median, over_name);
    printf("\n");
    fflush(stdout);
}

static void bench_lines(void)
{
    static const char *const commands[] = {
        "/bench/json_floor /bench/files/tickets.ndjson",
        "/shunt match --jobs 1 /bench/files/middle.table /bench/files/tickets.ndjson",
        "/shunt route /bench/files/middle.table /bench/files/tickets.ndjson",
        "/bench/json_floor /bench/files/tickets.ndjson blocks",
    };
    static struct run runs[4];
    struct series s[4] = {{.count = 0}};
    run_once("/shunt compile --strip --quiet /bench/files/middle.yaml -o /bench/files/middle.table");
    for (int i = 0; i < 4; i++) run_init(&runs[i], commands[i]);
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < 4; i++) series_add(&s[i], run_it(&runs[i]));
    }
    double unit = 1e3 * ticket_count;
    print_row("floor: simdjson's DOM of the lines, nothing done", &s[0], unit, "us a line", NULL, NULL);
    print_row("the same, not loaded whole but read in blocks", &s[3], unit, "us a line", NULL, NULL);
    print_row("shunt match, 1,000 rules, one job", &s[1], unit, "us a line", &s[0], "the floor");
    print_row("  the same", &s[1], unit, "us a line", &s[3], "lines read in blocks");
    print_row("shunt route, tickets that wait", &s[2], unit, "us a line", &s[0], "the floor");
    print_row("  the same", &s[2], unit, "us a line", &s[3], "lines read in blocks");
}

/* By the clock. What two jobs can come to is what two programs at once take, each with half of the lines: two
 * processors are seldom twice one, and threads of one core are far from it. */
static void bench_jobs(void)
{
    static struct run one, two, half, other_half;
    struct series s[3] = {{.count = 0}};
    run_init(&one, "/shunt match --jobs 1 /bench/files/middle.table /bench/files/tickets.ndjson");
    run_init(&two, "/shunt match --jobs 2 /bench/files/middle.table /bench/files/tickets.ndjson");
    run_init(&half, "/shunt match --jobs 1 /bench/files/middle.table /bench/files/half.ndjson");
    run_init(&other_half, "/shunt match --jobs 1 /bench/files/middle.table /bench/files/other_half.ndjson");
    for (int round = 0; round < JOBS_ROUNDS; round++) {
        run_it(&one);
        run_it(&two);
        series_add(&s[0], one.wall_ns);
        series_add(&s[1], run_both(&half, &other_half));
        series_add(&s[2], two.wall_ns);
    }
    double unit = 1e3 * ticket_count;
    print_row("shunt match by the clock, one job", &s[0], unit, "us a line", NULL, NULL);
    print_row("floor: two programs at once, half of the lines each", &s[1], unit, "us a line", &s[0],
              "one job");
    print_row("shunt match by the clock, two jobs", &s[2], unit, "us a line", &s[0], "one job");
    print_row("  the same", &s[2], unit, "us a line", &s[1], "the floor");
}

static void bench_empty(void)
{
    static struct run empty, match;
    struct series s[2] = {{.count = 0}};
    run_once("/shunt compile --strip --quiet /bench/files/small.yaml -o /bench/files/small.table");
    run_init(&empty, "/bench/empty");
    run_init(&match, "/shunt match /bench/files/small.table /bench/files/one.ndjson");
    for (int i = 0; i < SMALL_ROUNDS; i++) {
        series_add(&s[0], run_it(&empty));
        series_add(&s[1], run_it(&match));
    }
    print_row("floor: an empty program", &s[0], 1e6, "ms", NULL, NULL);
    print_row("shunt match of one ticket, a table of 10 rules", &s[1], 1e6, "ms", &s[0], "an empty program");
}

static void bench_memory(const char *spelling, const char *file)
{
    static struct run compile;
    struct series s = {.count = 0};
    char what[PATH_LEN];
    snprintf(what, sizeof what, "/shunt compile --strip --quiet %s -o /bench/files/large.table", file);
    run_init(&compile, what);
    for (int i = 0; i < 3; i++) series_add(&s, run_it(&compile));
    snprintf(what, sizeof what, "shunt compile, %u rules, %s", large_count, spelling);
    print_row(what, &s, 1e6, "ms", NULL, NULL);
    printf("%-52s %10.2f of the file's %.1f MB\n", "  memory at most",
           (double)compile.used.ru_maxrss * 1024 / file_len(file), file_len(file) / 1e6);
}

int main(int argc, char **argv)
{
    if (argc < 2 || strlen(argv[1]) >= sizeof build) stop("whole", "needs the folder of the build");
    strcpy(build, argv[1]);
    if (argc > 2) ticket_count = 20000, large_count = 10000;
    write_files();
    printf("\nwhole programs, %u lines\n", ticket_count);
    bench_lines();
    bench_jobs();
    bench_empty();
    bench_memory("YAML", "/bench/files/large.yaml");
    bench_memory("DSL", "/bench/files/large.shunt");
    return EXIT_SUCCESS;
}
