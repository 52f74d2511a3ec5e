/*
 * docs/diagnostics.md from the rows of compiler/diagnostics.def and the cases of tests/golden/diag: each code
 * with its sentence, what it means, an example that triggers it with what the checker says then, and its
 * mend.
 *
 *     test_diagnostics           whether the page is what would be written; 1 where it is not
 *     test_diagnostics --bless   writes the page
 *
 * Run from the root of the tree. An example is quoted where it is text of no more than EXAMPLE_LINES lines.
 */
#include "../../compiler/diag.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXAMPLE_LINES = 60 };
static const char page_path[] = "docs/diagnostics.md";

static const struct part {
    const char *prefix, *title;
} parts[] = {
    {"E00", "Files"},
    {"E01", "Conditions and the DSL"},
    {"E02", "Names and what is said once"},
    {"E03", "Types in conditions"},
    {"E04", "Dates, times and hours"},
    {"E05", "YAML"},
    {"E06", "Agents, teams and rules"},
    {"E07", "Limits of the table"},
    {"E08", "Test files"},
    {"W", "Warnings"},
};

/* NUL-terminated, to be freed; NULL: no such file. */
static char *read_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f) return NULL;
    size_t len = 0, cap = 1 << 16, n;
    char *text = malloc(cap);
    while (text && (n = fread(text + len, 1, cap - len - 1, f)) > 0) {
        len += n;
        if (cap - len == 1) text = realloc(text, cap *= 2);
    }
    fclose(f);
    if (text) text[len] = 0;
    return text;
}

/* Text that a page can quote: UTF-8 without control characters, not too long. */
static bool quotable(const char *text)
{
    int lines = 0;
    for (const char *s = text; *s; s++) {
        if (*s == '\n')
            lines++;
        else if ((unsigned char)*s < 32 || *s == 127 || !strncmp(s, "```", 3))
            return false;
    }
    return lines <= EXAMPLE_LINES && utf8_bad(str_from(text)) == strlen(text) && !strstr(text, "\xC2\x85");
}

/* What is said of it: CODE.expected, without its last line ("status 1"). */
static void put_output(FILE *out, const char *folder, const char *code)
{
    char path[200];
    snprintf(path, sizeof path, "tests/golden/%s/%s.expected", folder, code);
    char *text = read_file(path), *status = text ? strstr(text, "status ") : NULL;
    for (char *next = status; next && (next = strstr(next + 1, "\nstatus ")) != NULL;) status = next + 1;
    if (status) *status = 0;
    if (text && quotable(text)) fprintf(out, "\n```text\n%s```\n", text);
    free(text);
}

static void put_example(FILE *out, const char *code)
{
    static const struct {
        const char *folder, *ending;
    } places[] = {{"diag", "yaml"}, {"diag", "shunt"}, {"test", "yaml"}};
    for (int i = 0; i < 3; i++) {
        char path[200];
        snprintf(path, sizeof path, "tests/golden/%s/%s.%s", places[i].folder, code, places[i].ending);
        char *text = read_file(path);
        if (!text) continue;
        bool ends = *text && text[strlen(text) - 1] == '\n';
        if (quotable(text))
            fprintf(out, "\n```%s\n%s%s```\n", places[i].ending, text, ends ? "" : "\n");
        else
            fprintf(out, "\nExample: `%s`\n", path);
        put_output(out, places[i].folder, code);
        free(text);
        return;
    }
}

static void put_row(FILE *out, const struct diag_row *row)
{
    fprintf(out, "\n### %s %s\n\n> %s\n\n%s\n", row->code, row->id, row->sentence, row->meaning);
    put_example(out, row->code);
    fprintf(out, "\n**Mend**: %s\n", row->mend);
}

static int by_code(const void *a, const void *b)
{
    const struct diag_row *const *x = a, *const *y = b;
    return strcmp((*x)->code, (*y)->code);
}

static void put_page(FILE *out)
{
    const struct diag_row *rows[DIAG_COUNT];
    for (int i = 0; i < DIAG_COUNT; i++) rows[i] = &diag_rows[i];
    qsort(rows, DIAG_COUNT, sizeof *rows, by_code);
    fputs("# What the checker says\n\n"
          "Every error (`E…`) and warning (`W…`) has a code that does not change. `shunt check --deny "
          "warnings` makes warnings count as errors,\n"
          "`--allow CODE` leaves one out. `{0}`, `{1}` in a sentence stand for names and values of the "
          "policy at hand. Each example is a case of\n"
          "`tests/golden/diag`, or of `tests/golden/test` where `shunt test` says it; this page is written "
          "from them and from the rows of\n"
          "`compiler/diagnostics.def`.\n",
          out);
    for (size_t p = 0; p < sizeof parts / sizeof *parts; p++) {
        fprintf(out, "\n## %s\n", parts[p].title);
        for (int i = 0; i < DIAG_COUNT; i++)
            if (!strncmp(rows[i]->code, parts[p].prefix, strlen(parts[p].prefix))) put_row(out, rows[i]);
    }
}

/* Every row has its part on the page. */
static bool all_placed(void)
{
    bool placed = true;
    for (int i = 0; i < DIAG_COUNT; i++) {
        bool found = false;
        for (size_t p = 0; p < sizeof parts / sizeof *parts; p++)
            found |= !strncmp(diag_rows[i].code, parts[p].prefix, strlen(parts[p].prefix));
        if (!found) printf("%s belongs to no part of %s\n", diag_rows[i].code, page_path);
        placed &= found;
    }
    return placed;
}

int main(int argc, char **argv)
{
    char *page = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&page, &len);
    if (!out) return 2;
    put_page(out);
    fclose(out);
    bool good = all_placed();
    if (argc > 1 && !strcmp(argv[1], "--bless")) {
        FILE *f = fopen(page_path, "wb");
        good = f && fwrite(page, 1, len, f) == len && !fclose(f) && good;
    } else {
        char *is = read_file(page_path);
        if (!is || strcmp(is, page) != 0) {
            printf("%s is not what the rows and cases give: make bless\n", page_path);
            good = false;
        }
        free(is);
    }
    free(page);
    return good ? 0 : 1;
}
