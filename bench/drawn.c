/*
 * The workload as files, for other programs: drawn DIR RULES TICKETS
 *
 * DIR/policy.yaml, policy.shunt, neutral.json (the rules alone), tickets.ndjson, and expected.txt: for each
 * ticket the place of the rule that must decide it, or -1.
 */
#include "measure.h"
#include "workload.h"

#include <stdio.h>
#include <stdlib.h>

static FILE *file_new(const char *folder, const char *name)
{
    char path[1024];
    if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path) stop(folder, "too long");
    FILE *f = fopen(path, "w");
    if (!f) stop(path, "not written");
    return f;
}

static void write_rules(const struct workload *w, const char *folder, const char *name,
                        void (*write)(FILE *, const struct workload *))
{
    FILE *f = file_new(folder, name);
    write(f, w);
    fclose(f);
}

static void write_expected(const struct workload *w, const char *folder, const struct drawn_ticket *tickets,
                           uint32_t count)
{
    uint32_t *first = need(NULL, count * sizeof *first);
    FILE *f = file_new(folder, "expected.txt");
    first_matches(w, tickets, count, first);
    for (uint32_t i = 0; i < count; i++) fprintf(f, "%d\n", first[i] == NO_RULE ? -1 : (int)first[i]);
    fclose(f);
    free(first);
}

int main(int argc, char **argv)
{
    struct vocabulary v;
    struct workload w;
    if (argc < 4) stop("drawn", "needs a folder, and how many rules and tickets");
    uint32_t rules = (uint32_t)strtoul(argv[2], NULL, 10), count = (uint32_t)strtoul(argv[3], NULL, 10);
    vocabulary_init(&v);
    struct drawn_ticket *tickets = draw_tickets(&v, count > SAMPLE_COUNT ? count : SAMPLE_COUNT);
    workload_draw(&w, &v, rules, false, tickets);
    write_rules(&w, argv[1], "policy.yaml", write_yaml);
    write_rules(&w, argv[1], "policy.shunt", write_dsl);
    write_rules(&w, argv[1], "neutral.json", write_neutral);
    write_expected(&w, argv[1], tickets, count);
    FILE *f = file_new(argv[1], "tickets.ndjson");
    for (uint32_t i = 0; i < count; i++) write_ticket(f, &v, &tickets[i], i);
    fclose(f);
    free(tickets);
    workload_release(&w);
    vocabulary_release(&v);
    return EXIT_SUCCESS;
}
