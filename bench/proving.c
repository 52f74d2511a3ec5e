/*
 * The benchmark of proving: what `prove` and `diff` ask of a policy, as the library is asked, for policies of
 * 100, 1,000 and 10,000 drawn rules, and for any policies that are named.
 *
 *   proving [quick] [POLICY...]
 *
 * Beside each time stands the floor: what the solver itself took of it, from the call to its answer, and how
 * often it was called. The rest is what puts questions to it: conditions as gates, clauses, tickets run
 * through the matcher. Figures are medians of rounds. README.md says how to read them.
 */
#include "measure.h"
#include "proof/proof.h"
#include "workload.h"

#include <ccadical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 5, DRAWN_TICKETS = 10000, POLICIES_MAX = 8 };

/* ---- the floor: the solver's own time. The linker puts these calls here (--wrap) ---- */

static double solver_ns;
static uint64_t solver_calls;

int __real_ccadical_solve(CCaDiCaL *solver);
int __wrap_ccadical_solve(CCaDiCaL *solver);

int __wrap_ccadical_solve(CCaDiCaL *solver)
{
    double from = cpu_ns();
    int answer = __real_ccadical_solve(solver);
    solver_ns += cpu_ns() - from;
    solver_calls++;
    return answer;
}

/* ---- what is asked ---- */

/* A policy, and the same with a rule changed. */
struct policy {
    const char *name;
    struct opened o, to, when; /* `to`: a rule leads elsewhere; `when`: it asks for one thing more */
    bool changed;              /* those two are there */
};

enum row { ROW_SPACE, ROW_REACH, ROW_PARTS, ROW_GAPS, ROW_SAME, ROW_TO, ROW_WHEN, ROW_COUNT };
static const char *const row_names[ROW_COUNT] = {
    "conditions as gates",
    "prove: rules that can never decide",
    "prove: the same, and parts of conditions",
    "prove: gaps",
    "diff: the policy and itself",
    "diff: one rule leads elsewhere",
    "diff: one rule asks for one thing more",
};
struct cell {
    struct series ms, floor_ms;
    uint64_t calls, found;
};

struct question {
    enum row row;
    const struct policy *p;
    struct arena *a;
    struct cell *cell;
};

static void count_finding(void *ctx, const struct finding *f)
{
    ((struct cell *)ctx)->found += f->kind != FINDING_UNDECIDED;
    if (f->kind == FINDING_UNDECIDED) stop("a question", "was left open");
}

static void count_difference(void *ctx, const struct difference *d)
{
    ((struct cell *)ctx)->found++;
    if (!d->ticket) stop("a pair of rules", "was left open");
}

static void ask_difference(struct question *q, const struct opened *changed, struct proof_budget *budget)
{
    const struct shunt_table *tables[] = {q->p->o.table, changed->table};
    diff_decisions(space_new(q->a, tables, 2, false), false, budget, count_difference, q->cell);
}

static void ask_thunk(void *ctx)
{
    struct question *q = ctx;
    struct proof_budget budget = {.given = PROOF_BUDGET_DEFAULT, .left = PROOF_BUDGET_DEFAULT};
    if (q->row == ROW_SAME || q->row == ROW_TO || q->row == ROW_WHEN) {
        const struct policy *p = q->p;
        ask_difference(q, q->row == ROW_SAME ? &p->o : q->row == ROW_TO ? &p->to : &p->when, &budget);
        return;
    }
    struct space *s = space_new(q->a, &q->p->o.table, 1, false);
    switch (q->row) {
    case ROW_REACH: prove_reach(s, &budget, REACH_RULES, count_finding, q->cell); break;
    case ROW_PARTS: prove_reach(s, &budget, REACH_RULES | REACH_PARTS, count_finding, q->cell); break;
    case ROW_GAPS: prove_gaps(s, &budget, count_finding, q->cell); break;
    default:
        for (uint32_t i = 0; i < s->of[0].view.RULE.count; i++) (void)space_rule(s, 0, i);
    }
}

static void round_of(const struct policy *p, enum row row, struct cell *cell)
{
    struct question q = {row, p, arena_new(), cell};
    if (!q.a) stop("memory", "is out");
    cell->found = solver_calls = 0;
    solver_ns = 0;
    double from = cpu_ns();
    if (!arena_try(q.a, ask_thunk, &q)) stop("memory", "is out");
    arena_free(q.a);
    series_add(&cell->ms, (cpu_ns() - from) / 1e6);
    series_add(&cell->floor_ms, solver_ns / 1e6);
    cell->calls = solver_calls;
}

/* ---- policies ---- */

static void compile_text(const char *name, const char *text, size_t len, struct opened *o)
{
    compile_policy_text(name, text, len, o);
    if (!o->table) stop(name, "does not compile");
}

