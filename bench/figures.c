/* Columns of figures to a printed table: see figures.h. */
#include "figures.h"
#include "table.h"

#include <stdio.h>
#include <string.h>

/* ---- what a table weighs ---- */

/* Which row a section belongs to, by how its name begins. */
static enum figure_id row_of(const char *section)
{
    static const struct {
        const char *begins;
        enum figure_id row;
    } rows[] = {
        {"CODE", BYTES_CODE},  {"NUMBER", BYTES_CODE},    {"INDEX", BYTES_INDEX}, {"CONT", BYTES_INDEX},
        {"RULE", BYTES_RULES}, {"OUTCOME", BYTES_RULES},  {"STEP", BYTES_RULES},  {"LIST", BYTES_RULES},
        {"ATOM", BYTES_ATOMS}, {"STRING", BYTES_STRINGS}, {"AC_", BYTES_TEXTS},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strncmp(section, rows[i].begins, strlen(rows[i].begins)) == 0) return rows[i].row;
    }
    return BYTES_REST;
}

/* Each with its NUL and its place among the strings. */
static double names_len(const struct shunt_table *t)
{
    double len = 0;
    for (uint32_t i = 0; i < shunt_rule_count(t); i++) {
        struct shunt_string name = shunt_rule_name(t, i, NULL);
        if (name.bytes) len += (double)name.len + 1 + sizeof(le32_t);
    }
    return len;
}

/* Whatever sections there are: those that nobody has told this file of are in "the rest". */
void weigh_table(struct column *c, const struct shunt_table *t)
{
    double rules = c->rule_count;
#define X(id, name, type) c->figures[row_of(#name)].median += (double)t->name##_count * sizeof(type) / rules;
    TF_SECTIONS(X)
#undef X
    double names = names_len(t) / rules;
    c->figures[BYTES_NAMES].median = names;
    c->figures[BYTES_STRINGS].median -= names;
    c->figures[BYTES].median = (double)t->len / rules - names;
}

/* ---- printing ---- */

static const struct {
    const char *what;
    int decimals;
} rows[FIGURE_COUNT] = {
#define FIGURE(id, what, decimals) {what, decimals},
    FIGURES(FIGURE)
#undef FIGURE
};

static void ratio(struct column *c, enum figure_id out, enum figure_id over, enum figure_id under)
{
    if (c->figures[under].median > 0)
        c->figures[out].median = c->figures[over].median / c->figures[under].median;
}

/* Beside the column of 1,000 rules. */
static void growth(struct column *c, const struct column *thousand)
{
    static const enum figure_id grown[][2] = {{KEPT_GROWTH, KEPT},
                                              {KEPT_PLAIN_GROWTH, KEPT_PLAIN},
                                              {GROWTH, INTERNED},
                                              {PLAIN_GROWTH, INTERNED_PLAIN}};
    for (size_t i = 0; i < sizeof grown / sizeof *grown; i++)
        c->figures[grown[i][0]].median =
            c->figures[grown[i][1]].median / thousand->figures[grown[i][1]].median;
}

static void fill_ratios(struct column *columns, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct column *c = &columns[i];
        ratio(c, KEPT_RATIO, SCAN, KEPT);
        ratio(c, SCAN_RATIO, SCAN, INTERNED);
        ratio(c, FLOOR_RATIO, INTERNED, FLOOR);
        ratio(c, COLD_RATIO, COLD, INTERNED);
        ratio(c, YAML_RATIO, COMPILE_YAML, EVENTS);
        ratio(c, DSL_RATIO, COMPILE_DSL, EVENTS);
        ratio(c, CLOCK_RATIO, YAML_CLOCK, EVENTS_CLOCK);
        ratio(c, OPEN_RATIO, OPEN, READ);
        for (size_t k = 0; k < count; k++) {
            if (columns[k].rule_count == 1000) growth(c, &columns[k]);
        }
    }
}

/* Right-aligned; the spread behind it where there is one. */
static void print_cell(const struct figure *f, int decimals)
{
    char spread[16] = "";
    if (f->median == 0) {
        printf("%16s", "-      ");
        return;
    }
    if (f->spread > 0) snprintf(spread, sizeof spread, "+-%.0f%%", f->spread * 100);
    printf(" %9.*f %-5s", decimals, f->median, spread);
}

void print_columns(const char *title, struct column *columns, size_t count)
{
    fill_ratios(columns, count);
    printf("\n%s\n%-46s", title, "rules");
    for (size_t i = 0; i < count; i++) printf(" %9u %-5s", columns[i].rule_count, "");
    printf("\n");
    for (int row = 0; row < FIGURE_COUNT; row++) {
        printf("%-46s", rows[row].what);
        for (size_t i = 0; i < count; i++) print_cell(&columns[i].figures[row], rows[row].decimals);
        printf("\n");
    }
    fflush(stdout);
}
