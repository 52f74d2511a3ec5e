/*
 * gen: a random policy, or tickets for it, on standard output: the same as test_random draws from the seed.
 *
 *     gen --seed N --yaml | --dsl | --tickets K | --answers K
 */
#include "../oracle/oracle.h"
#include "gen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
    struct gen_pool pool = {0};
    uint64_t seed = 0;
    const char *what = "--yaml";
    int count = 0;
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--seed") && i + 1 < argc)
            seed = strtoull(argv[++i], NULL, 10);
        else if (!strcmp(argv[i], "--yaml") || !strcmp(argv[i], "--dsl"))
            what = argv[i];
        else if ((!strcmp(argv[i], "--tickets") || !strcmp(argv[i], "--answers")) && i + 1 < argc)
            what = argv[i], count = atoi(argv[++i]);
        else {
            fputs("usage: gen --seed N --yaml | --dsl | --tickets K | --answers K\n", stderr);
            return 2;
        }
    }
    struct draw d;
    draw_init(&d, &pool, seed);
    if (!strcmp(what, "--yaml")) fputs(d.yaml, stdout);
    if (!strcmp(what, "--dsl")) fputs(d.dsl, stdout);
    for (int i = 0; i < count; i++) {
        const struct g_ticket *t = draw_ticket(&d, i);
        if (!strcmp(what, "--tickets"))
            fputs(write_ticket(&d.spelling, d.policy, t), stdout);
        else
            printf("%s\n", oracle_answer(&d.spelling, d.policy, t));
    }
    gen_free(&pool);
    return 0;
}
