/*
 * gen: a random policy, or tickets for it, on standard output: the same as test_random draws from the seed.
 * And what test_random_desk draws: a policy for a desk, a log of events, what the slow desk answers to them.
 *
 *     gen --seed N --yaml | --dsl | --tickets K | --answers K
 *     gen --seed N --desk | --desk-dsl | --log K | --decisions K | --route
 *
 * --decisions writes `error LINE` where the program writes an error line. --route writes the options that
 * `shunt route` must be given for them. Holidays' files are not written.
 */
#include "../oracle/desk_oracle.h"
#include "../oracle/oracle.h"
#include "gen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct wanted {
    uint64_t seed;
    const char *what;
    int count;
};

static bool one_of(const char *s, const char *const *list)
{
    for (; *list; list++)
        if (!strcmp(s, *list)) return true;
    return false;
}

static bool read_arguments(int argc, char **argv, struct wanted *w)
{
    static const char *const alone[] = {"--yaml", "--dsl", "--desk", "--desk-dsl", "--route", NULL};
    static const char *const counted[] = {"--tickets", "--answers", "--log", "--decisions", NULL};
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--seed") && i + 1 < argc)
            w->seed = strtoull(argv[++i], NULL, 10);
        else if (one_of(argv[i], alone))
            w->what = argv[i];
        else if (one_of(argv[i], counted) && i + 1 < argc)
            w->what = argv[i], w->count = atoi(argv[++i]);
        else
            return false;
    }
    return true;
}

static void print_tickets(struct gen_pool *pool, const struct wanted *w)
{
    struct draw d;
    draw_init(&d, pool, w->seed);
    if (!strcmp(w->what, "--yaml")) fputs(d.yaml, stdout);
    if (!strcmp(w->what, "--dsl")) fputs(d.dsl, stdout);
    for (int i = 0; i < w->count; i++) {
        const struct g_ticket *t = draw_ticket(&d, i);
        if (!strcmp(w->what, "--tickets"))
            fputs(write_ticket(&d.spelling, d.policy, t), stdout);
        else
            printf("%s\n", oracle_answer(&d.spelling, d.policy, t));
    }
}

static void print_reply(struct oracle_reply r, int line)
{
    fputs(r.due, stdout);
    fputs(r.own, stdout);
    if (r.error) printf("error %d\n", line);
}

static void print_desk(struct gen_pool *pool, const struct wanted *w)
{
    struct g_log log;
    log_init(&log, pool, w->seed);
    struct gen memory = {pool, 0};
    struct oracle_desk *desk = oracle_desk(&memory, log.d.policy, log.seed, log.keep_days);
    if (!strcmp(w->what, "--desk")) fputs(log.d.yaml, stdout);
    if (!strcmp(w->what, "--desk-dsl")) fputs(log.d.dsl, stdout);
    if (!strcmp(w->what, "--route"))
        printf("--virtual-time --seed %llu --keep %d\n", (unsigned long long)log.seed, log.keep_days);
    for (int i = 0; i < w->count; i++) {
        const struct g_event *e = log_event(&log);
        if (!strcmp(w->what, "--log"))
            fputs(write_event(&log, e), stdout);
        else
            print_reply(oracle_desk_event(desk, e), i + 1);
    }
}

int main(int argc, char **argv)
{
    static const char *const of_desk[] = {"--desk", "--desk-dsl", "--route", "--log", "--decisions", NULL};
    struct gen_pool pool = {0};
    struct wanted w = {0, "--yaml", 0};
    if (!read_arguments(argc, argv, &w)) {
        fputs("usage: gen --seed N --yaml | --dsl | --tickets K | --answers K\n"
              "       gen --seed N --desk | --desk-dsl | --log K | --decisions K | --route\n",
              stderr);
        return 2;
    }
    if (one_of(w.what, of_desk))
        print_desk(&pool, &w);
    else
        print_tickets(&pool, &w);
    gen_free(&pool);
    return 0;
}
