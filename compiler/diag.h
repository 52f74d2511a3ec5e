/*
 * Sources and the diagnostics about them.
 *
 * A place is a span: bytes of a source. Lines and columns are worked out only when a diagnostic is shown.
 * Diagnostics are collected, never printed here; diags_sort() puts them in the order of their places.
 * Each is a row of diagnostics.def: its code, its severity and its sentence, in which {0}, {1}… stand for
 * the arguments.
 */
#ifndef SHUNT_COMPILER_DIAG_H
#define SHUNT_COMPILER_DIAG_H

#include "base.h"

/* ---- sources ---- */

enum source_kind { SOURCE_YAML, SOURCE_DSL };

/* Where a column was last asked for: see source_place(). */
struct source_column {
    uint32_t line, from, before; /* bytes before it on its line, and code points */
};

struct source {
    struct str path;     /* as shown to people: the root as it was named, an include relative to the same */
    struct str name;     /* relative to the root file's folder: what the table keeps */
    struct str text;     /* valid UTF-8 by the time a front end sees it; without a byte order mark */
    enum source_kind kind;
    uint32_t *line_offs; /* offset of each line's first byte; made on first use */
    uint32_t line_count;
    bool ascii;          /* known with the lines: columns are bytes */
    bool lf;             /* the same: each line ends with a line feed alone */
    struct source_column column;
};

/* How YAML is parsed: ahead of what is made of it, by a second thread where the file is large; for tests, by
 * a thread always, or never ahead. */
enum read_ahead { AHEAD_WHERE_LARGE, AHEAD_NEVER, AHEAD_ALWAYS };

struct sources {
    VEC(struct source) list; /* [0] is the root policy; a span's .file is an index into it */
    enum read_ahead ahead;
    struct numbering *numbering; /* of names in their conditions; NULL: those are read as trees alone */
};

/* A place: bytes [off, off + len) of source `file`. len 0 is a point; a zeroed span whose key was never said
 * is told apart by span_said(). */
struct span {
    uint32_t file;
    uint32_t off;
    uint32_t len;
};

/* Whether an optional key was said: its span then has a length. */
static inline bool span_said(struct span s) { return s.len != 0; }
/* From the start of a to the end of b (same file, a first). */
struct span span_join(struct span a, struct span b);

struct place {
    uint32_t line, column, length; /* from 1, code points; the length ends with the line at the latest */
};
struct place source_place(struct arena *a, struct source *s, struct span at);
/* The line with that number (from 1), without its end. */
struct str source_line(struct arena *a, struct source *s, uint32_t line);

/* ---- diagnostics ---- */

enum severity { SEVERITY_ERROR, SEVERITY_WARNING };

enum diag_id {
#define DIAG(code, id, sentence, meaning, mend) code,
#include "diagnostics.def"
#undef DIAG
    DIAG_COUNT
};

struct diag_row {
    const char *code;     /* "E0203"; E… is an error, W… a warning */
    const char *id;       /* "name-undeclared" */
    const char *sentence; /* with {0}… */
    const char *meaning, *mend; /* for docs/diagnostics.md */
};
extern const struct diag_row diag_rows[DIAG_COUNT];

struct diag {
    enum diag_id id;
    struct span at;
    struct str message;
    struct str hint;          /* "did you mean `refund`?", "put the condition between single quotes"; .p NULL: none */
    struct span related;      /* a second place; said only where related_text.p is not NULL */
    struct str related_text;  /* "first declared here" */
    uint32_t order;           /* as it was found; breaks ties of place */
};

struct diags {
    struct arena *a;
    VEC(struct diag *) list;
    uint32_t error_count, warning_count;
    bool fatal; /* the root policy could not be read: nothing was done (exit status 2) */
};

/* At most so many are shown by the program; the rest are counted. All are collected. */
enum { DIAG_SHOWN_MAX = 200, DIAG_KEPT_MAX = 10000 };

/* The new diagnostic, for a hint or a second place to be added; never NULL. */
struct diag *diag_add(struct diags *d, enum diag_id id, struct span at, const struct str *args, size_t count);
#define diag(d, id, at, ...)                                                                                 \
    diag_add((d), (id), (at), (const struct str[]){__VA_ARGS__},                                             \
             sizeof((const struct str[]){__VA_ARGS__}) / sizeof(struct str))
#define diag0(d, id, at) diag_add((d), (id), (at), NULL, 0)
struct diag *diag_hint(struct diags *d, struct diag *about, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* 'did you mean `x`?' with the nearest candidate, where one is near. */
struct diag *diag_nearest(struct diags *d, struct diag *about, struct str name, const struct str *candidates,
                          size_t count);
struct diag *diag_related(struct diag *about, struct span at, struct str text);

bool diag_is_error(enum diag_id id);
/* What was found apart, behind what is there: as if it had been found now. */
void diags_move(struct diags *to, const struct diags *from);
/* By file, place, then order of finding; the same diagnostic at the same place is kept once. */
void diags_sort(struct diags *d);
struct str str_of_u64(struct arena *a, uint64_t n);

#endif