/* The policy with `with` where `what` first stands from `line` on. */
static void compile_changed(const char *text, size_t len, const char *line, const char *what,
                            const char *with, struct opened *o)
{
    const char *at = strstr(line, what);
    size_t what_len = strlen(what), with_len = strlen(with), before = (size_t)(at - text);
    char *changed = need(NULL, len + with_len);
    memcpy(changed, text, before);
    memcpy(changed + before, with, with_len);
    memcpy(changed + before + with_len, at + what_len, len - before - what_len);
    compile_text("bench.yaml", changed, len - what_len + with_len, o);
    free(changed);
}

/* The rule, from the middle on, that is the first to decide one of the tickets. */
static uint32_t middle_rule(const struct workload *w, const struct drawn_ticket *tickets)
{
    uint32_t *first = need(NULL, DRAWN_TICKETS * sizeof *first), found = NO_RULE;
    first_matches(w, tickets, DRAWN_TICKETS, first);
    for (uint32_t i = 0; i < DRAWN_TICKETS; i++)
        if (first[i] >= w->rule_count / 2 && first[i] < found) found = first[i];
    if (found == NO_RULE) stop("a rule that decides", "was not drawn");
    free(first);
    return found;
}

static void draw_policy(struct policy *p, const struct vocabulary *v, const struct drawn_ticket *tickets,
                        uint32_t rules)
{
    struct workload w;
    char *text = NULL;
    size_t len = 0;
    workload_draw(&w, v, rules, false, tickets);
    FILE *f = open_memstream(&text, &len);
    if (!f) stop("memory", "is out");
    write_yaml(f, &w);
    fclose(f);
    char *name = need(NULL, 32);
    snprintf(name, 32, "%u drawn rules", rules);
    *p = (struct policy){.name = name, .changed = true};
    compile_text("bench.yaml", text, len, &p->o);
    uint32_t rule = middle_rule(&w, tickets);
    char line[32], to[32];
    snprintf(line, sizeof line, "{rule: r%u,", rule);
    snprintf(to, sizeof to, "to: team-%u}", w.rules[rule].team);
    compile_changed(text, len, strstr(text, line), to, "to: unassigned}", &p->to);
    compile_changed(text, len, strstr(text, line), "when: '", "when: 'channel == phone and ", &p->when);
    free(text);
    workload_release(&w);
}

/* The same of a policy as it is written by hand: the first `match` and `to` behind the middle, if it has
 * them. */
static void change_policy(struct policy *p, const char *text, size_t len)
{
    const char *match = strstr(text + len / 2, "match: {"), *to = match ? strstr(match, "\n    to: ") : NULL;
    char line[256];
    if (!to || sscanf(to + 1, "%255[^\n]", line) != 1) return;
    compile_changed(text, len, to, line, "    to: unassigned", &p->to);
    compile_changed(text, len, match, "match: {", "match: {priority: urgent, ", &p->when);
    p->changed = true;
}

static void read_policy(struct policy *p, const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f) stop(path, "cannot be read");
    char *text = NULL;
    size_t len = 0, got;
    do {
        text = need(text, len + (1 << 16) + 1);
        got = fread(text + len, 1, 1 << 16, f);
        len += got;
    } while (got);
    text[len] = 0;
    fclose(f);
    *p = (struct policy){.name = path};
    compile_text("bench.yaml", text, len, &p->o);
    change_policy(p, text, len);
    free(text);
}

/* ---- printing ---- */

static void print_row(enum row row, const struct cell *c)
{
    struct figure ms = series_figure(&c->ms), floor_ms = series_figure(&c->floor_ms);
    printf("  %-42s %10.1f +-%-3.0f%% %10.1f %9llu %9llu\n", row_names[row], ms.median, ms.spread * 100,
           floor_ms.median, (unsigned long long)c->calls, (unsigned long long)c->found);
}

static void measure_policy(const struct policy *p, int rounds)
{
    static struct cell cells[ROW_COUNT];
    memset(cells, 0, sizeof cells);
    for (int i = 0; i < rounds; i++)
        for (int row = 0; row < ROW_COUNT; row++)
            if (p->changed || row < ROW_TO) round_of(p, (enum row)row, &cells[row]);
    printf("\n%s: %-*s %13s %16s %9s %9s\n", p->name, (int)(42 - strlen(p->name)), "", "ms", "solver's ms",
           "calls", "findings");
    for (int row = 0; row < ROW_COUNT; row++)
        if (cells[row].ms.count) print_row((enum row)row, &cells[row]);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    static const uint32_t sizes[] = {100, 1000, 10000};
    bool quick = argc > 1 && strcmp(argv[1], "quick") == 0;
    struct vocabulary v;
    vocabulary_init(&v);
    struct drawn_ticket *tickets = draw_tickets(&v, DRAWN_TICKETS);
    printf("proving: what the solver is asked, and its own time as the floor\n");
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes - quick; i++) {
        struct policy p;
        draw_policy(&p, &v, tickets, sizes[i]);
        measure_policy(&p, quick ? 1 : ROUNDS);
    }
    for (int i = 1 + quick; i < argc; i++) {
        struct policy p;
        read_policy(&p, argv[i]);
        measure_policy(&p, quick ? 1 : ROUNDS);
    }
    free(tickets);
    vocabulary_release(&v);
    return 0;
}
