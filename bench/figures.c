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
        {"CODE", BYTES_CODE},       {"NUMBER", BYTES_CODE}, {"INDEX", BYTES_INDEX},    {"CONT", BYTES_INDEX},
        {"RULE_NAME", BYTES_NAMES}, {"RULE", BYTES_RULES},  {"OUTCOME", BYTES_RULES},  {"STEP", BYTES_RULES},
        {"LIST", BYTES_RULES},      {"ATOM", BYTES_ATOMS},  {"STRING", BYTES_STRINGS}, {"AC_", BYTES_TEXTS},
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
    c->figures[BYTES_NAMES].median += names;
    c->figures[BYTES_STRINGS].median -= names;
    c->figures[BYTES].median = (double)t->len / rules - c->figures[BYTES_NAMES].median;
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

/* Round by round. */
static struct figure ratio(const struct series *over, const struct series *under)
{
    struct series ratios = {.count = 0};
    for (int i = 0; i < over->count && i < under->count; i++) series_add(&ratios, over->at[i] / under->at[i]);
    return series_figure(&ratios);
}

static void fill_ratios(struct column *c)
{
    static const enum figure_id ratios[][3] = {{KEPT_RATIO, SCAN, KEPT},
                                               {SCAN_RATIO, SCAN, BATCH},
                                               {FLOOR_RATIO, BATCH, FLOOR},
                                               {COLD_RATIO, COLD, BATCH},
                                               {YAML_RATIO, COMPILE_YAML, EVENTS},
                                               {DSL_RATIO, COMPILE_DSL, EVENTS},
                                               {CLOCK_RATIO, YAML_CLOCK, EVENTS_CLOCK},
                                               {OPEN_RATIO, OPEN, READ}};
    for (size_t i = 0; i < sizeof ratios / sizeof *ratios; i++)
        c->figures[ratios[i][0]] = ratio(&c->series[ratios[i][1]], &c->series[ratios[i][2]]);
}

/* Beside the column of 1,000 rules. */
static void fill_growth(struct column *c, const struct column *thousand)
{
    static const enum figure_id grown[][2] = {{KEPT_GROWTH, KEPT},
                                              {KEPT_PLAIN_GROWTH, KEPT_PLAIN},
                                              {GROWTH, BATCH},
                                              {PLAIN_GROWTH, BATCH_PLAIN},
                                              {STRINGS_GROWTH, STRINGS}};
    for (size_t i = 0; i < sizeof grown / sizeof *grown; i++)
        c->figures[grown[i][0]] = ratio(&c->series[grown[i][1]], &thousand->series[grown[i][1]]);
}

static void fill_figures(struct column *columns, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct column *c = &columns[i];
        for (int k = 0; k < FIGURE_COUNT; k++) {
            if (c->series[k].count) c->figures[k] = series_figure(&c->series[k]);
        }
        fill_ratios(c);
        for (size_t k = 0; k < count; k++) {
            if (columns[k].rule_count == 1000) fill_growth(c, &columns[k]);
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
    fill_figures(columns, count);
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
