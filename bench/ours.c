/*
 * The workload in shunt, as bench/peers measures the others: ours DIR RULES TICKETS SECONDS
 *
 * DIR: what bench/drawn wrote for so many rules and tickets. Tickets are set from strings each time, as a
 * program that has parsed them would. Writes DIR/shunt.txt, the place of each ticket's rule or -1, and one
 * line: name, nanoseconds a ticket, tickets timed, milliseconds to compile the policy and open it.
 */
#include "measure.h"
#include "said.h"
#include "ticket.h"

#include <stdio.h>
#include <stdlib.h>

static struct opened compile_file(const char *path, double *took_ns)
{
    struct opened o;
    char *text = NULL;
    size_t len = 0, part;
    FILE *f = fopen(path, "r");
    if (!f) stop(path, "not read");
    do {
        text = need(text, len + 65536);
        part = fread(text + len, 1, 65536, f);
        len += part;
    } while (part > 0);
    fclose(f);
    double from = wall_ns();
    compile_policy_text("policy.yaml", text, len, &o);
    *took_ns = wall_ns() - from;
    free(text);
    return o;
}

static void decide_all(struct shunt_ticket *k, const struct vocabulary *v, const struct drawn_ticket *tickets,
                       uint32_t *rules, uint32_t count)
{
    const struct said_fields none = {SHUNT_NONE, SHUNT_NONE};
    for (uint32_t i = 0; i < count; i++) {
        struct shunt_decision d;
        shunt_ticket_reset(k);
        say_ticket(k, v, &tickets[i], &none, NULL);
        shunt_match(k, &d);
        rules[i] = d.rule;
    }
}

static void write_rules(const char *path, const uint32_t *rules, uint32_t count, uint32_t otherwise)
{
    FILE *f = fopen(path, "w");
    if (!f) stop(path, "not written");
    for (uint32_t i = 0; i < count; i++) fprintf(f, "%d\n", rules[i] == otherwise ? -1 : (int)rules[i]);
    fclose(f);
}

int main(int argc, char **argv)
{
    struct vocabulary v;
    char path[1024];
    double load_ns, took_ns = 0, timed = 0;
    if (argc < 5) stop("ours", "needs a folder, how many rules and tickets, and seconds");
    uint32_t count = (uint32_t)strtoul(argv[3], NULL, 10);
    vocabulary_init(&v);
    struct drawn_ticket *tickets = draw_tickets(&v, count);
    snprintf(path, sizeof path, "%s/policy.yaml", argv[1]);
    struct opened o = compile_file(path, &load_ns);
    struct shunt_ticket *k;
    uint32_t *rules = need(NULL, count * sizeof *rules);
    if (shunt_ticket_new(o.table, NULL, &k) != SHUNT_OK) stop("ticket", "no memory");
    decide_all(k, &v, tickets, rules, count);
    while (took_ns < strtod(argv[4], NULL) * 1e9) {
        double from = wall_ns();
        decide_all(k, &v, tickets, rules, count);
        took_ns += wall_ns() - from;
        timed += count;
    }
    snprintf(path, sizeof path, "%s/shunt.txt", argv[1]);
    write_rules(path, rules, count, sh_otherwise(o.table));
    printf("shunt %.0f %.0f %.1f\n", took_ns / timed, timed, load_ns / 1e6);
    shunt_ticket_free(k);
    opened_release(&o);
    free(rules);
    free(tickets);
    vocabulary_release(&v);
    return EXIT_SUCCESS;
}
