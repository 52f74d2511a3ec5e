/*
 * Reads a YAML file, and where a trap of conditions (language.md 1.6) is its first syntax error, looks for
 * the next ones: libyaml goes no further than an error, so the entry of the list that holds the trap is made
 * blank in a copy of the same length, and the copy is read. Of that reading only such traps are kept; places
 * in the copy are places in the file.
 */
#include "yaml_reader.h"

#include <string.h>

/* What reading on may cost: each round reads the whole file. */
enum { ROUNDS_MAX = 20, BYTES_MAX = 4 * 1024 * 1024 };

static struct diag *find_trap(const struct diags *d, uint32_t from, uint32_t file)
{
    for (uint32_t i = from; i < d->list.count; i++) {
        struct diag *g = d->list.at[i];
        if (g->at.file == file && (g->id == E0521 || g->id == E0522 || g->id == E0523)) return g;
    }
    return NULL;
}

static bool is_break(char c)
{
    return c == '\n' || c == '\r';
}

/* Where the line that begins at `line` has its first character that is no space. */
static uint32_t first_mark(struct str s, uint32_t line)
{
    while (line < s.len && s.p[line] == ' ') line++;
    return line;
}

static uint32_t next_line(struct str s, uint32_t off)
{
    while (off < s.len && !is_break(s.p[off])) off++;
    while (off < s.len && is_break(s.p[off])) off++; /* empty lines belong to nothing */
    return off;
}

/* The line that begins the entry of a block list in which `off` stands; UINT32_MAX: none. */
static uint32_t entry_line(struct str s, uint32_t off)
{
    uint32_t line = yaml_line_start(s, off), mark = first_mark(s, line), indent = mark - line + 1;
    for (;;) {
        mark = first_mark(s, line);
        if (mark - line < indent && mark + 1 < s.len && s.p[mark] == '-' && s.p[mark + 1] == ' ') return line;
        if (line == 0 || (mark == line && mark < s.len && !is_break(s.p[mark]) && s.p[mark] != '#'))
            return UINT32_MAX;
        line = yaml_line_start(s, line - 1);
    }
}

/* Makes the entry blank; false where there is none. */
static bool blank_entry(char *copy, size_t len, uint32_t off)
{
    struct str s = {copy, len};
    uint32_t line = entry_line(s, off);
    if (line == UINT32_MAX) return false;
    uint32_t column = first_mark(s, line) - line, end = next_line(s, line);
    for (uint32_t mark; end < len; end = next_line(s, end)) {
        mark = first_mark(s, end);
        if (mark < len && mark - end <= column && copy[mark] != '#') break;
    }
    if (end <= off) return false;
    for (uint32_t i = line; i < end; i++)
        if (!is_break(copy[i])) copy[i] = ' ';
    return true;
}

static void keep(struct diags *d, struct diag *g)
{
    g->order = d->error_count + d->warning_count;
    d->error_count++;
    if (d->list.count < DIAG_KEPT_MAX) *vec_push(d->a, &d->list) = g;
}

static void report_further_traps(const struct yaml_tree *t, struct diags *d, struct diag *trap)
{
    char *copy = arena_alloc(t->a, t->text.len + 1);
    memcpy(copy, t->text.p, t->text.len);
    for (size_t round = 1; round <= ROUNDS_MAX && round * t->text.len <= BYTES_MAX; round++) {
        struct diags own = {.a = t->d->a};
        uint32_t off = trap->at.off;
        if (!blank_entry(copy, t->text.len, off)) return;
        yaml_read_source(t->a, &own, (struct str){copy, t->text.len}, t->file, false, AHEAD_NEVER, NULL);
        trap = find_trap(&own, 0, t->file);
        if (!trap || trap->at.off <= off) return;
        keep(d, trap);
    }
}

static struct yaml_tree *read_all(struct arena *a, struct diags *d, const struct sources *sources,
                                  uint32_t file, bool keep_comments, const struct yaml_taker *taker)
{
    uint32_t before = d->list.count;
    struct yaml_tree *t = yaml_read_source(a, d, sources->list.at[file].text, file, keep_comments, sources->ahead, taker);
    struct diag *trap = t->broken ? find_trap(d, before, file) : NULL;
    if (trap) report_further_traps(t, d, trap);
    return t;
}

struct yaml_tree *yaml_read(struct arena *a, struct diags *d, const struct sources *sources, uint32_t file,
                            bool keep_comments)
{
    return read_all(a, d, sources, file, keep_comments, NULL);
}

struct yaml_tree *yaml_read_taking(struct arena *a, struct diags *d, const struct sources *sources,
                                   uint32_t file, const struct yaml_taker *taker)
{
    return read_all(a, d, sources, file, false, taker);
}
