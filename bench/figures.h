/*
 * The figures of the benchmark, and the table that is printed of them: a row for each figure, a column for
 * each size of policy.
 */
#ifndef SHUNT_BENCH_FIGURES_H
#define SHUNT_BENCH_FIGURES_H

#include "measure.h"

/* FIGURE(id, what the row says, decimals). Those of time and size are measured, in this order printed. */
#define FIGURES(FIGURE)                                                                                      \
    FIGURE(FLOOR, "floor: an entry for each atom, ns a ticket", 0)                                           \
    FIGURE(KEPT, "filled once and kept, ns a ticket", 0)                                                     \
    FIGURE(KEPT_PLAIN, "  in portable C", 0)                                                                 \
    FIGURE(BATCH, "looked up once, ns a ticket", 0)                                                          \
    FIGURE(BATCH_PLAIN, "  in portable C", 0)                                                                \
    FIGURE(STRINGS, "from strings, ns a ticket", 0)                                                          \
    FIGURE(ADD, "from strings into a batch, ns a ticket", 0)                                                 \
    FIGURE(SCAN, "plain scan, ns a ticket", 0)                                                               \
    FIGURE(COLD, "looked up once, nothing of the table in the cache", 0)                                     \
    FIGURE(KEPT_RATIO, "  plain scan / kept", 1)                                                             \
    FIGURE(SCAN_RATIO, "  plain scan / looked up once", 1)                                                   \
    FIGURE(FLOOR_RATIO, "  looked up once / floor", 1)                                                       \
    FIGURE(KEPT_GROWTH, "  kept / the same at 1,000 rules", 2)                                               \
    FIGURE(KEPT_PLAIN_GROWTH, "    in portable C", 2)                                                        \
    FIGURE(GROWTH, "  looked up once / the same at 1,000 rules", 2)                                          \
    FIGURE(PLAIN_GROWTH, "    in portable C", 2)                                                             \
    FIGURE(STRINGS_GROWTH, "  from strings / the same at 1,000 rules", 2)                                    \
    FIGURE(COLD_RATIO, "  cold / warm", 1)                                                                   \
    FIGURE(BYTES, "bytes a rule, rule names apart", 1)                                                       \
    FIGURE(BYTES_CODE, "  conditions", 1)                                                                    \
    FIGURE(BYTES_INDEX, "  index", 1)                                                                        \
    FIGURE(BYTES_RULES, "  rules, outcomes, steps", 1)                                                       \
    FIGURE(BYTES_ATOMS, "  atoms and their hash", 1)                                                         \
    FIGURE(BYTES_STRINGS, "  strings but rule names", 1)                                                     \
    FIGURE(BYTES_TEXTS, "  automata", 1)                                                                     \
    FIGURE(BYTES_REST, "  the rest", 1)                                                                      \
    FIGURE(BYTES_NAMES, "rule names, bytes a rule", 1)                                                       \
    FIGURE(EVENTS, "floor: libyaml's events, ms", 2)                                                         \
    FIGURE(COMPILE_YAML, "compile from YAML, ms", 2)                                                         \
    FIGURE(COMPILE_DSL, "compile from the DSL, ms", 2)                                                       \
    FIGURE(YAML_RATIO, "  YAML / events", 2)                                                                 \
    FIGURE(DSL_RATIO, "  DSL / events", 2)                                                                   \
    FIGURE(EVENTS_CLOCK, "floor: libyaml's events, ms by the clock", 2)                                      \
    FIGURE(YAML_CLOCK, "compile from YAML, ms by the clock", 2)                                              \
    FIGURE(CLOCK_RATIO, "  YAML / events, by the clock", 2)                                                  \
    FIGURE(READ, "floor: read() the table, us", 1)                                                           \
    FIGURE(OPEN, "open and verify, us", 1)                                                                   \
    FIGURE(OPEN_RATIO, "  open / read", 1)                                                                   \
    FIGURE(NONE, "tickets that match no rule, %", 1)                                                         \
    FIGURE(PLACE, "mean place of the first match, % of the list", 1)

enum figure_id {
#define FIGURE(id, what, decimals) id,
    FIGURES(FIGURE)
#undef FIGURE
    FIGURE_COUNT
};

struct column {
    uint32_t rule_count;
    struct series series[FIGURE_COUNT];  /* what was measured, round by round */
    struct figure figures[FIGURE_COUNT]; /* median 0: none */
};

/* The bytes of the table's sections, for each rule. The table is stripped. */
void weigh_table(struct column *c, const struct shunt_table *t);
/* With the figures of what was measured, and their ratios: each of one round, whose parts were measured one
 * after the other, so that what the machine does meanwhile is in both. */
void print_columns(const char *title, struct column *columns, size_t count);

#endif
